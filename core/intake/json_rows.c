/*
 * Rows out of JSON.
 *
 * 1. An object is scanned whole before anything of it is judged: its keys and values lie one behind
 *    the other until then.
 * 2. Objects of one delivery mostly have the same keys in the same order: the heading that they
 *    make is kept until another order comes.
 */
#include "intake/json_rows.h"

#include "intake/json_scan.h"

#include <stdlib.h>
#include <string.h>

enum {
    KEYS_MAX = ZW_HEADING_COLUMNS_MAX - ZW_ROLE_COUNT,
    PLACES_MAX = 1 + ZW_HEADING_COLUMNS_MAX,
    NAME_BYTES = 64, /* no role is longer */
    NO_KEY = KEYS_MAX
};

/* Texts one behind the other, with the place of each. */
struct texts {
    zw_buf bytes;
    size_t ends[KEYS_MAX];
    zw_text_place places[KEYS_MAX];
    size_t count;
};

typedef struct reader {
    zw_json_scan scan;
    zw_sheet sheet;
    const zw_roles *roles;
    zw_sheet_cb on_row;
    void *arg;
    struct texts keys, values; /* of the object at hand; value i is that of key i */
    struct texts last;         /* the keys that the sheet's heading was made of; none at first */
    size_t key_of[ZW_HEADING_COLUMNS_MAX + 1]; /* by column; NO_KEY: the object says nothing */
    zw_text_place places[PLACES_MAX];          /* by column; 0: the object */
    bool is_bad;                               /* a fault was named of the object at hand */
} reader;

static void reader_fault(reader *r, zw_text_place place, const char *fmt, const char *what)
{
    r->is_bad = true;
    if (r->sheet.status == ZW_OK) {
        r->sheet.status = zw_batch_fault(r->sheet.batch, r->sheet.err, place.line, place.column,
                                         "%s%s", fmt, what);
    }
}

/* --- an object's keys and values ------------------------------------------------------------ */

static zw_text text_at(const struct texts *texts, size_t index)
{
    size_t start = index > 0 ? texts->ends[index - 1] : 0;
    return (zw_text){zw_buf_view(&texts->bytes) + start, texts->ends[index] - start};
}

static void texts_clear(struct texts *texts)
{
    texts->count = 0;
    zw_buf_clear(&texts->bytes);
}

static void text_add(reader *r, struct texts *texts, zw_text text, zw_text_place place)
{
    if (!zw_buf_append(&texts->bytes, text.at, text.len)) {
        zw_sheet_nomem(&r->sheet);
        return;
    }
    texts->places[texts->count] = place;
    texts->ends[texts->count++] = texts->bytes.len;
}

/* Takes the next token. @return false when the object cannot be scanned any further. */
static bool next(reader *r)
{
    if (!zw_json_scan_next(&r->scan)) {
        zw_sheet_nomem(&r->sheet);
    }
    return r->sheet.status == ZW_OK && r->scan.is != ZW_JSON_WRONG;
}

static bool skip(reader *r)
{
    if (!zw_json_scan_skip(&r->scan)) {
        zw_sheet_nomem(&r->sheet);
    }
    return r->sheet.status == ZW_OK && r->scan.is != ZW_JSON_WRONG;
}

static bool expect(reader *r, zw_json_is is, const char *wrong)
{
    if (r->scan.is != is) {
        zw_json_scan_refuse(&r->scan, wrong);
    }
    return r->scan.is == is;
}

/* A mark may be true or false; everything else is a text, a number or null. */
static bool takes_truth(const reader *r)
{
    char name[NAME_BYTES];
    return zw_text_fold_into(text_at(&r->keys, r->keys.count - 1), name, sizeof name) &&
           strcmp(name, "synthetic") == 0;
}

/* Takes the value that begins with the token at hand, up to its last one. */
static bool value_take(reader *r)
{
    zw_json_scan *scan = &r->scan;
    zw_text_place place = scan->place;
    zw_json_is is = scan->is;
    zw_text text = {"", 0};
    if (is == ZW_JSON_TEXT || is == ZW_JSON_NUMBER) {
        text = scan->text;
    } else if ((is == ZW_JSON_TRUE || is == ZW_JSON_FALSE) && takes_truth(r)) {
        text = zw_text_of(zw_json_is_text(is));
    } else if (!skip(r)) {
        return false;
    } else if (is != ZW_JSON_NULL) {
        reader_fault(r, place, "expected a text, a number or null, got ", zw_json_is_text(is));
    }
    if (is == ZW_JSON_TEXT && scan->has_nul) {
        reader_fault(r, place, "expected a text without NUL", "");
    }
    text_add(r, &r->values, text, place);
    return r->sheet.status == ZW_OK;
}

/* Takes "key": value, from the key's token on. */
static bool member_take(reader *r)
{
    if (!expect(r, ZW_JSON_TEXT, "expected a key")) {
        return false;
    }
    if (r->keys.count == KEYS_MAX) {
        reader_fault(r, r->scan.place, "an object of so many keys is no row", "");
        return next(r) && expect(r, ZW_JSON_COLON, "expected ':' behind a key") && next(r) &&
               skip(r);
    }
    text_add(r, &r->keys, r->scan.text, r->scan.place);
    return next(r) && expect(r, ZW_JSON_COLON, "expected ':' behind a key") && next(r) &&
           value_take(r);
}

/* Scans an object from its first token to its last. @return false when it is broken. */
static bool object_scan(reader *r)
{
    r->is_bad = false;
    r->places[0] = r->scan.place;
    r->sheet.line = r->scan.place.line;
    texts_clear(&r->keys);
    texts_clear(&r->values);
    if (!next(r)) {
        return false;
    }
    while (r->scan.is != ZW_JSON_OBJECT_END) {
        if (!member_take(r) || !next(r)) {
            return false;
        }
        if (r->scan.is != ZW_JSON_OBJECT_END &&
            (!expect(r, ZW_JSON_COMMA, "expected ',' or '}'") || !next(r) ||
             !expect(r, ZW_JSON_TEXT, "expected a key"))) {
            return false;
        }
    }
    return true;
}

/* --- an object as a row --------------------------------------------------------------------- */

static bool has_same_keys(const reader *r)
{
    size_t count = r->keys.count;
    return count > 0 && count == r->last.count &&
           memcmp(r->keys.ends, r->last.ends, count * sizeof r->keys.ends[0]) == 0 &&
           memcmp(zw_buf_view(&r->keys.bytes), zw_buf_view(&r->last.bytes), r->keys.bytes.len) == 0;
}

/* The role a key names; the number of roles for none. */
static size_t role_of(const reader *r, zw_text key)
{
    char name[NAME_BYTES];
    size_t role = zw_text_fold_into(key, name, sizeof name) ? 0 : r->roles->count;
    while (role < r->roles->count && strcmp(name, r->roles->names[role]) != 0) {
        role++;
    }
    return role;
}

/* Gives each key its column: roles first, in their order, then the others as they came. `names`
 * gets the columns' names. @return their count; 0 when a key stands twice. */
static size_t columns_give(reader *r, zw_text names[ZW_HEADING_COLUMNS_MAX])
{
    size_t count = r->roles->count;
    for (size_t column = 1; column <= ZW_HEADING_COLUMNS_MAX; column++) {
        r->key_of[column] = NO_KEY;
    }
    for (size_t role = 0; role < count; role++) {
        names[role] = zw_text_of(r->roles->names[role]);
    }
    for (size_t key = 0; key < r->keys.count; key++) {
        size_t role = role_of(r, text_at(&r->keys, key));
        if (role == r->roles->count) {
            names[count++] = text_at(&r->keys, key);
            r->key_of[count] = key;
        } else if (r->key_of[role + 1] != NO_KEY) {
            reader_fault(r, r->keys.places[key], r->roles->names[role], " stands there twice");
            return 0;
        } else {
            r->key_of[role + 1] = key;
        }
    }
    return count;
}

/* Makes the sheet's heading of the object's keys. */
static void heading_make(reader *r)
{
    zw_text names[ZW_HEADING_COLUMNS_MAX];
    zw_err why = {ZW_OK, ""};
    zw_heading *heading = &r->sheet.heading;
    texts_clear(&r->last);
    zw_heading_fini(heading);
    size_t count = columns_give(r, names);
    if (count == 0) {
        return;
    }
    zw_status status = zw_heading_read(r->roles, names, count, 0, heading, &why);
    if (status == ZW_INVALID) {
        size_t key = r->key_of[heading->bad_column];
        reader_fault(r, key != NO_KEY ? r->keys.places[key] : r->places[0], why.text, "");
    } else if (status != ZW_OK) {
        zw_sheet_nomem(&r->sheet);
    }
    if (status != ZW_OK) {
        return;
    }
    for (size_t key = 0; key < r->keys.count && r->sheet.status == ZW_OK; key++) {
        text_add(r, &r->last, text_at(&r->keys, key), r->keys.places[key]);
    }
}

/* Hands the object's row over; its places stay with it when it is taken. */
static void row_hand(reader *r)
{
    zw_sheet *sheet = &r->sheet;
    zw_batch *batch = sheet->batch;
    size_t columns = sheet->heading.column_count;
    zw_sheet_clear(sheet);
    for (size_t column = 1; column <= columns; column++) {
        size_t key = r->key_of[column];
        zw_sheet_add(sheet, key != NO_KEY ? text_at(&r->values, key) : zw_text_of(""));
        r->places[column] = key != NO_KEY ? r->values.places[key] : r->places[0];
    }
    size_t had = batch->row_count + batch->item_count;
    size_t places = batch->place_count;
    if (sheet->status == ZW_OK) {
        sheet->status =
            zw_batch_add_places(batch, r->places, 1 + columns, &sheet->first_place, sheet->err);
    }
    if (sheet->status == ZW_OK) {
        r->on_row(sheet, r->arg);
    }
    if (batch->row_count + batch->item_count == had) {
        batch->place_count = places;
    }
}

static void object_use(reader *r)
{
    if (r->sheet.status == ZW_OK && !has_same_keys(r)) {
        heading_make(r);
    }
    if (r->sheet.status == ZW_OK && !r->is_bad) {
        row_hand(r);
    }
}

/* --- the delivery --------------------------------------------------------------------------- */

static zw_status refuse(reader *r)
{
    if (r->sheet.status == ZW_OK) {
        r->sheet.status = zw_err_set(r->sheet.err, ZW_INVALID, "%u:%u: no JSON: %s",
                                     r->scan.place.line, r->scan.place.column, r->scan.wrong);
    }
    return r->sheet.status;
}

/* One element of the array, from its first token to its last. */
static bool element_take(reader *r)
{
    if (r->scan.is == ZW_JSON_OBJECT) {
        if (!object_scan(r)) {
            return false;
        }
        object_use(r);
        return r->sheet.status == ZW_OK;
    }
    zw_text_place place = r->scan.place;
    zw_json_is is = r->scan.is;
    if (!skip(r)) {
        return false;
    }
    reader_fault(r, place, "expected an object, got ", zw_json_is_text(is));
    return r->sheet.status == ZW_OK;
}

static zw_status whole_read(reader *r, zw_text text)
{
    zw_json_scan_restart(&r->scan, text, 1);
    if (!next(r)) {
        return refuse(r);
    }
    if (r->scan.is != ZW_JSON_ARRAY) {
        return zw_err_set(r->sheet.err, ZW_INVALID,
                          "%u:%u: expected a JSON array of objects, got %s", r->scan.place.line,
                          r->scan.place.column, zw_json_is_text(r->scan.is));
    }
    if (!next(r)) {
        return refuse(r);
    }
    bool is_first = true;
    while (!is_first || r->scan.is != ZW_JSON_ARRAY_END) {
        is_first = false;
        if (!element_take(r) || !next(r)) {
            return refuse(r);
        }
        if (r->scan.is == ZW_JSON_ARRAY_END) {
            break;
        }
        if (!expect(r, ZW_JSON_COMMA, "expected ',' or ']'") || !next(r)) {
            return refuse(r);
        }
    }
    return next(r) && expect(r, ZW_JSON_END, "expected nothing behind the array") ? ZW_OK
                                                                                  : refuse(r);
}

/* The place of a byte: characters of its line are counted up to it. */
static zw_text_place place_of(zw_text text, size_t at, uint32_t line)
{
    zw_text_place place = {line, 1};
    for (size_t i = 0; i < at; i++) {
        if (text.at[i] == '\n') {
            place = (zw_text_place){place.line + 1, 1};
        } else if (((unsigned char)text.at[i] & 0xC0U) != 0x80U) {
            place.column++;
        }
    }
    return place;
}

static void line_read(reader *r, zw_text line, uint32_t number)
{
    size_t bad_at = 0;
    if (!zw_text_is_utf8(line.at, line.len, &bad_at)) {
        reader_fault(r, place_of(line, bad_at, number), "expected UTF-8, as JSON is", "");
        return;
    }
    zw_json_scan_restart(&r->scan, line, number);
    bool is_whole = next(r) && r->scan.is != ZW_JSON_END;
    if (!is_whole && r->scan.is == ZW_JSON_END) {
        return; /* a blank line */
    }
    is_whole = is_whole && expect(r, ZW_JSON_OBJECT, "expected an object") && object_scan(r) &&
               next(r) && expect(r, ZW_JSON_END, "expected nothing behind the object");
    if (is_whole) {
        object_use(r);
    } else if (r->sheet.status == ZW_OK) {
        reader_fault(r, r->scan.place, r->scan.wrong, "");
    }
}

static zw_status lines_read(reader *r, zw_text text)
{
    uint32_t number = 1;
    while (text.len > 0 && r->sheet.status == ZW_OK) {
        const char *end = memchr(text.at, '\n', text.len);
        size_t len = end != NULL ? (size_t)(end - text.at) : text.len;
        line_read(r, (zw_text){text.at, len}, number++);
        len += end != NULL ? 1 : 0;
        text.at += len;
        text.len -= len;
    }
    return r->sheet.status;
}

static zw_status rows_read(reader *r, zw_text text, zw_json_form form)
{
    size_t bad_at = 0;
    if (form == ZW_JSON_LINES) {
        return lines_read(r, text);
    }
    if (!zw_text_is_utf8(text.at, text.len, &bad_at)) {
        zw_text_place place = place_of(text, bad_at, 1);
        return zw_err_set(r->sheet.err, ZW_INVALID, "%u:%u: expected UTF-8, as JSON is", place.line,
                          place.column);
    }
    return whole_read(r, text);
}

static void reader_init(reader *r, size_t text_bytes, zw_batch *batch, zw_err *err)
{
    zw_json_scan_init(&r->scan, zw_text_of(""), 1);
    zw_sheet_init(&r->sheet, text_bytes, batch, err);
    zw_buf_init(&r->keys.bytes, text_bytes + 1);
    zw_buf_init(&r->values.bytes, text_bytes + 1);
    zw_buf_init(&r->last.bytes, text_bytes + 1);
    r->sheet.places = r->places;
    r->sheet.is_clean = true; /* what is not UTF-8, and a NUL, is told before */
}

static void reader_fini(reader *r)
{
    zw_json_scan_fini(&r->scan);
    zw_sheet_fini(&r->sheet);
    zw_buf_fini(&r->keys.bytes);
    zw_buf_fini(&r->values.bytes);
    zw_buf_fini(&r->last.bytes);
}

zw_status zw_json_rows_read(zw_text text, zw_json_form form, const zw_roles *roles,
                            zw_sheet_cb on_row, void *arg, zw_batch *batch, zw_err *err)
{
    static const char mark[] = "\xEF\xBB\xBF";
    reader *r = calloc(1, sizeof *r); /* too large for a stack */
    if (r == NULL) {
        return zw_err_nomem(err);
    }
    r->roles = roles;
    r->on_row = on_row;
    r->arg = arg;
    if (text.len >= sizeof mark - 1 && memcmp(text.at, mark, sizeof mark - 1) == 0) {
        text.at += sizeof mark - 1;
        text.len -= sizeof mark - 1;
    }
    reader_init(r, text.len, batch, err);
    zw_status status = rows_read(r, text, form);
    zw_faults_sort(&batch->faults);
    reader_fini(r);
    free(r);
    return status;
}

bool zw_json_has_key(zw_text text, const char *name)
{
    zw_json_scan scan;
    bool has_key = false;
    zw_json_scan_init(&scan, text, 1);
    bool goes_on = zw_json_scan_next(&scan);
    if (goes_on && scan.is == ZW_JSON_ARRAY) {
        goes_on = zw_json_scan_next(&scan);
    }
    goes_on = goes_on && scan.is == ZW_JSON_OBJECT && zw_json_scan_next(&scan);
    while (goes_on && !has_key && scan.is == ZW_JSON_TEXT) {
        char key[NAME_BYTES];
        has_key = zw_text_fold_into(scan.text, key, sizeof key) && strcmp(key, name) == 0;
        goes_on = zw_json_scan_next(&scan) && scan.is == ZW_JSON_COLON &&
                  zw_json_scan_next(&scan) && zw_json_scan_skip(&scan) &&
                  zw_json_scan_next(&scan) && scan.is == ZW_JSON_COMMA && zw_json_scan_next(&scan);
    }
    zw_json_scan_fini(&scan);
    return has_key;
}
