/* What is secret in an address is not said. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "serve/hush.h"

#include <stdio.h>
#include <string.h>

static void of_an_address_only_scheme_and_host_are_said(void **state)
{
    (void)state;
    static const struct {
        const char *why, *url, *said;
    } rows[] = {
        {"a robot's", "https://open.feishu.cn/open-apis/bot/v2/hook/0a1b2c3d",
         "https://open.feishu.cn…"},
        {"a query", "https://oapi.dingtalk.com?access_token=77", "https://oapi.dingtalk.com…"},
        {"a login", "http://me:pass@host:8080/", "http://host:8080…"},
        {"two ats", "http://me:p@ss@host/", "http://host…"},
        {"an at in the path is none of a login", "http://host/a@b", "http://host…"},
        {"a mailer's", "smtps://mail.example", "smtps://mail.example…"},
        {"no scheme", "host/x", "host…"},
        {"nothing", "", "…"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char out[128];
        print_message("  %s\n", rows[i].why);
        assert_string_equal(zw_hush_url(rows[i].url, out, sizeof(out)), rows[i].said);
    }
}

static void pieces_of_an_address_are_covered_wherever_they_are_said(void **state)
{
    (void)state;
    static const struct {
        const char *why, *url, *text, *said;
    } rows[] = {
        {"an answer that names the path", "https://h.example/hook/0a1b2c3d4e",
         "no /hook/0a1b2c3d4e here", "no /hook/********** here"},
        {"twice, once without its path", "https://h/x?key=0a1b2c3d&v=2", "0a1b2c3d, key=0a1b2c3d",
         "********, key=********"},
        {"who logs in", "https://operator:secretword@h/", "operator: secretword is wrong",
         "********: ********** is wrong"},
        {"the host is said", "https://host.example/0a1b2c3d", "no host.example", "no host.example"},
        {"short pieces are words", "https://h/api/hook", "no api, no hook", "no api, no hook"},
        {"nothing to cover", "https://h", "closed", "closed"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        char text[128];
        print_message("  %s\n", rows[i].why);
        (void)snprintf(text, sizeof(text), "%s", rows[i].text);
        zw_hush(text, rows[i].url);
        assert_string_equal(text, rows[i].said);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(of_an_address_only_scheme_and_host_are_said),
        cmocka_unit_test(pieces_of_an_address_are_covered_wherever_they_are_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
