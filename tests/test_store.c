/* The store: its three promises, through failures of every kind. */
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

static void a_store_says_the_same_when_opened_again(void **state)
{
    const store_folder *f = *state;
    zw_store *store = open_store(f->path, ZW_DB_WRITE);
    assert_true(zw_store_first_known_ms(store) == ZW_NEVER_MS);
    assert_int_equal(zw_store_figure_count(store), 0);
    deliver_and_commit(store, "bureau", "d1");
    deliver_and_commit(store, "ministry", "d2");
    char *said = say(store);
    zw_store *reader = open_store(f->path, ZW_DB_READ); /* beside the writer */
    assert_says(reader, said);
    zw_store_close(reader);
    zw_store_close(store);
    store = open_store(f->path, ZW_DB_WRITE);
    assert_says(store, said);
    zw_store_close(store);
    zw_store_close(NULL);
    free(said);
}

static void a_delivery_is_a_repeat_only_right_after_itself(void **state)
{
    (void)state;
    zw_store *store = open_store(":memory:", ZW_DB_WRITE);
    int64_t id = 0;
    assert_false(zw_store_is_repeat(store, "bureau", "d1", &id));
    deliver_and_commit(store, "bureau", "d1");
    deliver_and_commit(store, "ministry", "d2");
    assert_true(zw_store_is_repeat(store, "bureau", "d1", &id));
    assert_int_equal(id, 1);
    assert_false(zw_store_is_repeat(store, "ministry", "d1", NULL));
    deliver_and_commit(store, "bureau", "d3");
    assert_false(zw_store_is_repeat(store, "bureau", "d1", NULL));
    assert_true(zw_store_is_repeat(store, "bureau", "d3", NULL));
    assert_null(zw_store_delivery(store, 3));
    assert_null(zw_store_delivery_by_id(store, 4));
    zw_store_close(store);
}

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
    assert_null(zw_store_at(store, 99, 0, INT64_MAX));
    assert_int_equal(zw_store_versions(store, 99, 0, &versions), 0);
    assert_false(zw_store_span(store, 99, &first, &last));
    zw_store_close(store); /* rolls the open turn back */
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
            const zw_figure *at = zw_store_at(store, id, 1, 1);
            assert_non_null(at);
            assert_true(at->value == 0.0 && !signbit(at->value));
        }
        zw_store_close(store);
        store = open_store(f->path, ZW_DB_WRITE);
    }
    zw_store_close(store);
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
    const zw_figure *at = zw_store_at(store, 0, 5, 2000);
    assert_non_null(at);
    assert_true(at->value == -1.5 && at->batch == 1 && at->status == ZW_OBS_PROVISIONAL);
    assert_true(at->line == 0 && at->source == 0 && at->note == 0);
    assert_null(zw_store_at(store, 1, 9, 2000));
    zw_store_rollback_to(store);
    assert_says(store, said);
    assert_int_equal(zw_store_put_samples(store, samples, 0, &like, &counts, NULL), ZW_OK);
    assert_int_equal(counts.fresh, 0);
    zw_store_close(store);
    free(said);
}

/* Ways in which a turn does not come to its commit. */
static int refuse_commit(void *arg)
{
    (void)arg;
    return 1;
}

static zw_status end_by_commit_hook(zw_store *store)
{
    sqlite3 *conn = zw_db_connection(zw_store_db(store));
    (void)sqlite3_commit_hook(conn, refuse_commit, NULL);
    zw_status status = zw_store_commit(store, NULL);
    (void)sqlite3_commit_hook(conn, NULL, NULL);
    return status;
}

static zw_status end_by_rollback(zw_store *store)
{
    zw_store_rollback(store);
    return ZW_STORE;
}

static zw_status end_by_rollback_in_a_savepoint(zw_store *store)
{
    assert_int_equal(zw_store_savepoint(store, NULL), ZW_OK);
    assert_int_equal(deliver(store, "third", "d9", NULL), ZW_OK);
    zw_store_rollback(store);
    return ZW_STORE;
}

/* SQLite ends the transaction by itself, as it does when a disk is full: nothing that comes after
 * may become durable on its own. */
static zw_status end_by_lost_transaction(zw_store *store)
{
    sqlite3 *conn = zw_db_connection(zw_store_db(store));
    zw_delivery bad = {.source = "s", .name = "bad", .format = "f", .digest = "d"};
    zw_figure good = {.value = 1, .known_at_ms = 9, .batch = 1, .line = 14};
    zw_series_id id = 0;
    zw_series unknown = {"firms", "yuzhu", "", ""};
    assert_int_equal(sqlite3_exec(conn,
                                  "CREATE TEMP TRIGGER lost BEFORE INSERT ON batch"
                                  " WHEN NEW.name = 'bad'"
                                  " BEGIN SELECT RAISE(ROLLBACK, 'lost'); END",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(zw_store_deliver(store, &bad, NULL), ZW_STORE);
    assert_int_equal(put(store, "tianhe", 1, good, NULL), ZW_STORE);
    assert_int_equal(zw_series_ensure(zw_store_series(store), &unknown, &id, NULL), ZW_STORE);
    assert_int_equal(deliver(store, "third", "d9", NULL), ZW_STORE);
    assert_int_equal(zw_store_savepoint(store, NULL), ZW_STORE);
    return zw_store_commit(store, NULL); /* the trigger went with the transaction */
}

static void a_turn_that_fails_leaves_all_as_before_begin(void **state)
{
    static const struct {
        const char *why;
        zw_status (*end)(zw_store *store);
    } cases[] = {
        {"the commit is refused", end_by_commit_hook},
        {"it is rolled back", end_by_rollback},
        {"it is rolled back inside a savepoint", end_by_rollback_in_a_savepoint},
        {"SQLite lost the transaction", end_by_lost_transaction},
    };
    const store_folder *f = *state;
    zw_store *store = open_store(f->path, ZW_DB_WRITE);
    deliver_and_commit(store, "bureau", "d1");
    char *said = say(store);
    zw_delivery first = {.id = 1, .accepted = 77};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(zw_store_begin(store, NULL), ZW_OK);
        assert_int_equal(deliver(store, "bureau", "d2", NULL), ZW_OK);
        assert_int_equal(deliver(store, "newcomer", "d3", NULL), ZW_OK);
        assert_int_equal(zw_store_deliver_done(store, &first, NULL), ZW_OK);
        if (cases[i].end(store) != ZW_STORE) {
            fail_msg("%s: it went well", cases[i].why);
        }
        char *after = say(store);
        if (strcmp(after, said) != 0) {
            fail_msg("%s: now it says\n%s", cases[i].why, after);
        }
        free(after);
    }
    zw_store_close(store);
    store = open_store(f->path, ZW_DB_WRITE);
    assert_says(store, said);
    zw_store_close(store);
    free(said);
}

static void a_batch_refused_half_way_harms_no_other(void **state)
{
    const store_folder *f = *state;
    zw_store *store = open_store(f->path, ZW_DB_WRITE);
    zw_delivery first = {.id = 1, .accepted = 77};
    assert_int_equal(zw_store_begin(store, NULL), ZW_OK);
    assert_int_equal(zw_store_savepoint(store, NULL), ZW_OK);
    assert_int_equal(zw_store_savepoint(store, NULL), ZW_CONFLICT);
    assert_int_equal(deliver(store, "bureau", "d1", NULL), ZW_OK);
    assert_int_equal(zw_store_release(store, NULL), ZW_OK);
    char *said = say(store);
    zw_store_rollback_to(store); /* there is none any more: nothing happens */
    for (int round = 0; round < 2; round++) {
        assert_int_equal(zw_store_savepoint(store, NULL), ZW_OK);
        assert_int_equal(deliver(store, "newcomer", "d2", NULL), ZW_OK);
        assert_int_equal(zw_store_deliver_done(store, &first, NULL), ZW_OK);
        zw_store_rollback_to(store);
        assert_says(store, said);
    }
    assert_int_equal(zw_store_savepoint(store, NULL), ZW_OK);
    assert_int_equal(deliver(store, "third", "d3", NULL), ZW_OK);
    free(said);
    said = say(store);
    assert_int_equal(zw_store_commit(store, NULL), ZW_OK); /* takes an open savepoint along */
    zw_store_close(store);
    store = open_store(f->path, ZW_DB_WRITE);
    assert_says(store, said);
    zw_store_close(store);
    free(said);
}

static void a_row_that_sqlite_refuses_is_not_in_memory_either(void **state)
{
    const store_folder *f = *state;
    zw_store *store = open_store(f->path, ZW_DB_WRITE);
    deliver_and_commit(store, "bureau", "d1");
    char *said = say(store);
    assert_int_equal(sqlite3_exec(zw_db_connection(zw_store_db(store)),
                                  "CREATE TEMP TRIGGER no1 BEFORE INSERT ON journal"
                                  " BEGIN SELECT RAISE(ABORT, 'no'); END;"
                                  "CREATE TEMP TRIGGER no2 BEFORE INSERT ON batch"
                                  " BEGIN SELECT RAISE(ABORT, 'no'); END",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    zw_figure figure = {.value = 1, .batch = 1};
    zw_err err = {0};
    assert_int_equal(zw_store_begin(store, NULL), ZW_OK);
    assert_int_equal(deliver(store, "bureau", "d2", &err), ZW_STORE);
    assert_string_equal(err.text, "insert batch: no");
    assert_says(store, said);
    assert_int_equal(zw_store_commit(store, NULL), ZW_OK); /* the turn itself is sound */
    assert_int_equal(zw_store_begin(store, NULL), ZW_OK);
    assert_int_equal(put(store, "tianhe", 0, figure, &err), ZW_OK);
    assert_int_equal(zw_store_savepoint(store, &err), ZW_STORE);
    assert_string_equal(err.text, "insert journal: no");
    assert_int_equal(zw_store_commit(store, &err), ZW_STORE);
    assert_string_equal(err.text, "insert journal: no");
    assert_says(store, said);
    zw_store_close(store);
    free(said);
}

static void random_figures_agree_with_sorting_at_every_as_of(void **state)
{
    const store_folder *f = *state;
    static model m;
    for (uint32_t seed = 1; seed <= 3; seed++) {
        uint32_t random = seed;
        store_folder_clear(f);
        m.count = 0;
        zw_store *store = open_store(f->path, ZW_DB_WRITE);
        /* In this order, so that the numbers of the series are those of the model. */
        static const char *const areas[MODEL_SERIES] = {"a", "b", "c"};
        assert_int_equal(zw_store_begin(store, NULL), ZW_OK);
        for (size_t i = 0; i < MODEL_SERIES; i++) {
            zw_series key = {"revenue", areas[i], "", ""};
            zw_series_id id = 0;
            assert_int_equal(zw_series_ensure(zw_store_series(store), &key, &id, NULL), ZW_OK);
        }
        assert_int_equal(zw_store_commit(store, NULL), ZW_OK);
        while (m.count < MODEL_VERSIONS) {
            random_turn(store, &m, &random);
        }
        assert_agrees(store, &m);
        char *said = say(store);
        zw_store_close(store);
        store = open_store(f->path, ZW_DB_READ);
        assert_agrees(store, &m);
        assert_says(store, said);
        zw_store_close(store);
        free(said);
    }
}

static void what_was_learned_is_a_range_of_moments(void **state)
{
    (void)state;
    zw_store *store = open_store(":memory:", ZW_DB_WRITE);
    const zw_learned *learned = NULL;
    deliver_and_commit(store, "bureau", "d1"); /* two figures at each of 400, 700, 1000 */
    assert_int_equal(zw_store_learned(store, INT64_MIN, 399, &learned), 0);
    assert_int_equal(zw_store_learned(store, 400, 1000, &learned), 4);
    assert_int_equal(learned[0].known_at_ms, 700);
    assert_int_equal(learned[3].known_at_ms, 1000);
    assert_int_equal(zw_store_learned(store, 399, 400, &learned), 2);
    assert_int_equal(zw_store_first_known_ms(store), 300); /* a row of a register */
    zw_store_close(store);
}

/* Commits a turn, leaves another open, and dies as a process dies. */
static void live_and_die(const char *path)
{
    zw_store *store = NULL;
    if (zw_store_open(path, ZW_DB_WRITE, &store, NULL) != ZW_OK ||
        zw_store_begin(store, NULL) != ZW_OK || deliver(store, "bureau", "d1", NULL) != ZW_OK ||
        zw_store_commit(store, NULL) != ZW_OK || zw_store_begin(store, NULL) != ZW_OK ||
        deliver(store, "newcomer", "d2", NULL) != ZW_OK) {
        _exit(1);
    }
    (void)raise(SIGKILL);
    _exit(2);
}

static void what_was_committed_outlives_a_kill(void **state)
{
    const store_folder *f = *state;
    zw_store *model_store = open_store(":memory:", ZW_DB_WRITE);
    deliver_and_commit(model_store, "bureau", "d1");
    char *said = say(model_store);
    zw_store_close(model_store);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        live_and_die(f->path);
    }
    int how = 0;
    assert_int_equal(waitpid(child, &how, 0), child);
    assert_true(WIFSIGNALED(how));
    zw_store *store = open_store(f->path, ZW_DB_WRITE); /* the lock died with its holder */
    assert_says(store, said);
    deliver_and_commit(store, "newcomer", "d2");
    zw_store_close(store);
    free(said);
}

/* A turn that does all a turn can; the first failure ends it. */
static zw_status whole_turn(zw_store *store)
{
    zw_status status = zw_store_begin(store, NULL);
    if (status != ZW_OK) {
        return status;
    }
    status = deliver(store, "newcomer", "d2", NULL);
    if (status == ZW_OK) {
        status = zw_store_savepoint(store, NULL);
    }
    if (status == ZW_OK) {
        status = deliver(store, "third", "d3", NULL);
        zw_store_rollback_to(store);
    }
    if (status == ZW_OK) {
        status = deliver(store, "bureau", "d4", NULL);
    }
    if (status == ZW_OK) {
        return zw_store_commit(store, NULL);
    }
    zw_store_rollback(store);
    return status;
}

/* Runs the turn with the n-th allocation of one allocator refused, on a store opened anew.
 * `otherwise` is what the turn may answer too. */
static bool turn_without_memory(const store_folder *f, const char *before, void (*after)(long),
                                bool (*stop)(void), zw_status otherwise, long n)
{
    store_folder_clear(f);
    zw_store *store = open_store(f->path, ZW_DB_WRITE);
    deliver_and_commit(store, "bureau", "d1");
    zw_store_close(store);
    store = open_store(f->path, ZW_DB_WRITE);
    after(n);
    zw_status status = whole_turn(store);
    bool has_refused = stop();
    assert_true(status == ZW_OK || (has_refused && (status == ZW_NOMEM || status == otherwise)));
    if (status != ZW_OK) {
        assert_says(store, before);
        assert_int_equal(whole_turn(store), ZW_OK); /* still of use */
    }
    char *said = say(store);
    zw_store_close(store);
    store = open_store(f->path, ZW_DB_READ);
    assert_says(store, said);
    zw_store_close(store);
    free(said);
    return has_refused;
}

static void a_turn_without_memory_leaves_all_as_before_begin(void **state)
{
    const store_folder *f = *state;
    zw_store *store = open_store(":memory:", ZW_DB_WRITE);
    deliver_and_commit(store, "bureau", "d1");
    char *before = say(store);
    zw_store_close(store);
    long n = 0;
    while (turn_without_memory(f, before, failing_alloc_after, failing_alloc_stop, ZW_NOMEM, n)) {
        n++;
    }
    /* SQLite may lose the transaction where nothing can be answered: in going back to a savepoint.
     * What comes next is then told that there is none. */
    n = 0;
    while (turn_without_memory(f, before, failing_sqlite_after, failing_sqlite_stop, ZW_STORE, n)) {
        n++;
    }
    free(before);
}

static void an_open_without_memory_leaves_nothing(void **state)
{
    const store_folder *f = *state;
    zw_store *store = open_store(f->path, ZW_DB_WRITE);
    deliver_and_commit(store, "bureau", "d1");
    char *said = say(store);
    zw_store_close(store);
    bool has_refused = true;
    for (long n = 0; has_refused; n++) {
        zw_store *opened = NULL;
        failing_alloc_after(n);
        zw_status status = zw_store_open(f->path, ZW_DB_WRITE, &opened, NULL);
        has_refused = failing_alloc_stop();
        assert_int_equal(status, has_refused ? ZW_NOMEM : ZW_OK);
        assert_int_equal(opened == NULL, has_refused);
        zw_store_close(opened);
    }
    has_refused = true;
    for (long n = 0; has_refused; n++) {
        zw_store *opened = NULL;
        failing_sqlite_after(n);
        zw_status status = zw_store_open(f->path, ZW_DB_WRITE, &opened, NULL);
        has_refused = failing_sqlite_stop();
        assert_true(status == ZW_OK || (has_refused && status == ZW_NOMEM && opened == NULL));
        zw_store_close(opened);
    }
    store = open_store(f->path, ZW_DB_WRITE);
    assert_says(store, said);
    zw_store_close(store);
    free(said);
}

static void rows_that_do_not_fit_together_are_an_error(void **state)
{
    static const struct {
        const char *why, *sql, *says;
    } cases[] = {
        {"a text that is gone", "DELETE FROM remark WHERE id = 1", "remark 1 is missing"},
        {"a series that is gone", "DELETE FROM series WHERE id = 0", "series 0 is missing"},
        {"a grid nobody knows", "UPDATE measure SET every = 'fortnight'", "fortnight"},
        {"a table that is gone", "DROP TABLE batch", "no such table"},
        {"another program's version", "PRAGMA user_version = 7", "newer program"},
    };
    const store_folder *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        store_folder_clear(f);
        zw_store *store = open_store(f->path, ZW_DB_WRITE);
        deliver_and_commit(store, "bureau", "d1");
        zw_store_close(store);
        sqlite3 *conn = NULL;
        assert_int_equal(sqlite3_open(f->path, &conn), SQLITE_OK);
        assert_int_equal(sqlite3_exec(conn, cases[i].sql, NULL, NULL, NULL), SQLITE_OK);
        assert_int_equal(sqlite3_close(conn), SQLITE_OK);
        zw_err err = {0};
        zw_status status = zw_store_open(f->path, ZW_DB_WRITE, &store, &err);
        if (status != ZW_STORE || store != NULL || strstr(err.text, cases[i].says) == NULL ||
            strstr(err.text, f->path) == NULL) {
            fail_msg("%s: %s (%s)", cases[i].why, zw_status_text(status), err.text);
        }
    }
}

static void a_damaged_row_of_the_journal_is_named_and_the_rest_is_served(void **state)
{
    static const struct {
        const char *why, *sql;
        bool is_known;
    } cases[] = {
        {"a figure of no batch", "UPDATE batch SET id = 9 WHERE id = 2", true},
        {"a note of no text",
         "DELETE FROM remark WHERE id = 3; INSERT INTO batch SELECT 9, source, name, format, 'x',"
         " arrived_ms, synthetic, 0, 0, 0, 0 FROM batch WHERE id = 2",
         true},
        {"another body", "UPDATE journal SET body = zeroblob(40) WHERE id = 2", true},
        {"another head", "UPDATE journal SET head = zeroblob(40) WHERE id = 2", false},
    };
    const store_folder *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        store_folder_clear(f);
        zw_store *store = open_store(f->path, ZW_DB_WRITE);
        deliver_and_commit(store, "bureau", "d1");
        deliver_and_commit(store, "bureau", "d2");
        zw_store_close(store);
        sqlite3 *conn = NULL;
        assert_int_equal(sqlite3_open(f->path, &conn), SQLITE_OK);
        assert_int_equal(sqlite3_exec(conn, cases[i].sql, NULL, NULL, NULL), SQLITE_OK);
        assert_int_equal(sqlite3_close(conn), SQLITE_OK);
        store = open_store(f->path, ZW_DB_WRITE);
        const zw_damage *damage = zw_store_damage(store, 0);
        assert_non_null(damage);
        if (damage->row != 2 || damage->is_known != cases[i].is_known ||
            damage->figures != (cases[i].is_known ? 6 : 0)) {
            fail_msg("%s: row %lld", cases[i].why, (long long)damage->row);
        }
        assert_int_equal(zw_store_damage_count(store), 1);
        assert_null(zw_store_damage(store, 1));
        assert_int_equal(zw_store_figure_count(store), 6);
        deliver_and_commit(store, "third", "d1"); /* its row is another's */
        zw_store_close(store);
        store = open_store(f->path, ZW_DB_READ);
        assert_int_equal(zw_store_figure_count(store), 12);
        assert_int_equal(zw_store_damage_count(store), 1);
        zw_store_close(store);
    }
}

/* Figures may lie anywhere in time now: asked for one by one, not from first to last. */
static void ask_everything(const zw_store *store)
{
    const zw_learned *learned = NULL;
    size_t count = zw_store_learned(store, INT64_MIN, INT64_MAX, &learned);
    assert_true(count <= zw_store_figure_count(store));
    for (size_t i = 0; i < count; i++) {
        assert_non_null(
            zw_store_at(store, learned[i].series, learned[i].period, learned[i].known_at_ms));
    }
}

static void a_file_with_damaged_bytes_is_an_error_or_opens_but_never_harms(void **state)
{
    enum { PAGE_BYTES = 4096, PAGES = 29, ROUNDS = 150 };
    const store_folder *f = *state;
    uint32_t seed = 7;
    int refused = 0;
    for (int round = 0; round < ROUNDS; round++) {
        store_folder_clear(f);
        zw_store *store = open_store(f->path, ZW_DB_WRITE);
        deliver_and_commit(store, "bureau", "d1");
        zw_store_close(store);
        /* Page heads and the ends of pages, where the rows lie. */
        long page = (long)next_random(&seed, PAGES);
        long in_page = (long)next_random(&seed, 200);
        damage(f->path, page * PAGE_BYTES + (round % 2 == 0 ? in_page : PAGE_BYTES - 17 - in_page),
               &seed);
        zw_err err = {0};
        zw_status status = zw_store_open(f->path, ZW_DB_WRITE, &store, &err);
        assert_true(status == ZW_OK || (status == ZW_STORE && store == NULL));
        refused += status != ZW_OK;
        if (status == ZW_OK) {
            ask_everything(store);
        }
        zw_store_close(store);
    }
    assert_true(refused > 0);
}

int main(void)
{
    if (!failing_sqlite_install()) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_store_says_the_same_when_opened_again, store_folder_setup,
                                        store_folder_teardown),
        cmocka_unit_test(a_delivery_is_a_repeat_only_right_after_itself),
        cmocka_unit_test(what_cannot_be_put_is_refused),
        cmocka_unit_test(samples_are_as_so_many_figures),
        cmocka_unit_test_setup_teardown(zero_and_withdrawals_are_as_the_file_gives_them_back,
                                        store_folder_setup, store_folder_teardown),
        cmocka_unit_test_setup_teardown(a_turn_that_fails_leaves_all_as_before_begin,
                                        store_folder_setup, store_folder_teardown),
        cmocka_unit_test_setup_teardown(a_batch_refused_half_way_harms_no_other, store_folder_setup,
                                        store_folder_teardown),
        cmocka_unit_test_setup_teardown(a_row_that_sqlite_refuses_is_not_in_memory_either,
                                        store_folder_setup, store_folder_teardown),
        cmocka_unit_test_setup_teardown(random_figures_agree_with_sorting_at_every_as_of,
                                        store_folder_setup, store_folder_teardown),
        cmocka_unit_test(what_was_learned_is_a_range_of_moments),
        cmocka_unit_test_setup_teardown(what_was_committed_outlives_a_kill, store_folder_setup,
                                        store_folder_teardown),
        cmocka_unit_test_setup_teardown(a_turn_without_memory_leaves_all_as_before_begin,
                                        store_folder_setup, store_folder_teardown),
        cmocka_unit_test_setup_teardown(an_open_without_memory_leaves_nothing, store_folder_setup,
                                        store_folder_teardown),
        cmocka_unit_test_setup_teardown(rows_that_do_not_fit_together_are_an_error,
                                        store_folder_setup, store_folder_teardown),
        cmocka_unit_test_setup_teardown(
            a_damaged_row_of_the_journal_is_named_and_the_rest_is_served, store_folder_setup,
            store_folder_teardown),
        cmocka_unit_test_setup_teardown(
            a_file_with_damaged_bytes_is_an_error_or_opens_but_never_harms, store_folder_setup,
            store_folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
