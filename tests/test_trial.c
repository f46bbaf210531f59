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

/* The third item of the north makes three, which is over two: it is held, and never is in. What is
 * known with it waits with it. */
static void given_items_arrive_as_they_were_known_when_a_guard_looks(void **state)
{
    static const char text[] =
        "local land = zone \"land\" { timezone = \"UTC\" }\n"
        "local north = area \"north\" { within = land }\n"
        "local south = area \"south\" { within = land }\n"
        "local money = measure \"money\" { kind = \"flow\", unit = \"CNY\", every = \"month\" }\n"
        "local calls = register \"calls\" { fields = { \"type\" } }\n"
        "local crowd = guard \"crowd\" { on = calls, hold = calls:count():over(2), warn = "
        "calls:count():over(1) }\n"
        "test \"held\" { given = { [calls] = { [north] = { { item = \"c\", at = \"2024-03-03\" },\n"
        "    { item = \"a\", at = \"2024-03-01\" }, { item = \"b\", at = \"2024-03-02\" } },\n"
        "    [south] = { { item = \"d\", at = \"2024-03-03\" }, { item = \"e\", at = "
        "\"2024-03-04\" } } },\n"
        "    [money] = { [north] = { [\"2024-02\"] = 5, [\"2024-01\"] = { 7, known_at = "
        "\"2024-03-03\" } } } },\n"
        "  expect = { [calls:count()] = { [north] = { [\"2024-03-01\"] = 1, [\"2024-03-02\"] = 2, "
        "[\"2024-03-03\"] = 2 }, [south] = { [\"2024-03-03\"] = 0, [\"2024-03-04\"] = 1 } },\n"
        "    [money] = { [north] = { [\"2024-01\"] = missing, [\"2024-02\"] = 5 } },\n"
        "    [crowd] = { [north] = { [\"2024-03-01\"] = \"ok\", [\"2024-03-02\"] = \"warning\", "
        "[\"2024-03-03\"] = \"critical\" }, [south] = { [\"2024-03-03\"] = \"ok\" } } } }\n";
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
    zw_buf_fini(&faults);
    house_close(&house);
}

/* Items of two registers; each day's state is the one before the next day begins. */
static void items_are_given_and_expected(void **state)
{
    static const char text[] =
        "local land = zone \"land\" { timezone = \"Asia/Shanghai\" }\n"
        "local north = area \"north\" { within = land } local south = area \"south\" { within = "
        "land }\n"
        "local platforms = register \"platforms\" { fields = { \"type\" } }\n"
        "local calls = register \"calls\" { states = { \"posted\", \"delivered\" },\n"
        "  fields = { due_on = \"date\" }, deadline = \"due_on\" }\n"
        "local served = rule \"served\" { each = land.areas,\n"
        "  must = platforms:has(\"type\", { \"lab\", \"incubator\" }) }\n"
        "alert \"gap\" { each = land.areas, warning = served:broken(), hold = \"30d\" }\n"
        "alert \"call\" { each = land.areas, warning = calls:due_within \"14d\", critical = "
        "calls:overdue() }\n"
        "test \"platforms\" { given = { [platforms] = {\n"
        "  [north] = { { item = \"a\", at = \"2024-03-01\", type = \"lab\" },\n"
        "    { item = \"b\", at = \"2024-03-05\", type = \"incubator\" } },\n"
        "  [south] = { { item = \"c\", at = \"2024-03-01\", type = \"lab\" } } } },\n"
        "  expect = { [served] = { [north] = { [\"2024-03-04\"] = false, [\"2024-03-05\"] = true, "
        "[\"2025-01-01\"] = true } },\n"
        "    gap = { [north] = { [\"2024-03-04\"] = \"pending\", [\"2024-03-05\"] = \"ok\" },\n"
        /* 1 March + 30 days is 31 March */
        "      [south] = { [\"2024-03-30\"] = \"pending\", [\"2024-03-31\"] = \"warning\" } },\n"
        "    [platforms:count()] = { [\"2024-03-01\"] = 2, [\"2024-03-05\"] = 3 } } }\n"
        "test \"calls\" { given = { calls = { [north] = {\n"
        "  { item = \"x\", at = \"2024-03-01\", state = \"posted\", due_on = \"2024-06-30\" },\n"
        "  { item = \"x\", at = \"2024-07-10\", state = \"delivered\" } } } },\n"
        "  expect = { call = { [north] = { [\"2024-06-15\"] = \"ok\", [\"2024-06-16\"] = "
        "\"warning\",\n"
        "    [\"2024-06-30\"] = \"warning\", [\"2024-07-01\"] = \"critical\", [\"2024-07-09\"] = "
        "\"critical\", [\"2024-07-10\"] = \"ok\" },\n"
        "    [south] = { [\"2024-07-01\"] = \"ok\" } } } }\n"
        "local each = rule \"each\" { each = calls, must = ~calls:overdue() }\n"
        "alert \"of_each\" { each = calls, warning = calls:due_within \"14d\", critical = "
        "calls:overdue() }\n"
        "test \"each\" { given = { calls = {\n"
        "  [north] = { { item = \"x\", at = \"2024-03-01\", state = \"posted\", due_on = "
        "\"2024-06-30\" } },\n"
        "  [south] = { { item = \"y\", at = \"2024-03-01\", state = \"posted\", due_on = "
        "\"2024-07-05\" },\n"
        "    { item = \"y\", at = \"2024-07-08\", state = \"left\" } } } },\n"
        "  expect = { of_each = { [north] = { [\"2024-06-15\"] = \"ok\", [\"2024-06-30\"] = "
        "\"warning\", [\"2024-07-01\"] = \"critical\" },\n"
        "    [south] = { [\"2024-07-01\"] = \"warning\", [\"2024-07-06\"] = \"critical\", "
        "[\"2024-07-08\"] = \"ok\" },\n"
        /* of the zone, the worst of all in it */
        "    [\"2024-06-22\"] = \"warning\", [\"2024-07-01\"] = \"critical\" },\n"
        "    [each] = { [\"2024-06-30\"] = true, [\"2024-07-01\"] = false, [south] = { "
        "[\"2024-07-01\"] = true } },\n"
        "    [each:broken()] = { [south] = { [\"2024-07-06\"] = true, [\"2024-07-08\"] = false } } "
        "} }\n"
        "test \"as of a day\" { at = \"2024-03-03\", given = { [platforms] = { [north] = {\n"
        "  { item = \"a\", at = \"2024-03-01\", type = \"lab\", known_at = \"2024-03-04\" } } } "
        "},\n"
        "  expect = { [platforms:count()] = { [\"2024-03-02\"] = missing } } }\n"
        "test \"not met\" { given = { [platforms] = { { item = \"a\", at = \"2024-03-01\" } } },\n"
        "  expect = { [platforms:count()] = { [\"2024-03-09\"] = 2 } } }\n";
    (void)state;
    struct house house;
    zw_buf faults;
    zw_err err = {ZW_OK, ""};
    size_t count = 9;
    zw_buf_init(&faults, 65536);
    house_open(&house, text, "2022-01-01");
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(
            zw_trial_run(house.pack, house.script, &house.pack->tests[i], &faults, &count, &err),
            ZW_OK);
        if (count != 0) {
            fail_msg("%s", zw_buf_view(&faults));
        }
    }
    assert_int_equal(
        zw_trial_run(house.pack, house.script, &house.pack->tests[4], &faults, &count, &err),
        ZW_OK);
    assert_int_equal(count, 1);
    assert_non_null(strstr(zw_buf_view(&faults),
                           "platforms:count() of land in 2024-03-09: expected 2 (2), found 1"));
    zw_buf_fini(&faults);
    house_close(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_are_given_and_expected),
        cmocka_unit_test(faults_say_what_was_expected_and_found),
        cmocka_unit_test(given_figures_arrive_as_they_were_known_when_a_guard_looks),
        cmocka_unit_test(given_items_arrive_as_they_were_known_when_a_guard_looks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
