/* The page. What a browser may do with it is said with it: it asks this process, and nobody else.
 */
#include "serve/page.h"

void zw_page_answer(zw_http_request *request)
{
    static const zw_http_pair headers[] = {
        {"Cache-Control", "no-cache"},
        {"Content-Security-Policy",
         "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src "
         "data:; "
         "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"},
        {"X-Content-Type-Options", "nosniff"},
        {"Referrer-Policy", "no-referrer"},
    };
    zw_http_answer(request, 200, "text/html; charset=utf-8", zw_page_bytes, zw_page_len, headers,
                   sizeof headers / sizeof headers[0]);
}
