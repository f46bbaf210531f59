/** What a rule says of an area now. */
#ifndef ZW_ALERT_RULE_H
#define ZW_ALERT_RULE_H

#include "indicator/eval.h"

/** `must` false: red; `should` false: amber; neither known: unknown. */
typedef enum zw_rule_is { ZW_RULE_UNKNOWN, ZW_RULE_KEPT, ZW_RULE_AMBER, ZW_RULE_BROKEN } zw_rule_is;

typedef struct zw_rule_state {
    zw_rule_is is;
    bool has_front;
    zw_period front; /* the newest period it can speak of */
    zw_cell cell;    /* of the truth that decided, or why there is none */
    zw_node_id node; /* that truth */
    int64_t until_ms;
} zw_rule_state;

/** "unknown" "kept" "amber" "broken". */
const char *zw_rule_text(zw_rule_is is);

zw_status zw_rule_judge(zw_eval *eval, uint32_t rule, uint32_t area, zw_rule_state *out,
                        zw_err *err) ZW_MUST_USE;

#endif
