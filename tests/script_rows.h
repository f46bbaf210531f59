/** Rows for the tests of the script room: a pack as text, and the lines that `check` would print of
 * it; or what one expression of it becomes. */
#ifndef ZW_TESTS_SCRIPT_ROWS_H
#define ZW_TESTS_SCRIPT_ROWS_H

#include "script/script.h"

#include <stdio.h>
#include <string.h>

/** What most rows begin with, on one line, so that the row's own text begins on line 2. */
#define PACK_HEAD                                                                                  \
    "local gz = zone 'gz' { timezone = 'Asia/Shanghai', currency = 'CNY', km2 = 80 } "             \
    "local yz = area 'yuzhu' { within = gz } local pz = area 'pazhou' { within = gz } "            \
    "local revenue = measure 'revenue' { kind = 'ytd', unit = '1e4 CNY', every = 'month', "        \
    "due = '20d', by = { 'industry', 'size' } } "                                                  \
    "local sales = measure 'sales' { kind = 'flow', unit = 'CNY', every = 'month' } "              \
    "local firms = measure 'firms' { kind = 'stock', unit = 'firms', every = 'quarter' } "         \
    "local share = measure 'share' { kind = 'rate', unit = '%', every = 'year' }\n"

/** One pack and its problems, one a line; "" when it has none. */
struct pack_row {
    const char *why, *text, *lines;
};

/** One expression over PACK_HEAD and the formula it is, or the mistake ("! …"). */
struct formula_row {
    const char *why, *text, *formula;
};

/** One loaded pack. */
struct loaded {
    zw_pack *pack;
    zw_script *script;
};

static inline struct loaded load_text(const char *text, const zw_script_limits *limits)
{
    struct loaded loaded = {NULL, NULL};
    zw_err err = {ZW_OK, ""};
    if (zw_script_load_text("p", zw_text_of(text), limits, &loaded.pack, &loaded.script, &err) !=
        ZW_OK) {
        fail_msg("%s", err.text);
    }
    return loaded;
}

static inline void unload(struct loaded *loaded)
{
    zw_script_destroy(loaded->script);
    zw_pack_destroy(loaded->pack);
    *loaded = (struct loaded){NULL, NULL};
}

/** All problems of a pack as lines. */
static inline void problem_lines(const zw_pack *pack, zw_buf *out)
{
    zw_buf_clear(out);
    for (size_t i = 0; i < pack->problem_count; i++) {
        (void)zw_buf_puts(out, i > 0 ? "\n" : "");
        zw_pack_problem_text(pack, &pack->problems[i], out);
    }
}

/** A pack that must have no problem. */
static inline struct loaded load_right(const char *text)
{
    struct loaded loaded = load_text(text, NULL);
    zw_buf lines;
    zw_buf_init(&lines, 100000);
    problem_lines(loaded.pack, &lines);
    assert_string_equal(zw_buf_view(&lines), "");
    zw_buf_fini(&lines);
    return loaded;
}

static inline void check_pack_rows(const char *head, const struct pack_row *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char text[8192];
        zw_buf lines;
        print_message("  %s\n", rows[i].why);
        assert_true(snprintf(text, sizeof text, "%s%s", head, rows[i].text) < (int)sizeof text);
        struct loaded loaded = load_text(text, NULL);
        zw_buf_init(&lines, 100000);
        problem_lines(loaded.pack, &lines);
        assert_string_equal(zw_buf_view(&lines), rows[i].lines);
        zw_buf_fini(&lines);
        unload(&loaded);
    }
}

static inline void check_formula_rows(const char *head, const struct formula_row *rows,
                                      size_t count)
{
    struct loaded loaded = load_right(head);
    for (size_t i = 0; i < count; i++) {
        zw_err err = {ZW_OK, ""};
        zw_node_id node;
        zw_buf formula;
        print_message("  %s\n", rows[i].why);
        zw_buf_init(&formula, 100000);
        if (zw_script_expression(loaded.script, zw_text_of(rows[i].text), &node, &err) == ZW_OK) {
            zw_formula_text(loaded.pack, node, &formula);
        } else {
            (void)zw_buf_printf(&formula, "! %s", err.text);
        }
        assert_string_equal(zw_buf_view(&formula), rows[i].formula);
        zw_buf_fini(&formula);
    }
    unload(&loaded);
}

#define COUNT_OF(rows) (sizeof(rows) / sizeof((rows)[0]))

#endif
