/** Batches as they are listed: what arrived, what a guard holds of it, and why. */
#ifndef ZW_SERVE_BATCH_LIST_H
#define ZW_SERVE_BATCH_LIST_H

#include "serve/json.h"
#include "store/store.h"

/** Writes an array of the newest `limit` batches, the newest first. @param tz  for moments. */
zw_status zw_batch_list_put(zw_store *store, const zw_tz *tz, long long limit, zw_json *json,
                            zw_err *err) ZW_MUST_USE;

/** Writes under `key` an array of what guards said of a batch. */
zw_status zw_batch_list_why(zw_store *store, int64_t batch, const char *key, zw_json *json,
                            zw_err *err) ZW_MUST_USE;

#endif
