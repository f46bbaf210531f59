/* `import`: files in, each as one delivery, all of them in one turn; a file that is longer than a
 * slice as several deliveries in a row (history.h). A refused file does not stop the others. */
#include "app/history.h"
#include "app/then.h"

#include "intake/line.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    MIB = 1024 * 1024,
    FILE_CEILING = 1024 * MIB,
    SLICE_BYTES = 8 * MIB,
    CHUNK = 64 * 1024,
    SAID_BYTES = 512
};

/* The files of a command, and how they are to be read. */
struct import {
    const char *db, *source, *known_at, *status, *format, *precision, *map;
    zw_stamp known; /* what known_at says */
    zw_feed_options feed;
    zw_rest rest;
    const zw_io *io;
    zw_engine *engine;
    zw_progress progress;
};

/* One of them, open. */
struct input {
    struct import *import;
    const char *path;
    FILE *file;
    uint64_t bytes;
};

static zw_status read_all(const struct input *input, zw_buf *out, zw_err *err)
{
    char chunk[CHUNK];
    size_t got = 0;
    while ((got = fread(chunk, 1, sizeof(chunk), input->file)) > 0 &&
           zw_buf_append(out, chunk, got)) {
    }
    if (ferror(input->file) != 0) {
        return zw_err_set(err, ZW_IO, "it cannot be read");
    }
    return out->has_failed ? zw_err_set(err, ZW_LIMIT, "larger than 1 GiB") : ZW_OK;
}

/* What comes through a pipe is laid by first: a history is read more than once. */
static zw_status lay_by(FILE *from, FILE *to, zw_err *err)
{
    char chunk[CHUNK];
    size_t got = 0;
    while ((got = fread(chunk, 1, sizeof(chunk), from)) > 0) {
        if (fwrite(chunk, 1, got, to) != got) {
            return zw_err_set(err, ZW_IO, "it cannot be laid by: %s", strerror(errno));
        }
    }
    if (ferror(from) != 0 || fflush(to) != 0) {
        return zw_err_set(err, ZW_IO, "it cannot be read");
    }
    rewind(to);
    return ZW_OK;
}

static zw_status open_input(struct input *input, zw_err *err)
{
    struct stat info = {0};
    zw_status status = ZW_OK;
    if (strcmp(input->path, "-") != 0) {
        input->file = fopen(input->path, "rb");
    } else {
        input->file = tmpfile();
        status = input->file != NULL ? lay_by(stdin, input->file, err) : ZW_OK;
    }
    if (status == ZW_OK && (input->file == NULL || fstat(fileno(input->file), &info) != 0)) {
        status = zw_err_set(err, ZW_IO, "it cannot be opened: %s", strerror(errno));
    }
    /* What has no length of its own (a pipe with a name) is read to its end. */
    bool is_file = status == ZW_OK && S_ISREG(info.st_mode);
    input->bytes = is_file ? (uint64_t)info.st_size : 0;
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

static void say_bad(void *arg, const zw_bad_row *bad)
{
    const struct input *input = arg;
    zw_progress_end(&input->import->progress);
    (void)fprintf(input->import->io->err, "%s:%u:%u: %s\n", input->path, bad->line, bad->column,
                  bad->text);
}

/* Takes a file that can be held. @return false when it was refused or is held, which is said. */
static bool take_whole(struct input *input, const zw_feed_options *options)
{
    zw_buf bytes;
    zw_buf_init(&bytes, FILE_CEILING);
    zw_err err;
    const zw_fed *fed = NULL;
    const zw_io *io = input->import->io;
    zw_status status = read_all(input, &bytes, &err);
    status = status == ZW_OK ? zw_engine_feed(input->import->engine, zw_buf_view(&bytes), bytes.len,
                                              options, &fed, &err)
                             : status;
    for (size_t i = 0; fed != NULL && i < fed->bad_count; i++) {
        say_bad(input, &fed->bad[i]);
    }
    if (status == ZW_OK && fed != NULL) {
        say_taken(io, input->path, fed, options->is_dry);
    } else {
        (void)fprintf(io->err, "%s: refused: %s\n", input->path, err.text);
    }
    zw_buf_fini(&bytes);
    return status == ZW_OK && fed != NULL && !fed->is_held;
}

/* What is said of a history. */
static void say_history(const struct input *input, const zw_history_taken *taken, bool is_dry)
{
    FILE *err = input->import->io->err;
    if (taken->bad > ZW_HISTORY_BAD_MOST) {
        (void)fprintf(err, "%s: … and %" PRIu64 " more bad rows\n", input->path,
                      taken->bad - ZW_HISTORY_BAD_MOST);
    }
    if (taken->known_bytes == input->bytes) {
        (void)fprintf(err, "%s: the same delivery again, nothing changed\n", input->path);
        return;
    }
    (void)fprintf(err, "%s: %" PRIu64 " rows", input->path, taken->accepted);
    if (is_dry) {
        (void)fputs(" can be taken, nothing was kept", err);
    } else {
        (void)fprintf(err, ", %" PRIu64 " unchanged, %" PRIu64 " revised", taken->unchanged,
                      taken->revised);
    }
    if (taken->known_bytes > 0) {
        (void)fprintf(err, ", behind %" PRIu64 " MiB that were in", taken->known_bytes / MIB);
    }
    if (strcmp(taken->encoding, "UTF-8") != 0) {
        (void)fprintf(err, ", read as %s", taken->encoding);
    }
    (void)fputc('\n', err);
    if (taken->held > 0) {
        (void)fprintf(err, "%s: held by a guard: %zu parts, nothing of them is in\n", input->path,
                      taken->held);
    }
}

/* The same of a file that cannot. */
static bool take_history(struct input *input, const zw_feed_options *options)
{
    zw_err err;
    zw_history_taken taken;
    FILE *out = input->import->io->err;
    zw_history_options history = {.fd = fileno(input->file),
                                  .bytes = input->bytes,
                                  .slice_bytes = SLICE_BYTES,
                                  .feed = *options,
                                  .on_bad = say_bad,
                                  .arg = input,
                                  .progress = &input->import->progress};
    zw_status status = zw_history_take(input->import->engine, &history, &taken, &err);
    if (status == ZW_OK) {
        say_history(input, &taken, options->is_dry);
        return taken.held == 0;
    }
    (void)fprintf(out, "%s: refused: %s\n", input->path, err.text);
    if (taken.taken_bytes > 0) {
        (void)fprintf(out, "%s: its first %" PRIu64 " MiB are in; import it again to go on\n",
                      input->path, taken.taken_bytes / MIB);
    }
    return false;
}

/* What has lines that mean something by themselves, and is longer than a slice. */
static bool is_history(const struct input *input, zw_feed_format format)
{
    bool has_lines =
        format != ZW_FEED_JSON && format != ZW_FEED_PROMETHEUS && format != ZW_FEED_OPENMETRICS;
    return has_lines && input->bytes > SLICE_BYTES;
}

/* Takes one file. @return as of take_whole. */
static bool take_file(struct import *import, const char *path)
{
    zw_err err;
    struct input input = {.import = import, .path = path};
    zw_feed_options options = import->feed;
    options.name = base_name(path);
    options.source = options.source != NULL ? options.source : options.name;
    bool is_taken = open_input(&input, &err) == ZW_OK;
    if (!is_taken) {
        (void)fprintf(import->io->err, "%s: refused: %s\n", path, err.text);
    } else if (is_history(&input, options.format)) {
        is_taken = take_history(&input, &options);
    } else {
        is_taken = take_whole(&input, &options);
    }
    if (input.file != NULL) {
        (void)fclose(input.file);
    }
    return is_taken;
}

static void import_on_progress(void *arg, int64_t at_ms, int64_t from_ms, int64_t to_ms)
{
    struct import *import = arg;
    zw_progress_say(&import->progress, (double)(at_ms - from_ms), (double)(to_ms - from_ms), 0,
                    zw_engine_now_ms(import->engine));
}

static zw_status replay(struct import *import, zw_err *err)
{
    zw_engine_on_progress(import->engine, import_on_progress, import);
    zw_progress_begin(&import->progress, "replayed", 0, zw_engine_now_ms(import->engine));
    zw_status status = zw_engine_turn(import->engine, NULL, err);
    zw_progress_end(&import->progress);
    return status;
}

static zw_status read_precision(struct import *import, zw_err *err)
{
    if (import->precision == NULL) {
        return ZW_OK;
    }
    if (import->feed.format != ZW_FEED_LINE) {
        return zw_err_set(err, ZW_INVALID, "--precision is for --format line");
    }
    return zw_line_precision(import->precision, &import->feed.unit_ns)
               ? ZW_OK
               : zw_err_set(err, ZW_INVALID,
                            "--precision: '%s' is none: expected ns, us, ms, s, m or h",
                            import->precision);
}

static zw_status read_format(struct import *import, zw_err *err)
{
    zw_nearest nearest;
    zw_buf said;
    if (strncmp(import->format, "xls", strlen("xls")) == 0) {
        return zw_err_set(err, ZW_NOT_YET, "not yet: %s", import->format);
    }
    zw_buf_init(&said, SAID_BYTES);
    zw_nearest_init(&nearest, zw_text_of(import->format));
    (void)zw_buf_printf(&said, "'%s' is no format: expected", import->format);
    for (int f = ZW_FEED_CSV; f <= ZW_FEED_OPENMETRICS; f++) {
        const char *name = zw_engine_format_text((zw_feed_format)f);
        if (strcmp(import->format, name) == 0) {
            import->feed.format = (zw_feed_format)f;
            zw_buf_fini(&said);
            return read_precision(import, err);
        }
        (void)zw_buf_printf(&said, "%s%s", f == ZW_FEED_CSV ? " " : ", ", name);
        zw_nearest_try(&nearest, name);
    }
    zw_nearest_say(&nearest, &said);
    zw_status status = zw_err_set(err, ZW_INVALID, "%s", zw_buf_view(&said));
    zw_buf_fini(&said);
    return status;
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
        return zw_loaded_engine(loaded, import->db, ZW_DB_WRITE, io, err);
    }
    bool has_store = access(import->db, F_OK) == 0;
    return zw_loaded_engine(
        loaded, has_store ? import->db : ":memory:", has_store ? ZW_DB_READ : ZW_DB_WRITE, io, err);
}

static int import_all(struct import *import)
{
    const zw_io *io = import->io;
    zw_loaded loaded = {NULL, NULL, NULL, {0}};
    zw_err err;
    bool is_refused = false;
    zw_status status = zw_loaded_named(&loaded, import->rest.at[0], import->db, io, &err);
    status = status == ZW_OK ? open_store(import, &loaded, io, &err) : status;
    if (status == ZW_OK && import->feed.has_known_at) { /* a day begins when it does in the zone */
        import->feed.known_at_ms =
            zw_stamp_start_ms(zw_pack_calendar(loaded.pack, 0), &import->known);
    }
    import->engine = loaded.engine;
    zw_progress_init(&import->progress, io->err);
    for (size_t i = 1; status == ZW_OK && i < import->rest.count; i++) {
        is_refused = !take_file(import, import->rest.at[i]) || is_refused;
    }
    if (status == ZW_OK && !import->feed.is_dry) {
        status = replay(import, &err);
    }
    int code = status == ZW_OK ? (is_refused ? ZW_EXIT_FAILED : ZW_EXIT_OK)
                               : zw_verb_failed(io, "import", &err, false);
    zw_loaded_fini(&loaded);
    return code;
}

int zw_verb_import(int argc, char **argv, const zw_io *io)
{
    struct import import = {.db = "zonewatch.db", .format = "csv", .io = io};
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
    return status == ZW_OK ? import_all(&import) : zw_verb_failed(io, "import", &err, true);
}
