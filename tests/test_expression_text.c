/* Tests of expressions as text. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "failing_alloc.h"
#include "script_rows.h"

static const struct formula_row rows_of_declared_names_are_its_names[] = {
    {"a measure", "revenue:year()", "revenue:year()"},
    {"an area", "sales:of(yuzhu)", "sales:of(yuzhu)"},
    {"what Lua can", "math.max(1, 2) * sales", "2 * sales"},
    {"numbers", "2 + 3", "5"},
    {"a comment behind", "sales -- of the month", "sales"},
    {"a misspelt name", "revenu:year()", "! 'revenu' is not declared; did you mean 'revenue'?"},
    {"nothing near", "xyzzy", "! 'xyzzy' is not declared"},
    {"a noun", "measure \"x\" { }", "! measure: declarations belong to loading"},
    {"require", "require \"x\"", "! require belongs to loading"},
    {"what is not offered", "os.time()", "! 'os' is not offered to packs"},
    {"no expression", "\"x\"", "! it takes a number or an expression, got a text"},
    {"nothing", "nil", "! it takes a number or an expression, got nothing"},
    {"an area alone", "gz", "! it takes an expression, got zone \"gz\""},
    {"a table", "gz.areas", "! it takes a number or an expression, got a table"},
    {"a function", "function() return 1 end",
     "! it takes a number or an expression, got a function"},
    {"two", "sales, firms", "! ')' expected near ','"},
    {"a statement", "x = 3", "! ')' expected near '='"},
    {"broken text", "sales +", "! unexpected symbol near ')'"},
    {"empty", "", "! unexpected symbol near ')'"},
    {"assigning through _ENV", "(function() _ENV.x = 1 end)()", "! an expression assigns nothing"},
    {"an endless loop", "(function() while true do end end)()",
     "! this takes more than 1000000 instructions: is there an endless loop?"},
    {"a huge text", "(\"x\"):rep(1e9)", "! a text is longer than 16384 bytes"},
    {"an error of its own", "error(\"no\")", "! no"},
};

static void declared_names_are_its_names(void **state)
{
    (void)state;
    check_formula_rows(PACK_HEAD, rows_of_declared_names_are_its_names,
                       COUNT_OF(rows_of_declared_names_are_its_names));
}

static void declared_things_stand_for_their_expressions(void **state)
{
    (void)state;
    struct loaded loaded =
        load_right(PACK_HEAD "target 't' { sales:year(), over = { [2022] = 1 } }\n"
                             "target 'later' { }\n"
                             "rule 'r' { must = sales:over(1) }\n"
                             "indicator 'i' { sales * 2 }\n"
                             "alert 'a' { warning = sales:over(1) }\n");
    static const struct {
        const char *text, *error;
    } rows[] = {{"t", NULL},
                {"r", NULL},
                {"i", NULL},
                {"t:gap()", NULL},
                {"later", "target \"later\" says no expression"},
                {"a", "it takes an expression, got alert \"a\""}};
    zw_node_id nodes[6];
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        zw_err err = {ZW_OK, ""};
        zw_status status =
            zw_script_expression(loaded.script, zw_text_of(rows[i].text), &nodes[i], &err);
        assert_int_equal(status, rows[i].error == NULL ? ZW_OK : ZW_INVALID);
        if (rows[i].error != NULL) {
            assert_string_equal(err.text, rows[i].error);
            assert_int_equal(nodes[i], ZW_NODE_NONE);
        }
    }
    assert_int_equal(nodes[0], loaded.pack->targets[0].expr);
    assert_int_equal(nodes[1], loaded.pack->rules[0].must);
    assert_int_equal(nodes[2], loaded.pack->indicators[0].node);
    assert_int_equal(nodes[3], loaded.pack->targets[0].gap);
    unload(&loaded);
}

static void a_text_too_long_is_refused(void **state)
{
    (void)state;
    static char text[100000];
    zw_node_id node;
    struct loaded loaded = load_right(PACK_HEAD);
    memset(text, ' ', sizeof text);
    assert_int_equal(zw_script_expression(loaded.script, (zw_text){text, sizeof text}, &node, NULL),
                     ZW_INVALID);
    unload(&loaded);
}

static void every_refused_allocation_is_survived(void **state)
{
    (void)state;
    bool was_refused = true;
    for (long n = 0; was_refused; n++) {
        struct loaded loaded = load_right(PACK_HEAD);
        zw_node_id node, again;
        zw_text text = zw_text_of("(sales / 3):year():over(sales:year():lag(1))");
        failing_alloc_after(n);
        zw_status status = zw_script_expression(loaded.script, text, &node, NULL);
        was_refused = failing_alloc_stop();
        assert_int_equal(status, was_refused ? ZW_NOMEM : ZW_OK);
        assert_int_equal(zw_script_expression(loaded.script, text, &again, NULL), ZW_OK);
        unload(&loaded);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(declared_names_are_its_names),
        cmocka_unit_test(declared_things_stand_for_their_expressions),
        cmocka_unit_test(a_text_too_long_is_refused),
        cmocka_unit_test(every_refused_allocation_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
