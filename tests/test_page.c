/* The page in the program is the page in the sources. */
#include "serve/page.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "http_exchange.h"

static void answer(void *arg, zw_http_request *request)
{
    (void)arg;
    zw_page_answer(request);
}

static void is_the_file_byte_for_byte(void **state)
{
    (void)state;
    FILE *file = fopen(ZW_SOURCE_DIR "/core/serve/page.html", "rb");
    assert_non_null(file);
    unsigned char *bytes = malloc(zw_page_len + 1);
    assert_non_null(bytes);
    assert_int_equal(fread(bytes, 1, zw_page_len + 1, file), zw_page_len);
    assert_memory_equal(bytes, zw_page_bytes, zw_page_len);
    free(bytes);
    (void)fclose(file);
}

static void is_served_as_a_page_that_asks_nobody_else(void **state)
{
    (void)state;
    exchange x = {0};
    exchange_open(&x, answer, NULL);
    assert_int_equal(exchange_get(&x, "/"), 200);
    assert_true(exchange_has_header(&x, "Content-Type: text/html; charset=utf-8\r\n"));
    assert_true(exchange_has_header(&x, "default-src 'none'"));
    assert_true(exchange_has_header(&x, "connect-src 'self'"));
    assert_non_null(strstr(exchange_body(&x), "<title>zonewatch</title>"));
    assert_null(strstr(exchange_body(&x), "https://")); /* nothing from outside */
    exchange_close(&x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_the_file_byte_for_byte),
        cmocka_unit_test(is_served_as_a_page_that_asks_nobody_else),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
