/* Tests of the noun test. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "script_rows.h"

#define CALLS                                                                                      \
    "local calls = register \"calls\" { fields = { \"topic\", paid = \"CNY\", due_on = \"date\" "  \
    "}, "                                                                                          \
    "states = { \"posted\", \"done\" } }\n"
#define GIVEN(rows) CALLS "test \"x\" { given = { [calls] = " rows " }, expect = {} }"
#define TOLD "p:3:12: test \"x\": given: "

static const struct pack_row rows_of_mistakes_in_given_items_are_told[] = {
    {"rows of an area",
     GIVEN("{ [yz] = { { item = \"a\", at = \"2024-03-01\", state = \"posted\", topic = \"t\", "
           "paid = 3, "
           "due_on = \"2024-06-30\", known_at = \"2024-03-02\" }, { item = \"a\", at = "
           "\"2024-04-01T10:00\", state = \"left\" }, { at = \"2024-05-01\" } } }"),
     ""},
    {"rows of the only zone", GIVEN("{ { item = \"a\", at = \"2024-03-01\" } }"), ""},
    {"by its name", CALLS "test \"x\" { given = { calls = { } }, expect = {} }", ""},
    {"a list, not a row", GIVEN("{ [yz] = { item = \"a\", at = \"2024-03-01\" } }"),
     "p:3:12: test \"x\": given takes a list of rows { item = …, at = … } for each area, got a "
     "table"},
    {"a row is a table", GIVEN("{ \"a\" }"),
     "p:3:12: test \"x\": given takes rows { item = …, at = … }, got a text"},
    {"no area", GIVEN("{ yuzo = { } }"),
     TOLD "\"yuzo\" is neither a period nor an area; did you mean 'yuzhu'?"},
    {"no moment", GIVEN("{ { item = \"a\" } }"),
     TOLD "a row needs at = the day from which it holds"},
    {"no day", GIVEN("{ { item = \"a\", at = \"soon\" } }"), TOLD "at takes a day or a moment"},
    {"no such state", GIVEN("{ { item = \"a\", at = \"2024-03-01\", state = \"postd\" } }"),
     TOLD "register \"calls\" has no state 'postd'; did you mean 'posted'?"},
    {"no such field", GIVEN("{ { item = \"a\", at = \"2024-03-01\", topc = \"t\" } }"),
     TOLD "register \"calls\" has no field 'topc'; did you mean 'topic'?"},
    {"a number is a number", GIVEN("{ { item = \"a\", at = \"2024-03-01\", paid = \"3\" } }"),
     TOLD "paid takes a number in its unit, got a text"},
    {"a date is a day", GIVEN("{ { item = \"a\", at = \"2024-03-01\", due_on = \"2024-02-30\" } }"),
     TOLD "due_on takes a day as a text, got a text"},
    {"a text is a text", GIVEN("{ { item = \"a\", at = \"2024-03-01\", topic = 3 } }"),
     TOLD "topic takes a text, got a number"},
    {"no change has no state", GIVEN("{ { at = \"2024-03-01\", state = \"done\" } }"),
     TOLD "a row without item says \"no change\": it has no state and no fields"},
    {"a register itself has no value",
     CALLS "test \"x\" { given = {}, expect = { [calls] = { [2024] = 1 } } }",
     "p:3:24: test \"x\": expect takes an expression, got register \"calls\": use its :count(), "
     ":sum "
     "\"field\" …"},
};

static void mistakes_in_given_items_are_told(void **state)
{
    (void)state;
    check_pack_rows(PACK_HEAD, rows_of_mistakes_in_given_items_are_told,
                    COUNT_OF(rows_of_mistakes_in_given_items_are_told));
}

static void given_items_are_kept_as_they_were_written(void **state)
{
    (void)state;
    struct loaded loaded = load_right(PACK_HEAD GIVEN(
        "{ [pz] = { { item = \"a\", at = \"2024-03-01\", state = \"posted\", paid = 2.5 }, { at = "
        "\"2024-04-01\", known_at = \"2024-05-01\" } } }"));
    const zw_test *test = &loaded.pack->tests[0];
    assert_int_equal(test->given_count, 0);
    assert_int_equal(test->item_count, 2);
    assert_string_equal(test->items[0].item, "a");
    assert_string_equal(test->items[0].state, "posted");
    assert_string_equal(loaded.pack->areas[test->items[0].area].title.name, "pazhou");
    assert_int_equal(test->items[0].field_count, 1);
    assert_string_equal(test->items[0].fields[0].name, "paid");
    assert_string_equal(test->items[0].fields[0].text, "2.5");
    assert_false(test->items[0].has_known_at);
    assert_string_equal(test->items[1].item, "");
    assert_true(test->items[1].has_known_at);
    unload(&loaded);
}

static const struct pack_row rows_of_mistakes_in_what_is_given_are_told[] = {
    {"no measure", "test \"x\" { given = { [gz] = {} }, expect = { sales = { [2020] = 1 } } }",
     "p:2:12: test \"x\": given takes measures and registers, got zone \"gz\""},
    {"a misspelt measure",
     "test \"x\" { given = { salse = { [2020] = 1 } }, expect = { sales = { [2020] "
     "= 1 } } }",
     "p:2:12: test \"x\": given: \"salse\" is no measure and no register; did you mean 'sales'?"},
    {"no table", "test \"x\" { given = { [sales] = 5 }, expect = { sales = { [2020] = 1 } } }",
     "p:2:12: test \"x\": given takes { [period] = … } for each name, got a number"},
    {"no figure",
     "test \"x\" { given = { [sales] = { [2020] = \"x\" } }, expect = { sales = { "
     "[2020] = 1 } } }",
     "p:2:12: test \"x\": given takes a number, { number, known_at = … } or a "
     "list of such, got a text"},
    {"no period and no area",
     "test \"x\" { given = { [sales] = { yuzo = { [2020] = 1 } } }, expect = { "
     "sales = { [2020] = 1 } } }",
     "p:2:12: test \"x\": given: \"yuzo\" is neither a period nor an area; did you "
     "mean 'yuzhu'?"},
    {"an area inside an area",
     "test \"x\" { given = { [sales] = { [yz] = { [pz] = 1 } } }, expect = { sales "
     "= { [2020] = 1 } } }",
     "p:2:12: test \"x\": given takes periods inside an area, got area \"pazhou\""},
    {"no table for the area",
     "test \"x\" { given = { [sales] = { [yz] = 3 } }, expect = { sales = { [2020] "
     "= 1 } } }",
     "p:2:12: test \"x\": given takes { [period] = … } for each area, got a number"},
    {"a key that is neither",
     "test \"x\" { given = { [sales] = { [true] = 3 } }, expect = { sales = { "
     "[2020] = 1 } } }",
     "p:2:12: test \"x\": given takes areas or periods as keys, got true"},
    {"no value",
     "test \"x\" { given = { [sales] = { [2020] = { known_at = 2021 } } }, expect = "
     "{ sales = { [2020] = 1 } } }",
     "p:2:12: test \"x\": given: a figure needs a value"},
    {"a withdrawn value",
     "test \"x\" { given = { [sales] = { [2020] = { 5, status = \"M\" } } }, expect "
     "= { sales = { [2020] = 1 } } }",
     "p:2:12: test \"x\": given: a figure with status \"M\" is withdrawn: it has no "
     "value"},
    {"a misspelt field",
     "test \"x\" { given = { [sales] = { [2020] = { 5, knwon_at = 2021 } } }, "
     "expect = { sales = { [2020] = 1 } } }",
     "p:2:12: test \"x\": given: a figure has no field 'knwon_at'; did you mean "
     "'known_at'?"},
    {"no status",
     "test \"x\" { given = { [sales] = { [2020] = { 5, status = \"X\" } } }, expect "
     "= { sales = { [2020] = 1 } } }",
     "p:2:12: test \"x\": given: status takes \"A\", \"P\", \"E\", \"F\" or \"M\""},
    {"no moment",
     "test \"x\" { given = { [sales] = { [2020] = { 5, known_at = \"soon\" } } }, "
     "expect = { sales = { [2020] = 1 } } }",
     "p:2:12: test \"x\": given: known_at takes a day or a moment"},
    {"no such dimension",
     "test \"x\" { given = { [revenue] = { [2020] = { 5, by = { industri = \"x\" } "
     "} } }, expect = { sales = { [2020] = 1 } } }",
     "p:2:12: test \"x\": given: by takes the dimensions of \"revenue\" with texts"},
    {"dimensions are a table",
     "test \"x\" { given = { [revenue] = { [2020] = { 5, by = \"x\" } } }, expect = "
     "{ sales = { [2020] = 1 } } }",
     "p:2:12: test \"x\": given takes by = { dimension = \"value\" }, got a text"},
    {"a list with other keys",
     "test \"x\" { given = { [revenue] = { [2020] = { { 5 }, x = 3 } } }, expect = "
     "{ sales = { [2020] = 1 } } }",
     "p:2:12: test \"x\": given takes a list of { value, known_at = … }"},
    {"both are needed", "test \"x\" { }",
     "p:2:1: test \"x\": given is needed\n"
     "p:2:1: test \"x\": expect is needed"},
    {"several zones",
     "zone \"z\" { timezone = \"UTC\" } test \"x\" { given = { [sales] = { [2020] = "
     "3 } }, expect = { sales = { [2020] = 1 } } }",
     "p:2:42: test \"x\": there are several zones: say which one, [zone] = { "
     "[period] = … }\n"
     "p:2:80: test \"x\": there are several zones: say which one, [zone] = { "
     "[period] = … }"},
};

static void mistakes_in_what_is_given_are_told(void **state)
{
    (void)state;
    check_pack_rows(PACK_HEAD, rows_of_mistakes_in_what_is_given_are_told,
                    COUNT_OF(rows_of_mistakes_in_what_is_given_are_told));
}

static const struct pack_row rows_of_mistakes_in_what_is_expected_are_told[] = {
    {"nothing of that name",
     "test \"x\" { given = { [sales] = { [\"2020-01\"] = 1 } }, expect = { salse = "
     "{ [2020] = 1 } } }",
     "p:2:55: test \"x\": expect: nothing is declared as \"salse\" that has a "
     "value; did you mean 'sales'?"},
    {"an area has no value",
     "test \"x\" { given = { [sales] = { [\"2020-01\"] = 1 } }, expect = { gz = { "
     "[2020] = 1 } } }",
     "p:2:55: test \"x\": expect: nothing is declared as \"gz\" that has a value"},
    {"an area handle has none",
     "test \"x\" { given = { [sales] = { [\"2020-01\"] = 1 } }, expect = { [gz] = { "
     "[2020] = 1 } } }",
     "p:2:55: test \"x\": expect takes an expression, got zone \"gz\""},
    {"a truth of a number",
     "test \"x\" { given = { [sales] = { [\"2020-01\"] = 1 } }, expect = { [sales] "
     "= { [2020] = true } } }",
     "p:2:55: test \"x\": expect takes a number, near(v, tol) or missing, got true"},
    {"a number of a truth",
     "test \"x\" { given = { [sales] = { [\"2020-01\"] = 1 } }, expect = { "
     "[sales:over(3)] = { [2020] = 1 } } }",
     "p:2:55: test \"x\": expect takes true, false or unknown, got a number"},
    {"a text of a number",
     "test \"x\" { given = { [sales] = { [\"2020-01\"] = 1 } }, expect = { [sales] "
     "= { [2020] = \"ok\" } } }",
     "p:2:55: test \"x\": expect takes a number, near(v, tol) or missing, got a text"},
    {"no table",
     "test \"x\" { given = { [sales] = { [\"2020-01\"] = 1 } }, expect = { [sales] "
     "= 3 } }",
     "p:2:55: test \"x\": expect takes { [period] = … } for each name, got a "
     "number"},
    {"no state",
     "alert 'a' { warning = sales:over(3) } test \"x\" { given = { [sales] = { "
     "[\"2020-01\"] = 1 } }, expect = { a = { [2020] = 'firing' } } }",
     "p:2:93: test \"x\": expect takes of an alert \"ok\", \"pending\", "
     "\"unknown\", \"info\", \"warning\" or \"critical\", got \"firing\""},
    {"a truth of an alert",
     "alert 'a' { warning = sales:over(3) } test \"x\" { given = { [sales] = { "
     "[\"2020-01\"] = 1 } }, expect = { a = { [2020] = true } } }",
     "p:2:93: test \"x\": expect takes of an alert \"ok\", \"pending\", "
     "\"unknown\", \"info\", \"warning\" or \"critical\", got true"},
    {"no verdict",
     "target 't' { sales:year(), over = { [2022] = 1 } } test \"x\" { given = { "
     "[sales] = { [\"2020-01\"] = 1 } }, expect = { t = { [2022] = 'met' } } }",
     "p:2:106: test \"x\": expect takes of a target a verdict (\"met_final\" …), "
     "got \"met\""},
    {"a number of a target",
     "target 't' { sales:year(), over = { [2022] = 1 } } test \"x\" { given = { "
     "[sales] = { [\"2020-01\"] = 1 } }, expect = { t = { [2022] = 3 } } }",
     "p:2:106: test \"x\": expect takes of a target a verdict (\"met_final\" …), "
     "got a number"},
    {"what was wrong is not told again",
     "measure \"m\" { kind = \"flw\", unit = \"CNY\", every = \"month\" } test "
     "\"x\" { given = { [sales] = { [\"2020-01\"] = 1 } }, expect = { m = { [2020] "
     "= 1 } } }",
     "p:2:15: measure \"m\": kind takes one of \"flow\", \"ytd\", \"stock\", "
     "\"rate\", \"gauge\", \"counter\", got \"flw\"; did you mean 'flow'?"},
    {"a wrong expression neither",
     "test \"x\" { given = { [sales] = { [\"2020-01\"] = 1 } }, expect = { "
     "[sales:yoyo()] = { [2020] = 1 } } }",
     "p:2:73: measure \"sales\" has no operation 'yoyo'; did you mean ':yoy'?"},
    {"a misspelt field", "test \"x\" { given = { [sales] = { [\"2020-01\"] = 1 } }, expct = {  } }",
     "p:2:55: test \"x\" has no field 'expct'; did you mean 'expect'?"},
};

static void mistakes_in_what_is_expected_are_told(void **state)
{
    (void)state;
    check_pack_rows(PACK_HEAD, rows_of_mistakes_in_what_is_expected_are_told,
                    COUNT_OF(rows_of_mistakes_in_what_is_expected_are_told));
}

static void what_is_given_is_flattened(void **state)
{
    (void)state;
    struct loaded loaded = load_right(
        PACK_HEAD
        "test 'Any name at all' { at = '2024-01-31', given = {\n"
        "  [revenue] = { [yz] = { ['2020-02'] = { { 5, status = 'P', known_at = '2020-03-20' "
        "},\n"
        "    { value = 6, scope = '2', by = { size = 'big', industry = 'ai' } }, { status = "
        "'M' } } } },\n"
        "  sales = { ['2020-01'] = 7, pazhou = { ['2020-03'] = 8 } } },\n"
        "  expect = { sales = { [2020] = missing } } }");
    const zw_test *test = &loaded.pack->tests[0];
    assert_string_equal(test->title.name, "Any name at all");
    assert_true(test->has_at);
    assert_int_equal(test->given_count, 5);
    const zw_given *g = test->given; /* names come before handles */
    assert_int_equal(g[0].measure, 1);
    assert_int_equal(g[0].area, 0);
    assert_true(g[0].has_value && g[0].value == 7 && g[0].status == 'A' && !g[0].has_known_at);
    assert_string_equal(g[0].dims, "");
    assert_int_equal(g[1].area, 2);
    assert_int_equal(g[2].measure, 0);
    assert_int_equal(g[2].area, 1);
    assert_int_equal(g[2].period.period, 50 * 12 + 1);
    assert_true(g[2].status == 'P' && g[2].has_known_at);
    assert_string_equal(g[3].dims, "industry=ai\x1fsize=big");
    assert_string_equal(g[3].scope, "2");
    assert_true(g[4].status == 'M' && !g[4].has_value);
    unload(&loaded);
}

static void what_is_expected_is_flattened(void **state)
{
    (void)state;
    struct loaded loaded = load_right(
        PACK_HEAD
        "local t = target 't' { sales:year(), over = { [2022] = 1 } }\n"
        "local r = rule 'r' { must = sales:over(1) }\n"
        "alert 'a' { warning = sales:over(1) }\n"
        "test 'x' { given = {}, expect = { a = { ['2020-01'] = 'ok', ['2020-02'] = unknown "
        "},\n"
        "  [t] = { [2022] = 'met_final' }, [r] = { [yz] = { ['2020-01'] = false } },\n"
        "  [sales] = { ['2020-01'] = near(5, 0.5), ['2020-02'] = 3, ['2020-03'] = missing "
        "},\n"
        "  [sales:over(3)] = { ['2020-01'] = true } } }");
    const zw_test *test = &loaded.pack->tests[0];
    assert_int_equal(test->expect_count, 8);
    const zw_expect *e = test->expect;
    assert_int_equal(e[0].noun, ZW_NOUN_ALERT);
    assert_true(e[0].is == ZW_EXPECT_TEXT);
    assert_string_equal(e[0].text, "ok");
    assert_string_equal(e[1].text, "unknown");
    assert_int_equal(e[2].noun, ZW_NOUN_MEASURE);
    assert_true(e[2].number == 5 && e[2].tolerance == 0.5);
    assert_true(e[3].is == ZW_EXPECT_NUMBER && e[3].number == 3 && e[3].tolerance < 0);
    assert_true(e[4].is == ZW_EXPECT_MISSING);
    assert_int_equal(e[5].noun, ZW_NOUN_TARGET);
    assert_string_equal(e[5].text, "met_final");
    assert_int_equal(e[5].period.period, 52);
    assert_int_equal(e[6].noun, ZW_NOUN_RULE);
    assert_int_equal(e[6].node, loaded.pack->rules[0].must);
    assert_true(e[6].is == ZW_EXPECT_TRUTH && !e[6].truth);
    assert_int_equal(e[6].area, 1);
    assert_int_equal(e[7].noun, ZW_NOUN_NONE);
    assert_true(e[7].is == ZW_EXPECT_TRUTH && e[7].truth);
    unload(&loaded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_in_given_items_are_told),
        cmocka_unit_test(given_items_are_kept_as_they_were_written),
        cmocka_unit_test(mistakes_in_what_is_given_are_told),
        cmocka_unit_test(mistakes_in_what_is_expected_are_told),
        cmocka_unit_test(what_is_given_is_flattened),
        cmocka_unit_test(what_is_expected_is_flattened),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
