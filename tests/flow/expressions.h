/** Random expressions of the language over the pack of figures.h: a table of rules, and what writes
 * an expression by it. To add an operation, add a row. */
#ifndef ZW_TESTS_FLOW_EXPRESSIONS_H
#define ZW_TESTS_FLOW_EXPRESSIONS_H

#include "figures.h"

enum { TEXT_BYTES = 2048, DEPTH_MOST = 4 };

/**
 * How an expression is made. `type`: N a number in CNY, P a number without unit, C a number made of
 * `came` alone (what :where and :by narrow), T a truth. In `text`, $N $P $C $T are expressions of
 * those types on the same grid; $G one of N on a finer grid, to be regridded; $i a small count; $k
 * a constant; $a an area's name. Where `grid` is given (d m q y), only on that one.
 */
static const struct rule {
    char type, grid;
    const char *text;
} rules[] = {
    /* leaves: at least one of each type and grid */
    {'C', 'm', "came"},
    {'N', 'm', "came"},
    {'N', 'm', "spent"},
    {'N', 'm', "revenue"},
    {'N', 'm', "price"},
    {'N', 'm', "people"},
    {'N', 'm', "made"},
    {'N', 'm', "best"},
    {'N', 'm', "called"},
    {'N', 'm', "plan:value()"},
    {'N', 'm', "plan:gap()"},
    {'N', 'm', "level"},
    {'N', 'm', "queue:month \"mean\""},
    {'N', 'm', "queue:month()"},
    {'N', 'm', "visits:month()"},
    {'N', 'd', "queue"},
    {'N', 'd', "visits"},
    {'N', 'd', "came:day()"},
    {'C', 'd', "came:day()"},
    {'P', 'd', "visits:yoy()"},
    {'T', 'd', "visits:late()"},
    {'T', 'd', "queue:late()"},
    {'N', 'q', "firms"},
    {'N', 'q', "revenue:quarter()"},
    {'N', 'q', "came:quarter()"},
    {'N', 'y', "came:year()"},
    {'N', 'y', "revenue:year()"},
    {'N', 'y', "firms:year()"},
    {'C', 'q', "came:quarter()"},
    {'C', 'y', "came:year()"},
    {'P', 'm', "came:yoy()"},
    {'P', 'm', "plan:shortfall()"},
    {'P', 'q', "came:quarter() / firms"},
    {'P', 'y', "came:year():yoy()"},
    {'T', 'm', "came:late()"},
    {'T', 'm', "enough:broken()"},
    {'T', 'm', "poor:firing()"},
    {'T', 0, "(poor:firing() | $T)"},
    {'T', 'q', "firms:late()"},
    {'T', 'y', "revenue:year():late()"},
    /* items */
    {'N', 'm', "calls:sum \"paid\""},
    {'N', 'm', "calls:where { type = \"lab\" }:sum \"paid\""},
    {'N', 'm', "calls:where { type = attr \"leads\" }:values \"paid\":max()"},
    {'N', 'm', "calls:values \"paid\":mean()"},
    {'N', 'm', "calls:values \"paid\":median()"},
    {'N', 'm', "calls:values \"paid\":stddev()"},
    {'N', 'm', "calls:values \"paid\":quantile(0.9)"},
    {'P', 'm', "calls:count()"},
    {'P', 'm', "firms_here:count()"},
    {'P', 'q', "calls:count():quarter()"},
    {'P', 'm', "calls:added()"},
    {'P', 'm', "firms_here:left()"},
    {'P', 'y', "calls:added():year()"},
    {'P', 'm', "calls:added { since = 2022 }"},
    {'P', 'm', "calls:except { state = \"done\" }:count()"},
    {'P', 'm', "calls:where(calls:reached \"awarded\"):count()"},
    {'P', 'm', "calls:where(calls:overdue()):count()"},
    {'P', 'm', "calls:where(calls:sum(\"paid\"):over(30)):count()"},
    {'P', 'm', "calls:where($T):count()"},
    {'T', 'm', "calls:overdue()"},
    {'T', 'm', "calls:due_within \"30d\""},
    {'T', 'm', "calls:in_state \"posted\""},
    {'T', 'm', "calls:has(\"type\", { \"lab\", \"ip\" })"},
    {'T', 'm', "calls:stuck \"90d\""},
    {'T', 'm', "calls:silent \"90d\""},
    {'T', 'm', "calls:on_time()"},
    {'T', 'm', "firms_here:count():late()"},
    {'T', 'm', "calls:top(\"type\"):equals(\"lab\")"},
    {'T', 'm', "calls:top(\"type\"):lag($i):missing()"},
    {'P', 'm', "calls:where(calls:top(\"type\"):equals { \"lab\", \"ip\" }):count()"},
    /* point formulas */
    {'N', 0, "($N + $N)"},
    {'N', 0, "($N - $N)"},
    {'N', 0, "($N * $P)"},
    {'N', 0, "($N / $k)"},
    {'N', 0, "(-$N)"},
    {'N', 0, "min($N, $N)"},
    {'N', 0, "max($N, $k)"},
    {'N', 0, "abs($N)"},
    {'N', 0, "round($N, $i)"},
    {'N', 0, "clamp($N, -$k, $k)"},
    {'N', 0, "when($T, $N, $N)"},
    {'N', 0, "($N * attr \"km2\")"},
    {'P', 0, "($N / $N)"},
    {'P', 0, "($P + $P)"},
    {'P', 0, "ln(abs($P))"},
    {'P', 0, "exp(clamp($P, -2, 2))"},
    {'P', 0, "$P ^ 2"},
    {'C', 0, "($C + $C)"},
    {'C', 0, "(-$C)"},
    {'C', 0, "max($C, $C)"},
    {'N', 0, "$C"},
    /* along time */
    {'N', 0, "$N:lag($i)"},
    {'N', 0, "$N:lag \"1 year\""},
    {'N', 0, "$N:delta($i)"},
    {'N', 0, "$N:delta \"1 year\""},
    {'P', 0, "$N:yoy()"},
    {'N', 0, "$N:ytd()"},
    {'N', 'm', "revenue:single()"},
    {'N', 0, "$N:rolling($i):sum()"},
    {'N', 0, "$N:rolling($i):mean()"},
    {'C', 0, "$C:lag($i)"},
    {'C', 0, "$C:rolling($i):sum()"},
    {'N', 'q', "$G:quarter()"},
    {'N', 'q', "$G:quarter \"max\""},
    {'N', 'q', "$G:quarter \"mean\""},
    {'N', 'y', "$G:year()"},
    {'N', 'y', "$G:year \"min\""},
    {'N', 'y', "$G:year \"sum\""},
    {'N', 'y', "$G:year \"last\""},
    {'N', 'm', "firms:month()"},
    {'N', 'm', "came:year():month()"},
    {'N', 0, "$N:any_scope()"},
    {'N', 0, "$N:scope \"2\""},
    {'T', 0, "$N:scope \"\":over($k)"},
    /* over areas and groups */
    {'N', 0, "$N:of($a)"},
    {'N', 0, "$N:of \"parent\""},
    {'N', 0, "$N:of \"zone\""},
    {'N', 0, "$N:areas():sum()"},
    {'N', 0, "$N:areas():mean()"},
    {'N', 0, "$N:areas { $a, $a }:max()"},
    {'N', 0, "$N:areas():min()"},
    {'N', 0, "$C:where { industry = \"ai\" }"},
    {'N', 0, "$C:where { industry = attr \"leads\" }"},
    {'N', 0, "$C:except { industry = { \"ai\", \"chips\" } }"},
    {'N', 0, "$C:by \"industry\":sum()"},
    {'N', 0, "$C:by \"industry\":max()"},
    {'N', 0, "$C:by \"industry\":mean()"},
    {'P', 0, "$N:share_of \"parent\""},
    {'P', 0, "$N:share_of \"zone\""},
    {'N', 0, "$N:areas():spread()"},
    {'P', 0, "$C:by \"industry\":areas():similarity()"},
    {'P', 0, "$N:rank()"},
    {'N', 0, "$C:by \"industry\":share():max()"},
    {'T', 0, "$C:by \"industry\":over($k):any()"},
    {'T', 0, "$C:by \"industry\":over($k):all()"},
    {'P', 0, "$C:by \"industry\":over($k):count()"},
    {'N', 0, "$C:by \"industry\":where($C:by \"industry\":over($k)):sum()"},
    {'P', 0, "$C:by \"industry\":count()"},
    {'N', 0, "$C:by \"industry\":min():lag($i)"},
    {'P', 0, "($C:by \"industry\" / $C):max()"},
    {'N', 0, "($N - $C:by \"industry\"):min()"},
    {'N', 0, "$C:by \"industry\":of \"parent\":max()"},
    {'N', 0, "$C:by \"industry\":areas():sum():max()"},
    {'P', 0, "$C:by \"industry\":rank():max()"},
    {'N', 0, "$C:by \"industry\":lag($i):except($C:by \"industry\":over($N)):mean()"},
    {'N', 0, "when($C:by \"industry\":over($k), $C, $N):sum()"},
    {'T', 0, "($C:by \"industry\":rises($i) | $T):any()"},
    {'T', 0, "$C:by \"industry\":missing():any()"},
    {'P', 0, "$C:by \"industry\":late():count()"},
    {'T', 0, "$C:by \"industry\":revised \"60d\":any()"},
    {'N', 0, "$N:where($T)"},
    {'C', 0, "$C:where($T)"},
    {'N', 0, "$N:where($N:over($k)):areas():sum()"},
    {'P', 0, "$N:except($T):areas():count()"},
    {'N', 'y', "$G:where($G:over($k)):year()"},
    {'P', 0, "count($T, { $a, $a })"},
    {'T', 0, "any($T, { $a, $a, $a })"},
    /* windows */
    {'N', 0, "$N:rolling($i):max()"},
    {'N', 0, "$N:rolling($i):min()"},
    {'P', 0, "$N:rolling($i):count()"},
    {'N', 0, "$N:rolling($i):first()"},
    {'N', 0, "$N:rolling($i):last()"},
    {'N', 0, "$N:rolling($i):median()"},
    {'N', 0, "$N:rolling($i):stddev()"},
    {'N', 0, "$N:rolling($i):quantile(0.9)"},
    {'N', 0, "$N:rolling($i):slope()"},
    {'N', 0, "$N:mean \"1 year\""},
    /* truths */
    {'T', 0, "$N:over($N)"},
    {'T', 0, "$N:under($k)"},
    {'T', 0, "$N:at_least($k)"},
    {'T', 0, "$N:at_most($N)"},
    {'T', 0, "$N:equals($N)"},
    {'T', 0, "$N:within(-$k, $k)"},
    {'T', 0, "$P:over(0.1)"},
    {'T', 0, "$N:rises($i)"},
    {'T', 0, "$N:falls($i)"},
    {'T', 0, "$N:late()"},
    {'T', 0, "$N:late \"30d\""},
    {'T', 0, "$N:missing()"},
    {'T', 0, "$N:partial()"},
    {'T', 0, "$N:revised()"},
    {'T', 0, "$N:revised \"60d\""},
    {'T', 0, "($T & $T)"},
    {'T', 0, "($T | $T)"},
    {'T', 0, "(~$T)"},
    {'T', 0, "$T:lag($i)"},
    {'T', 0, "$T:held($i)"},
    {'T', 0, "$T:of \"parent\""},
    {'T', 0, "all($T, { $a, $a })"},
};

enum { RULES = sizeof(rules) / sizeof(rules[0]) };

/* An expression under way. */
struct writing {
    uint64_t *seed;
    char text[TEXT_BYTES];
    size_t len;
    unsigned *used; /* of each rule; may be NULL */
};

static inline void put(struct writing *writing, const char *text, size_t len)
{
    if (writing->len + len < TEXT_BYTES) {
        memcpy(writing->text + writing->len, text, len);
        writing->len += len;
        writing->text[writing->len] = '\0';
    }
}

static inline bool is_leaf(const struct rule *rule)
{
    return strchr(rule->text, '$') == NULL;
}

static inline void write_expression(struct writing *writing, char type, char grid, int depth);

static inline void write_hole(struct writing *writing, char hole, char grid, int depth)
{
    static const char *const constants[] = {"0", "1", "3", "40", "75.5"};
    char count[16];
    switch (hole) {
    case 'i':
        (void)snprintf(count, sizeof(count), "%d", 1 + draw_below(writing->seed, 4));
        put(writing, count, strlen(count));
        return;
    case 'k': {
        const char *constant = constants[draw_below(writing->seed, 5)];
        put(writing, constant, strlen(constant));
        return;
    }
    case 'a': {
        const char *area = figures_areas[draw_below(writing->seed, AREAS)];
        put(writing, area, strlen(area));
        return;
    }
    case 'G':
        write_expression(writing, 'N', grid == 'y' && draw_below(writing->seed, 2) == 0 ? 'q' : 'm',
                         depth);
        return;
    default:
        write_expression(writing, hole, grid, depth);
    }
}

/** Writes a rule with its holes filled by expressions of at most `depth`. */
static inline void write_rule(struct writing *writing, const struct rule *rule, char grid,
                              int depth)
{
    for (const char *at = rule->text; *at != '\0';) {
        size_t plain = strcspn(at, "$");
        put(writing, at, plain);
        at += plain;
        if (*at == '$') {
            write_hole(writing, at[1], grid, depth);
            at += 2;
        }
    }
}

static inline void write_expression(struct writing *writing, char type, char grid, int depth)
{
    size_t fit[RULES];
    size_t count = 0;
    for (size_t i = 0; i < RULES; i++) {
        if (rules[i].type == type && (rules[i].grid == 0 || rules[i].grid == grid) &&
            (depth > 0 || is_leaf(&rules[i]))) {
            fit[count++] = i;
        }
    }
    assert_true(count > 0);
    size_t chosen = fit[draw_below(writing->seed, (int)count)];
    if (writing->used != NULL) {
        writing->used[chosen]++;
    }
    write_rule(writing, &rules[chosen], grid, depth - 1);
}

/* A random expression that the language takes: a mistake in one (a rate that is summed) is drawn
 * again. */
static inline void draw_expression(uint64_t *seed, zw_script *script, unsigned *used,
                                   char out[TEXT_BYTES])
{
    for (int tries = 0; tries < 1000; tries++) {
        unsigned drawn[RULES] = {0};
        struct writing writing = {.seed = seed, .used = drawn};
        char type = "NNNPTT"[draw_below(seed, 6)];
        char grid = "dmmmmqy"[draw_below(seed, 7)];
        write_expression(&writing, type, grid, 1 + draw_below(seed, DEPTH_MOST));
        zw_node_id node;
        if (writing.len + 1 < TEXT_BYTES &&
            zw_script_expression(script, zw_text_of(writing.text), &node, NULL) == ZW_OK) {
            for (size_t i = 0; i < RULES; i++) {
                used[i] += drawn[i];
            }
            memcpy(out, writing.text, writing.len + 1);
            return;
        }
    }
    fail_msg("no expression in a thousand");
}

#endif
