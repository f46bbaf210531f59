/**
 * An account: what there is to say of a name when somebody asks why: the trees behind its value, a
 * rule's truths, a target's verdict or an alert's state, as of the evaluation's moment.
 */
#ifndef ZW_ALERT_ACCOUNT_H
#define ZW_ALERT_ACCOUNT_H

#include "alert/ledger.h"
#include "indicator/explain.h"

/** What is asked; texts are borrowed for the call. */
typedef struct zw_account_ask {
    const char *name; /* a measure (or an alias), indicator, target, rule, alert; else an expression
                         of the language */
    uint32_t area;    /* in the pack */
    const char *period; /* NULL: the newest there is something to say of */
    const char *item;   /* of an alert for each item: its name; else NULL */
    /** One expression of the language over the pack. */
    zw_status (*expression)(void *arg, zw_text text, zw_node_id *out, zw_err *err);
    void *arg;
} zw_account_ask;

enum { ZW_ACCOUNT_PARTS_MOST = 8, ZW_ACCOUNT_MOVES_MOST = 32 };

/** One value of the account, with its tree. */
typedef struct zw_account_part {
    const char *what; /* "value", "must", "critical", "clear" … */
    zw_node_id node;
    zw_period period;
    zw_tree *tree;
} zw_account_part;

/** A move of the alert. */
typedef struct zw_account_move {
    int64_t at_ms, recorded_ms;
    char state[12];
    char *evidence; /* a JSON object */
} zw_account_move;

/** Open for reading. */
typedef struct zw_account {
    zw_noun noun; /* ZW_NOUN_NONE: an expression */
    uint32_t index;
    const char *name;      /* as declared; of an expression the formula's text, owned */
    const zw_title *title; /* NULL of an expression */
    uint32_t area;
    int64_t as_of_ms;
    zw_account_part parts[ZW_ACCOUNT_PARTS_MOST];
    size_t count;
    /* of a target */
    bool has_verdict;
    size_t dated;
    zw_judged judged; /* under the veil */
    /* of an alert */
    zw_alert_state state;
    zw_account_move moves[ZW_ACCOUNT_MOVES_MOST]; /* of this instance by then, the newest last */
    size_t move_count, moves_in_all;
    char *written; /* of an expression */
} zw_account;

/**
 * @param eval  borrowed; must outlive the account.
 * @return ZW_OK; ZW_INVALID when there is no such name, period or item, saying what there is;
 * ZW_NOMEM and what the evaluation says. On failure `*out` is NULL.
 */
zw_status zw_account_create(zw_eval *eval, zw_ledger *ledger, const zw_account_ask *ask,
                            zw_account **out, zw_err *err) ZW_MUST_USE;
void zw_account_destroy(zw_account *account); /* NULL is allowed */

#endif
