/* What guards hold: kept aside whole, released, refused, and never in before. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "failing_alloc.h"
#include "guard_world.h"
#include "store/delivered.h"
#include "store_folder.h"

/* Feeds on a day, and takes the turn. */
static zw_fed feed_on(struct house *house, const char *day, const char *rows)
{
    zw_err err = {ZW_OK, ""};
    const zw_fed *fed = NULL;
    zw_feed_options options = {.source = "office"};
    house->now_ms = day_ms(day);
    if (house_feed(house, rows, options, &fed, &err) != ZW_OK) {
        fail_msg("%s: %s", day, err.text);
    }
    zw_fed copy = *fed;
    house_day(house, day, NULL);
    return copy;
}

static void says(struct house *house, const char *expected)
{
    char *said = house_said(house);
    assert_string_equal(said, expected);
    free(said);
}

/* 1200 wan is 1.2e7 CNY; 12 000 000 in the form is the slip: 1.2e11, 10 000 times as much. */
static const char january[] = "money,north,2022-01,1200\nmoney,south,2022-01,900\n";
static const char slip[] = "money,north,2022-02,12000000\nmoney,south,2022-02,950\n";
static const char right[] = "money,north,2022-02,1250\nmoney,south,2022-02,950\n";

#define HELD_TEXT "north 2022-02: 10000 times the month before"

static void what_is_held_is_not_in_and_is_told_once(void **state)
{
    (void)state;
    struct house house;
    house_open(&house, slip_pack, "2022-02-05");
    (void)feed_on(&house, "2022-02-05", january);
    zw_fed fed = feed_on(&house, "2022-03-05", slip);
    assert_true(fed.is_held);
    assert_int_equal(fed.batch, 2);
    assert_int_equal(fed.accepted, 0);
    house_is(&house, "0/1:critical ");
    assert_true(house_value(&house, "north", "2022-02", NULL) == -1);
    assert_true(house_value(&house, "south", "2022-02", NULL) == -1); /* all of it is aside */
    house_day(&house, "2022-03-06", NULL);
    says(&house, "[critical] slip north: " HELD_TEXT " (batch 2 held)\n");
    fed = feed_on(&house, "2022-03-07", slip); /* the same bytes: held already */
    assert_true(fed.is_held && fed.is_repeat);
    assert_int_equal(fed.batch, 2);
    says(&house, "[critical] slip north: " HELD_TEXT " (batch 2 held)\n");
    house_close(&house);
}

static void what_is_released_is_learned_then(void **state)
{
    (void)state;
    struct house house;
    zw_err err = {ZW_OK, ""};
    const zw_fed *fed = NULL;
    house_open(&house, slip_pack, "2022-02-05");
    (void)feed_on(&house, "2022-02-05", january);
    (void)feed_on(&house, "2022-03-05", slip);
    house.now_ms = day_ms("2022-03-09");
    assert_int_equal(zw_engine_release(house.engine, 2, &fed, &err), ZW_OK);
    assert_int_equal(fed->batch, 3);
    assert_int_equal(fed->accepted, 2);
    house_day(&house, "2022-03-09", NULL);
    house_is(&house, "2/1:warning "); /* its alert has ended, and the figure is judged: over 1e8 */
    assert_true(house_value(&house, "north", "2022-02", NULL) == 1.2e11);
    assert_true(house_value(&house, "south", "2022-02", NULL) == 9.5e6);
    assert_true(house_value(&house, "north", "2022-02", "2022-03-08") == -1);
    assert_true(house_value(&house, "north", "2022-02", "2022-03-09") == 1.2e11);
    says(&house, "[critical] slip north: " HELD_TEXT " (batch 2 held)\n"
                 "[resolved] slip north: " HELD_TEXT " (batch 2 released)\n"
                 "[warning] high north: high\n");
    assert_int_equal(zw_engine_release(house.engine, 2, &fed, &err), ZW_CONFLICT);
    assert_string_equal(err.text, "batch 2 is not held: it was released");
    assert_int_equal(zw_engine_refuse(house.engine, 1, &err), ZW_CONFLICT);
    assert_string_equal(err.text, "batch 1 is not held: it was taken when it came");
    assert_int_equal(zw_engine_refuse(house.engine, 9, &err), ZW_NOT_FOUND);
    zw_fed again = feed_on(&house, "2022-03-10", slip); /* the source's last delivery again */
    assert_true(again.is_repeat && !again.is_held);
    house_close(&house);
}

static void bytes_that_were_held_are_those_of_what_was_released(void **state)
{
    (void)state;
    struct house house;
    zw_err err = {ZW_OK, ""};
    const zw_fed *fed = NULL;
    zw_delivered *delivered = NULL;
    zw_text line;
    house_open(&house, slip_pack, "2022-02-05");
    (void)feed_on(&house, "2022-02-05", january);
    assert_true(feed_on(&house, "2022-03-05", slip).is_held);
    house.now_ms = day_ms("2022-03-06");
    assert_int_equal(zw_engine_release(house.engine, 2, &fed, &err), ZW_OK);
    int64_t released = fed->batch;
    house_day(&house, "2022-03-06", NULL);
    assert_int_equal(
        zw_delivered_create(zw_store_db(zw_engine_store(house.engine)), &delivered, &err), ZW_OK);
    assert_int_equal(zw_delivered_line(delivered, released, 2, &line, &err), ZW_OK);
    assert_true(line.at != NULL && zw_text_is(line, "money,north,2022-02,12000000"));
    assert_int_equal(zw_delivered_line(delivered, 2, 2, &line, &err), ZW_OK);
    assert_null(line.at);
    zw_delivered_destroy(delivered);
    house_close(&house);
}

static void what_is_refused_is_gone(void **state)
{
    (void)state;
    struct house house;
    zw_err err = {ZW_OK, ""};
    house_open(&house, slip_pack, "2022-02-05");
    (void)feed_on(&house, "2022-02-05", january);
    (void)feed_on(&house, "2022-03-05", slip);
    house.now_ms = day_ms("2022-03-06");
    assert_int_equal(zw_engine_refuse(house.engine, 2, &err), ZW_OK);
    house_day(&house, "2022-03-06", NULL);
    house_is(&house, "");
    assert_true(house_value(&house, "north", "2022-02", NULL) == -1);
    says(&house, "[critical] slip north: " HELD_TEXT " (batch 2 held)\n"
                 "[resolved] slip north: " HELD_TEXT " (batch 2 refused)\n");
    zw_fed fed = feed_on(&house, "2022-03-07", slip); /* the same bytes are judged anew */
    assert_true(fed.is_held && !fed.is_repeat);
    assert_int_equal(fed.batch, 3);
    fed = feed_on(&house, "2022-03-08", right);
    assert_false(fed.is_held);
    assert_true(house_value(&house, "north", "2022-02", NULL) == 1.25e7);
    house_is(&house, "0/1:critical "); /* batch 3 waits still */
    house_close(&house);
}

static void a_warning_lets_in_and_ends_with_the_next_good_delivery(void **state)
{
    (void)state;
    struct house house;
    house_open(&house, slip_pack, "2022-02-05");
    (void)feed_on(&house, "2022-02-05", january);
    zw_fed fed = feed_on(&house, "2022-03-05", "money,north,2022-02,4800\n"); /* 4 times */
    assert_false(fed.is_held);
    assert_int_equal(fed.accepted, 1);
    assert_true(house_value(&house, "north", "2022-02", NULL) == 4.8e7);
    house_is(&house, "0/1:warning ");
    (void)feed_on(&house, "2022-03-06", "money,south,2022-02,950\n"); /* another area's */
    house_is(&house, "0/1:warning ");
    (void)feed_on(&house, "2022-03-07", "unguarded,north,2022-02,1\n");
    house_is(&house, "0/1:warning ");
    (void)feed_on(&house, "2022-04-05", "money,north,2022-03,5000\n");
    house_is(&house, "");
    says(&house, "[warning] slip north: north 2022-02: 4 times the month before\n"
                 "[resolved] slip north: north 2022-02: 4 times the month before\n");
    house_close(&house);
}

static void two_guards_hold_one_delivery(void **state)
{
    (void)state;
    struct house house;
    zw_err err = {ZW_OK, ""};
    house_open(&house, slip_pack, "2022-02-05");
    (void)feed_on(&house, "2022-02-05", "money,north,2022-01,1\n");
    zw_fed fed = feed_on(&house, "2022-03-05", "money,north,2022-02,30000\n"); /* 3e8 */
    assert_true(fed.is_held);
    house_is(&house, "0/1:critical 1/1:critical 2/2:unknown "); /* south never reported */
    says(&house, "[critical] slip north: north 2022-02: 30000 times the month before (batch 2 "
                 "held)\n[critical] even north: north is even (batch 2 held)\n");
    house.now_ms = day_ms("2022-03-06");
    assert_int_equal(zw_engine_refuse(house.engine, 2, &err), ZW_OK);
    house_day(&house, "2022-03-06", NULL);
    house_is(&house, "2/2:unknown ");
    house_close(&house);
}

/* History that comes later is replayed; what a guard said stands where it stood. */
static void history_is_judged_as_of_then_and_moves_no_guard(void **state)
{
    (void)state;
    struct house house;
    zw_err err = {ZW_OK, ""};
    house_open(&house, slip_pack, "2022-02-05");
    (void)feed_on(&house, "2022-02-05", january);
    (void)feed_on(&house, "2022-03-05", slip);
    house.now_ms = day_ms("2022-03-06");
    assert_int_equal(zw_engine_refuse(house.engine, 2, &err), ZW_OK);
    house_day(&house, "2022-03-06", NULL);
    house_day_known(&house, "2022-05-01", "2022-02-20", "money,north,2021-12,1100\n");
    house_is(&house, "");
    says(&house, "[critical] slip north: " HELD_TEXT " (batch 2 held)\n"
                 "[resolved] slip north: " HELD_TEXT " (batch 2 refused)\n");
    house_day_known(&house, "2022-05-02", "2022-02-21", "money,north,2021-11,1\n");
    house_is(&house, ""); /* November is judged; December, 1100 times it, was not delivered now */
    house_close(&house);
}

static void it_survives_a_crash_between(void **state)
{
    const store_folder *f = *state;
    struct house house;
    zw_err err = {ZW_OK, ""};
    const zw_fed *fed = NULL;
    memset(&house, 0, sizeof(house));
    house.now_ms = day_ms("2022-02-05");
    assert_int_equal(house_try(&house, slip_pack, f->path, &err), ZW_OK);
    (void)feed_on(&house, "2022-02-05", january);
    (void)feed_on(&house, "2022-03-05", slip);
    /* A release that never commits never was. */
    house.now_ms = day_ms("2022-03-06");
    assert_int_equal(zw_engine_release(house.engine, 2, &fed, &err), ZW_OK);
    house_close(&house);
    assert_int_equal(house_try(&house, slip_pack, f->path, &err), ZW_OK);
    house_is(&house, "0/1:critical ");
    assert_true(house_value(&house, "north", "2022-02", NULL) == -1);
    house.now_ms = day_ms("2022-03-07");
    assert_int_equal(zw_engine_release(house.engine, 2, &fed, &err), ZW_OK);
    house_day(&house, "2022-03-07", NULL);
    house_close(&house);
    assert_int_equal(house_try(&house, slip_pack, f->path, &err), ZW_OK);
    house_is(&house, "2/1:warning ");
    assert_true(house_value(&house, "north", "2022-02", NULL) == 1.2e11);
    assert_true(house_value(&house, "north", "2022-02", "2022-03-06") == -1);
    house_close(&house);
}

static void a_pack_that_lost_its_measure_cannot_release(void **state)
{
    static const char other[] = "local land = zone \"land\" { timezone = \"UTC\" }\n"
                                "area \"north\" { within = land }\n"
                                "measure \"other\" { kind = \"flow\", unit = \"CNY\", every = "
                                "\"month\" }\n";
    const store_folder *f = *state;
    struct house house;
    zw_err err = {ZW_OK, ""};
    const zw_fed *fed = NULL;
    memset(&house, 0, sizeof(house));
    house.now_ms = day_ms("2022-02-05");
    assert_int_equal(house_try(&house, slip_pack, f->path, &err), ZW_OK);
    (void)feed_on(&house, "2022-02-05", january);
    (void)feed_on(&house, "2022-03-05", slip);
    house_close(&house);
    assert_int_equal(house_try(&house, other, f->path, &err), ZW_OK);
    assert_int_equal(zw_engine_release(house.engine, 2, &fed, &err), ZW_INVALID);
    assert_string_equal(err.text, "batch 2, line 2: the pack has no measure 'money'");
    assert_int_equal(zw_engine_refuse(house.engine, 2, &err), ZW_OK);
    house_close(&house);
}

static void without_memory_nothing_is_half_held(void **state)
{
    (void)state;
    bool was_refused = true;
    for (long after = 0; was_refused; after++) {
        struct house house;
        zw_err err = {ZW_OK, ""};
        const zw_fed *fed = NULL;
        zw_feed_options options = {.source = "office"};
        house_open(&house, slip_pack, "2022-02-05");
        (void)feed_on(&house, "2022-02-05", january);
        house.now_ms = day_ms("2022-03-05");
        failing_alloc_after(after);
        zw_status status = house_feed(&house, slip, options, &fed, &err);
        was_refused = failing_alloc_stop();
        assert_true(status == ZW_OK || status == ZW_NOMEM);
        if (status == ZW_OK) {
            assert_true(fed->is_held);
        }
        house_day(&house, "2022-03-06", NULL);
        house_is(&house, status == ZW_OK ? "0/1:critical " : "");
        assert_int_equal(zw_store_delivery_count(zw_engine_store(house.engine)),
                         status == ZW_OK ? 2 : 1);
        assert_true(house_value(&house, "south", "2022-02", NULL) == -1);
        house_close(&house);
    }
}

static void without_memory_nothing_is_half_released(void **state)
{
    (void)state;
    bool was_refused = true;
    for (long after = 0; was_refused; after++) {
        struct house house;
        zw_err err = {ZW_OK, ""};
        const zw_fed *fed = NULL;
        house_open(&house, slip_pack, "2022-02-05");
        (void)feed_on(&house, "2022-02-05", january);
        (void)feed_on(&house, "2022-03-05", slip);
        house.now_ms = day_ms("2022-03-06");
        failing_alloc_after(after);
        zw_status status = zw_engine_release(house.engine, 2, &fed, &err);
        was_refused = failing_alloc_stop();
        assert_true(status == ZW_OK || status == ZW_NOMEM);
        house_day(&house, "2022-03-06", NULL);
        house_is(&house, status == ZW_OK ? "2/1:warning " : "0/1:critical ");
        assert_true(house_value(&house, "south", "2022-02", NULL) ==
                    (status == ZW_OK ? 9.5e6 : -1));
        house_close(&house);
    }
}

/* A guard that holds every call while its area's money of the month is under 10. */
static const char closed_pack[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "area \"north\" { within = land }\n"
    "area \"south\" { within = land }\n"
    "local money = measure \"money\" { kind = \"flow\", unit = \"CNY\", every = \"month\" }\n"
    "local calls = register \"calls\" { fields = { \"type\", \"leader\" }, states = { \"posted\","
    " \"awarded\" } }\n"
    "guard \"closed\" { on = { calls }, hold = money:under(10), say = \"{area} is closed\" }\n"
    "notify \"duty\" { to = log(), at_least = \"warning\" }\n";

static const char two_calls[] = "register,item,area,at,state,type,leader,note\n"
                                "calls,c1,north,2022-02-01,posted,lab,\"Li, Wei\",n\n"
                                "calls,c2,south,2022-02-01,,,,\n"
                                "calls,,south,2022-02-01,,,,\n";

static zw_status feed_calls(struct house *house, const zw_fed **fed, zw_err *err)
{
    zw_feed_options options = {.source = "office", .is_synthetic = true};
    return zw_engine_feed(house->engine, two_calls, sizeof(two_calls) - 1, &options, fed, err);
}

static const zw_items *items_of(const struct house *house)
{
    return zw_store_items(zw_engine_store(house->engine));
}

static void open_closed(struct house *house, const char *db)
{
    zw_err err = {ZW_OK, ""};
    memset(house, 0, sizeof(*house));
    house->now_ms = day_ms("2022-02-05");
    if (house_try(house, closed_pack, db, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
    (void)feed_on(house, "2022-02-05", "money,north,2022-02,5\nmoney,south,2022-02,50\n");
    house->now_ms = day_ms("2022-02-06");
}

static void items_that_are_released_are_learned_then(void **state)
{
    const store_folder *f = *state;
    struct house house;
    zw_err err = {ZW_OK, ""};
    const zw_fed *fed = NULL;
    open_closed(&house, f->path);
    assert_int_equal(feed_calls(&house, &fed, &err), ZW_OK);
    assert_true(fed->is_held);
    assert_int_equal(zw_items_count(items_of(&house)), 0); /* that of the south waits with it */
    house_day(&house, "2022-02-06", NULL);
    says(&house, "[critical] closed north: north is closed (batch 2 held) (synthetic)\n");
    house_close(&house);
    memset(&house, 0, sizeof(house));
    house.now_ms = day_ms("2022-02-09");
    assert_int_equal(house_try(&house, closed_pack, f->path, &err), ZW_OK);
    assert_int_equal(zw_items_count(items_of(&house)), 0);
    assert_int_equal(zw_engine_release(house.engine, 2, &fed, &err), ZW_OK);
    assert_int_equal(fed->batch, 3);
    assert_int_equal(fed->accepted, 3);
    house_day(&house, "2022-02-09", NULL);
    zw_item_standing before;
    zw_item_standing after;
    const zw_item_row *const *rows = NULL;
    const zw_items *items = items_of(&house);
    zw_item_id c1 = zw_items_find(items, zw_items_register(items, "calls"), "c1");
    zw_item_at(items, c1, house.now_ms, day_ms("2022-02-08"), &before);
    zw_item_at(items, c1, house.now_ms, house.now_ms, &after);
    assert_false(before.is_known);
    assert_true(after.lives && after.is_synthetic);
    assert_int_equal(after.since_ms, day_ms("2022-02-01"));
    assert_string_equal(after.area, "north");
    assert_string_equal(after.state, "posted");
    assert_string_equal(zw_item_field_of(&after, "type"), "lab");
    assert_string_equal(zw_item_field_of(&after, "leader"), "Li, Wei");
    assert_int_equal(zw_items_rows(items, c1, &rows), 1);
    assert_string_equal(rows[0]->note, "n");
    assert_int_equal(rows[0]->line, 2);
    assert_int_equal(rows[0]->batch, 3);
    assert_int_equal(zw_items_count(items), 3);
    assert_int_equal(zw_engine_release(house.engine, 2, &fed, &err), ZW_CONFLICT);
    house_close(&house);
}

static void items_that_are_refused_are_gone(void **state)
{
    static const char other[] = "local land = zone \"land\" { timezone = \"UTC\" }\n"
                                "area \"north\" { within = land }\n"
                                "register \"call\" { fields = { \"type\" } }\n";
    static const char no_south[] = "local land = zone \"land\" { timezone = \"UTC\" }\n"
                                   "area \"north\" { within = land }\n"
                                   "register \"calls\" { fields = { \"type\" } }\n";
    const store_folder *f = *state;
    struct house house;
    zw_err err = {ZW_OK, ""};
    const zw_fed *fed = NULL;
    open_closed(&house, f->path);
    assert_int_equal(feed_calls(&house, &fed, &err), ZW_OK);
    house_day(&house, "2022-02-06", NULL);
    house_close(&house);
    assert_int_equal(house_try(&house, other, f->path, &err), ZW_OK);
    assert_int_equal(zw_engine_release(house.engine, 2, &fed, &err), ZW_INVALID);
    assert_string_equal(err.text, "batch 2, line 2: the pack has no register 'calls'");
    house_close(&house);
    assert_int_equal(house_try(&house, no_south, f->path, &err), ZW_OK);
    assert_int_equal(zw_engine_release(house.engine, 2, &fed, &err), ZW_INVALID);
    assert_string_equal(err.text, "batch 2, line 3: the pack has no area 'south'");
    assert_int_equal(zw_engine_refuse(house.engine, 2, &err), ZW_OK);
    assert_int_equal(zw_engine_turn(house.engine, NULL, &err), ZW_OK);
    assert_int_equal(zw_items_count(items_of(&house)), 0);
    assert_int_equal(zw_engine_release(house.engine, 2, &fed, &err), ZW_CONFLICT);
    house_close(&house);
}

static void without_memory_no_items_are_half_held_or_half_released(void **state)
{
    bool was_refused = true;
    (void)state;
    for (long after = 0; was_refused; after++) {
        struct house house;
        zw_err err = {ZW_OK, ""};
        const zw_fed *fed = NULL;
        open_closed(&house, ":memory:");
        failing_alloc_after(after);
        zw_status status = feed_calls(&house, &fed, &err);
        status = status == ZW_OK ? zw_engine_release(house.engine, 2, &fed, &err) : status;
        was_refused = failing_alloc_stop();
        assert_int_equal(status, was_refused ? ZW_NOMEM : ZW_OK);
        house_day(&house, "2022-02-06", NULL);
        assert_int_equal(zw_items_count(items_of(&house)), status == ZW_OK ? 3 : 0);
        if (status != ZW_OK && zw_store_delivery_count(zw_engine_store(house.engine)) == 2) {
            assert_int_equal(zw_engine_release(house.engine, 2, &fed, &err), ZW_OK);
            assert_int_equal(fed->accepted, 3); /* it was held whole */
        }
        house_close(&house);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_held_is_not_in_and_is_told_once),
        cmocka_unit_test(what_is_released_is_learned_then),
        cmocka_unit_test(bytes_that_were_held_are_those_of_what_was_released),
        cmocka_unit_test(what_is_refused_is_gone),
        cmocka_unit_test(a_warning_lets_in_and_ends_with_the_next_good_delivery),
        cmocka_unit_test(two_guards_hold_one_delivery),
        cmocka_unit_test(history_is_judged_as_of_then_and_moves_no_guard),
        cmocka_unit_test_setup_teardown(it_survives_a_crash_between, store_folder_setup,
                                        store_folder_teardown),
        cmocka_unit_test_setup_teardown(a_pack_that_lost_its_measure_cannot_release,
                                        store_folder_setup, store_folder_teardown),
        cmocka_unit_test(without_memory_nothing_is_half_held),
        cmocka_unit_test(without_memory_nothing_is_half_released),
        cmocka_unit_test_setup_teardown(items_that_are_released_are_learned_then,
                                        store_folder_setup, store_folder_teardown),
        cmocka_unit_test_setup_teardown(items_that_are_refused_are_gone, store_folder_setup,
                                        store_folder_teardown),
        cmocka_unit_test(without_memory_no_items_are_half_held_or_half_released),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
