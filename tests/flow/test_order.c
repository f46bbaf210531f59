/*
 * Incremental equals cold: the same figures with the same known_at, in any order and any batches,
 * with turns between them or not, end in the same values, reasons, completeness, verdicts and alert
 * states as one delivery into an empty store. And what was said at a moment is what is said of it
 * later, from a file that was closed in between.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "house.h"

#include <time.h>
#include <unistd.h>

#ifdef __SANITIZE_THREAD__
enum {
    ROUNDS = 1
}; /* that sanitizer keeps every distinct stack of an allocation for ever: gigabytes a round here */
#else
enum { ROUNDS = 8 };
#endif

enum { ROWS_MOST = 400 };

#define DAY_MS INT64_C(86400000)
#define START_MS INT64_C(1590000000000) /* May 2020 */
#define END_MS INT64_C(1706745600000)   /* February 2024 */

struct row {
    int64_t known_ms;
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

static void add_row(struct history *history, const char *measure, const char *area,
                    const char *period, const char *industry, double value)
{
    static const char *const statuses[] = {"", "A", "P", "E"};
    if (history->count == ROWS_MOST) {
        return;
    }
    /* Every moment once: of two figures of one moment the later to arrive would win. */
    int64_t known_ms = START_MS + (int64_t)draw_below(&history->seed, 1280) * DAY_MS +
                       (int64_t)history->count * 1000;
    time_t known_s = (time_t)(known_ms / 1000);
    struct tm parts;
    char known[40];
    (void)gmtime_r(&known_s, &parts);
    (void)strftime(known, sizeof(known), "%Y-%m-%dT%H:%M:%SZ", &parts);
    /* A definition that changed in 2022, and older periods published anew under it now and then. */
    bool has_scopes = strcmp(measure, "came") == 0 || strcmp(measure, "firms") == 0;
    int in_five = strcmp(period, "2022") >= 0 ? 3 : 1;
    const char *scope = has_scopes && draw_below(&history->seed, 5) < in_five ? "2" : "";
    bool is_withdrawn = draw_below(&history->seed, 20) == 0;
    char number[40] = "";
    if (!is_withdrawn) {
        (void)snprintf(number, sizeof(number), "%.3f", value);
    }
    struct row *row = &history->rows[history->count++];
    row->known_ms = known_ms;
    (void)snprintf(row->text, sizeof(row->text), "%s,%s,%s,%s,%s,%s,%s,%s\n", measure, area, period,
                   number, is_withdrawn ? "M" : statuses[draw_below(&history->seed, 4)], known,
                   industry, scope);
}

static void add_figures(struct history *history)
{
    static const char *const areas[] = {"north", "south", "east", "west", "land"};
    static const char *const industries[] = {"", "ai", "chips", "ai", "late"}; /* one is rare */
    int year = 2020 + draw_below(&history->seed, 4);
    int month = 1 + draw_below(&history->seed, 12);
    int a = draw_below(&history->seed, 8);
    const char *area = areas[a < 5 ? a : a - 5];
    char period[64];
    switch (draw_below(&history->seed, 8)) {
    case 0:
    case 1:
        (void)snprintf(period, sizeof(period), "%d-%02d", year, month);
        add_row(history, "revenue", area, period, "",
                1500.0 * month + draw_below(&history->seed, 900));
        break;
    case 2:
        (void)snprintf(period, sizeof(period), "%d-%02d", year, month);
        add_row(history, "came", area, period,
                industries[draw_below(&history->seed, 40) == 0 ? 4 : draw_below(&history->seed, 4)],
                draw_below(&history->seed, 9));
        break;
    case 3:
        (void)snprintf(period, sizeof(period), "%d-Q%d", year, 1 + month % 4);
        add_row(history, "firms", area, period, "", 40 + draw_below(&history->seed, 50));
        break;
    case 5:
        (void)snprintf(period, sizeof(period), "%d-%02d-%02d", year, month,
                       1 + draw_below(&history->seed, 28));
        add_row(history, "queue", area, period, "", draw_below(&history->seed, 25));
        break;
    case 6: /* a reading that grows, and now and then begins anew */
        (void)snprintf(period, sizeof(period), "%d-%02d-%02d", year, month,
                       1 + draw_below(&history->seed, 28));
        add_row(history, "calls", area, period, industries[draw_below(&history->seed, 4)],
                draw_below(&history->seed, 9) == 0 ? 5 : (year - 2019) * 500.0 + month * 40.0);
        break;
    case 4:
        (void)snprintf(period, sizeof(period), "%d-Q%d", year, 1 + month % 4);
        add_row(history, "covered", area, period, "", 20 + draw_below(&history->seed, 30));
        break;
    default:
        (void)snprintf(period, sizeof(period), "%d-%02d", year, month);
        add_row(history, "growth", area, period, "", draw_below(&history->seed, 300) / 10.0);
        break;
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

static void open_pack(struct house *house, int64_t now_ms)
{
    zw_err err = {ZW_OK, ""};
    if (house_open(house, ZW_SOURCE_DIR "/tests/packs/property", NULL, now_ms, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
}

static void feed_rows(struct house *house, const struct history *history, size_t from, size_t count,
                      const char *source)
{
    struct words csv = {NULL, 0, 0};
    words_add(&csv, "measure,area,period,value,status,known_at,industry,scope\n");
    for (size_t i = from; i < from + count; i++) {
        words_add(&csv, "%s", history->rows[i].text);
    }
    const zw_fed *fed = NULL;
    zw_err err = {ZW_OK, ""};
    if (house_feed(house, csv.text, source, &fed, &err) != ZW_OK) {
        fail_msg("%s: %s", err.text, fed->bad_count > 0 ? fed->bad[0].text : "");
    }
    free(csv.text);
}

static void turn(struct house *house)
{
    zw_err err = {ZW_OK, ""};
    if (zw_turn(house->watch, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
}

/* One value, with everything it says about itself. */
static void say_value(struct house *house, struct words *out, const char *name, const char *area,
                      const char *period, const char *as_of)
{
    zw_value value;
    zw_err err = {ZW_OK, ""};
    if (zw_read(house->watch, name, area, period, as_of, &value, &err) != ZW_OK) {
        fail_msg("%s %s %s: %s", name, area, period, err.text);
    }
    words_add(out, "%s %s %s %s = %.17g %s %u/%u\n", name, area, period,
              as_of != NULL ? as_of : "now", value.value, value.shown, value.in, value.of);
}

static void say_values(struct house *house, struct words *out, const char *as_of)
{
    static const char *const areas[] = {"land", "west", "north", "south", "east"};
    static const char *const monthly[] = {"revenue",
                                          "came",
                                          "growth",
                                          "trailing",
                                          "monthly",
                                          "pace",
                                          "change",
                                          "inflow",
                                          "running",
                                          "by_line",
                                          "published",
                                          "waiting_month",
                                          "called_month",
                                          "plan:shortfall()",
                                          "season:value()",
                                          "plan:projected()",
                                          "came:revised()",
                                          "revenue:late()",
                                          "balanced:broken()",
                                          "came:where { industry = 'ai' }",
                                          "came:where { industry = { 'chips', 'late' } }",
                                          "came:except { industry = 'ai' }",
                                          "came:by('industry'):count()",
                                          "came:where { industry = 'late' }:revised()",
                                          "came:yoy()",
                                          "came:any_scope():delta()",
                                          "came:scope '2':rolling(3):sum()",
                                          "came:by('industry'):sum():delta(3)",
                                          "few:firing()",
                                          "late:firing 'critical'",
                                          "how_many_few",
                                          "quiet:broken()",
                                          "came:rises(2)"};
    static const char *const daily[] = {"queue",          "calls",  "waiting",   "waiting_trend",
                                        "waiting_middle", "called", "called_ai", "called_since"};
    static const char *const quarterly[] = {
        "quarterly",      "coverage",        "share",       "parts",
        "firms:rises(2)", "rising:broken()", "firms:yoy()", "(covered / firms):delta()"};
    static const char *const yearly[] = {
        "revenue_year", "own_line",
        "plan:verdict { 'met_then_revised_below', 'missed_then_revised_above' }"};
    char period[64];
    for (size_t a = 0; a < 5; a++) {
        for (int year = 2020; year <= 2023; year++) {
            for (int month = 1; month <= 12; month++) {
                (void)snprintf(period, sizeof(period), "%d-%02d", year, month);
                for (size_t i = 0; i < sizeof(monthly) / sizeof(monthly[0]); i++) {
                    say_value(house, out, monthly[i], areas[a], period, as_of);
                }
                (void)snprintf(period, sizeof(period), "%d-%02d-%02d", year, month, 1 + month * 2);
                for (size_t i = 0; i < sizeof(daily) / sizeof(daily[0]); i++) {
                    say_value(house, out, daily[i], areas[a], period, as_of);
                }
            }
            for (int quarter = 1; quarter <= 4; quarter++) {
                (void)snprintf(period, sizeof(period), "%d-Q%d", year, quarter);
                for (size_t i = 0; i < sizeof(quarterly) / sizeof(quarterly[0]); i++) {
                    say_value(house, out, quarterly[i], areas[a], period, as_of);
                }
            }
            (void)snprintf(period, sizeof(period), "%d", year);
            for (size_t i = 0; i < sizeof(yearly) / sizeof(yearly[0]); i++) {
                say_value(house, out, yearly[i], areas[a], period, as_of);
            }
        }
    }
}

static void say_verdicts(struct house *house, struct words *out)
{
    static const struct {
        const char *target, *period;
    } dated[] = {{"plan", "2021"},       {"plan", "2023"},       {"season", "2023"},
                 {"stock_plan", "2021"}, {"stock_plan", "2022"}, {"half", "2022"}};
    zw_err err = {ZW_OK, ""};
    for (size_t i = 0; i < sizeof(dated) / sizeof(dated[0]); i++) {
        const char *verdict = NULL;
        if (zw_verdict_of(house->watch, dated[i].target, "land", dated[i].period, NULL, &verdict,
                          &err) != ZW_OK) {
            fail_msg("%s", err.text);
        }
        words_add(out, "%s %s: %s\n", dated[i].target, dated[i].period, verdict);
    }
}

/* Lines in order, so that the order in which instances are kept does not matter. */
static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void say_alerts(struct house *house, struct words *out, const char *as_of)
{
    struct words lines = {NULL, 0, 0};
    zw_err err = {ZW_OK, ""};
    words_add(&lines, "%s", "");
    if (zw_alerts(house->watch, as_of, house_add_alert, &lines, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
    char *all[4096];
    size_t count = 0;
    for (char *line = strtok(lines.text, "\n"); line != NULL && count < 4096;
         line = strtok(NULL, "\n")) {
        all[count++] = line;
    }
    qsort(all, count, sizeof(char *), by_text);
    for (size_t i = 0; i < count; i++) {
        words_add(out, "%s @ %s\n", all[i], as_of != NULL ? as_of : "now");
    }
    free(lines.text);
}

static char *say_all(struct house *house)
{
    struct words out = {NULL, 0, 0};
    say_values(house, &out, NULL);
    say_values(house, &out, "2022-08-15");
    say_verdicts(house, &out);
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
    history->seed = round * 7919 + 1;
    size_t wanted = 40 + (size_t)draw_below(&history->seed, ROWS_MOST - 40);
    while (history->count < wanted) {
        add_figures(history);
    }
    struct house cold = {NULL, 0};
    struct house warm = {NULL, 0};
    open_pack(&cold, END_MS);
    feed_rows(&cold, history, 0, history->count, "cold");
    turn(&cold);
    shuffle(history);
    open_pack(&warm, END_MS - 40 * DAY_MS);
    for (size_t from = 0; from < history->count;) {
        size_t most = 1 + (size_t)draw_below(&history->seed, 60);
        size_t count = from + most > history->count ? history->count - from : most;
        char source[32];
        (void)snprintf(source, sizeof(source), "warm %zu", from);
        feed_rows(&warm, history, from, count, source);
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

static void any_order_of_deliveries_ends_like_a_cold_replay(void **state)
{
    (void)state;
    for (uint64_t round = 1; round <= ROUNDS; round++) {
        one_round(round);
    }
}

static int by_known(const void *a, const void *b)
{
    const struct row *left = a;
    const struct row *right = b;
    return left->known_ms < right->known_ms ? -1 : left->known_ms > right->known_ms;
}

enum { MOMENTS_MOST = 6 };

/* What was said at one moment, and at which. */
struct saying {
    char as_of[48];
    char *text;
};

static char *say_at(struct house *house, const char *as_of)
{
    struct words out = {NULL, 0, 0};
    say_values(house, &out, as_of);
    say_alerts(house, &out, as_of);
    return out.text;
}

/* What is said now, in the words of who asks for this moment later. */
static void take_down(struct house *house, struct saying *out)
{
    time_t now_s = (time_t)(house->now_ms / 1000);
    struct tm parts;
    (void)gmtime_r(&now_s, &parts);
    (void)strftime(out->as_of, sizeof(out->as_of), "%Y-%m-%dT%H:%M:%SZ", &parts);
    char *said = say_at(house, NULL);
    struct words words = {NULL, 0, 0};
    for (const char *at = said; *at != '\0';) {
        const char *now = strstr(at, " now");
        int len = (int)(now != NULL ? (size_t)(now - at) : strlen(at));
        words_add(&words, "%.*s%s%s", len, at, now != NULL ? " " : "",
                  now != NULL ? out->as_of : "");
        at += len + (now != NULL ? 4 : 0);
    }
    free(said);
    out->text = words.text;
}

static void open_file(struct house *house, const char *db, int64_t now_ms)
{
    zw_err err = {ZW_OK, ""};
    if (house_open(house, ZW_SOURCE_DIR "/tests/packs/property", db, now_ms, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
}

/* Lives through a history, and notes what is said on the way. */
static size_t live_through(struct house *house, const struct history *history,
                           struct saying sayings[MOMENTS_MOST])
{
    size_t step = history->count / MOMENTS_MOST;
    size_t count = 0;
    for (size_t from = 0; count < MOMENTS_MOST; from += step) {
        char source[32];
        (void)snprintf(source, sizeof(source), "office %zu", from);
        house->now_ms = history->rows[from + step - 1].known_ms;
        feed_rows(house, history, from, step, source);
        turn(house);
        take_down(house, &sayings[count++]);
    }
    return count;
}

static void what_was_said_on_a_day_is_said_of_it_ever_after(void **state)
{
    (void)state;
#ifdef __SANITIZE_THREAD__
    skip(); /* after the round above it is more memory than a small machine has */
#endif
    struct history *history = calloc(1, sizeof(*history));
    struct saying sayings[MOMENTS_MOST];
    struct house house = {NULL, 0};
    char folder[] = "/tmp/zonewatch-XXXXXX";
    char db[64];
    assert_non_null(history);
    assert_non_null(mkdtemp(folder));
    (void)snprintf(db, sizeof(db), "%s/a.db", folder);
    history->seed = 4711;
    while (history->count < ROWS_MOST) {
        add_figures(history);
    }
    qsort(history->rows, history->count, sizeof(history->rows[0]), by_known);
    open_file(&house, db, START_MS);
    size_t count = live_through(&house, history, sayings);
    zw_close(house.watch);
    open_file(&house, db, END_MS);
    turn(&house);
    for (size_t i = 0; i < count; i++) {
        char *text = say_at(&house, sayings[i].as_of);
        assert_same(sayings[i].text, text, i);
        free(text);
        free(sayings[i].text);
    }
    zw_close(house.watch);
    static const char *const files[] = {"a.db", "a.db-lock", "a.db-wal", "a.db-shm"};
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        (void)snprintf(db, sizeof(db), "%s/%s", folder, files[i]);
        (void)unlink(db);
    }
    assert_int_equal(rmdir(folder), 0);
    free(history);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(any_order_of_deliveries_ends_like_a_cold_replay),
        cmocka_unit_test(what_was_said_on_a_day_is_said_of_it_ever_after)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
