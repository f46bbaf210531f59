/* Influx line protocol. A line that names the series that was expected next is only compared and
 * its numbers are read; any other is looked up by its bytes, and only what was never seen is taken
 * apart. */
#include "intake/line.h"

#include <stdlib.h>
#include <string.h>

enum { TAGS_MAX = 256, SAFE_DIGITS = 19 /* so many never go beyond 64 bits */ };

/* The text at hand. `status` keeps the first failure of the call itself. */
struct reader {
    const char *at, *end; /* what is left */
    const char *line_at;
    uint32_t line, breaks; /* of the line at hand; the line breaks inside its texts */
    uint32_t key;          /* the last one that was read; ZW_LIVE_KEY_NONE */
    zw_text stamp;         /* the last timestamp that was read, and its moment */
    int64_t stamp_ms;
    bool is_bad;          /* the line at hand has a mistake */
    bool is_among_fields; /* where a quotation mark begins a text */
    const zw_line_options *options;
    zw_live *live;
    zw_status status;
    zw_err *err;
};

bool zw_line_precision(const char *text, int64_t *unit_ns)
{
    static const struct {
        const char *text;
        int64_t unit_ns;
    } known[] = {{"ns", 1},
                 {"n", 1},
                 {"us", 1000},
                 {"u", 1000},
                 {"\xC2\xB5s", 1000},
                 {"\xC2\xB5", 1000},
                 {"ms", 1000000},
                 {"s", INT64_C(1000000000)},
                 {"m", INT64_C(60000000000)},
                 {"h", INT64_C(3600000000000)}};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        if (strcmp(text, known[i].text) == 0) {
            *unit_ns = known[i].unit_ns;
            return true;
        }
    }
    return false;
}

static void fault(struct reader *r, const char *at, const char *fmt, ...) ZW_PRINTF(3, 4);
static void fault(struct reader *r, const char *at, const char *fmt, ...)
{
    if (r->is_bad || r->status != ZW_OK) { /* what follows from the first mistake is no other */
        return;
    }
    va_list args;
    va_start(args, fmt);
    r->is_bad = true;
    r->status = zw_faults_vadd(&r->live->faults, r->err, r->line, (uint32_t)(at - r->line_at) + 1,
                               fmt, args);
    va_end(args);
}

static bool is_at_end(const struct reader *r)
{
    return r->at == r->end || *r->at == '\n';
}

/* The carriage return of a line that ends in two bytes counts as a space. */
static bool is_space(char c)
{
    return c == ' ' || c == '\r' || c == '\t';
}

static void skip_spaces(struct reader *r)
{
    while (r->at < r->end && is_space(*r->at)) {
        r->at++;
    }
}

/* The first `stop` or `other` that no backslash stands before; the line's or the text's end. */
static const char *find_plain(const char *at, const char *end, char stop, char other)
{
    for (; at < end && *at != '\n' && *at != stop && *at != other; at++) {
        at += *at == '\\' && at + 1 < end && at[1] != '\n' ? 1 : 0;
    }
    return at;
}

/* Copies a text without the backslashes that stand before what is in `escaped`. */
static zw_text unescape(zw_text text, const char *escaped, char **to)
{
    zw_text out = {*to, 0};
    for (size_t i = 0; i < text.len; i++) {
        bool is_escape = text.at[i] == '\\' && i + 1 < text.len && text.at[i + 1] != '\0' &&
                         strchr(escaped, text.at[i + 1]) != NULL;
        i += is_escape ? 1 : 0;
        (*to)[out.len++] = text.at[i];
    }
    *to += out.len;
    return out;
}

/* A name or value, checked and unescaped. */
static zw_text name_of(struct reader *r, zw_text raw, const char *escaped, const char *what,
                       char **to)
{
    if (raw.len == 0) {
        fault(r, raw.at, "expected %s", what);
    } else if (!zw_live_is_clean(raw)) {
        fault(r, raw.at, "expected %s in UTF-8 without control characters", what);
    }
    return unescape(raw, escaped, to);
}

static void tag_of(struct reader *r, zw_text raw, zw_live_key *key, zw_live_label *labels,
                   char **to)
{
    const char *end = raw.at + raw.len;
    const char *equals = find_plain(raw.at, end, '=', '=');
    zw_text name = {raw.at, (size_t)(equals - raw.at)};
    if (equals == end) {
        fault(r, raw.at, "expected tag=value, got '%.*s'", zw_live_shown(raw), raw.at);
        return;
    }
    zw_text value = {equals + 1, (size_t)(end - equals - 1)};
    const char *second = find_plain(value.at, end, '=', '=');
    if (second != end) {
        fault(r, second, "expected '\\=' for an equals sign in the value of a tag");
    }
    if (key->label_count == TAGS_MAX) {
        fault(r, raw.at, "expected at most %d tags", TAGS_MAX);
        return;
    }
    zw_live_label label = {name_of(r, name, ",= ", "a tag's name", to),
                           name_of(r, value, ",= ", "a tag's value", to)};
    for (size_t i = 0; i < key->label_count; i++) {
        if (zw_text_same(labels[i].name, label.name)) {
            fault(r, raw.at, "tag '%.*s' stands there twice", zw_live_shown(label.name),
                  label.name.at);
        }
    }
    labels[key->label_count++] = label;
}

/* Takes a key apart that was never seen. `to` has room for all its bytes. */
static void key_parse(struct reader *r, const zw_live_bytes *bytes, zw_live_key *key,
                      zw_live_label *labels, char *to)
{
    const char *end = bytes->series.at + bytes->series.len;
    const char *at = find_plain(bytes->series.at, end, ',', ',');
    zw_text name = {bytes->series.at, (size_t)(at - bytes->series.at)};
    *key = (zw_live_key){.labels = labels};
    key->name = name_of(r, name, ", ", "a measurement", &to);
    while (at < end && !r->is_bad) {
        const char *comma = find_plain(at + 1, end, ',', ',');
        tag_of(r, (zw_text){at + 1, (size_t)(comma - at - 1)}, key, labels, &to);
        at = comma;
    }
    zw_text field = {bytes->field.at, bytes->field.len - 1};
    key->field = name_of(r, field, ",= ", "a field's name", &to);
}

static uint32_t key_make(struct reader *r, const zw_live_bytes *bytes)
{
    uint32_t number = ZW_LIVE_KEY_NONE;
    zw_live_key key;
    zw_live_label *labels = calloc(TAGS_MAX, sizeof *labels);
    char *text = malloc(bytes->series.len + bytes->field.len);
    if (labels == NULL || text == NULL) {
        r->status = zw_err_nomem(r->err);
    } else {
        key_parse(r, bytes, &key, labels, text);
    }
    if (r->status == ZW_OK && !r->is_bad) {
        r->status = zw_live_keys_add(r->live->keys, bytes, &key, &number, r->err);
    }
    free(labels);
    free(text);
    return number;
}

/* Notes a key as the one that came after the last. */
static void follow(struct reader *r, uint32_t key)
{
    if (r->key != ZW_LIVE_KEY_NONE && key != ZW_LIVE_KEY_NONE) {
        zw_live_keys_follow(r->live->keys, r->key, key);
    }
    r->key = key != ZW_LIVE_KEY_NONE ? key : r->key;
}

/* Whether the field that was expected next stands there; then it is taken. `series` is empty at a
 * line's beginning, and gets the line's. */
static bool take_expected(struct reader *r, zw_text *series)
{
    const zw_live_keys *keys = r->live->keys;
    uint32_t next = r->key != ZW_LIVE_KEY_NONE ? zw_live_keys_next(keys, r->key) : 0;
    if (next >= zw_live_keys_count(keys)) {
        return false;
    }
    zw_text raw = zw_live_keys_raw(keys, next);
    size_t len = zw_live_keys_series_bytes(keys, next);
    const char *at = r->at;
    size_t left = (size_t)(r->end - at);
    if (series->len == 0) {
        if (left < raw.len || memcmp(at, raw.at, raw.len) != 0) {
            return false;
        }
        *series = (zw_text){at, len};
        r->at = at + raw.len;
    } else {
        zw_text field = {raw.at + len + 1, raw.len - len - 1};
        if (series->len != len || left < field.len || memcmp(series->at, raw.at, len) != 0 ||
            memcmp(at, field.at, field.len) != 0) {
            return false;
        }
        r->at = at + field.len;
    }
    r->key = next;
    return true;
}

/* Where the measurement and the tags end. Mostly nothing is escaped, and the first space is it. */
static const char *series_end(const struct reader *r)
{
    const char *space = memchr(r->at, ' ', (size_t)(r->end - r->at));
    bool is_it =
        space != NULL && space[-1] != '\\' && memchr(r->at, '\n', (size_t)(space - r->at)) == NULL;
    return is_it ? space : find_plain(r->at, r->end, ' ', ' ');
}

/* Takes the measurement and the tags. */
static void take_series(struct reader *r, zw_text *series)
{
    const char *end = series_end(r);
    *series = (zw_text){r->at, (size_t)(end - r->at)};
    r->at = end;
    skip_spaces(r);
    if (is_at_end(r)) {
        fault(r, r->at, "expected a field after the measurement and its tags");
    }
}

/* Takes "field=". */
static void take_field(struct reader *r, zw_text series)
{
    zw_text field = {r->at, 0};
    const char *equals = find_plain(r->at, r->end, '=', ',');
    field.len = (size_t)(equals - r->at);
    bool has_space = memchr(field.at, ' ', field.len) != NULL &&
                     find_plain(field.at, equals, ' ', ' ') != equals;
    if (equals == r->end || *equals != '=' || has_space) {
        fault(r, r->at, "expected field=value, got '%.*s'", zw_live_shown(field), field.at);
        return;
    }
    field.len++;
    r->at = equals + 1;
    zw_live_bytes bytes = {series, field};
    uint32_t key = zw_live_keys_find(r->live->keys, &bytes);
    follow(r, key != ZW_LIVE_KEY_NONE ? key : key_make(r, &bytes));
}

/* Moves behind the text that begins here; false when it does not end. */
static bool skip_text(struct reader *r)
{
    uint32_t breaks = 0;
    for (const char *at = r->at + 1; at < r->end; at++) {
        if (*at == '"') {
            r->at = at + 1;
            r->breaks += breaks;
            return true;
        }
        at += *at == '\\' && at + 1 < r->end ? 1 : 0;
        breaks += *at == '\n' ? 1 : 0;
    }
    return false;
}

/* Behind the line at hand. A text may hold line breaks; one that does not end holds none. */
static void skip_line(struct reader *r)
{
    while (!is_at_end(r)) {
        bool is_text = r->is_among_fields && *r->at == '"' && r->at[-1] == '=';
        if (!is_text || !skip_text(r)) {
            r->at++;
        }
    }
    r->at += r->at < r->end ? 1 : 0;
}

/* Digits as a whole number; false when there are none or they do not fit into 64 bits. */
static bool whole_of(zw_text digits, uint64_t *out)
{
    uint64_t value = 0;
    for (size_t i = 0; i < digits.len; i++) {
        uint64_t digit = (uint64_t)(unsigned char)digits.at[i] - '0';
        bool is_over = i >= SAFE_DIGITS && value > (UINT64_MAX - digit) / 10;
        if (digit > 9 || is_over) {
            return false;
        }
        value = value * 10 + digit;
    }
    *out = value;
    return digits.len > 0;
}

/* A whole number and its sign; false when it does not fit into a signed one of 64 bits. */
static bool signed_of(zw_text text, bool *is_negative, uint64_t *magnitude)
{
    *is_negative = text.len > 0 && text.at[0] == '-';
    zw_text digits = {text.at + *is_negative, text.len - *is_negative};
    return whole_of(digits, magnitude) && *magnitude <= (uint64_t)INT64_MAX + *is_negative;
}

/* "12i" and "12u". */
static bool integer_of(zw_text text, double *out)
{
    uint64_t magnitude = 0;
    bool is_negative = false;
    zw_text number = {text.at, text.len > 0 ? text.len - 1 : 0};
    bool is_good = false;
    if (text.len > 0 && text.at[number.len] == 'u') {
        is_good = whole_of(number, &magnitude);
    } else if (text.len > 0 && text.at[number.len] == 'i') {
        is_good = signed_of(number, &is_negative, &magnitude);
    }
    *out = is_negative ? -(double)magnitude : (double)magnitude;
    return is_good;
}

static bool boolean_of(zw_text text, double *out)
{
    static const char *const words[] = {"f", "F", "false", "False", "FALSE",
                                        "t", "T", "true",  "True",  "TRUE"};
    enum { WORDS = sizeof words / sizeof words[0] };
    for (size_t i = 0; i < WORDS; i++) {
        if (zw_text_is(text, words[i])) {
            *out = i < WORDS / 2 ? 0 : 1;
            return true;
        }
    }
    return false;
}

/* Where a value ends that is no text. */
static const char *value_end(const struct reader *r)
{
    const char *at = r->at;
    while (at < r->end && *at != ',' && *at != '\n' && !is_space(*at)) {
        at++;
    }
    return at;
}

/* What a text, a word or a number with something behind it is. */
static void take_other_value(struct reader *r, double *value)
{
    zw_text field = zw_live_keys_at(r->live->keys, r->key)->field;
    const char *at = r->at;
    if (at < r->end && *at == '"') {
        fault(r, at, "field '%.*s' %s: expected a number or a boolean", zw_live_shown(field),
              field.at, skip_text(r) ? "is a text" : "is a text that does not end");
        return;
    }
    zw_text token = {at, (size_t)(value_end(r) - at)};
    r->at += token.len;
    if (!integer_of(token, value) && !boolean_of(token, value)) {
        fault(r, at, "expected a number or a boolean in field '%.*s', got '%.*s'",
              zw_live_shown(field), field.at, zw_live_shown(token), token.at);
    }
}

static void take_value(struct reader *r, double *value)
{
    size_t len = zw_text_decimal((zw_text){r->at, (size_t)(r->end - r->at)}, value);
    const char *end = r->at + len;
    if (len > 0 && (end == r->end || *end == ',' || *end == '\n' || is_space(*end))) {
        r->at = end;
        return;
    }
    take_other_value(r, value);
}

/* Many lines in a row are of one moment: then its text is only compared. */
static bool take_same_moment(struct reader *r, int64_t *at_ms)
{
    size_t left = (size_t)(r->end - r->at);
    if (r->stamp.len == 0 || left <= r->stamp.len || r->at[r->stamp.len] != '\n' ||
        memcmp(r->at, r->stamp.at, r->stamp.len) != 0) {
        return false;
    }
    r->at += r->stamp.len;
    *at_ms = r->stamp_ms;
    return true;
}

/* The moment of the line, and its end. */
static void take_moment(struct reader *r, int64_t *at_ms)
{
    skip_spaces(r);
    *at_ms = r->options->now_ms;
    if (is_at_end(r)) {
        return;
    }
    if (take_same_moment(r, at_ms)) {
        return;
    }
    zw_text token = {r->at, (size_t)(value_end(r) - r->at)};
    int64_t unit_ns = r->options->unit_ns > 0 ? r->options->unit_ns : 1;
    uint64_t magnitude = 0;
    bool is_negative = false;
    if (!signed_of(token, &is_negative, &magnitude)) {
        fault(r, r->at, "expected a timestamp, a whole number, got '%.*s'", zw_live_shown(token),
              token.at);
        return;
    }
    int64_t count = (int64_t)(is_negative ? 0 - magnitude : magnitude);
    if (!zw_live_moment(count, unit_ns, at_ms)) {
        fault(r, r->at, "the timestamp %.*s is outside the years 1 to 9999", zw_live_shown(token),
              token.at);
    }
    r->at += token.len;
    skip_spaces(r);
    if (!is_at_end(r)) {
        fault(r, r->at, "expected the end of the line after the timestamp");
    }
    if (!r->is_bad) {
        r->stamp = token;
        r->stamp_ms = *at_ms;
    }
}

/* Takes what stands before a value: of the line's first field all, of the others "field=". */
static void take_key(struct reader *r, zw_text *series)
{
    bool is_first = series->len == 0;
    if (take_expected(r, series)) {
        return;
    }
    if (is_first) {
        take_series(r, series);
    }
    if (!r->is_bad) {
        r->is_among_fields = true;
        take_field(r, *series);
    }
}

static void take_fields(struct reader *r)
{
    zw_text series = {r->at, 0};
    for (bool is_more = true; is_more;) {
        zw_live_row row = {.line = r->line};
        take_key(r, &series);
        if (!r->is_bad && r->status == ZW_OK) {
            r->is_among_fields = true;
            take_value(r, &row.value);
        }
        row.key = r->key;
        if (r->is_bad || r->status != ZW_OK) {
            return;
        }
        r->status = zw_live_add(r->live, &row, r->err);
        is_more = r->at < r->end && *r->at == ',' && r->status == ZW_OK;
        r->at += is_more ? 1 : 0;
    }
}

/* The commonest line: of the series that was expected, one number, at the moment of the line
 * before. @return false when it is another; then nothing is taken. */
static bool take_common_line(struct reader *r)
{
    const char *at = r->at;
    uint32_t key = r->key;
    zw_text series = {at, 0};
    zw_live_row row = {.line = r->line, .at_ms = r->stamp_ms};
    if (r->stamp.len == 0 || !take_expected(r, &series)) {
        return false;
    }
    size_t len = zw_text_decimal((zw_text){r->at, (size_t)(r->end - r->at)}, &row.value);
    const char *behind = r->at + len;
    size_t left = (size_t)(r->end - behind);
    bool is_common = len > 0 && left > r->stamp.len + 1 && *behind == ' ' &&
                     behind[1 + r->stamp.len] == '\n' &&
                     memcmp(behind + 1, r->stamp.at, r->stamp.len) == 0;
    if (!is_common) {
        r->at = at;
        r->key = key;
        return false;
    }
    row.key = r->key;
    r->status = zw_live_add(r->live, &row, r->err);
    r->at = behind + r->stamp.len + 2;
    r->line++;
    return true;
}

static void take_line(struct reader *r)
{
    if (take_common_line(r)) {
        return;
    }
    size_t first = r->live->row_count;
    int64_t at_ms = 0;
    r->line_at = r->at;
    r->is_bad = r->is_among_fields = false;
    skip_spaces(r);
    bool is_said = !is_at_end(r) && *r->at != '#';
    if (is_said) {
        take_fields(r);
    }
    if (is_said && !r->is_bad && r->status == ZW_OK) {
        take_moment(r, &at_ms);
    }
    if (r->is_bad || r->status != ZW_OK) {
        r->live->row_count = first;
    }
    for (size_t i = first; i < r->live->row_count; i++) {
        r->live->rows[i].at_ms = at_ms;
    }
    skip_line(r);
    r->line += 1 + r->breaks;
    r->breaks = 0;
}

zw_status zw_line_read(zw_text text, const zw_line_options *options, zw_live *live, zw_err *err)
{
    struct reader r = {.at = text.at,
                       .end = text.at + text.len,
                       .line = 1,
                       .key = ZW_LIVE_KEY_NONE,
                       .options = options,
                       .live = live,
                       .err = err};
    while (r.at < r.end && r.status == ZW_OK) {
        take_line(&r);
    }
    return r.status;
}
