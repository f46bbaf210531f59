/*
 * Silences: the table silence, and what of it is not over kept ready to be asked.
 *
 * 1. A row never changes, but for ended_ms and ended_by, which are set once.
 * 2. What is known here is what the table says of the pack's own names; of an alert or area that
 *    the pack does not have nothing could be told anyway.
 */
#include "alert/silence.h"

#include "base/hours.h"
#include "store/stmts.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS                                                                                    \
    "id, starts_ms, ends_ms, created_ms, ended_ms, alert, area, severity, item, hours, author,"    \
    " reason, ended_by FROM silence"

enum { PUT, END, STANDING, ALL, ONE, SQL_COUNT };
static const char *const silence_sql[SQL_COUNT] = {
    [PUT] = "INSERT INTO silence(alert, area, severity, item, hours, starts_ms, ends_ms, author,"
            " reason, created_ms) VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
    [END] = "UPDATE silence SET ended_ms = ?2, ended_by = ?3 WHERE id = ?1",
    [STANDING] = "SELECT " COLUMNS " WHERE ended_ms IS NULL AND (ends_ms IS NULL OR ends_ms > ?1)"
                 " ORDER BY id",
    [ALL] = "SELECT " COLUMNS " ORDER BY id DESC",
    [ONE] = "SELECT " COLUMNS " WHERE id = ?1",
};

enum { HOURS_MOST = 8 };

/* A silence ready to be asked. */
struct quiet {
    int64_t id, starts_ms, ends_ms;
    uint32_t alert, area; /* ZW_NONE: any */
    int level;            /* 0: any */
    char *item;           /* owned; NULL: any */
    zw_hours hours[HOURS_MOST];
    size_t hours_count;
};

struct zw_silences {
    zw_stmts stmts;
    const zw_pack *pack;
    struct quiet *quiets; /* by id */
    size_t count, capacity;
};

zw_status zw_silences_create(zw_db *db, const zw_pack *pack, zw_silences **out, zw_err *err)
{
    *out = NULL;
    zw_silences *silences = calloc(1, sizeof(*silences));
    if (silences == NULL) {
        return zw_err_nomem(err);
    }
    silences->pack = pack;
    zw_status status = zw_stmts_init(&silences->stmts, db, silence_sql, SQL_COUNT, err);
    if (status != ZW_OK) {
        zw_silences_destroy(silences);
        return status;
    }
    *out = silences;
    return ZW_OK;
}

static void forget(zw_silences *silences)
{
    for (size_t i = 0; i < silences->count; i++) {
        free(silences->quiets[i].item);
    }
    silences->count = 0;
}

void zw_silences_destroy(zw_silences *silences)
{
    if (silences == NULL) {
        return;
    }
    forget(silences);
    free(silences->quiets);
    zw_stmts_fini(&silences->stmts);
    free(silences);
}

/* Reading. */

static bool is_given(const char *text)
{
    return text != NULL && text[0] != '\0';
}

static const char *text_or_empty(const char *text)
{
    return text != NULL ? text : "";
}

static zw_status refuse_name(const char *noun, const char *name, const zw_nearest *nearest,
                             zw_err *err)
{
    zw_buf hint;
    zw_buf_init(&hint, 256);
    zw_nearest_say(nearest, &hint);
    zw_status status =
        zw_err_set(err, ZW_INVALID, "no %s '%.80s'%s", noun, name, zw_buf_view(&hint));
    zw_buf_fini(&hint);
    return status;
}

zw_status zw_silence_alert(const zw_pack *pack, const char *name, uint32_t *out, zw_err *err)
{
    zw_nearest nearest;
    zw_nearest_init(&nearest, zw_text_of(name));
    for (*out = 0; *out < pack->alert_count; (*out)++) {
        if (strcmp(pack->alerts[*out].title.name, name) == 0) {
            return ZW_OK;
        }
        zw_nearest_try(&nearest, pack->alerts[*out].title.name);
    }
    return refuse_name("alert", name, &nearest, err);
}

static zw_status read_area(const zw_pack *pack, const char *text, uint32_t *out, zw_err *err)
{
    zw_nearest nearest;
    zw_nearest_init(&nearest, zw_text_of(text));
    *out = zw_pack_area(pack, zw_text_of(text), &nearest);
    return *out != ZW_NONE ? ZW_OK : refuse_name("area", text, &nearest, err);
}

static int level_of(const char *text)
{
    for (int s = 0; s < ZW_SEVERITY_COUNT; s++) {
        if (strcmp(zw_severity_text((zw_severity)s), text) == 0) {
            return 1 + s;
        }
    }
    return 0;
}

static zw_status read_severity(const char *text, const char **out, zw_err *err)
{
    int level = level_of(text);
    if (level == 0) {
        return zw_err_set(err, ZW_INVALID,
                          "no severity '%.80s': there are info, warning and critical", text);
    }
    *out = zw_severity_text((zw_severity)(level - 1));
    return ZW_OK;
}

static zw_status check_item(const zw_items *items, const char *item, zw_err *err)
{
    for (zw_register_id r = 0; r < zw_items_register_count(items); r++) {
        if (zw_items_find(items, r, item) != ZW_ITEM_NONE) {
            return ZW_OK;
        }
    }
    return zw_err_set(err, ZW_INVALID, "no item '%.80s'", item);
}

/* Reads spans of hours joined by ";". */
static zw_status read_hours(const char *text, zw_hours out[HOURS_MOST], size_t *count, zw_err *err)
{
    *count = 0;
    while (*text != '\0') {
        size_t len = strcspn(text, ";");
        if (*count == HOURS_MOST) {
            return zw_err_set(err, ZW_INVALID, "hours: more than %d spans", HOURS_MOST);
        }
        zw_status status = zw_hours_parse((zw_text){text, len}, &out[(*count)++], err);
        if (status != ZW_OK) {
            return zw_err_wrap(err, status, "hours");
        }
        text += len + (text[len] == ';' ? 1 : 0);
    }
    return ZW_OK;
}

/* The first moment of what a text says, or the first behind it. */
static zw_status read_moment(const zw_calendar *calendar, const char *name, const char *text,
                             bool is_end, int64_t *out, zw_err *err)
{
    zw_stamp stamp;
    zw_status status = zw_stamp_parse(zw_text_of(text), &stamp, err);
    if (status != ZW_OK) {
        return zw_err_wrap(err, status, "%s", name);
    }
    bool is_behind = is_end && stamp.is == ZW_STAMP_PERIOD;
    *out = is_behind ? zw_stamp_last_ms(calendar, &stamp) + 1 : zw_stamp_start_ms(calendar, &stamp);
    return ZW_OK;
}

static zw_status read_span(const zw_calendar *calendar, const zw_silence_words *words,
                           int64_t now_ms, zw_silence *out, zw_err *err)
{
    zw_length length;
    zw_status status = ZW_OK;
    out->starts_ms = now_ms;
    out->ends_ms = ZW_NEVER_MS;
    if (is_given(words->start)) {
        status = read_moment(calendar, "start", words->start, false, &out->starts_ms, err);
    }
    if (status == ZW_OK && is_given(words->end) && is_given(words->length)) {
        return zw_err_set(err, ZW_INVALID, "an end and a length: one of them says when it ends");
    }
    if (status == ZW_OK && is_given(words->end)) {
        status = read_moment(calendar, "end", words->end, true, &out->ends_ms, err);
    } else if (status == ZW_OK && is_given(words->length)) {
        if (!zw_length_parse(zw_text_of(words->length), &length)) {
            return zw_err_set(err, ZW_INVALID, "no length of time (\"2h\", \"3d\"): \"%.80s\"",
                              words->length);
        }
        out->ends_ms = zw_length_after(calendar, out->starts_ms, length);
    } else if (status == ZW_OK && !is_given(words->hours)) {
        return zw_err_set(err, ZW_INVALID,
                          "say when it ends: end, or for (\"2h\"); only one with hours may go on");
    }
    if (status == ZW_OK && out->ends_ms <= out->starts_ms) {
        return zw_err_set(err, ZW_INVALID, "it ends before it starts");
    }
    if (status == ZW_OK && out->ends_ms <= now_ms) {
        return zw_err_set(err, ZW_INVALID, "it ends before now");
    }
    return status;
}

static zw_status check_words(const zw_silence_words *words, zw_err *err)
{
    if (!is_given(words->alert) && !is_given(words->area) && !is_given(words->severity) &&
        !is_given(words->item)) {
        return zw_err_set(err, ZW_INVALID,
                          "say what is silent: alert, area, severity or item (the zone as area: "
                          "all of it)");
    }
    if (!is_given(words->author) || !is_given(words->reason)) {
        return zw_err_set(err, ZW_INVALID, "author and reason must be said");
    }
    return ZW_OK;
}

/* Finds what it is of; `*place` is an area on whose clocks it is written. */
static zw_status read_names(const zw_pack *pack, const zw_items *items,
                            const zw_silence_words *words, uint32_t *place, zw_silence *out,
                            zw_err *err)
{
    uint32_t alert = 0;
    zw_status status = ZW_OK;
    *place = 0;
    if (is_given(words->alert)) {
        status = zw_silence_alert(pack, words->alert, &alert, err);
        out->alert = status == ZW_OK ? pack->alerts[alert].title.name : "";
    }
    if (status == ZW_OK && is_given(words->area)) {
        status = read_area(pack, words->area, place, err);
        out->area = status == ZW_OK ? pack->areas[*place].title.name : "";
    }
    if (status == ZW_OK && is_given(words->severity)) {
        status = read_severity(words->severity, &out->severity, err);
    }
    return status == ZW_OK && is_given(words->item) ? check_item(items, words->item, err) : status;
}

zw_status zw_silence_read(const zw_pack *pack, const zw_items *items, const zw_silence_words *words,
                          int64_t now_ms, zw_silence *out, zw_err *err)
{
    zw_hours hours[HOURS_MOST];
    size_t count = 0;
    uint32_t place = 0;
    *out = (zw_silence){.alert = "",
                        .area = "",
                        .severity = "",
                        .item = text_or_empty(words->item),
                        .hours = text_or_empty(words->hours),
                        .author = words->author,
                        .reason = words->reason,
                        .created_ms = now_ms,
                        .ended_ms = ZW_NEVER_MS,
                        .ended_by = ""};
    zw_status status = check_words(words, err);
    status = status == ZW_OK ? read_names(pack, items, words, &place, out, err) : status;
    status = status == ZW_OK ? read_hours(out->hours, hours, &count, err) : status;
    return status == ZW_OK ? read_span(zw_pack_calendar(pack, place), words, now_ms, out, err)
                           : status;
}

const char *zw_silence_state(const zw_silence *silence, int64_t now_ms)
{
    if (silence->ended_ms <= now_ms || silence->ends_ms <= now_ms) {
        return "over";
    }
    return now_ms < silence->starts_ms ? "pending" : "active";
}

/* Knowing. */

/* Makes a silence ready; `*is_known` is false when the pack does not have what it names. */
static bool make_quiet(const zw_pack *pack, const zw_silence *silence, struct quiet *out)
{
    *out = (struct quiet){.id = silence->id,
                          .starts_ms = silence->starts_ms,
                          .ends_ms = silence->ends_ms,
                          .alert = ZW_NONE,
                          .area = ZW_NONE,
                          .level = level_of(silence->severity)};
    return (silence->alert[0] == '\0' ||
            zw_pack_find(pack, zw_text_of(silence->alert), &out->alert) == ZW_NOUN_ALERT) &&
           (silence->area[0] == '\0' ||
            (out->area = zw_pack_area(pack, zw_text_of(silence->area), NULL)) != ZW_NONE) &&
           read_hours(silence->hours, out->hours, &out->hours_count, NULL) == ZW_OK;
}

static zw_status know(void *arg, const zw_silence *silence, zw_err *err)
{
    zw_silences *silences = arg;
    struct quiet quiet;
    if (!make_quiet(silences->pack, silence, &quiet)) {
        return ZW_OK;
    }
    if (silences->count == silences->capacity) {
        size_t wanted = silences->capacity == 0 ? 8 : silences->capacity * 2;
        struct quiet *grown = realloc(silences->quiets, wanted * sizeof(*grown));
        if (grown == NULL) {
            return zw_err_nomem(err);
        }
        silences->quiets = grown;
        silences->capacity = wanted;
    }
    quiet.item = silence->item[0] != '\0' ? strdup(silence->item) : NULL;
    if (silence->item[0] != '\0' && quiet.item == NULL) {
        return zw_err_nomem(err);
    }
    silences->quiets[silences->count++] = quiet;
    return ZW_OK;
}

/* The table. */

/* A moment that is not there is NULL in the table. */
static int64_t moment_at(sqlite3_stmt *stmt, int column)
{
    return sqlite3_column_type(stmt, column) != SQLITE_NULL ? sqlite3_column_int64(stmt, column)
                                                            : ZW_NEVER_MS;
}

/* Hands on the row the statement stands on. */
static zw_status read_row(zw_silences *silences, sqlite3_stmt *stmt, zw_silence_each each,
                          void *arg, zw_err *err)
{
    zw_silence silence = {.id = sqlite3_column_int64(stmt, 0),
                          .starts_ms = sqlite3_column_int64(stmt, 1),
                          .ends_ms = moment_at(stmt, 2),
                          .created_ms = sqlite3_column_int64(stmt, 3),
                          .ended_ms = moment_at(stmt, 4)};
    const char **texts[] = {&silence.alert, &silence.area,   &silence.severity, &silence.item,
                            &silence.hours, &silence.author, &silence.reason,   &silence.ended_by};
    for (int i = 0; i < (int)(sizeof(texts) / sizeof(texts[0])); i++) {
        zw_status status = zw_stmts_text(&silences->stmts, stmt, 5 + i, texts[i], err);
        if (status != ZW_OK) {
            return zw_err_wrap(err, status, "silence %lld", (long long)silence.id);
        }
    }
    return each(arg, &silence, err);
}

/* Walks what a query with one parameter answers. */
static zw_status walk(zw_silences *silences, size_t which, int64_t parameter, zw_silence_each each,
                      void *arg, size_t *count, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    bool has_row = true;
    zw_status status = zw_stmts_borrow(&silences->stmts, which, &stmt, err);
    if (status == ZW_OK && which != ALL) {
        (void)sqlite3_bind_int64(stmt, 1, parameter);
    }
    while (status == ZW_OK && has_row) {
        status = zw_stmts_step(&silences->stmts, stmt, "read silences", &has_row, err);
        if (status == ZW_OK && has_row) {
            (*count)++;
            status = read_row(silences, stmt, each, arg, err);
        }
    }
    zw_stmts_done(stmt);
    return status;
}

zw_status zw_silences_restore(zw_silences *silences, int64_t now_ms, zw_err *err)
{
    size_t count = 0;
    forget(silences);
    return walk(silences, STANDING, now_ms, know, silences, &count, err);
}

zw_status zw_silences_walk(zw_silences *silences, zw_silence_each each, void *arg, zw_err *err)
{
    size_t count = 0;
    return walk(silences, ALL, 0, each, arg, &count, err);
}

zw_status zw_silences_of(zw_silences *silences, int64_t id, zw_silence_each each, void *arg,
                         zw_err *err)
{
    size_t count = 0;
    zw_status status = walk(silences, ONE, id, each, arg, &count, err);
    return status == ZW_OK && count == 0
               ? zw_err_set(err, ZW_NOT_FOUND, "there is no silence %lld", (long long)id)
               : status;
}

/* SQLite ends a transaction by itself after some failures; a write after that would be durable at
 * once. */
static zw_status borrow_to_write(zw_silences *silences, size_t which, sqlite3_stmt **out,
                                 zw_err *err)
{
    *out = NULL;
    if (!zw_db_in_transaction(silences->stmts.db)) {
        return zw_err_set(err, ZW_STORE, "silences: no transaction is open");
    }
    return zw_stmts_borrow(&silences->stmts, which, out, err);
}

zw_status zw_silences_put(zw_silences *silences, zw_silence *silence, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = borrow_to_write(silences, PUT, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    const char *texts[] = {silence->alert, silence->area, silence->severity, silence->item,
                           silence->hours};
    for (int i = 0; i < (int)(sizeof(texts) / sizeof(texts[0])); i++) {
        zw_stmts_bind_text(stmt, 1 + i, texts[i]);
    }
    (void)sqlite3_bind_int64(stmt, 6, silence->starts_ms);
    if (silence->ends_ms != ZW_NEVER_MS) {
        (void)sqlite3_bind_int64(stmt, 7, silence->ends_ms);
    }
    zw_stmts_bind_text(stmt, 8, silence->author);
    zw_stmts_bind_text(stmt, 9, silence->reason);
    (void)sqlite3_bind_int64(stmt, 10, silence->created_ms);
    status = zw_stmts_run(&silences->stmts, stmt, "insert silence", err);
    if (status == ZW_OK) {
        silence->id = sqlite3_last_insert_rowid(zw_db_connection(silences->stmts.db));
        status = know(silences, silence, err);
    }
    return status;
}

/* Notes when one is over. */
static zw_status take_end(void *arg, const zw_silence *silence, zw_err *err)
{
    int64_t *end_ms = arg;
    (void)err;
    *end_ms = silence->ended_ms < silence->ends_ms ? silence->ended_ms : silence->ends_ms;
    return ZW_OK;
}

zw_status zw_silences_end(zw_silences *silences, int64_t id, int64_t now_ms, const char *by,
                          zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    int64_t end_ms = ZW_NEVER_MS;
    zw_status status = zw_silences_of(silences, id, take_end, &end_ms, err);
    if (status == ZW_OK && end_ms <= now_ms) {
        status = zw_err_set(err, ZW_CONFLICT, "silence %lld is over", (long long)id);
    }
    status = status == ZW_OK ? borrow_to_write(silences, END, &stmt, err) : status;
    if (status != ZW_OK) {
        return status;
    }
    (void)sqlite3_bind_int64(stmt, 1, id);
    (void)sqlite3_bind_int64(stmt, 2, now_ms);
    zw_stmts_bind_text(stmt, 3, by);
    status = zw_stmts_run(&silences->stmts, stmt, "end silence", err);
    for (size_t i = 0; status == ZW_OK && i < silences->count; i++) {
        if (silences->quiets[i].id == id) {
            silences->quiets[i].ends_ms = now_ms;
        }
    }
    return status;
}

/* Asking. */

static bool holds(const zw_silences *silences, const struct quiet *quiet, uint32_t area,
                  int64_t now_ms)
{
    const zw_calendar *calendar = zw_pack_calendar(silences->pack, area);
    return quiet->starts_ms <= now_ms && now_ms < quiet->ends_ms &&
           (quiet->hours_count == 0 ||
            zw_hours_next_ms(quiet->hours, quiet->hours_count, calendar, now_ms) == now_ms);
}

static bool is_meant(const zw_silences *silences, const struct quiet *quiet,
                     const zw_silenced *what)
{
    return (quiet->alert == ZW_NONE || quiet->alert == what->alert) &&
           (quiet->area == ZW_NONE || zw_pack_is_inside(silences->pack, what->area, quiet->area)) &&
           (quiet->level == 0 || quiet->level == what->level) &&
           (quiet->item == NULL || (what->item != NULL && strcmp(quiet->item, what->item) == 0));
}

int64_t zw_silences_find(const zw_silences *silences, const zw_silenced *what, int64_t now_ms)
{
    for (size_t i = 0; i < silences->count; i++) {
        const struct quiet *quiet = &silences->quiets[i];
        if (is_meant(silences, quiet, what) && holds(silences, quiet, what->area, now_ms)) {
            return quiet->id;
        }
    }
    return 0;
}

bool zw_silences_any(const zw_silences *silences)
{
    return silences->count > 0;
}

/* When it begins or ends to hold next, on the clocks of an area. */
static int64_t next_of(const zw_silences *silences, const struct quiet *quiet, uint32_t area,
                       int64_t now_ms)
{
    const zw_calendar *calendar = zw_pack_calendar(silences->pack, area);
    bool has_begun = quiet->starts_ms <= now_ms;
    if (quiet->ends_ms <= now_ms) {
        return ZW_NEVER_MS;
    }
    int64_t next_ms = has_begun ? quiet->ends_ms : quiet->starts_ms;
    if (has_begun && quiet->hours_count > 0) {
        int64_t turn_ms =
            holds(silences, quiet, area, now_ms)
                ? zw_hours_end_ms(quiet->hours, quiet->hours_count, calendar, now_ms)
                : zw_hours_next_ms(quiet->hours, quiet->hours_count, calendar, now_ms);
        next_ms = turn_ms < next_ms ? turn_ms : next_ms;
    }
    return next_ms;
}

int64_t zw_silences_next_ms(const zw_silences *silences, int64_t now_ms)
{
    const zw_pack *pack = silences->pack;
    int64_t first_ms = ZW_NEVER_MS;
    for (size_t i = 0; i < silences->count; i++) {
        const struct quiet *quiet = &silences->quiets[i];
        for (uint32_t a = 0; a < pack->area_count; a++) {
            bool is_asked = quiet->area != ZW_NONE ? a == quiet->area : pack->areas[a].zone == a;
            int64_t next_ms = is_asked ? next_of(silences, quiet, a, now_ms) : ZW_NEVER_MS;
            first_ms = next_ms < first_ms ? next_ms : first_ms;
        }
    }
    return first_ms;
}
