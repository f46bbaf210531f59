/* Tests of problems. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "script_rows.h"

static const struct pack_row rows_of_problems_say_where_and_are_told_once[] = {
    {"the column of a word", "local x = reveneu",
     "p:2:11: 'reveneu' is not declared; did you mean 'revenue'?"},
    {"the column of a field", "measure \"m\" { kind = \"flw\", unit = \"a\", every = \"day\" }",
     "p:2:15: measure \"m\": kind takes one of \"flow\", \"ytd\", \"stock\", "
     "\"rate\", \"gauge\", \"counter\", got \"flw\"; did you mean 'flow'?"},
    {"the line alone, when a word stands there twice", "local x = sales:yoyo() + firms:yoyo()",
     "p:2: measure \"sales\" has no operation 'yoyo'; did you mean ':yoy'?\n"
     "p:2: measure \"firms\" has no operation 'yoyo'; did you mean ':yoy'?"},
    {"only once", "for i = 1, 5 do local x = sales:yoyo() end",
     "p:2:33: measure \"sales\" has no operation 'yoyo'; did you mean ':yoy'?"},
    {"Lua errors too", "local t = {} local x = t.a.b",
     "p:2: attempt to index a nil value (field 'a')"},
    {"several in a line, in order", "local a = salse local b = sales:yoyo() rule \"r\" { mst = 3 }",
     "p:2:11: 'salse' is not declared; did you mean 'sales'?\n"
     "p:2:33: measure \"sales\" has no operation 'yoyo'; did you mean ':yoy'?\n"
     "p:2:51: rule \"r\" has no field 'mst'; did you mean 'must'?"},
    {"characters, not bytes, are counted", "local s = \"广州\" local x = reveneu",
     "p:2:26: 'reveneu' is not declared; did you mean 'revenue'?"},
};

static void problems_say_where_and_are_told_once(void **state)
{
    (void)state;
    check_pack_rows(PACK_HEAD, rows_of_problems_say_where_and_are_told_once,
                    COUNT_OF(rows_of_problems_say_where_and_are_told_once));
}

static void too_many_mistakes_end_the_loading(void **state)
{
    (void)state;
    struct loaded loaded =
        load_text(PACK_HEAD "for i = 1, 1e6 do local x = gz['a' .. i] end\nlocal y = salse", NULL);
    bool is_said = false;
    for (size_t i = 0; i < loaded.pack->problem_count; i++) {
        is_said =
            is_said || strstr(loaded.pack->problems[i].text, "more than 500 mistakes") != NULL;
    }
    assert_true(is_said);
    assert_true(loaded.pack->problem_count <= 502);
    unload(&loaded);
}

static const struct formula_row rows_of_later_mistakes_are_raised[] = {
    {"in an expression", "sales:yoyo()",
     "! measure \"sales\" has no operation 'yoyo'; did you mean ':yoy'?"},
    {"a name", "reveneu", "! 'reveneu' is not declared; did you mean 'revenue'?"},
};

static void later_mistakes_are_raised(void **state)
{
    (void)state;
    check_formula_rows(PACK_HEAD, rows_of_later_mistakes_are_raised,
                       COUNT_OF(rows_of_later_mistakes_are_raised));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(problems_say_where_and_are_told_once),
        cmocka_unit_test(too_many_mistakes_end_the_loading),
        cmocka_unit_test(later_mistakes_are_raised),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
