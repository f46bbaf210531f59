/** A zone with two areas, functions that read well and badly, and figures that arrive one by one.
 */
#ifndef ZW_TESTS_CALL_WORLD_H
#define ZW_TESTS_CALL_WORLD_H

#include "eval_world.h"

#include <math.h>

static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"UTC\", currency = \"CNY\" }\n"
    "local north = area \"north\" { within = land }\n"
    "local south = area \"south\" { within = land }\n"
    "local money = measure \"money\" { kind = \"flow\", unit = \"CNY\", every = \"month\", due = "
    "\"10d\" }\n"
    "local firms = measure \"firms\" { kind = \"stock\", unit = \"firms\", every = \"month\" }\n"
    "local per = indicator \"per_firm\" { money / firms }\n"
    "local yearly = measure \"yearly\" { kind = \"stock\", unit = \"firms\", every = \"year\" }\n"
    "indicator \"largest\" { function(at)\n"
    "  local most = 0\n"
    "  for _, a in ipairs(land.areas) do most = math.max(most, at(money, a)) end\n"
    "  return most / at(money)\n"
    "end, every = \"month\", unit = \"%\" }\n"
    "indicator \"careful\" { function(at) return (at.value(money, south) or 0) + 1 end, every = "
    "\"month\", unit = \"CNY\" }\n"
    "indicator \"earlier\" { function(at) return at(money, at.area, -1) end, every = \"month\", "
    "unit = \"CNY\" }\n"
    "indicator \"year_before\" { function(at) return at(yearly) end, every = \"month\", unit = "
    "\"firms\" }\n"
    "indicator \"blind\" { function(at) return 1 end, every = \"month\" }\n"
    "indicator \"broken\" { function(at) return at(money) + nil end, every = \"month\" }\n"
    "indicator \"endless\" { function(at) while true do end end, every = \"month\" }\n"
    "local fair = rule \"fair\" { must = function(at) return at(money, north) <= 0.7 * at(money) "
    "end }\n";

static const struct figure_row figures[] = {
    {"money", "north", NULL, "2022-01", 6, "2022-02-05", 0, false},
    {"money", "south", NULL, "2022-01", 2, "2022-02-06", 'P', true},
    {"money", "north", NULL, "2022-02", 3, "2022-03-05", 0, false},
    {"firms", "north", NULL, "2022-01", 2, "2022-02-05", 0, false},
    {"firms", "south", NULL, "2022-01", 2, "2022-02-05", 0, false},
    {"yearly", "land", NULL, "2021", 9, "2022-01-05", 0, false},
    {"yearly", "land", NULL, "2022", 10, "2022-03-05", 0, false},
};

#endif
