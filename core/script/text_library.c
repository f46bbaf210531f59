/* The text library: Lua's `string` as packs have it.
 *
 * Lua's matcher backtracks in C, where no instruction is counted. So each match is first given a
 * bound: with k parts that can be shorter or longer, a text of n bytes can be cut in (n + k over k)
 * ways, from each of n starts. The bound is charged to the budget, and refused when it is hopeless.
 * Real patterns on names and dates have bounds of a few thousand. */
#include "script/text_library.h"

#include "script/handle.h"

#include <lauxlib.h>
#include <lualib.h>
#include <string.h>

enum {
    STEPS_A_INSTRUCTION = 16, /* how matching is charged */
    BYTES_A_INSTRUCTION = 8   /* how passing over a text is charged */
};

/* --- the bound of a match --- */

/* Behind a set "[…]" that opens at `i`. */
static size_t skip_set(const char *pattern, size_t len, size_t i)
{
    i++;
    i += i < len && pattern[i] == '^' ? 1 : 0;
    i += i < len && pattern[i] == ']' ? 1 : 0; /* a ']' in the first place is one of the set */
    while (i < len && pattern[i] != ']') {
        i += pattern[i] == '%' ? 2 : 1;
    }
    return i + 1;
}

/* Behind the item at `i`: a character, a class or a set. */
static size_t skip_item(const char *pattern, size_t len, size_t i)
{
    if (pattern[i] == '[') {
        return skip_set(pattern, len, i);
    }
    return i + (pattern[i] == '%' ? 2 : 1);
}

static bool is_among(char c, const char *characters)
{
    return c != '\0' && strchr(characters, c) != NULL;
}

/* %b() and %1 pass over the text themselves. Their length at `i`; 0 where there is none. */
static size_t walk_length(const char *pattern, size_t len, size_t i)
{
    if (pattern[i] != '%' || i + 1 >= len || !is_among(pattern[i + 1], "b0123456789")) {
        return 0;
    }
    return pattern[i + 1] == 'b' ? 4 : 2;
}

/* How many parts of a pattern can match more or less: those that walk, and items with *, +, - or ?
 * behind them. */
static unsigned count_loose(const char *pattern, size_t len)
{
    unsigned loose = 0;
    size_t i = 0;
    while (i < len) {
        size_t walk = walk_length(pattern, len, i);
        if (is_among(pattern[i], "()")) {
            i++;
        } else if (walk > 0) {
            loose++;
            i += walk;
        } else {
            i = skip_item(pattern, len, i);
            if (i < len && is_among(pattern[i], "*+-?")) {
                loose++;
                i++;
            }
        }
    }
    return loose;
}

unsigned long long zw_text_library_steps(const char *pattern, size_t pattern_len, size_t len)
{
    bool is_anchored = pattern_len > 0 && pattern[0] == '^';
    unsigned loose = count_loose(pattern, pattern_len);
    double ways = (double)pattern_len + 1;
    for (unsigned i = 1; i <= loose && ways < 1e18; i++) {
        ways = ways * ((double)len + i) / i;
    }
    ways *= is_anchored ? 1 : (double)len + 1;
    return ways < 1e18 ? (unsigned long long)ways : UINT64_MAX;
}

static void charge_match(lua_State *lua, int subject, int pattern)
{
    size_t subject_len, pattern_len;
    (void)luaL_checklstring(lua, subject, &subject_len);
    const char *p = luaL_checklstring(lua, pattern, &pattern_len);
    unsigned long long steps = zw_text_library_steps(p, pattern_len, subject_len);
    if (steps > zw_script_of(lua)->limits.pattern_steps) {
        (void)zw_host_breach(lua, ZW_BREACH_PATTERN,
                             "this pattern could take too long on a text of %zu bytes",
                             subject_len);
    }
    zw_host_charge(lua, steps / STEPS_A_INSTRUCTION);
}

/* --- the functions: upvalue 1 is Lua's own --- */

static int call_own(lua_State *lua)
{
    return lua_tocfunction(lua, lua_upvalueindex(1))(lua);
}

static int library_plain(lua_State *lua)
{
    size_t total = 0;
    for (int i = lua_gettop(lua); i >= 1; i--) {
        size_t len = lua_type(lua, i) == LUA_TSTRING ? lua_rawlen(lua, i) : 0;
        total += len;
    }
    zw_host_charge(lua, total / BYTES_A_INSTRUCTION);
    return call_own(lua);
}

/* Lua would first make it, then find it too long; and nothing, however often, takes no memory. */
static int library_rep(lua_State *lua)
{
    size_t len, between_len, most = zw_script_of(lua)->limits.text_bytes;
    (void)luaL_checklstring(lua, 1, &len);
    (void)luaL_optlstring(lua, 3, "", &between_len);
    lua_Integer count = luaL_checkinteger(lua, 2);
    if (count <= 0 || len + between_len == 0) {
        lua_pushliteral(lua, "");
        return 1;
    }
    if ((lua_Unsigned)count > most || len > most / (lua_Unsigned)count) {
        (void)zw_host_breach(lua, ZW_BREACH_TEXT, "a text is longer than %zu bytes", most);
    }
    zw_host_charge(lua, (uint64_t)count);
    return library_plain(lua);
}

static int library_match(lua_State *lua)
{
    charge_match(lua, 1, 2);
    return call_own(lua);
}

static int library_find(lua_State *lua)
{
    if (lua_toboolean(lua, 4)) {
        size_t subject_len, word_len;
        (void)luaL_checklstring(lua, 1, &subject_len);
        (void)luaL_checklstring(lua, 2, &word_len);
        /* At worst the word is nearly there at every byte. */
        zw_host_charge(lua, subject_len * (word_len / BYTES_A_INSTRUCTION + 1));
    } else {
        charge_match(lua, 1, 2);
    }
    return call_own(lua);
}

/* "%s" of a table would print its address, "%p" does nothing else. */
static int library_format(lua_State *lua)
{
    size_t len;
    const char *format = luaL_checklstring(lua, 1, &len);
    zw_host_charge(lua, len / BYTES_A_INSTRUCTION);
    for (size_t i = 0; i + 1 < len; i++) {
        if (format[i] == '%') {
            i++;
            i += strspn(format + i, "-+ #0123456789.");
            if (i < len && format[i] == 'p') {
                return luaL_error(lua, "'%%p' is not offered: an address is never the same");
            }
        }
    }
    for (int i = lua_gettop(lua); i >= 2; i--) {
        int type = lua_type(lua, i);
        zw_host_charge(lua, type == LUA_TSTRING ? lua_rawlen(lua, i) / BYTES_A_INSTRUCTION : 0);
        if (type == LUA_TTABLE || type == LUA_TFUNCTION || type == LUA_TUSERDATA) {
            lua_pushcfunction(lua, zw_text_library_tostring);
            lua_pushvalue(lua, i);
            lua_call(lua, 1, 1);
            lua_replace(lua, i);
        }
    }
    return call_own(lua);
}

int zw_text_library_tostring(lua_State *lua)
{
    luaL_checkany(lua, 1);
    int type = lua_type(lua, 1);
    bool has_address = type == LUA_TTABLE || type == LUA_TFUNCTION || type == LUA_TUSERDATA ||
                       type == LUA_TLIGHTUSERDATA || type == LUA_TTHREAD;
    if (has_address && luaL_getmetafield(lua, 1, "__tostring") == LUA_TNIL) {
        lua_pushstring(lua, luaL_typename(lua, 1));
        return 1;
    }
    (void)luaL_tolstring(lua, 1, NULL);
    return 1;
}

void zw_text_library_open(lua_State *lua)
{
    static const struct {
        const char *name;
        lua_CFunction run;
    } functions[] = {
        {"byte", library_plain},    {"char", library_plain},    {"find", library_find},
        {"format", library_format}, {"gmatch", library_match},  {"gsub", library_match},
        {"len", library_plain},     {"lower", library_plain},   {"match", library_match},
        {"rep", library_rep},       {"reverse", library_plain}, {"sub", library_plain},
        {"upper", library_plain},
    };
    luaL_requiref(lua, LUA_STRLIBNAME, luaopen_string, 0);
    lua_newtable(lua);
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++) {
        lua_getfield(lua, -2, functions[i].name);
        lua_pushcclosure(lua, functions[i].run, 1);
        lua_setfield(lua, -2, functions[i].name);
    }
    lua_remove(lua, -2);
    /* A metatable of our own: Lua's would also turn "1" + 1 into a number. */
    lua_pushliteral(lua, "");
    lua_createtable(lua, 0, 2);
    lua_pushvalue(lua, -3);
    lua_setfield(lua, -2, "__index");
    lua_pushboolean(lua, 0);
    lua_setfield(lua, -2, "__metatable");
    lua_setmetatable(lua, -2);
    lua_pop(lua, 1);
}
