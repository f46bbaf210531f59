/** Texts that expressions say: a cell of one holds the number of a text of its evaluation. */
#ifndef ZW_INDICATOR_TEXTS_H
#define ZW_INDICATOR_TEXTS_H

#include "plan/pack.h"

/** Texts gathered one by one, borrowed. Zeroed it is empty; the caller frees `at`. */
typedef struct zw_texts_bag {
    const char **at;
    size_t count, capacity;
} zw_texts_bag;

/** False without memory. */
bool zw_texts_put(zw_texts_bag *bag, const char *text) ZW_MUST_USE;

/**
 * The commonest of them; of equally common ones the first in order: of a state as the register
 * lists them, else byte by byte. NULL when there are none. Puts them in order.
 */
const char *zw_texts_commonest(zw_texts_bag *bag, const zw_register *reg, const char *field);

#endif
