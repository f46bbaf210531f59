/** Random figures for property tests: a small pack that has every kind of measure, and deliveries
 * to it that are late, revised, withdrawn and full of holes. The same seed is the same everywhere.
 */
#ifndef ZW_TESTS_FLOW_FIGURES_H
#define ZW_TESTS_FLOW_FIGURES_H

#include "../engine_world.h"

enum { DELIVERIES_MOST = 48, ROWS_EACH = 4, ROW_BYTES = 160, FIRST_YEAR = 2021, LAST_YEAR = 2023 };

/** Months of the figures: 2020-11 to 2024-02; what is read goes a little over both ends. */
/** Days of the daily figures: from 30 April 2022 on. */
enum { FIRST_DAY = 19112, DAYS_READ = 62 };
enum { FIRST_MONTH = (2020 - 1970) * 12 + 10, LAST_MONTH = (2024 - 1970) * 12 + 1 };

static const char figures_pack[] =
    "local land = zone \"land\" { timezone = \"Asia/Shanghai\", currency = \"CNY\" }\n"
    "local west = area \"west\" { within = land, leads = { \"ai\" }, km2 = 7 }\n"
    "local north = area \"north\" { within = west, leads = { \"ai\", \"chips\" }, km2 = 3 }\n"
    "local south = area \"south\" { within = west, leads = { \"chips\" } }\n"
    "local east = area \"east\" { within = land, leads = { \"ai\" }, since = \"2021-06-01\" }\n"
    "local came = measure \"came\" { kind = \"flow\", unit = \"CNY\", every = \"month\", due = "
    "\"10d\", by = { \"industry\" } }\n"
    "local spent = measure \"spent\" { kind = \"flow\", unit = \"CNY\", every = \"month\" }\n"
    "local revenue = measure \"revenue\" { kind = \"ytd\", unit = \"CNY\", every = \"month\", skip "
    "= { month = 1 }, due = \"20d\" }\n"
    "measure \"firms\" { kind = \"stock\", unit = \"CNY\", every = \"quarter\", due = \"15d\" }\n"
    "measure \"price\" { kind = \"rate\", unit = \"CNY\", every = \"month\" }\n"
    "measure \"people\" { kind = \"stock\", unit = \"CNY\", every = \"month\", partial = true }\n"
    "measure \"level\" { kind = \"gauge\", unit = \"CNY\", every = \"month\" }\n"
    "measure \"queue\" { kind = \"gauge\", unit = \"CNY\", every = \"day\" }\n"
    "measure \"visits\" { kind = \"flow\", unit = \"CNY\", every = \"day\", due = \"2d\" }\n"
    "register \"calls\" { fields = { \"type\", paid = \"CNY\", due_on = \"date\" }, states = { "
    "\"posted\", \"awarded\", \"done\" }, deadline = \"due_on\", every = \"month\" }\n"
    "register \"firms_here\" { fields = { \"type\" }, every = \"month\", due = \"20d\" }\n"
    "indicator \"made\" { came / 2, rollup = \"sum\" }\n"
    "indicator \"best\" { came - spent, rollup = \"max\" }\n"
    "indicator \"called\" { every = \"month\", function(at)\n"
    "  return (at.value(came) or 7) - (at.value(revenue, at.area, -2) or 1)\n"
    "end }\n"
    "target \"plan\" { revenue:year(), over = { [2021] = 500, [2023] = 900 }, from = { [2020] = "
    "400 }, path = \"geometric\" }\n"
    "rule \"enough\" { each = { land, west, north, south, east }, must = came:over(40) }\n"
    "alert \"poor\" { each = { land, west, north, south, east }, warning = "
    "came:under(9) }\n";

static const char *const figures_areas[] = {"land", "west", "north", "south", "east"};
enum { AREAS = 5 };

/** SplitMix64. */
static inline uint64_t draw(uint64_t *seed)
{
    uint64_t z = (*seed += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static inline int draw_below(uint64_t *seed, int limit)
{
    return (int)(draw(seed) % (uint64_t)limit);
}

/** One delivery: when it arrives, and its rows, of figures or of items, without their header. */
struct delivery {
    int64_t at_ms;
    bool is_items;
    char rows[ROWS_EACH][ROW_BYTES];
    size_t count;
    bool is_left_out; /* while a failure is made smaller */
};

struct deliveries {
    struct delivery at[DELIVERIES_MOST];
    size_t count;
};

static inline void figures_moment(int64_t at_ms, char out[48])
{
    zw_tz *tz = NULL;
    zw_err err = {ZW_OK, ""};
    if (zw_tz_create("UTC", &tz, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
    (void)zw_moment_text(tz, at_ms, out, 48);
    zw_tz_destroy(tz);
}

/** What a row says of a measure's figure: its period and, of some, its dimension. */
static inline void figures_draw_place(uint64_t *seed, const char **measure, char period[32],
                                      const char **industry)
{
    static const char *const measures[] = {"came",    "came",    "came",  "spent",
                                           "revenue", "revenue", "firms", "price",
                                           "people",  "level",   "queue", "visits"};
    static const char *const industries[] = {"", "ai", "chips"};
    *measure = measures[draw_below(seed, sizeof(measures) / sizeof(measures[0]))];
    *industry = strcmp(*measure, "came") == 0 ? industries[draw_below(seed, 3)] : "";
    int year = FIRST_YEAR + draw_below(seed, LAST_YEAR - FIRST_YEAR + 1);
    int month = 1 + draw_below(seed, 12);
    if (strcmp(*measure, "firms") == 0) {
        (void)snprintf(period, 32, "%d-Q%d", year, 1 + month % 4);
    } else if (strcmp(*measure, "queue") == 0 || strcmp(*measure, "visits") == 0) {
        int day = draw_below(seed, DAYS_READ);
        (void)snprintf(period, 32, "2022-%02d-%02d", 5 + day / 31, 1 + day % 31 % 30);
    } else {
        (void)snprintf(period, 32, "%d-%02d", year, month);
    }
}

/** A row known at a moment. Values are small whole numbers, so that sums are exact. */
static inline void figures_draw_row(uint64_t *seed, int64_t known_ms, bool has_scopes,
                                    char out[ROW_BYTES])
{
    static const char *const statuses[] = {"", "A", "P", "E", "F"};
    const char *measure;
    const char *industry;
    char period[32];
    char known[48];
    char value[16] = "";
    figures_draw_place(seed, &measure, period, &industry);
    bool is_withdrawn = draw_below(seed, 12) == 0;
    if (!is_withdrawn) {
        (void)snprintf(value, sizeof(value), "%d", draw_below(seed, 120) - 10);
    }
    figures_moment(known_ms, known);
    (void)snprintf(out, ROW_BYTES, "%s,%s,%s,%s,%s,%s,%s,%s\n", measure,
                   figures_areas[draw_below(seed, AREAS)], period, value,
                   is_withdrawn ? "M" : statuses[draw_below(seed, 5)], known, industry,
                   has_scopes && draw_below(seed, 4) == 0 ? "2" : "");
}

/** A row of an item: it comes, moves, changes and leaves at any time, said early or late. */
static inline void figures_draw_item(uint64_t *seed, int64_t known_ms, char out[ROW_BYTES])
{
    static const char *const states[] = {"", "posted", "posted", "awarded", "done", "left"};
    static const char *const types[] = {"", "lab", "ip"};
    static const char *const dues[] = {"", "2022-08-31", "2023-02-10", "2023-12-31"};
    bool is_call = draw_below(seed, 3) > 0;
    char known[48];
    char paid[16] = "";
    int state = draw_below(seed, 6);
    figures_moment(known_ms, known);
    if (draw_below(seed, 2) == 0) {
        (void)snprintf(paid, sizeof(paid), "%d", draw_below(seed, 90));
    }
    (void)snprintf(out, ROW_BYTES, "%s,%c%d,%s,%d-%02d-%02d,%s,%s,%s,%s,%s\n",
                   is_call ? "calls" : "firms_here", is_call ? 'c' : 'f', draw_below(seed, 5),
                   figures_areas[draw_below(seed, AREAS)], FIRST_YEAR + draw_below(seed, 3),
                   1 + draw_below(seed, 12), 1 + draw_below(seed, 28),
                   is_call || state == 5 ? states[state] : "", types[draw_below(seed, 3)],
                   is_call ? paid : "", is_call ? dues[draw_below(seed, 4)] : "", known);
}

/**
 * Deliveries from early 2022 to early 2024, in the order in which they arrive. With `has_history`
 * some rows were known before they arrived, with `has_scopes` some are of scope "2". Every row has
 * a moment of its own: of two figures of one moment the later to arrive would win.
 */
static inline void figures_draw(uint64_t *seed, bool has_history, bool has_scopes,
                                struct deliveries *out)
{
    int64_t first_ms = day_ms("2022-02-01");
    int64_t span_days = 750;
    out->count = 8 + (size_t)draw_below(seed, DELIVERIES_MOST - 8);
    for (size_t i = 0; i < out->count; i++) {
        struct delivery *delivery = &out->at[i];
        *delivery = (struct delivery){.is_items = draw_below(seed, 4) == 0,
                                      .count = 1 + (size_t)draw_below(seed, ROWS_EACH)};
        delivery->at_ms = first_ms + (int64_t)i * span_days / (int64_t)out->count * DAY_MS +
                          (int64_t)draw_below(seed, 8) * DAY_MS / 2;
        if (i > 0 && delivery->at_ms <= out->at[i - 1].at_ms) {
            delivery->at_ms = out->at[i - 1].at_ms + 1000;
        }
        for (size_t r = 0; r < delivery->count; r++) {
            bool is_history = has_history && draw_below(seed, 3) == 0;
            int64_t early_ms = is_history ? (int64_t)draw_below(seed, 400) * DAY_MS + 1 : 0;
            int64_t known_ms = delivery->at_ms - early_ms - (int64_t)(i * ROWS_EACH + r);
            if (delivery->is_items) {
                figures_draw_item(seed, known_ms, delivery->rows[r]);
            } else {
                figures_draw_row(seed, known_ms, has_scopes, delivery->rows[r]);
            }
        }
    }
}

/** Feeds the rows of a delivery; the house's clock must be there. */
static inline void figures_feed(struct house *house, const struct delivery *delivery,
                                const char *source)
{
    char csv[ROWS_EACH * ROW_BYTES + 128];
    const zw_fed *fed = NULL;
    zw_err err = {ZW_OK, ""};
    zw_feed_options options = {.source = source};
    (void)snprintf(csv, sizeof(csv), "%s\n",
                   delivery->is_items ? "register,item,area,at,state,type,paid,due_on,known_at"
                                      : "measure,area,period,value,status,known_at,industry,scope");
    for (size_t r = 0; r < delivery->count; r++) {
        (void)strncat(csv, delivery->rows[r], sizeof(csv) - strlen(csv) - 1);
    }
    if (zw_engine_feed(house->engine, csv, strlen(csv), &options, &fed, &err) != ZW_OK) {
        fail_msg("%s: %s", err.text, fed != NULL && fed->bad_count > 0 ? fed->bad[0].text : csv);
    }
}

static inline void figures_turn(struct house *house, int64_t now_ms)
{
    zw_err err = {ZW_OK, ""};
    house->now_ms = now_ms;
    if (zw_engine_turn(house->engine, NULL, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
}

static inline void figures_open(struct house *house, int64_t now_ms)
{
    zw_err err = {ZW_OK, ""};
    memset(house, 0, sizeof(*house));
    house->now_ms = now_ms;
    if (house_try(house, figures_pack, ":memory:", &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
}

/** The first period of a node's grid in what is read, and the last. */
static inline zw_span figures_span(const zw_node *node)
{
    if (!node->has_grid) {
        return (zw_span){0, 0};
    }
    switch (node->grid.every) {
    case ZW_DAY:
        return (zw_span){FIRST_DAY, FIRST_DAY + DAYS_READ};
    case ZW_MONTH:
        return (zw_span){FIRST_MONTH, LAST_MONTH};
    case ZW_QUARTER:
        return (zw_span){FIRST_MONTH / 3, LAST_MONTH / 3};
    case ZW_HALF:
        return (zw_span){FIRST_MONTH / 6, LAST_MONTH / 6};
    case ZW_YEAR:
        return (zw_span){FIRST_MONTH / 12, LAST_MONTH / 12};
    default:
        fail_msg("no such grid here");
        return (zw_span){0, 0};
    }
}

#endif
