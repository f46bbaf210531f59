/* The keys of live samples. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "failing_alloc.h"
#include "intake/live_keys.h"

#include <stdio.h>
#include <string.h>

static zw_status put(zw_live_keys *keys, const char *series, const char *field, uint32_t *number)
{
    zw_live_label label = {zw_text_of("host"), zw_text_of("a")};
    zw_live_bytes bytes = {zw_text_of(series), zw_text_of(field)};
    zw_live_key key = {zw_text_of("cpu"), zw_text_of("idle"), &label, 1};
    return zw_live_keys_add(keys, &bytes, &key, number, NULL);
}

static uint32_t find(const zw_live_keys *keys, const char *series, const char *field)
{
    zw_live_bytes bytes = {zw_text_of(series), zw_text_of(field)};
    return zw_live_keys_find(keys, &bytes);
}

static void a_key_is_found_by_its_bytes_alone(void **state)
{
    (void)state;
    zw_live_keys *keys = NULL;
    uint32_t number = 7;
    assert_int_equal(zw_live_keys_create(&keys, NULL), ZW_OK);
    assert_int_equal(find(keys, "cpu,host=a", "idle="), ZW_LIVE_KEY_NONE);
    assert_int_equal(put(keys, "cpu,host=a", "idle=", &number), ZW_OK);
    assert_int_equal(number, 0);
    assert_int_equal(put(keys, "cpu,host=a", "", &number), ZW_OK);
    assert_int_equal(number, 1);
    assert_int_equal(find(keys, "cpu,host=a", "idle="), 0);
    assert_int_equal(find(keys, "cpu,host=a", ""), 1);
    assert_int_equal(find(keys, "cpu,host=aidle=", ""), ZW_LIVE_KEY_NONE);
    assert_int_equal(find(keys, "cpu,host=", "aidle="), ZW_LIVE_KEY_NONE);
    zw_text raw = zw_live_keys_raw(keys, 0);
    assert_true(zw_text_is(raw, "cpu,host=a idle="));
    assert_int_equal(zw_live_keys_series_bytes(keys, 0), strlen("cpu,host=a"));
    const zw_live_key *key = zw_live_keys_at(keys, 0);
    assert_true(zw_text_is(key->name, "cpu"));
    assert_true(zw_text_is(key->field, "idle"));
    assert_int_equal(key->label_count, 1);
    assert_true(zw_text_is(key->labels[0].value, "a"));
    zw_live_keys_destroy(keys);
}

static void many_keys_are_told_apart(void **state)
{
    enum { MANY = 20000 };
    (void)state;
    zw_live_keys *keys = NULL;
    char series[40];
    uint32_t number = 0;
    assert_int_equal(zw_live_keys_create(&keys, NULL), ZW_OK);
    for (int i = 0; i < MANY; i++) {
        (void)snprintf(series, sizeof series, "m,t=%d", i);
        assert_int_equal(put(keys, series, "v=", &number), ZW_OK);
        assert_int_equal(number, i);
    }
    size_t full = zw_live_keys_bytes(keys);
    for (int i = 0; i < MANY; i++) {
        (void)snprintf(series, sizeof series, "m,t=%d", i);
        assert_int_equal(find(keys, series, "v="), i);
    }
    zw_live_keys_clear(keys);
    assert_int_equal(zw_live_keys_count(keys), 0);
    assert_int_equal(find(keys, "m,t=1", "v="), ZW_LIVE_KEY_NONE);
    assert_true(zw_live_keys_bytes(keys) < full / 100);
    assert_int_equal(put(keys, "m,t=1", "v=", &number), ZW_OK);
    assert_int_equal(number, 0);
    zw_live_keys_destroy(keys);
}

static void what_followed_is_remembered(void **state)
{
    (void)state;
    zw_live_keys *keys = NULL;
    uint32_t number = 0;
    assert_int_equal(zw_live_keys_create(&keys, NULL), ZW_OK);
    assert_int_equal(put(keys, "a", "v=", &number), ZW_OK);
    assert_int_equal(put(keys, "b", "v=", &number), ZW_OK);
    assert_int_equal(zw_live_keys_next(keys, 0), ZW_LIVE_KEY_NONE);
    zw_live_keys_follow(keys, 0, 1);
    assert_int_equal(zw_live_keys_next(keys, 0), 1);
    zw_live_keys_destroy(keys);
}

static void without_memory_nothing_is_added(void **state)
{
    bool was_refused = true;
    (void)state;
    for (long n = 0; was_refused; n++) {
        zw_live_keys *keys = NULL;
        uint32_t number = 0;
        failing_alloc_after(n);
        zw_status status = zw_live_keys_create(&keys, NULL);
        status = status == ZW_OK ? put(keys, "a", "v=", &number) : status;
        was_refused = failing_alloc_stop();
        assert_int_equal(status, was_refused ? ZW_NOMEM : ZW_OK);
        if (keys != NULL) {
            assert_int_equal(zw_live_keys_count(keys), was_refused ? 0 : 1);
            assert_int_equal(find(keys, "a", "v="), was_refused ? ZW_LIVE_KEY_NONE : 0);
        }
        zw_live_keys_destroy(keys);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_is_found_by_its_bytes_alone),
        cmocka_unit_test(many_keys_are_told_apart),
        cmocka_unit_test(what_followed_is_remembered),
        cmocka_unit_test(without_memory_nothing_is_added),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
