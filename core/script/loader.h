/**
 * The loader: files of a pack become chunks and run. A file that fails stops alone; its mistake is
 * told and loading goes on with who required it.
 */
#ifndef ZW_SCRIPT_LOADER_H
#define ZW_SCRIPT_LOADER_H

#include "script/script_state.h"

enum { ZW_FILE_BYTES_MAX = 4 * 1024 * 1024, ZW_PATH_BYTES_MAX = 4096 };

/**
 * Reads a file of the pack into it, without a byte order mark.
 * @param path  also what messages call it.
 * @return ZW_OK; ZW_NOT_FOUND; ZW_LIMIT when it is too large; ZW_IO; ZW_NOMEM.
 */
zw_status zw_loader_read(zw_pack *pack, const char *path, uint32_t *file, zw_err *err) ZW_MUST_USE;

/** The same of the files that were given in place of a folder's. @param inside  the path inside the
 * pack. */
zw_status zw_loader_take(zw_pack *pack, const zw_script_file *files, size_t count,
                         const char *inside, bool is_shipped, uint32_t *file,
                         zw_err *err) ZW_MUST_USE;

/**
 * Runs a file of the pack and pushes what it returns, or poison after its mistake was told.
 * [-0, +1, raises] only what ends everything: no memory, no budget left.
 */
void zw_loader_run(lua_State *lua, uint32_t file);

/** Offers `require`. [-0, +0, raises] */
void zw_loader_open(lua_State *lua);

#endif
