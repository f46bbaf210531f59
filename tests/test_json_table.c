/* Tests of Lua tables as JSON, through the body of a webhook. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "failing_alloc.h"
#include "script_rows.h"

static const struct {
    const char *why, *table, *json;
    size_t says;
} tables[] = {
    {"nothing is an object", "{}", "{}", 0},
    {"a list", "{ 'a', 2, true }", "[\"a\",2,true]", 0},
    {"keys in the order of their bytes", "{ b = 1, a = 2 }", "{\"a\":2,\"b\":1}", 0},
    {"whole numbers stay whole", "{ n = 9007199254740993 }", "{\"n\":9007199254740993}", 0},
    {"others keep their point", "{ n = 0.25, m = -2^-20 }",
     "{\"m\":-9.5367431640625e-7,\"n\":0.25}", 0},
    {"false", "{ no = false }", "{\"no\":false}", 0},
    {"what JSON escapes", "{ t = 'a \"b\" \\\\ \\n\\1' }",
     "{\"t\":\"a \\\"b\\\" \\\\ \\n\\u0001\"}", 0},
    {"Chinese, and a key of it", "{ ['名'] = '广州' }", "{\"名\":\"广州\"}", 0},
    {"tables in tables", "{ a = { { b = { 'x' } }, {} } }", "{\"a\":[{\"b\":[\"x\"]},{}]}", 0},
    {"texts with braces are kept", "{ a = '{summary}', b = { 'x', '{area} {{' } }",
     "{\"a\":\"{summary}\",\"b\":[\"x\",\"{area} {{\"]}", 2},
};

static void tables_become_json(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(tables); i++) {
        char text[4096];
        print_message("  %s\n", tables[i].why);
        (void)snprintf(text, sizeof text, "%snotify 'n' { to = webhook('http://x', %s) }\n",
                       PACK_HEAD, tables[i].table);
        struct loaded loaded = load_right(text);
        const zw_receiver *to = &loaded.pack->notifies[0].to[0];
        assert_string_equal(to->body, tables[i].json);
        assert_int_equal(to->says.count, tables[i].says);
        unload(&loaded);
    }
}

static const struct pack_row rows_of_what_is_no_json_is_told[] = {
    {"a function",
     "notify 'n' { to = webhook('http://x', { content = { print = function() end } }) }",
     "p:2:19: webhook: body: print takes texts, numbers, true, false and tables of such, got a "
     "function"},
    {"in a list", "notify 'n' { to = webhook('http://x', { content = { 1, log() } }) }",
     "p:2:19: webhook: body: content takes texts, numbers, true, false and tables of such, got "
     "log()"},
    {"a secret, which would stand in the outbox",
     "notify 'n' { to = webhook('http://x', { key = secret 'K' }) }",
     "p:2:19: webhook: body: key takes texts, numbers, true, false and tables of such, got a "
     "secret"},
    {"an expression", "notify 'n' { to = webhook('http://x', { v = sales * 2 }) }",
     "p:2:19: webhook: body: v takes texts, numbers, true, false and tables of such, got a "
     "number"},
    {"both kinds of keys", "notify 'n' { to = webhook('http://x', { a = { 'x', b = 1 } }) }",
     "p:2:19: webhook: body: a takes the keys 1, 2, … or names, not both"},
    {"a hole", "notify 'n' { to = webhook('http://x', { [1] = 'a', [3] = 'b' }) }",
     "p:2:19: webhook: body: it takes the keys 1, 2, … or names, not both"},
    {"no number", "notify 'n' { to = webhook('http://x', { a = 0/0 }) }",
     "p:2:19: webhook: body: a takes a number that is finite"},
    {"a table in itself", "local t = {} t.again = t notify 'n' { to = webhook('http://x', t) }",
     "p:2:44: webhook: body: again: nested more than 32 deep"},
    {"too long",
     "local x = ('x'):rep(14000) notify 'n' { to = webhook('http://x', { x, x, x, x, x }) }",
     "p:2:46: webhook: body: it: more than 64 KiB of JSON"},
    {"a mistake of its own is told once",
     "notify 'n' { to = webhook('http://x', { a = attr(3) }) }",
     "p:2:45: attr takes the name of an attribute, got a number"},
};

static void what_is_no_json_is_told(void **state)
{
    (void)state;
    check_pack_rows(PACK_HEAD, rows_of_what_is_no_json_is_told,
                    COUNT_OF(rows_of_what_is_no_json_is_told));
}

/* Of every allocation there is: what builds the JSON is among the last. */
static void without_memory_nothing_is_lost(void **state)
{
    (void)state;
    static const char pack[] =
        "zone 'z' { timezone = 'UTC' } notify 'n' { to = webhook('http://x', "
        "{ a = { '{zone}', 1, true }, b = { c = 'x' } }) }";
    zw_status status = ZW_NOMEM;
    for (long n = 0; status != ZW_OK; n += 3) {
        zw_pack *loaded = NULL;
        zw_script *script = NULL;
        assert_int_equal(status, ZW_NOMEM);
        failing_alloc_after(n);
        status = zw_script_load_text("p", zw_text_of(pack), NULL, &loaded, &script, NULL);
        (void)failing_alloc_stop();
        if (status == ZW_OK) {
            assert_string_equal(loaded->notifies[0].to[0].body,
                                "{\"a\":[\"{zone}\",1,true],\"b\":{\"c\":\"x\"}}");
        }
        zw_script_destroy(script);
        zw_pack_destroy(loaded);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tables_become_json),
        cmocka_unit_test(what_is_no_json_is_told),
        cmocka_unit_test(without_memory_nothing_is_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
