/** A JSON table: a Lua table of texts, numbers, truths and tables of such, as the JSON it is. */
#ifndef ZW_SCRIPT_JSON_TABLE_H
#define ZW_SCRIPT_JSON_TABLE_H

#include "script/script_state.h"

typedef struct zw_json_table {
    const char *json; /* the pack's; keys in the order of their bytes */
    zw_texts says;    /* the texts in it that hold a brace, which may have to be filled in */
} zw_json_table;

/**
 * Reads the table at `index`. A table with the keys 1…n is a list, an empty one an object.
 * @param wrong  gets words for the author, of `size` bytes: "content takes …, got a function"; ""
 * of poison, whose mistake is told.
 * @return false when something in it has no place in JSON. [-0, +0, raises]
 */
bool zw_json_table_read(lua_State *lua, int index, zw_json_table *out, char *wrong, size_t size);

#endif
