/*
 * The veil: whether a value may be shown. A measure or indicator with `hide` is looked up in its
 * shade; any other expression is hidden when it was made from something hidden at its own level. A
 * total over parts that is not betrayed by one of them is shown; over time nothing is added up
 * around what is hidden, for the other periods would betray it. Where it is not known what an
 * operation lets through, it is hidden.
 */
#include "indicator/inside.h"
#include "indicator/shade.h"
#include "intake/batch.h"

#include <stdlib.h>
#include <string.h>

/* What is known of one value. */
struct known_at {
    zw_node_id node;
    uint32_t area;
    zw_period period;
    bool is_taken, is_hidden;
};

struct kept_shade {
    zw_hider hider;
    zw_period period;
    zw_shade shade;
};

struct zw_veil {
    bool has_any; /* the pack hides something */
    struct known_at *slots;
    size_t slot_count, known_count;
    struct kept_shade *shades;
    size_t shade_count;
};

static bool has_any_hide(const zw_pack *pack)
{
    for (size_t i = 0; i < pack->measure_count; i++) {
        if (pack->measures[i].has_hide) {
            return true;
        }
    }
    for (size_t i = 0; i < pack->indicator_count; i++) {
        if (pack->indicators[i].has_hide) {
            return true;
        }
    }
    return false;
}

void zw_inside_unveil(zw_eval *eval)
{
    struct zw_veil *veil = eval->veil;
    if (veil == NULL) {
        return;
    }
    for (size_t i = 0; i < veil->shade_count; i++) {
        zw_shade_fini(&veil->shades[i].shade);
    }
    free(veil->shades);
    free(veil->slots);
    free(veil);
    eval->veil = NULL;
}

static zw_status ensure_veil(zw_eval *eval, zw_err *err)
{
    if (eval->veil == NULL) {
        eval->veil = calloc(1, sizeof(struct zw_veil));
        if (eval->veil == NULL) {
            return zw_err_nomem(err);
        }
        eval->veil->has_any = has_any_hide(eval->world.pack);
    }
    return ZW_OK;
}

/* --- what is known already --- */

static struct known_at *slot_of(struct known_at *slots, size_t count, zw_node_id node,
                                uint32_t area, zw_period period)
{
    uint64_t h = node * UINT64_C(0x9E3779B97F4A7C15);
    h = (h ^ area) * UINT64_C(0xC2B2AE3D27D4EB4F);
    h = (h ^ (uint64_t)period) * UINT64_C(0x165667B19E3779F9);
    size_t i = (size_t)(h ^ (h >> 29)) & (count - 1);
    while (slots[i].is_taken &&
           (slots[i].node != node || slots[i].area != area || slots[i].period != period)) {
        i = (i + 1) & (count - 1);
    }
    return &slots[i];
}

static bool grow_slots(struct zw_veil *veil)
{
    size_t wanted = veil->slot_count == 0 ? 256 : veil->slot_count * 2;
    struct known_at *grown = calloc(wanted, sizeof(*grown));
    if (grown == NULL) {
        return false;
    }
    for (size_t i = 0; i < veil->slot_count; i++) {
        const struct known_at *at = &veil->slots[i];
        if (at->is_taken) {
            *slot_of(grown, wanted, at->node, at->area, at->period) = *at;
        }
    }
    free(veil->slots);
    veil->slots = grown;
    veil->slot_count = wanted;
    return true;
}

static zw_status shade_of(zw_eval *eval, zw_hider hider, zw_period period, const zw_shade **out,
                          zw_err *err)
{
    struct zw_veil *veil = eval->veil;
    for (size_t i = veil->shade_count; i-- > 0;) { /* the last ones are asked again most */
        const struct kept_shade *kept = &veil->shades[i];
        if (kept->hider.index == hider.index && kept->hider.is_indicator == hider.is_indicator &&
            kept->period == period) {
            *out = &kept->shade;
            return ZW_OK;
        }
    }
    struct kept_shade *grown = realloc(veil->shades, (veil->shade_count + 1) * sizeof(*grown));
    if (grown == NULL) {
        return zw_err_nomem(err);
    }
    veil->shades = grown;
    struct kept_shade *kept = &grown[veil->shade_count];
    *kept = (struct kept_shade){.hider = hider, .period = period};
    zw_status status = zw_shade_fill(eval, hider, period, &kept->shade, err);
    veil->shade_count += status == ZW_OK ? 1 : 0;
    *out = &kept->shade;
    return status;
}

/* --- what lies under a node --- */

static bool is_filter(const zw_pack *pack, const zw_node *node)
{
    (void)pack;
    return node->op == ZW_OP_FILTER;
}

/* What can be hidden by itself, or reads what nobody knows. */
static bool is_hider(const zw_pack *pack, const zw_node *node)
{
    return node->op == ZW_OP_CALL ||
           (node->op == ZW_OP_MEASURE && pack->measures[node->ref].has_hide) ||
           (node->op == ZW_OP_INDICATOR && pack->indicators[node->ref].has_hide);
}

/* True when some node under one, or itself, is such. Kids have smaller numbers than their parents,
 * so one walk downward meets every node once. */
static zw_status finds_under(const zw_pack *pack, zw_node_id top,
                             bool (*is_such)(const zw_pack *pack, const zw_node *node), bool *out,
                             zw_err *err)
{
    bool *is_under = calloc((size_t)top + 1, sizeof(*is_under));
    *out = false;
    if (is_under == NULL) {
        return zw_err_nomem(err);
    }
    is_under[top] = true;
    for (zw_node_id n = top + 1; n-- > 0 && !*out;) {
        const zw_node *node = zw_pack_node(pack, n);
        for (unsigned slot = 0; is_under[n] && slot < node->kid_count; slot++) {
            is_under[node->kid[slot]] = true;
        }
        *out = is_under[n] && is_such(pack, node);
    }
    free(is_under);
    return ZW_OK;
}

/* --- the operations --- */

/* One value that is asked about. */
struct asked {
    zw_eval *eval;
    zw_node node; /* a copy: the pack's own may move */
    zw_node_id id;
    uint32_t area;
    zw_period period;
};

static zw_status hides(zw_eval *eval, zw_node_id id, uint32_t area, zw_period period, bool *out,
                       zw_err *err);

/* A measure, narrowed to one value of one dimension or not at all; narrowed in any other way it
 * could be taken from the total, so it is hidden with any value. */
static zw_status hides_measure(const struct asked *asked, bool *out, zw_err *err)
{
    const zw_node *node = &asked->node;
    const zw_shade *shade = NULL;
    size_t face = 0;
    *out = false;
    if (!asked->eval->world.pack->measures[node->ref].has_hide) {
        return ZW_OK;
    }
    zw_status status =
        shade_of(asked->eval, (zw_hider){false, node->ref}, asked->period, &shade, err);
    if (status != ZW_OK) {
        return status;
    }
    const zw_filter *filter = node->filter_count == 1 ? &node->filters[0] : NULL;
    bool is_one = filter != NULL && filter->value_count == 1 && !filter->is_except &&
                  strcmp(filter->dim, ZW_SCOPE_DIM) != 0;
    if (node->filter_count == 0) {
        *out = zw_shade_hides(shade, 0, asked->area);
    } else if (is_one && zw_shade_find(shade, filter->dim, zw_text_of(filter->values[0]), &face)) {
        *out = zw_shade_hides(shade, face, asked->area);
    } else {
        *out = !is_one && zw_shade_hides_any(shade, NULL, asked->area);
    }
    return ZW_OK;
}

static zw_status hides_kid_at(const struct asked *asked, unsigned slot, zw_period p, bool *out,
                              zw_err *err)
{
    return hides(asked->eval, asked->node.kid[slot], asked->area, p, out, err);
}

/* All kids in the same period. */
static zw_status hides_point(const struct asked *asked, bool *out, zw_err *err)
{
    zw_status status = ZW_OK;
    *out = false;
    for (unsigned slot = 0; status == ZW_OK && !*out && slot < asked->node.kid_count; slot++) {
        status = hides_kid_at(asked, slot, asked->period, out, err);
    }
    return status;
}

/* Two periods of the kid: this one, and `back` earlier. */
static zw_status hides_pair(const struct asked *asked, zw_period back, bool *out, zw_err *err)
{
    zw_status status = hides_kid_at(asked, 0, asked->period, out, err);
    return status == ZW_OK && !*out ? hides_kid_at(asked, 0, asked->period - back, out, err)
                                    : status;
}

/* Every known period of a kid that reaches this one. */
static zw_status hides_reach(const struct asked *asked, unsigned slot, bool *out, zw_err *err)
{
    zw_eval *eval = asked->eval;
    zw_node_id kid = asked->node.kid[slot];
    const zw_calendar *calendar = zw_inside_calendar(eval, asked->area);
    zw_period first = 0;
    zw_status status = ZW_OK;
    *out = false;
    if (!zw_pack_node(eval->world.pack, kid)->has_grid) {
        return hides(eval, kid, asked->area, 0, out, err);
    }
    if (zw_inside_reads(eval, kid) == NULL) { /* else nothing would be known, and all be shown */
        return zw_err_nomem(err);
    }
    if (!zw_inside_first(eval, kid, asked->area, &first)) {
        return ZW_OK;
    }
    zw_period last = zw_eval_now(eval, kid, asked->area);
    for (zw_period q = last; status == ZW_OK && !*out && q >= first; q--) {
        zw_span reach =
            zw_graph_touch(eval->world.pack, calendar, asked->id, slot, (zw_span){q, q});
        if (!asked->node.has_grid || (reach.lo <= asked->period && asked->period <= reach.hi)) {
            status = hides(eval, kid, asked->area, q, out, err);
        }
    }
    return status;
}

static zw_status hides_along(const struct asked *asked, bool *out, zw_err *err)
{
    zw_status status = ZW_OK;
    *out = false;
    for (unsigned slot = 0; status == ZW_OK && !*out && slot < asked->node.kid_count; slot++) {
        status = hides_reach(asked, slot, out, err);
    }
    return status;
}

static zw_status hides_of(const struct asked *asked, bool *out, zw_err *err)
{
    const zw_node *node = &asked->node;
    uint32_t area = node->ref;
    if (node->text != NULL) {
        area = strcmp(node->text, "zone") == 0
                   ? asked->eval->world.pack->areas[asked->area].zone
                   : zw_inside_parent(asked->eval, node, asked->area, asked->period);
    }
    *out = false;
    return area != ZW_NONE ? hides(asked->eval, asked->node.kid[0], area, asked->period, out, err)
                           : ZW_OK;
}

/* How many of the areas hide the first kid. */
static zw_status count_hidden(const struct asked *asked, zw_list areas, size_t *out, zw_err *err)
{
    zw_status status = ZW_OK;
    *out = 0;
    for (size_t i = 0; status == ZW_OK && i < areas.count; i++) {
        bool is_hidden = false;
        status =
            hides(asked->eval, asked->node.kid[0], areas.at[i], asked->period, &is_hidden, err);
        *out += is_hidden ? 1 : 0;
    }
    return status;
}

static bool is_total(zw_how how)
{
    return how == ZW_HOW_KIND || how == ZW_HOW_SUM || how == ZW_HOW_MEAN;
}

/* How many values there are betrays none of them; how many truths hold does. */
static bool is_plain_count(const struct asked *asked)
{
    zw_type type = zw_pack_node(asked->eval->world.pack, asked->node.kid[0])->type;
    return asked->node.how == ZW_HOW_COUNT && type == ZW_TYPE_NUMBER;
}

/* True when a filter by truth lies under the first kid: then not all parts are in the total. */
static zw_status has_filter(const struct asked *asked, bool *out, zw_err *err)
{
    return finds_under(asked->eval->world.pack, asked->node.kid[0], is_filter, out, err);
}

/* Over all direct parts a sum or mean is betrayed by one hidden part; a choice of areas, or another
 * way of folding, by any. How many there are betrays nothing. */
static zw_status hides_parts(const struct asked *asked, bool *out, zw_err *err)
{
    const zw_node *node = &asked->node;
    bool is_listed = node->area_count > 0;
    zw_list areas = is_listed ? (zw_list){node->areas, node->area_count}
                              : asked->eval->world.pack->areas[asked->area].parts;
    size_t hidden = 0;
    bool is_filtered = false;
    *out = false;
    if (is_plain_count(asked)) {
        return ZW_OK;
    }
    zw_status status = has_filter(asked, &is_filtered, err);
    status = status == ZW_OK ? count_hidden(asked, areas, &hidden, err) : status;
    *out = !is_listed && !is_filtered && is_total(node->how) ? hidden == 1 : hidden > 0;
    return status;
}

/* True when a measure under the first kid hides anything at the area in the period. */
static zw_status hides_under(const struct asked *asked, bool *out, zw_err *err)
{
    zw_eval *eval = asked->eval;
    const zw_reads *reads = zw_inside_reads(eval, asked->node.kid[0]);
    const zw_calendar *calendar = zw_inside_calendar(eval, asked->area);
    zw_status status = ZW_OK;
    *out = false;
    if (reads == NULL) {
        return zw_err_nomem(err);
    }
    for (size_t i = 0; status == ZW_OK && !*out && i < reads->count; i++) {
        const zw_measure *measure = &eval->world.pack->measures[reads->measures[i]];
        const zw_shade *shade = NULL;
        zw_period p = zw_graph_last(calendar, asked->node.grid, asked->period, measure->grid);
        if (measure->has_hide) {
            status = shade_of(eval, (zw_hider){false, reads->measures[i]}, p, &shade, err);
            *out = status == ZW_OK && zw_shade_hides_any(shade, NULL, asked->area);
        }
    }
    return status;
}

/* A sum or mean over a dimension's values is as hidden as the total; any other way of folding them
 * may show one of them. */
static zw_status hides_groups(const struct asked *asked, bool *out, zw_err *err)
{
    bool is_filtered = false;
    zw_status status = has_filter(asked, &is_filtered, err);
    status = status == ZW_OK ? hides_point(asked, out, err) : status;
    bool is_open = status == ZW_OK && !*out && !is_plain_count(asked) &&
                   (is_filtered || !is_total(asked->node.how));
    return is_open ? hides_under(asked, out, err) : status;
}

static zw_status hides_indicator(const struct asked *asked, bool *out, zw_err *err)
{
    const zw_pack *pack = asked->eval->world.pack;
    const zw_indicator *indicator = &pack->indicators[asked->node.ref];
    bool is_recomputed =
        indicator->rollup == ZW_HOW_KIND || pack->areas[asked->area].parts.count == 0;
    bool is_summed = is_total(indicator->rollup);
    const zw_shade *shade = NULL;
    zw_status status = ZW_OK;
    *out = false;
    if (indicator->has_hide) {
        status =
            shade_of(asked->eval, (zw_hider){true, asked->node.ref}, asked->period, &shade, err);
        *out = status == ZW_OK && zw_shade_hides(shade, 0, asked->area);
    }
    if (status != ZW_OK || *out || is_recomputed) {
        return status != ZW_OK || *out ? status : hides_point(asked, out, err);
    }
    size_t hidden = 0;
    status = count_hidden(asked, pack->areas[asked->area].parts, &hidden, err);
    *out = is_summed ? hidden == 1 : hidden > 0;
    return status;
}

/* A function may have read anything, and let anything through. */
struct reading {
    zw_eval *eval;
    bool has_hidden;
};

static zw_status look_at_input(void *arg, const zw_input *input, zw_err *err)
{
    struct reading *reading = arg;
    const zw_shade *shade = NULL;
    if (reading->has_hidden || !reading->eval->world.pack->measures[input->measure].has_hide) {
        return ZW_OK;
    }
    zw_status status =
        shade_of(reading->eval, (zw_hider){false, input->measure}, input->period, &shade, err);
    reading->has_hidden = status == ZW_OK && zw_shade_hides_any(shade, NULL, input->area);
    return status;
}

static zw_status hides_call(const struct asked *asked, bool *out, zw_err *err)
{
    struct reading reading = {asked->eval, false};
    zw_status status = zw_eval_inputs(asked->eval, asked->id, asked->area, asked->period,
                                      look_at_input, &reading, err);
    *out = reading.has_hidden;
    return status;
}

static zw_status nothing(bool *out)
{
    *out = false;
    return ZW_OK;
}

static zw_status hides_asked(const struct asked *asked, bool *out, zw_err *err)
{
    const zw_node *node = &asked->node;
    switch (node->op) {
    case ZW_OP_NUMBER:
    case ZW_OP_ATTR:
    case ZW_OP_LATE: /* whether a figure came is no figure */
    case ZW_OP_MISSING:
    case ZW_OP_PARTIAL:
    case ZW_OP_REVISED:
    case ZW_OP_FIRING:
    case ZW_OP_VERDICT: /* a state, as of a rule or an alert */
        return nothing(out);
    case ZW_OP_MEASURE:
        return hides_measure(asked, out, err);
    case ZW_OP_INDICATOR:
        return hides_indicator(asked, out, err);
    case ZW_OP_OF:
        return hides_of(asked, out, err);
    case ZW_OP_PARTS:
        return hides_parts(asked, out, err);
    case ZW_OP_GROUPS:
        return hides_groups(asked, out, err);
    case ZW_OP_CALL:
        return hides_call(asked, out, err);
    case ZW_OP_LAG:
        return hides_kid_at(asked, 0, asked->period - node->count, out, err);
    case ZW_OP_DELTA:
        return zw_pack_node(asked->eval->world.pack, node->kid[0])->is_total
                   ? hides_along(asked, out, err)
                   : hides_pair(asked, node->count, out, err);
    default:
        return zw_inside_is_point(node) ? hides_point(asked, out, err)
                                        : hides_along(asked, out, err);
    }
}

static zw_status hides(zw_eval *eval, zw_node_id id, uint32_t area, zw_period period, bool *out,
                       zw_err *err)
{
    struct zw_veil *veil = eval->veil;
    zw_node node = *zw_pack_node(eval->world.pack, id);
    period = node.has_grid ? period : 0;
    if (veil->known_count * 2 >= veil->slot_count && !grow_slots(veil)) {
        return zw_err_nomem(err);
    }
    const struct known_at *known = slot_of(veil->slots, veil->slot_count, id, area, period);
    if (known->is_taken) {
        *out = known->is_hidden;
        return ZW_OK;
    }
    struct asked asked = {eval, node, id, area, period};
    zw_status status = finds_under(eval->world.pack, id, is_hider, out, err);
    status = status == ZW_OK && *out ? hides_asked(&asked, out, err) : status;
    if (status == ZW_OK) {
        struct known_at *slot = slot_of(veil->slots, veil->slot_count, id, area, period);
        veil->known_count += slot->is_taken ? 0 : 1;
        *slot = (struct known_at){id, area, period, true, *out};
    }
    return status;
}

zw_status zw_inside_may_hide(zw_eval *eval, zw_node_id node, bool *out, zw_err *err)
{
    *out = false;
    zw_status status = ensure_veil(eval, err);
    return status == ZW_OK && eval->veil->has_any
               ? finds_under(eval->world.pack, node, is_hider, out, err)
               : status;
}

void zw_inside_hide(zw_cell *cell)
{
    cell->value = 0;
    cell->reason = ZW_REASON_HIDDEN;
    cell->in = cell->of = 0;
    cell->span = 1;
}

zw_status zw_eval_veil(zw_eval *eval, zw_node_id node, uint32_t area, zw_period period,
                       zw_cell *cell, zw_err *err)
{
    bool is_hidden = false;
    zw_status status = ensure_veil(eval, err);
    if (status == ZW_OK && eval->veil->has_any && zw_cell_stands(cell)) {
        status = hides(eval, node, area, period, &is_hidden, err);
    }
    if (status == ZW_OK && is_hidden) {
        zw_inside_hide(cell);
    }
    return status;
}

/* A figure under several dimension values at once is hidden with anything at its area. */
zw_status zw_eval_hides_figure(zw_eval *eval, uint32_t measure, uint32_t area, const char *dims,
                               zw_period period, bool *out, zw_err *err)
{
    const zw_shade *shade = NULL;
    const char *equals = strchr(dims, ZW_DIMS_EQUALS);
    bool has_several = strchr(dims, ZW_DIMS_SEPARATOR) != NULL;
    *out = false;
    zw_status status = ensure_veil(eval, err);
    if (status != ZW_OK || !eval->world.pack->measures[measure].has_hide) {
        return status;
    }
    status = shade_of(eval, (zw_hider){false, measure}, period, &shade, err);
    for (size_t f = 0; status == ZW_OK && shade != NULL && f < shade->face_count; f++) {
        const zw_face *face = &shade->faces[f];
        bool is_it = equals == NULL
                         ? face->dim == NULL
                         : face->dim != NULL &&
                               zw_text_is((zw_text){dims, (size_t)(equals - dims)}, face->dim) &&
                               strcmp(equals + 1, face->value) == 0;
        *out = *out || ((is_it || has_several) && zw_shade_hides(shade, f, area));
    }
    return status;
}
