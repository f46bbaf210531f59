/**
 * The store: figures with two times; nothing is overwritten. One SQLite file (batches and their
 * journal), the series registry and the columns in memory. Callers see figures by (series, period)
 * and as-of; the layout below may change.
 *
 * Promises
 * 1. What a put inside a transaction did is durable when zw_store_commit answers ZW_OK, and gone
 * when it does not.
 * 2. As of T is the last version with known_at <= T. Older versions stay.
 * 3. The same deliveries with the same known_at give the same answers at every as-of, in whatever
 * order they came, except that of two versions with equal known_at the one that arrived later wins.
 */
#ifndef ZW_STORE_STORE_H
#define ZW_STORE_STORE_H

#include "store/damage.h"
#include "store/items.h"
#include "store/learned.h"
#include "store/series.h"
#include "store/slab.h"

typedef struct zw_store zw_store;

/** One accepted delivery. Texts are borrowed by the put and owned by the store in what it gives
 * out. */
typedef struct zw_delivery {
    int64_t id; /* from 1, in order of arrival; given by the put */
    const char *source, *name, *format,
        *digest; /* name: the file's, or the request's; digest: zw_digest_of the bytes */
    int64_t arrived_ms;
    bool is_synthetic;
    uint32_t accepted, unchanged, revised, rejected;
} zw_delivery;

/** How a store is kept. A plain value; what is 0 is as usual. */
typedef struct zw_store_options {
    size_t ceiling_bytes; /* of figures in memory that are in pages of the file too: 256 MiB */
    size_t unsealed_most; /* figures that wait in the journal: 262,144 */
    size_t learned_most;  /* of the index of what was learned, in memory: 131,072 */
    /* Of a new file; an old one has its own. */
    uint32_t page_periods; /* at most 512, as usual */
    uint32_t page_series;  /* whose pages lie together: at most 64, as usual */
} zw_store_options;

/**
 * Reads the directory of pages and the tail of the journal; pages come into memory when they are
 * asked. A store opened for reading sees one committed state until it is closed.
 * @param path  a file or ":memory:".
 * @param options  NULL: as usual.
 */
zw_status zw_store_open_with(const char *path, zw_db_mode mode, const zw_store_options *options,
                             zw_store **out, zw_err *err) ZW_MUST_USE;
zw_status zw_store_open(const char *path, zw_db_mode mode, zw_store **out, zw_err *err) ZW_MUST_USE;
/** When much waits in the journal it is sealed first. */
void zw_store_close(zw_store *store); /* NULL is allowed; an open turn is rolled back */

zw_db *zw_store_db(zw_store *store);             /* borrowed: for the rooms above that own tables */
zw_series_set *zw_store_series(zw_store *store); /* borrowed */
zw_items *zw_store_items(zw_store *store);       /* borrowed; rows are put inside a turn */

zw_status zw_store_begin(zw_store *store, zw_err *err) ZW_MUST_USE;
/** On failure everything since begin is undone, in the file and in memory. */
zw_status zw_store_commit(zw_store *store, zw_err *err) ZW_MUST_USE;
void zw_store_rollback(zw_store *store);

/** Marks a point inside the turn; a batch refused half-way goes back to it without harming the
 * others. */
zw_status zw_store_savepoint(zw_store *store, zw_err *err) ZW_MUST_USE;
zw_status zw_store_release(zw_store *store, zw_err *err) ZW_MUST_USE;
void zw_store_rollback_to(zw_store *store);

/** Opens a delivery inside the turn: gives it its id. Counts may be zero and are written by
 * zw_store_deliver_done. */
zw_status zw_store_deliver(zw_store *store, zw_delivery *delivery, zw_err *err) ZW_MUST_USE;
zw_status zw_store_deliver_done(zw_store *store, const zw_delivery *delivery,
                                zw_err *err) ZW_MUST_USE;

/** True when a source ever sent anything. */
bool zw_store_has_sent(const zw_store *store, const char *source);

/** True when `digest` is that of the last delivery of `source`: the same file again. @param id gets
 * that delivery's; may be NULL. */
bool zw_store_is_repeat(const zw_store *store, const char *source, const char *digest, int64_t *id);

/** Deliveries in order of arrival. @return NULL when there is none of that number (0 … count - 1).
 */
size_t zw_store_delivery_count(const zw_store *store);
const zw_delivery *zw_store_delivery(const zw_store *store, size_t index);
const zw_delivery *zw_store_delivery_by_id(const zw_store *store, int64_t id);

/**
 * The number of a text that a row says beside its figure (its own source, its note). Every text is
 * kept once: finds it, or adds it inside the turn. The empty text is 0 in every store.
 * @return ZW_OK; ZW_INVALID for a text with a NUL in it; ZW_NOMEM; ZW_STORE when SQLite refused or
 * a new text comes outside a turn. On failure `*out` is 0 and nothing was added.
 */
zw_status zw_store_text(zw_store *store, zw_text text, uint32_t *out, zw_err *err) ZW_MUST_USE;
/** That text, NUL-terminated; "" for a number that does not exist. Valid until the store is closed
 * or the turn that added it is rolled back. */
const char *zw_store_text_view(const zw_store *store, uint32_t number);

/** Takes one figure inside the turn; ZW_NOT_FOUND when it names a series, batch or text that there
 * is not, ZW_INVALID when its period is below the measure's floor. */
zw_status zw_store_put(zw_store *store, zw_series_id series, zw_period period,
                       const zw_figure *figure, zw_change *change, zw_err *err) ZW_MUST_USE;

/** One sample of a delivery whose rows share known_at, status and mark and have no line, source or
 * note of their own. */
typedef struct zw_sample {
    zw_series_id series;
    zw_period period;
    double value;
} zw_sample;

/** What samples did to their cells, by zw_change. */
typedef struct zw_change_counts {
    uint32_t fresh, unchanged, revised;
} zw_change_counts;

/**
 * Takes many samples inside the turn, in their order, as so many zw_store_put would.
 * @param like  what they share: known_at, batch, status, mark; its value, line, source and note
 * are not read.
 * @param counts  set; counts what was taken.
 * @return as zw_store_put, of the first that cannot be taken: those before it are taken, and it
 * is for the caller to go back to a savepoint.
 */
zw_status zw_store_put_samples(zw_store *store, const zw_sample *samples, size_t count,
                               const zw_figure *like, zw_change_counts *counts,
                               zw_err *err) ZW_MUST_USE;

/** Of a measure nothing is known any more, whatever the as-of, of periods before its floor. */
bool zw_store_floor(const zw_store *store, const char *measure, zw_period *floor,
                    int64_t *moved_ms); /* false: it has none; moved_ms: when it moved last */

/** The first period of the page that a period is in: a floor is always one. */
zw_period zw_store_page_start(const zw_store *store, zw_period period);

/**
 * Moves the floor of a measure up to the page that has `before`, inside a turn; down it never goes.
 * What lies below leaves the file by and by: the turns that follow write some of it away, as long
 * as zw_store_is_shedding. From when on a series was known stays known (zw_store_first).
 */
zw_status zw_store_let_go(zw_store *store, const char *measure, zw_period before, int64_t now_ms,
                          zw_err *err) ZW_MUST_USE;
bool zw_store_is_shedding(const zw_store *store);

/** What was known at `as_of_ms`, written to `room`: NULL when nothing was. A withdrawal is returned
 * like any other version. */
const zw_figure *zw_store_at(const zw_store *store, zw_series_id series, zw_period period,
                             int64_t as_of_ms, zw_figure *room);

/** The newest figure of every series, by its number. @param count  those there are places for: a
 * series beyond has none. */
const zw_head *zw_store_heads(const zw_store *store, size_t *count);

/** Values that lie together and are alike, from period `lo` on: ask again behind the run. The next
 * page begins a new one. @return false when there is none: ask for the cell. Valid until the next
 * put, commit, rollback or rest. */
bool zw_store_run(const zw_store *store, zw_series_id series, zw_period lo, zw_period hi,
                  int64_t as_of_ms, zw_run *out);

/** All versions of a cell, oldest first; a single one is written to `room`. Valid until the next
 * put, commit, rollback or rest. @return their count. */
size_t zw_store_versions(const zw_store *store, zw_series_id series, zw_period period,
                         zw_figure *room, const zw_figure **out);

/** First and last period that has a version, not below the floor; false when there is none. */
bool zw_store_span(const zw_store *store, zw_series_id series, zw_period *first, zw_period *last);

/** The first period of which something was known at `as_of_ms`, be it below the floor; false when
 * there is none. */
bool zw_store_first(const zw_store *store, zw_series_id series, int64_t as_of_ms, zw_period *out);

/**
 * What was learned after `after_ms` up to and including `upto_ms`, in order of known_at: a pointer
 * into the store's index, valid until the next call, put, commit, rollback or rest. @return the
 * count.
 */
size_t zw_store_learned(const zw_store *store, int64_t after_ms, int64_t upto_ms,
                        const zw_learned **out);

/** For a long reading: lets go of pages when memory is above the ceiling. Commit and rollback do so
 * by themselves. Not inside a turn. */
void zw_store_rest(zw_store *store);

/** What a reading lacked memory for since the last call; ZW_OK when nothing. What was read then
 * said "nothing known" where there may be something. In a turn its commit asks, and fails. */
zw_status zw_store_trouble(zw_store *store, zw_err *err) ZW_MUST_USE;

/** The first known_at in the store, of figures and items; ZW_NEVER_MS when it is empty. */
int64_t zw_store_first_known_ms(const zw_store *store);

/** The next moment after `after_ms` at which a figure or an item's row was learned; ZW_NEVER_MS
 * when there is none. */
int64_t zw_store_next_known_ms(const zw_store *store, int64_t after_ms);

/** Figures (versions) in the store. */
size_t zw_store_figure_count(const zw_store *store);

/** What was found damaged in the file since it was opened: it is left out, the rest is served.
 * @return NULL when there is none of that number. */
size_t zw_store_damage_count(const zw_store *store);
const zw_damage *zw_store_damage(const zw_store *store, size_t number);

#endif
