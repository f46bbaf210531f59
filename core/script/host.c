/* The host: a Lua state with limits, and the one protected door into it.
 *
 * 1. held_bytes is what Lua holds now; it never passes ceiling_bytes.
 * 2. While a budget is open, a count hook runs; once the budget is spent it runs at every
 *    instruction and raises, so that nothing a script can write goes on behind it.
 * 3. The message handler and the allocator call nothing of the script's; the allocator only looks
 *    at where it stands.
 * 4. What one instruction can do is bounded by the length of a text and by the number of values:
 *    comparing, converting, copying them is not counted.
 */
#include "script/host.h"

#include "base/cut.h"

#include <lauxlib.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    HOOK_STRIDE = 1000,   /* instructions between two looks at the budget */
    CHARGED_BYTES = 1024, /* blocks from this size on are charged to the budget … */
    BYTES_A_STEP = 32,    /* … as one instruction for so many bytes */
    PLACE_MARK = 1,       /* the byte that opens a chunk name: no file can be called that */
    VALUES_MAX = 1000,    /* that a function takes beside its parameters */
    TEXT_BYTES = 256      /* of a breach's words */
};

struct zw_host {
    lua_State *lua;
    void *owner;
    size_t held_bytes, ceiling_bytes;
    zw_budget budget;
    int stride; /* what the hook counts by now */
    bool is_starved;
    bool is_dead;
    int depth_max;         /* 0: not bounded */
    size_t text_max_bytes; /* with what Lua adds to a text */
    zw_breach refused;     /* why memory was refused last … */
    zw_place refused_at;   /* … and where the script stood then */
    zw_breach breached;    /* of the last call that ended badly */
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

int zw_host_breach(lua_State *lua, zw_breach breach, const char *fmt, ...)
{
    char text[TEXT_BYTES];
    zw_place place = {0, 0};
    va_list args;
    va_start(args, fmt);
    (void)zw_cut_vformat(text, sizeof text, fmt, args);
    va_end(args);
    host_of(lua)->breached = breach;
    (void)zw_host_place(lua, &place);
    return zw_host_raise(lua, place, text);
}

static int raise_over_budget(lua_State *lua, zw_host *host)
{
    host->is_dead = true;
    return zw_host_breach(lua, ZW_BREACH_INSTRUCTIONS,
                          "this takes more than %llu instructions: is there an endless loop?",
                          (unsigned long long)host->budget.instructions);
}

/* Handing many values on is one instruction, and calls inside each other hold what they were
 * handed. Between two looks no script gets far: it pays one instruction for each value it adds. */
static void check_frames(lua_State *lua, const zw_host *host)
{
    lua_Debug ar;
    for (int level = 0; lua_getstack(lua, level, &ar) == 1; level++) {
        if (level > host->depth_max) {
            (void)zw_host_breach(lua, ZW_BREACH_DEPTH,
                                 "functions call each other more than %d deep", host->depth_max);
        }
        if (lua_getlocal(lua, &ar, -VALUES_MAX - 1) != NULL) {
            (void)zw_host_breach(lua, ZW_BREACH_VALUES,
                                 "a function is handed more than %d values: use a table",
                                 VALUES_MAX);
        }
    }
}

static void host_on_count(lua_State *lua, lua_Debug *ar)
{
    (void)ar;
    zw_host *host = host_of(lua);
    host_spend(host, (uint64_t)host->stride);
    if (is_spent(host)) {
        (void)raise_over_budget(lua, host);
    }
    if (host->depth_max > 0) {
        check_frames(lua, host);
    }
}

/* Whether a block of `more` bytes more may be had; `kind` is what Lua says of a new block. After a
 * refusal Lua collects everything and asks again: whoever lives on the edge pays for that. */
static bool is_allowed(zw_host *host, size_t more, size_t nsize, size_t kind)
{
    bool is_too_long =
        kind == LUA_TSTRING && host->text_max_bytes > 0 && nsize > host->text_max_bytes;
    if (!is_too_long && more <= host->ceiling_bytes - host->held_bytes) {
        return true;
    }
    host->is_starved = false;
    host->refused = is_too_long ? ZW_BREACH_TEXT : ZW_BREACH_MEMORY;
    if (host->lua != NULL) {
        (void)zw_host_place(host->lua, &host->refused_at);
        host_spend(host, host->held_bytes / BYTES_A_STEP);
    }
    return false;
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
    if (nsize > held && !is_allowed(host, nsize - held, nsize, ptr == NULL ? osize : 0)) {
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

void zw_host_bound(zw_host *host, int calls_deep, size_t text_bytes)
{
    enum { TEXT_HEAD_BYTES = 64 }; /* more than Lua puts before a text */
    host->depth_max = calls_deep;
    host->text_max_bytes = text_bytes + TEXT_HEAD_BYTES;
}

void zw_host_settle(zw_host *host)
{
    enum { PAUSE_MAX = 200 }; /* per cent of what stays: Lua's own */
    (void)lua_gc(host->lua, LUA_GCCOLLECT);
    size_t halfway = host->held_bytes + (host->ceiling_bytes - host->held_bytes) / 2;
    size_t pause = halfway * 100 / host->held_bytes;
    (void)lua_gc(host->lua, LUA_GCINC, (int)(pause < PAUSE_MAX ? pause : PAUSE_MAX), 0, 0);
}

static void set_budget(zw_host *host, zw_budget budget)
{
    host->budget = budget;
    host->is_dead = false;
    host->breached = ZW_BREACH_NONE;
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

zw_breach zw_host_breached(const zw_host *host)
{
    return host->breached;
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

/* The number of a shipped file opens with a 0, which reads as the same number. */
const char *zw_host_chunk_name(uint32_t file, bool is_shipped, char out[ZW_CHUNK_NAME_BYTES])
{
    (void)snprintf(out, ZW_CHUNK_NAME_BYTES, "=%c%s%lu", PLACE_MARK, is_shipped ? "0" : "",
                   (unsigned long)file);
    return out;
}

static bool is_shipped(const lua_Debug *ar)
{
    return ar->source[2] == '0' && ar->source[3] != '\0';
}

static bool read_place(const lua_Debug *ar, int line, zw_place *place)
{
    if (line <= 0 || ar->source[0] != '=' || ar->source[1] != PLACE_MARK) {
        return false;
    }
    *place = (zw_place){(uint32_t)strtoul(ar->source + 2, NULL, 10), (uint32_t)line};
    return true;
}

bool zw_host_place(lua_State *lua, zw_place *place)
{
    lua_Debug ar;
    zw_place outer;
    bool is_found = false;
    for (int level = 0; lua_getstack(lua, level, &ar) == 1; level++) {
        if (lua_getinfo(lua, "Sl", &ar) == 0 || !read_place(&ar, ar.currentline, &outer)) {
            continue;
        }
        *place = is_found && is_shipped(&ar) ? *place : outer;
        is_found = true;
        if (!is_shipped(&ar)) {
            return true;
        }
    }
    return is_found;
}

bool zw_host_is_shipped(lua_State *lua)
{
    lua_Debug ar;
    zw_place place;
    for (int level = 0; lua_getstack(lua, level, &ar) == 1; level++) {
        if (lua_getinfo(lua, "Sl", &ar) != 0 && read_place(&ar, ar.currentline, &place)) {
            return is_shipped(&ar);
        }
    }
    return false;
}

zw_place zw_host_place_of(lua_State *lua)
{
    lua_Debug ar;
    zw_place place = {0, 0};
    if (lua_getinfo(lua, ">S", &ar) != 0) {
        (void)read_place(&ar, ar.linedefined, &place);
    }
    return place;
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
        host->breached = ZW_BREACH_MEMORY;
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
        host->breached = host->refused;
        return host->is_starved ? ZW_HOST_STARVED : ZW_HOST_OVER_MEMORY;
    }
    if (host->breached == ZW_BREACH_NONE && lua_type(lua, -1) == LUA_TSTRING &&
        strstr(lua_tostring(lua, -1), "stack overflow") != NULL) {
        host->breached = ZW_BREACH_DEPTH; /* Lua's own bound, and the machine stack's */
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
