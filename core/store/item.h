/**
 * An item of a register: the rows that were said of it, and how it stands at a moment. Memory only;
 * items.h keeps the rows.
 *
 * The fold, in full:
 * 1. Of the rows known at the as-of, those with the same `at_ms` are one: what a later one says
 *    (later known; of equal moments later arrived) corrects, what it leaves empty stays.
 * 2. Each of these, in order of `at_ms`, changes what it says and keeps the rest.
 * 3. The state `left` ends the item. It keeps the state, area and fields it left with.
 * 4. A row from a later moment brings it back, whatever it says: it came again, and is in its state
 *    since then. A correction of the leaving itself must say another state to do so.
 */
#ifndef ZW_STORE_ITEM_H
#define ZW_STORE_ITEM_H

#include "store/column.h"

typedef uint32_t zw_item_id;     /* dense, from 0, in order of arrival; over all registers */
typedef uint32_t zw_register_id; /* dense, from 0, in order of arrival */
#define ZW_ITEM_NONE UINT32_MAX
#define ZW_REGISTER_NONE UINT32_MAX

/** The state that ends an item. */
#define ZW_ITEM_LEFT "left"

typedef struct zw_item_field {
    const char *name, *text; /* as written; "" says nothing and is not kept */
} zw_item_field;

/** One row of a register as it was said. A plain value: who made it owns the texts. */
typedef struct zw_item_row {
    const char *register_name;
    const char *item;          /* "": nothing changed in this area */
    const char *area, *state;  /* "" keeps what was */
    const char *source, *note; /* the row's own; "": it says nothing */
    const zw_item_field *fields;
    size_t field_count;
    int64_t at_ms;       /* from when it holds */
    int64_t known_at_ms; /* the moment we learned it */
    int64_t batch;       /* the delivery it came with */
    uint32_t line;       /* of the delivered text, from 1 */
    bool is_synthetic;
    zw_register_id register_id; /* these two are given by the store */
    zw_item_id item_id;         /* ZW_ITEM_NONE for a row without item */
} zw_item_row;

/** How an item stands. Texts are borrowed from its rows. */
typedef struct zw_item_standing {
    bool is_known;     /* some row was used; if not, nothing below says anything */
    bool lives;        /* it came and has not left */
    bool is_synthetic; /* a row used was */
    const char *area, *state;
    int64_t first_ms;    /* its first row's `at_ms` */
    int64_t came_ms;     /* where its present life began, or the one it left from */
    int64_t since_ms;    /* since when it is (or was, when it left) in that state */
    int64_t left_ms;     /* when it left; ZW_NEVER_MS while it lives */
    int64_t last_ms;     /* its newest row's `at_ms` */
    int64_t known_at_ms; /* of the newest row used */
    const zw_item_row *const
        *rows; /* those looked at; with the next two what the fields are read from */
    size_t row_count;
    int64_t as_of_ms;
} zw_item_standing;

/** The moments of an item in order: after each step `standing` is how it stands from its
 * `standing.last_ms` on, until the next. */
typedef struct zw_item_walk {
    const zw_item_row *const *rows; /* in order of (at, known_at, arrival); borrowed */
    size_t count, next;
    zw_item_standing standing;
} zw_item_walk;

void zw_item_walk_init(zw_item_walk *walk, const zw_item_row *const *rows, size_t count,
                       int64_t as_of_ms);
/** Takes the rows of the next moment, if it lies at or before `upto_ms`. @return whether it did. */
bool zw_item_walk_next(zw_item_walk *walk, int64_t upto_ms);

/** How the item of these rows stands at `t_ms`, as known at `as_of_ms`. */
void zw_item_fold(const zw_item_row *const *rows, size_t count, int64_t t_ms, int64_t as_of_ms,
                  zw_item_standing *out);

/** The field `name` of a standing; "" when no row said it. */
const char *zw_item_field_of(const zw_item_standing *standing, const char *name);

/** What the row itself says in field `name`; NULL when nothing. */
const char *zw_item_row_says(const zw_item_row *row, const char *name);

/**
 * Whether a row can be kept. @return ZW_OK; ZW_INVALID when it names no register, when it has no
 * item but a state or fields, or when a field has no name, the same as another, or a character that
 * the file needs (U+001F, or '=' in a name).
 */
zw_status zw_item_row_check(const zw_item_row *row, zw_err *err) ZW_MUST_USE;

/** What `row` does to the item of these rows, as known at the row's own moment: unchanged when one
 * of them has the same `at_ms` and the item stands there as this one says; revised when it stands
 * otherwise; new when none has. */
zw_change zw_item_change(const zw_item_row *const *rows, size_t count, const zw_item_row *row);

#endif
