/** A file system for SQLite that fails on demand: between it and the machine's own, the n-th of a
 * kind of call is refused, once or from then on. */
#ifndef ZW_TESTS_FAILING_VFS_H
#define ZW_TESTS_FAILING_VFS_H

#include <sqlite3.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

typedef enum failing_vfs_kind {
    FAILING_VFS_FULL,  /* a write finds no room */
    FAILING_VFS_TORN,  /* the same, after half of it went in */
    FAILING_VFS_WRITE, /* a write fails */
    FAILING_VFS_SYNC   /* what was written cannot be made durable */
} failing_vfs_kind;

typedef struct failing_vfs_file {
    sqlite3_file base;
    sqlite3_file *real; /* in the memory behind this */
} failing_vfs_file;

static sqlite3_vfs failing_vfs_ours;
static sqlite3_vfs *failing_vfs_real;
static failing_vfs_kind failing_vfs_fails;
static long failing_vfs_left = -1;
static bool failing_vfs_lasts, failing_vfs_refused;

static inline bool failing_vfs_refuse(bool is_sync)
{
    if (failing_vfs_left < 0 || is_sync != (failing_vfs_fails == FAILING_VFS_SYNC)) {
        return false;
    }
    if (failing_vfs_left > 0) {
        failing_vfs_left--;
        return false;
    }
    failing_vfs_left = failing_vfs_lasts ? 0 : -1;
    failing_vfs_refused = true;
    return true;
}

static inline sqlite3_file *failing_vfs_under(sqlite3_file *file)
{
    return ((failing_vfs_file *)file)->real;
}

static int failing_vfs_close(sqlite3_file *file)
{
    sqlite3_file *real = failing_vfs_under(file);
    return real->pMethods->xClose(real);
}

static int failing_vfs_read(sqlite3_file *file, void *to, int len, sqlite3_int64 at)
{
    sqlite3_file *real = failing_vfs_under(file);
    return real->pMethods->xRead(real, to, len, at);
}

static int failing_vfs_write(sqlite3_file *file, const void *from, int len, sqlite3_int64 at)
{
    sqlite3_file *real = failing_vfs_under(file);
    if (!failing_vfs_refuse(false)) {
        return real->pMethods->xWrite(real, from, len, at);
    }
    if (failing_vfs_fails == FAILING_VFS_TORN) {
        (void)real->pMethods->xWrite(real, from, len / 2, at);
    }
    return failing_vfs_fails == FAILING_VFS_WRITE ? SQLITE_IOERR_WRITE : SQLITE_FULL;
}

static int failing_vfs_truncate(sqlite3_file *file, sqlite3_int64 size)
{
    sqlite3_file *real = failing_vfs_under(file);
    return real->pMethods->xTruncate(real, size);
}

/* Not passed on: no test turns the power off, and there are thousands of them. */
static int failing_vfs_sync(sqlite3_file *file, int flags)
{
    (void)file, (void)flags;
    return failing_vfs_refuse(true) ? SQLITE_IOERR_FSYNC : SQLITE_OK;
}

static int failing_vfs_size(sqlite3_file *file, sqlite3_int64 *size)
{
    sqlite3_file *real = failing_vfs_under(file);
    return real->pMethods->xFileSize(real, size);
}

static int failing_vfs_lock(sqlite3_file *file, int level)
{
    sqlite3_file *real = failing_vfs_under(file);
    return real->pMethods->xLock(real, level);
}

static int failing_vfs_unlock(sqlite3_file *file, int level)
{
    sqlite3_file *real = failing_vfs_under(file);
    return real->pMethods->xUnlock(real, level);
}

static int failing_vfs_reserved(sqlite3_file *file, int *out)
{
    sqlite3_file *real = failing_vfs_under(file);
    return real->pMethods->xCheckReservedLock(real, out);
}

static int failing_vfs_control(sqlite3_file *file, int op, void *arg)
{
    sqlite3_file *real = failing_vfs_under(file);
    return real->pMethods->xFileControl(real, op, arg);
}

static int failing_vfs_sector(sqlite3_file *file)
{
    sqlite3_file *real = failing_vfs_under(file);
    return real->pMethods->xSectorSize(real);
}

static int failing_vfs_device(sqlite3_file *file)
{
    sqlite3_file *real = failing_vfs_under(file);
    return real->pMethods->xDeviceCharacteristics(real);
}

static int failing_vfs_shm_map(sqlite3_file *file, int page, int size, int extend,
                               void volatile **out)
{
    sqlite3_file *real = failing_vfs_under(file);
    return real->pMethods->xShmMap(real, page, size, extend, out);
}

static int failing_vfs_shm_lock(sqlite3_file *file, int offset, int count, int flags)
{
    sqlite3_file *real = failing_vfs_under(file);
    return real->pMethods->xShmLock(real, offset, count, flags);
}

static void failing_vfs_shm_barrier(sqlite3_file *file)
{
    sqlite3_file *real = failing_vfs_under(file);
    real->pMethods->xShmBarrier(real);
}

static int failing_vfs_shm_unmap(sqlite3_file *file, int is_deleted)
{
    sqlite3_file *real = failing_vfs_under(file);
    return real->pMethods->xShmUnmap(real, is_deleted);
}

static const sqlite3_io_methods failing_vfs_methods = {
    2, /* with the memory that a write-ahead log shares, without mapped reads */
    failing_vfs_close,
    failing_vfs_read,
    failing_vfs_write,
    failing_vfs_truncate,
    failing_vfs_sync,
    failing_vfs_size,
    failing_vfs_lock,
    failing_vfs_unlock,
    failing_vfs_reserved,
    failing_vfs_control,
    failing_vfs_sector,
    failing_vfs_device,
    failing_vfs_shm_map,
    failing_vfs_shm_lock,
    failing_vfs_shm_barrier,
    failing_vfs_shm_unmap,
    NULL,
    NULL};

static int failing_vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *file, int flags,
                            int *out_flags)
{
    (void)vfs;
    failing_vfs_file *ours = (failing_vfs_file *)file;
    ours->real = (sqlite3_file *)(ours + 1);
    int code = failing_vfs_real->xOpen(failing_vfs_real, name, ours->real, flags, out_flags);
    ours->base.pMethods = code == SQLITE_OK ? &failing_vfs_methods : NULL;
    return code;
}

/** Puts itself before the machine's file system for every store opened from now on. */
static inline bool failing_vfs_install(void)
{
    failing_vfs_real = sqlite3_vfs_find(NULL);
    failing_vfs_ours = *failing_vfs_real;
    failing_vfs_ours.zName = "failing";
    failing_vfs_ours.pNext = NULL;
    failing_vfs_ours.szOsFile += (int)sizeof(failing_vfs_file);
    failing_vfs_ours.xOpen = failing_vfs_open;
    return sqlite3_vfs_register(&failing_vfs_ours, 1) == SQLITE_OK;
}

/** The call of that kind behind `after` others is refused. @param lasts  and all that follow. */
static inline void failing_vfs_after(failing_vfs_kind kind, long after, bool lasts)
{
    failing_vfs_fails = kind;
    failing_vfs_left = after;
    failing_vfs_lasts = lasts;
    failing_vfs_refused = false;
}

/** All is well again. @return whether a call was refused. */
static inline bool failing_vfs_stop(void)
{
    failing_vfs_left = -1;
    return failing_vfs_refused;
}

#endif
