/*
 * OpenMetrics. Values are without their unit's scale; a missing one has no sample, which is how a
 * monitoring system knows a gap. States are samples of 1 whose label says which, so that they can
 * be asked for and counted.
 */
#include "serve/metrics.h"

#include "serve/instances.h"
#include "serve/readings.h"

#include <inttypes.h>

/* A metric family being opened. */
static void open_family(zw_buf *out, const char *name, const char *type, const char *unit,
                        const char *help)
{
    zw_buf_printf(out, "# TYPE %s %s\n", name, type);
    if (unit != NULL) {
        zw_buf_printf(out, "# UNIT %s %s\n", name, unit); /* it must end the name */
    }
    zw_buf_printf(out, "# HELP %s %s\n", name, help);
}

/* Opens the labels with "{", or goes on with ",". */
static void put_label(zw_buf *out, const char *before, const char *name, const char *value)
{
    zw_buf_printf(out, "%s%s=\"", before, name);
    for (; *value != '\0'; value++) {
        if (*value == '"' || *value == '\\') {
            zw_buf_printf(out, "\\%c", *value);
        } else if (*value == '\n') {
            zw_buf_puts(out, "\\n");
        } else {
            zw_buf_putc(out, *value);
        }
    }
    zw_buf_putc(out, '"');
}

static void put_place(zw_buf *out, const zw_pack *pack, uint32_t area)
{
    put_label(out, ",", "zone", pack->areas[pack->areas[area].zone].title.name);
    put_label(out, ",", "area", pack->areas[area].title.name);
}

static void end_sample(zw_buf *out, double value)
{
    char text[32];
    zw_buf_printf(out, "} %s\n", zw_text_of_number(value, text, sizeof(text)));
}

static void put_reading(zw_buf *out, const zw_pack *pack, uint32_t indicator, uint32_t area,
                        const zw_cell *cell)
{
    zw_buf_puts(out, "zonewatch_indicator");
    put_label(out, "{", "name", pack->indicators[indicator].title.name);
    put_place(out, pack, area);
    put_label(out, ",", "synthetic", (cell->marks & ZW_MARK_SYNTHETIC) != 0 ? "true" : "false");
    end_sample(out, cell->value);
}

static zw_status put_indicators(const zw_ask *ask, zw_buf *out, zw_err *err)
{
    const zw_pack *pack = ask->world->pack;
    zw_readings *readings = NULL;
    open_family(out, "zonewatch_indicator", "gauge", NULL,
                "Newest value of an indicator, in its unit without scale; 1 or 0 of a truth.");
    zw_status status = zw_readings_create(ask->eval, &readings, err);
    for (uint32_t i = 0; status == ZW_OK && i < pack->indicator_count; i++) {
        bool is_text = zw_pack_node(pack, pack->indicators[i].node)->type == ZW_TYPE_TEXT;
        for (uint32_t area = 0; status == ZW_OK && area < pack->area_count; area++) {
            zw_reading_at reading;
            status = zw_readings_at(readings, i, area, &reading, err);
            if (status == ZW_OK && zw_cell_stands(&reading.cell) && !is_text) {
                put_reading(out, pack, i, area, &reading.cell);
            }
        }
    }
    zw_readings_destroy(readings);
    return status;
}

/* Of an unknown instance why it is, in the few words that a label may take. */
static zw_status put_reason(const zw_ask *ask, const zw_standing *standing, zw_buf *out,
                            zw_err *err)
{
    const zw_alert_state *state = &standing->instance.state;
    const zw_alert *alert = &ask->world->pack->alerts[standing->alert];
    zw_cell cell;
    uint32_t before = zw_eval_bound(ask->eval);
    if (state->is != ZW_ALERT_UNKNOWN || !state->has_front || zw_alert_is_guard(alert)) {
        return ZW_OK;
    }
    zw_status status = state->item != 0
                           ? zw_eval_bind(ask->eval, alert->items, state->item - 1, &before, err)
                           : ZW_OK;
    status = status == ZW_OK ? zw_eval_cell(ask->eval, zw_judge_node(alert, state), standing->area,
                                            state->front, &cell, err)
                             : status;
    zw_eval_unbind(ask->eval, before);
    if (status == ZW_OK && !zw_cell_stands(&cell)) {
        put_label(out, ",", "reason", zw_reason_text(cell.reason));
    }
    return status;
}

static zw_status put_state(const zw_ask *ask, const zw_standing *standing, zw_buf *out, zw_err *err)
{
    const zw_alert_state *state = &standing->instance.state;
    char period[48];
    zw_alert_key key =
        zw_judge_key(ask->eval, standing->alert, standing->area, &standing->instance, period);
    zw_buf_puts(out, "zonewatch_alert_state");
    put_label(out, "{", "alertname", key.alert);
    put_place(out, ask->world->pack, standing->area);
    if (key.period[0] != '\0') {
        put_label(out, ",", "period", key.period);
    }
    if (key.item[0] != '\0') {
        put_label(out, ",", "item", key.item);
    }
    put_label(out, ",", "state", zw_instance_text(&standing->instance));
    if (state->is == ZW_ALERT_FIRING || state->is == ZW_ALERT_PENDING) {
        put_label(out, ",", "severity", zw_severity_text(state->severity));
    }
    zw_status status = put_reason(ask, standing, out, err);
    end_sample(out, 1);
    return status;
}

/* Of the instances that a per-period alert has for every period, and a guard at every area, only
 * the open ones: the others would be there for ever. */
static zw_status put_alerts(const zw_ask *ask, zw_buf *out, zw_err *err)
{
    zw_instances instances;
    zw_status status = zw_instances_read(ask, &instances, err);
    open_family(out, "zonewatch_alert_state", "gauge", NULL,
                "1 for the state an alert is in: ok, pending, firing or unknown.");
    for (size_t i = 0; status == ZW_OK && i < instances.count; i++) {
        const zw_instance *instance = &instances.at[i].instance;
        bool is_guard = zw_alert_is_guard(&ask->world->pack->alerts[instances.at[i].alert]);
        if ((!instance->has_period && !is_guard) || zw_instance_is_open(instance)) {
            status = put_state(ask, &instances.at[i], out, err);
        }
    }
    zw_instances_fini(&instances);
    return status;
}

static zw_status put_verdict(const zw_ask *ask, uint32_t index, uint32_t area, size_t dated,
                             zw_buf *out, zw_err *err)
{
    const zw_pack *pack = ask->world->pack;
    const zw_stamp *when = &pack->targets[index].dated[dated].when;
    char period[48];
    zw_judged judged;
    zw_status status = zw_eval_verdict(ask->eval, index, area, dated, &judged, err);
    if (status == ZW_OK) {
        zw_buf_puts(out, "zonewatch_verdict");
        put_label(out, "{", "target", pack->targets[index].title.name);
        put_place(out, pack, area);
        put_label(out, ",", "period",
                  zw_period_text(zw_pack_calendar(pack, area), when->grid, when->period, period,
                                 sizeof(period)));
        put_label(out, ",", "verdict", zw_verdict_text(judged.verdict));
        end_sample(out, 1);
    }
    return status;
}

static zw_status put_verdicts(const zw_ask *ask, zw_buf *out, zw_err *err)
{
    const zw_pack *pack = ask->world->pack;
    zw_status status = ZW_OK;
    open_family(out, "zonewatch_verdict", "gauge", NULL,
                "1 for the verdict on a target's dated period.");
    for (uint32_t i = 0; i < pack->target_count; i++) {
        const zw_target *target = &pack->targets[i];
        for (size_t each = 0; each < target->each_count; each++) {
            for (size_t dated = 0; status == ZW_OK && dated < target->dated_count; dated++) {
                status = put_verdict(ask, i, target->each[each], dated, out, err);
            }
        }
    }
    return status;
}

static void put_count(zw_buf *out, const char *name, const char *type, const char *help,
                      int64_t count)
{
    bool is_counter = type[0] == 'c'; /* whose sample is named for what it is */
    open_family(out, name, type, NULL, help);
    zw_buf_printf(out, "%s%s %" PRId64 "\n", name, is_counter ? "_total" : "", count);
}

static void put_moment(zw_buf *out, const char *name, const char *help, int64_t at_ms)
{
    char text[32];
    open_family(out, name, "gauge", "seconds", help);
    zw_buf_printf(out, "%s %s\n", name,
                  zw_text_of_number((double)at_ms / 1000, text, sizeof(text)));
}

static void put_load(const zw_http_load *load, zw_buf *out)
{
    put_count(out, "zonewatch_http_connections", "gauge", "Connections that are open.",
              (int64_t)load->connections);
    open_family(out, "zonewatch_http_bodies_bytes", "gauge", "bytes",
                "Memory that bodies under way hold.");
    zw_buf_printf(out, "zonewatch_http_bodies_bytes %zu\n", load->bodies_bytes);
    open_family(out, "zonewatch_http_laid_by_bytes", "gauge", "bytes",
                "Bytes of long bodies that lie in files.");
    zw_buf_printf(out, "zonewatch_http_laid_by_bytes %" PRIu64 "\n", load->laid_by_bytes);
    put_count(out, "zonewatch_http_refused", "counter",
              "Requests answered 429 since the start: too much was under way.",
              (int64_t)load->refused);
}

static zw_status put_process(const zw_ask *ask, zw_buf *out, zw_err *err)
{
    const zw_api_world *world = ask->world;
    int64_t waiting = 0;
    int64_t delivered = 0;
    int64_t given_up = 0;
    zw_status status = zw_outbox_counts(world->outbox, &waiting, &delivered, err);
    status = status == ZW_OK ? zw_outbox_given_up(world->outbox, &given_up, err) : status;
    put_moment(out, "zonewatch_start_time_seconds", "When the process started, Unix time.",
               world->started_ms);
    put_moment(out, "zonewatch_as_of_seconds", "The as-of of the last turn, Unix time.",
               ask->as_of_ms);
    put_count(out, "zonewatch_turns", "counter", "Turns taken since the start.",
              (int64_t)world->turns);
    put_count(out, "zonewatch_turns_failed", "counter", "Turns that failed since the start.",
              (int64_t)world->failed_turns);
    put_count(out, "zonewatch_failing", "gauge",
              "1 while turns fail (a full disk) and deliveries are answered 503.",
              world->is_failing ? 1 : 0);
    put_count(out, "zonewatch_figures", "gauge", "Figures in the store, every version counted.",
              (int64_t)zw_store_figure_count(world->store));
    put_count(out, "zonewatch_deliveries", "gauge", "Deliveries in the store.",
              (int64_t)zw_store_delivery_count(world->store));
    put_count(out, "zonewatch_outbox_waiting", "gauge", "Messages that must still be delivered.",
              waiting);
    put_count(out, "zonewatch_outbox_delivered", "gauge", "Messages on record as delivered.",
              delivered);
    put_count(out, "zonewatch_outbox_given_up", "gauge",
              "Messages whose receiver the pack no longer has.", given_up);
    put_count(out, "zonewatch_long_deliveries", "gauge",
              "Deliveries under way that are taken by slices.", (int64_t)world->long_deliveries);
    put_load(&world->load, out);
    return status;
}

static void put_breach(void *arg, const char *declaration, zw_breach breach, uint64_t count)
{
    zw_buf *out = arg;
    zw_buf_puts(out, "zonewatch_script_breaches_total");
    put_label(out, "{", "name", declaration);
    put_label(out, ",", "kind", zw_breach_text(breach));
    zw_buf_printf(out, "} %" PRIu64 "\n", count);
}

static void put_breaches(const zw_ask *ask, zw_buf *out)
{
    open_family(out, "zonewatch_script_breaches", "counter", NULL,
                "Calls of functions that a limit ended, by declaration, since the start.");
    if (zw_eval_world_of(ask->eval)->script != NULL) {
        zw_script_breaches(zw_eval_world_of(ask->eval)->script, put_breach, out);
    }
}

zw_status zw_metrics_write(const zw_ask *ask, zw_buf *out, zw_err *err)
{
    zw_status status = put_indicators(ask, out, err);
    status = status == ZW_OK ? put_alerts(ask, out, err) : status;
    status = status == ZW_OK ? put_verdicts(ask, out, err) : status;
    status = status == ZW_OK ? put_process(ask, out, err) : status;
    put_breaches(ask, out);
    zw_buf_puts(out, "# EOF\n");
    return status;
}
