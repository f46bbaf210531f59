/* The noun alert: who hears when something is so. */
#include "script/expression.h"
#include "script/function.h"
#include "script/key_order.h"
#include "script/noun.h"
#include "script/problem.h"

static const zw_field fields[] = {
    {"title", ZW_FIELD_PLAIN},   {"note", ZW_FIELD_PLAIN},     {"info", ZW_FIELD_PLAIN},
    {"warning", ZW_FIELD_PLAIN}, {"critical", ZW_FIELD_PLAIN}, {"each", ZW_FIELD_PLAIN},
    {"per", ZW_FIELD_PLAIN},     {"clear", ZW_FIELD_PLAIN},    {"hold", ZW_FIELD_PLAIN},
    {"missing", ZW_FIELD_PLAIN}, {"unless", ZW_FIELD_PLAIN},   {"with", ZW_FIELD_PLAIN},
    {"say", ZW_FIELD_PLAIN},     {"every", ZW_FIELD_PLAIN},    {NULL, ZW_FIELD_PLAIN},
};

/* The truths, one a severity. */
static bool read_whens(zw_fields *f, zw_alert *alert)
{
    bool is_right = true, has_any = false;
    for (int s = 0; s < ZW_SEVERITY_COUNT; s++) {
        const char *field = zw_severity_text((zw_severity)s);
        if (zw_fields_has(f, field)) {
            bool is_read = zw_fields_node(f, field, ZW_TYPE_TRUTH, &alert->when[s]);
            is_right = is_right && is_read;
            has_any = true;
        }
    }
    if (!has_any && !f->is_spoilt) {
        zw_fields_problem(f, NULL, "one of info, warning, critical is needed");
    }
    return is_right && has_any;
}

/* The truth whose grid is the alert's: the first that is not of now alone. */
static zw_severity lead_of(const zw_pack *pack, const zw_alert *alert)
{
    int lead = -1;
    for (int s = ZW_SEVERITY_COUNT - 1; s >= 0; s--) {
        bool is_there = alert->when[s] != ZW_NODE_NONE;
        bool is_now = is_there && zw_pack_node(pack, alert->when[s])->is_now;
        bool has_better = lead >= 0 && is_now && !zw_pack_node(pack, alert->when[lead])->is_now;
        lead = is_there && !has_better ? s : lead;
    }
    return (zw_severity)lead;
}

/* Puts the truths on one grid. */
static bool fit_whens(zw_fields *f, zw_alert *alert, zw_severity lead)
{
    bool is_right = true;
    for (int s = 0; is_right && s < ZW_SEVERITY_COUNT; s++) {
        is_right = alert->when[s] == ZW_NODE_NONE ||
                   zw_fields_same_grid(f, zw_severity_text(lead), alert->when[lead],
                                       zw_severity_text((zw_severity)s), &alert->when[s]);
    }
    return is_right;
}

/* `hold = "30d"` or `hold = periods(2)` */
static void read_hold(zw_fields *f, zw_alert *alert)
{
    if (!zw_fields_push(f, "hold")) {
        return;
    }
    const zw_handle *handle = zw_handle_at(f->lua, -1);
    if (handle != NULL && handle->is == ZW_HANDLE_PERIODS) {
        alert->has_hold = true;
        alert->hold_periods = handle->count;
    } else if (lua_type(f->lua, -1) == LUA_TSTRING) {
        alert->has_hold = zw_fields_length(f, "hold", &alert->hold);
    } else {
        zw_fields_wrong(f, "hold", "a length (\"30d\") or periods(n)");
    }
    lua_pop(f->lua, 1);
}

/* `unless` = an alert or a truth */
static void read_unless(zw_fields *f, zw_alert *alert)
{
    if (!zw_fields_push(f, "unless")) {
        return;
    }
    const zw_handle *handle = zw_handle_at(f->lua, -1);
    bool is_alert = handle != NULL && handle->is == ZW_HANDLE_ALERT;
    if (is_alert) {
        alert->unless_alert = handle->index;
    }
    lua_pop(f->lua, 1);
    if (!is_alert) {
        (void)zw_fields_node(f, "unless", ZW_TYPE_TRUTH, &alert->unless);
    }
}

/* One name and its expression of `with`: the key at -2, the value at the top. */
static bool read_with_one(zw_fields *f, zw_with *out)
{
    char text[ZW_PROBLEM_BYTES];
    lua_State *lua = f->lua;
    if (lua_type(lua, -2) != LUA_TSTRING || !zw_text_is_name(zw_text_of(lua_tostring(lua, -2)))) {
        zw_fields_problem(f, "with", "with takes { name = expression }");
        return false;
    }
    out->name = zw_script_text(lua, zw_text_of(lua_tostring(lua, -2)));
    if (lua_isfunction(lua, -1)) {
        return zw_function_node(f, "with", ZW_TYPE_NUMBER, &out->node);
    }
    if (!zw_expression_at(lua, -1, &out->node, NULL, text, sizeof text)) {
        f->is_spoilt = true;
        if (text[0] != '\0') {
            zw_fields_problem(f, "with", "with: %s %s", out->name, text);
        }
        return false;
    }
    return true;
}

static void read_with(zw_fields *f, zw_alert *alert)
{
    lua_State *lua = f->lua;
    if (!zw_fields_push(f, "with")) {
        return;
    }
    if (!lua_istable(lua, -1)) {
        zw_fields_wrong(f, "with", "{ name = expression }");
        lua_pop(lua, 1);
        return;
    }
    size_t kept = 0;
    lua_Integer count = zw_key_order_list(lua, -1);
    zw_with *with = lua_newuserdatauv(lua, ((size_t)count + 1) * sizeof *with, 0);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(lua, -2, i);
        lua_pushvalue(lua, -1);
        lua_rawget(lua, -5);
        kept += read_with_one(f, &with[kept]) ? 1 : 0;
        lua_pop(lua, 2);
    }
    alert->with = zw_script_copy(lua, with, kept * sizeof *with);
    alert->with_count = kept;
    lua_pop(lua, 3);
}

static void read_words(zw_fields *f, zw_alert *alert)
{
    static const char *const per[] = {"period", NULL};
    static const char *const policies[] = {"keep", "fire", "clear", NULL};
    static const zw_missing_policy values[] = {ZW_MISSING_KEEP, ZW_MISSING_FIRE, ZW_MISSING_CLEAR};
    int choice;
    alert->is_per_period = zw_fields_choice(f, "per", per, NULL, &choice);
    if (zw_fields_choice(f, "missing", policies, NULL, &choice)) {
        alert->missing = values[choice];
    }
    (void)zw_fields_bilingual(f, "say", &alert->say_en, &alert->say_zh);
}

bool zw_noun_alert(zw_fields *f, uint32_t *index)
{
    const zw_schema schema = {fields, 0, false};
    zw_alert alert = {.when = {ZW_NODE_NONE, ZW_NODE_NONE, ZW_NODE_NONE},
                      .clear = ZW_NODE_NONE,
                      .missing = ZW_MISSING_KEEP,
                      .unless_alert = ZW_NONE,
                      .unless = ZW_NODE_NONE};
    zw_err err = {ZW_OK, ""};
    (void)zw_fields_check(f, &schema);
    zw_fields_title(f, &alert.title);
    bool has_each = zw_fields_each_or_items(f, &alert.each, &alert.has_items, &alert.items);
    read_hold(f, &alert);
    read_unless(f, &alert);
    read_with(f, &alert);
    read_words(f, &alert);
    bool is_right = read_whens(f, &alert);
    zw_severity lead = is_right ? lead_of(f->script->pack, &alert) : ZW_INFO;
    is_right = is_right && fit_whens(f, &alert, lead);
    if (zw_fields_node(f, "clear", ZW_TYPE_TRUTH, &alert.clear) && is_right) {
        is_right =
            zw_fields_same_grid(f, zw_severity_text(lead), alert.when[lead], "clear", &alert.clear);
    }
    if (!has_each || !is_right) {
        return false;
    }
    zw_status status = zw_pack_add_alert(f->script->pack, &alert, index, &err);
    return zw_script_went_well(f->lua, status, &err, f->where);
}
