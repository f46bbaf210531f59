/* What mutes an alert: another that fires, or a truth that holds, around or inside its area. */
#include "alert/subject.h"

static bool is_related(const zw_pack *pack, uint32_t a, uint32_t b)
{
    return zw_pack_is_inside(pack, a, b) || zw_pack_is_inside(pack, b, a);
}

static bool is_any_firing(const struct zw_subject *subject)
{
    for (size_t i = 0; i < subject->instance_count; i++) {
        if (subject->instances[i].state.is == ZW_ALERT_FIRING) {
            return true;
        }
    }
    return false;
}

/* Looks at subjects `from` up to, not including, `to`. */
static bool is_any_firing_near(const zw_judge *judge, size_t from, size_t to, uint32_t alert,
                               uint32_t area)
{
    for (size_t i = from; i < to; i++) {
        const struct zw_subject *subject = &judge->subjects[i];
        if (subject->alert == alert && is_related(zw_judge_pack(judge), subject->area, area) &&
            is_any_firing(subject)) {
            return true;
        }
    }
    return false;
}

/* The subjects of its areas lie behind each other, those of items behind those of all alerts. */
static bool is_firing_near(const zw_judge *judge, uint32_t alert, uint32_t area)
{
    size_t first = judge->first_of[alert];
    size_t count = zw_judge_pack(judge)->alerts[alert].each.count;
    return is_any_firing_near(judge, first, first + count, alert, area) ||
           is_any_firing_near(judge, judge->area_count, judge->subject_count, alert, area);
}

static void sooner(int64_t *until_ms, int64_t at_ms)
{
    *until_ms = at_ms < *until_ms ? at_ms : *until_ms;
}

/* Whether a truth holds at its front at an area. */
static zw_status look_at_truth(const zw_judge *judge, zw_node_id truth, uint32_t area, bool *out,
                               int64_t *until_ms, zw_err *err)
{
    zw_front front;
    zw_status status = zw_eval_front(judge->eval, truth, area, &front, err);
    *out = status == ZW_OK && front.has_period && zw_cell_is_true(&front.cell);
    if (*out) {
        sooner(until_ms, front.until_ms);
        sooner(until_ms, front.cell.until_ms);
    }
    return status;
}

zw_status zw_judge_is_muted(const zw_judge *judge, uint32_t index, uint32_t area, bool *out,
                            int64_t *until_ms, zw_err *err)
{
    const zw_pack *pack = zw_judge_pack(judge);
    const zw_alert *alert = &pack->alerts[index];
    size_t count = alert->unless != ZW_NODE_NONE ? pack->area_count : 0;
    zw_status status = ZW_OK;
    *out = alert->unless_alert != ZW_NONE && is_firing_near(judge, alert->unless_alert, area);
    for (uint32_t a = 0; status == ZW_OK && !*out && a < count; a++) {
        if (is_related(pack, a, area)) {
            status = look_at_truth(judge, alert->unless, a, out, until_ms, err);
        }
    }
    return status;
}
