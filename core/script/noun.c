/* A noun: how `measure "x" { … }` becomes a declaration. */
#include "script/noun.h"

#include "script/globals.h"
#include "script/handle.h"
#include "script/problem.h"

#define METATABLE "zw.declarator"
#define WAITING "zw.declarators" /* a list of all, in order */

static const struct noun {
    const char *word;
    zw_noun noun;
    zw_noun_declare declare;
} nouns[] = {
    {"zone", ZW_NOUN_ZONE, zw_noun_zone},
    {"area", ZW_NOUN_AREA, zw_noun_area},
    {"measure", ZW_NOUN_MEASURE, zw_noun_measure},
    {"register", ZW_NOUN_REGISTER, zw_noun_register},
    {"indicator", ZW_NOUN_INDICATOR, zw_noun_indicator},
    {"target", ZW_NOUN_TARGET, zw_noun_target},
    {"rule", ZW_NOUN_RULE, zw_noun_rule},
    {"alert", ZW_NOUN_ALERT, zw_noun_alert},
    {"notify", ZW_NOUN_NOTIFY, zw_noun_notify},
    {"test", ZW_NOUN_TEST, zw_noun_test},
    {"guard", ZW_NOUN_GUARD, zw_noun_guard},
};

/* What `noun "name"` gives: it waits for the braces. */
typedef struct declarator {
    const struct noun *noun;
    const char *name; /* the pack's */
    zw_where where;
    bool has_braces;
} declarator;

void zw_noun_spoil(lua_State *lua, const char *name)
{
    if (zw_pool_put(zw_script_of(lua)->spoilt, zw_text_of(name)) == ZW_POOL_NONE) {
        zw_err err;
        (void)zw_script_went_well(lua, zw_err_nomem(&err), &err, zw_problem_here(lua));
    }
}

static void keep_declarator(lua_State *lua)
{
    if (lua_getfield(lua, LUA_REGISTRYINDEX, WAITING) == LUA_TNIL) {
        lua_pop(lua, 1);
        lua_newtable(lua);
        lua_pushvalue(lua, -1);
        lua_setfield(lua, LUA_REGISTRYINDEX, WAITING);
    }
    lua_pushvalue(lua, -2);
    lua_rawseti(lua, -2, (lua_Integer)lua_rawlen(lua, -2) + 1);
    lua_pop(lua, 1);
}

/* Upvalue 1: the noun's place in the table. */
static int noun_begin(lua_State *lua)
{
    const struct noun *noun = &nouns[lua_tointeger(lua, lua_upvalueindex(1))];
    zw_script *script = zw_script_of(lua);
    if (script->stage != ZW_STAGE_LOADING) {
        return luaL_error(lua, "%s: declarations belong to loading", noun->word);
    }
    if (zw_handle_is_poison(lua, 1)) {
        zw_handle_push_poison(lua);
        return 1;
    }
    zw_where where = zw_problem_at_name(lua, NULL, noun->word);
    if (lua_type(lua, 1) != LUA_TSTRING || lua_gettop(lua) > 1) {
        return zw_problem_poison(lua, where, "write %s \"name\" { … }", noun->word);
    }
    size_t len;
    const char *text = lua_tolstring(lua, 1, &len);
    const char *name = zw_script_text(lua, (zw_text){text, len});
    declarator *d = lua_newuserdatauv(lua, sizeof *d, 0);
    *d = (declarator){.noun = noun, .name = name, .where = where};
    luaL_setmetatable(lua, METATABLE);
    keep_declarator(lua);
    return 1;
}

static void declare(lua_State *lua, const declarator *d, int table)
{
    zw_script *script = zw_script_of(lua);
    zw_fields f = {.lua = lua,
                   .script = script,
                   .table = table,
                   .noun = d->noun->noun,
                   .name = d->name,
                   .where = d->where};
    uint32_t index;
    bool is_declared = d->noun->declare(&f, &index);
    if (!f.is_spoilt && !f.has_function && f.noun != ZW_NOUN_MEASURE &&
        f.noun != ZW_NOUN_REGISTER && zw_fields_has(&f, "every") && f.noun != ZW_NOUN_ZONE &&
        f.noun != ZW_NOUN_AREA) {
        zw_fields_problem(&f, "every", "every stands beside a function only");
    }
    if (is_declared) {
        zw_handle_push_noun(lua, d->noun->noun, index);
    } else {
        zw_noun_spoil(lua, d->name);
        zw_handle_push_poison(lua);
    }
}

/* The braces. */
static int declarator_call(lua_State *lua)
{
    char words[ZW_HANDLE_WORDS_BYTES];
    declarator *d = luaL_checkudata(lua, 1, METATABLE);
    bool is_first = !d->has_braces;
    d->has_braces = true;
    if (zw_handle_is_poison(lua, 2)) {
        zw_noun_spoil(lua, d->name);
        zw_handle_push_poison(lua);
        return 1;
    }
    if (!is_first) {
        return zw_problem_poison(lua, zw_problem_here(lua), "%s \"%s\" has its { … } already",
                                 d->noun->word, d->name);
    }
    if (!lua_istable(lua, 2)) {
        zw_noun_spoil(lua, d->name);
        return zw_problem_poison(lua, d->where, "%s \"%s\" takes its fields in { … }, got %s",
                                 d->noun->word, d->name, zw_handle_words(lua, 2, words));
    }
    luaL_checkstack(lua, 2 * LUA_MINSTACK, NULL);
    declare(lua, d, 2);
    return 1;
}

/* A noun without its braces, used as a value: that they lack is told at the end, once. */
static int declarator_use(lua_State *lua)
{
    zw_handle_push_poison(lua);
    return 1;
}

static void open_declarators(lua_State *lua)
{
    static const luaL_Reg metamethods[] = {{"__call", declarator_call},
                                           {"__index", declarator_use},
                                           {"__add", declarator_use},
                                           {"__sub", declarator_use},
                                           {"__mul", declarator_use},
                                           {"__div", declarator_use},
                                           {"__pow", declarator_use},
                                           {"__unm", declarator_use},
                                           {"__band", declarator_use},
                                           {"__bor", declarator_use},
                                           {"__bnot", declarator_use},
                                           {"__concat", declarator_use},
                                           {NULL, NULL}};
    luaL_newmetatable(lua, METATABLE);
    luaL_setfuncs(lua, metamethods, 0);
    lua_pushliteral(lua, "declaration (without its { … })");
    lua_setfield(lua, -2, "__name");
    lua_pushboolean(lua, 0);
    lua_setfield(lua, -2, "__metatable");
    lua_pop(lua, 1);
}

void zw_noun_open(lua_State *lua)
{
    open_declarators(lua);
    for (size_t i = 0; i < sizeof nouns / sizeof nouns[0]; i++) {
        lua_pushinteger(lua, (lua_Integer)i);
        lua_pushcclosure(lua, noun_begin, 1);
        zw_globals_offer_value(lua, nouns[i].word);
    }
}

void zw_noun_finish(lua_State *lua)
{
    if (lua_getfield(lua, LUA_REGISTRYINDEX, WAITING) != LUA_TNIL) {
        for (lua_Integer i = 1; lua_rawgeti(lua, -1, i) != LUA_TNIL; i++) {
            const declarator *d = lua_touserdata(lua, -1);
            if (!d->has_braces) {
                zw_problem_note(lua, d->where, "%s \"%s\" has no { … } behind it", d->noun->word,
                                d->name);
            }
            lua_pop(lua, 1);
        }
        lua_pop(lua, 1);
    }
    lua_pop(lua, 1);
}

void zw_noun_forgive(lua_State *lua)
{
    if (lua_getfield(lua, LUA_REGISTRYINDEX, WAITING) != LUA_TNIL) {
        for (lua_Integer i = (lua_Integer)lua_rawlen(lua, -1); i > 0; i--) {
            lua_rawgeti(lua, -1, i);
            declarator *d = lua_touserdata(lua, -1);
            bool waited = !d->has_braces;
            d->has_braces = true;
            lua_pop(lua, 1);
            if (!waited) {
                break;
            }
            zw_noun_spoil(lua, d->name);
        }
    }
    lua_pop(lua, 1);
}
