/* The noun notify: where what alerts say is sent. */
#include "script/handle.h"
#include "script/noun.h"
#include "script/problem.h"

#include <string.h>

static const zw_field fields[] = {
    {"title", ZW_FIELD_PLAIN},  {"note", ZW_FIELD_PLAIN},  {"to", ZW_FIELD_NEEDED},
    {"alerts", ZW_FIELD_PLAIN}, {"areas", ZW_FIELD_PLAIN}, {"at_least", ZW_FIELD_PLAIN},
    {"lang", ZW_FIELD_PLAIN},   {"group", ZW_FIELD_PLAIN}, {"wait", ZW_FIELD_PLAIN},
    {"again", ZW_FIELD_PLAIN},  {"hours", ZW_FIELD_PLAIN}, {NULL, ZW_FIELD_PLAIN},
};

/* The receiver at the stack's top. */
static bool read_receiver(zw_fields *f, zw_receiver *out)
{
    const zw_handle *handle = zw_handle_at(f->lua, -1);
    if (handle == NULL || handle->is != ZW_HANDLE_RECEIVER) {
        zw_fields_wrong(f, "to", "webhook(…), log() or a list of such");
        return false;
    }
    *out = *handle->receiver;
    return true;
}

static bool read_to(zw_fields *f, zw_notify *notify)
{
    lua_State *lua = f->lua;
    zw_receiver one;
    if (!zw_fields_push(f, "to")) {
        return false;
    }
    bool is_right = true;
    if (!lua_istable(lua, -1)) {
        is_right = read_receiver(f, &one);
        if (is_right) {
            notify->to = zw_script_copy(lua, &one, sizeof one);
            notify->to_count = 1;
        }
        lua_pop(lua, 1);
        return is_right;
    }
    size_t count = lua_rawlen(lua, -1);
    if (count == 0 || !zw_fields_is_list(lua, -1)) {
        zw_fields_problem(f, "to", "to takes webhook(…), log() or a list of such");
        lua_pop(lua, 1);
        return false;
    }
    zw_receiver *to = lua_newuserdatauv(lua, count * sizeof *to, 0);
    for (size_t i = 0; i < count; i++) {
        lua_rawgeti(lua, -2, (lua_Integer)i + 1);
        is_right = read_receiver(f, &to[i]) && is_right;
        lua_pop(lua, 1);
    }
    if (is_right) {
        notify->to = zw_script_copy(lua, to, count * sizeof *to);
        notify->to_count = count;
    }
    lua_pop(lua, 2);
    return is_right;
}

/* What instances of one message share. An empty list is nothing: all go into one. */
static void read_group(zw_fields *f, zw_notify *notify)
{
    static const char *const names[] = {"alert", "area", "item", "period", "zone"};
    static const unsigned bits[] = {ZW_GROUP_ALERT, ZW_GROUP_AREA, ZW_GROUP_ITEM, ZW_GROUP_PERIOD,
                                    ZW_GROUP_ZONE};
    enum { COUNT = sizeof names / sizeof names[0] };
    zw_texts texts;
    if (!zw_fields_texts(f, "group", false, &texts)) {
        return;
    }
    notify->group = 0;
    for (size_t i = 0; i < texts.count; i++) {
        size_t n = 0;
        while (n < COUNT && strcmp(texts.at[i], names[n]) != 0) {
            n++;
        }
        if (n == COUNT) {
            zw_fields_problem(f, "group",
                              "group takes a list of \"alert\", \"area\", \"item\", \"period\", "
                              "\"zone\", got \"%s\"",
                              texts.at[i]);
        } else {
            notify->group |= bits[n];
        }
    }
}

/* A length that is not nothing. */
static bool read_length(zw_fields *f, const char *field, zw_length *out)
{
    zw_length length;
    if (!zw_fields_length(f, field, &length)) {
        return false;
    }
    if (length.months == 0 && length.days == 0 && length.workdays == 0 && length.ms == 0) {
        zw_fields_problem(f, field, "%s takes a length that is not nothing", field);
        return false;
    }
    *out = length;
    return true;
}

static void read_hours(zw_fields *f, zw_notify *notify)
{
    lua_State *lua = f->lua;
    zw_texts texts;
    zw_err err;
    if (!zw_fields_texts(f, "hours", false, &texts)) {
        return;
    }
    if (texts.count == 0) {
        zw_fields_problem(f, "hours",
                          "hours takes hours (\"mon-fri 08:30-18:00\") or a list of "
                          "such, got an empty one");
        return;
    }
    zw_hours *hours = lua_newuserdatauv(lua, texts.count * sizeof *hours, 0);
    for (size_t i = 0; i < texts.count; i++) {
        if (zw_hours_parse(zw_text_of(texts.at[i]), &hours[i], &err) != ZW_OK) {
            zw_fields_problem(f, "hours", "hours: %s", err.text);
            lua_pop(lua, 1);
            return;
        }
    }
    notify->hours = zw_script_copy(lua, hours, texts.count * sizeof *hours);
    notify->hours_count = texts.count;
    lua_pop(lua, 1);
}

bool zw_noun_notify(zw_fields *f, uint32_t *index)
{
    static const char *const severities[] = {"info", "warning", "critical", NULL};
    static const char *const languages[] = {"en", "zh", NULL};
    const zw_schema schema = {fields, 0, false};
    zw_notify notify = {.at_least = ZW_WARNING, .lang = "en", .group = ZW_GROUP_EACH};
    int choice;
    zw_err err = {ZW_OK, ""};
    bool has_needed = zw_fields_check(f, &schema);
    zw_fields_title(f, &notify.title);
    if (zw_fields_choice(f, "at_least", severities, NULL, &choice)) {
        notify.at_least = (zw_severity)choice;
    }
    if (zw_fields_choice(f, "lang", languages, NULL, &choice)) {
        notify.lang = languages[choice];
    }
    notify.has_alerts = zw_fields_nouns(f, "alerts", ZW_NOUN_ALERT, &notify.alerts);
    notify.has_areas = zw_fields_nouns(f, "areas", ZW_NOUN_AREA, &notify.areas);
    read_group(f, &notify);
    (void)read_length(f, "wait", &notify.wait);
    notify.has_again = read_length(f, "again", &notify.again);
    read_hours(f, &notify);
    if (!read_to(f, &notify) || !has_needed) {
        return false;
    }
    zw_status status = zw_pack_add_notify(f->script->pack, &notify, index, &err);
    return zw_script_went_well(f->lua, status, &err, f->where);
}
