/**
 * Heard: what each notify heard, or is still to hear, of an instance. Entries of one group lie side
 * by side. An instance without an entry is ok, and was never told to be anything else.
 */
#ifndef ZW_ALERT_HEARD_H
#define ZW_ALERT_HEARD_H

#include "alert/judge.h"
#include "alert/outbox.h"
#include "alert/telling.h"

/** By what entries are ordered: what makes the group, then what tells its instances apart. */
enum { ZW_HEARD_GROUP_KEYS = 8, ZW_HEARD_KEYS = 12 };

typedef struct zw_heard_place {
    int64_t key[ZW_HEARD_KEYS]; /* one that does not count in the notify's groups is 0 */
} zw_heard_place;

typedef enum zw_heard_mute { ZW_MUTE_NOT_ASKED, ZW_MUTE_ON, ZW_MUTE_OFF } zw_heard_mute;

/** What keeps an entry from being told, as it is written down. */
typedef struct zw_quieted {
    zw_quiet cause;
    int64_t silence; /* its number; else 0 */
    int64_t until_ms;
    int64_t id; /* in the ledger of tellings; 0 */
} zw_quieted;

typedef struct zw_heard {
    zw_heard_place place;
    uint32_t notify, alert, area;
    zw_told told;
    bool is_changed; /* not yet in the table as it is */
    zw_quieted quieted;
    /* at this telling: */
    zw_instance instance;
    int level; /* 0 below the notify's `at_least` */
    zw_heard_mute mute;
    zw_quiet waits; /* for its group, or the hours, until then */
    int64_t waits_until_ms;
    int64_t message; /* the first that told of it; 0 */
} zw_heard;

typedef struct zw_heards {
    const zw_pack *pack; /* borrowed */
    zw_heard *entries;
    size_t count, capacity;
    size_t *open; /* entries of each alert */
} zw_heards;

zw_status zw_heards_init(zw_heards *heards, const zw_pack *pack, zw_err *err) ZW_MUST_USE;
void zw_heards_fini(zw_heards *heards);

/** True when the notify hears of the alert at the area. */
bool zw_heard_is_for(const zw_pack *pack, const zw_notify *notify, uint32_t alert, uint32_t area);
zw_heard_place zw_heard_place_of(const zw_pack *pack, uint32_t notify, uint32_t alert,
                                 uint32_t area, const zw_instance *instance);
/** Compares the first `keys` keys; negative, 0 or positive. */
int zw_heard_compare(const zw_heard_place *a, const zw_heard_place *b, int keys);

/** The index of the entry at a place, or where it belongs. */
size_t zw_heards_find(const zw_heards *heards, const zw_heard_place *place, bool *is_there);
zw_status zw_heards_insert(zw_heards *heards, size_t at, const zw_heard *entry,
                           zw_err *err) ZW_MUST_USE;
/** Takes back from the store what was told, what is held and what keeps it, in place of what is
 * here. */
zw_status zw_heards_restore(zw_heards *heards, const zw_eval *eval, zw_outbox *outbox,
                            zw_tellings *tellings, zw_err *err) ZW_MUST_USE;

#endif
