/**
 * Fields: what stands between the braces of a declaration, read by a closed schema. Every reader
 * notes what is wrong at the place of the field and answers false; a field that is absent answers
 * false too, without a word. Poison is passed over: its mistake is told.
 *
 * Readers may raise (no memory); the stack is as before when they return.
 */
#ifndef ZW_SCRIPT_FIELDS_H
#define ZW_SCRIPT_FIELDS_H

#include "script/script_state.h"

typedef enum zw_field_is { ZW_FIELD_PLAIN, ZW_FIELD_NEEDED } zw_field_is;

typedef struct zw_field {
    const char *name; /* NULL ends a schema */
    zw_field_is is;
} zw_field;

/** One declaration being read. */
typedef struct zw_fields {
    lua_State *lua;
    zw_script *script;
    int table; /* stack index of the fields */
    zw_noun noun;
    const char *name;
    zw_where where;
    bool is_spoilt;    /* something was wrong, or poison */
    bool has_function; /* a Lua function stands for one of its expressions */
} zw_fields;

/** How a schema is checked. */
typedef struct zw_schema {
    const zw_field *fields;
    int positional; /* so many values without a key */
    bool is_open;   /* any other field is an attribute */
} zw_schema;

/**
 * Notes unknown fields, fields of later, and, when nothing else was wrong, needed ones that are
 * absent.
 * @return false when a needed one is absent.
 */
bool zw_fields_check(zw_fields *f, const zw_schema *schema);

/** Pushes a field, or with `field` NULL the first value without a key. @return false, nothing
 * pushed, when it is absent. [-0, +1 or +0] */
bool zw_fields_push(const zw_fields *f, const char *field);

/** `measure "x": field …` at the field's place; marks as spoilt. */
void zw_fields_problem(zw_fields *f, const char *field, const char *fmt, ...) ZW_PRINTF(3, 4);

/** "field takes <expected>, got …" of the value at the stack's top; of poison only the mark. */
void zw_fields_wrong(zw_fields *f, const char *field, const char *expected);

bool zw_fields_has(const zw_fields *f, const char *field);
bool zw_fields_text(zw_fields *f, const char *field, const char **out); /* the pack's */
bool zw_fields_number(zw_fields *f, const char *field, double *out);
bool zw_fields_integer(zw_fields *f, const char *field, int low, int high, int *out);
bool zw_fields_boolean(zw_fields *f, const char *field, bool *out);
bool zw_fields_grid(zw_fields *f, const char *field, zw_grid *out);
bool zw_fields_length(zw_fields *f, const char *field, zw_length *out);
bool zw_fields_unit(zw_fields *f, const char *field, zw_unit *out);
bool zw_fields_stamp(zw_fields *f, const char *field, zw_stamp *out);

/**
 * One of the words of `choices` (NULL ends them).
 * @param later  words of the language that are not there yet; may be NULL.
 * @param out  gets its place.
 */
bool zw_fields_choice(zw_fields *f, const char *field, const char *const *choices,
                      const char *const *later, int *out);

/** A text or `{ en = , zh = }`. Both are the same of a plain text; "" where not given. */
bool zw_fields_bilingual(zw_fields *f, const char *field, const char **en, const char **zh);

/** Name, title (each language the other's when absent, else the name), note and place. */
void zw_fields_title(zw_fields *f, zw_title *out);

/** A text or a list of texts. @param is_folded  as names are compared. */
bool zw_fields_texts(zw_fields *f, const char *field, bool is_folded, zw_texts *out);

/** A measure, a register, or a list of both. */
bool zw_fields_reported(zw_fields *f, const char *field, zw_list *measures, zw_list *registers);

/** A handle of `noun` (area: zones too) or a list of them. */
bool zw_fields_nouns(zw_fields *f, const char *field, zw_noun noun, zw_list *out);

/** `each`; without it, the only zone. Notes when there are several. */
bool zw_fields_each(zw_fields *f, zw_list *out);

/** The same where `each` may be a register: then `*has_items`, and `out` is empty. */
bool zw_fields_each_or_items(zw_fields *f, zw_list *out, bool *has_items, uint32_t *reg);

/**
 * An expression of `type`, or a Lua function in its place (beside `every`, or on the coarsest grid
 * of its handles).
 * @param field  NULL: the first value without a key.
 */
bool zw_fields_node(zw_fields *f, const char *field, zw_type type, zw_node_id *out);

/** Two truths of one declaration are of one grid; else it is told, at the second. What is so now
 * takes the first one's. */
bool zw_fields_same_grid(zw_fields *f, const char *first, zw_node_id first_node, const char *second,
                         zw_node_id *second_node);

/** A year as a number, or a period or moment as a text, at `index`. False, without a word, when it
 * is neither. */
bool zw_fields_stamp_at(lua_State *lua, int index, zw_stamp *out);

/** True when the table at `index` has exactly the keys 1…n. [-0, +0] */
bool zw_fields_is_list(lua_State *lua, int index);

#endif
