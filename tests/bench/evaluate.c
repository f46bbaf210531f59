/*
 * A benchmark of evaluation, in this process and from memory: prints one line a piece of work,
 * "name milliseconds" of CPU time. What it asks, and the pack and data it asks of, it prints too:
 * run, beside it, asks a running process the same, and loads the same into the peers.
 *
 *     evaluate mean|compare|change|gauge|function
 *     evaluate mean|compare pack|samples|openmetrics|prometheus|last|count|question NUMBER
 */
#include "indicator/eval.h"
#include "intake/batch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { REPEATS = 101, BASE_PERIOD = 178329600 /* of ten seconds: 2026-07-01 */ };

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

/* Of this process: what others on the machine do counts little. */
static double cpu_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
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

static zw_node_id node_of_text(struct bench *bench, const char *text)
{
    zw_err err = {ZW_OK, ""};
    zw_node_id node = ZW_NODE_NONE;
    need(zw_script_expression(bench->script, zw_text_of(text), &node, &err), &err);
    return node;
}

/* What a name and a number say together: "i7". */
static zw_node_id node_of(struct bench *bench, const char *name, unsigned number)
{
    char text[128];
    (void)snprintf(text, sizeof(text), "%s%u", name, number);
    return node_of_text(bench, text);
}

/* Live figures every ten seconds: so many measures at so many areas, so many times. What is asked
 * is asked of one measure, and added up over all: how many there are, all told. In `asked` an @ is
 * the measure's number and a # the question's own: no two are the same, so that no answer is one
 * that was kept. */
struct shape {
    const char *name;
    unsigned areas, measures, steps;
    const char *pack, *asked;
};

#define LIVE_PACK(last_area, last_measure)                                                         \
    "local z = zone \"z\" { timezone = \"UTC\" }\n"                                                \
    "for a = 0, " last_area " do area(\"a\" .. a) { within = z } end\n"                            \
    "for i = 0, " last_measure " do\n"                                                             \
    "  measure(\"m\" .. i) { kind = \"gauge\", unit = \"x\", every = \"10s\" }\n"                  \
    "end\n"

static const struct shape shapes[] = {
    {"mean", 200, 10, 1000, LIVE_PACK("199", "9"),
     "(m@:rolling(360):mean() + 0.000#):areas():count()"},
    {"compare", 1000, 100, 12, LIVE_PACK("999", "99"),
     "m@:where(m@:over(100.0000#)):areas():count()"},
};

/* Writes one question over all measures. */
static void put_question(const struct shape *shape, unsigned number, FILE *out)
{
    for (unsigned m = 0; m < shape->measures; m++) {
        (void)fputs(m > 0 ? " + " : "", out);
        for (const char *c = shape->asked; *c != '\0'; c++) {
            if (*c == '@' || *c == '#') {
                (void)fprintf(out, "%u", *c == '@' ? m : number);
            } else {
                (void)fputc(*c, out);
            }
        }
    }
}

static void bench_shape(const struct shape *shape)
{
    struct bench bench = {0};
    bench_open(&bench, shape->pack);
    fill(&bench, BASE_PERIOD, shape->steps);
    zw_eval *eval = eval_of(&bench);
    zw_period last = BASE_PERIOD + (zw_period)shape->steps - 1;
    double took[REPEATS];
    double found = 0;
    for (unsigned r = 0; r < REPEATS; r++) {
        static char text[64 * 1024];
        FILE *out = fmemopen(text, sizeof(text), "w");
        put_question(shape, r, out);
        (void)fclose(out);
        zw_node_id node = node_of_text(&bench, text);
        zw_err err = {ZW_OK, ""};
        zw_cell cell;
        double start = cpu_ms();
        need(zw_eval_cell(eval, node, 0, last, &cell, &err), &err);
        took[r] = cpu_ms() - start;
        found = cell.value;
    }
    (void)fprintf(stderr, "# %s: %.0f in the last period; the first time %.3f ms\n", shape->name,
                  found, took[0]);
    (void)printf("%s %.3f\n", shape->name, median(took, REPEATS));
    zw_eval_destroy(eval);
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

/* How the samples of a series are written: for us, whose metrics are measures, for who reads
 * OpenMetrics (seconds), and for who reads Prometheus's text (milliseconds). */
enum format { SAMPLES, OPENMETRICS, PROMETHEUS };

static void print_series(const struct shape *shape, unsigned m, unsigned a, enum format format)
{
    for (unsigned t = 0; t < shape->steps; t++) {
        double value = figure_of(series_of(shape, m, a), t);
        if (format == SAMPLES) {
            (void)printf("m%u{area=\"a%u\"} %.4f %ld000\n", m, a, value, moment_of(t));
        } else {
            (void)printf("m{area=\"a%u\",measure=\"m%u\"} %.4f %ld%s\n", a, m, value, moment_of(t),
                         format == OPENMETRICS ? "" : "000");
        }
    }
}

static void print_data(const struct shape *shape, enum format format)
{
    for (unsigned m = 0; m < shape->measures; m++) {
        for (unsigned a = 0; a < shape->areas; a++) {
            print_series(shape, m, a, format);
        }
    }
    (void)printf("%s", format == OPENMETRICS ? "# EOF\n" : "");
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

static bool print_shape(const struct shape *shape, const char *what, const char *number)
{
    static const char *const formats[] = {"samples", "openmetrics", "prometheus"};
    for (unsigned i = 0; i < 3; i++) {
        if (strcmp(what, formats[i]) == 0) {
            print_data(shape, (enum format)i);
            return true;
        }
    }
    if (strcmp(what, "last") == 0) {
        (void)printf("%ld\n", moment_of(shape->steps - 1));
    } else if (strcmp(what, "count") == 0) {
        (void)printf("%u\n", count_found(shape));
    } else if (strcmp(what, "pack") == 0) {
        (void)printf("%s", shape->pack);
    } else if (strcmp(what, "question") == 0) {
        put_question(shape, (unsigned)strtoul(number, NULL, 10), stdout);
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
        zw_node_id node = node_of(&bench, "i", m);
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
        double start = cpu_ms();
        need(zw_eval_move(eval, known_ms, &err), &err);
        uint32_t watch = 0;
        zw_span span;
        size_t stale = 0;
        while (zw_eval_next_stale(eval, &watch, &span)) {
            static zw_cell cells[128];
            span.hi = span.hi > 623 ? 623 : span.hi;
            need(zw_eval_cells(eval, node_of(&bench, "i", watch / areas), watch % areas, span,
                               cells, &err),
                 &err);
            stale++;
        }
        took[r] = cpu_ms() - start;
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
    zw_node_id node = node_of(&bench, "f", 0);
    zw_node_id read = node_of(&bench, "m", 0);
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
    double spent_ms = (double)(clock() - start) * 1e3 / CLOCKS_PER_SEC;
    (void)printf("function %.3f\n", spent_ms / (1000 * 120) * 1e6);
    zw_eval_destroy(eval);
    bench_close(&bench);
}

/* Ten days of a gauge that is read every second, one reading in ten of which is lost: nanoseconds a
 * second, for its own cells, and for the days' means. */
static void bench_gauge(void)
{
    enum { DAYS = 10, STEPS = DAYS * 86400, LOST = 10 };
    struct bench bench = {0};
    bench_open(&bench, "zone \"z\" { timezone = \"UTC\" }\n"
                       "measure \"m0\" { kind = \"gauge\", unit = \"x\", every = \"1s\" }\n");
    zw_err err = {ZW_OK, ""};
    int64_t batch = deliver(&bench);
    zw_period first = (zw_period)BASE_PERIOD * 10;
    for (unsigned t = 0; t < STEPS; t++) {
        if (t % LOST != 3) {
            put(&bench, batch, 0, 0, first + t, figure_of(0, t), (first + t + 1) * 1000);
        }
    }
    need(zw_store_commit(bench.store, &err), &err);
    bench.now_ms = (first + STEPS) * 1000 - 1;
    static zw_cell cells[STEPS];
    zw_eval *eval = eval_of(&bench);
    double start = cpu_ms();
    zw_period day = first / 86400;
    need(zw_eval_cells(eval, node_of_text(&bench, "m0:day \"mean\""), 0,
                       (zw_span){day, day + DAYS - 1}, cells, &err),
         &err);
    (void)printf("days %.3f\n", (cpu_ms() - start) * 1e6 / STEPS);
    start = cpu_ms();
    need(zw_eval_cells(eval, node_of(&bench, "m", 0), 0, (zw_span){first, first + STEPS - 1}, cells,
                       &err),
         &err);
    (void)printf("cells %.3f\n", (cpu_ms() - start) * 1e6 / STEPS);
    zw_eval_destroy(eval);
    bench_close(&bench);
}

int main(int argc, char **argv)
{
    bool has_done = false;
    const char *name = argc > 1 ? argv[1] : "";
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        if (strcmp(name, shapes[i].name) == 0 && argc > 2) {
            return print_shape(&shapes[i], argv[2], argc > 3 ? argv[3] : "0") ? 0 : 2;
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
    if (strcmp(name, "gauge") == 0 || argc < 2) {
        bench_gauge();
        has_done = true;
    }
    if (strcmp(name, "function") == 0 || argc < 2) {
        bench_function();
        has_done = true;
    }
    return has_done ? 0 : 2;
}
