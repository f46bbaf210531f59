/* Learning: a figure that comes makes what reads it stale, and nothing else. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "call_world.h"

static void an_as_of_that_moves_forward_sees_what_was_learned(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    static const struct {
        const char *why, *as_of, *answer;
    } cases[] = {
        {"nothing yet", "2022-02-04", "missing: no figure"},
        {"one part", "2022-02-05", "missing: part missing: south (1 of 2 in)"},
        {"both", "2022-02-06", "8 CNY (provisional, synthetic)"},
        {"and back again", "2022-02-05", "missing: part missing: south (1 of 2 in)"},
    };
    char text[512];
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        world_as_of(&world, cases[i].as_of);
        assert_string_equal(world_says(&world, "money", "land", "2022-01", text, sizeof(text)),
                            cases[i].answer);
    }
    world_close(&world);
}

static void a_watch_is_told_only_of_what_it_reads(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    zw_err err = {ZW_OK, ""};
    uint32_t watch = 0;
    zw_span span;
    world_as_of(&world, "2022-03-04");
    assert_int_equal(zw_eval_watch(world.eval, world_node(&world, "money:lag(1)"), 0, 7, &err),
                     ZW_OK);
    assert_int_equal(zw_eval_watch(world.eval, world_node(&world, "firms"), 0, 8, &err), ZW_OK);
    (void)world_cell(&world, "money:lag(1)", "land", "2022-02");
    (void)world_cell(&world, "money:lag(1)", "land", "2022-03");
    (void)world_cell(&world, "firms", "land", "2022-02");
    while (zw_eval_next_stale(world.eval, &watch, &span)) {
    }
    world_as_of(&world, "2022-03-05"); /* money of February at north */
    assert_true(zw_eval_next_stale(world.eval, &watch, &span));
    assert_int_equal(watch, 7);
    assert_true(span.lo <= 52 * 12 + 2 && span.hi >= 52 * 12 + 2); /* February is read in March */
    assert_false(zw_eval_next_stale(world.eval, &watch, &span));
    world_close(&world);
}

/* --- random histories --- */

static const char random_pack[] =
    "local land = zone \"land\" { timezone = \"UTC\", currency = \"CNY\" }\n"
    "local west = area \"west\" { within = land }\n"
    "area \"north\" { within = west }\n"
    "area \"south\" { within = west }\n"
    "area \"east\" { within = land }\n"
    "local came = measure \"came\" { kind = \"flow\", unit = \"firms\", every = \"month\", due = "
    "\"10d\", by = "
    "{ "
    "\"industry\", \"size\" } }\n"
    "measure \"sales\" { kind = \"ytd\", unit = \"CNY\", every = \"month\", skip = { month = 1 } "
    "}\n"
    "measure \"firms\" { kind = \"stock\", unit = \"firms\", every = \"quarter\" }\n"
    "indicator \"before\" { function(at) return at(came, at.area, -2) end, every = \"month\", unit "
    "= \"firms\" }\n";

static const char *const random_expressions[] = {
    "came",
    "came:where { industry = 'ai' }",
    "came:where { industry = { 'ai', 'late' } }",
    "came:except { industry = 'ai' }",
    "came:where { size = 'big' }:delta()",
    "came:by('industry'):count()",
    "came:by('industry'):sum():delta()",
    "came:by('size'):max()",
    "came:yoy()",
    "came:lag(2)",
    "came:any_scope():delta()",
    "came:scope '2':rolling(3):sum()",
    "came:rolling(3):sum():delta()",
    "came:ytd()",
    "came:quarter()",
    "came:rises(1)",
    "came:late()",
    "came:fill(1)",
    "came:fill 'last'",
    "came:fill('last'):delta()",
    "came:or_else(came:lag(1))",
    "came:vintage 'first'",
    "came:vintage 'previous'",
    "came:by('industry'):fill(0):sum()",
    "sales:fill 'last'",
    "sales:fill('last'):single()",
    "firms:fill('last'):yoy()",
    "came:where { industry = 'late' }:revised()",
    "came:of 'zone':delta()",
    "came:areas():sum():delta()",
    "before",
    "sales:single()",
    "sales:quarter()",
    "sales:rolling(3):sum()",
    "sales:delta(2)",
    "firms:yoy()",
    "firms:month()",
    "(came:quarter() / firms):delta()",
};

enum {
    RANDOM_ROWS = 90,
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    RANDOM_ROUNDS = 2, /* each takes twenty times as long */
#else
    RANDOM_ROUNDS = 12,
#endif
    RANDOM_READS = 3, /* of each expression at each moment */
    EXPRESSIONS = sizeof(random_expressions) / sizeof(random_expressions[0])
};

/* SplitMix64: the same everywhere. */
static int draw_below(uint64_t *seed, int limit)
{
    uint64_t z = (*seed += UINT64_C(0x9E3779B97F4A7C15));
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return (int)((z ^ (z >> 31)) % (uint64_t)limit);
}

static const char *const random_areas[] = {"north", "south", "east", "west", "land"};

/* One row; its texts lie in `texts`. Half of the figures are about a few cells of 2022, so that
 * they are revised, and read under two scopes. */
static struct figure_row random_row(uint64_t *seed, char texts[3][64])
{
    static const char *const measures[] = {"came", "came", "came", "sales", "firms"};
    static const char *const dims[] = {"",
                                       "industry=ai",
                                       "industry=chips",
                                       "industry=chips\x1fsize=big",
                                       "industry=chips\x1fsize=small",
                                       "size=big",
                                       "industry=late"};
    const char *measure = measures[draw_below(seed, 5)];
    int year = 2021 + draw_below(seed, 3);
    int month = 1 + draw_below(seed, 2) * draw_below(seed, 12);
    int dim = strcmp(measure, "came") == 0 ? draw_below(seed, 7) : 0;
    bool has_scope = draw_below(seed, 4) < (year > 2021 ? 2 : 1);
    (void)snprintf(texts[0], 64, "%s%s%s", dims[dim], has_scope && dim > 0 ? "\x1f" : "",
                   has_scope ? "scope=2" : "");
    (void)snprintf(texts[1], 64, strcmp(measure, "firms") == 0 ? "%d-Q%d" : "%d-%02d", year,
                   strcmp(measure, "firms") == 0 ? 1 + month % 4 : month);
    (void)snprintf(texts[2], 64, "%d-%02d-%02d", 2024 + draw_below(seed, 2),
                   1 + draw_below(seed, 12), 1 + draw_below(seed, 28));
    bool is_withdrawn = draw_below(seed, 12) == 0;
    return (struct figure_row){.measure = measure,
                               .area = random_areas[draw_below(seed, 5)],
                               .dims = texts[0],
                               .period = texts[1],
                               .value =
                                   is_withdrawn ? (double)NAN : (double)(1 + draw_below(seed, 9)),
                               .known = texts[2],
                               .status = "APE"[draw_below(seed, 3)]};
}

/* A cell as text, for one that differs in anything a reader could see. */
static void cell_text(const zw_cell *cell, char *out, size_t size)
{
    (void)snprintf(out, size, "%.17g, reason %d, marks %d, %d/%d, span %d, known %lld",
                   zw_cell_stands(cell) ? cell->value : 0, cell->reason, cell->marks, cell->in,
                   cell->of, cell->span, (long long)cell->known_at_ms);
}

static void check_reads(struct world *warm, const zw_node_id *nodes, uint64_t *seed)
{
    zw_eval_world on = {warm->pack, warm->script, warm->store, NULL};
    zw_eval *cold = NULL;
    zw_err err = {ZW_OK, ""};
    int64_t as_of_ms = zw_eval_as_of_ms(warm->eval);
    assert_int_equal(zw_eval_create(&on, as_of_ms, &cold, &err), ZW_OK);
    for (size_t i = 0; i < EXPRESSIONS * RANDOM_READS; i++) {
        size_t e = i % EXPRESSIONS;
        uint32_t area = (uint32_t)draw_below(seed, 5);
        int month = draw_below(seed, 2) * draw_below(seed, 12);
        bool is_quarter = zw_pack_node(warm->pack, nodes[e])->grid.every == ZW_QUARTER;
        zw_period p = (51 + draw_below(seed, 4)) * 12 + month;
        zw_cell a;
        zw_cell b;
        p = is_quarter ? p / 3 : p;
        assert_int_equal(zw_eval_cell(warm->eval, nodes[e], area, p, &a, &err), ZW_OK);
        assert_int_equal(zw_eval_cell(cold, nodes[e], area, p, &b, &err), ZW_OK);
        char moved[160];
        char fresh[160];
        cell_text(&a, moved, sizeof(moved));
        cell_text(&b, fresh, sizeof(fresh));
        if (strcmp(moved, fresh) != 0) {
            fail_msg("%s at %s in %lld as of %lld:\n moved: %s\n new:   %s", random_expressions[e],
                     warm->pack->areas[area].title.name, (long long)p, (long long)as_of_ms, moved,
                     fresh);
        }
    }
    zw_eval_destroy(cold);
}

static void one_history(uint64_t seed)
{
    struct world world;
    struct figure_row rows[RANDOM_ROWS];
    char texts[RANDOM_ROWS][3][64];
    zw_node_id nodes[EXPRESSIONS];
    world_open(&world, random_pack);
    for (size_t i = 0; i < RANDOM_ROWS; i++) {
        rows[i] = random_row(&seed, texts[i]);
    }
    for (size_t e = 0; e < EXPRESSIONS; e++) {
        nodes[e] = world_node(&world, random_expressions[e]);
    }
    world_put(&world, ROWS(rows));
    world_as_of(&world, "2023-12-31");
    for (int day = 0; day < 732; day += 1 + draw_below(&seed, 30)) {
        zw_err err = {ZW_OK, ""};
        check_reads(&world, nodes, &seed);
        assert_int_equal(
            zw_eval_move(world.eval, world_moment("2024-01-01") + day * INT64_C(86400000), &err),
            ZW_OK);
    }
    check_reads(&world, nodes, &seed);
    world_close(&world);
}

static void an_evaluation_that_moves_answers_like_a_new_one(void **state)
{
    (void)state;
    for (uint64_t round = 1; round <= RANDOM_ROUNDS; round++) {
        one_history(round * 7919);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_evaluation_that_moves_answers_like_a_new_one),
        cmocka_unit_test(an_as_of_that_moves_forward_sees_what_was_learned),
        cmocka_unit_test(a_watch_is_told_only_of_what_it_reads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
