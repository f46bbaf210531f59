/* The scorecard: a line for each alert, and what is known of each instance on the way. */
#include "alert/scorecard.h"

#include "base/pool.h"

#include <stdlib.h>
#include <string.h>

enum { KEY_BYTES = 64 * 1024 };

/* Lengths of time, of which the median is wanted. */
struct lengths {
    int64_t *at;
    size_t count, capacity;
};

struct line {
    zw_score score;
    struct lengths to_fire, to_clear;
};

/* An instance as it stood after its last event. */
struct memory {
    bool is_known, fires, flaps;
    bool has_begun; /* in this history, at `began_ms` */
    int64_t began_ms;
};

struct zw_scorecard {
    zw_pool *alerts, *instances; /* their numbers index what follows */
    struct line *lines;
    size_t line_count, line_capacity;
    struct memory *memories;
    size_t memory_count, memory_capacity;
};

zw_status zw_scorecard_create(zw_scorecard **out, zw_err *err)
{
    zw_scorecard *card = calloc(1, sizeof(*card));
    *out = NULL;
    if (card == NULL) {
        return zw_err_nomem(err);
    }
    zw_status status = zw_pool_create(&card->alerts, err);
    status = status == ZW_OK ? zw_pool_create(&card->instances, err) : status;
    if (status != ZW_OK) {
        zw_scorecard_destroy(card);
        return status;
    }
    *out = card;
    return ZW_OK;
}

void zw_scorecard_destroy(zw_scorecard *card)
{
    if (card == NULL) {
        return;
    }
    for (size_t i = 0; i < card->line_count; i++) {
        free(card->lines[i].to_fire.at);
        free(card->lines[i].to_clear.at);
    }
    free(card->lines);
    free(card->memories);
    zw_pool_destroy(card->alerts);
    zw_pool_destroy(card->instances);
    free(card);
}

/* Makes room for one more; NULL without memory. `*at` is kept then. */
static void *grow(void *at, size_t count, size_t *capacity, size_t each)
{
    if (count < *capacity) {
        return at;
    }
    size_t wanted = *capacity == 0 ? 16 : *capacity * 2;
    void *grown = realloc(at, wanted * each);
    *capacity = grown != NULL ? wanted : *capacity;
    return grown;
}

static bool add_length(struct lengths *lengths, int64_t ms)
{
    int64_t *grown = grow(lengths->at, lengths->count, &lengths->capacity, sizeof(*grown));
    if (grown == NULL) {
        return false;
    }
    lengths->at = grown;
    lengths->at[lengths->count++] = ms;
    return true;
}

/* The line of an alert; NULL without memory. */
static struct line *line_of(zw_scorecard *card, const char *alert)
{
    uint32_t number = zw_pool_put(card->alerts, zw_text_of(alert));
    if (number == ZW_POOL_NONE) {
        return NULL;
    }
    if (number >= card->line_count) {
        struct line *grown =
            grow(card->lines, card->line_count, &card->line_capacity, sizeof(*grown));
        if (grown == NULL) {
            zw_pool_shrink(card->alerts, number);
            return NULL;
        }
        card->lines = grown;
        card->lines[card->line_count++] = (struct line){.score = {.alert = NULL}};
    }
    return &card->lines[number];
}

/* What is known of an instance; NULL without memory. An item is the same wherever it stands. */
static struct memory *memory_of(zw_scorecard *card, const zw_alert_key *key)
{
    zw_buf text;
    zw_buf_init(&text, KEY_BYTES);
    (void)zw_buf_printf(&text, "%s\x1f%s\x1f%s\x1f%s", key->alert,
                        key->item[0] != '\0' ? "" : key->area, key->period, key->item);
    uint32_t number = text.has_failed
                          ? ZW_POOL_NONE
                          : zw_pool_put(card->instances, zw_text_of(zw_buf_view(&text)));
    zw_buf_fini(&text);
    if (number == ZW_POOL_NONE) {
        return NULL;
    }
    if (number >= card->memory_count) {
        struct memory *grown =
            grow(card->memories, card->memory_count, &card->memory_capacity, sizeof(*grown));
        if (grown == NULL) {
            zw_pool_shrink(card->instances, number);
            return NULL;
        }
        card->memories = grown;
        card->memories[card->memory_count++] = (struct memory){.is_known = false};
    }
    return &card->memories[number];
}

zw_status zw_scorecard_name(zw_scorecard *card, const char *alert, zw_err *err)
{
    return line_of(card, alert) != NULL ? ZW_OK : zw_err_nomem(err);
}

/* Whether it fired before: what a history begins with is said by its first event. */
static bool has_fired(const struct memory *memory, const zw_alert_event *event)
{
    if (memory->is_known || event->from == NULL) {
        return memory->fires;
    }
    return strcmp(event->from, "ok") != 0 && strcmp(event->from, "pending") != 0 &&
           strcmp(event->from, "unknown") != 0;
}

static bool note_beginning(struct line *line, struct memory *memory, const zw_alert_event *event)
{
    line->score.firings++;
    memory->has_begun = true;
    memory->began_ms = event->at_ms;
    return add_length(&line->to_fire, event->at_ms - event->state.active_ms);
}

static bool note_end(struct line *line, struct memory *memory, const zw_alert_event *event)
{
    bool has_begun = memory->has_begun;
    line->score.ended++;
    line->score.overturned += event->state.is_revised ? 1 : 0;
    memory->has_begun = false;
    return !has_begun || add_length(&line->to_clear, event->at_ms - memory->began_ms);
}

zw_status zw_scorecard_take(zw_scorecard *card, const zw_alert_event *event, zw_err *err)
{
    struct line *line = line_of(card, event->key.alert);
    struct memory *memory = line != NULL ? memory_of(card, &event->key) : NULL;
    if (memory == NULL) {
        return zw_err_nomem(err);
    }
    bool was_firing = has_fired(memory, event);
    bool is_firing = event->state.is == ZW_ALERT_FIRING;
    bool is_noted = true;
    if (is_firing && !was_firing) {
        is_noted = note_beginning(line, memory, event);
    } else if (was_firing && !is_firing) {
        is_noted = note_end(line, memory, event);
    }
    line->score.flaps += event->state.is_flapping && !memory->flaps ? 1 : 0;
    memory->is_known = true;
    memory->fires = is_firing;
    memory->flaps = event->state.is_flapping;
    return is_noted ? ZW_OK : zw_err_nomem(err);
}

size_t zw_scorecard_count(const zw_scorecard *card)
{
    return card->line_count;
}

static int by_length(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a;
    int64_t y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static int64_t median(struct lengths *lengths)
{
    if (lengths->count == 0) {
        return ZW_NEVER_MS;
    }
    qsort(lengths->at, lengths->count, sizeof(*lengths->at), by_length);
    return lengths->at[(lengths->count - 1) / 2];
}

void zw_scorecard_at(zw_scorecard *card, size_t index, zw_score *out)
{
    struct line *line = &card->lines[index];
    *out = line->score;
    out->alert = zw_pool_text(card->alerts, (uint32_t)index);
    out->to_fire_ms = median(&line->to_fire);
    out->to_clear_ms = median(&line->to_clear);
}
