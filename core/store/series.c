/* The registry of series.
 *
 * 1. A series' number is the number of its key in the pool `keys`, its row's id in the file, and
 *    its place in the pages. A key is the numbers of its four texts.
 * 2. A place is a (measure, area); its number is that of the first half of its series' keys in the
 *    pool `place_keys`. It has at least one series.
 * 3. Everything is numbered in order of arrival and taken back newest first, so that pools undo by
 *    shrinking.
 * 4. Pages never move: a view lives as long as the series does.
 */
#include "store/series.h"

#include "store/series_mark.h"
#include "store/stmts.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE_SERIES = 128, FIRST_CAPACITY = 4, GRID_NAME_BYTES = 32 };

enum { LOAD_SERIES, LOAD_MEASURES, ADD_SERIES, ADD_MEASURE, SQL_COUNT };
static const char *const series_sql[SQL_COUNT] = {
    [LOAD_SERIES] = "SELECT id, measure, area, dims, scope FROM series ORDER BY id",
    [LOAD_MEASURES] = "SELECT name, kind, unit, every FROM measure ORDER BY name",
    [ADD_SERIES] = "INSERT INTO series(id, measure, area, dims, scope) VALUES(?1, ?2, ?3, ?4, ?5)",
    [ADD_MEASURE] = "INSERT INTO measure(name, kind, unit, every) VALUES(?1, ?2, ?3, ?4)",
};

/* Numbers in the pool of texts. Hashed as bytes, so there must be no padding. */
typedef struct key {
    uint32_t measure, area, dims, scope;
} key;

static_assert(sizeof(key) == 4 * sizeof(uint32_t), "keys are compared as bytes");

enum { PLACE_KEY_BYTES = 2 * sizeof(uint32_t) };

typedef struct place {
    zw_series_id *ids;
    size_t count, capacity;
} place;

typedef struct page {
    zw_series series[PAGE_SERIES];
} page;

struct zw_series_set {
    zw_db *db; /* borrowed */
    zw_stmts stmts;
    zw_pool *texts, *keys, *place_keys, *measure_names;
    page **pages;
    size_t page_count, page_capacity;
    place *places; /* by number; as many as there are place keys */
    size_t place_capacity;
    zw_recorded_measure *measures; /* by number; as many as there are measure names */
    size_t measure_capacity;
    zw_series_mark kept;
    uint64_t generation;
};

static zw_text text_of_bytes(const void *bytes, size_t len)
{
    return (zw_text){bytes, len};
}

/* Doubles an array that is full. @return false when there is no memory; nothing is changed then. */
static bool array_reserve(void **array, size_t *capacity, size_t count, size_t item_bytes)
{
    if (count < *capacity) {
        return true;
    }
    size_t larger = *capacity > 0 ? 2 * *capacity : FIRST_CAPACITY;
    void *moved = realloc(*array, larger * item_bytes);
    if (moved == NULL) {
        return false;
    }
    *array = moved;
    *capacity = larger;
    return true;
}

static bool reserve_page(zw_series_set *set)
{
    size_t wanted = zw_pool_count(set->keys) / PAGE_SERIES;
    if (wanted < set->page_count) {
        return true;
    }
    void *array = (void *)set->pages;
    if (!array_reserve(&array, &set->page_capacity, set->page_count, sizeof(page *))) {
        return false;
    }
    set->pages = array;
    page *p = calloc(1, sizeof *p);
    if (p == NULL) {
        return false;
    }
    set->pages[set->page_count++] = p;
    return true;
}

/* The place of a key, made when absent, with room for one series more; NULL: no memory. */
static place *reserve_place(zw_series_set *set, const key *k)
{
    void *array = set->places;
    uint32_t count = zw_pool_count(set->place_keys);
    if (!array_reserve(&array, &set->place_capacity, count, sizeof(place))) {
        return NULL;
    }
    set->places = array;
    uint32_t number = zw_pool_put(set->place_keys, text_of_bytes(k, PLACE_KEY_BYTES));
    if (number == ZW_POOL_NONE) {
        return NULL;
    }
    place *p = &set->places[number];
    if (number == count) {
        *p = (place){0};
    }
    array = p->ids;
    if (!array_reserve(&array, &p->capacity, p->count, sizeof *p->ids)) {
        return NULL;
    }
    p->ids = array;
    return p;
}

static bool key_put(zw_series_set *set, const zw_series *named, key *out)
{
    out->measure = zw_pool_put(set->texts, zw_text_of(named->measure));
    out->area = zw_pool_put(set->texts, zw_text_of(named->area));
    out->dims = zw_pool_put(set->texts, zw_text_of(named->dims));
    out->scope = zw_pool_put(set->texts, zw_text_of(named->scope));
    return out->measure != ZW_POOL_NONE && out->area != ZW_POOL_NONE && out->dims != ZW_POOL_NONE &&
           out->scope != ZW_POOL_NONE;
}

static bool key_find(const zw_series_set *set, const zw_series *named, key *out)
{
    out->measure = zw_pool_find(set->texts, zw_text_of(named->measure));
    out->area = zw_pool_find(set->texts, zw_text_of(named->area));
    out->dims = zw_pool_find(set->texts, zw_text_of(named->dims));
    out->scope = zw_pool_find(set->texts, zw_text_of(named->scope));
    return out->measure != ZW_POOL_NONE && out->area != ZW_POOL_NONE && out->dims != ZW_POOL_NONE &&
           out->scope != ZW_POOL_NONE;
}

/* Adds a series in memory. On failure something may be left: the caller goes back to its mark. */
static zw_status series_add(zw_series_set *set, const zw_series *named, zw_series_id *out,
                            zw_err *err)
{
    key k;
    if (!key_put(set, named, &k) || !reserve_page(set)) {
        return zw_err_nomem(err);
    }
    place *p = reserve_place(set, &k);
    if (p == NULL) {
        return zw_err_nomem(err);
    }
    uint32_t count = zw_pool_count(set->keys);
    zw_series_id id = zw_pool_put(set->keys, text_of_bytes(&k, sizeof k));
    if (id == ZW_POOL_NONE) {
        return zw_err_nomem(err);
    }
    if (id != count) {
        return zw_err_set(err, ZW_STORE, "the file is damaged: two series of measure %s are equal",
                          named->measure);
    }
    set->pages[id / PAGE_SERIES]->series[id % PAGE_SERIES] =
        (zw_series){.measure = zw_pool_text(set->texts, k.measure),
                    .area = zw_pool_text(set->texts, k.area),
                    .dims = zw_pool_text(set->texts, k.dims),
                    .scope = zw_pool_text(set->texts, k.scope)};
    p->ids[p->count++] = id;
    set->generation++;
    *out = id;
    return ZW_OK;
}

/* Adds a measure in memory. On failure as series_add. */
static zw_status measure_add(zw_series_set *set, const char *name, const zw_recorded_measure *what,
                             zw_err *err)
{
    void *array = set->measures;
    uint32_t count = zw_pool_count(set->measure_names);
    if (!array_reserve(&array, &set->measure_capacity, count, sizeof *set->measures)) {
        return zw_err_nomem(err);
    }
    set->measures = array;
    uint32_t kind = zw_pool_put(set->texts, zw_text_of(what->kind));
    uint32_t unit = zw_pool_put(set->texts, zw_text_of(what->unit));
    if (kind == ZW_POOL_NONE || unit == ZW_POOL_NONE ||
        zw_pool_put(set->measure_names, zw_text_of(name)) == ZW_POOL_NONE) {
        return zw_err_nomem(err);
    }
    set->measures[count] = (zw_recorded_measure){.kind = zw_pool_text(set->texts, kind),
                                                 .unit = zw_pool_text(set->texts, unit),
                                                 .grid = what->grid};
    return ZW_OK;
}

static zw_status load_series_row(zw_series_set *set, sqlite3_stmt *stmt, zw_err *err)
{
    zw_series named = {0};
    const char **texts[] = {&named.measure, &named.area, &named.dims, &named.scope};
    for (int i = 0; i < 4; i++) {
        zw_status status = zw_stmts_text(&set->stmts, stmt, i + 1, texts[i], err);
        if (status != ZW_OK) {
            return status;
        }
    }
    int64_t stored = sqlite3_column_int64(stmt, 0);
    if (stored != (int64_t)zw_series_count(set)) {
        return zw_err_set(err, ZW_STORE, "the file is damaged: series %u is missing",
                          zw_series_count(set));
    }
    zw_series_id id = ZW_SERIES_NONE;
    return series_add(set, &named, &id, err);
}

static zw_status load_measure_row(zw_series_set *set, sqlite3_stmt *stmt, zw_err *err)
{
    const char *name = NULL;
    const char *every = NULL;
    zw_recorded_measure what = {0};
    const char **texts[] = {&name, &what.kind, &what.unit, &every};
    for (int i = 0; i < 4; i++) {
        zw_status status = zw_stmts_text(&set->stmts, stmt, i, texts[i], err);
        if (status != ZW_OK) {
            return status;
        }
    }
    if (!zw_grid_parse(zw_text_of(every), &what.grid)) {
        return zw_err_set(err, ZW_STORE, "the file is damaged: measure %s comes every '%s'", name,
                          every);
    }
    return measure_add(set, name, &what, err);
}

static zw_status load_rows(zw_series_set *set, size_t which,
                           zw_status (*load)(zw_series_set *, sqlite3_stmt *, zw_err *),
                           zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = zw_stmts_borrow(&set->stmts, which, &stmt, err);
    bool has_row = status == ZW_OK;
    while (status == ZW_OK && has_row) {
        status = zw_stmts_step(&set->stmts, stmt, "read series", &has_row, err);
        if (status == ZW_OK && has_row) {
            status = load(set, stmt, err);
        }
    }
    zw_stmts_done(stmt);
    return status;
}

static zw_status set_build(zw_series_set *set, zw_err *err)
{
    zw_pool **pools[] = {&set->texts, &set->keys, &set->place_keys, &set->measure_names};
    zw_status status = zw_stmts_init(&set->stmts, set->db, series_sql, SQL_COUNT, err);
    for (size_t i = 0; status == ZW_OK && i < sizeof pools / sizeof pools[0]; i++) {
        status = zw_pool_create(pools[i], err);
    }
    if (status == ZW_OK) {
        status = load_rows(set, LOAD_SERIES, load_series_row, err);
    }
    if (status == ZW_OK) {
        status = load_rows(set, LOAD_MEASURES, load_measure_row, err);
    }
    return status;
}

zw_status zw_series_set_create(zw_db *db, zw_series_set **out, zw_err *err)
{
    *out = NULL;
    zw_series_set *set = calloc(1, sizeof *set);
    if (set == NULL) {
        return zw_err_nomem(err);
    }
    set->db = db;
    zw_status status = set_build(set, err);
    if (status != ZW_OK) {
        zw_series_set_destroy(set);
        return status;
    }
    zw_series_keep(set);
    *out = set;
    return ZW_OK;
}

void zw_series_set_destroy(zw_series_set *set)
{
    if (set == NULL) {
        return;
    }
    if (set->place_keys != NULL) {
        for (uint32_t i = 0; i < zw_pool_count(set->place_keys); i++) {
            free(set->places[i].ids);
        }
    }
    for (size_t i = 0; i < set->page_count; i++) {
        free(set->pages[i]);
    }
    free((void *)set->pages);
    free(set->places);
    free(set->measures);
    zw_pool_destroy(set->measure_names);
    zw_pool_destroy(set->place_keys);
    zw_pool_destroy(set->keys);
    zw_pool_destroy(set->texts);
    zw_stmts_fini(&set->stmts);
    free(set);
}

zw_series_id zw_series_find(const zw_series_set *set, const zw_series *named)
{
    key k;
    if (!key_find(set, named, &k)) {
        return ZW_SERIES_NONE;
    }
    uint32_t found = zw_pool_find(set->keys, text_of_bytes(&k, sizeof k));
    return found != ZW_POOL_NONE ? found : ZW_SERIES_NONE;
}

static zw_status series_insert(zw_series_set *set, zw_series_id id, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = zw_stmts_borrow(&set->stmts, ADD_SERIES, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    const zw_series *added = zw_series_view(set, id);
    (void)sqlite3_bind_int64(stmt, 1, id);
    zw_stmts_bind_text(stmt, 2, added->measure);
    zw_stmts_bind_text(stmt, 3, added->area);
    zw_stmts_bind_text(stmt, 4, added->dims);
    zw_stmts_bind_text(stmt, 5, added->scope);
    return zw_stmts_run(&set->stmts, stmt, "insert series", err);
}

/* Outside one a row would be durable at once, and no rollback would take it back. */
static zw_status require_transaction(const zw_series_set *set, zw_err *err)
{
    return zw_db_in_transaction(set->db) ? ZW_OK
                                         : zw_err_set(err, ZW_STORE, "no transaction is open");
}

zw_status zw_series_ensure(zw_series_set *set, const zw_series *named, zw_series_id *out,
                           zw_err *err)
{
    *out = zw_series_find(set, named);
    if (*out != ZW_SERIES_NONE) {
        return ZW_OK;
    }
    zw_series_mark mark = zw_series_mark_of(set);
    zw_series_id id = ZW_SERIES_NONE;
    zw_status status = require_transaction(set, err);
    if (status == ZW_OK) {
        status = series_add(set, named, &id, err);
    }
    if (status == ZW_OK) {
        status = series_insert(set, id, err);
    }
    if (status != ZW_OK) {
        zw_series_back_to(set, mark);
        return status;
    }
    *out = id;
    return ZW_OK;
}

const zw_series *zw_series_view(const zw_series_set *set, zw_series_id id)
{
    assert(id < zw_series_count(set));
    return &set->pages[id / PAGE_SERIES]->series[id % PAGE_SERIES];
}

uint32_t zw_series_count(const zw_series_set *set)
{
    return zw_pool_count(set->keys);
}

size_t zw_series_at(const zw_series_set *set, const char *measure, const char *area,
                    const zw_series_id **out)
{
    *out = NULL;
    key k = {.measure = zw_pool_find(set->texts, zw_text_of(measure)),
             .area = zw_pool_find(set->texts, zw_text_of(area))};
    if (k.measure == ZW_POOL_NONE || k.area == ZW_POOL_NONE) {
        return 0;
    }
    uint32_t number = zw_pool_find(set->place_keys, text_of_bytes(&k, PLACE_KEY_BYTES));
    if (number == ZW_POOL_NONE) {
        return 0;
    }
    *out = set->places[number].ids;
    return set->places[number].count;
}

uint64_t zw_series_generation(const zw_series_set *set)
{
    return set->generation;
}

zw_status zw_series_measure(const zw_series_set *set, const char *measure, zw_recorded_measure *out,
                            zw_err *err)
{
    uint32_t number = zw_pool_find(set->measure_names, zw_text_of(measure));
    if (number == ZW_POOL_NONE) {
        return zw_err_set(err, ZW_NOT_FOUND, "measure %s never had a figure", measure);
    }
    *out = set->measures[number];
    return ZW_OK;
}

static zw_status measure_insert(zw_series_set *set, const char *name,
                                const zw_recorded_measure *what, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = zw_stmts_borrow(&set->stmts, ADD_MEASURE, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    char every[GRID_NAME_BYTES];
    zw_stmts_bind_text(stmt, 1, name);
    zw_stmts_bind_text(stmt, 2, what->kind);
    zw_stmts_bind_text(stmt, 3, what->unit);
    zw_stmts_bind_text(stmt, 4, zw_grid_name(what->grid, every, sizeof every));
    return zw_stmts_run(&set->stmts, stmt, "insert measure", err);
}

static zw_status measure_compare(const char *name, const zw_recorded_measure *recorded,
                                 const zw_recorded_measure *what, zw_err *err)
{
    if (strcmp(recorded->kind, what->kind) == 0 && strcmp(recorded->unit, what->unit) == 0 &&
        zw_grid_same(recorded->grid, what->grid)) {
        return ZW_OK;
    }
    char was[GRID_NAME_BYTES];
    char is[GRID_NAME_BYTES];
    return zw_err_set(err, ZW_CONFLICT,
                      "measure %s is recorded as %s in '%s' every %s, not as %s in '%s' every %s",
                      name, recorded->kind, recorded->unit,
                      zw_grid_name(recorded->grid, was, sizeof was), what->kind, what->unit,
                      zw_grid_name(what->grid, is, sizeof is));
}

zw_status zw_series_record(zw_series_set *set, const char *measure, const zw_recorded_measure *what,
                           zw_err *err)
{
    uint32_t number = zw_pool_find(set->measure_names, zw_text_of(measure));
    if (number != ZW_POOL_NONE) {
        return measure_compare(measure, &set->measures[number], what, err);
    }
    zw_series_mark mark = zw_series_mark_of(set);
    zw_status status = require_transaction(set, err);
    if (status == ZW_OK) {
        status = measure_add(set, measure, what, err);
    }
    if (status == ZW_OK) {
        status = measure_insert(set, measure, what, err);
    }
    if (status != ZW_OK) {
        zw_series_back_to(set, mark);
    }
    return status;
}

zw_series_mark zw_series_mark_of(const zw_series_set *set)
{
    return (zw_series_mark){.series = zw_pool_count(set->keys),
                            .measures = zw_pool_count(set->measure_names),
                            .places = zw_pool_count(set->place_keys),
                            .texts = zw_pool_count(set->texts)};
}

void zw_series_back_to(zw_series_set *set, zw_series_mark mark)
{
    set->generation++;
    for (uint32_t id = zw_pool_count(set->keys); id > mark.series; id--) {
        const char *k = zw_pool_text(set->keys, id - 1);
        uint32_t number = zw_pool_find(set->place_keys, text_of_bytes(k, PLACE_KEY_BYTES));
        place *p = &set->places[number];
        assert(p->count > 0 && p->ids[p->count - 1] == id - 1);
        p->count--;
    }
    for (uint32_t i = mark.places; i < zw_pool_count(set->place_keys); i++) {
        assert(set->places[i].count == 0);
        free(set->places[i].ids);
    }
    zw_pool_shrink(set->keys, mark.series);
    zw_pool_shrink(set->place_keys, mark.places);
    zw_pool_shrink(set->measure_names, mark.measures);
    zw_pool_shrink(set->texts, mark.texts);
}

void zw_series_undo(zw_series_set *set)
{
    zw_series_back_to(set, set->kept);
}

void zw_series_keep(zw_series_set *set)
{
    set->kept = zw_series_mark_of(set);
}
