/* `run`: the long-lived process; with --once it takes one turn, delivers what is due and prints the
 * state. */
#include "app/loaded.h"
#include "app/server.h"
#include "app/summary.h"

enum { MIB = 1024 * 1024, MOST_MIB = 1024 * 1024, MOST_CONNECTIONS = 100000 };

/* What may be under way at a time, as the options say it. */
struct limits {
    const char *bodies, *connections;
};

static zw_status read_limits(const struct limits *limits, zw_server_options *out, zw_err *err)
{
    size_t connections = 0; /* the server's defaults */
    size_t bodies_mib = 0;
    zw_status status = zw_args_count("max-bodies", limits->bodies, MOST_MIB, &bodies_mib, err);
    status = status == ZW_OK ? zw_args_count("max-connections", limits->connections,
                                             MOST_CONNECTIONS, &connections, err)
                             : status;
    out->bodies_bytes = bodies_mib * MIB;
    out->connections = (unsigned)connections;
    return status;
}

int zw_verb_run(int argc, char **argv, const zw_io *io)
{
    const char *db = "zonewatch.db";
    zw_server_options server = {.listen = "127.0.0.1:8420", .log = zw_loaded_log(io)};
    struct limits limits = {NULL, NULL};
    const zw_option options[] = {{"db", &db, NULL},
                                 {"listen", &server.listen, NULL},
                                 {"secrets", &server.secrets, NULL},
                                 {"max-bodies", &limits.bodies, NULL},
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
    zw_loaded loaded = {NULL, NULL, NULL, {0}};
    status = zw_loaded_pack(&loaded, rest.at[0], io, &err);
    status = status == ZW_OK ? zw_loaded_engine(&loaded, db, ZW_DB_WRITE, io, &err) : status;
    status = status == ZW_OK ? zw_server_run(loaded.engine, &server, &err) : status;
    if (status == ZW_OK && server.is_once) {
        status = zw_summary_print(loaded.engine, io->out, &err);
    }
    int code = status == ZW_OK ? ZW_EXIT_OK : zw_verb_failed(io, "run", &err, false);
    zw_loaded_fini(&loaded);
    return code;
}
