/* The basis of a move, as it is frozen in its evidence. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "alert/basis.h"
#include "engine_world.h"

static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "area \"north\" { within = land }\n"
    "area \"south\" { within = land }\n"
    "local sales = measure \"sales\" { kind = \"flow\", unit = \"CNY\", every = \"year\",\n"
    "  due = \"20d\", partial = true }\n"
    "local plan = target \"plan\" { sales, over = { [2022] = 100 }, from = { [2020] = 80 } }\n"
    "alert \"behind\" { warning = plan:shortfall():over(0.05) }\n"
    "alert \"low\" { warning = sales:under(50) }\n"
    "alert \"none\" { warning = plan:shortfall():lag(9):over(0) }\n";

/* The basis in the evidence of an alert of the zone, with a front in a year. The caller lets go. */
static json_t *basis_of(const struct house *house, uint32_t alert, int year)
{
    zw_buf text;
    zw_err err = {ZW_OK, ""};
    zw_alert_state seen = zw_alert_state_start(0);
    seen.is = ZW_ALERT_FIRING;
    seen.severity = ZW_WARNING;
    seen.active_ms = 0;
    seen.has_front = year != 0;
    seen.front = year - 1970;
    zw_buf_init(&text, 65536);
    assert_int_equal(zw_facts_evidence(zw_engine_eval(house->engine), alert, 0, &seen, &text, &err),
                     ZW_OK);
    json_t *evidence = json_loads(zw_buf_view(&text), JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(evidence);
    json_t *basis = json_incref(json_object_get(evidence, "basis"));
    json_decref(evidence);
    zw_buf_fini(&text);
    return basis;
}

static void is(json_t *basis, const char *expected)
{
    char *text = json_dumps(basis, JSON_COMPACT);
    assert_string_equal(text, expected);
    free(text);
    json_decref(basis);
}

static void it_says_deliveries_completeness_and_the_path(void **state)
{
    (void)state;
    struct house house;
    house_open(&house, pack_text, "2022-01-05");
    house_day(&house, "2022-01-10", "sales,north,2021,50\n");
    is(basis_of(&house, 0, 2021),
       "{\"complete\":\"1/2\",\"deliveries\":[{\"batch\":1,\"source\":\"test\",\"known_at\":"
       "\"2022-01-10T00:00:00+00:00\",\"figures\":1}],\"target\":{\"name\":\"plan\",\"path\":{"
       "\"value\":90.0,\"shown\":\"90 CNY\"},\"gap\":{\"value\":40.0,\"shown\":\"40 CNY\"}}}");
    house_day(&house, "2022-01-12", "sales,south,2021,9\n");
    is(basis_of(&house, 1, 2021),
       "{\"complete\":\"2/2\",\"deliveries\":[{\"batch\":2,\"source\":\"test\",\"known_at\":"
       "\"2022-01-12T00:00:00+00:00\",\"figures\":1},{\"batch\":1,\"source\":\"test\",\"known_at\":"
       "\"2022-01-10T00:00:00+00:00\",\"figures\":1}]}");
    house_close(&house);
}

static void it_says_why_nothing_is_known(void **state)
{
    (void)state;
    struct house house;
    house_open(&house, pack_text, "2022-01-05");
    house_day(&house, "2022-01-10", "sales,north,2021,50\n");
    json_t *basis = basis_of(&house, 2, 2021);
    assert_non_null(json_object_get(basis, "why"));
    json_decref(basis);
    assert_null(basis_of(&house, 1, 0)); /* nothing to speak of */
    house_close(&house);
}

static void of_many_deliveries_the_newest_are_named(void **state)
{
    static const char text[] =
        "local land = zone \"land\" { timezone = \"UTC\" }\n"
        "for i = 1, 30 do area(\"a\" .. i) { within = land } end\n"
        "local sales = measure \"sales\" { kind = \"flow\", unit = \"CNY\", every = \"year\" }\n"
        "alert \"low\" { warning = sales:under(50) }\n";
    (void)state;
    struct house house;
    house_open(&house, text, "2022-01-05");
    for (int i = 1; i <= 30; i++) {
        char row[64];
        char day[24];
        (void)snprintf(row, sizeof(row), "sales,a%d,2021,1\n", i);
        (void)snprintf(day, sizeof(day), "2022-01-%02d", i > 25 ? 25 : i); /* five on one day */
        house_day(&house, i < 6 ? "2022-01-05" : day, row);
    }
    json_t *basis = basis_of(&house, 0, 2021);
    const json_t *list = json_object_get(basis, "deliveries");
    assert_int_equal(json_array_size(list), 20);
    assert_int_equal(json_integer_value(json_object_get(basis, "others")), 10);
    int64_t before = 31;
    for (size_t i = 0; i < 20; i++) {
        int64_t batch = json_integer_value(json_object_get(json_array_get(list, i), "batch"));
        assert_true(i < 6 ? batch >= 25 : batch < before);
        before = batch;
    }
    json_decref(basis);
    house_close(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_says_deliveries_completeness_and_the_path),
        cmocka_unit_test(it_says_why_nothing_is_known),
        cmocka_unit_test(of_many_deliveries_the_newest_are_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
