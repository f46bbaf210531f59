/* Inference: one small rule a family of operations. Messages are for the author of a pack. */
#include "plan/infer.h"

#include "plan/asked.h"
#include "plan/graph.h"

static bool is_between(zw_op op, zw_op first, zw_op last)
{
    return op >= first && op <= last;
}

static zw_status infer_leaf(zw_asked *in)
{
    zw_node *node = in->node;
    node->type = ZW_TYPE_NUMBER;
    node->kind = ZW_KIND_LAST;
    node->has_grid = false;
    node->grid = (zw_grid){ZW_SUBDAY, 0};
    if (node->op == ZW_OP_NUMBER) {
        node->unit = node->show = (zw_unit){0};
    } else if (node->op == ZW_OP_ATTR) {
        node->show = node->unit;
    } else {
        const zw_measure *measure = &in->pack->measures[node->ref];
        node->kind = measure->kind;
        node->is_total = measure->kind == ZW_KIND_YTD;
        node->is_sampled = measure->kind == ZW_KIND_GAUGE || measure->kind == ZW_KIND_COUNTER;
        node->has_grid = true;
        node->grid = measure->grid;
        node->unit = measure->unit;
        node->show = measure->show;
    }
    if (!zw_unit_is_any(&node->unit)) {
        node->unit.scale = 1;
    }
    return ZW_OK;
}

static zw_status infer_arithmetic(zw_asked *in, zw_err *err)
{
    unsigned from = in->node->op == ZW_OP_WHEN ? 1 : 0;
    zw_status status = from == 1 ? zw_asked_truth(in, 0, err) : ZW_OK;
    status = status == ZW_OK ? zw_asked_numbers(in, from, err) : status;
    status = status == ZW_OK ? zw_asked_join_grids(in, err) : status;
    return status == ZW_OK ? zw_asked_join_units(in, from, err) : status;
}

/* True for a number or a share beside a value: it changes the size, not how it is read. */
static bool scales_only(const zw_unit *factor, const zw_unit *value)
{
    return zw_unit_is_any(factor) ? !zw_unit_is_any(value)
                                  : factor->word[0] == '\0' && value->word[0] != '\0';
}

static zw_status infer_product(zw_asked *in, zw_err *err)
{
    zw_status status = zw_asked_numbers(in, 0, err);
    status = status == ZW_OK ? zw_asked_join_grids(in, err) : status;
    if (status != ZW_OK) {
        return status;
    }
    const zw_unit *x = &in->kid[0]->unit;
    const zw_unit *y = &in->kid[1]->unit;
    if (zw_unit_is_any(x) && zw_unit_is_any(y)) {
        return ZW_OK; /* numbers and attributes without a unit go on to fit any */
    }
    bool is_derived = in->node->op == ZW_OP_MUL ? zw_unit_multiply(x, y, &in->node->unit)
                                                : zw_unit_divide(x, y, &in->node->unit);
    if (!is_derived) {
        return zw_err_set(err, ZW_INVALID, "'%s' derives a unit that is too long",
                          zw_op_text(in->node->op));
    }
    in->node->show = in->node->unit;
    if (scales_only(y, x)) {
        in->node->show = in->kid[0]->show;
    } else if (scales_only(x, y) && in->node->op == ZW_OP_MUL) {
        in->node->show = in->kid[1]->show;
    }
    return ZW_OK;
}

static zw_status infer_unary(zw_asked *in, zw_err *err)
{
    zw_status status = zw_asked_numbers(in, 0, err);
    status = status == ZW_OK ? zw_asked_join_grids(in, err) : status;
    if (status != ZW_OK) {
        return status;
    }
    bool keeps =
        in->node->op == ZW_OP_NEG || in->node->op == ZW_OP_ABS || in->node->op == ZW_OP_ROUND;
    bool is_any = true;
    for (unsigned slot = 0; slot < in->node->kid_count; slot++) {
        is_any = is_any && zw_unit_is_any(&in->kid[slot]->unit);
        if (!keeps && in->kid[slot]->unit.word[0] != '\0') {
            char name[96];
            return zw_err_set(err, ZW_INVALID, "'%s' needs a number without a unit, got %s",
                              zw_op_text(in->node->op),
                              zw_asked_unit_name(&in->kid[slot]->unit, name, sizeof(name)));
        }
    }
    zw_asked_keep(in, 0);
    if (!keeps && !is_any) {
        in->node->unit = in->node->show = zw_unit_plain();
    }
    return ZW_OK;
}

static zw_status infer_comparison(zw_asked *in, zw_err *err)
{
    zw_status status = infer_arithmetic(in, err);
    in->node->type = ZW_TYPE_TRUTH;
    in->node->unit = in->node->show = zw_unit_plain();
    return status;
}

static zw_status infer_logic(zw_asked *in, zw_err *err)
{
    zw_status status = ZW_OK;
    for (unsigned slot = 0; status == ZW_OK && slot < in->node->kid_count; slot++) {
        status = zw_asked_truth(in, slot, err);
    }
    in->node->type = ZW_TYPE_TRUTH;
    in->node->unit = in->node->show = zw_unit_plain();
    status = status == ZW_OK ? zw_asked_join_grids(in, err) : status;
    if (in->node->op == ZW_OP_HELD) {
        status = status == ZW_OK ? zw_asked_grid(in, err) : status;
        status = status == ZW_OK ? zw_asked_count(in, 1, err) : status;
    }
    return status;
}

/* A truth about one number along its periods. */
static zw_status infer_watch(zw_asked *in, zw_err *err)
{
    bool takes_text = in->node->op == ZW_OP_MISSING && in->kid[0]->type == ZW_TYPE_TEXT;
    zw_status status = takes_text ? ZW_OK : zw_asked_number(in, 0, err);
    status = status == ZW_OK ? zw_asked_grid(in, err) : status;
    status = status == ZW_OK ? zw_asked_join_grids(in, err) : status;
    in->node->type = ZW_TYPE_TRUTH;
    in->node->unit = in->node->show = zw_unit_plain();
    bool counts = is_between(in->node->op, ZW_OP_RISES, ZW_OP_FLAT);
    return status == ZW_OK && counts ? zw_asked_count(in, 1, err) : status;
}

/* A running total from a period on: of what adds up, and from a period that the grid can tell. */
static zw_status infer_since(const zw_asked *in, zw_err *err)
{
    char name[24];
    const zw_stamp *from = &in->node->from;
    zw_grid grid = in->kid[0]->grid;
    if (in->kid[0]->kind != ZW_KIND_FLOW && !in->kid[0]->is_total) {
        return zw_err_set(err, ZW_INVALID,
                          "':since' adds up a flow or a running total: this is neither");
    }
    if (from->is == ZW_STAMP_PERIOD && zw_grid_compare(from->grid, grid) >= 0) {
        return ZW_OK;
    }
    return zw_err_set(err, ZW_INVALID, "':since' takes a period of a %s or longer",
                      grid.every == ZW_SUBDAY ? "day" : zw_grid_name(grid, name, sizeof(name)));
}

static zw_status infer_along(zw_asked *in, zw_node_id *same, zw_err *err)
{
    zw_op op = in->node->op;
    zw_status status = op == ZW_OP_LAG ? ZW_OK : zw_asked_number(in, 0, err);
    status = status == ZW_OK ? zw_asked_grid(in, err) : status;
    status = status == ZW_OK ? zw_asked_join_grids(in, err) : status;
    if (status != ZW_OK) {
        return status;
    }
    zw_asked_keep(in, 0);
    in->node->type = in->kid[0]->type;
    zw_kind kind = in->kid[0]->kind;
    switch (op) {
    case ZW_OP_LAG:
        in->node->kind = kind;
        in->node->is_total = in->kid[0]->is_total;
        in->node->late_by = in->kid[0]->late_by + in->node->count;
        return zw_asked_count(in, 0, err);
    case ZW_OP_DELTA:
        in->node->kind = ZW_KIND_FLOW;
        return zw_asked_count(in, 1, err);
    case ZW_OP_SINCE:
        return infer_since(in, err);
    case ZW_OP_SINGLE:
        in->node->kind = ZW_KIND_FLOW;
        return in->kid[0]->is_total
                   ? ZW_OK
                   : zw_err_set(
                         err, ZW_INVALID,
                         "':single' is the own part of a running total: the measure is no ytd");
    case ZW_OP_YTD:
        if (in->kid[0]->is_total) {
            *same = in->node->kid[0];
            return ZW_OK;
        }
        in->node->is_total = true;
        return kind == ZW_KIND_FLOW
                   ? ZW_OK
                   : zw_err_set(err, ZW_INVALID, "':ytd' adds up a flow: this is none");
    default: /* ZW_OP_YOY */
        in->node->unit = zw_unit_plain();
        in->node->show = zw_asked_shown("%");
        return ZW_OK;
    }
}

/* Another value of the same thing: as first reported, or what stands for a missing one. */
static zw_status infer_stand_in(zw_asked *in, zw_err *err)
{
    zw_status status = zw_asked_numbers(in, 0, err);
    status = status == ZW_OK ? zw_asked_grid(in, err) : status;
    status = status == ZW_OK ? zw_asked_join_grids(in, err) : status;
    status = status == ZW_OK ? zw_asked_join_units(in, 0, err) : status;
    in->node->kind = in->kid[0]->kind;
    in->node->is_total = in->kid[0]->is_total;
    in->node->late_by = in->kid[0]->late_by;
    return status;
}

static zw_status infer_rolling(zw_asked *in, zw_err *err)
{
    zw_status status = zw_asked_number(in, 0, err);
    status = status == ZW_OK ? zw_asked_grid(in, err) : status;
    status = status == ZW_OK ? zw_asked_join_grids(in, err) : status;
    status = status == ZW_OK ? zw_asked_count(in, 1, err) : status;
    if (status == ZW_OK && in->kid[0]->kind == ZW_KIND_RATE && in->node->how == ZW_HOW_SUM) {
        return zw_err_set(err, ZW_INVALID, "a rate never adds up: no :rolling(…):sum() of it");
    }
    zw_asked_keep(in, 0);
    if (in->node->how == ZW_HOW_COUNT) {
        in->node->unit = in->node->show = zw_unit_plain();
    }
    return status;
}

/* Made by zw_formula_steps and what stands above it: the kid is a counter's measure, or its steps.
 */
static zw_status infer_steps(zw_asked *in, zw_err *err)
{
    zw_unit second = {.scale = 1, .word = "s"};
    zw_status status = zw_asked_join_grids(in, err);
    zw_asked_keep(in, 0);
    if (in->node->op == ZW_OP_STEP) {
        in->node->kind = ZW_KIND_FLOW;
        return status;
    }
    if (!zw_unit_divide(&in->kid[0]->unit, &second, &in->node->unit)) {
        return zw_err_set(err, ZW_INVALID, "':rate' derives a unit that is too long");
    }
    in->node->show = in->node->unit;
    return status == ZW_OK ? zw_asked_count(in, 1, err) : status;
}

/* Sums are flows; what stands for a longer period in a shorter one, or is the mean or largest of
 * several, adds up no more. */
static zw_kind regridded_kind(const zw_node *kid, zw_grid to, zw_how how)
{
    bool adds_up = kid->kind == ZW_KIND_FLOW || kid->kind == ZW_KIND_YTD;
    bool is_coarser = zw_grid_compare(to, kid->grid) > 0;
    if (is_coarser && (how == ZW_HOW_SUM || (how == ZW_HOW_KIND && adds_up))) {
        return ZW_KIND_FLOW;
    }
    return adds_up || kid->kind == ZW_KIND_COUNTER ? ZW_KIND_LAST : kid->kind;
}

static zw_status infer_regrid(zw_asked *in, zw_err *err)
{
    char fine[24];
    char coarse[24];
    zw_status status = zw_asked_number(in, 0, err);
    status = status == ZW_OK ? zw_asked_grid(in, err) : status;
    if (status != ZW_OK) {
        return status;
    }
    zw_grid from = in->kid[0]->grid;
    zw_grid to = in->node->grid;
    if (!zw_grid_goes_into(from, to) && !zw_grid_goes_into(to, from)) {
        return zw_err_set(err, ZW_INVALID, "a %s does not go into a %s",
                          zw_grid_name(from, fine, sizeof(fine)),
                          zw_grid_name(to, coarse, sizeof(coarse)));
    }
    if (in->kid[0]->kind == ZW_KIND_RATE && in->node->how == ZW_HOW_SUM) {
        return zw_err_set(err, ZW_INVALID, "a rate never adds up: it has no sum over time");
    }
    /* The sum of a running total is that of its own parts, never total upon total. */
    if (in->kid[0]->kind == ZW_KIND_YTD && in->node->how == ZW_HOW_SUM) {
        in->node->how = ZW_HOW_KIND;
    }
    zw_asked_keep(in, 0);
    in->node->has_grid = true;
    in->node->kind = regridded_kind(in->kid[0], to, in->node->how);
    return ZW_OK;
}

static zw_status need_addable(const zw_asked *in, zw_err *err)
{
    zw_how how = in->node->op == ZW_OP_INDICATOR ? in->pack->indicators[in->node->ref].rollup
                                                 : in->node->how;
    bool is_rolled = in->node->op == ZW_OP_INDICATOR && how != ZW_HOW_KIND && how != ZW_HOW_COUNT;
    if (is_rolled && in->kid[0]->type == ZW_TYPE_TEXT) {
        return zw_err_set(err, ZW_INVALID,
                          "a text does not roll up: say rollup = \"none\" or none");
    }
    if (in->node->op == ZW_OP_OF || how != ZW_HOW_SUM || in->kid[0]->kind != ZW_KIND_RATE) {
        return ZW_OK;
    }
    return zw_err_set(err, ZW_INVALID, "a rate never adds up: '%s' has no sum of it",
                      zw_op_text(in->node->op));
}

/* What an operation across areas or groups takes: a value as it is, a truth to ask of all, a
 * number. */
static zw_status need_type(const zw_asked *in, zw_err *err)
{
    zw_op op = in->node->op;
    zw_how how = in->node->how;
    bool takes_any = op == ZW_OP_OF || op == ZW_OP_INDICATOR || op == ZW_OP_WHOLE;
    if (takes_any || (op != ZW_OP_RANK && how == ZW_HOW_COUNT)) {
        return ZW_OK;
    }
    return how == ZW_HOW_ALL || how == ZW_HOW_ANY ? zw_asked_truth(in, 0, err)
                                                  : zw_asked_number(in, 0, err);
}

/* True for what is counted or compared: a number without a unit. */
static bool is_plain(const zw_node *node)
{
    bool folds = node->op == ZW_OP_PARTS || node->op == ZW_OP_GROUPS;
    bool counts = node->how == ZW_HOW_COUNT || node->how == ZW_HOW_SIMILARITY;
    return node->op == ZW_OP_RANK || (folds && counts);
}

static zw_status infer_across(zw_asked *in, zw_err *err)
{
    zw_op op = in->node->op;
    zw_status status = need_type(in, err);
    status = status == ZW_OK ? zw_asked_join_grids(in, err) : status;
    status = status == ZW_OK ? need_addable(in, err) : status;
    zw_unit show = in->node->show;
    zw_asked_keep(in, 0);
    if (op == ZW_OP_INDICATOR && !zw_unit_is_any(&show)) {
        in->node->show = show;
    }
    bool is_as_it_is = op == ZW_OP_OF || op == ZW_OP_INDICATOR || op == ZW_OP_WHOLE;
    bool keeps_kind = is_as_it_is || (op != ZW_OP_RANK && in->node->how == ZW_HOW_SUM);
    in->node->type = in->kid[0]->type;
    in->node->kind = keeps_kind ? in->kid[0]->kind : ZW_KIND_LAST;
    in->node->is_total = keeps_kind && in->kid[0]->is_total;
    in->node->late_by = in->node->is_total ? in->kid[0]->late_by : 0;
    if (is_plain(in->node)) {
        in->node->type = ZW_TYPE_NUMBER;
        in->node->unit = in->node->show = zw_unit_plain();
    }
    return status;
}

/* A part of a whole, of whatever unit both are. */
static zw_status infer_share(zw_asked *in, zw_err *err)
{
    zw_status status = zw_asked_numbers(in, 0, err);
    status = status == ZW_OK ? zw_asked_join_grids(in, err) : status;
    in->node->unit = zw_unit_plain();
    in->node->show = zw_asked_shown("%");
    return status;
}

/* A value where a truth holds stays what it was. */
static zw_status infer_filter(zw_asked *in, zw_err *err)
{
    zw_status status = zw_asked_number(in, 0, err);
    status = status == ZW_OK ? zw_asked_truth(in, 1, err) : status;
    status = status == ZW_OK ? zw_asked_join_grids(in, err) : status;
    zw_asked_keep(in, 0);
    in->node->kind = in->kid[0]->kind;
    in->node->is_total = in->kid[0]->is_total;
    in->node->late_by = in->kid[0]->late_by;
    return status;
}

static zw_status infer_target(zw_asked *in, zw_err *err)
{
    zw_op op = in->node->op;
    zw_status status = zw_asked_join_grids(in, err);
    zw_unit show = in->node->show;
    zw_asked_keep(in, 0);
    if (!zw_unit_is_any(&show)) {
        in->node->show = show;
    }
    if (op == ZW_OP_VERDICT) {
        in->node->type = ZW_TYPE_TRUTH;
        in->node->unit = in->node->show = zw_unit_plain();
        in->node->grid = in->pack->targets[in->node->ref].verdict_grid;
    } else if (op == ZW_OP_TARGET_SHORTFALL || op == ZW_OP_TARGET_REQUIRED) {
        in->node->unit = zw_unit_plain();
        in->node->show = zw_asked_shown("%");
    }
    return status;
}

/* A text beside texts. */
static zw_status infer_is(zw_asked *in, zw_err *err)
{
    in->node->type = ZW_TYPE_TRUTH;
    in->node->unit = in->node->show = zw_unit_plain();
    if (in->kid[0]->type != ZW_TYPE_TEXT) {
        return zw_err_set(err, ZW_INVALID, "':equals' of texts needs a text, got %s",
                          zw_type_text(in->kid[0]->type));
    }
    return zw_asked_join_grids(in, err);
}

/* The alert's own grid, or the one that it was put on. */
static zw_status infer_firing(zw_asked *in)
{
    const zw_alert *alert = &in->pack->alerts[in->node->ref];
    in->node->type = ZW_TYPE_TRUTH;
    in->node->kind = ZW_KIND_LAST;
    in->node->unit = in->node->show = zw_unit_plain();
    in->node->is_now = !alert->is_per_period;
    if (!in->node->has_grid) {
        in->node->has_grid = in->kid[0]->has_grid;
        in->node->grid = in->kid[0]->grid;
    }
    return ZW_OK;
}

/* True when everything with periods under a node is of now. */
static bool is_of_now(const zw_asked *in)
{
    bool is_all = true;
    bool has_any = false;
    for (unsigned slot = 0; slot < in->node->kid_count; slot++) {
        has_any = has_any || in->kid[slot]->has_grid;
        is_all = is_all && (in->kid[slot]->is_now || !in->kid[slot]->has_grid);
    }
    return has_any && is_all;
}

/* What is so now has no past to look along. */
static zw_status need_past(const zw_asked *in, zw_err *err)
{
    zw_op op = in->node->op;
    bool looks_along =
        zw_graph_looks_back(op) || op == ZW_OP_HELD || op == ZW_OP_VINTAGE || op == ZW_OP_FILL_LAST;
    if (!in->node->is_now || !looks_along) {
        return ZW_OK;
    }
    return zw_err_set(err, ZW_INVALID,
                      "'%s' looks along periods, but whether an alert fires is of now",
                      zw_op_text(op));
}

static zw_status infer_call(zw_asked *in)
{
    in->node->kind = ZW_KIND_LAST;
    return ZW_OK;
}

static zw_status infer_number(zw_asked *in, zw_node_id *same, zw_err *err)
{
    switch (in->node->op) {
    case ZW_OP_MUL:
    case ZW_OP_DIV:
        return infer_product(in, err);
    case ZW_OP_POW:
    case ZW_OP_NEG:
    case ZW_OP_ABS:
    case ZW_OP_LN:
    case ZW_OP_EXP:
    case ZW_OP_ROUND:
        return infer_unary(in, err);
    case ZW_OP_REGRID:
        return infer_regrid(in, err);
    case ZW_OP_ROLLING:
        return infer_rolling(in, err);
    case ZW_OP_OR_ELSE:
    case ZW_OP_FILL_LAST:
    case ZW_OP_VINTAGE:
        return infer_stand_in(in, err);
    case ZW_OP_SHARE:
        return infer_share(in, err);
    case ZW_OP_FILTER:
        return infer_filter(in, err);
    case ZW_OP_STEP:
    case ZW_OP_RATE:
        return infer_steps(in, err);
    default:
        if (is_between(in->node->op, ZW_OP_LAG, ZW_OP_SINGLE)) {
            return infer_along(in, same, err);
        }
        if (is_between(in->node->op, ZW_OP_OF, ZW_OP_INDICATOR)) {
            return infer_across(in, err);
        }
        return infer_arithmetic(in, err);
    }
}

/* True when everything with periods under a node is read live. */
static bool is_sampled(const zw_asked *in)
{
    bool is_all = true;
    bool has_any = false;
    for (unsigned slot = 0; slot < in->node->kid_count; slot++) {
        has_any = has_any || in->kid[slot]->has_grid;
        is_all = is_all && (in->kid[slot]->is_sampled || !in->kid[slot]->has_grid);
    }
    return has_any && is_all;
}

zw_status zw_infer(const zw_pack *pack, zw_node *node, zw_node_id *same, zw_err *err)
{
    zw_asked in = {.pack = pack, .node = node, .kid = {node, node, node}};
    *same = ZW_NODE_NONE;
    node->is_sampled = node->is_total = node->is_now = false;
    node->late_by = 0;
    if (node->op == ZW_OP_CALL) {
        return infer_call(&in);
    }
    if (node->op <= ZW_OP_MEASURE) {
        return infer_leaf(&in);
    }
    if (zw_op_is_item(node->op)) {
        return zw_infer_items(pack, node, err);
    }
    for (unsigned slot = 0; slot < node->kid_count; slot++) {
        in.kid[slot] = zw_pack_node(pack, node->kid[slot]);
    }
    if (node->op == ZW_OP_FIRING) {
        return infer_firing(&in);
    }
    node->is_now = is_of_now(&in);
    zw_status status = need_past(&in, err);
    if (status != ZW_OK) {
        return status;
    }
    zw_grid wanted = node->grid;
    node->is_sampled = is_sampled(&in);
    node->type = ZW_TYPE_NUMBER;
    node->kind = ZW_KIND_LAST;
    node->has_grid = false;
    node->grid = node->op == ZW_OP_REGRID ? wanted : (zw_grid){ZW_SUBDAY, 0};
    node->unit = (zw_unit){0};
    bool is_shown_as_said = node->op == ZW_OP_INDICATOR ||
                            is_between(node->op, ZW_OP_TARGET_VALUE, ZW_OP_TARGET_PROJECTED);
    if (!is_shown_as_said) {
        node->show = (zw_unit){0};
    }
    if (is_between(node->op, ZW_OP_OVER, ZW_OP_WITHIN)) {
        return infer_comparison(&in, err);
    }
    if (is_between(node->op, ZW_OP_RISES, ZW_OP_REVISED)) {
        return infer_watch(&in, err);
    }
    if (is_between(node->op, ZW_OP_AND, ZW_OP_BROKEN)) {
        return infer_logic(&in, err);
    }
    if (node->op == ZW_OP_IS) {
        return infer_is(&in, err);
    }
    if (is_between(node->op, ZW_OP_VERDICT, ZW_OP_TARGET_PROJECTED)) {
        return infer_target(&in, err);
    }
    return infer_number(&in, same, err);
}
