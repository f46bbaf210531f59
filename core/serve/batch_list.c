/* Batches as they are listed. */
#include "serve/batch_list.h"

#include "alert/held.h"
#include "alert/objection.h"
#include "serve/shape.h"

/* What a list is made from. */
struct list {
    zw_objections *objections;
    zw_held *held;
    const zw_tz *tz;
    zw_json *json;
};

static zw_status put_objection(void *arg, const zw_objection *objection, zw_err *err)
{
    zw_json *json = arg;
    (void)err;
    zw_json_open(json, NULL, '{');
    zw_json_text(json, "guard", objection->guard);
    zw_json_text(json, "area", objection->area);
    zw_json_words(json, "period", objection->period);
    zw_json_text(json, "severity", zw_severity_text(objection->severity));
    zw_json_text(json, "summary", objection->say_en);
    zw_json_text(json, "summary_zh", objection->say_zh);
    zw_json_words(json, "value", objection->value);
    zw_json_close(json, '}');
    return ZW_OK;
}

static zw_status put_why(zw_objections *objections, int64_t batch, const char *key, zw_json *json,
                         zw_err *err)
{
    zw_json_open(json, key, '[');
    zw_status status = zw_objections_of(objections, batch, put_objection, json, err);
    zw_json_close(json, ']');
    return status;
}

zw_status zw_batch_list_why(zw_store *store, int64_t batch, const char *key, zw_json *json,
                            zw_err *err)
{
    zw_objections *objections = NULL;
    zw_status status = zw_objections_create(zw_store_db(store), &objections, err);
    status = status == ZW_OK ? put_why(objections, batch, key, json, err) : status;
    zw_objections_destroy(objections);
    return status;
}

/* "state" ("taken", "held", "released", "refused"), when that ended, and what was said of it. */
static zw_status put_state(const struct list *list, int64_t batch, zw_err *err)
{
    zw_held_state state;
    zw_status status = zw_held_state_of(list->held, batch, &state, err);
    zw_json_text(list->json, "state", state.is == ZW_HELD_NOT ? "taken" : zw_held_text(state.is));
    zw_shape_moment(list->json, "ended_at", list->tz, state.ended_ms);
    if (state.released_as != 0) {
        zw_json_integer(list->json, "released_as", state.released_as);
    } else {
        zw_json_null(list->json, "released_as");
    }
    return status == ZW_OK ? put_why(list->objections, batch, "why", list->json, err) : status;
}

static zw_status put_delivery(const struct list *list, const zw_delivery *delivery, zw_err *err)
{
    zw_json *json = list->json;
    zw_json_open(json, NULL, '{');
    zw_json_integer(json, "id", delivery->id);
    zw_json_text(json, "source", delivery->source);
    zw_json_text(json, "name", delivery->name);
    zw_json_text(json, "format", delivery->format);
    zw_shape_moment(json, "arrived_at", list->tz, delivery->arrived_ms);
    zw_json_bool(json, "synthetic", delivery->is_synthetic);
    zw_json_integer(json, "accepted", delivery->accepted);
    zw_json_integer(json, "unchanged", delivery->unchanged);
    zw_json_integer(json, "revised", delivery->revised);
    zw_json_integer(json, "rejected", delivery->rejected);
    zw_status status = put_state(list, delivery->id, err);
    zw_json_close(json, '}');
    return status;
}

zw_status zw_batch_list_put(zw_store *store, const zw_tz *tz, long long limit, zw_json *json,
                            zw_err *err)
{
    struct list list = {.tz = tz, .json = json};
    zw_status status = zw_objections_create(zw_store_db(store), &list.objections, err);
    status = status == ZW_OK ? zw_held_create(zw_store_db(store), &list.held, err) : status;
    zw_json_open(json, NULL, '[');
    for (size_t i = zw_store_delivery_count(store); status == ZW_OK && i-- > 0 && limit-- > 0;) {
        status = put_delivery(&list, zw_store_delivery(store, i), err);
    }
    zw_json_close(json, ']');
    zw_held_destroy(list.held);
    zw_objections_destroy(list.objections);
    return status;
}
