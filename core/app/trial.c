/* A trial. What is given is learned at its period's end unless it says when; states of alerts are
 * read as of a period's end. */
#include "app/trial.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { TEXT_CEILING = 64 * 1024 };

struct trial {
    zw_pack *pack;
    const zw_test *test;
    zw_engine *engine;
    zw_eval *eval; /* at `at_ms` */
    int64_t at_ms, now_ms;
    zw_buf *faults;
    size_t fault_count;
};

static int64_t trial_clock(void *arg)
{
    const struct trial *trial = arg;
    return trial->now_ms;
}

static zw_period period_on(const zw_calendar *calendar, const zw_stamp *stamp, zw_grid grid)
{
    if (stamp->is == ZW_STAMP_PERIOD && zw_grid_same(stamp->grid, grid)) {
        return stamp->period;
    }
    return zw_period_at(calendar, grid, zw_stamp_last_ms(calendar, stamp));
}

static zw_bound bound_of(const struct trial *trial, const zw_given *given)
{
    const zw_measure *measure = &trial->pack->measures[given->measure];
    const zw_calendar *calendar = zw_pack_calendar(trial->pack, given->area);
    zw_bound bound = {
        .measure = given->measure,
        .area = given->area,
        .dims = given->dims != NULL ? given->dims : "",
        .scope = given->scope != NULL ? given->scope : "",
        .source = "",
        .note = "",
        .period = period_on(calendar, &given->period, measure->grid),
        .value = given->has_value ? zw_unit_without_scale(given->value, &measure->unit) : 0};
    bound.known_at_ms = given->has_known_at
                            ? zw_stamp_start_ms(calendar, &given->known_at)
                            : zw_period_end_ms(calendar, measure->grid, bound.period);
    (void)zw_obs_status_parse((zw_text){&given->status, 1}, &bound.status);
    return bound;
}

static bool has_guard(const zw_pack *pack)
{
    for (size_t i = 0; i < pack->alert_count; i++) {
        if (zw_alert_is_guard(&pack->alerts[i])) {
            return true;
        }
    }
    return false;
}

/* By known_at; of one moment as they stand in the test. */
static void sort_rows(zw_bound *rows, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        zw_bound next = rows[i];
        size_t to = i;
        for (; to > 0 && rows[to - 1].known_at_ms > next.known_at_ms; to--) {
            rows[to] = rows[to - 1];
        }
        rows[to] = next;
    }
}

static void sort_items(zw_item_row *items, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        zw_item_row next = items[i];
        size_t to = i;
        for (; to > 0 && items[to - 1].known_at_ms > next.known_at_ms; to--) {
            items[to] = items[to - 1];
        }
        items[to] = next;
    }
}

/* The end of an expectation's period: as of then an alert's state is meant. */
static int64_t end_of(const struct trial *trial, const zw_expect *expect)
{
    const zw_calendar *calendar = zw_pack_calendar(trial->pack, expect->area);
    const zw_alert *alert = &trial->pack->alerts[expect->index];
    if (expect->noun != ZW_NOUN_ALERT || expect->period.is == ZW_STAMP_PERIOD) {
        return zw_stamp_last_ms(calendar, &expect->period) + 1;
    }
    /* A moment stands for the period of the alert's truths that holds it. */
    const zw_node *node = NULL;
    for (int s = 0; s < ZW_SEVERITY_COUNT && node == NULL; s++) {
        node = alert->when[s] != ZW_NODE_NONE ? zw_pack_node(trial->pack, alert->when[s]) : NULL;
    }
    zw_grid grid = node != NULL && node->has_grid ? node->grid : (zw_grid){ZW_DAY, 0};
    return zw_period_end_ms(calendar, grid, period_on(calendar, &expect->period, grid));
}

/* A register's row; without a moment of its own it is known from when it holds. */
static zw_item_row item_of(const struct trial *trial, const zw_given_item *given,
                           zw_item_field *fields)
{
    const zw_calendar *calendar = zw_pack_calendar(trial->pack, given->area);
    zw_item_row row = {.register_name = trial->pack->registers[given->reg].title.name,
                       .item = given->item,
                       .area = trial->pack->areas[given->area].title.name,
                       .state = given->state,
                       .source = "",
                       .note = "",
                       .fields = fields,
                       .field_count = given->field_count,
                       .at_ms = zw_stamp_start_ms(calendar, &given->at)};
    row.known_at_ms =
        given->has_known_at ? zw_stamp_start_ms(calendar, &given->known_at) : row.at_ms;
    for (size_t i = 0; i < given->field_count; i++) {
        fields[i] = (zw_item_field){given->fields[i].name, given->fields[i].text};
    }
    return row;
}

/* What a test is given, bound; made and freed together. */
struct given {
    zw_bound *rows;
    zw_item_row *items;
    zw_item_field *fields; /* of all items */
};

static bool bind_given(const struct trial *trial, struct given *out)
{
    const zw_test *test = trial->test;
    size_t field_count = 0;
    for (size_t i = 0; i < test->item_count; i++) {
        field_count += test->items[i].field_count;
    }
    out->rows = calloc(test->given_count + 1, sizeof(*out->rows));
    out->items = calloc(test->item_count + 1, sizeof(*out->items));
    out->fields = calloc(field_count + 1, sizeof(*out->fields));
    if (out->rows == NULL || out->items == NULL || out->fields == NULL) {
        return false;
    }
    for (size_t i = 0; i < test->given_count; i++) {
        out->rows[i] = bound_of(trial, &test->given[i]);
    }
    zw_item_field *fields = out->fields;
    for (size_t i = 0; i < test->item_count; i++) {
        out->items[i] = item_of(trial, &test->items[i], fields);
        fields += test->items[i].field_count;
    }
    return true;
}

static void later(int64_t *latest_ms, int64_t at_ms)
{
    *latest_ms = at_ms > *latest_ms ? at_ms : *latest_ms;
}

/* When the last of what is given was learned. */
static int64_t last_known_ms(const struct trial *trial, const struct given *given)
{
    int64_t last_ms = INT64_MIN;
    for (size_t i = 0; i < trial->test->given_count; i++) {
        later(&last_ms, given->rows[i].known_at_ms);
    }
    for (size_t i = 0; i < trial->test->item_count; i++) {
        later(&last_ms, given->items[i].known_at_ms);
    }
    return last_ms;
}

static void set_clock(struct trial *trial, const struct given *given)
{
    trial->at_ms = last_known_ms(trial, given);
    trial->now_ms = trial->at_ms;
    if (trial->test->has_at) {
        trial->at_ms = zw_stamp_last_ms(zw_pack_calendar(trial->pack, 0), &trial->test->at);
        later(&trial->now_ms, trial->at_ms);
    }
    for (size_t i = 0; i < trial->test->expect_count; i++) {
        const zw_expect *expect = &trial->test->expect[i];
        later(&trial->now_ms, expect->noun == ZW_NOUN_ALERT ? end_of(trial, expect) : INT64_MIN);
    }
}

static zw_status take(struct trial *trial, const zw_goods *goods, zw_err *err)
{
    zw_delivery delivery = {
        .source = "test", .name = trial->test->title.name, .format = "test", .digest = ""};
    return zw_engine_take(trial->engine, goods, &delivery, err);
}

/* When the next of what is left was learned; ZW_NEVER_MS when nothing is left. */
static int64_t next_known_ms(const zw_goods *left)
{
    assert(left->rows != NULL && left->items != NULL); /* empty arrays are there too */
    int64_t row_ms = left->row_count > 0 ? left->rows[0].known_at_ms : ZW_NEVER_MS;
    int64_t item_ms = left->item_count > 0 ? left->items[0].known_at_ms : ZW_NEVER_MS;
    return row_ms < item_ms ? row_ms : item_ms;
}

/* Takes what was learned at one moment off what is left. */
static zw_goods split_moment(zw_goods *left, int64_t known_at_ms)
{
    zw_goods out = {.rows = left->rows, .items = left->items};
    while (left->row_count > 0 && left->rows[0].known_at_ms == known_at_ms) {
        left->rows++;
        left->row_count--;
        out.row_count++;
    }
    while (left->item_count > 0 && left->items[0].known_at_ms == known_at_ms) {
        left->items++;
        left->item_count--;
        out.item_count++;
    }
    return out;
}

/* What a pack with guards is given arrives as it was known: the figures and items of one moment are
 * one delivery, and each has its turn before the next comes. */
static zw_status take_given(struct trial *trial, const struct given *given, zw_err *err)
{
    int64_t end_ms = trial->now_ms;
    zw_goods left = {
        given->rows, trial->test->given_count, given->items, trial->test->item_count, {NULL, 0}};
    if (!has_guard(trial->pack)) {
        return take(trial, &left, err);
    }
    zw_status status = ZW_OK;
    int64_t next_ms = next_known_ms(&left);
    while (status == ZW_OK && next_ms != ZW_NEVER_MS) {
        zw_goods moment = split_moment(&left, next_ms);
        trial->now_ms = next_ms;
        status = take(trial, &moment, err);
        next_ms = next_known_ms(&left);
        if (status == ZW_OK && next_ms != ZW_NEVER_MS) {
            status = zw_engine_turn(trial->engine, NULL, err);
        }
    }
    trial->now_ms = end_ms;
    return status;
}

static void put_expected(const zw_expect *expect, const zw_unit *show, zw_buf *out)
{
    char text[160];
    switch (expect->is) {
    case ZW_EXPECT_NUMBER:
        zw_buf_puts(out, zw_unit_show(expect->number, show, text, sizeof(text)));
        zw_buf_printf(out, " (%s)", zw_text_of_number(expect->number, text, sizeof(text)));
        break;
    case ZW_EXPECT_TRUTH:
        zw_buf_puts(out, expect->truth ? "true" : "false");
        break;
    case ZW_EXPECT_MISSING:
        zw_buf_puts(out, "missing");
        break;
    case ZW_EXPECT_UNKNOWN:
        zw_buf_puts(out, "unknown");
        break;
    default:
        zw_buf_puts(out, expect->text);
        break;
    }
}

static const char *name_of(const struct trial *trial, const zw_expect *expect, zw_buf *text)
{
    const zw_pack *pack = trial->pack;
    switch (expect->noun) {
    case ZW_NOUN_TARGET:
        return pack->targets[expect->index].title.name;
    case ZW_NOUN_ALERT:
        return pack->alerts[expect->index].title.name;
    case ZW_NOUN_RULE:
        return pack->rules[expect->index].title.name;
    default:
        zw_formula_text(pack, expect->node, text);
        return zw_buf_view(text);
    }
}

/* As the test wrote it: a period, or the moment that one below a day holds. */
static const char *said_period(const zw_calendar *calendar, const zw_stamp *stamp, char *out,
                               size_t size)
{
    return stamp->is == ZW_STAMP_PERIOD
               ? zw_period_text(calendar, stamp->grid, stamp->period, out, size)
               : zw_moment_text(calendar->tz, zw_stamp_start_ms(calendar, stamp), out, size);
}

/* Writes down that an expectation was not met. */
static void add_fault(struct trial *trial, const zw_expect *expect, const char *found)
{
    char period[48];
    zw_buf name;
    zw_unit plain = zw_unit_plain();
    zw_buf_init(&name, 4096);
    const zw_unit *show =
        expect->node != ZW_NODE_NONE ? &zw_pack_node(trial->pack, expect->node)->show : &plain;
    zw_problem where = {expect->where, ""};
    zw_pack_problem_text(trial->pack, &where, trial->faults);
    zw_buf_printf(trial->faults, "%s of %s in %s: expected ", name_of(trial, expect, &name),
                  trial->pack->areas[expect->area].title.name,
                  said_period(zw_pack_calendar(trial->pack, expect->area), &expect->period, period,
                              sizeof(period)));
    put_expected(expect, show, trial->faults);
    zw_buf_printf(trial->faults, ", found %s\n", found);
    trial->fault_count++;
    zw_buf_fini(&name);
}

static bool is_met(const struct trial *trial, const zw_expect *expect, const zw_cell *cell)
{
    if (!zw_cell_stands(cell)) {
        return expect->is == ZW_EXPECT_MISSING || expect->is == ZW_EXPECT_UNKNOWN;
    }
    if (expect->is == ZW_EXPECT_TRUTH) {
        return (cell->value != 0) == expect->truth;
    }
    if (expect->is == ZW_EXPECT_TEXT) {
        return strcmp(zw_eval_text(trial->eval, cell), expect->text) == 0;
    }
    double most = expect->tolerance >= 0 ? expect->tolerance
                                         : 1e-9 * fmax(fabs(expect->number), fabs(cell->value));
    return expect->is == ZW_EXPECT_NUMBER && fabs(cell->value - expect->number) <= most;
}

/* What an expression reads. */
struct reading {
    bool figures, items;
};

static void note_figures(void *arg, uint32_t measure)
{
    (void)measure;
    ((struct reading *)arg)->figures = true;
}

static void note_items(void *arg, uint32_t reg)
{
    (void)reg;
    ((struct reading *)arg)->items = true;
}

static zw_status note_reading(const struct trial *trial, zw_node_id node, struct reading *out,
                              zw_err *err)
{
    bool has_call = false;
    zw_status status = zw_graph_measures(trial->pack, node, note_figures, out, &has_call, err);
    out->figures = out->figures || has_call;
    return status == ZW_OK ? zw_graph_registers(trial->pack, node, note_items, out, err) : status;
}

/* Items stand as they are until a row says otherwise: without `at`, what is expected of them in a
 * later period is as of its end. */
static zw_status look_at(struct trial *trial, const zw_expect *expect, zw_err *err)
{
    struct reading reads = {false, false};
    int64_t as_of_ms = trial->at_ms;
    zw_status status = note_reading(trial, expect->node, &reads, err);
    if (status == ZW_OK && reads.items && !trial->test->has_at) {
        later(&as_of_ms, end_of(trial, expect));
    }
    return status == ZW_OK ? zw_eval_move(trial->eval, as_of_ms, err) : status;
}

static zw_status check_value(struct trial *trial, const zw_expect *expect, zw_err *err)
{
    const zw_node *node = zw_pack_node(trial->pack, expect->node);
    zw_period p = node->has_grid ? period_on(zw_pack_calendar(trial->pack, expect->area),
                                             &expect->period, node->grid)
                                 : 0;
    zw_cell cell;
    zw_status status = look_at(trial, expect, err);
    status = status == ZW_OK ? zw_eval_cell(trial->eval, expect->node, expect->area, p, &cell, err)
                             : status;
    if (status != ZW_OK || is_met(trial, expect, &cell)) {
        return status;
    }
    zw_buf found;
    char number[40];
    zw_buf_init(&found, TEXT_CEILING);
    zw_eval_show(trial->eval, expect->node, expect->area, &cell, &found);
    if (zw_cell_stands(&cell) && expect->is == ZW_EXPECT_NUMBER) {
        zw_buf_printf(&found, " (%s)", zw_text_of_number(cell.value, number, sizeof(number)));
    }
    add_fault(trial, expect, zw_buf_view(&found));
    zw_buf_fini(&found);
    return ZW_OK;
}

static zw_status check_verdict(struct trial *trial, const zw_expect *expect, zw_err *err)
{
    const zw_target *target = &trial->pack->targets[expect->index];
    for (size_t i = 0; i < target->dated_count; i++) {
        const zw_stamp *when = &target->dated[i].when;
        if (!zw_grid_same(when->grid, expect->period.grid) ||
            when->period != expect->period.period) {
            continue;
        }
        zw_judged judged;
        zw_status status =
            zw_eval_verdict(trial->eval, expect->index, expect->area, i, &judged, err);
        if (status == ZW_OK && strcmp(zw_verdict_text(judged.verdict), expect->text) != 0) {
            add_fault(trial, expect, zw_verdict_text(judged.verdict));
        }
        return status;
    }
    if (target->dated_count == 0 &&
        strcmp(expect->text, zw_verdict_text(ZW_VERDICT_NOT_MEASURABLE)) == 0) {
        return ZW_OK;
    }
    add_fault(trial, expect, "no value dated there");
    return ZW_OK;
}

/* The worst state among an alert's instances at an area. */
struct worst {
    const struct trial *trial;
    const zw_expect *expect;
    int rank;
    const char *text;
};

static int rank_of(const zw_alert_state *state)
{
    switch (state->is) {
    case ZW_ALERT_FIRING:
        return 10 + (int)state->severity;
    case ZW_ALERT_PENDING:
        return 2;
    case ZW_ALERT_UNKNOWN:
        return 1;
    default:
        return 0;
    }
}

static zw_status take_worst(void *arg, const zw_alert_event *event, zw_err *err)
{
    (void)err;
    struct worst *worst = arg;
    const zw_pack *pack = worst->trial->pack;
    const zw_alert *alert = &pack->alerts[worst->expect->index];
    uint32_t area = zw_pack_area(pack, zw_text_of(event->key.area), NULL);
    bool is_there = area == worst->expect->area;
    if (alert->has_items && area != ZW_NONE) { /* of the items there and in it */
        is_there = zw_pack_is_inside(pack, area, worst->expect->area);
    }
    bool is_asked = is_there && strcmp(event->key.alert, alert->title.name) == 0;
    if (is_asked && rank_of(&event->state) > worst->rank) {
        worst->rank = rank_of(&event->state);
        worst->text = zw_alert_state_text(&event->state);
    }
    return ZW_OK;
}

static zw_status check_alert(struct trial *trial, const zw_expect *expect, zw_err *err)
{
    struct worst worst = {trial, expect, 0, "ok"};
    struct reading reads = {false, false};
    zw_status status = ZW_OK;
    for (int s = 0; status == ZW_OK && s < ZW_SEVERITY_COUNT; s++) {
        zw_node_id when = trial->pack->alerts[expect->index].when[s];
        status = when != ZW_NODE_NONE ? note_reading(trial, when, &reads, err) : ZW_OK;
    }
    /* A period's figures are learned at its end, and belong to it. What items say from that moment
     * on belongs to the next one. */
    int64_t as_of_ms = end_of(trial, expect) - (reads.items && !reads.figures ? 1 : 0);
    status = status == ZW_OK ? zw_ledger_states(zw_engine_ledger(trial->engine), as_of_ms,
                                                take_worst, &worst, err)
                             : status;
    if (status == ZW_OK && strcmp(worst.text, expect->text) != 0) {
        add_fault(trial, expect, worst.text);
    }
    return status;
}

static zw_status check_all(struct trial *trial, zw_err *err)
{
    zw_status status = ZW_OK;
    for (size_t i = 0; status == ZW_OK && i < trial->test->expect_count; i++) {
        const zw_expect *expect = &trial->test->expect[i];
        if (expect->noun == ZW_NOUN_TARGET && expect->is == ZW_EXPECT_TEXT) {
            status = zw_eval_move(trial->eval, trial->at_ms, err);
            status = status == ZW_OK ? check_verdict(trial, expect, err) : status;
        } else if (expect->noun == ZW_NOUN_ALERT) {
            status = check_alert(trial, expect, err);
        } else {
            status = check_value(trial, expect, err);
        }
    }
    return status;
}

zw_status zw_trial_run(zw_pack *pack, zw_script *script, const zw_test *test, zw_buf *faults,
                       size_t *fault_count, zw_err *err)
{
    struct trial trial = {.pack = pack, .test = test, .faults = faults};
    struct given given = {NULL, NULL, NULL};
    bool is_bound = bind_given(&trial, &given);
    zw_engine_options options = {
        .db = ":memory:", .mode = ZW_DB_WRITE, .now_ms = trial_clock, .clock_arg = &trial};
    if (is_bound) {
        set_clock(&trial, &given);
    }
    int64_t end_ms = trial.now_ms;
    if (is_bound && has_guard(pack)) { /* time begins with what is given */
        sort_rows(given.rows, test->given_count);
        sort_items(given.items, test->item_count);
        zw_goods all = {given.rows, test->given_count, given.items, test->item_count, {NULL, 0}};
        int64_t first_ms = next_known_ms(&all);
        trial.now_ms = first_ms != ZW_NEVER_MS ? first_ms : end_ms;
    }
    zw_status status =
        is_bound ? zw_engine_open(pack, script, &options, &trial.engine, err) : zw_err_nomem(err);
    trial.now_ms = end_ms;
    status = status == ZW_OK ? take_given(&trial, &given, err) : status;
    status = status == ZW_OK ? zw_engine_turn(trial.engine, NULL, err) : status;
    status =
        status == ZW_OK ? zw_engine_eval_at(trial.engine, trial.at_ms, &trial.eval, err) : status;
    status = status == ZW_OK ? check_all(&trial, err) : status;
    zw_eval_destroy(trial.eval);
    zw_engine_close(trial.engine);
    free(given.rows);
    free(given.items);
    free(given.fields);
    *fault_count = trial.fault_count;
    return status;
}
