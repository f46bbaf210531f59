/* Layouts. What a header lacks fails the whole delivery: nothing under it could be read. */
#include "intake/sdmx_layout.h"

#include "base/cut.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { SAID_BYTES = 512, SHOWN_BYTES = 60 };

/* A layout in the making. */
struct making {
    const zw_sdmx_columns *columns;
    uint32_t line;
    zw_sdmx_layout *layout;
    zw_text names[ZW_SDMX_TIDY_MAX];
    size_t count; /* of names */
    zw_status status;
    zw_err *err;
};

/* The columns that are known by their ids to our own exports only. */
static const struct {
    const char *id;
    zw_role role;
} own_columns[] = {
    {"MEASURE", ZW_ROLE_MEASURE},     {"AREA", ZW_ROLE_AREA},     {"SCOPE", ZW_ROLE_SCOPE},
    {"KNOWN_AT", ZW_ROLE_KNOWN_AT},   {"SOURCE", ZW_ROLE_SOURCE}, {"NOTE", ZW_ROLE_NOTE},
    {"SYNTHETIC", ZW_ROLE_SYNTHETIC},
};
enum { OWN_COUNT = sizeof own_columns / sizeof own_columns[0] };

static bool is_own_column(zw_text id)
{
    for (size_t i = 0; i < OWN_COUNT; i++) {
        if (zw_text_is(id, own_columns[i].id)) {
            return true;
        }
    }
    return false;
}

/* Without a column the whole header is meant. */
static ZW_PRINTF(4, 5) zw_status
    header_fail(zw_err *err, uint32_t line, uint32_t column, const char *fmt, ...)
{
    char said[SAID_BYTES];
    va_list args;
    va_start(args, fmt);
    (void)zw_cut_vformat(said, sizeof said, fmt, args);
    va_end(args);
    return zw_err_set(err, ZW_INVALID, "%u:%u: %s", line, column > 0 ? column : 1, said);
}

uint32_t zw_sdmx_layout_column(const zw_sdmx_columns *columns, uint32_t line,
                               const zw_sdmx_map *map, const char *id, zw_status *status,
                               zw_err *err)
{
    uint32_t column = zw_sdmx_column_of(columns, id);
    if (column != 0) {
        return column;
    }
    char tail[SHOWN_BYTES + 32] = "";
    for (size_t i = 0; i < columns->count; i++) {
        zw_text other = columns->at[i].id;
        if (other.len == strlen(id) && strncasecmp(other.at, id, other.len) == 0) {
            (void)snprintf(tail, sizeof tail, "; there is '%.*s'",
                           (int)zw_cut_length(other.at, other.len, SHOWN_BYTES), other.at);
        }
    }
    *status =
        header_fail(err, line, 0, "measure '%s' expects a column '%s'%s", map->measure, id, tail);
    return 0;
}

bool zw_sdmx_map_names(const zw_sdmx_map *map, zw_text id)
{
    bool is_named = map->area != NULL && zw_text_is(id, map->area);
    for (size_t i = 0; i < map->where_count && !is_named; i++) {
        is_named = zw_text_is(id, map->where[i].column);
    }
    for (size_t i = 0; i < map->dim_count && !is_named; i++) {
        is_named = zw_text_is(id, map->dims[i].column);
    }
    for (size_t i = 0; i < map->ignored_count && !is_named; i++) {
        is_named = zw_text_is(id, map->ignored[i]);
    }
    return is_named;
}

/* What nobody named might set figures apart that would become one. */
static void check_all_named(struct making *in)
{
    const zw_sdmx_map *map = in->layout->map;
    for (uint32_t column = 1; column <= in->columns->count && in->status == ZW_OK; column++) {
        zw_text id = in->columns->at[column - 1].id;
        if (zw_sdmx_may_be_dimension(in->columns, column) && !zw_sdmx_map_names(map, id)) {
            in->status =
                header_fail(in->err, in->line, column,
                            "measure '%s' does not say what '%.*s' is: in its sdmx, name "
                            "it under where, by or ignore",
                            map->measure, (int)zw_cut_length(id.at, id.len, SHOWN_BYTES), id.at);
        }
    }
}

static uint32_t mapped_column(struct making *in, const char *id)
{
    return in->status != ZW_OK ? 0
                               : zw_sdmx_layout_column(in->columns, in->line, in->layout->map, id,
                                                       &in->status, in->err);
}

static void add_dim(struct making *in, zw_text name, uint32_t column)
{
    if (in->count == ZW_SDMX_TIDY_MAX) {
        in->status = header_fail(in->err, in->line, column, "there are too many columns");
        return;
    }
    in->names[in->count++] = name;
    in->layout->from[in->count] = column;
}

static void lay_map(struct making *in)
{
    const zw_sdmx_map *map = in->layout->map;
    if (map->area != NULL) {
        in->layout->from[1 + ZW_ROLE_AREA] = mapped_column(in, map->area);
    }
    for (size_t i = 0; i < map->dim_count && in->status == ZW_OK; i++) {
        add_dim(in, zw_text_of(map->dims[i].what), mapped_column(in, map->dims[i].column));
    }
    if (in->status == ZW_OK) {
        check_all_named(in);
    }
}

/* In a structure like our own, what is no column of every delivery is a dimension. */
static void lay_own(struct making *in)
{
    for (size_t i = 0; i < OWN_COUNT; i++) {
        in->layout->from[1 + own_columns[i].role] =
            zw_sdmx_column_of(in->columns, own_columns[i].id);
    }
    for (uint32_t column = 1; column <= in->columns->count && in->status == ZW_OK; column++) {
        zw_text id = in->columns->at[column - 1].id;
        if (zw_sdmx_may_be_dimension(in->columns, column) && !is_own_column(id)) {
            add_dim(in, id, column);
        }
    }
}

static zw_status head(struct making *in, zw_batch *batch)
{
    zw_err why = {ZW_OK, ""};
    zw_sdmx_layout *layout = in->layout;
    zw_text_place places[ZW_SDMX_TIDY_MAX + 1] = {{0, 0}}; /* all of the row's own line */
    zw_status status =
        zw_heading_read(&zw_roles_of_figures, in->names, in->count, 0, &layout->heading, &why);
    if (status == ZW_INVALID) {
        return header_fail(in->err, in->line, layout->from[layout->heading.bad_column], "%s",
                           why.text);
    }
    if (status != ZW_OK) {
        return zw_err_nomem(in->err);
    }
    for (size_t column = 1; column <= in->count; column++) {
        places[column].column = layout->from[column];
    }
    return zw_batch_add_places(batch, places, 1 + in->count, &layout->first_place, in->err);
}

zw_status zw_sdmx_layout_make(const zw_sdmx_columns *columns, uint32_t line, zw_batch *batch,
                              zw_sdmx_layout *layout, zw_err *err)
{
    struct making in = {.columns = columns, .line = line, .layout = layout, .err = err};
    for (size_t role = 0; role < ZW_ROLE_COUNT; role++) {
        in.names[in.count++] = zw_text_of(zw_role_name((zw_role)role));
    }
    layout->from[1 + ZW_ROLE_PERIOD] = columns->of[ZW_SDMX_TIME_PERIOD];
    layout->from[1 + ZW_ROLE_VALUE] = columns->of[ZW_SDMX_OBS_VALUE];
    layout->from[1 + ZW_ROLE_STATUS] = columns->of[ZW_SDMX_OBS_STATUS];
    if (layout->map != NULL) {
        lay_map(&in);
    } else {
        lay_own(&in);
    }
    if (layout->from[1 + ZW_ROLE_NOTE] == 0) {
        layout->from[1 + ZW_ROLE_NOTE] = columns->of[ZW_SDMX_COMMENT];
    }
    in.status = in.status == ZW_OK ? head(&in, batch) : in.status;
    layout->is_made = in.status == ZW_OK;
    return in.status;
}

void zw_sdmx_layout_fini(zw_sdmx_layout *layout)
{
    zw_heading_fini(&layout->heading);
}
