/* Counters: steps, increases and rates, over resets, holes, dimension values and areas; and that
 * what is learned bit by bit ends as what is learned at once. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "eval_world.h"
#include "failing_alloc.h"

static const char pack_text[] = "local hall = zone \"hall\" { timezone = \"UTC\" }\n"
                                "local a = area \"a\" { within = hall }\n"
                                "local b = area \"b\" { within = hall }\n"
                                "local calls = measure \"calls\" { kind = \"counter\", unit = "
                                "\"calls\", every = \"1m\", by = { "
                                "\"host\" } }\n"
                                "local alone = measure \"alone\" { kind = \"counter\", unit = "
                                "\"calls\", every = \"day\", rollup "
                                "= \"none\" }\n"
                                "local load = indicator \"load\" { calls }\n";

#define AT(minute) "2022-03-01T10:0" minute ":00Z"

static const struct figure_row figures[] = {
    {"calls", "a", NULL, AT("0"), 100, NULL, 0, false},
    {"calls", "a", NULL, AT("1"), 110, NULL, 'P', false},
    {"calls", "a", NULL, AT("3"), 130, NULL, 0, false},
    {"calls", "a", NULL, AT("4"), 5, NULL, 0, false},
    {"calls", "a", NULL, AT("5"), 9, NULL, 0, false},
    {"calls", "b", "host=x", AT("0"), 7, NULL, 0, false},
    {"calls", "b", "host=x", AT("1"), 8, NULL, 0, false},
    {"calls", "b", "host=x", AT("3"), 8, NULL, 0, false},
    {"calls", "b", "host=y", AT("1"), 50, NULL, 0, false},
    {"calls", "b", "host=y", AT("3"), 51, NULL, 0, false},
    {"calls", "b", "host=y", AT("4"), 2, NULL, 0, false},
    {"alone", "a", NULL, "2022-03-01", 5, NULL, 0, false},
    {"alone", "a", NULL, "2022-03-02", 8, NULL, 0, false},
    {"alone", "a", NULL, "2022-03-04", 9, NULL, 0, false},
};

static const struct answer_row answers[] = {
    {"a reading less the one before", "calls:increase(1)", "a", AT("1"), "10 calls (provisional)"},
    {"the first has none before it", "calls:increase(1)", "a", AT("0"), "missing: no figure"},
    {"no reading, no step", "calls:increase(1)", "a", AT("2"), "missing: late since 2022-03-01"},
    {"after a hole since the last there was: 130 - 110", "calls:increase(1)", "a", AT("3"),
     "20 calls (provisional)"},
    {"after a fall from zero", "calls:increase(1)", "a", AT("4"), "5 calls"},
    {"10 + 20 + 5 + 4 in five minutes", "calls:increase \"5m\"", "a", AT("5"),
     "39 calls (provisional)"},
    {"10 + 20 + 5: the step before the window is in no more", "calls:increase \"5m\"", "a", AT("4"),
     "35 calls (provisional)"},
    {"39 / 300 s", "calls:rate \"5m\"", "a", AT("5"), "0.13 calls/s (provisional)"},
    {"a window without a step", "calls:rate \"1m\"", "a", AT("2"),
     "missing: late since 2022-03-01"},
    {"the same by its sum", "calls:sum \"5m\"", "a", AT("5"), "39 calls (provisional)"},
    {"its greatest is a reading", "calls:max \"5m\"", "a", AT("5"), "130 calls (provisional)"},
    {"hosts each have their steps: x 1, y none yet", "calls:increase(1)", "b", AT("1"), "1 calls"},
    {"x 0 and y 1", "calls:increase(1)", "b", AT("3"), "1 calls"},
    {"y began anew, x is not in", "calls:increase(1)", "b", AT("4"), "2 calls"},
    {"of one host: 1 + 0", "calls:where { host = \"x\" }:increase \"5m\"", "b", AT("5"), "1 calls"},
    {"narrowed behind it", "calls:increase(5):where { host = \"y\" }", "b", AT("5"), "3 calls"},
    {"the greatest of the hosts: y 1 + 2", "calls:by \"host\":increase(5):max()", "b", AT("5"),
     "3 calls"},
    {"areas each have theirs: 20 + 1", "calls:increase(1)", "hall", AT("3"),
     "21 calls (provisional)"},
    {"what is in is enough", "calls:increase(1)", "hall", AT("5"), "4 calls (1/2)"},
    {"11 + 21 + 7 + 4", "calls:increase \"5m\"", "hall", AT("5"), "43 calls (provisional, 1/2)"},
    {"elsewhere", "calls:of(a):increase \"5m\"", "hall", AT("5"), "39 calls (provisional)"},
    {"earlier", "calls:lag(1):increase \"5m\"", "a", AT("5"), "35 calls (provisional)"},
    {"of an indicator", "load:rate \"5m\"", "a", AT("5"), "0.13 calls/s (provisional)"},
    {"over listed areas", "calls:areas { a, b }:sum():increase(1)", "hall", AT("3"),
     "21 calls (provisional)"},
    {"a day is its steps", "calls:day()", "a", "2022-03-01", "39 calls (provisional)"},
    {"by its last it is a reading", "calls:day \"last\"", "a", "2022-03-01", "9 calls"},
    {"by its greatest, too", "calls:day \"max\"", "a", "2022-03-01", "130 calls (provisional)"},
    {"days have none in holes: 3 + 1", "alone:week()", "a", "2022-W09", "4 calls"},
    {"since a month: 3 + 1", "alone:since \"2022-03\"", "a", "2022-03-04", "4 calls"},
    {"a year so far", "alone:ytd()", "a", "2022-03-03", "3 calls"},
    {"a day's seconds: 3 / 86400", "alone:rate \"1d\" * 86400", "a", "2022-03-02", "3 calls/s"},
    {"what does not roll up has no steps there", "alone:increase(1)", "hall", "2022-03-02",
     "missing: a rate does not add up and none is published here (1 of 2 in)"},
    {"readings add up over hosts and areas: 110 + 8 + 50", "calls", "hall", AT("1"),
     "168 calls (provisional)"},
};

static void every_case_answers_as_worked_by_hand(void **state)
{
    (void)state;
    world_check(pack_text, ROWS(figures), ROWS(answers));
}

static void a_reading_withdrawn_is_none(void **state)
{
    static const struct figure_row later[] = {{"calls", "a", NULL, AT("3"), NAN, NULL, 0, false}};
    char found[64];
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    world_put(&world, ROWS(later));
    assert_string_equal(world_says(&world, "calls:increase(1)", "a", AT("3"), found, sizeof(found)),
                        "missing: withdrawn");
    assert_string_equal(world_says(&world, "calls:increase(5)", "a", AT("5"), found, sizeof(found)),
                        "19 calls (provisional)"); /* 10 + 5 + 4 */
    world_close(&world);
}

/* --- bit by bit --- */

enum { MINUTES = 60, ROWS_MOST = 4 * MINUTES, TEXT_BYTES = 40, ROUNDS = 6 };
#define START_MS INT64_C(1646128800000) /* 2022-03-01T10:00Z */
#define MINUTE_MS INT64_C(60000)

struct history {
    struct figure_row rows[ROWS_MOST];
    char periods[ROWS_MOST][TEXT_BYTES], known[ROWS_MOST][TEXT_BYTES];
    size_t count;
};

static uint64_t draw(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *seed >> 33;
}

/* Readings of one series: some lack, some come late, some are taken back, and it starts anew. */
static void add_series(struct history *history, const zw_tz *tz, const char *area, const char *dims,
                       uint64_t *seed)
{
    double reading = 100;
    for (int m = 0; m < MINUTES; m++) {
        uint64_t luck = draw(seed) % 16;
        reading = luck == 0 ? 3 : reading + (double)(draw(seed) % 9);
        if (luck > 9 && luck < 13) {
            continue;
        }
        size_t i = history->count++;
        int64_t late_ms = luck > 13 ? (int64_t)(draw(seed) % 20) * MINUTE_MS : 0;
        zw_moment_text(tz, START_MS + m * MINUTE_MS, history->periods[i], TEXT_BYTES);
        zw_moment_text(tz, START_MS + (m + 1) * MINUTE_MS + late_ms + (int64_t)i, history->known[i],
                       TEXT_BYTES);
        history->rows[i] = (struct figure_row){"calls",
                                               area,
                                               dims,
                                               history->periods[i],
                                               luck == 13 ? NAN : reading,
                                               history->known[i],
                                               luck == 5 ? 'P' : 0,
                                               luck == 6};
    }
}

static void check_moment(struct world *world, int minute, const char *formula)
{
    zw_eval_world on = {world->pack, world->script, world->store, NULL};
    zw_eval *cold = NULL;
    zw_err err = {ZW_OK, ""};
    zw_node_id node = world_node(world, formula);
    int64_t as_of_ms = zw_eval_as_of_ms(world->eval);
    assert_int_equal(zw_eval_create(&on, as_of_ms, &cold, &err), ZW_OK);
    for (uint32_t area = 0; area < 3; area++) {
        zw_grid grid = zw_pack_node(world->pack, node)->grid;
        const zw_calendar *calendar = zw_pack_calendar(world->pack, area);
        for (int m = 0; m <= minute; m += 4) {
            zw_period p = zw_period_at(calendar, grid, START_MS + m * MINUTE_MS);
            zw_cell x;
            zw_cell y;
            assert_int_equal(zw_eval_cell(world->eval, node, area, p, &x, &err), ZW_OK);
            assert_int_equal(zw_eval_cell(cold, node, area, p, &y, &err), ZW_OK);
            if (fabs(x.value - y.value) > 0 || x.reason != y.reason || x.marks != y.marks ||
                x.in != y.in || x.of != y.of || x.known_at_ms != y.known_at_ms) {
                fail_msg("%s of area %u in minute %d as of %d: bit by bit %g (%s), at once %g (%s)",
                         formula, area, m, minute, x.value, zw_reason_text((zw_reason)x.reason),
                         y.value, zw_reason_text((zw_reason)y.reason));
            }
        }
    }
    zw_eval_destroy(cold);
}

static void bit_by_bit_it_ends_as_at_once(void **state)
{
    static const char *const formulas[] = {"calls:increase(1)",
                                           "calls:rate \"5m\"",
                                           "calls:increase(7):where { host = \"x\" }",
                                           "calls:by \"host\":increase(5):max()",
                                           "calls:day()",
                                           "load:sum(30)",
                                           "calls:since \"2022-03-01\"",
                                           "calls:median(9)",
                                           "calls:slope(9)"};
    (void)state;
    for (uint64_t round = 1; round <= ROUNDS; round++) {
        uint64_t seed = round * 7919;
        struct world world;
        struct history *history = calloc(1, sizeof(*history));
        assert_non_null(history);
        world_open(&world, pack_text);
        const zw_tz *tz = zw_pack_calendar(world.pack, 0)->tz;
        add_series(history, tz, "a", NULL, &seed);
        add_series(history, tz, "b", "host=x", &seed);
        add_series(history, tz, "b", "host=y", &seed);
        world_put(&world, history->rows, history->count);
        zw_err err = {ZW_OK, ""};
        for (int m = 0; m < MINUTES + 20; m += 1 + (int)(draw(&seed) % 6)) {
            int64_t as_of_ms = START_MS + (m + 1) * MINUTE_MS + (int64_t)(draw(&seed) % 60000);
            assert_int_equal(zw_eval_move(world.eval, as_of_ms, &err), ZW_OK);
            for (size_t i = 0; i < sizeof(formulas) / sizeof(formulas[0]); i++) {
                check_moment(&world, m, formulas[i]);
            }
        }
        free(history);
        world_close(&world);
    }
}

static void no_memory_is_an_error(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    zw_node_id node = world_node(&world, "calls:rate \"5m\"");
    zw_period p = (START_MS + 5 * MINUTE_MS) / MINUTE_MS;
    bool was_refused = true;
    for (long n = 0; was_refused; n++) {
        zw_cell cell;
        zw_err err = {ZW_OK, ""};
        zw_eval_forget(world.eval);
        failing_alloc_after(n);
        zw_status status = zw_eval_cell(world.eval, node, 0, p, &cell, &err);
        was_refused = failing_alloc_stop();
        assert_int_equal(status, was_refused ? ZW_NOMEM : ZW_OK);
    }
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_answers_as_worked_by_hand),
        cmocka_unit_test(a_reading_withdrawn_is_none),
        cmocka_unit_test(bit_by_bit_it_ends_as_at_once),
        cmocka_unit_test(no_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
