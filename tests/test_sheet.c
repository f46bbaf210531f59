/* A sheet: rows of fields, whatever they are for; test_csv.c has what figures make of them. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "failing_alloc.h"
#include "intake/sheet.h"

#include <string.h>

enum { LISTED_BYTES = 4096 };

/* "line(field|field)" of every row. */
static void list_row(zw_sheet *sheet, void *arg)
{
    zw_buf *out = arg;
    zw_buf_printf(out, "%u(", sheet->line);
    for (uint32_t column = 1; column <= sheet->field_count; column++) {
        zw_text field = zw_sheet_field(sheet, column);
        zw_buf_printf(out, "%s%.*s", column > 1 ? "|" : "", (int)field.len, field.at);
    }
    zw_buf_puts(out, ")");
}

static zw_status list(const char *text, char separator, zw_batch *batch, zw_buf *out, zw_err *err)
{
    zw_sheet_reading reading = {
        .roles = &zw_roles_of_items, .separator = separator, .on_row = list_row, .arg = out};
    zw_buf_init(out, LISTED_BYTES);
    return zw_sheet_read(zw_text_of(text), &reading, batch, err);
}

static void rows_are_split_into_fields(void **state)
{
    static const struct {
        const char *why, *text;
        char separator;
        const char *rows, *fault; /* fault: "" for none */
    } cases[] = {
        {"commas", "register,item,area,at\nr,i,a,2022\n", 0, "2(r|i|a|2022)", ""},
        {"tabs are seen by themselves", "register\titem\tarea\tat\nr,s\ti\ta\t2022\n", 0,
         "2(r,s|i|a|2022)", ""},
        {"or said", "register\titem\tarea\tat\nr\ti\ta\t2022\n", '\t', "2(r|i|a|2022)", ""},
        {"blank lines count but are no rows", "\n\nregister,item,area,at\n \nr,i,a,2022", 0,
         "5(r|i|a|2022)", ""},
        {"a quoted field may hold line ends", "register,item,area,at\nr,\"i\nj\",a,2\nr,k,a,3\n", 0,
         "2(r|i\nj|a|2)4(r|k|a|3)", ""},
        {"a row of another width", "register,item,area,at\nr,i,a\nr,i,a,2\n", 0, "3(r|i|a|2)",
         "expected 4 fields, got 3"},
        {"a quote inside a field", "register,item,area,at\nr,i\"j,a,2\nr,i,a,2\n", 0, "3(r|i|a|2)",
         "a quote inside a field"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        zw_batch *batch = NULL;
        zw_buf out;
        assert_int_equal(zw_batch_create(&batch, NULL), ZW_OK);
        assert_int_equal(list(cases[i].text, cases[i].separator, batch, &out, NULL), ZW_OK);
        const char *fault = batch->faults.count > 0 ? batch->faults.at[0].text : "";
        if (strcmp(zw_buf_view(&out), cases[i].rows) != 0 ||
            strncmp(fault, cases[i].fault, strlen(cases[i].fault)) != 0 ||
            batch->faults.count != (cases[i].fault[0] != '\0')) {
            fail_msg("%s: %s, %s", cases[i].why, zw_buf_view(&out), fault);
        }
        zw_buf_fini(&out);
        zw_batch_destroy(batch);
    }
}

static void a_header_that_cannot_be_used_says_what_was_expected(void **state)
{
    static const struct {
        const char *why, *text, *says;
    } cases[] = {
        {"none", "", "1:1: no header: expected register,item,area,at"},
        {"a misspelt one", "register,item,aera,at\n", "3: the header has no column 'area'"},
        {"an open quote", "register,\"item\n", "a quoted field is never closed"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        zw_batch *batch = NULL;
        zw_buf out;
        zw_err err = {0};
        assert_int_equal(zw_batch_create(&batch, NULL), ZW_OK);
        zw_status status = list(cases[i].text, 0, batch, &out, &err);
        if (status != ZW_INVALID || strstr(err.text, cases[i].says) == NULL) {
            fail_msg("%s: %s", cases[i].why, err.text);
        }
        zw_buf_fini(&out);
        zw_batch_destroy(batch);
    }
}

static void a_column_is_seen_in_the_first_line_that_says_something(void **state)
{
    static const struct {
        const char *why, *text;
        bool has;
    } cases[] = {
        {"the first", "register,item\n", true},
        {"the last, without a line end", "item,register", true},
        {"between tabs", "item\tregister\tat\n", true},
        {"quoted, with spaces, after blank lines", "\n  \n item , \"register\" \r\n", true},
        {"in full-width letters", "\xEF\xBD\x92\xEF\xBD\x85gister,item\n", true},
        {"in a later line only", "item,at\nregister,2\n", false},
        {"part of a name", "registers,item\n", false},
        {"nothing", "", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (zw_sheet_has_column(zw_text_of(cases[i].text), "register") != cases[i].has) {
            fail_msg("%s", cases[i].why);
        }
    }
}

static void faults_stand_where_the_places_say(void **state)
{
    static const zw_text_place places[] = {{7, 3}, {8, 4}, {0, 5}};
    zw_batch *batch = NULL;
    zw_sheet sheet;
    (void)state;
    assert_int_equal(zw_batch_create(&batch, NULL), ZW_OK);
    zw_sheet_init(&sheet, 100, batch, NULL);
    sheet.line = 7;
    sheet.places = places;
    for (uint32_t column = 0; column <= 2; column++) {
        zw_sheet_fault(&sheet, column, "expected %s", "more");
        assert_int_equal(batch->faults.at[column].line, column == 1 ? 8 : 7);
        assert_int_equal(batch->faults.at[column].column, 3 + column);
        assert_string_equal(batch->faults.at[column].text, "expected more");
    }
    zw_sheet_fini(&sheet);
    zw_batch_destroy(batch);
}

static void without_memory_it_says_so(void **state)
{
    bool was_refused = true;
    (void)state;
    for (long n = 0; was_refused; n++) {
        zw_batch *batch = NULL;
        zw_buf out;
        assert_int_equal(zw_batch_create(&batch, NULL), ZW_OK);
        failing_alloc_after(n);
        zw_status status =
            list("register,item,area,at\nr,i,a,2\nr,\xE9\x87\x8E,a\n", 0, batch, &out, NULL);
        was_refused = failing_alloc_stop();
        assert_true(status == (was_refused ? ZW_NOMEM : ZW_OK) ||
                    (status == ZW_OK && out.has_failed));
        zw_buf_fini(&out);
        zw_batch_destroy(batch);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_split_into_fields),
        cmocka_unit_test(a_header_that_cannot_be_used_says_what_was_expected),
        cmocka_unit_test(a_column_is_seen_in_the_first_line_that_says_something),
        cmocka_unit_test(faults_stand_where_the_places_say),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
