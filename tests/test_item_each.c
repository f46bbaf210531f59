/* Items from outside: who is there, what they say, and what is asked of one alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "item_world.h"

static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "area \"north\" { within = land }\n"
    "area \"south\" { within = land }\n"
    "register \"calls\" { fields = { paid = \"CNY\" }, states = { \"posted\" } }\n";

static const struct item_row rows[] = {
    {"calls", "a", "2024-03-01", "north", "posted", "paid=3", NULL, false},
    {"calls", "b", "2024-03-01", "south", "posted", "paid=5", NULL, false},
    {"calls", "b", "2024-03-05", NULL, "left", NULL, "2024-03-02", false},
    {"calls", "c", "2024-04-01", "moon", "posted", "paid=7", NULL, false},
};

struct seen {
    struct world *world;
    char text[512];
};

static zw_status see(void *arg, const zw_item_now *now, zw_err *err)
{
    struct seen *seen = arg;
    size_t len = strlen(seen->text);
    uint32_t before = 0;
    zw_cell cell;
    zw_node_id sum = world_node(seen->world, "calls:sum \"paid\"");
    zw_period day = zw_eval_now(seen->world->eval, sum, 0);
    assert_int_equal(zw_eval_bind(seen->world->eval, 0, now->item, &before, err), ZW_OK);
    zw_status status = zw_eval_cell(seen->world->eval, sum, 0, day, &cell, err);
    zw_eval_unbind(seen->world->eval, before);
    (void)snprintf(seen->text + len, sizeof(seen->text) - len, "%s %s %s %s %g; ", now->name,
                   now->lives ? "lives" : "gone",
                   now->area != ZW_NONE ? seen->world->pack->areas[now->area].title.name : "-",
                   zw_eval_item_says(seen->world->eval, now->item, "paid"),
                   zw_cell_stands(&cell) ? cell.value : -1);
    return status;
}

static void each_item_stands_alone(void **state)
{
    static const struct {
        const char *why, *at, *seen;
    } steps[] = {
        {"before any is known", "2024-02-01", ""},
        {"two", "2024-03-03", "a lives north 3 3; b lives south 5 5; "},
        {"one has left", "2024-03-05", "a lives north 3 3; b gone south 5 -1; "},
        {"one stands nowhere in this pack", "2024-04-02",
         "a lives north 3 3; b gone south 5 -1; c gone - 7 7; "},
    };
    (void)state;
    struct world world;
    zw_err err = {ZW_OK, ""};
    world_open(&world, pack_text);
    item_world_add(&world, ROWS(rows));
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        struct seen seen = {&world, ""};
        print_message("  %s\n", steps[i].why);
        world_as_of(&world, steps[i].at);
        assert_int_equal(zw_eval_items(world.eval, 0, see, &seen, &err), ZW_OK);
        assert_string_equal(seen.text, steps[i].seen);
    }
    /* unbound again, all of the zone's are meant */
    char text[64];
    world_says(&world, "calls:sum \"paid\"", "land", "2024-03-03", text, sizeof(text));
    assert_string_equal(text, "8 CNY");
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(each_item_stands_alone)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
