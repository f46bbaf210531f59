/* An account in JSON: read back, and as short as its tree. */
#include "serve/explained.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api_world.h"
#include "failing_alloc.h"

static zw_account *account_of(api_world *w, const char *name, uint32_t area, const char *period)
{
    zw_account_ask ask = {
        .name = name, .area = area, .period = period, .expression = api_world_expression, .arg = w};
    zw_account *account = NULL;
    zw_err err = {ZW_OK, ""};
    if (zw_account_create(w->world.eval, w->world.ledger, &ask, &account, &err) != ZW_OK) {
        fail_msg("%s: %s", name, err.text);
    }
    return account;
}

static json_t *written(api_world *w, const zw_account *account)
{
    zw_buf text;
    zw_buf_init(&text, 1 << 22);
    zw_json json = zw_json_of(&text);
    zw_explained_put(&json, NULL, w->world.eval, account);
    json_t *read = json_loads(zw_buf_view(&text), JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(read);
    zw_buf_fini(&text);
    return read;
}

static void what_was_written_is_named_by_its_number(void **state)
{
    static const struct api_row rows[] = {
        {"is", "expression"},
        {"name", "revenue:over(revenue:lag(1)) & revenue:over(0)"},
        {"pack.name", "test.lua"},
        {"unit", "null"},
        {"parts.0.tree.op", "&"},
        {"parts.0.tree.inputs.0.inputs.0.id", "3"},
        {"parts.0.tree.inputs.0.inputs.0.figures.0.note", "null"},
        {"parts.0.tree.inputs.0.inputs.0.narrowed", "{}"},
        {"parts.0.tree.inputs.1.inputs.0.see", "3"},
    };
    zw_account *account =
        account_of(*state, "revenue:over(revenue:lag(1)) & revenue:over(0)", 1, "2022-05");
    json_t *json = written(*state, account);
    API_EXPECT(json, rows);
    assert_int_equal(
        strlen(json_string_value(json_object_get(json_object_get(json, "pack"), "digest"))), 64);
    json_decref(json);
    zw_account_destroy(account);
}

static void a_deep_tree_ends(void **state)
{
    api_world *w = *state;
    zw_node_id node = ZW_NODE_NONE;
    zw_err err = {ZW_OK, ""};
    assert_int_equal(api_world_expression(w, zw_text_of("revenue"), &node, &err), ZW_OK);
    for (int i = 0; i < 300; i++) {
        zw_node neg = {.op = i % 2 == 0 ? ZW_OP_NEG : ZW_OP_ABS, .kid = {node}, .kid_count = 1};
        assert_int_equal(zw_formula_make(w->world.pack, &neg, &node, &err), ZW_OK);
    }
    zw_account account = {.name = "deep", .area = 1, .count = 1};
    account.parts[0] = (zw_account_part){.what = "value", .node = node};
    assert_int_equal(
        zw_tree_create(w->world.eval, node, 1, 52 * 12 + 4, &account.parts[0].tree, &err), ZW_OK);
    json_t *json = written(w, &account);
    const json_t *at = json_object_get(json_array_get(json_object_get(json, "parts"), 0), "tree");
    size_t depth = 0;
    for (; json_object_get(at, "inputs") != NULL; depth++) {
        at = json_array_get(json_object_get(at, "inputs"), 0);
    }
    assert_int_equal(depth, 200);
    assert_non_null(json_object_get(at, "deeper"));
    json_decref(json);
    zw_tree_destroy(account.parts[0].tree);
}

static void without_memory_the_text_says_so(void **state)
{
    api_world *w = *state;
    zw_account *account = account_of(w, "low", 1, NULL);
    bool was_refused = true;
    for (long n = 0; was_refused; n++) {
        zw_buf text;
        zw_buf_init(&text, 1 << 22);
        zw_json json = zw_json_of(&text);
        failing_alloc_after(n);
        zw_explained_put(&json, NULL, w->world.eval, account);
        was_refused = failing_alloc_stop();
        json_t *read = text.has_failed ? NULL : json_loads(zw_buf_view(&text), 0, NULL);
        assert_true(text.has_failed || read != NULL);
        json_decref(read);
        zw_buf_fini(&text);
    }
    zw_account_destroy(account);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_written_is_named_by_its_number),
        cmocka_unit_test(a_deep_tree_ends),
        cmocka_unit_test(without_memory_the_text_says_so),
    };
    return cmocka_run_group_tests(tests, api_world_setup, api_world_teardown);
}
