/* Tests of free names: what a file uses without declaring it. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "failing_alloc.h"
#include "script/free_names.h"

#include <stdio.h>
#include <string.h>

static void keep(void *arg, const zw_free_name *found)
{
    char *all = arg;
    size_t len = strlen(all);
    (void)snprintf(all + len, 512 - len, "%.*s%s@%u:%u ", (int)found->name.len, found->name.at,
                   found->is_assigned ? "=" : "", found->spot.line, found->spot.column);
}

static void free_names_are_told_and_nothing_else(void **state)
{
    (void)state;
    static const struct {
        const char *why, *text, *names;
    } rows[] = {
        {"a local is none", "local a = 1 return a", ""},
        {"a name used", "return b", "b@1:8 "},
        {"once a name", "return b + b\nreturn b", "b@1:8 "},
        {"a name assigned leaks", "x = 1", "x=@1:1 "},
        {"a function without local leaks", "function f() end", "f=@1:10 "},
        {"a local function is none", "local function f(a, b) return f, a, b end", ""},
        {"parameters and self",
         "local t = {} function t.m(x) return x end function t:n() return "
         "self end",
         ""},
        {"loops introduce", "for i = 1, 2 do local x = i end for k, v in q do r(k, v) end",
         "q@1:45 r@1:50 "},
        {"attributes are no names", "local a <const>, b <close> = 1, 2 return a, b", ""},
        {"fields and methods are none", "local t = {} return t.x, t:y(), t.x.z", ""},
        {"keys of a table are none, their values are", "local t = { a = b, c == d, e }",
         "b@1:17 c@1:20 d@1:25 e@1:28 "},
        {"inside a function inside braces, a name with '=' behind ';' is no key",
         "local t = { f = function() local y = 1; x = y end }", "x=@1:41 "},
        {"labels are none", "::again:: goto again", ""},
        {"a local of an inner block counts everywhere: never too much is told",
         "do local a = 1 end return a", ""},
        {"a file that plays with _ENV is left alone", "local _ENV = {} return zz", ""},
        {"texts and comments are none", "return 'a b' -- c", ""},
        {"repeat ends with until", "repeat local a = 1 until b", "b@1:26 "},
        {"unbalanced text is left alone behind it", "local t = } zz", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char names[512] = "";
        zw_pool *introduced;
        print_message("  %s\n", rows[i].why);
        assert_int_equal(zw_pool_create(&introduced, NULL), ZW_OK);
        assert_int_equal(
            zw_free_names_tell(zw_text_of(rows[i].text), introduced, keep, names, NULL), ZW_OK);
        assert_string_equal(names, rows[i].names);
        zw_pool_destroy(introduced);
    }
}

static void nesting_too_deep_is_left_alone(void **state)
{
    (void)state;
    char text[1024], names[512] = "";
    zw_pool *introduced;
    memset(text, '{', sizeof text);
    text[600] = ' ';
    text[601] = text[602] = 'z';
    text[603] = ' ';
    assert_int_equal(zw_pool_create(&introduced, NULL), ZW_OK);
    assert_int_equal(
        zw_free_names_tell((zw_text){text, sizeof text}, introduced, keep, names, NULL), ZW_OK);
    assert_string_equal(names, "");
    zw_pool_destroy(introduced);
}

static void every_refused_allocation_is_survived(void **state)
{
    (void)state;
    bool was_refused = true;
    for (long n = 0; was_refused; n++) {
        char names[512] = "";
        zw_pool *introduced;
        assert_int_equal(zw_pool_create(&introduced, NULL), ZW_OK);
        failing_alloc_after(n);
        zw_status status = zw_free_names_tell(zw_text_of("local a, b = c, d return a + e"),
                                              introduced, keep, names, NULL);
        was_refused = failing_alloc_stop();
        assert_int_equal(status, was_refused ? ZW_NOMEM : ZW_OK);
        zw_pool_destroy(introduced);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(free_names_are_told_and_nothing_else),
        cmocka_unit_test(nesting_too_deep_is_left_alone),
        cmocka_unit_test(every_refused_allocation_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
