/* The noun rule: an obligation. */
#include "script/noun.h"
#include "script/problem.h"

static const zw_field fields[] = {
    {"title", ZW_FIELD_PLAIN},  {"note", ZW_FIELD_PLAIN}, {"must", ZW_FIELD_NEEDED},
    {"should", ZW_FIELD_PLAIN}, {"each", ZW_FIELD_PLAIN}, {"why", ZW_FIELD_PLAIN},
    {"every", ZW_FIELD_PLAIN},  {NULL, ZW_FIELD_PLAIN},
};

/* What is so now takes the other's grid. */
static bool have_one_grid(zw_fields *f, zw_rule *rule)
{
    return zw_pack_node(f->script->pack, rule->must)->is_now
               ? zw_fields_same_grid(f, "should", rule->should, "must", &rule->must)
               : zw_fields_same_grid(f, "must", rule->must, "should", &rule->should);
}

bool zw_noun_rule(zw_fields *f, uint32_t *index)
{
    const zw_schema schema = {fields, 0, false};
    zw_rule rule = {.must = ZW_NODE_NONE, .should = ZW_NODE_NONE, .why = ""};
    zw_err err = {ZW_OK, ""};
    bool has_needed = zw_fields_check(f, &schema);
    zw_fields_title(f, &rule.title);
    (void)zw_fields_text(f, "why", &rule.why);
    bool has_each = zw_fields_each_or_items(f, &rule.each, &rule.has_items, &rule.items);
    bool has_must = zw_fields_node(f, "must", ZW_TYPE_TRUTH, &rule.must);
    bool is_right =
        !zw_fields_has(f, "should") || (zw_fields_node(f, "should", ZW_TYPE_TRUTH, &rule.should) &&
                                        (!has_must || have_one_grid(f, &rule)));
    if (!has_needed || !has_each || !has_must || !is_right) {
        return false;
    }
    zw_status status = zw_pack_add_rule(f->script->pack, &rule, index, &err);
    return zw_script_went_well(f->lua, status, &err, f->where);
}
