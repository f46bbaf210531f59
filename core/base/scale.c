/* Scales: a value as it is written in a unit, and without the unit's scale. */
#include "base/unit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

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
    if (unit->scale == 1 || unit->scale == 0) {
        return written;
    }
    return is_power_of_ten(unit->scale, &places) && move_point(written, places, &value)
               ? value
               : written * unit->scale;
}

double zw_unit_with_scale(double value, const zw_unit *unit)
{
    int places = 0;
    double written = 0;
    if (unit->scale == 1 || unit->scale == 0) {
        return value;
    }
    return is_power_of_ten(unit->scale, &places) && move_point(value, -places, &written)
               ? written
               : value / unit->scale;
}
