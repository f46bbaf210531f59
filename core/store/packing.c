/*
 * Numbers are packed in blocks of up to BLOCK. A block is a form, then what the form needs:
 *
 *   CONSTANT  the number
 *   PLAIN     numbers within a range, see below
 *   DELTAS    the first number, then the differences, within a range
 *   RUNS      their count, then the numbers and the lengths, each packed again
 *
 * Within a range: the least, the range, the outliers (gap, number), then for the others what they
 * lie above the least. Of that the lowest `low` bits lie side by side; what is above them is a
 * digit of the base range / 2^low, and as many digits as fit make a word of 64 bits. Ten thousand
 * and one different steps so take 8 bits and a digit to the base 40, of which twelve make a word:
 * 13.33 bits, where 13.29 are the least possible and packed bits would be 14.
 */
#include "store/packing.h"

#include <string.h>

enum { BLOCK = 1024, WIDTHS = 65, DIGIT_BITS = 16, OUTLIER_BITS = 14, MILLI = 1000 };
enum form { CONSTANT, PLAIN, DELTAS, RUNS, FORMS };

/* How numbers below `range` are laid out. */
struct layout {
    unsigned low;    /* bits */
    uint64_t base;   /* of the digits; 1: there are none */
    unsigned digits; /* to a word */
};

/* What is seen of numbers in one walk over them. Widths are counted by two, in turns: one counter
 * would wait for itself. */
struct seen {
    uint32_t widths[2][WIDTHS]; /* of each, folded */
    uint64_t bits;              /* of any of them, folded */
    int64_t least, greatest;
};

/* What numbers of a block lie within. */
struct frame {
    int64_t least;
    uint64_t most; /* above the least */
    size_t outliers;
    uint64_t cost; /* of all, in bits */
};

static unsigned width_of(uint64_t number)
{
    return number != 0 ? 64U - (unsigned)__builtin_clzll(number) : 0;
}

/* How many digits a word holds. */
static unsigned digits_of(uint64_t base)
{
    unsigned digits = 1;
    for (uint64_t words = base; words <= UINT64_MAX / base; words *= base) {
        digits++;
    }
    return digits;
}

/* The layout that takes the fewest bits for numbers up to `most`. */
static struct layout layout_of(uint64_t most)
{
    unsigned width = width_of(most);
    struct layout best = {width, 1, 0};
    uint64_t best_cost = (uint64_t)width * MILLI;
    unsigned low = width > DIGIT_BITS ? width - DIGIT_BITS : 0;
    for (; low + 1 < width; low++) {
        uint64_t base = (most >> low) + 1;
        unsigned digits = digits_of(base);
        uint64_t cost = (uint64_t)low * MILLI + 64U * MILLI / digits;
        if (cost < best_cost) {
            best_cost = cost;
            best = (struct layout){low, base, digits};
        }
    }
    return best;
}

/* Bytes that so many digits take: the last word is cut short. */
static size_t word_bytes(const struct layout *layout, size_t digits)
{
    uint64_t most = 0;
    for (size_t i = 0; i < digits; i++) {
        most = most * layout->base + (layout->base - 1);
    }
    return (width_of(most) + 7) / 8;
}

/* Sums and differences wrap round, so that every number comes back. */
static int64_t minus(int64_t a, int64_t b)
{
    return (int64_t)((uint64_t)a - (uint64_t)b);
}

static int64_t plus(int64_t a, uint64_t b)
{
    return (int64_t)((uint64_t)a + b);
}

static void see(struct seen *seen, int64_t number, size_t turn)
{
    uint64_t folded = zw_zigzag(number);
    seen->widths[turn % 2][width_of(folded)]++;
    seen->bits |= folded;
    seen->least = number < seen->least ? number : seen->least;
    seen->greatest = number > seen->greatest ? number : seen->greatest;
}

/* Looks what the numbers lie between that are no wider than so many bits, folded. */
static void narrow(struct frame *frame, unsigned width, const int64_t *numbers, size_t count)
{
    int64_t greatest = INT64_MIN;
    frame->least = INT64_MAX;
    for (size_t i = 0; i < count; i++) {
        if (width_of(zw_zigzag(numbers[i])) <= width) {
            frame->least = numbers[i] < frame->least ? numbers[i] : frame->least;
            greatest = numbers[i] > greatest ? numbers[i] : greatest;
        }
    }
    frame->most = (uint64_t)greatest - (uint64_t)frame->least;
}

/* Sees what is cheapest: which widths are within, and what they lie between. */
static struct frame frame_of(const struct seen *seen, const int64_t *numbers, size_t count)
{
    unsigned widest = width_of(seen->bits);
    unsigned within = widest;
    uint64_t best_cost = UINT64_MAX;
    uint64_t outliers_cost = 0;
    size_t outliers = 0;
    struct frame frame = {seen->least, (uint64_t)seen->greatest - (uint64_t)seen->least, 0, 0};
    for (unsigned w = widest + 1; w-- > 0;) {
        uint64_t cost = outliers_cost + (uint64_t)w * count;
        if (cost < best_cost) {
            best_cost = cost;
            within = w;
            frame.outliers = outliers;
            frame.cost = outliers_cost;
        }
        size_t wide = (size_t)seen->widths[0][w] + seen->widths[1][w];
        outliers += wide;
        outliers_cost += wide * (w + OUTLIER_BITS);
    }
    if (frame.outliers == count) {
        frame.least = 0;
        frame.most = 0;
    } else if (frame.outliers > 0) {
        narrow(&frame, within, numbers, count);
    }
    frame.cost += (uint64_t)width_of(frame.most) * count;
    return frame;
}

static bool is_within(const struct frame *frame, int64_t number)
{
    return number >= frame->least && (uint64_t)number - (uint64_t)frame->least <= frame->most;
}

static void put_outliers(zw_buf *out, const struct frame *frame, const int64_t *numbers,
                         size_t count)
{
    zw_wire_put(out, frame->outliers);
    size_t next = 0;
    for (size_t i = 0; frame->outliers > 0 && i < count; i++) {
        if (!is_within(frame, numbers[i])) {
            zw_wire_put(out, i - next);
            zw_wire_put_signed(out, numbers[i]);
            next = i + 1;
        }
    }
}

/* Words on their way into a buffer. */
struct words {
    uint8_t bytes[8 * BLOCK];
    size_t len;
};

static void put_word(struct words *words, uint64_t word, size_t bytes)
{
    uint8_t *at = words->bytes + words->len;
    at[0] = (uint8_t)word; /* written out, so that it becomes one store */
    at[1] = (uint8_t)(word >> 8);
    at[2] = (uint8_t)(word >> 16);
    at[3] = (uint8_t)(word >> 24);
    at[4] = (uint8_t)(word >> 32);
    at[5] = (uint8_t)(word >> 40);
    at[6] = (uint8_t)(word >> 48);
    at[7] = (uint8_t)(word >> 56);
    words->len += bytes;
}

/* Lays the lowest `low` bits of each side by side. */
static void put_low(zw_buf *out, const uint64_t *above, size_t count, unsigned low)
{
    struct words words;
    uint64_t word = 0;
    unsigned held = 0;
    uint64_t mask = low < 64 ? (UINT64_C(1) << low) - 1 : UINT64_MAX;
    words.len = 0;
    for (size_t i = 0; low > 0 && i < count; i++) {
        uint64_t bits = above[i] & mask;
        word |= bits << held;
        if (held + low < 64) {
            held += low;
            continue;
        }
        put_word(&words, word, 8);
        unsigned taken = 64 - held;
        word = taken < 64 ? bits >> taken : 0;
        held = low - taken;
    }
    if (held > 0) { /* then there is room for one more */
        put_word(&words, word, (held + 7) / 8);
    }
    (void)zw_buf_append(out, words.bytes, words.len);
}

static void take_low(zw_wire *from, uint64_t *above, size_t count, unsigned low)
{
    uint64_t word = 0;
    unsigned held = 0;
    uint64_t mask = low < 64 ? (UINT64_C(1) << low) - 1 : UINT64_MAX;
    size_t bytes = ((uint64_t)low * count + 7) / 8;
    zw_wire part = zw_wire_part(from, bytes);
    for (size_t i = 0; i < count; i++) {
        above[i] = word & mask;
        if (held >= low) {
            word = low < 64 ? word >> low : 0;
            held -= low;
            continue;
        }
        size_t left = zw_wire_left(&part);
        unsigned lacks = low - held;
        word = zw_wire_take_fixed(&part, left < 8 ? left : 8);
        above[i] = (above[i] | (held < 64 ? word << held : 0)) & mask;
        word = lacks < 64 ? word >> lacks : 0;
        held = 64 - lacks;
    }
}

static void put_digits(zw_buf *out, const struct layout *layout, const uint64_t *above,
                       size_t count)
{
    struct words words;
    words.len = 0;
    for (size_t i = 0; layout->base > 1 && i < count; i += layout->digits) {
        size_t digits = count - i < layout->digits ? count - i : layout->digits;
        uint64_t word = 0;
        for (size_t d = digits; d-- > 0;) {
            word = word * layout->base + (above[i + d] >> layout->low);
        }
        put_word(&words, word, digits < layout->digits ? word_bytes(layout, digits) : 8);
    }
    (void)zw_buf_append(out, words.bytes, words.len);
}

static void take_digits(zw_wire *from, const struct layout *layout, uint64_t *above, size_t count)
{
    for (size_t i = 0; layout->base > 1 && i < count; i += layout->digits) {
        size_t digits = count - i < layout->digits ? count - i : layout->digits;
        uint64_t word =
            zw_wire_take_fixed(from, digits < layout->digits ? word_bytes(layout, digits) : 8);
        for (size_t d = 0; d < digits; d++) {
            uint64_t rest = word / layout->base;
            above[i + d] |= (word - rest * layout->base) << layout->low;
            word = rest;
        }
    }
}

static void put_framed(zw_buf *out, const struct frame *frame, const int64_t *numbers, size_t count)
{
    uint64_t above[BLOCK];
    struct layout layout = layout_of(frame->most);
    zw_wire_put_signed(out, frame->least);
    zw_wire_put(out, frame->most);
    put_outliers(out, frame, numbers, count);
    for (size_t i = 0; i < count; i++) {
        above[i] = (uint64_t)numbers[i] - (uint64_t)frame->least;
    }
    for (size_t i = 0; frame->outliers > 0 && i < count; i++) {
        above[i] = is_within(frame, numbers[i]) ? above[i] : 0;
    }
    put_low(out, above, count, layout.low);
    put_digits(out, &layout, above, count);
}

static void take_framed(zw_wire *from, int64_t *numbers, size_t count)
{
    uint64_t above[BLOCK];
    struct {
        size_t place;
        int64_t number;
    } outliers[BLOCK];
    int64_t least = zw_wire_take_signed(from);
    struct layout layout = layout_of(zw_wire_take(from));
    size_t outlier_count = zw_wire_take_upto(from, count);
    size_t next = 0;
    for (size_t i = 0; i < outlier_count; i++) {
        if (next >= count) {
            from->is_bad = true;
            return;
        }
        outliers[i].place = next + zw_wire_take_upto(from, count - 1 - next);
        outliers[i].number = zw_wire_take_signed(from);
        next = outliers[i].place + 1;
    }
    take_low(from, above, count, layout.low);
    take_digits(from, &layout, above, count);
    for (size_t i = 0; i < count; i++) {
        numbers[i] = plus(least, above[i]);
    }
    for (size_t i = 0; i < outlier_count; i++) {
        numbers[outliers[i].place] = outliers[i].number;
    }
}

static void put_block(zw_buf *out, const int64_t *numbers, size_t count);

static void put_runs(zw_buf *out, const int64_t *numbers, size_t count)
{
    int64_t values[BLOCK] = {0};
    int64_t lengths[BLOCK] = {0};
    size_t begun = 0;
    size_t run = 0;
    for (size_t i = 1; i <= count; i++) {
        if (i == count || numbers[i] != numbers[begun]) {
            values[run] = numbers[begun];
            lengths[run++] = (int64_t)(i - begun);
            begun = i;
        }
    }
    zw_wire_put(out, run);
    put_block(out, values, run);
    put_block(out, lengths, run);
}

static void put_block(zw_buf *out, const int64_t *numbers, size_t count)
{
    int64_t deltas[BLOCK];
    struct seen plain = {.least = numbers[0], .greatest = numbers[0]};
    size_t runs = 1;
    if (count < 2 || memcmp(numbers, numbers + 1, (count - 1) * sizeof(*numbers)) == 0) {
        (void)zw_buf_putc(out, CONSTANT);
        zw_wire_put_signed(out, numbers[0]);
        return;
    }
    deltas[1] = minus(numbers[1], numbers[0]);
    struct seen steps = {.least = deltas[1], .greatest = deltas[1]};
    see(&plain, numbers[0], 0);
    for (size_t i = 1; i < count; i++) {
        deltas[i] = minus(numbers[i], numbers[i - 1]);
        runs += deltas[i] != 0 ? 1 : 0;
        see(&plain, numbers[i], i);
        see(&steps, deltas[i], i);
    }
    struct frame of_plain = frame_of(&plain, numbers, count);
    struct frame of_steps = frame_of(&steps, deltas + 1, count - 1);
    uint64_t least = of_steps.cost < of_plain.cost ? of_steps.cost : of_plain.cost;
    /* A run costs a step of its number and one of its length; guessed, as both are packed anew. */
    if (runs * 4 <= count && runs * (width_of(count / runs) + 2) < least) {
        (void)zw_buf_putc(out, RUNS);
        put_runs(out, numbers, count);
    } else if (of_steps.cost < of_plain.cost) {
        (void)zw_buf_putc(out, DELTAS);
        zw_wire_put_signed(out, numbers[0]);
        put_framed(out, &of_steps, deltas + 1, count - 1);
    } else {
        (void)zw_buf_putc(out, PLAIN);
        put_framed(out, &of_plain, numbers, count);
    }
}

static void take_block(zw_wire *from, int64_t *numbers, size_t count);

static void take_runs(zw_wire *from, int64_t *numbers, size_t count)
{
    int64_t values[BLOCK] = {0};
    int64_t lengths[BLOCK] = {0};
    size_t runs = zw_wire_take_upto(from, count / 4);
    if (from->is_bad || runs == 0) {
        from->is_bad = true;
        return;
    }
    take_block(from, values, runs);
    take_block(from, lengths, runs);
    size_t done = 0;
    for (size_t run = 0; run < runs && !from->is_bad; run++) {
        from->is_bad = lengths[run] < 1 || (uint64_t)lengths[run] > count - done;
        for (int64_t i = 0; !from->is_bad && i < lengths[run]; i++) {
            numbers[done++] = values[run];
        }
    }
    from->is_bad = from->is_bad || done != count;
}

static void take_block(zw_wire *from, int64_t *numbers, size_t count)
{
    switch (zw_wire_take_fixed(from, 1)) {
    case CONSTANT: {
        int64_t number = zw_wire_take_signed(from);
        for (size_t i = 0; i < count; i++) {
            numbers[i] = number;
        }
        return;
    }
    case PLAIN:
        take_framed(from, numbers, count);
        return;
    case DELTAS:
        numbers[0] = zw_wire_take_signed(from);
        take_framed(from, numbers + 1, count - 1);
        for (size_t i = 1; !from->is_bad && i < count; i++) {
            numbers[i] = plus(numbers[i], (uint64_t)numbers[i - 1]);
        }
        return;
    case RUNS:
        take_runs(from, numbers, count);
        return;
    default:
        from->is_bad = true;
        return;
    }
}

void zw_packing_put(zw_buf *out, const int64_t *numbers, size_t count)
{
    for (size_t i = 0; i < count; i += BLOCK) {
        put_block(out, numbers + i, count - i < BLOCK ? count - i : BLOCK);
    }
}

void zw_packing_take(zw_wire *from, int64_t *numbers, size_t count)
{
    for (size_t i = 0; i < count && !from->is_bad; i += BLOCK) {
        take_block(from, numbers + i, count - i < BLOCK ? count - i : BLOCK);
    }
}
