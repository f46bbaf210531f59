/* The figures as tables of SQL: an eponymous virtual table over a store that is opened for reading.
 *
 * While a cursor is open the store is, so that all it reads is one committed state; with the last
 * it is closed, for an open one would keep the writer from clearing its log.
 */
#include "store/figures_table.h"

#include "base/unit.h"
#include "intake/batch.h"
#include "store/store.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum column {
    MEASURE,
    AREA,
    DIMS,
    SCOPE,
    PERIOD,
    VALUE,
    UNIT,
    STATUS,
    KNOWN_AT,
    SOURCE,
    NOTE,
    SYNTHETIC,
    BATCH,
    LINE,
    AS_OF
};
static const char declared[] =
    "CREATE TABLE x(measure TEXT, area TEXT, dims TEXT, scope TEXT, period TEXT, value REAL,"
    " unit TEXT, status TEXT, known_at TEXT, source TEXT, note TEXT, synthetic INTEGER,"
    " batch INTEGER, line INTEGER, as_of HIDDEN)";

/* What the plan of a query may use, as bits of idxNum, and in which order values come. */
static const enum column asked_columns[] = {MEASURE, AREA, AS_OF};
enum { ASKED_COUNT = sizeof(asked_columns) / sizeof(asked_columns[0]), DIMS_BYTES = 1024 * 1024 };

/* What both tables share; SQLite frees it with the modules. */
struct source {
    char *path;
    zw_tz *utc;
    zw_calendar calendar;
    int users; /* the two modules */
};

struct table {
    sqlite3_vtab base; /* first: SQLite knows no more of it */
    struct source *source;
    bool has_versions;
    zw_store *store;
    int cursors;
};

struct cursor {
    sqlite3_vtab_cursor base;
    char *measure, *area; /* NULL: any */
    int64_t as_of_ms;
    zw_series_id series; /* where it stands; the count of series: behind the last row */
    zw_recorded_measure recorded;
    zw_unit unit;
    zw_period period, last;
    const zw_figure *versions; /* those left of the period, the row's first */
    zw_figure room;
    size_t left;
    sqlite3_int64 row;
    bool is_in_store;
};

static int fail(struct table *table, const zw_err *err)
{
    sqlite3_free(table->base.zErrMsg);
    table->base.zErrMsg = sqlite3_mprintf("%s", err->text);
    return err->status == ZW_NOMEM ? SQLITE_NOMEM : SQLITE_ERROR;
}

static int table_connect(sqlite3 *conn, void *aux, int argc, const char *const *argv,
                         sqlite3_vtab **out, char **why)
{
    (void)argc;
    (void)why;
    int code = sqlite3_declare_vtab(conn, declared);
    struct table *table = code == SQLITE_OK ? calloc(1, sizeof(*table)) : NULL;
    if (table == NULL) {
        return code == SQLITE_OK ? SQLITE_NOMEM : code;
    }
    table->source = aux;
    table->has_versions = strcmp(argv[0], "revisions") == 0;
    *out = &table->base;
    return SQLITE_OK;
}

static int table_disconnect(sqlite3_vtab *base)
{
    struct table *table = (struct table *)base;
    zw_store_close(table->store);
    free(table);
    return SQLITE_OK;
}

static bool is_asked(const struct sqlite3_index_constraint *constraint, enum column column)
{
    return constraint->usable != 0 && constraint->op == SQLITE_INDEX_CONSTRAINT_EQ &&
           constraint->iColumn == (int)column;
}

static int table_best_index(sqlite3_vtab *base, sqlite3_index_info *info)
{
    (void)base;
    int given = 0;
    info->estimatedCost = 1e9;
    for (size_t a = 0; a < ASKED_COUNT; a++) {
        for (int i = 0; i < info->nConstraint; i++) {
            if (is_asked(&info->aConstraint[i], asked_columns[a]) &&
                info->aConstraintUsage[i].argvIndex == 0) {
                info->aConstraintUsage[i].argvIndex = ++given;
                info->aConstraintUsage[i].omit = 1;
                info->idxNum |= 1 << a;
                info->estimatedCost /= asked_columns[a] == AS_OF ? 1 : 100;
                break;
            }
        }
    }
    return SQLITE_OK;
}

static int table_open(sqlite3_vtab *base, sqlite3_vtab_cursor **out)
{
    (void)base;
    struct cursor *cursor = calloc(1, sizeof(*cursor));
    if (cursor == NULL) {
        return SQLITE_NOMEM;
    }
    *out = &cursor->base;
    return SQLITE_OK;
}

static void leave_store(struct cursor *cursor)
{
    struct table *table = (struct table *)cursor->base.pVtab;
    if (cursor->is_in_store && --table->cursors == 0) {
        zw_store_close(table->store);
        table->store = NULL;
    }
    cursor->is_in_store = false;
}

static int cursor_close(sqlite3_vtab_cursor *base)
{
    struct cursor *cursor = (struct cursor *)base;
    leave_store(cursor);
    sqlite3_free(cursor->measure);
    sqlite3_free(cursor->area);
    free(cursor);
    return SQLITE_OK;
}

static zw_status enter_store(struct cursor *cursor, zw_err *err)
{
    struct table *table = (struct table *)cursor->base.pVtab;
    if (cursor->is_in_store) {
        return ZW_OK;
    }
    zw_status status = table->store == NULL
                           ? zw_store_open(table->source->path, ZW_DB_READ, &table->store, err)
                           : ZW_OK;
    if (status == ZW_OK) {
        table->cursors++;
        cursor->is_in_store = true;
    }
    return status;
}

/* What `as_of` says; a NULL is before everything, so that nothing stands. */
static zw_status read_as_of(const struct source *source, sqlite3_value *value, int64_t *out,
                            zw_err *err)
{
    zw_stamp stamp;
    if (sqlite3_value_type(value) == SQLITE_NULL) {
        *out = INT64_MIN;
        return ZW_OK;
    }
    if (sqlite3_value_type(value) == SQLITE_INTEGER) {
        *out = sqlite3_value_int64(value);
        return ZW_OK;
    }
    const char *text = (const char *)sqlite3_value_text(value);
    if (text == NULL) {
        return zw_err_nomem(err);
    }
    zw_status status = zw_stamp_parse(zw_text_of(text), &stamp, err);
    if (status != ZW_OK) {
        return zw_err_wrap(err, status, "as_of");
    }
    *out = zw_stamp_last_ms(&source->calendar, &stamp);
    return ZW_OK;
}

static zw_status read_asked(struct cursor *cursor, int given, sqlite3_value **values, zw_err *err)
{
    const struct table *table = (const struct table *)cursor->base.pVtab;
    char **texts[] = {&cursor->measure, &cursor->area};
    cursor->as_of_ms = INT64_MAX;
    for (size_t a = 0; a < ASKED_COUNT; a++) {
        if ((given & (1 << a)) == 0) {
            continue;
        }
        sqlite3_value *value = *values++;
        if (asked_columns[a] == AS_OF) {
            zw_status status = read_as_of(table->source, value, &cursor->as_of_ms, err);
            if (status != ZW_OK) {
                return status;
            }
            continue;
        }
        const char *text = (const char *)sqlite3_value_text(value);
        *texts[a] = sqlite3_mprintf("%s", text != NULL ? text : "");
        if (*texts[a] == NULL) {
            return zw_err_nomem(err);
        }
    }
    return ZW_OK;
}

/* Finds what the cursor's period has to say; false when nothing. */
static bool take_period(struct cursor *cursor)
{
    const struct table *table = (const struct table *)cursor->base.pVtab;
    if (!table->has_versions) {
        cursor->versions = zw_store_at(table->store, cursor->series, cursor->period,
                                       cursor->as_of_ms, &cursor->room);
        cursor->left = cursor->versions != NULL ? 1 : 0;
        return cursor->left > 0;
    }
    size_t count = zw_store_versions(table->store, cursor->series, cursor->period, &cursor->room,
                                     &cursor->versions);
    cursor->left = 0;
    while (cursor->left < count && cursor->versions[cursor->left].known_at_ms <= cursor->as_of_ms) {
        cursor->left++;
    }
    return cursor->left > 0;
}

static bool is_wanted(const struct cursor *cursor, const zw_series *series)
{
    return (cursor->measure == NULL || strcmp(cursor->measure, series->measure) == 0) &&
           (cursor->area == NULL || strcmp(cursor->area, series->area) == 0);
}

/* Enters the series the cursor stands at. @return false when it has nothing that is wanted. */
static zw_status take_series(struct cursor *cursor, bool *is_taken, zw_err *err)
{
    const struct table *table = (const struct table *)cursor->base.pVtab;
    const zw_series_set *set = zw_store_series(table->store);
    const zw_series *series = zw_series_view(set, cursor->series);
    *is_taken = is_wanted(cursor, series) &&
                zw_store_span(table->store, cursor->series, &cursor->period, &cursor->last);
    if (!*is_taken) {
        return ZW_OK;
    }
    zw_status status = zw_series_measure(set, series->measure, &cursor->recorded, err);
    return status == ZW_OK ? zw_unit_parse(zw_text_of(cursor->recorded.unit), &cursor->unit, err)
                           : status;
}

/* Goes on to the next period of the series that says something. @return false behind the last. */
static bool next_period(struct cursor *cursor)
{
    while (cursor->period < cursor->last) {
        cursor->period++;
        if (take_period(cursor)) {
            return true;
        }
    }
    return false;
}

/* Goes to the first row of the cursor's series or, when there is none, of those behind it. */
static zw_status first_row(struct cursor *cursor, zw_err *err)
{
    const struct table *table = (const struct table *)cursor->base.pVtab;
    uint32_t count = zw_series_count(zw_store_series(table->store));
    for (; cursor->series < count; cursor->series++) {
        bool is_taken = false;
        zw_status status = take_series(cursor, &is_taken, err);
        if (status != ZW_OK || (is_taken && (take_period(cursor) || next_period(cursor)))) {
            return status;
        }
    }
    return ZW_OK;
}

/* Goes on to the next row. */
static zw_status next_row(struct cursor *cursor, zw_err *err)
{
    if (next_period(cursor)) {
        return ZW_OK;
    }
    cursor->series++;
    const struct table *table = (const struct table *)cursor->base.pVtab;
    if (table->cursors == 1) { /* what another one stands on must stay */
        zw_store_rest(table->store);
    }
    return first_row(cursor, err);
}

static int cursor_filter(sqlite3_vtab_cursor *base, int given, const char *unused, int argc,
                         sqlite3_value **argv)
{
    (void)unused;
    (void)argc;
    struct cursor *cursor = (struct cursor *)base;
    zw_err err = {ZW_OK, ""};
    sqlite3_free(cursor->measure);
    sqlite3_free(cursor->area);
    cursor->measure = cursor->area = NULL;
    cursor->series = 0;
    cursor->row = 0;
    zw_status status = enter_store(cursor, &err);
    status = status == ZW_OK ? read_asked(cursor, given, argv, &err) : status;
    status = status == ZW_OK ? first_row(cursor, &err) : status;
    return status == ZW_OK ? SQLITE_OK : fail((struct table *)base->pVtab, &err);
}

static int cursor_next(sqlite3_vtab_cursor *base)
{
    struct cursor *cursor = (struct cursor *)base;
    zw_err err = {ZW_OK, ""};
    cursor->row++;
    if (cursor->left > 1) {
        cursor->versions++;
        cursor->left--;
        return SQLITE_OK;
    }
    zw_status status = next_row(cursor, &err);
    return status == ZW_OK ? SQLITE_OK : fail((struct table *)base->pVtab, &err);
}

static int cursor_eof(sqlite3_vtab_cursor *base)
{
    const struct cursor *cursor = (const struct cursor *)base;
    const struct table *table = (const struct table *)base->pVtab;
    return !cursor->is_in_store || cursor->series >= zw_series_count(zw_store_series(table->store));
}

static int cursor_rowid(sqlite3_vtab_cursor *base, sqlite3_int64 *out)
{
    *out = ((const struct cursor *)base)->row;
    return SQLITE_OK;
}

/* Appends a text of JSON. Names and values hold no control characters: the reader refused them. */
static void put_json_text(zw_buf *buf, zw_text text)
{
    zw_buf_putc(buf, '"');
    for (size_t i = 0; i < text.len; i++) {
        if (text.at[i] == '"' || text.at[i] == '\\') {
            zw_buf_putc(buf, '\\');
        }
        zw_buf_putc(buf, text.at[i]);
    }
    zw_buf_putc(buf, '"');
}

/* "industry=ai\x1fsize=big" as {"industry":"ai","size":"big"}. */
static void result_dims(sqlite3_context *context, const char *dims)
{
    zw_buf buf;
    zw_buf_init(&buf, DIMS_BYTES);
    zw_buf_putc(&buf, '{');
    zw_dim dim;
    for (const char *at = dims; zw_dims_next(&at, &dim);) {
        zw_buf_puts(&buf, buf.len > 1 ? "," : "");
        put_json_text(&buf, dim.name);
        zw_buf_putc(&buf, ':');
        put_json_text(&buf, dim.value);
    }
    zw_buf_putc(&buf, '}');
    if (buf.has_failed) {
        sqlite3_result_error_nomem(context);
    } else {
        sqlite3_result_text(context, buf.data, (int)buf.len, SQLITE_TRANSIENT);
    }
    zw_buf_fini(&buf);
}

static void result_text(sqlite3_context *context, const char *text)
{
    sqlite3_result_text(context, text, -1, SQLITE_TRANSIENT);
}

/* The columns that the series has. @return false when it is another. */
static bool put_of_series(const struct cursor *cursor, sqlite3_context *context, int column)
{
    const struct table *table = (const struct table *)cursor->base.pVtab;
    const zw_series *series = zw_series_view(zw_store_series(table->store), cursor->series);
    char text[48];
    switch (column) {
    case MEASURE:
        result_text(context, series->measure);
        return true;
    case AREA:
        result_text(context, series->area);
        return true;
    case DIMS:
        result_dims(context, series->dims);
        return true;
    case SCOPE:
        result_text(context, series->scope);
        return true;
    case PERIOD:
        result_text(context, zw_period_text(&table->source->calendar, cursor->recorded.grid,
                                            cursor->period, text, sizeof(text)));
        return true;
    case UNIT:
        result_text(context, cursor->recorded.unit);
        return true;
    default:
        return false;
    }
}

static void put_value(const struct cursor *cursor, sqlite3_context *context)
{
    if (cursor->versions->status != ZW_OBS_MISSING) {
        sqlite3_result_double(context, zw_unit_with_scale(cursor->versions->value, &cursor->unit));
    }
}

static void put_source(const struct cursor *cursor, sqlite3_context *context)
{
    const struct table *table = (const struct table *)cursor->base.pVtab;
    const char *own = zw_store_text_view(table->store, cursor->versions->source);
    const zw_delivery *delivery = zw_store_delivery_by_id(table->store, cursor->versions->batch);
    result_text(context, own[0] != '\0' || delivery == NULL ? own : delivery->source);
}

static int cursor_column(sqlite3_vtab_cursor *base, sqlite3_context *context, int column)
{
    const struct cursor *cursor = (const struct cursor *)base;
    const struct table *table = (const struct table *)base->pVtab;
    const zw_figure *figure = cursor->versions;
    char text[48];
    if (put_of_series(cursor, context, column)) {
        return SQLITE_OK;
    }
    switch (column) {
    case VALUE:
        put_value(cursor, context);
        break;
    case STATUS:
        text[0] = zw_obs_status_letter((zw_obs_status)figure->status);
        sqlite3_result_text(context, text, 1, SQLITE_TRANSIENT);
        break;
    case KNOWN_AT:
        result_text(context,
                    zw_moment_text(table->source->utc, figure->known_at_ms, text, sizeof(text)));
        break;
    case SOURCE:
        put_source(cursor, context);
        break;
    case NOTE:
        result_text(context, zw_store_text_view(table->store, figure->note));
        break;
    case SYNTHETIC:
        sqlite3_result_int(context, figure->is_synthetic);
        break;
    case BATCH:
        sqlite3_result_int64(context, figure->batch);
        break;
    case LINE:
        sqlite3_result_int64(context, figure->line);
        break;
    default: /* as_of, which is only asked with */
        break;
    }
    return SQLITE_OK;
}

static const sqlite3_module module = {.xConnect = table_connect,
                                      .xBestIndex = table_best_index,
                                      .xDisconnect = table_disconnect,
                                      .xOpen = table_open,
                                      .xClose = cursor_close,
                                      .xFilter = cursor_filter,
                                      .xNext = cursor_next,
                                      .xEof = cursor_eof,
                                      .xColumn = cursor_column,
                                      .xRowid = cursor_rowid};

static void source_leave(void *arg)
{
    struct source *source = arg;
    if (--source->users > 0) {
        return;
    }
    zw_tz_destroy(source->utc);
    free(source->path);
    free(source);
}

static zw_status source_create(sqlite3 *conn, struct source **out, zw_err *err)
{
    const char *path = sqlite3_db_filename(conn, "main");
    if (path == NULL || path[0] == '\0') {
        return zw_err_set(err, ZW_INVALID, "open the store's file first: sqlite3 zonewatch.db");
    }
    struct source *source = calloc(1, sizeof(*source));
    if (source == NULL) {
        return zw_err_nomem(err);
    }
    source->users = 1;
    source->path = strdup(path);
    zw_status status =
        source->path != NULL ? zw_tz_create("UTC", &source->utc, err) : zw_err_nomem(err);
    if (status != ZW_OK) {
        source_leave(source);
        return status;
    }
    source->calendar = (zw_calendar){.tz = source->utc, .reporting_month = 1};
    *out = source;
    return ZW_OK;
}

zw_status zw_figures_table_add(sqlite3 *conn, zw_err *err)
{
    static const char *const names[] = {"figures", "revisions"};
    struct source *source = NULL;
    zw_status status = source_create(conn, &source, err);
    if (source == NULL) {
        return status;
    }
    for (size_t i = 0; status == ZW_OK && i < sizeof(names) / sizeof(names[0]); i++) {
        source->users++; /* a module that cannot be made lets go of it too */
        if (sqlite3_create_module_v2(conn, names[i], &module, source, source_leave) != SQLITE_OK) {
            status = zw_err_set(err, ZW_STORE, "%s: %s", names[i], sqlite3_errmsg(conn));
        }
    }
    source_leave(source);
    return status;
}
