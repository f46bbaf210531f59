/* A tile as bytes. */
#include "store/tile.h"

#include "intake/batch.h"
#include "store/codec.h"
#include "store/packing.h"
#include "store/rows.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SUM_BYTES = 4, CELLS = ZW_SLAB_CELLS_MOST, OLDER_MOST = 1 << 24 };

/* ---- writing ---- */

/* Ends the stream that begins at `offset`: when the last part has the same, that one is meant. */
static uint32_t end_stream(zw_tile_head *head, zw_buf *body, zw_stream which, size_t offset)
{
    uint32_t len = (uint32_t)(body->len - offset);
    uint32_t before = head->part_count > 0 ? head->parts[head->part_count - 1].streams[which] : 0;
    if (before > 0 && !body->has_failed && head->spans[before - 1].len == len &&
        memcmp(body->data + head->spans[before - 1].offset, body->data + offset, len) == 0) {
        body->len = offset;
        return before;
    }
    uint32_t sum = body->has_failed ? 0 : zw_wire_sum(body->data + offset, len);
    head->spans[head->stream_count] = (struct zw_tile_span){(uint32_t)offset, len, sum};
    return (uint32_t)++head->stream_count;
}

static int64_t number_of(const zw_slab *page, uint32_t place, zw_stream which)
{
    switch (which) {
    case ZW_STREAM_CELLS:
        return page->base + place;
    case ZW_STREAM_KNOWN_AT:
        return page->known_at_ms[place];
    case ZW_STREAM_BATCH:
        return page->batches[place];
    case ZW_STREAM_LIKE:
        return page->likes[place] - 1;
    case ZW_STREAM_LINE:
        return page->said[place].line;
    case ZW_STREAM_SOURCE:
        return page->said[place].source;
    default: /* ZW_STREAM_NOTE */
        return page->said[place].note;
    }
}

static void put_numbers(zw_buf *body, const zw_slab *page, zw_stream which)
{
    int64_t numbers[CELLS];
    size_t count = 0;
    for (uint32_t place = 0; place < page->room; place++) {
        if (page->likes[place] != 0) {
            numbers[count++] = number_of(page, place, which);
        }
    }
    zw_packing_put(body, numbers, count);
}

static void put_values(zw_buf *body, const zw_slab *page)
{
    double values[CELLS];
    size_t count = 0;
    for (uint32_t place = 0; place < page->room; place++) {
        if (page->likes[place] != 0) {
            values[count++] = page->values[place];
        }
    }
    zw_codec_put(body, values, count);
}

/* All versions but the newest, cell by cell. @return false without memory. */
static bool put_older(zw_buf *body, const zw_slab *page)
{
    size_t count = 0;
    zw_put *puts = malloc((page->count - page->used) * sizeof(*puts));
    if (puts == NULL) {
        return false;
    }
    for (uint32_t place = 0; place < page->room; place++) {
        const zw_versions *list = page->versions[place];
        for (uint32_t i = 0; list != NULL && i + 1 < list->count; i++) {
            puts[count++] = (zw_put){0, page->base + place, list->figures[i]};
        }
    }
    zw_wire_put(body, count);
    zw_rows_put(body, puts, count);
    free(puts);
    return true;
}

static bool has_stream(const zw_slab *page, zw_stream which)
{
    switch (which) {
    case ZW_STREAM_LINE:
    case ZW_STREAM_SOURCE:
    case ZW_STREAM_NOTE:
        return page->said != NULL;
    case ZW_STREAM_OLDER:
        return page->count > page->used;
    default:
        return true;
    }
}

/* Whether a page plainly has a stream of the one before it. When it says no they may be the same
 * all the same: then their bytes are. */
static bool repeats(const zw_slab *page, const zw_slab *before, zw_stream which)
{
    if (before == NULL || before->base != page->base || before->room != page->room ||
        memcmp(before->likes, page->likes, page->room) != 0) {
        return false;
    }
    switch (which) {
    case ZW_STREAM_CELLS:
    case ZW_STREAM_LIKE:
        return true;
    case ZW_STREAM_KNOWN_AT:
        return memcmp(before->known_at_ms, page->known_at_ms,
                      page->room * sizeof(*page->known_at_ms)) == 0;
    case ZW_STREAM_BATCH:
        return memcmp(before->batches, page->batches, page->room * sizeof(*page->batches)) == 0;
    default:
        return false;
    }
}

bool zw_tile_add(zw_tile_head *head, zw_buf *body, uint32_t series, zw_slab *page,
                 const zw_slab *before)
{
    zw_tile_part part = {.series = series, .about = zw_slab_about_of(page)};
    for (zw_stream which = 0; which < ZW_STREAMS; which++) {
        size_t offset = body->len;
        if (!has_stream(page, which)) {
            continue;
        }
        if (repeats(page, before, which)) {
            part.streams[which] = head->parts[head->part_count - 1].streams[which];
            continue;
        }
        if (which == ZW_STREAM_VALUES) {
            put_values(body, page);
        } else if (which != ZW_STREAM_OLDER) {
            put_numbers(body, page, which);
        } else if (!put_older(body, page)) {
            return false;
        }
        part.streams[which] = end_stream(head, body, which, offset);
    }
    head->parts[head->part_count++] = part;
    return !body->has_failed;
}

/* ---- the head ---- */

/* A part is written as a row of these numbers, the streams behind them. */
enum field { SERIES, FIRST, LAST, USED, COUNT, FIRST_MS, LAST_MS, VALUE, KNOWN_AT, LIKE, FIELDS };

static int64_t bits_of(double value)
{
    int64_t bits = 0;
    memcpy(&bits, &value, sizeof(bits));
    return bits;
}

static int64_t field_of(const zw_tile_part *part, size_t field)
{
    switch (field) {
    case SERIES:
        return part->series;
    case FIRST:
        return part->about.first;
    case LAST:
        return part->about.last;
    case USED:
        return part->about.used;
    case COUNT:
        return (int64_t)part->about.count;
    case FIRST_MS:
        return part->about.first_ms;
    case LAST_MS:
        return part->about.last_ms;
    case VALUE:
        return bits_of(part->about.value);
    case KNOWN_AT:
        return part->about.known_at_ms;
    case LIKE:
        return part->about.like;
    default:
        return part->streams[field - FIELDS];
    }
}

static void set_field(zw_tile_part *part, size_t field, int64_t number)
{
    switch (field) {
    case SERIES:
        part->series = (uint32_t)number;
        return;
    case FIRST:
        part->about.first = (uint32_t)number;
        return;
    case LAST:
        part->about.last = (uint32_t)number;
        return;
    case USED:
        part->about.used = (uint32_t)number;
        return;
    case COUNT:
        part->about.count = (size_t)number;
        return;
    case FIRST_MS:
        part->about.first_ms = number;
        return;
    case LAST_MS:
        part->about.last_ms = number;
        return;
    case VALUE:
        memcpy(&part->about.value, &number, sizeof(number));
        return;
    case KNOWN_AT:
        part->about.known_at_ms = number;
        return;
    case LIKE:
        part->about.like = (uint8_t)number;
        return;
    default:
        part->streams[field - FIELDS] = (uint32_t)number;
        return;
    }
}

void zw_tile_write(const zw_tile_head *head, zw_buf *out)
{
    int64_t numbers[ZW_TILE_STREAMS_MOST];
    size_t begin = out->len;
    zw_wire_put_fixed(out, 0, SUM_BYTES);
    zw_wire_put_signed(out, head->sealed_row);
    zw_wire_put(out, head->part_count);
    zw_wire_put(out, head->stream_count);
    for (size_t field = 0; field < FIELDS + ZW_STREAMS; field++) {
        for (size_t i = 0; i < head->part_count; i++) {
            numbers[i] = field_of(&head->parts[i], field);
        }
        zw_packing_put(out, numbers, head->part_count);
    }
    for (size_t i = 0; i < head->stream_count; i++) {
        numbers[i] = head->spans[i].len;
    }
    zw_packing_put(out, numbers, head->stream_count);
    for (size_t i = 0; i < head->stream_count; i++) {
        zw_wire_put_fixed(out, head->spans[i].sum, SUM_BYTES);
    }
    if (!out->has_failed) {
        uint32_t sum = zw_wire_sum(out->data + begin + SUM_BYTES, out->len - begin - SUM_BYTES);
        for (size_t i = 0; i < SUM_BYTES; i++) {
            out->data[begin + i] = (char)(sum >> (8 * i) & 0xFF);
        }
    }
}

static bool can_be(const zw_tile_head *head, const zw_tile_part *part, uint32_t least)
{
    bool is_good = part->series >= least && part->series < ZW_TILE_SERIES_MOST &&
                   part->about.first <= part->about.last && part->about.last < CELLS &&
                   part->about.used > 0 && part->about.used <= CELLS &&
                   part->about.count >= part->about.used && part->about.count < OLDER_MOST &&
                   isfinite(part->about.value) && part->about.like / 2 <= ZW_OBS_MISSING;
    for (size_t i = 0; i < ZW_STREAMS; i++) {
        is_good = is_good && part->streams[i] <= head->stream_count &&
                  (i >= ZW_STREAM_LINE || part->streams[i] > 0);
    }
    return is_good;
}

static bool read_parts(zw_wire *from, zw_tile_head *out)
{
    int64_t numbers[ZW_TILE_STREAMS_MOST] = {0};
    for (size_t field = 0; field < FIELDS + ZW_STREAMS; field++) {
        zw_packing_take(from, numbers, out->part_count);
        for (size_t i = 0; i < out->part_count; i++) {
            set_field(&out->parts[i], field, numbers[i]);
        }
    }
    uint32_t least = 0;
    for (size_t i = 0; i < out->part_count && !from->is_bad; i++) {
        from->is_bad = !can_be(out, &out->parts[i], least);
        least = out->parts[i].series + 1;
    }
    return !from->is_bad;
}

static void read_spans(zw_wire *from, zw_tile_head *out)
{
    int64_t numbers[ZW_TILE_STREAMS_MOST] = {0};
    uint32_t offset = 0;
    zw_packing_take(from, numbers, out->stream_count);
    for (size_t i = 0; i < out->stream_count && !from->is_bad; i++) {
        from->is_bad = numbers[i] < 0 || numbers[i] > INT32_MAX - (int64_t)offset;
        out->spans[i].offset = offset;
        out->spans[i].len = (uint32_t)numbers[i];
        out->spans[i].sum = (uint32_t)zw_wire_take_fixed(from, SUM_BYTES);
        offset += out->spans[i].len;
    }
}

bool zw_tile_read(const void *bytes, size_t len, zw_tile_head *out)
{
    zw_wire from = {bytes, (const uint8_t *)bytes + len, bytes == NULL};
    *out = (zw_tile_head){.part_count = 0};
    uint64_t sum = zw_wire_take_fixed(&from, SUM_BYTES);
    if (from.is_bad || sum != zw_wire_sum(from.at, zw_wire_left(&from))) {
        return false;
    }
    out->sealed_row = zw_wire_take_signed(&from);
    out->part_count = zw_wire_take_upto(&from, ZW_TILE_SERIES_MOST);
    out->stream_count = zw_wire_take_upto(&from, ZW_TILE_STREAMS_MOST);
    if (from.is_bad || !read_parts(&from, out)) {
        return false;
    }
    read_spans(&from, out);
    return !from.is_bad && zw_wire_left(&from) == 0;
}

const zw_tile_part *zw_tile_part_of(const zw_tile_head *head, uint32_t series)
{
    for (size_t i = 0; i < head->part_count; i++) {
        if (head->parts[i].series == series) {
            return &head->parts[i];
        }
    }
    return NULL;
}

/* ---- reading ---- */

struct reading {
    const zw_tile_head *head;
    zw_wire body;
    const zw_tile_part *part;
    uint32_t cells[CELLS];
};

/* A stream of the part, checked; empty when it has none. */
static zw_wire open_stream(const struct reading *in, zw_stream which)
{
    uint32_t number = in->part->streams[which];
    zw_wire whole = in->body;
    if (number == 0) {
        return (zw_wire){whole.at, whole.at, false};
    }
    const struct zw_tile_span *span = &in->head->spans[number - 1];
    (void)zw_wire_part(&whole, span->offset);
    zw_wire part = zw_wire_part(&whole, span->len);
    part.is_bad = part.is_bad || zw_wire_sum(part.at, span->len) != span->sum;
    return part;
}

static bool take_cells(struct reading *in)
{
    int64_t numbers[CELLS] = {0};
    zw_wire from = open_stream(in, ZW_STREAM_CELLS);
    if (!from.is_bad) {
        zw_packing_take(&from, numbers, in->part->about.used);
    }
    int64_t least = in->part->about.first;
    for (uint32_t i = 0; i < in->part->about.used && !from.is_bad; i++) {
        from.is_bad = numbers[i] < least || numbers[i] > in->part->about.last;
        in->cells[i] = (uint32_t)numbers[i];
        least = numbers[i] + 1;
    }
    return !from.is_bad && zw_wire_left(&from) == 0;
}

static bool take_values(const struct reading *in, zw_slab *out)
{
    double values[CELLS] = {0};
    zw_wire from = open_stream(in, ZW_STREAM_VALUES);
    if (!from.is_bad) {
        zw_codec_take(&from, values, in->part->about.used);
    }
    for (uint32_t i = 0; i < in->part->about.used && !from.is_bad; i++) {
        from.is_bad = !isfinite(values[i]);
        out->values[in->cells[i] - out->base] = values[i];
    }
    return !from.is_bad && zw_wire_left(&from) == 0;
}

/* Puts a number where it belongs. @return false when it cannot be. */
static bool set_number(zw_slab *page, uint32_t place, zw_stream which, int64_t number)
{
    bool fits = number >= 0 && number <= UINT32_MAX;
    switch (which) {
    case ZW_STREAM_KNOWN_AT:
        page->known_at_ms[place] = number;
        return true;
    case ZW_STREAM_BATCH:
        page->batches[place] = number;
        return number > 0;
    case ZW_STREAM_LIKE:
        page->likes[place] = (uint8_t)(number + 1);
        return number >= 0 && number / 2 <= ZW_OBS_MISSING;
    case ZW_STREAM_LINE:
        page->said[place].line = (uint32_t)number;
        return fits;
    case ZW_STREAM_SOURCE:
        page->said[place].source = (uint32_t)number;
        return fits;
    default: /* ZW_STREAM_NOTE */
        page->said[place].note = (uint32_t)number;
        return fits;
    }
}

static bool take_numbers(const struct reading *in, zw_stream which, zw_slab *out)
{
    int64_t numbers[CELLS] = {0};
    zw_wire from = open_stream(in, which);
    if (in->part->streams[which] == 0) {
        return true;
    }
    if (!from.is_bad) {
        zw_packing_take(&from, numbers, in->part->about.used);
    }
    for (uint32_t i = 0; i < in->part->about.used && !from.is_bad; i++) {
        from.is_bad = !set_number(out, in->cells[i] - out->base, which, numbers[i]);
    }
    return !from.is_bad && zw_wire_left(&from) == 0;
}

/* The older versions of one cell after the other. */
static zw_status spread_older(const zw_put *puts, size_t count, zw_slab *out, zw_err *err)
{
    zw_figure *figures = malloc(count * sizeof(*figures));
    if (figures == NULL) {
        return zw_err_nomem(err);
    }
    zw_status status = ZW_OK;
    int64_t least = 0;
    for (size_t i = 0; status == ZW_OK && i < count;) {
        size_t versions = 0;
        zw_period cell = puts[i].period;
        for (; i < count && puts[i].period == cell; i++) {
            figures[versions++] = puts[i].figure;
        }
        bool can_be = cell >= least && cell < CELLS && zw_slab_has(out, (uint32_t)cell);
        least = cell + 1;
        if (!can_be) {
            status = zw_err_set(err, ZW_STORE, "an older version of a cell that has none");
        } else if (!zw_slab_put_older(out, (uint32_t)cell, figures, versions)) {
            status = zw_err_nomem(err);
        }
    }
    free(figures);
    return status;
}

static zw_status take_older(const struct reading *in, zw_slab *out, zw_err *err)
{
    size_t wanted = in->part->about.count - in->part->about.used;
    if (wanted == 0) {
        return ZW_OK;
    }
    zw_wire from = open_stream(in, ZW_STREAM_OLDER);
    if (zw_wire_take(&from) != wanted || from.is_bad) {
        return zw_err_set(err, ZW_STORE, "older versions");
    }
    zw_put *puts = malloc(wanted * sizeof(*puts));
    if (puts == NULL) {
        return zw_err_nomem(err);
    }
    zw_rows_take(&from, puts, wanted);
    zw_status status = from.is_bad || zw_wire_left(&from) > 0
                           ? zw_err_set(err, ZW_STORE, "older versions")
                           : spread_older(puts, wanted, out, err);
    free(puts);
    return status;
}

static zw_status take_all(struct reading *in, zw_slab *out, zw_err *err)
{
    if (!take_cells(in)) {
        return zw_err_set(err, ZW_STORE, "cells");
    }
    if (!zw_slab_reserve(out, in->part->about.first, in->part->about.last)) {
        return zw_err_nomem(err);
    }
    if (in->part->streams[ZW_STREAM_LINE] > 0 && !zw_slab_say(out)) {
        return zw_err_nomem(err);
    }
    bool is_good = take_values(in, out);
    for (zw_stream which = ZW_STREAM_KNOWN_AT; which <= ZW_STREAM_NOTE; which++) {
        is_good = is_good &&
                  (which < ZW_STREAM_LINE || out->said != NULL || in->part->streams[which] == 0) &&
                  take_numbers(in, which, out);
    }
    if (!is_good) {
        return zw_err_set(err, ZW_STORE, "figures");
    }
    out->used = in->part->about.used;
    out->count = in->part->about.used;
    out->first_ms = in->part->about.first_ms;
    out->last_ms = in->part->about.last_ms;
    return take_older(in, out, err);
}

zw_status zw_tile_take(const zw_tile_head *head, const void *body, size_t len,
                       const zw_tile_part *part, zw_slab *out, zw_err *err)
{
    struct reading in = {
        .head = head, .body = {body, (const uint8_t *)body + len, body == NULL}, .part = part};
    *out = (zw_slab){0};
    zw_status status = take_all(&in, out, err);
    if (status != ZW_OK) {
        zw_slab_fini(out);
    }
    return status;
}
