/**
 * An expression: how values of a script become nodes. Numbers stand for themselves, handles of
 * measures, indicators and written expressions for their nodes; what is none of these is told in
 * words.
 */
#ifndef ZW_SCRIPT_EXPRESSION_H
#define ZW_SCRIPT_EXPRESSION_H

#include "script/handle.h"

/**
 * The node of the value at `index`.
 * @param groups  gets the dimension it is still grouped by; NULL: then it must not be.
 * @param text  gets, on false, what is wrong: "takes a truth, got a text"; "" of poison.
 */
bool zw_expression_at(lua_State *lua, int index, zw_node_id *out, const char **groups, char *text,
                      size_t size);

/** The same, of one type. */
bool zw_expression_typed(lua_State *lua, int index, zw_type type, zw_node_id *out,
                         const char **groups, char *text, size_t size);

/** The same, of one type, and not grouped. */
bool zw_expression_read(lua_State *lua, int index, zw_type type, zw_node_id *out, char *text,
                        size_t size);

/**
 * Kids of one operation must be grouped alike; one that is not grouped at all is the same for every
 * group, and its slot of `proto` gets the node that says so.
 * @return false, with words in `text`, when they are not; "" when that is told already. [-0, +0,
 * raises]
 */
bool zw_expression_groups_fit(lua_State *lua, zw_node *proto, const char *const *groups,
                              const char **together, char *text, size_t size);

/** The node that reads `node` without the group of `dim` that is being read: the whole. False after
 * a mistake. [-0, +0, raises] */
bool zw_expression_whole(lua_State *lua, zw_node_id node, const char *dim, zw_node_id *out);

/** Raises when the pack, or the function that runs, has written more expressions than anybody can
 * mean. [-0, +0, raises] */
void zw_expression_room(lua_State *lua);

/** Adds a node at the running line. A mistake is noted and answers false. [-0, +0, raises] */
bool zw_expression_make(lua_State *lua, zw_node *proto, zw_node_id *out);

/** Adds a node and pushes its handle; poison after a mistake. @return 1. [-0, +1, raises] */
int zw_expression_push(lua_State *lua, zw_node *proto, const char *groups);

#endif
