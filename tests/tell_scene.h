/** Scenes of telling: at moments of a fake clock figures come and people speak, and it is written
 * down what was said. Include it after cmocka.h. */
#ifndef ZW_TESTS_TELL_SCENE_H
#define ZW_TESTS_TELL_SCENE_H

#include "app/engine_inside.h"
#include "engine_world.h"
#include "failing_alloc.h"

#include <jansson.h>
#include <sqlite3.h>
#include <unistd.h>

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
 * time alone or by it. A row that begins with "!" is what somebody says: "!silence area=north
 * for=2h", "!end 1", "!ack alert=low area=north". */
struct step {
    const char *why, *at, *rows, *said;
};

struct scene {
    const char *why, *zone, *notify, *unless;
    const struct step *steps;
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

static inline int64_t utc_ms(const char *text)
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
static inline zw_status write_message(void *arg, const zw_message *message, zw_err *err)
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

static inline void take_turn(struct house *house)
{
    zw_err err = {ZW_OK, ""};
    if (zw_engine_turn(house->engine, NULL, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
}

/* Marks everything delivered. */
static inline void deliver_all(struct house *house)
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

static inline void open_scene(struct house *house, const struct scene *scene, const char *db)
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
static inline void go_to(struct house *house, int64_t at_ms, enum manner manner)
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

/* The value of "name=value" among words; "_" stands for a blank. NULL when it is not said. */
static inline const char *word_of(char *const *words, const char *name)
{
    size_t len = strlen(name);
    for (; *words != NULL; words++) {
        if (strncmp(*words, name, len) == 0 && (*words)[len] == '=') {
            return *words + len + 1;
        }
    }
    return NULL;
}

/* Says one line, as people would. */
static inline zw_status speak(struct house *house, const char *line, size_t len, zw_err *err)
{
    char text[256];
    char *words[12] = {NULL};
    size_t count = 0;
    int64_t id = 0;
    size_t acks = 0;
    (void)snprintf(text, sizeof(text), "%.*s", (int)len, line);
    for (char *word = strtok(text, " "); word != NULL && count < 11; word = strtok(NULL, " ")) {
        words[count++] = word;
        for (char *c = strchr(word, '_'); c != NULL; c = strchr(c, '_')) {
            *c = ' ';
        }
    }
    if (strcmp(words[0], "end") == 0) {
        return zw_engine_end_silence(house->engine, strtoll(words[1], NULL, 10), "bo", err);
    }
    if (strcmp(words[0], "ack") == 0) {
        zw_ack_words ack = {.alert = word_of(words, "alert"),
                            .area = word_of(words, "area"),
                            .item = word_of(words, "item"),
                            .period = word_of(words, "period"),
                            .author = "bo",
                            .note = "seen"};
        return zw_engine_ack(house->engine, &ack, &id, &acks, err);
    }
    zw_silence_words silence = {.alert = word_of(words, "alert"),
                                .area = word_of(words, "area"),
                                .severity = word_of(words, "severity"),
                                .item = word_of(words, "item"),
                                .start = word_of(words, "start"),
                                .end = word_of(words, "end"),
                                .length = word_of(words, "for"),
                                .hours = word_of(words, "hours"),
                                .author = "bo",
                                .reason = "works"};
    return zw_engine_silence(house->engine, &silence, &id, err);
}

/* Says the lines that begin with "!", and hands on the rest. */
static inline zw_status speak_first(struct house *house, const char **rows, zw_err *err)
{
    zw_status status = ZW_OK;
    while (status == ZW_OK && *rows != NULL && **rows == '!') {
        size_t len = strcspn(*rows, "\n");
        status = speak(house, *rows + 1, len - 1, err);
        *rows += len + ((*rows)[len] == '\n' ? 1 : 0);
        *rows = **rows != '\0' ? *rows : NULL;
    }
    if (status != ZW_OK && zw_engine_is_in_turn(house->engine)) { /* what was half said goes */
        zw_err dropped;
        assert_int_not_equal(zw_engine_turn(house->engine, NULL, &dropped), ZW_OK);
    }
    return status;
}

static inline zw_status feed_and_turn(struct house *house, const char *rows, zw_err *err)
{
    const zw_fed *fed = NULL;
    zw_feed_options options = {.source = "test"};
    zw_status status = speak_first(house, &rows, err);
    if (status != ZW_OK) {
        return status;
    }
    char csv[512] = "";
    if (rows != NULL && strncmp(rows, "calls,", 6) == 0) {
        (void)snprintf(csv, sizeof(csv), "register,item,area,at,state\n%s", rows);
        status = zw_engine_feed(house->engine, csv, strlen(csv), &options, &fed, err);
    } else if (rows != NULL) {
        status = house_feed(house, rows, options, &fed, err);
    }
    return status == ZW_OK ? zw_engine_turn(house->engine, NULL, err) : status;
}

static inline void play_step(struct house *house, const struct step *step, enum manner manner)
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
static inline char *said_since(struct house *house, int64_t last)
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

static inline zw_status write_suppression(void *arg, const zw_suppression *suppression, zw_err *err)
{
    (void)err;
    zw_buf *out = arg;
    char from[16];
    char till[16] = "";
    if (suppression->ended_ms != ZW_NEVER_MS) {
        (void)short_of(suppression->ended_ms, till);
    }
    zw_buf_printf(out, "%s-%s %s%s%s %s/%s %s", short_of(suppression->from_ms, from), till,
                  zw_quiet_text(suppression->cause), suppression->which[0] != '\0' ? " " : "",
                  suppression->which, suppression->key.alert, suppression->key.area,
                  zw_severity_text(suppression->severity));
    if (suppression->message != 0) {
        zw_buf_printf(out, " told in %lld", (long long)suppression->message);
    }
    zw_buf_puts(out, "; ");
    return ZW_OK;
}

/* Everything that was kept from being told, the newest first. */
static inline void expect_quieted(const struct house *house, const struct scene *scene,
                                  enum manner manner, const char *expected)
{
    zw_buf out;
    zw_err err = {ZW_OK, ""};
    zw_tellings_of of = {.from_ms = INT64_MIN, .to_ms = INT64_MAX};
    zw_buf_init(&out, 65536);
    zw_buf_puts(&out, "");
    assert_int_equal(zw_tellings_suppressions(zw_engine_tellings(house->engine), &of,
                                              write_suppression, &out, &err),
                     ZW_OK);
    if (strcmp(zw_buf_view(&out), expected) != 0) {
        fail_msg("%s (manner %d):\n  quieted   %s\n  expected %s", scene->why, (int)manner,
                 zw_buf_view(&out), expected);
    }
    zw_buf_fini(&out);
}

/** Plays a scene. @param quieted  all suppressions in the end; NULL: whichever. */
static inline void play(const struct scene *scene, enum manner manner, const char *quieted)
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
    if (quieted != NULL) {
        expect_quieted(&house, scene, manner, quieted);
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

#endif
