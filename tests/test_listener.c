/* Listeners: which addresses are understood, and that a refusal says why. */
#include "serve/listener.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static void refuses_what_is_no_address(void **state)
{
    (void)state;
    static const struct {
        const char *why, *address;
    } rows[] = {
        {"nothing", ""},
        {"no port", "127.0.0.1"},
        {"an empty port", "127.0.0.1:"},
        {"no host", ":8420"},
        {"a port that is too big", "127.0.0.1:65536"},
        {"a negative port", "127.0.0.1:-1"},
        {"a port in words", "127.0.0.1:http"},
        {"a name: it is not looked up", "example.invalid:80"},
        {"a v6 host without brackets", "::1:8420"},
        {"brackets around nothing", "[]:8420"},
        {"v4 in brackets", "[127.0.0.1]:8420"},
        {"a host longer than any", "1111111111111111111111111111111111111111111111111111111111111"
                                   "1111111111111111111111111:1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int fd = 7;
        zw_err err = {ZW_OK, ""};
        if (zw_listener_open(rows[i].address, &fd, NULL, &err) != ZW_INVALID || fd != -1) {
            fail_msg("%s was taken", rows[i].why);
        }
        assert_non_null(strstr(err.text, "listen address"));
        assert_false(zw_listener_is_loopback(rows[i].address));
    }
}

static void listens_on_a_port_that_the_system_picks(void **state)
{
    (void)state;
    static const char *const addresses[] = {"127.0.0.1:0", "localhost:0"};
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        int fd = -1;
        int port = 0;
        assert_int_equal(zw_listener_open(addresses[i], &fd, &port, NULL), ZW_OK);
        assert_true(fd >= 0);
        assert_in_range(port, 1, 65535);
        close(fd);
    }
}

static void a_port_in_use_is_named_with_the_reason(void **state)
{
    (void)state;
    int first = -1;
    int second = -1;
    int port = 0;
    assert_int_equal(zw_listener_open("127.0.0.1:0", &first, &port, NULL), ZW_OK);
    char address[32];
    (void)snprintf(address, sizeof address, "127.0.0.1:%d", port);
    zw_err err = {ZW_OK, ""};
    assert_int_equal(zw_listener_open(address, &second, NULL, &err), ZW_IO);
    assert_int_equal(second, -1);
    assert_non_null(strstr(err.text, address));
    assert_non_null(strstr(err.text, "address already in use"));
    close(first);
}

static void knows_which_addresses_only_this_machine_reaches(void **state)
{
    (void)state;
    static const struct {
        const char *address;
        bool is_loopback;
    } rows[] = {
        {"127.0.0.1:8420", true}, {"127.9.9.9:0", true},   {"localhost:8420", true},
        {"[::1]:8420", true},     {"0.0.0.0:8420", false}, {"[::]:8420", false},
        {"10.0.0.1:8420", false}, {"128.0.0.1:1", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (zw_listener_is_loopback(rows[i].address) != rows[i].is_loopback) {
            fail_msg("%s", rows[i].address);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_what_is_no_address),
        cmocka_unit_test(listens_on_a_port_that_the_system_picks),
        cmocka_unit_test(a_port_in_use_is_named_with_the_reason),
        cmocka_unit_test(knows_which_addresses_only_this_machine_reaches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
