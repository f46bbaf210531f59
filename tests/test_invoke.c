/* Lua functions as formulas: their reads, their missing, their failures. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "call_world.h"

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
    assert_non_null(strstr(text, "missing: script limit: "));
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
