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
    {"a body of later", "notify \"n\" { to = webhook(\"http://x\", {}) }",
     "p:2:19: not yet: a body of webhook(…)"},
    {"a receiver of later", "notify \"n\" { to = email \"x\" }", "p:2:19: not yet: email"},
    {"unknown words and fields of later",
     "notify \"n\" { to = log(), at_least = \"bad\", lang = \"fr\", group = {}, "
     "wait = \"1d\", again = \"1d\", hours = \"\" }",
     "p:2:26: notify \"n\": at_least takes one of \"info\", \"warning\", "
     "\"critical\", got \"bad\"\n"
     "p:2:44: notify \"n\": lang takes one of \"en\", \"zh\", got \"fr\"\n"
     "p:2:57: not yet: group of notify \"n\"\n"
     "p:2:69: not yet: wait of notify \"n\"\n"
     "p:2:82: not yet: again of notify \"n\"\n"
     "p:2:96: not yet: hours of notify \"n\""},
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
                  "notify 'm' { to = log() }\n");
    const zw_notify *n = loaded.pack->notifies;
    assert_int_equal(loaded.pack->notify_count, 2);
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
