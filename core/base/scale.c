/* Scales: a value as it is written in a unit, and without the unit's scale. */
#include "base/unit.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { NEIGHBOURS = 4 };

static const double powers[] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                1e8,  1e9,  1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
                                1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};
enum { POWER_MOST = sizeof powers / sizeof powers[0] - 1, DECIMALS_MOST = 9 };

/* A whole number of at most fifteen digits over a power of ten, as most numbers are written; false
 * when the value is none. */
static bool short_decimal(double value, double *digits, int *decimals)
{
    for (int i = 0; i <= DECIMALS_MOST; i++) {
        *digits = nearbyint(value * powers[i]);
        *decimals = i;
        if (fabs(*digits) >= 1e15) {
            return false;
        }
        if (*digits / powers[i] == value) {
            return true;
        }
    }
    return false;
}

/* Moves the point of such a number: it is exact over or times an exact power, and so rounded once,
 * as the number with its point moved would be read. */
static bool move_short(double value, int places, double *out)
{
    double digits = 0;
    int decimals = 0;
    if (!short_decimal(value, &digits, &decimals)) {
        return false;
    }
    int power = places - decimals;
    if (power < -POWER_MOST || power > POWER_MOST) {
        return false;
    }
    *out = power < 0 ? digits / powers[-power] : digits * powers[power];
    return isfinite(*out);
}

/* The power of ten that a scale is. @return false when it is none. */
static bool is_power_of_ten(double scale, int *exponent)
{
    char text[32];
    for (int i = 0; i <= DECIMALS_MOST; i++) {
        if (scale == powers[i] || scale == 1 / powers[i]) { /* 1 over it is what "1e-2" reads as */
            *exponent = scale == powers[i] ? i : -i;
            return true;
        }
    }
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
    if (move_short(value, places, out)) {
        return true;
    }
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
