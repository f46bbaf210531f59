/* Taking figures: what can be, and how it is given back. */
#include "store/store.h"

#include "failing_alloc.h"
#include "failing_sqlite.h"
#include "intake/batch.h"
#include "store_folder.h"

#include <math.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>

#include <cmocka.h>

#include "store_model.h" /* it asserts, so cmocka comes before it */

static void what_cannot_be_put_is_refused(void **state)
{
    static const struct {
        const char *why;
        zw_period period;
        zw_figure figure;
        zw_series_id series;
        zw_status status;
    } cases[] = {
        {"a good one", 0, {.value = 1, .batch = 1}, 0, ZW_OK},
        {"not a number", 0, {.value = NAN, .batch = 1}, 0, ZW_INVALID},
        {"infinite", 0, {.value = -INFINITY, .batch = 1}, 0, ZW_INVALID},
        {"a withdrawal has no value",
         0,
         {.value = NAN, .batch = 1, .status = ZW_OBS_MISSING},
         0,
         ZW_OK},
        {"no such status", 0, {.value = 1, .batch = 1, .status = 5}, 0, ZW_INVALID},
        {"no such series", 0, {.value = 1, .batch = 1}, 99, ZW_NOT_FOUND},
        {"no such batch", 0, {.value = 1, .batch = 99}, 0, ZW_NOT_FOUND},
        {"no such source", 0, {.value = 1, .batch = 1, .source = 7}, 0, ZW_NOT_FOUND},
        {"no such source", 0, {.value = 1, .batch = 1, .source = 3}, 0, ZW_NOT_FOUND},
        {"no such note", 0, {.value = 1, .batch = 1, .note = UINT32_MAX}, 0, ZW_NOT_FOUND},
        {"before time", ZW_PERIOD_MIN - 1, {.value = 1, .batch = 1}, 0, ZW_INVALID},
        {"after time", ZW_PERIOD_MAX + 1, {.value = 1, .batch = 1}, 0, ZW_INVALID},
    };
    (void)state;
    zw_store *store = open_store(":memory:", ZW_DB_WRITE);
    deliver_and_commit(store, "bureau", "d1");
    zw_change change = ZW_CHANGE_NEW;
    zw_figure figure = {.value = 1, .batch = 1};
    zw_delivery d = {.id = 77, .source = "s", .name = "n", .format = "f", .digest = "d"};
    assert_int_equal(zw_store_put(store, 0, 0, &figure, &change, NULL), ZW_STORE);
    assert_int_equal(zw_store_deliver(store, &d, NULL), ZW_STORE);
    assert_int_equal(zw_store_deliver_done(store, &d, NULL), ZW_STORE);
    assert_int_equal(zw_store_commit(store, NULL), ZW_STORE);
    assert_int_equal(zw_store_savepoint(store, NULL), ZW_STORE);
    assert_int_equal(zw_store_release(store, NULL), ZW_STORE);
    assert_int_equal(zw_store_begin(store, NULL), ZW_OK);
    assert_int_equal(zw_store_begin(store, NULL), ZW_CONFLICT);
    assert_int_equal(zw_store_deliver_done(store, &d, NULL), ZW_NOT_FOUND);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        zw_status status =
            zw_store_put(store, cases[i].series, cases[i].period, &cases[i].figure, &change, NULL);
        if (status != cases[i].status) {
            fail_msg("%s: %s", cases[i].why, zw_status_text(status));
        }
    }
    const zw_figure *versions = NULL;
    zw_period first = 0;
    zw_period last = 0;
    assert_null(zw_store_at(store, 99, 0, INT64_MAX, &(zw_figure){0}));
    assert_int_equal(zw_store_versions(store, 99, 0, &(zw_figure){0}, &versions), 0);
    assert_false(zw_store_span(store, 99, &first, &last));
    zw_store_close(store); /* rolls the open turn back */
}

static void samples_are_as_so_many_figures(void **state)
{
    (void)state;
    static const zw_sample samples[] = {{0, 5, 1.5},  {1, 5, 2.5}, {0, 6, 3.5}, {0, 6, 3.5},
                                        {0, 5, -1.5}, {7, 5, 1},   {1, 9, 1}};
    zw_store *store = open_store(":memory:", ZW_DB_WRITE);
    deliver_and_commit(store, "bureau", "d1"); /* two series, before period 2 */
    zw_figure like = {.value = 77,
                      .known_at_ms = 2000,
                      .batch = 1,
                      .line = 9,
                      .source = 1,
                      .note = 1,
                      .status = ZW_OBS_PROVISIONAL};
    zw_change_counts counts = {9, 9, 9};
    assert_int_equal(zw_store_put_samples(store, samples, 5, &like, &counts, NULL), ZW_STORE);
    char *said = say(store);
    assert_int_equal(zw_store_begin(store, NULL), ZW_OK);
    assert_int_equal(zw_store_savepoint(store, NULL), ZW_OK);
    assert_int_equal(zw_store_put_samples(store, samples, 7, &like, &counts, NULL), ZW_NOT_FOUND);
    assert_int_equal(counts.fresh, 3);
    assert_int_equal(counts.unchanged, 1);
    assert_int_equal(counts.revised, 1);
    const zw_figure *at = zw_store_at(store, 0, 5, 2000, &(zw_figure){0});
    assert_non_null(at);
    assert_true(at->value == -1.5 && at->batch == 1 && at->status == ZW_OBS_PROVISIONAL);
    assert_true(at->line == 0 && at->source == 0 && at->note == 0);
    assert_null(zw_store_at(store, 1, 9, 2000, &(zw_figure){0}));
    zw_store_rollback_to(store);
    assert_says(store, said);
    assert_int_equal(zw_store_put_samples(store, samples, 0, &like, &counts, NULL), ZW_OK);
    assert_int_equal(counts.fresh, 0);
    zw_store_close(store);
    free(said);
}

static void zero_and_withdrawals_are_as_the_file_gives_them_back(void **state)
{
    const store_folder *f = *state;
    zw_store *store = open_store(f->path, ZW_DB_WRITE);
    zw_figure zero = {.value = -0.0, .known_at_ms = 1, .batch = 1};
    zw_figure gone = {.value = 5, .known_at_ms = 1, .batch = 1, .status = ZW_OBS_MISSING};
    deliver_and_commit(store, "bureau", "d1");
    assert_int_equal(zw_store_begin(store, NULL), ZW_OK);
    assert_int_equal(put(store, "zero", 1, zero, NULL), ZW_OK);
    assert_int_equal(put(store, "gone", 1, gone, NULL), ZW_OK);
    assert_int_equal(zw_store_commit(store, NULL), ZW_OK);
    for (int round = 0; round < 2; round++) {
        for (zw_series_id id = 2; id < 4; id++) {
            const zw_figure *at = zw_store_at(store, id, 1, 1, &(zw_figure){0});
            assert_non_null(at);
            assert_true(at->value == 0.0 && !signbit(at->value));
        }
        zw_store_close(store);
        store = open_store(f->path, ZW_DB_WRITE);
    }
    zw_store_close(store);
}

int main(void)
{
    if (!failing_sqlite_install()) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_cannot_be_put_is_refused, store_folder_setup,
                                        store_folder_teardown),
        cmocka_unit_test_setup_teardown(samples_are_as_so_many_figures, store_folder_setup,
                                        store_folder_teardown),
        cmocka_unit_test_setup_teardown(zero_and_withdrawals_are_as_the_file_gives_them_back,
                                        store_folder_setup, store_folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
