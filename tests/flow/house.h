/** A house under test: a watch with a clock that is moved by hand, and everything it says as one
 * text. */
#ifndef ZW_TESTS_FLOW_HOUSE_H
#define ZW_TESTS_FLOW_HOUSE_H

#include <zonewatch/zonewatch.h>

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct house {
    zw_watch *watch;
    int64_t now_ms;
};

/** A growing text; aborts the test program without memory. */
struct words {
    char *text;
    size_t len, capacity;
};

static inline void words_add(struct words *words, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

static inline void words_add(struct words *words, const char *fmt, ...)
{
    va_list args;
    va_start(args, fmt);
    va_list again;
    va_copy(again, args);
    int wanted = vsnprintf(NULL, 0, fmt, args);
    va_end(args);
    if (words->len + (size_t)wanted + 1 > words->capacity) {
        words->capacity = (words->len + (size_t)wanted + 1) * 2;
        words->text = realloc(words->text, words->capacity);
        if (words->text == NULL) {
            abort();
        }
    }
    (void)vsnprintf(words->text + words->len, words->capacity - words->len, fmt, again);
    va_end(again);
    words->len += (size_t)wanted;
}

static inline int64_t house_clock(void *arg)
{
    return ((struct house *)arg)->now_ms;
}

static inline void house_log(void *arg, int level, const char *line)
{
    (void)arg;
    (void)fprintf(stderr, "[%d] %s\n", level, line);
}

static inline zw_status house_open(struct house *house, const char *pack, const char *db,
                                   int64_t now_ms, zw_err *err)
{
    house->now_ms = now_ms;
    zw_options options = {
        .pack = pack, .db = db, .now_ms = house_clock, .clock_arg = house, .log = house_log};
    return zw_open(&options, &house->watch, err);
}

static inline zw_status house_feed(struct house *house, const char *csv, const char *source,
                                   const zw_fed **fed, zw_err *err)
{
    zw_feed_options options = {.source = source};
    return zw_feed(house->watch, csv, strlen(csv), &options, fed, err);
}

static inline void house_add_alert(void *arg, const zw_alert_view *view)
{
    if (strcmp(view->state, "ok") != 0) { /* an instance that is ok may as well not be there yet */
        words_add(arg, "%s %s %s: %s since %" PRId64 "\n", view->alert, view->area, view->period,
                  view->state, view->since_ms);
    }
}

#endif
