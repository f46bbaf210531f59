/* The judge: subjects judged again when something under them moved, and no other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine_world.h"

static void states_follow_figures_and_time(void **state)
{
    static const struct {
        const char *day, *rows, *states;
    } steps[] = {
        {"2022-02-05", "money,north,2022-01,20\nmoney,south,2022-01,8\n", "1/2:info "},
        {"2022-03-05", "money,north,2022-02,4\n", "1/1:critical 1/2:info "},
        {"2022-03-11", NULL, "0/2*:warning 1/1:critical 1/2:info "}, /* February of south is due;
                                                                        unknown keeps what fires */
        {"2022-03-12", "money,south,2022-02,11\n", "1/1:critical 1/2:info "},
        {"2022-04-05", "money,south,2022-03,13\nmoney,north,2022-03,7\n", "1/1:info "},
    };
    (void)state;
    struct house house;
    house_open(&house, late_and_poor, "2022-02-05");
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        house_day(&house, steps[i].day, steps[i].rows);
        house_is(&house, steps[i].states);
    }
    house_close(&house);
}

static void time_alone_asks_for_the_next_turn(void **state)
{
    (void)state;
    struct house house;
    house_open(&house, late_and_poor, "2022-02-05");
    house_day(&house, "2022-03-05",
              "money,north,2022-01,20\nmoney,south,2022-01,8\nmoney,north,2022-02,4\n");
    assert_int_equal(zw_judge_next_ms(zw_engine_judge(house.engine)), day_ms("2022-03-11"));
    house_close(&house);
}

static void states_come_back_from_the_ledger(void **state)
{
    (void)state;
    struct house house;
    zw_err err = {ZW_OK, ""};
    house_open(&house, late_and_poor, "2022-02-05");
    house_day(&house, "2022-02-05", "money,north,2022-01,20\nmoney,south,2022-01,8\n");
    house_day(&house, "2022-03-05", "money,north,2022-02,4\n");
    assert_int_equal(zw_judge_restore(zw_engine_judge(house.engine), day_ms("2022-02-20"), &err),
                     ZW_OK);
    house_is(&house, "1/2:info ");
    assert_int_equal(zw_judge_restore(zw_engine_judge(house.engine), house.now_ms, &err), ZW_OK);
    house_is(&house, "1/1:critical 1/2:info ");
    house_close(&house);
}

static void an_alert_is_muted_while_its_unless_fires_near(void **state)
{
    (void)state;
    struct house house;
    zw_err err = {ZW_OK, ""};
    bool is_muted = true;
    int64_t until_ms = ZW_NEVER_MS;
    house_open(&house, late_and_poor, "2022-02-05");
    house_day(&house, "2022-03-05",
              "money,north,2022-01,20\nmoney,south,2022-01,8\nmoney,north,2022-02,4\n");
    assert_int_equal(
        zw_judge_is_muted(zw_engine_judge(house.engine), 1, 2, &is_muted, &until_ms, &err), ZW_OK);
    assert_false(is_muted);
    house_day(&house, "2022-03-11", NULL);
    assert_int_equal(
        zw_judge_is_muted(zw_engine_judge(house.engine), 1, 2, &is_muted, &until_ms, &err), ZW_OK);
    assert_true(is_muted);
    assert_int_equal(
        zw_judge_is_muted(zw_engine_judge(house.engine), 1, 1, &is_muted, &until_ms, &err), ZW_OK);
    assert_false(is_muted); /* late is at the sibling, not around it */
    house_close(&house);
}

static void a_function_may_make_formulas_while_its_front_is_sought(void **state)
{
    static const char text[] =
        "local land = zone \"land\" { timezone = \"UTC\" }\n"
        "local money = measure \"money\" { kind = \"flow\", unit = \"CNY\", every = \"month\" }\n"
        "alert \"up\" { each = land, warning = function(at)\n"
        "  return at((money + 7):lag(1):rises(1))\n"
        "end }\n";
    (void)state;
    struct house house;
    house_open(&house, text, "2022-02-05");
    house_day(&house, "2022-05-05",
              "money,land,2022-01,1\nmoney,land,2022-02,2\nmoney,land,2022-03,1\n");
    house_is(&house, ""); /* the newest it can speak of is April, after March's fall */
    house_day(&house, "2022-05-06", "money,land,2022-03,3\n");
    house_is(&house, "0/0:warning ");
    house_close(&house);
}

static void what_nobody_ever_reported_is_late_from_its_beginning_on(void **state)
{
    static const char text[] =
        "local land = zone \"land\" { timezone = \"UTC\" }\n"
        "local money = measure \"money\" { kind = \"flow\", unit = \"CNY\", every = \"month\",\n"
        "  since = \"2022-01\", due = \"10d\" }\n"
        "alert \"front\" { warning = money:late() }\n"
        "alert \"each\" { per = \"period\", warning = money:late() }\n";
    (void)state;
    struct house house;
    house_open(&house, text, "2022-02-05");
    house_day(&house, "2022-02-05", NULL);
    house_is(&house, "0/0:unknown ");
    assert_int_equal(zw_judge_next_ms(zw_engine_judge(house.engine)), day_ms("2022-02-11"));
    house_day(&house, "2022-02-11", NULL);
    house_is(&house, "0/0:warning 1/0*:warning ");
    house_day(&house, "2022-03-11", NULL);
    house_is(&house, "0/0:warning 1/0*:warning 1/0*:warning ");
    house_close(&house);
}

static void each_severity_is_judged_from_its_own_first_period_on(void **state)
{
    static const char text[] =
        "local land = zone \"land\" { timezone = \"UTC\" }\n"
        "local old = measure \"old\" { kind = \"stock\", unit = \"CNY\", every = \"month\" }\n"
        "local new = measure \"new\" { kind = \"stock\", unit = \"CNY\", every = \"month\" }\n"
        "alert \"low\" { per = \"period\", warning = new:under(1), critical = old:under(1) }\n";
    (void)state;
    struct house house;
    house_open(&house, text, "2022-02-05");
    house_day(&house, "2022-02-05", "old,land,2021-01,5\nnew,land,2022-01,5\n");
    house_is(&house, "");
    house_day(&house, "2022-02-06", "old,land,2021-01,0\n"); /* before there was a new one */
    house_is(&house, "0/0*:critical ");
    house_close(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(states_follow_figures_and_time),
        cmocka_unit_test(time_alone_asks_for_the_next_turn),
        cmocka_unit_test(states_come_back_from_the_ledger),
        cmocka_unit_test(an_alert_is_muted_while_its_unless_fires_near),
        cmocka_unit_test(what_nobody_ever_reported_is_late_from_its_beginning_on),
        cmocka_unit_test(each_severity_is_judged_from_its_own_first_period_on),
        cmocka_unit_test(a_function_may_make_formulas_while_its_front_is_sought),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
