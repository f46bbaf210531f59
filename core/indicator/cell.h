/** A cell: what an expression says about one (area, period) at one as-of: a value, or why there is
 * none. */
#ifndef ZW_INDICATOR_CELL_H
#define ZW_INDICATOR_CELL_H

#include "plan/pack.h"

#include <math.h>

/** Every reason for a missing value. `detail` of the cell says which area, moment or text where the
 * reason has one. */
#define ZW_REASON_MAP(X)                                                                           \
    X(NONE, "") /* the value stands */                                                             \
    X(NO_FIGURE, "no figure")                                                                      \
    X(NOT_BEGUN, "period not begun")                                                               \
    X(NOT_DUE, "not due until") /* detail: the moment, Unix ms */                                  \
    X(LATE, "late since")       /* detail: the moment */                                           \
    X(SKIPPED, "no report in this period")                                                         \
    X(PAST_KEEP, "past its keep")                                                                  \
    X(WITHDRAWN, "withdrawn")                                                                      \
    X(SCOPE_CHANGED, "scope changed")                                                              \
    X(NEVER_CHANGED, "never changed")                                                              \
    X(NOT_LISTED, "not in the list of this scope")                                                 \
    X(PART_MISSING, "part missing")   /* detail: the area */                                       \
    X(GROUP_MISSING, "group missing") /* detail: its name, a text of the evaluation */             \
    X(LEFT_OUT, "left out")           /* by a `:where(truth)` */                                   \
    X(NO_PARTS, "no parts")                                                                        \
    X(OUTSIDE_LIFE, "outside the area's life")                                                     \
    X(RATE_ADDS, "a rate does not add up and none is published here")                              \
    X(NO_ROLLUP, "does not roll up")                                                               \
    X(NO_ATTR, "the area has no such attribute")                                                   \
    X(NOT_HERE, "not declared for this area")                                                      \
    X(DIVIDE_BY_ZERO, "divide by zero")                                                            \
    X(NOT_POSITIVE, "base not positive")                                                           \
    X(NOT_FINITE, "not a finite number")                                                           \
    X(TOO_FEW, "fewer than two figures")                                                           \
    X(TOO_EARLY, "before the first period asked")                                                  \
    X(SPANS_DIFFER, "unequal spans")                                                               \
    X(FELL, "running total fell")                                                                  \
    X(NO_PATH, "outside the path")                                                                 \
    X(NO_SHARES, "fewer than three full years before it")                                          \
    X(NO_GOAL, "no goal dated here")                                                               \
    X(ALERT_UNKNOWN, "the alert is unknown")                                                       \
    X(NO_ITEM, "no item says it")                                                                  \
    X(READS_ITSELF, "reads itself")                                                                \
    X(NO_READ, "the function read nothing")                                                        \
    X(HIDDEN, "hidden")       /* of what is shown only: a value stands */                          \
    X(SCRIPT, "script error") /* detail: a text of the evaluation */                               \
    X(LIMIT, "script limit")  /* detail: the same */

typedef enum zw_reason {
#define ZW_REASON_ENUM(name, text) ZW_REASON_##name,
    ZW_REASON_MAP(ZW_REASON_ENUM)
#undef ZW_REASON_ENUM
        ZW_REASON_COUNT
} zw_reason;

/** Marks that a value inherits from its inputs. */
enum {
    ZW_MARK_SYNTHETIC = 1,
    ZW_MARK_PROVISIONAL = 2,
    ZW_MARK_ESTIMATED = 4,
    ZW_MARK_FORECAST = 8
};

/** A plain value. Of a truth, `value` is 1 or 0, and missing means unknown. */
typedef struct zw_cell {
    double value;
    int64_t until_ms; /* stands for later as-ofs up to, not including, this one, unless something is
                         learned */
    int64_t known_at_ms; /* the newest moment among its inputs; INT64_MIN without any */
    int64_t detail;
    uint16_t in, of; /* reports that are in, of those expected; 0 of 0 for constants */
    uint16_t span;   /* periods it covers: more than 1 after a gap in a running total */
    uint8_t reason;  /* zw_reason */
    uint8_t marks;
} zw_cell;

/* Defined here because every cell of every formula goes through them. */

/** A constant. */
static inline zw_cell zw_cell_of(double value)
{
    return (zw_cell){.value = value, .until_ms = ZW_NEVER_MS, .known_at_ms = INT64_MIN, .span = 1};
}

/** Nothing more is known about it. */
static inline zw_cell zw_cell_missing(zw_reason reason)
{
    zw_cell cell = zw_cell_of(0);
    cell.reason = (uint8_t)reason;
    return cell;
}

/** Has a value. */
static inline bool zw_cell_stands(const zw_cell *cell)
{
    return cell->reason == ZW_REASON_NONE;
}

static inline bool zw_cell_is_true(const zw_cell *cell)
{
    return zw_cell_stands(cell) && cell->value != 0;
}

static inline bool zw_cell_is_false(const zw_cell *cell)
{
    return zw_cell_stands(cell) && cell->value == 0;
}

/** The less complete of two counts: 3 of 4 before 4 of 4, cross-multiplied so that nothing is
 * rounded; of equal ones that of more, so that their order does not matter. */
static inline bool zw_cell_is_less_complete(uint16_t in, uint16_t of, uint16_t than_in,
                                            uint16_t than_of)
{
    if (of == 0) {
        return false;
    }
    uint32_t one = (uint32_t)in * than_of;
    uint32_t other = (uint32_t)than_in * of;
    return than_of == 0 || one < other || (one == other && of > than_of);
}

/** True for a period that is not looked at: nobody reports it, or it is left out. */
static inline bool zw_cell_is_passed_over(const zw_cell *cell)
{
    return cell->reason == ZW_REASON_SKIPPED || cell->reason == ZW_REASON_LEFT_OUT;
}

/** True for what was known and is gone: other than a hole it is never passed over nor filled, for
 * the value without it would be another one. */
static inline bool zw_cell_is_gone(const zw_cell *cell)
{
    return cell->reason == ZW_REASON_PAST_KEEP;
}

/** Only takes over until when `input` stands: for a cell that was looked at and passed over. */
static inline void zw_cell_wait(zw_cell *cell, const zw_cell *input)
{
    if (input->until_ms < cell->until_ms) {
        cell->until_ms = input->until_ms;
    }
}

/** Adds what `input` brings with it besides its value: marks, moments, completeness, span. */
static inline void zw_cell_inherit(zw_cell *cell, const zw_cell *input)
{
    cell->marks |= input->marks;
    zw_cell_wait(cell, input);
    if (input->known_at_ms > cell->known_at_ms) {
        cell->known_at_ms = input->known_at_ms;
    }
    if (zw_cell_is_less_complete(input->in, input->of, cell->in, cell->of)) {
        cell->in = input->in;
        cell->of = input->of;
    }
    if (input->span > cell->span) {
        cell->span = input->span;
    }
}

/** Like inherit, and takes over why `input` is missing unless `cell` is missing already. */
static inline void zw_cell_need(zw_cell *cell, const zw_cell *input)
{
    zw_cell_inherit(cell, input);
    if (cell->reason == ZW_REASON_NONE && input->reason != ZW_REASON_NONE) {
        cell->reason = input->reason;
        cell->detail = input->detail;
    }
}

/** A sum that loses nothing to order (Neumaier's compensated sum). */
typedef struct zw_sum {
    double total, lost;
} zw_sum;

static inline void zw_sum_add(zw_sum *sum, double value)
{
    double total = sum->total + value;
    if (fabs(sum->total) >= fabs(value)) {
        sum->lost += (sum->total - total) + value;
    } else {
        sum->lost += (value - total) + sum->total;
    }
    sum->total = total;
}

static inline double zw_sum_total(const zw_sum *sum)
{
    return sum->total + sum->lost;
}

const char *zw_reason_text(zw_reason reason);

#endif
