/* Formulas as the language writes them, for explanations and messages. */
#include "plan/pack.h"

#include <string.h>

static void write_node(const zw_pack *pack, zw_node_id id, zw_buf *out);

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
    static const char *const texts[] = {
        [ZW_HOW_KIND] = "",    [ZW_HOW_SUM] = "sum", [ZW_HOW_MEAN] = "mean",
        [ZW_HOW_MAX] = "max",  [ZW_HOW_MIN] = "min", [ZW_HOW_COUNT] = "count",
        [ZW_HOW_LAST] = "last"};
    return texts[how];
}

static void write_leaf(const zw_pack *pack, const zw_node *node, zw_buf *out)
{
    char number[40];
    switch (node->op) {
    case ZW_OP_NUMBER:
        zw_buf_puts(out, zw_text_of_number(node->number, number, sizeof(number)));
        break;
    case ZW_OP_ATTR:
        zw_buf_printf(out, "attr \"%s\"", node->text);
        break;
    case ZW_OP_MEASURE:
        zw_buf_puts(out, pack->measures[node->ref].title.name);
        write_filters(node, out);
        break;
    case ZW_OP_INDICATOR:
        zw_buf_puts(out, pack->indicators[node->ref].title.name);
        break;
    default:
        zw_buf_puts(out, "function");
        break;
    }
}

/* A kid of an operator stands in brackets when it is one itself. */
static void write_operand(const zw_pack *pack, zw_node_id id, zw_buf *out)
{
    zw_op op = zw_pack_node(pack, id)->op;
    bool is_operator = (op >= ZW_OP_ADD && op <= ZW_OP_NEG) || (op >= ZW_OP_AND && op <= ZW_OP_NOT);
    zw_buf_puts(out, is_operator ? "(" : "");
    write_node(pack, id, out);
    zw_buf_puts(out, is_operator ? ")" : "");
}

static void write_operator(const zw_pack *pack, const zw_node *node, zw_buf *out)
{
    if (node->kid_count == 1) {
        zw_buf_puts(out, zw_op_text(node->op));
        write_operand(pack, node->kid[0], out);
        return;
    }
    write_operand(pack, node->kid[0], out);
    zw_buf_printf(out, " %s ", zw_op_text(node->op));
    write_operand(pack, node->kid[1], out);
}

static void write_function(const zw_pack *pack, const zw_node *node, zw_buf *out)
{
    zw_buf_printf(out, "%s(", zw_op_text(node->op));
    for (unsigned slot = 0; slot < node->kid_count; slot++) {
        zw_buf_puts(out, slot > 0 ? ", " : "");
        write_node(pack, node->kid[slot], out);
    }
    if (node->op == ZW_OP_ROUND) {
        zw_buf_printf(out, ", %d", node->count);
    }
    zw_buf_puts(out, ")");
}

/* What stands behind the kid: ":lag(4)", ":year()", ":over(0.05)". */
static void write_method(const zw_pack *pack, const zw_node *node, zw_buf *out)
{
    char name[24];
    switch (node->op) {
    case ZW_OP_REGRID:
        zw_buf_printf(out, ":%s", zw_grid_name(node->grid, name, sizeof(name)));
        zw_buf_printf(out, node->how != ZW_HOW_KIND ? "(\"%s\")" : "(%s)", how_text(node->how));
        return;
    case ZW_OP_ROLLING:
        zw_buf_printf(out, ":rolling(%d):%s()", node->count, how_text(node->how));
        return;
    case ZW_OP_PARTS:
        zw_buf_printf(out, ":areas(%s):%s()", node->area_count > 0 ? "…" : "", how_text(node->how));
        return;
    case ZW_OP_GROUPS:
        zw_buf_printf(out, ":by \"%s\":%s()", node->text, how_text(node->how));
        return;
    case ZW_OP_OF:
        if (node->text != NULL) {
            zw_buf_printf(out, ":of \"%s\"", node->text);
        } else {
            zw_buf_printf(out, ":of(%s)", pack->areas[node->ref].title.name);
        }
        return;
    default:
        break;
    }
    zw_buf_printf(out, "%s(", zw_op_text(node->op));
    for (unsigned slot = 1; slot < node->kid_count; slot++) {
        zw_buf_puts(out, slot > 1 ? ", " : "");
        write_node(pack, node->kid[slot], out);
    }
    if (node->count > 0) {
        zw_buf_printf(out, "%d", node->count);
    }
    zw_buf_puts(out, ")");
}

static void write_target(const zw_pack *pack, const zw_node *node, zw_buf *out)
{
    zw_buf_printf(out, "%s%s(", pack->targets[node->ref].title.name, zw_op_text(node->op));
    bool is_first = true;
    for (int v = 0; node->op == ZW_OP_VERDICT && v < ZW_VERDICT_COUNT; v++) {
        if ((node->verdicts >> v & 1U) != 0) {
            zw_buf_printf(out, "%s\"%s\"", is_first ? "" : ", ", zw_verdict_text((zw_verdict)v));
            is_first = false;
        }
    }
    zw_buf_puts(out, ")");
}

static void write_node(const zw_pack *pack, zw_node_id id, zw_buf *out)
{
    const zw_node *node = zw_pack_node(pack, id);
    zw_op op = node->op;
    if (node->kid_count == 0 || op == ZW_OP_INDICATOR) {
        write_leaf(pack, node, out);
    } else if ((op >= ZW_OP_ADD && op <= ZW_OP_NEG) || (op >= ZW_OP_AND && op <= ZW_OP_NOT)) {
        write_operator(pack, node, out);
    } else if (op >= ZW_OP_MIN && op <= ZW_OP_WHEN) {
        write_function(pack, node, out);
    } else if (op >= ZW_OP_VERDICT && op <= ZW_OP_TARGET_PROJECTED) {
        write_target(pack, node, out);
    } else if (op == ZW_OP_BROKEN) {
        zw_buf_printf(out, "%s:broken()", pack->rules[node->ref].title.name);
    } else {
        write_operand(pack, node->kid[0], out);
        write_method(pack, node, out);
    }
}

void zw_formula_text(const zw_pack *pack, zw_node_id node, zw_buf *out)
{
    write_node(pack, node, out);
}
