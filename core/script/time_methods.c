/* Time methods: operations that look along time, regrid, or wait for a window's how. */
#include "script/expression.h"
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

const zw_method zw_time_methods[] = {
    {"lag", run_shift, ZW_ON_NUMBER | ZW_ON_TRUTH, 1, 1, ZW_OP_LAG},
    {"delta", run_shift, ZW_ON_NUMBER, 0, 1, ZW_OP_DELTA},
    {"yoy", run_plain, ZW_ON_NUMBER, 0, 0, ZW_OP_YOY},
    {"ytd", run_plain, ZW_ON_NUMBER, 0, 0, ZW_OP_YTD},
    {"single", run_plain, ZW_ON_NUMBER, 0, 0, ZW_OP_SINGLE},
    {"day", run_regrid, ZW_ON_NUMBER, 0, 1, ZW_DAY},
    {"week", run_regrid, ZW_ON_NUMBER, 0, 1, ZW_WEEK},
    {"month", run_regrid, ZW_ON_NUMBER, 0, 1, ZW_MONTH},
    {"quarter", run_regrid, ZW_ON_NUMBER, 0, 1, ZW_QUARTER},
    {"half", run_regrid, ZW_ON_NUMBER, 0, 1, ZW_HALF},
    {"year", run_regrid, ZW_ON_NUMBER, 0, 1, ZW_YEAR},
    {"rolling", run_rolling, ZW_ON_NUMBER, 1, 1, 0},
    {"since", NULL, ZW_ON_NUMBER, 0, 0, 0},
    {"rate", NULL, ZW_ON_NUMBER, 0, 0, 0},
    {"increase", NULL, ZW_ON_NUMBER, 0, 0, 0},
    {"fill", NULL, ZW_ON_NUMBER, 0, 0, 0},
    {"or_else", NULL, ZW_ON_NUMBER, 0, 0, 0},
    {"vintage", NULL, ZW_ON_NUMBER, 0, 0, 0},
    {"scope", NULL, ZW_ON_NUMBER, 0, 0, 0},
    {"any_scope", NULL, ZW_ON_NUMBER, 0, 0, 0},
    {"first", NULL, ZW_ON_WINDOW | ZW_ON_NUMBER, 0, 0, 0},
    {"last", NULL, ZW_ON_WINDOW | ZW_ON_NUMBER, 0, 0, 0},
    {"median", NULL, ZW_ON_WINDOW | ZW_ON_NUMBER, 0, 0, 0},
    {"stddev", NULL, ZW_ON_WINDOW | ZW_ON_NUMBER, 0, 0, 0},
    {"quantile", NULL, ZW_ON_WINDOW | ZW_ON_NUMBER, 0, 0, 0},
    {"slope", NULL, ZW_ON_WINDOW | ZW_ON_NUMBER, 0, 0, 0},
    {NULL, NULL, 0, 0, 0, 0},
};
