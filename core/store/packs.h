/** Every pack that ran over a store: its files, packed, and since when which one ran. */
#ifndef ZW_STORE_PACKS_H
#define ZW_STORE_PACKS_H

#include "base/text.h"
#include "store/db.h"

/** One file of a pack. Borrowed. */
typedef struct zw_kept_file {
    const char *path; /* inside the pack */
    zw_text text;
    bool is_shipped; /* by the program of then */
} zw_kept_file;

/** A pack as it was kept; ended by zw_kept_pack_fini, from zeros. */
typedef struct zw_kept_pack {
    char digest[65], name[128];
    int64_t from_ms; /* it ran from then on */
    zw_buf bytes;    /* its files, see zw_kept_pack_next */
} zw_kept_pack;

/**
 * Notes, inside a transaction, that a pack runs from now on; nothing when it is the one that ran
 * last.
 * @param name  what people call it.
 */
zw_status zw_packs_note(zw_db *db, const char *digest, const char *name, const zw_kept_file *files,
                        size_t count, int64_t now_ms, zw_err *err) ZW_MUST_USE;

/**
 * The pack that ran at a moment.
 * @return ZW_OK; ZW_NOT_FOUND when none did by then; ZW_STORE when it is damaged; ZW_NOMEM.
 */
zw_status zw_packs_at(zw_db *db, int64_t at_ms, zw_kept_pack *out, zw_err *err) ZW_MUST_USE;

/** When the first pack on record began to run; ZW_NOT_FOUND when there is none. */
zw_status zw_packs_first_ms(zw_db *db, int64_t *out, zw_err *err) ZW_MUST_USE;

/** Takes the file at `*at`, which begins at 0, and moves behind it. @return false at the end. */
bool zw_kept_pack_next(const zw_kept_pack *pack, size_t *at, zw_kept_file *out);
void zw_kept_pack_fini(zw_kept_pack *pack);

#endif
