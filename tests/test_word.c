/* An operator's word in the engine: it holds from its turn on, or nothing of it does. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine_world.h"
#include "failing_alloc.h"

static zw_status silence_north(struct house *house, zw_err *err)
{
    int64_t id = 0;
    zw_silence_words words = {.area = "north", .length = "1h", .author = "bo", .reason = "works"};
    return zw_engine_silence(house->engine, &words, &id, err);
}

static zw_status ack_poor(struct house *house, size_t *count, zw_err *err)
{
    int64_t first = 0;
    zw_ack_words words = {.alert = "late", .area = "north", .author = "bo"};
    return zw_engine_ack(house->engine, &words, &first, count, err);
}

static bool is_silent(const struct house *house)
{
    zw_silenced what = {.alert = 1, .area = 1, .level = 1};
    return zw_silences_find(zw_engine_silences(house->engine), &what, house->now_ms) != 0;
}

static void a_word_without_memory_is_no_word(void **state)
{
    (void)state;
    bool has_refused = true;
    for (long n = 0; has_refused; n++) {
        struct house house;
        zw_err err = {ZW_OK, ""};
        size_t count = 0;
        house_open(&house, late_and_poor, "2022-02-05");
        house_day(&house, "2022-02-05", "money,north,2022-01,8\n");
        house_day(&house, "2022-04-20", NULL); /* two months are late */
        failing_alloc_after(n);
        zw_status status = silence_north(&house, &err);
        status = status == ZW_OK ? ack_poor(&house, &count, &err) : status;
        zw_status turned = zw_engine_is_in_turn(house.engine)
                               ? zw_engine_turn(house.engine, NULL, &err)
                               : ZW_NOMEM;
        has_refused = failing_alloc_stop();
        assert_true(status == ZW_OK || status == ZW_NOMEM);
        bool holds = turned == ZW_OK && is_silent(&house);
        size_t acks = zw_acks_count(zw_engine_acks(house.engine));
        if (!has_refused) {
            assert_int_equal(turned, ZW_OK);
            assert_true(holds);
            assert_int_equal(acks, 2);
        } else if (turned != ZW_OK) {
            assert_int_equal(zw_engine_turn(house.engine, NULL, &err), ZW_OK); /* and goes back */
            assert_false(is_silent(&house));
            assert_int_equal(zw_acks_count(zw_engine_acks(house.engine)), 0);
        }
        house_close(&house);
    }
}

static void all_that_fire_there_are_seen_at_once(void **state)
{
    (void)state;
    struct house house;
    zw_err err = {ZW_OK, ""};
    size_t count = 0;
    house_open(&house, late_and_poor, "2022-02-05");
    house_day(&house, "2022-02-05", "money,north,2022-01,8\n");
    assert_int_equal(ack_poor(&house, &count, &err), ZW_NOT_FOUND); /* nothing is late yet */
    house_day(&house, "2022-04-20", NULL);
    assert_int_equal(ack_poor(&house, &count, &err), ZW_OK);
    assert_int_equal(count, 2);
    assert_int_equal(zw_engine_turn(house.engine, NULL, &err), ZW_OK);
    house_close(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_word_without_memory_is_no_word),
        cmocka_unit_test(all_that_fire_there_are_seen_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
