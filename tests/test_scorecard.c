/* The scorecard of alerts, folded from events. */
#include "alert/scorecard.h"

#include "failing_alloc.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

/* Rows end where nothing more is to be said. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

#define NEVER ZW_NEVER_MS

/* A move of an instance of alert `low`. */
typedef struct move {
    int64_t at_ms;
    const char *area, *from, *is;
    int64_t active_ms; /* of what fires: its first truth */
    bool is_revised, is_flapping;
    const char *item;
} move;

static zw_status take(zw_scorecard *card, const move *m, zw_err *err)
{
    zw_alert_state state = zw_alert_state_start(m->at_ms);
    if (strcmp(m->is, "firing") == 0 || strcmp(m->is, "recovering") == 0) {
        state.is = ZW_ALERT_FIRING;
        state.severity = ZW_WARNING;
        state.active_ms = m->active_ms;
        state.is_recovering = m->is[0] == 'r';
    } else if (strcmp(m->is, "pending") == 0) {
        state.is = ZW_ALERT_PENDING;
        state.active_ms = m->at_ms;
    }
    state.is_revised = m->is_revised;
    state.is_flapping = m->is_flapping;
    zw_alert_event event = {.key = {"low", m->area, "", m->item != NULL ? m->item : ""},
                            .at_ms = m->at_ms,
                            .state = state,
                            .evidence = "{}",
                            .from = m->from};
    return zw_scorecard_take(card, &event, err);
}

static const struct {
    const char *why;
    move moves[8];
    zw_score score;
} rows[] = {
    {"nothing happened", {{0}}, {"low", 0, 0, 0, 0, NEVER, NEVER}},
    {"it waits, fires and ends",
     {{10, "a", "ok", "pending"}, {30, "a", "pending", "firing", 10}, {70, "a", "warning", "ok"}},
     {"low", 1, 1, 0, 0, 20, 40}},
    {"what only waits does not fire",
     {{10, "a", "ok", "pending"}, {30, "a", "pending", "ok"}},
     {"low", 0, 0, 0, 0, NEVER, NEVER}},
    {"another severity and recovering are no beginning and no end",
     {{10, "a", "ok", "firing", 10},
      {20, "a", "warning", "firing", 10},
      {30, "a", "warning", "recovering", 10},
      {40, "a", "recovering", "ok"}},
     {"low", 1, 1, 0, 0, 0, 30}},
    {"medians: of three the middle one, of two the lower",
     {{10, "a", "ok", "firing", 10},
      {11, "b", "ok", "firing", 1},
      {12, "c", "ok", "firing", 7},
      {22, "a", "warning", "ok"},
      {50, "b", "warning", "ok"}},
     {"low", 3, 2, 0, 0, 5, 12}},
    {"what had begun before counts as an end, without a length",
     {{70, "a", "warning", "ok"}},
     {"low", 0, 1, 0, 0, NEVER, NEVER}},
    {"and what recovered before too",
     {{70, "a", "recovering", "unknown"}},
     {"low", 0, 1, 0, 0, NEVER, NEVER}},
    {"an end as revised is overturned, a beginning is not",
     {{10, "a", "ok", "firing", 10, true},
      {20, "a", "warning", "ok", 0, true},
      {30, "a", "ok", "firing", 30},
      {40, "a", "warning", "ok"}},
     {"low", 2, 2, 0, 1, 0, 10}},
    {"a flap is counted once, however often it turns",
     {{10, "a", "ok", "firing", 10, false, true},
      {20, "a", "warning", "ok", 0, false, true},
      {30, "a", "ok", "firing", 30, false, true},
      {40, "a", "warning", "firing", 30},
      {50, "a", "warning", "ok"},
      {60, "a", "ok", "firing", 60, false, true}},
     {"low", 3, 2, 2, 0, 0, 10}},
    {"an item goes on where it moves to",
     {{10, "a", "ok", "firing", 10, .item = "x"}, {20, "b", "warning", "ok", .item = "x"}},
     {"low", 1, 1, 0, 0, 0, 10}},
};

static void expect(const char *why, const zw_score *found, const zw_score *wanted)
{
    if (strcmp(found->alert, wanted->alert) != 0 || found->firings != wanted->firings ||
        found->ended != wanted->ended || found->flaps != wanted->flaps ||
        found->overturned != wanted->overturned || found->to_fire_ms != wanted->to_fire_ms ||
        found->to_clear_ms != wanted->to_clear_ms) {
        fail_msg("%s: %s, %zu fired, %zu ended, %zu flaps, %zu overturned, %lld, %lld", why,
                 found->alert, found->firings, found->ended, found->flaps, found->overturned,
                 (long long)found->to_fire_ms, (long long)found->to_clear_ms);
    }
}

static void moves_come_to_what_is_written(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_scorecard *card = NULL;
        zw_score score;
        assert_int_equal(zw_scorecard_create(&card, NULL), ZW_OK);
        assert_int_equal(zw_scorecard_name(card, "low", NULL), ZW_OK);
        for (size_t m = 0; rows[i].moves[m].is != NULL; m++) {
            assert_int_equal(take(card, &rows[i].moves[m], NULL), ZW_OK);
        }
        assert_int_equal(zw_scorecard_count(card), 1);
        for (int again = 0; again < 2; again++) { /* asking changes nothing */
            zw_scorecard_at(card, 0, &score);
            expect(rows[i].why, &score, &rows[i].score);
        }
        zw_scorecard_destroy(card);
    }
}

static void lines_stand_in_the_order_in_which_they_are_named(void **state)
{
    static const move one = {10, "a", "ok", "firing", 10, false, false, NULL};
    (void)state;
    zw_scorecard *card = NULL;
    zw_score score;
    assert_int_equal(zw_scorecard_create(&card, NULL), ZW_OK);
    assert_int_equal(zw_scorecard_name(card, "quiet", NULL), ZW_OK);
    assert_int_equal(take(card, &one, NULL), ZW_OK);
    assert_int_equal(zw_scorecard_name(card, "quiet", NULL), ZW_OK);
    assert_int_equal(zw_scorecard_count(card), 2);
    zw_scorecard_at(card, 0, &score);
    assert_string_equal(score.alert, "quiet");
    zw_scorecard_at(card, 1, &score);
    assert_string_equal(score.alert, "low");
    zw_scorecard_destroy(card);
    zw_scorecard_destroy(NULL);
}

static void without_memory_it_says_so_and_goes_on_when_there_is_some(void **state)
{
    (void)state;
    bool has_failed = true;
    for (int n = 0; has_failed; n++) {
        zw_err err = {0};
        zw_scorecard *card = NULL;
        failing_alloc_after(n);
        zw_status status = zw_scorecard_create(&card, &err);
        for (int i = 0; status == ZW_OK && i < 40; i++) {
            char area[16];
            (void)snprintf(area, sizeof area, "a%d", i / 2);
            move m = {
                i,     area, i % 2 == 0 ? "ok" : "warning", i % 2 == 0 ? "firing" : "ok", i, false,
                false, NULL};
            status = take(card, &m, &err);
        }
        has_failed = failing_alloc_stop();
        assert_int_equal(status, has_failed ? ZW_NOMEM : ZW_OK);
        zw_scorecard_destroy(card);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(moves_come_to_what_is_written),
        cmocka_unit_test(lines_stand_in_the_order_in_which_they_are_named),
        cmocka_unit_test(without_memory_it_says_so_and_goes_on_when_there_is_some),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
