/*
 * The snapshot: a state as one line of words, so that it survives a restart and can be read in the
 * sqlite3 shell:
 *
 *   is, version, severity, active_ms, true_since_ms of info, warning, critical, since_ms, front
 *   pending 1 warning 1709251200000 - 1709251200000 - 1709251200000 649
 *
 * What was revised, or began to fire not long ago, has a line of version 2, which goes on with:
 *
 *   "revised", turned_ms of what flaps, began_ms one by one
 *
 * "-" stands for what there is not. A line with a word too few, too many or unknown is not read,
 * and neither is one that breaks a promise of state.c.
 */
#include "alert/ledger.h"

#include <string.h>

enum {
    PLAIN_COUNT = 9,
    WORD_COUNT = PLAIN_COUNT + 2 + ZW_FLAP_BEGINNINGS,
    IS_COUNT = ZW_ALERT_UNKNOWN + 1,
    LINE_BYTES_MAX = 400
};

static const char *const is_words[] = {
    [ZW_ALERT_OK] = "ok",
    [ZW_ALERT_PENDING] = "pending",
    [ZW_ALERT_FIRING] = "firing",
    [ZW_ALERT_UNKNOWN] = "unknown",
};

static const char plain[] = "1";
static const char whole[] = "2";
static const char none[] = "-";
static const char recovering[] = "recovering";
static const char revised[] = "revised";

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

/* Whether the line of version 1 says everything. */
static bool is_plain(const zw_alert_state *state)
{
    bool is_said = !state->is_revised && !state->is_flapping;
    for (int i = 0; i < ZW_FLAP_BEGINNINGS; i++) {
        is_said = is_said && state->began_ms[i] == ZW_NEVER_MS;
    }
    return is_said;
}

void zw_alert_state_write(const zw_alert_state *state, zw_buf *out)
{
    (void)zw_buf_printf(out, "%s %s %s", state->is_recovering ? recovering : is_words[state->is],
                        is_plain(state) ? plain : whole,
                        is_active(state) ? zw_severity_text(state->severity) : none);
    put_moment(out, state->active_ms);
    for (int s = 0; s < ZW_SEVERITY_COUNT; s++) {
        put_moment(out, state->true_since_ms[s]);
    }
    put_moment(out, state->since_ms);
    put_moment(out, state->has_front ? state->front : ZW_NEVER_MS);
    if (is_plain(state)) {
        return;
    }
    (void)zw_buf_printf(out, " %s", state->is_revised ? revised : none);
    put_moment(out, state->is_flapping ? state->turned_ms : ZW_NEVER_MS);
    for (int i = 0; i < ZW_FLAP_BEGINNINGS; i++) {
        put_moment(out, state->began_ms[i]);
    }
}

/* Cuts the line at each blank. @return how many words there are; one more than the most when there
 * are too many. */
static size_t take_words(zw_text line, zw_text words[WORD_COUNT])
{
    size_t count = 0;
    while (count < WORD_COUNT) {
        const char *blank = line.len > 0 ? memchr(line.at, ' ', line.len) : NULL;
        size_t len = blank != NULL ? (size_t)(blank - line.at) : line.len;
        words[count++] = (zw_text){line.at, len};
        if (blank == NULL) {
            return count;
        }
        line.at += len + 1;
        line.len -= len + 1;
    }
    return WORD_COUNT + 1;
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

static bool read_is(zw_text word, zw_alert_state *out)
{
    out->is_recovering = zw_text_is(word, recovering);
    for (int i = 0; i < IS_COUNT; i++) {
        if (zw_text_is(word, is_words[i])) {
            out->is = (zw_alert_is)i;
            return true;
        }
    }
    out->is = ZW_ALERT_FIRING;
    return out->is_recovering;
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

/* What a line of version 1 says. */
static bool read_plain(const zw_text *words, zw_alert_state *state)
{
    int64_t front = ZW_NEVER_MS;
    int64_t *const moments[] = {&state->active_ms,
                                &state->true_since_ms[ZW_INFO],
                                &state->true_since_ms[ZW_WARNING],
                                &state->true_since_ms[ZW_CRITICAL],
                                &state->since_ms,
                                &front};
    bool is_read =
        read_is(words[0], state) &&
        (is_active(state) ? read_severity(words[2], &state->severity) : zw_text_is(words[2], none));
    for (size_t i = 0; is_read && i < sizeof moments / sizeof moments[0]; i++) {
        is_read = read_moment(words[3 + i], moments[i]);
    }
    state->has_front = front != ZW_NEVER_MS;
    state->front = state->has_front ? front : 0;
    return is_read;
}

/* What a line of version 2 says beside that. */
static bool read_rest(const zw_text *words, zw_alert_state *state)
{
    state->is_revised = zw_text_is(words[PLAIN_COUNT], revised);
    bool is_read = (state->is_revised || zw_text_is(words[PLAIN_COUNT], none)) &&
                   read_moment(words[PLAIN_COUNT + 1], &state->turned_ms);
    state->is_flapping = state->turned_ms != ZW_NEVER_MS;
    state->turned_ms = state->is_flapping ? state->turned_ms : 0;
    for (size_t i = 0; is_read && i < ZW_FLAP_BEGINNINGS; i++) {
        is_read = read_moment(words[PLAIN_COUNT + 2 + i], &state->began_ms[i]);
    }
    return is_read;
}

bool zw_alert_state_read(zw_text text, zw_alert_state *out)
{
    zw_text words[WORD_COUNT];
    zw_alert_state state = zw_alert_state_start(0);
    *out = state;
    size_t count = text.len <= LINE_BYTES_MAX ? take_words(text, words) : 0;
    bool is_read = false;
    if (count == PLAIN_COUNT && zw_text_is(words[1], plain)) {
        is_read = read_plain(words, &state);
    } else if (count == WORD_COUNT && zw_text_is(words[1], whole)) {
        is_read = read_plain(words, &state) && read_rest(words, &state);
    }
    if (is_read && is_sound(&state)) {
        *out = state;
        return true;
    }
    return false;
}
