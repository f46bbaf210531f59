/* `import`: files in, each as one delivery, all of them in one turn. A refused file does not stop
 * the others. */
#include "app/loaded.h"

#include "intake/line.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_CEILING = 1024 * 1024 * 1024, CHUNK = 64 * 1024 };

static zw_status read_all(FILE *file, const char *path, zw_buf *out, zw_err *err)
{
    char chunk[CHUNK];
    size_t got = 0;
    while ((got = fread(chunk, 1, sizeof(chunk), file)) > 0 && zw_buf_append(out, chunk, got)) {
    }
    if (ferror(file) != 0) {
        return zw_err_set(err, ZW_IO, "%s: it cannot be read", path);
    }
    return out->has_failed ? zw_err_set(err, ZW_LIMIT, "%s: larger than 1 GiB", path) : ZW_OK;
}

static zw_status read_file(const char *path, zw_buf *out, zw_err *err)
{
    if (strcmp(path, "-") == 0) {
        return read_all(stdin, path, out, err);
    }
    FILE *file = fopen(path, "rb");
    if (file == NULL) {
        return zw_err_set(err, ZW_IO, "%s: it cannot be opened", path);
    }
    zw_status status = read_all(file, path, out, err);
    (void)fclose(file);
    return status;
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash != NULL ? slash + 1 : path;
}

/* What is said of one file that was taken. */
static void say_taken(const zw_io *io, const char *path, const zw_fed *fed, bool is_dry)
{
    if (fed->is_held) {
        (void)fprintf(io->err, "%s: held by a guard as batch %lld: nothing of it is in\n", path,
                      (long long)fed->batch);
        return;
    }
    if (fed->is_repeat) {
        (void)fprintf(io->err, "%s: the same delivery again, nothing changed\n", path);
        return;
    }
    bool is_plain = fed->encoding[0] == '\0' || strcmp(fed->encoding, "UTF-8") == 0;
    (void)fprintf(io->err, "%s: %u rows", path, fed->accepted);
    if (is_dry) { /* what they would change is not known: nothing was put in */
        (void)fputs(" can be taken, nothing was kept", io->err);
    } else {
        (void)fprintf(io->err, ", %u unchanged, %u revised", fed->unchanged, fed->revised);
    }
    (void)fprintf(io->err, "%s%s\n", is_plain ? "" : ", read as ", is_plain ? "" : fed->encoding);
}

/* Takes one file. @return false when it was refused or is held, which is said. */
static bool take_file(zw_engine *engine, const char *path, zw_feed_options options, const zw_io *io)
{
    zw_buf bytes;
    zw_buf_init(&bytes, FILE_CEILING);
    zw_err err;
    const zw_fed *fed = NULL;
    zw_status status = read_file(path, &bytes, &err);
    options.name = base_name(path);
    options.source = options.source != NULL ? options.source : options.name;
    status = status == ZW_OK
                 ? zw_engine_feed(engine, zw_buf_view(&bytes), bytes.len, &options, &fed, &err)
                 : status;
    for (size_t i = 0; fed != NULL && i < fed->bad_count; i++) {
        (void)fprintf(io->err, "%s:%u:%u: %s\n", path, fed->bad[i].line, fed->bad[i].column,
                      fed->bad[i].text);
    }
    if (status == ZW_OK && fed != NULL) {
        say_taken(io, path, fed, options.is_dry);
    } else {
        (void)fprintf(io->err, "%s: refused: %s\n", path, err.text);
    }
    zw_buf_fini(&bytes);
    return status == ZW_OK && fed != NULL && !fed->is_held;
}

static void import_on_progress(void *arg, int64_t at_ms, int64_t from_ms, int64_t to_ms)
{
    FILE *err = arg;
    if (to_ms > from_ms && isatty(fileno(err)) != 0) {
        (void)fprintf(err, "\rreplaying: %3lld %%%s",
                      (long long)((at_ms - from_ms) * 100 / (to_ms - from_ms)),
                      at_ms == to_ms ? "\n" : "");
    }
}

/* The files of a command, and how they are to be read. */
struct import {
    const char *db, *source, *known_at, *status, *format, *precision, *map;
    zw_stamp known; /* what known_at says */
    zw_feed_options feed;
    zw_rest rest;
};

static zw_status read_format(struct import *import, zw_err *err)
{
    static const struct {
        const char *name;
        zw_feed_as as;
    } formats[] = {{"csv", ZW_FEED_CSV},
                   {"json", ZW_FEED_ITEMS_JSON},
                   {"line", ZW_FEED_LINE},
                   {"prometheus", ZW_FEED_PROMETHEUS},
                   {"openmetrics", ZW_FEED_OPENMETRICS}};
    enum { FORMATS = sizeof(formats) / sizeof(formats[0]) };
    size_t i = 0;
    while (i < FORMATS && strcmp(import->format, formats[i].name) != 0) {
        i++;
    }
    if (i == FORMATS) {
        return zw_err_set(err, ZW_NOT_YET, "not yet: %s", import->format);
    }
    import->feed.as = formats[i].as;
    if (import->precision == NULL) {
        return ZW_OK;
    }
    if (import->feed.as != ZW_FEED_LINE) {
        return zw_err_set(err, ZW_INVALID, "--precision is for --format line");
    }
    return zw_line_precision(import->precision, &import->feed.unit_ns)
               ? ZW_OK
               : zw_err_set(err, ZW_INVALID,
                            "--precision: '%s' is none: expected ns, us, ms, s, m or h",
                            import->precision);
}

static zw_status check_words(struct import *import, zw_err *err)
{
    const char *letter = import->status;
    if (import->rest.count < 2) {
        return zw_err_set(err, ZW_INVALID, "expected a PACK and at least one FILE");
    }
    if (import->map != NULL) {
        return zw_err_set(err, ZW_NOT_YET, "not yet: --map");
    }
    zw_status status = read_format(import, err);
    if (status != ZW_OK) {
        return status;
    }
    if (letter != NULL && (strlen(letter) != 1 || strchr("APEF", letter[0]) == NULL)) {
        return zw_err_set(err, ZW_INVALID, "'%s' is no status: expected A, P, E or F", letter);
    }
    if (letter != NULL) {
        import->feed.status = letter[0];
    }
    import->feed.source = import->source;
    import->feed.has_known_at = import->known_at != NULL;
    status = import->known_at != NULL
                 ? zw_stamp_parse(zw_text_of(import->known_at), &import->known, err)
                 : ZW_OK;
    return status == ZW_OK ? ZW_OK : zw_err_wrap(err, status, "--known-at");
}

/* Only looking leaves nothing behind, not even an empty store. */
static zw_status open_store(const struct import *import, zw_loaded *loaded, const zw_io *io,
                            zw_err *err)
{
    if (!import->feed.is_dry) {
        return zw_loaded_engine(loaded, import->db, ZW_DB_WRITE, io, import_on_progress, err);
    }
    bool has_store = access(import->db, F_OK) == 0;
    return zw_loaded_engine(loaded, has_store ? import->db : ":memory:",
                            has_store ? ZW_DB_READ : ZW_DB_WRITE, io, NULL, err);
}

static int import_all(struct import *import, const zw_io *io)
{
    zw_loaded loaded = {NULL, NULL, NULL, {0}};
    zw_err err;
    bool is_refused = false;
    zw_status status = zw_loaded_pack(&loaded, import->rest.at[0], io, &err);
    status = status == ZW_OK ? open_store(import, &loaded, io, &err) : status;
    if (status == ZW_OK && import->feed.has_known_at) { /* a day begins when it does in the zone */
        import->feed.known_at_ms =
            zw_stamp_start_ms(zw_pack_calendar(loaded.pack, 0), &import->known);
    }
    for (size_t i = 1; status == ZW_OK && i < import->rest.count; i++) {
        is_refused = !take_file(loaded.engine, import->rest.at[i], import->feed, io) || is_refused;
    }
    if (status == ZW_OK && !import->feed.is_dry) {
        status = zw_engine_turn(loaded.engine, NULL, &err);
    }
    int code = status == ZW_OK ? (is_refused ? ZW_EXIT_FAILED : ZW_EXIT_OK)
                               : zw_verb_failed(io, "import", &err, false);
    zw_loaded_fini(&loaded);
    return code;
}

int zw_verb_import(int argc, char **argv, const zw_io *io)
{
    struct import import = {.db = "zonewatch.db", .format = "csv"};
    const zw_option options[] = {{"db", &import.db, NULL},
                                 {"source", &import.source, NULL},
                                 {"known-at", &import.known_at, NULL},
                                 {"status", &import.status, NULL},
                                 {"format", &import.format, NULL},
                                 {"precision", &import.precision, NULL},
                                 {"map", &import.map, NULL},
                                 {"synthetic", NULL, &import.feed.is_synthetic},
                                 {"partial", NULL, &import.feed.is_partial},
                                 {"dry-run", NULL, &import.feed.is_dry}};
    zw_err err;
    zw_status status =
        zw_args_read(argc, argv, options, sizeof(options) / sizeof(options[0]), &import.rest, &err);
    status = status == ZW_OK ? check_words(&import, &err) : status;
    return status == ZW_OK ? import_all(&import, io) : zw_verb_failed(io, "import", &err, true);
}
