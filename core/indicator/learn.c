/* Learning: how an evaluation's as-of moves forward, and which columns a learned figure makes
 * stale. */
#include "indicator/item_view.h"
#include "indicator/scope.h"

#include <stdlib.h>
#include <string.h>

bool zw_inside_first_known(zw_eval *eval, uint32_t measure, zw_period *out)
{
    zw_first_known *known = &eval->firsts[measure];
    if (!known->is_counted) {
        *known = (zw_first_known){.is_counted = true};
        for (zw_series_id id = ZW_SERIES_NONE; zw_plain_next(eval->plain, measure, &id);) {
            zw_period first = 0;
            if (zw_known_first(eval->known, id, eval->as_of_ms, &first) &&
                (!known->has_any || first < known->first)) {
                known->has_any = true;
                known->first = first;
            }
        }
    }
    *out = known->first;
    return known->has_any;
}

static zw_period floor_of(const zw_eval *eval, uint32_t measure)
{
    zw_period floor = 0;
    int64_t moved_ms = 0;
    const char *name = eval->world.pack->measures[measure].title.name;
    return zw_store_floor(eval->world.store, name, &floor, &moved_ms) ? floor : INT64_MIN;
}

void zw_inside_read_floors(zw_eval *eval)
{
    for (uint32_t m = 0; m < eval->world.pack->measure_count; m++) {
        eval->floors[m] = floor_of(eval, m);
    }
}

struct collect {
    zw_reads *reads;
    bool has_failed;
};

/* Adds an index to a list that has none twice. */
static void collect(struct collect *into, uint32_t **list, size_t *count, uint32_t index)
{
    for (size_t i = 0; i < *count; i++) {
        if ((*list)[i] == index) {
            return;
        }
    }
    uint32_t *grown = realloc(*list, (*count + 1) * sizeof(uint32_t));
    if (grown == NULL) {
        into->has_failed = true;
        return;
    }
    *list = grown;
    grown[(*count)++] = index;
}

static void collect_measure(void *arg, uint32_t measure)
{
    struct collect *into = arg;
    collect(into, &into->reads->measures, &into->reads->count, measure);
}

static void collect_register(void *arg, uint32_t reg)
{
    struct collect *into = arg;
    collect(into, &into->reads->registers, &into->reads->register_count, reg);
}

/* Makes room for what the nodes there are by now read. */
static bool make_room(zw_eval *eval)
{
    size_t wanted = eval->world.pack->node_count;
    zw_reads **grown = realloc(eval->reads, wanted * sizeof(void *));
    if (grown == NULL) {
        return false;
    }
    for (size_t i = eval->reads_count; i < wanted; i++) {
        grown[i] = NULL;
    }
    eval->reads = grown;
    eval->reads_count = wanted;
    return true;
}

const zw_reads *zw_inside_reads(zw_eval *eval, zw_node_id node)
{
    if (node >= eval->reads_count && !make_room(eval)) {
        return NULL;
    }
    if (eval->reads[node] == NULL) {
        eval->reads[node] = calloc(1, sizeof(zw_reads));
    }
    zw_reads *reads = eval->reads[node];
    if (reads != NULL && !reads->is_ready) {
        struct collect into = {reads, false};
        zw_err ignored;
        zw_status status = zw_graph_measures(eval->world.pack, node, collect_measure, &into,
                                             &reads->has_call, &ignored);
        if (status == ZW_OK && eval->world.pack->register_count > 0) {
            status = zw_graph_registers(eval->world.pack, node, collect_register, &into, &ignored);
        }
        reads->is_ready = status == ZW_OK && !into.has_failed;
    }
    return reads != NULL && reads->is_ready ? reads : NULL;
}

/* The first period of one measure, by some reading of what counts. */
typedef bool (*first_of_measure)(zw_eval *eval, uint32_t measure, uint32_t area, zw_period *out);

static bool first_known_anywhere(zw_eval *eval, uint32_t measure, uint32_t area, zw_period *out)
{
    (void)area;
    return zw_inside_first_known(eval, measure, out);
}

/* Takes a first period of some grid, on the grid of `node`, into the earliest so far. */
static void take_period(zw_eval *eval, zw_grid grid, zw_period first, const zw_node *node,
                        uint32_t area, bool *has_any, zw_period *out)
{
    zw_period p = zw_graph_first(zw_inside_calendar(eval, area), grid, first, node->grid);
    if (!*has_any || p < *out) {
        *has_any = true;
        *out = p;
    }
}

static void take_first(zw_eval *eval, uint32_t measure, const zw_node *node, uint32_t area,
                       first_of_measure first_of, bool *has_any, zw_period *out)
{
    zw_period first = 0;
    if (!first_of(eval, measure, area, &first)) {
        return;
    }
    take_period(eval, eval->world.pack->measures[measure].grid, first, node, area, has_any, out);
}

static void take_first_items(zw_eval *eval, uint32_t ref, const zw_node *node, uint32_t area,
                             bool *has_any, zw_period *out)
{
    zw_period first = 0;
    if (zw_items_first(eval, ref, area, eval->as_of_ms, &first)) {
        take_period(eval, eval->world.pack->registers[ref].grid, first, node, area, has_any, out);
    }
}

static bool first_under(zw_eval *eval, zw_node_id id, uint32_t area, first_of_measure first_of,
                        zw_period *out)
{
    const zw_node node = *zw_pack_node(eval->world.pack, id);
    const zw_reads *reads = zw_inside_reads(eval, id);
    bool has_any = false;
    *out = 0;
    if (reads == NULL || !node.has_grid) {
        return false;
    }
    if (reads->has_call) { /* a function may read any measure */
        for (uint32_t m = 0; m < eval->world.pack->measure_count; m++) {
            take_first(eval, m, &node, area, first_of, &has_any, out);
        }
        for (uint32_t r = 0; r < eval->world.pack->register_count; r++) {
            take_first_items(eval, r, &node, area, &has_any, out);
        }
        return has_any;
    }
    for (size_t i = 0; i < reads->count; i++) {
        take_first(eval, reads->measures[i], &node, area, first_of, &has_any, out);
    }
    for (size_t i = 0; i < reads->register_count; i++) {
        take_first_items(eval, reads->registers[i], &node, area, &has_any, out);
    }
    return has_any;
}

bool zw_eval_is_past(zw_eval *eval, zw_node_id id, uint32_t area, zw_period period)
{
    const zw_node node = *zw_pack_node(eval->world.pack, id);
    const zw_reads *reads = zw_inside_reads(eval, id);
    const zw_calendar *calendar = zw_inside_calendar(eval, area);
    bool is_past = false;
    for (size_t i = 0; node.has_grid && reads != NULL && i < reads->count; i++) {
        uint32_t m = reads->measures[i];
        zw_grid grid = eval->world.pack->measures[m].grid;
        is_past = is_past || zw_graph_first(calendar, node.grid, period, grid) < eval->floors[m];
    }
    return is_past;
}

bool zw_inside_first(zw_eval *eval, zw_node_id node, uint32_t area, zw_period *out)
{
    return first_under(eval, node, area, first_known_anywhere, out);
}

bool zw_eval_first(zw_eval *eval, zw_node_id node, zw_period *out, uint32_t area)
{
    return zw_inside_first(eval, node, area, out);
}

bool zw_eval_first_spoken(zw_eval *eval, zw_node_id node, zw_period *out, uint32_t area)
{
    return first_under(eval, node, area, zw_inside_first_spoken, out);
}

/* Which columns of a measure a touch is for: those at one area, or at every one (`area` = ZW_NONE);
 * all, or only those that ask for dimension values. */
struct touched {
    uint32_t measure, area;
    bool is_narrowed, is_forced;
};

/* What a change in a span touches in a column: below an anchor in it, where the scope may be
 * another one now, everything. */
static zw_span span_below(const zw_eval *eval, const zw_node *node, const zw_col *col, zw_span span)
{
    zw_span anchor;
    bool is_anchored = col->binding != 0 &&
                       zw_scope_anchored(zw_pool_text(eval->bindings, col->binding),
                                         zw_inside_calendar(eval, col->area), node->grid, &anchor);
    return is_anchored && anchor.hi >= span.lo && anchor.lo <= span.hi ? ZW_SPAN_ALL : span;
}

static zw_status touch_node(zw_eval *eval, zw_node_id id, const struct touched *what, zw_span span,
                            zw_err *err)
{
    const zw_node *node = zw_pack_node(eval->world.pack, id);
    zw_status status = ZW_OK;
    zw_col *col = zw_table_cols_of(eval->table, id);
    bool is_one = what->area != ZW_NONE; /* its columns without a binding need no search */
    for (; status == ZW_OK && col != NULL && (col->binding != 0 || !is_one);
         col = col->next_of_node) {
        bool is_meant = (!is_one || col->area == what->area) &&
                        (!what->is_narrowed || node->filter_count > 0 || col->binding != 0);
        if (is_meant) {
            status = zw_table_touch(eval->table, col, span_below(eval, node, col, span),
                                    what->is_forced, err);
        }
    }
    col = is_one ? zw_table_find(eval->table, id, what->area) : NULL;
    bool is_meant = col != NULL && (!what->is_narrowed || node->filter_count > 0);
    return status == ZW_OK && is_meant
               ? zw_table_touch(eval->table, col, span, what->is_forced, err)
               : status;
}

static zw_status touch_measure(zw_eval *eval, const struct touched *what, zw_span span, zw_err *err)
{
    zw_status status = ZW_OK;
    zw_node_id id = ZW_NODE_NONE;
    while (status == ZW_OK && zw_table_next_measured(eval->table, what->measure, &id)) {
        status = touch_node(eval, id, what, span, err);
    }
    return status == ZW_OK && !what->is_narrowed
               ? zw_wides_touch(eval->wides, eval->table, what->measure, what->area, span,
                                what->is_forced, err)
               : status;
}

zw_status zw_eval_let_go(zw_eval *eval, uint32_t measure, zw_err *err)
{
    struct touched all = {measure, ZW_NONE, false, false};
    zw_period before = eval->floors[measure];
    zw_period floor = floor_of(eval, measure);
    zw_span gone = {before > ZW_PERIOD_MIN ? before : ZW_PERIOD_MIN, floor - 1};
    eval->floors[measure] = floor;
    zw_inside_unveil(eval);
    return gone.lo <= gone.hi ? touch_measure(eval, &all, gone, err) : ZW_OK;
}

/* What a move learned of one measure, gathered so that its columns are walked once. */
struct gathered {
    bool is_new; /* known from an earlier period on, so expected from there; or in a second scope,
                    so read anew by all that looks back */
    bool has_value; /* a dimension value it never had: nothing is now nothing, not unknown */
    bool has_part;  /* a part that is expected from `from` on */
    bool is_read;   /* it has columns at all, or wide readers */
    zw_period from;
};

static zw_status gather(zw_eval *eval, uint32_t measure, const zw_learned *learned,
                        int64_t before_ms, struct gathered *into, zw_err *err)
{
    zw_first_known *known = &eval->firsts[measure];
    zw_news news;
    if (!known->has_any || learned->period < known->first) {
        *known = (zw_first_known){.is_counted = true, .has_any = true, .first = learned->period};
        into->is_new = true;
    }
    zw_status status = zw_known_take(eval->known, measure, learned, before_ms, &news, err);
    into->has_value = into->has_value || news.has_value;
    into->is_new = into->is_new || news.has_scopes;
    if (news.is_first && (!into->has_part || learned->period < into->from)) {
        into->has_part = true;
        into->from = learned->period;
    }
    return status;
}

/* True of operations that ask from when on anything under them is known (zw_inside_first). */
static bool asks_first(zw_op op)
{
    switch (op) {
    case ZW_OP_RISES:
    case ZW_OP_FALLS:
    case ZW_OP_FLAT:
    case ZW_OP_HELD:
    case ZW_OP_FILL_LAST:
    case ZW_OP_FIRING:
    case ZW_OP_VERDICT:
    case ZW_OP_TARGET_VALUE:
    case ZW_OP_TARGET_GAP:
    case ZW_OP_TARGET_SHORTFALL:
    case ZW_OP_TARGET_REQUIRED:
    case ZW_OP_TARGET_PROJECTED:
        return true;
    default:
        return false;
    }
}

zw_status zw_inside_touch_first(zw_eval *eval, zw_err *err)
{
    const zw_pack *pack = eval->world.pack;
    zw_status status = ZW_OK;
    for (zw_node_id id = 0; id < pack->node_count; id++) {
        bool asks = asks_first(zw_pack_node(pack, id)->op);
        zw_col *col = asks ? zw_table_cols_of(eval->table, id) : NULL;
        for (; status == ZW_OK && col != NULL; col = col->next_of_node) {
            status = zw_table_touch(eval->table, col, ZW_SPAN_ALL, true, err);
        }
    }
    return status;
}

static zw_status touch_gathered(zw_eval *eval, uint32_t measure, const struct gathered *what,
                                zw_err *err)
{
    struct touched all = {measure, ZW_NONE, false, true};
    struct touched narrowed = {measure, ZW_NONE, true, true};
    if (what->is_new) {
        zw_status status = zw_inside_touch_first(eval, err);
        return status == ZW_OK ? touch_measure(eval, &all, ZW_SPAN_ALL, err) : status;
    }
    zw_status status = what->has_value ? touch_measure(eval, &narrowed, ZW_SPAN_ALL, err) : ZW_OK;
    return status == ZW_OK && what->has_part
               ? touch_measure(eval, &all, (zw_span){what->from, ZW_PERIOD_MAX}, err)
               : status;
}

/* What a move learns, and the as-of before it. */
struct news {
    const zw_learned *at;
    size_t count;
    int64_t before_ms;
};

static zw_status learn(zw_eval *eval, const struct news *news, struct gathered *gathered,
                       zw_err *err)
{
    const zw_learned *learned = news->at;
    size_t count = news->count;
    uint32_t measure = 0;
    uint32_t area = 0;
    zw_status status = ZW_OK;
    for (size_t i = 0; status == ZW_OK && i < count; i++) {
        if (zw_places_of(eval->places, learned[i].series, &measure, &area)) {
            status = gather(eval, measure, &learned[i], news->before_ms, &gathered[measure], err);
        }
    }
    bool is_any_read = false;
    for (uint32_t m = 0; status == ZW_OK && m < eval->world.pack->measure_count; m++) {
        zw_node_id first = ZW_NODE_NONE;
        gathered[m].is_read =
            zw_table_next_measured(eval->table, m, &first) || zw_wides_has(eval->wides, m);
        is_any_read = is_any_read || gathered[m].is_read;
        status = touch_gathered(eval, m, &gathered[m], err);
    }
    for (size_t i = 0; is_any_read && status == ZW_OK && i < count; i++) {
        bool is_walked =
            !zw_places_of(eval->places, learned[i].series, &measure, &area) ||
            !gathered[measure].is_read || gathered[measure].is_new ||
            (gathered[measure].has_part && learned[i].period >= gathered[measure].from);
        if (!is_walked) {
            struct touched here = {measure, area, false, false};
            status =
                touch_measure(eval, &here, (zw_span){learned[i].period, learned[i].period}, err);
        }
    }
    return status;
}

zw_status zw_eval_move(zw_eval *eval, int64_t as_of_ms, zw_err *err)
{
    int64_t before_ms = eval->as_of_ms;
    zw_inside_unveil(eval);
    if (as_of_ms < before_ms) {
        zw_inside_jump(eval, as_of_ms);
        return ZW_OK;
    }
    const zw_learned *learned = NULL;
    size_t count = zw_store_learned(eval->world.store, before_ms, as_of_ms, &learned);
    size_t measures = eval->world.pack->measure_count;
    struct gathered *gathered = calloc(measures > 0 ? measures : 1, sizeof(*gathered));
    if (gathered == NULL) {
        return zw_err_nomem(err);
    }
    zw_period first = 0; /* counted at the old as-of, so that what is new is seen to be */
    for (uint32_t m = 0; count > 0 && m < measures; m++) {
        (void)zw_inside_first_known(eval, m, &first);
    }
    struct news news = {learned, count, before_ms};
    eval->as_of_ms = as_of_ms;
    zw_status status = learn(eval, &news, gathered, err);
    free(gathered);
    return status == ZW_OK ? zw_inside_learn_items(eval, before_ms, err) : status;
}
