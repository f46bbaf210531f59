/* Scenes about figures: revisions, withdrawals, verdicts taken back, histories that come late, what
 * ends its life, what guards hold. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "alert_scenes.h"

#define FIRMS SCENE_LAND SCENE_FIRMS SCENE_OFFICE "alert \"low\" { "
#define MONEY SCENE_LAND SCENE_MONEY SCENE_OFFICE
#define PLAN                                                                                       \
    SCENE_LAND "local sales = measure \"sales\" { kind = \"flow\", unit = \"CNY\", every = "       \
               "\"year\" }\n" SCENE_OFFICE                                                         \
               "local plan = target \"plan\" { sales, over = { [2022] = 600 } }\n"                 \
               "alert \"taken_back\" { per = \"period\", critical = plan:verdict "                 \
               "\"met_then_revised_below\", say = \"{value} after all, {goal} wanted\" }\n"

static const struct scene revisions[] = {
    {"what a revision undoes ends as revised",
     FIRMS "warning = firms:under(10) }\n",
     {{"few", "2022-03-01", "firms,land,2022-02,8\n", "low land warning",
       "[warning] low land: low"},
      {"they had counted badly", "2022-03-20", "firms,land,2022-02,12\n", "",
       "[resolved] low land: low (resolved as revised)"}}},
    {"what a new month ends does not",
     FIRMS "warning = firms:under(10) }\n",
     {{"few", "2022-03-01", "firms,land,2022-02,8\n", "low land warning",
       "[warning] low land: low"},
      {"more", "2022-04-01", "firms,land,2022-03,12\n", "", "[resolved] low land: low"}}},
    {"nor what a new month ends that comes with a revision of the old one",
     FIRMS "warning = firms:under(10) }\n",
     {{"few", "2022-03-01", "firms,land,2022-02,8\n", "low land warning",
       "[warning] low land: low"},
      {"more", "2022-04-01", "firms,land,2022-02,9\nfirms,land,2022-03,12\n", "",
       "[resolved] low land: low"}}},
    {"a revision that takes back what only waited says nothing",
     FIRMS "hold = \"10d\", warning = firms:under(10) }\n",
     {{"few", "2022-03-01", "firms,land,2022-02,8\n", "low land pending"},
      {"they had counted badly", "2022-03-05", "firms,land,2022-02,12\n", ""},
      {"and so it stays", "2022-03-20", NULL, ""}}},
    {"a revision can begin it, and another make it worse",
     FIRMS "warning = firms:under(10), critical = firms:under(5) }\n",
     {{"enough", "2022-03-01", "firms,land,2022-02,18\n", ""},
      {"revised", "2022-03-10", "firms,land,2022-02,8\n", "low land warning",
       "[warning] low land: low"},
      {"revised again", "2022-03-20", "firms,land,2022-02,4\n", "low land critical",
       "[critical] low land: low"},
      {"and back", "2022-03-25", "firms,land,2022-02,18\n", "",
       "[resolved] low land: low (resolved as revised)"}}},
    {"a withdrawn figure keeps it, and given again it ends as revised",
     FIRMS "warning = firms:under(10) }\n",
     {{"few", "2022-03-01", "firms,land,2022-02,8\n", "low land warning",
       "[warning] low land: low"},
      {"withdrawn", "2022-03-10", "measure,area,period,value,status\nfirms,land,2022-02,,M\n",
       "low land warning"},
      {"and given again", "2022-03-20", "firms,land,2022-02,12\n", "",
       "[resolved] low land: low (resolved as revised)"}}},
    {"a first report that was late ends what said so, not as revised",
     MONEY "alert \"late\" { each = land.areas, per = \"period\", warning = money:late() }\n",
     {{"one of two", "2022-02-05", "money,north,2022-01,8\n", ""},
      {"late", "2022-02-11", NULL, "late south 2022-01 warning",
       "[warning] late south 2022-01: late"},
      {"it comes", "2022-02-12", "money,south,2022-01,8\n", "",
       "[resolved] late south 2022-01: late"}}},
    {"the same file again is no revision",
     FIRMS "warning = firms:under(10) }\n",
     {{"few", "2022-03-01", "firms,land,2022-02,8\n", "low land warning",
       "[warning] low land: low"},
      {"again", "2022-03-02", "firms,land,2022-02,8\n", "low land warning"}}},
    {"of an alert for each period a revision ends the one of its period",
     FIRMS "per = \"period\", warning = firms:under(10) }\n",
     {{"two", "2022-04-01", "firms,land,2022-02,8\nfirms,land,2022-03,7\n",
       "low land 2022-02 warning; low land 2022-03 warning",
       "[warning] low land 2022-02: low | [warning] low land 2022-03: low"},
      {"the first is revised", "2022-04-10", "firms,land,2022-02,12\n", "low land 2022-03 warning",
       "[resolved] low land 2022-02: low (resolved as revised)"},
      {"time alone ends neither", "2023-04-10", NULL, "low land 2022-03 warning"}}},
    {"a part that is revised is a revision of the whole",
     SCENE_LAND SCENE_MONEY SCENE_OFFICE "alert \"low\" { warning = money:under(10) }\n",
     {{"both", "2022-02-05", "money,north,2022-01,4\nmoney,south,2022-01,4\n", "low land warning",
       "[warning] low land: low"},
      {"one of them", "2022-02-10", "money,south,2022-01,8\n", "",
       "[resolved] low land: low (resolved as revised)"}}},
};

static const struct scene verdicts[] = {
    {"a verdict that is taken back is an alert of its own",
     PLAN,
     {{"met", "2023-01-20", "sales,land,2022,603\n", ""},
      {"checked in June", "2023-06-15", "sales,land,2022,598\n", "taken_back land 2022 critical",
       "[critical] taken_back land 2022: 598 CNY after all, 600 CNY wanted"},
      {"the same again", "2023-06-16", "sales,land,2022,598\n", "taken_back land 2022 critical"}}},
    {"and ends as revised when it is given back",
     PLAN,
     {{"met", "2023-01-20", "sales,land,2022,603\n", ""},
      {"below", "2023-06-15", "sales,land,2022,598\n", "taken_back land 2022 critical",
       "[critical] taken_back land 2022: 598 CNY after all, 600 CNY wanted"},
      {"above", "2023-07-15", "sales,land,2022,601\n", "",
       "[resolved] taken_back land 2022: 601 CNY after all, 600 CNY wanted (resolved as "
       "revised)"}}},
    {"a revision that leaves the verdict says nothing",
     PLAN,
     {{"met", "2023-01-20", "sales,land,2022,603\n", ""},
      {"a little less, and still met", "2023-06-15", "sales,land,2022,602\n", ""}}},
    {"a goal that was never met has nothing to take back",
     PLAN,
     {{"missed", "2023-01-20", "sales,land,2022,590\n", ""},
      {"missed by more", "2023-06-15", "sales,land,2022,580\n", ""}}},
    {"met in figures that were provisional, it is taken back all the same",
     PLAN,
     {{"met, provisional", "2023-01-20",
       "measure,area,period,value,status\nsales,land,2022,603,P\n", ""},
      {"final, and below", "2023-06-15", "sales,land,2022,598\n", "taken_back land 2022 critical",
       "[critical] taken_back land 2022: 598 CNY after all, 600 CNY wanted"}}},
};

#define KNOWN "measure,area,period,value,known_at\n"

static const struct scene histories[] = {
    {"a history that was over before it came is never told",
     FIRMS "warning = firms:under(10) }\n",
     {{"few in March, many in April, all learned in May", "2022-05-10",
       KNOWN "firms,land,2022-02,8,2022-03-05\nfirms,land,2022-03,18,2022-04-05\n", ""}}},
    {"what still fires at the end of a history is told once",
     FIRMS "hold = \"10d\", warning = firms:under(10) }\n",
     {{"few since March", "2022-05-10", KNOWN "firms,land,2022-02,8,2022-03-05\n",
       "low land warning", "[warning] low land: low"}}},
    {"a history can show that what fires never did",
     FIRMS "per = \"period\", warning = firms:under(10) }\n",
     {{"few", "2022-03-05", "firms,land,2022-02,8\n", "low land 2022-02 warning",
       "[warning] low land 2022-02: low"},
      {"it had been known better then", "2022-03-10", KNOWN "firms,land,2022-02,18,2022-03-05\n",
       "", "[resolved] low land 2022-02: low"}}},
    {"a history that changes nothing at its end changes nothing",
     FIRMS "warning = firms:under(10) }\n",
     {{"few", "2022-03-05", "firms,land,2022-02,8\n", "low land warning",
       "[warning] low land: low"},
      {"and in January", "2022-03-10", KNOWN "firms,land,2022-01,7,2022-02-05\n",
       "low land warning"}}},
    {"a figure known earlier makes a hold end earlier",
     FIRMS "hold = \"10d\", warning = firms:under(10) }\n",
     {{"few in February", "2022-03-05", "firms,land,2022-02,8\n", "low land pending"},
      {"and in January, as was known in February", "2022-03-06",
       KNOWN "firms,land,2022-01,7,2022-02-05\n", "low land warning", "[warning] low land: low"}}},
};

#define SHORT_LIVED                                                                                \
    "local land = zone \"land\" { timezone = \"UTC\" }\n"                                          \
    "area \"old\" { within = land, till = \"2022-06-30\" }\n" SCENE_FIRMS SCENE_MONEY SCENE_OFFICE
#define CALLS                                                                                      \
    SCENE_LAND "local calls = register \"calls\" { states = { \"posted\", \"done\" }, fields = { " \
               "due_on = \"date\" }, deadline = \"due_on\" }\n" SCENE_OFFICE                       \
               "alert \"over\" { each = calls, warning = calls:overdue() }\n"
#define CALL "register,item,area,at,state,due_on\n"

static const struct scene lives[] = {
    {"an area that ended its life keeps what fires, until its last figures end it",
     SHORT_LIVED "alert \"low\" { each = land.areas, warning = firms:under(10) }\n",
     {{"few", "2022-05-05", "firms,old,2022-04,8\n", "low old warning", "[warning] low old: low"},
      {"its last day", "2022-06-30T23:59", NULL, "low old warning"},
      {"gone: nobody has said yet how its last month was", "2022-07-01", NULL, "low old warning"},
      {"that comes", "2022-07-20", "firms,old,2022-06,18\n", "", "[resolved] low old: low"}}},
    {"what only waited may still fire for its last period",
     SHORT_LIVED "alert \"low\" { each = land.areas, hold = \"60d\", warning = firms:under(10) }\n",
     {{"few", "2022-05-25", "firms,old,2022-04,8\n", "low old pending"},
      {"gone", "2022-07-10", NULL, "low old pending"},
      {"sixty days", "2022-07-24", NULL, "low old warning", "[warning] low old: low"}}},
    {"what it still owes is told of its periods",
     SHORT_LIVED "alert \"late\" { each = land.areas, per = \"period\", warning = money:late() }\n",
     {{"all until April", "2022-05-05",
       "money,old,2022-01,8\nmoney,old,2022-02,8\nmoney,old,2022-03,8\nmoney,old,2022-04,8\n", ""},
      {"May is late", "2022-06-11", NULL, "late old 2022-05 warning",
       "[warning] late old 2022-05: late"},
      {"June is too, its last", "2022-07-11", NULL,
       "late old 2022-05 warning; late old 2022-06 warning", "[warning] late old 2022-06: late"},
      {"and no July", "2022-08-11", NULL, "late old 2022-05 warning; late old 2022-06 warning"},
      {"they come", "2022-08-12", "money,old,2022-05,8\nmoney,old,2022-06,8\n", "",
       "[resolved] late old 2022-05: late | [resolved] late old 2022-06: late"}}},
    {"an item that leaves ends its alert",
     CALLS,
     {{"posted", "2022-03-01", CALL "calls,a,north,2022-03-01,posted,2022-03-10\n", ""},
      {"over its deadline", "2022-03-11", NULL, "over north a warning",
       "[warning] over north a: over"},
      {"it leaves", "2022-03-12", CALL "calls,a,north,2022-03-12,left,\n", "",
       "[resolved] over north a: over"}}},
    {"an item that moves is told as ended there and begun here",
     CALLS,
     {{"posted", "2022-03-01", CALL "calls,a,north,2022-03-01,posted,2022-03-10\n", ""},
      {"over its deadline", "2022-03-11", NULL, "over north a warning",
       "[warning] over north a: over"},
      {"it moves", "2022-03-12", CALL "calls,a,south,2022-03-12,,\n", "over south a warning",
       "[resolved] over north a: over | [warning] over south a: over"}}},
};

#define GUARDED                                                                                    \
    SCENE_LAND SCENE_FIRMS SCENE_OFFICE                                                            \
        "guard \"slip\" { on = firms, hold = firms:over(1000), say = \"{value}\" }\n"

static const struct scene guards[] = {
    {"a held delivery is told, and its refusal",
     GUARDED,
     {{"a slip", "2022-03-01", "firms,north,2022-02,8000\n", "slip north critical",
       "[critical] slip north: 8000 firms (batch 1 held)"},
      {"refused", "2022-03-02", NULL, "", "[resolved] slip north: 8000 firms (batch 1 refused)",
       .by_hand = "refuse 1"}}},
    {"a held delivery is told, and its release",
     GUARDED,
     {{"a slip", "2022-03-01", "firms,north,2022-02,8000\n", "slip north critical",
       "[critical] slip north: 8000 firms (batch 1 held)"},
      {"released", "2022-03-02", NULL, "", "[resolved] slip north: 8000 firms (batch 1 released)",
       .by_hand = "release 1"}}},
};

static void what_was_revised_is_told_as_revised(void **state)
{
    (void)state;
    scenes_play(revisions, sizeof revisions / sizeof revisions[0]);
}

static void verdicts_are_taken_back(void **state)
{
    (void)state;
    scenes_play(verdicts, sizeof verdicts / sizeof verdicts[0]);
}

static void histories_come_late(void **state)
{
    (void)state;
    scenes_play(histories, sizeof histories / sizeof histories[0]);
}

static void what_ends_its_life_is_judged_by_its_last_period(void **state)
{
    (void)state;
    scenes_play(lives, sizeof lives / sizeof lives[0]);
}

static void what_guards_hold_is_told(void **state)
{
    (void)state;
    scenes_play(guards, sizeof guards / sizeof guards[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_revised_is_told_as_revised),
        cmocka_unit_test(verdicts_are_taken_back),
        cmocka_unit_test(histories_come_late),
        cmocka_unit_test(what_ends_its_life_is_judged_by_its_last_period),
        cmocka_unit_test(what_guards_hold_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
