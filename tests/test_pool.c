/* Tests of the pool. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/pool.h"
#include "failing_alloc.h"

#include <stdio.h>
#include <string.h>

enum { MANY = 5000 };

static zw_pool *pool_new(void)
{
    zw_pool *pool;
    zw_err err = {0};
    assert_int_equal(zw_pool_create(&pool, &err), ZW_OK);
    return pool;
}

static zw_text name_of(uint32_t i, char out[32])
{
    (void)snprintf(out, 32, "series_%u", i);
    return zw_text_of(out);
}

static void put_all(zw_pool *pool, uint32_t from, uint32_t to)
{
    char name[32];
    for (uint32_t i = from; i < to; i++) {
        assert_int_equal(zw_pool_put(pool, name_of(i, name)), i);
    }
}

static void assert_holds(const zw_pool *pool, uint32_t count)
{
    char name[32];
    assert_int_equal(zw_pool_count(pool), count);
    for (uint32_t i = 0; i < MANY; i++) {
        zw_text text = name_of(i, name);
        assert_int_equal(zw_pool_find(pool, text), i < count ? i : ZW_POOL_NONE);
        if (i < count) {
            assert_string_equal(zw_pool_text(pool, i), name);
        }
    }
}

static void texts_are_numbered_in_order_of_arrival(void **state)
{
    (void)state;
    zw_pool *pool = pool_new();
    assert_int_equal(zw_pool_find(pool, zw_text_of("a")), ZW_POOL_NONE);
    put_all(pool, 0, MANY);
    put_all(pool, 0, MANY); /* again is the same number */
    assert_holds(pool, MANY);
    zw_pool_destroy(pool);
    zw_pool_destroy(NULL);
}

static void a_text_does_not_move_when_others_come(void **state)
{
    (void)state;
    zw_pool *pool = pool_new();
    put_all(pool, 0, 3);
    const char *first = zw_pool_text(pool, 0);
    put_all(pool, 3, MANY);
    assert_ptr_equal(first, zw_pool_text(pool, 0));
    assert_string_equal(first, "series_0");
    zw_pool_destroy(pool);
}

static void any_bytes_are_a_text(void **state)
{
    (void)state;
    zw_pool *pool = pool_new();
    char large[20000];
    memset(large, 'x', sizeof large);
    assert_int_equal(zw_pool_put(pool, zw_text_of("")), 0);
    assert_int_equal(zw_pool_put(pool, zw_text_of(NULL)), 0);
    assert_int_equal(zw_pool_put(pool, (zw_text){"a\0b", 3}), 1);
    assert_int_equal(zw_pool_put(pool, (zw_text){"a\0c", 3}), 2);
    assert_int_equal(zw_pool_put(pool, (zw_text){large, sizeof large}), 3);
    assert_int_equal(zw_pool_put(pool, (zw_text){large, sizeof large - 1}), 4);
    assert_memory_equal(zw_pool_text(pool, 2), "a\0c", 4);
    assert_int_equal(strlen(zw_pool_text(pool, 3)), sizeof large);
    zw_pool_shrink(pool, 3);
    assert_int_equal(zw_pool_find(pool, (zw_text){large, sizeof large}), ZW_POOL_NONE);
    assert_int_equal(zw_pool_put(pool, zw_text_of("next")), 3);
    assert_memory_equal(zw_pool_text(pool, 1), "a\0b", 4);
    zw_pool_destroy(pool);
}

static void shrinking_forgets_exactly_the_newest(void **state)
{
    (void)state;
    zw_pool *pool = pool_new();
    static const uint32_t counts[] = {4999, 4000, 700, 4096, 33, 32, 1, 0, 2000};
    put_all(pool, 0, MANY);
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        put_all(pool, zw_pool_count(pool), counts[i]); /* where the row is larger: they return */
        zw_pool_shrink(pool, counts[i]);
        assert_holds(pool, counts[i]);
        zw_pool_shrink(pool, counts[i] + 10); /* there are not that many */
        assert_int_equal(zw_pool_count(pool), counts[i]);
    }
    zw_pool_destroy(pool);
}

static void each_allocation_may_be_refused(void **state)
{
    (void)state;
    bool was_refused = true;
    char name[32];
    for (int n = 0; was_refused; n++) {
        zw_pool *pool;
        zw_err err = {0};
        uint32_t count = 0;
        failing_alloc_after(n);
        zw_status status = zw_pool_create(&pool, &err);
        while (status == ZW_OK && count < MANY &&
               zw_pool_put(pool, name_of(count, name)) != ZW_POOL_NONE) {
            count++;
        }
        was_refused = failing_alloc_stop();
        assert_int_equal(was_refused, count < MANY);
        if (status == ZW_OK) {
            assert_int_equal(zw_pool_count(pool), count);
            put_all(pool, 0, MANY); /* with memory it goes on as if nothing had been */
            zw_pool_shrink(pool, count);
            assert_holds(pool, count);
        } else {
            assert_int_equal(status, ZW_NOMEM);
            assert_null(pool);
        }
        zw_pool_destroy(pool);
        assert_in_range(n, 0, 100);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(texts_are_numbered_in_order_of_arrival),
        cmocka_unit_test(a_text_does_not_move_when_others_come),
        cmocka_unit_test(any_bytes_are_a_text),
        cmocka_unit_test(shrinking_forgets_exactly_the_newest),
        cmocka_unit_test(each_allocation_may_be_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
