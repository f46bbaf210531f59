/**
 * Figures of one measure at one area, as they were reported there: the total, or the sum over a
 * dimension's values when no total was reported, narrowed as asked. Nothing is added up over areas
 * here.
 */
#ifndef ZW_INDICATOR_REPORTED_H
#define ZW_INDICATOR_REPORTED_H

#include "indicator/inside.h"

/** What is asked of each dimension of a measure. */
typedef struct zw_wanted {
    const char *dim;
    enum { ZW_WANTED_TOTAL, ZW_WANTED_ONE, ZW_WANTED_LIST, ZW_WANTED_EXCEPT } is;
    zw_texts values; /* of ONE: one */
} zw_wanted;

enum { ZW_DIMS_MOST = 16 };

/** A question to the figures of an area. */
typedef struct zw_question {
    zw_eval *eval;
    const zw_measure *measure;
    const zw_series_id *series; /* of the measure at the area */
    size_t series_count;
    zw_wanted wanted[ZW_DIMS_MOST]; /* sorted by dimension */
    size_t wanted_count;
} zw_question;

/**
 * Prepares the question a measure node asks at an area below a binding ("dim=value", or "").
 * @return false when a filter names an attribute that the area does not have: then only its parts
 * can answer.
 */
bool zw_question_init(zw_question *question, zw_eval *eval, const zw_node *node, uint32_t area,
                      const char *binding);

/** What was reported for a period: a value, withdrawn, or ZW_REASON_NO_FIGURE. */
zw_status zw_question_answer(const zw_question *question, zw_period period, zw_cell *out,
                             zw_err *err) ZW_MUST_USE;

/** Appends to `out` (a pool) every value of `dim` known by now in the series of a measure at an
 * area. */
zw_status zw_question_values(zw_eval *eval, const zw_measure *measure, const char *area,
                             const char *dim, zw_pool *out, zw_err *err) ZW_MUST_USE;

/**
 * The texts of a pool in order: what is added up goes by name, never by who happened to arrive
 * first.
 * @param out  gets an array that the caller frees; its texts are the pool's.
 */
zw_status zw_question_sorted(const zw_pool *values, const char ***out, zw_err *err) ZW_MUST_USE;

/** True when any figure stands or was withdrawn at the area for the period, whatever its
 * dimensions. */
bool zw_question_has_any(const zw_question *question, zw_period period);

#endif
