/* Rows as JSON: what keys become, what breaks a whole text and what only a line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "failing_alloc.h"
#include "intake/json_rows.h"

#include <string.h>

enum { LISTED_BYTES = 64 * 1024 };

static const char *const names[] = {"who", "what"};
static const zw_roles roles = {
    .names = names, .count = 2, .required_count = 0, .expected = "who,what"};

/* Lists a row as "line role|role|name=field@place". */
static void row_list(zw_sheet *sheet, void *arg)
{
    zw_buf *out = arg;
    zw_buf_printf(out, "%u", sheet->line);
    for (uint32_t column = 1; column <= sheet->heading.column_count; column++) {
        zw_text text = zw_sheet_field(sheet, column);
        zw_text_place place = zw_batch_place(sheet->batch, sheet->line, sheet->first_place, column);
        zw_buf_printf(out, " %.*s@%u:%u", (int)text.len, text.at, place.line, place.column);
    }
    for (size_t i = 0; i < sheet->heading.dim_count; i++) {
        zw_buf_printf(out, " %s=%u", sheet->heading.dims[i].name, sheet->heading.dims[i].column);
    }
    zw_buf_puts(out, "\n");
}

static zw_status rows_list(zw_text text, zw_json_form form, zw_buf *out, zw_err *err)
{
    zw_batch *batch = NULL;
    zw_status status = zw_batch_create(&batch, err);
    status =
        status == ZW_OK ? zw_json_rows_read(text, form, &roles, row_list, out, batch, err) : status;
    for (size_t i = 0; status == ZW_OK && i < batch->faults.count; i++) {
        zw_buf_printf(out, "%u:%u: %s\n", batch->faults.at[i].line, batch->faults.at[i].column,
                      batch->faults.at[i].text);
    }
    zw_batch_destroy(batch);
    return status;
}

static void objects_become_rows(void **state)
{
    static const struct {
        const char *why;
        zw_json_form form;
        const char *text, *listed;
    } cases[] = {
        {"none", ZW_JSON_WHOLE, " [ ] ", ""},
        {"none, line by line", ZW_JSON_LINES, "\n  \r\n", ""},
        {"roles first, in their order; what is not said stands where the object does",
         ZW_JSON_WHOLE, "[\n {\"b\":1,\"what\":\"x\",\n  \"a\":null}]",
         "2 @2:2 x@2:16 1@2:7 @3:7 a=4 b=3\n"},
        {"other keys, then the first again", ZW_JSON_LINES,
         "{\"who\":\"a\"}\n{\"who\":\"b\",\"c\":2}\n{\"who\":\"c\"}\n{\"who\":\"d\"}",
         "1 a@1:8 @1:1\n2 b@2:8 @2:1 2@2:16 c=3\n3 c@3:8 @3:1\n4 d@4:8 @4:1\n"},
        {"keys are folded as names are", ZW_JSON_LINES, "{\" ｗho \":1,\"synthetic\":true}",
         "1 1@1:10 @1:1 true@1:24 synthetic=3\n"},
        {"a mark of UTF-8 before it", ZW_JSON_LINES, "\xEF\xBB\xBF{\"who\":1}", "1 1@1:8 @1:1\n"},
        {"what no field is", ZW_JSON_WHOLE,
         "[{\"who\":{\"a\":[1]},\"what\":true,\"a\":\"x\\u0000\"}, 5, [6], {\"who\":1}]",
         "1 1@1:62 @1:55\n"
         "1:9: expected a text, a number or null, got an object\n"
         "1:26: expected a text, a number or null, got true\n"
         "1:35: expected a text without NUL\n"
         "1:47: expected an object, got a number\n1:50: expected an object, got an array\n"},
        {"a key twice, also after folding", ZW_JSON_LINES,
         "{\"who\":1,\"who\":2}\n{\"a\":1,\" a\":2}\n{\"A\":1}\n{\"\":1}\n",
         "1:10: who stands there twice\n2:8: column 'a' stands twice, first as column 3\n"
         "3:2: column 'A' has no name of a-z, 0-9 and _\n4:2: the column has no name\n"},
        {"a broken line is a bad row, the rest goes on", ZW_JSON_LINES,
         "{\"who\":1,}\n{\"who\":2} {\n[3]\n{\"who\":\"\xFF\"}\n{\"who\":5",
         "1:10: expected a key\n2:11: expected nothing behind the object\n"
         "3:1: expected an object\n4:9: expected UTF-8, as JSON is\n5:9: expected ',' or '}'\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        zw_buf listed;
        zw_err err = {ZW_OK, ""};
        zw_buf_init(&listed, LISTED_BYTES);
        assert_int_equal(rows_list(zw_text_of(cases[i].text), cases[i].form, &listed, &err), ZW_OK);
        if (strcmp(zw_buf_view(&listed), cases[i].listed) != 0) {
            fail_msg("%s:\n%s", cases[i].why, zw_buf_view(&listed));
        }
        zw_buf_fini(&listed);
    }
}

static void a_whole_text_is_refused_when_it_breaks(void **state)
{
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"", "1:1: expected a JSON array of objects, got nothing"},
        {"{\"who\":1}", "1:1: expected a JSON array of objects, got an object"},
        {"[{\"who\":1}", "1:11: no JSON: expected ',' or ']'"},
        {"[{\"who\":1},\n]", "2:1: no JSON: expected a JSON value"},
        {"[{\"who\":1}] 2", "1:13: no JSON: expected nothing behind the array"},
        {"[{\"who\" 1}]", "1:9: no JSON: expected ':' behind a key"},
        {"[{\"who\":1 \"what\":2}]", "1:11: no JSON: expected ',' or '}'"},
        {"[{\"who\":[1}]", "1:11: no JSON: expected ',' or the end of what was begun"},
        {"[\n\"\xFF\"]", "2:2: expected UTF-8, as JSON is"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        zw_buf listed;
        zw_err err = {ZW_OK, ""};
        zw_buf_init(&listed, LISTED_BYTES);
        zw_status status = rows_list(zw_text_of(cases[i].text), ZW_JSON_WHOLE, &listed, &err);
        if (status != ZW_INVALID || strcmp(err.text, cases[i].says) != 0) {
            fail_msg("%s: %s", cases[i].text, err.text);
        }
        zw_buf_fini(&listed);
    }
}

static void an_object_of_too_many_keys_is_no_row(void **state)
{
    (void)state;
    zw_buf text;
    zw_buf listed;
    zw_buf_init(&text, LISTED_BYTES);
    zw_buf_init(&listed, LISTED_BYTES);
    zw_buf_puts(&text, "{\"who\":1");
    for (int i = 0; i < 300; i++) {
        zw_buf_printf(&text, ",\"k%d\":[%d]", i, i);
    }
    zw_buf_puts(&text, "}\n{\"who\":2}");
    assert_int_equal(
        rows_list((zw_text){zw_buf_view(&text), text.len}, ZW_JSON_LINES, &listed, NULL), ZW_OK);
    assert_non_null(strstr(zw_buf_view(&listed), "an object of so many keys is no row\n"));
    assert_memory_equal(zw_buf_view(&listed), "2 2@2:8 @2:1\n", 13);
    zw_buf_fini(&text);
    zw_buf_fini(&listed);
}

static void the_first_object_tells_what_it_speaks_of(void **state)
{
    static const struct {
        const char *text;
        bool has;
    } cases[] = {
        {"{\"who\":1}", true},
        {"[{\"a\":{\"who\":1},\"b\":[{}],\" who\":1}]", true},
        {"{\"a\":{\"who\":1}}", false},
        {"{\"a\":1}\n{\"who\":1}", false},
        {"{\"a\":tru,\"who\":1}", false},
        {"[1]", false},
        {"", false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(zw_json_has_key(zw_text_of(cases[i].text), "who"), cases[i].has);
    }
}

static void without_memory_it_says_so(void **state)
{
    static const char text[] = "[{\"who\":\"a\\nb\",\"x\":1},{\"what\":[2],\"y\":2}]";
    bool was_refused = true;
    (void)state;
    for (long n = 0; was_refused; n++) {
        zw_batch *batch = NULL;
        zw_buf listed;
        zw_buf_init(&listed, LISTED_BYTES);
        assert_true(zw_buf_puts(&listed, "room: "));
        assert_int_equal(zw_batch_create(&batch, NULL), ZW_OK);
        failing_alloc_after(n);
        zw_status status = zw_json_rows_read(zw_text_of(text), ZW_JSON_WHOLE, &roles, row_list,
                                             &listed, batch, NULL);
        was_refused = failing_alloc_stop();
        assert_int_equal(status, was_refused && !listed.has_failed ? ZW_NOMEM : ZW_OK);
        zw_batch_destroy(batch);
        zw_buf_fini(&listed);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_become_rows),
        cmocka_unit_test(a_whole_text_is_refused_when_it_breaks),
        cmocka_unit_test(an_object_of_too_many_keys_is_no_row),
        cmocka_unit_test(the_first_object_tells_what_it_speaks_of),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
