/* Tests of the arena. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/arena.h"
#include "failing_alloc.h"

#include <stdalign.h>
#include <string.h>

enum { CEILING = 1 << 20 };

static zw_arena *arena_of(size_t ceiling_bytes)
{
    zw_arena *arena;
    zw_err err = {0};
    assert_int_equal(zw_arena_create(ceiling_bytes, &arena, &err), ZW_OK);
    return arena;
}

static void memory_is_zeroed_aligned_and_apart(void **state)
{
    (void)state;
    zw_arena *arena = arena_of(CEILING);
    unsigned char *last[64] = {0};
    for (int turn = 0; turn < 3; turn++) { /* the second turn gets used memory */
        for (size_t i = 0; i < 64; i++) {
            last[i] = zw_arena_alloc(arena, i * 7);
            assert_non_null(last[i]);
            assert_int_equal((uintptr_t)last[i] % alignof(max_align_t), 0);
            for (size_t j = 0; j < i * 7; j++) {
                assert_int_equal(last[i][j], 0);
            }
            memset(last[i], (int)i + 1, i * 7);
        }
        for (size_t i = 0; i < 64; i++) {
            for (size_t j = 0; j < i * 7; j++) {
                assert_int_equal(last[i][j], i + 1);
            }
        }
        zw_arena_reset(arena);
    }
    zw_arena_destroy(arena);
}

static void past_the_ceiling_it_answers_null_and_stays_usable(void **state)
{
    (void)state;
    zw_arena *arena = arena_of(10000);
    size_t total = 0;
    while (zw_arena_alloc(arena, 100) != NULL) {
        total += 100;
        assert_in_range(total, 0, 10000);
    }
    assert_in_range(total, 8000, 10000); /* most of the ceiling can be used */
    assert_null(zw_arena_alloc(arena, 5000));
    zw_arena_reset(arena);
    assert_non_null(zw_arena_alloc(arena, 100));
    assert_null(zw_arena_alloc(arena, SIZE_MAX));
    assert_null(zw_arena_alloc(arena, SIZE_MAX - 7));
    assert_null(zw_arena_text(arena, "x", SIZE_MAX));
    zw_arena_destroy(arena);

    arena = arena_of(0); /* not even its bookkeeping fits */
    assert_null(zw_arena_alloc(arena, 0));
    zw_arena_destroy(arena);

    arena = arena_of(SIZE_MAX);
    assert_null(zw_arena_alloc(arena, SIZE_MAX - 7)); /* rounding must not wrap to a small one */
    assert_null(zw_arena_alloc(arena, SIZE_MAX));
    zw_arena_destroy(arena);
}

static void a_large_piece_has_room_of_its_own(void **state)
{
    (void)state;
    zw_arena *arena = arena_of(CEILING);
    char *small = zw_arena_text(arena, "small", 5);
    char *large = zw_arena_alloc(arena, CEILING / 2);
    assert_non_null(large);
    memset(large, 'x', CEILING / 2);
    assert_string_equal(small, "small");
    zw_arena_reset(arena); /* the large block is not kept: the whole ceiling is free again */
    assert_non_null(zw_arena_alloc(arena, (size_t)CEILING / 4 * 3));
    zw_arena_destroy(arena);
}

static void texts_are_copied_and_formatted(void **state)
{
    (void)state;
    zw_arena *arena = arena_of(CEILING);
    assert_string_equal(zw_arena_text(arena, "abcdef", 3), "abc");
    assert_string_equal(zw_arena_text(arena, NULL, 0), "");
    assert_string_equal(zw_arena_textf(arena, "%s-%02d", "2022", 3), "2022-03");
    assert_string_equal(zw_arena_textf(arena, "%s", ""), "");
    zw_arena_destroy(arena);

    arena = arena_of(1000);
    assert_null(zw_arena_textf(arena, "%2000d", 1));
    zw_arena_destroy(arena);
}

static void what_was_handed_out_is_counted(void **state)
{
    (void)state;
    zw_arena *arena = arena_of(CEILING);
    assert_int_equal(zw_arena_used(arena), 0);
    (void)zw_arena_alloc(arena, 1000);
    assert_in_range(zw_arena_used(arena), 1000, 1000 + alignof(max_align_t));
    (void)zw_arena_alloc(arena, 20000);
    assert_in_range(zw_arena_used(arena), 21000, 21000 + 2 * alignof(max_align_t));
    zw_arena_reset(arena);
    assert_int_equal(zw_arena_used(arena), 0);
    zw_arena_destroy(arena);
    zw_arena_destroy(NULL);
}

static zw_status fill(zw_arena **out, zw_err *err)
{
    zw_status status = zw_arena_create(CEILING, out, err);
    for (int i = 0; status == ZW_OK && i < 40; i++) {
        if (zw_arena_textf(*out, "%500d", i) == NULL) {
            status = ZW_NOMEM;
        }
    }
    return status;
}

static void each_allocation_may_be_refused(void **state)
{
    (void)state;
    bool was_refused = true;
    for (int n = 0; was_refused; n++) {
        zw_arena *arena;
        zw_err err = {0};
        failing_alloc_after(n);
        zw_status status = fill(&arena, &err);
        was_refused = failing_alloc_stop();
        assert_int_equal(status, was_refused ? ZW_NOMEM : ZW_OK);
        if (n == 0) {
            assert_null(arena);
            assert_int_equal(err.status, ZW_NOMEM);
        } else {
            assert_non_null(zw_arena_alloc(arena, 5000)); /* with memory it goes on */
        }
        zw_arena_destroy(arena);
        assert_in_range(n, 0, 100);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_aligned_and_apart),
        cmocka_unit_test(past_the_ceiling_it_answers_null_and_stays_usable),
        cmocka_unit_test(a_large_piece_has_room_of_its_own),
        cmocka_unit_test(texts_are_copied_and_formatted),
        cmocka_unit_test(what_was_handed_out_is_counted),
        cmocka_unit_test(each_allocation_may_be_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
