/** Guards: what they say of a delivery whose rows are in the store, but may still be taken back. */
#ifndef ZW_ALERT_GUARD_H
#define ZW_ALERT_GUARD_H

#include "alert/facts.h"
#include "plan/bind_items.h"

/** What one guard says of one area that the delivery touched. */
typedef struct zw_guard_word {
    uint32_t alert, area;
    bool has_objected;
    zw_severity severity; /* the worst of what was true: ZW_CRITICAL holds the delivery */
    zw_period period;     /* the newest period in which it was, on that truth's grid */
    int64_t as_of_ms;     /* when it was, as the rows came to be known */
    zw_saying saying;     /* of an objection */
} zw_guard_word;

/** What all guards say; a zeroed one is empty. Ended by fini. */
typedef struct zw_guard_words {
    zw_guard_word *at; /* by guard and area */
    size_t count, capacity;
    bool is_held;
} zw_guard_words;

/** True when a guard of the pack judges any of the rows. */
bool zw_guard_is_asked(const zw_pack *pack, const zw_goods *goods);

/**
 * Judges rows that are in the store: each truth of each guard of their measures, at the area of
 * each row, in the periods of the truth's grid in or around the row's, as of the moment the row is
 * known at. A register's row touches the areas where its item stands and stood before, in the
 * period that holds its `at` and in the newest one when it is known. Unknown objects to nothing.
 * The evaluation is one of its own, so that nothing else has seen what may go back.
 * @param out  is initialised here, also on failure.
 * @return ZW_OK; ZW_NOMEM and what the evaluation says.
 */
zw_status zw_guard_judge(const zw_eval_world *world, const zw_goods *goods, zw_guard_words *out,
                         zw_err *err) ZW_MUST_USE;
void zw_guard_words_fini(zw_guard_words *words);

#endif
