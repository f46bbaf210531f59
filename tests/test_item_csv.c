/* Rows of registers out of CSV. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "failing_alloc.h"
#include "intake/item_csv.h"
#include "item_listed.h"

#define NO_TIME                                                                                    \
    "' is no period or moment that exists; expected 2022, 2022-S1, 2022-Q3, 2022-03, 2022-W05,"    \
    " 2022-03-31 or 2022-03-31T10:15:00+08:00\n"

#define HEADER "register,item,area,at,state,type,due_on,known_at,source,note\n"

static void rows_are_read_or_named(void **state)
{
    static const struct {
        const char *why, *text, *listed;
    } cases[] = {
        {"all that can be said",
         HEADER "calls,c1,pazhou,2024-03-01,posted,lab,2024-06-30,2024-03-02, 台账 ,first\n",
         "2 calls/c1@pazhou posted {due_on=2024-06-30:7} {type=lab:6} [台账|first] known\n"},
        {"what is empty says nothing", HEADER "calls,c1,,2024-03-01,,,,,,\n", "2 calls/c1@  [|]\n"},
        {"no change", HEADER "calls,,pazhou,2024-03-01,,,,,,\n", "2 calls/@pazhou  [|]\n"},
        {"the columns of the header alone", "item,at,register,area\nc1,2024,calls,pazhou\n",
         "2 calls/c1@pazhou  [|]\n"},
        {"names and fields are folded, remarks are not",
         HEADER "calls,\xEF\xBC\xA3"
                "1,\xE3\x80\x80pazhou,2024-03-01,posted,\xEF\xBC\xA1,,,\xEF\xBC\xA1,\n",
         "2 calls/C1@pazhou posted {type=A:6} [\xEF\xBC\xA1|]\n"},
        {"two rows of one item and one moment stand as they stand",
         HEADER "calls,c1,pazhou,2024-03-01,posted,,,,,\ncalls,c1,pazhou,2024-03-01,awarded,,,,,\n",
         "2 calls/c1@pazhou posted [|]\n3 calls/c1@pazhou awarded [|]\n"},
        {"everything wrong with a row is named, and nothing of it is kept",
         HEADER ",c1,pazhou,,posted,lab,,2024-13,,\ncalls,c2,pazhou,2024-03-01,,lab,,,,\n",
         "3 calls/c2@pazhou  {type=lab:6} [|]\n2:1 expected a register, got nothing\n"
         "2:4 expected a day in 'at', got nothing\n2:8 '2024-13" NO_TIME},
        {"a control character was not typed by anybody",
         HEADER "calls,c\x01"
                "1,pazhou,2024-03-01,,a\tb,,,,\n",
         "2:2 the item holds a control character\n2:6 the type holds a control character\n"},
        {"not UTF-8", HEADER "calls,c\xFF,pazhou,2024-03-01,,,,,,\n",
         "2:2 expected UTF-8 text without NUL bytes\n"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        zw_batch *batch = NULL;
        zw_buf listed;
        zw_err err = {0};
        assert_int_equal(zw_batch_create(&batch, NULL), ZW_OK);
        if (zw_item_csv_read(zw_text_of(cases[i].text), 0, batch, &err) != ZW_OK) {
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

static void later_checks_are_told_the_columns(void **state)
{
    zw_batch *batch = NULL;
    (void)state;
    assert_int_equal(zw_batch_create(&batch, NULL), ZW_OK);
    assert_int_equal(
        zw_item_csv_read(zw_text_of("known_at,state,at,area,item,register\n"), 0, batch, NULL),
        ZW_OK);
    assert_int_equal(batch->item_columns.known_at, 1);
    assert_int_equal(batch->item_columns.state, 2);
    assert_int_equal(batch->item_columns.at, 3);
    assert_int_equal(batch->item_columns.area, 4);
    assert_int_equal(batch->item_columns.item, 5);
    assert_int_equal(batch->item_columns.register_name, 6);
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
        zw_status status = zw_item_csv_read(
            zw_text_of(HEADER "calls,c1,pazhou,2024-03-01,posted,lab,,,a,b\n"), 0, batch, NULL);
        was_refused = failing_alloc_stop();
        assert_int_equal(status, was_refused ? ZW_NOMEM : ZW_OK);
        assert_int_equal(batch->item_count, was_refused ? 0 : 1);
        zw_batch_destroy(batch);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_read_or_named),
        cmocka_unit_test(later_checks_are_told_the_columns),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
