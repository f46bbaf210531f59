/* Tests of the noun register. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "script_rows.h"

static const struct pack_row rows_of_mistakes_in_a_register_are_told[] = {
    {"nothing but texts", "register \"r\" { fields = { \"a\", \"b\" } }", ""},
    {"no fields at all", "register \"r\" { fields = { } }", ""},
    {"the needed field", "register \"r\" { states = { \"a\" } }",
     "p:2:1: register \"r\": fields is needed"},
    {"a field that is none of its own", "register \"r\" { fields = { \"a\" }, stats = { \"b\" } }",
     "p:2:34: register \"r\" has no field 'stats'; did you mean 'states'?"},
    {"no table", "register \"r\" { fields = \"a\" }",
     "p:2:16: register \"r\": fields takes { \"text\", paid = \"1e4 CNY\", due_on = \"date\" }, "
     "got "
     "a text"},
    {"a field's kind is a text", "register \"r\" { fields = { a = 3 } }",
     "p:2:16: register \"r\": fields takes { \"text\", paid = \"1e4 CNY\", due_on = \"date\" }, "
     "got "
     "a number"},
    {"no name", "register \"r\" { fields = { \"Typ\" } }",
     "p:2:16: register \"r\": fields: \"Typ\" is no name ([a-z][a-z0-9_]*)"},
    {"a column", "register \"r\" { fields = { \"at\" } }",
     "p:2:16: register \"r\": fields: \"at\" is a column of every delivery"},
    {"a state is no field", "register \"r\" { fields = { state = \"text\" } }",
     "p:2:16: register \"r\": fields: \"state\" is a column of every delivery"},
    {"twice", "register \"r\" { fields = { \"a\", a = \"date\" } }",
     "p:2:16: register \"r\": fields: \"a\" stands there twice"},
    {"no unit", "register \"r\" { fields = { a = \"1e4 1e4\" } }",
     "p:2:16: register \"r\": fields: a: '1e4 1e4' is no unit; expected a word like 'CNY', 'firms' "
     "or 'ug/m3', with a scale before it like '1e4 CNY', or '%' or 'points', \"text\" or \"date\""},
    {"left is no state of its own",
     "register \"r\" { fields = { \"a\" }, states = { \"open\", \"left\" } }",
     "p:2:34: register \"r\": states: \"left\" is no state of its own: it ends an item"},
    {"a state twice", "register \"r\" { fields = { \"a\" }, states = { \"x\", \"x\" } }",
     "p:2:34: register \"r\": states: \"x\" stands there twice"},
    {"done is one of the states",
     "register \"r\" { fields = { \"a\" }, states = { \"posted\", \"awarded\" }, done = \"awardd\" "
     "}",
     "p:2:68: register \"r\": done: \"awardd\" is none of its states; did you mean 'awarded'?"},
    {"done without states", "register \"r\" { fields = { \"a\" }, done = \"x\" }",
     "p:2:34: register \"r\": done: \"x\" is none of its states"},
    {"a deadline is a field",
     "register \"r\" { fields = { due_on = \"date\" }, deadline = \"due_at\" }",
     "p:2:46: register \"r\": deadline: \"due_at\" is none of its fields; did you mean 'due_on'?"},
    {"a deadline is a date", "register \"r\" { fields = { \"due_on\" }, deadline = \"due_on\" }",
     "p:2:39: register \"r\": deadline: the field \"due_on\" is no date (due_on = \"date\")"},
    {"areas", "register \"r\" { fields = { \"a\" }, areas = { sales } }",
     "p:2:34: register \"r\": areas takes an area or a list of areas, got measure \"sales\""},
    {"what reads a mistaken one is not told",
     "local r = register \"r\" { fields = { \"At\" } } indicator \"n\" { r:count() }",
     "p:2:26: register \"r\": fields: \"At\" is no name ([a-z][a-z0-9_]*)"},
    {"it is no number", "local r = register \"r\" { fields = { \"a\" } } indicator \"n\" { r }",
     "p:2:45: indicator \"n\": it takes an expression, got register \"r\": use its :count(), :sum "
     "\"field\" …"},
};

static void mistakes_in_a_register_are_told(void **state)
{
    (void)state;
    check_pack_rows(PACK_HEAD, rows_of_mistakes_in_a_register_are_told,
                    COUNT_OF(rows_of_mistakes_in_a_register_are_told));
}

static void every_field_of_a_register_is_read(void **state)
{
    (void)state;
    struct loaded loaded = load_text(
        PACK_HEAD
        "register \"calls\" { title = \"Open calls\", note = \"n\", "
        "fields = { \"topic\", \"owner\", paid = \"1e4 CNY\", due_on = \"date\", "
        "why = \"text\" }, "
        "states = { \"posted\", \"awarded\", \"in_work\", \"delivered\", \"dropped\" }, "
        "done = { \"delivered\", \"dropped\" }, deadline = \"due_on\", every = \"month\", "
        "due = \"10d\", areas = { yz, pz }, since = \"2020-03\" }\n"
        "register \"plain\" { fields = { \"a\" }, states = { \"x\", \"y\" } }",
        NULL);
    assert_int_equal(loaded.pack->problem_count, 0);
    assert_int_equal(loaded.pack->register_count, 2);
    const zw_register *r = &loaded.pack->registers[0];
    assert_string_equal(r->title.en, "Open calls");
    assert_string_equal(r->title.note, "n");
    static const struct {
        const char *name;
        zw_register_field_is is;
        const char *unit;
    } fields[] = {{"topic", ZW_REGISTER_TEXT, ""},
                  {"owner", ZW_REGISTER_TEXT, ""},
                  {"due_on", ZW_REGISTER_DATE, ""},
                  {"paid", ZW_REGISTER_NUMBER, "1e4 CNY"},
                  {"why", ZW_REGISTER_TEXT, ""}};
    assert_int_equal(r->field_count, 5);
    for (size_t i = 0; i < 5; i++) { /* as written, then by name */
        assert_string_equal(r->fields[i].name, fields[i].name);
        assert_int_equal(r->fields[i].is, fields[i].is);
        assert_string_equal(r->fields[i].unit_text, fields[i].unit);
    }
    assert_true(r->fields[3].unit.scale == 1e4);
    assert_int_equal(r->state_count, 5);
    assert_string_equal(r->states[2], "in_work");
    assert_int_equal(r->done, (1U << 3) | (1U << 4));
    assert_string_equal(r->deadline, "due_on");
    assert_int_equal(r->grid.every, ZW_MONTH);
    assert_true(r->has_due && r->due.days == 10);
    assert_true(r->has_areas && r->area_count == 2);
    assert_true(r->has_since && r->since.period == 50 * 12 + 2); /* March 2020 */
    const zw_register *plain = &loaded.pack->registers[1];
    assert_int_equal(plain->grid.every, ZW_DAY);
    assert_int_equal(plain->done, 1U << 1); /* the last */
    assert_true(!plain->has_due && !plain->has_areas && !plain->has_since);
    assert_null(plain->deadline);
    unload(&loaded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_in_a_register_are_told),
        cmocka_unit_test(every_field_of_a_register_is_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
