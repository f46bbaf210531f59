/** A pack whose guards hold a slip of a unit and warn of a jump, over an engine. Alerts: 0 slip, 1
 * even, 2 high. Areas: 0 land, 1 north, 2 south. Include it after cmocka.h. */
#ifndef ZW_TESTS_GUARD_WORLD_H
#define ZW_TESTS_GUARD_WORLD_H

#include "engine_world.h"

static const char slip_pack[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "area \"north\" { within = land }\n"
    "area \"south\" { within = land }\n"
    "local money = measure \"money\" { kind = \"flow\", unit = \"1e4 CNY\", every = \"month\" }\n"
    "measure \"unguarded\" { kind = \"flow\", unit = \"CNY\", every = \"month\" }\n"
    "guard \"slip\" { on = money, hold = (money / money:lag(1)):over(1000),\n"
    "  warn = (money / money:lag(1)):over(3),\n"
    "  say = { en = \"{area} {period}: {value} times the month before\",\n"
    "    zh = \"{area}{period}\" } }\n"
    "guard \"even\" { on = money, hold = money:equals(3e8), say = \"{area} is even\" }\n"
    "alert \"high\" { each = land.areas, warning = money:over(1e8) }\n"
    "notify \"duty\" { to = log(), at_least = \"warning\" }\n";

/** Value of an expression as a number, or -1 when it is missing. */
static inline double house_value(struct house *house, const char *area, const char *period,
                                 const char *as_of)
{
    zw_err err = {ZW_OK, ""};
    zw_node_id node = ZW_NODE_NONE;
    zw_eval *eval = NULL;
    zw_cell cell;
    zw_stamp stamp;
    uint32_t index = zw_pack_area(house->pack, zw_text_of(area), NULL);
    int64_t at_ms = as_of != NULL ? day_ms(as_of) : house->now_ms;
    assert_int_equal(zw_stamp_parse(zw_text_of(period), &stamp, &err), ZW_OK);
    assert_int_equal(zw_script_expression(house->script, zw_text_of("money"), &node, &err), ZW_OK);
    assert_int_equal(zw_engine_eval_at(house->engine, at_ms, &eval, &err), ZW_OK);
    assert_int_equal(zw_eval_cell(eval, node, index, stamp.period, &cell, &err), ZW_OK);
    zw_eval_destroy(eval);
    return zw_cell_stands(&cell) ? cell.value : -1;
}

static inline zw_status house_add_message(void *arg, const zw_message *message, zw_err *err)
{
    (void)err;
    zw_buf_printf(arg, "%s\n", message->body);
    return ZW_OK;
}

/** Every message in the outbox, a line each, in order; the caller frees. */
static inline char *house_said(struct house *house)
{
    zw_buf text;
    zw_err err = {ZW_OK, ""};
    zw_buf_init(&text, 65536);
    zw_buf_puts(&text, "");
    assert_int_equal(zw_outbox_due(zw_engine_outbox(house->engine), INT64_MAX - 1, 100,
                                   house_add_message, &text, &err),
                     ZW_OK);
    char *said = strdup(zw_buf_view(&text));
    zw_buf_fini(&text);
    return said;
}

#endif
