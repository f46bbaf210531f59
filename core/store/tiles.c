/* The tiles of a store. They lie by group, and in it by index. */
#include "store/tiles.h"

#include "base/civil.h"
#include "store/stmts.h"

#include <assert.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum { READ, HOLD, WRITE, REMOVE, NOTE_GONE, SQL_COUNT };
static const char note_gone_sql[] =
    "INSERT INTO gone(series, first, known_at_ms, figures) VALUES(?1, ?2, ?3, ?4)"
    " ON CONFLICT(series) DO UPDATE SET first = min(first, excluded.first),"
    " known_at_ms = min(known_at_ms, excluded.known_at_ms),"
    " figures = figures + excluded.figures";
static const char *const tiles_sql[SQL_COUNT] = {
    [READ] = "SELECT id, series, start, head FROM page ORDER BY id",
    [HOLD] = "SELECT head, body FROM page WHERE id = ?1",
    [WRITE] = "INSERT INTO page(series, start, head, body) VALUES(?1, ?2, ?3, ?4)",
    [REMOVE] = "DELETE FROM page WHERE id = ?1",
    [NOTE_GONE] = note_gone_sql,
};

/* Rows in hand: a series reaches over the tiles of a few thousand periods at a time. */
enum { FIRST_TILES = 16, BODY_BYTES = 1 << 30, HANDS = 4 };

struct hand {
    int64_t row; /* 0: none */
    zw_tile_head head;
    zw_buf body;
};

/* The tiles of a group, by index. */
struct group {
    zw_tile **tiles;
    size_t count, capacity;
};

struct zw_tiles {
    zw_stmts stmts;
    struct group *groups;
    size_t group_count;
    zw_tile **all; /* in the order they came; owned here */
    size_t count, capacity;
    struct hand hands[HANDS];
    size_t next; /* the hand that has held its row longest */
};

zw_status zw_tiles_create(zw_db *db, zw_tiles **out, zw_err *err)
{
    *out = NULL;
    zw_tiles *tiles = calloc(1, sizeof *tiles);
    if (tiles == NULL) {
        return zw_err_nomem(err);
    }
    for (size_t i = 0; i < HANDS; i++) {
        zw_buf_init(&tiles->hands[i].body, BODY_BYTES);
    }
    zw_status status = zw_stmts_init(&tiles->stmts, db, tiles_sql, SQL_COUNT, err);
    if (status != ZW_OK) {
        zw_tiles_destroy(tiles);
        return status;
    }
    *out = tiles;
    return ZW_OK;
}

void zw_tiles_destroy(zw_tiles *tiles)
{
    if (tiles == NULL) {
        return;
    }
    for (size_t g = 0; g < tiles->group_count; g++) {
        free((void *)tiles->groups[g].tiles);
    }
    for (size_t i = 0; i < tiles->count; i++) {
        free(tiles->all[i]);
    }
    free(tiles->groups);
    free((void *)tiles->all);
    zw_tiles_release(tiles);
    zw_stmts_fini(&tiles->stmts);
    free(tiles);
}

/* Makes room for one pointer more. */
static bool list_reserve(zw_tile ***list, size_t count, size_t *capacity)
{
    if (count < *capacity) {
        return true;
    }
    size_t larger = *capacity > 0 ? 2 * *capacity : FIRST_TILES;
    zw_tile **moved = realloc((void *)*list, larger * sizeof(zw_tile *));
    if (moved == NULL) {
        return false;
    }
    *list = moved;
    *capacity = larger;
    return true;
}

static struct group *group_ensure(zw_tiles *tiles, uint32_t number)
{
    if (number >= tiles->group_count) {
        size_t count = (size_t)number + 1 + tiles->group_count;
        struct group *grown = realloc(tiles->groups, count * sizeof(*grown));
        if (grown == NULL) {
            return NULL;
        }
        memset(grown + tiles->group_count, 0, (count - tiles->group_count) * sizeof(*grown));
        tiles->groups = grown;
        tiles->group_count = count;
    }
    return &tiles->groups[number];
}

/* The first place whose index is not below `index`. */
static size_t place_of(const struct group *group, int64_t index)
{
    size_t low = 0;
    size_t high = group->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (group->tiles[middle]->index < index) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

zw_tile *zw_tiles_ensure(zw_tiles *tiles, uint32_t number, int64_t index)
{
    struct group *group = group_ensure(tiles, number);
    if (group == NULL) {
        return NULL;
    }
    size_t place = place_of(group, index);
    if (place < group->count && group->tiles[place]->index == index) {
        return group->tiles[place];
    }
    if (!list_reserve(&group->tiles, group->count, &group->capacity) ||
        !list_reserve(&tiles->all, tiles->count, &tiles->capacity)) {
        return NULL;
    }
    zw_tile *tile = calloc(1, sizeof(*tile));
    if (tile == NULL) {
        return NULL;
    }
    *tile = (zw_tile){.group = number, .index = index};
    memmove((void *)&group->tiles[place + 1], (const void *)&group->tiles[place],
            (group->count - place) * sizeof(zw_tile *));
    group->tiles[place] = tile;
    group->count++;
    tiles->all[tiles->count++] = tile;
    return tile;
}

size_t zw_tiles_count(const zw_tiles *tiles)
{
    return tiles->count;
}

zw_tile *zw_tiles_at(const zw_tiles *tiles, size_t number)
{
    return tiles->all[number];
}

void zw_tiles_forget(zw_tiles *tiles, size_t number)
{
    zw_tile *tile = tiles->all[number];
    struct group *group = &tiles->groups[tile->group];
    size_t place = place_of(group, tile->index);
    assert(tile->row == 0 && tile->first_row == 0 && group->tiles[place] == tile);
    group->count--;
    memmove((void *)&group->tiles[place], (const void *)&group->tiles[place + 1],
            (group->count - place) * sizeof(zw_tile *));
    tiles->all[number] = tiles->all[--tiles->count];
    free(tile);
}

static zw_status say_damage(const zw_tiles_reader *reader, int64_t row, int64_t series,
                            zw_period start, zw_err *err)
{
    bool is_known = series >= 0 && series <= UINT32_MAX - reader->group_series;
    zw_damage damage = {.table = "page",
                        .row = row,
                        .is_known = is_known,
                        .first_series = is_known ? (zw_series_id)series : 0,
                        .last_series =
                            is_known ? (zw_series_id)series + reader->group_series - 1 : 0,
                        .first_period = start,
                        .last_period = start + reader->span - 1};
    return reader->on_damage(reader->arg, &damage, err);
}

static zw_status read_row(zw_tiles *tiles, sqlite3_stmt *stmt, const zw_tiles_reader *reader,
                          zw_err *err)
{
    int64_t row = sqlite3_column_int64(stmt, 0);
    int64_t series = sqlite3_column_int64(stmt, 1);
    zw_period start = sqlite3_column_int64(stmt, 2);
    const void *bytes = sqlite3_column_blob(stmt, 3);
    size_t len = (size_t)sqlite3_column_bytes(stmt, 3);
    bool has_place = series >= 0 && series <= UINT32_MAX && series % reader->group_series == 0 &&
                     start >= ZW_PERIOD_MIN - reader->span && start <= ZW_PERIOD_MAX;
    bool is_good = zw_tile_read(bytes, len, &tiles->hands[0].head) && has_place;
    if (!has_place) {
        return say_damage(reader, row, series, start, err);
    }
    zw_tile *tile = zw_tiles_ensure(tiles, (uint32_t)series / reader->group_series,
                                    zw_floor_div(start, reader->span));
    if (tile == NULL) {
        return zw_err_nomem(err);
    }
    tile->row = row;
    tile->is_damaged = !is_good;
    if (!is_good) {
        return say_damage(reader, row, series, start, err);
    }
    tile->sealed_row = tiles->hands[0].head.sealed_row;
    return reader->on_tile(reader->arg, tile, &tiles->hands[0].head, err);
}

zw_status zw_tiles_read(zw_tiles *tiles, const zw_tiles_reader *reader, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = zw_stmts_borrow(&tiles->stmts, READ, &stmt, err);
    bool has_row = status == ZW_OK;
    zw_tiles_release(tiles); /* one hand is needed for the heads */
    while (status == ZW_OK && has_row) {
        status = zw_stmts_step(&tiles->stmts, stmt, "read pages", &has_row, err);
        if (status == ZW_OK && has_row) {
            status = read_row(tiles, stmt, reader, err);
        }
    }
    zw_stmts_done(stmt);
    return status;
}

static zw_status take_in_hand(struct hand *hand, sqlite3_stmt *stmt, zw_err *err)
{
    const void *head = sqlite3_column_blob(stmt, 0);
    size_t head_len = (size_t)sqlite3_column_bytes(stmt, 0);
    if (!zw_tile_read(head, head_len, &hand->head)) {
        return zw_err_set(err, ZW_STORE, "the head of a page is damaged");
    }
    const void *body = sqlite3_column_blob(stmt, 1);
    size_t len = (size_t)sqlite3_column_bytes(stmt, 1);
    zw_buf_clear(&hand->body);
    if (len > 0 && (body == NULL || !zw_buf_append(&hand->body, body, len))) {
        return zw_err_nomem(err);
    }
    return ZW_OK;
}

static zw_status read_hand(zw_tiles *tiles, struct hand *hand, int64_t row, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    bool has_row = false;
    hand->row = 0;
    zw_status status = zw_stmts_borrow(&tiles->stmts, HOLD, &stmt, err);
    if (status == ZW_OK) {
        (void)sqlite3_bind_int64(stmt, 1, row);
        status = zw_stmts_step(&tiles->stmts, stmt, "read page", &has_row, err);
    }
    if (status == ZW_OK) {
        status =
            has_row ? take_in_hand(hand, stmt, err) : zw_err_set(err, ZW_STORE, "a page is gone");
    }
    zw_stmts_done(stmt);
    hand->row = status == ZW_OK ? row : 0;
    return status;
}

zw_status zw_tiles_hold(zw_tiles *tiles, const zw_tile *tile, zw_tile_held *out, zw_err *err)
{
    struct hand *hand = NULL;
    for (size_t i = 0; i < HANDS && hand == NULL; i++) {
        bool is_it = tile->row != 0 && tiles->hands[i].row == tile->row;
        hand = is_it ? &tiles->hands[i] : NULL;
    }
    if (hand == NULL) {
        hand = &tiles->hands[tiles->next];
        tiles->next = (tiles->next + 1) % HANDS;
        zw_status status = read_hand(tiles, hand, tile->row, err);
        if (status != ZW_OK) {
            return status;
        }
    }
    *out = (zw_tile_held){&hand->head, hand->body.data, hand->body.len};
    return ZW_OK;
}

void zw_tiles_release(zw_tiles *tiles)
{
    for (size_t i = 0; i < HANDS; i++) {
        tiles->hands[i].row = 0;
        zw_buf_fini(&tiles->hands[i].body);
    }
}

zw_status zw_tiles_write(zw_tiles *tiles, zw_series_id series, zw_period start, const zw_buf *head,
                         const zw_buf *body, int64_t *row, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = zw_stmts_borrow(&tiles->stmts, WRITE, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    for (size_t i = 0; i < HANDS; i++) {
        tiles->hands[i].row = 0; /* the number may be one that was in hand */
    }
    (void)sqlite3_bind_int64(stmt, 1, series);
    (void)sqlite3_bind_int64(stmt, 2, start);
    (void)sqlite3_bind_blob(stmt, 3, head->data, (int)head->len, SQLITE_STATIC);
    (void)sqlite3_bind_blob(stmt, 4, body->data, (int)body->len, SQLITE_STATIC);
    status = zw_stmts_run(&tiles->stmts, stmt, "insert page", err);
    *row = sqlite3_last_insert_rowid(zw_db_connection(tiles->stmts.db));
    return status;
}

zw_status zw_tiles_remove(zw_tiles *tiles, int64_t row, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = zw_stmts_borrow(&tiles->stmts, REMOVE, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    (void)sqlite3_bind_int64(stmt, 1, row);
    return zw_stmts_run(&tiles->stmts, stmt, "delete page", err);
}

zw_status zw_tiles_note_gone(zw_tiles *tiles, zw_series_id series, zw_period first,
                             int64_t known_at_ms, size_t figures, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = zw_stmts_borrow(&tiles->stmts, NOTE_GONE, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    (void)sqlite3_bind_int64(stmt, 1, series);
    (void)sqlite3_bind_int64(stmt, 2, first);
    (void)sqlite3_bind_int64(stmt, 3, known_at_ms);
    (void)sqlite3_bind_int64(stmt, 4, (int64_t)figures);
    return zw_stmts_run(&tiles->stmts, stmt, "note what is gone", err);
}
