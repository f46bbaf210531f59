/*
 * A column's cells. Invariant: stretches do not meet, so a period has at most one cell; `nearest`
 * is never empty while there are others.
 */
#include "indicator/col.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* A stretch reaches over gaps of so many periods or of its own length, whichever is more: walking
 * along a column in either direction copies each cell a few times at most. */
enum { GAP_PERIODS = 16, SPAN_MOST = 1 << 24 };

void zw_col_fini(zw_col *col)
{
    while (col->readers != NULL) {
        zw_edge *next = col->readers->next;
        free(col->readers->calls);
        free(col->readers);
        col->readers = next;
    }
    for (size_t i = 0; i < col->other_count; i++) {
        free(col->others[i].room);
    }
    free(col->others);
    free(col->nearest.room);
    free(col->watches);
}

static bool stretch_has(const zw_stretch *stretch, zw_period period)
{
    return (uint64_t)(period - stretch->first) < stretch->count;
}

static zw_period stretch_last(const zw_stretch *stretch)
{
    return stretch->first + (zw_period)stretch->count - 1;
}

static zw_cell *stretch_at(const zw_stretch *stretch, zw_period period)
{
    return &stretch->room[stretch->before + (size_t)(period - stretch->first)];
}

static void make_stale(zw_cell *cells, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        cells[i].until_ms = INT64_MIN;
    }
}

/* Makes a stretch cover lo … hi in the room it has. @return false when it is too small. */
static bool stretch_stretch(zw_stretch *stretch, zw_span span)
{
    zw_period first = stretch->first - (zw_period)stretch->before;
    zw_period end = first + (zw_period)stretch->capacity;
    if (span.lo < first || span.hi >= end) {
        return false;
    }
    if (span.lo < stretch->first) {
        size_t more = (size_t)(stretch->first - span.lo);
        stretch->before -= more;
        stretch->first = span.lo;
        stretch->count += more;
        make_stale(stretch->room + stretch->before, more);
    }
    if (span.hi > stretch_last(stretch)) {
        size_t more = (size_t)(span.hi - stretch_last(stretch));
        make_stale(stretch->room + stretch->before + stretch->count, more);
        stretch->count += more;
    }
    return true;
}

/* Room for a stretch over `hull`, with slack towards the side on which `old` grows. */
static bool stretch_init(zw_stretch *stretch, zw_span hull, const zw_stretch *old)
{
    size_t count = (size_t)(hull.hi - hull.lo) + 1;
    assert(count > 0);
    size_t slack = old->count > 0 ? count / 2 + 4 : 0;
    bool grows_down = old->count > 0 && hull.lo < old->first;
    *stretch = (zw_stretch){.first = hull.lo,
                            .count = count,
                            .before = grows_down ? slack : 0,
                            .capacity = count + slack};
    stretch->room = malloc(stretch->capacity * sizeof(zw_cell));
    if (stretch->room == NULL) {
        return false;
    }
    make_stale(stretch->room + stretch->before, count);
    return true;
}

/* Moves the cells of `from`, which lie in `into`, and frees it. */
static void stretch_take(zw_stretch *into, zw_stretch *from)
{
    if (from->count > 0) {
        memcpy(stretch_at(into, from->first), stretch_at(from, from->first),
               from->count * sizeof(zw_cell));
    }
    /* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): taken out of `others`, it is not met again */
    free(from->room);
    *from = (zw_stretch){0};
}

/* True when a stretch lies so near a span that one stretch should hold both. */
static bool is_near(const zw_stretch *stretch, zw_span span)
{
    zw_period gap = (zw_period)stretch->count;
    gap = gap > GAP_PERIODS ? gap : GAP_PERIODS;
    return stretch->count > 0 && span.lo <= stretch_last(stretch) + gap &&
           span.hi >= stretch->first - gap;
}

static zw_span hull_of(zw_span span, const zw_stretch *stretch)
{
    zw_period last = stretch_last(stretch);
    return (zw_span){stretch->first < span.lo ? stretch->first : span.lo,
                     last > span.hi ? last : span.hi};
}

static void swap_nearest(zw_col *col, size_t other)
{
    zw_stretch nearest = col->nearest;
    col->nearest = col->others[other];
    col->others[other] = nearest;
}

/* Sets the nearest stretch aside, so that another can take its place. */
static bool set_aside(zw_col *col)
{
    zw_stretch *grown = realloc(col->others, (col->other_count + 1) * sizeof(zw_stretch));
    if (grown == NULL) {
        return false;
    }
    col->others = grown;
    col->others[col->other_count++] = col->nearest;
    col->nearest = (zw_stretch){0};
    return true;
}

/* Makes the nearest stretch cover `hull`, which it lies in. */
static zw_status grow_nearest(zw_col *col, zw_span hull, zw_err *err)
{
    if (col->nearest.count > 0 && stretch_stretch(&col->nearest, hull)) {
        return ZW_OK;
    }
    zw_stretch grown;
    if (!stretch_init(&grown, hull, &col->nearest)) {
        return zw_err_nomem(err);
    }
    stretch_take(&grown, &col->nearest);
    col->nearest = grown;
    return ZW_OK;
}

/* Takes every other stretch that the nearest one has come to meet. */
static zw_status absorb(zw_col *col, zw_err *err)
{
    zw_status status = ZW_OK;
    size_t i = 0;
    while (status == ZW_OK && i < col->other_count) {
        zw_span own = {col->nearest.first, stretch_last(&col->nearest)};
        if (own.lo > stretch_last(&col->others[i]) || own.hi < col->others[i].first) {
            i++;
            continue;
        }
        status = grow_nearest(col, hull_of(own, &col->others[i]), err);
        if (status == ZW_OK) {
            zw_stretch other = col->others[i];
            col->others[i] = col->others[--col->other_count];
            stretch_take(&col->nearest, &other);
            i = 0;
        }
    }
    return status;
}

/* Puts a stretch that is near the span, or an empty one, in the nearest one's place. */
static bool choose_nearest(zw_col *col, zw_span span)
{
    if (col->nearest.count == 0 || is_near(&col->nearest, span)) {
        return true;
    }
    for (size_t i = 0; i < col->other_count; i++) {
        if (is_near(&col->others[i], span)) {
            swap_nearest(col, i);
            return true;
        }
    }
    return set_aside(col);
}

zw_status zw_col_cover(zw_col *col, zw_span span, zw_err *err)
{
    assert(span.lo <= span.hi);
    if (stretch_has(&col->nearest, span.lo) && stretch_has(&col->nearest, span.hi)) {
        return ZW_OK;
    }
    if ((uint64_t)(span.hi - span.lo) >= SPAN_MOST) {
        return zw_err_set(err, ZW_LIMIT, "more than %d periods at once", (int)SPAN_MOST);
    }
    if (!choose_nearest(col, span)) {
        return zw_err_nomem(err);
    }
    zw_span hull = col->nearest.count > 0 ? hull_of(span, &col->nearest) : span;
    zw_status status = grow_nearest(col, hull, err);
    return status == ZW_OK ? absorb(col, err) : status;
}

zw_cell *zw_col_at(zw_col *col, zw_period period)
{
    if (stretch_has(&col->nearest, period)) {
        return stretch_at(&col->nearest, period);
    }
    size_t i = 0;
    while (i + 1 < col->other_count && !stretch_has(&col->others[i], period)) {
        i++;
    }
    assert(i < col->other_count && stretch_has(&col->others[i], period));
    return stretch_at(&col->others[i], period);
}

zw_edge *zw_col_add_reader(zw_col *col, zw_col *reader, unsigned slot)
{
    zw_edge *edge = calloc(1, sizeof(*edge));
    if (edge != NULL) {
        *edge = (zw_edge){.next = col->readers, .reader = reader, .slot = slot};
        col->readers = edge;
    }
    return edge;
}

/* Functions mostly read at a fixed distance from their own period, so their reads are few runs. */
bool zw_edge_add_call(zw_edge *edge, zw_period own, zw_period kid)
{
    int64_t shift = kid - own;
    for (size_t i = 0; i < edge->call_count; i++) {
        zw_calls *calls = &edge->calls[i];
        if (calls->shift == shift && own >= calls->own.lo - 1 && own <= calls->own.hi + 1) {
            calls->own.lo = own < calls->own.lo ? own : calls->own.lo;
            calls->own.hi = own > calls->own.hi ? own : calls->own.hi;
            return true;
        }
    }
    if (edge->call_count == edge->call_capacity) {
        size_t wanted = edge->call_capacity == 0 ? 1 : edge->call_capacity * 2;
        zw_calls *grown = realloc(edge->calls, wanted * sizeof(*grown));
        if (grown == NULL) {
            return false;
        }
        edge->calls = grown;
        edge->call_capacity = wanted;
    }
    edge->calls[edge->call_count++] = (zw_calls){{own, own}, shift};
    return true;
}

zw_span zw_edge_called_in(const zw_edge *edge, zw_span span)
{
    zw_span hull = {ZW_PERIOD_MAX, ZW_PERIOD_MIN}; /* empty */
    for (size_t i = 0; i < edge->call_count; i++) {
        zw_span own = edge->calls[i].own;
        int64_t shift = edge->calls[i].shift;
        own.lo = span.lo > own.lo + shift ? span.lo - shift : own.lo;
        own.hi = span.hi < own.hi + shift ? span.hi - shift : own.hi;
        if (own.lo <= own.hi) {
            hull.lo = own.lo < hull.lo ? own.lo : hull.lo;
            hull.hi = own.hi > hull.hi ? own.hi : hull.hi;
        }
    }
    return hull;
}

static bool stretch_make_stale(const zw_stretch *stretch, zw_span span)
{
    if (stretch->count == 0) {
        return false;
    }
    zw_period lo = span.lo > stretch->first ? span.lo : stretch->first;
    zw_period last = stretch_last(stretch);
    zw_period hi = span.hi < last ? span.hi : last;
    bool was_fresh = false;
    for (zw_period p = lo; p <= hi; p++) {
        zw_cell *cell = stretch_at(stretch, p);
        was_fresh = was_fresh || cell->until_ms != INT64_MIN;
        cell->until_ms = INT64_MIN;
    }
    return was_fresh;
}

bool zw_col_make_stale(zw_col *col, zw_span span)
{
    bool was_fresh = stretch_make_stale(&col->nearest, span);
    for (size_t i = 0; i < col->other_count; i++) {
        was_fresh = stretch_make_stale(&col->others[i], span) || was_fresh;
    }
    return was_fresh;
}

static zw_status stretch_each(const zw_col *col, const zw_stretch *stretch, zw_col_visit visit,
                              void *arg, zw_err *err)
{
    zw_status status = ZW_OK;
    for (size_t i = 0; status == ZW_OK && i < stretch->count; i++) {
        const zw_cell *cell = &stretch->room[stretch->before + i];
        if (cell->until_ms != INT64_MIN) {
            status = visit(arg, col, stretch->first + (zw_period)i, cell, err);
        }
    }
    return status;
}

zw_status zw_col_each_fresh(const zw_col *col, zw_col_visit visit, void *arg, zw_err *err)
{
    zw_status status = stretch_each(col, &col->nearest, visit, arg, err);
    for (size_t i = 0; status == ZW_OK && i < col->other_count; i++) {
        status = stretch_each(col, &col->others[i], visit, arg, err);
    }
    return status;
}
