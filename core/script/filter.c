/* A filter: what stands behind a field's name in `:where { field = … }`. */
#include "script/filter.h"

#include "script/fields.h"
#include "script/frozen.h"
#include "script/handle.h"

#include <stdlib.h>
#include <string.h>

static int compare_texts(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The text at the stack's top as a dimension value: whole numbers are written out. NULL when it is
 * neither. */
static const char *value_text(lua_State *lua)
{
    if (lua_type(lua, -1) != LUA_TSTRING && !lua_isinteger(lua, -1)) {
        return NULL;
    }
    size_t len;
    lua_pushvalue(lua, -1); /* lua_tolstring changes a number where it stands */
    const char *text = lua_tolstring(lua, -1, &len);
    const char *kept = zw_script_text(lua, (zw_text){text, len});
    lua_pop(lua, 1);
    return kept;
}

/* The attribute that `attr "x"` at the stack's top names; NULL when it is something else. */
static const char *attr_name(lua_State *lua)
{
    const zw_handle *handle = zw_handle_at(lua, -1);
    if (handle == NULL || handle->is != ZW_HANDLE_NODE) {
        return NULL;
    }
    const zw_node *node = zw_pack_node(zw_script_of(lua)->pack, handle->node);
    return node->op == ZW_OP_ATTR ? node->text : NULL;
}

/* A list of values at the stack's top. False when an element is no value. */
static bool values_of(lua_State *lua, zw_filter *filter)
{
    size_t count = lua_rawlen(lua, -1);
    const char **values = lua_newuserdatauv(lua, (count + 1) * sizeof *values, 0);
    bool is_right = true;
    for (size_t i = 0; i < count && is_right; i++) {
        lua_rawgeti(lua, -2, (lua_Integer)i + 1);
        values[i] = value_text(lua);
        is_right = values[i] != NULL;
        lua_pop(lua, 1);
    }
    if (is_right) {
        qsort(values, count, sizeof *values, compare_texts);
        filter->values = zw_script_copy(lua, values, count * sizeof *values);
        filter->value_count = count;
    }
    lua_pop(lua, 1);
    return is_right;
}

bool zw_filter_read(lua_State *lua, zw_filter *filter)
{
    filter->attr = attr_name(lua);
    if (filter->attr != NULL) {
        return true;
    }
    zw_frozen_open(lua, -1);
    if (lua_istable(lua, -1)) {
        return zw_fields_is_list(lua, -1) && lua_rawlen(lua, -1) > 0 && values_of(lua, filter);
    }
    const char *text = value_text(lua);
    if (text == NULL) {
        return false;
    }
    filter->values = zw_script_copy(lua, &text, sizeof(const char *));
    filter->value_count = 1;
    return true;
}
