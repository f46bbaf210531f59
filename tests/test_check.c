/* A check of the whole file. */
#include "store/check.h"

#include "store_folder.h"

#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

enum { FOUND_BYTES = 8192, MONTHS = 4 };

/* Four figures wait in the journal; each page has a sheet of its own. */
static const zw_store_options kept = {.page_periods = 8, .page_series = 1, .unsealed_most = 4};

static void put_months(zw_store *store, int64_t batch, const char *area, double value)
{
    zw_err err = {ZW_OK, ""};
    zw_series key = {"money", area, "industry=ai\x1fsize=big", "2"};
    zw_series_id series = 0;
    assert_int_equal(zw_series_ensure(zw_store_series(store), &key, &series, &err), ZW_OK);
    for (int month = 0; month < MONTHS; month++) {
        zw_change change = ZW_CHANGE_NEW;
        zw_figure figure = {.value = value, .known_at_ms = 1000, .batch = batch, .line = 1};
        assert_int_equal(zw_store_put(store, series, 600 + month, &figure, &change, &err), ZW_OK);
    }
}

/* One delivery about two areas: the first one's page is sealed, the second waits in the journal. */
static void fill(const char *path, double value)
{
    zw_store *store = NULL;
    zw_err err = {ZW_OK, ""};
    zw_recorded_measure what = {"flow", "CNY", {ZW_MONTH, 0}};
    zw_delivery delivery = {.source = "office", .name = "a", .format = "csv", .digest = ""};
    assert_int_equal(zw_store_open_with(path, ZW_DB_WRITE, &kept, &store, &err), ZW_OK);
    assert_int_equal(zw_store_begin(store, &err), ZW_OK);
    assert_int_equal(zw_store_deliver(store, &delivery, &err), ZW_OK);
    assert_int_equal(zw_series_record(zw_store_series(store), "money", &what, &err), ZW_OK);
    put_months(store, delivery.id, "north", value);
    put_months(store, delivery.id, "south", value);
    assert_int_equal(zw_store_deliver_done(store, &delivery, &err), ZW_OK);
    assert_int_equal(zw_store_commit(store, &err), ZW_OK);
    zw_store_close(store);
}

static void on_fault(void *arg, const char *text)
{
    char *found = arg;
    size_t len = strlen(found);
    (void)snprintf(found + len, FOUND_BYTES - len, "%s\n", text);
}

static zw_check check(const char *path, char found[FOUND_BYTES])
{
    zw_store *store = NULL;
    zw_err err = {ZW_OK, ""};
    zw_check out = {0};
    zw_check_watch watch = {.arg = found, .on_fault = on_fault};
    found[0] = '\0';
    if (zw_store_open(path, ZW_DB_READ, &store, &err) != ZW_OK ||
        zw_store_check(store, &watch, &out, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
    zw_store_close(store);
    return out;
}

static void run(const char *path, const char *sql)
{
    sqlite3 *conn = NULL;
    assert_int_equal(sqlite3_open(path, &conn), SQLITE_OK);
    if (sqlite3_exec(conn, sql, NULL, NULL, NULL) != SQLITE_OK) {
        fail_msg("%s: %s", sql, sqlite3_errmsg(conn));
    }
    assert_int_equal(sqlite3_close(conn), SQLITE_OK);
}

static void a_good_file_has_no_fault(void **state)
{
    const store_folder *f = *state;
    char found[FOUND_BYTES];
    fill(f->path, 1);
    zw_check out = check(f->path, found);
    assert_string_equal(found, "");
    assert_int_equal(out.faults, 0);
    assert_int_equal(out.figures, 2 * MONTHS);
    assert_int_equal(out.pages, 2);
    assert_int_equal(out.deliveries, 1);
}

static void what_is_wrong_is_named(void **state)
{
    static const struct {
        const char *why, *sql;
        const char *says;
    } cases[] = {
        {"a page of other bytes", "UPDATE page SET body = zeroblob(length(body))",
         "page row 1 is damaged: 4 figures of money at north (industry=ai, size=big) in scope 2, "
         "2020-01 to 2020-04, are lost\n"},
        {"a page cut short", "UPDATE page SET body = substr(body, 1, length(body) - 1)",
         "page row 1 is damaged: 4 figures of money at north (industry=ai, size=big) in scope 2, "
         "2020-01 to 2020-04, are lost\n"},
        {"a row of the journal", "UPDATE journal SET body = zeroblob(length(body))",
         "journal row 1 is damaged: 8 figures of money at north (industry=ai, size=big) in scope 2 "
         "to money at south (industry=ai, size=big) in scope 2, 2020-01 to 2020-04, are lost\n"},
        {"a delivery under another number", "UPDATE batch SET id = 9",
         "page row 1: a figure of money at north (industry=ai, size=big) in scope 2, 2020-01, of "
         "batch 1, a delivery that there is not\n"},
        {"a row that names no other",
         "INSERT INTO objection SELECT 1, 77, '', '', 0, '', 0, NULL, '', '', '', 0",
         "a row names one that there is not, in table: objection\n"},
    };
    const store_folder *f = *state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char found[FOUND_BYTES];
        store_folder_clear(f);
        fill(f->path, 1);
        run(f->path, cases[i].sql);
        zw_check out = check(f->path, found);
        if (strstr(found, cases[i].says) == NULL || out.faults == 0) {
            fail_msg("%s: found\n%s", cases[i].why, found);
        }
    }
}

static void the_journal_is_held_against_the_pages(void **state)
{
    const store_folder *f = *state;
    char other[STORE_PATH_BYTES];
    char sql[2 * STORE_PATH_BYTES];
    char found[FOUND_BYTES];
    (void)snprintf(other, sizeof(other), "%s/other.db", f->folder);
    fill(f->path, 1);
    fill(other, 2);
    (void)snprintf(sql, sizeof(sql),
                   "ATTACH '%s' AS other; DELETE FROM page; INSERT INTO page SELECT * FROM "
                   "other.page",
                   other);
    run(f->path, sql);
    zw_check out = check(f->path, found);
    assert_int_equal(out.faults, MONTHS);
    assert_non_null(strstr(found, "journal row 1: a figure of money at north (industry=ai, "
                                  "size=big) in scope 2, 2020-04, of batch 1, is in no page\n"));
}

static void a_damaged_page_of_the_file_is_told(void **state)
{
    const store_folder *f = *state;
    char found[FOUND_BYTES];
    fill(f->path, 1);
    run(f->path, "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = (SELECT "
                 "rootpage FROM sqlite_schema WHERE name = 'remark') WHERE name = 'held_row'");
    zw_check out = check(f->path, found);
    assert_true(out.faults > 0);
    assert_non_null(strstr(found, "the file: "));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_good_file_has_no_fault, store_folder_setup,
                                        store_folder_teardown),
        cmocka_unit_test_setup_teardown(what_is_wrong_is_named, store_folder_setup,
                                        store_folder_teardown),
        cmocka_unit_test_setup_teardown(the_journal_is_held_against_the_pages, store_folder_setup,
                                        store_folder_teardown),
        cmocka_unit_test_setup_teardown(a_damaged_page_of_the_file_is_told, store_folder_setup,
                                        store_folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
