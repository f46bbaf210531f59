/** A copy of a store's file, taken while others write it. */
#ifndef ZW_STORE_COPY_H
#define ZW_STORE_COPY_H

#include "base/err.h"

#include <stdint.h>

/** Who watches a copy grow; `on_copied` may be NULL. */
typedef struct zw_copy_watch {
    void (*on_copied)(void *arg, int64_t done_bytes, int64_t all_bytes);
    void *arg;
} zw_copy_watch;

/**
 * Copies the store as the last commit before the call left it; a writer goes on meanwhile. A store
 * of any schema version is good, so that one can be kept before a newer program opens it. The copy
 * grows beside its place as "<to>.part" and takes its name when it is whole and on disk.
 * @param bytes  gets the size of the copy; may be NULL.
 * @return ZW_OK; ZW_NOT_FOUND when there is no store `from`; ZW_CONFLICT when there is something at
 * `to` already; ZW_STORE; ZW_IO; ZW_NOMEM. On failure there is nothing at `to`, and no part.
 */
zw_status zw_copy_store(const char *from, const char *to, const zw_copy_watch *watch,
                        int64_t *bytes, zw_err *err) ZW_MUST_USE;

#endif
