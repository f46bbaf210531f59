/*
 * The state of one alert instance.
 *
 * Each judgement first becomes what each severity counts as: true, ripe (true as long as `hold`
 * asks), false, or open (unknown, beside one that is known). Then the first line that fits moves:
 *
 *   seen                     missing   from ok, unknown     from pending       from firing
 *   -----------------------  --------  -------------------  -----------------  ------------------
 *   some ripe                any       firing, highest ripe the same           the same
 *   some true, none ripe     any       pending, highest true the same          firing, lowest
 *   none true, some unknown  keep      unknown              pending as it was  firing as it was
 *   none true, some unknown  fire      the lowest counts as true: as above
 *   none true, some unknown  clear     ok                   ok                 ok
 *   all false, clear holds   any       ok                   ok                 ok
 *   all false, it does not   any       ok                   ok                 recovering
 *
 * Recovering is firing at the lowest, seen as such: nothing is true any more, and it goes on until
 * something is, or until `clear` holds.
 *
 * Beside that each beginning and end of firing is counted: see ZW_FLAP_BEGINNINGS. A guard's are
 * deliveries, each of which must be told, and are not. What flaps moves as the table says; only
 * what is told of it differs.
 *
 * "clear holds" also when none was given; "lowest" is the lowest severity that was declared. No
 * front at all is unknown for every severity.
 *
 * Promises, repeated by assert_state_ok:
 * 1. In ok and unknown nothing is under way: no severity, no clock, no beginning.
 * 2. Pending and firing have a beginning, and it is not later than the last move.
 * 3. Only what fires recovers.
 */
#include "alert/state.h"

#include <assert.h>

/* What a judgement comes to. Severities are bits: 1 << severity. */
typedef struct view {
    unsigned declared, truths, unknowns, ripe;
    bool is_ended_by_missing, is_clear;
    int64_t next_ms;
} view;

static unsigned bit(int severity)
{
    return 1U << (unsigned)severity;
}

static zw_severity highest(unsigned severities)
{
    int s = ZW_SEVERITY_COUNT - 1;
    while (s > ZW_INFO && (severities & bit(s)) == 0) {
        s--;
    }
    return (zw_severity)s;
}

static zw_severity lowest(unsigned severities)
{
    int s = ZW_INFO;
    while (s < ZW_SEVERITY_COUNT - 1 && (severities & bit(s)) == 0) {
        s++;
    }
    return (zw_severity)s;
}

static bool is_active(const zw_alert_state *state)
{
    return state->is == ZW_ALERT_PENDING || state->is == ZW_ALERT_FIRING;
}

static bool is_any_clock_running(const zw_alert_state *state)
{
    for (int s = 0; s < ZW_SEVERITY_COUNT; s++) {
        if (state->true_since_ms[s] != ZW_NEVER_MS) {
            return true;
        }
    }
    return false;
}

static void assert_state_ok(const zw_alert_state *state)
{
    bool is_blank = state->active_ms == ZW_NEVER_MS && state->severity == ZW_INFO &&
                    !is_any_clock_running(state);
    bool has_begun = state->active_ms <= state->since_ms && state->active_ms != ZW_NEVER_MS;
    bool is_kept = (is_active(state) ? has_begun : is_blank) &&
                   (!state->is_recovering || state->is == ZW_ALERT_FIRING);
    assert(is_kept);
    (void)is_kept; /* without asserts nobody asks */
}

zw_alert_state zw_alert_state_start(int64_t at_ms)
{
    zw_alert_state state = {
        .is = ZW_ALERT_OK, .severity = ZW_INFO, .since_ms = at_ms, .active_ms = ZW_NEVER_MS};
    for (int s = 0; s < ZW_SEVERITY_COUNT; s++) {
        state.true_since_ms[s] = ZW_NEVER_MS;
    }
    for (int i = 0; i < ZW_FLAP_BEGINNINGS; i++) {
        state.began_ms[i] = ZW_NEVER_MS;
    }
    return state;
}

/* Sorts the severities into the view, and lets `missing` decide what nobody knows. */
static view look(const zw_alert *alert, const zw_judgement *seen)
{
    view v = {.next_ms = ZW_NEVER_MS,
              .is_clear = !seen->has_clear || (seen->has_front && seen->clear == ZW_TRUE)};
    for (int s = 0; s < ZW_SEVERITY_COUNT; s++) {
        if (!seen->is_declared[s]) {
            continue;
        }
        zw_truth truth = seen->has_front ? seen->truth[s] : ZW_UNKNOWN;
        v.declared |= bit(s);
        v.truths |= truth == ZW_TRUE ? bit(s) : 0;
        v.unknowns |= truth == ZW_UNKNOWN ? bit(s) : 0;
    }
    if (v.truths != 0 || v.unknowns == 0) {
        return v;
    }
    if (alert->missing == ZW_MISSING_FIRE) {
        v.truths = bit((int)lowest(v.declared));
        v.unknowns &= ~v.truths;
    } else if (alert->missing == ZW_MISSING_CLEAR) {
        v.is_ended_by_missing = true;
        v.unknowns = 0;
    }
    return v;
}

/* Starts the clock of what is true and stops the clock of what is false; that of what is unknown
 * goes on as it was, so that a hole in the figures neither starts a hold again nor ends it. */
static void set_clocks(const view *v, int64_t at_ms, zw_alert_state *state)
{
    for (int s = 0; s < ZW_SEVERITY_COUNT; s++) {
        if ((v->truths & bit(s)) != 0) {
            if (state->true_since_ms[s] == ZW_NEVER_MS) {
                state->true_since_ms[s] = at_ms;
            }
        } else if ((v->unknowns & bit(s)) == 0) {
            state->true_since_ms[s] = ZW_NEVER_MS;
        }
    }
}

/* Finds what has been true for long enough, and when the next will have been. */
static void ripen(const zw_alert *alert, const zw_calendar *calendar, const zw_judgement *seen,
                  const zw_alert_state *state, view *v)
{
    for (int s = 0; s < ZW_SEVERITY_COUNT; s++) {
        if ((v->truths & bit(s)) == 0) {
            continue;
        }
        bool is_ripe = true;
        if (alert->hold_periods > 0) {
            is_ripe = seen->has_run[s];
        } else if (alert->has_hold) {
            int64_t ripe_ms = zw_length_after(calendar, state->true_since_ms[s], alert->hold);
            is_ripe = seen->at_ms >= ripe_ms;
            v->next_ms = !is_ripe && ripe_ms < v->next_ms ? ripe_ms : v->next_ms;
        }
        v->ripe |= is_ripe ? bit(s) : 0;
    }
}

/* The table at the head of this file. */
static void decide(const view *v, zw_alert_state *state)
{
    bool was_firing = state->is == ZW_ALERT_FIRING;
    bool was_recovering = state->is_recovering;
    state->is_recovering = false;
    if (v->ripe != 0) {
        state->is = ZW_ALERT_FIRING;
        state->severity = highest(v->ripe);
    } else if (v->truths != 0) {
        state->is = was_firing ? ZW_ALERT_FIRING : ZW_ALERT_PENDING;
        state->severity = was_firing ? lowest(v->declared) : highest(v->truths);
    } else if (v->unknowns != 0) {
        state->is = is_active(state) ? state->is : ZW_ALERT_UNKNOWN;
        state->is_recovering = was_recovering;
    } else if (was_firing && !v->is_clear && !v->is_ended_by_missing) {
        state->severity = lowest(v->declared);
        state->is_recovering = true;
    } else {
        state->is = ZW_ALERT_OK;
        state->severity = ZW_INFO;
    }
}

/* Notes a beginning, the latest first. */
static void note_beginning(int64_t at_ms, zw_alert_state *state)
{
    for (int i = ZW_FLAP_BEGINNINGS - 1; i > 0; i--) {
        state->began_ms[i] = state->began_ms[i - 1];
    }
    state->began_ms[0] = at_ms;
}

/* Counts beginnings and ends. What is too old to count is forgotten at a move, so that a state is
 * the same however often it was looked at in between. */
static void count_turns(bool was_firing, int64_t at_ms, zw_alert_state *state)
{
    bool is_firing = state->is == ZW_ALERT_FIRING;
    if (is_firing && !was_firing) {
        note_beginning(at_ms, state);
    }
    for (int i = 0; i < ZW_FLAP_BEGINNINGS; i++) {
        bool is_old =
            state->began_ms[i] != ZW_NEVER_MS && at_ms - state->began_ms[i] > ZW_FLAP_WITHIN_MS;
        state->began_ms[i] = is_old ? ZW_NEVER_MS : state->began_ms[i];
    }
    bool is_often = state->began_ms[ZW_FLAP_BEGINNINGS - 1] != ZW_NEVER_MS;
    state->is_flapping = state->is_flapping || (is_firing && !was_firing && is_often);
    if (is_firing != was_firing && state->is_flapping) {
        state->turned_ms = at_ms;
    }
}

/* Nothing is under way any more. */
static void let_go(zw_alert_state *state)
{
    state->active_ms = ZW_NEVER_MS;
    state->severity = ZW_INFO;
    for (int s = 0; s < ZW_SEVERITY_COUNT; s++) {
        state->true_since_ms[s] = ZW_NEVER_MS;
    }
}

/* Begins and ends flapping; while it flaps its rest is the next thing that time alone brings. */
static void flap(bool is_guard, const zw_alert_state *before, int64_t at_ms, zw_alert_state *state,
                 int64_t *next_ms)
{
    if (is_guard) {
        return;
    }
    if (state->is_flapping && at_ms - state->turned_ms >= ZW_FLAP_REST_MS) {
        state->is_flapping = false;
        state->turned_ms = 0;
    }
    if (!zw_alert_state_looks_same(state, before)) {
        count_turns(before->is == ZW_ALERT_FIRING, at_ms, state);
    }
    if (state->is_flapping) {
        int64_t rested_ms = state->turned_ms + ZW_FLAP_REST_MS;
        *next_ms = rested_ms < *next_ms ? rested_ms : *next_ms;
    }
}

int64_t zw_alert_state_step(const zw_alert *alert, const zw_calendar *calendar,
                            const zw_judgement *seen, zw_alert_state *state)
{
    assert_state_ok(state);
    zw_alert_state before = *state;
    view v = look(alert, seen);
    set_clocks(&v, seen->at_ms, state);
    ripen(alert, calendar, seen, state, &v);
    decide(&v, state);
    if (!zw_alert_state_looks_same(state, &before)) {
        state->since_ms = seen->at_ms;
        state->is_revised = false;
    }
    if (!is_active(state)) {
        let_go(state);
    } else if (!is_active(&before)) {
        state->active_ms = seen->at_ms;
    }
    flap(zw_alert_is_guard(alert), &before, seen->at_ms, state, &v.next_ms);
    state->has_front = seen->has_front || before.has_front;
    state->front = seen->has_front ? seen->front : before.front;
    assert_state_ok(state);
    return v.next_ms;
}

bool zw_alert_state_same(const zw_alert_state *a, const zw_alert_state *b)
{
    for (int s = 0; s < ZW_SEVERITY_COUNT; s++) {
        if (a->true_since_ms[s] != b->true_since_ms[s]) {
            return false;
        }
    }
    /* The front is left out: it goes on with every period, and no move depends on it. Beginnings
     * are: they come with a move. */
    return zw_alert_state_looks_same(a, b) && a->since_ms == b->since_ms &&
           a->active_ms == b->active_ms && a->is_flapping == b->is_flapping &&
           a->turned_ms == b->turned_ms;
}

bool zw_alert_state_looks_same(const zw_alert_state *a, const zw_alert_state *b)
{
    return a->is == b->is && a->severity == b->severity && a->is_recovering == b->is_recovering;
}

int64_t zw_alert_state_ripens_ms(const zw_alert *alert, const zw_calendar *calendar,
                                 const zw_alert_state *state)
{
    int64_t next_ms = ZW_NEVER_MS;
    for (int s = 0; s < ZW_SEVERITY_COUNT && alert->has_hold && alert->hold_periods == 0; s++) {
        bool waits = state->true_since_ms[s] != ZW_NEVER_MS &&
                     (state->is == ZW_ALERT_PENDING || s > (int)state->severity);
        int64_t ripe_ms =
            waits ? zw_length_after(calendar, state->true_since_ms[s], alert->hold) : ZW_NEVER_MS;
        next_ms = ripe_ms < next_ms ? ripe_ms : next_ms;
    }
    return next_ms;
}

const char *zw_alert_state_word(const zw_alert_state *state)
{
    return state->is_recovering ? "recovering" : zw_alert_state_text(state);
}

const char *zw_alert_state_text(const zw_alert_state *state)
{
    switch (state->is) {
    case ZW_ALERT_PENDING:
        return "pending";
    case ZW_ALERT_FIRING:
        return zw_severity_text(state->severity);
    case ZW_ALERT_UNKNOWN:
        return "unknown";
    default:
        return "ok";
    }
}

int zw_alert_level(const zw_alert_state *state)
{
    return state->is == ZW_ALERT_FIRING ? 1 + (int)state->severity : 0;
}
