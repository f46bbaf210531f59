/**
 * The interface: requests become answers in JSON (DESIGN §8). It reads the house below and changes
 * nothing; what a request wants done (a delivery) is handed to the caller through the callbacks it
 * declares.
 */
#ifndef ZW_SERVE_API_H
#define ZW_SERVE_API_H

#include "alert/ack.h"
#include "alert/judge.h"
#include "alert/outbox.h"
#include "alert/silence.h"
#include "alert/telling.h"
#include "serve/form.h"

/** What the interface speaks about, as of the last turn; all borrowed for the call. */
typedef struct zw_api_world {
    zw_pack *pack;
    zw_store *store;
    zw_eval *eval;
    zw_judge *judge;
    zw_ledger *ledger;
    zw_outbox *outbox;
    zw_silences *silences;
    zw_acks *acks;
    zw_tellings *tellings;
    int64_t now_ms;
    int64_t started_ms;
    uint64_t turns, failed_turns; /* since the start */
    bool is_failing;              /* the last turn failed: nothing is taken in now */
    zw_http_load load;
    size_t long_deliveries; /* under way */
    /** A fresh evaluation as of a moment; the interface destroys it. */
    zw_status (*eval_at)(void *arg, int64_t as_of_ms, zw_eval **out, zw_err *err);
    /** One expression of the language over the pack. */
    zw_status (*expression)(void *arg, zw_text text, zw_node_id *out, zw_err *err);
    void *arg;
} zw_api_world;

/** Answers a request that only reads, at once. @return false when it is not such a request (nothing
 * was answered). */
bool zw_api_answer(const zw_api_world *world, zw_http_request *request);

/** How the body of a delivery is written. */
typedef enum zw_api_format { ZW_API_CSV, ZW_API_JSON, ZW_API_NDJSON, ZW_API_SDMX } zw_api_format;

/** The text formats of live senders. */
typedef enum zw_api_live {
    ZW_API_NOT_LIVE,
    ZW_API_LINE,       /* Influx line protocol */
    ZW_API_PROMETHEUS, /* or, by its end, OpenMetrics */
    ZW_API_OPENMETRICS
} zw_api_live;

/** Whether the body of a request may be long (zw_http_options): a delivery that may be taken in
 * part, of a format whose rows mean something by themselves. */
bool zw_api_may_be_long(const zw_http_request *request);

/** A delivery that came by `POST /api/v1/observations` or `/items`. Texts are borrowed from the
 * request. */
typedef struct zw_api_delivery {
    const void *bytes;
    size_t len;
    bool is_long; /* the body is laid by, and `bytes` is empty */
    const char *source;
    bool has_known_at, is_partial;
    bool is_items; /* a register's rows */
    zw_api_format format;
    int64_t known_at_ms;
    zw_api_live live;
    int64_t unit_ns; /* what line protocol's timestamps count; 0: nothing was said */
} zw_api_delivery;

/**
 * Reads a delivery out of a request. @return ZW_OK; ZW_NOT_FOUND when the request is none; else it
 * was answered already (400, 415) and is done.
 */
zw_status zw_api_delivery_of(const zw_api_world *world, zw_http_request *request,
                             zw_api_delivery *out) ZW_MUST_USE;

/** What an operator decides about a batch that a guard holds. */
typedef struct zw_api_decision {
    int64_t batch;
    bool is_release; /* else it is refused */
} zw_api_decision;

/** Reads a decision out of a request. @return as of zw_api_delivery_of. */
zw_status zw_api_decision_of(zw_http_request *request, zw_api_decision *out) ZW_MUST_USE;
/** Answers that a batch was refused; what was released is answered as a delivery. */
void zw_api_answer_refusal(zw_http_request *request, int64_t batch);

/** What an operator says of alerts. Made by zw_api_word_of, ended by zw_api_word_fini. */
typedef struct zw_api_word {
    enum { ZW_API_SILENCE, ZW_API_END_SILENCE, ZW_API_ACK } is;
    zw_form *form; /* owns the texts of the body */
    zw_silence_words silence;
    const char *author; /* who ends a silence; may be NULL */
    zw_ack_words ack;
    /* What became of it, for the answer: */
    int64_t id;   /* the silence, also the one to end; the first acknowledgement */
    size_t count; /* of acknowledgements */
} zw_api_word;

/** Reads a word out of a request. @return as of zw_api_delivery_of. */
zw_status zw_api_word_of(zw_http_request *request, zw_api_word *out) ZW_MUST_USE;
void zw_api_word_fini(zw_api_word *word); /* a zeroed one is allowed */
/** Answers what became of it, once its turn has committed. */
void zw_api_answer_word(const zw_api_world *world, zw_http_request *request,
                        const zw_api_word *word);
/** Answers that it was refused, or that its turn failed. */
void zw_api_refuse_word(zw_http_request *request, zw_status status, const zw_err *err);

enum { ZW_API_BAD_MOST = 1000 };

/** What became of a delivery, once its turn has committed (or failed). */
typedef struct zw_api_fed {
    bool is_live;       /* a live sender is answered */
    bool is_over_limit; /* … of whom a line would have made too many series: 429 */
    zw_status status;   /* ZW_OK, ZW_INVALID with bad rows or `error`, ZW_STORE … */
    const char *error;
    int64_t batch;
    uint32_t accepted, unchanged, revised;
    const char *encoding;
    struct zw_api_bad {
        uint32_t line, column;
        const char *text;
    } * bad;          /* the first ZW_API_BAD_MOST */
    size_t bad_count; /* all of them */
    bool is_held;     /* a guard keeps all of it aside … */
    zw_buf why;       /* … and what was said of it, as a JSON array; the caller's */
} zw_api_fed;
/** 200, 202 when it is held, or the error; a live sender as of api_live.h. */
void zw_api_answer_delivery(zw_http_request *request, const zw_api_fed *fed);

/** Answers an error in the interface's envelope; `status` picks 400, 404, 413, 415, 422, 503 or
 * 500. */
void zw_api_answer_error(zw_http_request *request, unsigned http_status, const char *error_type,
                         const char *text);

#endif
