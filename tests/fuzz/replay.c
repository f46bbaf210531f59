/*
 * Replays a folder of inputs through a target, each whole and cut short at every byte (of long ones
 * at a part of them): seeds and what fuzzing has found are tested for ever.
 *
 *     replay_NAME FOLDER
 */
#include "fuzz.h"

#include <dirent.h>
#include <limits.h>
#include <string.h>

enum { INPUT_BYTES_MAX = 1 << 20, CUTS_MAX = 64 };

/* A copy of exactly the bytes, so that a sanitizer sees what is read behind them. */
static void run_on(const char *bytes, size_t len)
{
    char *copy = malloc(len > 0 ? len : 1);
    FUZZ_MUST(copy != NULL);
    memcpy(copy, bytes, len);
    fuzz_one((zw_text){copy, len});
    free(copy);
}

static void run_file(const char *path)
{
    char *bytes = malloc(INPUT_BYTES_MAX);
    FILE *file = fopen(path, "rb");
    FUZZ_MUST(bytes != NULL && file != NULL);
    size_t len = fread(bytes, 1, INPUT_BYTES_MAX, file);
    FUZZ_MUST(len < INPUT_BYTES_MAX);
    (void)fclose(file);
    (void)fprintf(stderr, "%s\n", path);
    size_t step = len / CUTS_MAX + 1;
    for (size_t cut = 0; cut < len; cut += step) {
        run_on(bytes, cut);
    }
    run_on(bytes, len);
    free(bytes);
}

int main(int argc, char **argv)
{
    FUZZ_MUST(argc == 2);
    DIR *folder = opendir(argv[1]);
    FUZZ_MUST(folder != NULL);
    size_t count = 0;
    for (const struct dirent *entry = readdir(folder); entry != NULL; entry = readdir(folder)) {
        char path[PATH_MAX];
        if (entry->d_name[0] != '.') {
            (void)snprintf(path, sizeof(path), "%s/%s", argv[1], entry->d_name);
            run_file(path);
            count++;
        }
    }
    (void)closedir(folder);
    FUZZ_MUST(count > 0); /* an empty corpus tests nothing */
    return 0;
}
