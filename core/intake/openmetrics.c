/* The text formats of Prometheus. As in line protocol, what was expected next is only compared. */
#include "intake/openmetrics.h"

#include "base/pool.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { LABELS_MAX = 256 };

/* The text at hand. `status` keeps the first failure of the call. */
struct reader {
    const char *at, *end; /* what is left */
    const char *line_at;
    uint32_t line;
    uint32_t key;   /* of the last sample; ZW_LIVE_KEY_NONE */
    bool is_open;   /* OpenMetrics */
    bool is_over;   /* "# EOF" was read */
    zw_pool *types; /* the metrics whose type was said */
    const zw_openmetrics_options *options;
    zw_live *live;
    zw_status status;
    zw_err *err;
};

/* The format is broken: nothing of the text is taken. */
static void broken(struct reader *r, const char *at, const char *what)
{
    if (r->status == ZW_OK) {
        r->status = zw_err_set(r->err, ZW_INVALID, "%u:%u: %s", r->line,
                               (uint32_t)(at - r->line_at) + 1, what);
    }
}

static bool is_at_end(const struct reader *r)
{
    return r->at == r->end || *r->at == '\n';
}

/* The carriage return of a line that ends in two bytes counts as a space. */
static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

static void skip_spaces(struct reader *r)
{
    while (r->at < r->end && is_space(*r->at)) {
        r->at++;
    }
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Takes a name: letters, digits, underscores and, of a metric, colons. Empty: there is none. */
static zw_text take_name(struct reader *r, bool is_metric)
{
    zw_text name = {r->at, 0};
    while (r->at < r->end && (is_letter(*r->at) || (is_metric && *r->at == ':') ||
                              (r->at > name.at && is_digit(*r->at)))) {
        r->at++;
    }
    name.len = (size_t)(r->at - name.at);
    return name;
}

/* What is left of the line up to the next space. */
static zw_text take_word(struct reader *r)
{
    zw_text word = {r->at, 0};
    while (!is_at_end(r) && !is_space(*r->at)) {
        r->at++;
    }
    word.len = (size_t)(r->at - word.at);
    return word;
}

/* Takes a text in quotation marks, still escaped. */
static zw_text take_quoted(struct reader *r)
{
    zw_text raw = {++r->at, 0};
    while (!is_at_end(r) && *r->at != '"') {
        bool is_escape = *r->at == '\\';
        r->at += is_escape ? 1 : 0;
        if (is_escape && (is_at_end(r) || strchr("n\"\\", *r->at) == NULL || *r->at == '\0')) {
            broken(r, r->at - 1, "expected \\n, \\\" or \\\\ after a backslash");
            return raw;
        }
        r->at++;
    }
    raw.len = (size_t)(r->at - raw.at);
    if (is_at_end(r)) {
        broken(r, raw.at - 1, "this text does not end in its line");
    } else if (!zw_text_is_utf8(raw.at, raw.len, NULL)) {
        broken(r, raw.at - 1, "expected UTF-8 text");
    }
    r->at += r->status == ZW_OK ? 1 : 0;
    return raw;
}

static zw_text unescape(zw_text raw, char **to)
{
    zw_text out = {*to, 0};
    for (size_t i = 0; i < raw.len; i++) {
        bool is_escape = raw.at[i] == '\\';
        i += is_escape ? 1 : 0;
        (*to)[out.len] = raw.at[i];
        if (is_escape && raw.at[i] == 'n') {
            (*to)[out.len] = '\n';
        }
        out.len++;
    }
    *to += out.len;
    return out;
}

/* Where the labels of a new key go; `text` has room for all of them. */
struct labels {
    zw_live_label at[LABELS_MAX];
    size_t count;
    char *text;
};

static void keep_label(struct reader *r, zw_text name, zw_text raw, struct labels *labels)
{
    for (size_t i = 0; i < labels->count; i++) {
        if (zw_text_same(labels->at[i].name, name)) {
            broken(r, name.at, "this label stands there twice");
        }
    }
    if (labels->count == LABELS_MAX) {
        broken(r, name.at, "expected at most 256 labels");
    } else if (raw.len > 0) { /* an empty label is as good as none */
        zw_text value = unescape(raw, &labels->text);
        labels->at[labels->count++] = (zw_live_label){name, value};
    }
}

/* Takes `name="value"`. */
static void take_label(struct reader *r, struct labels *labels)
{
    zw_text name = take_name(r, false);
    skip_spaces(r);
    if (name.len == 0 || is_at_end(r) || *r->at != '=') {
        broken(r, name.at, "expected label=\"value\"");
        return;
    }
    r->at++;
    skip_spaces(r);
    if (is_at_end(r) || *r->at != '"') {
        broken(r, r->at, "expected a label's value in quotation marks");
        return;
    }
    zw_text raw = take_quoted(r);
    if (labels != NULL && r->status == ZW_OK) {
        keep_label(r, name, raw, labels);
    }
}

/* Takes `{name="value",…}`. */
static void take_labels(struct reader *r, struct labels *labels)
{
    r->at++;
    skip_spaces(r);
    while (r->status == ZW_OK && (is_at_end(r) || *r->at != '}')) {
        take_label(r, labels);
        skip_spaces(r);
        if (r->status == ZW_OK && (is_at_end(r) || (*r->at != ',' && *r->at != '}'))) {
            broken(r, r->at, "expected ',' or '}' after a label");
        }
        if (r->status == ZW_OK && *r->at == ',') {
            r->at++;
            skip_spaces(r);
        }
    }
    r->at += r->status == ZW_OK ? 1 : 0;
}

/* Takes the name and the labels, if any. */
static zw_text take_series(struct reader *r, struct labels *labels, zw_text *name)
{
    zw_text series = {r->at, 0};
    *name = take_name(r, true);
    series.len = name->len;
    if (name->len == 0) {
        broken(r, r->at, "expected the name of a metric");
        return series;
    }
    skip_spaces(r);
    if (!is_at_end(r) && *r->at == '{') {
        take_labels(r, labels);
        series.len = (size_t)(r->at - series.at);
    }
    return series;
}

/* Takes a key apart that was never seen. */
static uint32_t key_make(struct reader *r, zw_text series)
{
    uint32_t number = ZW_LIVE_KEY_NONE;
    struct labels *labels = malloc(sizeof *labels);
    char *text = malloc(series.len);
    if (labels == NULL || text == NULL) {
        r->status = zw_err_nomem(r->err);
    } else {
        labels->count = 0;
        labels->text = text;
        zw_live_key key = {.field = {"", 0}, .labels = labels->at};
        r->at = series.at;
        (void)take_series(r, labels, &key.name);
        key.label_count = labels->count;
        zw_live_bytes bytes = {series, {"", 0}};
        r->status = r->status == ZW_OK
                        ? zw_live_keys_add(r->live->keys, &bytes, &key, &number, r->err)
                        : r->status;
    }
    free(labels);
    free(text);
    return number;
}

/* Whether labels may stand behind a name and a space. */
static bool begins_labels(const char *at, const char *end)
{
    return at < end && (*at == '{' || is_space(*at));
}

/* Whether the key that was expected next stands there; then it is taken. */
static bool take_expected(struct reader *r)
{
    const zw_live_keys *keys = r->live->keys;
    uint32_t next = r->key != ZW_LIVE_KEY_NONE ? zw_live_keys_next(keys, r->key) : 0;
    if (next >= zw_live_keys_count(keys)) {
        return false;
    }
    zw_text raw = zw_live_keys_raw(keys, next);
    bool is_it = (size_t)(r->end - r->at) > raw.len && r->at[raw.len] == ' ' &&
                 (raw.at[raw.len - 1] == '}' || !begins_labels(r->at + raw.len + 1, r->end)) &&
                 memcmp(r->at, raw.at, raw.len) == 0;
    if (is_it) {
        r->at += raw.len;
        r->key = next;
    }
    return is_it;
}

static void take_key(struct reader *r)
{
    zw_text name;
    if (take_expected(r)) {
        return;
    }
    zw_text series = take_series(r, NULL, &name);
    if (r->status != ZW_OK) {
        return;
    }
    zw_live_bytes bytes = {series, {"", 0}};
    uint32_t key = zw_live_keys_find(r->live->keys, &bytes);
    key = key != ZW_LIVE_KEY_NONE ? key : key_make(r, series);
    if (key != ZW_LIVE_KEY_NONE && r->key != ZW_LIVE_KEY_NONE) {
        zw_live_keys_follow(r->live->keys, r->key, key);
    }
    r->key = key;
}

/* Takes a plain number that a space or the line's end follows. */
static bool take_number(struct reader *r, double *value)
{
    const char *at = r->at + (r->at < r->end && *r->at == '+' ? 1 : 0);
    size_t len = zw_text_decimal((zw_text){at, (size_t)(r->end - at)}, value);
    const char *end = at + len;
    bool is_number =
        len > 0 && (at == r->at || *at != '-') && (end == r->end || *end == '\n' || is_space(*end));
    r->at = is_number ? end : r->at;
    return is_number;
}

static bool is_word(zw_text text, const char *word)
{
    return text.len == strlen(word) && strncasecmp(text.at, word, text.len) == 0;
}

/* "NaN", "+Inf" and the like. */
static bool is_no_finite_number(zw_text word)
{
    bool has_sign = word.len > 0 && (word.at[0] == '+' || word.at[0] == '-');
    zw_text rest = {word.at + has_sign, word.len - has_sign};
    return is_word(rest, "inf") || is_word(rest, "infinity") || (!has_sign && is_word(rest, "nan"));
}

/* @return false when the sample is not taken. */
static bool take_value(struct reader *r, double *value)
{
    if (!is_at_end(r) && !is_space(*r->at) && !is_space(r->at[-1])) {
        broken(r, r->at, "expected a space before the value");
        return false;
    }
    skip_spaces(r);
    const char *at = r->at;
    if (take_number(r, value)) {
        return true;
    }
    zw_text word = take_word(r);
    if (is_no_finite_number(word)) {
        r->status =
            zw_faults_add(&r->live->faults, r->err, r->line, (uint32_t)(at - r->line_at) + 1,
                          "expected a finite number, got %.*s", (int)word.len, word.at);
    } else {
        broken(r, at, "expected a number");
    }
    return false;
}

static bool is_plain(zw_text word)
{
    return memchr(word.at, 'e', word.len) == NULL && memchr(word.at, 'E', word.len) == NULL;
}

/* The milliseconds of plain seconds, rounded down, digit by digit: a double of today's seconds is
 * not exact to the millisecond. */
static int64_t thousandths_of(zw_text word)
{
    const char *found = memchr(word.at, '.', word.len);
    size_t point = found != NULL ? (size_t)(found - word.at) : word.len;
    bool is_negative = word.at[0] == '-';
    bool has_rest = false;
    int64_t ms = 0;
    for (size_t i = is_negative ? 1 : 0; i < point; i++) {
        ms = 10 * ms + (word.at[i] - '0');
    }
    for (size_t i = point + 1; i <= point + 3; i++) {
        ms = 10 * ms + (i < word.len ? word.at[i] - '0' : 0);
    }
    for (size_t i = point + 4; i < word.len; i++) {
        has_rest = has_rest || word.at[i] != '0';
    }
    return is_negative ? -ms - (has_rest ? 1 : 0) : ms;
}

static bool seconds_of(zw_text word, int64_t *at_ms)
{
    double seconds = 0;
    if (!zw_text_number(word, &seconds) || fabs(seconds) > (double)(ZW_LIVE_LAST_MS / 1000 + 1)) {
        return false;
    }
    int64_t ms = is_plain(word) ? thousandths_of(word) : (int64_t)floor(seconds * 1000);
    return zw_live_moment(ms, 1000000, at_ms);
}

static bool milliseconds_of(zw_text word, int64_t *at_ms)
{
    long long ms = 0;
    return zw_text_integer(word, &ms) && zw_live_moment(ms, 1000000, at_ms);
}

static void take_moment(struct reader *r, int64_t *at_ms)
{
    skip_spaces(r);
    *at_ms = r->options->now_ms;
    if (is_at_end(r) || *r->at == '#') {
        return;
    }
    zw_text word = take_word(r);
    if (!(r->is_open ? seconds_of(word, at_ms) : milliseconds_of(word, at_ms))) {
        broken(r, word.at,
               r->is_open ? "expected a timestamp in seconds, of the years 1 to 9999"
                          : "expected a timestamp in whole milliseconds, of the years 1 to 9999");
    }
}

/* Passes over `# {label="value",…} value [timestamp]`. */
static void skip_exemplar(struct reader *r)
{
    double ignored = 0;
    const char *begin = r->at++;
    skip_spaces(r);
    if (!r->is_open || is_at_end(r) || *r->at != '{') {
        broken(r, begin, r->is_open ? "expected an exemplar" : "expected the end of the line");
        return;
    }
    take_labels(r, NULL);
    for (int i = 0; i < 2 && r->status == ZW_OK; i++) {
        skip_spaces(r);
        if ((i == 0 || !is_at_end(r)) && !take_number(r, &ignored)) {
            broken(r, r->at, "expected a number in the exemplar");
        }
    }
}

static void take_sample(struct reader *r)
{
    zw_live_row row = {.line = r->line};
    take_key(r);
    row.key = r->key;
    bool is_taken = r->status == ZW_OK && take_value(r, &row.value);
    if (r->status == ZW_OK) {
        take_moment(r, &row.at_ms);
        skip_spaces(r);
    }
    if (r->status == ZW_OK && !is_at_end(r) && *r->at == '#') {
        skip_exemplar(r);
    }
    skip_spaces(r);
    if (r->status == ZW_OK && !is_at_end(r)) {
        broken(r, r->at, "expected the end of the line");
    }
    if (r->status == ZW_OK && is_taken) {
        r->status = zw_live_add(r->live, &row, r->err);
    }
}

/* Takes what stands behind "# TYPE ". */
static void take_type(struct reader *r)
{
    static const char *const known[] = {"counter",        "gauge",    "histogram",
                                        "summary",        "untyped",  "unknown",
                                        "gaugehistogram", "stateset", "info"};
    zw_text name = take_name(r, true);
    skip_spaces(r);
    zw_text type = take_word(r);
    size_t i = 0;
    while (i < sizeof known / sizeof known[0] && !zw_text_is(type, known[i])) {
        i++;
    }
    if (name.len == 0 || i == sizeof known / sizeof known[0]) {
        broken(r, name.len == 0 ? name.at : type.at,
               name.len == 0 ? "expected the name of a metric" : "this is no type of a metric");
    } else if (zw_pool_find(r->types, name) != ZW_POOL_NONE) {
        broken(r, name.at, "the type of this metric was said before");
    } else if (zw_pool_put(r->types, name) == ZW_POOL_NONE) {
        r->status = zw_err_nomem(r->err);
    }
}

/* Takes a line that begins with '#'. In Prometheus's format any other is a remark. */
static void take_comment(struct reader *r)
{
    r->at++;
    skip_spaces(r);
    zw_text word = take_word(r);
    bool is_known = zw_text_is(word, "HELP") || (r->is_open && zw_text_is(word, "UNIT"));
    skip_spaces(r);
    if (zw_text_is(word, "TYPE")) {
        take_type(r);
    } else if (is_known && take_name(r, true).len == 0) {
        broken(r, r->at, "expected the name of a metric");
    } else if (r->is_open && zw_text_is(word, "EOF")) {
        r->is_over = true;
    } else if (r->is_open && !is_known) {
        broken(r, r->line_at, "expected # HELP, # TYPE, # UNIT or # EOF");
    }
    const char *newline = memchr(r->at, '\n', (size_t)(r->end - r->at));
    r->at = newline != NULL ? newline : r->end;
}

static void take_line(struct reader *r)
{
    r->line_at = r->at;
    bool is_empty = is_at_end(r) || (*r->at == '\r' && r->at + 1 < r->end && r->at[1] == '\n');
    if (!r->is_open) {
        skip_spaces(r);
        is_empty = is_at_end(r);
    }
    if (r->is_over) {
        broken(r, r->at, "nothing may stand behind # EOF");
    } else if (is_empty && r->is_open) {
        broken(r, r->at, "a line is empty");
    } else if (!is_empty && *r->at == '#') {
        take_comment(r);
    } else if (!is_empty) {
        take_sample(r);
    }
    skip_spaces(r);
    r->at += r->at < r->end ? 1 : 0;
    r->line++;
}

static bool ends_open(zw_text text)
{
    static const char eof[] = "# EOF";
    while (text.len > 0 && (text.at[text.len - 1] == '\n' || text.at[text.len - 1] == '\r')) {
        text.len--;
    }
    size_t len = sizeof eof - 1;
    return text.len >= len && memcmp(text.at + text.len - len, eof, len) == 0 &&
           (text.len == len || text.at[text.len - len - 1] == '\n');
}

zw_status zw_openmetrics_read(zw_text text, const zw_openmetrics_options *options, zw_live *live,
                              zw_err *err)
{
    struct reader r = {.at = text.at,
                       .end = text.at + text.len,
                       .line = 1,
                       .key = ZW_LIVE_KEY_NONE,
                       .is_open = options->as == ZW_OPENMETRICS_STRICT ||
                                  (options->as == ZW_OPENMETRICS_BY_END && ends_open(text)),
                       .options = options,
                       .live = live,
                       .err = err};
    r.status = zw_pool_create(&r.types, err);
    while (r.at < r.end && r.status == ZW_OK) {
        take_line(&r);
    }
    if (r.is_open && !r.is_over && r.status == ZW_OK) {
        r.line_at = r.at;
        broken(&r, r.at, "expected # EOF at the end");
    }
    zw_pool_destroy(r.types);
    if (r.status != ZW_OK) {
        zw_live_clear(live);
    }
    return r.status;
}
