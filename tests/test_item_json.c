/* Rows of registers out of JSON. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "failing_alloc.h"
#include "intake/item_json.h"
#include "item_listed.h"

#define NO_TIME                                                                                    \
    "' is no period or moment that exists; expected 2022, 2022-S1, 2022-Q3, 2022-03, 2022-W05,"    \
    " 2022-03-31 or 2022-03-31T10:15:00+08:00\n"

static void objects_are_read_or_named(void **state)
{
    static const struct {
        const char *why, *text, *listed;
    } cases[] = {
        {"none", "[]", ""},
        {"all that can be said; a number is its text, null says nothing",
         "[{\"register\":\"calls\",\"item\":\"c1\",\"area\":\"pazhou\",\"at\":\"2024-03-01\","
         "\"state\":\"posted\",\"paid\":12.5,\"type\":null,\"due_on\":\"2024-06-30\","
         "\"known_at\":\"2024-03-02\",\"source\":\"台账\",\"note\":\"first\"}]",
         "1 calls/c1@pazhou posted {due_on=2024-06-30:12} {paid=12.5:10} [台账|first] known\n"},
        {"each object has its own keys",
         "[{\"at\":\"2024\",\"register\":\"calls\",\"item\":7},"
         "{\"register\":\"calls\",\"area\":\"yuzhu\",\"at\":\"2024\"}]",
         "1 calls/7@  [|]\n1 calls/@yuzhu  [|]\n"},
        {"everything wrong with an object is named where it stands",
         "[{\"register\":\"calls\",\"item\":\"c1\",\"at\":\"2024-13\",\"known_at\":\"x\"},"
         "{\"register\":\"calls\",\"item\":\"c2\",\"at\":\"2024\"}]",
         "1 calls/c2@  [|]\n1:39 '2024-13" NO_TIME "1:60 'x" NO_TIME},
        {"nothing said", "[{}]",
         "1:2 expected a day in 'at', got nothing\n1:2 expected a register, got nothing\n"},
        {"no object", "[7,null]",
         "1:2 expected an object, got a number\n1:4 expected an object, got null\n"},
        {"a value that is no field",
         "[{\"register\":\"calls\",\"item\":[1],\"at\":\"2024\"},"
         "{\"register\":true,\"item\":\"c\",\"at\":\"2024\"}]",
         "1:29 expected a text, a number or null, got an array\n"
         "1:58 expected a text, a number or null, got true\n"},
        {"a key that can be no field",
         "[{\"register\":\"calls\",\"item\":\"c\",\"at\":\"2024\",\"Due On\":\"x\"}]",
         "1:45 column 'Due On' has no name of a-z, 0-9 and _\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        zw_batch *batch = NULL;
        zw_buf listed;
        zw_err err = {0};
        assert_int_equal(zw_batch_create(&batch, NULL), ZW_OK);
        if (zw_item_json_read(zw_text_of(cases[i].text), ZW_JSON_WHOLE, batch, &err) != ZW_OK) {
            fail_msg("%s: %s", cases[i].why, err.text);
        }
        item_list(batch, &listed);
        if (strcmp(zw_buf_view(&listed), cases[i].listed) != 0) {
            fail_msg("%s:\n%s", cases[i].why, zw_buf_view(&listed));
        }
        zw_buf_fini(&listed);
        zw_batch_destroy(batch);
    }
}

static void what_is_no_array_is_refused_whole(void **state)
{
    static const struct {
        const char *why, *text, *says;
    } cases[] = {
        {"nothing", "", "expected a JSON array of objects"},
        {"cut off", "[{\"register\":", "no JSON"},
        {"an object", "{\"register\":\"calls\"}", "expected a JSON array of objects"},
        {"not UTF-8", "[{\"item\":\"\xFF\"}]", "1:11: expected UTF-8, as JSON is"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        zw_batch *batch = NULL;
        zw_err err = {0};
        assert_int_equal(zw_batch_create(&batch, NULL), ZW_OK);
        zw_status status = zw_item_json_read(zw_text_of(cases[i].text), ZW_JSON_WHOLE, batch, &err);
        if (status != ZW_INVALID || strstr(err.text, cases[i].says) == NULL) {
            fail_msg("%s: %s", cases[i].why, err.text);
        }
        zw_batch_destroy(batch);
    }
}

static void without_memory_it_says_so(void **state)
{
    bool was_refused = true;
    (void)state;
    for (long n = 0; was_refused; n++) {
        zw_batch *batch = NULL;
        assert_int_equal(zw_batch_create(&batch, NULL), ZW_OK);
        failing_alloc_after(n);
        zw_status status = zw_item_json_read(
            zw_text_of(
                "[{\"register\":\"calls\",\"item\":\"c\",\"at\":\"2024\",\"type\":\"lab\"}]"),
            ZW_JSON_WHOLE, batch, NULL);
        was_refused = failing_alloc_stop();
        assert_int_equal(status, was_refused ? ZW_NOMEM : ZW_OK);
        assert_int_equal(batch->item_count, was_refused ? 0 : 1);
        zw_batch_destroy(batch);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_are_read_or_named),
        cmocka_unit_test(what_is_no_array_is_refused_whole),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
