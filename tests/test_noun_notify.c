/* Tests of the noun notify. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "script_rows.h"

static const struct pack_row rows_of_mistakes_in_a_notify_are_told[] = {
    {"to is needed", "notify \"n\" { }", "p:2:1: notify \"n\": to is needed"},
    {"an address is no receiver", "notify \"n\" { to = \"http://x\" }",
     "p:2:14: notify \"n\": to takes webhook(…), log() or a list of such, got a "
     "text"},
    {"one of the list is none", "notify \"n\" { to = { log(), 5 } }",
     "p:2:14: notify \"n\": to takes webhook(…), log() or a list of such, got a "
     "number"},
    {"an empty list", "notify \"n\" { to = {} }",
     "p:2:14: notify \"n\": to takes webhook(…), log() or a list of such"},
    {"no address", "notify \"n\" { to = webhook \"x\" }",
     "p:2:19: webhook takes an address (\"http://…\") or secret \"NAME\", got a "
     "text"},
    {"a body that is none", "notify \"n\" { to = webhook(\"http://x\", { a = log }) }",
     "p:2:19: webhook: body: a takes texts, numbers, true, false and tables of such, got a "
     "function"},
    {"a receiver of later", "notify \"n\" { to = email \"x\" }", "p:2:19: not yet: email"},
    {"unknown words", "notify \"n\" { to = log(), at_least = \"bad\", lang = \"fr\" }",
     "p:2:26: notify \"n\": at_least takes one of \"info\", \"warning\", "
     "\"critical\", got \"bad\"\n"
     "p:2:44: notify \"n\": lang takes one of \"en\", \"zh\", got \"fr\""},
    {"a severity makes no group: an alert changes it while it fires",
     "notify \"n\" { to = log(), group = { \"area\", \"severity\" } }",
     "p:2:26: notify \"n\": group takes a list of \"alert\", \"area\", \"item\", \"period\", "
     "\"zone\", got "
     "\"severity\""},
    {"a group of what is no text", "notify \"n\" { to = log(), group = { yz } }",
     "p:2:26: notify \"n\": group takes a text or a list of texts, got area \"yuzhu\""},
    {"lengths", "notify \"n\" { to = log(), wait = \"soon\", again = \"0d\" }",
     "p:2:26: notify \"n\": wait takes a length (\"20d\", \"3 months\" …), got \"soon\"\n"
     "p:2:41: notify \"n\": again takes a length that is not nothing"},
    {"hours of no day", "notify \"n\" { to = log(), hours = \"mon-fry 08:30-18:00\" }",
     "p:2:26: notify \"n\": hours: no days of the week (\"mon-fri\", \"mon,sat\"): \"mon-fry\""},
    {"the second of two hours",
     "notify \"n\" { to = log(), hours = { \"mon 08:30-18:00\", \"tue 18:00-08:30\" } }",
     "p:2:26: notify \"n\": hours: \"18:00-08:30\" ends before it begins: over midnight takes two "
     "spans, to 24:00 and from 00:00"},
    {"no hours at all", "notify \"n\" { to = log(), hours = {} }",
     "p:2:26: notify \"n\": hours takes hours (\"mon-fri 08:30-18:00\") or a list of such, got an "
     "empty one"},
    {"handles of other things", "notify \"n\" { to = log(), alerts = yz, areas = sales }",
     "p:2:26: notify \"n\": alerts takes an alert or a list of alerts, got area "
     "\"yuzhu\"\n"
     "p:2:39: notify \"n\": areas takes an area or a list of areas, got measure "
     "\"sales\""},
};

static void mistakes_in_a_notify_are_told(void **state)
{
    (void)state;
    check_pack_rows(PACK_HEAD, rows_of_mistakes_in_a_notify_are_told,
                    COUNT_OF(rows_of_mistakes_in_a_notify_are_told));
}

static void every_field_of_a_notify_is_read(void **state)
{
    (void)state;
    struct loaded loaded = load_right(
        PACK_HEAD "local a = alert 'a' { warning = sales:over(3) }\n"
                  "notify 'n' { to = { webhook(secret 'HOOK'), webhook 'https://x/y', log() }, "
                  "at_least = 'critical', alerts = a, areas = { yz }, lang = 'zh' }\n"
                  "notify 'm' { to = log() }\n"
                  "notify 'o' { to = log(), group = { 'area', 'alert' }, wait = '10m', again = "
                  "'1d', hours = { 'mon-fri 08:30-18:00', 'sat' } }\n"
                  "notify 'q' { to = log(), group = {} }\n"
                  "notify 'r' { to = log(), group = 'zone' }\n");
    const zw_notify *n = loaded.pack->notifies;
    assert_int_equal(loaded.pack->notify_count, 5);
    assert_int_equal(n[0].to_count, 3);
    assert_int_equal(n[0].to[0].kind, ZW_RECEIVER_WEBHOOK);
    assert_string_equal(n[0].to[0].secret, "HOOK");
    assert_null(n[0].to[0].url);
    assert_string_equal(n[0].to[1].url, "https://x/y");
    assert_null(n[0].to[1].secret);
    assert_int_equal(n[0].to[2].kind, ZW_RECEIVER_LOG);
    assert_int_equal(n[0].at_least, ZW_CRITICAL);
    assert_true(n[0].has_alerts && n[0].has_areas);
    assert_int_equal(n[0].areas.at[0], 1);
    assert_string_equal(n[0].lang, "zh");
    assert_int_equal(n[1].at_least, ZW_WARNING);
    assert_string_equal(n[1].lang, "en");
    assert_false(n[1].has_alerts || n[1].has_areas);
    assert_int_equal(n[1].group, ZW_GROUP_EACH);
    assert_int_equal(n[1].wait.ms, 0);
    assert_false(n[1].has_again);
    assert_int_equal(n[1].hours_count, 0);
    assert_int_equal(n[2].group, ZW_GROUP_ALERT | ZW_GROUP_AREA);
    assert_int_equal(n[2].wait.ms, 600000);
    assert_true(n[2].has_again);
    assert_int_equal(n[2].again.days, 1);
    assert_int_equal(n[2].hours_count, 2);
    assert_int_equal(n[2].hours[0].till_min, 1080);
    assert_int_equal(n[2].hours[1].days, 0x20);
    assert_int_equal(n[3].group, 0);
    assert_int_equal(n[4].group, ZW_GROUP_ZONE);
    unload(&loaded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_in_a_notify_are_told),
        cmocka_unit_test(every_field_of_a_notify_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
