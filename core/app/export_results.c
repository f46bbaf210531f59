/* Results out: indicators and targets with their marks, and every move of an alert. */
#include "app/export_results.h"

#include <string.h>

enum { TEXT_CEILING = 64 * 1024 };

static void put_cell(const zw_export *export, zw_node_id node, uint32_t area, const zw_cell *cell)
{
    zw_tabular *table = export->table;
    char unit[96];
    char complete[32] = "";
    zw_buf why;
    zw_buf_init(&why, TEXT_CEILING);
    zw_eval_why(export->eval, area, cell, &why);
    if (zw_cell_stands(cell) && zw_pack_node(export->pack, node)->type == ZW_TYPE_TEXT) {
        zw_tabular_puts(table, zw_eval_text(export->eval, cell));
    } else if (zw_cell_stands(cell)) {
        zw_tabular_number(table, cell->value);
    } else {
        zw_tabular_puts(table, "");
    }
    if (cell->of > 0) {
        (void)snprintf(complete, sizeof(complete), "%u/%u", cell->in, cell->of);
    }
    zw_tabular_puts(table,
                    zw_unit_text(&zw_pack_node(export->pack, node)->unit, unit, sizeof(unit)));
    zw_tabular_puts(table, (cell->marks & ZW_MARK_PROVISIONAL) != 0 ? "P"
                           : (cell->marks & ZW_MARK_ESTIMATED) != 0 ? "E"
                                                                    : "A");
    zw_tabular_flag(table, (cell->marks & ZW_MARK_SYNTHETIC) != 0);
    zw_tabular_puts(table, complete);
    zw_export_moment(export, area, cell->known_at_ms);
    zw_tabular_puts(table, zw_buf_view(&why));
    zw_buf_fini(&why);
}

/* The columns of put_cell. @param value  what the first is called. */
static zw_status head_of_cells(const zw_export *export, const char *value, zw_err *err)
{
    static const char *const before[] = {"unit", "status"};
    static const char *const behind[] = {"complete", "known_at", "why"};
    zw_tabular_column(export->table, value, ZW_TABULAR_NUMBER);
    zw_tabular_texts(export->table, before, 2);
    zw_tabular_column(export->table, "synthetic", ZW_TABULAR_FLAG);
    zw_tabular_texts(export->table, behind, 3);
    return zw_tabular_head(export->table, err);
}

/* A period that nobody expects anything of is left out. */
static bool is_unexpected(const zw_cell *cell)
{
    return cell->reason == ZW_REASON_SKIPPED || cell->reason == ZW_REASON_OUTSIDE_LIFE ||
           (cell->reason == ZW_REASON_NO_FIGURE && cell->of == 0);
}

static zw_status write_indicator(const zw_export *export, uint32_t index, uint32_t area,
                                 zw_err *err)
{
    zw_node_id node = export->pack->indicators[index].node;
    zw_period first = 0;
    if (!zw_pack_node(export->pack, node)->has_grid ||
        !zw_eval_first(export->eval, node, &first, area)) {
        return ZW_OK;
    }
    zw_grid grid = zw_pack_node(export->pack, node)->grid;
    zw_period last = zw_eval_now(export->eval, node, area);
    zw_status status = ZW_OK;
    zw_export_narrow(export, area, grid, &first, &last);
    for (zw_period p = first; status == ZW_OK && p <= last; p++) {
        zw_cell cell;
        status = zw_eval_cell(export->eval, node, area, p, &cell, err);
        status = status == ZW_OK ? zw_eval_veil(export->eval, node, area, p, &cell, err) : status;
        if (status == ZW_OK && !is_unexpected(&cell)) {
            zw_tabular_puts(export->table, export->pack->indicators[index].title.name);
            zw_tabular_puts(export->table, export->pack->areas[area].title.name);
            zw_export_period(export, area, grid, p);
            put_cell(export, node, area, &cell);
        }
    }
    return status;
}

zw_status zw_export_indicators(const zw_export *export, zw_err *err)
{
    static const char *const head[] = {"indicator", "area", "period"};
    zw_tabular_texts(export->table, head, 3);
    zw_status status = head_of_cells(export, "value", err);
    for (uint32_t i = 0; i < export->pack->indicator_count; i++) {
        for (uint32_t a = 0; status == ZW_OK && a < export->pack->area_count; a++) {
            status = zw_export_wants_area(export, a) ? write_indicator(export, i, a, err) : ZW_OK;
        }
    }
    return status;
}

static void put_goal(const zw_export *export, const zw_target *target, size_t dated, uint32_t area,
                     const zw_judged *judged)
{
    zw_grid grid = target->dated[dated].when.grid;
    zw_tabular_puts(export->table, target->title.name);
    zw_tabular_puts(export->table, export->pack->areas[area].title.name);
    zw_export_period(export, area, grid, target->dated[dated].when.period);
    zw_tabular_puts(export->table, zw_compare_text(target->compare));
    zw_tabular_number(export->table, target->dated[dated].value);
    zw_tabular_puts(export->table, zw_verdict_text(judged->verdict));
    put_cell(export, target->expr, area, &judged->actual);
}

static zw_status write_target(const zw_export *export, uint32_t index, uint32_t area, zw_err *err)
{
    const zw_target *target = &export->pack->targets[index];
    zw_status status = ZW_OK;
    for (size_t d = 0; status == ZW_OK && d < target->dated_count; d++) {
        zw_judged judged;
        zw_period lo = target->dated[d].when.period;
        zw_period hi = lo;
        zw_export_narrow(export, area, target->dated[d].when.grid, &lo, &hi);
        if (lo > hi) {
            continue;
        }
        status = zw_eval_verdict(export->eval, index, area, d, &judged, err);
        status = status == ZW_OK ? zw_eval_veil(export->eval, target->expr, area,
                                                target->dated[d].at, &judged.actual, err)
                                 : status;
        if (status == ZW_OK) {
            put_goal(export, target, d, area, &judged);
        }
    }
    return status;
}

zw_status zw_export_targets(const zw_export *export, zw_err *err)
{
    static const char *const head[] = {"target", "area", "period", "compare"};
    const zw_pack *pack = export->pack;
    zw_tabular_texts(export->table, head, 4);
    zw_tabular_column(export->table, "goal", ZW_TABULAR_NUMBER);
    zw_tabular_column(export->table, "verdict", ZW_TABULAR_TEXT);
    zw_status status = head_of_cells(export, "actual", err);
    for (uint32_t t = 0; t < pack->target_count; t++) {
        for (size_t i = 0; status == ZW_OK && i < pack->targets[t].each_count; i++) {
            uint32_t area = pack->targets[t].each[i];
            bool is_judged = pack->targets[t].expr != ZW_NODE_NONE;
            status = zw_export_wants_area(export, area) && is_judged
                         ? write_target(export, t, area, err)
                         : ZW_OK;
        }
    }
    return status;
}

static zw_status write_event(void *arg, const zw_alert_event *event, zw_err *err)
{
    (void)err;
    const zw_export *export = arg;
    uint32_t area = zw_pack_area(export->pack, zw_text_of(event->key.area), NULL);
    if (area == ZW_NONE || !zw_export_wants_area(export, area) ||
        !zw_export_wants_moment(export, area, event->at_ms) || !zw_ledger_is_move(event)) {
        return ZW_OK;
    }
    zw_tabular_puts(export->table, event->key.alert);
    zw_tabular_puts(export->table, event->key.area);
    zw_tabular_puts(export->table, event->key.period);
    zw_tabular_puts(export->table, zw_alert_state_word(&event->state));
    zw_export_moment(export, area, event->at_ms);
    zw_tabular_flag(export->table, strstr(event->evidence, "\"synthetic\":true") != NULL);
    zw_tabular_puts(export->table, event->evidence);
    return ZW_OK;
}

zw_status zw_export_alerts(const zw_export *export, zw_ledger *ledger, zw_err *err)
{
    static const char *const head[] = {"alert", "area", "period", "state", "since"};
    zw_export copy = *export; /* the ledger's callback takes no const */
    zw_tabular_texts(export->table, head, 5);
    zw_tabular_column(export->table, "synthetic", ZW_TABULAR_FLAG);
    zw_tabular_column(export->table, "evidence", ZW_TABULAR_TEXT);
    zw_status status = zw_tabular_head(export->table, err);
    return status == ZW_OK
               ? zw_ledger_history(ledger, NULL, INT64_MIN, zw_eval_as_of_ms(export->eval),
                                   write_event, &copy, err)
               : status;
}
