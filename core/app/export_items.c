/* The rows of registers out. */
#include "app/export_items.h"

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
static uint32_t area_of(const zw_export *export, const zw_item_row *row)
{
    zw_item_standing standing = {.area = row->area};
    if (row->item_id != ZW_ITEM_NONE) {
        zw_item_at(zw_store_items(export->store), row->item_id, row->at_ms,
                   zw_eval_as_of_ms(export->eval), &standing);
    }
    return standing.area[0] != '\0' ? zw_pack_area(export->pack, zw_text_of(standing.area), NULL)
                                    : zw_pack_only_zone(export->pack);
}

/* @param area  where its item stands; ZW_NONE when the pack has no such area. */
static bool is_wanted(const zw_export *export, const zw_item_row *row, uint32_t area)
{
    bool is_there = export->within == ZW_NONE ||
                    (area != ZW_NONE && zw_pack_is_inside(export->pack, area, export->within));
    return is_there &&
           zw_pack_register(export->pack, zw_text_of(row->register_name), NULL) != ZW_NONE &&
           row->known_at_ms <= zw_eval_as_of_ms(export->eval) &&
           zw_export_wants_moment(export, area != ZW_NONE ? area : 0, row->at_ms);
}

/* A day that begins then, else the moment. */
static void put_at(const zw_export *export, uint32_t area, int64_t at_ms)
{
    const zw_grid day = {ZW_DAY, 0};
    const zw_calendar *calendar = zw_pack_calendar(export->pack, area);
    zw_period period = zw_period_at(calendar, day, at_ms);
    if (zw_period_start_ms(calendar, day, period) == at_ms) {
        zw_export_period(export, area, day, period);
    } else {
        zw_export_moment(export, area, at_ms);
    }
}

static void put_row(const zw_export *export, const zw_item_row *row, uint32_t area,
                    const zw_pool *fields)
{
    const zw_delivery *delivery = zw_store_delivery_by_id(export->store, row->batch);
    zw_tabular_puts(export->table, row->register_name);
    zw_tabular_puts(export->table, row->item);
    zw_tabular_puts(export->table, row->area);
    put_at(export, area, row->at_ms);
    zw_tabular_puts(export->table, row->state);
    zw_export_moment(export, area, row->known_at_ms);
    zw_tabular_puts(export->table,
                    row->source[0] != '\0' || delivery == NULL ? row->source : delivery->source);
    zw_tabular_puts(export->table, row->note);
    zw_tabular_flag(export->table, row->is_synthetic);
    for (uint32_t f = 0; f < zw_pool_count(fields); f++) {
        zw_tabular_puts(export->table, zw_item_row_says(row, zw_pool_text(fields, f)));
    }
}

static zw_status put_head(const zw_export *export, const zw_pool *fields, zw_err *err)
{
    static const char *const head[] = {"register", "item",     "area",   "at",
                                       "state",    "known_at", "source", "note"};
    zw_tabular_texts(export->table, head, sizeof head / sizeof head[0]);
    zw_tabular_column(export->table, "synthetic", ZW_TABULAR_FLAG);
    for (uint32_t f = 0; f < zw_pool_count(fields); f++) {
        zw_tabular_column(export->table, zw_pool_text(fields, f), ZW_TABULAR_TEXT);
    }
    return zw_tabular_head(export->table, err);
}

static void put_rows(const zw_export *export, const zw_pool *fields)
{
    const zw_items *items = zw_store_items(export->store);
    for (size_t i = 0; i < zw_items_count(items); i++) {
        const zw_item_row *row = zw_items_row(items, i);
        uint32_t area = area_of(export, row);
        if (is_wanted(export, row, area)) {
            put_row(export, row, area != ZW_NONE ? area : 0, fields);
        }
    }
}

zw_status zw_export_items_write(const zw_export *export, zw_err *err)
{
    zw_pool *fields = NULL;
    zw_status status = zw_pool_create(&fields, err);
    status = status == ZW_OK ? collect_fields(export->pack, fields, err) : status;
    status = status == ZW_OK ? put_head(export, fields, err) : status;
    if (status == ZW_OK) {
        put_rows(export, fields);
    }
    zw_pool_destroy(fields);
    return status;
}
