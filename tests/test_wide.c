/* Wide readers: what is learned of a measure at an area finds those that read it there, and no
 * others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "eval_world.h"
#include "failing_alloc.h"

static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "for i = 1, 70 do area(\"a\" .. i) { within = land } end\n"
    "local sales = measure \"sales\" { kind = \"flow\", unit = \"CNY\", every = \"month\" }\n"
    "local visits = measure \"visits\" { kind = \"flow\", unit = \"visits\", every = \"month\" }\n";

enum { LAND, A1, A2, A65 = 65, A70 = 70, FIRST = 100, LAST = 130 };

/* A column of `expression` at the zone, with a fresh cell a period. */
static zw_col *fresh_column(struct world *world, const char *expression)
{
    zw_col *col = NULL;
    zw_node_id node = world_node(world, expression);
    assert_int_equal(zw_table_col(world->eval->table, node, LAND, 0, &col, NULL), ZW_OK);
    assert_int_equal(zw_col_cover(col, (zw_span){FIRST, LAST}, NULL), ZW_OK);
    for (zw_period p = FIRST; p <= LAST; p++) {
        *zw_col_at(col, p) = zw_cell_of(1);
    }
    return col;
}

static zw_span stale_span(zw_col *col)
{
    zw_span span = {ZW_PERIOD_MAX, ZW_PERIOD_MIN};
    for (zw_period p = FIRST; p <= LAST; p++) {
        if (zw_col_at(col, p)->until_ms == INT64_MIN) {
            span.lo = p < span.lo ? p : span.lo;
            span.hi = p;
        }
    }
    return span;
}

static void a_touch_finds_those_who_read_there(void **state)
{
    static const uint32_t some[] = {A1, A65};
    static const struct {
        const char *why, *measure;
        uint32_t area;
        zw_span plain, window; /* what goes stale in either reader; empty: lo behind hi */
    } rows[] = {
        {"at an area that is read", "sales", A1, {110, 111}, {110, 114}},
        {"in the second word of the set", "sales", A65, {110, 111}, {110, 114}},
        {"at every area", "sales", ZW_NONE, {110, 111}, {110, 114}},
        {"at one that is not", "sales", A2, {1, 0}, {1, 0}},
        {"at one beyond", "sales", A70, {1, 0}, {1, 0}},
        {"of another measure", "visits", A1, {1, 0}, {1, 0}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct world world;
        world_open(&world, pack_text);
        zw_eval *eval = world.eval;
        uint32_t sales = zw_pack_measure(world.pack, zw_text_of("sales"), NULL);
        uint32_t measure = zw_pack_measure(world.pack, zw_text_of(rows[i].measure), NULL);
        zw_col *plain = fresh_column(&world, "sales:areas():sum()");
        zw_col *window = fresh_column(&world, "sales:rolling(3):sum():areas():max()");
        zw_span all = {FIRST, LAST};
        zw_wide reads[] = {{world_node(&world, "sales"), plain, 0, all},
                           {world_node(&world, "sales:rolling(3):sum()"), window, 0, all}};
        for (size_t r = 0; r < 2; r++) {
            assert_int_equal(zw_wides_note(eval->wides, sales, reads[r], (zw_list){some, 2}, NULL),
                             ZW_OK);
        }
        assert_int_equal(zw_wides_touch(eval->wides, eval->table, measure, rows[i].area,
                                        (zw_span){110, 111}, false, NULL),
                         ZW_OK);
        zw_span got[] = {stale_span(plain), stale_span(window)};
        const zw_span *want[] = {&rows[i].plain, &rows[i].window};
        for (size_t r = 0; r < 2; r++) {
            bool is_none = want[r]->lo > want[r]->hi && got[r].lo > got[r].hi;
            if (!is_none && (got[r].lo != want[r]->lo || got[r].hi != want[r]->hi)) {
                fail_msg("%s: reader %zu, %lld to %lld", rows[i].why, r, (long long)got[r].lo,
                         (long long)got[r].hi);
            }
        }
        world_close(&world);
    }
}

/* A step: a reader takes a span, or a span is touched. */
static void a_reader_is_found_until_all_it_took_is_touched(void **state)
{
    static const struct {
        const char *why;
        zw_span taken, touched; /* either is empty */
        bool goes_stale;
    } steps[] = {
        {"it takes a period", {110, 110}, {1, 0}, false},
        {"a later one is nothing to it", {1, 0}, {111, 111}, false},
        {"an earlier one neither", {1, 0}, {109, 109}, false},
        {"and another", {120, 120}, {1, 0}, false},
        {"the first is touched", {1, 0}, {110, 110}, true},
        {"the second is still found", {1, 0}, {120, 120}, true},
        {"all of it", {1, 0}, {105, 125}, true},
        {"then nothing it took stands", {1, 0}, {110, 120}, false},
        {"it takes again", {115, 115}, {1, 0}, false},
        {"and is found again", {1, 0}, {115, 115}, true},
        {"once", {1, 0}, {115, 115}, false},
    };
    static const uint32_t some[] = {A1};
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    zw_eval *eval = world.eval;
    zw_col *other = fresh_column(&world, "sales:areas():max()"); /* it took later ones, and stays */
    zw_col *col = fresh_column(&world, "sales:areas():sum()");
    zw_wide late = {world_node(&world, "sales"), other, 0, {129, 129}};
    assert_int_equal(zw_wides_note(eval->wides, 0, late, (zw_list){some, 1}, NULL), ZW_OK);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        for (zw_period p = FIRST; p <= LAST; p++) {
            *zw_col_at(col, p) = zw_cell_of(1);
        }
        zw_wide wide = {world_node(&world, "sales"), col, 0, steps[i].taken};
        if (steps[i].taken.lo <= steps[i].taken.hi) {
            assert_int_equal(zw_wides_note(eval->wides, 0, wide, (zw_list){some, 1}, NULL), ZW_OK);
        } else {
            assert_int_equal(
                zw_wides_touch(eval->wides, eval->table, 0, A1, steps[i].touched, false, NULL),
                ZW_OK);
        }
        zw_span stale = stale_span(col);
        if ((stale.lo <= stale.hi) != steps[i].goes_stale) {
            fail_msg("%s", steps[i].why);
        }
    }
    assert_true(stale_span(other).lo > stale_span(other).hi);
    world_close(&world);
}

static void without_memory_nothing_is_noted(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    static const uint32_t some[] = {A1};
    zw_wide wide = {
        world_node(&world, "sales"), fresh_column(&world, "sales:areas():sum()"), 0, {FIRST, LAST}};
    bool was_refused = true;
    for (long after = 0; was_refused; after++) {
        zw_wides *wides = NULL;
        failing_alloc_after(after);
        zw_status status = zw_wides_create(world.pack, &wides, NULL);
        status = status == ZW_OK ? zw_wides_note(wides, 0, wide, (zw_list){some, 1}, NULL) : status;
        was_refused = failing_alloc_stop();
        assert_int_equal(status, was_refused ? ZW_NOMEM : ZW_OK);
        zw_wides_destroy(wides);
    }
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_touch_finds_those_who_read_there),
        cmocka_unit_test(a_reader_is_found_until_all_it_took_is_touched),
        cmocka_unit_test(without_memory_nothing_is_noted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
