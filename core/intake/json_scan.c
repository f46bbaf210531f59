/* A scan of JSON. Places are counted from the last token on, so that a long text is walked over
 * once. */
#include "intake/json_scan.h"

#include <string.h>

enum { UNICODE_DIGITS = 4 };

void zw_json_scan_init(zw_json_scan *scan, zw_text text, uint32_t line)
{
    *scan = (zw_json_scan){.is = ZW_JSON_END};
    zw_json_scan_restart(scan, text, line);
}

void zw_json_scan_fini(zw_json_scan *scan)
{
    zw_buf_fini(&scan->unescaped);
}

void zw_json_scan_restart(zw_json_scan *scan, zw_text text, uint32_t line)
{
    zw_buf unescaped = scan->unescaped;
    *scan = (zw_json_scan){.is = ZW_JSON_END,
                           .rest = text,
                           .counted = text.at,
                           .counted_at = {line, 1},
                           .unescaped = unescaped};
    scan->unescaped.ceiling_bytes = text.len + 1; /* no escape is shorter than what it stands for */
    zw_buf_clear(&scan->unescaped);
}

const char *zw_json_is_text(zw_json_is is)
{
    static const char *const texts[] = {
        [ZW_JSON_END] = "nothing",         [ZW_JSON_TEXT] = "a text",
        [ZW_JSON_NUMBER] = "a number",     [ZW_JSON_TRUE] = "true",
        [ZW_JSON_FALSE] = "false",         [ZW_JSON_NULL] = "null",
        [ZW_JSON_OBJECT] = "an object",    [ZW_JSON_OBJECT_END] = "'}'",
        [ZW_JSON_ARRAY] = "an array",      [ZW_JSON_ARRAY_END] = "']'",
        [ZW_JSON_COLON] = "':'",           [ZW_JSON_COMMA] = "','",
        [ZW_JSON_WRONG] = "something else"};
    return texts[is];
}

static void take(zw_json_scan *scan, size_t count)
{
    scan->rest.at += count;
    scan->rest.len -= count;
}

/* Where the rest begins. */
static zw_text_place place_now(zw_json_scan *scan)
{
    for (; scan->counted < scan->rest.at; scan->counted++) {
        unsigned char byte = (unsigned char)*scan->counted;
        if (byte == '\n') {
            scan->counted_at = (zw_text_place){scan->counted_at.line + 1, 1};
        } else if ((byte & 0xC0U) != 0x80U) { /* not inside a character */
            scan->counted_at.column++;
        }
    }
    return scan->counted_at;
}

/* The token is wrong, `ahead` bytes from where the rest begins. */
static void fail(zw_json_scan *scan, size_t ahead, const char *wrong)
{
    take(scan, ahead);
    scan->is = ZW_JSON_WRONG;
    scan->place = place_now(scan);
    scan->wrong = wrong;
    scan->rest.len = 0;
}

/* What was wrong before stays what it is. */
void zw_json_scan_refuse(zw_json_scan *scan, const char *wrong)
{
    scan->wrong = scan->is == ZW_JSON_WRONG ? scan->wrong : wrong;
    scan->is = ZW_JSON_WRONG;
    scan->rest.len = 0;
}

static size_t digits_at(zw_text text, size_t at)
{
    size_t count = 0;
    while (at + count < text.len && text.at[at + count] >= '0' && text.at[at + count] <= '9') {
        count++;
    }
    return count;
}

static bool has_at(zw_text text, size_t at, const char *chars)
{
    return at < text.len && text.at[at] != '\0' && strchr(chars, text.at[at]) != NULL;
}

static void number_take(zw_json_scan *scan)
{
    zw_text text = scan->rest;
    size_t len = has_at(text, 0, "-") ? 1 : 0;
    size_t whole = digits_at(text, len);
    if (whole == 0 || (whole > 1 && text.at[len] == '0')) {
        fail(scan, len, "expected a number without zeros before it");
        return;
    }
    len += whole;
    if (has_at(text, len, ".")) {
        size_t fraction = digits_at(text, len + 1);
        if (fraction == 0) {
            fail(scan, len + 1, "expected digits behind the point");
            return;
        }
        len += 1 + fraction;
    }
    if (has_at(text, len, "eE")) {
        len += has_at(text, len + 1, "+-") ? 2 : 1;
        size_t exponent = digits_at(text, len);
        if (exponent == 0) {
            fail(scan, len, "expected the digits of an exponent");
            return;
        }
        len += exponent;
    }
    scan->is = ZW_JSON_NUMBER;
    scan->text = (zw_text){text.at, len};
    take(scan, len);
}

static bool hex_read(zw_text text, size_t at, uint32_t *out)
{
    static const char digits[] = "0123456789abcdefABCDEF";
    *out = 0;
    for (size_t i = 0; i < UNICODE_DIGITS; i++) {
        if (at + i >= text.len) {
            return false;
        }
        const char *digit = text.at[at + i] != '\0' ? strchr(digits, text.at[at + i]) : NULL;
        if (digit == NULL) {
            return false;
        }
        size_t value = (size_t)(digit - digits);
        *out = *out << 4 | (uint32_t)(value < 16 ? value : value - 6);
    }
    return true;
}

static void character_put(zw_buf *out, uint32_t code)
{
    if (code < 0x80) {
        (void)zw_buf_putc(out, (char)code);
    } else if (code < 0x800) {
        (void)zw_buf_putc(out, (char)(0xC0U | code >> 6));
        (void)zw_buf_putc(out, (char)(0x80U | (code & 0x3FU)));
    } else if (code < 0x10000) {
        (void)zw_buf_putc(out, (char)(0xE0U | code >> 12));
        (void)zw_buf_putc(out, (char)(0x80U | (code >> 6 & 0x3FU)));
        (void)zw_buf_putc(out, (char)(0x80U | (code & 0x3FU)));
    } else {
        (void)zw_buf_putc(out, (char)(0xF0U | code >> 18));
        (void)zw_buf_putc(out, (char)(0x80U | (code >> 12 & 0x3FU)));
        (void)zw_buf_putc(out, (char)(0x80U | (code >> 6 & 0x3FU)));
        (void)zw_buf_putc(out, (char)(0x80U | (code & 0x3FU)));
    }
}

/* "\uD83D\uDE00" behind the backslash at `at`: half a pair says nothing by itself. @return the
 * bytes it takes; 0 when it is wrong. */
static size_t unicode_take(zw_json_scan *scan, size_t at)
{
    uint32_t code;
    uint32_t low;
    zw_text text = scan->rest;
    if (!hex_read(text, at + 1, &code)) {
        fail(scan, at, "expected four digits of 0-9 and a-f behind \\u");
        return 0;
    }
    size_t len = 1 + UNICODE_DIGITS;
    if (code >= 0xD800 && code < 0xE000) {
        bool has_low = code < 0xDC00 && has_at(text, at + len, "\\") &&
                       has_at(text, at + len + 1, "u") && hex_read(text, at + len + 2, &low) &&
                       low >= 0xDC00 && low < 0xE000;
        if (!has_low) {
            fail(scan, at, "half of a surrogate pair is no character");
            return 0;
        }
        code = 0x10000 + ((code - 0xD800) << 10 | (low - 0xDC00));
        len += 2 + UNICODE_DIGITS;
    }
    scan->has_nul = scan->has_nul || code == 0;
    character_put(&scan->unescaped, code);
    return len;
}

/* What stands behind a backslash at `at`. @return the bytes it takes; 0 when it is wrong. */
static size_t escape_take(zw_json_scan *scan, size_t at)
{
    static const char names[] = "\"\\/bfnrt";
    static const char meant[] = "\"\\/\b\f\n\r\t";
    if (has_at(scan->rest, at, "u")) {
        return unicode_take(scan, at);
    }
    if (!has_at(scan->rest, at, names)) {
        fail(scan, at, "expected one of \" \\ / b f n r t u behind a backslash");
        return 0;
    }
    (void)zw_buf_putc(&scan->unescaped, meant[strchr(names, scan->rest.at[at]) - names]);
    return 1;
}

/* The text from the quote at the rest's beginning on. Without an escape it is not copied. */
static void text_take(zw_json_scan *scan)
{
    size_t at = 1;
    size_t copied = 1;
    scan->has_nul = false;
    zw_buf_clear(&scan->unescaped);
    while (at < scan->rest.len && scan->rest.at[at] != '"') {
        if ((unsigned char)scan->rest.at[at] < ' ') {
            fail(scan, at, "a control character in a text must be written as \\u or \\n");
            return;
        }
        if (scan->rest.at[at] != '\\') {
            at++;
            continue;
        }
        (void)zw_buf_append(&scan->unescaped, scan->rest.at + copied, at - copied);
        size_t len = escape_take(scan, at + 1);
        if (len == 0) {
            return;
        }
        at += 1 + len;
        copied = at;
    }
    if (at >= scan->rest.len) {
        fail(scan, 0, "the text is never closed");
        return;
    }
    scan->is = ZW_JSON_TEXT;
    scan->text = (zw_text){scan->rest.at + 1, at - 1};
    if (copied > 1) {
        (void)zw_buf_append(&scan->unescaped, scan->rest.at + copied, at - copied);
        scan->text = (zw_text){zw_buf_view(&scan->unescaped), scan->unescaped.len};
    }
    take(scan, at + 1);
}

static void word_take(zw_json_scan *scan)
{
    static const struct {
        const char *word;
        zw_json_is is;
    } words[] = {{"true", ZW_JSON_TRUE}, {"false", ZW_JSON_FALSE}, {"null", ZW_JSON_NULL}};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        size_t len = strlen(words[i].word);
        if (scan->rest.len >= len && memcmp(scan->rest.at, words[i].word, len) == 0) {
            scan->is = words[i].is;
            take(scan, len);
            return;
        }
    }
    fail(scan, 0, "expected a JSON value");
}

bool zw_json_scan_next(zw_json_scan *scan)
{
    static const char marks[] = "{}[]:,";
    static const zw_json_is are[] = {ZW_JSON_OBJECT,    ZW_JSON_OBJECT_END, ZW_JSON_ARRAY,
                                     ZW_JSON_ARRAY_END, ZW_JSON_COLON,      ZW_JSON_COMMA};
    if (scan->is == ZW_JSON_WRONG) {
        return !scan->unescaped.has_failed;
    }
    while (has_at(scan->rest, 0, " \t\r\n")) {
        take(scan, 1);
    }
    scan->place = place_now(scan);
    if (scan->rest.len == 0) {
        scan->is = ZW_JSON_END;
    } else if (has_at(scan->rest, 0, marks)) {
        scan->is = are[strchr(marks, scan->rest.at[0]) - marks];
        take(scan, 1);
    } else if (scan->rest.at[0] == '"') {
        text_take(scan);
    } else if (has_at(scan->rest, 0, "-0123456789")) {
        number_take(scan);
    } else {
        word_take(scan);
    }
    if (scan->unescaped.has_failed) {
        zw_json_scan_refuse(scan, "no memory");
    }
    return !scan->unescaped.has_failed;
}

/* What the grammar expects inside a value that is passed over. */
enum expects { A_VALUE, A_VALUE_OR_END, A_KEY, A_KEY_OR_END, A_COMMA_OR_END };

/* A value that is passed over. */
struct passing {
    bool is_object[ZW_JSON_DEPTH_MAX];
    size_t depth;
    enum expects expects;
};

static bool is_value(zw_json_is is)
{
    return (is >= ZW_JSON_TEXT && is <= ZW_JSON_OBJECT) || is == ZW_JSON_ARRAY;
}

/* True when the token at hand ends what was begun last. */
static bool pass_end(struct passing *passing, const zw_json_scan *scan)
{
    bool may_end = passing->expects != A_VALUE && passing->expects != A_KEY;
    if (!may_end || passing->depth == 0) {
        return false;
    }
    bool is_object = passing->is_object[passing->depth - 1];
    if (scan->is != (is_object ? ZW_JSON_OBJECT_END : ZW_JSON_ARRAY_END)) {
        return false;
    }
    passing->depth--;
    passing->expects = A_COMMA_OR_END;
    return true;
}

static void pass_comma(struct passing *passing, zw_json_scan *scan)
{
    if (scan->is != ZW_JSON_COMMA) {
        zw_json_scan_refuse(scan, "expected ',' or the end of what was begun");
    }
    passing->expects = passing->is_object[passing->depth - 1] ? A_KEY : A_VALUE;
}

/* Takes "key" and ":" up to the value's first token. */
static bool pass_key(zw_json_scan *scan)
{
    if (scan->is != ZW_JSON_TEXT) {
        zw_json_scan_refuse(scan, "expected a key");
        return true;
    }
    bool has_room = zw_json_scan_next(scan);
    if (has_room && scan->is != ZW_JSON_COLON) {
        zw_json_scan_refuse(scan, "expected ':' behind a key");
    }
    return has_room && zw_json_scan_next(scan);
}

static void pass_value(struct passing *passing, zw_json_scan *scan)
{
    bool is_nest = scan->is == ZW_JSON_OBJECT || scan->is == ZW_JSON_ARRAY;
    passing->expects = A_COMMA_OR_END;
    if (!is_value(scan->is)) {
        zw_json_scan_refuse(scan, "expected a JSON value");
    } else if (is_nest && passing->depth == ZW_JSON_DEPTH_MAX) {
        zw_json_scan_refuse(scan, "nested deeper than 64");
    } else if (is_nest) {
        passing->is_object[passing->depth++] = scan->is == ZW_JSON_OBJECT;
        passing->expects = scan->is == ZW_JSON_OBJECT ? A_KEY_OR_END : A_VALUE_OR_END;
    }
}

static bool pass(struct passing *passing, zw_json_scan *scan)
{
    bool has_room = true;
    if (pass_end(passing, scan)) {
        return true;
    }
    if (passing->expects == A_COMMA_OR_END) {
        pass_comma(passing, scan);
        return true;
    }
    if (passing->expects == A_KEY || passing->expects == A_KEY_OR_END) {
        has_room = pass_key(scan);
    }
    pass_value(passing, scan);
    return has_room;
}

bool zw_json_scan_skip(zw_json_scan *scan)
{
    struct passing passing = {.expects = A_VALUE};
    bool has_room = pass(&passing, scan);
    while (has_room && passing.depth > 0 && scan->is != ZW_JSON_WRONG) {
        has_room = zw_json_scan_next(scan) && pass(&passing, scan);
    }
    return has_room;
}
