/* What `.load zonewatch` of the sqlite3 shell calls: adds the tables of figures_table.h. */
#include "store/figures_table.h"

#define SQLITE_CORE 1 /* the calls below are the linked library's, not the table's */
#include <sqlite3ext.h>
#include <stdbool.h>

int sqlite3_zonewatch_init(sqlite3 *conn, char **why, const sqlite3_api_routines *api);

/* Two copies of SQLite in one process do not know of each other's locks on a file: closing it in
 * one would drop those of the other. The pointers are equal when there is one copy. */
static bool is_one_copy(const sqlite3_api_routines *api)
{
    return api->sourceid() == sqlite3_sourceid();
}

__attribute__((visibility("default"))) int sqlite3_zonewatch_init(sqlite3 *conn, char **why,
                                                                  const sqlite3_api_routines *api)
{
    if (!is_one_copy(api)) {
        *why = api->mprintf("this program brings an SQLite of its own; use one that loads the "
                            "system's library, such as Debian's sqlite3");
        return SQLITE_ERROR;
    }
    zw_err err = {ZW_OK, ""};
    if (zw_figures_table_add(conn, &err) != ZW_OK) {
        *why = sqlite3_mprintf("%s", err.text);
        return SQLITE_ERROR;
    }
    return SQLITE_OK;
}
