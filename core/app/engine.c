/*
 * The engine. A turn:
 *   take        deliveries into the store (feed.c), inside one transaction
 *   rewind      when one was known before the last turn: alert states go back to just before it
 *               (retention.c)
 *   advance     moment by moment to now: what was learned then, or what time alone turned; judge at
 * each tell        the difference between what is true and what was told goes into the outbox
 *   let go      of what is past its keep now (retention.c)
 *   commit      or, when that fails, everything goes back to the last commit
 */
#include "app/engine_inside.h"

#include <assert.h>
#include <stdlib.h>

enum { FED_BYTES = 64 * 1024 * 1024 }; /* of what is said of bad rows */

static const char *const evaluated_mark = "evaluated_ms";
static const char *const kept_mark = "kept_ms"; /* what is committed and not judged begins there */

zw_pack *zw_engine_pack(const zw_engine *engine)
{
    return engine->pack;
}

zw_script *zw_engine_script(const zw_engine *engine)
{
    return engine->script;
}

zw_store *zw_engine_store(const zw_engine *engine)
{
    return engine->store;
}

zw_eval *zw_engine_eval(const zw_engine *engine)
{
    return engine->eval;
}

zw_judge *zw_engine_judge(const zw_engine *engine)
{
    return engine->judge;
}

zw_ledger *zw_engine_ledger(const zw_engine *engine)
{
    return engine->ledger;
}

zw_outbox *zw_engine_outbox(const zw_engine *engine)
{
    return engine->outbox;
}

zw_silences *zw_engine_silences(const zw_engine *engine)
{
    return engine->silences;
}

zw_acks *zw_engine_acks(const zw_engine *engine)
{
    return engine->acks;
}

zw_tellings *zw_engine_tellings(const zw_engine *engine)
{
    return engine->tellings;
}

int64_t zw_engine_now_ms(const zw_engine *engine)
{
    int64_t now_ms = engine->options.now_ms(engine->options.clock_arg);
    return now_ms > engine->as_of_ms ? now_ms : engine->as_of_ms;
}

/* A measure that has figures keeps its kind, unit and grid: a pack that changes them is refused. */
static zw_status check_measures(const zw_engine *engine, zw_err *err)
{
    for (size_t i = 0; i < engine->pack->measure_count; i++) {
        const zw_measure *measure = &engine->pack->measures[i];
        zw_recorded_measure recorded;
        zw_err ignored;
        zw_status status = zw_series_measure(zw_store_series(engine->store), measure->title.name,
                                             &recorded, &ignored);
        if (status == ZW_NOT_FOUND) {
            continue;
        }
        if (status != ZW_OK) {
            return zw_err_set(err, status, "%s", ignored.text);
        }
        zw_recorded_measure declared = zw_engine_recorded(measure);
        if (!zw_grid_same(recorded.grid, declared.grid) ||
            !zw_text_is(zw_text_of(recorded.kind), declared.kind) ||
            !zw_text_is(zw_text_of(recorded.unit), declared.unit)) {
            char was[24];
            return zw_err_set(err, ZW_CONFLICT,
                              "measure '%s' has figures as %s in \"%s\" every %s: a new kind, unit "
                              "or grid is a new measure",
                              measure->title.name, recorded.kind, recorded.unit,
                              zw_grid_name(recorded.grid, was, sizeof(was)));
        }
    }
    return ZW_OK;
}

static zw_status read_kept(zw_engine *engine, zw_err *err)
{
    zw_status status = zw_db_meta_get(zw_store_db(engine->store), kept_mark, &engine->kept_ms, err);
    engine->kept_ms = status == ZW_OK ? engine->kept_ms : ZW_NEVER_MS;
    engine->oldest_ms = engine->kept_ms;
    return status == ZW_NOT_FOUND ? ZW_OK : status; /* nothing was ever kept */
}

/* What tells, and what it asks. */
static zw_status open_telling(zw_engine *engine, zw_err *err)
{
    zw_db *db = zw_store_db(engine->store);
    zw_status status = zw_silences_create(db, engine->pack, &engine->silences, err);
    status = status == ZW_OK ? zw_acks_create(db, &engine->acks, err) : status;
    status = status == ZW_OK ? zw_tellings_create(db, &engine->tellings, err) : status;
    zw_teller_world world = {engine->judge,    engine->eval, engine->outbox,
                             engine->silences, engine->acks, engine->tellings};
    return status == ZW_OK ? zw_teller_create(&world, &engine->teller, err) : status;
}

static zw_status restore_telling(zw_engine *engine, zw_err *err)
{
    zw_status status = zw_silences_restore(engine->silences, engine->as_of_ms, err);
    status = status == ZW_OK ? zw_acks_restore(engine->acks, err) : status;
    return status == ZW_OK ? zw_teller_restore(engine->teller, err) : status;
}

static zw_status open_parts(zw_engine *engine, zw_err *err)
{
    zw_db *db = zw_store_db(engine->store);
    zw_status status = zw_db_meta_get(db, evaluated_mark, &engine->as_of_ms, err);
    if (status == ZW_NOT_FOUND) { /* a new store: nothing was ever evaluated */
        engine->as_of_ms = engine->options.now_ms(engine->options.clock_arg);
        status = ZW_OK;
    }
    status = status == ZW_OK ? read_kept(engine, err) : status;
    zw_book_set(&engine->book, NULL);
    zw_eval_world world = {engine->pack, engine->script, engine->store, &engine->book.face};
    status =
        status == ZW_OK ? zw_eval_create(&world, engine->as_of_ms, &engine->eval, err) : status;
    status = status == ZW_OK ? zw_ledger_create(db, &engine->ledger, err) : status;
    status = status == ZW_OK ? zw_outbox_create(db, &engine->outbox, err) : status;
    status = status == ZW_OK ? zw_held_create(db, &engine->held, err) : status;
    status = status == ZW_OK ? zw_objections_create(db, &engine->objections, err) : status;
    status = status == ZW_OK ? zw_judge_create(engine->eval, engine->ledger, &engine->judge, err)
                             : status;
    zw_book_set(&engine->book, engine->judge);
    status = status == ZW_OK ? zw_judge_restore(engine->judge, engine->as_of_ms, err) : status;
    status = status == ZW_OK ? open_telling(engine, err) : status;
    return status == ZW_OK ? restore_telling(engine, err) : status;
}

/* Tells of the damage that was found since the last time. */
static void say_damage(zw_engine *engine)
{
    const zw_series_set *set = zw_store_series(engine->store);
    const zw_log *log = &engine->options.log;
    while (engine->damage_said < zw_store_damage_count(engine->store)) {
        const zw_damage *damage = zw_store_damage(engine->store, engine->damage_said++);
        bool has_names = damage->is_known && damage->last_series < zw_series_count(set);
        const zw_series *first = has_names ? zw_series_view(set, damage->first_series) : NULL;
        const zw_series *last = has_names ? zw_series_view(set, damage->last_series) : NULL;
        zw_log_say(log, ZW_LOG_ERROR,
                   "%s: row %lld of %s is damaged and left out: %zu figures of series %u to %u "
                   "(%s of %s to %s of %s), periods %lld to %lld",
                   engine->options.db, (long long)damage->row, damage->table, damage->figures,
                   damage->first_series, damage->last_series, has_names ? first->measure : "?",
                   has_names ? first->area : "?", has_names ? last->measure : "?",
                   has_names ? last->area : "?", (long long)damage->first_period,
                   (long long)damage->last_period);
    }
}

zw_status zw_engine_open(zw_pack *pack, zw_script *script, const zw_engine_options *options,
                         zw_engine **out, zw_err *err)
{
    *out = NULL;
    zw_engine *engine = calloc(1, sizeof(*engine));
    if (engine == NULL) {
        return zw_err_nomem(err);
    }
    engine->pack = pack;
    engine->script = script;
    engine->options = *options;
    engine->oldest_ms = engine->kept_ms = ZW_NEVER_MS;
    zw_buf_init(&engine->fed_texts, FED_BYTES);
    zw_status status = zw_store_open(options->db, options->mode, &engine->store, err);
    if (status == ZW_OK) {
        say_damage(engine);
    }
    status = status == ZW_OK ? check_measures(engine, err) : status;
    status = status == ZW_OK ? zw_engine_start_floors(engine, err) : status;
    status = status == ZW_OK ? open_parts(engine, err) : status;
    if (status != ZW_OK) {
        zw_engine_close(engine);
        return zw_err_wrap(err, status, "open %s", options->db);
    }
    *out = engine;
    return ZW_OK;
}

void zw_engine_on_progress(zw_engine *engine, zw_engine_progress_cb progress, void *arg)
{
    engine->progress = progress;
    engine->progress_arg = arg;
}

void zw_engine_close(zw_engine *engine)
{
    if (engine == NULL) {
        return;
    }
    if (engine->is_in_turn) {
        zw_store_rollback(engine->store);
    }
    zw_teller_destroy(engine->teller);
    zw_tellings_destroy(engine->tellings);
    zw_acks_destroy(engine->acks);
    zw_silences_destroy(engine->silences);
    zw_judge_destroy(engine->judge);
    zw_objections_destroy(engine->objections);
    zw_held_destroy(engine->held);
    zw_outbox_destroy(engine->outbox);
    zw_ledger_destroy(engine->ledger);
    zw_eval_destroy(engine->eval);
    zw_live_door_destroy(engine->door);
    zw_store_close(engine->store);
    zw_buf_fini(&engine->fed_texts);
    free(engine->fed_bad);
    free(engine->floors);
    free(engine);
}

/* Everything computed is computed again from what is stored. Where that fails, it is tried again
 * before the next turn. */
static zw_status go_back(zw_engine *engine, zw_err *err)
{
    engine->oldest_ms = engine->kept_ms;
    zw_eval_forget(engine->eval);
    zw_status status = zw_eval_move(engine->eval, engine->as_of_ms, err);
    status = status == ZW_OK ? zw_judge_restore(engine->judge, engine->as_of_ms, err) : status;
    status = status == ZW_OK ? restore_telling(engine, err) : status;
    engine->is_astray = status != ZW_OK;
    return status;
}

zw_status zw_engine_begin(zw_engine *engine, zw_err *err)
{
    if (engine->options.mode != ZW_DB_WRITE) {
        return zw_err_set(err, ZW_INVALID, "the store is open for reading only");
    }
    if (engine->is_in_turn) {
        return ZW_OK;
    }
    zw_status status = engine->is_astray ? go_back(engine, err) : ZW_OK;
    status = status == ZW_OK ? zw_store_begin(engine->store, err) : status;
    engine->is_in_turn = status == ZW_OK;
    engine->trouble.status = ZW_OK;
    return status;
}

void zw_engine_drop(zw_engine *engine)
{
    if (engine->is_in_turn) {
        zw_store_rollback(engine->store);
        engine->is_in_turn = false;
    }
    zw_err why;
    if (go_back(engine, &why) != ZW_OK) {
        zw_log_say(&engine->options.log, ZW_LOG_ERROR, "after a turn that failed: %s", why.text);
    }
}

/* The next moment after the as-of at which anything was learned or time alone turns a truth. */
static int64_t next_moment(const zw_engine *engine, int64_t to_ms)
{
    int64_t as_of_ms = zw_eval_as_of_ms(engine->eval);
    int64_t next_ms = zw_judge_next_ms(engine->judge);
    next_ms = next_ms > as_of_ms
                  ? next_ms
                  : as_of_ms + 1; /* a moment that passed is looked at once more, at the next */
    int64_t learned_ms = zw_store_next_known_ms(engine->store, as_of_ms);
    next_ms = learned_ms < next_ms ? learned_ms : next_ms;
    return next_ms < to_ms ? next_ms : to_ms;
}

static zw_status advance(zw_engine *engine, int64_t to_ms, zw_err *err)
{
    int64_t from_ms = zw_eval_as_of_ms(engine->eval);
    /* Where something is known already, the start is judged too: it says when time alone goes on.
     */
    bool is_known = zw_store_first_known_ms(engine->store) <= from_ms || from_ms == to_ms;
    zw_status status = is_known ? zw_judge_step(engine->judge, to_ms, err) : ZW_OK;
    while (status == ZW_OK && zw_eval_as_of_ms(engine->eval) < to_ms) {
        int64_t next_ms = next_moment(engine, to_ms);
        status = zw_eval_move(engine->eval, next_ms, err);
        status = status == ZW_OK ? zw_judge_step(engine->judge, to_ms, err) : status;
        if (engine->progress != NULL) {
            engine->progress(engine->progress_arg, next_ms, from_ms, to_ms);
        }
    }
    return status;
}

static zw_status check_trouble(const zw_engine *engine, zw_err *err)
{
    return engine->trouble.status != ZW_OK
               ? zw_err_set(err, engine->trouble.status, "%s", engine->trouble.text)
               : ZW_OK;
}

/* Writes down from where on nothing is judged, when that changed. */
static zw_status mark_kept(zw_engine *engine, int64_t kept_ms, zw_err *err)
{
    return kept_ms != engine->kept_ms
               ? zw_db_meta_put(zw_store_db(engine->store), kept_mark, kept_ms, err)
               : ZW_OK;
}

/* Commits, or drops the turn when it cannot, or when `status` says that it failed before. */
static zw_status end_turn(zw_engine *engine, zw_status status, zw_err *err)
{
    status = status == ZW_OK ? zw_engine_note_pack(engine, err) : status;
    if (status == ZW_OK) {
        status = zw_store_commit(engine->store, err);
        engine->is_in_turn = false;
        engine->is_noted = status == ZW_OK;
    }
    if (status != ZW_OK) {
        zw_engine_drop(engine);
        return zw_err_wrap(err, status, "turn");
    }
    return ZW_OK;
}

zw_status zw_engine_keep(zw_engine *engine, zw_err *err)
{
    if (!engine->is_in_turn) {
        return ZW_OK;
    }
    int64_t kept_ms = engine->oldest_ms;
    zw_status status = check_trouble(engine, err);
    status = status == ZW_OK ? mark_kept(engine, kept_ms, err) : status;
    status = end_turn(engine, status, err);
    engine->kept_ms = status == ZW_OK ? kept_ms : engine->kept_ms;
    return status;
}

zw_status zw_engine_turn(zw_engine *engine, size_t *said, zw_err *err)
{
    int64_t now_ms = zw_engine_now_ms(engine);
    zw_status status = zw_engine_begin(engine, err);
    if (status != ZW_OK) {
        return status;
    }
    status = check_trouble(engine, err);
    if (status == ZW_OK && engine->oldest_ms <= engine->as_of_ms) {
        status = zw_engine_rewind(engine, engine->oldest_ms, now_ms, err);
    }
    status = status == ZW_OK ? advance(engine, now_ms, err) : status;
    status = status == ZW_OK ? zw_teller_tell(engine->teller, now_ms, said, err) : status;
    status = status == ZW_OK ? zw_engine_let_go(engine, err) : status;
    status = status == ZW_OK
                 ? zw_db_meta_put(zw_store_db(engine->store), evaluated_mark, now_ms, err)
                 : status;
    status = status == ZW_OK ? mark_kept(engine, ZW_NEVER_MS, err) : status;
    status = end_turn(engine, status, err);
    if (status == ZW_OK) {
        engine->as_of_ms = now_ms;
        engine->oldest_ms = engine->kept_ms = ZW_NEVER_MS;
    }
    say_damage(engine);
    return status;
}

bool zw_engine_is_in_turn(const zw_engine *engine)
{
    return engine->is_in_turn;
}

int64_t zw_engine_next_ms(zw_engine *engine)
{
    int64_t next_ms = zw_judge_next_ms(engine->judge);
    int64_t tell_ms = zw_teller_next_ms(engine->teller);
    int64_t mail_ms = ZW_NEVER_MS;
    int64_t let_go_ms = zw_engine_let_go_ms(engine);
    next_ms = tell_ms < next_ms ? tell_ms : next_ms;
    next_ms = let_go_ms < next_ms ? let_go_ms : next_ms;
    zw_err ignored;
    if (zw_outbox_next_ms(engine->outbox, zw_engine_now_ms(engine), &mail_ms, &ignored) != ZW_OK) {
        return next_ms;
    }
    return mail_ms < next_ms ? mail_ms : next_ms;
}

zw_status zw_engine_eval_at(const zw_engine *engine, int64_t as_of_ms, zw_eval **out, zw_err *err)
{
    zw_eval_world world = {engine->pack, engine->script, engine->store, &engine->book.face};
    return zw_eval_create(&world, as_of_ms, out, err);
}

zw_status zw_engine_area(const zw_engine *engine, const char *text, uint32_t *out, zw_err *err)
{
    const zw_pack *pack = engine->pack;
    if (text == NULL) {
        *out = zw_pack_only_zone(pack);
        return *out != ZW_NONE
                   ? ZW_OK
                   : zw_err_set(err, ZW_INVALID, "the pack has several zones: say which area");
    }
    zw_nearest nearest;
    zw_nearest_init(&nearest, zw_text_of(text));
    *out = zw_pack_area(pack, zw_text_of(text), &nearest);
    if (*out != ZW_NONE) {
        return ZW_OK;
    }
    zw_buf hint;
    zw_buf_init(&hint, 512);
    zw_nearest_say(&nearest, &hint);
    zw_status status = zw_err_set(err, ZW_INVALID, "no area '%s'%s", text, zw_buf_view(&hint));
    zw_buf_fini(&hint);
    return status;
}

zw_status zw_engine_as_of(const zw_engine *engine, const char *text, uint32_t area, int64_t *out,
                          zw_err *err)
{
    if (text == NULL) {
        *out = zw_eval_as_of_ms(engine->eval);
        return ZW_OK;
    }
    zw_stamp stamp;
    zw_status status = zw_stamp_parse(zw_text_of(text), &stamp, err);
    if (status != ZW_OK) {
        return zw_err_wrap(err, status, "as-of");
    }
    *out = zw_stamp_last_ms(zw_pack_calendar(engine->pack, area), &stamp);
    return ZW_OK;
}

zw_status zw_engine_mail_answered(zw_engine *engine, int64_t id, bool is_delivered,
                                  const char *answer, zw_err *err)
{
    assert(!engine->is_in_turn);
    zw_db *db = zw_store_db(engine->store);
    int64_t now_ms = zw_engine_now_ms(engine);
    zw_status status = zw_db_begin(db, err);
    if (status != ZW_OK) {
        return status;
    }
    status = is_delivered ? zw_outbox_delivered(engine->outbox, id, now_ms, answer, err)
                          : zw_outbox_failed(engine->outbox, id, now_ms, answer, err);
    if (status != ZW_OK) {
        zw_db_rollback(db);
        return status;
    }
    return zw_db_commit(db, err);
}

zw_status zw_engine_mail_done(zw_engine *engine, int64_t id, const char *why, zw_err *err)
{
    return zw_engine_mail_answered(engine, id, why == NULL, why != NULL ? why : "", err);
}

zw_status zw_engine_mail_sort(zw_engine *engine, zw_lost_each each, void *arg, zw_err *err)
{
    assert(!engine->is_in_turn);
    zw_db *db = zw_store_db(engine->store);
    zw_status status = zw_db_begin(db, err);
    if (status != ZW_OK) {
        return status;
    }
    status =
        zw_lost_give_up(engine->outbox, engine->pack, zw_engine_now_ms(engine), each, arg, err);
    if (status != ZW_OK) {
        zw_db_rollback(db);
        return status;
    }
    return zw_db_commit(db, err);
}
