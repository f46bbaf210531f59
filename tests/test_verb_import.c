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

/* The text between two lines of REFERENCE.md, without its indent of four. */
static void example_of(const char *from, const char *to, char out[SAID_BYTES])
{
    static char page[1 << 18];
    FILE *file = fopen(ZW_SOURCE_DIR "/scripts/REFERENCE.md", "r");
    assert_non_null(file);
    page[fread(page, 1, sizeof(page) - 1, file)] = '\0';
    (void)fclose(file);
    char *at = strstr(page, from);
    assert_non_null(at);
    char *end = strstr(at, to);
    assert_non_null(end);
    *end = '\0';
    size_t len = 0;
    while (*at != '\0') {
        size_t line = strcspn(at, "\n");
        size_t indent = strspn(at, " ");
        indent = indent < 4 ? indent : 4;
        memcpy(out + len, at + indent, line + 1 - indent);
        len += line + 1 - indent;
        at += line + 1;
    }
    out[len] = '\0';
}

static void the_example_of_a_structure_does_what_it_says(void **state)
{
    (void)state;
    static struct desk desk;
    static char text[SAID_BYTES];
    desk_open(&desk);
    example_of("    local eu = zone", "\n| key |", text);
    desk_write(&desk, "init.lua", text);
    example_of("    DATAFLOW,LAST UPDATE", "\n- A column before", text);
    desk_write(&desk, "nama.csv", text);
    desk_expect(&desk, "check|@", 0);
    desk_expect(&desk, "import|@|@/nama.csv|--format|sdmx-csv|--db|@/a.db", 1);
    desk_expect(&desk, "import|@|@/nama.csv|--format|sdmx-csv|--partial|--db|@/a.db", 0);
    assert_non_null(strstr(
        desk.err, "nama.csv:5:4: measure 'value_added' is where unit is 'CP_MEUR', got 'CLV_I15'"));
    assert_non_null(strstr(desk.err, "nama.csv: 3 rows, 0 unchanged, 0 revised"));
    desk_expect(&desk, "export|@|--db|@/a.db", 0);
    assert_non_null(strstr(desk.out, "value_added,germany,2022,3511340.5,A,"));
    assert_non_null(strstr(desk.out, "value_added,france,2022,2358421,A,"));
    assert_non_null(strstr(desk.out, "value_added,germany,2022,177210.3,P,"));
    assert_non_null(strstr(desk.out, ",J\n"));
    desk_close(&desk);
}

static void a_delete_is_a_withdrawal_that_the_past_does_not_see(void **state)
{
    static const char head[] =
        "STRUCTURE,STRUCTURE_ID,ACTION,MEASURE,AREA,TIME_PERIOD,OBS_VALUE,KNOWN_AT\n";
    (void)state;
    static struct desk desk;
    char text[512];
    desk_open(&desk);
    desk_write(&desk, "init.lua", desk_pack);
    (void)snprintf(text, sizeof(text), "%sdataflow,ZONEWATCH:FIGURES(1.0),I,money,北,2022-01,5,\n",
                   head);
    desk_write(&desk, "bad.csv", text);
    (void)snprintf(text, sizeof(text),
                   "%sdataflow,ZONEWATCH:FIGURES(1.0),I,money,north,2022-01,5,2022-02-01\n", head);
    desk_write(&desk, "put.csv", text);
    (void)snprintf(text, sizeof(text),
                   "%sdataflow,ZONEWATCH:FIGURES(1.0),D,money,north,2022-01,,2022-03-01\n", head);
    desk_write(&desk, "delete.csv", text);
    desk_expect(&desk, "import|@|@/bad.csv|--format|sdmx-csv|--db|@/a.db", 1);
    assert_non_null(strstr(desk.err, "bad.csv:2:5: no area '北'"));
    desk_expect(&desk, "import|@|@/put.csv|--format|sdmx-csv|--db|@/a.db", 0);
    desk_expect(&desk, "import|@|@/delete.csv|--format|sdmx-csv|--db|@/a.db", 0);
    assert_non_null(strstr(desk.err, "1 rows, 0 unchanged, 1 revised"));
    desk_expect(&desk, "eval|@|money|--area|north|--period|2022-01|--as-of|2022-02-20|--db|@/a.db",
                0);
    assert_non_null(strstr(desk.out, "0.0 (1e8 CNY)"));
    desk_expect(&desk, "eval|@|money|--area|north|--period|2022-01|--db|@/a.db", 0);
    assert_non_null(strstr(desk.out, "withdrawn"));
    desk_close(&desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_are_taken_or_refused_one_by_one),
        cmocka_unit_test(a_dry_run_leaves_nothing_behind),
        cmocka_unit_test(live_formats_are_taken_from_files),
        cmocka_unit_test(a_long_file_is_taken_by_slices),
        cmocka_unit_test(the_example_of_a_structure_does_what_it_says),
        cmocka_unit_test(a_delete_is_a_withdrawal_that_the_past_does_not_see),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
