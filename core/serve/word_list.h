/** Silences and acknowledgements as JSON: for the interface, and for the verbs. */
#ifndef ZW_SERVE_WORD_LIST_H
#define ZW_SERVE_WORD_LIST_H

#include "alert/ack.h"
#include "alert/silence.h"
#include "serve/json.h"

/** One silence: "id", what it is of, "start", "end", "hours", "author", "reason", "created_at",
 * "ended_at", "ended_by", "state". */
void zw_word_put_silence(zw_json *json, const zw_tz *tz, const zw_silence *silence, int64_t now_ms);

/** All there ever were, the newest first, as an array. */
zw_status zw_word_put_silences(zw_silences *silences, const zw_tz *tz, int64_t now_ms,
                               zw_json *json, zw_err *err) ZW_MUST_USE;

/** Who saw it: "at", "author", "note". */
void zw_word_put_seen(zw_json *json, const char *key, const zw_tz *tz, const zw_ack *ack);

/** Those numbered from `first` on, `count` of them, as an array with what each is of. */
void zw_word_put_acks(const zw_acks *acks, int64_t first, size_t count, const zw_tz *tz,
                      zw_json *json);

#endif
