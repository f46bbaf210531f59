/* The summary: one screen of what the pack says now, and for each goal how its verdict came to be
 * what it is. */
#include "app/summary.h"

#include "alert/facts.h"
#include "alert/rule.h"

#include <stdlib.h>
#include <string.h>

enum { TEXT_CEILING = 1024 * 1024 };

struct summary {
    const zw_engine *engine;
    const zw_pack *pack;
    zw_eval *eval;
    FILE *out;
    bool has_synthetic;
    size_t open_alerts;
};

static void print_cell(struct summary *summary, zw_eval *eval, zw_node_id node, uint32_t area,
                       const zw_cell *cell)
{
    zw_buf text;
    zw_buf_init(&text, TEXT_CEILING);
    zw_eval_show(eval, node, area, cell, &text);
    (void)fputs(zw_buf_view(&text), summary->out);
    summary->has_synthetic = summary->has_synthetic || (cell->marks & ZW_MARK_SYNTHETIC) != 0;
    zw_buf_fini(&text);
}

static void print_day(struct summary *summary, uint32_t area, int64_t at_ms)
{
    char text[48];
    zw_moment_text(zw_pack_calendar(summary->pack, area)->tz, at_ms, text, sizeof(text));
    (void)fprintf(summary->out, "%.10s", text);
}

/* One verdict as of a moment, printed when it differs from the one before. */
static zw_status print_verdict_at(struct summary *summary, uint32_t target, uint32_t area,
                                  size_t dated, int64_t at_ms, int *before, zw_err *err)
{
    zw_eval *eval = NULL;
    zw_judged judged;
    zw_status status = zw_engine_eval_at(summary->engine, at_ms, &eval, err);
    status = status == ZW_OK ? zw_eval_verdict(eval, target, area, dated, &judged, err) : status;
    status = status == ZW_OK
                 ? zw_eval_veil(eval, summary->pack->targets[target].expr, area,
                                summary->pack->targets[target].dated[dated].at, &judged.actual, err)
                 : status;
    if (status == ZW_OK && (int)judged.verdict != *before) {
        *before = (int)judged.verdict;
        (void)fputs("      ", summary->out);
        print_day(summary, area, at_ms);
        (void)fprintf(summary->out, "  %-26s ", zw_verdict_text(judged.verdict));
        if (zw_cell_stands(&judged.actual) || judged.actual.reason == ZW_REASON_HIDDEN) {
            print_cell(summary, eval, summary->pack->targets[target].expr, area, &judged.actual);
        }
        (void)fputc('\n', summary->out);
    }
    zw_eval_destroy(eval);
    return status;
}

/* How the verdict on a dated value moved: at the end of its period, at each vintage after it, and
 * now. */
static zw_status print_dated(struct summary *summary, uint32_t index, uint32_t area, size_t dated,
                             zw_err *err)
{
    const zw_target *target = &summary->pack->targets[index];
    const zw_calendar *calendar = zw_pack_calendar(summary->pack, area);
    const zw_node *expr = zw_pack_node(summary->pack, target->expr);
    zw_period p = target->dated[dated].at;
    int64_t end_ms = zw_period_end_ms(calendar, expr->grid, p);
    int64_t now_ms = zw_eval_as_of_ms(summary->eval);
    char goal[160];
    char period[48];
    (void)fprintf(summary->out, "    %s %s %s\n",
                  zw_period_text(calendar, target->dated[dated].when.grid,
                                 target->dated[dated].when.period, period, sizeof(period)),
                  zw_compare_text(target->compare),
                  zw_unit_show(target->dated[dated].value, &expr->show, goal, sizeof(goal)));
    int before = -1;
    int64_t *moments_ms = NULL;
    size_t count = 0;
    zw_status status =
        zw_eval_vintages(summary->eval, target->expr, area, p, &moments_ms, &count, err);
    for (size_t i = 0; status == ZW_OK && i < count; i++) {
        if (moments_ms[i] >= end_ms) {
            status = print_verdict_at(summary, index, area, dated, moments_ms[i], &before, err);
        }
    }
    free(moments_ms);
    return status == ZW_OK ? print_verdict_at(summary, index, area, dated, now_ms, &before, err)
                           : status;
}

/* Where what is followed stands against its path, by the newest figure. */
static zw_status print_path(struct summary *summary, const zw_target *target, uint32_t area,
                            zw_err *err)
{
    static const char *const names[] = {"shortfall", "growth required a year"};
    const zw_node_id nodes[] = {target->shortfall, target->required_growth};
    zw_status status = ZW_OK;
    for (size_t i = 0; status == ZW_OK && i < 2; i++) {
        zw_front newest;
        char period[48];
        status = zw_eval_newest(summary->eval, nodes[i], area, &newest, err);
        status = status == ZW_OK
                     ? zw_eval_veil(summary->eval, nodes[i], area, newest.period, &newest.cell, err)
                     : status;
        if (status == ZW_OK && newest.has_period) {
            const zw_node *node = zw_pack_node(summary->pack, nodes[i]);
            zw_period_text(zw_pack_calendar(summary->pack, area), node->grid, newest.period, period,
                           sizeof(period));
            (void)fprintf(summary->out, "    %s at %s: ", names[i], period);
            print_cell(summary, summary->eval, nodes[i], area, &newest.cell);
            (void)fputc('\n', summary->out);
        }
    }
    return status;
}

static zw_status print_targets(struct summary *summary, zw_err *err)
{
    zw_status status = ZW_OK;
    (void)fputs("Goals\n", summary->out);
    for (uint32_t t = 0; status == ZW_OK && t < summary->pack->target_count; t++) {
        const zw_target *target = &summary->pack->targets[t];
        for (size_t i = 0; status == ZW_OK && i < target->each_count; i++) {
            uint32_t area = target->each[i];
            (void)fprintf(summary->out, "  %s · %s\n", target->title.name,
                          summary->pack->areas[area].title.name);
            for (size_t d = 0;
                 status == ZW_OK && target->expr != ZW_NODE_NONE && d < target->dated_count; d++) {
                status = print_dated(summary, t, area, d, err);
            }
            if (status == ZW_OK && target->expr != ZW_NODE_NONE) {
                status = print_path(summary, target, area, err);
            }
        }
    }
    return status;
}

static zw_status print_indicators(struct summary *summary, zw_err *err)
{
    zw_status status = ZW_OK;
    (void)fputs("Indicators, newest figures\n", summary->out);
    for (uint32_t a = 0; a < summary->pack->area_count; a++) {
        for (uint32_t i = 0; status == ZW_OK && i < summary->pack->indicator_count; i++) {
            zw_front newest;
            zw_node_id node = summary->pack->indicators[i].node;
            status = zw_eval_newest(summary->eval, node, a, &newest, err);
            status = status == ZW_OK
                         ? zw_eval_veil(summary->eval, node, a, newest.period, &newest.cell, err)
                         : status;
            if (status == ZW_OK && newest.has_period) {
                char period[48];
                zw_period_text(zw_pack_calendar(summary->pack, a),
                               zw_pack_node(summary->pack, node)->grid, newest.period, period,
                               sizeof(period));
                (void)fprintf(summary->out, "  %-18s %-30s %-8s ",
                              summary->pack->areas[a].title.name,
                              summary->pack->indicators[i].title.name, period);
                print_cell(summary, summary->eval, node, a, &newest.cell);
                (void)fputc('\n', summary->out);
            }
        }
    }
    return status;
}

static zw_status print_rules(struct summary *summary, zw_err *err)
{
    zw_status status = ZW_OK;
    (void)fputs("Rules\n", summary->out);
    for (uint32_t r = 0; r < summary->pack->rule_count; r++) {
        zw_list each = summary->pack->rules[r].each;
        for (size_t i = 0; status == ZW_OK && i < each.count; i++) {
            zw_rule_state state;
            status = zw_rule_judge(summary->eval, r, each.at[i], &state, err);
            zw_buf why;
            zw_buf_init(&why, TEXT_CEILING);
            if (status == ZW_OK && state.is == ZW_RULE_UNKNOWN) {
                zw_eval_why(summary->eval, each.at[i], &state.cell, &why);
            }
            (void)fprintf(summary->out, "  %-18s %-30s %-8s %s\n",
                          summary->pack->areas[each.at[i]].title.name,
                          summary->pack->rules[r].title.name, zw_rule_text(state.is),
                          zw_buf_view(&why));
            zw_buf_fini(&why);
        }
    }
    return status;
}

static zw_status print_alert(void *arg, uint32_t alert, uint32_t area, const zw_instance *instance,
                             zw_err *err)
{
    struct summary *summary = arg;
    if (instance->state.is == ZW_ALERT_OK || instance->state.is == ZW_ALERT_UNKNOWN) {
        return ZW_OK;
    }
    zw_saying saying;
    char period[48];
    zw_alert_key key = zw_judge_key(summary->eval, alert, area, instance, period);
    zw_status status = zw_facts_say(summary->eval, alert, area, &instance->state, &saying, err);
    if (status == ZW_OK) {
        (void)fprintf(summary->out, "  %-8s since ", zw_alert_state_text(&instance->state));
        print_day(summary, area, instance->state.since_ms);
        const char *between = key.period[0] != '\0' && key.item[0] != '\0' ? " " : "";
        (void)fprintf(summary->out, "  %s %s %s%s%s\n           %s%s\n", key.alert, key.area,
                      key.period, between, key.item, zw_buf_view(&saying.en),
                      saying.is_synthetic ? " (synthetic)" : "");
        summary->has_synthetic = summary->has_synthetic || saying.is_synthetic;
        summary->open_alerts++;
    }
    zw_saying_fini(&saying);
    return status;
}

zw_status zw_summary_print(const zw_engine *engine, FILE *out, zw_err *err)
{
    struct summary summary = {.engine = engine,
                              .pack = zw_engine_pack(engine),
                              .eval = zw_engine_eval(engine),
                              .out = out};
    (void)fprintf(out, "%s, as of ", summary.pack->folder);
    print_day(&summary, 0, zw_eval_as_of_ms(summary.eval));
    (void)fputc('\n', out);
    zw_status status = print_targets(&summary, err);
    status = status == ZW_OK ? print_indicators(&summary, err) : status;
    status = status == ZW_OK ? print_rules(&summary, err) : status;
    (void)fputs("Open alerts\n", out);
    status = status == ZW_OK ? zw_judge_walk(zw_engine_judge(engine), print_alert, &summary, err)
                             : status;
    if (status == ZW_OK && summary.open_alerts == 0) {
        (void)fputs("  none\n", out);
    }
    if (summary.has_synthetic) {
        (void)fputs("Figures marked synthetic are made up for demonstration / 模拟数据.\n", out);
    }
    return status;
}
