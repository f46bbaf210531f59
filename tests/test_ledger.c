/* The ledger: moves written down, superseded, said again, and read back. */
#include "alert/ledger.h"

#include "failing_alloc.h"
#include "failing_sqlite.h"
#include "store_folder.h"

#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <setjmp.h>

#include <cmocka.h>

enum { FOUND_BYTES = 4096 };

typedef struct fixture {
    store_folder folder;
    zw_db *db;
    zw_ledger *ledger;
} fixture;

static bool fixture_open(fixture *f)
{
    return zw_db_open(f->folder.path, ZW_DB_WRITE, &f->db, NULL) == ZW_OK &&
           zw_ledger_create(f->db, &f->ledger, NULL) == ZW_OK;
}

static void fixture_close(fixture *f)
{
    zw_ledger_destroy(f->ledger);
    f->ledger = NULL;
    zw_db_rollback(f->db); /* as a crash leaves it: what was not committed never was */
    zw_db_close(f->db);
    f->db = NULL;
}

static int setup(void **state)
{
    static fixture f;
    *state = &f;
    f = (fixture){0};
    return store_folder_init(&f.folder) && fixture_open(&f) ? 0 : -1;
}

static int teardown(void **state)
{
    fixture *f = *state;
    fixture_close(f);
    store_folder_fini(&f->folder);
    return 0;
}

/* A move into `is` at `at_ms`; ok, pending, unknown, or a severity. */
static zw_alert_state state_of(const char *is, int64_t at_ms)
{
    zw_alert_state out = zw_alert_state_start(at_ms);
    out.is = strcmp(is, "ok") == 0        ? ZW_ALERT_OK
             : strcmp(is, "pending") == 0 ? ZW_ALERT_PENDING
             : strcmp(is, "unknown") == 0 ? ZW_ALERT_UNKNOWN
                                          : ZW_ALERT_FIRING;
    out.severity = strcmp(is, "critical") == 0  ? ZW_CRITICAL
                   : strcmp(is, "warning") == 0 ? ZW_WARNING
                                                : ZW_INFO;
    if (out.is == ZW_ALERT_PENDING || out.is == ZW_ALERT_FIRING) {
        out.active_ms = at_ms;
        out.true_since_ms[out.severity] = at_ms;
    }
    return out;
}

static zw_status append(fixture *f, const char *alert, const char *area, const char *period,
                        int64_t at_ms, int64_t recorded_ms, const char *is, int64_t *id,
                        zw_err *err)
{
    zw_alert_event event = {.key = {alert, area, period, ""},
                            .at_ms = at_ms,
                            .recorded_ms = recorded_ms,
                            .state = state_of(is, at_ms),
                            .evidence = "{}"};
    zw_status status = zw_ledger_append(f->ledger, &event, err);
    *id = event.id;
    return status;
}

/* Appends for the one instance that most tests need. */
static int64_t say(fixture *f, int64_t at_ms, int64_t recorded_ms, const char *is)
{
    int64_t id = 0;
    zw_err err = {0};
    if (append(f, "late", "yuzhu", "", at_ms, recorded_ms, is, &id, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
    return id;
}

static void begin(fixture *f)
{
    assert_int_equal(zw_db_begin(f->db, NULL), ZW_OK);
}

static void commit(fixture *f)
{
    assert_int_equal(zw_db_commit(f->db, NULL), ZW_OK);
}

static void rewind_to(fixture *f, int64_t at_ms, int64_t recorded_ms)
{
    assert_int_equal(zw_ledger_rewind(f->ledger, at_ms, recorded_ms, NULL), ZW_OK);
}

/* What a walk found, as text. */
typedef struct found {
    char text[FOUND_BYTES];
    size_t len, rows, stop_after; /* stop_after 0: never */
} found;

static zw_status on_event(void *arg, const zw_alert_event *event, zw_err *err)
{
    found *out = arg;
    out->len += (size_t)snprintf(out->text + out->len, sizeof out->text - out->len,
                                 "%lld %s/%s/%s %lld %lld %s %s\n", (long long)event->id,
                                 event->key.alert, event->key.area, event->key.period,
                                 (long long)event->at_ms, (long long)event->recorded_ms,
                                 zw_alert_state_text(&event->state), event->evidence);
    out->rows++;
    return out->rows == out->stop_after ? zw_err_set(err, ZW_LIMIT, "enough") : ZW_OK;
}

static void assert_states(fixture *f, int64_t at_ms, const char *wanted)
{
    found out = {0};
    assert_int_equal(zw_ledger_states(f->ledger, at_ms, on_event, &out, NULL), ZW_OK);
    assert_string_equal(out.text, wanted);
}

static void assert_history(fixture *f, const char *alert, int64_t from_ms, int64_t to_ms,
                           const char *wanted)
{
    found out = {0};
    assert_int_equal(zw_ledger_history(f->ledger, alert, from_ms, to_ms, on_event, &out, NULL),
                     ZW_OK);
    assert_string_equal(out.text, wanted);
}

/* Every row there is, as "id at recorded superseded state". */
static void assert_rows(fixture *f, const char *wanted)
{
    char text[FOUND_BYTES] = "";
    size_t len = 0;
    sqlite3_stmt *stmt = NULL;
    assert_int_equal(sqlite3_prepare_v2(zw_db_connection(f->db),
                                        "SELECT id, at_ms, recorded_ms,"
                                        " ifnull(superseded_ms, '-'), state FROM alert_event"
                                        " ORDER BY id",
                                        -1, &stmt, NULL),
                     SQLITE_OK);
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        len += (size_t)snprintf(text + len, sizeof text - len, "%d %d %d %s %s\n",
                                sqlite3_column_int(stmt, 0), sqlite3_column_int(stmt, 1),
                                sqlite3_column_int(stmt, 2), sqlite3_column_text(stmt, 3),
                                sqlite3_column_text(stmt, 4));
    }
    (void)sqlite3_finalize(stmt);
    assert_string_equal(text, wanted);
}

static zw_status put_from(void *arg, const zw_alert_event *event, zw_err *err)
{
    found *out = arg;
    (void)err;
    out->len += (size_t)snprintf(out->text + out->len, sizeof out->text - out->len, "%s>%s ",
                                 event->from != NULL ? event->from : "-",
                                 zw_alert_state_word(&event->state));
    return ZW_OK;
}

static void a_history_says_from_where_each_instance_moved(void **state)
{
    fixture *f = *state;
    int64_t id = 0;
    begin(f);
    say(f, 10, 10, "pending");
    assert_int_equal(append(f, "behind", "pazhou", "2022-01", 12, 12, "critical", &id, NULL),
                     ZW_OK);
    say(f, 20, 20, "warning");
    say(f, 30, 30, "ok");
    rewind_to(f, 20, 40);
    say(f, 20, 40, "critical"); /* what is superseded was never so */
    commit(f);
    found out = {0};
    assert_int_equal(zw_ledger_history(f->ledger, NULL, 0, 100, put_from, &out, NULL), ZW_OK);
    assert_string_equal(out.text, "ok>pending ok>critical pending>critical ");
    out = (found){0};
    assert_int_equal(zw_ledger_history(f->ledger, NULL, 15, 100, put_from, &out, NULL), ZW_OK);
    assert_string_equal(out.text, "pending>critical "); /* also from before what is asked for */
    out = (found){0};
    assert_int_equal(zw_ledger_states(f->ledger, 12, put_from, &out, NULL), ZW_OK);
    assert_string_equal(out.text, "->critical ->pending ");
}

static void a_state_is_the_last_event_until_then(void **state)
{
    fixture *f = *state;
    int64_t id = 0;
    assert_states(f, 1000, "");
    begin(f);
    assert_int_equal(say(f, 10, 10, "pending"), 1);
    assert_int_equal(say(f, 20, 20, "warning"), 2);
    assert_int_equal(append(f, "late", "pazhou", "", 15, 20, "unknown", &id, NULL), ZW_OK);
    assert_int_equal(append(f, "late", "yuzhu", "2024-05", 12, 20, "info", &id, NULL), ZW_OK);
    assert_int_equal(append(f, "behind", "yuzhu", "", 30, 30, "critical", &id, NULL), ZW_OK);
    assert_int_equal(say(f, 30, 30, "critical"), 6);
    assert_int_equal(say(f, 30, 31, "ok"), 7); /* two moves at one moment: the later one */
    commit(f);
    assert_states(f, 9, "");
    assert_states(f, 10, "1 late/yuzhu/ 10 10 pending {}\n");
    assert_states(f, 19,
                  "3 late/pazhou/ 15 20 unknown {}\n"
                  "1 late/yuzhu/ 10 10 pending {}\n"
                  "4 late/yuzhu/2024-05 12 20 info {}\n");
    assert_states(f, 30,
                  "5 behind/yuzhu/ 30 30 critical {}\n"
                  "3 late/pazhou/ 15 20 unknown {}\n"
                  "7 late/yuzhu/ 30 31 ok {}\n"
                  "4 late/yuzhu/2024-05 12 20 info {}\n");
}

static void the_history_goes_by_moment(void **state)
{
    fixture *f = *state;
    int64_t id = 0;
    begin(f);
    (void)say(f, 20, 20, "warning");
    assert_int_equal(append(f, "behind", "yuzhu", "", 10, 21, "info", &id, NULL), ZW_OK);
    (void)say(f, 30, 30, "ok");
    (void)say(f, 20, 20, "critical");
    commit(f);
    assert_history(f, NULL, INT64_MIN, INT64_MAX,
                   "2 behind/yuzhu/ 10 21 info {}\n"
                   "1 late/yuzhu/ 20 20 warning {}\n"
                   "4 late/yuzhu/ 20 20 critical {}\n"
                   "3 late/yuzhu/ 30 30 ok {}\n");
    assert_history(f, "late", 20, 29,
                   "1 late/yuzhu/ 20 20 warning {}\n"
                   "4 late/yuzhu/ 20 20 critical {}\n");
    assert_history(f, "behind", 10, 10, "2 behind/yuzhu/ 10 21 info {}\n");
    assert_history(f, NULL, 30, 10, "");
    assert_history(f, "lat", INT64_MIN, INT64_MAX, "");
    assert_history(f, "l%", INT64_MIN, INT64_MAX, "");
}

static zw_status take_event(void *arg, const zw_alert_event *event, zw_err *err)
{
    const zw_alert_event *wanted = arg;
    (void)err;
    assert_int_equal(event->id, wanted->id);
    assert_string_equal(event->key.alert, wanted->key.alert);
    assert_string_equal(event->key.area, wanted->key.area);
    assert_string_equal(event->key.period, wanted->key.period);
    assert_int_equal(event->at_ms, wanted->at_ms);
    assert_int_equal(event->recorded_ms, wanted->recorded_ms);
    assert_string_equal(event->evidence, wanted->evidence);
    assert_true(zw_alert_state_same(&event->state, &wanted->state));
    assert_int_equal(event->state.has_front, wanted->state.has_front);
    assert_int_equal(event->state.front, wanted->state.front);
    return zw_err_set(err, ZW_LIMIT, "seen");
}

static void an_event_comes_back_as_it_was(void **state)
{
    fixture *f = *state;
    zw_alert_event event = {
        .key = {"a'; DROP TABLE alert_event; --", "琶洲\"\n", "2024-03-31T10:15:00+08:00", ""},
        .at_ms = -5,
        .recorded_ms = INT64_C(4102444800000),
        .state = {.is = ZW_ALERT_FIRING,
                  .severity = ZW_CRITICAL,
                  .since_ms = -5,
                  .active_ms = -9,
                  .true_since_ms = {ZW_NEVER_MS, -9, -7},
                  .has_front = true,
                  .front = -3},
        .evidence = "{\"value\": 0.1, \"why\": \"\\u0000 \\\" 数\"}  "};
    begin(f);
    assert_int_equal(zw_ledger_append(f->ledger, &event, NULL), ZW_OK);
    commit(f);
    assert_int_equal(zw_ledger_states(f->ledger, 0, take_event, &event, NULL), ZW_LIMIT);
    assert_int_equal(
        zw_ledger_history(f->ledger, event.key.alert, -5, -5, take_event, &event, NULL), ZW_LIMIT);
}

/* pending at 10, warning at 20, ok at 30, each written down in its turn. */
static void put_three(fixture *f)
{
    begin(f);
    (void)say(f, 10, 10, "pending");
    (void)say(f, 20, 20, "warning");
    (void)say(f, 30, 30, "ok");
    commit(f);
}

static void what_a_replay_no_longer_says_is_superseded(void **state)
{
    fixture *f = *state;
    put_three(f);
    begin(f);
    rewind_to(f, 20, 100);
    assert_states(f, 1000, "1 late/yuzhu/ 10 10 pending {}\n");
    assert_history(f, NULL, 0, 1000, "1 late/yuzhu/ 10 10 pending {}\n");
    assert_int_equal(say(f, 25, 100, "critical"), 4);
    commit(f);
    assert_states(f, 1000, "4 late/yuzhu/ 25 100 critical {}\n");
    assert_rows(f, "1 10 10 - pending\n"
                   "2 20 20 100 warning\n"
                   "3 30 30 100 ok\n"
                   "4 25 100 - critical\n");
}

static void what_a_replay_says_again_is_the_row_on_record(void **state)
{
    fixture *f = *state;
    put_three(f);
    begin(f);
    rewind_to(f, 0, 100);
    assert_states(f, 1000, "");
    assert_int_equal(say(f, 10, 100, "pending"), 1);
    assert_int_equal(say(f, 15, 100, "critical"), 4);
    assert_int_equal(say(f, 30, 100, "ok"), 3);
    commit(f);
    assert_rows(f, "1 10 10 - pending\n"
                   "2 20 20 100 warning\n"
                   "3 30 30 - ok\n"
                   "4 15 100 - critical\n");
    assert_states(f, 1000, "3 late/yuzhu/ 30 30 ok {}\n");
    /* Once more, saying what was said at first: the second row was superseded by another turn, so
     * this is news. */
    begin(f);
    rewind_to(f, 15, 200);
    assert_int_equal(say(f, 20, 200, "warning"), 5);
    assert_int_equal(say(f, 30, 200, "ok"), 3);
    commit(f);
    assert_rows(f, "1 10 10 - pending\n"
                   "2 20 20 100 warning\n"
                   "3 30 30 - ok\n"
                   "4 15 100 200 critical\n"
                   "5 20 200 - warning\n");
}

static void only_the_same_said_of_the_same_is_the_row_on_record(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *why, *alert, *area, *period, *is;
        int64_t at_ms, recorded_ms;
        bool is_same;
    } rows[] = {
        {"the same", "late", "yuzhu", "", "warning", 20, 100, true},
        {"another alert", "behind", "yuzhu", "", "warning", 20, 100, false},
        {"another area", "late", "pazhou", "", "warning", 20, 100, false},
        {"another period", "late", "yuzhu", "2024-05", "warning", 20, 100, false},
        {"another moment", "late", "yuzhu", "", "warning", 21, 100, false},
        {"another state", "late", "yuzhu", "", "critical", 20, 100, false},
        {"another turn", "late", "yuzhu", "", "warning", 20, 101, false},
    };
    put_three(f);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t id = 0;
        print_message("  %s\n", rows[i].why);
        begin(f);
        rewind_to(f, 20, 100);
        assert_int_equal(append(f, rows[i].alert, rows[i].area, rows[i].period, rows[i].at_ms,
                                rows[i].recorded_ms, rows[i].is, &id, NULL),
                         ZW_OK);
        assert_int_equal(id == 2, rows[i].is_same);
        zw_db_rollback(f->db);
    }
}

static void the_clock_of_a_hold_is_no_move(void **state)
{
    (void)state;
    zw_alert_event event = {.at_ms = 20, .state = state_of("warning", 20)};
    assert_true(zw_ledger_is_move(&event));
    event.at_ms = 30; /* a clock was started or stopped since: it is in this state since 20 */
    assert_false(zw_ledger_is_move(&event));
}

static void moves_at_one_moment_keep_their_order(void **state)
{
    fixture *f = *state;
    begin(f);
    (void)say(f, 10, 10, "warning");
    (void)say(f, 10, 11, "critical");
    commit(f);
    begin(f); /* said again in the same order */
    rewind_to(f, 10, 100);
    assert_int_equal(say(f, 10, 100, "warning"), 1);
    assert_int_equal(say(f, 10, 100, "critical"), 2);
    assert_states(f, 10, "2 late/yuzhu/ 10 11 critical {}\n");
    commit(f);
    begin(f); /* the other way round: the first row would lie before what was said first */
    rewind_to(f, 10, 200);
    assert_int_equal(say(f, 10, 200, "critical"), 2);
    assert_int_equal(say(f, 10, 200, "warning"), 3);
    assert_states(f, 10, "3 late/yuzhu/ 10 200 warning {}\n");
    commit(f);
    begin(f); /* the same twice is two rows again */
    rewind_to(f, 10, 300);
    assert_int_equal(say(f, 10, 300, "critical"), 2);
    assert_int_equal(say(f, 10, 300, "warning"), 3);
    assert_int_equal(say(f, 10, 300, "critical"), 4);
    assert_states(f, 10, "4 late/yuzhu/ 10 300 critical {}\n");
    commit(f);
}

static void what_was_not_committed_never_was(void **state)
{
    fixture *f = *state;
    put_three(f);
    begin(f);
    rewind_to(f, 20, 100);
    (void)say(f, 25, 100, "critical");
    fixture_close(f); /* killed */
    assert_true(fixture_open(f));
    assert_rows(f, "1 10 10 - pending\n"
                   "2 20 20 - warning\n"
                   "3 30 30 - ok\n");
    begin(f);
    rewind_to(f, 20, 100);
    (void)say(f, 25, 100, "critical");
    commit(f);
    fixture_close(f);
    assert_true(fixture_open(f));
    assert_states(f, 1000, "4 late/yuzhu/ 25 100 critical {}\n");
}

static void outside_a_transaction_nothing_is_written(void **state)
{
    fixture *f = *state;
    int64_t id = 0;
    zw_err err = {0};
    put_three(f);
    assert_int_equal(append(f, "late", "yuzhu", "", 40, 40, "info", &id, &err), ZW_STORE);
    assert_string_equal(err.text, "ledger: late of yuzhu: no transaction is open");
    assert_int_equal(zw_ledger_rewind(f->ledger, 0, 40, &err), ZW_STORE);
    assert_string_equal(err.text, "ledger: no transaction is open");
    assert_rows(f, "1 10 10 - pending\n"
                   "2 20 20 - warning\n"
                   "3 30 30 - ok\n");
}

static void a_walk_ends_where_it_is_told_to(void **state)
{
    fixture *f = *state;
    put_three(f);
    for (size_t stop = 1; stop <= 3; stop++) {
        found out = {.stop_after = stop};
        zw_err err = {0};
        assert_int_equal(zw_ledger_history(f->ledger, NULL, 0, 100, on_event, &out, &err),
                         ZW_LIMIT);
        assert_string_equal(err.text, "enough");
        assert_int_equal(out.rows, stop);
    }
    found out = {.stop_after = 1};
    assert_int_equal(zw_ledger_states(f->ledger, 100, on_event, &out, NULL), ZW_LIMIT);
    assert_states(f, 100, "3 late/yuzhu/ 30 30 ok {}\n"); /* the statement was given back */
}

static void a_damaged_row_is_named(void **state)
{
    fixture *f = *state;
    zw_err err = {0};
    found out = {0};
    put_three(f);
    assert_int_equal(sqlite3_exec(zw_db_connection(f->db),
                                  "UPDATE alert_event SET snapshot = 'hm' WHERE id = 3", NULL, NULL,
                                  NULL),
                     SQLITE_OK);
    assert_int_equal(zw_ledger_states(f->ledger, 100, on_event, &out, &err), ZW_STORE);
    assert_string_equal(err.text, "ledger: the file is damaged: event 3 says 'hm'");
    assert_int_equal(out.rows, 0);
}

/* What a turn does with the ledger, from its making on. */
static zw_status do_everything(zw_db *db, found *out)
{
    zw_ledger *ledger = NULL;
    zw_alert_event event = {.key = {"late", "yuzhu", "", ""},
                            .at_ms = 30,
                            .recorded_ms = 100,
                            .state = state_of("ok", 30),
                            .evidence = "{}"};
    zw_status status = zw_ledger_create(db, &ledger, NULL);
    if (status == ZW_OK) {
        status = zw_ledger_rewind(ledger, 20, 100, NULL);
    }
    if (status == ZW_OK) {
        status = zw_ledger_append(ledger, &event, NULL); /* a row on record */
    }
    if (status == ZW_OK) {
        event.at_ms = 40;
        status = zw_ledger_append(ledger, &event, NULL); /* a new one */
    }
    if (status == ZW_OK) {
        status = zw_ledger_states(ledger, 100, on_event, out, NULL);
    }
    if (status == ZW_OK) {
        status = zw_ledger_history(ledger, "late", 0, 100, on_event, out, NULL);
    }
    zw_ledger_destroy(ledger);
    return status;
}

static void without_memory_nothing_is_half_done(void **state)
{
    fixture *f = *state;
    put_three(f);
    bool is_done[2] = {false, false};
    for (int which = 0; which < 2; which++) { /* our own allocations, then SQLite's */
        for (long n = 0; !is_done[which]; n++) {
            found out = {0};
            begin(f);
            failing_alloc_after(which == 0 ? n : -1);
            failing_sqlite_after(which == 1 ? n : -1);
            zw_status status = do_everything(f->db, &out);
            bool was_refused = failing_alloc_stop();
            was_refused = failing_sqlite_stop() || was_refused;
            if (status == ZW_OK) { /* SQLite does without some of what it was refused */
                assert_string_equal(out.text, "4 late/yuzhu/ 40 100 ok {}\n"
                                              "1 late/yuzhu/ 10 10 pending {}\n"
                                              "3 late/yuzhu/ 30 30 ok {}\n"
                                              "4 late/yuzhu/ 40 100 ok {}\n");
                is_done[which] = !was_refused;
            } else {
                assert_true(was_refused);
                assert_int_equal(status, ZW_NOMEM);
            }
            zw_db_rollback(f->db);
            assert_rows(f, "1 10 10 - pending\n"
                           "2 20 20 - warning\n"
                           "3 30 30 - ok\n");
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_history_says_from_where_each_instance_moved, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_state_is_the_last_event_until_then, setup, teardown),
        cmocka_unit_test_setup_teardown(the_history_goes_by_moment, setup, teardown),
        cmocka_unit_test_setup_teardown(an_event_comes_back_as_it_was, setup, teardown),
        cmocka_unit_test_setup_teardown(what_a_replay_no_longer_says_is_superseded, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(what_a_replay_says_again_is_the_row_on_record, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(only_the_same_said_of_the_same_is_the_row_on_record, setup,
                                        teardown),
        cmocka_unit_test(the_clock_of_a_hold_is_no_move),
        cmocka_unit_test_setup_teardown(moves_at_one_moment_keep_their_order, setup, teardown),
        cmocka_unit_test_setup_teardown(what_was_not_committed_never_was, setup, teardown),
        cmocka_unit_test_setup_teardown(outside_a_transaction_nothing_is_written, setup, teardown),
        cmocka_unit_test_setup_teardown(a_walk_ends_where_it_is_told_to, setup, teardown),
        cmocka_unit_test_setup_teardown(a_damaged_row_is_named, setup, teardown),
        cmocka_unit_test_setup_teardown(without_memory_nothing_is_half_done, setup, teardown),
    };
    return failing_sqlite_install() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
