/* Field lists: among the fields of a declaration: texts, and handles of declared things. */
#include "script/fields.h"
#include "script/handle.h"
#include "script/problem.h"

#include <string.h>

enum { FOLDED_MAX = 512 };

bool zw_fields_is_list(lua_State *lua, int index)
{
    index = lua_absindex(lua, index);
    lua_Unsigned count = 0;
    for (lua_pushnil(lua); lua_next(lua, index) != 0; lua_pop(lua, 1)) {
        count++;
        if (!lua_isinteger(lua, -2) || lua_tointeger(lua, -2) < 1) {
            lua_pop(lua, 2);
            return false;
        }
    }
    return count == lua_rawlen(lua, index);
}

/* Puts what stands at the stack's top into a list of its own, if it is no list; so that one and
 * several are read alike. @return how many, or -1 when it is a table with other keys. */
static int as_list(lua_State *lua)
{
    if (!lua_istable(lua, -1)) {
        lua_createtable(lua, 1, 0);
        lua_insert(lua, -2);
        lua_rawseti(lua, -2, 1);
        return 1;
    }
    return zw_fields_is_list(lua, -1) ? (int)lua_rawlen(lua, -1) : -1;
}

/* Copies the text at the stack's top into the pack. */
static const char *text_of(zw_fields *f, const char *field, bool is_folded)
{
    size_t len;
    char folded[FOLDED_MAX];
    const char *text = lua_tolstring(f->lua, -1, &len);
    if (!is_folded) {
        return zw_script_text(f->lua, (zw_text){text, len});
    }
    if (!zw_text_fold_into((zw_text){text, len}, folded, sizeof folded) || folded[0] == '\0') {
        zw_fields_problem(f, field, "%s: a name is empty or too long", field);
        return NULL;
    }
    return zw_script_text(f->lua, zw_text_of(folded));
}

bool zw_fields_texts(zw_fields *f, const char *field, bool is_folded, zw_texts *out)
{
    lua_State *lua = f->lua;
    *out = (zw_texts){NULL, 0};
    if (!zw_fields_push(f, field)) {
        return false;
    }
    int count = as_list(lua);
    if (count < 0) {
        zw_fields_problem(f, field, "%s takes a text or a list of texts", field);
        lua_pop(lua, 1);
        return false;
    }
    bool is_right = true;
    const char **texts = lua_newuserdatauv(lua, ((size_t)count + 1) * sizeof *texts, 0);
    for (int i = 0; i < count && is_right; i++) {
        is_right = lua_rawgeti(lua, -2, i + 1) == LUA_TSTRING;
        if (!is_right) {
            zw_fields_wrong(f, field, "a text or a list of texts");
        } else {
            texts[i] = text_of(f, field, is_folded);
            is_right = texts[i] != NULL;
        }
        lua_pop(lua, 1);
    }
    if (is_right) {
        out->count = (size_t)count;
        out->at = zw_script_copy(lua, texts, (size_t)count * sizeof *texts);
    }
    lua_pop(lua, 2);
    return is_right;
}

static const char *expected_of(zw_noun noun)
{
    switch (noun) {
    case ZW_NOUN_AREA:
        return "an area or a list of areas";
    case ZW_NOUN_ALERT:
        return "an alert or a list of alerts";
    default:
        return "a handle or a list of handles";
    }
}

/* Handles of one or several nouns: the indexes of each go into the list of its own. */
struct sorted {
    const zw_noun *nouns;
    zw_list *lists;
    size_t noun_count;
    const char *expected;
};

/* Puts the handle at the stack's top where it belongs; `indexes` has room for `room` of each noun.
 * @return false when it belongs nowhere. */
static bool sort_handle(lua_State *lua, const struct sorted *sorted, uint32_t *indexes, size_t room)
{
    const zw_handle *handle = zw_handle_at(lua, -1);
    for (size_t n = 0; handle != NULL && n < sorted->noun_count; n++) {
        zw_list *list = &sorted->lists[n];
        if (zw_handle_noun(handle) == sorted->nouns[n]) {
            if (!zw_list_has(*list, handle->index)) {
                indexes[n * room + list->count++] = handle->index;
            }
            return true;
        }
    }
    return false;
}

static bool read_nouns(zw_fields *f, const char *field, const struct sorted *sorted)
{
    lua_State *lua = f->lua;
    if (!zw_fields_push(f, field)) {
        return false;
    }
    int count = as_list(lua);
    if (count < 0) {
        zw_fields_problem(f, field, "%s takes %s", field, sorted->expected);
        lua_pop(lua, 1);
        return false;
    }
    bool is_right = true;
    size_t room = (size_t)count;
    uint32_t *indexes =
        lua_newuserdatauv(lua, (sorted->noun_count * room + 1) * sizeof *indexes, 0);
    for (size_t n = 0; n < sorted->noun_count; n++) {
        sorted->lists[n].at = indexes + n * room;
    }
    for (int i = 0; i < count; i++) {
        lua_rawgeti(lua, -2, i + 1);
        if (!sort_handle(lua, sorted, indexes, room)) {
            zw_fields_wrong(f, field, sorted->expected);
            is_right = false;
        }
        lua_pop(lua, 1);
    }
    for (size_t n = 0; n < sorted->noun_count; n++) {
        zw_list *list = &sorted->lists[n];
        list->at = zw_script_copy(lua, list->at, list->count * sizeof *indexes);
    }
    lua_pop(lua, 2);
    return is_right;
}

bool zw_fields_nouns(zw_fields *f, const char *field, zw_noun noun, zw_list *out)
{
    struct sorted sorted = {&noun, out, 1, expected_of(noun)};
    *out = (zw_list){NULL, 0};
    return read_nouns(f, field, &sorted);
}

bool zw_fields_reported(zw_fields *f, const char *field, zw_list *measures, zw_list *registers)
{
    static const zw_noun nouns[] = {ZW_NOUN_MEASURE, ZW_NOUN_REGISTER};
    zw_list lists[2] = {{NULL, 0}, {NULL, 0}};
    struct sorted sorted = {nouns, lists, 2, "a measure, a register, or a list of them"};
    bool is_right = read_nouns(f, field, &sorted);
    *measures = lists[0];
    *registers = lists[1];
    return is_right;
}

bool zw_fields_each(zw_fields *f, zw_list *out)
{
    if (zw_fields_has(f, "each")) {
        if (!zw_fields_nouns(f, "each", ZW_NOUN_AREA, out)) {
            return false;
        }
        if (out->count == 0) {
            zw_fields_problem(f, "each", "each is an empty list: nobody would be watched");
            return false;
        }
        return true;
    }
    uint32_t zone = zw_pack_only_zone(f->script->pack);
    if (zone == ZW_NONE) {
        f->is_spoilt = true;
        bool has_zones = false;
        for (size_t i = 0; i < f->script->pack->area_count; i++) {
            has_zones = has_zones || f->script->pack->areas[i].is_zone;
        }
        if (has_zones) { /* a pack without any is told once, at its end */
            zw_fields_problem(f, NULL, "say which zone: each = …");
        }
        return false;
    }
    if (!f->script->has_leant) {
        f->script->has_leant = true;
        f->script->leant_at = f->where;
    }
    out->at = zw_script_copy(f->lua, &zone, sizeof zone);
    out->count = 1;
    return true;
}

bool zw_fields_each_or_items(zw_fields *f, zw_list *out, bool *has_items, uint32_t *reg)
{
    bool is_said = zw_fields_push(f, "each");
    const zw_handle *handle = is_said ? zw_handle_at(f->lua, -1) : NULL;
    *has_items = handle != NULL && handle->is == ZW_HANDLE_REGISTER;
    *reg = *has_items ? handle->index : ZW_NONE;
    lua_pop(f->lua, is_said ? 1 : 0);
    *out = (zw_list){NULL, 0};
    return *has_items || zw_fields_each(f, out);
}
