/** The pack that ran then: `@T` wherever a PACK is named. */
#ifndef ZW_APP_THEN_H
#define ZW_APP_THEN_H

#include "app/loaded.h"

/**
 * Loads what a command line calls PACK: a folder, or "@T", the pack that ran on the store at T (a
 * day: at its end, in the time of the pack that ran last). Mistakes in it are printed as of
 * zw_loaded_pack.
 * @param db  the store, which "@T" is read from.
 */
zw_status zw_loaded_named(zw_loaded *loaded, const char *name, const char *db, const zw_io *io,
                          zw_err *err) ZW_MUST_USE;

#endif
