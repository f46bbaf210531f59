/* The noun register: a list of items that change over time. */
#include "script/handle.h"
#include "script/key_order.h"
#include "script/noun.h"
#include "script/problem.h"

#include <string.h>

static const zw_field fields[] = {
    {"title", ZW_FIELD_PLAIN},  {"note", ZW_FIELD_PLAIN}, {"fields", ZW_FIELD_NEEDED},
    {"states", ZW_FIELD_PLAIN}, {"done", ZW_FIELD_PLAIN}, {"deadline", ZW_FIELD_PLAIN},
    {"every", ZW_FIELD_PLAIN},  {"due", ZW_FIELD_PLAIN},  {"areas", ZW_FIELD_PLAIN},
    {"since", ZW_FIELD_PLAIN},  {NULL, ZW_FIELD_PLAIN},
};

/* A field is a column of the tidy file: it must not be called as one that has a meaning. */
static bool is_column(const char *name)
{
    static const char *const taken[] = {"area",     "at",     "item",  "known_at", "note",
                                        "register", "source", "state", "synthetic"};
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++) {
        if (strcmp(name, taken[i]) == 0) {
            return true;
        }
    }
    return false;
}

/* What a named field holds, from the text at the stack's top: "text", "date", or a unit. */
static bool read_holds(zw_fields *f, zw_register_field *field)
{
    zw_err err = {ZW_OK, ""};
    const char *text = lua_tostring(f->lua, -1);
    field->unit_text = "";
    if (strcmp(text, "text") == 0 || strcmp(text, "date") == 0) {
        field->is = text[0] == 't' ? ZW_REGISTER_TEXT : ZW_REGISTER_DATE;
        return true;
    }
    field->is = ZW_REGISTER_NUMBER;
    field->unit_text = zw_script_text(f->lua, zw_text_of(text));
    if (zw_unit_parse(zw_text_of(text), &field->unit, &err) == ZW_OK) {
        return true;
    }
    zw_fields_problem(f, "fields", "fields: %s: %s, \"text\" or \"date\"", field->name, err.text);
    return false;
}

/* One field: the key at -2, the value at the top. */
static bool read_field(zw_fields *f, zw_register_field *field)
{
    lua_State *lua = f->lua;
    bool is_bare = lua_isinteger(lua, -2); /* { "type" }: a text */
    *field = (zw_register_field){.is = ZW_REGISTER_TEXT, .unit_text = ""};
    if (lua_type(lua, -1) != LUA_TSTRING || (!is_bare && lua_type(lua, -2) != LUA_TSTRING)) {
        zw_fields_wrong(f, "fields", "{ \"text\", paid = \"1e4 CNY\", due_on = \"date\" }");
        return false;
    }
    field->name = zw_script_text(lua, zw_text_of(lua_tostring(lua, is_bare ? -1 : -2)));
    if (!zw_text_is_name(zw_text_of(field->name))) {
        zw_fields_problem(f, "fields", "fields: \"%s\" is no name ([a-z][a-z0-9_]*)", field->name);
        return false;
    }
    if (is_column(field->name)) {
        zw_fields_problem(f, "fields", "fields: \"%s\" is a column of every delivery", field->name);
        return false;
    }
    return is_bare || read_holds(f, field);
}

static bool is_twice(zw_fields *f, const zw_register_field *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i].name, list[count].name) == 0) {
            zw_fields_problem(f, "fields", "fields: \"%s\" stands there twice", list[i].name);
            return true;
        }
    }
    return false;
}

static void read_fields(zw_fields *f, zw_register *reg)
{
    lua_State *lua = f->lua;
    if (!zw_fields_push(f, "fields")) {
        return;
    }
    if (!lua_istable(lua, -1)) {
        zw_fields_wrong(f, "fields", "{ \"text\", paid = \"1e4 CNY\", due_on = \"date\" }");
        lua_pop(lua, 1);
        return;
    }
    int table = lua_gettop(lua);
    lua_Integer count = zw_key_order_list(lua, table);
    zw_register_field *list = lua_newuserdatauv(lua, ((size_t)count + 1) * sizeof *list, 0);
    size_t kept = 0;
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(lua, table + 1, i);
        lua_pushvalue(lua, -1);
        lua_rawget(lua, table);
        kept += read_field(f, &list[kept]) && !is_twice(f, list, kept) ? 1 : 0;
        lua_pop(lua, 2);
    }
    reg->fields = zw_script_copy(lua, list, kept * sizeof *list);
    reg->field_count = kept;
    lua_settop(lua, table - 1);
}

static void read_states(zw_fields *f, zw_register *reg)
{
    zw_texts states;
    if (!zw_fields_texts(f, "states", false, &states)) {
        return;
    }
    if (states.count > ZW_REGISTER_STATES_MOST) {
        zw_fields_problem(f, "states", "states: at most %d", ZW_REGISTER_STATES_MOST);
        return;
    }
    reg->states = states.at;
    for (size_t i = 0; i < states.count; i++) {
        const char *state = states.at[i];
        reg->state_count = i;
        if (strcmp(state, ZW_REGISTER_LEFT) == 0 || state[0] == '\0') {
            zw_fields_problem(f, "states", "states: \"%s\" is no state of its own: it ends an item",
                              state[0] == '\0' ? "" : ZW_REGISTER_LEFT);
        } else if (zw_register_state_of(reg, zw_text_of(state), NULL) >= 0) {
            zw_fields_problem(f, "states", "states: \"%s\" stands there twice", state);
        }
    }
    reg->state_count = states.count;
    reg->done = states.count > 0 ? UINT32_C(1) << (states.count - 1) : 0;
}

static void read_done(zw_fields *f, zw_register *reg)
{
    char hint[ZW_PROBLEM_BYTES];
    zw_texts done;
    if (!zw_fields_texts(f, "done", false, &done)) {
        return;
    }
    reg->done = 0;
    for (size_t i = 0; i < done.count; i++) {
        zw_nearest nearest;
        zw_nearest_init(&nearest, zw_text_of(done.at[i]));
        int state = zw_register_state_of(reg, zw_text_of(done.at[i]), &nearest);
        if (state < 0) {
            zw_fields_problem(f, "done", "done: \"%s\" is none of its states%s", done.at[i],
                              zw_problem_hint(&nearest, hint, sizeof hint));
            continue;
        }
        reg->done |= UINT32_C(1) << state;
    }
}

static void read_deadline(zw_fields *f, zw_register *reg)
{
    char hint[ZW_PROBLEM_BYTES];
    if (!zw_fields_text(f, "deadline", &reg->deadline)) {
        return;
    }
    zw_nearest nearest;
    zw_nearest_init(&nearest, zw_text_of(reg->deadline));
    const zw_register_field *field = zw_register_field_of(reg, zw_text_of(reg->deadline), &nearest);
    if (field == NULL) {
        zw_fields_problem(f, "deadline", "deadline: \"%s\" is none of its fields%s", reg->deadline,
                          zw_problem_hint(&nearest, hint, sizeof hint));
    } else if (field->is != ZW_REGISTER_DATE) {
        zw_fields_problem(f, "deadline", "deadline: the field \"%s\" is no date (%s = \"date\")",
                          reg->deadline, reg->deadline);
    }
}

bool zw_noun_register(zw_fields *f, uint32_t *index)
{
    const zw_schema schema = {fields, 0, false};
    zw_register reg = {.grid = {ZW_DAY, 0}};
    zw_list areas = {NULL, 0};
    zw_err err = {ZW_OK, ""};
    bool has_needed = zw_fields_check(f, &schema);
    zw_fields_title(f, &reg.title);
    read_fields(f, &reg);
    read_states(f, &reg);
    read_done(f, &reg);
    read_deadline(f, &reg);
    (void)zw_fields_grid(f, "every", &reg.grid);
    reg.has_due = zw_fields_length(f, "due", &reg.due);
    reg.has_areas = zw_fields_nouns(f, "areas", ZW_NOUN_AREA, &areas);
    reg.areas = areas.at;
    reg.area_count = areas.count;
    reg.has_since = zw_fields_stamp(f, "since", &reg.since);
    if (!has_needed || f->is_spoilt) {
        return false;
    }
    zw_status status = zw_pack_add_register(f->script->pack, &reg, index, &err);
    return zw_script_went_well(f->lua, status, &err, f->where);
}
