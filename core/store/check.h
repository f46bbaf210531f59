/** A check of the whole file: everything in it is read and held against everything else. */
#ifndef ZW_STORE_CHECK_H
#define ZW_STORE_CHECK_H

#include "store/store.h"

/** What was read, and how many faults were told. */
typedef struct zw_check {
    size_t figures, pages, deliveries, faults;
} zw_check;

/** Who hears of a check. Either may be NULL. */
typedef struct zw_check_watch {
    void *arg;
    void (*on_fault)(void *arg, const char *text); /* one line, for people */
    void (*on_read)(void *arg, size_t done_pages, size_t all_pages);
} zw_check_watch;

/**
 * Checks a store that was opened for reading:
 *  - the file, as SQLite checks it (its pages, indexes, and that a row names only rows there are)
 *  - every page and every row of the journal, by their checksums; of a damaged one, whose figures
 *    of which periods are lost
 *  - that every figure is one that could have been taken, of a delivery that there is
 *  - that every figure in the journal is known to the page it belongs to
 * Periods below a day are told in UTC.
 * @return ZW_OK, also when there are faults; ZW_NOMEM; ZW_STORE when the file cannot be read on.
 */
zw_status zw_store_check(zw_store *store, const zw_check_watch *watch, zw_check *out,
                         zw_err *err) ZW_MUST_USE;

#endif
