/**
 * Formulas: what a pack's expressions become. A node is an operation on other nodes; nodes are
 * shared (the same formula twice is one node), have one type, one grid and one unit, and are
 * checked when made. Nothing is computed here.
 *
 * Regridding and narrowing are pushed down when a node is made: `(a / b):year()` is `a:year() /
 * b:year()`,
 * `(a / b):where{…}` narrows both; so REGRID and the filters stand only above measures and
 * operations that look along time.
 */
#ifndef ZW_PLAN_FORMULA_H
#define ZW_PLAN_FORMULA_H

#include "base/period.h"
#include "base/unit.h"

#include <stdint.h>

typedef struct zw_pack zw_pack;

typedef uint32_t zw_node_id; /* dense, kids before parents */
#define ZW_NODE_NONE UINT32_MAX

/** What a node says. A text is what `:top` finds; it is compared and shown, and adds up in no way.
 */
typedef enum zw_type { ZW_TYPE_NUMBER, ZW_TYPE_TRUTH, ZW_TYPE_TEXT } zw_type;
const char *zw_type_text(zw_type type); /* "a number" "a truth" "a text" */

/** How values of a node add up. Everything that is not a measure or a flow derived from one is
 * ZW_KIND_LAST. */
typedef enum zw_kind {
    ZW_KIND_FLOW,  /* sums over areas and time */
    ZW_KIND_YTD,   /* running total of the reporting year: sums over areas, differenced over time */
    ZW_KIND_STOCK, /* sums over areas, last over time */
    ZW_KIND_RATE,  /* never adds up over areas, last over time */
    ZW_KIND_GAUGE, /* a live reading: mean over areas, the last there is over time */
    ZW_KIND_COUNTER, /* a reading that only grows, until it starts anew: its steps add up */
    ZW_KIND_LAST     /* a point formula or a look along time: recomputed, else the last period's */
} zw_kind;

typedef enum zw_how {
    ZW_HOW_KIND,
    ZW_HOW_SUM,
    ZW_HOW_MEAN,
    ZW_HOW_MAX,
    ZW_HOW_MIN,
    ZW_HOW_COUNT, /* of truths: those that hold */
    ZW_HOW_LAST,
    /* of windows only */
    ZW_HOW_FIRST,
    ZW_HOW_MEDIAN,
    ZW_HOW_STDDEV, /* by n - 1 */
    ZW_HOW_QUANTILE,
    ZW_HOW_SLOPE, /* a period, by least squares */
    /* across areas or groups only */
    ZW_HOW_ALL, /* of truths, Kleene's */
    ZW_HOW_ANY,
    ZW_HOW_SPREAD,    /* max - min */
    ZW_HOW_SIMILARITY /* the largest cosine of two of them, each a row of groups */
} zw_how;

/**
 * Every operation: its name, how the language writes it, and how many kids it has.
 * p is the period, a the area of the value; x, y, z the kids.
 */
#define ZW_OP_MAP(X)                                                                               \
    X(NUMBER, "number", 0) /* `number`, of any unit and grid */                                    \
    X(ATTR, "attr", 0)     /* attribute `text` of a; missing where it has none */                  \
    X(MEASURE, "measure",                                                                          \
      0) /* measure `ref` narrowed by `filters`, rolled up to a on its own grid */                 \
    X(ADD, "+", 2)                                                                                 \
    X(SUB, "-", 2)                                                                                 \
    X(MUL, "*", 2)                                                                                 \
    X(DIV, "/", 2) /* missing when y is 0 */                                                       \
    X(POW, "^", 2)                                                                                 \
    X(NEG, "-", 1)                                                                                 \
    X(MIN, "min", 2)                                                                               \
    X(MAX, "max", 2)                                                                               \
    X(ABS, "abs", 1)                                                                               \
    X(LN, "ln", 1) /* missing when x <= 0 */                                                       \
    X(EXP, "exp", 1)                                                                               \
    X(ROUND, "round", 1)  /* to `count` decimals, halves away from zero */                         \
    X(CLAMP, "clamp", 3)  /* x within y … z */                                                   \
    X(WHEN, "when", 3)    /* y where truth x, else z; missing where x is unknown */                \
    X(LAG, ":lag", 1)     /* x at p - count */                                                     \
    X(DELTA, ":delta", 1) /* x - x at p - count; of a ytd within its year, see SINGLE */           \
    X(YOY, ":yoy", 1)     /* x / x a year earlier - 1, if that was > 0 and spans are equal */      \
    X(YTD, ":ytd", 1)     /* running total of the reporting year; x itself when it is one */       \
    X(SINCE, ":since", 1) /* of a flow or ytd x: what it adds up to since period `from` */         \
    X(SINGLE, ":single",                                                                           \
      1) /* own part of a running total, spanning back to the last known total */                  \
    X(REGRID, ":regrid",                                                                           \
      1) /* x on `grid`, by `how` (ZW_HOW_KIND: as its kind says); finer: the period around */     \
    X(ROLLING, ":rolling",                                                                         \
      1) /* `how` of x over the last `count` periods; QUANTILE: the `number`-th */                 \
    X(OR_ELSE, ":or_else",                                                                         \
      2) /* x, or y where it is missing; what adds up over areas part by part */                   \
    X(FILL_LAST, ":fill", 1)  /* x, or its last known value before p */                            \
    X(VINTAGE, ":vintage", 1) /* x as `how` says: FIRST reported; LAST: before its last change */  \
    X(STEP, ":increase", 1) /* of a counter x: p's reading less the last one before; fallen: it */ \
    X(RATE, ":rate", 1)     /* a second: the steps x that end in the last `count` periods */       \
    X(OF, ":of", 1)         /* x at area `ref`, or by `text`: "parent", "zone" */                  \
    X(PARTS, ":areas", 1) /* `how` of x over the direct parts of a, or over `areas` when given; of \
                             SIMILARITY x is read once a value of dimension `text` */              \
    X(RANK, ":rank", 1)   /* 1 + how many living parts of a's parent have more x than a has */     \
    X(WHOLE, "whole",                                                                              \
      1) /* x without the group of dimension `text` that is being read: the same for all */        \
    X(GROUPS, ":by",                                                                               \
      1) /* `how` of x over the values of dimension `text`: x is evaluated once a value */         \
    X(INDICATOR, "indicator", 1) /* indicator `ref`, whose formula is x: rolled up as it says */   \
    X(SHARE, ":share", 2)        /* x / y, y its whole or x elsewhere */                           \
    X(FILTER, ":where", 2)       /* x where truth y, else left out */                              \
    X(OVER, ":over", 2)          /* strict, unrounded */                                           \
    X(UNDER, ":under", 2)                                                                          \
    X(AT_LEAST, ":at_least", 2)                                                                    \
    X(AT_MOST, ":at_most", 2)                                                                      \
    X(EQUALS, ":equals", 2)                                                                        \
    X(WITHIN, ":within", 3) /* y <= x <= z */                                                      \
    X(RISES, ":rises", 1)   /* each of the last `count` steps between published periods rises */   \
    X(FALLS, ":falls", 1)                                                                          \
    X(FLAT, ":flat", 1) /* each of them is at most `number` up or down */                          \
    X(LATE, ":late", 1) /* x or a part of it is not in and past due + `length` */                  \
    X(MISSING, ":missing", 1)                                                                      \
    X(PARTIAL, ":partial", 1)                                                                      \
    X(REVISED, ":revised",                                                                         \
      1) /* a figure under x changed after it was first known (in the last `length`, if any) */    \
    X(AND, "&", 2) /* Kleene's */                                                                  \
    X(OR, "|", 2)                                                                                  \
    X(NOT, "~", 1)                                                                                 \
    X(HELD, ":held", 1)     /* truth x in each of the last `count` published periods */            \
    X(BROKEN, ":broken", 1) /* rule `ref`, whose `must` is x, is not kept */                       \
    X(FIRING, ":firing", 1) /* alert `ref`, one of whose truths is x, fires: at least as severe as \
                               `count`; of one without `per` now, whatever the period */           \
    X(IS, ":equals", 1)     /* text x is one of `filters[0].values` */                             \
    X(VERDICT, ":verdict",                                                                         \
      1) /* target `ref` over x: its verdict is one of the bits of `verdicts` */                   \
    X(TARGET_VALUE, ":value", 1) /* path of target `ref` at p; x is what is followed */            \
    X(TARGET_GAP, ":gap", 1) /* path - x (x - path for under and at_most): positive when behind */ \
    X(TARGET_SHORTFALL, ":shortfall", 1) /* gap / path */                                          \
    X(TARGET_REQUIRED, ":required_growth",                                                         \
      1) /* yearly growth needed from the last full year to the next date */                       \
    X(TARGET_PROJECTED, ":projected", 1) /* where x is heading at the next date */                 \
    X(CALL, "function", 0)               /* Lua function `ref`, called for (a, p) */               \
    /* Of register `ref`. Inside one of its items (an instance, a truth in `:where`) they speak of \
       that item alone, else of all that stand in a; x says which. Truths: of any that lives. */   \
    X(ITEMS, "items", 0)           /* truth: it lives, and is as `filters` say */                  \
    X(ITEM_COUNT, ":count", 1)     /* how many live */                                             \
    X(ITEM_ADDED, ":added", 1)     /* how many came in p; with `text` since that period began */   \
    X(ITEM_LEFT, ":left", 1)       /* how many went */                                             \
    X(ITEM_VALUES, ":values", 1)   /* `how` of number field `text`, where it is filled in */       \
    X(ITEM_HAS, ":has", 1)         /* each of `filters[0].values` is field `text` of one of them;  \
                                      without filters: field `text` is filled in */                \
    X(ITEM_OVERDUE, ":overdue", 1) /* not done, and its deadline is over */                        \
    X(ITEM_DUE_WITHIN, ":due_within", 1) /* not done, its deadline is at most `length` away */     \
    X(ITEM_IN_STATE, ":in_state", 1)     /* in one of `states` */                                  \
    X(ITEM_REACHED, ":reached", 1)       /* was in one of `states` since it came */                \
    X(ITEM_STUCK, ":stuck", 1)           /* in the same state for `length` */                      \
    X(ITEM_SILENT, ":silent", 1)         /* without a row for `length` */                          \
    X(ITEM_ON_TIME, ":on_time", 1)       /* neither overdue nor done after its deadline */         \
    X(ITEM_DAYS, ":days", 1) /* `how` of the days from state `count` to the one in `states` */     \
    X(ITEM_TOP, ":top", 1)   /* text: the commonest of field `text`, of equally common ones the    \
                                first in order */                                                  \
    X(ITEM_LATE, ":late", 1) /* truth: an expected report is not in, past due + `length` */

typedef enum zw_op {
#define ZW_OP_ENUM(name, text, kids) ZW_OP_##name,
    ZW_OP_MAP(ZW_OP_ENUM)
#undef ZW_OP_ENUM
        ZW_OP_COUNT
} zw_op;

/** How the language writes an operation (":yoy", "+"). */
const char *zw_op_text(zw_op op);
unsigned zw_op_kids(zw_op op);
/** True of the operations on items of a register: `ref` is the register. */
bool zw_op_is_item(zw_op op);

/** Where in a pack something stands. */
typedef struct zw_where {
    uint32_t file;   /* index into the pack's files */
    uint32_t line;   /* from 1; 0: unknown */
    uint32_t column; /* from 1; 0: unknown */
} zw_where;

/** What every declaration has. Texts are "" when not given. */
typedef struct zw_title {
    const char *name;
    const char *en, *zh; /* `title`; both are the name when absent, each other when one is */
    const char *note;
    zw_where where;
} zw_title;

/** One narrowing: `dim` is (or with `is_except` is not) one of `values`, or of the values of
 * attribute `attr` of the area. */
typedef struct zw_filter {
    const char *dim;
    const char *const *values; /* sorted; NULL when `attr` is given */
    size_t value_count;
    const char *attr;
    bool is_except;
} zw_filter;

/** One operation. Texts and arrays are the pack's. Which fields an operation uses stands in
 * ZW_OP_MAP. */
typedef struct zw_node {
    zw_op op;
    zw_type type;
    zw_kind kind;
    bool has_grid;   /* false: fits any grid (numbers, attributes and formulas of only such) */
    bool is_total;   /* a running total of the reporting year … */
    int32_t late_by; /* … that of this many periods earlier */
    bool is_now;     /* made of what is so now alone, the same in every period: it fits any grid */
    bool is_sampled; /* made of gauges and counters alone: of several periods one is enough */
    zw_grid grid;
    zw_unit unit; /* of the values, whose scale is always 1 */
    zw_unit show; /* how people read it: a scale, "%", "points" */
    zw_node_id kid[3];
    unsigned kid_count;
    double number;
    int32_t count;
    zw_length length;
    bool has_length;
    zw_stamp from; /* of SINCE: a period */
    uint32_t ref;
    zw_how how;
    uint32_t verdicts;
    uint32_t states; /* of items: bit s for state s of their register */
    const char *text;
    const char *groups; /* the dimension this node is still grouped by; NULL when by none */
    const uint32_t *areas;
    size_t area_count;
    const zw_filter *filters;
    size_t filter_count;
    zw_where where; /* the first place that wrote it */
} zw_node;

/**
 * Checks and adds a node, or finds the one that says the same.
 * @param proto  op, kids and parameters filled; type, kind, grid, unit and show are inferred (for
 * CALL what the proto says is kept, for INDICATOR and what is asked of targets its show). Texts and
 * arrays are copied into the pack.
 * @return ZW_OK; ZW_INVALID with words for the script author (units that refuse, two grids and the
 * fix, a number where a truth belongs, an operation its kid's kind has no meaning for); ZW_NOMEM.
 */
zw_status zw_formula_make(zw_pack *pack, const zw_node *proto, zw_node_id *out,
                          zw_err *err) ZW_MUST_USE;

/** The same on another grid, of what `is_now`. */
zw_status zw_formula_fit(zw_pack *pack, zw_node_id node, zw_grid grid, zw_where where,
                         zw_node_id *out, zw_err *err) ZW_MUST_USE;

/** `node` narrowed by one more filter: pushed down to the measures under it. ZW_INVALID when one
 * lacks the dimension. */
zw_status zw_formula_where(zw_pack *pack, zw_node_id node, const zw_filter *filter, zw_where where,
                           zw_node_id *out, zw_err *err) ZW_MUST_USE;

/** The dimension that a filter names to say a scope: no measure has one called so. A filter on it
 * has one value, or leaves out none: any scope. */
#define ZW_SCOPE_DIM "scope"

/** What a measure node asks of scopes; NULL when nothing. */
const zw_filter *zw_formula_scope(const zw_node *node);

/** `node` read in one scope, or (`scope` NULL) in whatever scope each period is in: pushed down to
 * the measures under it. A scope picked before stays; ZW_INVALID for two. */
zw_status zw_formula_in_scope(zw_pack *pack, zw_node_id node, const char *scope, zw_where where,
                              zw_node_id *out, zw_err *err) ZW_MUST_USE;

/** The items that `selection` (ZW_OP_ITEMS, or that & truths) stands for, narrowed by one more
 * filter: a field, or "state". ZW_INVALID when their register has no such field. */
zw_status zw_formula_where_items(zw_pack *pack, zw_node_id selection, const zw_filter *filter,
                                 zw_node_id *out, zw_err *err) ZW_MUST_USE;

/** `node` on another grid (`how` = ZW_HOW_KIND: each part by its kind): pushed down through point
 * operations. */
zw_status zw_formula_regrid(zw_pack *pack, zw_node_id node, zw_grid grid, zw_how how,
                            zw_where where, zw_node_id *out, zw_err *err) ZW_MUST_USE;

/** The steps of a counter, pushed down to the measure under it: what adds up over areas and time.
 * ZW_INVALID when it is none. */
zw_status zw_formula_steps(zw_pack *pack, zw_node_id node, zw_where where, zw_node_id *out,
                           zw_err *err) ZW_MUST_USE;

/** Writes a node as the language would ("software_revenue:year() / 2"). */
void zw_formula_text(const zw_pack *pack, zw_node_id node, zw_buf *out);

#endif
