/** Shapes that several answers share: how titles, units, periods, moments and cells stand in JSON.
 */
#ifndef ZW_SERVE_SHAPE_H
#define ZW_SERVE_SHAPE_H

#include "alert/rule.h"
#include "serve/json.h"

/** "title": {"en", "zh"} under `key`. */
void zw_shape_title(zw_json *json, const char *key, const zw_title *title);
/** What every declaration begins with: "name", "title", "note". */
void zw_shape_head(zw_json *json, const zw_title *title);

/** A moment as RFC 3339 in a time zone; null for ZW_NEVER_MS and INT64_MIN. */
void zw_shape_moment(zw_json *json, const char *key, const zw_tz *tz, int64_t at_ms);

/** The unit that a value without scale has: "CNY", "firms", "" for a plain number; null of a truth.
 */
void zw_shape_unit(zw_json *json, const char *key, const zw_node *node);
/** The name of the node's grid; null when it has none. */
void zw_shape_every(zw_json *json, const char *key, const zw_node *node);
/** The text of a period on the node's grid; null when it has none. */
void zw_shape_period(zw_json *json, const char *key, const zw_calendar *calendar,
                     const zw_node *node, zw_period period);

/** A value: a number without scale or, of a truth, true or false; null when it is missing. */
void zw_shape_value(zw_json *json, const char *key, const zw_node *node, const zw_cell *cell);
/** The same as people read it, without its marks: "603.2 (1e8 CNY)"; "hidden" of what is. */
void zw_shape_shown(zw_json *json, const char *key, const zw_node *node, const zw_cell *cell);
/** Why a cell is missing; null when it stands. */
void zw_shape_why(zw_json *json, const char *key, const zw_eval *eval, uint32_t area,
                  const zw_cell *cell);
/** "status" (the least firm letter among A, P, E and F; M when withdrawn, null when missing) and
 * "synthetic". */
void zw_shape_marks(zw_json *json, const zw_cell *cell);
/** All of a cell: "value", "shown", "status", "synthetic", "complete", "span", "known_at", "why".
 */
void zw_shape_cell(zw_json *json, const zw_eval *eval, const zw_node *node, uint32_t area,
                   const zw_cell *cell);

/** The names of areas, as an array. */
void zw_shape_areas(zw_json *json, const char *key, const zw_pack *pack, zw_list areas);
/** Texts, as an array. */
void zw_shape_texts(zw_json *json, const char *key, zw_texts texts);
/** A node as the language would write it; null for ZW_NODE_NONE. */
void zw_shape_formula(zw_json *json, const char *key, const zw_pack *pack, zw_node_id node);

/** The pack's folder without the path to it: where it lies on this machine is nobody's business. */
const char *zw_shape_pack_name(const zw_pack *pack);

/** What a rule says of an area: "name", "title", "state", "period", "why" (of an unknown one why it
 * is, else the rule's own while it is not kept). */
void zw_shape_rule(zw_json *json, const zw_eval *eval, uint32_t rule, uint32_t area,
                   const zw_rule_state *state);

#endif
