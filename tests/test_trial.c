/* Trials: what a pack expects of itself, met and not met. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/trial.h"
#include "engine_world.h"

static void faults_say_what_was_expected_and_found(void **state)
{
    static const char text[] =
        "local land = zone \"land\" { timezone = \"UTC\" }\n"
        "local money = measure \"money\" { kind = \"flow\", unit = \"CNY\", every = \"month\" }\n"
        "local poor = alert \"poor\" { warning = money:under(5), hold = \"20d\" }\n"
        "local plan = target \"plan\" { money:year(), over = { [2022] = 100 } }\n"
        "local kept = rule \"kept\" { must = money:over(1) }\n"
        "test \"met\" { given = { [money] = { [\"2022-01\"] = 3, [\"2022-02\"] = 4 } },\n"
        "  expect = { [money] = { [\"2022-02\"] = 4, [\"2022-03\"] = missing }, [kept] = { "
        "[\"2022-02\"] = true },\n"
        "    [plan] = { [2022] = \"not_due_no_data\" }, [poor] = { [\"2022-01\"] = \"pending\", "
        "[\"2022-02\"] = \"warning\" } } }\n"
        "test \"not met\" { given = { [money] = { [\"2022-01\"] = 3 } },\n"
        "  expect = { [money] = { [\"2022-01\"] = 4 }, [\"poor\"] = { [\"2022-01\"] = \"ok\" } } "
        "}\n";
    (void)state;
    struct house house;
    zw_buf faults;
    zw_err err = {ZW_OK, ""};
    size_t count = 9;
    zw_buf_init(&faults, 65536);
    house_open(&house, text, "2022-01-01");
    assert_int_equal(
        zw_trial_run(house.pack, house.script, &house.pack->tests[0], &faults, &count, &err),
        ZW_OK);
    if (count != 0) {
        fail_msg("%s", zw_buf_view(&faults));
    }
    assert_int_equal(
        zw_trial_run(house.pack, house.script, &house.pack->tests[1], &faults, &count, &err),
        ZW_OK);
    assert_int_equal(count, 2);
    assert_non_null(strstr(zw_buf_view(&faults), "test.lua:10"));
    assert_non_null(strstr(zw_buf_view(&faults),
                           "money of land in 2022-01: expected 4 CNY (4), found 3 CNY (3)"));
    assert_non_null(
        strstr(zw_buf_view(&faults), "poor of land in 2022-01: expected ok, found pending"));
    zw_buf_fini(&faults);
    house_close(&house);
}

/* 1100 is 1.1 times 1000; 20000 is over 10 times what was known before it came, and never is in, so
 * that March stands behind no February. */
static void given_figures_arrive_as_they_were_known_when_a_guard_looks(void **state)
{
    static const char text[] =
        "local land = zone \"land\" { timezone = \"UTC\" }\n"
        "local north = area \"north\" { within = land }\n"
        "local south = area \"south\" { within = land }\n"
        "local money = measure \"money\" { kind = \"flow\", unit = \"CNY\", every = \"month\" }\n"
        "local slip = guard \"slip\" { on = money, hold = (money / money:lag(1)):over(10), warn = "
        "money:over(1050) }\n"
        "test \"held\" { given = { [money] = { north = { [\"2022-03\"] = 1100, [\"2022-02\"] = "
        "20000, [\"2022-01\"] = 1000 }, south = { [\"2022-02\"] = 7 } } },\n"
        "  expect = { [money] = { north = { [\"2022-01\"] = 1000, [\"2022-02\"] = missing, "
        "[\"2022-03\"] = 1100 }, south = { [\"2022-02\"] = missing } },\n"
        "    [slip] = { north = { [\"2022-01\"] = \"ok\", [\"2022-02\"] = \"critical\", "
        "[\"2022-03\"] = \"critical\" }, south = { [\"2022-02\"] = \"ok\" } } } }\n"
        "test \"warned\" { given = { [money] = { north = { [\"2022-01\"] = 1000, [\"2022-02\"] = "
        "1100, "
        "[\"2022-03\"] = 900 } } },\n"
        "  expect = { [\"slip\"] = { north = { [\"2022-02\"] = \"warning\", [\"2022-03\"] = \"ok\" "
        "} } "
        "} }\n";
    (void)state;
    struct house house;
    zw_buf faults;
    zw_err err = {ZW_OK, ""};
    size_t count = 9;
    zw_buf_init(&faults, 65536);
    house_open(&house, text, "2022-01-01");
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(
            zw_trial_run(house.pack, house.script, &house.pack->tests[i], &faults, &count, &err),
            ZW_OK);
        if (count != 0) {
            fail_msg("%s", zw_buf_view(&faults));
        }
    }
    zw_buf_fini(&faults);
    house_close(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(faults_say_what_was_expected_and_found),
        cmocka_unit_test(given_figures_arrive_as_they_were_known_when_a_guard_looks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
