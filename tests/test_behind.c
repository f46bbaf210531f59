/* The figures behind an alert, and whether they were changed just now. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "alert/behind.h"
#include "engine_world.h"

static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "area \"north\" { within = land }\n"
    "area \"south\" { within = land }\n"
    "local money = measure \"money\" { kind = \"flow\", unit = \"CNY\", every = \"month\" }\n"
    "local firms = measure \"firms\" { kind = \"stock\", unit = \"CNY\", every = \"month\" }\n"
    "alert \"low\" { warning = money:under(10), clear = firms:over(1) }\n"
    "alert \"falls\" { warning = money:falls(1) }\n";

/* Of the zone's alert `index`, in a month of 2022, at the moment where the house is. */
static bool is_revised(const struct house *house, uint32_t index, int month)
{
    bool out = false;
    zw_err err = {ZW_OK, ""};
    assert_int_equal(zw_behind_is_revised(zw_engine_eval(house->engine), index, 0,
                                          52 * 12 + month - 1, &out, &err),
                     ZW_OK);
    return out;
}

static void only_a_figure_that_was_there_before_is_revised(void **state)
{
    static const struct {
        const char *why, *day, *rows;
        bool low, falls; /* in February */
    } steps[] = {
        {"the first figures", "2022-03-05", "money,north,2022-02,8\nmoney,south,2022-02,1\n", false,
         false},
        {"a day later nothing came", "2022-03-06", NULL, false, false},
        {"the same again", "2022-03-07", "money,north,2022-02,8\n", false, false},
        {"another value of a part", "2022-03-08", "money,north,2022-02,9\n", true, true},
        {"of another period", "2022-03-09", "money,north,2022-01,9\nmoney,south,2022-01,9\n", false,
         false},
        {"which is under a truth that looks back", "2022-03-10", "money,north,2022-01,8\n", false,
         true},
        {"a first figure of what clear asks", "2022-03-11",
         "firms,north,2022-02,1\nfirms,south,2022-02,1\n", false, false},
        {"and another", "2022-03-12", "firms,north,2022-02,2\n", true, false},
    };
    (void)state;
    struct house house;
    house_open(&house, pack_text, "2022-03-04");
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        print_message("  %s\n", steps[i].why);
        house_day(&house, steps[i].day, steps[i].rows);
        assert_int_equal(is_revised(&house, 0, 2), steps[i].low);
        assert_int_equal(is_revised(&house, 1, 2), steps[i].falls);
    }
    house_close(&house);
}

static void a_withdrawal_and_its_end_are_revisions(void **state)
{
    static const char header[] = "measure,area,period,value,status\n";
    static const struct {
        const char *day, *row;
    } steps[] = {{"2022-03-06", "money,land,2022-02,,M\n"},
                 {"2022-03-07", "money,land,2022-02,8,A\n"}};
    (void)state;
    struct house house;
    house_open(&house, pack_text, "2022-03-04");
    house_day(&house, "2022-03-05", "money,land,2022-02,8\n");
    assert_false(is_revised(&house, 0, 2));
    for (size_t i = 0; i < 2; i++) {
        char csv[128];
        zw_err err = {ZW_OK, ""};
        const zw_fed *fed = NULL;
        zw_feed_options options = {.source = "test"};
        house.now_ms = day_ms(steps[i].day);
        (void)snprintf(csv, sizeof csv, "%s%s", header, steps[i].row);
        assert_int_equal(zw_engine_feed(house.engine, csv, strlen(csv), &options, &fed, &err),
                         ZW_OK);
        house_day(&house, steps[i].day, NULL);
        assert_true(is_revised(&house, 0, 2));
    }
    house_close(&house);
}

static void count_figure(void *arg, zw_series_id series, const zw_figure *figure)
{
    zw_buf *out = arg;
    (void)series;
    zw_buf_printf(out, "%g ", figure->value);
}

static zw_status each_input(void *arg, const zw_input *input, zw_err *err)
{
    const struct house *house = ((void **)arg)[0];
    (void)err;
    zw_behind_input(zw_engine_eval(house->engine), input, count_figure, ((void **)arg)[1]);
    return ZW_OK;
}

static void what_stands_under_an_input_is_walked(void **state)
{
    (void)state;
    struct house house;
    zw_buf out;
    zw_err err = {ZW_OK, ""};
    zw_buf_init(&out, 4096);
    house_open(&house, pack_text, "2022-03-04");
    house_day(&house, "2022-03-05", "money,north,2022-02,8\nmoney,south,2022-02,1\n");
    house_day(&house, "2022-03-06", "money,north,2022-02,9\n");
    void *arg[] = {&house, &out};
    assert_int_equal(zw_eval_inputs(zw_engine_eval(house.engine), house.pack->alerts[0].when[1], 0,
                                    52 * 12 + 1, each_input, arg, &err),
                     ZW_OK);
    assert_string_equal(zw_buf_view(&out), "9 1 "); /* as they are now, of the parts */
    zw_buf_fini(&out);
    house_close(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_a_figure_that_was_there_before_is_revised),
        cmocka_unit_test(a_withdrawal_and_its_end_are_revisions),
        cmocka_unit_test(what_stands_under_an_input_is_walked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
