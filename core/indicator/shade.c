/*
 * A shade. Every total that is formed from parts is one equation: an area over its parts, for each
 * face, and the total over a dimension's values, at each area. As long as an equation hides exactly
 * one of its members, which could be reckoned from the others, one more is hidden: the smallest
 * other part that stands, of equals the first, and where there is none the total. Members are only
 * ever added, so this ends; equations are gone through in the pack's order, so it ends the same.
 */
#include "indicator/shade.h"

#include "indicator/inside.h"

#include <stdlib.h>
#include <string.h>

/* A shade being filled. */
struct filling {
    zw_eval *eval;
    const zw_pack *pack;
    zw_hider hider;
    zw_period period;
    zw_shade *shade;
    bool *stands;   /* by face, then area */
    double *values; /* the same */
    size_t *parts;  /* room for the members of one equation */
};

bool zw_shade_hides(const zw_shade *shade, size_t face, uint32_t area)
{
    return shade->hidden[face * shade->area_count + area];
}

bool zw_shade_hides_any(const zw_shade *shade, const char *dim, uint32_t area)
{
    for (size_t f = 0; f < shade->face_count; f++) {
        const char *own = shade->faces[f].dim;
        bool is_asked = dim == NULL || (own != NULL && strcmp(own, dim) == 0);
        if (is_asked && zw_shade_hides(shade, f, area)) {
            return true;
        }
    }
    return false;
}

bool zw_shade_find(const zw_shade *shade, const char *dim, zw_text value, size_t *face)
{
    for (size_t f = 1; f < shade->face_count; f++) {
        if (strcmp(shade->faces[f].dim, dim) == 0 && zw_text_is(value, shade->faces[f].value)) {
            *face = f;
            return true;
        }
    }
    return false;
}

void zw_shade_fini(zw_shade *shade)
{
    free(shade->faces);
    free(shade->hidden);
    *shade = (zw_shade){NULL, 0, 0, NULL};
}

/* --- faces --- */

static zw_status add_face(zw_shade *shade, zw_face face, zw_err *err)
{
    zw_face *grown = realloc(shade->faces, (shade->face_count + 1) * sizeof(zw_face));
    if (grown == NULL) {
        return zw_err_nomem(err);
    }
    shade->faces = grown;
    shade->faces[shade->face_count++] = face;
    return ZW_OK;
}

/* One value of a dimension. A truth that knows nothing of the dimension speaks of the whole. */
static zw_status add_value(const struct filling *in, const char *dim, const char *value,
                           zw_err *err)
{
    zw_pack *pack = in->eval->world.pack;
    zw_filter filter = {.dim = dim, .values = &value, .value_count = 1};
    zw_face face = {.dim = dim};
    zw_err narrower;
    zw_node_id hide = in->pack->measures[in->hider.index].hide;
    zw_status status = zw_formula_where(pack, in->pack->measures[in->hider.index].node, &filter,
                                        (zw_where){0, 0, 0}, &face.node, err);
    if (status != ZW_OK) {
        return status;
    }
    status = zw_formula_where(pack, hide, &filter, (zw_where){0, 0, 0}, &face.hide, &narrower);
    if (status == ZW_INVALID) {
        face.hide = hide;
    } else if (status != ZW_OK) {
        return zw_err_set(err, status, "%s", narrower.text);
    }
    face.value = zw_pack_node(pack, face.node)->filters[0].values[0]; /* the pack's own copy */
    return add_face(in->shade, face, err);
}

static zw_status collect_values(const struct filling *in, const char *dim, zw_pool *out,
                                zw_err *err)
{
    zw_status status = ZW_OK;
    for (uint32_t area = 0; status == ZW_OK && area < in->pack->area_count; area++) {
        const zw_shelf *shelf = NULL;
        status = zw_shelves_at(in->eval->shelves, in->hider.index, area, &shelf, err);
        const zw_shelf_dim *here = status == ZW_OK ? zw_shelf_dim_of(shelf, dim) : NULL;
        for (uint32_t v = 1; here != NULL && status == ZW_OK && v < here->value_count; v++) {
            if (zw_pool_put(out, here->values[v]) == ZW_POOL_NONE) {
                status = zw_err_nomem(err);
            }
        }
    }
    return status;
}

static int by_text(const void *a, const void *b)
{
    const char *const *x = a;
    const char *const *y = b;
    return strcmp(*x, *y);
}

static zw_status add_values(const struct filling *in, const char *dim, const zw_pool *values,
                            zw_err *err)
{
    size_t count = zw_pool_count(values);
    const char **texts = calloc(count > 0 ? count : 1, sizeof(*texts));
    if (texts == NULL) {
        return zw_err_nomem(err);
    }
    for (size_t i = 0; i < count; i++) {
        texts[i] = zw_pool_text(values, (uint32_t)i);
    }
    qsort((void *)texts, count, sizeof(*texts), by_text);
    zw_status status = ZW_OK;
    for (size_t i = 0; status == ZW_OK && i < count; i++) {
        status = add_value(in, dim, texts[i], err);
    }
    free((void *)texts);
    return status;
}

static zw_status add_dim(const struct filling *in, const char *dim, zw_err *err)
{
    zw_pool *values = NULL;
    zw_status status = zw_pool_create(&values, err);
    status = status == ZW_OK ? collect_values(in, dim, values, err) : status;
    status = status == ZW_OK ? add_values(in, dim, values, err) : status;
    zw_pool_destroy(values);
    return status;
}

static zw_status find_faces(const struct filling *in, zw_err *err)
{
    if (in->hider.is_indicator) {
        const zw_indicator *indicator = &in->pack->indicators[in->hider.index];
        return add_face(in->shade, (zw_face){indicator->node, indicator->hide, NULL, NULL}, err);
    }
    const zw_measure *measure = &in->pack->measures[in->hider.index];
    zw_texts dims = measure->dims;
    zw_status status =
        add_face(in->shade, (zw_face){measure->node, measure->hide, NULL, NULL}, err);
    for (size_t d = 0; status == ZW_OK && d < dims.count; d++) {
        status = add_dim(in, dims.at[d], err);
    }
    return status;
}

/* --- what `hide` says --- */

static zw_grid grid_of(const struct filling *in)
{
    return zw_pack_node(in->pack, in->shade->faces[0].node)->grid;
}

/* True in any period of the truth's grid in or around the value's. */
static zw_status ask_hide(const struct filling *in, zw_node_id hide, uint32_t area, bool *out,
                          zw_err *err)
{
    const zw_node *node = zw_pack_node(in->pack, hide);
    const zw_calendar *calendar = zw_pack_calendar(in->pack, area);
    zw_span span = {0, 0};
    if (node->has_grid) {
        span.lo = zw_graph_first(calendar, grid_of(in), in->period, node->grid);
        span.hi = zw_graph_last(calendar, grid_of(in), in->period, node->grid);
    }
    zw_status status = ZW_OK;
    *out = false;
    for (zw_period p = span.lo; status == ZW_OK && !*out && p <= span.hi; p++) {
        zw_cell cell;
        status = zw_eval_cell(in->eval, hide, area, p, &cell, err);
        *out = status == ZW_OK && zw_cell_is_true(&cell);
    }
    return status;
}

static zw_status look_at(const struct filling *in, size_t face, uint32_t area, zw_err *err)
{
    size_t at = face * in->shade->area_count + area;
    zw_cell cell;
    zw_status status =
        zw_eval_cell(in->eval, in->shade->faces[face].node, area, in->period, &cell, err);
    if (status != ZW_OK || !zw_cell_stands(&cell)) {
        return status;
    }
    in->stands[at] = true;
    in->values[at] = cell.value;
    return ask_hide(in, in->shade->faces[face].hide, area, &in->shade->hidden[at], err);
}

/* --- what would betray it --- */

/* The smallest part that stands and is shown; of equals the first. SIZE_MAX when there is none. */
static size_t smallest_shown(const struct filling *in, size_t count)
{
    size_t found = SIZE_MAX;
    for (size_t i = 0; i < count; i++) {
        size_t part = in->parts[i];
        if (!in->shade->hidden[part] &&
            (found == SIZE_MAX || in->values[part] < in->values[found])) {
            found = part;
        }
    }
    return found;
}

/* Closes one equation whose parts are the first `count` of `parts`, all of which stand. @return
 * true when something more is hidden now. */
static bool close_equation(const struct filling *in, size_t total, size_t count)
{
    size_t hidden = in->shade->hidden[total] ? 1 : 0;
    for (size_t i = 0; i < count; i++) {
        hidden += in->shade->hidden[in->parts[i]] ? 1 : 0;
    }
    if (hidden != 1 || count == 0 || !in->stands[total]) {
        return false;
    }
    size_t other = smallest_shown(in, count);
    in->shade->hidden[other != SIZE_MAX ? other : total] = true;
    return true;
}

/* A roll-up is formed from its parts, unless it is said not to be; a rate is only ever published.
 */
static bool rolls_up(const struct filling *in)
{
    if (in->hider.is_indicator) {
        return in->pack->indicators[in->hider.index].rollup != ZW_HOW_COUNT;
    }
    const zw_measure *measure = &in->pack->measures[in->hider.index];
    return measure->rollup != ZW_HOW_COUNT &&
           (measure->kind != ZW_KIND_RATE || measure->rollup != ZW_HOW_KIND);
}

static bool close_areas(const struct filling *in, size_t face, uint32_t area)
{
    zw_list parts = in->pack->areas[area].parts;
    int64_t end_ms = zw_period_end_ms(zw_pack_calendar(in->pack, area), grid_of(in), in->period);
    size_t first = face * in->shade->area_count;
    size_t count = 0;
    for (size_t i = 0; i < parts.count; i++) {
        if (in->stands[first + parts.at[i]] && zw_pack_area_lives(in->pack, parts.at[i], end_ms)) {
            in->parts[count++] = first + parts.at[i];
        }
    }
    return close_equation(in, first + area, count);
}

/* The faces from `from` on that are values of one dimension; `*next` is behind them. */
static bool close_values(const struct filling *in, size_t from, uint32_t area, size_t *next)
{
    const zw_shade *shade = in->shade;
    size_t count = 0;
    for (*next = from;
         *next < shade->face_count && strcmp(shade->faces[*next].dim, shade->faces[from].dim) == 0;
         (*next)++) {
        size_t part = *next * shade->area_count + area;
        if (in->stands[part]) {
            in->parts[count++] = part;
        }
    }
    return close_equation(in, area, count);
}

static bool adds_up_by_value(const struct filling *in)
{
    return !in->hider.is_indicator && in->pack->measures[in->hider.index].kind != ZW_KIND_RATE;
}

static bool close_once(const struct filling *in)
{
    bool has_changed = false;
    for (uint32_t area = 0; area < in->shade->area_count; area++) {
        for (size_t f = 0; rolls_up(in) && f < in->shade->face_count; f++) {
            has_changed = close_areas(in, f, area) || has_changed;
        }
        for (size_t f = 1; adds_up_by_value(in) && f < in->shade->face_count;) {
            has_changed = close_values(in, f, area, &f) || has_changed;
        }
    }
    return has_changed;
}

static zw_status fill(struct filling *in, zw_err *err)
{
    zw_shade *shade = in->shade;
    zw_status status = find_faces(in, err);
    size_t cells = shade->face_count * shade->area_count;
    if (status != ZW_OK) {
        return status;
    }
    shade->hidden = calloc(cells, sizeof(bool));
    in->stands = calloc(cells, sizeof(bool));
    in->values = calloc(cells, sizeof(double));
    in->parts = calloc(shade->face_count + shade->area_count, sizeof(size_t));
    if (shade->hidden == NULL || in->stands == NULL || in->values == NULL || in->parts == NULL) {
        return zw_err_nomem(err);
    }
    for (size_t f = 0; f < shade->face_count; f++) {
        for (uint32_t area = 0; status == ZW_OK && area < shade->area_count; area++) {
            status = look_at(in, f, area, err);
        }
    }
    while (status == ZW_OK && close_once(in)) {
    }
    return status;
}

zw_status zw_shade_fill(zw_eval *eval, zw_hider hider, zw_period period, zw_shade *out, zw_err *err)
{
    struct filling in = {
        .eval = eval, .pack = eval->world.pack, .hider = hider, .period = period, .shade = out};
    *out = (zw_shade){.area_count = eval->world.pack->area_count};
    zw_status status = fill(&in, err);
    free(in.stands);
    free(in.values);
    free(in.parts);
    if (status != ZW_OK) {
        zw_shade_fini(out);
    }
    return status;
}
