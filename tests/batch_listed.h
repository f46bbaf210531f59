/** A batch of figures as text: its rows, then its faults. */
#ifndef ZW_TESTS_BATCH_LISTED_H
#define ZW_TESTS_BATCH_LISTED_H

#include "intake/batch.h"

static inline const char *text_of(const zw_batch *batch, uint32_t number)
{
    return zw_pool_text(batch->texts, number);
}

/* "line measure/area dims scope value status [source|note]" and marks of each row, then each
 * fault. */
static inline void batch_list(const zw_batch *batch, zw_buf *out)
{
    for (size_t i = 0; i < batch->row_count; i++) {
        const zw_row *row = &batch->rows[i];
        zw_buf_printf(out, "%u %s/%s {%s} %s ", row->line, text_of(batch, row->measure),
                      text_of(batch, row->area), text_of(batch, row->dims),
                      text_of(batch, row->scope));
        zw_buf_printf(out, "%.17g%s%c [%s|%s]%s%s\n", row->value, row->has_value ? "" : "- ",
                      zw_obs_status_letter(row->status), text_of(batch, row->source),
                      text_of(batch, row->note), row->has_known_at ? " known" : "",
                      row->is_synthetic ? " synthetic" : "");
    }
    for (size_t i = 0; i < batch->faults.count; i++) {
        zw_buf_printf(out, "%u:%u %s\n", batch->faults.at[i].line, batch->faults.at[i].column,
                      batch->faults.at[i].text);
    }
}

#endif
