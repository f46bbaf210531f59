/* The facts of an alert: what its words name, and the evidence that is frozen. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "alert/facts.h"
#include "engine_world.h"

#include <jansson.h>

static void words_name_what_was_seen(void **state)
{
    (void)state;
    struct house house;
    zw_saying saying;
    zw_err err = {ZW_OK, ""};
    house_open(&house, late_and_poor, "2022-02-05");
    house_day(&house, "2022-02-05", "money,south,2022-01,8\n");
    zw_alert_state seen = {
        .is = ZW_ALERT_FIRING, .severity = ZW_INFO, .has_front = true, .front = 52 * 12};
    assert_int_equal(zw_facts_say(zw_engine_eval(house.engine), 1, 2, &seen, &saying, &err), ZW_OK);
    assert_string_equal(zw_buf_view(&saying.en), "south: 8 CNY under 10 CNY in 2022-01 (2022)");
    assert_string_equal(zw_buf_view(&saying.zh), "south2022-01为8 CNY");
    assert_string_equal(zw_buf_view(&saying.value), "8 CNY");
    assert_false(saying.is_synthetic);
    zw_saying_fini(&saying);
    house_close(&house);
}

static void evidence_is_one_json_object(void **state)
{
    (void)state;
    struct house house;
    zw_buf text;
    zw_err err = {ZW_OK, ""};
    zw_buf_init(&text, 65536);
    house_open(&house, late_and_poor, "2022-02-05");
    house_day(&house, "2022-03-15", "money,north,2022-02,8\nmoney,south,2022-01,8\n");
    zw_alert_state seen = {
        .is = ZW_ALERT_FIRING, .severity = ZW_WARNING, .has_front = true, .front = 52 * 12 + 1};
    assert_int_equal(zw_facts_evidence(zw_engine_eval(house.engine), 0, 2, &seen, &text, &err),
                     ZW_OK);
    json_t *object = json_loads(zw_buf_view(&text), JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(object);
    assert_string_equal(json_string_value(json_object_get(object, "period")), "2022-02");
    assert_string_equal(json_string_value(json_object_get(object, "lacking")), "south");
    assert_string_equal(json_string_value(json_object_get(object, "due")), "2022-03-10");
    assert_true(json_number_value(json_object_get(json_object_get(object, "late_days"), "value")) ==
                5);
    json_decref(object);
    zw_buf_fini(&text);
    house_close(&house);
}

static void many_that_lack_are_counted(void **state)
{
    static const char text[] =
        "local land = zone \"land\" { timezone = \"UTC\" }\n"
        "for i = 1, 3000 do area(\"a_place_with_a_long_name_\" .. i) { within = land } end\n"
        "local money = measure \"money\" { kind = \"flow\", unit = \"CNY\", every = \"month\", "
        "due = \"10d\", since = \"2022-01\" }\n"
        "alert \"late\" { warning = money:late(), say = { en = \"{lacking}.\", zh = "
        "\"{lacking}。\" } "
        "}\n";
    (void)state;
    struct house house;
    zw_saying saying;
    zw_err err = {ZW_OK, ""};
    house_open(&house, text, "2022-02-15");
    house_day(&house, "2022-02-15", NULL); /* the move's evidence is kept whole */
    house_is(&house, "0/0:warning ");
    zw_alert_state seen = {
        .is = ZW_ALERT_FIRING, .severity = ZW_WARNING, .has_front = true, .front = 52 * 12};
    assert_int_equal(zw_facts_say(zw_engine_eval(house.engine), 0, 0, &seen, &saying, &err), ZW_OK);
    assert_non_null(strstr(zw_buf_view(&saying.en),
                           "a_place_with_a_long_name_1, a_place_with_a_long_name_2, "));
    assert_non_null(strstr(zw_buf_view(&saying.en), "_name_20 and 2980 more."));
    assert_non_null(strstr(zw_buf_view(&saying.zh), "、a_place_with_a_long_name_20等共3000处。"));
    zw_saying_fini(&saying);
    house_close(&house);
}

/* What functions say beside their values, of the period that is spoken of. */
static const char worst_text[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "local north = area \"north\" { within = land, title = { en = \"The North\", zh = \"北\" } }\n"
    "local south = area \"south\" { within = land }\n"
    "local money = measure \"money\" { kind = \"flow\", unit = \"CNY\", every = \"month\", hide = "
    "measure(\"secret_part\") { kind = \"stock\", unit = \"firms\", every = \"month\" }:over(0) }\n"
    "local lead = indicator \"lead\" { function(at)\n"
    "  local n, s = at(money, north), at(money, south)\n"
    "  return math.max(n, s) / at(money), { worst = n < s and north or south, gap = math.abs(n - "
    "s),\n"
    "    text = at.period.text, odd = s ~= 4 and 1 or nil }\n"
    "end, unit = \"%\" }\n"
    "alert \"apart\" { each = land, warning = lead:over(0.6),\n"
    "  with = { gap = money, other = function(at) return at(money), { best = \"none\" } end },\n"
    "  say = { en = \"{worst} {gap} {text} {best} {odd:%}\", zh = \"{worst}\" } }\n";

static void says(struct house *house, zw_period front, const char *en, const char *zh)
{
    zw_saying saying;
    zw_err err = {ZW_OK, ""};
    zw_alert_state seen = {
        .is = ZW_ALERT_FIRING, .severity = ZW_WARNING, .has_front = true, .front = front};
    assert_int_equal(zw_facts_say(zw_engine_eval(house->engine), 0, 0, &seen, &saying, &err),
                     ZW_OK);
    assert_string_equal(zw_buf_view(&saying.en), en);
    assert_string_equal(zw_buf_view(&saying.zh), zh);
    zw_saying_fini(&saying);
}

static void functions_say_more_than_their_values(void **state)
{
    (void)state;
    struct house house;
    house_open(&house, worst_text, "2022-02-05");
    house_day(&house, "2022-02-05", "money,north,2022-01,9\nmoney,south,2022-01,3\n");
    house_is(&house, "0/0:warning ");
    says(&house, 52 * 12, "south 12 CNY 2022-01 none 100.0 %", "south"); /* `with` comes first */
    house_day(&house, "2022-02-06", "money,north,2022-01,2\n"); /* the same state, other words */
    house_is(&house, "");
    says(&house, 52 * 12, "The North 5 CNY 2022-01 none 100.0 %", "北");
    house_day(&house, "2022-02-07", "money,south,2022-01,4\n"); /* a name that is not said */
    says(&house, 52 * 12, "The North 6 CNY 2022-01 none {odd:%}", "北");
    house_day(&house, "2022-02-08", "secret_part,land,2022-01,1\n"); /* made of what is hidden */
    says(&house, 52 * 12, "{worst} hidden {text} {best} {odd:%}", "{worst}");
    house_close(&house);
}

/* Of groups it is the one that decides. */
static void a_truth_about_groups_speaks_of_the_group(void **state)
{
    static const char text[] =
        "local land = zone \"land\" { timezone = \"UTC\" }\n"
        "local shy = measure \"shy\" { kind = \"stock\", unit = \"firms\", every = \"month\" }\n"
        "local came = measure \"came\" { kind = \"flow\", unit = \"firms\", every = \"month\", by "
        "= "
        "{ \"trade\" }, hide = shy:over(0) }\n"
        "alert \"one\" { warning = came:by(\"trade\"):over(5):any(), say = \"{value} {threshold}\" "
        "}\n"
        "alert \"some\" { warning = ~came:by(\"trade\"):over(came / 3):all(), say = \"{value} "
        "{threshold}\" }\n";
    static const char rows[] = "measure,area,period,value,trade\ncame,,2022-01,2,ai\n"
                               "came,,2022-01,7,chips\ncame,,2022-01,9,tea\n";
    static const char hidden[] = "measure,area,period,value\nshy,,2022-01,1\n";
    static const char *const says[] = {"7 firms 5 firms", "2 firms 6 firms"};
    (void)state;
    struct house house;
    const zw_fed *fed = NULL;
    zw_err err = {ZW_OK, ""};
    zw_feed_options options = {.source = "test"};
    house_open(&house, text, "2022-02-05");
    assert_int_equal(zw_engine_feed(house.engine, rows, strlen(rows), &options, &fed, &err), ZW_OK);
    house_day(&house, "2022-02-05", NULL);
    house_is(&house, "0/0:warning 1/0:warning ");
    zw_alert_state seen = {
        .is = ZW_ALERT_FIRING, .severity = ZW_WARNING, .has_front = true, .front = 52 * 12};
    for (int is_hidden = 0; is_hidden < 2; is_hidden++) {
        for (uint32_t a = 0; a < 2; a++) {
            zw_saying saying;
            assert_int_equal(zw_facts_say(zw_engine_eval(house.engine), a, 0, &seen, &saying, &err),
                             ZW_OK);
            assert_string_equal(zw_buf_view(&saying.en),
                                is_hidden ? "hidden {threshold}" : says[a]);
            zw_saying_fini(&saying);
        }
        assert_int_equal(zw_engine_feed(house.engine, hidden, strlen(hidden), &options, &fed, &err),
                         ZW_OK);
        house_day(&house, "2022-02-06", NULL);
    }
    house_close(&house);
}

/* What is said of a text is the text. */
static void a_text_is_said_as_it_is(void **state)
{
    static const char text[] = "local land = zone \"land\" { timezone = \"UTC\" }\n"
                               "local firms = register \"firms\" { fields = { \"trade\" } }\n"
                               "indicator \"main\" { firms:top \"trade\" }\n"
                               "alert \"one\" { warning = firms:top(\"trade\"):equals \"chips\",\n"
                               "  with = { before = firms:top(\"trade\"):lag(1) }, say = "
                               "\"{value}, {main}, {before}\" }\n";
    static const char rows[] = "register,item,area,at,trade\nfirms,a,,2022-02-01,chips\n"
                               "firms,b,,2022-02-01,ai\nfirms,c,,2022-02-02,chips\n";
    (void)state;
    struct house house;
    zw_saying saying;
    const zw_fed *fed = NULL;
    zw_err err = {ZW_OK, ""};
    zw_feed_options options = {.source = "test"};
    house_open(&house, text, "2022-02-02");
    assert_int_equal(zw_engine_feed(house.engine, rows, strlen(rows), &options, &fed, &err), ZW_OK);
    house_day(&house, "2022-02-02", NULL);
    house_is(&house, "0/0:warning ");
    zw_eval *eval = zw_engine_eval(house.engine);
    zw_alert_state seen = {
        .is = ZW_ALERT_FIRING, .severity = ZW_WARNING, .has_front = true, .front = 19025};
    assert_int_equal(zw_facts_say(eval, 0, 0, &seen, &saying, &err), ZW_OK);
    assert_string_equal(zw_buf_view(&saying.en), "chips, chips, ai");
    assert_string_equal(zw_buf_view(&saying.value), "chips");
    zw_saying_fini(&saying);
    house_close(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_name_what_was_seen),
        cmocka_unit_test(evidence_is_one_json_object),
        cmocka_unit_test(many_that_lack_are_counted),
        cmocka_unit_test(functions_say_more_than_their_values),
        cmocka_unit_test(a_truth_about_groups_speaks_of_the_group),
        cmocka_unit_test(a_text_is_said_as_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
