/* A swath: at every area it answers what the columns answer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

#include "eval_world.h"
#include "failing_alloc.h"

static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"Asia/Shanghai\", km2 = 9 }\n"
    "local far = zone \"far\" { timezone = \"America/New_York\" }\n"
    "local east = area \"east\" { within = land, km2 = 2 }\n"
    "area \"e1\" { within = east, km2 = 1 }\n"
    "area \"e2\" { within = east, since = \"2024-03-01\" }\n"
    "area \"west\" { within = land, km2 = 0 }\n"
    "area \"bay\" { within = far, km2 = 4 }\n"
    "local sales = measure \"sales\" { kind = \"flow\", unit = \"CNY\", every = \"month\", due = "
    "\"20d\", by = { \"trade\" } }\n"
    "local visits = measure \"visits\" { kind = \"flow\", unit = \"visits\", every = \"month\" }\n"
    "indicator \"each\" { sales / visits }\n";

static const struct figure_row figures[] = {
    {"sales", "e1", "", "2024-01", 100, "2024-02-10", 0, false},
    {"sales", "e1", "", "2024-02", 120, "2024-03-10", 'P', true},
    {"sales", "e2", "", "2024-03", 7, "2024-04-10", 0, false},
    {"sales", "west", "trade=tea", "2024-01", 30, "2024-02-10", 0, false},
    {"sales", "west", "trade=silk", "2024-01", 12, "2024-02-11", 'E', false},
    {"sales", "west", "", "2024-02", NAN, "2024-03-11", 0, false},
    {"sales", "bay", "", "2024-01", 55, "2024-02-10", 0, false},
    {"visits", "e1", "", "2024-01", 50, "2024-02-10", 0, false},
    {"visits", "e1", "", "2024-02", 0, "2024-03-10", 0, false},
    {"visits", "west", "", "2024-01", 3, "2024-02-10", 0, false},
    {"visits", "bay", "", "2024-01", 5, "2024-02-10", 0, true},
};

static const char *const expressions[] = {
    "sales",
    "sales / visits",
    "sales:over(40)",
    "sales:over(40) & visits:at_most(50)",
    "when(sales:over(99), sales, -sales) + 1",
    "visits / attr \"km2\"",
    "min(sales, 60) * 2",
    "sales:lag(1) + sales",
    "sales:where { trade = \"tea\" } / sales",
    "each",
    "each:over(2)",
    "attr \"km2\"",
    "7",
};

static const char *const days[] = {"2024-02-10", "2024-02-15", "2024-03-31", "2030-01-01"};

static void it_answers_what_the_columns_answer(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    uint32_t areas[16];
    zw_cell cells[16];
    size_t count = world.pack->area_count;
    zw_err err = {ZW_OK, ""};
    for (uint32_t a = 0; a < count; a++) {
        areas[a] = a;
    }
    for (size_t d = 0; d < sizeof days / sizeof days[0]; d++) {
        world_as_of(&world, days[d]);
        for (size_t i = 0; i < sizeof expressions / sizeof expressions[0]; i++) {
            zw_node_id node = world_node(&world, expressions[i]);
            for (zw_period p = 54 * 12; p < 54 * 12 + 5; p++) { /* 2024-01 to 2024-05 */
                assert_int_equal(zw_eval_areas(world.eval, node, areas, count, p, cells, &err),
                                 ZW_OK);
                for (uint32_t a = 0; a < count; a++) {
                    zw_cell cell;
                    memset(&cell, 0, sizeof(cell));
                    assert_int_equal(zw_eval_cell(world.eval, node, a, p, &cell, &err), ZW_OK);
                    bool same = cell.value == cells[a].value && cell.reason == cells[a].reason &&
                                cell.until_ms == cells[a].until_ms &&
                                cell.known_at_ms == cells[a].known_at_ms &&
                                cell.in == cells[a].in && cell.of == cells[a].of &&
                                cell.span == cells[a].span && cell.marks == cells[a].marks;
                    if (!same) {
                        fail_msg("%s at %s in %lld as of %s: %g (%d), not %g (%d)", expressions[i],
                                 world.pack->areas[a].title.name, (long long)p, days[d],
                                 cells[a].value, cells[a].reason, cell.value, cell.reason);
                    }
                }
            }
        }
    }
    world_close(&world);
}

static void without_memory_it_says_so(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    zw_node_id node = world_node(&world, "(sales + 1) / visits");
    uint32_t areas[] = {0, 1, 2, 3, 4, 5};
    zw_cell cells[6];
    bool was_refused = true;
    for (long after = 0; was_refused; after++) {
        zw_err err = {ZW_OK, ""};
        zw_eval *eval = NULL;
        zw_eval_world on = {world.pack, world.script, world.store, NULL};
        failing_alloc_after(after);
        zw_status status = zw_eval_create(&on, WORLD_NOW_MS, &eval, &err);
        status =
            status == ZW_OK ? zw_eval_areas(eval, node, areas, 6, 54 * 12, cells, &err) : status;
        was_refused = failing_alloc_stop();
        assert_true(status == ZW_OK || (was_refused && status == ZW_NOMEM));
        assert_true(was_refused || status == ZW_OK);
        zw_eval_destroy(eval);
    }
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_answers_what_the_columns_answer),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
