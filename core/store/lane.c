/*
 * A lane is made of blocks of 64 periods. Values are alike within a block: of the status and mark
 * of the first that came, or, when the last of those changes, of what it changed to.
 */
#include "store/lane.h"

#include "base/civil.h"
#include "intake/batch.h"

#include <stdlib.h>
#include <string.h>

/* A lane has at most so many times the blocks that are used, and some more; else it is off. */
enum { BLOCK = 64, SPARSE_TIMES = 4, SPARSE_BLOCKS = 8 };

struct zw_lane_block {
    uint64_t alike;    /* bits: periods whose value is in and alike */
    int64_t newest_ms; /* no value of the block became known later */
    uint8_t like;      /* what they are alike in */
    uint8_t in;        /* values in the block */
};

static void lane_free(zw_lane *lane)
{
    free(lane->blocks);
    free(lane->values);
    free(lane->known_at_ms);
    free(lane->likes);
}

void zw_lane_fini(zw_lane *lane)
{
    lane_free(lane);
    *lane = (zw_lane){0};
}

static int64_t block_of(zw_period period)
{
    return zw_floor_div(period, BLOCK);
}

static uint8_t like_of(const zw_figure *figure)
{
    if (figure == NULL || figure->status == ZW_OBS_MISSING) {
        return 0;
    }
    return (uint8_t)(1U + 2U * figure->status + (figure->is_synthetic ? 1U : 0U));
}

/* A lane with room for so many blocks from `first` on. */
static bool lane_init(zw_lane *lane, int64_t first, size_t capacity)
{
    *lane = (zw_lane){.first = first, .capacity = capacity};
    lane->blocks = calloc(capacity, sizeof(*lane->blocks));
    lane->values = malloc(capacity * BLOCK * sizeof(double));
    lane->known_at_ms = malloc(capacity * BLOCK * sizeof(int64_t));
    lane->likes = calloc(capacity * BLOCK, sizeof(uint8_t));
    return lane->blocks != NULL && lane->values != NULL && lane->known_at_ms != NULL &&
           lane->likes != NULL;
}

/* Moves what `from` has into `into`, `shift` blocks on. */
static void lane_copy(zw_lane *into, const zw_lane *from, size_t shift)
{
    size_t cells = from->count * BLOCK;
    if (from->count > 0) {
        memcpy(into->blocks + shift, from->blocks, from->count * sizeof(*from->blocks));
        memcpy(into->values + shift * BLOCK, from->values, cells * sizeof(double));
        memcpy(into->known_at_ms + shift * BLOCK, from->known_at_ms, cells * sizeof(int64_t));
        memcpy(into->likes + shift * BLOCK, from->likes, cells);
    }
    into->used = from->used;
}

/* Makes the lane reach to a block. @return false when it is, or goes, off. */
static bool lane_reach(zw_lane *lane, int64_t block)
{
    int64_t first = lane->count > 0 && lane->first < block ? lane->first : block;
    int64_t last = lane->first + (int64_t)lane->count - 1;
    last = lane->count > 0 && last > block ? last : block;
    size_t wanted = (size_t)(last - first) + 1;
    if (lane->is_off || wanted > SPARSE_TIMES * (lane->used + 1) + SPARSE_BLOCKS) {
        zw_lane_fini(lane);
        lane->is_off = true;
        return false;
    }
    if (lane->count == 0 || first < lane->first || wanted > lane->capacity) {
        zw_lane grown;
        if (!lane_init(&grown, first, wanted > 1 ? wanted * 2 : 1)) {
            lane_free(&grown);
            zw_lane_fini(lane);
            lane->is_off = true;
            return false;
        }
        lane_copy(&grown, lane, lane->count > 0 ? (size_t)(lane->first - first) : 0);
        zw_lane old = *lane;
        *lane = grown;
        lane_free(&old);
    }
    lane->count = wanted;
    return true;
}

/* What cell `i` of a block is now: its bit, and where no other is alike any more, theirs. */
static void see_alike(struct zw_lane_block *block, const uint8_t *likes, size_t i)
{
    block->alike &= ~(UINT64_C(1) << i);
    if (likes[i] == 0) {
        return;
    }
    if (block->alike == 0) {
        block->like = likes[i];
        for (size_t j = 0; j < BLOCK; j++) {
            block->alike |= likes[j] == block->like ? UINT64_C(1) << j : 0;
        }
    } else if (likes[i] == block->like) {
        block->alike |= UINT64_C(1) << i;
    }
}

static void see_newest(struct zw_lane_block *block, const uint8_t *likes,
                       const int64_t *known_at_ms)
{
    block->newest_ms = INT64_MIN;
    for (size_t i = 0; i < BLOCK; i++) {
        if (likes[i] != 0 && known_at_ms[i] > block->newest_ms) {
            block->newest_ms = known_at_ms[i];
        }
    }
}

void zw_lane_set(zw_lane *lane, zw_period period, const zw_figure *newest)
{
    int64_t number = block_of(period);
    uint8_t like = like_of(newest);
    bool is_within = number >= lane->first && number < lane->first + (int64_t)lane->count;
    if ((like == 0 && !is_within) || (!is_within && !lane_reach(lane, number))) {
        return;
    }
    size_t b = (size_t)(number - lane->first);
    size_t i = (size_t)(period - number * BLOCK);
    uint8_t *likes = lane->likes + b * BLOCK;
    int64_t *known_at_ms = lane->known_at_ms + b * BLOCK;
    struct zw_lane_block *block = &lane->blocks[b];
    bool was_in = likes[i] != 0;
    bool was_newest = was_in && known_at_ms[i] == block->newest_ms;
    likes[i] = like;
    if (like != 0) {
        lane->values[b * BLOCK + i] = newest->value;
        known_at_ms[i] = newest->known_at_ms;
    }
    lane->used -= block->in > 0 ? 1 : 0;
    block->in = (uint8_t)(block->in + (like != 0 ? 1 : 0) - (was_in ? 1 : 0));
    lane->used += block->in > 0 ? 1 : 0;
    see_alike(block, likes, i);
    if (block->in == 1 || was_newest || like == 0) {
        see_newest(block, likes, known_at_ms);
    } else if (known_at_ms[i] > block->newest_ms) {
        block->newest_ms = known_at_ms[i];
    }
}

/* How many cells of a block from `i` on, before `end`, are alike and known. */
static size_t run_length(const struct zw_lane_block *block, const int64_t *known_at_ms, size_t i,
                         size_t end, int64_t as_of_ms)
{
    bool all_known = block->newest_ms <= as_of_ms;
    bool all_alike = block->alike == UINT64_MAX;
    size_t at = all_known && all_alike ? end : i;
    while (at < end && (block->alike >> at & 1) != 0 &&
           (all_known || known_at_ms[at] <= as_of_ms)) {
        at++;
    }
    return at - i;
}

static int64_t newest_of(const int64_t *known_at_ms, size_t count)
{
    int64_t newest_ms = known_at_ms[0];
    for (size_t i = 1; i < count; i++) {
        newest_ms = known_at_ms[i] > newest_ms ? known_at_ms[i] : newest_ms;
    }
    return newest_ms;
}

bool zw_lane_run(const zw_lane *lane, zw_period lo, zw_period hi, int64_t as_of_ms, zw_run *out)
{
    int64_t number = block_of(lo);
    if (number < lane->first || number >= lane->first + (int64_t)lane->count) {
        return false;
    }
    size_t b = (size_t)(number - lane->first);
    size_t i = (size_t)(lo - number * BLOCK);
    size_t end = (uint64_t)(hi - lo) < BLOCK - i ? i + (size_t)(hi - lo) + 1 : BLOCK;
    const struct zw_lane_block *block = &lane->blocks[b];
    const int64_t *known_at_ms = lane->known_at_ms + b * BLOCK;
    size_t count = run_length(block, known_at_ms, i, end, as_of_ms);
    if (count == 0) {
        return false;
    }
    *out = (zw_run){.values = lane->values + b * BLOCK + i,
                    .count = count,
                    .known_at_ms =
                        count == BLOCK ? block->newest_ms : newest_of(known_at_ms + i, count),
                    .status = (uint8_t)((block->like - 1U) / 2U),
                    .is_synthetic = (block->like - 1U) % 2U != 0};
    return true;
}
