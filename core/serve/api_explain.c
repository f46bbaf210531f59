/* `/api/v1/explain`: the tree behind a value. */
#include "serve/api_parts.h"
#include "serve/explained.h"

zw_status zw_api_explain(zw_ask *ask, zw_buf *data, zw_err *err)
{
    zw_account *account = NULL;
    zw_json json = zw_json_of(data);
    zw_account_ask asked = {.name = zw_http_request_query(ask->request, "name"),
                            .area = ask->area,
                            .period = zw_http_request_query(ask->request, "period"),
                            .item = zw_http_request_query(ask->request, "item"),
                            .expression = ask->world->expression,
                            .arg = ask->world->arg};
    if (asked.name == NULL || asked.name[0] == '\0') {
        return zw_err_set(err, ZW_INVALID, "name: say what is to be explained");
    }
    if (asked.area == ZW_NONE) {
        asked.area = zw_pack_only_zone(ask->world->pack);
    }
    if (asked.area == ZW_NONE) {
        return zw_err_set(err, ZW_INVALID, "area: the pack has several zones, say which area");
    }
    zw_status status = zw_account_create(ask->eval, ask->world->ledger, &asked, &account, err);
    if (status == ZW_OK) {
        zw_explained_put(&json, NULL, ask->eval, account);
    }
    zw_account_destroy(account);
    return status;
}
