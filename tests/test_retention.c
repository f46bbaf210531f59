/* Retention by the engine's clock: figures go page by page, what read them says so at every as-of,
 * what was told stays told, and what comes too late is refused. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine_world.h"
#include "failing_alloc.h"
#include "store_folder.h"

#define HOUR_MS (DAY_MS / 24)
enum { PAGE_HOURS = 512 };

/* A page is 512 hours, 21 days and 8 hours. */
static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "local north = area \"north\" { within = land }\n"
    "local south = area \"south\" { within = land }\n"
    "local load = measure \"load\" { kind = \"gauge\", unit = \"1\", every = \"1h\", keep = "
    "\"2d\", "
    "partial = true }\n"
    "local made = measure \"made\" { kind = \"counter\", unit = \"1\", every = \"1h\", keep = "
    "\"2d\" }\n"
    "local money = measure \"money\" { kind = \"flow\", unit = \"CNY\", every = \"month\" }\n"
    "alert \"high\" { each = north, per = \"period\", warning = load:over(50) }\n"    /* 0 */
    "alert \"low\" { each = north, warning = load:under(10) }\n"                      /* 1 */
    "alert \"rich\" { each = land, warning = money:over(5) }\n"                       /* 2 */
    "alert \"long\" { each = north, warning = load:rolling(600):mean():over(50) }\n"; /* 3 */

/* The hour's number of a moment written "2023-02-02", plus hours. */
static zw_period hour_of(const char *day, int hours)
{
    return day_ms(day) / HOUR_MS + hours;
}

/* Feeds one hour of a measure at an area, as line protocol at its own moment, and takes the turn.
 */
static zw_status feed_hour(struct house *house, const char *measure, const char *area,
                           zw_period hour, double value, zw_err *err)
{
    char line[256];
    const zw_fed *fed = NULL;
    long long at_ms = hour * HOUR_MS;
    zw_feed_options options = {.format = ZW_FEED_LINE, .unit_ns = 1000000, .source = ""};
    (void)snprintf(line, sizeof line, "%s,area=%s value=%g %lld", measure, area, value, at_ms);
    zw_status status = zw_engine_feed(house->engine, line, strlen(line), &options, &fed, err);
    if (status == ZW_INVALID && fed->bad_count > 0) {
        (void)zw_err_set(err, ZW_INVALID, "%s", fed->bad[0].text);
    }
    return status == ZW_OK ? zw_engine_turn(house->engine, NULL, err) : status;
}

static void must_feed(struct house *house, const char *measure, const char *area, zw_period hour,
                      double value)
{
    zw_err err = {ZW_OK, ""};
    if (feed_hour(house, measure, area, hour, value, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
}

/* Every sixth hour of both areas from a day on, for so many hours, each learned in its hour. */
static void live_through(struct house *house, const char *day, int hours)
{
    for (int h = 0; h < hours; h += 6) {
        zw_period hour = hour_of(day, h);
        house->now_ms = (hour + 1) * HOUR_MS;
        must_feed(house, "load", "north", hour, h == 12 ? 60 : 20);
        must_feed(house, "load", "south", hour, 40);
        must_feed(house, "made", "north", hour, h);
    }
}

/* A turn that nothing but time asks for, and all that are asked for at once after it. */
static void let_time_pass(struct house *house, const char *day)
{
    zw_err err = {ZW_OK, ""};
    house->now_ms = day_ms(day);
    do {
        assert_int_equal(zw_engine_turn(house->engine, NULL, &err), ZW_OK);
        house->now_ms += 200;
    } while (zw_store_is_shedding(zw_engine_store(house->engine)));
}

/* What an expression says of a period that a text names, as of a moment, as people read it. */
static void says(struct house *house, const char *expression, const char *area, const char *period,
                 int64_t as_of_ms, const char *expected)
{
    zw_node_id node = ZW_NODE_NONE;
    zw_eval *eval = NULL;
    zw_err err = {ZW_OK, ""};
    zw_stamp stamp;
    zw_cell cell;
    uint32_t at = zw_pack_area(house->pack, zw_text_of(area), NULL);
    if (zw_script_expression(house->script, zw_text_of(expression), &node, &err) != ZW_OK ||
        zw_stamp_parse(zw_text_of(period), &stamp, &err) != ZW_OK ||
        zw_engine_eval_at(house->engine, as_of_ms, &eval, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
    const zw_calendar *calendar = zw_pack_calendar(house->pack, at);
    zw_period p = zw_period_at(calendar, zw_pack_node(house->pack, node)->grid,
                               zw_stamp_start_ms(calendar, &stamp));
    zw_buf text;
    zw_buf_init(&text, 1024);
    assert_int_equal(zw_eval_cell(eval, node, at, p, &cell, &err), ZW_OK);
    zw_eval_show(eval, node, at, &cell, &text);
    if (strcmp(zw_buf_view(&text), expected) != 0) {
        fail_msg("%s at %s in %s: %s, not %s", expression, area, period, zw_buf_view(&text),
                 expected);
    }
    /* What was kept computed says the same. */
    if (as_of_ms == zw_eval_as_of_ms(zw_engine_eval(house->engine))) {
        zw_buf_clear(&text);
        assert_int_equal(zw_eval_cell(zw_engine_eval(house->engine), node, at, p, &cell, &err),
                         ZW_OK);
        zw_eval_show(zw_engine_eval(house->engine), node, at, &cell, &text);
        assert_string_equal(zw_buf_view(&text), expected);
    }
    zw_buf_fini(&text);
    zw_eval_destroy(eval);
}

static void reopen(struct house *house, const char *path)
{
    int64_t now_ms = house->now_ms;
    zw_err err = {ZW_OK, ""};
    house_close(house);
    house->now_ms = now_ms;
    if (house_try(house, pack_text, path, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
}

static const struct {
    const char *why, *expression, *area, *period;
    const char *before, *after;
} values[] = {
    {"a figure below the floor", "load", "north", "2023-02-02", "20", "missing: past its keep"},
    {"a hole below it, too", "load", "north", "2023-02-02T01:00Z", "missing: late since",
     "missing: past its keep"},
    {"the zone's, partial or not", "load", "land", "2023-02-02", "30", "missing: past its keep"},
    {"a day below it", "load:day()", "north", "2023-02-02", "30", "missing: past its keep"},
    {"filled, which says nothing new", "load:fill('last')", "north", "2023-02-02T05:00Z", "20",
     "missing: past its keep"},
    {"or something else", "load:or_else(0)", "north", "2023-02-02", "20", "missing: past its keep"},
    {"whether it is missing", "load:missing()", "north", "2023-02-02", "false",
     "unknown: past its keep"},
    {"whether it is late", "load:late()", "north", "2023-02-02T01:00Z", "true",
     "unknown: past its keep"},
};

/* The first floor: the page that holds two days before now begins there. */
static zw_period floor_at(const char *day)
{
    zw_period p = hour_of(day, -48);
    return p - p % PAGE_HOURS;
}

static void what_is_past_its_keep_is_gone_at_every_as_of(void **state)
{
    const store_folder *f = *state;
    struct house house = {.now_ms = day_ms("2023-02-02")};
    zw_err err = {ZW_OK, ""};
    assert_int_equal(house_try(&house, pack_text, f->path, &err), ZW_OK);
    live_through(&house, "2023-02-02", 24 * 22);
    let_time_pass(&house, "2023-02-24");
    zw_period floor = 0;
    int64_t moved_ms = 0;
    assert_true(zw_store_floor(zw_engine_store(house.engine), "load", &floor, &moved_ms));
    assert_int_equal(floor, floor_at("2023-02-24"));
    for (int round = 0; round < 2; round++) {
        for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
            says(&house, values[i].expression, values[i].area, values[i].period,
                 zw_eval_as_of_ms(zw_engine_eval(house.engine)), values[i].after);
            says(&house, values[i].expression, values[i].area, values[i].period,
                 day_ms("2023-02-03"), values[i].after);
        }
        /* What began before it is as unknown as it was not yet. */
        says(&house, "load", "north", "2023-02-02", day_ms("2023-02-01"),
             "missing: period not begun");
        reopen(&house, f->path);
    }
    house_close(&house);
}

static void what_reads_across_the_floor_is_missing_and_never_smaller(void **state)
{
    (void)state;
    struct house house;
    house_open(&house, pack_text, "2023-02-02");
    live_through(&house, "2023-02-24", 24 * 11);
    let_time_pass(&house, "2023-03-07");
    assert_int_equal(floor_at("2023-03-07"), hour_of("2023-02-25", 8)); /* the first is at 12 */
    static const struct {
        const char *expression, *period, *says;
    } cases[] = {
        {"load:day 'mean'", "2023-02-25", "missing: past its keep"},
        {"load:day 'mean'", "2023-02-26", "20"},
        {"load:day()", "2023-02-25", "20"}, /* the last of that day is there */
        {"load:week 'max'", "2023-W08", "missing: past its keep"},
        {"load:month 'mean'", "2023-02", "missing: past its keep"},
        {"load:rolling(8):sum()", "2023-02-25T14:00Z", "missing: past its keep"},
        {"load:rolling(8):sum()", "2023-02-25T15:00Z", "20"},
        {"load:rolling(8):median()", "2023-02-25T14:00Z", "missing: past its keep"},
        {"load:rolling(8):median()", "2023-02-25T15:00Z", "20"},
        {"load:fill('last')", "2023-02-25T09:00Z", "missing: past its keep"},
        {"load:fill('last')", "2023-02-25T13:00Z", "20"},
        {"made:increase(4)", "2023-02-25T12:00Z", "missing: past its keep"},
        {"made:increase(4)", "2023-02-25T18:00Z", "6"},
        {"made:day()", "2023-02-25", "missing: past its keep"},
        {"made:day()", "2023-02-26", "24"},
        {"load:lag(2):or_else(0)", "2023-02-25T08:00Z", "missing: past its keep"},
        {"load:rises(1)", "2023-02-25T12:00Z", "unknown: past its keep"},
        {"load:rises(1)", "2023-02-25T18:00Z", "false"},
        {"load:delta(6)", "2023-02-25T12:00Z", "missing: past its keep"},
        {"load:delta(6)", "2023-02-25T18:00Z", "0"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        says(&house, cases[i].expression, "north", cases[i].period,
             zw_eval_as_of_ms(zw_engine_eval(house.engine)), cases[i].says);
    }
    house_close(&house);
}

static void what_comes_past_its_keep_is_refused(void **state)
{
    (void)state;
    struct house house;
    zw_err err = {ZW_OK, ""};
    const zw_fed *fed = NULL;
    house_open(&house, pack_text, "2023-02-24"); /* nothing ever went: the clock decides */
    zw_period floor = floor_at("2023-02-24");
    assert_int_equal(feed_hour(&house, "load", "north", floor - 1, 1, &err), ZW_INVALID);
    assert_string_equal(
        err.text,
        "past its keep: of measure 'load' nothing before 2023-02-04T00:00:00+00:00 is kept");
    assert_int_equal(feed_hour(&house, "load", "north", floor, 1, &err), ZW_OK);
    assert_int_equal(house_feed(&house, "load,south,2023-02-03T23:00Z,1\n",
                                (zw_feed_options){.source = "x"}, &fed, &err),
                     ZW_INVALID);
    assert_string_equal(
        fed->bad[0].text,
        "past its keep: of measure 'load' nothing before 2023-02-04T00:00:00+00:00 is kept");
    assert_int_equal(fed->bad[0].column, 3);
    house_close(&house);
}

static void time_alone_lets_figures_go(void **state)
{
    (void)state;
    struct house house;
    house_open(&house, pack_text, "2023-02-11");
    zw_period hour = hour_of("2023-02-11", 0);
    must_feed(&house, "load", "north", hour - 1, 20);
    size_t figures = zw_store_figure_count(zw_engine_store(house.engine));
    zw_period next = floor_at("2023-02-24") + PAGE_HOURS; /* begins on 2023-03-04 */
    int64_t at_ms = (next + 48) * HOUR_MS;
    while (zw_engine_next_ms(house.engine) < at_ms) { /* alerts have their own moments */
        house.now_ms = zw_engine_next_ms(house.engine);
        assert_int_equal(zw_engine_turn(house.engine, NULL, NULL), ZW_OK);
        assert_int_equal(zw_store_figure_count(zw_engine_store(house.engine)), figures);
    }
    assert_int_equal(zw_engine_next_ms(house.engine), at_ms);
    house.now_ms = at_ms;
    assert_int_equal(zw_engine_turn(house.engine, NULL, NULL), ZW_OK);
    assert_int_equal(zw_store_figure_count(zw_engine_store(house.engine)), 0);
    house_close(&house);
}

static void what_was_told_stays_told(void **state)
{
    const store_folder *f = *state;
    struct house house = {.now_ms = day_ms("2023-02-02")};
    zw_err err = {ZW_OK, ""};
    assert_int_equal(house_try(&house, pack_text, f->path, &err), ZW_OK);
    live_through(&house, "2023-02-02", 24);
    house_is(&house, "0/1*:warning 2/0:unknown 3/1:unknown ");
    let_time_pass(&house, "2023-02-24"); /* what is judged then is there until the turn's end */
    house_is(&house, "0/1*:warning 1/1:unknown 2/0:unknown ");
    reopen(&house, f->path);
    house_is(&house, "0/1*:warning 1/1:unknown 2/0:unknown ");
    let_time_pass(&house, "2023-02-25"); /* a window that reaches beyond what is kept lacks it */
    house_is(&house, "0/1*:warning 1/1:unknown 2/0:unknown 3/1:unknown ");
    house_close(&house);
}

/* Every move on record of one alert. */
static zw_status add_move(void *arg, const zw_alert_event *event, zw_err *err)
{
    (void)err;
    zw_buf_printf(arg, "%lld %s %s;", (long long)event->at_ms, event->key.period,
                  zw_alert_state_text(&event->state));
    return ZW_OK;
}

static char *history_of(struct house *house, const char *alert)
{
    zw_buf text;
    zw_buf_init(&text, 1 << 16);
    assert_int_equal(zw_ledger_history(zw_engine_ledger(house->engine), alert, INT64_MIN, INT64_MAX,
                                       add_move, &text, NULL),
                     ZW_OK);
    char *said = strdup(zw_buf_view(&text));
    zw_buf_fini(&text);
    return said;
}

static void late_history_is_not_judged_where_figures_are_gone(void **state)
{
    (void)state;
    struct house house;
    house_open(&house, pack_text, "2023-02-02");
    live_through(&house, "2023-02-02", 24 * 22);
    let_time_pass(&house, "2023-02-24");
    char *before = history_of(&house, "high");
    assert_non_null(strstr(before, "warning"));
    house_day_known(&house, "2023-02-25", "2023-02-02", "money,land,2023-01,9\n");
    house_is(&house, "0/1*:warning 1/1:unknown 2/0:warning 3/1:unknown ");
    char *after = history_of(&house, "high");
    assert_string_equal(after, before);
    free(after);
    after = history_of(&house, "rich"); /* which reads nothing that is gone, is */
    char wanted[64];
    (void)snprintf(wanted, sizeof wanted, "%lld ", (long long)day_ms("2023-02-02"));
    assert_ptr_equal(strstr(after, wanted), after);
    free(after);
    free(before);
    /* From the moment it went on it is judged again. */
    house.now_ms = day_ms("2023-02-26");
    must_feed(&house, "load", "north", hour_of("2023-02-25", 23), 5);
    house_is(&house, "0/1*:warning 1/1:warning 2/0:warning 3/1:unknown ");
    house_close(&house);
}

static void a_pack_that_keeps_more_does_not_bring_back_what_is_gone(void **state)
{
    const store_folder *f = *state;
    static const char longer[] =
        "local land = zone \"land\" { timezone = \"UTC\" }\n"
        "local north = area \"north\" { within = land }\n"
        "local load = measure \"load\" { kind = \"gauge\", unit = \"1\", every = \"1h\" }\n";
    struct house house = {.now_ms = day_ms("2023-02-02")};
    zw_err err = {ZW_OK, ""};
    assert_int_equal(house_try(&house, pack_text, f->path, &err), ZW_OK);
    live_through(&house, "2023-02-02", 24);
    let_time_pass(&house, "2023-02-24");
    house_close(&house);
    house.now_ms = day_ms("2023-02-24");
    assert_int_equal(house_try(&house, longer, f->path, &err), ZW_OK);
    says(&house, "load", "north", "2023-02-02", day_ms("2023-02-24"), "missing: past its keep");
    assert_int_equal(feed_hour(&house, "load", "north", hour_of("2023-02-02", 1), 1, &err),
                     ZW_INVALID);
    let_time_pass(&house, "2023-02-25");
    assert_true(zw_engine_next_ms(house.engine) == ZW_NEVER_MS);
    house_close(&house);
}

static void a_turn_without_memory_lets_nothing_go(void **state)
{
    (void)state;
    bool has_refused = true;
    for (long n = 0; has_refused; n += 1 + n / 4) {
        struct house house;
        zw_err err = {ZW_OK, ""};
        house_open(&house, pack_text, "2023-02-02");
        must_feed(&house, "load", "north", hour_of("2023-02-02", -1), 20);
        house.now_ms = day_ms("2023-02-24");
        failing_alloc_after(n);
        zw_status status = zw_engine_turn(house.engine, NULL, &err);
        has_refused = failing_alloc_stop();
        zw_period floor = 0;
        int64_t moved_ms = 0;
        assert_true(zw_store_floor(zw_engine_store(house.engine), "load", &floor, &moved_ms));
        assert_int_equal(floor, floor_at(status == ZW_OK ? "2023-02-24" : "2023-02-02"));
        assert_true(status == ZW_OK || has_refused);
        house_close(&house);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_past_its_keep_is_gone_at_every_as_of,
                                        store_folder_setup, store_folder_teardown),
        cmocka_unit_test(what_reads_across_the_floor_is_missing_and_never_smaller),
        cmocka_unit_test(what_comes_past_its_keep_is_refused),
        cmocka_unit_test(time_alone_lets_figures_go),
        cmocka_unit_test_setup_teardown(what_was_told_stays_told, store_folder_setup,
                                        store_folder_teardown),
        cmocka_unit_test(late_history_is_not_judged_where_figures_are_gone),
        cmocka_unit_test_setup_teardown(a_pack_that_keeps_more_does_not_bring_back_what_is_gone,
                                        store_folder_setup, store_folder_teardown),
        cmocka_unit_test(a_turn_without_memory_lets_nothing_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
