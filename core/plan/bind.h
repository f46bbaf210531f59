/** Binding: a batch's names become the pack's measures and areas, its texts periods and moments;
 * what fits nowhere is named. */
#ifndef ZW_PLAN_BIND_H
#define ZW_PLAN_BIND_H

#include "intake/batch.h"
#include "plan/pack.h"

/** A row that means something. Texts are borrowed from the batch. */
typedef struct zw_bound {
    uint32_t measure, area; /* indexes in the pack */
    const char *dims, *scope;
    const char *source, *note; /* the row's own; "" when it says nothing */
    zw_period period;          /* on the measure's grid */
    double value;              /* without scale */
    int64_t known_at_ms;
    zw_obs_status status;
    bool is_synthetic; /* by its own row; its delivery may say so for all */
    uint32_t line;
} zw_bound;

typedef struct zw_bind_options {
    int64_t now_ms;    /* known_at may lie before it, never after */
    bool has_known_at; /* for rows that say nothing; else now_ms */
    int64_t known_at_ms;
    bool has_status; /* for rows that say A: what `--status` said */
    zw_obs_status status;
    const zw_period *floors; /* by measure: earlier periods are past its keep; NULL: none is */
} zw_bind_options;

/**
 * Binds every row of `batch`; a row that fits nowhere is rejected (zw_batch_reject) with what was
 * expected and the nearest known name, at its column.
 * @param out  gets an array of batch->row_count rows, in the batch's order; the caller frees it.
 * NULL when there is none.
 */
zw_status zw_bind(const zw_pack *pack, zw_batch *batch, const zw_bind_options *options,
                  zw_bound **out, zw_err *err) ZW_MUST_USE;

/** Says why a period below a measure's floor is refused. */
void zw_bind_say_past(const zw_pack *pack, uint32_t measure, uint32_t area, zw_period floor,
                      zw_buf *out);

#endif
