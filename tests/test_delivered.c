/* The bytes of deliveries: kept, found again line by line, checked. */
#include "store/delivered.h"

#include "failing_alloc.h"
#include "store/store.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static zw_store *open_with(const char *const *texts, size_t count)
{
    zw_store *store = NULL;
    zw_err err = {ZW_OK, ""};
    assert_int_equal(zw_store_open(":memory:", ZW_DB_WRITE, &store, &err), ZW_OK);
    assert_int_equal(zw_store_begin(store, &err), ZW_OK);
    for (size_t i = 0; i < count; i++) {
        zw_delivery delivery = {.source = "s", .name = "a", .format = "csv", .digest = ""};
        assert_int_equal(zw_store_deliver(store, &delivery, &err), ZW_OK);
        assert_int_equal(delivery.id, (int64_t)i + 1);
        assert_int_equal(
            zw_delivered_keep(zw_store_db(store), delivery.id, zw_text_of(texts[i]), &err), ZW_OK);
    }
    assert_int_equal(zw_store_commit(store, &err), ZW_OK);
    return store;
}

static void lines_are_found_as_they_came(void **state)
{
    static const char *const texts[] = {"a,b\n1,2\r\n3,4",
                                        "",
                                        "\xEF\xBB\xBFx\ny\n",
                                        "\xB1\xB1\xBE\xA9,1\n\xB9\xE3\xD6\xDD,2\n",
                                        "5\n",
                                        "6\n"};
    static const struct {
        const char *why;
        int64_t batch;
        uint32_t line;
        const char *text; /* NULL: none */
    } cases[] = {
        {"the first", 1, 1, "a,b"},
        {"without its end", 1, 2, "1,2"},
        {"the last has none", 1, 3, "3,4"},
        {"behind the last", 1, 4, NULL},
        {"live samples have no lines", 1, 0, NULL},
        {"nothing came", 2, 1, NULL},
        {"no such delivery", 99, 1, NULL},
        {"behind a mark", 3, 2, "y"},
        {"behind a last end", 3, 3, NULL},
        {"GB18030", 4, 2, "广州,2"},
        {"others in between", 5, 1, "5"},
        {"and again", 6, 1, "6"},
        {"read anew", 1, 2, "1,2"},
    };
    (void)state;
    zw_store *store = open_with(texts, sizeof texts / sizeof texts[0]);
    zw_delivered *delivered = NULL;
    assert_int_equal(zw_delivered_create(zw_store_db(store), &delivered, NULL), ZW_OK);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        zw_text line;
        assert_int_equal(zw_delivered_line(delivered, cases[i].batch, cases[i].line, &line, NULL),
                         ZW_OK);
        bool is_right = cases[i].text == NULL ? line.at == NULL
                                              : line.at != NULL && zw_text_is(line, cases[i].text);
        if (!is_right) {
            fail_msg("%s: '%.*s'", cases[i].why, (int)line.len, line.at != NULL ? line.at : "");
        }
    }
    zw_delivered_destroy(delivered);
    zw_store_close(store);
}

static void what_is_too_long_is_not_kept(void **state)
{
    (void)state;
    zw_store *store = open_with(NULL, 0);
    size_t len = (size_t)ZW_DELIVERED_BYTES_MOST + 1;
    char *text = calloc(len, 1);
    assert_non_null(text);
    memset(text, 'x', len);
    zw_delivery delivery = {.source = "s", .name = "a", .format = "csv", .digest = ""};
    assert_int_equal(zw_store_begin(store, NULL), ZW_OK);
    assert_int_equal(zw_store_deliver(store, &delivery, NULL), ZW_OK);
    zw_db *db = zw_store_db(store);
    assert_int_equal(zw_delivered_keep(db, delivery.id, (zw_text){text, len}, NULL), ZW_OK);
    zw_delivered *delivered = NULL;
    zw_text line;
    assert_int_equal(zw_delivered_create(db, &delivered, NULL), ZW_OK);
    assert_int_equal(zw_delivered_line(delivered, delivery.id, 1, &line, NULL), ZW_OK);
    assert_null(line.at);
    zw_delivered_destroy(delivered);
    assert_int_equal(zw_delivered_keep(db, delivery.id, (zw_text){text, len - 1}, NULL), ZW_OK);
    assert_int_equal(zw_delivered_create(db, &delivered, NULL), ZW_OK);
    assert_int_equal(zw_delivered_line(delivered, delivery.id, 1, &line, NULL), ZW_OK);
    assert_int_equal(line.len, len - 1);
    zw_delivered_destroy(delivered);
    free(text);
    zw_store_close(store);
}

static void bytes_move_with_their_release(void **state)
{
    static const char *const texts[] = {"one", ""};
    (void)state;
    zw_store *store = open_with(texts, 2);
    zw_delivered *delivered = NULL;
    zw_text line;
    assert_int_equal(zw_delivered_move(zw_store_db(store), 1, 2, NULL), ZW_OK);
    assert_int_equal(zw_delivered_create(zw_store_db(store), &delivered, NULL), ZW_OK);
    assert_int_equal(zw_delivered_line(delivered, 2, 1, &line, NULL), ZW_OK);
    assert_true(zw_text_is(line, "one"));
    zw_delivered_destroy(delivered);
    zw_store_close(store);
}

static void count_bad(void *arg, int64_t batch, const char *why)
{
    assert_int_equal(batch, 2);
    assert_non_null(strstr(why, "damaged"));
    (*(size_t *)arg)++;
}

static void damage_is_named(void **state)
{
    static const char *const texts[] = {"a,b\n1,2\n", "a,b\n3,4\n"};
    (void)state;
    zw_store *store = open_with(texts, 2);
    zw_delivered *delivered = NULL;
    zw_text line;
    size_t bad = 0;
    zw_db *db = zw_store_db(store);
    assert_int_equal(zw_delivered_check(db, count_bad, &bad, NULL), ZW_OK);
    assert_int_equal(bad, 0);
    assert_int_equal(sqlite3_exec(zw_db_connection(db),
                                  "UPDATE delivered SET packed = CAST('a,b\n3,5\n' AS BLOB) WHERE "
                                  "batch = 2",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(zw_delivered_check(db, count_bad, &bad, NULL), ZW_OK);
    assert_int_equal(bad, 1);
    assert_int_equal(zw_delivered_create(db, &delivered, NULL), ZW_OK);
    assert_int_equal(zw_delivered_line(delivered, 2, 1, &line, NULL), ZW_STORE);
    assert_int_equal(zw_delivered_line(delivered, 1, 2, &line, NULL), ZW_OK);
    zw_delivered_destroy(delivered);
    zw_store_close(store);
}

static void without_memory_it_is_told(void **state)
{
    static const char *const texts[] = {"a,b\n1,2\n"};
    (void)state;
    zw_store *store = open_with(texts, 1);
    bool was_refused = true;
    for (long n = 0; was_refused; n++) {
        zw_delivered *delivered = NULL;
        zw_text line = {NULL, 0};
        failing_alloc_after(n);
        zw_status status = zw_delivered_create(zw_store_db(store), &delivered, NULL);
        status = status == ZW_OK ? zw_delivered_line(delivered, 1, 2, &line, NULL) : status;
        was_refused = failing_alloc_stop();
        assert_true(status == ZW_NOMEM || (status == ZW_OK && zw_text_is(line, "1,2")));
        zw_delivered_destroy(delivered);
    }
    zw_store_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_found_as_they_came),
        cmocka_unit_test(what_is_too_long_is_not_kept),
        cmocka_unit_test(bytes_move_with_their_release),
        cmocka_unit_test(damage_is_named),
        cmocka_unit_test(without_memory_it_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
