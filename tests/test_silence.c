/* Silences: what they keep from being told and for how long, and how they are asked for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine_world.h"
#include "tell_scene.h"

static const struct step it_fires_on[] = {
    {"silent for two hours", "2024-03-27T09:00", "!silence area=north for=2h", ""},
    {"it begins", "2024-03-27T09:30", "load,north,2024-03-27,8\n", ""},
    {"another area is not meant", "2024-03-27T09:40", "load,south,2024-03-27,8\n",
     "27T09:40 {}:{alertname=\"low\", area=\"south\"}: low/south warning 27T09:40-; "},
    {"it is said when the silence ends", "2024-03-27T12:00", NULL,
     "27T11:00 {}:{alertname=\"low\", area=\"north\"}: low/north warning 27T09:30-; "},
    {"once", "2024-03-28T12:00", NULL, ""},
    {NULL, NULL, NULL, NULL},
};

static const struct step it_comes_and_goes_inside[] = {
    {"silent", "2024-03-27T09:00", "!silence area=north for=2h", ""},
    {"it begins", "2024-03-27T09:30", "load,north,2024-03-27,8\n", ""},
    {"gets worse", "2024-03-27T09:40", "load,north,2024-03-27,2\n", ""},
    {"and ends", "2024-03-27T10:00", "load,north,2024-03-27,20\n", ""},
    {"nobody is told", "2024-03-27T23:00", NULL, ""},
    {NULL, NULL, NULL, NULL},
};

static const struct step what_was_told_ends_inside[] = {
    {"told", "2024-03-27T09:00", "load,north,2024-03-27,8\n",
     "27T09:00 {}:{alertname=\"low\", area=\"north\"}: low/north warning 27T09:00-; "},
    {"silenced while it fires", "2024-03-27T09:30", "!silence alert=low for=2h", ""},
    {"it ends", "2024-03-27T10:00", "load,north,2024-03-27,20\n", ""},
    {"that is said when the silence ends", "2024-03-27T12:00", NULL,
     "27T11:30 {}:{alertname=\"low\", area=\"north\"}: low/north resolved 27T09:00-27T10:00; "},
    {NULL, NULL, NULL, NULL},
};

static const struct step what_was_told_begins_anew_inside[] = {
    {"told", "2024-03-27T09:00", "load,north,2024-03-27,8\n",
     "27T09:00 {}:{alertname=\"low\", area=\"north\"}: low/north warning 27T09:00-; "},
    {"silenced", "2024-03-27T09:30", "!silence area=land for=2h", ""},
    {"it ends", "2024-03-27T10:00", "load,north,2024-03-27,20\n", ""},
    {"and begins anew", "2024-03-27T10:30", "load,north,2024-03-27,3\n", ""},
    {"what fires is said", "2024-03-27T12:00", NULL,
     "27T11:30 {}:{alertname=\"low\", area=\"north\"}: low/north critical 27T10:30-; "},
    {"and its end", "2024-03-27T12:30", "load,north,2024-03-27,20\n",
     "27T12:30 {}:{alertname=\"low\", area=\"north\"}: low/north resolved 27T10:30-27T12:30; "},
    {NULL, NULL, NULL, NULL},
};

static const struct step it_is_ended_early[] = {
    {"silent for a day", "2024-03-27T09:00", "!silence area=north for=1d", ""},
    {"it begins", "2024-03-27T09:30", "load,north,2024-03-27,8\n", ""},
    {"ended while it fires", "2024-03-27T10:00", "!end 1",
     "27T10:00 {}:{alertname=\"low\", area=\"north\"}: low/north warning 27T09:30-; "},
    {"nothing more at its end", "2024-03-28T10:00", NULL, ""},
    {NULL, NULL, NULL, NULL},
};

static const struct step one_severity[] = {
    {"warnings are silent", "2024-03-27T09:00", "!silence severity=warning for=1d", ""},
    {"a warning", "2024-03-27T09:30", "load,north,2024-03-27,8\n", ""},
    {"becomes critical", "2024-03-27T10:00", "load,north,2024-03-27,2\n",
     "27T10:00 {}:{alertname=\"low\", area=\"north\"}: low/north critical 27T09:30-; "},
    {"a warning again", "2024-03-27T10:30", "load,north,2024-03-27,8\n", ""},
    {"who heard of it hears its end", "2024-03-27T11:00", "load,north,2024-03-27,20\n",
     "27T11:00 {}:{alertname=\"low\", area=\"north\"}: low/north resolved 27T09:30-27T11:00; "},
    {NULL, NULL, NULL, NULL},
};

static const struct step it_begins_later[] = {
    {"from ten to eleven", "2024-03-27T09:00",
     "!silence area=north start=2024-03-27T10:00Z end=2024-03-27T11:00Z", ""},
    {"before it", "2024-03-27T09:30", "load,north,2024-03-27,8\n",
     "27T09:30 {}:{alertname=\"low\", area=\"north\"}: low/north warning 27T09:30-; "},
    {"in it", "2024-03-27T10:30", "load,north,2024-03-27,2\n", ""},
    {"behind it", "2024-03-27T12:00", NULL,
     "27T11:00 {}:{alertname=\"low\", area=\"north\"}: low/north critical 27T09:30-; "},
    {NULL, NULL, NULL, NULL},
};

static const struct step two_in_a_row[] = {
    {"one to ten", "2024-03-27T09:00", "!silence area=north end=2024-03-27T10:00Z", ""},
    {"it begins", "2024-03-27T09:30", "load,north,2024-03-27,8\n", ""},
    {"and one to eleven", "2024-03-27T09:40", "!silence alert=low end=2024-03-27T11:00Z", ""},
    {"it is said behind both", "2024-03-27T12:00", NULL,
     "27T11:00 {}:{alertname=\"low\", area=\"north\"}: low/north warning 27T09:30-; "},
    {NULL, NULL, NULL, NULL},
};

/* A night in Shanghai, 18:00 to 08:30 and all of a holiday's neighbours; moments here are UTC. */
static const struct step every_evening[] = {
    {"every evening", "2024-03-27T00:00", "!silence area=land hours=18:00-24:00", ""},
    {"at 17:59 there it is said", "2024-03-27T09:59", "load,north,2024-03-27,8\n",
     "27T09:59 {}:{alertname=\"low\", area=\"north\"}: low/north warning 27T09:59-; "},
    {"at 18:00 not", "2024-03-27T10:00", "load,south,2024-03-27,8\n", ""},
    {"at midnight it is", "2024-03-27T20:00", NULL,
     "27T16:00 {}:{alertname=\"low\", area=\"south\"}: low/south warning 27T10:00-; "},
    {"the next evening again", "2024-03-28T10:30", "load,south,2024-03-27,20\n", ""},
    {"", "2024-03-28T20:00", NULL,
     "28T16:00 {}:{alertname=\"low\", area=\"south\"}: low/south resolved 27T10:00-28T10:30; "},
    {"a holiday has no such evening", "2024-04-01T10:30", "load,south,2024-03-27,8\n",
     "01T10:30 {}:{alertname=\"low\", area=\"south\"}: low/south warning 01T10:30-; "},
    {NULL, NULL, NULL, NULL},
};

static const struct step with_wait_and_again[] = {
    {"it waits", "2024-03-27T09:00", "load,north,2024-03-27,8\n", ""},
    {"and is silenced while it does", "2024-03-27T09:05", "!silence area=north for=2h", ""},
    {"another begins", "2024-03-27T09:30", "load,south,2024-03-27,8\n",
     "27T09:30 {}:{alertname=\"low\"}: low/south warning 27T09:30-; "},
    {"what waited is said behind the silence, with what fires", "2024-03-27T12:00", NULL,
     "27T11:05 {}:{alertname=\"low\"}: low/north warning 27T09:00-, low/south warning 27T09:30-; "},
    {"again after a day, but what is silent", "2024-03-28T10:00", "!silence area=south for=1d", ""},
    {"", "2024-03-28T12:00", NULL,
     "28T11:05 {}:{alertname=\"low\"}: low/north warning 27T09:00-; "},
    {"until it is not, a day after the group's last message", "2024-03-29T12:00", NULL,
     "29T11:05 {}:{alertname=\"low\"}: low/north warning 27T09:00-, low/south warning 27T09:30-; "},
    {NULL, NULL, NULL, NULL},
};

static const struct step it_ended_in_the_wait[] = {
    {"it waits", "2024-03-27T09:00", "load,north,2024-03-27,8\n", ""},
    {"and is silenced", "2024-03-27T09:05", "!silence area=north for=1h", ""},
    {"and ends", "2024-03-27T09:30", "load,north,2024-03-27,20\n", ""},
    {"it began before the silence: it is told with both", "2024-03-27T12:00", NULL,
     "27T10:05 {}:{alertname=\"low\", area=\"north\"}: low/north resolved 27T09:00-27T09:30; "},
    {NULL, NULL, NULL, NULL},
};

static const struct step one_item[] = {
    {"two items", "2024-03-27T08:00",
     "calls,a,north,2024-03-27,done\ncalls,b,north,2024-03-27,done\n", ""},
    {"one is silent", "2024-03-27T09:00", "!silence item=a for=1d", ""},
    {"both fire", "2024-03-27T09:30",
     "calls,a,north,2024-03-27,posted\ncalls,b,north,2024-03-27,posted\n",
     "27T09:30 {}:{alertname=\"open\", area=\"north\", item=\"b\"}: open/north/b warning "
     "27T09:30-; "},
    {NULL, NULL, NULL, NULL},
};

static const struct step acknowledged[] = {
    {"told", "2024-03-27T09:00", "load,north,2024-03-27,8\n",
     "27T09:00 {}:{alertname=\"low\", area=\"north\"}: low/north warning 27T09:00-; "},
    {"and again", "2024-03-28T10:00", NULL,
     "28T09:00 {}:{alertname=\"low\", area=\"north\"}: low/north warning 27T09:00-; "},
    {"seen", "2024-03-28T12:00", "!ack alert=low area=north", ""},
    {"it is not told again", "2024-03-31T12:00", NULL, ""},
    {"but when it gets worse", "2024-03-31T13:00", "load,north,2024-03-27,3\n",
     "31T13:00 {}:{alertname=\"low\", area=\"north\"}: low/north critical 27T09:00-; "},
    {"which nobody has seen", "2024-04-01T14:00", NULL,
     "01T13:00 {}:{alertname=\"low\", area=\"north\"}: low/north critical 27T09:00-; "},
    {"seen", "2024-04-01T15:00", "!ack alert=low area=north", ""},
    {"its end is told", "2024-04-03T15:00", "load,north,2024-03-27,30\n",
     "03T15:00 {}:{alertname=\"low\", area=\"north\"}: low/north resolved 27T09:00-03T15:00; "},
    {"the next time it is another firing", "2024-04-03T16:00", "load,north,2024-03-27,3\n",
     "03T16:00 {}:{alertname=\"low\", area=\"north\"}: low/north critical 03T16:00-; "},
    {"", "2024-04-04T17:00", NULL,
     "04T16:00 {}:{alertname=\"low\", area=\"north\"}: low/north critical 03T16:00-; "},
    {NULL, NULL, NULL, NULL},
};

static const struct step mute_hours_and_wait[] = {
    {"shut is said", "2024-03-27T07:59", "shut,north,2024-03-27,1\n", ""},
    {"and said otherwise", "2024-03-27T09:00", "shut,north,2024-03-27,2\n", ""},
    {"what it mutes begins", "2024-03-27T09:30", "load,north,2024-03-27,8\n", ""},
    {"and is silenced too", "2024-03-27T10:00", "!silence area=north for=1h", ""},
    {"the mute ends at nine, ten minutes are over before the hours begin", "2024-03-30T18:00", NULL,
     "30T10:00 {}:{alertname=\"low\", area=\"north\"}: low/north warning 27T09:30-; "},
    {NULL, NULL, NULL, NULL},
};

static const struct step a_late_delivery[] = {
    {"silent", "2024-03-27T09:00", "!silence area=north for=2h", ""},
    {"it begins", "2024-03-27T09:30", "load,north,2024-03-27,8\n", ""},
    {"the turn after a restart says nothing", "2024-03-27T09:45", NULL, ""},
    {"only its end does", "2024-03-27T11:00", NULL,
     "27T11:00 {}:{alertname=\"low\", area=\"north\"}: low/north warning 27T09:30-; "},
    {NULL, NULL, NULL, NULL},
};

static const struct {
    struct scene scene;
    const char *quieted;
} scenes[] = {
    {{"it fires on", "UTC", "lang = \"en\"", "", it_fires_on},
     "27T09:30-27T11:00 silence 1 low/north warning told in 2; "},
    {{"it comes and goes inside", "UTC", "lang = \"en\"", "", it_comes_and_goes_inside},
     "27T09:30-27T10:00 silence 1 low/north warning; "},
    {{"what was told ends inside", "UTC", "lang = \"en\"", "", what_was_told_ends_inside},
     "27T09:30-27T11:30 silence 1 low/north warning told in 2; "},
    {{"what was told begins anew inside", "UTC", "lang = \"en\"", "",
      what_was_told_begins_anew_inside},
     "27T09:30-27T11:30 silence 1 low/north warning told in 2; "},
    {{"it is ended early", "UTC", "lang = \"en\"", "", it_is_ended_early},
     "27T09:30-27T10:00 silence 1 low/north warning told in 1; "},
    {{"one severity", "UTC", "lang = \"en\"", "", one_severity},
     "27T10:30-27T11:00 silence 1 low/north warning told in 2; "
     "27T09:30-27T10:00 silence 1 low/north warning told in 1; "},
    {{"it begins later", "UTC", "lang = \"en\"", "", it_begins_later},
     "27T10:00-27T11:00 silence 1 low/north warning told in 2; "},
    {{"two in a row", "UTC", "lang = \"en\"", "", two_in_a_row},
     "27T10:00-27T11:00 silence 2 low/north warning told in 1; "
     "27T09:30-27T10:00 silence 1 low/north warning; "},
    {{"every evening", "Asia/Shanghai", "lang = \"en\"", "", every_evening}, NULL},
    {{"with wait and again", "UTC", "wait = \"10m\", again = \"1d\", group = \"alert\"", "",
      with_wait_and_again},
     NULL},
    {{"it ended in the wait", "UTC", "wait = \"10m\"", "", it_ended_in_the_wait},
     "27T09:05-27T10:05 silence 1 low/north warning told in 1; "
     "27T09:00-27T09:05 wait low/north warning; "},
    {{"one item", "UTC", "lang = \"en\"", "", one_item},
     "27T09:30- silence 1 open/north warning; "},
    {{"acknowledged", "UTC", "again = \"1d\"", "", acknowledged}, ""},
    {{"mute, hours and wait", "UTC", "wait = \"10m\", hours = \"10:00-18:00\"",
      ", unless = shut:revised \"3d\"", mute_hours_and_wait},
     "30T09:00-30T10:00 hours low/north warning told in 1; 27T11:00-30T09:00 unless low/north "
     "warning; 27T10:00-27T11:00 silence 1 low/north warning; 27T09:30-27T10:00 unless low/north "
     "warning; "},
    {{"a late delivery", "UTC", "lang = \"en\"", "", a_late_delivery}, NULL},
};

static void what_is_silenced_is_told_behind_the_silence(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++) {
        play(&scenes[i].scene, KEPT, scenes[i].quieted);
        play(&scenes[i].scene, TURNED_OFTEN, scenes[i].quieted);
    }
}

static void silences_and_acknowledgements_survive_a_restart(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++) {
        play(&scenes[i].scene, REOPENED, scenes[i].quieted);
    }
}

static void a_turn_that_fails_loses_no_word(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i += 3) { /* it takes its time */
        play(&scenes[i].scene, STARVED, scenes[i].quieted);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_silenced_is_told_behind_the_silence),
        cmocka_unit_test(silences_and_acknowledgements_survive_a_restart),
        cmocka_unit_test(a_turn_that_fails_loses_no_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
