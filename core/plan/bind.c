/* Binding: rows of names and texts become rows of measures, areas and periods. Each mistake is
 * named at its column. */
#include "plan/bind.h"

#include "base/cut.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { SAID_BYTES = 100, MISTAKE_BYTES = 16 * 1024 };

/* A binding under way. */
struct binding {
    const zw_pack *pack;
    zw_batch *batch;
    const zw_bind_options *options;
    const zw_row *row;
    /* What each text of the batch was found to be, where it was: of a name that stands in a million
     * rows one is looked up. ZW_NONE: not looked up yet, or nothing. */
    uint32_t *measures, *areas;
    zw_bound bound;
    uint32_t column; /* of a mistake */
    zw_buf mistake;  /* empty: none so far */
};

static const char *text_of(const struct binding *in, uint32_t number)
{
    return zw_pool_text(in->batch->texts, number);
}

/* How much of a delivered name a message repeats. */
static int said(const char *name, size_t len)
{
    return (int)zw_cut_length(name, len, SAID_BYTES);
}

static bool bind_measure(struct binding *in)
{
    in->bound.measure = in->measures[in->row->measure];
    if (in->bound.measure != ZW_NONE) {
        return true;
    }
    const char *name = text_of(in, in->row->measure);
    zw_nearest nearest;
    zw_nearest_init(&nearest, zw_text_of(name));
    in->bound.measure = zw_pack_measure(in->pack, zw_text_of(name), &nearest);
    in->measures[in->row->measure] = in->bound.measure;
    if (in->bound.measure == ZW_NONE) {
        in->column = in->batch->columns.measure;
        zw_buf_printf(&in->mistake, "no measure '%.*s'", said(name, strlen(name)), name);
        zw_nearest_say(&nearest, &in->mistake);
    }
    return in->bound.measure != ZW_NONE;
}

static bool bind_area(struct binding *in)
{
    in->bound.area = in->areas[in->row->area];
    if (in->bound.area != ZW_NONE) {
        return true;
    }
    const char *name = text_of(in, in->row->area);
    in->column = in->batch->columns.area;
    if (name[0] == '\0') {
        in->bound.area = in->areas[in->row->area] = zw_pack_only_zone(in->pack);
        if (in->bound.area == ZW_NONE) {
            zw_buf_puts(&in->mistake, "the area is empty and the pack has several zones:");
            zw_pack_say_zones(in->pack, &in->mistake);
        }
        return in->bound.area != ZW_NONE;
    }
    zw_nearest nearest;
    zw_nearest_init(&nearest, zw_text_of(name));
    in->bound.area = in->areas[in->row->area] = zw_pack_area(in->pack, zw_text_of(name), &nearest);
    if (in->bound.area == ZW_NONE) {
        zw_buf_printf(&in->mistake, "no area '%.*s'", said(name, strlen(name)), name);
        zw_nearest_say(&nearest, &in->mistake);
    }
    return in->bound.area != ZW_NONE;
}

static bool bind_dims(struct binding *in)
{
    const zw_measure *measure = &in->pack->measures[in->bound.measure];
    const char *at = text_of(in, in->row->dims);
    in->bound.dims = at;
    in->bound.scope = text_of(in, in->row->scope);
    zw_dim dim;
    while (zw_dims_next(&at, &dim)) {
        zw_nearest nearest;
        zw_nearest_init(&nearest, dim.name);
        if (!zw_measure_has_dim(measure, dim.name, &nearest)) {
            in->column = in->batch->columns.dims;
            zw_buf_printf(&in->mistake, "measure '%s' has no dimension '%.*s'", measure->title.name,
                          said(dim.name.at, dim.name.len), dim.name.at);
            zw_nearest_say(&nearest, &in->mistake);
            return false;
        }
    }
    return true;
}

/* An example of a period on a grid, for messages. */
static const char *example_of(zw_grid grid)
{
    static const char *const examples[] = {[ZW_SUBDAY] = "2022-03-31T10:15:00+08:00",
                                           [ZW_DAY] = "2022-03-31",
                                           [ZW_WEEK] = "2022-W05",
                                           [ZW_MONTH] = "2022-03",
                                           [ZW_QUARTER] = "2022-Q3",
                                           [ZW_HALF] = "2022-S1",
                                           [ZW_YEAR] = "2022"};
    return examples[grid.every];
}

/* The period as the measure has it. */
static bool read_period(struct binding *in)
{
    const zw_measure *measure = &in->pack->measures[in->bound.measure];
    const zw_calendar *calendar = zw_pack_calendar(in->pack, in->bound.area);
    const zw_stamp *stamp = &in->row->period;
    bool is_moment = stamp->is != ZW_STAMP_PERIOD;
    if (!is_moment && zw_grid_same(stamp->grid, measure->grid)) {
        in->bound.period = stamp->period;
        return true;
    }
    if (is_moment && measure->grid.every == ZW_SUBDAY) {
        in->bound.period =
            zw_period_at(calendar, measure->grid, zw_stamp_start_ms(calendar, stamp));
        return true;
    }
    char grid[24];
    char got[48] = "a moment";
    if (!is_moment) {
        zw_period_text(calendar, stamp->grid, stamp->period, got, sizeof(got));
    }
    in->column = in->batch->columns.period;
    zw_buf_printf(&in->mistake,
                  "measure '%s' is reported every %s: expected a period such as %s, got %s",
                  measure->title.name, zw_grid_name(measure->grid, grid, sizeof(grid)),
                  example_of(measure->grid), got);
    return false;
}

void zw_bind_say_past(const zw_pack *pack, uint32_t measure, uint32_t area, zw_period floor,
                      zw_buf *out)
{
    char from[48];
    const zw_measure *what = &pack->measures[measure];
    zw_period_text(zw_pack_calendar(pack, area), what->grid, floor, from, sizeof(from));
    zw_buf_printf(out, "past its keep: of measure '%s' nothing before %s is kept", what->title.name,
                  from);
}

static bool bind_period(struct binding *in)
{
    if (!read_period(in)) {
        return false;
    }
    const zw_period *floors = in->options->floors;
    if (floors == NULL || in->bound.period >= floors[in->bound.measure]) {
        return true;
    }
    in->column = in->batch->columns.period;
    zw_bind_say_past(in->pack, in->bound.measure, in->bound.area, floors[in->bound.measure],
                     &in->mistake);
    return false;
}

static bool bind_value(struct binding *in)
{
    const zw_measure *measure = &in->pack->measures[in->bound.measure];
    in->bound.status = in->row->status;
    if (in->row->status == ZW_OBS_NORMAL && in->options->has_status) {
        in->bound.status = in->options->status;
    }
    in->bound.value =
        in->row->has_value ? zw_unit_without_scale(in->row->value, &measure->unit) : 0;
    if (!isfinite(in->bound.value)) {
        in->column = in->batch->columns.value;
        zw_buf_puts(&in->mistake, "the value is too large in its measure's unit");
    }
    return isfinite(in->bound.value);
}

static bool bind_known_at(struct binding *in)
{
    const zw_bind_options *options = in->options;
    in->bound.known_at_ms = options->has_known_at ? options->known_at_ms : options->now_ms;
    if (in->row->has_known_at) {
        in->bound.known_at_ms =
            zw_stamp_start_ms(zw_pack_calendar(in->pack, in->bound.area), &in->row->known_at);
    }
    if (in->bound.known_at_ms > options->now_ms) {
        in->column = in->batch->columns.known_at;
        zw_buf_puts(&in->mistake, "known_at lies after now: what is not known yet cannot be taken");
        return false;
    }
    return true;
}

static bool bind_row(struct binding *in)
{
    in->bound = (zw_bound){.line = in->row->line};
    in->bound.source = text_of(in, in->row->source);
    in->bound.note = text_of(in, in->row->note);
    in->bound.is_synthetic = in->row->is_synthetic;
    zw_buf_clear(&in->mistake);
    return bind_measure(in) && bind_area(in) && bind_dims(in) && bind_period(in) &&
           bind_value(in) && bind_known_at(in);
}

/* From the end backwards, so that a rejected row moves only good ones. The good ones stand at the
 * end of `rows` after. */
static zw_status bind_rows(struct binding *in, zw_bound *rows, size_t *kept, zw_err *err)
{
    zw_status status = ZW_OK;
    *kept = in->batch->row_count;
    for (size_t i = in->batch->row_count; status == ZW_OK && i > 0; i--) {
        in->row = &in->batch->rows[i - 1];
        if (bind_row(in)) {
            rows[--*kept] = in->bound;
            continue;
        }
        status = in->mistake.has_failed ? zw_err_nomem(err)
                                        : zw_batch_reject(in->batch, i - 1, in->column, err, "%s",
                                                          zw_buf_view(&in->mistake));
    }
    return status;
}

zw_status zw_bind(const zw_pack *pack, zw_batch *batch, const zw_bind_options *options,
                  zw_bound **out, zw_err *err)
{
    size_t names = zw_pool_count(batch->texts);
    *out = calloc(batch->row_count > 0 ? batch->row_count : 1, sizeof(zw_bound));
    uint32_t *found = malloc(2 * names * sizeof(*found));
    if (*out == NULL || found == NULL) {
        free(*out);
        free(found);
        *out = NULL;
        return zw_err_nomem(err);
    }
    memset(found, 0xFF, 2 * names * sizeof(*found)); /* ZW_NONE, all of them */
    struct binding in = {.pack = pack,
                         .batch = batch,
                         .options = options,
                         .measures = found,
                         .areas = found + names};
    zw_buf_init(&in.mistake, MISTAKE_BYTES);
    size_t kept = 0;
    zw_status status = bind_rows(&in, *out, &kept, err);
    zw_buf_fini(&in.mistake);
    free(found);
    if (status != ZW_OK || batch->row_count == 0) {
        free(*out);
        *out = NULL;
        return status;
    }
    memmove(*out, *out + kept, batch->row_count * sizeof(zw_bound));
    return ZW_OK;
}
