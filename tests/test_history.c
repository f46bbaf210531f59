/* Histories: slice by slice they become what the whole would, whenever they are interrupted. */
#include "app/history.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine_world.h"
#include "failing_alloc.h"
#include "store_folder.h"

#include <sqlite3.h>

enum { DAYS = 120, SLICE_BYTES = 1000, CSV_BYTES = 16384 };

/* Until the last day there is little money. */
static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "local money = measure \"money\" { kind = \"stock\", unit = \"CNY\", every = \"day\" }\n"
    "alert \"poor\" { warning = money:under(50) }\n"
    "notify \"office\" { to = log() }\n";

struct fixture {
    store_folder folder;
    struct house house;
    FILE *file;
    char csv[CSV_BYTES];
    char bad[1024]; /* what was said of bad rows */
    zw_progress progress;
};

static void open_house(struct fixture *f)
{
    zw_err err = {ZW_OK, ""};
    memset(&f->house, 0, sizeof(f->house));
    f->house.now_ms = day_ms("2023-01-01");
    if (house_try(&f->house, pack_text, f->folder.path, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
}

/* A row a day, each known on its day: `days` of them, of which the last says that all is well. */
static void write_csv(struct fixture *f, int days)
{
    char *at = f->csv;
    at += sprintf(at, "measure,area,period,value,known_at\n");
    for (int day = 0; day < days; day++) {
        int month = day / 28 + 1;
        at += sprintf(at, "money,land,2022-%02d-%02d,%d,2022-%02d-%02d\n", month, day % 28 + 1,
                      day == DAYS - 1 ? 100 : 10, month, day % 28 + 1);
    }
    rewind(f->file);
    assert_int_equal(ftruncate(fileno(f->file), 0), 0);
    assert_int_equal(fwrite(f->csv, 1, strlen(f->csv), f->file), strlen(f->csv));
    assert_int_equal(fflush(f->file), 0);
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    assert_non_null(f);
    assert_true(store_folder_init(&f->folder));
    f->file = tmpfile();
    assert_non_null(f->file);
    zw_progress_init(&f->progress, NULL);
    write_csv(f, DAYS);
    open_house(f);
    *state = f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    house_close(&f->house);
    (void)fclose(f->file);
    store_folder_fini(&f->folder);
    free(f);
    return 0;
}

static void note_bad(void *arg, const zw_bad_row *bad)
{
    struct fixture *f = arg;
    size_t len = strlen(f->bad);
    (void)snprintf(f->bad + len, sizeof(f->bad) - len, "%u:%u ", bad->line, bad->column);
}

static zw_status take(struct fixture *f, zw_feed_options feed, zw_history_taken *taken, zw_err *err)
{
    feed.source = "archive";
    zw_history_options options = {.fd = fileno(f->file),
                                  .bytes = strlen(f->csv),
                                  .slice_bytes = SLICE_BYTES,
                                  .feed = feed,
                                  .on_bad = note_bad,
                                  .arg = f,
                                  .progress = &f->progress};
    f->bad[0] = '\0';
    return zw_history_take(f->house.engine, &options, taken, err);
}

static void finish(struct fixture *f)
{
    zw_err err = {ZW_OK, ""};
    if (zw_engine_turn(f->house.engine, NULL, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
}

static size_t figures(const struct fixture *f)
{
    return zw_store_figure_count(zw_engine_store(f->house.engine));
}

static int64_t messages(const struct fixture *f)
{
    int64_t waiting = 0;
    int64_t delivered = 0;
    assert_int_equal(
        zw_outbox_counts(zw_engine_outbox(f->house.engine), &waiting, &delivered, NULL), ZW_OK);
    return waiting + delivered;
}

/* How often the alert moved, on record. */
static size_t moves(const struct fixture *f)
{
    sqlite3_stmt *stmt = NULL;
    sqlite3 *conn = zw_db_connection(zw_store_db(zw_engine_store(f->house.engine)));
    assert_int_equal(sqlite3_prepare_v2(conn, "SELECT count(*) FROM alert_event", -1, &stmt, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
    size_t count = (size_t)sqlite3_column_int64(stmt, 0);
    (void)sqlite3_finalize(stmt);
    return count;
}

/* The line a figure came from, of the day's number. */
static uint32_t line_of(const struct fixture *f, int64_t day)
{
    const zw_store *store = zw_engine_store(f->house.engine);
    zw_series key = {"money", "land", "", ""};
    zw_series_id series = zw_series_find(zw_store_series(zw_engine_store(f->house.engine)), &key);
    const zw_figure *figure =
        zw_store_at(store, series, day_ms("2022-01-01") / DAY_MS + day, INT64_MAX, &(zw_figure){0});
    return figure != NULL ? figure->line : 0;
}

static void slices_become_what_the_whole_would(void **state)
{
    struct fixture *f = *state;
    zw_err err = {ZW_OK, ""};
    zw_history_taken taken;
    if (take(f, (zw_feed_options){.format = ZW_FEED_CSV}, &taken, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
    assert_int_equal(taken.accepted, DAYS);
    assert_int_equal(taken.known_bytes, 0);
    assert_int_equal(taken.taken_bytes, strlen(f->csv));
    assert_string_equal(taken.encoding, "UTF-8");
    assert_true(zw_store_delivery_count(zw_engine_store(f->house.engine)) >= 4);
    assert_int_equal(figures(f), DAYS);
    assert_int_equal(moves(f), 0); /* nothing is judged before all of it is in */
    finish(f);
    assert_int_equal(messages(f), 0); /* what was so in its middle is not said */
    assert_int_equal(moves(f), 2);    /* but on record: poor, and well again */
    house_is(&f->house, "");
    assert_int_equal(line_of(f, 0), 2); /* lines are the file's */
    assert_int_equal(line_of(f, 27), 29);
    assert_int_equal(take(f, (zw_feed_options){.format = ZW_FEED_CSV}, &taken, &err), ZW_OK);
    assert_int_equal(taken.known_bytes, strlen(f->csv)); /* again: all of it is known */
    assert_int_equal(taken.accepted, 0);
    assert_int_equal(figures(f), DAYS);
}

static int refuse_later(void *arg)
{
    int *left = arg;
    return (*left)-- <= 0 ? 1 : 0;
}

static void interrupted_anywhere_it_goes_on(void **state)
{
    struct fixture *f = *state;
    size_t slices = 0;
    bool was_interrupted = true;
    for (int commits = 0; was_interrupted; commits++) {
        zw_err err = {ZW_OK, ""};
        zw_history_taken first;
        zw_history_taken second;
        int left = commits;
        house_close(&f->house);
        store_folder_clear(&f->folder);
        open_house(f);
        sqlite3 *conn = zw_db_connection(zw_store_db(zw_engine_store(f->house.engine)));
        (void)sqlite3_commit_hook(conn, refuse_later, &left);
        zw_status status = take(f, (zw_feed_options){.format = ZW_FEED_CSV}, &first, &err);
        was_interrupted = status != ZW_OK;
        slices += was_interrupted ? 1 : 0;
        house_close(&f->house);
        open_house(f);
        if (commits % 2 == 1) { /* somebody looks in between: what is there is judged */
            finish(f);
        }
        assert_int_equal(figures(f), first.accepted);
        assert_int_equal(take(f, (zw_feed_options){.format = ZW_FEED_CSV}, &second, &err), ZW_OK);
        assert_int_equal(second.known_bytes, first.taken_bytes);
        assert_int_equal(first.accepted + second.accepted, DAYS);
        assert_int_equal(second.unchanged, 0);
        finish(f);
        assert_int_equal(figures(f), DAYS);
        house_is(&f->house, "");
        assert_true(moves(f) >= 2);
    }
    assert_true(slices >= 4);
}

static void what_was_kept_is_judged_after_a_restart(void **state)
{
    struct fixture *f = *state;
    zw_err err = {ZW_OK, ""};
    zw_history_taken taken;
    finish(f); /* judged up to now: what comes is older */
    write_csv(f, DAYS - 1);
    assert_int_equal(take(f, (zw_feed_options){.format = ZW_FEED_CSV}, &taken, &err), ZW_OK);
    house_close(&f->house);
    open_house(f);
    house_is(&f->house, "0/0:unknown "); /* as it was */
    finish(f);
    house_is(&f->house, "0/0:warning ");
    assert_int_equal(messages(f), 1);
    finish(f);
    assert_int_equal(messages(f), 1);
}

static void a_file_that_grew_is_read_from_where_it_was_left(void **state)
{
    struct fixture *f = *state;
    zw_err err = {ZW_OK, ""};
    zw_history_taken taken;
    write_csv(f, DAYS / 2);
    assert_int_equal(take(f, (zw_feed_options){.format = ZW_FEED_CSV}, &taken, &err), ZW_OK);
    write_csv(f, DAYS);
    assert_int_equal(take(f, (zw_feed_options){.format = ZW_FEED_CSV}, &taken, &err), ZW_OK);
    assert_true(taken.accepted >= DAYS / 2);
    assert_int_equal(taken.accepted - taken.unchanged, DAYS / 2);
    finish(f);
    house_is(&f->house, "");
}

static void bad_rows_are_named_by_their_lines_and_nothing_is_kept(void **state)
{
    struct fixture *f = *state;
    zw_err err = {ZW_OK, ""};
    zw_history_taken taken;
    memcpy(strstr(f->csv, "2022-01-03"), "2022-01-xx", 10); /* line 4 */
    memcpy(strstr(f->csv, "land,2022-04-02"), "lend", 4);   /* line 87 */
    rewind(f->file);
    assert_int_equal(fwrite(f->csv, 1, strlen(f->csv), f->file), strlen(f->csv));
    assert_int_equal(fflush(f->file), 0);
    zw_feed_options feed = {.format = ZW_FEED_CSV};
    assert_int_equal(take(f, feed, &taken, &err), ZW_INVALID);
    assert_string_equal(err.text, "2 bad rows: nothing was kept");
    assert_string_equal(f->bad, "4:3 87:2 ");
    assert_int_equal(figures(f), 0);
    feed.is_dry = true;
    assert_int_equal(take(f, feed, &taken, &err), ZW_INVALID);
    feed.is_partial = true;
    assert_int_equal(take(f, feed, &taken, &err), ZW_OK);
    assert_int_equal(taken.accepted, DAYS - 2);
    assert_int_equal(figures(f), 0);
    feed.is_dry = false;
    assert_int_equal(take(f, feed, &taken, &err), ZW_OK);
    assert_string_equal(f->bad, "4:3 87:2 ");
    assert_int_equal(taken.bad, 2);
    assert_int_equal(figures(f), DAYS - 2);
}

static void line_protocol_is_sliced_too(void **state)
{
    struct fixture *f = *state;
    zw_err err = {ZW_OK, ""};
    zw_history_taken taken;
    char *at = f->csv;
    for (int day = 0; day < DAYS; day++) {
        at += sprintf(at, "money,area=%s value=%d %lld\n", day == 99 ? "lend" : "land", day,
                      (long long)(day_ms("2022-01-01") / 1000 + day * 86400LL));
    }
    rewind(f->file);
    assert_int_equal(ftruncate(fileno(f->file), 0), 0);
    assert_int_equal(fwrite(f->csv, 1, strlen(f->csv), f->file), strlen(f->csv));
    assert_int_equal(fflush(f->file), 0);
    zw_feed_options feed = {.format = ZW_FEED_LINE, .unit_ns = 1000000000};
    assert_int_equal(take(f, feed, &taken, &err), ZW_INVALID);
    assert_string_equal(f->bad, "100:1 ");
    feed.is_partial = true;
    assert_int_equal(take(f, feed, &taken, &err), ZW_OK);
    assert_string_equal(f->bad, "100:1 ");
    assert_int_equal(figures(f), DAYS - 1);
    assert_true(zw_store_delivery_count(zw_engine_store(f->house.engine)) >= 4);
}

static void may_run_out_of_memory_anywhere(void **state)
{
    struct fixture *f = *state;
    bool was_refused = true;
    for (long after = 0; was_refused; after += 1 + after / 20) {
        zw_err err = {ZW_OK, ""};
        zw_history_taken taken;
        house_close(&f->house);
        store_folder_clear(&f->folder);
        open_house(f);
        failing_alloc_after(after);
        zw_status status = take(f, (zw_feed_options){.format = ZW_FEED_CSV}, &taken, &err);
        was_refused = failing_alloc_stop();
        assert_true(status == ZW_OK || (was_refused && status == ZW_NOMEM));
        assert_int_equal(figures(f), taken.accepted);
        assert_int_equal(take(f, (zw_feed_options){.format = ZW_FEED_CSV}, &taken, &err), ZW_OK);
        assert_int_equal(figures(f), DAYS);
        finish(f);
        house_is(&f->house, "");
    }
}

#define HISTORY_TEST(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        HISTORY_TEST(slices_become_what_the_whole_would),
        HISTORY_TEST(interrupted_anywhere_it_goes_on),
        HISTORY_TEST(what_was_kept_is_judged_after_a_restart),
        HISTORY_TEST(a_file_that_grew_is_read_from_where_it_was_left),
        HISTORY_TEST(bad_rows_are_named_by_their_lines_and_nothing_is_kept),
        HISTORY_TEST(line_protocol_is_sliced_too),
        HISTORY_TEST(may_run_out_of_memory_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
