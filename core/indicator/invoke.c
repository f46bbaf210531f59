/* Lua functions as formulas: the one place from which a function is called, with its reads recorded
 * one by one. */
#include "indicator/scope.h"

#include <stdlib.h>

/* A call under way. */
struct call {
    zw_eval *eval;
    zw_col *col;
    zw_grid grid;
    zw_period period;
    zw_cell seen;  /* what the reads bring with them */
    bool is_again; /* only its words are asked for: its reads are noted already */
};

/* The period of a kid's grid that a call for `period` reads: its own on the same grid, else the
 * newest that ended by then. */
static zw_period kid_period(const struct call *call, const zw_calendar *calendar, zw_grid grid,
                            int32_t steps)
{
    if (zw_grid_same(call->grid, grid)) {
        return call->period + steps;
    }
    int64_t end_ms = zw_period_end_ms(calendar, call->grid, call->period);
    zw_period p = zw_period_at(calendar, grid, end_ms);
    return p - 1 + steps; /* the period that holds the end has not ended by it */
}

static zw_status read_for_call(void *arg, zw_node_id id, uint32_t area, int32_t steps,
                               zw_reading *out, zw_err *err)
{
    struct call *call = arg;
    zw_eval *eval = call->eval;
    zw_node node = *zw_pack_node(eval->world.pack, id);
    zw_period p = node.has_grid ? kid_period(call, zw_inside_calendar(eval, call->col->area),
                                             node.grid, steps)
                                : 0;
    zw_slice slice;
    uint32_t binding = call->col->binding;
    zw_status status = ZW_OK;
    if (steps < 0 && node.has_grid) { /* it looks back from the period it would read now */
        status = zw_scope_anchor(eval, binding, id, node.grid, p - steps, &binding, err);
    }
    if (status == ZW_OK) {
        status = zw_inside_read(eval, call->col, ZW_SLOT_CALL, id, area, binding, (zw_span){p, p},
                                &slice, err);
    }
    if (status != ZW_OK) {
        return status;
    }
    const zw_cell *cell = zw_slice_at(&slice, p);
    *out = (zw_reading){.is_missing = !zw_cell_stands(cell), .value = cell->value};
    out->text = node.type == ZW_TYPE_TEXT ? zw_eval_text(eval, cell) : NULL;
    zw_cell_need(&call->seen, cell);
    if (call->is_again) {
        return ZW_OK;
    }
    return zw_table_called_by(eval->table, slice.col, call->col, (zw_read){p, call->period}, err);
}

static zw_status settle(struct call *call, const zw_call_result *result, zw_cell *out)
{
    zw_cell seen = call->seen;
    if (!result->has_read) {
        *out = zw_cell_missing(ZW_REASON_NO_READ);
        return ZW_OK;
    }
    if (result->is == ZW_CALL_MISSING) { /* the first missing read says why */
        *out = seen;
        out->reason = zw_cell_stands(&seen) ? ZW_REASON_NOT_FINITE : seen.reason;
        return ZW_OK;
    }
    *out = seen;
    if (zw_cell_is_gone(&seen)) { /* what the function made of nothing there is another value */
        return ZW_OK;
    }
    out->reason = ZW_REASON_NONE;
    out->value = result->value;
    out->span = 1;
    return ZW_OK;
}

/* A function that failed is missing with its message, not an error of ours. */
static zw_cell failed(zw_eval *eval, const struct call *call, zw_breach breach, const zw_err *why)
{
    zw_cell out = zw_cell_missing(breach == ZW_BREACH_NONE ? ZW_REASON_SCRIPT : ZW_REASON_LIMIT);
    out.until_ms = call->seen.until_ms;
    out.detail = (int64_t)zw_pool_put(eval->texts, zw_text_of(why->text));
    return out;
}

static bool is_type_asked(const zw_node *node, const zw_call_result *result)
{
    return result->is == ZW_CALL_MISSING ||
           (result->is == ZW_CALL_TRUTH) == (node->type == ZW_TYPE_TRUTH);
}

static zw_status called(zw_eval *eval, zw_col *col, const zw_node *node, zw_period p, zw_cell *out,
                        zw_err *err)
{
    struct call call = {eval, col, node->grid, p, zw_cell_of(0), false};
    zw_call asked = {
        .area = col->area, .grid = node->grid, .period = p, .read = read_for_call, .arg = &call};
    zw_call_result result;
    zw_err why = {ZW_OK, ""};
    zw_status status = zw_script_call(eval->world.script, node->ref, &asked, &result, &why);
    if (status == ZW_OK && !is_type_asked(node, &result)) {
        status = zw_err_set(&why, ZW_SCRIPT, "expected a %s from the function",
                            node->type == ZW_TYPE_TRUTH ? "truth" : "number");
    }
    if (status == ZW_SCRIPT || status == ZW_LIMIT) {
        *out = failed(eval, &call, result.breach, &why);
        return ZW_OK;
    }
    if (status != ZW_OK) {
        return zw_err_set(err, status, "%s", why.text);
    }
    return settle(&call, &result, out);
}

zw_status zw_compute_call(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                          zw_err *err)
{
    zw_status status = ZW_OK;
    for (zw_period p = span.lo; status == ZW_OK && p <= span.hi; p++) {
        zw_cell cell;
        status = called(eval, col, node, p, &cell, err);
        *zw_col_at(col, p) = cell;
    }
    return status;
}

/* The functions that speak, as they are found. */
struct speakers {
    zw_node_id *at;
    size_t count;
};

static void count_speaker(void *arg, zw_node_id call)
{
    (void)call;
    ((struct speakers *)arg)->count++;
}

static void keep_speaker(void *arg, zw_node_id call)
{
    struct speakers *speakers = arg;
    speakers->at[speakers->count++] = call;
}

/* Has one function called again for what it says beside its value, which stands. */
static zw_status ask_words(zw_eval *eval, zw_node_id id, uint32_t area, zw_period p,
                           void (*each)(void *arg, const zw_said *said), void *arg, zw_err *err)
{
    zw_node node = *zw_pack_node(eval->world.pack, id);
    zw_col *col = NULL;
    zw_call_result result;
    zw_err why = {ZW_OK, ""};
    zw_status status = zw_table_col(eval->table, id, area, eval->bound, &col, err);
    if (status != ZW_OK) {
        return status;
    }
    struct call call = {eval, col, node.grid, p, zw_cell_of(0), true};
    zw_call asked = {.area = area,
                     .grid = node.grid,
                     .period = p,
                     .read = read_for_call,
                     .arg = &call,
                     .said = each,
                     .said_arg = arg};
    status = zw_script_call(eval->world.script, node.ref, &asked, &result, &why);
    bool is_ours = status != ZW_OK && status != ZW_SCRIPT && status != ZW_LIMIT;
    return is_ours ? zw_err_set(err, status, "%s", why.text) : ZW_OK;
}

zw_status zw_eval_said(zw_eval *eval, zw_node_id id, uint32_t area, zw_period p,
                       void (*each)(void *arg, const zw_said *said), void *arg, zw_cell *seen,
                       zw_err *err)
{
    struct speakers speakers = {NULL, 0};
    *seen = zw_cell_of(0);
    zw_status status = zw_graph_functions(eval->world.pack, id, count_speaker, &speakers, err);
    if (status != ZW_OK || speakers.count == 0) {
        return status;
    }
    speakers.at = calloc(speakers.count, sizeof(*speakers.at));
    if (speakers.at == NULL) {
        return zw_err_nomem(err);
    }
    speakers.count = 0;
    status = zw_graph_functions(eval->world.pack, id, keep_speaker, &speakers, err);
    for (size_t i = 0; status == ZW_OK && i < speakers.count; i++) {
        zw_cell cell;
        status = zw_eval_cell(eval, speakers.at[i], area, p, &cell, err);
        status = status == ZW_OK ? zw_eval_veil(eval, speakers.at[i], area, p, &cell, err) : status;
        if (status == ZW_OK && zw_cell_stands(&cell)) {
            zw_cell_inherit(seen, &cell);
            status = ask_words(eval, speakers.at[i], area, p, each, arg, err);
        }
    }
    free(speakers.at);
    return status;
}
