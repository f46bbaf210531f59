/**
 * The ledger of tellings: which alerts each message spoke of (table telling), and what kept each
 * notify from being told, from when to when (table suppression). Nothing is deleted.
 */
#ifndef ZW_ALERT_TELLING_H
#define ZW_ALERT_TELLING_H

#include "alert/ledger.h"

typedef struct zw_tellings zw_tellings;

/** What keeps something from being told. */
typedef enum zw_quiet {
    ZW_QUIET_NONE,
    ZW_QUIET_SILENCE,
    ZW_QUIET_UNLESS, /* what the alert says of itself */
    ZW_QUIET_HOURS,  /* outside the notify's hours */
    ZW_QUIET_WAIT,   /* for others of its group */
    ZW_QUIET_FLAPS,  /* it was told that it flaps: until it rests only worse is news */
} zw_quiet;

/** One suppression. Texts are borrowed, never NULL. */
typedef struct zw_suppression {
    int64_t id; /* given by the begin */
    const char *notify;
    zw_alert_key key;
    zw_severity severity;
    zw_quiet cause;
    const char *which; /* the silence's number, the alert that mutes; "" */
    int64_t from_ms;
    int64_t until_ms; /* as was expected when it began; ZW_NEVER_MS: nobody knew */
    int64_t ended_ms; /* ZW_NEVER_MS: it goes on */
    int64_t message;  /* the first one that told it in the end; 0 */
} zw_suppression;

/** "silence" "unless" "hours" "wait" "flapping"; "" of none. */
const char *zw_quiet_text(zw_quiet quiet);

/** @param db  borrowed; must outlive the result. */
zw_status zw_tellings_create(zw_db *db, zw_tellings **out, zw_err *err) ZW_MUST_USE;
void zw_tellings_destroy(zw_tellings *tellings); /* NULL is allowed */

/** Writes down that one begins, or ended (inside a transaction). */
zw_status zw_tellings_begin(zw_tellings *tellings, zw_suppression *suppression,
                            zw_err *err) ZW_MUST_USE;
zw_status zw_tellings_end(zw_tellings *tellings, int64_t id, int64_t at_ms, int64_t message,
                          zw_err *err) ZW_MUST_USE;

/** Called for a suppression; its texts live for the call. */
typedef zw_status (*zw_suppression_each)(void *arg, const zw_suppression *suppression, zw_err *err);
/** Those that go on, in order. */
zw_status zw_tellings_open(zw_tellings *tellings, zw_suppression_each each, void *arg,
                           zw_err *err) ZW_MUST_USE;

/** Which of what there is a walk is about. NULL: any. */
typedef struct zw_tellings_of {
    const char *notify, *alert;
    int64_t from_ms, to_ms; /* both included */
} zw_tellings_of;
/** Those that began or went on in the span, the newest first. */
zw_status zw_tellings_suppressions(zw_tellings *tellings, const zw_tellings_of *of,
                                   zw_suppression_each each, void *arg, zw_err *err) ZW_MUST_USE;

/** One alert of a letter. Texts are borrowed, never NULL. */
typedef struct zw_told_line {
    zw_alert_key key;
    bool is_firing;
    zw_severity severity;
    int64_t starts_ms, ends_ms; /* ends_ms: ZW_NEVER_MS while it fires */
} zw_told_line;

/** Writes down what the messages `first` … `last` speak of (inside a transaction). */
zw_status zw_tellings_put(zw_tellings *tellings, int64_t first, int64_t last,
                          const zw_told_line *line, zw_err *err) ZW_MUST_USE;

/** Called for a line; its texts live for the call. */
typedef zw_status (*zw_told_line_each)(void *arg, const zw_told_line *line, zw_err *err);
/** What a message speaks of, in its order. */
zw_status zw_tellings_lines(zw_tellings *tellings, int64_t message, zw_told_line_each each,
                            void *arg, zw_err *err) ZW_MUST_USE;

/** A message as it stands in the outbox. Texts are borrowed, never NULL. */
typedef struct zw_sent {
    int64_t id;
    const char *notify, *key, *last_error;
    uint32_t receiver, attempts;
    int64_t made_ms;
    int64_t next_ms;      /* ZW_NEVER_MS when it is given up */
    int64_t delivered_ms; /* ZW_NEVER_MS while it is not */
} zw_sent;
/** Called for a message; its texts live for the call. */
typedef zw_status (*zw_sent_each)(void *arg, const zw_sent *sent, zw_err *err);
/** Messages made in the span that speak of the alert, the newest first. */
zw_status zw_tellings_messages(zw_tellings *tellings, const zw_tellings_of *of, zw_sent_each each,
                               void *arg, zw_err *err) ZW_MUST_USE;

#endif
