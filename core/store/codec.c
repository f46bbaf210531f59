/*
 * Values are coded in blocks of up to BLOCK. A block is the number of decimals and the whole
 * numbers, packed; then the exceptions (their count, and gap and bits of each): those which the
 * whole number divided by the power of ten does not give back bit by bit. Or it is RAW.
 */
#include "store/codec.h"

#include "store/packing.h"

#include <string.h>

enum { BLOCK = 1024, DECIMALS_MOST = 15, RAW = 16, EXCEPTION_MILLIBITS = 80000 };
enum { MILLIBITS_A_DECIMAL = 3322 };

static const double powers[] = {1e0, 1e1, 1e2,  1e3,  1e4,  1e5,  1e6,  1e7,
                                1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15};

static uint64_t bits_of(double value)
{
    uint64_t bits = 0;
    memcpy(&bits, &value, sizeof(bits));
    return bits;
}

static double value_of(uint64_t bits)
{
    double value = 0;
    memcpy(&value, &bits, sizeof(value));
    return value;
}

/* The whole number that a value with so many decimals is. @return false when it would not come
 * back. */
static bool scale(double value, unsigned decimals, int64_t *out)
{
    /* Adding and taking away 1.5 * 2^52 rounds a number below 2^51 to a whole one. */
    static const double rounder = 6755399441055744.0;
    static const double most = 2251799813685248.0;
    double scaled = value * powers[decimals];
    if (!(scaled > -most && scaled < most)) {
        return false;
    }
    double whole = (scaled + rounder) - rounder;
    *out = (int64_t)whole;
    return bits_of((double)*out / powers[decimals]) == bits_of(value);
}

/* A value scaled so far that it is whole; `decimals` is RAW when it never is. */
struct scaled {
    int64_t whole;
    uint8_t decimals;
};

static struct scaled scaled_of(double value, unsigned guess)
{
    struct scaled out = {0, (uint8_t)guess};
    if (scale(value, guess, &out.whole)) {
        return out;
    }
    for (out.decimals = 0; out.decimals <= DECIMALS_MOST; out.decimals++) {
        if (scale(value, out.decimals, &out.whole)) {
            return out;
        }
    }
    out.decimals = RAW;
    return out;
}

/* The fewest decimals with which a value comes back: a zero at the end of the whole number is one
 * too many. */
static unsigned fewest(const struct scaled *scaled)
{
    unsigned decimals = scaled->whole != 0 || scaled->decimals == RAW ? scaled->decimals : 0;
    int64_t whole = scaled->whole;
    while (decimals > 0 && decimals != RAW && whole % 10 == 0) {
        whole /= 10;
        decimals--;
    }
    return decimals;
}

/* How many decimals a block takes: RAW when most of it has none that would do. @param scaled  gets
 * each value with as many as were seen to be needed before it. */
static unsigned choose_decimals(const double *values, size_t count, struct scaled *scaled)
{
    size_t need[RAW + 1] = {0};
    unsigned guess = 0;
    for (size_t i = 0; i < count; i++) {
        scaled[i] = scaled_of(values[i], guess);
        need[fewest(&scaled[i])]++;
        guess =
            scaled[i].decimals != RAW && scaled[i].decimals > guess ? scaled[i].decimals : guess;
    }
    unsigned best = RAW;
    uint64_t best_cost = 64000 * (uint64_t)count;
    size_t above = need[RAW];
    for (unsigned d = DECIMALS_MOST + 1; d-- > 0;) {
        uint64_t cost = above * (uint64_t)EXCEPTION_MILLIBITS +
                        (count - above) * (uint64_t)d * MILLIBITS_A_DECIMAL;
        if (cost < best_cost) {
            best_cost = cost;
            best = d;
        }
        above += need[d];
    }
    return best;
}

static void put_raw(zw_buf *out, const double *values, size_t count)
{
    (void)zw_buf_putc(out, RAW);
    for (size_t i = 0; i < count; i++) {
        zw_wire_put_fixed(out, bits_of(values[i]), 8);
    }
}

static void put_block(zw_buf *out, const double *values, size_t count)
{
    int64_t whole[BLOCK];
    struct scaled scaled[BLOCK];
    bool is_exception[BLOCK];
    size_t exceptions = 0;
    unsigned decimals = choose_decimals(values, count, scaled);
    if (decimals == RAW) {
        put_raw(out, values, count);
        return;
    }
    for (size_t i = 0; i < count; i++) {
        whole[i] = scaled[i].whole;
        is_exception[i] = scaled[i].decimals != decimals && !scale(values[i], decimals, &whole[i]);
        exceptions += is_exception[i] ? 1 : 0;
        if (is_exception[i]) {
            whole[i] = i > 0 ? whole[i - 1] : 0;
        }
    }
    (void)zw_buf_putc(out, (char)decimals);
    zw_packing_put(out, whole, count);
    zw_wire_put(out, exceptions);
    size_t next = 0;
    for (size_t i = 0; exceptions > 0 && i < count; i++) {
        if (is_exception[i]) {
            zw_wire_put(out, i - next);
            zw_wire_put_fixed(out, bits_of(values[i]), 8);
            next = i + 1;
        }
    }
}

void zw_codec_put(zw_buf *out, const double *values, size_t count)
{
    for (size_t i = 0; i < count; i += BLOCK) {
        put_block(out, values + i, count - i < BLOCK ? count - i : BLOCK);
    }
}

static void take_block(zw_wire *from, double *values, size_t count)
{
    int64_t whole[BLOCK];
    uint64_t decimals = zw_wire_take_fixed(from, 1);
    if (decimals == RAW) {
        for (size_t i = 0; i < count; i++) {
            values[i] = value_of(zw_wire_take_fixed(from, 8));
        }
        return;
    }
    if (decimals > DECIMALS_MOST) {
        from->is_bad = true;
        return;
    }
    zw_packing_take(from, whole, count);
    for (size_t i = 0; !from->is_bad && i < count; i++) {
        values[i] = (double)whole[i] / powers[decimals];
    }
    size_t exceptions = zw_wire_take_upto(from, count);
    size_t place = 0;
    for (size_t i = 0; i < exceptions && !from->is_bad; i++) {
        place += zw_wire_take_upto(from, count - 1 - (place < count ? place : count - 1));
        if (place >= count) {
            from->is_bad = true;
            return;
        }
        values[place++] = value_of(zw_wire_take_fixed(from, 8));
    }
}

void zw_codec_take(zw_wire *from, double *values, size_t count)
{
    for (size_t i = 0; i < count && !from->is_bad; i += BLOCK) {
        take_block(from, values + i, count - i < BLOCK ? count - i : BLOCK);
    }
}
