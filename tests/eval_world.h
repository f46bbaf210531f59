/** A world for the tests of the indicator room: a pack from text, a store in memory, figures by
 * name, answers as text. */
#ifndef ZW_TESTS_EVAL_WORLD_H
#define ZW_TESTS_EVAL_WORLD_H

#include "failing_alloc.h"
#include "indicator/eval.h"
#include "indicator/inside.h"
#include "intake/batch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct world {
    zw_pack *pack;
    zw_script *script;
    zw_store *store;
    zw_eval *eval;
    int64_t batch;
};

/** One figure: value NAN withdraws. `dims` may end with "scope=2". `known` is a day in UTC; NULL:
 * 2030-01-01. */
struct figure_row {
    const char *measure, *area, *dims, *period;
    double value;
    const char *known;
    char status; /* 0: 'A' */
    bool is_synthetic;
};

/** One question and its answer as people read it. */
struct answer_row {
    const char *why, *expression, *area, *period, *answer;
};

#define WORLD_NOW_MS INT64_C(1893456000000) /* 2030-01-01 */

static inline int64_t world_moment(const char *day)
{
    zw_stamp stamp;
    zw_err err = {ZW_OK, ""};
    if (zw_stamp_parse(zw_text_of(day), &stamp, &err) != ZW_OK) {
        fail_msg("%s: %s", day, err.text);
    }
    return stamp.is == ZW_STAMP_MOMENT ? stamp.at_ms : stamp.period * INT64_C(86400000);
}

static inline void world_open(struct world *world, const char *text)
{
    zw_err err = {ZW_OK, ""};
    memset(world, 0, sizeof(*world));
    if (zw_script_load_text("test.lua", zw_text_of(text), NULL, &world->pack, &world->script,
                            &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
    for (size_t i = 0; i < world->pack->problem_count; i++) {
        fail_msg("line %u: %s", world->pack->problems[i].where.line, world->pack->problems[i].text);
    }
    if (zw_store_open(":memory:", ZW_DB_WRITE, &world->store, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
    zw_eval_world on = {world->pack, world->script, world->store, NULL};
    if (zw_eval_create(&on, WORLD_NOW_MS, &world->eval, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
}

static inline void world_close(struct world *world)
{
    zw_eval_destroy(world->eval);
    zw_store_close(world->store);
    zw_script_destroy(world->script);
    zw_pack_destroy(world->pack);
}

/** The period of `grid` that a text names: a moment's is the one that holds it. */
static inline zw_status world_period(const struct world *world, uint32_t area, zw_grid grid,
                                     const char *text, zw_period *out, zw_err *err)
{
    const zw_calendar *calendar = zw_pack_calendar(world->pack, area);
    zw_stamp stamp;
    zw_status status = zw_stamp_parse(zw_text_of(text), &stamp, err);
    if (status == ZW_OK) {
        *out = stamp.is == ZW_STAMP_PERIOD
                   ? stamp.period
                   : zw_period_at(calendar, grid, zw_stamp_start_ms(calendar, &stamp));
    }
    return status;
}

static inline zw_status world_put_row(struct world *world, const struct figure_row *row,
                                      zw_err *err)
{
    const zw_measure *measure =
        &world->pack->measures[zw_pack_measure(world->pack, zw_text_of(row->measure), NULL)];
    uint32_t area = zw_pack_area(world->pack, zw_text_of(row->area), NULL);
    zw_period period = 0;
    zw_status status = world_period(world, area, measure->grid, row->period, &period, err);
    bool is_withdrawn = row->value != row->value;
    zw_figure figure = {.known_at_ms = row->known != NULL ? world_moment(row->known) : WORLD_NOW_MS,
                        .batch = world->batch,
                        .line = 1,
                        .is_synthetic = row->is_synthetic};
    figure.value = is_withdrawn ? 0 : zw_unit_without_scale(row->value, &measure->unit);
    zw_obs_status letter = ZW_OBS_NORMAL;
    if (row->status != 0) {
        (void)zw_obs_status_parse((zw_text){&row->status, 1}, &letter);
    }
    figure.status = (uint8_t)(is_withdrawn ? ZW_OBS_MISSING : letter);
    char dims[256];
    (void)snprintf(dims, sizeof(dims), "%s", row->dims != NULL ? row->dims : "");
    char *scope = strstr(dims, "scope=");
    zw_series key = {measure->title.name, world->pack->areas[area].title.name, dims,
                     scope != NULL ? scope + strlen("scope=") : ""};
    if (scope != NULL) {
        scope[scope > dims ? -1 : 0] = '\0';
    }
    zw_series_id id = ZW_SERIES_NONE;
    zw_change change = ZW_CHANGE_NEW;
    status =
        status == ZW_OK ? zw_series_ensure(zw_store_series(world->store), &key, &id, err) : status;
    return status == ZW_OK ? zw_store_put(world->store, id, period, &figure, &change, err) : status;
}

/** Puts figures as one delivery; the evaluation learns them as if they had just come. */
static inline void world_put(struct world *world, const struct figure_row *rows, size_t count)
{
    zw_err err = {ZW_OK, ""};
    zw_delivery delivery = {.source = "test", .name = "", .format = "csv", .digest = ""};
    zw_status status = zw_store_begin(world->store, &err);
    status = status == ZW_OK ? zw_store_deliver(world->store, &delivery, &err) : status;
    world->batch = delivery.id;
    for (size_t i = 0; status == ZW_OK && i < count; i++) {
        status = world_put_row(world, &rows[i], &err);
    }
    status = status == ZW_OK ? zw_store_commit(world->store, &err) : status;
    if (status != ZW_OK) {
        fail_msg("%s", err.text);
    }
    zw_eval_forget(world->eval);
}

static inline void world_as_of(struct world *world, const char *day)
{
    zw_err err = {ZW_OK, ""};
    if (zw_eval_move(world->eval, day != NULL ? world_moment(day) : WORLD_NOW_MS, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
}

static inline zw_node_id world_node(struct world *world, const char *expression)
{
    zw_node_id node = ZW_NODE_NONE;
    zw_err err = {ZW_OK, ""};
    if (zw_script_expression(world->script, zw_text_of(expression), &node, &err) != ZW_OK) {
        fail_msg("%s: %s", expression, err.text);
    }
    return node;
}

static inline zw_cell world_cell(struct world *world, const char *expression, const char *area,
                                 const char *period)
{
    zw_node_id node = world_node(world, expression);
    zw_period at = 0;
    zw_cell cell = zw_cell_missing(ZW_REASON_NO_FIGURE);
    zw_err err = {ZW_OK, ""};
    uint32_t index = zw_pack_area(world->pack, zw_text_of(area), NULL);
    zw_status status =
        world_period(world, index, zw_pack_node(world->pack, node)->grid, period, &at, &err);
    status = status == ZW_OK ? zw_eval_cell(world->eval, node, index, at, &cell, &err) : status;
    if (status != ZW_OK) {
        fail_msg("%s: %s", expression, err.text);
    }
    return cell;
}

/** The answer as people read it, into `out`. */
static inline const char *world_says(struct world *world, const char *expression, const char *area,
                                     const char *period, char *out, size_t size)
{
    zw_cell cell = world_cell(world, expression, area, period);
    zw_buf text;
    zw_buf_init(&text, 4096);
    zw_eval_show(world->eval, world_node(world, expression),
                 zw_pack_area(world->pack, zw_text_of(area), NULL), &cell, &text);
    (void)snprintf(out, size, "%s", zw_buf_view(&text));
    zw_buf_fini(&text);
    return out;
}

static inline void world_answers(struct world *world, const struct answer_row *rows, size_t count)
{
    char text[512];
    for (size_t i = 0; i < count; i++) {
        world_says(world, rows[i].expression, rows[i].area, rows[i].period, text, sizeof(text));
        if (strcmp(text, rows[i].answer) != 0) {
            fail_msg("%s\n  %s at %s in %s\n  expected: %s\n  found:    %s", rows[i].why,
                     rows[i].expression, rows[i].area, rows[i].period, rows[i].answer, text);
        }
    }
}

/** One question at one moment. */
struct step_row {
    const char *why, *as_of, *expression, *area, *period, *answer;
};

/** Moves from row to row, so that what one learns must make what another read stale; and asks each
 * again of an evaluation that computed nothing before. */
static inline void world_steps(struct world *world, const struct step_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct answer_row row = {rows[i].why, rows[i].expression, rows[i].area, rows[i].period,
                                 rows[i].answer};
        world_as_of(world, rows[i].as_of);
        world_answers(world, &row, 1);
    }
    for (size_t i = 0; i < count; i++) {
        struct world cold = *world;
        zw_eval_world on = {world->pack, world->script, world->store, NULL};
        struct answer_row row = {rows[i].why, rows[i].expression, rows[i].area, rows[i].period,
                                 rows[i].answer};
        zw_err err = {ZW_OK, ""};
        if (zw_eval_create(&on, world_moment(rows[i].as_of), &cold.eval, &err) != ZW_OK) {
            fail_msg("%s", err.text);
        }
        world_answers(&cold, &row, 1);
        zw_eval_destroy(cold.eval);
    }
}

/** Every answer again, from nothing, with the n-th allocation refused for every n: no memory is
 * told, or what it was wanted for is done without it; nothing is made up. */
static inline void world_bears_no_memory(struct world *world, const struct answer_row *rows,
                                         size_t count)
{
    for (size_t i = 0; i < count; i++) {
        zw_node_id node = world_node(world, rows[i].expression);
        uint32_t area = zw_pack_area(world->pack, zw_text_of(rows[i].area), NULL);
        zw_stamp stamp;
        zw_err err = {ZW_OK, ""};
        assert_int_equal(zw_stamp_parse(zw_text_of(rows[i].period), &stamp, &err), ZW_OK);
        zw_cell right = world_cell(world, rows[i].expression, rows[i].area, rows[i].period);
        bool was_refused = true;
        for (long n = 0; was_refused; n++) {
            zw_eval *fresh = NULL;
            zw_cell cell;
            zw_eval_world on = {world->pack, world->script, world->store, NULL};
            assert_int_equal(zw_eval_create(&on, world->eval->as_of_ms, &fresh, &err), ZW_OK);
            failing_alloc_after(n);
            zw_status status = zw_eval_cell(fresh, node, area, stamp.period, &cell, &err);
            was_refused = failing_alloc_stop();
            bool is_text = zw_pack_node(world->pack, node)->type == ZW_TYPE_TEXT;
            bool is_right =
                status != ZW_OK || (cell.reason == right.reason &&
                                    (is_text ? strcmp(zw_eval_text(fresh, &cell),
                                                      zw_eval_text(world->eval, &right)) == 0
                                             : cell.value == right.value));
            if (!is_right) {
                fail_msg("%s: refused memory number %ld went unnoticed", rows[i].expression, n);
            }
            zw_eval_destroy(fresh);
        }
    }
}

/** One pack, its figures, and every answer worked out by hand. */
static inline void world_check(const char *text, const struct figure_row *figures,
                               size_t figure_count, const struct answer_row *answers,
                               size_t answer_count)
{
    struct world world;
    world_open(&world, text);
    world_put(&world, figures, figure_count);
    world_answers(&world, answers, answer_count);
    world_close(&world);
}

#define ROWS(rows) (rows), sizeof(rows) / sizeof((rows)[0])

#endif
