/** What an upgrade of the schema does that SQL alone cannot. */
#ifndef ZW_STORE_UPGRADE_H
#define ZW_STORE_UPGRADE_H

#include "store/db.h"

/** Writes the rows of table `observation`, in their order, into table `journal`, inside the
 * transaction that is open. @return ZW_STORE when a row cannot be what was written. */
zw_status zw_upgrade_observations(zw_db *db, zw_err *err) ZW_MUST_USE;

#endif
