/* Media types of bodies. */
#include "serve/media.h"

#include "serve/envelope.h"

#include <string.h>
#include <strings.h>

bool zw_media_is(const char *content_type, const char *type)
{
    size_t len = strlen(type);
    return content_type != NULL && strncasecmp(content_type, type, len) == 0 &&
           strchr("; \t", content_type[len]) != NULL; /* the NUL at its end too */
}

static void refuse(zw_http_request *request, const char *const *types)
{
    zw_buf list;
    zw_buf text;
    zw_buf_init(&list, 1024);
    zw_buf_init(&text, 4096);
    for (size_t i = 0; types[i] != NULL; i++) {
        zw_buf_printf(&list, "%s%s", i > 0 ? ", " : "", types[i]);
    }
    const char *sent = zw_http_request_content_type(request);
    zw_buf_printf(&text, "the body is %.100s; accepted: %s", sent != NULL ? sent : "of no type",
                  zw_buf_view(&list));
    zw_envelope_beside beside = {.header = {"Accept-Post", zw_buf_view(&list)}};
    zw_envelope_refuse(request, 415, zw_envelope_error_type(415), zw_buf_view(&text), &beside);
    zw_buf_fini(&list);
    zw_buf_fini(&text);
}

bool zw_media_accept(zw_http_request *request, const char *const *types)
{
    for (size_t i = 0; types[i] != NULL; i++) {
        if (zw_media_is(zw_http_request_content_type(request), types[i])) {
            return true;
        }
    }
    refuse(request, types);
    return false;
}
