/* Messages: placeholders, the webhook's body, and the line for the log. */
#include "alert/message.h"

#include "failing_alloc.h"

#include <jansson.h>
#include <math.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

enum { CEILING = 1024 * 1024, JUNE_MS_DAY = 86400000, EACH = ZW_GROUP_EACH };

static const int64_t june_2024_ms = INT64_C(1717171200000); /* 2024-06-01T00:00+08:00 */

static zw_unit unit_of(const char *text)
{
    zw_unit unit;
    assert_int_equal(zw_unit_parse(zw_text_of(text), &unit, NULL), ZW_OK);
    return unit;
}

static zw_fact number_of(const char *name, double number, const char *show)
{
    return (zw_fact){.name = name, .is_number = true, .number = number, .show = unit_of(show)};
}

static const struct {
    const char *why, *template_text, *said;
} templates[] = {
    {"no placeholder", "all is well", "all is well"},
    {"nothing", "", ""},
    {"a text", "{area} lacks", "渔珠 lacks"},
    {"a text at the end", "lacks {area}", "lacks 渔珠"},
    {"two side by side", "{area}{area}", "渔珠渔珠"},
    {"the contract's example", "{zone} is {value:%} behind the path to {goal} in {year}",
     "Guangzhou is 6.3 % behind the path to 600.0 (1e8 CNY) in 2022"},
    {"and in Chinese", "{zone}较{year}年目标{goal:1e8 CNY}亿元的进度落后{value:%}",
     "Guangzhou较2022年目标600.0亿元的进度落后6.3 %"},
    {"a number as it is shown", "{value}", "6.3 %"},
    {"only digits of a scale", "{goal:1e4 CNY}", "6000000"},
    {"a unit without scale", "{goal:CNY}", "60000000000 CNY"},
    {"points", "{value:points}", "6.3 points"},
    {"blanks around the unit", "{goal: 1e8 CNY }", "600.0"},
    {"blanks around the name", "{ goal :1e8 CNY}", "600.0"},
    {"a unit that does not fit is not used", "{goal:%}", "600.0 (1e8 CNY)"},
    {"nor is another word", "{goal:firms}", "600.0 (1e8 CNY)"},
    {"nor what is no unit", "{goal:1e8 1e8}", "600.0 (1e8 CNY)"},
    {"an empty unit", "{goal:}", "600.0 (1e8 CNY)"},
    {"a number of no unit", "{late_days} days", "12 days"},
    {"as per cent", "{late_days:%}", "1200.0 %"},
    {"a text has no unit", "{area:%}", "渔珠"},
    {"why a number is missing", "now {lost:%}", "now not in"},
    {"a number that is none", "now {nan}", "now no figure"},
    {"a missing number without a reason", "now {none}.", "now ."},
    {"an unknown name stays as written", "{nobody} and {nobody:%}", "{nobody} and {nobody:%}"},
    {"names are whole", "{are} {areas} {Area}", "{are} {areas} {Area}"},
    {"an empty name", "{} {:%}", "{} {:%}"},
    {"a brace", "{{area}", "{area}"},
    {"two braces", "{{{{", "{{"},
    {"a brace and a placeholder", "{{{area}}", "{渔珠}"},
    {"a closing brace is itself", "a } b }}", "a } b }}"},
    {"never closed", "{area", "{area"},
    {"closed too late", "{area {area}", "{area 渔珠"},
    {"a lone brace at the end", "area {", "area {"},
    {"facts are not filled in again", "{trap}", "{area} {{ %s"},
    {"per cent signs are themselves", "100 %s %n {area}", "100 %s %n 渔珠"},
};

static void placeholders_show_facts(void **state)
{
    (void)state;
    const zw_fact facts[] = {
        {.name = "zone", .text = "Guangzhou"},
        {.name = "area", .text = "渔珠"},
        {.name = "year", .text = "2022"},
        {.name = "trap", .text = "{area} {{ %s"},
        {.name = "lost", .text = "not in"},
        {.name = "nan", .is_number = true, .number = NAN, .text = "no figure"},
        {.name = "none", .is_number = true, .number = INFINITY},
        {.name = "late_days", .is_number = true, .number = 12},
        number_of("value", 0.063, "%"),
        number_of("goal", 600e8, "1e8 CNY"),
    };
    for (size_t i = 0; i < sizeof templates / sizeof templates[0]; i++) {
        zw_buf out;
        print_message("  %s\n", templates[i].why);
        zw_buf_init(&out, CEILING);
        zw_message_say(templates[i].template_text,
                       (zw_facts){facts, sizeof facts / sizeof facts[0]}, &out);
        assert_string_equal(zw_buf_view(&out), templates[i].said);
        assert_false(out.has_failed);
        zw_buf_fini(&out);
    }
}

static void without_facts_a_text_stays_as_it_is(void **state)
{
    (void)state;
    zw_buf out;
    zw_buf_init(&out, CEILING);
    zw_message_say("{area} {{x}", (zw_facts){NULL, 0}, &out);
    assert_string_equal(zw_buf_view(&out), "{area} {x}");
    zw_buf_fini(&out);
}

static int setup(void **state)
{
    zw_tz *tz = NULL;
    zw_status status = zw_tz_create("Asia/Shanghai", &tz, NULL);
    *state = tz;
    return status == ZW_OK ? 0 : -1;
}

static int teardown(void **state)
{
    zw_tz_destroy(*state);
    return 0;
}

static zw_alert_note note_of(const zw_tz *tz)
{
    return (zw_alert_note){.key = {"returns_late", "yuzhu", "2024-05", ""},
                           .zone = "guangzhou_ai",
                           .pack = "examples/guangzhou",
                           .state = "firing",
                           .severity = "warning",
                           .summary_en = "Yuzhu has not reported",
                           .summary_zh = "渔珠未上报",
                           .value_shown = "603.2 (1e8 CNY)",
                           .starts_ms = june_2024_ms,
                           .ends_ms = ZW_NEVER_MS,
                           .tz = tz};
}

/* The body parsed back; the caller lets go of it. */
static json_t *webhook_of(unsigned group, const zw_alert_note *notes, size_t count)
{
    zw_buf out;
    zw_err err = {0};
    json_error_t where;
    zw_buf_init(&out, CEILING);
    if (zw_message_webhook("duty_office", group, notes, count, &out, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
    json_t *body = json_loadb(zw_buf_view(&out), out.len, JSON_REJECT_DUPLICATES, &where);
    if (body == NULL) {
        fail_msg("%s: %s", where.text, zw_buf_view(&out));
    }
    zw_buf_fini(&out);
    return body;
}

static json_t *webhook(const zw_alert_note *notes, size_t count)
{
    return webhook_of(EACH, notes, count);
}

/* The text at a path like "alerts.0.labels.area"; "-" when there is none. */
static const char *text_at(const json_t *json, const char *path)
{
    char step[64];
    while (*path != '\0') {
        size_t len = strcspn(path, ".");
        assert_true(len < sizeof step);
        memcpy(step, path, len);
        step[len] = '\0';
        json = json_is_array(json) ? json_array_get(json, strtoul(step, NULL, 10))
                                   : json_object_get(json, step);
        path += len + (path[len] == '.' ? 1 : 0);
    }
    return json_is_string(json) ? json_string_value(json) : "-";
}

static void a_webhook_gets_alertmanagers_body(void **state)
{
    static const char golden[] =
        "{\"version\":\"4\","
        "\"groupKey\":\"{}:{alertname=\\\"returns_late\\\", area=\\\"yuzhu\\\", "
        "period=\\\"2024-05\\\"}\","
        "\"truncatedAlerts\":0,\"status\":\"firing\",\"receiver\":\"duty_office\","
        "\"groupLabels\":{\"alertname\":\"returns_late\",\"area\":\"yuzhu\",\"period\":\"2024-05\"}"
        ","
        "\"commonLabels\":{\"alertname\":\"returns_late\",\"area\":\"yuzhu\","
        "\"period\":\"2024-05\",\"severity\":\"warning\",\"zone\":\"guangzhou_ai\"},"
        "\"commonAnnotations\":{\"summary\":\"Yuzhu has not reported\","
        "\"summary_zh\":\"渔珠未上报\",\"value\":\"603.2 (1e8 CNY)\"},"
        "\"externalURL\":\"\",\"alerts\":[{\"status\":\"firing\","
        "\"labels\":{\"alertname\":\"returns_late\",\"area\":\"yuzhu\",\"period\":\"2024-05\","
        "\"severity\":\"warning\",\"zone\":\"guangzhou_ai\"},"
        "\"annotations\":{\"summary\":\"Yuzhu has not reported\",\"summary_zh\":\"渔珠未上报\","
        "\"value\":\"603.2 (1e8 CNY)\"},\"startsAt\":\"2024-06-01T00:00:00+08:00\","
        "\"endsAt\":\"0001-01-01T00:00:00Z\",\"generatorURL\":\"\","
        "\"fingerprint\":\"7b37e05f8c55c014\"}]}";
    zw_alert_note note = note_of(*state);
    json_t *body = webhook(&note, 1);
    json_t *wanted = json_loads(golden, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(wanted);
    assert_true(json_equal(body, wanted));
    json_decref(wanted);
    json_decref(body);
}

static void a_resolved_alert_says_when_it_ended(void **state)
{
    zw_alert_note note = note_of(*state);
    note.state = "resolved";
    note.ends_ms = june_2024_ms + JUNE_MS_DAY + 250;
    note.key.period = "";
    note.value_shown = "";
    json_t *body = webhook(&note, 1);
    assert_string_equal(text_at(body, "status"), "resolved");
    assert_string_equal(text_at(body, "alerts.0.status"), "resolved");
    assert_string_equal(text_at(body, "alerts.0.startsAt"), "2024-06-01T00:00:00+08:00");
    assert_string_equal(text_at(body, "alerts.0.endsAt"), "2024-06-02T00:00:00.250+08:00");
    assert_string_equal(text_at(body, "alerts.0.labels.period"), "-");
    assert_string_equal(text_at(body, "alerts.0.labels.item"), "-");
    assert_string_equal(text_at(body, "alerts.0.annotations.value"), "-");
    assert_string_equal(text_at(body, "alerts.0.annotations.synthetic"), "-");
    json_decref(body);
}

static void an_alert_of_an_item_names_it(void **state)
{
    zw_alert_note note = note_of(*state);
    zw_buf line;
    note.key.item = "call 7";
    json_t *body = webhook(&note, 1);
    assert_string_equal(text_at(body, "alerts.0.labels.item"), "call 7");
    json_decref(body);
    zw_buf_init(&line, 4096);
    zw_message_line(&note, "en", &line);
    assert_non_null(strstr(zw_buf_view(&line), "returns_late yuzhu 2024-05 call 7: "));
    zw_buf_fini(&line);
}

static void several_alerts_share_what_they_share(void **state)
{
    zw_alert_note notes[] = {note_of(*state), note_of(*state)};
    notes[0].state = "resolved";
    notes[1].key.area = "pazhou";
    notes[1].summary_en = "Pazhou has not reported";
    json_t *body = webhook_of(ZW_GROUP_ALERT, notes, 2);
    assert_string_equal(text_at(body, "status"), "firing"); /* one still does */
    assert_string_equal(text_at(body, "groupKey"), "{}:{alertname=\"returns_late\"}");
    assert_int_equal(json_object_size(json_object_get(body, "groupLabels")), 1);
    assert_string_equal(text_at(body, "groupLabels.alertname"), "returns_late");
    assert_string_equal(text_at(body, "commonLabels.area"), "-");
    assert_string_equal(text_at(body, "commonLabels.severity"), "warning");
    assert_string_equal(text_at(body, "commonAnnotations.summary"), "-");
    assert_string_equal(text_at(body, "commonAnnotations.summary_zh"), "渔珠未上报");
    assert_string_equal(text_at(body, "alerts.1.labels.area"), "pazhou");
    assert_int_equal(json_array_size(json_object_get(body, "alerts")), 2);
    json_decref(body);
    notes[1].key.alert = "behind";
    notes[1].key.period = ""; /* a label that only the first has */
    body = webhook_of(0, notes, 2);
    assert_string_equal(text_at(body, "groupKey"), "{}:{}");
    assert_string_equal(text_at(body, "commonLabels.period"), "-");
    json_decref(body);
}

static void a_group_is_named_by_the_labels_it_is_made_of(void **state)
{
    static const struct {
        const char *why, *period;
        unsigned group;
        const char *key;
    } rows[] = {
        {"one label", "2024-05", ZW_GROUP_AREA, "{}:{area=\"yuzhu\"}"},
        {"the zone", "2024-05", ZW_GROUP_ZONE, "{}:{zone=\"guangzhou_ai\"}"},
        {"all, sorted by name", "2024-05",
         ZW_GROUP_ZONE | ZW_GROUP_PERIOD | ZW_GROUP_AREA | ZW_GROUP_ALERT,
         "{}:{alertname=\"returns_late\", area=\"yuzhu\", period=\"2024-05\", "
         "zone=\"guangzhou_ai\"}"},
        {"none", "2024-05", 0, "{}:{}"},
        {"without a period it has none", "", EACH,
         "{}:{alertname=\"returns_late\", area=\"yuzhu\"}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_alert_note note = note_of(*state);
        note.key.period = rows[i].period;
        json_t *body = webhook_of(rows[i].group, &note, 1);
        if (strcmp(text_at(body, "groupKey"), rows[i].key) != 0) {
            fail_msg("%s: %s", rows[i].why, text_at(body, "groupKey"));
        }
        json_decref(body);
    }
}

/* The fingerprint of a note, written into `out`. */
static const char *fingerprint_of(const zw_alert_note *note, char out[32])
{
    json_t *body = webhook(note, 1);
    const char *text = text_at(body, "alerts.0.fingerprint");
    assert_int_equal(strlen(text), 16);
    assert_int_equal(strspn(text, "0123456789abcdef"), 16);
    memcpy(out, text, 17);
    json_decref(body);
    return out;
}

static void the_fingerprint_is_the_labels_and_nothing_else(void **state)
{
    char first[32];
    char other[32];
    zw_alert_note note = note_of(*state);
    (void)fingerprint_of(&note, first);
    note.state = "resolved";
    note.ends_ms = june_2024_ms + 1;
    note.summary_en = "else";
    note.is_synthetic = true;
    assert_string_equal(fingerprint_of(&note, other), first);
    note = note_of(*state);
    note.key.area = "pazhou";
    assert_string_not_equal(fingerprint_of(&note, other), first);
    note = note_of(*state);
    note.key.period = "2024-06";
    assert_string_not_equal(fingerprint_of(&note, other), first);
    note = note_of(*state);
    note.severity = "critical";
    assert_string_not_equal(fingerprint_of(&note, other), first);
    note = note_of(*state);
    note.zone = "china";
    assert_string_not_equal(fingerprint_of(&note, other), first);
}

static void summaries_stand_in_for_each_other_and_say_synthetic(void **state)
{
    static const struct {
        const char *why, *en, *zh;
        bool is_synthetic;
        const char *said_en, *said_zh;
    } rows[] = {
        {"both", "late", "迟报", false, "late", "迟报"},
        {"English only", "late", "", false, "late", "late"},
        {"Chinese only", NULL, "迟报", false, "迟报", "迟报"},
        {"neither: the alert's name", "", NULL, false, "returns_late", "returns_late"},
        {"synthetic", "late", "迟报", true, "late (synthetic)", "迟报(模拟数据)"},
        {"synthetic, in the language of the words", "late", "", true, "late (synthetic)",
         "late (synthetic)"},
        {"the other way round", "", "迟报", true, "迟报(模拟数据)", "迟报(模拟数据)"},
        {"said already", "late (synthetic)", "迟报(模拟数据)", true, "late (synthetic)",
         "迟报(模拟数据)"},
        {"said already, otherwise", "(synthetic) late", "模拟数据:迟报", true, "(synthetic) late",
         "模拟数据:迟报"},
        {"the word alone says something else", "synthetic rubber is late", "模拟电路迟报", true,
         "synthetic rubber is late (synthetic)", "模拟电路迟报(模拟数据)"},
        {"the name is synthetic too", "", "", true, "returns_late (synthetic)",
         "returns_late(模拟数据)"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_alert_note note = note_of(*state);
        print_message("  %s\n", rows[i].why);
        note.summary_en = rows[i].en;
        note.summary_zh = rows[i].zh;
        note.is_synthetic = rows[i].is_synthetic;
        json_t *body = webhook(&note, 1);
        assert_string_equal(text_at(body, "alerts.0.annotations.summary"), rows[i].said_en);
        assert_string_equal(text_at(body, "alerts.0.annotations.summary_zh"), rows[i].said_zh);
        assert_string_equal(text_at(body, "alerts.0.annotations.synthetic"),
                            rows[i].is_synthetic ? "true" : "-");
        json_decref(body);
    }
}

static void naughty_texts_leave_as_good_ones(void **state)
{
    static const struct {
        const char *why, *text, *in_json, *in_line;
    } rows[] = {
        {"quotes and backslashes", "a \"b\" \\ c", "a \"b\" \\ c", "a \"b\" \\ c"},
        {"markup", "<script>&amp;</script>", "<script>&amp;</script>", "<script>&amp;</script>"},
        {"line breaks", "a\r\nb\tc", "a\r\nb\tc", "a  b c"},
        {"a terminal's commands", "a\x1B[2Jb\x7F", "a\x1B[2Jb\x7F", "a [2Jb "},
        {"commands in eight bits",
         "a\xC2\x9B"
         "2Jb",
         "a\xC2\x9B"
         "2Jb",
         "a 2Jb"},
        {"a no-break space is none",
         "a\xC2\xA0"
         "b",
         "a\xC2\xA0"
         "b",
         "a\xC2\xA0"
         "b"},
        {"bytes that are no UTF-8",
         "a\xFF\xFE"
         "b",
         "a\uFFFD\uFFFD"
         "b",
         "a\uFFFD\uFFFD"
         "b"},
        {"a character cut short", "\xE6\xB8\x94\xE6\xB8", "渔\uFFFD\uFFFD", "渔\uFFFD\uFFFD"},
        {"half a surrogate pair", "\xED\xA0\x80", "\uFFFD\uFFFD\uFFFD", "\uFFFD\uFFFD\uFFFD"},
        {"beyond the basic plane", "\U0001F512", "\U0001F512", "\U0001F512"},
        {"format marks", "%s %n %d", "%s %n %d", "%s %n %d"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_alert_note note = note_of(*state);
        zw_buf line;
        char wanted[256] = "[warning] returns_late yuzhu 2024-05: ";
        print_message("  %s\n", rows[i].why);
        note.summary_en = rows[i].text;
        note.value_shown = rows[i].text;
        json_t *body = webhook(&note, 1);
        assert_string_equal(text_at(body, "alerts.0.annotations.summary"), rows[i].in_json);
        assert_string_equal(text_at(body, "commonAnnotations.value"), rows[i].in_json);
        json_decref(body);
        zw_buf_init(&line, CEILING);
        zw_message_line(&note, "en", &line);
        strncat(wanted, rows[i].in_line, sizeof wanted - strlen(wanted) - 1);
        assert_string_equal(zw_buf_view(&line), wanted);
        zw_buf_fini(&line);
    }
}

static void names_cannot_break_out_of_the_group_key(void **state)
{
    zw_alert_note note = note_of(*state);
    note.key.alert = "a\"} or {\\";
    json_t *body = webhook(&note, 1);
    assert_string_equal(text_at(body, "groupKey"),
                        "{}:{alertname=\"a\\\"} or {\\\\\", area=\"yuzhu\", "
                        "period=\"2024-05\"}");
    json_decref(body);
}

static void the_log_gets_one_line(void **state)
{
    static const struct {
        const char *why, *lang, *state, *period, *line;
        bool is_synthetic;
    } rows[] = {
        {"firing", "en", "firing", "2024-05",
         "[warning] returns_late yuzhu 2024-05: Yuzhu has not reported (synthetic)", true},
        {"not of a period", "en", "firing", "",
         "[warning] returns_late yuzhu: Yuzhu has not reported", false},
        {"resolved", "en", "resolved", "2024-05",
         "[resolved] returns_late yuzhu 2024-05: Yuzhu has not reported", false},
        {"in Chinese", "zh", "firing", "", "[warning] returns_late yuzhu: 渔珠未上报(模拟数据)",
         true},
        {"in no language", NULL, "firing", NULL,
         "[warning] returns_late yuzhu: Yuzhu has not reported", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_alert_note note = note_of(*state);
        zw_buf line;
        print_message("  %s\n", rows[i].why);
        note.state = rows[i].state;
        note.key.period = rows[i].period;
        note.is_synthetic = rows[i].is_synthetic;
        zw_buf_init(&line, CEILING);
        zw_message_line(&note, rows[i].lang, &line);
        assert_string_equal(zw_buf_view(&line), rows[i].line);
        zw_buf_fini(&line);
    }
}

static void a_body_past_the_ceiling_is_refused(void **state)
{
    zw_alert_note note = note_of(*state);
    zw_buf out;
    zw_buf_init(&out, 200);
    assert_int_equal(zw_message_webhook("duty_office", EACH, &note, 1, &out, NULL), ZW_NOMEM);
    zw_buf_fini(&out);
}

static void without_memory_a_message_says_so_and_leaks_nothing(void **state)
{
    zw_alert_note notes[] = {note_of(*state), note_of(*state)};
    notes[1].is_synthetic = true;
    json_set_alloc_funcs(malloc, free); /* so that jansson's are refused too */
    bool is_done = false;
    for (long n = 0; !is_done; n++) {
        zw_buf out;
        zw_buf_init(&out, CEILING);
        failing_alloc_after(n);
        zw_status status = zw_message_webhook("duty_office", EACH, notes, 2, &out, NULL);
        is_done = !failing_alloc_stop();
        assert_int_equal(status, is_done ? ZW_OK : ZW_NOMEM);
        zw_buf_fini(&out);
    }
    is_done = false;
    for (long n = 0; !is_done; n++) {
        zw_buf out;
        zw_buf_init(&out, CEILING);
        failing_alloc_after(n);
        zw_message_line(&notes[1], "zh", &out);
        is_done = !failing_alloc_stop();
        assert_int_equal(out.has_failed, !is_done);
        zw_buf_fini(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(placeholders_show_facts),
        cmocka_unit_test(without_facts_a_text_stays_as_it_is),
        cmocka_unit_test(a_webhook_gets_alertmanagers_body),
        cmocka_unit_test(a_resolved_alert_says_when_it_ended),
        cmocka_unit_test(an_alert_of_an_item_names_it),
        cmocka_unit_test(several_alerts_share_what_they_share),
        cmocka_unit_test(the_fingerprint_is_the_labels_and_nothing_else),
        cmocka_unit_test(summaries_stand_in_for_each_other_and_say_synthetic),
        cmocka_unit_test(naughty_texts_leave_as_good_ones),
        cmocka_unit_test(a_group_is_named_by_the_labels_it_is_made_of),
        cmocka_unit_test(names_cannot_break_out_of_the_group_key),
        cmocka_unit_test(the_log_gets_one_line),
        cmocka_unit_test(a_body_past_the_ceiling_is_refused),
        cmocka_unit_test(without_memory_a_message_says_so_and_leaks_nothing),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
