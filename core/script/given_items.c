/* Given items: the rows of registers that a test is given. */
#include "script/given_items.h"

#include "script/handle.h"
#include "script/key_order.h"
#include "script/problem.h"

#include <math.h>
#include <string.h>

enum { NUMBER_BYTES = 40 };

/* One row being read. */
typedef struct reading {
    const zw_register *reg;
    zw_given_item *row;
    zw_given_field *fields; /* room for each key of the row */
} reading;

static const char *kept(lua_State *lua)
{
    return zw_script_text(lua, zw_text_of(lua_tostring(lua, -1)));
}

static bool read_moment(zw_fields *f, const char *key, zw_stamp *out)
{
    if (zw_fields_stamp_at(f->lua, -1, out)) {
        return true;
    }
    zw_fields_problem(f, "given", "given: %s takes a day or a moment", key);
    return false;
}

static bool read_state(zw_fields *f, const reading *in)
{
    char hint[ZW_PROBLEM_BYTES];
    zw_nearest nearest;
    if (lua_type(f->lua, -1) != LUA_TSTRING) {
        zw_fields_wrong(f, "given", "state = a text");
        return false;
    }
    const char *state = lua_tostring(f->lua, -1);
    zw_nearest_init(&nearest, zw_text_of(state));
    in->row->state = kept(f->lua);
    if (strcmp(state, ZW_REGISTER_LEFT) == 0 ||
        zw_register_state_of(in->reg, zw_text_of(state), &nearest) >= 0) {
        return true;
    }
    zw_nearest_try(&nearest, ZW_REGISTER_LEFT);
    zw_fields_problem(f, "given", "given: register \"%s\" has no state '%s'%s", in->reg->title.name,
                      state, zw_problem_hint(&nearest, hint, sizeof hint));
    return false;
}

/* The value at the stack's top as deliveries write it; NULL when it is none of the field's. */
static const char *value_text(zw_fields *f, const zw_register_field *field)
{
    char number[NUMBER_BYTES];
    zw_stamp stamp;
    lua_State *lua = f->lua;
    switch (field->is) {
    case ZW_REGISTER_NUMBER:
        if (lua_type(lua, -1) != LUA_TNUMBER || !isfinite(lua_tonumber(lua, -1))) {
            return NULL;
        }
        return zw_script_text(
            lua, zw_text_of(zw_text_of_number(lua_tonumber(lua, -1), number, sizeof number)));
    case ZW_REGISTER_DATE:
        return lua_type(lua, -1) == LUA_TSTRING && zw_fields_stamp_at(lua, -1, &stamp) ? kept(lua)
                                                                                       : NULL;
    default:
        return lua_type(lua, -1) == LUA_TSTRING ? kept(lua) : NULL;
    }
}

static bool read_field(zw_fields *f, reading *in, const char *key)
{
    static const char *const takes[] = {[ZW_REGISTER_TEXT] = "a text",
                                        [ZW_REGISTER_NUMBER] = "a number in its unit",
                                        [ZW_REGISTER_DATE] = "a day as a text"};
    static const char *const known[] = {"item", "at", "state", "known_at"};
    char hint[ZW_PROBLEM_BYTES], words[ZW_HANDLE_WORDS_BYTES];
    zw_nearest nearest;
    zw_nearest_init(&nearest, zw_text_of(key));
    const zw_register_field *field = zw_register_field_of(in->reg, zw_text_of(key), &nearest);
    if (field == NULL) {
        for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
            zw_nearest_try(&nearest, known[i]);
        }
        zw_fields_problem(f, "given", "given: register \"%s\" has no field '%s'%s",
                          in->reg->title.name, key, zw_problem_hint(&nearest, hint, sizeof hint));
        return false;
    }
    const char *text = value_text(f, field);
    if (text == NULL) {
        zw_fields_problem(f, "given", "given: %s takes %s, got %s", key, takes[field->is],
                          zw_handle_words(f->lua, -1, words));
        return false;
    }
    in->fields[in->row->field_count++] = (zw_given_field){field->name, text};
    return true;
}

/* One key of the row, as a text; its value at the top. */
static bool read_part(zw_fields *f, reading *in, const char *key)
{
    if (strcmp(key, "item") == 0) {
        if (lua_type(f->lua, -1) != LUA_TSTRING) {
            zw_fields_wrong(f, "given", "item = a text");
            return false;
        }
        in->row->item = kept(f->lua);
        return true;
    }
    if (strcmp(key, "at") == 0) {
        in->row->has_at = read_moment(f, key, &in->row->at);
        return in->row->has_at;
    }
    if (strcmp(key, "known_at") == 0) {
        in->row->has_known_at = read_moment(f, key, &in->row->known_at);
        return in->row->has_known_at;
    }
    if (strcmp(key, "state") == 0) {
        return read_state(f, in);
    }
    return read_field(f, in, key);
}

/* What only the whole row shows. */
static bool is_whole(zw_fields *f, const zw_given_item *row)
{
    if (!row->has_at) {
        zw_fields_problem(f, "given", "given: a row needs at = the day from which it holds");
        return false;
    }
    if (row->item[0] == '\0' && (row->state[0] != '\0' || row->field_count > 0)) {
        zw_fields_problem(f, "given",
                          "given: a row without item says \"no change\": it has no "
                          "state and no fields");
        return false;
    }
    return true;
}

bool zw_given_item_read(zw_fields *f, zw_given_item *out)
{
    lua_State *lua = f->lua;
    int table = lua_gettop(lua);
    lua_Integer count = zw_key_order_list(lua, table);
    reading in = {&f->script->pack->registers[out->reg], out, NULL};
    out->item = out->state = "";
    in.fields = lua_newuserdatauv(lua, ((size_t)count + 1) * sizeof *in.fields, 0);
    bool is_right = true;
    for (lua_Integer i = 1; i <= count && is_right; i++) {
        is_right = lua_rawgeti(lua, table + 1, i) == LUA_TSTRING;
        if (!is_right) {
            zw_fields_problem(f, "given", "given takes rows { item = …, at = … }");
            break;
        }
        const char *key = lua_tostring(lua, -1);
        lua_pushvalue(lua, -1);
        lua_rawget(lua, table);
        is_right = read_part(f, &in, key);
        lua_pop(lua, 2);
    }
    out->fields = zw_script_copy(lua, in.fields, out->field_count * sizeof *in.fields);
    lua_settop(lua, table);
    return is_right && is_whole(f, out);
}
