/** Placeholders: the names that a text of the pack may hold between braces, whatever is declared.
 */
#ifndef ZW_PLAN_PLACEHOLDER_H
#define ZW_PLAN_PLACEHOLDER_H

#include "base/text.h"

#include <stdbool.h>

typedef struct zw_placeholder {
    const char *name; /* NULL ends a list */
    bool is_number;   /* it takes a unit to be shown in */
} zw_placeholder;

/** Of every text: what is known of the alert. */
extern const zw_placeholder zw_placeholders_say[];
/** Of the body of a message beside them: what the message is about. */
extern const zw_placeholder zw_placeholders_body[];

/** The one of that name, or NULL. */
const zw_placeholder *zw_placeholder_find(const zw_placeholder *list, const char *name);
/** Tries all names of a list on one that nothing has. */
void zw_placeholder_try(const zw_placeholder *list, zw_nearest *nearest);

#endif
