/* Formulas: each is made once; the same words again are the same node. */
#include "plan/formula.h"

#include "plan/index.h"
#include "plan/infer.h"

#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 1000 }; /* whoever walks a formula goes down on the stack */

const char *zw_op_text(zw_op op)
{
    static const char *const texts[ZW_OP_COUNT] = {
#define ZW_OP_TEXT(name, text, kids) [ZW_OP_##name] = (text),
        ZW_OP_MAP(ZW_OP_TEXT)
#undef ZW_OP_TEXT
    };
    return texts[op];
}

unsigned zw_op_kids(zw_op op)
{
    static const unsigned kids[ZW_OP_COUNT] = {
#define ZW_OP_KIDS(name, text, count) [ZW_OP_##name] = (count),
        ZW_OP_MAP(ZW_OP_KIDS)
#undef ZW_OP_KIDS
    };
    return kids[op];
}

const char *zw_type_text(zw_type type)
{
    static const char *const texts[] = {
        [ZW_TYPE_NUMBER] = "a number", [ZW_TYPE_TRUTH] = "a truth", [ZW_TYPE_TEXT] = "a text"};
    return texts[type];
}

bool zw_op_is_item(zw_op op)
{
    return op >= ZW_OP_ITEMS && op <= ZW_OP_ITEM_LATE;
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

static bool same_filter(const zw_filter *a, const zw_filter *b)
{
    if (a->is_except != b->is_except || a->value_count != b->value_count ||
        !same_text(a->dim, b->dim) || !same_text(a->attr, b->attr)) {
        return false;
    }
    for (size_t i = 0; i < a->value_count; i++) {
        if (!same_text(a->values[i], b->values[i])) {
            return false;
        }
    }
    return true;
}

static bool same_lists(const zw_node *a, const zw_node *b)
{
    if (a->area_count != b->area_count || a->filter_count != b->filter_count) {
        return false;
    }
    for (size_t i = 0; i < a->area_count; i++) {
        if (a->areas[i] != b->areas[i]) {
            return false;
        }
    }
    for (size_t i = 0; i < a->filter_count; i++) {
        if (!same_filter(&a->filters[i], &b->filters[i])) {
            return false;
        }
    }
    return true;
}

static uint64_t bits_of(double number)
{
    uint64_t bits = 0;
    memcpy(&bits, &number, sizeof(bits));
    return bits;
}

static bool same_parameters(const zw_node *a, const zw_node *b)
{
    return bits_of(a->number) == bits_of(b->number) && a->count == b->count &&
           a->has_length == b->has_length && a->length.months == b->length.months &&
           a->length.days == b->length.days && a->length.workdays == b->length.workdays &&
           a->length.ms == b->length.ms && zw_grid_same(a->from.grid, b->from.grid) &&
           a->from.period == b->from.period && a->ref == b->ref && a->how == b->how &&
           a->verdicts == b->verdicts && a->states == b->states && same_text(a->text, b->text) &&
           same_text(a->groups, b->groups);
}

static bool same_unit(const zw_unit *a, const zw_unit *b)
{
    return a->scale == b->scale && a->is_points == b->is_points && strcmp(a->word, b->word) == 0;
}

static bool same_node(const zw_node *a, const zw_node *b)
{
    if (a->op != b->op || a->kid_count != b->kid_count || a->has_grid != b->has_grid ||
        !zw_grid_same(a->grid, b->grid)) {
        return false;
    }
    for (unsigned i = 0; i < a->kid_count; i++) {
        if (a->kid[i] != b->kid[i]) {
            return false;
        }
    }
    return same_parameters(a, b) && same_lists(a, b) && same_unit(&a->unit, &b->unit) &&
           same_unit(&a->show, &b->show);
}

static uint64_t mixed(uint64_t hash, uint64_t part)
{
    hash = (hash ^ part) * UINT64_C(0xC2B2AE3D27D4EB4F);
    return hash ^ hash >> 29;
}

static uint64_t mixed_text(uint64_t hash, const char *text)
{
    for (; text != NULL && *text != '\0'; text++) {
        hash = mixed(hash, (unsigned char)*text);
    }
    return hash;
}

static size_t hash_of(const zw_node *node)
{
    uint64_t hash = (uint64_t)node->op * UINT64_C(0x9E3779B97F4A7C15);
    uint64_t parts[] = {node->kid[0],          node->kid[1],          node->kid[2],   node->ref,
                        (uint64_t)node->count, bits_of(node->number), node->verdicts, node->states};
    for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
        hash = mixed(hash, parts[i]);
    }
    for (size_t i = 0; i < node->area_count; i++) {
        hash = mixed(hash, node->areas[i]);
    }
    for (size_t f = 0; f < node->filter_count; f++) {
        const zw_filter *filter = &node->filters[f];
        hash = mixed_text(mixed_text(hash, filter->dim), filter->attr);
        for (size_t i = 0; i < filter->value_count; i++) {
            hash = mixed_text(hash, filter->values[i]);
        }
    }
    return (size_t)mixed_text(hash, node->text);
}

static zw_node_id find_node(const zw_pack *pack, const zw_node *node)
{
    const struct zw_pack_index *in = pack->index;
    if (in->bucket_count == 0) {
        return ZW_NODE_NONE;
    }
    zw_node_id id = in->buckets[hash_of(node) & (in->bucket_count - 1)];
    while (id != ZW_NODE_NONE && !same_node(&pack->nodes[id], node)) {
        id = in->next_node[id];
    }
    return id;
}

static void chain(struct zw_pack_index *in, const zw_pack *pack, zw_node_id id)
{
    size_t bucket = hash_of(&pack->nodes[id]) & (in->bucket_count - 1);
    in->next_node[id] = in->buckets[bucket];
    in->buckets[bucket] = id;
}

/* Room for one more node among the buckets and chains. */
static bool grow_buckets(zw_pack *pack)
{
    struct zw_pack_index *in = pack->index;
    if (pack->node_count < in->next_capacity) {
        return true;
    }
    size_t wanted = in->next_capacity == 0 ? 64 : in->next_capacity * 2;
    zw_node_id *next = realloc(in->next_node, wanted * sizeof(*next));
    if (next == NULL) {
        return false;
    }
    in->next_node = next;
    uint32_t *depths = realloc(in->depths, wanted * sizeof(*depths));
    if (depths == NULL) {
        return false;
    }
    in->depths = depths;
    zw_node_id *buckets = malloc(wanted * sizeof(*buckets));
    if (buckets == NULL) {
        return false;
    }
    free(in->buckets);
    in->buckets = buckets;
    in->bucket_count = wanted;
    in->next_capacity = wanted;
    memset(buckets, 0xff, wanted * sizeof(*buckets)); /* every bucket ZW_NODE_NONE */
    for (zw_node_id id = 0; id < pack->node_count; id++) {
        chain(in, pack, id);
    }
    return true;
}

static bool copy_texts(zw_pack *pack, zw_filter *filter)
{
    const char *attr = filter->attr;
    filter->dim = zw_pack_text(pack, zw_text_of(filter->dim));
    filter->attr = attr != NULL ? zw_pack_text(pack, zw_text_of(attr)) : NULL;
    const char **values = zw_pack_copy(pack, filter->values, filter->value_count * sizeof(*values));
    bool is_copied =
        filter->dim != NULL && values != NULL && (filter->attr != NULL) == (attr != NULL);
    for (size_t i = 0; is_copied && i < filter->value_count; i++) {
        values[i] = zw_pack_text(pack, zw_text_of(filter->values[i]));
        is_copied = values[i] != NULL;
    }
    filter->values = filter->value_count > 0 ? values : NULL;
    return is_copied;
}

/* Makes the pack the owner of everything a node points to. */
static bool own_parts(zw_pack *pack, zw_node *node)
{
    zw_filter *filters = zw_pack_copy(pack, node->filters, node->filter_count * sizeof(zw_filter));
    uint32_t *areas = zw_pack_copy(pack, node->areas, node->area_count * sizeof(uint32_t));
    bool is_owned = filters != NULL && areas != NULL;
    for (size_t i = 0; is_owned && i < node->filter_count; i++) {
        is_owned = copy_texts(pack, &filters[i]);
    }
    node->filters = filters;
    node->areas = areas;
    if (is_owned && node->text != NULL) {
        node->text = zw_pack_text(pack, zw_text_of(node->text));
        is_owned = node->text != NULL;
    }
    if (is_owned && node->groups != NULL) {
        node->groups = zw_pack_text(pack, zw_text_of(node->groups));
        is_owned = node->groups != NULL;
    }
    return is_owned;
}

static uint32_t depth_of(const zw_pack *pack, const zw_node *node)
{
    uint32_t depth = 0;
    for (unsigned slot = 0; slot < node->kid_count; slot++) {
        uint32_t under = pack->index->depths[node->kid[slot]];
        depth = under > depth ? under : depth;
    }
    return depth + 1;
}

/* Adds a node that is new. */
static zw_status add_node(zw_pack *pack, zw_node *node, zw_node_id *out, zw_err *err)
{
    uint32_t depth = depth_of(pack, node);
    if (depth > DEPTH_MAX) {
        return zw_err_set(err, ZW_INVALID,
                          "a formula of more than %d operations inside each other: is it written "
                          "in a loop?",
                          DEPTH_MAX);
    }
    if (!zw_index_room(pack, ZW_ARRAY_NODES, (void **)&pack->nodes, pack->node_count,
                       sizeof(zw_node)) ||
        !grow_buckets(pack) || !own_parts(pack, node)) {
        return zw_err_nomem(err);
    }
    *out = (zw_node_id)pack->node_count;
    pack->nodes[pack->node_count++] = *node;
    pack->index->depths[*out] = depth;
    chain(pack->index, pack, *out);
    return ZW_OK;
}

/* What is so now takes the grid of what it stands beside. */
static zw_status fit_kids(zw_pack *pack, zw_node *node, zw_err *err)
{
    const zw_node *lead = NULL;
    for (unsigned slot = 0; lead == NULL && slot < node->kid_count; slot++) {
        const zw_node *kid = zw_pack_node(pack, node->kid[slot]);
        lead = kid->has_grid && !kid->is_now ? kid : NULL;
    }
    zw_grid grid = lead != NULL ? lead->grid : (zw_grid){ZW_SUBDAY, 0};
    zw_status status = ZW_OK;
    for (unsigned slot = 0; lead != NULL && status == ZW_OK && slot < node->kid_count; slot++) {
        const zw_node *kid = zw_pack_node(pack, node->kid[slot]);
        if (kid->is_now && !zw_grid_same(kid->grid, grid)) {
            status =
                zw_formula_fit(pack, node->kid[slot], grid, node->where, &node->kid[slot], err);
        }
    }
    return status;
}

zw_status zw_formula_make(zw_pack *pack, const zw_node *proto, zw_node_id *out, zw_err *err)
{
    *out = ZW_NODE_NONE;
    zw_node node = *proto;
    node.kid_count = zw_op_kids(node.op);
    for (unsigned i = node.kid_count; i < 3; i++) {
        node.kid[i] = ZW_NODE_NONE;
    }
    zw_node_id same = ZW_NODE_NONE;
    zw_status status = fit_kids(pack, &node, err);
    status = status == ZW_OK ? zw_infer(pack, &node, &same, err) : status;
    if (status != ZW_OK) {
        return status;
    }
    *out = same != ZW_NODE_NONE ? same : find_node(pack, &node);
    return *out != ZW_NODE_NONE ? ZW_OK : add_node(pack, &node, out, err);
}
