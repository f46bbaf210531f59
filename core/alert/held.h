/**
 * What guards hold: deliveries kept aside, in the tables held, held_row (figures) and held_item
 * (rows of registers). A held delivery is a batch of which nothing was taken; its rows wait by name
 * until an operator releases or refuses it.
 */
#ifndef ZW_ALERT_HELD_H
#define ZW_ALERT_HELD_H

#include "base/period.h"
#include "store/item_journal.h"

typedef struct zw_held zw_held;

/** One row that waits. Texts are borrowed; never NULL. */
typedef struct zw_held_row {
    uint32_t line;
    const char *measure, *area, *dims, *scope, *source, *note;
    const char *period; /* as in SDMX */
    double value;       /* without scale */
    int64_t known_at_ms;
    int status; /* zw_obs_status */
    bool is_synthetic;
} zw_held_row;

typedef enum zw_held_is {
    ZW_HELD_NOT, /* never held: taken when it came */
    ZW_HELD_STILL,
    ZW_HELD_RELEASED,
    ZW_HELD_REFUSED
} zw_held_is;

/** "" "held" "released" "refused". */
const char *zw_held_text(zw_held_is is);

typedef struct zw_held_state {
    zw_held_is is;
    int64_t ended_ms;    /* ZW_NEVER_MS while it is held, or never was */
    int64_t released_as; /* the batch that its rows became; 0 */
} zw_held_state;

/** @param db  borrowed; must outlive the result. */
zw_status zw_held_create(zw_db *db, zw_held **out, zw_err *err) ZW_MUST_USE;
void zw_held_destroy(zw_held *held); /* NULL is allowed */

/** Each of these writes inside a transaction and is refused with ZW_STORE outside one. */
zw_status zw_held_keep(zw_held *held, int64_t batch, zw_err *err) ZW_MUST_USE;
zw_status zw_held_put(zw_held *held, int64_t batch, const zw_held_row *row,
                      zw_err *err) ZW_MUST_USE;
/** The same of a register's row; it says its batch. */
zw_status zw_held_put_item(zw_held *held, const zw_item_row *row, zw_err *err) ZW_MUST_USE;
/** Ends it, as released into batch `released_as`, or (0) as refused; its rows go. */
zw_status zw_held_end(zw_held *held, int64_t batch, int64_t at_ms, int64_t released_as,
                      zw_err *err) ZW_MUST_USE;

/** How it is with a batch; ZW_HELD_NOT for one that never was held or is not there. */
zw_status zw_held_state_of(zw_held *held, int64_t batch, zw_held_state *out,
                           zw_err *err) ZW_MUST_USE;

/** The batch that is held and came from `source` with this digest; 0 when there is none. */
zw_status zw_held_find(zw_held *held, const char *source, const char *digest, int64_t *batch,
                       zw_err *err) ZW_MUST_USE;

/** The rows that wait, in order of known_at_ms, then as they came. Texts live for the call. */
typedef zw_status (*zw_held_each)(void *arg, const zw_held_row *row, zw_err *err);
zw_status zw_held_rows(zw_held *held, int64_t batch, zw_held_each each, void *arg,
                       zw_err *err) ZW_MUST_USE;
/** The same of registers' rows. */
zw_status zw_held_items(zw_held *held, int64_t batch, zw_item_journal_cb each, void *arg,
                        zw_err *err) ZW_MUST_USE;

#endif
