/* Tests of calling: a function runs within its limits, and its result is a number or a truth. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "call_reader.h"
#include "failing_alloc.h"

static const struct {
    const char *why, *body;
    bool is_missing; /* what it reads */
    zw_status fails;
    zw_status status;
    zw_call_is is;
    double value;
    bool has_read;
    const char *error;
} given[] = {
    {"a number", "return at(sales) * 2", false, ZW_OK, ZW_OK, ZW_CALL_NUMBER, 200, true, NULL},
    {"a truth", "return at(sales) > 500", false, ZW_OK, ZW_OK, ZW_CALL_TRUTH, 0, true, NULL},
    {"it read nothing", "return 7", false, ZW_OK, ZW_OK, ZW_CALL_NUMBER, 7, false, NULL},
    {"a missing read makes the result missing", "return at(sales) + 1", true, ZW_OK, ZW_OK,
     ZW_CALL_MISSING, 0, true, NULL},
    {"through functions of Lua too",
     "local t = { 2, 1 } table.sort(t, function(a, b) return at(sales) < 1 end) return 1", true,
     ZW_OK, ZW_OK, ZW_CALL_MISSING, 0, true, NULL},
    {"unless it asked for the value", "return at.value(sales) or 3", true, ZW_OK, ZW_OK,
     ZW_CALL_NUMBER, 3, true, NULL},
    {"divided by 0", "return at(sales) / 0", false, ZW_OK, ZW_OK, ZW_CALL_MISSING, 0, true, NULL},
    {"no number at all", "return 0 / 0", false, ZW_OK, ZW_OK, ZW_CALL_MISSING, 0, false, NULL},
    {"nothing", "return", false, ZW_OK, ZW_SCRIPT, ZW_CALL_MISSING, 0, false,
     "p:2: a function returns a number or a truth, this one returned nothing"},
    {"a text", "return 'x'", false, ZW_OK, ZW_SCRIPT, ZW_CALL_MISSING, 0, false,
     "p:2: a function returns a number or a truth, this one returned a text"},
    {"an expression", "return sales", false, ZW_OK, ZW_SCRIPT, ZW_CALL_MISSING, 0, false,
     "p:2: a function returns a number or a truth, this one returned measure \"sales\" that it did "
     "not read: at(…)"},
    {"a second result beside it", "return at(sales), { a = 1 }", false, ZW_OK, ZW_OK,
     ZW_CALL_NUMBER, 100, true, NULL},
    {"a second result that is no table", "return 1, 2", false, ZW_OK, ZW_SCRIPT, ZW_CALL_MISSING, 0,
     false, "p:2: the second result of a function is a table, this one is a number"},
    {"the value is looked at too", "return 'x', { a = 1 }", false, ZW_OK, ZW_SCRIPT,
     ZW_CALL_MISSING, 0, false,
     "p:2: a function returns a number or a truth, this one returned a text"},
    {"an error of its own", "error 'no'", false, ZW_OK, ZW_SCRIPT, ZW_CALL_MISSING, 0, false,
     "p:2: no"},
    {"an error that is no text", "error({})", false, ZW_OK, ZW_SCRIPT, ZW_CALL_MISSING, 0, false,
     "p:2: raised a table, not a text"},
    {"an endless loop", "while true do end", false, ZW_OK, ZW_SCRIPT, ZW_CALL_MISSING, 0, false,
     "p:2: this takes more than 1000000 instructions: is there an endless loop?"},
    {"a text too long", "local t = ('x'):rep(1e8) return 1", false, ZW_OK, ZW_SCRIPT,
     ZW_CALL_MISSING, 0, false, "p:2: a text is longer than 16384 bytes"},
    {"deep recursion", "local function f() return 1 + f() end return f()", false, ZW_OK, ZW_SCRIPT,
     ZW_CALL_MISSING, 0, false, "p:2: functions call each other more than 200 deep"},
    {"the reader fails", "return at(sales)", false, ZW_STORE, ZW_STORE, ZW_CALL_MISSING, 0, true,
     "the reader failed"},
    {"the reader fails behind at.value", "return at.value(sales) or 0", false, ZW_NOMEM, ZW_NOMEM,
     ZW_CALL_MISSING, 0, true, "the reader failed"},
};

static void what_a_function_gives_is_taken_or_told(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(given); i++) {
        char text[2048];
        struct reader reader = {.is_missing = given[i].is_missing, .fails = given[i].fails};
        zw_call_result result;
        zw_err err = {ZW_OK, ""};
        print_message("  %s\n", given[i].why);
        (void)snprintf(text, sizeof text,
                       "%srule 'r' { must = function(at) %s end, every = 'month' }", PACK_HEAD,
                       given[i].body);
        struct loaded loaded = load_right(text);
        assert_int_equal(call_first(&loaded, &reader, &result, &err), given[i].status);
        assert_int_equal(result.is, given[i].is);
        assert_int_equal(result.has_read, given[i].has_read);
        if (given[i].status == ZW_OK && result.is != ZW_CALL_MISSING) {
            assert_true(result.value == given[i].value);
        }
        if (given[i].error != NULL) {
            assert_string_equal(err.text, given[i].error);
        }
        unload(&loaded);
    }
}

/* Each limit is an argument. */
static const struct {
    const char *why, *body;
    zw_script_limits limits;
    zw_breach breach;
    const char *error;
} breached[] = {
    {"instructions",
     "while true do end",
     {.call_instructions = 5000},
     ZW_BREACH_INSTRUCTIONS,
     "p:2: this takes more than 5000 instructions: is there an endless loop?"},
    {"memory",
     "local t = {} while true do t = { t } end",
     {.memory_bytes = 2000000, .call_instructions = 100000000},
     ZW_BREACH_MEMORY,
     "p:2: a function needs more than 2000000 bytes of memory"},
    {"a text",
     "return #('x'):rep(500)",
     {.text_bytes = 499},
     ZW_BREACH_TEXT,
     "p:2: a text is longer than 499 bytes"},
    {"a text that is put together",
     "local s = ('x'):rep(300) return #(s .. s)",
     {.text_bytes = 499},
     ZW_BREACH_TEXT,
     "p:2: a text is longer than 499 bytes"},
    {"a pattern",
     "return #('aaaa'):match('a*')",
     {.pattern_steps = 10},
     ZW_BREACH_PATTERN,
     "p:2: this pattern could take too long on a text of 4 bytes"},
    {"depth",
     "local function f(n) if n < 4000 then return 1 + f(n + 1) end return 1 end return f(1)",
     {.calls_deep = 20},
     ZW_BREACH_DEPTH,
     "p:2: functions call each other more than 20 deep"},
    {"values",
     "return #{ table.unpack({}, 1, 1001) }",
     {0},
     ZW_BREACH_VALUES,
     "p:2: table.unpack gives at most 1000 values"},
    {"reads",
     "return at(sales) + at(sales) + at(sales)",
     {.reads = 2},
     ZW_BREACH_READS,
     "p:2: this reads more than 2 figures in one call"},
    {"expressions",
     "return at(sales + 1) + at(sales + 2)",
     {.expressions = 3},
     ZW_BREACH_EXPRESSIONS,
     "p:2: this function has written more than 3 expressions and texts: write them outside of it"},
    {"what is said",
     "return 1, { a = ('x'):rep(40), b = ('y'):rep(40) }",
     {.output_bytes = 81},
     ZW_BREACH_OUTPUT,
     "p:2: a second result has at most 32 entries and 81 bytes"},
    {"a mistake is no breach", "error 'no'", {0}, ZW_BREACH_NONE, "p:2: no"},
};

struct counted {
    zw_breach breach;
    uint64_t count;
};

static void count_breach(void *arg, const char *declaration, zw_breach breach, uint64_t count)
{
    struct counted *counted = arg;
    assert_string_equal(declaration, "r");
    assert_int_equal(counted->count, 0); /* one kind only */
    *counted = (struct counted){breach, count};
}

static void each_limit_ends_a_call_and_is_counted(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(breached); i++) {
        char text[2048];
        struct reader reader = {.base = 0};
        struct counted counted = {ZW_BREACH_NONE, 0};
        zw_call_result result;
        zw_err err = {ZW_OK, ""};
        print_message("  %s\n", breached[i].why);
        (void)snprintf(text, sizeof text,
                       "%srule 'r' { must = function(at) %s end, every = 'month' }", PACK_HEAD,
                       breached[i].body);
        struct loaded loaded = load_text(text, &breached[i].limits);
        assert_int_equal(loaded.pack->problem_count, 0);
        for (int again = 0; again < 2; again++) {
            assert_int_equal(call_first(&loaded, &reader, &result, &err), ZW_SCRIPT);
            assert_string_equal(err.text, breached[i].error);
            assert_int_equal(result.breach, breached[i].breach);
        }
        zw_script_breaches(loaded.script, count_breach, &counted);
        assert_int_equal(counted.breach, breached[i].breach);
        assert_int_equal(counted.count, breached[i].breach == ZW_BREACH_NONE ? 0 : 2);
        unload(&loaded);
    }
}

/* The same formulas and texts, written by every call, are kept once. */
static void calls_leave_nothing_behind(void **state)
{
    (void)state;
    struct reader reader = {.base = 0};
    zw_call_result result;
    zw_err err = {ZW_OK, ""};
    struct loaded loaded = load_right(
        PACK_HEAD
        "rule 'r' { must = function(at) return at(revenue:where { industry = 'ai', size "
        "= { 'a', 'b' } }:month()) + at(count(sales:over(1), { yz, pz })) > 0 end, every = "
        "'month' }");
    assert_int_equal(call_first(&loaded, &reader, &result, &err), ZW_OK);
    size_t nodes = loaded.pack->node_count, bytes = zw_arena_used(loaded.pack->arena);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(call_first(&loaded, &reader, &result, &err), ZW_OK);
    }
    assert_int_equal(loaded.pack->node_count, nodes);
    assert_int_equal(zw_arena_used(loaded.pack->arena), bytes);
    unload(&loaded);
}

static void there_is_no_such_function(void **state)
{
    (void)state;
    zw_call_result result;
    zw_err err = {ZW_OK, ""};
    zw_call call = {.area = 0, .grid = {.every = ZW_MONTH}, .read = read_figure};
    struct loaded loaded = load_right(PACK_HEAD);
    assert_int_equal(zw_script_call(loaded.script, 3, &call, &result, &err), ZW_SCRIPT);
    assert_string_equal(err.text, "there is no function number 3");
    unload(&loaded);
}

/* A function that reads another function's value: the evaluator calls in while a call runs. */
struct nested {
    struct loaded *loaded;
    uint32_t function;
    unsigned depth, deepest;
};

static zw_status read_by_calling(void *arg, zw_node_id node, uint32_t area, int32_t steps,
                                 zw_reading *out, zw_err *err)
{
    (void)node;
    (void)area;
    (void)steps;
    struct nested *nested = arg;
    zw_call_result result;
    zw_call call = {.area = 0,
                    .grid = {.every = ZW_MONTH},
                    .period = 0,
                    .read = read_by_calling,
                    .arg = nested};
    nested->deepest = ++nested->depth > nested->deepest ? nested->depth : nested->deepest;
    zw_status status = nested->depth > 3 ? ZW_OK
                                         : zw_script_call(nested->loaded->script, nested->function,
                                                          &call, &result, err);
    *out = (zw_reading){.is_missing = false, .value = nested->depth > 3 ? 1 : result.value};
    nested->depth--;
    return status;
}

static void a_call_inside_a_call_keeps_the_outer_one(void **state)
{
    (void)state;
    struct loaded loaded =
        load_right(PACK_HEAD "rule 'r' { must = function(at) local a = at(sales) "
                             "for i = 1, 1000 do end return a + at(sales) end, every = 'month' }");
    struct nested nested = {.loaded = &loaded};
    zw_call_result result;
    zw_err err = {ZW_OK, ""};
    nested.function = zw_pack_node(loaded.pack, loaded.pack->rules[0].must)->ref;
    zw_call call = {.area = 0,
                    .grid = {.every = ZW_MONTH},
                    .period = 0,
                    .read = read_by_calling,
                    .arg = &nested};
    assert_int_equal(zw_script_call(loaded.script, nested.function, &call, &result, &err), ZW_OK);
    assert_true(result.value == 16); /* two reads at each of four levels */
    assert_int_equal(nested.deepest, 4);
    unload(&loaded);
}

static zw_status read_without_end(void *arg, zw_node_id node, uint32_t area, int32_t steps,
                                  zw_reading *out, zw_err *err)
{
    (void)node;
    (void)area;
    (void)steps;
    struct nested *nested = arg;
    zw_call_result result;
    zw_call call = {.area = 0,
                    .grid = {.every = ZW_MONTH},
                    .period = 0,
                    .read = read_without_end,
                    .arg = nested};
    *out = (zw_reading){.is_missing = true};
    return zw_script_call(nested->loaded->script, nested->function, &call, &result, err);
}

static void functions_that_read_each_other_for_ever_end(void **state)
{
    (void)state;
    struct loaded loaded =
        load_right(PACK_HEAD "rule 'r' { must = function(at) return at(sales) end }");
    struct nested nested = {.loaded = &loaded};
    zw_call_result result;
    zw_err err = {ZW_OK, ""};
    zw_reading reading;
    nested.function = zw_pack_node(loaded.pack, loaded.pack->rules[0].must)->ref;
    assert_int_equal(read_without_end(&nested, 0, 0, 0, &reading, &err), ZW_SCRIPT);
    assert_string_equal(err.text, "functions read each other more than 16 deep");
    zw_call call = {.area = 0, .grid = {.every = ZW_MONTH}, .read = read_figure};
    struct reader reader = {.base = 1};
    call.arg = &reader;
    assert_int_equal(zw_script_call(loaded.script, nested.function, &call, &result, &err), ZW_OK);
    unload(&loaded);
}

static void every_refused_allocation_is_survived(void **state)
{
    (void)state;
    bool was_refused = true;
    struct loaded loaded = load_right(
        PACK_HEAD "rule 'r' { must = function(at) local t = {} for i = 1, 20 do t[i] = { i } end "
                  "return at(sales:lag(1)) > at.period.year end }");
    for (long n = 0; was_refused; n++) {
        struct reader reader = {.base = 5000};
        zw_call_result result;
        zw_err err = {ZW_OK, ""};
        failing_alloc_after(n);
        zw_status status = call_first(&loaded, &reader, &result, &err);
        was_refused = failing_alloc_stop();
        /* What was refused may have been found again after collecting garbage. */
        assert_true(status == ZW_OK || (status == ZW_NOMEM && was_refused));
        if (status == ZW_OK) {
            assert_true(result.is == ZW_CALL_TRUTH && result.value == 1);
        }
    }
    unload(&loaded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_function_gives_is_taken_or_told),
        cmocka_unit_test(each_limit_ends_a_call_and_is_counted),
        cmocka_unit_test(calls_leave_nothing_behind),
        cmocka_unit_test(there_is_no_such_function),
        cmocka_unit_test(a_call_inside_a_call_keeps_the_outer_one),
        cmocka_unit_test(functions_that_read_each_other_for_ever_end),
        cmocka_unit_test(every_refused_allocation_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
