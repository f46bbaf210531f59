/*
 * `/api/v1/series`: what a declared name says of an area, period by period.
 *
 * A span is never read beyond what can have an answer: not before the first period that anything
 * under the name is known or expected for, and not after now. So a question about the year 1 costs
 * what its answer does.
 */
#include "serve/api_parts.h"
#include "serve/params.h"
#include "serve/reach.h"
#include "serve/shape.h"

#include <stdlib.h>
#include <string.h>

enum { POINTS_MOST = 100000, POINTS_AT_ONCE = 128 };

/* What is asked for. */
struct subject {
    const char *name;
    zw_node_id node;
    zw_list each; /* of a target: where it stands; else empty */
};

static zw_status unknown_name(const zw_pack *pack, const char *name, zw_err *err)
{
    zw_nearest nearest;
    zw_nearest_init(&nearest, zw_text_of(name));
    for (size_t i = 0; i < pack->measure_count; i++) {
        zw_nearest_try(&nearest, pack->measures[i].title.name);
    }
    for (size_t i = 0; i < pack->indicator_count; i++) {
        zw_nearest_try(&nearest, pack->indicators[i].title.name);
    }
    for (size_t i = 0; i < pack->target_count; i++) {
        zw_nearest_try(&nearest, pack->targets[i].title.name);
    }
    return zw_params_unknown("measure, indicator or target", name, &nearest, err);
}

static zw_status find_subject(const zw_ask *ask, struct subject *out, zw_err *err)
{
    const zw_pack *pack = ask->world->pack;
    uint32_t index = 0;
    *out = (struct subject){.name = zw_http_request_query(ask->request, "name")};
    if (out->name == NULL || out->name[0] == '\0') {
        return zw_err_set(err, ZW_INVALID, "name: say which measure, indicator or target");
    }
    zw_noun noun = zw_pack_find(pack, zw_text_of(out->name), &index);
    switch (noun) {
    case ZW_NOUN_MEASURE:
        out->node = pack->measures[index].node;
        return ZW_OK;
    case ZW_NOUN_INDICATOR:
        out->node = pack->indicators[index].node;
        return ZW_OK;
    case ZW_NOUN_TARGET:
        out->node = pack->targets[index].expr;
        out->each = (zw_list){pack->targets[index].each, pack->targets[index].each_count};
        return out->node != ZW_NODE_NONE
                   ? ZW_OK
                   : zw_err_set(err, ZW_INVALID, "target '%s' is not measurable", out->name);
    case ZW_NOUN_NONE:
        break;
    default:
        return zw_err_set(err, ZW_INVALID,
                          "'%s' is a %s: a measure, an indicator or a target has a series",
                          out->name, zw_noun_text(noun));
    }
    index = zw_pack_measure(pack, zw_text_of(out->name), NULL); /* by another name */
    if (index == ZW_NONE) {
        return unknown_name(pack, out->name, err);
    }
    out->name = pack->measures[index].title.name;
    out->node = pack->measures[index].node;
    return ZW_OK;
}

/* The earliest moment from which a measure under a node is expected. */
struct expected {
    const zw_ask *ask;
    uint32_t area;
    bool has_any;
    int64_t first_ms;
};

static void look_at_since(void *arg, uint32_t index)
{
    struct expected *expected = arg;
    const zw_pack *pack = expected->ask->world->pack;
    const zw_measure *measure = &pack->measures[index];
    if (!measure->has_since) {
        return;
    }
    int64_t at_ms = zw_stamp_start_ms(zw_pack_calendar(pack, expected->area), &measure->since);
    if (!expected->has_any || at_ms < expected->first_ms) {
        expected->first_ms = at_ms;
    }
    expected->has_any = true;
}

/* A series being written: one subject at one area. */
struct line {
    const zw_ask *ask;
    const struct subject *subject;
    uint32_t area;
    zw_node node; /* a copy: the pack's own may move while functions are called */
    const zw_calendar *calendar;
    bool has_known;
    zw_period first_known;
};

/* The periods to read: those asked for, of those that can have an answer. */
static zw_status find_span(const struct line *line, zw_span *out, zw_err *err)
{
    const zw_ask *ask = line->ask;
    bool has_from = false;
    bool has_to = false;
    int64_t from_ms = 0;
    int64_t to_ms = 0;
    zw_status status = zw_ask_moment(ask, "from", false, &has_from, &from_ms, err);
    status = status == ZW_OK ? zw_ask_moment(ask, "to", true, &has_to, &to_ms, err) : status;
    if (status != ZW_OK) {
        return status;
    }
    if (has_from && has_to && from_ms > to_ms) {
        return zw_err_set(err, ZW_INVALID, "from lies after to");
    }
    struct expected expected = {ask, line->area, false, 0};
    bool has_call = false;
    status = zw_graph_measures(ask->world->pack, line->subject->node, look_at_since, &expected,
                               &has_call, err);
    if (status != ZW_OK) {
        return status;
    }
    zw_period now = zw_eval_now(ask->eval, line->subject->node, line->area);
    zw_period first = line->has_known ? line->first_known : now + 1;
    if (expected.has_any) {
        zw_period since = zw_period_at(line->calendar, line->node.grid, expected.first_ms);
        first = since < first ? since : first;
    }
    zw_period from = has_from ? zw_period_at(line->calendar, line->node.grid, from_ms) : first;
    zw_period to = has_to ? zw_period_at(line->calendar, line->node.grid, to_ms) : now;
    *out = (zw_span){from > first ? from : first, to < now ? to : now};
    long long wanted = out->hi - out->lo + 1;
    if (wanted > POINTS_MOST) {
        return zw_err_set(err, ZW_INVALID,
                          "%lld periods are more than the %d of one answer: narrow them by from "
                          "and to",
                          wanted, POINTS_MOST);
    }
    return ZW_OK;
}

/* A period that nobody expects has no point. */
static bool is_expected(const struct line *line, zw_period p, const zw_cell *cell)
{
    switch (cell->reason) {
    case ZW_REASON_SKIPPED:
    case ZW_REASON_OUTSIDE_LIFE:
    case ZW_REASON_NOT_BEGUN:
    case ZW_REASON_NOT_HERE:
        return false;
    case ZW_REASON_NO_FIGURE:
        return line->has_known && p >= line->first_known;
    default:
        return true;
    }
}

static void put_point(const struct line *line, zw_period p, const zw_cell *cell, zw_json *json)
{
    zw_json_open(json, NULL, '{');
    zw_shape_period(json, "period", line->calendar, &line->node, p);
    zw_shape_cell(json, line->ask->eval, &line->node, line->area, cell);
    zw_json_close(json, '}');
}

static zw_status put_some(const struct line *line, zw_span span, zw_json *json, zw_err *err)
{
    zw_cell cells[POINTS_AT_ONCE];
    zw_status status =
        zw_eval_cells(line->ask->eval, line->subject->node, line->area, span, cells, err);
    for (zw_period p = span.lo; status == ZW_OK && p <= span.hi; p++) {
        zw_cell *cell = &cells[p - span.lo];
        status = zw_eval_veil(line->ask->eval, line->subject->node, line->area, p, cell, err);
        if (status == ZW_OK && is_expected(line, p, cell)) {
            put_point(line, p, cell, json);
        }
    }
    return status;
}

static zw_status put_points(const struct line *line, zw_json *json, zw_err *err)
{
    zw_span span = {0, 0};
    zw_status status = line->node.has_grid ? find_span(line, &span, err) : ZW_OK;
    while (status == ZW_OK && span.lo <= span.hi) {
        zw_period end = span.lo + POINTS_AT_ONCE - 1;
        zw_span some = {span.lo, end < span.hi ? end : span.hi};
        status = put_some(line, some, json, err);
        span.lo = some.hi + 1;
    }
    return status;
}

static zw_status put_line(const zw_ask *ask, const struct subject *subject, uint32_t area,
                          zw_json *json, zw_err *err)
{
    const zw_pack *pack = ask->world->pack;
    struct line line = {.ask = ask,
                        .subject = subject,
                        .area = area,
                        .node = *zw_pack_node(pack, subject->node),
                        .calendar = zw_pack_calendar(pack, area)};
    line.has_known =
        line.node.has_grid && zw_eval_first(ask->eval, subject->node, &line.first_known, area);
    zw_json_open(json, NULL, '{');
    zw_json_text(json, "name", subject->name);
    zw_json_text(json, "area", pack->areas[area].title.name);
    zw_json_open(json, "by", '{'); /* the total: nothing is narrowed */
    zw_json_close(json, '}');
    zw_shape_unit(json, "unit", &line.node);
    zw_shape_every(json, "every", &line.node);
    zw_json_open(json, "points", '[');
    zw_status status = put_points(&line, json, err);
    zw_json_close(json, ']');
    zw_json_close(json, '}');
    return status;
}

/* Without an area: a target where it stands, anything else in each zone it speaks of. */
static zw_status put_lines(const zw_ask *ask, const struct subject *subject, zw_json *json,
                           zw_err *err)
{
    const zw_pack *pack = ask->world->pack;
    zw_reach *reach = NULL;
    zw_reach_is *speaks = calloc(pack->area_count, sizeof(*speaks));
    if (speaks == NULL) {
        return zw_err_nomem(err);
    }
    zw_status status = zw_reach_create(pack, ask->world->store, &reach, err);
    status = status == ZW_OK ? zw_reach_of(reach, subject->node, speaks, err) : status;
    for (uint32_t i = 0; status == ZW_OK && i < pack->area_count; i++) {
        bool is_wanted = subject->each.count > 0
                             ? zw_list_has(subject->each, i)
                             : pack->areas[i].is_zone && speaks[i] != ZW_REACH_NO;
        if (is_wanted) {
            status = put_line(ask, subject, i, json, err);
        }
    }
    zw_reach_destroy(reach);
    free(speaks);
    return status;
}

zw_status zw_api_series(zw_ask *ask, zw_buf *data, zw_err *err)
{
    struct subject subject;
    zw_json json = zw_json_of(data);
    zw_status status = find_subject(ask, &subject, err);
    if (status != ZW_OK) {
        return status;
    }
    zw_json_open(&json, NULL, '[');
    status = ask->area != ZW_NONE ? put_line(ask, &subject, ask->area, &json, err)
                                  : put_lines(ask, &subject, &json, err);
    zw_json_close(&json, ']');
    return status;
}
