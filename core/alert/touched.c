/* What a delivery touched. Verdicts and lights are few: all are judged twice. */
#include "alert/touched.h"

#include "alert/rule.h"
#include "indicator/changed.h"

enum { NAMED_MOST = 20, PERIOD_BYTES = 48 };

struct telling {
    const zw_pack *pack;
    zw_eval *before, *after;
    uint32_t zone;
    bool is_zh;
    zw_buf *out;
    size_t count;
};

static const char *title_of(const struct telling *in, const zw_title *title)
{
    return in->is_zh ? title->zh : title->en;
}

/* Names one result; `last` is NULL where there is one period, both are where there is none. */
static void name(struct telling *in, const zw_title *title, uint32_t area, const char *first,
                 const char *last)
{
    if (in->count++ >= NAMED_MOST) {
        return;
    }
    const char *between = in->is_zh ? "、" : ", ";
    zw_buf_printf(in->out, in->is_zh ? "%s%s(%s" : "%s%s (%s", in->count > 1 ? between : "",
                  title_of(in, title), title_of(in, &in->pack->areas[area].title));
    if (first != NULL) {
        zw_buf_printf(in->out, " %s", first);
    }
    if (last != NULL) {
        zw_buf_printf(in->out, in->is_zh ? "至%s" : " to %s", last);
    }
    zw_buf_puts(in->out, ")");
}

static zw_status tell_verdict(struct telling *in, uint32_t index, uint32_t area, size_t dated,
                              zw_err *err)
{
    const zw_target *target = &in->pack->targets[index];
    zw_judged was;
    zw_judged is;
    zw_status status = zw_eval_verdict(in->before, index, area, dated, &was, err);
    status = status == ZW_OK ? zw_eval_verdict(in->after, index, area, dated, &is, err) : status;
    if (status == ZW_OK && was.verdict != is.verdict) {
        char period[PERIOD_BYTES];
        const zw_stamp *when = &target->dated[dated].when;
        name(in, &target->title, area,
             zw_period_text(zw_pack_calendar(in->pack, area), when->grid, when->period, period,
                            sizeof(period)),
             NULL);
    }
    return status;
}

static zw_status tell_targets(struct telling *in, zw_err *err)
{
    zw_status status = ZW_OK;
    for (uint32_t t = 0; t < in->pack->target_count; t++) {
        const zw_target *target = &in->pack->targets[t];
        for (size_t e = 0; target->expr != ZW_NODE_NONE && e < target->each_count; e++) {
            bool is_here = in->pack->areas[target->each[e]].zone == in->zone;
            for (size_t d = 0; status == ZW_OK && is_here && d < target->dated_count; d++) {
                status = tell_verdict(in, t, target->each[e], d, err);
            }
        }
    }
    return status;
}

static zw_status tell_rule(struct telling *in, uint32_t index, uint32_t area, zw_err *err)
{
    zw_rule_state was;
    zw_rule_state is;
    zw_status status = zw_rule_judge(in->before, index, area, &was, err);
    status = status == ZW_OK ? zw_rule_judge(in->after, index, area, &is, err) : status;
    if (status == ZW_OK && was.is != is.is) {
        name(in, &in->pack->rules[index].title, area, NULL, NULL);
    }
    return status;
}

static zw_status tell_rules(struct telling *in, zw_err *err)
{
    zw_status status = ZW_OK;
    for (uint32_t r = 0; r < in->pack->rule_count; r++) {
        zw_list each = in->pack->rules[r].each;
        for (size_t e = 0; status == ZW_OK && e < each.count; e++) {
            if (in->pack->areas[each.at[e]].zone == in->zone) {
                status = tell_rule(in, r, each.at[e], err);
            }
        }
    }
    return status;
}

static zw_status tell_indicator(void *arg, const zw_changed *changed, zw_err *err)
{
    struct telling *in = arg;
    char first[PERIOD_BYTES];
    char last[PERIOD_BYTES];
    const zw_calendar *calendar = zw_pack_calendar(in->pack, changed->area);
    (void)err;
    zw_period_text(calendar, changed->grid, changed->first, first, sizeof(first));
    zw_period_text(calendar, changed->grid, changed->last, last, sizeof(last));
    name(in, &in->pack->indicators[changed->indicator].title, changed->area, first,
         changed->first < changed->last ? last : NULL);
    return ZW_OK;
}

static void tell_rest(struct telling *in)
{
    if (in->count == 0) {
        zw_buf_puts(in->out, in->is_zh ? "无" : "nothing");
    } else if (in->count > NAMED_MOST) {
        zw_buf_printf(in->out, in->is_zh ? "等共%zu项" : " and %zu more",
                      in->is_zh ? in->count : in->count - NAMED_MOST);
    }
}

zw_status zw_touched_say(const zw_eval_world *world, uint32_t zone, int64_t at_ms, bool is_zh,
                         zw_buf *out, zw_err *err)
{
    struct telling in = {.pack = world->pack, .zone = zone, .is_zh = is_zh, .out = out};
    zw_status status = zw_eval_create(world, at_ms - 1, &in.before, err);
    status = status == ZW_OK ? zw_eval_create(world, at_ms, &in.after, err) : status;
    status = status == ZW_OK ? tell_targets(&in, err) : status;
    status = status == ZW_OK ? tell_rules(&in, err) : status;
    status = status == ZW_OK ? zw_changed_walk(in.before, in.after, zone, tell_indicator, &in, err)
                             : status;
    if (status == ZW_OK) {
        tell_rest(&in);
    }
    zw_eval_destroy(in.before);
    zw_eval_destroy(in.after);
    return status == ZW_OK && out->has_failed ? zw_err_nomem(err) : status;
}
