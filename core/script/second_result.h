/** The second result of a function, `return value, { worst = area }`: what an alert's text can name
 * beside the language's own placeholders. */
#ifndef ZW_SCRIPT_SECOND_RESULT_H
#define ZW_SCRIPT_SECOND_RESULT_H

#include "script/script_state.h"

/**
 * Looks at the value at `index` and hands its entries to `call->said`, if that is given. A number
 * that is not finite is passed over: nothing is known of it. Raises on anything that is no table of
 * names, numbers, texts and areas, on a name of the language's own, and, as a breach, when its
 * texts are too long. [-0, +0, raises]
 */
void zw_second_result_take(lua_State *lua, int index, const zw_call *call);

#endif
