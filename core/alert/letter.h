/** Letters: what a notify is told of a group, put into the outbox for each of its receivers. */
#ifndef ZW_ALERT_LETTER_H
#define ZW_ALERT_LETTER_H

#include "alert/judge.h"
#include "alert/outbox.h"

/** One alert of a letter. A plain value. */
typedef struct zw_letter_line {
    uint32_t alert, area;
    zw_instance instance;
    int level; /* 1 + severity as it fires, or last fired */
    bool is_firing;
    int64_t starts_ms, ends_ms; /* ends_ms: ZW_NEVER_MS while it fires */
} zw_letter_line;

typedef struct zw_letter {
    uint32_t notify;
    unsigned group; /* ZW_GROUP_… that all its lines share */
    const zw_letter_line *lines;
    size_t count; /* at least one */
} zw_letter;

/**
 * Puts one message for each receiver into the outbox (inside a transaction); of more than
 * ZW_LETTER_LINES_MOST alerts several.
 * @param said  counted up by the messages put.
 */
zw_status zw_letter_put(zw_eval *eval, zw_outbox *outbox, const zw_letter *letter, int64_t now_ms,
                        size_t *said, zw_err *err) ZW_MUST_USE;

enum { ZW_LETTER_LINES_MOST = 500 };

#endif
