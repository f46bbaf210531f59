/* Register methods: what can be asked of a register and of some of its items. */
#include "plan/infer.h"
#include "script/expression.h"
#include "script/fields.h"
#include "script/filter.h"
#include "script/key_order.h"
#include "script/method.h"
#include "script/problem.h"

#include <stdlib.h>
#include <string.h>

static zw_node proto_of(const zw_method *method, const zw_handle *self)
{
    return (zw_node){
        .op = (zw_op)method->param, .ref = self->index, .kid = {self->node}, .kid_count = 1};
}

static int push(lua_State *lua, zw_node *proto, const zw_handle *self)
{
    return zw_expression_push(lua, proto, self->groups);
}

/* `:count()`, `:overdue()`, `:on_time()` */
static int run_plain(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    zw_node proto = proto_of(method, self);
    return push(lua, &proto, self);
}

/* `:added()`, `:added { since = 2021 }` */
static int run_moved(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    zw_stamp since;
    zw_node proto = proto_of(method, self);
    if (lua_gettop(lua) < 2) {
        return push(lua, &proto, self);
    }
    if (!lua_istable(lua, 2) || zw_key_order_list(lua, 2) != 1 ||
        lua_getfield(lua, 2, "since") == LUA_TNIL || !zw_fields_stamp_at(lua, -1, &since)) {
        return zw_method_refuse(lua, method, "takes nothing or { since = a period }");
    }
    proto.text = zw_script_text(lua, zw_text_of(lua_tostring(lua, -1)));
    return push(lua, &proto, self);
}

/* `:due_within "14d"`, `:stuck "90d"`, `:silent "90d"` */
static int run_length(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    zw_node proto = proto_of(method, self);
    if (lua_type(lua, 2) != LUA_TSTRING ||
        !zw_length_parse(zw_text_of(lua_tostring(lua, 2)), &proto.length)) {
        return zw_method_refuse(lua, method, "takes a length (\"30d\", \"3 months\" …)");
    }
    proto.has_length = true;
    return push(lua, &proto, self);
}

/* The state at the stack's top; -1 after pushing poison. */
static int state_at(lua_State *lua, const zw_method *method, const zw_register *reg)
{
    char words[ZW_HANDLE_WORDS_BYTES], hint[ZW_PROBLEM_BYTES];
    if (lua_type(lua, -1) != LUA_TSTRING) {
        (void)zw_method_refuse(lua, method, "takes a state of register \"%s\", got %s",
                               reg->title.name, zw_handle_words(lua, -1, words));
        return -1;
    }
    zw_nearest nearest;
    const char *name = lua_tostring(lua, -1);
    zw_nearest_init(&nearest, zw_text_of(name));
    int state = zw_register_state_of(reg, zw_text_of(name), &nearest);
    if (state < 0) {
        (void)zw_problem_poison(lua, zw_problem_at_text(lua, name),
                                "register \"%s\" has no state '%s'%s", reg->title.name, name,
                                zw_problem_hint(&nearest, hint, sizeof hint));
    }
    return state;
}

/* `:in_state "x"`, `:in_state { "x", "y" }` */
static int run_in_state(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    const zw_register *reg = &zw_script_of(lua)->pack->registers[self->index];
    zw_node proto = proto_of(method, self);
    bool is_list = lua_istable(lua, 2);
    size_t count = is_list ? lua_rawlen(lua, 2) : 1;
    if (is_list && (!zw_fields_is_list(lua, 2) || count == 0)) {
        return zw_method_refuse(lua, method, "takes a state or a list of states");
    }
    for (size_t i = 1; i <= count; i++) {
        if (is_list) {
            lua_rawgeti(lua, 2, (lua_Integer)i);
        } else {
            lua_pushvalue(lua, 2);
        }
        int state = state_at(lua, method, reg);
        if (state < 0) {
            return 1;
        }
        proto.states |= UINT32_C(1) << state;
        lua_pop(lua, 1);
    }
    return push(lua, &proto, self);
}

/* `:reached "x"`: x or a state behind it */
static int run_reached(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    const zw_register *reg = &zw_script_of(lua)->pack->registers[self->index];
    zw_node proto = proto_of(method, self);
    int state = state_at(lua, method, reg);
    if (state < 0) {
        return 1;
    }
    for (size_t s = (size_t)state; s < reg->state_count; s++) {
        proto.states |= UINT32_C(1) << s;
    }
    return push(lua, &proto, self);
}

/* The name of a field at index 2, as the pack's text; NULL after pushing poison. */
static const char *field_at(lua_State *lua, const zw_method *method)
{
    char words[ZW_HANDLE_WORDS_BYTES];
    if (lua_type(lua, 2) != LUA_TSTRING) {
        (void)zw_method_refuse(lua, method, "takes the name of a field, got %s",
                               zw_handle_words(lua, 2, words));
        return NULL;
    }
    return zw_script_text(lua, zw_text_of(lua_tostring(lua, 2)));
}

/* `:has("type", { … })`, `:has "type"` */
static int run_has(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    zw_node proto = proto_of(method, self);
    zw_filter filter = {.dim = ""};
    proto.text = field_at(lua, method);
    if (proto.text == NULL) {
        return 1;
    }
    if (lua_gettop(lua) >= 3) {
        filter.dim = proto.text;
        lua_pushvalue(lua, 3);
        if (!zw_filter_read(lua, &filter)) {
            return zw_method_refuse(lua, method,
                                    "takes the name of a field and a value, a list "
                                    "of values or attr \"name\"");
        }
        proto.filters = &filter;
        proto.filter_count = 1;
    }
    return push(lua, &proto, self);
}

/* `:sum "field"` */
static int run_sum(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    zw_node proto = proto_of(method, self);
    proto.op = ZW_OP_ITEM_VALUES;
    proto.how = ZW_HOW_SUM;
    proto.text = field_at(lua, method);
    return proto.text == NULL ? 1 : push(lua, &proto, self);
}

/* `:top "field"` */
static int run_top(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    zw_node proto = proto_of(method, self);
    proto.text = field_at(lua, method);
    return proto.text == NULL ? 1 : push(lua, &proto, self);
}

/* `:values "field"`, waiting for how */
static int run_values(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    const char *field = field_at(lua, method);
    if (field == NULL) {
        return 1;
    }
    zw_handle *values = zw_handle_push(lua, ZW_HANDLE_VALUES);
    values->index = self->index;
    values->node = self->node;
    values->groups = self->groups;
    values->text = field;
    return 1;
}

/* The state at index `at` of the stack; -1 after pushing poison. */
static int state_arg(lua_State *lua, const zw_method *method, const zw_register *reg, int at)
{
    lua_pushvalue(lua, at);
    return state_at(lua, method, reg);
}

/* `:days("posted", "awarded")`, waiting for how */
static int run_days(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    const zw_register *reg = &zw_script_of(lua)->pack->registers[self->index];
    int from = state_arg(lua, method, reg, 2);
    int to = from >= 0 ? state_arg(lua, method, reg, 3) : -1;
    if (from < 0 || to < 0) {
        return 1;
    }
    zw_handle *values = zw_handle_push(lua, ZW_HANDLE_VALUES);
    values->index = self->index;
    values->node = self->node;
    values->groups = self->groups;
    values->count = from;
    values->number = to;
    return 1;
}

/* `:sum()`, `:quantile(0.9)` and their kin of `:values "field"` and `:days(…)` */
static int run_how(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    zw_node proto = proto_of(method, self);
    proto.op = self->text != NULL ? ZW_OP_ITEM_VALUES : ZW_OP_ITEM_DAYS;
    proto.how = (zw_how)method->param;
    proto.text = self->text;
    if (proto.how == ZW_HOW_QUANTILE) {
        proto.number = lua_type(lua, 2) == LUA_TNUMBER ? lua_tonumber(lua, 2) : -1;
        if (!(proto.number >= 0 && proto.number <= 1)) {
            return zw_method_refuse(lua, method, "takes a number from 0 to 1");
        }
    }
    if (proto.op == ZW_OP_ITEM_DAYS) {
        proto.count = self->count;
        proto.states = UINT32_C(1) << (unsigned)self->number;
    }
    return push(lua, &proto, self);
}

/* `:late()`, `:late "30d"`: of the register, whichever of its items are meant */
static int run_late(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    zw_node proto = proto_of(method, self);
    if (self->groups != NULL) {
        return zw_method_refuse(lua, method, "is of the register, not of groups");
    }
    return lua_gettop(lua) >= 2 ? run_length(lua, method, self) : push(lua, &proto, self);
}

/* --- which items --- */

static int push_items(lua_State *lua, const zw_handle *self, zw_node_id node)
{
    zw_handle *items = zw_handle_push(lua, ZW_HANDLE_ITEMS);
    items->index = self->index;
    items->node = node;
    items->groups = self->groups;
    return 1;
}

/* `:by "field"`: what is asked next is asked of each group */
static int run_by(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    const zw_register *reg = &zw_script_of(lua)->pack->registers[self->index];
    zw_register_field field;
    zw_err err = {ZW_OK, ""};
    const char *name = field_at(lua, method);
    if (name == NULL) {
        return 1;
    }
    if (self->groups != NULL) {
        return zw_method_refuse(lua, method, "is already grouped by \"%s\"", self->groups);
    }
    if (zw_infer_field(reg, name, &field, &err) != ZW_OK) {
        return zw_method_refuse(lua, method, "%s", err.text);
    }
    push_items(lua, self, self->node);
    zw_handle_at(lua, -1)->groups = name;
    return 1;
}

/* `:where(truth)`, `:except(truth)` */
static int where_truth(lua_State *lua, const zw_method *method, const zw_handle *self,
                       const zw_handle *truth)
{
    zw_node_id node = truth->node;
    zw_node beside = {.op = ZW_OP_NOT, .kid = {node}, .kid_count = 1};
    if (truth->groups != NULL) {
        return zw_method_refuse(lua, method, "takes a truth, got one grouped by \"%s\"",
                                truth->groups);
    }
    if (method->param != 0 && !zw_expression_make(lua, &beside, &node)) {
        zw_handle_push_poison(lua);
        return 1;
    }
    zw_node both = {.op = ZW_OP_AND, .kid = {self->node, node}, .kid_count = 2};
    if (!zw_expression_make(lua, &both, &node)) {
        zw_handle_push_poison(lua);
        return 1;
    }
    return push_items(lua, self, node);
}

/* `:where { field = … }`, `:where(truth)`; param: is it except */
static int run_where(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    char words[ZW_HANDLE_WORDS_BYTES];
    zw_script *script = zw_script_of(lua);
    zw_node_id node = self->node;
    const zw_handle *truth = zw_handle_at(lua, 2);
    if (truth != NULL && zw_handle_is_truth(script, truth)) {
        return where_truth(lua, method, self, truth);
    }
    if (!lua_istable(lua, 2)) {
        return zw_method_refuse(lua, method, "takes { field = value } or a truth, got %s",
                                zw_handle_words(lua, 2, words));
    }
    lua_Integer count = zw_key_order_list(lua, 2);
    for (lua_Integer i = 1; i <= count; i++) {
        zw_err err = {ZW_OK, ""};
        zw_filter filter = {.is_except = method->param != 0};
        if (lua_rawgeti(lua, 3, i) != LUA_TSTRING) {
            return zw_method_refuse(lua, method, "takes { field = value }");
        }
        filter.dim = zw_script_text(lua, zw_text_of(lua_tostring(lua, -1)));
        lua_rawget(lua, 2);
        if (zw_handle_is_poison(lua, -1)) {
            return 1;
        }
        if (!zw_filter_read(lua, &filter)) {
            return zw_method_refuse(lua, method, ZW_FILTER_WORDS, filter.dim,
                                    zw_handle_words(lua, -1, words));
        }
        lua_pop(lua, 1);
        zw_status status = zw_formula_where_items(script->pack, node, &filter, &node, &err);
        if (!zw_script_went_well(lua, status, &err, zw_problem_at_name(lua, NULL, filter.dim))) {
            zw_handle_push_poison(lua);
            return 1;
        }
    }
    return push_items(lua, self, node);
}

const zw_method zw_register_methods[] = {
    {"where", run_where, ZW_ON_REGISTER, 1, 1, 0},
    {"except", run_where, ZW_ON_REGISTER, 1, 1, 1},
    {"count", run_plain, ZW_ON_REGISTER, 0, 0, ZW_OP_ITEM_COUNT},
    {"added", run_moved, ZW_ON_REGISTER, 0, 1, ZW_OP_ITEM_ADDED},
    {"left", run_moved, ZW_ON_REGISTER, 0, 1, ZW_OP_ITEM_LEFT},
    {"sum", run_sum, ZW_ON_REGISTER, 1, 1, 0},
    {"values", run_values, ZW_ON_REGISTER, 1, 1, 0},
    {"has", run_has, ZW_ON_REGISTER, 1, 2, ZW_OP_ITEM_HAS},
    {"overdue", run_plain, ZW_ON_REGISTER, 0, 0, ZW_OP_ITEM_OVERDUE},
    {"due_within", run_length, ZW_ON_REGISTER, 1, 1, ZW_OP_ITEM_DUE_WITHIN},
    {"in_state", run_in_state, ZW_ON_REGISTER, 1, 1, ZW_OP_ITEM_IN_STATE},
    {"reached", run_reached, ZW_ON_REGISTER, 1, 1, ZW_OP_ITEM_REACHED},
    {"stuck", run_length, ZW_ON_REGISTER, 1, 1, ZW_OP_ITEM_STUCK},
    {"silent", run_length, ZW_ON_REGISTER, 1, 1, ZW_OP_ITEM_SILENT},
    {"on_time", run_plain, ZW_ON_REGISTER, 0, 0, ZW_OP_ITEM_ON_TIME},
    {"sum", run_how, ZW_ON_VALUES, 0, 0, ZW_HOW_SUM},
    {"mean", run_how, ZW_ON_VALUES, 0, 0, ZW_HOW_MEAN},
    {"max", run_how, ZW_ON_VALUES, 0, 0, ZW_HOW_MAX},
    {"min", run_how, ZW_ON_VALUES, 0, 0, ZW_HOW_MIN},
    {"count", run_how, ZW_ON_VALUES, 0, 0, ZW_HOW_COUNT},
    {"median", run_how, ZW_ON_VALUES, 0, 0, ZW_HOW_MEDIAN},
    {"stddev", run_how, ZW_ON_VALUES, 0, 0, ZW_HOW_STDDEV},
    {"quantile", run_how, ZW_ON_VALUES, 1, 1, ZW_HOW_QUANTILE},
    {"top", run_top, ZW_ON_REGISTER, 1, 1, ZW_OP_ITEM_TOP},
    {"days", run_days, ZW_ON_REGISTER, 2, 2, 0},
    {"by", run_by, ZW_ON_REGISTER, 1, 1, 0},
    {"late", run_late, ZW_ON_REGISTER, 0, 1, ZW_OP_ITEM_LATE},
    {NULL, NULL, 0, 0, 0, 0},
};
