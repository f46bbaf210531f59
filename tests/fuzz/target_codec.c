/* Packed doubles and whole numbers: any values come back bit by bit in hardly more bytes than they
 * had, and any bytes are read or refused. */
#include "fuzz.h"
#include "store/codec.h"
#include "store/packing.h"

#include <string.h>

enum { VALUES_MAX = 2048, PACKED_BYTES_MAX = 1 << 20, WORD_BYTES = 8, HEAD_BYTES_MAX = 16 };

struct values {
    double numbers[VALUES_MAX];
    int64_t wholes[VALUES_MAX];
    size_t count;
};

static zw_wire wire_of(zw_text text)
{
    return (zw_wire){(const uint8_t *)text.at, (const uint8_t *)text.at + text.len, false};
}

static void doubles_must_come_back(const struct values *values)
{
    static double back[VALUES_MAX];
    zw_buf out;
    zw_buf_init(&out, PACKED_BYTES_MAX);
    zw_codec_put(&out, values->numbers, values->count);
    FUZZ_MUST(!out.has_failed && out.len <= values->count * WORD_BYTES + HEAD_BYTES_MAX);
    zw_wire from = wire_of((zw_text){zw_buf_view(&out), out.len});
    zw_codec_take(&from, back, values->count);
    FUZZ_MUST(!from.is_bad && zw_wire_left(&from) == 0);
    FUZZ_MUST(memcmp(values->numbers, back, values->count * sizeof(double)) == 0);
    zw_buf_fini(&out);
}

static void wholes_must_come_back(const struct values *values)
{
    static int64_t back[VALUES_MAX];
    zw_buf out;
    zw_buf_init(&out, PACKED_BYTES_MAX);
    zw_packing_put(&out, values->wholes, values->count);
    FUZZ_MUST(!out.has_failed);
    zw_wire from = wire_of((zw_text){zw_buf_view(&out), out.len});
    zw_packing_take(&from, back, values->count);
    FUZZ_MUST(!from.is_bad && zw_wire_left(&from) == 0);
    FUZZ_MUST(memcmp(values->wholes, back, values->count * sizeof(int64_t)) == 0);
    zw_buf_fini(&out);
}

/* Eight bytes are one value, whatever they are. */
static void take_words(zw_text input, struct values *out)
{
    out->count = input.len / WORD_BYTES > VALUES_MAX ? VALUES_MAX : input.len / WORD_BYTES;
    memcpy(out->numbers, input.at, out->count * WORD_BYTES);
    memcpy(out->wholes, input.at, out->count * WORD_BYTES);
}

/* Two bytes are a step of a walk, in the smallest digit of `digits`. */
static void take_walk(zw_text input, unsigned digits, struct values *out)
{
    double unit = 1;
    int64_t at = 0;
    for (unsigned i = 0; i < digits; i++) {
        unit *= 10;
    }
    out->count = 0;
    for (size_t i = 0; i + 1 < input.len && out->count < VALUES_MAX; i += 2) {
        int16_t step;
        memcpy(&step, input.at + i, sizeof(step));
        at += step;
        out->wholes[out->count] = at;
        out->numbers[out->count++] = (double)at / unit;
    }
}

/* The input as if it were packed: as many values as its first two bytes say. */
static void take_packed(zw_text input)
{
    static struct values read;
    uint16_t count;
    memcpy(&count, input.at, sizeof(count));
    zw_text packed = {input.at + sizeof(count), input.len - sizeof(count)};
    zw_wire from = wire_of(packed);
    zw_codec_take(&from, read.numbers, count % VALUES_MAX);
    from = wire_of(packed);
    zw_packing_take(&from, read.wholes, count % VALUES_MAX);
}

void fuzz_one(zw_text input)
{
    static struct values values;
    if (input.len < 1 + sizeof(uint16_t)) {
        return;
    }
    unsigned how = (unsigned char)input.at[0];
    zw_text rest = {input.at + 1, input.len - 1};
    if (how % 4 == 0) {
        take_packed(rest);
        return;
    }
    if (how % 4 == 1) {
        take_words(rest, &values);
    } else {
        take_walk(rest, how / 4 % 10, &values);
    }
    doubles_must_come_back(&values);
    wholes_must_come_back(&values);
}
