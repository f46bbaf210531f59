/* The second result of a function: what it may hold, and in which order it is said. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "call_reader.h"

/* What was said, as "name=value" with blanks between. */
static void note(void *arg, const zw_said *said)
{
    zw_buf *out = arg;
    (void)zw_buf_printf(out, "%s%s=", out->len > 0 ? " " : "", said->name);
    switch (said->is) {
    case ZW_SAID_NUMBER:
        (void)zw_buf_printf(out, "%g", said->number);
        break;
    case ZW_SAID_AREA:
        (void)zw_buf_printf(out, "area %u", (unsigned)said->area);
        break;
    default:
        (void)zw_buf_printf(out, "'%s'", said->text);
    }
}

static const struct {
    const char *why, *body, *said;
} rows[] = {
    {"numbers, texts and areas, by name in order",
     "return at(sales), { worst = pz, count = 3, because = 'late' }",
     "because='late' count=3 worst=area 2"},
    {"nothing", "return at(sales), {}", ""},
    {"nil is as if it were not there", "return at(sales), nil", ""},
    {"a number that is none is not said", "return at(sales), { a = 0 / 0, b = 1 / 0, c = 1 }",
     "c=1"},
    {"a list has no names", "return at(sales), { 'a' }",
     "! p:2: the second result of a function has names as keys: { worst = … }"},
    {"a key that is no name", "return at(sales), { ['a b'] = 1 }",
     "! p:2: the second result of a function has names as keys: { worst = … }"},
    {"a name that every alert has", "return at(sales), { area = 'x' }",
     "! p:2: the second result of a function cannot say 'area': every alert does"},
    {"a truth", "return at(sales), { a = true }",
     "! p:2: the second result of a function has numbers, texts and areas: 'a' is true"},
    {"an expression that it did not read", "return at(sales), { a = sales }",
     "! p:2: the second result of a function has numbers, texts and areas: 'a' is measure "
     "\"sales\""},
    {"more than anybody reads", "local t = {} for i = 1, 33 do t['a' .. i] = i end return 1, t",
     "! p:2: a second result has at most 32 entries and 4096 bytes"},
    {"a missing read says nothing", "return at(sales), { a = 1 }", "missing"},
};

static void entries_are_said_in_order_or_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[2048];
        zw_buf said;
        zw_call_result result;
        zw_err err = {ZW_OK, ""};
        bool is_missing = strcmp(rows[i].said, "missing") == 0;
        zw_buf_init(&said, 4096);
        struct reader reader = {.is_missing = is_missing, .said = note, .said_arg = &said};
        (void)snprintf(text, sizeof text,
                       "%srule 'r' { must = function(at) %s end, every = 'month' }", PACK_HEAD,
                       rows[i].body);
        struct loaded loaded = load_right(text);
        zw_status status = call_first(&loaded, &reader, &result, &err);
        print_message("  %s\n", rows[i].why);
        if (status != ZW_OK) {
            char told[600];
            (void)snprintf(told, sizeof told, "! %s", err.text);
            assert_string_equal(told, rows[i].said);
        } else {
            assert_int_equal(result.is, is_missing ? ZW_CALL_MISSING : ZW_CALL_NUMBER);
            assert_string_equal(zw_buf_view(&said), is_missing ? "" : rows[i].said);
        }
        zw_buf_fini(&said);
        unload(&loaded);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(entries_are_said_in_order_or_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
