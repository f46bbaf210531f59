/** The long-lived process: one loop, its HTTP door, its clock and its postman around one engine. */
#ifndef ZW_APP_SERVER_H
#define ZW_APP_SERVER_H

#include "app/engine.h"

enum { ZW_SERVER_LONG_MOST = 1000 };

typedef struct zw_server_options {
    const char *listen;  /* "127.0.0.1:8420" */
    const char *secrets; /* folder of secrets; may be NULL */
    zw_log log;
    const char *folder;                 /* of long bodies that are laid by; NULL: none are taken */
    uint64_t body_bytes, laid_by_bytes; /* of zw_http_options; 0: the default */
    size_t long_deliveries;             /* under way at a time, up to ZW_SERVER_LONG_MOST; 0: 16 */
    size_t bodies_bytes;                /* the same */
    unsigned connections;               /* the same */
    bool is_once;                       /* take one turn, deliver what is due, and return */
} zw_server_options;

/**
 * Runs until SIGINT or SIGTERM (or, once, until what was due has been tried).
 * @param engine  borrowed; nothing else may use it meanwhile.
 */
zw_status zw_server_run(zw_engine *engine, const zw_server_options *options,
                        zw_err *err) ZW_MUST_USE;

#endif
