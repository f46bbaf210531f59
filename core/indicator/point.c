/* Point operations: the value in a period from the kids' values in that period. Missing needs
 * nothing more than one missing. */
#include "indicator/inside.h"

#include <math.h>

zw_cell zw_point_constant(const zw_pack *pack, const zw_node *node, uint32_t area)
{
    const zw_attr *attr = NULL;
    if (node->op == ZW_OP_NUMBER) {
        return zw_cell_of(node->number);
    }
    attr = zw_pack_attr(pack, area, node->text);
    return attr != NULL && attr->is_number
               ? zw_cell_of(zw_unit_without_scale(attr->number, &node->show))
               : zw_cell_missing(ZW_REASON_NO_ATTR);
}

zw_status zw_compute_constant(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                              zw_err *err)
{
    (void)err;
    zw_cell cell = zw_point_constant(eval->world.pack, node, col->area);
    for (zw_period p = span.lo; p <= span.hi; p++) {
        *zw_col_at(col, p) = cell;
    }
    return ZW_OK;
}

static double rounded(double value, int32_t decimals)
{
    double scale = pow(10, decimals);
    return round(value * scale) / scale; /* round() takes halves away from zero */
}

static double kleene_unknown(void)
{
    return NAN;
}

/* Three-valued and, or over kids that may be missing; NaN is unknown. */
static double kleene(zw_op op, const zw_cell *x, const zw_cell *y)
{
    bool decides = op == ZW_OP_OR; /* a true decides an or, a false an and */
    if ((zw_cell_stands(x) && (x->value != 0) == decides) ||
        (zw_cell_stands(y) && (y->value != 0) == decides)) {
        return decides ? 1 : 0;
    }
    if (zw_cell_stands(x) && zw_cell_stands(y)) {
        return decides ? 0 : 1;
    }
    return kleene_unknown();
}

static double arithmetic(const zw_node *node, double x, double y, double z)
{
    switch (node->op) {
    case ZW_OP_ADD:
        return x + y;
    case ZW_OP_SUB:
        return x - y;
    case ZW_OP_MUL:
        return x * y;
    case ZW_OP_DIV:
    case ZW_OP_SHARE:
        return x / y;
    case ZW_OP_POW:
        return pow(x, y);
    case ZW_OP_NEG:
        return -x;
    case ZW_OP_MIN:
        return x < y ? x : y;
    case ZW_OP_MAX:
        return x > y ? x : y;
    case ZW_OP_ABS:
        return fabs(x);
    case ZW_OP_LN:
        return log(x);
    case ZW_OP_EXP:
        return exp(x);
    case ZW_OP_ROUND:
        return rounded(x, node->count);
    case ZW_OP_CLAMP:
        return x < y ? y : x > z ? z : x;
    default:
        return NAN;
    }
}

static bool compares(zw_op op, double x, double y, double z)
{
    switch (op) {
    case ZW_OP_OVER:
        return x > y;
    case ZW_OP_UNDER:
        return x < y;
    case ZW_OP_AT_LEAST:
        return x >= y;
    case ZW_OP_AT_MOST:
        return x <= y;
    case ZW_OP_EQUALS:
        return x == y;
    default: /* ZW_OP_WITHIN */
        return y <= x && x <= z;
    }
}

static bool is_comparison(zw_op op)
{
    return op >= ZW_OP_OVER && op <= ZW_OP_WITHIN;
}

/* The answer when every kid stands. */
static void finish(const zw_node *node, const zw_cell *const *kid, zw_cell *out)
{
    double y = node->kid_count > 1 ? kid[1]->value : 0;
    double z = node->kid_count > 2 ? kid[2]->value : 0;
    if (is_comparison(node->op)) {
        out->value = compares(node->op, kid[0]->value, y, z) ? 1 : 0;
        return;
    }
    if (node->op == ZW_OP_NOT || node->op == ZW_OP_BROKEN) {
        out->value = kid[0]->value != 0 ? 0 : 1;
        return;
    }
    if ((node->op == ZW_OP_DIV || node->op == ZW_OP_SHARE) && y == 0) {
        out->reason = ZW_REASON_DIVIDE_BY_ZERO;
        return;
    }
    if (node->op == ZW_OP_LN && kid[0]->value <= 0) {
        out->reason = ZW_REASON_NOT_POSITIVE;
        return;
    }
    out->value = arithmetic(node, kid[0]->value, y, z);
    if (!isfinite(out->value)) {
        out->value = 0;
        out->reason = ZW_REASON_NOT_FINITE;
    }
}

static zw_cell logical(zw_op op, const zw_cell *x, const zw_cell *y)
{
    zw_cell out = zw_cell_of(0);
    double value = kleene(op, x, y);
    if (isnan(value)) {
        zw_cell_need(&out, x);
        zw_cell_need(&out, y);
        return out;
    }
    zw_cell_inherit(&out, x);
    zw_cell_inherit(&out, y);
    out.value = value;
    return out;
}

/* `when`: only the branch taken is needed. */
static zw_cell choice(const zw_cell *truth, const zw_cell *yes, const zw_cell *no)
{
    zw_cell out = zw_cell_of(0);
    zw_cell_need(&out, truth);
    if (zw_cell_stands(&out)) {
        const zw_cell *taken = truth->value != 0 ? yes : no;
        zw_cell_need(&out, taken);
        out.value = zw_cell_stands(taken) ? taken->value : 0;
    }
    return out;
}

/* A value where a truth holds. What is left out need not be there, and what may be left out already
 * later on counts whatever the truth. */
static zw_cell filtered(const zw_cell *value, const zw_cell *truth)
{
    zw_cell out = zw_cell_of(0);
    if (value->reason == ZW_REASON_LEFT_OUT) { /* already, whatever else */
        return *value;
    }
    zw_cell_wait(&out, value);
    zw_cell_need(&out, truth);
    if (zw_cell_stands(&out) && truth->value == 0) {
        out.reason = ZW_REASON_LEFT_OUT;
        out.in = out.of = 0; /* it makes nothing incomplete */
    } else if (zw_cell_stands(&out)) {
        zw_cell_need(&out, value);
        out.value = zw_cell_stands(value) ? value->value : 0;
    }
    return out;
}

/* In place: a cell made aside and copied costs more than the rest. */
static void point(const zw_node *node, const zw_cell *const *kid, zw_cell *out)
{
    if (node->op == ZW_OP_AND || node->op == ZW_OP_OR) {
        *out = logical(node->op, kid[0], kid[1]);
        return;
    }
    if (node->op == ZW_OP_WHEN) {
        *out = choice(kid[0], kid[1], kid[2]);
        return;
    }
    if (node->op == ZW_OP_FILTER) {
        *out = filtered(kid[0], kid[1]);
        return;
    }
    *out = *kid[0];
    out->value = 0;
    for (unsigned slot = 1; slot < node->kid_count; slot++) {
        zw_cell_need(out, kid[slot]);
    }
    if (zw_cell_stands(out)) {
        finish(node, kid, out);
    }
}

/* A rule speaks only of the areas it was declared for. */
static bool is_here(const zw_pack *pack, const zw_node *node, uint32_t area)
{
    return node->op != ZW_OP_BROKEN || zw_list_has(pack->rules[node->ref].each, area);
}

void zw_point_strip(const zw_node *node, const zw_strip *kids, zw_cell *out, size_t count)
{
    const zw_cell none = zw_cell_of(0); /* where an operation has no such kid */
    const zw_cell *kid[3] = {&none, &none, &none};
    for (size_t i = 0; i < count; i++) {
        for (unsigned slot = 0; slot < node->kid_count; slot++) {
            kid[slot] = kids[slot].cells + i * kids[slot].step;
        }
        point(node, kid, &out[i]);
    }
}

zw_status zw_compute_point(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                           zw_err *err)
{
    size_t count = (size_t)(span.hi - span.lo) + 1;
    zw_slice slices[3];
    zw_strip kids[3];
    for (unsigned slot = 0; slot < node->kid_count; slot++) {
        zw_status status = zw_inside_kid(eval, col, slot, span, &slices[slot], err);
        if (status != ZW_OK) {
            return status;
        }
    }
    /* Only now: reading one kid may move the cells of another, as in x / x:lag(1). */
    for (unsigned slot = 0; slot < node->kid_count; slot++) {
        const zw_slice *slice = &slices[slot];
        kids[slot] = (zw_strip){zw_slice_at(slice, span.lo), slice->is_constant ? 0 : 1};
    }
    zw_cell *out = zw_col_at(col, span.lo); /* what was covered together lies together */
    if (is_here(eval->world.pack, node, col->area)) {
        zw_point_strip(node, kids, out, count);
        return ZW_OK;
    }
    for (size_t i = 0; i < count; i++) {
        out[i] = zw_cell_missing(ZW_REASON_NOT_HERE);
    }
    return ZW_OK;
}
