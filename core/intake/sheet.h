/**
 * A sheet: CSV text as rows of fields, and a row's fields as names, remarks and stamps. What is
 * wrong with a row becomes a fault of the batch; only what concerns the whole text fails the call.
 */
#ifndef ZW_INTAKE_SHEET_H
#define ZW_INTAKE_SHEET_H

#include "intake/batch.h"
#include "intake/heading.h"

enum { ZW_SHEET_SHOWN_BYTES = 60 }; /* how much of a bad field a fault repeats */

/** A stamp that was read. In most deliveries one row says the same period as the one before. */
typedef struct zw_sheet_stamped {
    uint32_t column; /* 0: none yet */
    uint32_t len;
    char text[32];
    zw_stamp stamp;
} zw_sheet_stamped;

enum { ZW_SHEET_STAMPED = 4 };

/** The row at hand. Open for reading; changed only by the functions below. `status` keeps the first
 * failure of the call itself; from then on nothing more is read. */
typedef struct zw_sheet {
    zw_batch *batch; /* borrowed */
    zw_err *err;     /* borrowed */
    zw_status status;
    uint32_t line; /* from 1: where the row starts */
    bool is_clean; /* the whole text is UTF-8 without NUL: no field has to be looked at again */
    const zw_text_place *places; /* where each column of the row stands, [0] the row; NULL: the
                               columns are the text's own. Borrowed. */
    uint32_t first_place;        /* what the row's figure or item gets; see zw_batch_place */
    zw_heading heading;          /* no columns until it is read */
    zw_buf fields;               /* the row's fields, one behind the other */
    size_t ends[ZW_HEADING_COLUMNS_MAX]; /* where each of them ends */
    size_t field_count;                  /* all of them, also those that are too many to keep */
    zw_buf folded;                       /* one field folded */
    zw_sheet_stamped stamped[ZW_SHEET_STAMPED]; /* the last ones, by column */
} zw_sheet;

/** Takes the row at hand, which has as many fields as the heading. */
typedef void (*zw_sheet_cb)(zw_sheet *sheet, void *arg);

/** Reads the heading its own way and says its `column_count`. */
typedef zw_status (*zw_sheet_heading_cb)(zw_sheet *sheet, const zw_text *fields, size_t count,
                                         void *arg);

/** What a sheet is read for. */
typedef struct zw_sheet_reading {
    const zw_roles *roles;            /* of its columns; NULL with `read_heading` */
    zw_sheet_heading_cb read_heading; /* may be NULL */
    const char *expected;             /* with `read_heading`: a header, for a text that has none */
    char separator; /* 0 takes a tab when the first line has one and no comma, else commas */
    zw_sheet_cb on_heading; /* `heading` is read; may be NULL */
    zw_sheet_cb on_row;
    void *arg;
} zw_sheet_reading;

/** @return ZW_OK, even with faults; ZW_INVALID for the header, naming line:column; ZW_NOMEM. */
zw_status zw_sheet_read(zw_text text, const zw_sheet_reading *reading, zw_batch *batch,
                        zw_err *err) ZW_MUST_USE;

/** For a reader of something else than CSV that makes rows itself: each is cleared, then filled.
 * @param text_bytes  at least what the longest row has of text. */
void zw_sheet_init(zw_sheet *sheet, size_t text_bytes, zw_batch *batch, zw_err *err);
void zw_sheet_fini(zw_sheet *sheet);
void zw_sheet_clear(zw_sheet *sheet);
void zw_sheet_add(zw_sheet *sheet, zw_text field);

/** The call fails for want of memory. */
void zw_sheet_nomem(zw_sheet *sheet);

/** Names a fault of the row at hand. @param column  from 1; 0: the whole row. */
void zw_sheet_fault(zw_sheet *sheet, uint32_t column, const char *fmt, ...) ZW_PRINTF(3, 4);

/** How many bytes of a text a message repeats, as printf's precision. */
int zw_sheet_shown(zw_text text);

/** The field of a column, trimmed; empty for column 0, which the delivery does not have. */
zw_text zw_sheet_field(const zw_sheet *sheet, uint32_t column);

/** The same, checked; false when a fault was named. */
bool zw_sheet_take(zw_sheet *sheet, uint32_t column, zw_text *out);

/** The same, as names are compared; valid until the next one is folded. */
bool zw_sheet_fold(zw_sheet *sheet, uint32_t column, zw_text *out);

/** The number of a text in the batch's pool; ZW_POOL_NONE (and the call fails) without memory. */
uint32_t zw_sheet_keep(zw_sheet *sheet, zw_text text);

/** A folded name without control characters, kept. @param what  for faults: "measure". @return
 * false when a fault was named; an empty name is 0. */
bool zw_sheet_name(zw_sheet *sheet, uint32_t column, const char *what, uint32_t *out);

/** A source or note, kept as it was written: nothing is looked up by them. */
void zw_sheet_remark(zw_sheet *sheet, uint32_t column, uint32_t *out);

/** @param missing  the fault of an empty field ("expected a period, got nothing"); NULL: it may be
 * empty. @return false when it is empty, or when a fault was named. */
bool zw_sheet_stamp(zw_sheet *sheet, uint32_t column, const char *missing, zw_stamp *out);

/** Whether a figure or an item is marked as made up: "true", "1" or "synthetic"; "false", "0" or
 * nothing is not. Anything else is a fault. */
void zw_sheet_synthetic(zw_sheet *sheet, uint32_t column, bool *out);

/** C0, DEL and C1 (U+0080…U+009F): a name that holds one was not typed by anybody. */
bool zw_sheet_has_control(zw_text text);

/** True when the first line that says something has a column of that name: how a delivery's kind is
 * told. UTF-8; a heading that is broken has none. */
bool zw_sheet_has_column(zw_text text, const char *name);

#endif
