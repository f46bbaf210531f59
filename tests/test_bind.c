/* Binding: names become measures and areas, texts periods and moments; every mistake is named at
 * its column. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "failing_alloc.h"
#include "plan/bind.h"
#include "plan_pack.h"

/* 2022-04-20T08:00:00+08:00 */
#define NOW_MS INT64_C(1650412800000)

static const zw_bind_options now = {.now_ms = NOW_MS};

/* A row as it stands in a delivery. NULL: empty. */
struct delivered {
    const char *why, *measure, *area, *dims, *period;
    double value;
    const char *known_at, *scope;
    zw_obs_status status;
};

static zw_pack *land(void)
{
    static const char *const sales_aliases[] = {"软件收入"};
    zw_pack *pack = plan_land();
    static const struct plan_measure_row share = {"share", ZW_KIND_RATE, "%", "year", NULL, NULL};
    plan_measure(pack, share);
    pack->measures[0].aliases = (zw_texts){sales_aliases, 1};
    return pack;
}

static zw_batch *batch_create(void)
{
    zw_batch *batch = NULL;
    zw_err err = {ZW_OK, ""};
    assert_int_equal(zw_batch_create(&batch, &err), ZW_OK);
    batch->columns = (zw_batch_columns){.measure = 1,
                                        .area = 2,
                                        .period = 3,
                                        .value = 4,
                                        .status = 5,
                                        .known_at = 6,
                                        .scope = 7,
                                        .dims = 8};
    return batch;
}

static uint32_t text(zw_batch *batch, const char *said)
{
    return zw_batch_text(batch, zw_text_of(said != NULL ? said : ""));
}

static void deliver(zw_batch *batch, const struct delivered *said, uint32_t line)
{
    zw_row row = {.measure = text(batch, said->measure),
                  .area = text(batch, said->area),
                  .dims = text(batch, said->dims),
                  .scope = text(batch, said->scope),
                  .source = text(batch, "bureau"),
                  .note = text(batch, "a note"),
                  .line = line,
                  .status = said->status,
                  .has_value = said->status != ZW_OBS_MISSING,
                  .value = said->value,
                  .period = plan_stamp(said->period)};
    zw_err err = {ZW_OK, ""};
    row.has_known_at = said->known_at != NULL;
    if (row.has_known_at) {
        row.known_at = plan_stamp(said->known_at);
    }
    assert_int_equal(zw_batch_add(batch, &row, &err), ZW_OK);
}

static zw_bound *bind(const zw_pack *pack, zw_batch *batch, const zw_bind_options *options)
{
    zw_bound *rows = NULL;
    zw_err err = {ZW_OK, ""};
    if (zw_bind(pack, batch, options, &rows, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
    return rows;
}

static void a_row_means_a_figure(void **state)
{
    static const struct {
        struct delivered row;
        const char *measure, *area, *period; /* the period: of the measure's grid */
        double value;
    } rows[] = {
        {{"a figure in ten thousands", "sales", "east", NULL, "2022-03", 442, NULL, NULL, 0},
         "sales",
         "east",
         "2022-03",
         4420000},
        {{"by alias, of the only zone", "软件收入", NULL, NULL, "2022-03", 1, NULL, NULL, 0},
         "sales",
         "land",
         "2022-03",
         10000},
        {{"in full-width letters", "ｓａｌｅｓ", " east ", NULL, "2022-03", 1, NULL, NULL, 0},
         "sales",
         "east",
         "2022-03",
         10000},
        {{"a dimension", "sales", "east", "industry=ai", "2022-03", 2, NULL, NULL, 0},
         "sales",
         "east",
         "2022-03",
         20000},
        {{"13.5 % is 0.135 and not its neighbour", "share", NULL, NULL, "2021", 13.5, NULL, NULL,
          0},
         "share",
         "land",
         "2021",
         0.135},
        {{"11.2 %, too", "share", NULL, NULL, "2021", 11.2, NULL, NULL, 0},
         "share",
         "land",
         "2021",
         0.112},
        {{"less than nothing", "growth", NULL, NULL, "2022-03", -0.7, NULL, NULL, 0},
         "growth",
         "land",
         "2022-03",
         -0.007},
        {{"a quarter", "quarterly", NULL, NULL, "2022-Q1", 5, NULL, NULL, 0},
         "quarterly",
         "land",
         "2022-Q1",
         5},
        {{"a day", "daily", NULL, NULL, "2022-03-31", 5, NULL, NULL, 0},
         "daily",
         "land",
         "2022-03-31",
         5},
        {{"withdrawn", "sales", "west", NULL, "2022-03", 7, NULL, NULL, ZW_OBS_MISSING},
         "sales",
         "west",
         "2022-03",
         0},
    };
    (void)state;
    zw_pack *pack = land();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        zw_batch *batch = batch_create();
        deliver(batch, &rows[i].row, 2);
        zw_bound *bound = bind(pack, batch, &now);
        if (batch->row_count != 1) {
            fail_msg("%s: %s", rows[i].row.why, batch->faults.at[0].text);
        }
        if (strcmp(pack->measures[bound->measure].title.name, rows[i].measure) != 0 ||
            strcmp(pack->areas[bound->area].title.name, rows[i].area) != 0 ||
            bound->period != plan_stamp(rows[i].period).period || bound->value != rows[i].value) {
            fail_msg("%s: %s of %s in %lld is %.17g", rows[i].row.why,
                     pack->measures[bound->measure].title.name, pack->areas[bound->area].title.name,
                     (long long)bound->period, bound->value);
        }
        assert_int_equal(bound->status, rows[i].row.status);
        assert_string_equal(bound->dims, rows[i].row.dims != NULL ? rows[i].row.dims : "");
        assert_string_equal(bound->source, "bureau");
        assert_string_equal(bound->note, "a note");
        assert_int_equal(bound->line, 2);
        assert_true(bound->known_at_ms == NOW_MS);
        free(bound);
        zw_batch_destroy(batch);
    }
    zw_pack_destroy(pack);
}

static void moments_fall_into_their_steps(void **state)
{
    static const struct {
        const char *why, *stamp, *begins;
    } rows[] = {
        {"in the zone's time", "2022-03-31T10:20:00+08:00", "2022-03-31T02:15:00Z"},
        {"in another's", "2022-03-31T02:20:00Z", "2022-03-31T02:15:00Z"},
        {"by the zone's clocks", "2022-03-31T10:20:00", "2022-03-31T02:15:00Z"},
        {"at its beginning", "2022-03-31T10:15:00+08:00", "2022-03-31T02:15:00Z"},
        {"at its last moment", "2022-03-31T10:29:59.999", "2022-03-31T02:15:00Z"},
        {"at the next", "2022-03-31T10:30", "2022-03-31T02:30:00Z"},
    };
    (void)state;
    zw_pack *pack = land();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        struct delivered row = {"", "often", "east", NULL, rows[i].stamp, 3, NULL, NULL, 0};
        zw_batch *batch = batch_create();
        deliver(batch, &row, 2);
        zw_bound *bound = bind(pack, batch, &now);
        assert_int_equal(batch->row_count, 1);
        if (bound->period != plan_stamp(rows[i].begins).at_ms / (15 * 60 * 1000)) {
            fail_msg("%s", rows[i].why);
        }
        free(bound);
        zw_batch_destroy(batch);
    }
    zw_pack_destroy(pack);
}

static void mistakes_are_named_at_their_columns(void **state)
{
    static const struct {
        struct delivered row;
        uint32_t column;
        const char *mistake;
    } rows[] = {
        {{"a slip in a measure", "slaes", "east", NULL, "2022-03", 1, NULL, NULL, 0},
         1,
         "no measure 'slaes'; did you mean 'sales'?"},
        {{"nothing like a measure", "inventory", "east", NULL, "2022-03", 1, NULL, NULL, 0},
         1,
         "no measure 'inventory'"},
        {{"no measure", NULL, "east", NULL, "2022-03", 1, NULL, NULL, 0}, 1, "no measure ''"},
        {{"an area is no measure", "east", "east", NULL, "2022-03", 1, NULL, NULL, 0},
         1,
         "no measure 'east'"},
        {{"a slip in an area", "sales", "aest", NULL, "2022-03", 1, NULL, NULL, 0},
         2,
         "no area 'aest'; did you mean 'east'?"},
        {{"a measure is no area", "sales", "sales", NULL, "2022-03", 1, NULL, NULL, 0},
         2,
         "no area 'sales'"},
        {{"a dimension that it lacks", "firms", "east", "industry=ai", "2022-03", 1, NULL, NULL, 0},
         8,
         "measure 'firms' has no dimension 'industry'"},
        {{"a slip in a dimension", "sales", "east", "industri=ai", "2022-03", 1, NULL, NULL, 0},
         8,
         "measure 'sales' has no dimension 'industri'; did you mean 'industry'?"},
        {{"the second of two", "sales", "east", "industry=ai\x1fsize=big", "2022-03", 1, NULL, NULL,
          0},
         8,
         "measure 'sales' has no dimension 'size'"},
        {{"a quarter of months", "sales", "east", NULL, "2022-Q1", 1, NULL, NULL, 0},
         3,
         "measure 'sales' is reported every month: expected a period such as 2022-03, got 2022-Q1"},
        {{"a year of quarters", "quarterly", "east", NULL, "2022", 1, NULL, NULL, 0},
         3,
         "measure 'quarterly' is reported every quarter: expected a period such as 2022-Q3, got "
         "2022"},
        {{"a day of weeks", "weekly", "east", NULL, "2022-03-31", 1, NULL, NULL, 0},
         3,
         "measure 'weekly' is reported every week: expected a period such as 2022-W05, got "
         "2022-03-31"},
        {{"a month of years", "yearly", "east", NULL, "2022-03", 1, NULL, NULL, 0},
         3,
         "measure 'yearly' is reported every year: expected a period such as 2022, got 2022-03"},
        {{"a moment of days", "daily", "east", NULL, "2022-03-31T10:00:00Z", 1, NULL, NULL, 0},
         3,
         "measure 'daily' is reported every day: expected a period such as 2022-03-31, got a "
         "moment"},
        {{"a day of steps", "often", "east", NULL, "2022-03-31", 1, NULL, NULL, 0},
         3,
         "measure 'often' is reported every 15m: expected a period such as "
         "2022-03-31T10:15:00+08:00, got 2022-03-31"},
        {{"a value that has no end without its scale", "sales", "east", NULL, "2022-03", 1e308,
          NULL, NULL, 0},
         4,
         "the value is too large in its measure's unit"},
        {{"known tomorrow", "sales", "east", NULL, "2022-03", 1, "2022-04-21", NULL, 0},
         6,
         "known_at lies after now: what is not known yet cannot be taken"},
        {{"known in a second", "sales", "east", NULL, "2022-03", 1, "2022-04-20T08:00:01+08:00",
          NULL, 0},
         6,
         "known_at lies after now: what is not known yet cannot be taken"},
        {{"known later on the zone's clocks", "sales", "east", NULL, "2022-03", 1,
          "2022-04-20T08:00:01", NULL, 0},
         6,
         "known_at lies after now: what is not known yet cannot be taken"},
    };
    (void)state;
    zw_pack *pack = land();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        zw_batch *batch = batch_create();
        deliver(batch, &rows[i].row, 7);
        zw_bound *bound = bind(pack, batch, &now);
        if (batch->faults.count != 1 || batch->row_count != 0) {
            fail_msg("%s: taken", rows[i].row.why);
        }
        assert_null(bound); /* nothing is left */
        const zw_fault *fault = &batch->faults.at[0];
        if (fault->line != 7 || fault->column != rows[i].column ||
            strcmp(fault->text, rows[i].mistake) != 0) {
            fail_msg("%s\n  expected: 7:%u %s\n  found:    %u:%u %s", rows[i].row.why,
                     rows[i].column, rows[i].mistake, fault->line, fault->column, fault->text);
        }
        zw_batch_destroy(batch);
    }
    zw_pack_destroy(pack);
}

static void of_several_zones_one_must_be_named(void **state)
{
    static const struct delivered row = {"", "sales", NULL, NULL, "2022-03", 1, NULL, NULL, 0};
    (void)state;
    zw_pack *pack = land();
    plan_zone(pack, "sea", "UTC", 1);
    zw_batch *batch = batch_create();
    deliver(batch, &row, 7);
    assert_null(bind(pack, batch, &now));
    assert_int_equal(batch->faults.at[0].column, 2);
    assert_string_equal(batch->faults.at[0].text,
                        "the area is empty and the pack has several zones: land, sea");
    zw_batch_destroy(batch);

    for (int i = 0; i < 200; i++) {
        char name[40];
        (void)snprintf(name, sizeof(name), "a_zone_of_the_number_%d", i);
        plan_zone(pack, zw_pack_text(pack, zw_text_of(name)), "UTC", 1);
    }
    batch = batch_create();
    deliver(batch, &row, 7);
    assert_null(bind(pack, batch, &now));
    const char *said = batch->faults.at[0].text;
    assert_memory_equal(said, "the area is empty", 17);
    assert_string_equal(said + strlen(said) - strlen(" …"), " …");
    zw_batch_destroy(batch);
    zw_pack_destroy(pack);
}

static void a_name_without_end_is_said_in_part(void **state)
{
    (void)state;
    zw_pack *pack = land();
    enum { LONG = 60000 };
    char *name = calloc(LONG + 1, 1);
    memset(name, 'x', LONG);
    const struct delivered rows[] = {{"", name, "east", NULL, "2022-03", 1, NULL, NULL, 0},
                                     {"", "sales", name, NULL, "2022-03", 1, NULL, NULL, 0},
                                     {"", "sales", "east", name, "2022-03", 1, NULL, NULL, 0}};
    zw_batch *batch = batch_create();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        deliver(batch, &rows[i], (uint32_t)i);
    }
    assert_null(bind(pack, batch, &now));
    assert_int_equal(batch->faults.count, 3);
    for (size_t i = 0; i < batch->faults.count; i++) {
        assert_non_null(strstr(batch->faults.at[i].text, "no "));
        assert_non_null(strstr(batch->faults.at[i].text, "'xxxx"));
        assert_true(strlen(batch->faults.at[i].text) < 300);
    }
    zw_batch_destroy(batch);
    free(name);
    zw_pack_destroy(pack);
}

static void good_rows_keep_their_order(void **state)
{
    static const struct delivered good = {"", "sales", "east", NULL, "2022-03", 1, NULL, NULL, 0};
    static const struct delivered bad = {"", "slaes", "east", NULL, "2022-03", 1, NULL, NULL, 0};
    static const char *const orders[] = {"bgbggb", "gggg", "bbbb", "gbbg", "b", "g", ""};
    (void)state;
    zw_pack *pack = land();
    for (size_t i = 0; i < COUNT_OF(orders); i++) {
        zw_batch *batch = batch_create();
        size_t good_count = 0;
        for (uint32_t line = 0; orders[i][line] != '\0'; line++) {
            struct delivered row = orders[i][line] == 'g' ? good : bad;
            row.value = line;
            deliver(batch, &row, line);
            good_count += orders[i][line] == 'g';
        }
        zw_bound *bound = bind(pack, batch, &now);
        assert_int_equal(batch->row_count, good_count);
        assert_int_equal(batch->faults.count, strlen(orders[i]) - good_count);
        assert_true((bound == NULL) == (good_count == 0));
        size_t kept = 0;
        for (uint32_t line = 0; orders[i][line] != '\0'; line++) {
            if (orders[i][line] == 'g') {
                assert_int_equal(bound[kept].line, line);
                assert_true(bound[kept].value == line * 10000.0);
                assert_int_equal(batch->rows[kept].line, line);
                kept++;
            }
        }
        free(bound);
        zw_batch_destroy(batch);
    }
    zw_pack_destroy(pack);
}

static void what_a_row_does_not_say_the_options_do(void **state)
{
    static const zw_bind_options said = {.now_ms = NOW_MS,
                                         .has_known_at = true,
                                         .known_at_ms = NOW_MS - 5000,
                                         .has_status = true,
                                         .status = ZW_OBS_PROVISIONAL};
    static const zw_bind_options early = {
        .now_ms = NOW_MS, .has_known_at = true, .known_at_ms = NOW_MS + 1};
    static const struct {
        struct delivered row;
        const zw_bind_options *options;
        int64_t known_at_ms;
        zw_obs_status status;
    } rows[] = {
        {{"nothing is said: now", "sales", "east", NULL, "2022-03", 1, NULL, NULL, 0},
         &now,
         NOW_MS,
         ZW_OBS_NORMAL},
        {{"by the options", "sales", "east", NULL, "2022-03", 1, NULL, NULL, 0},
         &said,
         NOW_MS - 5000,
         ZW_OBS_PROVISIONAL},
        {{"the row knows better", "sales", "east", NULL, "2022-03", 1, "2022-04-01", "2",
          ZW_OBS_ESTIMATED},
         &said,
         INT64_C(1648742400000),
         ZW_OBS_ESTIMATED}, /* midnight in Shanghai */
        {{"an hour on the zone's clocks", "sales", "east", NULL, "2022-03", 1,
          "2022-04-01T01:00:00", NULL, 0},
         &now,
         INT64_C(1648746000000),
         ZW_OBS_NORMAL},
        {{"an hour elsewhere", "sales", "east", NULL, "2022-03", 1, "2022-04-01T01:00:00Z", NULL,
          0},
         &now,
         INT64_C(1648774800000),
         ZW_OBS_NORMAL},
        {{"this very moment", "sales", "east", NULL, "2022-03", 1, "2022-04-20T08:00:00", NULL, 0},
         &now,
         NOW_MS,
         ZW_OBS_NORMAL},
        {{"the row's own, when the options' would be too late", "sales", "east", NULL, "2022-03", 1,
          "2022-04-01", NULL, 0},
         &early,
         INT64_C(1648742400000),
         ZW_OBS_NORMAL},
    };
    (void)state;
    zw_pack *pack = land();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        zw_batch *batch = batch_create();
        deliver(batch, &rows[i].row, 2);
        zw_bound *bound = bind(pack, batch, rows[i].options);
        if (batch->row_count != 1 || bound->known_at_ms != rows[i].known_at_ms ||
            bound->status != rows[i].status) {
            fail_msg("%s", rows[i].row.why);
        }
        assert_string_equal(bound->scope, rows[i].row.scope != NULL ? rows[i].row.scope : "");
        free(bound);
        zw_batch_destroy(batch);
    }
    zw_batch *batch = batch_create();
    deliver(batch, &rows[0].row, 2);
    batch->columns.known_at = 0; /* the delivery has no such column */
    assert_null(bind(pack, batch, &early));
    assert_int_equal(batch->faults.at[0].column, 0);
    zw_batch_destroy(batch);
    zw_pack_destroy(pack);
}

static void binding_without_memory_loses_no_row(void **state)
{
    static const struct delivered good = {"", "sales", "east", NULL, "2022-03", 1, NULL, NULL, 0};
    static const struct delivered bad = {"", "slaes", "east", NULL, "2022-03", 1, NULL, NULL, 0};
    (void)state;
    zw_pack *pack = land();
    bool is_done = false;
    long after = 0;
    for (; !is_done; after++) {
        zw_batch *batch = batch_create();
        zw_bound *bound = NULL;
        zw_err err = {ZW_OK, ""};
        deliver(batch, &good, 1);
        deliver(batch, &bad, 2);
        deliver(batch, &bad, 3);
        failing_alloc_after(after);
        zw_status status = zw_bind(pack, batch, &now, &bound, &err);
        is_done = !failing_alloc_stop();
        assert_int_equal(status, is_done ? ZW_OK : ZW_NOMEM);
        assert_int_equal(bound != NULL, is_done);
        assert_int_equal(batch->row_count + batch->faults.count, 3); /* each is kept or named */
        for (size_t i = 0; i < batch->faults.count; i++) {
            assert_string_equal(batch->faults.at[i].text,
                                "no measure 'slaes'; did you mean 'sales'?");
        }
        if (!is_done) {
            bound = bind(pack, batch, &now);
        }
        assert_int_equal(batch->row_count, 1);
        assert_true(bound != NULL && bound[0].line == 1);
        free(bound);
        zw_batch_destroy(batch);
    }
    assert_true(after > 3);
    zw_pack_destroy(pack);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_means_a_figure),
        cmocka_unit_test(moments_fall_into_their_steps),
        cmocka_unit_test(mistakes_are_named_at_their_columns),
        cmocka_unit_test(of_several_zones_one_must_be_named),
        cmocka_unit_test(a_name_without_end_is_said_in_part),
        cmocka_unit_test(good_rows_keep_their_order),
        cmocka_unit_test(what_a_row_does_not_say_the_options_do),
        cmocka_unit_test(binding_without_memory_loses_no_row),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
