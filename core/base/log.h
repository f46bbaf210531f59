/** The log: lines for the operator, handed to whoever owns the outside. No file-level state. */
#ifndef ZW_BASE_LOG_H
#define ZW_BASE_LOG_H

#include "base/err.h"

typedef enum zw_log_level { ZW_LOG_DEBUG, ZW_LOG_INFO, ZW_LOG_WARNING, ZW_LOG_ERROR } zw_log_level;

/** A plain value, copied around; a zeroed one swallows everything. */
typedef struct zw_log {
    void (*write)(void *arg, zw_log_level level, const char *line); /* no newline at its end */
    void *arg;
    zw_log_level least; /* what lies below is dropped */
} zw_log;

void zw_log_say(const zw_log *log, zw_log_level level, const char *fmt, ...) ZW_PRINTF(3, 4);

const char *zw_log_level_name(zw_log_level level);

#endif
