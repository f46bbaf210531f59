/* `backup`: a copy of the store's file, whoever writes it meanwhile. */
#include "app/verbs.h"

#include "store/copy.h"

#include <unistd.h>

static const double mib_bytes = 1024.0 * 1024.0;

static void backup_on_copied(void *arg, int64_t done_bytes, int64_t all_bytes)
{
    const zw_io *io = arg;
    double share = all_bytes > 0 ? 100.0 * (double)done_bytes / (double)all_bytes : 100.0;
    (void)fprintf(io->err, "\r%.0f %% of %.1f MiB%s", share, (double)all_bytes / mib_bytes,
                  done_bytes == all_bytes ? "\n" : "");
    (void)fflush(io->err);
}

int zw_verb_backup(int argc, char **argv, const zw_io *io)
{
    const char *db = "zonewatch.db";
    const zw_option options[] = {{"db", &db, NULL}};
    zw_rest rest;
    zw_err err;
    zw_status status = zw_args_read(argc, argv, options, 1, &rest, &err);
    if (status == ZW_OK && rest.count != 1) {
        status = zw_err_set(&err, ZW_INVALID, "expected the FILE to write");
    }
    if (status != ZW_OK) {
        return zw_verb_failed(io, "backup", &err, true);
    }
    bool is_watched = isatty(fileno(io->err)) == 1;
    zw_copy_watch watch = {is_watched ? backup_on_copied : NULL, (void *)io};
    int64_t bytes = 0;
    status = zw_copy_store(db, rest.at[0], &watch, &bytes, &err);
    if (status != ZW_OK) {
        return zw_verb_failed(io, "backup", &err, false);
    }
    (void)fprintf(io->out, "%s: %.1f MiB, a copy of %s\n", rest.at[0], (double)bytes / mib_bytes,
                  db);
    return ZW_EXIT_OK;
}
