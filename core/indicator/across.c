/* Operations across areas and groups: the same elsewhere in the tree, over the parts of an area,
 * over a dimension's values. */
#include "indicator/reported.h"

#include <stdlib.h>
#include <string.h>

enum { BINDING_BYTES = 64 * 1024 };

/* Several slices folded into one value a period. */
struct fold {
    zw_how how;
    zw_slice *slices;
    const uint32_t *areas; /* beside the slices */
    size_t count;
    bool is_groups; /* no areas: a dimension's values */
};

static double folded(const struct fold *fold, const double *values, size_t count)
{
    zw_sum sum = {0, 0};
    double extreme = values[0];
    for (size_t i = 0; i < count; i++) {
        zw_sum_add(&sum, values[i]);
        bool is_further = fold->how == ZW_HOW_MAX ? values[i] > extreme : values[i] < extreme;
        extreme = is_further ? values[i] : extreme;
    }
    switch (fold->how) {
    case ZW_HOW_MEAN:
        return zw_sum_total(&sum) / (double)count;
    case ZW_HOW_MAX:
    case ZW_HOW_MIN:
        return extreme;
    case ZW_HOW_COUNT:
        return (double)count;
    default:
        return zw_sum_total(&sum);
    }
}

/* One period over the slices that count there. @param values  room for `count` numbers. */
static zw_cell fold_period(const struct fold *fold, const bool *counts, double *values, zw_period p)
{
    zw_cell out = zw_cell_of(0);
    size_t taken = 0;
    uint16_t in = 0;
    uint16_t of = 0;
    for (size_t i = 0; i < fold->count; i++) {
        const zw_cell *part = zw_slice_at(&fold->slices[i], p);
        if (!counts[i]) {
            continue;
        }
        bool was_standing = zw_cell_stands(&out);
        zw_cell_need(&out, part);
        if (was_standing && !zw_cell_stands(part) && fold->areas != NULL &&
            part->reason != ZW_REASON_PART_MISSING) {
            out.reason = ZW_REASON_PART_MISSING;
            out.detail = (int64_t)fold->areas[i];
        }
        in = (uint16_t)(in + part->in);
        of = (uint16_t)(of + part->of);
        values[taken++] = part->value;
    }
    if (!fold->is_groups) {
        out.in = in;
        out.of = of;
    }
    if (taken == 0) {
        return zw_cell_missing(fold->is_groups ? ZW_REASON_NO_FIGURE : ZW_REASON_NO_PARTS);
    }
    if (zw_cell_stands(&out)) {
        out.value = folded(fold, values, taken);
    }
    return out;
}

/* True where a part counts: areas while they live, groups once they were ever reported. */
static bool is_counted(zw_eval *eval, const struct fold *fold, size_t i, zw_period p,
                       int64_t end_ms)
{
    if (!fold->is_groups) {
        return zw_pack_area_lives(eval->world.pack, fold->areas[i], end_ms);
    }
    return zw_slice_at(&fold->slices[i], p)->reason != ZW_REASON_NO_FIGURE;
}

static zw_status fold_span(zw_eval *eval, zw_col *col, const zw_node *node, const struct fold *fold,
                           zw_span span, zw_err *err)
{
    size_t room = fold->count > 0 ? fold->count : 1;
    bool *counts = calloc(room, sizeof(*counts));
    double *values = calloc(room, sizeof(*values));
    bool is_ready = counts != NULL && values != NULL;
    const zw_calendar *calendar = zw_inside_calendar(eval, col->area);
    for (zw_period p = span.lo; is_ready && p <= span.hi; p++) {
        int64_t end_ms =
            node->has_grid ? zw_period_end_ms(calendar, node->grid, p) : eval->as_of_ms;
        for (size_t i = 0; i < fold->count; i++) {
            counts[i] = is_counted(eval, fold, i, p, end_ms);
        }
        *zw_col_at(col, p) = fold_period(fold, counts, values, p);
    }
    free(counts);
    free(values);
    return is_ready ? ZW_OK : zw_err_nomem(err);
}

static zw_status over_areas(zw_eval *eval, zw_col *col, const zw_node *node, zw_node_id kid,
                            unsigned slot, zw_list areas, zw_how how, zw_span span, zw_err *err)
{
    struct fold fold = {how, calloc(areas.count > 0 ? areas.count : 1, sizeof(zw_slice)), areas.at,
                        areas.count, false};
    zw_status status = fold.slices != NULL ? ZW_OK : zw_err_nomem(err);
    for (size_t i = 0; status == ZW_OK && i < areas.count; i++) {
        status = zw_inside_read(eval, col, slot, kid, areas.at[i], col->binding, span,
                                &fold.slices[i], err);
    }
    if (status == ZW_OK) {
        status = fold_span(eval, col, node, &fold, span, err);
    }
    free(fold.slices);
    return status;
}

static zw_status copy_kid(zw_eval *eval, zw_col *col, uint32_t area, zw_span span, zw_err *err)
{
    zw_node_id kid = zw_pack_node(eval->world.pack, col->node)->kid[0];
    zw_slice slice;
    zw_status status = zw_inside_read(eval, col, 0, kid, area, col->binding, span, &slice, err);
    for (zw_period p = span.lo; status == ZW_OK && p <= span.hi; p++) {
        *zw_col_at(col, p) = *zw_slice_at(&slice, p);
    }
    return status;
}

static void write_all(zw_col *col, zw_span span, zw_reason reason)
{
    for (zw_period p = span.lo; p <= span.hi; p++) {
        *zw_col_at(col, p) = zw_cell_missing(reason);
    }
}

/* The area that `:of` means at `area`; ZW_NONE where there is none. */
static uint32_t area_meant(const zw_pack *pack, const zw_node *node, uint32_t area)
{
    if (node->text == NULL) {
        return node->ref;
    }
    if (strcmp(node->text, "zone") == 0) {
        return pack->areas[area].zone;
    }
    return pack->areas[area].parents.count > 0 ? pack->areas[area].parents.at[0] : ZW_NONE;
}

static zw_status compute_of(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                            zw_err *err)
{
    uint32_t area = area_meant(eval->world.pack, node, col->area);
    if (area == ZW_NONE) {
        write_all(col, span, ZW_REASON_NOT_HERE);
        return ZW_OK;
    }
    return copy_kid(eval, col, area, span, err);
}

static zw_status compute_indicator(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                                   zw_err *err)
{
    zw_list parts = eval->world.pack->areas[col->area].parts;
    zw_how how = eval->world.pack->indicators[node->ref].rollup;
    if (how == ZW_HOW_KIND || parts.count == 0) {
        return copy_kid(eval, col, col->area, span, err);
    }
    if (how == ZW_HOW_COUNT) {
        write_all(col, span, ZW_REASON_NO_ROLLUP);
        return ZW_OK;
    }
    return over_areas(eval, col, node, col->node, ZW_SLOT_SAME, parts, how, span, err);
}

/* Collects the values of a dimension over the tree below an area. */
static zw_status group_values(zw_eval *eval, const zw_reads *reads, uint32_t area, const char *dim,
                              zw_pool *out, zw_err *err)
{
    const zw_pack *pack = eval->world.pack;
    zw_status status = ZW_OK;
    for (size_t i = 0; status == ZW_OK && i < reads->count; i++) {
        status = zw_question_values(eval, reads->measures[i], area, dim, out, err);
    }
    zw_list parts = pack->areas[area].parts;
    for (size_t i = 0; status == ZW_OK && i < parts.count; i++) {
        status = group_values(eval, reads, parts.at[i], dim, out, err);
    }
    return status;
}

/* The binding of one group below the column's own: "dim=value" added to it. */
static zw_status bind_group(zw_eval *eval, const zw_col *col, const char *dim, const char *value,
                            uint32_t *out, zw_err *err)
{
    const char *outer = zw_pool_text(eval->bindings, col->binding);
    zw_buf text;
    zw_buf_init(&text, BINDING_BYTES);
    zw_buf_puts(&text, outer);
    if (outer[0] != '\0') {
        zw_buf_putc(&text, '\x1f');
    }
    zw_buf_printf(&text, "%s=%s", dim, value);
    *out = text.has_failed ? ZW_POOL_NONE
                           : zw_pool_put(eval->bindings, zw_text_of(zw_buf_view(&text)));
    zw_buf_fini(&text);
    return *out != ZW_POOL_NONE ? ZW_OK : zw_err_nomem(err);
}

static zw_status read_groups(zw_eval *eval, zw_col *col, const zw_node *node,
                             const char *const *values, const struct fold *fold, zw_span span,
                             zw_err *err)
{
    zw_status status = ZW_OK;
    for (size_t i = 0; status == ZW_OK && i < fold->count; i++) {
        uint32_t binding = 0;
        status = bind_group(eval, col, node->text, values[i], &binding, err);
        if (status == ZW_OK) {
            status = zw_inside_read(eval, col, 0, node->kid[0], col->area, binding, span,
                                    &fold->slices[i], err);
        }
    }
    return status == ZW_OK ? fold_span(eval, col, node, fold, span, err) : status;
}

/* Folds over values that are known, in order of their names. */
static zw_status fold_groups(zw_eval *eval, zw_col *col, const zw_node *node, const zw_pool *values,
                             zw_span span, zw_err *err)
{
    const char **sorted = NULL;
    struct fold fold = {node->how, NULL, NULL, zw_pool_count(values), true};
    zw_status status = zw_question_sorted(values, &sorted, err);
    fold.slices = calloc(fold.count, sizeof(zw_slice));
    if (status == ZW_OK) {
        status = fold.slices != NULL ? read_groups(eval, col, node, sorted, &fold, span, err)
                                     : zw_err_nomem(err);
    }
    free(fold.slices);
    free(sorted);
    return status;
}

static zw_status compute_groups(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                                zw_err *err)
{
    const zw_reads *reads = zw_inside_reads(eval, node->kid[0]);
    zw_pool *values = NULL;
    if (reads == NULL) {
        return zw_err_nomem(err);
    }
    zw_status status = zw_pool_create(&values, err);
    if (status == ZW_OK) {
        status = group_values(eval, reads, col->area, node->text, values, err);
    }
    if (status == ZW_OK && zw_pool_count(values) > 0) {
        status = fold_groups(eval, col, node, values, span, err);
    } else if (status == ZW_OK) { /* read without a group, so that the first value is noticed */
        zw_slice none;
        status = zw_inside_kid(eval, col, 0, span, &none, err);
        write_all(col, span, ZW_REASON_NO_FIGURE);
    }
    zw_pool_destroy(values);
    return status;
}

zw_status zw_compute_across(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                            zw_err *err)
{
    switch (node->op) {
    case ZW_OP_OF:
        return compute_of(eval, col, node, span, err);
    case ZW_OP_INDICATOR:
        return compute_indicator(eval, col, node, span, err);
    case ZW_OP_GROUPS:
        return compute_groups(eval, col, node, span, err);
    default: { /* ZW_OP_PARTS */
        zw_list parts = eval->world.pack->areas[col->area].parts;
        zw_list listed = {node->areas, node->area_count};
        return over_areas(eval, col, node, node->kid[0], 0, node->area_count > 0 ? listed : parts,
                          node->how, span, err);
    }
    }
}
