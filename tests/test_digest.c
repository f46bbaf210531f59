/* Tests of the digest, against the vectors of the standard (FIPS 180-4). */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "base/digest.h"

#include <string.h>

static void the_standard_texts_have_the_standard_digests(void **state)
{
    (void)state;
    static const struct {
        const char *why, *text, *digest;
    } rows[] = {
        {"nothing", "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"one block", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"two blocks", "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char out[ZW_DIGEST_TEXT_BYTES];
        print_message("  %s\n", rows[i].why);
        zw_digest_of(rows[i].text, strlen(rows[i].text), out);
        assert_string_equal(out, rows[i].digest);
    }
    char none[ZW_DIGEST_TEXT_BYTES];
    zw_digest_of(NULL, 0, none);
    assert_string_equal(none, rows[0].digest);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_standard_texts_have_the_standard_digests),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
