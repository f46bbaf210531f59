/* The noun notify: where what alerts say is sent. */
#include "script/handle.h"
#include "script/noun.h"
#include "script/problem.h"

static const zw_field fields[] = {
    {"title", ZW_FIELD_PLAIN},  {"note", ZW_FIELD_PLAIN},  {"to", ZW_FIELD_NEEDED},
    {"alerts", ZW_FIELD_PLAIN}, {"areas", ZW_FIELD_PLAIN}, {"at_least", ZW_FIELD_PLAIN},
    {"lang", ZW_FIELD_PLAIN},   {"group", ZW_FIELD_LATER}, {"wait", ZW_FIELD_LATER},
    {"again", ZW_FIELD_LATER},  {"hours", ZW_FIELD_LATER}, {NULL, ZW_FIELD_PLAIN},
};

/* The receiver at the stack's top. */
static bool read_receiver(zw_fields *f, zw_receiver *out)
{
    const zw_handle *handle = zw_handle_at(f->lua, -1);
    bool is_webhook = handle != NULL && handle->is == ZW_HANDLE_WEBHOOK;
    if (!is_webhook && (handle == NULL || handle->is != ZW_HANDLE_LOG)) {
        zw_fields_wrong(f, "to", "webhook(…), log() or a list of such");
        return false;
    }
    *out = (zw_receiver){.kind = is_webhook ? ZW_RECEIVER_WEBHOOK : ZW_RECEIVER_LOG,
                         .url = is_webhook && !handle->is_secret ? handle->text : NULL,
                         .secret = is_webhook && handle->is_secret ? handle->text : NULL};
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

bool zw_noun_notify(zw_fields *f, uint32_t *index)
{
    static const char *const severities[] = {"info", "warning", "critical", NULL};
    static const char *const languages[] = {"en", "zh", NULL};
    const zw_schema schema = {fields, 0, false};
    zw_notify notify = {.at_least = ZW_WARNING, .lang = "en"};
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
    if (!read_to(f, &notify) || !has_needed) {
        return false;
    }
    zw_status status = zw_pack_add_notify(f->script->pack, &notify, index, &err);
    return zw_script_went_well(f->lua, status, &err, f->where);
}
