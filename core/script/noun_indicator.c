/* The noun indicator: a formula with a name. */
#include "script/handle.h"
#include "script/noun.h"
#include "script/problem.h"

static const zw_field fields[] = {
    {"title", ZW_FIELD_PLAIN}, {"note", ZW_FIELD_PLAIN},   {"unit", ZW_FIELD_PLAIN},
    {"show", ZW_FIELD_PLAIN},  {"rollup", ZW_FIELD_PLAIN}, {"every", ZW_FIELD_PLAIN},
    {"hide", ZW_FIELD_PLAIN},  {NULL, ZW_FIELD_PLAIN},
};

static zw_how read_rollup(zw_fields *f)
{
    static const char *const words[] = {"recompute", "sum", "mean", "max", "min", "none", NULL};
    static const zw_how hows[] = {ZW_HOW_KIND, ZW_HOW_SUM, ZW_HOW_MEAN,
                                  ZW_HOW_MAX,  ZW_HOW_MIN, ZW_HOW_COUNT};
    int choice;
    return zw_fields_choice(f, "rollup", words, NULL, &choice) ? hows[choice] : ZW_HOW_KIND;
}

/* Reads a unit that must fit the formula's. */
static bool read_fitting(zw_fields *f, const char *field, const zw_unit *unit, zw_unit *out)
{
    char says[ZW_UNIT_WORD_BYTES + 16], is[ZW_UNIT_WORD_BYTES + 16];
    if (!zw_fields_unit(f, field, out)) {
        return false;
    }
    if (!zw_unit_fits(out, unit)) {
        const char *word = zw_unit_text(unit, is, sizeof is);
        zw_fields_problem(f, field, "%s \"%s\" does not fit the expression, which is %s%s", field,
                          zw_unit_text(out, says, sizeof says),
                          word[0] == '\0' ? "a plain number" : "in ", word);
        return false;
    }
    return true;
}

/* A text may stand in a number's place. */
static zw_type type_of(zw_fields *f)
{
    zw_type type = ZW_TYPE_NUMBER;
    if (zw_fields_push(f, NULL)) {
        const zw_handle *handle = zw_handle_at(f->lua, -1);
        bool is_text = handle != NULL && zw_handle_is_expression(handle) &&
                       zw_pack_node(f->script->pack, handle->node)->type == ZW_TYPE_TEXT;
        type = is_text ? ZW_TYPE_TEXT : type;
        lua_pop(f->lua, 1);
    }
    return type;
}

bool zw_noun_indicator(zw_fields *f, uint32_t *index)
{
    const zw_schema schema = {fields, 1, false};
    zw_indicator indicator = {.rollup = ZW_HOW_KIND};
    zw_unit unit;
    zw_err err = {ZW_OK, ""};
    (void)zw_fields_check(f, &schema);
    zw_fields_title(f, &indicator.title);
    indicator.rollup = read_rollup(f);
    if (!zw_fields_has(f, NULL)) {
        zw_fields_problem(f, NULL, "an expression is needed: { expression, … }");
        return false;
    }
    if (!zw_fields_node(f, NULL, type_of(f), &indicator.formula)) {
        return false;
    }
    zw_node formula = *zw_pack_node(f->script->pack, indicator.formula);
    indicator.show = formula.show;
    if (read_fitting(f, "unit", &formula.unit, &unit)) {
        indicator.show = unit;
    }
    if (!read_fitting(f, "show", &formula.unit, &unit)) {
        unit = indicator.show;
    }
    indicator.show = unit;
    indicator.has_hide = zw_fields_node(f, "hide", ZW_TYPE_TRUTH, &indicator.hide);
    zw_status status = zw_pack_add_indicator(f->script->pack, &indicator, index, &err);
    return zw_script_went_well(f->lua, status, &err, f->where);
}
