/* `status`: what fires, for a monitoring system: one line, then a line for each alert; exit 0 ok, 1
 * warning, 2 critical, 3 unknown. */
#include "app/then.h"

#include <string.h>

enum { LINES_BYTES = 64 * 1024 * 1024 };

enum { STATUS_OK, STATUS_WARNING, STATUS_CRITICAL, STATUS_UNKNOWN };

/* What is counted on the way. */
struct counts {
    const zw_engine *engine;
    zw_buf lines;
    size_t firing[ZW_SEVERITY_COUNT], pending, unknown;
};

static zw_status count_instance(void *arg, uint32_t alert, uint32_t area,
                                const zw_instance *instance, zw_err *err)
{
    (void)err;
    struct counts *counts = arg;
    switch (instance->state.is) {
    case ZW_ALERT_FIRING:
        counts->firing[instance->state.severity]++;
        break;
    case ZW_ALERT_PENDING:
        counts->pending++;
        break;
    case ZW_ALERT_UNKNOWN:
        counts->unknown++;
        break;
    default:
        return ZW_OK;
    }
    char period[48];
    zw_alert_key key = zw_judge_key(zw_engine_eval(counts->engine), alert, area, instance, period);
    const char *between = key.period[0] != '\0' && key.item[0] != '\0' ? " " : "";
    zw_buf_printf(&counts->lines, "%-8s %s %s %s%s%s\n", zw_alert_state_text(&instance->state),
                  key.alert, key.area, key.period, between, key.item);
    return ZW_OK;
}

static int code_of(const struct counts *counts)
{
    if (counts->firing[ZW_CRITICAL] > 0) {
        return STATUS_CRITICAL;
    }
    if (counts->firing[ZW_WARNING] > 0) {
        return STATUS_WARNING;
    }
    return counts->unknown > 0 ? STATUS_UNKNOWN : STATUS_OK;
}

static int print_counts(const struct counts *counts, const zw_io *io)
{
    static const char *const words[] = {"OK", "WARNING", "CRITICAL", "UNKNOWN"};
    int code = code_of(counts);
    (void)fprintf(
        io->out, "ZONEWATCH %s - %zu critical, %zu warning, %zu info, %zu pending, %zu unknown\n%s",
        words[code], counts->firing[ZW_CRITICAL], counts->firing[ZW_WARNING],
        counts->firing[ZW_INFO], counts->pending, counts->unknown, zw_buf_view(&counts->lines));
    return code;
}

int zw_verb_status(int argc, char **argv, const zw_io *io)
{
    const char *db = "zonewatch.db";
    const char *url = NULL;
    const zw_option options[] = {{"db", &db, NULL}, {"url", &url, NULL}};
    zw_rest rest;
    zw_err err;
    zw_status status = zw_args_read(argc, argv, options, 2, &rest, &err);
    if (status == ZW_OK && url != NULL) {
        status = zw_err_set(&err, ZW_NOT_YET, "not yet: --url; name the PACK and its --db");
    }
    if (status == ZW_OK && rest.count != 1) {
        status = zw_err_set(&err, ZW_INVALID, "expected one PACK");
    }
    if (status != ZW_OK) {
        (void)zw_verb_failed(io, "status", &err, true);
        return STATUS_UNKNOWN;
    }
    zw_loaded loaded = {NULL, NULL, NULL, {0}};
    status = zw_loaded_named(&loaded, rest.at[0], db, io, &err);
    status = status == ZW_OK ? zw_loaded_engine(&loaded, db, ZW_DB_READ, io, &err) : status;
    int code = STATUS_UNKNOWN;
    if (status == ZW_OK) {
        struct counts counts = {.engine = loaded.engine};
        zw_buf_init(&counts.lines, LINES_BYTES);
        status = zw_judge_walk(zw_engine_judge(loaded.engine), count_instance, &counts, &err);
        code = status == ZW_OK ? print_counts(&counts, io) : STATUS_UNKNOWN;
        zw_buf_fini(&counts.lines);
    }
    if (status != ZW_OK) {
        (void)zw_verb_failed(io, "status", &err, false);
    }
    zw_loaded_fini(&loaded);
    return code;
}
