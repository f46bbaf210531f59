/** A target: where a value must be by when, the path there, and the verdict on a dated period. Pure
 * arithmetic. */
#ifndef ZW_PLAN_TARGET_H
#define ZW_PLAN_TARGET_H

#include "plan/formula.h"

/** Every verdict, as LANGUAGE §3 names them. */
#define ZW_VERDICT_MAP(X)                                                                          \
    X(NOT_DUE_ON_TRACK, "not_due_on_track")                                                        \
    X(NOT_DUE_AT_RISK, "not_due_at_risk")                                                          \
    X(NOT_DUE_NO_DATA, "not_due_no_data")                                                          \
    X(DUE_AWAITING_DATA, "due_awaiting_data")                                                      \
    X(MET_PROVISIONAL, "met_provisional")                                                          \
    X(MET_FINAL, "met_final")                                                                      \
    X(MISSED_PROVISIONAL, "missed_provisional")                                                    \
    X(MISSED_FINAL, "missed_final")                                                                \
    X(MET_THEN_REVISED_BELOW, "met_then_revised_below")                                            \
    X(MISSED_THEN_REVISED_ABOVE, "missed_then_revised_above")                                      \
    X(NOT_MEASURABLE, "not_measurable")

typedef enum zw_verdict {
#define ZW_VERDICT_ENUM(name, text) ZW_VERDICT_##name,
    ZW_VERDICT_MAP(ZW_VERDICT_ENUM)
#undef ZW_VERDICT_ENUM
        ZW_VERDICT_COUNT
} zw_verdict;

const char *zw_verdict_text(zw_verdict verdict);
bool zw_verdict_parse(zw_text text, zw_verdict *out);

typedef enum zw_compare {
    ZW_COMPARE_OVER,
    ZW_COMPARE_AT_LEAST,
    ZW_COMPARE_UNDER,
    ZW_COMPARE_AT_MOST
} zw_compare;
typedef enum zw_path {
    ZW_PATH_LINEAR,
    ZW_PATH_GEOMETRIC,
    ZW_PATH_STEP,
    ZW_PATH_SEASONAL,
    ZW_PATH_FUNCTION /* what the target's path_node says */
} zw_path;

const char *zw_compare_text(zw_compare compare); /* "over" */
const char *zw_path_text(zw_path path);          /* "linear" */

/** A dated value. It stands at its period's end. */
typedef struct zw_dated {
    zw_stamp when;       /* as written */
    zw_period at;        /* the last period of the verdict's expression in it */
    zw_period follow_at; /* the last period of what is followed in it */
    double value;        /* without scale */
} zw_dated;

typedef struct zw_target {
    zw_title title;
    zw_node_id expr;    /* what is judged; ZW_NODE_NONE: not measurable (its dates are days) */
    zw_node_id follow;  /* what is followed: the expression, or of :year() over a finer flow or ytd
                           the trailing year;  seasonal: the running total */
    zw_node_id running; /* that running total, where it exists (for shares and projections); else
                           ZW_NODE_NONE */
    zw_node_id yearly;  /* the full-year value on the year grid (for required growth); ZW_NODE_NONE
                           when there is none */
    bool has_compare;
    zw_compare compare;
    zw_path path;
    zw_node_id path_node;  /* of ZW_PATH_FUNCTION */
    const zw_dated *dated; /* ordered by time */
    size_t dated_count;
    bool has_from;
    zw_dated from;
    const uint32_t *each;
    size_t each_count;
    zw_grid verdict_grid; /* the finest among the dated periods as written */
    /* nodes made once for everyone who asks */
    zw_node_id value, gap, shortfall, required_growth, projected;
} zw_target;

/** True when `value` meets `goal`: strict for over and under, unrounded. */
bool zw_compare_holds(zw_compare compare, double value, double goal);

/** How far `actual` is behind `path`: positive when behind, whichever way the target points. */
double zw_compare_gap(zw_compare compare, double path, double actual);

/** A point of a path. */
typedef struct zw_path_point {
    zw_period at;
    double value;
} zw_path_point;

/**
 * The path at period `p` between known points (ordered, at least one).
 * Linear and geometric run between neighbours; step holds the last point passed; before the first
 * and after the last point (except step, which holds) there is none. Geometric needs both
 * neighbours > 0.
 * @return false when there is no value.
 */
bool zw_path_at(zw_path path, const zw_path_point *points, size_t count, zw_period p, double *out);

/** The growth a year that leads from `from` to `to` in `years`; false unless both are > 0 and years
 * > 0. */
bool zw_growth_required(double from, double to, double years, double *out);

#endif
