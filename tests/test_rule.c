/* What a rule says of an area: kept, amber, broken, unknown. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "alert/rule.h"
#include "engine_world.h"

static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "local money = measure \"money\" { kind = \"flow\", unit = \"CNY\", every = \"month\", due = "
    "\"10d\" }\n"
    "rule \"enough\" { must = money:over(10), should = money:over(20) }\n";

static void a_rule_is_red_amber_green_or_unknown(void **state)
{
    static const struct {
        const char *why, *day, *rows;
        zw_rule_is is;
    } steps[] = {
        {"nothing is known", "2022-02-05", NULL, ZW_RULE_UNKNOWN},
        {"what should be is", "2022-02-06", "money,land,2022-01,25\n", ZW_RULE_KEPT},
        {"what must be is, what should be is not", "2022-03-06", "money,land,2022-02,15\n",
         ZW_RULE_AMBER},
        {"what must be is not", "2022-04-06", "money,land,2022-03,5\n", ZW_RULE_BROKEN},
        {"a period that is due and not in", "2022-05-11", NULL, ZW_RULE_UNKNOWN},
    };
    (void)state;
    struct house house;
    house_open(&house, pack_text, "2022-02-05");
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        zw_rule_state found;
        zw_err err = {ZW_OK, ""};
        house_day(&house, steps[i].day, steps[i].rows);
        assert_int_equal(zw_rule_judge(zw_engine_eval(house.engine), 0, 0, &found, &err), ZW_OK);
        if (found.is != steps[i].is) {
            fail_msg("%s: %s", steps[i].why, zw_rule_text(found.is));
        }
        assert_true(found.until_ms > house.now_ms);
    }
    house_close(&house);
}

/* The colours that the program's own templates give, month by month: `growth` and how far behind
 * are flows, so that a figure is what is judged. */
static const char lights_text[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "local g = measure \"g\" { kind = \"rate\", unit = \"%\", every = \"month\" }\n"
    "local b = measure \"b\" { kind = \"rate\", unit = \"%\", every = \"month\" }\n"
    "local lights = require \"zonewatch.lights\"\n"
    "rule \"growth\" (lights.plan_and_city { growth = g, plan = 0.12, city = 0.05 })\n"
    "rule \"pace\" (lights.behind_schedule { behind = b, near = \"green\" })\n"
    "rule \"strict\" (lights.behind_schedule { behind = b, near = \"amber\" })\n"
    "rule \"mended\" (lights.amber_after_red { kept = g:at_least(0) })\n";

static void published_lights_have_their_colours(void **state)
{
    static const struct {
        const char *why, *day, *rows;
        zw_rule_is is[4]; /* growth, pace, strict, mended */
    } steps[] = {
        {"over the plan and the city; no month before",
         "2022-02-06",
         "g,land,2022-01,12\nb,land,2022-01,0\n",
         {ZW_RULE_KEPT, ZW_RULE_KEPT, ZW_RULE_KEPT, ZW_RULE_KEPT}},
        {"grows, less than the plan; nearly 10 points behind",
         "2022-03-06",
         "g,land,2022-02,11\nb,land,2022-02,9.9\n",
         {ZW_RULE_AMBER, ZW_RULE_KEPT, ZW_RULE_AMBER, ZW_RULE_KEPT}},
        {"shrinks; 30 points behind are amber",
         "2022-04-06",
         "g,land,2022-03,-1\nb,land,2022-03,30\n",
         {ZW_RULE_BROKEN, ZW_RULE_AMBER, ZW_RULE_AMBER, ZW_RULE_BROKEN}},
        {"made good: amber first; more than 30 behind",
         "2022-05-06",
         "g,land,2022-04,0\nb,land,2022-04,30.1\n",
         {ZW_RULE_AMBER, ZW_RULE_BROKEN, ZW_RULE_BROKEN, ZW_RULE_AMBER}},
        {"kept twice; 10 points behind are amber",
         "2022-06-06",
         "g,land,2022-05,13\nb,land,2022-05,10\n",
         {ZW_RULE_KEPT, ZW_RULE_AMBER, ZW_RULE_AMBER, ZW_RULE_KEPT}},
    };
    (void)state;
    struct house house;
    house_open(&house, lights_text, "2022-01-05");
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        house_day(&house, steps[i].day, steps[i].rows);
        for (uint32_t r = 0; r < 4; r++) {
            zw_rule_state found;
            zw_err err = {ZW_OK, ""};
            assert_int_equal(zw_rule_judge(zw_engine_eval(house.engine), r, 0, &found, &err),
                             ZW_OK);
            if (found.is != steps[i].is[r]) {
                fail_msg("%s: rule %u is %s", steps[i].why, (unsigned)r, zw_rule_text(found.is));
            }
        }
    }
    house_close(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rule_is_red_amber_green_or_unknown),
        cmocka_unit_test(published_lights_have_their_colours),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
