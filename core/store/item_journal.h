/** The rows of registers in the file: the table `item_event`, in order of arrival. */
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

#endif
