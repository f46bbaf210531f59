/* Texts that expressions say: the commonest, what it equals, and where it is shown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "indicator/texts.h"
#include "item_world.h"

static void the_commonest_is_found_in_any_order(void **state)
{
    static const struct {
        const char *why, *texts[5];
        const char *field, *found;
    } rows[] = {
        {"none", {NULL}, "kind", NULL},
        {"one", {"lab"}, "kind", "lab"},
        {"the most", {"lab", "base", "base"}, "kind", "base"},
        {"of equals the first byte by byte", {"lab", "base", "lab", "base"}, "kind", "base"},
        {"of states the first as they are listed", {"done", "posted"}, "state", "posted"},
        {"though more of another count", {"done", "posted", "done"}, "state", "done"},
    };
    static const char *const states[] = {"posted", "done"};
    (void)state;
    const zw_register reg = {.states = states, .state_count = 2};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        size_t count = 0;
        while (count < 5 && rows[i].texts[count] != NULL) {
            count++;
        }
        for (size_t turn = 0; turn <= count; turn++) {
            zw_texts_bag bag = {0};
            for (size_t k = 0; k < count; k++) {
                assert_true(zw_texts_put(&bag, rows[i].texts[(k + turn) % count]));
            }
            const char *found = zw_texts_commonest(&bag, &reg, rows[i].field);
            if (rows[i].found == NULL) {
                assert_null(found);
            } else {
                assert_string_equal(found, rows[i].found);
            }
            free(bag.at);
        }
    }
}

static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "area \"north\" { within = land }\n"
    "area \"south\" { within = land }\n"
    "local firms = register \"firms\" { fields = { \"trade\", since = \"date\", paid = \"CNY\" },\n"
    "  states = { \"young\", \"grown\" } }\n"
    "indicator \"main\" { firms:top \"trade\" }\n"
    "indicator \"said\" { function(at) return at(firms:top \"trade\") == \"chips\" and 1 or 2 end, "
    "every = \"day\" }\n";

static const struct item_row items[] = {
    {"firms", "a", "2024-01-05", "north", "young", "trade=ai", NULL, false},
    {"firms", "b", "2024-01-06", "north", "young", "trade=chips", NULL, false},
    {"firms", "c", "2024-01-07", "south", "grown", "trade=chips,since=2020-01-01", NULL, true},
    {"firms", "d", "2024-02-01", "south", "grown", NULL, NULL, false},
    {"firms", "b", "2024-03-01", NULL, "left", NULL, NULL, false},
};

static const struct answer_row answers[] = {
    {"of one", "firms:top \"trade\"", "land", "2024-01-05", "ai"},
    {"of two the first in order", "firms:top \"trade\"", "land", "2024-01-06", "ai"},
    {"two of three", "firms:top \"trade\"", "land", "2024-01-10", "chips (synthetic)"},
    {"of those that say it", "firms:top \"trade\"", "land", "2024-02-10", "chips (synthetic, 3/4)"},
    {"when one left", "firms:top \"trade\"", "land", "2024-03-10", "ai (synthetic, 2/3)"},
    {"in an area", "firms:top \"trade\"", "south", "2024-02-10", "chips (synthetic, 1/2)"},
    {"of no items", "firms:top \"trade\"", "south", "2024-01-05", "missing: no item says it"},
    {"before the first row", "firms:top \"trade\"", "land", "2024-01-04", "missing: no figure"},
    {"of a state", "firms:top \"state\"", "land", "2024-02-10", "young (synthetic)"},
    {"of a date", "firms:top \"since\"", "land", "2024-02-10", "2020-01-01 (synthetic, 1/4)"},
    {"narrowed", "firms:where { state = \"grown\" }:top \"trade\"", "land", "2024-02-10",
     "chips (synthetic, 1/2)"},
    {"it is that", "firms:top(\"trade\"):equals \"chips\"", "land", "2024-01-10",
     "true (synthetic)"},
    {"it is not", "firms:top(\"trade\"):equals \"ai\"", "land", "2024-01-10", "false (synthetic)"},
    {"one of a list", "firms:top(\"trade\"):equals { \"ai\", \"chips\" }", "land", "2024-01-10",
     "true (synthetic)"},
    {"unknown without one", "firms:top(\"trade\"):equals \"ai\"", "south", "2024-01-05",
     "unknown: no item says it"},
    {"that it is missing", "firms:top(\"trade\"):missing()", "south", "2024-01-05", "true"},
    {"as it was", "firms:top(\"trade\"):lag(1)", "land", "2024-01-07", "ai"},
    {"elsewhere", "firms:top(\"trade\"):of(north)", "south", "2024-01-06", "ai"},
    {"an indicator of it", "main", "land", "2024-01-10", "chips (synthetic)"},
    {"a count of where it is so", "count(firms:top(\"trade\"):equals(\"chips\"), { north, south })",
     "land", "2024-01-10", "1 (synthetic)"},
    {"each item's own", "firms:where(firms:top(\"trade\"):equals \"chips\"):count()", "land",
     "2024-01-10", "2 (synthetic)"},
    {"of groups", "firms:by(\"state\"):top(\"trade\"):equals(\"chips\"):count()", "land",
     "2024-01-10", "1 (synthetic)"},
    {"a function reads a text", "said", "land", "2024-01-10", "1 (synthetic)"},
};

static void a_text_goes_where_it_may(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    item_world_add(&world, ROWS(items));
    world_answers(&world, ROWS(answers));
    world_bears_no_memory(&world, ROWS(answers));
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_commonest_is_found_in_any_order),
        cmocka_unit_test(a_text_goes_where_it_may),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
