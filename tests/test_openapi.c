/* The OpenAPI document: whatever it names is answered. */
#include "serve/openapi.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api_world.h"

static json_t *document(api_world *w)
{
    assert_int_equal(exchange_get(&w->x, "/openapi.json"), 200);
    return exchange_json(&w->x);
}

static void is_there(api_world *w, const char *method, const char *path, const json_t *operation)
{
    const char *verb = strcmp(method, "post") == 0     ? "POST"
                       : strcmp(method, "delete") == 0 ? "DELETE"
                                                       : "GET";
    char target[128];
    const char *id = strstr(path, "{id}");
    (void)snprintf(target, sizeof target, "%.*s%s%s", id != NULL ? (int)(id - path) : 127, path,
                   id != NULL ? "7" : "", id != NULL ? id + 4 : "");
    int status = exchange_send(&w->x, verb, target, NULL, NULL);
    if (status == 404 || status == 405 || status >= 500) {
        fail_msg("%s %s: %d", method, path, status);
    }
    assert_string_not_equal(json_at(operation, "summary"), "");
    assert_non_null(json_object_get(operation, "responses"));
}

static void every_path_it_names_is_there(void **state)
{
    json_t *json = document(*state);
    const char *path = NULL;
    json_t *methods = NULL;
    size_t count = 0;
    assert_string_equal(json_at(json, "openapi"), "3.1.0");
    json_object_foreach(json_object_get(json, "paths"), path, methods)
    {
        const char *method = NULL;
        json_t *operation = NULL;
        json_object_foreach(methods, method, operation)
        {
            is_there(*state, method, path, operation);
            count++;
        }
    }
    assert_true(count >= 17);
    json_decref(json);
}

static void every_parameter_it_names_is_taken_and_described(void **state)
{
    api_world *w = *state;
    json_t *json = document(w);
    const char *path = NULL;
    json_t *methods = NULL;
    size_t count = 0;
    json_object_foreach(json_object_get(json, "paths"), path, methods)
    {
        json_t *operation = json_object_get(methods, "get");
        json_t *params = json_object_get(operation, "parameters");
        for (size_t i = 0; i < json_array_size(params); i++) {
            char target[128];
            (void)snprintf(target, sizeof target, "%.60s?%.60s=", path,
                           json_at(json_array_get(params, i), "name"));
            (void)exchange_get(&w->x, target);
            assert_null(strstr(exchange_body(&w->x), "no parameter"));
            assert_string_not_equal(json_at(json_array_get(params, i), "description"), "");
            count++;
        }
    }
    assert_true(count > 10);
    json_decref(json);
}

static void says_what_bodies_are_taken(void **state)
{
    json_t *json = document(*state);
    json_t *paths = json_object_get(json, "paths");
    json_t *delivery = json_object_get(paths, "/api/v1/observations");
    json_t *content = json_object_get(
        json_object_get(json_object_get(delivery, "post"), "requestBody"), "content");
    assert_non_null(json_object_get(content, "text/csv"));
    assert_string_equal(json_at(delivery, "post.responses.200.description"), "the answer");
    json_t *write = json_object_get(json_object_get(paths, "/write"), "post");
    assert_string_equal(json_at(write, "responses.204.description"), "done");
    assert_string_equal(json_at(write, "responses.200.description"), "");
    assert_string_equal(json_at(write, "parameters.0.name"), "precision");
    json_t *series = json_object_get(json_object_get(paths, "/api/v1/series"), "get");
    assert_null(json_object_get(series, "requestBody"));
    assert_string_equal(json_at(series, "parameters.0.required"), "true");
    assert_string_equal(json_at(series, "parameters.1.required"), "false");
    json_decref(json);
}

static void two_methods_of_one_path_stand_together(void **state)
{
    (void)state;
    static const char *const none[] = {NULL};
    static const zw_route routes[] = {
        {"GET", "/a", "read", none, NULL, "application/json", NULL, NULL},
        {"POST", "/a", "write", none, NULL, "application/json", NULL, NULL},
        {"GET", "/b", "other", none, NULL, "application/json", NULL, NULL},
    };
    zw_buf out;
    zw_buf_init(&out, 1 << 16);
    zw_openapi_write(routes, 3, &out);
    json_t *json = json_loads(zw_buf_view(&out), JSON_REJECT_DUPLICATES, NULL);
    static const struct api_row rows[] = {
        {"paths./a.get.summary", "read"},
        {"paths./a.post.summary", "write"},
        {"paths./b.get.summary", "other"},
    };
    API_EXPECT(json, rows);
    json_decref(json);
    zw_buf_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_path_it_names_is_there),
        cmocka_unit_test(every_parameter_it_names_is_taken_and_described),
        cmocka_unit_test(says_what_bodies_are_taken),
        cmocka_unit_test(two_methods_of_one_path_stand_together),
    };
    return cmocka_run_group_tests(tests, api_world_setup, api_world_teardown);
}
