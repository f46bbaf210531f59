/* Truths about arrival, as the as-of moves: late, missing, partial, revised. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "eval_world.h"

static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "area \"north\" { within = land }\n"
    "area \"south\" { within = land }\n"
    "local sent = measure \"sent\" { kind = \"flow\", unit = \"firms\", every = \"month\", due = "
    "\"20d\", skip = { month = 1 } }\n"
    "local open_one = measure \"open_one\" { kind = \"flow\", unit = \"firms\", every = \"month\", "
    "partial = true }\n"
    "local free = measure \"free\" { kind = \"flow\", unit = \"firms\", every = \"month\" }\n";

static const struct figure_row figures[] = {
    {"sent", "north", NULL, "2022-02", 1, "2022-03-10", 0, false},
    {"sent", "south", NULL, "2022-02", 2, "2022-03-30", 0, false},
    {"sent", "north", NULL, "2022-03", 3, "2022-04-10", 'P', false},
    {"sent", "south", NULL, "2022-03", 3, "2022-04-11", 0, false},
    {"sent", "north", NULL, "2022-03", 3, "2022-06-01", 'A', false},
    {"sent", "south", NULL, "2022-03", 4, "2022-06-01", 0, false},
    {"open_one", "north", NULL, "2022-02", 1, "2022-03-10", 0, false},
    {"free", "north", NULL, "2022-02", 1, "2022-03-10", 0, false},
};

static void before_the_due_it_is_unknown(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    static const struct answer_row answers[] = {
        {"in is not late", "sent:late()", "north", "2022-02", "false"},
        {"not in before the due is unknown", "sent:late()", "south", "2022-02",
         "unknown: not due until 2022-03-21"},
        {"so is the whole", "sent:late()", "land", "2022-02",
         "unknown: not due until 2022-03-21 (1 of 2 in)"},
        {"missing is a fact", "sent:missing()", "south", "2022-02", "true"},
        {"a period that has not begun has no value", "sent:missing()", "south", "2022-05",
         "unknown: period not begun"},
    };
    world_as_of(&world, "2022-03-20");
    world_answers(&world, ROWS(answers));
    world_close(&world);
}

static void past_it_it_is_late_until_it_comes(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    static const struct answer_row answers[] = {
        {"late", "sent:late()", "south", "2022-02", "true"},
        {"the whole is, for its part", "sent:late()", "land", "2022-02", "true (1/2)"},
        {"not yet by ten more days", "sent:late '10d'", "south", "2022-02",
         "unknown: not due until 2022-03-31"},
        {"the value says since when", "sent", "south", "2022-02", "missing: late since 2022-03-21"},
        {"what has no due is never late", "free:late()", "south", "2022-02", "unknown: no figure"},
        {"nobody reports January", "sent:late()", "south", "2022-01",
         "unknown: no report in this period"},
        {"partial", "open_one:partial()", "land", "2022-02", "true (1/2)"},
    };
    world_as_of(&world, "2022-03-21");
    world_answers(&world, ROWS(answers));
    world_close(&world);
}

static void once_in_it_is_late_no_more(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    static const struct answer_row answers[] = {
        {"in", "sent:late()", "south", "2022-02", "false"},
        {"the whole", "sent:late()", "land", "2022-02", "false"},
        {"complete", "sent:partial()", "land", "2022-02", "false"},
    };
    world_as_of(&world, "2022-04-01");
    world_answers(&world, ROWS(answers));
    world_close(&world);
}

static void a_changed_value_is_revised_a_confirmed_one_is_not(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    static const struct answer_row answers[] = {
        {"confirmed", "sent:revised()", "north", "2022-03", "false"},
        {"changed", "sent:revised()", "south", "2022-03", "true"},
        {"and so is the sum", "sent:revised()", "land", "2022-03", "true"},
        {"long ago", "sent:revised '30d'", "south", "2022-03", "false"},
        {"nothing ever came", "sent:revised()", "south", "2022-07", "unknown: no figure"},
    };
    world_answers(&world, ROWS(answers));
    world_close(&world);
}

static void for_a_while_it_is_revised_of_late(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    static const struct answer_row answers[] = {
        {"in the last thirty days", "sent:revised '30d'", "south", "2022-03", "true"},
    };
    world_as_of(&world, "2022-06-30");
    world_answers(&world, ROWS(answers));
    world_close(&world);
}

static void revised_looks_only_at_what_is_asked(void **state)
{
    (void)state;
    static const struct figure_row rows[] = {
        {"split", "north", "industry=ai", "2022-01", 1, "2022-02-05", 0, false},
        {"split", "north", "industry=chips", "2022-01", 2, "2022-02-05", 0, false},
        {"split", "north", "industry=chips", "2022-01", 3, "2022-03-05", 0, false},
        {"split", "north", "industry=ai", "2022-02", 4, "2022-03-05", 0, false},
    };
    static const struct answer_row answers[] = {
        {"chips changed", "split:where { industry = 'chips' }:revised()", "north", "2022-01",
         "true"},
        {"ai did not", "split:where { industry = 'ai' }:revised()", "north", "2022-01", "false"},
        {"all but chips did not", "split:except { industry = 'chips' }:revised()", "north",
         "2022-01", "false"},
        {"the total stands on both", "split:revised()", "north", "2022-01", "true"},
        {"of groups one did", "split:by('industry'):max():revised()", "north", "2022-01", "true"},
        {"one of two", "split:by('industry'):revised():count()", "north", "2022-01", "1"},
        {"not all", "split:by('industry'):revised():all()", "north", "2022-01", "false"},
        {"the hole of one is late", "split:by('industry'):late():count()", "north", "2022-02", "1"},
        {"the other is in", "split:by('industry'):late():all()", "north", "2022-02", "false"},
        {"the whole lacks it", "split:late()", "north", "2022-02", "true"},
        {"so late, it is not known yet of one", "split:by('industry'):late('20 years'):any()",
         "north", "2022-02", "unknown: group missing: chips"},
        {"in time", "split:by('industry'):late():count()", "north", "2022-01", "0"},
        {"nobody reported the next", "split:by('industry'):late():count()", "north", "2022-03",
         "2"},
    };
    static const char split_pack[] =
        "local land = zone \"land\" { timezone = \"UTC\" }\n"
        "area \"north\" { within = land }\n"
        "measure \"split\" { kind = \"flow\", unit = \"firms\", every = \"month\", due = \"20d\", "
        "by = { \"industry\" } }\n";
    world_check(split_pack, ROWS(rows), ROWS(answers));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(revised_looks_only_at_what_is_asked),
        cmocka_unit_test(before_the_due_it_is_unknown),
        cmocka_unit_test(past_it_it_is_late_until_it_comes),
        cmocka_unit_test(once_in_it_is_late_no_more),
        cmocka_unit_test(a_changed_value_is_revised_a_confirmed_one_is_not),
        cmocka_unit_test(for_a_while_it_is_revised_of_late),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
