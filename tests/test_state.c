/* The state of one alert instance: scenarios with a fake clock. */
#include "alert/ledger.h" /* a state's snapshot, for the restarts between the steps */
#include "alert/state.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

enum { STEPS_MAX = 10, WALK_STEPS = 4000 };

#define NEVER ZW_NEVER_MS

/* What is seen, one letter for info, warning, critical: T true, R true in a run as long as `hold`
 * asks, F false, U unknown, - not declared; a ! in front: there is no front. Then, after a blank,
 * `clear`: T, F or U; nothing: none given. */
typedef struct step {
    const char *why;
    int64_t at_ms;
    const char *seen;
    const char *is; /* as zw_alert_state_word says */
    int64_t since_ms, active_ms, next_ms;
} step;

typedef struct scenario {
    const char *name;
    int64_t hold_ms;
    zw_missing_policy missing;
    int32_t hold_periods;
    step steps[STEPS_MAX];
} scenario;

static const scenario scenarios[] = {
    {"without hold the highest wins and falls at once",
     .steps = {{"nothing is true", 10, "FFF", "ok", 0, NEVER, NEVER},
               {"info fires at once", 20, "TFF", "info", 20, 20, NEVER},
               {"critical overtakes warning", 30, "TTT", "critical", 30, 20, NEVER},
               {"nothing changed", 40, "TTT", "critical", 30, 20, NEVER},
               {"falls to the highest that is true", 50, "TTF", "warning", 50, 20, NEVER},
               {"the lower ones need not be true", 60, "FFT", "critical", 60, 20, NEVER},
               {"none is true", 70, "FFF", "ok", 70, NEVER, NEVER},
               {"and again", 80, "TFF", "info", 80, 80, NEVER}}},
    {"a hold waits its time out", .hold_ms = 100,
     .steps = {{"the first true only starts it", 10, "-T-", "pending", 10, 10, 110},
               {"still waiting", 60, "-T-", "pending", 10, 10, 110},
               {"a moment before", 109, "-T-", "pending", 10, 10, 110},
               {"it ends exactly then", 110, "-T-", "warning", 110, 10, NEVER},
               {"and lasts", 300, "-T-", "warning", 110, 10, NEVER},
               {"ends at once", 310, "-F-", "ok", 310, NEVER, NEVER}}},
    {"a truth that breaks off starts its hold again", .hold_ms = 100,
     .steps = {{"starts", 10, "-T-", "pending", 10, 10, 110},
               {"breaks off: pending ends at once", 50, "-F-", "ok", 50, NEVER, NEVER},
               {"back for one look only", 60, "-T-", "pending", 60, 60, 160},
               {"the first hold would be over", 110, "-T-", "pending", 60, 60, 160},
               {"looked at too late, it fires then", 200, "-T-", "warning", 200, 60, NEVER}}},
    {"each severity holds alone", .hold_ms = 100,
     .steps = {{"warning starts", 0, "-TF", "pending", 0, 0, 100},
               {"critical starts later and is the highest that waits", 60, "-TT", "pending", 60, 0,
                100},
               {"warning is ripe, critical is not", 100, "-TT", "warning", 100, 0, 160},
               {"critical is ripe", 160, "-TT", "critical", 160, 0, NEVER},
               {"critical falls at once", 170, "-TF", "warning", 170, 0, NEVER},
               {"critical holds anew", 180, "-TT", "warning", 170, 0, 280},
               {"and is ripe anew", 280, "-TT", "critical", 280, 0, NEVER}}},
    {"what is true but not ripe keeps a firing alert at its lowest", .hold_ms = 100,
     .steps = {{"critical alone", 0, "FFT", "pending", 0, 0, 100},
               {"fires", 100, "FFT", "critical", 100, 0, NEVER},
               {"warning takes over, unripe", 110, "FTF", "info", 110, 0, 210},
               {"ripe", 210, "FTF", "warning", 210, 0, NEVER},
               {"info is true, unripe: the lowest all the same", 220, "TFF", "info", 220, 0, 320},
               {"ripe: nothing to be seen", 320, "TFF", "info", 220, 0, NEVER}}},
    {"pending shows the highest that waits", .hold_ms = 100,
     .steps = {{"critical waits", 0, "-TT", "pending", 0, 0, 100},
               {"critical is gone, warning waits on", 50, "-TF", "pending", 50, 0, 100},
               {"warning has waited since the start", 100, "-TF", "warning", 100, 0, NEVER}}},
    {"a hold in periods is over when the run is long enough", .hold_periods = 2,
     .steps = {{"one period", 10, "-TF", "pending", 10, 10, NEVER},
               {"time alone does nothing", 100000, "-TF", "pending", 10, 10, NEVER},
               {"two running; critical is in its first", 100010, "-RT", "warning", 100010, 10,
                NEVER},
               {"critical too", 100020, "-RR", "critical", 100020, 10, NEVER},
               {"a revision breaks critical's run", 100030, "-RT", "warning", 100030, 10, NEVER},
               {"and warning's: firing ends only when none is true", 100040, "-TT", "warning",
                100030, 10, NEVER},
               {"none is true", 100050, "-FF", "ok", 100050, NEVER, NEVER}}},
    {"clear keeps it at its lowest until it holds",
     .steps = {{"far over the line", 10, "-TT F", "critical", 10, 10, NEVER},
               {"under the line, not yet clear", 20, "-FF F", "recovering", 20, 10, NEVER},
               {"nobody knows whether it is clear", 30, "-FF U", "recovering", 20, 10, NEVER},
               {"over the line again", 40, "-TF F", "warning", 40, 10, NEVER},
               {"clear while something is true ends nothing", 50, "-TF T", "warning", 40, 10,
                NEVER},
               {"clear and none is true", 60, "-FF T", "ok", 60, NEVER, NEVER},
               {"not clear does not begin anything", 70, "-FF F", "ok", 60, NEVER, NEVER}}},
    {"clear has no say in pending", .hold_ms = 100,
     .steps = {{"starts", 10, "-T- F", "pending", 10, 10, 110},
               {"ends at once although it is not clear", 20, "-F- F", "ok", 20, NEVER, NEVER}}},
    {"between clear and the line every hold starts again", .hold_ms = 100,
     .steps = {{"starts", 0, "-TT F", "pending", 0, 0, 100},
               {"fires", 100, "-TT F", "critical", 100, 0, NEVER},
               {"between", 110, "-FF F", "recovering", 110, 0, NEVER},
               {"critical must hold anew", 120, "-TT F", "warning", 120, 0, 220},
               {"and does", 220, "-TT F", "critical", 220, 0, NEVER}}},
    {"missing = keep keeps what fires",
     .steps = {{"fires", 10, "-TT", "critical", 10, 10, NEVER},
               {"a hole", 20, "-UU", "critical", 10, 10, NEVER},
               {"half a hole", 30, "-UF", "critical", 10, 10, NEVER},
               {"no front at all", 40, "!-UU", "critical", 10, 10, NEVER},
               {"known again", 50, "-TT", "critical", 10, 10, NEVER},
               {"a hole again", 60, "-UU", "critical", 10, 10, NEVER},
               {"known to be over", 70, "-FF", "ok", 70, NEVER, NEVER}}},
    {"missing = keep: a hole neither ends a hold nor starts it again", .hold_ms = 100,
     .steps = {{"starts", 0, "-T-", "pending", 0, 0, 100},
               {"a hole", 50, "-U-", "pending", 0, 0, NEVER},
               {"the hold would be over, but who knows", 120, "-U-", "pending", 0, 0, NEVER},
               {"true again: it was true so long", 130, "-T-", "warning", 130, 0, NEVER}}},
    {"missing = keep: what is known to be false loses its hold even so", .hold_ms = 100,
     .steps = {{"both start", 0, "-TT", "pending", 0, 0, 100},
               {"critical is false, warning unknown", 50, "-UF", "pending", 0, 0, NEVER},
               {"warning has held, critical begins", 100, "-TT", "warning", 100, 0, 200},
               {"critical has held", 200, "-TT", "critical", 200, 0, NEVER}}},
    {"missing = keep: ok becomes unknown and comes back from it as from ok", .hold_ms = 100,
     .steps = {{"nobody knows", 10, "-UF", "unknown", 10, NEVER, NEVER},
               {"still", 20, "-UU", "unknown", 10, NEVER, NEVER},
               {"all false", 30, "-FF", "ok", 30, NEVER, NEVER},
               {"no front", 40, "!-UU", "unknown", 40, NEVER, NEVER},
               {"true", 50, "-TU", "pending", 50, 50, 150},
               {"fires", 150, "-TU", "warning", 150, 50, NEVER},
               {"over", 160, "-FF", "ok", 160, NEVER, NEVER}}},
    {"from unknown straight to firing",
     .steps = {{"nobody knows", 10, "U--", "unknown", 10, NEVER, NEVER},
               {"true", 20, "T--", "info", 20, 20, NEVER}}},
    {"the known ones decide, the unknown one's hold waits", .hold_ms = 100,
     .steps = {{"critical starts", 0, "-TT", "pending", 0, 0, 100},
               {"both are ripe", 100, "-TT", "critical", 100, 0, NEVER},
               {"critical is unknown", 110, "-TU", "warning", 110, 0, NEVER},
               {"it was true so long already", 120, "-TT", "critical", 120, 0, NEVER},
               {"unknown beside what is false is not false", 130, "-FU", "critical", 120, 0, NEVER},
               {"warning is true anew, unripe", 140, "-TU", "warning", 140, 0, 240}}},
    {"missing = fire is the lowest severity", .missing = ZW_MISSING_FIRE,
     .steps = {{"nobody knows", 10, "-UU", "warning", 10, 10, NEVER},
               {"critical", 20, "-UT", "critical", 20, 10, NEVER},
               {"nobody knows again", 30, "-UU", "warning", 30, 10, NEVER},
               {"false, and the other unknown", 40, "-FU", "warning", 30, 10, NEVER},
               {"no front", 50, "!-UU", "warning", 30, 10, NEVER},
               {"all false", 60, "-FF", "ok", 60, NEVER, NEVER},
               {"no front from ok", 70, "!-UU", "warning", 70, 70, NEVER}}},
    {"missing = fire waits its hold out like a truth", .missing = ZW_MISSING_FIRE, .hold_ms = 100,
     .steps = {{"nobody knows", 0, "-UU", "pending", 0, 0, 100},
               {"true now, and true before", 50, "-TF", "pending", 0, 0, 100},
               {"unknown again", 60, "-UU", "pending", 0, 0, 100},
               {"the hold ends", 100, "-UU", "warning", 100, 0, NEVER},
               {"false", 110, "-FF", "ok", 110, NEVER, NEVER}}},
    {"missing = fire begins no run of periods", .missing = ZW_MISSING_FIRE, .hold_periods = 2,
     .steps = {{"an unknown period is not a published one", 0, "-U-", "pending", 0, 0, NEVER},
               {"two published ones", 10, "-R-", "warning", 10, 0, NEVER},
               {"a hole keeps it firing", 20, "-U-", "warning", 10, 0, NEVER}}},
    {"missing = fire and clear", .missing = ZW_MISSING_FIRE,
     .steps = {{"fires", 0, "-T- F", "warning", 0, 0, NEVER},
               {"unknown fires on, whatever clear says", 10, "-U- T", "warning", 0, 0, NEVER},
               {"clear", 20, "-F- T", "ok", 20, NEVER, NEVER}}},
    {"missing = clear ends it at once", .missing = ZW_MISSING_CLEAR,
     .steps = {{"fires", 0, "-TT F", "critical", 0, 0, NEVER},
               {"the known one decides", 10, "-TU F", "warning", 10, 0, NEVER},
               {"unknown ends it although it is not clear", 20, "-UF F", "ok", 20, NEVER, NEVER},
               {"unknown is ok", 30, "-UU U", "ok", 20, NEVER, NEVER},
               {"no front is ok", 40, "!-UU U", "ok", 20, NEVER, NEVER},
               {"fires again", 50, "-TF F", "warning", 50, 50, NEVER},
               {"no front ends it", 60, "!-UU U", "ok", 60, NEVER, NEVER}}},
    {"missing = clear ends pending and its hold", .missing = ZW_MISSING_CLEAR, .hold_ms = 100,
     .steps = {{"starts", 0, "-T-", "pending", 0, 0, 100},
               {"unknown", 50, "-U-", "ok", 50, NEVER, NEVER},
               {"starts again", 60, "-T-", "pending", 60, 60, 160}}},
    {"an alert of one severity",
     .steps = {{"critical is its lowest too", 10, "--T F", "critical", 10, 10, NEVER},
               {"not clear", 20, "--F F", "recovering", 20, 10, NEVER},
               {"clear", 30, "--F T", "ok", 30, NEVER, NEVER}}},
    {"a hole while it recovers",
     .steps = {{"fires", 10, "-T- F", "warning", 10, 10, NEVER},
               {"not clear", 20, "-F- F", "recovering", 20, 10, NEVER},
               {"nobody knows: as it was", 30, "-U- U", "recovering", 20, 10, NEVER},
               {"no front: as it was", 40, "!-U- U", "recovering", 20, 10, NEVER},
               {"true again", 50, "-T- F", "warning", 50, 10, NEVER},
               {"not clear", 60, "-F- F", "recovering", 60, 10, NEVER},
               {"clear", 70, "-F- T", "ok", 70, NEVER, NEVER}}},
    {"the start", .steps = {{"no front yet", 10, "!T--", "unknown", 10, NEVER, NEVER}}},
};

static zw_truth truth_of(char letter)
{
    return letter == 'T' || letter == 'R' ? ZW_TRUE : letter == 'F' ? ZW_FALSE : ZW_UNKNOWN;
}

static zw_judgement judgement_of(int64_t at_ms, const char *seen)
{
    zw_judgement out = {.at_ms = at_ms, .has_front = seen[0] != '!', .front = at_ms / 10};
    const char *at = out.has_front ? seen : seen + 1;
    for (int s = 0; s < ZW_SEVERITY_COUNT; s++) {
        out.is_declared[s] = at[s] != '-';
        out.truth[s] = truth_of(at[s]);
        out.has_run[s] = at[s] == 'R';
    }
    out.has_clear = at[ZW_SEVERITY_COUNT] == ' ';
    out.clear = out.has_clear ? truth_of(at[ZW_SEVERITY_COUNT + 1]) : ZW_FALSE;
    return out;
}

static zw_alert alert_of(zw_missing_policy missing, int64_t hold_ms, int32_t hold_periods)
{
    return (zw_alert){.missing = missing,
                      .has_hold = hold_ms > 0 || hold_periods > 0,
                      .hold = {.ms = hold_ms},
                      .hold_periods = hold_periods};
}

/* What a restart keeps. */
static void restart(zw_alert_state *state)
{
    zw_buf line;
    zw_alert_state read;
    zw_buf_init(&line, 512);
    zw_alert_state_write(state, &line);
    if (!zw_alert_state_read(zw_text_of(zw_buf_view(&line)), &read)) {
        fail_msg("not read back: %s", zw_buf_view(&line));
    }
    zw_buf_fini(&line);
    assert_true(zw_alert_state_same(state, &read));
    assert_int_equal(state->has_front, read.has_front);
    assert_int_equal(state->front, read.front);
    memset(state, 0x55, sizeof *state);
    *state = read;
}

typedef struct fixture {
    zw_tz *tz;
    zw_calendar calendar;
} fixture;

static int setup(void **state)
{
    static fixture f;
    *state = &f;
    if (zw_tz_create("Asia/Shanghai", &f.tz, NULL) != ZW_OK) {
        return -1;
    }
    f.calendar = (zw_calendar){.tz = f.tz, .reporting_month = 1};
    return 0;
}

static int teardown(void **state)
{
    fixture *f = *state;
    zw_tz_destroy(f->tz);
    return 0;
}

static const zw_calendar *calendar_of(void **state)
{
    const fixture *f = *state;
    return &f->calendar;
}

static void check(const scenario *s, const step *row, const zw_alert_state *state, int64_t next_ms)
{
    if (strcmp(zw_alert_state_word(state), row->is) != 0) {
        fail_msg("%s / %s: %s", s->name, row->why, zw_alert_state_word(state));
    }
    if (state->since_ms != row->since_ms || state->active_ms != row->active_ms ||
        next_ms != row->next_ms) {
        fail_msg("%s / %s: since %lld, active %lld, next %lld", s->name, row->why,
                 (long long)state->since_ms, (long long)state->active_ms, (long long)next_ms);
    }
}

static void play(const scenario *s, const zw_calendar *calendar, bool is_restarted, int times)
{
    zw_alert alert = alert_of(s->missing, s->hold_ms, s->hold_periods);
    zw_alert_state state = zw_alert_state_start(0);
    for (size_t i = 0; i < STEPS_MAX && s->steps[i].why != NULL; i++) {
        zw_judgement seen = judgement_of(s->steps[i].at_ms, s->steps[i].seen);
        for (int n = 0; n < times; n++) {
            int64_t next_ms = zw_alert_state_step(&alert, calendar, &seen, &state);
            check(s, &s->steps[i], &state, next_ms);
            if (is_restarted) {
                restart(&state);
            }
        }
    }
}

static void every_scenario_goes_as_written(void **state)
{
    for (size_t i = 0; i < sizeof scenarios / sizeof scenarios[0]; i++) {
        play(&scenarios[i], calendar_of(state), false, 1);
    }
}

static void the_same_judgement_again_changes_nothing(void **state)
{
    for (size_t i = 0; i < sizeof scenarios / sizeof scenarios[0]; i++) {
        play(&scenarios[i], calendar_of(state), false, 3);
    }
}

static void a_restart_between_any_two_steps_changes_nothing(void **state)
{
    for (size_t i = 0; i < sizeof scenarios / sizeof scenarios[0]; i++) {
        play(&scenarios[i], calendar_of(state), true, 1);
    }
}

static void a_hold_of_months_is_the_calendars(void **state)
{
    const zw_calendar *calendar = calendar_of(state);
    zw_alert alert = {.has_hold = true, .hold = {.months = 1}};
    zw_alert_state s = zw_alert_state_start(0);
    int64_t january_31 = INT64_C(1706630400000);  /* 2024-01-31T00:00+08:00 */
    int64_t february_29 = INT64_C(1709136000000); /* 2024-02-29T00:00+08:00 */
    zw_judgement seen = judgement_of(january_31, "-T-");
    assert_int_equal(zw_alert_state_step(&alert, calendar, &seen, &s), february_29);
    seen.at_ms = february_29 - 1;
    assert_int_equal(zw_alert_state_step(&alert, calendar, &seen, &s), february_29);
    assert_string_equal(zw_alert_state_text(&s), "pending");
    seen.at_ms = february_29;
    assert_int_equal(zw_alert_state_step(&alert, calendar, &seen, &s), NEVER);
    assert_string_equal(zw_alert_state_text(&s), "warning");
}

static void the_front_is_the_period_last_judged(void **state)
{
    zw_alert alert = alert_of(ZW_MISSING_KEEP, 0, 0);
    zw_alert_state s = zw_alert_state_start(0);
    zw_alert_state before = s;
    assert_false(s.has_front);
    zw_judgement seen = judgement_of(20, "-F-");
    (void)zw_alert_state_step(&alert, calendar_of(state), &seen, &s);
    assert_true(s.has_front);
    assert_int_equal(s.front, 2);
    assert_true(zw_alert_state_same(&before, &s)); /* a new front alone is no move */
    seen = judgement_of(40, "!-U-");
    (void)zw_alert_state_step(&alert, calendar_of(state), &seen, &s);
    assert_true(s.has_front);
    assert_int_equal(s.front, 2);
}

static void whatever_a_later_step_depends_on_makes_states_differ(void **state)
{
    (void)state;
    zw_alert_state one = zw_alert_state_start(7);
    one.is = ZW_ALERT_FIRING;
    one.active_ms = 5;
    zw_alert_state other = one;
    assert_true(zw_alert_state_same(&one, &other));
    other.is = ZW_ALERT_PENDING;
    assert_false(zw_alert_state_same(&one, &other));
    other = one;
    other.severity = ZW_CRITICAL;
    assert_false(zw_alert_state_same(&one, &other));
    other = one;
    other.since_ms++;
    assert_false(zw_alert_state_same(&one, &other));
    other = one;
    other.active_ms--;
    assert_false(zw_alert_state_same(&one, &other));
    other = one;
    other.is_recovering = true;
    assert_false(zw_alert_state_same(&one, &other));
    other = one;
    other.is_flapping = true;
    assert_false(zw_alert_state_same(&one, &other));
    other = one;
    other.turned_ms = 5;
    assert_false(zw_alert_state_same(&one, &other));
    for (int s = 0; s < ZW_SEVERITY_COUNT; s++) {
        other = one;
        other.true_since_ms[s] = 5;
        assert_false(zw_alert_state_same(&one, &other));
    }
}

static void levels_are_what_people_hear(void **state)
{
    (void)state;
    static const struct {
        zw_alert_is is;
        zw_severity severity;
        const char *text;
        int level;
    } rows[] = {
        {ZW_ALERT_OK, ZW_INFO, "ok", 0},
        {ZW_ALERT_PENDING, ZW_CRITICAL, "pending", 0},
        {ZW_ALERT_UNKNOWN, ZW_INFO, "unknown", 0},
        {ZW_ALERT_FIRING, ZW_INFO, "info", 1},
        {ZW_ALERT_FIRING, ZW_WARNING, "warning", 2},
        {ZW_ALERT_FIRING, ZW_CRITICAL, "critical", 3},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_alert_state s = zw_alert_state_start(0);
        s.is = rows[i].is;
        s.severity = rows[i].severity;
        assert_string_equal(zw_alert_state_text(&s), rows[i].text);
        assert_int_equal(zw_alert_level(&s), rows[i].level);
    }
}

#define HOUR_MS (INT64_C(3600) * 1000)

/* Hours at which it begins to fire (+) and ends (-), and whether it flaps then. */
typedef struct beat {
    const char *why;
    int hour;
    char seen; /* 'T' or 'F' */
    bool flaps;
    int next_hour; /* -1: time alone brings nothing */
} beat;

static void beat_as_written(void **state, const beat *beats, size_t count, bool is_guard)
{
    zw_alert alert = alert_of(ZW_MISSING_KEEP, 0, 0);
    uint32_t on = 0;
    alert.on = is_guard ? (zw_list){&on, 1} : (zw_list){NULL, 0};
    zw_alert_state s = zw_alert_state_start(0);
    for (size_t i = 0; i < count; i++) {
        const char seen[] = {'-', beats[i].seen, '-', '\0'};
        zw_judgement judgement = judgement_of(beats[i].hour * HOUR_MS, seen);
        int64_t next_ms = zw_alert_state_step(&alert, calendar_of(state), &judgement, &s);
        restart(&s);
        if (s.is_flapping != beats[i].flaps) {
            fail_msg("%s: %s", beats[i].why, beats[i].flaps ? "does not flap" : "flaps");
        }
        assert_int_equal(next_ms, beats[i].next_hour < 0 ? NEVER : beats[i].next_hour * HOUR_MS);
        bool is_firing = s.is == ZW_ALERT_FIRING;
        assert_int_equal(is_firing, beats[i].seen == 'T'); /* it moves as ever */
    }
}

static void what_begins_four_times_within_a_day_flaps_until_it_rests_eight_hours(void **state)
{
    static const beat beats[] = {
        {"the first time", 0, 'T', false, -1},
        {"ends", 1, 'F', false, -1},
        {"the second", 8, 'T', false, -1},
        {"ends", 9, 'F', false, -1},
        {"the third", 16, 'T', false, -1},
        {"ends", 17, 'F', false, -1},
        {"the fourth, a day after the first", 24, 'T', true, 32},
        {"an end is a turn too", 30, 'F', true, 38},
        {"looked at just before", 37, 'F', true, 38},
        {"it has rested", 38, 'F', false, -1},
        {"begins anew: the fourth before it is too long ago", 39, 'T', false, -1},
        {"ends", 40, 'F', false, -1},
        {"three of the last day", 41, 'T', false, -1},
        {"ends", 42, 'F', false, -1},
        {"and a fourth", 43, 'T', true, 51},
        {"it fires on: that rests too", 51, 'T', false, -1},
    };
    beat_as_written(state, beats, sizeof beats / sizeof beats[0], false);
}

static void what_begins_less_often_never_flaps(void **state)
{
    beat beats[40];
    for (int i = 0; i < 40; i++) {
        beats[i] = (beat){"every nine hours", i / 2 * 9 + i % 2, i % 2 == 0 ? 'T' : 'F', false, -1};
    }
    beat_as_written(state, beats, 40, false);
}

static void an_even_beat_flaps_as_long_as_it_goes_on(void **state)
{
    beat beats[80];
    for (int i = 0; i < 80; i++) {
        int hour = i / 2 * 8 + i % 2;
        beats[i] = (beat){"every eight hours", hour, i % 2 == 0 ? 'T' : 'F', i >= 6,
                          i >= 6 ? hour + 8 : -1};
    }
    beat_as_written(state, beats, 80, false);
}

static void a_guard_never_flaps(void **state)
{
    beat beats[40];
    for (int i = 0; i < 40; i++) {
        beats[i] = (beat){"each of its deliveries counts", i, i % 2 == 0 ? 'T' : 'F', false, -1};
    }
    beat_as_written(state, beats, 40, true);
}

static void it_is_said_when_a_hold_will_end(void **state)
{
    static const struct {
        const char *why;
        int64_t hold_ms;
        int32_t hold_periods;
        const char *seen;
        int64_t ripens_ms;
    } rows[] = {
        {"pending: the first of its holds", 100, 0, "TT-", 110},
        {"without a hold there is none", 0, 0, "FF-", NEVER},
        {"in periods nobody knows when", 0, 2, "TT-", NEVER},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_alert alert = alert_of(ZW_MISSING_KEEP, rows[i].hold_ms, rows[i].hold_periods);
        zw_alert_state s = zw_alert_state_start(0);
        zw_judgement seen = judgement_of(10, rows[i].seen);
        (void)zw_alert_state_step(&alert, calendar_of(state), &seen, &s);
        assert_int_equal(zw_alert_state_ripens_ms(&alert, calendar_of(state), &s),
                         rows[i].ripens_ms);
    }
}

static uint32_t draw(uint32_t *seed, uint32_t below)
{
    *seed = *seed * 1664525U + 1013904223U;
    return (*seed >> 16) % below;
}

/* Any judgement, a quarter of them without a front. */
static zw_judgement draw_judgement(uint32_t *seed, int64_t at_ms)
{
    static const char letters[] = "TTRFFU";
    char text[] = "!--- F";
    for (int s = 0; s < ZW_SEVERITY_COUNT; s++) {
        text[1 + s] = letters[draw(seed, sizeof letters - 1)];
    }
    text[5] = letters[draw(seed, sizeof letters - 1)];
    return judgement_of(at_ms, draw(seed, 4) == 0 ? text : text + 1);
}

/* A long random life, for each policy and hold: what holds of every step. */
static void live(const zw_alert *alert, const zw_calendar *calendar, uint32_t seed)
{
    zw_alert_state s = zw_alert_state_start(0);
    int64_t at_ms = 0;
    for (int i = 0; i < WALK_STEPS; i++) {
        at_ms += 1 + draw(&seed, 60);
        zw_judgement seen = draw_judgement(&seed, at_ms);
        int64_t next_ms = zw_alert_state_step(alert, calendar, &seen, &s);
        assert_true(next_ms > at_ms);
        bool is_known = seen.has_front && seen.truth[0] != ZW_UNKNOWN &&
                        seen.truth[1] != ZW_UNKNOWN && seen.truth[2] != ZW_UNKNOWN;
        assert_false(is_known && s.is == ZW_ALERT_UNKNOWN);
        restart(&s);
        /* Until then time alone does nothing. */
        zw_alert_state later = s;
        seen.at_ms = next_ms == NEVER ? at_ms + 1000 : next_ms - 1;
        assert_int_equal(zw_alert_state_step(alert, calendar, &seen, &later), next_ms);
        assert_true(zw_alert_state_same(&s, &later));
        /* Then a hold is over, and it fires, or it has flapped long enough ago. */
        if (next_ms != NEVER) {
            seen.at_ms = next_ms;
            assert_true(zw_alert_state_step(alert, calendar, &seen, &later) > next_ms);
            assert_true(later.is == ZW_ALERT_FIRING || (s.is_flapping && !later.is_flapping));
        }
    }
}

static void in_a_long_random_life_every_step_keeps_the_promises(void **state)
{
    for (int missing = ZW_MISSING_KEEP; missing <= ZW_MISSING_CLEAR; missing++) {
        zw_alert holds[] = {alert_of((zw_missing_policy)missing, 0, 0),
                            alert_of((zw_missing_policy)missing, 100, 0),
                            alert_of((zw_missing_policy)missing, 0, 2)};
        for (uint32_t i = 0; i < 3; i++) {
            live(&holds[i], calendar_of(state), 17 * i + (uint32_t)missing);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_scenario_goes_as_written),
        cmocka_unit_test(the_same_judgement_again_changes_nothing),
        cmocka_unit_test(a_restart_between_any_two_steps_changes_nothing),
        cmocka_unit_test(a_hold_of_months_is_the_calendars),
        cmocka_unit_test(the_front_is_the_period_last_judged),
        cmocka_unit_test(whatever_a_later_step_depends_on_makes_states_differ),
        cmocka_unit_test(levels_are_what_people_hear),
        cmocka_unit_test(what_begins_four_times_within_a_day_flaps_until_it_rests_eight_hours),
        cmocka_unit_test(what_begins_less_often_never_flaps),
        cmocka_unit_test(an_even_beat_flaps_as_long_as_it_goes_on),
        cmocka_unit_test(a_guard_never_flaps),
        cmocka_unit_test(it_is_said_when_a_hold_will_end),
        cmocka_unit_test(in_a_long_random_life_every_step_keeps_the_promises),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
