/*
 * Scenes through the whole house with a clock moved by hand. Each is played three times: in one
 * process, in one that is closed and opened again after every step, and with the store copied from
 * a process that never closed it (a kill): the states and what is said must be the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "house.h"

#include <sys/wait.h>
#include <unistd.h>

/* One step: the day it happens on, a delivery (or none), and afterwards every instance that is not
 * ok, and what was said. */
struct step {
    const char *why;
    int64_t day; /* since 1970 */
    const char *csv, *alerts, *said;
};

#define DAY_MS INT64_C(86400000)

enum { DAYS_2022 = 18993, DAYS_2023 = 19358 }; /* 1 January */

static const struct step a_late_report[] = {
    {"nothing is expected before anything came", DAYS_2022 + 70, NULL, "", ""},
    {"one of two comes", DAYS_2022 + 70, "revenue,north,2022-02,100\n", "", ""},
    {"the other is due until the 20th", DAYS_2022 + 78, NULL, "", ""},
    {"on the 21st it is late, by time alone", DAYS_2022 + 79, NULL, "late south 2022-02: warning\n",
     "office: [warning] late south 2022-02: south is 1 days late with 2022-02, due 2022-03-20\n"},
    {"a day later nothing is said again", DAYS_2022 + 80, NULL, "late south 2022-02: warning\n",
     ""},
    {"after thirty more days it is critical", DAYS_2022 + 109, NULL,
     "late south 2022-02: critical\n",
     "office: [critical] late south 2022-02: south is 31 days late with 2022-02, due 2022-03-20\n"},
    {"it comes", DAYS_2022 + 109, "revenue,south,2022-02,50\n", "",
     "office: [resolved] late south 2022-02\n"},
};

static const struct step a_goal_withdrawn[] = {
    {"603.2 in January is over the goal", DAYS_2023 + 19,
     "sales,north,2022-12,40000\nsales,south,2022-12,20320\n", "", ""},
    {"verified in June it is below", DAYS_2023 + 165, "sales,south,2022-12,19870\n",
     "withdrawn land 2022: critical\n",
     "office: [critical] withdrawn land 2022: 2022: 6.0 (1e8 CNY) is below the goal of 6.0 (1e8 "
     "CNY) after all\n"},
    {"the same file again changes nothing", DAYS_2023 + 166, "sales,south,2022-12,19870\n",
     "withdrawn land 2022: critical\n", ""},
};

static const struct step a_hold_in_time[] = {
    {"few, but not long enough", DAYS_2022 + 40, "firms,land,2022-01,8\n", "few land : pending\n",
     ""},
    {"twenty-nine days", DAYS_2022 + 69, NULL, "few land : pending\n", ""},
    {"thirty", DAYS_2022 + 70, NULL, "few land : warning\n", "office: [warning] few land\n"},
    {"the next month is better, but not clear", DAYS_2022 + 71, "firms,land,2022-02,11\n",
     "few land : warning\n", ""},
    {"now it is", DAYS_2022 + 100, "firms,land,2022-03,13\n", "", "office: [resolved] few land\n"},
    {"one bad month that is corrected at once", DAYS_2022 + 130, "firms,land,2022-04,3\n",
     "few land : pending\n", ""},
    {"is never told", DAYS_2022 + 131, "firms,land,2022-04,30\n", "", ""},
};

static const struct step a_history_comes_late[] = {
    {"a figure that was low and high again before we heard of it", DAYS_2022 + 200,
     "measure,area,period,value,known_at\nfirms,land,2022-01,8,2022-02-10\nfirms,land,2022-02,20,"
     "2022-04-10\n",
     "", ""},
    {"and one that is low still is said once", DAYS_2022 + 200,
     "measure,area,period,value,known_at\nfirms,land,2022-03,8,2022-05-01\n",
     "few land : warning\n", "office: [warning] few land\n"},
};

/* How a scene is played. */
enum manner { KEPT, REOPENED, KILLED };

struct play {
    struct house house;
    char folder[64], db[96];
    struct words said;
};

static void open_house(struct play *play, int64_t now_ms)
{
    zw_err err = {ZW_OK, ""};
    if (house_open(&play->house, ZW_SOURCE_DIR "/tests/packs/scenes", play->db, now_ms, &err) !=
        ZW_OK) {
        fail_msg("%s", err.text);
    }
}

/* Notes the start of what is said: up to its severity and instance, and the words, if it has its
 * own. */
static void hear(void *arg, const zw_mail *mail)
{
    struct play *play = arg;
    words_add(&play->said, "%s: %s\n", mail->notify, mail->body);
}

/* Delivers what is due, like a postman with no one on the way. */
static void deliver(struct play *play)
{
    zw_err err = {ZW_OK, ""};
    if (zw_mails(play->house.watch, hear, play, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
}

struct ids {
    int64_t at[64];
    size_t count;
};

static void take_id(void *arg, const zw_mail *mail)
{
    struct ids *ids = arg;
    if (ids->count < 64) {
        ids->at[ids->count++] = mail->id;
    }
}

static void mark_delivered(struct play *play)
{
    struct ids ids = {.count = 0};
    zw_err err = {ZW_OK, ""};
    zw_status status = zw_mails(play->house.watch, take_id, &ids, &err);
    for (size_t i = 0; status == ZW_OK && i < ids.count; i++) {
        status = zw_mail_done(play->house.watch, ids.at[i], NULL, &err);
    }
    if (status != ZW_OK) {
        fail_msg("%s", err.text);
    }
}

static void add_state(void *arg, const zw_alert_view *view)
{
    if (strcmp(view->state, "ok") != 0 && strcmp(view->state, "unknown") != 0) {
        words_add(arg, "%s %s %s: %s\n", view->alert, view->area, view->period, view->state);
    }
}

static void feed_step(struct play *play, const struct step *step)
{
    struct words csv = {NULL, 0, 0};
    const zw_fed *fed = NULL;
    zw_err err = {ZW_OK, ""};
    words_add(&csv, "%s%s",
              strncmp(step->csv, "measure,", 8) == 0 ? "" : "measure,area,period,value\n",
              step->csv);
    if (house_feed(&play->house, csv.text, "scene", &fed, &err) != ZW_OK) {
        fail_msg("%s: %s %s", step->why, err.text, fed->bad_count > 0 ? fed->bad[0].text : "");
    }
    free(csv.text);
}

static void assert_text(const struct step *step, const char *what, const char *expected,
                        const char *found)
{
    if (strcmp(expected, found != NULL ? found : "") != 0) {
        fail_msg("%s\n  %s expected:\n%s  found:\n%s", step->why, what, expected,
                 found != NULL ? found : "");
    }
}

static void take_step(struct play *play, const struct step *step)
{
    zw_err err = {ZW_OK, ""};
    play->house.now_ms = step->day * DAY_MS;
    if (step->csv != NULL) {
        feed_step(play, step);
    }
    if (zw_turn(play->house.watch, &err) != ZW_OK) {
        fail_msg("%s: %s", step->why, err.text);
    }
    deliver(play);
    mark_delivered(play);
}

static void check_step(struct play *play, const struct step *step)
{
    struct words states = {NULL, 0, 0};
    zw_err err = {ZW_OK, ""};
    if (zw_alerts(play->house.watch, NULL, add_state, &states, &err) != ZW_OK) {
        fail_msg("%s: %s", step->why, err.text);
    }
    assert_text(step, "alerts", step->alerts, states.text);
    free(states.text);
    size_t wanted = strlen(step->said);
    bool is_said = wanted == 0 ? play->said.len == 0 : play->said.len > 0;
    if (!is_said || (wanted > 0 && strncmp(play->said.text, step->said, wanted - 1) != 0)) {
        assert_text(step, "said", step->said, play->said.text);
    }
    free(play->said.text);
    play->said = (struct words){NULL, 0, 0};
}

/* Takes a step in a child that dies without closing anything, then opens what it left. */
static void take_step_and_die(struct play *play, const struct step *step)
{
    zw_close(play->house.watch);
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        open_house(play, step->day * DAY_MS);
        take_step(play, step);
        (void)!write(ends[1], play->said.text, play->said.len);
        _exit(0);
    }
    (void)close(ends[1]);
    char said[8192];
    ssize_t len = 0;
    ssize_t got = 0;
    while ((got = read(ends[0], said + len, sizeof(said) - 1 - (size_t)len)) > 0) {
        len += got;
    }
    (void)close(ends[0]);
    said[len] = '\0';
    int status = 1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    if (len > 0) {
        words_add(&play->said, "%s", said);
    }
    open_house(play, step->day * DAY_MS);
}

static void play_scene(const struct step *steps, size_t count, enum manner manner)
{
    struct play play = {.house = {NULL, 0}};
    (void)snprintf(play.folder, sizeof(play.folder), "/tmp/zonewatch-XXXXXX");
    assert_non_null(mkdtemp(play.folder));
    (void)snprintf(play.db, sizeof(play.db), "%s/store.db", play.folder);
    open_house(&play, steps[0].day * DAY_MS);
    for (size_t i = 0; i < count; i++) {
        if (manner == KILLED) {
            take_step_and_die(&play, &steps[i]);
        } else {
            take_step(&play, &steps[i]);
        }
        if (manner == REOPENED) {
            zw_close(play.house.watch);
            open_house(&play, steps[i].day * DAY_MS);
        }
        check_step(&play, &steps[i]);
    }
    zw_close(play.house.watch);
    char command[128];
    (void)snprintf(command, sizeof(command), "rm -r '%s'", play.folder);
    assert_int_equal(system(command), 0);
}

#define SCENES(steps)                                                                              \
    do {                                                                                           \
        (void)state;                                                                               \
        play_scene(steps, sizeof(steps) / sizeof((steps)[0]), KEPT);                               \
        play_scene(steps, sizeof(steps) / sizeof((steps)[0]), REOPENED);                           \
        play_scene(steps, sizeof(steps) / sizeof((steps)[0]), KILLED);                             \
    } while (0)

static void a_late_report_warns_by_time_alone_and_ends_when_it_comes(void **state)
{
    SCENES(a_late_report);
}

static void a_goal_met_and_revised_below_is_told_once(void **state)
{
    SCENES(a_goal_withdrawn);
}

static void a_hold_waits_and_a_clear_ends_it(void **state)
{
    SCENES(a_hold_in_time);
}

static void history_is_replayed_and_what_still_fires_is_said_once(void **state)
{
    SCENES(a_history_comes_late);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_late_report_warns_by_time_alone_and_ends_when_it_comes),
        cmocka_unit_test(a_goal_met_and_revised_below_is_told_once),
        cmocka_unit_test(a_hold_waits_and_a_clear_ends_it),
        cmocka_unit_test(history_is_replayed_and_what_still_fires_is_said_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
