/* Looking things up in a pack: by name, by alias, in the tree of areas. */
#include "plan/index.h"

#include <stdlib.h>
#include <string.h>

enum { ZONES_BYTES = 300 };

zw_noun zw_pack_find(const zw_pack *pack, zw_text name, uint32_t *index)
{
    uint32_t number = zw_pool_find(pack->index->names, name);
    if (number == ZW_POOL_NONE) {
        return ZW_NOUN_NONE;
    }
    *index = pack->index->owners[number].index;
    zw_noun noun = pack->index->owners[number].noun;
    return noun == ZW_NOUN_GUARD ? ZW_NOUN_ALERT : noun;
}

bool zw_alert_is_guard(const zw_alert *alert)
{
    return alert->on.count > 0 || alert->on_registers.count > 0;
}

void zw_pack_try_names(const zw_pack *pack, zw_noun first, zw_noun last, zw_nearest *nearest)
{
    const zw_pool *names = pack->index->names;
    for (zw_noun noun = first; noun <= last; noun++) {
        for (uint32_t number = 0; number < zw_pool_count(names); number++) {
            if (pack->index->owners[number].noun == noun) {
                zw_nearest_try(nearest, zw_pool_text(names, number));
            }
        }
    }
}

static bool has_alias(zw_texts aliases, const char *folded)
{
    for (size_t i = 0; i < aliases.count; i++) {
        if (strcmp(aliases.at[i], folded) == 0) {
            return true;
        }
    }
    return false;
}

/* Only for a name that nothing has: a distance costs far more than a comparison, and offices name
 * their areas by alias in every row. */
static void try_known(zw_nearest *nearest, const char *name, zw_texts aliases)
{
    for (size_t i = 0; i < aliases.count; i++) {
        zw_nearest_try(nearest, aliases.at[i]);
    }
    zw_nearest_try(nearest, name);
}

/* Trims and folds a name into `out`; false when it is too long to be one. */
static bool fold(zw_text name, char out[256])
{
    return zw_text_fold_into(zw_text_trim(name), out, 256);
}

uint32_t zw_pack_area(const zw_pack *pack, zw_text name, zw_nearest *nearest)
{
    char folded[256];
    if (!fold(name, folded)) {
        return ZW_NONE;
    }
    uint32_t index = 0;
    zw_noun noun = zw_pack_find(pack, zw_text_of(folded), &index);
    if (noun == ZW_NOUN_AREA || noun == ZW_NOUN_ZONE) {
        return index;
    }
    for (uint32_t a = 0; a < pack->area_count; a++) {
        if (has_alias(pack->areas[a].aliases, folded)) {
            return a;
        }
    }
    for (uint32_t a = 0; nearest != NULL && a < pack->area_count; a++) {
        try_known(nearest, pack->areas[a].title.name, pack->areas[a].aliases);
    }
    return ZW_NONE;
}

uint32_t zw_pack_measure(const zw_pack *pack, zw_text name, zw_nearest *nearest)
{
    char folded[256];
    if (!fold(name, folded)) {
        return ZW_NONE;
    }
    uint32_t index = 0;
    if (zw_pack_find(pack, zw_text_of(folded), &index) == ZW_NOUN_MEASURE) {
        return index;
    }
    for (uint32_t m = 0; m < pack->measure_count; m++) {
        if (has_alias(pack->measures[m].aliases, folded)) {
            return m;
        }
    }
    for (uint32_t m = 0; nearest != NULL && m < pack->measure_count; m++) {
        try_known(nearest, pack->measures[m].title.name, pack->measures[m].aliases);
    }
    return ZW_NONE;
}

uint32_t zw_pack_taker(const zw_pack *pack, zw_text name, zw_text *rest)
{
    uint32_t best = ZW_NONE;
    size_t longest = 0;
    for (uint32_t m = 0; m < pack->measure_count; m++) {
        const char *own = pack->measures[m].title.name;
        size_t len = strlen(own);
        if (pack->measures[m].accepts_any && len > longest && name.len > len + 1 &&
            memcmp(name.at, own, len) == 0 && name.at[len] == '_') {
            best = m;
            longest = len;
        }
    }
    *rest = best != ZW_NONE ? (zw_text){name.at + longest + 1, name.len - longest - 1}
                            : (zw_text){"", 0};
    return best;
}

bool zw_measure_has_dim(const zw_measure *measure, zw_text dim, zw_nearest *nearest)
{
    for (size_t i = 0; i < measure->dims.count; i++) {
        if (zw_text_is(dim, measure->dims.at[i])) {
            return true;
        }
        if (nearest != NULL) {
            zw_nearest_try(nearest, measure->dims.at[i]);
        }
    }
    return measure->accepts_any;
}

uint32_t zw_pack_register(const zw_pack *pack, zw_text name, zw_nearest *nearest)
{
    uint32_t index = 0;
    if (zw_pack_find(pack, zw_text_trim(name), &index) == ZW_NOUN_REGISTER) {
        return index;
    }
    for (uint32_t r = 0; nearest != NULL && r < pack->register_count; r++) {
        zw_nearest_try(nearest, pack->registers[r].title.name);
    }
    return ZW_NONE;
}

uint32_t zw_pack_only_zone(const zw_pack *pack)
{
    uint32_t only = ZW_NONE;
    for (uint32_t a = 0; a < pack->area_count; a++) {
        if (pack->areas[a].is_zone) {
            if (only != ZW_NONE) {
                return ZW_NONE;
            }
            only = a;
        }
    }
    return only;
}

void zw_pack_say_zones(const zw_pack *pack, zw_buf *out)
{
    size_t before = out->len;
    for (size_t a = 0; a < pack->area_count; a++) {
        if (out->len - before > ZONES_BYTES) {
            zw_buf_puts(out, " …");
            return;
        }
        if (pack->areas[a].is_zone) {
            zw_buf_printf(out, "%s%s", out->len == before ? " " : ", ", pack->areas[a].title.name);
        }
    }
}

const zw_node *zw_pack_node(const zw_pack *pack, zw_node_id id)
{
    return &pack->nodes[id];
}

const zw_calendar *zw_pack_calendar(const zw_pack *pack, uint32_t area)
{
    return &pack->areas[area].calendar;
}

bool zw_pack_is_inside(const zw_pack *pack, uint32_t area, uint32_t outer)
{
    if (area == outer) {
        return true;
    }
    zw_list parents = pack->areas[area].parents;
    for (size_t i = 0; i < parents.count; i++) {
        if (zw_pack_is_inside(pack, parents.at[i], outer)) {
            return true;
        }
    }
    return false;
}

const zw_attr *zw_pack_attr(const zw_pack *pack, uint32_t area, const char *name)
{
    const zw_area *of = &pack->areas[area];
    for (size_t i = 0; i < of->attr_count; i++) {
        if (strcmp(of->attrs[i].name, name) == 0) {
            return &of->attrs[i];
        }
    }
    return NULL;
}

bool zw_pack_area_lives(const zw_pack *pack, uint32_t area, int64_t end_ms)
{
    const zw_area *of = &pack->areas[area];
    if (of->has_since && zw_stamp_start_ms(&of->calendar, &of->since) >= end_ms) {
        return false;
    }
    return !of->has_till || end_ms <= zw_stamp_last_ms(&of->calendar, &of->till) + 1;
}

bool zw_list_has(zw_list list, uint32_t index)
{
    for (size_t i = 0; i < list.count; i++) {
        if (list.at[i] == index) {
            return true;
        }
    }
    return false;
}

zw_status zw_pack_period(const zw_calendar *calendar, const zw_node *node, const char *text,
                         zw_period *out, zw_err *err)
{
    char grid[24];
    zw_stamp stamp;
    zw_status status = zw_stamp_parse(zw_text_of(text), &stamp, err);
    if (status != ZW_OK) {
        return zw_err_wrap(err, status, "period");
    }
    if (stamp.is == ZW_STAMP_PERIOD && zw_grid_same(stamp.grid, node->grid)) {
        *out = stamp.period;
        return ZW_OK;
    }
    if (stamp.is != ZW_STAMP_PERIOD && node->grid.every == ZW_SUBDAY) {
        *out = zw_period_at(calendar, node->grid, zw_stamp_start_ms(calendar, &stamp));
        return ZW_OK;
    }
    return zw_err_set(err, ZW_INVALID, "period: '%s' is no %s", text,
                      zw_grid_name(node->grid, grid, sizeof(grid)));
}

const char *zw_pack_path_inside(const zw_pack *pack, const zw_file *file)
{
    size_t len = strlen(pack->folder);
    bool is_inside = strncmp(file->path, pack->folder, len) == 0 && file->path[len] == '/';
    return is_inside ? file->path + len + 1 : file->path;
}
