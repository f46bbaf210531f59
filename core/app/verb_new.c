/* `new`: a first pack with comments, a test and figures, under a name of one's own. */
#include "app/first_pack.h"
#include "app/loaded.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { TEXT_CEILING = 1024 * 1024, PATH_BYTES = 4096, NAME_MOST = 60 };

static const char told[] = "lakeside";   /* what the zone is called in what is built in … */
static const char titled[] = "Lakeside"; /* … and its title */

/* The pack of one name. */
struct first {
    const char *folder; /* as it was said */
    char name[NAME_MOST + 1], title[NAME_MOST + 1];
    zw_buf pack, figures;
};

static bool is_at(const char *at, const char *end, const char *word)
{
    size_t len = strlen(word);
    return (size_t)(end - at) >= len && memcmp(at, word, len) == 0;
}

/* The text with the zone's name and title for those it has. */
static void rename_in(const struct first *first, const unsigned char *bytes, size_t len,
                      zw_buf *out)
{
    const char *at = (const char *)bytes;
    const char *end = at + len;
    while (at < end) {
        if (is_at(at, end, told)) {
            zw_buf_puts(out, first->name);
            at += strlen(told);
        } else if (is_at(at, end, titled)) {
            zw_buf_puts(out, first->title);
            at += strlen(titled);
        } else {
            zw_buf_putc(out, *at++);
        }
    }
}

/* The name is the last part of the path; the title is the name in words. */
static zw_status find_name(struct first *first, zw_err *err)
{
    const char *slash = strrchr(first->folder, '/');
    const char *name = slash != NULL ? slash + 1 : first->folder;
    size_t len = strlen(name);
    if (!zw_text_is_name(zw_text_of(name)) || len > NAME_MOST) {
        return zw_err_set(err, ZW_INVALID,
                          "'%s' is no name: expected small letters, digits and _, a letter first, "
                          "at most %d",
                          name, NAME_MOST);
    }
    memcpy(first->name, name, len + 1);
    for (size_t i = 0; i <= len; i++) {
        bool is_start = i == 0 || name[i - 1] == '_';
        bool is_small = name[i] >= 'a' && name[i] <= 'z';
        first->title[i] = name[i];
        if (name[i] == '_') {
            first->title[i] = ' ';
        } else if (is_start && is_small) {
            first->title[i] = (char)(name[i] - 'a' + 'A');
        }
    }
    return ZW_OK;
}

/* A name may be taken in the language or by the pack itself: then it would not load. */
static zw_status check_pack(const struct first *first, zw_err *err)
{
    zw_loaded loaded = {NULL, NULL, NULL, {0}};
    zw_text text = {zw_buf_view(&first->pack), first->pack.len};
    zw_status status =
        zw_script_load_text(first->name, text, NULL, &loaded.pack, &loaded.script, err);
    if (status == ZW_OK && loaded.pack->problem_count > 0) {
        status = zw_err_set(err, ZW_INVALID, "'%s' cannot be a zone's name here: %s", first->name,
                            loaded.pack->problems[0].text);
    }
    zw_loaded_fini(&loaded);
    return status;
}

static zw_status write_file(const struct first *first, const char *name, const zw_buf *text,
                            zw_err *err)
{
    char path[PATH_BYTES];
    (void)snprintf(path, sizeof(path), "%s/%s", first->folder, name);
    FILE *file = fopen(path, "wb");
    if (file == NULL) {
        return zw_err_set(err, ZW_IO, "%s: %s", path, strerror(errno));
    }
    bool is_written = fwrite(zw_buf_view(text), 1, text->len, file) == text->len;
    bool is_closed = fclose(file) == 0;
    return is_written && is_closed ? ZW_OK : zw_err_set(err, ZW_IO, "%s cannot be written", path);
}

static void remove_file(const struct first *first, const char *name)
{
    char path[PATH_BYTES];
    (void)snprintf(path, sizeof(path), "%s/%s", first->folder, name);
    (void)unlink(path);
}

static zw_status write_all(const struct first *first, zw_err *err)
{
    if (strlen(first->folder) + sizeof("/firms.csv") > PATH_BYTES) {
        return zw_err_set(err, ZW_INVALID, "the folder's name is too long");
    }
    if (mkdir(first->folder, 0777) != 0) {
        return zw_err_set(err, errno == EEXIST ? ZW_CONFLICT : ZW_IO, "%s: %s", first->folder,
                          strerror(errno));
    }
    zw_status status = write_file(first, "init.lua", &first->pack, err);
    status = status == ZW_OK ? write_file(first, "firms.csv", &first->figures, err) : status;
    if (status != ZW_OK) { /* nothing half made stays */
        remove_file(first, "init.lua");
        remove_file(first, "firms.csv");
        (void)rmdir(first->folder);
    }
    return status;
}

static zw_status make(struct first *first, zw_err *err)
{
    zw_status status = find_name(first, err);
    if (status != ZW_OK) {
        return status;
    }
    rename_in(first, zw_first_pack_bytes, zw_first_pack_len, &first->pack);
    rename_in(first, zw_first_figures_bytes, zw_first_figures_len, &first->figures);
    if (first->pack.has_failed || first->figures.has_failed) {
        return zw_err_nomem(err);
    }
    status = check_pack(first, err);
    return status == ZW_OK ? write_all(first, err) : status;
}

int zw_verb_new(int argc, char **argv, const zw_io *io)
{
    struct first first = {.folder = NULL};
    zw_rest rest;
    zw_err err;
    zw_status status = zw_args_read(argc, argv, NULL, 0, &rest, &err);
    if (status == ZW_OK && rest.count != 1) {
        status = zw_err_set(&err, ZW_INVALID, "expected one NAME");
    }
    if (status != ZW_OK) {
        return zw_verb_failed(io, "new", &err, true);
    }
    first.folder = rest.at[0];
    zw_buf_init(&first.pack, TEXT_CEILING);
    zw_buf_init(&first.figures, TEXT_CEILING);
    status = make(&first, &err);
    if (status == ZW_OK) {
        (void)fprintf(io->out,
                      "%s/init.lua   a zone of two areas, a plan, an alert and a test\n"
                      "%s/firms.csv  figures for it\n",
                      first.folder, first.folder);
    }
    zw_buf_fini(&first.pack);
    zw_buf_fini(&first.figures);
    return status == ZW_OK ? ZW_EXIT_OK : zw_verb_failed(io, "new", &err, false);
}
