/*
 * A benchmark of evaluation, in this process and from memory: prints one line a piece of work,
 * "name milliseconds". Its data are those of run, beside it, which loads the same into the peers.
 *
 *     evaluate mean|compare|change|function
 */
#include "indicator/eval.h"
#include "intake/batch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { REPEATS = 31, BASE_PERIOD = 178329600 /* of ten seconds: 2026-07-01 */ };

struct bench {
    zw_pack *pack;
    zw_script *script;
    zw_store *store;
    int64_t now_ms;
};

static void need(zw_status status, const zw_err *err)
{
    if (status != ZW_OK) {
        (void)fprintf(stderr, "evaluate: %s\n", err->text);
        exit(1);
    }
}

static double now_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof(*values), by_size);
    return values[count / 2];
}

/* The walk that every loader uses: a figure from (series, step) alone. */
static double figure_of(unsigned series, unsigned step)
{
    unsigned h = series * 2654435761U + step * 40503U;
    h ^= h >> 15;
    h *= 2246822519U;
    h ^= h >> 13;
    return 50 + (double)(h % 600000U) / 10000.0;
}

static void bench_open(struct bench *bench, const char *text)
{
    zw_err err = {ZW_OK, ""};
    need(zw_script_load_text("bench.lua", zw_text_of(text), NULL, &bench->pack, &bench->script,
                             &err),
         &err);
    if (bench->pack->problem_count > 0) {
        (void)fprintf(stderr, "evaluate: %s\n", bench->pack->problems[0].text);
        exit(1);
    }
    need(zw_store_open(":memory:", ZW_DB_WRITE, &bench->store, &err), &err);
}

static void bench_close(struct bench *bench)
{
    zw_store_close(bench->store);
    zw_script_destroy(bench->script);
    zw_pack_destroy(bench->pack);
}

static void put(struct bench *bench, int64_t batch, uint32_t measure, uint32_t area,
                zw_period period, double value, int64_t known_at_ms)
{
    zw_err err = {ZW_OK, ""};
    zw_series key = {bench->pack->measures[measure].title.name, bench->pack->areas[area].title.name,
                     "", ""};
    zw_series_id id = ZW_SERIES_NONE;
    zw_change change = ZW_CHANGE_NEW;
    zw_figure figure = {.value = value, .known_at_ms = known_at_ms, .batch = batch, .line = 1};
    need(zw_series_ensure(zw_store_series(bench->store), &key, &id, &err), &err);
    need(zw_store_put(bench->store, id, period, &figure, &change, &err), &err);
}

static int64_t deliver(struct bench *bench)
{
    zw_err err = {ZW_OK, ""};
    zw_delivery delivery = {.source = "bench", .name = "", .format = "csv", .digest = ""};
    need(zw_store_begin(bench->store, &err), &err);
    need(zw_store_deliver(bench->store, &delivery, &err), &err);
    return delivery.id;
}

/* Fills every (measure, area) with `steps` periods, in order of time; all is known at the end. */
static void fill(struct bench *bench, zw_period first, unsigned steps)
{
    zw_err err = {ZW_OK, ""};
    int64_t batch = deliver(bench);
    uint32_t areas = (uint32_t)bench->pack->area_count;
    const zw_calendar *calendar = zw_pack_calendar(bench->pack, 1);
    zw_grid grid = bench->pack->measures[0].grid;
    for (unsigned t = 0; t < steps; t++) {
        int64_t end_ms = zw_period_end_ms(calendar, grid, first + t);
        for (uint32_t m = 0; m < bench->pack->measure_count; m++) {
            for (uint32_t a = 1; a < areas; a++) { /* 0 is the zone */
                put(bench, batch, m, a, first + t, figure_of(m * areas + a, t), end_ms);
            }
        }
        bench->now_ms = end_ms - 1; /* the last period has begun and is in */
    }
    need(zw_store_commit(bench->store, &err), &err);
}

static zw_eval *eval_of(struct bench *bench)
{
    zw_err err = {ZW_OK, ""};
    zw_eval_world world = {bench->pack, bench->script, bench->store, NULL};
    zw_eval *eval = NULL;
    need(zw_eval_create(&world, bench->now_ms + 1, &eval, &err), &err);
    return eval;
}

/* What `letter`, the number and `rest` say together: "m7:over(100)". */
static zw_node_id node_of(struct bench *bench, char letter, unsigned m, const char *rest)
{
    char text[128];
    (void)snprintf(text, sizeof(text), "%c%u%s", letter, m, rest);
    zw_err err = {ZW_OK, ""};
    zw_node_id node = ZW_NODE_NONE;
    need(zw_script_expression(bench->script, zw_text_of(text), &node, &err), &err);
    return node;
}

/* What one expression a measure says at every area, in milliseconds; each time in the period
 * before: what is known by name is known, no value of it is. */
static void ask_all(struct bench *bench, const char *name, const char *rest, zw_period last)
{
    size_t count = bench->pack->area_count - 1; /* 0 is the zone */
    uint32_t *areas = malloc(count * sizeof(*areas));
    zw_cell *cells = malloc(count * sizeof(*cells));
    if (areas == NULL || cells == NULL) {
        exit(1);
    }
    for (uint32_t a = 0; a < count; a++) {
        areas[a] = a + 1;
    }
    zw_node_id nodes[128] = {0};
    for (unsigned m = 0; m < bench->pack->measure_count; m++) {
        nodes[m] = node_of(bench, 'm', m, rest);
    }
    zw_eval *eval = eval_of(bench);
    double took[REPEATS];
    double sum = 0;
    for (int r = 0; r < REPEATS; r++) {
        zw_err err = {ZW_OK, ""};
        double start = now_ms();
        for (unsigned m = 0; m < bench->pack->measure_count; m++) {
            need(zw_eval_areas(eval, nodes[m], areas, count, last - r, cells, &err), &err);
            for (size_t a = 0; a < count; a++) {
                sum += r == 0 ? cells[a].value : 0;
            }
        }
        took[r] = now_ms() - start;
    }
    (void)printf("%s %.3f\n", name, median(took, REPEATS));
    (void)fprintf(stderr, "# %s: %.6f in the last period\n", name, sum);
    free(areas);
    free(cells);
    zw_eval_destroy(eval);
}

/* Live figures every ten seconds: so many measures at so many areas, so many times. */
struct shape {
    const char *name;
    unsigned areas, measures, steps;
    const char *pack, *rest;
};

#define LIVE_PACK(last_area, last_measure)                                                         \
    "local z = zone \"z\" { timezone = \"UTC\" }\n"                                                \
    "for a = 0, " last_area " do area(\"a\" .. a) { within = z } end\n"                            \
    "for i = 0, " last_measure " do\n"                                                             \
    "  measure(\"m\" .. i) { kind = \"gauge\", unit = \"x\", every = \"10s\" }\n"                  \
    "end\n"

static const struct shape shapes[] = {
    {"mean", 200, 10, 1000, LIVE_PACK("199", "9"), ":rolling(360):mean()"},
    {"compare", 1000, 100, 40, LIVE_PACK("999", "99"), ":over(100)"},
};

static void bench_shape(const struct shape *shape)
{
    struct bench bench = {0};
    bench_open(&bench, shape->pack);
    fill(&bench, BASE_PERIOD, shape->steps);
    ask_all(&bench, shape->name, shape->rest, BASE_PERIOD + (zw_period)shape->steps - 1);
    bench_close(&bench);
}

/* The number of a series in figure_of; areas of a pack begin at 1, behind the zone. */
static unsigned series_of(const struct shape *shape, unsigned measure, unsigned area)
{
    return measure * (shape->areas + 1) + area + 1;
}

static long moment_of(unsigned step)
{
    return (BASE_PERIOD + (long)step) * 10;
}

static void print_series(const struct shape *shape, unsigned m, unsigned a, bool is_openmetrics)
{
    for (unsigned t = 0; t < shape->steps; t++) {
        (void)printf("m{area=\"a%u\",measure=\"m%u\"} %.4f %ld%s\n", a, m,
                     figure_of(series_of(shape, m, a), t), moment_of(t),
                     is_openmetrics ? "" : "000");
    }
}

static void print_data(const struct shape *shape, bool is_openmetrics)
{
    for (unsigned m = 0; m < shape->measures; m++) {
        for (unsigned a = 0; a < shape->areas; a++) {
            print_series(shape, m, a, is_openmetrics);
        }
    }
    (void)printf("%s", is_openmetrics ? "# EOF\n" : "");
}

/* What a query must find: every mean, and the figures over 100 of the last step. */
static unsigned count_found(const struct shape *shape)
{
    unsigned count = 0;
    for (unsigned m = 0; m < shape->measures; m++) {
        for (unsigned a = 0; a < shape->areas; a++) {
            bool is_over = figure_of(series_of(shape, m, a), shape->steps - 1) > 100;
            count += is_over || strcmp(shape->name, "mean") == 0 ? 1 : 0;
        }
    }
    return count;
}

static bool print_shape(const struct shape *shape, const char *what)
{
    if (strcmp(what, "openmetrics") == 0 || strcmp(what, "prometheus") == 0) {
        print_data(shape, what[0] == 'o');
    } else if (strcmp(what, "last") == 0) {
        (void)printf("%ld\n", moment_of(shape->steps - 1));
    } else if (strcmp(what, "count") == 0) {
        (void)printf("%u\n", count_found(shape));
    } else {
        return false;
    }
    return true;
}

/* One new figure among 100,000 instances, each watched: everything stale is read again. */
static void bench_change(void)
{
    struct bench bench = {0};
    bench_open(
        &bench,
        "local z = zone \"z\" { timezone = \"UTC\" }\n"
        "for a = 0, 999 do area(\"a\" .. a) { within = z } end\n"
        "for i = 0, 99 do\n"
        "  local m = measure(\"m\" .. i) { kind = \"flow\", unit = \"x\", every = \"month\" }\n"
        "  indicator(\"i\" .. i) { m:rolling(3):sum() / m:lag(3) }\n"
        "end\n");
    fill(&bench, 600, 24);
    zw_eval *eval = eval_of(&bench);
    zw_err err = {ZW_OK, ""};
    size_t count = bench.pack->measure_count;
    uint32_t areas = (uint32_t)bench.pack->area_count;
    for (uint32_t m = 0; m < count; m++) {
        zw_node_id node = node_of(&bench, 'i', m, "");
        for (uint32_t a = 1; a < areas; a++) {
            static zw_cell cells[128];
            need(zw_eval_cells(eval, node, a, (zw_span){603, 623}, cells, &err), &err);
            need(zw_eval_watch(eval, node, a, m * areas + a, &err), &err);
        }
    }
    double took[REPEATS];
    for (int r = 0; r < REPEATS; r++) {
        int64_t known_ms = bench.now_ms + 1000 + r;
        int64_t batch = deliver(&bench);
        put(&bench, batch, 50, 500, 620, 1000 + r, known_ms);
        need(zw_store_commit(bench.store, &err), &err);
        double start = now_ms();
        need(zw_eval_move(eval, known_ms, &err), &err);
        uint32_t watch = 0;
        zw_span span;
        size_t stale = 0;
        while (zw_eval_next_stale(eval, &watch, &span)) {
            static zw_cell cells[128];
            span.hi = span.hi > 623 ? 623 : span.hi;
            need(zw_eval_cells(eval, node_of(&bench, 'i', watch / areas, ""), watch % areas, span,
                               cells, &err),
                 &err);
            stale++;
        }
        took[r] = now_ms() - start;
        if (stale == 0) {
            (void)fprintf(stderr, "evaluate: nothing went stale\n");
            exit(1);
        }
    }
    (void)printf("change %.3f\n", median(took, REPEATS));
    zw_eval_destroy(eval);
    bench_close(&bench);
}

/* A function of two reads, at every area and period, from nothing: CPU milliseconds a million. */
static void bench_function(void)
{
    struct bench bench = {0};
    bench_open(
        &bench,
        "local z = zone \"z\" { timezone = \"UTC\" }\n"
        "for a = 0, 999 do area(\"a\" .. a) { within = z } end\n"
        "for i = 0, 0 do\n"
        "  local m = measure(\"m\" .. i) { kind = \"flow\", unit = \"x\", every = \"month\" }\n"
        "  indicator(\"f\" .. i) { function(at) return at(m) / at(m, at.area) end,"
        "    every = \"month\", unit = \"%\" }\n"
        "end\n");
    fill(&bench, 600, 120);
    zw_node_id node = node_of(&bench, 'f', 0, "");
    zw_node_id read = node_of(&bench, 'm', 0, "");
    zw_eval *eval = eval_of(&bench);
    zw_err err = {ZW_OK, ""};
    static zw_cell cells[128];
    for (uint32_t a = 1; a < bench.pack->area_count; a++) {
        need(zw_eval_cells(eval, read, a, (zw_span){600, 719}, cells, &err), &err);
    }
    clock_t start = clock();
    for (uint32_t a = 1; a < bench.pack->area_count; a++) {
        need(zw_eval_cells(eval, node, a, (zw_span){600, 719}, cells, &err), &err);
    }
    double cpu_ms = (double)(clock() - start) * 1e3 / CLOCKS_PER_SEC;
    (void)printf("function %.3f\n", cpu_ms / (1000 * 120) * 1e6);
    zw_eval_destroy(eval);
    bench_close(&bench);
}

int main(int argc, char **argv)
{
    bool has_done = false;
    const char *name = argc > 1 ? argv[1] : "";
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        if (strcmp(name, shapes[i].name) == 0 && argc > 2) {
            return print_shape(&shapes[i], argv[2]) ? 0 : 2;
        }
        if (strcmp(name, shapes[i].name) == 0 || argc < 2) {
            bench_shape(&shapes[i]);
            has_done = true;
        }
    }
    if (strcmp(name, "change") == 0 || argc < 2) {
        bench_change();
        has_done = true;
    }
    if (strcmp(name, "function") == 0 || argc < 2) {
        bench_function();
        has_done = true;
    }
    return has_done ? 0 : 2;
}
