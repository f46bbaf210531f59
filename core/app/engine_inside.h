/** The inside of the engine, shared by engine.c (turns), feed.c (deliveries), aside.c (what guards
 * hold) and word.c (silences and acknowledgements). */
#ifndef ZW_APP_ENGINE_INSIDE_H
#define ZW_APP_ENGINE_INSIDE_H

#include "alert/guard.h"
#include "alert/held.h"
#include "alert/objection.h"
#include "alert/tell.h"
#include "app/engine.h"
#include "app/live_door.h"
#include "app/retention.h"

struct zw_engine {
    zw_pack *pack;     /* borrowed */
    zw_script *script; /* borrowed */
    zw_engine_options options;
    zw_store *store;
    zw_eval *eval;
    zw_ledger *ledger;
    zw_outbox *outbox;
    zw_judge *judge;
    zw_book book; /* how the judge's alerts stand, for whoever evaluates */
    zw_held *held;
    zw_objections *objections;
    zw_teller *teller;
    zw_silences *silences;
    zw_acks *acks;
    zw_tellings *tellings;
    int64_t as_of_ms;               /* of the last turn that committed */
    int64_t oldest_ms;              /* the earliest known_at that is not judged; ZW_NEVER_MS */
    int64_t kept_ms;                /* the same of what is committed */
    zw_engine_progress_cb progress; /* may be NULL */
    void *progress_arg;
    size_t damage_said; /* of the store, and logged */
    bool is_in_turn;    /* a transaction is open */
    zw_err trouble;     /* why the store refused something in this turn, which is dropped then */
    bool is_noted;      /* the store knows that this pack runs */
    bool is_astray;     /* what is computed is not what is stored */
    zw_live_door *door; /* what live senders said before; NULL until one comes */
    zw_period *floors;  /* by measure: what lies below is past its keep; NULL: nothing ever is */
    int64_t floors_ms;  /* until then that is so */
    zw_fed fed;         /* of the last feed */
    zw_buf fed_texts;
    zw_bad_row *fed_bad;
};

/** What options of a feed say of the rows that say nothing themselves. */
zw_status zw_engine_bind_options(zw_engine *engine, const zw_feed_options *options,
                                 zw_bind_options *out, zw_err *err) ZW_MUST_USE;
/** Copies what is bad, in order, into what became of the feed. */
zw_status zw_engine_keep_faults(zw_engine *engine, zw_faults *faults, zw_err *err) ZW_MUST_USE;
/** A delivery that is about to be taken; it borrows the texts. */
zw_delivery zw_engine_delivery_of(const zw_feed_options *options, const char *digest,
                                  size_t rejected);
/** Puts what became of a delivery into the feed's answer. */
void zw_engine_note_taken(zw_engine *engine, const zw_delivery *delivery);
/** Notes that the store refused, when `status` says so: nothing of the turn can be kept then.
 * @return `status`. */
zw_status zw_engine_note_trouble(zw_engine *engine, zw_status status, const zw_err *err);

/** Takes a delivery of live samples; `engine->fed` is filled. @param digest  "" when the same again
 * is no repeat. */
zw_status zw_engine_feed_live(zw_engine *engine, zw_text text, const zw_feed_options *options,
                              const char *digest, zw_err *err) ZW_MUST_USE;

/** What is recorded of a measure with its first figure. */
zw_recorded_measure zw_engine_recorded(const zw_measure *measure);

/** Looks whether the pack or the store knows of a keep at all. */
zw_status zw_engine_start_floors(zw_engine *engine, zw_err *err) ZW_MUST_USE; /* retention.c */

/** Opens the turn's transaction when it is not open yet. */
zw_status zw_engine_begin(zw_engine *engine, zw_err *err) ZW_MUST_USE;
/** Opens a delivery inside the turn, puts all it holds into the store and counts it. */
zw_status zw_engine_put_goods(zw_engine *engine, const zw_goods *goods, zw_delivery *delivery,
                              zw_err *err) ZW_MUST_USE;

/** Writes down what guards said of a delivery that is taken: its warnings, and the ends of earlier
 * ones. */
zw_status zw_engine_heed(zw_engine *engine, const zw_delivery *delivery,
                         const zw_guard_words *words, zw_err *err) ZW_MUST_USE;

/** Keeps a delivery aside, whole, with what was held against it. `delivery` gets its id. On failure
 * nothing is kept. */
zw_status zw_engine_keep_aside(zw_engine *engine, const zw_goods *goods, zw_delivery *delivery,
                               const zw_guard_words *words, zw_err *err) ZW_MUST_USE;

/** Writes down, in the transaction, that this pack runs from now on, when another ran before. */
zw_status zw_engine_note_pack(zw_engine *engine, zw_err *err) ZW_MUST_USE; /* then.c */

/** Drops the turn: the store and everything computed go back to the last commit. */
void zw_engine_drop(zw_engine *engine);

#endif
