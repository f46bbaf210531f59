/* What exports have in common: bounds, and fields of time. */
#include "app/export.h"

enum { MOMENT_BYTES = 48 };

bool zw_export_wants_area(const zw_export *export, uint32_t area)
{
    return export->within == ZW_NONE || zw_pack_is_inside(export->pack, area, export->within);
}

bool zw_export_wants_moment(const zw_export *export, uint32_t area, int64_t at_ms)
{
    const zw_calendar *calendar = zw_pack_calendar(export->pack, area);
    return (export->first == NULL || at_ms >= zw_stamp_start_ms(calendar, export->first)) &&
           (export->last == NULL || at_ms <= zw_stamp_last_ms(calendar, export->last));
}

void zw_export_narrow(const zw_export *export, uint32_t area, zw_grid grid, zw_period *lo,
                      zw_period *hi)
{
    const zw_calendar *calendar = zw_pack_calendar(export->pack, area);
    if (export->first != NULL) {
        zw_period first = zw_period_at(calendar, grid, zw_stamp_start_ms(calendar, export->first));
        *lo = first > *lo ? first : *lo;
    }
    if (export->last != NULL) {
        zw_period last = zw_period_at(calendar, grid, zw_stamp_last_ms(calendar, export->last));
        *hi = last < *hi ? last : *hi;
    }
}

void zw_export_period(const zw_export *export, uint32_t area, zw_grid grid, zw_period period)
{
    char text[MOMENT_BYTES];
    const zw_calendar *calendar = zw_pack_calendar(export->pack, area);
    zw_tabular_puts(export->table, zw_period_text(calendar, grid, period, text, sizeof text));
}

void zw_export_moment(const zw_export *export, uint32_t area, int64_t at_ms)
{
    char text[MOMENT_BYTES] = "";
    if (at_ms != INT64_MIN) {
        zw_moment_text(zw_pack_calendar(export->pack, area)->tz, at_ms, text, sizeof text);
    }
    zw_tabular_puts(export->table, text);
}
