/* Fields: what stands between the braces of a declaration, read by a closed schema. */
#include "script/fields.h"

#include "base/cut.h"
#include "script/expression.h"
#include "script/function.h"
#include "script/handle.h"
#include "script/key_order.h"
#include "script/problem.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static zw_where where_of(zw_fields *f, const char *field)
{
    return field == NULL ? f->where : zw_problem_at_field(f->lua, f->where, f->name, field);
}

void zw_fields_problem(zw_fields *f, const char *field, const char *fmt, ...)
{
    char text[ZW_PROBLEM_BYTES];
    va_list args;
    va_start(args, fmt);
    (void)zw_cut_vformat(text, sizeof text, fmt, args);
    va_end(args);
    f->is_spoilt = true;
    zw_problem_note(f->lua, where_of(f, field), "%s \"%s\": %s", zw_noun_text(f->noun), f->name,
                    text);
}

void zw_fields_wrong(zw_fields *f, const char *field, const char *expected)
{
    char words[ZW_HANDLE_WORDS_BYTES];
    f->is_spoilt = true;
    if (!zw_handle_is_poison(f->lua, -1)) {
        zw_fields_problem(f, field, "%s takes %s, got %s", field == NULL ? "it" : field, expected,
                          zw_handle_words(f->lua, -1, words));
    }
}

bool zw_fields_push(const zw_fields *f, const char *field)
{
    if (field == NULL) {
        lua_rawgeti(f->lua, f->table, 1);
    } else {
        lua_pushstring(f->lua, field);
        lua_rawget(f->lua, f->table);
    }
    if (lua_isnil(f->lua, -1)) {
        lua_pop(f->lua, 1);
        return false;
    }
    return true;
}

bool zw_fields_has(const zw_fields *f, const char *field)
{
    bool has = zw_fields_push(f, field);
    lua_pop(f->lua, has ? 1 : 0);
    return has;
}

/* --- the schema --- */

static const zw_field *find_field(const zw_field *fields, const char *name)
{
    for (; fields->name != NULL; fields++) {
        if (strcmp(fields->name, name) == 0) {
            return fields;
        }
    }
    return NULL;
}

static void unknown_field(zw_fields *f, const zw_schema *schema, const char *name)
{
    char hint[ZW_PROBLEM_BYTES];
    zw_nearest nearest;
    zw_nearest_init(&nearest, zw_text_of(name));
    for (const zw_field *field = schema->fields; field->name != NULL; field++) {
        zw_nearest_try(&nearest, field->name);
    }
    f->is_spoilt = true;
    zw_problem_note(f->lua, where_of(f, name), "%s \"%s\" has no field '%s'%s",
                    zw_noun_text(f->noun), f->name, name,
                    zw_problem_hint(&nearest, hint, sizeof hint));
}

/* Checks the key at the stack's top. */
static void check_key(zw_fields *f, const zw_schema *schema)
{
    char words[ZW_HANDLE_WORDS_BYTES];
    lua_State *lua = f->lua;
    if (lua_isinteger(lua, -1)) {
        lua_Integer at = lua_tointeger(lua, -1);
        if (at < 1 || at > schema->positional) {
            zw_fields_problem(f, NULL, "a value without a field name has no place here");
        }
        return;
    }
    if (lua_type(lua, -1) != LUA_TSTRING) {
        zw_fields_problem(f, NULL, "a field's name is a word, not %s",
                          zw_handle_words(lua, -1, words));
        return;
    }
    const char *name = lua_tostring(lua, -1);
    if (find_field(schema->fields, name) == NULL && !schema->is_open) {
        unknown_field(f, schema, name);
    }
}

/* In an open schema a misspelt needed field looks like an attribute: the nearest one is named. */
static const char *misspelt(zw_fields *f, const zw_schema *schema, const char *needed, char *hint,
                            size_t size)
{
    zw_nearest nearest;
    zw_nearest_init(&nearest, zw_text_of(needed));
    lua_Integer count = zw_key_order_list(f->lua, f->table);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(f->lua, -1, i);
        if (lua_type(f->lua, -1) == LUA_TSTRING &&
            find_field(schema->fields, lua_tostring(f->lua, -1)) == NULL) {
            zw_nearest_try(&nearest, lua_tostring(f->lua, -1));
        }
        lua_pop(f->lua, 1);
    }
    int len = nearest.best == NULL
                  ? -1
                  : snprintf(hint, size, " (is '%s' meant to be it?)", nearest.best);
    if (len < 0 || (size_t)len >= size) {
        hint[0] = '\0';
    }
    lua_pop(f->lua, 1);
    return hint;
}

static bool check_needed(zw_fields *f, const zw_schema *schema)
{
    bool has_all = true;
    char hint[ZW_PROBLEM_BYTES] = "";
    for (const zw_field *field = schema->fields; field->name != NULL; field++) {
        if (field->is != ZW_FIELD_NEEDED || zw_fields_has(f, field->name)) {
            continue;
        }
        has_all = false;
        if (!f->is_spoilt) { /* an unknown field may be the one that lacks: one mistake, one line */
            zw_fields_problem(f, NULL, "%s is needed%s", field->name,
                              schema->is_open ? misspelt(f, schema, field->name, hint, sizeof hint)
                                              : "");
            f->is_spoilt = false; /* so that each needed one is told */
        }
    }
    f->is_spoilt = f->is_spoilt || !has_all;
    return has_all;
}

bool zw_fields_check(zw_fields *f, const zw_schema *schema)
{
    lua_Integer count = zw_key_order_list(f->lua, f->table);
    for (lua_Integer i = 1; i <= count; i++) {
        lua_rawgeti(f->lua, -1, i);
        check_key(f, schema);
        lua_pop(f->lua, 1);
    }
    lua_pop(f->lua, 1);
    return check_needed(f, schema);
}

/* --- plain values --- */

bool zw_fields_text(zw_fields *f, const char *field, const char **out)
{
    lua_State *lua = f->lua;
    if (!zw_fields_push(f, field)) {
        return false;
    }
    bool is_text = lua_type(lua, -1) == LUA_TSTRING;
    if (is_text) {
        size_t len;
        const char *text = lua_tolstring(lua, -1, &len);
        *out = zw_script_text(lua, (zw_text){text, len});
    } else {
        zw_fields_wrong(f, field, "a text");
    }
    lua_pop(lua, 1);
    return is_text;
}

bool zw_fields_number(zw_fields *f, const char *field, double *out)
{
    if (!zw_fields_push(f, field)) {
        return false;
    }
    bool is_number = lua_type(f->lua, -1) == LUA_TNUMBER && isfinite(lua_tonumber(f->lua, -1));
    if (is_number) {
        *out = lua_tonumber(f->lua, -1);
    } else {
        zw_fields_wrong(f, field, "a number");
    }
    lua_pop(f->lua, 1);
    return is_number;
}

bool zw_fields_integer(zw_fields *f, const char *field, int low, int high, int *out)
{
    if (!zw_fields_push(f, field)) {
        return false;
    }
    int is_whole = 0;
    lua_Integer value =
        lua_type(f->lua, -1) == LUA_TNUMBER ? lua_tointegerx(f->lua, -1, &is_whole) : 0;
    bool is_right = is_whole && value >= low && value <= high;
    if (is_right) {
        *out = (int)value;
    } else if (lua_type(f->lua, -1) == LUA_TNUMBER) {
        zw_fields_problem(f, field, "%s takes a whole number from %d to %d", field, low, high);
    } else {
        zw_fields_wrong(f, field, "a number");
    }
    lua_pop(f->lua, 1);
    return is_right;
}

bool zw_fields_boolean(zw_fields *f, const char *field, bool *out)
{
    if (!zw_fields_push(f, field)) {
        return false;
    }
    bool is_boolean = lua_isboolean(f->lua, -1);
    if (is_boolean) {
        *out = lua_toboolean(f->lua, -1);
    } else {
        zw_fields_wrong(f, field, "true or false");
    }
    lua_pop(f->lua, 1);
    return is_boolean;
}

bool zw_fields_grid(zw_fields *f, const char *field, zw_grid *out)
{
    const char *text;
    if (!zw_fields_text(f, field, &text)) {
        return false;
    }
    if (!zw_grid_parse(zw_text_of(text), out)) {
        static const char *const names[] = {"day", "week", "month", "quarter", "half", "year"};
        char hint[ZW_PROBLEM_BYTES];
        zw_nearest nearest;
        zw_nearest_init(&nearest, zw_text_of(text));
        for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
            zw_nearest_try(&nearest, names[i]);
        }
        zw_fields_problem(f, field, "%s takes a period length (\"month\", \"15m\" …), got \"%s\"%s",
                          field, text, zw_problem_hint(&nearest, hint, sizeof hint));
        return false;
    }
    return true;
}

bool zw_fields_length(zw_fields *f, const char *field, zw_length *out)
{
    const char *text;
    if (!zw_fields_text(f, field, &text)) {
        return false;
    }
    if (!zw_length_parse(zw_text_of(text), out)) {
        zw_fields_problem(f, field, "%s takes a length (\"20d\", \"3 months\" …), got \"%s\"",
                          field, text);
        return false;
    }
    return true;
}

bool zw_fields_unit(zw_fields *f, const char *field, zw_unit *out)
{
    const char *text;
    zw_err err;
    if (!zw_fields_text(f, field, &text)) {
        return false;
    }
    if (zw_unit_parse(zw_text_of(text), out, &err) != ZW_OK) {
        zw_fields_problem(f, field, "%s: %s", field, err.text);
        return false;
    }
    return true;
}

bool zw_fields_stamp_at(lua_State *lua, int index, zw_stamp *out)
{
    if (lua_type(lua, index) == LUA_TNUMBER) {
        int is_whole;
        lua_Integer year = lua_tointegerx(lua, index, &is_whole);
        if (!is_whole || year < 1 || year > 9999) {
            return false;
        }
        *out = (zw_stamp){
            .is = ZW_STAMP_PERIOD, .grid = {.every = ZW_YEAR}, .period = (zw_period)year - 1970};
        return true;
    }
    if (lua_type(lua, index) == LUA_TSTRING) {
        size_t len;
        const char *text = lua_tolstring(lua, index, &len);
        return zw_stamp_parse((zw_text){text, len}, out, NULL) == ZW_OK;
    }
    return false;
}

bool zw_fields_stamp(zw_fields *f, const char *field, zw_stamp *out)
{
    if (!zw_fields_push(f, field)) {
        return false;
    }
    bool is_stamp = zw_fields_stamp_at(f->lua, -1, out);
    if (!is_stamp && lua_type(f->lua, -1) == LUA_TSTRING) {
        zw_fields_problem(f, field, "%s takes a period (2022, \"2022-Q3\" …), got \"%s\"", field,
                          lua_tostring(f->lua, -1));
    } else if (!is_stamp) {
        zw_fields_wrong(f, field, "a period (2022, \"2022-Q3\" …)");
    }
    lua_pop(f->lua, 1);
    return is_stamp;
}

static int place_among(const char *const *words, const char *word)
{
    for (int i = 0; words != NULL && words[i] != NULL; i++) {
        if (strcmp(words[i], word) == 0) {
            return i;
        }
    }
    return -1;
}

bool zw_fields_choice(zw_fields *f, const char *field, const char *const *choices,
                      const char *const *later, int *out)
{
    const char *text;
    if (!zw_fields_text(f, field, &text)) {
        return false;
    }
    *out = place_among(choices, text);
    if (*out >= 0) {
        return true;
    }
    if (place_among(later, text) >= 0) {
        zw_fields_problem(f, field, "not yet: %s = \"%s\"", field, text);
        return false;
    }
    char known[256] = "", hint[ZW_PROBLEM_BYTES];
    size_t len = 0;
    zw_nearest nearest;
    zw_nearest_init(&nearest, zw_text_of(text));
    for (int i = 0; choices[i] != NULL && len < sizeof known; i++) {
        zw_nearest_try(&nearest, choices[i]);
        len += (size_t)snprintf(known + len, sizeof known - len, "%s\"%s\"", i > 0 ? ", " : "",
                                choices[i]);
    }
    zw_fields_problem(f, field, "%s takes one of %s, got \"%s\"%s", field, known, text,
                      zw_problem_hint(&nearest, hint, sizeof hint));
    return false;
}

/* --- texts for people --- */

/* The text under `lang` in the table at the stack's top. */
static bool language_of(zw_fields *f, const char *field, const char *lang, const char **out)
{
    lua_State *lua = f->lua;
    bool is_right = true;
    lua_pushstring(lua, lang);
    lua_rawget(lua, -2);
    if (lua_type(lua, -1) == LUA_TSTRING) {
        size_t len;
        const char *text = lua_tolstring(lua, -1, &len);
        *out = zw_script_text(lua, (zw_text){text, len});
    } else if (!lua_isnil(lua, -1)) {
        zw_fields_wrong(f, field, "texts");
        is_right = false;
    }
    lua_pop(lua, 1);
    return is_right;
}

static bool has_other_languages(lua_State *lua)
{
    int known = 0, all = 0;
    for (lua_pushnil(lua); lua_next(lua, -2) != 0; lua_pop(lua, 1)) {
        const char *key = lua_type(lua, -2) == LUA_TSTRING ? lua_tostring(lua, -2) : "";
        known += strcmp(key, "en") == 0 || strcmp(key, "zh") == 0 ? 1 : 0;
        all++;
    }
    return all != known || all == 0;
}

bool zw_fields_bilingual(zw_fields *f, const char *field, const char **en, const char **zh)
{
    lua_State *lua = f->lua;
    *en = *zh = "";
    if (!zw_fields_push(f, field)) {
        return false;
    }
    bool is_right = false;
    if (lua_type(lua, -1) == LUA_TSTRING) {
        size_t len;
        const char *text = lua_tolstring(lua, -1, &len);
        *en = *zh = zw_script_text(lua, (zw_text){text, len});
        is_right = true;
    } else if (!lua_istable(lua, -1)) {
        zw_fields_wrong(f, field, "a text or { en = …, zh = … }");
    } else if (has_other_languages(lua)) {
        zw_fields_problem(f, field, "%s takes a text or { en = …, zh = … }", field);
    } else {
        is_right = language_of(f, field, "en", en) && language_of(f, field, "zh", zh);
    }
    lua_pop(lua, 1);
    return is_right;
}

void zw_fields_title(zw_fields *f, zw_title *out)
{
    *out = (zw_title){.name = f->name, .note = "", .where = f->where};
    (void)zw_fields_bilingual(f, "title", &out->en, &out->zh);
    const char *other = out->en[0] != '\0' ? out->en : out->zh[0] != '\0' ? out->zh : f->name;
    out->en = out->en[0] != '\0' ? out->en : other;
    out->zh = out->zh[0] != '\0' ? out->zh : other;
    (void)zw_fields_text(f, "note", &out->note);
}

/* --- expressions --- */

bool zw_fields_node(zw_fields *f, const char *field, zw_type type, zw_node_id *out)
{
    lua_State *lua = f->lua;
    char text[ZW_PROBLEM_BYTES];
    bool is_right;
    *out = ZW_NODE_NONE;
    if (!zw_fields_push(f, field)) {
        return false;
    }
    if (lua_isfunction(lua, -1)) {
        is_right = zw_function_node(f, field, type, out);
    } else {
        is_right = zw_expression_read(lua, -1, type, out, text, sizeof text);
        if (!is_right && !zw_handle_is_poison(lua, -1)) {
            zw_fields_problem(f, field, "%s %s", field == NULL ? "it" : field, text);
        }
        f->is_spoilt = f->is_spoilt || !is_right;
    }
    lua_pop(lua, 1);
    return is_right;
}

bool zw_fields_same_grid(zw_fields *f, const char *first, zw_node_id first_node, const char *second,
                         zw_node_id *second_node)
{
    char one[16], two[16];
    zw_err err = {ZW_OK, ""};
    const zw_node *a = zw_pack_node(f->script->pack, first_node);
    const zw_node *b = zw_pack_node(f->script->pack, *second_node);
    if (!a->has_grid || !b->has_grid || zw_grid_same(a->grid, b->grid)) {
        return true;
    }
    if (b->is_now) {
        zw_status status =
            zw_formula_fit(f->script->pack, *second_node, a->grid, f->where, second_node, &err);
        return zw_script_went_well(f->lua, status, &err, f->where);
    }
    zw_fields_problem(f, second, "%s is of every %s, %s of every %s: they must be of one grid",
                      first, zw_grid_name(a->grid, one, sizeof one), second,
                      zw_grid_name(b->grid, two, sizeof two));
    return false;
}
