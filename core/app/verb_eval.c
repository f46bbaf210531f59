/* `eval`: any expression of the language over the stored figures, at one period, over several, or
 * the newest. */
#include "app/then.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_CEILING = 64 * 1024 };

/* What was asked. */
struct question {
    const char *db, *area, *period, *from, *to, *as_of;
    bool is_json;
};

/* What it is asked of. */
struct asked {
    const zw_pack *pack;
    zw_eval *eval;
    zw_node_id node;
    uint32_t area;
    const zw_io *io;
    bool is_json;
};

static zw_status period_of(const struct asked *asked, const char *text, bool is_end, zw_period *out,
                           zw_err *err)
{
    const zw_node *node = zw_pack_node(asked->pack, asked->node);
    const zw_calendar *calendar = zw_pack_calendar(asked->pack, asked->area);
    zw_stamp stamp;
    zw_status status = zw_stamp_parse(zw_text_of(text), &stamp, err);
    if (status != ZW_OK) {
        return status;
    }
    bool is_range = stamp.is == ZW_STAMP_PERIOD && zw_grid_compare(stamp.grid, node->grid) >= 0;
    if (!is_range && node->grid.every != ZW_SUBDAY) {
        char grid[24];
        return zw_err_set(err, ZW_INVALID, "'%s' is no %s", text,
                          zw_grid_name(node->grid, grid, sizeof(grid)));
    }
    int64_t at_ms =
        is_end ? zw_stamp_last_ms(calendar, &stamp) : zw_stamp_start_ms(calendar, &stamp);
    *out = zw_period_at(calendar, node->grid, at_ms);
    return ZW_OK;
}

static void print_json(const struct asked *asked, const char *period, const zw_cell *cell)
{
    zw_buf shown;
    zw_buf why;
    char unit[96];
    const zw_node *node = zw_pack_node(asked->pack, asked->node);
    zw_buf_init(&shown, TEXT_CEILING);
    zw_buf_init(&why, TEXT_CEILING);
    zw_eval_show(asked->eval, asked->node, asked->area, cell, &shown);
    zw_eval_why(asked->eval, asked->area, cell, &why);
    json_t *value = !zw_cell_stands(cell)         ? json_null()
                    : node->type == ZW_TYPE_TRUTH ? json_boolean(cell->value != 0)
                    : node->type == ZW_TYPE_TEXT  ? json_string(zw_eval_text(asked->eval, cell))
                                                  : json_real(cell->value);
    json_t *object = json_pack(
        "{s:s, s:s, s:o, s:s, s:s, s:b}", "area", asked->pack->areas[asked->area].title.name,
        "period", period, "value", value, "unit", zw_unit_text(&node->unit, unit, sizeof(unit)),
        "shown", zw_buf_view(&shown), "synthetic", (cell->marks & ZW_MARK_SYNTHETIC) != 0);
    if (object != NULL && why.len > 0) {
        (void)json_object_set_new(object, "why", json_string(zw_buf_view(&why)));
    }
    char *text = json_dumps(object, JSON_COMPACT);
    (void)fprintf(asked->io->out, "%s\n", text != NULL ? text : "{}");
    free(text);
    json_decref(object);
    zw_buf_fini(&shown);
    zw_buf_fini(&why);
}

/* One answer; with its period in front unless that was asked for. */
static void print_cell(const struct asked *asked, zw_period p, const zw_cell *cell,
                       bool says_period)
{
    const zw_node *node = zw_pack_node(asked->pack, asked->node);
    char period[48] = "";
    if (node->has_grid) {
        zw_period_text(zw_pack_calendar(asked->pack, asked->area), node->grid, p, period,
                       sizeof(period));
    }
    if (asked->is_json) {
        print_json(asked, period, cell);
        return;
    }
    zw_buf text;
    zw_buf_init(&text, TEXT_CEILING);
    zw_eval_show(asked->eval, asked->node, asked->area, cell, &text);
    (void)fprintf(asked->io->out, "%s%s%s\n", says_period ? period : "",
                  says_period && period[0] != '\0' ? "  " : "", zw_buf_view(&text));
    zw_buf_fini(&text);
}

/* The cell of a period as it may be shown. */
static zw_status read_shown(const struct asked *asked, zw_period p, zw_cell *out, zw_err *err)
{
    zw_status status = zw_eval_cell(asked->eval, asked->node, asked->area, p, out, err);
    return status == ZW_OK ? zw_eval_veil(asked->eval, asked->node, asked->area, p, out, err)
                           : status;
}

static zw_status print_span(const struct asked *asked, const struct question *question, zw_err *err)
{
    zw_period first = 0;
    zw_period last = zw_eval_now(asked->eval, asked->node, asked->area);
    if (!zw_eval_first(asked->eval, asked->node, &first, asked->area)) {
        first = last;
    }
    zw_status status =
        question->from != NULL ? period_of(asked, question->from, false, &first, err) : ZW_OK;
    status = status == ZW_OK && question->to != NULL
                 ? period_of(asked, question->to, true, &last, err)
                 : status;
    for (zw_period p = first; status == ZW_OK && p <= last; p++) {
        zw_cell cell;
        status = read_shown(asked, p, &cell, err);
        if (status == ZW_OK) {
            print_cell(asked, p, &cell, true);
        }
    }
    return status;
}

static zw_status print_one(const struct asked *asked, const struct question *question, zw_err *err)
{
    zw_period p = 0;
    zw_cell cell;
    if (question->period != NULL && zw_pack_node(asked->pack, asked->node)->has_grid) {
        zw_stamp stamp;
        zw_status status = period_of(asked, question->period, true, &p, err);
        status =
            status == ZW_OK ? zw_stamp_parse(zw_text_of(question->period), &stamp, err) : status;
        if (status == ZW_OK && stamp.is == ZW_STAMP_PERIOD &&
            !zw_grid_same(stamp.grid, zw_pack_node(asked->pack, asked->node)->grid)) {
            char grid[24];
            return zw_err_set(
                err, ZW_INVALID, "'%s' is no %s", question->period,
                zw_grid_name(zw_pack_node(asked->pack, asked->node)->grid, grid, sizeof(grid)));
        }
        status = status == ZW_OK ? read_shown(asked, p, &cell, err) : status;
        if (status == ZW_OK) {
            print_cell(asked, p, &cell, false);
        }
        return status;
    }
    zw_front newest;
    zw_status status = zw_eval_newest(asked->eval, asked->node, asked->area, &newest, err);
    status = status == ZW_OK ? zw_eval_veil(asked->eval, asked->node, asked->area, newest.period,
                                            &newest.cell, err)
                             : status;
    if (status == ZW_OK) {
        print_cell(asked,
                   newest.has_period ? newest.period
                                     : zw_eval_now(asked->eval, asked->node, asked->area),
                   &newest.cell, true);
    }
    return status;
}

static zw_status answer(zw_loaded *loaded, const struct question *question, const char *expression,
                        const zw_io *io, zw_err *err)
{
    struct asked asked = {.pack = loaded->pack, .io = io, .is_json = question->is_json};
    int64_t as_of_ms = 0;
    zw_status status = zw_engine_area(loaded->engine, question->area, &asked.area, err);
    status = status == ZW_OK
                 ? zw_script_expression(loaded->script, zw_text_of(expression), &asked.node, err)
                 : status;
    as_of_ms = zw_engine_now_ms(loaded->engine);
    if (status == ZW_OK && question->as_of != NULL) {
        status = zw_engine_as_of(loaded->engine, question->as_of, asked.area, &as_of_ms, err);
    }
    status =
        status == ZW_OK ? zw_engine_eval_at(loaded->engine, as_of_ms, &asked.eval, err) : status;
    if (status == ZW_OK) {
        bool is_span = question->from != NULL || question->to != NULL;
        status = is_span ? print_span(&asked, question, err) : print_one(&asked, question, err);
    }
    zw_eval_destroy(asked.eval);
    return status;
}

int zw_verb_eval(int argc, char **argv, const zw_io *io)
{
    struct question question = {.db = "zonewatch.db"};
    const zw_option options[] = {
        {"db", &question.db, NULL},         {"area", &question.area, NULL},
        {"period", &question.period, NULL}, {"from", &question.from, NULL},
        {"to", &question.to, NULL},         {"as-of", &question.as_of, NULL},
        {"json", NULL, &question.is_json}};
    zw_rest rest;
    zw_err err;
    zw_status status =
        zw_args_read(argc, argv, options, sizeof(options) / sizeof(options[0]), &rest, &err);
    if (status == ZW_OK && rest.count != 2) {
        status = zw_err_set(&err, ZW_INVALID, "expected a PACK and an EXPR");
    }
    if (status == ZW_OK && question.period != NULL &&
        (question.from != NULL || question.to != NULL)) {
        status = zw_err_set(&err, ZW_INVALID, "either --period, or --from and --to");
    }
    if (status != ZW_OK) {
        return zw_verb_failed(io, "eval", &err, true);
    }
    zw_loaded loaded = {NULL, NULL, NULL, {0}};
    status = zw_loaded_named(&loaded, rest.at[0], question.db, io, &err);
    status =
        status == ZW_OK ? zw_loaded_engine(&loaded, question.db, ZW_DB_READ, io, &err) : status;
    status = status == ZW_OK ? answer(&loaded, &question, rest.at[1], io, &err) : status;
    int code = status == ZW_OK ? ZW_EXIT_OK : zw_verb_failed(io, "eval", &err, false);
    zw_loaded_fini(&loaded);
    return code;
}
