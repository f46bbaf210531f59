/* Scales: a value as it is written in a unit, and without the unit's scale. */
#include "base/unit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { NEIGHBOURS = 4 };

/* The power of ten that a scale is. @return false when it is none. */
static bool is_power_of_ten(double scale, int *exponent)
{
    char text[32];
    if (!(scale > 0) || !isfinite(scale)) {
        return false;
    }
    *exponent = (int)lround(log10(scale));
    (void)snprintf(text, sizeof(text), "1e%d", *exponent);
    double power = 0;
    return zw_text_number(zw_text_of(text), &power) && power == scale;
}

/* Moves the decimal point of a number as it is written shortest. */
static bool move_point(double value, int places, double *out)
{
    char text[64];
    char digits[40];
    (void)zw_text_of_number(value, digits, sizeof(digits));
    const char *written = strchr(digits, 'e');
    int own = 0;
    if (written != NULL &&
        sscanf(written + 1, "%d", &own) != 1) { /* NOLINT(cert-err34-c): our own text */
        return false;
    }
    int len = (int)(written != NULL ? (size_t)(written - digits) : strlen(digits));
    (void)snprintf(text, sizeof(text), "%.*se%d", len, digits, own + places);
    return zw_text_number(zw_text_of(text), out);
}

double zw_unit_without_scale(double written, const zw_unit *unit)
{
    int places = 0;
    double value = 0;
    if (unit->scale == 1 || unit->scale == 0 || written == 0) { /* minus zero stays what it is */
        return written;
    }
    return is_power_of_ten(unit->scale, &places) && move_point(written, places, &value)
               ? value
               : written * unit->scale;
}

static double nearest_written(double value, const zw_unit *unit)
{
    int places = 0;
    double written = 0;
    return is_power_of_ten(unit->scale, &places) && move_point(value, -places, &written)
               ? written
               : value / unit->scale;
}

double zw_unit_with_scale(double value, const zw_unit *unit)
{
    if (unit->scale == 1 || unit->scale == 0 || value == 0) {
        return value;
    }
    /* Of a number with all its digits the nearest one written may stand for a neighbour of the
     * value; the one that stands for the value itself is then the next on either side. */
    double written = nearest_written(value, unit);
    double below = written;
    double above = written;
    for (int i = 0; i < NEIGHBOURS && zw_unit_without_scale(written, unit) != value; i++) {
        below = nextafter(below, -INFINITY);
        above = nextafter(above, INFINITY);
        bool is_below = zw_unit_without_scale(below, unit) == value;
        bool is_above = zw_unit_without_scale(above, unit) == value;
        written = is_below ? below : is_above ? above : written;
    }
    return written;
}
