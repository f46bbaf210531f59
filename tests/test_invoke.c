/* Lua functions as formulas: their reads, their missing, their failures. */
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

static void every_case_answers_as_worked_by_hand(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    static const struct answer_row answers[] = {
        {"a function reads and computes", "largest", "land", "2022-01",
         "75.0 % (provisional, synthetic)"},
        {"a missing read makes it missing, with the reason", "largest", "land", "2022-02",
         "missing: late since 2022-03-11"},
        {"unless it asks", "careful", "land", "2022-02", "1 CNY"},
        {"an earlier period", "earlier", "north", "2022-02", "6 CNY"},
        {"a coarser figure is the newest that ended by then", "year_before", "land", "2022-01",
         "9 firms"},
        {"what read nothing has no value", "blind", "land", "2022-01",
         "missing: the function read nothing"},
        {"a rule's must", "fair:broken()", "land", "2022-01", "true (provisional, synthetic)"},
    };
    world_answers(&world, ROWS(answers));
    world_close(&world);
}

static void a_function_that_fails_is_missing_with_its_message(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    char text[512];
    world_says(&world, "broken", "land", "2022-01", text, sizeof(text));
    assert_non_null(strstr(text, "missing: script error: "));
    assert_non_null(strstr(text, "test.lua:"));
    world_says(&world, "endless", "land", "2022-01", text, sizeof(text));
    assert_non_null(strstr(text, "missing: script error: "));
    world_close(&world);
}

static void what_a_function_read_makes_it_stale(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    world_says(&world, "largest", "land", "2022-02", (char[512]){0}, 512);
    static const struct figure_row late[] = {
        {"money", "south", NULL, "2022-02", 1, NULL, 0, false}};
    static const struct answer_row after[] = {
        {"the read is in now", "largest", "land", "2022-02", "75.0 %"}};
    world_put(&world, ROWS(late));
    world_answers(&world, ROWS(after));
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_answers_as_worked_by_hand),
        cmocka_unit_test(a_function_that_fails_is_missing_with_its_message),
        cmocka_unit_test(what_a_function_read_makes_it_stale),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
