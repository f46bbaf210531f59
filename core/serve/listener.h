/** A listener: the TCP socket that an address in words names. */
#ifndef ZW_SERVE_LISTENER_H
#define ZW_SERVE_LISTENER_H

#include "base/err.h"

#include <stdbool.h>

/**
 * Binds and listens.
 * @param address  "127.0.0.1:8420", "[::1]:8420" or "localhost:8420"; names are not looked up, port
 *                 0 lets the system pick one.
 * @param out      gets the non-blocking, close-on-exec socket, the caller's to close; -1 on
 * failure.
 * @param port     gets the port in use; may be NULL.
 * @return ZW_OK; ZW_INVALID when it is no such address; ZW_IO when the system refused (in use, not
 * allowed).
 */
zw_status zw_listener_open(const char *address, int *out, int *port, zw_err *err) ZW_MUST_USE;

/** True when only programs of this machine can reach the address; false when it cannot be read. */
bool zw_listener_is_loopback(const char *address);

#endif
