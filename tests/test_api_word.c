/* What an operator says over HTTP: silences and acknowledgements, refused, taken, listed. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine_world.h"
#include "word_world.h"

#define SILENCES "/api/v1/silences"
#define ACK "/api/v1/alerts/ack"

static void what_is_wrong_with_a_word_is_named(void **state)
{
    static const struct {
        const char *why, *method, *target, *body;
        int status;
        const char *error;
    } rows[] = {
        {"a field nobody knows", "POST", SILENCES, "{\"alerts\":\"poor\"}", 400,
         "no field 'alerts'; did you mean 'alert'?"},
        {"an alert nobody knows", "POST", SILENCES,
         "{\"alert\":\"por\",\"for\":\"1h\",\"author\":\"bo\",\"reason\":\"x\"}", 400,
         "no alert 'por'; did you mean 'poor'?"},
        {"an area nobody knows", "POST", SILENCES,
         "{\"area\":\"nort\",\"for\":\"1h\",\"author\":\"bo\",\"reason\":\"x\"}", 400,
         "no area 'nort'; did you mean 'north'?"},
        {"a severity nobody knows", "POST", SILENCES,
         "{\"severity\":\"loud\",\"for\":\"1h\",\"author\":\"bo\",\"reason\":\"x\"}", 400,
         "no severity 'loud': there are info, warning and critical"},
        {"an item nobody knows", "POST", SILENCES,
         "{\"item\":\"a\",\"for\":\"1h\",\"author\":\"bo\",\"reason\":\"x\"}", 400, "no item 'a'"},
        {"of nothing", "POST", SILENCES, "{\"for\":\"1h\",\"author\":\"bo\",\"reason\":\"x\"}", 400,
         "say what is silent: alert, area, severity or item"},
        {"by nobody", "POST", SILENCES, "{\"area\":\"north\",\"for\":\"1h\",\"reason\":\"x\"}", 400,
         "author and reason must be said"},
        {"for nothing", "POST", SILENCES,
         "{\"area\":\"north\",\"for\":\"1h\",\"author\":\"bo\",\"reason\":\"\"}", 400,
         "author and reason must be said"},
        {"without an end", "POST", SILENCES,
         "{\"area\":\"north\",\"author\":\"bo\",\"reason\":\"x\"}", 400, "say when it ends"},
        {"with two", "POST", SILENCES,
         "{\"area\":\"north\",\"for\":\"1h\",\"end\":\"2022-03\",\"author\":\"bo\",\"reason\":"
         "\"x\"}",
         400, "an end and a length"},
        {"a length that is none", "POST", SILENCES,
         "{\"area\":\"north\",\"for\":\"long\",\"author\":\"bo\",\"reason\":\"x\"}", 400,
         "no length of time (\"2h\", \"3d\"): \"long\""},
        {"a moment that is none", "POST", SILENCES,
         "{\"area\":\"north\",\"end\":\"soon\",\"author\":\"bo\",\"reason\":\"x\"}", 400, "end: "},
        {"hours that are none", "POST", SILENCES,
         "{\"area\":\"north\",\"hours\":\"nightly\",\"author\":\"bo\",\"reason\":\"x\"}", 400,
         "hours: no days of the week"},
        {"backward", "POST", SILENCES,
         "{\"area\":\"north\",\"start\":\"2022-04\",\"end\":\"2022-03\",\"author\":\"bo\","
         "\"reason\":\"x\"}",
         400, "it ends before it starts"},
        {"of the past", "POST", SILENCES,
         "{\"area\":\"north\",\"start\":\"2021-01\",\"end\":\"2021-02\",\"author\":\"bo\","
         "\"reason\":\"x\"}",
         400, "it ends before now"},
        {"no text", "POST", SILENCES, "{\"area\":7}", 400, "field 'area' is no text"},
        {"no JSON", "POST", SILENCES, "{", 400, "the body is no JSON"},
        {"a parameter", "POST", SILENCES "?area=north", "{}", 400, "no parameter 'area'"},
        {"a parameter", "GET", SILENCES "?area=north", "", 400, "no parameter 'area'"},
        {"ending what is not there", "DELETE", SILENCES "/7", "", 404, "there is no silence 7"},
        {"ending nothing", "DELETE", SILENCES "/0", "", 404, "no such path"},
        {"ending all", "DELETE", SILENCES, "", 405, "/api/v1/silences answers GET and POST only"},
        {"reading one", "GET", SILENCES "/7", "", 405, "/api/v1/silences/7 answers DELETE only"},
        {"a parameter nobody knows", "DELETE", SILENCES "/7?by=bo", "", 400, "no parameter 'by'"},
        {"an acknowledgement of nothing", "POST", ACK, "{\"author\":\"bo\"}", 400,
         "alert and author must be said"},
        {"by nobody", "POST", ACK, "{\"alert\":\"poor\",\"area\":\"north\"}", 400,
         "alert and author must be said"},
        {"of an alert nobody knows", "POST", ACK,
         "{\"alert\":\"por\",\"area\":\"north\",\"author\":\"bo\"}", 400,
         "no alert 'por'; did you mean 'poor'?"},
        {"at an area nobody knows", "POST", ACK,
         "{\"alert\":\"poor\",\"area\":\"nort\",\"author\":\"bo\"}", 400,
         "no area 'nort'; did you mean 'north'?"},
        {"of what does not fire", "POST", ACK,
         "{\"alert\":\"poor\",\"area\":\"south\",\"author\":\"bo\"}", 404,
         "poor does not fire there"},
        {"of another period", "POST", ACK,
         "{\"alert\":\"late\",\"area\":\"south\",\"period\":\"2020-01\",\"author\":\"bo\"}", 404,
         "late does not fire there"},
        {"reading what is for writing", "GET", ACK, "", 405, "answers POST only"},
    };
    (void)state;
    struct booth booth;
    booth_open(&booth, late_and_poor, "2022-02-05");
    house_day(&booth.house, "2022-02-05", "money,north,2022-01,8\nmoney,south,2022-01,80\n");
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        print_message("  %s\n", rows[i].why);
        booth_expect(&booth, rows[i].method, rows[i].target, rows[i].body, rows[i].status, "error",
                     rows[i].error);
    }
    assert_int_equal(exchange_send(&booth.x, "POST", SILENCES, "text/csv", "area"), 415);
    booth_expect(&booth, "GET", SILENCES, "", 200, "data", "[]");
    booth_close(&booth);
}

static void silences_are_taken_listed_and_ended(void **state)
{
    (void)state;
    struct booth booth;
    booth_open(&booth, late_and_poor, "2022-02-05");
    house_day(&booth.house, "2022-02-05", "money,north,2022-01,8\nmoney,south,2022-01,80\n");
    assert_int_equal(exchange_send(&booth.x, "POST", SILENCES, "application/x-www-form-urlencoded",
                                   "area=north&alert=poor&severity=info&for=2h&author=bo&reason="
                                   "a+b"),
                     200);
    json_t *json = exchange_json(&booth.x);
    static const struct {
        const char *path, *text;
    } rows[] = {{"data.id", "1"},
                {"data.alert", "poor"},
                {"data.area", "north"},
                {"data.severity", "info"},
                {"data.item", "null"},
                {"data.start", "2022-02-05T00:00:00+00:00"},
                {"data.end", "2022-02-05T02:00:00+00:00"},
                {"data.hours", "null"},
                {"data.author", "bo"},
                {"data.reason", "a b"},
                {"data.ended_at", "null"},
                {"data.state", "active"}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_string_equal(json_at(json, rows[i].path), rows[i].text);
    }
    json_decref(json);
    booth_expect(&booth, "GET", "/api/v1/alerts", "", 200, "data.alerts.0.silence", "1");
    booth_expect(&booth, "POST", SILENCES,
                 "{\"area\":\"land\",\"start\":\"2022-02-06\",\"hours\":\"mon-fri 18:00-24:00; "
                 "00:00-08:00\",\"author\":\"bo\",\"reason\":\"nights\"}",
                 200, "data.state", "pending");
    booth_expect(&booth, "GET", SILENCES, "", 200, "data.0.reason", "nights");
    booth_expect(&booth, "GET", SILENCES, "", 200, "data.0.end", "null");
    booth.house.now_ms += 3600000;
    booth_expect(&booth, "DELETE", SILENCES "/1?author=al", "", 200, "data.ended_by", "al");
    booth_expect(&booth, "GET", SILENCES, "", 200, "data.1.ended_at", "2022-02-05T01:00:00+00:00");
    booth_expect(&booth, "GET", SILENCES, "", 200, "data.1.state", "over");
    booth_expect(&booth, "DELETE", SILENCES "/1", "", 422, "error", "silence 1 is over");
    booth_close(&booth);
}

static void expect_unseen(struct booth *booth, const char *target)
{
    json_t *json = booth_send(booth, "GET", target, "", 200);
    assert_string_equal(json_at(json, "data.alerts.0.labels.alertname"), "poor");
    assert_string_equal(json_at(json, "data.alerts.0.acknowledged"), "");
    json_decref(json);
}

static void acknowledgements_are_shown_with_the_alert_and_in_history(void **state)
{
    (void)state;
    struct booth booth;
    booth_open(&booth, late_and_poor, "2022-02-05");
    house_day(&booth.house, "2022-02-05", "money,north,2022-01,8\nmoney,south,2022-01,80\n");
    booth.house.now_ms += 3600000;
    booth_expect(&booth, "POST", ACK,
                 "{\"alert\":\"poor\",\"area\":\"north\",\"author\":\"bo\",\"note\":\"looking\"}",
                 200, "data.0.severity", "info");
    booth_expect(&booth, "GET", "/api/v1/alerts", "", 200, "data.alerts.0.acknowledged.note",
                 "looking");
    booth_expect(&booth, "GET", "/api/v1/alerts/history?alert=poor", "", 200, "data.1.state",
                 "acknowledged");
    booth_expect(&booth, "GET", "/api/v1/alerts/history?alert=poor", "", 200,
                 "data.1.evidence.author", "bo");
    booth_expect(&booth, "GET", "/api/v1/alerts/history?area=south", "", 200, "data", "[]");
    booth_expect(&booth, "GET", "/api/v1/alerts/history?alert=late", "", 200, "data", "[]");
    expect_unseen(&booth, "/api/v1/alerts?as_of=2022-02-05T00:30Z"); /* nobody had by then */
    house_day(&booth.house, "2022-03-05", "money,north,2022-02,3\nmoney,south,2022-02,80\n");
    expect_unseen(&booth, "/api/v1/alerts"); /* it is critical now */
    booth_expect(&booth, "GET", "/api/v1/alerts/history?alert=poor", "", 200, "data.2.state",
                 "critical");
    house_day(&booth.house, "2022-04-20", NULL); /* two are late, each of a period */
    booth_expect(&booth, "POST", ACK,
                 "{\"alert\":\"late\",\"area\":\"north\",\"period\":\"2022-03\",\"author\":\"bo\"}",
                 200, "data.0.period", "2022-03");
    booth_close(&booth);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_wrong_with_a_word_is_named),
        cmocka_unit_test(silences_are_taken_listed_and_ended),
        cmocka_unit_test(acknowledgements_are_shown_with_the_alert_and_in_history),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
