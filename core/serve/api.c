/*
 * The interface: one table of routes, and what is the same for all of them. A request is held
 * against the table (404, 405), its query against what its route takes (400), its body against the
 * types it takes (415); then its part builds the answer, whole or not at all.
 */
#include "serve/api_live.h"
#include "serve/envelope.h"
#include "serve/media.h"
#include "serve/metrics.h"
#include "serve/openapi.h"
#include "serve/page.h"
#include "serve/params.h"

#include <string.h>

static void answer_metrics(zw_ask *ask);
static void answer_health(zw_ask *ask);
static void answer_page(zw_ask *ask);
static void answer_ping(zw_ask *ask);
static void answer_openapi(zw_ask *ask);

#define JSON "application/json"

static const char *const no_params[] = {NULL};
static const char *const as_of_params[] = {"area", "as_of", NULL};
static const char *const series_params[] = {"name", "area", "from", "to", "as_of", NULL};
static const char *const explain_params[] = {"name", "area", "period", "as_of", "item", NULL};
static const char *const history_params[] = {"alert", "area", "from", "to", NULL};
static const char *const batches_params[] = {"limit", NULL};
static const char *const notifications_params[] = {"alert", "area",  "notify", "from",
                                                   "to",    "limit", NULL};
static const char *const author_params[] = {"author", NULL};
static const char *const delivery_params[] = {"source", "known_at", "partial", NULL};
static const char *const form_types[] = {"application/x-www-form-urlencoded", JSON, NULL};
static const char *const delivery_types[] = {"text/csv", JSON, "application/x-ndjson", NULL};
static const char *const figure_types[] = {"text/csv", JSON, "application/x-ndjson",
                                           "application/vnd.sdmx.data+csv", NULL};
static const char *const items_params[] = {"register", "area", "as_of", NULL};
static const char *const line_types[] = {"text/plain", NULL};
static const char *const text_types[] = {"text/plain", "application/openmetrics-text", NULL};

static const zw_route routes[] = {
    {"GET", "/", "the page", no_params, NULL, "text/html", NULL, answer_page},
    {"GET", "/-/healthy", "is it alive", no_params, NULL, "text/plain", NULL, answer_health},
    {"GET", "/-/ready", "does it serve", no_params, NULL, "text/plain", NULL, answer_health},
    {"GET", "/ping", "is it alive, as Influx's clients ask", no_params, NULL, NULL, NULL,
     answer_ping},
    {"GET", "/metrics", "indicators, alert states, verdicts and the process, as OpenMetrics",
     no_params, NULL, "application/openmetrics-text", NULL, answer_metrics},
    {"GET", "/openapi.json", "this document", no_params, NULL, JSON, NULL, answer_openapi},
    {"GET", "/api/v1/model", "what the pack declares", no_params, NULL, JSON, zw_api_model, NULL},
    {"GET", "/api/v1/measures", "the measures", no_params, NULL, JSON, zw_api_measures, NULL},
    {"GET", "/api/v1/areas", "the areas with their indicators and rules", as_of_params, NULL, JSON,
     zw_api_areas, NULL},
    {"GET", "/api/v1/indicators", "the indicators with their newest values", as_of_params, NULL,
     JSON, zw_api_indicators, NULL},
    {"GET", "/api/v1/targets", "the targets with their verdicts and where they stand", as_of_params,
     NULL, JSON, zw_api_targets, NULL},
    {"GET", "/api/v1/rules", "alerts and rules, in Prometheus's shape", as_of_params, NULL, JSON,
     zw_api_rules, NULL},
    {"GET", "/api/v1/alerts", "the open alerts, in Prometheus's shape", as_of_params, NULL, JSON,
     zw_api_alerts, NULL},
    {"GET", "/api/v1/alerts/history", "every move of the alerts", history_params, NULL, JSON,
     zw_api_history, NULL},
    {"POST", "/api/v1/alerts/ack",
     "what fires was seen; fields alert, area, item, period, author and note", no_params,
     form_types, JSON, NULL, NULL},
    {"GET", "/api/v1/silences", "all there ever were, the newest first", no_params, NULL, JSON,
     zw_api_silences, NULL},
    {"POST", "/api/v1/silences",
     "silences what alert, area, severity and item say; fields start, end, for, hours, author and "
     "reason",
     no_params, form_types, JSON, NULL, NULL},
    {"DELETE", "/api/v1/silences/{id}", "ends a silence before its time", author_params, NULL, JSON,
     NULL, NULL},
    {"GET", "/api/v1/notifications", "what was told, and what was kept from being told, and why",
     notifications_params, NULL, JSON, zw_api_notifications, NULL},
    {"GET", "/api/v1/alerts/scorecard",
     "what the moves of each alert come to: firings, flaps, median times, ends as revised",
     history_params, NULL, JSON, zw_api_scorecard, NULL},
    {"GET", "/api/v1/series", "what a name says, period by period", series_params, NULL, JSON,
     zw_api_series, NULL},
    {"GET", "/api/v1/explain", "the tree behind a value, truth, verdict or alert state",
     explain_params, NULL, JSON, zw_api_explain, NULL},
    {"GET", "/api/v1/batches", "what arrived, the newest first", batches_params, NULL, JSON,
     zw_api_batches, NULL},
    {"POST", "/api/v1/batches/{id}/release", "takes in what a guard holds, learned now", no_params,
     NULL, JSON, NULL, NULL},
    {"POST", "/api/v1/batches/{id}/refuse", "drops what a guard holds", no_params, NULL, JSON, NULL,
     NULL},
    {"POST", "/api/v1/eval",
     "an expression of the language; fields expression, area, period and as_of", no_params,
     form_types, JSON, zw_api_eval, NULL},
    {"POST", "/api/v1/observations", "a delivery of figures", delivery_params, figure_types, JSON,
     NULL, NULL},
    {"GET", "/api/v1/items", "the items of registers as they stand, those that left with `till`",
     items_params, NULL, JSON, zw_api_items, NULL},
    {"POST", "/api/v1/items", "a delivery of items", delivery_params, delivery_types, JSON, NULL,
     NULL},
    {"POST", "/write", "live samples as Influx line protocol", zw_api_live_write_params, line_types,
     NULL, NULL, NULL},
    {"POST", "/api/v2/write", "live samples as Influx line protocol", zw_api_live_write_params,
     line_types, NULL, NULL, NULL},
    {"POST", "/api/v1/import/prometheus", "live samples as Prometheus's text or OpenMetrics",
     no_params, text_types, NULL, NULL, NULL},
};
enum { ROUTE_COUNT = sizeof(routes) / sizeof(routes[0]) };

static void answer_text(zw_ask *ask, zw_status status, const char *content_type, zw_buf *text,
                        const zw_err *err)
{
    if (status == ZW_OK) {
        zw_http_answer_take(ask->request, 200, content_type, text, NULL, 0);
    } else {
        zw_envelope_fail(ask->request, status, err);
    }
    zw_buf_fini(text);
}

static void answer_metrics(zw_ask *ask)
{
    zw_buf text;
    zw_err err = {ZW_OK, ""};
    zw_buf_init(&text, ZW_ENVELOPE_BYTES);
    zw_status status = zw_metrics_write(ask, &text, &err);
    answer_text(ask, status, ZW_METRICS_TYPE, &text, &err);
}

static void answer_openapi(zw_ask *ask)
{
    zw_buf text;
    zw_err err = {ZW_OK, ""};
    zw_buf_init(&text, ZW_ENVELOPE_BYTES);
    zw_openapi_write(routes, ROUTE_COUNT, &text);
    answer_text(ask, ZW_OK, JSON, &text, &err);
}

/* There is a world to ask about: that is all there is to be ready for. */
static void answer_health(zw_ask *ask)
{
    static const char text[] = "ok\n";
    zw_http_answer(ask->request, 200, "text/plain; charset=utf-8", text, sizeof(text) - 1, NULL, 0);
}

static void answer_ping(zw_ask *ask)
{
    zw_http_answer(ask->request, 204, NULL, "", 0, NULL, 0);
}

static void answer_page(zw_ask *ask)
{
    zw_page_answer(ask->request);
}

static void answer_part(zw_ask *ask, zw_api_part part)
{
    zw_buf data;
    zw_err err = {ZW_OK, ""};
    zw_buf_init(&data, ZW_ENVELOPE_BYTES);
    zw_status status = zw_ask_area(ask, zw_http_request_query(ask->request, "area"), &err);
    status = status == ZW_OK ? zw_ask_as_of(ask, zw_http_request_query(ask->request, "as_of"), &err)
                             : status;
    status = status == ZW_OK ? part(ask, &data, &err) : status;
    if (status == ZW_OK) {
        zw_envelope_answer(ask->request, &data, NULL);
    } else {
        zw_envelope_fail(ask->request, status, &err);
    }
    zw_buf_fini(&data);
}

/* What the route does, once the request is one for it. */
static void answer_by(const zw_route *route, const zw_api_world *world, zw_http_request *request)
{
    zw_err err = {ZW_OK, ""};
    zw_status status = zw_params_check(request, route->params, &err);
    if (status != ZW_OK) {
        zw_envelope_fail(request, status, &err);
        return;
    }
    if (route->accepts != NULL && !zw_media_accept(request, route->accepts)) {
        return;
    }
    zw_ask ask;
    zw_ask_init(&ask, world, request);
    if (route->part != NULL) {
        answer_part(&ask, route->part);
    } else {
        route->answer(&ask);
    }
    zw_ask_fini(&ask);
}

static void refuse_path(zw_http_request *request, const char *path)
{
    zw_err err = {ZW_OK, ""};
    zw_nearest nearest;
    zw_nearest_init(&nearest, zw_text_of(path));
    for (size_t i = 0; i < ROUTE_COUNT; i++) {
        zw_nearest_try(&nearest, routes[i].path);
    }
    (void)zw_params_unknown("path", path, &nearest, &err);
    zw_envelope_refuse(request, 404, zw_envelope_error_type(404), err.text, NULL);
}

/* A path of the table, in which "{id}" stands for a number. */
static bool is_path(const char *pattern, const char *path)
{
    const char *id = strstr(pattern, "{id}");
    if (id == NULL) {
        return strcmp(pattern, path) == 0;
    }
    size_t before = (size_t)(id - pattern);
    if (strncmp(pattern, path, before) != 0) {
        return false;
    }
    size_t digits = strspn(path + before, "0123456789");
    return digits > 0 && strcmp(id + strlen("{id}"), path + before + digits) == 0;
}

/* The route of a path and a method; NULL. */
static const zw_route *route_of(const char *path, const char *method)
{
    for (size_t i = 0; i < ROUTE_COUNT; i++) {
        if (is_path(routes[i].path, path) && strcmp(routes[i].method, method) == 0) {
            return &routes[i];
        }
    }
    return NULL;
}

static const char *const methods[] = {"GET", "POST", "DELETE"};
enum { METHOD_COUNT = sizeof(methods) / sizeof(methods[0]) };

static bool is_known(const char *path)
{
    for (size_t i = 0; i < METHOD_COUNT; i++) {
        if (route_of(path, methods[i]) != NULL) {
            return true;
        }
    }
    return false;
}

/* Says which methods a path answers: as a header, and in words. */
static void refuse_method(zw_http_request *request, const char *path)
{
    zw_buf allowed;
    zw_buf text;
    bool is_first = true;
    zw_buf_init(&allowed, 256);
    zw_buf_init(&text, 1024);
    zw_buf_printf(&text, "%.200s answers ", path);
    for (size_t i = 0; i < METHOD_COUNT; i++) {
        if (route_of(path, methods[i]) == NULL) {
            continue;
        }
        zw_buf_printf(&text, "%s%s", is_first ? "" : " and ", methods[i]);
        zw_buf_printf(&allowed, "%s%s", is_first ? "" : ", ", i == 0 ? "GET, HEAD" : methods[i]);
        is_first = false;
    }
    zw_buf_puts(&text, " only");
    zw_envelope_beside beside = {.header = {"Allow", zw_buf_view(&allowed)}};
    zw_envelope_refuse(request, 405, zw_envelope_error_type(405), zw_buf_view(&text), &beside);
    zw_buf_fini(&allowed);
    zw_buf_fini(&text);
}

bool zw_api_answer(const zw_api_world *world, zw_http_request *request)
{
    const char *path = zw_http_request_path(request);
    const zw_route *route = route_of(path, zw_http_request_method(request));
    if (!is_known(path)) {
        refuse_path(request, path);
    } else if (route == NULL) {
        refuse_method(request, path);
    } else if (route->part == NULL && route->answer == NULL) {
        return false;
    } else {
        answer_by(route, world, request);
    }
    return true;
}

void zw_api_answer_error(zw_http_request *request, unsigned http_status, const char *error_type,
                         const char *text)
{
    zw_envelope_refuse(request, http_status, error_type, text, NULL);
}
