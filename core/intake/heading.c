/* A heading: what the columns of a tidy delivery are, or why they cannot be used. */
#include "intake/heading.h"

#include "base/cut.h"

#include <stdlib.h>
#include <string.h>

enum {
    SHOWN_BYTES = 60, /* how much of a bad name an error repeats */
    SAID_BYTES = 512
};

static const char *const figure_roles[ZW_ROLE_COUNT] = {
    [ZW_ROLE_MEASURE] = "measure",     [ZW_ROLE_AREA] = "area",     [ZW_ROLE_PERIOD] = "period",
    [ZW_ROLE_VALUE] = "value",         [ZW_ROLE_STATUS] = "status", [ZW_ROLE_KNOWN_AT] = "known_at",
    [ZW_ROLE_SOURCE] = "source",       [ZW_ROLE_SCOPE] = "scope",   [ZW_ROLE_NOTE] = "note",
    [ZW_ROLE_SYNTHETIC] = "synthetic",
};

const zw_roles zw_roles_of_figures = {.names = figure_roles,
                                      .count = ZW_ROLE_COUNT,
                                      .required_count = ZW_ROLE_VALUE + 1,
                                      .expected = "measure,area,period,value"};

static const char *const item_roles[ZW_ITEM_ROLE_COUNT] = {
    [ZW_ITEM_ROLE_REGISTER] = "register",   [ZW_ITEM_ROLE_ITEM] = "item",
    [ZW_ITEM_ROLE_AREA] = "area",           [ZW_ITEM_ROLE_AT] = "at",
    [ZW_ITEM_ROLE_STATE] = "state",         [ZW_ITEM_ROLE_KNOWN_AT] = "known_at",
    [ZW_ITEM_ROLE_SOURCE] = "source",       [ZW_ITEM_ROLE_NOTE] = "note",
    [ZW_ITEM_ROLE_SYNTHETIC] = "synthetic",
};

const zw_roles zw_roles_of_items = {.names = item_roles,
                                    .count = ZW_ITEM_ROLE_COUNT,
                                    .required_count = ZW_ITEM_ROLE_AT + 1,
                                    .expected = "register,item,area,at"};

/* A heading while it is read. */
typedef struct reading {
    const zw_roles *roles;
    zw_heading *heading;
    uint32_t line;
    zw_err *err;
} reading;

const char *zw_role_name(zw_role role)
{
    return figure_roles[role];
}

void zw_heading_fini(zw_heading *heading)
{
    zw_buf_fini(&heading->names);
    *heading = (zw_heading){0};
}

static ZW_PRINTF(3, 4) zw_status reading_fail(const reading *r, size_t column, const char *fmt, ...)
{
    char said[SAID_BYTES];
    va_list args;
    va_start(args, fmt);
    (void)zw_cut_vformat(said, sizeof said, fmt, args);
    va_end(args);
    r->heading->bad_column = (uint32_t)column;
    return r->line > 0 ? zw_err_set(r->err, ZW_INVALID, "%u:%zu: %s", r->line, column, said)
                       : zw_err_set(r->err, ZW_INVALID, "%s", said);
}

/* How many bytes of a name a message repeats, as printf's precision. */
static int shown(const char *name)
{
    return (int)zw_cut_length(name, strlen(name), SHOWN_BYTES);
}

/* Says a failure with the suggestion that goes with it. */
static zw_status fail_nearest(const reading *r, size_t column, zw_buf *said,
                              const zw_nearest *nearest)
{
    zw_nearest_say(nearest, said);
    zw_status status =
        said->has_failed ? zw_err_nomem(r->err) : reading_fail(r, column, "%s", zw_buf_view(said));
    zw_buf_fini(said);
    return status;
}

static zw_status refuse_name(const reading *r, uint32_t column, const char *name)
{
    zw_nearest nearest;
    zw_nearest_init(&nearest, zw_text_of(name));
    for (size_t role = 0; role < r->roles->count; role++) {
        zw_nearest_try(&nearest, r->roles->names[role]);
    }
    zw_buf said;
    zw_buf_init(&said, SAID_BYTES);
    (void)zw_buf_printf(&said, "column '%.*s' has no name of a-z, 0-9 and _", shown(name), name);
    return fail_nearest(r, column, &said, &nearest);
}

static zw_status place_dimension(const reading *r, uint32_t column, const char *name)
{
    if (!zw_text_is_name(zw_text_of(name))) {
        return refuse_name(r, column, name);
    }
    zw_heading *heading = r->heading;
    for (size_t i = 0; i < heading->dim_count; i++) {
        if (strcmp(heading->dims[i].name, name) == 0) {
            return reading_fail(r, column, "column '%.*s' stands twice, first as column %u",
                                shown(name), name, heading->dims[i].column);
        }
    }
    heading->dims[heading->dim_count++] = (zw_dimension){name, column};
    return ZW_OK;
}

static zw_status place(const reading *r, uint32_t column, const char *name)
{
    if (name[0] == '\0') {
        return reading_fail(r, column, "the column has no name");
    }
    size_t role = 0;
    while (role < r->roles->count && strcmp(name, r->roles->names[role]) != 0) {
        role++;
    }
    if (role == r->roles->count) {
        return place_dimension(r, column, name);
    }
    if (r->heading->at[role] != 0) {
        return reading_fail(r, column, "column '%s' stands twice, first as column %u", name,
                            r->heading->at[role]);
    }
    r->heading->at[role] = column;
    return ZW_OK;
}

/* The dimension that is probably a misspelt required column; `nearest` says which. */
static const zw_dimension *misspelt_find(const reading *r, zw_nearest *nearest)
{
    const zw_heading *heading = r->heading;
    zw_nearest_init(nearest, zw_text_of(""));
    for (size_t i = 0; i < heading->dim_count; i++) {
        zw_nearest_init(nearest, zw_text_of(heading->dims[i].name));
        for (size_t role = 0; role < r->roles->required_count; role++) {
            if (heading->at[role] == 0) {
                zw_nearest_try(nearest, r->roles->names[role]);
            }
        }
        if (nearest->best != NULL) {
            return &heading->dims[i];
        }
    }
    return NULL;
}

/* All required columns that are missing are named at once. */
static zw_status refuse_missing(const reading *r)
{
    zw_buf said;
    zw_buf_init(&said, SAID_BYTES);
    (void)zw_buf_puts(&said, "the header has no column");
    const char *before = " ";
    for (size_t role = 0; role < r->roles->required_count; role++) {
        if (r->heading->at[role] == 0) {
            (void)zw_buf_printf(&said, "%s'%s'", before, r->roles->names[role]);
            before = ", ";
        }
    }
    zw_nearest nearest;
    const zw_dimension *misspelt = misspelt_find(r, &nearest);
    if (misspelt != NULL) {
        (void)zw_buf_printf(&said, ", but '%.*s'", shown(misspelt->name), misspelt->name);
    }
    return fail_nearest(r, misspelt != NULL ? misspelt->column : 1, &said, &nearest);
}

static zw_status check_required(const reading *r)
{
    for (size_t role = 0; role < r->roles->required_count; role++) {
        if (r->heading->at[role] == 0) {
            return refuse_missing(r);
        }
    }
    return ZW_OK;
}

/* Folds every name into `names`. A NUL inside a field would end a name early: it is refused. */
static zw_status fold_names(const reading *r, const zw_text *fields, size_t count)
{
    zw_buf *names = &r->heading->names;
    size_t ceiling_bytes = count; /* folding never lengthens, and each gets its NUL */
    for (size_t i = 0; i < count; i++) {
        ceiling_bytes += fields[i].len;
    }
    zw_buf_init(names, ceiling_bytes);
    for (size_t i = 0; i < count; i++) {
        zw_text name = fields[i];
        if (!zw_text_is_utf8(name.at, name.len, NULL) ||
            (name.len > 0 && memchr(name.at, '\0', name.len) != NULL)) {
            return reading_fail(r, i + 1, "expected UTF-8 text without NUL bytes");
        }
        (void)zw_text_fold(name, names);
        (void)zw_buf_putc(names, '\0');
    }
    return names->has_failed ? zw_err_nomem(r->err) : ZW_OK;
}

static int dimension_compare(const void *left, const void *right)
{
    return strcmp(((const zw_dimension *)left)->name, ((const zw_dimension *)right)->name);
}

zw_status zw_heading_read(const zw_roles *roles, const zw_text *fields, size_t count, uint32_t line,
                          zw_heading *out, zw_err *err)
{
    reading r = {.roles = roles, .heading = out, .line = line, .err = err};
    if (count > ZW_HEADING_COLUMNS_MAX) {
        return reading_fail(&r, ZW_HEADING_COLUMNS_MAX + 1, "expected at most %d columns, got %zu",
                            ZW_HEADING_COLUMNS_MAX, count);
    }
    zw_status status = fold_names(&r, fields, count);
    const char *name = zw_buf_view(&out->names);
    for (uint32_t column = 1; column <= count && status == ZW_OK; column++) {
        status = place(&r, column, name);
        name += strlen(name) + 1;
    }
    if (status == ZW_OK) {
        status = check_required(&r);
    }
    if (status != ZW_OK) {
        return status;
    }
    out->column_count = count;
    if (out->dim_count > 1) {
        qsort(out->dims, out->dim_count, sizeof out->dims[0], dimension_compare);
    }
    return ZW_OK;
}

zw_batch_columns zw_heading_columns(const zw_heading *heading)
{
    uint32_t first = 0;
    for (size_t i = 0; i < heading->dim_count; i++) {
        uint32_t column = heading->dims[i].column;
        first = first == 0 || column < first ? column : first;
    }
    return (zw_batch_columns){
        .measure = heading->at[ZW_ROLE_MEASURE],
        .area = heading->at[ZW_ROLE_AREA],
        .period = heading->at[ZW_ROLE_PERIOD],
        .value = heading->at[ZW_ROLE_VALUE],
        .status = heading->at[ZW_ROLE_STATUS],
        .known_at = heading->at[ZW_ROLE_KNOWN_AT],
        .scope = heading->at[ZW_ROLE_SCOPE],
        .dims = first,
    };
}
