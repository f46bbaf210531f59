/* An expression: how values of a script become nodes. */
#include "script/expression.h"

#include "script/problem.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { NODES_MAX = 200000 }; /* a loop that writes formulas ends here, not at the machine's end */

bool zw_expression_whole(lua_State *lua, zw_node_id node, const char *dim, zw_node_id *out)
{
    zw_node whole = {.op = ZW_OP_WHOLE, .kid = {node}, .kid_count = 1, .text = dim};
    return zw_expression_make(lua, &whole, out);
}

bool zw_expression_groups_fit(lua_State *lua, zw_node *proto, const char *const *groups,
                              const char **together, char *text, size_t size)
{
    const zw_pack *pack = zw_script_of(lua)->pack;
    const char *first = NULL;
    for (unsigned i = 0; i < proto->kid_count; i++) {
        first = first == NULL ? groups[i] : first;
    }
    *together = first;
    for (unsigned i = 0; first != NULL && i < proto->kid_count; i++) {
        if (groups[i] != NULL && strcmp(groups[i], first) != 0) {
            (void)snprintf(text, size, "one side is grouped by \"%s\", the other by \"%s\"", first,
                           groups[i]);
            return false;
        }
        text[0] = '\0';
        bool is_whole = groups[i] == NULL && zw_pack_node(pack, proto->kid[i])->has_grid;
        if (is_whole && !zw_expression_whole(lua, proto->kid[i], first, &proto->kid[i])) {
            return false;
        }
    }
    return true;
}

void zw_expression_room(lua_State *lua)
{
    if (zw_script_of(lua)->pack->node_count >= NODES_MAX) {
        (void)luaL_error(lua, "more than %d expressions: is one written in a loop?", NODES_MAX);
    }
    zw_script_room(lua);
}

bool zw_expression_make(lua_State *lua, zw_node *proto, zw_node_id *out)
{
    zw_script *script = zw_script_of(lua);
    zw_err err = {ZW_OK, ""};
    zw_expression_room(lua);
    if (proto->text != NULL) {
        zw_script_want_text(lua, zw_text_of(proto->text));
    }
    proto->where = zw_problem_here(lua);
    size_t before = script->pack->node_count;
    zw_status status = zw_formula_make(script->pack, proto, out, &err);
    if (script->pack->node_count > before) {
        zw_script_add(lua);
    }
    return zw_script_went_well(lua, status, &err, proto->where);
}

int zw_expression_push(lua_State *lua, zw_node *proto, const char *groups)
{
    zw_node_id node;
    if (zw_expression_make(lua, proto, &node)) {
        zw_handle_push_node(lua, node, groups);
    } else {
        zw_handle_push_poison(lua);
    }
    return 1;
}

static bool number_at(lua_State *lua, int index, zw_node_id *out, char *text, size_t size)
{
    zw_node proto = {.op = ZW_OP_NUMBER, .number = lua_tonumber(lua, index)};
    if (!isfinite(proto.number)) {
        (void)snprintf(text, size, "takes a finite number");
        return false;
    }
    text[0] = '\0'; /* whatever goes wrong from here on is told already */
    return zw_expression_make(lua, &proto, out);
}

/* What to write instead of something that is no expression itself. */
static const char *fix_of(const zw_handle *handle)
{
    switch (handle->is) {
    case ZW_HANDLE_TARGET:
        return ": use its :value(), :gap(), :shortfall() or :verdict(…)";
    case ZW_HANDLE_RULE:
        return ": use its :broken()";
    case ZW_HANDLE_REGISTER:
    case ZW_HANDLE_ITEMS:
        return ": use its :count(), :sum \"field\" …";
    default:
        return "";
    }
}

bool zw_expression_at(lua_State *lua, int index, zw_node_id *out, const char **groups, char *text,
                      size_t size)
{
    char words[ZW_HANDLE_WORDS_BYTES];
    const zw_handle *handle = zw_handle_at(lua, index);
    *out = ZW_NODE_NONE;
    if (groups != NULL) {
        *groups = NULL;
    }
    if (lua_type(lua, index) == LUA_TNUMBER) {
        return number_at(lua, index, out, text, size);
    }
    if (handle == NULL) {
        (void)snprintf(text, size, "takes a number or an expression, got %s",
                       zw_handle_words(lua, index, words));
        return false;
    }
    if (handle->is == ZW_HANDLE_POISON) {
        text[0] = '\0';
        return false;
    }
    if (!zw_handle_is_expression(handle)) {
        (void)snprintf(text, size, "takes an expression, got %s%s",
                       zw_handle_words(lua, index, words), fix_of(handle));
        return false;
    }
    if (handle->groups != NULL && groups == NULL) {
        (void)snprintf(text, size, "is still grouped by \"%s\": add :sum(), :mean(), :max() …",
                       handle->groups);
        return false;
    }
    *out = handle->node;
    if (groups != NULL) {
        *groups = handle->groups;
    }
    return true;
}

bool zw_expression_typed(lua_State *lua, int index, zw_type type, zw_node_id *out,
                         const char **groups, char *text, size_t size)
{
    if (!zw_expression_at(lua, index, out, groups, text, size)) {
        return false;
    }
    zw_type is = zw_pack_node(zw_script_of(lua)->pack, *out)->type;
    if (is == type) {
        return true;
    }
    (void)snprintf(text, size,
                   type == ZW_TYPE_TRUTH ? "takes a truth, got %s%s" : "takes a number, got %s%s",
                   zw_type_text(is), type == ZW_TYPE_TRUTH ? ": add :over(…), :under(…) …" : "");
    return false;
}

bool zw_expression_read(lua_State *lua, int index, zw_type type, zw_node_id *out, char *text,
                        size_t size)
{
    return zw_expression_typed(lua, index, type, out, NULL, text, size);
}
