/* What a guard's alert says: the words of the moment, with what became of the batch. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "alert/spoken.h"
#include "engine_world.h"
#include "guard_world.h"

struct spoken {
    zw_buf en, zh, value, evidence;
    bool is_synthetic;
};

static void spoken_init(struct spoken *spoken)
{
    zw_buf_init(&spoken->en, 4096);
    zw_buf_init(&spoken->zh, 4096);
    zw_buf_init(&spoken->value, 4096);
    zw_buf_init(&spoken->evidence, 4096);
    spoken->is_synthetic = false;
}

static void spoken_fini(struct spoken *spoken)
{
    zw_buf_fini(&spoken->en);
    zw_buf_fini(&spoken->zh);
    zw_buf_fini(&spoken->value);
    zw_buf_fini(&spoken->evidence);
}

static void speak(struct house *house, const char *day, struct spoken *out)
{
    zw_err err = {ZW_OK, ""};
    zw_eval *eval = NULL;
    spoken_init(out);
    assert_int_equal(zw_engine_eval_at(house->engine, day_ms(day), &eval, &err), ZW_OK);
    assert_int_equal(
        zw_spoken_say(eval, 0, 1, &out->en, &out->zh, &out->value, &out->is_synthetic, &err),
        ZW_OK);
    assert_int_equal(zw_spoken_evidence(eval, 0, 1, &out->evidence, &err), ZW_OK);
    zw_eval_destroy(eval);
}

static void the_words_say_what_became_of_the_batch(void **state)
{
    /* 20000000 of 1e4 CNY is 10 000 times the 2000 before it. */
    static const struct {
        const char *day, *en, *zh, *evidence;
    } cases[] = {
        {"2022-02-20", "", "", "{}"},
        {"2022-03-06", "north 2022-02: 10000 times the month before (batch 2 held)",
         "north2022-02(批次2已扣留)",
         "{\"batch\":2,\"period\":\"2022-02\",\"value\":\"10000\",\"say\":\"north 2022-02: 10000 "
         "times the month before\",\"synthetic\":true}"},
        {"2022-03-08", "north 2022-02: 10000 times the month before (batch 2 refused)",
         "north2022-02(批次2已退回)", NULL},
        {"2022-03-12", "north 2022-02: 10000 times the month before (batch 4 released)",
         "north2022-02(批次4已放行)", NULL},
        {"2022-04-10", "north 2022-03: 4.44 times the month before", "north2022-03", NULL},
    };
    (void)state;
    struct house house;
    zw_err err = {ZW_OK, ""};
    const zw_fed *fed = NULL;
    zw_feed_options synthetic = {.source = "a", .is_synthetic = true};
    house_open(&house, slip_pack, "2022-02-05");
    house_day(&house, "2022-02-05", "money,north,2022-01,2000\n"); /* 1 */
    house.now_ms = day_ms("2022-03-05");
    assert_int_equal(house_feed(&house, "money,north,2022-02,20000000\n", synthetic, &fed, &err),
                     ZW_OK); /* 2 */
    house_day(&house, "2022-03-05", NULL);
    house.now_ms = day_ms("2022-03-07");
    assert_int_equal(zw_engine_refuse(house.engine, 2, &err), ZW_OK);
    house_day(&house, "2022-03-07", NULL);
    house_day(&house, "2022-03-08", "money,south,2022-02,4500\n");     /* 3 */
    house_day(&house, "2022-03-09", "money,north,2022-02,20000000\n"); /* 4 */
    house.now_ms = day_ms("2022-03-11");
    assert_int_equal(zw_engine_release(house.engine, 4, &fed, &err), ZW_OK); /* 5 */
    house_day(&house, "2022-03-11", NULL);
    house_day(&house, "2022-03-13", "money,north,2022-02,4500\n");  /* 6, of 2000: 2.25 */
    house_day(&house, "2022-04-05", "money,north,2022-03,20000\n"); /* 7: 20000 / 4500 = 4.44… */
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        print_message("  %s\n", cases[i].day);
        struct spoken spoken;
        speak(&house, cases[i].day, &spoken);
        assert_string_equal(zw_buf_view(&spoken.en), cases[i].en);
        assert_string_equal(zw_buf_view(&spoken.zh), cases[i].zh);
        assert_int_equal(spoken.is_synthetic, i == 1 || i == 2);
        if (cases[i].evidence != NULL) {
            assert_string_equal(zw_buf_view(&spoken.evidence), cases[i].evidence);
        }
        spoken_fini(&spoken);
    }
    house_close(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_words_say_what_became_of_the_batch),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
