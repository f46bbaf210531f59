/* `run`: the long-lived process; with --once it takes one turn, delivers what is due and prints the
 * state. */
#include "app/server.h"
#include "app/summary.h"
#include "app/then.h"

#include <string.h>

enum { PATH_BYTES = 4096, MIB = 1024 * 1024, MOST_MIB = 1024 * 1024, MOST_CONNECTIONS = 100000 };

/* What may be under way at a time, as the options say it. */
struct limits {
    const char *body, *bodies, *laid_by, *connections, *waiting;
};

static zw_status read_limits(const struct limits *limits, zw_server_options *out, zw_err *err)
{
    size_t body = 0; /* the server's defaults */
    size_t bodies = 0;
    size_t laid_by = 0;
    size_t connections = 0;
    const struct {
        const char *name, *text;
        long long most;
        size_t *out;
    } rows[] = {
        {"max-body", limits->body, MOST_MIB, &body},
        {"max-bodies", limits->bodies, MOST_MIB, &bodies},
        {"max-laid-by", limits->laid_by, MOST_MIB, &laid_by},
        {"max-connections", limits->connections, MOST_CONNECTIONS, &connections},
        {"max-waiting", limits->waiting, ZW_SERVER_LONG_MOST, &out->long_deliveries},
    };
    zw_status status = ZW_OK;
    for (size_t i = 0; status == ZW_OK && i < sizeof(rows) / sizeof(rows[0]); i++) {
        status = zw_args_count(rows[i].name, rows[i].text, rows[i].most, rows[i].out, err);
    }
    out->body_bytes = (uint64_t)body * MIB;
    out->bodies_bytes = bodies * MIB;
    out->laid_by_bytes = (uint64_t)laid_by * MIB;
    out->connections = (unsigned)connections;
    return status;
}

/* Where the store lies there is room, or nothing works. */
static void folder_of(const char *db, char *out, size_t size)
{
    const char *slash = strrchr(db, '/');
    (void)snprintf(out, size, "%.*s", slash != NULL ? (int)(slash - db + 1) : 1,
                   slash != NULL ? db : ".");
}

int zw_verb_run(int argc, char **argv, const zw_io *io)
{
    const char *db = "zonewatch.db";
    zw_server_options server = {.listen = "127.0.0.1:8420", .log = zw_loaded_log(io)};
    struct limits limits = {NULL, NULL, NULL, NULL, NULL};
    char folder[PATH_BYTES];
    const zw_option options[] = {{"db", &db, NULL},
                                 {"listen", &server.listen, NULL},
                                 {"secrets", &server.secrets, NULL},
                                 {"max-body", &limits.body, NULL},
                                 {"max-bodies", &limits.bodies, NULL},
                                 {"max-laid-by", &limits.laid_by, NULL},
                                 {"max-waiting", &limits.waiting, NULL},
                                 {"max-connections", &limits.connections, NULL},
                                 {"once", NULL, &server.is_once}};
    zw_rest rest;
    zw_err err;
    zw_status status =
        zw_args_read(argc, argv, options, sizeof(options) / sizeof(options[0]), &rest, &err);
    if (status == ZW_OK && rest.count != 1) {
        status = zw_err_set(&err, ZW_INVALID, "expected one PACK");
    }
    status = status == ZW_OK ? read_limits(&limits, &server, &err) : status;
    if (status != ZW_OK) {
        return zw_verb_failed(io, "run", &err, true);
    }
    folder_of(db, folder, sizeof(folder));
    server.folder = folder;
    zw_loaded loaded = {NULL, NULL, NULL, {0}};
    status = zw_loaded_named(&loaded, rest.at[0], db, io, &err);
    status = status == ZW_OK ? zw_loaded_engine(&loaded, db, ZW_DB_WRITE, io, &err) : status;
    status = status == ZW_OK ? zw_server_run(loaded.engine, &server, &err) : status;
    if (status == ZW_OK && server.is_once) {
        status = zw_summary_print(loaded.engine, io->out, &err);
    }
    int code = status == ZW_OK ? ZW_EXIT_OK : zw_verb_failed(io, "run", &err, false);
    zw_loaded_fini(&loaded);
    return code;
}
