/** Columns over a store in memory. Include it after cmocka.h. */
#ifndef ZW_TESTS_COLUMNS_WORLD_H
#define ZW_TESTS_COLUMNS_WORLD_H

#include "store/columns.h"

#include <sqlite3.h>

typedef struct columns_world {
    zw_db *db;
    zw_columns *columns;
    zw_columns_options options;
    int64_t row; /* of the journal */
    size_t damages;
    zw_damage damage; /* the last */
} columns_world;

static inline zw_status world_on_damage(void *arg, const zw_damage *damage, zw_err *err)
{
    columns_world *w = arg;
    (void)err;
    w->damages++;
    w->damage = *damage;
    return ZW_OK;
}

/* Reads the columns anew. */
static inline void world_open(columns_world *w)
{
    zw_err err = {ZW_OK, ""};
    zw_columns_destroy(w->columns);
    w->columns = NULL;
    if (zw_columns_create(w->db, &w->options, &w->columns, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
}

static inline int world_setup(void **state)
{
    static columns_world w;
    w = (columns_world){.row = 1};
    w.options = (zw_columns_options){.span = 4,
                                     .group_series = 2,
                                     .series_count = 2000,
                                     .ceiling_bytes = 1,
                                     .unsealed_most = 1,
                                     .learned_most = 4,
                                     .arg = &w,
                                     .on_damage = world_on_damage};
    *state = &w;
    if (zw_db_open(":memory:", ZW_DB_WRITE, &w.db, NULL) != ZW_OK) {
        return -1;
    }
    world_open(&w);
    return 0;
}

static inline int world_teardown(void **state)
{
    columns_world *w = *state;
    zw_columns_destroy(w->columns);
    zw_db_rollback(w->db);
    zw_db_close(w->db);
    return 0;
}

static inline void world_run(columns_world *w, const char *sql)
{
    if (sqlite3_exec(zw_db_connection(w->db), sql, NULL, NULL, NULL) != SQLITE_OK) {
        fail_msg("%s: %s", sql, sqlite3_errmsg(zw_db_connection(w->db)));
    }
}

static inline int64_t world_ask(columns_world *w, const char *sql)
{
    sqlite3_stmt *stmt = NULL;
    assert_int_equal(sqlite3_prepare_v2(zw_db_connection(w->db), sql, -1, &stmt, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    int64_t number = sqlite3_column_int64(stmt, 0);
    assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
    return number;
}

static inline zw_status world_put(columns_world *w, zw_series_id series, zw_period period,
                                  int64_t known_at_ms, double value)
{
    zw_put put = {series, period, {.value = value, .known_at_ms = known_at_ms, .batch = 1}};
    zw_change change = ZW_CHANGE_NEW;
    return zw_columns_put(w->columns, &put, w->row, &change, NULL);
}

static inline size_t world_versions(columns_world *w, zw_series_id series, zw_period period)
{
    zw_figure room;
    const zw_figure *versions = NULL;
    return zw_columns_versions(w->columns, series, period, &room, &versions);
}

#endif
