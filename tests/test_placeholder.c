/* The names that texts may hold between braces. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "plan/placeholder.h"

#include <string.h>

static void names_are_found_in_their_list(void **state)
{
    (void)state;
    static const struct {
        const char *why;
        const zw_placeholder *list;
        const char *name;
        bool is_there, is_number;
    } rows[] = {
        {"a text", zw_placeholders_say, "zone", true, false},
        {"a number", zw_placeholders_say, "late_days", true, true},
        {"the last one", zw_placeholders_say, "touched", true, false},
        {"a message's is none of what is said", zw_placeholders_say, "summary", false, false},
        {"of a message", zw_placeholders_body, "summary", true, false},
        {"the other way round", zw_placeholders_body, "zone", false, false},
        {"names are whole", zw_placeholders_body, "summ", false, false},
        {"nothing", zw_placeholders_body, "", false, false},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const zw_placeholder *found = zw_placeholder_find(rows[i].list, rows[i].name);
        if ((found != NULL) != rows[i].is_there ||
            (found != NULL && found->is_number != rows[i].is_number)) {
            fail_msg("%s", rows[i].why);
        }
    }
}

static void the_nearest_is_suggested(void **state)
{
    (void)state;
    zw_nearest nearest;
    zw_nearest_init(&nearest, zw_text_of("sumary"));
    zw_placeholder_try(zw_placeholders_say, &nearest);
    zw_placeholder_try(zw_placeholders_body, &nearest);
    assert_string_equal(nearest.best, "summary");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_found_in_their_list),
        cmocka_unit_test(the_nearest_is_suggested),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
