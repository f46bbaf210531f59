/* Opening and closing a store: the directory of pages and the tail of the journal come into memory,
 * and before it is closed what waits in a long journal goes into pages. */
#include "store/store_inside.h"

#include "store/tile.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum { CEILING_BYTES = 256 << 20, UNSEALED_MOST = 1 << 18, LEARNED_MOST = 1 << 17 };

static zw_status load_delivery(void *arg, const zw_delivery *delivery, zw_err *err)
{
    zw_store *store = arg;
    size_t count = zw_deliveries_count(store->deliveries);
    if (count > 0 && zw_deliveries_at(store->deliveries, count - 1)->id >= delivery->id) {
        return zw_err_set(err, ZW_STORE, "the file is damaged: batch %lld is out of order",
                          (long long)delivery->id);
    }
    return zw_deliveries_add(store->deliveries, delivery, err);
}

static bool can_be(const zw_store *store, const zw_put *put)
{
    return put->series < zw_series_count(store->series) &&
           zw_store_has_texts_of(store, &put->figure) &&
           zw_deliveries_by_id(store->deliveries, put->figure.batch) != NULL;
}

static zw_status load_figures(void *arg, int64_t row, const zw_put *puts, size_t count, zw_err *err)
{
    zw_store *store = arg;
    store->row = row;
    for (size_t i = 0; i < count; i++) {
        if (!can_be(store, &puts[i])) {
            return zw_err_set(err, ZW_STORE, "a figure of series %u in batch %lld cannot be",
                              puts[i].series, (long long)puts[i].figure.batch);
        }
    }
    zw_status status = ZW_OK;
    for (size_t i = 0; status == ZW_OK && i < count; i++) {
        status = zw_columns_replay(store->columns, &puts[i], row, err);
    }
    return status;
}

static zw_status load_damage(void *arg, const zw_damage *damage, zw_err *err)
{
    zw_store *store = arg;
    zw_damage *grown = realloc(store->damages, (store->damage_count + 1) * sizeof(*store->damages));
    if (grown == NULL) {
        return zw_err_nomem(err);
    }
    store->damages = grown;
    store->damages[store->damage_count++] = *damage;
    if (strcmp(damage->table, "journal") == 0 && damage->row > store->row) {
        store->row = damage->row;
    }
    return ZW_OK;
}

/* What a file was made with; a new one is told. */
static zw_status load_number(zw_store *store, const char *name, uint32_t most, uint32_t *number,
                             zw_err *err)
{
    int64_t kept = 0;
    zw_err ignored;
    uint32_t wanted = *number > 0 ? *number : most;
    zw_status status = zw_db_meta_get(store->db, name, &kept, &ignored);
    *number = status == ZW_OK ? (uint32_t)kept : wanted;
    if (status == ZW_NOT_FOUND) {
        return store->is_for_reading ? ZW_OK : zw_db_meta_put(store->db, name, wanted, err);
    }
    if (status != ZW_OK) {
        return zw_err_set(err, status, "%s", ignored.text);
    }
    return kept > 0 && kept <= most ? ZW_OK
                                    : zw_err_set(err, ZW_STORE, "the file is damaged: %s is %lld",
                                                 name, (long long)kept);
}

static zw_status load_columns(zw_store *store, zw_err *err)
{
    zw_store_options *options = &store->options;
    zw_status status =
        load_number(store, "page_periods", ZW_SLAB_CELLS_MOST, &options->page_periods, err);
    status = status == ZW_OK ? load_number(store, "page_series", ZW_TILE_SERIES_MOST,
                                           &options->page_series, err)
                             : status;
    if (status != ZW_OK) {
        return status;
    }
    zw_columns_options kept = {
        .span = options->page_periods,
        .group_series = options->page_series,
        .series_count = zw_series_count(store->series),
        .ceiling_bytes = options->ceiling_bytes > 0 ? options->ceiling_bytes : CEILING_BYTES,
        .unsealed_most = options->unsealed_most > 0 ? options->unsealed_most : UNSEALED_MOST,
        .learned_most = options->learned_most > 0 ? options->learned_most : LEARNED_MOST,
        .arg = store,
        .on_damage = load_damage};
    status = zw_columns_create(store->db, &kept, &store->columns, err);
    status = status == ZW_OK ? zw_sealing_create(store->columns, &store->sealing, err) : status;
    status = status == ZW_OK
                 ? zw_keeping_create(store->db, store->series, store->columns, &store->keeping, err)
                 : status;
    store->floored = zw_series_count(store->series);
    return status;
}

/* In one transaction, so that what is read fits together while another process writes. Who reads
 * stays in it, for pages are read later. */
static zw_status store_load(zw_store *store, zw_err *err)
{
    zw_status status = zw_db_begin(store->db, err);
    if (status != ZW_OK) {
        return status;
    }
    status = zw_series_set_create(store->db, &store->series, err);
    if (status == ZW_OK) {
        status = zw_remarks_create(store->db, &store->remarks, err);
    }
    if (status == ZW_OK) {
        status = zw_items_create(store->db, &store->items, err);
    }
    status = status == ZW_OK ? load_columns(store, err) : status;
    if (status == ZW_OK) {
        zw_journal_reader reader = {store, load_delivery, load_figures, load_damage};
        status = zw_journal_read(store->journal, &reader, err);
    }
    if (status != ZW_OK) {
        zw_db_rollback(store->db);
        return status;
    }
    int64_t sealed_row = zw_columns_sealed_row(store->columns);
    store->row = store->row > sealed_row ? store->row : sealed_row;
    return store->is_for_reading ? ZW_OK : zw_db_commit(store->db, err);
}

static zw_status store_build(zw_store *store, const char *path, zw_db_mode mode, zw_err *err)
{
    zw_status status = zw_db_open(path, mode, &store->db, err);
    if (status == ZW_OK) {
        status = zw_store_prepare(store, err);
    }
    if (status == ZW_OK) {
        status = zw_journal_create(store->db, &store->journal, err);
    }
    if (status == ZW_OK) {
        status = zw_deliveries_create(&store->deliveries, err);
    }
    if (status == ZW_OK) {
        status = store_load(store, err);
        if (status != ZW_OK) {
            return zw_err_wrap(err, status, "%s", path);
        }
    }
    return status;
}

zw_status zw_store_open_with(const char *path, zw_db_mode mode, const zw_store_options *options,
                             zw_store **out, zw_err *err)
{
    *out = NULL;
    zw_store *store = calloc(1, sizeof *store);
    if (store == NULL) {
        return zw_err_nomem(err);
    }
    store->is_for_reading = mode == ZW_DB_READ;
    if (options != NULL) {
        store->options = *options;
    }
    zw_status status = store_build(store, path, mode, err);
    if (status != ZW_OK) {
        zw_store_close(store);
        return zw_err_wrap(err, status, "open store");
    }
    *out = store;
    return ZW_OK;
}

zw_status zw_store_open(const char *path, zw_db_mode mode, zw_store **out, zw_err *err)
{
    return zw_store_open_with(path, mode, NULL, out, err);
}

/* Nobody waits for it: what fails is done another time. */
static void seal_all(zw_store *store)
{
    zw_err ignored;
    if (zw_db_begin(store->db, &ignored) != ZW_OK) {
        return;
    }
    zw_status status = zw_store_seal(store, true, &ignored);
    status = status == ZW_OK ? zw_db_commit(store->db, &ignored) : status;
    zw_store_seal_end(store, status == ZW_OK);
    if (status != ZW_OK) {
        zw_db_rollback(store->db);
        return;
    }
    (void)sqlite3_exec(zw_db_connection(store->db), "PRAGMA incremental_vacuum", NULL, NULL, NULL);
}

void zw_store_close(zw_store *store)
{
    if (store == NULL) {
        return;
    }
    zw_store_rollback(store);
    if (store->db != NULL) {
        zw_db_rollback(store->db);
    }
    if (store->sealing != NULL && !store->is_for_reading && zw_sealing_is_due(store->sealing)) {
        seal_all(store);
    }
    zw_sealing_destroy(store->sealing);
    zw_keeping_destroy(store->keeping);
    free(store->undos);
    free(store->pending);
    free(store->damages);
    zw_columns_destroy(store->columns);
    zw_deliveries_destroy(store->deliveries);
    zw_journal_destroy(store->journal);
    zw_remarks_destroy(store->remarks);
    zw_items_destroy(store->items);
    zw_series_set_destroy(store->series);
    zw_stmts_fini(&store->stmts);
    zw_db_close(store->db);
    free(store);
}
