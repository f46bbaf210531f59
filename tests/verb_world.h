/** Verbs under test: run with words, over a folder of their own, with what they say read back. */
#ifndef ZW_TESTS_VERB_WORLD_H
#define ZW_TESTS_VERB_WORLD_H

#include "app/verbs.h"
#include "store_folder.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SAID_BYTES = 65536, WORDS_MOST = 24 };

struct desk {
    store_folder folder;
    char out[SAID_BYTES], err[SAID_BYTES]; /* of the last verb */
};

static inline void desk_open(struct desk *desk)
{
    memset(desk, 0, sizeof(*desk));
    assert_true(store_folder_init(&desk->folder));
}

static inline void desk_close(struct desk *desk)
{
    store_folder_fini(&desk->folder);
}

/** The path of a file in the desk's folder, in `out`. */
static inline const char *desk_path(const struct desk *desk, const char *name,
                                    char out[STORE_PATH_BYTES])
{
    (void)snprintf(out, STORE_PATH_BYTES, "%s/%s", desk->folder.folder, name);
    return out;
}

static inline void desk_write(const struct desk *desk, const char *name, const char *text)
{
    char path[STORE_PATH_BYTES];
    FILE *file = fopen(desk_path(desk, name, path), "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text, 1, strlen(text), file), strlen(text));
    assert_int_equal(fclose(file), 0);
}

static inline void desk_read_back(FILE *file, char out[SAID_BYTES])
{
    rewind(file);
    size_t len = fread(out, 1, SAID_BYTES - 1, file);
    out[len] = '\0';
    (void)fclose(file);
}

/** Runs "zonewatch WORDS…" with words split at '|'; "@" at a word's start is the desk's folder,
 * "@@" an "@".
 * @return the exit code. */
static inline int desk_run(struct desk *desk, const char *line)
{
    static char words[WORDS_MOST][2 * STORE_PATH_BYTES];
    char *argv[WORDS_MOST + 1] = {0};
    char copy[4096];
    int argc = 1;
    (void)snprintf(words[0], sizeof(words[0]), "zonewatch");
    argv[0] = words[0];
    (void)snprintf(copy, sizeof(copy), "%s", line);
    for (char *word = strtok(copy, "|"); word != NULL && argc < WORDS_MOST;
         word = strtok(NULL, "|")) {
        bool is_folder = word[0] == '@' && word[1] != '@';
        (void)snprintf(words[argc], sizeof(words[argc]), "%s%s",
                       is_folder ? desk->folder.folder : "", word[0] == '@' ? word + 1 : word);
        argv[argc] = words[argc];
        argc++;
    }
    zw_io io = {tmpfile(), tmpfile()};
    assert_non_null(io.out);
    assert_non_null(io.err);
    int code = zw_verbs_run(argc, argv, &io);
    desk_read_back(io.out, desk->out);
    desk_read_back(io.err, desk->err);
    return code;
}

/** Runs and expects an exit code; a failure shows what was said. */
static inline void desk_expect(struct desk *desk, const char *line, int code)
{
    int found = desk_run(desk, line);
    if (found != code) {
        fail_msg("%s: exit %d\n%s%s", line, found, desk->out, desk->err);
    }
}

/** A pack with a zone, a measure by industry, a goal, a rule, an alert and a test. */
static const char desk_pack[] =
    "local land = zone \"land\" { timezone = \"UTC\", aliases = { \"全区\" } }\n"
    "area \"north\" { within = land }\n"
    "area \"south\" { within = land }\n"
    "local money = measure \"money\" { kind = \"flow\", unit = \"1e4 CNY\", show = \"1e8 CNY\", "
    "every = \"month\", by = { \"industry\" } }\n"
    "local share = measure \"share\" { kind = \"rate\", unit = \"%\", every = \"month\" }\n"
    "indicator \"year\" { money:year() }\n"
    "target \"plan\" { money:year(), over = { [2022] = 6e8 }, from = { [2021] = 4e8 } }\n"
    "local enough = rule \"enough\" { must = money:over(1e7) }\n"
    "alert \"poor\" { warning = enough:broken() }\n"
    "test \"enough is enough\" { given = { [money] = { [\"2022-01\"] = 2000 } }, expect = { "
    "[enough] = { [\"2022-01\"] = true } } }\n";

#endif
