/* Tests of the loader: folders of files, and what they require. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "failing_alloc.h"
#include "script_rows.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define ZONE "zone 'z' { timezone = 'UTC' } "

/* One file of a pack; `at` is its path in the folder. */
struct file {
    const char *at, *text;
    size_t len; /* 0: as long as the text */
};

enum { FILES_MAX = 4, PATH_BYTES = 256 };

static void in_folder(const char *folder, const char *at, char path[PATH_BYTES])
{
    assert_true(snprintf(path, PATH_BYTES, "%s/%s", folder, at) < PATH_BYTES);
}

static void write_files(const char *folder, const struct file *files)
{
    char path[PATH_BYTES];
    in_folder(folder, "sub", path);
    assert_int_equal(mkdir(path, 0700), 0);
    for (size_t i = 0; i < FILES_MAX && files[i].at != NULL; i++) {
        in_folder(folder, files[i].at, path);
        FILE *stream = fopen(path, "wb");
        assert_non_null(stream);
        size_t len = files[i].len > 0 ? files[i].len : strlen(files[i].text);
        assert_int_equal(fwrite(files[i].text, 1, len, stream), len);
        assert_int_equal(fclose(stream), 0);
    }
}

static void remove_files(const char *folder, const struct file *files)
{
    char path[PATH_BYTES];
    for (size_t i = 0; i < FILES_MAX && files[i].at != NULL; i++) {
        in_folder(folder, files[i].at, path);
        assert_int_equal(unlink(path), 0);
    }
    in_folder(folder, "sub", path);
    assert_int_equal(rmdir(path), 0);
    assert_int_equal(rmdir(folder), 0);
}

/* The lines of a pack's problems, with the folder's name cut off. */
static void lines_of(const zw_pack *pack, const char *folder, zw_buf *out)
{
    zw_buf lines;
    zw_buf_init(&lines, 100000);
    problem_lines(pack, &lines);
    const char *at = zw_buf_view(&lines);
    for (const char *found = strstr(at, folder); found != NULL; found = strstr(at, folder)) {
        (void)zw_buf_append(out, at, (size_t)(found - at));
        at = found + strlen(folder) + 1;
    }
    (void)zw_buf_puts(out, at);
    zw_buf_fini(&lines);
}

static const struct {
    const char *why;
    struct file files[FILES_MAX];
    const char *lines;
} folders[] = {
    {"one file", {{"init.lua", ZONE, 0}}, ""},
    {"a file in a folder, required once",
     {{"init.lua", ZONE "assert(require 'sub.a' == require 'sub.a') require 'sub.a'", 0},
      {"sub/a.lua", "area 'a' { within = zone 'y' { timezone = 'UTC' } } return { 1 }", 0}},
     ""},
    {"what a file returns is what require gives",
     {{"init.lua", ZONE "local m = require 'm' rule 'r' { must = m.sales:over(1), each = m.z }", 0},
      {"m.lua",
       "return { z = zone 'y' { timezone = 'UTC' }, sales = measure 's' { kind = 'flow', unit = "
       "'a', "
       "every = 'day' } }",
       0}},
     ""},
    {"a file that returns nothing gives true",
     {{"init.lua", ZONE "assert(require 'm' == true)", 0}, {"m.lua", "local x = 1", 0}},
     ""},
    {"mistakes of every file are told",
     {{"init.lua", ZONE "require 'm'\nlocal x = reveneu", 0}, {"m.lua", "\nlocal y = salse", 0}},
     "init.lua:2:11: 'reveneu' is not declared\nm.lua:2:11: 'salse' is not declared"},
    {"a file that fails stops alone, and what it gave is not missed",
     {{"init.lua", ZONE "local m = require 'm'\nlocal x = m.y.z:year() + 1 m.f()", 0},
      {"m.lua", "local t\nt.x = 1", 0}},
     "m.lua:2: attempt to index a nil value (local 't')"},
    {"no Lua",
     {{"init.lua", ZONE "require 'm'", 0}, {"m.lua", "local x = = 1", 0}},
     "m.lua:1: unexpected symbol near '='"},
    {"compiled Lua",
     {{"init.lua", ZONE "require 'm'", 0}, {"m.lua", "\033LuaT", 0}},
     "m.lua:1:1: compiled Lua is not taken: text only"},
    {"another encoding",
     {{"init.lua", ZONE "require 'm'", 0}, {"m.lua", "-- a\n-- \xB9\xE3\xD6\xDD\n", 0}},
     "m.lua:2: this line is not UTF-8"},
    {"a byte order mark is no part of it", {{"init.lua", "\xEF\xBB\xBF" ZONE, 0}}, ""},
    {"a byte that is nothing",
     {{"init.lua", ZONE "\0x", sizeof ZONE + 1}},
     "init.lua:1: unexpected symbol"},
    {"a circle",
     {{"init.lua", ZONE "require 'a'", 0},
      {"a.lua", "require 'b'", 0},
      {"b.lua", "local a = require 'a' return a.x", 0}},
     "b.lua:1:19: require \"a\" goes in a circle"},
    {"no such file",
     {{"init.lua", ZONE "require 'sub.q'", 0}},
     "init.lua:1:39: require \"sub.q\": there is no such file in the pack"},
    {"out of the folder",
     {{"init.lua", ZONE "require '..secret'", 0}},
     "init.lua:1:39: require \"..secret\": expected \"a.b\" for the pack's a/b.lua, or "
     "\"zonewatch.x\""},
    {"an absolute path",
     {{"init.lua", ZONE "require '/etc/passwd'", 0}},
     "init.lua:1:39: require \"/etc/passwd\": expected \"a.b\" for the pack's a/b.lua, or "
     "\"zonewatch.x\""},
    {"a dot at the end",
     {{"init.lua", ZONE "require 'a.'", 0}},
     "init.lua:1:39: require \"a.\": expected \"a.b\" for the pack's a/b.lua, or \"zonewatch.x\""},
    {"no name",
     {{"init.lua", ZONE "require(3)", 0}},
     "init.lua:1: require takes the name of a module"},
    {"what the program does not ship",
     {{"init.lua", ZONE "require 'zonewatch.light'", 0}},
     "init.lua:1:39: require \"zonewatch.light\": the program ships no 'light'; did you mean "
     "'lights'?"},
    {"no module of the program can be called so",
     {{"init.lua", ZONE "require 'zonewatch.../x'", 0}},
     "init.lua:1:39: require \"zonewatch.../x\": expected \"a.b\" for the pack's a/b.lua, or "
     "\"zonewatch.x\""},
    {"what goes wrong in a shipped file is told where the pack called it",
     {{"init.lua",
       ZONE
       "local lights = require 'zonewatch.lights'\n"
       "local m = measure 'm' { kind = 'flow', unit = 'CNY', every = 'month' }\n"
       "rule 'a' (lights.plan_and_city { growth = m:yoy(),\n plan = m:year():yoy(), city = 0 })\n"
       "rule 'b' (lights.behind_schedule { behind = m:yoy() })",
       0}},
     "init.lua:3: ':at_least' of a month and a year: two grids in one operation; add :year() to "
     "the finer side\n"
     "init.lua:5: lights.behind_schedule needs near = \"green\" or \"amber\", up to 10 points "
     "behind"},
    {"a mistake in what a template was not asked for is the rule's own",
     {{"init.lua",
       ZONE "local m = measure 'm' { kind = 'flow', unit = 'CNY', every = 'month' }\n"
            "rule 'a' (require 'zonewatch.lights'.amber_after_red { kept = m:over(1), eech = 1 })",
       0}},
     "init.lua:2:1: rule \"a\" has no field 'eech'; did you mean 'each'?"},
    {"an endless file ends everything",
     {{"init.lua", ZONE "require 'm'\nlocal x = reveneu", 0}, {"m.lua", "while true do end", 0}},
     "init.lua:2:11: 'reveneu' is not declared\n"
     "m.lua:1: this takes more than 300000 instructions: is there an endless loop?"},
};

static void folders_are_loaded_and_their_mistakes_told(void **state)
{
    (void)state;
    zw_script_limits limits = {.load_instructions = 300000};
    for (size_t i = 0; i < COUNT_OF(folders); i++) {
        char folder[] = "/tmp/zw_test_loader_XXXXXX";
        struct loaded loaded;
        zw_buf lines;
        print_message("  %s\n", folders[i].why);
        assert_non_null(mkdtemp(folder));
        write_files(folder, folders[i].files);
        assert_int_equal(zw_script_load(folder, NULL, &limits, &loaded.pack, &loaded.script, NULL),
                         ZW_OK);
        zw_buf_init(&lines, 100000);
        lines_of(loaded.pack, folder, &lines);
        assert_string_equal(zw_buf_view(&lines), folders[i].lines);
        zw_buf_fini(&lines);
        unload(&loaded);
        remove_files(folder, folders[i].files);
    }
}

static void what_the_program_ships_is_found_in_its_folder(void **state)
{
    (void)state;
    char own[] = "/tmp/zw_test_loader_XXXXXX", shared[] = "/tmp/zw_test_loader_XXXXXX";
    char slashed[PATH_BYTES];
    static const struct file files[FILES_MAX] = {
        {"init.lua",
         ZONE "assert(require('zonewatch.x').y == 5 and require('x').y == 6)\n"
              "assert(require('zonewatch.lights').plan_and_city)",
         0},
        {"x.lua", "return { y = 6 }", 0}};
    static const struct file ships[FILES_MAX] = {{"x.lua", "return { y = 5 }", 0}};
    struct loaded loaded;
    assert_non_null(mkdtemp(own));
    assert_non_null(mkdtemp(shared));
    write_files(own, files);
    write_files(shared, ships);
    (void)snprintf(slashed, sizeof slashed, "%s//", own); /* as a shell completes it */
    assert_int_equal(zw_script_load(slashed, shared, NULL, &loaded.pack, &loaded.script, NULL),
                     ZW_OK);
    assert_int_equal(loaded.pack->problem_count, 0);
    assert_string_equal(loaded.pack->folder, own);
    assert_int_equal(loaded.pack->file_count, 4);
    assert_int_equal(strlen(loaded.pack->digest), 64);
    unload(&loaded);
    remove_files(own, files);
    remove_files(shared, ships);
}

static void files_that_are_given_are_all_there_is(void **state)
{
    static const char init[] = "local l = require 'zonewatch.lights'\nlocal p = require 'a.parts'\n"
                               "zone(p.name) { timezone = 'UTC' }\nassert(l.mine)\n";
    static const char parts[] = "return { name = 'kept' }";
    static const char lights[] = "return { mine = true }"; /* not what this program ships */
    const zw_script_file files[] = {
        {"init.lua", zw_text_of(init), false},
        {"a/parts.lua", zw_text_of(parts), false},
        {"zonewatch/lights.lua", zw_text_of(lights), true},
    };
    static const struct {
        size_t count;
        zw_status status;
        const char *problem; /* NULL: none */
    } cases[] = {
        {3, ZW_OK, NULL},
        {2, ZW_OK, "there is no such file in the pack"},
        {0, ZW_NOT_FOUND, NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct loaded loaded;
        zw_err err = {ZW_OK, ""};
        assert_int_equal(zw_script_load_files("@then", files, cases[i].count, NULL, &loaded.pack,
                                              &loaded.script, &err),
                         cases[i].status);
        if (cases[i].status != ZW_OK) {
            assert_non_null(strstr(err.text, "init.lua was not kept"));
            continue;
        }
        assert_int_equal(loaded.pack->problem_count > 0, cases[i].problem != NULL);
        if (cases[i].problem != NULL) {
            assert_non_null(strstr(loaded.pack->problems[0].text, cases[i].problem));
        } else {
            assert_string_equal(loaded.pack->files[0].path, "@then/init.lua");
            assert_string_equal(loaded.pack->areas[0].title.name, "kept");
        }
        unload(&loaded);
    }
}

static void a_folder_without_init_is_not_found(void **state)
{
    (void)state;
    zw_err err = {ZW_OK, ""};
    struct loaded loaded;
    assert_int_equal(
        zw_script_load("/nowhere/at/all", NULL, NULL, &loaded.pack, &loaded.script, &err),
        ZW_NOT_FOUND);
    assert_string_equal(err.text,
                        "load /nowhere/at/all: /nowhere/at/all/init.lua cannot be opened");
    assert_null(loaded.pack);
    assert_null(loaded.script);
    assert_int_equal(zw_script_load("", NULL, NULL, &loaded.pack, &loaded.script, &err),
                     ZW_INVALID);
}

static void a_text_has_no_files_beside_it(void **state)
{
    (void)state;
    static const struct pack_row rows[] = {
        {"require in a text", "require \"init\"",
         "p:2:9: require \"init\": expected \"a.b\" for the pack's a/b.lua, or \"zonewatch.x\""},
    };
    check_pack_rows(PACK_HEAD, rows, COUNT_OF(rows));
}

static void every_refused_allocation_is_survived(void **state)
{
    (void)state;
    char folder[] = "/tmp/zw_test_loader_XXXXXX";
    bool was_refused = true;
    static const struct file files[FILES_MAX] = {
        {"init.lua",
         ZONE "local m = require 'sub.m' rule 'r' { must = m:over(1) } x = 1 "
              "require 'zonewatch.lights'",
         0},
        {"sub/m.lua", "return measure 's' { kind = 'flow', unit = 'a', every = 'day' }", 0}};
    assert_non_null(mkdtemp(folder));
    write_files(folder, files);
    for (long n = 0; was_refused; n += n < 100 ? 1 : 13) {
        struct loaded loaded;
        failing_alloc_after(n);
        zw_status status = zw_script_load(folder, NULL, NULL, &loaded.pack, &loaded.script, NULL);
        was_refused = failing_alloc_stop();
        if (status == ZW_OK) {
            assert_int_equal(loaded.pack->problem_count, 1);
            unload(&loaded);
        } else {
            assert_int_equal(status, ZW_NOMEM);
        }
    }
    remove_files(folder, files);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(folders_are_loaded_and_their_mistakes_told),
        cmocka_unit_test(what_the_program_ships_is_found_in_its_folder),
        cmocka_unit_test(files_that_are_given_are_all_there_is),
        cmocka_unit_test(a_folder_without_init_is_not_found),
        cmocka_unit_test(a_text_has_no_files_beside_it),
        cmocka_unit_test(every_refused_allocation_is_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
