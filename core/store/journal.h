/** The journal: deliveries and their figures in the file, in order of arrival. A row of figures is
 * two BLOBs, each with a checksum: what they are about, and the figures as columns. */
#ifndef ZW_STORE_JOURNAL_H
#define ZW_STORE_JOURNAL_H

#include "store/damage.h"
#include "store/put.h"
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
/**
 * Writes one row with up to ZW_JOURNAL_ROW_MOST figures. @param row  its number, above all others.
 */
enum { ZW_JOURNAL_ROW_MOST = 32768 };
zw_status zw_journal_write(zw_journal *journal, int64_t row, const zw_put *puts, size_t count,
                           zw_err *err) ZW_MUST_USE;

/** Removes the rows from `first` up to, but not with, `end`. */
zw_status zw_journal_drop(zw_journal *journal, int64_t first, int64_t end, zw_err *err) ZW_MUST_USE;

/** Who takes what a reading finds. Texts are valid during the call. An error ends the reading. */
typedef struct zw_journal_reader {
    void *arg;
    zw_status (*on_delivery)(void *arg, const zw_delivery *delivery, zw_err *err);
    /** The figures of a row, in order of arrival. @return ZW_STORE when they cannot be: the row is
     * damaged, and the reading goes on. */
    zw_status (*on_figures)(void *arg, int64_t row, const zw_put *puts, size_t count, zw_err *err);
    /** A row that is damaged. */
    zw_status (*on_damage)(void *arg, const zw_damage *damage, zw_err *err);
} zw_journal_reader;

/**
 * Reads the whole journal: first every delivery, then every figure, each in order of arrival.
 * Inside one transaction the two fit. A row of figures that is damaged is named and left out.
 * @return ZW_STORE when a delivery cannot be what was written.
 */
zw_status zw_journal_read(zw_journal *journal, const zw_journal_reader *reader,
                          zw_err *err) ZW_MUST_USE;

#endif
