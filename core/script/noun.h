/**
 * A noun: how `measure "x" { … }` becomes a declaration. `measure "x"` alone gives a declarator
 * that waits for its braces; one that never gets them is a mistake.
 */
#ifndef ZW_SCRIPT_NOUN_H
#define ZW_SCRIPT_NOUN_H

#include "script/fields.h"

/**
 * Reads the fields of one declaration and adds it to the pack.
 * @return true with *index; false, after its mistakes were noted, when it could not be made.
 */
typedef bool (*zw_noun_declare)(zw_fields *f, uint32_t *index);

bool zw_noun_zone(zw_fields *f, uint32_t *index);
bool zw_noun_area(zw_fields *f, uint32_t *index);
bool zw_noun_measure(zw_fields *f, uint32_t *index);
bool zw_noun_register(zw_fields *f, uint32_t *index);
bool zw_noun_indicator(zw_fields *f, uint32_t *index);
bool zw_noun_target(zw_fields *f, uint32_t *index);
bool zw_noun_rule(zw_fields *f, uint32_t *index);
bool zw_noun_alert(zw_fields *f, uint32_t *index);
bool zw_noun_guard(zw_fields *f, uint32_t *index);
bool zw_noun_notify(zw_fields *f, uint32_t *index);
bool zw_noun_test(zw_fields *f, uint32_t *index);

/** Offers the nouns as globals. [-0, +0, raises] */
void zw_noun_open(lua_State *lua);

/** Notes every declarator that never got its braces. [-0, +0, raises] */
void zw_noun_finish(lua_State *lua);

/** An error was raised: the nouns that waited for their braces just then could not get them, and
 * are not told again. [-0, +0, raises] */
void zw_noun_forgive(lua_State *lua);

/** Remembers that the mistakes of a name are told. [-0, +0, raises] */
void zw_noun_spoil(lua_State *lua, const char *name);

#endif
