/**
 * A cover: what makes up an area when it is added up, every area in it counted once. Nearly always
 * these are its parts. Where an area lies in two of them it would be counted with each: it is taken
 * off again as often as it is too many.
 */
#ifndef ZW_PLAN_COVER_H
#define ZW_PLAN_COVER_H

#include "plan/pack.h"

/** True when an area lies in `outer`, itself not meant, by a way on which all live at `end_ms`. */
bool zw_cover_has(const zw_pack *pack, uint32_t outer, uint32_t area, int64_t end_ms);

/**
 * How often the value of each area counts in the sum that `outer` is in a period that ends at
 * `end_ms`: 1 of a part, less than 0 of what several of them share, 0 of all others. With V of an
 * area the sum of what lies in it, V of `outer` is the sum of times × V.
 * @param times  room for one number an area of the pack, by index.
 */
void zw_cover_times(const zw_pack *pack, uint32_t outer, int64_t end_ms, int32_t *times);

#endif
