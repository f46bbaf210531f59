/* A function: Lua text that stands for an expression or a truth. */
#include "script/function.h"

#include "script/expression.h"
#include "script/problem.h"

#include <stdlib.h>

#define NUMBERS "zw.functions" /* declaration to function to number */

enum { DEPTH_MAX = 16 }; /* of tables and functions inside each other that are looked into */

/* Looks for handles. `seen` is the stack index of the set of what was looked into. */
typedef struct capture {
    lua_State *lua;
    int seen;
    void (*each)(void *arg, const zw_handle *handle);
    void *arg;
    const char *operation; /* looked for in the text of every function; NULL */
    bool has_operation;
} capture;

/* True when the text of the function at the stack's top writes an operation. */
static bool writes_operation(lua_State *lua, const char *operation)
{
    const zw_pack *pack = zw_script_of(lua)->pack;
    lua_Debug ar;
    lua_pushvalue(lua, -1);
    zw_place place = zw_host_place_of(lua);
    lua_pushvalue(lua, -1);
    (void)lua_getinfo(lua, ">S", &ar);
    if (place.line == 0 || place.file >= pack->file_count) {
        return false;
    }
    const zw_file *file = &pack->files[place.file];
    zw_spot spot = zw_source_name((zw_text){file->text, file->len}, place.line, ":", operation);
    return spot.line > 0 && spot.line <= (uint32_t)ar.lastlinedefined;
}

/* True the first time the value at the stack's top is met. */
static bool is_new(capture *c)
{
    lua_pushvalue(c->lua, -1);
    if (lua_rawget(c->lua, c->seen) != LUA_TNIL) {
        lua_pop(c->lua, 1);
        return false;
    }
    lua_pop(c->lua, 1);
    lua_pushvalue(c->lua, -1);
    lua_pushboolean(c->lua, 1);
    lua_rawset(c->lua, c->seen);
    return true;
}

static void capture_value(capture *c, int depth);

static void capture_table(capture *c, int depth) /* NOLINT(misc-no-recursion): as below */
{
    lua_State *lua = c->lua;
    for (lua_pushnil(lua); lua_next(lua, -2) != 0; lua_pop(lua, 1)) {
        capture_value(c, depth); /* the value, at the top */
        lua_pushvalue(lua, -2);
        capture_value(c, depth); /* the key */
        lua_pop(lua, 1);
    }
}

static void capture_function(capture *c, int depth) /* NOLINT(misc-no-recursion): as below */
{
    c->has_operation = c->has_operation || (c->operation != NULL && !lua_iscfunction(c->lua, -1) &&
                                            writes_operation(c->lua, c->operation));
    for (int i = 1; lua_getupvalue(c->lua, -1, i) != NULL; i++) {
        capture_value(c, depth);
        lua_pop(c->lua, 1);
    }
}

/* The nesting is bounded by DEPTH_MAX, and each table and function is looked into once. */
static void capture_value(capture *c, int depth) /* NOLINT(misc-no-recursion) */
{
    const zw_handle *handle = zw_handle_at(c->lua, -1);
    luaL_checkstack(c->lua, 8, NULL);
    if (handle != NULL) {
        c->each(c->arg, handle);
    } else if (depth < DEPTH_MAX && lua_istable(c->lua, -1) && is_new(c)) {
        capture_table(c, depth + 1);
    } else if (depth < DEPTH_MAX && lua_isfunction(c->lua, -1) && is_new(c)) {
        capture_function(c, depth + 1);
    }
}

/* Pushes the table in the field `key` of the table at `index`, made when it is not there. */
static void push_table(lua_State *lua, int index, const char *key)
{
    index = lua_absindex(lua, index);
    if (lua_getfield(lua, index, key) == LUA_TNIL) {
        lua_pop(lua, 1);
        lua_newtable(lua);
        lua_pushvalue(lua, -1);
        lua_setfield(lua, index, key);
    }
}

/* Keeps the function at the stack's top under a new number. [-0, +0] */
static uint32_t add_function(lua_State *lua, const char *declaration)
{
    zw_script *script = zw_script_of(lua);
    if (script->function_count == script->function_capacity) {
        size_t wanted = script->function_capacity == 0 ? 16 : script->function_capacity * 2;
        zw_function *grown = realloc(script->functions, wanted * sizeof *grown);
        if (grown == NULL) {
            zw_err err;
            zw_script_fail(lua, zw_err_nomem(&err), &err);
            return 0;
        }
        script->functions = grown;
        script->function_capacity = wanted;
    }
    lua_pushvalue(lua, -1);
    script->functions[script->function_count] = (zw_function){
        .declaration = declaration, .ref = luaL_ref(lua, LUA_REGISTRYINDEX), .held = LUA_NOREF};
    return script->function_count++;
}

/* The number of the function at the stack's top as `declaration` hands it in: of several, each
 * answers for itself. */
static uint32_t function_number(lua_State *lua, const char *declaration)
{
    push_table(lua, LUA_REGISTRYINDEX, NUMBERS);
    push_table(lua, -1, declaration);
    lua_remove(lua, -2);
    lua_pushvalue(lua, -2);
    if (lua_rawget(lua, -2) == LUA_TNIL) {
        lua_pop(lua, 1);
        lua_pushvalue(lua, -2);
        uint32_t number = add_function(lua, declaration);
        lua_pushinteger(lua, number);
        lua_rawset(lua, -3);
        lua_pop(lua, 1);
        return number;
    }
    uint32_t number = (uint32_t)lua_tointeger(lua, -1);
    lua_pop(lua, 2);
    return number;
}

void zw_function_push(lua_State *lua, uint32_t number)
{
    const zw_script *script = zw_script_of(lua);
    if (number >= script->function_count) {
        lua_pushnil(lua);
        return;
    }
    lua_rawgeti(lua, LUA_REGISTRYINDEX, script->functions[number].ref);
}

/* Looks into the function at the stack's top. [-0, +0] */
static void capture_all(capture *c)
{
    lua_newtable(c->lua);
    c->seen = lua_gettop(c->lua);
    lua_pushvalue(c->lua, c->seen - 1);
    capture_value(c, 0);
    lua_pop(c->lua, 2);
}

bool zw_function_captures(lua_State *lua, uint32_t number, const char *operation,
                          void (*each)(void *arg, const zw_handle *handle), void *arg)
{
    capture c = {.lua = lua, .each = each, .arg = arg, .operation = operation};
    luaL_checkstack(lua, LUA_MINSTACK, NULL);
    zw_function_push(lua, number);
    capture_all(&c);
    lua_pop(lua, 1);
    return c.has_operation;
}

/* The coarsest grid of the expressions that are met. */
typedef struct coarsest {
    const zw_pack *pack;
    bool has_grid;
    zw_grid grid;
} coarsest;

static void take_grid(void *arg, const zw_handle *handle)
{
    coarsest *c = arg;
    if (!zw_handle_is_expression(handle)) {
        return;
    }
    const zw_node *node = zw_pack_node(c->pack, handle->node);
    if (node->has_grid && (!c->has_grid || zw_grid_compare(node->grid, c->grid) > 0)) {
        c->has_grid = true;
        c->grid = node->grid;
    }
}

/* The grid: what the declaration says, else what the function's own handles have. */
static bool grid_of(zw_fields *f, zw_grid *grid)
{
    lua_State *lua = f->lua;
    if (zw_fields_has(f, "every")) {
        return zw_fields_grid(f, "every", grid);
    }
    coarsest c = {.pack = f->script->pack};
    capture all = {.lua = lua, .each = take_grid, .arg = &c};
    capture_all(&all);
    *grid = c.grid;
    return c.has_grid;
}

/* A mistake that is told already stands inside the function at the stack's top: a misspelt name is
 * why it holds no handle. */
static bool is_spoilt(lua_State *lua)
{
    const zw_pack *pack = zw_script_of(lua)->pack;
    zw_place place = {0, 0};
    lua_Debug ar;
    (void)zw_host_place(lua, &place);
    lua_pushvalue(lua, -1);
    (void)lua_getinfo(lua, ">S", &ar);
    for (size_t i = 0; i < pack->problem_count; i++) {
        const zw_where *where = &pack->problems[i].where;
        if (where->file == place.file && where->line >= (uint32_t)ar.linedefined &&
            where->line <= (uint32_t)ar.lastlinedefined) {
            return true;
        }
    }
    return false;
}

bool zw_function_node(zw_fields *f, const char *field, zw_type type, zw_node_id *out)
{
    zw_node proto = {.op = ZW_OP_CALL,
                     .type = type,
                     .kind = ZW_KIND_LAST,
                     .has_grid = true,
                     .unit = zw_unit_plain()};
    *out = ZW_NODE_NONE;
    f->has_function = true;
    if (!grid_of(f, &proto.grid)) {
        if (!zw_fields_has(f, "every") && !is_spoilt(f->lua)) {
            zw_fields_problem(f, field,
                              "this function holds no measure or expression: say every = \"month\" "
                              "(or another period length)");
        }
        f->is_spoilt = true;
        return false;
    }
    if (type == ZW_TYPE_NUMBER && zw_fields_has(f, "unit") &&
        !zw_fields_unit(f, "unit", &proto.unit)) {
        return false;
    }
    proto.show = proto.unit;
    proto.unit.scale = 1;
    proto.unit.is_points = false;
    proto.ref = function_number(f->lua, f->name);
    bool is_made = zw_expression_make(f->lua, &proto, out);
    f->is_spoilt = f->is_spoilt || !is_made;
    return is_made;
}
