/* Regridding by kind: flows sum, running totals are differenced, the rest take the last; fiscal
 * years too. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "eval_world.h"

static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"UTC\", currency = \"CNY\" }\n"
    "local fiscal = zone \"fiscal\" { timezone = \"UTC\", reporting_year = 4 }\n"
    "local total = measure \"total\" { kind = \"ytd\", unit = \"CNY\", every = \"month\", skip = { "
    "month = 1 } }\n"
    "local flow = measure \"flow\" { kind = \"flow\", unit = \"CNY\", every = \"month\" }\n"
    "local stock = measure \"stock\" { kind = \"stock\", unit = \"firms\", every = \"month\" }\n"
    "local rate = measure \"rate\" { kind = \"rate\", unit = \"%\", every = \"quarter\" }\n"
    "local yearly = measure \"yearly\" { kind = \"stock\", unit = \"firms\", every = \"year\" }\n";

static const struct figure_row figures[] = {
    {"total", "land", NULL, "2022-02", 25, NULL, 0, false},
    {"total", "land", NULL, "2022-03", 40, NULL, 0, false},
    {"total", "land", NULL, "2022-06", 90, NULL, 0, false},
    {"total", "land", NULL, "2022-12", 200, NULL, 0, false},
    {"total", "land", NULL, "2023-06", 70, NULL, 0, false},
    {"flow", "land", NULL, "2022-01", 1, NULL, 0, false},
    {"flow", "land", NULL, "2022-02", 2, NULL, 0, false},
    {"flow", "land", NULL, "2022-03", 4, NULL, 0, false},
    {"flow", "land", NULL, "2022-04", 8, NULL, 0, false},
    {"stock", "land", NULL, "2022-01", 5, NULL, 0, false},
    {"stock", "land", NULL, "2022-03", 6, NULL, 0, false},
    {"rate", "land", NULL, "2022-Q4", 3, NULL, 0, false},
    {"yearly", "land", NULL, "2022", 9, NULL, 0, false},
    {"total", "fiscal", NULL, "2022-04", 10, NULL, 0, false},
    {"total", "fiscal", NULL, "2023-03", 120, NULL, 0, false},
    {"flow", "fiscal", NULL, "2022-04", 3, NULL, 0, false},
    {"flow", "fiscal", NULL, "2022-05", 3, NULL, 0, false},
    {"flow", "fiscal", NULL, "2022-06", 3, NULL, 0, false},
};

static const struct answer_row answers[] = {
    {"a year is its last total", "total:year()", "land", "2022", "200 CNY"},
    {"a first quarter is its last total", "total:quarter()", "land", "2022-Q1", "40 CNY"},
    {"a later quarter is a difference", "total:quarter()", "land", "2022-Q2", "50 CNY"},
    {"after a missing quarter it spans two", "total:quarter()", "land", "2022-Q4",
     "110 CNY (spans 2 periods)"},
    {"a quarter without its last total is missing", "total:quarter()", "land", "2022-Q3",
     "missing: no figure"},
    {"the first total of a year is June: two quarters", "total:quarter()", "land", "2023-Q2",
     "70 CNY (spans 2 periods)"},
    {"a flow sums", "flow:quarter()", "land", "2022-Q1", "7 CNY"},
    {"all parts must be in", "flow:quarter()", "land", "2022-Q2", "missing: no figure"},
    {"a stock is its last", "stock:quarter()", "land", "2022-Q1", "6 firms"},
    {"a rate is its last", "rate:year()", "land", "2022", "3.0 %"},
    {"by a named fold", "stock:quarter \"max\"", "land", "2022-Q1", "missing: no figure"},
    {"a mean of parts", "flow:quarter \"mean\"", "land", "2022-Q1", "2.33 CNY"},
    {"a finer period is the coarser around it", "yearly:quarter()", "land", "2022-Q3", "9 firms"},
    {"a ratio is recomputed from regridded parts", "(total / flow):quarter()", "land", "2022-Q1",
     "5.71"},
    {"a fiscal year runs from April to March", "total:year()", "fiscal", "2022", "120 CNY"},
    {"a fiscal quarter begins in April", "flow:quarter()", "fiscal", "2022-Q1", "9 CNY"},
    {"the year of a fiscal January is the one before", "total:single()", "fiscal", "2023-03",
     "110 CNY (spans 11 periods)"},
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
