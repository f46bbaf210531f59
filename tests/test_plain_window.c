/*
 * Windows over plain series: they say what the folds over cells say, as-of included, and a figure
 * that comes makes stale what read past its cell.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "eval_world.h"
#include "indicator/plain_window.h"

static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "area \"east\" { within = land }\n"
    "measure \"heat\" { kind = \"gauge\", unit = \"K\", every = \"day\" }\n"
    "measure \"cold\" { kind = \"gauge\", unit = \"K\", every = \"day\", due = \"3d\" }\n"
    "measure \"idle\" { kind = \"gauge\", unit = \"K\", every = \"day\", skip = { month = 3 } }\n"
    "measure \"sold\" { kind = \"flow\", unit = \"CNY\", every = \"day\" }\n";

static uint32_t random_of(uint32_t *seed)
{
    *seed = *seed * 1664525U + 1013904223U;
    return *seed >> 8;
}

/* Figures over 120 days with holes, revisions, withdrawals, statuses and synthetic ones. */
static void put_random(struct world *world, uint32_t seed)
{
    for (int i = 0; i < 300; i++) {
        char period[16];
        char known[16];
        uint32_t day = random_of(&seed) % 28 + 1;
        uint32_t month = random_of(&seed) % 4 + 1;
        (void)snprintf(period, sizeof(period), "2024-%02u-%02u", month, day);
        (void)snprintf(known, sizeof(known), "2024-%02u-%02u", month + random_of(&seed) % 6, day);
        double value = (double)random_of(&seed) / 7 - 1e6;
        static const char *const measures[] = {"heat", "sold", "cold", "idle"};
        struct figure_row row = {measures[random_of(&seed) % 4],
                                 "east",
                                 "",
                                 period,
                                 random_of(&seed) % 20 == 0 ? NAN : value,
                                 known,
                                 random_of(&seed) % 8 == 0 ? 'P' : 0,
                                 random_of(&seed) % 16 == 0};
        world_put(world, &row, 1);
    }
}

static void a_window_says_what_its_cells_say(void **state)
{
    (void)state;
    static const char *const expressions[] = {
        "heat:rolling(7):mean()",
        "heat:rolling(30):sum()",
        "heat:rolling(20):max()",
        "sold:rolling(5):sum()",
        "sold:rolling(3):min()",
        "heat:rolling(40):count()",
        "sold:rolling(2):mean()",
        "heat:rolling(9):first()",
        "heat:rolling(9):last()",
        "cold:rolling(6):sum()",
        "cold:rolling(2):max()",
        "idle:rolling(5):mean()",
        "heat:month \"mean\"",
        "heat:month \"sum\"",
        "heat:week \"max\"",
        "heat:month()",
        "cold:week \"mean\"",
        "cold:month \"min\"",
        "idle:week \"mean\"",
        "idle:month \"max\"",
        "sold:week \"sum\"",
        "sold:week \"mean\"",
        "sold:month()",
        "heat:year \"mean\"",
        "heat",
        "cold",
        "idle",
        "sold",
    };
    static const char *const days[] = {"2024-02-20", "2024-05-01", "2024-12-31"};
    struct world world;
    world_open(&world, pack_text);
    for (uint32_t seed = 1; seed <= 4; seed++) {
        put_random(&world, seed);
        for (size_t d = 0; d < sizeof days / sizeof days[0]; d++) {
            for (size_t i = 0; i < sizeof expressions / sizeof expressions[0]; i++) {
                zw_node_id node = world_node(&world, expressions[i]);
                zw_err err = {ZW_OK, ""};
                zw_eval_world on = {world.pack, world.script, world.store, NULL};
                zw_eval *traced = NULL;
                world_as_of(&world, days[d]);
                assert_int_equal(zw_eval_create(&on, zw_eval_as_of_ms(world.eval), &traced, &err),
                                 ZW_OK);
                traced->is_traced = true;
                zw_grid grid = zw_pack_node(world.pack, node)->grid;
                zw_period first = 0;
                zw_period last = 0;
                assert_int_equal(world_period(&world, 1, grid, "2024-01-01", &first, &err), ZW_OK);
                assert_int_equal(world_period(&world, 1, grid, "2024-05-20", &last, &err), ZW_OK);
                for (zw_period p = first; p <= last; p++) {
                    zw_cell past;
                    zw_cell read;
                    assert_int_equal(zw_eval_cell(world.eval, node, 1, p, &past, &err), ZW_OK);
                    assert_int_equal(zw_eval_cell(traced, node, 1, p, &read, &err), ZW_OK);
                    if (past.value != read.value || past.reason != read.reason ||
                        past.until_ms != read.until_ms || past.known_at_ms != read.known_at_ms ||
                        past.in != read.in || past.of != read.of || past.span != read.span ||
                        past.marks != read.marks) {
                        fail_msg("seed %u, %s in %lld as of %s: %.17g, not %.17g", seed,
                                 expressions[i], (long long)p, days[d], past.value, read.value);
                    }
                }
                zw_eval_destroy(traced);
            }
        }
    }
    world_close(&world);
}

/* As a live process learns: nothing is forgotten. */
static void learn(struct world *world, const struct figure_row *row)
{
    zw_err err = {ZW_OK, ""};
    zw_delivery delivery = {.source = "test", .name = "", .format = "csv", .digest = ""};
    assert_int_equal(zw_store_begin(world->store, &err), ZW_OK);
    assert_int_equal(zw_store_deliver(world->store, &delivery, &err), ZW_OK);
    world->batch = delivery.id;
    assert_int_equal(world_put_row(world, row, &err), ZW_OK);
    assert_int_equal(zw_store_commit(world->store, &err), ZW_OK);
    assert_int_equal(zw_eval_move(world->eval, world_moment(row->known), &err), ZW_OK);
}

static void a_figure_that_comes_is_seen_through_the_window(void **state)
{
    (void)state;
    struct world world;
    zw_err err = {ZW_OK, ""};
    world_open(&world, pack_text);
    static const struct figure_row first[] = {
        {"sold", "east", "", "2024-01-01", 1, "2024-01-02", 0, false},
        {"sold", "east", "", "2024-01-02", 2, "2024-01-03", 0, false},
        {"sold", "east", "", "2024-01-03", 3, "2024-01-04", 0, false}};
    static const struct figure_row revised = {"sold", "east",       "", "2024-01-02",
                                              20,     "2024-01-10", 0,  false};
    world_put(&world, ROWS(first));
    world_as_of(&world, "2024-01-05");
    zw_node_id node = world_node(&world, "sold:rolling(3):sum()");
    zw_cell cell;
    assert_int_equal(zw_eval_cell(world.eval, node, 1, 19725, &cell, &err), ZW_OK);
    assert_true(cell.value == 6);
    uint32_t sold_measure = zw_pack_measure(world.pack, zw_text_of("sold"), NULL);
    zw_col *sold = zw_table_find(world.eval->table, world.pack->measures[sold_measure].node, 1);
    assert_true(sold != NULL && sold->is_read_past); /* no cell of it was computed */
    assert_int_equal(zw_eval_watch(world.eval, node, 1, 9, &err), ZW_OK);
    learn(&world, &revised);
    uint32_t watch = 0;
    zw_span span;
    assert_true(zw_eval_next_stale(world.eval, &watch, &span));
    assert_int_equal(watch, 9);
    assert_int_equal(zw_eval_cell(world.eval, node, 1, 19725, &cell, &err), ZW_OK);
    assert_true(cell.value == 24);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_window_says_what_its_cells_say),
        cmocka_unit_test(a_figure_that_comes_is_seen_through_the_window),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
