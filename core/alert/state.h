/**
 * The state of one alert instance, and how it moves: a pure fold over judgements in order of their
 * as-of moments (LANGUAGE §3 *Alerts*). No clock, no store.
 */
#ifndef ZW_ALERT_STATE_H
#define ZW_ALERT_STATE_H

#include "plan/pack.h"

typedef enum zw_truth { ZW_FALSE, ZW_TRUE, ZW_UNKNOWN } zw_truth;

typedef enum zw_alert_is {
    ZW_ALERT_OK,
    ZW_ALERT_PENDING,
    ZW_ALERT_FIRING,
    ZW_ALERT_UNKNOWN
} zw_alert_is;

/** An instance that begins to fire as often as this within this time flaps, until it has neither
 * begun nor ended for as long as the rest. As often and as long as that, an even beat never rests
 * while it goes on. */
enum { ZW_FLAP_BEGINNINGS = 4, ZW_FLAP_WITHIN_MS = 24 * 3600000, ZW_FLAP_REST_MS = 8 * 3600000 };

/** Everything that must survive a restart. A plain value; start from zw_alert_state_start. */
typedef struct zw_alert_state {
    zw_alert_is is;
    zw_severity severity; /* while firing (and, while pending, the highest that waits) */
    bool is_recovering;   /* it fires although nothing is true, for `clear` does not hold yet */
    bool is_flapping;
    bool is_revised;   /* it came here because figures of the very period it speaks of changed */
    int64_t since_ms;  /* in this state and severity since this as-of */
    int64_t active_ms; /* pending or firing since; ZW_NEVER_MS when neither */
    int64_t true_since_ms[ZW_SEVERITY_COUNT]; /* each severity's truth holds since; ZW_NEVER_MS when
                                                 it does not */
    int64_t began_ms[ZW_FLAP_BEGINNINGS]; /* when it began to fire, the latest first, as far as that
                                             still counts; ZW_NEVER_MS */
    int64_t turned_ms;                    /* while it flaps: when it last began or ended */
    bool has_front;
    zw_period front; /* the period last judged */
    uint32_t item;   /* of an alert for each item: whose, its number in the store + 1; else 0 */
} zw_alert_state;

/** What was seen at one as-of. */
typedef struct zw_judgement {
    int64_t at_ms;
    bool is_gone; /* what is asked is past its keep: whoever was told stays told */
    bool has_front;
    zw_period front;
    bool is_declared[ZW_SEVERITY_COUNT];
    zw_truth truth[ZW_SEVERITY_COUNT]; /* at the front */
    bool has_run[ZW_SEVERITY_COUNT];   /* true in as many published periods running as `hold =
                                          periods(n)` asks */
    bool has_clear;
    zw_truth clear;
} zw_judgement;

zw_alert_state zw_alert_state_start(int64_t at_ms);

/**
 * Moves `state` by one judgement.
 * @param calendar  of the instance's zone: `hold = "30d"` is the calendar's.
 * @return the next moment at which time alone would move it (a hold that ends); ZW_NEVER_MS.
 */
int64_t zw_alert_state_step(const zw_alert *alert, const zw_calendar *calendar,
                            const zw_judgement *seen, zw_alert_state *state);

bool zw_alert_state_same(const zw_alert_state *a, const zw_alert_state *b);
/** True when people are shown the same: not when only a clock differs. */
bool zw_alert_state_looks_same(const zw_alert_state *a, const zw_alert_state *b);

/** When, if everything stays as it is, a hold in time ends next; ZW_NEVER_MS. */
int64_t zw_alert_state_ripens_ms(const zw_alert *alert, const zw_calendar *calendar,
                                 const zw_alert_state *state);

/** "ok", "pending", "unknown", or while firing the severity: "info" "warning" "critical". */
const char *zw_alert_state_text(const zw_alert_state *state);
/** The same, but "recovering" while it is. */
const char *zw_alert_state_word(const zw_alert_state *state);

/** What people would have been told: 0 nothing, else 1 + severity while firing. */
int zw_alert_level(const zw_alert_state *state);

#endif
