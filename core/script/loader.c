/* The loader: files of a pack become chunks and run. */
#include "script/loader.h"

#include "script/free_names.h"
#include "script/globals.h"
#include "script/handle.h"
#include "script/noun.h"
#include "script/problem.h"
#include "script/shipped.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#define MODULES "zw.modules" /* name to what it returned; false while it runs */

enum {
    STEPS_A_BYTE = 8, /* what reading a file is charged */
    STEPS_A_WORD = 8  /* and looking for what was meant among the names of a file */
};

/* --- reading --- */

static zw_status read_all(FILE *file, const char *path, zw_buf *text, zw_err *err)
{
    char block[16 * 1024];
    size_t len;
    while ((len = fread(block, 1, sizeof block, file)) > 0) {
        if (!zw_buf_append(text, block, len)) {
            return text->len + len > ZW_FILE_BYTES_MAX
                       ? zw_err_set(err, ZW_LIMIT, "%s is larger than %d bytes", path,
                                    ZW_FILE_BYTES_MAX)
                       : zw_err_nomem(err);
        }
    }
    return ferror(file) ? zw_err_set(err, ZW_IO, "read %s failed", path) : ZW_OK;
}

zw_status zw_loader_read(zw_pack *pack, const char *path, uint32_t *file, zw_err *err)
{
    static const char mark[] = "\xEF\xBB\xBF";
    zw_buf text;
    struct stat about;
    if (stat(path, &about) == 0 &&
        !S_ISREG(about.st_mode)) { /* a pipe could be waited for for ever */
        return zw_err_set(err, ZW_IO, "%s is no file", path);
    }
    FILE *stream = fopen(path, "rb");
    if (stream == NULL) {
        return zw_err_set(err, errno == ENOENT || errno == ENOTDIR ? ZW_NOT_FOUND : ZW_IO,
                          "%s cannot be opened", path);
    }
    zw_buf_init(&text, ZW_FILE_BYTES_MAX + 1);
    zw_status status = read_all(stream, path, &text, err);
    (void)fclose(stream); /* only read from: nothing can be lost */
    if (status == ZW_OK) {
        zw_text all = {zw_buf_view(&text), text.len};
        if (all.len >= 3 && memcmp(all.at, mark, 3) == 0) {
            all.at += 3;
            all.len -= 3;
        }
        status = zw_pack_add_file(pack, path, all, file, err);
    }
    zw_buf_fini(&text);
    return status;
}

zw_status zw_loader_take(zw_pack *pack, const zw_script_file *files, size_t count,
                         const char *inside, bool is_shipped, uint32_t *file, zw_err *err)
{
    char path[ZW_PATH_BYTES_MAX];
    for (size_t i = 0; i < count; i++) {
        if (files[i].is_shipped == is_shipped && strcmp(files[i].path, inside) == 0) {
            int len = snprintf(path, sizeof path, "%s/%s", pack->folder, inside);
            bool fits = len > 0 && (size_t)len < sizeof path;
            return fits ? zw_pack_add_file(pack, is_shipped ? inside : path, files[i].text, file,
                                           err)
                        : zw_err_set(err, ZW_INVALID, "%s: the path is too long", inside);
        }
    }
    return zw_err_set(err, ZW_NOT_FOUND, "%s was not kept", inside);
}

/* --- names that nobody declares --- */

typedef struct found_name {
    struct found_name *next;
    const char *name;
    zw_spot spot;
    bool is_assigned;
} found_name;

typedef struct found_names {
    zw_pack *pack;
    found_name *first, **last;
    bool has_failed;
} found_names;

static void keep_found(void *arg, const zw_free_name *found)
{
    found_names *all = arg;
    found_name *one = zw_arena_alloc(all->pack->arena, sizeof *one);
    const char *name = zw_pack_text(all->pack, found->name);
    if (one == NULL || name == NULL) {
        all->has_failed = true;
        return;
    }
    *one = (found_name){NULL, name, found->spot, found->is_assigned};
    *all->last = one;
    all->last = &one->next;
}

/* Tells one, with what else the file knows by name, and remembers it as "file:name". */
static void tell_found(lua_State *lua, uint32_t file, const found_name *found)
{
    char key[ZW_PROBLEM_BYTES];
    zw_script *script = zw_script_of(lua);
    zw_nearest nearest;
    zw_nearest_init(&nearest, zw_text_of(found->name));
    zw_host_charge(lua, (uint64_t)zw_pool_count(script->words) * STEPS_A_WORD);
    for (uint32_t i = 0; i < zw_pool_count(script->words); i++) {
        zw_nearest_try(&nearest, zw_pool_text(script->words, i));
    }
    (void)snprintf(key, sizeof key, "%lu:%s", (unsigned long)file, found->name);
    if (zw_pool_put(script->spoilt, zw_text_of(key)) == ZW_POOL_NONE) {
        zw_err err;
        zw_script_fail(lua, zw_err_nomem(&err), &err);
    }
    zw_globals_tell(lua, (zw_where){file, found->spot.line, found->spot.column}, found->name,
                    found->is_assigned, &nearest);
}

static void check_names(lua_State *lua, uint32_t file)
{
    zw_script *script = zw_script_of(lua);
    const zw_file *f = &script->pack->files[file];
    found_names all = {.pack = script->pack, .last = &all.first};
    zw_err err;
    zw_pool_shrink(script->words, 0);
    zw_status status =
        zw_free_names_tell((zw_text){f->text, f->len}, script->words, keep_found, &all, &err);
    if (status == ZW_OK && all.has_failed) {
        status = zw_err_nomem(&err);
    }
    if (status != ZW_OK) {
        zw_script_fail(lua, status, &err);
    }
    for (const found_name *found = all.first; found != NULL; found = found->next) {
        if (found->is_assigned || !zw_globals_has(lua, found->name)) {
            tell_found(lua, file, found);
        }
    }
}

/* --- running --- */

/* Lua would take compiled code, and text in any encoding. */
static bool is_text(lua_State *lua, uint32_t file)
{
    const zw_file *f = &zw_script_of(lua)->pack->files[file];
    size_t bad_at;
    if (f->len > 0 && f->text[0] == LUA_SIGNATURE[0]) {
        zw_problem_note(lua, (zw_where){file, 1, 1}, "compiled Lua is not taken: text only");
        return false;
    }
    if (!zw_text_is_utf8(f->text, f->len, &bad_at)) {
        uint32_t line = 1;
        for (size_t i = 0; i < bad_at; i++) {
            line += f->text[i] == '\n' ? 1 : 0;
        }
        zw_problem_note(lua, (zw_where){file, line, 0}, "this line is not UTF-8");
        return false;
    }
    return true;
}

/* The protected part: compiles and runs file number (argument 1). */
static int run_file(lua_State *lua)
{
    char name[ZW_CHUNK_NAME_BYTES];
    uint32_t file = (uint32_t)lua_tointeger(lua, 1);
    const zw_file *f = &zw_script_of(lua)->pack->files[file];
    zw_host_charge(lua, f->len * STEPS_A_BYTE);
    const char *chunk = zw_host_chunk_name(file, f->is_shipped, name);
    if (luaL_loadbufferx(lua, f->text, f->len, chunk, "t") != LUA_OK) {
        return lua_error(lua);
    }
    check_names(lua, file);
    lua_call(lua, 0, 1);
    return 1;
}

/* Tells the error at the stack's top. */
static void tell_error(lua_State *lua, zw_host *host, uint32_t file)
{
    zw_place place;
    char text[ZW_PROBLEM_BYTES];
    const char *words = zw_host_error(host, &place);
    zw_where where =
        place.line > 0 ? (zw_where){place.file, place.line, 0} : (zw_where){file, 0, 0};
    (void)snprintf(text, sizeof text, "%s", words);
    zw_problem_note(lua, where, "%s", text);
}

void zw_loader_run(lua_State *lua, uint32_t file)
{
    zw_script *script = zw_script_of(lua);
    luaL_checkstack(lua, LUA_MINSTACK, NULL);
    if (!is_text(lua, file)) {
        zw_handle_push_poison(lua);
        return;
    }
    lua_pushcfunction(lua, run_file);
    lua_pushinteger(lua, file);
    zw_host_end end = zw_host_call(script->host, 1, 1);
    if (end == ZW_HOST_DONE) {
        return;
    }
    if (end != ZW_HOST_RAISED || script->failure.status != ZW_OK ||
        script->pack->problem_count >= ZW_PROBLEMS_MAX) {
        (void)lua_error(lua); /* nothing may go on: whoever began loading tells it */
    }
    tell_error(lua, script->host, file);
    lua_pop(lua, 1);
    zw_noun_forgive(lua);
    zw_handle_push_poison(lua);
}

/* --- require --- */

/* Nothing else than words and dots between them. */
static bool is_module_name(const char *name)
{
    bool is_start = true;
    for (const char *at = name; *at != '\0'; at++) {
        bool is_word = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
                       (*at >= '0' && *at <= '9') || *at == '_' || *at == '-';
        if (!is_word && (*at != '.' || is_start)) {
            return false;
        }
        is_start = *at == '.';
    }
    return !is_start;
}

/* The file that "a.b" names in a folder; false when there is no folder, or the path is too long. */
static bool module_path(const char *folder, const char *name, char *path, size_t size)
{
    if (folder == NULL) {
        return false;
    }
    int len = snprintf(path, size, "%s/%s.lua", folder, name);
    if (len < 0 || (size_t)len >= size) {
        return false;
    }
    char *at = path + strlen(folder) + 1, *end = at + strlen(name);
    for (at = memchr(at, '.', (size_t)(end - at)); at != NULL;
         at = memchr(at, '.', (size_t)(end - at))) {
        *at = '/';
    }
    return true;
}

/* Tells what a module that cannot be read lacks, and pushes poison. */
static int refuse_module(lua_State *lua, const char *name, zw_status status, const zw_err *err)
{
    if (status == ZW_NOMEM) {
        zw_script_fail(lua, status, err);
    }
    return zw_problem_poison(lua, zw_problem_at_text(lua, name), "require \"%s\": %s", name,
                             status == ZW_NOT_FOUND ? "there is no such file in the pack"
                                                    : err->text);
}

/* What the program ships: of the folder that an embedding program names, else built in. */
static int require_shipped(lua_State *lua, const char *name, const char *rest)
{
    char path[ZW_PATH_BYTES_MAX] = "", hint[ZW_PROBLEM_BYTES];
    zw_script *script = zw_script_of(lua);
    zw_err err = {ZW_OK, ""};
    zw_text text;
    zw_nearest nearest;
    uint32_t file = 0;
    zw_status status = ZW_NOT_FOUND;
    if (script->given != NULL) {
        (void)snprintf(path, sizeof path, "zonewatch/%s.lua", rest);
        status = zw_loader_take(script->pack, script->given, script->given_count, path, true, &file,
                                &err);
        if (status != ZW_OK) {
            return refuse_module(lua, name, status, &err);
        }
    } else if (module_path(script->shared_folder, rest, path, sizeof path)) {
        status = zw_loader_read(script->pack, path, &file, &err);
    }
    zw_nearest_init(&nearest, zw_text_of(rest));
    if (status == ZW_NOT_FOUND && !zw_shipped_find(rest, &text, &nearest)) {
        return zw_problem_poison(lua, zw_problem_at_text(lua, name),
                                 "require \"%s\": the program ships no '%s'%s", name, rest,
                                 zw_problem_hint(&nearest, hint, sizeof hint));
    }
    if (status == ZW_NOT_FOUND) {
        (void)snprintf(path, sizeof path, "zonewatch/%s.lua", rest);
        status = zw_pack_add_file(script->pack, path, text, &file, &err);
    }
    if (status != ZW_OK) {
        return refuse_module(lua, name, status, &err);
    }
    script->pack->files[file].is_shipped = true;
    zw_loader_run(lua, file);
    return 1;
}

/* Runs a module for the first time and pushes what it returned. */
static int require_new(lua_State *lua, const char *name)
{
    static const char shipped[] = "zonewatch.";
    char path[ZW_PATH_BYTES_MAX] = "";
    zw_script *script = zw_script_of(lua);
    zw_err err = {ZW_OK, ""};
    uint32_t file = 0;
    bool is_shipped = strncmp(name, shipped, sizeof shipped - 1) == 0;
    const char *rest = is_shipped ? name + sizeof shipped - 1 : name;
    if (is_shipped && is_module_name(rest)) {
        return require_shipped(lua, name, rest);
    }
    if (!is_module_name(rest) ||
        !module_path(script->has_folder ? script->pack->folder : NULL, rest, path, sizeof path)) {
        return zw_problem_poison(lua, zw_problem_at_text(lua, name),
                                 "require \"%s\": expected \"a.b\" for the pack's a/b.lua, or "
                                 "\"zonewatch.x\"",
                                 name);
    }
    zw_status status =
        script->given != NULL
            ? zw_loader_take(script->pack, script->given, script->given_count,
                             path + strlen(script->pack->folder) + 1, false, &file, &err)
            : zw_loader_read(script->pack, path, &file, &err);
    if (status != ZW_OK) {
        return refuse_module(lua, name, status, &err);
    }
    zw_loader_run(lua, file);
    return 1;
}

static int loader_require(lua_State *lua)
{
    if (zw_script_of(lua)->stage != ZW_STAGE_LOADING) {
        return luaL_error(lua, "require belongs to loading");
    }
    if (lua_type(lua, 1) != LUA_TSTRING ||
        strlen(lua_tostring(lua, 1)) != (size_t)lua_rawlen(lua, 1)) {
        return luaL_error(lua, "require takes the name of a module");
    }
    lua_settop(lua, 1);
    lua_getfield(lua, LUA_REGISTRYINDEX, MODULES);
    lua_pushvalue(lua, 1);
    if (lua_rawget(lua, 2) == LUA_TBOOLEAN && !lua_toboolean(lua, -1)) {
        return zw_problem_poison(lua, zw_problem_at_text(lua, lua_tostring(lua, 1)),
                                 "require \"%s\" goes in a circle", lua_tostring(lua, 1));
    }
    if (!lua_isnil(lua, -1)) {
        return 1;
    }
    lua_pushvalue(lua, 1);
    lua_pushboolean(lua, 0);
    lua_rawset(lua, 2);
    (void)require_new(lua, lua_tostring(lua, 1));
    if (lua_isnil(lua, -1) || lua_isboolean(lua, -1)) {
        lua_pushboolean(lua, 1); /* what a module without a result gives */
    }
    lua_pushvalue(lua, 1);
    lua_pushvalue(lua, -2);
    lua_rawset(lua, 2);
    return 1;
}

void zw_loader_open(lua_State *lua)
{
    static const luaL_Reg functions[] = {{"require", loader_require}, {NULL, NULL}};
    lua_newtable(lua);
    lua_setfield(lua, LUA_REGISTRYINDEX, MODULES);
    zw_globals_offer(lua, functions);
}
