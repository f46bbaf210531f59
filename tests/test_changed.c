/* What was changed by what was learned at one moment: as worked by hand, and against every period
 * of every indicator looked at. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "indicator/changed.h"
#include "item_world.h"

static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "local north = area \"north\" { within = land }\n"
    "local south = area \"south\" { within = land }\n"
    "area \"there\" { within = zone \"other\" { timezone = \"UTC\" } }\n"
    "local money = measure \"money\" { kind = \"flow\", unit = \"CNY\", every = \"month\", by = { "
    "\"kind\" } }\n"
    "local firms = measure \"firms\" { kind = \"stock\", unit = \"firms\", every = \"month\" }\n"
    "local calls = register \"calls\" { fields = { paid = \"CNY\" }, every = \"month\" }\n"
    "indicator \"in_year\" { money:year() }\n"
    "indicator \"before\" { money:lag(1) }\n"
    "indicator \"three\" { money:rolling(3):sum() }\n"
    "indicator \"share\" { money:share_of \"zone\" }\n"
    "indicator \"people\" { firms }\n"
    "indicator \"tea\" { money:where { kind = \"tea\" } }\n"
    "indicator \"here\" { calls:count() }\n"
    "indicator \"seen\" { function(at) return at(money, north) end, every = \"month\" }\n"
    "indicator \"kept\" { money, hide = firms:over(100) }\n";

/* A year of two areas, then one thing at a time. */
static const struct figure_row base[] = {
    {"firms", "north", NULL, "2022-01", 7, "2022-02-01", 0, false},
    {"firms", "land", NULL, "2022-03", 101, "2022-02-01", 0, false},
};
static const struct figure_row news[] = {
    {"money", "north", NULL, "2022-03", 5, "2023-02-01", 0, false},       /* a revision */
    {"money", "north", NULL, "2022-05", 1, "2023-03-01", 0, false},       /* the same again */
    {"money", "south", "kind=tea", "2022-04", 1, "2023-04-01", 0, false}, /* a new series */
    {"money", "north", NULL, "2022-12", NAN, "2023-05-01", 0, false},     /* withdrawn */
    {"money", "north", NULL, "2021-12", 1, "2023-06-01", 0, false}, /* an earlier first period */
    {"firms", "north", NULL, "2022-02", 8, "2023-07-01", 0, false},
};
static const struct item_row items[] = {
    {"calls", "a", "2022-11-10", "north", NULL, "paid=3", "2023-08-01", false},
    {"calls", "b", "2022-12-10", "south", NULL, NULL, "2023-09-01", false},
};

static zw_status note(void *arg, const zw_changed *changed, zw_err *err)
{
    zw_buf *out = arg;
    (void)err;
    zw_buf_printf(out, "%u@%u:%lld-%lld*%zu ", (unsigned)changed->indicator,
                  (unsigned)changed->area, (long long)changed->first, (long long)changed->last,
                  changed->periods);
    return ZW_OK;
}

/* The same by looking at every period from 2020 to the moment. */
static void look_everywhere(struct world *world, zw_eval *before, zw_eval *after, zw_buf *out)
{
    zw_err err = {ZW_OK, ""};
    for (uint32_t i = 0; i < world->pack->indicator_count; i++) {
        zw_node_id node = world->pack->indicators[i].node;
        zw_grid grid = zw_pack_node(world->pack, node)->grid;
        for (uint32_t a = 0; a < 3; a++) {
            zw_changed changed = {.indicator = i, .area = a};
            zw_period now = zw_eval_now(after, node, a);
            for (zw_period p = grid.every == ZW_YEAR ? 50 : 600; p <= now; p++) {
                zw_cell was;
                zw_cell is;
                assert_int_equal(zw_eval_cell(before, node, a, p, &was, &err), ZW_OK);
                assert_int_equal(zw_eval_cell(after, node, a, p, &is, &err), ZW_OK);
                bool is_same = zw_cell_stands(&was) == zw_cell_stands(&is) &&
                               (!zw_cell_stands(&was) || was.value == is.value);
                bool is_by_time =
                    was.reason == ZW_REASON_NOT_BEGUN && is.known_at_ms < zw_eval_as_of_ms(after);
                assert_int_equal(zw_eval_veil(after, node, a, p, &is, &err), ZW_OK);
                if (!is_same && !is_by_time && is.reason != ZW_REASON_HIDDEN) {
                    changed.first = changed.periods++ == 0 ? p : changed.first;
                    changed.last = p;
                }
            }
            if (changed.periods > 0) {
                assert_int_equal(note(out, &changed, &err), ZW_OK);
            }
        }
    }
}

static zw_status walk(struct world *world, const char *day, bool is_everywhere, zw_buf *out,
                      zw_err *err)
{
    zw_eval_world on = {world->pack, world->script, world->store, NULL};
    zw_eval *before = NULL;
    zw_eval *after = NULL;
    zw_status status = zw_eval_create(&on, world_moment(day) - 1, &before, err);
    status = status == ZW_OK ? zw_eval_create(&on, world_moment(day), &after, err) : status;
    if (status == ZW_OK && is_everywhere) {
        look_everywhere(world, before, after, out);
    } else if (status == ZW_OK) {
        status = zw_changed_walk(before, after, 0, note, out, err);
    }
    zw_eval_destroy(before);
    zw_eval_destroy(after);
    return status;
}

static void open_year(struct world *world)
{
    world_open(world, pack_text);
    for (int area = 0; area < 2; area++) {
        for (int month = 1; month <= 12; month++) {
            char period[16];
            (void)snprintf(period, sizeof(period), "2022-%02d", month);
            struct figure_row row = {
                "money", area == 0 ? "north" : "south", NULL, period, 1, "2023-01-10", 0, false};
            world_put(world, &row, 1);
        }
    }
    world_put(world, ROWS(base));
    world_put(world, ROWS(news));
    item_world_add(world, ROWS(items));
}

static void a_moment_changes_what_reads_it(void **state)
{
    /* Months count from 1970: 624 is 2022-01; of north (1) and the land (0), of the zone's share
     * both parts. */
    static const struct {
        const char *why, *day, *changes;
    } rows[] = {
        {"a revision: its year, the month after, three windows, shares, the function, the figure",
         "2023-02-01",
         "0@0:52-52*1 0@1:52-52*1 1@0:627-627*1 1@1:627-627*1 2@0:626-628*3 2@1:626-628*3 "
         "3@1:626-626*1 3@2:626-626*1 7@0:626-626*1 7@1:626-626*1 7@2:626-626*1 8@1:626-626*1 "},
        {"the same figure again changes nothing", "2023-03-01", ""},
        {"a new series of tea", "2023-04-01", "5@2:627-627*1 "},
        {"withdrawn: three windows and a year are missing", "2023-05-01", NULL},
        {"an earlier first period", "2023-06-01", NULL},
        {"another measure", "2023-07-01", "4@1:625-625*1 "},
        {"a register's first row: it can be spoken of", "2023-08-01", NULL},
        {"a row: from its month on, the one that begins just then too", "2023-09-01",
         "6@0:635-644*10 6@2:635-644*10 "},
    };
    (void)state;
    struct world world;
    open_year(&world);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_buf found;
        zw_buf all;
        zw_err err = {ZW_OK, ""};
        zw_buf_init(&found, 65536);
        zw_buf_init(&all, 65536);
        print_message("  %s\n", rows[i].why);
        assert_int_equal(walk(&world, rows[i].day, false, &found, &err), ZW_OK);
        assert_int_equal(walk(&world, rows[i].day, true, &all, &err), ZW_OK);
        assert_string_equal(zw_buf_view(&found), zw_buf_view(&all));
        if (rows[i].changes != NULL) {
            assert_string_equal(zw_buf_view(&found), rows[i].changes);
        } else {
            assert_true(found.len > 0);
        }
        zw_buf_fini(&found);
        zw_buf_fini(&all);
    }
    world_close(&world);
}

static void without_memory_nothing_is_made_up(void **state)
{
    (void)state;
    struct world world;
    zw_err err = {ZW_OK, ""};
    bool was_refused = true;
    zw_buf right;
    open_year(&world);
    zw_buf_init(&right, 65536);
    assert_int_equal(walk(&world, "2023-02-01", false, &right, &err), ZW_OK);
    for (long n = 0; was_refused; n += n < 200 ? 1 : 7) {
        zw_buf found;
        zw_buf_init(&found, 65536);
        failing_alloc_after(n);
        zw_status status = walk(&world, "2023-02-01", false, &found, &err);
        was_refused = failing_alloc_stop();
        if (status == ZW_OK && !found.has_failed) {
            assert_string_equal(zw_buf_view(&found), zw_buf_view(&right));
        } else {
            assert_true(was_refused);
        }
        zw_buf_fini(&found);
    }
    zw_buf_fini(&right);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_moment_changes_what_reads_it),
        cmocka_unit_test(without_memory_nothing_is_made_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
