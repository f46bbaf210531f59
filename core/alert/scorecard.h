/** The scorecard of alerts: what their moves come to. A fold over the events of a history, in their
 * order; the same events make the same card. */
#ifndef ZW_ALERT_SCORECARD_H
#define ZW_ALERT_SCORECARD_H

#include "alert/ledger.h"

typedef struct zw_scorecard zw_scorecard;

typedef struct zw_score {
    const char *alert;
    size_t firings;    /* how often an instance began to fire */
    size_t ended;      /* how often one ended, also one that had begun before */
    size_t flaps;      /* how often one began to flap */
    size_t overturned; /* of those that ended: how many as revised */
    /* Medians, of an even number the lower one; ZW_NEVER_MS where there is nothing. */
    int64_t to_fire_ms;  /* from the first truth to firing */
    int64_t to_clear_ms; /* from firing to the end, of those whose beginning is in the history */
} zw_score;

zw_status zw_scorecard_create(zw_scorecard **out, zw_err *err) ZW_MUST_USE;
void zw_scorecard_destroy(zw_scorecard *card); /* NULL is allowed */

/** Gives an alert a line of its own even if nothing ever happens to it. Lines stand in the order in
 * which they are named, here or by an event. */
zw_status zw_scorecard_name(zw_scorecard *card, const char *alert, zw_err *err) ZW_MUST_USE;

/** Takes the next event of a history (zw_ledger_history). */
zw_status zw_scorecard_take(zw_scorecard *card, const zw_alert_event *event,
                            zw_err *err) ZW_MUST_USE;

size_t zw_scorecard_count(const zw_scorecard *card);
/** @param out  its name is the card's. */
void zw_scorecard_at(zw_scorecard *card, size_t index, zw_score *out);

#endif
