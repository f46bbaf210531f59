/* A pack: declarations in the order they were made, with the checks that need the whole. */
#include "plan/pack.h"

#include "plan/index.h"
#include "plan/reserved.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PACK_BYTES = 256 * 1024 * 1024, TEXT_CEILING = 1024 * 1024 };

const char *zw_noun_text(zw_noun noun)
{
    static const char *const texts[] = {
        [ZW_NOUN_NONE] = "nothing",      [ZW_NOUN_ZONE] = "zone",
        [ZW_NOUN_AREA] = "area",         [ZW_NOUN_MEASURE] = "measure",
        [ZW_NOUN_REGISTER] = "register", [ZW_NOUN_INDICATOR] = "indicator",
        [ZW_NOUN_TARGET] = "target",     [ZW_NOUN_RULE] = "rule",
        [ZW_NOUN_GUARD] = "guard",       [ZW_NOUN_ALERT] = "alert",
        [ZW_NOUN_NOTIFY] = "notify",     [ZW_NOUN_TEST] = "test"};
    return texts[noun];
}

const char *zw_severity_text(zw_severity severity)
{
    static const char *const texts[] = {[ZW_INFO] = "info",
                                        [ZW_WARNING] = "warning",
                                        [ZW_CRITICAL] = "critical",
                                        [ZW_SEVERITY_COUNT] = ""};
    return texts[severity];
}

const char *zw_receiver_kind_words(zw_receiver_kind kind)
{
    static const char *const words[] = {
        [ZW_RECEIVER_LOG] = "log()", [ZW_RECEIVER_WEBHOOK] = "webhook(…)"};
    return words[kind];
}

zw_status zw_pack_create(const char *folder, zw_pack **out, zw_err *err)
{
    *out = NULL;
    zw_pack *pack = calloc(1, sizeof(*pack));
    if (pack == NULL) {
        return zw_err_nomem(err);
    }
    zw_status status = zw_arena_create(PACK_BYTES, &pack->arena, err);
    if (status == ZW_OK) {
        pack->index = calloc(1, sizeof(*pack->index));
        pack->folder = zw_arena_text(pack->arena, folder, strlen(folder));
        status = pack->index != NULL && pack->folder != NULL
                     ? zw_pool_create(&pack->index->names, err)
                     : zw_err_nomem(err);
    }
    if (status != ZW_OK) {
        zw_pack_destroy(pack);
        return status;
    }
    *out = pack;
    return ZW_OK;
}

static void index_destroy(struct zw_pack_index *index)
{
    if (index == NULL) {
        return;
    }
    for (size_t i = 0; i < index->zone_count; i++) {
        zw_tz_destroy(index->zones[i]);
    }
    zw_pool_destroy(index->names);
    free(index->owners);
    free(index->zones);
    free(index->buckets);
    free(index->next_node);
    free(index->depths);
    free(index);
}

void zw_pack_destroy(zw_pack *pack)
{
    if (pack == NULL) {
        return;
    }
    index_destroy(pack->index);
    free(pack->files);
    free(pack->nodes);
    free(pack->areas);
    free(pack->measures);
    free(pack->registers);
    free(pack->indicators);
    free(pack->targets);
    free(pack->rules);
    free(pack->alerts);
    free(pack->notifies);
    free(pack->tests);
    free(pack->problems);
    zw_arena_destroy(pack->arena);
    free(pack);
}

bool zw_index_room(zw_pack *pack, zw_array which, void **items, size_t count, size_t size)
{
    size_t *capacity = &pack->index->capacity_of[which];
    if (count < *capacity) {
        return true;
    }
    size_t wanted = *capacity == 0 ? 16 : *capacity * 2;
    void *grown = realloc(*items, wanted * size);
    if (grown == NULL) {
        return false;
    }
    *items = grown;
    *capacity = wanted;
    return true;
}

const char *zw_pack_text(zw_pack *pack, zw_text text)
{
    return zw_arena_text(pack->arena, text.at, text.len);
}

void *zw_pack_copy(zw_pack *pack, const void *bytes, size_t len)
{
    void *copy = zw_arena_alloc(pack->arena, len > 0 ? len : 1);
    if (copy != NULL && len > 0) {
        memcpy(copy, bytes, len);
    }
    return copy;
}

zw_status zw_pack_add_file(zw_pack *pack, const char *path, zw_text text, uint32_t *index,
                           zw_err *err)
{
    zw_file file = {.path = zw_pack_text(pack, zw_text_of(path)),
                    .text = zw_pack_text(pack, text),
                    .len = text.len};
    if (file.path == NULL || file.text == NULL ||
        !zw_index_room(pack, ZW_ARRAY_FILES, (void **)&pack->files, pack->file_count,
                       sizeof(zw_file))) {
        return zw_err_nomem(err);
    }
    *index = (uint32_t)pack->file_count;
    pack->files[pack->file_count++] = file;
    return ZW_OK;
}

void zw_pack_problem(zw_pack *pack, zw_where where, const char *fmt, ...)
{
    zw_buf text;
    zw_buf_init(&text, TEXT_CEILING);
    va_list args;
    va_start(args, fmt);
    zw_buf_vprintf(&text, fmt, args);
    va_end(args);
    const char *copy = zw_pack_text(pack, (zw_text){zw_buf_view(&text), text.len});
    zw_buf_fini(&text);
    if (copy != NULL && zw_index_room(pack, ZW_ARRAY_PROBLEMS, (void **)&pack->problems,
                                      pack->problem_count, sizeof(zw_problem))) {
        pack->problems[pack->problem_count++] = (zw_problem){where, copy};
    }
}

void zw_pack_problem_text(const zw_pack *pack, const zw_problem *problem, zw_buf *out)
{
    const zw_where *where = &problem->where;
    zw_buf_puts(out, where->file < pack->file_count ? pack->files[where->file].path : pack->folder);
    if (where->line > 0) {
        zw_buf_printf(out, ":%u", where->line);
    }
    if (where->line > 0 && where->column > 0) {
        zw_buf_printf(out, ":%u", where->column);
    }
    zw_buf_printf(out, ": %s", problem->text);
}

static const zw_title *title_of(const zw_pack *pack, zw_owner owner)
{
    switch (owner.noun) {
    case ZW_NOUN_ZONE:
    case ZW_NOUN_AREA:
        return &pack->areas[owner.index].title;
    case ZW_NOUN_MEASURE:
        return &pack->measures[owner.index].title;
    case ZW_NOUN_REGISTER:
        return &pack->registers[owner.index].title;
    case ZW_NOUN_INDICATOR:
        return &pack->indicators[owner.index].title;
    case ZW_NOUN_TARGET:
        return &pack->targets[owner.index].title;
    case ZW_NOUN_RULE:
        return &pack->rules[owner.index].title;
    case ZW_NOUN_GUARD:
    case ZW_NOUN_ALERT:
        return &pack->alerts[owner.index].title;
    default: /* ZW_NOUN_NOTIFY; a test's name is no one's */
        return &pack->notifies[owner.index].title;
    }
}

static const char *article_of(zw_noun noun)
{
    return strchr("aeiou", zw_noun_text(noun)[0]) != NULL ? "an" : "a";
}

/* Says that a name is taken, and where. */
static zw_status declared_twice(const zw_pack *pack, const char *name, zw_noun noun, zw_owner owner,
                                zw_err *err)
{
    const zw_where *first = &title_of(pack, owner)->where;
    char line[16] = "";
    if (first->line > 0) {
        (void)snprintf(line, sizeof(line), ":%u", first->line);
    }
    return zw_err_set(err, ZW_INVALID, "%s \"%s\" is declared twice: first as %s %s at %s%s",
                      zw_noun_text(noun), name, article_of(owner.noun), zw_noun_text(owner.noun),
                      first->file < pack->file_count ? pack->files[first->file].path : pack->folder,
                      line);
}

/* Takes a name for a declaration that will stand at `index`. */
static zw_status own_name(zw_pack *pack, const char *name, zw_noun noun, uint32_t index,
                          zw_err *err)
{
    zw_text text = zw_text_of(name);
    if (!zw_text_is_name(text)) {
        return zw_err_set(
            err, ZW_INVALID,
            "'%s' is no name: expected lower-case letters, digits and _, a letter first", name);
    }
    if (zw_reserved_has(text)) {
        return zw_err_set(err, ZW_INVALID, "'%s' is a word of the language: choose another name",
                          name);
    }
    uint32_t taken = zw_pool_find(pack->index->names, text);
    if (taken != ZW_POOL_NONE) {
        return declared_twice(pack, name, noun, pack->index->owners[taken], err);
    }
    struct zw_pack_index *in = pack->index;
    size_t count = zw_pool_count(in->names);
    if (count >= in->owner_capacity) {
        size_t wanted = in->owner_capacity == 0 ? 32 : in->owner_capacity * 2;
        zw_owner *grown = realloc(in->owners, wanted * sizeof(zw_owner));
        if (grown == NULL) {
            return zw_err_nomem(err);
        }
        in->owners = grown;
        in->owner_capacity = wanted;
    }
    uint32_t number = zw_pool_put(in->names, text);
    if (number == ZW_POOL_NONE) {
        return zw_err_nomem(err);
    }
    in->owners[number] = (zw_owner){noun, index};
    return ZW_OK;
}

/* One of the pack's arrays: where it stands, how many it has, how large each is. */
struct shelf {
    zw_array array;
    void **items;
    size_t *count;
    size_t size;
};

/* Adds a declaration under its name. */
static zw_status add(zw_pack *pack, struct shelf shelf, zw_noun noun, const char *name,
                     const void *item, uint32_t *index, zw_err *err)
{
    if (!zw_index_room(pack, shelf.array, shelf.items, *shelf.count, shelf.size)) {
        return zw_err_nomem(err);
    }
    zw_status status = own_name(pack, name, noun, (uint32_t)*shelf.count, err);
    if (status == ZW_OK) {
        memcpy((char *)*shelf.items + *shelf.count * shelf.size, item, shelf.size);
        *index = (uint32_t)(*shelf.count)++;
    }
    return status;
}

/* Undoes the last `add`: its declaration lacks what belongs to it. */
static void take_back(zw_pack *pack, size_t *count)
{
    (*count)--;
    zw_pool_shrink(pack->index->names, zw_pool_count(pack->index->names) - 1);
}

/* The list with one more item, in the arena; `at` is NULL when there is no memory. Such lists have
 * room up to the next power of two, and whoever holds the shorter list sees nothing of what is put
 * behind it. */
static zw_list appended(zw_pack *pack, zw_list list, uint32_t item)
{
    uint32_t *at = (uint32_t *)list.at; /* made below, and ours */
    if ((list.count & (list.count - 1)) == 0) {
        size_t room = list.count == 0 ? 1 : list.count * 2;
        at = zw_arena_alloc(pack->arena, room * sizeof(uint32_t));
        if (at != NULL && list.count > 0) {
            memcpy(at, list.at, list.count * sizeof(uint32_t));
        }
    }
    if (at != NULL) {
        at[list.count] = item;
    }
    return (zw_list){at, list.count + 1};
}

/* What the parents' parts will be with an area that will stand at `index`. */
static zw_status grow_parts(zw_pack *pack, zw_list parents, uint32_t index, zw_list *out,
                            zw_err *err)
{
    for (size_t i = 0; i < parents.count; i++) {
        if (zw_list_has((zw_list){parents.at, i}, parents.at[i])) {
            return zw_err_set(err, ZW_INVALID, "it lies within '%s' twice",
                              pack->areas[parents.at[i]].title.name);
        }
        out[i] = appended(pack, pack->areas[parents.at[i]].parts, index);
        if (out[i].at == NULL) {
            return zw_err_nomem(err);
        }
    }
    return ZW_OK;
}

/* Marks every area around a new one of several parents in which it lies by more than one part. */
static void mark_shared(zw_pack *pack, uint32_t area)
{
    for (uint32_t outer = 0; outer < area; outer++) {
        zw_list parts = pack->areas[outer].parts;
        size_t ways = 0;
        for (size_t i = 0; i < parts.count; i++) {
            ways += zw_pack_is_inside(pack, area, parts.at[i]) ? 1 : 0;
        }
        pack->areas[outer].shares = pack->areas[outer].shares || ways > 1;
    }
}

zw_status zw_pack_add_area(zw_pack *pack, const zw_area *area, uint32_t *index, zw_err *err)
{
    zw_area added = *area;
    zw_list parents = area->parents;
    assert(parents.count > 0);
    zw_list *grown = zw_arena_alloc(pack->arena, parents.count * sizeof(zw_list));
    if (grown == NULL) {
        return zw_err_nomem(err);
    }
    added.is_zone = false;
    added.parts = (zw_list){NULL, 0};
    added.zone = pack->areas[parents.at[0]].zone;
    added.calendar = pack->areas[added.zone].calendar;
    struct shelf shelf = {ZW_ARRAY_AREAS, (void **)&pack->areas, &pack->area_count,
                          sizeof(*pack->areas)};
    zw_status status = grow_parts(pack, parents, (uint32_t)pack->area_count, grown, err);
    if (status == ZW_OK) {
        status = add(pack, shelf, ZW_NOUN_AREA, added.title.name, &added, index, err);
    }
    for (size_t i = 0; status == ZW_OK && i < parents.count; i++) {
        pack->areas[parents.at[i]].parts = grown[i];
    }
    if (status == ZW_OK && parents.count > 1) {
        mark_shared(pack, *index);
    }
    return status;
}

static zw_status own_zone(zw_pack *pack, const char *timezone, zw_tz **out, zw_err *err)
{
    struct zw_pack_index *in = pack->index;
    if (in->zone_count == in->zone_capacity) {
        size_t wanted = in->zone_capacity == 0 ? 4 : in->zone_capacity * 2;
        zw_tz **grown = realloc(in->zones, wanted * sizeof(void *));
        if (grown == NULL) {
            return zw_err_nomem(err);
        }
        in->zones = grown;
        in->zone_capacity = wanted;
    }
    zw_status status = zw_tz_create(timezone, out, err);
    if (status == ZW_OK) {
        in->zones[in->zone_count++] = *out;
    }
    return status;
}

zw_status zw_pack_add_zone(zw_pack *pack, const zw_area *zone, const char *timezone,
                           int reporting_month, const int32_t *holidays, size_t holiday_count,
                           uint32_t *index, zw_err *err)
{
    zw_tz *tz = NULL;
    const int32_t *days = zw_pack_copy(pack, holidays, holiday_count * sizeof(int32_t));
    zw_status status = days != NULL ? own_zone(pack, timezone, &tz, err) : zw_err_nomem(err);
    if (status != ZW_OK) {
        return status;
    }
    zw_area added = *zone;
    added.is_zone = true;
    added.parents = (zw_list){NULL, 0};
    added.parts = (zw_list){NULL, 0};
    added.zone = (uint32_t)pack->area_count;
    added.calendar = (zw_calendar){tz, reporting_month, days, holiday_count};
    struct shelf shelf = {ZW_ARRAY_AREAS, (void **)&pack->areas, &pack->area_count,
                          sizeof(*pack->areas)};
    return add(pack, shelf, ZW_NOUN_ZONE, added.title.name, &added, index, err);
}

zw_status zw_pack_add_measure(zw_pack *pack, const zw_measure *measure, uint32_t *index,
                              zw_err *err)
{
    struct shelf shelf = {ZW_ARRAY_MEASURES, (void **)&pack->measures, &pack->measure_count,
                          sizeof(*pack->measures)};
    if (measure->kind == ZW_KIND_RATE && measure->rollup == ZW_HOW_SUM) {
        return zw_err_set(err, ZW_INVALID, "a rate never adds up: no rollup = \"sum\" of it");
    }
    zw_status status = add(pack, shelf, ZW_NOUN_MEASURE, measure->title.name, measure, index, err);
    if (status != ZW_OK) {
        return status;
    }
    zw_node node = {.op = ZW_OP_MEASURE, .ref = *index, .where = measure->title.where};
    status = zw_formula_make(pack, &node, &pack->measures[*index].node, err);
    if (status != ZW_OK) {
        take_back(pack, &pack->measure_count);
    }
    return status;
}

zw_status zw_pack_add_register(zw_pack *pack, const zw_register *reg, uint32_t *index, zw_err *err)
{
    struct shelf shelf = {ZW_ARRAY_REGISTERS, (void **)&pack->registers, &pack->register_count,
                          sizeof(*pack->registers)};
    zw_status status = add(pack, shelf, ZW_NOUN_REGISTER, reg->title.name, reg, index, err);
    if (status != ZW_OK) {
        return status;
    }
    zw_node node = {.op = ZW_OP_ITEMS, .ref = *index, .where = reg->title.where};
    status = zw_formula_make(pack, &node, &pack->registers[*index].node, err);
    if (status != ZW_OK) {
        take_back(pack, &pack->register_count);
    }
    return status;
}

zw_status zw_pack_add_indicator(zw_pack *pack, const zw_indicator *indicator, uint32_t *index,
                                zw_err *err)
{
    struct shelf shelf = {ZW_ARRAY_INDICATORS, (void **)&pack->indicators, &pack->indicator_count,
                          sizeof(*pack->indicators)};
    zw_status status =
        add(pack, shelf, ZW_NOUN_INDICATOR, indicator->title.name, indicator, index, err);
    if (status != ZW_OK) {
        return status;
    }
    zw_node node = {.op = ZW_OP_INDICATOR, .ref = *index, .where = indicator->title.where};
    const zw_node *formula = zw_pack_node(pack, indicator->formula);
    node.kid[0] = indicator->formula;
    node.kid_count = 1;
    node.show = zw_unit_is_any(&indicator->show) ? formula->show : indicator->show;
    status = zw_formula_make(pack, &node, &pack->indicators[*index].node, err);
    if (status != ZW_OK) {
        take_back(pack, &pack->indicator_count);
    }
    return status;
}

zw_status zw_pack_add_target(zw_pack *pack, const zw_target *target, uint32_t *index, zw_err *err)
{
    zw_target added = *target;
    struct shelf shelf = {ZW_ARRAY_TARGETS, (void **)&pack->targets, &pack->target_count,
                          sizeof(*pack->targets)};
    zw_status status = zw_target_complete(pack, &added, (uint32_t)pack->target_count, err);
    return status == ZW_OK ? add(pack, shelf, ZW_NOUN_TARGET, added.title.name, &added, index, err)
                           : status;
}

zw_status zw_pack_add_rule(zw_pack *pack, const zw_rule *rule, uint32_t *index, zw_err *err)
{
    struct shelf shelf = {ZW_ARRAY_RULES, (void **)&pack->rules, &pack->rule_count,
                          sizeof(*pack->rules)};
    return add(pack, shelf, ZW_NOUN_RULE, rule->title.name, rule, index, err);
}

zw_status zw_pack_add_alert(zw_pack *pack, const zw_alert *alert, uint32_t *index, zw_err *err)
{
    struct shelf shelf = {ZW_ARRAY_ALERTS, (void **)&pack->alerts, &pack->alert_count,
                          sizeof(*pack->alerts)};
    zw_noun noun = zw_alert_is_guard(alert) ? ZW_NOUN_GUARD : ZW_NOUN_ALERT;
    return add(pack, shelf, noun, alert->title.name, alert, index, err);
}

zw_status zw_pack_add_notify(zw_pack *pack, const zw_notify *notify, uint32_t *index, zw_err *err)
{
    struct shelf shelf = {ZW_ARRAY_NOTIFIES, (void **)&pack->notifies, &pack->notify_count,
                          sizeof(*pack->notifies)};
    return add(pack, shelf, ZW_NOUN_NOTIFY, notify->title.name, notify, index, err);
}

zw_status zw_pack_add_test(zw_pack *pack, const zw_test *test, uint32_t *index, zw_err *err)
{
    if (!zw_index_room(pack, ZW_ARRAY_TESTS, (void **)&pack->tests, pack->test_count,
                       sizeof(zw_test))) {
        return zw_err_nomem(err);
    }
    *index = (uint32_t)pack->test_count;
    pack->tests[pack->test_count++] = *test;
    return ZW_OK;
}
