/* Shapes: what stands in answers for a cell, a period, a unit. */
#include "serve/shape.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api_world.h"
#include "indicator/inside.h"

static const zw_node yearly = {.type = ZW_TYPE_NUMBER,
                               .has_grid = true,
                               .grid = {ZW_YEAR, 0},
                               .unit = {.scale = 1, .word = "CNY"},
                               .show = {.scale = 1e8, .word = "CNY"}};

static json_t *cell_as_json(const api_world *w, const zw_node *node, const zw_cell *cell)
{
    zw_buf out;
    zw_buf_init(&out, 1 << 16);
    zw_json json = zw_json_of(&out);
    zw_json_open(&json, NULL, '{');
    zw_shape_cell(&json, w->world.eval, node, 0, cell);
    zw_json_close(&json, '}');
    json_t *read = json_loads(zw_buf_view(&out), 0, NULL);
    assert_non_null(read);
    zw_buf_fini(&out);
    return read;
}

static void a_value_comes_with_all_its_marks(void **state)
{
    const api_world *w = *state;
    zw_cell cell = zw_cell_of(60320000000.0);
    cell.marks = ZW_MARK_SYNTHETIC | ZW_MARK_PROVISIONAL;
    cell.in = 3;
    cell.of = 4;
    cell.span = 2;
    cell.known_at_ms = api_world_ms("2023-02-01T00:00:00+08:00");
    json_t *json = cell_as_json(w, &yearly, &cell);
    static const struct api_row rows[] = {
        {"value", "60320000000"},
        {"shown", "603.2 (1e8 CNY)"},
        {"status", "P"},
        {"synthetic", "true"},
        {"complete", "3/4"},
        {"span", "2"},
        {"known_at", "2023-02-01T00:00:00+08:00"},
        {"why", "null"},
    };
    API_EXPECT(json, rows);
    json_decref(json);
}

static void a_text_is_its_own_value(void **state)
{
    static const zw_node text = {.type = ZW_TYPE_TEXT};
    const api_world *w = *state;
    uint32_t number = zw_pool_put(w->world.eval->texts, zw_text_of("chips"));
    zw_cell cell = zw_cell_of(number);
    json_t *json = cell_as_json(w, &text, &cell);
    static const struct api_row rows[] = {{"value", "chips"}, {"shown", "chips"}, {"why", "null"}};
    API_EXPECT(json, rows);
    json_decref(json);
}

static void the_least_firm_mark_is_the_status(void **state)
{
    static const struct {
        uint8_t marks;
        zw_reason reason;
        const char *status;
    } rows[] = {
        {0, ZW_REASON_NONE, "A"},
        {ZW_MARK_PROVISIONAL, ZW_REASON_NONE, "P"},
        {ZW_MARK_PROVISIONAL | ZW_MARK_ESTIMATED, ZW_REASON_NONE, "E"},
        {ZW_MARK_ESTIMATED | ZW_MARK_FORECAST, ZW_REASON_NONE, "F"},
        {0, ZW_REASON_WITHDRAWN, "M"},
        {ZW_MARK_PROVISIONAL, ZW_REASON_NO_FIGURE, "null"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_cell cell = zw_cell_of(1);
        cell.marks = rows[i].marks;
        cell.reason = (uint8_t)rows[i].reason;
        json_t *json = cell_as_json(*state, &yearly, &cell);
        assert_string_equal(json_at(json, "status"), rows[i].status);
        json_decref(json);
    }
}

static void what_is_missing_says_why_and_nothing_else(void **state)
{
    zw_cell cell = zw_cell_missing(ZW_REASON_DIVIDE_BY_ZERO);
    json_t *json = cell_as_json(*state, &yearly, &cell);
    static const struct api_row rows[] = {
        {"value", "null"},    {"shown", "null"},    {"why", "divide by zero"},
        {"complete", "null"}, {"known_at", "null"},
    };
    API_EXPECT(json, rows);
    json_decref(json);
}

static void a_truth_is_true_or_false(void **state)
{
    static const zw_node truth = {.type = ZW_TYPE_TRUTH};
    zw_cell cell = zw_cell_of(0);
    json_t *json = cell_as_json(*state, &truth, &cell);
    assert_string_equal(json_at(json, "value"), "false");
    assert_string_equal(json_at(json, "shown"), "false");
    json_decref(json);
}

static void a_unit_is_the_one_that_the_value_has(void **state)
{
    const struct {
        const char *why;
        zw_node node;
        const char *unit, *every;
    } rows[] = {
        {"money without its scale", yearly, "\"CNY\"", "\"year\""},
        {"a share is a plain number",
         {.type = ZW_TYPE_NUMBER, .unit = {.scale = 0.01}, .show = {.scale = 0.01}},
         "\"\"",
         "null"},
        {"a truth has none",
         {.type = ZW_TYPE_TRUTH, .has_grid = true, .grid = {ZW_MONTH, 0}},
         "null",
         "\"month\""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_buf out;
        char expected[64];
        zw_buf_init(&out, 1 << 16);
        zw_json json = zw_json_of(&out);
        zw_shape_unit(&json, NULL, &rows[i].node);
        zw_shape_every(&json, NULL, &rows[i].node);
        (void)snprintf(expected, sizeof expected, "%s,%s", rows[i].unit, rows[i].every);
        if (strcmp(zw_buf_view(&out), expected) != 0) {
            fail_msg("%s: %s", rows[i].why, zw_buf_view(&out));
        }
        zw_buf_fini(&out);
    }
}

static void a_period_is_read_on_the_nodes_own_grid(void **state)
{
    static const zw_node monthly = {.has_grid = true, .grid = {ZW_MONTH, 0}};
    static const zw_node minutely = {.has_grid = true, .grid = {ZW_SUBDAY, 60000}};
    static const struct {
        const zw_node *node;
        const char *text;
        zw_status status;
        zw_period period;
        const char *error;
    } rows[] = {
        {&yearly, "2022", ZW_OK, 52, ""},
        {&monthly, "2022-03", ZW_OK, 52 * 12 + 2, ""},
        {&monthly, "2022", ZW_INVALID, 0, "period: '2022' is no month"},
        {&minutely, "1970-01-01T08:03:30+08:00", ZW_OK, 3, ""},
        {&monthly, "1970-01-01T08:03:30+08:00", ZW_INVALID, 0, "period: "},
        {&monthly, "x", ZW_INVALID, 0, "period: "},
    };
    const api_world *w = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_period period = 0;
        zw_err err = {ZW_OK, ""};
        assert_int_equal(zw_pack_period(zw_pack_calendar(w->world.pack, 0), rows[i].node,
                                        rows[i].text, &period, &err),
                         rows[i].status);
        assert_int_equal(period, rows[i].period);
        assert_int_equal(strncmp(err.text, rows[i].error, strlen(rows[i].error)), 0);
    }
}

static void a_pack_is_named_without_the_way_to_it(void **state)
{
    static const struct {
        const char *folder, *name;
    } rows[] = {{"/srv/packs/guangzhou", "guangzhou"}, {"guangzhou", "guangzhou"}, {"a/", "a/"}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_pack pack = {.folder = rows[i].folder};
        assert_string_equal(zw_shape_pack_name(&pack), rows[i].name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_comes_with_all_its_marks),
        cmocka_unit_test(a_text_is_its_own_value),
        cmocka_unit_test(the_least_firm_mark_is_the_status),
        cmocka_unit_test(what_is_missing_says_why_and_nothing_else),
        cmocka_unit_test(a_truth_is_true_or_false),
        cmocka_unit_test(a_unit_is_the_one_that_the_value_has),
        cmocka_unit_test(a_period_is_read_on_the_nodes_own_grid),
        cmocka_unit_test(a_pack_is_named_without_the_way_to_it),
    };
    return cmocka_run_group_tests(tests, api_world_setup, api_world_teardown);
}
