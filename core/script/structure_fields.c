/* The field sdmx. Its keys are read in an order of their own, so that mistakes are told in the same
 * order everywhere. */
#include "script/structure_fields.h"
#include "script/handle.h"
#include "script/key_order.h"
#include "script/problem.h"

#include <string.h>

enum { PAIRS_MAX = 64 };

static const char field[] = "sdmx";
static const char *const keys[] = {"structure", "area", "where", "by", "total", "ignore"};

/* The text at the stack's top, or a number's, in the pack; NULL when it is neither. */
static const char *text_at_top(const zw_fields *f)
{
    int type = lua_type(f->lua, -1);
    size_t len;
    if (type != LUA_TSTRING && type != LUA_TNUMBER) {
        return NULL;
    }
    lua_pushvalue(f->lua, -1); /* tolstring changes a number in its place */
    const char *text = lua_tolstring(f->lua, -1, &len);
    text = len > 0 ? zw_script_text(f->lua, (zw_text){text, len}) : NULL;
    lua_pop(f->lua, 1);
    return text;
}

/* Pushes what stands under `key` in the table at the stack's top. @return false, nothing pushed,
 * when nothing does. */
static bool push_key(const zw_fields *f, const char *key)
{
    lua_pushstring(f->lua, key);
    if (lua_rawget(f->lua, -2) == LUA_TNIL) {
        lua_pop(f->lua, 1);
        return false;
    }
    return true;
}

static const char *read_text(zw_fields *f, const char *key)
{
    if (!push_key(f, key)) {
        return NULL;
    }
    const char *text = text_at_top(f);
    if (text == NULL) {
        zw_fields_problem(f, field, "sdmx: %s takes a text", key);
    }
    lua_pop(f->lua, 1);
    return text;
}

/* The pairs of the table at the stack's top as { key, value }. */
static bool read_pairs(zw_fields *f, const char *key, zw_sdmx_pair pairs[PAIRS_MAX], size_t *count)
{
    lua_State *lua = f->lua;
    lua_Integer all = zw_key_order_list(lua, -1);
    bool is_right = all <= PAIRS_MAX;
    for (lua_Integer i = 1; i <= all && is_right; i++) {
        lua_rawgeti(lua, -1, i);
        const char *name = lua_type(lua, -1) == LUA_TSTRING ? text_at_top(f) : NULL;
        lua_rawget(lua, -3); /* the name makes way for what stands under it */
        const char *what = text_at_top(f);
        lua_pop(lua, 1);
        is_right = name != NULL && what != NULL;
        pairs[(*count)++] = (zw_sdmx_pair){name, what};
    }
    lua_pop(lua, 1);
    if (!is_right) {
        zw_fields_problem(f, field, "sdmx: %s takes pairs of texts, at most %d: %s", key, PAIRS_MAX,
                          strcmp(key, "by") == 0 ? "by = { dimension = \"COLUMN\" }"
                                                 : "where = { COLUMN = \"code\" }");
    }
    return is_right;
}

/* @return the pairs in the pack; NULL when there are none or they are wrong. */
static zw_sdmx_pair *read_table(zw_fields *f, const char *key, size_t *count)
{
    zw_sdmx_pair pairs[PAIRS_MAX];
    zw_sdmx_pair *copy = NULL;
    *count = 0;
    if (!push_key(f, key)) {
        return NULL;
    }
    if (!lua_istable(f->lua, -1)) {
        zw_fields_problem(f, field, "sdmx: %s takes a table", key);
    } else if (read_pairs(f, key, pairs, count) && *count > 0) {
        copy = zw_script_copy(f->lua, pairs, *count * sizeof pairs[0]);
    }
    lua_pop(f->lua, 1);
    *count = copy != NULL ? *count : 0;
    return copy;
}

/* "by" is written as { dimension = "COLUMN" }. */
static void read_dims(zw_fields *f, const zw_measure *measure, zw_sdmx_map *map)
{
    char hint[ZW_PROBLEM_BYTES];
    zw_sdmx_pair *pairs = read_table(f, "by", &map->dim_count);
    for (size_t i = 0; i < map->dim_count; i++) {
        const char *dim = pairs[i].column;
        bool has_dim = false;
        zw_nearest nearest;
        zw_nearest_init(&nearest, zw_text_of(dim));
        for (size_t d = 0; d < measure->dims.count; d++) {
            has_dim = has_dim || strcmp(measure->dims.at[d], dim) == 0;
            zw_nearest_try(&nearest, measure->dims.at[d]);
        }
        if (!has_dim) {
            zw_fields_problem(f, field, "sdmx: by: it has no dimension '%s'%s", dim,
                              zw_problem_hint(&nearest, hint, sizeof hint));
        }
        pairs[i] = (zw_sdmx_pair){.column = pairs[i].what, .what = dim};
    }
    map->dims = pairs;
}

/* A total is one of a column that is a dimension. */
static void read_totals(zw_fields *f, zw_sdmx_map *map)
{
    map->totals = read_table(f, "total", &map->total_count);
    for (size_t i = 0; i < map->total_count; i++) {
        bool is_dim = false;
        for (size_t d = 0; d < map->dim_count; d++) {
            is_dim = is_dim || strcmp(map->dims[d].column, map->totals[i].column) == 0;
        }
        if (!is_dim) {
            zw_fields_problem(f, field, "sdmx: total: '%s' is no column of by",
                              map->totals[i].column);
        }
    }
}

static void read_ignored(zw_fields *f, zw_sdmx_map *map)
{
    const char *texts[PAIRS_MAX];
    size_t count = 0;
    lua_State *lua = f->lua;
    if (!push_key(f, "ignore")) {
        return;
    }
    bool is_right =
        lua_istable(lua, -1) && zw_fields_is_list(lua, -1) && lua_rawlen(lua, -1) <= PAIRS_MAX;
    for (lua_Integer i = 1; is_right && i <= (lua_Integer)lua_rawlen(lua, -1); i++) {
        lua_rawgeti(lua, -1, i);
        texts[count] = text_at_top(f);
        is_right = texts[count++] != NULL;
        lua_pop(lua, 1);
    }
    lua_pop(lua, 1);
    if (!is_right) {
        zw_fields_problem(f, field, "sdmx: ignore takes a list of texts, at most %d", PAIRS_MAX);
    } else if (count > 0) {
        map->ignored = zw_script_copy(lua, texts, count * sizeof texts[0]);
        map->ignored_count = count;
    }
}

static void check_keys(zw_fields *f)
{
    char hint[ZW_PROBLEM_BYTES];
    lua_State *lua = f->lua;
    lua_Integer all = zw_key_order_list(lua, -1);
    for (lua_Integer i = 1; i <= all; i++) {
        lua_rawgeti(lua, -1, i);
        const char *key = lua_type(lua, -1) == LUA_TSTRING ? lua_tostring(lua, -1) : "";
        bool is_known = false;
        zw_nearest nearest;
        zw_nearest_init(&nearest, zw_text_of(key));
        for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++) {
            is_known = is_known || strcmp(key, keys[k]) == 0;
            zw_nearest_try(&nearest, keys[k]);
        }
        if (!is_known) {
            zw_fields_problem(f, field, "sdmx has no '%s'%s", key,
                              zw_problem_hint(&nearest, hint, sizeof hint));
        }
        lua_pop(lua, 1);
    }
    lua_pop(lua, 1);
}

static void check_structure(zw_fields *f, const zw_sdmx_map *map)
{
    const char *colon = map->structure != NULL ? strchr(map->structure, ':') : NULL;
    if (colon == NULL || colon == map->structure || colon[1] == '\0' ||
        strpbrk(map->structure, " \t\r\n") != NULL) {
        zw_fields_problem(
            f, field, "sdmx: structure takes \"AGENCY:ID\" or \"AGENCY:ID(VERSION)\"%s%s",
            map->structure != NULL ? ", got " : "", map->structure != NULL ? map->structure : "");
    }
}

/* True when the two may speak of the same structure. */
static bool is_same_structure(const char *a, const char *b)
{
    size_t len = zw_sdmx_structure_length(zw_text_of(a));
    bool has_versions = a[len] != '\0' && b[zw_sdmx_structure_length(zw_text_of(b))] != '\0';
    return has_versions ? strcmp(a, b) == 0
                        : len == zw_sdmx_structure_length(zw_text_of(b)) && strncmp(a, b, len) == 0;
}

/* True when some column must hold one code here and another there. */
static bool is_apart(const zw_sdmx_map *a, const zw_sdmx_map *b)
{
    for (size_t i = 0; i < a->where_count; i++) {
        for (size_t j = 0; j < b->where_count; j++) {
            if (strcmp(a->where[i].column, b->where[j].column) == 0 &&
                strcmp(a->where[i].what, b->where[j].what) != 0) {
                return true;
            }
        }
    }
    return false;
}

static void check_others(zw_fields *f, const zw_sdmx_map *map)
{
    const zw_pack *pack = f->script->pack;
    for (size_t m = 0; m < pack->measure_count; m++) {
        const zw_measure *other = &pack->measures[m];
        if (other->has_sdmx && is_same_structure(other->sdmx.structure, map->structure) &&
            !is_apart(&other->sdmx, map)) {
            zw_fields_problem(f, field,
                              "sdmx: measure '%s' may take the same rows: in where, a column must "
                              "tell them apart",
                              other->title.name);
        }
    }
}

static void read_map(zw_fields *f, zw_measure *measure)
{
    zw_sdmx_map *map = &measure->sdmx;
    check_keys(f);
    map->measure = measure->title.name;
    map->structure = read_text(f, "structure");
    map->area = read_text(f, "area");
    map->where = read_table(f, "where", &map->where_count);
    read_dims(f, measure, map);
    read_totals(f, map);
    read_ignored(f, map);
    if (!f->is_spoilt) {
        check_structure(f, map);
    }
    if (!f->is_spoilt) {
        check_others(f, map);
    }
}

void zw_fields_structure(zw_fields *f, zw_measure *measure)
{
    bool was_spoilt = f->is_spoilt;
    if (!zw_fields_push(f, field)) {
        return;
    }
    f->is_spoilt = false;
    if (lua_istable(f->lua, -1) && !zw_handle_is_poison(f->lua, -1)) {
        read_map(f, measure);
        measure->has_sdmx = !f->is_spoilt;
    } else {
        zw_fields_wrong(f, field, "{ structure = \"AGENCY:ID\", … }");
    }
    f->is_spoilt = f->is_spoilt || was_spoilt;
    lua_pop(f->lua, 1);
}
