/*
 * Targets along their path: value, gap, shortfall, required growth, projection.
 *
 * The path's points are `from` (else the first value known) and the dated values, on the grid of
 * what is followed. A seasonal path is geometric between years, and inside one the goal times the
 * share that is usually in by then.
 */
#include "indicator/goal.h"

#include "indicator/scope.h"

#include <math.h>
#include <stdlib.h>

static const zw_target *target_of(const zw_eval *eval, const zw_node *node)
{
    return &eval->world.pack->targets[node->ref];
}

static bool is_target_here(const zw_target *target, uint32_t area)
{
    return zw_list_has((zw_list){target->each, target->each_count}, area);
}

zw_status zw_goal_cell(zw_eval *eval, zw_col *reader, zw_node_id node, zw_period period,
                       zw_cell *out, zw_err *err)
{
    zw_slice slice;
    zw_status status = zw_inside_read(eval, reader, 0, node, reader->area, reader->binding,
                                      (zw_span){period, period}, &slice, err);
    *out = status == ZW_OK ? *zw_slice_at(&slice, period) : zw_cell_missing(ZW_REASON_NO_FIGURE);
    return status;
}

/* The value of an earlier period, in the scope of `now`. */
static zw_status earlier_cell(zw_eval *eval, zw_col *reader, zw_node_id node, zw_period now,
                              zw_period period, zw_cell *out, zw_err *err)
{
    uint32_t binding = reader->binding;
    zw_slice slice;
    zw_grid grid = zw_pack_node(eval->world.pack, node)->grid;
    zw_status status = zw_scope_anchor(eval, binding, node, grid, now, &binding, err);
    if (status == ZW_OK) {
        status = zw_inside_read(eval, reader, 0, node, reader->area, binding,
                                (zw_span){period, period}, &slice, err);
    }
    *out = status == ZW_OK ? *zw_slice_at(&slice, period) : zw_cell_missing(ZW_REASON_NO_FIGURE);
    return status;
}

static const zw_calendar *calendar_of(const zw_eval *eval, const zw_col *reader)
{
    return zw_inside_calendar(eval, reader->area);
}

/* The shares of the last full years. */
struct shares {
    zw_sum sum;
    double least, largest;
    int taken;
};

static void take_share(struct shares *shares, const zw_cell *then, const zw_cell *full)
{
    if (!zw_cell_stands(then) || !zw_cell_stands(full) || full->value <= 0) {
        return;
    }
    double share = then->value / full->value;
    bool is_first = shares->taken++ == 0;
    zw_sum_add(&shares->sum, share);
    shares->least = is_first || share < shares->least ? share : shares->least;
    shares->largest = is_first || share > shares->largest ? share : shares->largest;
}

static double share_by(const struct shares *shares, zw_how how)
{
    if (how == ZW_HOW_KIND) {
        return zw_sum_total(&shares->sum) / shares->taken;
    }
    return how == ZW_HOW_MIN ? shares->least : shares->largest;
}

zw_status zw_goal_share(zw_eval *eval, zw_col *reader, zw_node_id running, zw_period p, zw_how how,
                        zw_cell *out, zw_err *err)
{
    const zw_calendar *calendar = calendar_of(eval, reader);
    zw_grid grid = zw_pack_node(eval->world.pack, running)->grid;
    zw_grid year = {ZW_YEAR, 0};
    zw_period own = zw_period_coarser(calendar, grid, p, year);
    zw_period place = p - zw_period_first_in(calendar, year, own, grid);
    struct shares shares = {.taken = 0};
    *out = zw_cell_of(0);
    zw_period first = 0;
    bool has_first = zw_inside_first(eval, running, reader->area, &first);
    for (zw_period y = own - 1; has_first && shares.taken < 3; y--) {
        zw_period end = zw_period_last_in(calendar, year, y, grid);
        zw_cell then;
        zw_cell full;
        zw_status status =
            earlier_cell(eval, reader, running, end,
                         zw_period_first_in(calendar, year, y, grid) + place, &then, err);
        status = status == ZW_OK ? zw_goal_cell(eval, reader, running, end, &full, err) : status;
        if (status != ZW_OK) {
            return status;
        }
        zw_cell_inherit(out, &then);
        zw_cell_inherit(out, &full);
        take_share(&shares, &then, &full);
        has_first = end >= first;
    }
    if (shares.taken < 3) {
        out->reason = ZW_REASON_NO_SHARES;
        return ZW_OK;
    }
    out->value = share_by(&shares, how);
    return ZW_OK;
}

/* The points of a target's path on the grid of what is followed. */
struct path {
    zw_path_point *points;
    size_t count;
    zw_cell from;     /* what the first point inherits when it was a value */
    zw_period begins; /* where the first point stands, before points are moved to years */
};

/* The first value known of what is followed: where a path without `from` begins. */
static zw_status first_value(zw_eval *eval, zw_col *col, zw_node_id node, struct path *path,
                             zw_err *err)
{
    zw_period first = 0;
    zw_status status = ZW_OK;
    zw_period now = zw_eval_now(eval, node, col->area);
    if (!zw_inside_first(eval, node, col->area, &first)) {
        return ZW_OK;
    }
    for (zw_period p = first; status == ZW_OK && p <= now; p++) {
        zw_cell cell;
        status = zw_goal_cell(eval, col, node, p, &cell, err);
        if (status == ZW_OK && zw_cell_stands(&cell)) {
            path->points[path->count++] = (zw_path_point){p, cell.value};
            path->from = cell;
            return ZW_OK;
        }
    }
    return status;
}

static zw_status build_path(zw_eval *eval, zw_col *col, const zw_target *target, struct path *out,
                            zw_err *err)
{
    *out = (struct path){.from = zw_cell_of(0)};
    out->points = calloc(target->dated_count + 1, sizeof(zw_path_point)); /* the caller frees */
    if (out->points == NULL) {
        return zw_err_nomem(err);
    }
    zw_status status = ZW_OK;
    if (target->has_from) {
        out->points[out->count++] = (zw_path_point){target->from.follow_at, target->from.value};
    } else {
        status = first_value(eval, col, target->follow, out, err);
    }
    for (size_t i = 0; i < target->dated_count; i++) {
        zw_period at = target->dated[i].follow_at;
        if (out->count == 0 || at > out->points[out->count - 1].at) {
            out->points[out->count++] = (zw_path_point){at, target->dated[i].value};
        }
    }
    return status;
}

/* Moves the points from the followed grid to years: between years a seasonal path is geometric. */
static void to_years(const zw_calendar *calendar, zw_grid grid, struct path *path)
{
    zw_grid year = {ZW_YEAR, 0};
    path->begins = path->count > 0 ? path->points[0].at : ZW_PERIOD_MAX;
    for (size_t i = 0; i < path->count; i++) {
        path->points[i].at = zw_period_coarser(calendar, grid, path->points[i].at, year);
    }
}

/* Where the path is a function: its value there, of another grid the period around or the last in.
 */
static zw_status function_cell(zw_eval *eval, zw_col *col, const zw_target *target, zw_period p,
                               zw_cell *out, zw_err *err)
{
    const zw_node *node = zw_pack_node(eval->world.pack, target->path_node);
    zw_grid follow = zw_pack_node(eval->world.pack, target->follow)->grid;
    zw_period at =
        node->has_grid ? zw_graph_last(calendar_of(eval, col), follow, p, node->grid) : 0;
    return zw_goal_cell(eval, col, target->path_node, at, out, err);
}

static zw_status path_cell(zw_eval *eval, zw_col *col, const zw_target *target,
                           const struct path *path, zw_period p, zw_cell *out, zw_err *err)
{
    if (target->path == ZW_PATH_FUNCTION) {
        return function_cell(eval, col, target, p, out, err);
    }
    zw_period at = p;
    zw_path shape = target->path;
    *out = path->from;
    if (target->path == ZW_PATH_SEASONAL) {
        zw_grid year = {ZW_YEAR, 0};
        at = zw_period_coarser(calendar_of(eval, col),
                               zw_pack_node(eval->world.pack, target->follow)->grid, p, year);
        shape = ZW_PATH_GEOMETRIC;
    }
    out->reason = zw_path_at(shape, path->points, path->count, at, &out->value) ? ZW_REASON_NONE
                                                                                : ZW_REASON_NO_PATH;
    if (target->path != ZW_PATH_SEASONAL || !zw_cell_stands(out)) {
        return ZW_OK;
    }
    if (p < path->begins) {
        out->reason = ZW_REASON_NO_PATH;
        return ZW_OK;
    }
    zw_cell share;
    zw_status status = zw_goal_share(eval, col, target->running, p, ZW_HOW_KIND, &share, err);
    zw_cell_need(out, &share);
    out->value *= share.value;
    return status;
}

static zw_status behind(zw_eval *eval, zw_col *col, const zw_node *node, const struct path *path,
                        zw_period p, zw_cell *out, zw_err *err)
{
    const zw_target *target = target_of(eval, node);
    zw_status status = path_cell(eval, col, target, path, p, out, err);
    if (status != ZW_OK || node->op == ZW_OP_TARGET_VALUE) {
        return status;
    }
    zw_cell actual;
    status = zw_goal_cell(eval, col, target->follow, p, &actual, err);
    double goal = out->value;
    zw_cell_need(out, &actual);
    if (status != ZW_OK || !zw_cell_stands(out)) {
        return status;
    }
    out->value = zw_compare_gap(target->compare, goal, actual.value);
    if (node->op == ZW_OP_TARGET_SHORTFALL) {
        out->reason = goal == 0 ? ZW_REASON_DIVIDE_BY_ZERO : ZW_REASON_NONE;
        out->value = goal == 0 ? 0 : out->value / goal;
    }
    return ZW_OK;
}

/* The newest year that was full by the end of `p` and has a value. */
static zw_status last_full_year(zw_eval *eval, zw_col *col, const zw_target *target, zw_period p,
                                zw_cell *out, zw_period *at, zw_err *err)
{
    zw_grid year = {ZW_YEAR, 0};
    zw_grid grid = zw_pack_node(eval->world.pack, target->follow)->grid;
    zw_period first = 0;
    *out = zw_cell_missing(ZW_REASON_NO_FIGURE);
    *at = zw_graph_last(calendar_of(eval, col), grid, p, year);
    if (zw_graph_last(calendar_of(eval, col), year, *at, grid) != p) {
        (*at)--; /* its own year is not over */
    }
    if (target->yearly == ZW_NODE_NONE ||
        !zw_inside_first(eval, target->yearly, col->area, &first)) {
        return ZW_OK;
    }
    zw_cell seen = zw_cell_of(0);
    for (; *at >= first; (*at)--) {
        zw_cell cell;
        zw_status status = zw_goal_cell(eval, col, target->yearly, *at, &cell, err);
        if (status != ZW_OK) {
            return status;
        }
        zw_cell_inherit(&seen, &cell);
        if (zw_cell_stands(&cell)) {
            *out = cell;
            out->until_ms = seen.until_ms;
            return ZW_OK;
        }
    }
    return ZW_OK;
}

/* The first dated value in a year after `year`. */
static const zw_dated *next_dated(const zw_eval *eval, const zw_col *col, const zw_target *target,
                                  zw_period year, zw_period *in_year)
{
    zw_grid yearly = {ZW_YEAR, 0};
    zw_grid grid = zw_pack_node(eval->world.pack, target->follow)->grid;
    for (size_t i = 0; i < target->dated_count; i++) {
        *in_year = zw_graph_first(calendar_of(eval, col), grid, target->dated[i].follow_at, yearly);
        if (*in_year > year) {
            return &target->dated[i];
        }
    }
    return NULL;
}

static zw_status required(zw_eval *eval, zw_col *col, const zw_target *target, zw_period p,
                          zw_cell *out, zw_err *err)
{
    zw_period year = 0;
    zw_period due_year = 0;
    zw_status status = last_full_year(eval, col, target, p, out, &year, err);
    if (status != ZW_OK || !zw_cell_stands(out)) {
        return status;
    }
    const zw_dated *dated = next_dated(eval, col, target, year, &due_year);
    if (dated == NULL || dated->follow_at < p) {
        out->reason = ZW_REASON_NO_PATH;
    } else if (!zw_growth_required(out->value, dated->value, (double)(due_year - year),
                                   &out->value)) {
        out->reason = ZW_REASON_NOT_POSITIVE;
    }
    return ZW_OK;
}

/* Last year's change carried on from `p` to the next date: v(p) * (v(p) / v(a year before)) ^
 * years. */
static zw_status carried_on(zw_eval *eval, zw_col *col, const zw_target *target,
                            const zw_dated *dated, zw_period p, zw_cell *out, zw_err *err)
{
    int per_year = zw_grid_per_year(zw_pack_node(eval->world.pack, target->follow)->grid);
    zw_cell now;
    zw_cell then;
    zw_status status = zw_goal_cell(eval, col, target->follow, p, &now, err);
    status = status == ZW_OK ? earlier_cell(eval, col, target->follow, p, p - per_year, &then, err)
                             : status;
    if (status != ZW_OK) {
        return status;
    }
    *out = zw_cell_of(0);
    zw_cell_need(out, &now);
    zw_cell_need(out, &then);
    if (zw_cell_stands(out) && (then.value <= 0 || now.value <= 0 || per_year == 0)) {
        out->reason = ZW_REASON_NOT_POSITIVE;
    }
    if (zw_cell_stands(out)) {
        out->value =
            now.value * pow(now.value / then.value, (double)(dated->follow_at - p) / per_year);
    }
    return ZW_OK;
}

/* The low end divides by the largest share that was in by then, the high end by the least. */
static zw_status projected(zw_eval *eval, zw_col *col, const zw_target *target, zw_how end,
                           zw_period p, zw_cell *out, zw_err *err)
{
    zw_how by = end == ZW_HOW_MIN ? ZW_HOW_MAX : end == ZW_HOW_MAX ? ZW_HOW_MIN : ZW_HOW_KIND;
    zw_grid year = {ZW_YEAR, 0};
    zw_grid grid = zw_pack_node(eval->world.pack, target->follow)->grid;
    zw_period own = zw_graph_first(calendar_of(eval, col), grid, p, year);
    zw_period due_year = 0;
    const zw_dated *dated = next_dated(eval, col, target, own - 1, &due_year);
    *out = zw_cell_missing(ZW_REASON_NO_PATH);
    if (dated == NULL) {
        return ZW_OK;
    }
    if (target->running == ZW_NODE_NONE || due_year != own) {
        return carried_on(eval, col, target, dated, p, out, err);
    }
    zw_cell share;
    zw_status status = zw_goal_cell(eval, col, target->running, p, out, err);
    status =
        status == ZW_OK ? zw_goal_share(eval, col, target->running, p, by, &share, err) : status;
    if (status != ZW_OK) {
        return status;
    }
    zw_cell_need(out, &share);
    if (zw_cell_stands(out) && share.value <= 0) {
        out->reason = ZW_REASON_NOT_POSITIVE;
    }
    out->value = zw_cell_stands(out) ? out->value / share.value : 0;
    return ZW_OK;
}

static zw_status goal(zw_eval *eval, zw_col *col, const zw_node *node, const struct path *path,
                      zw_period p, zw_cell *out, zw_err *err)
{
    switch (node->op) {
    case ZW_OP_TARGET_REQUIRED:
        return required(eval, col, target_of(eval, node), p, out, err);
    case ZW_OP_TARGET_PROJECTED:
        return projected(eval, col, target_of(eval, node), node->how, p, out, err);
    default:
        return behind(eval, col, node, path, p, out, err);
    }
}

zw_status zw_compute_goal(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                          zw_err *err)
{
    const zw_target *target = target_of(eval, node);
    if (!is_target_here(target, col->area)) {
        for (zw_period p = span.lo; p <= span.hi; p++) {
            *zw_col_at(col, p) = zw_cell_missing(ZW_REASON_NOT_HERE);
        }
        return ZW_OK;
    }
    struct path path;
    zw_status status = build_path(eval, col, target, &path, err);
    if (status == ZW_OK && target->path == ZW_PATH_SEASONAL) {
        to_years(zw_inside_calendar(eval, col->area),
                 zw_pack_node(eval->world.pack, target->follow)->grid, &path);
    }
    for (zw_period p = span.lo; status == ZW_OK && p <= span.hi; p++) {
        zw_cell cell;
        status = goal(eval, col, node, &path, p, &cell, err);
        *zw_col_at(col, p) = cell;
    }
    free(path.points);
    return status;
}
