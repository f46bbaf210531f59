/* A target's arithmetic: comparisons, paths between dated values, required growth, verdicts. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "plan_pack.h"

static bool is_near(double a, double b, double tolerance)
{
    return fabs(a - b) <= tolerance;
}

static void verdicts_have_words(void **state)
{
    (void)state;
    zw_verdict verdict = ZW_VERDICT_COUNT;
    for (int i = 0; i < ZW_VERDICT_COUNT; i++) {
        assert_true(zw_verdict_parse(zw_text_of(zw_verdict_text((zw_verdict)i)), &verdict));
        assert_int_equal(verdict, i);
    }
    assert_string_equal(zw_verdict_text(ZW_VERDICT_MET_THEN_REVISED_BELOW),
                        "met_then_revised_below");
    assert_false(zw_verdict_parse(zw_text_of("met"), &verdict));
    assert_false(zw_verdict_parse(zw_text_of(""), &verdict));
    assert_string_equal(zw_compare_text(ZW_COMPARE_AT_MOST), "at_most");
    assert_string_equal(zw_path_text(ZW_PATH_SEASONAL), "seasonal");
}

static void over_and_under_are_strict(void **state)
{
    static const struct {
        const char *why;
        zw_compare compare;
        double value, goal;
        bool holds;
        double gap; /* of a path at the goal */
    } rows[] = {
        {"more is over", ZW_COMPARE_OVER, 600.1, 600, true, -0.1},
        {"the same is not over", ZW_COMPARE_OVER, 600, 600, false, 0},
        {"a rounded 600 is not over", ZW_COMPARE_OVER, 599.96, 600, false, 0.04},
        {"the same is at least", ZW_COMPARE_AT_LEAST, 600, 600, true, 0},
        {"less is not", ZW_COMPARE_AT_LEAST, 599, 600, false, 1},
        {"less is under", ZW_COMPARE_UNDER, 4, 5, true, -1},
        {"the same is not under", ZW_COMPARE_UNDER, 5, 5, false, 0},
        {"the same is at most", ZW_COMPARE_AT_MOST, 5, 5, true, 0},
        {"more than at most is behind", ZW_COMPARE_AT_MOST, 7, 5, false, 2},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        double gap = zw_compare_gap(rows[i].compare, rows[i].goal, rows[i].value);
        if (zw_compare_holds(rows[i].compare, rows[i].value, rows[i].goal) != rows[i].holds ||
            !is_near(gap, rows[i].gap, 1e-9)) {
            fail_msg("%s (gap %g)", rows[i].why, gap);
        }
    }
}

/* 442 at the end of 2020, 600 at the end of 2022, 900 at the end of 2025, by months. */
static const zw_path_point revenue[] = {{0, 442}, {24, 600}, {60, 900}};
static const zw_path_point falling[] = {{10, 8}, {12, -2}};

static void a_path_runs_between_its_points(void **state)
{
    static const struct {
        const char *why;
        zw_path path;
        const zw_path_point *points;
        size_t count;
        zw_period at;
        double value; /* NAN: none */
    } rows[] = {
        {"geometric, two months on", ZW_PATH_GEOMETRIC, revenue, 3, 2, 453.402},
        {"three months on", ZW_PATH_GEOMETRIC, revenue, 3, 3, 459.212},
        {"at its start", ZW_PATH_GEOMETRIC, revenue, 3, 0, 442},
        {"at a point, exactly", ZW_PATH_GEOMETRIC, revenue, 3, 24, 600},
        {"on the second stretch", ZW_PATH_GEOMETRIC, revenue, 3, 42, 734.847},
        {"at its end", ZW_PATH_GEOMETRIC, revenue, 3, 60, 900},
        {"before it there is none", ZW_PATH_GEOMETRIC, revenue, 3, -1, NAN},
        {"after it there is none", ZW_PATH_GEOMETRIC, revenue, 3, 61, NAN},
        {"seasonal is geometric between years", ZW_PATH_SEASONAL, revenue, 3, 12, 514.976},
        {"linear", ZW_PATH_LINEAR, revenue, 3, 12, 521},
        {"linear, on the second stretch", ZW_PATH_LINEAR, revenue, 3, 33, 675},
        {"linear before", ZW_PATH_LINEAR, revenue, 3, -1, NAN},
        {"linear after", ZW_PATH_LINEAR, revenue, 3, 61, NAN},
        {"linear goes below zero", ZW_PATH_LINEAR, falling, 2, 11, 3},
        {"geometric does not", ZW_PATH_GEOMETRIC, falling, 2, 11, NAN},
        {"but has its points", ZW_PATH_GEOMETRIC, falling, 2, 12, -2},
        {"a step holds the last date passed", ZW_PATH_STEP, revenue, 3, 23, 442},
        {"from its date on", ZW_PATH_STEP, revenue, 3, 24, 600},
        {"and after the last", ZW_PATH_STEP, revenue, 3, 1000, 900},
        {"before the first there is none", ZW_PATH_STEP, revenue, 3, -1, NAN},
        {"one point is a path of one period", ZW_PATH_LINEAR, revenue, 1, 0, 442},
        {"and no more", ZW_PATH_LINEAR, revenue, 1, 1, NAN},
        {"no point, no path", ZW_PATH_STEP, revenue, 0, 0, NAN},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        double value = NAN;
        bool has = zw_path_at(rows[i].path, rows[i].points, rows[i].count, rows[i].at, &value);
        if (has == isnan(rows[i].value) || (has && !is_near(value, rows[i].value, 5e-4))) {
            fail_msg("%s: %s %g", rows[i].why, has ? "has" : "has none,", value);
        }
    }
}

static void growth_is_required_of_what_is_positive(void **state)
{
    static const struct {
        const char *why;
        double from, to, years, growth; /* NAN: none */
    } rows[] = {
        {"doubling in a year", 1, 2, 1, 1},
        {"doubling in two", 1, 2, 2, 0.414214},
        {"half a year left", 137276, 140000, 0.5, 0.040080},
        {"less is enough", 4, 1, 2, -0.5},
        {"from nothing", 0, 2, 1, NAN},
        {"from a loss", -1, 2, 1, NAN},
        {"to nothing", 1, 0, 1, NAN},
        {"no time left", 1, 2, 0, NAN},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        double growth = NAN;
        bool has = zw_growth_required(rows[i].from, rows[i].to, rows[i].years, &growth);
        if (has == isnan(rows[i].growth) || (has && !is_near(growth, rows[i].growth, 1e-5))) {
            fail_msg("%s: %s %g", rows[i].why, has ? "has" : "has none,", growth);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdicts_have_words),
        cmocka_unit_test(over_and_under_are_strict),
        cmocka_unit_test(a_path_runs_between_its_points),
        cmocka_unit_test(growth_is_required_of_what_is_positive),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
