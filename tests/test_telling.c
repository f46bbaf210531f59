/* The ledger of tellings: which messages spoke of what, and what was kept from being told. */
#include "alert/telling.h"

#include "alert/outbox.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct desk {
    zw_db *db;
    zw_tellings *tellings;
    zw_outbox *outbox;
    zw_buf said;
};

static int desk_open(void **state)
{
    static struct desk desk;
    assert_int_equal(zw_db_open(":memory:", ZW_DB_WRITE, &desk.db, NULL), ZW_OK);
    assert_int_equal(zw_tellings_create(desk.db, &desk.tellings, NULL), ZW_OK);
    assert_int_equal(zw_outbox_create(desk.db, &desk.outbox, NULL), ZW_OK);
    assert_int_equal(zw_db_begin(desk.db, NULL), ZW_OK);
    zw_buf_init(&desk.said, 65536);
    *state = &desk;
    return 0;
}

static int desk_close(void **state)
{
    struct desk *desk = *state;
    zw_buf_fini(&desk->said);
    zw_outbox_destroy(desk->outbox);
    zw_tellings_destroy(desk->tellings);
    zw_db_rollback(desk->db);
    zw_db_close(desk->db);
    return 0;
}

static void expect(struct desk *desk, zw_status status, const char *expected)
{
    assert_int_equal(status, ZW_OK);
    zw_buf_puts(&desk->said, "");
    assert_string_equal(zw_buf_view(&desk->said), expected);
    zw_buf_clear(&desk->said);
}

static zw_status say_line(void *arg, const zw_told_line *line, zw_err *err)
{
    (void)err;
    zw_buf_printf(arg, "%s/%s%s%s %s %s; ", line->key.alert, line->key.area, line->key.period,
                  line->key.item, line->is_firing ? "firing" : "resolved",
                  zw_severity_text(line->severity));
    return ZW_OK;
}

static void put_line(struct desk *desk, int64_t first, int64_t last, const char *area,
                     bool is_firing)
{
    zw_told_line line = {.key = {"low", area, "", ""},
                         .is_firing = is_firing,
                         .severity = ZW_WARNING,
                         .starts_ms = 5,
                         .ends_ms = is_firing ? ZW_NEVER_MS : 7};
    assert_int_equal(zw_tellings_put(desk->tellings, first, last, &line, NULL), ZW_OK);
}

static void each_message_of_a_letter_speaks_of_its_lines(void **state)
{
    struct desk *desk = *state;
    static const struct {
        int64_t message;
        const char *said;
    } rows[] = {{1, ""},
                {2, "low/north firing warning; low/south resolved warning; "},
                {4, "low/north firing warning; low/south resolved warning; "},
                {5, "low/east firing warning; "},
                {6, ""},
                {9, "low/west firing warning; "}};
    put_line(desk, 2, 4, "north", true);
    put_line(desk, 2, 4, "south", false);
    put_line(desk, 5, 5, "east", true);
    put_line(desk, 9, 9, "west", true);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        expect(desk,
               zw_tellings_lines(desk->tellings, rows[i].message, say_line, &desk->said, NULL),
               rows[i].said);
    }
}

static int64_t begin(struct desk *desk, const char *notify, const char *alert, zw_quiet cause,
                     int64_t from_ms)
{
    zw_suppression suppression = {.notify = notify,
                                  .key = {alert, "north", "", ""},
                                  .severity = ZW_CRITICAL,
                                  .cause = cause,
                                  .which = cause == ZW_QUIET_SILENCE ? "12" : "",
                                  .from_ms = from_ms,
                                  .until_ms = ZW_NEVER_MS};
    assert_int_equal(zw_tellings_begin(desk->tellings, &suppression, NULL), ZW_OK);
    return suppression.id;
}

static zw_status say_suppression(void *arg, const zw_suppression *suppression, zw_err *err)
{
    (void)err;
    zw_buf_printf(arg, "%lld ", (long long)suppression->id);
    assert_int_equal(suppression->severity, ZW_CRITICAL);
    return ZW_OK;
}

static void what_was_not_told_is_found_by_what_of_and_when(void **state)
{
    struct desk *desk = *state;
    static const struct {
        const char *why;
        zw_tellings_of of;
        const char *said;
    } rows[] = {
        {"all", {NULL, NULL, INT64_MIN, INT64_MAX}, "3 2 1 "},
        {"to one", {"office", NULL, INT64_MIN, INT64_MAX}, "2 1 "},
        {"of one", {NULL, "high", INT64_MIN, INT64_MAX}, "3 2 "},
        {"after the end of the first", {NULL, NULL, 21, INT64_MAX}, "3 2 "},
        {"at its end", {NULL, NULL, 20, 20}, "1 "},
        {"before the others", {NULL, NULL, 0, 29}, "1 "},
        {"of nobody", {"home", "low", INT64_MIN, INT64_MAX}, ""},
    };
    int64_t first = begin(desk, "office", "low", ZW_QUIET_SILENCE, 10);
    (void)begin(desk, "office", "high", ZW_QUIET_WAIT, 30);
    (void)begin(desk, "home", "high", ZW_QUIET_HOURS, 40);
    assert_int_equal(zw_tellings_end(desk->tellings, first, 20, 7, NULL), ZW_OK);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        expect(desk,
               zw_tellings_suppressions(desk->tellings, &rows[i].of, say_suppression, &desk->said,
                                        NULL),
               rows[i].said);
    }
    expect(desk, zw_tellings_open(desk->tellings, say_suppression, &desk->said, NULL), "2 3 ");
}

static zw_status say_message(void *arg, const zw_sent *sent, zw_err *err)
{
    (void)err;
    zw_buf_printf(arg, "%lld:%s/%u %s%s; ", (long long)sent->id, sent->notify, sent->receiver,
                  sent->delivered_ms == ZW_NEVER_MS ? "waits" : "delivered", sent->last_error);
    return ZW_OK;
}

static void messages_are_found_by_what_they_speak_of(void **state)
{
    struct desk *desk = *state;
    static const struct {
        const char *why;
        zw_tellings_of of;
        const char *said;
    } rows[] = {
        {"all",
         {NULL, NULL, INT64_MIN, INT64_MAX},
         "3:office/2 waits500; 2:office/1 delivered; "
         "1:office/0 waits; "},
        {"of low",
         {NULL, "low", INT64_MIN, INT64_MAX},
         "3:office/2 waits500; 2:office/1 "
         "delivered; "},
        {"of high", {NULL, "high", INT64_MIN, INT64_MAX}, ""},
        {"made by then", {NULL, NULL, INT64_MIN, 10}, "1:office/0 waits; "},
        {"to nobody", {"home", NULL, INT64_MIN, INT64_MAX}, ""},
    };
    static const char *const keys[] = {"a", "b", "c"};
    for (uint32_t i = 0; i < 3; i++) {
        zw_message message = {.notify = "office",
                              .receiver = i,
                              .key = keys[i],
                              .body = "{}",
                              .made_ms = 10 + i,
                              .next_ms = 10};
        assert_int_equal(zw_outbox_put(desk->outbox, &message, NULL), ZW_OK);
    }
    assert_int_equal(zw_outbox_delivered(desk->outbox, 2, 15, "ok", NULL), ZW_OK);
    assert_int_equal(zw_outbox_failed(desk->outbox, 3, 15, "500", NULL), ZW_OK);
    put_line(desk, 2, 3, "north", true);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        expect(desk,
               zw_tellings_messages(desk->tellings, &rows[i].of, say_message, &desk->said, NULL),
               rows[i].said);
    }
}

static void what_is_damaged_is_named(void **state)
{
    struct desk *desk = *state;
    zw_err err = {ZW_OK, ""};
    (void)begin(desk, "office", "low", ZW_QUIET_NONE, 10); /* no cause that there is */
    assert_int_equal(zw_tellings_open(desk->tellings, say_suppression, &desk->said, &err),
                     ZW_STORE);
    assert_string_equal(err.text, "the file is damaged: suppression 1 says ''");
}

static void outside_a_transaction_nothing_is_written(void **state)
{
    struct desk *desk = *state;
    zw_told_line line = {.key = {"low", "north", "", ""}};
    zw_suppression suppression = {.key = {"low", "north", "", ""}};
    zw_db_rollback(desk->db);
    assert_int_equal(zw_tellings_put(desk->tellings, 1, 1, &line, NULL), ZW_STORE);
    assert_int_equal(zw_tellings_begin(desk->tellings, &suppression, NULL), ZW_STORE);
    assert_int_equal(zw_tellings_end(desk->tellings, 1, 1, 0, NULL), ZW_STORE);
}

#define DESK_TEST(name) cmocka_unit_test_setup_teardown(name, desk_open, desk_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DESK_TEST(each_message_of_a_letter_speaks_of_its_lines),
        DESK_TEST(what_was_not_told_is_found_by_what_of_and_when),
        DESK_TEST(messages_are_found_by_what_they_speak_of),
        DESK_TEST(what_is_damaged_is_named),
        DESK_TEST(outside_a_transaction_nothing_is_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
