/* Truth methods: comparisons, what is known of a value, and truths held. */
#include "plan/graph.h"
#include "script/expression.h"
#include "script/filter.h"
#include "script/method.h"
#include "script/problem.h"

#include <float.h>
#include <string.h>

static int refuse(lua_State *lua, const zw_method *method, const char *text)
{
    if (text[0] != '\0') {
        return zw_method_refuse(lua, method, "%s", text);
    }
    zw_handle_push_poison(lua);
    return 1;
}

/* Self compared with the values behind it, group by group where one is grouped. */
static int run_compare(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    char text[ZW_PROBLEM_BYTES];
    const char *groups[3] = {self->groups, NULL, NULL}, *together;
    zw_node proto = {.op = (zw_op)method->param, .kid = {self->node}, .kid_count = 1};
    for (int i = 1; i <= method->least; i++) {
        if (!zw_expression_typed(lua, i + 1, ZW_TYPE_NUMBER, &proto.kid[i], &groups[i], text,
                                 sizeof text)) {
            return refuse(lua, method, text);
        }
        proto.kid_count++;
    }
    if (!zw_expression_groups_fit(lua, &proto, groups, &together, text, sizeof text)) {
        return refuse(lua, method, text);
    }
    return zw_expression_push(lua, &proto, together);
}

/* A text's `:equals "x"`, `:equals { "x", "y" }` */
static int run_is(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    zw_filter filter = {.dim = ""};
    zw_node proto = {.op = ZW_OP_IS, .kid = {self->node}, .kid_count = 1, .filter_count = 1};
    lua_settop(lua, 2);
    if (!zw_filter_read(lua, &filter) || filter.attr != NULL) {
        return zw_method_refuse(lua, method, "takes a text or a list of texts");
    }
    proto.filters = &filter;
    return zw_expression_push(lua, &proto, self->groups);
}

/* `:rises(n = 1)`, `:falls(n)`, `truth:held(n)` */
static int run_steps(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    zw_node proto = {.op = (zw_op)method->param, .kid = {self->node}, .kid_count = 1, .count = 1};
    if (lua_gettop(lua) >= 2 && lua_type(lua, 2) != LUA_TNUMBER) {
        return zw_method_refuse(lua, method, "takes a number of periods");
    }
    if (lua_gettop(lua) >= 2 && !zw_method_periods(lua, method, 2, self->node, &proto.count)) {
        return 1;
    }
    return zw_expression_push(lua, &proto, self->groups);
}

/* `:flat(n, tol = 0)` */
static int run_flat(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    zw_node proto = {.op = ZW_OP_FLAT, .kid = {self->node}, .kid_count = 1};
    bool has_most = lua_gettop(lua) >= 3;
    proto.number = has_most && lua_type(lua, 3) == LUA_TNUMBER ? lua_tonumber(lua, 3) : 0;
    if (lua_type(lua, 2) != LUA_TNUMBER || (has_most && lua_type(lua, 3) != LUA_TNUMBER) ||
        !(proto.number >= 0 && proto.number <= DBL_MAX)) {
        return zw_method_refuse(lua, method,
                                "takes a number of periods and how much each may "
                                "move, from 0");
    }
    if (!zw_method_periods(lua, method, 2, self->node, &proto.count)) {
        return 1;
    }
    return zw_expression_push(lua, &proto, self->groups);
}

static void note_register(void *arg, uint32_t reg)
{
    ((bool *)arg)[reg] = true;
}

/* `proto`, or that a report of a register under it is late: of those on its own period length. */
static int push_late(lua_State *lua, zw_node *proto)
{
    const zw_pack *pack = zw_script_of(lua)->pack;
    zw_grid grid = zw_pack_node(pack, proto->kid[0])->grid;
    bool *is_under = lua_newuserdatauv(lua, pack->register_count + 1, 0);
    zw_node either = {.op = ZW_OP_OR, .kid_count = 2};
    zw_err err = {ZW_OK, ""};
    memset(is_under, 0, pack->register_count + 1);
    zw_status status = zw_graph_registers(pack, proto->kid[0], note_register, is_under, &err);
    if (status != ZW_OK) {
        zw_script_fail(lua, status, &err);
    }
    zw_node_id node = ZW_NODE_NONE;
    bool is_made = zw_expression_make(lua, proto, &node);
    for (uint32_t r = 0; is_made && r < pack->register_count; r++) {
        const zw_register *reg = &pack->registers[r];
        zw_node late = {.op = ZW_OP_ITEM_LATE,
                        .ref = r,
                        .kid = {reg->node},
                        .kid_count = 1,
                        .length = proto->length,
                        .has_length = proto->has_length};
        if (is_under[r] && reg->has_due && zw_grid_same(reg->grid, grid)) {
            either.kid[0] = node;
            is_made = zw_expression_make(lua, &late, &either.kid[1]) &&
                      zw_expression_make(lua, &either, &node);
        }
    }
    if (is_made) {
        zw_handle_push_node(lua, node, NULL);
    } else {
        zw_handle_push_poison(lua);
    }
    return 1;
}

/* `:late()`, `:late "30d"`, `:revised "30d"`, `:missing()`, `:partial()` */
static int run_known(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    zw_node proto = {.op = (zw_op)method->param, .kid = {self->node}, .kid_count = 1};
    if (lua_gettop(lua) >= 2) {
        if (lua_type(lua, 2) != LUA_TSTRING ||
            !zw_length_parse(zw_text_of(lua_tostring(lua, 2)), &proto.length)) {
            return zw_method_refuse(lua, method, "takes a length (\"30d\", \"3 months\" …)");
        }
        proto.has_length = true;
    }
    if (proto.op == ZW_OP_LATE && self->groups == NULL) {
        return push_late(lua, &proto);
    }
    return zw_expression_push(lua, &proto, self->groups);
}

bool zw_method_broken_items(lua_State *lua, const zw_rule *rule, zw_node_id *out)
{
    zw_node kept = {.op = ZW_OP_NOT, .kid = {rule->must}, .kid_count = 1};
    zw_node both = {.op = ZW_OP_AND,
                    .kid = {zw_script_of(lua)->pack->registers[rule->items].node, ZW_NODE_NONE},
                    .kid_count = 2};
    zw_node count = {.op = ZW_OP_ITEM_COUNT, .ref = rule->items, .kid_count = 1};
    zw_node none = {.op = ZW_OP_NUMBER, .number = 0};
    zw_node over = {.op = ZW_OP_OVER, .kid_count = 2};
    return zw_expression_make(lua, &kept, &both.kid[1]) &&
           zw_expression_make(lua, &both, &count.kid[0]) &&
           zw_expression_make(lua, &count, &over.kid[0]) &&
           zw_expression_make(lua, &none, &over.kid[1]) && zw_expression_make(lua, &over, out);
}

/* A rule's `:broken()` */
static int run_broken(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    (void)method;
    const zw_rule *rule = &zw_script_of(lua)->pack->rules[self->index];
    zw_node_id node;
    if (rule->has_items && zw_method_broken_items(lua, rule, &node)) {
        zw_handle_push_node(lua, node, NULL);
        return 1;
    }
    if (rule->has_items) {
        zw_handle_push_poison(lua);
        return 1;
    }
    zw_node proto = {.op = ZW_OP_BROKEN,
                     .ref = self->index,
                     .kid = {zw_script_of(lua)->pack->rules[self->index].must},
                     .kid_count = 1};
    return zw_expression_push(lua, &proto, NULL);
}

/* The severity that argument 2 names; any, without one. @return -1 when it is none. */
static int least_severity(lua_State *lua)
{
    const char *word = lua_type(lua, 2) == LUA_TSTRING ? lua_tostring(lua, 2) : "";
    if (lua_gettop(lua) < 2) {
        return ZW_INFO;
    }
    for (int s = 0; s < ZW_SEVERITY_COUNT; s++) {
        if (strcmp(word, zw_severity_text((zw_severity)s)) == 0) {
            return s;
        }
    }
    return -1;
}

/* An alert's `:firing()`, `:firing "critical"`: at least as severe. Under it stands the first of
 * its truths that would say so. */
static int run_firing(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    zw_pack *pack = zw_script_of(lua)->pack;
    zw_alert *alert = &pack->alerts[self->index];
    int least = least_severity(lua);
    if (least < 0) {
        return zw_method_refuse(lua, method, "takes \"info\", \"warning\" or \"critical\"");
    }
    zw_node proto = {.op = ZW_OP_FIRING,
                     .ref = self->index,
                     .count = least,
                     .kid = {ZW_NODE_NONE},
                     .kid_count = 1};
    for (int s = ZW_SEVERITY_COUNT - 1; s >= least; s--) {
        proto.kid[0] = alert->when[s] != ZW_NODE_NONE ? alert->when[s] : proto.kid[0];
    }
    if (proto.kid[0] == ZW_NODE_NONE) {
        return zw_method_refuse(
            lua, method, "\"%s\": %s \"%s\" is never so severe",
            zw_severity_text((zw_severity)least),
            zw_noun_text(zw_alert_is_guard(alert) ? ZW_NOUN_GUARD : ZW_NOUN_ALERT),
            alert->title.name);
    }
    alert->is_asked = true;
    return zw_expression_push(lua, &proto, NULL);
}

const zw_method zw_truth_methods[] = {
    {"over", run_compare, ZW_ON_NUMBER, 1, 1, ZW_OP_OVER},
    {"under", run_compare, ZW_ON_NUMBER, 1, 1, ZW_OP_UNDER},
    {"at_least", run_compare, ZW_ON_NUMBER, 1, 1, ZW_OP_AT_LEAST},
    {"at_most", run_compare, ZW_ON_NUMBER, 1, 1, ZW_OP_AT_MOST},
    {"equals", run_compare, ZW_ON_NUMBER, 1, 1, ZW_OP_EQUALS},
    {"within", run_compare, ZW_ON_NUMBER, 2, 2, ZW_OP_WITHIN},
    {"equals", run_is, ZW_ON_TEXT, 1, 1, ZW_OP_IS},
    {"rises", run_steps, ZW_ON_NUMBER, 0, 1, ZW_OP_RISES},
    {"falls", run_steps, ZW_ON_NUMBER, 0, 1, ZW_OP_FALLS},
    {"flat", run_flat, ZW_ON_NUMBER, 1, 2, ZW_OP_FLAT},
    {"held", run_steps, ZW_ON_TRUTH, 1, 1, ZW_OP_HELD},
    {"late", run_known, ZW_ON_NUMBER, 0, 1, ZW_OP_LATE},
    {"revised", run_known, ZW_ON_NUMBER, 0, 1, ZW_OP_REVISED},
    {"missing", run_known, ZW_ON_NUMBER | ZW_ON_TEXT, 0, 0, ZW_OP_MISSING},
    {"partial", run_known, ZW_ON_NUMBER, 0, 0, ZW_OP_PARTIAL},
    {"broken", run_broken, ZW_ON_RULE, 0, 0, 0},
    {"firing", run_firing, ZW_ON_ALERT, 0, 1, 0},
    {NULL, NULL, 0, 0, 0, 0},
};
