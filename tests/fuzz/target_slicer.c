/* Slices of a long text: one behind the other they are the text, and read one by one they say what
 * it says read whole. */
#include "intake/csv.h"
#include "intake/slicer.h"
#include "written.h"

enum { SLICE_STEP_BYTES = 16 };

/* A text that is handed over in pieces of odd sizes. */
struct source {
    zw_text left;
    size_t piece;
};

static size_t source_read(void *arg, void *to, size_t most, zw_err *err)
{
    struct source *source = arg;
    (void)err;
    source->piece = source->piece % 7 + 1;
    size_t len = source->piece < most ? source->piece : most;
    len = len < source->left.len ? len : source->left.len;
    if (len > 0) {
        memcpy(to, source->left.at, len);
    }
    source->left.at += len;
    source->left.len -= len;
    return len;
}

/* Reads a slice's rows behind those of the slices before, as rows of the whole text. */
static zw_status read_rows(const zw_slice *slice, zw_batch *into, zw_err *err)
{
    size_t before = into->row_count;
    zw_status status = zw_csv_read(slice->text, 0, into, err);
    for (size_t i = before; i < into->row_count; i++) {
        into->rows[i].line += slice->line_offset;
    }
    return status;
}

/* The slice's last bytes are the text's at its place; what stands before them comes again with each
 * slice. */
static void slice_must_fit(zw_text input, const zw_slice *slice, uint64_t from, size_t *again)
{
    FUZZ_MUST(slice->end >= from && slice->end <= input.len);
    size_t own = (size_t)(slice->end - from);
    FUZZ_MUST(slice->text.len >= own);
    FUZZ_MUST(memcmp(slice->text.at + slice->text.len - own, input.at + from, own) == 0);
    if (from > 0) {
        size_t head = slice->text.len - own;
        FUZZ_MUST(*again == SIZE_MAX || *again == head);
        FUZZ_MUST(memcmp(slice->text.at, input.at, head) == 0);
        *again = head;
    }
}

/* @return false when the text cannot be cut. */
static bool cut(zw_text input, const zw_slicer_options *options, zw_batch *into, zw_status *read)
{
    zw_slicer *slicer = NULL;
    zw_slice slice = {.is_last = false};
    zw_err err = {ZW_OK, ""};
    uint64_t from = 0;
    size_t again = SIZE_MAX;
    zw_status status = zw_slicer_create(options, &slicer, &err);
    while (status == ZW_OK && !slice.is_last) {
        status = zw_slicer_next(slicer, &slice, &err);
        fuzz_must_say(status, &err);
        if (status == ZW_OK) {
            slice_must_fit(input, &slice, from, &again);
            FUZZ_MUST(slice.end > from || slice.is_last);
            from = slice.end;
            *read = *read == ZW_OK ? read_rows(&slice, into, &err) : *read;
        }
    }
    zw_slicer_destroy(slicer);
    FUZZ_MUST(status != ZW_OK || from == input.len);
    return status == ZW_OK;
}

/* Rows of the whole text stand among those of the slices, line by line: a slice does not know what
 * an earlier one said of the same figure. */
static void rows_must_be_among(const zw_batch *whole, const zw_batch *slices)
{
    size_t at = 0;
    for (size_t i = 0; i < whole->row_count; i++) {
        const zw_row *row = &whole->rows[i];
        while (at < slices->row_count && slices->rows[at].line != row->line) {
            at++;
        }
        FUZZ_MUST(at < slices->row_count);
        const zw_row *other = &slices->rows[at];
        FUZZ_MUST(written_same_text(whole, row->measure, slices, other->measure));
        FUZZ_MUST(written_same_text(whole, row->dims, slices, other->dims));
        FUZZ_MUST(row->value == other->value && row->status == other->status);
    }
}

void fuzz_one(zw_text input)
{
    if (input.len < 2) {
        return;
    }
    unsigned how = (unsigned char)input.at[0];
    zw_text text = {input.at + 1, input.len - 1};
    struct source source = {text, how};
    zw_slicer_options options = {.read = source_read,
                                 .arg = &source,
                                 .total_bytes = text.len,
                                 .slice_bytes = (how / 2 + 1) * (size_t)SLICE_STEP_BYTES,
                                 .is_csv = how % 2 == 0};
    zw_batch *whole = NULL;
    zw_batch *slices = NULL;
    zw_err err = {ZW_OK, ""};
    zw_status read = ZW_OK;
    FUZZ_MUST(zw_batch_create(&whole, &err) == ZW_OK && zw_batch_create(&slices, &err) == ZW_OK);
    bool is_cut = cut(text, &options, slices, &read);
    if (is_cut && options.is_csv && zw_csv_read(text, 0, whole, &err) == ZW_OK &&
        whole->faults.count == 0) {
        FUZZ_MUST(read == ZW_OK && slices->faults.count == 0);
        rows_must_be_among(whole, slices);
    }
    zw_batch_destroy(slices);
    zw_batch_destroy(whole);
}
