/* The noun measure: what is reported, by whom and how often. */
#include "script/handle.h"
#include "script/key_order.h"
#include "script/noun.h"
#include "script/problem.h"
#include "script/structure_fields.h"

#include <string.h>

enum { LIMIT_UNLESS_SAID = 10000, LIMIT_MOST = 1000000 };

static const zw_field fields[] = {
    {"title", ZW_FIELD_PLAIN}, {"note", ZW_FIELD_PLAIN},    {"kind", ZW_FIELD_NEEDED},
    {"unit", ZW_FIELD_NEEDED}, {"every", ZW_FIELD_NEEDED},  {"by", ZW_FIELD_PLAIN},
    {"areas", ZW_FIELD_PLAIN}, {"since", ZW_FIELD_PLAIN},   {"due", ZW_FIELD_PLAIN},
    {"skip", ZW_FIELD_PLAIN},  {"rollup", ZW_FIELD_PLAIN},  {"partial", ZW_FIELD_PLAIN},
    {"show", ZW_FIELD_PLAIN},  {"aliases", ZW_FIELD_PLAIN}, {"hide", ZW_FIELD_PLAIN},
    {"keep", ZW_FIELD_PLAIN},  {"accept", ZW_FIELD_PLAIN},  {"limit", ZW_FIELD_PLAIN},
    {"sdmx", ZW_FIELD_PLAIN},  {NULL, ZW_FIELD_PLAIN},
};

static bool read_kind(zw_fields *f, zw_kind *out)
{
    static const char *const kinds[] = {"flow", "ytd", "stock", "rate", "gauge", "counter", NULL};
    static const zw_kind values[] = {ZW_KIND_FLOW, ZW_KIND_YTD,   ZW_KIND_STOCK,
                                     ZW_KIND_RATE, ZW_KIND_GAUGE, ZW_KIND_COUNTER};
    int choice;
    if (!zw_fields_choice(f, "kind", kinds, NULL, &choice)) {
        return false;
    }
    *out = values[choice];
    return true;
}

/* One period of a grid. */
static zw_length period_length(zw_grid grid)
{
    switch (grid.every) {
    case ZW_SUBDAY:
        return (zw_length){.ms = grid.step_ms};
    case ZW_DAY:
        return (zw_length){.days = 1};
    case ZW_WEEK:
        return (zw_length){.days = 7};
    default:
        return (zw_length){.months = 12 / zw_grid_per_year(grid)};
    }
}

/* What is read live may lack parts, and is late when the next reading should be there. */
static void read_reporting(zw_fields *f, zw_measure *m)
{
    bool is_live = m->kind == ZW_KIND_GAUGE || m->kind == ZW_KIND_COUNTER;
    m->has_due = zw_fields_length(f, "due", &m->due);
    if (is_live && !zw_fields_has(f, "due")) {
        m->has_due = true;
        m->due = period_length(m->grid);
    }
    m->is_partial = is_live;
    (void)zw_fields_boolean(f, "partial", &m->is_partial);
}

static zw_how read_rollup(zw_fields *f)
{
    static const char *const words[] = {"sum", "mean", "max", "min", "none", NULL};
    static const zw_how hows[] = {ZW_HOW_SUM, ZW_HOW_MEAN, ZW_HOW_MAX, ZW_HOW_MIN, ZW_HOW_COUNT};
    int choice;
    return zw_fields_choice(f, "rollup", words, NULL, &choice) ? hows[choice] : ZW_HOW_KIND;
}

static bool read_unit(zw_fields *f, zw_measure *m)
{
    char shown[ZW_UNIT_WORD_BYTES + 16];
    if (!zw_fields_unit(f, "unit", &m->unit)) {
        return false;
    }
    (void)zw_fields_text(f, "unit", &m->unit_text);
    m->show = m->unit;
    if (zw_fields_unit(f, "show", &m->show) && !zw_unit_fits(&m->show, &m->unit)) {
        zw_fields_problem(f, "show", "show \"%s\" does not fit the unit \"%s\"",
                          zw_unit_text(&m->show, shown, sizeof shown), m->unit_text);
        m->show = m->unit;
    }
    return true;
}

/* A dimension is a column of the tidy file: it must not be called as one that has a meaning. */
static void read_dims(zw_fields *f, zw_measure *m)
{
    static const char *const taken[] = {"area",  "known_at", "measure", "note",      "period",
                                        "scope", "source",   "status",  "synthetic", "value"};
    if (!zw_fields_texts(f, "by", false, &m->dims)) {
        return;
    }
    for (size_t i = 0; i < m->dims.count; i++) {
        const char *dim = m->dims.at[i];
        if (!zw_text_is_name(zw_text_of(dim))) {
            zw_fields_problem(f, "by", "by: \"%s\" is no name ([a-z][a-z0-9_]*)", dim);
        }
        for (size_t j = 0; j < sizeof taken / sizeof taken[0]; j++) {
            if (strcmp(dim, taken[j]) == 0) {
                zw_fields_problem(f, "by", "by: \"%s\" is a column of every delivery", dim);
            }
        }
        for (size_t j = 0; j < i; j++) {
            if (strcmp(dim, m->dims.at[j]) == 0) {
                zw_fields_problem(f, "by", "by: \"%s\" stands there twice", dim);
            }
        }
    }
}

/* One month at the stack's top. */
static bool add_month(zw_fields *f, uint32_t *months)
{
    int is_whole = 0;
    lua_Integer month =
        lua_type(f->lua, -1) == LUA_TNUMBER ? lua_tointegerx(f->lua, -1, &is_whole) : 0;
    if (!is_whole || month < 1 || month > 12) {
        zw_fields_problem(f, "skip", "skip takes months from 1 to 12: skip = { month = 1 }");
        return false;
    }
    *months |= UINT32_C(1) << month;
    return true;
}

/* The months at the stack's top: one or a list. */
static void add_months(zw_fields *f, uint32_t *months)
{
    if (!lua_istable(f->lua, -1)) {
        (void)add_month(f, months);
        return;
    }
    size_t count = lua_rawlen(f->lua, -1);
    bool is_right = zw_fields_is_list(f->lua, -1) && count > 0;
    if (!is_right) {
        zw_fields_problem(f, "skip", "skip takes months from 1 to 12: skip = { month = { 1, 2 } }");
    }
    for (size_t i = 1; i <= count && is_right; i++) {
        lua_rawgeti(f->lua, -1, (lua_Integer)i);
        is_right = add_month(f, months);
        lua_pop(f->lua, 1);
    }
}

static void read_skip(zw_fields *f, zw_measure *m)
{
    lua_State *lua = f->lua;
    if (!zw_fields_push(f, "skip")) {
        return;
    }
    if (!lua_istable(lua, -1)) {
        zw_fields_wrong(f, "skip", "{ month = 1 }");
        lua_pop(lua, 1);
        return;
    }
    lua_Integer count = zw_key_order_list(lua, -1);
    lua_pop(lua, 1);
    lua_pushliteral(lua, "month");
    if (lua_rawget(lua, -2) == LUA_TNIL || count != 1) {
        zw_fields_problem(f, "skip", "skip knows months only: skip = { month = 1 }");
    } else {
        add_months(f, &m->skip_months);
    }
    lua_pop(lua, 2);
}

/* A measure that takes a whole family of live metrics. What `hide` hides must be known by name. */
static void read_accept(zw_fields *f, zw_measure *m)
{
    static const char *const words[] = {"any", NULL};
    int choice = 0;
    int limit = LIMIT_UNLESS_SAID;
    m->accepts_any = zw_fields_choice(f, "accept", words, NULL, &choice);
    (void)zw_fields_integer(f, "limit", 1, LIMIT_MOST, &limit);
    m->limit = (uint32_t)limit;
    if (zw_fields_has(f, "limit") && !zw_fields_has(f, "accept")) {
        zw_fields_problem(f, "limit", "limit needs accept = \"any\"");
    }
    if (m->accepts_any && zw_fields_has(f, "hide")) {
        zw_fields_problem(f, "hide", "hide and accept = \"any\" do not go together");
    }
}

bool zw_noun_measure(zw_fields *f, uint32_t *index)
{
    const zw_schema schema = {fields, 0, false};
    zw_measure m = {.rollup = ZW_HOW_KIND, .unit_text = ""};
    zw_err err = {ZW_OK, ""};
    bool has_needed = zw_fields_check(f, &schema);
    zw_fields_title(f, &m.title);
    bool has_kind = read_kind(f, &m.kind), has_unit = read_unit(f, &m);
    bool has_grid = zw_fields_grid(f, "every", &m.grid);
    read_dims(f, &m);
    m.has_areas = zw_fields_nouns(f, "areas", ZW_NOUN_AREA, &m.areas);
    m.has_since = zw_fields_stamp(f, "since", &m.since);
    read_reporting(f, &m);
    read_skip(f, &m);
    m.rollup = read_rollup(f);
    (void)zw_fields_texts(f, "aliases", true, &m.aliases);
    read_accept(f, &m);
    m.has_keep = zw_fields_length(f, "keep", &m.keep);
    zw_fields_structure(f, &m);
    m.has_hide = zw_fields_node(f, "hide", ZW_TYPE_TRUTH, &m.hide);
    if (!has_needed || !has_kind || !has_unit || !has_grid) {
        return false;
    }
    zw_status status = zw_pack_add_measure(f->script->pack, &m, index, &err);
    return zw_script_went_well(f->lua, status, &err, f->where);
}
