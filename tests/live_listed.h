/* Live samples as text, one a line: "3 cpu{host=a,dc=b}.usage 1.5 @1000", then the faults. */
#ifndef ZW_TESTS_LIVE_LISTED_H
#define ZW_TESTS_LIVE_LISTED_H

#include "intake/live.h"

#include <string.h>

static inline void live_list(const zw_live *live, zw_buf *out)
{
    char number[40];
    zw_buf_init(out, (size_t)1 << 20);
    for (size_t i = 0; i < live->row_count; i++) {
        const zw_live_row *row = &live->rows[i];
        const zw_live_key *key = zw_live_keys_at(live->keys, row->key);
        zw_buf_printf(out, "%u %.*s", row->line, (int)key->name.len, key->name.at);
        for (size_t l = 0; l < key->label_count; l++) {
            const zw_live_label *label = &key->labels[l];
            zw_buf_printf(out, "%s%.*s=%.*s", l == 0 ? "{" : ",", (int)label->name.len,
                          label->name.at, (int)label->value.len, label->value.at);
        }
        zw_buf_puts(out, key->label_count > 0 ? "}" : "");
        zw_buf_printf(out, "%s%.*s %s @%lld\n", key->field.len > 0 ? "." : "", (int)key->field.len,
                      key->field.at, zw_text_of_number(row->value, number, sizeof number),
                      (long long)row->at_ms);
    }
    for (size_t i = 0; i < live->faults.count; i++) {
        const zw_fault *fault = &live->faults.at[i];
        zw_buf_printf(out, "%u:%u %s\n", fault->line, fault->column, fault->text);
    }
}

#endif
