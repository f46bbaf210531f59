/* Time methods: operations that look along time, regrid, or wait for a window's how. */
#include "script/expression.h"
#include "script/fields.h"
#include "script/method.h"
#include "script/problem.h"

#include <string.h>

/* `:lag(n)` and `:delta(n = 1)` */
static int run_shift(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    zw_node proto = {.op = (zw_op)method->param, .kid = {self->node}, .kid_count = 1, .count = 1};
    if (lua_gettop(lua) >= 2 && !zw_method_periods(lua, method, 2, self->node, &proto.count)) {
        return 1;
    }
    return zw_expression_push(lua, &proto, self->groups);
}

static int run_plain(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    zw_node proto = {.op = (zw_op)method->param, .kid = {self->node}, .kid_count = 1};
    return zw_expression_push(lua, &proto, self->groups);
}

/* The steps of a counter in its place. False after it told that it is none, and pushed poison. */
static bool make_steps(lua_State *lua, zw_node_id *node)
{
    zw_script *script = zw_script_of(lua);
    zw_where where = zw_problem_here(lua);
    zw_err err = {ZW_OK, ""};
    zw_status status = zw_formula_steps(script->pack, *node, where, node, &err);
    if (!zw_script_went_well(lua, status, &err, where)) {
        zw_handle_push_poison(lua);
        return false;
    }
    return true;
}

static bool is_counter(lua_State *lua, zw_node_id node)
{
    return zw_pack_node(zw_script_of(lua)->pack, node)->kind == ZW_KIND_COUNTER;
}

/* `:ytd()`: of a counter that of its steps. */
static int run_ytd(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    zw_node proto = {.op = (zw_op)method->param, .kid = {self->node}, .kid_count = 1};
    if (is_counter(lua, self->node) && !make_steps(lua, &proto.kid[0])) {
        return 1;
    }
    return zw_expression_push(lua, &proto, self->groups);
}

/* `:since "2021"` */
static int run_since(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    zw_node proto = {.op = ZW_OP_SINCE, .kid = {self->node}, .kid_count = 1};
    if (!zw_fields_stamp_at(lua, 2, &proto.from) || proto.from.is != ZW_STAMP_PERIOD) {
        return zw_method_refuse(lua, method, "takes a period (2021, \"2021-Q3\" …)");
    }
    if (is_counter(lua, self->node) && !make_steps(lua, &proto.kid[0])) {
        return 1;
    }
    return zw_expression_push(lua, &proto, self->groups);
}

/* `:rate "5m"`, `:increase "1h"`; param: the zw_op over the steps. */
static int run_rate(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    zw_node proto = {
        .op = (zw_op)method->param, .kid = {self->node}, .kid_count = 1, .how = ZW_HOW_SUM};
    if (!is_counter(lua, self->node)) {
        return zw_method_refuse(lua, method, "needs a measure of kind = \"counter\"");
    }
    if (!zw_method_periods(lua, method, 2, self->node, &proto.count) ||
        !make_steps(lua, &proto.kid[0])) {
        return 1;
    }
    return zw_expression_push(lua, &proto, self->groups);
}

static bool how_at(lua_State *lua, const zw_method *method, int index, zw_how *out)
{
    static const struct {
        const char *word;
        zw_how how;
    } hows[] = {{"sum", ZW_HOW_SUM},
                {"mean", ZW_HOW_MEAN},
                {"max", ZW_HOW_MAX},
                {"min", ZW_HOW_MIN},
                {"last", ZW_HOW_LAST}};
    const char *word = lua_type(lua, index) == LUA_TSTRING ? lua_tostring(lua, index) : "";
    for (size_t i = 0; i < sizeof hows / sizeof hows[0]; i++) {
        if (strcmp(hows[i].word, word) == 0) {
            *out = hows[i].how;
            return true;
        }
    }
    (void)zw_method_refuse(lua, method, "takes \"sum\", \"mean\", \"max\", \"min\" or \"last\"");
    return false;
}

/* `:year()`, `:year "max"` */
static int run_regrid(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    zw_script *script = zw_script_of(lua);
    zw_grid grid = {.every = (zw_unit_of_time)method->param};
    zw_how how = ZW_HOW_KIND;
    zw_where where = zw_problem_here(lua);
    zw_node_id node;
    zw_err err = {ZW_OK, ""};
    if (lua_gettop(lua) >= 2 && !how_at(lua, method, 2, &how)) {
        return 1;
    }
    zw_status status = zw_formula_regrid(script->pack, self->node, grid, how, where, &node, &err);
    if (!zw_script_went_well(lua, status, &err, where)) {
        zw_handle_push_poison(lua);
        return 1;
    }
    zw_handle_push_node(lua, node, self->groups);
    return 1;
}

static int run_rolling(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    int32_t count;
    if (!zw_method_periods(lua, method, 2, self->node, &count)) {
        return 1;
    }
    zw_handle *window = zw_handle_push(lua, ZW_HANDLE_WINDOW);
    window->node = self->node;
    window->groups = self->groups;
    window->count = count;
    return 1;
}

/* A running total is folded by its own parts; its sum and mean are read from totals alone. */
static bool takes_own_parts(const zw_node *kid, zw_how how)
{
    return kid->is_total && how != ZW_HOW_SUM && how != ZW_HOW_MEAN;
}

int zw_method_end_window(lua_State *lua, const zw_handle *window, int32_t count, zw_how how,
                         double share)
{
    zw_node own = {.op = ZW_OP_SINGLE, .kid = {window->node}, .kid_count = 1};
    zw_node proto = {.op = ZW_OP_ROLLING,
                     .kid = {window->node},
                     .kid_count = 1,
                     .count = count,
                     .how = how,
                     .number = share};
    if (how == ZW_HOW_SUM && is_counter(lua, window->node) && !make_steps(lua, &proto.kid[0])) {
        return 1;
    }
    if (takes_own_parts(zw_pack_node(zw_script_of(lua)->pack, window->node), how) &&
        !zw_expression_make(lua, &own, &proto.kid[0])) {
        zw_handle_push_poison(lua);
        return 1;
    }
    return zw_expression_push(lua, &proto, window->groups);
}

/* The window that argument `index`, or self, says. */
static bool window_at(lua_State *lua, const zw_method *method, const zw_handle *self, int index,
                      int32_t *count)
{
    bool has_window = lua_gettop(lua) >= index;
    if (self->is == ZW_HANDLE_WINDOW) {
        *count = self->count;
        if (has_window) {
            (void)zw_method_refuse(lua, method, "takes no window behind :rolling(…)");
        }
        return !has_window;
    }
    if (!has_window) {
        (void)zw_method_refuse(lua, method, "needs a window, as in x:rolling(12):%s()",
                               method->name);
        return false;
    }
    return zw_method_periods(lua, method, index, self->node, count);
}

/* `w:median()`, `x:median "1h"`; param: the zw_how. */
static int run_fold(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    int32_t count;
    return window_at(lua, method, self, 2, &count)
               ? zw_method_end_window(lua, self, count, (zw_how)method->param, 0)
               : 1;
}

/* `w:quantile(0.9)`, `x:quantile(0.9, "1h")` */
static int run_quantile(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    int32_t count;
    double share = lua_type(lua, 2) == LUA_TNUMBER ? lua_tonumber(lua, 2) : -1;
    if (!(share >= 0 && share <= 1)) {
        return zw_method_refuse(lua, method, "takes a number from 0 to 1");
    }
    return window_at(lua, method, self, 3, &count)
               ? zw_method_end_window(lua, self, count, ZW_HOW_QUANTILE, share)
               : 1;
}

/* `:or_else(e)`, group by group where one is grouped */
static int run_or_else(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    char text[ZW_PROBLEM_BYTES];
    const char *groups[3] = {self->groups, NULL, NULL}, *together;
    zw_node proto = {.op = ZW_OP_OR_ELSE, .kid = {self->node}, .kid_count = 2};
    bool is_right =
        zw_expression_typed(lua, 2, ZW_TYPE_NUMBER, &proto.kid[1], &groups[1], text, sizeof text) &&
        zw_expression_groups_fit(lua, &proto, groups, &together, text, sizeof text);
    if (!is_right && text[0] != '\0') {
        return zw_method_refuse(lua, method, "%s", text);
    }
    if (!is_right) {
        zw_handle_push_poison(lua);
        return 1;
    }
    return zw_expression_push(lua, &proto, together);
}

/* `:fill(0)`, `:fill "last"` */
static int run_fill(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    char words[ZW_HANDLE_WORDS_BYTES];
    zw_node proto = {.op = ZW_OP_FILL_LAST, .kid = {self->node}, .kid_count = 1};
    if (lua_type(lua, 2) == LUA_TNUMBER) {
        return run_or_else(lua, method, self);
    }
    if (lua_type(lua, 2) != LUA_TSTRING || strcmp(lua_tostring(lua, 2), "last") != 0) {
        return zw_method_refuse(lua, method,
                                "takes a number or \"last\", got %s (an expression: :or_else)",
                                zw_handle_words(lua, 2, words));
    }
    return zw_expression_push(lua, &proto, self->groups);
}

/* `:vintage "first"`, `:vintage "previous"` */
static int run_vintage(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    const char *word = lua_type(lua, 2) == LUA_TSTRING ? lua_tostring(lua, 2) : "";
    bool is_first = strcmp(word, "first") == 0;
    zw_node proto = {.op = ZW_OP_VINTAGE,
                     .kid = {self->node},
                     .kid_count = 1,
                     .how = is_first ? ZW_HOW_FIRST : ZW_HOW_LAST};
    if (!is_first && strcmp(word, "previous") != 0) {
        return zw_method_refuse(lua, method, "takes \"first\" or \"previous\"");
    }
    return zw_expression_push(lua, &proto, self->groups);
}

/* `:scope "2"`, `:any_scope()` */
static int run_scope(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    char words[ZW_HANDLE_WORDS_BYTES];
    zw_script *script = zw_script_of(lua);
    zw_where where = zw_problem_here(lua);
    const char *scope = NULL;
    zw_node_id node;
    zw_err err = {ZW_OK, ""};
    if (method->least > 0) {
        if (lua_type(lua, 2) != LUA_TSTRING && !lua_isinteger(lua, 2)) {
            return zw_method_refuse(lua, method, "takes the scope's text, got %s",
                                    zw_handle_words(lua, 2, words));
        }
        scope = lua_tostring(lua, 2); /* a whole number is written out */
    }
    zw_status status = zw_formula_in_scope(script->pack, self->node, scope, where, &node, &err);
    if (status == ZW_INVALID) {
        return zw_method_refuse(lua, method, "of %s", err.text);
    }
    if (!zw_script_went_well(lua, status, &err, where)) {
        zw_handle_push_poison(lua);
        return 1;
    }
    zw_handle_push_node(lua, node, self->groups);
    return 1;
}

const zw_method zw_time_methods[] = {
    {"lag", run_shift, ZW_ON_NUMBER | ZW_ON_TRUTH | ZW_ON_TEXT, 1, 1, ZW_OP_LAG},
    {"delta", run_shift, ZW_ON_NUMBER, 0, 1, ZW_OP_DELTA},
    {"yoy", run_plain, ZW_ON_NUMBER, 0, 0, ZW_OP_YOY},
    {"ytd", run_ytd, ZW_ON_NUMBER, 0, 0, ZW_OP_YTD},
    {"single", run_plain, ZW_ON_NUMBER, 0, 0, ZW_OP_SINGLE},
    {"day", run_regrid, ZW_ON_NUMBER, 0, 1, ZW_DAY},
    {"week", run_regrid, ZW_ON_NUMBER, 0, 1, ZW_WEEK},
    {"month", run_regrid, ZW_ON_NUMBER, 0, 1, ZW_MONTH},
    {"quarter", run_regrid, ZW_ON_NUMBER, 0, 1, ZW_QUARTER},
    {"half", run_regrid, ZW_ON_NUMBER, 0, 1, ZW_HALF},
    {"year", run_regrid, ZW_ON_NUMBER, 0, 1, ZW_YEAR},
    {"rolling", run_rolling, ZW_ON_NUMBER, 1, 1, 0},
    {"since", run_since, ZW_ON_NUMBER, 1, 1, ZW_OP_SINCE},
    {"rate", run_rate, ZW_ON_NUMBER, 1, 1, ZW_OP_RATE},
    {"increase", run_rate, ZW_ON_NUMBER, 1, 1, ZW_OP_ROLLING},
    {"fill", run_fill, ZW_ON_NUMBER, 1, 1, 0},
    {"or_else", run_or_else, ZW_ON_NUMBER, 1, 1, 0},
    {"vintage", run_vintage, ZW_ON_NUMBER, 1, 1, 0},
    {"scope", run_scope, ZW_ON_NUMBER, 1, 1, 0},
    {"any_scope", run_scope, ZW_ON_NUMBER, 0, 0, 1},
    {"first", run_fold, ZW_ON_WINDOW | ZW_ON_NUMBER, 0, 1, ZW_HOW_FIRST},
    {"last", run_fold, ZW_ON_WINDOW | ZW_ON_NUMBER, 0, 1, ZW_HOW_LAST},
    {"median", run_fold, ZW_ON_WINDOW | ZW_ON_NUMBER, 0, 1, ZW_HOW_MEDIAN},
    {"stddev", run_fold, ZW_ON_WINDOW | ZW_ON_NUMBER, 0, 1, ZW_HOW_STDDEV},
    {"quantile", run_quantile, ZW_ON_WINDOW | ZW_ON_NUMBER, 1, 2, 0},
    {"slope", run_fold, ZW_ON_WINDOW | ZW_ON_NUMBER, 0, 1, ZW_HOW_SLOPE},
    {NULL, NULL, 0, 0, 0, 0},
};
