/** The page of a zonewatch process: core/serve/page.html, built into the program. */
#ifndef ZW_SERVE_PAGE_H
#define ZW_SERVE_PAGE_H

#include "serve/http.h"

/** The file's bytes, made by embed.cmake when the program is built. */
extern const unsigned char zw_page_bytes[];
extern const size_t zw_page_len;

/** Answers with the page, and ends the request. */
void zw_page_answer(zw_http_request *request);

#endif
