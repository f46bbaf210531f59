/* Telling: the difference between what is true and what was told, by severity and place, once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine_world.h"
#include "tell_scene.h"

static zw_status add_message(void *arg, const zw_message *message, zw_err *err)
{
    (void)err;
    zw_buf_printf(arg, "%s/%u ", message->notify, message->receiver);
    return ZW_OK;
}

/* What the turn of a day put into the outbox, with rows known on another day (NULL: the same);
 * everything is delivered then. */
static void say_known(struct house *house, const char *day, const char *known, const char *rows,
                      const char *expected)
{
    zw_buf text;
    zw_err err = {ZW_OK, ""};
    zw_buf_init(&text, 65536);
    zw_buf_puts(&text, "");
    house_day_known(house, day, known, rows);
    assert_int_equal(zw_outbox_due(zw_engine_outbox(house->engine), house->now_ms, 100, add_message,
                                   &text, &err),
                     ZW_OK);
    assert_string_equal(zw_buf_view(&text), expected);
    zw_buf_fini(&text);
    int64_t waiting = 0;
    int64_t delivered = 0;
    assert_int_equal(zw_outbox_counts(zw_engine_outbox(house->engine), &waiting, &delivered, &err),
                     ZW_OK);
    for (int64_t id = delivered + 1; id <= delivered + waiting; id++) {
        assert_int_equal(zw_engine_mail_done(house->engine, id, NULL, &err), ZW_OK);
    }
}

static void say(struct house *house, const char *day, const char *rows, const char *expected)
{
    say_known(house, day, NULL, rows, expected);
}

static void each_notify_hears_what_it_asked_for_once(void **state)
{
    (void)state;
    struct house house;
    house_open(&house, late_and_poor, "2022-02-05");
    say(&house, "2022-02-05", "money,north,2022-01,8\nmoney,south,2022-01,8\n",
        "north_only/0 north_only/1 "); /* info: not loud */
    say(&house, "2022-02-06", NULL, "");
    say(&house, "2022-03-05", "money,north,2022-02,4\nmoney,south,2022-02,4\n",
        "loud/0 loud/0 north_only/0 north_only/1 ");
    say(&house, "2022-04-05", "money,north,2022-03,7\nmoney,south,2022-03,20\n",
        "loud/0 loud/0 north_only/0 north_only/1 ");
    house_close(&house);
}

static void what_is_muted_is_told_when_it_is_no_more(void **state)
{
    (void)state;
    struct house house;
    house_open(&house, late_and_poor, "2022-02-05");
    say(&house, "2022-03-05", "money,south,2022-01,8\nmoney,north,2022-01,8\n",
        "north_only/0 north_only/1 ");
    say(&house, "2022-03-11", NULL, "north_only/0 north_only/1 "); /* February is late */
    say(&house, "2022-03-12", "money,north,2022-01,3\n", "");      /* critical now, while it is */
    say(&house, "2022-03-13", "money,north,2022-02,3\n",
        "loud/0 north_only/0 north_only/1 north_only/0 north_only/1 ");
    house_close(&house);
}

static void what_is_mended_back_is_told_again(void **state)
{
    (void)state;
    struct house house;
    house_open(&house, late_and_poor, "2022-02-05");
    say(&house, "2022-02-05", "money,north,2022-01,20\n", "");
    say(&house, "2022-03-05", "money,north,2022-02,4\n", "loud/0 north_only/0 north_only/1 ");
    say_known(&house, "2022-03-08", "2022-03-05", "money,north,2022-02,20\n",
              "loud/0 north_only/0 north_only/1 ");
    say_known(&house, "2022-03-09", "2022-03-05", "money,north,2022-02,4\n",
              "loud/0 north_only/0 north_only/1 "); /* since the same moment as the first time */
    house_close(&house);
}

static void what_was_never_so_of_a_period_is_taken_back(void **state)
{
    (void)state;
    struct house house;
    house_open(&house, late_and_poor, "2022-02-05");
    say(&house, "2022-03-05", "money,north,2022-01,20\n", "");
    say(&house, "2022-03-11", NULL, "north_only/0 north_only/1 "); /* February is late */
    say_known(&house, "2022-03-20", "2022-03-08", "money,north,2022-02,20\n",
              "north_only/0 north_only/1 "); /* it was not */
    say(&house, "2022-03-21", NULL, "");
    house_close(&house);
}

/* Grouped and timed telling. */

static const struct step two_in_one_wait[] = {
    {"the first waits", "2024-03-27T09:00", "load,north,2024-03-27,8\n", ""},
    {"the second joins", "2024-03-27T09:04", "load,south,2024-03-27,200\n", ""},
    {"ten minutes after the first both go", "2024-03-27T09:30", NULL,
     "27T09:10 {}:{}: low/north warning 27T09:00-, high/south warning 27T09:04-; "},
    {"a third goes at once, with what fires", "2024-03-27T09:31", "load,south,2024-03-27,2\n",
     "27T09:31 {}:{}: low/north warning 27T09:00-, low/south critical 27T09:31-, high/south "
     "resolved 27T09:04-27T09:31; "},
    {"an end too", "2024-03-27T09:32", "load,north,2024-03-27,20\n",
     "27T09:32 {}:{}: low/north resolved 27T09:00-27T09:32, low/south critical 27T09:31-; "},
    {"and the last", "2024-03-27T09:33", "load,south,2024-03-27,20\n",
     "27T09:33 {}:{}: low/south resolved 27T09:31-27T09:33; "},
    {"then the next is a first one again", "2024-03-27T10:00", "load,south,2024-03-27,2\n", ""},
    {"and waits", "2024-03-27T11:00", NULL, "27T10:10 {}:{}: low/south critical 27T10:00-; "},
    {NULL, NULL, NULL, NULL},
};

static const struct step it_ends_in_the_wait[] = {
    {"it begins", "2024-03-27T09:00", "load,north,2024-03-27,8\n", ""},
    {"and ends", "2024-03-27T09:04", "load,north,2024-03-27,20\n", ""},
    {"it is told with both", "2024-03-27T09:30", NULL,
     "27T09:10 {}:{alertname=\"low\", area=\"north\"}: low/north resolved 27T09:00-27T09:04; "},
    {"of several times the last", "2024-03-27T10:00", "load,north,2024-03-27,8\n", ""},
    {"which ends", "2024-03-27T10:01", "load,north,2024-03-27,20\n", ""},
    {"begins", "2024-03-27T10:02", "load,north,2024-03-27,3\n", ""},
    {"and ends", "2024-03-27T10:03", "load,north,2024-03-27,20\n", ""},
    {"", "2024-03-27T11:00", NULL,
     "27T10:10 {}:{alertname=\"low\", area=\"north\"}: low/north resolved 27T10:02-27T10:03; "},
    {"it grows worse in the wait", "2024-03-27T12:00", "load,north,2024-03-27,8\n", ""},
    {"", "2024-03-27T12:05", "load,north,2024-03-27,3\n", ""},
    {"and is told as it is", "2024-03-27T13:00", NULL,
     "27T12:10 {}:{alertname=\"low\", area=\"north\"}: low/north critical 27T12:00-; "},
    {NULL, NULL, NULL, NULL},
};

static const struct step again_after_a_day[] = {
    {"it begins", "2024-03-27T09:00", "load,north,2024-03-27,8\n",
     "27T09:00 {}:{alertname=\"low\", area=\"north\"}: low/north warning 27T09:00-; "},
    {"a day later it is told again", "2024-03-28T10:00", NULL,
     "28T09:00 {}:{alertname=\"low\", area=\"north\"}: low/north warning 27T09:00-; "},
    {"news begins the day anew", "2024-03-28T12:00", "load,north,2024-03-27,3\n",
     "28T12:00 {}:{alertname=\"low\", area=\"north\"}: low/north critical 27T09:00-; "},
    {"twice in two days", "2024-03-30T13:00", NULL,
     "29T12:00 {}:{alertname=\"low\", area=\"north\"}: low/north critical 27T09:00-; "
     "30T12:00 {}:{alertname=\"low\", area=\"north\"}: low/north critical 27T09:00-; "},
    {"it ends", "2024-03-30T14:00", "load,north,2024-03-27,30\n",
     "30T14:00 {}:{alertname=\"low\", area=\"north\"}: low/north resolved 27T09:00-30T14:00; "},
    {"and is not told again", "2024-04-10T14:00", NULL, ""},
    {NULL, NULL, NULL, NULL},
};

static const struct step over_a_weekend_and_a_holiday[] = {
    {"in the hours it is told", "2024-03-29T17:59", "load,north,2024-03-29,8\n",
     "29T17:59 {}:{alertname=\"low\"}: low/north warning 29T17:59-; "},
    {"after them it is held, however bad", "2024-03-29T18:00", "load,south,2024-03-29,3\n", ""},
    {"what was told ends on Saturday", "2024-03-30T10:00", "load,north,2024-03-29,20\n", ""},
    {"another begins", "2024-03-30T11:00", "load,north,2024-03-30,200\n", ""},
    {"and ends on Sunday", "2024-03-31T11:00", "load,north,2024-03-31,20\n", ""},
    {"Monday is a holiday", "2024-04-01T23:00", NULL, ""},
    {"on Tuesday all of it is told", "2024-04-02T09:00", NULL,
     "02T08:30 {}:{alertname=\"low\"}: low/north resolved 29T17:59-30T10:00, low/south critical "
     "29T18:00-; "
     "02T08:30 {}:{alertname=\"high\"}: high/north resolved 30T11:00-31T11:00; "},
    {"a day after that again, within the hours", "2024-04-03T20:00", NULL,
     "03T08:30 {}:{alertname=\"low\"}: low/south critical 29T18:00-; "},
    {NULL, NULL, NULL, NULL},
};

/* In Berlin the clocks go forward on Sunday, 31 March: 08:30 is 07:30 in UTC before, 06:30 after.
 * Moments here are UTC. */
static const struct step clocks_go_forward[] = {
    {"Saturday 08:29 there", "2024-03-30T07:29", "load,north,2024-03-30,8\n", ""},
    {"08:30", "2024-03-30T08:00", NULL,
     "30T07:30 {}:{alertname=\"low\", area=\"north\"}: low/north warning 30T07:29-; "},
    {"a day later is 08:30 there, an hour less", "2024-03-31T08:00", NULL,
     "31T06:30 {}:{alertname=\"low\", area=\"north\"}: low/north warning 30T07:29-; "},
    {NULL, NULL, NULL, NULL},
};

static const struct step the_first_wait_ends_after_the_hours[] = {
    {"it begins five minutes before the end", "2024-03-27T17:55", "load,north,2024-03-27,8\n", ""},
    {"and is told in the morning", "2024-03-28T12:00", NULL,
     "28T08:30 {}:{alertname=\"low\", area=\"north\"}: low/north warning 27T17:55-; "},
    {NULL, NULL, NULL, NULL},
};

static const struct step periods_of_a_group[] = {
    {"two of one day, one of another", "2024-03-27T09:00",
     "load,north,2024-03-26,50\nload,south,2024-03-26,50\nload,north,2024-03-27,50\n",
     "27T09:00 {}:{period=\"2024-03-26\"}: daily/north/2024-03-26 warning 27T09:00-, "
     "daily/south/2024-03-26 warning 27T09:00-; "
     "27T09:00 {}:{period=\"2024-03-27\"}: daily/north/2024-03-27 warning 27T09:00-; "},
    {"what is of no period is of a group of its own", "2024-03-27T10:00",
     "load,south,2024-03-27,200\n", "27T10:00 {}:{}: high/south warning 27T10:00-; "},
    {NULL, NULL, NULL, NULL},
};

/* `shut` is revised for three days: what ends that is time alone. */
static const struct step what_mutes_ends_by_time_alone[] = {
    {"said", "2024-03-27T07:59", "shut,north,2024-03-27,1\n", ""},
    {"and said otherwise", "2024-03-27T08:00", "shut,north,2024-03-27,2\n", ""},
    {"nothing is said", "2024-03-27T09:00", "load,north,2024-03-27,8\n", ""},
    {"until it is not revised in the last three days", "2024-03-31T00:00", NULL,
     "30T08:00 {}:{alertname=\"low\", area=\"north\"}: low/north warning 27T09:00-; "},
    {NULL, NULL, NULL, NULL},
};

static const struct step muted_while_it_waits[] = {
    {"said", "2024-03-27T07:59", "shut,north,2024-03-27,1\n", ""},
    {"it begins", "2024-03-27T09:00", "load,north,2024-03-27,8\n", ""},
    {"and is muted before it is told", "2024-03-27T09:05", "shut,north,2024-03-27,2\n", ""},
    {"", "2024-03-27T12:00", NULL, ""},
    {"what still fires is said when that ends", "2024-03-31T00:00", NULL,
     "30T09:05 {}:{alertname=\"low\", area=\"north\"}: low/north warning 27T09:00-; "},
    {NULL, NULL, NULL, NULL},
};

static const struct step muted_it_is_not_told_again[] = {
    {"said", "2024-03-27T07:59", "shut,north,2024-03-27,1\n", ""},
    {"it begins", "2024-03-27T09:00", "load,north,2024-03-27,8\n",
     "27T09:00 {}:{alertname=\"low\", area=\"north\"}: low/north warning 27T09:00-; "},
    {"and is muted", "2024-03-27T10:00", "shut,north,2024-03-27,2\n", ""},
    {"until then it is not told again", "2024-03-30T12:00", NULL,
     "30T10:00 {}:{alertname=\"low\", area=\"north\"}: low/north warning 27T09:00-; "},
    {NULL, NULL, NULL, NULL},
};

static const struct step items_alone[] = {
    {"two items of an area are two messages", "2024-03-27T09:00",
     "calls,a,north,2024-03-27,posted\ncalls,b,north,2024-03-27,posted\n",
     "27T09:00 {}:{alertname=\"open\", area=\"north\", item=\"a\"}: open/north/a warning "
     "27T09:00-; "
     "27T09:00 {}:{alertname=\"open\", area=\"north\", item=\"b\"}: open/north/b warning "
     "27T09:00-; "},
    {"one ends", "2024-03-27T10:00", "calls,a,north,2024-03-27,done\n",
     "27T10:00 {}:{alertname=\"open\", area=\"north\", item=\"a\"}: open/north/a resolved "
     "27T09:00-27T10:00; "},
    {NULL, NULL, NULL, NULL},
};

static const struct step items_together[] = {
    {"two items of an area are one message", "2024-03-27T09:00",
     "calls,a,north,2024-03-27,posted\ncalls,b,north,2024-03-27,posted\n",
     "27T09:00 {}:{alertname=\"open\", area=\"north\"}: open/north/a warning 27T09:00-, "
     "open/north/b "
     "warning 27T09:00-; "},
    {NULL, NULL, NULL, NULL},
};

static const struct scene scenes[] = {
    {"items alone", "UTC", "lang = \"en\"", "", items_alone},
    {"items together", "UTC", "group = { \"area\", \"alert\" }", "", items_together},
    {"one message for all, ten minutes after the first", "UTC", "wait = \"10m\", group = {}", "",
     two_in_one_wait},
    {"it ends in the wait", "UTC", "wait = \"10m\"", "", it_ends_in_the_wait},
    {"again after a day", "UTC", "again = \"1d\"", "", again_after_a_day},
    {"a weekend and a holiday", "UTC",
     "hours = \"mon-fri 08:30-18:00\", group = \"alert\", again = \"1d\"", "",
     over_a_weekend_and_a_holiday},
    {"the clocks go forward", "Europe/Berlin", "hours = \"08:30-18:00\", again = \"1d\"", "",
     clocks_go_forward},
    {"the wait ends after the hours", "UTC", "hours = \"mon-fri 08:30-18:00\", wait = \"10m\"", "",
     the_first_wait_ends_after_the_hours},
    {"groups of periods", "UTC", "group = \"period\"", "", periods_of_a_group},
    {"a mute ends by time alone", "UTC", "lang = \"en\"", ", unless = shut:revised \"3d\"",
     what_mutes_ends_by_time_alone},
    {"muted while it waits", "UTC", "wait = \"10m\"", ", unless = shut:revised \"3d\"",
     muted_while_it_waits},
    {"muted it is not told again", "UTC", "again = \"1d\"", ", unless = shut:revised \"3d\"",
     muted_it_is_not_told_again},
};

static void news_is_told_by_groups_when_its_time_comes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++) {
        play(&scenes[i], KEPT, NULL);
        play(&scenes[i], TURNED_OFTEN, NULL);
    }
}

static void a_turn_that_fails_says_nothing_twice(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++) {
        play(&scenes[i], STARVED, NULL);
    }
}

static void what_is_held_survives_a_restart(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++) {
        play(&scenes[i], REOPENED, NULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_notify_hears_what_it_asked_for_once),
        cmocka_unit_test(what_is_muted_is_told_when_it_is_no_more),
        cmocka_unit_test(what_is_mended_back_is_told_again),
        cmocka_unit_test(what_was_never_so_of_a_period_is_taken_back),
        cmocka_unit_test(news_is_told_by_groups_when_its_time_comes),
        cmocka_unit_test(what_is_held_survives_a_restart),
        cmocka_unit_test(a_turn_that_fails_says_nothing_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
