/** The check of texts with {placeholders}: what an alert says, and the body a notify sends. Done
 * when everything is declared, for a placeholder may name what comes later. */
#ifndef ZW_SCRIPT_SAY_CHECK_H
#define ZW_SCRIPT_SAY_CHECK_H

#include "script/script_state.h"

/** Notes what is wrong with the texts of every alert and of every notify's bodies. [-0, +0, raises]
 */
void zw_say_check(lua_State *lua);

/** True for a placeholder of the language's own: "area", "value" … */
bool zw_say_has(const char *name);

#endif
