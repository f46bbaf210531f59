/* Moving windows: over values, over running totals from totals alone, with periods that nobody
 * reports. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "eval_world.h"

static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"UTC\", currency = \"CNY\" }\n"
    "local total = measure \"total\" { kind = \"ytd\", unit = \"CNY\", every = \"month\", skip = { "
    "month = 1 } }\n"
    "local flow = measure \"flow\" { kind = \"flow\", unit = \"CNY\", every = \"month\" }\n"
    "local gappy = measure \"gappy\" { kind = \"flow\", unit = \"CNY\", every = \"month\", skip = "
    "{ month = 1 } }\n";

static const struct figure_row figures[] = {
    {"total", "land", NULL, "2020-02", 53, NULL, 0, false},
    {"total", "land", NULL, "2020-03", 89, NULL, 0, false},
    {"total", "land", NULL, "2020-12", 442, NULL, 0, false},
    {"total", "land", NULL, "2021-02", 36, NULL, 0, false},
    {"total", "land", NULL, "2021-03", 72, NULL, 0, false},
    {"total", "land", NULL, "2021-12", 500, NULL, 0, false},
    {"flow", "land", NULL, "2021-11", 1, NULL, 0, false},
    {"flow", "land", NULL, "2021-12", 2, NULL, 0, false},
    {"flow", "land", NULL, "2022-01", 3, NULL, 0, false},
    {"flow", "land", NULL, "2022-03", 9, NULL, 0, false},
    {"gappy", "land", NULL, "2021-12", 2, NULL, 0, false},
    {"gappy", "land", NULL, "2022-02", 4, NULL, 0, false},
};

static const struct answer_row answers[] = {
    {"a trailing year of totals in February", "total:rolling(12):sum()", "land", "2021-02",
     "425 CNY"},
    {"and in March", "total:rolling(12):sum()", "land", "2021-03", "425 CNY"},
    {"at the year's end it is the year", "total:rolling(12):sum()", "land", "2021-12", "500 CNY"},
    {"two years end to end", "total:rolling(24):sum()", "land", "2021-12", "942 CNY"},
    {"the mean is by the periods it covers", "total:rolling(12):mean()", "land", "2021-12",
     "41.67 CNY"},
    {"back to the year's end nothing is taken off", "total:rolling(3):sum()", "land", "2021-03",
     "72 CNY"},
    {"back to a total nobody reports it cannot tell", "total:rolling(2):sum()", "land", "2021-03",
     "missing: no report in this period"},
    {"a skipped month has none", "total:rolling(12):sum()", "land", "2022-01",
     "missing: no report in this period"},
    {"values in the window", "flow:rolling(3):sum()", "land", "2022-01", "6 CNY"},
    {"their mean", "flow:rolling(3):mean()", "land", "2022-01", "2 CNY"},
    {"longer than history", "flow:rolling(4):sum()", "land", "2022-01", "missing: no figure"},
    {"a hole in the window", "flow:rolling(2):sum()", "land", "2022-03", "missing: no figure"},
    {"what nobody reports is passed over", "gappy:rolling(3):sum()", "land", "2022-02", "6 CNY"},
    {"and not counted in the mean", "gappy:rolling(3):mean()", "land", "2022-02", "3 CNY"},
    {"the largest", "flow:rolling(3):max()", "land", "2022-01", "3 CNY"},
    {"the smallest", "flow:rolling(3):min()", "land", "2022-01", "1 CNY"},
    {"how many", "flow:rolling(3):count()", "land", "2022-01", "3"},
    {"the first", "flow:rolling(3):first()", "land", "2022-01", "1 CNY"},
    {"the last", "flow:rolling(3):last()", "land", "2022-01", "3 CNY"},
    {"the middle one", "flow:rolling(3):median()", "land", "2022-01", "2 CNY"},
    {"a quarter of the way: 1 + 0.5 * (2 - 1)", "flow:rolling(3):quantile(0.25)", "land", "2022-01",
     "1.5 CNY"},
    {"the least quantile", "flow:rolling(3):quantile(0)", "land", "2022-01", "1 CNY"},
    {"the most", "flow:rolling(3):quantile(1)", "land", "2022-01", "3 CNY"},
    {"sqrt((1 + 0 + 1) / 2)", "flow:rolling(3):stddev()", "land", "2022-01", "1 CNY"},
    {"one more a month", "flow:rolling(3):slope()", "land", "2022-01", "1 CNY"},
    {"no deviation of one", "flow:rolling(1):stddev()", "land", "2022-01",
     "missing: fewer than two figures"},
    {"as much as from one to the next", "flow:rolling(1):median()", "land", "2022-01", "3 CNY"},
    {"the short form", "flow:median \"3 months\"", "land", "2022-01", "2 CNY"},
    {"the median of two is between them", "gappy:rolling(3):median()", "land", "2022-02", "3 CNY"},
    {"(4 - 2) / 2 months", "gappy:rolling(3):slope()", "land", "2022-02", "1 CNY"},
    {"a skipped month says nothing", "gappy:rolling(3):max()", "land", "2022-01",
     "missing: no report in this period"},
    {"a total's own parts: 36 since January, 72 - 36", "total:rolling(2):max()", "land", "2021-03",
     "36 CNY"},
    {"a skipped month has none", "total:rolling(3):count()", "land", "2021-03", "2"},
    {"windows and lags change places", "flow:rolling(2):sum():lag(1)", "land", "2022-01", "3 CNY"},
    {"either way round", "flow:lag(1):rolling(2):sum()", "land", "2022-01", "3 CNY"},
};

static void every_case_answers_as_worked_by_hand(void **state)
{
    (void)state;
    world_check(pack_text, ROWS(figures), ROWS(answers));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_answers_as_worked_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
