/** An allocator for SQLite that fails on demand, beside failing_alloc.h which sees only our own
 * calls.
 */
#ifndef ZW_TESTS_FAILING_SQLITE_H
#define ZW_TESTS_FAILING_SQLITE_H

#include <sqlite3.h>
#include <stdbool.h>

static sqlite3_mem_methods failing_sqlite_real;
static long failing_sqlite_left = -1;
static bool failing_sqlite_refused;

static bool failing_sqlite_refuse(void)
{
    if (failing_sqlite_left < 0) {
        return false;
    }
    if (failing_sqlite_left == 0) {
        failing_sqlite_refused = true;
        return true;
    }
    failing_sqlite_left--;
    return false;
}

static void *failing_sqlite_malloc(int bytes)
{
    return failing_sqlite_refuse() ? NULL : failing_sqlite_real.xMalloc(bytes);
}

static void *failing_sqlite_realloc(void *ptr, int bytes)
{
    return failing_sqlite_refuse() ? NULL : failing_sqlite_real.xRealloc(ptr, bytes);
}

/** Puts itself between SQLite and its allocator; must come before any other use of SQLite. */
static inline bool failing_sqlite_install(void)
{
    if (sqlite3_config(SQLITE_CONFIG_GETMALLOC, &failing_sqlite_real) != SQLITE_OK) {
        return false;
    }
    sqlite3_mem_methods ours = failing_sqlite_real;
    ours.xMalloc = failing_sqlite_malloc;
    ours.xRealloc = failing_sqlite_realloc;
    return sqlite3_config(SQLITE_CONFIG_MALLOC, &ours) == SQLITE_OK;
}

/** As failing_alloc_after and failing_alloc_stop. */
static inline void failing_sqlite_after(long after)
{
    failing_sqlite_left = after;
    failing_sqlite_refused = false;
}

static inline bool failing_sqlite_stop(void)
{
    failing_sqlite_left = -1;
    return failing_sqlite_refused;
}

#endif
