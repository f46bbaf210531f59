/* Plain numbers, read and written the same in every locale. */
#include "base/text.h"

#include <limits.h>
#include <locale.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    NUMBER_BYTES = 512,    /* a longer text is no number that anybody wrote */
    EXACT_DIGITS = 15,     /* decimal digits that every double keeps */
    EXACT_POWER = 22,      /* the greatest power of ten that is a double exactly */
    WORD_DIGITS = 18,      /* so many digits always fit into 64 bits */
    EXPONENT_LIMIT = 99999 /* beyond it only zero or infinity is left */
};

/* What a text says, before it is a double: mantissa * 10^power. */
typedef struct decimal {
    bool is_negative;
    uint64_t mantissa; /* of the first EXACT_DIGITS significant digits */
    int digits;        /* significant ones, in all */
    int power;         /* for a mantissa with all digits */
} decimal;

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Takes the digits at the text's start; answers how many there were. */
static size_t take_digits(zw_text *text, decimal *out)
{
    size_t count = 0;
    for (; count < text->len && is_digit(text->at[count]); count++) {
        int digit = text->at[count] - '0';
        if (out->digits > 0 || digit > 0) {
            out->digits++;
            if (out->digits <= EXACT_DIGITS) {
                out->mantissa = 10 * out->mantissa + (unsigned)digit;
            }
        }
    }
    text->at += count;
    text->len -= count;
    return count;
}

/* Takes an exponent, "e4", when there is one. */
static bool take_exponent(zw_text *text, decimal *out)
{
    if (text->len == 0 || (text->at[0] != 'e' && text->at[0] != 'E')) {
        return true;
    }
    size_t at = 1;
    bool is_negative = at < text->len && text->at[at] == '-';
    if (at < text->len && (text->at[at] == '-' || text->at[at] == '+')) {
        at++;
    }
    size_t first = at;
    int exponent = 0;
    for (; at < text->len && is_digit(text->at[at]); at++) {
        exponent = 10 * exponent + (text->at[at] - '0');
        exponent = exponent > EXPONENT_LIMIT ? EXPONENT_LIMIT : exponent;
    }
    out->power += is_negative ? -exponent : exponent;
    text->at += at;
    text->len -= at;
    return at > first;
}

/* -?digits[.digits][e[+-]digits] or -?.digits…, and nothing else. */
static bool decimal_parse(zw_text text, decimal *out)
{
    *out = (decimal){0};
    if (text.len > 0 && text.at[0] == '-') {
        out->is_negative = true;
        text.at++;
        text.len--;
    }
    size_t before = take_digits(&text, out);
    size_t after = 0;
    if (text.len > 0 && text.at[0] == '.') {
        text.at++;
        text.len--;
        after = take_digits(&text, out);
        if (after == 0) {
            return false;
        }
        out->power = -(int)after;
    }
    return before + after > 0 && take_exponent(&text, out) && text.len == 0;
}

static const double powers[EXACT_POWER + 1] = {
    1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
};

/* The quick way, right to the last bit: an exact integer times or over an exact power of ten is
 * rounded once. False when the number is too long or too large for it. */
static bool decimal_exact(const decimal *d, double *out)
{
    if (d->digits > EXACT_DIGITS || d->power > EXACT_POWER || d->power < -EXACT_POWER) {
        return false;
    }
    double value = (double)d->mantissa;
    value = d->power < 0 ? value / powers[-d->power] : value * powers[d->power];
    *out = d->is_negative ? -value : value;
    return true;
}

/* Puts this thread into the C locale: an embedding program may have called setlocale. In glibc the
 * C locale costs no memory. */
static locale_t plain_begin(locale_t *plain)
{
    *plain = newlocale(LC_ALL_MASK, "C", (locale_t)0);
    return uselocale(*plain);
}

static void plain_end(locale_t was, locale_t plain)
{
    (void)uselocale(was);
    if (plain != (locale_t)0) {
        freelocale(plain);
    }
}

bool zw_text_number(zw_text text, double *out)
{
    decimal d;
    if (text.len == 0 || text.len >= NUMBER_BYTES || !decimal_parse(text, &d)) {
        return false;
    }
    if (decimal_exact(&d, out)) {
        return true;
    }
    char copy[NUMBER_BYTES];
    memcpy(copy, text.at, text.len);
    copy[text.len] = '\0';
    locale_t plain;
    locale_t was = plain_begin(&plain);
    double value = strtod(copy, NULL);
    plain_end(was, plain);
    if (!isfinite(value)) {
        return false;
    }
    *out = value;
    return true;
}

/* Eight characters, the first lowest. */
static uint64_t eight_at(const char *at)
{
    const unsigned char *byte = (const unsigned char *)at;
    return (uint64_t)byte[0] | (uint64_t)byte[1] << 8 | (uint64_t)byte[2] << 16 |
           (uint64_t)byte[3] << 24 | (uint64_t)byte[4] << 32 | (uint64_t)byte[5] << 40 |
           (uint64_t)byte[6] << 48 | (uint64_t)byte[7] << 56;
}

/* The number that eight digits make, each a byte: twos, then fours, then all are put together. */
static uint64_t number_of_eight(uint64_t digits)
{
    static const uint64_t every_fourth = UINT64_C(0x000000FF000000FF);
    digits = digits * 10 + (digits >> 8);
    uint64_t high = (digits & every_fourth) * (100 + (UINT64_C(1000000) << 32));
    uint64_t low = (digits >> 16 & every_fourth) * (1 + (UINT64_C(10000) << 32));
    return (high + low) >> 32;
}

/* Takes the digits from `at` on into `mantissa`, of which those behind the eighteenth are wrong.
 * Eight characters at a time: what is no digit has its highest bit set when 0x76 was added, and
 * what is behind the first of those does not count. */
static size_t take_word(zw_text text, size_t at, uint64_t *mantissa)
{
    static const uint64_t zeros = UINT64_C(0x3030303030303030);
    static const uint64_t six = UINT64_C(0x7676767676767676);
    static const uint64_t highest = UINT64_C(0x8080808080808080);
    static const uint64_t shifts[] = {1,      10,      100,      1000,     10000,
                                      100000, 1000000, 10000000, 100000000};
    while (text.len - at >= 8) {
        uint64_t digits = eight_at(text.at + at) ^ zeros;
        uint64_t others = ((digits + six) | digits) & highest;
        unsigned count = others != 0 ? (unsigned)__builtin_ctzll(others) / 8 : 8;
        if (count > 0) {
            *mantissa = *mantissa * shifts[count] + number_of_eight(digits << (64 - 8 * count));
        }
        at += count;
        if (count < 8) {
            return at;
        }
    }
    for (; at < text.len && is_digit(text.at[at]); at++) {
        *mantissa = 10 * *mantissa + (uint64_t)(text.at[at] - '0');
    }
    return at;
}

/* Where a number's exponent ends; `at` when it has none. */
static size_t exponent_end(zw_text text, size_t at)
{
    decimal ignored = {0};
    zw_text rest = {text.at + at, text.len - at};
    return take_exponent(&rest, &ignored) ? text.len - rest.len : at;
}

size_t zw_text_decimal(zw_text text, double *out)
{
    uint64_t mantissa = 0;
    size_t first = text.len > 0 && text.at[0] == '-' ? 1 : 0;
    size_t end = take_word(text, first, &mantissa);
    size_t digits = end - first;
    size_t behind = 0; /* the point */
    if (end < text.len && text.at[end] == '.') {
        behind = take_word(text, end + 1, &mantissa) - end - 1;
        digits += behind;
        end += behind > 0 ? behind + 1 : 0;
    }
    bool has_exponent = end < text.len && (text.at[end] == 'e' || text.at[end] == 'E');
    if (digits > 0 && digits <= WORD_DIGITS && !has_exponent && mantissa <= UINT64_C(1) << 53) {
        double value = (double)mantissa / powers[behind];
        *out = first > 0 ? -value : value;
        return end;
    }
    end = has_exponent ? exponent_end(text, end) : end;
    return zw_text_number((zw_text){text.at, end}, out) ? end : 0;
}

bool zw_text_integer(zw_text text, long long *out)
{
    bool is_negative = text.len > 0 && text.at[0] == '-';
    size_t first = is_negative ? 1 : 0;
    long long value = 0; /* kept negative: that side has one number more */
    for (size_t i = first; i < text.len; i++) {
        if (!is_digit(text.at[i])) {
            return false;
        }
        int digit = text.at[i] - '0';
        if (value < (LLONG_MIN + digit) / 10) {
            return false;
        }
        value = 10 * value - digit;
    }
    if (text.len == first || (!is_negative && value == LLONG_MIN)) {
        return false;
    }
    *out = is_negative ? value : -value;
    return true;
}

const char *zw_text_of_number(double value, char *out, size_t size)
{
    if (value == 0) { /* also minus zero, which nobody wants to read */
        (void)snprintf(out, size, "0");
        return out;
    }
    if (fabs(value) < 1e15 && value == trunc(value)) {
        (void)snprintf(out, size, "%lld", (long long)value);
        return out;
    }
    locale_t plain;
    locale_t was = plain_begin(&plain);
    for (int digits = EXACT_DIGITS; digits <= EXACT_DIGITS + 2; digits++) {
        (void)snprintf(out, size, "%.*g", digits, value);
        if (strtod(out, NULL) == value) {
            break;
        }
    }
    plain_end(was, plain);
    return out;
}
