/* The model: what the pack declares. */
#include "serve/api_parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api_world.h"

static void tells_what_is_declared(void **state)
{
    json_t *json = api_world_ask(*state, "/api/v1/model", 200);
    static const struct api_row rows[] = {
        {"status", "success"},
        {"data.pack.name", "test.lua"},
        {"data.as_of", API_WORLD_NOW},
        {"data.synthetic", "true"},
        {"data.zones.0.name", "delta"},
        {"data.zones.0.title.zh", "三角洲"},
        {"data.zones.0.timezone", "Asia/Shanghai"},
        {"data.zones.1", ""},
        {"data.measures.0.name", "revenue"},
        {"data.indicators.0.formula", "revenue:year()"},
        {"data.indicators.0.unit", "CNY"},
        {"data.targets.0.compare", "over"},
        {"data.targets.0.path", "linear"},
        {"data.targets.1.formula", "null"},
        {"data.rules.0.each.1", "south"},
        {"data.rules.0.must", "revenue:at_least(50000000)"},
        {"data.alerts.0.warning", "revenue:under(100000000)"},
        {"data.alerts.0.info", "null"},
        {"data.alerts.0.per", "null"},
        {"data.alerts.1.per", "period"},
        {"data.alerts.1.missing", "keep"},
    };
    API_EXPECT(json, rows);
    assert_int_equal(strlen(json_at(json, "data.pack.hash")), 64);
    json_decref(json);
}

static void tells_how_a_measure_is_reported(void **state)
{
    json_t *json = api_world_ask(*state, "/api/v1/measures", 200);
    static const struct api_row rows[] = {
        {"data.0.kind", "flow"},   {"data.0.unit", "1e4 CNY"},   {"data.0.show", "1e8 CNY"},
        {"data.0.every", "month"}, {"data.0.since", "2022-01"},  {"data.0.due", "20d"},
        {"data.0.areas", "null"},  {"data.0.aliases.0", "营收"}, {"data.1.due", "null"},
        {"data.1.since", "null"},  {"data.1.every", "day"},
    };
    API_EXPECT(json, rows);
    json_decref(json);
}

static void writes_lengths_and_months_as_a_pack_does(void **state)
{
    (void)state;
    static const struct {
        const char *fields, *due, *hold, *skip;
    } rows[] = {
        {"due = '5wd', skip = { month = 1 }", "5wd", "30d", "[1]"},
        {"due = '2 months', skip = { month = { 1, 12 } }", "2 months", "30d", "[1,12]"},
        {"due = '12h'", "43200s", "30d", "[]"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char pack[512];
        api_world w = {0};
        (void)snprintf(
            pack, sizeof pack,
            "zone 'z' { timezone = 'UTC' }\n"
            "local m = measure 'm' { kind = 'flow', unit = 'CNY', every = 'month', %s }\n"
            "alert 'a' { warning = m:over(1), hold = '30d' }\n"
            "alert 'b' { warning = m:over(1), hold = periods(2) }\n",
            rows[i].fields);
        api_world_load(&w, pack, API_WORLD_NOW);
        api_world_start(&w);
        json_t *json = api_world_ask(&w, "/api/v1/model", 200);
        assert_string_equal(json_at(json, "data.measures.0.due"), rows[i].due);
        assert_string_equal(json_at(json, "data.measures.0.skip_months"), rows[i].skip);
        assert_string_equal(json_at(json, "data.alerts.0.hold"), rows[i].hold);
        assert_string_equal(json_at(json, "data.alerts.1.hold_periods"), "2");
        assert_string_equal(json_at(json, "data.synthetic"), "false");
        json_decref(json);
        api_world_close(&w);
    }
}

static void tells_what_a_register_keeps(void **state)
{
    (void)state;
    api_world w = {0};
    api_world_load(&w,
                   "local z = zone 'z' { timezone = 'UTC' } local a = area 'a' { within = z }\n"
                   "register 'calls' { title = 'Open calls', states = { 'posted', 'awarded', "
                   "'delivered' }, fields = { 'topic', paid = '1e4 CNY', due_on = 'date' }, "
                   "deadline = 'due_on', every = 'month', due = '10d', since = '2020-03', "
                   "areas = a }\n"
                   "register 'firms' { fields = { 'name' } }\n",
                   API_WORLD_NOW);
    api_world_start(&w);
    json_t *json = api_world_ask(&w, "/api/v1/model", 200);
    static const struct api_row rows[] = {
        {"data.registers.0.name", "calls"},
        {"data.registers.0.title.en", "Open calls"},
        {"data.registers.0.fields.0.name", "topic"},
        {"data.registers.0.fields.0.is", "text"},
        {"data.registers.0.fields.0.unit", "null"},
        {"data.registers.0.fields.1.name", "due_on"},
        {"data.registers.0.fields.1.is", "date"},
        {"data.registers.0.fields.2.is", "number"},
        {"data.registers.0.fields.2.unit", "1e4 CNY"},
        {"data.registers.0.states.1", "awarded"},
        {"data.registers.0.states.3", ""},
        {"data.registers.0.done.0", "delivered"},
        {"data.registers.0.done.1", ""},
        {"data.registers.0.deadline", "due_on"},
        {"data.registers.0.every", "month"},
        {"data.registers.0.areas.0", "a"},
        {"data.registers.0.since", "2020-03"},
        {"data.registers.0.due", "10d"},
        {"data.registers.1.every", "day"},
        {"data.registers.1.states.0", ""},
        {"data.registers.1.deadline", "null"},
        {"data.registers.1.areas", "null"},
        {"data.registers.1.since", "null"},
        {"data.registers.1.due", "null"},
    };
    API_EXPECT(json, rows);
    json_decref(json);
    api_world_close(&w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_what_is_declared),
        cmocka_unit_test(tells_how_a_measure_is_reported),
        cmocka_unit_test(tells_what_a_register_keeps),
        cmocka_unit_test(writes_lengths_and_months_as_a_pack_does),
    };
    return cmocka_run_group_tests(tests, api_world_setup, api_world_teardown);
}
