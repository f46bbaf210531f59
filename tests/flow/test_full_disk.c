/*
 * A disk that is full or fails, at every write and every sync of a short history: nothing
 * acknowledged is lost, nothing unacknowledged is half seen, reads go on, and the next turn after
 * it works. The same after a crash at the moment of the failure.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "../engine_world.h"
#include "../failing_vfs.h"
#include "../store_folder.h"

enum { DELIVERIES = 6, AREAS = 3, TAKEN_MOST = 2 * DELIVERIES, CHECKPOINT_PAGES = 6 };

static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "local north = area \"north\" { within = land }\n"
    "local south = area \"south\" { within = land }\n"
    "local money = measure \"money\" { kind = \"flow\", unit = \"CNY\", every = \"month\" }\n"
    "alert \"poor\" { each = land.areas, per = \"period\", warning = money:under(3), hold = "
    "\"40d\", say = \"{area} had {value} in {period}\" }\n"
    "notify \"office\" { to = log() }\n";
static const char *const areas[AREAS] = {"land", "north", "south"};

/* A history under way: what was taken, in order, and when. */
struct history {
    struct house house;
    int64_t day; /* from the first, one a turn */
    struct {
        int delivery;
        int64_t day;
    } taken[TAKEN_MOST];
    size_t taken_count;
    bool is_in[DELIVERIES];
};

static void open_house(struct house *house, const char *path)
{
    zw_err err = {ZW_OK, ""};
    memset(house, 0, sizeof(*house));
    house->now_ms = day_ms("2023-01-01");
    if (house_try(house, pack_text, path, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
    sqlite3 *conn = zw_db_connection(zw_store_db(zw_engine_store(house->engine)));
    (void)sqlite3_wal_autocheckpoint(conn, CHECKPOINT_PAGES);
    /* So few pages in memory that a turn writes before it commits. */
    assert_int_equal(sqlite3_exec(conn, "PRAGMA cache_size = 2", NULL, NULL, NULL), SQLITE_OK);
}

/* How many figures of a delivery there are. */
static size_t count_of(const struct house *house, int delivery)
{
    const zw_store *store = zw_engine_store(house->engine);
    const zw_series_set *set = zw_store_series(zw_engine_store(house->engine));
    size_t count = 0;
    for (size_t a = 0; a < AREAS; a++) {
        zw_series key = {"money", areas[a], "", ""};
        zw_series_id series = zw_series_find(set, &key);
        const zw_figure *figure =
            series != ZW_SERIES_NONE
                ? zw_store_at(store, series, (zw_period)(2022 - 1970) * 12 + delivery, INT64_MAX,
                              &(zw_figure){0})
                : NULL;
        count += figure != NULL && figure->value == delivery + 1 ? 1 : 0;
    }
    return count;
}

static zw_status take(struct house *house, int delivery, int64_t day, zw_err *err)
{
    char rows[256] = "";
    const zw_fed *fed = NULL;
    for (size_t a = 0; a < AREAS; a++) {
        size_t len = strlen(rows);
        (void)snprintf(rows + len, sizeof(rows) - len, "money,%s,2022-%02d,%d\n", areas[a],
                       delivery + 1, delivery + 1);
    }
    house->now_ms = day_ms("2023-01-01") + day * DAY_MS;
    zw_status status = house_feed(house, rows, (zw_feed_options){.source = "office"}, &fed, err);
    assert_true(status != ZW_OK || !fed->is_repeat);
    /* As the server does, also when the store refused in the middle: the turn is ended. */
    return zw_engine_is_in_turn(house->engine) ? zw_engine_turn(house->engine, NULL, err) : status;
}

/* One delivery in a turn of its own. What failed is not seen, what was taken before it is. */
static zw_status step(struct history *history, int delivery)
{
    zw_err err = {ZW_OK, ""};
    int64_t day = ++history->day;
    zw_status status = take(&history->house, delivery, day, &err);
    if (status == ZW_OK) {
        history->taken[history->taken_count].delivery = delivery;
        history->taken[history->taken_count++].day = day;
        history->is_in[delivery] = true;
    } else {
        assert_int_equal(status, ZW_STORE);
        assert_true(strstr(err.text, "full") != NULL || strstr(err.text, "I/O") != NULL);
    }
    for (int i = 0; i < DELIVERIES; i++) {
        assert_int_equal(count_of(&history->house, i), history->is_in[i] ? AREAS : 0);
    }
    return status;
}

static void copy_file(const char *from, const char *to, const char *end)
{
    char command[3 * STORE_PATH_BYTES];
    (void)snprintf(command, sizeof(command), "cp '%s%s' '%s%s' 2>/dev/null", from, end, to, end);
    (void)system(command); /* a log that is not there needs no copy */
}

/* The machine stops at this moment: what is found when it runs again. */
static void crash(const struct history *history, const store_folder *folder, int failed)
{
    store_folder other;
    struct house house;
    assert_true(store_folder_init(&other));
    copy_file(folder->path, other.path, "");
    copy_file(folder->path, other.path, "-wal");
    open_house(&house, other.path);
    for (int i = 0; i < DELIVERIES; i++) {
        size_t count = count_of(&house, i);
        if (i == failed) { /* nobody was told: it may be in, but whole */
            assert_true(count == 0 || count == AREAS);
        } else {
            assert_int_equal(count, history->is_in[i] ? AREAS : 0);
        }
    }
    house_close(&house);
    store_folder_fini(&other);
}

/* A house that took the same, on the same days, without any failure. */
static char *states_without_failure(const struct history *history)
{
    struct house house;
    zw_err err = {ZW_OK, ""};
    open_house(&house, ":memory:");
    for (size_t i = 0; i < history->taken_count; i++) {
        assert_int_equal(take(&house, history->taken[i].delivery, history->taken[i].day, &err),
                         ZW_OK);
    }
    char *states = house_states(&house);
    house_close(&house);
    return states;
}

/* @return whether a call was refused. */
static bool live_through(failing_vfs_kind kind, long after, bool lasts, const store_folder *folder)
{
    struct history history = {.day = 0};
    bool has_crashed = false;
    store_folder_clear(folder);
    open_house(&history.house, folder->path);
    failing_vfs_after(kind, after, lasts);
    for (int i = 0; i < DELIVERIES; i++) {
        if (step(&history, i) != ZW_OK && !has_crashed) {
            has_crashed = true;
            long left = failing_vfs_left;
            failing_vfs_left = -1; /* the copy lies on another disk */
            crash(&history, folder, i);
            failing_vfs_left = left;
        }
    }
    bool was_refused = failing_vfs_stop();
    for (int i = 0; i < DELIVERIES; i++) {
        if (!history.is_in[i]) {
            assert_int_equal(step(&history, i), ZW_OK); /* there is room again: at once */
        }
    }
    char *expected = states_without_failure(&history);
    house_is(&history.house, expected);
    house_close(&history.house);
    open_house(&history.house, folder->path);
    for (int i = 0; i < DELIVERIES; i++) {
        assert_int_equal(count_of(&history.house, i), AREAS);
    }
    house_is(&history.house, expected);
    free(expected);
    house_close(&history.house);
    return was_refused;
}

static void nothing_acknowledged_is_lost_wherever_it_fails(void **state)
{
    static const struct {
        const char *why;
        failing_vfs_kind kind;
        bool lasts;
        long at_least; /* calls there are to refuse */
    } rows[] = {
        {"the disk is full for one write", FAILING_VFS_FULL, false, 40},
        {"the disk is full until it is told otherwise", FAILING_VFS_FULL, true, 40},
        {"a write goes in by half", FAILING_VFS_TORN, false, 40},
        {"writes go in by half", FAILING_VFS_TORN, true, 40},
        {"a write fails", FAILING_VFS_WRITE, false, 40},
        {"all writes fail", FAILING_VFS_WRITE, true, 40},
        {"a sync fails", FAILING_VFS_SYNC, false, DELIVERIES},
        {"all syncs fail", FAILING_VFS_SYNC, true, DELIVERIES},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        long after = 0;
        while (live_through(rows[i].kind, after, rows[i].lasts, *state)) {
            after++;
        }
        if (after < rows[i].at_least) {
            fail_msg("%s: only %ld calls", rows[i].why, after);
        }
    }
}

/* The very first writes: a store that could not be made is no obstacle to making it. */
static void a_store_that_could_not_be_made_is_made_later(void **state)
{
    const store_folder *folder = *state;
    for (int kind = FAILING_VFS_FULL; kind <= FAILING_VFS_SYNC; kind++) {
        bool was_refused = true;
        for (long after = 0; was_refused; after++) {
            struct house house;
            zw_err err = {ZW_OK, ""};
            store_folder_clear(folder);
            memset(&house, 0, sizeof(house));
            house.now_ms = day_ms("2023-01-01");
            failing_vfs_after((failing_vfs_kind)kind, after, true);
            zw_status status = house_try(&house, pack_text, folder->path, &err);
            was_refused = failing_vfs_stop();
            assert_true(status == ZW_OK || (was_refused && status == ZW_STORE));
            house_close(&house);
            open_house(&house, folder->path);
            assert_int_equal(take(&house, 0, 1, &err), ZW_OK);
            house_close(&house);
        }
    }
}

int main(void)
{
    if (!failing_vfs_install()) {
        return 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(nothing_acknowledged_is_lost_wherever_it_fails,
                                        store_folder_setup, store_folder_teardown),
        cmocka_unit_test_setup_teardown(a_store_that_could_not_be_made_is_made_later,
                                        store_folder_setup, store_folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
