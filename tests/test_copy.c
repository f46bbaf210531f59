/* A copy of a store's file, taken while others write it. */
#include "store/copy.h"

#include "store/store.h"
#include "store_folder.h"

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

static const zw_series money = {"money", "land", "", ""};

static zw_store *open_store(const char *path, zw_db_mode mode)
{
    zw_store *store = NULL;
    zw_err err = {ZW_OK, ""};
    if (zw_store_open(path, mode, &store, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
    return store;
}

/* One delivery of `count` months, all of one value, in a turn of its own. */
static void deliver(zw_store *store, double value, int count)
{
    zw_err err = {ZW_OK, ""};
    zw_recorded_measure what = {"flow", "CNY", {ZW_MONTH, 0}};
    zw_delivery delivery = {.source = "office", .name = "a", .format = "csv", .digest = ""};
    zw_series_id series = 0;
    zw_change change = ZW_CHANGE_NEW;
    assert_int_equal(zw_store_begin(store, &err), ZW_OK);
    assert_int_equal(zw_store_deliver(store, &delivery, &err), ZW_OK);
    assert_int_equal(zw_series_record(zw_store_series(store), "money", &what, &err), ZW_OK);
    assert_int_equal(zw_series_ensure(zw_store_series(store), &money, &series, &err), ZW_OK);
    for (int i = 0; i < count; i++) {
        zw_figure figure = {.value = value, .known_at_ms = 1000, .batch = delivery.id, .line = 1};
        assert_int_equal(zw_store_put(store, series, i, &figure, &change, &err), ZW_OK);
    }
    assert_int_equal(zw_store_deliver_done(store, &delivery, &err), ZW_OK);
    assert_int_equal(zw_store_commit(store, &err), ZW_OK);
}

/* A writer that goes on while the copy grows. */
struct writer {
    zw_store *store;
    int64_t done_bytes, all_bytes;
    int calls;
};

static void writer_on_copied(void *arg, int64_t done_bytes, int64_t all_bytes)
{
    struct writer *writer = arg;
    writer->done_bytes = done_bytes;
    writer->all_bytes = all_bytes;
    if (writer->calls++ == 0) {
        deliver(writer->store, 2, 12);
    }
}

static void a_copy_is_the_store_as_it_was_when_asked_for(void **state)
{
    const store_folder *f = *state;
    char to[STORE_PATH_BYTES];
    (void)snprintf(to, sizeof(to), "%s/copy.db", f->folder);
    struct writer writer = {.store = open_store(f->path, ZW_DB_WRITE)};
    deliver(writer.store, 1, 100000); /* more than one step of the copy */
    zw_copy_watch watch = {writer_on_copied, &writer};
    int64_t bytes = 0;
    zw_err err = {ZW_OK, ""};
    if (zw_copy_store(f->path, to, &watch, &bytes, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
    assert_int_equal(writer.done_bytes, bytes);
    assert_int_equal(writer.all_bytes, bytes);
    assert_int_equal(zw_store_at(writer.store, 0, 3, INT64_MAX, &(zw_figure){0})->value, 2);
    zw_store_close(writer.store);
    zw_store *copy = open_store(to, ZW_DB_WRITE); /* it may be written from here on */
    assert_int_equal(zw_store_delivery_count(copy), 1);
    assert_int_equal(zw_store_figure_count(copy), 100000);
    assert_int_equal(zw_store_at(copy, 0, 3, INT64_MAX, &(zw_figure){0})->value, 1);
    deliver(copy, 3, 1);
    zw_store_close(copy);
}

static void what_cannot_be_copied_is_said_and_leaves_nothing(void **state)
{
    const store_folder *f = *state;
    zw_store_close(open_store(f->path, ZW_DB_WRITE));
    static const struct {
        const char *why, *from, *to;
        zw_status status;
    } cases[] = {
        {"no store", "none.db", "copy.db", ZW_NOT_FOUND},
        {"something is there", "test.db", "test.db", ZW_CONFLICT},
        {"no such folder", "test.db", "none/copy.db", ZW_STORE},
        {"no database", "text", "copy.db", ZW_STORE},
        {"another's database", "empty", "copy.db", ZW_STORE},
    };
    char path[STORE_PATH_BYTES];
    (void)snprintf(path, sizeof(path), "%s/text", f->folder);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    for (int i = 0; i < 200; i++) {
        (void)fputs("what is no database at all\n", file);
    }
    assert_int_equal(fclose(file), 0);
    (void)snprintf(path, sizeof(path), "%s/empty", f->folder);
    file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fclose(file), 0);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char from[STORE_PATH_BYTES];
        char to[STORE_PATH_BYTES];
        zw_err err = {ZW_OK, ""};
        (void)snprintf(from, sizeof(from), "%s/%s", f->folder, cases[i].from);
        (void)snprintf(to, sizeof(to), "%s/%s", f->folder, cases[i].to);
        if (zw_copy_store(from, to, NULL, NULL, &err) != cases[i].status || err.text[0] == '\0') {
            fail_msg("%s: %s", cases[i].why, err.text);
        }
        (void)snprintf(path, sizeof(path), "%s/copy.db", f->folder);
        assert_int_not_equal(access(path, F_OK), 0);
        (void)snprintf(path, sizeof(path), "%s/copy.db.part", f->folder);
        assert_int_not_equal(access(path, F_OK), 0);
    }
}

static void what_an_interrupted_copy_left_is_no_hindrance(void **state)
{
    const store_folder *f = *state;
    char path[STORE_PATH_BYTES];
    zw_store_close(open_store(f->path, ZW_DB_WRITE));
    (void)snprintf(path, sizeof(path), "%s/copy.db.part", f->folder);
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    (void)fputs("half of it", file);
    assert_int_equal(fclose(file), 0);
    (void)snprintf(path, sizeof(path), "%s/copy.db", f->folder);
    zw_err err = {ZW_OK, ""};
    assert_int_equal(zw_copy_store(f->path, path, NULL, NULL, &err), ZW_OK);
    zw_store_close(open_store(path, ZW_DB_READ));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_copy_is_the_store_as_it_was_when_asked_for,
                                        store_folder_setup, store_folder_teardown),
        cmocka_unit_test_setup_teardown(what_cannot_be_copied_is_said_and_leaves_nothing,
                                        store_folder_setup, store_folder_teardown),
        cmocka_unit_test_setup_teardown(what_an_interrupted_copy_left_is_no_hindrance,
                                        store_folder_setup, store_folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
