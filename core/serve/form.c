/* A form. Both ways of sending one end as an object of JSON. */
#include "serve/form.h"

#include "serve/media.h"
#include "serve/params.h"
#include "serve/url.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

struct zw_form {
    json_t *fields;
};

/* A urlencoded body is what stands behind the question mark of a URL. */
static zw_status read_urlencoded(zw_form *form, const char *body, zw_err *err)
{
    zw_url url = {0};
    zw_buf text;
    zw_buf_init(&text, 1 << 20);
    form->fields = json_object();
    zw_buf_puts(&text, "/?");
    zw_buf_puts(&text, body);
    zw_status status = form->fields != NULL && !text.has_failed
                           ? zw_url_parse(zw_buf_view(&text), &url, err)
                           : zw_err_nomem(err);
    for (size_t i = 0; status == ZW_OK && i < url.param_count; i++) {
        const zw_url_param *param = &url.params[i];
        if (json_object_get(form->fields, param->name) != NULL) {
            status = zw_err_set(err, ZW_INVALID, "field '%.60s' is given twice", param->name);
        } else if (json_object_set_new(form->fields, param->name, json_string(param->value)) != 0) {
            status = zw_err_nomem(err);
        }
    }
    zw_url_fini(&url);
    zw_buf_fini(&text);
    return status;
}

static zw_status read_json(zw_form *form, const char *body, size_t len, zw_err *err)
{
    json_error_t wrong;
    form->fields = json_loadb(body, len, JSON_REJECT_DUPLICATES, &wrong);
    if (form->fields == NULL) {
        return zw_err_set(err, ZW_INVALID, "the body is no JSON: %d:%d: %s", wrong.line,
                          wrong.column, wrong.text);
    }
    if (!json_is_object(form->fields)) {
        return zw_err_set(err, ZW_INVALID, "the body is no JSON object");
    }
    return ZW_OK;
}

static bool is_known(const char *name, const char *const *known, zw_nearest *nearest)
{
    for (size_t i = 0; known[i] != NULL; i++) {
        if (strcmp(known[i], name) == 0) {
            return true;
        }
        zw_nearest_try(nearest, known[i]);
    }
    return false;
}

static zw_status check(const zw_form *form, const char *const *known, zw_err *err)
{
    const char *name = NULL;
    json_t *value = NULL;
    json_object_foreach(form->fields, name, value)
    {
        zw_nearest nearest;
        zw_nearest_init(&nearest, zw_text_of(name));
        if (!is_known(name, known, &nearest)) {
            return zw_params_unknown("field", name, &nearest, err);
        }
        if (!json_is_string(value) && !json_is_null(value)) {
            return zw_err_set(err, ZW_INVALID, "field '%s' is no text", name);
        }
    }
    return ZW_OK;
}

zw_status zw_form_read(const zw_http_request *request, const char *const *known, zw_form **out,
                       zw_err *err)
{
    bool is_json = zw_media_is(zw_http_request_content_type(request), "application/json");
    *out = NULL;
    zw_form *form = calloc(1, sizeof(*form));
    if (form == NULL) {
        return zw_err_nomem(err);
    }
    size_t len = 0;
    const char *body = zw_http_request_body(request, &len);
    zw_status status = is_json ? read_json(form, body, len, err) : read_urlencoded(form, body, err);
    status = status == ZW_OK ? check(form, known, err) : status;
    if (status != ZW_OK) {
        zw_form_destroy(form);
        return status;
    }
    *out = form;
    return ZW_OK;
}

void zw_form_destroy(zw_form *form)
{
    if (form == NULL) {
        return;
    }
    json_decref(form->fields);
    free(form);
}

const char *zw_form_field(const zw_form *form, const char *name)
{
    return json_string_value(json_object_get(form->fields, name));
}
