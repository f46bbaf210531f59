/** A form: the fields of a request's body, urlencoded or as one JSON object of texts. */
#ifndef ZW_SERVE_FORM_H
#define ZW_SERVE_FORM_H

#include "serve/http.h"

typedef struct zw_form zw_form;

/**
 * Reads the body: as JSON when its Content-Type says so, else as urlencoded.
 * @param known  the names of fields, closed by a NULL; another, or one twice, is refused.
 * @return ZW_OK; ZW_INVALID naming what is wrong; ZW_NOMEM.
 */
zw_status zw_form_read(const zw_http_request *request, const char *const *known, zw_form **out,
                       zw_err *err) ZW_MUST_USE;
void zw_form_destroy(zw_form *form); /* NULL is allowed */

/** A field's text, NULL when it was not sent; lives as long as the form. */
const char *zw_form_field(const zw_form *form, const char *name);

#endif
