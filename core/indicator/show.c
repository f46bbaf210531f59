/* How a cell is shown to people: its value with unit and marks, or why there is none. */
#include "indicator/inside.h"

static void put_moment(const zw_eval *eval, uint32_t area, int64_t at_ms, zw_buf *out)
{
    char text[48];
    zw_moment_text(zw_inside_calendar(eval, area)->tz, at_ms, text, sizeof(text));
    zw_buf_printf(out, " %.10s", text); /* the day is enough */
}

void zw_eval_why(const zw_eval *eval, uint32_t area, const zw_cell *cell, zw_buf *out)
{
    if (zw_cell_stands(cell)) {
        return;
    }
    zw_buf_puts(out, zw_reason_text((zw_reason)cell->reason));
    switch (cell->reason) {
    case ZW_REASON_NOT_DUE:
    case ZW_REASON_LATE:
        put_moment(eval, area, cell->detail, out);
        break;
    case ZW_REASON_PART_MISSING:
        zw_buf_printf(out, ": %s", eval->world.pack->areas[cell->detail].title.name);
        break;
    case ZW_REASON_GROUP_MISSING:
    case ZW_REASON_SCRIPT:
    case ZW_REASON_LIMIT:
        if (cell->detail != (int64_t)ZW_POOL_NONE) {
            zw_buf_printf(out, ": %s", zw_pool_text(eval->texts, (uint32_t)cell->detail));
        }
        break;
    default:
        break;
    }
    if (cell->in < cell->of && cell->of > 1) {
        zw_buf_printf(out, " (%u of %u in)", cell->in, cell->of);
    }
}

static void put_marks(const zw_cell *cell, zw_buf *out)
{
    static const struct {
        uint8_t mark;
        const char *text;
    } marks[] = {{ZW_MARK_PROVISIONAL, "provisional"},
                 {ZW_MARK_ESTIMATED, "estimated"},
                 {ZW_MARK_FORECAST, "forecast"},
                 {ZW_MARK_SYNTHETIC, "synthetic"}};
    for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++) {
        if ((cell->marks & marks[i].mark) != 0) {
            zw_buf_printf(out, ", %s", marks[i].text);
        }
    }
    if (cell->in < cell->of && cell->of > 1) {
        zw_buf_printf(out, ", %u/%u", cell->in, cell->of);
    }
    if (cell->span > 1) {
        zw_buf_printf(out, ", spans %u periods", cell->span);
    }
}

void zw_eval_show(const zw_eval *eval, zw_node_id id, uint32_t area, const zw_cell *cell,
                  zw_buf *out)
{
    const zw_node *node = zw_pack_node(eval->world.pack, id);
    if (cell->reason == ZW_REASON_HIDDEN) {
        zw_buf_puts(out, zw_reason_text(ZW_REASON_HIDDEN));
        return;
    }
    if (!zw_cell_stands(cell)) {
        zw_buf_puts(out, node->type == ZW_TYPE_TRUTH ? "unknown: " : "missing: ");
        zw_eval_why(eval, area, cell, out);
        return;
    }
    zw_buf notes;
    zw_buf_init(&notes, 1024);
    put_marks(cell, &notes);
    char shown[160];
    if (node->type == ZW_TYPE_TRUTH) {
        zw_buf_puts(out, cell->value != 0 ? "true" : "false");
    } else if (node->type == ZW_TYPE_TEXT) {
        zw_buf_puts(out, zw_eval_text(eval, cell));
    } else {
        zw_unit_show(cell->value, &node->show, shown, sizeof(shown));
        zw_buf_puts(out, shown);
    }
    if (notes.len > 0 && out->len > 0 &&
        out->data[out->len - 1] == ')') { /* "603.2 (1e8 CNY" takes the marks inside */
        out->len--;
        zw_buf_printf(out, "%s)", zw_buf_view(&notes));
    } else if (notes.len > 0) {
        zw_buf_printf(out, " (%s)", zw_buf_view(&notes) + 2);
    }
    zw_buf_fini(&notes);
}
