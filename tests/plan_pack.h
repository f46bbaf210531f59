/** A pack made in C for the tests of the plan room: a zone, areas and measures in one call each,
 * and formulas written behind their parts ("sales :year 2 /" is sales:year() / 2). */
#ifndef ZW_TESTS_PLAN_PACK_H
#define ZW_TESTS_PLAN_PACK_H

#include "failing_alloc.h"
#include "plan/pack.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COUNT_OF(rows) (sizeof(rows) / sizeof((rows)[0]))

enum { PLAN_STACK = 8, PLAN_WORD_BYTES = 96 };

/** A pack of one file, without a declaration. */
static inline zw_pack *plan_pack_create(void)
{
    zw_pack *pack = NULL;
    uint32_t file = 0;
    zw_err err = {ZW_OK, ""};
    if (zw_pack_create("packs/land", &pack, &err) != ZW_OK ||
        zw_pack_add_file(pack, "packs/land/init.lua", zw_text_of("-- all of it"), &file, &err) !=
            ZW_OK) {
        fail_msg("%s", err.text);
    }
    return pack;
}

static inline zw_title plan_title(const char *name, uint32_t line)
{
    return (zw_title){.name = name, .en = name, .zh = name, .note = "", .where = {0, line, 1}};
}

static inline zw_unit plan_unit(const char *text)
{
    zw_unit unit = zw_unit_plain();
    zw_err err = {ZW_OK, ""};
    if (zw_unit_parse(zw_text_of(text), &unit, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
    return unit;
}

static inline zw_grid plan_grid(const char *text)
{
    zw_grid grid = {ZW_SUBDAY, 0};
    if (!zw_grid_parse(zw_text_of(text), &grid)) {
        fail_msg("no grid '%s'", text);
    }
    return grid;
}

static inline zw_stamp plan_stamp(const char *text)
{
    zw_stamp stamp;
    zw_err err = {ZW_OK, ""};
    if (zw_stamp_parse(zw_text_of(text), &stamp, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
    return stamp;
}

static inline uint32_t plan_zone(zw_pack *pack, const char *name, const char *timezone, int month)
{
    zw_area zone = {.title = plan_title(name, 1), .currency = "CNY"};
    uint32_t index = ZW_NONE;
    zw_err err = {ZW_OK, ""};
    if (zw_pack_add_zone(pack, &zone, timezone, month, NULL, 0, &index, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
    return index;
}

static inline uint32_t plan_area(zw_pack *pack, const char *name, uint32_t parent)
{
    zw_area area = {.title = plan_title(name, 2), .parents = {&parent, 1}, .currency = ""};
    area.parents.at = zw_pack_copy(pack, &parent, sizeof(parent));
    uint32_t index = ZW_NONE;
    zw_err err = {ZW_OK, ""};
    if (zw_pack_add_area(pack, &area, &index, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
    return index;
}

/** What a measure is, as a pack says it. `dim` and `show` may be NULL. */
struct plan_measure_row {
    const char *name;
    zw_kind kind;
    const char *unit, *every, *dim, *show;
};

static inline zw_measure plan_measure_of(zw_pack *pack, const struct plan_measure_row *row)
{
    zw_measure measure = {.title = plan_title(row->name, 3), .kind = row->kind};
    measure.unit = plan_unit(row->unit);
    measure.show = plan_unit(row->show != NULL ? row->show : row->unit);
    measure.unit_text = row->unit;
    measure.grid = plan_grid(row->every);
    measure.node = ZW_NODE_NONE;
    if (row->dim != NULL) {
        measure.dims = (zw_texts){zw_pack_copy(pack, &row->dim, sizeof(row->dim)), 1};
    }
    return measure;
}

static inline zw_node_id plan_measure(zw_pack *pack, struct plan_measure_row row)
{
    zw_measure measure = plan_measure_of(pack, &row);
    uint32_t index = ZW_NONE;
    zw_err err = {ZW_OK, ""};
    if (zw_pack_add_measure(pack, &measure, &index, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
    return pack->measures[index].node;
}

static inline zw_node_id plan_indicator(zw_pack *pack, const char *name, zw_node_id formula,
                                        const char *show, zw_how rollup)
{
    zw_indicator indicator = {.title = plan_title(name, 4), .formula = formula, .rollup = rollup};
    indicator.show = show != NULL ? plan_unit(show) : (zw_unit){0};
    uint32_t index = ZW_NONE;
    zw_err err = {ZW_OK, ""};
    if (zw_pack_add_indicator(pack, &indicator, &index, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
    return pack->indicators[index].node;
}

/** The zone "land" with "east" and "west" in it, and a measure of every sort. */
static inline zw_pack *plan_land(void)
{
    static const struct plan_measure_row rows[] = {
        {"sales", ZW_KIND_FLOW, "1e4 CNY", "month", "industry", "1e8 CNY"},
        {"costs", ZW_KIND_FLOW, "CNY", "month", "industry", NULL},
        {"total", ZW_KIND_YTD, "CNY", "month", "industry", NULL},
        {"firms", ZW_KIND_STOCK, "firms", "month", NULL, NULL},
        {"growth", ZW_KIND_RATE, "%", "month", "industry", NULL},
        {"quarterly", ZW_KIND_FLOW, "CNY", "quarter", NULL, NULL},
        {"yearly", ZW_KIND_FLOW, "CNY", "year", NULL, NULL},
        {"daily", ZW_KIND_FLOW, "CNY", "day", NULL, NULL},
        {"weekly", ZW_KIND_FLOW, "CNY", "week", NULL, NULL},
        {"often", ZW_KIND_STOCK, "min", "15m", NULL, NULL},
        {"hourly", ZW_KIND_STOCK, "min", "1h", NULL, NULL},
        {"visits", ZW_KIND_COUNTER, "visits", "1h", "industry", NULL},
    };
    zw_pack *pack = plan_pack_create();
    uint32_t land = plan_zone(pack, "land", "Asia/Shanghai", 1);
    plan_area(pack, "east", land);
    plan_area(pack, "west", land);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        plan_measure(pack, rows[i]);
    }
    return pack;
}

/** One word of a formula: NAME, NAME(ARGUMENT), NAME.HOW. */
struct plan_word {
    char name[PLAN_WORD_BYTES], argument[PLAN_WORD_BYTES], how[PLAN_WORD_BYTES];
};

static inline const char *plan_next_word(const char *at, struct plan_word *out)
{
    size_t len = strcspn(at, " ");
    char text[PLAN_WORD_BYTES];
    memset(out, 0, sizeof(*out));
    (void)snprintf(text, sizeof(text), "%.*s", (int)len, at);
    bool is_number = zw_text_number(zw_text_of(text), &(double){0});
    char *argument = strchr(text, '(');
    char *how = is_number ? NULL : strchr(argument != NULL ? strchr(text, ')') : text, '.');
    if (how != NULL) {
        *how = '\0';
        (void)snprintf(out->how, sizeof(out->how), "%s", how + 1);
    }
    if (argument != NULL) {
        *argument = '\0';
        (void)snprintf(out->argument, sizeof(out->argument), "%s", argument + 1);
        out->argument[strcspn(out->argument, ")")] = '\0';
    }
    (void)snprintf(out->name, sizeof(out->name), "%s", text);
    return at + len + strspn(at + len, " ");
}

static inline zw_how plan_how(const char *text)
{
    static const char *const texts[] = {"",     "sum",   "mean",   "max",    "min",      "count",
                                        "last", "first", "median", "stddev", "quantile", "slope"};
    for (int how = 0; how < (int)COUNT_OF(texts); how++) {
        if (strcmp(texts[how], text) == 0) {
            return (zw_how)how;
        }
    }
    fail_msg("no how '%s'", text);
    return ZW_HOW_KIND;
}

static inline zw_op plan_op(const char *name)
{
    if (strcmp(name, "neg") == 0) {
        return ZW_OP_NEG; /* whose text is another's too */
    }
    if (zw_text_number(zw_text_of(name), &(double){0})) {
        return ZW_OP_NUMBER;
    }
    for (int op = 0; op < ZW_OP_COUNT; op++) {
        if (strcmp(name, zw_op_text((zw_op)op)) == 0) {
            return (zw_op)op;
        }
    }
    fail_msg("no operation '%s'", name);
    return ZW_OP_NUMBER;
}

static inline void plan_fill(const zw_pack *pack, const struct plan_word *word, zw_node *proto)
{
    long long count = 0;
    uint32_t area = zw_pack_area(pack, zw_text_of(word->argument), NULL);
    proto->how = proto->op == ZW_OP_ATTR ? ZW_HOW_KIND : plan_how(word->how);
    if (proto->op == ZW_OP_ATTR && word->how[0] != '\0') {
        proto->unit = plan_unit(word->how);
    }
    if (zw_text_integer(zw_text_of(word->argument), &count)) {
        proto->count = (int32_t)count;
    } else if (zw_length_parse(zw_text_of(word->argument), &proto->length)) {
        proto->has_length = true;
    } else if (area != ZW_NONE) {
        proto->ref = area;
    } else if (word->argument[0] != '\0') {
        proto->text = word->argument;
    }
    (void)zw_text_number(zw_text_of(word->name), &proto->number);
}

/** ":where(industry=ai)", ":except(industry=@leads)": @ is an attribute. */
static inline zw_status plan_narrow(zw_pack *pack, const struct plan_word *word, zw_node_id node,
                                    zw_node_id *out, zw_err *err)
{
    char dim[PLAN_WORD_BYTES];
    const char *value = strchr(word->argument, '=') + 1;
    (void)snprintf(dim, sizeof(dim), "%.*s", (int)(value - word->argument - 1), word->argument);
    zw_filter filter = {.dim = dim, .is_except = strcmp(word->name, ":except") == 0};
    if (value[0] == '@') {
        filter.attr = value + 1;
    } else {
        filter.values = &value;
        filter.value_count = 1;
    }
    return zw_formula_where(pack, node, &filter, (zw_where){0, 9, 1}, out, err);
}

/** Makes what one word says of the kids at `kids`; `*used` says how many it took. */
static inline zw_status plan_word_node(zw_pack *pack, const struct plan_word *word,
                                       const zw_node_id *kids, size_t count, size_t *used,
                                       zw_node_id *out, zw_err *err)
{
    uint32_t index = 0;
    zw_noun noun = zw_pack_find(pack, zw_text_of(word->name), &index);
    zw_grid grid = {ZW_SUBDAY, 0};
    *used = 0;
    if (noun == ZW_NOUN_MEASURE || noun == ZW_NOUN_INDICATOR) {
        *out = noun == ZW_NOUN_MEASURE ? pack->measures[index].node : pack->indicators[index].node;
        return ZW_OK;
    }
    *used = 1;
    if (word->name[0] == ':' && zw_grid_parse(zw_text_of(word->name + 1), &grid)) {
        return zw_formula_regrid(pack, kids[count - 1], grid, plan_how(word->how),
                                 (zw_where){0, 9, 1}, out, err);
    }
    if (strcmp(word->name, ":where") == 0 || strcmp(word->name, ":except") == 0) {
        return plan_narrow(pack, word, kids[count - 1], out, err);
    }
    zw_node proto = {.op = plan_op(word->name), .where = {0, 9, 1}};
    plan_fill(pack, word, &proto);
    *used = zw_op_kids(proto.op);
    assert_true(*used <= count);
    for (size_t i = 0; i < *used; i++) {
        proto.kid[i] = kids[count - *used + i];
    }
    return zw_formula_make(pack, &proto, out, err);
}

/** Makes a formula; the first refusal ends it. */
static inline zw_status plan_read(zw_pack *pack, const char *formula, zw_node_id *out, zw_err *err)
{
    zw_node_id stack[PLAN_STACK] = {ZW_NODE_NONE};
    size_t count = 0;
    zw_status status = ZW_OK;
    const char *at = formula;
    *out = ZW_NODE_NONE;
    while (status == ZW_OK && *at != '\0') {
        struct plan_word word;
        size_t used = 0;
        zw_node_id made = ZW_NODE_NONE;
        at = plan_next_word(at, &word);
        status = plan_word_node(pack, &word, stack, count, &used, &made, err);
        count -= used;
        assert_true(count < PLAN_STACK);
        stack[count++] = made;
    }
    *out = status == ZW_OK ? stack[0] : ZW_NODE_NONE;
    return status;
}

static inline zw_node_id plan_node(zw_pack *pack, const char *formula)
{
    zw_node_id node = ZW_NODE_NONE;
    zw_err err = {ZW_OK, ""};
    if (plan_read(pack, formula, &node, &err) != ZW_OK) {
        fail_msg("%s: %s", formula, err.text);
    }
    return node;
}

/** Fills the arena's block. @return how many steps of 16 bytes it had left. */
static inline size_t plan_fill_block(zw_pack *pack)
{
    size_t steps = 0;
    failing_alloc_after(0);
    while (zw_pack_copy(pack, "", 1) != NULL) {
        steps++;
    }
    (void)failing_alloc_stop();
    return steps;
}

/** Leaves `steps` of 16 bytes in the arena's block: what is copied next fails at the step behind
 * them when no memory is to be had. */
static inline void plan_leave_room(zw_pack *pack, size_t steps)
{
    enum { BLOCKS = 10 }; /* by then all are of one size */
    size_t size = 0;
    for (int i = 0; i < BLOCKS; i++) {
        (void)plan_fill_block(pack);
        assert_non_null(zw_pack_copy(pack, "", 1));
        size = plan_fill_block(pack);
    }
    for (size_t i = 0; i + steps < size + 1; i++) {
        assert_non_null(zw_pack_copy(pack, "", 1));
    }
}

/** The node as the language writes it, into `out`. */
static inline const char *plan_text(const zw_pack *pack, zw_node_id node, char *out, size_t size)
{
    zw_buf text;
    zw_buf_init(&text, 1024 * 1024);
    zw_formula_text(pack, node, &text);
    (void)snprintf(out, size, "%s", zw_buf_view(&text));
    zw_buf_fini(&text);
    return out;
}

#endif
