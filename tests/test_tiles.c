/* The tiles of a store: rows that are written are read, and those that are damaged are named. */
#include "store/tiles.h"

#include "failing_alloc.h"

#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

typedef struct fixture {
    zw_db *db;
    zw_tiles *tiles;
    size_t tiles_read, damages;
    zw_damage damage;
} fixture;

static int setup(void **state)
{
    static fixture f;
    f = (fixture){0};
    *state = &f;
    return zw_db_open(":memory:", ZW_DB_WRITE, &f.db, NULL) == ZW_OK &&
                   zw_tiles_create(f.db, &f.tiles, NULL) == ZW_OK
               ? 0
               : -1;
}

static int teardown(void **state)
{
    fixture *f = *state;
    zw_tiles_destroy(f->tiles);
    zw_tiles_destroy(NULL);
    zw_db_close(f->db);
    return 0;
}

static zw_status on_tile(void *arg, zw_tile *tile, const zw_tile_head *head, zw_err *err)
{
    fixture *f = arg;
    (void)err;
    f->tiles_read++;
    assert_int_equal(head->part_count, 1);
    assert_int_equal(tile->sealed_row, head->sealed_row);
    return ZW_OK;
}

static zw_status on_damage(void *arg, const zw_damage *damage, zw_err *err)
{
    fixture *f = arg;
    (void)err;
    f->damages++;
    f->damage = *damage;
    return ZW_OK;
}

/* Writes a tile with one page of one figure. */
static int64_t write_tile(fixture *f, zw_series_id series, zw_period start, double value)
{
    static zw_tile_head head;
    zw_slab page = {0};
    zw_figure figure = {.value = value, .known_at_ms = 5, .batch = 1};
    zw_change change = ZW_CHANGE_NEW;
    zw_buf bytes;
    zw_buf body;
    int64_t row = 0;
    zw_buf_init(&bytes, 1 << 16);
    zw_buf_init(&body, 1 << 16);
    head = (zw_tile_head){.sealed_row = 9};
    assert_int_equal(zw_slab_put(&page, 0, &figure, &change, NULL), ZW_OK);
    assert_true(zw_tile_add(&head, &body, 1, &page, NULL));
    zw_tile_write(&head, &bytes);
    assert_int_equal(zw_tiles_write(f->tiles, series, start, &bytes, &body, &row, NULL), ZW_OK);
    zw_slab_fini(&page);
    zw_buf_fini(&bytes);
    zw_buf_fini(&body);
    return row;
}

static zw_status read_all(fixture *f)
{
    zw_tiles_reader reader = {
        .arg = f, .on_tile = on_tile, .on_damage = on_damage, .group_series = 64, .span = 512};
    f->tiles_read = f->damages = 0;
    return zw_tiles_read(f->tiles, &reader, NULL);
}

static double value_in(fixture *f, const zw_tile *tile)
{
    zw_tile_held held;
    zw_slab page;
    zw_figure room;
    assert_int_equal(zw_tiles_hold(f->tiles, tile, &held, NULL), ZW_OK);
    const zw_tile_part *part = zw_tile_part_of(held.head, 1);
    assert_non_null(part);
    assert_int_equal(zw_tile_take(held.head, held.body, held.len, part, &page, NULL), ZW_OK);
    const zw_figure *at = zw_slab_at(&page, 0, 5, &room);
    assert_non_null(at);
    zw_slab_fini(&page);
    return room.value;
}

static void what_was_written_is_held_and_what_was_removed_is_gone(void **state)
{
    fixture *f = *state;
    (void)write_tile(f, 0, 0, 1);
    (void)write_tile(f, 128, -512, 2);
    assert_int_equal(read_all(f), ZW_OK);
    assert_true(f->tiles_read == 2 && f->damages == 0);
    assert_int_equal(zw_tiles_count(f->tiles), 2);
    zw_tile *first = zw_tiles_at(f->tiles, 0);
    zw_tile *second = zw_tiles_at(f->tiles, 1);
    assert_true(second->group == 2 && second->index == -1 && second->row > first->row);
    assert_ptr_equal(zw_tiles_ensure(f->tiles, 2, -1), second);
    assert_true(value_in(f, first) == 1 && value_in(f, second) == 2 && value_in(f, first) == 1);
    /* SQLite gives the number of the last row again once that is gone. */
    assert_true(value_in(f, second) == 2);
    assert_int_equal(zw_tiles_remove(f->tiles, second->row, NULL), ZW_OK);
    assert_int_equal(write_tile(f, 128, -512, 3), second->row);
    assert_true(value_in(f, second) == 3);
    zw_tiles_release(f->tiles);
    zw_tile_held held;
    assert_int_equal(zw_tiles_remove(f->tiles, first->row, NULL), ZW_OK);
    assert_int_equal(zw_tiles_hold(f->tiles, first, &held, NULL), ZW_STORE);
}

static void damaged_rows_are_named(void **state)
{
    static const struct {
        const char *why, *sql;
        bool is_known;
        zw_series_id first_series;
        zw_period first_period;
    } cases[] = {
        {"a head of other bytes", "UPDATE page SET head = zeroblob(60)", true, 64, 512},
        {"an empty head", "UPDATE page SET head = x''", true, 64, 512},
        {"a series below nothing", "UPDATE page SET series = -64", false, 0, 512},
        {"a series that no tile begins with", "UPDATE page SET series = 65", true, 65, 512},
        {"a start beyond time", "UPDATE page SET start = 9223372036854775000", true, 64,
         9223372036854775000},
    };
    fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        sqlite3 *conn = zw_db_connection(f->db);
        assert_int_equal(sqlite3_exec(conn, "DELETE FROM page", NULL, NULL, NULL), SQLITE_OK);
        (void)write_tile(f, 64, 512, 1);
        assert_int_equal(sqlite3_exec(conn, cases[i].sql, NULL, NULL, NULL), SQLITE_OK);
        assert_int_equal(read_all(f), ZW_OK);
        if (f->damages != 1 || f->tiles_read != 0 || f->damage.is_known != cases[i].is_known ||
            f->damage.first_series != cases[i].first_series ||
            f->damage.first_period != cases[i].first_period) {
            fail_msg("%s: %zu damages", cases[i].why, f->damages);
        }
    }
}

static void tiles_are_found_in_any_order_and_not_without_memory(void **state)
{
    fixture *f = *state;
    bool was_refused = true;
    for (long n = 0; was_refused; n++) {
        zw_tiles *tiles = NULL;
        size_t made = 0;
        failing_alloc_after(n);
        zw_status status = zw_tiles_create(f->db, &tiles, NULL);
        while (status == ZW_OK && made < 60 &&
               zw_tiles_ensure(tiles, (uint32_t)(made * 7 % 5), (int64_t)(made * 11 % 12)) !=
                   NULL) {
            made++;
        }
        was_refused = failing_alloc_stop();
        assert_int_equal(made == 60, !was_refused);
        assert_int_equal(tiles != NULL ? zw_tiles_count(tiles) : 0, made);
        zw_tiles_destroy(tiles);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_was_written_is_held_and_what_was_removed_is_gone,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(damaged_rows_are_named, setup, teardown),
        cmocka_unit_test_setup_teardown(tiles_are_found_in_any_order_and_not_without_memory, setup,
                                        teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
