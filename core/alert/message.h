/** Messages: the words of an alert from its `say` and what was seen, and the body a webhook gets
 * (Alertmanager's, version 4). */
#ifndef ZW_ALERT_MESSAGE_H
#define ZW_ALERT_MESSAGE_H

#include "alert/ledger.h"

/** One named thing a text can show. */
typedef struct zw_fact {
    const char *name; /* "value", "area", … */
    bool is_number;
    double number; /* without scale */
    zw_unit show;  /* how it is read when the placeholder says nothing */
    const char
        *text; /* of a text fact, or why a number is missing; in the language of the message */
} zw_fact;

typedef struct zw_facts {
    const zw_fact *at;
    size_t count;
} zw_facts;

/**
 * Appends `template` with each {name}, {name:%} or {name:1e8 CNY} replaced; "{{" is a brace. An
 * unknown name stays as written, in its braces. Numbers: only digits when the placeholder names a
 * unit with a scale ("%": "6.3 %").
 * @return true when a number was said.
 */
bool zw_message_say(const char *template_text, zw_facts facts, zw_buf *out);

/** One alert in a message. Texts are borrowed. */
typedef struct zw_alert_note {
    zw_alert_key key;
    const char *zone, *pack;
    const char *state; /* "firing" or "resolved" */
    const char *severity;
    const char *summary_en, *summary_zh;
    const char *value_shown;
    bool is_synthetic;
    int64_t starts_ms, ends_ms; /* ends_ms: ZW_NEVER_MS while firing */
    const zw_tz *tz;
} zw_alert_note;

/**
 * Appends the webhook's JSON for the alerts of one group: version "4", groupKey, truncatedAlerts,
 * status, receiver, groupLabels, commonLabels, commonAnnotations, externalURL, alerts[{status,
 * labels{alertname, zone, area, severity, period?}, annotations{summary, summary_zh, value,
 * synthetic?}, startsAt, endsAt, generatorURL, fingerprint}].
 * @param group  which labels make the group (ZW_GROUP_… bits): those of the first note.
 * @return ZW_OK, ZW_NOMEM.
 */
zw_status zw_message_webhook(const char *receiver, unsigned group, const zw_alert_note *notes,
                             size_t count, zw_buf *out, zw_err *err) ZW_MUST_USE;

/** The summary in a language, or in the other one, or the alert's name; marked as synthetic in the
 * language it turned out to be. */
void zw_message_put_summary(const zw_alert_note *note, bool is_zh, zw_buf *out);
/** Appends what is UTF-8; each byte that is not becomes U+FFFD. */
void zw_message_put_clean(zw_text text, zw_buf *out);
/** True when the text says, in either language, that figures are made up. */
bool zw_message_is_marked(const char *text);
/** What is put behind a text that does not say so. */
const char *zw_message_mark(bool is_zh);

/** One line for the log: "[warning] returns_late yuzhu 2024-05: … (synthetic)". */
void zw_message_line(const zw_alert_note *note, const char *lang, zw_buf *out);

#endif
