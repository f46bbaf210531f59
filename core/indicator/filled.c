/*
 * What stands for a missing value: another expression (`:or_else`, a number for `:fill`), or the
 * last known one (`:fill "last"`). What adds up over areas is filled area by area: a zone that
 * lacks one part is the sum of those that are in and of what stands for the one that is not.
 * Completeness still counts what is in.
 */
#include "base/year.h"
#include "indicator/parts.h"

/* A column being filled. */
struct filling {
    zw_eval *eval;
    zw_col *col;
    const zw_node *node;
    zw_kid kid, other;
    zw_how rollup; /* ZW_HOW_COUNT: filled where it is asked for */
    bool has_last; /* the last known value before the period at hand was looked for */
    zw_cell last;  /* it, or missing; with how long those passed over on the way stand */
    zw_period last_at;
};

/* True for what is empty by intent: no report belongs there, or it was left out. */
static bool is_empty_by_intent(const zw_cell *cell)
{
    switch (cell->reason) {
    case ZW_REASON_NOT_BEGUN:
    case ZW_REASON_SKIPPED:
    case ZW_REASON_OUTSIDE_LIFE:
    case ZW_REASON_LEFT_OUT:
    case ZW_REASON_NOT_LISTED:
        return true;
    default:
        return false;
    }
}

/* How a node goes up the tree: as the measure under it, when what lies between changes nothing
 * about that; else ZW_HOW_COUNT, not at all. */
static zw_how rollup_of(const zw_pack *pack, zw_node_id id)
{
    const zw_node *node = zw_pack_node(pack, id);
    bool keeps = true;
    while (keeps && node->op != ZW_OP_MEASURE) {
        switch (node->op) {
        case ZW_OP_LAG:
        case ZW_OP_DELTA:
        case ZW_OP_SINGLE:
        case ZW_OP_YTD:
        case ZW_OP_OR_ELSE:
        case ZW_OP_FILL_LAST:
        case ZW_OP_VINTAGE:
            break;
        case ZW_OP_REGRID:
        case ZW_OP_ROLLING:
            keeps = node->how == ZW_HOW_KIND || node->how == ZW_HOW_SUM;
            break;
        case ZW_OP_INDICATOR:
            keeps = pack->indicators[node->ref].rollup == ZW_HOW_KIND;
            break;
        default:
            keeps = false;
            break;
        }
        node = keeps ? zw_pack_node(pack, node->kid[0]) : node;
    }
    return keeps ? zw_inside_rollup(&pack->measures[node->ref]) : ZW_HOW_COUNT;
}

/* Takes the parts that have something to report; of the others only how long that stands. */
static void take_parts(const struct filling *in, zw_parts *parts, zw_period p, zw_fold *fold)
{
    int64_t end_ms = zw_parts_end_ms(in->eval, in->col, in->node, p);
    zw_parts_weigh(in->eval, parts, end_ms);
    for (size_t i = 0; i < parts->areas.count; i++) {
        const zw_cell *part = zw_parts_at(in->eval, parts, i, p, end_ms);
        int32_t times = zw_parts_times(parts, i);
        if (part != NULL && part->of > 0 && times != 0) {
            zw_fold_take_times(fold, part, (int64_t)parts->areas.at[i], times);
        } else {
            zw_fold_wait(fold, zw_parts_cell(parts, i, p));
        }
    }
}

/* The parts filled and folded; ZW_REASON_NO_PARTS when no part has anything to report. */
static zw_cell from_parts(struct filling *in, zw_period p)
{
    zw_parts parts = {.slices = NULL};
    zw_fold fold;
    zw_fold_init(&fold, in->rollup, ZW_TYPE_NUMBER, ZW_REASON_PART_MISSING, false);
    zw_status status = zw_parts_below(in->eval, in->col->area, in->rollup, &parts, in->kid.err);
    if (status == ZW_OK) {
        status = zw_parts_read(in->eval, in->col, ZW_SLOT_SAME, in->col->node, in->col->binding,
                               (zw_span){p, p}, &parts, in->kid.err);
    }
    if (status == ZW_OK) {
        take_parts(in, &parts, p, &fold);
    }
    zw_parts_fini(&parts);
    in->kid.status = status;
    zw_cell out =
        zw_fold_is_empty(&fold) ? zw_cell_missing(ZW_REASON_NO_PARTS) : zw_fold_cell(&fold);
    zw_cell_wait(&out, &fold.cell);
    return out;
}

/* The first period whose value may stand for that of `p`: of a running total one of its own year.
 */
static zw_period earliest(const struct filling *in, zw_period p)
{
    zw_period first = p;
    if (!zw_inside_first(in->eval, in->node->kid[0], in->col->area, &first)) {
        return p;
    }
    if (in->node->is_total) {
        const zw_calendar *calendar = zw_inside_calendar(in->eval, in->col->area);
        int32_t late = in->node->late_by;
        zw_period year = zw_year_around(calendar, in->node->grid, p - late).first + late;
        first = year > first ? year : first;
    }
    return first;
}

/* The last value known before `p`. Looked for once a span: from then on the walk carries it. */
static void look_back(struct filling *in, zw_period p)
{
    zw_period first = earliest(in, p);
    zw_cell passed = zw_cell_of(0);
    in->last = zw_cell_missing(ZW_REASON_NO_FIGURE);
    in->has_last = true;
    for (zw_period q = p - 1;
         q >= first && !zw_cell_stands(&in->last) && !zw_cell_is_gone(&in->last); q--) {
        zw_cell cell = zw_kid_at(&in->kid, q);
        if (zw_cell_stands(&cell) || zw_cell_is_gone(&cell)) {
            in->last = cell;
            in->last_at = q;
        } else {
            zw_cell_wait(&passed, &cell);
        }
    }
    zw_cell_wait(&in->last, &passed);
}

static zw_cell last_known(struct filling *in, const zw_cell *own, zw_period p)
{
    bool is_of_another_year =
        in->node->is_total && zw_cell_stands(&in->last) && in->last_at < earliest(in, p);
    if (!in->has_last || is_of_another_year) {
        look_back(in, p);
    }
    zw_cell out = in->last;
    if (!zw_cell_stands(&out) && !zw_cell_is_gone(&out)) {
        out = *own;
        zw_cell_wait(&out, &in->last);
        return out;
    }
    zw_cell_inherit(&out, own);
    return out;
}

static zw_cell or_else(struct filling *in, const zw_cell *own, zw_period p)
{
    zw_cell out = zw_kid_at(&in->other, p);
    if (!zw_cell_stands(&out)) {
        out.reason = own->reason;
        out.detail = own->detail;
    }
    zw_cell_inherit(&out, own);
    return out;
}

static zw_cell filled(struct filling *in, zw_period p)
{
    zw_cell own = zw_kid_at(&in->kid, p);
    if (zw_cell_stands(&own) || zw_cell_is_gone(&own) || is_empty_by_intent(&own)) {
        return own;
    }
    bool has_parts = in->eval->world.pack->areas[in->col->area].parts.count > 0;
    if (has_parts && in->rollup != ZW_HOW_COUNT) {
        zw_cell parts = from_parts(in, p);
        if (parts.reason != ZW_REASON_NO_PARTS) {
            zw_cell_wait(&parts, &own);
            return parts;
        }
        zw_cell_wait(&own, &parts);
    }
    return in->node->op == ZW_OP_OR_ELSE ? or_else(in, &own, p) : last_known(in, &own, p);
}

/* Takes the cell of `p` along to the next period. */
static void carry(struct filling *in, zw_period p)
{
    zw_cell own = zw_kid_at(&in->kid, p);
    if (zw_cell_stands(&own)) {
        in->last = own;
        in->last_at = p;
        in->has_last = true;
    } else {
        zw_cell_wait(&in->last, &own);
    }
}

zw_status zw_compute_filled(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                            zw_err *err)
{
    struct filling in = {.eval = eval, .col = col, .node = node};
    in.kid = (zw_kid){eval, col, 0, ZW_OK, err};
    in.other = (zw_kid){eval, col, 1, ZW_OK, err};
    in.rollup = rollup_of(eval->world.pack, node->kid[0]);
    for (zw_period p = span.lo; in.kid.status == ZW_OK && p <= span.hi; p++) {
        zw_cell cell = filled(&in, p);
        *zw_col_at(col, p) = cell;
        if (node->op == ZW_OP_FILL_LAST) {
            carry(&in, p);
        }
    }
    return in.kid.status == ZW_OK ? in.other.status : in.kid.status;
}
