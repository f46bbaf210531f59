/* What a rule says of an area now: its `must` at the front, then its `should`. */
#include "alert/rule.h"

const char *zw_rule_text(zw_rule_is is)
{
    static const char *const texts[] = {[ZW_RULE_UNKNOWN] = "unknown",
                                        [ZW_RULE_KEPT] = "kept",
                                        [ZW_RULE_AMBER] = "amber",
                                        [ZW_RULE_BROKEN] = "broken"};
    return texts[is];
}

static void take_front(zw_rule_state *state, zw_node_id node, const zw_front *front)
{
    state->has_front = front->has_period;
    state->front = front->period;
    state->cell = front->cell;
    state->node = node;
}

zw_status zw_rule_judge(zw_eval *eval, uint32_t index, uint32_t area, zw_rule_state *out,
                        zw_err *err)
{
    const zw_rule *rule = &zw_eval_world_of(eval)->pack->rules[index];
    zw_front must;
    zw_status status = zw_eval_front(eval, rule->must, area, &must, err);
    *out = (zw_rule_state){.is = ZW_RULE_UNKNOWN, .until_ms = must.until_ms};
    take_front(out, rule->must, &must);
    if (status != ZW_OK || !must.has_period || !zw_cell_stands(&must.cell)) {
        return status;
    }
    out->is = must.cell.value != 0 ? ZW_RULE_KEPT : ZW_RULE_BROKEN;
    if (out->is == ZW_RULE_BROKEN || rule->should == ZW_NODE_NONE) {
        return ZW_OK;
    }
    zw_front should;
    status = zw_eval_front(eval, rule->should, area, &should, err);
    if (status != ZW_OK) {
        return status;
    }
    out->until_ms = should.until_ms < out->until_ms ? should.until_ms : out->until_ms;
    if (should.has_period && zw_cell_is_false(&should.cell)) {
        out->is = ZW_RULE_AMBER;
        take_front(out, rule->should, &should);
    }
    return ZW_OK;
}
