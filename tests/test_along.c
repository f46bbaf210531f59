/* Operations along time: lag, differences, yearly change, running totals, gaps and their spans. */
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
    "local daily = measure \"daily\" { kind = \"flow\", unit = \"CNY\", every = \"day\" }\n"
    "local weekly = measure \"weekly\" { kind = \"stock\", unit = \"firms\", every = \"week\" }\n"
    "local stock = measure \"stock\" { kind = \"stock\", unit = \"firms\", every = \"quarter\" }\n";

static const struct figure_row figures[] = {
    {"total", "land", NULL, "2021-02", 20, NULL, 0, false},
    {"total", "land", NULL, "2021-03", 35, NULL, 0, false},
    {"total", "land", NULL, "2021-12", 120, NULL, 0, false},
    {"total", "land", NULL, "2022-02", 25, NULL, 0, false},
    {"total", "land", NULL, "2022-03", 40, NULL, 0, false},
    {"total", "land", NULL, "2022-06", 90, NULL, 0, false},
    {"total", "land", NULL, "2022-07", 80, NULL, 0, false},
    {"flow", "land", NULL, "2021-11", 4, NULL, 0, false},
    {"flow", "land", NULL, "2021-12", 5, NULL, 0, false},
    {"flow", "land", NULL, "2022-01", 6, NULL, 0, false},
    {"flow", "land", NULL, "2022-02", 7, NULL, 0, false},
    {"flow", "land", NULL, "2023-02", 14, NULL, 0, false},
    {"daily", "land", NULL, "2023-02-28", 5, NULL, 0, false},
    {"daily", "land", NULL, "2023-03-01", 8, NULL, 0, false},
    {"daily", "land", NULL, "2023-12-31", 1, NULL, 0, false},
    {"daily", "land", NULL, "2024-01-01", 2, NULL, 0, false},
    {"daily", "land", NULL, "2024-01-02", 3, NULL, 0, false},
    {"daily", "land", NULL, "2024-02-28", 6, NULL, 0, false},
    {"daily", "land", NULL, "2024-02-29", 10, NULL, 0, false},
    {"daily", "land", NULL, "2024-03-01", 12, NULL, 0, false},
    {"weekly", "land", NULL, "2019-W52", 50, NULL, 0, false},
    {"weekly", "land", NULL, "2020-W01", 40, NULL, 0, false},
    {"weekly", "land", NULL, "2020-W53", 60, NULL, 0, false},
    {"weekly", "land", NULL, "2021-W01", 44, NULL, 0, false},
    {"stock", "land", NULL, "2021-Q1", 8, NULL, 0, false},
    {"stock", "land", NULL, "2022-Q1", 10, NULL, 0, false},
    {"stock", "land", NULL, "2022-Q2", 7, NULL, 0, false},
};

static const struct answer_row answers[] = {
    {"one period earlier", "flow:lag(1)", "land", "2022-02", "6 CNY"},
    {"across the year's end", "flow:lag(1)", "land", "2022-01", "5 CNY"},
    {"a year as a length", "flow:lag \"1 year\"", "land", "2023-02", "7 CNY"},
    {"nothing before the first figure", "flow:lag(1)", "land", "2021-11", "missing: no figure"},
    {"a difference", "flow:delta()", "land", "2022-02", "1 CNY"},
    {"a difference over a year", "flow:delta \"1 year\"", "land", "2023-02", "7 CNY"},
    {"a stock may fall", "stock:delta()", "land", "2022-Q2", "-3 firms"},
    {"a difference to nothing is missing", "stock:delta()", "land", "2022-Q1",
     "missing: no figure"},
    {"February after a skipped January spans two", "total:single()", "land", "2022-02",
     "25 CNY (spans 2 periods)"},
    {"March after February is one month", "total:single()", "land", "2022-03", "15 CNY"},
    {"after a gap the part says how much it spans", "total:single()", "land", "2022-06",
     "50 CNY (spans 3 periods)"},
    {"the first total of a year spans from its start", "total:single()", "land", "2021-12",
     "85 CNY (spans 9 periods)"},
    {"a total that fell has no part", "total:single()", "land", "2022-07",
     "missing: running total fell"},
    {"a running total's own difference is its part", "total:delta()", "land", "2022-03", "15 CNY"},
    {"within its year only", "total:delta(3)", "land", "2022-02", "25 CNY (spans 2 periods)"},
    {"yearly change of a running total", "total:yoy()", "land", "2022-02", "25.0 %"},
    {"yearly change of a stock", "stock:yoy()", "land", "2022-Q1", "25.0 %"},
    {"no change without a year before", "flow:yoy()", "land", "2022-02", "missing: no figure"},
    {"equal spans compare", "total:single():yoy()", "land", "2022-02", "25.0 % (spans 2 periods)"},
    {"unequal spans do not", "total:single():yoy()", "land", "2022-06", "missing: no figure"},
    {"a flow's running total", "flow:ytd()", "land", "2022-02", "13 CNY"},
    {"needs every part of the year", "flow:ytd()", "land", "2021-12", "missing: no figure"},
    {"a running total is its own", "total:ytd()", "land", "2022-03", "40 CNY"},
    {"since a quarter: 4 + 5", "flow:since \"2021-11\"", "land", "2021-12", "9 CNY"},
    {"over the year's end: 4 + 5 + 6 + 7", "flow:since \"2021-11\"", "land", "2022-02", "22 CNY"},
    {"its first period is itself", "flow:since \"2021-11\"", "land", "2021-11", "4 CNY"},
    {"before it there is none", "flow:since \"2021-11\"", "land", "2021-10",
     "missing: before the first period asked"},
    {"every part is needed", "flow:since \"2021\"", "land", "2021-12", "missing: no figure"},
    {"of totals: the year's 120 and this one's 25", "total:since \"2021\"", "land", "2022-02",
     "145 CNY"},
    {"since within a year: 120 - 35 + 25", "total:since \"2021-04\"", "land", "2022-02", "110 CNY"},
    {"since a month behind a skipped one it cannot tell", "total:since \"2022-02\"", "land",
     "2022-03", "missing: no report in this period"},
    {"days since a day", "daily:since \"2024-01-01\"", "land", "2024-01-02", "5 CNY"},
    {"a leap day against the 28th: 10 / 5", "daily:yoy()", "land", "2024-02-29", "100.0 %"},
    {"and the 28th itself: 6 / 5", "daily:yoy()", "land", "2024-02-28", "20.0 %"},
    {"the day behind it: 12 / 8", "daily:yoy()", "land", "2024-03-01", "50.0 %"},
    {"a week against that of its number: 44 / 40", "weekly:yoy()", "land", "2021-W01", "10.0 %"},
    {"a 53rd against the last: 60 / 50", "weekly:yoy()", "land", "2020-W53", "20.0 %"},
    {"a running total of days begins with the year", "daily:ytd()", "land", "2024-01-02", "5 CNY"},
    {"and needs every one", "daily:ytd()", "land", "2024-02-28", "missing: no figure"},
    {"the part of a flow's running total", "flow:ytd():single()", "land", "2022-02", "7 CNY"},
    {"it begins anew with the year", "flow:ytd():delta()", "land", "2022-01", "6 CNY"},
    {"the part of what was looked at later", "total:lag(1):single()", "land", "2022-01",
     "85 CNY (spans 9 periods)"},
    {"a skipped month has no value", "total", "land", "2022-01",
     "missing: no report in this period"},
    {"no single month is read out of a skipped one", "total:single()", "land", "2022-01",
     "missing: no report in this period"},
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
