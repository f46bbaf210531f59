/* Progress on a terminal. Elsewhere nothing is said: a log of percents helps nobody. */
#include "app/progress.h"

#include <string.h>
#include <unistd.h>

enum { OFTEN_MS = 200 };

void zw_progress_init(zw_progress *progress, FILE *to)
{
    *progress = (zw_progress){.to = to != NULL && isatty(fileno(to)) != 0 ? to : NULL};
}

void zw_progress_begin(zw_progress *progress, const char *what, double done, int64_t now_ms)
{
    zw_progress_end(progress);
    (void)snprintf(progress->what, sizeof(progress->what), "%s", what);
    progress->began_at = done;
    progress->began_ms = progress->said_ms = now_ms;
}

void zw_progress_text(const zw_progress *progress, double done, double total, size_t rows,
                      int64_t now_ms, char out[ZW_PROGRESS_BYTES])
{
    double took_s = (double)(now_ms - progress->began_ms) / 1000;
    double fresh = done - progress->began_at;
    int len = snprintf(out, ZW_PROGRESS_BYTES, "%s %.0f %%", progress->what,
                       total > 0 ? 100 * done / total : 100.0);
    if (rows > 0 && took_s > 0) {
        len += snprintf(out + len, ZW_PROGRESS_BYTES - (size_t)len, ", %.0f rows/s",
                        (double)rows / took_s);
    }
    if (fresh > 0 && took_s >= 1 && len < ZW_PROGRESS_BYTES) { /* before that nobody knows */
        (void)snprintf(out + len, ZW_PROGRESS_BYTES - (size_t)len, ", %.0f s left",
                       took_s * (total - done) / fresh);
    }
}

void zw_progress_say(zw_progress *progress, double done, double total, size_t rows, int64_t now_ms)
{
    char text[ZW_PROGRESS_BYTES];
    if (progress->to == NULL || now_ms - progress->said_ms < OFTEN_MS) {
        return;
    }
    progress->said_ms = now_ms;
    progress->has_line = true;
    zw_progress_text(progress, done, total, rows, now_ms, text);
    (void)fprintf(progress->to, "\r%s\x1b[K", text);
    (void)fflush(progress->to);
}

void zw_progress_end(zw_progress *progress)
{
    if (progress->has_line) {
        (void)fputs("\r\x1b[K", progress->to);
        progress->has_line = false;
    }
}
