/* Scenes about who is told what: edited packs, waits, hours, groups, what mutes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "alert_scenes.h"

#define FIRMS SCENE_LAND SCENE_FIRMS
#define LOW "warning = firms:under(10) }\n"
#define PLAIN FIRMS SCENE_OFFICE "alert \"low\" { " LOW
#define HELD FIRMS SCENE_OFFICE "alert \"low\" { hold = \"10d\", " LOW
#define FEW "firms,land,2022-02,8\n"
#define TOLD "[warning] low land: low"
#define ENDED "[resolved] low land: low"

static const struct scene reloads[] = {
    {"a reload in pending keeps the hold",
     HELD,
     {{"few", "2022-03-01", FEW, "low land pending"},
      {"loaded again", "2022-03-05", NULL, "low land pending", .pack = HELD},
      {"a minute before", "2022-03-10T23:59", NULL, "low land pending"},
      {"ten days", "2022-03-11", NULL, "low land warning", TOLD}}},
    {"a longer hold counts from when it began",
     HELD,
     {{"few", "2022-03-01", FEW, "low land pending"},
      {"twenty days now", "2022-03-05", NULL, "low land pending",
       .pack = FIRMS SCENE_OFFICE "alert \"low\" { hold = \"20d\", " LOW},
      {"ten days", "2022-03-11", NULL, "low land pending"},
      {"twenty", "2022-03-21", NULL, "low land warning", TOLD}}},
    {"a shorter hold that is over fires",
     HELD,
     {{"few", "2022-03-01", FEW, "low land pending"},
      {"two days now", "2022-03-05", NULL, "low land warning", TOLD,
       .pack = FIRMS SCENE_OFFICE "alert \"low\" { hold = \"2d\", " LOW}}},
    {"a reload in firing says nothing again",
     PLAIN,
     {{"few", "2022-03-01", FEW, "low land warning", TOLD},
      {"loaded again", "2022-03-05", NULL, "low land warning", .pack = PLAIN},
      {"more", "2022-04-01", "firms,land,2022-03,12\n", "", ENDED}}},
    {"other words say nothing by themselves, and the end in the new ones",
     PLAIN,
     {{"few", "2022-03-01", FEW, "low land warning", TOLD},
      {"other words", "2022-03-05", NULL, "low land warning",
       .pack = FIRMS SCENE_OFFICE "alert \"low\" { say = \"only {value}\", " LOW},
      {"more", "2022-04-01", "firms,land,2022-03,12\n", "", "[resolved] low land: only 12 firms"}}},
    {"a lower line ends it",
     PLAIN,
     {{"few", "2022-03-01", FEW, "low land warning", TOLD},
      {"five are enough now", "2022-03-05", NULL, "", ENDED,
       .pack = FIRMS SCENE_OFFICE "alert \"low\" { warning = firms:under(5) }\n"}}},
    {"another severity is told",
     PLAIN,
     {{"few", "2022-03-01", FEW, "low land warning", TOLD},
      {"it matters now", "2022-03-05", NULL, "low land critical", "[critical] low land: low",
       .pack = FIRMS SCENE_OFFICE "alert \"low\" { critical = firms:under(10) }\n"}}},
    {"a new name in pending is there from the last turn before it on",
     HELD,
     {{"few", "2022-03-01", FEW, "low land pending"},
      {"time goes on", "2022-03-03", NULL, "low land pending"},
      {"renamed", "2022-03-05", NULL, "few land pending",
       .pack = FIRMS SCENE_OFFICE "alert \"few\" { hold = \"10d\", " LOW},
      {"ten days from the first", "2022-03-11", NULL, "few land pending"},
      {"from the turn before it was there", "2022-03-13", NULL, "few land warning",
       "[warning] few land: few"}}},
    {"who is added hears what fires",
     PLAIN,
     {{"few", "2022-03-01", FEW, "low land warning", TOLD},
      {"a second office", "2022-03-05", NULL, "low land warning", TOLD,
       .pack = PLAIN "notify \"other\" { to = log() }\n"}}},
    {"an edit while a wait runs keeps what is held",
     FIRMS "notify \"office\" { to = log(), wait = \"10m\" }\nalert \"low\" { " LOW,
     {{"few", "2022-03-01", FEW, "low land warning"},
      {"edited", "2022-03-01T00:05", NULL, "low land warning",
       .pack =
           FIRMS "notify \"office\" { to = log(), wait = \"10m\" }\nalert \"low\" { say = \"only "
                 "{value}\", " LOW},
      {"ten minutes", "2022-03-01T00:10", NULL, "low land warning",
       "[warning] low land: only 8 firms"}}},
};

#define EACH "alert \"low\" { each = land.areas, " LOW
#define WAITING FIRMS "notify \"office\" { to = log(), wait = \"10m\", group = \"alert\" }\n" EACH

static const struct scene waits[] = {
    {"others join what waits, in one message",
     WAITING,
     {{"one", "2022-03-01", "firms,north,2022-02,8\n", "low north warning"},
      {"another", "2022-03-01T00:05", "firms,south,2022-02,8\n",
       "low north warning; low south warning"},
      {"ten minutes", "2022-03-01T00:10", NULL, "low north warning; low south warning",
       "[warning] low north: low | [warning] low south: low"}},
     .leaves_out_unknown = true},
    {"what ends while it waits is told as ended",
     WAITING,
     {{"one", "2022-03-01", "firms,north,2022-02,8\n", "low north warning"},
      {"revised", "2022-03-01T00:05", "firms,north,2022-02,18\n", ""},
      {"ten minutes", "2022-03-01T00:10", NULL, "",
       "[resolved] low north: low (resolved as revised)"}},
     .leaves_out_unknown = true},
    {"after the first message nothing waits",
     WAITING,
     {{"one", "2022-03-01", "firms,north,2022-02,8\n", "low north warning"},
      {"ten minutes", "2022-03-01T00:10", NULL, "low north warning", "[warning] low north: low"},
      {"another: all of the group that fires", "2022-03-02", "firms,south,2022-02,8\n",
       "low north warning; low south warning",
       "[warning] low north: low | [warning] low south: low"}},
     .leaves_out_unknown = true},
    {"again is told each day",
     FIRMS "notify \"office\" { to = log(), again = \"1d\" }\nalert \"low\" { " LOW,
     {{"few", "2022-03-01", FEW, "low land warning", TOLD},
      {"not yet", "2022-03-01T23:59", NULL, "low land warning"},
      {"a day", "2022-03-02", NULL, "low land warning", TOLD},
      {"another", "2022-03-03", NULL, "low land warning", TOLD},
      {"it ends", "2022-04-01", "firms,land,2022-03,12\n", "", ENDED},
      {"and is told no more", "2022-04-05", NULL, ""}}},
    {"outside the hours it is held, and told when they begin",
     FIRMS
     "notify \"office\" { to = log(), hours = \"mon-fri 08:30-18:00\" }\nalert \"low\" { " LOW,
     {{"on a Saturday", "2022-03-05T10:00", FEW, "low land warning"},
      {"on Sunday", "2022-03-06T10:00", NULL, "low land warning"},
      {"Monday morning", "2022-03-07T08:30", NULL, "low land warning", TOLD}}},
    {"what began and ended outside the hours is told as ended",
     FIRMS
     "notify \"office\" { to = log(), hours = \"mon-fri 08:30-18:00\" }\nalert \"low\" { " LOW,
     {{"on a Saturday", "2022-03-05T10:00", FEW, "low land warning"},
      {"on Sunday", "2022-03-06T10:00", "firms,land,2022-03,12\n", ""},
      {"Monday morning", "2022-03-07T08:30", NULL, "", ENDED}}},
};

#define MUTED                                                                                      \
    FIRMS "local power = measure \"power\" { kind = \"stock\", unit = \"firms\", every = "         \
          "\"month\" }\n" SCENE_OFFICE                                                             \
          "local dark = alert \"dark\" { each = { land, north, south }, warning = "                \
          "power:under(1) }\n"                                                                     \
          "alert \"low\" { each = land.areas, unless = dark, " LOW

static const struct scene mutes[] = {
    {"the mute comes first: what begins under it is told when it goes",
     MUTED,
     {{"dark", "2022-03-01", "power,north,2022-02,0\n", "dark north warning",
       "[warning] dark north: dark"},
      {"and few", "2022-03-02", "firms,north,2022-02,8\n", "dark north warning; low north warning"},
      {"light", "2022-03-03", "power,north,2022-03,5\n", "low north warning",
       "[resolved] dark north: dark | [warning] low north: low"}},
     .leaves_out_unknown = true},
    {"what begins and ends under the mute is never told",
     MUTED,
     {{"dark", "2022-03-01", "power,north,2022-02,0\n", "dark north warning",
       "[warning] dark north: dark"},
      {"few", "2022-03-02", "firms,north,2022-02,8\n", "dark north warning; low north warning"},
      {"enough", "2022-03-03", "firms,north,2022-03,18\n", "dark north warning"},
      {"light", "2022-03-04", "power,north,2022-03,5\n", "", "[resolved] dark north: dark"}},
     .leaves_out_unknown = true},
    {"the mute comes second: what was told ends under it, and that is told",
     MUTED,
     {{"few", "2022-03-01", "firms,north,2022-02,8\n", "low north warning",
       "[warning] low north: low"},
      {"dark", "2022-03-02", "power,north,2022-02,0\n", "dark north warning; low north warning",
       "[warning] dark north: dark"},
      {"enough", "2022-03-03", "firms,north,2022-03,18\n", "dark north warning",
       "[resolved] low north: low"}},
     .leaves_out_unknown = true},
    {"the mute comes second and goes first: nothing is told again",
     MUTED,
     {{"few", "2022-03-01", "firms,north,2022-02,8\n", "low north warning",
       "[warning] low north: low"},
      {"dark", "2022-03-02", "power,north,2022-02,0\n", "dark north warning; low north warning",
       "[warning] dark north: dark"},
      {"light", "2022-03-03", "power,north,2022-03,5\n", "low north warning",
       "[resolved] dark north: dark"},
      {"enough", "2022-03-04", "firms,north,2022-03,18\n", "", "[resolved] low north: low"}},
     .leaves_out_unknown = true},
    {"the mute of the area around counts",
     MUTED,
     {{"dark everywhere", "2022-03-01", "power,land,2022-02,0\n", "dark land warning",
       "[warning] dark land: dark"},
      {"few", "2022-03-02", "firms,north,2022-02,8\n", "dark land warning; low north warning"},
      {"light", "2022-03-03", "power,land,2022-03,5\n", "low north warning",
       "[resolved] dark land: dark | [warning] low north: low"}},
     .leaves_out_unknown = true},
    {"that of the neighbour does not",
     MUTED,
     {{"dark next door", "2022-03-01", "power,south,2022-02,0\n", "dark south warning",
       "[warning] dark south: dark"},
      {"few", "2022-03-02", "firms,north,2022-02,8\n", "dark south warning; low north warning",
       "[warning] low north: low"}},
     .leaves_out_unknown = true},
    {"a worse severity waits under the mute too",
     FIRMS "local power = measure \"power\" { kind = \"stock\", unit = \"firms\", every = "
           "\"month\" }\n" SCENE_OFFICE
           "alert \"low\" { each = land.areas, unless = power:under(1), critical = "
           "firms:under(5), " LOW,
     {{"few", "2022-03-01", "firms,north,2022-02,8\n", "low north warning",
       "[warning] low north: low"},
      {"dark, and very few", "2022-03-02", "power,north,2022-02,0\nfirms,north,2022-03,2\n",
       "low north critical"},
      {"light", "2022-03-03", "power,north,2022-03,5\n", "low north critical",
       "[critical] low north: low"}},
     .leaves_out_unknown = true},
};

static void a_reload_keeps_what_it_does_not_change(void **state)
{
    (void)state;
    scenes_play(reloads, sizeof reloads / sizeof reloads[0]);
}

static void what_waits_is_told_in_time(void **state)
{
    (void)state;
    scenes_play(waits, sizeof waits / sizeof waits[0]);
}

static void what_is_muted_waits(void **state)
{
    (void)state;
    scenes_play(mutes, sizeof mutes / sizeof mutes[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reload_keeps_what_it_does_not_change),
        cmocka_unit_test(what_waits_is_told_in_time),
        cmocka_unit_test(what_is_muted_waits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
