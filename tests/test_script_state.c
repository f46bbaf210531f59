/* Tests of what the room shares. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "failing_alloc.h"
#include "script_rows.h"

static const struct pack_row rows_of_words_that_the_plan_says_become_problems[] = {
    {"a name twice", "measure \"sales\" { kind = \"flow\", unit = \"a\", every = \"day\" }",
     "p:2:1: measure \"sales\" is declared twice: first as a measure at p:1"},
    {"a dimension", "local x = sales:where { a = \"b\" }",
     "p:2:25: measure 'sales' has no dimension 'a'"},
    {"bytes that are no text", "local x = sales:where { industry = \"\\x9e\" }",
     "p:2: a text holds bytes that are not UTF-8"},
    {"the same in an expression", "local x = sales:where { area = attr \"\\x9e\" }",
     "p:2: a text holds bytes that are not UTF-8"},
    {"a NUL inside a name", "measure \"a\\0b\" { kind = \"flow\", unit = \"a\", every = \"day\" }",
     "p:2: a text holds a NUL byte"},
};

static void words_that_the_plan_says_become_problems(void **state)
{
    (void)state;
    check_pack_rows(PACK_HEAD, rows_of_words_that_the_plan_says_become_problems,
                    COUNT_OF(rows_of_words_that_the_plan_says_become_problems));
}

static void no_memory_is_nobodys_mistake(void **state)
{
    (void)state;
    bool was_refused = true;
    for (long n = 0; was_refused; n += n < 60 ? 1 : 17) {
        zw_pack *pack;
        zw_script *script;
        zw_err err = {ZW_OK, ""};
        failing_alloc_after(n);
        zw_status status = zw_script_load_text(
            "p", zw_text_of(PACK_HEAD "rule 'r' { must = sales:over(3) } local x = salse"), NULL,
            &pack, &script, &err);
        was_refused = failing_alloc_stop();
        if (status != ZW_OK) {
            assert_int_equal(status, ZW_NOMEM);
            assert_true(was_refused);
            assert_null(pack);
            assert_null(script);
            continue;
        }
        assert_int_equal(pack->problem_count, 1); /* never a mistake less */
        zw_script_destroy(script);
        zw_pack_destroy(pack);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_that_the_plan_says_become_problems),
        cmocka_unit_test(no_memory_is_nobodys_mistake),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
