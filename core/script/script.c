/* A script: the state behind a pack, from nothing to ready. */
#include "script/script.h"

#include "script/alert_order.h"
#include "script/at.h"
#include "script/frozen.h"
#include "script/function.h"
#include "script/globals.h"
#include "script/library.h"
#include "script/loader.h"
#include "script/method.h"
#include "script/noun.h"
#include "script/problem.h"
#include "script/say_check.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static zw_script_limits limits_of(const zw_script_limits *asked)
{
    zw_script_limits of = asked != NULL ? *asked : (zw_script_limits){0};
    of.memory_bytes = of.memory_bytes > 0 ? of.memory_bytes : (size_t)64 * 1024 * 1024;
    of.load_instructions = of.load_instructions > 0 ? of.load_instructions : 100000000;
    of.call_instructions = of.call_instructions > 0 ? of.call_instructions : 1000000;
    of.pattern_steps = of.pattern_steps > 0 ? of.pattern_steps : 50000000;
    of.text_bytes = of.text_bytes > 0 ? of.text_bytes : (size_t)16 * 1024;
    of.calls_deep = of.calls_deep > 0 ? of.calls_deep : 200;
    of.reads = of.reads > 0 ? of.reads : 10000;
    of.expressions = of.expressions > 0 ? of.expressions : 1000;
    of.output_bytes = of.output_bytes > 0 ? of.output_bytes : (size_t)4 * 1024;
    return of;
}

void zw_script_destroy(zw_script *script)
{
    if (script == NULL) {
        return;
    }
    zw_host_destroy(script->host);
    zw_pool_destroy(script->spoilt);
    zw_pool_destroy(script->words);
    zw_pool_destroy(script->kept);
    free(script->kept_at);
    free(script->functions);
    free(script);
}

static zw_status script_create(zw_pack *pack, const zw_script_limits *limits, zw_script **out,
                               zw_err *err)
{
    zw_script *script = calloc(1, sizeof *script);
    *out = NULL;
    if (script == NULL) {
        return zw_err_nomem(err);
    }
    script->pack = pack;
    script->limits = limits_of(limits);
    zw_status status = zw_pool_create(&script->spoilt, err);
    if (status == ZW_OK) {
        status = zw_pool_create(&script->words, err);
    }
    if (status == ZW_OK) {
        status = zw_pool_create(&script->kept, err);
    }
    if (status == ZW_OK) {
        status = zw_host_create(script->limits.memory_bytes, script, &script->host, err);
    }
    if (status != ZW_OK) {
        zw_script_destroy(script);
        return status;
    }
    *out = script;
    return ZW_OK;
}

const char *zw_breach_text(zw_breach breach)
{
    static const char *const texts[] = {
#define BREACH_TEXT(name, text) [ZW_BREACH_##name] = (text),
        ZW_BREACH_MAP(BREACH_TEXT)
#undef BREACH_TEXT
    };
    return texts[breach];
}

void zw_script_breaches(const zw_script *script, zw_breach_each each, void *arg)
{
    for (uint32_t i = 0; i < script->function_count; i++) {
        const zw_function *function = &script->functions[i];
        for (int breach = ZW_BREACH_NONE + 1; breach < ZW_BREACH_COUNT; breach++) {
            if (function->breaches[breach] > 0) {
                each(arg, function->declaration, (zw_breach)breach, function->breaches[breach]);
            }
        }
    }
}

/* The protected part: the language, the first file, and what only the end shows. */
static int load_all(lua_State *lua)
{
    zw_globals_open(lua);
    zw_method_open(lua);
    zw_at_open(lua);
    zw_noun_open(lua);
    zw_library_open(lua);
    zw_loader_open(lua);
    zw_loader_run(lua, 0);
    zw_noun_finish(lua);
    zw_say_check(lua);
    zw_alert_order_find(lua);
    zw_frozen_make(lua);
    return 0;
}

/* What ended loading before its end; the error lies at the stack's top. */
static zw_status tell_end(zw_script *script, zw_host_end end, zw_err *err)
{
    zw_place place;
    const char *text = zw_host_error(script->host, &place);
    zw_where where = {place.file, place.line, 0};
    if (script->failure.status != ZW_OK) {
        return zw_err_set(err, script->failure.status, "%s", script->failure.text);
    }
    if (end == ZW_HOST_STARVED) {
        return zw_err_nomem(err);
    }
    size_t before = script->pack->problem_count;
    if (end == ZW_HOST_OVER_MEMORY) {
        bool is_text = zw_host_breached(script->host) == ZW_BREACH_TEXT;
        place = zw_host_refused_at(script->host);
        zw_pack_problem(script->pack, (zw_where){place.file, place.line, 0},
                        is_text ? "a text is longer than %zu bytes"
                                : "the pack needs more than %zu bytes of memory to load",
                        is_text ? script->limits.text_bytes : script->limits.memory_bytes);
    } else {
        zw_pack_problem(script->pack, where, "%s", text);
    }
    return script->pack->problem_count > before ? ZW_OK : zw_err_nomem(err);
}

/* Runs the pack's first file, which is read already. */
static zw_status run_pack(zw_script *script, zw_err *err)
{
    lua_State *lua = zw_host_state(script->host);
    zw_status status = ZW_OK;
    zw_host_bound(script->host, script->limits.calls_deep, script->limits.text_bytes);
    (void)zw_host_open_budget(script->host, script->limits.load_instructions);
    lua_pushcfunction(lua, load_all);
    zw_host_end end = zw_host_call(script->host, 0, 0);
    if (end != ZW_HOST_DONE) {
        status = tell_end(script, end, err);
        lua_settop(lua, 0);
    }
    script->stage = ZW_STAGE_READY;
    zw_host_settle(script->host);
    return status == ZW_OK ? zw_pack_seal(script->pack, err) : status;
}

/* Where a pack's files are: in a folder, or (`text`) it is one file, or (`files`) they are given.
 */
struct origin {
    const zw_text *text;
    const zw_script_file *files;
    size_t file_count;
    const char *shared_folder;
};

static zw_status read_first(zw_pack *pack, const struct origin *from, zw_err *err)
{
    char path[ZW_PATH_BYTES_MAX];
    uint32_t file;
    if (from->text != NULL) {
        return zw_pack_add_file(pack, pack->folder, *from->text, &file, err);
    }
    if (from->files != NULL) {
        return zw_loader_take(pack, from->files, from->file_count, "init.lua", false, &file, err);
    }
    if (snprintf(path, sizeof path, "%s/init.lua", pack->folder) >= (int)sizeof path) {
        return zw_err_set(err, ZW_INVALID, "the folder's name is too long");
    }
    return zw_loader_read(pack, path, &file, err);
}

/* Makes the script of a pack whose first file is read, and runs it. */
static zw_status start(zw_pack *pack, const struct origin *from, const zw_script_limits *limits,
                       zw_script **out, zw_err *err)
{
    zw_script *script;
    zw_status status = script_create(pack, limits, &script, err);
    if (status != ZW_OK || script == NULL) {
        return status;
    }
    script->has_folder = from->text == NULL;
    script->given = from->files;
    script->given_count = from->file_count;
    if (from->shared_folder != NULL) {
        script->shared_folder = zw_pack_text(pack, zw_text_of(from->shared_folder));
        status = script->shared_folder == NULL ? zw_err_nomem(err) : ZW_OK;
    }
    if (status == ZW_OK) {
        status = run_pack(script, err);
    }
    script->given = NULL;
    if (status != ZW_OK) {
        zw_script_destroy(script);
        return status;
    }
    *out = script;
    return ZW_OK;
}

static zw_status load(const char *name, const struct origin *from, const zw_script_limits *limits,
                      zw_pack **pack, zw_script **script, zw_err *err)
{
    *pack = NULL;
    *script = NULL;
    zw_status status = zw_pack_create(name, pack, err);
    if (status == ZW_OK) {
        status = read_first(*pack, from, err);
    }
    if (status == ZW_OK) {
        status = start(*pack, from, limits, script, err);
    }
    if (status != ZW_OK) {
        zw_pack_destroy(*pack);
        *pack = NULL;
        return zw_err_wrap(err, status, "load %s", name);
    }
    return ZW_OK;
}

zw_status zw_script_load(const char *folder, const char *shared_folder,
                         const zw_script_limits *limits, zw_pack **pack, zw_script **script,
                         zw_err *err)
{
    char trimmed[ZW_PATH_BYTES_MAX];
    size_t len = strlen(folder);
    struct origin from = {.shared_folder = shared_folder};
    *pack = NULL;
    *script = NULL;
    while (len > 1 && folder[len - 1] == '/') {
        len--;
    }
    if (len == 0 || len >= sizeof trimmed) {
        return zw_err_set(err, ZW_INVALID, "the folder's name is empty or too long");
    }
    memcpy(trimmed, folder, len);
    trimmed[len] = '\0';
    return load(trimmed, &from, limits, pack, script, err);
}

zw_status zw_script_load_text(const char *name, zw_text text, const zw_script_limits *limits,
                              zw_pack **pack, zw_script **script, zw_err *err)
{
    struct origin from = {.text = &text};
    return load(name, &from, limits, pack, script, err);
}

zw_status zw_script_load_files(const char *name, const zw_script_file *files, size_t count,
                               const zw_script_limits *limits, zw_pack **pack, zw_script **script,
                               zw_err *err)
{
    struct origin from = {.files = files, .file_count = count};
    return load(name, &from, limits, pack, script, err);
}
