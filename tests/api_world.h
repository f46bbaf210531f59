/** A small zone with two areas, its figures, rules and alerts, behind the real door. Include it
 * after cmocka.h. */
#ifndef ZW_TESTS_API_WORLD_H
#define ZW_TESTS_API_WORLD_H

#include "http_exchange.h"
#include "intake/batch.h"
#include "serve/api.h"

#define API_WORLD_PACK                                                                             \
    "local z = zone 'delta' { title = { en = 'Delta', zh = '三角洲' }, timezone = "             \
    "'Asia/Shanghai', currency = 'CNY', founded = 2019 }\n"                                        \
    "area 'north' { within = z, leads = { 'ai', 'ic' }, aliases = { '北区' } }\n"                \
    "area 'south' { within = z, head = 'O\"Brien \\\\ 李' }\n"                                    \
    "local revenue = measure 'revenue' { kind = 'flow', unit = '1e4 CNY', show = '1e8 CNY', "      \
    "every = 'month', due = '20d', since = '2022-01', aliases = { '营收' } }\n"                  \
    "local visits = measure 'visits' { kind = 'flow', unit = 'visits', every = 'day' }\n"          \
    "local annual = indicator 'revenue_year' { revenue:year(), show = '1e8 CNY', title = { en = "  \
    "'Revenue of the year', zh = '年营收' } }\n"                                                \
    "indicator 'growth' { revenue:yoy(), show = '%' }\n"                                           \
    "indicator 'part' { revenue / revenue:of 'zone', show = '%' }\n"                               \
    "local plan = target 'plan' { annual, over = { [2022] = 24e8, [2025] = 40e8 }, from = { "      \
    "[2021] = 20e8 } }\n"                                                                          \
    "target 'wish' { over = { [2025] = 1 } }\n"                                                    \
    "local steady = rule 'steady' { each = z.areas, must = revenue:at_least(0.5e8), should = "     \
    "revenue:at_least(1e8), why = 'half a yi a month' }\n"                                         \
    "alert 'low' { each = z.areas, title = 'Low revenue', warning = revenue:under(1e8), critical " \
    "= revenue:under(0.2e8), say = { en = '{area} had {value:1e8 CNY} in {period}', zh = "         \
    "'{area}{period}仅{value:1e8 CNY}亿元' } }\n"                                               \
    "alert 'returns_late' { each = z.areas, per = 'period', warning = revenue:late() }\n"          \
    "notify 'duty' { to = log() }\n"

/** The moment most tests speak at. */
#define API_WORLD_NOW "2023-04-10T12:00:00+08:00"

typedef struct api_world {
    exchange x;
    zw_api_world world;
    zw_script *script;
    bool was_passed_on; /* the last request was none that only reads */
} api_world;

static inline int64_t api_world_ms(const char *moment)
{
    zw_stamp stamp;
    assert_int_equal(zw_stamp_parse(zw_text_of(moment), &stamp, NULL), ZW_OK);
    assert_int_equal(stamp.is, ZW_STAMP_MOMENT);
    return stamp.at_ms;
}

static inline zw_status api_world_eval_at(void *arg, int64_t as_of_ms, zw_eval **out, zw_err *err)
{
    const api_world *w = arg;
    zw_eval_world world = {w->world.pack, w->script, w->world.store, NULL};
    return zw_eval_create(&world, as_of_ms, out, err);
}

static inline zw_status api_world_expression(void *arg, zw_text text, zw_node_id *out, zw_err *err)
{
    const api_world *w = arg;
    return zw_script_expression(w->script, text, out, err);
}

static inline void api_world_handle(void *arg, zw_http_request *request)
{
    api_world *w = arg;
    w->was_passed_on = !zw_api_answer(&w->world, request);
    if (w->was_passed_on) {
        zw_http_answer(request, 204, NULL, NULL, 0, NULL, 0);
    }
}

/** Loads a pack over an empty store. @param w  zeroed. */
static inline void api_world_load(api_world *w, const char *pack, const char *now)
{
    zw_err err = {ZW_OK, ""};
    w->world = (zw_api_world){.now_ms = api_world_ms(now),
                              .eval_at = api_world_eval_at,
                              .expression = api_world_expression,
                              .arg = w};
    w->world.started_ms = w->world.now_ms - 60000;
    if (zw_script_load_text("test.lua", zw_text_of(pack), NULL, &w->world.pack, &w->script, &err) !=
        ZW_OK) {
        fail_msg("load: %s", err.text);
    }
    if (w->world.pack->problem_count > 0) {
        fail_msg("line %u: %s", w->world.pack->problems[0].where.line,
                 w->world.pack->problems[0].text);
    }
    assert_int_equal(zw_store_open(":memory:", ZW_DB_WRITE, &w->world.store, &err), ZW_OK);
}

/** One figure: `value` in the measure's own unit, learned at `known_at`. */
static inline void api_world_put(api_world *w, const char *measure, const char *area,
                                 const char *period, double value, const char *known_at,
                                 zw_obs_status status, bool is_synthetic)
{
    zw_store *store = w->world.store;
    zw_series key = {measure, area, "", ""};
    zw_series_id series = 0;
    zw_stamp stamp;
    zw_change change;
    uint32_t index = zw_pack_measure(w->world.pack, zw_text_of(measure), NULL);
    zw_delivery delivery = {.source = "office",
                            .name = "a.csv",
                            .format = "csv",
                            .digest = "",
                            .arrived_ms = api_world_ms(known_at),
                            .is_synthetic = is_synthetic};
    zw_figure figure = {.value = value * w->world.pack->measures[index].unit.scale,
                        .known_at_ms = delivery.arrived_ms,
                        .line = 2,
                        .status = (uint8_t)status,
                        .is_synthetic = is_synthetic};
    assert_int_equal(zw_stamp_parse(zw_text_of(period), &stamp, NULL), ZW_OK);
    assert_int_equal(zw_store_begin(store, NULL), ZW_OK);
    assert_int_equal(zw_store_deliver(store, &delivery, NULL), ZW_OK);
    figure.batch = delivery.id;
    assert_int_equal(zw_series_ensure(zw_store_series(store), &key, &series, NULL), ZW_OK);
    zw_grid grid = w->world.pack->measures[index].grid;
    zw_period at = stamp.is == ZW_STAMP_PERIOD
                       ? stamp.period
                       : zw_period_at(zw_pack_calendar(w->world.pack, 0), grid, stamp.at_ms);
    assert_int_equal(zw_store_put(store, series, at, &figure, &change, NULL), ZW_OK);
    delivery.accepted = 1;
    assert_int_equal(zw_store_deliver_done(store, &delivery, NULL), ZW_OK);
    assert_int_equal(zw_store_commit(store, NULL), ZW_OK);
}

/* The next moment at which something was learned or time alone turns a truth. */
static inline int64_t api_world_next(const api_world *w)
{
    int64_t as_of_ms = zw_eval_as_of_ms(w->world.eval);
    int64_t next_ms = zw_judge_next_ms(w->world.judge);
    int64_t learned_ms = zw_store_next_known_ms(w->world.store, as_of_ms);
    next_ms = next_ms > as_of_ms ? next_ms : as_of_ms + 1;
    next_ms = learned_ms < next_ms ? learned_ms : next_ms;
    return next_ms < w->world.now_ms ? next_ms : w->world.now_ms;
}

/** Judges everything up to now, moment by moment, and opens the door. */
static inline void api_world_start(api_world *w)
{
    zw_api_world *world = &w->world;
    zw_db *db = zw_store_db(world->store);
    int64_t first_ms = zw_store_first_known_ms(world->store);
    int64_t from_ms = first_ms < world->now_ms ? first_ms : world->now_ms;
    assert_int_equal(api_world_eval_at(w, from_ms, &world->eval, NULL), ZW_OK);
    assert_int_equal(zw_ledger_create(db, &world->ledger, NULL), ZW_OK);
    assert_int_equal(zw_outbox_create(db, &world->outbox, NULL), ZW_OK);
    assert_int_equal(zw_silences_create(db, world->pack, &world->silences, NULL), ZW_OK);
    assert_int_equal(zw_acks_create(db, &world->acks, NULL), ZW_OK);
    assert_int_equal(zw_tellings_create(db, &world->tellings, NULL), ZW_OK);
    assert_int_equal(zw_judge_create(world->eval, world->ledger, &world->judge, NULL), ZW_OK);
    assert_int_equal(zw_store_begin(world->store, NULL), ZW_OK);
    assert_int_equal(zw_judge_step(world->judge, world->now_ms, NULL), ZW_OK);
    while (zw_eval_as_of_ms(world->eval) < world->now_ms) {
        assert_int_equal(zw_eval_move(world->eval, api_world_next(w), NULL), ZW_OK);
        assert_int_equal(zw_judge_step(world->judge, world->now_ms, NULL), ZW_OK);
        world->turns++;
    }
    assert_int_equal(zw_store_commit(world->store, NULL), ZW_OK);
    exchange_open(&w->x, api_world_handle, w);
}

/** The year 2022 whole; its December provisional, synthetic, and revised down in March; then three
 * months of 2023 of which the south owes one. */
static inline void api_world_fill(api_world *w)
{
    char period[24];
    char known_at[40];
    for (int month = 1; month <= 11; month++) {
        (void)snprintf(period, sizeof period, "2022-%02d", month);
        (void)snprintf(known_at, sizeof known_at, "2022-%02d-10T09:00:00+08:00", month + 1);
        api_world_put(w, "revenue", "north", period, 10000, known_at, ZW_OBS_NORMAL, false);
        api_world_put(w, "revenue", "south", period, 12000, known_at, ZW_OBS_NORMAL, false);
    }
    const char *january = "2023-01-10T09:00:00+08:00";
    api_world_put(w, "revenue", "north", "2022-12", 10000, january, ZW_OBS_NORMAL, false);
    api_world_put(w, "revenue", "south", "2022-12", 12000, january, ZW_OBS_PROVISIONAL, true);
    const char *february = "2023-02-10T09:00:00+08:00";
    api_world_put(w, "revenue", "north", "2023-01", 4000, february, ZW_OBS_NORMAL, false);
    api_world_put(w, "revenue", "south", "2023-01", 9000, february, ZW_OBS_NORMAL, false);
    const char *march = "2023-03-10T09:00:00+08:00";
    api_world_put(w, "revenue", "south", "2022-12", -18000, march, ZW_OBS_NORMAL, false);
    api_world_put(w, "revenue", "north", "2023-02", 1000, march, ZW_OBS_NORMAL, false);
}

static inline void api_world_close(api_world *w)
{
    exchange_close(&w->x);
    zw_judge_destroy(w->world.judge);
    zw_tellings_destroy(w->world.tellings);
    zw_acks_destroy(w->world.acks);
    zw_silences_destroy(w->world.silences);
    zw_outbox_destroy(w->world.outbox);
    zw_ledger_destroy(w->world.ledger);
    zw_eval_destroy(w->world.eval);
    zw_store_close(w->world.store);
    zw_script_destroy(w->script);
    zw_pack_destroy(w->world.pack);
}

/** A group's set-up and tear-down: the zone above with its figures. */
static inline int api_world_setup(void **state)
{
    api_world *w = calloc(1, sizeof *w);
    assert_non_null(w);
    api_world_load(w, API_WORLD_PACK, API_WORLD_NOW);
    api_world_fill(w);
    api_world_start(w);
    *state = w;
    return 0;
}

static inline int api_world_teardown(void **state)
{
    if (*state != NULL) { /* it is NULL when the setup failed */
        api_world_close(*state);
        free(*state);
    }
    return 0;
}

/** Asks, and reads the answer; the caller frees. */
static inline json_t *api_world_ask(api_world *w, const char *target, int http_status)
{
    int was = exchange_get(&w->x, target);
    if (was != http_status) {
        fail_msg("%s: %d %s", target, was, exchange_body(&w->x));
    }
    return exchange_json(&w->x);
}

/** The element of an array whose `key` (a path) is `text`; NULL. */
static inline json_t *json_with(const json_t *array, const char *key, const char *text)
{
    for (size_t i = 0; i < json_array_size(array); i++) {
        if (strcmp(json_at(json_array_get(array, i), key), text) == 0) {
            return json_array_get(array, i);
        }
    }
    return NULL;
}

/** Each row: the text expected at a path of one answer. */
struct api_row {
    const char *path, *text;
};
static inline void api_world_expect(const json_t *json, const struct api_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(json_at(json, rows[i].path), rows[i].text) != 0) {
            char *all = json_dumps(json, JSON_INDENT(1));
            fail_msg("%s is '%s', expected '%s' in %s", rows[i].path, json_at(json, rows[i].path),
                     rows[i].text, all);
        }
    }
}
#define API_EXPECT(json, rows) api_world_expect(json, rows, sizeof(rows) / sizeof((rows)[0]))

#endif
