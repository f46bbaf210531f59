/* A table going out: the same rows as CSV and as NDJSON. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/tabular.h"
#include "failing_alloc.h"

#include <math.h>
#include <string.h>

enum { WRITTEN_BYTES = 4096, MANY_COLUMNS = 40 };

static void head_write(zw_tabular *table)
{
    static const char *const texts[] = {"measure", "note"};
    zw_tabular_texts(table, texts, 2);
    zw_tabular_column(table, "value", ZW_TABULAR_NUMBER);
    zw_tabular_column(table, "synthetic", ZW_TABULAR_FLAG);
    assert_int_equal(zw_tabular_head(table, NULL), ZW_OK);
}

static void rows_write(zw_tabular *table)
{
    zw_tabular_puts(table, "money");
    zw_tabular_puts(table, "a, \"b\"\n\x7f\\");
    zw_tabular_number(table, 0.1);
    zw_tabular_flag(table, true);
    zw_tabular_puts(table, "money");
    zw_tabular_puts(table, "");
    zw_tabular_puts(table, "");
    zw_tabular_flag(table, false);
    zw_tabular_puts(table, "");
    zw_tabular_puts(table, "");
    zw_tabular_puts(table, "hidden");
    zw_tabular_flag(table, false);
}

static void a_row_is_a_line_of_either_kind(void **state)
{
    static const struct {
        zw_tabular_format format;
        const char *written;
    } cases[] = {
        {ZW_TABULAR_CSV, "measure,note,value,synthetic\n"
                         "money,\"a, \"\"b\"\"\n\x7f\\\",0.1,synthetic\n"
                         "money,,,\n"
                         ",,hidden,\n"},
        {ZW_TABULAR_NDJSON, "{\"measure\":\"money\",\"note\":\"a, \\\"b\\\"\\u000a\\u007f\\\\\","
                            "\"value\":0.1,\"synthetic\":true}\n"
                            "{\"measure\":\"money\",\"value\":null}\n"
                            "{\"value\":\"hidden\"}\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char was[WRITTEN_BYTES] = "";
        zw_tabular table;
        FILE *out = fmemopen(was, sizeof was, "w");
        assert_non_null(out);
        zw_tabular_init(&table, cases[i].format, out);
        head_write(&table);
        rows_write(&table);
        zw_tabular_fini(&table);
        assert_int_equal(fclose(out), 0);
        assert_string_equal(was, cases[i].written);
    }
}

static void numbers_read_back_the_same(void **state)
{
    static const double numbers[] = {0.0,     -0.0,   1e-320, 0.1, 1.0 / 3,
                                     1.7e308, 5e-324, 1e15,   -2,  0.30000000000000004};
    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        char was[WRITTEN_BYTES] = "";
        zw_tabular table;
        double back = NAN;
        FILE *out = fmemopen(was, sizeof was, "w");
        assert_non_null(out);
        zw_tabular_init(&table, ZW_TABULAR_CSV, out);
        zw_tabular_column(&table, "value", ZW_TABULAR_NUMBER);
        zw_tabular_number(&table, numbers[i]);
        zw_tabular_fini(&table);
        assert_int_equal(fclose(out), 0);
        assert_true(zw_text_number((zw_text){was, strcspn(was, "\n")}, &back));
        assert_memory_equal(&back, &numbers[i], sizeof back);
    }
}

static void columns_without_room_are_told_at_the_head(void **state)
{
    (void)state;
    for (long after = 0; after < 2; after++) { /* sixteen columns fit into the first room */
        zw_tabular table;
        zw_err err = {ZW_OK, ""};
        zw_tabular_init(&table, ZW_TABULAR_NDJSON, NULL);
        failing_alloc_after(after);
        for (int i = 0; i < MANY_COLUMNS; i++) {
            zw_tabular_column(&table, "c", ZW_TABULAR_TEXT);
        }
        assert_true(failing_alloc_stop());
        assert_int_equal(zw_tabular_head(&table, &err), ZW_NOMEM);
        zw_tabular_fini(&table);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_is_a_line_of_either_kind),
        cmocka_unit_test(numbers_read_back_the_same),
        cmocka_unit_test(columns_without_room_are_told_at_the_head),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
