/** What was explained, in JSON: an account with its trees. */
#ifndef ZW_SERVE_EXPLAINED_H
#define ZW_SERVE_EXPLAINED_H

#include "alert/account.h"
#include "serve/json.h"

/**
 * Writes an account as one object: what was asked and of which pack, "value", "unit", "shown" and
 * what else a value has of the first tree, and "parts", each a "tree". In a tree every value has a
 * number, "id", and one that stands there already is only "see".
 */
void zw_explained_put(zw_json *json, const char *key, const zw_eval *eval,
                      const zw_account *account);

#endif
