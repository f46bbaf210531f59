/** A pool of distinct texts, each with a dense number from 0 in order of arrival. */
#ifndef ZW_BASE_POOL_H
#define ZW_BASE_POOL_H

#include "base/text.h"

#include <stdint.h>

typedef struct zw_pool zw_pool;

#define ZW_POOL_NONE UINT32_MAX

zw_status zw_pool_create(zw_pool **out, zw_err *err) ZW_MUST_USE;
void zw_pool_destroy(zw_pool *pool);

/** The number of `text`, which is copied when it is new; ZW_POOL_NONE when there is no memory. */
uint32_t zw_pool_put(zw_pool *pool, zw_text text);

/** The number of `text`, or ZW_POOL_NONE when it was never put. */
uint32_t zw_pool_find(const zw_pool *pool, zw_text text);

/** The NUL-terminated text with a number below the count; valid until the pool is destroyed. */
const char *zw_pool_text(const zw_pool *pool, uint32_t number);

uint32_t zw_pool_count(const zw_pool *pool);

/** Forgets the texts numbered `count` and above: how a turn's additions are undone. */
void zw_pool_shrink(zw_pool *pool, uint32_t count);

#endif
