/* A figure table: the tables of a test, walked in order. */
#include "script/figure_table.h"

#include "script/handle.h"
#include "script/key_order.h"
#include "script/problem.h"

#include <string.h>

void zw_growing_init(lua_State *lua, zw_growing *growing, size_t item_bytes)
{
    enum { FIRST = 16 };
    *growing = (zw_growing){.capacity = FIRST, .item_bytes = item_bytes};
    growing->items = lua_newuserdatauv(lua, FIRST * item_bytes, 0);
    growing->slot = lua_gettop(lua);
}

void *zw_growing_add(lua_State *lua, zw_growing *growing)
{
    if (growing->count == growing->capacity) {
        void *items = lua_newuserdatauv(lua, 2 * growing->capacity * growing->item_bytes, 0);
        memcpy(items, growing->items, growing->count * growing->item_bytes);
        lua_replace(lua, growing->slot);
        growing->items = items;
        growing->capacity *= 2;
    }
    return (char *)growing->items + growing->count++ * growing->item_bytes;
}

/* A walk on its way. */
typedef struct walk {
    zw_fields *f;
    const char *field;
    const zw_figure_visitor *figures;
    zw_figure figure;
    bool has_area; /* inside an area's table */
} walk;

/* The area that the key at -2 names. False when it is none, after it was told. */
static bool area_of_key(walk *w, uint32_t *area)
{
    char hint[ZW_PROBLEM_BYTES], words[ZW_HANDLE_WORDS_BYTES];
    lua_State *lua = w->f->lua;
    const zw_handle *handle = zw_handle_at(lua, -2);
    if (handle != NULL && handle->is == ZW_HANDLE_AREA) {
        *area = handle->index;
        return true;
    }
    if (zw_handle_is_poison(lua, -2)) {
        return false;
    }
    if (lua_type(lua, -2) == LUA_TSTRING) {
        zw_nearest nearest;
        zw_text name = zw_text_of(lua_tostring(lua, -2));
        zw_nearest_init(&nearest, name);
        *area = zw_pack_area(w->f->script->pack, name, &nearest);
        if (*area != ZW_NONE) {
            return true;
        }
        if (zw_pool_find(w->f->script->spoilt, name) == ZW_POOL_NONE) {
            zw_fields_problem(w->f, w->field, "%s: \"%s\" is neither a period nor an area%s",
                              w->field, lua_tostring(lua, -2),
                              zw_problem_hint(&nearest, hint, sizeof hint));
        }
        return false;
    }
    zw_fields_problem(w->f, w->field, "%s takes areas or periods as keys, got %s", w->field,
                      zw_handle_words(lua, -2, words));
    return false;
}

static void walk_level(walk *w);

/* A key at -2 that is no period: an area's table is the value at the top. */
static void walk_area(walk *w) /* NOLINT(misc-no-recursion) */
{
    char words[ZW_HANDLE_WORDS_BYTES];
    uint32_t area;
    if (w->has_area) {
        if (!zw_handle_is_poison(w->f->lua, -2)) {
            zw_fields_problem(w->f, w->field, "%s takes periods inside an area, got %s", w->field,
                              zw_handle_words(w->f->lua, -2, words));
        }
        return;
    }
    if (!area_of_key(w, &area)) {
        return;
    }
    if (!lua_istable(w->f->lua, -1)) {
        zw_fields_wrong(w->f, w->field, "{ [period] = … } for each area");
        return;
    }
    w->figure.area = area;
    w->has_area = true;
    walk_level(w); /* once: has_area is set */
    w->has_area = false;
}

/* Outside an area the only zone is meant. */
static bool has_place(walk *w)
{
    if (!w->has_area) {
        w->figure.area = zw_pack_only_zone(w->f->script->pack);
        if (w->figure.area == ZW_NONE) {
            zw_fields_problem(w->f, w->field,
                              "there are several zones: say which one, [zone] = "
                              "{ [period] = … }");
            return false;
        }
    }
    return true;
}

static void take_figure(walk *w)
{
    if (has_place(w)) {
        w->figures->take(w->f, w->figures->arg, &w->figure);
    }
}

/* The rows of one place, a list at the stack's top. */
static void walk_rows(walk *w)
{
    lua_State *lua = w->f->lua;
    size_t count = lua_rawlen(lua, -1);
    if (!has_place(w)) {
        return;
    }
    for (size_t i = 1; i <= count; i++) {
        lua_rawgeti(lua, -1, (lua_Integer)i);
        if (lua_istable(lua, -1)) {
            w->figures->take_row(w->f, w->figures->arg, &w->figure);
        } else {
            zw_fields_wrong(w->f, w->field, "rows { item = …, at = … }");
        }
        lua_pop(lua, 1);
    }
}

/* The rows of the area whose name stands at -2. */
static void walk_area_rows(walk *w)
{
    if (!area_of_key(w, &w->figure.area)) {
        return;
    }
    w->has_area = true;
    if (lua_istable(w->f->lua, -1) && zw_fields_is_list(w->f->lua, -1)) {
        walk_rows(w);
    } else {
        zw_fields_wrong(w->f, w->field, "a list of rows { item = …, at = … } for each area");
    }
    w->has_area = false;
}

/* The table at the stack's top: a list of rows of the only zone, or such lists by area. */
static void walk_lists(walk *w)
{
    lua_State *lua = w->f->lua;
    int table = lua_gettop(lua);
    if (zw_fields_is_list(lua, -1)) {
        walk_rows(w);
        return;
    }
    lua_Integer count = zw_key_order_list(lua, -1);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(lua, table + 1, i);
        lua_pushvalue(lua, -1);
        lua_rawget(lua, table);
        walk_area_rows(w);
        lua_settop(lua, table + 1);
    }
    lua_settop(lua, table);
}

/* The table at the stack's top: its keys are periods or areas. */
static void walk_level(walk *w) /* NOLINT(misc-no-recursion) */
{
    lua_State *lua = w->f->lua;
    int table = lua_gettop(lua);
    lua_Integer count = zw_key_order_list(lua, -1);
    luaL_checkstack(lua, LUA_MINSTACK, NULL);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(lua, table + 1, i);
        lua_pushvalue(lua, -1);
        lua_rawget(lua, table);
        if (zw_fields_stamp_at(lua, -2, &w->figure.period)) {
            take_figure(w);
        } else {
            walk_area(w);
        }
        lua_settop(lua, table + 1);
    }
    lua_settop(lua, table);
}

void zw_figure_table_walk(zw_fields *f, const char *field, const zw_figure_visitor *figures)
{
    lua_State *lua = f->lua;
    if (!zw_fields_push(f, field)) {
        return;
    }
    int table = lua_gettop(lua);
    if (!lua_istable(lua, -1)) {
        zw_fields_wrong(f, field, "{ [measure] = { [period] = … } }");
        lua_settop(lua, table - 1);
        return;
    }
    lua_Integer count = zw_key_order_list(lua, -1);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(lua, table + 1, i);
        lua_pushvalue(lua, -1);
        lua_rawget(lua, table);
        walk w = {.f = f, .field = field, .figures = figures, .figure = {.key = table + 2}};
        if (!zw_handle_is_poison(lua, -2) && figures->open(f, figures->arg, table + 2)) {
            bool is_listed = figures->is_listed != NULL && figures->is_listed(figures->arg);
            if (lua_istable(lua, -1)) {
                is_listed ? walk_lists(&w) : walk_level(&w);
            } else {
                zw_fields_wrong(f, field, "{ [period] = … } for each name");
            }
        }
        lua_settop(lua, table + 1);
    }
    lua_settop(lua, table - 1);
}
