/* Running totals: figures told as running totals and as flows say the same, on every grid, in
 * plain and fiscal years. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/year.h"

#include "eval_world.h"
#include "failing_alloc.h"

enum { FIGURES_MOST = 1500, TEXT_BYTES = 40 };

/* Four years of one grid, from a year's first period: as a flow and as its running total. */
struct figures {
    zw_grid grid;
    zw_period first;
    int count;
    double flow[FIGURES_MOST], total[FIGURES_MOST];
    char texts[FIGURES_MOST][TEXT_BYTES];
    struct figure_row rows[2 * FIGURES_MOST];
};

static uint64_t draw(uint64_t *seed)
{
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return *seed >> 33;
}

static void open_world(struct world *world, const char *every, int reporting_month)
{
    char text[512];
    (void)snprintf(text, sizeof(text),
                   "local land = zone \"land\" { timezone = \"UTC\", reporting_year = %d }\n"
                   "local flow = measure \"flow\" { kind = \"flow\", unit = \"CNY\", every = "
                   "\"%s\" }\n"
                   "local total = measure \"total\" { kind = \"ytd\", unit = \"CNY\", every = "
                   "\"%s\" }\n",
                   reporting_month, every, every);
    world_open(world, text);
}

static struct figures *figures_create(const zw_calendar *calendar, zw_grid grid, uint64_t seed)
{
    struct figures *figures = calloc(1, sizeof(*figures));
    assert_non_null(figures);
    zw_period somewhere = zw_period_at(calendar, grid, INT64_C(1631664000000)); /* September 2021 */
    zw_year year = zw_year_around(calendar, grid, somewhere);
    figures->grid = grid;
    figures->first = year.first;
    for (int y = 0; y < 4; y++) { /* 2024 has a leap day, 2020 and 2026 would have a week 53 */
        double total = 0;
        for (zw_period p = year.first; p <= year.last; p++) {
            int i = figures->count++;
            total += figures->flow[i] = (double)(1 + draw(&seed) % 1000);
            figures->total[i] = total;
            zw_period_text(calendar, grid, p, figures->texts[i], TEXT_BYTES);
            figures->rows[2 * i] = (struct figure_row){
                "flow", "land", NULL, figures->texts[i], figures->flow[i], NULL, 0, false};
            figures->rows[2 * i + 1] = (struct figure_row){"total", "land", NULL, figures->texts[i],
                                                           total,   NULL,   0,    false};
        }
        year = zw_year_around(calendar, grid, year.last + 1);
    }
    return figures;
}

/* What a row expects in period number i; NAN: missing. */
typedef double (*wanted_fn)(const struct figures *figures, int i);

static double own(const struct figures *figures, int i)
{
    return i < 0 ? NAN : figures->flow[i];
}

static double own_three_earlier(const struct figures *figures, int i)
{
    return own(figures, i - 3);
}

static double running(const struct figures *figures, int i)
{
    return figures->total[i];
}

static double window(const struct figures *figures, int i)
{
    double sum = 0;
    for (int j = i - 59; j <= i; j++) {
        sum += own(figures, j);
    }
    return sum;
}

static double window_three_earlier(const struct figures *figures, int i)
{
    return window(figures, i - 3);
}

static double largest(const struct figures *figures, int i)
{
    double most = own(figures, i);
    for (int j = i - 4; j <= i; j++) {
        most = isnan(own(figures, j)) ? NAN : fmax(most, own(figures, j));
    }
    return most;
}

static double everything(const struct figures *figures, int i)
{
    double sum = 0;
    for (int j = 0; j <= i; j++) {
        sum += figures->flow[j];
    }
    return sum;
}

/* Since the second year began, each figure three periods late. */
static double later_year(const struct figures *figures, int i)
{
    int second = 1;
    while (figures->total[second] > figures->total[second - 1]) {
        second++;
    }
    double sum = i < second ? NAN : 0;
    for (int j = second; j <= i; j++) {
        sum += own(figures, j - 3);
    }
    return sum;
}

static const struct {
    const char *why, *formula;
    wanted_fn wanted;
    int from; /* the first that is checked: before it there is nothing to tell from */
} rows[] = {
    {"a flow's running total", "flow:ytd()", running, 0},
    {"a running total is one", "total:ytd()", running, 0},
    {"the own part of it", "total:single()", own, 0},
    {"of the running total of a flow it is the flow", "flow:ytd():single()", own, 0},
    {"a difference within the year is the part, too", "total:delta()", own, 0},
    {"of a flow's running total, too", "flow:ytd():delta()", own, 0},
    {"looked at later", "total:single():lag(3)", own_three_earlier, 3},
    {"the part of what was looked at later", "total:lag(3):single()", own_three_earlier, 3},
    {"a window from totals alone", "total:rolling(60):sum()", window, 60},
    {"looked at later", "total:rolling(60):sum():lag(3)", window_three_earlier, 63},
    {"the window of what was looked at later", "total:lag(3):rolling(60):sum()",
     window_three_earlier, 63},
    {"what it adds up to since the first", "flow:since \"2021\"", everything, 0},
    {"of totals", "total:since \"2021\"", everything, 0},
    {"of what was looked at later", "total:lag(3):since \"2022\"", later_year, 0},
    {"a window of a flow", "flow:rolling(60):sum()", window, 60},
    {"the largest own part", "total:rolling(5):max()", largest, 5},
};

static void check_row(struct world *world, const struct figures *figures, size_t row,
                      const char *where)
{
    zw_node_id node = world_node(world, rows[row].formula);
    zw_err err = {ZW_OK, ""};
    static zw_cell cells[FIGURES_MOST];
    zw_span span = {figures->first, figures->first + figures->count - 1};
    assert_int_equal(zw_eval_cells(world->eval, node, 0, span, cells, &err), ZW_OK);
    for (int i = rows[row].from; i < figures->count; i++) {
        double wanted = rows[row].wanted(figures, i);
        bool is_right = isnan(wanted)
                            ? !zw_cell_stands(&cells[i])
                            : zw_cell_stands(&cells[i]) && fabs(cells[i].value - wanted) <= 1e-6;
        if (!is_right) {
            fail_msg("%s, %s: %s in %s: expected %g, found %g (%s)", where, rows[row].why,
                     rows[row].formula, figures->texts[i], wanted, cells[i].value,
                     zw_reason_text((zw_reason)cells[i].reason));
        }
    }
}

static void totals_and_flows_say_the_same(void **state)
{
    static const struct {
        const char *every;
        int reporting_month;
    } worlds[] = {{"month", 1}, {"month", 4}, {"day", 1}, {"day", 4}, {"week", 1}, {"week", 7}};
    (void)state;
    for (size_t w = 0; w < sizeof(worlds) / sizeof(worlds[0]); w++) {
        struct world world;
        zw_grid grid;
        open_world(&world, worlds[w].every, worlds[w].reporting_month);
        assert_true(zw_grid_parse(zw_text_of(worlds[w].every), &grid));
        struct figures *figures =
            figures_create(zw_pack_calendar(world.pack, 0), grid, (uint64_t)w + 1);
        world_put(&world, figures->rows, (size_t)figures->count * 2);
        for (size_t row = 0; row < sizeof(rows) / sizeof(rows[0]); row++) {
            check_row(&world, figures, row, worlds[w].every); /* 48 months: no window of sixty */
        }
        free(figures);
        world_close(&world);
    }
}

static void no_memory_is_an_error(void **state)
{
    (void)state;
    struct world world;
    zw_grid month = {ZW_MONTH, 0};
    open_world(&world, "month", 1);
    struct figures *figures = figures_create(zw_pack_calendar(world.pack, 0), month, 3);
    world_put(&world, figures->rows, (size_t)figures->count * 2);
    static const char *const formulas[] = {"flow:ytd()", "total:rolling(12):sum()"};
    for (size_t i = 0; i < 2; i++) {
        zw_node_id node = world_node(&world, formulas[i]);
        bool was_refused = true;
        for (long n = 0; was_refused; n++) {
            static zw_cell cells[FIGURES_MOST];
            zw_err err = {ZW_OK, ""};
            zw_eval_forget(world.eval);
            failing_alloc_after(n);
            zw_status status = zw_eval_cells(
                world.eval, node, 0, (zw_span){figures->first, figures->first + 30}, cells, &err);
            was_refused = failing_alloc_stop();
            assert_int_equal(status, was_refused ? ZW_NOMEM : ZW_OK);
        }
    }
    free(figures);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(totals_and_flows_say_the_same),
        cmocka_unit_test(no_memory_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
