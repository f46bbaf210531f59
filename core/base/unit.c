/* A unit: a scale and a word, the word a product of factors over another. */
#include "base/unit.h"

#include "base/cut.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

enum { FACTORS_MAX = 16, TEXT_BYTES = 128, SHOWN_BYTES = 48, HUNDRED = 100 };

/* A word taken apart; the factors are borrowed from the word. */
typedef struct ratio {
    zw_text over[FACTORS_MAX], under[FACTORS_MAX];
    size_t over_count, under_count;
} ratio;

static bool is_letter(char c)
{
    /* Every character beyond ASCII is a letter to us: 家, µg, €. */
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (unsigned char)c >= 0x80;
}

static bool is_factor(zw_text text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.at[i];
        if (!is_letter(c) && (i == 0 || !((c >= '0' && c <= '9') || c == '_'))) {
            return false;
        }
    }
    return text.len > 0;
}

static bool ratio_add(ratio *r, zw_text factor, bool is_under)
{
    zw_text *factors = is_under ? r->under : r->over;
    size_t *count = is_under ? &r->under_count : &r->over_count;
    if (*count == FACTORS_MAX) {
        return false;
    }
    factors[(*count)++] = factor;
    return true;
}

/* Adds the factors of a word, turned over when `is_turned`. An operator goes with the factor behind
 * it: a/b*c is a*c/b. "1" adds nothing. */
static bool ratio_add_word(ratio *r, zw_text word, bool is_turned)
{
    bool is_under = is_turned;
    for (size_t from = 0, at = 0; at <= word.len; at++) {
        if (at < word.len && word.at[at] != '/' && word.at[at] != '*') {
            continue;
        }
        zw_text factor = zw_text_trim((zw_text){word.at + from, at - from});
        if (!zw_text_is(factor, "1") && (!is_factor(factor) || !ratio_add(r, factor, is_under))) {
            return false;
        }
        is_under = (at < word.len && word.at[at] == '/') != is_turned;
        from = at + 1;
    }
    return true;
}

static int factor_order(zw_text a, zw_text b)
{
    size_t shared = a.len < b.len ? a.len : b.len;
    int order = memcmp(a.at, b.at, shared);
    return order != 0 ? order : a.len < b.len ? -1 : a.len > b.len ? 1 : 0;
}

static void factors_sort(zw_text *factors, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        zw_text moved = factors[i];
        size_t at = i;
        for (; at > 0 && factor_order(factors[at - 1], moved) > 0; at--) {
            factors[at] = factors[at - 1];
        }
        factors[at] = moved;
    }
}

/* Both sides sorted, equal factors of the two taken out. */
static void ratio_cancel(ratio *r)
{
    factors_sort(r->over, r->over_count);
    factors_sort(r->under, r->under_count);
    size_t i = 0, j = 0, over = 0, under = 0;
    while (i < r->over_count || j < r->under_count) {
        int order = i == r->over_count    ? 1
                    : j == r->under_count ? -1
                                          : factor_order(r->over[i], r->under[j]);
        if (order < 0) {
            r->over[over++] = r->over[i++];
        } else if (order > 0) {
            r->under[under++] = r->under[j++];
        } else {
            i++;
            j++;
        }
    }
    r->over_count = over;
    r->under_count = under;
}

/* Appends a mark and a factor; false when the word gets too long. */
static bool word_add(char *word, size_t *len, const char *mark, zw_text factor)
{
    size_t mark_len = strlen(mark);
    if (*len + mark_len + factor.len >= ZW_UNIT_WORD_BYTES) {
        return false;
    }
    memcpy(word + *len, mark, mark_len);
    memcpy(word + *len + mark_len, factor.at, factor.len);
    *len += mark_len + factor.len;
    word[*len] = '\0';
    return true;
}

/* Writes the canonical word of a ratio. */
static bool ratio_word(ratio *r, char word[ZW_UNIT_WORD_BYTES])
{
    size_t len = 0;
    bool fits = true;
    ratio_cancel(r);
    word[0] = '\0';
    if (r->over_count == 0 && r->under_count > 0) {
        fits = word_add(word, &len, "", zw_text_of("1"));
    }
    for (size_t i = 0; fits && i < r->over_count; i++) {
        fits = word_add(word, &len, i > 0 ? "*" : "", r->over[i]);
    }
    for (size_t i = 0; fits && i < r->under_count; i++) {
        fits = word_add(word, &len, "/", r->under[i]);
    }
    return fits;
}

/* Cuts the scale off the text's front, when a number and white space stand there. */
static bool take_scale(zw_text *text, double *scale)
{
    size_t len = 0;
    while (len < text->len && text->at[len] != ' ' && text->at[len] != '\t') {
        len++;
    }
    *scale = 1;
    double number;
    if (len == text->len || !zw_text_number((zw_text){text->at, len}, &number)) {
        return true;
    }
    *scale = number;
    *text = zw_text_trim((zw_text){text->at + len, text->len - len});
    return number > 0;
}

static zw_status unit_refuse(zw_text text, zw_err *err)
{
    int shown = (int)zw_cut_length(text.at, text.len, SHOWN_BYTES);
    return zw_err_set(err, ZW_INVALID,
                      "'%.*s' is no unit; expected a word like 'CNY', 'firms' or 'ug/m3', with a "
                      "scale before it like '1e4 CNY', or '%%' or 'points'",
                      shown, text.len > 0 ? text.at : "");
}

zw_status zw_unit_parse(zw_text text, zw_unit *out, zw_err *err)
{
    char folded[TEXT_BYTES];
    *out = zw_unit_plain();
    if (!zw_text_is_utf8(text.at, text.len, NULL) ||
        !zw_text_fold_into(text, folded, sizeof folded)) {
        return unit_refuse(text, err);
    }
    zw_text word = zw_text_of(folded);
    bool is_points = zw_text_is(word, "points");
    if (is_points || zw_text_is(word, "%")) {
        out->scale = 1.0 / HUNDRED;
        out->is_points = is_points;
        return ZW_OK;
    }
    if (word.len == 0 || zw_text_is(word, "1")) {
        return ZW_OK;
    }
    ratio r = {0};
    if (!take_scale(&word, &out->scale) || !ratio_add_word(&r, word, false) ||
        !ratio_word(&r, out->word) || out->word[0] == '\0') {
        *out = zw_unit_plain();
        return unit_refuse(text, err);
    }
    return ZW_OK;
}

zw_unit zw_unit_plain(void)
{
    return (zw_unit){.scale = 1};
}

bool zw_unit_is_any(const zw_unit *unit)
{
    return unit->scale == 0;
}

bool zw_unit_fits(const zw_unit *a, const zw_unit *b)
{
    return zw_unit_is_any(a) || zw_unit_is_any(b) || strcmp(a->word, b->word) == 0;
}

static bool unit_derive(const zw_unit *a, const zw_unit *b, bool is_quotient, zw_unit *out)
{
    ratio r = {0};
    zw_unit derived = zw_unit_plain();
    const zw_unit *parts[] = {a, b};
    for (int i = 0; i < 2; i++) {
        zw_text word = zw_text_of(parts[i]->word);
        if (word.len > 0 && !ratio_add_word(&r, word, i == 1 && is_quotient)) {
            return false;
        }
    }
    if (!ratio_word(&r, derived.word)) {
        return false;
    }
    *out = derived;
    return true;
}

bool zw_unit_multiply(const zw_unit *a, const zw_unit *b, zw_unit *out)
{
    return unit_derive(a, b, false, out);
}

bool zw_unit_divide(const zw_unit *a, const zw_unit *b, zw_unit *out)
{
    return unit_derive(a, b, true, out);
}

/* "1e4" and "1e8" as people write them in packs, not "10000"; other scales as plain numbers. */
static const char *scale_text(double scale, char *out, size_t size)
{
    double power = 1e4;
    for (int exponent = 4; exponent <= 22; exponent++) {
        if (scale == power) {
            (void)snprintf(out, size, "1e%d", exponent);
            return out;
        }
        power *= 10; /* exact up to 1e22 */
    }
    return zw_text_of_number(scale, out, size);
}

const char *zw_unit_text(const zw_unit *unit, char *out, size_t size)
{
    char scale[32];
    if (zw_unit_is_any(unit) || unit->scale == 1) {
        (void)snprintf(out, size, "%s", unit->word);
    } else if (unit->word[0] == '\0') {
        (void)snprintf(out, size, "%s", unit->is_points ? "points" : "%");
    } else {
        (void)snprintf(out, size, "%s %s", scale_text(unit->scale, scale, sizeof scale),
                       unit->word);
    }
    return out;
}

/* The value as a whole number of 1/parts, halves away from zero. 12.35 is a hair less than that in
 * a double, but people see 12.35 and expect 12.4, so a hair of the last places is given back. */
static double parts_of(double value, double parts)
{
    double scaled = fabs(value) * parts;
    return copysign(floor(scaled + fmin(scaled * 4 * DBL_EPSILON, 1e-6) + 0.5), value);
}

static const char *decimal_text(double parts, int decimals, char *out, size_t size)
{
    /* Whole parts, so that no rounding is left to printf and its locale's point is not used. */
    long long whole = (long long)fabs(parts);
    long long unit = decimals == 2 ? HUNDRED : decimals == 1 ? 10 : 1;
    const char *sign = parts < 0 ? "-" : "";
    if (decimals == 0) {
        (void)snprintf(out, size, "%s%lld", sign, whole);
    } else {
        (void)snprintf(out, size, "%s%lld.%0*lld", sign, whole / unit, decimals, whole % unit);
    }
    return out;
}

const char *zw_unit_digits(double value, const zw_unit *show, char *out, size_t size)
{
    bool is_scaled = !zw_unit_is_any(show) && show->scale != 1;
    double shown = is_scaled ? value / show->scale : value;
    if (!(fabs(shown) < 1e13)) { /* also what is no number */
        return zw_text_of_number(shown, out, size);
    }
    if (is_scaled) {
        double tenths = parts_of(shown, 10);
        if (fabs(tenths) < 10 * 10000) {
            return decimal_text(tenths, 1, out, size);
        }
        return decimal_text(parts_of(shown, 1), 0, out, size);
    }
    double hundredths = parts_of(shown, HUNDRED);
    if (fmod(hundredths, HUNDRED) == 0) {
        return decimal_text(hundredths / HUNDRED, 0, out, size);
    }
    if (fmod(hundredths, 10) == 0) {
        return decimal_text(hundredths / 10, 1, out, size);
    }
    return decimal_text(hundredths, 2, out, size);
}

const char *zw_unit_show(double value, const zw_unit *show, char *out, size_t size)
{
    char digits[48];
    char unit[ZW_UNIT_WORD_BYTES + 16];
    (void)zw_unit_digits(value, show, digits, sizeof digits);
    (void)zw_unit_text(show, unit, sizeof unit);
    if (unit[0] == '\0') {
        (void)snprintf(out, size, "%s", digits);
    } else if (show->word[0] != '\0' && show->scale != 1) {
        (void)snprintf(out, size, "%s (%s)", digits, unit);
    } else {
        (void)snprintf(out, size, "%s %s", digits, unit);
    }
    return out;
}
