/** What was changed by what was learned at one moment: results whose value just after it is not
 * their value just before. */
#ifndef ZW_INDICATOR_CHANGED_H
#define ZW_INDICATOR_CHANGED_H

#include "indicator/eval.h"

/** Of one indicator more periods than these, the newest, are not looked at. */
enum { ZW_CHANGED_PERIODS_MOST = 1000 };

/** One indicator at one area, in the periods of its grid in which it changed. */
typedef struct zw_changed {
    uint32_t indicator, area;
    zw_grid grid;
    zw_period first, last;
    size_t periods; /* how many of first … last */
} zw_changed;

/**
 * Calls `each` for every indicator that changed at an area of `zone`, in the pack's order, areas in
 * theirs. What is hidden does not count.
 * @param before, after  evaluations of one world, as of just before and at the moment.
 */
zw_status zw_changed_walk(zw_eval *before, zw_eval *after, uint32_t zone,
                          zw_status (*each)(void *arg, const zw_changed *changed, zw_err *err),
                          void *arg, zw_err *err) ZW_MUST_USE;

#endif
