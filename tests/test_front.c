/* The front: the newest period that can be spoken of. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "eval_world.h"

static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"UTC\", currency = \"CNY\" }\n"
    "local north = area \"north\" { within = land }\n"
    "local south = area \"south\" { within = land }\n"
    "local money = measure \"money\" { kind = \"flow\", unit = \"CNY\", every = \"month\", due = "
    "\"10d\" }\n"
    "local firms = measure \"firms\" { kind = \"stock\", unit = \"firms\", every = \"month\" }\n"
    "local per = indicator \"per_firm\" { money / firms }\n"
    "local yearly = measure \"yearly\" { kind = \"stock\", unit = \"firms\", every = \"year\" }\n"
    "indicator \"largest\" { function(at)\n"
    "  local most = 0\n"
    "  for _, a in ipairs(land.areas) do most = math.max(most, at(money, a)) end\n"
    "  return most / at(money)\n"
    "end, every = \"month\", unit = \"%\" }\n"
    "indicator \"careful\" { function(at) return (at.value(money, south) or 0) + 1 end, every = "
    "\"month\", unit = \"CNY\" }\n"
    "indicator \"earlier\" { function(at) return at(money, at.area, -1) end, every = \"month\", "
    "unit = \"CNY\" }\n"
    "indicator \"year_before\" { function(at) return at(yearly) end, every = \"month\", unit = "
    "\"firms\" }\n"
    "indicator \"blind\" { function(at) return 1 end, every = \"month\" }\n"
    "indicator \"broken\" { function(at) return at(money) + nil end, every = \"month\" }\n"
    "indicator \"endless\" { function(at) while true do end end, every = \"month\" }\n"
    "local fair = rule \"fair\" { must = function(at) return at(money, north) <= 0.7 * at(money) "
    "end }\n";

static const struct figure_row figures[] = {
    {"money", "north", NULL, "2022-01", 6, "2022-02-05", 0, false},
    {"money", "south", NULL, "2022-01", 2, "2022-02-06", 'P', true},
    {"money", "north", NULL, "2022-02", 3, "2022-03-05", 0, false},
    {"firms", "north", NULL, "2022-01", 2, "2022-02-05", 0, false},
    {"firms", "south", NULL, "2022-01", 2, "2022-02-05", 0, false},
    {"yearly", "land", NULL, "2021", 9, "2022-01-05", 0, false},
    {"yearly", "land", NULL, "2022", 10, "2022-03-05", 0, false},
};

static void it_is_the_newest_known_or_all_due(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    static const struct {
        const char *why, *as_of, *expression;
        bool has_period;
        zw_period period;
        bool stands;
    } cases[] = {
        {"nothing is known yet", "2022-01-20", "money:over(1)", false, 0, false},
        {"January is complete", "2022-02-06", "money:over(1)", true, 52 * 12, true},
        {"half of February is in, and the rest not due", "2022-03-06", "money:over(1)", true,
         52 * 12, true},
        {"all of February is due: unknown, and newer", "2022-03-11", "money:over(1)", true,
         52 * 12 + 1, false},
        {"without a due only what is known counts", "2022-06-11", "firms:over(1)", true, 52 * 12,
         true},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        zw_front front;
        zw_err err = {ZW_OK, ""};
        world_as_of(&world, cases[i].as_of);
        assert_int_equal(
            zw_eval_front(world.eval, world_node(&world, cases[i].expression), 0, &front, &err),
            ZW_OK);
        if (front.has_period != cases[i].has_period ||
            (front.has_period && front.period != cases[i].period) ||
            (front.has_period && zw_cell_stands(&front.cell) != cases[i].stands)) {
            fail_msg("%s", cases[i].why);
        }
        assert_true(front.until_ms > zw_eval_as_of_ms(world.eval));
    }
    world_close(&world);
}

static void the_newest_is_known(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    world_as_of(&world, "2022-03-11");
    zw_front newest;
    zw_err err = {ZW_OK, ""};
    assert_int_equal(zw_eval_newest(world.eval, world_node(&world, "money"), 0, &newest, &err),
                     ZW_OK);
    assert_true(newest.has_period);
    assert_int_equal(newest.period, 52 * 12);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_the_newest_known_or_all_due),
        cmocka_unit_test(the_newest_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
