/* The inputs of a value: which measured cells it reads, found by computing it once from nothing and
 * looking at what was read. */
#include "indicator/inside.h"

struct walk {
    const zw_eval *eval;
    zw_status (*each)(void *arg, const zw_input *input, zw_err *err);
    void *arg;
    int64_t until_ms; /* when time alone adds an input */
};

static zw_status visit_cell(void *arg, const zw_col *col, zw_period period, const zw_cell *cell,
                            zw_err *err)
{
    struct walk *walk = arg;
    const zw_node *node = zw_pack_node(walk->eval->world.pack, col->node);
    if (node->op != ZW_OP_MEASURE) {
        return ZW_OK;
    }
    if (cell->reason == ZW_REASON_NOT_BEGUN) {
        walk->until_ms = cell->until_ms < walk->until_ms ? cell->until_ms : walk->until_ms;
        return ZW_OK;
    }
    zw_input input = {node->ref, col->area, period, col->node,
                      zw_pool_text(walk->eval->bindings, col->binding)};
    return walk->each(walk->arg, &input, err);
}

zw_status zw_inside_cell(zw_eval *eval, zw_node_id node, uint32_t area, const char *binding,
                         zw_period period, zw_cell *out, zw_err *err)
{
    uint32_t number = zw_pool_put(eval->bindings, zw_text_of(binding));
    zw_col *col = NULL;
    *out = zw_cell_missing(ZW_REASON_NO_FIGURE);
    if (number == ZW_POOL_NONE) {
        return zw_err_nomem(err);
    }
    zw_period p = zw_pack_node(eval->world.pack, node)->has_grid ? period : 0;
    zw_status status = zw_table_col(eval->table, node, area, number, &col, err);
    if (status == ZW_OK) {
        status = zw_inside_ensure(eval, col, (zw_span){p, p}, err);
    }
    if (status == ZW_OK) {
        *out = *zw_col_at(col, p);
    }
    return status;
}

zw_status zw_inside_inputs(zw_eval *eval, zw_node_id node, uint32_t area, const char *binding,
                           zw_period period,
                           zw_status (*each)(void *arg, const zw_input *input, zw_err *err),
                           void *arg, int64_t *until_ms, zw_err *err)
{
    zw_eval *fresh = NULL;
    zw_status status = zw_inside_sibling(eval, eval->as_of_ms, &fresh, err);
    if (status == ZW_OK && eval->bound != 0) {
        const char *text = zw_pool_text(eval->bindings, eval->bound);
        fresh->bound = zw_pool_put(fresh->bindings, zw_text_of(text));
        status = fresh->bound != ZW_POOL_NONE ? ZW_OK : zw_err_nomem(err);
    }
    zw_cell cell;
    if (status == ZW_OK) {
        fresh->is_traced = true;
        status = zw_inside_cell(fresh, node, area, binding, period, &cell, err);
    }
    if (status == ZW_OK) {
        struct walk walk = {fresh, each, arg, ZW_NEVER_MS};
        status = zw_table_each(fresh->table, visit_cell, &walk, err);
        *until_ms = walk.until_ms;
    }
    zw_eval_destroy(fresh);
    return status;
}

zw_status zw_eval_inputs(zw_eval *eval, zw_node_id node, uint32_t area, zw_period period,
                         zw_status (*each)(void *arg, const zw_input *input, zw_err *err),
                         void *arg, zw_err *err)
{
    int64_t until_ms = ZW_NEVER_MS;
    return zw_inside_inputs(eval, node, area, "", period, each, arg, &until_ms, err);
}
