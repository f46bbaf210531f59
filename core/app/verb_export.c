/*
 * `export`: tidy CSV out, as of any moment. Observations come out as they can be taken in again; of
 * a synthetic one the note says so. Everything that is computed has a column `synthetic` of its
 * own.
 */
#include "app/csv_field.h"
#include "app/export_items.h"
#include "app/loaded.h"

#include <string.h>

enum { TEXT_CEILING = 64 * 1024, NOTE_CEILING = 64 * 1024 * 1024 };

/* What was asked, and where it goes. */
struct export
{
    const char *db, *what, *format, *out, *as_of, *area, *from, *to;
    zw_stamp first, last; /* what `from` and `to` say; both are included */
    zw_rest rest;
};

/* An export under way. */
struct writing {
    const zw_loaded *loaded;
    const zw_pack *pack;
    zw_store *store;
    zw_eval *eval;
    FILE *out;
    uint32_t within;              /* ZW_NONE: everywhere */
    bool has_versions;            /* every version, not only what stands */
    const zw_stamp *first, *last; /* what was asked for, both included; NULL: no bound */
};

static void put_text(const struct writing *to, zw_text text, bool is_last)
{
    zw_csv_field(to->out, text, is_last);
}

static void put(const struct writing *to, const char *text, bool is_last)
{
    put_text(to, zw_text_of(text), is_last);
}

static void put_number(const struct writing *to, double value)
{
    char text[40];
    put(to, zw_text_of_number(value, text, sizeof(text)), false);
}

static void put_period(const struct writing *to, uint32_t area, zw_grid grid, zw_period p)
{
    char text[48];
    put(to, zw_period_text(zw_pack_calendar(to->pack, area), grid, p, text, sizeof(text)), false);
}

static void put_moment(const struct writing *to, uint32_t area, int64_t at_ms)
{
    char text[48] = "";
    if (at_ms != INT64_MIN) {
        zw_moment_text(zw_pack_calendar(to->pack, area)->tz, at_ms, text, sizeof(text));
    }
    put(to, text, false);
}

static bool is_wanted(const struct writing *to, uint32_t area)
{
    return to->within == ZW_NONE || zw_pack_is_inside(to->pack, area, to->within);
}

/* Narrows the periods lo … hi of a grid to those that any of what was asked for lies in. */
static void narrow(const struct writing *to, uint32_t area, zw_grid grid, zw_period *lo,
                   zw_period *hi)
{
    const zw_calendar *calendar = zw_pack_calendar(to->pack, area);
    if (to->first != NULL) {
        zw_period first = zw_period_at(calendar, grid, zw_stamp_start_ms(calendar, to->first));
        *lo = first > *lo ? first : *lo;
    }
    if (to->last != NULL) {
        zw_period last = zw_period_at(calendar, grid, zw_stamp_last_ms(calendar, to->last));
        *hi = last < *hi ? last : *hi;
    }
}

/* The names of all dimensions of the pack's measures, once each. */
static zw_status collect_dims(const zw_pack *pack, zw_pool *out, zw_err *err)
{
    for (size_t m = 0; m < pack->measure_count; m++) {
        for (size_t d = 0; d < pack->measures[m].dims.count; d++) {
            if (zw_pool_put(out, zw_text_of(pack->measures[m].dims.at[d])) == ZW_POOL_NONE) {
                return zw_err_nomem(err);
            }
        }
    }
    return ZW_OK;
}

/* The value of a dimension in "name=value" pairs; empty for the total. */
static zw_text dim_of(const char *dims, const char *name)
{
    size_t len = strlen(name);
    const char *at = dims;
    while (*at != '\0') {
        size_t part = strcspn(at, "\x1f");
        if (part > len && strncmp(at, name, len) == 0 && at[len] == '=') {
            return (zw_text){at + len + 1, part - len - 1};
        }
        at += part + (at[part] != '\0' ? 1 : 0);
    }
    return (zw_text){"", 0};
}

static void put_dims(const struct writing *to, const char *dims, const zw_pool *names)
{
    for (uint32_t d = 0; d < zw_pool_count(names); d++) {
        put_text(to, dim_of(dims, zw_pool_text(names, d)), d + 1 == zw_pool_count(names));
    }
}

/* The note of a figure; a synthetic one's begins with that word, once: what is taken in again comes
 * out the same. */
static void put_note(const struct writing *to, const zw_figure *figure, bool is_last)
{
    static const char mark[] = "synthetic";
    const char *own = zw_store_text_view(to->store, figure->note);
    if (!figure->is_synthetic || strncmp(own, mark, sizeof(mark) - 1) == 0) {
        put(to, own, is_last);
        return;
    }
    zw_buf note;
    zw_buf_init(&note, NOTE_CEILING);
    (void)zw_buf_printf(&note, "%s%s%s", mark, own[0] != '\0' ? ": " : "", own);
    put(to, note.has_failed ? mark : zw_buf_view(&note), is_last);
    zw_buf_fini(&note);
}

/* @param is_hidden  the word stands where the value would. */
static void put_figure(const struct writing *to, const zw_series *series, uint32_t measure,
                       uint32_t area, zw_period p, const zw_figure *figure, bool is_hidden,
                       const zw_pool *names)
{
    const zw_measure *what = &to->pack->measures[measure];
    char status[2] = {zw_obs_status_letter((zw_obs_status)figure->status), '\0'};
    const zw_delivery *delivery = zw_store_delivery_by_id(to->store, figure->batch);
    const char *own = zw_store_text_view(to->store, figure->source);
    const char *source = own[0] != '\0' ? own : delivery != NULL ? delivery->source : "";
    put(to, what->title.name, false);
    put(to, to->pack->areas[area].title.name, false);
    put_period(to, area, what->grid, p);
    if (figure->status == ZW_OBS_MISSING) {
        put(to, "", false);
    } else if (is_hidden) {
        put(to, zw_reason_text(ZW_REASON_HIDDEN), false);
    } else {
        put_number(to, zw_unit_with_scale(figure->value, &what->unit));
    }
    put(to, status, false);
    put_moment(to, area, figure->known_at_ms);
    put(to, source, false);
    put(to, series->scope, false);
    put_note(to, figure, zw_pool_count(names) == 0);
    put_dims(to, series->dims, names);
}

static zw_status put_series(const struct writing *to, zw_series_id id, const zw_pool *names,
                            zw_err *err)
{
    const zw_series *series = zw_series_view(zw_store_series(to->store), id);
    uint32_t measure = zw_pack_measure(to->pack, zw_text_of(series->measure), NULL);
    uint32_t area = zw_pack_area(to->pack, zw_text_of(series->area), NULL);
    zw_period first = 0;
    zw_period last = -1;
    if (measure == ZW_NONE || area == ZW_NONE || !is_wanted(to, area) ||
        !zw_store_span(to->store, id, &first, &last)) {
        return ZW_OK;
    }
    int64_t as_of_ms = zw_eval_as_of_ms(to->eval);
    narrow(to, area, to->pack->measures[measure].grid, &first, &last);
    zw_status status = ZW_OK;
    for (zw_period p = first; status == ZW_OK && p <= last; p++) {
        bool is_hidden = false;
        status = zw_eval_hides_figure(to->eval, measure, area, series->dims, p, &is_hidden, err);
        const zw_figure *versions = NULL;
        size_t count = zw_store_versions(to->store, id, p, &versions);
        const zw_figure *standing = zw_store_at(to->store, id, p, as_of_ms);
        for (size_t v = 0; v < count && versions[v].known_at_ms <= as_of_ms; v++) {
            if (status == ZW_OK && (to->has_versions || &versions[v] == standing)) {
                put_figure(to, series, measure, area, p, &versions[v], is_hidden, names);
            }
        }
    }
    return status;
}

static zw_status write_observations(const struct writing *to, zw_err *err)
{
    zw_pool *names = NULL;
    zw_status status = zw_pool_create(&names, err);
    status = status == ZW_OK ? collect_dims(to->pack, names, err) : status;
    if (status == ZW_OK) {
        (void)fputs("measure,area,period,value,status,known_at,source,scope,note", to->out);
        for (uint32_t d = 0; d < zw_pool_count(names); d++) {
            (void)fprintf(to->out, ",%s", zw_pool_text(names, d));
        }
        (void)fputc('\n', to->out);
        zw_series_id count = zw_series_count(zw_store_series(to->store));
        for (zw_series_id id = 0; status == ZW_OK && id < count; id++) {
            status = put_series(to, id, names, err);
        }
    }
    zw_pool_destroy(names);
    return status;
}

static void put_cell(const struct writing *to, zw_node_id node, uint32_t area, const zw_cell *cell)
{
    char unit[96];
    char complete[32] = "";
    zw_buf why;
    zw_buf_init(&why, TEXT_CEILING);
    zw_eval_why(to->eval, area, cell, &why);
    if (zw_cell_stands(cell)) {
        put_number(to, cell->value);
    } else {
        put(to, "", false);
    }
    if (cell->of > 0) {
        (void)snprintf(complete, sizeof(complete), "%u/%u", cell->in, cell->of);
    }
    put(to, zw_unit_text(&zw_pack_node(to->pack, node)->unit, unit, sizeof(unit)), false);
    put(to,
        (cell->marks & ZW_MARK_PROVISIONAL) != 0 ? "P"
        : (cell->marks & ZW_MARK_ESTIMATED) != 0 ? "E"
                                                 : "A",
        false);
    put(to, (cell->marks & ZW_MARK_SYNTHETIC) != 0 ? "synthetic" : "", false);
    put(to, complete, false);
    put_moment(to, area, cell->known_at_ms);
    put(to, zw_buf_view(&why), true);
    zw_buf_fini(&why);
}

/* A period that nobody expects anything of is left out. */
static bool is_unexpected(const zw_cell *cell)
{
    return cell->reason == ZW_REASON_SKIPPED || cell->reason == ZW_REASON_OUTSIDE_LIFE ||
           (cell->reason == ZW_REASON_NO_FIGURE && cell->of == 0);
}

static zw_status write_indicator(const struct writing *to, uint32_t index, uint32_t area,
                                 zw_err *err)
{
    zw_node_id node = to->pack->indicators[index].node;
    zw_period first = 0;
    if (!zw_pack_node(to->pack, node)->has_grid || !zw_eval_first(to->eval, node, &first, area)) {
        return ZW_OK;
    }
    zw_period last = zw_eval_now(to->eval, node, area);
    zw_status status = ZW_OK;
    narrow(to, area, zw_pack_node(to->pack, node)->grid, &first, &last);
    for (zw_period p = first; status == ZW_OK && p <= last; p++) {
        zw_cell cell;
        status = zw_eval_cell(to->eval, node, area, p, &cell, err);
        status = status == ZW_OK ? zw_eval_veil(to->eval, node, area, p, &cell, err) : status;
        if (status == ZW_OK && !is_unexpected(&cell)) {
            put(to, to->pack->indicators[index].title.name, false);
            put(to, to->pack->areas[area].title.name, false);
            put_period(to, area, zw_pack_node(to->pack, node)->grid, p);
            put_cell(to, node, area, &cell);
        }
    }
    return status;
}

static zw_status write_indicators(const struct writing *to, zw_err *err)
{
    zw_status status = ZW_OK;
    (void)fputs("indicator,area,period,value,unit,status,synthetic,complete,known_at,why\n",
                to->out);
    for (uint32_t i = 0; i < to->pack->indicator_count; i++) {
        for (uint32_t a = 0; status == ZW_OK && a < to->pack->area_count; a++) {
            status = is_wanted(to, a) ? write_indicator(to, i, a, err) : ZW_OK;
        }
    }
    return status;
}

static zw_status write_target(const struct writing *to, uint32_t index, uint32_t area, zw_err *err)
{
    const zw_target *target = &to->pack->targets[index];
    zw_status status = ZW_OK;
    for (size_t d = 0; status == ZW_OK && d < target->dated_count; d++) {
        zw_judged judged;
        zw_period lo = target->dated[d].when.period;
        zw_period hi = lo;
        narrow(to, area, target->dated[d].when.grid, &lo, &hi);
        if (lo > hi) {
            continue;
        }
        status = zw_eval_verdict(to->eval, index, area, d, &judged, err);
        status = status == ZW_OK ? zw_eval_veil(to->eval, target->expr, area, target->dated[d].at,
                                                &judged.actual, err)
                                 : status;
        if (status != ZW_OK) {
            break;
        }
        put(to, target->title.name, false);
        put(to, to->pack->areas[area].title.name, false);
        put_period(to, area, target->dated[d].when.grid, target->dated[d].when.period);
        put(to, zw_compare_text(target->compare), false);
        put_number(to, target->dated[d].value);
        put(to, zw_verdict_text(judged.verdict), false);
        put_cell(to, target->expr, area, &judged.actual);
    }
    return status;
}

static zw_status write_targets(const struct writing *to, zw_err *err)
{
    zw_status status = ZW_OK;
    (void)fputs("target,area,period,compare,goal,verdict,actual,unit,status,synthetic,complete,"
                "known_at,why\n",
                to->out);
    for (uint32_t t = 0; t < to->pack->target_count; t++) {
        for (size_t i = 0; status == ZW_OK && i < to->pack->targets[t].each_count; i++) {
            uint32_t area = to->pack->targets[t].each[i];
            bool is_judged = to->pack->targets[t].expr != ZW_NODE_NONE;
            status = is_wanted(to, area) && is_judged ? write_target(to, t, area, err) : ZW_OK;
        }
    }
    return status;
}

/* True when a moment lies in what was asked for. */
static bool is_at_asked(const struct writing *to, uint32_t area, int64_t at_ms)
{
    const zw_calendar *calendar = zw_pack_calendar(to->pack, area);
    return (to->first == NULL || at_ms >= zw_stamp_start_ms(calendar, to->first)) &&
           (to->last == NULL || at_ms <= zw_stamp_last_ms(calendar, to->last));
}

static zw_status write_event(void *arg, const zw_alert_event *event, zw_err *err)
{
    (void)err;
    const struct writing *to = arg;
    uint32_t area = zw_pack_area(to->pack, zw_text_of(event->key.area), NULL);
    if (area == ZW_NONE || !is_wanted(to, area) || !is_at_asked(to, area, event->at_ms) ||
        !zw_ledger_is_move(event)) {
        return ZW_OK;
    }
    put(to, event->key.alert, false);
    put(to, event->key.area, false);
    put(to, event->key.period, false);
    put(to, zw_alert_state_text(&event->state), false);
    put_moment(to, area, event->at_ms);
    put(to, strstr(event->evidence, "\"synthetic\":true") != NULL ? "synthetic" : "", false);
    put(to, event->evidence, true);
    return ZW_OK;
}

static zw_status write_alerts(struct writing *to, zw_err *err)
{
    (void)fputs("alert,area,period,state,since,synthetic,evidence\n", to->out);
    return zw_ledger_history(zw_engine_ledger(to->loaded->engine), NULL, INT64_MIN,
                             zw_eval_as_of_ms(to->eval), write_event, to, err);
}

static zw_status write_what(struct writing *to, const char *what, zw_err *err)
{
    if (strcmp(what, "indicators") == 0) {
        return write_indicators(to, err);
    }
    if (strcmp(what, "targets") == 0) {
        return write_targets(to, err);
    }
    if (strcmp(what, "alerts") == 0) {
        return write_alerts(to, err);
    }
    if (strcmp(what, "items") == 0) {
        zw_export_items items = {.pack = to->pack,
                                 .store = to->store,
                                 .as_of_ms = zw_eval_as_of_ms(to->eval),
                                 .within = to->within,
                                 .first = to->first,
                                 .last = to->last};
        return zw_export_items_write(&items, to->out, err);
    }
    to->has_versions = strcmp(what, "revisions") == 0;
    return write_observations(to, err);
}

static zw_status read_bound(const char *option, const char *text, zw_stamp *out, zw_err *err)
{
    zw_status status = text != NULL ? zw_stamp_parse(zw_text_of(text), out, err) : ZW_OK;
    return status == ZW_OK ? ZW_OK : zw_err_wrap(err, status, "--%s", option);
}

static zw_status check_words(struct export *export, zw_err *err)
{
    static const char *const whats[] = {"observations", "indicators", "targets",
                                        "alerts",       "revisions",  "items"};
    if (export->rest.count != 1) {
        return zw_err_set(err, ZW_INVALID, "expected one PACK");
    }
    if (strcmp(export->format, "csv") != 0) {
        return zw_err_set(err, ZW_NOT_YET, "not yet: --format %s", export->format);
    }
    zw_status status = read_bound("from", export->from, &export->first, err);
    status = status == ZW_OK ? read_bound("to", export->to, &export->last, err) : status;
    if (status != ZW_OK) {
        return status;
    }
    for (size_t i = 0; i < sizeof(whats) / sizeof(whats[0]); i++) {
        if (strcmp(export->what, whats[i]) == 0) {
            return ZW_OK;
        }
    }
    return zw_err_set(
        err, ZW_INVALID,
        "'%s' cannot be exported: expected observations, indicators, targets, alerts, revisions or "
        "items",
        export->what);
}

static zw_status open_writing(struct writing *to, const struct export *export, zw_err *err)
{
    int64_t as_of_ms = zw_engine_now_ms(to->loaded->engine);
    zw_status status = ZW_OK;
    to->within = ZW_NONE;
    if (export->area != NULL) {
        status = zw_engine_area(to->loaded->engine, export->area, &to->within, err);
    }
    if (status == ZW_OK && export->as_of != NULL) {
        status = zw_engine_as_of(to->loaded->engine, export->as_of,
                                 to->within == ZW_NONE ? 0 : to->within, &as_of_ms, err);
    }
    status =
        status == ZW_OK ? zw_engine_eval_at(to->loaded->engine, as_of_ms, &to->eval, err) : status;
    if (status == ZW_OK && export->out != NULL) {
        to->out = fopen(export->out, "wb");
        status = to->out != NULL ? ZW_OK
                                 : zw_err_set(err, ZW_IO, "%s: it cannot be written", export->out);
    }
    return status;
}

static zw_status export_to(const zw_loaded *loaded, const struct export *export, const zw_io *io,
                           zw_err *err)
{
    struct writing to = {.loaded = loaded,
                         .pack = loaded->pack,
                         .store = zw_engine_store(loaded->engine),
                         .out = io->out,
                         .first = export->from != NULL ? &export->first : NULL,
                         .last = export->to != NULL ? &export->last : NULL};
    zw_status status = open_writing(&to, export, err);
    status = status == ZW_OK ? write_what(&to, export->what, err) : status;
    if (export->out != NULL && to.out != NULL && fclose(to.out) != 0 && status == ZW_OK) {
        status = zw_err_set(err, ZW_IO, "%s: it cannot be written", export->out);
    }
    zw_eval_destroy(to.eval);
    return status;
}

int zw_verb_export(int argc, char **argv, const zw_io *io)
{
    struct export export = {.db = "zonewatch.db", .what = "observations", .format = "csv"};
    const zw_option options[] = {{"db", &export.db, NULL},         {"what", &export.what, NULL},
                                 {"format", &export.format, NULL}, {"out", &export.out, NULL},
                                 {"o", &export.out, NULL},         {"as-of", &export.as_of, NULL},
                                 {"area", &export.area, NULL},     {"from", &export.from, NULL},
                                 {"to", &export.to, NULL}};
    zw_err err;
    zw_status status =
        zw_args_read(argc, argv, options, sizeof(options) / sizeof(options[0]), &export.rest, &err);
    status = status == ZW_OK ? check_words(&export, &err) : status;
    if (status != ZW_OK) {
        return zw_verb_failed(io, "export", &err, true);
    }
    zw_loaded loaded = {NULL, NULL, NULL, {0}};
    status = zw_loaded_pack(&loaded, export.rest.at[0], io, &err);
    status =
        status == ZW_OK ? zw_loaded_engine(&loaded, export.db, ZW_DB_READ, io, NULL, &err) : status;
    status = status == ZW_OK ? export_to(&loaded, &export, io, &err) : status;
    int code = status == ZW_OK ? ZW_EXIT_OK : zw_verb_failed(io, "export", &err, false);
    zw_loaded_fini(&loaded);
    return code;
}
