/* `/api/v1/batches`: what arrived, the newest first. */
#include "serve/api_parts.h"
#include "serve/params.h"
#include "serve/shape.h"

enum { LIMIT_MOST = 10000, LIMIT_USUAL = 100 };

static void put_delivery(zw_json *json, const zw_tz *tz, const zw_delivery *delivery)
{
    zw_json_open(json, NULL, '{');
    zw_json_integer(json, "id", delivery->id);
    zw_json_text(json, "source", delivery->source);
    zw_json_text(json, "name", delivery->name);
    zw_json_text(json, "format", delivery->format);
    zw_shape_moment(json, "arrived_at", tz, delivery->arrived_ms);
    zw_json_bool(json, "synthetic", delivery->is_synthetic);
    zw_json_integer(json, "accepted", delivery->accepted);
    zw_json_integer(json, "unchanged", delivery->unchanged);
    zw_json_integer(json, "revised", delivery->revised);
    zw_json_integer(json, "rejected", delivery->rejected);
    zw_json_close(json, '}');
}

zw_status zw_api_batches(zw_ask *ask, zw_buf *data, zw_err *err)
{
    const zw_store *store = ask->world->store;
    long long limit = 0;
    zw_status status =
        zw_params_count(ask->request, "limit", 1, LIMIT_MOST, LIMIT_USUAL, &limit, err);
    zw_json json = zw_json_of(data);
    zw_json_open(&json, NULL, '[');
    for (size_t i = zw_store_delivery_count(store); status == ZW_OK && i-- > 0 && limit-- > 0;) {
        put_delivery(&json, zw_ask_tz(ask), zw_store_delivery(store, i));
    }
    zw_json_close(&json, ']');
    return status;
}
