/* Taking figures: into memory at once, where they can be taken back, into the journal by the
 * thousand, and from there, some tiles in each turn, into pages. */
#include "store/store_inside.h"

#include "intake/batch.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_UNDO = 64, AHEAD = 6 /* samples from one step of fetching to the next */ };

zw_status zw_store_undo_reserve(zw_store *store, zw_err *err)
{
    if (store->undo_count < store->undo_capacity) {
        return ZW_OK;
    }
    size_t capacity = store->undo_capacity > 0 ? 2 * store->undo_capacity : FIRST_UNDO;
    zw_undo *undos = realloc(store->undos, capacity * sizeof *undos);
    if (undos == NULL) {
        return zw_err_nomem(err);
    }
    store->undos = undos;
    store->undo_capacity = capacity;
    return ZW_OK;
}

/* Writes what was put since the last row into the journal. */
zw_status zw_store_write_pending(zw_store *store, zw_err *err)
{
    if (store->pending_count == 0) {
        return ZW_OK;
    }
    zw_status status =
        zw_journal_write(store->journal, store->row + 1, store->pending, store->pending_count, err);
    if (status == ZW_OK) {
        store->row++;
        store->pending_count = 0;
    }
    return status;
}

/* Room for one figure more that is not in the journal yet. */
static zw_status pending_reserve(zw_store *store, zw_err *err)
{
    if (store->pending_count == ZW_JOURNAL_ROW_MOST) {
        return zw_store_write_pending(store, err);
    }
    if (store->pending_count < store->pending_capacity) {
        return ZW_OK;
    }
    size_t capacity = store->pending_capacity > 0 ? 2 * store->pending_capacity : FIRST_UNDO;
    zw_put *pending = realloc(store->pending, capacity * sizeof(*pending));
    if (pending == NULL) {
        return zw_err_nomem(err);
    }
    store->pending = pending;
    store->pending_capacity = capacity;
    return ZW_OK;
}

bool zw_store_has_texts_of(const zw_store *store, const zw_figure *figure)
{
    uint32_t count = zw_remarks_count(store->remarks);
    return figure->source < count && figure->note < count;
}

/* What all figures of a delivery must have. */
static zw_status check_like(const zw_store *store, const zw_figure *figure, zw_err *err)
{
    /* SQLite ends a transaction by itself after some failures: then nothing more is taken. */
    if (!store->is_in_turn || !zw_db_in_transaction(store->db)) {
        return zw_err_set(err, ZW_STORE, "put: no turn is open");
    }
    if (zw_deliveries_by_id(store->deliveries, figure->batch) == NULL) {
        return zw_err_set(err, ZW_NOT_FOUND, "put: there is no batch %lld",
                          (long long)figure->batch);
    }
    if (figure->status > ZW_OBS_MISSING) {
        return zw_err_set(err, ZW_INVALID, "put: there is no status %u", figure->status);
    }
    if (!zw_store_has_texts_of(store, figure)) {
        return zw_err_set(err, ZW_NOT_FOUND, "put: there is no source %u or no note %u",
                          figure->source, figure->note);
    }
    return ZW_OK;
}

static zw_status check_put(const zw_store *store, const zw_put *put, zw_err *err)
{
    if (put->series >= zw_series_count(store->series)) {
        return zw_err_set(err, ZW_NOT_FOUND, "put: there is no series %u", put->series);
    }
    if (put->figure.status != ZW_OBS_MISSING && !isfinite(put->figure.value)) {
        return zw_err_set(err, ZW_INVALID, "put: a value must be finite");
    }
    if (put->period < ZW_PERIOD_MIN || put->period > ZW_PERIOD_MAX) {
        return zw_err_set(err, ZW_INVALID, "put: there is no period %lld", (long long)put->period);
    }
    return ZW_OK;
}

/* Tells the columns of series that came since, before anything is put there. */
static zw_status tell_floors(zw_store *store, zw_series_id series, zw_err *err)
{
    if (series < store->floored) {
        return ZW_OK;
    }
    zw_status status = zw_keeping_tell(store->keeping, store->floored, err);
    store->floored = status == ZW_OK ? zw_series_count(store->series) : store->floored;
    return status;
}

/* A withdrawal has no value, and zero no sign: a figure says how much, not how it was written. */
static zw_status put_checked(zw_store *store, zw_put *put, zw_change *change, zw_err *err)
{
    zw_status status = check_put(store, put, err);
    status = status == ZW_OK ? tell_floors(store, put->series, err) : status;
    status = status == ZW_OK ? zw_store_undo_reserve(store, err) : status;
    status = status == ZW_OK ? pending_reserve(store, err) : status;
    if (status != ZW_OK) {
        return status;
    }
    if (put->figure.status == ZW_OBS_MISSING || put->figure.value == 0.0) {
        put->figure.value = 0.0;
    }
    status = zw_columns_put(store->columns, put, store->row + 1, change, err);
    if (status != ZW_OK) {
        return status;
    }
    store->pending[store->pending_count++] = *put;
    store->undos[store->undo_count++] =
        (zw_undo){.of.put = {put->figure.known_at_ms, put->period, put->series}};
    return ZW_OK;
}

zw_status zw_store_put(zw_store *store, zw_series_id series, zw_period period,
                       const zw_figure *figure, zw_change *change, zw_err *err)
{
    zw_put put = {series, period, *figure};
    zw_status status = check_like(store, figure, err);
    return status == ZW_OK ? put_checked(store, &put, change, err) : status;
}

/* Samples lie where their series are: as many cache lines apart as there are series. They are
 * fetched while others are put. */
static void expect(const zw_store *store, const zw_sample *samples, size_t left)
{
    for (int step = 0; step < ZW_COLUMNS_STEPS; step++) {
        size_t ahead = (size_t)(ZW_COLUMNS_STEPS - step) * AHEAD;
        if (ahead < left) {
            zw_columns_expect(store->columns, samples[ahead].series, samples[ahead].period,
                              (zw_columns_step)step);
        }
    }
}

zw_status zw_store_put_samples(zw_store *store, const zw_sample *samples, size_t count,
                               const zw_figure *like, zw_change_counts *counts, zw_err *err)
{
    zw_put put = {0, 0, *like};
    put.figure.line = put.figure.source = put.figure.note = 0;
    *counts = (zw_change_counts){0, 0, 0};
    zw_status status = check_like(store, &put.figure, err);
    for (size_t i = 0; status == ZW_OK && i < count; i++) {
        zw_change change = ZW_CHANGE_NEW;
        expect(store, samples + i, count - i);
        put.series = samples[i].series;
        put.period = samples[i].period;
        put.figure.value = samples[i].value;
        status = put_checked(store, &put, &change, err);
        if (status != ZW_OK) {
            return status;
        }
        counts->fresh += change == ZW_CHANGE_NEW ? 1 : 0;
        counts->unchanged += change == ZW_CHANGE_UNCHANGED ? 1 : 0;
        counts->revised += change == ZW_CHANGE_REVISED ? 1 : 0;
    }
    return status;
}

/* Removes the rows of the journal whose figures are all in pages; the damaged ones stay. */
static zw_status drop_rows(zw_store *store, zw_err *err)
{
    int64_t end = zw_sealing_kept_row(store->sealing, store->row);
    int64_t first = store->kept_row;
    zw_status status = ZW_OK;
    for (size_t i = 0; status == ZW_OK && first < end && i < store->damage_count; i++) {
        const zw_damage *damage = &store->damages[i];
        if (strcmp(damage->table, "journal") == 0 && damage->row >= first && damage->row < end) {
            status = zw_journal_drop(store->journal, first, damage->row, err);
            first = damage->row + 1;
        }
    }
    return status == ZW_OK && first < end ? zw_journal_drop(store->journal, first, end, err)
                                          : status;
}

/* Seals what the turn made due, or all. */
zw_status zw_store_seal(zw_store *store, bool is_all, zw_err *err)
{
    zw_status status = zw_sealing_step(store->sealing, store->row, store->undo_count, is_all, err);
    return status == ZW_OK ? drop_rows(store, err) : status;
}

void zw_store_seal_end(zw_store *store, bool is_committed)
{
    zw_sealing_end(store->sealing, is_committed);
    zw_keeping_end(store->keeping, is_committed);
    if (is_committed) {
        store->kept_row = zw_sealing_kept_row(store->sealing, store->row);
    }
}
