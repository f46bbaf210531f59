/**
 * Figures of one measure at one area, as they were reported there: the total, or the sum over a
 * dimension's values when no total was reported, narrowed as asked. Nothing is added up over areas
 * here.
 */
#ifndef ZW_INDICATOR_REPORTED_H
#define ZW_INDICATOR_REPORTED_H

#include "indicator/scope.h"
#include "intake/batch.h"

/** What is asked of one dimension of a measure. */
typedef struct zw_wanted {
    const zw_shelf_dim *dim;
    enum { ZW_WANTED_TOTAL, ZW_WANTED_LIST, ZW_WANTED_EXCEPT } is;
    zw_texts values;
    uint32_t *numbers; /* of the values that the shelf has, in order */
    size_t number_count;
} zw_wanted;

/** What a row of the shelf, whose figure for the period is `figure`, says. */
typedef zw_cell (*zw_question_says)(const void *arg, uint32_t row, const zw_figure *figure);

/** A question to the figures of an area. What it holds is of the evaluation's scratch. */
typedef struct zw_question {
    zw_question_says says; /* NULL: the figure itself */
    const void *arg;
    zw_eval *eval;
    uint32_t measure;
    const zw_shelf *shelf;
    zw_wanted *wanted; /* by the shelf's dimensions */
    bool is_void;      /* it asks for a dimension that nothing here has */
    uint32_t scope;    /* of the shelf; ZW_NONE: one that nobody reports; ZW_SCOPE_ANY: that of each
                          period */
    uint32_t *rows;    /* of the shelf, in order: those that fit what is asked, in whatever scope */
    size_t row_count;
} zw_question;

/**
 * Prepares the question a measure node asks at an area below a binding ("dim=value", or "").
 * @param can_ask  false when a filter names an attribute that the area does not have: then only its
 * parts can answer.
 */
zw_status zw_question_init(zw_question *question, zw_eval *eval, const zw_node *node, uint32_t area,
                           const char *binding, bool *can_ask, zw_err *err) ZW_MUST_USE;

/** What a figure of such a value, status and mark says, as of one report of one. Field by field,
 * where it will stand: a cell made aside and copied costs more than the rest. */
static inline void zw_question_fill(double value, int64_t known_at_ms, uint8_t status,
                                    bool is_synthetic, zw_cell *out)
{
    static const uint8_t marks[] = {[ZW_OBS_NORMAL] = 0,
                                    [ZW_OBS_PROVISIONAL] = ZW_MARK_PROVISIONAL,
                                    [ZW_OBS_ESTIMATED] = ZW_MARK_ESTIMATED,
                                    [ZW_OBS_FORECAST] = ZW_MARK_FORECAST,
                                    [ZW_OBS_MISSING] = 0};
    out->value = value;
    out->until_ms = ZW_NEVER_MS;
    out->known_at_ms = known_at_ms;
    out->detail = 0;
    out->in = out->of = 1;
    out->span = 1;
    out->reason = status == ZW_OBS_MISSING ? ZW_REASON_WITHDRAWN : ZW_REASON_NONE;
    out->marks = (uint8_t)(marks[status] | (is_synthetic ? ZW_MARK_SYNTHETIC : 0));
}

/** What one figure says, as of one report of one. */
void zw_question_take(const zw_figure *figure, zw_cell *out);

/** What was reported for a period: a value, withdrawn, scope changed (only other scopes have it),
 * or ZW_REASON_NO_FIGURE. */
zw_status zw_question_answer(const zw_question *question, zw_period period, zw_cell *out,
                             zw_err *err) ZW_MUST_USE;

/** Is told a value of a dimension and the first period for which it is known. */
typedef zw_status (*zw_question_value)(void *arg, zw_text value, zw_period first, zw_err *err);

/** Tells `each` the values of `dim` known by now in the series that a measure node, narrowed as it
 * is, asks at an area below a binding: once a series, so a value may come again. */
zw_status zw_question_values(zw_eval *eval, zw_node_id measure, uint32_t area, uint32_t binding,
                             const char *dim, zw_question_value each, void *arg,
                             zw_err *err) ZW_MUST_USE;

/**
 * The last moment by now at which a figure that fits the question became another one for a period;
 * INT64_MIN when none did.
 * @param has_any  true when any is known.
 */
int64_t zw_question_changed_ms(const zw_question *question, zw_period period, bool *has_any);

#endif
