/* Slicers: whatever is cut, read slice by slice it is what the whole is. */
#include "intake/slicer.h"

#include "failing_alloc.h"
#include "intake/csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A text that is given in pieces. */
struct source {
    const char *text;
    size_t len, at, piece, fails_at; /* 0: it does not */
};

static size_t read_on(void *arg, void *to, size_t most, zw_err *err)
{
    struct source *source = arg;
    size_t left = source->len - source->at;
    size_t got = left < most ? left : most;
    got = got < source->piece ? got : source->piece;
    if (source->fails_at > 0 && source->at >= source->fails_at) {
        (void)zw_err_set(err, ZW_IO, "the disk is gone");
        return SIZE_MAX;
    }
    memcpy(to, source->text + source->at, got);
    source->at += got;
    return got;
}

static zw_slicer *create(struct source *source, size_t slice_bytes, bool is_csv)
{
    zw_slicer_options options = {.read = read_on,
                                 .arg = source,
                                 .total_bytes = source->len,
                                 .slice_bytes = slice_bytes,
                                 .is_csv = is_csv};
    zw_slicer *slicer = NULL;
    assert_int_equal(zw_slicer_create(&options, &slicer, NULL), ZW_OK);
    return slicer;
}

/* Every row and every fault, with its line, and what was wrong with the whole. */
static void describe(const zw_batch *batch, uint32_t line_offset, zw_buf *out)
{
    size_t row = 0;
    size_t fault = 0;
    while (row < batch->row_count || fault < batch->faults.count) {
        if (fault == batch->faults.count ||
            (row < batch->row_count && batch->rows[row].line <= batch->faults.at[fault].line)) {
            const zw_row *r = &batch->rows[row++];
            zw_buf_printf(out, "%u %s %s %g [%s]\n", r->line + line_offset,
                          zw_pool_text(batch->texts, r->measure),
                          zw_pool_text(batch->texts, r->area), r->value,
                          zw_pool_text(batch->texts, r->note));
        } else {
            const zw_fault *f = &batch->faults.at[fault++];
            zw_buf_printf(out, "%u:%u\n", f->line + line_offset, f->column);
        }
    }
}

/* @return false when nothing of it can be read: its header is none. */
static bool describe_text(zw_text text, uint32_t line_offset, zw_buf *out)
{
    zw_batch *batch = NULL;
    zw_err err = {ZW_OK, ""};
    assert_int_equal(zw_batch_create(&batch, NULL), ZW_OK);
    zw_status status = zw_csv_read(text, 0, batch, &err);
    if (status != ZW_OK) {
        zw_buf_printf(out, "%s\n", err.text);
    }
    describe(batch, line_offset, out);
    zw_batch_destroy(batch);
    return status == ZW_OK;
}

static const struct {
    const char *why, *text;
} texts[] = {
    {"plain rows", "measure,area,period,value\nm,a,2022-01,1\nm,b,2022-01,2\nm,c,2022-01,3\n"},
    {"no line end at the end", "measure,area,period,value\nm,a,2022-01,1\nm,b,2022-01,2"},
    {"CR LF", "measure,area,period,value\r\nm,a,2022-01,1\r\nm,b,2022-01,2\r\nm,c,2022-01,3\r\n"},
    {"blank lines", "\n \nmeasure,area,period,value\n\nm,a,2022-01,1\n\n\nm,b,2022-01,2\n\n"},
    {"line ends in quotes", "measure,area,period,value,note\nm,a,2022-01,1,\"one\ntwo\nthree\"\nm,"
                            "b,2022-01,2,\"a \"\"b\"\","
                            "\n c\"\nm,c,2022-01,3,\n"},
    {"CRs of their own in quotes",
     "measure,area,period,value,note\nm,a,2022-01,1,\"x\ry\"\nm,b,2022-01,2,z\nm,c,2022-01,3,\n"},
    {"a header in quotes over two lines",
     "measure,area,period,value,\"note\n\"\nm,a,2022-01,1,x\nm,b,2022-01,2,y\nm,c,2022-01,3,z\n"},
    {"a mark and spaces before quotes",
     "\xEF\xBB\xBFmeasure,area,period,value,note\nm,a,2022-01,1, \"x\ny\"\nm,b,2022-01,2,z\n"},
    {"tabs",
     "measure\tarea\tperiod\tvalue\tnote\nm\ta\t2022-01\t1\t\"x\ny\"\nm\tb\t2022-01\t2\tz,\"\n"},
    {"bad rows",
     "measure,area,period,value,note\nm,a,2022-01,x,\nm,b,2022-01\nm,c,2022-01,3,\n,,,,\n"},
    {"a quote inside a field", "measure,area,period,value,note\nm,a,2022-01,1,5\" "
                               "tall\nm,b,2022-01,2,\"a\"b\nm,c,2022-01,3,\n"},
    {"a header that is none", "measure,area\nm,a\nm,b\n"},
    {"only a header", "measure,area,period,value\n"},
    {"nothing", ""},
    {"nothing to speak of", " \n\n"},
};
enum { TEXTS = sizeof(texts) / sizeof(texts[0]), SLICE_MOST = 200 };

/* @return false when a row did not fit. */
static bool describe_slices(size_t which, size_t slice_bytes, size_t piece, zw_buf *out,
                            size_t *count)
{
    struct source source = {texts[which].text, strlen(texts[which].text), 0, piece, 0};
    zw_slicer *slicer = create(&source, slice_bytes, true);
    zw_slice slice = {.is_last = false};
    uint64_t end = 0;
    bool is_good = true;
    *count = 0;
    while (is_good && !slice.is_last) {
        zw_err err = {ZW_OK, ""};
        zw_status status = zw_slicer_next(slicer, &slice, &err);
        if (status == ZW_LIMIT) {
            assert_non_null(strstr(err.text, "a row of more than "));
            zw_slicer_destroy(slicer);
            return false;
        }
        assert_int_equal(status, ZW_OK);
        assert_true(slice.text.len <= slice_bytes);
        assert_true(slice.end > end || slice.is_last);
        end = slice.end;
        is_good = describe_text(slice.text, slice.line_offset, out);
        (*count)++;
    }
    assert_true(!is_good || end == source.len);
    zw_slicer_destroy(slicer);
    return true;
}

static void slice_by_slice_it_is_what_the_whole_is(void **state)
{
    (void)state;
    static const size_t pieces[] = {1, 5, 1000};
    size_t most_slices = 0;
    for (size_t which = 0; which < TEXTS; which++) {
        size_t fitting = 0;
        zw_buf whole;
        zw_buf_init(&whole, 65536);
        (void)describe_text(zw_text_of(texts[which].text), 0, &whole);
        for (size_t bytes = 1; bytes < (size_t)SLICE_MOST * 3; bytes++) {
            zw_buf sliced;
            size_t count = 0;
            zw_buf_init(&sliced, 65536);
            if (describe_slices(which, 1 + bytes / 3, pieces[bytes % 3], &sliced, &count)) {
                fitting++;
                most_slices = count > most_slices ? count : most_slices;
                if (strcmp(zw_buf_view(&whole), zw_buf_view(&sliced)) != 0) {
                    fail_msg("%s, by %zu bytes:\n%sand not\n%s", texts[which].why, 1 + bytes / 3,
                             zw_buf_view(&sliced), zw_buf_view(&whole));
                }
            }
            zw_buf_fini(&sliced);
        }
        assert_true(fitting > 0);
        zw_buf_fini(&whole);
    }
    assert_true(most_slices >= 3);
}

static void lines_are_cut_at_their_ends_whatever_is_quoted(void **state)
{
    (void)state;
    static const char text[] = "m value=1\nm note=\"x\nm value=2\n\nm value=3";
    struct source source = {text, sizeof(text) - 1, 0, 4, 0};
    zw_slicer *slicer = create(&source, 14, false);
    static const struct {
        const char *text;
        uint32_t line_offset;
    } rows[] = {{"m value=1\n", 0}, {"m note=\"x\n", 1}, {"m value=2\n\n", 2}, {"m value=3", 4}};
    for (size_t i = 0; i < 4; i++) {
        zw_slice slice;
        assert_int_equal(zw_slicer_next(slicer, &slice, NULL), ZW_OK);
        assert_int_equal(slice.text.len, strlen(rows[i].text));
        assert_memory_equal(slice.text.at, rows[i].text, slice.text.len);
        assert_int_equal(slice.line_offset, rows[i].line_offset);
        assert_int_equal(slice.is_last, i == 3);
    }
    zw_slicer_destroy(slicer);
}

static void what_cannot_be_cut_is_named(void **state)
{
    (void)state;
    static const struct {
        const char *why, *text;
        zw_status status;
        size_t fails_at;
        const char *says;
    } rows[] = {
        {"a long row", "a,b\n1,2\n3,4\n5,6666666666666666666666666666666666666666666\n", ZW_LIMIT,
         0, "line 4: a row of more than 28 bytes"},
        {"an open quote", "a,b\n1,2\n3,\"4\n5,6\n7,8\n9,10\n11,12\n13,14\n15,16\n", ZW_LIMIT, 0,
         "line 3: a row of more than 28 bytes (a quote that is never closed?)"},
        {"a long header", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa,b\n1,2\n", ZW_LIMIT,
         0, "line 1: a row of more than 32 bytes"},
        {"UTF-16",
         "\xFF\xFE"
         "a",
         ZW_INVALID, 0, "UTF-16 can only be read"},
        {"the other UTF-16",
         "\xFE\xFF"
         "aaaaaaaa",
         ZW_INVALID, 0, "UTF-16 can only be read"},
        {"a source that fails", "a,b\n1,2\n3,4\n5,6\n7,8\n9,10\n11,12\n13,14\n", ZW_IO, 20,
         "the disk is gone"},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct source source = {rows[i].text, strlen(rows[i].text), 0, 10, rows[i].fails_at};
        zw_slicer *slicer = create(&source, 32, true);
        zw_slice slice = {.is_last = false};
        zw_err err = {ZW_OK, ""};
        zw_status status = ZW_OK;
        while (status == ZW_OK && !slice.is_last) {
            status = zw_slicer_next(slicer, &slice, &err);
        }
        if (status != rows[i].status ||
            strncmp(err.text, rows[i].says, strlen(rows[i].says)) != 0) {
            fail_msg("%s: %d %s", rows[i].why, status, err.text);
        }
        zw_slicer_destroy(slicer);
    }
    zw_slicer_destroy(NULL);
}

static void says_so_when_there_is_no_memory(void **state)
{
    (void)state;
    zw_slicer_options options = {.read = read_on, .slice_bytes = 10};
    for (long after = 0;; after++) {
        zw_slicer *slicer = NULL;
        failing_alloc_after(after);
        zw_status status = zw_slicer_create(&options, &slicer, NULL);
        bool has_refused = failing_alloc_stop();
        zw_slicer_destroy(slicer);
        assert_int_equal(status, has_refused ? ZW_NOMEM : ZW_OK);
        if (!has_refused) {
            assert_int_equal(after, 2);
            return;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slice_by_slice_it_is_what_the_whole_is),
        cmocka_unit_test(lines_are_cut_at_their_ends_whatever_is_quoted),
        cmocka_unit_test(what_cannot_be_cut_is_named),
        cmocka_unit_test(says_so_when_there_is_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
