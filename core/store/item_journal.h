/** The rows of registers in the file: those taken in the table `item_event`, in order of arrival;
 * those that wait, because a guard holds their delivery, in `held_item`. */
#ifndef ZW_STORE_ITEM_JOURNAL_H
#define ZW_STORE_ITEM_JOURNAL_H

#include "store/db.h"
#include "store/item.h"

/** Between fields, and between a field's name and its text, in the column `fields`. */
#define ZW_ITEM_FIELD_SEPARATOR '\x1f'
#define ZW_ITEM_FIELD_EQUALS '='

typedef struct zw_item_journal zw_item_journal;

/** @param db  borrowed; must outlive the result. */
zw_status zw_item_journal_create(zw_db *db, zw_item_journal **out, zw_err *err) ZW_MUST_USE;
void zw_item_journal_destroy(zw_item_journal *journal); /* NULL is allowed */

/** Writes one row, inside a transaction, and is refused with ZW_STORE outside one. */
zw_status zw_item_journal_put(zw_item_journal *journal, const zw_item_row *row,
                              zw_err *err) ZW_MUST_USE;

/** Takes what a reading finds. Texts are valid during the call. An error ends the reading. */
typedef zw_status (*zw_item_journal_cb)(void *arg, const zw_item_row *row, zw_err *err);

/** Reads every row in order of arrival. @return ZW_STORE when a row cannot be what was written. */
zw_status zw_item_journal_read(zw_item_journal *journal, zw_item_journal_cb on_row, void *arg,
                               zw_err *err) ZW_MUST_USE;

/** Writes one row that waits; its batch must be held. As zw_item_journal_put. */
zw_status zw_item_journal_hold(zw_item_journal *journal, const zw_item_row *row,
                               zw_err *err) ZW_MUST_USE;

/** Reads the rows of a batch that wait, in order of (known_at, arrival). As zw_item_journal_read.
 */
zw_status zw_item_journal_held(zw_item_journal *journal, int64_t batch, zw_item_journal_cb on_row,
                               void *arg, zw_err *err) ZW_MUST_USE;

/** Drops them, inside a transaction. */
zw_status zw_item_journal_drop(zw_item_journal *journal, int64_t batch, zw_err *err) ZW_MUST_USE;

#endif
