/*
 * A tree as lines: what is written, at which area and period, and what it says; figures with where
 * they came from. A value that was shown already is not shown again, and of many inputs the first
 * and the last are.
 */
#include "indicator/explain.h"

#include "base/cut.h"
#include "intake/batch.h"

#include <stdlib.h>
#include <string.h>

enum {
    TEXT_BYTES = 16 * 1024 * 1024,
    LABEL_BYTES = 72,   /* of a formula */
    LINE_BYTES = 160,   /* of a delivered line */
    LABEL_COLUMNS = 64, /* values stand in one column, unless a label is longer */
    SHOWN_INPUTS = 6,   /* all of so many, else the first SHOWN_FIRST and the last */
    SHOWN_FIRST = 3,
    DEPTH_MOST = 60
};

static const char between = '\x1F'; /* stands in a raw line before its value */

/* A text under way. */
struct writing {
    const zw_tree *tree;
    const zw_pack *pack;
    zw_buf raw;
    zw_buf prefix;  /* of the lines at hand: "│ " and the like */
    bool *is_shown; /* by twig */
};

static const zw_node *node_of(const struct writing *to, const zw_twig *twig)
{
    return zw_pack_node(to->pack, twig->node);
}

/* A constant is read in the formula above it. */
static bool is_plain_number(const struct writing *to, const zw_twig *twig)
{
    return node_of(to, twig)->op == ZW_OP_NUMBER;
}

static void put_formula(const struct writing *to, zw_node_id node, zw_buf *out)
{
    zw_buf text;
    zw_buf_init(&text, TEXT_BYTES);
    zw_formula_text(to->pack, node, &text);
    size_t len = zw_cut_length(zw_buf_view(&text), text.len, LABEL_BYTES);
    zw_buf_append(out, zw_buf_view(&text), len);
    zw_buf_puts(out, len < text.len ? "…" : "");
    zw_buf_fini(&text);
}

static void put_period(const struct writing *to, const zw_twig *twig, zw_buf *out)
{
    char text[48];
    const zw_node *node = node_of(to, twig);
    if (node->has_grid) {
        zw_buf_printf(out, " %s",
                      zw_period_text(zw_pack_calendar(to->pack, twig->area), node->grid,
                                     twig->period, text, sizeof(text)));
    }
}

/* "dim=value dim=value". */
static void put_pairs(const char *dims, zw_buf *out)
{
    zw_dim dim;
    const char *space = "";
    for (const char *at = dims; zw_dims_next(&at, &dim); space = " ") {
        zw_buf_printf(out, "%s%.*s=%.*s", space, (int)dim.name.len, dim.name.at, (int)dim.value.len,
                      dim.value.at);
    }
}

/* True when the periods of what stands beside a twig are not all that of the one above. */
static bool is_mixed(const struct writing *to, const zw_twig *above)
{
    for (size_t i = 0; i < above->input_count; i++) {
        const zw_twig *input = &to->tree->twigs[to->tree->inputs[above->first_input + i]];
        if (!is_plain_number(to, input) && input->period != above->period) {
            return true;
        }
    }
    return false;
}

/* What the value is called. The value above it says where and when, as far as that is the same. */
static void put_label(const struct writing *to, const zw_twig *twig, const zw_twig *above,
                      zw_buf *out)
{
    const zw_node *node = node_of(to, twig);
    bool is_leaf = node->op == ZW_OP_MEASURE;
    const char *binding = zw_twig_binding(twig);
    put_formula(to, twig->node, out);
    if (zw_twig_is_named(to->tree, twig)) {
        zw_buf_puts(out, " = ");
        put_formula(to, node->kid[0], out);
    }
    if (above == NULL || is_leaf || above->area != twig->area) {
        zw_buf_printf(out, " %s", to->pack->areas[twig->area].title.name);
    }
    if (above == NULL || is_leaf || is_mixed(to, above) ||
        !zw_grid_same(node_of(to, above)->grid, node->grid)) {
        put_period(to, twig, out);
    }
    zw_buf_puts(out, binding[0] != '\0' ? " " : "");
    put_pairs(binding, out);
}

static void put_moment(const struct writing *to, uint32_t area, int64_t at_ms, zw_buf *out)
{
    char text[48];
    zw_moment_text(zw_pack_calendar(to->pack, area)->tz, at_ms, text, sizeof(text));
    zw_buf_printf(out, "%.10s", text); /* the day is enough; JSON has the moment */
}

static void put_value(const struct writing *to, const zw_twig *twig, const zw_twig *above,
                      zw_buf *out)
{
    zw_buf_putc(out, between);
    zw_eval_show(twig->eval, twig->node, twig->area, &twig->cell, out);
    if (zw_cell_stands(&twig->cell) && twig->cell.of > 1 && twig->cell.in == twig->cell.of) {
        zw_buf_printf(out, ", %u of %u in", twig->cell.in, twig->cell.of);
    }
    if (above != NULL && above->eval != twig->eval) {
        zw_buf_puts(out, ", as known ");
        put_moment(to, twig->area, zw_eval_as_of_ms(twig->eval), out);
    }
}

/* Where it was written, unless that is where the value above was. */
static void put_where(const struct writing *to, const zw_twig *twig, const zw_twig *above,
                      zw_buf *out)
{
    zw_buf here;
    zw_buf there;
    zw_buf_init(&here, TEXT_BYTES);
    zw_buf_init(&there, TEXT_BYTES);
    zw_tree_where(to->pack, twig->node, &here);
    if (above != NULL) {
        zw_tree_where(to->pack, above->node, &there);
    }
    if (here.len > 0 && strcmp(zw_buf_view(&here), zw_buf_view(&there)) != 0) {
        zw_buf_printf(out, "  %s", zw_buf_view(&here));
    }
    zw_buf_fini(&here);
    zw_buf_fini(&there);
}

/* --- figures --- */

static void put_figure_value(const struct writing *to, const zw_twig *twig,
                             const zw_tree_figure *figure, zw_buf *out)
{
    char text[160];
    if (figure->is_hidden) {
        zw_buf_puts(out, "hidden");
    } else if (figure->figure.status == ZW_OBS_MISSING) {
        zw_buf_puts(out, "withdrawn");
    } else {
        zw_buf_puts(
            out, zw_unit_show(figure->figure.value, &node_of(to, twig)->show, text, sizeof(text)));
    }
}

/* Which of the figures of its measure at its area it is; nothing of the total. */
static void put_dims(const zw_series *series, zw_buf *out)
{
    put_pairs(series->dims, out);
    if (series->scope[0] != '\0') {
        zw_buf_printf(out, "%sscope=%s", series->dims[0] != '\0' ? " " : "", series->scope);
    }
}

/* Where something came from: a line of a delivery, and when it was known. */
struct origin {
    int64_t batch, known_at_ms;
    uint32_t line;
};

/* "firms.csv:3 of delivery 1, known 2023-04-08". */
static void put_origin(const struct writing *to, uint32_t area, const struct origin *from,
                       zw_buf *out)
{
    const zw_store *store = zw_eval_world_of(to->tree->eval)->store;
    const zw_delivery *delivery = zw_store_delivery_by_id(store, from->batch);
    size_t before = out->len;
    if (delivery != NULL) {
        zw_buf_puts(out, delivery->name[0] != '\0' ? delivery->name : delivery->source);
    }
    if (from->line > 0) {
        zw_buf_printf(out, ":%u", from->line);
    }
    zw_buf_printf(out, "%sdelivery %lld, known ", out->len > before ? " of " : "",
                  (long long)from->batch);
    put_moment(to, area, from->known_at_ms, out);
    if (delivery != NULL && delivery->arrived_ms != from->known_at_ms) {
        zw_buf_puts(out, ", arrived ");
        put_moment(to, area, delivery->arrived_ms, out);
    }
}

/* The line itself, below where it is from. */
static void put_line(struct writing *to, const char *text, bool is_last)
{
    if (text != NULL) {
        size_t len = zw_cut_length(text, strlen(text), LINE_BYTES);
        zw_buf_printf(&to->raw, "%s%s   %.*s%s\n", zw_buf_view(&to->prefix), is_last ? " " : "│",
                      (int)len, text, text[len] != '\0' ? "…" : "");
    }
}

static void put_figure(struct writing *to, const zw_twig *twig, const zw_tree_figure *figure,
                       bool is_last)
{
    const zw_series_set *set = zw_store_series(zw_eval_world_of(to->tree->eval)->store);
    const zw_series *series = zw_series_view(set, figure->series);
    const char *note =
        zw_store_text_view(zw_eval_world_of(to->tree->eval)->store, figure->figure.note);
    struct origin from = {figure->figure.batch, figure->figure.known_at_ms, figure->figure.line};
    zw_buf_printf(&to->raw, "%s%s ", zw_buf_view(&to->prefix), is_last ? "└" : "├");
    if (series->dims[0] != '\0' || series->scope[0] != '\0') {
        put_dims(series, &to->raw);
        zw_buf_putc(&to->raw, between);
        put_figure_value(to, twig, figure, &to->raw);
        zw_buf_puts(&to->raw, "  ");
    }
    put_origin(to, twig->area, &from, &to->raw);
    if (note[0] != '\0' && !figure->is_hidden) {
        zw_buf_printf(&to->raw, ": %s", note);
    }
    zw_buf_putc(&to->raw, '\n');
    put_line(to, figure->text, is_last);
}

/* An item that counts: how it stands, and the newest row about it. */
static void put_item(struct writing *to, const zw_twig *twig, const zw_tree_item *item,
                     bool is_last)
{
    struct origin from = {item->row->batch, item->row->known_at_ms, item->row->line};
    bool is_elsewhere = item->area != ZW_NONE && item->area != twig->area;
    zw_buf_printf(&to->raw, "%s%s %s%s%s%s%s: ", zw_buf_view(&to->prefix), is_last ? "└" : "├",
                  item->name, item->state[0] != '\0' ? " " : "", item->state,
                  is_elsewhere ? " at " : "",
                  is_elsewhere ? to->pack->areas[item->area].title.name : "");
    put_origin(to, twig->area, &from, &to->raw);
    zw_buf_putc(&to->raw, '\n');
    put_line(to, item->text, is_last);
}

/* --- the tree --- */

static void put_twig(struct writing *to, const zw_twig *twig, const zw_twig *above, int depth);

/* The twig whose inputs are shown under this one: of a named formula the formula. */
static const zw_twig *body_of(struct writing *to, const zw_twig *twig)
{
    if (!zw_twig_is_named(to->tree, twig)) {
        return twig;
    }
    size_t number = to->tree->inputs[twig->first_input];
    to->is_shown[number] = true;
    return &to->tree->twigs[number];
}

static void put_more(struct writing *to, size_t count)
{
    if (count > 0) {
        zw_buf_printf(&to->raw, "%s├ … and %zu more\n", zw_buf_view(&to->prefix), count);
    }
}

/* What stands under a twig: inputs that are shown, by their place among its inputs. */
struct under {
    const zw_twig *body;
    size_t wanted; /* of them that are no constants */
};

static struct under under_of(struct writing *to, const zw_twig *twig)
{
    struct under under = {body_of(to, twig), 0};
    for (size_t i = 0; i < under.body->input_count; i++) {
        size_t number = to->tree->inputs[under.body->first_input + i];
        under.wanted += is_plain_number(to, &to->tree->twigs[number]) ? 0 : 1;
    }
    return under;
}

static void put_input(struct writing *to, const struct under *under, size_t number, bool is_last,
                      int depth)
{
    size_t before = to->prefix.len;
    zw_buf_printf(&to->raw, "%s%s ", zw_buf_view(&to->prefix), is_last ? "└" : "├");
    zw_buf_puts(&to->prefix, is_last ? "  " : "│ ");
    put_twig(to, &to->tree->twigs[number], under->body, depth + 1);
    to->prefix.len = before;
    if (to->prefix.data != NULL) {
        to->prefix.data[before] = '\0';
    }
}

static void put_inputs(struct writing *to, const struct under *under, int depth)
{
    const zw_twig *body = under->body;
    size_t left_out = body->inputs_in_all - body->input_count;
    bool is_many = under->wanted + left_out > SHOWN_INPUTS;
    size_t at = 0;
    for (size_t i = 0; i < body->input_count; i++) {
        size_t number = to->tree->inputs[body->first_input + i];
        if (is_plain_number(to, &to->tree->twigs[number])) {
            continue;
        }
        bool is_last = ++at == under->wanted;
        if (is_many && at == under->wanted) {
            put_more(to, under->wanted - SHOWN_FIRST - 1 + left_out);
        }
        if (!is_many || at <= SHOWN_FIRST || is_last) {
            put_input(to, under, number, is_last, depth);
        }
    }
}

/* @param is_all  nothing stands behind them. */
static void put_figures(struct writing *to, const zw_twig *twig, bool is_all)
{
    bool is_many = twig->figure_count > SHOWN_INPUTS;
    for (size_t i = 0; i < twig->figure_count; i++) {
        bool is_last = i + 1 == twig->figure_count;
        if (is_many && is_last) {
            put_more(to, twig->figure_count - SHOWN_FIRST - 1);
        }
        if (!is_many || i < SHOWN_FIRST || is_last) {
            put_figure(to, twig, &to->tree->figures[twig->first_figure + i], is_last && is_all);
        }
    }
}

static void put_items(struct writing *to, const zw_twig *twig, bool is_all)
{
    bool is_many = twig->items_in_all > SHOWN_INPUTS;
    for (size_t i = 0; i < twig->item_count; i++) {
        bool is_last = i + 1 == twig->item_count;
        if (is_many && is_last) {
            put_more(to, twig->items_in_all - SHOWN_FIRST - 1);
        }
        if (!is_many || i < SHOWN_FIRST || is_last) {
            put_item(to, twig, &to->tree->items[twig->first_item + i], is_last && is_all);
        }
    }
}

/* How the path of a target was declared. */
static void put_path(struct writing *to, const zw_twig *twig, bool is_all)
{
    const zw_node *node = node_of(to, twig);
    if (node->op == ZW_OP_TARGET_VALUE) {
        zw_buf_printf(&to->raw, "%s%s ", zw_buf_view(&to->prefix), is_all ? "└" : "├");
        zw_tree_path(to->pack, node->ref, twig->area, &to->raw);
        zw_buf_putc(&to->raw, '\n');
    }
}

/* Its line, behind what its prefix has written, and what stands under it. */
static void put_twig(struct writing *to, const zw_twig *twig, const zw_twig *above, int depth)
{
    size_t number = (size_t)(twig - to->tree->twigs);
    bool was_shown = to->is_shown[number];
    to->is_shown[number] = true;
    put_label(to, twig, above, &to->raw);
    put_value(to, twig, above, &to->raw);
    put_where(to, twig, above, &to->raw);
    if (was_shown && (twig->input_count + twig->figure_count + twig->item_count > 0)) {
        zw_buf_puts(&to->raw, "  (see above)");
    }
    zw_buf_putc(&to->raw, '\n');
    if (was_shown) {
        return;
    }
    struct under under = under_of(to, twig);
    if (depth == DEPTH_MOST && under.wanted > 0) {
        zw_buf_printf(&to->raw, "%s└ … deeper\n", zw_buf_view(&to->prefix));
        return;
    }
    put_path(to, under.body, under.wanted == 0);
    put_figures(to, under.body, under.wanted == 0);
    put_items(to, under.body, under.wanted == 0);
    put_inputs(to, &under, depth);
    if (under.body->is_cut) {
        zw_buf_printf(&to->raw, "%s… the tree has %d values: no more are shown\n",
                      zw_buf_view(&to->prefix), ZW_TREE_TWIGS_MOST);
    }
}

/* --- columns --- */

/* How wide a text stands: letters of East Asia take two columns. */
static size_t columns_of(const char *text, size_t len)
{
    size_t columns = 0;
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        bool is_wide = c >= 0xE3 && c < 0xF0 && c != 0xEF;
        columns += (c & 0xC0U) == 0x80U ? 0 : is_wide ? 2 : 1;
    }
    return columns;
}

/* The widest label, of those that are not too wide. */
static size_t label_columns(const char *raw)
{
    size_t widest = 0;
    for (const char *line = raw; *line != '\0';) {
        size_t len = strcspn(line, "\n");
        const char *value = memchr(line, between, len);
        size_t columns = value != NULL ? columns_of(line, (size_t)(value - line)) : 0;
        widest = columns > widest && columns <= LABEL_COLUMNS ? columns : widest;
        line += len + (line[len] == '\n' ? 1 : 0);
    }
    return widest;
}

static void put_aligned(const char *raw, zw_buf *out)
{
    size_t widest = label_columns(raw);
    for (const char *line = raw; *line != '\0';) {
        size_t len = strcspn(line, "\n");
        const char *value = memchr(line, between, len);
        size_t label = value != NULL ? (size_t)(value - line) : len;
        zw_buf_append(out, line, label);
        if (value != NULL) {
            size_t columns = columns_of(line, label);
            zw_buf_printf(out, "%*s", (int)(columns < widest ? widest - columns + 2 : 2), "");
            zw_buf_append(out, value + 1, len - label - 1);
        }
        zw_buf_putc(out, '\n');
        line += len + (line[len] == '\n' ? 1 : 0);
    }
}

void zw_tree_text(const zw_tree *tree, zw_buf *out)
{
    struct writing to = {.tree = tree, .pack = zw_eval_world_of(tree->eval)->pack};
    zw_buf_init(&to.raw, TEXT_BYTES);
    zw_buf_init(&to.prefix, TEXT_BYTES);
    to.is_shown = calloc(tree->count, sizeof(*to.is_shown));
    if (to.is_shown != NULL) {
        put_twig(&to, &tree->twigs[0], NULL, 0);
        put_aligned(zw_buf_view(&to.raw), out);
    }
    out->has_failed =
        out->has_failed || to.is_shown == NULL || to.raw.has_failed || to.prefix.has_failed;
    free(to.is_shown);
    zw_buf_fini(&to.raw);
    zw_buf_fini(&to.prefix);
}

void zw_tree_where(const zw_pack *pack, zw_node_id id, zw_buf *out)
{
    const zw_node *node = zw_pack_node(pack, id);
    zw_where where =
        node->op == ZW_OP_INDICATOR ? pack->indicators[node->ref].title.where : node->where;
    if (where.line == 0 || where.file >= pack->file_count) {
        return;
    }
    zw_buf_printf(out, "%s:%u", zw_pack_path_inside(pack, &pack->files[where.file]), where.line);
}

static void put_point(const zw_pack *pack, const zw_target *target, uint32_t area,
                      const zw_dated *point, zw_buf *out)
{
    char value[160];
    char when[48];
    zw_buf_printf(
        out, "%s at %s",
        zw_unit_show(point->value, &zw_pack_node(pack, target->expr)->show, value, sizeof(value)),
        zw_period_text(zw_pack_calendar(pack, area), point->when.grid, point->when.period, when,
                       sizeof(when)));
}

void zw_tree_path(const zw_pack *pack, uint32_t index, uint32_t area, zw_buf *out)
{
    const zw_target *target = &pack->targets[index];
    if (target->expr == ZW_NODE_NONE) {
        return;
    }
    zw_buf_puts(out, zw_path_text(target->path));
    if (target->has_from) {
        zw_buf_puts(out, " from ");
        put_point(pack, target, area, &target->from, out);
    }
    for (size_t i = 0; i < target->dated_count; i++) {
        zw_buf_puts(out, i == 0 ? " to " : ", ");
        put_point(pack, target, area, &target->dated[i], out);
    }
}
