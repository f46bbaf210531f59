/*
 * Similarity: how alike the two parts of an area are that are most alike. Each part is a row of
 * numbers, one a group of a dimension; what is compared are directions, so that a small area can be
 * like a large one: the cosine, x·y / (|x| |y|), 1 where the groups have the same shares, 0 where
 * no group is in both.
 */
#include "indicator/grouping.h"
#include "indicator/parts.h"

#include <math.h>
#include <stdlib.h>

/* The groups of a column's parts: a value for each part and group. */
struct table {
    zw_grouping grouping;
    zw_list areas;
    zw_parts *groups; /* beside grouping.groups */
    double *values;   /* of one period: a row of groups for each part that is in */
    zw_fold start;
};

static zw_status read_table(zw_eval *eval, zw_col *col, const zw_node *node, struct table *table,
                            zw_span span, zw_err *err)
{
    zw_status status = zw_grouping_find(eval, col->node, col->area, node->text, col->binding,
                                        &table->grouping, err);
    size_t count = table->grouping.count > 0 ? table->grouping.count : 1;
    size_t rows = table->areas.count > 0 ? table->areas.count : 1;
    if (status != ZW_OK) {
        return status;
    }
    table->groups = calloc(count, sizeof(*table->groups));
    table->values = calloc(count * rows, sizeof(*table->values));
    if (table->groups == NULL || table->values == NULL) {
        return zw_err_nomem(err);
    }
    if (table->grouping.count == 0) { /* read without one, so that the first is noticed */
        zw_parts none = {.areas = table->areas};
        status = zw_parts_read(eval, col, 0, node->kid[0], col->binding, span, &none, err);
        zw_parts_fini(&none);
    }
    for (size_t g = 0; status == ZW_OK && g < table->grouping.count; g++) {
        uint32_t binding = 0;
        table->groups[g] = (zw_parts){.areas = table->areas, .is_listed = node->area_count > 0};
        status = zw_grouping_bind(eval, col->binding, node->text, table->grouping.groups[g].value,
                                  &binding, err);
        if (status == ZW_OK) {
            status =
                zw_parts_read(eval, col, 0, node->kid[0], binding, span, &table->groups[g], err);
        }
    }
    return status;
}

/* The groups of one part in a period, written to `row`. @param out  what they bring along, and why
 * one is missing.
 * @return false where the part does not count. */
static bool read_row(const zw_eval *eval, const struct table *table, size_t part, zw_period p,
                     int64_t end_ms, double *row, zw_cell *out)
{
    bool counts = false;
    *out = zw_cell_of(0);
    for (size_t g = 0; g < table->grouping.count; g++) {
        const zw_group *group = &table->grouping.groups[g];
        const zw_cell *cell = zw_parts_at(eval, &table->groups[g], part, p, end_ms);
        row[g] = 0;
        if (cell == NULL) {
            zw_cell_wait(out, zw_parts_cell(&table->groups[g], part, p));
        }
        if (cell == NULL || !zw_grouping_counts(eval, &table->grouping, group, p, end_ms)) {
            continue;
        }
        counts = true;
        if (cell->reason == ZW_REASON_LEFT_OUT) {
            zw_cell_inherit(out, cell);
            continue;
        }
        zw_cell_need(out, cell);
        row[g] = zw_cell_stands(cell) ? cell->value : 0;
    }
    return counts;
}

static double product_of(const double *x, const double *y, size_t count)
{
    zw_sum sum = {0, 0};
    for (size_t i = 0; i < count; i++) {
        zw_sum_add(&sum, x[i] * y[i]);
    }
    return zw_sum_total(&sum);
}

/* The largest cosine of two of `rows`; NaN when no two have one, since a row of nothing points
 * nowhere. */
static double largest_cosine(const double *values, size_t rows, size_t count)
{
    double largest = NAN;
    for (size_t i = 0; i < rows; i++) {
        const double *x = values + i * count;
        double x_square = product_of(x, x, count);
        for (size_t j = i + 1; j < rows; j++) {
            const double *y = values + j * count;
            double lengths = sqrt(x_square) * sqrt(product_of(y, y, count));
            if (lengths > 0) {
                double cosine = product_of(x, y, count) / lengths;
                largest = isnan(largest) || cosine > largest ? cosine : largest;
            }
        }
    }
    /* Rounded, two equal rows may lie a little outside. */
    return largest > 1 ? 1 : largest < -1 ? -1 : largest;
}

static zw_cell similarity_in(const zw_eval *eval, const struct table *table, zw_period p,
                             int64_t end_ms)
{
    zw_fold fold = table->start;
    size_t rows = 0;
    for (size_t i = 0; i < table->areas.count; i++) {
        zw_cell cell;
        double *row = table->values + rows * table->grouping.count;
        if (read_row(eval, table, i, p, end_ms, row, &cell)) {
            zw_fold_take(&fold, &cell, (int64_t)table->areas.at[i]);
            rows += zw_cell_stands(&cell) ? 1 : 0;
        } else {
            zw_fold_wait(&fold, &cell);
        }
    }
    zw_parts parts = {.areas = table->areas};
    zw_cell out = zw_parts_folded(eval, &parts, &fold, end_ms);
    if (!zw_cell_stands(&out)) {
        return out;
    }
    out.value = largest_cosine(table->values, rows, table->grouping.count);
    if (isnan(out.value)) {
        out.value = 0;
        out.reason = rows < 2 ? ZW_REASON_NO_PARTS : ZW_REASON_DIVIDE_BY_ZERO;
    }
    return out;
}

zw_status zw_compute_similarity(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                                zw_err *err)
{
    struct table table = {.areas = {node->areas, node->area_count}};
    if (node->area_count == 0) {
        table.areas = eval->world.pack->areas[col->area].parts;
    }
    bool may_be_partial = false;
    zw_status status = zw_parts_may_be_partial(eval, node->kid[0], &may_be_partial, err);
    zw_fold_init(&table.start, ZW_HOW_COUNT, ZW_TYPE_NUMBER, ZW_REASON_PART_MISSING,
                 may_be_partial);
    if (status == ZW_OK) {
        status = read_table(eval, col, node, &table, span, err);
    }
    for (zw_period p = span.lo; status == ZW_OK && p <= span.hi; p++) {
        *zw_col_at(col, p) = similarity_in(eval, &table, p, zw_parts_end_ms(eval, col, node, p));
    }
    for (size_t g = 0; table.groups != NULL && g < table.grouping.count; g++) {
        zw_parts_fini(&table.groups[g]);
    }
    zw_grouping_fini(&table.grouping);
    free(table.groups);
    free(table.values);
    return status;
}
