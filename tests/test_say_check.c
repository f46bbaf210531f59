/* Tests of what alerts say. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "script_rows.h"

#define HEARD                                                                                      \
    "local r = register 'r' { fields = { 'topic', paid = 'CNY' } } "                               \
    "local a = alert 'a' { warning = sales:over(1), with = { gap = sales * 2 } } "                 \
    "local b = alert 'b' { each = r, warning = r:has 'topic' } "

static const struct pack_row rows_of_bodies_are_checked[] = {
    {"the message's own names, the language's, an alert's, declared ones",
     HEARD "notify 'n' { to = webhook('http://x', { '{alert} {title} {severity} {status} {summary} "
           "{summary_en} {summary_zh} {item} {starts} {ends}', { t = '{zone} {value:%} {touched} "
           "{gap} {topic} {paid:1e4 CNY} {firms} {{brace}' } }) }",
     ""},
    {"a name that nobody has, in the second receiver",
     HEARD "notify 'n' { to = { log(), webhook('http://x', { x = '{sumary}' }) } }",
     "p:2:210: notify \"n\": body: there is no placeholder '{sumary}'; did you mean 'summary'?"},
    {"a name of an alert that it does not hear",
     HEARD "notify 'n' { alerts = b, to = webhook('http://x', { x = '{gap} {topic}' }) }",
     "p:2:222: notify \"n\": body: there is no placeholder '{gap}'"},
    {"a text has no unit", HEARD "notify 'n' { to = webhook('http://x', { x = '{summary:%}' }) }",
     "p:2:210: notify \"n\": body: '{summary}' is no number: it takes no unit"},
    {"a unit of another kind",
     HEARD "notify 'n' { to = webhook('http://x', { x = '{gap:firms}' }) }",
     "p:2:210: notify \"n\": body: {gap:firms} does not fit the unit of 'gap'"},
    {"never closed", HEARD "notify 'n' { to = webhook('http://x', { x = 'a {summary' }) }",
     "p:2:210: notify \"n\": body: a '{' has no '}' behind it"},
    {"a function may say any name",
     "alert 'a' { warning = function(at) return at(sales) > 1, { worst = yz } end } notify 'n' { "
     "to "
     "= webhook('http://x', { x = '{worst}' }) }",
     ""},
};

static void bodies_are_checked(void **state)
{
    (void)state;
    check_pack_rows(PACK_HEAD, rows_of_bodies_are_checked, COUNT_OF(rows_of_bodies_are_checked));
}

static const struct pack_row rows_of_placeholders_are_checked[] = {
    {"all of the language",
     "alert \"a\" { warning = sales:over(1), say = \"{zone} {area} {period} {year} "
     "{as_of} {value} {threshold} {goal} {due} {late_days} {lacking} {source} {touched} "
     "{{brace}\" }",
     ""},
    {"a function says names of its own, which only it knows",
     "alert \"a\" { warning = function(at) return at(sales) > 1, { worst = yz } end, say = "
     "\"{worst} {share:%}\" }",
     ""},
    {"a function behind an indicator, and one of with",
     "local i = indicator \"i\" { function(at) return at(sales), { worst = yz } end } alert \"a\" "
     "{ "
     "warning = i:over(1), say = \"{worst}\" } alert \"b\" { warning = sales:over(1), with = { x = "
     "function(at) return at(sales), { best = pz } end }, say = \"{best}\" }",
     ""},
    {"a function that is called for another period says nothing",
     "local i = indicator \"i\" { function(at) return at(sales), { worst = yz } end } alert \"a\" "
     "{ "
     "warning = i:lag(1):over(1), say = \"{worst}\" }",
     "p:2:119: alert \"a\": say: there is no placeholder '{worst}'"},
    {"a unit that is none, of what a function says",
     "alert \"a\" { warning = function(at) return at(sales) > 1 end, say = \"{x:1e4}\" }",
     "p:2:62: alert \"a\": say: {x:1e4}: '1e4' is no unit; expected a word like 'CNY', 'firms' or "
     "'ug/m3', with a scale before it like '1e4 CNY', or '%' or 'points'"},
    {"a text has no unit, an indicator of one neither",
     "local r = register \"r\" { fields = { \"topic\" } } indicator \"i\" { r:top \"topic\" } "
     "alert "
     "\"a\" { warning = sales:over(1), with = { t = r:top \"topic\" }, say = \"{t} {i} {i:%}\" }",
     "p:2:148: alert \"a\": say: '{i}' is no number: it takes no unit"},
    {"of an item, its name, its state and its fields",
     "local r = register \"r\" { fields = { \"topic\", paid = \"1e4 CNY\" } } alert \"a\" { each = "
     "r, "
     "warning = r:has \"topic\", say = \"{item} {state} {topic} {paid:1e8 CNY}\" }",
     ""},
    {"fields without an item",
     "register \"r\" { fields = { \"topic\" } } alert \"a\" { warning = sales:over(1), say = "
     "\"{topic}\" }",
     "p:2:76: alert \"a\": say: there is no placeholder '{topic}'"},
    {"a text has no unit",
     "local r = register \"r\" { fields = { \"topic\" } } alert \"a\" { each = r, warning = r:has "
     "\"topic\", say = \"{topic:%}\" }",
     "p:2:96: alert \"a\": say: '{topic}' is no number: it takes no unit"},
    {"a unit of another kind",
     "local r = register \"r\" { fields = { paid = \"CNY\" } } alert \"a\" { each = r, warning = "
     "r:has \"paid\", say = \"{paid:firms}\" }",
     "p:2:100: alert \"a\": say: {paid:firms} does not fit the unit of 'paid'"},
    {"declared names, later ones too",
     "alert \"a\" { warning = sales:over(1), say = \"{firms} {later}\" } indicator "
     "\"later\" { sales }",
     ""},
    {"names of with",
     "alert \"a\" { warning = sales:over(1), with = { mine = sales }, say = "
     "\"{mine:1e4 CNY}\" }",
     ""},
    {"a misspelt one", "alert \"a\" { warning = sales:over(1), say = \"{zon} is late\" }",
     "p:2:38: alert \"a\": say: there is no placeholder '{zon}'; did you mean "
     "'zone'?"},
    {"in the other language",
     "alert \"a\" { warning = sales:over(1), say = { en = \"{zone}\", zh = "
     "\"{zoen}\" } }",
     "p:2:38: alert \"a\": say: there is no placeholder '{zoen}'; did you mean "
     "'zone'?"},
    {"near a declared one", "alert \"a\" { warning = sales:over(1), say = \"{firmes}\" }",
     "p:2:38: alert \"a\": say: there is no placeholder '{firmes}'; did you mean "
     "'firms'?"},
    {"near one of with",
     "alert \"a\" { warning = sales:over(1), with = { ratio = sales }, say = "
     "\"{ratoi}\" }",
     "p:2:64: alert \"a\": say: there is no placeholder '{ratoi}'; did you mean "
     "'ratio'?"},
    {"a rule has no value",
     "rule \"r\" { must = sales:over(1) } alert \"a\" { warning = sales:over(1), "
     "say = \"{r}\" }",
     "p:2:72: alert \"a\": say: there is no placeholder '{r}'"},
    {"shown in a unit",
     "alert \"a\" { warning = sales:over(1), say = \"{value:%} {goal:1e8 CNY} "
     "{sales:1e4 CNY}\" }",
     ""},
    {"a unit that is none", "alert \"a\" { warning = sales:over(1), say = \"{value:1e4}\" }",
     "p:2:38: alert \"a\": say: {value:1e4}: '1e4' is no unit; expected a word like "
     "'CNY', 'firms' or 'ug/m3', with a scale before it like '1e4 CNY', or '%' or "
     "'points'"},
    {"a unit that does not fit", "alert \"a\" { warning = sales:over(1), say = \"{sales:firms}\" }",
     "p:2:38: alert \"a\": say: {sales:firms} does not fit the unit of 'sales'"},
    {"no number takes a unit", "alert \"a\" { warning = sales:over(1), say = \"{zone:%}\" }",
     "p:2:38: alert \"a\": say: '{zone}' is no number: it takes no unit"},
    {"never closed", "alert \"a\" { warning = sales:over(1), say = \"{zone\" }",
     "p:2:38: alert \"a\": say: a '{' has no '}' behind it"},
    {"braces that are meant", "alert \"a\" { warning = sales:over(1), say = \"{{zone}}\" }", ""},
    {"empty", "alert \"a\" { warning = sales:over(1), say = \"{}\" }",
     "p:2:38: alert \"a\": say: a placeholder is empty or too long"},
    {"without a name", "alert \"a\" { warning = sales:over(1), say = \"{:%}\" }",
     "p:2:38: alert \"a\": say: a placeholder is empty or too long"},
    {"what is wrong already is not told again",
     "measure \"m\" { } alert \"a\" { warning = sales:over(1), say = \"{m}\" }",
     "p:2:1: measure \"m\": kind is needed\n"
     "p:2:1: measure \"m\": unit is needed\n"
     "p:2:1: measure \"m\": every is needed"},
    {"no placeholder", "alert \"a\" { warning = sales:over(1), say = \"late }\" }", ""},
};

static void placeholders_are_checked(void **state)
{
    (void)state;
    check_pack_rows(PACK_HEAD, rows_of_placeholders_are_checked,
                    COUNT_OF(rows_of_placeholders_are_checked));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bodies_are_checked),
        cmocka_unit_test(placeholders_are_checked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
