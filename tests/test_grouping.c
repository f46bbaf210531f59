/* Groupings: which groups an expression has, and since when, however the figures came. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "eval_world.h"
#include "indicator/grouping.h"

static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"UTC\", currency = \"CNY\" }\n"
    "local bank = area \"bank\" { within = land, leads = { \"ai\", \"chips\" } }\n"
    "local north = area \"north\" { within = bank, leads = \"ai\" }\n"
    "local south = area \"south\" { within = bank, till = \"2022-04\", leads = \"chips\" }\n"
    "local east = area \"east\" { within = land, leads = \"ai\" }\n"
    "local money = measure \"money\" { kind = \"flow\", unit = \"CNY\", every = \"month\", by = { "
    "\"industry\" } }\n"
    "local people = measure \"people\" { kind = \"stock\", unit = \"people\", every = \"quarter\", "
    "by "
    "= { \"industry\", \"sex\" } }\n";

static const struct figure_row figures[] = {
    {"money", "north", "industry=ai", "2022-01", 6, NULL, 0, false},
    {"money", "north", "industry=chips", "2022-01", 1, NULL, 0, false},
    {"money", "south", "industry=ai", "2022-01", 2, NULL, 0, false},
    {"money", "south", "industry=steel", "2022-01", 8, NULL, 0, false},
    {"money", "north", "industry=ai", "2022-02", 5, NULL, 0, false},
    {"money", "north", "industry=chips", "2022-02", 3, NULL, 0, false},
    {"money", "north", "industry=media", "2022-02", 4, NULL, 0, false},
    {"money", "north", "industry=ai", "2022-03", 5, NULL, 0, false},
    {"money", "north", "industry=media", "2022-03", 4, NULL, 0, false},
    {"money", "north", "industry=ai", "2022-04", 5, NULL, 0, false},
    {"money", "north", "industry=media", "2022-04", NAN, NULL, 0, false},
    {"money", "north", "industry=chips", "2022-04", 2, NULL, 0, false},
    {"money", "north", "industry=ai", "2022-05", 7, NULL, 0, false},
    {"money", "north", "industry=media", "2022-05", 1, NULL, 0, false},
    {"money", "north", "industry=chips", "2022-05", 2, NULL, 0, false},
    {"money", "north", "industry=late", "2022-01", 1, "2031-01-01", 0, false},
    {"people", "east", "industry=ai\x1fsex=f", "2022-Q1", 30, NULL, 0, false},
    {"people", "east", "industry=ai\x1fsex=m", "2022-Q1", 20, NULL, 0, false},
    {"people", "east", "industry=steel\x1fsex=m", "2022-Q1", 40, NULL, 0, false},
    {"people", "east", "industry=steel\x1fsex=f", "2022-Q1", 5, NULL, 0, false},
};

static const struct {
    const char *why, *expression, *area, *dim, *period, *groups;
} rows[] = {
    {"in order of their names, not of arrival, none before its first figure", "money", "north",
     "industry", "2022-01", "ai chips"},
    {"the one that comes later", "money", "north", "industry", "2022-02", "ai chips media"},
    {"what is not known yet is none", "money", "north", "industry", "2022-05", "ai chips media"},
    {"with those of the tree", "money", "bank", "industry", "2022-01", "ai chips steel"},
    {"while their areas live", "money", "bank", "industry", "2022-05", "ai chips media"},
    {"both sides'", "money:where { industry = \"ai\" } + money:where { industry = \"chips\" }",
     "north", "industry", "2022-02", "ai chips"},
    {"a year has the groups of its months", "money:year()", "north", "industry", "2022",
     "ai chips media"},
    {"a month later", "money:lag(1)", "north", "industry", "2022-02", "ai chips"},
    {"and a month after that", "money:lag(1)", "north", "industry", "2022-03", "ai chips media"},
    {"at another area", "money:of(north)", "east", "industry", "2022-01", "ai chips"},
    {"at the parent", "money:of \"parent\"", "north", "industry", "2022-01", "ai chips steel"},
    {"at the zone", "money:of \"zone\"", "east", "industry", "2022-01", "ai chips steel"},
    {"of the parts", "money:areas():max()", "bank", "industry", "2022-01", "ai chips steel"},
    {"of one of them", "money:areas({ south }):max()", "bank", "industry", "2022-01", "ai steel"},
    {"under a truth", "money:over(3)", "north", "industry", "2022-01", "ai chips"},
    {"already folded by it there are none", "people:by(\"sex\"):max()", "east", "sex", "2022-Q1",
     ""},
    {"folded by another there are", "people:by(\"sex\"):max()", "east", "industry", "2022-Q1",
     "ai steel"},
    {"a number has none", "money * 0 + 1", "east", "industry", "2022-01", ""},
};

static void groups_are_found_where_figures_are(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        zw_node_id id = world_node(&world, rows[i].expression);
        uint32_t area = zw_pack_area(world.pack, zw_text_of(rows[i].area), NULL);
        zw_err err = {ZW_OK, ""};
        zw_stamp stamp;
        zw_grouping grouping;
        assert_int_equal(zw_stamp_parse(zw_text_of(rows[i].period), &stamp, &err), ZW_OK);
        assert_int_equal(zw_grouping_find(world.eval, id, area, rows[i].dim, 0, &grouping, &err),
                         ZW_OK);
        int64_t end_ms = zw_period_end_ms(zw_pack_calendar(world.pack, area),
                                          zw_pack_node(world.pack, id)->grid, stamp.period);
        char found[200] = "";
        for (size_t g = 0; g < grouping.count; g++) {
            if (zw_grouping_counts(world.eval, &grouping, &grouping.groups[g], stamp.period,
                                   end_ms)) {
                size_t len = strlen(found);
                (void)snprintf(found + len, sizeof(found) - len, "%s%s", len > 0 ? " " : "",
                               grouping.groups[g].value);
            }
        }
        zw_grouping_fini(&grouping);
        if (strcmp(found, rows[i].groups) != 0) {
            fail_msg("%s: expected \"%s\", found \"%s\"", rows[i].why, rows[i].groups, found);
        }
    }
    world_close(&world);
}

static void a_binding_says_one_thing_of_a_dimension(void **state)
{
    (void)state;
    struct world world;
    zw_err err = {ZW_OK, ""};
    uint32_t first = 0;
    uint32_t second = 0;
    uint32_t third = 0;
    world_open(&world, pack_text);
    assert_int_equal(zw_grouping_bind(world.eval, 0, "industry", "ai", &first, &err), ZW_OK);
    assert_string_equal(zw_pool_text(world.eval->bindings, first), "industry=ai");
    assert_int_equal(zw_grouping_bind(world.eval, first, "sex", "f", &second, &err), ZW_OK);
    assert_string_equal(zw_pool_text(world.eval->bindings, second), "industry=ai\x1fsex=f");
    assert_int_equal(zw_grouping_bind(world.eval, second, "industry", "chips", &third, &err),
                     ZW_OK);
    assert_string_equal(zw_pool_text(world.eval->bindings, third), "sex=f\x1findustry=chips");
    assert_int_equal(zw_grouping_bind(world.eval, first, "industry", NULL, &third, &err), ZW_OK);
    assert_int_equal(third, 0);
    world_close(&world);
}

/* --- however they came --- */

static const struct figure_row late_groups[] = {
    {"money", "north", "industry=chips", "2022-03", 3, "2022-04-01", 0, false},
    {"money", "south", "industry=chips", "2022-02", 2, "2022-04-02", 0, false},
    {"money", "north", "industry=ai", "2022-02", 6, "2022-04-03", 0, false},
    {"money", "north", "industry=ai", "2022-03", 5, "2022-04-04", 0, false},
    {"money", "north", "industry=chips", "2022-02", 4, "2022-04-05", 0, false},
    {"money", "south", "industry=chips", "2022-03", 8, "2022-04-06", 0, false},
    {"money", "south", "industry=steel", "2022-01", 1, "2022-04-07", 0, false},
    {"money", "south", "industry=chips", "2022-01", 9, "2022-04-08", 0, false},
    {"money", "north", "industry=ai", "2022-01", 7, "2022-04-09", 0, false},
    {"money", "north", "industry=media", "2022-03", 7, "2022-04-10", 0, false},
    {"money", "north", "industry=media", "2022-01", 2, "2022-04-11", 0, false},
    {"money", "north", "industry=chips", "2022-01", NAN, "2022-04-12", 0, false},
    {"money", "north", "industry=chips", "2022-01", 1, "2022-04-13", 0, false},
};

static const char *const late_expressions[] = {
    "money:by(\"industry\"):count()",        "money:by(\"industry\"):min()",
    "money:by(\"industry\"):lag(1):count()", "money:by(\"industry\"):ytd():mean()",
    "money:of(bank):by(\"industry\"):max()", "money:areas():sum():by(\"industry\"):min()",
    "money:by(\"industry\"):max():lag(1)",   "money:by(\"industry\"):quarter():mean()",
};

static void groups_that_come_late_are_as_if_they_had_been_there(void **state)
{
    (void)state;
    static const char *const areas[] = {"land", "bank", "north", "south", "east"};
    struct world world;
    char day[16];
    world_open(&world, pack_text);
    world_as_of(&world, "2022-03-31");
    world_put(&world, ROWS(late_groups));
    for (int d = 1; d <= 14; d++) {
        (void)snprintf(day, sizeof(day), "2022-04-%02d", d);
        world_as_of(&world, day);
        for (size_t e = 0; e < sizeof(late_expressions) / sizeof(late_expressions[0]); e++) {
            for (size_t a = 0; a < 5; a++) {
                struct world cold = world;
                char moved[200];
                char anew[200];
                char period[16] = "2022-Q1";
                zw_err err = {ZW_OK, ""};
                zw_eval_world on = {world.pack, world.script, world.store, NULL};
                assert_int_equal(zw_eval_create(&on, world.eval->as_of_ms, &cold.eval, &err),
                                 ZW_OK);
                for (int month = 1; month <= 4; month++) {
                    if (strstr(late_expressions[e], "quarter") == NULL) {
                        (void)snprintf(period, sizeof(period), "2022-%02d", month);
                    }
                    world_says(&world, late_expressions[e], areas[a], period, moved, sizeof(moved));
                    world_says(&cold, late_expressions[e], areas[a], period, anew, sizeof(anew));
                    if (strcmp(moved, anew) != 0) {
                        fail_msg("%s at %s in %s by %s: %s, from nothing %s", late_expressions[e],
                                 areas[a], period, day, moved, anew);
                    }
                }
                zw_eval_destroy(cold.eval);
            }
        }
    }
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_are_found_where_figures_are),
        cmocka_unit_test(a_binding_says_one_thing_of_a_dimension),
        cmocka_unit_test(groups_that_come_late_are_as_if_they_had_been_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
