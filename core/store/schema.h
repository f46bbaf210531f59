/** The tables of a store, and the steps from each earlier version of them to the next. */
#ifndef ZW_STORE_SCHEMA_H
#define ZW_STORE_SCHEMA_H

#include "store/db.h"

/** The version this program writes (`PRAGMA user_version`). */
int zw_schema_version(void);

/** Brings an open connection to that version inside one transaction; a newer file is refused with
 * ZW_STORE. */
zw_status zw_schema_upgrade(zw_db *db, zw_err *err) ZW_MUST_USE;

#endif
