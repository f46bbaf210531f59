/* The column of one series.
 *
 * 1. Pages cover PAGE_CELLS periods each, lie in order of their index, and hold at least one
 *    version each: an outlier costs one page, whatever its distance.
 * 2. Versions of a cell lie in order of known_at; equal ones in order of arrival.
 * 3. The lane repeats the newest version of every cell.
 * 4. A cell with one version holds it in itself. With more it owns a block: the figures, then for
 *    each the number of its arrival in the cell, which only taking back reads.
 */
#include "store/column.h"

#include "intake/batch.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE_CELLS = 16, FIRST_PAGES = 4, FIRST_VERSIONS = 4 };

typedef struct cell {
    union {
        zw_figure one;      /* when count is 1 and capacity 0 */
        zw_figure *figures; /* when capacity is not 0 */
    } at;
    uint32_t count, capacity;
} cell;

typedef struct page {
    uint32_t used; /* cells that hold a version */
    cell cells[PAGE_CELLS];
} page;

/* The index beside the pointer: searching touches no page. */
typedef struct slot {
    int64_t index; /* of the page: its first period divided by PAGE_CELLS */
    page *page;
} slot;

struct zw_column {
    slot newest; /* the last of them, looked at first: most questions are about now */
    slot *slots;
    size_t count, capacity;
    zw_lane lane;
};

zw_status zw_column_create(zw_column **out, zw_err *err)
{
    *out = calloc(1, sizeof **out);
    return *out != NULL ? ZW_OK : zw_err_nomem(err);
}

static void page_destroy(page *p)
{
    for (size_t i = 0; i < PAGE_CELLS; i++) {
        if (p->cells[i].capacity > 0) {
            free(p->cells[i].at.figures);
        }
    }
    free(p);
}

void zw_column_destroy(zw_column *column)
{
    if (column == NULL) {
        return;
    }
    for (size_t i = 0; i < column->count; i++) {
        page_destroy(column->slots[i].page);
    }
    free(column->slots);
    zw_lane_fini(&column->lane);
    free(column);
}

static int64_t page_index_of(zw_period period)
{
    int64_t index = period / PAGE_CELLS;
    return period % PAGE_CELLS < 0 ? index - 1 : index; /* division cuts towards zero */
}

static size_t cell_index_of(zw_period period)
{
    return (size_t)(period - page_index_of(period) * PAGE_CELLS);
}

/* The first slot whose index is not below `index`. */
static size_t slot_place(const zw_column *column, int64_t index)
{
    if (column->count == 0 || index > column->slots[column->count - 1].index) {
        return column->count;
    }
    /* Tried first because a column without gaps has it there. */
    int64_t guess = index - column->slots[0].index;
    if (guess >= 0 && (uint64_t)guess < column->count && column->slots[guess].index == index) {
        return (size_t)guess;
    }
    size_t low = 0;
    size_t high = column->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (column->slots[middle].index < index) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

static page *page_find(const zw_column *column, zw_period period)
{
    int64_t index = page_index_of(period);
    if (column->newest.page != NULL && column->newest.index == index) {
        return column->newest.page;
    }
    size_t place = slot_place(column, index);
    return place < column->count && column->slots[place].index == index ? column->slots[place].page
                                                                        : NULL;
}

static const cell *cell_find(const zw_column *column, zw_period period)
{
    const page *p = page_find(column, period);
    return p != NULL ? &p->cells[cell_index_of(period)] : NULL;
}

/* The page of a period, made when absent; NULL when there is no memory. */
static page *page_ensure(zw_column *column, zw_period period)
{
    int64_t index = page_index_of(period);
    size_t place = slot_place(column, index);
    if (place < column->count && column->slots[place].index == index) {
        return column->slots[place].page;
    }
    if (column->count == column->capacity) {
        size_t capacity = column->capacity > 0 ? 2 * column->capacity : FIRST_PAGES;
        slot *slots = realloc(column->slots, capacity * sizeof *slots);
        if (slots == NULL) {
            return NULL;
        }
        column->slots = slots;
        column->capacity = capacity;
    }
    page *p = calloc(1, sizeof *p);
    if (p == NULL) {
        return NULL;
    }
    memmove(&column->slots[place + 1], &column->slots[place],
            (column->count - place) * sizeof *column->slots);
    column->slots[place] = (slot){index, p};
    column->count++;
    column->newest = column->slots[column->count - 1];
    return p;
}

static void page_drop_if_empty(zw_column *column, zw_period period)
{
    size_t place = slot_place(column, page_index_of(period));
    assert(place < column->count);
    if (column->slots[place].page->used > 0) {
        return;
    }
    page_destroy(column->slots[place].page);
    memmove(&column->slots[place], &column->slots[place + 1],
            (column->count - place - 1) * sizeof *column->slots);
    column->count--;
    column->newest = column->count > 0 ? column->slots[column->count - 1] : (slot){0, NULL};
}

static const zw_figure *cell_figures(const cell *c)
{
    return c->capacity > 0 ? c->at.figures : &c->at.one;
}

static uint32_t *cell_arrivals(const cell *c)
{
    return (uint32_t *)(c->at.figures + c->capacity);
}

/* How many versions were known at a moment: the first that was not yet. */
static size_t cell_known(const cell *c, int64_t as_of_ms)
{
    const zw_figure *figures = cell_figures(c);
    size_t low = 0;
    size_t high = c->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (figures[middle].known_at_ms <= as_of_ms) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Room for one version more. A cell's first needs none. */
static bool cell_reserve(cell *c)
{
    if (c->capacity > 0 ? c->count < c->capacity : c->count == 0) {
        return true;
    }
    uint32_t capacity = c->capacity > 0 ? 2 * c->capacity : FIRST_VERSIONS;
    if (capacity > UINT32_MAX / 2) {
        return false;
    }
    cell larger = {.count = c->count, .capacity = capacity};
    larger.at.figures = malloc(capacity * (sizeof(zw_figure) + sizeof(uint32_t)));
    if (larger.at.figures == NULL) {
        return false;
    }
    memcpy(larger.at.figures, cell_figures(c), c->count * sizeof(zw_figure));
    if (c->capacity > 0) {
        memcpy(cell_arrivals(&larger), cell_arrivals(c), c->count * sizeof(uint32_t));
        free(c->at.figures);
    } else {
        cell_arrivals(&larger)[0] = 0;
    }
    *c = larger;
    return true;
}

static uint32_t cell_next_arrival(const cell *c)
{
    uint32_t next = 0;
    for (uint32_t i = 0; i < c->count; i++) {
        uint32_t arrival = cell_arrivals(c)[i];
        next = arrival >= next ? arrival + 1 : next;
    }
    return next;
}

static void cell_insert(cell *c, size_t place, const zw_figure *figure)
{
    if (c->capacity == 0) {
        assert(c->count == 0);
        c->at.one = *figure;
        c->count = 1;
        return;
    }
    uint32_t arrival = cell_next_arrival(c);
    zw_figure *figures = c->at.figures;
    uint32_t *arrivals = cell_arrivals(c);
    size_t behind = c->count - place;
    memmove(&figures[place + 1], &figures[place], behind * sizeof *figures);
    memmove(&arrivals[place + 1], &arrivals[place], behind * sizeof *arrivals);
    figures[place] = *figure;
    arrivals[place] = arrival;
    c->count++;
}

static void cell_remove(cell *c, size_t place)
{
    assert(place < c->count);
    c->count--;
    if (c->capacity == 0) {
        return;
    }
    uint32_t *arrivals = cell_arrivals(c);
    size_t behind = c->count - place;
    memmove(&c->at.figures[place], &c->at.figures[place + 1], behind * sizeof(zw_figure));
    memmove(&arrivals[place], &arrivals[place + 1], behind * sizeof *arrivals);
    if (c->count == 0) {
        free(c->at.figures);
        *c = (cell){0};
    }
}

static const zw_figure *cell_newest(const cell *c)
{
    return c->count > 0 ? &cell_figures(c)[c->count - 1] : NULL;
}

/* 0.0 and -0.0 are the same number, and withdrawals say the same whatever value they carry. */
static bool figures_say_same(const zw_figure *a, const zw_figure *b)
{
    return a->status == b->status && (a->status == ZW_OBS_MISSING || a->value == b->value);
}

zw_status zw_column_put(zw_column *column, zw_period period, const zw_figure *figure,
                        zw_change *change, zw_err *err)
{
    page *p = page_ensure(column, period);
    if (p == NULL) {
        return zw_err_nomem(err);
    }
    cell *c = &p->cells[cell_index_of(period)];
    if (!cell_reserve(c)) { /* only a cell in use can need memory: the page is not a new one */
        return zw_err_nomem(err);
    }
    size_t place = cell_known(c, figure->known_at_ms);
    if (place == 0) {
        *change = ZW_CHANGE_NEW;
    } else {
        *change = figures_say_same(&cell_figures(c)[place - 1], figure) ? ZW_CHANGE_UNCHANGED
                                                                        : ZW_CHANGE_REVISED;
    }
    if (c->count == 0) {
        p->used++;
    }
    cell_insert(c, place, figure);
    zw_lane_set(&column->lane, period, cell_newest(c));
    return ZW_OK;
}

/* The version that arrived last among those of a batch; there must be one. */
static size_t cell_last_of(const cell *c, int64_t batch)
{
    size_t last = c->count;
    for (size_t i = 0; i < c->count; i++) {
        if (cell_figures(c)[i].batch == batch &&
            (last == c->count || cell_arrivals(c)[i] > cell_arrivals(c)[last])) {
            last = i;
        }
    }
    return last;
}

void zw_column_unput(zw_column *column, zw_period period, int64_t batch)
{
    page *p = page_find(column, period);
    assert(p != NULL);
    cell *c = &p->cells[cell_index_of(period)];
    cell_remove(c, cell_last_of(c, batch));
    zw_lane_set(&column->lane, period, cell_newest(c));
    if (c->count == 0) {
        p->used--;
        page_drop_if_empty(column, period);
    }
}

const zw_figure *zw_column_at(const zw_column *column, zw_period period, int64_t as_of_ms)
{
    const cell *c = cell_find(column, period);
    if (c == NULL) {
        return NULL;
    }
    size_t known = cell_known(c, as_of_ms);
    return known > 0 ? &cell_figures(c)[known - 1] : NULL;
}

bool zw_column_run(const zw_column *column, zw_period lo, zw_period hi, int64_t as_of_ms,
                   zw_run *out)
{
    return zw_lane_run(&column->lane, lo, hi, as_of_ms, out);
}

size_t zw_column_versions(const zw_column *column, zw_period period, const zw_figure **out)
{
    const cell *c = cell_find(column, period);
    if (c == NULL || c->count == 0) {
        *out = NULL;
        return 0;
    }
    *out = cell_figures(c);
    return c->count;
}

bool zw_column_span(const zw_column *column, zw_period *first, zw_period *last)
{
    if (column->count == 0) {
        return false;
    }
    const slot *front = &column->slots[0];
    const slot *back = &column->slots[column->count - 1];
    int64_t low = 0;
    while (front->page->cells[low].count == 0) {
        low++;
    }
    int64_t high = PAGE_CELLS - 1;
    while (back->page->cells[high].count == 0) {
        high--;
    }
    *first = front->index * PAGE_CELLS + low;
    *last = back->index * PAGE_CELLS + high;
    return true;
}
