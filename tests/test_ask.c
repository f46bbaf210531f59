/* Asks: the area and the moment a request is about. */
#include "serve/ask.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api_world.h"

/* Two zones on different clocks, the second with a part. */
#define TWO_ZONES                                                                                  \
    "local a = zone 'canton' { timezone = 'Asia/Shanghai' }\n"                                     \
    "local b = zone 'leeds' { timezone = 'Europe/London' }\n"                                      \
    "area 'holbeck' { within = b, aliases = { 'LS11' } }\n"                                        \
    "area 'tianhe' { within = a }\n"

#define NOW "2023-07-10T12:00:00Z"

static int two_zones(void **state)
{
    api_world *w = calloc(1, sizeof *w);
    assert_non_null(w);
    api_world_load(w, TWO_ZONES, NOW);
    api_world_start(w);
    *state = w;
    return 0;
}

static void an_area_is_named_by_name_or_alias(void **state)
{
    static const struct {
        const char *text;
        zw_status status;
        const char *area, *error;
    } rows[] = {
        {NULL, ZW_OK, NULL, ""},
        {"holbeck", ZW_OK, "holbeck", ""},
        {" LS11 ", ZW_OK, "holbeck", ""},
        {"leeds", ZW_OK, "leeds", ""},
        {"holbek", ZW_INVALID, NULL, "no area 'holbek'; did you mean 'holbeck'?"},
        {"", ZW_INVALID, NULL, "no area ''"},
    };
    const api_world *w = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_ask ask;
        zw_err err = {ZW_OK, ""};
        zw_ask_init(&ask, &w->world, NULL);
        assert_int_equal(zw_ask_area(&ask, rows[i].text, &err), rows[i].status);
        assert_string_equal(err.text, rows[i].error);
        assert_int_equal(ask.area == ZW_NONE, rows[i].area == NULL);
        if (rows[i].area != NULL) {
            assert_string_equal(w->world.pack->areas[ask.area].title.name, rows[i].area);
        }
        zw_ask_fini(&ask);
    }
}

static void an_ask_about_an_area_is_about_all_inside_it(void **state)
{
    const api_world *w = *state;
    zw_ask ask;
    zw_ask_init(&ask, &w->world, NULL);
    uint32_t leeds = zw_pack_area(w->world.pack, zw_text_of("leeds"), NULL);
    uint32_t holbeck = zw_pack_area(w->world.pack, zw_text_of("holbeck"), NULL);
    assert_true(zw_ask_is_about(&ask, leeds));
    assert_int_equal(zw_ask_area(&ask, "leeds", NULL), ZW_OK);
    assert_true(zw_ask_is_about(&ask, leeds));
    assert_true(zw_ask_is_about(&ask, holbeck));
    assert_false(zw_ask_is_about(&ask, zw_pack_area(w->world.pack, zw_text_of("canton"), NULL)));
    assert_string_equal(zw_tz_name(zw_ask_tz(&ask)), "Europe/London");
    zw_ask_fini(&ask);
}

static void a_day_ends_where_the_area_is(void **state)
{
    static const struct {
        const char *why, *area, *text;
        zw_status status;
        const char *moment;
    } rows[] = {
        {"in London", "leeds", "2023-06-30", ZW_OK, "2023-06-30T23:59:59.999+01:00"},
        {"in Canton", "tianhe", "2023-06-30", ZW_OK, "2023-06-30T23:59:59.999+08:00"},
        {"a longer period", "leeds", "2022", ZW_OK, "2022-12-31T23:59:59.999+00:00"},
        {"a moment", NULL, "2023-06-30T10:00:00+08:00", ZW_OK, "2023-06-30T10:00:00+08:00"},
        {"of everything, but the zones differ", NULL, "2023-06-30", ZW_INVALID, ""},
        {"today is what is known by now", "leeds", "2023-07-10", ZW_OK, NOW},
        {"this year too", "leeds", "2023", ZW_OK, NOW},
        {"tomorrow is not", "leeds", "2023-07-11", ZW_INVALID, ""},
        {"no time at all", "leeds", "yesterday", ZW_INVALID, ""},
        {"a day that is none", "leeds", "2023-02-30", ZW_INVALID, ""},
    };
    const api_world *w = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_ask ask;
        zw_err err = {ZW_OK, ""};
        zw_ask_init(&ask, &w->world, NULL);
        assert_int_equal(zw_ask_area(&ask, rows[i].area, &err), ZW_OK);
        zw_status status = zw_ask_as_of(&ask, rows[i].text, &err);
        if (status != rows[i].status) {
            fail_msg("%s: %s", rows[i].why, err.text);
        }
        assert_int_equal(strncmp(err.text, "as_of: ", 7) == 0, status != ZW_OK);
        if (status == ZW_OK) {
            assert_int_equal(ask.as_of_ms, api_world_ms(rows[i].moment));
            assert_int_equal(zw_eval_as_of_ms(ask.eval), ask.as_of_ms);
            assert_ptr_not_equal(ask.eval, w->world.eval);
        }
        zw_ask_fini(&ask);
    }
}

static void without_a_moment_it_is_about_the_last_turn(void **state)
{
    const api_world *w = *state;
    zw_ask ask;
    zw_ask_init(&ask, &w->world, NULL);
    assert_int_equal(zw_ask_as_of(&ask, NULL, NULL), ZW_OK);
    assert_false(ask.has_as_of);
    assert_ptr_equal(ask.eval, w->world.eval);
    assert_int_equal(ask.as_of_ms, w->world.now_ms);
    zw_ask_fini(&ask);
}

/* What a handler found in its request's parameters. */
struct found {
    const api_world *w;
    bool has;
    int64_t first_ms, last_ms;
    zw_status status;
};

static void look(void *arg, zw_http_request *request)
{
    struct found *found = arg;
    zw_ask ask;
    zw_ask_init(&ask, &found->w->world, request);
    assert_int_equal(zw_ask_area(&ask, "leeds", NULL), ZW_OK);
    found->status = zw_ask_moment(&ask, "from", false, &found->has, &found->first_ms, NULL);
    assert_int_equal(zw_ask_moment(&ask, "from", true, &found->has, &found->last_ms, NULL),
                     found->status);
    zw_ask_fini(&ask);
    zw_http_answer(request, 204, NULL, NULL, 0, NULL, 0);
}

static void a_parameter_names_its_first_or_last_moment(void **state)
{
    exchange x = {0};
    struct found found = {.w = *state};
    exchange_open(&x, look, &found);
    assert_int_equal(exchange_get(&x, "/?from=2023-06"), 204);
    assert_true(found.has);
    assert_int_equal(found.first_ms, api_world_ms("2023-06-01T00:00:00+01:00"));
    assert_int_equal(found.last_ms, api_world_ms("2023-06-30T23:59:59.999+01:00"));
    assert_int_equal(exchange_get(&x, "/"), 204);
    assert_false(found.has);
    assert_int_equal(found.status, ZW_OK);
    assert_int_equal(exchange_get(&x, "/?from=x"), 204);
    assert_int_equal(found.status, ZW_INVALID);
    exchange_close(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_area_is_named_by_name_or_alias),
        cmocka_unit_test(an_ask_about_an_area_is_about_all_inside_it),
        cmocka_unit_test(a_day_ends_where_the_area_is),
        cmocka_unit_test(without_a_moment_it_is_about_the_last_turn),
        cmocka_unit_test(a_parameter_names_its_first_or_last_moment),
    };
    return cmocka_run_group_tests(tests, two_zones, api_world_teardown);
}
