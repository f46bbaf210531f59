/* Tests of the script: a page of the language becomes its model, every kind of mistake is one line,
 * and a hostile pack ends within its limits. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "failing_alloc.h"
#include "script_rows.h"

#include <stdlib.h>

/* The language on one page, reduced to the nouns that are there. */
static const char page[] =
    "local yi = 1e8  -- 100 million\n"
    "local gz = zone \"guangzhou_ai\" { title = { zh = \"广州人工智能与数字经济试验区\" }, "
    "timezone = \"Asia/Shanghai\", currency = \"CNY\" }\n"
    "area \"pazhou\" { within = gz, leads = { \"big_data\", \"ai\", \"new_it\" } }\n"
    "area \"finance_city\" { within = gz, leads = { \"digital_finance\", \"digital_trade\" } }\n"
    "area \"yuzhu\" { within = gz, leads = { \"ic_parts\", \"trusted_it\", \"digital_trade\" } }\n"
    "\n"
    "local revenue = measure \"software_revenue\" { kind = \"ytd\", unit = \"1e4 CNY\", show = "
    "\"1e8 CNY\", every = \"month\", skip = { month = 1 }, due = \"20d\", by = { \"industry\" } }\n"
    "local surveyed = measure \"digital_surveyed\" { kind = \"stock\", unit = \"firms\", every = "
    "\"quarter\", due = \"25d\" }\n"
    "local covered = measure \"digital_covered\" { kind = \"stock\", unit = \"firms\", every = "
    "\"quarter\", due = \"25d\" }\n"
    "\n"
    "local annual = indicator \"revenue_year\" { revenue:year(), show = \"1e8 CNY\" }\n"
    "indicator \"revenue_growth\" { revenue:ytd():yoy(), show = \"%\" }\n"
    "local coverage = indicator \"digital_coverage\" { covered / surveyed, show = \"%\" }\n"
    "indicator \"own_line_share\" { revenue:where { industry = attr \"leads\" }:year() / "
    "revenue:year(), show = \"%\" }\n"
    "indicator \"by_industry\" { revenue:by \"industry\":max() / revenue }\n"
    "\n"
    "local plan = target \"revenue_plan\" { annual, over = { [2022] = 600*yi, [2025] = 900*yi }, "
    "from = { [2020] = 442*yi }, path = \"geometric\" }\n"
    "target \"coverage_plan\" { coverage, over = { [2025] = 0.5 } }\n"
    "\n"
    "local served = rule \"five_platforms\" { each = gz.areas, must = revenue:over(5*yi) }\n"
    "rule \"no_area_carries_all\" { must = function(at)\n"
    "  local most = 0\n"
    "  for _, a in ipairs(gz.areas) do most = math.max(most, at(annual, a)) end\n"
    "  return most <= 0.7 * at(annual)\n"
    "end }\n"
    "\n"
    "local late = alert \"returns_late\" { each = gz.areas, per = \"period\", warning = "
    "revenue:late(), critical = revenue:late \"30d\" }\n"
    "alert \"revenue_behind\" {  -- monthly: the trailing year against the path\n"
    "  warning = plan:shortfall():over(0.05), critical = plan:shortfall():over(0.15), clear = "
    "plan:shortfall():under(0.02),\n"
    "  hold = periods(2), missing = \"keep\", unless = late,\n"
    "  say = { en = \"{zone} is {value:%} behind the path to {goal} in {year}\", zh = "
    "\"{zone}较{year}年目标{goal}的进度落后{value:%}\" },\n"
    "}\n"
    "alert \"platform_gap\" { each = gz.areas, warning = served:broken(), hold = \"30d\" }\n"
    "alert \"met_then\" { warning = plan:verdict { \"missed_final\", \"met_then_revised_below\" }, "
    "per = \"period\" }\n"
    "alert \"spread\" { warning = any(revenue:over(0), gz.areas), info = count(revenue:over(0), "
    "gz.areas):over(2) }\n"
    "\n"
    "notify \"duty_office\" { to = { webhook(secret \"DUTY_HOOK\"), log() }, at_least = "
    "\"warning\" }\n"
    "\n"
    "test \"one bad month waits, two speak\" {  -- trailing year: 425 yi in both\n"
    "  given = { [revenue] = { [\"2020-02\"] = 530000, [\"2020-03\"] = 890000, [\"2020-12\"] = "
    "4420000, [\"2021-02\"] = {360000, known_at=\"2021-03-05\", status=\"P\", "
    "by={industry=\"ai\"}}, [\"2021-03\"] = 720000 } },\n"
    "  expect = { [plan] = { [2022] = \"not_due_at_risk\" }, [\"revenue_behind\"] = { "
    "[\"2020-12\"] = \"ok\", [\"2021-02\"] = \"pending\", [\"2021-03\"] = \"warning\" },\n"
    "   revenue_year = { yuzhu = { [2020] = near(5, 1), [2021] = missing } }, [revenue:over(3)] = "
    "{ [\"2020-02\"] = true, [\"2020-03\"] = unknown } },\n"
    "}\n";

static void the_page_of_the_language_becomes_its_model(void **state)
{
    (void)state;
    struct loaded loaded = load_right(page);
    const zw_pack *pack = loaded.pack;
    static const struct {
        const char *name, *formula;
    } rows[] = {
        {"revenue_year", "software_revenue:year()"},
        {"revenue_growth", "software_revenue:yoy()"},
        {"digital_coverage", "digital_covered / digital_surveyed"},
        {"own_line_share", "software_revenue:where { industry = attr \"leads\" }:year() / "
                           "software_revenue:year()"},
        {"by_industry", "software_revenue:by \"industry\":max() / software_revenue"},
    };
    assert_int_equal(pack->indicator_count, COUNT_OF(rows));
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        zw_buf text;
        zw_buf_init(&text, 10000);
        assert_string_equal(pack->indicators[i].title.name, rows[i].name);
        zw_formula_text(pack, pack->indicators[i].formula, &text);
        assert_string_equal(zw_buf_view(&text), rows[i].formula);
        zw_buf_fini(&text);
    }
    assert_int_equal(pack->area_count, 4);
    assert_string_equal(pack->areas[0].title.zh, pack->areas[0].title.en);
    assert_int_equal(pack->areas[0].parts.count, 3);
    assert_int_equal(pack->measure_count, 3);
    assert_int_equal(pack->target_count, 2);
    assert_int_equal(pack->targets[0].expr, pack->indicators[0].node);
    assert_true(pack->targets[0].dated[1].value == 900 * 1e8);
    assert_int_equal(pack->rule_count, 2);
    assert_int_equal(zw_pack_node(pack, pack->rules[1].must)->op, ZW_OP_CALL);
    assert_int_equal(zw_pack_node(pack, pack->rules[1].must)->grid.every, ZW_YEAR);
    assert_int_equal(pack->alert_count, 5);
    assert_int_equal(pack->alerts[1].unless_alert, 0);
    assert_int_equal(pack->alerts[2].each.count, 3);
    assert_int_equal(pack->notify_count, 1);
    assert_int_equal(pack->test_count, 1);
    assert_int_equal(pack->tests[0].given_count, 5);
    assert_int_equal(pack->tests[0].expect_count, 8);
    assert_int_equal(strlen(pack->digest), 64);
    unload(&loaded);
}

static void loading_twice_gives_the_same(void **state)
{
    (void)state;
    struct loaded one = load_right(page), two = load_right(page);
    assert_string_equal(one.pack->digest, two.pack->digest);
    assert_int_equal(one.pack->node_count, two.pack->node_count);
    for (size_t i = 0; i < one.pack->node_count; i++) {
        zw_buf a, b;
        zw_buf_init(&a, 10000);
        zw_buf_init(&b, 10000);
        zw_formula_text(one.pack, (zw_node_id)i, &a);
        zw_formula_text(two.pack, (zw_node_id)i, &b);
        assert_string_equal(zw_buf_view(&a), zw_buf_view(&b));
        zw_buf_fini(&a);
        zw_buf_fini(&b);
    }
    unload(&one);
    unload(&two);
}

static void each_mistake_is_one_line(void **state)
{
    (void)state;
    static const struct pack_row rows[] = {
        {"misspelt field", "measure \"m\" { knd = \"flow\", unit = \"CNY\", every = \"month\" }",
         "p:2:15: measure \"m\" has no field 'knd'; did you mean 'kind'?"},
        {"misspelt operation", "indicator \"i\" { sales:yoyo() }",
         "p:2:23: measure \"sales\" has no operation 'yoyo'; did you mean ':yoy'?"},
        {"misspelt name", "indicator \"i\" { reveneu:year() }",
         "p:2:17: 'reveneu' is not declared; did you mean 'revenue'?"},
        {"CNY and firms", "indicator \"i\" { sales:year() + firms:year() }",
         "p:2: '+': CNY and firms do not fit together"},
        {"monthly and yearly", "indicator \"i\" { sales + sales:year() }",
         "p:2: '+' of a month and a year: two grids in one operation; add :year() to "
         "the finer side"},
        {"duplicate name", "indicator \"sales\" { sales:year() }",
         "p:2:1: indicator \"sales\" is declared twice: first as a measure at p:1"},
        {"a number where a truth belongs", "rule \"r\" { must = sales:year() }",
         "p:2:12: rule \"r\": must takes a truth, got a number: add :over(…), "
         ":under(…) …"},
        {"a leaked global", "leak = 5", "p:2:1: a global 'leak' leaks: write local leak"},
        {"a noun without its braces", "measure \"m\"",
         "p:2:1: measure \"m\" has no { … } behind it"},
        {"a target whose figures go",
         "local m = measure \"m\" { kind = \"flow\", unit = \"CNY\", every = \"day\", keep = "
         "\"90d\" } target \"t\" { m:year(), over = { [2030] = 1 } }",
         "p:2:84: target \"t\" reads \"m\", whose figures go when its keep is over: its verdicts "
         "would go with them"},
        {"an operation with a wrong word",
         "local a = alert \"a\" { info = sales:over(1) } rule \"r\" { must = a:firing \"red\" }",
         "p:2:66: :firing takes \"info\", \"warning\" or \"critical\""},
        {"a Lua error", "local t = {} t.x.y = 1", "p:2: attempt to index a nil value (field 'x')"},
        {"a syntax error", "local x = = 1", "p:2: unexpected symbol near '='"},
        {"an order operator", "rule \"r\" { must = sales > 3 }",
         "p:2: '<' and '>' cannot be recorded: use :under(…) or :over(…)"},
        {"an unknown verdict",
         "local t = target \"t\" { sales:year(), over = { [2022] = 1 } } alert \"a\" { "
         "warning = t:verdict \"mised_final\" }",
         "p:2:94: no verdict is called 'mised_final'; did you mean 'missed_final'?"},
        {"a misspelt placeholder", "alert \"a\" { warning = sales:over(1), say = \"{perod}\" }",
         "p:2:38: alert \"a\": say: there is no placeholder '{perod}'; did you mean "
         "'period'?"},
        {"several in one pack",
         "local a = indicator \"i\" { sales:yoyo() } rule \"r\" { mst = a:over(1) } "
         "alert \"b\" { warning = a:over(1) & firms } leak = 5 local c = reveneu",
         "p:2:33: measure \"sales\" has no operation 'yoyo'; did you mean ':yoy'?\n"
         "p:2:53: rule \"r\" has no field 'mst'; did you mean 'must'?\n"
         "p:2:113: a global 'leak' leaks: write local leak\n"
         "p:2:132: 'reveneu' is not declared; did you mean 'revenue'?"}};
    check_pack_rows(PACK_HEAD, rows, COUNT_OF(rows));
}

static void a_pack_without_a_zone_is_told(void **state)
{
    (void)state;
    static const struct pack_row rows[] = {
        {"an empty pack", "", "p: the pack declares no zone"},
        {"its zone is wrong: that is told already", "zone(5)", "p:1:1: write zone \"name\" { … }"},
    };
    check_pack_rows("", rows, COUNT_OF(rows));
}

/* A pack that does harm, and how it ends: words of a line that says so. */
static const struct {
    const char *why, *text, *says;
} hostile[] = {
    {"an endless loop", "while true do end", "p:1: this takes more than 300000 instructions"},
    {"an endless goto", "::a:: goto a", "more than 300000 instructions"},
    {"a loop in a protected call", "while true do pcall(error) end",
     "more than 300000 instructions"},
    {"a text at once", "local s = ('x'):rep(1e9)", "p:1: a text is longer than 16384 bytes"},
    {"a text that doubles", "local s = 'x' while true do s = s .. s end",
     "p:1: a text is longer than 16384 bytes"},
    {"a table", "local t = {} for i = 1, 1e9 do t[i] = { i } end", "more than"},
    {"deep recursion", "local function f() return 1 + f() end f()", "more than"},
    {"a metatable that calls itself",
     "local t = setmetatable({}, { __index = function(t, k) return t[k] end }) local x = t.x",
     "C stack overflow"},
    {"brackets without end", "@DEEP@", "C stack overflow"},
    {"a finalizer", "setmetatable({}, { __gc = function() while true do end end })",
     "__gc is not offered"},
    {"a pattern", "local s = ('a'):rep(40):find(('.-'):rep(20) .. 'b')", "could take too long"},
    {"matching without end", "while true do ('aaaaaaaaaa'):find('a-b') end",
     "more than 300000 instructions"},
    {"nodes without end",
     "zone 'z' { timezone = 'UTC' } local m = measure 'm' { kind = 'flow', unit = 'a', every = "
     "'day' } while true do m = m + 1 end",
     "more than 300000 instructions"},
    {"declarations without end",
     "local z = zone 'z' { timezone = 'UTC' } for i = 1, 1e9 do area('a' .. i) { within = z } "
     "end",
     "more than"},
    {"mistakes without end",
     "local z = zone 'z' { timezone = 'UTC' } for i = 1, 1e9 do local x "
     "= z['a' .. i] end",
     "more than"},
    {"functions without end",
     "local z = zone 'z' { timezone = 'UTC' } local i = 0 while true do i = i + 1 rule('r' .. "
     "i) { must = function() return i end, every = 'day' } end",
     "more than"},
};

static void hostile_packs_end_within_their_limits(void **state)
{
    (void)state;
    zw_script_limits limits = {.memory_bytes = (size_t)4 * 1024 * 1024,
                               .load_instructions = 300000};
    for (size_t i = 0; i < COUNT_OF(hostile); i++) {
        zw_buf lines;
        char deep[4096];
        const char *text = hostile[i].text;
        print_message("  %s\n", hostile[i].why);
        if (strcmp(text, "@DEEP@") == 0) {
            memset(deep, '(', sizeof deep);
            memcpy(deep, "return ", 7);
            deep[sizeof deep - 1] = '\0';
            text = deep;
        }
        struct loaded loaded = load_text(text, &limits);
        zw_buf_init(&lines, 1000000);
        problem_lines(loaded.pack, &lines);
        if (strstr(zw_buf_view(&lines), hostile[i].says) == NULL) {
            fail_msg("%s", zw_buf_view(&lines));
        }
        zw_buf_fini(&lines);
        unload(&loaded);
    }
}

static void every_ceiling_of_memory_is_survived(void **state)
{
    (void)state;
    bool is_loaded = false;
    for (size_t bytes = 1000; !is_loaded; bytes += bytes / 40) {
        zw_script_limits limits = {.memory_bytes = bytes};
        zw_pack *pack;
        zw_script *script;
        zw_err err = {ZW_OK, ""};
        zw_status status =
            zw_script_load_text("p", zw_text_of(page), &limits, &pack, &script, &err);
        if (status != ZW_OK) { /* not even an empty state fits */
            assert_int_equal(status, ZW_LIMIT);
            assert_null(pack);
            assert_null(script);
            continue;
        }
        is_loaded = pack->problem_count == 0;
        if (!is_loaded) {
            assert_int_equal(pack->problem_count, 1);
            assert_non_null(strstr(pack->problems[0].text, "bytes of memory to load"));
        }
        zw_script_destroy(script);
        zw_pack_destroy(pack);
        assert_true(bytes < (size_t)8 * 1024 * 1024);
    }
}

static void every_budget_is_survived(void **state)
{
    (void)state;
    bool is_loaded = false;
    for (uint64_t budget = 1; !is_loaded; budget += budget / 8 + 100) {
        zw_script_limits limits = {.load_instructions = budget};
        struct loaded loaded = load_text(page, &limits);
        is_loaded = loaded.pack->problem_count == 0;
        if (!is_loaded) {
            assert_int_equal(loaded.pack->problem_count, 1);
            assert_non_null(strstr(loaded.pack->problems[0].text, "instructions"));
        }
        unload(&loaded);
        assert_true(budget < 100000000);
    }
}

static void every_refused_allocation_is_survived(void **state)
{
    (void)state;
    bool was_refused = true;
    for (long n = 0; was_refused; n += n < 200 ? 1 : 29) {
        zw_pack *pack;
        zw_script *script;
        failing_alloc_after(n);
        zw_status status = zw_script_load_text("p", zw_text_of(page), NULL, &pack, &script, NULL);
        was_refused = failing_alloc_stop();
        if (status != ZW_OK) {
            assert_int_equal(status, ZW_NOMEM);
            assert_true(was_refused);
            assert_null(pack);
            assert_null(script);
            continue;
        }
        assert_int_equal(pack->problem_count, 0);
        zw_script_destroy(script);
        zw_pack_destroy(pack);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_page_of_the_language_becomes_its_model),
        cmocka_unit_test(loading_twice_gives_the_same),
        cmocka_unit_test(each_mistake_is_one_line),
        cmocka_unit_test(a_pack_without_a_zone_is_told),
        cmocka_unit_test(hostile_packs_end_within_their_limits),
        cmocka_unit_test(every_ceiling_of_memory_is_survived),
        cmocka_unit_test(every_budget_is_survived),
        cmocka_unit_test(every_refused_allocation_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
