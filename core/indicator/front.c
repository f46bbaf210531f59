/* The front of an expression: the newest period that can be spoken of. */
#include "indicator/item_view.h"

/* The moment by which every figure under the node is due for period `p`; ZW_NEVER_MS when one has
 * no due or no report then. */
static int64_t all_due_ms(zw_eval *eval, const zw_node *node, const zw_reads *reads, uint32_t area,
                          zw_period p)
{
    const zw_calendar *calendar = zw_inside_calendar(eval, area);
    int64_t latest_ms = reads->count + reads->register_count > 0 ? INT64_MIN : ZW_NEVER_MS;
    for (size_t i = 0; i < reads->count; i++) {
        uint32_t m = reads->measures[i];
        zw_period last = zw_graph_last(calendar, node->grid, p, eval->world.pack->measures[m].grid);
        int64_t due_ms = zw_inside_due_ms(eval, m, area, last, NULL);
        if (zw_inside_reporters(eval, m, area, last) == 0) {
            due_ms = ZW_NEVER_MS;
        }
        latest_ms = due_ms > latest_ms ? due_ms : latest_ms;
    }
    for (size_t i = 0; i < reads->register_count; i++) {
        uint32_t r = reads->registers[i];
        zw_grid grid = eval->world.pack->registers[r].grid;
        zw_period last = zw_graph_last(calendar, node->grid, p, grid);
        int64_t due_ms = zw_items_due_ms(eval, r, area, last, NULL);
        latest_ms = due_ms > latest_ms ? due_ms : latest_ms;
    }
    return latest_ms;
}

static void sooner(int64_t *until_ms, int64_t at_ms, int64_t as_of_ms)
{
    if (at_ms > as_of_ms && at_ms < *until_ms) {
        *until_ms = at_ms;
    }
}

/* A function that failed: it has something to say, but only where nothing is known. */
static bool is_broken(const zw_cell *cell)
{
    return cell->reason == ZW_REASON_SCRIPT || cell->reason == ZW_REASON_LIMIT;
}

/* A walk back from now. It ends at a function that ran over a limit: what took so long once would
 * take it again in every period before. */
struct walk {
    zw_period first, now;
    bool counts_due;
};

/* Without a newer period the front is that there is none any more. */
static void take_gone(const zw_cell *cell, zw_front *out)
{
    out->cell = out->has_period ? out->cell : *cell;
}

static void take_period(zw_period p, const zw_cell *cell, bool is_end, zw_front *out)
{
    if (is_end || (is_broken(cell) && !out->has_period)) {
        out->has_period = true;
        out->period = p;
        out->cell = *cell;
    }
}

/* When the period is due; ZW_NEVER_MS where that does not count. */
static int64_t due_of(zw_eval *eval, zw_node_id id, const zw_reads *reads, uint32_t area,
                      const struct walk *walk, zw_period p)
{
    const zw_node node = *zw_pack_node(eval->world.pack, id);
    return walk->counts_due && !reads->has_call ? all_due_ms(eval, &node, reads, area, p)
                                                : ZW_NEVER_MS;
}

static zw_status walk_back(zw_eval *eval, zw_node_id id, uint32_t area, const struct walk *walk,
                           zw_front *out, zw_err *err)
{
    const zw_reads *reads = zw_inside_reads(eval, id);
    if (reads == NULL) {
        return zw_err_nomem(err);
    }
    for (zw_period p = walk->now; p >= walk->first; p--) {
        zw_cell cell;
        zw_status status = zw_eval_cell(eval, id, area, p, &cell, err);
        if (status != ZW_OK) {
            return status;
        }
        sooner(&out->until_ms, cell.until_ms, eval->as_of_ms);
        int64_t due_ms = due_of(eval, id, reads, area, walk, p);
        sooner(&out->until_ms, due_ms, eval->as_of_ms);
        bool is_end = zw_cell_stands(&cell) || due_ms <= eval->as_of_ms;
        if (zw_cell_is_gone(&cell) && zw_eval_is_past(eval, id, area, p)) { /* as all before it */
            is_end = true;
            take_gone(&cell, out);
        } else {
            take_period(p, &cell, is_end, out);
        }
        if (is_end || cell.reason == ZW_REASON_LIMIT) {
            return ZW_OK;
        }
    }
    return ZW_OK;
}

static zw_status find_front(zw_eval *eval, zw_node_id id, uint32_t area, bool counts_due,
                            zw_front *out, zw_err *err)
{
    *out = (zw_front){.cell = zw_cell_missing(ZW_REASON_NO_FIGURE), .until_ms = ZW_NEVER_MS};
    const zw_node node = *zw_pack_node(eval->world.pack, id);
    if (!node.has_grid) {
        zw_status status = zw_eval_cell(eval, id, area, 0, &out->cell, err);
        out->has_period = zw_cell_stands(&out->cell);
        return status;
    }
    struct walk walk = {.now = zw_eval_now(eval, id, area), .counts_due = counts_due};
    out->until_ms = zw_period_end_ms(zw_inside_calendar(eval, area), node.grid, walk.now);
    walk.first = walk.now;
    zw_period first = 0;
    if (zw_eval_first_spoken(eval, id, &first, area) && first < walk.first) {
        walk.first = first;
    }
    return walk_back(eval, id, area, &walk, out, err);
}

zw_status zw_eval_front(zw_eval *eval, zw_node_id node, uint32_t area, zw_front *out, zw_err *err)
{
    return find_front(eval, node, area, true, out, err);
}

zw_status zw_eval_newest(zw_eval *eval, zw_node_id node, uint32_t area, zw_front *out, zw_err *err)
{
    return find_front(eval, node, area, false, out, err);
}
