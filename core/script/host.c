/* The host: a Lua state with limits, and the one protected door into it.
 *
 * 1. held_bytes is what Lua holds now; it never passes ceiling_bytes.
 * 2. While a budget is open, a count hook runs; once the budget is spent it runs at every
 *    instruction and raises, so that nothing a script can write goes on behind it.
 * 3. The message handler and the allocator call nothing of the script's; the allocator only looks
 *    at where it stands.
 */
#include "script/host.h"

#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    HOOK_STRIDE = 1000,   /* instructions between two looks at the budget */
    CHARGED_BYTES = 1024, /* blocks from this size on are charged to the budget … */
    BYTES_A_STEP = 32,    /* … as one instruction for so many bytes */
    PLACE_MARK = 1        /* the byte that opens a chunk name: no file can be called that */
};

struct zw_host {
    lua_State *lua;
    void *owner;
    size_t held_bytes, ceiling_bytes;
    zw_budget budget;
    int stride; /* what the hook counts by now */
    bool is_starved;
    bool is_dead;
    zw_place refused_at; /* where the script stood when the ceiling was hit last */
};

static zw_host *host_of(lua_State *lua)
{
    zw_host *host;
    memcpy(&host, lua_getextraspace(lua), sizeof(void *));
    return host;
}

static void host_on_count(lua_State *lua, lua_Debug *ar);

static bool is_spent(const zw_host *host)
{
    return host->budget.spent > host->budget.instructions;
}

/* Also called from the allocator, which must not raise: from there the hook is only made to come at
 * the next instruction. lua_sethook may be called at any time. */
static void host_spend(zw_host *host, uint64_t steps)
{
    zw_budget *budget = &host->budget;
    budget->spent = steps > UINT64_MAX - budget->spent ? UINT64_MAX : budget->spent + steps;
    if (is_spent(host) && host->stride != 1 && host->lua != NULL) {
        host->stride = 1;
        lua_sethook(host->lua, host_on_count, LUA_MASKCOUNT, 1);
    }
}

static int raise_over_budget(lua_State *lua, zw_host *host)
{
    char text[128];
    zw_place place = {0, 0};
    host->is_dead = true;
    (void)zw_host_place(lua, &place);
    (void)snprintf(text, sizeof text,
                   "this takes more than %llu instructions: is there an endless loop?",
                   (unsigned long long)host->budget.instructions);
    return zw_host_raise(lua, place, text);
}

static void host_on_count(lua_State *lua, lua_Debug *ar)
{
    (void)ar;
    zw_host *host = host_of(lua);
    host_spend(host, (uint64_t)host->stride);
    if (is_spent(host)) {
        (void)raise_over_budget(lua, host);
    }
}

static void *host_alloc(void *arg, void *ptr, size_t osize, size_t nsize)
{
    zw_host *host = arg;
    size_t held = ptr != NULL ? osize : 0; /* for a new block osize is a type tag */
    if (nsize == 0) {
        free(ptr);
        host->held_bytes -= held;
        return NULL;
    }
    if (nsize > held && nsize - held > host->ceiling_bytes - host->held_bytes) {
        host->is_starved = false;
        if (host->lua != NULL) {
            (void)zw_host_place(host->lua, &host->refused_at);
        }
        return NULL;
    }
    void *block = realloc(ptr, nsize);
    if (block == NULL && nsize <= held) {
        block = ptr; /* Lua counts on shrinking never to fail, and the old block will do */
    }
    if (block == NULL) {
        host->is_starved = true;
        return NULL;
    }
    host->held_bytes = host->held_bytes - held + nsize;
    if (nsize > held && nsize >= CHARGED_BYTES) {
        host_spend(host, nsize / BYTES_A_STEP);
    }
    return block;
}

zw_status zw_host_create(size_t memory_bytes, void *owner, zw_host **out, zw_err *err)
{
    zw_host *host = calloc(1, sizeof *host);
    *out = NULL;
    if (host == NULL) {
        return zw_err_nomem(err);
    }
    host->owner = owner;
    host->ceiling_bytes = memory_bytes;
    host->budget.instructions = UINT64_MAX;
    host->stride = HOOK_STRIDE;
    lua_State *lua = lua_newstate(host_alloc, host);
    if (lua == NULL) {
        zw_status status =
            host->is_starved
                ? zw_err_nomem(err)
                : zw_err_set(err, ZW_LIMIT, "a script needs more than %zu bytes", memory_bytes);
        free(host);
        return status;
    }
    memcpy(lua_getextraspace(lua), &host, sizeof(void *));
    host->lua = lua;
    *out = host;
    return ZW_OK;
}

void zw_host_destroy(zw_host *host)
{
    if (host == NULL) {
        return;
    }
    lua_sethook(host->lua, NULL, 0, 0);
    lua_close(host->lua);
    free(host);
}

lua_State *zw_host_state(zw_host *host)
{
    return host->lua;
}

void *zw_host_owner(lua_State *lua)
{
    return host_of(lua)->owner;
}

static void set_budget(zw_host *host, zw_budget budget)
{
    host->budget = budget;
    host->is_dead = false;
    host->stride = budget.instructions < HOOK_STRIDE ? (int)budget.instructions + 1 : HOOK_STRIDE;
    lua_sethook(host->lua, host_on_count, LUA_MASKCOUNT, host->stride);
}

zw_budget zw_host_open_budget(zw_host *host, uint64_t instructions)
{
    zw_budget before = host->budget;
    set_budget(host, (zw_budget){0, instructions});
    return before;
}

void zw_host_close_budget(zw_host *host, zw_budget before)
{
    set_budget(host, before);
}

zw_place zw_host_refused_at(const zw_host *host)
{
    return host->refused_at;
}

void zw_host_charge(lua_State *lua, uint64_t steps)
{
    zw_host *host = host_of(lua);
    host_spend(host, steps);
    if (is_spent(host)) {
        (void)raise_over_budget(lua, host);
    }
}

const char *zw_host_chunk_name(uint32_t file, char out[ZW_CHUNK_NAME_BYTES])
{
    (void)snprintf(out, ZW_CHUNK_NAME_BYTES, "=%c%lu", PLACE_MARK, (unsigned long)file);
    return out;
}

bool zw_host_place(lua_State *lua, zw_place *place)
{
    lua_Debug ar;
    for (int level = 0; lua_getstack(lua, level, &ar) == 1; level++) {
        if (lua_getinfo(lua, "Sl", &ar) != 0 && ar.currentline > 0 && ar.source[0] == '=' &&
            ar.source[1] == PLACE_MARK) {
            place->file = (uint32_t)strtoul(ar.source + 2, NULL, 10);
            place->line = (uint32_t)ar.currentline;
            return true;
        }
    }
    return false;
}

int zw_host_raise(lua_State *lua, zw_place place, const char *text)
{
    lua_pushfstring(lua, "%c%I:%I: %s", PLACE_MARK, (LUAI_UACINT)place.file,
                    (LUAI_UACINT)place.line, text);
    return lua_error(lua);
}

/* Gives every error a text that opens with its place. Signals pass as they are. */
static int host_on_error(lua_State *lua)
{
    zw_place place = {0, 0};
    if (lua_type(lua, 1) == LUA_TLIGHTUSERDATA) {
        return 1;
    }
    if (lua_type(lua, 1) == LUA_TSTRING && lua_tostring(lua, 1)[0] == PLACE_MARK) {
        return 1;
    }
    (void)zw_host_place(lua, &place);
    if (lua_type(lua, 1) == LUA_TSTRING) {
        lua_pushfstring(lua, "%c%I:%I: %s", PLACE_MARK, (LUAI_UACINT)place.file,
                        (LUAI_UACINT)place.line, lua_tostring(lua, 1));
    } else {
        lua_pushfstring(lua, "%c%I:%I: raised a %s, not a text", PLACE_MARK,
                        (LUAI_UACINT)place.file, (LUAI_UACINT)place.line, luaL_typename(lua, 1));
    }
    return 1;
}

zw_host_end zw_host_call(zw_host *host, int args, int results)
{
    lua_State *lua = host->lua;
    int at = lua_gettop(lua) - args;
    if (lua_checkstack(lua, 2) == 0) {
        lua_settop(lua, at - 1);
        lua_pushlightuserdata(lua, NULL);
        return host->is_starved ? ZW_HOST_STARVED : ZW_HOST_OVER_MEMORY;
    }
    lua_pushcfunction(lua, host_on_error);
    lua_insert(lua, at);
    int rc = lua_pcall(lua, args, results, at);
    lua_remove(lua, at);
    if (rc == LUA_OK) {
        return ZW_HOST_DONE;
    }
    if (rc == LUA_ERRMEM) {
        host->is_dead = true;
        return host->is_starved ? ZW_HOST_STARVED : ZW_HOST_OVER_MEMORY;
    }
    return host->is_dead ? ZW_HOST_OVER_BUDGET : ZW_HOST_RAISED;
}

const void *zw_host_signal(zw_host *host)
{
    lua_State *lua = host->lua;
    return lua_type(lua, -1) == LUA_TLIGHTUSERDATA ? lua_touserdata(lua, -1) : NULL;
}

const char *zw_host_error(zw_host *host, zw_place *place)
{
    lua_State *lua = host->lua;
    *place = (zw_place){0, 0};
    if (lua_type(lua, -1) != LUA_TSTRING) {
        return "raised something without words";
    }
    const char *text = lua_tostring(lua, -1);
    if (text[0] != PLACE_MARK) {
        return text;
    }
    char *rest;
    place->file = (uint32_t)strtoul(text + 1, &rest, 10);
    if (*rest == ':') {
        place->line = (uint32_t)strtoul(rest + 1, &rest, 10);
    }
    return strncmp(rest, ": ", 2) == 0 ? rest + 2 : rest;
}
