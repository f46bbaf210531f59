/* Instances of alerts: now from the judge, then from the ledger, and told the same way. */
#include "serve/instances.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api_world.h"

/* "alert area[ period]=state" of every instance, a line each. */
static void list(const zw_ask *ask, zw_buf *out)
{
    zw_instances instances;
    assert_int_equal(zw_instances_read(ask, &instances, NULL), ZW_OK);
    for (size_t i = 0; i < instances.count; i++) {
        char period[48];
        const zw_standing *s = &instances.at[i];
        zw_alert_key key = zw_judge_key(ask->eval, s->alert, s->area, &s->instance, period);
        zw_buf_printf(out, "%s %s%s%s=%s\n", key.alert, key.area, *key.period != '\0' ? " " : "",
                      key.period, zw_instance_text(&s->instance));
        assert_int_equal(zw_instance_is_open(&s->instance),
                         strcmp(zw_instance_text(&s->instance), "ok") != 0);
    }
    zw_instances_fini(&instances);
}

static void are_those_of_the_moment_asked_for(void **state)
{
    static const struct {
        const char *why, *area, *as_of, *list;
    } rows[] = {
        {"now", NULL, NULL,
         "low north=firing\nlow south=firing\nreturns_late south 2023-02=firing\n"},
        {"now, in one area", "north", NULL, "low north=firing\n"},
        {"before the return was late", NULL, "2023-03-15", "low north=firing\nlow south=firing\n"},
        {"from the moment on at which it was", NULL, "2023-03-21",
         "low north=firing\nlow south=firing\nreturns_late south 2023-02=firing\n"},
        {"before anything was known", NULL, "2021", ""},
    };
    const api_world *w = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_ask ask;
        zw_buf out;
        zw_buf_init(&out, 1 << 16);
        zw_ask_init(&ask, &w->world, NULL);
        assert_int_equal(zw_ask_area(&ask, rows[i].area, NULL), ZW_OK);
        assert_int_equal(zw_ask_as_of(&ask, rows[i].as_of, NULL), ZW_OK);
        list(&ask, &out);
        if (strcmp(zw_buf_view(&out), rows[i].list) != 0) {
            fail_msg("%s: %s", rows[i].why, zw_buf_view(&out));
        }
        zw_buf_fini(&out);
        zw_ask_fini(&ask);
    }
}

static void one_is_told_as_prometheus_does(void **state)
{
    const api_world *w = *state;
    zw_ask ask;
    zw_instances instances;
    zw_buf out;
    zw_buf_init(&out, 1 << 16);
    zw_json json = zw_json_of(&out);
    zw_ask_init(&ask, &w->world, NULL);
    assert_int_equal(zw_instances_read(&ask, &instances, NULL), ZW_OK);
    assert_int_equal(zw_instance_put(&ask, &instances.at[0], &json, NULL), ZW_OK);
    json_t *read = json_loads(zw_buf_view(&out), 0, NULL);
    static const struct api_row rows[] = {
        {"labels.alertname", "low"},
        {"labels.zone", "delta"},
        {"labels.area", "north"},
        {"labels.severity", "critical"},
        {"labels.period", ""},
        {"annotations.summary", "north had 0.1 in 2023-02"},
        {"annotations.summary_zh", "north2023-02仅0.1亿元"},
        {"annotations.synthetic", ""},
        {"state", "firing"},
        {"activeAt", "2023-02-10T09:00:00+08:00"},
        {"value", "0.1 (1e8 CNY)"},
    };
    API_EXPECT(read, rows);
    json_decref(read);
    zw_instances_fini(&instances);
    zw_buf_fini(&out);
    zw_ask_fini(&ask);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(are_those_of_the_moment_asked_for),
        cmocka_unit_test(one_is_told_as_prometheus_does),
    };
    return cmocka_run_group_tests(tests, api_world_setup, api_world_teardown);
}
