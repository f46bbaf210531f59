/* Moving windows: every fold against one that is written as its definition says, and to the last
 * bit the same whoever asks for how much. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "eval_world.h"
#include "failing_alloc.h"

enum { HOURS = 400, TEXT_BYTES = 40, FIRST_HOUR = 480000 };

static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"Asia/Shanghai\" }\n"
    "local gauge = measure \"gauge\" { kind = \"gauge\", unit = \"min\", every = \"1h\" }\n"
    "local flow = measure \"flow\" { kind = \"flow\", unit = \"min\", every = \"1h\" }\n";

/* Hours of a gauge that lacks some and of a flow that lacks few. */
struct history {
    struct figure_row rows[2 * HOURS];
    char texts[HOURS][TEXT_BYTES];
    size_t count;
    double gauge[HOURS], flow[HOURS]; /* NAN: not in */
};

static uint64_t draw(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *seed >> 33;
}

static void add_figure(struct history *history, const char *measure, int hour, double value,
                       uint64_t luck)
{
    if (!isnan(value)) {
        history->rows[history->count++] =
            (struct figure_row){measure,
                                "land",
                                NULL,
                                history->texts[hour],
                                value,
                                luck % 2 == 0 ? "2026-01-01" : "2026-02-01",
                                luck % 5 == 0 ? 'P' : 0,
                                luck % 7 == 0};
    }
}

static struct history *history_create(const zw_calendar *calendar, uint64_t seed)
{
    struct history *history = calloc(1, sizeof(*history));
    assert_non_null(history);
    for (int h = 0; h < HOURS; h++) {
        uint64_t luck = draw(&seed);
        double value = (double)(draw(&seed) % 1000) / 8 - 30;
        zw_moment_text(calendar->tz, (FIRST_HOUR + h) * INT64_C(3600000), history->texts[h],
                       TEXT_BYTES);
        history->gauge[h] = luck % 3 == 0 ? NAN : value;
        history->flow[h] = luck % 101 == 0 ? NAN : value;
        add_figure(history, "gauge", h, history->gauge[h], luck);
        add_figure(history, "flow", h, history->flow[h], luck);
    }
    return history;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

/* What is in of hours last - count + 1 … last. @return how many. */
static int collect(const double *values, int last, int count, double *x, double *y, int *lacking)
{
    int taken = 0;
    *lacking = 0;
    for (int h = last - count + 1; h <= last; h++) {
        if (h < 0 || isnan(values[h])) {
            (*lacking)++;
            continue;
        }
        x[taken] = h;
        y[taken++] = values[h];
    }
    return taken;
}

static double mean_of(const double *y, int count)
{
    double sum = 0;
    for (int i = 0; i < count; i++) {
        sum += y[i];
    }
    return sum / count;
}

static double product_about_means(const double *x, const double *y, int count)
{
    double sum = 0;
    for (int i = 0; i < count; i++) {
        sum += (x[i] - mean_of(x, count)) * (y[i] - mean_of(y, count));
    }
    return sum;
}

static double quantile_of(double *y, int count, double share)
{
    qsort(y, (size_t)count, sizeof(*y), by_size);
    double place = share * (count - 1);
    int under = (int)place;
    return under + 1 < count ? y[under] * (1 - (place - under)) + y[under + 1] * (place - under)
                             : y[under];
}

/* By the definition of each; NAN where there is none. */
static double expected(const char *how, double *x, double *y, int count)
{
    bool has_two = strcmp(how, "stddev()") == 0 || strcmp(how, "slope()") == 0;
    if (count < (has_two ? 2 : 1)) {
        return NAN;
    }
    if (strcmp(how, "stddev()") == 0) {
        return sqrt(product_about_means(y, y, count) / (count - 1));
    }
    if (strcmp(how, "slope()") == 0) {
        return product_about_means(x, y, count) / product_about_means(x, x, count);
    }
    if (strcmp(how, "sum()") == 0 || strcmp(how, "mean()") == 0) {
        return mean_of(y, count) * (how[0] == 's' ? count : 1);
    }
    if (strcmp(how, "count()") == 0) {
        return count;
    }
    if (strcmp(how, "first()") == 0 || strcmp(how, "last()") == 0) {
        return how[0] == 'f' ? y[0] : y[count - 1];
    }
    double share = strcmp(how, "min()") == 0      ? 0
                   : strcmp(how, "max()") == 0    ? 1
                   : strcmp(how, "median()") == 0 ? 0.5
                                                  : 0.9;
    return quantile_of(y, count, share);
}

static const char *const hows[] = {"sum()",    "mean()",  "max()",        "min()",
                                   "count()",  "first()", "last()",       "median()",
                                   "stddev()", "slope()", "quantile(0.9)"};
static const int counts[] = {1, 2, 3, 7, 24, 100, 500};

static void check_cell(const char *text, int hour, const zw_cell *cell, double wanted)
{
    bool is_right = isnan(wanted) ? !zw_cell_stands(cell)
                                  : zw_cell_stands(cell) &&
                                        fabs(cell->value - wanted) <= 1e-9 * (fabs(wanted) + 1);
    if (!is_right) {
        fail_msg("%s in hour %d: expected %g, found %g (%s)", text, hour, wanted, cell->value,
                 zw_reason_text((zw_reason)cell->reason));
    }
}

/* One formula over all hours at once. */
static void check_formula(struct world *world, const struct history *history, const char *measure,
                          int count, const char *how)
{
    bool is_gauge = measure[0] == 'g';
    const double *values = is_gauge ? history->gauge : history->flow;
    static double x[HOURS];
    static double y[HOURS];
    static zw_cell cells[HOURS];
    char text[64];
    zw_err err = {ZW_OK, ""};
    (void)snprintf(text, sizeof(text), "%s:rolling(%d):%s", measure, count, how);
    zw_node_id node = world_node(world, text);
    assert_int_equal(zw_eval_cells(world->eval, node, 0,
                                   (zw_span){FIRST_HOUR, FIRST_HOUR + HOURS - 1}, cells, &err),
                     ZW_OK);
    for (int h = 0; h < HOURS; h++) {
        int lacking = 0;
        int taken = collect(values, h, count, x, y, &lacking);
        bool is_whole = is_gauge || lacking == 0;
        check_cell(text, h, &cells[h], is_whole ? expected(how, x, y, taken) : NAN);
    }
}

static void every_fold_is_what_its_definition_says(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    struct history *history = history_create(zw_pack_calendar(world.pack, 0), 7);
    world_put(&world, history->rows, history->count);
    for (size_t h = 0; h < sizeof(hows) / sizeof(hows[0]); h++) {
        for (size_t c = 0; c < sizeof(counts) / sizeof(counts[0]); c++) {
            check_formula(&world, history, "gauge", counts[c], hows[h]);
            check_formula(&world, history, "flow", counts[c], hows[h]);
        }
    }
    free(history);
    world_close(&world);
}

static uint64_t bits_of(double value)
{
    uint64_t bits = 0;
    memcpy(&bits, &value, sizeof(bits));
    return bits;
}

static bool same_cell(const zw_cell *a, const zw_cell *b)
{
    return bits_of(a->value) == bits_of(b->value) && a->until_ms == b->until_ms &&
           a->known_at_ms == b->known_at_ms && a->detail == b->detail && a->in == b->in &&
           a->of == b->of && a->span == b->span && a->reason == b->reason && a->marks == b->marks;
}

/* Asks hours of a fresh evaluation in spans of every length, last hours first. */
static void check_spans(struct world *world, const char *text, const zw_cell *whole, uint64_t seed)
{
    zw_node_id node = world_node(world, text);
    zw_err err = {ZW_OK, ""};
    zw_eval_forget(world->eval);
    for (int hi = HOURS - 1; hi >= 0;) {
        int lo = hi - (int)(draw(&seed) % 40);
        lo = lo < 0 ? 0 : lo;
        static zw_cell cells[HOURS];
        assert_int_equal(zw_eval_cells(world->eval, node, 0,
                                       (zw_span){FIRST_HOUR + lo, FIRST_HOUR + hi}, cells, &err),
                         ZW_OK);
        for (int h = lo; h <= hi; h++) {
            if (!same_cell(&cells[h - lo], &whole[h])) {
                fail_msg("%s in hour %d: %.17g at once, %.17g in %d … %d", text, h, whole[h].value,
                         cells[h - lo].value, lo, hi);
            }
        }
        hi = lo - 1;
    }
}

static void a_value_does_not_depend_on_the_span_asked(void **state)
{
    (void)state;
    struct world world;
    zw_cell *whole = calloc(HOURS, sizeof(*whole));
    assert_non_null(whole);
    world_open(&world, pack_text);
    struct history *history = history_create(zw_pack_calendar(world.pack, 0), 8);
    world_put(&world, history->rows, history->count);
    for (size_t h = 0; h < sizeof(hows) / sizeof(hows[0]); h++) {
        for (size_t c = 0; c < sizeof(counts) / sizeof(counts[0]); c++) {
            char text[64];
            zw_err err = {ZW_OK, ""};
            (void)snprintf(text, sizeof(text), "gauge:rolling(%d):%s", counts[c], hows[h]);
            zw_eval_forget(world.eval);
            assert_int_equal(zw_eval_cells(world.eval, world_node(&world, text), 0,
                                           (zw_span){FIRST_HOUR, FIRST_HOUR + HOURS - 1}, whole,
                                           &err),
                             ZW_OK);
            check_spans(&world, text, whole, h * 31 + c);
        }
    }
    free(history);
    free(whole);
    world_close(&world);
}

static void windows_and_lags_change_places(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    struct history *history = history_create(zw_pack_calendar(world.pack, 0), 9);
    world_put(&world, history->rows, history->count);
    for (size_t h = 0; h < sizeof(hows) / sizeof(hows[0]); h++) {
        char first[64];
        char second[64];
        (void)snprintf(first, sizeof(first), "gauge:rolling(24):%s:lag(5)", hows[h]);
        (void)snprintf(second, sizeof(second), "gauge:lag(5):rolling(24):%s", hows[h]);
        for (int hour = 0; hour < HOURS; hour += 3) {
            zw_cell a = world_cell(&world, first, "land", history->texts[hour]);
            zw_cell b = world_cell(&world, second, "land", history->texts[hour]);
            check_cell(second, hour, &b, zw_cell_stands(&a) ? a.value : NAN);
        }
    }
    free(history);
    world_close(&world);
}

static void no_memory_is_an_error(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    struct history *history = history_create(zw_pack_calendar(world.pack, 0), 10);
    world_put(&world, history->rows, history->count);
    static const char *const formulas[] = {"gauge:rolling(24):mean()",
                                           "gauge:rolling(24):median()"};
    for (size_t i = 0; i < 2; i++) {
        zw_node_id node = world_node(&world, formulas[i]);
        bool was_refused = true;
        for (long n = 0; was_refused; n++) {
            static zw_cell cells[HOURS];
            zw_err err = {ZW_OK, ""};
            zw_eval_forget(world.eval);
            failing_alloc_after(n);
            zw_status status = zw_eval_cells(world.eval, node, 0,
                                             (zw_span){FIRST_HOUR, FIRST_HOUR + 50}, cells, &err);
            was_refused = failing_alloc_stop();
            assert_int_equal(status, was_refused ? ZW_NOMEM : ZW_OK);
        }
    }
    free(history);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_fold_is_what_its_definition_says),
        cmocka_unit_test(a_value_does_not_depend_on_the_span_asked),
        cmocka_unit_test(windows_and_lags_change_places),
        cmocka_unit_test(no_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
