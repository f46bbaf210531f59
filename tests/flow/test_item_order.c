/*
 * Incremental equals cold, for registers: the same rows and figures with the same known_at, in any
 * order and any batches, with turns between them or not, end in the same values, reasons and alert
 * states as one delivery into an empty store.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "house.h"

#include <time.h>

#ifdef __SANITIZE_THREAD__
enum {
    ROUNDS = 1
}; /* that sanitizer keeps every distinct stack of an allocation for ever: gigabytes a round here */
#else
enum { ROUNDS = 6 };
#endif

enum { ROWS_MOST = 90, ITEMS = 6 };

#define DAY_MS INT64_C(86400000)
#define START_MS INT64_C(1590000000000) /* May 2020 */
#define END_MS INT64_C(1706745600000)   /* February 2024 */

/* A row, and whether it is one of a register. */
struct row {
    bool is_item;
    char text[160];
};

struct history {
    struct row rows[ROWS_MOST];
    size_t count;
    uint64_t seed;
};

/* SplitMix64: the same everywhere. */
static uint64_t draw(uint64_t *seed)
{
    uint64_t z = (*seed += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static int draw_below(uint64_t *seed, int limit)
{
    return (int)(draw(seed) % (uint64_t)limit);
}

/* The day of a moment in UTC; with its time, when that is asked for. */
static void say_time(int64_t at_ms, bool has_time, char out[40])
{
    time_t at_s = (time_t)(at_ms / 1000);
    struct tm parts;
    (void)gmtime_r(&at_s, &parts);
    if (has_time) {
        (void)strftime(out, 40, "%Y-%m-%dT%H:%M:%SZ", &parts);
    } else {
        (void)strftime(out, 40, "%Y-%m-%d", &parts);
    }
}

static const char *one_of(uint64_t *seed, const char *const *texts, int count)
{
    return texts[draw_below(seed, count)];
}

/* A row of a register: some about a day long past, some about one to come. */
static void add_item(struct history *history, const char *known, int64_t known_ms)
{
    static const char *const areas[] = {"north", "south", "east", "west", "land", "", ""};
    static const char *const states[] = {"posted", "awarded", "done", "left", "", "", "left"};
    static const char *const types[] = {"lab", "pilot", "other", "", ""};
    uint64_t *seed = &history->seed;
    bool is_call = draw_below(seed, 3) > 0;
    bool has_item = is_call || draw_below(seed, 4) > 0;
    int64_t at_ms = known_ms + (draw_below(seed, 400) - 340) * DAY_MS;
    char at[40];
    char due[40] = "";
    char item[16] = "";
    char paid[16] = "";
    const char *state = one_of(seed, states, 7);
    say_time(at_ms, false, at);
    if (has_item) {
        (void)snprintf(item, sizeof(item), "i%d", draw_below(seed, ITEMS));
    }
    if (is_call && draw_below(seed, 2) == 0) {
        say_time(at_ms + draw_below(seed, 200) * DAY_MS, false, due);
        (void)snprintf(paid, sizeof(paid), "%d", draw_below(seed, 60));
    }
    if (!is_call && strcmp(state, "left") != 0) { /* firms have no states of their own */
        state = "";
    }
    struct row *row = &history->rows[history->count++];
    row->is_item = true;
    (void)snprintf(row->text, sizeof(row->text), "%s,%s,%s,%s,%s,%s,%s,%s,%s\n",
                   is_call ? "calls" : "firms", item, one_of(seed, areas, 7), at,
                   has_item ? state : "", has_item ? one_of(seed, types, 5) : "", paid, due, known);
}

static void add_figure(struct history *history, const char *known)
{
    static const char *const areas[] = {"north", "south", "east"};
    uint64_t *seed = &history->seed;
    struct row *row = &history->rows[history->count++];
    row->is_item = false;
    (void)snprintf(row->text, sizeof(row->text), "money,%s,%d-%02d,%d,%s\n", one_of(seed, areas, 3),
                   2020 + draw_below(seed, 4), 1 + draw_below(seed, 12), draw_below(seed, 20),
                   known);
}

/* Every moment once: of two rows of one moment the later to arrive would win. */
static void add_row(struct history *history)
{
    int64_t known_ms = START_MS + (int64_t)draw_below(&history->seed, 1280) * DAY_MS +
                       (int64_t)history->count * 1000;
    char known[40];
    say_time(known_ms, true, known);
    if (draw_below(&history->seed, 4) == 0) {
        add_figure(history, known);
    } else {
        add_item(history, known, known_ms);
    }
}

static void shuffle(struct history *history)
{
    for (size_t i = history->count; i > 1; i--) {
        size_t j = draw(&history->seed) % i;
        struct row kept = history->rows[i - 1];
        history->rows[i - 1] = history->rows[j];
        history->rows[j] = kept;
    }
}

/* Feeds the figures, or the items, among some rows as one delivery. */
static void feed_kind(struct house *house, const struct history *history, size_t from, size_t count,
                      bool is_item)
{
    struct words csv = {NULL, 0, 0};
    char source[48];
    (void)snprintf(source, sizeof(source), "%zu %zu %d", from, count, is_item);
    words_add(&csv, "%s",
              is_item ? "register,item,area,at,state,type,paid,due_on,known_at\n"
                      : "measure,area,period,value,known_at\n");
    for (size_t i = from; i < from + count; i++) {
        if (history->rows[i].is_item == is_item) {
            words_add(&csv, "%s", history->rows[i].text);
        }
    }
    const zw_fed *fed = NULL;
    zw_err err = {ZW_OK, ""};
    if (house_feed(house, csv.text, source, &fed, &err) != ZW_OK) {
        fail_msg("%s: %s in\n%s", err.text, fed->bad_count > 0 ? fed->bad[0].text : "", csv.text);
    }
    free(csv.text);
}

static void feed(struct house *house, const struct history *history, size_t from, size_t count)
{
    feed_kind(house, history, from, count, true);
    feed_kind(house, history, from, count, false);
}

static void turn(struct house *house)
{
    zw_err err = {ZW_OK, ""};
    if (zw_turn(house->watch, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
}

static void open_pack(struct house *house, int64_t now_ms)
{
    zw_err err = {ZW_OK, ""};
    if (house_open(house, ZW_SOURCE_DIR "/tests/packs/registers", NULL, now_ms, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
}

static void say_value(struct house *house, struct words *out, const char *name, const char *area,
                      const char *period, const char *as_of)
{
    zw_value value;
    zw_err err = {ZW_OK, ""};
    if (zw_read(house->watch, name, area, period, as_of, &value, &err) != ZW_OK) {
        fail_msg("%s %s %s: %s", name, area, period, err.text);
    }
    words_add(out, "%s %s %s %s = %.17g %s %u/%u %s\n", name, area, period,
              as_of != NULL ? as_of : "now", value.value, value.shown, value.in, value.of,
              value.why);
}

static void say_values(struct house *house, struct words *out, const char *as_of)
{
    static const char *const areas[] = {"land", "west", "north", "south", "east"};
    static const char *const daily[] = {"calls:count()",
                                        "calls:added()",
                                        "calls:left()",
                                        "calls:sum 'paid'",
                                        "open_calls",
                                        "own_calls",
                                        "late_calls",
                                        "dear_calls",
                                        "calls:added { since = 2021 }",
                                        "calls:values('paid'):max()",
                                        "calls:overdue()",
                                        "calls:due_within '14d'",
                                        "calls:stuck '90d'",
                                        "calls:silent '120d'",
                                        "calls:reached 'awarded'",
                                        "calls:on_time()",
                                        "all_kinds:broken()"};
    static const char *const monthly[] = {"firms:count()", "per_firm", "firms:added()",
                                          "calls:added():month()", "calls:count():month()"};
    char period[32];
    for (size_t a = 0; a < 5; a++) {
        for (int year = 2020; year <= 2023; year++) {
            for (int month = 1; month <= 12; month++) {
                (void)snprintf(period, sizeof(period), "%d-%02d", year, month);
                for (size_t i = 0; i < sizeof(monthly) / sizeof(monthly[0]); i++) {
                    say_value(house, out, monthly[i], areas[a], period, as_of);
                }
                (void)snprintf(period, sizeof(period), "%d-%02d-%02d", year, month, 1 + (int)a * 6);
                for (size_t i = 0; i < sizeof(daily) / sizeof(daily[0]); i++) {
                    say_value(house, out, daily[i], areas[a], period, as_of);
                }
            }
        }
    }
}

/* Lines in order, so that the order in which instances are kept does not matter. */
static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void say_alerts(struct house *house, struct words *out, const char *as_of)
{
    enum { LINES_MOST = 16384 };
    struct words lines = {NULL, 0, 0};
    zw_err err = {ZW_OK, ""};
    words_add(&lines, "%s", "");
    if (zw_alerts(house->watch, as_of, house_add_alert, &lines, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
    char **all = calloc(LINES_MOST, sizeof(char *));
    assert_non_null(all);
    size_t count = 0;
    for (char *line = strtok(lines.text, "\n"); line != NULL && count < LINES_MOST;
         line = strtok(NULL, "\n")) {
        all[count++] = line;
    }
    qsort(all, count, sizeof(char *), by_text);
    for (size_t i = 0; i < count; i++) {
        words_add(out, "%s @ %s\n", all[i], as_of != NULL ? as_of : "now");
    }
    free(all);
    free(lines.text);
}

static char *say_all(struct house *house)
{
    struct words out = {NULL, 0, 0};
    say_values(house, &out, NULL);
    say_values(house, &out, "2022-08-15");
    say_alerts(house, &out, NULL);
    say_alerts(house, &out, "2021-12-31");
    say_alerts(house, &out, "2023-03-01");
    return out.text;
}

/* Fails at the first line in which two texts differ. */
static void assert_same(const char *cold, const char *warm, uint64_t round)
{
    while (*cold != '\0' && *cold == *warm) {
        const char *next_cold = strchr(cold, '\n');
        const char *next_warm = strchr(warm, '\n');
        size_t len = (size_t)(next_cold - cold);
        if (next_warm == NULL || (size_t)(next_warm - warm) != len ||
            memcmp(cold, warm, len) != 0) {
            break;
        }
        cold = next_cold + 1;
        warm = next_warm + 1;
    }
    if (*cold != *warm || *cold != '\0') {
        fail_msg("round %" PRIu64 ":\n cold: %.*s\n warm: %.*s", round, (int)strcspn(cold, "\n"),
                 cold, (int)strcspn(warm, "\n"), warm);
    }
}

static void one_round(uint64_t round)
{
    struct history *history = calloc(1, sizeof(*history));
    assert_non_null(history);
    history->seed = round * 104729 + 3;
    size_t wanted = 20 + (size_t)draw_below(&history->seed, ROWS_MOST - 20);
    while (history->count < wanted) {
        add_row(history);
    }
    struct house cold = {NULL, 0};
    struct house warm = {NULL, 0};
    open_pack(&cold, END_MS);
    feed(&cold, history, 0, history->count);
    turn(&cold);
    shuffle(history);
    open_pack(&warm, END_MS - 40 * DAY_MS);
    for (size_t from = 0; from < history->count;) {
        size_t most = 1 + (size_t)draw_below(&history->seed, 25);
        size_t count = from + most > history->count ? history->count - from : most;
        feed(&warm, history, from, count);
        from += count;
        if (draw_below(&history->seed, 3) > 0) {
            warm.now_ms += warm.now_ms < END_MS - DAY_MS ? DAY_MS / 2 : 0;
            turn(&warm);
        }
    }
    warm.now_ms = END_MS;
    turn(&warm);
    char *cold_says = say_all(&cold);
    char *warm_says = say_all(&warm);
    assert_same(cold_says, warm_says, round);
    free(cold_says);
    free(warm_says);
    zw_close(cold.watch);
    zw_close(warm.watch);
    free(history);
}

static void any_order_of_deliveries_of_items_ends_like_a_cold_replay(void **state)
{
    (void)state;
    for (uint64_t round = 1; round <= ROUNDS; round++) {
        one_round(round);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_order_of_deliveries_of_items_ends_like_a_cold_replay)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
