/** A bag: numbers without an order, gathered one by one, and what they fold to. */
#ifndef ZW_INDICATOR_BAG_H
#define ZW_INDICATOR_BAG_H

#include "indicator/cell.h"

/** Zeroed it is empty; the caller frees `at`. */
typedef struct zw_bag {
    double *at;
    size_t count, capacity;
} zw_bag;

/** False without memory. */
bool zw_bag_put(zw_bag *bag, double value) ZW_MUST_USE;

/**
 * The median, the quantile `share` or the deviation by count - 1 of all of them; puts them in order
 * of size, so that it does not matter in which they came.
 * @return missing: fewer than two for a deviation; empty, NO_ITEM.
 */
zw_cell zw_bag_fold(zw_bag *bag, zw_how how, double share);

/** Between the two values around it, in proportion; `sorted` has at least one. */
double zw_bag_quantile(const double *sorted, size_t count, double share);
/** For qsort: numbers in order of size. */
int zw_bag_by_size(const void *a, const void *b);

#endif
