/* What is past its keep: the tables `kept` (a floor for each measure) and `gone` (of each series
 * that lost pages, from when on it was known).
 *
 * Going back needs no memory: what a floor was before the transaction stands beside it.
 */
#include "store/keeping.h"

#include "store/stmts.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum { LOAD_KEPT, LOAD_GONE, PUT_KEPT, SQL_COUNT };
static const char *const keeping_sql[SQL_COUNT] = {
    [LOAD_KEPT] = "SELECT measure, floor, moved_ms FROM kept ORDER BY measure",
    [LOAD_GONE] = "SELECT series, first, known_at_ms FROM gone ORDER BY series",
    [PUT_KEPT] = "INSERT OR REPLACE INTO kept(measure, floor, moved_ms) VALUES(?1, ?2, ?3)",
};

struct floor {
    char *measure;
    zw_period is, was; /* was: before the transaction */
    int64_t moved_ms, was_moved_ms;
};

struct zw_keeping {
    zw_stmts stmts;
    const zw_series_set *series;
    zw_columns *columns;
    struct floor *floors;
    size_t count;
};

static struct floor *find(const zw_keeping *keeping, const char *measure)
{
    for (size_t i = 0; i < keeping->count; i++) {
        if (strcmp(keeping->floors[i].measure, measure) == 0) {
            return &keeping->floors[i];
        }
    }
    return NULL;
}

/* Finds the floor of a measure or makes it, below everything; NULL without memory. */
static struct floor *ensure(zw_keeping *keeping, const char *measure)
{
    struct floor *floor = find(keeping, measure);
    if (floor != NULL) {
        return floor;
    }
    size_t count = keeping->count + 1;
    struct floor *grown = realloc(keeping->floors, count * sizeof(*grown));
    if (grown == NULL) {
        return NULL;
    }
    keeping->floors = grown;
    size_t bytes = strlen(measure) + 1;
    char *copy = malloc(bytes);
    if (copy == NULL) {
        return NULL;
    }
    memcpy(copy, measure, bytes);
    grown[keeping->count] = (struct floor){.measure = copy, .is = INT64_MIN, .was = INT64_MIN};
    return &grown[keeping->count++];
}

static zw_status load_kept(zw_keeping *keeping, sqlite3_stmt *stmt, zw_err *err)
{
    const char *measure = NULL;
    zw_status status = zw_stmts_text(&keeping->stmts, stmt, 0, &measure, err);
    struct floor *floor = status == ZW_OK ? ensure(keeping, measure) : NULL;
    if (floor == NULL) {
        return status != ZW_OK ? status : zw_err_nomem(err);
    }
    floor->is = floor->was = sqlite3_column_int64(stmt, 1);
    floor->moved_ms = floor->was_moved_ms = sqlite3_column_int64(stmt, 2);
    return ZW_OK;
}

static zw_status load_gone(zw_keeping *keeping, sqlite3_stmt *stmt, zw_err *err)
{
    int64_t series = sqlite3_column_int64(stmt, 0);
    if (series < 0 || series >= zw_series_count(keeping->series)) {
        return zw_err_set(err, ZW_STORE, "the file is damaged: what is gone of series %lld",
                          (long long)series);
    }
    zw_gone gone = {.first = sqlite3_column_int64(stmt, 1),
                    .known_at_ms = sqlite3_column_int64(stmt, 2)};
    return zw_columns_set_gone(keeping->columns, (zw_series_id)series, &gone, err);
}

static zw_status load(zw_keeping *keeping, size_t which,
                      zw_status (*take)(zw_keeping *, sqlite3_stmt *, zw_err *), zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = zw_stmts_borrow(&keeping->stmts, which, &stmt, err);
    bool has_row = status == ZW_OK;
    while (status == ZW_OK && has_row) {
        status = zw_stmts_step(&keeping->stmts, stmt, "read what is kept", &has_row, err);
        if (status == ZW_OK && has_row) {
            status = take(keeping, stmt, err);
        }
    }
    zw_stmts_done(stmt);
    return status;
}

zw_status zw_keeping_create(zw_db *db, const zw_series_set *series, zw_columns *columns,
                            zw_keeping **out, zw_err *err)
{
    *out = NULL;
    zw_keeping *keeping = calloc(1, sizeof *keeping);
    if (keeping == NULL) {
        return zw_err_nomem(err);
    }
    keeping->series = series;
    keeping->columns = columns;
    zw_status status = zw_stmts_init(&keeping->stmts, db, keeping_sql, SQL_COUNT, err);
    status = status == ZW_OK ? load(keeping, LOAD_KEPT, load_kept, err) : status;
    status = status == ZW_OK ? load(keeping, LOAD_GONE, load_gone, err) : status;
    status = status == ZW_OK ? zw_keeping_tell(keeping, 0, err) : status;
    if (status != ZW_OK) {
        zw_keeping_destroy(keeping);
        return status;
    }
    *out = keeping;
    return ZW_OK;
}

void zw_keeping_destroy(zw_keeping *keeping)
{
    if (keeping == NULL) {
        return;
    }
    for (size_t i = 0; i < keeping->count; i++) {
        free(keeping->floors[i].measure);
    }
    free(keeping->floors);
    zw_stmts_fini(&keeping->stmts);
    free(keeping);
}

bool zw_keeping_floor(const zw_keeping *keeping, const char *measure, zw_period *floor,
                      int64_t *moved_ms)
{
    const struct floor *found = find(keeping, measure);
    if (found == NULL || found->is == INT64_MIN) {
        return false;
    }
    *floor = found->is;
    *moved_ms = found->moved_ms;
    return true;
}

zw_status zw_keeping_tell(const zw_keeping *keeping, zw_series_id first, zw_err *err)
{
    zw_status status = ZW_OK;
    zw_series_id count = keeping->count > 0 ? zw_series_count(keeping->series) : 0;
    for (zw_series_id id = first; status == ZW_OK && id < count; id++) {
        const struct floor *floor = find(keeping, zw_series_view(keeping->series, id)->measure);
        status =
            zw_columns_set_floor(keeping->columns, id, floor != NULL ? floor->is : INT64_MIN, err);
    }
    return status;
}

static zw_status put_kept(zw_keeping *keeping, const struct floor *floor, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = zw_stmts_borrow(&keeping->stmts, PUT_KEPT, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    zw_stmts_bind_text(stmt, 1, floor->measure);
    (void)sqlite3_bind_int64(stmt, 2, floor->is);
    (void)sqlite3_bind_int64(stmt, 3, floor->moved_ms);
    return zw_stmts_run(&keeping->stmts, stmt, "write what is kept", err);
}

zw_status zw_keeping_move(zw_keeping *keeping, const char *measure, zw_period to, int64_t now_ms,
                          zw_err *err)
{
    struct floor *floor = ensure(keeping, measure);
    if (floor == NULL) {
        return zw_err_nomem(err);
    }
    if (to <= floor->is) {
        return ZW_OK;
    }
    floor->is = to;
    floor->moved_ms = now_ms;
    zw_status status = put_kept(keeping, floor, err);
    return status == ZW_OK ? zw_keeping_tell(keeping, 0, err) : status;
}

void zw_keeping_end(zw_keeping *keeping, bool is_committed)
{
    bool is_back = false;
    for (size_t i = 0; i < keeping->count; i++) {
        struct floor *floor = &keeping->floors[i];
        is_back = is_back || (!is_committed && floor->is != floor->was);
        floor->is = is_committed ? floor->is : floor->was;
        floor->moved_ms = is_committed ? floor->moved_ms : floor->was_moved_ms;
        floor->was = floor->is;
        floor->was_moved_ms = floor->moved_ms;
    }
    if (is_back) {
        zw_err ignored; /* the places of those that were told are there: nothing is made */
        zw_status status = zw_keeping_tell(keeping, 0, &ignored);
        (void)status;
    }
}
