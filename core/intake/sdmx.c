/*
 * SDMX-CSV.
 *
 * 1. The sheet is read as any other; each of its rows becomes the row of a second sheet with the
 *    columns of the tidy CSV, which is judged by the same eyes.
 * 2. How that is done is a layout, made once for each map, and once for a structure like our own:
 *    which column each of the tidy columns comes from.
 */
#include "intake/sdmx.h"

#include "base/cut.h"
#include "intake/figure_rows.h"
#include "intake/sdmx_layout.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
    SAID_BYTES = 512,
    NAMES_BYTES = 64 * 1024 /* what names of dimensions add to a row */
};

typedef struct reader {
    const zw_sdmx_maps *maps;
    zw_sdmx_columns columns;
    uint32_t header_line;
    zw_sdmx_layout *layouts; /* of each map, and behind them the one of our own */
    zw_sheet tidy;           /* its heading is lent from a layout */
    zw_text_place places[ZW_SDMX_TIDY_MAX + 1];
    zw_figure_rows rows;
} reader;

/* --- which map ------------------------------------------------------------------------------ */

size_t zw_sdmx_structure_length(zw_text id)
{
    const char *version = id.len > 0 ? memchr(id.at, '(', id.len) : NULL;
    return version != NULL ? (size_t)(version - id.at) : id.len;
}

/* A map that names no version means all of them. */
static bool is_structure(const zw_sdmx_map *map, zw_text id)
{
    zw_text said = zw_text_of(map->structure);
    bool has_version = zw_sdmx_structure_length(said) < said.len;
    return has_version ? zw_text_same(said, id)
                       : zw_text_is((zw_text){id.at, zw_sdmx_structure_length(id)}, map->structure);
}

/* A field's code: without the label, when the column says that it has one. */
static bool code_take(const reader *r, zw_sheet *sheet, uint32_t column, zw_text *out)
{
    if (!zw_sheet_take(sheet, column, out)) {
        return false;
    }
    if (column > 0 && r->columns.at[column - 1].has_label) {
        *out = zw_sdmx_code(*out);
    }
    return true;
}

/* The first condition of a map that the row does not meet; where_count when it meets all. */
static size_t unmet(const reader *r, zw_sheet *sheet, const zw_sdmx_map *map)
{
    size_t i = 0;
    for (; i < map->where_count; i++) {
        zw_text code;
        uint32_t column = zw_sdmx_layout_column(&r->columns, r->header_line, map,
                                                map->where[i].column, &sheet->status, sheet->err);
        if (column == 0 || !code_take(r, sheet, column, &code) ||
            !zw_text_is(code, map->where[i].what)) {
            break;
        }
    }
    return i;
}

static void say_unknown_structure(const reader *r, zw_sheet *sheet, zw_text id)
{
    zw_buf said;
    zw_nearest nearest;
    zw_buf_init(&said, SAID_BYTES);
    zw_nearest_init(&nearest, (zw_text){id.at, zw_sdmx_structure_length(id)});
    for (size_t i = 0; i < r->maps->count; i++) {
        zw_nearest_try(&nearest, r->maps->at[i].structure);
    }
    (void)zw_buf_printf(&said, "no measure's sdmx names the structure '%.*s'", zw_sheet_shown(id),
                        id.at);
    zw_nearest_say(&nearest, &said);
    zw_sheet_fault(sheet, r->columns.of[ZW_SDMX_STRUCTURE_ID], "%s", zw_buf_view(&said));
    zw_buf_fini(&said);
}

/* No map of the structure takes the row. @param near  the only map, or the last. */
static void say_no_measure(const reader *r, zw_sheet *sheet, const zw_sdmx_map *near, size_t tried)
{
    size_t i = unmet(r, sheet, near);
    uint32_t column = zw_sdmx_column_of(&r->columns, near->where[i].column);
    zw_text got;
    if (!zw_sheet_take(sheet, column, &got)) {
        return;
    }
    if (tried == 1) {
        zw_sheet_fault(sheet, column, "measure '%s' is where %s is '%s', got '%.*s'", near->measure,
                       near->where[i].column, near->where[i].what, zw_sheet_shown(got), got.at);
    } else {
        zw_sheet_fault(sheet, 0,
                       "no measure is of this row: none of the %zu of its structure is "
                       "where its codes are",
                       tried);
    }
}

/* The maps of a row's structure, and the one that takes the row. */
struct search {
    size_t tried, last; /* how many, and the last of them */
    size_t found;       /* the number of maps: none takes it */
    bool is_twice;      /* a fault was named: two take it */
};

static struct search search_map(const reader *r, zw_sheet *sheet, zw_text id)
{
    struct search search = {.found = r->maps->count};
    for (size_t i = 0; i < r->maps->count && sheet->status == ZW_OK && !search.is_twice; i++) {
        const zw_sdmx_map *map = &r->maps->at[i];
        if (!is_structure(map, id)) {
            continue;
        }
        search.tried++;
        search.last = i;
        if (unmet(r, sheet, map) < map->where_count) {
            continue;
        }
        if (search.found < r->maps->count) {
            zw_sheet_fault(sheet, 0, "measures '%s' and '%s' are both where this row is",
                           r->maps->at[search.found].measure, map->measure);
            search.is_twice = true;
        }
        search.found = i;
    }
    return search;
}

static bool is_like_own(const reader *r)
{
    return zw_sdmx_column_of(&r->columns, "MEASURE") != 0 &&
           zw_sdmx_column_of(&r->columns, "AREA") != 0;
}

/* The layout a row is read by; NULL when a fault was named. */
static zw_sdmx_layout *layout_of(reader *r, zw_sheet *sheet)
{
    zw_text id;
    if (!zw_sheet_take(sheet, r->columns.of[ZW_SDMX_STRUCTURE_ID], &id)) {
        return NULL;
    }
    id = zw_sdmx_code(id);
    struct search search = search_map(r, sheet, id);
    if (sheet->status != ZW_OK || search.is_twice) {
        return NULL;
    }
    if (search.tried == 0 && !is_like_own(r)) {
        say_unknown_structure(r, sheet, id);
        return NULL;
    }
    if (search.tried > 0 && search.found == r->maps->count) {
        say_no_measure(r, sheet, &r->maps->at[search.last], search.tried);
        return NULL;
    }
    return &r->layouts[search.found];
}

/* --- rows ----------------------------------------------------------------------------------- */

/* What a row does to its figure. */
typedef struct doing {
    zw_text value, status;
} doing;

/* 'I' 'A' 'M' 'R', or 'D'; 0 when a fault was named. */
static char action_of(const reader *r, zw_sheet *sheet)
{
    zw_text text;
    uint32_t column = r->columns.of[ZW_SDMX_ACTION];
    if (!code_take(r, sheet, column, &text)) {
        return 0;
    }
    if (text.len == 0) {
        return 'I';
    }
    if (text.len > 1 || strchr("IAMRD", text.at[0]) == NULL) {
        zw_sheet_fault(sheet, column, "expected ACTION I, A, M, R or D, got '%.*s'",
                       zw_sheet_shown(text), text.at);
        return 0;
    }
    return text.at[0];
}

/* A delete must name one figure: an empty dimension would mean all of them. */
static bool check_delete(const reader *r, zw_sheet *sheet, const zw_sdmx_layout *by,
                         const doing *said)
{
    if (said->value.len == 0 && said->status.len > 0) {
        zw_sheet_fault(sheet, r->columns.of[ZW_SDMX_OBS_STATUS],
                       "a figure's status cannot be deleted alone");
        return false;
    }
    for (size_t column = 1; by->map != NULL && column <= by->heading.column_count; column++) {
        bool is_key = column == 1 + ZW_ROLE_AREA || column > ZW_ROLE_COUNT;
        if (is_key && by->from[column] != 0 && zw_sheet_field(sheet, by->from[column]).len == 0) {
            zw_sheet_fault(sheet, by->from[column],
                           "a delete names one figure: expected a code of every dimension");
            return false;
        }
    }
    return true;
}

/* A status of ours for a code of CL_OBS_STATUS. */
static bool status_map(const reader *r, zw_sheet *sheet, zw_text *status)
{
    static const char known[] = "APEFIHLMOQ";
    static const char *const letters[] = {"A", "P", "E", "F", "E", "M", "M", "M", "M", "M"};
    zw_text text = *status;
    int letter = text.len == 1 ? (unsigned char)text.at[0] : 0;
    letter += letter >= 'a' && letter <= 'z' ? 'A' - 'a' : 0;
    const char *at = letter != 0 ? strchr(known, letter) : NULL;
    if (text.len == 0) {
        return true;
    }
    if (at == NULL) {
        zw_sheet_fault(sheet, r->columns.of[ZW_SDMX_OBS_STATUS],
                       "expected a status A, P, E or F, I (which is taken as E), or H, L, M, O or "
                       "Q (missing), got '%.*s'",
                       zw_sheet_shown(text), text.at);
        return false;
    }
    *status = zw_text_of(letters[at - known]);
    return true;
}

/* What is said of the figure, in the words of the tidy CSV. */
static bool doing_of(const reader *r, zw_sheet *sheet, const zw_sdmx_layout *by, doing *out)
{
    char action = action_of(r, sheet);
    if (action == 0 || !zw_sheet_take(sheet, r->columns.of[ZW_SDMX_OBS_VALUE], &out->value) ||
        !code_take(r, sheet, r->columns.of[ZW_SDMX_OBS_STATUS], &out->status)) {
        return false;
    }
    if (action == 'D') {
        bool is_good = check_delete(r, sheet, by, out);
        *out = (doing){{"", 0}, {"M", 1}};
        return is_good;
    }
    if (zw_text_is(out->value, "NaN") || zw_text_is(out->value, "#N/A")) {
        *out = (doing){{"", 0}, {"M", 1}};
        return true;
    }
    if (!status_map(r, sheet, &out->status)) {
        return false;
    }
    if (out->value.len == 0 && !zw_text_is(out->status, "M")) {
        zw_sheet_fault(sheet, r->columns.of[ZW_SDMX_OBS_VALUE],
                       "expected OBS_VALUE: only with OBS_STATUS M or ACTION D it is empty");
        return false;
    }
    return true;
}

/* Numbers that are a million times too small are worse than none. */
static bool check_multiplier(const reader *r, zw_sheet *sheet, const zw_sdmx_layout *by)
{
    zw_text text;
    uint32_t column = r->columns.of[ZW_SDMX_UNIT_MULT];
    if (!code_take(r, sheet, column, &text)) {
        return false;
    }
    bool is_expected =
        by->map != NULL && column > 0 && zw_sdmx_map_names(by->map, r->columns.at[column - 1].id);
    if (text.len == 0 || zw_text_is(text, "0") || is_expected) {
        return true;
    }
    zw_sheet_fault(sheet, column,
                   "the value is in units of 1e%.*s: where the measure's unit has that scale, its "
                   "sdmx says where = { %.*s = \"%.*s\" }",
                   zw_sheet_shown(text), text.at, (int)r->columns.at[column - 1].id.len,
                   r->columns.at[column - 1].id.at, zw_sheet_shown(text), text.at);
    return false;
}

/* True when a dimension's code means all of it: then nothing is said. */
static bool is_total(const reader *r, const zw_sdmx_map *map, uint32_t column, zw_text code)
{
    bool is_all = zw_text_is(code, "_T");
    for (size_t i = 0; i < map->total_count && !is_all; i++) {
        is_all = zw_text_is(r->columns.at[column - 1].id, map->totals[i].column) &&
                 zw_text_is(code, map->totals[i].what);
    }
    return is_all;
}

/* Fills the tidy row. */
static bool tidy_fill(reader *r, zw_sheet *sheet, const zw_sdmx_layout *by, const doing *said)
{
    zw_sheet_clear(&r->tidy);
    for (size_t column = 1; column <= by->heading.column_count; column++) {
        zw_text text = {"", 0};
        bool is_text = column == 1 + ZW_ROLE_NOTE || column == 1 + ZW_ROLE_SOURCE;
        bool is_good = is_text ? zw_sheet_take(sheet, by->from[column], &text)
                               : code_take(r, sheet, by->from[column], &text);
        if (!is_good) {
            return false;
        }
        if (column == 1 + ZW_ROLE_MEASURE && by->map != NULL) {
            text = zw_text_of(by->map->measure);
        } else if (column == 1 + ZW_ROLE_VALUE) {
            text = said->value;
        } else if (column == 1 + ZW_ROLE_STATUS) {
            text = said->status;
        } else if (column > ZW_ROLE_COUNT && by->map != NULL &&
                   is_total(r, by->map, by->from[column], text)) {
            text = (zw_text){"", 0};
        }
        zw_sheet_add(&r->tidy, text);
        r->places[column] = (zw_text_place){sheet->line, by->from[column]};
    }
    r->places[0] = (zw_text_place){sheet->line, 0};
    return true;
}

static void reader_on_row(zw_sheet *sheet, void *arg)
{
    reader *r = arg;
    doing said;
    zw_sdmx_layout *by = layout_of(r, sheet);
    if (by != NULL && !by->is_made) {
        sheet->status =
            zw_sdmx_layout_make(&r->columns, r->header_line, sheet->batch, by, sheet->err);
    }
    if (by == NULL || sheet->status != ZW_OK || !doing_of(r, sheet, by, &said) ||
        !check_multiplier(r, sheet, by)) {
        return;
    }
    r->tidy.heading = by->heading;
    r->tidy.line = sheet->line;
    r->tidy.first_place = by->first_place;
    r->tidy.is_clean = sheet->is_clean;
    if (tidy_fill(r, sheet, by, &said)) {
        if (r->tidy.status == ZW_OK) {
            zw_figure_rows_take(&r->rows, &r->tidy);
        }
        sheet->status = r->tidy.status;
    }
}

static zw_status reader_on_heading(zw_sheet *sheet, const zw_text *fields, size_t count, void *arg)
{
    reader *r = arg;
    sheet->heading.column_count = count;
    r->header_line = sheet->line;
    return zw_sdmx_columns_read(fields, count, sheet->line, &r->columns, sheet->err);
}

static zw_status reader_run(reader *r, zw_text text, zw_batch *batch, zw_err *err)
{
    zw_sheet_reading reading = {.expected = "DATAFLOW or STRUCTURE,STRUCTURE_ID,ACTION",
                                .separator = zw_sdmx_separator(text),
                                .read_heading = reader_on_heading,
                                .on_row = reader_on_row,
                                .arg = r};
    zw_sheet_init(&r->tidy, text.len + NAMES_BYTES, batch, err);
    r->tidy.places = r->places;
    batch->columns = zw_figure_rows_columns();
    zw_status status = zw_figure_rows_init(&r->rows, text.len + NAMES_BYTES, batch, err);
    return status == ZW_OK ? zw_sheet_read(text, &reading, batch, err) : status;
}

static zw_status sdmx_read(reader *r, zw_text text, zw_batch *batch, zw_err *err)
{
    for (size_t i = 0; i < r->maps->count; i++) {
        r->layouts[i].map = &r->maps->at[i];
    }
    zw_status status = reader_run(r, text, batch, err);
    for (size_t i = 0; i <= r->maps->count; i++) {
        zw_sdmx_layout_fini(&r->layouts[i]);
    }
    zw_figure_rows_fini(&r->rows);
    r->tidy.heading = (zw_heading){0}; /* was lent */
    zw_sheet_fini(&r->tidy);
    zw_sdmx_columns_fini(&r->columns);
    return status;
}

zw_status zw_sdmx_read(zw_text text, const zw_sdmx_maps *maps, zw_batch *batch, zw_err *err)
{
    reader *r = calloc(1, sizeof *r); /* too large for a stack */
    if (r == NULL) {
        return zw_err_nomem(err);
    }
    r->maps = maps;
    r->layouts = calloc(maps->count + 1, sizeof *r->layouts);
    zw_status status = r->layouts != NULL ? sdmx_read(r, text, batch, err) : zw_err_nomem(err);
    free(r->layouts);
    free(r);
    return status;
}
