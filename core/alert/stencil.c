/* Stencils. The texts that hold a brace are found once; what is said in each is kept beside it
 * until the JSON is written. */
#include "alert/stencil.h"

#include "plan/placeholder.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_CEILING = 16 * 1024 * 1024, OWN_MOST = 16, MOMENT_BYTES = 48 };

/* One text that is filled in. */
struct blank {
    json_t *text; /* the stencil's */
    zw_buf said;  /* for each alert that said something new, ended by a NUL */
};

struct zw_stencil {
    json_t *json;
    struct blank *blanks;
    size_t count, capacity;
    size_t longest; /* the blank whose text is */
};

/* Adds a blank. @return false without memory. */
static bool add_blank(zw_stencil *stencil, json_t *text)
{
    if (stencil->count == stencil->capacity) {
        size_t wanted = stencil->capacity == 0 ? 8 : stencil->capacity * 2;
        struct blank *grown = realloc(stencil->blanks, wanted * sizeof(*grown));
        if (grown == NULL) {
            return false;
        }
        stencil->blanks = grown;
        stencil->capacity = wanted;
    }
    if (stencil->count > 0 &&
        json_string_length(text) > json_string_length(stencil->blanks[stencil->longest].text)) {
        stencil->longest = stencil->count;
    }
    struct blank *blank = &stencil->blanks[stencil->count++];
    blank->text = text;
    zw_buf_init(&blank->said, TEXT_CEILING);
    return true;
}

/* Finds the texts with a brace. @return false without memory. */
static bool find_blanks(zw_stencil *stencil, json_t *json) /* NOLINT(misc-no-recursion): read so */
{
    bool is_found = true;
    if (json_is_string(json) && strchr(json_string_value(json), '{') != NULL) {
        return add_blank(stencil, json);
    }
    for (size_t i = 0; is_found && i < json_array_size(json); i++) {
        is_found = find_blanks(stencil, json_array_get(json, i));
    }
    for (void *at = json_object_iter(json); is_found && at != NULL;
         at = json_object_iter_next(json, at)) {
        is_found = find_blanks(stencil, json_object_iter_value(at));
    }
    return is_found;
}

zw_status zw_stencil_create(const char *json, zw_stencil **out, zw_err *err)
{
    *out = NULL;
    zw_stencil *stencil = calloc(1, sizeof(*stencil));
    if (stencil == NULL) {
        return zw_err_nomem(err);
    }
    stencil->json = json_loads(json, 0, NULL);
    if (stencil->json == NULL || !find_blanks(stencil, stencil->json)) {
        zw_stencil_destroy(stencil);
        return zw_err_nomem(err);
    }
    *out = stencil;
    return ZW_OK;
}

void zw_stencil_destroy(zw_stencil *stencil)
{
    if (stencil == NULL) {
        return;
    }
    for (size_t i = 0; i < stencil->count; i++) {
        zw_buf_fini(&stencil->blanks[i].said);
    }
    free(stencil->blanks);
    json_decref(stencil->json);
    free(stencil);
}

/* What a message says of the alert itself, in words that live with it. */
struct own {
    zw_buf summary[3]; /* in the message's language, in English, in Chinese */
    char starts[MOMENT_BYTES], ends[MOMENT_BYTES];
    zw_fact *facts;
    size_t count;
};

static void own_fini(struct own *own)
{
    for (size_t i = 0; i < 3; i++) {
        zw_buf_fini(&own->summary[i]);
    }
    free(own->facts);
}

static void put(struct own *own, const char *name, const char *text)
{
    own->facts[own->count++] = (zw_fact){.name = name, .text = text != NULL ? text : ""};
}

/* The note's own names, then the given facts, then nothing for each of the language's. */
static zw_status own_init(struct own *own, const zw_alert_note *note, const char *title,
                          zw_facts facts, bool is_zh, zw_err *err)
{
    size_t say_count = 0;
    for (const zw_placeholder *p = zw_placeholders_say; p->name != NULL; p++) {
        say_count++;
    }
    *own = (struct own){.starts = "", .ends = ""};
    own->facts = calloc(OWN_MOST + facts.count + say_count, sizeof(*own->facts));
    const bool languages[] = {is_zh, false, true};
    bool has_failed = own->facts == NULL;
    for (size_t i = 0; i < 3; i++) {
        zw_buf_init(&own->summary[i], TEXT_CEILING);
        zw_message_put_summary(note, languages[i], &own->summary[i]);
        has_failed = has_failed || own->summary[i].has_failed;
    }
    if (has_failed) {
        own_fini(own);
        return zw_err_nomem(err);
    }
    put(own, "alert", note->key.alert);
    put(own, "title", title);
    put(own, "severity", note->severity);
    put(own, "status", note->state);
    put(own, "item", note->key.item);
    put(own, "starts", zw_moment_text(note->tz, note->starts_ms, own->starts, MOMENT_BYTES));
    put(own, "ends",
        note->ends_ms != ZW_NEVER_MS
            ? zw_moment_text(note->tz, note->ends_ms, own->ends, MOMENT_BYTES)
            : "");
    put(own, "summary", zw_buf_view(&own->summary[0]));
    put(own, "summary_en", zw_buf_view(&own->summary[1]));
    put(own, "summary_zh", zw_buf_view(&own->summary[2]));
    if (facts.count > 0) {
        memcpy(own->facts + own->count, facts.at, facts.count * sizeof(*facts.at));
    }
    own->count += facts.count;
    put(own, "value", note->value_shown); /* a guard's, which no figure in the store tells */
    put(own, "period", note->key.period);
    for (const zw_placeholder *p = zw_placeholders_say; p->name != NULL; p++) {
        put(own, p->name, "");
    }
    return ZW_OK;
}

/* Adds what one alert says, unless an earlier one said just that. */
static void add_said(struct blank *blank, const zw_buf *line)
{
    const char *text = zw_buf_view(line);
    const char *at = zw_buf_view(&blank->said);
    for (size_t left = blank->said.len; left > 0;) {
        size_t len = strlen(at) + 1;
        if (strcmp(at, text) == 0) {
            return;
        }
        at += len;
        left -= len;
    }
    (void)zw_buf_append(&blank->said, text, line->len + 1);
}

/* Says one text. @return true when it says that figures are made up. */
static bool say_blank(struct blank *blank, zw_facts facts, const char *mark, bool must_mark)
{
    zw_buf raw;
    zw_buf clean;
    zw_buf_init(&raw, TEXT_CEILING);
    zw_buf_init(&clean, TEXT_CEILING);
    bool has_number = zw_message_say(json_string_value(blank->text), facts, &raw);
    zw_message_put_clean(zw_text_of(zw_buf_view(&raw)), &clean);
    bool is_marked = zw_message_is_marked(zw_buf_view(&clean));
    if (mark != NULL && !is_marked && (has_number || must_mark)) {
        (void)zw_buf_puts(&clean, mark);
        is_marked = true;
    }
    if (clean.len > 0) {
        add_said(blank, &clean);
    }
    blank->said.has_failed = blank->said.has_failed || raw.has_failed || clean.has_failed;
    zw_buf_fini(&raw);
    zw_buf_fini(&clean);
    return is_marked;
}

zw_status zw_stencil_add(zw_stencil *stencil, const zw_alert_note *note, const char *title,
                         zw_facts facts, bool is_zh, zw_err *err)
{
    struct own own;
    zw_status status = own_init(&own, note, title, facts, is_zh, err);
    if (status != ZW_OK) {
        return status;
    }
    zw_facts all = {own.facts, own.count};
    const char *mark = note->is_synthetic ? zw_message_mark(is_zh) : NULL;
    bool is_marked = mark == NULL;
    for (size_t i = 0; i < stencil->count; i++) {
        if (i != stencil->longest) {
            is_marked = say_blank(&stencil->blanks[i], all, mark, false) || is_marked;
        }
    }
    if (stencil->count > 0) {
        (void)say_blank(&stencil->blanks[stencil->longest], all, mark, !is_marked);
    }
    own_fini(&own);
    return ZW_OK;
}

/* The lines of a blank, joined by line ends. @return false without memory. */
static bool fill(struct blank *blank)
{
    char *said = blank->said.data;
    size_t len = blank->said.len > 0 ? blank->said.len - 1 : 0;
    for (size_t i = 0; i < len; i++) {
        if (said[i] == '\0') {
            said[i] = '\n';
        }
    }
    return !blank->said.has_failed &&
           json_string_setn(blank->text, zw_buf_view(&blank->said), len) == 0;
}

static int append_dump(const char *bytes, size_t len, void *arg)
{
    return zw_buf_append(arg, bytes, len) ? 0 : -1;
}

zw_status zw_stencil_write(zw_stencil *stencil, zw_buf *out, zw_err *err)
{
    bool is_done = true;
    for (size_t i = 0; is_done && i < stencil->count; i++) {
        is_done = fill(&stencil->blanks[i]);
    }
    is_done = is_done && json_dump_callback(stencil->json, append_dump, out, JSON_COMPACT) == 0;
    return is_done ? ZW_OK : zw_err_nomem(err);
}
