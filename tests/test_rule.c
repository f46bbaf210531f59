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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_rule_is_red_amber_green_or_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
