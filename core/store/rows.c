/* Figures as columns of bytes, in blocks of up to BLOCK: the values, then each other column. */
#include "store/rows.h"

#include "intake/batch.h"
#include "store/codec.h"
#include "store/packing.h"

#include <math.h>
#include <stddef.h>
#include <string.h>

enum { BLOCK = 1024 };
enum column { SERIES, PERIOD, KNOWN_AT, BATCH, LINE, SOURCE, NOTE, LIKE, COLUMNS };

/* A column that is 64 bits wide, or 32, at its place in each. */
static void get_wide(const zw_put *puts, size_t count, size_t offset, int64_t *numbers)
{
    for (size_t i = 0; i < count; i++) {
        memcpy(&numbers[i], (const char *)&puts[i] + offset, sizeof(*numbers));
    }
}

static void get_narrow(const zw_put *puts, size_t count, size_t offset, int64_t *numbers)
{
    for (size_t i = 0; i < count; i++) {
        uint32_t number = 0;
        memcpy(&number, (const char *)&puts[i] + offset, sizeof(number));
        numbers[i] = number;
    }
}

static void get_likes(const zw_put *puts, size_t count, int64_t *numbers)
{
    for (size_t i = 0; i < count; i++) {
        numbers[i] = puts[i].figure.status * 2 + (puts[i].figure.is_synthetic ? 1 : 0);
    }
}

/* Which column it is is asked once and not for each row. */
static void get(const zw_put *puts, size_t count, enum column column, int64_t *numbers)
{
    switch (column) {
    case SERIES:
        get_narrow(puts, count, offsetof(zw_put, series), numbers);
        return;
    case PERIOD:
        get_wide(puts, count, offsetof(zw_put, period), numbers);
        return;
    case KNOWN_AT:
        get_wide(puts, count, offsetof(zw_put, figure.known_at_ms), numbers);
        return;
    case BATCH:
        get_wide(puts, count, offsetof(zw_put, figure.batch), numbers);
        return;
    case LINE:
        get_narrow(puts, count, offsetof(zw_put, figure.line), numbers);
        return;
    case SOURCE:
        get_narrow(puts, count, offsetof(zw_put, figure.source), numbers);
        return;
    case NOTE:
        get_narrow(puts, count, offsetof(zw_put, figure.note), numbers);
        return;
    default: /* LIKE */
        get_likes(puts, count, numbers);
        return;
    }
}

/* A number that must fit 32 bits. */
static uint32_t fit(int64_t number, bool *is_bad)
{
    *is_bad = *is_bad || number < 0 || number > UINT32_MAX;
    return (uint32_t)number;
}

static void set(zw_put *put, enum column column, int64_t number, bool *is_bad)
{
    switch (column) {
    case SERIES:
        put->series = fit(number, is_bad);
        return;
    case PERIOD:
        *is_bad = *is_bad || number < ZW_PERIOD_MIN || number > ZW_PERIOD_MAX;
        put->period = number;
        return;
    case KNOWN_AT:
        put->figure.known_at_ms = number;
        return;
    case BATCH:
        put->figure.batch = number;
        return;
    case LINE:
        put->figure.line = fit(number, is_bad);
        return;
    case SOURCE:
        put->figure.source = fit(number, is_bad);
        return;
    case NOTE:
        put->figure.note = fit(number, is_bad);
        return;
    default: /* LIKE */
        *is_bad = *is_bad || number < 0 || number / 2 > ZW_OBS_MISSING;
        put->figure.status = (uint8_t)(number / 2);
        put->figure.is_synthetic = number % 2 != 0;
        return;
    }
}

static void put_block(zw_buf *out, const zw_put *puts, size_t count)
{
    double values[BLOCK];
    int64_t numbers[BLOCK];
    for (size_t i = 0; i < count; i++) {
        values[i] = puts[i].figure.value;
    }
    zw_codec_put(out, values, count);
    for (enum column column = SERIES; column < COLUMNS; column++) {
        get(puts, count, column, numbers);
        zw_packing_put(out, numbers, count);
    }
}

static void take_block(zw_wire *from, zw_put *puts, size_t count)
{
    double values[BLOCK] = {0};
    int64_t numbers[BLOCK] = {0};
    zw_codec_take(from, values, count);
    for (size_t i = 0; i < count; i++) {
        puts[i].figure = (zw_figure){.value = values[i]};
        from->is_bad = from->is_bad || !isfinite(values[i]);
    }
    for (enum column column = SERIES; column < COLUMNS && !from->is_bad; column++) {
        zw_packing_take(from, numbers, count);
        for (size_t i = 0; i < count && !from->is_bad; i++) {
            set(&puts[i], column, numbers[i], &from->is_bad);
        }
    }
}

void zw_rows_put(zw_buf *out, const zw_put *puts, size_t count)
{
    for (size_t i = 0; i < count; i += BLOCK) {
        put_block(out, puts + i, count - i < BLOCK ? count - i : BLOCK);
    }
}

void zw_rows_take(zw_wire *from, zw_put *puts, size_t count)
{
    for (size_t i = 0; i < count && !from->is_bad; i += BLOCK) {
        take_block(from, puts + i, count - i < BLOCK ? count - i : BLOCK);
    }
}
