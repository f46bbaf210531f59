/** The words a declaration may not be named by: Lua's keywords and the globals of the language. */
#ifndef ZW_PLAN_RESERVED_H
#define ZW_PLAN_RESERVED_H

#include "base/text.h"

/** True for a word that is taken. */
bool zw_reserved_has(zw_text name);

#endif
