/** What a batch of items says, as text. Include it after cmocka.h. */
#ifndef ZW_TESTS_ITEM_LISTED_H
#define ZW_TESTS_ITEM_LISTED_H

#include "intake/batch.h"

#include <string.h>

enum { ITEM_LISTED_BYTES = 1 << 14 };

static inline const char *item_text(const zw_batch *batch, uint32_t number)
{
    return zw_pool_text(batch->texts, number);
}

/* "line register/item@area state {name=text} [source|note]", then "line:column fault", one a line.
 */
static inline void item_list(const zw_batch *batch, zw_buf *out)
{
    zw_buf_init(out, ITEM_LISTED_BYTES);
    for (size_t i = 0; i < batch->item_count; i++) {
        const zw_said_item *item = &batch->items[i];
        zw_buf_printf(out, "%u %s/%s@%s %s", item->line, item_text(batch, item->register_name),
                      item_text(batch, item->item), item_text(batch, item->area),
                      item_text(batch, item->state));
        for (size_t f = 0; f < item->field_count; f++) {
            const zw_said_field *field = &batch->item_fields[item->first_field + f];
            zw_buf_printf(out, " {%s=%s:%u}", item_text(batch, field->name),
                          item_text(batch, field->text), field->column);
        }
        zw_buf_printf(out, " [%s|%s]%s\n", item_text(batch, item->source),
                      item_text(batch, item->note), item->has_known_at ? " known" : "");
    }
    for (size_t i = 0; i < batch->faults.count; i++) {
        zw_buf_printf(out, "%u:%u %s\n", batch->faults.at[i].line, batch->faults.at[i].column,
                      batch->faults.at[i].text);
    }
}

#endif
