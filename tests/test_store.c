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
    assert_false(zw_store_has_sent(store, "bureau"));
    deliver_and_commit(store, "bureau", "d1");
    deliver_and_commit(store, "ministry", "d2");
    assert_true(zw_store_is_repeat(store, "bureau", "d1", &id));
    assert_int_equal(id, 1);
    assert_false(zw_store_is_repeat(store, "ministry", "d1", NULL));
    assert_true(zw_store_has_sent(store, "bureau"));
    assert_false(zw_store_has_sent(store, "office"));
    deliver_and_commit(store, "bureau", "d3");
    assert_false(zw_store_is_repeat(store, "bureau", "d1", NULL));
    assert_true(zw_store_is_repeat(store, "bureau", "d3", NULL));
    assert_null(zw_store_delivery(store, 3));
    assert_null(zw_store_delivery_by_id(store, 4));
    zw_store_close(store);
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

/* In this order, so that the numbers of the series are those of the model. */
static void ensure_model_series(zw_store *store)
{
    static const char *const areas[MODEL_SERIES] = {"a", "b", "c"};
    assert_int_equal(zw_store_begin(store, NULL), ZW_OK);
    for (size_t i = 0; i < MODEL_SERIES; i++) {
        zw_series key = {"revenue", areas[i], "", ""};
        zw_series_id id = 0;
        assert_int_equal(zw_series_ensure(zw_store_series(store), &key, &id, NULL), ZW_OK);
    }
    assert_int_equal(zw_store_commit(store, NULL), ZW_OK);
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
        ensure_model_series(store);
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

/* Tiny pages, of few series, sealed after few figures, and next to no memory: everything that a
 * large store does in years happens here in a few turns. */
static void random_figures_agree_however_they_are_kept(void **state)
{
    static const zw_store_options ways[] = {
        {.ceiling_bytes = 1,
         .unsealed_most = 1,
         .learned_most = 1,
         .page_periods = 2,
         .page_series = 2},
        {.ceiling_bytes = 3000,
         .unsealed_most = 40,
         .learned_most = 10,
         .page_periods = 8,
         .page_series = 1},
        {.ceiling_bytes = 1,
         .unsealed_most = 100,
         .learned_most = 1,
         .page_periods = 1,
         .page_series = 64},
        {.ceiling_bytes = 1 << 20, .unsealed_most = 1, .learned_most = 1 << 20},
    };
    const store_folder *f = *state;
    static model m;
    for (uint32_t seed = 1; seed <= 8; seed++) {
        uint32_t random = seed;
        const zw_store_options *way = &ways[seed % (sizeof ways / sizeof ways[0])];
        zw_store *store = NULL;
        store_folder_clear(f);
        m.count = 0;
        assert_int_equal(zw_store_open_with(f->path, ZW_DB_WRITE, way, &store, NULL), ZW_OK);
        ensure_model_series(store);
        while (m.count < MODEL_VERSIONS) {
            random_turn(store, &m, &random);
            if (next_random(&random, 5) == 0) {
                zw_store_close(store);
                zw_db_mode mode = next_random(&random, 2) == 0 ? ZW_DB_READ : ZW_DB_WRITE;
                assert_int_equal(zw_store_open_with(f->path, mode, way, &store, NULL), ZW_OK);
                assert_agrees(store, &m);
                assert_learned(store, &m, &random);
                zw_store_close(store);
                assert_int_equal(zw_store_open_with(f->path, ZW_DB_WRITE, way, &store, NULL),
                                 ZW_OK);
            }
            assert_ends(store, &m, &random);
            assert_learned(store, &m, &random);
            assert_agrees(store, &m);
        }
        assert_int_equal(zw_store_damage_count(store), 0);
        assert_int_equal(zw_store_trouble(store, NULL), ZW_OK);
        zw_store_close(store);
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

int main(void)
{
    if (!failing_sqlite_install()) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_store_says_the_same_when_opened_again, store_folder_setup,
                                        store_folder_teardown),
        cmocka_unit_test(a_delivery_is_a_repeat_only_right_after_itself),
        cmocka_unit_test_setup_teardown(a_turn_that_fails_leaves_all_as_before_begin,
                                        store_folder_setup, store_folder_teardown),
        cmocka_unit_test_setup_teardown(a_batch_refused_half_way_harms_no_other, store_folder_setup,
                                        store_folder_teardown),
        cmocka_unit_test_setup_teardown(a_row_that_sqlite_refuses_is_not_in_memory_either,
                                        store_folder_setup, store_folder_teardown),
        cmocka_unit_test_setup_teardown(random_figures_agree_with_sorting_at_every_as_of,
                                        store_folder_setup, store_folder_teardown),
        cmocka_unit_test_setup_teardown(random_figures_agree_however_they_are_kept,
                                        store_folder_setup, store_folder_teardown),
        cmocka_unit_test(what_was_learned_is_a_range_of_moments),
        cmocka_unit_test_setup_teardown(what_was_committed_outlives_a_kill, store_folder_setup,
                                        store_folder_teardown),
        cmocka_unit_test_setup_teardown(a_turn_without_memory_leaves_all_as_before_begin,
                                        store_folder_setup, store_folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
