/* What a delivery touched, in words. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "alert/facts.h"
#include "alert/touched.h"
#include "engine_world.h"
#include "guard_world.h"

static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"UTC\", title = { en = \"Land\", zh = \"地\" } }\n"
    "area \"north\" { within = land }\n"
    "area \"south\" { within = land }\n"
    "local money = measure \"money\" { kind = \"flow\", unit = \"CNY\", every = \"month\" }\n"
    "local per_year = indicator \"per_year\" { money:year(), title = { en = \"Money a year\", zh = "
    "\"年\" "
    "} }\n"
    "indicator \"windows\" { money:rolling(2):sum() }\n"
    "target \"plan\" { per_year, over = { [2022] = 20 } }\n"
    "rule \"enough\" { each = land.areas, must = money:over(4) }\n"
    "alert \"changed\" { each = land.areas, info = money:revised(),\n"
    "  say = { en = \"{area}: {touched}\", zh = \"{touched}\" } }\n"
    "guard \"big\" { on = money, hold = money:over(1000), say = \"touches {touched}\" }\n";

static void is(struct house *house, const char *day, bool is_zh, const char *expected)
{
    zw_buf text;
    zw_err err = {ZW_OK, ""};
    zw_eval_world world = {house->pack, house->script, zw_engine_store(house->engine), NULL};
    zw_buf_init(&text, 65536);
    assert_int_equal(zw_touched_say(&world, 0, day_ms(day), is_zh, &text, &err), ZW_OK);
    assert_string_equal(zw_buf_view(&text), expected);
    zw_buf_fini(&text);
}

static void verdicts_then_lights_then_indicators(void **state)
{
    (void)state;
    struct house house;
    house_open(&house, pack_text, "2023-01-10");
    house_day(&house, "2023-01-10",
              "money,north,2022-01,1\nmoney,north,2022-02,1\nmoney,north,2022-03,1\n"
              "money,north,2022-04,1\nmoney,north,2022-05,1\nmoney,north,2022-06,1\n"
              "money,north,2022-07,1\nmoney,north,2022-08,1\nmoney,north,2022-09,1\n"
              "money,north,2022-10,1\nmoney,north,2022-11,1\nmoney,north,2022-12,1\n"
              "money,south,2022-12,1\n");
    house_day(&house, "2023-01-11", "money,north,2022-12,9\n");
    is(&house, "2023-01-11", false,
       "enough (north), Money a year (north 2022), windows (north 2022-12)");
    is(&house, "2023-01-11", true, "enough(north)、年(north 2022)、windows(north 2022-12)");
    is(&house, "2023-01-12", false, "nothing");
    house_day(&house, "2023-01-13", "money,land,2022-12,25\nmoney,land,2022-11,1\n");
    is(&house, "2023-01-13", false, "windows (Land 2022-12)");
    house_day(&house, "2023-01-14", "money,north,2022-06,3\n");
    is(&house, "2023-01-14", false,
       "Money a year (north 2022), windows (north 2022-06 to 2022-07)");
    house_close(&house);
}

static void an_alert_speaks_of_the_delivery_of_its_newest_figure(void **state)
{
    (void)state;
    struct house house;
    zw_saying saying;
    zw_err err = {ZW_OK, ""};
    house_open(&house, pack_text, "2023-01-10");
    house_day(&house, "2023-01-10", "money,north,2022-11,1\nmoney,north,2022-12,1\n");
    house_day(&house, "2023-01-11", "money,north,2022-12,2\n");
    house_is(&house, "0/1:info 0/2:unknown ");
    house_day(&house, "2023-01-20", NULL); /* whenever it is asked */
    zw_alert_state seen = {
        .is = ZW_ALERT_FIRING, .severity = ZW_INFO, .has_front = true, .front = 52 * 12 + 11};
    assert_int_equal(zw_facts_say(zw_engine_eval(house.engine), 0, 1, &seen, &saying, &err), ZW_OK);
    assert_string_equal(zw_buf_view(&saying.en), "north: windows (north 2022-12)");
    assert_string_equal(zw_buf_view(&saying.zh), "windows(north 2022-12)");
    zw_saying_fini(&saying);
    house_close(&house);
}

static void a_guard_speaks_of_what_the_delivery_would_touch(void **state)
{
    (void)state;
    struct house house;
    zw_saying saying;
    zw_err err = {ZW_OK, ""};
    house_open(&house, pack_text, "2023-01-10");
    house_day(&house, "2023-01-10", "money,south,2022-11,1\nmoney,south,2022-12,1\n");
    house_day(&house, "2023-01-11", "money,south,2022-12,2000\n");
    assert_true(house_value(&house, "south", "2022-12", NULL) == 1); /* it is held */
    zw_alert_state seen = {.is = ZW_ALERT_FIRING, .severity = ZW_CRITICAL};
    assert_int_equal(zw_facts_say(zw_engine_eval(house.engine), 1, 2, &seen, &saying, &err), ZW_OK);
    assert_string_equal(zw_buf_view(&saying.en),
                        "touches enough (south), windows (south 2022-12) (batch 2 held)");
    zw_saying_fini(&saying);
    house_close(&house);
}

/* 30 areas, each with a year and a window. */
static void many_are_counted(void **state)
{
    static const char text[] =
        "local land = zone \"land\" { timezone = \"UTC\" }\n"
        "for i = 1, 30 do area(\"a\" .. i) { within = land } end\n"
        "local money = measure \"money\" { kind = \"flow\", unit = \"CNY\", every = \"year\" }\n"
        "indicator \"twice\" { money:of \"zone\" * 2 }\n";
    (void)state;
    struct house house;
    zw_buf said;
    zw_err err = {ZW_OK, ""};
    house_open(&house, text, "2023-01-10");
    house_day(&house, "2023-01-10", "money,land,2022,1\n");
    zw_eval_world world = {house.pack, house.script, zw_engine_store(house.engine), NULL};
    zw_buf_init(&said, 65536);
    assert_int_equal(zw_touched_say(&world, 0, day_ms("2023-01-10"), false, &said, &err), ZW_OK);
    assert_non_null(strstr(zw_buf_view(&said), "twice (a19 2022) and 11 more"));
    assert_int_equal(zw_touched_say(&world, 0, day_ms("2023-01-10"), true, &said, &err), ZW_OK);
    assert_non_null(strstr(zw_buf_view(&said), "twice(a19 2022)等共31项"));
    zw_buf_fini(&said);
    house_close(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(verdicts_then_lights_then_indicators),
        cmocka_unit_test(an_alert_speaks_of_the_delivery_of_its_newest_figure),
        cmocka_unit_test(a_guard_speaks_of_what_the_delivery_would_touch),
        cmocka_unit_test(many_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
