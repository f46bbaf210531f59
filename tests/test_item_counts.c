/* Items counted and added up: each answer worked out by hand from the rows. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "failing_alloc.h"
#include "item_world.h"

static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "local bank = area \"bank\" { within = land }\n"
    "area \"north\" { within = bank }\n"
    "area \"south\" { within = bank, till = \"2024-08-31\" }\n"
    "area \"east\" { within = { land, bank } }\n"
    "register \"firms\" { fields = { \"trade\", paid = \"1e4 CNY\" }, states = { \"new\", "
    "\"grown\" } }\n"
    "register \"late\" { fields = { \"x\" }, every = \"month\", due = \"10d\", since = \"2024-01\" "
    "}\n"
    "register \"empty\" { fields = { \"x\" } }\n"
    "measure \"wait\" { kind = \"stock\", unit = \"min\", every = \"day\" }\n";

static const struct item_row rows[] = {
    {"firms", "a", "2024-01-10", "north", "new", "trade=ai,paid=3", NULL, false},
    {"firms", "b", "2024-01-20", "south", "new", "trade=chips,paid=5", NULL, false},
    {"firms", "c", "2024-02-05", "east", "new", "trade=ai", NULL, true},
    /* b moves to the north, then leaves, and comes back to the east */
    {"firms", "b", "2024-03-10", "north", NULL, NULL, NULL, false},
    {"firms", "b", "2024-04-15", NULL, "left", NULL, NULL, false},
    {"firms", "b", "2024-06-01", "east", "grown", "paid=7", NULL, false},
    /* came and went in one month */
    {"firms", "d", "2024-05-03", "north", NULL, "trade=steel,paid=1", NULL, false},
    {"firms", "d", "2024-05-20", NULL, "left", NULL, NULL, false},
    /* corrected in August: it came in July with 20, not 2 */
    {"firms", "e", "2024-07-01", "south", "new", "trade=ai,paid=2", NULL, false},
    {"firms", "e", "2024-07-01", NULL, NULL, "paid=20", "2024-08-05", false},
    /* known in March, comes in October */
    {"firms", "f", "2024-10-01", "north", "new", "trade=ai,paid=11", "2024-03-01", false},
};

static const struct item_answer answers[] = {
    {"before its first row nothing is known", "firms:count()", "land", "2024-01-09", NULL,
     "missing: no figure"},
    {"one", "firms:count()", "land", "2024-01-10", NULL, "1"},
    {"elsewhere there are none, and that is known", "firms:count()", "east", "2024-01-10", NULL,
     "0"},
    {"two in the zone", "firms:count()", "land", "2024-01-20", NULL, "2"},
    {"the part has its own", "firms:count()", "south", "2024-01-20", NULL, "1"},
    {"what lies in two areas counts in both", "firms:count()", "bank", "2024-02-05", NULL,
     "3 (synthetic)"},
    {"and once in the zone", "firms:count()", "land", "2024-02-05", NULL, "3 (synthetic)"},
    {"on the eve it stands in the south", "firms:count()", "south", "2024-03-09", NULL, "1"},
    {"from the day on it stands in the north", "firms:count()", "north", "2024-03-10", NULL, "2"},
    {"and no longer in the south", "firms:count()", "south", "2024-03-10", NULL, "0"},
    {"the day it leaves it is gone", "firms:count()", "north", "2024-04-15", NULL, "1"},
    {"it comes back elsewhere", "firms:count()", "east", "2024-06-01", NULL, "2 (synthetic)"},
    {"a month stands as its last day", "firms:count():month()", "land", "2024-04", NULL,
     "2 (synthetic)"},
    {"e stands in the south until that ends", "firms:count()", "south", "2024-08-31", NULL, "1"},
    {"and then in nothing that lives", "firms:count()", "bank", "2024-09-01", NULL,
     "3 (synthetic)"},
    {"the south itself is no more", "firms:count()", "south", "2024-09-01", NULL,
     "missing: outside the area's life"},
    {"f is known of, and has not come: a, b, c and e", "firms:count()", "land", "2024-08-01",
     "2024-08-01", "4 (synthetic)"},
    {"at its moment it comes by itself: without e, of the south", "firms:count()", "land",
     "2024-10-01", "2024-10-01", "4 (synthetic)"},
    {"the day before, known on the day", "firms:count()", "land", "2024-09-30", "2024-09-30",
     "3 (synthetic)"},
    {"two came in January", "firms:added():month()", "land", "2024-01", NULL, "2"},
    {"one in February", "firms:added():month()", "land", "2024-02", NULL, "1 (synthetic)"},
    {"a move is no coming", "firms:added():month()", "north", "2024-03", NULL, "0"},
    {"nor a going", "firms:left():month()", "south", "2024-03", NULL, "0"},
    {"one left in April", "firms:left():month()", "land", "2024-04", NULL, "1"},
    {"from where it stood", "firms:left()", "north", "2024-04-15", NULL, "1"},
    {"not elsewhere", "firms:left()", "south", "2024-04-15", NULL, "0"},
    {"d came and went in May", "firms:added():month()", "north", "2024-05", NULL, "1"},
    {"and went", "firms:left():month()", "north", "2024-05", NULL, "1"},
    {"coming back is coming", "firms:added()", "east", "2024-06-01", NULL, "1"},
    {"since a year: a, b, c, b again, d, e", "firms:added { since = 2024 }", "land", "2024-07-31",
     NULL, "6 (synthetic)"},
    {"since a month: b again and e", "firms:added { since = \"2024-06\" }", "land", "2024-07-31",
     NULL, "2"},
    {"went since the year began: b and d", "firms:left { since = 2024 }", "land", "2024-07-31",
     NULL, "2"},
    {"in its first month none but the first", "firms:added { since = 2024 }", "land", "2024-01-15",
     NULL, "1"},
    {"where each stands: c and b again in the east", "firms:added { since = 2024 }", "east",
     "2024-07-31", NULL, "3 (synthetic)"},
    {"3 + 5 (in 1e4 CNY)", "firms:sum \"paid\"", "land", "2024-01-20", NULL, "8.0 (1e4 CNY)"},
    {"c says nothing: 2 of 3 say it", "firms:sum \"paid\"", "land", "2024-02-05", NULL,
     "8.0 (1e4 CNY, synthetic, 2/3)"},
    {"without scale", "firms:sum(\"paid\"):equals(80000)", "land", "2024-01-20", NULL, "true"},
    {"its only item does not say it", "firms:sum \"paid\"", "east", "2024-03-01", NULL,
     "missing: no item says it"},
    {"no items, no sum", "firms:sum \"paid\"", "east", "2024-01-20", NULL, "0.0 (1e4 CNY)"},
    {"the mean of 3 and 5", "firms:values(\"paid\"):mean()", "land", "2024-01-20", NULL,
     "4.0 (1e4 CNY)"},
    {"the most", "firms:values(\"paid\"):max()", "land", "2024-01-20", NULL, "5.0 (1e4 CNY)"},
    {"the least", "firms:values(\"paid\"):min()", "land", "2024-01-20", NULL, "3.0 (1e4 CNY)"},
    {"the middle of 3 and 5", "firms:values(\"paid\"):median()", "land", "2024-01-20", NULL,
     "4.0 (1e4 CNY)"},
    {"nine tenths of the way", "firms:values(\"paid\"):quantile(0.9)", "land", "2024-01-20", NULL,
     "4.8 (1e4 CNY)"},
    {"the root of 2 over 1", "firms:values(\"paid\"):stddev()", "land", "2024-01-20", NULL,
     "1.4 (1e4 CNY)"},
    {"the deviation of one", "firms:where { trade = \"chips\" }:values(\"paid\"):stddev()", "land",
     "2024-01-20", NULL, "missing: fewer than two figures"},
    {"the median of none", "firms:values(\"paid\"):median()", "east", "2024-01-20", NULL,
     "missing: no item says it"},
    {"of those that say it", "firms:values(\"paid\"):median()", "land", "2024-02-05", NULL,
     "4.0 (1e4 CNY, synthetic, 2/3)"},
    {"the largest median of groups", "firms:by(\"trade\"):values(\"paid\"):median():max()", "land",
     "2024-01-20", NULL, "5.0 (1e4 CNY)"},
    {"how many say it", "firms:values(\"paid\"):count()", "land", "2024-02-05", NULL,
     "2 (synthetic, 2/3)"},
    {"the mean of nothing", "firms:values(\"paid\"):mean()", "east", "2024-01-20", NULL,
     "missing: no item says it"},
    {"b came back with another sum: 3 + 7", "firms:sum \"paid\"", "land", "2024-06-01", NULL,
     "10.0 (1e4 CNY, synthetic, 2/3)"},
    {"e as first said: 3 + 7 + 2", "firms:sum \"paid\"", "land", "2024-08-01", "2024-08-04",
     "12.0 (1e4 CNY, synthetic, 3/4)"},
    {"e as corrected: 3 + 7 + 20", "firms:sum \"paid\"", "land", "2024-08-01", "2024-08-05",
     "30.0 (1e4 CNY, synthetic, 3/4)"},
    {"the correction reaches back", "firms:sum \"paid\"", "south", "2024-07-02", "2024-08-05",
     "20.0 (1e4 CNY)"},
    {"narrowed", "firms:where { trade = \"ai\" }:count()", "land", "2024-02-05", NULL,
     "2 (synthetic)"},
    {"to a list", "firms:where { trade = { \"chips\", \"ai\" } }:count()", "land", "2024-02-05",
     NULL, "3 (synthetic)"},
    {"by a state", "firms:where { state = \"grown\" }:count()", "land", "2024-06-01", NULL,
     "1 (synthetic)"},
    {"all but", "firms:except { trade = \"ai\" }:count()", "land", "2024-02-05", NULL,
     "1 (synthetic)"},
    {"by a number, however it is written", "firms:where { paid = \"3.0\" }:count()", "land",
     "2024-01-20", NULL, "1"},
    {"groups: ai has a and c, chips b", "firms:by(\"trade\"):count():max()", "land", "2024-02-05",
     NULL, "2 (synthetic)"},
    {"their sum is all", "firms:by(\"trade\"):count():sum()", "land", "2024-02-05", NULL,
     "3 (synthetic)"},
    {"two groups by then; steel came in May", "firms:by(\"trade\"):count():count()", "land",
     "2024-01-20", NULL, "2"},
    {"a group that nobody is in any more has none", "firms:by(\"trade\"):count():min()", "land",
     "2024-04-15", NULL, "0 (synthetic)"},
    {"sums of groups: 3 and 5", "firms:by(\"trade\"):sum(\"paid\"):max()", "land", "2024-01-20",
     NULL, "5.0 (1e4 CNY)"},
    {"groups by state", "firms:by(\"state\"):count():max()", "land", "2024-06-01", NULL,
     "2 (synthetic)"},
    {"only groups where items stood", "firms:by(\"trade\"):count():count()", "north", "2024-01-20",
     NULL, "1"},
    {"a formula of counts", "firms:where { trade = \"ai\" }:count() / firms:count()", "land",
     "2024-01-20", NULL, "0.5"},
    {"narrowed from outside", "(firms:count() + 1):where { trade = \"ai\" }", "land", "2024-01-20",
     NULL, "2"},
    {"what one item says, compared", "firms:where(firms:sum(\"paid\"):over(40000)):count()", "land",
     "2024-01-20", NULL, "1"},
    {"c does not say it, so it cannot be told",
     "firms:where(firms:sum(\"paid\"):over(40000)):count()", "land", "2024-02-05", NULL,
     "missing: no item says it"},
    {"other figures are read where it stands", "firms:where(wait:over(5)):count()", "land",
     "2024-01-20", NULL, "1"},
    {"unknown there, unknown here", "firms:where(wait:over(5)):count()", "land", "2024-02-05", NULL,
     "missing: no figure"},
    {"a register that was never spoken of", "empty:count()", "land", "2024-02-05", NULL,
     "missing: no figure"},
};

static const struct figure_row figures[] = {
    {"wait", "north", NULL, "2024-01-20", 9, NULL, 0, false},
    {"wait", "south", NULL, "2024-01-20", 2, NULL, 0, false},
};

static void every_count_is_as_worked_by_hand(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    item_world_add(&world, ROWS(rows));
    world_put(&world, ROWS(figures));
    item_world_answers(&world, ROWS(answers));
    world_close(&world);
}

/* Monthly, 10 days after the month's end: January is due until the end of 10 February. */
static const struct item_row reports[] = {
    {"late", "a", "2024-01-10", "north", NULL, "x=1", "2024-02-03", false},
    {"late", "b", "2024-01-12", "south", NULL, "x=1", "2024-02-20", false},
    {"late", "", "2024-01-31", "east", NULL, NULL, "2024-02-05", true},
    {"late", "a", "2024-02-15", NULL, NULL, "x=2", "2024-03-01", false},
    {"late", "", "2024-02-29", "east", NULL, NULL, "2024-03-01", false},
};

static const struct item_answer due_answers[] = {
    {"January is not over, and not reported", "late:count()", "north", "2024-01", "2024-01-20",
     "missing: not due until 2024-02-11"},
    {"still in time", "late:count()", "north", "2024-01", "2024-02-02",
     "missing: not due until 2024-02-11"},
    {"the north's is in", "late:count()", "north", "2024-01", "2024-02-03", "1"},
    {"of the zone one of three is", "late:count()", "land", "2024-01", "2024-02-03",
     "missing: part missing: south (1 of 3 in)"},
    {"the east says: no change", "late:count()", "east", "2024-01", "2024-02-05", "0 (synthetic)"},
    {"the south's is late by the 11th", "late:count()", "south", "2024-01", "2024-02-11",
     "missing: late since 2024-02-11"},
    {"it comes", "late:count()", "south", "2024-01", "2024-02-20", "1"},
    {"all are in", "late:count()", "land", "2024-01", "2024-02-20", "2 (synthetic)"},
    {"a changed item reports for where it stands", "late:count()", "north", "2024-02", "2024-03-01",
     "1"},
    {"the south lacks in February", "late:count()", "land", "2024-02", "2024-03-12",
     "missing: part missing: south (2 of 3 in)"},
    {"truths lack too", "late:has(\"x\", \"1\")", "south", "2024-02", "2024-03-12",
     "unknown: late since 2024-03-11"},
    {"late is unknown before its due", "late:late()", "north", "2024-01", "2024-02-02",
     "unknown: not due until 2024-02-11"},
    {"not late: it is in", "late:late()", "north", "2024-01", "2024-02-03", "false"},
    {"the south's is", "late:late()", "south", "2024-01", "2024-02-11", "true"},
    {"so a part of the zone's is", "late:late()", "land", "2024-01", "2024-02-11",
     "true (synthetic, 2/3)"},
    {"10 days more to wait", "late:late \"10d\"", "south", "2024-01", "2024-02-11",
     "unknown: not due until 2024-02-21"},
    {"a number of it is late with it", "late:count():late()", "south", "2024-01", "2024-02-11",
     "true"},
    {"and waits with it", "late:count():late \"10d\"", "south", "2024-01", "2024-02-11",
     "unknown: late since 2024-02-11"},
    {"and is in with it", "late:count():late()", "land", "2024-01", "2024-02-20",
     "false (synthetic)"},
    {"in, though late", "late:late()", "land", "2024-01", "2024-02-20", "false (synthetic)"},
    {"a month before the first", "late:count()", "north", "2023-12", "2024-03-12",
     "missing: no figure"},
};

static void a_register_with_a_due_waits_for_its_reports(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    item_world_add(&world, ROWS(reports));
    zw_eval_forget(world.eval);
    item_world_answers(&world, ROWS(due_answers));
    world_close(&world);
}

/* Time alone: the as-of moves on, nothing is learned, and each answer was computed before. */
static void time_alone_turns_what_it_must(void **state)
{
    static const struct {
        const char *why, *as_of, *answer;
    } steps[] = {
        {"a, b and c; f comes in October", "2024-09-30T12:00:00Z", "3 (synthetic)"},
        {"still on that day", "2024-09-30T23:59:59Z", "3 (synthetic)"},
    };
    static const struct item_row soon[] = {
        {"firms", "a", "2024-01-10", "north", NULL, NULL, "2024-01-01", false},
        {"firms", "b", "2024-01-10T15:00:00Z", "north", NULL, NULL, "2024-01-01", false},
    };
    char text[128];
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    item_world_add(&world, ROWS(rows));
    world_as_of(&world, "2024-09-30");
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++) {
        world_as_of(&world, steps[i].as_of);
        world_says(&world, "firms:count()", "land", "2024-09-30", text, sizeof text);
        assert_string_equal(text, steps[i].answer);
    }
    world_close(&world);
    world_open(&world, pack_text);
    item_world_add(&world, ROWS(soon));
    world_as_of(&world, "2024-01-02");
    world_as_of(&world, "2024-01-10T14:59:59Z");
    world_says(&world, "firms:count()", "land", "2024-01-10", text, sizeof text);
    assert_string_equal(text, "1");
    zw_cell cell = world_cell(&world, "firms:count()", "land", "2024-01-10");
    assert_int_equal(cell.until_ms, world_moment("2024-01-10T15:00:00Z"));
    world_as_of(&world, "2024-01-10T15:00:00Z");
    world_says(&world, "firms:count()", "land", "2024-01-10", text, sizeof text);
    assert_string_equal(text, "2");
    world_close(&world);
}

static void a_count_says_when_memory_is_gone(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    item_world_add(&world, ROWS(rows));
    zw_node_id node = world_node(&world, "firms:where(wait:over(5)):count()");
    zw_cell cell;
    zw_err err = {ZW_OK, ""};
    bool has_worked = false;
    for (int n = 0; n < 200 && !has_worked; n++) {
        zw_eval *fresh = NULL;
        zw_eval_world on = {world.pack, world.script, world.store, NULL};
        assert_int_equal(zw_eval_create(&on, WORLD_NOW_MS, &fresh, &err), ZW_OK);
        failing_alloc_after(n);
        zw_status status = zw_eval_cell(fresh, node, 0, 19782, &cell, &err);
        (void)failing_alloc_stop();
        has_worked = status == ZW_OK;
        assert_true(has_worked || status == ZW_NOMEM);
        zw_eval_destroy(fresh);
    }
    assert_true(has_worked);
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_count_is_as_worked_by_hand),
        cmocka_unit_test(a_register_with_a_due_waits_for_its_reports),
        cmocka_unit_test(time_alone_turns_what_it_must),
        cmocka_unit_test(a_count_says_when_memory_is_gone),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
