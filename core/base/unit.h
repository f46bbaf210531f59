/**
 * Units: "[scale] word", words joined by / and *: "1e4 CNY", "1e8 CNY", "firms", "ug/m3", "%".
 * Scales convert, different words refuse. Values inside the house are always without scale: 603.2
 * of "1e8 CNY" is 60320000000 CNY.
 */
#ifndef ZW_BASE_UNIT_H
#define ZW_BASE_UNIT_H

#include "base/text.h"

enum { ZW_UNIT_WORD_BYTES = 64 };

/** A plain value. A zeroed one is "any": what a bare number has, it fits every unit. */
typedef struct zw_unit {
    double scale;                  /* 1e4 of "1e4 CNY", 0.01 of "%"; 0 of "any" */
    char word[ZW_UNIT_WORD_BYTES]; /* canonical: factors sorted, cancelled, "CNY/firms"; "" when
                                      there is no dimension */
    bool is_points;                /* "points": shown as percentage points, else as "%" */
} zw_unit;

/** @return ZW_OK; ZW_INVALID with what was expected. "points" is "%" of a difference; "1" or "" has
 * no dimension. */
zw_status zw_unit_parse(zw_text text, zw_unit *out, zw_err *err) ZW_MUST_USE;

/** A unit without dimension, scale 1: what a ratio has. */
zw_unit zw_unit_plain(void);
bool zw_unit_is_any(const zw_unit *unit);

/** True when values of the two may be added and compared: the same words, whatever the scale; "any"
 * fits all. */
bool zw_unit_fits(const zw_unit *a, const zw_unit *b);

/** Derives the unit of a product or a quotient (scale 1; "any" counts as no dimension). @return
 * false: too long. */
bool zw_unit_multiply(const zw_unit *a, const zw_unit *b, zw_unit *out);
bool zw_unit_divide(const zw_unit *a, const zw_unit *b, zw_unit *out);

/** The unit as a pack writes it ("1e8 CNY", "%", "firms", "" for none). @return `out`; size ≥
 * ZW_UNIT_WORD_BYTES + 16. */
const char *zw_unit_text(const zw_unit *unit, char *out, size_t size);

/**
 * A value for people, in `show`'s scale: "603.2 (1e8 CNY)", "12.3 %", "1012 firms"; one decimal
 * under 10 000 and none from there on when there is a scale, up to two for plain units, whole
 * numbers without any. @return `out`; size ≥ 128.
 */
const char *zw_unit_show(double value, const zw_unit *show, char *out, size_t size);

/** Only the number of zw_unit_show. @return `out`; size ≥ 40. */
const char *zw_unit_digits(double value, const zw_unit *show, char *out, size_t size);

/**
 * A value written in a unit, without its scale: 603.2 of "1e8 CNY" is 60320000000. Scales that are
 * powers of ten move the decimal point of the number as written, so that 11.2 % is 0.112 and not
 * its neighbour.
 */
double zw_unit_without_scale(double written, const zw_unit *unit);

/** The way back: what is to be written in the unit. Of a value that came from a number written in
 * it, that number or another one that says the same: without the scale it is the value again, to
 * the last bit. */
double zw_unit_with_scale(double value, const zw_unit *unit);

#endif
