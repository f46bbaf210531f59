/**
 * The registers' rows: every one that was ever said, in memory and in the table `item_event`.
 * Append-only; a later row about the same moment corrects, none is overwritten. Names are the
 * store's own: which registers, areas and fields a pack still has is not its business.
 *
 * Pointers given out are valid until the next put, commit or rollback. Every function that takes a
 * register or an item also takes ZW_REGISTER_NONE or ZW_ITEM_NONE, of which there is nothing.
 */
#ifndef ZW_STORE_ITEMS_H
#define ZW_STORE_ITEMS_H

#include "store/column.h"
#include "store/db.h"
#include "store/item.h"

typedef struct zw_items zw_items;

/** Loads what is stored. @param db  borrowed; must outlive the result. @return ZW_OK; ZW_NOMEM;
 * ZW_STORE when SQLite refused or a row cannot be what was written. */
zw_status zw_items_create(zw_db *db, zw_items **out, zw_err *err) ZW_MUST_USE;
void zw_items_destroy(zw_items *items); /* NULL is allowed */

/**
 * Takes one row inside the store's turn; it is copied, without fields that say "".
 * @param change  as zw_item_change; of a row without item: unchanged when the area said so for that
 *                moment already, else new.
 * @return ZW_OK; ZW_INVALID as zw_item_row_check; ZW_NOMEM; ZW_STORE when SQLite refused (no such
 * batch) or no transaction is open. On failure nothing was added.
 */
zw_status zw_items_put(zw_items *items, const zw_item_row *row, zw_change *change,
                       zw_err *err) ZW_MUST_USE;

/** How many rows, registers, items there are. */
size_t zw_items_count(const zw_items *items);
uint32_t zw_items_register_count(const zw_items *items);
uint32_t zw_items_item_count(const zw_items *items);

/** A row by its place in the order of arrival; NULL when there is none. */
const zw_item_row *zw_items_row(const zw_items *items, size_t number);

zw_register_id zw_items_register(const zw_items *items, const char *name); /* ZW_REGISTER_NONE */
const char *zw_items_register_name(const zw_items *items, zw_register_id id);
zw_item_id zw_items_find(const zw_items *items, zw_register_id id,
                         const char *item); /* ZW_ITEM_NONE */
const char *zw_items_name(const zw_items *items, zw_item_id id);

/** The items of a register, in order of arrival. @return their count. */
size_t zw_items_of(const zw_items *items, zw_register_id id, const zw_item_id **out);

/** The rows of an item, in order of (at, known_at, arrival). @return their count. */
size_t zw_items_rows(const zw_items *items, zw_item_id id, const zw_item_row *const **out);

/** How an item stands at `t_ms` as known at `as_of_ms`: see item.h. */
void zw_item_at(const zw_items *items, zw_item_id id, int64_t t_ms, int64_t as_of_ms,
                zw_item_standing *out);

/**
 * The rows of a register with `at_ms` in [from_ms, till_ms), those without item among them, in
 * order of (at, arrival), whenever they were known. @param first  the number of the first of them,
 * for zw_items_report. @return their count.
 */
size_t zw_items_reports(const zw_items *items, zw_register_id id, int64_t from_ms, int64_t till_ms,
                        size_t *first);
const zw_item_row *zw_items_report(const zw_items *items, zw_register_id id, size_t number);

/**
 * What was learned after `after_ms` up to and including `upto_ms`, of all registers, in order of
 * (known_at, arrival). @param first  the number of the first, for zw_items_news. @return the count.
 */
size_t zw_items_learned(const zw_items *items, int64_t after_ms, int64_t upto_ms, size_t *first);
const zw_item_row *zw_items_news(const zw_items *items, size_t number);

/** The first known_at; ZW_NEVER_MS when there is no row. */
int64_t zw_items_first_known_ms(const zw_items *items);

/** The next moment after `t_ms` from which a row of the register known at `as_of_ms` holds: when
 * time alone changes it; ZW_NEVER_MS when there is none. */
int64_t zw_item_next_ms(const zw_items *items, zw_register_id id, int64_t t_ms, int64_t as_of_ms);

/** A point in the life of the rows, to which a turn or a savepoint in it can go back. A plain
 * value.
 */
typedef struct zw_items_mark {
    size_t rows;
    uint32_t registers, items, texts;
} zw_items_mark;

zw_items_mark zw_items_mark_of(const zw_items *items);

/** Forgets what was added since the mark was taken. Memory only: the rows go with the transaction.
 */
void zw_items_back_to(zw_items *items, zw_items_mark mark);

#endif
