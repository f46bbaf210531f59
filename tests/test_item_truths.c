/* Truths about items: each at its edges, worked out on a calendar. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "item_world.h"

static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "area \"north\" { within = land, leads = { \"ai\" } }\n"
    "area \"south\" { within = land, leads = { \"chips\", \"ai\" } }\n"
    "register \"calls\" { fields = { \"topic\", due_on = \"date\", paid = \"1e4 CNY\" },\n"
    "  states = { \"posted\", \"awarded\", \"in_work\", \"delivered\", \"archived\" },\n"
    "  done = { \"delivered\", \"archived\" }, deadline = \"due_on\" }\n"
    "measure \"wait\" { kind = \"stock\", unit = \"min\", every = \"day\" }\n";

static const struct item_row rows[] = {
    {"calls", "a", "2024-03-01", "north", "posted", "topic=ai,due_on=2024-06-30", NULL, false},
    {"calls", "b", "2024-03-01", "south", "posted", "topic=chips,due_on=2024-02-29", NULL, false},
    /* moved: until 15 May due on 31 May, then on 31 July; delivered on the last day */
    {"calls", "moved", "2024-04-01", "south", "awarded", "due_on=2024-05-31", NULL, false},
    {"calls", "moved", "2024-05-15", NULL, NULL, "due_on=2024-07-31", NULL, false},
    {"calls", "moved", "2024-07-31", NULL, "delivered", NULL, NULL, false},
    /* without a deadline */
    {"calls", "free", "2024-03-01", "north", "in_work", "topic=none", NULL, false},
    /* done a day late; then archived, then back in work */
    {"calls", "late", "2024-03-01", "north", "posted", "due_on=2024-04-30", NULL, false},
    {"calls", "late", "2024-05-01", NULL, "delivered", NULL, NULL, false},
    {"calls", "late", "2024-08-01", NULL, "archived", NULL, NULL, false},
    {"calls", "late", "2024-09-01", NULL, "in_work", NULL, NULL, false},
};

#define OF(item_topic, truth)                                                                      \
    "calls:where { " item_topic " }:where(calls:" truth "):count():over(0)"
#define A "topic = \"ai\""
#define B "topic = \"chips\""

static const struct item_answer answers[] = {
    {"the day of the deadline is still in time", OF(A, "overdue()"), "land", "2024-06-30", NULL,
     "false"},
    {"the day behind it is not", OF(A, "overdue()"), "land", "2024-07-01", NULL, "true"},
    {"nor is it at the first moment of that day", OF(A, "overdue()"), "land", "2024-07-01",
     "2024-07-01T00:00:00Z", "true"},
    {"at the last of the day itself it is", OF(A, "overdue()"), "land", "2024-06-30",
     "2024-06-30T23:59:59Z", "false"},
    {"29 February is a day", OF(B, "overdue()"), "land", "2024-03-01", NULL, "true"},
    {"due within 14 days: 30 June - 14 = 16 June", OF(A, "due_within \"14d\""), "land",
     "2024-06-16", NULL, "true"},
    {"15 days are more than 14", OF(A, "due_within \"14d\""), "land", "2024-06-15", NULL, "false"},
    {"on the day it is within", OF(A, "due_within \"14d\""), "land", "2024-06-30", NULL, "true"},
    {"behind it, it is overdue instead", OF(A, "due_within \"14d\""), "land", "2024-07-01", NULL,
     "false"},
    {"a month before 30 June is 30 May", OF(A, "due_within \"1 month\""), "land", "2024-05-30",
     NULL, "true"},
    {"and not the day before", OF(A, "due_within \"1 month\""), "land", "2024-05-29", NULL,
     "false"},
    {"working days: 30 June is a Sunday, five before it begin on Monday 24",
     OF(A, "due_within \"5wd\""), "land", "2024-06-24", NULL, "true"},
    {"not on the Friday before", OF(A, "due_within \"5wd\""), "land", "2024-06-21", NULL, "false"},
    {"hours count to the end of the last day: 12 h before 1 July 0:00", OF(A, "due_within \"12h\""),
     "land", "2024-06-30", "2024-06-30T12:00:00Z", "true"},
    {"a minute earlier it is not", OF(A, "due_within \"12h\""), "land", "2024-06-30",
     "2024-06-30T11:59:00Z", "false"},
    {"of any that lives: moved is due on 31 May and not yet moved", "calls:overdue()", "south",
     "2024-05-14", NULL, "true"},
    {"b is overdue there", OF(B, "overdue()"), "south", "2024-05-14", NULL, "true"},
    {"the old deadline passes without harm", "calls:where { state = \"awarded\" }:overdue()",
     "south", "2024-06-01", NULL, "false"},
    {"before it moved, 14 days before 31 May are 17 May",
     "calls:where { state = \"awarded\" }:due_within \"17d\"", "south", "2024-05-14", NULL, "true"},
    {"after it moved it is far away", "calls:where { state = \"awarded\" }:due_within \"17d\"",
     "south", "2024-05-15", NULL, "false"},
    {"without a deadline nothing is overdue", "calls:where { topic = \"none\" }:overdue()", "north",
     "2024-12-31", NULL, "false"},
    {"nor ever due", "calls:where { topic = \"none\" }:due_within \"1 year\"", "north",
     "2024-12-31", NULL, "false"},
    {"and it is on time", "calls:where { topic = \"none\" }:on_time()", "north", "2024-12-31", NULL,
     "true"},
    {"what is done is not overdue", "calls:where { state = \"delivered\" }:overdue()", "north",
     "2024-06-01", NULL, "false"},
    {"done on the day of the (moved) deadline is on time",
     "calls:where { state = \"delivered\" }:on_time()", "south", "2024-07-31", NULL, "true"},
    {"done a day behind it is not", "calls:where { state = \"delivered\" }:on_time()", "north",
     "2024-06-01", NULL, "false"},
    {"nor when it goes from one done state to another",
     "calls:where { state = \"archived\" }:on_time()", "north", "2024-08-15", NULL, "false"},
    {"what goes back to work is overdue again", "calls:where { due_on = \"2024-04-30\" }:overdue()",
     "north", "2024-09-01", NULL, "true"},
    {"in a state", "calls:in_state \"in_work\"", "south", "2024-06-01", NULL, "false"},
    {"in one of a list", "calls:in_state { \"in_work\", \"awarded\" }", "south", "2024-06-01", NULL,
     "true"},
    {"reached: it is there", "calls:where { topic = \"none\" }:reached \"in_work\"", "north",
     "2024-04-01", NULL, "true"},
    {"reached: behind it", "calls:where { topic = \"none\" }:reached \"awarded\"", "north",
     "2024-04-01", NULL, "true"},
    {"not reached", "calls:where { topic = \"none\" }:reached \"delivered\"", "north", "2024-04-01",
     NULL, "false"},
    {"reached stays when it goes back",
     "calls:where { due_on = \"2024-04-30\" }:reached \"archived\"", "north", "2024-12-01", NULL,
     "true"},
    {"90 days behind 1 March are 30 May: not on the day before", OF(A, "stuck \"90d\""), "land",
     "2024-05-29", NULL, "false"},
    {"on the day", OF(A, "stuck \"90d\""), "land", "2024-05-30", NULL, "true"},
    {"a changed field is no changed state: 1 April + 45d is 16 May",
     "calls:where { state = \"awarded\" }:stuck \"45d\"", "south", "2024-05-16", NULL, "true"},
    {"but it is a row: 15 May + 45d is 29 June",
     "calls:where { state = \"awarded\" }:silent \"45d\"", "south", "2024-06-28", NULL, "false"},
    {"silent from then", "calls:where { state = \"awarded\" }:silent \"45d\"", "south",
     "2024-06-29", NULL, "true"},
    {"every value there", "calls:has(\"topic\", { \"ai\", \"chips\" })", "land", "2024-03-01", NULL,
     "true"},
    {"one lacks here", "calls:has(\"topic\", { \"ai\", \"chips\" })", "north", "2024-03-01", NULL,
     "false"},
    {"a text is a list of one", "calls:has(\"topic\", \"ai\")", "north", "2024-03-01", NULL,
     "true"},
    {"the values an attribute names", "calls:has(\"topic\", attr \"leads\")", "north", "2024-03-01",
     NULL, "true"},
    {"south leads in ai too", "calls:has(\"topic\", attr \"leads\")", "south", "2024-03-01", NULL,
     "false"},
    {"nobody has what the zone does not say", "calls:has(\"topic\", attr \"leads\")", "land",
     "2024-03-01", NULL, "false"},
    {"filled in by one", "calls:has \"topic\"", "north", "2024-03-01", NULL, "true"},
    {"by none of these", "calls:where { state = \"awarded\" }:has \"topic\"", "south", "2024-06-01",
     NULL, "false"},
    {"of one item, the value is its own", "calls:where(calls:has(\"topic\", \"ai\")):count()",
     "north", "2024-03-01", NULL, "1"},
    {"of one item, it is filled in", "calls:where(calls:has \"topic\"):count()", "north",
     "2024-03-01", NULL, "2"},
    {"both of one item", "calls:where(calls:overdue() & calls:in_state \"posted\"):count()", "land",
     "2024-07-01", NULL, "2"},
    {"neither", "calls:where(~calls:overdue() & ~calls:reached \"delivered\"):count()", "land",
     "2024-07-01", NULL, "2"},
    {"one or the other", "calls:where(calls:overdue() | calls:in_state \"in_work\"):count()",
     "land", "2024-07-01", NULL, "3"},
    {"1 March to 1 May are 61 days", "calls:days(\"posted\", \"delivered\"):mean()", "land",
     "2024-07-31", NULL, "61 days"},
    {"1 April to 31 July are 121", "calls:days(\"awarded\", \"delivered\"):max()", "south",
     "2024-07-31", NULL, "121 days"},
    {"not yet on the eve", "calls:days(\"awarded\", \"delivered\"):max()", "south", "2024-07-30",
     NULL, "missing: no item says it"},
    {"to a state it left again", "calls:days(\"delivered\", \"archived\"):sum()", "north",
     "2024-12-01", NULL, "92 days"},
    {"never backward", "calls:days(\"archived\", \"delivered\"):count()", "north", "2024-12-01",
     NULL, "0"},
    {"except by a truth", "calls:except(calls:overdue()):count()", "land", "2024-07-01", NULL, "3"},
};

static void every_truth_holds_from_its_day_on(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    item_world_add(&world, ROWS(rows));
    zw_eval_forget(world.eval);
    item_world_answers(&world, ROWS(answers));
    world_close(&world);
}

/* Nothing is learned: each truth was computed a minute before it turns, and says when it will. */
static void time_alone_turns_a_truth(void **state)
{
    static const struct item_row row[] = {{"calls", "a", "2024-03-01T10:00:00Z", "north", "posted",
                                           "topic=ai,due_on=2024-05-01T09:00:00Z", NULL, false}};
    static const struct {
        const char *why, *truth, *period, *before, *turn, *says_before, *says_then;
    } turns[] = {
        {"10 days behind 1 March, 10:00", "stuck \"10d\"", "2024-03-11", "2024-03-11T09:59:00Z",
         "2024-03-11T10:00:00Z", "false", "true"},
        {"silent as long", "silent \"10d\"", "2024-03-11", "2024-03-11T09:59:00Z",
         "2024-03-11T10:00:00Z", "false", "true"},
        {"a deadline that is a moment", "overdue()", "2024-05-01", "2024-05-01T08:59:00Z",
         "2024-05-01T09:00:00.001Z", "false", "true"},
        {"two days before it", "due_within \"2d\"", "2024-04-29", "2024-04-29T08:59:00Z",
         "2024-04-29T09:00:00Z", "false", "true"},
        {"due until it is over", "due_within \"2d\"", "2024-05-01", "2024-05-01T08:59:00Z",
         "2024-05-01T09:00:00.001Z", "true", "false"},
        {"on time until then", "on_time()", "2024-05-01", "2024-05-01T08:59:00Z",
         "2024-05-01T09:00:00.001Z", "true", "false"},
    };
    char expression[128];
    char says[64];
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    item_world_add(&world, ROWS(row));
    for (size_t i = 0; i < sizeof turns / sizeof turns[0]; i++) {
        print_message("  %s\n", turns[i].why);
        for (int in_where = 0; in_where < 2; in_where++) {
            (void)snprintf(expression, sizeof expression,
                           in_where == 1 ? "calls:where(calls:%s):count():over(0)" : "calls:%s",
                           turns[i].truth);
            world_as_of(&world, turns[i].before);
            world_says(&world, expression, "north", turns[i].period, says, sizeof says);
            assert_string_equal(says, turns[i].says_before);
            zw_cell cell = world_cell(&world, expression, "north", turns[i].period);
            assert_int_equal(cell.until_ms, world_moment(turns[i].turn));
            world_as_of(&world, turns[i].turn);
            world_says(&world, expression, "north", turns[i].period, says, sizeof says);
            assert_string_equal(says, turns[i].says_then);
        }
    }
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(time_alone_turns_a_truth),
        cmocka_unit_test(every_truth_holds_from_its_day_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
