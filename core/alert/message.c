/*
 * Messages: templates filled with facts, and the two shapes in which an alert leaves the house.
 * What is said may hold anything that a pack, a figure's source or a file put into it; what leaves
 * is UTF-8, and a log line is one line.
 */
#include "alert/message.h"

#include "base/digest.h"

#include <assert.h>
#include <jansson.h>
#include <math.h>
#include <string.h>

enum {
    TEXT_BYTES_MAX = 1024 * 1024,
    SHOWN_BYTES = 128,
    MOMENT_BYTES = 48,
    FINGERPRINT_DIGITS = 16,
    CONTROL_END = 0x20,
    DELETE = 0x7F,
    C1_LEAD = 0xC2,
    C1_END = 0xA0
};

static const char not_ended[] = "0001-01-01T00:00:00Z"; /* as Alertmanager writes it */
static const char replacement[] = "\xEF\xBF\xBD";

/* What says that figures are made up, in each language. */
static const struct {
    const char *word;   /* a text that holds it says so already */
    const char *suffix; /* what is put behind one that does not */
} synthetic_en = {"(synthetic)", " (synthetic)"}, synthetic_zh = {"模拟数据", "(模拟数据)"};

/* Placeholders. */

static const zw_fact *find_fact(zw_facts facts, zw_text name)
{
    for (size_t i = 0; i < facts.count; i++) {
        if (zw_text_is(name, facts.at[i].name)) {
            return &facts.at[i];
        }
    }
    return NULL;
}

/* A number in the unit a placeholder names; one that does not fit the number is not used, for a
 * wrong scale would be a wrong figure. */
static void say_number(const zw_fact *fact, zw_text wanted, zw_buf *out)
{
    char shown[SHOWN_BYTES];
    zw_unit unit;
    if (wanted.len == 0 || zw_unit_parse(wanted, &unit, NULL) != ZW_OK ||
        !zw_unit_fits(&unit, &fact->show)) {
        unit = fact->show;
    } else if (unit.word[0] != '\0' && unit.scale != 1) {
        (void)zw_buf_puts(out, zw_unit_digits(fact->number, &unit, shown, sizeof shown));
        return;
    }
    (void)zw_buf_puts(out, zw_unit_show(fact->number, &unit, shown, sizeof shown));
}

/* What stands between two braces. @return false when it names no fact. */
static bool say_placeholder(zw_text inside, zw_facts facts, zw_buf *out, bool *is_number)
{
    const char *colon = inside.len > 0 ? memchr(inside.at, ':', inside.len) : NULL;
    zw_text name = inside;
    zw_text wanted = {NULL, 0};
    if (colon != NULL) {
        name.len = (size_t)(colon - inside.at);
        wanted = zw_text_trim((zw_text){colon + 1, inside.len - name.len - 1});
    }
    const zw_fact *fact = find_fact(facts, zw_text_trim(name));
    if (fact == NULL) {
        return false;
    }
    if (fact->is_number && isfinite(fact->number)) {
        say_number(fact, wanted, out);
        *is_number = true;
    } else if (fact->text != NULL) {
        (void)zw_buf_puts(out, fact->text);
    }
    return true;
}

bool zw_message_say(const char *template_text, zw_facts facts, zw_buf *out)
{
    const char *at = template_text;
    bool has_number = false;
    while (*at != '\0') {
        size_t plain = strcspn(at, "{");
        (void)zw_buf_append(out, at, plain);
        at += plain;
        if (at[0] == '\0') {
            break;
        }
        size_t len = strcspn(at + 1, "{}");
        if (at[1] == '{') {
            (void)zw_buf_putc(out, '{');
            at += 2;
        } else if (at[1 + len] == '}' &&
                   say_placeholder((zw_text){at + 1, len}, facts, out, &has_number)) {
            at += len + 2;
        } else {
            (void)zw_buf_append(out, at, 1 + len); /* as written; a brace behind it comes next */
            at += 1 + len;
        }
    }
    return has_number;
}

/* Words of a note. */

/* The length of a control character (C0, DEL, C1) at `at`; 0 when there is none. */
static size_t control_at(zw_text text, size_t at)
{
    const unsigned char *bytes = (const unsigned char *)text.at + at;
    if (bytes[0] < CONTROL_END || bytes[0] == DELETE) {
        return 1;
    }
    bool is_c1 = bytes[0] == C1_LEAD && at + 1 < text.len && bytes[1] < C1_END;
    return is_c1 ? 2 : 0;
}

void zw_message_put_clean(zw_text text, zw_buf *out)
{
    size_t bad_at = 0;
    while (text.len > 0 && !zw_text_is_utf8(text.at, text.len, &bad_at)) {
        (void)zw_buf_append(out, text.at, bad_at);
        (void)zw_buf_puts(out, replacement);
        text.at += bad_at + 1;
        text.len -= bad_at + 1;
    }
    (void)zw_buf_append(out, text.at, text.len);
}

/* Appends a text as part of one line: a terminal or a log reader must not be told anything by its
 * control characters. */
static void put_line(const char *text, zw_buf *out)
{
    zw_buf clean;
    zw_buf_init(&clean, TEXT_BYTES_MAX);
    zw_message_put_clean(zw_text_of(text), &clean);
    zw_text line = {zw_buf_view(&clean), clean.len};
    for (size_t at = 0; at < line.len;) {
        size_t control = control_at(line, at);
        (void)zw_buf_append(out, control > 0 ? " " : &line.at[at], 1);
        at += control > 0 ? control : 1;
    }
    out->has_failed = out->has_failed || clean.has_failed;
    zw_buf_fini(&clean);
}

static bool is_said(const char *text)
{
    return text != NULL && text[0] != '\0';
}

bool zw_message_is_marked(const char *text)
{
    return strstr(text, synthetic_en.word) != NULL || strstr(text, synthetic_zh.word) != NULL;
}

const char *zw_message_mark(bool is_zh)
{
    return is_zh ? synthetic_zh.suffix : synthetic_en.suffix;
}

void zw_message_put_summary(const zw_alert_note *note, bool is_zh, zw_buf *out)
{
    const char *own = is_zh ? note->summary_zh : note->summary_en;
    const char *other = is_zh ? note->summary_en : note->summary_zh;
    bool is_other = !is_said(own) && is_said(other);
    const char *text = is_said(own) ? own : is_other ? other : note->key.alert;
    bool is_text_zh = is_zh != is_other;
    zw_message_put_clean(zw_text_of(text), out);
    if (note->is_synthetic &&
        strstr(text, is_text_zh ? synthetic_zh.word : synthetic_en.word) == NULL) {
        (void)zw_buf_puts(out, zw_message_mark(is_text_zh));
    }
}

static bool is_firing(const zw_alert_note *note)
{
    return strcmp(note->state, "firing") == 0;
}

void zw_message_line(const zw_alert_note *note, const char *lang, zw_buf *out)
{
    zw_buf summary;
    zw_buf_init(&summary, TEXT_BYTES_MAX);
    zw_message_put_summary(note, lang != NULL && strcmp(lang, "zh") == 0, &summary);
    (void)zw_buf_putc(out, '[');
    put_line(is_firing(note) ? note->severity : note->state, out);
    (void)zw_buf_puts(out, "] ");
    put_line(note->key.alert, out);
    (void)zw_buf_putc(out, ' ');
    put_line(note->key.area, out);
    if (is_said(note->key.period)) {
        (void)zw_buf_putc(out, ' ');
        put_line(note->key.period, out);
    }
    if (is_said(note->key.item)) {
        (void)zw_buf_putc(out, ' ');
        put_line(note->key.item, out);
    }
    (void)zw_buf_puts(out, ": ");
    put_line(zw_buf_view(&summary), out);
    out->has_failed = out->has_failed || summary.has_failed;
    zw_buf_fini(&summary);
}

/* The webhook's body. Each function answers false when memory ran out. */

static bool set_text(json_t *object, const char *name, const char *text)
{
    zw_buf clean;
    zw_buf_init(&clean, TEXT_BYTES_MAX);
    zw_message_put_clean(zw_text_of(text), &clean);
    bool is_set = !clean.has_failed &&
                  json_object_set_new(object, name, json_string(zw_buf_view(&clean))) == 0;
    zw_buf_fini(&clean);
    return is_set;
}

static bool set_summary(json_t *object, const char *name, const zw_alert_note *note, bool is_zh)
{
    zw_buf summary;
    zw_buf_init(&summary, TEXT_BYTES_MAX);
    zw_message_put_summary(note, is_zh, &summary);
    bool is_set = !summary.has_failed && set_text(object, name, zw_buf_view(&summary));
    zw_buf_fini(&summary);
    return is_set;
}

static bool set_moment(json_t *object, const char *name, const zw_alert_note *note, int64_t at_ms)
{
    char text[MOMENT_BYTES];
    return set_text(object, name,
                    at_ms == ZW_NEVER_MS ? not_ended
                                         : zw_moment_text(note->tz, at_ms, text, sizeof text));
}

/* Sorted by name, as the fingerprint needs them. */
static bool fill_labels(json_t *labels, const zw_alert_note *note)
{
    return set_text(labels, "alertname", note->key.alert) &&
           set_text(labels, "area", note->key.area) &&
           (!is_said(note->key.item) || set_text(labels, "item", note->key.item)) &&
           (!is_said(note->key.period) || set_text(labels, "period", note->key.period)) &&
           set_text(labels, "severity", note->severity) && set_text(labels, "zone", note->zone);
}

static bool fill_annotations(json_t *annotations, const zw_alert_note *note)
{
    return set_summary(annotations, "summary", note, false) &&
           set_summary(annotations, "summary_zh", note, true) &&
           (!is_said(note->value_shown) || set_text(annotations, "value", note->value_shown)) &&
           (!note->is_synthetic || set_text(annotations, "synthetic", "true"));
}

/* By what a receiver knows the same alert again: a digest of its labels. */
static bool set_fingerprint(json_t *alert, json_t *labels)
{
    zw_buf text;
    zw_buf_init(&text, TEXT_BYTES_MAX);
    const char *name;
    json_t *value;
    json_object_foreach(labels, name, value)
    {
        (void)zw_buf_printf(&text, "%s%c%s%c", name, 0xFF, json_string_value(value), 0xFF);
    }
    char digest[ZW_DIGEST_TEXT_BYTES];
    zw_digest_of(zw_buf_view(&text), text.len, digest);
    digest[FINGERPRINT_DIGITS] = '\0';
    bool is_set = !text.has_failed && set_text(alert, "fingerprint", digest);
    zw_buf_fini(&text);
    return is_set;
}

/* Puts a new, empty object into another. @return it, borrowed; NULL without memory. */
static json_t *put_object(json_t *object, const char *name)
{
    json_t *inner = json_object();
    return json_object_set_new(object, name, inner) == 0 ? inner : NULL;
}

static bool fill_alert(json_t *alert, const zw_alert_note *note)
{
    bool is_filled = set_text(alert, "status", note->state);
    json_t *labels = is_filled ? put_object(alert, "labels") : NULL;
    is_filled = labels != NULL && fill_labels(labels, note);
    json_t *annotations = is_filled ? put_object(alert, "annotations") : NULL;
    return annotations != NULL && fill_annotations(annotations, note) &&
           set_moment(alert, "startsAt", note, note->starts_ms) &&
           set_moment(alert, "endsAt", note, note->ends_ms) &&
           set_text(alert, "generatorURL", "") && set_fingerprint(alert, labels);
}

static bool fill_alerts(json_t *alerts, const zw_alert_note *notes, size_t count)
{
    bool is_filled = true;
    for (size_t i = 0; is_filled && i < count; i++) {
        json_t *alert = json_object();
        is_filled = json_array_append_new(alerts, alert) == 0 && fill_alert(alert, &notes[i]);
    }
    return is_filled;
}

/* True when every alert has the same text under `part` and `name`. */
static bool is_common(const json_t *alerts, const char *part, const char *name, const json_t *value)
{
    for (size_t i = 0; i < json_array_size(alerts); i++) {
        const json_t *texts = json_object_get(json_array_get(alerts, i), part);
        if (!json_equal(json_object_get(texts, name), value)) {
            return false;
        }
    }
    return true;
}

/* What all alerts share of `part`. */
static bool fill_common(json_t *common, const json_t *alerts, const char *part)
{
    json_t *first = json_object_get(json_array_get(alerts, 0), part);
    const char *name;
    json_t *value;
    bool is_filled = true;
    json_object_foreach(first, name, value)
    {
        if (is_filled && is_common(alerts, part, name, value)) {
            is_filled = json_object_set(common, name, value) == 0;
        }
    }
    return is_filled;
}

/* The labels that make the group, as the first alert has them. */
static bool fill_group(json_t *group, const json_t *alerts, unsigned bits)
{
    static const struct {
        const char *name;
        unsigned bit;
    } labels[] = {{"alertname", ZW_GROUP_ALERT},
                  {"area", ZW_GROUP_AREA},
                  {"item", ZW_GROUP_ITEM},
                  {"period", ZW_GROUP_PERIOD},
                  {"zone", ZW_GROUP_ZONE}};
    const json_t *first = json_object_get(json_array_get(alerts, 0), "labels");
    bool is_filled = true;
    for (size_t i = 0; is_filled && i < sizeof(labels) / sizeof(labels[0]); i++) {
        json_t *value = json_object_get(first, labels[i].name);
        if ((bits & labels[i].bit) != 0 && value != NULL) {
            is_filled = json_object_set(group, labels[i].name, value) == 0;
        }
    }
    return is_filled;
}

/* {}:{alertname="…", area="…"}: the route, which we have none of, and the group. */
static bool set_group_key(json_t *body, json_t *group)
{
    zw_buf key;
    zw_buf_init(&key, TEXT_BYTES_MAX);
    const char *name;
    json_t *value;
    (void)zw_buf_puts(&key, "{}:{");
    json_object_foreach(group, name, value)
    {
        (void)zw_buf_printf(&key, "%s%s=\"", key.len > 4 ? ", " : "", name);
        for (const char *at = json_string_value(value); *at != '\0'; at++) {
            (void)zw_buf_printf(&key, *at == '"' || *at == '\\' ? "\\%c" : "%c", *at);
        }
        (void)zw_buf_putc(&key, '"');
    }
    (void)zw_buf_putc(&key, '}');
    bool is_set = !key.has_failed && set_text(body, "groupKey", zw_buf_view(&key));
    zw_buf_fini(&key);
    return is_set;
}

static bool is_any_firing(const zw_alert_note *notes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (is_firing(&notes[i])) {
            return true;
        }
    }
    return false;
}

static bool fill_body(json_t *body, const char *receiver, unsigned bits, const zw_alert_note *notes,
                      size_t count)
{
    json_t *alerts = json_array();
    json_t *group = json_object();
    bool is_filled =
        alerts != NULL && group != NULL && fill_alerts(alerts, notes, count) &&
        fill_group(group, alerts, bits) && set_text(body, "version", "4") &&
        set_group_key(body, group) &&
        json_object_set_new(body, "truncatedAlerts", json_integer(0)) == 0 &&
        set_text(body, "status", is_any_firing(notes, count) ? "firing" : "resolved") &&
        set_text(body, "receiver", receiver) && json_object_set(body, "groupLabels", group) == 0;
    json_t *labels = is_filled ? put_object(body, "commonLabels") : NULL;
    is_filled = labels != NULL && fill_common(labels, alerts, "labels");
    json_t *annotations = is_filled ? put_object(body, "commonAnnotations") : NULL;
    is_filled = annotations != NULL && fill_common(annotations, alerts, "annotations") &&
                set_text(body, "externalURL", "") && json_object_set(body, "alerts", alerts) == 0;
    json_decref(alerts);
    json_decref(group);
    return is_filled;
}

static int append_dump(const char *bytes, size_t len, void *arg)
{
    return zw_buf_append(arg, bytes, len) ? 0 : -1;
}

zw_status zw_message_webhook(const char *receiver, unsigned group, const zw_alert_note *notes,
                             size_t count, zw_buf *out, zw_err *err)
{
    assert(count > 0);
    json_t *body = json_object();
    bool is_done = body != NULL && fill_body(body, receiver, group, notes, count) &&
                   json_dump_callback(body, append_dump, out, JSON_COMPACT) == 0;
    json_decref(body);
    return is_done ? ZW_OK : zw_err_nomem(err);
}
