/** The basis of a move: how complete what was compared was, by which deliveries its figures came,
 * and where a target's path lay. It is put into the move's evidence and stays as it was then. */
#ifndef ZW_ALERT_BASIS_H
#define ZW_ALERT_BASIS_H

#include "alert/facts_inside.h"

#include <jansson.h>

/**
 * Makes the basis of what is gathered, one JSON object, {} when there is none:
 *   complete    "3/4": reports that are in, of those expected
 *   deliveries  [{batch, source, known_at, figures}], the newest twenty, the newest first
 *   others      how many figures came by deliveries before those
 *   target      {name, path, gap}: of a truth about one, at the period that is spoken of
 *   why         why the truth is unknown in the newest period, where it is
 * @param out  the caller's; NULL on failure.
 */
zw_status zw_basis_make(zw_gathering *in, json_t **out, zw_err *err) ZW_MUST_USE;

#endif
