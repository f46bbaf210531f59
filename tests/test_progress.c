/* Progress: what it says, and that it says nothing but to a terminal. */
#include "app/progress.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void tells_how_far_how_fast_and_how_long(void **state)
{
    (void)state;
    static const struct {
        const char *why;
        double from, done, total;
        size_t rows;
        int64_t took_ms;
        const char *text;
    } rows[] = {
        {"under way", 0, 25, 100, 500000, 2000, "a.csv: taken 25 %, 250000 rows/s, 6 s left"},
        {"too early to say how long", 0, 1, 100, 3000, 100, "a.csv: taken 1 %, 30000 rows/s"},
        {"at its beginning", 0, 0, 100, 0, 0, "a.csv: taken 0 %"},
        {"no rows to count", 0, 50, 100, 0, 4000, "a.csv: taken 50 %, 4 s left"},
        {"going on: what was there is not its speed", 50, 75, 100, 100, 1000,
         "a.csv: taken 75 %, 100 rows/s, 1 s left"},
        {"done", 0, 100, 100, 1000, 1000, "a.csv: taken 100 %, 1000 rows/s, 0 s left"},
        {"nothing to do", 0, 0, 0, 0, 0, "a.csv: taken 100 %"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        zw_progress progress;
        char text[ZW_PROGRESS_BYTES];
        zw_progress_init(&progress, NULL);
        zw_progress_begin(&progress, "a.csv: taken", rows[i].from, 7000);
        zw_progress_text(&progress, rows[i].done, rows[i].total, rows[i].rows,
                         7000 + rows[i].took_ms, text);
        if (strcmp(text, rows[i].text) != 0) {
            fail_msg("%s: %s", rows[i].why, text);
        }
    }
}

static void says_nothing_to_a_file(void **state)
{
    (void)state;
    zw_progress progress;
    FILE *file = tmpfile();
    assert_non_null(file);
    zw_progress_init(&progress, file);
    zw_progress_begin(&progress, "a.csv: taken", 0, 0);
    zw_progress_say(&progress, 1, 2, 3, 60000);
    zw_progress_end(&progress);
    assert_int_equal(ftell(file), 0);
    (void)fclose(file);
}

static void says_it_a_few_times_a_second_and_takes_it_away(void **state)
{
    (void)state;
    char said[512] = "";
    zw_progress progress;
    FILE *file = tmpfile();
    assert_non_null(file);
    zw_progress_init(&progress, NULL);
    progress.to = file; /* as if it were a terminal */
    zw_progress_begin(&progress, "a.csv: taken", 0, 0);
    for (int64_t now_ms = 0; now_ms < 1000; now_ms += 10) {
        zw_progress_say(&progress, (double)now_ms, 1000, 0, now_ms);
    }
    zw_progress_end(&progress);
    zw_progress_end(&progress);
    rewind(file);
    (void)fread(said, 1, sizeof(said) - 1, file);
    (void)fclose(file);
    assert_string_equal(said, "\ra.csv: taken 20 %\x1b[K\ra.csv: taken 40 %\x1b[K"
                              "\ra.csv: taken 60 %\x1b[K\ra.csv: taken 80 %\x1b[K\r\x1b[K");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_how_far_how_fast_and_how_long),
        cmocka_unit_test(says_nothing_to_a_file),
        cmocka_unit_test(says_it_a_few_times_a_second_and_takes_it_away),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
