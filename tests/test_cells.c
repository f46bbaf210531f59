/* Cells: two rows that say the same figure are seen, however many rows lie between. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "failing_alloc.h"
#include "intake/cells.h"

#define MONTH(index)                                                                               \
    {                                                                                              \
        .is = ZW_STAMP_PERIOD, .grid = {.every = ZW_MONTH}, .period = (index)                      \
    }
#define QUARTER(index)                                                                             \
    {                                                                                              \
        .is = ZW_STAMP_PERIOD, .grid = {.every = ZW_QUARTER}, .period = (index)                    \
    }
#define MOMENT(ms)                                                                                 \
    {                                                                                              \
        .is = ZW_STAMP_MOMENT, .at_ms = (ms)                                                       \
    }
#define LOCAL(ms)                                                                                  \
    {                                                                                              \
        .is = ZW_STAMP_LOCAL, .at_ms = (ms)                                                        \
    }

static void a_cell_is_what_a_figure_is_about(void **state)
{
    (void)state;
    static const struct {
        const char *why;
        zw_row a, b;
        bool is_same;
    } rows[] = {
        {"all is equal",
         {.measure = 1, .area = 2, .dims = 3, .scope = 4, .period = MONTH(5)},
         {.measure = 1, .area = 2, .dims = 3, .scope = 4, .period = MONTH(5)},
         true},
        {"value, status, source, note and line do not matter",
         {.measure = 1, .period = MONTH(5), .value = 1, .has_value = true, .line = 2},
         {.measure = 1, .period = MONTH(5), .status = ZW_OBS_MISSING, .source = 3, .note = 4},
         true},
        {"another measure", {.measure = 1}, {.measure = 2}, false},
        {"another area", {.area = 1}, {.area = 2}, false},
        {"other dimensions", {.dims = 1}, {.dims = 2}, false},
        {"another scope", {.scope = 1}, {.scope = 2}, false},
        {"another period", {.period = MONTH(5)}, {.period = MONTH(6)}, false},
        {"another grid, the same index", {.period = MONTH(5)}, {.period = QUARTER(5)}, false},
        {"the same moment", {.period = MOMENT(5)}, {.period = MOMENT(5)}, true},
        {"another moment", {.period = MOMENT(5)}, {.period = MOMENT(6)}, false},
        {"a moment is not the zone's clocks", {.period = MOMENT(5)}, {.period = LOCAL(5)}, false},
        {"known at some time, or not",
         {.period = MONTH(5), .has_known_at = true, .known_at = MONTH(7)},
         {.period = MONTH(5)},
         false},
        {"known at another time",
         {.period = MONTH(5), .has_known_at = true, .known_at = MONTH(7)},
         {.period = MONTH(5), .has_known_at = true, .known_at = MONTH(8)},
         false},
        {"known at the same time",
         {.period = MONTH(5), .has_known_at = true, .known_at = MONTH(7)},
         {.period = MONTH(5), .has_known_at = true, .known_at = MONTH(7)},
         true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_cells cells = {0};
        zw_row said[2] = {rows[i].a, rows[i].b};
        uint32_t earlier = 7;
        assert_int_equal(zw_cells_claim(&cells, said, &said[0], 0, &earlier, NULL), ZW_OK);
        assert_int_equal(earlier, ZW_CELL_FREE);
        assert_int_equal(zw_cells_claim(&cells, said, &said[1], 1, &earlier, NULL), ZW_OK);
        if (earlier != (rows[i].is_same ? 0 : ZW_CELL_FREE)) {
            fail_msg("%s", rows[i].why);
        }
        zw_cells_fini(&cells);
    }
}

enum { MANY = 5000 };

static void cells_are_found_among_many(void **state)
{
    (void)state;
    static zw_row rows[MANY];
    zw_cells cells = {0};
    uint32_t earlier;
    for (uint32_t i = 0; i < MANY; i++) {
        rows[i] = (zw_row){.measure = i % 7, .area = i / 7 % 11, .period = MONTH(i / 77)};
        assert_int_equal(zw_cells_claim(&cells, rows, &rows[i], i, &earlier, NULL), ZW_OK);
        assert_int_equal(earlier, ZW_CELL_FREE);
    }
    for (uint32_t i = 0; i < MANY; i++) {
        assert_int_equal(zw_cells_claim(&cells, rows, &rows[i], MANY, &earlier, NULL), ZW_OK);
        assert_int_equal(earlier, i);
    }
    assert_int_equal(cells.count, MANY);
    zw_cells_fini(&cells);
}

static void an_index_that_does_not_fit_is_refused(void **state)
{
    (void)state;
    zw_cells cells = {0};
    zw_row row = {0};
    zw_err err = {0};
    uint32_t earlier;
    assert_int_equal(zw_cells_claim(&cells, &row, &row, ZW_CELL_FREE, &earlier, &err), ZW_LIMIT);
    assert_string_equal(err.text, "more than 4294967295 rows in one delivery");
    zw_cells_fini(&cells);
}

static void a_refused_allocation_leaves_the_cells_usable(void **state)
{
    (void)state;
    static zw_row rows[200];
    bool has_refused = true;
    for (long n = 0; has_refused; n++) {
        zw_cells cells = {0};
        uint32_t earlier, claimed = 0;
        zw_status status = ZW_OK;
        failing_alloc_after(n);
        while (claimed < 200 && status == ZW_OK) {
            rows[claimed] = (zw_row){.area = claimed};
            status = zw_cells_claim(&cells, rows, &rows[claimed], claimed, &earlier, NULL);
            claimed += status == ZW_OK ? 1 : 0;
        }
        has_refused = failing_alloc_stop();
        assert_int_equal(status, has_refused ? ZW_NOMEM : ZW_OK);
        for (uint32_t i = 0; i < claimed; i++) {
            assert_int_equal(zw_cells_claim(&cells, rows, &rows[i], 200, &earlier, NULL), ZW_OK);
            assert_int_equal(earlier, i);
        }
        zw_cells_fini(&cells);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_cell_is_what_a_figure_is_about),
        cmocka_unit_test(cells_are_found_among_many),
        cmocka_unit_test(an_index_that_does_not_fit_is_refused),
        cmocka_unit_test(a_refused_allocation_leaves_the_cells_usable),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
