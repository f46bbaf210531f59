/* Retention. A floor follows the clock page by page, so it moves seldom; in between its place and
 * its next moment are remembered. */
#include "app/retention.h"

#include "app/engine_inside.h"
#include "plan/graph.h"

#include <stdlib.h>

enum { SHED_AGAIN_MS = 100 };

/* The first period of a measure that is kept at a moment: in every zone. */
static zw_period first_kept(const zw_pack *pack, const zw_measure *measure, int64_t now_ms)
{
    zw_period first = ZW_PERIOD_MAX;
    for (uint32_t a = 0; a < pack->area_count; a++) {
        if (pack->areas[a].is_zone) {
            const zw_calendar *calendar = zw_pack_calendar(pack, a);
            int64_t at_ms = zw_length_before(calendar, now_ms, measure->keep);
            zw_period p = zw_period_at(calendar, measure->grid, at_ms);
            first = p < first ? p : first;
        }
    }
    return first;
}

/* When the page behind a floor is past its keep: in every zone. */
static int64_t next_ms(const zw_engine *engine, const zw_measure *measure, zw_period floor)
{
    const zw_pack *pack = engine->pack;
    zw_period next = floor;
    int64_t latest_ms = INT64_MIN;
    do { /* the first period that is in another page */
        next++;
    } while (zw_store_page_start(engine->store, next) == floor);
    for (uint32_t a = 0; a < pack->area_count; a++) {
        if (pack->areas[a].is_zone) {
            const zw_calendar *calendar = zw_pack_calendar(pack, a);
            int64_t at_ms = zw_length_after(
                calendar, zw_period_start_ms(calendar, measure->grid, next), measure->keep);
            latest_ms = at_ms > latest_ms ? at_ms : latest_ms;
        }
    }
    return latest_ms;
}

/* Looks where the floors are by the clock. What is gone stays gone, also when the pack keeps more
 * now. */
static void look_at_clock(zw_engine *engine, int64_t now_ms)
{
    const zw_pack *pack = engine->pack;
    engine->floors_ms = ZW_NEVER_MS;
    for (size_t m = 0; m < pack->measure_count; m++) {
        const zw_measure *measure = &pack->measures[m];
        int64_t moved_ms = 0;
        zw_period floor = INT64_MIN;
        (void)zw_store_floor(engine->store, measure->title.name, &floor, &moved_ms);
        if (measure->has_keep) {
            zw_period wanted =
                zw_store_page_start(engine->store, first_kept(pack, measure, now_ms));
            int64_t at_ms = next_ms(engine, measure, wanted);
            at_ms = at_ms > now_ms ? at_ms : now_ms + SHED_AGAIN_MS;
            floor = wanted > floor ? wanted : floor;
            engine->floors_ms = at_ms < engine->floors_ms ? at_ms : engine->floors_ms;
        }
        engine->floors[m] = floor;
    }
}

/* Makes the floors those of now, when there may be any. @return whether there are. */
static bool look(zw_engine *engine)
{
    int64_t now_ms = zw_engine_now_ms(engine);
    bool has_any = engine->floors != NULL;
    if (has_any && now_ms >= engine->floors_ms) {
        look_at_clock(engine, now_ms);
    }
    return has_any;
}

zw_status zw_engine_start_floors(zw_engine *engine, zw_err *err)
{
    const zw_pack *pack = engine->pack;
    bool has_any = false;
    for (size_t m = 0; m < pack->measure_count; m++) {
        zw_period floor = 0;
        int64_t moved_ms = 0;
        has_any = has_any || pack->measures[m].has_keep ||
                  zw_store_floor(engine->store, pack->measures[m].title.name, &floor, &moved_ms);
    }
    engine->floors_ms = has_any ? INT64_MIN : ZW_NEVER_MS;
    engine->floors = has_any ? calloc(pack->measure_count, sizeof(zw_period)) : NULL;
    return !has_any || engine->floors != NULL ? ZW_OK : zw_err_nomem(err);
}

const zw_period *zw_engine_floors(zw_engine *engine)
{
    return look(engine) ? engine->floors : NULL;
}

zw_status zw_engine_let_go(zw_engine *engine, zw_err *err)
{
    zw_status status = ZW_OK;
    bool has_any = look(engine);
    for (uint32_t m = 0; has_any && status == ZW_OK && m < engine->pack->measure_count; m++) {
        const char *name = engine->pack->measures[m].title.name;
        zw_period floor = INT64_MIN;
        int64_t moved_ms = 0;
        (void)zw_store_floor(engine->store, name, &floor, &moved_ms);
        if (engine->floors[m] <= floor) {
            continue;
        }
        status =
            zw_store_let_go(engine->store, name, engine->floors[m], zw_engine_now_ms(engine), err);
        status = status == ZW_OK ? zw_eval_let_go(engine->eval, m, err) : status;
    }
    return status;
}

int64_t zw_engine_let_go_ms(zw_engine *engine)
{
    if (!look(engine)) {
        return ZW_NEVER_MS;
    }
    int64_t again_ms =
        zw_store_is_shedding(engine->store) ? engine->as_of_ms + SHED_AGAIN_MS : ZW_NEVER_MS;
    return again_ms < engine->floors_ms ? again_ms : engine->floors_ms;
}

/* When something an alert reads went last. */
struct going {
    const zw_engine *engine;
    int64_t moved_ms;
};

static void see_measure(void *arg, uint32_t measure)
{
    struct going *in = arg;
    zw_period floor = 0;
    int64_t moved_ms = INT64_MIN;
    const char *name = in->engine->pack->measures[measure].title.name;
    (void)zw_store_floor(in->engine->store, name, &floor, &moved_ms);
    in->moved_ms = moved_ms > in->moved_ms ? moved_ms : in->moved_ms;
}

static zw_status see_node(struct going *in, zw_node_id node, zw_err *err)
{
    bool has_call = false;
    zw_status status = node != ZW_NODE_NONE ? zw_graph_measures(in->engine->pack, node, see_measure,
                                                                in, &has_call, err)
                                            : ZW_OK;
    for (uint32_t m = 0; has_call && m < in->engine->pack->measure_count; m++) {
        see_measure(in, m); /* a function may read any */
    }
    return status;
}

static zw_status see_alert(struct going *in, const zw_alert *alert, zw_err *err)
{
    zw_status status = see_node(in, alert->clear, err);
    for (int s = 0; status == ZW_OK && s < ZW_SEVERITY_COUNT; s++) {
        status = see_node(in, alert->when[s], err);
    }
    return status;
}

/* The alerts that cannot be judged anew from a moment on, and up to when. */
static zw_status find_fixed(const zw_engine *engine, int64_t from_ms, zw_ledger_fixed *fixed,
                            uint32_t *alerts, size_t *count, zw_err *err)
{
    zw_status status = ZW_OK;
    *count = 0;
    for (uint32_t a = 0; status == ZW_OK && a < engine->pack->alert_count; a++) {
        struct going in = {engine, INT64_MIN};
        status = see_alert(&in, &engine->pack->alerts[a], err);
        if (status == ZW_OK && in.moved_ms >= from_ms) {
            alerts[*count] = a;
            fixed[(*count)++] = (zw_ledger_fixed){engine->pack->alerts[a].title.name, in.moved_ms};
        }
    }
    return status;
}

zw_status zw_engine_rewind(zw_engine *engine, int64_t from_ms, int64_t recorded_ms, zw_err *err)
{
    size_t most = engine->floors != NULL ? engine->pack->alert_count : 0;
    zw_ledger_fixed *fixed = calloc(most + 1, sizeof(*fixed));
    uint32_t *alerts = calloc(most + 1, sizeof(*alerts));
    size_t count = 0;
    if (fixed == NULL || alerts == NULL) {
        free(fixed);
        free(alerts);
        return zw_err_nomem(err);
    }
    zw_status status = ZW_OK;
    if (most > 0) {
        status = find_fixed(engine, from_ms, fixed, alerts, &count, err);
    }
    status = status == ZW_OK
                 ? zw_ledger_rewind_around(engine->ledger, from_ms, recorded_ms, fixed, count, err)
                 : status;
    zw_eval_forget(engine->eval);
    status = status == ZW_OK ? zw_eval_move(engine->eval, from_ms - 1, err) : status;
    status = status == ZW_OK ? zw_judge_restore(engine->judge, from_ms - 1, err) : status;
    for (size_t i = 0; status == ZW_OK && i < count; i++) {
        status = zw_judge_fix(engine->judge, alerts[i], fixed[i].upto_ms, err);
    }
    free(fixed);
    free(alerts);
    return status;
}
