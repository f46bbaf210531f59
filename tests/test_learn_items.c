/*
 * Learning of items: an evaluation that moves on, in any steps and whatever was read on the way,
 * ends in the same cells as one that starts there.
 */
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "item_world.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { ROUNDS = 2 }; /* each takes twenty times as long */
#else
enum { ROUNDS = 10 };
#endif
enum { ROWS_MOST = 120, FIRST_DAY = 19723 /* 2024-01-01 */, DAYS = 120 };

static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"Asia/Shanghai\" }\n"
    "local bank = area \"bank\" { within = land }\n"
    "area \"north\" { within = bank }\n"
    "area \"south\" { within = bank, till = \"2024-03-20\" }\n"
    "area \"east\" { within = { land, bank } }\n"
    "register \"calls\" { fields = { \"topic\", due_on = \"date\", paid = \"CNY\" },\n"
    "  states = { \"posted\", \"awarded\", \"delivered\" }, deadline = \"due_on\" }\n"
    "register \"kept\" { fields = { \"x\" }, every = \"month\", due = \"10d\" }\n"
    "measure \"wait\" { kind = \"stock\", unit = \"min\", every = \"day\" }\n";

static const char *const daily[] = {
    "calls:count()",
    "calls:added()",
    "calls:left()",
    "calls:added { since = \"2024-02\" }",
    "calls:sum \"paid\"",
    "calls:values(\"paid\"):max()",
    "calls:has(\"topic\", { \"ai\", \"chips\" })",
    "calls:overdue()",
    "calls:due_within \"14d\"",
    "calls:in_state \"awarded\"",
    "calls:where(calls:stuck \"20d\"):count()",
    "calls:where(calls:silent \"20d\"):count()",
    "calls:where(calls:reached \"awarded\"):count()",
    "calls:where(calls:on_time()):count()",
    "calls:where { topic = \"ai\" }:count()",
    "calls:where(wait:over(5)):count()",
    "calls:where(calls:sum(\"paid\"):over(4)):count()",
    "calls:by(\"topic\"):count():max()",
    "calls:by(\"state\"):count():count()",
    "calls:days(\"posted\", \"delivered\"):max()",
    "calls:count():delta()",
    "calls:count():of \"zone\"",
    "calls:overdue() & wait:over(5)",
};
static const char *const monthly[] = {
    "calls:added():month()",  "calls:count():month()", "kept:count()",
    "kept:has(\"x\", \"1\")", "kept:late()",           "calls:left():month() + kept:count()"};
static const char *const areas[] = {"land", "bank", "north", "south", "east"};

/* SplitMix64: the same everywhere. */
static uint64_t draw(uint64_t *seed)
{
    uint64_t z = (*seed += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static size_t below(uint64_t *seed, size_t limit)
{
    return (size_t)(draw(seed) % limit);
}

struct texts {
    char at[32], known[40], fields[64], item[8];
};

static void say_day(char *out, size_t size, size_t day, size_t second)
{
    zw_tz *utc = NULL;
    zw_err err = {ZW_OK, ""};
    assert_int_equal(zw_tz_create("UTC", &utc, &err), ZW_OK);
    (void)zw_moment_text(
        utc, ((int64_t)FIRST_DAY + (int64_t)day) * 86400000 + (int64_t)second * 1000, out, size);
    zw_tz_destroy(utc);
}

static void draw_row(uint64_t *seed, size_t i, struct texts *texts, struct item_row *row)
{
    static const char *const states[] = {"posted", "awarded", "delivered", "left", NULL, NULL};
    static const char *const topics[] = {"ai", "chips", "steel"};
    bool is_kept = below(seed, 5) == 0;
    size_t day = below(seed, DAYS - 20);
    size_t lag = below(seed, 3) == 0 ? below(seed, 20) : 0;
    (void)snprintf(texts->item, sizeof(texts->item), "i%zu", below(seed, 8));
    say_day(texts->at, sizeof(texts->at), day, 0);
    /* Every moment once: of two rows of one moment the later to arrive would win. */
    say_day(texts->known, sizeof(texts->known), below(seed, 10) == 0 ? 0 : day + lag, i + 1);
    *row = (struct item_row){.reg = is_kept ? "kept" : "calls",
                             .item = is_kept && below(seed, 2) == 0 ? "" : texts->item,
                             .at = texts->at,
                             .known = texts->known,
                             .area = below(seed, 3) == 0 ? NULL : areas[below(seed, 5)],
                             .is_synthetic = below(seed, 20) == 0};
    if (row->item[0] == '\0') {
        return;
    }
    if (is_kept) {
        (void)snprintf(texts->fields, sizeof(texts->fields), "x=%zu", below(seed, 3));
    } else {
        (void)snprintf(texts->fields, sizeof(texts->fields),
                       "topic=%s,paid=%zu,due_on=2024-%02zu-%02zu", topics[below(seed, 3)],
                       below(seed, 9), 1 + below(seed, 4), 1 + below(seed, 28));
        row->state = states[below(seed, 6)];
    }
    row->fields = below(seed, 4) == 0 ? NULL : texts->fields;
}

static bool is_same(const zw_cell *a, const zw_cell *b)
{
    bool says_same = zw_cell_stands(a) ? a->value == b->value : a->detail == b->detail;
    return a->reason == b->reason && says_same && a->known_at_ms == b->known_at_ms &&
           a->in == b->in && a->of == b->of && a->marks == b->marks;
}

static zw_cell cell_at(zw_eval *eval, zw_node_id node, const char *area, zw_period p)
{
    zw_cell cell;
    zw_err err = {ZW_OK, ""};
    uint32_t index = zw_pack_area(zw_eval_world_of(eval)->pack, zw_text_of(area), NULL);
    if (zw_eval_cell(eval, node, index, p, &cell, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
    return cell;
}

/* Reads cells here and there, and of the day that is not over, so that something is there to become
 * stale, by news or by time alone. */
static void read_some(struct world *world, uint64_t *seed, size_t day)
{
    for (int i = 0; i < 60; i++) {
        zw_node_id node = world_node(world, daily[below(seed, sizeof(daily) / sizeof(daily[0]))]);
        (void)cell_at(world->eval, node, areas[below(seed, 5)],
                      FIRST_DAY +
                          (zw_period)(i % 2 == 0 ? day + below(seed, 2) : below(seed, DAYS)));
        node = world_node(world, monthly[below(seed, sizeof(monthly) / sizeof(monthly[0]))]);
        (void)cell_at(world->eval, node, areas[below(seed, 5)],
                      54 * 12 + (zw_period)below(seed, 4)); /* from January 2024 on */
    }
}

static void compare(struct world *world, zw_eval *cold, const char *expression, zw_period first,
                    size_t count, uint64_t round)
{
    zw_node_id node = world_node(world, expression);
    for (size_t a = 0; a < 5; a++) {
        for (size_t i = 0; i < count; i++) {
            zw_cell warm_says = cell_at(world->eval, node, areas[a], first + (zw_period)i);
            zw_cell cold_says = cell_at(cold, node, areas[a], first + (zw_period)i);
            if (!is_same(&warm_says, &cold_says)) {
                fail_msg("round %" PRIu64 ": %s at %s in %" PRId64 ": cold %g (%d), warm %g (%d)",
                         round, expression, areas[a], first + (zw_period)i, cold_says.value,
                         cold_says.reason, warm_says.value, warm_says.reason);
            }
        }
    }
}

static void one_round(uint64_t round)
{
    static const struct figure_row figures[] = {
        {"wait", "north", NULL, "2024-02-10", 9, "2024-02-11", 0, false},
        {"wait", "north", NULL, "2024-02-20", 9, "2024-02-21", 0, false},
        {"wait", "east", NULL, "2024-02-20", 2, "2024-02-21", 0, false},
    };
    uint64_t seed = round * 7919;
    struct world world;
    struct texts texts[ROWS_MOST];
    struct item_row rows[ROWS_MOST];
    size_t count = 5 + below(&seed, ROWS_MOST - 5);
    for (size_t i = 0; i < count; i++) {
        draw_row(&seed, i, &texts[i], &rows[i]);
    }
    world_open(&world, pack_text);
    world_put(&world, figures, sizeof(figures) / sizeof(figures[0]));
    item_world_add(&world, rows, count);
    world_as_of(&world, "2023-12-31");
    for (size_t day = 0; day < DAYS; day += 1 + below(&seed, 30)) {
        char moment[40];
        say_day(moment, sizeof(moment), day, below(&seed, 86400));
        world_as_of(&world, moment);
        read_some(&world, &seed, day);
    }
    world_as_of(&world, "2024-04-28T09:00:00Z");
    zw_eval *cold = NULL;
    zw_err err = {ZW_OK, ""};
    zw_eval_world on = {world.pack, world.script, world.store, NULL};
    assert_int_equal(zw_eval_create(&on, zw_eval_as_of_ms(world.eval), &cold, &err), ZW_OK);
    for (size_t i = 0; i < sizeof(daily) / sizeof(daily[0]); i++) {
        compare(&world, cold, daily[i], FIRST_DAY, DAYS, round);
    }
    for (size_t i = 0; i < sizeof(monthly) / sizeof(monthly[0]); i++) {
        compare(&world, cold, monthly[i], 54 * 12, 4, round);
    }
    zw_eval_destroy(cold);
    world_close(&world);
}

static void moving_on_ends_like_starting_there(void **state)
{
    (void)state;
    for (uint64_t round = 1; round <= ROUNDS; round++) {
        one_round(round);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(moving_on_ends_like_starting_there)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
