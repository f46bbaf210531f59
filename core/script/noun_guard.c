/* The noun guard: what is held against a delivery before it is in. In the pack it is the alert that
 * it raises: `hold` is its critical truth, `warn` its warning one. */
#include "script/noun.h"
#include "script/problem.h"

static const zw_field fields[] = {
    {"title", ZW_FIELD_PLAIN}, {"note", ZW_FIELD_PLAIN}, {"on", ZW_FIELD_NEEDED},
    {"hold", ZW_FIELD_PLAIN},  {"warn", ZW_FIELD_PLAIN}, {"say", ZW_FIELD_PLAIN},
    {"every", ZW_FIELD_PLAIN}, {NULL, ZW_FIELD_PLAIN},
};

static bool read_on(zw_fields *f, zw_alert *guard)
{
    if (!zw_fields_reported(f, "on", &guard->on, &guard->on_registers)) {
        return false;
    }
    bool has_any = guard->on.count + guard->on_registers.count > 0;
    if (!has_any) {
        zw_fields_problem(f, "on", "on is an empty list: nothing would be judged");
    }
    return has_any;
}

/* A truth that may be absent. @return false when it is there and wrong. */
static bool read_truth(zw_fields *f, const char *field, zw_node_id *out)
{
    return !zw_fields_has(f, field) || zw_fields_node(f, field, ZW_TYPE_TRUTH, out);
}

bool zw_noun_guard(zw_fields *f, uint32_t *index)
{
    const zw_schema schema = {fields, 0, false};
    zw_alert guard = {.when = {ZW_NODE_NONE, ZW_NODE_NONE, ZW_NODE_NONE},
                      .clear = ZW_NODE_NONE,
                      .missing = ZW_MISSING_KEEP,
                      .unless_alert = ZW_NONE,
                      .unless = ZW_NODE_NONE};
    zw_err err = {ZW_OK, ""};
    (void)zw_fields_check(f, &schema);
    zw_fields_title(f, &guard.title);
    bool has_on = read_on(f, &guard);
    bool has_hold = read_truth(f, "hold", &guard.when[ZW_CRITICAL]);
    bool has_warn = read_truth(f, "warn", &guard.when[ZW_WARNING]);
    (void)zw_fields_bilingual(f, "say", &guard.say_en, &guard.say_zh);
    if (!zw_fields_has(f, "hold") && !zw_fields_has(f, "warn") && !f->is_spoilt) {
        zw_fields_problem(f, NULL, "one of hold, warn is needed");
        return false;
    }
    if (!has_on || !has_hold || !has_warn) {
        return false;
    }
    zw_status status = zw_pack_add_alert(f->script->pack, &guard, index, &err);
    return zw_script_went_well(f->lua, status, &err, f->where);
}
