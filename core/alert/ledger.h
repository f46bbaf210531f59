/**
 * The ledger: every move of every alert instance, with its evidence, in the table alert_event.
 * Nothing is deleted: when history is replayed, what it no longer says is marked superseded, and
 * what it says again is the same row again.
 */
#ifndef ZW_ALERT_LEDGER_H
#define ZW_ALERT_LEDGER_H

#include "alert/state.h"
#include "store/db.h"

typedef struct zw_ledger zw_ledger;

/** Who an event is about, by name: a pack may change under a store. */
typedef struct zw_alert_key {
    const char *alert, *area;
    const char *period; /* of a per-period alert, its SDMX text; else "" */
    const char *item;   /* of an alert for each item, its name; else "" */
} zw_alert_key;

typedef struct zw_alert_event {
    int64_t id; /* given by the ledger */
    zw_alert_key key;
    int64_t at_ms;        /* the as-of moment of the move */
    int64_t recorded_ms;  /* when this was written down */
    zw_alert_state state; /* after the move */
    const char *evidence; /* a JSON object; never NULL */
    const char *from;     /* in a history: how it stood before, in zw_alert_state_word's words; else
                             NULL */
} zw_alert_event;

/** True when the state itself moved; false when only the clock of a hold did, which people need not
 * be shown. */
bool zw_ledger_is_move(const zw_alert_event *event);

zw_status zw_ledger_create(zw_db *db, zw_ledger **out,
                           zw_err *err) ZW_MUST_USE; /* db is borrowed and must outlive it */
void zw_ledger_destroy(zw_ledger *ledger);

/** Writes a move down (inside a transaction); sets event->id. */
zw_status zw_ledger_append(zw_ledger *ledger, zw_alert_event *event, zw_err *err) ZW_MUST_USE;

/** Marks every event at or after `at_ms` superseded as of `recorded_ms` (inside a transaction). */
zw_status zw_ledger_rewind(zw_ledger *ledger, int64_t at_ms, int64_t recorded_ms,
                           zw_err *err) ZW_MUST_USE;

/** An alert whose moves up to a moment stay on record. */
typedef struct zw_ledger_fixed {
    const char *alert;
    int64_t upto_ms;
} zw_ledger_fixed;

/** As zw_ledger_rewind, but for what is fixed. */
zw_status zw_ledger_rewind_around(zw_ledger *ledger, int64_t at_ms, int64_t recorded_ms,
                                  const zw_ledger_fixed *fixed, size_t count,
                                  zw_err *err) ZW_MUST_USE;

/** Called for an event; its texts live for the call. Another status than ZW_OK ends the walk and is
 * returned by it. */
typedef zw_status (*zw_ledger_each)(void *arg, const zw_alert_event *event, zw_err *err);

/** The standing event of each instance as of `at_ms`: how states are restored. */
zw_status zw_ledger_states(zw_ledger *ledger, int64_t at_ms, zw_ledger_each each, void *arg,
                           zw_err *err) ZW_MUST_USE;

/** The same of one alert. */
zw_status zw_ledger_standing(zw_ledger *ledger, const char *alert, int64_t at_ms,
                             zw_ledger_each each, void *arg, zw_err *err) ZW_MUST_USE;

/** Standing events from `from_ms` to `to_ms`, both included, by moment; `alert` NULL: of every
 * alert. */
zw_status zw_ledger_history(zw_ledger *ledger, const char *alert, int64_t from_ms, int64_t to_ms,
                            zw_ledger_each each, void *arg, zw_err *err) ZW_MUST_USE;

/** Snapshot text of a state and back: "ok 1 - - - …"; stable, versioned, readable in the sqlite3
 * shell. */
void zw_alert_state_write(const zw_alert_state *state, zw_buf *out);
bool zw_alert_state_read(zw_text text, zw_alert_state *out);

#endif
