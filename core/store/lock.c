/* The writer's lock. A bare POSIX record lock cannot see a second holder in its own process, and
 * closing any descriptor of the file there drops it. SQLite keeps account of both, so the lock is
 * an empty database that stays in an exclusive transaction.
 */
#include "store/lock.h"

#include "base/buf.h"

#include <sqlite3.h>
#include <stdlib.h>

enum { PATH_CEILING_BYTES = 1 << 16 };

struct zw_lock {
    sqlite3 *conn;
};

static zw_status lock_say(const zw_lock *lock, int code, const char *path, zw_err *err)
{
    if ((code & 0xFF) == SQLITE_BUSY) {
        return zw_err_set(err, ZW_CONFLICT, "another process writes %s", path);
    }
    if (code == SQLITE_NOMEM || code == SQLITE_IOERR_NOMEM) {
        return zw_err_nomem(err);
    }
    return zw_err_set(err, ZW_STORE, "lock %s: %s", path, sqlite3_errmsg(lock->conn));
}

zw_status zw_lock_take(const char *path, zw_lock **out, zw_err *err)
{
    *out = NULL;
    zw_buf lock_path;
    zw_buf_init(&lock_path, PATH_CEILING_BYTES);
    zw_lock *lock = calloc(1, sizeof *lock);
    if (lock == NULL || !zw_buf_printf(&lock_path, "%s-lock", path)) {
        zw_buf_fini(&lock_path);
        free(lock);
        return zw_err_nomem(err);
    }
    int code = sqlite3_open_v2(zw_buf_view(&lock_path), &lock->conn,
                               SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, NULL);
    zw_buf_fini(&lock_path);
    if (code == SQLITE_OK) {
        sqlite3_extended_result_codes(lock->conn, 1);
        /* The first page is made in memory and never written: no journal file for it either. */
        code = sqlite3_exec(lock->conn, "PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE", NULL, NULL,
                            NULL);
    }
    if (code != SQLITE_OK) {
        zw_status status = lock_say(lock, code, path, err);
        zw_lock_release(lock);
        return status;
    }
    *out = lock;
    return ZW_OK;
}

void zw_lock_release(zw_lock *lock)
{
    if (lock == NULL) {
        return;
    }
    (void)sqlite3_close(lock->conn); /* rolls back: the file stays empty */
    free(lock);
}
