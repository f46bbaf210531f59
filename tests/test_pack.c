/* Packs: names that are taken, areas in their parents, zones with their calendars, and what is left
 * when memory is gone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "plan_pack.h"

static void nouns_and_severities_have_words(void **state)
{
    (void)state;
    assert_string_equal(zw_noun_text(ZW_NOUN_INDICATOR), "indicator");
    assert_string_equal(zw_noun_text(ZW_NOUN_TEST), "test");
    assert_string_equal(zw_severity_text(ZW_INFO), "info");
    assert_string_equal(zw_severity_text(ZW_CRITICAL), "critical");
    assert_string_equal(zw_severity_text(ZW_SEVERITY_COUNT), "");
}

/* Every way to add a declaration, by name alone. */
static zw_status add(zw_pack *pack, zw_noun noun, const char *name, uint32_t *index, zw_err *err)
{
    zw_title title = plan_title(name, 7);
    const uint32_t *land = zw_pack_copy(pack, &(uint32_t){0}, sizeof(uint32_t));
    struct plan_measure_row row = {"", ZW_KIND_FLOW, "CNY", "month", NULL, NULL};
    zw_measure measure = plan_measure_of(pack, &row);
    measure.title = title;
    switch (noun) {
    case ZW_NOUN_ZONE:
        return zw_pack_add_zone(pack, &(zw_area){.title = title}, "UTC", 4, &(int32_t){7}, 1, index,
                                err);
    case ZW_NOUN_AREA:
        return land == NULL
                   ? zw_err_nomem(err)
                   : zw_pack_add_area(pack, &(zw_area){.title = title, .parents = {land, 1}}, index,
                                      err);
    case ZW_NOUN_MEASURE:
        return zw_pack_add_measure(pack, &measure, index, err);
    case ZW_NOUN_INDICATOR:
        return zw_pack_add_indicator(
            pack, &(zw_indicator){.title = title, .formula = pack->measures[0].node}, index, err);
    case ZW_NOUN_TARGET:
        return zw_pack_add_target(pack, &(zw_target){.title = title, .expr = ZW_NODE_NONE}, index,
                                  err);
    case ZW_NOUN_RULE:
        return zw_pack_add_rule(pack, &(zw_rule){.title = title}, index, err);
    case ZW_NOUN_ALERT:
        return zw_pack_add_alert(pack, &(zw_alert){.title = title}, index, err);
    case ZW_NOUN_NOTIFY:
        return zw_pack_add_notify(pack, &(zw_notify){.title = title}, index, err);
    default:
        return zw_pack_add_test(pack, &(zw_test){.title = title}, index, err);
    }
}

static void a_name_is_taken_once_among_all_nouns(void **state)
{
    static const struct {
        const char *why;
        zw_noun noun;
        const char *name, *refusal;
    } rows[] = {
        {"an area like a measure", ZW_NOUN_AREA, "sales",
         "area \"sales\" is declared twice: first as a measure at packs/land/init.lua:3"},
        {"a measure like an area", ZW_NOUN_MEASURE, "east",
         "measure \"east\" is declared twice: first as an area at packs/land/init.lua:2"},
        {"a zone like itself", ZW_NOUN_ZONE, "land",
         "zone \"land\" is declared twice: first as a zone at packs/land/init.lua:1"},
        {"an indicator", ZW_NOUN_INDICATOR, "an_indicator", NULL},
        {"a target like an indicator", ZW_NOUN_TARGET, "an_indicator",
         "target \"an_indicator\" is declared twice: first as an indicator at "
         "packs/land/init.lua:7"},
        {"a target", ZW_NOUN_TARGET, "a_target", NULL},
        {"a rule like a target", ZW_NOUN_RULE, "a_target",
         "rule \"a_target\" is declared twice: first as a target at packs/land/init.lua:7"},
        {"a rule", ZW_NOUN_RULE, "a_rule", NULL},
        {"an alert like a rule", ZW_NOUN_ALERT, "a_rule",
         "alert \"a_rule\" is declared twice: first as a rule at packs/land/init.lua:7"},
        {"an alert", ZW_NOUN_ALERT, "an_alert", NULL},
        {"a receiver like an alert", ZW_NOUN_NOTIFY, "an_alert",
         "notify \"an_alert\" is declared twice: first as an alert at packs/land/init.lua:7"},
        {"a receiver", ZW_NOUN_NOTIFY, "a_notify", NULL},
        {"an indicator like a receiver", ZW_NOUN_INDICATOR, "a_notify",
         "indicator \"a_notify\" is declared twice: first as a notify at packs/land/init.lua:7"},
        {"a capital", ZW_NOUN_MEASURE, "Sales",
         "'Sales' is no name: expected lower-case letters, digits and _, a letter first"},
        {"a keyword of Lua", ZW_NOUN_RULE, "end",
         "'end' is a word of the language: choose another name"},
        {"a global of the language", ZW_NOUN_MEASURE, "count",
         "'count' is a word of the language: choose another name"},
        {"a test's name is free", ZW_NOUN_TEST, "Sales, at the end", NULL},
        {"even of what is declared", ZW_NOUN_TEST, "sales", NULL},
        {"and a test's name takes none", ZW_NOUN_MEASURE, "the_test", NULL},
    };
    (void)state;
    zw_pack *pack = plan_land();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        zw_err err = {ZW_OK, ""};
        uint32_t index = ZW_NONE;
        zw_status status = add(pack, rows[i].noun, rows[i].name, &index, &err);
        const char *refusal = rows[i].refusal != NULL ? rows[i].refusal : "";
        if (strcmp(err.text, refusal) != 0 || (status == ZW_OK) != (refusal[0] == '\0')) {
            fail_msg("%s\n  expected: %s\n  found:    %s", rows[i].why, refusal, err.text);
        }
        uint32_t found = ZW_NONE;
        if (status == ZW_OK && rows[i].noun != ZW_NOUN_TEST) {
            assert_int_equal(zw_pack_find(pack, zw_text_of(rows[i].name), &found), rows[i].noun);
            assert_int_equal(found, index);
        }
    }
    zw_pack_destroy(pack);
}

static void a_place_without_a_line_is_told_without_one(void **state)
{
    (void)state;
    zw_pack *pack = plan_pack_create();
    uint32_t index = ZW_NONE;
    zw_err err = {ZW_OK, ""};
    zw_rule rule = {.title = plan_title("first", 0)};
    assert_int_equal(zw_pack_add_rule(pack, &rule, &index, &err), ZW_OK);
    assert_int_equal(zw_pack_add_rule(pack, &rule, &index, &err), ZW_INVALID);
    assert_string_equal(err.text,
                        "rule \"first\" is declared twice: first as a rule at packs/land/init.lua");
    zw_pack_destroy(pack);
}

static void a_zone_has_its_own_calendar(void **state)
{
    (void)state;
    static const int32_t holidays[] = {18993, 18994};
    zw_pack *pack = plan_pack_create();
    uint32_t a = plan_zone(pack, "china", "Asia/Shanghai", 1);
    uint32_t b = ZW_NONE;
    zw_err err = {ZW_OK, ""};
    zw_area fiscal = {.title = plan_title("fiscal", 1), .is_zone = false, .zone = 77};
    assert_int_equal(
        zw_pack_add_zone(pack, &fiscal, "Asia/Kolkata", 4, holidays, COUNT_OF(holidays), &b, &err),
        ZW_OK);
    uint32_t inside = plan_area(pack, "inside", b);
    assert_true(pack->areas[b].is_zone);
    assert_int_equal(pack->areas[b].zone, b);
    assert_int_equal(pack->areas[inside].zone, b);
    assert_false(pack->areas[inside].is_zone);
    assert_int_equal(zw_pack_calendar(pack, inside)->reporting_month, 4);
    assert_string_equal(zw_tz_name(zw_pack_calendar(pack, inside)->tz), "Asia/Kolkata");
    assert_int_equal(zw_pack_calendar(pack, inside)->holidays[1], 18994);
    assert_ptr_not_equal(zw_pack_calendar(pack, inside)->holidays, holidays);
    assert_int_equal(zw_pack_calendar(pack, a)->reporting_month, 1);
    assert_int_equal(zw_pack_add_zone(pack, &fiscal, "Asia/Nowhere", 1, NULL, 0, &b, &err),
                     ZW_INVALID);
    assert_non_null(strstr(err.text, "Asia/Nowhere"));
    assert_int_equal(pack->area_count, 3);
    zw_pack_destroy(pack);
}

static void an_area_counts_in_every_parent(void **state)
{
    (void)state;
    zw_pack *pack = plan_pack_create();
    uint32_t land = plan_zone(pack, "land", "UTC", 1);
    uint32_t east = plan_area(pack, "east", land);
    uint32_t coast = plan_area(pack, "coast", land);
    const uint32_t both[] = {east, coast};
    const uint32_t twice[] = {east, coast, east};
    zw_area port = {.title = plan_title("port", 5), .parents = {both, 2}};
    uint32_t index = ZW_NONE;
    zw_err err = {ZW_OK, ""};
    assert_int_equal(zw_pack_add_area(pack, &port, &index, &err), ZW_OK);
    assert_int_equal(pack->areas[land].parts.count, 2);
    assert_int_equal(pack->areas[east].parts.at[0], index);
    assert_int_equal(pack->areas[coast].parts.at[0], index);
    assert_int_equal(pack->areas[index].parents.at[0], east);

    port.title = plan_title("pier", 6);
    port.parents = (zw_list){twice, 3};
    assert_int_equal(zw_pack_add_area(pack, &port, &index, &err), ZW_INVALID);
    assert_string_equal(err.text, "it lies within 'east' twice");
    port.title = plan_title("port", 6);
    port.parents = (zw_list){both, 2};
    assert_int_equal(zw_pack_add_area(pack, &port, &index, &err), ZW_INVALID);
    assert_int_equal(pack->areas[east].parts.count, 1);
    assert_int_equal(pack->areas[coast].parts.count, 1);
    zw_pack_destroy(pack);
}

static void what_is_declared_has_its_node(void **state)
{
    (void)state;
    zw_pack *pack = plan_land();
    zw_node_id formula = plan_node(pack, "sales firms /");
    zw_node_id node = plan_indicator(pack, "each", formula, NULL, ZW_HOW_KIND);
    assert_int_equal(zw_pack_node(pack, pack->measures[1].node)->op, ZW_OP_MEASURE);
    assert_int_equal(zw_pack_node(pack, pack->measures[1].node)->ref, 1);
    assert_int_equal(zw_pack_node(pack, node)->op, ZW_OP_INDICATOR);
    assert_int_equal(zw_pack_node(pack, node)->kid[0], formula);
    zw_pack_destroy(pack);
}

static void a_rate_is_declared_without_a_sum(void **state)
{
    (void)state;
    zw_pack *pack = plan_land();
    uint32_t index = ZW_NONE;
    zw_err err = {ZW_OK, ""};
    struct plan_measure_row row = {"rate", ZW_KIND_RATE, "%", "month", NULL, NULL};
    zw_measure measure = plan_measure_of(pack, &row);
    measure.rollup = ZW_HOW_SUM;
    assert_int_equal(zw_pack_add_measure(pack, &measure, &index, &err), ZW_INVALID);
    assert_string_equal(err.text, "a rate never adds up: no rollup = \"sum\" of it");
    measure.rollup = ZW_HOW_MEAN;
    assert_int_equal(zw_pack_add_measure(pack, &measure, &index, &err), ZW_OK);

    zw_indicator indicator = {.title = plan_title("its_sum", 1),
                              .formula = pack->measures[index].node,
                              .rollup = ZW_HOW_SUM};
    size_t count = pack->indicator_count;
    assert_int_equal(zw_pack_add_indicator(pack, &indicator, &index, &err), ZW_INVALID);
    assert_string_equal(err.text, "a rate never adds up: 'indicator' has no sum of it");
    assert_int_equal(pack->indicator_count, count);
    assert_int_equal(zw_pack_find(pack, zw_text_of("its_sum"), &index), ZW_NOUN_NONE);
    zw_pack_destroy(pack);
}

static void a_problem_says_where_as_far_as_it_is_known(void **state)
{
    static const struct {
        const char *why;
        zw_where where;
        const char *text;
    } rows[] = {
        {"all of it", {0, 3, 9}, "packs/land/init.lua:3:9: no measure 'slaes'"},
        {"no column", {0, 3, 0}, "packs/land/init.lua:3: no measure 'slaes'"},
        {"no line", {0, 0, 4}, "packs/land/init.lua: no measure 'slaes'"},
        {"no file", {9, 3, 0}, "packs/land:3: no measure 'slaes'"},
    };
    (void)state;
    zw_pack *pack = plan_pack_create();
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        zw_buf text;
        zw_buf_init(&text, 1024);
        zw_pack_problem(pack, rows[i].where, "no %s '%s'", "measure", "slaes");
        zw_pack_problem_text(pack, &pack->problems[i], &text);
        if (strcmp(zw_buf_view(&text), rows[i].text) != 0) {
            fail_msg("%s\n  expected: %s\n  found:    %s", rows[i].why, rows[i].text,
                     zw_buf_view(&text));
        }
        zw_buf_fini(&text);
    }
    zw_pack_destroy(pack);
}

static void arrays_grow_and_keep_what_they_have(void **state)
{
    (void)state;
    enum { MANY = 200 };
    zw_pack *pack = plan_pack_create();
    uint32_t land = plan_zone(pack, "land", "UTC", 1);
    for (uint32_t i = 0; i < MANY; i++) {
        char name[16];
        (void)snprintf(name, sizeof(name), "part_%u", i);
        const char *kept = zw_pack_text(pack, zw_text_of(name));
        assert_int_equal(plan_area(pack, kept, land), i + 1);
    }
    uint32_t index = ZW_NONE;
    assert_int_equal(zw_pack_find(pack, zw_text_of("part_150"), &index), ZW_NOUN_AREA);
    assert_int_equal(index, 151);
    assert_int_equal(pack->areas[land].parts.count, MANY);
    assert_int_equal(pack->areas[land].parts.at[MANY - 1], MANY);
    zw_pack_destroy(pack);
}

/* The declaration fails at every allocation there is; then it is as if it had not been tried. */
static void declare_without_memory(zw_noun noun)
{
    for (long after = 0;; after++) {
        zw_pack *pack = plan_land();
        zw_err err = {ZW_OK, ""};
        uint32_t index = ZW_NONE;
        for (int i = 0; pack->node_count < 64; i++) { /* the next node needs memory, too */
            char lag[32];
            (void)snprintf(lag, sizeof(lag), "sales :lag(%d)", i);
            plan_node(pack, lag);
        }
        size_t nodes = pack->node_count;
        size_t parts = pack->areas[0].parts.count;
        failing_alloc_after(after);
        zw_status status = add(pack, noun, "the_new_one", &index, &err);
        bool was_refused = failing_alloc_stop();
        if (!was_refused) {
            assert_int_equal(status, ZW_OK);
            zw_pack_destroy(pack);
            return;
        }
        assert_int_equal(status, ZW_NOMEM);
        assert_int_equal(zw_pack_find(pack, zw_text_of("the_new_one"), &index), ZW_NOUN_NONE);
        assert_int_equal(pack->node_count, nodes);
        assert_int_equal(pack->areas[0].parts.count, parts);
        assert_int_equal(add(pack, noun, "the_new_one", &index, &err), ZW_OK);
        zw_pack_destroy(pack);
    }
}

static void a_declaration_without_memory_leaves_nothing(void **state)
{
    (void)state;
    for (int noun = ZW_NOUN_ZONE; noun <= ZW_NOUN_NOTIFY; noun++) {
        declare_without_memory((zw_noun)noun);
    }
}

static void an_area_that_no_parent_can_take_is_none(void **state)
{
    (void)state;
    static const uint32_t both[] = {1, 2};
    zw_pack *pack = plan_land();
    zw_area port = {.title = plan_title("port", 5), .parents = {both, 2}};
    uint32_t index = ZW_NONE;
    zw_err err = {ZW_OK, ""};
    for (size_t room = 0; room < 4; room++) { /* two lists to come, each of one part */
        plan_leave_room(pack, room);
        failing_alloc_after(0);
        assert_int_equal(zw_pack_add_area(pack, &port, &index, &err), ZW_NOMEM);
        assert_true(failing_alloc_stop());
        assert_int_equal(pack->area_count, 3);
        assert_int_equal(pack->areas[1].parts.count, 0);
    }
    assert_int_equal(zw_pack_add_area(pack, &port, &index, &err), ZW_OK);
    assert_int_equal(pack->areas[2].parts.at[0], index);
    zw_pack_destroy(pack);
}

static void a_pack_without_memory_is_none(void **state)
{
    (void)state;
    long after = 0;
    zw_pack *pack = NULL;
    for (; pack == NULL; after++) {
        zw_err err = {ZW_OK, ""};
        failing_alloc_after(after);
        zw_status status = zw_pack_create("packs/land", &pack, &err);
        if (failing_alloc_stop()) {
            assert_int_equal(status, ZW_NOMEM);
            assert_null(pack);
        }
    }
    assert_true(after > 3);
    zw_pack_destroy(pack);
    zw_pack_destroy(NULL);
}

static void files_tests_and_problems_need_memory_too(void **state)
{
    (void)state;
    bool is_done = false;
    for (long after = 0; !is_done; after++) {
        zw_pack *pack = NULL;
        zw_err err = {ZW_OK, ""};
        uint32_t index = ZW_NONE;
        assert_int_equal(zw_pack_create("packs/land", &pack, &err), ZW_OK);
        failing_alloc_after(after);
        zw_status status =
            zw_pack_add_file(pack, "packs/land/a.lua", zw_text_of("return 1"), &index, &err);
        status = status == ZW_OK ? add(pack, ZW_NOUN_TEST, "a test", &index, &err) : status;
        zw_pack_problem(pack, (zw_where){0, 1, 1}, "a problem");
        is_done = !failing_alloc_stop();
        assert_int_equal(status, pack->file_count == 1 && pack->test_count == 1 ? ZW_OK : ZW_NOMEM);
        assert_int_equal(pack->problem_count, is_done ? 1 : 0);
        zw_pack_destroy(pack);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nouns_and_severities_have_words),
        cmocka_unit_test(a_name_is_taken_once_among_all_nouns),
        cmocka_unit_test(a_place_without_a_line_is_told_without_one),
        cmocka_unit_test(a_zone_has_its_own_calendar),
        cmocka_unit_test(an_area_counts_in_every_parent),
        cmocka_unit_test(what_is_declared_has_its_node),
        cmocka_unit_test(a_rate_is_declared_without_a_sum),
        cmocka_unit_test(a_problem_says_where_as_far_as_it_is_known),
        cmocka_unit_test(arrays_grow_and_keep_what_they_have),
        cmocka_unit_test(a_declaration_without_memory_leaves_nothing),
        cmocka_unit_test(an_area_that_no_parent_can_take_is_none),
        cmocka_unit_test(a_pack_without_memory_is_none),
        cmocka_unit_test(files_tests_and_problems_need_memory_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
