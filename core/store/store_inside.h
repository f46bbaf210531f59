/** What the files that make up the store share. */
#ifndef ZW_STORE_STORE_INSIDE_H
#define ZW_STORE_STORE_INSIDE_H

#include "store/columns.h"
#include "store/deliveries.h"
#include "store/journal.h"
#include "store/keeping.h"
#include "store/remarks.h"
#include "store/sealing.h"
#include "store/series_mark.h"
#include "store/store.h"

/* One change to take back: a figure that was put, or the counts a delivery had before. */
typedef struct zw_undo {
    bool is_counts;
    union {
        struct {
            int64_t known_at_ms;
            zw_period period;
            zw_series_id series;
        } put;
        struct {
            int64_t delivery;
            uint32_t accepted, unchanged, revised, rejected;
        } counts;
    } of;
} zw_undo;

typedef struct zw_store_mark {
    size_t undo_count, delivery_count;
    int64_t row;
    uint32_t remark_count;
    zw_series_mark series;
    zw_items_mark items;
} zw_store_mark;

struct zw_store {
    zw_db *db;
    zw_stmts stmts;
    zw_series_set *series;
    zw_journal *journal;
    zw_deliveries *deliveries;
    zw_columns *columns;
    zw_sealing *sealing;
    zw_keeping *keeping;
    zw_series_id floored; /* series whose floor the columns were told */
    zw_store_options options;
    zw_remarks *remarks;
    zw_items *items;
    zw_undo *undos;
    size_t undo_count, undo_capacity;
    zw_put *pending; /* put since the last row of the journal */
    size_t pending_count, pending_capacity;
    int64_t row;      /* the last of the journal */
    int64_t kept_row; /* the first that was not let go of */
    zw_damage *damages;
    size_t damage_count;
    zw_store_mark begun, saved;
    bool is_in_turn, has_savepoint, is_for_reading;
};

/** Makes ready the statements of savepoints. */
zw_status zw_store_prepare(zw_store *store, zw_err *err) ZW_MUST_USE;

/** Room for one undo more. */
zw_status zw_store_undo_reserve(zw_store *store, zw_err *err) ZW_MUST_USE;

/** Writes what was put since the last row into the journal. */
zw_status zw_store_write_pending(zw_store *store, zw_err *err) ZW_MUST_USE;

/** Whether the texts that a figure names are there. */
bool zw_store_has_texts_of(const zw_store *store, const zw_figure *figure);

/** Seals what the turn made due, or all. What comes of the transaction must be told. */
zw_status zw_store_seal(zw_store *store, bool is_all, zw_err *err) ZW_MUST_USE;
void zw_store_seal_end(zw_store *store, bool is_committed);

#endif
