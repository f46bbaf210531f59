/** A pack loaded for a verb, and the engine over its store. */
#ifndef ZW_APP_LOADED_H
#define ZW_APP_LOADED_H

#include "app/clock.h"
#include "app/engine.h"
#include "app/verbs.h"

/** Open, so that it lies on a verb's stack; start from zeros. */
typedef struct zw_loaded {
    zw_pack *pack;
    zw_script *script;
    zw_engine *engine;
    zw_clock clock;
} zw_loaded;

/**
 * Loads the pack in `folder`; every mistake in it is printed on io->err as "file:line:col: text".
 * @return ZW_OK; ZW_INVALID when there are mistakes ("2 mistakes in the pack").
 */
zw_status zw_loaded_pack(zw_loaded *loaded, const char *folder, const zw_io *io,
                         zw_err *err) ZW_MUST_USE;

/** Prints the mistakes of the pack that is loaded. @return as of zw_loaded_pack. */
zw_status zw_loaded_check(const zw_loaded *loaded, const char *name, const zw_io *io,
                          zw_err *err) ZW_MUST_USE;

/** Opens the engine over the pack, its log on io->err. */
zw_status zw_loaded_engine(zw_loaded *loaded, const char *db, zw_db_mode mode, const zw_io *io,
                           zw_err *err) ZW_MUST_USE;

void zw_loaded_fini(zw_loaded *loaded);

/** The log of a verb: lines on io->err. */
zw_log zw_loaded_log(const zw_io *io);

#endif
