/* A pack loaded for a verb. */
#include "app/loaded.h"

#include <string.h>

enum { TEXT_CEILING = 64 * 1024 };

static void loaded_on_log(void *arg, zw_log_level level, const char *line)
{
    FILE *err = arg;
    (void)fprintf(err, "%s: %s\n", zw_log_level_name(level), line);
}

zw_log zw_loaded_log(const zw_io *io)
{
    return (zw_log){.write = loaded_on_log, .arg = io->err, .least = ZW_LOG_INFO};
}

static void print_problems(const zw_pack *pack, const zw_io *io)
{
    for (size_t i = 0; i < pack->problem_count; i++) {
        zw_buf text;
        zw_buf_init(&text, TEXT_CEILING);
        zw_pack_problem_text(pack, &pack->problems[i], &text);
        (void)fprintf(io->err, "%s\n", zw_buf_view(&text));
        zw_buf_fini(&text);
    }
}

zw_status zw_loaded_check(const zw_loaded *loaded, const char *name, const zw_io *io, zw_err *err)
{
    size_t count = loaded->pack->problem_count;
    if (count == 0) {
        return ZW_OK;
    }
    print_problems(loaded->pack, io);
    return zw_err_set(err, ZW_INVALID, "%zu mistake%s in %s", count, count == 1 ? "" : "s", name);
}

zw_status zw_loaded_pack(zw_loaded *loaded, const char *folder, const zw_io *io, zw_err *err)
{
    zw_status status = zw_script_load(folder, NULL, NULL, &loaded->pack, &loaded->script, err);
    return status == ZW_OK ? zw_loaded_check(loaded, folder, io, err) : status;
}

zw_status zw_loaded_engine(zw_loaded *loaded, const char *db, zw_db_mode mode, const zw_io *io,
                           zw_err *err)
{
    zw_engine_options options = {.db = db,
                                 .mode = mode,
                                 .now_ms = zw_clock_read_ms,
                                 .clock_arg = &loaded->clock,
                                 .log = zw_loaded_log(io)};
    return zw_engine_open(loaded->pack, loaded->script, &options, &loaded->engine, err);
}

void zw_loaded_fini(zw_loaded *loaded)
{
    zw_engine_close(loaded->engine);
    zw_script_destroy(loaded->script);
    zw_pack_destroy(loaded->pack);
    *loaded = (zw_loaded){NULL, NULL, NULL, {0}};
}
