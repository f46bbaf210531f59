/**
 * Explain: the tree behind a value. Every value that was read on the way down to the figures is a
 * twig, with what it says and what it read; figures are what a measure's twig ends in. The same
 * value read twice is one twig.
 */
#ifndef ZW_INDICATOR_EXPLAIN_H
#define ZW_INDICATOR_EXPLAIN_H

#include "indicator/eval.h"

enum {
    ZW_TREE_TWIGS_MOST = 4000, /* values in one tree; what they would read further is not in it */
    ZW_TREE_INPUTS_MOST = 256  /* of one value: the first ones, and the last */
};

/** A figure that a measure's value is made of. */
typedef struct zw_tree_figure {
    zw_series_id series;
    zw_figure figure;
    bool is_hidden;   /* the pack shows it nowhere: neither its value nor its text may be told */
    const char *text; /* the line it came in, as delivered; NULL when that is not kept */
} zw_tree_figure;

/** An item of a register that is counted in a value. Texts are the store's. */
typedef struct zw_tree_item {
    const char *name, *state;
    uint32_t area;          /* where it stands; ZW_NONE: in none of the pack's */
    const zw_item_row *row; /* the newest that is known of it */
    const char *text;       /* the line that came in; NULL when that is not kept */
} zw_tree_item;

/** One value of a tree. */
typedef struct zw_twig {
    zw_eval
        *eval; /* that has it, borrowed from the tree: another than the tree's behind a vintage */
    zw_node_id node;
    uint32_t area, binding;          /* binding: a text of `eval`, see zw_twig_binding */
    zw_period period;                /* of a node without a grid 0 */
    zw_cell cell;                    /* under the veil */
    size_t first_input, input_count; /* in the tree's `inputs` */
    size_t inputs_in_all;            /* more than input_count where there are too many */
    size_t first_figure, figure_count;
    size_t first_item, item_count;
    size_t items_in_all; /* more than item_count where there are too many */
    bool is_cut;         /* the tree was full before what it reads was looked at */
} zw_twig;

/** Open for reading. */
typedef struct zw_tree {
    zw_eval *eval;  /* as of the moment that was asked; owned */
    zw_twig *twigs; /* the first is the value that was asked for */
    size_t count, capacity;
    size_t *inputs; /* numbers of twigs */
    size_t input_count, input_capacity;
    zw_tree_figure *figures;
    size_t figure_count, figure_capacity;
    zw_tree_item *items;
    size_t item_count, item_capacity;
    struct zw_tree_inside *inside;
} zw_tree;

/**
 * Explains the value of (node, area, period) as of the evaluation's moment, below what it is bound
 * to. Costs what computing it anew does.
 * @param eval  borrowed; must outlive the tree.
 * @return ZW_OK; ZW_LIMIT when one value reads more than a million others; ZW_NOMEM and what the
 * evaluation says. On failure `*out` is NULL.
 */
zw_status zw_tree_create(zw_eval *eval, zw_node_id node, uint32_t area, zw_period period,
                         zw_tree **out, zw_err *err) ZW_MUST_USE;
void zw_tree_destroy(zw_tree *tree); /* NULL is allowed */

/** What a twig is narrowed to, as "dim=value" and the like; "" when to nothing. */
const char *zw_twig_binding(const zw_twig *twig);

/** True when an indicator's value is that of its formula here and now: its one input. */
bool zw_twig_is_named(const zw_tree *tree, const zw_twig *twig);

/** Where the node was written, as "file.lua:12" with the file as the pack calls it; nothing when
 * that is not known. */
void zw_tree_where(const zw_pack *pack, zw_node_id node, zw_buf *out);

/** Appends the path of a target as it was declared: "linear from 1000 firms at 2023 to 1200 firms
 * at 2024"; what is not declared is not there. */
void zw_tree_path(const zw_pack *pack, uint32_t target, uint32_t area, zw_buf *out);

/** Appends the tree as lines for people. */
void zw_tree_text(const zw_tree *tree, zw_buf *out); /* explain_text.c */

#endif
