/** The inside of a pack: which names are taken, by whom; growing arrays; formulas by what they say.
 */
#ifndef ZW_PLAN_INDEX_H
#define ZW_PLAN_INDEX_H

#include "plan/pack.h"

/** Who owns a declared name. */
typedef struct zw_owner {
    zw_noun noun;
    uint32_t index;
} zw_owner;

struct zw_pack_index {
    zw_pool *names;   /* declared names */
    zw_owner *owners; /* by number in `names` */
    size_t owner_capacity;
    zw_tz **zones; /* owned; the calendars borrow them */
    size_t zone_count, zone_capacity;
    zw_node_id *buckets; /* formulas by hash; chained through `next_node` */
    size_t bucket_count;
    zw_node_id *next_node;  /* by node */
    uint32_t *depths;       /* by node: how many operations lie on the longest way down */
    size_t next_capacity;   /* of both */
    size_t capacity_of[16]; /* of the pack's arrays, by zw_array */
};

typedef enum zw_array {
    ZW_ARRAY_FILES,
    ZW_ARRAY_NODES,
    ZW_ARRAY_AREAS,
    ZW_ARRAY_MEASURES,
    ZW_ARRAY_REGISTERS,
    ZW_ARRAY_INDICATORS,
    ZW_ARRAY_TARGETS,
    ZW_ARRAY_RULES,
    ZW_ARRAY_ALERTS,
    ZW_ARRAY_NOTIFIES,
    ZW_ARRAY_TESTS,
    ZW_ARRAY_PROBLEMS
} zw_array;

/** Makes room for one more item of `size` bytes; false when there is no memory. */
bool zw_index_room(zw_pack *pack, zw_array which, void **items, size_t count, size_t size);

/** Fills in what follows from a target's expression, path and dates; it will stand at `index`. */
zw_status zw_target_complete(zw_pack *pack, zw_target *target, uint32_t index,
                             zw_err *err) ZW_MUST_USE;

#endif
