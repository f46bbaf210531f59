/* What is expected, from whom, and by when. */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "eval_world.h"

static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"Asia/Shanghai\" }\n"
    "area \"north\" { within = land, since = \"2022-02-10\" }\n"
    "area \"south\" { within = land }\n"
    "local sent = measure \"sent\" { kind = \"flow\", unit = \"firms\", every = \"month\", due = "
    "\"20d\", skip = { month = 1 }, since = \"2021-12\" }\n"
    "local free = measure \"free\" { kind = \"flow\", unit = \"firms\", every = \"month\" }\n";

static const struct figure_row figures[] = {
    {"free", "south", NULL, "2022-03", 1, NULL, 0, false},
};

static void who_reports_and_by_when(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, pack_text);
    world_put(&world, ROWS(figures));
    uint32_t land = zw_pack_area(world.pack, zw_text_of("land"), NULL);
    uint32_t north = zw_pack_area(world.pack, zw_text_of("north"), NULL);
    uint32_t south = zw_pack_area(world.pack, zw_text_of("south"), NULL);
    uint32_t sent = zw_pack_measure(world.pack, zw_text_of("sent"), NULL);
    uint32_t free_one = zw_pack_measure(world.pack, zw_text_of("free"), NULL);
    zw_period march = 52 * 12 + 2;
    assert_true(zw_inside_is_expected(world.eval, sent, south, march));
    assert_false(
        zw_inside_is_expected(world.eval, sent, land, march)); /* it has parts: they report */
    assert_true(zw_inside_is_expected(world.eval, sent, north, march));
    assert_true(
        zw_inside_is_expected(world.eval, sent, north, march - 1)); /* it lives at February's end */
    assert_false(
        zw_inside_is_expected(world.eval, sent, north, march - 3)); /* not yet at December's */
    assert_false(
        zw_inside_is_expected(world.eval, sent, south, march - 2)); /* nobody reports January */
    assert_true(zw_inside_is_expected(world.eval, sent, south, march - 3));
    assert_false(zw_inside_is_expected(world.eval, sent, south, march - 4)); /* before `since` */
    assert_int_equal(zw_inside_reporters(world.eval, sent, land, march), 2);
    assert_int_equal(zw_inside_reporters(world.eval, sent, land, march - 3), 1);
    assert_true(zw_inside_is_expected(world.eval, free_one, south,
                                      march)); /* since the first that anybody reported */
    assert_false(zw_inside_is_expected(world.eval, free_one, south, march - 1));
    /* March ends at 2022-04-01T00:00+08:00; twenty days later */
    assert_int_equal(zw_inside_due_ms(world.eval, sent, south, march, NULL),
                     INT64_C(1650470400000));
    zw_length extra = {.days = 10};
    assert_int_equal(zw_inside_due_ms(world.eval, sent, south, march, &extra),
                     INT64_C(1651334400000));
    assert_int_equal(zw_inside_due_ms(world.eval, free_one, south, march, NULL), ZW_NEVER_MS);
    assert_true(zw_inside_is_skipped(world.eval, sent, south, march - 2));
    assert_false(zw_inside_is_skipped(world.eval, sent, south, march));
    world_close(&world);
}

static const char changing_text[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "local town = area \"town\" { within = land }\n"
    "area \"left\" { within = town, since = \"2022-03\" }\n"
    "area \"right\" { within = town, since = \"2022-03\" }\n"
    "local gone = area \"gone\" { within = land, till = \"2022-02\" }\n"
    "area \"orphan\" { within = gone }\n"
    "local sent = measure \"sent\" { kind = \"flow\", unit = \"firms\", every = \"month\", since = "
    "\"2022-01\" }\n";

static const struct figure_row changing[] = {
    {"sent", "town", NULL, "2022-02", 9, NULL, 0, false},
    {"sent", "orphan", NULL, "2022-02", 2, NULL, 0, false},
    {"sent", "left", NULL, "2022-03", 4, NULL, 0, false},
    {"sent", "right", NULL, "2022-03", 6, NULL, 0, false},
    {"sent", "orphan", NULL, "2022-03", 2, NULL, 0, false},
};

static const struct answer_row of_then[] = {
    {"undivided: 9 of town itself, 2 of gone", "sent", "land", "2022-02", "11 firms"},
    {"divided: 4 + 6; what lay in the one that is gone goes with it", "sent", "land", "2022-03",
     "10 firms"},
    {"undivided, the town itself is waited for", "sent", "land", "2022-01",
     "missing: no figure (0 of 2 in)"},
};

static void the_reporters_of_a_period_are_those_of_its_tree(void **state)
{
    (void)state;
    struct world world;
    world_open(&world, changing_text);
    world_put(&world, ROWS(changing));
    uint32_t land = zw_pack_area(world.pack, zw_text_of("land"), NULL);
    uint32_t town = zw_pack_area(world.pack, zw_text_of("town"), NULL);
    zw_period march = 52 * 12 + 2;
    assert_true(zw_inside_is_expected(world.eval, 0, town, march - 1));
    assert_false(zw_inside_is_expected(world.eval, 0, town, march));
    assert_int_equal(zw_inside_reporters(world.eval, 0, land, march - 1), 2); /* town, orphan */
    assert_int_equal(zw_inside_reporters(world.eval, 0, land, march), 2);     /* left, right */
    world_answers(&world, ROWS(of_then));
    world_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_reports_and_by_when),
        cmocka_unit_test(the_reporters_of_a_period_are_those_of_its_tree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
