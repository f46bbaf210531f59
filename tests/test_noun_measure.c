/* Tests of the noun measure. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "script_rows.h"

static const struct pack_row rows_of_mistakes_in_a_measure_are_told[] = {
    {"misspelt field", "measure \"m\" { knd = \"flow\", unit = \"CNY\", every = \"month\" }",
     "p:2:15: measure \"m\" has no field 'knd'; did you mean 'kind'?"},
    {"misspelt kind", "measure \"m\" { kind = \"flw\", unit = \"CNY\", every = \"month\" }",
     "p:2:15: measure \"m\": kind takes one of \"flow\", \"ytd\", \"stock\", "
     "\"rate\", \"gauge\", \"counter\", got \"flw\"; did you mean 'flow'?"},
    {"a number for a text", "measure \"m\" { kind = 3, unit = \"CNY\", every = \"month\" }",
     "p:2:15: measure \"m\": kind takes a text, got a number"},
    {"a needed field is absent", "measure \"m\" { kind = \"flow\", every = \"month\" }",
     "p:2:1: measure \"m\": unit is needed"},
    {"each needed field is told", "measure \"m\" { }",
     "p:2:1: measure \"m\": kind is needed\n"
     "p:2:1: measure \"m\": unit is needed\n"
     "p:2:1: measure \"m\": every is needed"},
    {"no unit", "measure \"m\" { kind = \"flow\", unit = \"1e4 1e4\", every = \"month\" }",
     "p:2:30: measure \"m\": unit: '1e4 1e4' is no unit; expected a word like "
     "'CNY', 'firms' or 'ug/m3', with a scale before it like '1e4 CNY', or '%' or "
     "'points'"},
    {"misspelt length of a period",
     "measure \"m\" { kind = \"flow\", unit = \"CNY\", every = \"moth\" }",
     "p:2:44: measure \"m\": every takes a period length (\"month\", \"15m\" …), "
     "got \"moth\"; did you mean 'month'?"},
    {"no length",
     "measure \"m\" { kind = \"flow\", unit = \"CNY\", every = \"month\", due = "
     "\"soon\" }",
     "p:2:61: measure \"m\": due takes a length (\"20d\", \"3 months\" …), got "
     "\"soon\""},
    {"a slip in a structure, and what is no structure",
     "measure \"m\" { kind = \"flow\", unit = \"CNY\", every = \"month\", sdmx = { "
     "strukture = \"A:B\" } }",
     "p:2:61: measure \"m\": sdmx has no 'strukture'; did you mean 'structure'?"},
    {"a structure without an agency",
     "measure \"m\" { kind = \"flow\", unit = \"CNY\", every = \"month\", sdmx = { "
     "structure = \"NAMA\" } }",
     "p:2:61: measure \"m\": sdmx: structure takes \"AGENCY:ID\" or \"AGENCY:ID(VERSION)\", got "
     "NAMA"},
    {"no structure at all",
     "measure \"m\" { kind = \"flow\", unit = \"CNY\", every = \"month\", sdmx = { } }",
     "p:2:61: measure \"m\": sdmx: structure takes \"AGENCY:ID\" or \"AGENCY:ID(VERSION)\""},
    {"a structure that is no table",
     "measure \"m\" { kind = \"flow\", unit = \"CNY\", every = \"month\", sdmx = \"A:B\" }",
     "p:2:61: measure \"m\": sdmx takes { structure = \"AGENCY:ID\", … }, got a text"},
    {"each part of a structure that is wrong",
     "measure \"m\" { kind = \"flow\", unit = \"CNY\", every = \"month\", by = { \"industry\" }, "
     "sdmx = { structure = \"A:B\", area = {}, where = { 1 }, by = { industri = \"X\" }, total = { "
     "Y = \"_T\" }, ignore = \"Z\" } }",
     "p:2:82: measure \"m\": sdmx: area takes a text\n"
     "p:2:82: measure \"m\": sdmx: where takes pairs of texts, at most 64: where = { COLUMN = "
     "\"code\" }\n"
     "p:2:82: measure \"m\": sdmx: by: it has no dimension 'industri'; did you mean 'industry'?\n"
     "p:2:82: measure \"m\": sdmx: total: 'Y' is no column of by\n"
     "p:2:82: measure \"m\": sdmx: ignore takes a list of texts, at most 64"},
    {"measures that may take the same rows",
     "measure \"a\" { kind = \"flow\", unit = \"CNY\", every = \"month\", sdmx = { structure = "
     "\"A:B\", where = { X = \"1\" } } }\n"
     "measure \"b\" { kind = \"flow\", unit = \"CNY\", every = \"month\", sdmx = { structure = "
     "\"A:B(1.0)\", where = { X = 2 } } }\n"
     "measure \"c\" { kind = \"flow\", unit = \"CNY\", every = \"month\", sdmx = { structure = "
     "\"A:B(2.0)\", where = { Y = 2 } } }",
     "p:4:61: measure \"c\": sdmx: measure 'a' may take the same rows: in where, a column must "
     "tell "
     "them apart"},
    {"dimensions that are columns, twice there, no names",
     "measure \"m\" { kind = \"flow\", unit = \"CNY\", every = \"month\", by = { "
     "\"area\", \"x\", \"x\", \"Y\" } }",
     "p:2:61: measure \"m\": by: \"area\" is a column of every delivery\n"
     "p:2:61: measure \"m\": by: \"x\" stands there twice\n"
     "p:2:61: measure \"m\": by: \"Y\" is no name ([a-z][a-z0-9_]*)"},
    {"no month",
     "measure \"m\" { kind = \"flow\", unit = \"CNY\", every = \"month\", skip = { "
     "month = 13 } }",
     "p:2:61: measure \"m\": skip takes months from 1 to 12: skip = { month = 1 }"},
    {"months only",
     "measure \"m\" { kind = \"flow\", unit = \"CNY\", every = \"month\", skip = { "
     "week = 1 } }",
     "p:2:61: measure \"m\": skip knows months only: skip = { month = 1 }"},
    {"a unit that does not fit",
     "measure \"m\" { kind = \"flow\", unit = \"CNY\", every = \"month\", show = "
     "\"firms\" }",
     "p:2:61: measure \"m\": show \"firms\" does not fit the unit \"CNY\""},
    {"a measure is no area",
     "measure \"m\" { kind = \"flow\", unit = \"CNY\", every = \"month\", areas = { "
     "yz, sales } }",
     "p:2:61: measure \"m\": areas takes an area or a list of areas, got measure "
     "\"sales\""},
    {"no period",
     "measure \"m\" { kind = \"flow\", unit = \"CNY\", every = \"month\", since = "
     "\"20x\" }",
     "p:2:61: measure \"m\": since takes a period (2022, \"2022-Q3\" …), got "
     "\"20x\""},
    {"no length to keep",
     "measure \"m\" { kind = \"flow\", unit = \"CNY\", every = \"month\", keep = "
     "\"long\" }",
     "p:2:61: measure \"m\": keep takes a length (\"20d\", \"3 months\" …), "
     "got \"long\""},
    {"accept takes any or nothing",
     "measure \"m\" { kind = \"gauge\", unit = \"x\", every = \"1s\", accept = \"all\" }",
     "p:2:57: measure \"m\": accept takes one of \"any\", got \"all\""},
    {"a limit of nothing",
     "measure \"m\" { kind = \"gauge\", unit = \"x\", every = \"1s\", limit = 3 }",
     "p:2:57: measure \"m\": limit needs accept = \"any\""},
    {"a limit that is none",
     "measure \"m\" { kind = \"gauge\", unit = \"x\", every = \"1s\", accept = \"any\", "
     "limit = 0 }",
     "p:2:73: measure \"m\": limit takes a whole number from 1 to 1000000"},
    {"what may be anything cannot be hidden",
     "measure \"m\" { kind = \"flow\", unit = \"CNY\", every = \"month\", accept = \"any\", "
     "hide = sales:over(1) }",
     "p:2:77: measure \"m\": hide and accept = \"any\" do not go together"},
    {"an unknown roll-up",
     "measure \"m\" { kind = \"flow\", unit = \"CNY\", every = \"month\", rollup = "
     "\"avg\" }",
     "p:2:61: measure \"m\": rollup takes one of \"sum\", \"mean\", \"max\", "
     "\"min\", \"none\", got \"avg\""},
    {"a text for a truth value",
     "measure \"m\" { kind = \"flow\", unit = \"CNY\", every = \"month\", partial = "
     "\"yes\" }",
     "p:2:61: measure \"m\": partial takes true or false, got a text"},
    {"a value without a name",
     "measure \"m\" { kind = \"flow\", unit = \"CNY\", every = \"month\", \"x\" }",
     "p:2:1: measure \"m\": a value without a field name has no place here"},
    {"a key that is no word",
     "measure \"m\" { kind = \"flow\", unit = \"CNY\", every = \"month\", [true] = "
     "1 }",
     "p:2:1: measure \"m\": a field's name is a word, not true"},
    {"another language",
     "measure \"m\" { kind = \"flow\", unit = \"CNY\", every = \"month\", title = { "
     "fr = \"x\" } }",
     "p:2:61: measure \"m\": title takes a text or { en = …, zh = … }"},
    {"wrong texts",
     "measure \"m\" { kind = \"flow\", unit = \"CNY\", every = \"month\", title = "
     "5, note = {} }",
     "p:2:61: measure \"m\": title takes a text or { en = …, zh = … }, got a "
     "number\n"
     "p:2:72: measure \"m\": note takes a text, got a table"},
    {"upper case", "measure \"Sales\" { kind = \"flow\", unit = \"CNY\", every = \"month\" }",
     "p:2:1: 'Sales' is no name: expected lower-case letters, digits and _, a "
     "letter first"},
    {"a keyword", "measure \"end\" { kind = \"flow\", unit = \"CNY\", every = \"month\" }",
     "p:2:1: 'end' is a word of the language: choose another name"},
    {"declared twice", "measure \"sales\" { kind = \"flow\", unit = \"CNY\", every = \"month\" }",
     "p:2:1: measure \"sales\" is declared twice: first as a measure at p:1"},
    {"aliases are texts",
     "measure \"m\" { kind = \"flow\", unit = \"CNY\", every = \"month\", aliases = "
     "{ 5 } }",
     "p:2:61: measure \"m\": aliases takes a text or a list of texts, got a number"},
};

static void mistakes_in_a_measure_are_told(void **state)
{
    (void)state;
    check_pack_rows(PACK_HEAD, rows_of_mistakes_in_a_measure_are_told,
                    COUNT_OF(rows_of_mistakes_in_a_measure_are_told));
}

static void what_is_read_live_is_partial_and_soon_due(void **state)
{
    static const struct {
        const char *why, *fields;
        bool is_partial, has_due;
        zw_length due;
    } rows[] = {
        {"a quarter of an hour later",
         "kind = 'gauge', every = '15m'",
         true,
         true,
         {0, 0, 0, 900000}},
        {"a day later", "kind = 'gauge', every = 'day'", true, true, {0, 1, 0, 0}},
        {"a week later", "kind = 'gauge', every = 'week'", true, true, {0, 7, 0, 0}},
        {"a quarter later", "kind = 'gauge', every = 'quarter'", true, true, {3, 0, 0, 0}},
        {"as it says", "kind = 'gauge', every = '1s', due = '5s'", true, true, {0, 0, 0, 5000}},
        {"whole as it says",
         "kind = 'gauge', every = '1h', partial = false",
         false,
         true,
         {0, 0, 0, 3600000}},
        {"others are neither", "kind = 'stock', every = '1h'", false, false, {0, 0, 0, 0}},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[2048];
        (void)snprintf(text, sizeof(text), "%smeasure 'm' { unit = 'min', %s }", PACK_HEAD,
                       rows[i].fields);
        struct loaded loaded = load_right(text);
        const zw_measure *m = &loaded.pack->measures[4];
        if (m->is_partial != rows[i].is_partial || m->has_due != rows[i].has_due ||
            m->due.months != rows[i].due.months || m->due.days != rows[i].due.days ||
            m->due.ms != rows[i].due.ms) {
            fail_msg("%s", rows[i].why);
        }
        unload(&loaded);
    }
}

static void every_field_of_a_measure_is_read(void **state)
{
    (void)state;
    struct loaded loaded = load_right(
        PACK_HEAD
        "local m = measure 'm' { kind = 'stock', unit = '1e4 CNY', show = '1e8 CNY', "
        "every = 'quarter', by = { 'a', 'b' }, areas = { yz, pz, yz }, since = '2020-Q1', "
        "due = '25d', skip = { month = { 1, 7 } }, rollup = 'max', partial = true, "
        "hide = sales:under(3), aliases = { ' M ', 'em' }, title = { zh = '\\u{4e00}' }, note = "
        "'n' }\n"
        "measure 'plain' { kind = 'rate', unit = '%', every = '15m' }");
    const zw_measure *m = &loaded.pack->measures[4];
    assert_string_equal(m->title.name, "m");
    assert_string_equal(m->title.en, "\xE4\xB8\x80");
    assert_string_equal(m->title.note, "n");
    assert_int_equal(m->title.where.line, 2);
    assert_int_equal(m->kind, ZW_KIND_STOCK);
    assert_string_equal(m->unit_text, "1e4 CNY");
    assert_true(m->unit.scale == 1e4 && m->show.scale == 1e8);
    assert_int_equal(m->grid.every, ZW_QUARTER);
    assert_int_equal(m->dims.count, 2);
    assert_string_equal(m->dims.at[1], "b");
    assert_true(m->has_areas);
    assert_int_equal(m->areas.count, 2); /* the same twice is once */
    assert_true(m->has_since);
    assert_int_equal(m->since.period, 50 * 4);
    assert_true(m->has_due);
    assert_int_equal(m->due.days, 25);
    assert_int_equal(m->skip_months, (1U << 1) | (1U << 7));
    assert_int_equal(m->rollup, ZW_HOW_MAX);
    assert_true(m->is_partial);
    assert_true(m->has_hide);
    assert_int_equal(zw_pack_node(loaded.pack, m->hide)->op, ZW_OP_UNDER);
    assert_string_equal(m->aliases.at[0], "M");
    assert_int_equal(zw_pack_node(loaded.pack, m->node)->op, ZW_OP_MEASURE);
    const zw_measure *plain = &loaded.pack->measures[5];
    assert_string_equal(plain->title.en, "plain");
    assert_string_equal(plain->title.note, "");
    assert_false(plain->has_areas || plain->has_since || plain->has_due || plain->is_partial ||
                 plain->has_hide);
    assert_int_equal(plain->rollup, ZW_HOW_KIND);
    assert_int_equal(plain->grid.step_ms, 15 * 60 * 1000);
    assert_true(plain->show.scale == plain->unit.scale);
    unload(&loaded);
}

static void a_measure_may_take_any_metric(void **state)
{
    (void)state;
    struct loaded loaded = load_right(
        PACK_HEAD "local m = measure 'm' { kind = 'gauge', unit = 'x', every = '1s', "
                  "accept = 'any', limit = 7 }\n"
                  "local n = measure 'n' { kind = 'gauge', unit = 'x', every = '1s', "
                  "accept = 'any' }\n"
                  "indicator 'i' { m:where { metric = 'a', ['no name'] = 'b' }:by "
                  "'anything':sum() }\n"
                  "test 't' { given = { [m] = { ['2020-01-01T00:00:00Z'] = { 1, by = { x "
                  "= 'y' } } } }, expect = {} }\n");
    assert_true(loaded.pack->measures[4].accepts_any);
    assert_int_equal(loaded.pack->measures[4].limit, 7);
    assert_true(loaded.pack->measures[5].accepts_any);
    assert_int_equal(loaded.pack->measures[5].limit, 10000);
    assert_false(loaded.pack->measures[0].accepts_any);
    unload(&loaded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_in_a_measure_are_told),
        cmocka_unit_test(what_is_read_live_is_partial_and_soon_due),
        cmocka_unit_test(every_field_of_a_measure_is_read),
        cmocka_unit_test(a_measure_may_take_any_metric),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
