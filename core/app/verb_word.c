/* `silence` and `ack`: an operator's word, through the process that runs, or into the store of one
 * that does not. */
#include "app/loaded.h"
#include "serve/through.h"
#include "serve/word_list.h"
#include "store/lock.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { ANSWER_BYTES = 64 * 1024 * 1024, BODY_BYTES = 64 * 1024, PATH_BYTES = 512 };

/* What was said on the command line. */
struct said {
    const char *verb, *pack; /* pack: NULL without one */
    const char *db, *url, *end_id;
    bool is_json;
    zw_silence_words silence;
    zw_ack_words ack;
    int64_t id; /* of the silence to end; 0 */
    bool is_list;
};

/* Writes what the engine now has of it. */
static zw_status list_silences(const zw_loaded *loaded, zw_json *json, zw_err *err)
{
    return zw_word_put_silences(zw_engine_silences(loaded->engine),
                                zw_pack_calendar(loaded->pack, 0)->tz,
                                zw_engine_now_ms(loaded->engine), json, err);
}

/* One silence on its way into JSON. */
struct one {
    const zw_loaded *loaded;
    zw_json *json;
};

static zw_status put_one(void *arg, const zw_silence *silence, zw_err *err)
{
    const struct one *one = arg;
    (void)err;
    zw_word_put_silence(one->json, zw_pack_calendar(one->loaded->pack, 0)->tz, silence,
                        zw_engine_now_ms(one->loaded->engine));
    return ZW_OK;
}

static zw_status say_silence(const zw_loaded *loaded, const struct said *said, zw_json *json,
                             zw_err *err)
{
    struct one one = {loaded, json};
    int64_t id = said->id;
    zw_status status = id != 0
                           ? zw_engine_end_silence(loaded->engine, id, said->silence.author, err)
                           : zw_engine_silence(loaded->engine, &said->silence, &id, err);
    status = status == ZW_OK ? zw_engine_turn(loaded->engine, NULL, err) : status;
    return status == ZW_OK
               ? zw_silences_of(zw_engine_silences(loaded->engine), id, put_one, &one, err)
               : status;
}

static zw_status say_ack(const zw_loaded *loaded, const struct said *said, zw_json *json,
                         zw_err *err)
{
    int64_t first = 0;
    size_t count = 0;
    zw_status status = zw_engine_ack(loaded->engine, &said->ack, &first, &count, err);
    status = status == ZW_OK ? zw_engine_turn(loaded->engine, NULL, err) : status;
    if (status == ZW_OK) {
        zw_word_put_acks(zw_engine_acks(loaded->engine), first, count,
                         zw_pack_calendar(loaded->pack, 0)->tz, json);
    }
    return status;
}

/* Says it in the store itself. A turn before it brings alerts up to now. */
static zw_status say_here(const struct said *said, const zw_io *io, zw_buf *data, zw_err *err)
{
    zw_json json = zw_json_of(data);
    zw_loaded loaded = {NULL, NULL, NULL, {0}};
    zw_db_mode mode = said->is_list ? ZW_DB_READ : ZW_DB_WRITE;
    zw_status status = zw_loaded_pack(&loaded, said->pack, io, err);
    status = status == ZW_OK ? zw_loaded_engine(&loaded, said->db, mode, io, err) : status;
    if (status == ZW_OK && !said->is_list) {
        status = zw_engine_turn(loaded.engine, NULL, err);
    }
    if (status == ZW_OK && said->is_list) {
        status = list_silences(&loaded, &json, err);
    } else if (status == ZW_OK) {
        status = said->ack.alert != NULL ? say_ack(&loaded, said, &json, err)
                                         : say_silence(&loaded, said, &json, err);
    }
    zw_loaded_fini(&loaded);
    return status;
}

static void put_silence_fields(zw_json *json, const zw_silence_words *words)
{
    zw_json_text(json, "alert", words->alert);
    zw_json_text(json, "area", words->area);
    zw_json_text(json, "severity", words->severity);
    zw_json_text(json, "item", words->item);
    zw_json_text(json, "start", words->start);
    zw_json_text(json, "end", words->end);
    zw_json_text(json, "for", words->length);
    zw_json_text(json, "hours", words->hours);
    zw_json_text(json, "author", words->author);
    zw_json_text(json, "reason", words->reason);
}

static void put_ack_fields(zw_json *json, const zw_ack_words *words)
{
    zw_json_text(json, "alert", words->alert);
    zw_json_text(json, "area", words->area);
    zw_json_text(json, "item", words->item);
    zw_json_text(json, "period", words->period);
    zw_json_text(json, "author", words->author);
    zw_json_text(json, "note", words->note);
}

/* Says it through the process at the URL. */
static zw_status say_through(const struct said *said, zw_buf *data, zw_err *err)
{
    char path[PATH_BYTES] = "/api/v1/silences";
    zw_through call = {.url = said->url, .method = "GET", .path = path};
    zw_buf body;
    zw_buf_init(&body, BODY_BYTES);
    zw_json json = zw_json_of(&body);
    zw_json_open(&json, NULL, '{');
    if (said->ack.alert != NULL) {
        call.method = "POST";
        call.path = "/api/v1/alerts/ack";
        put_ack_fields(&json, &said->ack);
    } else if (said->id != 0) {
        call.method = "DELETE";
        call.author = said->silence.author;
        (void)snprintf(path, sizeof(path), "/api/v1/silences/%lld", (long long)said->id);
    } else if (!said->is_list) {
        call.method = "POST";
        put_silence_fields(&json, &said->silence);
    }
    zw_json_close(&json, '}');
    call.body = strcmp(call.method, "POST") == 0 ? zw_buf_view(&body) : NULL;
    zw_status status = body.has_failed ? zw_err_nomem(err) : zw_through_ask(&call, data, err);
    zw_buf_fini(&body);
    return status;
}

/* True when another process writes the store. */
static bool is_taken(const char *db)
{
    zw_lock *lock = NULL;
    bool is_other = zw_lock_take(db, &lock, NULL) == ZW_CONFLICT;
    zw_lock_release(lock);
    return is_other;
}

static const char *field(const json_t *object, const char *name, const char *otherwise)
{
    const char *text = json_string_value(json_object_get(object, name));
    return text != NULL ? text : otherwise;
}

static void print_silence(const json_t *row, FILE *out)
{
    static const char *const names[] = {"alert", "area", "severity", "item", "hours"};
    (void)fprintf(out,
                  "silence %lld %s:", (long long)json_integer_value(json_object_get(row, "id")),
                  field(row, "state", ""));
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (field(row, names[i], NULL) != NULL) {
            (void)fprintf(out, " %s=%s", names[i], field(row, names[i], ""));
        }
    }
    (void)fprintf(out, ", %s to %s, by %s: %s\n", field(row, "start", ""),
                  field(row, "end", "its end"), field(row, "author", ""), field(row, "reason", ""));
}

static void print_ack(const json_t *row, FILE *out)
{
    (void)fprintf(out, "acknowledged: %s %s %s%s%s%s%s\n", field(row, "severity", ""),
                  field(row, "alert", ""), field(row, "area", ""),
                  field(row, "period", NULL) != NULL ? " " : "", field(row, "period", ""),
                  field(row, "item", NULL) != NULL ? " " : "", field(row, "item", ""));
}

static zw_status print(const struct said *said, const zw_buf *data, FILE *out, zw_err *err)
{
    json_t *json = data->has_failed ? NULL : json_loads(zw_buf_view(data), 0, NULL);
    if (json == NULL) {
        return zw_err_nomem(err);
    }
    size_t count = json_is_array(json) ? json_array_size(json) : 1;
    if (said->is_json) {
        (void)fprintf(out, "%s\n", zw_buf_view(data));
    }
    for (size_t i = 0; !said->is_json && i < count; i++) {
        const json_t *row = json_is_array(json) ? json_array_get(json, i) : json;
        if (said->ack.alert != NULL) {
            print_ack(row, out);
        } else {
            print_silence(row, out);
        }
    }
    json_decref(json);
    return ZW_OK;
}

/* Says it where it can be said, and prints what became of it. */
static int say(struct said *said, const zw_io *io)
{
    zw_buf data;
    zw_err err = {ZW_OK, ""};
    bool is_through =
        said->pack == NULL || said->url != NULL || (!said->is_list && is_taken(said->db));
    said->url = said->url != NULL ? said->url : ZW_THROUGH_URL;
    zw_buf_init(&data, ANSWER_BYTES);
    if (is_through && said->pack != NULL) {
        (void)fprintf(io->err, "zonewatch %s: through the process at %s\n", said->verb, said->url);
    }
    zw_status status =
        is_through ? say_through(said, &data, &err) : say_here(said, io, &data, &err);
    status = status == ZW_OK ? print(said, &data, io->out, &err) : status;
    zw_buf_fini(&data);
    return status == ZW_OK ? ZW_EXIT_OK : zw_verb_failed(io, said->verb, &err, false);
}

/* The words that are no options: at most a PACK. */
static zw_status read_pack(struct said *said, const zw_rest *rest, zw_err *err)
{
    if (rest->count > 1) {
        return zw_err_set(err, ZW_INVALID, "expected at most one PACK");
    }
    said->pack = rest->count == 1 ? rest->at[0] : NULL;
    return ZW_OK;
}

static zw_status read_end(struct said *said, zw_err *err)
{
    long long id = 0;
    if (said->end_id == NULL) {
        return ZW_OK;
    }
    if (!zw_text_integer(zw_text_of(said->end_id), &id) || id <= 0) {
        return zw_err_set(err, ZW_INVALID, "'%.40s' is no number of a silence", said->end_id);
    }
    said->id = id;
    return ZW_OK;
}

int zw_verb_silence(int argc, char **argv, const zw_io *io)
{
    struct said said = {.verb = "silence", .db = "zonewatch.db"};
    zw_silence_words *words = &said.silence;
    const zw_option options[] = {
        {"db", &said.db, NULL},           {"url", &said.url, NULL},
        {"json", NULL, &said.is_json},    {"alert", &words->alert, NULL},
        {"area", &words->area, NULL},     {"severity", &words->severity, NULL},
        {"item", &words->item, NULL},     {"start", &words->start, NULL},
        {"end", &words->end, NULL},       {"for", &words->length, NULL},
        {"hours", &words->hours, NULL},   {"author", &words->author, NULL},
        {"reason", &words->reason, NULL}, {"delete", &said.end_id, NULL}};
    zw_rest rest;
    zw_err err;
    zw_status status =
        zw_args_read(argc, argv, options, sizeof(options) / sizeof(options[0]), &rest, &err);
    status = status == ZW_OK ? read_pack(&said, &rest, &err) : status;
    status = status == ZW_OK ? read_end(&said, &err) : status;
    if (status != ZW_OK) {
        return zw_verb_failed(io, said.verb, &err, true);
    }
    said.is_list = said.id == 0 && words->alert == NULL && words->area == NULL &&
                   words->severity == NULL && words->item == NULL;
    words->author = words->author != NULL ? words->author : getenv("USER");
    return say(&said, io);
}

int zw_verb_ack(int argc, char **argv, const zw_io *io)
{
    struct said said = {.verb = "ack", .db = "zonewatch.db"};
    zw_ack_words *words = &said.ack;
    const zw_option options[] = {{"db", &said.db, NULL},           {"url", &said.url, NULL},
                                 {"json", NULL, &said.is_json},    {"alert", &words->alert, NULL},
                                 {"area", &words->area, NULL},     {"item", &words->item, NULL},
                                 {"period", &words->period, NULL}, {"author", &words->author, NULL},
                                 {"note", &words->note, NULL}};
    zw_rest rest;
    zw_err err;
    zw_status status =
        zw_args_read(argc, argv, options, sizeof(options) / sizeof(options[0]), &rest, &err);
    status = status == ZW_OK ? read_pack(&said, &rest, &err) : status;
    if (status == ZW_OK && words->alert == NULL) {
        status = zw_err_set(&err, ZW_INVALID, "say which alert: --alert NAME");
    }
    if (status != ZW_OK) {
        return zw_verb_failed(io, said.verb, &err, true);
    }
    words->author = words->author != NULL ? words->author : getenv("USER");
    return say(&said, io);
}
