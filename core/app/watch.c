/* The embedding face: a pack, its script and an engine held together for a program that wants no
 * more than that. */
#include "app/engine.h"

#include <stdlib.h>
#include <string.h>

struct zw_watch {
    zw_pack *pack;
    zw_script *script;
    zw_engine *engine;
    zw_buf shown, why, period; /* of the last value read */
    void (*log)(void *arg, int level, const char *line);
    void *log_arg;
};

enum { TEXT_CEILING = 1024 * 1024 };

static void watch_on_log(void *arg, zw_log_level level, const char *line)
{
    const zw_watch *watch = arg;
    watch->log(watch->log_arg, (int)level, line);
}

static zw_status load_pack(zw_watch *watch, const zw_options *options, zw_err *err)
{
    zw_status status =
        zw_script_load(options->pack, options->shared, NULL, &watch->pack, &watch->script, err);
    if (status != ZW_OK || watch->pack->problem_count == 0) {
        return status;
    }
    zw_buf text;
    zw_buf_init(&text, TEXT_CEILING);
    zw_pack_problem_text(watch->pack, &watch->pack->problems[0], &text);
    status = zw_err_set(err, ZW_INVALID, "%s", zw_buf_view(&text));
    zw_buf_fini(&text);
    return status;
}

zw_status zw_open(const zw_options *options, zw_watch **out, zw_err *err)
{
    *out = NULL;
    if (options->pack == NULL || options->now_ms == NULL) {
        return zw_err_set(err, ZW_INVALID, "a pack and a clock are required");
    }
    zw_watch *watch = calloc(1, sizeof(*watch));
    if (watch == NULL) {
        return zw_err_nomem(err);
    }
    zw_buf_init(&watch->shown, TEXT_CEILING);
    zw_buf_init(&watch->why, TEXT_CEILING);
    zw_buf_init(&watch->period, TEXT_CEILING);
    watch->log = options->log;
    watch->log_arg = options->log_arg;
    zw_engine_options inside = {.db = options->db != NULL ? options->db : ":memory:",
                                .mode = options->is_read_only ? ZW_DB_READ : ZW_DB_WRITE,
                                .now_ms = options->now_ms,
                                .clock_arg = options->clock_arg};
    if (options->log != NULL) {
        inside.log = (zw_log){.write = watch_on_log, .arg = watch, .least = ZW_LOG_INFO};
    }
    zw_status status = load_pack(watch, options, err);
    status = status == ZW_OK
                 ? zw_engine_open(watch->pack, watch->script, &inside, &watch->engine, err)
                 : status;
    if (status != ZW_OK) {
        zw_close(watch);
        return status;
    }
    *out = watch;
    return ZW_OK;
}

void zw_close(zw_watch *watch)
{
    if (watch == NULL) {
        return;
    }
    zw_engine_close(watch->engine);
    zw_script_destroy(watch->script);
    zw_pack_destroy(watch->pack);
    zw_buf_fini(&watch->shown);
    zw_buf_fini(&watch->why);
    zw_buf_fini(&watch->period);
    free(watch);
}

zw_status zw_feed(zw_watch *watch, const void *bytes, size_t len, const zw_feed_options *options,
                  const zw_fed **fed, zw_err *err)
{
    static const zw_feed_options plain = {0};
    return zw_engine_feed(watch->engine, bytes, len, options != NULL ? options : &plain, fed, err);
}

zw_status zw_turn(zw_watch *watch, zw_err *err)
{
    return zw_engine_turn(watch->engine, NULL, err);
}

int64_t zw_next_ms(const zw_watch *watch)
{
    return zw_engine_next_ms(watch->engine);
}

/* An evaluation at an as-of: the engine's own for now, else a fresh one that the caller destroys.
 */
static zw_status eval_for(zw_watch *watch, const char *as_of, uint32_t area, zw_eval **out,
                          zw_eval **fresh, zw_err *err)
{
    *fresh = NULL;
    *out = zw_engine_eval(watch->engine);
    if (as_of == NULL) {
        return ZW_OK;
    }
    int64_t at_ms = 0;
    zw_status status = zw_engine_as_of(watch->engine, as_of, area, &at_ms, err);
    status = status == ZW_OK ? zw_engine_eval_at(watch->engine, at_ms, fresh, err) : status;
    *out = *fresh;
    return status;
}

/* The period a text names on the node's grid. */
static zw_status find_period(const zw_pack *pack, const zw_node *node, uint32_t area,
                             const char *text, zw_period *out, zw_err *err)
{
    zw_stamp stamp;
    char grid[24];
    zw_status status = zw_stamp_parse(zw_text_of(text), &stamp, err);
    if (status != ZW_OK) {
        return status;
    }
    if (stamp.is == ZW_STAMP_PERIOD && zw_grid_same(stamp.grid, node->grid)) {
        *out = stamp.period;
        return ZW_OK;
    }
    if (stamp.is != ZW_STAMP_PERIOD && node->grid.every == ZW_SUBDAY) {
        const zw_calendar *calendar = zw_pack_calendar(pack, area);
        *out = zw_period_at(calendar, node->grid, zw_stamp_start_ms(calendar, &stamp));
        return ZW_OK;
    }
    return zw_err_set(err, ZW_INVALID, "'%s' is no %s", text,
                      zw_grid_name(node->grid, grid, sizeof(grid)));
}

static zw_status read_cell(zw_eval *eval, const zw_pack *pack, zw_node_id id, uint32_t area,
                           const char *period, zw_period *p, zw_cell *out, zw_err *err)
{
    const zw_node node = *zw_pack_node(pack, id);
    if (period != NULL && node.has_grid) {
        zw_status status = find_period(pack, &node, area, period, p, err);
        status = status == ZW_OK ? zw_eval_cell(eval, id, area, *p, out, err) : status;
        return status == ZW_OK ? zw_eval_veil(eval, id, area, *p, out, err) : status;
    }
    zw_front newest;
    zw_status status = zw_eval_newest(eval, id, area, &newest, err);
    *p = newest.has_period ? newest.period : zw_eval_now(eval, id, area);
    *out = newest.cell;
    return status == ZW_OK ? zw_eval_veil(eval, id, area, *p, out, err) : status;
}

static void fill_value(zw_watch *watch, zw_eval *eval, zw_node_id id, uint32_t area, zw_period p,
                       const zw_cell *cell, zw_value *value)
{
    const zw_node *node = zw_pack_node(watch->pack, id);
    char text[48] = "";
    zw_buf_clear(&watch->shown);
    zw_buf_clear(&watch->why);
    zw_buf_clear(&watch->period);
    zw_eval_show(eval, id, area, cell, &watch->shown);
    zw_eval_why(eval, area, cell, &watch->why);
    if (node->has_grid) {
        zw_period_text(zw_pack_calendar(watch->pack, area), node->grid, p, text, sizeof(text));
    }
    zw_buf_puts(&watch->period, text);
    *value =
        (zw_value){.is_truth = node->type == ZW_TYPE_TRUTH,
                   .is_missing = !zw_cell_stands(cell),
                   .value = node->type == ZW_TYPE_TEXT ? 0 : cell->value,
                   .shown = zw_buf_view(&watch->shown),
                   .why = zw_buf_view(&watch->why),
                   .is_synthetic = (cell->marks & ZW_MARK_SYNTHETIC) != 0,
                   .is_provisional = (cell->marks & (ZW_MARK_PROVISIONAL | ZW_MARK_ESTIMATED)) != 0,
                   .in = cell->in,
                   .of = cell->of,
                   .period = zw_buf_view(&watch->period)};
}

zw_status zw_read(zw_watch *watch, const char *expression, const char *area_text,
                  const char *period, const char *as_of, zw_value *value, zw_err *err)
{
    uint32_t area = ZW_NONE;
    zw_node_id node = ZW_NODE_NONE;
    zw_eval *eval = NULL;
    zw_eval *fresh = NULL;
    zw_period p = 0;
    zw_cell cell;
    zw_status status = zw_engine_area(watch->engine, area_text, &area, err);
    status = status == ZW_OK
                 ? zw_script_expression(watch->script, zw_text_of(expression), &node, err)
                 : status;
    status = status == ZW_OK ? eval_for(watch, as_of, area, &eval, &fresh, err) : status;
    status =
        status == ZW_OK ? read_cell(eval, watch->pack, node, area, period, &p, &cell, err) : status;
    if (status == ZW_OK) {
        fill_value(watch, eval, node, area, p, &cell, value);
    }
    zw_eval_destroy(fresh);
    return status;
}

/* Passes instances on to a program's callback. */
struct passing {
    zw_watch *watch;
    void (*each)(void *arg, const zw_alert_view *view);
    void *arg;
};

static zw_status pass_instance(void *arg, uint32_t alert, uint32_t area,
                               const zw_instance *instance, zw_err *err)
{
    (void)err;
    const struct passing *passing = arg;
    char period[48];
    zw_alert_key key =
        zw_judge_key(zw_engine_eval(passing->watch->engine), alert, area, instance, period);
    zw_alert_view view = {key.alert, key.area, key.period, zw_alert_state_text(&instance->state),
                          instance->state.since_ms};
    passing->each(passing->arg, &view);
    return ZW_OK;
}

static zw_status pass_event(void *arg, const zw_alert_event *event, zw_err *err)
{
    (void)err;
    const struct passing *passing = arg;
    zw_alert_view view = {event->key.alert, event->key.area, event->key.period,
                          zw_alert_state_text(&event->state), event->state.since_ms};
    passing->each(passing->arg, &view);
    return ZW_OK;
}

zw_status zw_alerts(zw_watch *watch, const char *as_of,
                    void (*each)(void *arg, const zw_alert_view *view), void *arg, zw_err *err)
{
    struct passing passing = {watch, each, arg};
    if (as_of == NULL) {
        return zw_judge_walk(zw_engine_judge(watch->engine), pass_instance, &passing, err);
    }
    int64_t at_ms = 0;
    zw_status status = zw_engine_as_of(watch->engine, as_of, 0, &at_ms, err);
    return status == ZW_OK
               ? zw_ledger_states(zw_engine_ledger(watch->engine), at_ms, pass_event, &passing, err)
               : status;
}

/* The dated value of a target whose period a text names. */
static zw_status find_dated(const zw_target *target, const char *period, size_t *out, zw_err *err)
{
    zw_stamp stamp;
    zw_status status = zw_stamp_parse(zw_text_of(period), &stamp, err);
    for (size_t i = 0; status == ZW_OK && i < target->dated_count; i++) {
        const zw_stamp *when = &target->dated[i].when;
        if (stamp.is == ZW_STAMP_PERIOD && zw_grid_same(when->grid, stamp.grid) &&
            when->period == stamp.period) {
            *out = i;
            return ZW_OK;
        }
    }
    return status != ZW_OK ? status
                           : zw_err_set(err, ZW_INVALID, "target '%s' has no value dated %s",
                                        target->title.name, period);
}

zw_status zw_verdict_of(zw_watch *watch, const char *target, const char *area_text,
                        const char *period, const char *as_of, const char **verdict, zw_err *err)
{
    uint32_t index = 0;
    uint32_t area = ZW_NONE;
    size_t dated = 0;
    zw_eval *eval = NULL;
    zw_eval *fresh = NULL;
    zw_judged judged;
    if (zw_pack_find(watch->pack, zw_text_of(target), &index) != ZW_NOUN_TARGET) {
        return zw_err_set(err, ZW_INVALID, "no target '%s'", target);
    }
    zw_status status = zw_engine_area(watch->engine, area_text, &area, err);
    status =
        status == ZW_OK ? find_dated(&watch->pack->targets[index], period, &dated, err) : status;
    status = status == ZW_OK ? eval_for(watch, as_of, area, &eval, &fresh, err) : status;
    status = status == ZW_OK ? zw_eval_verdict(eval, index, area, dated, &judged, err) : status;
    if (status == ZW_OK) {
        *verdict = zw_verdict_text(judged.verdict);
    }
    zw_eval_destroy(fresh);
    return status;
}

/* Passes messages on to a program's callback. */
struct mailing {
    const zw_pack *pack;
    void (*each)(void *arg, const zw_mail *mail);
    void *arg;
};

static zw_status pass_message(void *arg, const zw_message *message, zw_err *err)
{
    (void)err;
    const struct mailing *mailing = arg;
    uint32_t index = 0;
    if (zw_pack_find(mailing->pack, zw_text_of(message->notify), &index) != ZW_NOUN_NOTIFY ||
        message->receiver >= mailing->pack->notifies[index].to_count) {
        return ZW_OK; /* for a receiver that the pack no longer has */
    }
    const zw_receiver *to = &mailing->pack->notifies[index].to[message->receiver];
    zw_mail mail = {.id = message->id,
                    .notify = message->notify,
                    .kind = to->kind == ZW_RECEIVER_WEBHOOK ? "webhook" : "log",
                    .url = to->url,
                    .secret = to->secret,
                    .body = message->body,
                    .key = message->key,
                    .attempts = message->attempts};
    mailing->each(mailing->arg, &mail);
    return ZW_OK;
}

zw_status zw_mails(zw_watch *watch, void (*each)(void *arg, const zw_mail *mail), void *arg,
                   zw_err *err)
{
    struct mailing mailing = {watch->pack, each, arg};
    return zw_outbox_due(zw_engine_outbox(watch->engine), zw_engine_now_ms(watch->engine), 1000,
                         pass_message, &mailing, err);
}

zw_status zw_mail_done(zw_watch *watch, int64_t id, const char *why, zw_err *err)
{
    return zw_engine_mail_done(watch->engine, id, why, err);
}
