/** The order in which alerts are judged: one that asks whether another fires, after it. */
#ifndef ZW_SCRIPT_ALERT_ORDER_H
#define ZW_SCRIPT_ALERT_ORDER_H

#include "script/script_state.h"

/**
 * Gives every alert its rank, when everything is declared: what its truths, its `clear` and its
 * `with` ask counts, through indicators, rules and what their functions hold. Alerts that ask each
 * other in a circle are a mistake. [-0, +0, raises]
 */
void zw_alert_order_find(lua_State *lua);

#endif
