/* Tests of the tables of a test. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "script_rows.h"

static const struct pack_row rows_of_areas_and_periods_are_told_apart[] = {
    {"the only zone without its level",
     "test \"x\" { given = { [sales] = { [\"2020-01\"] = 1, [2020] = 2 } }, expect "
     "= { } }",
     ""},
    {"areas by handle, name and alias",
     "local a = area \"a\" { within = gz, aliases = \"Alpha\" } test \"x\" { given "
     "= { [sales] = { [yz] = { [2020] = 1 }, pazhou = { [2020] = 1 }, Alpha = { "
     "[2020] = 1 } } }, expect = { } }",
     ""},
    {"both levels side by side",
     "test \"x\" { given = { [sales] = { [2020] = 1, [yz] = { [2020] = 1 } } }, "
     "expect = { } }",
     ""},
    {"no such area", "test \"x\" { given = { [sales] = { yuzu = { [2020] = 1 } } }, expect = { } }",
     "p:2:12: test \"x\": given: \"yuzu\" is neither a period nor an area; did you "
     "mean 'yuzhu'?"},
    {"half a year", "test \"x\" { given = { [sales] = { [2020.5] = 1 } }, expect = { } }",
     "p:2:12: test \"x\": given takes areas or periods as keys, got a number"},
    {"no table", "test \"x\" { given = 5, expect = { } }",
     "p:2:12: test \"x\": given takes { [measure] = { [period] = … } }, got a "
     "number"},
    {"no table of periods", "test \"x\" { given = { [sales] = 5 }, expect = { } }",
     "p:2:12: test \"x\": given takes { [period] = … } for each name, got a number"},
    {"areas inside areas",
     "test \"x\" { given = { [sales] = { [gz] = { [yz] = { [2020] = 1 } } } }, "
     "expect = { } }",
     "p:2:12: test \"x\": given takes periods inside an area, got area \"yuzhu\""},
    {"a handle of a wrong area is passed over",
     "local a = area \"a\" { } test \"x\" { given = { [sales] = { [a] = { [2020] = "
     "1 }, a = { [2020] = 1 } } }, expect = { } }",
     "p:2:11: area \"a\": within is needed"},
    {"keys without an order", "test \"x\" { given = { [sales] = { [{}] = 1 } }, expect = { } }",
     "p:2: a table as a key has no order: use numbers, texts or handles"},
};

static void areas_and_periods_are_told_apart(void **state)
{
    (void)state;
    check_pack_rows(PACK_HEAD, rows_of_areas_and_periods_are_told_apart,
                    COUNT_OF(rows_of_areas_and_periods_are_told_apart));
}

static void many_figures_are_all_kept(void **state)
{
    (void)state;
    struct loaded loaded =
        load_right(PACK_HEAD "local t = {} for y = 1901, 2100 do t[y] = y end\n"
                             "test 'x' { given = { [sales] = t }, expect = { [sales] = t } }");
    const zw_test *test = &loaded.pack->tests[0];
    assert_int_equal(test->given_count, 200);
    assert_int_equal(test->expect_count, 200);
    for (size_t i = 0; i < 200; i++) {
        assert_true(test->given[i].value == 1901 + (double)i);
        assert_int_equal(test->expect[i].period.period, 1901 + (int)i - 1970);
    }
    unload(&loaded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(areas_and_periods_are_told_apart),
        cmocka_unit_test(many_figures_are_all_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
