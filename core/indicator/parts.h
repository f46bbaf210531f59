/** Parts: an expression read at several areas side by side, and what becomes of it. */
#ifndef ZW_INDICATOR_PARTS_H
#define ZW_INDICATOR_PARTS_H

#include "indicator/fold.h"
#include "indicator/inside.h"

/** Areas, each with the expression's cells over a span. */
typedef struct zw_parts {
    zw_list areas; /* the pack's or the caller's */
    zw_slice *slices;
    zw_cell *row;     /* instead of slices, of the one period that was read; NULL */
    bool may_be_wide; /* may be read past their columns, when they are many (swath.h) */
    uint32_t *below;  /* behind `areas`, where they are more than the parts; NULL */
    int32_t *times;   /* by area of the pack: how often it counts; NULL: each once */
    uint32_t of;      /* whose parts they are, when they are weighed */
    bool is_timeless; /* of a node without periods: asked as of now */
    bool is_listed;   /* the pack names them: each is asked for, whether it is expected to report or
                         not */
} zw_parts;

/**
 * The parts that an area is rolled up from. Where an area lies in two of them and they are added
 * up, it is everything below, weighed period by period so that each counts once (plan/cover.h).
 * Whatever it answers, zw_parts_fini frees.
 */
zw_status zw_parts_below(const zw_eval *eval, uint32_t area, zw_how how, zw_parts *parts,
                         zw_err *err) ZW_MUST_USE;
/** Weighs them for a period that ends at `end_ms`. */
void zw_parts_weigh(const zw_eval *eval, zw_parts *parts, int64_t end_ms);
/** How often the i-th counts: 1, unless they are weighed. */
int32_t zw_parts_times(const zw_parts *parts, size_t i);

/** Reads `kid` at each area below a binding, for `reader`, in its `slot`. Whatever it answers,
 * zw_parts_fini frees. */
zw_status zw_parts_read(zw_eval *eval, zw_col *reader, unsigned slot, zw_node_id kid,
                        uint32_t binding, zw_span span, zw_parts *parts, zw_err *err) ZW_MUST_USE;
void zw_parts_fini(zw_parts *parts);
/** What was read of the i-th area. */
const zw_cell *zw_parts_cell(const zw_parts *parts, size_t i, zw_period p);

/** The cell of the i-th area in a period that ends at `end_ms`; NULL where it does not count:
 * outside its life, or, not listed, where nobody is expected to report and nobody does. */
const zw_cell *zw_parts_at(const zw_eval *eval, const zw_parts *parts, size_t i, zw_period p,
                           int64_t end_ms);

/** Where the reader's period ends: the moment at which areas must live to count in it. */
int64_t zw_parts_end_ms(const zw_eval *eval, const zw_col *reader, const zw_node *node,
                        zw_period p);

/** @param out  true when every measure under a node may be partial, and there is one. */
zw_status zw_parts_may_be_partial(zw_eval *eval, zw_node_id node, bool *out,
                                  zw_err *err) ZW_MUST_USE;

/** Takes what counts in a period into a fold. */
void zw_parts_take(const zw_eval *eval, zw_parts *parts, zw_period p, int64_t end_ms,
                   zw_fold *fold);

/** The fold of a period's parts; missing where there are none. */
zw_cell zw_parts_folded(const zw_eval *eval, const zw_parts *parts, const zw_fold *fold,
                        int64_t end_ms);

#endif
