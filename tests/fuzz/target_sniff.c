/* Encodings: what comes out is UTF-8 without NUL, and UTF-8 comes out as it went in. */
#include "fuzz.h"
#include "intake/sniff.h"

#include <string.h>

enum { OUT_BYTES_MAX = 1 << 20 };

static bool has_mark(zw_text text)
{
    return text.len >= 3 && memcmp(text.at, "\xEF\xBB\xBF", 3) == 0;
}

static void read_again(zw_text first)
{
    zw_buf again;
    zw_encoding encoding;
    zw_err err = {ZW_OK, ""};
    zw_buf_init(&again, OUT_BYTES_MAX);
    FUZZ_MUST(zw_sniff_utf8(first.at, first.len, &again, &encoding, &err) == ZW_OK);
    FUZZ_MUST(encoding == ZW_UTF8);
    FUZZ_MUST(zw_text_same(first, (zw_text){zw_buf_view(&again), again.len}));
    zw_buf_fini(&again);
}

void fuzz_one(zw_text input)
{
    zw_buf out;
    zw_encoding encoding;
    zw_err err = {ZW_OK, ""};
    zw_buf_init(&out, OUT_BYTES_MAX);
    zw_status status = zw_sniff_utf8(input.at, input.len, &out, &encoding, &err);
    zw_text text = {zw_buf_view(&out), out.len};
    fuzz_must_say(status, &err);
    if (status != ZW_OK) {
        FUZZ_MUST(out.len == 0);
    } else {
        FUZZ_MUST(zw_text_is_utf8(text.at, text.len, NULL));
        FUZZ_MUST(text.len == 0 || memchr(text.at, '\0', text.len) == NULL);
        if (!has_mark(text)) {
            read_again(text);
        }
    }
    zw_buf_fini(&out);
}
