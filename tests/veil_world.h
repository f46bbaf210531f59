/** Values as they would be shown, behind the veil. Include it after cmocka.h. */
#ifndef ZW_TESTS_VEIL_WORLD_H
#define ZW_TESTS_VEIL_WORLD_H

#include "engine_world.h"

/** Feeds a whole tidy file on a day, and takes the turn. */
static inline void house_file(struct house *house, const char *day, const char *csv)
{
    zw_err err = {ZW_OK, ""};
    const zw_fed *fed = NULL;
    zw_feed_options options = {.source = "file"};
    house->now_ms = day_ms(day);
    if (zw_engine_feed(house->engine, csv, strlen(csv), &options, &fed, &err) != ZW_OK) {
        fail_msg("%s %s", err.text, fed->bad_count > 0 ? fed->bad[0].text : "");
    }
    house_day(house, day, NULL);
}

/** What an expression says at an area in a period as it may be shown, at the engine's as-of; the
 * caller frees. */
static inline char *house_shown(struct house *house, const char *expression, const char *area,
                                const char *period)
{
    zw_err err = {ZW_OK, ""};
    zw_node_id node = ZW_NODE_NONE;
    zw_cell cell;
    zw_stamp stamp;
    zw_buf text;
    zw_eval *eval = zw_engine_eval(house->engine);
    uint32_t index = zw_pack_area(house->pack, zw_text_of(area), NULL);
    assert_int_equal(zw_stamp_parse(zw_text_of(period), &stamp, &err), ZW_OK);
    if (zw_script_expression(house->script, zw_text_of(expression), &node, &err) != ZW_OK) {
        fail_msg("%s: %s", expression, err.text);
    }
    assert_int_equal(zw_eval_cell(eval, node, index, stamp.period, &cell, &err), ZW_OK);
    assert_int_equal(zw_eval_veil(eval, node, index, stamp.period, &cell, &err), ZW_OK);
    zw_buf_init(&text, 4096);
    zw_eval_show(eval, node, index, &cell, &text);
    char *shown = strdup(zw_buf_view(&text));
    zw_buf_fini(&text);
    return shown;
}

#endif
