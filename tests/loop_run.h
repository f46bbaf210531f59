/** Runs a loop until something is so; a test that waits in vain fails instead of hanging. */
#ifndef ZW_TESTS_LOOP_RUN_H
#define ZW_TESTS_LOOP_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <uv.h>

enum { LOOP_RUN_PATIENCE_MS = 20000 };

struct loop_run {
    bool (*is_so)(void *arg);
    void *arg;
    bool is_late;
};

static inline void loop_run_on_timer(uv_timer_t *timer)
{
    struct loop_run *run = timer->data;
    run->is_late = true;
}

/* Asked before every wait, so that what a timer made so is not waited on. */
static inline void loop_run_on_prepare(uv_prepare_t *prepare)
{
    const struct loop_run *run = prepare->data;
    if (run->is_late || run->is_so(run->arg)) {
        uv_stop(prepare->loop);
    }
}

/** Runs until `is_so(arg)`. @return false when it did not become so in time. */
static inline bool loop_run_until(uv_loop_t *loop, bool (*is_so)(void *arg), void *arg)
{
    struct loop_run run = {is_so, arg, false};
    uv_timer_t watchdog;
    uv_prepare_t prepare;
    (void)uv_timer_init(loop, &watchdog);
    (void)uv_prepare_init(loop, &prepare);
    watchdog.data = prepare.data = &run;
    (void)uv_timer_start(&watchdog, loop_run_on_timer, LOOP_RUN_PATIENCE_MS, 0);
    (void)uv_prepare_start(&prepare, loop_run_on_prepare);
    (void)uv_run(loop, UV_RUN_DEFAULT);
    uv_close((uv_handle_t *)&watchdog, NULL);
    uv_close((uv_handle_t *)&prepare, NULL);
    (void)uv_run(loop, UV_RUN_NOWAIT); /* they lie on this stack: the loop must let go of them */
    return is_so(arg);
}

static inline bool loop_run_is_set(void *flag)
{
    return *(const bool *)flag;
}

/** Ends a loop in which everything was closed. @return 0, or UV_EBUSY when a handle was left open.
 */
static inline int loop_run_end(uv_loop_t *loop)
{
    (void)uv_run(loop, UV_RUN_NOWAIT);
    return uv_loop_close(loop);
}

#endif
