/* What the program ships is what the sources have, and is found by name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "script/shipped.h"

#include <stdio.h>
#include <stdlib.h>

static void is_the_file_byte_for_byte(void **state)
{
    (void)state;
    zw_text text = {"", 0};
    assert_true(zw_shipped_find("lights", &text, NULL));
    FILE *file = fopen(ZW_SOURCE_DIR "/scripts/zonewatch/lights.lua", "rb");
    assert_non_null(file);
    char *bytes = malloc(text.len + 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, text.len + 1, file), text.len);
    assert_memory_equal(bytes, text.at, text.len);
    free(bytes);
    (void)fclose(file);
}

static void a_name_that_nothing_has_is_compared_with_all(void **state)
{
    (void)state;
    zw_text text = {"", 0};
    zw_nearest nearest;
    zw_nearest_init(&nearest, zw_text_of("light"));
    assert_false(zw_shipped_find("light", &text, &nearest));
    assert_string_equal(nearest.best, "lights");
    assert_false(zw_shipped_find("light", &text, NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_the_file_byte_for_byte),
        cmocka_unit_test(a_name_that_nothing_has_is_compared_with_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
