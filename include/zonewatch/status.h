/** What a call of zonewatch answers, and the words that go with a failure. Plain values, C and C++.
 */
#ifndef ZONEWATCH_STATUS_H
#define ZONEWATCH_STATUS_H

#if defined(__GNUC__)
#define ZW_MUST_USE __attribute__((warn_unused_result))
#define ZW_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#else
#define ZW_MUST_USE
#define ZW_PRINTF(fmt, args)
#endif

/** Every status once: its name and what it means. */
#define ZW_STATUS_MAP(X)                                                                           \
    X(OK, "ok")                                                                                    \
    X(INVALID, "bad input")                                                                        \
    X(NOT_FOUND, "not found")                                                                      \
    X(CONFLICT, "conflict")                                                                        \
    X(LIMIT, "over a limit")                                                                       \
    X(NOMEM, "out of memory")                                                                      \
    X(STORE, "store failed")                                                                       \
    X(IO, "input or output failed")                                                                \
    X(SCRIPT, "script error")                                                                      \
    X(NOT_YET, "not yet")

typedef enum zw_status {
#define ZW_STATUS_ENUM(name, text) ZW_##name,
    ZW_STATUS_MAP(ZW_STATUS_ENUM)
#undef ZW_STATUS_ENUM
} zw_status;

enum { ZW_ERR_TEXT_BYTES = 512 };

/** Why a call failed, outermost context first: "open store: open a.db: unable to open database
 * file". */
typedef struct zw_err {
    zw_status status;
    char text[ZW_ERR_TEXT_BYTES]; /* NUL-terminated UTF-8, cut at a character when too long */
} zw_err;

#endif
