/* Formulas as the language writes them, for explanations and messages. */
#include "plan/pack.h"

#include "base/cut.h"

#include <stdlib.h>
#include <string.h>

/* A formula that holds the same part many times has no end as text: this much is told of it. */
enum { SHOWN_BYTES = 8 * 1024, SECOND_MS = 1000, MINUTE_MS = 60 * 1000, HOUR_MS = 60 * 60 * 1000 };

/* A text under way. */
struct writing {
    const zw_pack *pack;
    zw_buf *out;
    size_t end; /* of out->len: what goes further is cut */
    const char
        *by; /* where `:by` stands at each value that is grouped, since others are not; NULL */
};

static void write_node(const struct writing *to, zw_node_id id);

/* True when nothing more is to be written. */
static bool is_over(const struct writing *to)
{
    return to->out->len > to->end || to->out->has_failed;
}

static void write_values(const zw_filter *filter, zw_buf *out)
{
    bool is_list = filter->value_count > 1;
    zw_buf_puts(out, is_list ? "{ " : "");
    for (size_t v = 0; v < filter->value_count; v++) {
        zw_buf_printf(out, "%s\"%s\"", v > 0 ? ", " : "", filter->values[v]);
    }
    zw_buf_puts(out, is_list ? " }" : "");
}

static void write_filters(const zw_node *node, zw_buf *out)
{
    for (size_t i = 0; i < node->filter_count; i++) {
        const zw_filter *filter = &node->filters[i];
        if (filter == zw_formula_scope(node)) {
            bool is_picked = filter->value_count > 0;
            zw_buf_printf(out, is_picked ? ":scope \"%s\"" : ":any_scope()%s",
                          is_picked ? filter->values[0] : "");
            continue;
        }
        zw_buf_printf(out, ":%s { %s = ", filter->is_except ? "except" : "where", filter->dim);
        if (filter->attr != NULL) {
            zw_buf_printf(out, "attr \"%s\"", filter->attr);
        } else {
            write_values(filter, out);
        }
        zw_buf_puts(out, " }");
    }
}

static const char *how_text(zw_how how)
{
    static const char *const texts[] = {[ZW_HOW_KIND] = "",
                                        [ZW_HOW_SUM] = "sum",
                                        [ZW_HOW_MEAN] = "mean",
                                        [ZW_HOW_MAX] = "max",
                                        [ZW_HOW_MIN] = "min",
                                        [ZW_HOW_COUNT] = "count",
                                        [ZW_HOW_LAST] = "last",
                                        [ZW_HOW_FIRST] = "first",
                                        [ZW_HOW_MEDIAN] = "median",
                                        [ZW_HOW_STDDEV] = "stddev",
                                        [ZW_HOW_QUANTILE] = "quantile",
                                        [ZW_HOW_SLOPE] = "slope",
                                        [ZW_HOW_ALL] = "all",
                                        [ZW_HOW_ANY] = "any",
                                        [ZW_HOW_SPREAD] = "spread",
                                        [ZW_HOW_SIMILARITY] = "similarity"};
    return texts[how];
}

/* An indicator's declared formula has its name; regridded or narrowed it is the formula that says
 * what it is. */
static zw_node_id under_name(const zw_pack *pack, zw_node_id id)
{
    const zw_node *node = zw_pack_node(pack, id);
    while (node->op == ZW_OP_INDICATOR && node->kid[0] != pack->indicators[node->ref].formula) {
        id = node->kid[0];
        node = zw_pack_node(pack, id);
    }
    return id;
}

static void write_by(const struct writing *to, const char *dim)
{
    zw_buf_printf(to->out, ":by \"%s\"", dim);
}

static void write_leaf(const struct writing *to, const zw_node *node)
{
    char number[40];
    switch (node->op) {
    case ZW_OP_NUMBER:
        zw_buf_puts(to->out, zw_text_of_number(node->number, number, sizeof(number)));
        break;
    case ZW_OP_ATTR:
        zw_buf_printf(to->out, "attr \"%s\"", node->text);
        break;
    case ZW_OP_MEASURE:
        zw_buf_puts(to->out, to->pack->measures[node->ref].title.name);
        write_filters(node, to->out);
        break;
    case ZW_OP_ITEMS:
        zw_buf_puts(to->out, to->pack->registers[node->ref].title.name);
        write_filters(node, to->out);
        break;
    case ZW_OP_INDICATOR:
        zw_buf_puts(to->out, to->pack->indicators[node->ref].title.name);
        break;
    default:
        zw_buf_puts(to->out, "function");
        break;
    }
    if (to->by != NULL && (node->op == ZW_OP_MEASURE || node->op == ZW_OP_INDICATOR)) {
        write_by(to, to->by);
    }
}

static bool is_operator(zw_op op)
{
    return (op >= ZW_OP_ADD && op <= ZW_OP_NEG) || (op >= ZW_OP_AND && op <= ZW_OP_NOT);
}

/* A kid of an operator or a method stands in brackets when it is an operator itself. */
static void write_operand(const struct writing *to, zw_node_id id)
{
    bool has_brackets = is_operator(zw_pack_node(to->pack, under_name(to->pack, id))->op);
    zw_buf_puts(to->out, has_brackets ? "(" : "");
    write_node(to, id);
    zw_buf_puts(to->out, has_brackets ? ")" : "");
}

static void write_operator(const struct writing *to, const zw_node *node)
{
    if (node->kid_count == 1) {
        zw_buf_puts(to->out, zw_op_text(node->op));
        write_operand(to, node->kid[0]);
        return;
    }
    write_operand(to, node->kid[0]);
    zw_buf_printf(to->out, " %s ", zw_op_text(node->op));
    write_operand(to, node->kid[1]);
}

static void write_function(const struct writing *to, const zw_node *node)
{
    zw_buf_printf(to->out, "%s(", zw_op_text(node->op));
    for (unsigned slot = 0; slot < node->kid_count; slot++) {
        zw_buf_puts(to->out, slot > 0 ? ", " : "");
        write_node(to, node->kid[slot]);
    }
    if (node->op == ZW_OP_ROUND) {
        zw_buf_printf(to->out, ", %d", node->count);
    }
    zw_buf_puts(to->out, ")");
}

/* A length as the language writes it: "30d", "3 months", "1 year". */
static void write_length(const zw_length *length, zw_buf *out)
{
    long long ms = (long long)length->ms;
    if (length->months != 0) {
        bool is_years = length->months % 12 == 0;
        int count = is_years ? length->months / 12 : length->months;
        zw_buf_printf(out, "%d %s%s", count, is_years ? "year" : "month", count == 1 ? "" : "s");
    } else if (length->days != 0) {
        zw_buf_printf(out, "%dd", length->days);
    } else if (length->workdays != 0) {
        zw_buf_printf(out, "%dwd", length->workdays);
    } else if (ms % HOUR_MS == 0) {
        zw_buf_printf(out, "%lldh", ms / HOUR_MS);
    } else if (ms % MINUTE_MS == 0) {
        zw_buf_printf(out, "%lldm", ms / MINUTE_MS);
    } else {
        zw_buf_printf(out, "%llds", ms / SECOND_MS);
    }
}

/* A truth at each of several areas: all(truth, { a, b }). */
static void write_truth_at_areas(const struct writing *to, const zw_node *node)
{
    zw_buf_printf(to->out, "%s(", how_text(node->how));
    write_node(to, node->kid[0]);
    for (size_t i = 0; i < node->area_count; i++) {
        zw_buf_printf(to->out, "%s%s", i == 0 ? ", { " : ", ",
                      to->pack->areas[node->areas[i]].title.name);
    }
    zw_buf_puts(to->out, " })");
}

/* True when something under a node is the same for every group of a dimension. Without memory to
 * look, false. */
static bool has_whole(const zw_pack *pack, zw_node_id id, const char *dim)
{
    bool *is_under = calloc((size_t)id + 1, sizeof(*is_under));
    bool has = false;
    for (zw_node_id n = id + 1; is_under != NULL && !has && n-- > 0;) {
        const zw_node *node = zw_pack_node(pack, n);
        is_under[n] = is_under[n] || n == id;
        has = is_under[n] && node->op == ZW_OP_WHOLE && strcmp(node->text, dim) == 0;
        for (unsigned slot = 0; is_under[n] && slot < node->kid_count; slot++) {
            is_under[node->kid[slot]] = true;
        }
    }
    free(is_under);
    return has;
}

/* `x:by "dim":sum()`; with a side that is not grouped, `:by` stands where the groups are. */
static void write_groups(const struct writing *to, const zw_node *node)
{
    struct writing inside = *to;
    if (has_whole(to->pack, node->kid[0], node->text)) {
        inside.by = node->text;
        write_operand(&inside, node->kid[0]);
    } else {
        write_operand(to, node->kid[0]);
        write_by(to, node->text);
    }
    zw_buf_printf(to->out, ":%s()", how_text(node->how));
}

static void write_whole(const struct writing *to, const zw_node *node)
{
    struct writing outside = *to;
    outside.by = NULL;
    write_operand(&outside, node->kid[0]);
}

static void write_elsewhere(const struct writing *to, const char *method, const zw_node *node)
{
    if (node->text != NULL) {
        zw_buf_printf(to->out, ":%s \"%s\"", method, node->text);
    } else {
        zw_buf_printf(to->out, ":%s(%s)", method, to->pack->areas[node->ref].title.name);
    }
}

/* The increase or rate over a window of a counter's steps. */
static bool is_of_steps(const zw_pack *pack, const zw_node *node)
{
    bool is_window =
        node->op == ZW_OP_RATE || (node->op == ZW_OP_ROLLING && node->how == ZW_HOW_SUM);
    return is_window && zw_pack_node(pack, node->kid[0])->op == ZW_OP_STEP;
}

/* Years, halves and quarters are written without a calendar; so are days. */
static void write_since(const zw_node *node, zw_buf *out)
{
    char text[48];
    const zw_calendar any = {.reporting_month = 1};
    zw_buf_printf(out, ":since \"%s\"",
                  zw_period_text(&any, node->from.grid, node->from.period, text, sizeof(text)));
}

/* What looks along time and needs words of its own. @return false when it does not. */
static bool write_along(const struct writing *to, const zw_node *node)
{
    char number[40];
    switch (node->op) {
    case ZW_OP_STEP:
        zw_buf_puts(to->out, ":increase(1)");
        return true;
    case ZW_OP_SINCE:
        write_since(node, to->out);
        return true;
    case ZW_OP_FLAT:
        zw_buf_printf(to->out, ":flat(%d, %s)", node->count,
                      zw_text_of_number(node->number, number, sizeof(number)));
        return true;
    default:
        if (node->op == ZW_OP_ROLLING && is_of_steps(to->pack, node)) {
            zw_buf_printf(to->out, ":increase(%d)", node->count);
            return true;
        }
        return false;
    }
}

/* What stands behind the kid and needs words of its own. @return false when it does not. */
static bool write_worded(const struct writing *to, const zw_node *node)
{
    char name[24];
    char number[40];
    switch (node->op) {
    case ZW_OP_REGRID:
        zw_buf_printf(to->out, ":%s", zw_grid_name(node->grid, name, sizeof(name)));
        zw_buf_printf(to->out, node->how != ZW_HOW_KIND ? "(\"%s\")" : "(%s)", how_text(node->how));
        return true;
    case ZW_OP_ROLLING:
        zw_buf_printf(to->out, ":rolling(%d):%s(", node->count, how_text(node->how));
        if (node->how == ZW_HOW_QUANTILE) {
            zw_buf_puts(to->out, zw_text_of_number(node->number, number, sizeof(number)));
        }
        zw_buf_puts(to->out, ")");
        return true;
    case ZW_OP_PARTS:
        if (node->how == ZW_HOW_SIMILARITY) {
            write_by(to, node->text);
        }
        zw_buf_printf(to->out, ":areas(%s):%s()", node->area_count > 0 ? "…" : "",
                      how_text(node->how));
        return true;
    case ZW_OP_SHARE: {
        const zw_node *whole = zw_pack_node(to->pack, node->kid[1]);
        if (whole->op == ZW_OP_OF) {
            write_elsewhere(to, "share_of", whole);
            return true;
        }
        zw_buf_puts(to->out, ":share()");
        return true;
    }
    case ZW_OP_OF:
        write_elsewhere(to, "of", node);
        return true;
    case ZW_OP_OR_ELSE: {
        bool is_number = zw_pack_node(to->pack, node->kid[1])->op == ZW_OP_NUMBER;
        zw_buf_puts(to->out, is_number ? ":fill(" : ":or_else(");
        write_node(to, node->kid[1]);
        zw_buf_puts(to->out, ")");
        return true;
    }
    case ZW_OP_IS:
        zw_buf_puts(to->out, ":equals ");
        write_values(&node->filters[0], to->out);
        return true;
    case ZW_OP_FILL_LAST:
        zw_buf_puts(to->out, ":fill \"last\"");
        return true;
    case ZW_OP_VINTAGE:
        zw_buf_printf(to->out, ":vintage \"%s\"", node->how == ZW_HOW_FIRST ? "first" : "previous");
        return true;
    default:
        return false;
    }
}

/* What stands behind the kid: ":lag(4)", ":year()", ":over(0.05)", `:late "30d"`. */
static void write_method(const struct writing *to, const zw_node *node)
{
    if (write_along(to, node) || write_worded(to, node)) {
        return;
    }
    zw_buf_puts(to->out, zw_op_text(node->op));
    if (node->has_length) {
        zw_buf_puts(to->out, " \"");
        write_length(&node->length, to->out);
        zw_buf_puts(to->out, "\"");
        return;
    }
    zw_buf_puts(to->out, "(");
    for (unsigned slot = 1; slot < node->kid_count; slot++) {
        zw_buf_puts(to->out, slot > 1 ? ", " : "");
        write_node(to, node->kid[slot]);
    }
    if (node->count > 0 || node->op == ZW_OP_LAG) {
        zw_buf_printf(to->out, "%d", node->count);
    }
    zw_buf_puts(to->out, ")");
}

static void write_target(const struct writing *to, const zw_node *node)
{
    zw_buf_printf(to->out, "%s%s(", to->pack->targets[node->ref].title.name, zw_op_text(node->op));
    bool is_first = true;
    for (int v = 0; node->op == ZW_OP_VERDICT && v < ZW_VERDICT_COUNT; v++) {
        if ((node->verdicts >> v & 1U) != 0) {
            zw_buf_printf(to->out, "%s\"%s\"", is_first ? "" : ", ",
                          zw_verdict_text((zw_verdict)v));
            is_first = false;
        }
    }
    if (node->op == ZW_OP_TARGET_PROJECTED && node->how != ZW_HOW_KIND) {
        zw_buf_puts(to->out, node->how == ZW_HOW_MIN ? "\"low\"" : "\"high\"");
    }
    zw_buf_puts(to->out, ")");
}

/* The items that an operation speaks of: the left-most are the register's, each truth beside them
 * was a `:where(…)`. */
static void write_selection(const struct writing *to, zw_node_id id)
{
    const zw_node *node = zw_pack_node(to->pack, id);
    if (node->op != ZW_OP_AND) {
        write_node(to, id);
        return;
    }
    write_selection(to, node->kid[0]);
    zw_buf_puts(to->out, ":where(");
    write_node(to, node->kid[1]);
    zw_buf_puts(to->out, ")");
}

static void write_states(const struct writing *to, const zw_node *node)
{
    const zw_register *reg = &to->pack->registers[node->ref];
    const char *between = "";
    for (size_t s = 0; s < reg->state_count; s++) {
        if ((node->states >> s & 1U) != 0) {
            zw_buf_printf(to->out, "%s\"%s\"", between, reg->states[s]);
            between = ", ";
        }
        if (node->op == ZW_OP_ITEM_REACHED && between[0] != '\0') {
            return; /* it and what lies behind it */
        }
    }
}

/* What stands in an operation's brackets. */
static void write_item_parts(const struct writing *to, const zw_node *node)
{
    if (node->op == ZW_OP_ITEM_DAYS) {
        zw_buf_printf(to->out, "\"%s\", ", to->pack->registers[node->ref].states[node->count]);
    }
    if (node->states != 0) {
        write_states(to, node);
    }
    bool is_since = node->op == ZW_OP_ITEM_ADDED || node->op == ZW_OP_ITEM_LEFT;
    if (node->text != NULL) {
        zw_buf_printf(to->out, is_since ? "{ since = \"%s\" }" : "\"%s\"", node->text);
    }
    if (node->filter_count > 0) {
        zw_buf_puts(to->out, ", ");
        write_values(&node->filters[0], to->out);
    }
    if (node->has_length) {
        zw_buf_puts(to->out, "\"");
        write_length(&node->length, to->out);
        zw_buf_puts(to->out, "\"");
    }
}

static void write_items(const struct writing *to, const zw_node *node)
{
    char number[40];
    write_selection(to, node->kid[0]);
    bool is_sum = node->op == ZW_OP_ITEM_VALUES && node->how == ZW_HOW_SUM;
    zw_buf_printf(to->out, "%s(", is_sum ? ":sum" : zw_op_text(node->op));
    write_item_parts(to, node);
    zw_buf_puts(to->out, ")");
    if (node->op == ZW_OP_ITEM_DAYS || (node->op == ZW_OP_ITEM_VALUES && !is_sum)) {
        bool has_share = node->how == ZW_HOW_QUANTILE;
        zw_buf_printf(to->out, ":%s(%s)", how_text(node->how),
                      has_share ? zw_text_of_number(node->number, number, sizeof(number)) : "");
    }
}

/* What a method stands behind: a window of steps behind the counter itself. */
static zw_node_id before_method(const zw_pack *pack, const zw_node *node)
{
    zw_node_id kid = node->kid[0];
    return is_of_steps(pack, node) ? zw_pack_node(pack, kid)->kid[0] : kid;
}

/* Of a rule or an alert. */
static bool is_state(zw_op op)
{
    return op == ZW_OP_BROKEN || op == ZW_OP_FIRING;
}

static void write_state(const struct writing *to, const zw_node *node)
{
    if (node->op == ZW_OP_BROKEN) {
        zw_buf_printf(to->out, "%s:broken()", to->pack->rules[node->ref].title.name);
        return;
    }
    zw_buf_printf(to->out, "%s:firing", to->pack->alerts[node->ref].title.name);
    if (node->count == ZW_INFO) {
        zw_buf_puts(to->out, "()");
    } else {
        zw_buf_printf(to->out, " \"%s\"", zw_severity_text((zw_severity)node->count));
    }
}

static void write_node(const struct writing *to, zw_node_id id)
{
    const zw_node *node = zw_pack_node(to->pack, under_name(to->pack, id));
    zw_op op = node->op;
    if (is_over(to)) {
        return;
    }
    if (node->kid_count == 0 || op == ZW_OP_INDICATOR) {
        write_leaf(to, node);
    } else if (op == ZW_OP_GROUPS) {
        write_groups(to, node);
    } else if (op == ZW_OP_WHOLE) {
        write_whole(to, node);
    } else if (op == ZW_OP_PARTS && node->area_count > 0 &&
               zw_pack_node(to->pack, node->kid[0])->type == ZW_TYPE_TRUTH) {
        write_truth_at_areas(to, node);
    } else if (zw_op_is_item(op)) {
        write_items(to, node);
    } else if (is_operator(op)) {
        write_operator(to, node);
    } else if (op >= ZW_OP_MIN && op <= ZW_OP_WHEN) {
        write_function(to, node);
    } else if (op >= ZW_OP_VERDICT && op <= ZW_OP_TARGET_PROJECTED) {
        write_target(to, node);
    } else if (is_state(op)) {
        write_state(to, node);
    } else {
        write_operand(to, before_method(to->pack, node));
        write_method(to, node);
    }
}

void zw_formula_text(const zw_pack *pack, zw_node_id node, zw_buf *out)
{
    struct writing to = {.pack = pack, .out = out, .end = out->len + SHOWN_BYTES};
    write_node(&to, node);
    if (out->len > to.end) {
        out->len = zw_cut_length(out->data, out->len, to.end);
        out->data[out->len] = '\0';
        zw_buf_puts(out, "…");
    }
}
