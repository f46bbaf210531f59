/**
 * Scenes about alerts: a pack, and steps of a clock moved by hand, each with the states that are
 * expected after it and what has been said. A scene is played twice, in one life and with the whole
 * house closed and opened after every step: a restart changes nothing. Include it after cmocka.h.
 */
#ifndef ZW_TESTS_FLOW_ALERT_SCENES_H
#define ZW_TESTS_FLOW_ALERT_SCENES_H

#include "../engine_world.h"
#include "../store_folder.h"
#include "app/clock.h"

/* Rows end where nothing more is to be said. */
#pragma GCC diagnostic ignored "-Wmissing-field-initializers"

enum { SCENE_STEPS = 12, SCENE_BYTES = 4096 };

/** One step. What stands behind `why` and `at` may be left out: nothing arrives, nothing is not ok,
 * nothing is said. */
struct step {
    const char *why;
    const char *at;      /* "2022-03-05", or "2022-03-05T10:30", in UTC: true time */
    const char *rows;    /* below "measure,area,period,value", unless they have a header; NULL: time
                            alone */
    const char *states;  /* every instance that is not ok: "low north warning; late south 2022-02
                            critical" */
    const char *said;    /* the lines that were put into the outbox, with " | " between them */
    const char *pack;    /* the pack was edited to this, and is loaded in place of the old one */
    const char *by_hand; /* what an operator does: "release 3", "refuse 3" */
    int wall_hours;      /* by how much the wall clock is wrong from now on */
    int wall_minutes;    /* that long the step looks at the clock, minute by minute, before `at` */
};

struct scene {
    const char *why;
    const char *pack;
    struct step steps[SCENE_STEPS];
    bool leaves_out_unknown; /* of the states: most of its areas never report */
};

/** A scene in play. */
struct play {
    const struct scene *scene;
    const char *pack; /* as it is now */
    const char *db;
    zw_clock clock;
    int64_t true_ms, wrong_ms;
    struct house house;
    char text[SCENE_BYTES];
    size_t len;
    size_t wrong; /* what was not as expected, and told */
};

static inline void scene_add(struct play *play, const char *between, const char *text)
{
    play->len += (size_t)snprintf(play->text + play->len, sizeof(play->text) - play->len, "%s%s",
                                  play->len > 0 ? between : "", text);
    assert_true(play->len < sizeof(play->text));
}

static inline int64_t scene_clock(void *arg)
{
    struct play *play = arg;
    return zw_clock_now_ms(&play->clock, play->true_ms, play->true_ms + play->wrong_ms);
}

static inline int64_t scene_ms(const char *at)
{
    char day[11];
    (void)snprintf(day, sizeof(day), "%.10s", at);
    long hour = at[10] == 'T' ? strtol(at + 11, NULL, 10) : 0;
    long minute = at[10] == 'T' ? strtol(at + 14, NULL, 10) : 0;
    return day_ms(day) + ((int64_t)hour * 60 + minute) * 60000;
}

static inline void scene_open(struct play *play)
{
    struct house *house = &play->house;
    zw_err err = {ZW_OK, ""};
    if (zw_script_load_text("test.lua", zw_text_of(play->pack), NULL, &house->pack, &house->script,
                            &err) != ZW_OK ||
        house->pack->problem_count > 0) {
        fail_msg("%s: %s", play->scene->why,
                 err.text[0] != '\0' ? err.text : house->pack->problems[0].text);
    }
    zw_engine_options options = {
        .db = play->db, .mode = ZW_DB_WRITE, .now_ms = scene_clock, .clock_arg = play};
    if (zw_engine_open(house->pack, house->script, &options, &house->engine, &err) != ZW_OK) {
        fail_msg("%s: %s", play->scene->why, err.text);
    }
}

static inline void scene_feed(struct play *play, const struct step *step)
{
    bool has_header =
        strncmp(step->rows, "measure,", 8) == 0 || strncmp(step->rows, "register,", 9) == 0;
    char csv[SCENE_BYTES];
    zw_err err = {ZW_OK, ""};
    const zw_fed *fed = NULL;
    zw_feed_options options = {.source = "bureau"};
    (void)snprintf(csv, sizeof(csv), "%s%s", has_header ? "" : "measure,area,period,value\n",
                   step->rows);
    if (zw_engine_feed(play->house.engine, csv, strlen(csv), &options, &fed, &err) != ZW_OK) {
        fail_msg("%s / %s: %s %s", play->scene->why, step->why, err.text,
                 fed != NULL && fed->bad_count > 0 ? fed->bad[0].text : "");
    }
}

static inline void scene_by_hand(struct play *play, const struct step *step)
{
    zw_err err = {ZW_OK, ""};
    const zw_fed *fed = NULL;
    long long batch = strtoll(strchr(step->by_hand, ' ') + 1, NULL, 10);
    zw_status status = strncmp(step->by_hand, "release", 7) == 0
                           ? zw_engine_release(play->house.engine, batch, &fed, &err)
                           : zw_engine_refuse(play->house.engine, batch, &err);
    if (status != ZW_OK) {
        fail_msg("%s / %s: %s", play->scene->why, step->why, err.text);
    }
}

static inline zw_status scene_add_state(void *arg, uint32_t alert, uint32_t area,
                                        const zw_instance *instance, zw_err *err)
{
    struct play *play = arg;
    char period[48];
    char text[256];
    (void)err;
    if (instance->state.is == ZW_ALERT_OK ||
        (play->scene->leaves_out_unknown && instance->state.is == ZW_ALERT_UNKNOWN)) {
        return ZW_OK;
    }
    zw_alert_key key =
        zw_judge_key(zw_engine_eval(play->house.engine), alert, area, instance, period);
    (void)snprintf(text, sizeof(text), "%s %s%s%s%s%s %s%s", key.alert, key.area,
                   key.period[0] != '\0' ? " " : "", key.period, key.item[0] != '\0' ? " " : "",
                   key.item, zw_alert_state_word(&instance->state),
                   instance->state.is_flapping ? " flapping" : "");
    scene_add(play, "; ", text);
    return ZW_OK;
}

struct scene_mail {
    struct play *play;
    int64_t ids[32];
    size_t count;
};

static inline zw_status scene_hear(void *arg, const zw_message *message, zw_err *err)
{
    struct scene_mail *mail = arg;
    char line[SCENE_BYTES];
    (void)err;
    assert_true(mail->count < 32);
    mail->ids[mail->count++] = message->id;
    (void)snprintf(line, sizeof(line), "%s", message->body);
    char *rest = NULL;
    for (char *one = strtok_r(line, "\n", &rest); one != NULL; one = strtok_r(NULL, "\n", &rest)) {
        scene_add(mail->play, " | ", one);
    }
    return ZW_OK;
}

/* Takes what was said out of the outbox. */
static inline void scene_listen(struct play *play)
{
    struct scene_mail mail = {.play = play};
    zw_err err = {ZW_OK, ""};
    zw_engine *engine = play->house.engine;
    zw_status status = zw_outbox_due(zw_engine_outbox(engine), zw_engine_now_ms(engine), 32,
                                     scene_hear, &mail, &err);
    for (size_t i = 0; status == ZW_OK && i < mail.count; i++) {
        status = zw_engine_mail_done(engine, mail.ids[i], NULL, &err);
    }
    if (status != ZW_OK) {
        fail_msg("%s: %s", play->scene->why, err.text);
    }
}

static inline void scene_expect(struct play *play, const struct step *step, const char *what,
                                const char *expected)
{
    const char *wanted = expected != NULL ? expected : "";
    if (strcmp(play->text, wanted) != 0) {
        print_error("%s / %s:\n  %s expected: %s\n  %s found:    %s\n", play->scene->why, step->why,
                    what, wanted, what, play->text);
        play->wrong++;
    }
    play->len = 0;
    play->text[0] = '\0';
}

static inline void scene_step(struct play *play, const struct step *step, bool is_reopened)
{
    zw_err err = {ZW_OK, ""};
    play->wrong_ms = (int64_t)step->wall_hours * 3600000;
    for (int minutes = step->wall_minutes; minutes > 0; minutes--) {
        play->true_ms = scene_ms(step->at) - (int64_t)minutes * 60000;
        (void)scene_clock(play);
    }
    play->true_ms = scene_ms(step->at);
    if (step->pack != NULL) {
        house_close(&play->house);
        play->pack = step->pack;
        scene_open(play);
    }
    if (step->rows != NULL) {
        scene_feed(play, step);
    }
    if (step->by_hand != NULL) {
        scene_by_hand(play, step);
    }
    if (zw_engine_turn(play->house.engine, NULL, &err) != ZW_OK) {
        fail_msg("%s / %s: %s", play->scene->why, step->why, err.text);
    }
    if (is_reopened) {
        house_close(&play->house);
        scene_open(play);
    }
    if (zw_judge_walk(zw_engine_judge(play->house.engine), scene_add_state, play, &err) != ZW_OK) {
        fail_msg("%s / %s: %s", play->scene->why, step->why, err.text);
    }
    scene_expect(play, step, "states", step->states);
    scene_listen(play);
    scene_expect(play, step, "said", step->said);
}

static inline bool scene_has_edits(const struct scene *scene)
{
    for (size_t i = 0; i < SCENE_STEPS; i++) {
        if (scene->steps[i].pack != NULL) {
            return true;
        }
    }
    return false;
}

/* @return how much was not as expected. */
static inline size_t scene_play(const struct scene *scene, const char *db, bool is_reopened)
{
    struct play play = {.scene = scene, .pack = scene->pack, .db = db};
    play.true_ms = scene_ms(scene->steps[0].at);
    scene_open(&play);
    for (size_t i = 0; i < SCENE_STEPS && scene->steps[i].why != NULL && play.wrong == 0; i++) {
        scene_step(&play, &scene->steps[i], is_reopened);
    }
    house_close(&play.house);
    if (play.wrong > 0 && is_reopened) {
        print_error("  (opened again after every step)\n");
    }
    return play.wrong;
}

/** Plays scenes in one life, in memory (but for those whose pack is edited), then with a restart
 * after every step. All that is not as expected is told. */
static inline void scenes_play(const struct scene *scenes, size_t count)
{
    store_folder folder;
    size_t wrong = 0;
    assert_true(store_folder_init(&folder));
    for (size_t i = 0; i < count; i++) {
        bool has_edits = scene_has_edits(&scenes[i]);
        wrong += scene_play(&scenes[i], has_edits ? folder.path : ":memory:", false);
        store_folder_clear(&folder);
        wrong += scene_play(&scenes[i], folder.path, true);
        store_folder_clear(&folder);
    }
    store_folder_fini(&folder);
    assert_int_equal(wrong, 0);
}

/** What most packs of scenes begin with: a zone, two areas, who is told. */
#define SCENE_LAND                                                                                 \
    "local land = zone \"land\" { timezone = \"UTC\", currency = \"CNY\" }\n"                      \
    "local north = area \"north\" { within = land }\n"                                             \
    "local south = area \"south\" { within = land }\n"
#define SCENE_OFFICE "notify \"office\" { to = log(), at_least = \"info\" }\n"
/** A monthly count that is never late. */
#define SCENE_FIRMS                                                                                \
    "local firms = measure \"firms\" { kind = \"stock\", unit = \"firms\", every = \"month\" }\n"
/** One that is due ten days after its month. */
#define SCENE_MONEY                                                                                \
    "local money = measure \"money\" { kind = \"flow\", unit = \"CNY\", every = \"month\", due = " \
    "\"10d\", since = \"2022-01\" }\n"
/** An hourly one that is never late. */
#define SCENE_LEVEL                                                                                \
    "local level = measure \"level\" { kind = \"stock\", unit = \"m\", every = \"1h\" }\n"

#endif
