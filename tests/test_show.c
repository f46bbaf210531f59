/* How cells are shown: units, marks, completeness, reasons. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "call_world.h"

static void values_and_reasons_as_people_read_them(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    static const struct answer_row answers[] = {
        {"a plain unit", "money", "north", "2022-01", "6 CNY"},
        {"marks behind it", "money", "land", "2022-01", "8 CNY (provisional, synthetic)"},
        {"inside the unit's brackets", "money * 1e8 / 1e8", "land", "2022-01",
         "8 CNY (provisional, synthetic)"},
        {"a truth", "money:over(1)", "north", "2022-01", "true"},
        {"an unknown truth", "money:over(1)", "south", "2022-02",
         "unknown: not due until 2022-03-11"},
        {"a part that lacks", "money", "land", "2022-02",
         "missing: part missing: south (1 of 2 in)"},
    };
    world_as_of(&world, "2022-03-06");
    world_answers(&world, ROWS(answers));
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_and_reasons_as_people_read_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
