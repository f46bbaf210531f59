/* Whether an alert fires, asked of a book: what it says, and when it is asked again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "eval_world.h"

static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "local north = area \"north\" { within = land }\n"
    "local south = area \"south\" { within = land }\n"
    "local money = measure \"money\" { kind = \"flow\", unit = \"CNY\", every = \"month\" }\n"
    "local low = alert \"low\" { each = land.areas, warning = money:under(5), critical = "
    "money:under(2) }\n"
    "local each = alert \"each\" { each = land.areas, per = \"period\", warning = money:under(5) "
    "}\n"
    "indicator \"how_many\" { count(low:firing(), { north, south }) }\n";

/* What the book says of each area: 0 land, 1 north, 2 south. */
struct page {
    zw_alert_answer of[3];
    zw_period period; /* of one asked for a period: the one that fires */
    unsigned looks;
};

static zw_status look(void *arg, const zw_alert_question *question, zw_alert_answer *out,
                      zw_err *err)
{
    struct page *page = arg;
    (void)err;
    page->looks++;
    *out = page->of[question->area];
    if (question->has_period && question->period != page->period) {
        out->level = 0;
    }
    return ZW_OK;
}

struct booked {
    struct world world;
    struct page page;
    zw_alert_book book;
};

static void open_booked(struct booked *b)
{
    zw_err err = {ZW_OK, ""};
    memset(b, 0, sizeof(*b));
    world_open(&b->world, pack_text);
    zw_eval_destroy(b->world.eval);
    b->book = (zw_alert_book){look, &b->page};
    zw_eval_world on = {b->world.pack, b->world.script, b->world.store, &b->book};
    assert_int_equal(zw_eval_create(&on, WORLD_NOW_MS, &b->world.eval, &err), ZW_OK);
}

static void the_book_is_asked(void **state)
{
    static const struct figure_row figures[] = {
        {"money", "north", NULL, "2022-01", 1, "2022-02-05", 0, true},
        {"money", "north", NULL, "2022-02", 9, "2022-03-05", 'P', false},
    };
    static const struct answer_row answers[] = {
        {"it fires, and is marked as the newest figure under it", "low:firing()", "north",
         "2022-01", "true (provisional)"},
        {"the same in every period", "low:firing()", "north", "2024-05", "true (provisional)"},
        {"not in one that has not begun", "low:firing()", "north", "2031-01",
         "unknown: period not begun"},
        {"not so severely", "low:firing \"critical\"", "north", "2022-01", "false (provisional)"},
        {"unknown", "low:firing()", "south", "2022-01", "unknown: the alert is unknown"},
        {"not declared there", "low:firing()", "land", "2022-01",
         "unknown: not declared for this area"},
        {"a count needs all", "how_many", "land", "2022-01", "missing: part missing: south"},
        {"of each period its own", "each:firing()", "north", "2022-02", "true (provisional)"},
        {"of another", "each:firing()", "north", "2022-01", "false (synthetic)"},
        {"on the grid beside it", "low:firing() & money:year():over(3)", "north", "2022",
         "unknown: no figure"},
        {"and that decides", "~low:firing() & money:year():over(3)", "north", "2022",
         "false (provisional, synthetic)"},
    };
    (void)state;
    struct booked b;
    open_booked(&b);
    world_put(&b.world, ROWS(figures));
    b.page.of[1] = (zw_alert_answer){.level = 1 + ZW_WARNING, .is_there = true};
    b.page.of[2] = (zw_alert_answer){.has_unknown = true};
    b.page.period = 625;
    world_answers(&b.world, ROWS(answers));
    world_close(&b.world);
}

static void an_answer_stands_until_the_alert_moves(void **state)
{
    (void)state;
    struct booked b;
    zw_err err = {ZW_OK, ""};
    uint32_t watch = 0;
    zw_span span;
    open_booked(&b);
    zw_node_id node = world_node(&b.world, "how_many:over(0)");
    world_as_of(&b.world, "2024-01-01");
    assert_int_equal(zw_eval_watch(b.world.eval, node, 0, 7, &err), ZW_OK);
    zw_cell cell = world_cell(&b.world, "how_many:over(0)", "land", "2022-01");
    assert_true(zw_cell_is_false(&cell));
    unsigned looks = b.page.looks;
    world_as_of(&b.world, "2024-01-20");
    (void)world_cell(&b.world, "how_many:over(0)", "land", "2022-01");
    assert_int_equal(b.page.looks, looks); /* not asked again */
    assert_false(zw_eval_next_stale(b.world.eval, &watch, &span));
    b.page.of[1].level = 1 + ZW_WARNING;
    assert_int_equal(zw_eval_alert_moved(b.world.eval, 0, &err), ZW_OK);
    assert_true(zw_eval_next_stale(b.world.eval, &watch, &span));
    assert_int_equal(watch, 7);
    cell = world_cell(&b.world, "how_many:over(0)", "land", "2022-01");
    assert_true(zw_cell_is_true(&cell));
    /* a fleeting one is asked at every moment */
    b.page.of[1].is_fleeting = b.page.of[2].is_fleeting = true;
    assert_int_equal(zw_eval_alert_moved(b.world.eval, 0, &err), ZW_OK);
    (void)world_cell(&b.world, "how_many:over(0)", "land", "2022-01");
    b.page.of[1].level = 0;
    world_as_of(&b.world, "2024-02-02");
    cell = world_cell(&b.world, "how_many:over(0)", "land", "2022-01");
    assert_true(zw_cell_is_false(&cell));
    world_close(&b.world);
}

static void without_a_book_everything_is_unknown(void **state)
{
    static const struct answer_row answers[] = {
        {"nobody judges", "low:firing()", "north", "2022-01", "unknown: the alert is unknown"}};
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_answers(&world, ROWS(answers));
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_book_is_asked),
        cmocka_unit_test(an_answer_stands_until_the_alert_moves),
        cmocka_unit_test(without_a_book_everything_is_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
