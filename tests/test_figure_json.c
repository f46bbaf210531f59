/* Figures as JSON: they say what the same rows of CSV say, and stand where they stand. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "batch_listed.h"
#include "failing_alloc.h"
#include "intake/figure_json.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LISTED_BYTES = 1 << 14 };

static void objects_are_figures_or_named(void **state)
{
    static const struct {
        const char *why, *text, *listed;
    } cases[] = {
        {"all that can be said",
         "{\"measure\":\"money\",\"area\":\"north\",\"period\":\"2022-01\",\"value\":0.1,"
         "\"status\":\"P\",\"known_at\":\"2022-02-10\",\"source\":\"台账\",\"scope\":\"2\","
         "\"note\":\"a\\nb\",\"synthetic\":true,\"size\":\"big\",\"industry\":3}",
         "1 money/north {industry=3\x1fsize=big} 2 0.10000000000000001P [台账|a\nb] known "
         "synthetic\n"},
        {"as little as may be", "{\"measure\":\"money\",\"period\":2022,\"value\":\"7\"}",
         "1 money/ {}  7A [|]\n"},
        {"a withdrawal", "{\"measure\":\"m\",\"period\":2022,\"value\":null,\"status\":\"M\"}",
         "1 m/ {}  0- M [|]\n"},
        {"what is wrong stands where it is",
         "\n{\"measure\":\"\",\"period\":\"soon\",\"value\":true}\n"
         "{\"measure\":\"m\",\"period\":\"2022\"}\n"
         "{\"measure\":\"m\",\"period\":2022,\"value\":1e999}\n"
         "{\"measure\":\"m\",\"period\":2022,\"value\":\"x\",\"status\":\"Q\","
         "\"synthetic\":\"maybe\"}",
         "2:39 expected a text, a number or null, got true\n"
         "3:1 an empty value needs status M\n"
         "4:38 expected a plain number in the measure's unit, got '1e999'\n"
         "5:38 expected a plain number in the measure's unit, got 'x'\n"
         "5:51 expected status A, P, E, F or M, got 'Q'\n"
         "5:67 expected true, false or nothing, got 'maybe'\n"},
        {"one figure twice: the same is kept out, another one is a fault",
         "{\"measure\":\"m\",\"period\":2022,\"value\":1}\n"
         "{\"measure\":\"m\",\"period\":2022,\"value\":1.0}\n"
         "{\"measure\":\"m\",\"period\":2022,\"value\":1,\"synthetic\":true}\n",
         "1 m/ {}  1A [|]\n3:1 line 1 gives another value or status for the same figure\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        zw_batch *batch = NULL;
        zw_buf listed;
        zw_buf_init(&listed, LISTED_BYTES);
        assert_int_equal(zw_batch_create(&batch, NULL), ZW_OK);
        assert_int_equal(zw_figure_json_read(zw_text_of(cases[i].text), ZW_JSON_LINES, batch, NULL),
                         ZW_OK);
        batch_list(batch, &listed);
        if (strcmp(zw_buf_view(&listed), cases[i].listed) != 0) {
            fail_msg("%s:\n%s", cases[i].why, zw_buf_view(&listed));
        }
        zw_buf_fini(&listed);
        zw_batch_destroy(batch);
    }
}

static void numbers_are_what_was_written(void **state)
{
    static const char *const numbers[] = {
        "-0",     "0.1",     "0.30000000000000004",   "1e-320", "123456789012345678",
        "5e-324", "1.50000", "1.7976931348623157e308"};
    (void)state;
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        char text[128];
        double value = NAN;
        zw_batch *batch = NULL;
        assert_int_equal(zw_batch_create(&batch, NULL), ZW_OK);
        (void)snprintf(text, sizeof text, "[{\"measure\":\"m\",\"period\":2022,\"value\":%s}]",
                       numbers[i]);
        assert_int_equal(zw_figure_json_read(zw_text_of(text), ZW_JSON_WHOLE, batch, NULL), ZW_OK);
        assert_int_equal(batch->row_count, 1);
        assert_true(zw_text_number(zw_text_of(numbers[i]), &value));
        assert_memory_equal(&value, &batch->rows[0].value, sizeof value);
        zw_batch_destroy(batch);
    }
}

static void later_checks_find_the_place(void **state)
{
    (void)state;
    zw_batch *batch = NULL;
    assert_int_equal(zw_batch_create(&batch, NULL), ZW_OK);
    assert_int_equal(zw_figure_json_read(zw_text_of("[{\"value\":1,\n\"measure\":\"m\",\n"
                                                    " \"period\":2022, \"industry\":\"ai\"}]"),
                                         ZW_JSON_WHOLE, batch, NULL),
                     ZW_OK);
    assert_int_equal(zw_batch_reject(batch, 0, batch->columns.measure, NULL, "no"), ZW_OK);
    assert_int_equal(batch->faults.at[0].line, 2);
    assert_int_equal(batch->faults.at[0].column, 11);
    zw_text_place dims = zw_batch_place(batch, 1, 1, batch->columns.dims);
    assert_int_equal(dims.line, 3);
    assert_int_equal(dims.column, 28);
    zw_text_place area = zw_batch_place(batch, 1, 1, batch->columns.area); /* not said */
    assert_int_equal(area.line, 1);
    assert_int_equal(area.column, 2);
    zw_batch_destroy(batch);
}

static void without_memory_it_says_so(void **state)
{
    bool was_refused = true;
    (void)state;
    for (long n = 0; was_refused; n++) {
        zw_batch *batch = NULL;
        assert_int_equal(zw_batch_create(&batch, NULL), ZW_OK);
        failing_alloc_after(n);
        zw_status status = zw_figure_json_read(
            zw_text_of("{\"measure\":\"m\",\"period\":2022,\"value\":1,\"size\":\"b\\tg\"}\n[]"),
            ZW_JSON_LINES, batch, NULL);
        was_refused = failing_alloc_stop();
        assert_int_equal(status, was_refused ? ZW_NOMEM : ZW_OK);
        zw_batch_destroy(batch);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_are_figures_or_named),
        cmocka_unit_test(numbers_are_what_was_written),
        cmocka_unit_test(later_checks_find_the_place),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
