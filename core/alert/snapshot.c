/*
 * The snapshot: a state as one line of words, so that it survives a restart and can be read in the
 * sqlite3 shell:
 *
 *   is, version, severity, active_ms, true_since_ms of info, warning, critical, since_ms, front
 *   pending 1 warning 1709251200000 - 1709251200000 - 1709251200000 649
 *
 * "-" stands for what there is not. A line with a word too few, too many or unknown is not read,
 * and neither is one that breaks a promise of state.c.
 */
#include "alert/ledger.h"

#include <string.h>

enum { WORD_COUNT = 9, LINE_BYTES_MAX = 256 };

static const char *const is_words[] = {
    [ZW_ALERT_OK] = "ok",
    [ZW_ALERT_PENDING] = "pending",
    [ZW_ALERT_FIRING] = "firing",
    [ZW_ALERT_UNKNOWN] = "unknown",
};

enum { IS_COUNT = sizeof is_words / sizeof is_words[0] };

static const char version[] = "1";
static const char none[] = "-";

static bool is_active(const zw_alert_state *state)
{
    return state->is == ZW_ALERT_PENDING || state->is == ZW_ALERT_FIRING;
}

static void put_moment(zw_buf *out, int64_t at_ms)
{
    if (at_ms == ZW_NEVER_MS) {
        (void)zw_buf_printf(out, " %s", none);
    } else {
        (void)zw_buf_printf(out, " %lld", (long long)at_ms);
    }
}

void zw_alert_state_write(const zw_alert_state *state, zw_buf *out)
{
    (void)zw_buf_printf(out, "%s %s %s", is_words[state->is], version,
                        is_active(state) ? zw_severity_text(state->severity) : none);
    put_moment(out, state->active_ms);
    for (int s = 0; s < ZW_SEVERITY_COUNT; s++) {
        put_moment(out, state->true_since_ms[s]);
    }
    put_moment(out, state->since_ms);
    put_moment(out, state->has_front ? state->front : ZW_NEVER_MS);
}

/* Cuts the line at each blank; false unless there are exactly the words there must be. */
static bool take_words(zw_text line, zw_text words[WORD_COUNT])
{
    size_t count = 0;
    while (count < WORD_COUNT) {
        const char *blank = line.len > 0 ? memchr(line.at, ' ', line.len) : NULL;
        size_t len = blank != NULL ? (size_t)(blank - line.at) : line.len;
        words[count++] = (zw_text){line.at, len};
        if (blank == NULL) {
            return count == WORD_COUNT;
        }
        line.at += len + 1;
        line.len -= len + 1;
    }
    return false;
}

static bool read_moment(zw_text word, int64_t *out)
{
    long long number = 0;
    *out = ZW_NEVER_MS;
    if (zw_text_is(word, none)) {
        return true;
    }
    if (!zw_text_integer(word, &number) || number == ZW_NEVER_MS) {
        return false;
    }
    *out = number;
    return true;
}

static bool read_is(zw_text word, zw_alert_is *out)
{
    for (int i = 0; i < IS_COUNT; i++) {
        if (zw_text_is(word, is_words[i])) {
            *out = (zw_alert_is)i;
            return true;
        }
    }
    return false;
}

static bool read_severity(zw_text word, zw_severity *out)
{
    for (int s = 0; s < ZW_SEVERITY_COUNT; s++) {
        if (zw_text_is(word, zw_severity_text((zw_severity)s))) {
            *out = (zw_severity)s;
            return true;
        }
    }
    return false;
}

/* The promises of state.c: a line that breaks them is damaged. */
static bool is_sound(const zw_alert_state *state)
{
    if (state->since_ms == ZW_NEVER_MS) {
        return false;
    }
    if (is_active(state)) {
        return state->active_ms <= state->since_ms;
    }
    bool is_blank = state->active_ms == ZW_NEVER_MS;
    for (int s = 0; s < ZW_SEVERITY_COUNT; s++) {
        is_blank = is_blank && state->true_since_ms[s] == ZW_NEVER_MS;
    }
    return is_blank;
}

bool zw_alert_state_read(zw_text text, zw_alert_state *out)
{
    zw_text words[WORD_COUNT];
    zw_alert_state state = zw_alert_state_start(0);
    int64_t front = ZW_NEVER_MS;
    *out = state;
    if (text.len > LINE_BYTES_MAX || !take_words(text, words) || !read_is(words[0], &state.is) ||
        !zw_text_is(words[1], version)) {
        return false;
    }
    bool is_read =
        is_active(&state) ? read_severity(words[2], &state.severity) : zw_text_is(words[2], none);
    int64_t *const moments[] = {&state.active_ms,
                                &state.true_since_ms[ZW_INFO],
                                &state.true_since_ms[ZW_WARNING],
                                &state.true_since_ms[ZW_CRITICAL],
                                &state.since_ms,
                                &front};
    for (size_t i = 0; is_read && i < sizeof moments / sizeof moments[0]; i++) {
        is_read = read_moment(words[3 + i], moments[i]);
    }
    state.has_front = front != ZW_NEVER_MS;
    state.front = state.has_front ? front : 0;
    if (is_read && is_sound(&state)) {
        *out = state;
        return true;
    }
    return false;
}
