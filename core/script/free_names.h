/**
 * Free names: which names a Lua file uses without declaring them. Found before the file runs, so
 * that a misspelt name inside a function is told at load and not on the day the function runs.
 */
#ifndef ZW_SCRIPT_FREE_NAMES_H
#define ZW_SCRIPT_FREE_NAMES_H

#include "base/pool.h"
#include "script/source.h"

/** A name that no `local`, parameter or loop of the file introduces, told once a name. */
typedef struct zw_free_name {
    zw_text name;
    zw_spot spot;
    bool is_assigned; /* it leaks: the file gives it a value */
} zw_free_name;

/**
 * Tells every free name of `file` in order, the language's and Lua's own too. What the words alone
 * cannot decide (a name that is local elsewhere in the file, a file that plays with _ENV) is not
 * told.
 * @param introduced  gets every name the file introduces: what a misspelt one may have meant.
 * @return ZW_OK, ZW_NOMEM.
 */
zw_status zw_free_names_tell(zw_text file, zw_pool *introduced,
                             void (*tell)(void *arg, const zw_free_name *found), void *arg,
                             zw_err *err) ZW_MUST_USE;

#endif
