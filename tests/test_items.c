/* The registers' rows: in memory, in the file, taken back, without memory. */
#include "store/items.h"

#include "failing_alloc.h"
#include "failing_sqlite.h"
#include "store_folder.h"

#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

#include "store_model.h" /* it asserts, so cmocka comes before it */

/* Puts one row of batch 1. */
static zw_status add(zw_store *store, zw_item_row row, zw_change *change)
{
    const char **texts[] = {&row.register_name, &row.item,   &row.area,
                            &row.state,         &row.source, &row.note};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        *texts[i] = *texts[i] != NULL ? *texts[i] : "";
    }
    row.batch = 1;
    zw_change ignored = ZW_CHANGE_NEW;
    return zw_items_put(zw_store_items(store), &row, change != NULL ? change : &ignored, NULL);
}

static zw_store *open_with_a_turn(void)
{
    zw_store *store = open_store(":memory:", ZW_DB_WRITE);
    zw_delivery d = {.source = "s", .name = "n", .format = "f", .digest = "d"};
    assert_int_equal(zw_store_begin(store, NULL), ZW_OK);
    assert_int_equal(zw_store_deliver(store, &d, NULL), ZW_OK);
    return store;
}

static void each_row_says_what_it_changed(void **state)
{
    static const struct {
        const char *why;
        zw_item_row row;
        zw_change change;
    } steps[] = {
        {"the first of an item",
         {.register_name = "calls", .item = "c", .area = "a", .at_ms = 10, .known_at_ms = 10},
         ZW_CHANGE_NEW},
        {"the same again",
         {.register_name = "calls", .item = "c", .area = "a", .at_ms = 10, .known_at_ms = 20},
         ZW_CHANGE_UNCHANGED},
        {"its correction",
         {.register_name = "calls", .item = "c", .area = "b", .at_ms = 10, .known_at_ms = 30},
         ZW_CHANGE_REVISED},
        {"the same name in another register is another item",
         {.register_name = "firms", .item = "c", .area = "a", .at_ms = 10, .known_at_ms = 30},
         ZW_CHANGE_NEW},
        {"no change",
         {.register_name = "calls", .area = "a", .at_ms = 10, .known_at_ms = 10},
         ZW_CHANGE_NEW},
        {"no change, again",
         {.register_name = "calls", .area = "a", .at_ms = 10, .known_at_ms = 11},
         ZW_CHANGE_UNCHANGED},
        {"no change, known before that one was",
         {.register_name = "calls", .area = "a", .at_ms = 10, .known_at_ms = 9},
         ZW_CHANGE_NEW},
        {"no change in another area",
         {.register_name = "calls", .area = "b", .at_ms = 10, .known_at_ms = 10},
         ZW_CHANGE_NEW},
        {"no change at another moment",
         {.register_name = "calls", .area = "a", .at_ms = 11, .known_at_ms = 11},
         ZW_CHANGE_NEW},
        {"no change in another register",
         {.register_name = "firms", .area = "a", .at_ms = 10, .known_at_ms = 10},
         ZW_CHANGE_NEW},
    };
    (void)state;
    zw_store *store = open_with_a_turn();
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        zw_change change = ZW_CHANGE_NEW;
        assert_int_equal(add(store, steps[i].row, &change), ZW_OK);
        if (change != steps[i].change) {
            fail_msg("%s: %d", steps[i].why, (int)change);
        }
    }
    assert_int_equal(zw_items_count(zw_store_items(store)), 10);
    assert_int_equal(zw_items_item_count(zw_store_items(store)), 2);
    zw_store_close(store);
}

/* Two registers, five rows: what each question answers. */
static void rows_are_found_by_item_by_moment_and_by_when_they_were_known(void **state)
{
    static const zw_item_row given[] = {
        {.register_name = "calls", .item = "c", .at_ms = 30, .known_at_ms = 90, .line = 0},
        {.register_name = "firms", .item = "f", .at_ms = 20, .known_at_ms = 20, .line = 1},
        {.register_name = "calls", .item = "d", .at_ms = 10, .known_at_ms = 40, .line = 2},
        {.register_name = "calls", .item = "c", .at_ms = 10, .known_at_ms = 50, .line = 3},
        {.register_name = "calls", .area = "a", .at_ms = 30, .known_at_ms = 40, .line = 4},
    };
    static const uint32_t of_calls[] = {2, 3, 0, 4};   /* by (at, arrival) */
    static const uint32_t learned[] = {1, 2, 4, 3, 0}; /* by (known_at, arrival) */
    (void)state;
    zw_store *store = open_with_a_turn();
    zw_items *items = zw_store_items(store);
    assert_true(zw_items_first_known_ms(items) == ZW_NEVER_MS);
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(add(store, given[i], NULL), ZW_OK);
    }
    zw_register_id calls = zw_items_register(items, "calls");
    size_t first = 99;
    assert_int_equal(zw_items_reports(items, calls, 0, 31, &first), 4);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(zw_items_report(items, calls, first + i)->line, of_calls[i]);
    }
    assert_int_equal(zw_items_reports(items, calls, 11, 30, &first), 0); /* half-open */
    assert_int_equal(zw_items_reports(items, calls, 30, 31, &first), 2);
    assert_int_equal(zw_items_report(items, calls, first)->line, 0);
    assert_int_equal(zw_items_reports(items, calls, 30, 30, &first), 0);
    assert_null(zw_items_report(items, calls, 4));
    assert_int_equal(zw_items_learned(items, 20, 90, &first), 4);
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(zw_items_news(items, first + i)->line, learned[i + 1]);
    }
    assert_null(zw_items_news(items, 5));
    assert_int_equal(zw_items_first_known_ms(items), 20);
    assert_int_equal(zw_store_first_known_ms(store), 20);
    assert_int_equal(zw_store_next_known_ms(store, 20), 40);
    assert_int_equal(put(store, "a", 0, (zw_figure){.known_at_ms = 30, .batch = 1}, NULL), ZW_OK);
    assert_int_equal(zw_store_next_known_ms(store, 20), 30); /* a figure */
    assert_int_equal(zw_store_next_known_ms(store, 30), 40);
    assert_true(zw_store_next_known_ms(store, 90) == ZW_NEVER_MS);

    const zw_item_id *ids = NULL;
    assert_int_equal(zw_items_of(items, calls, &ids), 2);
    assert_string_equal(zw_items_name(items, ids[0]), "c");
    assert_string_equal(zw_items_name(items, ids[1]), "d");
    const zw_item_row *const *rows = NULL;
    assert_int_equal(zw_items_rows(items, ids[0], &rows), 2);
    assert_int_equal(rows[0]->line, 3);
    zw_item_standing s;
    zw_item_at(items, ids[0], 40, 60, &s);
    assert_int_equal(s.last_ms, 10); /* that of 30 is known at 90 */
    zw_item_at(items, ids[0], 40, 90, &s);
    assert_int_equal(s.last_ms, 30);

    assert_int_equal(zw_item_next_ms(items, calls, 9, 60), 10);
    assert_int_equal(zw_item_next_ms(items, calls, 10, 60), 30); /* the one without item */
    assert_true(zw_item_next_ms(items, calls, 10, 39) == ZW_NEVER_MS);
    assert_true(zw_item_next_ms(items, calls, 30, 99) == ZW_NEVER_MS);
    zw_store_close(store);
}

static void of_what_is_not_there_there_is_nothing(void **state)
{
    (void)state;
    zw_store *store = open_with_a_turn();
    zw_items *items = zw_store_items(store);
    zw_item_row row = {.register_name = "calls", .item = "c", .at_ms = 1, .known_at_ms = 1};
    assert_int_equal(add(store, row, NULL), ZW_OK);
    row.register_name = "firms";
    row.item = "f";
    assert_int_equal(add(store, row, NULL), ZW_OK);
    assert_int_equal(zw_items_register(items, "call"), ZW_REGISTER_NONE);
    assert_int_equal(zw_items_find(items, 0, "f"), ZW_ITEM_NONE); /* it is in the other register */
    assert_int_equal(zw_items_find(items, ZW_REGISTER_NONE, "c"), ZW_ITEM_NONE);
    assert_string_equal(zw_items_register_name(items, ZW_REGISTER_NONE), "");
    assert_string_equal(zw_items_name(items, ZW_ITEM_NONE), "");
    const zw_item_id *ids = NULL;
    const zw_item_row *const *rows = NULL;
    size_t first = 9;
    assert_int_equal(zw_items_of(items, ZW_REGISTER_NONE, &ids), 0);
    assert_int_equal(zw_items_rows(items, ZW_ITEM_NONE, &rows), 0);
    assert_int_equal(zw_items_reports(items, ZW_REGISTER_NONE, 0, 9, &first), 0);
    assert_null(zw_items_report(items, ZW_REGISTER_NONE, 0));
    assert_true(zw_item_next_ms(items, ZW_REGISTER_NONE, 0, 9) == ZW_NEVER_MS);
    zw_item_standing s;
    zw_item_at(items, ZW_ITEM_NONE, 9, 9, &s);
    assert_false(s.is_known);
    zw_store_close(store);
}

static void rows_belong_to_the_turn(void **state)
{
    const store_folder *f = *state;
    zw_store *store = open_store(f->path, ZW_DB_WRITE);
    zw_item_row row = {.register_name = "calls", .item = "c", .at_ms = 1, .known_at_ms = 1};
    assert_int_equal(add(store, row, NULL), ZW_STORE); /* no turn is open */
    deliver_and_commit(store, "bureau", "d1");
    char *before = say(store);
    assert_int_equal(zw_store_begin(store, NULL), ZW_OK);
    assert_int_equal(add(store, row, NULL), ZW_OK);
    row.register_name = "firms";
    row.item = "f";
    row.area = "a new area";
    assert_int_equal(add(store, row, NULL), ZW_OK);
    char *half = say(store);
    assert_int_equal(zw_store_savepoint(store, NULL), ZW_OK);
    row.item = "g";
    assert_int_equal(add(store, row, NULL), ZW_OK);
    row.register_name = "third";
    assert_int_equal(add(store, row, NULL), ZW_OK);
    zw_store_rollback_to(store);
    assert_says(store, half);
    zw_store_rollback(store);
    assert_says(store, before);
    assert_int_equal(zw_store_begin(store, NULL), ZW_OK);
    assert_int_equal(add(store, row, NULL), ZW_OK); /* the numbers are given anew */
    assert_int_equal(zw_items_register(zw_store_items(store), "third"), 2);
    assert_int_equal(zw_store_commit(store, NULL), ZW_OK);
    char *after = say(store);
    zw_store_close(store);
    store = open_store(f->path, ZW_DB_READ);
    assert_says(store, after);
    zw_store_close(store);
    free(before);
    free(half);
    free(after);
}

static void rows_that_cannot_be_are_named(void **state)
{
    static const struct {
        const char *why, *sql, *says;
    } cases[] = {
        {"no register",
         "INSERT INTO item_event VALUES(1, 1, 7, '', 'i', '', 1, 1, '', '', '', '', 0)",
         "line 7 of batch 1: a register cannot be named ''"},
        {"a state of no item",
         "INSERT INTO item_event VALUES(1, 1, 7, 'r', '', '', 1, 1, 'x', '', '', '', 0)",
         "no change"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        zw_db *db = NULL;
        zw_err err = {0};
        zw_items *items = NULL;
        assert_int_equal(zw_db_open(":memory:", ZW_DB_WRITE, &db, NULL), ZW_OK);
        assert_int_equal(sqlite3_exec(zw_db_connection(db),
                                      "INSERT INTO batch VALUES(1, 's', 'n', 'c', 'd', 1, 0, 1, 0,"
                                      " 0, 0)",
                                      NULL, NULL, NULL),
                         SQLITE_OK);
        assert_int_equal(sqlite3_exec(zw_db_connection(db), cases[i].sql, NULL, NULL, NULL),
                         SQLITE_OK);
        zw_status status = zw_items_create(db, &items, &err);
        if (status != ZW_STORE || items != NULL || strstr(err.text, cases[i].says) == NULL) {
            fail_msg("%s: %s (%s)", cases[i].why, zw_status_text(status), err.text);
        }
        zw_db_close(db);
    }
}

/* --- any order -------------------------------------------------------------------------------- */

enum { RANDOM_ROWS = 12, RANDOM_MOMENTS = 8, RANDOM_ROUNDS = 60 };

/* A row of the one item "c", in numbers; no two of one moment are known at the same time. */
typedef struct random_row {
    int64_t at, known;
    int area, state, type; /* 0 says nothing */
} random_row;

static const char *const areas[] = {"", "a", "b"};
static const char *const states[] = {"", "posted", "awarded", "left"};
static const char *const types[] = {"", "x", "y"};

static size_t random_rows(random_row *rows, uint32_t *seed)
{
    size_t count = 0;
    for (uint32_t tries = 0; tries < RANDOM_ROWS; tries++) {
        random_row row = {.at = next_random(seed, RANDOM_MOMENTS),
                          .known = next_random(seed, RANDOM_MOMENTS),
                          .area = (int)next_random(seed, 3),
                          .state = (int)next_random(seed, 4),
                          .type = (int)next_random(seed, 3)};
        bool is_taken = false;
        for (size_t i = 0; i < count; i++) {
            is_taken = is_taken || (rows[i].at == row.at && rows[i].known == row.known);
        }
        if (!is_taken) {
            rows[count++] = row;
        }
    }
    return count;
}

/* The last thing said by rows of the moments from `from` to `to` that were known; 0: nothing. What
 * each says lies `which` behind the start of a row's numbers. */
static int last_said(const random_row *rows, size_t count, int64_t from, int64_t to, int64_t as_of,
                     size_t which)
{
    int said = 0;
    int64_t best_at = -1;
    int64_t best_known = -1;
    for (size_t i = 0; i < count; i++) {
        const int says[] = {rows[i].area, rows[i].state, rows[i].type};
        bool is_later =
            rows[i].at > best_at || (rows[i].at == best_at && rows[i].known > best_known);
        if (says[which] != 0 && rows[i].known <= as_of && rows[i].at >= from && rows[i].at <= to &&
            is_later) {
            said = says[which];
            best_at = rows[i].at;
            best_known = rows[i].known;
        }
    }
    return said;
}

/* Whether it lives at `t`, the slow way: by the newest moment of which anything is known. */
static bool model_lives(const random_row *rows, size_t count, int64_t t, int64_t as_of)
{
    for (int64_t at = t; at >= 0; at--) {
        for (size_t i = 0; i < count; i++) {
            if (rows[i].at == at && rows[i].known <= as_of) {
                return last_said(rows, count, at, at, as_of, 1) != 3;
            }
        }
    }
    return false;
}

static int model_state(const random_row *rows, size_t count, int64_t t, int64_t as_of)
{
    for (int64_t at = t; at >= 0; at--) {
        int said = last_said(rows, count, at, at, as_of, 1);
        if (said != 0 && said != 3) {
            return said;
        }
    }
    return 0;
}

static void assert_stands_as_the_model(const zw_items *items, const random_row *rows, size_t count)
{
    for (int64_t t = 0; t < RANDOM_MOMENTS; t++) {
        for (int64_t as_of = 0; as_of < RANDOM_MOMENTS; as_of++) {
            zw_item_standing s;
            zw_item_at(items, 0, t, as_of, &s);
            assert_int_equal(s.lives, model_lives(rows, count, t, as_of));
            assert_string_equal(s.area, areas[last_said(rows, count, 0, t, as_of, 0)]);
            assert_string_equal(s.state, states[model_state(rows, count, t, as_of)]);
            assert_string_equal(zw_item_field_of(&s, "type"),
                                types[last_said(rows, count, 0, t, as_of, 2)]);
        }
    }
}

static void in_whatever_order_rows_come_items_stand_the_same(void **state)
{
    uint32_t seed = 7;
    (void)state;
    for (int round = 0; round < RANDOM_ROUNDS; round++) {
        random_row rows[RANDOM_ROWS];
        size_t count = random_rows(rows, &seed);
        zw_store *store = open_with_a_turn();
        for (size_t i = 0; i < count; i++) {
            size_t other = i + next_random(&seed, (uint32_t)(count - i));
            random_row next = rows[other];
            rows[other] = rows[i];
            rows[i] = next;
            zw_item_field type = {"type", types[next.type]};
            zw_item_row row = {.register_name = "calls",
                               .item = "c",
                               .area = areas[next.area],
                               .state = states[next.state],
                               .at_ms = next.at,
                               .known_at_ms = next.known,
                               .fields = &type,
                               .field_count = 1};
            assert_int_equal(add(store, row, NULL), ZW_OK);
            assert_stands_as_the_model(zw_store_items(store), rows, i + 1);
        }
        zw_store_close(store);
    }
}

/* --- no memory -------------------------------------------------------------------------------- */

enum { MANY = 40 };

/* More rows, items, registers and texts than the first arrays hold. */
static zw_status add_numbered(zw_store *store, uint32_t i)
{
    char name[] = "item 00";
    name[5] = (char)('0' + i / 10);
    name[6] = (char)('0' + i % 10);
    zw_item_field field = {"type", name};
    zw_item_row row = {.register_name = i % 2 == 0 ? name : "calls",
                       .item = i % 5 == 0 ? "" : name,
                       .area = name,
                       .at_ms = 100 - (int64_t)i,
                       .known_at_ms = i % 7,
                       .fields = &field,
                       .field_count = i % 5 != 0};
    return add(store, row, NULL);
}

/* Puts rows until one is refused, and goes on with memory: it ends as if there had always been
 * some. @return whether memory was refused. */
static bool add_without_memory(void (*after)(long), bool (*stop)(void), long n,
                               const char *expected)
{
    zw_store *store = open_with_a_turn();
    zw_status status = ZW_OK;
    uint32_t i = 0;
    after(n);
    while (status == ZW_OK && i < MANY) {
        status = add_numbered(store, i);
        i += status == ZW_OK;
    }
    bool was_refused = stop();
    /* SQLite itself can do without some of what it asks for, and may give the transaction up. */
    assert_true(status == ZW_OK || (was_refused && status == ZW_NOMEM));
    if (zw_db_in_transaction(zw_store_db(store))) {
        assert_int_equal(zw_items_count(zw_store_items(store)), i);
        for (; i < MANY; i++) {
            assert_int_equal(add_numbered(store, i), ZW_OK);
        }
        assert_says(store, expected);
    }
    zw_store_close(store);
    return was_refused;
}

static void without_memory_nothing_was_added(void **state)
{
    (void)state;
    zw_store *store = open_with_a_turn();
    for (uint32_t i = 0; i < MANY; i++) {
        assert_int_equal(add_numbered(store, i), ZW_OK);
    }
    char *expected = say(store);
    zw_store_close(store);
    long n = 0;
    while (add_without_memory(failing_alloc_after, failing_alloc_stop, n, expected)) {
        n++;
    }
    assert_true(n > 40); /* the loop did refuse something */
    n = 0;
    while (add_without_memory(failing_sqlite_after, failing_sqlite_stop, n, expected)) {
        n++;
    }
    assert_true(n > 3);
    free(expected);
}

int main(void)
{
    if (!failing_sqlite_install()) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row_says_what_it_changed),
        cmocka_unit_test(rows_are_found_by_item_by_moment_and_by_when_they_were_known),
        cmocka_unit_test(of_what_is_not_there_there_is_nothing),
        cmocka_unit_test_setup_teardown(rows_belong_to_the_turn, store_folder_setup,
                                        store_folder_teardown),
        cmocka_unit_test(rows_that_cannot_be_are_named),
        cmocka_unit_test(in_whatever_order_rows_come_items_stand_the_same),
        cmocka_unit_test(without_memory_nothing_was_added),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
