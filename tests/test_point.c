/* Point operations, each worked by hand: arithmetic, comparisons, three-valued logic. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "eval_world.h"

static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"UTC\", currency = \"CNY\" }\n"
    "area \"north\" { within = land, km2 = 4, gdp = 5, quota = 12.5 }\n"
    "area \"south\" { within = land }\n"
    "local money = measure \"money\" { kind = \"flow\", unit = \"CNY\", every = \"month\" }\n"
    "local firms = measure \"firms\" { kind = \"stock\", unit = \"firms\", every = \"month\" }\n";

static const struct figure_row figures[] = {
    {"money", "north", NULL, "2022-01", 6, NULL, 0, false},
    {"money", "south", NULL, "2022-01", 4, NULL, 0, false},
    {"firms", "north", NULL, "2022-01", 3, NULL, 0, false},
    {"firms", "south", NULL, "2022-01", 0, NULL, 0, false},
    {"money", "north", NULL, "2022-02", -2.5, NULL, 'P', true},
    {"firms", "north", NULL, "2022-02", 2, NULL, 0, false},
};

static const struct answer_row answers[] = {
    {"a sum", "money + money", "north", "2022-01", "12 CNY"},
    {"a difference", "money - 1", "north", "2022-01", "5 CNY"},
    {"a product by a number keeps the unit", "money * 2", "north", "2022-01", "12 CNY"},
    {"a quotient derives its unit", "money / firms", "north", "2022-01", "2 CNY/firms"},
    {"dividing by zero is missing", "money / firms", "south", "2022-01", "missing: divide by zero"},
    {"a ratio of sums, not a mean of ratios", "money / firms", "land", "2022-01", "3.33 CNY/firms"},
    {"the opposite", "-money", "north", "2022-02", "2.5 CNY (provisional, synthetic)"},
    {"marks travel through arithmetic", "money + firms * 0 / firms * money", "north", "2022-02",
     "-2.5 CNY (provisional, synthetic)"},
    {"the smaller", "min(money, 5)", "north", "2022-01", "5 CNY"},
    {"the larger", "max(money, 5)", "north", "2022-01", "6 CNY"},
    {"without its sign", "abs(money)", "north", "2022-02", "2.5 CNY (provisional, synthetic)"},
    {"halves round away from zero", "round(money, 0)", "north", "2022-02",
     "-3 CNY (provisional, synthetic)"},
    {"within bounds", "clamp(money, 0, 5)", "north", "2022-01", "5 CNY"},
    {"the logarithm of what is not positive is missing", "ln(money / money - 1)", "north",
     "2022-01", "missing: base not positive"},
    {"an attribute is a number here", "money / attr(\"km2\", \"km2\")", "north", "2022-01",
     "1.5 CNY/km2"},
    {"an attribute has the scale of its unit: 5 (1e8 CNY) are 5e8",
     "attr(\"gdp\", \"1e8 CNY\") / money", "north", "2022-01", "83333333.33"},
    {"so has a share: 6 CNY * 12.5 %", "money * attr(\"quota\", \"%\")", "north", "2022-01",
     "0.75 CNY"},
    {"and is shown as it was written", "attr(\"gdp\", \"1e8 CNY\")", "north", "2022-01",
     "5.0 (1e8 CNY)"},
    {"an attribute that is not there is missing", "money / attr(\"km2\", \"km2\")", "south",
     "2022-01", "missing: the area has no such attribute"},
    {"only where a truth holds", "money:where(money:over(5))", "north", "2022-01", "6 CNY"},
    {"else it is left out", "money:where(money:over(6))", "north", "2022-01", "missing: left out"},
    {"where that is not known it is missing", "money:where(money:over(6))", "north", "2022-03",
     "missing: no figure"},
    {"a quarter passes over what is left out: 6 - 2.5", "money:except(money:missing()):quarter()",
     "north", "2022-Q1", "3.5 CNY (provisional, synthetic)"},
    {"twice", "money:except(money:missing()):where(money:over(0)):quarter()", "north", "2022-Q1",
     "6 CNY (provisional, synthetic)"},
    {"the sum of none is 0", "money:except(money:missing()):where(money:over(50)):quarter()",
     "north", "2022-Q1", "0 CNY (provisional, synthetic)"},
    {"the largest of none is missing",
     "money:except(money:missing()):where(money:over(50)):quarter 'max'", "north", "2022-Q1",
     "missing: left out"},
    {"the last that is not left out", "firms:except(firms:missing()):quarter()", "north", "2022-Q1",
     "2 firms"},
    {"a share of the zone: 6 of 10", "money:share_of 'zone'", "north", "2022-01", "60.0 %"},
    {"all of itself", "money:share_of 'zone'", "land", "2022-01", "100.0 %"},
    {"of nothing", "(money - money):share_of 'parent'", "north", "2022-01",
     "missing: divide by zero"},
    {"3.5 of 10: February, which lacks the south, is left out of the zone's quarter",
     "money:except(money:missing()):quarter():share_of 'zone'", "north", "2022-Q1",
     "35.0 % (provisional, synthetic)"},
    {"over is strict", "money:over(6)", "north", "2022-01", "false"},
    {"at least is not", "money:at_least(6)", "north", "2022-01", "true"},
    {"under is strict", "money:under(6)", "north", "2022-01", "false"},
    {"at most is not", "money:at_most(6)", "north", "2022-01", "true"},
    {"equals", "money:equals(6)", "north", "2022-01", "true"},
    {"within includes its ends", "money:within(6, 7)", "north", "2022-01", "true"},
    {"comparing what is missing is unknown", "money:over(0)", "south", "2022-02",
     "unknown: no figure"},
    {"false decides an and, whatever is unknown", "money:over(0) & firms:over(9)", "north",
     "2022-02", "false (provisional, synthetic)"},
    {"unknown and false is false", "money:over(0) & (firms:under(0) & firms:over(0))", "north",
     "2022-01", "false"},
    {"true decides an or, whatever is unknown", "firms:over(1) | money:lag(9):over(0)", "north",
     "2022-02", "true"},
    {"unknown or false is unknown", "firms:over(9) | money:lag(9):over(0)", "north", "2022-02",
     "unknown: no figure"},
    {"not of unknown is unknown", "~money:over(0)", "south", "2022-02", "unknown: no figure"},
    {"not of true is false", "~money:over(0)", "north", "2022-01", "false"},
    {"when takes one branch and needs no other", "when(firms:over(2), money, money:lag(9))",
     "north", "2022-01", "6 CNY"},
    {"when of unknown is missing", "when(money:lag(9):over(2), money, money)", "north", "2022-01",
     "missing: no figure"},
};

static void every_case_answers_as_worked_by_hand(void **state)
{
    (void)state;
    world_check(pack_text, ROWS(figures), ROWS(answers));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_answers_as_worked_by_hand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
