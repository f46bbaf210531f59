/*
 * Items of a register over a span of periods. Each item's rows are walked once, in the order of
 * their moments, and in each period it is taken into that period's tally where it stands then.
 */
#include "indicator/bag.h"
#include "indicator/item_view.h"
#include "indicator/texts.h"
#include "indicator/trace.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BINDING_BYTES = 48 };

/* What one period has gathered. */
struct tally {
    int64_t start_ms, end_ms, t_ms;
    bool is_open;
    zw_cell cell;    /* what came with the items looked at */
    zw_cell unknown; /* the first one by name that could not be told; stands when all could */
    zw_item_id unknown_item;
    size_t taken, valued;
    zw_sum sum;
    double extreme;
    zw_bag bag;         /* of what needs all values at once */
    zw_texts_bag texts; /* of `:top` */
    bool *has;          /* by value of `:has` */
};

/* The way of one item through its moments. */
struct path {
    zw_item_walk walk;
    bool lived;
    size_t came, went; /* since `from_ms` */
    int64_t entered_ms[ZW_REGISTER_STATES_MOST];
    int64_t done_ms;
    uint32_t area;
    bool is_inside;
};

/* One computation. */
struct count {
    zw_item_ask ask;
    const zw_node *node;
    zw_span span;
    struct tally *tallies;
    bool *has; /* of all tallies */
    zw_texts wanted;
    bool has_since;
    int64_t since_ms;
};

void zw_item_ask_init(zw_item_ask *ask, zw_eval *eval, zw_col *col, uint32_t ref, zw_err *err)
{
    const zw_register *reg = &eval->world.pack->registers[ref];
    const zw_items *items = zw_store_items(eval->world.store);
    *ask = (zw_item_ask){.eval = eval,
                         .col = col,
                         .reg = reg,
                         .ref = ref,
                         .items = items,
                         .id = zw_items_register(items, reg->title.name),
                         .only = zw_item_bound(eval, col->binding, ref),
                         .status = ZW_OK,
                         .err = err};
}

uint32_t zw_item_area(const zw_pack *pack, const char *name)
{
    return name[0] == '\0' ? zw_pack_only_zone(pack) : zw_pack_area(pack, zw_text_of(name), NULL);
}

uint32_t zw_item_bind(zw_eval *eval, uint32_t ref, zw_item_id item)
{
    char text[BINDING_BYTES];
    (void)snprintf(text, sizeof text, "@%" PRIu32 "=%" PRIu32, ref, item);
    return zw_pool_put(eval->bindings, zw_text_of(text));
}

zw_item_id zw_item_bound(const zw_eval *eval, uint32_t binding, uint32_t ref)
{
    const char *text = zw_pool_text(eval->bindings, binding);
    char *end = NULL;
    if (text[0] != '@' || strtoul(text + 1, &end, 10) != ref || *end != '=') {
        return ZW_ITEM_NONE;
    }
    return (zw_item_id)strtoul(end + 1, NULL, 10);
}

/* The first moment that a row of the register known by the as-of holds from. */
static bool first_row_ms(const zw_items *items, zw_register_id id, int64_t as_of_ms, int64_t *out)
{
    size_t first = 0;
    size_t count = zw_items_reports(items, id, INT64_MIN + 1, INT64_MAX, &first);
    for (size_t i = 0; i < count; i++) {
        const zw_item_row *row = zw_items_report(items, id, first + i);
        if (row->known_at_ms <= as_of_ms) {
            *out = row->at_ms;
            return true;
        }
    }
    return false;
}

bool zw_items_first(const zw_eval *eval, uint32_t ref, uint32_t area, int64_t as_of_ms,
                    zw_period *out)
{
    const zw_register *reg = &eval->world.pack->registers[ref];
    const zw_items *items = zw_store_items(eval->world.store);
    const zw_calendar *calendar = zw_inside_calendar(eval, area);
    int64_t first_ms = ZW_NEVER_MS;
    bool has_any = reg->has_since || first_row_ms(items, zw_items_register(items, reg->title.name),
                                                  as_of_ms, &first_ms);
    if (reg->has_since) {
        int64_t row_ms = ZW_NEVER_MS;
        first_ms = zw_stamp_start_ms(calendar, &reg->since);
        bool has_row =
            first_row_ms(items, zw_items_register(items, reg->title.name), as_of_ms, &row_ms);
        first_ms = has_row && row_ms < first_ms ? row_ms : first_ms;
    }
    if (has_any) {
        *out = zw_period_at(calendar, reg->grid, first_ms);
    }
    return has_any;
}

static void forget_states(struct path *path)
{
    for (size_t s = 0; s < ZW_REGISTER_STATES_MOST; s++) {
        path->entered_ms[s] = ZW_NEVER_MS;
    }
    path->done_ms = ZW_NEVER_MS;
}

/* Takes note of what one moment did to the item. */
static void step(const struct count *count, struct path *path, int64_t from_ms)
{
    const zw_item_standing *standing = &path->walk.standing;
    const zw_register *reg = count->ask.reg;
    int64_t at_ms = standing->last_ms;
    if (standing->lives && !path->lived) {
        forget_states(path);
        path->came += at_ms >= from_ms ? 1 : 0;
    } else if (!standing->lives && path->lived) {
        path->went += at_ms >= from_ms ? 1 : 0;
    }
    path->lived = standing->lives;
    int state = standing->lives ? zw_register_state_of(reg, zw_text_of(standing->state), NULL) : -1;
    if (state < 0) {
        return;
    }
    if (path->entered_ms[state] == ZW_NEVER_MS) {
        path->entered_ms[state] = at_ms;
    }
    bool is_done = (reg->done >> state & 1U) != 0;
    if (is_done && path->done_ms == ZW_NEVER_MS) {
        path->done_ms = at_ms;
    } else if (!is_done) {
        path->done_ms = ZW_NEVER_MS;
    }
}

static void find_area(const struct count *count, struct path *path)
{
    const zw_pack *pack = count->ask.eval->world.pack;
    path->area = zw_item_area(pack, path->walk.standing.area);
    path->is_inside =
        count->ask.only != ZW_ITEM_NONE ||
        (path->area != ZW_NONE && zw_pack_is_inside(pack, path->area, count->ask.col->area));
}

static bool is_of_values(const struct count *count)
{
    return count->node->op == ZW_OP_ITEM_VALUES || count->node->op == ZW_OP_ITEM_DAYS;
}

/* The days between the first days in two states; false when it was not in both, one after the
 * other. */
static bool days_of(const struct count *count, const zw_item_view *view, double *out)
{
    const zw_calendar *calendar = zw_inside_calendar(count->ask.eval, count->ask.col->area);
    zw_grid day = {ZW_DAY, 0};
    int to = 0;
    while ((count->node->states >> to & 1U) == 0) {
        to++;
    }
    int64_t from_ms = view->entered_ms[count->node->count];
    int64_t to_ms = view->entered_ms[to];
    if (from_ms == ZW_NEVER_MS || to_ms == ZW_NEVER_MS || to_ms < from_ms) {
        return false;
    }
    *out = (double)(zw_period_at(calendar, day, to_ms) - zw_period_at(calendar, day, from_ms));
    return true;
}

static bool value_in(const struct count *count, const zw_item_view *view, double *out)
{
    return count->node->op == ZW_OP_ITEM_DAYS
               ? days_of(count, view, out)
               : zw_item_number(&count->ask, view, count->node->text, out);
}

/* True of folds that need all values at once. */
static bool needs_bag(zw_how how)
{
    return how == ZW_HOW_MEDIAN || how == ZW_HOW_STDDEV || how == ZW_HOW_QUANTILE;
}

static void take_value(struct count *count, struct tally *tally, const zw_item_view *view)
{
    double value = 0;
    if (!value_in(count, view, &value)) {
        return;
    }
    bool is_first = tally->valued++ == 0;
    bool is_further =
        count->node->how == ZW_HOW_MAX ? value > tally->extreme : value < tally->extreme;
    tally->extreme = is_first || is_further ? value : tally->extreme;
    zw_sum_add(&tally->sum, value);
    if (needs_bag(count->node->how) && !zw_bag_put(&tally->bag, value)) {
        count->ask.status = zw_err_nomem(count->ask.err);
    }
}

static void take_text(struct count *count, struct tally *tally, const zw_item_view *view)
{
    const char *text = zw_item_says(view, count->node->text);
    if (text[0] == '\0') {
        return;
    }
    tally->valued++;
    if (!zw_texts_put(&tally->texts, text)) {
        count->ask.status = zw_err_nomem(count->ask.err);
    }
}

static void take_has(const struct count *count, struct tally *tally, const zw_item_view *view)
{
    const char *text = zw_item_says(view, count->node->text);
    for (size_t i = 0; i < count->wanted.count; i++) {
        zw_texts one = {&count->wanted.at[i], 1};
        tally->has[i] =
            tally->has[i] || zw_item_is_among(count->ask.reg, count->node->text, text, one);
    }
}

/* True for a question that the items answer together: is each value there? */
static bool asks_for_all(const struct count *count)
{
    return count->node->op == ZW_OP_ITEM_HAS && count->node->filter_count > 0 &&
           count->ask.only == ZW_ITEM_NONE;
}

/* Of items that cannot be told the first by name says why, whichever came first. */
static void take_unknown(const struct count *count, struct tally *tally, const zw_item_view *view,
                         const zw_cell *judged)
{
    const zw_items *items = zw_store_items(count->ask.eval->world.store);
    bool is_first =
        zw_cell_stands(&tally->unknown) ||
        strcmp(zw_items_name(items, view->item), zw_items_name(items, tally->unknown_item)) < 0;
    if (is_first) {
        tally->unknown = *judged;
        tally->unknown_item = view->item;
    }
}

/* Notes an item that counts, with the newest row known of it. */
static void note_item(const struct count *count, const zw_item_view *view)
{
    const zw_item_standing *standing = view->standing;
    zw_trace_item item = {view->item, view->area, standing->state, NULL};
    for (size_t i = 0; i < standing->row_count; i++) {
        const zw_item_row *row = standing->rows[i];
        item.row = row->known_at_ms <= standing->as_of_ms ? row : item.row;
    }
    if (item.row != NULL) {
        zw_trace_count(count->ask.eval->trace, count->ask.col, &item);
    }
}

/* Takes one item that is looked at. `times` is how often it counts. */
static void take(struct count *count, struct tally *tally, const zw_item_view *view, size_t times)
{
    bool is_whole = count->node->type == ZW_TYPE_TRUTH && !asks_for_all(count);
    zw_node_id judged_by = is_whole ? count->ask.col->node : count->node->kid[0];
    zw_cell judged = zw_item_judge(&count->ask, judged_by, view);
    zw_cell_inherit(&tally->cell, &judged);
    if (!zw_cell_stands(&judged)) {
        take_unknown(count, tally, view, &judged);
        return;
    }
    if (judged.value == 0) {
        return;
    }
    tally->taken += times;
    if (count->ask.eval->trace != NULL) {
        note_item(count, view);
    }
    if (is_of_values(count)) {
        take_value(count, tally, view);
    } else if (count->node->op == ZW_OP_ITEM_TOP) {
        take_text(count, tally, view);
    } else if (asks_for_all(count)) {
        take_has(count, tally, view);
    }
}

/* How often the item counts in a period whose moments were walked. */
static size_t times_of(const struct count *count, const struct path *path)
{
    switch (count->node->op) {
    case ZW_OP_ITEM_ADDED:
        return path->came;
    case ZW_OP_ITEM_LEFT:
        return path->went;
    default:
        return path->walk.standing.lives ? 1 : 0;
    }
}

static bool is_counted(const struct count *count, const struct path *path,
                       const struct tally *tally)
{
    const zw_pack *pack = count->ask.eval->world.pack;
    return path->is_inside &&
           (path->area == ZW_NONE || zw_pack_area_lives(pack, path->area, tally->end_ms));
}

static void walk_item(struct count *count, zw_item_id item)
{
    const zw_item_row *const *rows = NULL;
    size_t row_count = zw_items_rows(count->ask.items, item, &rows);
    struct path path = {.area = ZW_NONE};
    forget_states(&path);
    zw_item_walk_init(&path.walk, rows, row_count, count->ask.eval->as_of_ms);
    for (zw_period p = count->span.lo; p <= count->span.hi && count->ask.status == ZW_OK; p++) {
        struct tally *tally = &count->tallies[p - count->span.lo];
        bool has_moved = false;
        if (!count->has_since) {
            path.came = path.went = 0;
        }
        while (zw_item_walk_next(&path.walk, tally->t_ms)) {
            step(count, &path, count->has_since ? count->since_ms : tally->start_ms);
            has_moved = true;
        }
        if (has_moved) {
            find_area(count, &path);
        }
        size_t times = times_of(count, &path);
        if (times > 0 && is_counted(count, &path, tally)) {
            zw_item_view view = {.item = item,
                                 .period = p,
                                 .t_ms = tally->t_ms,
                                 .is_open = tally->is_open,
                                 .area = path.area,
                                 .standing = &path.walk.standing,
                                 .entered_ms = path.entered_ms,
                                 .done_ms = path.done_ms};
            take(count, tally, &view, times);
        }
    }
}

static bool has_all(const struct count *count, const struct tally *tally)
{
    for (size_t i = 0; i < count->wanted.count; i++) {
        if (!tally->has[i]) {
            return false;
        }
    }
    return count->wanted.count > 0;
}

static double value_of(const struct count *count, const struct tally *tally)
{
    if (!is_of_values(count)) {
        return (double)tally->taken;
    }
    switch (count->node->how) {
    case ZW_HOW_MEAN:
        return zw_sum_total(&tally->sum) / (double)tally->valued;
    case ZW_HOW_MAX:
    case ZW_HOW_MIN:
        return tally->extreme;
    case ZW_HOW_COUNT:
        return (double)tally->valued;
    default:
        return zw_sum_total(&tally->sum);
    }
}

static void tell_unknown(const struct tally *tally, zw_cell *cell)
{
    cell->reason = tally->unknown.reason;
    cell->detail = tally->unknown.detail;
}

/* Of a truth: one true is enough, and while none is, one unknown makes it unknown. */
static zw_cell truth_of(const struct count *count, const struct tally *tally)
{
    zw_cell cell = tally->cell;
    bool holds = asks_for_all(count) ? has_all(count, tally) : tally->taken > 0;
    cell.value = holds ? 1 : 0;
    if (!holds && !zw_cell_stands(&tally->unknown)) {
        tell_unknown(tally, &cell);
    }
    return cell;
}

/* True when values are asked for and there are none. The sum over no items is 0, over items that
 * do not say it missing. */
static bool lacks_values(const struct count *count, const struct tally *tally)
{
    bool is_asked = is_of_values(count) && count->node->how != ZW_HOW_COUNT;
    bool is_sum = count->node->how == ZW_HOW_SUM && count->ask.only == ZW_ITEM_NONE;
    return is_asked && tally->valued == 0 && (tally->taken > 0 || !is_sum);
}

static zw_cell number_of(const struct count *count, struct tally *tally)
{
    zw_cell cell = tally->cell;
    if (!zw_cell_stands(&tally->unknown)) {
        tell_unknown(tally, &cell);
    } else if (lacks_values(count, tally)) {
        cell.reason = ZW_REASON_NO_ITEM;
    } else if (is_of_values(count) && needs_bag(count->node->how)) {
        zw_cell folded = zw_bag_fold(&tally->bag, count->node->how, count->node->number);
        cell.value = folded.value;
        cell.reason = folded.reason;
    } else {
        cell.value = value_of(count, tally);
    }
    if (count->node->op == ZW_OP_ITEM_VALUES && tally->valued < tally->taken) {
        cell.in = (uint16_t)tally->valued;
        cell.of = (uint16_t)tally->taken;
    }
    return cell;
}

/* The commonest text, by its number. */
static zw_cell text_of(struct count *count, struct tally *tally)
{
    zw_cell cell = tally->cell;
    const char *text = zw_texts_commonest(&tally->texts, count->ask.reg, count->node->text);
    uint32_t number =
        text != NULL ? zw_pool_put(count->ask.eval->texts, zw_text_of(text)) : ZW_POOL_NONE;
    if (!zw_cell_stands(&tally->unknown)) {
        tell_unknown(tally, &cell);
    } else if (text == NULL) {
        cell.reason = ZW_REASON_NO_ITEM;
    } else if (number == ZW_POOL_NONE) {
        count->ask.status = zw_err_nomem(count->ask.err);
    } else {
        cell.value = (double)number;
    }
    if (tally->valued < tally->taken) {
        cell.in = (uint16_t)tally->valued;
        cell.of = (uint16_t)tally->taken;
    }
    return cell;
}

static zw_cell cell_of(struct count *count, struct tally *tally)
{
    switch (count->node->type) {
    case ZW_TYPE_TRUTH:
        return truth_of(count, tally);
    case ZW_TYPE_TEXT:
        return text_of(count, tally);
    default:
        return number_of(count, tally);
    }
}

static void write_cells(struct count *count)
{
    const zw_item_ask *ask = &count->ask;
    int64_t as_of_ms = ask->eval->as_of_ms;
    for (zw_period p = count->span.lo; p <= count->span.hi; p++) {
        struct tally *tally = &count->tallies[p - count->span.lo];
        zw_cell cell = cell_of(count, tally);
        if (tally->is_open) {
            zw_cell next = zw_cell_of(0);
            next.until_ms = zw_item_next_ms(ask->items, ask->id, as_of_ms, as_of_ms);
            zw_cell_wait(&cell, &next);
        }
        *zw_col_at(ask->col, p) = zw_items_settle(&count->ask, p, &cell);
    }
}

static zw_status make_tallies(struct count *count, zw_err *err)
{
    size_t periods = (size_t)(count->span.hi - count->span.lo + 1);
    const zw_calendar *calendar = zw_inside_calendar(count->ask.eval, count->ask.col->area);
    int64_t as_of_ms = count->ask.eval->as_of_ms;
    count->tallies = calloc(periods, sizeof(*count->tallies));
    count->has = calloc(periods * count->wanted.count + 1, sizeof(*count->has));
    if (count->tallies == NULL || count->has == NULL) {
        return zw_err_nomem(err);
    }
    for (size_t i = 0; i < periods; i++) {
        struct tally *tally = &count->tallies[i];
        zw_period p = count->span.lo + (zw_period)i;
        tally->start_ms = zw_period_start_ms(calendar, count->node->grid, p);
        tally->end_ms = zw_period_end_ms(calendar, count->node->grid, p);
        tally->is_open = as_of_ms < tally->end_ms;
        tally->t_ms = tally->is_open ? as_of_ms : tally->end_ms - 1;
        tally->cell = tally->unknown = zw_cell_of(0);
        tally->has = count->has + i * count->wanted.count;
    }
    return ZW_OK;
}

static void free_tallies(struct count *count)
{
    for (zw_period p = count->span.lo; count->tallies != NULL && p <= count->span.hi; p++) {
        free(count->tallies[p - count->span.lo].bag.at);
        free(count->tallies[p - count->span.lo].texts.at);
    }
    free(count->tallies);
    free(count->has);
}

/* What the node asks for besides which items. */
static zw_status read_node(struct count *count, zw_err *err)
{
    const zw_eval *eval = count->ask.eval;
    const zw_node *node = count->node;
    zw_op op = node->op;
    if (op == ZW_OP_ITEM_HAS && node->filter_count > 0) {
        count->wanted = zw_item_filter_values(eval, &node->filters[0], count->ask.col->area);
    }
    if ((op == ZW_OP_ITEM_ADDED || op == ZW_OP_ITEM_LEFT) && node->text != NULL) {
        zw_stamp since;
        zw_status status = zw_stamp_parse(zw_text_of(node->text), &since, err);
        if (status != ZW_OK) {
            return status;
        }
        count->has_since = true;
        count->since_ms = zw_stamp_start_ms(zw_inside_calendar(eval, count->ask.col->area), &since);
    }
    return ZW_OK;
}

zw_status zw_compute_items(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                           zw_err *err)
{
    struct count count = {.node = node, .span = span};
    if (node->op == ZW_OP_ITEM_LATE) {
        return zw_items_late(eval, col, node, span, err);
    }
    zw_item_ask_init(&count.ask, eval, col, node->ref, err);
    zw_status status = read_node(&count, err);
    status = status == ZW_OK ? make_tallies(&count, err) : status;
    const zw_item_id *all = NULL;
    size_t item_count = zw_items_of(count.ask.items, count.ask.id, &all);
    if (status == ZW_OK && count.ask.only != ZW_ITEM_NONE) {
        walk_item(&count, count.ask.only);
    }
    for (size_t i = 0; status == ZW_OK && count.ask.only == ZW_ITEM_NONE && i < item_count; i++) {
        walk_item(&count, all[i]);
    }
    status = status == ZW_OK ? count.ask.status : status;
    if (status == ZW_OK) {
        write_cells(&count);
        status = count.ask.status;
    }
    free_tallies(&count);
    return status;
}
