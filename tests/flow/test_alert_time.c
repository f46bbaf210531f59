/* Scenes about time: holds, clears, holes, the wall clock, and what goes on and off. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "alert_scenes.h"

#define LOW SCENE_LAND SCENE_FIRMS SCENE_OFFICE "alert \"low\" { "
#define DAYS LOW "hold = \"10d\", warning = firms:under(10) }\n"
#define PERIODS LOW "hold = periods(2), warning = firms:under(10) }\n"
#define DUE SCENE_LAND SCENE_MONEY SCENE_OFFICE "alert \"low\" { each = north, "
#define BEAT SCENE_LAND SCENE_LEVEL SCENE_OFFICE "alert \"high\" { "

static const struct scene holds[] = {
    {"a hold waits its time out and fires at its very end",
     DAYS,
     {{"few", "2022-03-01", "firms,land,2022-02,8\n", "low land pending"},
      {"a minute before", "2022-03-10T23:59", NULL, "low land pending"},
      {"ten days", "2022-03-11", NULL, "low land warning", "[warning] low land: low"},
      {"nothing more is said", "2022-04-30", NULL, "low land warning"}}},
    {"a hold that nobody watched ends when it ended",
     DAYS,
     {{"few", "2022-03-01", "firms,land,2022-02,8\n", "low land pending"},
      {"asleep for a month", "2022-04-01", NULL, "low land warning", "[warning] low land: low"}}},
    {"what breaks off within its hold is never told, and holds anew",
     DAYS,
     {{"few", "2022-03-01", "firms,land,2022-02,8\n", "low land pending"},
      {"enough of the next month", "2022-03-09", "firms,land,2022-03,12\n", ""},
      {"few again", "2022-03-10", "firms,land,2022-03,9\n", "low land pending"},
      {"the first hold would be over", "2022-03-12", NULL, "low land pending"},
      {"its own is", "2022-03-20", NULL, "low land warning", "[warning] low land: low"}}},
    {"each severity holds alone, and falls at once",
     LOW "hold = \"10d\", warning = firms:under(10), critical = firms:under(5) }\n",
     {{"few", "2022-03-01", "firms,land,2022-02,8\n", "low land pending"},
      {"very few", "2022-03-06", "firms,land,2022-03,4\n", "low land pending"},
      {"few for ten days", "2022-03-11", NULL, "low land warning", "[warning] low land: low"},
      {"very few for ten days", "2022-03-16", NULL, "low land critical",
       "[critical] low land: low"},
      {"few again", "2022-04-01", "firms,land,2022-04,8\n", "low land warning",
       "[warning] low land: low"}}},
    {"a hold of a month is the calendar's",
     LOW "hold = \"1 month\", warning = firms:under(10) }\n",
     {{"few on the last of January", "2022-01-31", "firms,land,2022-01,8\n", "low land pending"},
      {"the last of February but one", "2022-02-27T23:00", NULL, "low land pending"},
      {"the last of February", "2022-02-28", NULL, "low land warning", "[warning] low land: low"}}},
    {"one bad month waits, two speak",
     PERIODS,
     {{"one", "2022-03-01", "firms,land,2022-02,8\n", "low land pending"},
      {"time alone does nothing", "2023-03-01", NULL, "low land pending"},
      {"two", "2023-03-02", "firms,land,2022-03,7\n", "low land warning",
       "[warning] low land: low"}}},
    {"two bad months in one delivery speak at once",
     PERIODS,
     {{"both", "2022-04-01", "firms,land,2022-02,8\nfirms,land,2022-03,7\n", "low land warning",
       "[warning] low land: low"}}},
    {"a hole between two bad months is no month",
     PERIODS,
     {{"one", "2022-03-01", "firms,land,2022-02,8\n", "low land pending"},
      {"the one after the next", "2022-05-01", "firms,land,2022-04,7\n", "low land warning",
       "[warning] low land: low"},
      {"the hole is filled with a good one: one bad month is no run, but it fires", "2022-05-02",
       "firms,land,2022-03,20\n", "low land warning"}}},
    {"the value is back for one month only: the run starts again",
     PERIODS,
     {{"one", "2022-03-01", "firms,land,2022-02,8\n", "low land pending"},
      {"back", "2022-04-01", "firms,land,2022-03,12\n", ""},
      {"one", "2022-05-01", "firms,land,2022-04,8\n", "low land pending"},
      {"two", "2022-06-01", "firms,land,2022-05,8\n", "low land warning",
       "[warning] low land: low"},
      {"back", "2022-07-01", "firms,land,2022-06,12\n", "", "[resolved] low land: low"},
      {"one, and nothing is said", "2022-08-01", "firms,land,2022-07,8\n", "low land pending"}}},
};

static const struct scene clears[] = {
    {"between the line and clear it recovers",
     LOW "warning = firms:under(10), clear = firms:over(12) }\n",
     {{"few", "2022-03-01", "firms,land,2022-02,8\n", "low land warning",
       "[warning] low land: low"},
      {"better, not clear", "2022-04-01", "firms,land,2022-03,11\n", "low land recovering"},
      {"the value was back for one month only: nothing new", "2022-05-01", "firms,land,2022-04,8\n",
       "low land warning"},
      {"better", "2022-06-01", "firms,land,2022-05,12\n", "low land recovering"},
      {"clear", "2022-07-01", "firms,land,2022-06,13\n", "", "[resolved] low land: low"}}},
    {"what recovers counts at its lowest",
     LOW "warning = firms:under(10), critical = firms:under(5), clear = firms:over(12) }\n",
     {{"very few", "2022-03-01", "firms,land,2022-02,2\n", "low land critical",
       "[critical] low land: low"},
      {"not clear", "2022-04-01", "firms,land,2022-03,11\n", "low land recovering",
       "[warning] low land: low"},
      {"very few again", "2022-05-01", "firms,land,2022-04,2\n", "low land critical",
       "[critical] low land: low"}}},
    {"clear ends nothing while something is true",
     LOW "warning = firms:under(10), clear = firms:over(5) }\n",
     {{"few", "2022-03-01", "firms,land,2022-02,2\n", "low land warning",
       "[warning] low land: low"},
      {"over five", "2022-04-01", "firms,land,2022-03,8\n", "low land warning"},
      {"and not few", "2022-05-01", "firms,land,2022-04,10\n", "", "[resolved] low land: low"}}},
    {"what only waited needs no clear",
     LOW "hold = \"10d\", warning = firms:under(10), clear = firms:over(12) }\n",
     {{"few", "2022-03-01", "firms,land,2022-02,8\n", "low land pending"},
      {"better, not clear", "2022-03-05", "firms,land,2022-03,11\n", ""}}},
    {"a hole while it recovers changes nothing",
     DUE "warning = money:under(10), clear = money:over(12) }\n",
     {{"low", "2022-02-05", "money,north,2022-01,8\n", "low north warning",
       "[warning] low north: low"},
      {"better", "2022-03-05", "money,north,2022-02,11\n", "low north recovering"},
      {"March is late", "2022-04-11", NULL, "low north recovering"},
      {"and clear", "2022-04-20", "money,north,2022-03,13\n", "", "[resolved] low north: low"}}},
};

static const struct scene holes[] = {
    {"keep: a hole makes ok unknown, and nothing is said",
     DUE "warning = money:under(10) }\n",
     {{"fine", "2022-02-05", "money,north,2022-01,18\n", ""},
      {"a minute before it is due", "2022-03-10T23:59", NULL, ""},
      {"late", "2022-03-11", NULL, "low north unknown"},
      {"it comes, and is fine", "2022-03-20", "money,north,2022-02,18\n", ""}}},
    {"keep: what fires is kept while nobody knows",
     DUE "warning = money:under(10) }\n",
     {{"low", "2022-02-05", "money,north,2022-01,8\n", "low north warning",
       "[warning] low north: low"},
      {"late", "2022-03-11", NULL, "low north warning"},
      {"it comes, and is low: nothing new", "2022-03-20", "money,north,2022-02,8\n",
       "low north warning"},
      {"late again", "2022-04-11", NULL, "low north warning"},
      {"it comes, and is fine", "2022-04-12", "money,north,2022-03,18\n", "",
       "[resolved] low north: low"}}},
    {"keep: data late during a hold neither end it nor start it again",
     DUE "hold = \"40d\", warning = money:under(10) }\n",
     {{"low", "2022-02-05", "money,north,2022-01,8\n", "low north pending"},
      {"late", "2022-03-11", NULL, "low north pending"},
      {"the hold would be over, but nobody knows", "2022-03-18", NULL, "low north pending"},
      {"it comes, and was low all the time", "2022-03-20", "money,north,2022-02,8\n",
       "low north warning", "[warning] low north: low"}}},
    {"keep: what came late and was fine ends the hold",
     DUE "hold = \"40d\", warning = money:under(10) }\n",
     {{"low", "2022-02-05", "money,north,2022-01,8\n", "low north pending"},
      {"late", "2022-03-11", NULL, "low north pending"},
      {"it comes, and is fine", "2022-03-20", "money,north,2022-02,18\n", ""}}},
    {"fire: who does not report is low",
     DUE "missing = \"fire\", warning = money:under(10) }\n",
     {{"fine", "2022-02-05", "money,north,2022-01,18\n", ""},
      {"late", "2022-03-11", NULL, "low north warning", "[warning] low north: low"},
      {"it comes, and is low: nothing new", "2022-03-20", "money,north,2022-02,8\n",
       "low north warning"},
      {"fine", "2022-04-05", "money,north,2022-03,18\n", "", "[resolved] low north: low"}}},
    {"fire: a hole during a hold counts",
     DUE "missing = \"fire\", hold = \"40d\", warning = money:under(10) }\n",
     {{"low", "2022-02-05", "money,north,2022-01,8\n", "low north pending"},
      {"late", "2022-03-11", NULL, "low north pending"},
      {"forty days", "2022-03-17", NULL, "low north warning", "[warning] low north: low"}}},
    {"clear: a hole ends it",
     DUE "missing = \"clear\", warning = money:under(10) }\n",
     {{"low", "2022-02-05", "money,north,2022-01,8\n", "low north warning",
       "[warning] low north: low"},
      {"late", "2022-03-11", NULL, "", "[resolved] low north: low"},
      {"it comes, and is low", "2022-03-20", "money,north,2022-02,8\n", "low north warning",
       "[warning] low north: low"}}},
    {"clear: a hole ends a hold",
     DUE "missing = \"clear\", hold = \"40d\", warning = money:under(10) }\n",
     {{"low", "2022-02-05", "money,north,2022-01,8\n", "low north pending"},
      {"late", "2022-03-11", NULL, ""},
      {"it comes, and is low", "2022-03-12", "money,north,2022-02,8\n", "low north pending"},
      {"and so is the next", "2022-04-05", "money,north,2022-03,8\n", "low north pending"},
      {"forty days from then", "2022-04-21", NULL, "low north warning",
       "[warning] low north: low"}}},
    {"a hole in one of two parts is a hole of the whole",
     SCENE_LAND SCENE_MONEY SCENE_OFFICE "alert \"low\" { warning = money:under(10) }\n",
     {{"both", "2022-02-05", "money,north,2022-01,8\nmoney,south,2022-01,8\n", ""},
      {"one of two", "2022-03-05", "money,north,2022-02,1\n", ""},
      {"late", "2022-03-11", NULL, "low land unknown"},
      {"both", "2022-03-12", "money,south,2022-02,1\n", "low land warning",
       "[warning] low land: low"}}},
    {"nobody ever reported: unknown, not fine",
     DUE "warning = money:under(10) }\n",
     {{"nothing is due yet", "2022-02-05", NULL, "low north unknown"},
      {"and still nothing", "2022-02-11", NULL, "low north unknown"},
      {"it comes", "2022-02-12", "money,north,2022-01,8\n", "low north warning",
       "[warning] low north: low"}}},
};

static const struct scene clocks[] = {
    {"an hour ahead for less than a minute fires nothing",
     BEAT "hold = \"2h\", warning = level:over(3) }\n",
     {{"high", "2022-03-01T10:00", "level,land,2022-03-01T10:00Z,4\n", "high land pending"},
      {"the wall clock jumps", "2022-03-01T11:30", NULL, "high land pending", .wall_hours = 1},
      {"and back", "2022-03-01T11:31", NULL, "high land pending"},
      {"two hours", "2022-03-01T12:00", NULL, "high land warning", "[warning] high land: high"}}},
    {"an hour behind for less than a minute keeps nothing from firing",
     BEAT "hold = \"2h\", warning = level:over(3) }\n",
     {{"high", "2022-03-01T10:00", "level,land,2022-03-01T10:00Z,4\n", "high land pending"},
      {"the wall clock jumps back", "2022-03-01T11:59", NULL, "high land pending",
       .wall_hours = -1},
      {"two hours all the same", "2022-03-01T12:00", NULL, "high land warning",
       "[warning] high land: high"}}},
    {"an hour ahead that lasts is believed, and is no end by itself",
     BEAT "hold = \"3h\", warning = level:over(3) }\n",
     {{"high", "2022-03-01T10:00", "level,land,2022-03-01T10:00Z,4\n", "high land pending"},
      {"believed: it is half past twelve", "2022-03-01T11:30", NULL, "high land pending",
       .wall_hours = 1, .wall_minutes = 3},
      {"one o'clock", "2022-03-01T12:00", NULL, "high land warning", "[warning] high land: high",
       .wall_hours = 1}}},
    {"an hour back that lasts: time stands until it is caught up with",
     BEAT "hold = \"2h\", warning = level:over(3) }\n",
     {{"high", "2022-03-01T10:00", "level,land,2022-03-01T10:00Z,4\n", "high land pending"},
      {"believed: it is still half past eleven", "2022-03-01T11:30", NULL, "high land pending",
       .wall_hours = -1, .wall_minutes = 3},
      {"an hour later", "2022-03-01T12:15", NULL, "high land pending", .wall_hours = -1},
      {"figures are taken in the meantime, and end it", "2022-03-01T12:16",
       "level,land,2022-03-01T11:00Z,2\n", "", .wall_hours = -1},
      {"and begin it", "2022-03-01T12:17", "level,land,2022-03-01T11:00Z,5\n", "high land pending",
       .wall_hours = -1}}},
    {"an hour back clears nothing either",
     BEAT "warning = level:over(3) }\n",
     {{"high", "2022-03-01T10:00", "level,land,2022-03-01T10:00Z,4\n", "high land warning",
       "[warning] high land: high"},
      {"back", "2022-03-01T11:00", NULL, "high land warning", .wall_hours = -1, .wall_minutes = 3},
      {"ahead", "2022-03-01T12:00", NULL, "high land warning", .wall_hours = 1, .wall_minutes = 3},
      {"right", "2022-03-01T14:00", NULL, "high land warning", .wall_minutes = 3}}},
};

#define TURN(why, hour, value, states, said)                                                       \
    {                                                                                              \
        why, "2022-03-01T" hour ":10", "level,land,2022-03-01T" hour ":00Z," value "\n", states,   \
            said                                                                                   \
    }
#define ON(hour) TURN("on", hour, "4", "high land warning", "[warning] high land: high")
#define OFF(hour) TURN("off", hour, "2", "", "[resolved] high land: high")
#define FLAPS "high land warning flapping"

static const struct scene flaps[] = {
    {"the fourth beginning of a day is told as flapping, and nothing after it until it rests",
     BEAT "warning = level:over(3) }\n",
     {ON("01"),
      OFF("02"),
      ON("03"),
      OFF("04"),
      ON("05"),
      OFF("06"),
      TURN("on once more", "07", "4", FLAPS, "[warning] high land: high (flapping)"),
      TURN("off", "08", "2", "", NULL),
      TURN("on", "09", "4", FLAPS, NULL),
      TURN("off", "10", "2", "", NULL),
      {"a minute before it has rested", "2022-03-01T18:09", NULL, ""},
      {"it has", "2022-03-01T18:10", NULL, "", "[resolved] high land: high"}}},
    {"what rests while it fires is told when it ends",
     BEAT "warning = level:over(3) }\n",
     {ON("01"),
      OFF("02"),
      ON("03"),
      OFF("04"),
      ON("05"),
      OFF("06"),
      TURN("on once more", "07", "4", FLAPS, "[warning] high land: high (flapping)"),
      {"rested", "2022-03-01T15:10", NULL, "high land warning"},
      TURN("off", "16", "2", "", "[resolved] high land: high")}},
    {"what flaps and gets worse is told",
     BEAT "warning = level:over(3), critical = level:over(9) }\n",
     {ON("01"),
      OFF("02"),
      ON("03"),
      OFF("04"),
      ON("05"),
      OFF("06"),
      TURN("on once more", "07", "4", FLAPS, "[warning] high land: high (flapping)"),
      TURN("off", "08", "2", "", NULL),
      TURN("far on", "09", "10", "high land critical flapping",
           "[critical] high land: high (flapping)"),
      TURN("less is not news", "10", "4", FLAPS, NULL),
      TURN("off", "11", "2", "", NULL),
      {"rested", "2022-03-01T19:10", NULL, "", "[resolved] high land: high"}}},
    {"going on and off less often is told each time",
     BEAT "warning = level:over(3) }\n",
     {ON("00"),
      OFF("01"),
      ON("09"),
      OFF("10"),
      ON("18"),
      OFF("19"),
      {"the next day", "2022-03-02T03:10", "level,land,2022-03-02T03:00Z,4\n", "high land warning",
       "[warning] high land: high"}}},
    {"what only ever waits does not flap",
     BEAT "hold = \"2h\", warning = level:over(3) }\n",
     {TURN("waits", "01", "4", "high land pending", NULL),
      TURN("off", "02", "2", "", NULL),
      TURN("waits", "03", "4", "high land pending", NULL),
      TURN("off", "04", "2", "", NULL),
      TURN("waits", "05", "4", "high land pending", NULL),
      TURN("off", "06", "2", "", NULL),
      TURN("waits", "07", "4", "high land pending", NULL),
      {"fires", "2022-03-01T09:10", NULL, "high land warning", "[warning] high land: high"}}},
};

static void holds_wait(void **state)
{
    (void)state;
    scenes_play(holds, sizeof holds / sizeof holds[0]);
}

static void clears_end(void **state)
{
    (void)state;
    scenes_play(clears, sizeof clears / sizeof clears[0]);
}

static void holes_are_not_fine(void **state)
{
    (void)state;
    scenes_play(holes, sizeof holes / sizeof holes[0]);
}

static void the_wall_clock_moves_nothing(void **state)
{
    (void)state;
    scenes_play(clocks, sizeof clocks / sizeof clocks[0]);
}

static void what_goes_on_and_off_is_damped(void **state)
{
    (void)state;
    scenes_play(flaps, sizeof flaps / sizeof flaps[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(holds_wait),
        cmocka_unit_test(clears_end),
        cmocka_unit_test(holes_are_not_fine),
        cmocka_unit_test(the_wall_clock_moves_nothing),
        cmocka_unit_test(what_goes_on_and_off_is_damped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
