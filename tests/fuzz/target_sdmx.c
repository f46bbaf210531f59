/* SDMX-CSV, by a map and without: what was taken, written as tidy CSV, says the same there. */
#include "intake/csv.h"
#include "intake/sdmx.h"
#include "written.h"

static const zw_sdmx_pair where[] = {{"UNIT", "MEUR"}};
static const zw_sdmx_pair dims[] = {{"SECTOR", "sector"}};
static const zw_sdmx_pair totals[] = {{"SECTOR", "S1"}};
static const char *const ignored[] = {"FREQ"};
static const zw_sdmx_map map = {.measure = "gdp",
                                .structure = "A:B",
                                .area = "GEO",
                                .where = where,
                                .where_count = 1,
                                .dims = dims,
                                .dim_count = 1,
                                .totals = totals,
                                .total_count = 1,
                                .ignored = ignored,
                                .ignored_count = 1};

void fuzz_one(zw_text input)
{
    const zw_sdmx_maps maps = {&map, 1};
    zw_batch *batch = NULL;
    zw_batch *again = NULL;
    zw_buf out;
    zw_err err = {ZW_OK, ""};
    zw_buf_init(&out, WRITTEN_BYTES_MAX);
    FUZZ_MUST(zw_batch_create(&batch, &err) == ZW_OK && zw_batch_create(&again, &err) == ZW_OK);
    zw_status status = zw_sdmx_read(input, &maps, batch, &err);
    fuzz_must_say(status, &err);
    if (status == ZW_OK) {
        written_must_be_sound(batch);
    }
    if (status == ZW_OK && written_figures(batch, &out)) {
        zw_text text = {zw_buf_view(&out), out.len};
        FUZZ_MUST(zw_csv_read(text, ',', again, &err) == ZW_OK);
        written_must_be_same(batch, again);
    }
    zw_batch_destroy(again);
    zw_batch_destroy(batch);
    zw_buf_fini(&out);
}
