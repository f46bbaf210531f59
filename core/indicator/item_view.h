/** Items inside an evaluation: how one item of a register is seen in one period, and what truths
 * say of it. */
#ifndef ZW_INDICATOR_ITEM_VIEW_H
#define ZW_INDICATOR_ITEM_VIEW_H

#include "indicator/inside.h"

/** What a column asks of its register. */
typedef struct zw_item_ask {
    zw_eval *eval;
    zw_col *col;
    const zw_register *reg;
    uint32_t ref; /* the register's place in the pack */
    const zw_items *items;
    zw_register_id id; /* in the store; ZW_REGISTER_NONE: nothing was ever said of it */
    zw_item_id only;   /* the item that the column is bound to; ZW_ITEM_NONE: all */
    zw_status status;  /* of what was read on the way: look at it once, at the end */
    zw_err *err;
} zw_item_ask;

/** One item in one period: at the period's end, or now. */
typedef struct zw_item_view {
    zw_item_id item;
    zw_period period;
    int64_t t_ms;
    bool is_open;  /* the period holds the as-of: time goes on in it */
    uint32_t area; /* where it stands; ZW_NONE: in none of the pack's */
    const zw_item_standing *standing;
    const int64_t *entered_ms; /* by state: when it was first in it since it came; ZW_NEVER_MS */
    int64_t done_ms;           /* since when it is done; ZW_NEVER_MS */
} zw_item_view;

void zw_item_ask_init(zw_item_ask *ask, zw_eval *eval, zw_col *col, uint32_t ref, zw_err *err);

/** What the truth `node` says of the item. Other than of the item it is read where it stands. */
zw_cell zw_item_judge(zw_item_ask *ask, zw_node_id node, const zw_item_view *view); /* item_truths.c
                                                                                     */

/** The area that a row's text names: none said is the only zone. ZW_NONE when the pack has no such.
 */
uint32_t zw_item_area(const zw_pack *pack, const char *name);

/** A field of the item, or its "state"; "" when it says none. */
const char *zw_item_says(const zw_item_view *view, const char *field);

/** The number in a field, without its unit's scale; false when it says none. */
bool zw_item_number(const zw_item_ask *ask, const zw_item_view *view, const char *field,
                    double *out);

/** The texts that a filter asks for at an area; none when it names an attribute that the area does
 * not have. */
zw_texts zw_item_filter_values(const zw_eval *eval, const zw_filter *filter, uint32_t area);
/** True when a field's text is one of them: of a number as a number. */
bool zw_item_is_among(const zw_register *reg, const char *field, const char *text, zw_texts values);

/** The binding below which everything said of a register speaks of one item. ZW_POOL_NONE without
 * memory. */
uint32_t zw_item_bind(zw_eval *eval, uint32_t ref, zw_item_id item);
/** The item of a register that a binding fixes; ZW_ITEM_NONE. */
zw_item_id zw_item_bound(const zw_eval *eval, uint32_t binding, uint32_t ref);

/** The first period of a register that can be spoken of at an area: its first row's, or its
 * `since`; false when there is neither. */
bool zw_items_first(const zw_eval *eval, uint32_t ref, uint32_t area, int64_t as_of_ms,
                    zw_period *out);

/** What the register as a whole does to a cell: nothing before its first period or outside the
 * area's life, nothing until every expected report of a register with `due` is in. */
zw_cell zw_items_settle(zw_item_ask *ask, zw_period period, const zw_cell *content); /* items_due.c
                                                                                      */
/** Whether an expected report of a register with `due` is late. */
zw_status zw_items_late(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                        zw_err *err) ZW_MUST_USE; /* items_due.c */
/** The moment after which a report for a register's period is late; ZW_NEVER_MS without a due. */
int64_t zw_items_due_ms(const zw_eval *eval, uint32_t ref, uint32_t area, zw_period period,
                        const zw_length *extra);

#endif
