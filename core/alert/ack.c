/*
 * Acknowledgements: the table ack, which is known here whole: people write it.
 *
 * 1. A row never changes and never goes.
 * 2. Whether one stands follows from it and from the state alone, however history is replayed.
 */
#include "alert/ack.h"

#include "base/arena.h"
#include "store/stmts.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum { PUT, ALL, SQL_COUNT };
static const char *const ack_sql[SQL_COUNT] = {
    [PUT] = "INSERT INTO ack(alert, area, period, item, severity, author, note, at_ms)"
            " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    [ALL] = "SELECT id, at_ms, alert, area, period, item, severity, author, note FROM ack"
            " ORDER BY id",
};

enum { TEXTS_BYTES = 256 * 1024 * 1024 };

struct zw_acks {
    zw_stmts stmts;
    zw_arena *texts;
    zw_ack *at; /* by id */
    size_t count, capacity;
    size_t *order; /* their places, by instance, then by id */
};

zw_status zw_acks_create(zw_db *db, zw_acks **out, zw_err *err)
{
    *out = NULL;
    zw_acks *acks = calloc(1, sizeof(*acks));
    if (acks == NULL) {
        return zw_err_nomem(err);
    }
    zw_status status = zw_stmts_init(&acks->stmts, db, ack_sql, SQL_COUNT, err);
    status = status == ZW_OK ? zw_arena_create(TEXTS_BYTES, &acks->texts, err) : status;
    if (status != ZW_OK) {
        zw_acks_destroy(acks);
        return status;
    }
    *out = acks;
    return ZW_OK;
}

void zw_acks_destroy(zw_acks *acks)
{
    if (acks == NULL) {
        return;
    }
    zw_stmts_fini(&acks->stmts);
    zw_arena_destroy(acks->texts);
    free(acks->at);
    free(acks->order);
    free(acks);
}

/* Knowing. */

static int compare_keys(const zw_alert_key *a, const zw_alert_key *b)
{
    int order = strcmp(a->alert, b->alert);
    order = order != 0 ? order : strcmp(a->item, b->item);
    order = order != 0 ? order : strcmp(a->period, b->period);
    /* An item is the same wherever it stands. */
    return order != 0 || a->item[0] != '\0' ? order : strcmp(a->area, b->area);
}

/* How many of the instances before `key`, its own too when `with` says so, lie before it in order.
 */
static size_t place_of(const zw_acks *acks, const zw_alert_key *key, bool with)
{
    size_t low = 0;
    size_t high = acks->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare_keys(&acks->at[acks->order[middle]].key, key);
        if (order < 0 || (with && order == 0)) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static bool make_room(zw_acks *acks)
{
    if (acks->count < acks->capacity) {
        return true;
    }
    size_t wanted = acks->capacity == 0 ? 16 : acks->capacity * 2;
    zw_ack *at = realloc(acks->at, wanted * sizeof(*at));
    acks->at = at != NULL ? at : acks->at;
    size_t *order = at != NULL ? realloc(acks->order, wanted * sizeof(*order)) : NULL;
    acks->order = order != NULL ? order : acks->order;
    acks->capacity = order != NULL ? wanted : acks->capacity;
    return order != NULL;
}

/* Copies a text; false, and it is NULL then, when there is no memory. */
static bool keep_text(zw_acks *acks, const char **text)
{
    *text = zw_arena_text(acks->texts, *text, strlen(*text));
    return *text != NULL;
}

static zw_status know(zw_acks *acks, const zw_ack *ack, zw_err *err)
{
    zw_ack kept = *ack;
    if (!make_room(acks) || !keep_text(acks, &kept.key.alert) || !keep_text(acks, &kept.key.area) ||
        !keep_text(acks, &kept.key.period) || !keep_text(acks, &kept.key.item) ||
        !keep_text(acks, &kept.author) || !keep_text(acks, &kept.note)) {
        return zw_err_nomem(err);
    }
    size_t place = place_of(acks, &kept.key, true);
    memmove(&acks->order[place + 1], &acks->order[place],
            (acks->count - place) * sizeof(*acks->order));
    acks->order[place] = acks->count;
    acks->at[acks->count++] = kept;
    return ZW_OK;
}

/* The table. */

static zw_status read_severity(const char *text, zw_severity *out, int64_t id, zw_err *err)
{
    for (int s = 0; s < ZW_SEVERITY_COUNT; s++) {
        *out = (zw_severity)s;
        if (strcmp(zw_severity_text(*out), text) == 0) {
            return ZW_OK;
        }
    }
    return zw_err_set(err, ZW_STORE, "the file is damaged: ack %lld is of '%.40s'", (long long)id,
                      text);
}

static zw_status read_row(zw_acks *acks, sqlite3_stmt *stmt, zw_err *err)
{
    zw_ack ack = {.id = sqlite3_column_int64(stmt, 0), .at_ms = sqlite3_column_int64(stmt, 1)};
    const char *severity = NULL;
    const char **texts[] = {&ack.key.alert, &ack.key.area, &ack.key.period, &ack.key.item,
                            &severity,      &ack.author,   &ack.note};
    zw_status status = ZW_OK;
    for (int i = 0; status == ZW_OK && i < (int)(sizeof(texts) / sizeof(texts[0])); i++) {
        status = zw_stmts_text(&acks->stmts, stmt, 2 + i, texts[i], err);
    }
    status = status == ZW_OK ? read_severity(severity, &ack.severity, ack.id, err) : status;
    return status == ZW_OK ? know(acks, &ack, err) : status;
}

zw_status zw_acks_restore(zw_acks *acks, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    bool has_row = true;
    acks->count = 0;
    zw_arena_reset(acks->texts);
    zw_status status = zw_stmts_borrow(&acks->stmts, ALL, &stmt, err);
    while (status == ZW_OK && has_row) {
        status = zw_stmts_step(&acks->stmts, stmt, "read acknowledgements", &has_row, err);
        status = status == ZW_OK && has_row ? read_row(acks, stmt, err) : status;
    }
    zw_stmts_done(stmt);
    return status;
}

zw_status zw_acks_put(zw_acks *acks, zw_ack *ack, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    if (!zw_db_in_transaction(acks->stmts.db)) {
        return zw_err_set(err, ZW_STORE, "acknowledgements: no transaction is open");
    }
    zw_status status = zw_stmts_borrow(&acks->stmts, PUT, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    const char *texts[] = {ack->key.alert,
                           ack->key.area,
                           ack->key.period,
                           ack->key.item != NULL ? ack->key.item : "",
                           zw_severity_text(ack->severity),
                           ack->author,
                           ack->note};
    for (int i = 0; i < (int)(sizeof(texts) / sizeof(texts[0])); i++) {
        zw_stmts_bind_text(stmt, 1 + i, texts[i]);
    }
    (void)sqlite3_bind_int64(stmt, 8, ack->at_ms);
    status = zw_stmts_run(&acks->stmts, stmt, "insert acknowledgement", err);
    if (status == ZW_OK) {
        ack->id = sqlite3_last_insert_rowid(zw_db_connection(acks->stmts.db));
        ack->key.item = texts[3];
        status = know(acks, ack, err);
    }
    return status;
}

/* Asking. */

size_t zw_acks_count(const zw_acks *acks)
{
    return acks->count;
}

const zw_ack *zw_acks_at(const zw_acks *acks, size_t n)
{
    return &acks->at[n];
}

const zw_ack *zw_acks_of(const zw_acks *acks, const zw_alert_key *key, const zw_alert_state *state,
                         int64_t as_of_ms)
{
    if (acks->count == 0 || state->is != ZW_ALERT_FIRING) {
        return NULL;
    }
    for (size_t n = place_of(acks, key, true); n-- > 0;) {
        const zw_ack *ack = &acks->at[acks->order[n]];
        if (compare_keys(&ack->key, key) != 0) {
            return NULL;
        }
        if (ack->at_ms <= as_of_ms && ack->at_ms >= state->active_ms &&
            state->severity <= ack->severity) {
            return ack;
        }
    }
    return NULL;
}
