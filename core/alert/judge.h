/**
 * The judge: every alert instance of a pack, its state, and the moves it makes as the evaluation's
 * as-of moves. A subject is an alert at an area; it has one instance, or with `per = "period"` one
 * for each period that ever was true.
 */
#ifndef ZW_ALERT_JUDGE_H
#define ZW_ALERT_JUDGE_H

#include "alert/ledger.h"
#include "indicator/eval.h"

typedef struct zw_judge zw_judge;

/** One instance. A plain value; period only of a per-period alert. */
typedef struct zw_instance {
    bool has_period;
    bool is_gone; /* of a period that mended history makes none of: ok, only to take back what was
                     told; until the next start */
    zw_period period;
    zw_alert_state state;
} zw_instance;

/** @param eval, ledger  borrowed; must outlive it. Every instance starts ok. */
zw_status zw_judge_create(zw_eval *eval, zw_ledger *ledger, zw_judge **out,
                          zw_err *err) ZW_MUST_USE;
void zw_judge_destroy(zw_judge *judge);

/** The book in which evaluations of the pack's expressions look up how an alert stands: the judge's
 * own, as of its last step, what it says then; any other, and as of any other moment, what the
 * ledger says. Zeroed, everything is unknown. */
typedef struct zw_book {
    zw_alert_book face;
    zw_judge *judge;
} zw_book;
/** Makes `book`, which must stay where it is, the book of a judge; with NULL of none. */
void zw_book_set(zw_book *book, zw_judge *judge);

/** Takes every state back from the ledger as of `at_ms`; everything is judged again at the next
 * step. */
zw_status zw_judge_restore(zw_judge *judge, int64_t at_ms, zw_err *err) ZW_MUST_USE;

/** Leaves an alert until after `upto_ms` as the ledger has it at that moment: what was seen by then
 * cannot be seen again. Until the next restore. */
zw_status zw_judge_fix(zw_judge *judge, uint32_t alert, int64_t upto_ms, zw_err *err) ZW_MUST_USE;

/**
 * Judges what went stale, or whose time has come, at the evaluation's as-of, and writes each move
 * into the ledger.
 * @param recorded_ms  when that is written down.
 */
zw_status zw_judge_step(zw_judge *judge, int64_t recorded_ms, zw_err *err) ZW_MUST_USE;

/** From `at_ms` on a guard may say something else: its subjects are judged then. */
void zw_judge_guard_moved(zw_judge *judge, int64_t at_ms);

/** The next moment at which time alone may move an instance; ZW_NEVER_MS. */
int64_t zw_judge_next_ms(const zw_judge *judge);

/** Called for every instance; another status than ZW_OK ends the walk. */
typedef zw_status (*zw_judge_each)(void *arg, uint32_t alert, uint32_t area,
                                   const zw_instance *instance, zw_err *err);
zw_status zw_judge_walk(const zw_judge *judge, zw_judge_each each, void *arg,
                        zw_err *err) ZW_MUST_USE;

/** The item that a key names, as zw_alert_state's: 0 when the alert is for areas. @return false
 * when the alert is for the other, or no item is called so. */
bool zw_judge_find_item(const zw_eval *eval, uint32_t alert, const zw_alert_key *key,
                        uint32_t *out);

/** The key of an instance, its period's text written into `period` (size at least 48). */
zw_alert_key zw_judge_key(const zw_eval *eval, uint32_t alert, uint32_t area,
                          const zw_instance *instance, char *period);

/**
 * True when the alert's `unless` holds now at the area, around it or inside it.
 * @param until_ms  while it holds, brought forward to when time alone may end that: what nothing
 * watches must be asked again then.
 */
zw_status zw_judge_is_muted(const zw_judge *judge, uint32_t alert, uint32_t area, bool *out,
                            int64_t *until_ms, zw_err *err) ZW_MUST_USE;

/** The truth node that an alert's state speaks of: the one of its severity, else the first
 * declared. */
zw_node_id zw_judge_node(const zw_alert *alert, const zw_alert_state *state);

#endif
