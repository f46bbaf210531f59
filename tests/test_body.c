/* Bodies: plain and packed, in pieces of any size, up to the ceiling. */
#include "serve/body.h"

#include "failing_alloc.h"
#include "store_folder.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

enum { LIMIT = 100000, PACKED_BYTES = 1 << 16 };

/* Packs a text of `len` bytes as one gzip member behind what is there. */
static size_t pack(const char *text, size_t len, unsigned char *out, size_t at)
{
    union {
        const char *from;
        unsigned char *to;
    } in = {.from = text};
    z_stream stream = {.next_in = in.to, .avail_in = (uInt)len};
    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, 16 + MAX_WBITS, 8, Z_DEFAULT_STRATEGY),
                     Z_OK);
    stream.next_out = out + at;
    stream.avail_out = (uInt)(PACKED_BYTES - at);
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    size_t end = PACKED_BYTES - stream.avail_out;
    (void)deflateEnd(&stream);
    return end;
}

/* Gives the bytes in pieces, and then their end. */
static zw_status give(zw_body *body, const void *bytes, size_t len, size_t piece, zw_err *err)
{
    zw_status status = ZW_OK;
    for (size_t at = 0; status == ZW_OK && at < len; at += piece) {
        status =
            zw_body_add(body, (const char *)bytes + at, len - at < piece ? len - at : piece, err);
    }
    return status == ZW_OK ? zw_body_end(body, err) : status;
}

static zw_body *create(bool is_gzip)
{
    zw_body_options options = {.is_gzip = is_gzip, .most_bytes = LIMIT};
    zw_body *body = NULL;
    assert_int_equal(zw_body_create(&options, &body, NULL), ZW_OK);
    return body;
}

/* A text that is not all the same, but packs well. */
static char *long_text(size_t len)
{
    char *text = malloc(len);
    assert_non_null(text);
    for (size_t i = 0; i < len; i++) {
        text[i] = (char)('a' + (i / 7 + i % 13) % 26);
    }
    return text;
}

static const size_t pieces[] = {1, 7, 1000, SIZE_MAX / 2};
enum { PIECE_SIZES = sizeof(pieces) / sizeof(pieces[0]) };

static void comes_out_as_it_was_sent_whatever_the_pieces(void **state)
{
    (void)state;
    static const struct {
        const char *why;
        size_t len;
        bool is_gzip, is_twice;
    } rows[] = {
        {"plain", 5000, false, false},
        {"exactly the limit", LIMIT, false, false},
        {"packed", 5000, true, false},
        {"packed, of exactly the limit", LIMIT, true, false},
        {"packed, in two members", LIMIT / 2, true, true},
        {"packed, of nothing", 0, true, false},
    };
    unsigned char packed[PACKED_BYTES];
    char *text = long_text(LIMIT);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) * PIECE_SIZES; i++) {
        size_t row = i / PIECE_SIZES;
        zw_body *body = create(rows[row].is_gzip);
        size_t half = rows[row].len;
        size_t sent = rows[row].is_gzip ? pack(text, half, packed, 0) : half;
        sent = rows[row].is_twice ? pack(text + half, half, packed, sent) : sent;
        size_t whole = rows[row].is_twice ? 2 * half : half;
        zw_err err = {ZW_OK, ""};
        if (give(body, rows[row].is_gzip ? (const void *)packed : text, sent,
                 pieces[i % PIECE_SIZES], &err) != ZW_OK) {
            fail_msg("%s: %s", rows[row].why, err.text);
        }
        size_t len = 0;
        const char *got = zw_body_view(body, &len);
        assert_int_equal(len, whole);
        assert_memory_equal(got, text, len);
        assert_int_equal(got[len], '\0');
        assert_true(zw_body_memory_bytes(body) >= len);
        zw_body_destroy(body);
    }
    free(text);
}

static void a_body_over_the_ceiling_is_stopped_at_it(void **state)
{
    (void)state;
    char *text = calloc(1, 100 * LIMIT); /* it packs to a thousandth */
    assert_non_null(text);
    unsigned char packed[PACKED_BYTES];
    size_t sent = pack(text, (size_t)100 * LIMIT, packed, 0);
    assert_true(sent < LIMIT / 5);
    for (size_t i = 0; i < PIECE_SIZES; i++) {
        zw_err err = {ZW_OK, ""};
        zw_body *body = create(true);
        assert_int_equal(give(body, packed, sent, pieces[i], &err), ZW_LIMIT);
        assert_string_equal(err.text, "the body is over the limit of 100000 bytes");
        assert_true(zw_body_memory_bytes(body) <= 2 * LIMIT);
        zw_body_destroy(body);
        body = create(false);
        assert_int_equal(give(body, text, LIMIT + 1, pieces[i], &err), ZW_LIMIT);
        zw_body_destroy(body);
    }
    free(text);
}

static void what_is_no_gzip_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *why;
        size_t cut;        /* bytes left out at the end */
        size_t changed_at; /* from the end; 0: none */
        const char *behind, *says;
    } rows[] = {
        {"cut in its text", 200, 0, "", "the body's gzip stops in the middle"},
        {"cut in its check", 1, 0, "", "the body's gzip stops in the middle"},
        {"another check", 0, 8, "", "the body is no gzip: incorrect data check"},
        {"another length", 0, 4, "", "the body is no gzip: incorrect length check"},
        {"something behind it", 0, 0, "measure,area\n", "the body is no gzip: incorrect header"},
        {"another member that stops", 0, 0, "\x1f\x8b\x08", "the body's gzip stops in the middle"},
    };
    char *text = long_text(LIMIT / 2);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]) * PIECE_SIZES; i++) {
        size_t row = i / PIECE_SIZES;
        unsigned char packed[PACKED_BYTES];
        size_t len = pack(text, LIMIT / 2, packed, 0) - rows[row].cut;
        if (rows[row].changed_at > 0) {
            packed[len - rows[row].changed_at] ^= 1;
        }
        memcpy(packed + len, rows[row].behind, strlen(rows[row].behind));
        zw_body *body = create(true);
        zw_err err = {ZW_OK, ""};
        zw_status status =
            give(body, packed, len + strlen(rows[row].behind), pieces[i % PIECE_SIZES], &err);
        if (status != ZW_INVALID ||
            strncmp(err.text, rows[row].says, strlen(rows[row].says)) != 0) {
            fail_msg("%s: %d %s", rows[row].why, status, err.text);
        }
        zw_body_destroy(body);
    }
    free(text);
    zw_body *body = create(true);
    assert_int_equal(give(body, "measure,area\n", 13, 5, NULL), ZW_INVALID);
    zw_body_destroy(body);
}

static void a_long_one_is_laid_by_and_read_in_parts(void **state)
{
    (void)state;
    enum { HELD = 3000 };
    unsigned char packed[PACKED_BYTES];
    char *text = long_text(LIMIT);
    store_folder folder;
    assert_true(store_folder_init(&folder));
    size_t sent = pack(text, LIMIT, packed, 0);
    for (size_t i = 0; i < 2 * PIECE_SIZES; i++) {
        bool is_gzip = i >= PIECE_SIZES;
        zw_body_options options = {
            .is_gzip = is_gzip, .most_bytes = LIMIT, .held_bytes = HELD, .folder = folder.folder};
        zw_body *body = NULL;
        char part[1000];
        zw_err err = {ZW_OK, ""};
        assert_int_equal(zw_body_create(&options, &body, &err), ZW_OK);
        if (give(body, is_gzip ? (const void *)packed : text, is_gzip ? sent : LIMIT,
                 pieces[i % PIECE_SIZES], &err) != ZW_OK) {
            fail_msg("%s", err.text);
        }
        assert_true(zw_body_is_laid_by(body));
        assert_int_equal(zw_body_bytes(body), LIMIT);
        assert_int_equal(zw_body_memory_bytes(body), 0);
        assert_int_equal(zw_body_read(body, 0, part, sizeof part, &err), sizeof part);
        assert_memory_equal(part, text, sizeof part);
        assert_int_equal(zw_body_read(body, LIMIT - 10, part, sizeof part, &err), 10);
        assert_memory_equal(part, text + LIMIT - 10, 10);
        assert_int_equal(zw_body_read(body, LIMIT, part, sizeof part, &err), 0);
        zw_body_destroy(body);
    }
    assert_int_equal(rmdir(folder.folder), 0); /* nothing was left in it */
    free(text);
}

static void what_is_short_is_held_and_what_has_no_place_is_named(void **state)
{
    (void)state;
    static const char *const folders[] = {"/tmp", "/nowhere/at/all"};
    for (size_t i = 0; i < 2; i++) {
        zw_body_options options = {.most_bytes = LIMIT, .held_bytes = 5, .folder = folders[i]};
        zw_body *body = NULL;
        zw_err err = {ZW_OK, ""};
        size_t len = 0;
        assert_int_equal(zw_body_create(&options, &body, &err), ZW_OK);
        assert_int_equal(give(body, "abcde", 5, 2, &err), ZW_OK);
        assert_false(zw_body_is_laid_by(body));
        assert_string_equal(zw_body_view(body, &len), "abcde");
        assert_int_equal(zw_body_bytes(body), 5);
        zw_status status = zw_body_add(body, "f", 1, &err);
        assert_int_equal(status, i == 0 ? ZW_OK : ZW_IO);
        assert_true(status == ZW_OK || strncmp(err.text, "the body cannot be laid by: ", 28) == 0);
        zw_body_destroy(body);
    }
}

static void says_so_when_there_is_no_memory(void **state)
{
    (void)state;
    zw_body_options options = {.most_bytes = LIMIT};
    char *text = long_text(LIMIT);
    for (long after = 0;; after++) {
        zw_body *body = NULL;
        failing_alloc_after(after);
        zw_status status = zw_body_create(&options, &body, NULL);
        status = status == ZW_OK ? give(body, text, LIMIT, 1000, NULL) : status;
        bool has_refused = failing_alloc_stop();
        zw_body_destroy(body);
        assert_int_equal(status, has_refused ? ZW_NOMEM : ZW_OK);
        if (!has_refused) {
            assert_true(after > 2);
            break;
        }
    }
    free(text);
    zw_body_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comes_out_as_it_was_sent_whatever_the_pieces),
        cmocka_unit_test(a_body_over_the_ceiling_is_stopped_at_it),
        cmocka_unit_test(what_is_no_gzip_is_named),
        cmocka_unit_test(a_long_one_is_laid_by_and_read_in_parts),
        cmocka_unit_test(what_is_short_is_held_and_what_has_no_place_is_named),
        cmocka_unit_test(says_so_when_there_is_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
