/* What there is to say of a name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "alert/account.h"
#include "engine_world.h"
#include "failing_alloc.h"

static const char text[] = "local land = zone \"land\" { timezone = \"UTC\" }\n"
                           "area \"north\" { within = land }\n"
                           "local money = measure \"money\" { kind = \"flow\", unit = \"CNY\", "
                           "every = \"month\", aliases = { "
                           "\"geld\" } }\n"
                           "local year = indicator \"year\" { money:year() }\n"
                           "local plan = target \"plan\" { year, each = land, over = { [2022] = "
                           "100, [2024] = 200 }, from = "
                           "{ [2021] = 50 } }\n"
                           "target \"wish\" { over = { [2025] = 1 } }\n"
                           "rule \"some\" { must = money:over(1), should = money:over(2) }\n"
                           "alert \"poor\" { warning = money:under(10), critical = money:under(5), "
                           "clear = money:over(12) }\n"
                           "alert \"month\" { per = \"period\", warning = money:under(9) }\n"
                           "local calls = register \"calls\" { fields = { due_on = \"date\" }, "
                           "states = { \"open\", \"done\" } "
                           "}\n"
                           "notify \"office\" { to = log() }\n";

static zw_status expression_of(void *arg, zw_text words, zw_node_id *out, zw_err *err)
{
    return zw_script_expression(arg, words, out, err);
}

static zw_status ask(struct house *house, const char *name, const char *area, const char *period,
                     zw_account **out, zw_err *err)
{
    zw_account_ask asked = {.name = name,
                            .area = zw_pack_area(house->pack, zw_text_of(area), NULL),
                            .period = period,
                            .expression = expression_of,
                            .arg = house->script};
    return zw_account_create(zw_engine_eval(house->engine), zw_engine_ledger(house->engine), &asked,
                             out, err);
}

static zw_account *of(struct house *house, const char *name, const char *area, const char *period)
{
    zw_account *account = NULL;
    zw_err err = {ZW_OK, ""};
    if (ask(house, name, area, period, &account, &err) != ZW_OK) {
        fail_msg("%s: %s", name, err.text);
    }
    return account;
}

static int open_house(void **state)
{
    static struct house house;
    house_open(&house, text, "2022-01-01");
    house_day(&house, "2022-02-05", "money,land,2022-01,20\n");
    house_day(&house, "2022-03-05", "money,land,2022-02,7\n");
    house_day(&house, "2022-04-05", "money,land,2022-03,4\n");
    *state = &house;
    return 0;
}

static int close_house(void **state)
{
    house_close(*state);
    return 0;
}

static void each_noun_has_its_values(void **state)
{
    static const struct {
        const char *name, *period, *parts[3];
        zw_noun noun;
    } rows[] = {
        {"money", NULL, {"value"}, ZW_NOUN_MEASURE},
        {"geld", "2022-02", {"value"}, ZW_NOUN_MEASURE},
        {"year", "2022", {"value"}, ZW_NOUN_INDICATOR},
        {"money * 2", NULL, {"value"}, ZW_NOUN_NONE},
        {"some", NULL, {"must", "should"}, ZW_NOUN_RULE},
        {"poor", NULL, {"critical", "warning", "clear"}, ZW_NOUN_ALERT},
        {"month", NULL, {"warning"}, ZW_NOUN_ALERT},
        {"plan", NULL, {"gap"}, ZW_NOUN_TARGET},
        {"plan", "2023", {"value"}, ZW_NOUN_TARGET},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_account *account = of(*state, rows[i].name, "land", rows[i].period);
        assert_int_equal(account->noun, rows[i].noun);
        for (size_t p = 0; p < 3; p++) {
            const char *found = p < account->count ? account->parts[p].what : NULL;
            if ((found == NULL) != (rows[i].parts[p] == NULL) ||
                (found != NULL && strcmp(found, rows[i].parts[p]) != 0)) {
                fail_msg("%s: part %zu is %s", rows[i].name, p, found != NULL ? found : "none");
            }
        }
        zw_account_destroy(account);
    }
    zw_account *account = of(*state, "geld", "land", "2022-02");
    assert_string_equal(account->name, "money");
    assert_true(account->parts[0].tree->twigs[0].cell.value == 7);
    zw_account_destroy(account);
}

static void an_alert_tells_its_state_and_moves(void **state)
{
    zw_account *account = of(*state, "poor", "land", NULL);
    assert_string_equal(zw_alert_state_text(&account->state), "critical");
    assert_int_equal(account->moves_in_all, 2);
    assert_string_equal(account->moves[0].state, "warning");
    assert_true(account->moves[0].at_ms == day_ms("2022-03-05"));
    assert_non_null(strstr(account->moves[1].evidence, "\"4 CNY\""));
    assert_true(account->parts[0].period == 52 * 12 + 2); /* its front */
    zw_account_destroy(account);
    account = of(*state, "month", "land", "2022-02"); /* one period's own instance */
    assert_string_equal(zw_alert_state_text(&account->state), "warning");
    assert_true(account->moves[0].at_ms == day_ms("2022-03-05"));
    zw_account_destroy(account);
    account = of(*state, "month", "land", "2022-01");
    assert_string_equal(zw_alert_state_text(&account->state), "ok");
    assert_int_equal(account->move_count, 0);
    zw_account_destroy(account);
}

static void a_target_tells_its_verdict(void **state)
{
    zw_account *account = of(*state, "plan", "land", "2024");
    assert_true(account->has_verdict);
    assert_int_equal(account->dated, 1);
    zw_account_destroy(account);
    account = of(*state, "plan", "land", NULL);
    assert_int_equal(account->dated, 0); /* nothing is over: the first */
    assert_true(account->judged.verdict == ZW_VERDICT_NOT_DUE_NO_DATA ||
                account->judged.verdict == ZW_VERDICT_NOT_DUE_AT_RISK);
    zw_account_destroy(account);
}

static void what_cannot_be_explained_is_refused(void **state)
{
    static const struct {
        const char *name, *area, *period, *says;
    } rows[] = {
        {"mony", "land", NULL, "mony"},
        {"wish", "land", NULL, "target 'wish' is not measurable"},
        {"plan", "north", NULL, "target 'plan' is not set for north"},
        {"poor", "north", NULL, "alert 'poor' is not about north"},
        {"office", "land", NULL, "'office' is a notify: a measure"},
        {"calls", "land", NULL, "'calls' is a register: a measure"},
        {"money", "land", "2022", "period: '2022' is no month"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_account *account = NULL;
        zw_err err = {ZW_OK, ""};
        zw_status status = ask(*state, rows[i].name, rows[i].area, rows[i].period, &account, &err);
        assert_int_equal(status, ZW_INVALID);
        assert_null(account);
        if (strstr(err.text, rows[i].says) == NULL) {
            fail_msg("%s: %s", rows[i].name, err.text);
        }
    }
}

static void an_alert_of_items_is_asked_by_item(void **state)
{
    static const char pack[] = "local land = zone \"land\" { timezone = \"UTC\" }\n"
                               "local calls = register \"calls\" { fields = { due_on = \"date\" }, "
                               "deadline = \"due_on\", states "
                               "= { \"open\", \"done\" }, done = \"done\" }\n"
                               "alert \"over\" { each = calls, warning = calls:overdue() }\n";
    static const char rows[] = "register,item,area,at,state,due_on\n"
                               "calls,cooling,land,2022-01-02,open,2022-01-20\n";
    (void)state;
    struct house house;
    zw_err err = {ZW_OK, ""};
    const zw_fed *fed = NULL;
    zw_feed_options options = {.source = "test"};
    house_open(&house, pack, "2022-01-05");
    assert_int_equal(zw_engine_feed(house.engine, rows, strlen(rows), &options, &fed, &err), ZW_OK);
    house_day(&house, "2022-02-01", NULL);
    zw_account_ask asked = {.name = "over", .area = 0, .item = "cooling"};
    zw_account *account = NULL;
    assert_int_equal(zw_account_create(zw_engine_eval(house.engine), zw_engine_ledger(house.engine),
                                       &asked, &account, &err),
                     ZW_OK);
    assert_string_equal(zw_alert_state_text(&account->state), "warning");
    assert_true(account->parts[0].tree->twigs[0].cell.value == 1);
    assert_int_equal(zw_eval_bound(zw_engine_eval(house.engine)), 0);
    const zw_tree *tree = account->parts[0].tree;
    assert_int_equal(tree->twigs[0].items_in_all, 1);
    assert_string_equal(tree->items[0].name, "cooling");
    assert_string_equal(tree->items[0].text, "calls,cooling,land,2022-01-02,open,2022-01-20");
    zw_account_destroy(account);
    asked = (zw_account_ask){
        .name = "calls:count()", .area = 0, .expression = expression_of, .arg = house.script};
    if (zw_account_create(zw_engine_eval(house.engine), zw_engine_ledger(house.engine), &asked,
                          &account, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
    zw_buf told;
    zw_buf_init(&told, 65536);
    zw_tree_text(account->parts[0].tree, &told);
    const char *below = strchr(zw_buf_view(&told), '\n');
    assert_non_null(below);
    assert_string_equal(below + 1, "└ cooling open: test:2 of delivery 1, known 2022-01-05\n"
                                   "    calls,cooling,land,2022-01-02,open,2022-01-20\n");
    zw_buf_fini(&told);
    zw_account_destroy(account);
    asked = (zw_account_ask){.name = "over", .area = 0, .item = "colling"};
    assert_int_equal(zw_account_create(zw_engine_eval(house.engine), zw_engine_ledger(house.engine),
                                       &asked, &account, &err),
                     ZW_INVALID);
    house_close(&house);
}

static void an_account_without_memory_is_none(void **state)
{
    bool was_refused = true;
    for (long n = 0; was_refused; n++) {
        zw_account *account = NULL;
        zw_err err = {ZW_OK, ""};
        failing_alloc_after(n);
        zw_status status = ask(*state, "poor", "land", NULL, &account, &err);
        was_refused = failing_alloc_stop();
        assert_true((status == ZW_OK) == (account != NULL));
        assert_true(was_refused || status == ZW_OK);
        zw_account_destroy(account);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_noun_has_its_values),
        cmocka_unit_test(an_alert_tells_its_state_and_moves),
        cmocka_unit_test(a_target_tells_its_verdict),
        cmocka_unit_test(what_cannot_be_explained_is_refused),
        cmocka_unit_test(an_alert_of_items_is_asked_by_item),
        cmocka_unit_test(an_account_without_memory_is_none),
    };
    return cmocka_run_group_tests(tests, open_house, close_house);
}
