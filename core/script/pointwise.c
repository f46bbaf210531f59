/* Pointwise functions: of numbers at once, of expressions as nodes. And those that ask a truth of
 * several areas. */
#include "script/expression.h"
#include "script/fields.h"
#include "script/frozen.h"
#include "script/library.h"
#include "script/problem.h"

#include <math.h>

enum { DECIMALS_MAX = 15 };

static bool has_poison(lua_State *lua)
{
    for (int i = lua_gettop(lua); i >= 1; i--) {
        if (zw_handle_is_poison(lua, i)) {
            return true;
        }
    }
    return false;
}

static int push_poison(lua_State *lua)
{
    zw_handle_push_poison(lua);
    return 1;
}

/* What is wrong with argument `index` of `name`, at the word. */
static int refuse(lua_State *lua, const char *name, const char *text)
{
    return text[0] == '\0'
               ? push_poison(lua)
               : zw_problem_poison(lua, zw_problem_at_name(lua, NULL, name), "%s %s", name, text);
}

static bool are_numbers(lua_State *lua)
{
    for (int i = lua_gettop(lua); i >= 1; i--) {
        if (lua_type(lua, i) != LUA_TNUMBER) {
            return false;
        }
    }
    return true;
}

static double rounded(double x, int decimals)
{
    double scale = pow(10, decimals);
    return round(x * scale) / scale; /* C's round goes away from zero at halves */
}

static double number_of(zw_op op, double a, double b, double c)
{
    switch (op) {
    case ZW_OP_MIN:
        return a < b ? a : b;
    case ZW_OP_MAX:
        return a > b ? a : b;
    case ZW_OP_ABS:
        return fabs(a);
    case ZW_OP_LN:
        return log(a);
    case ZW_OP_EXP:
        return exp(a);
    case ZW_OP_CLAMP:
        return a < b ? b : a > c ? c : a;
    default:
        return a;
    }
}

static int push_number(lua_State *lua, const char *name, double value)
{
    if (!isfinite(value)) {
        return refuse(lua, name, "of this number has no value");
    }
    lua_pushnumber(lua, value);
    return 1;
}

/* The node of `op` over arguments 1 … count. */
static int push_node(lua_State *lua, const char *name, zw_op op, unsigned count, int decimals)
{
    char text[ZW_PROBLEM_BYTES];
    const char *groups[3], *together;
    zw_node proto = {.op = op, .kid_count = count, .count = decimals};
    for (unsigned i = 0; i < count; i++) {
        if (!zw_expression_at(lua, (int)i + 1, &proto.kid[i], &groups[i], text, sizeof text)) {
            return refuse(lua, name, text);
        }
    }
    if (!zw_expression_groups_fit(lua, &proto, groups, &together, text, sizeof text)) {
        return refuse(lua, name, text);
    }
    return zw_expression_push(lua, &proto, together);
}

/* abs, ln, exp, clamp: a fixed number of arguments. */
static int fixed(lua_State *lua, const char *name, zw_op op, int count)
{
    if (has_poison(lua)) {
        return push_poison(lua);
    }
    if (lua_gettop(lua) != count) {
        return refuse(lua, name, count == 1 ? "takes one value" : "takes three values");
    }
    if (are_numbers(lua)) {
        return push_number(
            lua, name,
            number_of(op, lua_tonumber(lua, 1), lua_tonumber(lua, 2), lua_tonumber(lua, 3)));
    }
    return push_node(lua, name, op, (unsigned)count, 0);
}

/* min and max of two or more, from the left. */
static int folded(lua_State *lua, const char *name, zw_op op)
{
    if (has_poison(lua)) {
        return push_poison(lua);
    }
    if (lua_gettop(lua) < 2) {
        return refuse(lua, name, "takes two values or more");
    }
    while (lua_gettop(lua) > 1) {
        if (lua_type(lua, 1) == LUA_TNUMBER && lua_type(lua, 2) == LUA_TNUMBER) {
            lua_pushnumber(lua, number_of(op, lua_tonumber(lua, 1), lua_tonumber(lua, 2), 0));
        } else {
            (void)push_node(lua, name, op, 2, 0);
            if (zw_handle_is_poison(lua, -1)) {
                return 1;
            }
        }
        lua_replace(lua, 1);
        lua_remove(lua, 2);
    }
    return 1;
}

static int pointwise_min(lua_State *lua)
{
    return folded(lua, "min", ZW_OP_MIN);
}

static int pointwise_max(lua_State *lua)
{
    return folded(lua, "max", ZW_OP_MAX);
}

static int pointwise_abs(lua_State *lua)
{
    return fixed(lua, "abs", ZW_OP_ABS, 1);
}

static int pointwise_ln(lua_State *lua)
{
    return fixed(lua, "ln", ZW_OP_LN, 1);
}

static int pointwise_exp(lua_State *lua)
{
    return fixed(lua, "exp", ZW_OP_EXP, 1);
}

static int pointwise_clamp(lua_State *lua)
{
    return fixed(lua, "clamp", ZW_OP_CLAMP, 3);
}

static int pointwise_round(lua_State *lua)
{
    if (has_poison(lua)) {
        return push_poison(lua);
    }
    int is_whole = 1;
    lua_Integer decimals = lua_isnoneornil(lua, 2) ? 0 : lua_tointegerx(lua, 2, &is_whole);
    if (!is_whole || decimals < -DECIMALS_MAX || decimals > DECIMALS_MAX || lua_gettop(lua) > 2) {
        return refuse(lua, "round", "takes a value and a whole number of decimals");
    }
    if (lua_type(lua, 1) == LUA_TNUMBER) {
        return push_number(lua, "round", rounded(lua_tonumber(lua, 1), (int)decimals));
    }
    return push_node(lua, "round", ZW_OP_ROUND, 1, (int)decimals);
}

static int pointwise_when(lua_State *lua)
{
    char text[ZW_PROBLEM_BYTES];
    const char *groups;
    zw_node_id truth;
    if (has_poison(lua)) {
        return push_poison(lua);
    }
    if (lua_gettop(lua) != 3) {
        return refuse(lua, "when", "takes a truth and two values");
    }
    if (!zw_expression_typed(lua, 1, ZW_TYPE_TRUTH, &truth, &groups, text, sizeof text)) {
        return refuse(lua, "when", text);
    }
    return push_node(lua, "when", ZW_OP_WHEN, 3, 0);
}

/* --- all, any, count: a truth at each of several areas --- */

/* The areas of the list at stack index 2. False after it noted which one is none. */
static bool read_areas(lua_State *lua, const char *name, zw_node *out)
{
    char words[ZW_HANDLE_WORDS_BYTES];
    size_t count = lua_rawlen(lua, 2);
    uint32_t *areas = lua_newuserdatauv(lua, count * sizeof *areas, 0);
    for (size_t i = 0; i < count; i++) {
        lua_rawgeti(lua, 2, (lua_Integer)i + 1);
        const zw_handle *area = zw_handle_at(lua, -1);
        if (area == NULL || area->is != ZW_HANDLE_AREA) {
            if (area == NULL || area->is != ZW_HANDLE_POISON) {
                zw_problem_note(lua, zw_problem_at_name(lua, NULL, name),
                                "%s takes a list of areas, but one is %s", name,
                                zw_handle_words(lua, -1, words));
            }
            return false;
        }
        areas[i] = area->index;
        lua_pop(lua, 1);
    }
    out->areas = zw_script_copy(lua, areas, count * sizeof *areas);
    out->area_count = count;
    return true;
}

static int over_areas(lua_State *lua, const char *name, zw_how how)
{
    char text[ZW_PROBLEM_BYTES];
    zw_node proto = {.op = ZW_OP_PARTS, .kid_count = 1, .how = how};
    const char *groups;
    if (has_poison(lua)) {
        return push_poison(lua);
    }
    if (!zw_expression_typed(lua, 1, ZW_TYPE_TRUTH, &proto.kid[0], &groups, text, sizeof text)) {
        return refuse(lua, name, text);
    }
    zw_frozen_open(lua, 2);
    if (!lua_istable(lua, 2) || !zw_fields_is_list(lua, 2) || lua_rawlen(lua, 2) == 0) {
        return refuse(lua, name, "takes a truth and a list of areas that is not empty");
    }
    return read_areas(lua, name, &proto) ? zw_expression_push(lua, &proto, groups)
                                         : push_poison(lua);
}

static int pointwise_all(lua_State *lua)
{
    return over_areas(lua, "all", ZW_HOW_ALL);
}

static int pointwise_any(lua_State *lua)
{
    return over_areas(lua, "any", ZW_HOW_ANY);
}

static int pointwise_count(lua_State *lua)
{
    return over_areas(lua, "count", ZW_HOW_COUNT);
}

const luaL_Reg zw_pointwise_functions[] = {
    {"abs", pointwise_abs},     {"all", pointwise_all},     {"any", pointwise_any},
    {"clamp", pointwise_clamp}, {"count", pointwise_count}, {"exp", pointwise_exp},
    {"ln", pointwise_ln},       {"max", pointwise_max},     {"min", pointwise_min},
    {"round", pointwise_round}, {"when", pointwise_when},   {NULL, NULL},
};
