/* Deliveries of live samples: what becomes of their lines, of the turn, and of what was seen
 * before.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine_world.h"
#include "failing_alloc.h"

#include <math.h>

static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"Asia/Shanghai\" }\n"
    "local east = area \"east\" { within = land }\n"
    "local wait = measure \"wait\" { kind = \"gauge\", unit = \"min\", every = \"1m\" }\n"
    "local load = measure \"load\" { kind = \"gauge\", unit = \"%\", every = \"10s\","
    " by = { \"host\" } }\n"
    "local cpu_idle = measure \"cpu_idle\" { kind = \"gauge\", unit = \"1e3 min\", every = \"day\""
    " }\n"
    "alert \"crowd\" { each = east, warning = wait:over(30) }\n";

static const char guarded_text[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "local wait = measure \"wait\" { kind = \"gauge\", unit = \"min\", every = \"1m\" }\n"
    "local calm = measure \"calm\" { kind = \"gauge\", unit = \"min\", every = \"1m\" }\n"
    "guard \"slip\" { on = { wait }, hold = wait:over(1000), warn = wait:over(100) }\n";

/* Feeds and takes the turn. */
static const zw_fed *feed(struct house *house, const char *text, zw_feed_options options,
                          zw_status expected, zw_err *err)
{
    const zw_fed *fed = NULL;
    options.format = options.format == ZW_FEED_CSV ? ZW_FEED_LINE : options.format;
    zw_status status = zw_engine_feed(house->engine, text, strlen(text), &options, &fed, err);
    if (status != expected) {
        fail_msg("%s: %s", text, err->text);
    }
    assert_int_equal(zw_engine_turn(house->engine, NULL, err), ZW_OK);
    return fed;
}

/* The value known now of a series at a period of its grid's text; NAN when there is none. */
static double value_of(const struct house *house, const char *measure, const char *area,
                       const char *dims, zw_period period)
{
    zw_store *store = zw_engine_store(house->engine);
    zw_series key = {measure, area, dims, ""};
    zw_series_id id = zw_series_find(zw_store_series(store), &key);
    const zw_figure *at =
        id != ZW_SERIES_NONE ? zw_store_at(store, id, period, INT64_MAX, &(zw_figure){0}) : NULL;
    return at != NULL ? at->value : (double)NAN;
}

static void lines_become_figures_of_the_period_that_holds_their_moment(void **state)
{
    (void)state;
    struct house house;
    zw_err err = {ZW_OK, ""};
    house_open(&house, pack_text, "2022-04-20");
    int64_t minute = house.now_ms / 60000;
    const zw_fed *fed =
        feed(&house,
             "wait,area=east value=12 1650412859\n"  /* 00:00:59 */
             "load,host=a value=50,x=1 1650412809\n" /* load_x is no measure */
             "load,host=a value=50 1650412809\n"
             "cpu idle=2.5 1650470399\n" /* 23:59:59 in the zone's day */
             "wait value=7\n",
             (zw_feed_options){.is_partial = true, .unit_ns = 1000000000}, ZW_OK, &err);
    assert_int_equal(fed->accepted, 4);
    assert_int_equal(fed->bad_count, 1);
    assert_int_equal(fed->bad[0].line, 2);
    assert_string_equal(fed->bad[0].text, "no measure 'load_x'; did you mean 'load'?");
    assert_int_equal(fed->batch, 1);
    assert_true(value_of(&house, "wait", "east", "", minute) == 12);
    assert_true(value_of(&house, "wait", "land", "", minute) == 7);
    assert_true(value_of(&house, "load", "land", "host=a", house.now_ms / 10000) == 0.5);
    assert_true(value_of(&house, "cpu_idle", "land", "", house.now_ms / DAY_MS) == 2500);
    const zw_delivery *delivery = zw_store_delivery(zw_engine_store(house.engine), 0);
    assert_string_equal(delivery->format, "line");
    assert_int_equal(delivery->rejected, 1);
    house_close(&house);
}

static void the_last_one_wins_also_within_one_delivery(void **state)
{
    (void)state;
    struct house house;
    zw_err err = {ZW_OK, ""};
    house_open(&house, pack_text, "2022-04-20");
    zw_feed_options options = {.unit_ns = 1000000000};
    zw_period minute = house.now_ms / 60000;
    const zw_fed *fed = feed(&house,
                             "wait value=1 1650412801\nwait value=2 1650412830\n"
                             "wait value=3 1650412802\n",
                             options, ZW_OK, &err);
    assert_int_equal(fed->accepted, 3);
    assert_int_equal(fed->bad_count, 0);
    assert_true(value_of(&house, "wait", "land", "", minute) == 3);
    house.now_ms += 1000;
    fed = feed(&house, "wait value=3 1650412801\nwait value=5 1650412801\n", options, ZW_OK, &err);
    assert_int_equal(fed->accepted, 2);
    assert_int_equal(fed->unchanged, 1);
    assert_int_equal(fed->revised, 1);
    assert_false(fed->is_repeat);
    assert_true(value_of(&house, "wait", "land", "", minute) == 5);
    house_close(&house);
}

static void live_samples_move_alerts(void **state)
{
    (void)state;
    struct house house;
    zw_err err = {ZW_OK, ""};
    house_open(&house, pack_text, "2022-04-20");
    (void)feed(&house, "wait,area=east value=12\n", (zw_feed_options){0}, ZW_OK, &err);
    house_is(&house, "");
    house.now_ms += 60000;
    (void)feed(&house, "wait,area=east value=31\n", (zw_feed_options){0}, ZW_OK, &err);
    house_is(&house, "0/1:warning ");
    house_close(&house);
}

static void unless_partial_one_bad_line_refuses_all(void **state)
{
    (void)state;
    struct house house;
    zw_err err = {ZW_OK, ""};
    house_open(&house, pack_text, "2022-04-20");
    const zw_fed *fed =
        feed(&house, "wait value=1\nwait value=x\n", (zw_feed_options){0}, ZW_INVALID, &err);
    assert_string_equal(err.text, "1 bad line: nothing was kept");
    assert_int_equal(fed->bad_count, 1);
    assert_int_equal(fed->accepted, 0);
    assert_int_equal(zw_store_figure_count(zw_engine_store(house.engine)), 0);
    fed = feed(&house, "wait value=1\n", (zw_feed_options){.is_dry = true}, ZW_OK, &err);
    assert_int_equal(fed->accepted, 1);
    assert_int_equal(zw_store_figure_count(zw_engine_store(house.engine)), 0);
    fed = feed(&house, "wait value=x\n", (zw_feed_options){.is_partial = true}, ZW_OK, &err);
    assert_int_equal(fed->batch, 0);
    assert_int_equal(zw_store_delivery_count(zw_engine_store(house.engine)), 0);
    house_close(&house);
}

static void a_source_makes_the_same_again_a_repeat(void **state)
{
    (void)state;
    struct house house;
    zw_err err = {ZW_OK, ""};
    house_open(&house, pack_text, "2022-04-20");
    zw_feed_options options = {.source = "file"};
    assert_false(feed(&house, "wait value=1 60000000000\n", options, ZW_OK, &err)->is_repeat);
    house.now_ms += 1000;
    assert_true(feed(&house, "wait value=1 60000000000\n", options, ZW_OK, &err)->is_repeat);
    options.unit_ns = 1000; /* in another precision it says something else */
    assert_false(feed(&house, "wait value=1 60000000000\n", options, ZW_OK, &err)->is_repeat);
    house_close(&house);
}

static void what_the_options_say_is_kept(void **state)
{
    (void)state;
    struct house house;
    zw_err err = {ZW_OK, ""};
    house_open(&house, pack_text, "2022-04-20");
    zw_feed_options options = {.has_known_at = true,
                               .known_at_ms = house.now_ms - DAY_MS,
                               .status = 'E',
                               .is_synthetic = true};
    (void)feed(&house, "wait value=1 60000000000\n", options, ZW_OK, &err);
    const zw_figure *at =
        zw_store_at(zw_engine_store(house.engine), 0, 1, INT64_MAX, &(zw_figure){0});
    assert_non_null(at);
    assert_true(at->known_at_ms == house.now_ms - DAY_MS);
    assert_int_equal(at->status, ZW_OBS_ESTIMATED);
    assert_true(at->is_synthetic);
    options.known_at_ms = house.now_ms + 1;
    (void)feed(&house, "wait value=1\n", options, ZW_INVALID, &err);
    house_close(&house);
}

static void prometheus_text_is_refused_whole_when_it_breaks(void **state)
{
    (void)state;
    struct house house;
    zw_err err = {ZW_OK, ""};
    house_open(&house, pack_text, "2022-04-20");
    zw_feed_options options = {.is_partial = true, .format = ZW_FEED_PROMETHEUS};
    const zw_fed *fed = feed(&house,
                             "# TYPE wait gauge\nwait{area=\"east\"} 7 60000\n"
                             "load{host=\"a\"} NaN\nother 1\n",
                             options, ZW_OK, &err);
    assert_int_equal(fed->accepted, 1);
    assert_int_equal(fed->bad_count, 2);
    assert_string_equal(fed->bad[0].text, "expected a finite number, got NaN");
    assert_string_equal(fed->bad[1].text, "no measure 'other'");
    assert_true(value_of(&house, "wait", "east", "", 1) == 7);
    (void)feed(&house, "wait 1\nwait{ 2\n", options, ZW_INVALID, &err);
    assert_string_equal(err.text, "nothing was kept: 2:7: expected label=\"value\"");
    options.format = ZW_FEED_OPENMETRICS;
    (void)feed(&house, "wait 1\n", options, ZW_INVALID, &err);
    fed = feed(&house, "wait 1 120.5\n# EOF\n", options, ZW_OK, &err);
    assert_int_equal(fed->accepted, 1);
    assert_true(value_of(&house, "wait", "land", "", 2) == 1);
    house_close(&house);
}

static void a_guard_judges_what_is_live_too(void **state)
{
    (void)state;
    struct house house;
    zw_err err = {ZW_OK, ""};
    house_open(&house, guarded_text, "2022-04-20");
    zw_period minute = house.now_ms / 60000;
    const zw_fed *fed =
        feed(&house, "wait value=1,x=2\n", (zw_feed_options){.is_partial = true}, ZW_OK, &err);
    assert_int_equal(fed->bad_count, 1);
    fed = feed(&house, "wait value=5\ncalm value=6\n", (zw_feed_options){0}, ZW_OK, &err);
    assert_false(fed->is_held);
    assert_int_equal(fed->accepted, 2);
    house.now_ms += 60000;
    fed = feed(&house, "calm value=7\nwait value=2000\n", (zw_feed_options){0}, ZW_OK, &err);
    assert_true(fed->is_held);
    assert_true(isnan(value_of(&house, "calm", "land", "", minute + 1)));
    house_is(&house, "0/0:critical ");
    fed = feed(&house, "calm value=9000\n", (zw_feed_options){0}, ZW_OK, &err);
    assert_false(fed->is_held); /* no guard is on it */
    assert_true(value_of(&house, "calm", "land", "", minute + 1) == 9000);
    house_close(&house);
}

static const char any_text[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "local east = area \"east\" { within = land }\n"
    "local node = measure \"node\" { kind = \"gauge\", unit = \"x\", every = \"1m\","
    " accept = \"any\", limit = 3 }\n";

static void a_measure_takes_any_metric_up_to_its_limit(void **state)
{
    static const struct {
        const char *why, *text;
        uint32_t accepted;
        const char *bad; /* NULL: none */
    } steps[] = {
        {"two new series", "node_a value=1\nnode_b,t=x value=2\n", 2, NULL},
        {"the third, twice, in two orders of its tags, and no fourth",
         "node_c,t=x,u=y value=1\nnode_d value=1\nnode_c,u=y,t=x value=2\nnode_a value=3\n", 3,
         "2 measure 'node' has its limit of 3 series, and this would be a new one"},
        {"a line goes whole", "node_a value=1,z=2\nnode_b,t=x value=2\n", 1,
         "1 measure 'node' has its limit of 3 series, and this would be a new one"},
        {"other areas count too", "node_a,area=east value=1\n", 0,
         "1 measure 'node' has its limit of 3 series, and this would be a new one"},
        {"all that is there goes on",
         "node_a value=1\nnode_b,t=x value=2\nnode_c,u=y,t=x value=1\n", 3, NULL},
    };
    (void)state;
    struct house house;
    zw_err err = {ZW_OK, ""};
    house_open(&house, any_text, "2022-04-20");
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        char bad[200] = "";
        house.now_ms += 60000;
        const zw_fed *fed =
            feed(&house, steps[i].text, (zw_feed_options){.is_partial = true}, ZW_OK, &err);
        if (fed->bad_count > 0) {
            (void)snprintf(bad, sizeof bad, "%u %s", fed->bad[0].line, fed->bad[0].text);
        }
        if (fed->accepted != steps[i].accepted || fed->is_over_limit != (steps[i].bad != NULL) ||
            fed->bad_count > 1 || strcmp(bad, steps[i].bad != NULL ? steps[i].bad : "") != 0) {
            fail_msg("%s: %u taken, %s", steps[i].why, fed->accepted, bad);
        }
    }
    assert_int_equal(zw_series_count(zw_store_series(zw_engine_store(house.engine))), 3);
    house_close(&house);
}

/* A series that a turn made and that went back with it is found anew. */
static void a_turn_that_fails_leaves_no_series_behind(void **state)
{
    (void)state;
    struct house house;
    zw_err err = {ZW_OK, ""};
    const zw_fed *fed = NULL;
    zw_feed_options line = {.format = ZW_FEED_LINE};
    house_open(&house, guarded_text, "2022-04-20");
    zw_store *store = zw_engine_store(house.engine);
    static const char held[] = "wait value=2000\n";
    assert_int_equal(zw_engine_feed(house.engine, held, sizeof held - 1, &line, &fed, &err), ZW_OK);
    assert_int_equal(zw_series_count(zw_store_series(store)), 0);
    (void)feed(&house, "calm value=1\n", (zw_feed_options){0}, ZW_OK, &err);
    house.now_ms += 60000;
    (void)feed(&house, "wait value=3\n", (zw_feed_options){0}, ZW_OK, &err);
    assert_true(value_of(&house, "wait", "land", "", house.now_ms / 60000) == 3);
    assert_true(value_of(&house, "calm", "land", "", house.now_ms / 60000 - 1) == 1);
    house_close(&house);
}

static void without_memory_nothing_is_kept(void **state)
{
    static const char text[] = "wait,area=east value=1\nload,host=a value=2\nload,hos=a value=3\n";
    bool was_refused = true;
    long n = 0;
    (void)state;
    for (; was_refused; n++) {
        struct house house;
        const zw_fed *fed = NULL;
        zw_feed_options options = {.format = ZW_FEED_LINE, .is_partial = true};
        house_open(&house, pack_text, "2022-04-20");
        failing_alloc_after(n);
        zw_status status =
            zw_engine_feed(house.engine, text, sizeof text - 1, &options, &fed, NULL);
        was_refused = failing_alloc_stop();
        assert_true(status == ZW_NOMEM || status == ZW_OK); /* some memory only makes it quick */
        assert_true(was_refused || status == ZW_OK);
        assert_int_equal(zw_store_figure_count(zw_engine_store(house.engine)),
                         status == ZW_OK ? 2 : 0);
        if (status != ZW_OK) { /* it is as if nothing had come */
            assert_int_equal(
                zw_engine_feed(house.engine, text, sizeof text - 1, &options, &fed, NULL), ZW_OK);
        }
        assert_int_equal(zw_engine_turn(house.engine, NULL, NULL), ZW_OK);
        assert_int_equal(zw_store_figure_count(zw_engine_store(house.engine)), 2);
        house_close(&house);
    }
    assert_true(n > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_become_figures_of_the_period_that_holds_their_moment),
        cmocka_unit_test(the_last_one_wins_also_within_one_delivery),
        cmocka_unit_test(live_samples_move_alerts),
        cmocka_unit_test(unless_partial_one_bad_line_refuses_all),
        cmocka_unit_test(a_source_makes_the_same_again_a_repeat),
        cmocka_unit_test(what_the_options_say_is_kept),
        cmocka_unit_test(prometheus_text_is_refused_whole_when_it_breaks),
        cmocka_unit_test(a_guard_judges_what_is_live_too),
        cmocka_unit_test(a_measure_takes_any_metric_up_to_its_limit),
        cmocka_unit_test(a_turn_that_fails_leaves_no_series_behind),
        cmocka_unit_test(without_memory_nothing_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
