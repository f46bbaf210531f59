/* The ticker: it ticks once for a start, never after a stop or a close, and leaves the loop clean.
 */
#include "serve/ticker.h"

#include "failing_alloc.h"
#include "loop_run.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

struct fixture {
    uv_loop_t loop;
    zw_ticker *ticker;
    int ticks;
    bool is_closed, closes_itself;
};

static void on_closed(void *arg)
{
    struct fixture *f = arg;
    f->is_closed = true;
}

static void on_tick(void *arg)
{
    struct fixture *f = arg;
    f->ticks++;
    if (f->closes_itself) {
        zw_ticker_close(f->ticker, on_closed, f);
        f->ticker = NULL;
    }
}

static int setup(void **state)
{
    struct fixture *f = calloc(1, sizeof *f);
    if (f == NULL || uv_loop_init(&f->loop) != 0) {
        free(f);
        return -1;
    }
    *state = f;
    return zw_ticker_open(&f->loop, on_tick, f, &f->ticker, NULL) == ZW_OK ? 0 : -1;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    zw_ticker_close(f->ticker, on_closed, f);
    (void)uv_run(&f->loop, UV_RUN_DEFAULT);
    int rc = f->is_closed ? loop_run_end(&f->loop) : -1;
    free(f);
    return rc;
}

static void ticks_once_for_a_start(void **state)
{
    static const struct {
        const char *why;
        int64_t delay_ms;
    } rows[] = {
        {"a moment that lies ahead", 5},
        {"a moment that is now", 0},
        {"a moment that has passed", -5000},
        {"the smallest number there is", INT64_MIN},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        f->ticks = 0;
        zw_ticker_start(f->ticker, rows[i].delay_ms);
        (void)uv_run(&f->loop, UV_RUN_DEFAULT); /* ends when no timer is active */
        if (f->ticks != 1) {
            fail_msg("%s: %d ticks", rows[i].why, f->ticks);
        }
    }
}

static void never_ticks_before_its_time(void **state)
{
    struct fixture *f = *state;
    uint64_t start_ms = uv_hrtime() / 1000000;
    zw_ticker_start(f->ticker, 30);
    (void)uv_run(&f->loop, UV_RUN_DEFAULT);
    assert_true(uv_hrtime() / 1000000 - start_ms >= 29);
}

static void a_new_start_replaces_the_old_wish(void **state)
{
    struct fixture *f = *state;
    zw_ticker_start(f->ticker, INT64_MAX); /* would keep the loop for ever */
    zw_ticker_start(f->ticker, 1);
    (void)uv_run(&f->loop, UV_RUN_DEFAULT);
    assert_int_equal(f->ticks, 1);
}

static void a_stop_forgets_the_wish(void **state)
{
    struct fixture *f = *state;
    zw_ticker_stop(f->ticker); /* without a wish: nothing */
    zw_ticker_start(f->ticker, 1);
    zw_ticker_stop(f->ticker);
    (void)uv_run(&f->loop, UV_RUN_DEFAULT);
    assert_int_equal(f->ticks, 0);
}

static void may_be_closed_from_its_own_tick(void **state)
{
    struct fixture *f = *state;
    f->closes_itself = true;
    zw_ticker_start(f->ticker, 0);
    (void)uv_run(&f->loop, UV_RUN_DEFAULT);
    assert_true(f->is_closed);
    assert_int_equal(f->ticks, 1);
}

static void closing_takes_the_wish_with_it(void **state)
{
    struct fixture *f = *state;
    zw_ticker_start(f->ticker, INT64_MAX);
    zw_ticker_close(f->ticker, on_closed, f);
    f->ticker = NULL;
    (void)uv_run(&f->loop, UV_RUN_DEFAULT);
    assert_true(f->is_closed);
    assert_int_equal(f->ticks, 0);
}

static void says_so_when_there_is_no_memory(void **state)
{
    struct fixture *f = *state;
    zw_ticker *ticker = f->ticker;
    zw_err err = {ZW_OK, ""};
    failing_alloc_after(0);
    zw_status status = zw_ticker_open(&f->loop, on_tick, f, &ticker, &err);
    assert_true(failing_alloc_stop());
    assert_int_equal(status, ZW_NOMEM);
    assert_null(ticker);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(ticks_once_for_a_start, setup, teardown),
        cmocka_unit_test_setup_teardown(never_ticks_before_its_time, setup, teardown),
        cmocka_unit_test_setup_teardown(a_new_start_replaces_the_old_wish, setup, teardown),
        cmocka_unit_test_setup_teardown(a_stop_forgets_the_wish, setup, teardown),
        cmocka_unit_test_setup_teardown(may_be_closed_from_its_own_tick, setup, teardown),
        cmocka_unit_test_setup_teardown(closing_takes_the_wish_with_it, setup, teardown),
        cmocka_unit_test_setup_teardown(says_so_when_there_is_no_memory, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
