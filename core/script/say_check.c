/* The check of texts with {placeholders}: what an alert says, and the body a notify sends. */
#include "script/say_check.h"

#include "plan/graph.h"
#include "plan/placeholder.h"
#include "script/problem.h"

#include <stdio.h>
#include <string.h>

enum { WORD_BYTES = 128 };

bool zw_say_has(const char *name)
{
    return zw_placeholder_find(zw_placeholders_say, name) != NULL;
}

/* One placeholder of a text: `{name:shown}`. A body's is asked of the alerts that its notify hears,
 * one after the other. */
typedef struct placeholder {
    const zw_notify *notify; /* NULL: the text is the alert's own */
    const zw_alert *alert;
    char name[WORD_BYTES], shown[WORD_BYTES];
    bool has_shown;
} placeholder;

static void tell(lua_State *lua, const placeholder *p, const char *text, const char *hint)
{
    const zw_title *title = p->notify != NULL ? &p->notify->title : &p->alert->title;
    zw_noun noun = p->notify != NULL             ? ZW_NOUN_NOTIFY
                   : zw_alert_is_guard(p->alert) ? ZW_NOUN_GUARD
                                                 : ZW_NOUN_ALERT;
    zw_where where =
        zw_problem_at_field(lua, title->where, title->name, p->notify != NULL ? "to" : "say");
    zw_problem_note(lua, where, "%s \"%s\": %s: %s%s", zw_noun_text(noun), title->name,
                    p->notify != NULL ? "body" : "say", text, hint);
}

/* The node whose value a name stands for; ZW_NODE_NONE when it is none of the alert's or pack's. */
static zw_node_id node_of(const zw_pack *pack, const zw_alert *alert, const char *name)
{
    for (size_t i = 0; i < alert->with_count; i++) {
        if (strcmp(alert->with[i].name, name) == 0) {
            return alert->with[i].node;
        }
    }
    uint32_t index;
    switch (zw_pack_find(pack, zw_text_of(name), &index)) {
    case ZW_NOUN_MEASURE:
        return pack->measures[index].node;
    case ZW_NOUN_INDICATOR:
        return pack->indicators[index].node;
    default:
        return ZW_NODE_NONE;
    }
}

/* Tries what one alert gives a name to. */
static void try_names_of(const zw_pack *pack, const zw_alert *alert, zw_nearest *nearest)
{
    for (size_t i = 0; i < alert->with_count; i++) {
        zw_nearest_try(nearest, alert->with[i].name);
    }
    for (size_t i = 0; alert->has_items && i < pack->registers[alert->items].field_count; i++) {
        zw_nearest_try(nearest, pack->registers[alert->items].fields[i].name);
    }
}

/* The i-th alert that a body's notify hears, or the one whose own the text is; NULL past the last.
 */
static const zw_alert *alert_of(const zw_pack *pack, const placeholder *p, size_t i)
{
    if (p->notify == NULL) {
        return i == 0 ? p->alert : NULL;
    }
    if (p->notify->has_alerts) {
        return i < p->notify->alerts.count ? &pack->alerts[p->notify->alerts.at[i]] : NULL;
    }
    return i < pack->alert_count ? &pack->alerts[i] : NULL;
}

static void tell_unknown(lua_State *lua, const placeholder *p)
{
    char text[2 * WORD_BYTES], hint[ZW_PROBLEM_BYTES];
    const zw_pack *pack = zw_script_of(lua)->pack;
    zw_nearest nearest;
    zw_nearest_init(&nearest, zw_text_of(p->name));
    zw_placeholder_try(zw_placeholders_say, &nearest);
    if (p->notify != NULL) {
        zw_placeholder_try(zw_placeholders_body, &nearest);
    }
    const zw_alert *alert;
    for (size_t i = 0; (alert = alert_of(pack, p, i)) != NULL; i++) {
        try_names_of(pack, alert, &nearest);
    }
    for (size_t i = 0; i < pack->measure_count; i++) {
        zw_nearest_try(&nearest, pack->measures[i].title.name);
    }
    for (size_t i = 0; i < pack->indicator_count; i++) {
        zw_nearest_try(&nearest, pack->indicators[i].title.name);
    }
    (void)snprintf(text, sizeof text, "there is no placeholder '{%s}'", p->name);
    tell(lua, p, text, zw_problem_hint(&nearest, hint, sizeof hint));
}

static void check_shown(lua_State *lua, const placeholder *p, const zw_unit *unit)
{
    char text[ZW_PROBLEM_BYTES];
    zw_unit shown;
    zw_err err;
    if (zw_unit_parse(zw_text_of(p->shown), &shown, &err) != ZW_OK) {
        (void)snprintf(text, sizeof text, "{%s:%s}: %s", p->name, p->shown, err.text);
        tell(lua, p, text, "");
    } else if (unit != NULL && !zw_unit_fits(&shown, unit)) {
        (void)snprintf(text, sizeof text, "{%s:%s} does not fit the unit of '%s'", p->name,
                       p->shown, p->name);
        tell(lua, p, text, "");
    }
}

/* True for what an alert for each item says of the item: its name, its state, its fields. */
static bool is_of_item(const zw_pack *pack, const placeholder *p)
{
    if (!p->alert->has_items) {
        return false;
    }
    const zw_register *reg = &pack->registers[p->alert->items];
    return strcmp(p->name, "item") == 0 || strcmp(p->name, "state") == 0 ||
           zw_register_field_of(reg, zw_text_of(p->name), NULL) != NULL;
}

static void check_item_placeholder(lua_State *lua, const placeholder *p)
{
    char text[2 * WORD_BYTES];
    const zw_register *reg = &zw_script_of(lua)->pack->registers[p->alert->items];
    const zw_register_field *field = zw_register_field_of(reg, zw_text_of(p->name), NULL);
    if (p->has_shown && field != NULL && field->is == ZW_REGISTER_NUMBER) {
        check_shown(lua, p, &field->unit);
    } else if (p->has_shown) {
        (void)snprintf(text, sizeof text, "'{%s}' is no number: it takes no unit", p->name);
        tell(lua, p, text, "");
    }
}

static void note_function(void *arg, zw_node_id call)
{
    (void)call;
    *(bool *)arg = true;
}

/* True when a function speaks with the alert: it may say any name beside its value. */
static bool has_function(lua_State *lua, const zw_alert *alert)
{
    const zw_pack *pack = zw_script_of(lua)->pack;
    bool has = false;
    zw_err err = {ZW_OK, ""};
    zw_status status = ZW_OK;
    for (int s = 0; status == ZW_OK && s < ZW_SEVERITY_COUNT; s++) {
        if (alert->when[s] != ZW_NODE_NONE) {
            status = zw_graph_functions(pack, alert->when[s], note_function, &has, &err);
        }
    }
    for (size_t i = 0; status == ZW_OK && i < alert->with_count; i++) {
        status = zw_graph_functions(pack, alert->with[i].node, note_function, &has, &err);
    }
    if (status != ZW_OK) {
        zw_script_fail(lua, status, &err);
    }
    return has;
}

static void tell_no_number(lua_State *lua, const placeholder *p)
{
    char text[2 * WORD_BYTES];
    (void)snprintf(text, sizeof text, "'{%s}' is no number: it takes no unit", p->name);
    tell(lua, p, text, "");
}

/* A name of `with`, or of what is declared. */
static void check_named(lua_State *lua, const placeholder *p, const zw_node *node)
{
    zw_unit unit = node->unit;
    if (p->has_shown && node->type == ZW_TYPE_TEXT) {
        tell_no_number(lua, p);
    } else if (p->has_shown) {
        check_shown(lua, p, &unit);
    }
}

/* A placeholder that the alert `p->alert` fills in. @return false when it has none of that name. */
static bool check_of_alert(lua_State *lua, const placeholder *p)
{
    const zw_script *script = zw_script_of(lua);
    const zw_pack *pack = script->pack;
    zw_node_id node = node_of(pack, p->alert, p->name);
    if (is_of_item(pack, p)) {
        check_item_placeholder(lua, p);
    } else if (node != ZW_NODE_NONE) {
        check_named(lua, p, zw_pack_node(pack, node));
    } else if (zw_pool_find(script->spoilt, zw_text_of(p->name)) != ZW_POOL_NONE) {
        return true;
    } else if (!has_function(lua, p->alert)) {
        return false;
    } else if (p->has_shown) { /* whether there is such a name only the function knows */
        check_shown(lua, p, NULL);
    }
    return true;
}

static void check_own(lua_State *lua, const placeholder *p, const zw_placeholder *own)
{
    if (p->has_shown && !own->is_number) {
        tell_no_number(lua, p);
    } else if (p->has_shown) {
        check_shown(lua, p, NULL);
    }
}

static void check_placeholder(lua_State *lua, placeholder *p)
{
    const zw_script *script = zw_script_of(lua);
    const zw_placeholder *own = zw_placeholder_find(zw_placeholders_say, p->name);
    if (own == NULL && p->notify != NULL) {
        own = zw_placeholder_find(zw_placeholders_body, p->name);
    }
    if (own != NULL) {
        check_own(lua, p, own);
        return;
    }
    const zw_alert *alert;
    for (size_t i = 0; (alert = alert_of(script->pack, p, i)) != NULL; i++) {
        p->alert = alert;
        if (check_of_alert(lua, p)) {
            return;
        }
    }
    tell_unknown(lua, p);
}

/* @param of  whose text it is. */
static void check_text(lua_State *lua, const placeholder *of, const char *say)
{
    for (const char *open = strchr(say, '{'); open != NULL; open = strchr(open + 1, '{')) {
        placeholder p = *of;
        if (open[1] == '{') { /* a brace that is meant */
            open++;
            continue;
        }
        size_t len = strcspn(open + 1, "{}"), name_len = strcspn(open + 1, "{}:");
        if (open[1 + len] != '}') {
            tell(lua, &p, "a '{' has no '}' behind it", "");
            return;
        }
        if (len >= WORD_BYTES || name_len == 0) {
            tell(lua, &p, "a placeholder is empty or too long", "");
            return;
        }
        memcpy(p.name, open + 1, name_len);
        p.has_shown = name_len < len;
        if (p.has_shown) {
            memcpy(p.shown, open + 1 + name_len + 1, len - name_len - 1);
        }
        check_placeholder(lua, &p);
        open += len;
    }
}

static void check_bodies(lua_State *lua, const zw_notify *notify)
{
    const placeholder of = {.notify = notify};
    for (size_t i = 0; i < notify->to_count; i++) {
        for (size_t t = 0; t < notify->to[i].says.count; t++) {
            check_text(lua, &of, notify->to[i].says.at[t]);
        }
    }
}

void zw_say_check(lua_State *lua)
{
    const zw_pack *pack = zw_script_of(lua)->pack;
    for (size_t i = 0; i < pack->alert_count; i++) {
        const zw_alert *alert = &pack->alerts[i];
        const placeholder of = {.alert = alert};
        check_text(lua, &of, alert->say_en);
        if (strcmp(alert->say_en, alert->say_zh) != 0) {
            check_text(lua, &of, alert->say_zh);
        }
    }
    for (size_t i = 0; i < pack->notify_count; i++) {
        check_bodies(lua, &pack->notifies[i]);
    }
}
