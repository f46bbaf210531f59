/* SQLite's online backup. The source stands in a read transaction all along: in a write-ahead log
 * that is one committed state, which no writer disturbs and which never has to be begun again.
 */
#include "store/copy.h"

#include "base/buf.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { STEP_PAGES = 256, PATH_MOST_BYTES = 4096, BUSY_MS = 5000 };

struct copy {
    const char *from, *to;
    zw_buf part; /* the path it grows at */
    sqlite3 *source, *target;
    int64_t page_bytes, pages;
};

static zw_status say(sqlite3 *conn, const char *doing, zw_err *err)
{
    int code = sqlite3_errcode(conn);
    if (code == SQLITE_NOMEM) {
        return zw_err_nomem(err);
    }
    return zw_err_set(err, ZW_STORE, "%s: %s", doing, sqlite3_errmsg(conn));
}

/* The one number that `sql` answers with. */
static zw_status ask(const struct copy *copy, const char *sql, int64_t *out, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = ZW_OK;
    if (sqlite3_prepare_v2(copy->source, sql, -1, &stmt, NULL) != SQLITE_OK ||
        sqlite3_step(stmt) != SQLITE_ROW) {
        status = say(copy->source, copy->from, err);
    } else {
        *out = sqlite3_column_int64(stmt, 0);
    }
    (void)sqlite3_finalize(stmt);
    return status;
}

/* Opens the source and stops the time in it. */
static zw_status open_source(struct copy *copy, zw_err *err)
{
    int64_t tables = 0;
    if (access(copy->from, F_OK) != 0) {
        return zw_err_set(err, ZW_NOT_FOUND, "there is no store %s", copy->from);
    }
    if (sqlite3_open_v2(copy->from, &copy->source, SQLITE_OPEN_READONLY, NULL) != SQLITE_OK) {
        return say(copy->source, copy->from, err);
    }
    (void)sqlite3_busy_timeout(copy->source, BUSY_MS);
    if (sqlite3_exec(copy->source, "BEGIN", NULL, NULL, NULL) != SQLITE_OK) {
        return say(copy->source, copy->from, err);
    }
    zw_status status = ask(copy,
                           "SELECT count(*) FROM sqlite_schema WHERE type = 'table'"
                           " AND name IN ('meta', 'batch', 'series')",
                           &tables, err);
    status = status == ZW_OK ? ask(copy, "PRAGMA page_size", &copy->page_bytes, err) : status;
    if (status == ZW_OK && tables != 3) {
        return zw_err_set(err, ZW_STORE, "%s: a database, but not a store of this program",
                          copy->from);
    }
    return status;
}

static zw_status open_target(struct copy *copy, zw_err *err)
{
    if (access(copy->to, F_OK) == 0) {
        return zw_err_set(err, ZW_CONFLICT, "%s is there already: a copy overwrites nothing",
                          copy->to);
    }
    zw_buf_printf(&copy->part, "%s.part", copy->to);
    if (copy->part.has_failed) {
        return zw_err_set(err, ZW_INVALID, "%s: the path is too long", copy->to);
    }
    const char *part = zw_buf_view(&copy->part);
    if (unlink(part) != 0 && errno != ENOENT) { /* what an interrupted copy left */
        return zw_err_set(err, ZW_IO, "%s: %s", part, strerror(errno));
    }
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE;
    if (sqlite3_open_v2(part, &copy->target, flags, NULL) != SQLITE_OK) {
        return say(copy->target, part, err);
    }
    return ZW_OK;
}

static zw_status copy_pages(struct copy *copy, const zw_copy_watch *watch, zw_err *err)
{
    sqlite3_backup *backup = sqlite3_backup_init(copy->target, "main", copy->source, "main");
    if (backup == NULL) {
        return say(copy->target, zw_buf_view(&copy->part), err);
    }
    int code = SQLITE_OK;
    while (code == SQLITE_OK) {
        code = sqlite3_backup_step(backup, STEP_PAGES);
        copy->pages = sqlite3_backup_pagecount(backup);
        int64_t left = sqlite3_backup_remaining(backup);
        if (watch != NULL && watch->on_copied != NULL) {
            watch->on_copied(watch->arg, (copy->pages - left) * copy->page_bytes,
                             copy->pages * copy->page_bytes);
        }
    }
    code = sqlite3_backup_finish(backup) == SQLITE_OK && code == SQLITE_DONE ? SQLITE_OK : code;
    return code == SQLITE_OK ? ZW_OK : say(copy->target, zw_buf_view(&copy->part), err);
}

/* Makes the name that the folder has for the file as lasting as the file. */
static zw_status sync_folder(const char *path, zw_err *err)
{
    char folder[PATH_MOST_BYTES];
    const char *slash = strrchr(path, '/');
    (void)snprintf(folder, sizeof(folder), "%.*s",
                   slash == NULL   ? 1
                   : slash == path ? 1
                                   : (int)(slash - path),
                   slash == NULL ? "." : path);
    int fd = open(folder, O_RDONLY | O_DIRECTORY);
    bool is_synced = fd >= 0 && fsync(fd) == 0;
    zw_status status =
        is_synced ? ZW_OK : zw_err_set(err, ZW_IO, "%s: %s", folder, strerror(errno));
    if (fd >= 0) {
        (void)close(fd);
    }
    return status;
}

/* `link` and not `rename`: what came to that name meanwhile stays. */
static zw_status take_name(const struct copy *copy, zw_err *err)
{
    const char *part = zw_buf_view(&copy->part);
    if (link(part, copy->to) != 0) {
        return zw_err_set(err, errno == EEXIST ? ZW_CONFLICT : ZW_IO, "%s: %s", copy->to,
                          strerror(errno));
    }
    return sync_folder(copy->to, err);
}

static zw_status close_target(struct copy *copy, zw_err *err)
{
    sqlite3 *target = copy->target;
    copy->target = NULL;
    return sqlite3_close(target) == SQLITE_OK ? ZW_OK : say(target, copy->to, err);
}

zw_status zw_copy_store(const char *from, const char *to, const zw_copy_watch *watch,
                        int64_t *bytes, zw_err *err)
{
    struct copy copy = {.from = from, .to = to};
    zw_buf_init(&copy.part, PATH_MOST_BYTES);
    zw_status status = open_source(&copy, err);
    status = status == ZW_OK ? open_target(&copy, err) : status;
    status = status == ZW_OK ? copy_pages(&copy, watch, err) : status;
    status = status == ZW_OK ? close_target(&copy, err) : status;
    status = status == ZW_OK ? take_name(&copy, err) : status;
    (void)sqlite3_close(copy.target);
    (void)sqlite3_close(copy.source);
    if (copy.part.len > 0) {
        (void)unlink(zw_buf_view(&copy.part));
    }
    zw_buf_fini(&copy.part);
    if (status == ZW_OK && bytes != NULL) {
        *bytes = copy.pages * copy.page_bytes;
    }
    return status;
}
