/* Sniffing: each encoding is recognised and said, and what is none is refused with its line. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "failing_alloc.h"
#include "intake/sniff.h"

#include <string.h>

#define BYTES(text) (text), sizeof(text) - 1

enum { CEILING_BYTES = 1 << 20 };

#define PAZHOU "\xE7\x90\xB6\xE6\xB4\xB2"

static void every_encoding_becomes_utf8(void **state)
{
    (void)state;
    static const struct {
        const char *why, *bytes;
        size_t len;
        zw_encoding encoding;
        const char *text;
    } rows[] = {
        {"nothing is UTF-8", BYTES(""), ZW_UTF8, ""},
        {"ASCII is UTF-8", BYTES("a,b\n1,2\n"), ZW_UTF8, "a,b\n1,2\n"},
        {"UTF-8 stays", BYTES(PAZHOU ",1"), ZW_UTF8, PAZHOU ",1"},
        {"a mark is taken off", BYTES("\xEF\xBB\xBF" PAZHOU), ZW_UTF8_BOM, PAZHOU},
        {"a mark alone", BYTES("\xEF\xBB\xBF"), ZW_UTF8_BOM, ""},
        {"UTF-16, little end first", BYTES("\xFF\xFE\x36\x74\x32\x6D,\0"), ZW_UTF16LE, PAZHOU ","},
        {"UTF-16, big end first", BYTES("\xFE\xFF\x74\x36\x6D\x32\0,"), ZW_UTF16BE, PAZHOU ","},
        {"a pair of surrogates", BYTES("\xFE\xFF\xD8\x3D\xDE\x00"), ZW_UTF16BE, "\xF0\x9F\x98\x80"},
        {"a UTF-16 mark alone", BYTES("\xFF\xFE"), ZW_UTF16LE, ""},
        {"what GBK has", BYTES("\xC5\xC3\xD6\xDE,1\n"), ZW_GB18030, PAZHOU ",1\n"},
        {"what only GB18030 has", BYTES("\xC5\xC3\xD6\xDE\x94\x39\xFC\x36"), ZW_GB18030,
         PAZHOU "\xF0\x9F\x98\x80"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_buf out;
        zw_buf_init(&out, CEILING_BYTES);
        zw_encoding encoding;
        zw_err err = {0};
        zw_status status = zw_sniff_utf8(rows[i].bytes, rows[i].len, &out, &encoding, &err);
        if (status != ZW_OK || encoding != rows[i].encoding ||
            strcmp(zw_buf_view(&out), rows[i].text) != 0) {
            fail_msg("%s: %s '%s' %s", rows[i].why, zw_encoding_name(encoding), zw_buf_view(&out),
                     err.text);
        }
        zw_buf_fini(&out);
    }
}

static void what_is_none_is_refused_with_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *why, *bytes;
        size_t len;
        const char *said;
    } rows[] = {
        {"neither encoding", BYTES("a\nb\xFF\nc\n"), "line 2 is not UTF-8, line 2 is not GB18030"},
        {"one bad byte in UTF-8 stops GB18030 elsewhere", BYTES("\xE9\x87\x91\n" PAZHOU "\n\xFF"),
         "line 3 is not UTF-8, line 1 is not GB18030"},
        {"half a character at the end", BYTES("a\r\nb\r\n\xC5\xC3\xD6"),
         "line 3 is not UTF-8, line 3 is not GB18030"},
        {"GB18030's sign for what was broken before", BYTES("\xC5\xC3\r\x84\x31\xA4\x37"),
         "line 1 is not UTF-8, line 2 is not GB18030"},
        {"the mark says UTF-8", BYTES("\xEF\xBB\xBFok\n\xC5\xC3"),
         "line 2: not UTF-8, as the byte order mark says"},
        {"half a UTF-16 unit", BYTES("\xFF\xFE\n\0,"),
         "line 2: not UTF-16LE, as the byte order mark says"},
        {"half a surrogate pair", BYTES("\xFE\xFF\xD8\x3D\0,"),
         "line 1: not UTF-16BE, as the byte order mark says"},
        {"NUL in UTF-8", BYTES("a\nb\0"), "line 2 holds a NUL byte: not a text"},
        {"NUL in GB18030", BYTES("\xC5\xC3\0"), "line 1 holds a NUL byte: not a text"},
        {"UTF-16 without its mark", BYTES(",\0,\0"), "line 1 holds a NUL byte: not a text"},
        {"UTF-32", BYTES("\xFF\xFE\0\0,\0\0\0"), "line 1 holds a NUL byte: not a text"},
        {"a picture", BYTES("\x89PNG\r\n\x1A\n\0\0\0\rIHDR"),
         "line 3 holds a NUL byte: not a text"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_buf out;
        zw_buf_init(&out, CEILING_BYTES);
        assert_true(zw_buf_puts(&out, "before"));
        zw_encoding encoding;
        zw_err err = {0};
        zw_status status = zw_sniff_utf8(rows[i].bytes, rows[i].len, &out, &encoding, &err);
        if (status != ZW_INVALID || strcmp(err.text, rows[i].said) != 0) {
            fail_msg("%s: %d '%s'", rows[i].why, status, err.text);
        }
        assert_string_equal(zw_buf_view(&out), "before");
        assert_int_equal(out.len, 6);
        zw_buf_fini(&out);
    }
}

static void a_text_goes_behind_what_is_there(void **state)
{
    (void)state;
    zw_buf out;
    zw_buf_init(&out, CEILING_BYTES);
    zw_encoding encoding;
    assert_true(zw_buf_puts(&out, "1:"));
    assert_int_equal(zw_sniff_utf8(BYTES("\xC5\xC3\xD6\xDE"), &out, &encoding, NULL), ZW_OK);
    assert_string_equal(zw_buf_view(&out), "1:" PAZHOU);
    zw_buf_fini(&out);
}

static void long_texts_are_converted_whole(void **state)
{
    (void)state;
    enum { COUNT = 20000 };
    static char bytes[2 * COUNT];
    for (size_t i = 0; i < COUNT; i++) {
        bytes[2 * i] = '\xD6';
        bytes[2 * i + 1] = '\xDE';
    }
    zw_buf out;
    zw_buf_init(&out, CEILING_BYTES);
    zw_encoding encoding;
    assert_int_equal(zw_sniff_utf8(bytes, sizeof bytes, &out, &encoding, NULL), ZW_OK);
    assert_int_equal(encoding, ZW_GB18030);
    assert_int_equal(out.len, 3 * COUNT);
    for (size_t i = 0; i < COUNT; i++) {
        assert_memory_equal(out.data + 3 * i, "\xE6\xB4\xB2", 3);
    }
    zw_buf_fini(&out);
}

static void a_text_past_the_ceiling_is_over_a_limit(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t len;
    } rows[] = {
        {BYTES("12345678")},
        {BYTES("\xEF\xBB\xBF"
               "12345678")},
        {BYTES("\xC5\xC3\xD6\xDE\xC5\xC3")},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_buf out;
        zw_buf_init(&out, 7);
        zw_encoding encoding;
        zw_err err = {0};
        assert_int_equal(zw_sniff_utf8(rows[i].bytes, rows[i].len, &out, &encoding, &err),
                         ZW_LIMIT);
        assert_string_equal(err.text, "more than 7 bytes as UTF-8");
        zw_buf_fini(&out);
    }
}

static void every_refused_allocation_is_answered(void **state)
{
    (void)state;
    static const char *const texts[] = {"plain", "\xC5\xC3\xD6\xDE", "\xEF\xBB\xBFmarked",
                                        "\xFE\xFF\x74\x36"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        bool has_refused = true;
        for (long n = 0; has_refused; n++) {
            zw_buf out;
            zw_buf_init(&out, CEILING_BYTES);
            zw_encoding encoding;
            zw_err err = {0};
            failing_alloc_after(n);
            zw_status status = zw_sniff_utf8(texts[i], strlen(texts[i]), &out, &encoding, &err);
            has_refused = failing_alloc_stop();
            assert_int_equal(status, has_refused ? ZW_NOMEM : ZW_OK);
            zw_buf_fini(&out);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_encoding_becomes_utf8),
        cmocka_unit_test(what_is_none_is_refused_with_its_line),
        cmocka_unit_test(a_text_goes_behind_what_is_there),
        cmocka_unit_test(long_texts_are_converted_whole),
        cmocka_unit_test(a_text_past_the_ceiling_is_over_a_limit),
        cmocka_unit_test(every_refused_allocation_is_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
