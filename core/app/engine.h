/**
 * The engine: a pack over a store, moved by turns. One turn is one transaction: deliveries are
 * taken, learned in order of when they were known, every alert is judged on the way, what must be
 * said goes into the outbox, and all of it commits or none. The embedding face (zonewatch.h) is a
 * thin cover of this; the verbs and the server use it whole.
 *
 * Promises
 * 1. Its as-of never goes back for a reader; a delivery with an older known_at is replayed from
 * there, in order.
 * 2. Before a commit nothing has left the house; after a crash the outbox says what still must.
 */
#ifndef ZW_APP_ENGINE_H
#define ZW_APP_ENGINE_H

#include "alert/judge.h"
#include "alert/lost.h"
#include "alert/tell.h"
#include "plan/bind_items.h"
#include <zonewatch/zonewatch.h>

typedef struct zw_engine zw_engine;

typedef struct zw_engine_options {
    const char *db; /* a file or ":memory:" */
    zw_db_mode mode;
    int64_t (*now_ms)(void *arg);
    void *clock_arg;
    zw_log log;
} zw_engine_options;

/** @param pack, script  borrowed; must outlive the engine. A pack with problems is refused by the
 * caller. */
zw_status zw_engine_open(zw_pack *pack, zw_script *script, const zw_engine_options *options,
                         zw_engine **out, zw_err *err) ZW_MUST_USE;
void zw_engine_close(zw_engine *engine); /* NULL is allowed */

/** Told of each moment that a replay comes to. */
typedef void (*zw_engine_progress_cb)(void *arg, int64_t at_ms, int64_t from_ms, int64_t to_ms);
void zw_engine_on_progress(zw_engine *engine, zw_engine_progress_cb progress, void *arg);

/** What it stands on; borrowed. */
zw_pack *zw_engine_pack(const zw_engine *engine);
zw_script *zw_engine_script(const zw_engine *engine);
zw_store *zw_engine_store(const zw_engine *engine);
zw_eval *zw_engine_eval(const zw_engine *engine); /* at the last turn's as-of */
zw_judge *zw_engine_judge(const zw_engine *engine);
zw_ledger *zw_engine_ledger(const zw_engine *engine);
zw_outbox *zw_engine_outbox(const zw_engine *engine);
zw_silences *zw_engine_silences(const zw_engine *engine);
zw_acks *zw_engine_acks(const zw_engine *engine);
zw_tellings *zw_engine_tellings(const zw_engine *engine);
int64_t zw_engine_now_ms(const zw_engine *engine); /* the clock, never behind the last turn */

/** Whether the source of a part of something longer (zw_feed_options.identity) sent it last, or a
 * guard holds it. */
zw_status zw_engine_knows(const zw_engine *engine, const zw_feed_options *options, bool *out,
                          zw_err *err) ZW_MUST_USE;

/**
 * Commits what was taken in the turn under way, and judges nothing: the next turn does, also after
 * a restart. For a history that comes in parts: what would be said in its middle is not so.
 */
zw_status zw_engine_keep(zw_engine *engine, zw_err *err) ZW_MUST_USE;
/** "csv", "json" … */
const char *zw_engine_format_text(zw_feed_format format);
/** True when it has a header, and quoted fields may hold line ends. */
bool zw_engine_format_is_csv(zw_feed_format format);

/** What became of a delivery; see zw_fed. Owned by the engine until the next take. */
zw_status zw_engine_feed(zw_engine *engine, const void *bytes, size_t len,
                         const zw_feed_options *options, const zw_fed **fed,
                         zw_err *err) ZW_MUST_USE;

/**
 * Takes what is bound as one delivery: for tests of packs. `delivery` gets its id and counts, the
 * items' `batch` is the delivery's, and of a synthetic one everything is; of one that a guard
 * holds, nothing is in, and the feed's answer says so (zw_fed.is_held).
 */
zw_status zw_engine_take(zw_engine *engine, const zw_goods *goods, zw_delivery *delivery,
                         zw_err *err) ZW_MUST_USE;

/**
 * Releases what a guard holds, or refuses it, in the turn under way (and begins one). What is
 * released is a delivery of its own, learned now.
 * @param fed  as of zw_engine_feed: what became of the rows.
 * @return ZW_OK; ZW_NOT_FOUND when there is no such batch; ZW_CONFLICT when it is not held (any
 * more); ZW_INVALID when the pack no longer has what a row names.
 */
zw_status zw_engine_release(zw_engine *engine, int64_t batch, const zw_fed **fed,
                            zw_err *err) ZW_MUST_USE;
zw_status zw_engine_refuse(zw_engine *engine, int64_t batch, zw_err *err) ZW_MUST_USE;

/**
 * Silences what the words say, in the turn under way (and begins one).
 * @return as of zw_silence_read, or ZW_STORE.
 */
zw_status zw_engine_silence(zw_engine *engine, const zw_silence_words *words, int64_t *id,
                            zw_err *err) ZW_MUST_USE;
/** Ends a silence before its time. @return as of zw_silences_end. */
zw_status zw_engine_end_silence(zw_engine *engine, int64_t id, const char *by,
                                zw_err *err) ZW_MUST_USE;

/**
 * Acknowledges what fires of an alert at an area as of the last turn, in the turn under way (and
 * begins one).
 * @param first, count  the numbers of what was written, in a row.
 * @return ZW_OK; ZW_INVALID with the nearest name; ZW_NOT_FOUND when nothing such fires; ZW_STORE.
 */
zw_status zw_engine_ack(zw_engine *engine, const zw_ack_words *words, int64_t *first, size_t *count,
                        zw_err *err) ZW_MUST_USE;

/** Takes the turn (zw_turn). One in which the store refused a delivery for a reason of its own (a
 * full disk) is dropped whole: it may have ended the transaction by itself. @param said  gets the
 * number of messages put into the outbox; may be NULL. */
zw_status zw_engine_turn(zw_engine *engine, size_t *said, zw_err *err) ZW_MUST_USE;

/** True from a delivery's first write to the end of the turn: it must be taken, or dropped. */
bool zw_engine_is_in_turn(const zw_engine *engine);

/** When time alone asks for a turn, something is past its keep, or a message that waits for another
 * try; ZW_NEVER_MS. */
int64_t zw_engine_next_ms(zw_engine *engine);

/** A fresh evaluation as of a moment; the caller destroys it. */
zw_status zw_engine_eval_at(const zw_engine *engine, int64_t as_of_ms, zw_eval **out,
                            zw_err *err) ZW_MUST_USE;

/** The area a text names, by name or alias (NULL: the only zone); ZW_INVALID with the nearest name.
 */
zw_status zw_engine_area(const zw_engine *engine, const char *text, uint32_t *out,
                         zw_err *err) ZW_MUST_USE;

/** Reads an as-of ("2023-03-01": the end of that day in `zone`'s time); NULL text: now. */
zw_status zw_engine_as_of(const zw_engine *engine, const char *text, uint32_t area, int64_t *out,
                          zw_err *err) ZW_MUST_USE;

/** Marks a message delivered, or failed, with what the receiver answered (or why it did not); in a
 * transaction of its own. */
zw_status zw_engine_mail_answered(zw_engine *engine, int64_t id, bool is_delivered,
                                  const char *answer, zw_err *err) ZW_MUST_USE;
/** The same in short: delivered, or failed with `why`. */
zw_status zw_engine_mail_done(zw_engine *engine, int64_t id, const char *why,
                              zw_err *err) ZW_MUST_USE;

/** Gives up the messages whose receiver the pack no longer has (zw_lost_give_up); in a transaction
 * of its own. */
zw_status zw_engine_mail_sort(zw_engine *engine, zw_lost_each each, void *arg,
                              zw_err *err) ZW_MUST_USE;

#endif
