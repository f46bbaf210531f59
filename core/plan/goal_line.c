/* Adding a target: from what is judged, what is followed on the way there, and where its dated
 * values stand. */
#include "plan/index.h"

#include <stdlib.h>
#include <string.h>

/* What lies under indicators. */
static zw_node_id under_indicators(const zw_pack *pack, zw_node_id id)
{
    while (zw_pack_node(pack, id)->op == ZW_OP_INDICATOR) {
        id = zw_pack_node(pack, id)->kid[0];
    }
    return id;
}

/* True for `:year()` by kind of a finer flow or running total: what is then followed on the finer
 * grid. */
static bool is_year_of_finer(const zw_pack *pack, zw_node_id id, zw_node_id *finer)
{
    const zw_node *node = zw_pack_node(pack, under_indicators(pack, id));
    if (node->op != ZW_OP_REGRID || node->how != ZW_HOW_KIND || node->grid.every != ZW_YEAR) {
        return false;
    }
    const zw_node *kid = zw_pack_node(pack, node->kid[0]);
    *finer = node->kid[0];
    return (kid->kind == ZW_KIND_FLOW || kid->kind == ZW_KIND_YTD) &&
           zw_grid_per_year(kid->grid) > 1;
}

static zw_status find_followed(zw_pack *pack, zw_target *target, zw_err *err)
{
    zw_where where = target->title.where;
    zw_node_id finer = ZW_NODE_NONE;
    target->follow = target->expr;
    target->running = ZW_NODE_NONE;
    target->yearly = target->expr;
    if (is_year_of_finer(pack, target->expr, &finer)) {
        zw_node running = {.op = ZW_OP_YTD, .kid = {finer}, .where = where};
        zw_node trailing = {.op = ZW_OP_ROLLING, .kid = {finer}, .how = ZW_HOW_SUM, .where = where};
        trailing.count = zw_grid_per_year(zw_pack_node(pack, finer)->grid);
        zw_status status = zw_formula_make(pack, &running, &target->running, err);
        if (status == ZW_OK && target->path == ZW_PATH_SEASONAL) {
            target->follow = target->running;
            return ZW_OK;
        }
        return status == ZW_OK ? zw_formula_make(pack, &trailing, &target->follow, err) : status;
    }
    if (target->path == ZW_PATH_SEASONAL) {
        return zw_err_set(
            err, ZW_INVALID,
            "a seasonal path needs :year() of a monthly or quarterly flow or running total");
    }
    zw_grid year = {ZW_YEAR, 0};
    const zw_node *expr = zw_pack_node(pack, target->expr);
    if (!zw_grid_same(expr->grid, year) && zw_grid_per_year(expr->grid) > 0) {
        return zw_formula_regrid(pack, target->expr, year, ZW_HOW_KIND, where, &target->yearly,
                                 err);
    }
    if (!zw_grid_same(expr->grid, year)) {
        target->yearly = ZW_NODE_NONE;
    }
    return ZW_OK;
}

static zw_status place(const zw_pack *pack, const zw_target *target, const zw_calendar *calendar,
                       zw_dated *dated, zw_err *err)
{
    /* What is not measurable has no periods of its own: its dates are told by days. */
    bool is_measured = target->expr != ZW_NODE_NONE;
    zw_grid day = {ZW_DAY, 0};
    zw_grid expr = is_measured ? zw_pack_node(pack, target->expr)->grid : day;
    zw_grid follow = is_measured ? zw_pack_node(pack, target->follow)->grid : day;
    char name[24];
    char asked[24];
    if (dated->when.is != ZW_STAMP_PERIOD || !zw_grid_goes_into(expr, dated->when.grid)) {
        return zw_err_set(
            err, ZW_INVALID, "a value dated by a %s, for an expression that has a value every %s",
            dated->when.is == ZW_STAMP_PERIOD ? zw_grid_name(dated->when.grid, asked, sizeof(asked))
                                              : "moment",
            zw_grid_name(expr, name, sizeof(name)));
    }
    dated->at = zw_period_last_in(calendar, dated->when.grid, dated->when.period, expr);
    dated->follow_at = zw_period_last_in(calendar, dated->when.grid, dated->when.period, follow);
    return ZW_OK;
}

static int by_date(const void *a, const void *b)
{
    const zw_dated *x = a;
    const zw_dated *y = b;
    if (x->follow_at != y->follow_at) {
        return x->follow_at < y->follow_at ? -1 : 1;
    }
    return zw_grid_compare(y->when.grid,
                           x->when.grid); /* told as two of one end, the longer first */
}

/* The finest grid among the dated values as written. */
static zw_grid finest(const zw_dated *dated, size_t count)
{
    zw_grid grid = dated[0].when.grid;
    for (size_t i = 1; i < count; i++) {
        if (zw_grid_compare(dated[i].when.grid, grid) < 0) {
            grid = dated[i].when.grid;
        }
    }
    return grid;
}

static zw_status check_order(const zw_target *target, const zw_calendar *calendar,
                             const zw_dated *dated, zw_err *err)
{
    for (size_t i = 1; i < target->dated_count; i++) {
        if (dated[i].follow_at == dated[i - 1].follow_at) {
            const zw_stamp *a = &dated[i - 1].when;
            const zw_stamp *b = &dated[i].when;
            char first[48];
            char second[48];
            return zw_err_set(err, ZW_INVALID, "two values are dated at the same end: %s and %s",
                              zw_period_text(calendar, a->grid, a->period, first, sizeof(first)),
                              zw_period_text(calendar, b->grid, b->period, second, sizeof(second)));
        }
    }
    if (target->has_from && target->from.follow_at >= dated[0].follow_at) {
        return zw_err_set(err, ZW_INVALID, "`from` must lie before the first dated value");
    }
    return ZW_OK;
}

static zw_status place_all(zw_pack *pack, zw_target *target, zw_err *err)
{
    if (pack->area_count == 0) {
        return zw_err_set(err, ZW_INVALID, "a target needs a zone: declare the zone before it");
    }
    uint32_t area = target->each_count > 0 ? target->each[0] : 0;
    const zw_calendar *calendar = zw_pack_calendar(pack, area);
    size_t bytes = target->dated_count * sizeof(zw_dated);
    zw_dated *dated = zw_pack_copy(pack, target->dated, bytes);
    if (dated == NULL) {
        return zw_err_nomem(err);
    }
    zw_status status = ZW_OK;
    for (size_t i = 0; status == ZW_OK && i < target->dated_count; i++) {
        status = place(pack, target, calendar, &dated[i], err);
    }
    if (status == ZW_OK && target->has_from) {
        status = place(pack, target, calendar, &target->from, err);
    }
    if (status != ZW_OK) {
        return status;
    }
    qsort(dated, target->dated_count, sizeof(zw_dated), by_date);
    target->verdict_grid = finest(dated, target->dated_count);
    target->dated = dated;
    return check_order(target, calendar, dated, err);
}

static zw_status check(const zw_pack *pack, const zw_target *target, zw_err *err)
{
    const zw_node *expr = zw_pack_node(pack, target->expr);
    if (expr->type != ZW_TYPE_NUMBER) {
        return zw_err_set(err, ZW_INVALID, "a target is over a number, got a truth");
    }
    if (!expr->has_grid) {
        return zw_err_set(err, ZW_INVALID,
                          "a target is over something with periods, got a plain number");
    }
    if (!target->has_compare || target->dated_count == 0) {
        return zw_err_set(err, ZW_INVALID,
                          "a target needs one of over, at_least, under, at_most with dated values");
    }
    return ZW_OK;
}

static zw_status make_asked(zw_pack *pack, zw_target *target, uint32_t index, zw_err *err)
{
    zw_node_id *const nodes[] = {&target->value, &target->gap, &target->shortfall,
                                 &target->required_growth, &target->projected};
    zw_status status = ZW_OK;
    for (size_t i = 0; status == ZW_OK && i < sizeof(nodes) / sizeof(nodes[0]); i++) {
        zw_op op = (zw_op)(ZW_OP_TARGET_VALUE + (int)i);
        zw_node node = {.op = op,
                        .kid = {target->follow},
                        .ref = index,
                        .show = zw_pack_node(pack, target->expr)->show,
                        .where = target->title.where};
        status = zw_formula_make(pack, &node, nodes[i], err);
    }
    return status;
}

zw_status zw_target_complete(zw_pack *pack, zw_target *target, uint32_t index, zw_err *err)
{
    target->follow = target->running = target->yearly = ZW_NODE_NONE;
    target->value = target->gap = target->shortfall = target->required_growth = target->projected =
        ZW_NODE_NONE;
    if (target->expr == ZW_NODE_NONE) {
        return target->dated_count > 0 ? place_all(pack, target, err) : ZW_OK;
    }
    zw_status status = check(pack, target, err);
    status = status == ZW_OK ? find_followed(pack, target, err) : status;
    status = status == ZW_OK ? place_all(pack, target, err) : status;
    return status == ZW_OK ? make_asked(pack, target, index, err) : status;
}
