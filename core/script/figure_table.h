/**
 * A figure table: the tables of a test, `{ [handle or "name"] = { [area] = { [period] = x } } }`,
 * the only zone's own without the area level, walked in order.
 */
#ifndef ZW_SCRIPT_FIGURE_TABLE_H
#define ZW_SCRIPT_FIGURE_TABLE_H

#include "script/fields.h"

/** One x of the tables. It lies at the stack's top. */
typedef struct zw_figure {
    int key; /* stack index of the handle or name */
    uint32_t area;
    zw_stamp period;
} zw_figure;

/** What a walk does: `open` at each key (false: passed over), then `take` at each x; or, where
 * `is_listed` answers true, `{ [area] = list }` is walked and `take_row` gets each row of a list,
 * which has no period. May raise. */
typedef struct zw_figure_visitor {
    bool (*open)(zw_fields *f, void *arg, int key);
    void (*take)(zw_fields *f, void *arg, const zw_figure *figure);
    bool (*is_listed)(void *arg); /* NULL: never */
    void (*take_row)(zw_fields *f, void *arg, const zw_figure *figure);
    void *arg;
} zw_figure_visitor;

/** Walks a field; what is no such table is noted. [-0, +0, raises] */
void zw_figure_table_walk(zw_fields *f, const char *field, const zw_figure_visitor *figures);

/** A list that grows while Lua may raise: it lies in a userdata at a stack index. */
typedef struct zw_growing {
    int slot; /* of the userdata */
    void *items;
    size_t count, capacity, item_bytes;
} zw_growing;

/** Starts one; its slot is pushed. [-0, +1, raises] */
void zw_growing_init(lua_State *lua, zw_growing *growing, size_t item_bytes);
/** Room for one more item, uninitialised. [-0, +0, raises] */
void *zw_growing_add(lua_State *lua, zw_growing *growing);

#endif
