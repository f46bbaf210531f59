/* The vintages of a value: when anything it reads was learned. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "failing_alloc.h"
#include "goal_world.h"

static void they_are_the_moments_of_its_inputs_in_order(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    int64_t *moments_ms = NULL;
    size_t count = 0;
    zw_err err = {ZW_OK, ""};
    zw_node_id node = world_node(&world, "total:year()");
    assert_int_equal(zw_eval_vintages(world.eval, node, 0, 2022 - 1970, &moments_ms, &count, &err),
                     ZW_OK);
    assert_true(count >= 2);
    for (size_t i = 1; i < count; i++) {
        assert_true(moments_ms[i - 1] < moments_ms[i]);
    }
    assert_int_equal(moments_ms[count - 1], world_moment("2023-06-15"));
    assert_int_equal(moments_ms[count - 2], world_moment("2023-01-20"));
    free(moments_ms);
    world_as_of(&world, "2023-02-01");
    assert_int_equal(zw_eval_vintages(world.eval, node, 0, 2022 - 1970, &moments_ms, &count, &err),
                     ZW_OK);
    assert_int_equal(moments_ms[count - 1], world_moment("2023-01-20"));
    free(moments_ms);
    world_close(&world);
}

static const char revised_pack[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "area \"north\" { within = land }\n"
    "area \"south\" { within = land }\n"
    "local firms = measure \"firms\" { kind = \"stock\", unit = \"firms\", every = \"year\" }\n"
    "local came = measure \"came\" { kind = \"flow\", unit = \"firms\", every = \"month\" }\n"
    "local split = measure \"split\" { kind = \"stock\", unit = \"firms\", every = \"year\", by = "
    "{ "
    "\"industry\" } }\n";

static const struct figure_row revised[] = {
    {"firms", "north", NULL, "2022", 10, "2023-02-01", 'P', false},
    {"firms", "north", NULL, "2022", 12, "2023-06-01", 'P', false},
    {"firms", "north", NULL, "2022", 12, "2023-07-01", 'A', false},
    {"firms", "north", NULL, "2022", NAN, "2024-01-01", 0, false},
    {"firms", "north", NULL, "2022", 13, "2024-02-01", 0, false},
    {"firms", "south", NULL, "2022", 5, "2023-03-01", 0, false},
    {"firms", "south", NULL, "2022", 6, "2023-09-01", 0, false},
    {"firms", "south", NULL, "2024", 9, "2023-12-01", 'F', false},
    {"firms", "south", NULL, "2024", 11, "2024-03-01", 0, false},
    {"came", "north", NULL, "2022-01", 1, "2022-02-01", 0, false},
    {"came", "north", NULL, "2022-02", 2, "2022-03-01", 0, false},
    {"came", "north", NULL, "2022-03", 3, "2022-04-01", 0, false},
    {"came", "north", NULL, "2022-01", 100, "2022-05-01", 0, false},
    {"split", "north", "industry=ai", "2022", 1, "2023-02-01", 0, false},
    {"split", "north", "industry=chips", "2022", 3, "2023-02-01", 0, false},
    {"split", "north", "industry=ai", "2022", 8, "2023-06-01", 0, false},
};

static void a_value_is_as_first_reported_or_as_before_its_last_change(void **state)
{
    (void)state;
    static const struct step_row steps[] = {
        {"not reported yet", "2023-01-15", "firms:vintage 'first'", "north", "2022",
         "missing: no figure"},
        {"first reported", "2023-02-01", "firms:vintage 'first'", "north", "2022",
         "10 firms (provisional)"},
        {"and never changed", "2023-02-01", "firms:vintage 'previous'", "north", "2022",
         "missing: never changed"},
        {"revised to 12: before that 10", "2023-06-01", "firms:vintage 'previous'", "north", "2022",
         "10 firms (provisional)"},
        {"first reported all the same", "2023-06-01", "firms:vintage 'first'", "north", "2022",
         "10 firms (provisional)"},
        {"12 - 10", "2023-06-01", "firms - firms:vintage 'first'", "north", "2022",
         "2 firms (provisional)"},
        {"a status alone is no change", "2023-07-01", "firms:vintage 'previous'", "north", "2022",
         "10 firms (provisional)"},
        {"withdrawn: before that 12", "2024-01-01", "firms:vintage 'previous'", "north", "2022",
         "12 firms"},
        {"and first 10", "2024-01-01", "firms:vintage 'first'", "north", "2022",
         "10 firms (provisional)"},
        {"back: before that it was withdrawn", "2024-02-01", "firms:vintage 'previous'", "north",
         "2022", "missing: withdrawn"},
    };
    struct world world;
    world_open(&world, revised_pack);
    world_put(&world, ROWS(revised));
    world_steps(&world, ROWS(steps));
    world_close(&world);
}

static void a_zone_is_first_reported_with_the_last_of_its_parts(void **state)
{
    (void)state;
    static const struct step_row steps[] = {
        {"one of two", "2023-02-01", "firms:vintage 'first'", "land", "2022",
         "missing: part missing: south (1 of 2 in)"},
        {"10 + 5", "2023-03-01", "firms:vintage 'first'", "land", "2022", "15 firms (provisional)"},
        {"still, with the north at 12", "2023-06-01", "firms:vintage 'first'", "land", "2022",
         "15 firms (provisional)"},
        {"before its last change", "2023-06-01", "firms:vintage 'previous'", "land", "2022",
         "15 firms (provisional)"},
        {"12 + 6 now, 12 + 5 before", "2023-09-01", "firms:vintage 'previous'", "land", "2022",
         "17 firms"},
        {"a forecast has a value from the year's beginning on", "2024-02-01",
         "firms:vintage 'first'", "south", "2024", "9 firms (forecast)"},
        {"and was the first", "2024-03-01", "firms:vintage 'first'", "south", "2024",
         "9 firms (forecast)"},
        {"and the previous", "2024-03-01", "firms:vintage 'previous'", "south", "2024",
         "9 firms (forecast)"},
        {"a quarter of first reports is still a flow: 1 + 2 + 3", "2024-03-01",
         "came:vintage('first'):quarter()", "north", "2022-Q1", "6 firms"},
        {"the quarter itself was first reported as that, too", "2024-03-01",
         "came:quarter():vintage 'first'", "north", "2022-Q1", "6 firms"},
        {"now it is 100 + 2 + 3", "2024-03-01", "came:quarter()", "north", "2022-Q1", "105 firms"},
        {"group by group: the larger of 1 and 3", "2024-03-01",
         "split:by('industry'):vintage('first'):max()", "north", "2022", "3 firms"},
        {"8 - 1 and 3 - 3", "2024-03-01",
         "(split:by('industry') - split:by('industry'):vintage('first')):sum()", "north", "2022",
         "7 firms"},
        {"of one value", "2024-03-01", "split:where({ industry = 'ai' }):vintage 'previous'",
         "north", "2022", "1 firms"},
    };
    struct world world;
    world_open(&world, revised_pack);
    world_put(&world, ROWS(revised));
    world_steps(&world, ROWS(steps));
    world_close(&world);
}

static void without_memory_a_vintage_is_refused_and_works_again(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, revised_pack);
    world_put(&world, ROWS(revised));
    zw_node_id node = world_node(&world, "firms:vintage 'previous'");
    uint32_t north = zw_pack_area(world.pack, zw_text_of("north"), NULL);
    bool was_refused = true;
    zw_cell cell = zw_cell_of(0);
    world_as_of(&world, "2023-08-01");
    for (long after = 0; was_refused; after++) {
        zw_err err = {ZW_OK, ""};
        zw_eval_forget(world.eval);
        failing_alloc_after(after);
        zw_status status = zw_eval_cell(world.eval, node, north, 52, &cell, &err);
        was_refused = failing_alloc_stop();
        assert_true(status == ZW_OK || (was_refused && status == ZW_NOMEM));
    }
    assert_true(zw_cell_stands(&cell) && cell.value == 10);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_is_as_first_reported_or_as_before_its_last_change),
        cmocka_unit_test(a_zone_is_first_reported_with_the_last_of_its_parts),
        cmocka_unit_test(without_memory_a_vintage_is_refused_and_works_again),
        cmocka_unit_test(they_are_the_moments_of_its_inputs_in_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
