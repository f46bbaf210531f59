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
    "local yearly = measure \"yearly\" { kind = \"stock\", unit = \"firms\", every = \"year\" }\n"
    "local queue = measure \"queue\" { kind = \"gauge\", unit = \"min\", every = \"1h\" }\n";

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
    {"queue", "land", NULL, "2022-03-01T00:00:00Z", 10, NULL, 0, false},
    {"queue", "land", NULL, "2022-03-01T07:59:59Z", 40, NULL, 0, false},
    {"queue", "land", NULL, "2022-03-01T15:00:00Z", 25, NULL, 0, false},
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
    {"a gauge is the last there is", "queue:day()", "land", "2022-03-01", "25 min"},
    {"the mean of the hours that are in: (10 + 40 + 25) / 3", "queue:day \"mean\"", "land",
     "2022-03-01", "25 min"},
    {"their largest", "queue:day \"max\"", "land", "2022-03-01", "40 min"},
    {"their sum", "queue:day \"sum\"", "land", "2022-03-01", "75 min"},
    {"one is enough of a formula of gauges, too", "(queue * 2):day \"min\"", "land", "2022-03-01",
     "20 min"},
    {"none is not", "queue:day \"mean\"", "land", "2022-03-02", "missing: late since 2022-03-03"},
    {"nor is there a last one", "queue:day()", "land", "2022-03-02",
     "missing: late since 2022-03-03"},
    {"the year of a fiscal January is the one before", "total:single()", "fiscal", "2023-03",
     "110 CNY (spans 11 periods)"},
};

static void every_case_answers_as_worked_by_hand(void **state)
{
    (void)state;
    world_check(pack_text, ROWS(figures), ROWS(answers));
}

/* An hour of every one in a day's reach, each of them 1: the sum says how many were counted. */
static void hours_of_a_day_are_those_that_begin_in_it(void **state)
{
    static const struct {
        const char *why, *zone, *first, *day, *answer;
    } rows[] = {
        {"half past, the hour around midnight is the day before's", "kolkata",
         "2022-03-01T12:00:00Z", "2022-03-02", "24 mm"},
        {"a day loses an hour in spring", "york", "2022-03-12T00:00:00Z", "2022-03-13", "23 mm"},
        {"and has one twice in autumn", "york", "2022-11-05T00:00:00Z", "2022-11-06", "25 mm"},
    };
    enum { HOURS = 72, TEXT_BYTES = 40 };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct world world;
        struct figure_row figures_of[HOURS];
        char texts[HOURS][TEXT_BYTES];
        char found[64];
        int64_t first_ms = world_moment(rows[i].first);
        world_open(&world,
                   "local kolkata = zone \"kolkata\" { timezone = \"Asia/Kolkata\" }\n"
                   "local york = zone \"york\" { timezone = \"America/New_York\" }\n"
                   "local rain = measure \"rain\" { kind = \"flow\", unit = \"mm\", every = "
                   "\"1h\" }\n");
        for (int h = 0; h < HOURS; h++) {
            zw_moment_text(zw_pack_calendar(world.pack, 0)->tz, first_ms + h * INT64_C(3600000),
                           texts[h], TEXT_BYTES);
            figures_of[h] =
                (struct figure_row){"rain", rows[i].zone, NULL, texts[h], 1, NULL, 0, false};
        }
        world_put(&world, figures_of, HOURS);
        world_says(&world, "rain:day()", rows[i].zone, rows[i].day, found, sizeof(found));
        if (strcmp(found, rows[i].answer) != 0) {
            fail_msg("%s: %s", rows[i].why, found);
        }
        world_close(&world);
    }
}

/* What is known of a day grows by the hour. */
static void a_day_of_a_gauge_is_the_day_so_far(void **state)
{
    static const struct figure_row at_nine[] = {
        {"queue", "land", NULL, "2022-03-01T08:00:00Z", 10, "2022-03-01T09:00:00Z", 0, false},
        {"queue", "land", NULL, "2022-03-01T10:00:00Z", 40, "2022-03-01T11:00:00Z", 0, false}};
    static const struct {
        const char *as_of, *mean, *last;
    } rows[] = {{"2022-03-01T08:30:00Z", "missing: no figure", "missing: no figure"},
                {"2022-03-01T09:30:00Z", "10 min", "10 min"},
                {"2022-03-01T10:30:00Z", "10 min", "10 min"},
                {"2022-03-01T11:00:00Z", "25 min", "40 min"}};
    (void)state;
    struct world world;
    char found[64];
    world_open(&world, pack_text);
    world_put(&world, ROWS(at_nine));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        world_as_of(&world, rows[i].as_of);
        world_says(&world, "queue:day \"mean\"", "land", "2022-03-01", found, sizeof(found));
        assert_string_equal(found, rows[i].mean);
        world_says(&world, "queue:day()", "land", "2022-03-01", found, sizeof(found));
        assert_string_equal(found, rows[i].last);
    }
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_answers_as_worked_by_hand),
        cmocka_unit_test(hours_of_a_day_are_those_that_begin_in_it),
        cmocka_unit_test(a_day_of_a_gauge_is_the_day_so_far),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
