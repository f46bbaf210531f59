/**
 * zonewatch inside another program: open a pack over a store, feed deliveries, take turns, read
 * values, close.
 *
 * One watch belongs to one thread. Nothing polls: after a turn, zw_next_ms says when the next one
 * is needed if nothing is fed before. Nothing is global, so a program may hold several watches. All
 * texts are UTF-8; all moments Unix milliseconds.
 */
#ifndef ZONEWATCH_ZONEWATCH_H
#define ZONEWATCH_ZONEWATCH_H

#include <zonewatch/status.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/** A pack over its store. Opaque; made by zw_open. */
typedef struct zw_watch zw_watch;

/** How a watch is opened. Zeroed fields mean what stands behind them. Texts are copied. */
typedef struct zw_options {
    const char *pack;   /* a pack's folder; required */
    const char *db;     /* the store's file; NULL: ":memory:" */
    const char *shared; /* folder of scripts that packs share, before those built in; NULL: none */
    int64_t (*now_ms)(
        void *arg); /* the clock; required. It may stand still or jump: the watch never goes back */
    void *clock_arg;
    void (*log)(void *arg, int level, const char *line); /* 0 debug … 3 error; NULL: silence */
    void *log_arg;
    bool is_read_only; /* read beside a running process: feed and turn answer ZW_INVALID */
} zw_options;

/**
 * Loads the pack, opens the store and takes every state back from it.
 * @return ZW_OK; ZW_INVALID with the first mistake in the pack as "file:line: …"; ZW_CONFLICT when
 * another process writes the store or the pack changes a measure that has figures; ZW_STORE,
 * ZW_NOMEM. On failure `*watch` is NULL.
 */
zw_status zw_open(const zw_options *options, zw_watch **watch, zw_err *err) ZW_MUST_USE;

/** Drops a turn that was not taken, and everything else. NULL is allowed. */
void zw_close(zw_watch *watch);

/** What a delivery is of. */
typedef enum zw_feed_as {
    ZW_FEED_ANY, /* items when its columns or keys have `register` or `item` and no `measure`, else
                    figures */
    ZW_FEED_FIGURES,
    ZW_FEED_ITEMS
} zw_feed_as;

/** How a delivery is written. Of JSON, columns in bad rows are characters. */
typedef enum zw_feed_format {
    ZW_FEED_CSV,    /* tidy CSV */
    ZW_FEED_JSON,   /* an array of objects with the CSV's columns as keys */
    ZW_FEED_NDJSON, /* such an object a line */
    ZW_FEED_SDMX,   /* SDMX-CSV, of figures; by the maps of the pack */
    /* Samples as live senders say them: each belongs to the period that holds its moment, the last
       one wins. Without a source the same bytes again are no repeat: samples are not files. */
    ZW_FEED_LINE,       /* Influx line protocol; a mistake spoils its whole line */
    ZW_FEED_PROMETHEUS, /* Prometheus's text or, when its last line is "# EOF", OpenMetrics */
    ZW_FEED_OPENMETRICS /* OpenMetrics; what breaks the format is refused whole */
} zw_feed_format;

/** How a delivery is to be read. A zeroed one is a plain delivery learned now. */
typedef struct zw_feed_options {
    const char *source; /* who sends; NULL: "" */
    const char *name;   /* of the file or request; NULL: "" */
    bool has_known_at;
    int64_t known_at_ms; /* when it was learned, for rows that do not say; never after now */
    char status;         /* 'A' 'P' 'E' 'F' for rows that say nothing; 0: 'A' */
    bool is_synthetic;   /* every figure of it is marked */
    bool is_partial;     /* good rows are kept although others are bad */
    bool is_dry;         /* only look: nothing is kept */
    zw_feed_as as;
    zw_feed_format format;
    int64_t unit_ns;      /* what line protocol's timestamps count; 0: 1, nanoseconds */
    uint32_t line_offset; /* of a part of something longer: its lines are so much below these */
    const char *identity; /* what it is known by when it comes again; NULL: its bytes */
} zw_feed_options;

/** A bad row. */
typedef struct zw_bad_row {
    uint32_t line, column; /* from 1; 0: not known */
    const char *text;
} zw_bad_row;

/** What became of a delivery. Owned by the watch; valid until the next feed or close. */
typedef struct zw_fed {
    int64_t batch;      /* its number; 0 when nothing was kept */
    bool is_repeat;     /* the source's last delivery again: nothing changed */
    bool is_held;       /* a guard keeps all of it aside under this number: none of it is in */
    uint32_t accepted;  /* rows taken, the two below included */
    uint32_t unchanged; /* that say what was known */
    uint32_t revised;   /* that changed, withdrew or returned a figure, or corrected an item */
    const zw_bad_row *bad;
    size_t bad_count;
    bool is_over_limit;   /* a bad line would have made more series than its measure may have */
    const char *encoding; /* what it was read as: "UTF-8", "GB18030" … */
} zw_fed;

/**
 * Takes a delivery of figures or items into the turn under way (and begins one). All rows, or with
 * is_partial the good ones, or none.
 * @return ZW_OK, with `fed` filled; ZW_INVALID when rows are bad (all named in `fed`) or its header
 * is; nothing was kept then, and the turn's other deliveries stand. ZW_STORE, ZW_NOMEM.
 */
zw_status zw_feed(zw_watch *watch, const void *bytes, size_t len, const zw_feed_options *options,
                  const zw_fed **fed, zw_err *err) ZW_MUST_USE;

/**
 * Takes the turn: learns what was fed in order of when it was known, judges every alert on the way,
 * decides what must be said, commits. When it answers ZW_OK, all of it is on disk; else none of it
 * happened.
 */
zw_status zw_turn(zw_watch *watch, zw_err *err) ZW_MUST_USE;

/** The next moment at which time alone turns a truth, or a message is to be tried again; INT64_MAX
 * when none does. */
int64_t zw_next_ms(const zw_watch *watch);

/** A value, as it was known at an as-of. Texts are owned by the watch and valid until the next read
 * or close. */
typedef struct zw_value {
    bool is_truth;
    bool is_missing;   /* of a truth: unknown */
    double value;      /* without its unit's scale; 1 or 0 of a truth, 0 of a text: see shown */
    const char *shown; /* "603.2 (1e8 CNY, provisional, synthetic)" */
    const char *why;   /* why it is missing; "" when it is not */
    bool is_synthetic, is_provisional;
    uint32_t in, of;    /* reports in, of those expected */
    const char *period; /* the period it is of */
} zw_value;

/**
 * Reads any expression of the language.
 * @param area    a name or alias; NULL: the only zone.
 * @param period  "2022", "2022-03" …; NULL: the newest that is known.
 * @param as_of   a day or moment; NULL: now.
 * @return ZW_OK, missing values included; ZW_INVALID when the expression, area, period or as-of is
 * wrong.
 */
zw_status zw_read(zw_watch *watch, const char *expression, const char *area, const char *period,
                  const char *as_of, zw_value *value, zw_err *err) ZW_MUST_USE;

/** The state of an alert instance now, or as of a moment. Texts are valid during the call. */
typedef struct zw_alert_view {
    const char *alert, *area, *period; /* period: "" unless per period */
    const char *state;                 /* "ok" "pending" "unknown" "info" "warning" "critical" */
    int64_t since_ms;
} zw_alert_view;
zw_status zw_alerts(zw_watch *watch, const char *as_of,
                    void (*each)(void *arg, const zw_alert_view *view), void *arg,
                    zw_err *err) ZW_MUST_USE;

/** The verdict on a target's dated period ("2022") at an area: "met_provisional" …; static text. */
zw_status zw_verdict_of(zw_watch *watch, const char *target, const char *area, const char *period,
                        const char *as_of, const char **verdict, zw_err *err) ZW_MUST_USE;

/** A message that must leave the house. Texts are valid during the call. */
typedef struct zw_mail {
    int64_t id;
    const char *notify, *kind; /* kind: "webhook" or "log" */
    const char *url;           /* of a webhook; NULL when the pack names a secret */
    const char *secret;        /* that secret's name; else NULL */
    const char *body, *key;    /* key: the same message has the same key, however often it comes */
    uint32_t attempts;         /* failed so far */
} zw_mail;

/** Calls `each` for the messages that are due. */
zw_status zw_mails(zw_watch *watch, void (*each)(void *arg, const zw_mail *mail), void *arg,
                   zw_err *err) ZW_MUST_USE;

/** Says what became of a message: delivered, or (`why` not NULL) failed, to be tried again later.
 * Durable when it answers. */
zw_status zw_mail_done(zw_watch *watch, int64_t id, const char *why, zw_err *err) ZW_MUST_USE;

#ifdef __cplusplus
}
#endif

#endif
