/* Inference of operations on items: what the register they read must have declared. */
#include "plan/infer.h"

#include <string.h>

static zw_status no_field(const zw_register *reg, const char *name, const zw_nearest *nearest,
                          zw_err *err)
{
    zw_buf hint;
    zw_buf_init(&hint, 512);
    zw_nearest_say(nearest, &hint);
    zw_status status = zw_err_set(err, ZW_INVALID, "register '%s' has no field '%s'%s",
                                  reg->title.name, name, zw_buf_view(&hint));
    zw_buf_fini(&hint);
    return status;
}

zw_status zw_infer_field(const zw_register *reg, const char *name, zw_register_field *out,
                         zw_err *err)
{
    zw_nearest nearest;
    zw_nearest_init(&nearest, zw_text_of(name));
    *out = (zw_register_field){.name = "state", .is = ZW_REGISTER_TEXT, .unit_text = ""};
    if (strcmp(name, "state") == 0 && reg->state_count > 0) {
        return ZW_OK;
    }
    const zw_register_field *field = zw_register_field_of(reg, zw_text_of(name), &nearest);
    if (field == NULL) {
        return no_field(reg, name, &nearest, err);
    }
    *out = *field;
    return ZW_OK;
}

static zw_status need_deadline(const zw_register *reg, zw_op op, zw_err *err)
{
    if (reg->deadline != NULL) {
        return ZW_OK;
    }
    return zw_err_set(
        err, ZW_INVALID,
        "'%s' needs a deadline: register '%s' says none (deadline = \"a date field\")",
        zw_op_text(op), reg->title.name);
}

static zw_status need_due(const zw_register *reg, zw_op op, zw_err *err)
{
    if (reg->has_due) {
        return ZW_OK;
    }
    return zw_err_set(err, ZW_INVALID, "'%s' needs a due: register '%s' says none (due = \"20d\")",
                      zw_op_text(op), reg->title.name);
}

static zw_status infer_days(zw_node *node, zw_err *err)
{
    node->type = ZW_TYPE_NUMBER;
    node->kind = node->how == ZW_HOW_SUM ? ZW_KIND_STOCK : ZW_KIND_LAST;
    if (node->how == ZW_HOW_COUNT) {
        return ZW_OK;
    }
    zw_status status = zw_unit_parse(zw_text_of("days"), &node->unit, err);
    node->show = node->unit;
    return status;
}

static zw_status infer_values(const zw_register *reg, zw_node *node, zw_err *err)
{
    zw_register_field field;
    zw_status status = zw_infer_field(reg, node->text, &field, err);
    if (status != ZW_OK) {
        return status;
    }
    if (field.is != ZW_REGISTER_NUMBER) {
        return zw_err_set(err, ZW_INVALID, "the field '%s' of register '%s' is no number",
                          node->text, reg->title.name);
    }
    node->kind = node->how == ZW_HOW_SUM ? ZW_KIND_STOCK : ZW_KIND_LAST;
    node->show = field.unit;
    node->unit = field.unit;
    node->unit.scale = 1;
    if (node->how == ZW_HOW_COUNT) {
        node->unit = node->show = zw_unit_plain();
    }
    return ZW_OK;
}

static zw_status infer_top(const zw_register *reg, zw_node *node, zw_err *err)
{
    zw_register_field field;
    zw_status status = zw_infer_field(reg, node->text, &field, err);
    node->type = ZW_TYPE_TEXT;
    if (status == ZW_OK && field.is == ZW_REGISTER_NUMBER) {
        return zw_err_set(err, ZW_INVALID,
                          "':top' finds a text: the field '%s' of register '%s' is a number; "
                          ":values(\"%s\"):median() is its middle",
                          node->text, reg->title.name, node->text);
    }
    return status;
}

zw_status zw_infer_items(const zw_pack *pack, zw_node *node, zw_err *err)
{
    const zw_register *reg = &pack->registers[node->ref];
    zw_register_field field;
    node->type = ZW_TYPE_TRUTH;
    node->kind = ZW_KIND_LAST;
    node->has_grid = true;
    node->grid = reg->grid;
    node->unit = node->show = zw_unit_plain();
    switch (node->op) {
    case ZW_OP_ITEM_COUNT:
        node->type = ZW_TYPE_NUMBER;
        node->kind = ZW_KIND_STOCK;
        return ZW_OK;
    case ZW_OP_ITEM_ADDED:
    case ZW_OP_ITEM_LEFT: /* since a day it is a running total, which stands as a stock does */
        node->type = ZW_TYPE_NUMBER;
        node->kind = node->text == NULL ? ZW_KIND_FLOW : ZW_KIND_STOCK;
        return ZW_OK;
    case ZW_OP_ITEM_VALUES:
        node->type = ZW_TYPE_NUMBER;
        return infer_values(reg, node, err);
    case ZW_OP_ITEM_TOP:
        return infer_top(reg, node, err);
    case ZW_OP_ITEM_DAYS:
        return infer_days(node, err);
    case ZW_OP_ITEM_LATE:
        return need_due(reg, node->op, err);
    case ZW_OP_ITEM_HAS:
        return zw_infer_field(reg, node->text, &field, err);
    case ZW_OP_ITEM_OVERDUE:
    case ZW_OP_ITEM_DUE_WITHIN:
    case ZW_OP_ITEM_ON_TIME:
        return need_deadline(reg, node->op, err);
    default:
        return ZW_OK;
    }
}
