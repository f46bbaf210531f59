/* Deliveries of live samples: read, routed, put into the store in one call. Where a guard judges
 * one of the measures, they go the way of all deliveries, row by row. */
#include "app/engine_inside.h"

#include "intake/line.h"
#include "intake/openmetrics.h"

#include <stdlib.h>

static zw_status read_text(const zw_engine *engine, zw_text text, const zw_feed_options *options,
                           zw_live *live, zw_err *err)
{
    int64_t now_ms = zw_engine_now_ms(engine);
    if (options->format == ZW_FEED_LINE) {
        zw_line_options line = {.now_ms = now_ms, .unit_ns = options->unit_ns};
        return zw_line_read(text, &line, live, err);
    }
    zw_openmetrics_options open = {.now_ms = now_ms,
                                   .as = options->format == ZW_FEED_OPENMETRICS
                                             ? ZW_OPENMETRICS_STRICT
                                             : ZW_OPENMETRICS_BY_END};
    zw_status status = zw_openmetrics_read(text, &open, live, err);
    return status == ZW_INVALID ? zw_err_wrap(err, status, "nothing was kept") : status;
}

/* What the samples of a delivery do not say. */
static int64_t known_at_of(const zw_bind_options *said)
{
    return said->has_known_at ? said->known_at_ms : said->now_ms;
}

static zw_status put_samples(zw_engine *engine, size_t count, const zw_bind_options *said,
                             zw_delivery *delivery, zw_err *err)
{
    const zw_sample *samples = NULL;
    zw_change_counts counts = {0, 0, 0};
    delivery->arrived_ms = zw_engine_now_ms(engine);
    zw_status status = zw_store_deliver(engine->store, delivery, err);
    zw_figure like = {.known_at_ms = known_at_of(said),
                      .batch = delivery->id,
                      .status = (uint8_t)(said->has_status ? said->status : ZW_OBS_NORMAL),
                      .is_synthetic = delivery->is_synthetic};
    status = status == ZW_OK ? zw_live_door_samples(engine->door, &samples, err) : status;
    status = status == ZW_OK
                 ? zw_store_put_samples(engine->store, samples, count, &like, &counts, err)
                 : status;
    delivery->accepted = counts.fresh + counts.unchanged + counts.revised;
    delivery->unchanged = counts.unchanged;
    delivery->revised = counts.revised;
    return status == ZW_OK ? zw_store_deliver_done(engine->store, delivery, err) : status;
}

/* Puts the samples into the turn, all or none. */
static zw_status take_samples(zw_engine *engine, size_t count, const zw_bind_options *said,
                              zw_delivery *delivery, zw_err *err)
{
    zw_status status = zw_engine_begin(engine, err);
    if (status != ZW_OK) {
        return status;
    }
    status = zw_store_savepoint(engine->store, err);
    if (status != ZW_OK) {
        return zw_engine_note_trouble(engine, status, err);
    }
    status = put_samples(engine, count, said, delivery, err);
    status = status == ZW_OK ? zw_store_release(engine->store, err) : status;
    if (status != ZW_OK) {
        zw_store_rollback_to(engine->store);
        delivery->id = 0;
        return zw_engine_note_trouble(engine, status, err);
    }
    int64_t known_at_ms = known_at_of(said);
    engine->oldest_ms = known_at_ms < engine->oldest_ms ? known_at_ms : engine->oldest_ms;
    return ZW_OK;
}

/* The same by way of the guards. */
static zw_status take_rows(zw_engine *engine, size_t count, const zw_bind_options *said,
                           zw_delivery *delivery, zw_err *err)
{
    zw_bound like = {.scope = "",
                     .source = "",
                     .note = "",
                     .known_at_ms = known_at_of(said),
                     .status = said->has_status ? said->status : ZW_OBS_NORMAL};
    zw_bound *rows = NULL;
    zw_status status = zw_live_door_rows(engine->door, &like, &rows, err);
    zw_goods goods = {.rows = rows, .row_count = count};
    status = status == ZW_OK ? zw_engine_take(engine, &goods, delivery, err) : status;
    free(rows);
    return status;
}

/* Takes what was routed. */
static zw_status take_live(zw_engine *engine, const zw_live *live, const zw_feed_options *options,
                           const char *digest, bool is_guarded, zw_err *err)
{
    zw_bind_options said;
    size_t bad = live->faults.count;
    zw_delivery delivery = zw_engine_delivery_of(options, digest, bad);
    zw_status status = zw_engine_bind_options(engine, options, &said, err);
    if (status == ZW_OK && bad > 0 && !options->is_partial) {
        status = zw_err_set(err, ZW_INVALID, "%zu bad line%s: nothing was kept", bad,
                            bad == 1 ? "" : "s");
    }
    if (status != ZW_OK || options->is_dry || live->row_count == 0) {
        engine->fed.accepted = status == ZW_OK ? (uint32_t)live->row_count : 0;
        return status;
    }
    status = is_guarded ? take_rows(engine, live->row_count, &said, &delivery, err)
                        : take_samples(engine, live->row_count, &said, &delivery, err);
    if (status == ZW_OK) {
        zw_engine_note_taken(engine, &delivery);
    }
    return status;
}

/* Of a part of something longer, bad lines are named by where they stand in the whole. */
static void move_bad(zw_engine *engine, uint32_t line_offset)
{
    for (size_t i = 0; i < engine->fed.bad_count; i++) {
        engine->fed_bad[i].line += line_offset;
    }
}

zw_status zw_engine_feed_live(zw_engine *engine, zw_text text, const zw_feed_options *options,
                              const char *digest, zw_err *err)
{
    zw_live_routed routed = {.is_guarded = false};
    zw_status status = engine->door != NULL
                           ? ZW_OK
                           : zw_live_door_create(engine->pack, engine->store, &engine->door, err);
    if (status != ZW_OK) {
        return status;
    }
    engine->fed.encoding = "UTF-8";
    zw_live *live = zw_live_door_open(engine->door);
    status = read_text(engine, text, options, live, err);
    status = status == ZW_OK
                 ? zw_live_door_route(engine->door, zw_engine_floors(engine), &routed, err)
                 : status;
    status = status == ZW_OK ? zw_engine_keep_faults(engine, &live->faults, err) : status;
    move_bad(engine, options->line_offset);
    engine->fed.is_over_limit = routed.is_over_limit;
    status =
        status == ZW_OK ? take_live(engine, live, options, digest, routed.is_guarded, err) : status;
    zw_live_door_close(engine->door);
    return status;
}
