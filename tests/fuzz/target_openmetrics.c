/* Prometheus's text and OpenMetrics: known keys read as new ones do, and what was taken and written
 * again reads the same. */
#include "intake/openmetrics.h"
#include "live.h"

static zw_status read_into(zw_text text, zw_openmetrics_as as, zw_live *live)
{
    zw_err err = {ZW_OK, ""};
    zw_openmetrics_options options = {.now_ms = LIVE_NOW_MS, .as = as};
    zw_live_clear(live);
    zw_status status = zw_openmetrics_read(text, &options, live, &err);
    fuzz_must_say(status, &err);
    FUZZ_MUST(status == ZW_OK || live->row_count == 0);
    return status;
}

/* As Prometheus writes: the escapes of labels are \\ \" and \n. */
static void write_row(const zw_live *live, const zw_live_row *row, zw_buf *out)
{
    const zw_live_key *key = zw_live_keys_at(live->keys, row->key);
    live_put(out, key->name, "");
    for (size_t i = 0; i < key->label_count; i++) {
        zw_text value = key->labels[i].value;
        (void)zw_buf_puts(out, i == 0 ? "{" : ",");
        live_put(out, key->labels[i].name, "");
        (void)zw_buf_puts(out, "=\"");
        for (size_t b = 0; b < value.len; b++) {
            if (value.at[b] == '\n') {
                (void)zw_buf_puts(out, "\\n");
            } else {
                live_put(out, (zw_text){value.at + b, 1}, "\\\"");
            }
        }
        (void)zw_buf_putc(out, '"');
    }
    (void)zw_buf_puts(out, key->label_count > 0 ? "} " : " ");
    live_put_number(out, row->value);
    (void)zw_buf_printf(out, " %lld\n", (long long)row->at_ms);
}

static void read_as(zw_text input, zw_openmetrics_as as)
{
    zw_live live = live_begin();
    zw_live again = live_begin();
    zw_buf out;
    zw_buf_init(&out, LIVE_BYTES_MAX);
    zw_status status = read_into(input, as, &again);
    FUZZ_MUST(read_into(input, as, &live) == status);
    live_must_be_sound(&live);
    for (size_t i = 0; i < live.row_count; i++) {
        write_row(&live, &live.rows[i], &out);
    }
    FUZZ_MUST(read_into(input, as, &live) == status); /* by now all keys are known */
    live_must_be_same(&live, &again);
    if (!out.has_failed) {
        zw_text text = {zw_buf_view(&out), out.len};
        FUZZ_MUST(read_into(text, ZW_OPENMETRICS_PROMETHEUS, &again) == ZW_OK);
        FUZZ_MUST(again.faults.count == 0);
        live_must_be_same(&live, &again);
    }
    zw_buf_fini(&out);
    live_end(&again);
    live_end(&live);
}

void fuzz_one(zw_text input)
{
    read_as(input, ZW_OPENMETRICS_BY_END);
    read_as(input, ZW_OPENMETRICS_PROMETHEUS);
}
