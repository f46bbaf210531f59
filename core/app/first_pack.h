/** The first pack that `new` writes (scripts/new), built into the program by embed.cmake: of a zone
 * called lakeside. */
#ifndef ZW_APP_FIRST_PACK_H
#define ZW_APP_FIRST_PACK_H

#include <stddef.h>

extern const unsigned char zw_first_pack_bytes[];
extern const size_t zw_first_pack_len;
extern const unsigned char zw_first_figures_bytes[];
extern const size_t zw_first_figures_len;

#endif
