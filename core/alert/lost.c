/* What is lost on its receiver. The lanes are looked at first and given up after, for a table must
 * not change under the statement that reads it. */
#include "alert/lost.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { WHY_BYTES = 320 };

/* A lane that nobody takes from; the texts are copies. */
struct lost {
    struct lost *next;
    zw_outbox_lane lane;
    char why[WHY_BYTES];
    char texts[]; /* notify, kind */
};

struct search {
    const zw_pack *pack;
    struct lost *found;
};

/* True when somebody takes what waits there; else says why not. */
static bool has_taker(const zw_pack *pack, const zw_outbox_lane *lane, char why[WHY_BYTES])
{
    uint32_t index = 0;
    if (zw_pack_find(pack, zw_text_of(lane->notify), &index) != ZW_NOUN_NOTIFY) {
        (void)snprintf(why, WHY_BYTES, "the pack has no notify \"%s\" any more", lane->notify);
        return false;
    }
    const zw_notify *notify = &pack->notifies[index];
    if (lane->receiver >= notify->to_count) {
        (void)snprintf(why, WHY_BYTES, "notify \"%s\" has no receiver %u any more", lane->notify,
                       lane->receiver + 1);
        return false;
    }
    zw_receiver_kind kind = notify->to[lane->receiver].kind;
    const char *words = zw_receiver_kind_words(kind);
    bool is_old = lane->kind[0] == '\0' && kind <= ZW_RECEIVER_WEBHOOK;
    if (is_old || strcmp(lane->kind, words) == 0) {
        return true;
    }
    (void)snprintf(why, WHY_BYTES, "receiver %u of notify \"%s\" is %s now, no longer %s",
                   lane->receiver + 1, lane->notify, words,
                   lane->kind[0] != '\0' ? lane->kind : "log() or webhook(…)");
    return false;
}

static zw_status look_at(void *arg, const zw_outbox_lane *lane, zw_err *err)
{
    struct search *in = arg;
    char why[WHY_BYTES];
    if (has_taker(in->pack, lane, why)) {
        return ZW_OK;
    }
    size_t notify_bytes = strlen(lane->notify) + 1;
    size_t kind_bytes = strlen(lane->kind) + 1;
    struct lost *lost = malloc(sizeof(*lost) + notify_bytes + kind_bytes);
    if (lost == NULL) {
        return zw_err_nomem(err);
    }
    memcpy(lost->texts, lane->notify, notify_bytes);
    memcpy(lost->texts + notify_bytes, lane->kind, kind_bytes);
    memcpy(lost->why, why, sizeof(why));
    lost->lane = *lane;
    lost->lane.notify = lost->texts;
    lost->lane.kind = lost->texts + notify_bytes;
    lost->next = in->found;
    in->found = lost;
    return ZW_OK;
}

zw_status zw_lost_give_up(zw_outbox *outbox, const zw_pack *pack, int64_t now_ms, zw_lost_each each,
                          void *arg, zw_err *err)
{
    struct search in = {pack, NULL};
    zw_status status = zw_outbox_lanes(outbox, look_at, &in, err);
    while (in.found != NULL) {
        struct lost *lost = in.found;
        in.found = lost->next;
        status = status == ZW_OK ? zw_outbox_give_up(outbox, &lost->lane, now_ms, lost->why, err)
                                 : status;
        if (status == ZW_OK && each != NULL) {
            each(arg, &lost->lane, lost->why);
        }
        free(lost);
    }
    return status;
}
