/**
 * The writer's lock: a file beside the store that one connection of one process holds as long as it
 * writes. The kernel lets go of it when the process dies, however it dies.
 */
#ifndef ZW_STORE_LOCK_H
#define ZW_STORE_LOCK_H

#include "base/err.h"

typedef struct zw_lock zw_lock;

/**
 * Takes the lock, at once or not at all. It sees other processes of this machine and other holders
 * in this process. It does not see a store reached by another hard link, a writer on another
 * machine where the file system keeps locks to itself, or a program that does not ask for it (the
 * sqlite3 shell).
 * @param path  the store's file; the lock's is "<path>-lock", stays behind, and is always empty.
 * @return ZW_OK; ZW_CONFLICT when somebody holds it; ZW_STORE; ZW_NOMEM.
 */
zw_status zw_lock_take(const char *path, zw_lock **out, zw_err *err) ZW_MUST_USE;

void zw_lock_release(zw_lock *lock); /* NULL is allowed */

#endif
