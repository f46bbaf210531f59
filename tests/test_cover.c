/* Covers: every area in an area counted once. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "plan/cover.h"

#include "plan_pack.h"

/* One world: areas in order of declaration, each with its parents. */
static const struct {
    const char *name, *parents[3], *till;
} areas[] = {
    {"bank", {"land"}, NULL},
    {"port", {"land"}, NULL},
    {"hill", {"land"}, NULL},
    {"mill", {"bank", "port"}, NULL},         /* in two */
    {"quay", {"port"}, NULL},                 /* in one */
    {"mall", {"bank", "port", "hill"}, NULL}, /* in three */
    {"shop", {"mall"}, NULL},                 /* in one that is in three */
    {"dock", {"port", "land"}, NULL},         /* a part of the land that lies in another part */
    {"yard", {"bank", "hill"}, "2021"},       /* in two until it goes */
    {"ward", {"land"}, "2021"},               /* goes … */
    {"lane", {"ward", "bank"}, NULL},         /* … and leaves this one in one */
};

static const struct {
    const char *why, *outer, *year, *times;
} rows[] = {
    {"everything in the land: mill 1 - 2, mall 1 - 3, dock in the port alone, yard 1 - 2, lane 1 - "
     "2",
     "land", "2021", "bank 1, port 1, hill 1, mill -1, mall -2, yard -1, ward 1, lane -1"},
    {"when yard and ward are gone, lane lies in the bank alone", "land", "2022",
     "bank 1, port 1, hill 1, mill -1, mall -2"},
    {"parts that share nothing", "port", "2022", "mill 1, quay 1, mall 1, dock 1"},
    {"one part", "mall", "2022", "shop 1"},
    {"no parts", "shop", "2022", ""},
    {"an area that lives, in one that does not any more", "ward", "2022", "lane 1"},
};

static void every_area_counts_once(void **state)
{
    (void)state;
    zw_pack *pack = plan_pack_create();
    (void)plan_zone(pack, "land", "UTC", 1);
    for (size_t i = 0; i < COUNT_OF(areas); i++) {
        uint32_t parents[3];
        size_t count = 0;
        for (; count < 3 && areas[i].parents[count] != NULL; count++) {
            parents[count] = zw_pack_area(pack, zw_text_of(areas[i].parents[count]), NULL);
        }
        zw_area area = {.title = plan_title(areas[i].name, 3)};
        area.parents = (zw_list){zw_pack_copy(pack, parents, count * sizeof(*parents)), count};
        area.has_till = areas[i].till != NULL;
        if (area.has_till) {
            area.till = plan_stamp(areas[i].till);
        }
        uint32_t index = 0;
        zw_err err = {ZW_OK, ""};
        assert_int_equal(zw_pack_add_area(pack, &area, &index, &err), ZW_OK);
    }
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        uint32_t outer = zw_pack_area(pack, zw_text_of(rows[i].outer), NULL);
        zw_stamp year = plan_stamp(rows[i].year);
        int64_t end_ms = zw_stamp_last_ms(zw_pack_calendar(pack, outer), &year) + 1;
        int32_t times[32];
        char found[300] = "";
        zw_cover_times(pack, outer, end_ms, times);
        for (uint32_t a = 0; a < pack->area_count; a++) {
            size_t len = strlen(found);
            if (times[a] != 0) {
                (void)snprintf(found + len, sizeof(found) - len, "%s%s %d", len > 0 ? ", " : "",
                               pack->areas[a].title.name, times[a]);
            }
        }
        if (strcmp(found, rows[i].times) != 0) {
            fail_msg("%s: expected %s, found %s", rows[i].why, rows[i].times, found);
        }
        /* What counts in all: whatever an area is worth, the land has it once. */
        for (uint32_t a = 0; a < pack->area_count; a++) {
            int32_t counted = times[a];
            for (uint32_t around = 0; around < pack->area_count; around++) {
                counted +=
                    zw_cover_has(pack, around, a, end_ms) && around != outer ? times[around] : 0;
            }
            assert_int_equal(counted, zw_cover_has(pack, outer, a, end_ms) ? 1 : 0);
        }
    }
    zw_pack_destroy(pack);
}

static void only_who_shares_is_marked(void **state)
{
    (void)state;
    zw_pack *pack = plan_pack_create();
    uint32_t land = plan_zone(pack, "land", "UTC", 1);
    static const char *const names[] = {"bank", "port", "mill"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        uint32_t both[] = {1, 2};
        zw_area area = {.title = plan_title(names[i], 3)};
        area.parents = i < 2 ? (zw_list){zw_pack_copy(pack, &land, sizeof(land)), 1}
                             : (zw_list){zw_pack_copy(pack, both, sizeof(both)), 2};
        uint32_t index = 0;
        zw_err err = {ZW_OK, ""};
        assert_int_equal(zw_pack_add_area(pack, &area, &index, &err), ZW_OK);
        assert_int_equal(pack->areas[land].shares, i == 2);
    }
    assert_false(pack->areas[1].shares);
    zw_pack_destroy(pack);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_area_counts_once),
        cmocka_unit_test(only_who_shares_is_marked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
