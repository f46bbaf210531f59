/* Telling: the difference between what is true and what was told, by severity and place, once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/engine_inside.h"
#include "engine_world.h"
#include "failing_alloc.h"

#include <jansson.h>
#include <sqlite3.h>
#include <unistd.h>

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

/* A pack with an alert for low and one for high figures at each of two areas, and a notify. */
static const char timed_pack[] =
    "local land = zone \"land\" { timezone = \"%s\", holidays = { \"2024-04-01\" } }\n"
    "area \"north\" { within = land }\n"
    "area \"south\" { within = land }\n"
    "local load = measure \"load\" { kind = \"stock\", unit = \"CNY\", every = \"day\" }\n"
    "local shut = measure \"shut\" { kind = \"stock\", unit = \"CNY\", every = \"day\" }\n"
    "alert \"low\" { each = land.areas, warning = load:under(10), critical = load:under(5)%s }\n"
    "alert \"high\" { each = land.areas, warning = load:over(100) }\n"
    "alert \"daily\" { each = land.areas, per = \"period\", warning = load:equals(50) }\n"
    "local calls = register \"calls\" { fields = { \"type\" }, states = { \"posted\", \"done\" } "
    "}\n"
    "alert \"open\" { each = calls, warning = calls:in_state \"posted\" }\n"
    "notify \"office\" { to = webhook(\"http://127.0.0.1:1/\"), %s }\n";

/* One step: at a moment, rows known then (NULL: none) and what was said since the step before, by
 * time alone or by it. */
struct step {
    const char *why, *at, *rows, *said;
};

struct scene {
    const char *why, *zone, *notify, *unless;
    const struct step *steps;
};

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

/* "27T09:00" of a moment in UTC. */
static const char *short_of(int64_t at_ms, char out[16])
{
    char text[48];
    zw_tz *tz = NULL;
    zw_err err = {ZW_OK, ""};
    assert_int_equal(zw_tz_create("UTC", &tz, &err), ZW_OK);
    (void)snprintf(out, 16, "%.8s", zw_moment_text(tz, at_ms, text, sizeof(text)) + 8);
    zw_tz_destroy(tz);
    return out;
}

static int64_t utc_ms(const char *text)
{
    zw_stamp stamp;
    zw_err err = {ZW_OK, ""};
    if (zw_stamp_parse(zw_text_of(text), &stamp, &err) != ZW_OK) {
        fail_msg("%s: %s", text, err.text);
    }
    return stamp.at_ms; /* a local moment, read as UTC's */
}

static const char *text_of(const json_t *object, const char *name)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text != NULL ? text : "";
}

/* A moment of a message: its offset is taken off again. */
static const char *short_of_text(const char *moment, char out[16])
{
    zw_stamp stamp;
    zw_err err = {ZW_OK, ""};
    assert_int_equal(zw_stamp_parse(zw_text_of(moment), &stamp, &err), ZW_OK);
    return short_of(stamp.at_ms, out);
}

/* Writes a message down as the tables above have it. */
static zw_status write_message(void *arg, const zw_message *message, zw_err *err)
{
    (void)err;
    zw_buf *out = arg;
    char moment[16];
    json_t *body = json_loads(message->body, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(body);
    zw_buf_printf(out, "%s %s:", short_of(message->made_ms, moment), text_of(body, "groupKey"));
    size_t i;
    const json_t *alert;
    json_array_foreach(json_object_get(body, "alerts"), i, alert)
    {
        const json_t *labels = json_object_get(alert, "labels");
        bool is_firing = strcmp(text_of(alert, "status"), "firing") == 0;
        const char *which = text_of(labels, "period")[0] != '\0' ? "period" : "item";
        zw_buf_printf(out, "%s %s/%s%s%s %s ", i > 0 ? "," : "", text_of(labels, "alertname"),
                      text_of(labels, "area"), text_of(labels, which)[0] != '\0' ? "/" : "",
                      text_of(labels, which), is_firing ? text_of(labels, "severity") : "resolved");
        zw_buf_printf(out, "%s-", short_of_text(text_of(alert, "startsAt"), moment));
        zw_buf_puts(out, is_firing ? "" : short_of_text(text_of(alert, "endsAt"), moment));
    }
    zw_buf_puts(out, "; ");
    json_decref(body);
    return ZW_OK;
}

static void take_turn(struct house *house)
{
    zw_err err = {ZW_OK, ""};
    if (zw_engine_turn(house->engine, NULL, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
}

/* Marks everything delivered. */
static void deliver_all(struct house *house)
{
    int64_t waiting = 0;
    int64_t delivered = 0;
    zw_err err = {ZW_OK, ""};
    assert_int_equal(zw_outbox_counts(zw_engine_outbox(house->engine), &waiting, &delivered, &err),
                     ZW_OK);
    for (int64_t id = delivered + 1; id <= delivered + waiting; id++) {
        assert_int_equal(zw_engine_mail_done(house->engine, id, NULL, &err), ZW_OK);
    }
}

/* How a scene is played: as a process lives; closed and opened again after every step; with turns
 * that nothing asks for; each turn with every allocation refused once before it succeeds. */
enum manner { KEPT, REOPENED, TURNED_OFTEN, STARVED };

static void open_scene(struct house *house, const struct scene *scene, const char *db)
{
    char text[4096];
    zw_err err = {ZW_OK, ""};
    (void)snprintf(text, sizeof(text), timed_pack, scene->zone, scene->unless, scene->notify);
    int64_t now_ms = house->now_ms;
    memset(house, 0, sizeof(*house));
    house->now_ms = now_ms;
    if (house_try(house, text, db, &err) != ZW_OK) {
        fail_msg("%s: %s", scene->why, err.text);
    }
}

/* Goes to a moment as a process would: by the moments at which time alone asks for a turn. */
static void go_to(struct house *house, int64_t at_ms, enum manner manner)
{
    for (int64_t next_ms = zw_engine_next_ms(house->engine); next_ms <= at_ms;
         next_ms = zw_engine_next_ms(house->engine)) {
        assert_true(next_ms > house->now_ms); /* else it would turn without end */
        house->now_ms = next_ms;
        take_turn(house);
        deliver_all(house);
    }
    while (manner == TURNED_OFTEN && at_ms - house->now_ms > 3600000) { /* what needs no turn */
        house->now_ms += 3600000;
        take_turn(house);
    }
    house->now_ms = at_ms;
}

static zw_status feed_and_turn(struct house *house, const char *rows, zw_err *err)
{
    const zw_fed *fed = NULL;
    zw_feed_options options = {.source = "test"};
    zw_status status = ZW_OK;
    char csv[512] = "";
    if (rows != NULL && strncmp(rows, "calls,", 6) == 0) {
        (void)snprintf(csv, sizeof(csv), "register,item,area,at,state\n%s", rows);
        status = zw_engine_feed(house->engine, csv, strlen(csv), &options, &fed, err);
    } else if (rows != NULL) {
        status = house_feed(house, rows, options, &fed, err);
    }
    return status == ZW_OK ? zw_engine_turn(house->engine, NULL, err) : status;
}

static void play_step(struct house *house, const struct step *step, enum manner manner)
{
    zw_err err = {ZW_OK, ""};
    go_to(house, utc_ms(step->at), manner);
    for (long n = 0; manner == STARVED; n++) {
        failing_alloc_after(n);
        zw_status status = feed_and_turn(house, step->rows, &err);
        if (!failing_alloc_stop()) {
            assert_int_equal(status, ZW_OK);
            return;
        }
        if (status == ZW_OK) { /* what failed was not needed */
            return;
        }
        if (status != ZW_NOMEM) {
            fail_msg("%s: %s", step->why, err.text);
        }
    }
    if (feed_and_turn(house, step->rows, &err) != ZW_OK) {
        fail_msg("%s: %s", step->why, err.text);
    }
}

/* What was put into the outbox after message `last`, in order. */
static char *said_since(struct house *house, int64_t last)
{
    sqlite3_stmt *stmt = NULL;
    zw_buf out;
    zw_buf_init(&out, 65536);
    zw_buf_puts(&out, "");
    sqlite3 *conn = zw_db_connection(zw_store_db(zw_engine_store(house->engine)));
    assert_int_equal(
        sqlite3_prepare_v2(conn, "SELECT body, made_ms FROM outbox WHERE id > ?1 ORDER BY id", -1,
                           &stmt, NULL),
        SQLITE_OK);
    (void)sqlite3_bind_int64(stmt, 1, last);
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        zw_message message = {.body = (const char *)sqlite3_column_text(stmt, 0),
                              .made_ms = sqlite3_column_int64(stmt, 1)};
        assert_int_equal(write_message(&out, &message, NULL), ZW_OK);
    }
    (void)sqlite3_finalize(stmt);
    char *said = strdup(zw_buf_view(&out));
    zw_buf_fini(&out);
    return said;
}

static void play(const struct scene *scene, enum manner manner)
{
    char db[64];
    struct house house = {.now_ms = utc_ms("2024-03-20T00:00")};
    (void)snprintf(db, sizeof(db), "/tmp/zonewatch-tell-%d.db", (int)getpid());
    open_scene(&house, scene, manner == REOPENED ? db : ":memory:");
    int64_t last = 0;
    for (const struct step *step = scene->steps; step->at != NULL; step++) {
        zw_err err = {ZW_OK, ""};
        play_step(&house, step, manner);
        char *said = said_since(&house, last);
        if (strcmp(said, step->said) != 0) {
            fail_msg("%s, %s (%s, manner %d):\n  said     %s\n  expected %s", scene->why, step->why,
                     step->at, (int)manner, said, step->said);
        }
        free(said);
        deliver_all(&house);
        assert_int_equal(zw_outbox_last(zw_engine_outbox(house.engine), &last, &err), ZW_OK);
        if (manner == REOPENED) {
            house_close(&house);
            open_scene(&house, scene, db);
            take_turn(&house);
        }
    }
    house_close(&house);
    if (manner == REOPENED) {
        char path[80];
        static const char *const ends[] = {"", "-wal", "-shm"};
        for (size_t i = 0; i < 3; i++) {
            (void)snprintf(path, sizeof(path), "%s%s", db, ends[i]);
            (void)remove(path);
        }
    }
}

static void news_is_told_by_groups_when_its_time_comes(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++) {
        play(&scenes[i], KEPT);
        play(&scenes[i], TURNED_OFTEN);
    }
}

static void a_turn_that_fails_says_nothing_twice(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++) {
        play(&scenes[i], STARVED);
    }
}

static void what_is_held_survives_a_restart(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(scenes) / sizeof(scenes[0]); i++) {
        play(&scenes[i], REOPENED);
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
