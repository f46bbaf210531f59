/*
 * `export`: a table out, as of any moment. Figures and items come out as they can be taken in
 * again.
 */
#include "app/export_figures.h"
#include "app/export_items.h"
#include "app/export_results.h"
#include "app/then.h"

#include <string.h>

/* What was asked, and where it goes. */
struct question {
    const char *db, *what, *format, *out, *as_of, *area, *from, *to;
    zw_stamp first, last; /* what `from` and `to` say; both are included */
    zw_tabular_format table;
    bool is_sdmx;
    zw_rest rest;
};

static zw_status write_what(const zw_export *export, zw_ledger *ledger,
                            const struct question *question, zw_err *err)
{
    const char *what = question->what;
    if (strcmp(what, "indicators") == 0) {
        return zw_export_indicators(export, err);
    }
    if (strcmp(what, "targets") == 0) {
        return zw_export_targets(export, err);
    }
    if (strcmp(what, "alerts") == 0) {
        return zw_export_alerts(export, ledger, err);
    }
    if (strcmp(what, "items") == 0) {
        return zw_export_items_write(export, err);
    }
    zw_export_figures figures = {.has_versions = strcmp(what, "revisions") == 0,
                                 .is_sdmx = question->is_sdmx};
    return zw_export_figures_write(export, &figures, err);
}

static zw_status read_bound(const char *option, const char *text, zw_stamp *out, zw_err *err)
{
    zw_status status = text != NULL ? zw_stamp_parse(zw_text_of(text), out, err) : ZW_OK;
    return status == ZW_OK ? ZW_OK : zw_err_wrap(err, status, "--%s", option);
}

static zw_status check_format(struct question *question, zw_err *err)
{
    static const char *const formats[] = {[ZW_TABULAR_CSV] = "csv", [ZW_TABULAR_NDJSON] = "ndjson"};
    for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
        if (strcmp(question->format, formats[i]) == 0) {
            question->table = (zw_tabular_format)i;
            return ZW_OK;
        }
    }
    question->is_sdmx = strcmp(question->format, "sdmx-csv") == 0;
    if (question->is_sdmx) {
        bool is_figures =
            strcmp(question->what, "observations") == 0 || strcmp(question->what, "revisions") == 0;
        return is_figures ? ZW_OK
                          : zw_err_set(err, ZW_INVALID,
                                       "only observations and revisions come out as sdmx-csv");
    }
    if (strcmp(question->format, "xlsx") == 0) {
        return zw_err_set(err, ZW_NOT_YET, "not yet: --format xlsx");
    }
    return zw_err_set(err, ZW_INVALID, "'%s' is no format: expected csv, ndjson or sdmx-csv",
                      question->format);
}

static zw_status check_words(struct question *question, zw_err *err)
{
    static const char *const whats[] = {"observations", "indicators", "targets",
                                        "alerts",       "revisions",  "items"};
    if (question->rest.count != 1) {
        return zw_err_set(err, ZW_INVALID, "expected one PACK");
    }
    zw_status status = check_format(question, err);
    status = status == ZW_OK ? read_bound("from", question->from, &question->first, err) : status;
    status = status == ZW_OK ? read_bound("to", question->to, &question->last, err) : status;
    if (status != ZW_OK) {
        return status;
    }
    for (size_t i = 0; i < sizeof(whats) / sizeof(whats[0]); i++) {
        if (strcmp(question->what, whats[i]) == 0) {
            return ZW_OK;
        }
    }
    return zw_err_set(
        err, ZW_INVALID,
        "'%s' cannot be exported: expected observations, indicators, targets, alerts, revisions or "
        "items",
        question->what);
}

/* Finds the place and the moment that are asked for. */
static zw_status open_export(const struct question *question, const zw_engine *engine,
                             zw_export *export, zw_err *err)
{
    int64_t as_of_ms = zw_engine_now_ms(engine);
    zw_status status = ZW_OK;
    export->within = ZW_NONE;
    if (question->area != NULL) {
        status = zw_engine_area(engine, question->area, &export->within, err);
    }
    if (status == ZW_OK && question->as_of != NULL) {
        status = zw_engine_as_of(engine, question->as_of,
                                 export->within == ZW_NONE ? 0 : export->within, &as_of_ms, err);
    }
    return status == ZW_OK ? zw_engine_eval_at(engine, as_of_ms, &export->eval, err) : status;
}

/* Writes to `out`, which is told apart from its path only for what is said of it. */
static zw_status export_to(const struct question *question, const zw_loaded *loaded, FILE *out,
                           zw_err *err)
{
    zw_tabular table;
    zw_tabular_init(&table, question->table, out);
    zw_export export = {.pack = loaded->pack,
                        .store = zw_engine_store(loaded->engine),
                        .table = &table,
                        .first = question->from != NULL ? &question->first : NULL,
                        .last = question->to != NULL ? &question->last : NULL};
    zw_status status = open_export(question, loaded->engine, &export, err);
    status = status == ZW_OK ? write_what(&export, zw_engine_ledger(loaded->engine), question, err)
                             : status;
    zw_eval_destroy(export.eval);
    zw_tabular_fini(&table);
    if (status == ZW_OK && (fflush(out) != 0 || ferror(out) != 0)) {
        status = zw_err_set(err, ZW_IO, "%s: it cannot be written",
                            question->out != NULL ? question->out : "the output");
    }
    return status;
}

static zw_status export_all(const struct question *question, const zw_loaded *loaded,
                            const zw_io *io, zw_err *err)
{
    if (question->out == NULL) {
        return export_to(question, loaded, io->out, err);
    }
    FILE *out = fopen(question->out, "wb");
    if (out == NULL) {
        return zw_err_set(err, ZW_IO, "%s: it cannot be written", question->out);
    }
    zw_status status = export_to(question, loaded, out, err);
    if (fclose(out) != 0 && status == ZW_OK) {
        status = zw_err_set(err, ZW_IO, "%s: it cannot be written", question->out);
    }
    return status;
}

int zw_verb_export(int argc, char **argv, const zw_io *io)
{
    struct question question = {.db = "zonewatch.db", .what = "observations", .format = "csv"};
    const zw_option options[] = {
        {"db", &question.db, NULL},         {"what", &question.what, NULL},
        {"format", &question.format, NULL}, {"out", &question.out, NULL},
        {"o", &question.out, NULL},         {"as-of", &question.as_of, NULL},
        {"area", &question.area, NULL},     {"from", &question.from, NULL},
        {"to", &question.to, NULL}};
    zw_err err;
    zw_status status = zw_args_read(argc, argv, options, sizeof(options) / sizeof(options[0]),
                                    &question.rest, &err);
    status = status == ZW_OK ? check_words(&question, &err) : status;
    if (status != ZW_OK) {
        return zw_verb_failed(io, "export", &err, true);
    }
    zw_loaded loaded = {NULL, NULL, NULL, {0}};
    status = zw_loaded_named(&loaded, question.rest.at[0], question.db, io, &err);
    status =
        status == ZW_OK ? zw_loaded_engine(&loaded, question.db, ZW_DB_READ, io, &err) : status;
    status = status == ZW_OK ? export_all(&question, &loaded, io, &err) : status;
    int code = status == ZW_OK ? ZW_EXIT_OK : zw_verb_failed(io, "export", &err, false);
    zw_loaded_fini(&loaded);
    return code;
}
