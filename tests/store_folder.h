/** A folder of its own for a test's store, removed with all that lies in it. */
#ifndef ZW_TESTS_STORE_FOLDER_H
#define ZW_TESTS_STORE_FOLDER_H

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { STORE_PATH_BYTES = 512 };

typedef struct store_folder {
    char folder[STORE_PATH_BYTES / 2];
    char path[STORE_PATH_BYTES]; /* of the store in it */
} store_folder;

/** Makes it. @return false when the machine refuses. */
static inline bool store_folder_init(store_folder *f)
{
    const char *base = getenv("TMPDIR");
    (void)snprintf(f->folder, sizeof f->folder, "%s/zonewatch-XXXXXX",
                   base != NULL ? base : "/tmp");
    if (mkdtemp(f->folder) == NULL) {
        return false;
    }
    (void)snprintf(f->path, sizeof f->path, "%s/test.db", f->folder);
    return true;
}

/** Removes the files in it: the next open begins anew. */
static inline void store_folder_clear(const store_folder *f)
{
    DIR *dir = opendir(f->folder);
    if (dir == NULL) {
        return;
    }
    for (struct dirent *e = readdir(dir); e != NULL; e = readdir(dir)) {
        char path[2 * STORE_PATH_BYTES];
        (void)snprintf(path, sizeof path, "%s/%s", f->folder, e->d_name);
        (void)unlink(path); /* refuses "." and ".." */
    }
    (void)closedir(dir);
}

static inline void store_folder_fini(const store_folder *f)
{
    store_folder_clear(f);
    (void)rmdir(f->folder);
}

/** For cmocka: a folder as the state of one test. */
static inline int store_folder_setup(void **state)
{
    store_folder *f = calloc(1, sizeof *f);
    *state = f;
    return f != NULL && store_folder_init(f) ? 0 : -1;
}

static inline int store_folder_teardown(void **state)
{
    store_folder_fini(*state);
    free(*state);
    return 0;
}

#endif
