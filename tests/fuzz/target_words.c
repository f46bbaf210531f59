/* Numbers, stamps, lengths, grids and units: what is read, written and read again is the same. */
#include "base/unit.h"
#include "written.h"

enum { UNIT_BYTES = 128 };

static void number_must_hold(zw_text input)
{
    double value = 0;
    double again = 0;
    char text[NUMBER_BYTES];
    long long whole = 0;
    if (zw_text_number(input, &value)) {
        FUZZ_MUST(isfinite(value));
        FUZZ_MUST(zw_text_number(zw_text_of(zw_text_of_number(value, text, sizeof(text))), &again));
        FUZZ_MUST(again == value);
        char *copy = strndup(input.at, input.len);
        FUZZ_MUST(copy != NULL && strtod(copy, NULL) == value);
        free(copy);
    }
    if (zw_text_integer(input, &whole)) {
        (void)snprintf(text, sizeof(text), "%lld", whole);
        long long same = 0;
        FUZZ_MUST(zw_text_integer(zw_text_of(text), &same) && same == whole);
    }
}

static void stamp_must_hold(zw_text input)
{
    const zw_calendar *utc = written_utc();
    zw_stamp stamp;
    zw_stamp again;
    zw_buf out;
    zw_err err = {ZW_OK, ""};
    zw_status status = zw_stamp_parse(input, &stamp, &err);
    fuzz_must_say(status, &err);
    if (status != ZW_OK) {
        return;
    }
    zw_buf_init(&out, STAMP_BYTES);
    written_stamp(&out, true, &stamp);
    zw_text text = {zw_buf_view(&out) + 1, out.len - strlen("\"\",")};
    FUZZ_MUST(zw_stamp_parse(text, &again, &err) == ZW_OK);
    FUZZ_MUST(written_stamp_same(&stamp, &again));
    FUZZ_MUST(zw_stamp_start_ms(utc, &stamp) <= zw_stamp_last_ms(utc, &stamp));
    zw_buf_fini(&out);
}

static void unit_must_hold(zw_text input)
{
    zw_unit unit;
    zw_unit again;
    char text[UNIT_BYTES];
    zw_err err = {ZW_OK, ""};
    zw_status status = zw_unit_parse(input, &unit, &err);
    fuzz_must_say(status, &err);
    if (status == ZW_OK) {
        FUZZ_MUST(zw_unit_parse(zw_text_of(zw_unit_text(&unit, text, sizeof(text))), &again,
                                &err) == ZW_OK);
        FUZZ_MUST(again.scale == unit.scale && strcmp(again.word, unit.word) == 0);
        FUZZ_MUST(again.is_points == unit.is_points);
    }
}

static void names_must_hold(zw_text input)
{
    zw_buf once;
    zw_buf twice;
    zw_buf_init(&once, input.len);
    zw_buf_init(&twice, input.len);
    if (zw_text_is_utf8(input.at, input.len, NULL)) {
        FUZZ_MUST(zw_text_fold(input, &once)); /* it never lengthens */
        zw_text folded = {zw_buf_view(&once), once.len};
        FUZZ_MUST(zw_text_is_utf8(folded.at, folded.len, NULL));
        FUZZ_MUST(zw_text_fold(folded, &twice));
        FUZZ_MUST(zw_text_same(folded, (zw_text){zw_buf_view(&twice), twice.len}));
    }
    zw_buf_fini(&once);
    zw_buf_fini(&twice);
}

void fuzz_one(zw_text input)
{
    zw_grid grid;
    zw_grid again;
    zw_length length;
    char name[STAMP_BYTES];
    number_must_hold(input);
    stamp_must_hold(input);
    unit_must_hold(input);
    names_must_hold(input);
    (void)zw_length_parse(input, &length);
    if (zw_grid_parse(input, &grid)) {
        FUZZ_MUST(zw_grid_parse(zw_text_of(zw_grid_name(grid, name, sizeof(name))), &again));
        FUZZ_MUST(zw_grid_same(grid, again));
    }
}
