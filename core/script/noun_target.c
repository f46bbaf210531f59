/* The noun target: where an expression must be by when. */
#include "script/handle.h"
#include "script/key_order.h"
#include "script/noun.h"
#include "script/problem.h"

#include <math.h>

static const zw_field fields[] = {
    {"title", ZW_FIELD_PLAIN}, {"note", ZW_FIELD_PLAIN},     {"each", ZW_FIELD_PLAIN},
    {"over", ZW_FIELD_PLAIN},  {"at_least", ZW_FIELD_PLAIN}, {"under", ZW_FIELD_PLAIN},
    {"path", ZW_FIELD_PLAIN},  {"at_most", ZW_FIELD_PLAIN},  {"from", ZW_FIELD_PLAIN},
    {"every", ZW_FIELD_PLAIN}, {NULL, ZW_FIELD_PLAIN},
};

/* One dated value: the key at stack index -2, the value at the top. */
static bool read_one(zw_fields *f, const char *field, zw_dated *out)
{
    char words[ZW_HANDLE_WORDS_BYTES];
    lua_State *lua = f->lua;
    *out = (zw_dated){.value = 0};
    if (!zw_fields_stamp_at(lua, -2, &out->when)) {
        if (lua_type(lua, -2) == LUA_TSTRING) {
            zw_fields_problem(f, field, "%s: \"%s\" is no period (2022, \"2025-Q2\" …)", field,
                              lua_tostring(lua, -2));
        } else {
            zw_fields_problem(f, field, "%s takes { [2022] = number, … }: a key is %s", field,
                              zw_handle_words(lua, -2, words));
        }
        return false;
    }
    if (lua_type(lua, -1) != LUA_TNUMBER || !isfinite(lua_tonumber(lua, -1))) {
        zw_fields_wrong(f, field, "{ [2022] = number, … }");
        return false;
    }
    out->value = lua_tonumber(lua, -1);
    return true;
}

/* `{ [2022] = 600e8, … }` in order of the keys. */
static bool read_dated(zw_fields *f, const char *field, const zw_dated **out, size_t *count)
{
    lua_State *lua = f->lua;
    bool is_right = true;
    if (!zw_fields_push(f, field)) {
        return false;
    }
    if (!lua_istable(lua, -1)) {
        zw_fields_wrong(f, field, "{ [2022] = number, … }");
        lua_pop(lua, 1);
        return false;
    }
    lua_Integer keys = zw_key_order_list(lua, -1);
    zw_dated *dated = lua_newuserdatauv(lua, ((size_t)keys + 1) * sizeof *dated, 0);
    for (lua_Integer i = 1; i <= keys && is_right; i++) {
        lua_rawgeti(lua, -2, i);
        lua_pushvalue(lua, -1);
        lua_rawget(lua, -5);
        is_right = read_one(f, field, &dated[i - 1]);
        lua_pop(lua, 2);
    }
    if (is_right && keys == 0) {
        zw_fields_problem(f, field, "%s is empty: say { [2022] = number, … }", field);
        is_right = false;
    }
    if (is_right) {
        *out = zw_script_copy(lua, dated, (size_t)keys * sizeof *dated);
        *count = (size_t)keys;
    }
    lua_pop(lua, 3);
    return is_right;
}

/* Which of over, at_least, under, at_most is there, and its values. */
static bool read_goal(zw_fields *f, zw_target *target)
{
    static const zw_compare compares[] = {ZW_COMPARE_OVER, ZW_COMPARE_AT_LEAST, ZW_COMPARE_UNDER,
                                          ZW_COMPARE_AT_MOST};
    const char *first = NULL;
    for (size_t i = 0; i < sizeof compares / sizeof compares[0]; i++) {
        const char *field = zw_compare_text(compares[i]);
        if (!zw_fields_has(f, field)) {
            continue;
        }
        if (first != NULL) {
            zw_fields_problem(f, field, "both %s and %s: a target points one way", first, field);
            return false;
        }
        first = field;
        target->has_compare = true;
        target->compare = compares[i];
    }
    if (first == NULL) {
        bool needs_one = target->expr != ZW_NODE_NONE && !f->is_spoilt;
        if (needs_one) { /* an unknown field may be the one that lacks: one mistake, one line */
            zw_fields_problem(f, NULL, "one of over, at_least, under, at_most is needed");
        }
        return target->expr == ZW_NODE_NONE;
    }
    return read_dated(f, first, &target->dated, &target->dated_count);
}

static bool read_path(zw_fields *f, zw_target *target)
{
    static const char *const words[] = {"linear", "geometric", "step", "seasonal", NULL};
    static const zw_path paths[] = {ZW_PATH_LINEAR, ZW_PATH_GEOMETRIC, ZW_PATH_STEP,
                                    ZW_PATH_SEASONAL};
    int choice = 0;
    if (!zw_fields_push(f, "path")) {
        return true;
    }
    bool is_function = lua_isfunction(f->lua, -1);
    lua_pop(f->lua, 1);
    if (is_function) {
        target->path = ZW_PATH_FUNCTION;
        return zw_fields_node(f, "path", ZW_TYPE_NUMBER, &target->path_node);
    }
    if (!zw_fields_choice(f, "path", words, NULL, &choice)) {
        return false;
    }
    target->path = paths[choice];
    return true;
}

static bool read_from(zw_fields *f, zw_target *target)
{
    const zw_dated *from;
    size_t count;
    if (!zw_fields_has(f, "from")) {
        return true;
    }
    if (!read_dated(f, "from", &from, &count)) {
        return false;
    }
    if (count != 1) {
        zw_fields_problem(f, "from", "from takes one dated value: { [2020] = number }");
        return false;
    }
    target->has_from = true;
    target->from = from[0];
    return true;
}

bool zw_noun_target(zw_fields *f, uint32_t *index)
{
    const zw_schema schema = {fields, 1, false};
    zw_target target = {.expr = ZW_NODE_NONE, .path = ZW_PATH_LINEAR, .path_node = ZW_NODE_NONE};
    zw_list each = {NULL, 0};
    zw_err err = {ZW_OK, ""};
    (void)zw_fields_check(f, &schema);
    zw_fields_title(f, &target.title);
    bool has_each = zw_fields_each(f, &each);
    target.each = each.at;
    target.each_count = each.count;
    bool is_right =
        !zw_fields_has(f, NULL) || zw_fields_node(f, NULL, ZW_TYPE_NUMBER, &target.expr);
    bool has_path = read_path(f, &target), has_from = read_from(f, &target);
    is_right = is_right && read_goal(f, &target) && has_each && has_path && has_from;
    if (!is_right) {
        return false;
    }
    zw_status status = zw_pack_add_target(f->script->pack, &target, index, &err);
    return zw_script_went_well(f->lua, status, &err, f->where);
}
