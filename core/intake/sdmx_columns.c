/* The columns of an SDMX-CSV. */
#include "intake/sdmx_columns.h"

#include "base/cut.h"

#include <string.h>
#include <strings.h>

enum { SHOWN_BYTES = 60 };

zw_text zw_sdmx_code(zw_text field)
{
    for (size_t i = 0; i + 1 < field.len; i++) {
        if (field.at[i] == ':' && field.at[i + 1] == ' ') {
            return zw_text_trim((zw_text){field.at, i});
        }
    }
    return field;
}

char zw_sdmx_separator(zw_text text)
{
    bool is_in_brackets = false; /* "STRUCTURE[;]" names another separator */
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        is_in_brackets = c == '[' || (is_in_brackets && c != ']');
        if (!is_in_brackets && (c == ',' || c == ';' || c == '\t')) {
            return c;
        }
    }
    return ',';
}

/* "ATTR" of "ATTR[]": brackets say that a field may hold several values. */
static zw_text without_brackets(zw_text id)
{
    const char *bracket = id.len > 0 ? memchr(id.at, '[', id.len) : NULL;
    return bracket != NULL ? (zw_text){id.at, (size_t)(bracket - id.at)} : id;
}

static zw_sdmx_is is_of(zw_text id)
{
    static const struct {
        const char *id;
        zw_sdmx_is is;
    } known[] = {
        {"DATAFLOW", ZW_SDMX_STRUCTURE_ID},
        {"STRUCTURE_ID", ZW_SDMX_STRUCTURE_ID},
        {"STRUCTURE", ZW_SDMX_IGNORED},
        {"STRUCTURE_NAME", ZW_SDMX_IGNORED},
        {"SERIES_KEY", ZW_SDMX_IGNORED},
        {"OBS_KEY", ZW_SDMX_IGNORED},
        {"ACTION", ZW_SDMX_ACTION},
        {"TIME_PERIOD", ZW_SDMX_TIME_PERIOD},
        {"OBS_VALUE", ZW_SDMX_OBS_VALUE},
        {"OBS_STATUS", ZW_SDMX_OBS_STATUS},
        {"OBS_FLAG", ZW_SDMX_OBS_STATUS},
        {"UNIT_MULT", ZW_SDMX_UNIT_MULT},
        {"UNIT_MULTIPLIER", ZW_SDMX_UNIT_MULT},
        {"OBS_COM", ZW_SDMX_COMMENT},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (zw_text_is(id, known[i].id)) {
            return known[i].is;
        }
    }
    static const char comment[] = "COMMENT";
    bool is_comment =
        id.len >= sizeof comment - 1 && memcmp(id.at, comment, sizeof comment - 1) == 0;
    return is_comment ? ZW_SDMX_COMMENT : ZW_SDMX_OTHER;
}

static int shown(zw_text text)
{
    return (int)zw_cut_length(text.at, text.len, SHOWN_BYTES);
}

static zw_status place(zw_sdmx_columns *columns, uint32_t column, uint32_t line, zw_err *err)
{
    zw_sdmx_column *at = &columns->at[column - 1];
    at->is = is_of(at->id);
    for (uint32_t before = 1; before < column && at->id.len > 0; before++) {
        if (zw_text_same(columns->at[before - 1].id, at->id)) {
            return zw_err_set(err, ZW_INVALID,
                              "%u:%u: column '%.*s' stands twice, first as column %u", line, column,
                              shown(at->id), at->id.at, before);
        }
    }
    if (columns->of[at->is] == 0) {
        columns->of[at->is] = column;
    }
    return ZW_OK;
}

static zw_status check(const zw_sdmx_columns *columns, uint32_t line, zw_err *err)
{
    if (columns->of[ZW_SDMX_STRUCTURE_ID] == 0) {
        return zw_err_set(err, ZW_INVALID,
                          "%u:1: expected SDMX-CSV: a column DATAFLOW, or STRUCTURE and "
                          "STRUCTURE_ID",
                          line);
    }
    if (columns->of[ZW_SDMX_TIME_PERIOD] == 0) {
        return zw_err_set(err, ZW_INVALID, "%u:1: the header has no column TIME_PERIOD", line);
    }
    return ZW_OK;
}

zw_status zw_sdmx_columns_read(const zw_text *fields, size_t count, uint32_t line,
                               zw_sdmx_columns *out, zw_err *err)
{
    if (count > ZW_HEADING_COLUMNS_MAX) {
        return zw_err_set(err, ZW_INVALID, "%u:%d: expected at most %d columns, got %zu", line,
                          ZW_HEADING_COLUMNS_MAX + 1, ZW_HEADING_COLUMNS_MAX, count);
    }
    size_t bytes = 1;
    for (size_t i = 0; i < count; i++) {
        bool has_nul = fields[i].len > 0 && memchr(fields[i].at, '\0', fields[i].len) != NULL;
        if (has_nul || !zw_text_is_utf8(fields[i].at, fields[i].len, NULL)) {
            return zw_err_set(err, ZW_INVALID, "%u:%zu: expected UTF-8 text without NUL bytes",
                              line, i + 1);
        }
        bytes += fields[i].len;
    }
    zw_buf_init(&out->ids, bytes);
    for (size_t i = 0; i < count; i++) {
        if (!zw_buf_append(&out->ids, fields[i].at, fields[i].len)) {
            return zw_err_nomem(err);
        }
    }
    const char *ids = zw_buf_view(&out->ids);
    zw_status status = ZW_OK;
    for (uint32_t column = 1; column <= count && status == ZW_OK; column++) {
        zw_text field = zw_text_trim((zw_text){ids, fields[column - 1].len});
        zw_text id = zw_sdmx_code(field);
        out->at[column - 1] =
            (zw_sdmx_column){.id = without_brackets(id), .has_label = id.len < field.len};
        ids += fields[column - 1].len;
        out->count = column;
        status = place(out, column, line, err);
    }
    return status == ZW_OK ? check(out, line, err) : status;
}

void zw_sdmx_columns_fini(zw_sdmx_columns *columns)
{
    zw_buf_fini(&columns->ids);
}

uint32_t zw_sdmx_column_of(const zw_sdmx_columns *columns, const char *id)
{
    for (uint32_t column = 1; column <= columns->count; column++) {
        if (zw_text_is(columns->at[column - 1].id, id)) {
            return column;
        }
    }
    return 0;
}

static bool is_id(zw_text text)
{
    static const char more[] = "_@$-";
    bool is_first = true;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        bool is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        bool is_more = (c >= '0' && c <= '9') || (c != '\0' && strchr(more, c) != NULL);
        if (!is_letter && (is_first || !is_more)) {
            return false;
        }
        is_first = false;
    }
    return !is_first;
}

bool zw_sdmx_may_be_dimension(const zw_sdmx_columns *columns, uint32_t column)
{
    const zw_sdmx_column *at = &columns->at[column - 1];
    uint32_t value = columns->of[ZW_SDMX_OBS_VALUE];
    if (at->is != ZW_SDMX_OTHER || (value != 0 && column > value) || !is_id(at->id)) {
        return false;
    }
    if (column == 1) {
        return true;
    }
    /* Beside "SEX" the column of its names is "Sex". */
    zw_text before = columns->at[column - 2].id;
    return before.len != at->id.len || strncasecmp(before.at, at->id.at, at->id.len) != 0;
}
