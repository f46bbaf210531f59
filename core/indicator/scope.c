/* Scopes: which one a period is read in, and the anchors of what looks back. */
#include "indicator/scope.h"

#include "intake/batch.h"

#include <inttypes.h>
#include <stdlib.h>

enum { BINDING_BYTES = 64 * 1024 };

/* No dimension is called so: it is a column of every delivery. */
static const char anchor_dim[] = "period";

/* What decides between the scopes of a period. */
struct claim {
    zw_figure first;
    bool is_there, is_withdrawn;
    uint32_t scope;
};

static bool is_before(const struct claim *a, const struct claim *b)
{
    if (!b->is_there || a->is_withdrawn != b->is_withdrawn) {
        return !b->is_there || b->is_withdrawn;
    }
    if (a->first.known_at_ms != b->first.known_at_ms) {
        return a->first.known_at_ms < b->first.known_at_ms;
    }
    return a->first.batch != b->first.batch ? a->first.batch < b->first.batch
                                            : a->first.line < b->first.line;
}

static uint32_t find_scope(const zw_eval *eval, const zw_shelf *shelf, zw_period period)
{
    const zw_store *store = eval->world.store;
    struct claim best = {.is_there = false, .scope = ZW_NONE};
    for (size_t i = 0; i < shelf->count; i++) {
        const zw_shelf_row *row = &shelf->rows[i];
        zw_figure room;
        zw_figure single;
        const zw_figure *versions = NULL;
        const zw_figure *now = zw_store_at(store, row->series, period, eval->as_of_ms, &room);
        if (now == NULL || zw_store_versions(store, row->series, period, &single, &versions) == 0) {
            continue;
        }
        struct claim claim = {.first = versions[0],
                              .is_there = true,
                              .is_withdrawn = now->status == ZW_OBS_MISSING,
                              .scope = row->scope};
        best = is_before(&claim, &best) ? claim : best;
    }
    return best.scope;
}

uint32_t zw_scope_of_period(const zw_eval *eval, const zw_shelf *shelf, zw_period period)
{
    if (shelf->scope_count <= 1) {
        return ZW_SCOPE_ANY;
    }
    zw_shelf_memo *memo = &shelf->memos[(uint64_t)period % ZW_SHELF_MEMOS];
    if (!memo->is_set || memo->as_of_ms != eval->as_of_ms || memo->period != period) {
        *memo = (zw_shelf_memo){true, eval->as_of_ms, period, find_scope(eval, shelf, period)};
    }
    return memo->scope;
}

uint32_t zw_scope_of_anchor(const zw_eval *eval, const zw_shelf *shelf, zw_span anchor)
{
    uint32_t scope = ZW_NONE;
    for (zw_period p = anchor.hi; scope == ZW_NONE && p >= anchor.lo; p--) {
        scope = zw_scope_of_period(eval, shelf, p);
    }
    return scope;
}

/* True when anything under a node was reported under two scopes. */
static zw_status is_scoped(zw_eval *eval, zw_node_id node, bool *out, zw_err *err)
{
    const zw_reads *reads = zw_inside_reads(eval, node);
    zw_status status = ZW_OK;
    *out = false;
    if (reads == NULL) {
        return zw_err_nomem(err);
    }
    size_t count = reads->has_call ? eval->world.pack->measure_count : reads->count;
    for (size_t i = 0; status == ZW_OK && !*out && i < count; i++) {
        uint32_t measure = reads->has_call ? (uint32_t)i : reads->measures[i];
        status = zw_known_is_scoped(eval->known, measure, eval->as_of_ms, out, err);
    }
    return status;
}

zw_status zw_scope_anchor(zw_eval *eval, uint32_t binding, zw_node_id node, zw_grid grid,
                          zw_period period, uint32_t *out, zw_err *err)
{
    bool has_scopes = false;
    zw_status status = is_scoped(eval, node, &has_scopes, err);
    const char *outer = zw_pool_text(eval->bindings, binding);
    *out = binding;
    if (status != ZW_OK || !has_scopes || zw_dims_value(outer, anchor_dim).len > 0) {
        return status;
    }
    zw_buf text;
    zw_buf_init(&text, BINDING_BYTES);
    zw_buf_puts(&text, outer);
    if (outer[0] != '\0') {
        zw_buf_putc(&text, ZW_DIMS_SEPARATOR);
    }
    zw_buf_printf(&text, "%s%c%d %d %" PRId64, anchor_dim, ZW_DIMS_EQUALS, (int)grid.every,
                  grid.step_ms, period);
    *out = text.has_failed ? ZW_POOL_NONE
                           : zw_pool_put(eval->bindings, zw_text_of(zw_buf_view(&text)));
    zw_buf_fini(&text);
    return *out != ZW_POOL_NONE ? ZW_OK : zw_err_nomem(err);
}

bool zw_scope_is_anchor(zw_text name)
{
    return zw_text_is(name, anchor_dim);
}

bool zw_scope_anchored(const char *binding, const zw_calendar *calendar, zw_grid grid, zw_span *out)
{
    zw_text text = zw_dims_value(binding, anchor_dim);
    char *end = NULL;
    if (text.len == 0) {
        return false;
    }
    zw_grid from = {.every = (zw_unit_of_time)strtol(text.at, &end, 10)};
    from.step_ms = (int32_t)strtol(end, &end, 10);
    zw_period period = strtoll(end, &end, 10);
    *out = (zw_span){zw_graph_first(calendar, from, period, grid),
                     zw_graph_last(calendar, from, period, grid)};
    return true;
}
