/* At: what a Lua function is handed when it is called. */
#include "script/at.h"

#include "script/expression.h"
#include "script/handle.h"
#include "script/problem.h"

#include <stdlib.h>
#include <string.h>

#define METATABLE "zw.at"
#define PERIOD "zw.at.period"

enum {
    READ_STEPS = 16,  /* what a read is charged, beside the periods it goes: they are kept */
    STEPS_MAX = 10000 /* periods away */
};

const void *zw_at_missing(void)
{
    static const char signal = 0;
    return &signal;
}

const void *zw_at_failed(void)
{
    static const char signal = 0;
    return &signal;
}

static int raise_signal(lua_State *lua, const void *signal)
{
    lua_pushlightuserdata(lua, (void *)signal); /* never written to */
    return lua_error(lua);
}

/* The call behind the handle at `index`: the one that runs. No other handle is in a function's
 * reach: none can be kept (see frozen.h). */
static zw_at *at_of(lua_State *lua, int index)
{
    zw_at *at = zw_script_of(lua)->at;
    const void *self = lua_touserdata(lua, index);
    if (at == NULL || self == NULL || self != at->self) {
        (void)luaL_error(lua, "write at(…) and at.value(…)");
    }
    return at;
}

void zw_at_push(lua_State *lua)
{
    zw_script *script = zw_script_of(lua);
    int *ref = &script->at_refs[script->depth];
    if (*ref == 0) { /* no reference has that number */
        (void)lua_newuserdatauv(lua, 1, 0);
        luaL_setmetatable(lua, METATABLE);
        *ref = luaL_ref(lua, LUA_REGISTRYINDEX);
    }
    lua_rawgeti(lua, LUA_REGISTRYINDEX, *ref);
    script->at->self = lua_touserdata(lua, -1);
}

/* Reads the expression at stack index 2, at the area at 3, the steps at 4. @return false when it is
 * missing. */
static bool read_figure(lua_State *lua, zw_at *at, zw_node_id node, zw_reading *reading)
{
    char words[ZW_HANDLE_WORDS_BYTES];
    uint32_t area = at->call->area;
    int is_whole = 1;
    lua_Integer steps = lua_isnoneornil(lua, 4) ? 0 : lua_tointegerx(lua, 4, &is_whole);
    const zw_handle *elsewhere = zw_handle_at(lua, 3);
    if (elsewhere != NULL && elsewhere->is == ZW_HANDLE_AREA) {
        area = elsewhere->index;
    } else if (!lua_isnoneornil(lua, 3)) {
        (void)luaL_error(lua, "at takes an area in second place, got %s",
                         zw_handle_words(lua, 3, words));
    }
    if (!is_whole || steps < -STEPS_MAX || steps > STEPS_MAX) {
        (void)luaL_error(lua, "at takes a whole number of periods in third place, up to %d",
                         STEPS_MAX);
    }
    if (++at->reads > zw_script_of(lua)->limits.reads) {
        (void)zw_host_breach(lua, ZW_BREACH_READS, "this reads more than %u figures in one call",
                             (unsigned)zw_script_of(lua)->limits.reads);
    }
    zw_host_charge(lua, READ_STEPS + (uint64_t)(steps < 0 ? -steps : steps));
    zw_status status = at->call->read(at->call->arg, node, area, (int32_t)steps, reading, &at->err);
    if (status != ZW_OK) {
        at->failed = status;
        (void)raise_signal(lua, zw_at_failed());
    }
    return !reading->is_missing;
}

/* Pushes the figure; false, nothing pushed, when it is missing. A plain number is itself. */
static bool push_figure(lua_State *lua, zw_at *at)
{
    char text[ZW_PROBLEM_BYTES];
    zw_node_id node;
    zw_reading reading = {.is_missing = true};
    if (lua_type(lua, 2) == LUA_TNUMBER) {
        lua_pushvalue(lua, 2);
        return true;
    }
    if (!zw_expression_at(lua, 2, &node, NULL, text, sizeof text)) {
        (void)luaL_error(lua, "at %s",
                         text[0] == '\0' ? "was given something with a mistake" : text);
    }
    bool is_truth = zw_pack_node(zw_script_of(lua)->pack, node)->type == ZW_TYPE_TRUTH;
    if (!read_figure(lua, at, node, &reading)) {
        return false;
    }
    if (reading.text != NULL) {
        lua_pushstring(lua, reading.text);
    } else if (is_truth) {
        lua_pushboolean(lua, reading.value != 0);
    } else {
        lua_pushnumber(lua, reading.value);
    }
    return true;
}

/* at(expr [, area [, steps]]) */
static int at_call(lua_State *lua)
{
    zw_at *at = at_of(lua, 1);
    return push_figure(lua, at) ? 1 : raise_signal(lua, zw_at_missing());
}

/* at.value(expr [, area [, steps]]): upvalue 1 is at. */
static int at_value(lua_State *lua)
{
    if (luaL_testudata(lua, 1, METATABLE) != NULL) {
        return luaL_error(lua, "write at.value(…) with a dot");
    }
    lua_pushvalue(lua, lua_upvalueindex(1));
    lua_insert(lua, 1);
    zw_at *at = at_of(lua, 1);
    if (!push_figure(lua, at)) {
        lua_pushnil(lua);
    }
    return 1;
}

/* --- at.period --- */

static void set_integer(lua_State *lua, const char *field, lua_Integer value)
{
    lua_pushinteger(lua, value);
    lua_setfield(lua, -2, field);
}

/* Parts of the year: each holds what the period lies in, counted from 1. */
static void set_parts(lua_State *lua, const zw_calendar *calendar, const zw_call *call)
{
    static const struct {
        const char *field;
        zw_unit_of_time every;
    } parts[] = {
        {"half", ZW_HALF}, {"quarter", ZW_QUARTER}, {"month", ZW_MONTH}, {"year", ZW_YEAR}};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        zw_grid grid = {.every = parts[i].every};
        if (!zw_grid_goes_into(call->grid, grid)) {
            continue;
        }
        zw_period period = zw_period_coarser(calendar, call->grid, call->period, grid);
        int64_t each = zw_grid_per_year(grid);
        int64_t part = period % each < 0 ? period % each + each : period % each;
        set_integer(lua, parts[i].field,
                    parts[i].every == ZW_YEAR ? (lua_Integer)period + 1970 : (lua_Integer)part + 1);
    }
}

/* The day of the month and the ISO week, of what lies in a day; a week's own year. They are read
 * where they are written out: "2022-03-31", "2022-W05". */
static void set_day_and_week(lua_State *lua, const zw_calendar *calendar, const zw_call *call)
{
    enum { TEXT_BYTES = 64, DAY_AT = 8, WEEK_AT = 6 };
    static const zw_grid day = {.every = ZW_DAY}, week = {.every = ZW_WEEK};
    char text[TEXT_BYTES];
    bool is_week = zw_grid_same(call->grid, week);
    if (!is_week && !zw_grid_goes_into(call->grid, day)) {
        return;
    }
    int64_t start_ms = zw_period_start_ms(calendar, call->grid, call->period);
    (void)zw_period_text(calendar, week, zw_period_at(calendar, week, start_ms), text, sizeof text);
    set_integer(lua, "week", strtol(text + WEEK_AT, NULL, 10));
    if (is_week) {
        set_integer(lua, "year", strtol(text, NULL, 10));
        return;
    }
    (void)zw_period_text(calendar, day, zw_period_at(calendar, day, start_ms), text, sizeof text);
    set_integer(lua, "day", strtol(text + DAY_AT, NULL, 10));
}

static int period_index(lua_State *lua)
{
    return luaL_error(lua, "at.period has no '%s' here",
                      lua_type(lua, 2) == LUA_TSTRING ? lua_tostring(lua, 2) : "?");
}

static void push_period(lua_State *lua, const zw_call *call)
{
    enum { TEXT_BYTES = 64 };
    char text[TEXT_BYTES];
    const zw_calendar *calendar = zw_pack_calendar(zw_script_of(lua)->pack, call->area);
    lua_newtable(lua);
    lua_pushstring(lua, zw_period_text(calendar, call->grid, call->period, text, sizeof text));
    lua_setfield(lua, -2, "text");
    set_parts(lua, calendar, call);
    set_day_and_week(lua, calendar, call);
    luaL_setmetatable(lua, PERIOD);
}

static int at_index(lua_State *lua)
{
    static const char *const known[] = {"area", "period", "value"};
    const zw_at *at = at_of(lua, 1);
    const char *field = lua_type(lua, 2) == LUA_TSTRING ? lua_tostring(lua, 2) : "";
    if (strcmp(field, "area") == 0) {
        zw_handle_push_noun(lua, ZW_NOUN_AREA, at->call->area);
        return 1;
    }
    if (strcmp(field, "period") == 0) {
        push_period(lua, at->call);
        return 1;
    }
    if (strcmp(field, "value") == 0) {
        lua_pushvalue(lua, 1);
        lua_pushcclosure(lua, at_value, 1);
        return 1;
    }
    char hint[ZW_PROBLEM_BYTES];
    zw_nearest nearest;
    zw_nearest_init(&nearest, zw_text_of(field));
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        zw_nearest_try(&nearest, known[i]);
    }
    return luaL_error(lua, "at has no '%s'%s", field, zw_problem_hint(&nearest, hint, sizeof hint));
}

void zw_at_open(lua_State *lua)
{
    static const luaL_Reg metamethods[] = {
        {"__call", at_call}, {"__index", at_index}, {NULL, NULL}};
    luaL_newmetatable(lua, METATABLE);
    luaL_setfuncs(lua, metamethods, 0);
    lua_pushboolean(lua, 0);
    lua_setfield(lua, -2, "__metatable");
    luaL_newmetatable(lua, PERIOD);
    lua_pushcfunction(lua, period_index);
    lua_setfield(lua, -2, "__index");
    lua_pushboolean(lua, 0);
    lua_setfield(lua, -2, "__metatable");
    lua_pop(lua, 2);
}
