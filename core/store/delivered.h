/**
 * The bytes of deliveries, as they came: files and tidy posts that are not too long are kept,
 * packed, so that the very line a figure came from can be shown. Live samples and long histories
 * are not.
 */
#ifndef ZW_STORE_DELIVERED_H
#define ZW_STORE_DELIVERED_H

#include "base/text.h"
#include "store/db.h"

enum { ZW_DELIVERED_BYTES_MOST = 4 * 1024 * 1024 };

/** Keeps the bytes of a delivery, inside a transaction; longer ones than the most are not kept, and
 * neither are none. */
zw_status zw_delivered_keep(zw_db *db, int64_t batch, zw_text bytes, zw_err *err) ZW_MUST_USE;

/** The bytes of one delivery become those of another: of what a guard held and somebody released.
 */
zw_status zw_delivered_move(zw_db *db, int64_t from, int64_t to, zw_err *err) ZW_MUST_USE;

/** Calls `on_bad` for each delivery whose bytes are damaged. */
zw_status zw_delivered_check(zw_db *db, void (*on_bad)(void *arg, int64_t batch, const char *why),
                             void *arg, zw_err *err) ZW_MUST_USE;

/** A reader of lines. It keeps the texts of the deliveries that it read last. */
typedef struct zw_delivered zw_delivered;

zw_status zw_delivered_create(zw_db *db, zw_delivered **out,
                              zw_err *err) ZW_MUST_USE; /* borrowed */
void zw_delivered_destroy(zw_delivered *delivered);     /* NULL is allowed */

/**
 * A line of a delivery as UTF-8, without its end.
 * @param out  valid until the next call; NULL in it when the bytes are not kept or have no such
 * line.
 * @return ZW_OK; ZW_STORE when what is kept is damaged; ZW_NOMEM.
 */
zw_status zw_delivered_line(zw_delivered *delivered, int64_t batch, uint32_t line, zw_text *out,
                            zw_err *err) ZW_MUST_USE;

#endif
