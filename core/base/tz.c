/* A time zone as a table of spans, each with its offset from UTC.
 *
 * 1. Spans are sorted, do not overlap, and leave no gap: the first begins before all time, the last
 *    never ends.
 * 2. GLib is asked only while the table is made; it aborts the program when it has no memory, so it
 *    may only be called while a pack loads.
 */
#include "base/tz.h"

#include "base/civil.h"

#include <glib.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 64 };

/* 1900-01-01 and 2100-01-01, both in UTC: what lies outside has the nearest span's offset. */
static const int64_t first_s = INT64_C(-2208988800);
static const int64_t last_s = INT64_C(4102444800);

typedef struct span {
    int64_t start_s; /* Unix seconds; INT64_MIN of the first */
    int32_t offset_s;
} span;

struct zw_tz {
    char *name;
    span *spans;
    size_t count, capacity;
};

/* GLib also reads POSIX rules, where "UTC+8" lies west of Greenwich: such a name is somebody's
 * mistake. Names of the database have an area ("Asia/Shanghai"), or end in a letter ("EST5EDT"). */
static bool is_zone_name(const char *name)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";
    size_t len = strlen(name);
    if (len == 0 || strchr(letters, name[0]) == NULL) {
        return false;
    }
    for (const char *c = name; *c != '\0'; c++) {
        if (strchr(letters, *c) == NULL && strchr("/_-+0123456789", *c) == NULL) {
            return false;
        }
    }
    return strchr(name, '/') != NULL ||
           (strchr(name, '+') == NULL && strchr(letters, name[len - 1]) != NULL);
}

static int interval_at(GTimeZone *zone, int64_t at_s)
{
    return g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, at_s);
}

/* The first second after `from_s` that lies in another interval of GLib's; `last_s` when none. */
static int64_t next_change(GTimeZone *zone, int64_t from_s)
{
    int interval = interval_at(zone, from_s);
    int64_t same = from_s;
    int64_t other = last_s;
    while (other - same > 1) { /* intervals never come back: the halves can be told apart */
        int64_t middle = same + (other - same) / 2;
        if (interval_at(zone, middle) == interval) {
            same = middle;
        } else {
            other = middle;
        }
    }
    return other;
}

static bool tz_add(zw_tz *tz, int64_t start_s, int32_t offset_s)
{
    if (tz->count > 0 && tz->spans[tz->count - 1].offset_s == offset_s) {
        return true; /* only the abbreviation changed */
    }
    if (tz->count == tz->capacity) {
        size_t capacity = tz->capacity > 0 ? 2 * tz->capacity : FIRST_CAPACITY;
        span *spans = realloc(tz->spans, capacity * sizeof *spans);
        if (spans == NULL) {
            return false;
        }
        tz->spans = spans;
        tz->capacity = capacity;
    }
    tz->spans[tz->count] = (span){tz->count == 0 ? INT64_MIN : start_s, offset_s};
    tz->count++;
    return true;
}

static bool tz_copy(zw_tz *tz, GTimeZone *zone)
{
    for (int64_t at_s = first_s; at_s < last_s; at_s = next_change(zone, at_s)) {
        if (!tz_add(tz, at_s, g_time_zone_get_offset(zone, interval_at(zone, at_s)))) {
            return false;
        }
    }
    return true;
}

zw_status zw_tz_create(const char *name, zw_tz **out, zw_err *err)
{
    *out = NULL;
    GTimeZone *zone = is_zone_name(name) ? g_time_zone_new_identifier(name) : NULL;
    if (zone == NULL) {
        return zw_err_set(err, ZW_INVALID, "there is no time zone '%s'; expected an IANA name",
                          name);
    }
    zw_tz *tz = calloc(1, sizeof *tz);
    bool is_made = tz != NULL && (tz->name = strdup(name)) != NULL && tz_copy(tz, zone);
    g_time_zone_unref(zone);
    if (!is_made) {
        zw_tz_destroy(tz);
        return zw_err_nomem(err);
    }
    *out = tz;
    return ZW_OK;
}

void zw_tz_destroy(zw_tz *tz)
{
    if (tz != NULL) {
        free(tz->name);
        free(tz->spans);
        free(tz);
    }
}

const char *zw_tz_name(const zw_tz *tz)
{
    return tz->name;
}

int32_t zw_tz_offset_s(const zw_tz *tz, int64_t at_ms)
{
    int64_t at_s = zw_floor_div(at_ms, 1000);
    size_t low = 0, high = tz->count; /* the span sought is in [low, high) */
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (tz->spans[middle].start_s <= at_s) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return tz->spans[low].offset_s;
}

/* What the clocks would show at the end of span `i` if they were not changed there. */
static int64_t local_end_s(const zw_tz *tz, size_t i)
{
    return i + 1 < tz->count ? tz->spans[i + 1].start_s + tz->spans[i].offset_s : INT64_MAX;
}

int64_t zw_tz_moment_ms(const zw_tz *tz, int64_t local_ms)
{
    int64_t local_s = zw_floor_div(local_ms, 1000);
    size_t low = 0, high = tz->count - 1; /* the first span whose clocks go beyond `local_s` */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (local_s < local_end_s(tz, middle)) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    /* A time that lies before that span's first is one that the change skipped. */
    bool is_skipped = low > 0 && local_s < tz->spans[low].start_s + tz->spans[low].offset_s;
    return local_ms - INT64_C(1000) * tz->spans[is_skipped ? low - 1 : low].offset_s;
}
