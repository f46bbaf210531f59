/* `import`: each file one delivery, bad rows named, the others taken. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "verb_world.h"

static void files_are_taken_or_refused_one_by_one(void **state)
{
    (void)state;
    static struct desk desk;
    desk_open(&desk);
    desk_write(&desk, "init.lua", desk_pack);
    desk_write(&desk, "good.csv",
               "measure,area,period,value\nmoney,north,2022-01,2000\nmoney,south,2022-01,1000\n");
    desk_write(&desk, "bad.csv",
               "measure,area,period,value\nmoney,nroth,2022-02,1\nmoney,north,2022-13,1\nmoney,"
               "north,2022-02,x\nmoney,north,2022-03,5\n");
    desk_write(&desk, "gbk.csv",
               "measure,area,period,value\nmoney,\xc8\xab\xc7\xf8,2022-04,9\n"); /* the zone's
                                                                                    alias, in GBK */
    desk_expect(&desk, "import|@|@/good.csv|@/bad.csv|@/gbk.csv|--db|@/a.db|--known-at|2022-05-01",
                1);
    assert_non_null(strstr(desk.err, "good.csv: 2 rows, 0 unchanged, 0 revised"));
    assert_non_null(strstr(desk.err, "bad.csv:2:2: no area 'nroth'; did you mean 'north'?"));
    assert_non_null(strstr(desk.err, "bad.csv:3:3: "));
    assert_non_null(strstr(desk.err, "bad.csv:4:4: "));
    assert_non_null(strstr(desk.err, "bad.csv: refused: 3 bad rows: nothing was kept"));
    assert_non_null(strstr(desk.err, "gbk.csv: 1 rows, 0 unchanged, 0 revised, read as GB18030"));
    desk_expect(&desk, "import|@|@/good.csv|--db|@/a.db|--known-at|2022-05-01", 0);
    assert_non_null(strstr(desk.err, "the same delivery again"));
    desk_expect(&desk, "import|@|@/bad.csv|--db|@/a.db|--partial", 0);
    assert_non_null(strstr(desk.err, "bad.csv: 1 rows"));
    desk_expect(&desk, "import|@|@/nothing.csv|--db|@/a.db", 1);
    desk_expect(&desk, "import|@|@/good.csv|--db|@/a.db|--status|Q", 2);
    desk_expect(&desk, "import|@|@/good.csv|--format|xlsx", 1);
    assert_non_null(strstr(desk.err, "not yet"));
    desk_close(&desk);
}

static void a_dry_run_leaves_nothing_behind(void **state)
{
    (void)state;
    static struct desk desk;
    char path[STORE_PATH_BYTES];
    desk_open(&desk);
    desk_write(&desk, "init.lua", desk_pack);
    desk_write(&desk, "a.csv", "measure,area,period,value\nmoney,north,2022-01,2000\n");
    desk_expect(&desk, "import|@|@/a.csv|--dry-run|--db|@/a.db", 0);
    assert_non_null(strstr(desk.err, "a.csv: 1 rows can be taken, nothing was kept\n"));
    assert_int_not_equal(access(desk_path(&desk, "a.db", path), F_OK), 0);
    desk_expect(&desk, "import|@|@/a.csv|--db|@/a.db", 0);
    desk_expect(&desk, "import|@|@/a.csv|--dry-run|--db|@/a.db", 0);
    assert_non_null(strstr(desk.err, "the same delivery again"));
    desk_expect(&desk, "import|@|@/a.csv|--known-at|soon|--db|@/a.db", 2);
    desk_close(&desk);
}

static void live_formats_are_taken_from_files(void **state)
{
    (void)state;
    static struct desk desk;
    desk_open(&desk);
    desk_write(&desk, "init.lua", desk_pack);
    desk_write(&desk, "a.line", "money,area=north value=5 1640995200\nmoney,area=nroth value=5\n");
    desk_write(&desk, "a.prom", "money{area=\"north\"} 6 1643673600000\n");
    desk_expect(&desk, "import|@|@/a.line|--format|line|--precision|s|--db|@/a.db", 1);
    assert_non_null(strstr(desk.err, "a.line:2:1: no area 'nroth'; did you mean 'north'?"));
    assert_non_null(strstr(desk.err, "a.line: refused: 1 bad line: nothing was kept"));
    desk_expect(&desk, "import|@|@/a.line|--format|line|--precision|s|--partial|--db|@/a.db", 0);
    assert_non_null(strstr(desk.err, "a.line: 1 rows"));
    desk_expect(&desk, "import|@|@/a.prom|--format|prometheus|--db|@/a.db", 0);
    desk_expect(&desk, "import|@|@/a.prom|--format|openmetrics|--db|@/a.db", 1);
    assert_non_null(strstr(desk.err, "nothing was kept: 1:23: expected a timestamp in seconds"));
    desk_expect(&desk, "import|@|@/a.line|--format|line|--precision|d", 2);
    desk_expect(&desk, "import|@|@/a.prom|--format|prometheus|--precision|s", 2);
    desk_close(&desk);
}

/* Longer than a slice: of each row most is a note. */
static void a_long_file_is_taken_by_slices(void **state)
{
    enum { ROWS = 36, NOTE_BYTES = 256 * 1024 };
    (void)state;
    static struct desk desk;
    char path[STORE_PATH_BYTES];
    desk_open(&desk);
    desk_write(&desk, "init.lua", desk_pack);
    char *note = malloc(NOTE_BYTES + 1);
    assert_non_null(note);
    memset(note, 'x', NOTE_BYTES);
    note[NOTE_BYTES] = '\0';
    FILE *file = fopen(desk_path(&desk, "long.csv", path), "wb");
    assert_non_null(file);
    (void)fputs("measure,area,period,value,note\n", file);
    for (int row = 0; row < ROWS; row++) {
        (void)fprintf(file, "money,%s,20%02d-0%d,%d,\"%s\n%s\"\n",
                      row == ROWS - 1 ? "nroth" : "north", row % 18, row / 18 + 1, row, note,
                      row % 2 == 0 ? "a" : "");
    }
    (void)fclose(file);
    free(note);
    desk_expect(&desk, "import|@|@/long.csv|--db|@/a.db|--synthetic", 1);
    assert_non_null(strstr(desk.err, "long.csv:72:2: no area 'nroth'; did you mean 'north'?\n"));
    assert_non_null(strstr(desk.err, "long.csv: refused: 1 bad row: nothing was kept\n"));
    desk_expect(&desk, "import|@|@/long.csv|--db|@/a.db|--partial|--dry-run", 0);
    assert_non_null(strstr(desk.err, "long.csv: 35 rows can be taken, nothing was kept\n"));
    desk_expect(&desk, "import|@|@/long.csv|--db|@/a.db|--partial", 0);
    assert_non_null(strstr(desk.err, "long.csv: 35 rows, 0 unchanged, 0 revised\n"));
    assert_null(strstr(desk.err, "\r")); /* progress is for terminals */
    desk_expect(&desk, "import|@|@/long.csv|--db|@/a.db|--partial", 0);
    assert_non_null(strstr(desk.err, "long.csv: the same delivery again, nothing changed\n"));
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_taken_or_refused_one_by_one),
        cmocka_unit_test(a_dry_run_leaves_nothing_behind),
        cmocka_unit_test(live_formats_are_taken_from_files),
        cmocka_unit_test(a_long_file_is_taken_by_slices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
