/* A page.
 *
 * 1. base and room are multiples of STEP; a cell in use lies within them.
 * 2. A list of versions has at least two, and its last is what the arrays say.
 * 3. A block that was looked at says what its cells have in common; any change makes it unseen.
 */
#include "store/slab.h"

#include "intake/batch.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { STEP = 8, BLOCK = 64, FIRST_VERSIONS = 4 };

struct zw_slab_block {
    int64_t newest_ms; /* of its cells */
    uint8_t like;      /* of all of them; 0 when they differ or one is not in */
    bool is_seen;
};

static uint32_t place_of(const zw_slab *page, uint32_t cell)
{
    return cell - page->base;
}

static struct zw_slab_block *block_of(const zw_slab *page, uint32_t cell)
{
    return &page->blocks[cell / BLOCK - page->base / BLOCK];
}

static size_t block_count(uint32_t base, uint32_t room)
{
    return room > 0 ? (base + room - 1) / BLOCK - base / BLOCK + 1 : 0;
}

static void arrays_free(zw_slab *page)
{
    free(page->values); /* the others lie behind it */
    free(page->said);
    free((void *)page->versions);
}

void zw_slab_fini(zw_slab *page)
{
    for (uint32_t i = 0; page->versions != NULL && i < page->room; i++) {
        free(page->versions[i]);
    }
    arrays_free(page);
    *page = (zw_slab){0};
}

/* Memory that the arrays take; what is beyond it in `bytes` are lists. */
static size_t arrays_bytes(const zw_slab *page)
{
    size_t a_cell = sizeof(double) + 2 * sizeof(int64_t) + sizeof(uint8_t) +
                    (page->said != NULL ? sizeof(*page->said) : 0) +
                    (page->versions != NULL ? sizeof(zw_versions *) : 0);
    return page->room * a_cell + block_count(page->base, page->room) * sizeof(struct zw_slab_block);
}

/* A page without figures, with room. */
static bool arrays_init(zw_slab *page, const zw_slab *like, uint32_t base, uint32_t room)
{
    assert(room > 0);
    *page = (zw_slab){.base = base, .room = room};
    page->bytes = arrays_bytes(page);
    page->values = calloc(1, page->bytes);
    if (page->values == NULL) {
        return false;
    }
    page->known_at_ms = (int64_t *)(page->values + room);
    page->batches = page->known_at_ms + room;
    page->blocks = (struct zw_slab_block *)(page->batches + room);
    page->likes = (uint8_t *)(page->blocks + block_count(base, room));
    if (like->said != NULL) {
        page->said = calloc(room, sizeof(*page->said));
    }
    if (like->versions != NULL) {
        page->versions = calloc(room, sizeof(zw_versions *));
    }
    return (like->said == NULL || page->said != NULL) &&
           (like->versions == NULL || page->versions != NULL);
}

static void arrays_copy(zw_slab *into, const zw_slab *from)
{
    uint32_t shift = from->room > 0 ? from->base - into->base : 0;
    size_t room = from->room;
    if (room > 0) {
        memcpy(into->values + shift, from->values, room * sizeof(*from->values));
        memcpy(into->known_at_ms + shift, from->known_at_ms, room * sizeof(*from->known_at_ms));
        memcpy(into->batches + shift, from->batches, room * sizeof(*from->batches));
        memcpy(into->likes + shift, from->likes, room);
    }
    if (from->said != NULL) {
        memcpy(into->said + shift, from->said, room * sizeof(*from->said));
    }
    if (from->versions != NULL) {
        memcpy((void *)(into->versions + shift), (const void *)from->versions,
               room * sizeof(zw_versions *));
    }
}

/* Which cells a page has room for that must have `first` to `last`: twice as many as before, to the
 * side it grows, so that a page that fills up is moved a few times. */
static void choose_room(const zw_slab *page, uint32_t first, uint32_t last, uint32_t *from,
                        uint32_t *to)
{
    uint32_t end = page->base + page->room;
    *from = page->room > 0 && page->base < first ? page->base : first;
    *to = page->room > 0 && end > last + 1 ? end : last + 1;
    if (page->room > 0 && *to - *from < 2 * page->room) {
        if (*to > end) {
            *to = *from + 2 * page->room;
        } else {
            *from = *to > 2 * page->room ? *to - 2 * page->room : 0;
        }
    }
    *from -= *from % STEP;
    *to = (*to + STEP - 1) / STEP * STEP;
    *to = *to < ZW_SLAB_CELLS_MOST ? *to : ZW_SLAB_CELLS_MOST;
}

bool zw_slab_reserve(zw_slab *page, uint32_t first, uint32_t last)
{
    assert(first <= last && last < ZW_SLAB_CELLS_MOST);
    if (page->room > 0 && first >= page->base && last < page->base + page->room) {
        return true;
    }
    uint32_t from = 0;
    uint32_t to = 0;
    choose_room(page, first, last, &from, &to);
    zw_slab grown;
    if (!arrays_init(&grown, page, from, to - from)) {
        arrays_free(&grown);
        return false;
    }
    arrays_copy(&grown, page);
    grown.used = page->used;
    grown.count = page->count;
    grown.first_ms = page->first_ms;
    grown.last_ms = page->last_ms;
    grown.is_stale = page->is_stale;
    grown.bytes = arrays_bytes(&grown) + page->bytes - arrays_bytes(page);
    zw_slab old = *page;
    *page = grown;
    arrays_free(&old);
    return true;
}

bool zw_slab_has(const zw_slab *page, uint32_t cell)
{
    return cell >= page->base && cell - page->base < page->room &&
           page->likes[place_of(page, cell)] != 0;
}

static uint8_t like_of(const zw_figure *figure)
{
    return (uint8_t)(1U + 2U * figure->status + (figure->is_synthetic ? 1U : 0U));
}

/* The newest version of a cell in use, out of the arrays. */
static zw_figure newest_of(const zw_slab *page, uint32_t place)
{
    zw_figure figure = {.value = page->values[place],
                        .known_at_ms = page->known_at_ms[place],
                        .batch = page->batches[place],
                        .status = (uint8_t)((page->likes[place] - 1U) / 2U),
                        .is_synthetic = (page->likes[place] - 1U) % 2U != 0};
    if (page->said != NULL) {
        figure.line = page->said[place].line;
        figure.source = page->said[place].source;
        figure.note = page->said[place].note;
    }
    return figure;
}

static void set_newest(zw_slab *page, uint32_t place, const zw_figure *figure)
{
    page->values[place] = figure->value;
    page->known_at_ms[place] = figure->known_at_ms;
    page->batches[place] = figure->batch;
    page->likes[place] = like_of(figure);
    if (page->said != NULL) {
        page->said[place] = (zw_slab_said){figure->line, figure->source, figure->note};
    }
    block_of(page, page->base + place)->is_seen = false;
}

/* How many of the versions were known at a moment: the first that was not yet. */
static uint32_t known_of(const zw_versions *versions, int64_t as_of_ms)
{
    uint32_t low = 0;
    uint32_t high = versions->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (versions->figures[middle].known_at_ms <= as_of_ms) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* 0.0 and -0.0 are the same number, and withdrawals say the same whatever value they carry. */
static bool figures_say_same(const zw_figure *a, const zw_figure *b)
{
    return a->status == b->status && (a->status == ZW_OBS_MISSING || a->value == b->value);
}

static zw_versions *versions_of(const zw_slab *page, uint32_t place)
{
    return page->versions != NULL ? page->versions[place] : NULL;
}

/* Room in a cell's list for so many more; one is made, with the newest in it, when there is none.
 */
static zw_versions *list_reserve(zw_slab *page, uint32_t place, uint32_t more)
{
    zw_versions *list = versions_of(page, place);
    if (list != NULL && list->count + more <= list->capacity) {
        return list;
    }
    if (page->versions == NULL) {
        page->versions = calloc(page->room, sizeof(zw_versions *));
        if (page->versions == NULL) {
            return NULL;
        }
        page->bytes += page->room * sizeof(zw_versions *);
    }
    uint32_t capacity = list != NULL ? 2 * list->capacity : FIRST_VERSIONS;
    uint32_t count = list != NULL ? list->count : 1;
    capacity = capacity < count + more ? count + more : capacity;
    zw_versions *grown = realloc(list, sizeof(*list) + capacity * sizeof(zw_figure));
    if (grown == NULL) {
        return NULL;
    }
    if (list == NULL) {
        grown->count = 1;
        grown->figures[0] = newest_of(page, place);
    }
    grown->capacity = capacity;
    page->versions[place] = grown;
    return grown;
}

bool zw_slab_say(zw_slab *page)
{
    if (page->said == NULL) {
        page->said = calloc(page->room, sizeof(*page->said));
        page->bytes += page->said != NULL ? page->room * sizeof(*page->said) : 0;
    }
    return page->said != NULL;
}

static bool said_reserve(zw_slab *page, const zw_figure *figure)
{
    return (figure->line == 0 && figure->source == 0 && figure->note == 0) || zw_slab_say(page);
}

static void see_moment(zw_slab *page, int64_t known_at_ms)
{
    bool is_first = page->count == 1;
    page->first_ms = is_first || known_at_ms < page->first_ms ? known_at_ms : page->first_ms;
    page->last_ms = is_first || known_at_ms > page->last_ms ? known_at_ms : page->last_ms;
    page->is_stale = page->is_stale && !is_first;
}

/* Puts a version into a cell in use. */
static bool put_again(zw_slab *page, uint32_t place, const zw_figure *figure, zw_change *change)
{
    uint32_t had = versions_of(page, place) != NULL ? page->versions[place]->count : 0;
    zw_versions *list = list_reserve(page, place, 1);
    if (list == NULL) {
        return false;
    }
    uint32_t at = known_of(list, figure->known_at_ms);
    *change = at == 0                                            ? ZW_CHANGE_NEW
              : figures_say_same(&list->figures[at - 1], figure) ? ZW_CHANGE_UNCHANGED
                                                                 : ZW_CHANGE_REVISED;
    memmove(&list->figures[at + 1], &list->figures[at],
            (list->count - at) * sizeof(*list->figures));
    list->figures[at] = *figure;
    list->count++;
    page->bytes += (list->count - had) * sizeof(zw_figure);
    if (at == list->count - 1) {
        set_newest(page, place, figure);
    }
    return true;
}

zw_status zw_slab_put(zw_slab *page, uint32_t cell, const zw_figure *figure, zw_change *change,
                      zw_err *err)
{
    if (!zw_slab_reserve(page, cell, cell) || !said_reserve(page, figure)) {
        return zw_err_nomem(err);
    }
    uint32_t place = place_of(page, cell);
    if (page->likes[place] == 0) {
        *change = ZW_CHANGE_NEW;
        set_newest(page, place, figure);
        page->used++;
    } else if (!put_again(page, place, figure, change)) {
        return zw_err_nomem(err);
    }
    page->count++;
    see_moment(page, figure->known_at_ms);
    return ZW_OK;
}

void zw_slab_expect(const zw_slab *page, uint32_t cell)
{
    if (cell >= page->base && cell - page->base < page->room) {
        uint32_t place = place_of(page, cell);
        __builtin_prefetch(page->values + place, 1);
        __builtin_prefetch(page->known_at_ms + place, 1);
        __builtin_prefetch(page->batches + place, 1);
        __builtin_prefetch(page->likes + place, 1);
        __builtin_prefetch(block_of(page, cell), 1);
    }
}

bool zw_slab_put_older(zw_slab *page, uint32_t cell, const zw_figure *older, size_t count)
{
    uint32_t place = place_of(page, cell);
    assert(zw_slab_has(page, cell) && versions_of(page, place) == NULL);
    zw_versions *list = list_reserve(page, place, (uint32_t)count);
    if (list == NULL) {
        return false;
    }
    list->figures[count] = list->figures[0];
    memcpy(list->figures, older, count * sizeof(*older));
    list->count = (uint32_t)count + 1;
    page->count += count;
    page->bytes += list->count * sizeof(zw_figure);
    page->is_stale = true;
    return true;
}

void zw_slab_unput(zw_slab *page, uint32_t cell, int64_t known_at_ms)
{
    assert(zw_slab_has(page, cell));
    uint32_t place = place_of(page, cell);
    zw_versions *list = versions_of(page, place);
    page->count--;
    page->is_stale = true;
    if (list == NULL) {
        page->likes[place] = 0;
        page->used--;
        block_of(page, cell)->is_seen = false;
        return;
    }
    uint32_t at = known_of(list, known_at_ms);
    assert(at > 0 && list->figures[at - 1].known_at_ms == known_at_ms);
    memmove(&list->figures[at - 1], &list->figures[at],
            (list->count - at) * sizeof(*list->figures));
    list->count--;
    page->bytes -= sizeof(zw_figure);
    set_newest(page, place, &list->figures[list->count - 1]);
    if (list->count == 1) {
        page->versions[place] = NULL;
        page->bytes -= sizeof(zw_figure);
        free(list);
    }
}

const zw_figure *zw_slab_at(const zw_slab *page, uint32_t cell, int64_t as_of_ms, zw_figure *room)
{
    if (!zw_slab_has(page, cell)) {
        return NULL;
    }
    uint32_t place = place_of(page, cell);
    if (page->known_at_ms[place] <= as_of_ms) {
        *room = newest_of(page, place);
        return room;
    }
    const zw_versions *list = versions_of(page, place);
    uint32_t known = list != NULL ? known_of(list, as_of_ms) : 0;
    if (known == 0) {
        return NULL;
    }
    *room = list->figures[known - 1];
    return room;
}

size_t zw_slab_versions(const zw_slab *page, uint32_t cell, zw_figure *room, const zw_figure **out)
{
    *out = NULL;
    if (!zw_slab_has(page, cell)) {
        return 0;
    }
    uint32_t place = place_of(page, cell);
    const zw_versions *list = versions_of(page, place);
    if (list != NULL) {
        *out = list->figures;
        return list->count;
    }
    *room = newest_of(page, place);
    *out = room;
    return 1;
}

/* What the cells of a whole block have in common. */
static void see_block(const zw_slab *page, struct zw_slab_block *block, uint32_t begin)
{
    const uint8_t *likes = page->likes + place_of(page, begin);
    const int64_t *known_at_ms = page->known_at_ms + place_of(page, begin);
    bool is_alike = true;
    block->newest_ms = INT64_MIN;
    for (size_t i = 0; i < BLOCK; i++) {
        is_alike = is_alike && likes[i] == likes[0];
        block->newest_ms = known_at_ms[i] > block->newest_ms ? known_at_ms[i] : block->newest_ms;
    }
    block->like = is_alike ? likes[0] : 0;
    block->is_seen = true;
}

/* Whether the block that begins with a cell lies in the page and is of one kind, known at a moment.
 */
static bool is_block_of(zw_slab *page, uint32_t cell, uint32_t last, uint8_t like, int64_t as_of_ms)
{
    if (cell % BLOCK != 0 || last < cell + BLOCK - 1 || cell + BLOCK > page->base + page->room) {
        return false;
    }
    struct zw_slab_block *block = block_of(page, cell);
    if (!block->is_seen) {
        see_block(page, block, cell);
    }
    return block->like == like && block->newest_ms <= as_of_ms;
}

bool zw_slab_run(zw_slab *page, uint32_t cell, uint32_t last, int64_t as_of_ms, zw_run *out)
{
    uint8_t like = zw_slab_has(page, cell) ? page->likes[place_of(page, cell)] : 0;
    uint8_t status = (uint8_t)((like - 1U) / 2U);
    if (like == 0 || status == ZW_OBS_MISSING) {
        return false;
    }
    int64_t newest_ms = INT64_MIN;
    uint32_t end = page->base + page->room;
    uint32_t at = cell;
    last = last < end ? last : end - 1;
    while (at <= last) {
        if (is_block_of(page, at, last, like, as_of_ms)) {
            int64_t block_ms = block_of(page, at)->newest_ms;
            newest_ms = block_ms > newest_ms ? block_ms : newest_ms;
            at += BLOCK;
            continue;
        }
        int64_t known_at_ms = page->known_at_ms[place_of(page, at)];
        if (page->likes[place_of(page, at)] != like || known_at_ms > as_of_ms) {
            break;
        }
        newest_ms = known_at_ms > newest_ms ? known_at_ms : newest_ms;
        at++;
    }
    *out = (zw_run){.values = page->values + place_of(page, cell),
                    .count = at - cell,
                    .known_at_ms = newest_ms,
                    .status = status,
                    .is_synthetic = (like - 1U) % 2U != 0};
    return at > cell;
}

/* Looks for the least and the greatest known_at. */
static void see_moments(zw_slab *page)
{
    size_t seen = 0;
    for (uint32_t place = 0; place < page->room; place++) {
        const zw_versions *list = versions_of(page, place);
        if (page->likes[place] == 0) {
            continue;
        }
        int64_t newest_ms = page->known_at_ms[place];
        int64_t oldest_ms = list != NULL ? list->figures[0].known_at_ms : newest_ms;
        page->first_ms = seen == 0 || oldest_ms < page->first_ms ? oldest_ms : page->first_ms;
        page->last_ms = seen == 0 || newest_ms > page->last_ms ? newest_ms : page->last_ms;
        seen++;
    }
    page->is_stale = false;
}

zw_slab_about zw_slab_about_of(zw_slab *page)
{
    zw_slab_about about = {.first = 1, .last = 0, .used = page->used, .count = page->count};
    if (page->used == 0) {
        return about;
    }
    if (page->is_stale) {
        see_moments(page);
    }
    about.first_ms = page->first_ms;
    about.last_ms = page->last_ms;
    uint32_t low = 0;
    uint32_t high = page->room - 1;
    while (page->likes[low] == 0) {
        low++;
    }
    while (page->likes[high] == 0) {
        high--;
    }
    about.first = page->base + low;
    about.last = page->base + high;
    about.value = page->values[high];
    about.known_at_ms = page->known_at_ms[high];
    about.like = (uint8_t)(page->likes[high] - 1);
    return about;
}
