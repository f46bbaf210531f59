/* A history by slices.
 *
 *   find    which slice of it the source sent last: each is known by its bytes and all before them
 *   check   every slice behind that one, without keeping anything
 *   take    the same slices, each kept before the next
 */
#include "app/history.h"

#include "base/digest.h"
#include "intake/slicer.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A way through the file, from some slice on. */
struct walk {
    zw_engine *engine;
    const zw_history_options *options;
    zw_history_taken *taken;
    uint64_t read_bytes;
    size_t rows; /* met on this walk */
};

/* A slice under way. `known_by` names all bytes up to its end. */
struct part {
    zw_slice slice;
    char known_by[ZW_DIGEST_TEXT_BYTES];
};

static size_t walk_read(void *arg, void *to, size_t most, zw_err *err)
{
    struct walk *walk = arg;
    ssize_t got = pread(walk->options->fd, to, most, (off_t)walk->read_bytes);
    if (got < 0) {
        (void)zw_err_set(err, ZW_IO, "it cannot be read: %s", strerror(errno));
        return SIZE_MAX;
    }
    walk->read_bytes += (size_t)got;
    return (size_t)got;
}

static void part_extend(struct part *part)
{
    char both[2 * ZW_DIGEST_TEXT_BYTES];
    char own[ZW_DIGEST_TEXT_BYTES];
    zw_digest_of(part->slice.text.at, part->slice.text.len, own);
    (void)snprintf(both, sizeof(both), "%s%s", part->known_by, own);
    zw_digest_of(both, strlen(both), part->known_by);
}

static void walk_say(const struct walk *walk, const struct part *part)
{
    zw_progress_say(walk->options->progress, (double)part->slice.end, (double)walk->options->bytes,
                    walk->rows, zw_engine_now_ms(walk->engine));
}

typedef zw_status (*part_cb)(struct walk *walk, const struct part *part, zw_err *err);

/* Does something with each slice that is not in yet. */
static zw_status walk_slices(struct walk *walk, const char *what, part_cb each, zw_err *err)
{
    const zw_history_options *options = walk->options;
    zw_slicer_options slices = {.read = walk_read,
                                .arg = walk,
                                .total_bytes = options->bytes,
                                .slice_bytes = options->slice_bytes,
                                .is_csv = zw_engine_format_is_csv(options->feed.format)};
    zw_slicer *slicer = NULL;
    struct part part = {.slice = {.is_last = false}};
    walk->read_bytes = walk->rows = 0;
    char name[ZW_PROGRESS_BYTES];
    (void)snprintf(name, sizeof(name), "%s: %s",
                   options->feed.name != NULL ? options->feed.name : "", what);
    zw_progress_begin(options->progress, name, (double)walk->taken->known_bytes,
                      zw_engine_now_ms(walk->engine));
    zw_status status = zw_slicer_create(&slices, &slicer, err);
    while (status == ZW_OK && !part.slice.is_last) {
        status = zw_slicer_next(slicer, &part.slice, err);
        if (status == ZW_OK) {
            part_extend(&part);
        }
        if (status == ZW_OK && part.slice.end > walk->taken->known_bytes) {
            status = each(walk, &part, err);
            walk_say(walk, &part);
        }
    }
    zw_slicer_destroy(slicer);
    zw_progress_end(options->progress);
    return status;
}

static zw_feed_options feed_options_of(const struct walk *walk, const struct part *part)
{
    zw_feed_options options = walk->options->feed;
    options.line_offset = part->slice.line_offset;
    options.identity = part->known_by;
    return options;
}

static zw_status find_part(struct walk *walk, const struct part *part, zw_err *err)
{
    bool is_known = false;
    zw_feed_options options = feed_options_of(walk, part);
    zw_status status = zw_engine_knows(walk->engine, &options, &is_known, err);
    if (is_known) {
        walk->taken->known_bytes = part->slice.end;
    }
    return status;
}

/* A source that never sent anything has nothing to be found. */
static zw_status find(struct walk *walk, zw_err *err)
{
    const char *source = walk->options->feed.source;
    zw_status status =
        zw_store_has_sent(zw_engine_store(walk->engine), source != NULL ? source : "")
            ? walk_slices(walk, "looked for what is in", find_part, err)
            : ZW_OK;
    walk->taken->taken_bytes = walk->taken->known_bytes;
    return status;
}

static void note_bad(struct walk *walk, const zw_fed *fed)
{
    for (size_t i = 0; i < fed->bad_count; i++) {
        if (walk->taken->bad++ < ZW_HISTORY_BAD_MOST) {
            walk->options->on_bad(walk->options->arg, &fed->bad[i]);
        }
    }
}

static void note_encoding(struct walk *walk, const zw_fed *fed)
{
    if (strcmp(fed->encoding, "UTF-8") != 0 && fed->encoding[0] != '\0') {
        (void)snprintf(walk->taken->encoding, sizeof(walk->taken->encoding), "%s", fed->encoding);
    }
}

/* Only its header or its encoding ends the check: bad rows are all named first. */
static zw_status check_part(struct walk *walk, const struct part *part, zw_err *err)
{
    const zw_fed *fed = NULL;
    zw_feed_options options = feed_options_of(walk, part);
    options.is_dry = options.is_partial = true;
    zw_status status = zw_engine_feed(walk->engine, part->slice.text.at, part->slice.text.len,
                                      &options, &fed, err);
    note_bad(walk, fed);
    note_encoding(walk, fed);
    walk->rows += fed->accepted;
    walk->taken->accepted += fed->accepted;
    return status;
}

static zw_status take_part(struct walk *walk, const struct part *part, zw_err *err)
{
    const zw_fed *fed = NULL;
    zw_feed_options options = feed_options_of(walk, part);
    zw_status status = zw_engine_feed(walk->engine, part->slice.text.at, part->slice.text.len,
                                      &options, &fed, err);
    note_bad(walk, fed);
    note_encoding(walk, fed);
    zw_history_taken *taken = walk->taken;
    zw_history_taken before = *taken;
    walk->rows += fed->accepted;
    taken->held += fed->is_held ? 1 : 0;
    taken->accepted += fed->accepted;
    taken->unchanged += fed->unchanged;
    taken->revised += fed->revised;
    status = status == ZW_OK ? zw_engine_keep(walk->engine, err) : status;
    if (status != ZW_OK) {
        *taken = before;
        return status;
    }
    taken->taken_bytes = part->slice.end;
    return ZW_OK;
}

static zw_status check(struct walk *walk, zw_err *err)
{
    zw_status status = walk_slices(walk, "checked", check_part, err);
    uint64_t bad = walk->taken->bad;
    bool is_refused = bad > 0 && !walk->options->feed.is_partial;
    return status == ZW_OK && is_refused
               ? zw_err_set(err, ZW_INVALID, "%" PRIu64 " bad row%s: nothing was kept", bad,
                            bad == 1 ? "" : "s")
               : status;
}

zw_status zw_history_take(zw_engine *engine, const zw_history_options *options,
                          zw_history_taken *out, zw_err *err)
{
    struct walk walk = {.engine = engine, .options = options, .taken = out};
    *out = (zw_history_taken){.encoding = "UTF-8"};
    zw_status status = find(&walk, err);
    bool is_checked = options->feed.is_dry || !options->feed.is_partial;
    if (status == ZW_OK && is_checked) {
        status = check(&walk, err);
    }
    if (options->feed.is_dry) {
        return status;
    }
    out->accepted = 0; /* what could be taken was counted */
    return status == ZW_OK ? walk_slices(&walk, "taken", take_part, err) : status;
}
