/* A method: one operation that a handle has. Dispatch, arguments and operators. */
#include "script/method.h"

#include "base/cut.h"
#include "script/area_fields.h"
#include "script/expression.h"
#include "script/frozen.h"
#include "script/problem.h"

#include <stdio.h>
#include <string.h>

enum { PERIODS_MAX = 100000, WHO_BYTES = 256 };

static const zw_method *const *all_tables(void)
{
    static const zw_method *const tables[] = {zw_time_methods,     zw_space_methods,
                                              zw_truth_methods,    zw_target_methods,
                                              zw_register_methods, NULL};
    return tables;
}

static unsigned bit_of(zw_type type)
{
    static const unsigned bits[] = {[ZW_TYPE_NUMBER] = ZW_ON_NUMBER,
                                    [ZW_TYPE_TRUTH] = ZW_ON_TRUTH,
                                    [ZW_TYPE_TEXT] = ZW_ON_TEXT};
    return bits[type];
}

static unsigned bits_of(const zw_script *script, const zw_handle *handle)
{
    switch (handle->is) {
    case ZW_HANDLE_NODE:
    case ZW_HANDLE_MEASURE:
    case ZW_HANDLE_INDICATOR:
        return bit_of(zw_pack_node(script->pack, handle->node)->type);
    case ZW_HANDLE_WINDOW:
        return ZW_ON_WINDOW;
    case ZW_HANDLE_PARTS:
        return ZW_ON_PARTS;
    case ZW_HANDLE_TARGET:
        return ZW_ON_TARGET;
    case ZW_HANDLE_REGISTER:
    case ZW_HANDLE_ITEMS:
        return ZW_ON_REGISTER;
    case ZW_HANDLE_VALUES:
        return ZW_ON_VALUES;
    case ZW_HANDLE_RULE:
        return ZW_ON_RULE;
    case ZW_HANDLE_ALERT:
        return ZW_ON_ALERT;
    default:
        return 0;
    }
}

/* The method that handles with one of `bits` have; else one of that name that others have, with
 * *is_of_others. */
static const zw_method *find_method(const char *name, unsigned bits, bool *is_of_others)
{
    const zw_method *other = NULL;
    const zw_method *const *tables = all_tables();
    *is_of_others = false;
    for (size_t i = 0; tables[i] != NULL; i++) {
        for (const zw_method *method = tables[i]; method->name != NULL; method++) {
            if (strcmp(method->name, name) != 0) {
                continue;
            }
            if ((method->on & bits) != 0) {
                return method;
            }
            other = method;
        }
    }
    *is_of_others = other != NULL;
    return other;
}

/* --- telling that there is no such operation --- */

/* The operations that handles with one of some bits have, as words. */
typedef struct known {
    zw_nearest nearest;
    char list[WHO_BYTES];
    size_t len, count;
} known;

static void known_add(known *k, const char *name)
{
    zw_nearest_try(&k->nearest, name);
    if (k->len < sizeof k->list) {
        k->len += (size_t)snprintf(k->list + k->len, sizeof k->list - k->len, "%s:%s",
                                   k->count > 0 ? ", " : "", name);
    }
    k->count++;
}

/* Who has an operation, in words. */
static const char *words_of_bits(unsigned on)
{
    static const struct {
        unsigned bit;
        const char *words;
    } kinds[] = {
        {ZW_ON_NUMBER, "a number"}, {ZW_ON_TRUTH, "a truth"},          {ZW_ON_WINDOW, "a window"},
        {ZW_ON_PARTS, "parts"},     {ZW_ON_TARGET, "a target"},        {ZW_ON_RULE, "a rule"},
        {ZW_ON_ALERT, "an alert"},  {ZW_ON_VALUES, "values of items"}, {ZW_ON_TEXT, "a text"}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if ((on & kinds[i].bit) != 0) {
            return kinds[i].words;
        }
    }
    return "a register";
}

/* Few operations are listed; of many the nearest is named, or who else has this one. */
static void say_known(const char *name, unsigned bits, char *out, size_t size)
{
    enum { LISTED_MAX = 8 };
    known k = {.len = 0};
    const zw_method *const *tables = all_tables();
    zw_nearest_init(&k.nearest, zw_text_of(name));
    for (size_t i = 0; tables[i] != NULL; i++) {
        for (const zw_method *method = tables[i]; method->name != NULL; method++) {
            if ((method->on & bits) != 0) {
                known_add(&k, method->name);
            }
        }
    }
    bool is_of_others;
    const zw_method *other = find_method(name, bits, &is_of_others);
    out[0] = '\0';
    if (k.count > 0 && k.count <= LISTED_MAX && (is_of_others || k.nearest.best == NULL)) {
        (void)snprintf(out, size, "; it has %s", k.list);
    } else if (is_of_others) {
        (void)snprintf(out, size, "; %s has it", words_of_bits(other->on));
    } else if (k.nearest.best != NULL) {
        (void)snprintf(out, size, "; did you mean ':%s'?", k.nearest.best);
    }
}

static int no_such_method(lua_State *lua, const char *name, unsigned bits)
{
    char words[ZW_HANDLE_WORDS_BYTES], hint[WHO_BYTES + 32];
    zw_where where = zw_problem_at_operation(lua, name);
    say_known(name, bits, hint, sizeof hint);
    return zw_problem_poison(lua, where, "%s has no operation '%s'%s",
                             zw_handle_words(lua, 1, words), name, hint);
}

/* --- running one --- */

int zw_method_refuse(lua_State *lua, const zw_method *method, const char *fmt, ...)
{
    char text[ZW_PROBLEM_BYTES];
    va_list args;
    va_start(args, fmt);
    (void)zw_cut_vformat(text, sizeof text, fmt, args);
    va_end(args);
    return zw_problem_poison(lua, zw_problem_at_operation(lua, method->name), ":%s %s",
                             method->name, text);
}

static bool has_poison(lua_State *lua)
{
    for (int i = lua_gettop(lua); i >= 1; i--) {
        if (zw_handle_is_poison(lua, i)) {
            return true;
        }
    }
    return false;
}

/* Checks the number of values behind self. False after pushing poison. */
static bool check_count(lua_State *lua, const zw_method *method)
{
    int args = lua_gettop(lua) - 1;
    if (args < method->least) {
        (void)zw_method_refuse(lua, method, "needs %s",
                               method->least == 1 ? "a value" : "two values");
        return false;
    }
    if (args > method->most && method->most == 0) {
        (void)zw_method_refuse(lua, method, "takes no value");
        return false;
    }
    if (args > method->most) {
        (void)zw_method_refuse(lua, method, "takes at most %d value%s", method->most,
                               method->most == 1 ? "" : "s");
        return false;
    }
    return true;
}

/* Upvalue 1: the method. */
static int run_method(lua_State *lua)
{
    const zw_method *method = lua_touserdata(lua, lua_upvalueindex(1));
    const zw_handle *self = zw_handle_at(lua, 1);
    if (self == NULL) {
        return zw_method_refuse(lua, method, "is written with a colon: x:%s(…)", method->name);
    }
    if (has_poison(lua)) {
        zw_handle_push_poison(lua);
        return 1;
    }
    unsigned bits = bits_of(zw_script_of(lua), self);
    if ((bits & method->on) == 0) {
        return no_such_method(lua, method->name, bits);
    }
    while (lua_gettop(lua) > 1 && lua_isnil(lua, -1)) { /* a nil at the end is nothing said */
        lua_pop(lua, 1);
    }
    if (!check_count(lua, method)) {
        return 1;
    }
    luaL_checkstack(lua, LUA_MINSTACK, NULL);
    for (int i = lua_gettop(lua); i > 1; i--) {
        zw_frozen_open(lua, i);
    }
    return method->run(lua, method, self);
}

static int index_method(lua_State *lua, const zw_handle *self, const char *name)
{
    bool is_of_others;
    unsigned bits = bits_of(zw_script_of(lua), self);
    const zw_method *method = find_method(name, bits, &is_of_others);
    if (method != NULL && method->run == NULL && (method->on & (bits | ZW_ON_REGISTER)) != 0) {
        return zw_problem_poison(lua, zw_problem_at_operation(lua, name), "not yet: :%s", name);
    }
    if (method == NULL || is_of_others) {
        return no_such_method(lua, name, bits);
    }
    lua_pushlightuserdata(lua, (void *)method); /* never written to */
    lua_pushcclosure(lua, run_method, 1);
    return 1;
}

static int handle_index(lua_State *lua)
{
    const zw_handle *self = zw_handle_at(lua, 1);
    if (self == NULL || lua_type(lua, 2) != LUA_TSTRING) {
        lua_pushnil(lua);
        return 1;
    }
    if (self->is == ZW_HANDLE_POISON) {
        lua_pushvalue(lua, 1);
        return 1;
    }
    const char *name = lua_tostring(lua, 2);
    if (self->is == ZW_HANDLE_AREA) {
        return zw_area_fields_push(lua, self, name);
    }
    if (zw_handle_noun(self) != ZW_NOUN_NONE && strcmp(name, "name") == 0) {
        lua_pushstring(lua, zw_handle_name(zw_script_of(lua), self));
        return 1;
    }
    return index_method(lua, self, name);
}

static int handle_newindex(lua_State *lua)
{
    char words[ZW_HANDLE_WORDS_BYTES];
    if (zw_handle_is_poison(lua, 1)) {
        return 0;
    }
    return luaL_error(lua, "%s cannot be changed: everything about it stands inside its braces",
                      zw_handle_words(lua, 1, words));
}

static int handle_call(lua_State *lua)
{
    char words[ZW_HANDLE_WORDS_BYTES];
    if (zw_handle_is_poison(lua, 1)) {
        lua_pushvalue(lua, 1);
        return 1;
    }
    return zw_problem_poison(lua, zw_problem_here(lua), "%s is not called",
                             zw_handle_words(lua, 1, words));
}

/* --- operators --- */

static int binary(lua_State *lua, zw_op op)
{
    char text[ZW_PROBLEM_BYTES];
    const char *groups[2];
    zw_node proto = {.op = op, .kid_count = 2};
    if (zw_handle_is_poison(lua, 1) || zw_handle_is_poison(lua, 2)) {
        zw_handle_push_poison(lua);
        return 1;
    }
    for (int i = 0; i < 2; i++) {
        if (!zw_expression_at(lua, i + 1, &proto.kid[i], &groups[i], text, sizeof text)) {
            return text[0] == '\0' ? (zw_handle_push_poison(lua), 1)
                                   : zw_problem_poison(lua, zw_problem_here(lua), "'%s' %s",
                                                       zw_op_text(op), text);
        }
    }
    const char *together;
    if (!zw_expression_groups_fit(lua, &proto, groups, &together, text, sizeof text)) {
        return text[0] == '\0'
                   ? (zw_handle_push_poison(lua), 1)
                   : zw_problem_poison(lua, zw_problem_here(lua), "'%s': %s", zw_op_text(op), text);
    }
    return zw_expression_push(lua, &proto, together);
}

static int unary(lua_State *lua, zw_op op)
{
    char text[ZW_PROBLEM_BYTES];
    const char *groups;
    zw_node proto = {.op = op, .kid_count = 1};
    if (zw_handle_is_poison(lua, 1)) {
        zw_handle_push_poison(lua);
        return 1;
    }
    if (!zw_expression_at(lua, 1, &proto.kid[0], &groups, text, sizeof text)) {
        return zw_problem_poison(lua, zw_problem_here(lua), "'%s' %s", zw_op_text(op), text);
    }
    return zw_expression_push(lua, &proto, groups);
}

static int handle_add(lua_State *lua)
{
    return binary(lua, ZW_OP_ADD);
}

static int handle_sub(lua_State *lua)
{
    return binary(lua, ZW_OP_SUB);
}

static int handle_mul(lua_State *lua)
{
    return binary(lua, ZW_OP_MUL);
}

static int handle_div(lua_State *lua)
{
    return binary(lua, ZW_OP_DIV);
}

static int handle_pow(lua_State *lua)
{
    return binary(lua, ZW_OP_POW);
}

static int handle_and(lua_State *lua)
{
    return binary(lua, ZW_OP_AND);
}

static int handle_or(lua_State *lua)
{
    return binary(lua, ZW_OP_OR);
}

static int handle_unm(lua_State *lua)
{
    return unary(lua, ZW_OP_NEG);
}

static int handle_not(lua_State *lua)
{
    return unary(lua, ZW_OP_NOT);
}

/* Operators of Lua that the language has no meaning for. */
static int refuse_operator(lua_State *lua, const char *words)
{
    if (zw_handle_is_poison(lua, 1) || zw_handle_is_poison(lua, 2)) {
        zw_handle_push_poison(lua);
        return 1;
    }
    return zw_problem_poison(lua, zw_problem_here(lua), "%s", words);
}

static int handle_concat(lua_State *lua)
{
    return refuse_operator(lua, "'..' joins texts only: what a value says belongs into say = "
                                "\"… {value}\"");
}

static int handle_len(lua_State *lua)
{
    if (zw_handle_is_poison(lua, 1)) {
        lua_pushinteger(lua, 0);
        return 1;
    }
    char words[ZW_HANDLE_WORDS_BYTES];
    return luaL_error(lua, "'#' counts the elements of a list, not of %s",
                      zw_handle_words(lua, 1, words));
}

static int handle_idiv(lua_State *lua)
{
    return refuse_operator(lua, "'//' is no operation of the language: use / and round(…)");
}

static int handle_mod(lua_State *lua)
{
    return refuse_operator(lua, "'%' is no operation of the language");
}

static int handle_xor(lua_State *lua)
{
    return refuse_operator(lua, "'~' between two values is no operation: use (a & ~b) | (~a & b)");
}

static int handle_shift(lua_State *lua)
{
    return refuse_operator(lua, "'<<' and '>>' are no operations of the language");
}

void zw_method_open(lua_State *lua)
{
    static const luaL_Reg metamethods[] = {
        {"__index", handle_index}, {"__newindex", handle_newindex},
        {"__call", handle_call},   {"__add", handle_add},
        {"__sub", handle_sub},     {"__mul", handle_mul},
        {"__div", handle_div},     {"__pow", handle_pow},
        {"__unm", handle_unm},     {"__band", handle_and},
        {"__bor", handle_or},      {"__bnot", handle_not},
        {"__bxor", handle_xor},    {"__concat", handle_concat},
        {"__len", handle_len},     {"__idiv", handle_idiv},
        {"__mod", handle_mod},     {"__shl", handle_shift},
        {"__shr", handle_shift},   {NULL, NULL}};
    zw_handle_open(lua, metamethods);
}

/* --- a count of periods --- */

static bool length_in_periods(lua_State *lua, const zw_method *method, int index, zw_length length,
                              const zw_node *node, int32_t *out)
{
    static const zw_period somewhere[] = {0, 1, 59, 1000};
    char grid[16];
    zw_period count = 0;
    for (size_t i = 0; i < sizeof somewhere / sizeof somewhere[0]; i++) {
        zw_period earlier;
        bool is_there = zw_period_earlier(node->grid, somewhere[i], length, &earlier);
        /* A month is not always as many days: then no count stands for it. */
        if (!is_there || (i > 0 && somewhere[i] - earlier != count) || somewhere[i] - earlier < 1 ||
            somewhere[i] - earlier > PERIODS_MAX) {
            (void)zw_method_refuse(lua, method, "cannot count \"%s\" in periods of a %s",
                                   lua_tostring(lua, index),
                                   zw_grid_name(node->grid, grid, sizeof grid));
            return false;
        }
        count = somewhere[i] - earlier;
    }
    *out = (int32_t)count;
    return true;
}

bool zw_method_periods(lua_State *lua, const zw_method *method, int index, zw_node_id id,
                       int32_t *out)
{
    char words[ZW_HANDLE_WORDS_BYTES];
    int is_whole = 0;
    if (lua_type(lua, index) == LUA_TNUMBER) {
        lua_Integer count = lua_tointegerx(lua, index, &is_whole);
        if (is_whole && count >= 1 && count <= PERIODS_MAX) {
            *out = (int32_t)count;
            return true;
        }
        (void)zw_method_refuse(lua, method, "takes a whole number of periods from 1");
        return false;
    }
    zw_length length;
    if (lua_type(lua, index) != LUA_TSTRING) {
        (void)zw_method_refuse(lua, method,
                               "takes a number of periods or a length (\"1 year\"), got %s",
                               zw_handle_words(lua, index, words));
        return false;
    }
    if (!zw_length_parse(zw_text_of(lua_tostring(lua, index)), &length)) {
        (void)zw_method_refuse(lua, method, "takes a length (\"1 year\", \"15m\" …), got \"%s\"",
                               lua_tostring(lua, index));
        return false;
    }
    const zw_node *node = zw_pack_node(zw_script_of(lua)->pack, id);
    if (!node->has_grid) {
        (void)zw_method_refuse(lua, method, "of a plain number has no meaning");
        return false;
    }
    return length_in_periods(lua, method, index, length, node, out);
}
