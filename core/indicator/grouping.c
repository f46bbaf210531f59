/*
 * A grouping: which groups an expression has, and since when. Each value is found in the series of
 * the measures under the expression, and the period it begins in is followed up to the expression,
 * as a change there would be (plan/graph.h): so a group begins where its first figure can be felt,
 * and nowhere before.
 */
#include "indicator/grouping.h"

#include "indicator/item_view.h"
#include "indicator/reported.h"
#include "intake/batch.h"

#include <stdlib.h>
#include <string.h>

enum { BINDING_BYTES = 64 * 1024, KNOWN_LEAST = 16 };

/* A search under one node at one area. */
struct search {
    zw_eval *eval;
    zw_node_id root;
    uint32_t area;
    const char *dim;
    uint32_t binding; /* says nothing of `dim` */
    bool *is_under;   /* by node */
    zw_period *first; /* by node: of the value that is followed up */
    zw_grouping *out;
    zw_node_id from;    /* where the values that are being added come from … */
    uint32_t from_area; /* … and the area whose series they are */
};

static zw_status search_at(zw_eval *eval, zw_node_id root, uint32_t area, const char *dim,
                           uint32_t binding, zw_grouping *out, zw_err *err);

/* The first period of the root that something first known at node `from` in `first` reaches. */
static zw_period followed(const struct search *in, zw_node_id from, zw_period first)
{
    const zw_pack *pack = in->eval->world.pack;
    const zw_calendar *calendar = zw_inside_calendar(in->eval, in->area);
    for (zw_node_id id = from; id <= in->root; id++) {
        in->first[id] = id == from ? first : ZW_PERIOD_MAX;
        const zw_node *node = zw_pack_node(pack, id);
        for (unsigned slot = 0; in->is_under[id] && id != from && slot < node->kid_count; slot++) {
            zw_node_id kid = node->kid[slot];
            if (kid < from || !in->is_under[kid] || in->first[kid] == ZW_PERIOD_MAX) {
                continue;
            }
            zw_span up =
                zw_graph_touch(pack, calendar, id, slot, (zw_span){in->first[kid], ZW_PERIOD_MAX});
            in->first[id] = up.lo < in->first[id] ? up.lo : in->first[id];
        }
    }
    return in->first[in->root];
}

static zw_status add_known(zw_grouping *out, zw_text value, uint32_t area, zw_period first,
                           zw_err *err)
{
    if (out->known_count == out->known_capacity) {
        size_t wanted = out->known_capacity == 0 ? KNOWN_LEAST : out->known_capacity * 2;
        zw_group_known *grown = realloc(out->known, wanted * sizeof(*grown));
        if (grown == NULL) {
            return zw_err_nomem(err);
        }
        out->known = grown;
        out->known_capacity = wanted;
    }
    uint32_t number = zw_pool_put(out->values, value);
    if (number == ZW_POOL_NONE) {
        return zw_err_nomem(err);
    }
    out->known[out->known_count++] = (zw_group_known){number, area, first};
    return ZW_OK;
}

static zw_status take_value(void *arg, zw_text value, zw_period first, zw_err *err)
{
    struct search *in = arg;
    const zw_area *area = &in->eval->world.pack->areas[in->from_area];
    bool is_limited = area->has_since || area->has_till;
    return add_known(in->out, value, is_limited ? in->from_area : ZW_NONE,
                     followed(in, in->from, first), err);
}

/* The values a measure has in the tree of an area. */
static zw_status search_tree(struct search *in, zw_node_id measure, uint32_t area, zw_err *err)
{
    in->from = measure;
    in->from_area = area;
    zw_status status =
        zw_question_values(in->eval, measure, area, in->binding, in->dim, take_value, in, err);
    zw_list parts = in->eval->world.pack->areas[area].parts;
    for (size_t i = 0; status == ZW_OK && i < parts.count; i++) {
        status = search_tree(in, measure, parts.at[i], err);
    }
    return status;
}

/* The values that items have in a field while they live in the area. */
static zw_status search_items(struct search *in, zw_node_id id, uint32_t ref, zw_err *err)
{
    const zw_pack *pack = in->eval->world.pack;
    const zw_items *items = zw_store_items(in->eval->world.store);
    const zw_register *reg = &pack->registers[ref];
    const zw_calendar *calendar = zw_inside_calendar(in->eval, in->area);
    const zw_item_id *all = NULL;
    size_t count = zw_items_of(items, zw_items_register(items, reg->title.name), &all);
    zw_status status = ZW_OK;
    for (size_t i = 0; status == ZW_OK && i < count; i++) {
        const zw_item_row *const *rows = NULL;
        size_t row_count = zw_items_rows(items, all[i], &rows);
        zw_item_walk walk;
        zw_item_walk_init(&walk, rows, row_count, in->eval->as_of_ms);
        while (status == ZW_OK && zw_item_walk_next(&walk, INT64_MAX - 1)) {
            zw_item_view view = {.standing = &walk.standing};
            const char *value = zw_item_says(&view, in->dim);
            uint32_t area = zw_item_area(pack, walk.standing.area);
            bool is_here = walk.standing.lives && value[0] != '\0' && area != ZW_NONE &&
                           zw_pack_is_inside(pack, area, in->area);
            if (is_here) {
                zw_period first = zw_period_at(calendar, reg->grid, walk.standing.last_ms);
                status =
                    add_known(in->out, zw_text_of(value), ZW_NONE, followed(in, id, first), err);
            }
        }
    }
    return status;
}

/* The values that a node finds when it reads its kid at another area. */
static zw_status search_elsewhere(struct search *in, zw_node_id id, uint32_t area, zw_err *err)
{
    zw_grouping there;
    zw_node_id kid = zw_pack_node(in->eval->world.pack, id)->kid[0];
    zw_status status = search_at(in->eval, kid, area, in->dim, in->binding, &there, err);
    for (size_t i = 0; status == ZW_OK && i < there.known_count; i++) {
        const zw_group_known *known = &there.known[i];
        status = add_known(in->out, zw_text_of(zw_pool_text(there.values, known->value)),
                           known->area, followed(in, id, known->first), err);
    }
    zw_grouping_fini(&there);
    return status;
}

static zw_status search_areas(struct search *in, zw_node_id id, zw_list areas, zw_err *err)
{
    zw_status status = ZW_OK;
    for (size_t i = 0; status == ZW_OK && i < areas.count; i++) {
        status = search_elsewhere(in, id, areas.at[i], err);
    }
    return status;
}

/* True when the node reads its kids with the column's own area and group. */
static bool reads_here(const struct search *in, const zw_node *node)
{
    bool is_free_of_it =
        (node->op == ZW_OP_GROUPS || node->op == ZW_OP_WHOLE) && strcmp(node->text, in->dim) == 0;
    return node->op != ZW_OP_OF && node->op != ZW_OP_PARTS && node->op != ZW_OP_RANK &&
           !is_free_of_it;
}

static zw_status search_node(struct search *in, zw_node_id id, zw_err *err)
{
    const zw_pack *pack = in->eval->world.pack;
    const zw_node node = *zw_pack_node(pack, id);
    const zw_area *here = &pack->areas[in->area];
    zw_list there = {&node.ref, 1};
    switch (node.op) {
    case ZW_OP_MEASURE:
        return search_tree(in, id, in->area, err);
    case ZW_OP_ITEMS:
        return search_items(in, id, node.ref, err);
    case ZW_OP_PARTS:
        if (node.how == ZW_HOW_SIMILARITY && id != in->root && strcmp(node.text, in->dim) == 0) {
            return ZW_OK; /* its own groups, compared already */
        }
        there = (zw_list){node.areas, node.area_count};
        return search_areas(in, id, node.area_count > 0 ? there : here->parts, err);
    case ZW_OP_OF:
        if (node.text == NULL) {
            return search_areas(in, id, there, err);
        }
        there.at = &here->zone;
        return search_areas(in, id, strcmp(node.text, "zone") == 0 ? there : here->parents, err);
    case ZW_OP_RANK: {
        zw_status status = ZW_OK;
        for (size_t i = 0; status == ZW_OK && i < here->parents.count; i++) {
            status = search_areas(in, id, pack->areas[here->parents.at[i]].parts, err);
        }
        return status;
    }
    default:
        return ZW_OK;
    }
}

static zw_status search_under(struct search *in, zw_err *err)
{
    const zw_pack *pack = in->eval->world.pack;
    zw_status status = ZW_OK;
    in->is_under[in->root] = true;
    for (zw_node_id id = in->root + 1; id-- > 0;) { /* kids have smaller numbers */
        const zw_node *node = zw_pack_node(pack, id);
        for (unsigned slot = 0; in->is_under[id] && reads_here(in, node) && slot < node->kid_count;
             slot++) {
            in->is_under[node->kid[slot]] = true;
        }
    }
    for (zw_node_id id = 0; status == ZW_OK && id <= in->root; id++) {
        status = in->is_under[id] ? search_node(in, id, err) : ZW_OK;
    }
    return status;
}

/* Finds what is known, in no order yet. */
static zw_status search_at(zw_eval *eval, zw_node_id root, uint32_t area, const char *dim,
                           uint32_t binding, zw_grouping *out, zw_err *err)
{
    *out = (zw_grouping){.values = NULL};
    struct search in = {
        .eval = eval, .root = root, .area = area, .dim = dim, .binding = binding, .out = out};
    in.is_under = calloc((size_t)root + 1, sizeof(*in.is_under));
    in.first = calloc((size_t)root + 1, sizeof(*in.first));
    zw_status status = zw_pool_create(&out->values, err);
    if (in.is_under == NULL || in.first == NULL) {
        free(in.is_under);
        free(in.first);
        return zw_err_nomem(err);
    }
    if (status == ZW_OK) {
        status = search_under(&in, err);
    }
    free(in.is_under);
    free(in.first);
    return status;
}

static int by_value(const void *a, const void *b)
{
    const zw_group_known *x = a;
    const zw_group_known *y = b;
    if (x->value != y->value) {
        return x->value < y->value ? -1 : 1;
    }
    return (x->first > y->first) - (x->first < y->first);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(((const zw_group *)a)->value, ((const zw_group *)b)->value);
}

/* Every value is known somewhere: they number 0 … as the groups do. */
static zw_status sort_groups(zw_grouping *out, zw_err *err)
{
    size_t count = zw_pool_count(out->values);
    out->groups = calloc(count > 0 ? count : 1, sizeof(*out->groups));
    if (out->groups == NULL) {
        return zw_err_nomem(err);
    }
    out->count = count;
    if (out->known_count > 0) {
        qsort(out->known, out->known_count, sizeof(*out->known), by_value);
    }
    for (size_t i = out->known_count; i-- > 0;) {
        zw_group *group = &out->groups[out->known[i].value];
        group->value = zw_pool_text(out->values, out->known[i].value);
        group->known_first = i;
        group->known_count++;
    }
    qsort(out->groups, count, sizeof(*out->groups), by_text);
    return ZW_OK;
}

zw_status zw_grouping_find(zw_eval *eval, zw_node_id node, uint32_t area, const char *dim,
                           uint32_t binding, zw_grouping *out, zw_err *err)
{
    uint32_t outer = 0;
    *out = (zw_grouping){.values = NULL};
    zw_status status = zw_grouping_bind(eval, binding, dim, NULL, &outer, err);
    if (status == ZW_OK) {
        status = search_at(eval, node, area, dim, outer, out, err);
    }
    return status == ZW_OK ? sort_groups(out, err) : status;
}

void zw_grouping_fini(zw_grouping *grouping)
{
    free(grouping->known);
    free(grouping->groups);
    zw_pool_destroy(grouping->values);
    *grouping = (zw_grouping){.values = NULL};
}

bool zw_grouping_counts(const zw_eval *eval, const zw_grouping *grouping, const zw_group *group,
                        zw_period p, int64_t end_ms)
{
    for (size_t i = 0; i < group->known_count; i++) {
        const zw_group_known *known = &grouping->known[group->known_first + i];
        if (known->first > p) {
            return false; /* and so are the others */
        }
        if (known->area == ZW_NONE || zw_pack_area_lives(eval->world.pack, known->area, end_ms)) {
            return true;
        }
    }
    return false;
}

/* Appends "dim=value" behind what is there. */
static void put_part(zw_buf *text, zw_dim part)
{
    if (text->len > 0) {
        zw_buf_putc(text, ZW_DIMS_SEPARATOR);
    }
    zw_buf_append(text, part.name.at, part.name.len);
    zw_buf_putc(text, ZW_DIMS_EQUALS);
    zw_buf_append(text, part.value.at, part.value.len);
}

zw_status zw_grouping_bind(zw_eval *eval, uint32_t binding, const char *dim, const char *value,
                           uint32_t *out, zw_err *err)
{
    zw_buf text;
    zw_buf_init(&text, BINDING_BYTES);
    zw_dim part;
    for (const char *at = zw_pool_text(eval->bindings, binding); zw_dims_next(&at, &part);) {
        if (!zw_text_is(part.name, dim)) {
            put_part(&text, part);
        }
    }
    if (value != NULL) {
        put_part(&text, (zw_dim){zw_text_of(dim), zw_text_of(value)});
    }
    *out = text.has_failed ? ZW_POOL_NONE
                           : zw_pool_put(eval->bindings, zw_text_of(zw_buf_view(&text)));
    zw_buf_fini(&text);
    return *out != ZW_POOL_NONE ? ZW_OK : zw_err_nomem(err);
}
