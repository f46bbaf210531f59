/* `run`: the long-lived process; with --once it takes one turn, delivers what is due and prints the
 * state. */
#include "app/loaded.h"
#include "app/server.h"
#include "app/summary.h"

int zw_verb_run(int argc, char **argv, const zw_io *io)
{
    const char *db = "zonewatch.db";
    const char *listen = "127.0.0.1:8420";
    const char *secrets = NULL;
    bool is_once = false;
    const zw_option options[] = {{"db", &db, NULL},
                                 {"listen", &listen, NULL},
                                 {"secrets", &secrets, NULL},
                                 {"once", NULL, &is_once}};
    zw_rest rest;
    zw_err err;
    zw_status status =
        zw_args_read(argc, argv, options, sizeof(options) / sizeof(options[0]), &rest, &err);
    if (status == ZW_OK && rest.count != 1) {
        status = zw_err_set(&err, ZW_INVALID, "expected one PACK");
    }
    if (status != ZW_OK) {
        return zw_verb_failed(io, "run", &err, true);
    }
    zw_loaded loaded = {NULL, NULL, NULL, {0}};
    status = zw_loaded_pack(&loaded, rest.at[0], io, &err);
    status = status == ZW_OK ? zw_loaded_engine(&loaded, db, ZW_DB_WRITE, io, NULL, &err) : status;
    if (status == ZW_OK) {
        zw_server_options server = {
            .listen = listen, .secrets = secrets, .log = zw_loaded_log(io), .is_once = is_once};
        status = zw_server_run(loaded.engine, &server, &err);
    }
    if (status == ZW_OK && is_once) {
        status = zw_summary_print(loaded.engine, io->out, &err);
    }
    int code = status == ZW_OK ? ZW_EXIT_OK : zw_verb_failed(io, "run", &err, false);
    zw_loaded_fini(&loaded);
    return code;
}
