/* Faults. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "failing_alloc.h"
#include "intake/faults.h"

#include <string.h>

static void they_are_told_by_place(void **state)
{
    (void)state;
    zw_faults faults = {NULL, 0, 0};
    for (uint32_t i = 0; i < 40; i++) {
        assert_int_equal(zw_faults_add(&faults, NULL, 40 - i, 1, "of %u", 40 - i), ZW_OK);
    }
    assert_int_equal(zw_faults_add(&faults, NULL, 7, 2, "b"), ZW_OK);
    assert_int_equal(zw_faults_add(&faults, NULL, 7, 2, "a"), ZW_OK);
    zw_faults_sort(&faults);
    assert_int_equal(faults.count, 42);
    assert_string_equal(faults.at[0].text, "of 1");
    assert_string_equal(faults.at[6].text, "of 7");
    assert_string_equal(faults.at[7].text, "a");
    assert_string_equal(faults.at[8].text, "b");
    assert_string_equal(faults.at[41].text, "of 40");
    zw_faults_fini(&faults);
    assert_int_equal(faults.count, 0);
}

static void a_fault_is_one_line_of_bounded_length(void **state)
{
    (void)state;
    zw_faults faults = {NULL, 0, 0};
    char longer[2000];
    memset(longer, 'x', sizeof longer);
    longer[sizeof longer - 1] = '\0';
    assert_int_equal(zw_faults_add(&faults, NULL, 1, 1, "a\nb\tc\x7F"), ZW_OK);
    assert_int_equal(zw_faults_add(&faults, NULL, 1, 2, "%s", longer), ZW_OK);
    assert_int_equal(zw_faults_add(&faults, NULL, 1, 3, "%s", "\xFF\xE5\x8C\xBA\xE5\x8C"), ZW_OK);
    assert_string_equal(faults.at[2].text, "?\xE5\x8C\xBA??");
    assert_string_equal(faults.at[0].text, "a b c ");
    assert_int_equal(strlen(faults.at[1].text), 511);
    zw_faults_fini(&faults);
}

static void without_memory_nothing_is_added(void **state)
{
    (void)state;
    for (long n = 0; n < 2; n++) {
        zw_faults faults = {NULL, 0, 0};
        failing_alloc_after(n);
        assert_int_equal(zw_faults_add(&faults, NULL, 1, 1, "x"), ZW_NOMEM);
        assert_true(failing_alloc_stop());
        assert_int_equal(faults.count, 0);
        zw_faults_fini(&faults);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(they_are_told_by_place),
        cmocka_unit_test(a_fault_is_one_line_of_bounded_length),
        cmocka_unit_test(without_memory_nothing_is_added),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
