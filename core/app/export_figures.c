/* Figures out: measure by measure as their series came, period by period, version by version. */
#include "app/export_figures.h"

#include "intake/sdmx.h"

#include <string.h>

/* An export under way. */
struct writing {
    const zw_export *export;
    const zw_export_figures *which;
    const zw_pool *dims; /* the names of all dimensions */
};

/* One series of a measure that the pack has. */
struct place {
    const zw_series *series;
    zw_series_id id;
    uint32_t measure, area;
};

/* The dimensions that a series of a measure that takes any has. */
static bool collect_any(const char *dims, zw_pool *out)
{
    bool is_ok = true;
    zw_dim dim;
    while (is_ok && zw_dims_next(&dims, &dim)) {
        is_ok = zw_pool_put(out, dim.name) != ZW_POOL_NONE;
    }
    return is_ok;
}

/* The names of all dimensions of the pack's measures, once each. */
static zw_status collect_dims(const zw_pack *pack, const zw_series_set *set, zw_pool *out,
                              zw_err *err)
{
    bool is_ok = true;
    for (size_t m = 0; m < pack->measure_count; m++) {
        for (size_t d = 0; is_ok && d < pack->measures[m].dims.count; d++) {
            is_ok = zw_pool_put(out, zw_text_of(pack->measures[m].dims.at[d])) != ZW_POOL_NONE;
        }
    }
    for (zw_series_id id = 0; is_ok && id < zw_series_count(set); id++) {
        const zw_series *series = zw_series_view(set, id);
        uint32_t measure = zw_pack_measure(pack, zw_text_of(series->measure), NULL);
        if (measure != ZW_NONE && pack->measures[measure].accepts_any) {
            is_ok = collect_any(series->dims, out);
        }
    }
    return is_ok ? ZW_OK : zw_err_nomem(err);
}

static void put_value(const struct writing *to, const struct place *place, const zw_figure *figure,
                      bool is_hidden)
{
    zw_tabular *table = to->export->table;
    const zw_unit *unit = &to->export->pack->measures[place->measure].unit;
    if (figure->status == ZW_OBS_MISSING) {
        zw_tabular_puts(table, "");
    } else if (is_hidden) {
        zw_tabular_puts(table, zw_reason_text(ZW_REASON_HIDDEN));
    } else {
        zw_tabular_number(table, zw_unit_with_scale(figure->value, unit));
    }
}

static void put_dims(const struct writing *to, const struct place *place)
{
    for (uint32_t d = 0; d < zw_pool_count(to->dims); d++) {
        zw_tabular_put(to->export->table,
                       zw_dims_value(place->series->dims, zw_pool_text(to->dims, d)));
    }
}

static void put_key(const struct writing *to, const struct place *place)
{
    zw_tabular *table = to->export->table;
    if (to->which->is_sdmx) {
        zw_tabular_puts(table, "dataflow");
        zw_tabular_puts(table, ZW_SDMX_STRUCTURE);
        zw_tabular_puts(table, "I");
    }
    zw_tabular_puts(table, to->export->pack->measures[place->measure].title.name);
    zw_tabular_puts(table, to->export->pack->areas[place->area].title.name);
    if (to->which->is_sdmx) {
        put_dims(to, place);
        zw_tabular_puts(table, place->series->scope);
    }
}

/* @param is_hidden  the word stands where the value would. */
static void put_figure(const struct writing *to, const struct place *place, zw_period p,
                       const zw_figure *figure, bool is_hidden)
{
    const zw_export *export = to->export;
    zw_tabular *table = export->table;
    char status = zw_obs_status_letter((zw_obs_status)figure->status);
    const zw_delivery *delivery = zw_store_delivery_by_id(export->store, figure->batch);
    const char *own = zw_store_text_view(export->store, figure->source);
    put_key(to, place);
    zw_export_period(export, place->area, export->pack->measures[place->measure].grid, p);
    put_value(to, place, figure, is_hidden);
    zw_tabular_put(table, (zw_text){&status, 1});
    zw_export_moment(export, place->area, figure->known_at_ms);
    zw_tabular_puts(table, own[0] != '\0' || delivery == NULL ? own : delivery->source);
    if (!to->which->is_sdmx) {
        zw_tabular_puts(table, place->series->scope);
    }
    zw_tabular_puts(table, zw_store_text_view(export->store, figure->note));
    zw_tabular_flag(table, figure->is_synthetic);
    if (!to->which->is_sdmx) {
        put_dims(to, place);
    }
}

static zw_status put_cell(const struct writing *to, const struct place *place, zw_period p,
                          zw_err *err)
{
    const zw_export *export = to->export;
    int64_t as_of_ms = zw_eval_as_of_ms(export->eval);
    bool is_hidden = false;
    zw_figure room;
    const zw_figure *versions = NULL;
    size_t count = zw_store_versions(export->store, place->id, p, &room, &versions);
    if (count == 0 || versions[0].known_at_ms > as_of_ms) {
        return ZW_OK;
    }
    zw_status status = zw_eval_hides_figure(export->eval, place->measure, place->area,
                                            place->series->dims, p, &is_hidden, err);
    for (size_t v = 0; status == ZW_OK && v < count && versions[v].known_at_ms <= as_of_ms; v++) {
        bool is_last = v + 1 == count || versions[v + 1].known_at_ms != versions[v].known_at_ms;
        bool is_standing = v + 1 == count || versions[v + 1].known_at_ms > as_of_ms;
        if (to->which->has_versions ? is_last : is_standing) {
            put_figure(to, place, p, &versions[v], is_hidden);
        }
    }
    return status;
}

static zw_status put_series(const struct writing *to, zw_series_id id, zw_err *err)
{
    const zw_export *export = to->export;
    const zw_series *series = zw_series_view(zw_store_series(export->store), id);
    struct place place = {.series = series,
                          .id = id,
                          .measure =
                              zw_pack_measure(export->pack, zw_text_of(series->measure), NULL),
                          .area = zw_pack_area(export->pack, zw_text_of(series->area), NULL)};
    zw_period first = 0;
    zw_period last = -1;
    if (place.measure == ZW_NONE || place.area == ZW_NONE ||
        !zw_export_wants_area(export, place.area) ||
        !zw_store_span(export->store, id, &first, &last)) {
        return ZW_OK;
    }
    zw_export_narrow(export, place.area, export->pack->measures[place.measure].grid, &first, &last);
    zw_status status = ZW_OK;
    for (zw_period p = first; status == ZW_OK && p <= last; p++) {
        status = put_cell(to, &place, p, err);
    }
    zw_store_rest(export->store);
    return status == ZW_OK ? zw_store_trouble(export->store, err) : status;
}

static void head_dims(const struct writing *to)
{
    for (uint32_t d = 0; d < zw_pool_count(to->dims); d++) {
        zw_tabular_column(to->export->table, zw_pool_text(to->dims, d), ZW_TABULAR_TEXT);
    }
}

static void head_tidy(const struct writing *to)
{
    static const char *const key[] = {"measure", "area", "period"};
    static const char *const rest[] = {"status", "known_at", "source", "scope", "note"};
    zw_tabular *table = to->export->table;
    zw_tabular_texts(table, key, sizeof key / sizeof key[0]);
    zw_tabular_column(table, "value", ZW_TABULAR_NUMBER);
    zw_tabular_texts(table, rest, sizeof rest / sizeof rest[0]);
    zw_tabular_column(table, "synthetic", ZW_TABULAR_FLAG);
    head_dims(to);
}

/* Dimensions before the value, attributes behind it, as the standard wants them from services. */
static void head_sdmx(const struct writing *to)
{
    static const char *const key[] = {"STRUCTURE", "STRUCTURE_ID", "ACTION", "MEASURE", "AREA"};
    static const char *const when[] = {"SCOPE", "TIME_PERIOD"};
    static const char *const rest[] = {"OBS_STATUS", "KNOWN_AT", "SOURCE", "NOTE"};
    zw_tabular *table = to->export->table;
    zw_tabular_texts(table, key, sizeof key / sizeof key[0]);
    head_dims(to);
    zw_tabular_texts(table, when, sizeof when / sizeof when[0]);
    zw_tabular_column(table, "OBS_VALUE", ZW_TABULAR_NUMBER);
    zw_tabular_texts(table, rest, sizeof rest / sizeof rest[0]);
    zw_tabular_column(table, "SYNTHETIC", ZW_TABULAR_FLAG);
}

static zw_status put_head(const struct writing *to, zw_err *err)
{
    if (to->which->is_sdmx) {
        head_sdmx(to);
    } else {
        head_tidy(to);
    }
    return zw_tabular_head(to->export->table, err);
}

zw_status zw_export_figures_write(const zw_export *export, const zw_export_figures *which,
                                  zw_err *err)
{
    zw_pool *dims = NULL;
    zw_status status = zw_pool_create(&dims, err);
    status = status == ZW_OK ? collect_dims(export->pack, zw_store_series(export->store), dims, err)
                             : status;
    struct writing to = {.export = export, .which = which, .dims = dims};
    status = status == ZW_OK ? put_head(&to, err) : status;
    zw_series_id count = zw_series_count(zw_store_series(export->store));
    for (zw_series_id id = 0; status == ZW_OK && id < count; id++) {
        status = put_series(&to, id, err);
    }
    zw_pool_destroy(dims);
    return status;
}
