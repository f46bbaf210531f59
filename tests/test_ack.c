/* Acknowledgements: which firing one stands for, as of when, and that all are kept. */
#include "alert/ack.h"

#include "failing_alloc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static zw_ack ack_of(const char *area, const char *item, zw_severity severity, int64_t at_ms)
{
    return (zw_ack){.key = {"low", area, "", item},
                    .severity = severity,
                    .at_ms = at_ms,
                    .author = "bo",
                    .note = "seen"};
}

static void put(zw_db *db, zw_acks *acks, zw_ack ack)
{
    assert_int_equal(zw_db_begin(db, NULL), ZW_OK);
    assert_int_equal(zw_acks_put(acks, &ack, NULL), ZW_OK);
    assert_int_equal(zw_db_commit(db, NULL), ZW_OK);
}

/* One at the north as a warning at 50, and one of item c1 in the south at 60. */
static void open_acks(zw_db **db, zw_acks **acks)
{
    assert_int_equal(zw_db_open(":memory:", ZW_DB_WRITE, db, NULL), ZW_OK);
    assert_int_equal(zw_acks_create(*db, acks, NULL), ZW_OK);
    assert_int_equal(zw_acks_restore(*acks, NULL), ZW_OK);
    put(*db, *acks, ack_of("north", "", ZW_WARNING, 50));
    put(*db, *acks, ack_of("south", "c1", ZW_CRITICAL, 60));
}

static const struct {
    const char *why;
    zw_alert_key key;
    zw_alert_is is;
    zw_severity severity;
    int64_t active_ms, as_of_ms, id; /* id 0: none stands */
} cases[] = {
    {"it fires since before", {"low", "north", "", ""}, ZW_ALERT_FIRING, ZW_WARNING, 10, 90, 1},
    {"since that very moment", {"low", "north", "", ""}, ZW_ALERT_FIRING, ZW_WARNING, 50, 90, 1},
    {"less bad", {"low", "north", "", ""}, ZW_ALERT_FIRING, ZW_INFO, 10, 90, 1},
    {"worse", {"low", "north", "", ""}, ZW_ALERT_FIRING, ZW_CRITICAL, 10, 90, 0},
    {"it is another firing", {"low", "north", "", ""}, ZW_ALERT_FIRING, ZW_WARNING, 51, 90, 0},
    {"it had not been given", {"low", "north", "", ""}, ZW_ALERT_FIRING, ZW_WARNING, 10, 49, 0},
    {"it is pending", {"low", "north", "", ""}, ZW_ALERT_PENDING, ZW_WARNING, 10, 90, 0},
    {"another area", {"low", "south", "", ""}, ZW_ALERT_FIRING, ZW_WARNING, 10, 90, 0},
    {"another alert", {"high", "north", "", ""}, ZW_ALERT_FIRING, ZW_WARNING, 10, 90, 0},
    {"another period", {"low", "north", "2022", ""}, ZW_ALERT_FIRING, ZW_WARNING, 10, 90, 0},
    {"an item", {"low", "south", "", "c1"}, ZW_ALERT_FIRING, ZW_WARNING, 10, 90, 2},
    {"wherever it stands", {"low", "north", "", "c1"}, ZW_ALERT_FIRING, ZW_WARNING, 10, 90, 2},
    {"not another", {"low", "south", "", "c2"}, ZW_ALERT_FIRING, ZW_WARNING, 10, 90, 0},
};

static void expect_all(const zw_acks *acks)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        zw_alert_state state = zw_alert_state_start(0);
        state.is = cases[i].is;
        state.severity = cases[i].severity;
        state.active_ms = cases[i].active_ms;
        const zw_ack *ack = zw_acks_of(acks, &cases[i].key, &state, cases[i].as_of_ms);
        if ((ack != NULL ? ack->id : 0) != cases[i].id) {
            fail_msg("%s: %lld", cases[i].why, ack != NULL ? (long long)ack->id : 0);
        }
    }
}

static void one_stands_for_the_firing_it_was_given_to(void **state)
{
    (void)state;
    zw_db *db = NULL;
    zw_acks *acks = NULL;
    open_acks(&db, &acks);
    expect_all(acks);
    assert_int_equal(zw_acks_restore(acks, NULL), ZW_OK);
    expect_all(acks);
    assert_int_equal(zw_acks_count(acks), 2);
    assert_string_equal(zw_acks_at(acks, 0)->note, "seen");
    zw_acks_destroy(acks);
    zw_db_close(db);
}

static void of_several_the_last_by_then_stands(void **state)
{
    (void)state;
    zw_db *db = NULL;
    zw_acks *acks = NULL;
    zw_alert_key key = {"low", "north", "", ""};
    zw_alert_state firing = zw_alert_state_start(0);
    open_acks(&db, &acks);
    put(db, acks, ack_of("north", "", ZW_CRITICAL, 70));
    firing.is = ZW_ALERT_FIRING;
    firing.severity = ZW_WARNING;
    firing.active_ms = 10;
    assert_int_equal(zw_acks_of(acks, &key, &firing, 90)->id, 3);
    assert_int_equal(zw_acks_of(acks, &key, &firing, 69)->id, 1);
    zw_acks_destroy(acks);
    zw_db_close(db);
}

static void outside_a_transaction_nothing_is_written(void **state)
{
    (void)state;
    zw_db *db = NULL;
    zw_acks *acks = NULL;
    open_acks(&db, &acks);
    zw_ack ack = ack_of("north", "", ZW_CRITICAL, 70);
    assert_int_equal(zw_acks_put(acks, &ack, NULL), ZW_STORE);
    assert_int_equal(zw_acks_count(acks), 2);
    zw_acks_destroy(acks);
    zw_db_close(db);
}

static void memory_may_fail_anywhere(void **state)
{
    (void)state;
    zw_db *db = NULL;
    zw_acks *made = NULL;
    open_acks(&db, &made);
    bool has_refused = true;
    for (long n = 0; has_refused; n++) {
        zw_acks *acks = NULL;
        failing_alloc_after(n);
        zw_status status = zw_acks_create(db, &acks, NULL);
        status = status == ZW_OK ? zw_acks_restore(acks, NULL) : status;
        has_refused = failing_alloc_stop();
        if (status == ZW_OK) {
            expect_all(acks);
        } else {
            assert_int_equal(status, ZW_NOMEM);
        }
        zw_acks_destroy(acks);
    }
    zw_acks_destroy(made);
    zw_db_close(db);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_stands_for_the_firing_it_was_given_to),
        cmocka_unit_test(of_several_the_last_by_then_stands),
        cmocka_unit_test(outside_a_transaction_nothing_is_written),
        cmocka_unit_test(memory_may_fail_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
