/**
 * A register: a list of items (enterprises, projects, open calls) that change over time. What is
 * declared of it: the fields an item has, the states it goes through, which field is its deadline,
 * and who reports how often.
 */
#ifndef ZW_PLAN_REGISTER_H
#define ZW_PLAN_REGISTER_H

#include "plan/formula.h"

typedef enum zw_register_field_is {
    ZW_REGISTER_TEXT,
    ZW_REGISTER_NUMBER,
    ZW_REGISTER_DATE
} zw_register_field_is;

typedef struct zw_register_field {
    const char *name;
    zw_register_field_is is;
    zw_unit unit;          /* of a number */
    const char *unit_text; /* as written; "" when it is no number */
} zw_register_field;

typedef struct zw_register {
    zw_title title;
    const zw_register_field *fields;
    size_t field_count;
    const char *const *states; /* in their order; none: its items have no states */
    size_t state_count;
    uint32_t done;        /* bit s: state s has no deadline any more */
    const char *deadline; /* a date field; NULL */
    zw_grid grid;
    bool has_due; /* false: what is not reported did not change */
    zw_length due;
    bool has_areas;
    const uint32_t *areas; /* who is expected to report; without: every area without parts */
    size_t area_count;
    bool has_since;
    zw_stamp since;  /* the first period that can be spoken of */
    zw_node_id node; /* ZW_OP_ITEMS: all its items */
} zw_register;

enum { ZW_REGISTER_STATES_MOST = 32 };

/** The field of that name, or NULL; `nearest` (may be NULL) tries every name. */
const zw_register_field *zw_register_field_of(const zw_register *reg, zw_text name,
                                              zw_nearest *nearest);
/** The place of a state in their order, or -1; `nearest` (may be NULL) tries every name. */
int zw_register_state_of(const zw_register *reg, zw_text name, zw_nearest *nearest);

/** The word by which the last row of an item says that it left. */
#define ZW_REGISTER_LEFT "left"

#endif
