/* `/api/v1/batches`: what arrived, the newest first, and what a guard holds of it. */
#include "serve/api_parts.h"
#include "serve/batch_list.h"
#include "serve/params.h"

enum { LIMIT_MOST = 10000, LIMIT_USUAL = 100 };

zw_status zw_api_batches(zw_ask *ask, zw_buf *data, zw_err *err)
{
    long long limit = 0;
    zw_status status =
        zw_params_count(ask->request, "limit", 1, LIMIT_MOST, LIMIT_USUAL, &limit, err);
    zw_json json = zw_json_of(data);
    return status == ZW_OK ? zw_batch_list_put(ask->world->store, zw_ask_tz(ask), limit, &json, err)
                           : status;
}
