/* `batches`: what arrived, and what a guard holds of it; `release` and `refuse`: what an operator
 * decides about it, in a turn of its own. */
#include "alert/held.h"
#include "alert/objection.h"
#include "app/then.h"
#include "serve/batch_list.h"

#include <stdlib.h>
#include <string.h>

enum { JSON_BYTES = 512 * 1024 * 1024 };

static zw_status print_objection(void *arg, const zw_objection *objection, zw_err *err)
{
    (void)err;
    (void)fprintf(arg, "      %-8s %s %s %s: %s\n", zw_severity_text(objection->severity),
                  objection->guard, objection->area, objection->period, objection->say_en);
    return ZW_OK;
}

/* How a batch stands: "taken", "held", "released as 7", "refused". */
static void print_state(const zw_held_state *state, FILE *out)
{
    (void)fputs(state->is == ZW_HELD_NOT ? "taken" : zw_held_text(state->is), out);
    if (state->released_as != 0) {
        (void)fprintf(out, " as %lld", (long long)state->released_as);
    }
    (void)fputc('\n', out);
}

/* The tables that a list is read from. */
struct lists {
    zw_held *held;
    zw_objections *objections;
};

static zw_status print_batch(const zw_loaded *loaded, const struct lists *lists,
                             const zw_delivery *delivery, FILE *out, zw_err *err)
{
    char moment[48];
    zw_held_state state;
    zw_status status = zw_held_state_of(lists->held, delivery->id, &state, err);
    if (status != ZW_OK) {
        return status;
    }
    zw_moment_text(zw_pack_calendar(loaded->pack, 0)->tz, delivery->arrived_ms, moment,
                   sizeof(moment));
    (void)fprintf(out, "%-5lld %.16s %s%s%s: %u rows, %u unchanged, %u revised, ",
                  (long long)delivery->id, moment, delivery->source,
                  delivery->source[0] != '\0' ? " " : "", delivery->name, delivery->accepted,
                  delivery->unchanged, delivery->revised);
    print_state(&state, out);
    return zw_objections_of(lists->objections, delivery->id, print_objection, out, err);
}

static zw_status print_batches(const zw_loaded *loaded, FILE *out, zw_err *err)
{
    zw_store *store = zw_engine_store(loaded->engine);
    struct lists lists = {NULL, NULL};
    zw_status status = zw_held_create(zw_store_db(store), &lists.held, err);
    status =
        status == ZW_OK ? zw_objections_create(zw_store_db(store), &lists.objections, err) : status;
    for (size_t i = zw_store_delivery_count(store); status == ZW_OK && i-- > 0;) {
        status = print_batch(loaded, &lists, zw_store_delivery(store, i), out, err);
    }
    zw_objections_destroy(lists.objections);
    zw_held_destroy(lists.held);
    return status;
}

static zw_status print_json(const zw_loaded *loaded, FILE *out, zw_err *err)
{
    zw_buf text;
    zw_buf_init(&text, JSON_BYTES);
    zw_json json = zw_json_of(&text);
    zw_status status =
        zw_batch_list_put(zw_engine_store(loaded->engine), zw_pack_calendar(loaded->pack, 0)->tz,
                          INT64_MAX, &json, err);
    if (status == ZW_OK && text.has_failed) {
        status = zw_err_nomem(err);
    }
    if (status == ZW_OK) {
        (void)fprintf(out, "%s\n", zw_buf_view(&text));
    }
    zw_buf_fini(&text);
    return status;
}

int zw_verb_batches(int argc, char **argv, const zw_io *io)
{
    const char *db = "zonewatch.db";
    bool is_json = false;
    const zw_option options[] = {{"db", &db, NULL}, {"json", NULL, &is_json}};
    zw_rest rest;
    zw_err err;
    zw_status status = zw_args_read(argc, argv, options, 2, &rest, &err);
    if (status == ZW_OK && rest.count != 1) {
        status = zw_err_set(&err, ZW_INVALID, "expected one PACK");
    }
    if (status != ZW_OK) {
        return zw_verb_failed(io, "batches", &err, true);
    }
    zw_loaded loaded = {NULL, NULL, NULL, {0}};
    status = zw_loaded_named(&loaded, rest.at[0], db, io, &err);
    status = status == ZW_OK ? zw_loaded_engine(&loaded, db, ZW_DB_READ, io, &err) : status;
    if (status == ZW_OK) {
        status =
            is_json ? print_json(&loaded, io->out, &err) : print_batches(&loaded, io->out, &err);
    }
    int code = status == ZW_OK ? ZW_EXIT_OK : zw_verb_failed(io, "batches", &err, false);
    zw_loaded_fini(&loaded);
    return code;
}

/* Decides in the engine's turn, and takes it. */
static zw_status decide(const zw_loaded *loaded, int64_t batch, bool is_release, const zw_io *io,
                        zw_err *err)
{
    const zw_fed *fed = NULL;
    zw_status status = is_release ? zw_engine_release(loaded->engine, batch, &fed, err)
                                  : zw_engine_refuse(loaded->engine, batch, err);
    zw_fed became = fed != NULL ? *fed : (zw_fed){.encoding = ""};
    status = status == ZW_OK ? zw_engine_turn(loaded->engine, NULL, err) : status;
    if (status == ZW_OK && is_release) {
        (void)fprintf(io->out, "batch %lld released as %lld: %u rows, %u unchanged, %u revised\n",
                      (long long)batch, (long long)became.batch, became.accepted, became.unchanged,
                      became.revised);
    } else if (status == ZW_OK) {
        (void)fprintf(io->out, "batch %lld refused\n", (long long)batch);
    }
    return status;
}

static zw_status read_words(const zw_rest *rest, int64_t *batch, zw_err *err)
{
    char *end = NULL;
    if (rest->count != 2) {
        return zw_err_set(err, ZW_INVALID, "expected a PACK and the ID of a held batch");
    }
    *batch = strtoll(rest->at[1], &end, 10);
    if (end == rest->at[1] || *end != '\0' || *batch <= 0) {
        return zw_err_set(err, ZW_INVALID, "'%s' is no number of a batch", rest->at[1]);
    }
    return ZW_OK;
}

static int run_decision(int argc, char **argv, const zw_io *io, bool is_release)
{
    const char *verb = is_release ? "release" : "refuse";
    const char *db = "zonewatch.db";
    const zw_option options[] = {{"db", &db, NULL}};
    zw_rest rest;
    zw_err err;
    int64_t batch = 0;
    zw_status status = zw_args_read(argc, argv, options, 1, &rest, &err);
    status = status == ZW_OK ? read_words(&rest, &batch, &err) : status;
    if (status != ZW_OK) {
        return zw_verb_failed(io, verb, &err, true);
    }
    zw_loaded loaded = {NULL, NULL, NULL, {0}};
    status = zw_loaded_named(&loaded, rest.at[0], db, io, &err);
    status = status == ZW_OK ? zw_loaded_engine(&loaded, db, ZW_DB_WRITE, io, &err) : status;
    if (status == ZW_CONFLICT) {
        (void)fprintf(io->err,
                      "zonewatch %s: while another process writes the store, ask it: "
                      "POST /api/v1/batches/%lld/%s\n",
                      verb, (long long)batch, verb);
    }
    status = status == ZW_OK ? decide(&loaded, batch, is_release, io, &err) : status;
    int code = status == ZW_OK ? ZW_EXIT_OK : zw_verb_failed(io, verb, &err, false);
    zw_loaded_fini(&loaded);
    return code;
}

int zw_verb_release(int argc, char **argv, const zw_io *io)
{
    return run_decision(argc, argv, io, true);
}

int zw_verb_refuse(int argc, char **argv, const zw_io *io)
{
    return run_decision(argc, argv, io, false);
}
