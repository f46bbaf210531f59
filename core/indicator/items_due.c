/* What a register as a whole says of a period: whether it can be spoken of, and, when it has a due,
 * who has reported. */
#include "indicator/item_view.h"

#include <stdlib.h>
#include <string.h>

int64_t zw_items_due_ms(const zw_eval *eval, uint32_t ref, uint32_t area, zw_period period,
                        const zw_length *extra)
{
    const zw_register *reg = &eval->world.pack->registers[ref];
    if (!reg->has_due) {
        return ZW_NEVER_MS;
    }
    const zw_calendar *calendar = zw_inside_calendar(eval, area);
    int64_t due_ms =
        zw_length_after(calendar, zw_period_end_ms(calendar, reg->grid, period), reg->due);
    return extra != NULL ? zw_length_after(calendar, due_ms, *extra) : due_ms;
}

/* The reports of one period at an area and in it. */
struct roll {
    const zw_item_ask *ask;
    zw_period period;
    int64_t start_ms, end_ms;
    uint16_t in, of;
    uint32_t lacking; /* the first area that has not reported */
    int64_t known_at_ms;
    uint8_t marks;
};

/* The area a row speaks for: its own, else where its item stands then. */
static uint32_t area_of_row(const zw_item_ask *ask, const zw_item_row *row)
{
    const char *name = row->area;
    zw_item_standing standing;
    if (name[0] == '\0' && row->item_id != ZW_ITEM_NONE) {
        zw_item_at(ask->items, row->item_id, row->at_ms, ask->eval->as_of_ms, &standing);
        name = standing.area;
    }
    return zw_item_area(ask->eval->world.pack, name);
}

static bool has_reported(struct roll *roll, uint32_t area)
{
    const zw_item_ask *ask = roll->ask;
    bool has_any = false;
    size_t first = 0;
    size_t count = zw_items_reports(ask->items, ask->id, roll->start_ms, roll->end_ms, &first);
    for (size_t i = 0; i < count; i++) {
        const zw_item_row *row = zw_items_report(ask->items, ask->id, first + i);
        if (row->known_at_ms > ask->eval->as_of_ms || area_of_row(ask, row) != area) {
            continue;
        }
        has_any = true;
        roll->known_at_ms =
            row->known_at_ms > roll->known_at_ms ? row->known_at_ms : roll->known_at_ms;
        roll->marks |= row->is_synthetic ? ZW_MARK_SYNTHETIC : 0;
    }
    return has_any;
}

static bool is_reporter(const zw_pack *pack, const zw_register *reg, uint32_t area)
{
    if (reg->has_areas) {
        return zw_list_has((zw_list){reg->areas, reg->area_count}, area);
    }
    return pack->areas[area].parts.count == 0;
}

/* Asks every reporter at the area and in it, once. */
static void ask_reporters(struct roll *roll, uint32_t outer)
{
    const zw_pack *pack = roll->ask->eval->world.pack;
    for (uint32_t area = 0; area < pack->area_count; area++) {
        if (!is_reporter(pack, roll->ask->reg, area) || !zw_pack_is_inside(pack, area, outer) ||
            !zw_pack_area_lives(pack, area, roll->end_ms)) {
            continue;
        }
        roll->of++;
        if (has_reported(roll, area)) {
            roll->in++;
        } else if (roll->lacking == ZW_NONE) {
            roll->lacking = area;
        }
    }
}

/* The first period that reports are expected for. */
static bool expected_since(const zw_item_ask *ask, zw_period *out)
{
    const zw_calendar *calendar = zw_inside_calendar(ask->eval, ask->col->area);
    if (ask->reg->has_since) {
        *out =
            zw_period_at(calendar, ask->reg->grid, zw_stamp_start_ms(calendar, &ask->reg->since));
        return true;
    }
    return zw_items_first(ask->eval, ask->ref, ask->col->area, ask->eval->as_of_ms, out);
}

static zw_cell lacking(const zw_item_ask *ask, const struct roll *roll, const zw_cell *content)
{
    int64_t as_of_ms = ask->eval->as_of_ms;
    int64_t due_ms = zw_items_due_ms(ask->eval, ask->ref, roll->lacking, roll->period, NULL);
    zw_cell cell = *content;
    cell.in = roll->in;
    cell.of = roll->of;
    cell.value = 0;
    cell.reason = as_of_ms < due_ms ? ZW_REASON_NOT_DUE : ZW_REASON_LATE;
    cell.detail = due_ms;
    if (roll->in > 0) {
        cell.reason = ZW_REASON_PART_MISSING;
        cell.detail = (int64_t)roll->lacking;
    }
    zw_cell turn = zw_cell_of(0);
    turn.until_ms = as_of_ms < due_ms ? due_ms : ZW_NEVER_MS;
    zw_cell_wait(&cell, &turn);
    return cell;
}

/* Who has reported; nobody is asked for a period before the first. */
static struct roll roll_of(const zw_item_ask *ask, zw_period period)
{
    const zw_calendar *calendar = zw_inside_calendar(ask->eval, ask->col->area);
    struct roll roll = {.ask = ask,
                        .period = period,
                        .start_ms = zw_period_start_ms(calendar, ask->reg->grid, period),
                        .end_ms = zw_period_end_ms(calendar, ask->reg->grid, period),
                        .lacking = ZW_NONE,
                        .known_at_ms = INT64_MIN};
    zw_period since = 0;
    if (expected_since(ask, &since) && period >= since) {
        ask_reporters(&roll, ask->col->area);
    }
    return roll;
}

/* True past the due and `length`; while it is not, unknown until then. */
static zw_cell late_in(const zw_item_ask *ask, const zw_node *node, zw_period period)
{
    struct roll roll = roll_of(ask, period);
    zw_cell cell = zw_cell_of(0);
    cell.known_at_ms = roll.known_at_ms;
    cell.marks = roll.marks;
    cell.in = roll.in;
    cell.of = roll.of;
    if (roll.of == 0) {
        return zw_cell_missing(ZW_REASON_NO_FIGURE);
    }
    if (roll.lacking == ZW_NONE) {
        return cell;
    }
    cell.detail = zw_items_due_ms(ask->eval, ask->ref, roll.lacking, period,
                                  node->has_length ? &node->length : NULL);
    if (ask->eval->as_of_ms >= cell.detail) {
        cell.value = 1;
        return cell;
    }
    cell.reason = ZW_REASON_NOT_DUE;
    cell.until_ms = cell.detail;
    return cell;
}

zw_status zw_items_late(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span, zw_err *err)
{
    zw_item_ask ask;
    zw_item_ask_init(&ask, eval, col, node->ref, err);
    for (zw_period p = span.lo; p <= span.hi; p++) {
        *zw_col_at(col, p) = late_in(&ask, node, p);
    }
    return ZW_OK;
}

static zw_cell settled(zw_item_ask *ask, zw_period period, const zw_cell *content)
{
    struct roll roll = roll_of(ask, period);
    if (roll.of == 0) {
        return *content;
    }
    if (roll.lacking != ZW_NONE) {
        return lacking(ask, &roll, content);
    }
    zw_cell cell = *content;
    zw_cell report = zw_cell_of(0);
    report.in = roll.in;
    report.of = roll.of;
    report.known_at_ms = roll.known_at_ms;
    report.marks = roll.marks;
    zw_cell_inherit(&cell, &report);
    return cell;
}

zw_cell zw_items_settle(zw_item_ask *ask, zw_period period, const zw_cell *content)
{
    const zw_pack *pack = ask->eval->world.pack;
    const zw_calendar *calendar = zw_inside_calendar(ask->eval, ask->col->area);
    zw_period first = 0;
    if (!zw_items_first(ask->eval, ask->ref, ask->col->area, ask->eval->as_of_ms, &first) ||
        period < first) {
        /* Nobody was asked who came and went then: a longer period passes over it. */
        const zw_node *node = zw_pack_node(pack, ask->col->node);
        return zw_cell_missing(node->kind == ZW_KIND_FLOW ? ZW_REASON_SKIPPED
                                                          : ZW_REASON_NO_FIGURE);
    }
    if (!zw_pack_area_lives(pack, ask->col->area,
                            zw_period_end_ms(calendar, ask->reg->grid, period))) {
        return zw_cell_missing(ZW_REASON_OUTSIDE_LIFE);
    }
    return ask->reg->has_due && ask->only == ZW_ITEM_NONE ? settled(ask, period, content)
                                                          : *content;
}
