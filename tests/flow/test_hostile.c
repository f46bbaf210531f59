/*
 * Hostile packs. tests/packs/hostile holds one way to hang, bloat or escape a file, with what must
 * be told of it; each is tried while a pack loads, and as the function of an indicator, a rule and
 * a target of a process that goes on answering. The files under load are whole packs that never get
 * further than loading.
 *
 * `-- told 5: text` is the mistake and its line (or line:column), `-- load …` the same where
 * loading tells another one (`none`: it is not tried there), `-- and …` one more of loading. A `*`
 * at the end stands for any text.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "process.h"
#include "script/script.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SCRIPTS_MAX = 120, NAME_BYTES = 64, LINE_BYTES = 256, TOLD_MAX = 3, ANSWER_BYTES = 1 << 20 };

#define FOLDER ZW_SOURCE_DIR "/tests/packs/hostile"

/* One file and what it must bring about. */
struct hostile {
    char name[NAME_BYTES];           /* without .lua */
    char told[LINE_BYTES];           /* "" : nothing is told */
    bool is_loaded;                  /* it is tried while loading too … */
    char load[TOLD_MAX][LINE_BYTES]; /* … where it brings about these */
    size_t load_count;
};

struct hostiles {
    struct hostile at[SCRIPTS_MAX];
    size_t count;
};

/* 64 MiB is the limit of the Lua state. Sanitizers keep freed memory and a shadow of all. */
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
enum { PROCESS_KIB_MAX = 1536 * 1024 };
#else
enum { PROCESS_KIB_MAX = 192 * 1024 };
#endif

/* "5: text" becomes "name.lua:5: text". */
static void put_told(char out[LINE_BYTES], const char *name, const char *told)
{
    (void)snprintf(out, LINE_BYTES, "%s.lua:%s", name, told);
    out[strcspn(out, "\n")] = '\0';
}

static void read_line(struct hostile *hostile, const char *init, const char *line)
{
    static const char told[] = "-- told ", load[] = "-- load ", more[] = "-- and ";
    if (strncmp(line, told, strlen(told)) == 0 && strncmp(line + strlen(told), "none", 4) != 0) {
        put_told(hostile->told, hostile->name, line + strlen(told));
        put_told(hostile->load[0], init, line + strlen(told));
        hostile->load_count = 1;
    } else if (strncmp(line, load, strlen(load)) == 0) {
        hostile->is_loaded = strncmp(line + strlen(load), "none", 4) != 0;
        put_told(hostile->load[0], init, line + strlen(load));
    } else if (strncmp(line, more, strlen(more)) == 0) {
        assert_true(hostile->load_count < TOLD_MAX);
        put_told(hostile->load[hostile->load_count++], init, line + strlen(more));
    }
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct hostile *)a)->name, ((const struct hostile *)b)->name);
}

/* Reads what the files of a folder say; `init` is what their text is called when it is loaded, NULL
 * when it keeps its name. */
static struct hostiles *read_folder(const char *folder, const char *init)
{
    struct hostiles *all = calloc(1, sizeof(*all));
    DIR *dir = opendir(folder);
    assert_non_null(all);
    assert_non_null(dir);
    for (const struct dirent *entry = readdir(dir); entry != NULL; entry = readdir(dir)) {
        const char *end = strstr(entry->d_name, ".lua");
        if (end == NULL) {
            continue;
        }
        char path[512];
        char line[LINE_BYTES];
        assert_true(all->count < SCRIPTS_MAX);
        struct hostile *hostile = &all->at[all->count++];
        hostile->is_loaded = true;
        (void)snprintf(hostile->name, NAME_BYTES, "%.*s", (int)(end - entry->d_name),
                       entry->d_name);
        (void)snprintf(path, sizeof(path), "%s/%s", folder, entry->d_name);
        FILE *file = fopen(path, "r");
        assert_non_null(file);
        assert_non_null(fgets(line, sizeof(line), file));
        assert_true(strncmp(line, "-- ", 3) == 0); /* its way */
        while (fgets(line, sizeof(line), file) != NULL) {
            read_line(hostile, init != NULL ? init : hostile->name, line);
        }
        (void)fclose(file);
    }
    (void)closedir(dir);
    qsort(all->at, all->count, sizeof(all->at[0]), by_name);
    return all;
}

static bool says(const char *text, const char *told)
{
    size_t len = strlen(told);
    bool is_open = len > 0 && told[len - 1] == '*';
    return is_open ? strncmp(text, told, len - 1) == 0 : strcmp(text, told) == 0;
}

#define MEGABYTE ((size_t)1024 * 1024)

/* Loads a pack and looks for what must be told of it, and nothing else. */
static void check_load(const char *folder, const struct hostile *hostile, size_t memory_bytes)
{
    zw_script_limits limits = {.memory_bytes = memory_bytes, .load_instructions = 1000000};
    zw_pack *pack;
    zw_script *script;
    zw_err err;
    zw_buf line;
    zw_buf_init(&line, 100000);
    if (zw_script_load(folder, NULL, &limits, &pack, &script, &err) != ZW_OK) {
        fail_msg("%s: %s", hostile->name, err.text);
    }
    for (size_t i = 0; i < pack->problem_count; i++) {
        bool is_told = false;
        zw_buf_clear(&line);
        zw_pack_problem_text(pack, &pack->problems[i], &line);
        const char *text = zw_buf_view(&line);
        text = strncmp(text, folder, strlen(folder)) == 0 ? text + strlen(folder) + 1 : text;
        for (size_t k = 0; k < hostile->load_count; k++) {
            is_told = is_told || says(text, hostile->load[k]);
        }
        if (!is_told) {
            fail_msg("%s: %s", hostile->name, text);
        }
    }
    if (pack->problem_count != hostile->load_count) {
        fail_msg("%s: %zu mistakes, expected %s …", hostile->name, pack->problem_count,
                 hostile->load[0]);
    }
    zw_script_destroy(script);
    zw_pack_destroy(pack);
    zw_buf_fini(&line);
}

/* `from` is a path below FOLDER as the shell has it, `to` one below the pack's folder. */
static void copy_files(const char *from, const char *folder, const char *to)
{
    char command[1024];
    int len = snprintf(command, sizeof(command), "cp " FOLDER "/%s '%s/%s'", from, folder, to);
    assert_true(len > 0 && (size_t)len < sizeof(command));
    assert_int_equal(system(command), 0);
}

static void remove_folder(const char *folder)
{
    char command[256];
    int len = snprintf(command, sizeof(command), "rm -r '%s'", folder);
    assert_true(len > 0 && (size_t)len < sizeof(command));
    assert_int_equal(system(command), 0);
}

static void write_file(const char *folder, const char *name, const char *text)
{
    char path[256];
    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs(text, file) >= 0);
    assert_int_equal(fclose(file), 0);
}

static void each_is_told_when_it_is_called_while_loading(void **state)
{
    (void)state;
    struct hostiles *all = read_folder(FOLDER, NULL);
    char folder[] = "/tmp/zonewatch-XXXXXX";
    assert_non_null(mkdtemp(folder));
    assert_true(all->count >= 30);
    for (size_t i = 0; i < all->count; i++) {
        char init[512];
        char from[NAME_BYTES + 16];
        const struct hostile *hostile = &all->at[i];
        if (!hostile->is_loaded) {
            continue;
        }
        print_message("  %s\n", hostile->name);
        (void)snprintf(from, sizeof(from), "%s.lua", hostile->name);
        copy_files(from, folder, "");
        (void)snprintf(init, sizeof(init),
                       "zone \"z\" { timezone = \"UTC\" }\nlocal attack = require \"%s\"\n"
                       "attack()\n",
                       hostile->name);
        write_file(folder, "init.lua", init);
        check_load(folder, hostile, 64 * MEGABYTE);
    }
    remove_folder(folder);
    free(all);
}

static void each_is_told_when_it_is_a_pack(void **state)
{
    (void)state;
    struct hostiles *all = read_folder(FOLDER "/load", "init");
    char folder[] = "/tmp/zonewatch-XXXXXX";
    assert_non_null(mkdtemp(folder));
    for (size_t i = 0; i < all->count; i++) {
        print_message("  %s\n", all->at[i].name);
        char from[NAME_BYTES + 16];
        (void)snprintf(from, sizeof(from), "load/%s.lua", all->at[i].name);
        copy_files(from, folder, "init.lua");
        check_load(folder, &all->at[i], 8 * MEGABYTE);
    }
    remove_folder(folder);
    free(all);
}

/* --- what only a program can write --- */

static void put_many(zw_buf *out, const char *text, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        assert_true(zw_buf_puts(out, text));
    }
}

static void write_nested(zw_buf *out)
{
    put_many(out, "(", 5000);
}

static void write_tables(zw_buf *out)
{
    put_many(out, "local t = {", 1);
    put_many(out, "{", 300);
    put_many(out, "}", 301);
}

static void write_blocks(zw_buf *out)
{
    put_many(out, "do ", 300);
    put_many(out, "end ", 300);
}

static void write_locals(zw_buf *out)
{
    for (int i = 0; i < 300; i++) {
        assert_true(zw_buf_printf(out, "local x%d = %d ", i, i));
    }
}

/* A line of a megabyte: whoever counts columns from its beginning never comes to its end. */
static void write_line(zw_buf *out)
{
    put_many(out, "local t = {", 1);
    put_many(out, "a,", 500000);
    put_many(out, "}", 1);
}

static void write_names(zw_buf *out)
{
    for (int i = 0; i < 50000; i++) {
        assert_true(zw_buf_printf(out, "n%d()\n", i));
    }
}

static void write_text(zw_buf *out)
{
    put_many(out, "local t = \"", 1);
    put_many(out, "x", 100000);
    put_many(out, "\"", 1);
}

static void write_compiled(zw_buf *out)
{
    put_many(out, "\x1BLua\x54", 1);
}

static void write_no_text(zw_buf *out)
{
    put_many(out, "\xFF\xFE", 1);
}

static void what_a_program_can_write_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *why, *told;
        void (*write)(zw_buf *out);
    } rows[] = {
        {"brackets inside each other", "p: C stack overflow", write_nested},
        {"tables inside each other", "p: C stack overflow", write_tables},
        {"blocks inside each other", "p: C stack overflow", write_blocks},
        {"300 variables", "p:2: too many local variables (limit is 200) in main function near '='",
         write_locals},
        {"a line of a megabyte", "p:2:12: 'a' is not declared", write_line},
        {"fifty thousand names that nobody knows: five hundred are told",
         "p:501:1: 'n499' is not declared", write_names},
        {"a text in the file that is too long", "p: a text is longer than 16384 bytes", write_text},
    };
    zw_script_limits limits = {.load_instructions = 20000000};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        zw_pack *pack;
        zw_script *script;
        zw_err err;
        zw_buf text, line;
        print_message("  %s\n", rows[i].why);
        zw_buf_init(&text, 4000000);
        zw_buf_init(&line, 100000);
        put_many(&text, "zone 'z' { timezone = 'UTC' }\n", 1);
        rows[i].write(&text);
        assert_int_equal(zw_script_load_text("p", (zw_text){zw_buf_view(&text), text.len}, &limits,
                                             &pack, &script, &err),
                         ZW_OK);
        assert_true(pack->problem_count > 0);
        zw_pack_problem_text(pack, &pack->problems[pack->problem_count - 1], &line);
        assert_string_equal(zw_buf_view(&line), rows[i].told);
        zw_script_destroy(script);
        zw_pack_destroy(pack);
        zw_buf_fini(&line);
        zw_buf_fini(&text);
    }
}

static void what_is_no_text_is_told(void **state)
{
    (void)state;
    static const struct {
        const char *told;
        void (*write)(zw_buf *out);
    } rows[] = {{"p:1:1: compiled Lua is not taken: text only", write_compiled},
                {"p:1: this line is not UTF-8", write_no_text}};
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        zw_pack *pack;
        zw_script *script;
        zw_err err;
        zw_buf text, line;
        zw_buf_init(&text, 1000);
        zw_buf_init(&line, 1000);
        rows[i].write(&text);
        assert_int_equal(zw_script_load_text("p", (zw_text){zw_buf_view(&text), text.len}, NULL,
                                             &pack, &script, &err),
                         ZW_OK);
        zw_pack_problem_text(pack, &pack->problems[0], &line);
        assert_string_equal(zw_buf_view(&line), rows[i].told);
        zw_script_destroy(script);
        zw_pack_destroy(pack);
        zw_buf_fini(&line);
        zw_buf_fini(&text);
    }
}

/* --- in a process --- */

/* One pack of all of them: each file's function is an indicator, and what a rule asks for. */
static void write_pack(const char *folder, const struct hostiles *all)
{
    zw_buf init;
    zw_buf_init(&init, 1000000);
    copy_files("*.lua", folder, "");
    write_file(
        folder, "figures.lua",
        "return measure \"sales\" { kind = \"flow\", unit = \"CNY\", every = \"month\", by = "
        "{ \"kind\" } }\n");
    put_many(&init, "zone \"z\" { timezone = \"UTC\", currency = \"CNY\" }\n", 1);
    put_many(&init, "indicator \"well\" { require \"figures\" }\n", 1);
    for (size_t i = 0; i < all->count; i++) {
        const char *name = all->at[i].name;
        assert_true(zw_buf_printf(&init,
                                  "indicator \"i_%s\" { require \"%s\", every = \"month\" }\n"
                                  "rule \"r_%s\" { must = require \"%s\", every = \"month\" }\n",
                                  name, name, name, name));
    }
    write_file(folder, "init.lua", zw_buf_view(&init));
    zw_buf_fini(&init);
}

/* What the answer says behind `"name":"<prefix><name>"`, up to the next one. */
static const char *said_of(const char *answer, const char *prefix, const char *name, char *out,
                           size_t size)
{
    char key[NAME_BYTES + 32];
    (void)snprintf(key, sizeof(key), "\"name\":\"%s%s\"", prefix, name);
    const char *at = strstr(answer, key);
    if (at == NULL) {
        fail_msg("no %s in the answer", key);
        return "";
    }
    const char *end = strstr(at + 1, "{\"name\":");
    size_t len = end != NULL ? (size_t)(end - at) : strlen(at);
    (void)snprintf(out, size, "%.*s", (int)len, at);
    return out;
}

static void check_said(const char *said, const struct hostile *hostile)
{
    char told[LINE_BYTES];
    (void)snprintf(told, sizeof(told), "%s", hostile->told);
    size_t len = strlen(told);
    if (len > 0 && told[len - 1] == '*') {
        told[len - 1] = '\0';
    }
    bool is_told = len > 0 ? strstr(said, told) != NULL : strstr(said, "\"why\":null") != NULL;
    if (!is_told) {
        fail_msg("%s: no '%s' in %s", hostile->name, told, said);
    }
}

/* The most memory that the process ever held. */
static long peak_kib(const struct process *process)
{
    char path[64];
    char line[128];
    long peak = 0;
    (void)snprintf(path, sizeof(path), "/proc/%d/status", (int)process->pid);
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (fgets(line, sizeof(line), file) != NULL) {
        if (strncmp(line, "VmHWM:", 6) == 0) {
            peak = strtol(line + 6, NULL, 10);
        }
    }
    (void)fclose(file);
    return peak;
}

struct served {
    struct process process;
    struct hostiles *all;
    char folder[64], db[96];
    char *answer;
};

static int serve(void **state)
{
    struct served *s = calloc(1, sizeof(*s));
    assert_non_null(s);
    (void)snprintf(s->folder, sizeof(s->folder), "/tmp/zonewatch-XXXXXX");
    assert_non_null(mkdtemp(s->folder));
    (void)snprintf(s->db, sizeof(s->db), "%s/store.db", s->folder);
    s->answer = malloc(ANSWER_BYTES);
    s->all = read_folder(FOLDER, NULL);
    write_pack(s->folder, s->all);
    *state = s;
    return s->answer != NULL ? 0 : -1;
}

static int end_serving(void **state)
{
    struct served *s = *state;
    process_end(&s->process, SIGTERM);
    remove_folder(s->folder);
    free(s->answer);
    free(s->all);
    free(s);
    return 0;
}

static void a_process_names_each_and_goes_on(void **state)
{
    enum { SAID_BYTES = 16384 };
    struct served *s = *state;
    char said[SAID_BYTES];
    process_start(&s->process, s->folder, s->db);
    process_post(&s->process, "sales,,2024-01,900\\nsales,,2024-02,800", s->answer, ANSWER_BYTES);
    assert_non_null(strstr(s->answer, "\"accepted\":2"));
    process_get(&s->process, "/api/v1/areas", s->answer, ANSWER_BYTES);
    for (size_t i = 0; i < s->all->count; i++) {
        const struct hostile *hostile = &s->all->at[i];
        print_message("  %s\n", hostile->name);
        check_said(said_of(s->answer, "i_", hostile->name, said, sizeof(said)), hostile);
        check_said(said_of(s->answer, "r_", hostile->name, said, sizeof(said)), hostile);
    }
    /* Nothing else notices. */
    assert_non_null(strstr(said_of(s->answer, "", "well", said, sizeof(said)), "\"value\":800"));
    assert_non_null(strstr(process_get(&s->process, "/", s->answer, ANSWER_BYTES), "<html"));
    process_post(&s->process, "sales,,2024-03,700", s->answer, ANSWER_BYTES);
    assert_non_null(strstr(s->answer, "\"accepted\":1"));
    process_get(&s->process, "/api/v1/areas", s->answer, ANSWER_BYTES);
    assert_non_null(strstr(said_of(s->answer, "", "well", said, sizeof(said)), "\"value\":700"));
    process_get(&s->process, "/metrics", s->answer, ANSWER_BYTES);
    assert_non_null(strstr(
        s->answer, "\nzonewatch_script_breaches_total{name=\"i_loop\",kind=\"instructions\"} "));
    assert_non_null(
        strstr(s->answer, "\nzonewatch_script_breaches_total{name=\"r_rep\",kind=\"text\"} "));
    assert_null(strstr(s->answer, "name=\"i_gc\",")); /* a mistake, but within every limit */
    assert_in_range(peak_kib(&s->process), 1, PROCESS_KIB_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_is_told_when_it_is_called_while_loading),
        cmocka_unit_test(each_is_told_when_it_is_a_pack),
        cmocka_unit_test(what_a_program_can_write_is_told),
        cmocka_unit_test(what_is_no_text_is_told),
        cmocka_unit_test_setup_teardown(a_process_names_each_and_goes_on, serve, end_serving),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
