/**
 * All figures: the column of each series. Pages that are in the file are brought into memory when
 * they are asked, and let go at a rest when memory is above a ceiling; in step with them goes the
 * index of what was learned when.
 */
#ifndef ZW_STORE_COLUMNS_H
#define ZW_STORE_COLUMNS_H

#include "store/damage.h"
#include "store/db.h"
#include "store/learned.h"
#include "store/put.h"
#include "store/slab.h"

typedef struct zw_columns zw_columns;

/** A plain value. */
typedef struct zw_columns_options {
    uint32_t span;         /* periods of a page: at most ZW_SLAB_CELLS_MOST */
    uint32_t group_series; /* series of a tile: at most ZW_TILE_SERIES_MOST */
    uint32_t series_count; /* in the file */
    size_t ceiling_bytes;  /* of pages in memory, as far as they can be let go */
    size_t unsealed_most;  /* figures that wait in the journal */
    size_t learned_most;   /* of the index, in memory */
    void *arg;             /* of on_damage, which hears of every damaged page */
    zw_status (*on_damage)(void *arg, const zw_damage *damage, zw_err *err);
} zw_columns_options;

/** @param db  borrowed; must outlive the result. Reads what pages there are, inside the transaction
 * that is open. */
zw_status zw_columns_create(zw_db *db, const zw_columns_options *options, zw_columns **out,
                            zw_err *err) ZW_MUST_USE;
void zw_columns_destroy(zw_columns *columns); /* NULL is allowed */

/** Takes a version into the column of its series, made when absent, and into the index; on failure
 * into neither. @param row  of the journal, in which it is or will be. */
zw_status zw_columns_put(zw_columns *columns, const zw_put *put, int64_t row, zw_change *change,
                         zw_err *err) ZW_MUST_USE;

/** The steps to where a figure goes: each finds what the one before it brought near. */
typedef enum zw_columns_step {
    ZW_COLUMNS_COLUMN,
    ZW_COLUMNS_LIST,
    ZW_COLUMNS_LEAF,
    ZW_COLUMNS_CELL,
    ZW_COLUMNS_STEPS
} zw_columns_step;

/** Brings into the processor's cache what zw_columns_put will need for a figure that is soon to
 * come, most likely into the series' last page. Changes nothing: who puts thousands in a row takes
 * the four steps some figures apart, so that the memory works on many at once. */
void zw_columns_expect(const zw_columns *columns, zw_series_id series, zw_period period,
                       zw_columns_step step);

/** Takes what the journal says, unless its page has it already. */
zw_status zw_columns_replay(zw_columns *columns, const zw_put *put, int64_t row,
                            zw_err *err) ZW_MUST_USE;

/** The last row of the journal that a page has; 0 when there is none. */
int64_t zw_columns_sealed_row(const zw_columns *columns);

/** Takes back the put that came last of those still there. */
void zw_columns_unput(zw_columns *columns, zw_series_id series, zw_period period,
                      int64_t known_at_ms);

/** As zw_store_at, zw_store_versions, zw_store_run, zw_store_span, zw_store_first. */
const zw_figure *zw_columns_at(zw_columns *columns, zw_series_id series, zw_period period,
                               int64_t as_of_ms, zw_figure *room);
size_t zw_columns_versions(zw_columns *columns, zw_series_id series, zw_period period,
                           zw_figure *room, const zw_figure **out);
bool zw_columns_run(zw_columns *columns, zw_series_id series, zw_period lo, zw_period hi,
                    int64_t as_of_ms, zw_run *out);
bool zw_columns_span(zw_columns *columns, zw_series_id series, zw_period *first, zw_period *last);
bool zw_columns_first(zw_columns *columns, zw_series_id series, int64_t as_of_ms, zw_period *out);

/** The newest figure of every series, side by side. */
const zw_head *zw_columns_heads(const zw_columns *columns, size_t *count);

size_t zw_columns_count(const zw_columns *columns); /* versions */
int64_t zw_columns_first_ms(zw_columns *columns);   /* the first known_at; ZW_NEVER_MS */

/** As zw_store_learned, zw_store_next_known_ms. */
size_t zw_columns_learned(zw_columns *columns, int64_t after_ms, int64_t upto_ms,
                          const zw_learned **out);
int64_t zw_columns_next_ms(zw_columns *columns, int64_t after_ms);

/** What there is no more of a series. A plain value. */
typedef struct zw_gone {
    zw_period floor;     /* nothing is known of periods before it; INT64_MIN: there is none */
    zw_period first;     /* of what was let go */
    int64_t known_at_ms; /* the first of what was let go; ZW_NEVER_MS: nothing was */
} zw_gone;

/** Sets the floor of a series, up or back down: what lies below is answered to nobody, and leaves
 * the file by and by. Down, what has left already does not come back. @return ZW_NOMEM, but not for
 * a series that has one. */
zw_status zw_columns_set_floor(zw_columns *columns, zw_series_id series, zw_period floor,
                               zw_err *err) ZW_MUST_USE;

/** Says what was let go of a series before; its floor is not looked at. */
zw_status zw_columns_set_gone(zw_columns *columns, zw_series_id series, const zw_gone *gone,
                              zw_err *err) ZW_MUST_USE;

/** Whether pages below a floor may still have to leave the file. */
bool zw_columns_is_shedding(const zw_columns *columns);

/** The floor of a series; INT64_MIN when it has none. */
zw_period zw_columns_floor(const zw_columns *columns, zw_series_id series);

/** Lets go of pages when memory is above the ceiling, and of old entries of the index. What was
 * given out is not valid any more. Not inside a turn that may still be taken back. */
void zw_columns_rest(zw_columns *columns);

/** What a reading lacked memory or the file for since the last call; ZW_OK when nothing. What was
 * read then said "nothing known" where there may be something. */
zw_status zw_columns_trouble(zw_columns *columns, zw_err *err) ZW_MUST_USE;

#endif
