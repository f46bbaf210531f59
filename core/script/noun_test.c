/* The noun test: figures a pack is given, and what it must make of them. */
#include "script/expression.h"
#include "script/figure_table.h"
#include "script/given_items.h"
#include "script/key_order.h"
#include "script/method.h"
#include "script/noun.h"
#include "script/problem.h"

#include "intake/batch.h"

#include <math.h>
#include <string.h>

static const zw_field fields[] = {
    {"title", ZW_FIELD_PLAIN},   {"note", ZW_FIELD_PLAIN}, {"given", ZW_FIELD_NEEDED},
    {"expect", ZW_FIELD_NEEDED}, {"at", ZW_FIELD_PLAIN},   {NULL, ZW_FIELD_PLAIN},
};

/* Everything a test gathers while its tables are walked. */
typedef struct gathering {
    zw_growing given, items, expect;
    uint32_t measure;   /* of the figures being given; ZW_NONE: */
    uint32_t reg;       /* of the rows being given */
    zw_expect expected; /* noun, index and node of what is being expected */
} gathering;

static bool is_spoilt_name(const zw_fields *f, const char *name)
{
    return zw_pool_find(f->script->spoilt, zw_text_of(name)) != ZW_POOL_NONE;
}

/* --- given --- */

static bool open_named_given(zw_fields *f, gathering *g, const char *name)
{
    char hint[ZW_PROBLEM_BYTES];
    zw_nearest nearest;
    zw_nearest_init(&nearest, zw_text_of(name));
    g->reg = zw_pack_register(f->script->pack, zw_text_of(name), NULL);
    if (g->reg != ZW_NONE) {
        return true;
    }
    g->measure = zw_pack_measure(f->script->pack, zw_text_of(name), &nearest);
    (void)zw_pack_register(f->script->pack, zw_text_of(name), &nearest);
    if (g->measure == ZW_NONE && !is_spoilt_name(f, name)) {
        zw_fields_problem(f, "given", "given: \"%s\" is no measure and no register%s", name,
                          zw_problem_hint(&nearest, hint, sizeof hint));
    }
    return g->measure != ZW_NONE;
}

static bool open_given(zw_fields *f, void *arg, int key)
{
    char words[ZW_HANDLE_WORDS_BYTES];
    gathering *g = arg;
    lua_State *lua = f->lua;
    const zw_handle *handle = zw_handle_at(lua, key);
    g->measure = g->reg = ZW_NONE;
    if (handle != NULL && handle->is == ZW_HANDLE_MEASURE) {
        g->measure = handle->index;
        return true;
    }
    if (handle != NULL && handle->is == ZW_HANDLE_REGISTER) {
        g->reg = handle->index;
        return true;
    }
    if (lua_type(lua, key) != LUA_TSTRING) {
        zw_fields_problem(f, "given", "given takes measures and registers, got %s",
                          zw_handle_words(lua, key, words));
        return false;
    }
    return open_named_given(f, g, lua_tostring(lua, key));
}

static bool is_register_given(void *arg)
{
    const gathering *g = arg;
    return g->measure == ZW_NONE;
}

static void take_row(zw_fields *f, void *arg, const zw_figure *figure)
{
    gathering *g = arg;
    zw_given_item row = {.reg = g->reg,
                         .area = figure->area,
                         .where = zw_problem_at_field(f->lua, f->where, f->name, "given")};
    if (zw_given_item_read(f, &row)) {
        *(zw_given_item *)zw_growing_add(f->lua, &g->items) = row;
    }
}

/* `by = { industry = "ai" }` at the stack's top, as deliveries write dimensions. */
static const char *read_by(zw_fields *f, uint32_t measure)
{
    lua_State *lua = f->lua;
    luaL_Buffer text;
    if (!lua_istable(lua, -1)) {
        zw_fields_wrong(f, "given", "by = { dimension = \"value\" }");
        return NULL;
    }
    int table = lua_gettop(lua);
    lua_Integer count = zw_key_order_list(lua, table);
    luaL_buffinit(lua, &text);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(lua, table + 1, i);
        lua_pushvalue(lua, -1);
        bool is_right = lua_type(lua, -1) == LUA_TSTRING && lua_rawget(lua, table) == LUA_TSTRING &&
                        zw_measure_has_dim(&f->script->pack->measures[measure],
                                           zw_text_of(lua_tostring(lua, -2)), NULL);
        if (!is_right) {
            zw_fields_problem(f, "given", "given: by takes the dimensions of \"%s\" with texts",
                              f->script->pack->measures[measure].title.name);
            lua_settop(lua, table);
            return NULL;
        }
        lua_pushfstring(lua, "%s%s=%s", i > 1 ? "\x1f" : "", lua_tostring(lua, -2),
                        lua_tostring(lua, -1));
        lua_replace(lua, -3);
        lua_pop(lua, 1);
        luaL_addvalue(&text);
    }
    luaL_pushresult(&text);
    const char *dims = zw_script_text(lua, zw_text_of(lua_tostring(lua, -1)));
    lua_settop(lua, table);
    return dims;
}

static bool read_status(zw_fields *f, zw_given *given)
{
    zw_obs_status status;
    const char *text = lua_type(f->lua, -1) == LUA_TSTRING ? lua_tostring(f->lua, -1) : "?";
    if (!zw_obs_status_parse(zw_text_of(text), &status) || text[0] == '\0') {
        zw_fields_problem(f, "given", "given: status takes \"A\", \"P\", \"E\", \"F\" or \"M\"");
        return false;
    }
    given->status = zw_obs_status_letter(status);
    return true;
}

static bool read_value(zw_fields *f, zw_given *given)
{
    if (lua_type(f->lua, -1) != LUA_TNUMBER || !isfinite(lua_tonumber(f->lua, -1))) {
        zw_fields_wrong(f, "given", "a number, { number, known_at = … } or a list of such");
        return false;
    }
    given->has_value = true;
    given->value = lua_tonumber(f->lua, -1);
    return true;
}

/* One field of a figure: the key at -2, the value at the top. */
static bool read_part(zw_fields *f, zw_given *given)
{
    static const char *const known[] = {"value", "known_at", "status", "scope", "by"};
    char hint[ZW_PROBLEM_BYTES];
    lua_State *lua = f->lua;
    if (lua_isinteger(lua, -2) && lua_tointeger(lua, -2) == 1) {
        return read_value(f, given);
    }
    const char *key = lua_type(lua, -2) == LUA_TSTRING ? lua_tostring(lua, -2) : "";
    if (strcmp(key, "value") == 0) {
        return read_value(f, given);
    }
    if (strcmp(key, "status") == 0) {
        return read_status(f, given);
    }
    if (strcmp(key, "by") == 0) {
        given->dims = read_by(f, given->measure);
        return given->dims != NULL;
    }
    if (strcmp(key, "scope") == 0 && lua_type(lua, -1) == LUA_TSTRING) {
        given->scope = zw_script_text(lua, zw_text_of(lua_tostring(lua, -1)));
        return true;
    }
    if (strcmp(key, "known_at") == 0) {
        given->has_known_at = zw_fields_stamp_at(lua, -1, &given->known_at);
        if (!given->has_known_at) {
            zw_fields_problem(f, "given", "given: known_at takes a day or a moment");
        }
        return given->has_known_at;
    }
    zw_nearest nearest;
    zw_nearest_init(&nearest, zw_text_of(key));
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        zw_nearest_try(&nearest, known[i]);
    }
    zw_fields_problem(f, "given", "given: a figure has no field '%s'%s", key,
                      zw_problem_hint(&nearest, hint, sizeof hint));
    return false;
}

/* `{ value, known_at = …, … }` at the stack's top. */
static bool read_figure(zw_fields *f, zw_given *given)
{
    lua_State *lua = f->lua;
    int table = lua_gettop(lua);
    lua_Integer count = zw_key_order_list(lua, table);
    bool is_right = true;
    for (lua_Integer i = 1; i <= count && is_right; i++) {
        lua_rawgeti(lua, table + 1, i);
        lua_pushvalue(lua, -1);
        lua_rawget(lua, table);
        is_right = read_part(f, given);
        lua_settop(lua, table + 1);
    }
    lua_settop(lua, table);
    if (is_right && given->has_value == (given->status == 'M')) {
        zw_fields_problem(f, "given",
                          given->has_value ? "given: a figure with status \"M\" is withdrawn: it "
                                             "has no value"
                                           : "given: a figure needs a value");
        return false;
    }
    return is_right;
}

/* One figure at the stack's top. */
static void give(zw_fields *f, gathering *g, const zw_figure *figure)
{
    zw_given given = {.measure = g->measure,
                      .area = figure->area,
                      .dims = "",
                      .scope = "",
                      .period = figure->period,
                      .status = 'A',
                      .where = zw_problem_at_field(f->lua, f->where, f->name, "given")};
    bool is_right = lua_istable(f->lua, -1) ? read_figure(f, &given) : read_value(f, &given);
    if (is_right) {
        *(zw_given *)zw_growing_add(f->lua, &g->given) = given;
    }
}

static void take_given(zw_fields *f, void *arg, const zw_figure *figure)
{
    lua_State *lua = f->lua;
    bool is_list = false;
    if (lua_istable(lua, -1)) {
        is_list = lua_rawgeti(lua, -1, 1) == LUA_TTABLE;
        lua_pop(lua, 1);
    }
    if (!is_list) {
        give(f, arg, figure);
        return;
    }
    size_t count = lua_rawlen(lua, -1);
    if (!zw_fields_is_list(lua, -1)) {
        zw_fields_problem(f, "given", "given takes a list of { value, known_at = … }");
        return;
    }
    for (size_t i = 1; i <= count; i++) {
        lua_rawgeti(lua, -1, (lua_Integer)i);
        give(f, arg, figure);
        lua_pop(lua, 1);
    }
}

/* --- expect --- */

static bool expect_declared(zw_fields *f, zw_expect *e, zw_noun noun, uint32_t index)
{
    const zw_pack *pack = f->script->pack;
    e->noun = noun;
    e->index = index;
    e->node = noun == ZW_NOUN_MEASURE     ? pack->measures[index].node
              : noun == ZW_NOUN_INDICATOR ? pack->indicators[index].node
              : noun == ZW_NOUN_RULE      ? pack->rules[index].must
                                          : ZW_NODE_NONE;
    if (noun == ZW_NOUN_RULE && pack->rules[index].has_items) { /* kept by every item */
        zw_node all = {.op = ZW_OP_NOT, .kid_count = 1};
        return zw_method_broken_items(f->lua, &pack->rules[index], &all.kid[0]) &&
               zw_expression_make(f->lua, &all, &e->node);
    }
    return noun == ZW_NOUN_MEASURE || noun == ZW_NOUN_INDICATOR || noun == ZW_NOUN_RULE ||
           noun == ZW_NOUN_TARGET || noun == ZW_NOUN_ALERT;
}

static bool open_named(zw_fields *f, zw_expect *e, const char *name)
{
    char hint[ZW_PROBLEM_BYTES];
    uint32_t index;
    zw_noun noun = zw_pack_find(f->script->pack, zw_text_of(name), &index);
    if (noun != ZW_NOUN_NONE && expect_declared(f, e, noun, index)) {
        return true;
    }
    if (is_spoilt_name(f, name)) {
        return false;
    }
    zw_nearest nearest;
    zw_nearest_init(&nearest, zw_text_of(name));
    zw_pack_try_names(f->script->pack, ZW_NOUN_MEASURE, ZW_NOUN_ALERT, &nearest);
    zw_fields_problem(f, "expect", "expect: nothing is declared as \"%s\" that has a value%s", name,
                      zw_problem_hint(&nearest, hint, sizeof hint));
    return false;
}

static bool open_expect(zw_fields *f, void *arg, int key)
{
    char text[ZW_PROBLEM_BYTES];
    gathering *g = arg;
    lua_State *lua = f->lua;
    g->expected = (zw_expect){.noun = ZW_NOUN_NONE, .node = ZW_NODE_NONE};
    if (lua_type(lua, key) == LUA_TSTRING) {
        return open_named(f, &g->expected, lua_tostring(lua, key));
    }
    const zw_handle *handle = zw_handle_at(lua, key);
    zw_noun noun = handle != NULL ? zw_handle_noun(handle) : ZW_NOUN_NONE;
    if (noun != ZW_NOUN_NONE && expect_declared(f, &g->expected, noun, handle->index)) {
        return true;
    }
    g->expected.noun = ZW_NOUN_NONE;
    if (zw_expression_at(lua, key, &g->expected.node, NULL, text, sizeof text)) {
        return true;
    }
    if (text[0] != '\0') {
        zw_fields_problem(f, "expect", "expect %s", text);
    }
    return false;
}

static bool is_alert_state(const char *text)
{
    static const char *const states[] = {"ok", "pending", "unknown", "info", "warning", "critical"};
    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++) {
        if (strcmp(text, states[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* What the handle or boolean or number at the stack's top expects; false when it is none. */
static bool read_plain(lua_State *lua, zw_expect *e)
{
    const zw_handle *handle = zw_handle_at(lua, -1);
    e->tolerance = -1;
    if (lua_type(lua, -1) == LUA_TNUMBER) {
        e->is = ZW_EXPECT_NUMBER;
        e->number = lua_tonumber(lua, -1);
        return true;
    }
    if (lua_type(lua, -1) == LUA_TSTRING) {
        e->is = ZW_EXPECT_TEXT;
        e->text = zw_script_text(lua, zw_text_of(lua_tostring(lua, -1)));
        return true;
    }
    if (lua_isboolean(lua, -1)) {
        e->is = ZW_EXPECT_TRUTH;
        e->truth = lua_toboolean(lua, -1);
        return true;
    }
    if (handle != NULL && handle->is == ZW_HANDLE_NEAR) {
        e->is = ZW_EXPECT_NUMBER;
        e->number = handle->number;
        e->tolerance = handle->tolerance;
        return true;
    }
    if (handle != NULL && (handle->is == ZW_HANDLE_MISSING || handle->is == ZW_HANDLE_UNKNOWN)) {
        e->is = handle->is == ZW_HANDLE_MISSING ? ZW_EXPECT_MISSING : ZW_EXPECT_UNKNOWN;
        return true;
    }
    return false;
}

/* An alert's state or a target's verdict. */
static bool read_word(zw_fields *f, zw_expect *e)
{
    zw_verdict verdict;
    lua_State *lua = f->lua;
    bool is_alert = e->noun == ZW_NOUN_ALERT;
    const char *word = lua_type(lua, -1) == LUA_TSTRING ? lua_tostring(lua, -1) : "";
    e->is = ZW_EXPECT_TEXT;
    if (is_alert ? is_alert_state(word) : zw_verdict_parse(zw_text_of(word), &verdict)) {
        e->text = zw_script_text(lua, zw_text_of(word));
        return true;
    }
    const zw_handle *handle = zw_handle_at(lua, -1);
    if (is_alert && handle != NULL && handle->is == ZW_HANDLE_UNKNOWN) {
        e->text = "unknown";
        return true;
    }
    const char *expected =
        is_alert ? "of an alert \"ok\", \"pending\", \"unknown\", \"info\", \"warning\" or "
                   "\"critical\""
                 : "of a target a verdict (\"met_final\" …)";
    if (lua_type(lua, -1) == LUA_TSTRING) {
        zw_fields_problem(f, "expect", "expect takes %s, got \"%s\"", expected, word);
    } else {
        zw_fields_wrong(f, "expect", expected);
    }
    return false;
}

static bool is_of_type(const zw_expect *expect, zw_type type)
{
    return (expect->is != ZW_EXPECT_NUMBER || type == ZW_TYPE_NUMBER) &&
           (expect->is != ZW_EXPECT_TRUTH || type == ZW_TYPE_TRUTH) &&
           (expect->is != ZW_EXPECT_TEXT || type == ZW_TYPE_TEXT);
}

static void take_expect(zw_fields *f, void *arg, const zw_figure *figure)
{
    gathering *g = arg;
    zw_expect e = g->expected;
    e.area = figure->area;
    e.period = figure->period;
    e.where = zw_problem_at_field(f->lua, f->where, f->name, "expect");
    if (e.noun == ZW_NOUN_ALERT || e.noun == ZW_NOUN_TARGET) {
        if (read_word(f, &e)) {
            *(zw_expect *)zw_growing_add(f->lua, &g->expect) = e;
        }
        return;
    }
    zw_type type = zw_pack_node(f->script->pack, e.node)->type;
    if (!read_plain(f->lua, &e) || !is_of_type(&e, type)) {
        static const char *const expected[] = {[ZW_TYPE_NUMBER] =
                                                   "a number, near(v, tol) or missing",
                                               [ZW_TYPE_TRUTH] = "true, false or unknown",
                                               [ZW_TYPE_TEXT] = "a text or missing"};
        zw_fields_wrong(f, "expect", expected[type]);
        return;
    }
    *(zw_expect *)zw_growing_add(f->lua, &g->expect) = e;
}

bool zw_noun_test(zw_fields *f, uint32_t *index)
{
    const zw_schema schema = {fields, 0, false};
    gathering g = {.measure = ZW_NONE};
    zw_test test = {.has_at = false};
    zw_err err = {ZW_OK, ""};
    bool has_needed = zw_fields_check(f, &schema);
    zw_fields_title(f, &test.title);
    test.has_at = zw_fields_stamp(f, "at", &test.at);
    zw_growing_init(f->lua, &g.given, sizeof(zw_given));
    zw_growing_init(f->lua, &g.items, sizeof(zw_given_item));
    zw_growing_init(f->lua, &g.expect, sizeof(zw_expect));
    zw_figure_table_walk(
        f, "given", &(zw_figure_visitor){open_given, take_given, is_register_given, take_row, &g});
    zw_figure_table_walk(f, "expect",
                         &(zw_figure_visitor){open_expect, take_expect, NULL, NULL, &g});
    test.given = zw_script_copy(f->lua, g.given.items, g.given.count * sizeof(zw_given));
    test.given_count = g.given.count;
    test.items = zw_script_copy(f->lua, g.items.items, g.items.count * sizeof(zw_given_item));
    test.item_count = g.items.count;
    test.expect = zw_script_copy(f->lua, g.expect.items, g.expect.count * sizeof(zw_expect));
    test.expect_count = g.expect.count;
    lua_pop(f->lua, 3);
    if (!has_needed) {
        return false;
    }
    zw_status status = zw_pack_add_test(f->script->pack, &test, index, &err);
    return zw_script_went_well(f->lua, status, &err, f->where);
}
