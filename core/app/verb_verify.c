/* `verify`: reads the whole of a store's file and says what is damaged in it. */
#include "app/verbs.h"

#include "store/check.h"

#include <unistd.h>

static void verify_on_fault(void *arg, const char *text)
{
    const zw_io *io = arg;
    (void)fprintf(io->out, "%s\n", text);
}

static void verify_on_read(void *arg, size_t done_pages, size_t all_pages)
{
    const zw_io *io = arg;
    if (done_pages % 1024 == 0 || done_pages == all_pages) {
        (void)fprintf(io->err, "\r%zu of %zu pages%s", done_pages, all_pages,
                      done_pages == all_pages ? "\n" : "");
        (void)fflush(io->err);
    }
}

static zw_status verify(const char *db, const zw_io *io, zw_check *found, zw_err *err)
{
    zw_store *store = NULL;
    bool is_watched = isatty(fileno(io->err)) == 1;
    zw_check_watch watch = {(void *)io, verify_on_fault, is_watched ? verify_on_read : NULL};
    zw_status status = zw_store_open(db, ZW_DB_READ, &store, err);
    status = status == ZW_OK ? zw_store_check(store, &watch, found, err) : status;
    zw_store_close(store);
    return status;
}

int zw_verb_verify(int argc, char **argv, const zw_io *io)
{
    const char *db = "zonewatch.db";
    const zw_option options[] = {{"db", &db, NULL}};
    zw_rest rest;
    zw_err err;
    zw_check found;
    zw_status status = zw_args_read(argc, argv, options, 1, &rest, &err);
    if (status == ZW_OK && rest.count != 0) {
        status = zw_err_set(&err, ZW_INVALID, "expected nothing but --db, got '%s'", rest.at[0]);
    }
    if (status != ZW_OK) {
        return zw_verb_failed(io, "verify", &err, true);
    }
    status = verify(db, io, &found, &err);
    if (status != ZW_OK) {
        return zw_verb_failed(io, "verify", &err, false);
    }
    (void)fprintf(io->out, "%s: %zu figures in %zu pages, %zu deliveries: ", db, found.figures,
                  found.pages, found.deliveries);
    if (found.faults > 0) {
        (void)fprintf(io->out, "%zu faults\n", found.faults);
        return ZW_EXIT_FAILED;
    }
    (void)fputs("nothing is damaged\n", io->out);
    return ZW_EXIT_OK;
}
