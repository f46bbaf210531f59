/** Receivers: whom a notify tells, written `webhook(…)`, `log()`. */
#ifndef ZW_SCRIPT_RECEIVER_H
#define ZW_SCRIPT_RECEIVER_H

#include <lauxlib.h>

/** Functions that make one, ended by a NULL name. */
extern const luaL_Reg zw_receiver_functions[];

#endif
