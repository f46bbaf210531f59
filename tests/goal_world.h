/** One zone with goals of every path, and its figures as they became known. */
#ifndef ZW_TESTS_GOAL_WORLD_H
#define ZW_TESTS_GOAL_WORLD_H

#include "eval_world.h"

#include <math.h>

static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"UTC\", currency = \"CNY\" }\n"
    "area \"north\" { within = land }\n"
    "local total = measure \"total\" { kind = \"ytd\", unit = \"1e8 CNY\", every = \"month\", skip "
    "= { month = 1 } }\n"
    "local firms = measure \"firms\" { kind = \"stock\", unit = \"firms\", every = \"year\" }\n"
    "local year = indicator \"year\" { total:year() }\n"
    "target \"plan\" { each = land, year, over = { [2022] = 600e8, [2025] = 900e8 }, from = { "
    "[2020] = 442e8 }, path = \"geometric\" }\n"
    "target \"straight\" { each = land, year, over = { [2022] = 642e8 }, from = { [2020] = 442e8 } "
    "}\n"
    "target \"stairs\" { each = land, firms, at_least = { [2021] = 10, [2022] = 20 }, path = "
    "\"step\" }\n"
    "target \"few\" { each = land, firms, at_most = { [2022] = 8 }, from = { [2020] = 10 } }\n"
    "target \"season\" { each = land, year, over = { [2023] = 800e8 }, from = { [2022] = 600e8 }, "
    "path = \"seasonal\" }\n"
    "target \"open\" { each = land, firms, over = { [2022] = 16 } }\n";

static const struct figure_row figures[] = {
    {"total", "land", NULL, "2019-06", 100, "2019-07-20", 0, false},
    {"total", "land", NULL, "2019-12", 200, "2020-01-20", 0, false},
    {"total", "land", NULL, "2020-02", 53, "2020-03-20", 0, false},
    {"total", "land", NULL, "2020-03", 89, "2020-04-20", 0, false},
    {"total", "land", NULL, "2020-06", 177, "2020-07-20", 0, false},
    {"total", "land", NULL, "2020-12", 442, "2021-01-20", 0, false},
    {"total", "land", NULL, "2021-02", 36, "2021-03-20", 0, false},
    {"total", "land", NULL, "2021-03", 72, "2021-04-20", 0, false},
    {"total", "land", NULL, "2021-06", 250, "2021-07-20", 0, false},
    {"total", "land", NULL, "2021-12", 500, "2022-01-20", 0, false},
    {"total", "land", NULL, "2022-06", 300, "2022-07-20", 0, false},
    {"total", "land", NULL, "2022-12", 603.2, "2023-01-20", 'P', true},
    {"total", "land", NULL, "2022-12", 598.7, "2023-06-15", 0, true},
    {"total", "land", NULL, "2023-06", 390, "2023-07-20", 0, false},
    {"firms", "land", NULL, "2020", 12, "2021-01-20", 0, false},
    {"firms", "land", NULL, "2021", 10, "2022-01-20", 0, false},
    {"firms", "land", NULL, "2022", 16, "2023-01-20", 'P', false},
    {"firms", "land", NULL, "2022", 17, "2023-03-20", 'A', false},
};

#endif
