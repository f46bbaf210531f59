/* Batches as they are listed: how each stands, and what guards said of it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine_world.h"
#include "guard_world.h"
#include "serve/batch_list.h"

#include <jansson.h>

static json_t *list_of(struct house *house, long long limit)
{
    zw_buf text;
    zw_err err = {ZW_OK, ""};
    zw_buf_init(&text, 65536);
    zw_json json = zw_json_of(&text);
    assert_int_equal(zw_batch_list_put(zw_engine_store(house->engine),
                                       zw_pack_calendar(house->pack, 0)->tz, limit, &json, &err),
                     ZW_OK);
    json_t *list = json_loads(zw_buf_view(&text), JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(list);
    zw_buf_fini(&text);
    return list;
}

static const char *text_at(const json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));
    return text != NULL ? text : "";
}

static void each_batch_says_how_it_stands_and_why(void **state)
{
    /* The newest first. 4: the slip released into 5. */
    static const struct {
        int id;
        const char *stands, *ended_at;
        int released_as, accepted;
        const char *guard, *severity, *period; /* of what was said; NULL: nothing */
    } rows[] = {
        {5, "taken", "", 0, 1, NULL, NULL, NULL},
        {4, "released", "2022-03-08T00:00:00+00:00", 5, 0, "slip", "critical", "2022-02"},
        {3, "held", "", 0, 0, "slip", "critical", "2022-02"},
        {2, "taken", "", 0, 1, "slip", "warning", "2022-01"},
        {1, "taken", "", 0, 1, NULL, NULL, NULL},
    };
    (void)state;
    struct house house;
    zw_err err = {ZW_OK, ""};
    const zw_fed *fed = NULL;
    house_open(&house, slip_pack, "2022-01-05");
    house_day(&house, "2022-01-05", "money,north,2021-12,100\n");
    house_day(&house, "2022-02-05", "money,north,2022-01,500\n"); /* 5 times */
    house_day(&house, "2022-03-05", "money,north,2022-02,5000000\n");
    house_day(&house, "2022-03-06", "money,north,2022-02,6000000\n");
    house.now_ms = day_ms("2022-03-08");
    assert_int_equal(zw_engine_release(house.engine, 4, &fed, &err), ZW_OK);
    house_day(&house, "2022-03-08", NULL);
    json_t *list = list_of(&house, 10);
    assert_int_equal(json_array_size(list), 5);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        const json_t *batch = json_array_get(list, i);
        const json_t *why = json_object_get(batch, "why");
        assert_int_equal(json_integer_value(json_object_get(batch, "id")), rows[i].id);
        assert_string_equal(text_at(batch, "state"), rows[i].stands);
        assert_int_equal(strncmp(text_at(batch, "ended_at"), rows[i].ended_at, 10), 0);
        assert_int_equal(json_integer_value(json_object_get(batch, "released_as")),
                         rows[i].released_as);
        assert_int_equal(json_integer_value(json_object_get(batch, "accepted")), rows[i].accepted);
        assert_int_equal(json_array_size(why), rows[i].guard != NULL ? 1 : 0);
        if (rows[i].guard != NULL) {
            assert_string_equal(text_at(json_array_get(why, 0), "guard"), rows[i].guard);
            assert_string_equal(text_at(json_array_get(why, 0), "severity"), rows[i].severity);
            assert_string_equal(text_at(json_array_get(why, 0), "period"), rows[i].period);
            assert_string_equal(text_at(json_array_get(why, 0), "area"), "north");
        }
    }
    json_decref(list);
    list = list_of(&house, 2);
    assert_int_equal(json_array_size(list), 2);
    json_decref(list);
    house_close(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_batch_says_how_it_stands_and_why),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
