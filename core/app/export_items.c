/* The rows of registers as tidy CSV. */
#include "app/export_items.h"

#include "app/csv_field.h"

#include <string.h>

enum { NOTE_CEILING = 64 * 1024 * 1024 };

static void put(FILE *out, const char *text)
{
    zw_csv_field(out, zw_text_of(text), false);
}

/* The names of all fields of the pack's registers, once each. */
static zw_status collect_fields(const zw_pack *pack, zw_pool *out, zw_err *err)
{
    for (size_t r = 0; r < pack->register_count; r++) {
        for (size_t f = 0; f < pack->registers[r].field_count; f++) {
            if (zw_pool_put(out, zw_text_of(pack->registers[r].fields[f].name)) == ZW_POOL_NONE) {
                return zw_err_nomem(err);
            }
        }
    }
    return ZW_OK;
}

/* Where a row's item stands from the row on, as known by then; of a row without item, its area. */
static uint32_t area_of(const zw_export_items *what, const zw_item_row *row)
{
    zw_item_standing standing = {.area = row->area};
    if (row->item_id != ZW_ITEM_NONE) {
        zw_item_at(zw_store_items(what->store), row->item_id, row->at_ms, what->as_of_ms,
                   &standing);
    }
    return standing.area[0] != '\0' ? zw_pack_area(what->pack, zw_text_of(standing.area), NULL)
                                    : zw_pack_only_zone(what->pack);
}

static bool is_wanted(const zw_export_items *what, const zw_item_row *row, uint32_t area,
                      const zw_calendar *calendar)
{
    bool is_there = what->within == ZW_NONE ||
                    (area != ZW_NONE && zw_pack_is_inside(what->pack, area, what->within));
    return is_there &&
           zw_pack_register(what->pack, zw_text_of(row->register_name), NULL) != ZW_NONE &&
           row->known_at_ms <= what->as_of_ms &&
           (what->first == NULL || row->at_ms >= zw_stamp_start_ms(calendar, what->first)) &&
           (what->last == NULL || row->at_ms <= zw_stamp_last_ms(calendar, what->last));
}

/* A day that begins then, else the moment. */
static void put_at(FILE *out, const zw_calendar *calendar, int64_t at_ms)
{
    const zw_grid day = {ZW_DAY, 0};
    char text[48];
    zw_period period = zw_period_at(calendar, day, at_ms);
    if (zw_period_start_ms(calendar, day, period) == at_ms) {
        put(out, zw_period_text(calendar, day, period, text, sizeof(text)));
    } else {
        put(out, zw_moment_text(calendar->tz, at_ms, text, sizeof(text)));
    }
}

/* A synthetic row's note begins with that word, once: what is taken in again comes out the same. */
static zw_status put_note(FILE *out, const zw_item_row *row, bool is_last, zw_err *err)
{
    static const char mark[] = "synthetic";
    zw_buf note;
    zw_buf_init(&note, NOTE_CEILING);
    if (row->is_synthetic && strncmp(row->note, mark, sizeof(mark) - 1) != 0) {
        zw_buf_printf(&note, "%s%s", mark, row->note[0] != '\0' ? ": " : "");
    }
    zw_buf_puts(&note, row->note);
    zw_csv_field(out, zw_text_of(zw_buf_view(&note)), is_last);
    bool has_failed = note.has_failed;
    zw_buf_fini(&note);
    return has_failed ? zw_err_nomem(err) : ZW_OK;
}

static zw_status put_row(const zw_export_items *what, const zw_item_row *row,
                         const zw_calendar *calendar, const zw_pool *fields, FILE *out, zw_err *err)
{
    const zw_delivery *delivery = zw_store_delivery_by_id(what->store, row->batch);
    char known_at[48];
    put(out, row->register_name);
    put(out, row->item);
    put(out, row->area);
    put_at(out, calendar, row->at_ms);
    put(out, row->state);
    put(out, zw_moment_text(calendar->tz, row->known_at_ms, known_at, sizeof(known_at)));
    put(out, row->source[0] != '\0' || delivery == NULL ? row->source : delivery->source);
    uint32_t count = zw_pool_count(fields);
    zw_status status = put_note(out, row, count == 0, err);
    for (uint32_t f = 0; f < count; f++) {
        const char *text = zw_item_row_says(row, zw_pool_text(fields, f));
        zw_csv_field(out, zw_text_of(text), f + 1 == count);
    }
    return status;
}

static zw_status put_rows(const zw_export_items *what, const zw_pool *fields, FILE *out,
                          zw_err *err)
{
    const zw_items *items = zw_store_items(what->store);
    zw_status status = ZW_OK;
    (void)fputs("register,item,area,at,state,known_at,source,note", out);
    for (uint32_t f = 0; f < zw_pool_count(fields); f++) {
        (void)fprintf(out, ",%s", zw_pool_text(fields, f));
    }
    (void)fputc('\n', out);
    for (size_t i = 0; status == ZW_OK && i < zw_items_count(items); i++) {
        const zw_item_row *row = zw_items_row(items, i);
        uint32_t area = area_of(what, row);
        const zw_calendar *calendar = zw_pack_calendar(what->pack, area != ZW_NONE ? area : 0);
        if (is_wanted(what, row, area, calendar)) {
            status = put_row(what, row, calendar, fields, out, err);
        }
    }
    return status;
}

zw_status zw_export_items_write(const zw_export_items *what, FILE *out, zw_err *err)
{
    zw_pool *fields = NULL;
    zw_status status = zw_pool_create(&fields, err);
    status = status == ZW_OK ? collect_fields(what->pack, fields, err) : status;
    status = status == ZW_OK ? put_rows(what, fields, out, err) : status;
    zw_pool_destroy(fields);
    return status;
}
