/*
 * The steps of a counter: what a reading has grown by since the last one before it, however long
 * ago; all of it where it fell, for then the counter began anew. Every series has its own steps,
 * and they are added up as figures are: over dimension values, then over areas.
 */
#include "indicator/parts.h"
#include "indicator/reported.h"

#include "intake/batch.h"

#include <stdlib.h>

/* The last reading of a series so far. */
struct reading {
    bool is_known;
    bool is_gone; /* it is past its keep, if there was one */
    zw_period period;
    zw_cell cell;
};

/* The readings of an area, by row of its shelf. */
struct readings {
    zw_question question;
    struct reading *last;
    bool can_ask;
};

static struct reading reading_of(zw_period period, const zw_figure *figure)
{
    struct reading reading = {.is_known = true, .period = period};
    zw_question_take(figure, &reading.cell);
    return reading;
}

/* The figure of a row that stands, by now, written to `room`. */
static const zw_figure *figure_at(const zw_question *question, uint32_t row, zw_period p,
                                  zw_figure *room)
{
    const zw_figure *figure =
        zw_store_at(question->eval->world.store, question->shelf->rows[row].series, p,
                    question->eval->as_of_ms, room);
    return figure != NULL && figure->status != ZW_OBS_MISSING ? figure : NULL;
}

/* The newest reading of a row before `p`. */
static struct reading before(const zw_question *question, uint32_t row, zw_period p)
{
    zw_period first = 0;
    if (!zw_known_first(question->eval->known, question->shelf->rows[row].series,
                        question->eval->as_of_ms, &first)) {
        return (struct reading){.is_known = false};
    }
    for (zw_period q = p - 1; q >= first; q--) {
        zw_figure room;
        const zw_figure *figure = figure_at(question, row, q, &room);
        if (figure != NULL) {
            return reading_of(q, figure);
        }
        if (q < question->eval->floors[question->measure]) {
            return (struct reading){.is_gone = true};
        }
    }
    return (struct reading){.is_known = false};
}

/* How much a row grew. */
static zw_cell step_of(const void *arg, uint32_t row, const zw_figure *figure)
{
    const struct readings *readings = arg;
    const struct reading *last = &readings->last[row];
    zw_cell now;
    zw_question_take(figure, &now);
    if (!zw_cell_stands(&now)) {
        return now;
    }
    zw_cell out = last->is_known
                      ? now
                      : zw_cell_missing(last->is_gone ? ZW_REASON_PAST_KEEP : ZW_REASON_NO_FIGURE);
    if (last->is_known) {
        zw_cell_inherit(&out, &last->cell);
        out.value = now.value < last->cell.value ? now.value : now.value - last->cell.value;
    }
    return out;
}

static zw_status ask(struct readings *readings, zw_eval *eval, const zw_col *col, zw_err *err)
{
    const zw_node measure =
        *zw_pack_node(eval->world.pack, zw_pack_node(eval->world.pack, col->node)->kid[0]);
    zw_status status =
        zw_question_init(&readings->question, eval, &measure, col->area,
                         zw_pool_text(eval->bindings, col->binding), &readings->can_ask, err);
    readings->question.says = step_of;
    readings->question.arg = readings;
    return status;
}

/* Finds the last reading before `p` of every row; the kid is read there, so that they count as what
 * the steps are made of. What reading needs of the scratch ends the question. */
static zw_status find_before(struct readings *readings, zw_eval *eval, zw_col *col, zw_period p,
                             zw_err *err)
{
    const zw_question *question = &readings->question;
    size_t count = question->shelf->count;
    readings->last = calloc(count > 0 ? count : 1, sizeof(*readings->last));
    if (readings->last == NULL) {
        return zw_err_nomem(err);
    }
    for (size_t i = 0; i < question->row_count; i++) {
        readings->last[question->rows[i]] = before(question, question->rows[i], p);
    }
    zw_kid kid = {eval, col, 0, ZW_OK, err};
    for (size_t row = 0; row < count; row++) {
        if (readings->last[row].is_known) {
            (void)zw_kid_at(&kid, readings->last[row].period);
        }
    }
    return kid.status;
}

static void move_on(struct readings *readings, zw_period p)
{
    const zw_question *question = &readings->question;
    for (size_t i = 0; i < question->row_count; i++) {
        zw_figure room;
        const zw_figure *figure = figure_at(question, question->rows[i], p, &room);
        if (figure != NULL) {
            readings->last[question->rows[i]] = reading_of(p, figure);
        }
    }
}

/* Where neither the area nor a part of it has a step: why it has no reading, or that it has no
 * earlier one. */
static zw_cell without(const zw_cell *kid)
{
    zw_cell out = *kid;
    out.value = 0;
    out.reason = zw_cell_stands(kid) ? ZW_REASON_NO_FIGURE : kid->reason;
    return out;
}

/* One period: the area's own steps, else those of its parts. */
static zw_status step_in(struct readings *readings, zw_eval *eval, zw_col *col, zw_parts *parts,
                         zw_period p, const zw_cell *kid, zw_err *err)
{
    const zw_node *node = zw_pack_node(eval->world.pack, col->node);
    const zw_measure *measure =
        &eval->world.pack->measures[zw_pack_node(eval->world.pack, node->kid[0])->ref];
    zw_cell out = zw_cell_missing(ZW_REASON_NO_FIGURE);
    zw_status status =
        readings->can_ask ? zw_question_answer(&readings->question, p, &out, err) : ZW_OK;
    zw_how how = measure->rollup == ZW_HOW_KIND ? ZW_HOW_SUM : measure->rollup;
    bool goes_up = parts->areas.count > 0 && how != ZW_HOW_COUNT; /* COUNT: it does not */
    if (status == ZW_OK && !zw_cell_stands(&out) && !zw_cell_is_gone(&out) && goes_up) {
        int64_t end_ms = zw_parts_end_ms(eval, col, node, p);
        zw_fold fold;
        zw_fold_init(&fold, how, ZW_TYPE_NUMBER, ZW_REASON_PART_MISSING, measure->is_partial);
        zw_parts_take(eval, parts, p, end_ms, &fold);
        out = zw_parts_folded(eval, parts, &fold, end_ms);
    }
    bool lives = kid->reason != ZW_REASON_OUTSIDE_LIFE;
    bool says = zw_cell_stands(&out) || zw_cell_is_gone(&out);
    *zw_col_at(col, p) = lives && says ? out : without(kid);
    return status;
}

static zw_status step_all(struct readings *readings, zw_eval *eval, zw_col *col, zw_parts *parts,
                          zw_span span, zw_err *err)
{
    zw_slice kid;
    zw_status status = ask(readings, eval, col, err);
    status = status == ZW_OK ? find_before(readings, eval, col, span.lo, err) : status;
    status = status == ZW_OK ? zw_inside_kid(eval, col, 0, span, &kid, err) : status;
    status = status == ZW_OK ? ask(readings, eval, col, err) : status;
    for (zw_period p = span.lo; status == ZW_OK && p <= span.hi; p++) {
        status = step_in(readings, eval, col, parts, p, zw_slice_at(&kid, p), err);
        move_on(readings, p);
    }
    return status;
}

zw_status zw_compute_counter(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                             zw_err *err)
{
    struct readings readings = {.last = NULL};
    zw_parts parts = {.areas = eval->world.pack->areas[col->area].parts};
    zw_col *kid = NULL;
    (void)node;
    zw_status status = zw_inside_kid_col(eval, col, 0, &kid, err);
    if (status == ZW_OK) {
        kid->is_read_past = true;
        status = zw_parts_read(eval, col, ZW_SLOT_SAME, col->node, col->binding, span, &parts, err);
    }
    status = status == ZW_OK ? step_all(&readings, eval, col, &parts, span, err) : status;
    free(readings.last);
    zw_parts_fini(&parts);
    return status;
}
