/* The OpenAPI document, written from the very table that requests are held against. */
#include "serve/openapi.h"

#include "serve/json.h"

#include <string.h>

static const char not_read[] = "Influx's, taken and not read";

/* What each parameter means, wherever it is taken. */
static const struct {
    const char *name, *what;
    bool is_required;
} params[] = {
    {"name",
     "a declared measure, indicator or target; to be explained also a rule, an alert or an "
     "expression",
     true},
    {"area", "an area or zone by name or alias; everything inside it is meant too", false},
    {"as_of",
     "what was known then: a moment, or a period, whose end is meant (in the area's time zone)",
     false},
    {"from", "first period or moment, included", false},
    {"to", "last period or moment, included", false},
    {"period", "a period of its grid; without it the newest there is something to say of", false},
    {"item", "of an alert for each item of a register: which one", false},
    {"alert", "a declared alert", false},
    {"notify", "a declared notify", false},
    {"author", "who says so", false},
    {"register", "a declared register; without it all of them", false},
    {"limit", "how many at most", false},
    {"source", "who sends; the same bytes from the same source again change nothing", false},
    {"known_at", "when it was learned, for rows that do not say; never after now", false},
    {"partial", "true keeps the good rows although others are bad", false},
    {"precision", "what timestamps count: ns (unless said), us, ms, s, m or h", false},
    {"db", not_read, false},
    {"rp", not_read, false},
    {"u", not_read, false},
    {"p", not_read, false},
    {"consistency", not_read, false},
    {"org", not_read, false},
    {"orgID", not_read, false},
    {"bucket", not_read, false},
};

static void put_param(zw_json *json, const char *name)
{
    zw_json_open(json, NULL, '{');
    zw_json_text(json, "name", name);
    zw_json_text(json, "in", "query");
    for (size_t i = 0; i < sizeof(params) / sizeof(params[0]); i++) {
        if (strcmp(params[i].name, name) == 0) {
            zw_json_bool(json, "required", params[i].is_required);
            zw_json_text(json, "description", params[i].what);
        }
    }
    zw_json_raw(json, "schema", "{\"type\":\"string\"}");
    zw_json_close(json, '}');
}

static void put_params(zw_json *json, const zw_route *route)
{
    zw_json_open(json, "parameters", '[');
    if (strstr(route->path, "{id}") != NULL) {
        zw_json_open(json, NULL, '{');
        zw_json_text(json, "name", "id");
        zw_json_text(json, "in", "path");
        zw_json_bool(json, "required", true);
        zw_json_raw(json, "schema", "{\"type\":\"integer\"}");
        zw_json_close(json, '}');
    }
    for (size_t i = 0; route->params[i] != NULL; i++) {
        put_param(json, route->params[i]);
    }
    zw_json_close(json, ']');
}

static void put_body(zw_json *json, const zw_route *route)
{
    if (route->accepts == NULL) {
        return;
    }
    zw_json_open(json, "requestBody", '{');
    zw_json_bool(json, "required", true);
    zw_json_open(json, "content", '{');
    for (size_t i = 0; route->accepts[i] != NULL; i++) {
        zw_json_raw(json, route->accepts[i], "{}");
    }
    zw_json_close(json, '}');
    zw_json_close(json, '}');
}

static void put_responses(zw_json *json, const zw_route *route)
{
    zw_json_open(json, "responses", '{');
    zw_json_open(json, route->answers != NULL ? "200" : "204", '{');
    zw_json_text(json, "description", route->answers != NULL ? "the answer" : "done");
    if (route->answers != NULL) {
        zw_json_open(json, "content", '{');
        zw_json_raw(json, route->answers, "{}");
        zw_json_close(json, '}');
    }
    zw_json_close(json, '}');
    zw_json_open(json, "default", '{');
    zw_json_text(json, "description",
                 "an error: {\"status\":\"error\",\"errorType\":…,\"error\":…}");
    zw_json_close(json, '}');
    zw_json_close(json, '}');
}

static const char *method_of(const zw_route *route)
{
    return strcmp(route->method, "POST") == 0     ? "post"
           : strcmp(route->method, "DELETE") == 0 ? "delete"
                                                  : "get";
}

static void put_route(zw_json *json, const zw_route *route)
{
    zw_json_open(json, method_of(route), '{');
    zw_json_text(json, "summary", route->summary);
    put_params(json, route);
    put_body(json, route);
    put_responses(json, route);
    zw_json_close(json, '}');
}

void zw_openapi_write(const zw_route *routes, size_t count, zw_buf *out)
{
    zw_json json = zw_json_of(out);
    zw_json_open(&json, NULL, '{');
    zw_json_text(&json, "openapi", "3.1.0");
    zw_json_open(&json, "info", '{');
    zw_json_text(&json, "title", "zonewatch");
    zw_json_text(&json, "version", "1");
    zw_json_close(&json, '}');
    zw_json_open(&json, "paths", '{');
    for (size_t i = 0; i < count; i++) {
        if (i == 0 || strcmp(routes[i].path, routes[i - 1].path) != 0) {
            zw_json_open(&json, routes[i].path, '{');
        }
        put_route(&json, &routes[i]);
        if (i + 1 == count || strcmp(routes[i].path, routes[i + 1].path) != 0) {
            zw_json_close(&json, '}');
        }
    }
    zw_json_close(&json, '}');
    zw_json_close(&json, '}');
}
