/** Running totals: what lies between two of them, and what a flow adds up to. */
#ifndef ZW_INDICATOR_TOTALS_H
#define ZW_INDICATOR_TOTALS_H

#include "indicator/inside.h"

/** A running total of the reporting year, along a kid. */
typedef struct zw_totals {
    zw_kid *kid;
    const zw_calendar *calendar;
    zw_grid grid;
    int32_t late_by; /* it is the total of so many periods earlier */
} zw_totals;

/** What is under `node`'s kid, as a running total read through `kid`. */
zw_totals zw_totals_of(zw_kid *kid, const zw_node *node);

/** The first period of the year whose total stands in `p`. */
zw_period zw_totals_year(const zw_totals *totals, zw_period p);

/** What came after `base` up to `p`, from totals alone: the total in p, and those of the years that
 * ended since base, less the one in base. */
zw_cell zw_totals_between(const zw_totals *totals, zw_period base, zw_period p);

/**
 * Writes the cells of `span`, each the sum of the kid since the first period that `since` says for
 * it. Periods that nobody reports are left out; of what is read live, those that are not in.
 * @param since  never falls along the span.
 */
typedef zw_period (*zw_since)(const void *arg, zw_period p);
zw_status zw_totals_run(zw_eval *eval, zw_col *col, zw_span span, zw_since since, const void *arg,
                        zw_err *err) ZW_MUST_USE;

#endif
