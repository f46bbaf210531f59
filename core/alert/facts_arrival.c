/* Of an alert's facts those about reports: who lacks, when it was due, what came last. */
#include "alert/facts_inside.h"

#include "alert/behind.h"
#include "alert/touched.h"
#include "base/civil.h"

#include <string.h>

enum { NAMED_MOST = 20, TEXT_CEILING = 64 * 1024 };

static void look_at_due(zw_gathering *in, const zw_input *input)
{
    const zw_measure *measure = &in->pack->measures[input->measure];
    const zw_calendar *calendar = zw_pack_calendar(in->pack, input->area);
    if (measure->has_due) {
        int64_t end_ms = zw_period_end_ms(calendar, measure->grid, input->period);
        int64_t due_ms = zw_length_after(calendar, end_ms, measure->due);
        in->due_ms = due_ms > in->due_ms ? due_ms : in->due_ms;
    }
}

/* What came last. */
static void look_at_figure(void *arg, zw_series_id series, const zw_figure *figure)
{
    zw_gathering *in = arg;
    (void)series;
    if (figure->known_at_ms >= in->newest_known_ms) {
        in->newest_known_ms = figure->known_at_ms;
        in->newest_batch = figure->batch;
        in->newest_source = figure->source;
        in->is_synthetic = in->is_synthetic || figure->is_synthetic;
    }
}

/* A roll-up lacks nothing of its own: its parts do. */
static bool reports_itself(const zw_gathering *in, const zw_input *input)
{
    const zw_measure *measure = &in->pack->measures[input->measure];
    return measure->has_areas ? zw_list_has(measure->areas, input->area)
                              : in->pack->areas[input->area].parts.count == 0;
}

/* The areas that lack, in the pack's order: named as far as people read, the rest counted. */
static void put_lacking(zw_gathering *in)
{
    zw_buf text;
    size_t count = 0;
    zw_buf_init(&text, TEXT_CEILING);
    for (size_t a = 0; a < in->pack->area_count; a++) {
        if (in->lacks[a] && count++ < NAMED_MOST) {
            const char *comma = in->is_zh ? "、" : ", ";
            zw_buf_printf(&text, "%s%s", count > 1 ? comma : "",
                          zw_facts_title(in, &in->pack->areas[a].title));
        }
    }
    if (count > NAMED_MOST) {
        zw_buf_printf(&text, in->is_zh ? "等共%zu处" : " and %zu more",
                      in->is_zh ? count : count - NAMED_MOST);
    }
    zw_facts_put_text(in, "lacking", zw_arena_text(in->arena, zw_buf_view(&text), text.len));
    zw_buf_fini(&text);
}

/* Looks at one input: who lacks, when it was due, what came last. */
static zw_status look_at_input(void *arg, const zw_input *input, zw_err *err)
{
    zw_gathering *in = arg;
    zw_cell cell;
    zw_status status = zw_eval_cell(in->eval, in->pack->measures[input->measure].node, input->area,
                                    input->period, &cell, err);
    if (status != ZW_OK) {
        return status;
    }
    bool is_absent = cell.reason == ZW_REASON_LATE || cell.reason == ZW_REASON_WITHDRAWN;
    if (is_absent && reports_itself(in, input)) {
        in->lacks[input->area] = true;
    }
    look_at_due(in, input);
    zw_behind_input(in->eval, input, look_at_figure, in);
    return ZW_OK;
}

/* What the delivery of the newest figure changed, where the words ask for it. A guard speaks of the
 * delivery that it looks at. */
static zw_status put_touched(zw_gathering *in, zw_err *err)
{
    static const char *const asked = "{touched}";
    zw_cell cell;
    zw_buf text;
    if (strstr(in->alert->say_en, asked) == NULL && strstr(in->alert->say_zh, asked) == NULL) {
        return ZW_OK;
    }
    zw_status status = zw_eval_cell(in->eval, in->truth, in->area, in->front, &cell, err);
    int64_t at_ms = cell.known_at_ms > in->newest_known_ms ? cell.known_at_ms : in->newest_known_ms;
    at_ms = zw_alert_is_guard(in->alert) ? zw_eval_as_of_ms(in->eval) : at_ms;
    zw_buf_init(&text, TEXT_CEILING);
    if (status == ZW_OK && at_ms != INT64_MIN) {
        status = zw_touched_say(zw_eval_world_of(in->eval), in->pack->areas[in->area].zone, at_ms,
                                in->is_zh, &text, err);
    }
    zw_facts_put_text(in, "touched", zw_arena_text(in->arena, zw_buf_view(&text), text.len));
    zw_buf_fini(&text);
    return status;
}

zw_status zw_facts_put_arrival(zw_gathering *in, zw_err *err)
{
    zw_status status =
        zw_eval_inputs(in->eval, in->truth, in->area, in->front, look_at_input, in, err);
    if (status != ZW_OK) {
        return status;
    }
    put_lacking(in);
    zw_unit plain = zw_unit_plain();
    if (in->due_ms != INT64_MIN) {
        zw_facts_put_moment(in, "due", in->due_ms - 1); /* due by the end of that day */
        int64_t late_ms = zw_eval_as_of_ms(in->eval) - in->due_ms;
        int64_t late_days = late_ms >= 0 ? late_ms / ZW_DAY_MS + 1 : 0; /* the first day counts */
        zw_facts_put_number(in, "late_days", (double)late_days, &plain);
    }
    const zw_store *store = zw_eval_world_of(in->eval)->store;
    const zw_delivery *delivery = zw_store_delivery_by_id(store, in->newest_batch);
    const char *own = zw_store_text_view(store, in->newest_source);
    zw_facts_put_text(in, "source",
                      own[0] != '\0'     ? own
                      : delivery != NULL ? delivery->source
                                         : "");
    return put_touched(in, err);
}
