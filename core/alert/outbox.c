/*
 * The outbox: the tables outbox (what must still be said, and what was), delivery (every attempt at
 * it) and told (what each notify has heard of an instance).
 *
 * 1. A message is there from the commit of the turn that made it until a receiver has taken it, or
 *    it is given up because the pack has no such receiver any more, and on record after.
 * 2. A key stands once: what is put in again is what is there already.
 * 3. What was delivered stays delivered, whatever is reported of it later.
 */
#include "alert/outbox.h"

#include "base/cut.h"
#include "store/stmts.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum { SECOND_MS = 1000, BACKOFF_MAX_MS = 5 * 60 * SECOND_MS, ANSWER_BYTES_MAX = 500 };

enum {
    PUT,
    FIND,
    DUE,
    HEAD,
    LANES,
    GIVE_UP,
    NEXT,
    DELIVERED,
    FAILURES,
    FAILED,
    TRIED,
    ATTEMPTS,
    COUNTS,
    GIVEN_UP,
    LAST,
    TOLD,
    TELL,
    UNTELL,
    SQL_COUNT
};
#define WAITS "delivered_ms IS NULL AND ended_ms IS NULL"
#define MESSAGE "id, receiver, made_ms, next_ms, attempts, notify, kind, key, body"
static const char *const outbox_sql[SQL_COUNT] = {
    [PUT] = "INSERT INTO outbox(notify, receiver, kind, key, body, made_ms, attempts, next_ms)"
            " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    [FIND] = "SELECT id FROM outbox WHERE key = ?1",
    /* The plus keeps SQLite on the index of what is undelivered: by id it would read through all
     * that ever was. */
    [DUE] = "SELECT " MESSAGE " FROM outbox"
            " WHERE " WAITS " AND next_ms <= ?1 ORDER BY +id LIMIT ?2",
    [HEAD] = "SELECT " MESSAGE " FROM outbox WHERE " WAITS " AND notify = ?1 AND receiver = ?2"
             " ORDER BY id LIMIT 1",
    [LANES] = "SELECT receiver, count(*), notify, kind FROM outbox WHERE " WAITS
              " GROUP BY notify, receiver, kind",
    [GIVE_UP] = "UPDATE outbox SET ended_ms = ?4, ended_why = ?5"
                " WHERE " WAITS " AND notify = ?1 AND receiver = ?2 AND kind = ?3",
    [NEXT] = "SELECT min(next_ms) FROM outbox WHERE " WAITS " AND next_ms > ?1",
    [DELIVERED] = "UPDATE outbox SET delivered_ms = coalesce(delivered_ms, ?2) WHERE id = ?1",
    [FAILURES] = "SELECT attempts FROM outbox WHERE id = ?1",
    [FAILED] = "UPDATE outbox SET attempts = ?2, next_ms = ?3, last_error = ?4"
               " WHERE id = ?1 AND delivered_ms IS NULL",
    [TRIED] = "INSERT INTO delivery(message, attempt, at_ms, delivered, answer)"
              " SELECT ?1, 1 + count(*), ?2, ?3, ?4 FROM delivery WHERE message = ?1",
    [ATTEMPTS] = "SELECT attempt, at_ms, delivered, answer FROM delivery WHERE message = ?1"
                 " ORDER BY id",
    [COUNTS] = "SELECT count(*) FILTER (WHERE " WAITS "), count(delivered_ms) FROM outbox",
    [GIVEN_UP] = "SELECT count(*), 0 FROM outbox WHERE delivered_ms IS NULL"
                 " AND ended_ms IS NOT NULL",
    [LAST] = "SELECT coalesce(max(id), 0), 0 FROM outbox",
    [TOLD] = "SELECT level, active_ms, told_ms, held_level, held_from_ms, held_till_ms, due_ms,"
             " alert, area, period, notify, item FROM told"
             " ORDER BY alert, area, period, item, notify",
    [TELL] = "INSERT OR REPLACE INTO told(alert, area, period, notify, level, active_ms, told_ms,"
             " held_level, held_from_ms, held_till_ms, due_ms, item)"
             " VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
    [UNTELL] = "DELETE FROM told WHERE alert = ?1 AND area = ?2 AND period = ?3 AND notify = ?4"
               " AND item = ?12",
};

struct zw_outbox {
    zw_stmts stmts;
};

zw_status zw_outbox_create(zw_db *db, zw_outbox **out, zw_err *err)
{
    *out = NULL;
    zw_outbox *outbox = calloc(1, sizeof *outbox);
    if (outbox == NULL) {
        return zw_err_nomem(err);
    }
    zw_status status = zw_stmts_init(&outbox->stmts, db, outbox_sql, SQL_COUNT, err);
    if (status != ZW_OK) {
        zw_outbox_destroy(outbox);
        return status;
    }
    *out = outbox;
    return ZW_OK;
}

void zw_outbox_destroy(zw_outbox *outbox)
{
    if (outbox == NULL) {
        return;
    }
    zw_stmts_fini(&outbox->stmts);
    free(outbox);
}

/* SQLite ends a transaction by itself after some failures. A write after that would be durable at
 * once, so every write asks first. */
static zw_status borrow_to_write(zw_outbox *outbox, size_t which, sqlite3_stmt **out, zw_err *err)
{
    *out = NULL;
    if (!zw_db_in_transaction(outbox->stmts.db)) {
        return zw_err_set(err, ZW_STORE, "outbox: no transaction is open");
    }
    zw_status status = zw_stmts_borrow(&outbox->stmts, which, out, err);
    return status == ZW_OK ? ZW_OK : zw_err_wrap(err, status, "outbox");
}

static zw_status run(zw_outbox *outbox, sqlite3_stmt *stmt, const char *doing, zw_err *err)
{
    zw_status status = zw_stmts_run(&outbox->stmts, stmt, doing, err);
    return status == ZW_OK ? ZW_OK : zw_err_wrap(err, status, "outbox");
}

/* Steps to the one row of a borrowed statement, which stays borrowed. */
static zw_status step(zw_outbox *outbox, sqlite3_stmt *stmt, const char *doing, bool *has_row,
                      zw_err *err)
{
    zw_status status = zw_stmts_step(&outbox->stmts, stmt, doing, has_row, err);
    return status == ZW_OK ? ZW_OK : zw_err_wrap(err, status, "outbox");
}

/* The message with a key; `*id` is 0 when there is none. */
static zw_status find_key(zw_outbox *outbox, const char *key, int64_t *id, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    bool has_row = false;
    *id = 0;
    zw_status status = borrow_to_write(outbox, FIND, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    zw_stmts_bind_text(stmt, 1, key);
    status = step(outbox, stmt, "find message", &has_row, err);
    if (status == ZW_OK && has_row) {
        *id = sqlite3_column_int64(stmt, 0);
    }
    zw_stmts_done(stmt);
    return status;
}

zw_status zw_outbox_put(zw_outbox *outbox, zw_message *message, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    int64_t id = 0;
    zw_status status = find_key(outbox, message->key, &id, err);
    if (status == ZW_OK && id == 0) {
        status = borrow_to_write(outbox, PUT, &stmt, err);
    }
    if (status == ZW_OK && id == 0) {
        zw_stmts_bind_text(stmt, 1, message->notify);
        (void)sqlite3_bind_int64(stmt, 2, message->receiver);
        zw_stmts_bind_text(stmt, 3, message->kind != NULL ? message->kind : "");
        zw_stmts_bind_text(stmt, 4, message->key);
        zw_stmts_bind_text(stmt, 5, message->body);
        (void)sqlite3_bind_int64(stmt, 6, message->made_ms);
        (void)sqlite3_bind_int64(stmt, 7, message->attempts);
        (void)sqlite3_bind_int64(stmt, 8, message->next_ms);
        status = run(outbox, stmt, "insert message", err);
        id = sqlite3_last_insert_rowid(zw_db_connection(outbox->stmts.db));
    }
    if (status == ZW_OK) {
        message->id = id;
    }
    return status;
}

/* Hands on the row the statement stands on. */
static zw_status read_message(zw_outbox *outbox, sqlite3_stmt *stmt, zw_outbox_each each, void *arg,
                              zw_err *err)
{
    int64_t receiver = sqlite3_column_int64(stmt, 1);
    int64_t attempts = sqlite3_column_int64(stmt, 4);
    zw_message message = {.id = sqlite3_column_int64(stmt, 0),
                          .made_ms = sqlite3_column_int64(stmt, 2),
                          .next_ms = sqlite3_column_int64(stmt, 3)};
    if (receiver < 0 || receiver > UINT32_MAX || attempts < 0 || attempts > UINT32_MAX) {
        return zw_err_set(err, ZW_STORE, "outbox: the file is damaged: message %lld",
                          (long long)message.id);
    }
    message.receiver = (uint32_t)receiver;
    message.attempts = (uint32_t)attempts;
    const char **texts[] = {&message.notify, &message.kind, &message.key, &message.body};
    for (int i = 0; i < 4; i++) {
        zw_status status = zw_stmts_text(&outbox->stmts, stmt, 5 + i, texts[i], err);
        if (status != ZW_OK) {
            return zw_err_wrap(err, status, "outbox: message %lld", (long long)message.id);
        }
    }
    return each(arg, &message, err); /* its failure is the caller's: it gets no context of ours */
}

zw_status zw_outbox_due(zw_outbox *outbox, int64_t now_ms, size_t limit, zw_outbox_each each,
                        void *arg, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = zw_stmts_borrow(&outbox->stmts, DUE, &stmt, err);
    if (status != ZW_OK) {
        return zw_err_wrap(err, status, "outbox");
    }
    (void)sqlite3_bind_int64(stmt, 1, now_ms);
    (void)sqlite3_bind_int64(stmt, 2, limit < INT32_MAX ? (int64_t)limit : INT32_MAX);
    bool has_row = true;
    while (status == ZW_OK && has_row) {
        status = step(outbox, stmt, "read messages", &has_row, err);
        if (status == ZW_OK && has_row) {
            status = read_message(outbox, stmt, each, arg, err);
        }
    }
    zw_stmts_done(stmt);
    return status;
}

zw_status zw_outbox_head(zw_outbox *outbox, const char *notify, uint32_t receiver,
                         zw_outbox_each each, void *arg, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    bool has_row = false;
    zw_status status = zw_stmts_borrow(&outbox->stmts, HEAD, &stmt, err);
    if (status != ZW_OK) {
        return zw_err_wrap(err, status, "outbox");
    }
    zw_stmts_bind_text(stmt, 1, notify);
    (void)sqlite3_bind_int64(stmt, 2, receiver);
    status = step(outbox, stmt, "read a receiver's message", &has_row, err);
    if (status == ZW_OK && has_row) {
        status = read_message(outbox, stmt, each, arg, err);
    }
    zw_stmts_done(stmt);
    return status;
}

static zw_status read_lane(zw_outbox *outbox, sqlite3_stmt *stmt, zw_outbox_lane_each each,
                           void *arg, zw_err *err)
{
    zw_outbox_lane lane = {.receiver = (uint32_t)sqlite3_column_int64(stmt, 0),
                           .count = sqlite3_column_int64(stmt, 1)};
    zw_status status = zw_stmts_text(&outbox->stmts, stmt, 2, &lane.notify, err);
    status = status == ZW_OK ? zw_stmts_text(&outbox->stmts, stmt, 3, &lane.kind, err) : status;
    return status == ZW_OK ? each(arg, &lane, err) : zw_err_wrap(err, status, "outbox");
}

zw_status zw_outbox_lanes(zw_outbox *outbox, zw_outbox_lane_each each, void *arg, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    bool has_row = true;
    zw_status status = zw_stmts_borrow(&outbox->stmts, LANES, &stmt, err);
    if (status != ZW_OK) {
        return zw_err_wrap(err, status, "outbox");
    }
    while (status == ZW_OK && has_row) {
        status = step(outbox, stmt, "read who waits", &has_row, err);
        if (status == ZW_OK && has_row) {
            status = read_lane(outbox, stmt, each, arg, err);
        }
    }
    zw_stmts_done(stmt);
    return status;
}

zw_status zw_outbox_give_up(zw_outbox *outbox, const zw_outbox_lane *lane, int64_t now_ms,
                            const char *why, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = borrow_to_write(outbox, GIVE_UP, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    zw_stmts_bind_text(stmt, 1, lane->notify);
    (void)sqlite3_bind_int64(stmt, 2, lane->receiver);
    zw_stmts_bind_text(stmt, 3, lane->kind);
    (void)sqlite3_bind_int64(stmt, 4, now_ms);
    zw_stmts_bind_text(stmt, 5, why);
    return run(outbox, stmt, "give up messages", err);
}

zw_status zw_outbox_next_ms(zw_outbox *outbox, int64_t after_ms, int64_t *out, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    bool has_row = false;
    *out = ZW_NEVER_MS;
    zw_status status = zw_stmts_borrow(&outbox->stmts, NEXT, &stmt, err);
    if (status != ZW_OK) {
        return zw_err_wrap(err, status, "outbox");
    }
    (void)sqlite3_bind_int64(stmt, 1, after_ms);
    status = step(outbox, stmt, "read next message", &has_row, err);
    if (status == ZW_OK && has_row && sqlite3_column_type(stmt, 0) != SQLITE_NULL) {
        *out = sqlite3_column_int64(stmt, 0);
    }
    zw_stmts_done(stmt);
    return status;
}

static zw_status say_absent(int64_t id, zw_err *err)
{
    return zw_err_set(err, ZW_NOT_FOUND, "outbox: there is no message %lld", (long long)id);
}

/* Keeps an attempt. The answer is cut, because a receiver may answer with as much as it likes. */
static zw_status note_attempt(zw_outbox *outbox, int64_t id, int64_t now_ms, bool is_delivered,
                              const char *answer, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = borrow_to_write(outbox, TRIED, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    int length = (int)zw_cut_length(answer, strlen(answer), ANSWER_BYTES_MAX);
    (void)sqlite3_bind_int64(stmt, 1, id);
    (void)sqlite3_bind_int64(stmt, 2, now_ms);
    (void)sqlite3_bind_int(stmt, 3, is_delivered ? 1 : 0);
    (void)sqlite3_bind_text(stmt, 4, answer, length, SQLITE_STATIC);
    return run(outbox, stmt, "keep an attempt", err);
}

zw_status zw_outbox_delivered(zw_outbox *outbox, int64_t id, int64_t now_ms, const char *answer,
                              zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = borrow_to_write(outbox, DELIVERED, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    (void)sqlite3_bind_int64(stmt, 1, id);
    (void)sqlite3_bind_int64(stmt, 2, now_ms);
    status = run(outbox, stmt, "mark message delivered", err);
    if (status == ZW_OK && sqlite3_changes(zw_db_connection(outbox->stmts.db)) == 0) {
        status = say_absent(id, err);
    }
    return status == ZW_OK ? note_attempt(outbox, id, now_ms, true, answer, err) : status;
}

/* How often a message failed so far; ZW_NOT_FOUND when there is none. */
static zw_status read_failures(zw_outbox *outbox, int64_t id, uint32_t *out, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    bool has_row = false;
    zw_status status = borrow_to_write(outbox, FAILURES, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    (void)sqlite3_bind_int64(stmt, 1, id);
    status = step(outbox, stmt, "read attempts", &has_row, err);
    if (status == ZW_OK && has_row) {
        int64_t attempts = sqlite3_column_int64(stmt, 0);
        *out = attempts < 0 ? 0 : attempts < UINT32_MAX ? (uint32_t)attempts : UINT32_MAX;
    } else if (status == ZW_OK) {
        status = say_absent(id, err);
    }
    zw_stmts_done(stmt);
    return status;
}

zw_status zw_outbox_failed(zw_outbox *outbox, int64_t id, int64_t now_ms, const char *answer,
                           zw_err *err)
{
    uint32_t attempts = 0;
    sqlite3_stmt *stmt = NULL;
    zw_status status = read_failures(outbox, id, &attempts, err);
    if (status == ZW_OK) {
        status = borrow_to_write(outbox, FAILED, &stmt, err);
    }
    if (status != ZW_OK) {
        return status;
    }
    attempts += attempts < UINT32_MAX ? 1 : 0;
    int length = (int)zw_cut_length(answer, strlen(answer), ANSWER_BYTES_MAX);
    (void)sqlite3_bind_int64(stmt, 1, id);
    (void)sqlite3_bind_int64(stmt, 2, attempts);
    (void)sqlite3_bind_int64(stmt, 3, now_ms + zw_outbox_backoff_ms(id, attempts));
    (void)sqlite3_bind_text(stmt, 4, answer, length, SQLITE_STATIC);
    status = run(outbox, stmt, "note failure", err);
    return status == ZW_OK ? note_attempt(outbox, id, now_ms, false, answer, err) : status;
}

zw_status zw_outbox_attempts(zw_outbox *outbox, int64_t id, zw_attempt_each each, void *arg,
                             zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    bool has_row = true;
    zw_status status = zw_stmts_borrow(&outbox->stmts, ATTEMPTS, &stmt, err);
    if (status != ZW_OK) {
        return zw_err_wrap(err, status, "outbox");
    }
    (void)sqlite3_bind_int64(stmt, 1, id);
    while (status == ZW_OK && has_row) {
        status = step(outbox, stmt, "read attempts", &has_row, err);
        if (status == ZW_OK && has_row) {
            zw_attempt attempt = {.message = id,
                                  .number = (uint32_t)sqlite3_column_int64(stmt, 0),
                                  .at_ms = sqlite3_column_int64(stmt, 1),
                                  .is_delivered = sqlite3_column_int(stmt, 2) != 0};
            status = zw_stmts_text(&outbox->stmts, stmt, 3, &attempt.answer, err);
            status = status == ZW_OK ? each(arg, &attempt, err) : status;
        }
    }
    zw_stmts_done(stmt);
    return status;
}

/* Spreads ids that lie side by side over all numbers (the end of SplitMix64). */
static uint64_t scatter(uint64_t number)
{
    number += UINT64_C(0x9E3779B97F4A7C15);
    number = (number ^ (number >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    number = (number ^ (number >> 27)) * UINT64_C(0x94D049BB133111EB);
    return number ^ (number >> 31);
}

int64_t zw_outbox_backoff_ms(int64_t id, uint32_t attempts)
{
    int64_t wait_ms = SECOND_MS;
    for (uint32_t i = 1; i < attempts && wait_ms < BACKOFF_MAX_MS; i++) {
        wait_ms *= 2;
    }
    wait_ms = wait_ms < BACKOFF_MAX_MS ? wait_ms : BACKOFF_MAX_MS;
    return wait_ms + (int64_t)(scatter((uint64_t)id) % (uint64_t)(wait_ms / 4 + 1));
}

/* Steps to the one row of numbers that a question answers with. */
static zw_status count(zw_outbox *outbox, size_t which, int64_t *first, int64_t *second,
                       zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    bool has_row = false;
    zw_status status = zw_stmts_borrow(&outbox->stmts, which, &stmt, err);
    if (status != ZW_OK) {
        return zw_err_wrap(err, status, "outbox");
    }
    status = step(outbox, stmt, "count messages", &has_row, err);
    *first = status == ZW_OK && has_row ? sqlite3_column_int64(stmt, 0) : 0;
    *second = status == ZW_OK && has_row ? sqlite3_column_int64(stmt, 1) : 0;
    zw_stmts_done(stmt);
    return status;
}

zw_status zw_outbox_counts(zw_outbox *outbox, int64_t *waiting, int64_t *delivered, zw_err *err)
{
    return count(outbox, COUNTS, waiting, delivered, err);
}

zw_status zw_outbox_given_up(zw_outbox *outbox, int64_t *out, zw_err *err)
{
    int64_t rest = 0;
    return count(outbox, GIVEN_UP, out, &rest, err);
}

zw_status zw_outbox_last(zw_outbox *outbox, int64_t *id, zw_err *err)
{
    int64_t rest = 0;
    return count(outbox, LAST, id, &rest, err);
}

static void bind_told(sqlite3_stmt *stmt, const zw_alert_key *key, const char *notify)
{
    zw_stmts_bind_text(stmt, 1, key->alert);
    zw_stmts_bind_text(stmt, 2, key->area);
    zw_stmts_bind_text(stmt, 3, key->period);
    zw_stmts_bind_text(stmt, 4, notify);
    zw_stmts_bind_text(stmt, 12, key->item != NULL ? key->item : "");
}

zw_told zw_told_nothing(void)
{
    return (zw_told){0, ZW_NEVER_MS, ZW_NEVER_MS, 0, ZW_NEVER_MS, ZW_NEVER_MS, ZW_NEVER_MS};
}

bool zw_told_same(const zw_told *a, const zw_told *b)
{
    return a->level == b->level && a->active_ms == b->active_ms && a->told_ms == b->told_ms &&
           a->held_level == b->held_level && a->held_from_ms == b->held_from_ms &&
           a->held_till_ms == b->held_till_ms && a->due_ms == b->due_ms;
}

/* A moment that is not there is NULL in the table. */
static int64_t moment_at(sqlite3_stmt *stmt, int column)
{
    return sqlite3_column_type(stmt, column) != SQLITE_NULL ? sqlite3_column_int64(stmt, column)
                                                            : ZW_NEVER_MS;
}

static void bind_moment(sqlite3_stmt *stmt, int place, int64_t at_ms)
{
    if (at_ms != ZW_NEVER_MS) {
        (void)sqlite3_bind_int64(stmt, place, at_ms);
    }
}

/* Hands on the row the statement stands on. */
static zw_status read_told(zw_outbox *outbox, sqlite3_stmt *stmt, zw_told_each each, void *arg,
                           zw_err *err)
{
    zw_told told = {sqlite3_column_int(stmt, 0), moment_at(stmt, 1), moment_at(stmt, 2),
                    sqlite3_column_int(stmt, 3), moment_at(stmt, 4), moment_at(stmt, 5),
                    moment_at(stmt, 6)};
    zw_alert_key key;
    const char *notify = NULL;
    const char **texts[] = {&key.alert, &key.area, &key.period, &notify, &key.item};
    for (int i = 0; i < 5; i++) {
        zw_status status = zw_stmts_text(&outbox->stmts, stmt, 7 + i, texts[i], err);
        if (status != ZW_OK) {
            return zw_err_wrap(err, status, "outbox: what was told");
        }
    }
    return each(arg, &key, notify, &told, err);
}

zw_status zw_told_walk(zw_outbox *outbox, zw_told_each each, void *arg, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    bool has_row = true;
    zw_status status = zw_stmts_borrow(&outbox->stmts, TOLD, &stmt, err);
    if (status != ZW_OK) {
        return zw_err_wrap(err, status, "outbox");
    }
    while (status == ZW_OK && has_row) {
        status = step(outbox, stmt, "read what was told", &has_row, err);
        if (status == ZW_OK && has_row) {
            status = read_told(outbox, stmt, each, arg, err);
        }
    }
    zw_stmts_done(stmt);
    return status;
}

zw_status zw_told_put(zw_outbox *outbox, const zw_alert_key *key, const char *notify,
                      const zw_told *told, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    bool is_kept = told->level != 0 || told->held_level != 0;
    zw_status status = borrow_to_write(outbox, is_kept ? TELL : UNTELL, &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    bind_told(stmt, key, notify);
    if (is_kept) {
        (void)sqlite3_bind_int(stmt, 5, told->level);
        bind_moment(stmt, 6, told->active_ms);
        bind_moment(stmt, 7, told->told_ms);
        (void)sqlite3_bind_int(stmt, 8, told->held_level);
        bind_moment(stmt, 9, told->held_from_ms);
        bind_moment(stmt, 10, told->held_till_ms);
        bind_moment(stmt, 11, told->due_ms);
    }
    return run(outbox, stmt, "note what was told", err);
}
