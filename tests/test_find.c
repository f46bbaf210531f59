/* Looking things up: by name and alias, in the tree of areas, among attributes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "plan_pack.h"

/* land > north > port, land > south > port; and a second zone, sea. */
struct tree {
    zw_pack *pack;
    uint32_t land, north, south, port, sea, coast;
};

static int setup(void **state)
{
    static const char *const port_aliases[] = {"PORT 1", "港口"};
    static const char *const sales_aliases[] = {"Sales (all)", "软件收入"};
    static const char *const leads[] = {"ai", "big_data"};
    static const zw_attr attrs[] = {{.name = "km2", .is_number = true, .number = 12.5},
                                    {.name = "leads", .texts = {leads, 2}}};
    struct tree *tree = calloc(1, sizeof(*tree));
    zw_pack *pack = plan_pack_create();
    tree->pack = pack;
    tree->land = plan_zone(pack, "land", "Asia/Shanghai", 1);
    tree->north = plan_area(pack, "north", tree->land);
    tree->south = plan_area(pack, "south", tree->land);
    const uint32_t both[] = {tree->north, tree->south};
    zw_area port = {.title = plan_title("port", 5),
                    .parents = {zw_pack_copy(pack, both, sizeof(both)), 2},
                    .aliases = {port_aliases, 2},
                    .attrs = attrs,
                    .attr_count = 2};
    zw_err err = {ZW_OK, ""};
    assert_int_equal(zw_pack_add_area(pack, &port, &tree->port, &err), ZW_OK);
    tree->sea = plan_zone(pack, "sea", "UTC", 4);
    tree->coast = plan_area(pack, "coast", tree->sea);
    struct plan_measure_row row = {"sales", ZW_KIND_FLOW, "CNY", "month", NULL, NULL};
    zw_measure sales = plan_measure_of(pack, &row);
    uint32_t index = 0;
    sales.aliases = (zw_texts){sales_aliases, 2};
    assert_int_equal(zw_pack_add_measure(pack, &sales, &index, &err), ZW_OK);
    *state = tree;
    return 0;
}

static int teardown(void **state)
{
    struct tree *tree = *state;
    zw_pack_destroy(tree->pack);
    free(tree);
    return 0;
}

static void areas_and_measures_are_found_as_people_write_them(void **state)
{
    static const struct {
        const char *why, *name, *area, *measure, *nearest;
    } rows[] = {
        {"by name", "port", "port", NULL, NULL},
        {"a zone is an area", "sea", "sea", NULL, NULL},
        {"with white space around it", "  port\t", "port", NULL, NULL},
        {"by alias", "PORT 1", "port", NULL, NULL},
        {"an alias in another script", "港口", "port", NULL, NULL},
        {"an alias in full-width letters", "ＰＯＲＴ　１", "port", NULL, NULL},
        {"case stays", "Port", NULL, NULL, "port"},
        {"a slip", "prot", NULL, NULL, "port"},
        {"a slip in an alias", "PORT1", NULL, NULL, "PORT 1"},
        {"a measure", "sales", NULL, "sales", NULL},
        {"a measure's alias", "Sales （all）", NULL, "sales", NULL},
        {"another alias", "软件收入", NULL, "sales", NULL},
        {"a slip in a measure", "slaes", NULL, NULL, "sales"},
        {"nothing near", "inventory", NULL, NULL, NULL},
        {"nothing", "", NULL, NULL, NULL},
    };
    struct tree *tree = *state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        zw_nearest nearest;
        zw_nearest_init(&nearest, zw_text_of(rows[i].name));
        uint32_t area = zw_pack_area(tree->pack, zw_text_of(rows[i].name), &nearest);
        uint32_t measure = zw_pack_measure(tree->pack, zw_text_of(rows[i].name), &nearest);
        const char *found = area != ZW_NONE ? tree->pack->areas[area].title.name : "";
        const char *other = measure != ZW_NONE ? tree->pack->measures[measure].title.name : "";
        if (strcmp(found, rows[i].area != NULL ? rows[i].area : "") != 0 ||
            strcmp(other, rows[i].measure != NULL ? rows[i].measure : "") != 0) {
            fail_msg("%s: found area '%s', measure '%s'", rows[i].why, found, other);
        }
        if (area == ZW_NONE && measure == ZW_NONE &&
            strcmp(nearest.best != NULL ? nearest.best : "",
                   rows[i].nearest != NULL ? rows[i].nearest : "") != 0) {
            fail_msg("%s: the nearest is '%s'", rows[i].why, nearest.best);
        }
        assert_int_equal(zw_pack_area(tree->pack, zw_text_of(rows[i].name), NULL), area);
        assert_int_equal(zw_pack_measure(tree->pack, zw_text_of(rows[i].name), NULL), measure);
    }
}

static void a_name_too_long_to_be_one_is_not_found(void **state)
{
    struct tree *tree = *state;
    char name[300];
    memset(name, 'a', sizeof(name));
    assert_int_equal(zw_pack_area(tree->pack, (zw_text){name, sizeof(name)}, NULL), ZW_NONE);
    assert_int_equal(zw_pack_measure(tree->pack, (zw_text){name, sizeof(name)}, NULL), ZW_NONE);
}

static void names_have_owners(void **state)
{
    struct tree *tree = *state;
    uint32_t index = ZW_NONE;
    assert_int_equal(zw_pack_find(tree->pack, zw_text_of("sea"), &index), ZW_NOUN_ZONE);
    assert_int_equal(index, tree->sea);
    assert_int_equal(zw_pack_find(tree->pack, zw_text_of("port"), &index), ZW_NOUN_AREA);
    assert_int_equal(zw_pack_find(tree->pack, zw_text_of("sales"), &index), ZW_NOUN_MEASURE);
    assert_int_equal(zw_pack_find(tree->pack, zw_text_of("PORT 1"), &index), ZW_NOUN_NONE);
}

static void only_one_zone_is_the_only_zone(void **state)
{
    struct tree *tree = *state;
    assert_int_equal(zw_pack_only_zone(tree->pack), ZW_NONE);
    zw_pack *pack = plan_pack_create();
    assert_int_equal(zw_pack_only_zone(pack), ZW_NONE);
    uint32_t zone = plan_zone(pack, "alone", "UTC", 1);
    plan_area(pack, "part", zone);
    assert_int_equal(zw_pack_only_zone(pack), zone);
    zw_pack_destroy(pack);
}

static void inside_goes_through_any_parent(void **state)
{
    struct tree *tree = *state;
    assert_true(zw_pack_is_inside(tree->pack, tree->port, tree->port));
    assert_true(zw_pack_is_inside(tree->pack, tree->port, tree->north));
    assert_true(zw_pack_is_inside(tree->pack, tree->port, tree->south));
    assert_true(zw_pack_is_inside(tree->pack, tree->port, tree->land));
    assert_false(zw_pack_is_inside(tree->pack, tree->north, tree->port));
    assert_false(zw_pack_is_inside(tree->pack, tree->north, tree->south));
    assert_false(zw_pack_is_inside(tree->pack, tree->coast, tree->land));
}

static void attributes_are_the_area_s_own(void **state)
{
    struct tree *tree = *state;
    const zw_attr *attr = zw_pack_attr(tree->pack, tree->port, "leads");
    assert_non_null(attr);
    assert_string_equal(attr->texts.at[1], "big_data");
    assert_true(zw_pack_attr(tree->pack, tree->port, "km2")->number == 12.5);
    assert_null(zw_pack_attr(tree->pack, tree->port, "lead"));
    assert_null(zw_pack_attr(tree->pack, tree->north, "km2"));
}

static void an_area_counts_where_it_lives_at_the_end(void **state)
{
    static const struct {
        const char *why, *since, *till, *period;
        bool lives;
    } rows[] = {
        {"always", NULL, NULL, "1999", true},
        {"the year it began in", "2022-03", NULL, "2022", true},
        {"the month it began in", "2022-03", NULL, "2022-03", true},
        {"the month before", "2022-03", NULL, "2022-02", false},
        {"its last month", NULL, "2022-03", "2022-03", true},
        {"the month after", NULL, "2022-03", "2022-04", false},
        {"the year it ended in: not at its end", NULL, "2022-03", "2022", false},
        {"a year it ended with", NULL, "2022-12", "2022", true},
        {"between", "2022-03", "2022-05", "2022-04", true},
        {"its only day", "2022-03-31", "2022-03-31", "2022-03", true},
    };
    struct tree *tree = *state;
    const zw_calendar *calendar = zw_pack_calendar(tree->pack, tree->north);
    zw_area *area = &tree->pack->areas[tree->north];
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        zw_stamp period = plan_stamp(rows[i].period);
        area->has_since = rows[i].since != NULL;
        area->has_till = rows[i].till != NULL;
        area->since = plan_stamp(rows[i].since != NULL ? rows[i].since : "2000");
        area->till = plan_stamp(rows[i].till != NULL ? rows[i].till : "2000");
        int64_t end_ms = zw_period_end_ms(calendar, period.grid, period.period);
        if (zw_pack_area_lives(tree->pack, tree->north, end_ms) != rows[i].lives) {
            fail_msg("%s", rows[i].why);
        }
    }
}

static void a_list_has_what_stands_in_it(void **state)
{
    (void)state;
    const uint32_t items[] = {4, 7};
    assert_true(zw_list_has((zw_list){items, 2}, 7));
    assert_false(zw_list_has((zw_list){items, 1}, 7));
    assert_false(zw_list_has((zw_list){NULL, 0}, 0));
}

static void what_takes_any_is_found_by_what_stands_in_front(void **state)
{
    static const struct {
        const char *name, *taker, *rest;
    } rows[] = {
        {"often_load1", "often", "load1"},
        {"often_in_use", "often_in", "use"},
        {"often_in", "often", "in"},
        {"often", NULL, ""},
        {"often_", NULL, ""},
        {"oftentimes_x", NULL, ""},
        {"hourly_x", NULL, ""},
        {"", NULL, ""},
    };
    (void)state;
    static const struct plan_measure_row longer = {"often_in", ZW_KIND_GAUGE, "x",
                                                   "1s",       NULL,          NULL};
    zw_pack *pack = plan_land();
    plan_measure(pack, longer);
    uint32_t often = zw_pack_measure(pack, zw_text_of("often"), NULL);
    pack->measures[often].accepts_any = true;
    pack->measures[zw_pack_measure(pack, zw_text_of("often_in"), NULL)].accepts_any = true;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        zw_text rest = {NULL, 0};
        uint32_t taker = zw_pack_taker(pack, zw_text_of(rows[i].name), &rest);
        if (rows[i].taker == NULL) {
            assert_int_equal(taker, ZW_NONE);
        } else {
            assert_string_equal(pack->measures[taker].title.name, rows[i].taker);
        }
        assert_true(zw_text_is(rest, rows[i].rest));
    }
    zw_nearest nearest;
    zw_nearest_init(&nearest, zw_text_of("industri"));
    assert_false(zw_measure_has_dim(&pack->measures[0], zw_text_of("industri"), &nearest));
    assert_string_equal(nearest.best, "industry");
    assert_true(zw_measure_has_dim(&pack->measures[0], zw_text_of("industry"), NULL));
    assert_true(zw_measure_has_dim(&pack->measures[often], zw_text_of("industri"), NULL));
    zw_pack_destroy(pack);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(areas_and_measures_are_found_as_people_write_them),
        cmocka_unit_test(a_name_too_long_to_be_one_is_not_found),
        cmocka_unit_test(names_have_owners),
        cmocka_unit_test(only_one_zone_is_the_only_zone),
        cmocka_unit_test(inside_goes_through_any_parent),
        cmocka_unit_test(attributes_are_the_area_s_own),
        cmocka_unit_test(an_area_counts_where_it_lives_at_the_end),
        cmocka_unit_test(a_list_has_what_stands_in_it),
        cmocka_unit_test(what_takes_any_is_found_by_what_stands_in_front),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
