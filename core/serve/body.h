/**
 * A body: what a client sends after the head of its request, unpacked as it comes (plain or gzip),
 * up to a ceiling. It is read when its end has come. A long one may be laid by in a file without a
 * name, which is gone with it.
 */
#ifndef ZW_SERVE_BODY_H
#define ZW_SERVE_BODY_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct zw_body zw_body;

typedef struct zw_body_options {
    bool is_gzip;
    uint64_t most_bytes; /* the ceiling, of the unpacked body */
    size_t held_bytes;   /* more than that is laid by */
    const char *folder;  /* where; borrowed; NULL: nowhere, all of it is held */
} zw_body_options;

zw_status zw_body_create(const zw_body_options *options, zw_body **out, zw_err *err) ZW_MUST_USE;
void zw_body_destroy(zw_body *body); /* NULL is allowed */

/**
 * Takes the next piece.
 * @return ZW_OK; ZW_LIMIT past the ceiling; ZW_INVALID when it is no gzip; ZW_IO when it cannot be
 * laid by; ZW_NOMEM. After a failure the body is of no use.
 */
zw_status zw_body_add(zw_body *body, const void *bytes, size_t len, zw_err *err) ZW_MUST_USE;

/** All of it has come. @return ZW_OK; ZW_INVALID when a gzip stops in the middle. */
zw_status zw_body_end(zw_body *body, zw_err *err) ZW_MUST_USE;

/** The unpacked bytes. */
uint64_t zw_body_bytes(const zw_body *body);
bool zw_body_is_laid_by(const zw_body *body);

/** All of them, of a body that is held: NUL-terminated behind their end, valid until the next
 * piece. */
const char *zw_body_view(const zw_body *body, size_t *len);

/** A part of them, of a body that is laid by. @return how many there were, 0 at the end; SIZE_MAX
 * with `err` when the file cannot be read. */
size_t zw_body_read(const zw_body *body, uint64_t at, void *to, size_t most, zw_err *err);

/** What it takes of memory. */
size_t zw_body_memory_bytes(const zw_body *body);

#endif
