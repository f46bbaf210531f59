/* Tests of the noun guard. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "script_rows.h"

static const struct pack_row rows_of_mistakes_in_a_guard_are_told[] = {
    {"on is needed", "guard \"g\" { hold = sales:over(3) }", "p:2:1: guard \"g\": on is needed"},
    {"on what is no measure", "guard \"g\" { on = gz, hold = sales:over(3) }",
     "p:2:13: guard \"g\": on takes a measure, a register, or a list of them, got zone \"gz\""},
    {"one of the list is a text", "guard \"g\" { on = { sales, \"firms\" }, hold = sales:over(3) }",
     "p:2:13: guard \"g\": on takes a measure, a register, or a list of them, got a text"},
    {"an expression is not delivered", "guard \"g\" { on = sales:lag(1), hold = sales:over(3) }",
     "p:2:13: guard \"g\": on takes a measure, a register, or a list of them, got a number"},
    {"nothing to judge", "guard \"g\" { on = {}, hold = sales:over(3) }",
     "p:2:13: guard \"g\": on is an empty list: nothing would be judged"},
    {"nothing to hold by", "guard \"g\" { on = sales }",
     "p:2:1: guard \"g\": one of hold, warn is needed"},
    {"a number is no truth", "guard \"g\" { on = sales, hold = sales }",
     "p:2:25: guard \"g\": hold takes a truth, got a number: add :over(…), :under(…) …"},
    {"it has no each: it looks where the rows are",
     "guard \"g\" { on = sales, hold = sales:over(3), each = yz }",
     "p:2:47: guard \"g\" has no field 'each'"},
    {"what it says is checked", "guard \"g\" { on = sales, hold = sales:over(3), say = '{vlaue}' }",
     "p:2:47: guard \"g\": say: there is no placeholder '{vlaue}'; did you mean 'value'?"},
    {"its name is taken", "guard \"sales\" { on = sales, hold = sales:over(3) }",
     "p:2:1: guard \"sales\" is declared twice: first as a measure at p:1"},
    {"and taken by it",
     "guard \"g\" { on = sales, hold = sales:over(3) } rule \"g\" { must = sales:over(3) }",
     "p:2:48: rule \"g\" is declared twice: first as a guard at p:2"},
};

static void mistakes_in_a_guard_are_told(void **state)
{
    (void)state;
    check_pack_rows(PACK_HEAD, rows_of_mistakes_in_a_guard_are_told,
                    COUNT_OF(rows_of_mistakes_in_a_guard_are_told));
}

static void every_field_of_a_guard_is_read(void **state)
{
    (void)state;
    struct loaded loaded = load_right(
        PACK_HEAD "local g = guard 'g' { on = { sales, firms }, hold = sales:over(5), warn = "
                  "firms:over(3), say = { en = 'so', zh = '如此' }, title = 'G' }\n"
                  "guard 'f' { on = firms, warn = function(at) return at(firms) > 3 end }\n"
                  "area 'late_one' { within = gz }\n"
                  "notify 'n' { to = log(), alerts = { g } }\n"
                  "test 't' { given = { [sales] = { [2022] = nil } }, expect = { [g] = { yuzhu = { "
                  "['2022-01'] = 'ok' } } } }\n");
    const zw_alert *g = loaded.pack->alerts;
    assert_int_equal(loaded.pack->alert_count, 2);
    assert_true(zw_alert_is_guard(&g[0]));
    assert_int_equal(g[0].on.count, 2);
    assert_int_equal(zw_pack_node(loaded.pack, g[0].when[ZW_CRITICAL])->op, ZW_OP_OVER);
    assert_int_equal(zw_pack_node(loaded.pack, g[0].when[ZW_WARNING])->op, ZW_OP_OVER);
    assert_int_equal(zw_pack_node(loaded.pack, g[0].when[ZW_WARNING])->grid.every, ZW_QUARTER);
    assert_int_equal(g[0].when[ZW_INFO], ZW_NODE_NONE);
    assert_string_equal(g[0].say_en, "so");
    assert_string_equal(g[0].say_zh, "如此");
    assert_int_equal(g[0].each.count, 4); /* every area, one declared later too */
    assert_int_equal(g[1].when[ZW_CRITICAL], ZW_NODE_NONE);
    assert_int_equal(zw_pack_node(loaded.pack, g[1].when[ZW_WARNING])->op, ZW_OP_CALL);
    assert_int_equal(loaded.pack->notifies[0].alerts.at[0], 0);
    assert_int_equal(loaded.pack->tests[0].expect[0].noun, ZW_NOUN_ALERT);
    uint32_t index = 9;
    assert_int_equal(zw_pack_find(loaded.pack, zw_text_of("g"), &index), ZW_NOUN_ALERT);
    assert_int_equal(index, 0);
    unload(&loaded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_in_a_guard_are_told),
        cmocka_unit_test(every_field_of_a_guard_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
