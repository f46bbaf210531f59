/* How alerts stand, for alerts and rules that ask: as the judge goes along, and of past moments as
 * the ledger says. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "alert/rule.h"
#include "engine_world.h"

/* Alerts: 0 early, which asks one that is declared behind it, 1 low, 2 both, 3 each, 4 twice.
 * Areas: 0 land, 1 north, 2 south. */
static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "local north = area \"north\" { within = land }\n"
    "local south = area \"south\" { within = land }\n"
    "local money = measure \"money\" { kind = \"flow\", unit = \"CNY\", every = \"month\" }\n"
    "local box = {}\n"
    "alert \"early\" { each = land, every = \"month\",\n"
    "  warning = function(at) return at(box.low:firing(), north) end }\n"
    "box.low = alert \"low\" { each = land.areas, warning = money:under(5), hold = \"10d\",\n"
    "  critical = money:under(2) }\n"
    "alert \"both\" { each = land, warning = all(box.low:firing(), { north, south }),\n"
    "  critical = any(box.low:firing(\"critical\"), { north, south }) }\n"
    "local each = alert \"each\" { each = land.areas, per = \"period\", warning = money:under(5) "
    "}\n"
    "alert \"twice\" { each = land.areas, warning = each:firing():held(2) }\n"
    "rule \"calm\" { must = ~any(box.low:firing(), { north, south }) }\n";

static const struct {
    const char *why, *day, *rows, *states;
    zw_rule_is calm;
} steps[] = {
    {"low in the north, for less than 10 days; nothing is known of the south", "2022-02-05",
     "money,north,2022-01,4\n",
     "1/1:pending 1/2:unknown 2/0:unknown 3/1*:warning 4/1:unknown 4/2:unknown ", ZW_RULE_UNKNOWN},
    {"time alone moves it, and in the same moment who asks", "2022-02-15", NULL,
     "0/0:warning 1/1:warning 1/2:unknown 2/0:unknown 3/1*:warning 4/1:unknown 4/2:unknown ",
     ZW_RULE_BROKEN},
    {"the south too, but not for long", "2022-02-20", "money,south,2022-01,1\n",
     "0/0:warning 1/1:warning 1/2:pending 3/1*:warning 3/2*:warning 4/1:unknown 4/2:unknown ",
     ZW_RULE_BROKEN},
    {"and critically", "2022-03-05", NULL,
     "0/0:warning 1/1:warning 1/2:critical 2/0:critical 3/1*:warning 3/2*:warning 4/1:unknown "
     "4/2:unknown ",
     ZW_RULE_BROKEN},
    {"a second month: twice in the north", "2022-03-08", "money,north,2022-02,3\n",
     "0/0:warning 1/1:warning 1/2:critical 2/0:critical 3/1*:warning 3/1*:warning 3/2*:warning "
     "4/1:warning 4/2:unknown ",
     ZW_RULE_BROKEN},
    {"which is corrected, and both recover", "2022-03-09",
     "money,north,2022-02,8\nmoney,south,2022-02,8\n", "3/1*:warning 3/2*:warning ", ZW_RULE_KEPT},
};

static zw_rule_is rule_at(struct house *house, int64_t at_ms)
{
    zw_eval *eval = NULL;
    zw_rule_state found;
    zw_err err = {ZW_OK, ""};
    assert_int_equal(zw_engine_eval_at(house->engine, at_ms, &eval, &err), ZW_OK);
    assert_int_equal(zw_rule_judge(eval, 0, 0, &found, &err), ZW_OK);
    zw_eval_destroy(eval);
    return found.is;
}

static void take_steps(struct house *house)
{
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        zw_rule_state rule;
        zw_err err = {ZW_OK, ""};
        print_message("  %s\n", steps[i].why);
        house_day(house, steps[i].day, steps[i].rows);
        house_is(house, steps[i].states);
        assert_int_equal(zw_rule_judge(zw_engine_eval(house->engine), 0, 0, &rule, &err), ZW_OK);
        assert_int_equal(rule.is, steps[i].calm);
    }
}

static void who_asks_is_judged_after_who_is_asked(void **state)
{
    (void)state;
    struct house house;
    house_open(&house, pack_text, "2022-01-20");
    take_steps(&house);
    house_close(&house);
}

static void of_a_past_moment_the_ledger_answers(void **state)
{
    (void)state;
    struct house house;
    house_open(&house, pack_text, "2022-01-20");
    take_steps(&house);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        print_message("  %s\n", steps[i].why);
        assert_int_equal(rule_at(&house, day_ms(steps[i].day)), steps[i].calm);
    }
    assert_int_equal(rule_at(&house, day_ms("2022-02-15") - 1), ZW_RULE_UNKNOWN);
    /* an evaluation that goes along asks anew at each moment */
    zw_eval *eval = NULL;
    zw_err err = {ZW_OK, ""};
    assert_int_equal(zw_engine_eval_at(house.engine, day_ms("2022-02-05"), &eval, &err), ZW_OK);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        zw_rule_state found;
        assert_int_equal(zw_eval_move(eval, day_ms(steps[i].day), &err), ZW_OK);
        assert_int_equal(zw_rule_judge(eval, 0, 0, &found, &err), ZW_OK);
        assert_int_equal(found.is, steps[i].calm);
    }
    zw_eval_destroy(eval);
    house_close(&house);
}

static void a_past_that_is_mended_moves_who_asks(void **state)
{
    (void)state;
    struct house house;
    house_open(&house, pack_text, "2022-01-20");
    house_day(&house, "2022-02-05", "money,north,2022-01,4\nmoney,south,2022-01,9\n");
    house_day(&house, "2022-02-20", NULL);
    house_is(&house, "0/0:warning 1/1:warning 3/1*:warning 4/1:unknown ");
    /* it was 7, as was known before the ten days were over */
    house_day_known(&house, "2022-02-21", "2022-02-10", "money,north,2022-01,7\n");
    house_is(&house, "");
    assert_int_equal(rule_at(&house, day_ms("2022-02-20")), ZW_RULE_KEPT);
    house_close(&house);
}

/* Alerts: 0 due, of each call, 1 many, which counts the areas where one is due, 2 guarded, 3 heard,
 * 4 same, of each call again.
 * Areas: 0 land, 1 north, 2 south. */
static const char items_text[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "local north = area \"north\" { within = land }\n"
    "local south = area \"south\" { within = land }\n"
    "local money = measure \"money\" { kind = \"flow\", unit = \"CNY\", every = \"month\" }\n"
    "local calls = register \"calls\" { fields = { due_on = \"date\" }, states = { \"posted\", "
    "\"done\" }, deadline = \"due_on\" }\n"
    "local due = alert \"due\" { each = calls, warning = calls:overdue() }\n"
    "alert \"many\" { each = land.areas, warning = due:firing() }\n"
    "local guarded = guard \"guarded\" { on = money, hold = money:over(100) }\n"
    "alert \"heard\" { each = land, critical = guarded:firing(), info = due:firing() & "
    "calls:count():over(0) }\n"
    "alert \"same\" { each = calls, info = due:firing() }\n";

static void feed_items(struct house *house, const char *day, const char *rows)
{
    char csv[1024];
    const zw_fed *fed = NULL;
    zw_err err = {ZW_OK, ""};
    zw_feed_options options = {.source = "calls"};
    house->now_ms = day_ms(day);
    (void)snprintf(csv, sizeof(csv), "register,item,area,at,state,due_on\n%s", rows);
    if (zw_engine_feed(house->engine, csv, strlen(csv), &options, &fed, &err) != ZW_OK ||
        zw_engine_turn(house->engine, NULL, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
}

static void items_count_where_they_stand_and_guards_are_alerts(void **state)
{
    (void)state;
    struct house house;
    house_open(&house, items_text, "2022-01-20");
    feed_items(&house, "2022-02-01",
               "calls,a,north,2022-02-01,posted,2022-02-10\ncalls,b,north,2022-02-01,posted,\n");
    house_day(&house, "2022-02-12", NULL);
    house_is(&house, "1/1:warning 3/0:info 0/1:warning 4/1:info ");
    feed_items(&house, "2022-02-13", "calls,a,south,2022-02-13,,\n"); /* it moves */
    house_is(&house, "1/2:warning 3/0:info 0/2:warning 4/2:info ");
    house_day(&house, "2022-02-14", "money,land,2022-01,500\n"); /* held */
    house_is(&house, "1/2:warning 2/0:critical 3/0:critical 0/2:warning 4/2:info ");
    feed_items(&house, "2022-02-15", "calls,a,,2022-02-15,done,\n");
    house_is(&house, "2/0:critical 3/0:critical ");
    zw_eval *eval = NULL;
    zw_err err = {ZW_OK, ""};
    zw_cell cell;
    zw_node_id node = ZW_NODE_NONE;
    assert_int_equal(zw_script_expression(house.script, zw_text_of("due:firing()"), &node, &err),
                     ZW_OK);
    assert_int_equal(zw_engine_eval_at(house.engine, day_ms("2022-02-14"), &eval, &err), ZW_OK);
    zw_period now = zw_eval_now(eval, node, 1);
    assert_int_equal(zw_eval_cell(eval, node, 1, now, &cell, &err), ZW_OK);
    assert_true(zw_cell_is_false(&cell)); /* it had left the north by then */
    assert_int_equal(zw_eval_cell(eval, node, 2, now, &cell, &err), ZW_OK);
    assert_true(zw_cell_is_true(&cell));
    zw_eval_destroy(eval);
    house_close(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_asks_is_judged_after_who_is_asked),
        cmocka_unit_test(of_a_past_moment_the_ledger_answers),
        cmocka_unit_test(a_past_that_is_mended_moves_who_asks),
        cmocka_unit_test(items_count_where_they_stand_and_guards_are_alerts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
