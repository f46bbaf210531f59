/** The facts of an alert: what its words can name, read from the evaluation at the moment of
 * speaking. */
#ifndef ZW_ALERT_FACTS_H
#define ZW_ALERT_FACTS_H

#include "alert/message.h"
#include "indicator/eval.h"

/**
 * Appends the evidence of a move as a JSON object: the facts that words can name, the synthetic
 * mark and the basis (basis.h) — frozen at the as-of.
 * @return ZW_OK; ZW_NOMEM and what the evaluation says.
 */
zw_status zw_facts_evidence(zw_eval *eval, uint32_t alert, uint32_t area,
                            const zw_alert_state *state, zw_buf *out, zw_err *err) ZW_MUST_USE;

/** What is said of an instance now, in both languages. */
typedef struct zw_saying {
    zw_buf en, zh, value; /* `value`: as shown beside it; the caller frees with zw_saying_fini */
    zw_buf why;           /* of an unknown one */
    bool is_synthetic;
} zw_saying;

/** Fills the alert's `say` (or, without one, its title with the value). `saying` is initialised
 * here, also on failure. */
zw_status zw_facts_say(zw_eval *eval, uint32_t alert, uint32_t area, const zw_alert_state *state,
                       zw_saying *saying, zw_err *err) ZW_MUST_USE;
/** The same of figures that are in the store, also for a guard; zw_facts_say gives a guard's alert
 * the words it had when the delivery came. */
zw_status zw_facts_say_live(zw_eval *eval, uint32_t alert, uint32_t area,
                            const zw_alert_state *state, zw_saying *saying,
                            zw_err *err) ZW_MUST_USE;
/** Called with the facts of an alert, which live for the call. */
typedef zw_status (*zw_facts_use)(void *arg, zw_facts facts, bool is_synthetic, zw_err *err);

/**
 * Hands over what a text may name: as for `say`, in one language, and the declared names between
 * braces in `asked`. Of a guard's alert, whose figures may not be in, only where it is.
 * @return ZW_OK; ZW_NOMEM and what the evaluation and `use` say.
 */
zw_status zw_facts_with(zw_eval *eval, uint32_t alert, uint32_t area, const zw_alert_state *state,
                        bool is_zh, const char *asked, zw_facts_use use, void *arg,
                        zw_err *err) ZW_MUST_USE;
void zw_saying_fini(zw_saying *saying);

#endif
