/* The figures as tables of SQL. */
#include "store/figures_table.h"

#include "intake/batch.h"
#include "store/store.h"
#include "store_folder.h"

#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

enum { DAY_MS = 86400000, ROWS_BYTES = 8192 };

static zw_store *open_store(const char *path)
{
    zw_store *store = NULL;
    zw_err err = {ZW_OK, ""};
    if (zw_store_open(path, ZW_DB_WRITE, &store, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
    return store;
}

/* What a delivery says of one cell. */
struct said {
    zw_series series;
    zw_period period;
    double value;
    zw_obs_status status;
    const char *note;
};

static void deliver(zw_store *store, const char *source, int64_t known_at_ms, bool is_synthetic,
                    const struct said *said, size_t count)
{
    zw_err err = {ZW_OK, ""};
    zw_recorded_measure what = {"flow", "1e4 CNY", {ZW_MONTH, 0}};
    zw_recorded_measure live = {"gauge", "%", {ZW_SUBDAY, 1000}};
    zw_delivery delivery = {.source = source,
                            .name = "a",
                            .format = "csv",
                            .digest = "",
                            .arrived_ms = known_at_ms,
                            .is_synthetic = is_synthetic};
    assert_int_equal(zw_store_begin(store, &err), ZW_OK);
    assert_int_equal(zw_store_deliver(store, &delivery, &err), ZW_OK);
    for (size_t i = 0; i < count; i++) {
        zw_series_set *set = zw_store_series(store);
        zw_series_id series = 0;
        zw_change change = ZW_CHANGE_NEW;
        zw_figure figure = {.value = said[i].value,
                            .known_at_ms = known_at_ms,
                            .batch = delivery.id,
                            .line = (uint32_t)i + 2,
                            .status = (uint8_t)said[i].status,
                            .is_synthetic = is_synthetic};
        bool is_live = strcmp(said[i].series.measure, "load") == 0;
        assert_int_equal(
            zw_series_record(set, said[i].series.measure, is_live ? &live : &what, &err), ZW_OK);
        assert_int_equal(zw_series_ensure(set, &said[i].series, &series, &err), ZW_OK);
        assert_int_equal(zw_store_text(store, zw_text_of(said[i].note), &figure.note, &err), ZW_OK);
        assert_int_equal(zw_store_put(store, series, said[i].period, &figure, &change, &err),
                         ZW_OK);
    }
    assert_int_equal(zw_store_deliver_done(store, &delivery, &err), ZW_OK);
    assert_int_equal(zw_store_commit(store, &err), ZW_OK);
}

/* Two deliveries: the second revises, withdraws and adds a live sample. */
static void fill(zw_store *store)
{
    static const struct said first[] = {
        {{"money", "north", "", ""}, 600, 603.25e4, ZW_OBS_NORMAL, ""},
        {{"money", "north", "", ""}, 601, 1e4, ZW_OBS_PROVISIONAL, "so \"far\""},
        {{"money", "south", "industry=a \"i\"\x1fsize=big", "2"}, 600, -7e4, ZW_OBS_NORMAL, ""},
    };
    static const struct said second[] = {
        {{"money", "north", "", ""}, 600, 598.75e4, ZW_OBS_NORMAL, "corrected"},
        {{"money", "north", "", ""}, 601, 0, ZW_OBS_MISSING, ""},
        {{"load", "south", "", ""}, 1700000000, 0.112, ZW_OBS_NORMAL, ""},
    };
    deliver(store, "office", DAY_MS, false, first, 3);
    deliver(store, "bureau", 3LL * DAY_MS, true, second, 3);
}

static sqlite3 *open_shell(const char *path)
{
    sqlite3 *conn = NULL;
    zw_err err = {ZW_OK, ""};
    assert_int_equal(sqlite3_open_v2(path, &conn, SQLITE_OPEN_READONLY, NULL), SQLITE_OK);
    if (zw_figures_table_add(conn, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
    return conn;
}

/* Rows as lines, columns with '|' between, NULL as "-"; or what was wrong. */
static void ask(sqlite3 *conn, const char *sql, char out[ROWS_BYTES])
{
    sqlite3_stmt *stmt = NULL;
    size_t len = 0;
    out[0] = '\0';
    int code = sqlite3_prepare_v2(conn, sql, -1, &stmt, NULL);
    for (code = code == SQLITE_OK ? sqlite3_step(stmt) : code; code == SQLITE_ROW;
         code = sqlite3_step(stmt)) {
        for (int i = 0; i < sqlite3_column_count(stmt); i++) {
            const char *text = (const char *)sqlite3_column_text(stmt, i);
            len += (size_t)snprintf(out + len, ROWS_BYTES - len, "%s%s", i > 0 ? "|" : "",
                                    text != NULL ? text : "-");
        }
        len += (size_t)snprintf(out + len, ROWS_BYTES - len, "\n");
    }
    if (code != SQLITE_DONE) {
        (void)snprintf(out, ROWS_BYTES, "%s", sqlite3_errmsg(conn));
    }
    (void)sqlite3_finalize(stmt);
}

static void the_tables_answer_as_the_store_does(void **state)
{
    static const struct {
        const char *sql, *rows;
    } cases[] = {
        {"SELECT * FROM figures WHERE measure = 'money' AND area = 'north'",
         "money|north|{}||2020-01|598.75|1e4 "
         "CNY|A|1970-01-04T00:00:00+00:00|bureau|corrected|1|2|2\n"
         "money|north|{}||2020-02|-|1e4 CNY|M|1970-01-04T00:00:00+00:00|bureau||1|2|3\n"},
        {"SELECT area, dims, scope, value, source, synthetic FROM figures WHERE area = 'south' AND "
         "measure = 'money'",
         "south|{\"industry\":\"a \\\"i\\\"\",\"size\":\"big\"}|2|-7.0|office|0\n"},
        {"SELECT dims ->> '$.size' FROM figures WHERE dims <> '{}'", "big\n"},
        {"SELECT period, value, unit FROM figures WHERE measure = 'load'",
         "2023-11-14T22:13:20+00:00|11.2|%\n"},
        {"SELECT period, value, status, note FROM figures WHERE as_of = '1970-01-02' AND area = "
         "'north'",
         "2020-01|603.25|A|\n2020-02|1.0|P|so \"far\"\n"},
        {"SELECT period, value FROM figures WHERE as_of = '1970-01-03T23:59:59Z' AND area = "
         "'north'",
         "2020-01|603.25\n2020-02|1.0\n"},
        {"SELECT count(*) FROM figures WHERE as_of = 86400000", "3\n"},
        {"SELECT count(*) FROM figures WHERE as_of = 86399999", "0\n"},
        {"SELECT count(*) FROM figures WHERE as_of = '1970-01-01'", "0\n"},
        {"SELECT count(*) FROM figures WHERE as_of = NULL", "0\n"},
        {"SELECT count(*) FROM figures WHERE as_of = 'soon'",
         "as_of: 'soon' is no period or moment that exists; expected 2022, 2022-S1, 2022-Q3, "
         "2022-03, "
         "2022-W05, 2022-03-31 or 2022-03-31T10:15:00+08:00"},
        {"SELECT period, value, known_at FROM revisions WHERE area = 'north' AND measure = 'money'",
         "2020-01|603.25|1970-01-02T00:00:00+00:00\n2020-01|598.75|1970-01-04T00:00:00+00:00\n"
         "2020-02|1.0|1970-01-02T00:00:00+00:00\n2020-02|-|1970-01-04T00:00:00+00:00\n"},
        {"SELECT count(*) FROM revisions WHERE as_of = '1970-01-02'", "3\n"},
        {"SELECT count(*) FROM figures WHERE measure = 'moneys'", "0\n"},
        {"SELECT a.value - b.value FROM figures a JOIN revisions b USING (measure, area, period, "
         "dims) WHERE b.as_of = '1970-01-02' AND a.period = '2020-01' AND a.area = 'north'",
         "-4.5\n"},
        {"DELETE FROM figures", "table figures may not be modified"},
    };
    const store_folder *f = *state;
    zw_store *store = open_store(f->path);
    fill(store);
    sqlite3 *conn = open_shell(f->path);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        char rows[ROWS_BYTES];
        ask(conn, cases[i].sql, rows);
        if (strcmp(rows, cases[i].rows) != 0) {
            fail_msg("%s\nanswers\n%s\nexpected\n%s", cases[i].sql, rows, cases[i].rows);
        }
    }
    assert_int_equal(sqlite3_close(conn), SQLITE_OK);
    zw_store_close(store);
}

static void a_query_sees_what_is_committed_when_it_begins(void **state)
{
    static const struct said more[] = {
        {{"money", "west", "", ""}, 600, 1e4, ZW_OBS_NORMAL, ""},
    };
    const store_folder *f = *state;
    char rows[ROWS_BYTES];
    zw_store *store = open_store(f->path);
    fill(store);
    sqlite3 *conn = open_shell(f->path);
    sqlite3_stmt *stmt = NULL;
    assert_int_equal(sqlite3_prepare_v2(conn, "SELECT area FROM figures", -1, &stmt, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    deliver(store, "office", 4LL * DAY_MS, false, more, 1);
    int count = 1;
    while (sqlite3_step(stmt) == SQLITE_ROW) {
        count++;
    }
    assert_int_equal(count, 4);
    assert_int_equal(sqlite3_finalize(stmt), SQLITE_OK);
    ask(conn, "SELECT count(*) FROM figures", rows);
    assert_string_equal(rows, "5\n");
    assert_int_equal(sqlite3_close(conn), SQLITE_OK);
    zw_store_close(store);
}

static void what_is_no_file_is_refused(void **state)
{
    (void)state;
    sqlite3 *conn = NULL;
    zw_err err = {ZW_OK, ""};
    assert_int_equal(sqlite3_open(":memory:", &conn), SQLITE_OK);
    assert_int_equal(zw_figures_table_add(conn, &err), ZW_INVALID);
    assert_non_null(strstr(err.text, "open the store's file first"));
    assert_int_equal(sqlite3_close(conn), SQLITE_OK);
}

static void another_database_is_said_to_be_none(void **state)
{
    const store_folder *f = *state;
    char rows[ROWS_BYTES];
    sqlite3 *conn = NULL;
    assert_int_equal(sqlite3_open(f->path, &conn), SQLITE_OK);
    assert_int_equal(sqlite3_exec(conn, "CREATE TABLE t(x)", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(conn), SQLITE_OK);
    conn = open_shell(f->path);
    ask(conn, "SELECT * FROM figures", rows);
    assert_non_null(strstr(rows, "not a store of this program"));
    assert_int_equal(sqlite3_close(conn), SQLITE_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_tables_answer_as_the_store_does, store_folder_setup,
                                        store_folder_teardown),
        cmocka_unit_test_setup_teardown(a_query_sees_what_is_committed_when_it_begins,
                                        store_folder_setup, store_folder_teardown),
        cmocka_unit_test(what_is_no_file_is_refused),
        cmocka_unit_test_setup_teardown(another_database_is_said_to_be_none, store_folder_setup,
                                        store_folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
