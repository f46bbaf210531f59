/* A cell: a value or why there is none, and what it inherits from what it was computed from. */
#include "indicator/cell.h"

#include <math.h>

zw_cell zw_cell_of(double value)
{
    return (zw_cell){.value = value, .until_ms = ZW_NEVER_MS, .known_at_ms = INT64_MIN, .span = 1};
}

zw_cell zw_cell_missing(zw_reason reason)
{
    zw_cell cell = zw_cell_of(0);
    cell.reason = (uint8_t)reason;
    return cell;
}

bool zw_cell_stands(const zw_cell *cell)
{
    return cell->reason == ZW_REASON_NONE;
}

bool zw_cell_is_true(const zw_cell *cell)
{
    return zw_cell_stands(cell) && cell->value != 0;
}

bool zw_cell_is_false(const zw_cell *cell)
{
    return zw_cell_stands(cell) && cell->value == 0;
}

/* The less complete of two counts: 3 of 4 before 4 of 4, cross-multiplied so that nothing is
 * rounded. */
static bool is_less_complete(uint16_t in, uint16_t of, uint16_t than_in, uint16_t than_of)
{
    if (of == 0) {
        return false;
    }
    return than_of == 0 || (uint32_t)in * than_of < (uint32_t)than_in * of;
}

void zw_cell_wait(zw_cell *cell, const zw_cell *input)
{
    if (input->until_ms < cell->until_ms) {
        cell->until_ms = input->until_ms;
    }
}

void zw_cell_inherit(zw_cell *cell, const zw_cell *input)
{
    cell->marks |= input->marks;
    zw_cell_wait(cell, input);
    if (input->known_at_ms > cell->known_at_ms) {
        cell->known_at_ms = input->known_at_ms;
    }
    if (is_less_complete(input->in, input->of, cell->in, cell->of)) {
        cell->in = input->in;
        cell->of = input->of;
    }
    if (input->span > cell->span) {
        cell->span = input->span;
    }
}

void zw_cell_need(zw_cell *cell, const zw_cell *input)
{
    zw_cell_inherit(cell, input);
    if (cell->reason == ZW_REASON_NONE && input->reason != ZW_REASON_NONE) {
        cell->reason = input->reason;
        cell->detail = input->detail;
    }
}

void zw_sum_add(zw_sum *sum, double value)
{
    double total = sum->total + value;
    if (fabs(sum->total) >= fabs(value)) {
        sum->lost += (sum->total - total) + value;
    } else {
        sum->lost += (value - total) + sum->total;
    }
    sum->total = total;
}

double zw_sum_total(const zw_sum *sum)
{
    return sum->total + sum->lost;
}

const char *zw_reason_text(zw_reason reason)
{
    static const char *const texts[ZW_REASON_COUNT] = {
#define ZW_REASON_TEXT(name, text) [ZW_REASON_##name] = (text),
        ZW_REASON_MAP(ZW_REASON_TEXT)
#undef ZW_REASON_TEXT
    };
    return reason < ZW_REASON_COUNT ? texts[reason] : "";
}
