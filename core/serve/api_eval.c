/* `POST /api/v1/eval`: any expression of the language, at one area and period. */
#include "serve/api_parts.h"
#include "serve/form.h"
#include "serve/shape.h"

/* The area that was named, else the only zone. */
static zw_status find_area(zw_ask *ask, const char *text, zw_err *err)
{
    zw_status status = zw_ask_area(ask, text, err);
    if (status == ZW_OK && ask->area == ZW_NONE) {
        ask->area = zw_pack_only_zone(ask->world->pack);
    }
    if (status == ZW_OK && ask->area == ZW_NONE) {
        status = zw_err_set(err, ZW_INVALID, "area: the pack has several zones, say which area");
    }
    return status;
}

/* The cell of the period that was named, else the newest that is known. */
static zw_status read_cell(const zw_ask *ask, zw_node_id id, const char *period, zw_front *out,
                           zw_err *err)
{
    const zw_node node = *zw_pack_node(ask->world->pack, id);
    zw_status status = ZW_OK;
    if (period == NULL || !node.has_grid) {
        status = zw_eval_newest(ask->eval, id, ask->area, out, err);
    } else {
        *out = (zw_front){.has_period = true};
        status = zw_pack_period(zw_pack_calendar(ask->world->pack, ask->area), &node, period,
                                &out->period, err);
        status = status == ZW_OK
                     ? zw_eval_cell(ask->eval, id, ask->area, out->period, &out->cell, err)
                     : status;
    }
    return status == ZW_OK ? zw_eval_veil(ask->eval, id, ask->area, out->period, &out->cell, err)
                           : status;
}

static void put_answer(const zw_ask *ask, const char *expression, zw_node_id id,
                       const zw_front *front, zw_buf *data)
{
    const zw_pack *pack = ask->world->pack;
    const zw_node *node = zw_pack_node(pack, id);
    zw_json json = zw_json_of(data);
    zw_json_open(&json, NULL, '{');
    zw_json_text(&json, "expression", expression);
    zw_json_text(&json, "area", pack->areas[ask->area].title.name);
    if (front->has_period) {
        zw_shape_period(&json, "period", zw_pack_calendar(pack, ask->area), node, front->period);
    } else {
        zw_json_null(&json, "period");
    }
    zw_shape_unit(&json, "unit", node);
    zw_shape_every(&json, "every", node);
    zw_shape_cell(&json, ask->eval, node, ask->area, &front->cell);
    zw_json_close(&json, '}');
}

zw_status zw_api_eval(zw_ask *ask, zw_buf *data, zw_err *err)
{
    static const char *const known[] = {"expression", "area", "period", "as_of", NULL};
    zw_form *form = NULL;
    zw_node_id node = ZW_NODE_NONE;
    zw_front front;
    zw_status status = zw_form_read(ask->request, known, &form, err);
    if (status != ZW_OK) {
        return status;
    }
    const char *text = zw_form_field(form, "expression");
    status = text != NULL ? find_area(ask, zw_form_field(form, "area"), err)
                          : zw_err_set(err, ZW_INVALID, "expression: say what to evaluate");
    status = status == ZW_OK ? zw_ask_as_of(ask, zw_form_field(form, "as_of"), err) : status;
    status = status == ZW_OK ? ask->world->expression(ask->world->arg, zw_text_of(text), &node, err)
                             : status;
    status =
        status == ZW_OK ? read_cell(ask, node, zw_form_field(form, "period"), &front, err) : status;
    if (status == ZW_OK) {
        put_answer(ask, text, node, &front, data);
    }
    zw_form_destroy(form);
    return status;
}
