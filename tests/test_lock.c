/* The writer's lock: one holder, in this process or another, until it lets go or dies. */
#include "store/lock.h"

#include "failing_alloc.h"
#include "store_folder.h"

#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <setjmp.h>

#include <cmocka.h>

static void a_second_holder_in_the_same_process_is_refused(void **state)
{
    const store_folder *f = *state;
    zw_lock *first = NULL;
    zw_lock *second = NULL;
    zw_err err = {0};
    assert_int_equal(zw_lock_take(f->path, &first, &err), ZW_OK);
    assert_int_equal(zw_lock_take(f->path, &second, &err), ZW_CONFLICT);
    assert_null(second);
    assert_non_null(strstr(err.text, "another process writes"));
    /* Being refused must not have loosened the first one's hold. */
    assert_int_equal(zw_lock_take(f->path, &second, &err), ZW_CONFLICT);
    zw_lock_release(first);
    assert_int_equal(zw_lock_take(f->path, &second, &err), ZW_OK);
    zw_lock_release(second);
    zw_lock_release(NULL);
}

static void locks_of_different_stores_do_not_meet(void **state)
{
    const store_folder *f = *state;
    char other[STORE_PATH_BYTES + 8];
    (void)snprintf(other, sizeof other, "%s2", f->path);
    zw_lock *first = NULL;
    zw_lock *second = NULL;
    assert_int_equal(zw_lock_take(f->path, &first, NULL), ZW_OK);
    assert_int_equal(zw_lock_take(other, &second, NULL), ZW_OK);
    zw_lock_release(first);
    zw_lock_release(second);
}

/* Takes the lock, says so, and waits to be killed. */
static void hold_for_ever(const char *path, int say)
{
    zw_lock *lock = NULL;
    char answer = zw_lock_take(path, &lock, NULL) == ZW_OK ? 'y' : 'n';
    if (write(say, &answer, 1) != 1) {
        _exit(1);
    }
    for (;;) {
        (void)pause();
    }
}

static void another_process_is_seen_until_it_is_killed(void **state)
{
    const store_folder *f = *state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        hold_for_ever(f->path, ends[1]);
    }
    char answer = 0;
    assert_int_equal(read(ends[0], &answer, 1), 1);
    assert_int_equal(answer, 'y');
    zw_lock *lock = NULL;
    zw_err err = {0};
    assert_int_equal(zw_lock_take(f->path, &lock, &err), ZW_CONFLICT);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_int_equal(zw_lock_take(f->path, &lock, &err), ZW_OK);
    zw_lock_release(lock);
    assert_int_equal(close(ends[0]), 0);
    assert_int_equal(close(ends[1]), 0);
}

static void the_lock_leaves_an_empty_file_and_no_journal(void **state)
{
    const store_folder *f = *state;
    char path[STORE_PATH_BYTES + 32];
    zw_lock *lock = NULL;
    struct stat is;
    assert_int_equal(zw_lock_take(f->path, &lock, NULL), ZW_OK);
    (void)snprintf(path, sizeof path, "%s-lock-journal", f->path);
    assert_int_not_equal(stat(path, &is), 0);
    zw_lock_release(lock);
    assert_int_not_equal(stat(path, &is), 0);
    (void)snprintf(path, sizeof path, "%s-lock", f->path);
    assert_int_equal(stat(path, &is), 0);
    assert_int_equal(is.st_size, 0);
}

static void a_lock_file_that_cannot_be_is_an_error(void **state)
{
    const store_folder *f = *state;
    char path[STORE_PATH_BYTES + 32];
    zw_lock *lock = NULL;
    zw_err err = {0};
    (void)snprintf(path, sizeof path, "%s/no/such/folder", f->folder);
    assert_int_equal(zw_lock_take(path, &lock, &err), ZW_STORE);
    assert_null(lock);
    assert_non_null(strstr(err.text, path));
}

static void refused_memory_takes_no_lock(void **state)
{
    const store_folder *f = *state;
    for (long n = 0;; n++) {
        zw_lock *lock = NULL;
        failing_alloc_after(n);
        zw_status status = zw_lock_take(f->path, &lock, NULL);
        if (!failing_alloc_stop()) {
            assert_int_equal(status, ZW_OK);
            zw_lock_release(lock);
            return;
        }
        assert_int_equal(status, ZW_NOMEM);
        assert_null(lock);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_second_holder_in_the_same_process_is_refused,
                                        store_folder_setup, store_folder_teardown),
        cmocka_unit_test_setup_teardown(locks_of_different_stores_do_not_meet, store_folder_setup,
                                        store_folder_teardown),
        cmocka_unit_test_setup_teardown(another_process_is_seen_until_it_is_killed,
                                        store_folder_setup, store_folder_teardown),
        cmocka_unit_test_setup_teardown(the_lock_leaves_an_empty_file_and_no_journal,
                                        store_folder_setup, store_folder_teardown),
        cmocka_unit_test_setup_teardown(a_lock_file_that_cannot_be_is_an_error, store_folder_setup,
                                        store_folder_teardown),
        cmocka_unit_test_setup_teardown(refused_memory_takes_no_lock, store_folder_setup,
                                        store_folder_teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
