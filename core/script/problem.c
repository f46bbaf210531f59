/* A problem: a mistake of the script author, told at the place where it stands. */
#include "script/problem.h"

#include "base/cut.h"
#include "script/handle.h"

#include <lauxlib.h>
#include <stdio.h>
#include <string.h>

enum {
    BYTES_A_STEP = 16, /* reading a file again is charged to the budget … */
    NOTE_STEPS = 1000  /* … and so is finding the words, even when they are told already */
};

zw_where zw_problem_here(lua_State *lua)
{
    zw_place place;
    if (!zw_host_place(lua, &place)) {
        return (zw_where){UINT32_MAX, 0, 0};
    }
    return (zw_where){place.file, place.line, 0};
}

/* The text of the file in which `where` stands; empty when it is none of the pack's. */
static zw_text file_of(lua_State *lua, zw_where where)
{
    const zw_pack *pack = zw_script_of(lua)->pack;
    if (where.file >= pack->file_count || where.line == 0) {
        return (zw_text){"", 0};
    }
    const zw_file *file = &pack->files[where.file];
    zw_host_charge(lua, file->len / BYTES_A_STEP);
    return (zw_text){file->text, file->len};
}

static zw_where refined(zw_where where, zw_spot spot)
{
    return spot.line == 0 ? where : (zw_where){where.file, spot.line, spot.column};
}

zw_where zw_problem_at_name(lua_State *lua, const char *before, const char *name)
{
    zw_where where = zw_problem_here(lua);
    if (zw_host_is_shipped(lua)) { /* the name stands in a file that the pack only calls */
        return where;
    }
    return refined(where, zw_source_name(file_of(lua, where), where.line, before, name));
}

zw_where zw_problem_at_operation(lua_State *lua, const char *name)
{
    zw_where where = zw_problem_at_name(lua, ":", name);
    return where.column > 0 ? where : zw_problem_at_name(lua, ".", name);
}

zw_where zw_problem_at_text(lua_State *lua, const char *content)
{
    zw_where where = zw_problem_here(lua);
    if (zw_host_is_shipped(lua)) {
        return where;
    }
    return refined(where, zw_source_text(file_of(lua, where), where.line, content));
}

zw_where zw_problem_at_field(lua_State *lua, zw_where declared, const char *name, const char *field)
{
    zw_text file = file_of(lua, declared);
    return refined(declared, zw_source_field(file, declared.line, name, field));
}

static bool is_told(const zw_pack *pack, zw_where where, const char *text)
{
    for (size_t i = 0; i < pack->problem_count; i++) {
        const zw_problem *told = &pack->problems[i];
        if (told->where.file == where.file && told->where.line == where.line &&
            told->where.column == where.column && strcmp(told->text, text) == 0) {
            return true;
        }
    }
    return false;
}

static void note(lua_State *lua, zw_where where, const char *text)
{
    zw_script *script = zw_script_of(lua);
    if (script->stage == ZW_STAGE_READY) {
        (void)zw_host_raise(lua, (zw_place){where.file, where.line}, text);
    }
    zw_host_charge(lua, NOTE_STEPS);
    if (is_told(script->pack, where, text)) {
        return;
    }
    if (script->pack->problem_count >= ZW_PROBLEMS_MAX) {
        (void)luaL_error(lua, "more than %d mistakes: the rest is not read", ZW_PROBLEMS_MAX);
    }
    size_t before = script->pack->problem_count;
    zw_pack_problem(script->pack, where, "%s", text);
    if (script->pack->problem_count == before) {
        zw_err err;
        zw_script_fail(lua, zw_err_nomem(&err), &err);
    }
}

void zw_problem_note(lua_State *lua, zw_where where, const char *fmt, ...)
{
    char text[ZW_PROBLEM_BYTES];
    va_list args;
    va_start(args, fmt);
    (void)zw_cut_vformat(text, sizeof text, fmt, args);
    va_end(args);
    note(lua, where, text);
}

int zw_problem_poison(lua_State *lua, zw_where where, const char *fmt, ...)
{
    char text[ZW_PROBLEM_BYTES];
    va_list args;
    va_start(args, fmt);
    (void)zw_cut_vformat(text, sizeof text, fmt, args);
    va_end(args);
    note(lua, where, text);
    zw_handle_push_poison(lua);
    return 1;
}

const char *zw_problem_hint(const zw_nearest *nearest, char *out, size_t size)
{
    if (nearest->best == NULL ||
        snprintf(out, size, "; did you mean '%s'?", nearest->best) >= (int)size) {
        out[0] = '\0';
    }
    return out;
}
