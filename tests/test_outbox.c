/* The outbox: what must still be said, when it is tried again, and what was told. */
#include "alert/outbox.h"

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

enum { FOUND_BYTES = 4096, MANY = 3000 };

typedef struct fixture {
    store_folder folder;
    zw_db *db;
    zw_outbox *outbox;
} fixture;

static bool fixture_open(fixture *f)
{
    return zw_db_open(f->folder.path, ZW_DB_WRITE, &f->db, NULL) == ZW_OK &&
           zw_outbox_create(f->db, &f->outbox, NULL) == ZW_OK;
}

static void fixture_close(fixture *f)
{
    zw_outbox_destroy(f->outbox);
    f->outbox = NULL;
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

static void begin(fixture *f)
{
    assert_int_equal(zw_db_begin(f->db, NULL), ZW_OK);
}

static void commit(fixture *f)
{
    assert_int_equal(zw_db_commit(f->db, NULL), ZW_OK);
}

static zw_status put_told(zw_outbox *outbox, const zw_alert_key *key, const char *notify, int level,
                          int64_t active_ms)
{
    zw_told told = zw_told_nothing();
    told.level = level;
    told.active_ms = active_ms;
    return zw_told_put(outbox, key, notify, &told, NULL);
}

/* What is sought in a walk, and what was found. */
struct sought {
    const zw_alert_key *key;
    const char *notify;
    zw_told found;
};

static zw_status seek(void *arg, const zw_alert_key *key, const char *notify, const zw_told *told,
                      zw_err *err)
{
    (void)err;
    struct sought *sought = arg;
    if (strcmp(key->alert, sought->key->alert) == 0 && strcmp(key->area, sought->key->area) == 0 &&
        strcmp(key->period, sought->key->period) == 0 && strcmp(notify, sought->notify) == 0) {
        sought->found = *told;
    }
    return ZW_OK;
}

static zw_status get_told(zw_outbox *outbox, const zw_alert_key *key, const char *notify,
                          zw_told *out)
{
    struct sought sought = {key, notify, zw_told_nothing()};
    zw_status status = zw_told_walk(outbox, seek, &sought, NULL);
    *out = sought.found;
    return status;
}

static int64_t put_to(fixture *f, const char *notify, uint32_t receiver, const char *key,
                      int64_t next_ms)
{
    zw_message message = {.notify = notify,
                          .receiver = receiver,
                          .key = key,
                          .body = "{\"a\": \"数\"}",
                          .made_ms = 5,
                          .next_ms = next_ms};
    zw_err err = {0};
    if (zw_outbox_put(f->outbox, &message, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
    return message.id;
}

static int64_t put(fixture *f, const char *key, int64_t next_ms)
{
    return put_to(f, "office", 1, key, next_ms);
}

/* What a walk found, as text. */
typedef struct found {
    char text[FOUND_BYTES];
    size_t len, rows, stop_after; /* stop_after 0: never */
} found;

static zw_status on_message(void *arg, const zw_message *m, zw_err *err)
{
    found *out = arg;
    if (out->len < sizeof out->text - 200) {
        out->len += (size_t)snprintf(out->text + out->len, sizeof out->text - out->len,
                                     "%lld %s %u %s %s %lld %lld %u\n", (long long)m->id, m->notify,
                                     m->receiver, m->key, m->body, (long long)m->made_ms,
                                     (long long)m->next_ms, m->attempts);
    }
    out->rows++;
    return out->rows == out->stop_after ? zw_err_set(err, ZW_LIMIT, "enough") : ZW_OK;
}

static void assert_due(fixture *f, int64_t now_ms, size_t limit, const char *wanted)
{
    found out = {0};
    assert_int_equal(zw_outbox_due(f->outbox, now_ms, limit, on_message, &out, NULL), ZW_OK);
    assert_string_equal(out.text, wanted);
}

static void assert_next(fixture *f, int64_t wanted_ms)
{
    int64_t next_ms = 0;
    assert_int_equal(zw_outbox_next_ms(f->outbox, INT64_MIN, &next_ms, NULL), ZW_OK);
    assert_int_equal(next_ms, wanted_ms);
}

static void assert_counts(fixture *f, int64_t waiting, int64_t delivered)
{
    int64_t counts[2] = {-1, -1};
    assert_int_equal(zw_outbox_counts(f->outbox, &counts[0], &counts[1], NULL), ZW_OK);
    assert_int_equal(counts[0], waiting);
    assert_int_equal(counts[1], delivered);
}

static void messages_come_oldest_first_when_their_time_has_come(void **state)
{
    fixture *f = *state;
    assert_due(f, INT64_MAX, 10, "");
    assert_next(f, ZW_NEVER_MS);
    assert_counts(f, 0, 0);
    begin(f);
    assert_int_equal(put(f, "one", 30), 1);
    assert_int_equal(put(f, "two", 10), 2);
    assert_int_equal(put(f, "three", 20), 3);
    commit(f);
    assert_next(f, 10);
    assert_counts(f, 3, 0);
    assert_due(f, 9, 10, "");
    assert_due(f, 10, 10, "2 office 1 two {\"a\": \"数\"} 5 10 0\n");
    assert_due(f, 30, 10,
               "1 office 1 one {\"a\": \"数\"} 5 30 0\n"
               "2 office 1 two {\"a\": \"数\"} 5 10 0\n"
               "3 office 1 three {\"a\": \"数\"} 5 20 0\n");
    assert_due(f, 30, 2,
               "1 office 1 one {\"a\": \"数\"} 5 30 0\n"
               "2 office 1 two {\"a\": \"数\"} 5 10 0\n");
    assert_due(f, 30, 0, "");
    found out = {0};
    assert_int_equal(zw_outbox_due(f->outbox, 30, SIZE_MAX, on_message, &out, NULL), ZW_OK);
    assert_int_equal(out.rows, 3);
}

/* A receiver's oldest message. */
struct head {
    int64_t id, next_ms;
};

static zw_status on_head(void *arg, const zw_message *m, zw_err *err)
{
    (void)err;
    *(struct head *)arg = (struct head){m->id, m->next_ms};
    return ZW_OK;
}

/* The id of a receiver's oldest message, and when it may go; 0 when there is none. */
static void assert_head(fixture *f, const char *notify, uint32_t receiver, int64_t id,
                        int64_t next_ms)
{
    struct head head = {0, 0};
    assert_int_equal(zw_outbox_head(f->outbox, notify, receiver, on_head, &head, NULL), ZW_OK);
    assert_int_equal(head.id, id);
    assert_int_equal(head.next_ms, next_ms);
}

static void every_receiver_hears_in_order_and_holds_up_only_itself(void **state)
{
    fixture *f = *state;
    assert_head(f, "office", 0, 0, 0);
    begin(f);
    assert_int_equal(put_to(f, "office", 0, "a", 10), 1);
    assert_int_equal(put_to(f, "office", 0, "b", 10), 2); /* behind 1 */
    assert_int_equal(put_to(f, "office", 1, "c", 11), 3); /* another receiver of it */
    assert_int_equal(put_to(f, "log", 0, "d", 10), 4);    /* another notify */
    assert_int_equal(put_to(f, "log", 0, "e", 5), 5);     /* its time comes before that of 4 */
    commit(f);
    assert_head(f, "office", 0, 1, 10);
    assert_head(f, "office", 1, 3, 11);
    assert_head(f, "log", 0, 4, 10); /* 5 must not overtake 4 */
    assert_head(f, "log", 1, 0, 0);
    begin(f);
    assert_int_equal(zw_outbox_failed(f->outbox, 1, 10, "HTTP 503", NULL), ZW_OK);
    assert_int_equal(zw_outbox_delivered(f->outbox, 4, 10, "ok", NULL), ZW_OK);
    commit(f);
    int64_t again_ms = 10 + zw_outbox_backoff_ms(1, 1);
    assert_head(f, "office", 0, 1, again_ms); /* 2 waits behind it */
    assert_head(f, "log", 0, 5, 5);
    begin(f);
    assert_int_equal(zw_outbox_delivered(f->outbox, 1, again_ms, "ok", NULL), ZW_OK);
    commit(f);
    assert_head(f, "office", 0, 2, 10);
}

static zw_status on_lane(void *arg, const zw_outbox_lane *lane, zw_err *err)
{
    (void)err;
    found *out = arg;
    out->len +=
        (size_t)snprintf(out->text + out->len, sizeof out->text - out->len, "%s %u '%s' %lld\n",
                         lane->notify, lane->receiver, lane->kind, (long long)lane->count);
    out->rows++;
    return ZW_OK;
}

static void what_nobody_takes_any_more_is_given_up_and_stays_on_record(void **state)
{
    fixture *f = *state;
    int64_t given_up = 0;
    found out = {0};
    begin(f);
    (void)put_to(f, "office", 0, "a", 10);
    (void)put_to(f, "office", 0, "b", 10);
    (void)put_to(f, "office", 1, "c", 10);
    zw_message other = {
        .notify = "office", .kind = "log()", .key = "d", .body = "a b", .next_ms = 3};
    assert_int_equal(zw_outbox_put(f->outbox, &other, NULL), ZW_OK);
    assert_int_equal(zw_outbox_delivered(f->outbox, 1, 11, "ok", NULL), ZW_OK);
    assert_int_equal(zw_outbox_lanes(f->outbox, on_lane, &out, NULL), ZW_OK);
    assert_string_equal(out.text, "office 0 '' 1\noffice 0 'log()' 1\noffice 1 '' 1\n");
    const zw_outbox_lane lane = {.notify = "office", .kind = "", .receiver = 0};
    assert_int_equal(zw_outbox_give_up(f->outbox, &lane, 20, "no such receiver", NULL), ZW_OK);
    commit(f);
    assert_head(f, "office", 0, 4, 3); /* of the other kind */
    assert_counts(f, 2, 1);
    assert_int_equal(zw_outbox_given_up(f->outbox, &given_up, NULL), ZW_OK);
    assert_int_equal(given_up, 1);
    sqlite3_stmt *stmt = NULL;
    assert_int_equal(sqlite3_prepare_v2(zw_db_connection(f->db),
                                        "SELECT id, ended_ms FROM outbox WHERE ended_why ="
                                        " 'no such receiver'",
                                        -1, &stmt, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int64(stmt, 0), 2);
    assert_int_equal(sqlite3_column_int64(stmt, 1), 20);
    assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
}

static zw_status on_attempt(void *arg, const zw_attempt *attempt, zw_err *err)
{
    (void)err;
    found *out = arg;
    out->len +=
        (size_t)snprintf(out->text + out->len, sizeof out->text - out->len, "%lld %u %lld %s %s\n",
                         (long long)attempt->message, attempt->number, (long long)attempt->at_ms,
                         attempt->is_delivered ? "yes" : "no", attempt->answer);
    out->rows++;
    return ZW_OK;
}

static void every_attempt_is_kept_with_its_answer(void **state)
{
    fixture *f = *state;
    found out = {0};
    begin(f);
    (void)put(f, "one", 0);
    (void)put(f, "two", 0);
    assert_int_equal(zw_outbox_failed(f->outbox, 1, 10, "answered 503: later", NULL), ZW_OK);
    assert_int_equal(zw_outbox_failed(f->outbox, 2, 15, "nobody", NULL), ZW_OK);
    assert_int_equal(zw_outbox_delivered(f->outbox, 1, 20, "answered 200", NULL), ZW_OK);
    commit(f);
    assert_int_equal(zw_outbox_attempts(f->outbox, 1, on_attempt, &out, NULL), ZW_OK);
    assert_string_equal(out.text, "1 1 10 no answered 503: later\n1 2 20 yes answered 200\n");
    out = (found){0};
    assert_int_equal(zw_outbox_attempts(f->outbox, 3, on_attempt, &out, NULL), ZW_OK);
    assert_int_equal(out.rows, 0);
}

static void the_next_moment_is_later_than_the_one_asked_for(void **state)
{
    fixture *f = *state;
    static const struct {
        const char *why;
        int64_t after_ms, next_ms;
    } rows[] = {
        {"of all", INT64_MIN, 10},
        {"just before the first", 9, 10},
        {"not that moment itself", 10, 30},
        {"what was delivered asks for nothing", 19, 30},
        {"after the last there is none", 30, ZW_NEVER_MS},
    };
    begin(f);
    (void)put(f, "one", 30);
    (void)put(f, "two", 10);
    (void)put(f, "three", 20);
    assert_int_equal(zw_outbox_delivered(f->outbox, 3, 20, "ok", NULL), ZW_OK);
    commit(f);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t next_ms = 0;
        print_message("  %s\n", rows[i].why);
        assert_int_equal(zw_outbox_next_ms(f->outbox, rows[i].after_ms, &next_ms, NULL), ZW_OK);
        assert_int_equal(next_ms, rows[i].next_ms);
    }
}

static void a_key_stands_once(void **state)
{
    fixture *f = *state;
    begin(f);
    assert_int_equal(put(f, "one", 30), 1);
    zw_message again = {.notify = "other", .key = "one", .body = "other", .next_ms = 1};
    assert_int_equal(zw_outbox_put(f->outbox, &again, NULL), ZW_OK);
    assert_int_equal(again.id, 1);
    assert_due(f, 30, 10, "1 office 1 one {\"a\": \"数\"} 5 30 0\n");
    assert_int_equal(zw_outbox_delivered(f->outbox, 1, 40, "ok", NULL), ZW_OK);
    assert_int_equal(put(f, "one", 50), 1); /* what was delivered is not said again */
    commit(f);
    assert_due(f, 100, 10, "");
    assert_counts(f, 0, 1);
}

static void what_failed_comes_again_and_what_was_delivered_does_not(void **state)
{
    fixture *f = *state;
    zw_err err = {0};
    begin(f);
    (void)put(f, "one", 0);
    (void)put(f, "two", 0);
    assert_int_equal(zw_outbox_failed(f->outbox, 1, 1000, "HTTP 503", NULL), ZW_OK);
    assert_int_equal(zw_outbox_delivered(f->outbox, 2, 1000, "ok", NULL), ZW_OK);
    commit(f);
    int64_t first_ms = 1000 + zw_outbox_backoff_ms(1, 1);
    assert_next(f, first_ms);
    assert_due(f, first_ms - 1, 10, "");
    begin(f);
    assert_int_equal(zw_outbox_failed(f->outbox, 1, first_ms, "HTTP 503", NULL), ZW_OK);
    commit(f);
    int64_t second_ms = first_ms + zw_outbox_backoff_ms(1, 2);
    char wanted[200];
    (void)snprintf(wanted, sizeof wanted, "1 office 1 one {\"a\": \"数\"} 5 %lld 2\n",
                   (long long)second_ms);
    assert_next(f, second_ms);
    assert_due(f, second_ms, 10, wanted);
    begin(f);
    assert_int_equal(zw_outbox_delivered(f->outbox, 1, second_ms, "ok", NULL), ZW_OK);
    /* An answer that comes late does not bring it back, nor change when it was delivered. */
    assert_int_equal(zw_outbox_failed(f->outbox, 1, second_ms + 1, "time-out", NULL), ZW_OK);
    assert_int_equal(zw_outbox_delivered(f->outbox, 1, second_ms + 2, "ok", NULL), ZW_OK);
    assert_int_equal(zw_outbox_delivered(f->outbox, 3, 9, "ok", &err), ZW_NOT_FOUND);
    assert_string_equal(err.text, "outbox: there is no message 3");
    assert_int_equal(zw_outbox_failed(f->outbox, 3, 9, "?", &err), ZW_NOT_FOUND);
    commit(f);
    assert_next(f, ZW_NEVER_MS);
    assert_counts(f, 0, 2);
    sqlite3_stmt *stmt = NULL;
    assert_int_equal(sqlite3_prepare_v2(zw_db_connection(f->db),
                                        "SELECT delivered_ms, last_error FROM outbox WHERE id = 1",
                                        -1, &stmt, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    assert_int_equal(sqlite3_column_int64(stmt, 0), second_ms);
    assert_string_equal((const char *)sqlite3_column_text(stmt, 1), "HTTP 503");
    assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
}

static void a_long_answer_is_cut_at_a_character(void **state)
{
    fixture *f = *state;
    char why[4000] = "";
    for (size_t i = 0; i < 1000; i++) {
        memcpy(why + 3 * i, "数", 4);
    }
    begin(f);
    (void)put(f, "one", 0);
    assert_int_equal(zw_outbox_failed(f->outbox, 1, 0, why, NULL), ZW_OK);
    commit(f);
    sqlite3_stmt *stmt = NULL;
    assert_int_equal(sqlite3_prepare_v2(zw_db_connection(f->db), "SELECT last_error FROM outbox",
                                        -1, &stmt, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    assert_int_equal(sqlite3_column_bytes(stmt, 0), 498);
    assert_memory_equal(sqlite3_column_text(stmt, 0), why, 498);
    assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
}

static void the_wait_doubles_up_to_a_ceiling_and_is_spread(void **state)
{
    (void)state;
    static const struct {
        uint32_t attempts;
        int64_t least_ms;
    } rows[] = {
        {0, 1000},    {1, 1000},    {2, 2000},      {3, 4000},
        {4, 8000},    {5, 16000},   {6, 32000},     {7, 64000},
        {8, 128000},  {9, 256000},  {10, 300000},   {11, 300000},
        {12, 300000}, {64, 300000}, {1000, 300000}, {UINT32_MAX, 300000},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t least_ms = rows[i].least_ms, sum_ms = 0;
        for (int64_t id = 1; id <= 1000; id++) {
            int64_t wait_ms = zw_outbox_backoff_ms(id, rows[i].attempts);
            assert_true(wait_ms >= least_ms && wait_ms <= least_ms + least_ms / 4);
            assert_int_equal(wait_ms, zw_outbox_backoff_ms(id, rows[i].attempts));
            sum_ms += wait_ms - least_ms;
        }
        /* Spread evenly: the mean of an eighth, give or take a tenth of it. */
        int64_t mean_ms = sum_ms / 1000, eighth_ms = least_ms / 8;
        assert_true(mean_ms > eighth_ms * 9 / 10 && mean_ms < eighth_ms * 11 / 10);
    }
    assert_true(zw_outbox_backoff_ms(INT64_MIN, 3) >= 4000);
    assert_true(zw_outbox_backoff_ms(-1, 3) <= 5000);
}

static void what_was_committed_survives_and_nothing_else(void **state)
{
    fixture *f = *state;
    const zw_alert_key key = {"late", "yuzhu", "", ""};
    zw_told level = {.level = -1};
    begin(f);
    for (int i = 0; i < MANY; i++) {
        char name[16];
        (void)snprintf(name, sizeof name, "key%d", i);
        (void)put(f, name, i);
    }
    assert_int_equal(put_told(f->outbox, &key, "office", 2, 77), ZW_OK);
    commit(f);
    begin(f);
    (void)put(f, "lost", 0);
    assert_int_equal(zw_outbox_delivered(f->outbox, 1, 9, "ok", NULL), ZW_OK);
    assert_int_equal(zw_outbox_failed(f->outbox, 2, 9, "?", NULL), ZW_OK);
    assert_int_equal(put_told(f->outbox, &key, "office", 3, 77), ZW_OK);
    fixture_close(f); /* killed */
    assert_true(fixture_open(f));
    found out = {0};
    assert_int_equal(zw_outbox_due(f->outbox, MANY, SIZE_MAX, on_message, &out, NULL), ZW_OK);
    assert_int_equal(out.rows, MANY);
    assert_counts(f, MANY, 0);
    assert_next(f, 0);
    assert_int_equal(get_told(f->outbox, &key, "office", &level), ZW_OK);
    assert_int_equal(level.level, 2);
}

static void outside_a_transaction_nothing_is_written(void **state)
{
    fixture *f = *state;
    const zw_alert_key key = {"late", "yuzhu", "", ""};
    zw_err err = {0};
    zw_message message = {.notify = "office", .key = "one", .body = ""};
    assert_int_equal(zw_outbox_put(f->outbox, &message, &err), ZW_STORE);
    assert_string_equal(err.text, "outbox: no transaction is open");
    assert_int_equal(zw_outbox_delivered(f->outbox, 1, 1, "ok", NULL), ZW_STORE);
    assert_int_equal(zw_outbox_failed(f->outbox, 1, 1, "?", NULL), ZW_STORE);
    assert_int_equal(put_told(f->outbox, &key, "office", 1, 77), ZW_STORE);
    assert_counts(f, 0, 0);
}

static void a_walk_ends_where_it_is_told_to(void **state)
{
    fixture *f = *state;
    found out = {.stop_after = 1};
    zw_err err = {0};
    begin(f);
    (void)put(f, "one", 0);
    (void)put(f, "two", 0);
    commit(f);
    assert_int_equal(zw_outbox_due(f->outbox, 0, 9, on_message, &out, &err), ZW_LIMIT);
    assert_string_equal(err.text, "enough");
    assert_int_equal(out.rows, 1);
    out = (found){0};
    assert_int_equal(zw_outbox_due(f->outbox, 0, 9, on_message, &out, &err), ZW_OK);
    assert_int_equal(out.rows, 2);
}

static void a_damaged_row_is_named(void **state)
{
    fixture *f = *state;
    found out = {0};
    zw_err err = {0};
    begin(f);
    (void)put(f, "one", 0);
    commit(f);
    assert_int_equal(
        sqlite3_exec(zw_db_connection(f->db), "UPDATE outbox SET receiver = -1", NULL, NULL, NULL),
        SQLITE_OK);
    assert_int_equal(zw_outbox_due(f->outbox, 0, 9, on_message, &out, &err), ZW_STORE);
    assert_string_equal(err.text, "outbox: the file is damaged: message 1");
}

static void what_was_told_is_known_for_each_instance_and_notify(void **state)
{
    fixture *f = *state;
    static const struct {
        zw_alert_key key;
        const char *notify;
        int level;
    } rows[] = {
        {{"late", "yuzhu", "", ""}, "office", 2},
        {{"late", "yuzhu", "2024-05", ""}, "office", 1},
        {{"late", "yuzhu", "2024-06", ""}, "office", 3},
        {{"late", "pazhou", "", ""}, "office", 1},
        {{"behind", "yuzhu", "", ""}, "office", 3},
        {{"late", "yuzhu", "", ""}, "log", 1},
    };
    enum { COUNT = sizeof rows / sizeof rows[0] };
    zw_told level = {.level = -1};
    begin(f);
    for (size_t i = 0; i < COUNT; i++) {
        assert_int_equal(get_told(f->outbox, &rows[i].key, rows[i].notify, &level), ZW_OK);
        assert_int_equal(level.level, 0);
        assert_int_equal(put_told(f->outbox, &rows[i].key, rows[i].notify, rows[i].level, 77),
                         ZW_OK);
    }
    for (size_t i = 0; i < COUNT; i++) {
        assert_int_equal(get_told(f->outbox, &rows[i].key, rows[i].notify, &level), ZW_OK);
        assert_int_equal(level.level, rows[i].level);
    }
    assert_int_equal(put_told(f->outbox, &rows[0].key, "office", 3, 77), ZW_OK);
    assert_int_equal(get_told(f->outbox, &rows[0].key, "office", &level), ZW_OK);
    assert_int_equal(level.level, 3);
    assert_int_equal(put_told(f->outbox, &rows[0].key, "office", 0, 77), ZW_OK);
    assert_int_equal(put_told(f->outbox, &rows[0].key, "office", 0, 77), ZW_OK);
    assert_int_equal(get_told(f->outbox, &rows[0].key, "office", &level), ZW_OK);
    assert_int_equal(level.level, 0);
    for (size_t i = 1; i < COUNT; i++) {
        assert_int_equal(get_told(f->outbox, &rows[i].key, rows[i].notify, &level), ZW_OK);
        assert_int_equal(level.level, rows[i].level);
    }
    commit(f);
}

static void what_was_told_keeps_since_when(void **state)
{
    fixture *f = *state;
    const zw_alert_key key = {"late", "yuzhu", "2024-05", ""};
    zw_told told = {.level = 3};
    assert_int_equal(get_told(f->outbox, &key, "office", &told), ZW_OK);
    assert_int_equal(told.level, 0);
    assert_int_equal(told.active_ms, ZW_NEVER_MS); /* nothing began */
    begin(f);
    assert_int_equal(put_told(f->outbox, &key, "office", 1, -77), ZW_OK);
    commit(f);
    fixture_close(f);
    assert_true(fixture_open(f));
    assert_int_equal(get_told(f->outbox, &key, "office", &told), ZW_OK);
    assert_int_equal(told.level, 1);
    assert_int_equal(told.active_ms, -77);
    begin(f);
    assert_int_equal(put_told(f->outbox, &key, "office", 2, 88), ZW_OK);
    assert_int_equal(get_told(f->outbox, &key, "office", &told), ZW_OK);
    assert_int_equal(told.active_ms, 88);
    assert_int_equal(put_told(f->outbox, &key, "office", 0, 88), ZW_OK);
    assert_int_equal(get_told(f->outbox, &key, "office", &told), ZW_OK);
    assert_int_equal(told.active_ms, ZW_NEVER_MS);
    commit(f);
}

static void what_is_held_is_kept_whole(void **state)
{
    fixture *f = *state;
    static const zw_told rows[] = {
        {0, ZW_NEVER_MS, ZW_NEVER_MS, 2, 100, ZW_NEVER_MS, 700}, /* begun, held */
        {0, ZW_NEVER_MS, ZW_NEVER_MS, 2, 100, 200, 700},         /* begun and ended, held */
        {2, 100, 150, 2, 100, 200, 700},                         /* told, its end held */
        {3, 100, 150, 0, ZW_NEVER_MS, ZW_NEVER_MS, ZW_NEVER_MS}, /* told */
        {3, -100, 0, 1, -7, -1, 0},                              /* before 1970 */
    };
    const zw_alert_key key = {"late", "yuzhu", "2024-05", ""};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_told told;
        begin(f);
        assert_int_equal(zw_told_put(f->outbox, &key, "office", &rows[i], NULL), ZW_OK);
        commit(f);
        fixture_close(f);
        assert_true(fixture_open(f));
        assert_int_equal(get_told(f->outbox, &key, "office", &told), ZW_OK);
        assert_true(zw_told_same(&told, &rows[i]));
    }
}

/* What a turn and the postman do with the outbox, from its making on. */
static zw_status do_everything(zw_db *db, found *out)
{
    const zw_alert_key key = {"late", "yuzhu", "", ""};
    zw_message one = {.notify = "office", .key = "one", .body = "a"};
    zw_message two = {.notify = "office", .key = "two", .body = "b"};
    zw_outbox *outbox = NULL;
    int64_t next_ms = 0;
    int64_t waiting = 0, delivered = 0, given_up = 0;
    const zw_outbox_lane lane = {.notify = "office", .kind = "", .receiver = 7};
    zw_told level = zw_told_nothing();
    zw_status status = zw_outbox_create(db, &outbox, NULL);
    if (status == ZW_OK && (status = zw_outbox_put(outbox, &one, NULL)) == ZW_OK &&
        (status = zw_outbox_put(outbox, &two, NULL)) == ZW_OK &&
        (status = zw_outbox_put(outbox, &two, NULL)) == ZW_OK &&
        (status = zw_outbox_failed(outbox, one.id, 0, "?", NULL)) == ZW_OK &&
        (status = zw_outbox_delivered(outbox, two.id, 0, "ok", NULL)) == ZW_OK &&
        (status = put_told(outbox, &key, "office", 2, 77)) == ZW_OK &&
        (status = get_told(outbox, &key, "office", &level)) == ZW_OK &&
        (status = put_told(outbox, &key, "office", 0, 77)) == ZW_OK &&
        (status = zw_outbox_due(outbox, INT64_MAX, 9, on_message, out, NULL)) == ZW_OK &&
        (status = zw_outbox_head(outbox, "office", 0, on_message, out, NULL)) == ZW_OK &&
        (status = zw_outbox_attempts(outbox, one.id, on_attempt, out, NULL)) == ZW_OK &&
        (status = zw_outbox_lanes(outbox, on_lane, out, NULL)) == ZW_OK &&
        (status = zw_outbox_give_up(outbox, &lane, 9, "gone", NULL)) == ZW_OK &&
        (status = zw_outbox_next_ms(outbox, INT64_MIN, &next_ms, NULL)) == ZW_OK) {
        status = zw_outbox_counts(outbox, &waiting, &delivered, NULL);
        status = status == ZW_OK ? zw_outbox_given_up(outbox, &given_up, NULL) : status;
    }
    if (status == ZW_OK) {
        assert_int_equal(out->rows, 4); /* the one that is left, found three ways; its attempt */
        assert_int_equal(next_ms, zw_outbox_backoff_ms(one.id, 1));
        assert_int_equal(waiting, 1);
        assert_int_equal(delivered, 1);
        assert_int_equal(level.level, 2);
    }
    zw_outbox_destroy(outbox);
    return status;
}

static void without_memory_nothing_is_half_done(void **state)
{
    fixture *f = *state;
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
            if (status != ZW_OK) {
                assert_true(was_refused);
                assert_int_equal(status, ZW_NOMEM);
            }
            is_done[which] = status == ZW_OK && !was_refused;
            zw_db_rollback(f->db);
            assert_counts(f, 0, 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(messages_come_oldest_first_when_their_time_has_come, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(what_nobody_takes_any_more_is_given_up_and_stays_on_record,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(every_attempt_is_kept_with_its_answer, setup, teardown),
        cmocka_unit_test_setup_teardown(every_receiver_hears_in_order_and_holds_up_only_itself,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(the_next_moment_is_later_than_the_one_asked_for, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_key_stands_once, setup, teardown),
        cmocka_unit_test_setup_teardown(what_failed_comes_again_and_what_was_delivered_does_not,
                                        setup, teardown),
        cmocka_unit_test_setup_teardown(a_long_answer_is_cut_at_a_character, setup, teardown),
        cmocka_unit_test(the_wait_doubles_up_to_a_ceiling_and_is_spread),
        cmocka_unit_test_setup_teardown(what_was_committed_survives_and_nothing_else, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(outside_a_transaction_nothing_is_written, setup, teardown),
        cmocka_unit_test_setup_teardown(a_walk_ends_where_it_is_told_to, setup, teardown),
        cmocka_unit_test_setup_teardown(a_damaged_row_is_named, setup, teardown),
        cmocka_unit_test_setup_teardown(what_was_told_is_known_for_each_instance_and_notify, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(what_was_told_keeps_since_when, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_held_is_kept_whole, setup, teardown),
        cmocka_unit_test_setup_teardown(without_memory_nothing_is_half_done, setup, teardown),
    };
    return failing_sqlite_install() ? cmocka_run_group_tests(tests, NULL, NULL) : 1;
}
