/** An engine for tests: a pack from text over a store in memory (or a file), with a clock moved by
 * hand. */
#ifndef ZW_TESTS_ENGINE_WORLD_H
#define ZW_TESTS_ENGINE_WORLD_H

#include "app/engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DAY_MS INT64_C(86400000)

struct house {
    zw_pack *pack;
    zw_script *script;
    zw_engine *engine;
    int64_t now_ms;
};

static inline int64_t house_clock(void *arg)
{
    return ((struct house *)arg)->now_ms;
}

/** The start of a day written "2022-03-31", in UTC. */
static inline int64_t day_ms(const char *day)
{
    zw_stamp stamp;
    zw_err err = {ZW_OK, ""};
    if (zw_stamp_parse(zw_text_of(day), &stamp, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
    return stamp.period * DAY_MS;
}

static inline zw_status house_try(struct house *house, const char *text, const char *db,
                                  zw_err *err)
{
    zw_status status =
        zw_script_load_text("test.lua", zw_text_of(text), NULL, &house->pack, &house->script, err);
    if (status == ZW_OK && house->pack->problem_count > 0) {
        fail_msg("line %u: %s", house->pack->problems[0].where.line, house->pack->problems[0].text);
    }
    zw_engine_options options = {
        .db = db, .mode = ZW_DB_WRITE, .now_ms = house_clock, .clock_arg = house};
    return status == ZW_OK
               ? zw_engine_open(house->pack, house->script, &options, &house->engine, err)
               : status;
}

static inline void house_close(struct house *house)
{
    zw_engine_close(house->engine);
    zw_script_destroy(house->script);
    zw_pack_destroy(house->pack);
    house->engine = NULL;
    house->script = NULL;
    house->pack = NULL;
}

static inline void house_open(struct house *house, const char *text, const char *day)
{
    zw_err err = {ZW_OK, ""};
    memset(house, 0, sizeof(*house));
    house->now_ms = day_ms(day);
    if (house_try(house, text, ":memory:", &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
}

/** Feeds rows below a tidy header "measure,area,period,value". */
static inline zw_status house_feed(struct house *house, const char *rows, zw_feed_options options,
                                   const zw_fed **fed, zw_err *err)
{
    char csv[2048];
    (void)snprintf(csv, sizeof(csv), "measure,area,period,value\n%s", rows);
    return zw_engine_feed(house->engine, csv, strlen(csv), &options, fed, err);
}

/** On a day: feeds rows (or NULL) that were known on another (NULL: on the same) and takes the
 * turn. */
static inline void house_day_known(struct house *house, const char *day, const char *known,
                                   const char *rows)
{
    zw_err err = {ZW_OK, ""};
    const zw_fed *fed = NULL;
    zw_feed_options options = {.source = "test", .has_known_at = known != NULL};
    house->now_ms = day_ms(day);
    if (known != NULL) {
        options.known_at_ms = day_ms(known);
    }
    zw_status status = rows != NULL ? house_feed(house, rows, options, &fed, &err) : ZW_OK;
    status = status == ZW_OK ? zw_engine_turn(house->engine, NULL, &err) : status;
    if (status != ZW_OK) {
        fail_msg("%s: %s %s", day, err.text,
                 fed != NULL && fed->bad_count > 0 ? fed->bad[0].text : "");
    }
}

/** The same with rows that were known on that day. */
static inline void house_day(struct house *house, const char *day, const char *rows)
{
    house_day_known(house, day, NULL, rows);
}

static inline zw_status house_add_state(void *arg, uint32_t alert, uint32_t area,
                                        const zw_instance *instance, zw_err *err)
{
    (void)err;
    zw_buf *out = arg;
    if (instance->state.is != ZW_ALERT_OK) {
        zw_buf_printf(out, "%u/%u%s:%s ", alert, area, instance->has_period ? "*" : "",
                      zw_alert_state_text(&instance->state));
    }
    return ZW_OK;
}

/** Every instance that is not ok, as "alert/area:state " ("*" behind the area: one of a period);
 * the caller frees. */
static inline char *house_states(struct house *house)
{
    zw_buf text;
    zw_err err = {ZW_OK, ""};
    zw_buf_init(&text, 65536);
    zw_buf_puts(&text, "");
    if (zw_judge_walk(zw_engine_judge(house->engine), house_add_state, &text, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
    char *states = strdup(zw_buf_view(&text));
    zw_buf_fini(&text);
    return states;
}

static inline void house_is(struct house *house, const char *expected)
{
    char *states = house_states(house);
    assert_string_equal(states, expected);
    free(states);
}

/** A pack whose alert for low figures is silent while its alert for late ones fires. Alerts: 0
 * late, 1 poor. Areas: 0 land, 1 north, 2 south. */
static const char late_and_poor[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "local north = area \"north\" { within = land }\n"
    "local south = area \"south\" { within = land }\n"
    "local money = measure \"money\" { kind = \"flow\", unit = \"CNY\", every = \"month\", due = "
    "\"10d\" }\n"
    "local late = alert \"late\" { each = land.areas, per = \"period\", warning = money:late() }\n"
    "alert \"poor\" { each = land.areas, info = money:under(10), critical = money:under(5), clear "
    "= money:over(12), unless = late,\n"
    "  say = { en = \"{area}: {value} under {threshold} in {period} ({year})\", zh = "
    "\"{area}{period}为{value}\" } }\n"
    "notify \"loud\" { to = log(), at_least = \"critical\" }\n"
    "notify \"north_only\" { to = { log(), webhook(\"http://127.0.0.1:1/\") }, at_least = "
    "\"info\", areas = north }\n";

#endif
