/**
 * An evaluation: the values of a pack's expressions over a store, at one as-of that moves. What was
 * computed is kept by (node, area) as columns of cells; each column knows who read it, so that
 * something learned makes exactly its readers stale, and each cell knows until when time alone
 * leaves it true. Nothing is global: a second as-of is a second evaluation.
 *
 * Promises
 * 1. A cell read is a pure function of (pack, store, as-of, node, area, period), whatever was
 * computed before.
 * 2. A period that begins after the as-of has no value.
 */
#ifndef ZW_INDICATOR_EVAL_H
#define ZW_INDICATOR_EVAL_H

#include "indicator/cell.h"
#include "plan/graph.h"
#include "script/script.h"
#include "store/store.h"

typedef struct zw_eval zw_eval;

/** A question to whoever judges alerts: how does `alert` stand at an area, as of the evaluation's
 * moment? */
typedef struct zw_alert_question {
    const zw_eval *eval;
    uint32_t alert, area;
    bool has_period; /* of `per = "period"`: its instance of this period */
    zw_period period;
    uint32_t item; /* of an alert for each item: this one alone, its number in the store + 1; 0: all
                      that stand in the area */
} zw_alert_question;

typedef struct zw_alert_answer {
    int level;        /* the highest of its instances: 0 none fires, else 1 + severity */
    bool has_unknown; /* one of them is unknown, or nobody can tell */
    bool is_there;    /* there is such an instance */
    bool is_fleeting; /* asked again when the as-of moves; else whoever judges tells when it does */
} zw_alert_answer;

/** Whoever judges alerts. */
typedef struct zw_alert_book {
    zw_status (*look)(void *arg, const zw_alert_question *question, zw_alert_answer *out,
                      zw_err *err);
    void *arg;
} zw_alert_book;

/** What an evaluation stands on; all borrowed, all must outlive it. */
typedef struct zw_eval_world {
    zw_pack *pack;     /* expressions made later are taken up */
    zw_script *script; /* NULL: a pack without functions */
    zw_store *store;
    const zw_alert_book *alerts; /* NULL: nobody judges them, and all are unknown */
} zw_eval_world;

zw_status zw_eval_create(const zw_eval_world *world, int64_t as_of_ms, zw_eval **out,
                         zw_err *err) ZW_MUST_USE;
void zw_eval_destroy(zw_eval *eval); /* NULL is allowed */

int64_t zw_eval_as_of_ms(const zw_eval *eval);
const zw_eval_world *zw_eval_world_of(const zw_eval *eval);

/**
 * Moves the as-of. Forward: what the store learned in between makes its readers stale. Backward, or
 * after the store's past changed: everything is stale.
 */
zw_status zw_eval_move(zw_eval *eval, int64_t as_of_ms, zw_err *err) ZW_MUST_USE;
void zw_eval_forget(zw_eval *eval);

/** The store let go of periods of a measure (zw_store_let_go): what read them is stale. */
zw_status zw_eval_let_go(zw_eval *eval, uint32_t measure, zw_err *err) ZW_MUST_USE;

/** Whether figures of this very period that lie under a node are past their keep: what was seen of
 * it cannot be seen again. */
bool zw_eval_is_past(zw_eval *eval, zw_node_id node, uint32_t area, zw_period period);

/** One cell. A node without a grid is asked at any period. @return ZW_OK; ZW_NOMEM and what the
 * store says. */
zw_status zw_eval_cell(zw_eval *eval, zw_node_id node, uint32_t area, zw_period period,
                       zw_cell *out, zw_err *err) ZW_MUST_USE;

/** Over so many parts or more an expression is read in rows, straight from the store where it can
 * be, not by a column for each of them. What it says is the same: for tests. */
void zw_eval_read_wide(zw_eval *eval, size_t from);

/** Cells lo … hi, computed together. @param out  has room for them. */
zw_status zw_eval_cells(zw_eval *eval, zw_node_id node, uint32_t area, zw_span span, zw_cell *out,
                        zw_err *err) ZW_MUST_USE;

/**
 * Puts the veil over a cell that is about to be shown: what the pack hides there, and what would
 * betray it, becomes missing, ZW_REASON_HIDDEN. Whatever leaves the house goes through here; what
 * is counted, judged and rolled up does not.
 */
zw_status zw_eval_veil(zw_eval *eval, zw_node_id node, uint32_t area, zw_period period,
                       zw_cell *cell, zw_err *err) ZW_MUST_USE; /* veil.c */

/** Whether the figure of a measure reported under `dims` (as in intake/batch.h) is hidden. */
zw_status zw_eval_hides_figure(zw_eval *eval, uint32_t measure, uint32_t area, const char *dims,
                               zw_period period, bool *out, zw_err *err) ZW_MUST_USE; /* veil.c */

/** The period that holds the as-of on the node's grid, in the area's zone. */
zw_period zw_eval_now(const zw_eval *eval, zw_node_id node, uint32_t area);

/** The first period for which anything under the node is known by now; false when nothing is. */
bool zw_eval_first(zw_eval *eval, zw_node_id node, zw_period *out, uint32_t area);

/** The first period that can be spoken of: known, or expected by a due date although nobody ever
 * reported it. */
bool zw_eval_first_spoken(zw_eval *eval, zw_node_id node, zw_period *out, uint32_t area);

/** The newest period whose value is known or, if newer, whose figures are all due (LANGUAGE §3
 * *Alerts*). */
typedef struct zw_front {
    bool has_period;
    zw_period period;
    zw_cell cell;
    int64_t until_ms; /* when time alone may move it */
} zw_front;
zw_status zw_eval_front(zw_eval *eval, zw_node_id node, uint32_t area, zw_front *out,
                        zw_err *err) ZW_MUST_USE;

/** Like the front, but only a period whose value is known counts: "the newest figure". */
zw_status zw_eval_newest(zw_eval *eval, zw_node_id node, uint32_t area, zw_front *out,
                         zw_err *err) ZW_MUST_USE;

/** The verdict on a target's dated value `dated` at an area, and the value it was judged by
 * (missing before there is one). */
typedef struct zw_judged {
    zw_verdict verdict;
    zw_cell actual;
    int64_t until_ms;
    bool has_earlier;   /* an earlier vintage said otherwise … */
    double earlier;     /* … with this value */
    int64_t earlier_ms; /* … and this is its moment */
} zw_judged;
zw_status zw_eval_verdict(zw_eval *eval, uint32_t target, uint32_t area, size_t dated,
                          zw_judged *out, zw_err *err) ZW_MUST_USE;

/**
 * The moments by now, in order, at which what the value of (node, area, period) reads was learned:
 * its vintages.
 * @param out  gets an array that the caller frees.
 */
zw_status zw_eval_vintages(zw_eval *eval, zw_node_id node, uint32_t area, zw_period period,
                           int64_t **out, size_t *count, zw_err *err) ZW_MUST_USE;

/**
 * From now on cells, fronts and watches speak of one item wherever they ask its register, until
 * zw_eval_unbind.
 * @param reg   in the pack. @param item  in the store.
 * @param before  gets what is to be given to zw_eval_unbind, also on failure.
 */
zw_status zw_eval_bind(zw_eval *eval, uint32_t reg, uint32_t item, uint32_t *before,
                       zw_err *err) ZW_MUST_USE;
void zw_eval_unbind(zw_eval *eval, uint32_t before);
/** What it is bound to now. */
uint32_t zw_eval_bound(const zw_eval *eval);

/**
 * The group that decides a truth asked of all groups, ZW_OP_GROUPS, in a period: of `any` the first
 * for which it holds, of `all` the first for which it does not.
 * @param binding  gets what is to be given to zw_eval_unbind for what follows to speak of that
 * group.
 * @return ZW_OK, with *found false where none decides; ZW_NOMEM and what the evaluation says.
 */
zw_status zw_eval_deciding_group(zw_eval *eval, zw_node_id groups, uint32_t area, zw_period period,
                                 bool *found, uint32_t *binding,
                                 zw_err *err) ZW_MUST_USE; /* groups.c */

/** How an item stands now. */
typedef struct zw_item_now {
    uint32_t item; /* in the store */
    const char *name;
    bool is_known, lives;
    uint32_t area;    /* where it stands; ZW_NONE: in none of the pack's */
    int64_t until_ms; /* until when that is so, unless something is learned */
} zw_item_now;
/** Calls `each` for every item of a register that any row was known of by now. */
zw_status zw_eval_items(const zw_eval *eval, uint32_t reg,
                        zw_status (*each)(void *arg, const zw_item_now *now, zw_err *err),
                        void *arg, zw_err *err) ZW_MUST_USE;
/** A field of an item now, or its "state", as it was said; "" when it says none. */
const char *zw_eval_item_says(const zw_eval *eval, uint32_t item, const char *field);

/** An alert stands otherwise than before: what asked it is stale. */
zw_status zw_eval_alert_moved(zw_eval *eval, uint32_t alert, zw_err *err) ZW_MUST_USE; /* firing.c
                                                                                        */

/** Tells `watch` (a caller's number) from now on when the node at the area becomes stale. */
zw_status zw_eval_watch(zw_eval *eval, zw_node_id node, uint32_t area, uint32_t watch,
                        zw_err *err) ZW_MUST_USE;
/** Takes the next watch that went stale off the list, with the periods; false when there is none.
 */
bool zw_eval_next_stale(zw_eval *eval, uint32_t *watch, zw_span *span);

/** A figure under an expression: `measure` at `area` for `period`, as `node` narrows it below
 * `binding` (borrowed for the call). */
typedef struct zw_input {
    uint32_t measure, area;
    zw_period period;
    zw_node_id node;
    const char *binding;
} zw_input;
/** Calls `each` for every measured cell that the value of (node, area, period) reads at this as-of.
 */
zw_status zw_eval_inputs(zw_eval *eval, zw_node_id node, uint32_t area, zw_period period,
                         zw_status (*each)(void *arg, const zw_input *input, zw_err *err),
                         void *arg, zw_err *err) ZW_MUST_USE;

/**
 * Calls `each` for what the Lua functions under a node that are called for this very area and
 * period say beside their values. A function whose value is missing or hidden says nothing.
 * @param seen  gets what the functions' values bring with them: their marks.
 */
zw_status zw_eval_said(zw_eval *eval, zw_node_id node, uint32_t area, zw_period period,
                       void (*each)(void *arg, const zw_said *said), void *arg, zw_cell *seen,
                       zw_err *err) ZW_MUST_USE; /* invoke.c */

/** The text of a cell of an expression that says texts; "" when it is missing. */
const char *zw_eval_text(const zw_eval *eval, const zw_cell *cell); /* texts.c */

/** Appends why a cell is missing ("part missing: yuzhu (3 of 4 in)"); nothing when it stands. */
void zw_eval_why(const zw_eval *eval, uint32_t area, const zw_cell *cell, zw_buf *out);

/** Appends a value as people read it, with its marks: "603.2 (1e8 CNY, provisional, synthetic)";
 * missing: "missing: why". */
void zw_eval_show(const zw_eval *eval, zw_node_id node, uint32_t area, const zw_cell *cell,
                  zw_buf *out);

#endif
