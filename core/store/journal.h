/** The journal: deliveries and their observations in the file, in order of arrival. */
#ifndef ZW_STORE_JOURNAL_H
#define ZW_STORE_JOURNAL_H

#include "store/store.h"

typedef struct zw_journal zw_journal;

/** @param db  borrowed; must outlive the result. */
zw_status zw_journal_create(zw_db *db, zw_journal **out, zw_err *err) ZW_MUST_USE;
void zw_journal_destroy(zw_journal *journal); /* NULL is allowed */

/** Each of these writes one row, inside a transaction, and is refused with ZW_STORE outside one. */
zw_status zw_journal_deliver(zw_journal *journal, const zw_delivery *delivery,
                             zw_err *err) ZW_MUST_USE; /* with the id it has */
zw_status zw_journal_count(zw_journal *journal, const zw_delivery *delivery,
                           zw_err *err) ZW_MUST_USE; /* the four counts of it */
zw_status zw_journal_put(zw_journal *journal, zw_series_id series, zw_period period,
                         const zw_figure *figure, zw_err *err) ZW_MUST_USE;

/** Who takes what a reading finds. Texts are valid during the call. An error ends the reading. */
typedef struct zw_journal_reader {
    void *arg;
    zw_status (*on_delivery)(void *arg, const zw_delivery *delivery, zw_err *err);
    zw_status (*on_figure)(void *arg, zw_series_id series, zw_period period,
                           const zw_figure *figure, zw_err *err);
} zw_journal_reader;

/**
 * Reads the whole journal: first every delivery, then every figure, each in order of arrival.
 * Inside one transaction the two fit. @return ZW_STORE when a row cannot be what was written.
 */
zw_status zw_journal_read(zw_journal *journal, const zw_journal_reader *reader,
                          zw_err *err) ZW_MUST_USE;

#endif
