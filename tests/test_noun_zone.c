/* Tests of the nouns zone and area. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "script_rows.h"

static const struct pack_row rows_of_mistakes_in_an_area_are_told[] = {
    {"within is needed", "area \"a\" { }", "p:2:1: area \"a\": within is needed"},
    {"a name is no area", "area \"a\" { within = \"gz\" }",
     "p:2:12: area \"a\": within takes an area or a list of areas, got a text"},
    {"an empty list", "area \"a\" { within = {} }", "p:2:12: area \"a\": within is an empty list"},
    {"one of the list is no area", "area \"a\" { within = { yz, 5 } }",
     "p:2:12: area \"a\": within takes an area or a list of areas, got a number"},
    {"an attribute that means something else", "area \"a\" { within = gz, areas = 5 }",
     "p:2:25: area \"a\": 'areas' is taken: give this attribute another name"},
    {"a truth is no attribute", "area \"a\" { within = gz, open = true }",
     "p:2:25: area \"a\": open takes a number, a text or a list of texts, got true"},
    {"no period", "area \"a\" { within = gz, since = {} }",
     "p:2:25: area \"a\": since takes a period (2022, \"2022-Q3\" …), got a table"},
    {"parts that were read may not change", "local p = gz.areas area \"a\" { within = gz }",
     "p:2:31: area \"a\": the parts of \"gz\" were read before (.areas): declare "
     "this first"},
    {"what lies in a wrong area is not told again",
     "local a = area \"a\" { within = 5 } local b = area \"b\" { within = a } area "
     "\"c\" { within = { b, gz } }",
     "p:2:22: area \"a\": within takes an area or a list of areas, got a number"},
};

static void mistakes_in_an_area_are_told(void **state)
{
    (void)state;
    check_pack_rows(PACK_HEAD, rows_of_mistakes_in_an_area_are_told,
                    COUNT_OF(rows_of_mistakes_in_an_area_are_told));
}

static const struct pack_row rows_of_mistakes_in_a_zone_are_told[] = {
    {"no such time zone", "zone \"z\" { timezone = \"Mars/Base\" }",
     "p:2:12: zone \"z\": timezone: there is no time zone 'Mars/Base'; expected an "
     "IANA name"},
    {"a misspelt needed field", "zone \"z\" { timezon = \"UTC\" }",
     "p:2:1: zone \"z\": timezone is needed (is 'timezon' meant to be it?)"},
    {"no month", "zone \"z\" { timezone = \"UTC\", reporting_year = 13 }",
     "p:2:30: zone \"z\": reporting_year takes a whole number from 1 to 12"},
    {"a date that does not exist",
     "zone \"z\" { timezone = \"UTC\", holidays = { \"2022-10-01\", \"2022-13-01\" "
     "} }",
     "p:2:30: zone \"z\": holidays takes dates (\"2022-10-01\"), got \"2022-13-01\""},
    {"what lies in a wrong zone is right all the same",
     "local z = zone \"z\" { timezone = \"Mars\" } local a = area \"a\" { within = "
     "z } rule \"r\" { must = sales:over(1), each = z.areas }",
     "p:2:22: zone \"z\": timezone: there is no time zone 'Mars'; expected an IANA "
     "name"},
};

static void mistakes_in_a_zone_are_told(void **state)
{
    (void)state;
    check_pack_rows(PACK_HEAD, rows_of_mistakes_in_a_zone_are_told,
                    COUNT_OF(rows_of_mistakes_in_a_zone_are_told));
}

static void zones_and_areas_are_read(void **state)
{
    (void)state;
    struct loaded loaded = load_right(
        "local z = zone 'z' { timezone = 'Asia/Shanghai', currency = 'CNY', reporting_year = 4, "
        "holidays = { '2022-10-02', '2022-10-01' }, aliases = 'Zed', km2 = 80.5, title = 'Z' }\n"
        "local a = area 'a' { within = z, since = 2020, till = '2024-06', leads = { 'x', 'y' }, "
        "bank = 'south' }\n"
        "area 'b' { within = { a, z } }");
    const zw_pack *pack = loaded.pack;
    assert_int_equal(pack->area_count, 3);
    const zw_area *z = &pack->areas[0], *a = &pack->areas[1], *b = &pack->areas[2];
    assert_true(z->is_zone && !a->is_zone);
    assert_string_equal(z->currency, "CNY");
    assert_string_equal(z->title.zh, "Z");
    assert_int_equal(z->calendar.reporting_month, 4);
    assert_int_equal(z->calendar.holiday_count, 2);
    assert_true(z->calendar.holidays[0] < z->calendar.holidays[1]);
    assert_string_equal(z->aliases.at[0], "Zed");
    assert_true(zw_pack_attr(pack, 0, "km2")->number == 80.5);
    assert_null(zw_pack_attr(pack, 0, "timezone"));
    assert_int_equal(z->parts.count, 2);
    assert_true(a->has_since && a->has_till);
    assert_int_equal(a->since.period, 50);
    assert_int_equal(a->till.period, 54 * 12 + 5);
    assert_int_equal(zw_pack_attr(pack, 1, "leads")->texts.count, 2);
    assert_string_equal(zw_pack_attr(pack, 1, "bank")->texts.at[0], "south");
    assert_int_equal(b->parents.at[0], 1);
    assert_int_equal(b->parents.count, 2);
    assert_int_equal(b->zone, 0);
    unload(&loaded);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mistakes_in_an_area_are_told),
        cmocka_unit_test(mistakes_in_a_zone_are_told),
        cmocka_unit_test(zones_and_areas_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
