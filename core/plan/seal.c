/* Sealing: what only the whole pack shows, the order of its problems, and its digest. */
#include "plan/graph.h"
#include "plan/index.h"

#include "base/digest.h"

#include <stdlib.h>
#include <string.h>

enum { DIGEST_BYTES = 256 * 1024 * 1024 };

static bool is_behind(const zw_where *x, const zw_where *y)
{
    if (x->file != y->file) {
        return x->file > y->file;
    }
    return x->line != y->line ? x->line > y->line : x->column > y->column;
}

/* By insertion: problems come nearly in order, and those of one place stay as they were told. */
static void sort_problems(zw_pack *pack)
{
    zw_problem *problems = pack->problems;
    for (size_t i = 1; i < pack->problem_count; i++) {
        zw_problem next = problems[i];
        size_t to = i;
        for (; to > 0 && is_behind(&problems[to - 1].where, &next.where); to--) {
            problems[to] = problems[to - 1];
        }
        problems[to] = next;
    }
}

/* An alias must mean one thing. */
static void check_alias(zw_pack *pack, const zw_title *title, const char *alias, uint32_t found,
                        bool is_area, uint32_t own)
{
    if (found != own && found != ZW_NONE) {
        const char *other =
            is_area ? pack->areas[found].title.name : pack->measures[found].title.name;
        zw_pack_problem(pack, title->where, "alias '%s' of '%s' already means '%s'", alias,
                        title->name, other);
    }
}

static void check_aliases(zw_pack *pack)
{
    for (uint32_t a = 0; a < pack->area_count; a++) {
        for (size_t i = 0; i < pack->areas[a].aliases.count; i++) {
            const char *alias = pack->areas[a].aliases.at[i];
            check_alias(pack, &pack->areas[a].title, alias,
                        zw_pack_area(pack, zw_text_of(alias), NULL), true, a);
        }
    }
    for (uint32_t m = 0; m < pack->measure_count; m++) {
        for (size_t i = 0; i < pack->measures[m].aliases.count; i++) {
            const char *alias = pack->measures[m].aliases.at[i];
            check_alias(pack, &pack->measures[m].title, alias,
                        zw_pack_measure(pack, zw_text_of(alias), NULL), false, m);
        }
    }
}

static int by_path(const void *a, const void *b)
{
    const zw_file *const *x = a;
    const zw_file *const *y = b;
    return strcmp((*x)->path, (*y)->path);
}

/* The digest of all files in order of their paths, each with its path, so that nothing can be moved
 * unseen. */
static zw_status take_digest(zw_pack *pack, zw_err *err)
{
    const zw_file **files = calloc(pack->file_count > 0 ? pack->file_count : 1, sizeof(void *));
    if (files == NULL) {
        return zw_err_nomem(err);
    }
    for (size_t i = 0; i < pack->file_count; i++) {
        files[i] = &pack->files[i];
    }
    qsort(files, pack->file_count, sizeof(void *), by_path);
    zw_buf all;
    zw_buf_init(&all, DIGEST_BYTES);
    for (size_t i = 0; i < pack->file_count; i++) {
        zw_buf_printf(&all, "%s %zu\n", zw_pack_path_inside(pack, files[i]), files[i]->len);
        zw_buf_append(&all, files[i]->text, files[i]->len);
    }
    zw_digest_of(zw_buf_view(&all), all.len, pack->digest);
    bool has_failed = all.has_failed;
    zw_buf_fini(&all);
    free(files);
    return has_failed ? zw_err_nomem(err) : ZW_OK;
}

/* A guard watches wherever a delivery may touch: every area there is. */
static zw_status spread_guards(zw_pack *pack, zw_err *err)
{
    uint32_t *all = zw_arena_alloc(pack->arena, (pack->area_count + 1) * sizeof(uint32_t));
    if (all == NULL) {
        return zw_err_nomem(err);
    }
    for (uint32_t a = 0; a < pack->area_count; a++) {
        all[a] = a;
    }
    for (size_t i = 0; i < pack->alert_count; i++) {
        if (zw_alert_is_guard(&pack->alerts[i])) {
            pack->alerts[i].each = (zw_list){all, pack->area_count};
        }
    }
    return ZW_OK;
}

struct keeping {
    zw_pack *pack;
    const zw_target *target;
    bool is_told;
};

static void check_keep(void *arg, uint32_t measure)
{
    struct keeping *in = arg;
    const zw_measure *what = &in->pack->measures[measure];
    if (what->has_keep && !in->is_told) {
        in->is_told = true;
        zw_pack_problem(in->pack, in->target->title.where,
                        "target \"%s\" reads \"%s\", whose figures go when its keep is over: its "
                        "verdicts would go with them",
                        in->target->title.name, what->title.name);
    }
}

/* A verdict stands for years, and on what it was made from. */
static zw_status check_keeps(zw_pack *pack, zw_err *err)
{
    zw_status status = ZW_OK;
    for (size_t t = 0; status == ZW_OK && t < pack->target_count; t++) {
        struct keeping in = {pack, &pack->targets[t], false};
        bool has_call = false;
        const zw_node_id nodes[] = {pack->targets[t].expr, pack->targets[t].path_node};
        for (size_t i = 0; status == ZW_OK && i < 2; i++) {
            status = nodes[i] != ZW_NODE_NONE
                         ? zw_graph_measures(pack, nodes[i], check_keep, &in, &has_call, err)
                         : ZW_OK;
        }
    }
    return status;
}

/* The maps of all measures side by side, as their reader wants them. */
static zw_status gather_maps(zw_pack *pack, zw_err *err)
{
    zw_sdmx_map *maps = zw_arena_alloc(pack->arena, (pack->measure_count + 1) * sizeof *maps);
    if (maps == NULL) {
        return zw_err_nomem(err);
    }
    size_t count = 0;
    for (size_t m = 0; m < pack->measure_count; m++) {
        if (pack->measures[m].has_sdmx) {
            maps[count++] = pack->measures[m].sdmx;
        }
    }
    pack->sdmx = (zw_sdmx_maps){maps, count};
    return ZW_OK;
}

zw_status zw_pack_seal(zw_pack *pack, zw_err *err)
{
    bool has_zone = false;
    for (size_t a = 0; a < pack->area_count; a++) {
        has_zone = has_zone || pack->areas[a].is_zone;
    }
    if (!has_zone && pack->problem_count == 0) {
        zw_pack_problem(pack, (zw_where){0, 0, 0}, "the pack declares no zone");
    }
    zw_status status = spread_guards(pack, err);
    status = status == ZW_OK ? gather_maps(pack, err) : status;
    status = status == ZW_OK ? check_keeps(pack, err) : status;
    if (status != ZW_OK) {
        return status;
    }
    check_aliases(pack);
    sort_problems(pack);
    return take_digest(pack, err);
}
