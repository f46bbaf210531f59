/* Live: growing rows, and what the readers of live samples share. */
#include "intake/live.h"

#include "base/cut.h"
#include "intake/sheet.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_ROWS = 1024, ROWS_KEPT = 1 << 17, SHOWN_BYTES = 60 };

static const int64_t ms_ns = 1000000;

void zw_live_clear(zw_live *live)
{
    zw_faults_fini(&live->faults);
    live->row_count = 0;
    if (live->row_capacity > ROWS_KEPT) {
        free(live->rows);
        live->rows = NULL;
        live->row_capacity = 0;
    }
}

void zw_live_fini(zw_live *live)
{
    zw_live_clear(live);
    free(live->rows);
    *live = (zw_live){.keys = live->keys};
}

static zw_status rows_grow(zw_live *live, zw_err *err)
{
    size_t capacity = live->row_capacity > 0 ? 2 * live->row_capacity : FIRST_ROWS;
    zw_live_row *rows = realloc(live->rows, capacity * sizeof *rows);
    if (rows == NULL) {
        return zw_err_nomem(err);
    }
    live->rows = rows;
    live->row_capacity = capacity;
    return ZW_OK;
}

zw_status zw_live_add(zw_live *live, const zw_live_row *row, zw_err *err)
{
    zw_status status = live->row_count < live->row_capacity ? ZW_OK : rows_grow(live, err);
    if (status == ZW_OK) {
        live->rows[live->row_count++] = *row;
    }
    return status;
}

bool zw_live_moment(int64_t count, int64_t unit_ns, int64_t *at_ms)
{
    if (unit_ns < ms_ns) {
        int64_t each = ms_ns / unit_ns;
        *at_ms = count / each - (count % each < 0 ? 1 : 0);
    } else {
        int64_t each = unit_ns / ms_ns;
        if (count > ZW_LIVE_LAST_MS / each || count < ZW_LIVE_FIRST_MS / each) {
            return false;
        }
        *at_ms = count * each;
    }
    return *at_ms >= ZW_LIVE_FIRST_MS && *at_ms <= ZW_LIVE_LAST_MS;
}

int zw_live_shown(zw_text text)
{
    return (int)zw_cut_length(text.at, text.len, SHOWN_BYTES);
}

bool zw_live_is_clean(zw_text text)
{
    return zw_text_is_utf8(text.at, text.len, NULL) && !zw_sheet_has_control(text);
}
