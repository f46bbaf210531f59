/* `status`: what fires, for a monitoring system: one line, then a line for each alert; exit 0 ok, 1
 * warning, 2 critical, 3 unknown. */
#include "app/then.h"

#include <string.h>

enum { LINES_BYTES = 64 * 1024 * 1024 };

enum { STATUS_OK, STATUS_WARNING, STATUS_CRITICAL, STATUS_UNKNOWN };

/* What is counted on the way. */
struct counts {
    const zw_engine *engine;
    bool has_moves; /* each line with its last move */
    zw_buf lines;
    size_t firing[ZW_SEVERITY_COUNT], pending, unknown;
};

static void put_moment(const struct counts *counts, uint32_t area, int64_t at_ms, zw_buf *out)
{
    char text[48];
    const zw_tz *tz = zw_pack_calendar(zw_engine_pack(counts->engine), area)->tz;
    (void)zw_buf_puts(out, zw_moment_text(tz, at_ms, text, sizeof(text)));
}

/* Since when it stands so, and what comes next if nothing changes. */
static void put_move(const struct counts *counts, uint32_t alert, uint32_t area,
                     const zw_alert_state *state, zw_buf *out)
{
    const zw_pack *pack = zw_engine_pack(counts->engine);
    int64_t ripens_ms =
        zw_alert_state_ripens_ms(&pack->alerts[alert], zw_pack_calendar(pack, area), state);
    (void)zw_buf_puts(out, "  since ");
    put_moment(counts, area, state->since_ms, out);
    if (state->is == ZW_ALERT_PENDING && pack->alerts[alert].hold_periods > 0) {
        (void)zw_buf_printf(out, ", fires when %d periods running are so",
                            (int)pack->alerts[alert].hold_periods);
    } else if (ripens_ms != ZW_NEVER_MS) {
        (void)zw_buf_puts(out, state->is == ZW_ALERT_PENDING ? ", fires " : ", worse ");
        put_moment(counts, area, ripens_ms, out);
    }
    (void)zw_buf_puts(out, state->is_revised ? ", as revised" : "");
    (void)zw_buf_puts(out, state->is_flapping ? ", flapping" : "");
}

static void put_line(struct counts *counts, uint32_t alert, uint32_t area,
                     const zw_instance *instance)
{
    char period[48];
    const zw_alert_state *state = &instance->state;
    zw_alert_key key = zw_judge_key(zw_engine_eval(counts->engine), alert, area, instance, period);
    const char *between = key.period[0] != '\0' && key.item[0] != '\0' ? " " : "";
    (void)zw_buf_printf(&counts->lines, "%-*s %s %s %s%s%s", counts->has_moves ? 10 : 8,
                        counts->has_moves ? zw_alert_state_word(state) : zw_alert_state_text(state),
                        key.alert, key.area, key.period, between, key.item);
    if (counts->has_moves) {
        put_move(counts, alert, area, state, &counts->lines);
    }
    (void)zw_buf_putc(&counts->lines, '\n');
}

/* Of the instances that are ok those of periods and guards are as good as not there. */
static bool is_worth_a_line(const struct counts *counts, uint32_t alert,
                            const zw_instance *instance)
{
    const zw_alert *of = &zw_engine_pack(counts->engine)->alerts[alert];
    return counts->has_moves && !instance->has_period && !zw_alert_is_guard(of);
}

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
        if (!is_worth_a_line(counts, alert, instance)) {
            return ZW_OK;
        }
    }
    put_line(counts, alert, area, instance);
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
    bool has_moves = false;
    const zw_option options[] = {
        {"db", &db, NULL}, {"url", &url, NULL}, {"alerts", NULL, &has_moves}};
    enum { OPTION_COUNT = sizeof(options) / sizeof(options[0]) };
    zw_rest rest;
    zw_err err;
    zw_status status = zw_args_read(argc, argv, options, OPTION_COUNT, &rest, &err);
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
        struct counts counts = {.engine = loaded.engine, .has_moves = has_moves};
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
