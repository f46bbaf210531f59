/** Calls for the tests of the script room: a function of a pack, and what it reads. */
#ifndef ZW_TESTS_CALL_READER_H
#define ZW_TESTS_CALL_READER_H

#include "script_rows.h"

/** A reader that answers from a table: a node's figure by area and steps. */
struct reader {
    zw_node_id node;
    double base; /* area * 100 + steps + base */
    bool is_missing;
    zw_status fails;
    unsigned reads;
    uint32_t last_area;
    int32_t last_steps;
    void (*said)(void *arg, const zw_said *said); /* gets the second result; may be NULL */
    void *said_arg;
};

static inline zw_status read_figure(void *arg, zw_node_id node, uint32_t area, int32_t steps,
                                    zw_reading *out, zw_err *err)
{
    struct reader *reader = arg;
    reader->reads++;
    reader->node = node;
    reader->last_area = area;
    reader->last_steps = steps;
    if (reader->fails != ZW_OK) {
        return zw_err_set(err, reader->fails, "the reader failed");
    }
    out->is_missing = reader->is_missing;
    out->value = (double)area * 100 + steps + reader->base;
    return ZW_OK;
}

/** Calls the function of the first rule or, without rules, of the first indicator. */
static inline zw_status call_first(struct loaded *loaded, struct reader *reader,
                                   zw_call_result *result, zw_err *err)
{
    const zw_pack *pack = loaded->pack;
    const zw_node *node = zw_pack_node(pack, pack->rule_count > 0 ? pack->rules[0].must
                                                                  : pack->indicators[0].formula);
    assert_int_equal(node->op, ZW_OP_CALL);
    zw_call call = {.area = 1,
                    .grid = node->grid,
                    .period = node->grid.every == ZW_MONTH ? 50 * 12 + 4 : 50,
                    .read = read_figure,
                    .arg = reader,
                    .said = reader->said,
                    .said_arg = reader->said_arg};
    return zw_script_call(loaded->script, node->ref, &call, result, err);
}

#endif
