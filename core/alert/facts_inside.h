/** The inside of an alert's facts: what is gathered, and the files that gather it. */
#ifndef ZW_ALERT_FACTS_INSIDE_H
#define ZW_ALERT_FACTS_INSIDE_H

#include "alert/facts.h"

enum { ZW_FACTS_MOST = 64 };

/** What a truth speaks of. */
typedef struct zw_subject_matter {
    zw_node_id value, threshold; /* ZW_NODE_NONE where there is none */
    zw_node_id groups;           /* the truth is one of its groups'; ZW_NODE_NONE */
    uint32_t target;             /* ZW_NONE */
    bool is_verdict, is_late;
} zw_subject_matter;

/** The facts as they are gathered. */
typedef struct zw_gathering {
    zw_eval *eval;
    const zw_pack *pack;
    const zw_alert *alert;
    uint32_t area;
    const zw_alert_state *state;
    zw_period front; /* the period the words speak of */
    zw_node_id truth;
    zw_grid grid;
    zw_subject_matter matter;
    zw_arena *arena;
    zw_fact facts[ZW_FACTS_MOST];
    size_t count;
    bool is_synthetic;
    bool is_zh;
    bool has_failed; /* without memory, where no status can say so */
    bool is_told;    /* words for people, not evidence */
    bool *lacks;     /* by area */
    int64_t due_ms;
    int64_t newest_batch, newest_known_ms;
    uint32_t newest_source; /* the row's own; 0: its delivery's counts */
    uint32_t unbound;       /* what the evaluation was bound to before */
} zw_gathering;

/** Adds a fact; past ZW_FACTS_MOST it is dropped. Texts are borrowed: of `arena`, or constants. */
void zw_facts_put_text(zw_gathering *in, const char *name, const char *text);
void zw_facts_put_number(zw_gathering *in, const char *name, double value, const zw_unit *show);
/** The day of a moment, as people name it. */
void zw_facts_put_moment(zw_gathering *in, const char *name, int64_t at_ms);

/** The period of an expression's own grid that the front is, or ends with. */
zw_period zw_facts_period_of(const zw_gathering *in, zw_node_id node);

/** The fact of that name, or NULL. */
const zw_fact *zw_facts_find(const zw_gathering *in, const char *name);
/** A title in the language that is gathered for. */
const char *zw_facts_title(const zw_gathering *in, const zw_title *title);

/** Adds who lacks, when it was due and how late it is, and the newest source. */
zw_status zw_facts_put_arrival(zw_gathering *in, zw_err *err) ZW_MUST_USE; /* facts_arrival.c */

#endif
