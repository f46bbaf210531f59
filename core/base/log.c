/* The log: lines for the operator, handed to whoever owns the outside. */
#include "base/log.h"

#include "base/cut.h"

#include <stdarg.h>
#include <stddef.h>

enum { LINE_BYTES = 2048 };

void zw_log_say(const zw_log *log, zw_log_level level, const char *fmt, ...)
{
    if (log == NULL || log->write == NULL || level < log->least) {
        return;
    }
    char line[LINE_BYTES];
    va_list args;
    va_start(args, fmt);
    size_t len = zw_cut_vformat(line, sizeof line, fmt, args);
    va_end(args);
    /* One call is one line: a name from outside must not be able to forge a second one. */
    for (size_t i = 0; i < len; i++) {
        if (line[i] == '\n' || line[i] == '\r') {
            line[i] = ' ';
        }
    }
    while (len > 0 && line[len - 1] == ' ') {
        line[--len] = '\0';
    }
    log->write(log->arg, level, line);
}

const char *zw_log_level_name(zw_log_level level)
{
    switch (level) {
    case ZW_LOG_DEBUG:
        return "debug";
    case ZW_LOG_INFO:
        return "info";
    case ZW_LOG_WARNING:
        return "warning";
    case ZW_LOG_ERROR:
        return "error";
    }
    return "unknown";
}
