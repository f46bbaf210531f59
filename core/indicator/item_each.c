/* Items from outside: each of a register as it stands now, and what is asked of one alone. */
#include "indicator/item_view.h"

#include <string.h>

zw_status zw_eval_bind(zw_eval *eval, uint32_t reg, uint32_t item, uint32_t *before, zw_err *err)
{
    *before = eval->bound;
    uint32_t binding = zw_item_bind(eval, reg, item);
    if (binding == ZW_POOL_NONE) {
        return zw_err_nomem(err);
    }
    eval->bound = binding;
    return ZW_OK;
}

uint32_t zw_eval_bound(const zw_eval *eval)
{
    return eval->bound;
}

void zw_eval_unbind(zw_eval *eval, uint32_t before)
{
    eval->bound = before;
}

zw_status zw_eval_items(const zw_eval *eval, uint32_t reg,
                        zw_status (*each)(void *arg, const zw_item_now *now, zw_err *err),
                        void *arg, zw_err *err)
{
    const zw_pack *pack = eval->world.pack;
    const zw_items *items = zw_store_items(eval->world.store);
    zw_register_id id = zw_items_register(items, pack->registers[reg].title.name);
    int64_t until_ms = zw_item_next_ms(items, id, eval->as_of_ms, eval->as_of_ms);
    const zw_item_id *all = NULL;
    size_t count = zw_items_of(items, id, &all);
    zw_status status = ZW_OK;
    for (size_t i = 0; status == ZW_OK && i < count; i++) {
        zw_item_standing standing;
        zw_item_at(items, all[i], eval->as_of_ms, eval->as_of_ms, &standing);
        if (!standing.is_known) {
            continue;
        }
        uint32_t area = zw_item_area(pack, standing.area);
        zw_item_now now = {.item = all[i],
                           .name = zw_items_name(items, all[i]),
                           .is_known = true,
                           .lives = standing.lives && area != ZW_NONE,
                           .area = area,
                           .until_ms = until_ms};
        status = each(arg, &now, err);
    }
    return status;
}

const char *zw_eval_item_says(const zw_eval *eval, uint32_t item, const char *field)
{
    zw_item_standing standing;
    zw_item_at(zw_store_items(eval->world.store), item, eval->as_of_ms, eval->as_of_ms, &standing);
    return strcmp(field, "state") == 0 ? standing.state : zw_item_field_of(&standing, field);
}
