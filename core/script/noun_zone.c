/* The nouns zone and area: what a pack divides, and what it knows of each part. */
#include "script/area_fields.h"
#include "script/handle.h"
#include "script/key_order.h"
#include "script/noun.h"
#include "script/problem.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const zw_field zone_fields[] = {
    {"title", ZW_FIELD_PLAIN},          {"note", ZW_FIELD_PLAIN},
    {"timezone", ZW_FIELD_NEEDED},      {"currency", ZW_FIELD_PLAIN},
    {"reporting_year", ZW_FIELD_PLAIN}, {"holidays", ZW_FIELD_PLAIN},
    {"aliases", ZW_FIELD_PLAIN},        {NULL, ZW_FIELD_PLAIN},
};
static const zw_field area_fields[] = {
    {"title", ZW_FIELD_PLAIN}, {"note", ZW_FIELD_PLAIN}, {"within", ZW_FIELD_NEEDED},
    {"since", ZW_FIELD_PLAIN}, {"till", ZW_FIELD_PLAIN}, {"aliases", ZW_FIELD_PLAIN},
    {NULL, ZW_FIELD_PLAIN},
};

/* --- attributes --- */

static bool is_own_field(const zw_field *fields, const char *name)
{
    for (; fields->name != NULL; fields++) {
        if (strcmp(fields->name, name) == 0) {
            return true;
        }
    }
    return false;
}

/* What `area.x` means already. */
static bool is_taken(const char *name)
{
    return strcmp(name, "areas") == 0 || strcmp(name, "name") == 0;
}

/* Reads one attribute. */
static bool read_attr(zw_fields *f, const char *name, zw_attr *out)
{
    lua_State *lua = f->lua;
    *out = (zw_attr){.name = name};
    if (is_taken(name)) {
        zw_fields_problem(f, name, "'%s' is taken: give this attribute another name", name);
        return false;
    }
    (void)zw_fields_push(f, name);
    int type = lua_type(lua, -1);
    bool is_number = type == LUA_TNUMBER && isfinite(lua_tonumber(lua, -1));
    if (is_number) {
        out->is_number = true;
        out->number = lua_tonumber(lua, -1);
    } else if (type != LUA_TSTRING && type != LUA_TTABLE) {
        zw_fields_wrong(f, name, "a number, a text or a list of texts");
    }
    lua_pop(lua, 1);
    return is_number || ((type == LUA_TSTRING || type == LUA_TTABLE) &&
                         zw_fields_texts(f, name, false, &out->texts));
}

/* Every field that is not the schema's own is an attribute. */
static void read_attrs(zw_fields *f, const zw_field *own, zw_area *out)
{
    lua_State *lua = f->lua;
    lua_Integer count = zw_key_order_list(lua, f->table);
    int keys = lua_gettop(lua);
    size_t kept = 0;
    zw_attr *attrs = lua_newuserdatauv(lua, ((size_t)count + 1) * sizeof *attrs, 0);
    for (lua_Integer i = 1; i <= count; i++) {
        if (lua_rawgeti(lua, keys, i) == LUA_TSTRING && !is_own_field(own, lua_tostring(lua, -1))) {
            const char *name = zw_script_text(lua, zw_text_of(lua_tostring(lua, -1)));
            kept += read_attr(f, name, &attrs[kept]) ? 1 : 0;
        }
        lua_pop(lua, 1);
    }
    out->attrs = zw_script_copy(lua, attrs, kept * sizeof *attrs);
    out->attr_count = kept;
    lua_pop(lua, 2);
}

/* --- zone --- */

static int compare_days(const void *a, const void *b)
{
    int32_t left = *(const int32_t *)a, right = *(const int32_t *)b;
    return (left > right) - (left < right);
}

/* Dates as days since 1970, sorted, into a userdata left on the stack. [-0, +1] */
static const int32_t *read_holidays(zw_fields *f, size_t *count)
{
    zw_texts dates;
    *count = 0;
    if (!zw_fields_texts(f, "holidays", false, &dates)) {
        lua_pushnil(f->lua);
        return NULL;
    }
    int32_t *days = lua_newuserdatauv(f->lua, (dates.count + 1) * sizeof *days, 0);
    for (size_t i = 0; i < dates.count; i++) {
        zw_stamp stamp;
        if (zw_stamp_parse(zw_text_of(dates.at[i]), &stamp, NULL) != ZW_OK ||
            stamp.is != ZW_STAMP_PERIOD || stamp.grid.every != ZW_DAY) {
            zw_fields_problem(f, "holidays", "holidays takes dates (\"2022-10-01\"), got \"%s\"",
                              dates.at[i]);
            continue;
        }
        days[(*count)++] = (int32_t)stamp.period;
    }
    qsort(days, *count, sizeof *days, compare_days);
    return days;
}

/* A zone that lacks a right time zone is built in UTC, so that what lies inside it is checked
 * too. */
static const char *read_timezone(zw_fields *f)
{
    const char *name = "UTC";
    zw_tz *tz;
    zw_err err;
    if (!zw_fields_text(f, "timezone", &name)) {
        return "UTC";
    }
    zw_status status = zw_tz_create(name, &tz, &err);
    zw_tz_destroy(tz);
    if (status == ZW_INVALID) {
        zw_fields_problem(f, "timezone", "timezone: %s", err.text);
        return "UTC";
    }
    return name;
}

/* Whoever took the only zone for granted must say which one, once there are two. */
static void check_leaning(zw_fields *f)
{
    if (f->script->has_leant) {
        f->script->has_leant = false;
        zw_problem_note(f->lua, f->script->leant_at,
                        "there are several zones: say which one, each = …");
    }
}

bool zw_noun_zone(zw_fields *f, uint32_t *index)
{
    const zw_schema schema = {zone_fields, 0, true};
    zw_area zone = {.is_zone = true, .currency = ""};
    int month = 1;
    size_t holiday_count;
    zw_err err = {ZW_OK, ""};
    (void)zw_fields_check(f, &schema);
    zw_fields_title(f, &zone.title);
    (void)zw_fields_text(f, "currency", &zone.currency);
    (void)zw_fields_integer(f, "reporting_year", 1, 12, &month);
    (void)zw_fields_texts(f, "aliases", true, &zone.aliases);
    read_attrs(f, zone_fields, &zone);
    check_leaning(f);
    const char *timezone = read_timezone(f);
    const int32_t *holidays = read_holidays(f, &holiday_count);
    zw_status status = zw_pack_add_zone(f->script->pack, &zone, timezone, month, holidays,
                                        holiday_count, index, &err);
    lua_pop(f->lua, 1);
    return zw_script_went_well(f->lua, status, &err, f->where);
}

/* --- area --- */

static void check_unread(zw_fields *f, zw_list parents)
{
    for (size_t i = 0; i < parents.count; i++) {
        if (zw_area_fields_are_read(f->lua, parents.at[i])) {
            zw_fields_problem(f, "within",
                              "the parts of \"%s\" were read before (.areas): declare this first",
                              f->script->pack->areas[parents.at[i]].title.name);
        }
    }
}

bool zw_noun_area(zw_fields *f, uint32_t *index)
{
    const zw_schema schema = {area_fields, 0, true};
    zw_area area = {.currency = ""};
    zw_err err = {ZW_OK, ""};
    bool has_needed = zw_fields_check(f, &schema);
    zw_fields_title(f, &area.title);
    area.has_since = zw_fields_stamp(f, "since", &area.since);
    area.has_till = zw_fields_stamp(f, "till", &area.till);
    (void)zw_fields_texts(f, "aliases", true, &area.aliases);
    read_attrs(f, area_fields, &area);
    if (!has_needed || !zw_fields_nouns(f, "within", ZW_NOUN_AREA, &area.parents)) {
        return false;
    }
    if (area.parents.count == 0) {
        zw_fields_problem(f, "within", "within is an empty list");
        return false;
    }
    check_unread(f, area.parents);
    zw_status status = zw_pack_add_area(f->script->pack, &area, index, &err);
    return zw_script_went_well(f->lua, status, &err, f->where);
}
