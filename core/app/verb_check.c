/* `check`: every mistake in a pack, one a line. */
#include "app/then.h"

#include <jansson.h>
#include <stdlib.h>

static int print_json(const zw_pack *pack, const zw_io *io)
{
    json_t *list = json_array();
    for (size_t i = 0; i < pack->problem_count; i++) {
        const zw_problem *problem = &pack->problems[i];
        const char *path = problem->where.file < pack->file_count
                               ? pack->files[problem->where.file].path
                               : pack->folder;
        (void)json_array_append_new(
            list, json_pack("{s:s, s:i, s:i, s:s}", "file", path, "line", (int)problem->where.line,
                            "column", (int)problem->where.column, "text", problem->text));
    }
    char *text = json_dumps(list, JSON_INDENT(2));
    (void)fprintf(io->out, "%s\n", text != NULL ? text : "[]");
    free(text);
    json_decref(list);
    return pack->problem_count == 0 ? ZW_EXIT_OK : ZW_EXIT_FAILED;
}

int zw_verb_check(int argc, char **argv, const zw_io *io)
{
    bool is_json = false;
    const char *db = "zonewatch.db";
    const zw_option options[] = {{"db", &db, NULL}, {"json", NULL, &is_json}};
    zw_rest rest;
    zw_err err;
    zw_status status = zw_args_read(argc, argv, options, 2, &rest, &err);
    if (status == ZW_OK && rest.count != 1) {
        status = zw_err_set(&err, ZW_INVALID, "expected one PACK");
    }
    if (status != ZW_OK) {
        return zw_verb_failed(io, "check", &err, true);
    }
    zw_loaded loaded = {NULL, NULL, NULL, {0}};
    status = zw_loaded_named(&loaded, rest.at[0], db, io, &err);
    int code = ZW_EXIT_OK;
    if (is_json && loaded.pack != NULL) {
        code = print_json(loaded.pack, io);
    } else if (status != ZW_OK || loaded.pack == NULL) {
        code = zw_verb_failed(io, "check", &err, false);
    } else {
        const zw_pack *pack = loaded.pack;
        (void)fprintf(io->out,
                      "%s: %zu areas, %zu measures, %zu indicators, %zu targets, %zu rules, %zu "
                      "alerts, %zu tests: no mistakes\n",
                      pack->folder, pack->area_count, pack->measure_count, pack->indicator_count,
                      pack->target_count, pack->rule_count, pack->alert_count, pack->test_count);
    }
    zw_loaded_fini(&loaded);
    return code;
}
