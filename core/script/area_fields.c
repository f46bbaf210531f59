/* Area fields: what a script reads of an area by a dot. */
#include "script/area_fields.h"

#include "script/problem.h"

#include <string.h>

#define READ "zw.parts_read" /* area index to true */

static void push_read(lua_State *lua)
{
    if (lua_getfield(lua, LUA_REGISTRYINDEX, READ) == LUA_TNIL) {
        lua_pop(lua, 1);
        lua_newtable(lua);
        lua_pushvalue(lua, -1);
        lua_setfield(lua, LUA_REGISTRYINDEX, READ);
    }
}

bool zw_area_fields_are_read(lua_State *lua, uint32_t area)
{
    push_read(lua);
    bool are_read = lua_rawgeti(lua, -1, area) != LUA_TNIL;
    lua_pop(lua, 2);
    return are_read;
}

void zw_area_fields_push_list(lua_State *lua, const uint32_t *areas, size_t count)
{
    lua_createtable(lua, (int)count, 0);
    for (size_t i = 0; i < count; i++) {
        zw_handle_push_noun(lua, ZW_NOUN_AREA, areas[i]);
        lua_rawseti(lua, -2, (lua_Integer)i + 1);
    }
}

static void push_parts(lua_State *lua, uint32_t area)
{
    push_read(lua);
    lua_pushboolean(lua, 1);
    lua_rawseti(lua, -2, area);
    lua_pop(lua, 1);
    zw_list parts = zw_script_of(lua)->pack->areas[area].parts;
    zw_area_fields_push_list(lua, parts.at, parts.count);
}

static void push_attr(lua_State *lua, const zw_attr *attr)
{
    if (attr->is_number) {
        lua_pushnumber(lua, attr->number);
        return;
    }
    if (attr->texts.count == 1) {
        lua_pushstring(lua, attr->texts.at[0]);
        return;
    }
    lua_createtable(lua, (int)attr->texts.count, 0);
    for (size_t i = 0; i < attr->texts.count; i++) {
        lua_pushstring(lua, attr->texts.at[i]);
        lua_rawseti(lua, -2, (lua_Integer)i + 1);
    }
}

static int no_such_field(lua_State *lua, const zw_area *area, const char *name)
{
    static const char *const own[] = {"areas", "name", "note", "title"};
    char hint[ZW_PROBLEM_BYTES];
    zw_nearest nearest;
    zw_nearest_init(&nearest, zw_text_of(name));
    for (size_t i = 0; i < sizeof own / sizeof own[0]; i++) {
        zw_nearest_try(&nearest, own[i]);
    }
    for (size_t i = 0; i < area->attr_count; i++) {
        zw_nearest_try(&nearest, area->attrs[i].name);
    }
    zw_where where = zw_problem_at_operation(lua, name);
    return zw_problem_poison(lua, where, "%s \"%s\" has no attribute '%s'%s",
                             zw_noun_text(area->is_zone ? ZW_NOUN_ZONE : ZW_NOUN_AREA),
                             area->title.name, name, zw_problem_hint(&nearest, hint, sizeof hint));
}

int zw_area_fields_push(lua_State *lua, const zw_handle *handle, const char *name)
{
    zw_script *script = zw_script_of(lua);
    const zw_area *area = &script->pack->areas[handle->index];
    const zw_attr *attr = zw_pack_attr(script->pack, handle->index, name);
    if (attr != NULL) {
        push_attr(lua, attr);
    } else if (strcmp(name, "areas") == 0) {
        push_parts(lua, handle->index);
    } else if (strcmp(name, "name") == 0) {
        lua_pushstring(lua, area->title.name);
    } else if (strcmp(name, "title") == 0) {
        lua_pushstring(lua, area->title.en);
    } else if (strcmp(name, "note") == 0) {
        lua_pushstring(lua, area->title.note);
    } else {
        return no_such_field(lua, area, name);
    }
    return 1;
}
