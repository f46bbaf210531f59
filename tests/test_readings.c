/* The newest readings of indicators. */
#include "serve/readings.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api_world.h"

#include "failing_alloc.h"

/* Two zones, one of which nothing was ever reported of. */
#define PACK                                                                                       \
    "local z = zone 'delta' { timezone = 'Asia/Shanghai' }\n"                                      \
    "area 'north' { within = z }\n"                                                                \
    "area 'south' { within = z }\n"                                                                \
    "zone 'elsewhere' { timezone = 'UTC' }\n"                                                      \
    "local revenue = measure 'revenue' { kind = 'flow', unit = 'CNY', every = 'month', due = "     \
    "'20d' }\n"                                                                                    \
    "local visits = measure 'visits' { kind = 'flow', unit = 'visits', every = 'day' }\n"          \
    "indicator 'revenue_year' { revenue:year() }\n"                                                \
    "indicator 'part' { revenue / revenue:of 'zone' }\n"                                           \
    "indicator 'visits_day' { visits }\n"                                                          \
    "local plan = target 'plan' { each = z, revenue, over = { [2025] = 1 } }\n"                    \
    "indicator 'gap' { plan:gap() }\n"

static int setup(void **state)
{
    api_world *w = calloc(1, sizeof *w);
    assert_non_null(w);
    api_world_load(w, PACK, API_WORLD_NOW);
    api_world_put(w, "revenue", "north", "2022-12", 10000, "2023-01-10T00:00:00+08:00",
                  ZW_OBS_NORMAL, false);
    api_world_put(w, "visits", "north", "2023-04-09", 5, "2023-04-10T00:00:00+08:00", ZW_OBS_NORMAL,
                  false);
    api_world_start(w);
    *state = w;
    return 0;
}

static void a_reading_is_the_newest_value_or_why_there_is_none(void **state)
{
    static const struct {
        const char *why, *indicator, *area;
        bool is_shown;
        const char *json;
    } rows[] = {
        {"the newest value", "visits_day", "north", true,
         "{\"period\":\"2023-04-09\",\"value\":5,\"shown\":\"5 visits\","},
        {"nothing known, but expected since then", "revenue_year", "south", true,
         "{\"period\":\"2022\",\"value\":null,\"shown\":null,"},
        {"nothing is spoken of there", "revenue_year", "elsewhere", false, ""},
        {"what follows a target of another area", "gap", "south", false, ""},
        {"what looks elsewhere and finds nothing", "part", "elsewhere", false, ""},
    };
    const api_world *w = *state;
    zw_readings *readings = NULL;
    assert_int_equal(zw_readings_create(w->world.eval, &readings, NULL), ZW_OK);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint32_t indicator = 0;
        zw_reading_at reading;
        zw_buf out;
        zw_buf_init(&out, 1 << 16);
        zw_json json = zw_json_of(&out);
        (void)zw_pack_find(w->world.pack, zw_text_of(rows[i].indicator), &indicator);
        uint32_t area = zw_pack_area(w->world.pack, zw_text_of(rows[i].area), NULL);
        assert_int_equal(zw_readings_at(readings, indicator, area, &reading, NULL), ZW_OK);
        assert_int_equal(reading.is_shown, rows[i].is_shown);
        if (reading.is_shown) {
            zw_json_open(&json, NULL, '{');
            zw_readings_put(w->world.eval, indicator, area, &reading, &json);
            zw_json_close(&json, '}');
        }
        if (strncmp(zw_buf_view(&out), rows[i].json, strlen(rows[i].json)) != 0) {
            fail_msg("%s: %s", rows[i].why, zw_buf_view(&out));
        }
        zw_buf_fini(&out);
    }
    zw_readings_destroy(readings);
}

static void says_so_when_there_is_no_memory(void **state)
{
    const api_world *w = *state;
    for (long after = 0;; after++) {
        zw_readings *readings = NULL;
        failing_alloc_after(after);
        zw_status status = zw_readings_create(w->world.eval, &readings, NULL);
        bool has_refused = failing_alloc_stop();
        assert_int_equal(status, has_refused ? ZW_NOMEM : ZW_OK);
        assert_int_equal(readings == NULL, has_refused);
        zw_readings_destroy(readings);
        if (!has_refused) {
            assert_true(after > 2);
            return;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_reading_is_the_newest_value_or_why_there_is_none),
        cmocka_unit_test(says_so_when_there_is_no_memory),
    };
    return cmocka_run_group_tests(tests, setup, api_world_teardown);
}
