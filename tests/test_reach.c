/* Reach: which areas an expression speaks of. */
#include "serve/reach.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "api_world.h"

#include "failing_alloc.h"

/* Two zones; each expression is reported in another way. Areas in order: a, a1, a2, b, b1. */
#define PACK                                                                                       \
    "local a = zone 'a' { timezone = 'UTC' }\n"                                                    \
    "area 'a1' { within = a }\n"                                                                   \
    "area 'a2' { within = a }\n"                                                                   \
    "local b = zone 'b' { timezone = 'UTC' }\n"                                                    \
    "local b1 = area 'b1' { within = b }\n"                                                        \
    "local parts = measure 'parts' { kind = 'flow', unit = 'CNY', every = 'month' }\n"             \
    "local zones = measure 'zones' { kind = 'flow', unit = 'CNY', every = 'month' }\n"             \
    "local listed = measure 'listed' { kind = 'flow', unit = 'CNY', every = 'month', areas = { "   \
    "b1 } }\n"                                                                                     \
    "local never = measure 'never' { kind = 'flow', unit = 'CNY', every = 'month' }\n"             \
    "indicator 'i_parts' { parts:year() }\n"                                                       \
    "indicator 'i_zones' { zones / 2 }\n"                                                          \
    "indicator 'i_listed' { listed }\n"                                                            \
    "indicator 'i_never' { never }\n"                                                              \
    "indicator 'i_both' { parts + listed }\n"                                                      \
    "indicator 'i_share' { parts / parts:of(a) }\n"

static int setup(void **state)
{
    api_world *w = calloc(1, sizeof *w);
    assert_non_null(w);
    api_world_load(w, PACK, API_WORLD_NOW);
    const char *known_at = "2023-02-10T00:00:00Z";
    api_world_put(w, "parts", "a1", "2023-01", 1, known_at, ZW_OBS_NORMAL, false);
    api_world_put(w, "zones", "b", "2023-01", 1, known_at, ZW_OBS_NORMAL, false);
    api_world_start(w);
    *state = w;
    return 0;
}

static void speaks_where_figures_are_or_should_be(void **state)
{
    static const struct {
        const char *indicator, *areas; /* one letter an area: y, n, ? */
        const char *why;
    } rows[] = {
        {"i_parts", "yyynn", "one part reports, so its sisters and their zone are spoken of"},
        {"i_zones", "nnnyn", "the zone reports for itself"},
        {"i_listed", "nnnyy", "the pack says who is expected"},
        {"i_never", "yyyyy", "nothing is known of it yet"},
        {"i_both", "yyyyy", "either is enough"},
        {"i_share", "?????", "it looks elsewhere"},
    };
    const api_world *w = *state;
    zw_reach *reach = NULL;
    assert_int_equal(zw_reach_create(w->world.pack, w->world.store, &reach, NULL), ZW_OK);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint32_t index = 0;
        zw_reach_is is[5];
        char areas[6] = "";
        assert_int_equal(zw_pack_find(w->world.pack, zw_text_of(rows[i].indicator), &index),
                         ZW_NOUN_INDICATOR);
        assert_int_equal(zw_reach_of(reach, w->world.pack->indicators[index].node, is, NULL),
                         ZW_OK);
        for (size_t a = 0; a < 5; a++) {
            areas[a] = "n?y"[is[a]];
        }
        if (strcmp(areas, rows[i].areas) != 0) {
            fail_msg("%s: %s is %s", rows[i].why, rows[i].indicator, areas);
        }
    }
    zw_reach_destroy(reach);
}

static void says_so_when_there_is_no_memory(void **state)
{
    const api_world *w = *state;
    for (long after = 0;; after++) {
        zw_reach *reach = NULL;
        zw_reach_is is[5];
        failing_alloc_after(after);
        zw_status status = zw_reach_create(w->world.pack, w->world.store, &reach, NULL);
        if (status == ZW_OK) {
            status = zw_reach_of(reach, w->world.pack->indicators[0].node, is, NULL);
        }
        bool has_refused = failing_alloc_stop();
        zw_reach_destroy(reach);
        assert_int_equal(status, has_refused ? ZW_NOMEM : ZW_OK);
        if (!has_refused) {
            assert_int_equal(after, 3);
            return;
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(speaks_where_figures_are_or_should_be),
        cmocka_unit_test(says_so_when_there_is_no_memory),
    };
    return cmocka_run_group_tests(tests, setup, api_world_teardown);
}
