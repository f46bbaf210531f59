/**
 * An ask: one request held against the world, with the area and the as-of it is about. Those who
 * build answers read it and nothing else.
 */
#ifndef ZW_SERVE_ASK_H
#define ZW_SERVE_ASK_H

#include "serve/api.h"

/** Open for reading; made by init, ended by fini. */
typedef struct zw_ask {
    const zw_api_world *world; /* borrowed */
    zw_http_request *request;  /* borrowed */
    uint32_t area;             /* the one that was named; ZW_NONE for all */
    bool has_as_of;            /* a moment was named; else it is about the last turn's */
    int64_t as_of_ms;
    zw_eval *eval;  /* at that moment; borrowed */
    zw_eval *fresh; /* owned: the same, when it was made for this ask; else NULL */
} zw_ask;

/** About everything, as of the last turn. */
void zw_ask_init(zw_ask *ask, const zw_api_world *world, zw_http_request *request);
void zw_ask_fini(zw_ask *ask);

/** Narrows the ask to an area and all inside it. @param text  a name or alias; NULL changes
 * nothing. @return ZW_OK; ZW_INVALID with the nearest name. */
zw_status zw_ask_area(zw_ask *ask, const char *text, zw_err *err) ZW_MUST_USE;

/**
 * Moves the ask to a moment. Call it after the area: a date means the end of that day there (of
 * everything: in every zone, which must then agree). What reaches beyond now is now.
 * @param text  a period or moment; NULL changes nothing.
 * @return ZW_OK; ZW_INVALID when it is no time or begins after now; ZW_NOMEM.
 */
zw_status zw_ask_as_of(zw_ask *ask, const char *text, zw_err *err) ZW_MUST_USE;

/** The first (or last) moment of what query parameter `name` says. @param has  whether it is given.
 */
zw_status zw_ask_moment(const zw_ask *ask, const char *name, bool is_last, bool *has, int64_t *out,
                        zw_err *err) ZW_MUST_USE;

/** True when `area` is the one that was named, or inside it, or none was named. */
bool zw_ask_is_about(const zw_ask *ask, uint32_t area);

/** The time zone that moments without a place are written in: the asked area's, else the first
 * zone's. */
const zw_tz *zw_ask_tz(const zw_ask *ask);

#endif
