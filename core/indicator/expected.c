/* What is expected: who reports a measure for a period, and by when. */
#include "indicator/inside.h"
#include "plan/cover.h"

#include <math.h>

bool zw_inside_is_skipped(const zw_eval *eval, uint32_t measure, uint32_t area, zw_period period)
{
    const zw_measure *what = &eval->world.pack->measures[measure];
    int month = zw_period_month(zw_inside_calendar(eval, area), what->grid, period);
    return (what->skip_months >> month & 1U) != 0;
}

/* The first period a report is expected for: as declared, else the first that anybody reported. */
static bool expected_since(zw_eval *eval, uint32_t measure, uint32_t area, zw_period *out)
{
    const zw_measure *what = &eval->world.pack->measures[measure];
    if (!what->has_since) {
        return zw_inside_first_known(eval, measure, out);
    }
    const zw_calendar *calendar = zw_inside_calendar(eval, area);
    *out = zw_period_at(calendar, what->grid, zw_stamp_start_ms(calendar, &what->since));
    return true;
}

bool zw_inside_first_spoken(zw_eval *eval, uint32_t measure, uint32_t area, zw_period *out)
{
    zw_period known = 0;
    bool has_known = zw_inside_first_known(eval, measure, &known);
    bool has_since =
        eval->world.pack->measures[measure].has_due && expected_since(eval, measure, area, out);
    if (has_known && (!has_since || known < *out)) {
        *out = known;
    }
    return has_known || has_since;
}

/* Without a list the areas without parts report: an area that is divided later reports itself till
 * then. */
static bool is_named_reporter(const zw_pack *pack, const zw_measure *what, uint32_t area,
                              int64_t end_ms)
{
    if (what->has_areas) {
        return zw_list_has(what->areas, area);
    }
    zw_list parts = pack->areas[area].parts;
    for (size_t i = 0; i < parts.count; i++) {
        if (zw_pack_area_lives(pack, parts.at[i], end_ms)) {
            return false;
        }
    }
    return true;
}

bool zw_inside_is_expected(zw_eval *eval, uint32_t measure, uint32_t area, zw_period period)
{
    const zw_pack *pack = eval->world.pack;
    const zw_measure *what = &pack->measures[measure];
    zw_period since = 0;
    int64_t end_ms = zw_period_end_ms(zw_inside_calendar(eval, area), what->grid, period);
    if (!is_named_reporter(pack, what, area, end_ms) ||
        zw_inside_is_skipped(eval, measure, area, period) ||
        !expected_since(eval, measure, area, &since) || period < since) {
        return false;
    }
    return zw_pack_area_lives(pack, area, end_ms);
}

uint16_t zw_inside_reporters(zw_eval *eval, uint32_t measure, uint32_t area, zw_period period)
{
    const zw_pack *pack = eval->world.pack;
    int64_t end_ms =
        zw_period_end_ms(zw_inside_calendar(eval, area), pack->measures[measure].grid, period);
    if (!zw_pack_area_lives(pack, area, end_ms)) {
        return 0; /* nor does anybody report to it */
    }
    uint16_t count = zw_inside_is_expected(eval, measure, area, period) ? 1 : 0;
    if (pack->areas[area].shares) { /* whoever reports to two parts is one reporter */
        for (uint32_t in = 0; in < pack->area_count; in++) {
            bool reports = zw_cover_has(pack, area, in, end_ms) &&
                           zw_inside_is_expected(eval, measure, in, period);
            count = (uint16_t)(count + (reports ? 1 : 0));
        }
        return count;
    }
    zw_list parts = pack->areas[area].parts;
    for (size_t i = 0; i < parts.count; i++) {
        count = (uint16_t)(count + zw_inside_reporters(eval, measure, parts.at[i], period));
    }
    return count;
}

int64_t zw_inside_due_ms(const zw_eval *eval, uint32_t measure, uint32_t area, zw_period period,
                         const zw_length *extra)
{
    const zw_measure *what = &eval->world.pack->measures[measure];
    if (!what->has_due) {
        return ZW_NEVER_MS;
    }
    const zw_calendar *calendar = zw_inside_calendar(eval, area);
    int64_t due_ms =
        zw_length_after(calendar, zw_period_end_ms(calendar, what->grid, period), what->due);
    return extra != NULL ? zw_length_after(calendar, due_ms, *extra) : due_ms;
}
