/**
 * Silences: what is not told for a while, by whose word and why, in the table silence. One is never
 * changed and never goes; it may be ended before its time, and says so.
 */
#ifndef ZW_ALERT_SILENCE_H
#define ZW_ALERT_SILENCE_H

#include "plan/pack.h"
#include "store/db.h"
#include "store/items.h"

typedef struct zw_silences zw_silences;

/** One silence. Texts are borrowed, never NULL; of the first four "" is any. */
typedef struct zw_silence {
    int64_t id; /* given by the put */
    const char *alert;
    const char *area; /* with everything inside it */
    const char *severity;
    const char *item;
    const char *hours;          /* of the week, on its area's clocks: only then; "": always */
    int64_t starts_ms, ends_ms; /* half-open; ends_ms: ZW_NEVER_MS of one without an end */
    const char *author, *reason;
    int64_t created_ms;
    int64_t ended_ms; /* before its time; ZW_NEVER_MS */
    const char *ended_by;
} zw_silence;

/** A silence as people ask for one. A text is NULL or "" when it was not given. */
typedef struct zw_silence_words {
    const char *alert, *area, *severity, *item;
    const char *start;  /* a moment or a period; else now */
    const char *end;    /* likewise, a period's end; or … */
    const char *length; /* … "2h" after the start; neither: of one with hours no end */
    const char *hours;  /* "mon-fri 18:00-24:00", several joined by ";" */
    const char *author, *reason;
} zw_silence_words;

/**
 * Holds words against the pack; `out` borrows from both.
 * @param items  of the store: an item must be one of theirs.
 * @return ZW_OK; ZW_INVALID naming what is wrong and the nearest name.
 */
zw_status zw_silence_read(const zw_pack *pack, const zw_items *items, const zw_silence_words *words,
                          int64_t now_ms, zw_silence *out, zw_err *err) ZW_MUST_USE;

/** The alert of a name. @return ZW_OK; ZW_INVALID with the nearest name. */
zw_status zw_silence_alert(const zw_pack *pack, const char *name, uint32_t *out,
                           zw_err *err) ZW_MUST_USE;

/** "pending" before its start, "active", and "over". */
const char *zw_silence_state(const zw_silence *silence, int64_t now_ms);

/** @param db, pack  borrowed; must outlive the result. Call restore before anything is found. */
zw_status zw_silences_create(zw_db *db, const zw_pack *pack, zw_silences **out,
                             zw_err *err) ZW_MUST_USE;
void zw_silences_destroy(zw_silences *silences); /* NULL is allowed */

/** Reads from the table again what is not over at `now_ms`, in place of what is known here. */
zw_status zw_silences_restore(zw_silences *silences, int64_t now_ms, zw_err *err) ZW_MUST_USE;

/** Writes one down (inside a transaction), and sets its id. */
zw_status zw_silences_put(zw_silences *silences, zw_silence *silence, zw_err *err) ZW_MUST_USE;
/** Ends one before its time (inside a transaction). @return ZW_OK; ZW_NOT_FOUND; ZW_CONFLICT when
 * it is over. */
zw_status zw_silences_end(zw_silences *silences, int64_t id, int64_t now_ms, const char *by,
                          zw_err *err) ZW_MUST_USE;

/** What a silence is asked for. `item` is NULL or "" without one. */
typedef struct zw_silenced {
    uint32_t alert, area;
    const char *item;
    int level; /* 1 + severity */
} zw_silenced;
/** The number of the first silence that keeps it from being told; 0: none does. */
int64_t zw_silences_find(const zw_silences *silences, const zw_silenced *what, int64_t now_ms);
/** True when some silence is known that is not over: else nothing need be asked. */
bool zw_silences_any(const zw_silences *silences);

/** The next moment after `now_ms` at which a silence begins or ends to hold; ZW_NEVER_MS. */
int64_t zw_silences_next_ms(const zw_silences *silences, int64_t now_ms);

/** Called for a silence; its texts live for the call. */
typedef zw_status (*zw_silence_each)(void *arg, const zw_silence *silence, zw_err *err);
/** All there ever were, the newest first. */
zw_status zw_silences_walk(zw_silences *silences, zw_silence_each each, void *arg,
                           zw_err *err) ZW_MUST_USE;
/** One. @return also ZW_NOT_FOUND. */
zw_status zw_silences_of(zw_silences *silences, int64_t id, zw_silence_each each, void *arg,
                         zw_err *err) ZW_MUST_USE;

#endif
