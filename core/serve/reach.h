/**
 * Reach: which areas figures of a measure speak of, so that a zone is not shown every other zone's
 * expressions as missing.
 */
#ifndef ZW_SERVE_REACH_H
#define ZW_SERVE_REACH_H

#include "plan/pack.h"
#include "store/store.h"

typedef struct zw_reach zw_reach;

typedef enum zw_reach_is {
    ZW_REACH_NO,      /* nothing it reads is reported there or expected to be */
    ZW_REACH_PERHAPS, /* it looks elsewhere: only its value can tell */
    ZW_REACH_YES
} zw_reach_is;

/** @param pack, store  borrowed for the call and for the life of the result. */
zw_status zw_reach_create(const zw_pack *pack, zw_store *store, zw_reach **out,
                          zw_err *err) ZW_MUST_USE;
void zw_reach_destroy(zw_reach *reach); /* NULL is allowed */

/** Where an expression speaks. @param out  gets one answer for each area of the pack. */
zw_status zw_reach_of(const zw_reach *reach, zw_node_id node, zw_reach_is *out,
                      zw_err *err) ZW_MUST_USE;

#endif
