/* Similarity: cosines by hand and by python3. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "eval_world.h"

static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"UTC\", currency = \"CNY\" }\n"
    "local n = area \"n\" { within = land }\n"
    "local s = area \"s\" { within = land }\n"
    "local e = area \"e\" { within = land, since = \"2022-02\" }\n"
    "local city = area \"city\" { within = e }\n"
    "local money = measure \"money\" { kind = \"flow\", unit = \"CNY\", every = \"month\", by = { "
    "\"industry\" } }\n"
    "local part = measure \"part\" { kind = \"flow\", unit = \"CNY\", every = \"month\", by = { "
    "\"industry\" }, partial = true }\n";

static const struct figure_row figures[] = {
    {"money", "n", "industry=ai", "2022-01", 6, NULL, 0, false},
    {"money", "n", "industry=chips", "2022-01", 1, NULL, 0, false},
    {"money", "s", "industry=ai", "2022-01", 2, NULL, 0, false},
    {"money", "s", "industry=steel", "2022-01", 8, NULL, 0, false},
    {"money", "n", "industry=ai", "2022-02", 3, NULL, 0, false},
    {"money", "n", "industry=chips", "2022-02", 4, NULL, 0, false},
    {"money", "s", "industry=ai", "2022-02", 0, NULL, 0, false},
    {"money", "s", "industry=steel", "2022-02", 5, NULL, 0, false},
    {"money", "city", "industry=ai", "2022-02", 400, NULL, 'P', false},
    {"money", "city", "industry=chips", "2022-02", 300, NULL, 0, false},
    {"money", "n", "industry=ai", "2022-03", 3, NULL, 0, false},
    {"money", "n", "industry=chips", "2022-03", 4, NULL, 0, false},
    {"money", "s", "industry=ai", "2022-03", 1, NULL, 0, false},
    {"money", "city", "industry=ai", "2022-03", 1, NULL, 0, false},
    {"money", "city", "industry=chips", "2022-03", 1, NULL, 0, false},
    {"money", "n", "industry=ai", "2022-04", 0, NULL, 0, false},
    {"money", "n", "industry=chips", "2022-04", 0, NULL, 0, false},
    {"money", "s", "industry=ai", "2022-04", 0, NULL, 0, false},
    {"money", "s", "industry=steel", "2022-04", 0, NULL, 0, false},
    {"money", "city", "industry=ai", "2022-04", 7, NULL, 0, false},
    {"money", "city", "industry=chips", "2022-04", 1, NULL, 0, false},
    {"part", "n", "industry=ai", "2022-02", 3, NULL, 0, false},
    {"part", "n", "industry=chips", "2022-02", 4, NULL, 0, false},
    {"part", "s", "industry=ai", "2022-02", 3, NULL, 0, false},
    {"part", "s", "industry=chips", "2022-02", 4, NULL, 0, false},
    {"part", "n", "industry=ai", "2022-03", 3, NULL, 0, false},
    {"part", "n", "industry=chips", "2022-03", 4, NULL, 0, false},
};

static const struct answer_row answers[] = {
    {"(6, 1, 0) and (2, 0, 8): 12 / sqrt(37 * 68) = 0.2392",
     "round(money:by('industry'):areas()"
     ":similarity() * 10000)",
     "land", "2022-01", "2392"},
    {"the two most alike, whatever their size: (3, 4) and (4, 3), 24 / 25",
     "money:by('industry'):areas():similarity()", "land", "2022-02", "0.96 (provisional)"},
    {"of those listed: (3, 4, 0) and (0, 0, 5) share nothing",
     "money:by('industry'):areas({ n, s }):similarity()", "land", "2022-02", "0"},
    {"all of the groups are needed", "money:by('industry'):areas():similarity()", "land", "2022-03",
     "missing: part missing: s (2 of 3 in)"},
    {"the same area twice is alike", "money:by('industry'):areas({ n, n }):similarity()", "land",
     "2022-02", "1"},
    {"opposite ones",
     "(money:by('industry') * when(money:over(8), -1, 1)):areas({ n, e })"
     ":similarity()",
     "land", "2022-02", "-0.96 (provisional)"},
    {"an area of nothing is like none", "money:by('industry'):areas():similarity()", "land",
     "2022-04", "missing: divide by zero"},
    {"one part is like no other", "money:by('industry'):areas():similarity()", "e", "2022-02",
     "missing: no parts"},
    {"no parts", "money:by('industry'):areas():similarity()", "n", "2022-02", "missing: no parts"},
    {"nothing known yet", "money:by('industry'):areas():similarity()", "land", "2021-12",
     "missing: no figure"},
    {"of a partial measure areas may lack", "part:by('industry'):areas():similarity()", "land",
     "2022-02", "1 (2/3)"},
    {"but two are needed", "part:by('industry'):areas():similarity()", "land", "2022-03",
     "missing: no parts (1 of 3 in)"},
    {"groups left out are nothing: (0, 4) and (400, 300)",
     "money:by('industry'):where(money:by('industry'):over(3)):areas({ n, e }):similarity()",
     "land", "2022-02", "0.6 (provisional)"},
    {"of shares it is the same: a direction", "money:by('industry'):share():areas():similarity()",
     "land", "2022-02", "0.96 (provisional)"},
    {"over time", "money:by('industry'):areas():similarity():lag(1)", "land", "2022-03",
     "0.96 (provisional)"},
};

static void every_case_answers_as_worked_by_hand(void **state)
{
    (void)state;
    world_check(pack_text, ROWS(figures), ROWS(answers));
}

static void no_memory_is_told(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    world_bears_no_memory(&world, ROWS(answers));
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_answers_as_worked_by_hand),
        cmocka_unit_test(no_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
