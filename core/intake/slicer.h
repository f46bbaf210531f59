/**
 * A slicer: a text that is too long to be held, as slices that each hold whole rows and can be read
 * as a text of their own.
 */
#ifndef ZW_INTAKE_SLICER_H
#define ZW_INTAKE_SLICER_H

#include "base/text.h"

#include <stdint.h>

typedef struct zw_slicer zw_slicer;

/** Reads on. @return how many bytes there were, 0 at the end of the text; SIZE_MAX with `err` when
 * it cannot be read. */
typedef size_t (*zw_slicer_read)(void *arg, void *to, size_t most, zw_err *err);

typedef struct zw_slicer_options {
    zw_slicer_read read;
    void *arg;
    uint64_t total_bytes; /* where the text ends, should `read` not say so before */
    size_t slice_bytes;   /* how much is held at a time: no row may be longer */
    bool is_csv; /* quoted fields may hold line ends; the header comes again with each slice */
} zw_slicer_options;

typedef struct zw_slice {
    zw_text text;         /* valid until the next one */
    uint32_t line_offset; /* the lines of the whole text are this much above the slice's */
    uint64_t end;         /* where it ends in the whole text, in bytes */
    bool is_last;
} zw_slice;

zw_status zw_slicer_create(const zw_slicer_options *options, zw_slicer **out,
                           zw_err *err) ZW_MUST_USE;
void zw_slicer_destroy(zw_slicer *slicer); /* NULL is allowed */

/**
 * The next slice; not after the last one. A text without any row has one slice too.
 * @return ZW_OK; ZW_LIMIT for a row longer than a slice, naming its line; ZW_INVALID for UTF-16,
 * which has no bytes to cut at; what `read` said.
 */
zw_status zw_slicer_next(zw_slicer *slicer, zw_slice *out, zw_err *err) ZW_MUST_USE;

#endif
