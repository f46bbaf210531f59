/* The order in which alerts are judged, and circles. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "script_rows.h"

#define PLAIN "local a = alert 'a' { warning = sales:over(1) }\n"

static const struct {
    const char *why, *text, *ranks; /* "a0 b1", in order of declaration */
} rows[] = {
    {"nobody asks", PLAIN "alert 'b' { warning = sales:under(1) }", "a0 b0"},
    {"who asks comes after", PLAIN "alert 'b' { warning = a:firing() }", "a0 b1"},
    {"a chain",
     PLAIN "local b = alert 'b' { warning = a:firing() } alert 'c' { warning = b:firing() }",
     "a0 b1 c2"},
    {"through a count and an indicator",
     "local a = alert 'a' { each = gz.areas, warning = sales:over(1) }\n"
     "local i = indicator 'i' { count(a:firing(), gz.areas) } alert 'b' { warning = i:over(1) }",
     "a0 b1"},
    {"through a rule",
     PLAIN "local r = rule 'r' { must = ~a:firing() } alert 'b' { warning = r:broken() }", "a0 b1"},
    {"in clear, and in with",
     PLAIN "alert 'b' { warning = sales:over(9), clear = ~a:firing() & sales:under(9) }\n"
           "alert 'c' { warning = sales:over(9), with = { n = count(a:firing(), { gz }) } }",
     "a0 b1 c1"},
    {"what mutes is no reason", PLAIN "alert 'b' { warning = sales:over(1), unless = a }", "a0 b0"},
    {"a truth that mutes neither",
     PLAIN "alert 'b' { warning = sales:over(1), unless = a:firing() }", "a0 b0"},
    {"an expression that a function holds",
     PLAIN "local f = a:firing()\n"
           "alert 'b' { warning = function(at) return at(f) and at(sales) > 1 end }",
     "a0 b1"},
    {"one that a function writes, declared later",
     "local box = {}\n"
     "alert 'a' { warning = function(at) return at(box.b:firing()) end, every = 'month' }\n"
     "box.b = alert 'b' { warning = sales:over(1) }",
     "a1 b0"},
    {"a function that holds alerts and asks none",
     "local box = {}\n"
     "box.a = alert 'a' { warning = function(at) return box ~= nil and at(sales) > 1 end, every = "
     "'month' }\n",
     "a0"},
    {"through the path of a target",
     PLAIN "local t = target 't' { sales, over = { [2024] = 1 }, path = function(at) return "
           "at(sales) and at(a:firing()) and 1 or 2 end } alert 'b' { warning = t:gap():over(1) }",
     "a0 b1"},
    {"a guard asks of another time",
     PLAIN "guard 'g' { on = sales, hold = a:firing() & sales:over(1) }", "a0 g0"},
};

static void those_that_are_asked_come_first(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[4096];
        zw_buf ranks;
        print_message("  %s\n", rows[i].why);
        (void)snprintf(text, sizeof text, "%s%s", PACK_HEAD, rows[i].text);
        struct loaded loaded = load_right(text);
        zw_buf_init(&ranks, 1024);
        for (size_t a = 0; a < loaded.pack->alert_count; a++) {
            (void)zw_buf_printf(&ranks, "%s%s%u", a > 0 ? " " : "",
                                loaded.pack->alerts[a].title.name,
                                (unsigned)loaded.pack->alerts[a].rank);
        }
        assert_string_equal(zw_buf_view(&ranks), rows[i].ranks);
        zw_buf_fini(&ranks);
        unload(&loaded);
    }
}

static const struct pack_row circles[] = {
    {"one that asks itself",
     "local box = {} box.a = alert 'a' { every = 'month', warning = function(at)\n"
     "return at(box.a:firing()) end }",
     "p:2:24: alert \"a\" asks whether alert \"a\" fires, which depends on \"a\" again: a circle"},
    {"two that ask each other, and one that asks them",
     "local f local g = function(at) return at(f) end\n"
     "local a = alert 'a' { warning = g, every = 'month' } local b = alert 'b' { warning = "
     "a:firing() }\n"
     "alert 'c' { warning = b:firing() } f = b:firing()",
     "p:3: alert \"a\" asks whether alert \"b\" fires, which depends on \"a\" again: a circle"},
};

static void a_circle_is_a_mistake(void **state)
{
    (void)state;
    check_pack_rows(PACK_HEAD, circles, COUNT_OF(circles));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(those_that_are_asked_come_first),
        cmocka_unit_test(a_circle_is_a_mistake),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
