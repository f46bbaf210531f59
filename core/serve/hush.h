/** Hush: what is secret in an address is not said. The token of a chat robot is part of its URL. */
#ifndef ZW_SERVE_HUSH_H
#define ZW_SERVE_HUSH_H

#include <stddef.h>

/** Writes "https://host…" of a URL: nothing of its path, its query or who it logs in as. @return
 * `out`. */
const char *zw_hush_url(const char *url, char *out, size_t size);

/** Puts asterisks over every piece of the URL behind or before its host, of eight characters or
 * more, that stands in the text. */
void zw_hush(char *text, const char *url);

#endif
