/* A cover: what makes up an area, every area in it counted once (inclusion and exclusion). */
#include "plan/cover.h"

bool zw_cover_has(const zw_pack *pack, uint32_t outer, uint32_t area, int64_t end_ms)
{
    zw_list parents = pack->areas[area].parents;
    if (!zw_pack_area_lives(pack, area, end_ms)) {
        return false;
    }
    for (size_t i = 0; i < parents.count; i++) {
        uint32_t parent = parents.at[i];
        if (parent == outer || zw_cover_has(pack, outer, parent, end_ms)) {
            return true;
        }
    }
    return false;
}

/* Parents are declared before their parts: when an area's turn comes, everything it lies in has its
 * number, and what they count of it is known. */
void zw_cover_times(const zw_pack *pack, uint32_t outer, int64_t end_ms, int32_t *times)
{
    for (uint32_t area = 0; area < pack->area_count; area++) {
        times[area] = 0;
        if (area <= outer || !zw_cover_has(pack, outer, area, end_ms)) {
            continue;
        }
        int32_t counted = 0;
        for (uint32_t around = outer + 1; around < area; around++) {
            bool has = times[around] != 0 && zw_cover_has(pack, around, area, end_ms);
            counted += has ? times[around] : 0;
        }
        times[area] = 1 - counted;
    }
}
