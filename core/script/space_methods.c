/* Space methods: operations over areas and dimensions, and the hows (`:sum()` …) that end a window,
 * parts or groups. */
#include "script/expression.h"
#include "script/fields.h"
#include "script/filter.h"
#include "script/key_order.h"
#include "script/method.h"
#include "script/problem.h"

#include <stdlib.h>
#include <string.h>

/* Refuses with words; "": they are told already. */
static int refuse(lua_State *lua, const zw_method *method, const char *text)
{
    if (text[0] != '\0') {
        return zw_method_refuse(lua, method, "%s", text);
    }
    zw_handle_push_poison(lua);
    return 1;
}

/* --- :where, :except --- */

/* `:where(truth)`, `:except(truth)`: of groups only those where it holds, else left out. */
static int run_filter(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    char text[ZW_PROBLEM_BYTES];
    const char *groups[2] = {self->groups, NULL}, *together;
    zw_node proto = {.op = ZW_OP_FILTER, .kid = {self->node}, .kid_count = 2};
    if (!zw_expression_typed(lua, 2, ZW_TYPE_TRUTH, &proto.kid[1], &groups[1], text, sizeof text)) {
        return zw_method_refuse(lua, method, "%s", text);
    }
    zw_node not = {.op = ZW_OP_NOT, .kid = {proto.kid[1]}, .kid_count = 1};
    bool is_made = method->param == 0 || zw_expression_make(lua, &not, &proto.kid[1]);
    text[0] = '\0';
    if (!is_made || !zw_expression_groups_fit(lua, &proto, groups, &together, text, sizeof text)) {
        return refuse(lua, method, text);
    }
    return zw_expression_push(lua, &proto, together);
}

/* `:where { field = … }`, `:except { … }`; param: is it except. */
static int run_where(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    char words[ZW_HANDLE_WORDS_BYTES];
    zw_script *script = zw_script_of(lua);
    zw_where where = zw_problem_here(lua);
    zw_node_id node = self->node;
    const zw_handle *truth = zw_handle_at(lua, 2);
    if (truth != NULL && zw_handle_is_truth(script, truth)) {
        return run_filter(lua, method, self);
    }
    if (!lua_istable(lua, 2)) {
        return zw_method_refuse(lua, method, "takes { dimension = value } or a truth, got %s",
                                zw_handle_words(lua, 2, words));
    }
    lua_Integer count = zw_key_order_list(lua, 2);
    for (lua_Integer i = 1; i <= count; i++) {
        zw_err err = {ZW_OK, ""};
        zw_filter filter = {.is_except = method->param != 0};
        if (lua_rawgeti(lua, 3, i) != LUA_TSTRING) {
            return zw_method_refuse(lua, method, "takes { dimension = value } or a truth");
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
        zw_expression_room(lua);
        size_t before = script->pack->node_count;
        zw_status status = zw_formula_where(script->pack, node, &filter, where, &node, &err);
        if (script->pack->node_count > before) {
            zw_script_add(lua);
        }
        if (!zw_script_went_well(lua, status, &err, zw_problem_at_name(lua, NULL, filter.dim))) {
            zw_handle_push_poison(lua);
            return 1;
        }
    }
    zw_handle_push_node(lua, node, self->groups);
    return 1;
}

/* True where a node has made one value of the groups of a dimension. */
static bool has_folded(const zw_node *node, const char *dim)
{
    bool folds = node->op == ZW_OP_GROUPS || node->op == ZW_OP_WHOLE ||
                 (node->op == ZW_OP_PARTS && node->how == ZW_HOW_SIMILARITY);
    return folds && strcmp(node->text, dim) == 0;
}

/* A measure under `node` that lacks the dimension; NULL when all have it. Kids come before parents,
 * so one walk down from the node marks everything under it. @param has_any  true when one has it.
 */
static const zw_measure *lacks_dim(lua_State *lua, zw_node_id node, const char *dim,
                                   zw_nearest *nearest, bool *has_any)
{
    *has_any = false;
    const zw_pack *pack = zw_script_of(lua)->pack;
    const zw_measure *lacking = NULL;
    zw_host_charge(lua, node / 16);
    unsigned char *marks = lua_newuserdatauv(lua, (size_t)node + 1, 0);
    memset(marks, 0, (size_t)node + 1);
    marks[node] = 1;
    for (zw_node_id id = node + 1; id-- > 0;) {
        const zw_node *n = &pack->nodes[id];
        for (unsigned i = 0; marks[id] != 0 && !has_folded(n, dim) && i < n->kid_count; i++) {
            marks[n->kid[i]] = 1;
        }
        if (marks[id] == 0 || n->op != ZW_OP_MEASURE) {
            continue;
        }
        bool has = zw_measure_has_dim(&pack->measures[n->ref], zw_text_of(dim), nearest);
        lacking = has ? lacking : &pack->measures[n->ref];
        *has_any = *has_any || has;
    }
    lua_pop(lua, 1);
    return lacking;
}

static int run_by(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    if (lua_type(lua, 2) != LUA_TSTRING) {
        return zw_method_refuse(lua, method, "takes the name of a dimension");
    }
    if (self->groups != NULL) {
        return zw_method_refuse(lua, method, "is already grouped by \"%s\": add :sum() … first",
                                self->groups);
    }
    const char *groups = zw_script_text(lua, zw_text_of(lua_tostring(lua, 2)));
    char hint[ZW_PROBLEM_BYTES];
    zw_nearest nearest;
    zw_nearest_init(&nearest, zw_text_of(groups));
    bool has_any;
    const zw_measure *lacking = lacks_dim(lua, self->node, groups, &nearest, &has_any);
    if (lacking != NULL) {
        return zw_problem_poison(lua, zw_problem_at_text(lua, groups),
                                 "measure \"%s\" has no dimension '%s'%s", lacking->title.name,
                                 groups, zw_problem_hint(&nearest, hint, sizeof hint));
    }
    if (!has_any) {
        return zw_method_refuse(lua, method, "finds nothing that has groups of \"%s\" left",
                                groups);
    }
    zw_handle_push_node(lua, self->node, groups);
    return 1;
}

/* `x:share()` of groups: each one's part of their sum. */
static int run_share(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    if (self->groups == NULL) {
        return zw_method_refuse(lua, method, "is each group's part: it needs :by(…) before it");
    }
    zw_node sum = {.op = ZW_OP_GROUPS,
                   .kid = {self->node},
                   .kid_count = 1,
                   .how = ZW_HOW_SUM,
                   .text = self->groups};
    zw_node share = {.op = ZW_OP_SHARE, .kid = {self->node}, .kid_count = 2};
    if (!zw_expression_make(lua, &sum, &share.kid[1]) ||
        !zw_expression_whole(lua, share.kid[1], self->groups, &share.kid[1])) {
        zw_handle_push_poison(lua);
        return 1;
    }
    return zw_expression_push(lua, &share, self->groups);
}

/* --- :of, :share_of, :rank, :areas --- */

/* `:of(area)`, `:share_of(area)`; param: the operation over both, or ZW_OP_OF for the other alone.
 */
static int run_of(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    char words[ZW_HANDLE_WORDS_BYTES];
    zw_node proto = {.op = ZW_OP_OF, .kid = {self->node}, .kid_count = 1, .ref = ZW_NONE};
    const zw_handle *area = zw_handle_at(lua, 2);
    const char *text = lua_type(lua, 2) == LUA_TSTRING ? lua_tostring(lua, 2) : "";
    if (area != NULL && area->is == ZW_HANDLE_AREA) {
        proto.ref = area->index;
    } else if (strcmp(text, "parent") == 0 || strcmp(text, "zone") == 0) {
        proto.text = text;
    } else {
        return zw_method_refuse(lua, method, "takes an area, \"parent\" or \"zone\", got %s",
                                zw_handle_words(lua, 2, words));
    }
    if (method->param == ZW_OP_OF) {
        return zw_expression_push(lua, &proto, self->groups);
    }
    zw_node both = {.op = (zw_op)method->param, .kid = {self->node}, .kid_count = 2};
    if (!zw_expression_make(lua, &proto, &both.kid[1])) {
        zw_handle_push_poison(lua);
        return 1;
    }
    return zw_expression_push(lua, &both, self->groups);
}

static int run_rank(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    (void)method;
    zw_node proto = {.op = ZW_OP_RANK, .kid = {self->node}, .kid_count = 1};
    return zw_expression_push(lua, &proto, self->groups);
}

/* The areas of the list at stack index 2, into the handle at the top. */
static bool read_areas(lua_State *lua, zw_handle *parts)
{
    size_t count = lua_rawlen(lua, 2);
    uint32_t *areas = lua_newuserdatauv(lua, (count + 1) * sizeof *areas, 0);
    for (size_t i = 0; i < count; i++) {
        lua_rawgeti(lua, 2, (lua_Integer)i + 1);
        const zw_handle *area = zw_handle_at(lua, -1);
        if (area == NULL || area->is != ZW_HANDLE_AREA) {
            lua_replace(lua, 2); /* the one to be named */
            lua_pop(lua, 1);
            return false;
        }
        areas[i] = area->index;
        lua_pop(lua, 1);
    }
    parts->areas = zw_script_copy(lua, areas, count * sizeof *areas);
    parts->area_count = count;
    lua_pop(lua, 1);
    return true;
}

static int run_areas(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    char words[ZW_HANDLE_WORDS_BYTES];
    bool has_list = lua_gettop(lua) >= 2;
    if (has_list &&
        (!lua_istable(lua, 2) || !zw_fields_is_list(lua, 2) || lua_rawlen(lua, 2) == 0)) {
        return zw_method_refuse(lua, method, "takes a list of areas or nothing, got %s",
                                lua_istable(lua, 2) ? "an empty list or other keys"
                                                    : zw_handle_words(lua, 2, words));
    }
    zw_handle *parts = zw_handle_push(lua, ZW_HANDLE_PARTS);
    parts->node = self->node;
    parts->groups = self->groups;
    if (has_list && !read_areas(lua, parts)) {
        if (zw_handle_is_poison(lua, 2)) {
            lua_pushvalue(lua, 2);
            return 1;
        }
        return zw_method_refuse(lua, method, "takes a list of areas, but one is %s",
                                zw_handle_words(lua, 2, words));
    }
    return 1;
}

/* --- the hows --- */

/* The groups made into one value. */
static int end_groups(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    zw_node proto = {.op = ZW_OP_GROUPS,
                     .kid = {self->node},
                     .kid_count = 1,
                     .how = (zw_how)method->param,
                     .text = self->groups};
    if (self->groups != NULL) {
        return zw_expression_push(lua, &proto, NULL);
    }
    if (zw_handle_is_truth(zw_script_of(lua), self)) {
        return zw_method_refuse(lua, method,
                                "needs :by(…) before the truth; over areas it is "
                                "%s(truth, areas)",
                                method->name);
    }
    return zw_method_refuse(lua, method,
                            "needs a window (:%s \"1 year\"), or :by(…) or :areas() before it",
                            method->name);
}

/* `:sum()` and its kin: of parts, a window or groups; with a window, `x:mean "15m"` is
 * `x:rolling("15m"):mean()`. */
static int run_how(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    zw_node proto = {.kid = {self->node}, .kid_count = 1, .how = (zw_how)method->param};
    bool has_window = lua_gettop(lua) >= 2;
    bool can_have = self->is != ZW_HANDLE_WINDOW && self->is != ZW_HANDLE_PARTS &&
                    !zw_handle_is_truth(zw_script_of(lua), self);
    if (has_window && can_have) {
        int32_t count;
        return zw_method_periods(lua, method, 2, self->node, &count)
                   ? zw_method_end_window(lua, self, count, (zw_how)method->param, 0)
                   : 1;
    }
    if (has_window) {
        return zw_method_refuse(lua, method, "takes no value here");
    }
    if (self->is == ZW_HANDLE_WINDOW) {
        return zw_method_end_window(lua, self, self->count, (zw_how)method->param, 0);
    }
    if (self->is == ZW_HANDLE_PARTS) {
        proto.op = ZW_OP_PARTS;
        proto.areas = self->areas;
        proto.area_count = self->area_count;
        return zw_expression_push(lua, &proto, self->groups);
    }
    return end_groups(lua, method, self);
}

/* `:spread()` and `:similarity()` of parts. */
static int run_parts_how(lua_State *lua, const zw_method *method, const zw_handle *self)
{
    zw_node proto = {.op = ZW_OP_PARTS,
                     .kid = {self->node},
                     .kid_count = 1,
                     .how = (zw_how)method->param,
                     .areas = self->areas,
                     .area_count = self->area_count};
    if (proto.how != ZW_HOW_SIMILARITY) {
        return zw_expression_push(lua, &proto, self->groups);
    }
    if (self->groups == NULL) {
        return zw_method_refuse(lua, method, "compares groups: it needs :by(…) before :areas()");
    }
    proto.text = self->groups;
    return zw_expression_push(lua, &proto, NULL);
}

enum { HOW_ON = ZW_ON_NUMBER | ZW_ON_WINDOW | ZW_ON_PARTS };

const zw_method zw_space_methods[] = {
    {"where", run_where, ZW_ON_NUMBER, 1, 1, 0},
    {"except", run_where, ZW_ON_NUMBER, 1, 1, 1},
    {"by", run_by, ZW_ON_NUMBER, 1, 1, 0},
    {"of", run_of, ZW_ON_NUMBER | ZW_ON_TRUTH | ZW_ON_TEXT, 1, 1, ZW_OP_OF},
    {"areas", run_areas, ZW_ON_NUMBER, 0, 1, 0},
    {"sum", run_how, HOW_ON, 0, 1, ZW_HOW_SUM},
    {"mean", run_how, HOW_ON, 0, 1, ZW_HOW_MEAN},
    {"max", run_how, HOW_ON, 0, 1, ZW_HOW_MAX},
    {"min", run_how, HOW_ON, 0, 1, ZW_HOW_MIN},
    {"count", run_how, HOW_ON | ZW_ON_TRUTH, 0, 1, ZW_HOW_COUNT},
    {"share", run_share, ZW_ON_NUMBER, 0, 0, 0},
    {"share_of", run_of, ZW_ON_NUMBER, 1, 1, ZW_OP_SHARE},
    {"rank", run_rank, ZW_ON_NUMBER, 0, 0, 0},
    {"spread", run_parts_how, ZW_ON_PARTS, 0, 0, ZW_HOW_SPREAD},
    {"similarity", run_parts_how, ZW_ON_PARTS, 0, 0, ZW_HOW_SIMILARITY},
    {"all", run_how, ZW_ON_TRUTH, 0, 0, ZW_HOW_ALL},
    {"any", run_how, ZW_ON_TRUTH, 0, 0, ZW_HOW_ANY},
    {NULL, NULL, 0, 0, 0, 0},
};
