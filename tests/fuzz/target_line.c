/* Influx line protocol: known keys read as new ones do, and what was taken and written again reads
 * the same. */
#include "intake/line.h"
#include "live.h"

static void read_into(zw_text text, int64_t unit_ns, zw_live *live)
{
    zw_err err = {ZW_OK, ""};
    zw_line_options options = {.now_ms = LIVE_NOW_MS, .unit_ns = unit_ns};
    zw_live_clear(live);
    FUZZ_MUST(zw_line_read(text, &options, live, &err) == ZW_OK);
}

static void write_row(const zw_live *live, const zw_live_row *row, zw_buf *out)
{
    const zw_live_key *key = zw_live_keys_at(live->keys, row->key);
    live_put(out, key->name, ", ");
    for (size_t i = 0; i < key->label_count; i++) {
        (void)zw_buf_putc(out, ',');
        live_put(out, key->labels[i].name, ",= ");
        (void)zw_buf_putc(out, '=');
        live_put(out, key->labels[i].value, ",= ");
    }
    (void)zw_buf_putc(out, ' ');
    live_put(out, key->field, ",= ");
    (void)zw_buf_putc(out, '=');
    live_put_number(out, row->value);
    (void)zw_buf_printf(out, " %lld\n", (long long)row->at_ms);
}

void fuzz_one(zw_text input)
{
    static const int64_t ms_ns = 1000000;
    zw_live live = live_begin();
    zw_live again = live_begin();
    zw_buf out;
    zw_buf_init(&out, LIVE_BYTES_MAX);
    read_into(input, ms_ns, &again);
    read_into(input, ms_ns, &live);
    live_must_be_sound(&live);
    for (size_t i = 0; i < live.row_count; i++) {
        write_row(&live, &live.rows[i], &out);
    }
    size_t faults = live.faults.count;
    read_into(input, ms_ns, &live); /* by now all keys are known */
    FUZZ_MUST(live.faults.count == faults);
    live_must_be_same(&live, &again);
    if (!out.has_failed) {
        read_into((zw_text){zw_buf_view(&out), out.len}, ms_ns, &again);
        FUZZ_MUST(again.faults.count == 0);
        live_must_be_same(&live, &again);
    }
    zw_buf_fini(&out);
    live_end(&again);
    live_end(&live);
}
