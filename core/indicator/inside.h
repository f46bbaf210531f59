/** The inside of an evaluation, shared by the files that compute: how a column reads another, and
 * what is known first. */
#ifndef ZW_INDICATOR_INSIDE_H
#define ZW_INDICATOR_INSIDE_H

#include "indicator/known.h"
#include "indicator/places.h"
#include "indicator/plain.h"
#include "indicator/shelf.h"
#include "indicator/table.h"
#include "indicator/wide.h"

/** What is known of a measure by now. */
typedef struct zw_first_known {
    bool is_counted; /* false: must be counted anew */
    bool has_any;
    zw_period first;
} zw_first_known;

/** The measures and registers under a node. */
typedef struct zw_reads {
    bool is_ready, has_call;
    uint32_t *measures;
    size_t count;
    uint32_t *registers;
    size_t register_count;
} zw_reads;

struct zw_eval {
    zw_eval_world world;
    int64_t as_of_ms;
    zw_table *table;
    zw_pool *bindings;      /* number 0 is "" */
    zw_pool *texts;         /* of script errors: the `detail` of a cell */
    zw_first_known *firsts; /* by measure */
    zw_period *floors;      /* the same: what lies below is past its keep; INT64_MIN: nothing is */
    zw_reads **reads;       /* by node; each stays where it is while functions add nodes */
    size_t reads_count;
    zw_known *known;
    zw_shelves *shelves;
    zw_plain *plain;
    zw_places *places;
    bool is_lent; /* these two are another's, who lives longer */
    zw_wides *wides;
    size_t wide_from;     /* so many parts are read past their columns */
    uint32_t bound;       /* the binding of whoever asks from outside; 0: none */
    struct zw_veil *veil; /* what is hidden at this as-of; NULL until it is asked for */
    zw_arena *scratch;    /* of one computation */
    bool is_traced;       /* every figure must be read through its cell: who reads what is asked */
    struct zw_trace *trace; /* what one cell reads while it is computed is noted there; NULL */
};

/** Cells of a column over a span that was read; a constant answers every period with its one cell.
 */
typedef struct zw_slice {
    zw_col *col;
    bool is_constant;
} zw_slice;
const zw_cell *zw_slice_at(const zw_slice *slice, zw_period period);

/** Reads `node` at (area, binding) over a span of its grid, for `reader`, which is noted as a
 * reader in `slot`. */
zw_status zw_inside_read(zw_eval *eval, zw_col *reader, unsigned slot, zw_node_id node,
                         uint32_t area, uint32_t binding, zw_span span, zw_slice *out,
                         zw_err *err) ZW_MUST_USE;

/** Reads kid `slot` of the reader's node at the reader's own area and binding. */
zw_status zw_inside_kid(zw_eval *eval, zw_col *reader, unsigned slot, zw_span span, zw_slice *out,
                        zw_err *err) ZW_MUST_USE;

/** The column of kid `slot` at the reader's own area and binding, with the reader noted; nothing is
 * computed. */
zw_status zw_inside_kid_col(zw_eval *eval, zw_col *reader, unsigned slot, zw_col **out,
                            zw_err *err) ZW_MUST_USE;

/**
 * A kid read cell by cell, so that exactly what a value needs counts as its input. After a failure
 * it answers missing cells and keeps the status: look at it once, at the end.
 */
typedef struct zw_kid {
    zw_eval *eval;
    zw_col *reader;
    unsigned slot;
    zw_status status;
    zw_err *err;
} zw_kid;
zw_cell zw_kid_at(zw_kid *kid, zw_period period);

/** Brings a column up to date over a span. */
zw_status zw_inside_ensure(zw_eval *eval, zw_col *col, zw_span span, zw_err *err) ZW_MUST_USE;

const zw_calendar *zw_inside_calendar(const zw_eval *eval, uint32_t area);

/** Asks the store anew what is past its keep. */
void zw_inside_read_floors(zw_eval *eval); /* learn.c */

/** The first period of a measure for which anything is known by now; false when nothing is. */
bool zw_inside_first_known(zw_eval *eval, uint32_t measure, zw_period *out);
/** The first period of a measure that can be spoken of: known, or late when nobody reports it. */
bool zw_inside_first_spoken(zw_eval *eval, uint32_t measure, uint32_t area, zw_period *out);
/** The first known one over everything under a node, on the node's grid. */
bool zw_inside_first(zw_eval *eval, zw_node_id node, uint32_t area, zw_period *out);
/** Makes stale what asks for that: something is known from an earlier period on than before, and
 * who asks need not have read it (a function may read anything). */
zw_status zw_inside_touch_first(zw_eval *eval, zw_err *err) ZW_MUST_USE; /* learn.c */
/** The measures under a node, counted once; NULL when memory is gone. */
const zw_reads *zw_inside_reads(zw_eval *eval, zw_node_id node);

/** Cells in a row: those of neighbouring periods or areas, or with `step` 0 one for all. */
typedef struct zw_strip {
    const zw_cell *cells;
    size_t step;
} zw_strip;
/** A point operation over `count` places of its kids. */
void zw_point_strip(const zw_node *node, const zw_strip *kids, zw_cell *out,
                    size_t count); /* point.c */
/** A number, or an attribute of the area. */
zw_cell zw_point_constant(const zw_pack *pack, const zw_node *node, uint32_t area); /* point.c */
/** True when a node's value in a period follows from its kids' there alone, at every area. */
bool zw_inside_is_point(const zw_node *node); /* eval.c */

/**
 * How the cells of one column over a span are computed. `node` is a copy; every cell of the span is
 * written. Each of these lives in the file named behind it.
 */
typedef zw_status (*zw_compute)(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                                zw_err *err);
zw_status zw_compute_constant(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                              zw_err *err); /* point.c */
zw_status zw_compute_point(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                           zw_err *err); /* point.c */
zw_status zw_compute_measure(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                             zw_err *err); /* measured.c */
zw_status zw_compute_along(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                           zw_err *err); /* along.c */
zw_status zw_compute_regrid(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                            zw_err *err); /* regrid.c */
zw_status zw_compute_rolling(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                             zw_err *err); /* rolling.c */
zw_status zw_compute_filled(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                            zw_err *err); /* filled.c */
zw_status zw_compute_vintage(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                             zw_err *err); /* vintage.c */
zw_status zw_compute_rate(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                          zw_err *err); /* rolling.c */
zw_status zw_compute_counter(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                             zw_err *err); /* counter.c */
zw_status zw_compute_elsewhere(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                               zw_err *err); /* elsewhere.c */
zw_status zw_compute_parts(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                           zw_err *err); /* parts.c */
zw_status zw_compute_indicator(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                               zw_err *err); /* parts.c */
zw_status zw_compute_groups(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                            zw_err *err); /* groups.c */
zw_status zw_compute_steps(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                           zw_err *err); /* steps.c */
zw_status zw_compute_arrival(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                             zw_err *err); /* arrival.c */
zw_status zw_compute_goal(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                          zw_err *err); /* goal.c */
zw_status zw_compute_verdict(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                             zw_err *err); /* verdict.c */
zw_status zw_compute_call(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                          zw_err *err); /* invoke.c */
zw_status zw_compute_firing(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                            zw_err *err); /* firing.c */
zw_status zw_compute_is(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                        zw_err *err); /* texts.c */
zw_status zw_compute_items(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                           zw_err *err); /* item_counts.c */

/** Makes stale what rows of registers say that were learned after `before_ms` and by now. */
zw_status zw_inside_learn_items(zw_eval *eval, int64_t before_ms,
                                zw_err *err) ZW_MUST_USE; /* learn_items.c */

/** The plain series behind a measure node at an area; ZW_SERIES_NONE when it takes more to answer
 * it. */
zw_series_id zw_inside_plain(zw_eval *eval, const zw_node *node, uint32_t area); /* measured.c */
/** Why an area itself says nothing of a period of the measure `node`. */
zw_cell zw_inside_absent(zw_eval *eval, const zw_node *node, uint32_t area,
                         zw_period p); /* measured.c */
/** What a plain series says of a period, or why it says nothing; false for what must be asked for:
 * it was taken back. */
bool zw_inside_plain_says(zw_eval *eval, const zw_node *node, uint32_t area, zw_series_id series,
                          zw_period p, zw_cell *out); /* measured.c */
/** What a plain series says of a period; false when it has nothing that stands. */
bool zw_inside_plain_cell(const zw_eval *eval, zw_series_id series, zw_period period,
                          zw_cell *out); /* measured.c */

zw_status zw_compute_whole(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                           zw_err *err); /* groups.c */
zw_status zw_compute_rank(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                          zw_err *err); /* rank.c */
zw_status zw_compute_similarity(zw_eval *eval, zw_col *col, const zw_node *node, zw_span span,
                                zw_err *err); /* similarity.c */

/** How a measure goes up the tree: SUM, MEAN, MAX, MIN, or COUNT when it does not. */
zw_how zw_inside_rollup(const zw_measure *measure); /* measured.c */
/** The moment after which a report for a measure's period is late (its due, `extra` later);
 * ZW_NEVER_MS without a due. */
int64_t zw_inside_due_ms(const zw_eval *eval, uint32_t measure, uint32_t area, zw_period period,
                         const zw_length *extra); /* measured.c */
/** True when `area` itself is expected to report a measure for a period. */
bool zw_inside_is_expected(zw_eval *eval, uint32_t measure, uint32_t area,
                           zw_period period); /* measured.c */
/** How many areas in `area`'s tree, itself included, are expected to report. */
uint16_t zw_inside_reporters(zw_eval *eval, uint32_t measure, uint32_t area,
                             zw_period period); /* measured.c */
/** True when the month a period starts in is one that the measure has no report for. */
bool zw_inside_is_skipped(const zw_eval *eval, uint32_t measure, uint32_t area,
                          zw_period period); /* measured.c */

/** The parent of an area in a period of the node's grid: the first of those declared that lives
 * then, so that an area that moved has the parent it had; ZW_NONE when there is none. */
uint32_t zw_inside_parent(const zw_eval *eval, const zw_node *node, uint32_t area,
                          zw_period p); /* elsewhere.c */

/** One cell below a binding ("dim=value", or ""). */
zw_status zw_inside_cell(zw_eval *eval, zw_node_id node, uint32_t area, const char *binding,
                         zw_period period, zw_cell *out, zw_err *err) ZW_MUST_USE; /* inputs.c */

/** Like zw_eval_inputs, below a binding. @param until_ms  gets when time alone adds an input: a
 * period known of before it begins. */
zw_status zw_inside_inputs(zw_eval *eval, zw_node_id node, uint32_t area, const char *binding,
                           zw_period period,
                           zw_status (*each)(void *arg, const zw_input *input, zw_err *err),
                           void *arg, int64_t *until_ms, zw_err *err) ZW_MUST_USE; /* inputs.c */

/** Whether the pack may hide something of what lies under a node, itself included. */
zw_status zw_inside_may_hide(zw_eval *eval, zw_node_id node, bool *out,
                             zw_err *err) ZW_MUST_USE; /* veil.c */
/** Makes of a cell one that is hidden. */
void zw_inside_hide(zw_cell *cell); /* veil.c */

/** Drops what was found to be hidden: the figures or the as-of changed. */
void zw_inside_unveil(zw_eval *eval); /* veil.c */

/** What has no periods is asked as of now: it stands until the next of these areas begins or ends
 * to live. */
void zw_inside_wait_for_lives(const zw_eval *eval, zw_list areas, zw_cell *cell); /* elsewhere.c */

/** A fresh evaluation over the same world at another as-of. */
zw_status zw_inside_sibling(const zw_eval *eval, int64_t as_of_ms, zw_eval **out,
                            zw_err *err) ZW_MUST_USE;

/** Sets an evaluation's as-of, with everything stale. */
void zw_inside_jump(zw_eval *eval, int64_t as_of_ms);

#endif
