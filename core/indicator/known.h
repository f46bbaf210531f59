/**
 * What is known by now of series and measures: from which period on a series is reported, and which
 * dimension values and scopes a measure was ever reported under. It belongs to one as-of, is moved
 * on with what is learned, and is forgotten when the as-of goes back.
 */
#ifndef ZW_INDICATOR_KNOWN_H
#define ZW_INDICATOR_KNOWN_H

#include "plan/pack.h"
#include "store/store.h"

typedef struct zw_known zw_known;

/** @param pack, store  borrowed. */
zw_status zw_known_create(const zw_pack *pack, zw_store *store, zw_known **out,
                          zw_err *err) ZW_MUST_USE;
void zw_known_destroy(zw_known *known); /* NULL is allowed */
void zw_known_forget(zw_known *known);

/** The first period of a series for which anything, a withdrawal too, was known at `as_of_ms`;
 * false when nothing was. */
bool zw_known_first(zw_known *known, zw_series_id series, int64_t as_of_ms, zw_period *out);

/** A dimension value, in a scope (each has a list of its own) or in any. */
typedef struct zw_known_key {
    const char *dim, *value;
    const zw_text *scope; /* NULL: any */
} zw_known_key;

/** True when any area reported a measure under a dimension value by `as_of_ms`. */
zw_status zw_known_value(zw_known *known, uint32_t measure, int64_t as_of_ms,
                         const zw_known_key *key, bool *out, zw_err *err) ZW_MUST_USE;

/** True when a measure was reported under more than one scope by `as_of_ms`. */
zw_status zw_known_is_scoped(zw_known *known, uint32_t measure, int64_t as_of_ms, bool *out,
                             zw_err *err) ZW_MUST_USE;

/** What a learned figure adds to what was known before it. */
typedef struct zw_news {
    bool is_first;   /* the first figure of its series for this period or an earlier one */
    bool has_value;  /* a dimension value that the measure never had in its scope */
    bool has_scopes; /* the measure's second scope */
} zw_news;

/**
 * Takes over one learned figure. Figures go in one by one, in order of `known_at_ms`.
 * @param before_ms  the moment before the first of them: until when the series is counted, unless
 * it is.
 */
zw_status zw_known_take(zw_known *known, uint32_t measure, const zw_learned *learned,
                        int64_t before_ms, zw_news *out, zw_err *err) ZW_MUST_USE;

#endif
