/* Queries, as requests bring them. */
#include "serve/params.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "http_exchange.h"

/* What the query of the last request was found to be. */
struct found {
    zw_err err;
    zw_status check, count_status, flag_status;
    long long count;
    bool flag;
};

static void look(void *arg, zw_http_request *request)
{
    static const char *const known[] = {"area", "as_of", "limit", "partial", NULL};
    struct found *found = arg;
    *found = (struct found){.err = {ZW_OK, ""}};
    found->check = zw_params_check(request, known, &found->err);
    found->count_status = zw_params_count(request, "limit", 1, 50, 7, &found->count, &found->err);
    found->flag_status = zw_params_flag(request, "partial", &found->flag, &found->err);
    zw_http_answer(request, 204, NULL, NULL, 0, NULL, 0);
}

static void names_what_a_path_does_not_take(void **state)
{
    static const struct {
        const char *target;
        zw_status status;
        const char *error;
    } rows[] = {
        {"/", ZW_OK, ""},
        {"/?area=a&as_of=2022&limit=", ZW_OK, ""},
        {"/?aria=a", ZW_INVALID, "no parameter 'aria'; did you mean 'area'?"},
        {"/?area=a&zzzzzz=1", ZW_INVALID, "no parameter 'zzzzzz'"},
        {"/?area=a&area=a", ZW_INVALID, "parameter 'area' is given twice"},
        {"/?=a", ZW_INVALID, "no parameter ''"},
    };
    (void)state;
    exchange x = {0};
    struct found found;
    exchange_open(&x, look, &found);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(exchange_get(&x, rows[i].target), 204);
        assert_int_equal(found.check, rows[i].status);
        if (rows[i].status != ZW_OK) {
            assert_string_equal(found.err.text, rows[i].error);
        }
    }
    exchange_close(&x);
}

static void reads_numbers_and_flags_strictly(void **state)
{
    static const struct {
        const char *target;
        zw_status count_status, flag_status;
        long long count;
        bool flag;
    } rows[] = {
        {"/", ZW_OK, ZW_OK, 7, false},
        {"/?limit=50&partial=true", ZW_OK, ZW_OK, 50, true},
        {"/?limit=1&partial", ZW_OK, ZW_OK, 1, true},
        {"/?partial=false", ZW_OK, ZW_OK, 7, false},
        {"/?limit=51&partial=yes", ZW_INVALID, ZW_INVALID, 0, false},
        {"/?limit=0", ZW_INVALID, ZW_OK, 0, false},
        {"/?limit=1.5", ZW_INVALID, ZW_OK, 0, false},
        {"/?limit=", ZW_INVALID, ZW_OK, 0, false},
    };
    (void)state;
    exchange x = {0};
    struct found found;
    exchange_open(&x, look, &found);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        assert_int_equal(exchange_get(&x, rows[i].target), 204);
        assert_int_equal(found.count_status, rows[i].count_status);
        assert_int_equal(found.flag_status, rows[i].flag_status);
        assert_int_equal(found.flag, rows[i].flag);
        if (rows[i].count_status == ZW_OK) {
            assert_int_equal(found.count, rows[i].count);
        }
    }
    exchange_close(&x);
}

static void long_texts_are_shown_by_their_beginning(void **state)
{
    (void)state;
    char text[400];
    zw_err err = {ZW_OK, ""};
    zw_nearest nearest;
    for (size_t i = 0; i + 3 < sizeof text; i += 3) {
        memcpy(text + i, "\xe5\x8c\xba", 4);
    }
    zw_nearest_init(&nearest, zw_text_of(text));
    assert_int_equal(zw_params_unknown("area", text, &nearest, &err), ZW_INVALID);
    assert_true(strlen(err.text) < 100);
    assert_true(zw_text_is_utf8(err.text, strlen(err.text), NULL));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_what_a_path_does_not_take),
        cmocka_unit_test(reads_numbers_and_flags_strictly),
        cmocka_unit_test(long_texts_are_shown_by_their_beginning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
