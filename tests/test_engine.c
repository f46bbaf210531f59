/* The engine: turns, replays, failures that leave nothing, packs that change a measure. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine_world.h"
#include "failing_alloc.h"
#include "store_folder.h"

#include <sqlite3.h>

static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "local money = measure \"money\" { kind = \"flow\", unit = \"1e4 CNY\", every = \"month\" }\n"
    "alert \"poor\" { warning = money:under(50000), hold = \"10d\" }\n"
    "notify \"office\" { to = log() }\n";

static void history_that_comes_late_is_replayed_from_there(void **state)
{
    (void)state;
    struct house house;
    house_open(&house, pack_text, "2022-03-01");
    house_day(&house, "2022-03-01", "money,land,2022-01,9\n");
    house_is(&house, "");
    zw_err err = {ZW_OK, ""};
    const zw_fed *fed = NULL;
    zw_feed_options options = {
        .source = "old", .has_known_at = true, .known_at_ms = day_ms("2022-02-10")};
    assert_int_equal(house_feed(&house, "money,land,2022-01,3\n", options, &fed, &err), ZW_OK);
    assert_int_equal(zw_engine_turn(house.engine, NULL, &err), ZW_OK);
    house_is(&house, ""); /* low from 10 February to 1 March, and high again now */
    options.known_at_ms = day_ms("2022-02-12");
    options.source = "older still";
    assert_int_equal(house_feed(&house, "money,land,2022-02,3\n", options, &fed, &err), ZW_OK);
    assert_int_equal(zw_engine_turn(house.engine, NULL, &err), ZW_OK);
    house_is(&house, "0/0:warning "); /* held since the 10th: ten days later it fired */
    house_close(&house);
}

static int refuse_commit(void *arg)
{
    (void)arg;
    return 1;
}

static void a_turn_whose_commit_fails_leaves_nothing(void **state)
{
    (void)state;
    struct house house;
    zw_err err = {ZW_OK, ""};
    const zw_fed *fed = NULL;
    house_open(&house, pack_text, "2022-03-01");
    house_day(&house, "2022-03-01", "money,land,2022-02,9\n");
    size_t figures = zw_store_figure_count(zw_engine_store(house.engine));
    sqlite3 *conn = zw_db_connection(zw_store_db(zw_engine_store(house.engine)));
    (void)sqlite3_commit_hook(conn, refuse_commit, NULL);
    house.now_ms = day_ms("2022-03-20");
    assert_int_equal(
        house_feed(&house, "money,land,2022-02,1\n", (zw_feed_options){.source = "x"}, &fed, &err),
        ZW_OK);
    assert_int_equal(zw_engine_turn(house.engine, NULL, &err), ZW_STORE);
    (void)sqlite3_commit_hook(conn, NULL, NULL);
    assert_int_equal(zw_store_figure_count(zw_engine_store(house.engine)), figures);
    house_is(&house, "");
    assert_int_equal(
        house_feed(&house, "money,land,2022-02,1\n", (zw_feed_options){.source = "x"}, &fed, &err),
        ZW_OK);
    assert_false(fed->is_repeat);
    assert_int_equal(zw_engine_turn(house.engine, NULL, &err), ZW_OK);
    house_is(&house, "0/0:pending ");
    house_close(&house);
}

static void a_hold_ends_by_time_alone(void **state)
{
    (void)state;
    struct house house;
    house_open(&house, pack_text, "2022-03-01");
    house_day(&house, "2022-03-01", "money,land,2022-02,1\n");
    house_is(&house, "0/0:pending ");
    assert_int_equal(zw_engine_next_ms(house.engine), day_ms("2022-03-11"));
    house_day(&house, "2022-03-11", NULL);
    house_is(&house, "0/0:warning ");
    house_close(&house);
}

static void time_never_goes_back(void **state)
{
    (void)state;
    struct house house;
    house_open(&house, pack_text, "2022-03-01");
    house_day(&house, "2022-03-20", NULL);
    house.now_ms = day_ms("2022-03-01");
    assert_int_equal(zw_engine_now_ms(house.engine), day_ms("2022-03-20"));
    house_close(&house);
}

static void a_pack_that_changes_a_measure_with_figures_is_refused(void **state)
{
    static const struct {
        const char *why, *measure;
        zw_status status;
    } cases[] = {
        {"the same", "kind = \"flow\", unit = \"1e4 CNY\", every = \"month\"", ZW_OK},
        {"another kind", "kind = \"stock\", unit = \"1e4 CNY\", every = \"month\"", ZW_CONFLICT},
        {"another unit", "kind = \"flow\", unit = \"CNY\", every = \"month\"", ZW_CONFLICT},
        {"another grid", "kind = \"flow\", unit = \"1e4 CNY\", every = \"quarter\"", ZW_CONFLICT},
    };
    store_folder folder;
    (void)state;
    assert_true(store_folder_init(&folder));
    struct house house;
    zw_err err = {ZW_OK, ""};
    memset(&house, 0, sizeof(house));
    house.now_ms = day_ms("2022-03-01");
    assert_int_equal(house_try(&house, pack_text, folder.path, &err), ZW_OK);
    house_day(&house, "2022-03-01", "money,land,2022-02,1\n");
    house_close(&house);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char text[512];
        (void)snprintf(text, sizeof(text),
                       "zone \"land\" { timezone = \"UTC\" }\nmeasure \"money\" { %s }\n",
                       cases[i].measure);
        if (house_try(&house, text, folder.path, &err) != cases[i].status) {
            fail_msg("%s: %s", cases[i].why, err.text);
        }
        house_close(&house);
    }
    store_folder_fini(&folder);
}

static const char rich_pack[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "local north = area \"north\" { within = land }\n"
    "local south = area \"south\" { within = land }\n"
    "local money = measure \"money\" { kind = \"ytd\", unit = \"1e4 CNY\", every = \"month\", due "
    "= \"20d\", by = { \"line\" } }\n"
    "local plan = target \"plan\" { money:year(), over = { [2021] = 5e4 }, from = { [2020] = 1e4 "
    "}, path = \"geometric\" }\n"
    "local fair = rule \"fair\" { must = function(at) return at(money, north) <= 0.7 * at(money) "
    "end }\n"
    "alert \"late\" { each = land.areas, per = \"period\", warning = money:late(), say = \"{area} "
    "lacks {lacking} for {period}\" }\n"
    "alert \"withdrawn\" { per = \"period\", critical = plan:verdict \"met_then_revised_below\" }\n"
    "alert \"unfair\" { warning = fair:broken() & money:by(\"line\"):max():over(1), with = { pace "
    "= money:yoy() }, say = \"{value} {pace}\" }\n"
    "notify \"office\" { to = { log(), webhook(\"http://127.0.0.1:1/\") } }\n";

static zw_status feed_and_turn(struct house *house, zw_err *err)
{
    static const char csv[] = "measure,area,period,value,known_at,line,source\n"
                              "money,north,2021-12,4,2022-01-10,ai,[1]\n"
                              "money,south,2021-12,2,2022-01-10,,\n"
                              "money,south,2021-12,0.5,2022-02-10,,\n";
    const zw_fed *fed = NULL;
    zw_feed_options options = {.source = "x"};
    zw_status status = zw_engine_feed(house->engine, csv, sizeof(csv) - 1, &options, &fed, err);
    return status == ZW_OK ? zw_engine_turn(house->engine, NULL, err) : status;
}

/* A turn without memory leaves nothing, leaks nothing, and the next one does it all. */
static void a_turn_may_run_out_of_memory_anywhere(void **state)
{
    (void)state;
    struct house whole;
    zw_err err = {ZW_OK, ""};
    house_open(&whole, rich_pack, "2022-03-01");
    assert_int_equal(feed_and_turn(&whole, &err), ZW_OK);
    char *expected = house_states(&whole);
    assert_true(strlen(expected) > 0);
    house_close(&whole);
    bool was_refused = true;
    for (long after = 0; was_refused; after += 1 + after / 40) {
        struct house house;
        house_open(&house, rich_pack, "2022-03-01");
        failing_alloc_after(after);
        zw_status status = feed_and_turn(&house, &err);
        was_refused = failing_alloc_stop();
        if (status != ZW_OK) {
            assert_true(was_refused);
            assert_int_equal(status, ZW_NOMEM);
            if (feed_and_turn(&house, &err) != ZW_OK) {
                fail_msg("after %ld: %s", after, err.text);
            }
        }
        if (status != ZW_OK || !was_refused) {
            house_is(&house, expected);
        }
        house_close(&house);
    }
    free(expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(history_that_comes_late_is_replayed_from_there),
        cmocka_unit_test(a_turn_whose_commit_fails_leaves_nothing),
        cmocka_unit_test(a_hold_ends_by_time_alone),
        cmocka_unit_test(time_never_goes_back),
        cmocka_unit_test(a_pack_that_changes_a_measure_with_figures_is_refused),
        cmocka_unit_test(a_turn_may_run_out_of_memory_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
