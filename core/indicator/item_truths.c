/* Truths about one item: at a moment, from how it stands then. What lies ahead of an open period's
 * moment says until when a truth stands. */
#include "indicator/item_view.h"

#include <string.h>

const char *zw_item_says(const zw_item_view *view, const char *field)
{
    return strcmp(field, "state") == 0 ? view->standing->state
                                       : zw_item_field_of(view->standing, field);
}

bool zw_item_number(const zw_item_ask *ask, const zw_item_view *view, const char *field,
                    double *out)
{
    const zw_register_field *said = zw_register_field_of(ask->reg, zw_text_of(field), NULL);
    const char *text = zw_item_says(view, field);
    double number = 0;
    if (said == NULL || text[0] == '\0' || !zw_text_number(zw_text_of(text), &number)) {
        return false;
    }
    *out = zw_unit_without_scale(number, &said->unit);
    return true;
}

zw_texts zw_item_filter_values(const zw_eval *eval, const zw_filter *filter, uint32_t area)
{
    if (filter->attr == NULL) {
        return (zw_texts){filter->values, filter->value_count};
    }
    const zw_attr *attr =
        area != ZW_NONE ? zw_pack_attr(eval->world.pack, area, filter->attr) : NULL;
    return attr == NULL || attr->is_number ? (zw_texts){NULL, 0} : attr->texts;
}

static bool is_same_number(const char *a, const char *b)
{
    double x = 0;
    double y = 0;
    return zw_text_number(zw_text_of(a), &x) && zw_text_number(zw_text_of(b), &y) && x == y;
}

bool zw_item_is_among(const zw_register *reg, const char *field, const char *text, zw_texts values)
{
    const zw_register_field *said = zw_register_field_of(reg, zw_text_of(field), NULL);
    bool is_number = said != NULL && said->is == ZW_REGISTER_NUMBER;
    for (size_t i = 0; i < values.count; i++) {
        if (strcmp(text, values.at[i]) == 0 || (is_number && is_same_number(text, values.at[i]))) {
            return true;
        }
    }
    return false;
}

/* The value that `:by` fixed for a field, as a text of the binding; false when it fixed none. */
static bool is_in_group(const zw_item_ask *ask, const zw_item_view *view)
{
    const char *at = zw_pool_text(ask->eval->bindings, ask->col->binding);
    zw_dim dim;
    while (zw_dims_next(&at, &dim)) {
        char field[ZW_UNIT_WORD_BYTES];
        if (dim.name.len > 0 && dim.name.len < sizeof field) {
            memcpy(field, dim.name.at, dim.name.len);
            field[dim.name.len] = '\0';
            bool is_field = strcmp(field, "state") == 0 ||
                            zw_register_field_of(ask->reg, zw_text_of(field), NULL) != NULL;
            if (is_field && !zw_text_is(dim.value, zw_item_says(view, field))) {
                return false;
            }
        }
    }
    return true;
}

static bool is_selected(const zw_item_ask *ask, const zw_node *node, const zw_item_view *view)
{
    for (size_t i = 0; i < node->filter_count; i++) {
        const zw_filter *filter = &node->filters[i];
        zw_texts values = zw_item_filter_values(ask->eval, filter, view->area);
        bool is_among =
            zw_item_is_among(ask->reg, filter->dim, zw_item_says(view, filter->dim), values);
        if (is_among == filter->is_except) {
            return false;
        }
    }
    return is_in_group(ask, view);
}

/* A cell that says what the item's rows bring with them. */
static zw_cell cell_of(const zw_item_view *view, bool holds)
{
    zw_cell cell = zw_cell_of(holds ? 1 : 0);
    cell.known_at_ms = view->standing->known_at_ms;
    cell.marks = view->standing->is_synthetic ? ZW_MARK_SYNTHETIC : 0;
    return cell;
}

/* A truth that turns at `at_ms`: true from then on, or until then. */
static zw_cell turning(const zw_item_view *view, bool holds, int64_t at_ms)
{
    zw_cell cell = cell_of(view, holds);
    if (view->is_open && at_ms > view->t_ms) {
        cell.until_ms = at_ms;
    }
    return cell;
}

static zw_cell holds_from(const zw_item_view *view, int64_t from_ms)
{
    return turning(view, from_ms <= view->t_ms, from_ms);
}

static const zw_calendar *calendar_of(const zw_item_ask *ask, const zw_item_view *view)
{
    return zw_inside_calendar(ask->eval, view->area != ZW_NONE ? view->area : ask->col->area);
}

/* The first and the one moment behind the last of the day that the deadline names; false without
 * one. */
static bool deadline_of(const zw_item_ask *ask, const zw_item_view *view, int64_t *start_ms,
                        int64_t *end_ms)
{
    zw_stamp stamp;
    zw_err ignored;
    const char *text = zw_item_says(view, ask->reg->deadline);
    if (text[0] == '\0' || zw_stamp_parse(zw_text_of(text), &stamp, &ignored) != ZW_OK) {
        return false;
    }
    *start_ms = zw_stamp_start_ms(calendar_of(ask, view), &stamp);
    *end_ms = zw_stamp_last_ms(calendar_of(ask, view), &stamp) + 1;
    return true;
}

static zw_cell is_overdue(const zw_item_ask *ask, const zw_item_view *view)
{
    int64_t start_ms = 0;
    int64_t end_ms = 0;
    if (view->done_ms != ZW_NEVER_MS || !deadline_of(ask, view, &start_ms, &end_ms)) {
        return cell_of(view, false);
    }
    return holds_from(view, end_ms);
}

static zw_cell is_due_within(const zw_item_ask *ask, const zw_node *node, const zw_item_view *view)
{
    int64_t start_ms = 0;
    int64_t end_ms = 0;
    if (view->done_ms != ZW_NEVER_MS || !deadline_of(ask, view, &start_ms, &end_ms)) {
        return cell_of(view, false);
    }
    /* Days are counted from day to day; hours up to the end of the last one. */
    int64_t to_ms = node->length.ms != 0 ? end_ms : start_ms;
    int64_t from_ms = zw_length_before(calendar_of(ask, view), to_ms, node->length);
    if (view->t_ms < from_ms) {
        return turning(view, false, from_ms);
    }
    return turning(view, view->t_ms < end_ms, end_ms);
}

static zw_cell is_on_time(const zw_item_ask *ask, const zw_item_view *view)
{
    int64_t start_ms = 0;
    int64_t end_ms = 0;
    if (!deadline_of(ask, view, &start_ms, &end_ms)) {
        return cell_of(view, true);
    }
    if (view->done_ms != ZW_NEVER_MS) {
        return cell_of(view, view->done_ms < end_ms);
    }
    return turning(view, view->t_ms < end_ms, end_ms);
}

static bool has_reached(const zw_node *node, const zw_item_view *view)
{
    for (size_t s = 0; s < ZW_REGISTER_STATES_MOST; s++) {
        if ((node->states >> s & 1U) != 0 && view->entered_ms[s] != ZW_NEVER_MS) {
            return true;
        }
    }
    return false;
}

static bool is_in_state(const zw_item_ask *ask, const zw_node *node, const zw_item_view *view)
{
    int state = zw_register_state_of(ask->reg, zw_text_of(view->standing->state), NULL);
    return state >= 0 && (node->states >> state & 1U) != 0;
}

/* Every value asked for is the item's; none asked for: it says something. */
static bool has(const zw_item_ask *ask, const zw_node *node, const zw_item_view *view)
{
    const char *text = zw_item_says(view, node->text);
    if (node->filter_count == 0) {
        return text[0] != '\0';
    }
    zw_texts values = zw_item_filter_values(ask->eval, &node->filters[0], view->area);
    for (size_t i = 0; i < values.count; i++) {
        if (!zw_item_is_among(ask->reg, node->text, text, (zw_texts){&values.at[i], 1})) {
            return false;
        }
    }
    return values.count > 0;
}

static zw_cell tested(const zw_item_ask *ask, const zw_node *node, const zw_item_view *view)
{
    const zw_item_standing *standing = view->standing;
    const zw_calendar *calendar = calendar_of(ask, view);
    switch (node->op) {
    case ZW_OP_ITEM_HAS:
        return cell_of(view, has(ask, node, view));
    case ZW_OP_ITEM_OVERDUE:
        return is_overdue(ask, view);
    case ZW_OP_ITEM_DUE_WITHIN:
        return is_due_within(ask, node, view);
    case ZW_OP_ITEM_IN_STATE:
        return cell_of(view, is_in_state(ask, node, view));
    case ZW_OP_ITEM_REACHED:
        return cell_of(view, has_reached(node, view));
    case ZW_OP_ITEM_STUCK:
        return holds_from(view, zw_length_after(calendar, standing->since_ms, node->length));
    case ZW_OP_ITEM_SILENT:
        return holds_from(view, zw_length_after(calendar, standing->last_ms, node->length));
    default: /* ZW_OP_ITEM_ON_TIME */
        return is_on_time(ask, view);
    }
}

/* Three-valued: a false decides an and, a true an or. */
static zw_cell joined(zw_op op, const zw_cell *x, const zw_cell *y)
{
    bool decides = op == ZW_OP_OR;
    zw_cell out = zw_cell_of(decides ? 0 : 1);
    bool is_decided = (zw_cell_stands(x) && (x->value != 0) == decides) ||
                      (zw_cell_stands(y) && (y->value != 0) == decides);
    if (!is_decided) {
        zw_cell_need(&out, x);
        zw_cell_need(&out, y);
        return out;
    }
    zw_cell_inherit(&out, x);
    zw_cell_inherit(&out, y);
    out.value = decides ? 1 : 0;
    return out;
}

/* True when something under the node speaks of the register. */
static bool speaks_of(const zw_item_ask *ask, zw_node_id id)
{
    const zw_reads *reads = zw_inside_reads(ask->eval, id);
    if (reads == NULL || reads->has_call) {
        return true;
    }
    for (size_t i = 0; i < reads->register_count; i++) {
        if (reads->registers[i] == ask->ref) {
            return true;
        }
    }
    return false;
}

/* Anything else, read where the item stands; what it asks of this register speaks of the item. */
static zw_cell read_there(zw_item_ask *ask, zw_node_id id, const zw_item_view *view)
{
    zw_cell cell = zw_cell_missing(ZW_REASON_NO_FIGURE);
    uint32_t area = view->area != ZW_NONE ? view->area : ask->col->area;
    uint32_t binding = speaks_of(ask, id) ? zw_item_bind(ask->eval, ask->ref, view->item) : 0;
    zw_slice slice;
    if (ask->status == ZW_OK && binding == ZW_POOL_NONE) {
        ask->status = zw_err_nomem(ask->err);
    }
    if (ask->status == ZW_OK) {
        ask->status = zw_inside_read(ask->eval, ask->col, 0, id, area, binding,
                                     (zw_span){view->period, view->period}, &slice, ask->err);
    }
    return ask->status == ZW_OK ? *zw_slice_at(&slice, view->period) : cell;
}

zw_cell zw_item_judge(zw_item_ask *ask, zw_node_id id, /* NOLINT(misc-no-recursion) */
                      const zw_item_view *view)
{
    const zw_node node = *zw_pack_node(ask->eval->world.pack, id);
    if (node.op == ZW_OP_AND || node.op == ZW_OP_OR) {
        zw_cell x = zw_item_judge(ask, node.kid[0], view);
        zw_cell y = zw_item_judge(ask, node.kid[1], view);
        return joined(node.op, &x, &y);
    }
    if (node.op == ZW_OP_NOT) {
        zw_cell x = zw_item_judge(ask, node.kid[0], view);
        x.value = x.value != 0 ? 0 : 1;
        return x;
    }
    bool is_own = zw_op_is_item(node.op) && node.ref == ask->ref && node.type == ZW_TYPE_TRUTH;
    if (!is_own) {
        return read_there(ask, id, view);
    }
    if (node.op == ZW_OP_ITEMS) {
        return cell_of(view, is_selected(ask, &node, view));
    }
    zw_cell selected = zw_item_judge(ask, node.kid[0], view);
    zw_cell holds = tested(ask, &node, view);
    return joined(ZW_OP_AND, &selected, &holds);
}
