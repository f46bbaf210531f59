/* What was told and what was not, as it is read over HTTP. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine_world.h"
#include "word_world.h"

#define PATH "/api/v1/notifications"

static void mail_done(struct booth *booth, int64_t id, const char *why)
{
    zw_err err = {ZW_OK, ""};
    assert_int_equal(zw_engine_mail_done(booth->house.engine, id, why, &err), ZW_OK);
}

/* Messages 1 and 2 (a log and a webhook) of the north's first alert; the south is silent. */
static void open_told(struct booth *booth)
{
    booth_open(booth, late_and_poor, "2022-02-05");
    booth_expect(booth, "POST", "/api/v1/silences",
                 "{\"area\":\"south\",\"for\":\"60d\",\"author\":\"bo\",\"reason\":\"x\"}", 200,
                 "data.id", "1");
    house_day(&booth->house, "2022-02-06", "money,north,2022-01,8\nmoney,south,2022-01,3\n");
    mail_done(booth, 1, NULL);
    mail_done(booth, 2, "answered 500: no");
}

static void messages_say_what_of_and_how_it_went(void **state)
{
    static const struct {
        const char *path, *text;
    } rows[] = {{"data.messages.0.id", "2"},
                {"data.messages.0.notify", "north_only"},
                {"data.messages.0.receiver", "2"},
                {"data.messages.0.kind", "webhook"},
                {"data.messages.0.made_at", "2022-02-06T00:00:00+00:00"},
                {"data.messages.0.delivered_at", "null"},
                {"data.messages.0.failures", "1"},
                {"data.messages.0.last_error", "answered 500: no"},
                {"data.messages.0.alerts.0.alert", "poor"},
                {"data.messages.0.alerts.0.area", "north"},
                {"data.messages.0.alerts.0.state", "firing"},
                {"data.messages.0.alerts.0.severity", "info"},
                {"data.messages.0.alerts.0.starts_at", "2022-02-06T00:00:00+00:00"},
                {"data.messages.0.alerts.0.ends_at", "null"},
                {"data.messages.1.kind", "log"},
                {"data.messages.1.delivered_at", "2022-02-06T00:00:00+00:00"},
                {"data.messages.1.next_at", "null"},
                {"data.messages.1.last_error", "null"},
                {"data.suppressions.0.notify", "loud"},
                {"data.suppressions.0.alert", "poor"},
                {"data.suppressions.0.area", "south"},
                {"data.suppressions.0.severity", "critical"},
                {"data.suppressions.0.cause", "silence 1"},
                {"data.suppressions.0.from", "2022-02-06T00:00:00+00:00"},
                {"data.suppressions.0.ended_at", "null"},
                {"data.suppressions.0.message", "null"}};
    (void)state;
    struct booth booth;
    open_told(&booth);
    json_t *json = booth_send(&booth, "GET", PATH, "", 200);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (strcmp(json_at(json, rows[i].path), rows[i].text) != 0) {
            char *all = json_dumps(json, JSON_INDENT(1));
            fail_msg("%s: '%s', expected '%s' in %s", rows[i].path, json_at(json, rows[i].path),
                     rows[i].text, all);
        }
    }
    assert_int_equal(json_array_size(json_object_get(json_object_get(json, "data"), "messages")),
                     2);
    json_decref(json);
    booth_close(&booth);
}

static void they_are_narrowed_by_what_is_asked(void **state)
{
    static const struct {
        const char *why, *query;
        size_t messages, suppressions;
    } rows[] = {
        {"all", "", 4, 2},
        {"of an alert", "?alert=poor", 2, 2},
        {"of the other", "?alert=late", 2, 0},
        {"of an area", "?area=north", 4, 0},
        {"of the other", "?area=south", 0, 2},
        {"of all inside one", "?area=land", 4, 2},
        {"to one", "?notify=loud", 0, 2},
        {"one", "?limit=1", 1, 1},
        {"a day", "?from=2022-02-06&to=2022-02-06", 2, 1},
        {"since then", "?from=2022-02-07", 2, 2},
        {"of what is not there", "?alert=never", 0, 0},
    };
    (void)state;
    struct booth booth;
    open_told(&booth);
    house_day(&booth.house, "2022-03-12", NULL); /* both owe February: it mutes what is poor */
    house_day(&booth.house, "2022-04-08", NULL); /* the silence is over */
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char target[128];
        (void)snprintf(target, sizeof(target), PATH "%s", rows[i].query);
        json_t *json = booth_send(&booth, "GET", target, "", 200);
        const json_t *data = json_object_get(json, "data");
        size_t messages = json_array_size(json_object_get(data, "messages"));
        size_t suppressions = json_array_size(json_object_get(data, "suppressions"));
        if (messages != rows[i].messages || suppressions != rows[i].suppressions) {
            fail_msg("%s %s: %zu %zu %s", rows[i].why, rows[i].query, messages, suppressions,
                     exchange_body(&booth.x));
        }
        json_decref(json);
    }
    booth_close(&booth);
}

static void what_is_not_asked_so_is_refused(void **state)
{
    static const struct {
        const char *query, *error;
    } rows[] = {
        {"?alrt=poor", "no parameter 'alrt'; did you mean 'alert'?"},
        {"?area=nort", "no area 'nort'; did you mean 'north'?"},
        {"?limit=0", "limit"},
        {"?from=soon", "from: "},
    };
    (void)state;
    struct booth booth;
    booth_open(&booth, late_and_poor, "2022-02-05");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char target[128];
        (void)snprintf(target, sizeof(target), PATH "%s", rows[i].query);
        booth_expect(&booth, "GET", target, "", 400, "error", rows[i].error);
    }
    booth_close(&booth);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages_say_what_of_and_how_it_went),
        cmocka_unit_test(they_are_narrowed_by_what_is_asked),
        cmocka_unit_test(what_is_not_asked_so_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
