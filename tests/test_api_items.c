/* Items over HTTP: how they stand, as of any day. */
#include "serve/api_parts.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api_world.h"

#define PACK                                                                                       \
    "local z = zone 'delta' { timezone = 'Asia/Shanghai' }\n"                                      \
    "local n = area 'north' { within = z, aliases = { '北区' } }\n"                              \
    "area 'harbour' { within = n }\n"                                                              \
    "area 'south' { within = z }\n"                                                                \
    "register 'calls' { fields = { 'type', paid = '1e4 CNY', due_on = 'date' },"                   \
    " states = { 'posted', 'awarded' }, deadline = 'due_on' }\n"                                   \
    "register 'firms' { fields = { 'type' } }\n"

/* One row; at and known_at as moments of the zone's mornings. */
static void say(api_world *w, const char *reg, const char *item, const char *area, const char *at,
                const char *known_at, const char *state, const char *field, const char *text)
{
    zw_item_field fields[] = {{field, text}};
    char moments[2][40];
    (void)snprintf(moments[0], sizeof moments[0], "%sT00:00:00+08:00", at);
    (void)snprintf(moments[1], sizeof moments[1], "%sT09:00:00+08:00", known_at);
    zw_delivery delivery = {.source = "office", .name = "a.csv", .format = "csv", .digest = ""};
    zw_item_row row = {.register_name = reg,
                       .item = item,
                       .area = area,
                       .state = state,
                       .source = "",
                       .note = "",
                       .fields = fields,
                       .field_count = text[0] != '\0',
                       .at_ms = api_world_ms(moments[0]),
                       .known_at_ms = api_world_ms(moments[1]),
                       .is_synthetic = strcmp(text, "lab") == 0};
    zw_change change = ZW_CHANGE_NEW;
    zw_store *store = w->world.store;
    assert_int_equal(zw_store_begin(store, NULL), ZW_OK);
    assert_int_equal(zw_store_deliver(store, &delivery, NULL), ZW_OK);
    row.batch = delivery.id;
    assert_int_equal(zw_items_put(zw_store_items(store), &row, &change, NULL), ZW_OK);
    assert_int_equal(zw_store_commit(store, NULL), ZW_OK);
}

static int setup(void **state)
{
    api_world *w = calloc(1, sizeof *w);
    assert_non_null(w);
    api_world_load(w, PACK, API_WORLD_NOW);
    say(w, "calls", "c1", "harbour", "2023-01-01", "2023-01-05", "posted", "paid", "12.5");
    say(w, "calls", "c1", "", "2023-02-01", "2023-02-05", "awarded", "due_on", "2023-06-30");
    say(w, "calls", "c1", "south", "2023-02-01", "2023-03-05", "", "", ""); /* corrects where */
    say(w, "firms", "f1", "north", "2023-01-01", "2023-01-05", "", "type", "lab");
    say(w, "firms", "f1", "", "2023-02-01", "2023-02-05", "left", "", "");
    say(w, "firms", "f1", "", "2023-04-01", "2023-04-05", "", "", ""); /* it returned */
    say(w, "firms", "f2", "", "2023-01-01", "2023-01-05", "", "", ""); /* nobody said where */
    say(w, "firms", "f3", "gone", "2023-01-01", "2023-01-05", "", "", "");
    say(w, "firms", "", "north", "2023-01-01", "2023-01-05", "", "", "");
    say(w, "forgotten", "x", "north", "2023-01-01", "2023-01-05", "", "", ""); /* not in the pack */
    api_world_start(w);
    *state = w;
    return 0;
}

static void an_item_is_shown_as_it_stands(void **state)
{
    json_t *json = api_world_ask(*state, "/api/v1/items", 200);
    static const struct api_row rows[] = {
        {"data.0.register", "calls"},
        {"data.0.item", "c1"},
        {"data.0.area", "south"},
        {"data.0.state", "awarded"},
        {"data.0.fields.paid", "12.5"},
        {"data.0.fields.due_on", "2023-06-30"},
        {"data.0.fields.type", ""},
        {"data.0.came", "2023-01-01T00:00:00+08:00"},
        {"data.0.since", "2023-02-01T00:00:00+08:00"},
        {"data.0.till", "null"},
        {"data.0.known_at", "2023-03-05T09:00:00+08:00"},
        {"data.0.synthetic", "false"},
        {"data.1.item", "f1"}, /* it left and returned */
        {"data.1.area", "north"},
        {"data.1.state", "null"},
        {"data.1.fields.type", "lab"},
        {"data.1.came", "2023-04-01T00:00:00+08:00"},
        {"data.1.till", "null"},
        {"data.1.synthetic", "true"},
        {"data.2.item", "f2"},
        {"data.2.area", "delta"}, /* the only zone */
        {"data.3.area", "gone"},  /* as it was said: the pack has it no more */
        {"data.4", ""},
    };
    API_EXPECT(json, rows);
    json_decref(json);
}

static void any_day_shows_what_was_known_then(void **state)
{
    static const struct {
        const char *why, *query, *items; /* "item@area state till," of each */
    } cases[] = {
        {"before anything was known, though it held already", "?as_of=2023-01-04", ""},
        {"a day later", "?as_of=2023-01-05&register=calls", "c1@harbour posted null,"},
        {"awarded, not known yet", "?as_of=2023-02-04&register=calls", "c1@harbour posted null,"},
        {"known", "?as_of=2023-02-05&register=calls", "c1@harbour awarded null,"},
        {"corrected", "?as_of=2023-03-05&register=calls", "c1@south awarded null,"},
        {"left", "?as_of=2023-03-05&register=firms&area=north",
         "f1@north null 2023-02-01T00:00:00+08:00,"},
        {"an area and all inside it, by alias", "?as_of=2023-02-05&area=%E5%8C%97%E5%8C%BA",
         "c1@harbour awarded null,f1@north null 2023-02-01T00:00:00+08:00,"},
        {"moved out of it", "?as_of=2023-03-05&area=north&register=calls", ""},
        {"the zone has all that stand in it", "?as_of=2023-01-05&area=delta",
         "c1@harbour posted null,f1@north null null,f2@delta null null,"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char target[128];
        char listed[512] = "";
        (void)snprintf(target, sizeof target, "/api/v1/items%s", cases[i].query);
        json_t *json = api_world_ask(*state, target, 200);
        const json_t *data = json_object_get(json, "data");
        for (size_t n = 0; n < json_array_size(data); n++) {
            const json_t *item = json_array_get(data, n);
            size_t len = strlen(listed);
            (void)snprintf(listed + len, sizeof listed - len, "%s@%s %s %s,", json_at(item, "item"),
                           json_at(item, "area"), json_at(item, "state"), json_at(item, "till"));
        }
        if (strcmp(listed, cases[i].items) != 0) {
            fail_msg("%s: %s", cases[i].why, listed);
        }
        json_decref(json);
    }
}

static void what_is_unknown_is_named(void **state)
{
    static const struct {
        const char *query, *error;
    } cases[] = {
        {"?register=call", "no register 'call'; did you mean 'calls'?"},
        {"?area=nort", "no area 'nort'; did you mean 'north'?"},
        {"?regster=calls", "no parameter 'regster'; did you mean 'register'?"},
        {"?as_of=2024-01-01", "as_of: '2024-01-01' lies after now"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char target[128];
        (void)snprintf(target, sizeof target, "/api/v1/items%s", cases[i].query);
        json_t *json = api_world_ask(*state, target, 400);
        assert_string_equal(json_at(json, "error"), cases[i].error);
        json_decref(json);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_item_is_shown_as_it_stands),
        cmocka_unit_test(any_day_shows_what_was_known_then),
        cmocka_unit_test(what_is_unknown_is_named),
    };
    return cmocka_run_group_tests(tests, setup, api_world_teardown);
}
