/* Target methods: a target's path, how far behind it the value is, and its verdict. */
#include "script/expression.h"
#include "script/fields.h"
#include "script/method.h"
#include "script/problem.h"

#include <string.h>

static zw_node_id node_of(const zw_target *target, zw_op op)
{
    switch (op) {
    case ZW_OP_TARGET_VALUE:
        return target->value;
    case ZW_OP_TARGET_GAP:
        return target->gap;
    case ZW_OP_TARGET_SHORTFALL:
        return target->shortfall;
    case ZW_OP_TARGET_REQUIRED:
        return target->required_growth;
    case ZW_OP_TARGET_PROJECTED:
        return target->projected;
    default:
        return ZW_NODE_NONE;
    }
}

/* `:projected "low"`, `:projected "high"`: the same figure by the least, the largest of its years.
 */
static int push_end(lua_State *lua, const zw_method *method, zw_node_id node)
{
    const char *word = lua_type(lua, 2) == LUA_TSTRING ? lua_tostring(lua, 2) : "";
    zw_node proto = *zw_pack_node(zw_script_of(lua)->pack, node);
    bool is_low = strcmp(word, "low") == 0;
    if (!is_low && strcmp(word, "high") != 0) {
        return zw_method_refuse(lua, method, "takes \"low\", \"high\" or nothing");
    }
    proto.how = is_low ? ZW_HOW_MIN : ZW_HOW_MAX;
    return zw_expression_push(lua, &proto, NULL);
}

static int run_figure(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    const zw_target *target = &zw_script_of(lua)->pack->targets[self->index];
    zw_node_id node = node_of(target, (zw_op)method->param);
    if (node == ZW_NODE_NONE) {
        return zw_method_refuse(
            lua, method, "of target \"%s\" has no value: %s", target->title.name,
            target->expr == ZW_NODE_NONE ? "it says no expression"
                                         : "its expression has nothing to follow");
    }
    if (lua_gettop(lua) >= 2) {
        return push_end(lua, method, node);
    }
    zw_handle_push_node(lua, node, NULL);
    return 1;
}

/* Adds the verdict at the stack's top to `verdicts`. False after pushing poison. */
static bool add_verdict(lua_State *lua, const zw_method *method, uint32_t *verdicts)
{
    char hint[ZW_PROBLEM_BYTES], words[ZW_HANDLE_WORDS_BYTES];
    zw_verdict verdict;
    if (lua_type(lua, -1) != LUA_TSTRING) {
        (void)zw_method_refuse(lua, method, "takes a verdict or a list of verdicts, got %s",
                               zw_handle_words(lua, -1, words));
        return false;
    }
    const char *text = lua_tostring(lua, -1);
    if (zw_verdict_parse(zw_text_of(text), &verdict)) {
        *verdicts |= UINT32_C(1) << verdict;
        return true;
    }
    zw_nearest nearest;
    zw_nearest_init(&nearest, zw_text_of(text));
    for (int i = 0; i < ZW_VERDICT_COUNT; i++) {
        zw_nearest_try(&nearest, zw_verdict_text((zw_verdict)i));
    }
    (void)zw_problem_poison(lua, zw_problem_at_text(lua, text), "no verdict is called '%s'%s", text,
                            zw_problem_hint(&nearest, hint, sizeof hint));
    return false;
}

static int run_verdict(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    const zw_target *target = &zw_script_of(lua)->pack->targets[self->index];
    zw_node proto = {
        .op = ZW_OP_VERDICT, .ref = self->index, .kid = {target->expr}, .kid_count = 1};
    if (target->expr == ZW_NODE_NONE) {
        return zw_method_refuse(lua, method, "of target \"%s\" has no value: it says no expression",
                                target->title.name);
    }
    if (!lua_istable(lua, 2)) {
        lua_createtable(lua, 1, 0);
        lua_insert(lua, 2);
        lua_rawseti(lua, 2, 1);
    }
    size_t count = lua_rawlen(lua, 2);
    if (count == 0 || !zw_fields_is_list(lua, 2)) {
        return zw_method_refuse(lua, method, "takes a verdict or a list of verdicts");
    }
    for (size_t i = 1; i <= count; i++) {
        lua_rawgeti(lua, 2, (lua_Integer)i);
        if (!add_verdict(lua, method, &proto.verdicts)) {
            return 1;
        }
        lua_pop(lua, 1);
    }
    return zw_expression_push(lua, &proto, NULL);
}

const zw_method zw_target_methods[] = {
    {"value", run_figure, ZW_ON_TARGET, 0, 0, ZW_OP_TARGET_VALUE},
    {"gap", run_figure, ZW_ON_TARGET, 0, 0, ZW_OP_TARGET_GAP},
    {"shortfall", run_figure, ZW_ON_TARGET, 0, 0, ZW_OP_TARGET_SHORTFALL},
    {"required_growth", run_figure, ZW_ON_TARGET, 0, 0, ZW_OP_TARGET_REQUIRED},
    {"projected", run_figure, ZW_ON_TARGET, 0, 1, ZW_OP_TARGET_PROJECTED},
    {"verdict", run_verdict, ZW_ON_TARGET, 1, 1, 0},
    {NULL, NULL, 0, 0, 0, 0},
};
