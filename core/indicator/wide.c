/*
 * Wide readers: lists by measure, each reader with the set of its areas and the hull of the periods
 * it took. Those that took the latest come first, so that a figure of a new period is done with the
 * first of them, however many questions about the past were asked before.
 */
#include "indicator/wide.h"

#include <stdlib.h>

enum { WORD_BITS = 64 };

struct noted {
    struct noted *next; /* that took nothing later */
    zw_wide wide;       /* `taken` is the hull of all there was */
    uint64_t areas[];   /* bits */
};

struct zw_wides {
    const zw_pack *pack;
    size_t words; /* of a set of areas */
    struct noted **of_measure;
};

zw_status zw_wides_create(const zw_pack *pack, zw_wides **out, zw_err *err)
{
    *out = NULL;
    zw_wides *wides = calloc(1, sizeof(*wides));
    if (wides == NULL) {
        return zw_err_nomem(err);
    }
    *wides = (zw_wides){.pack = pack, .words = pack->area_count / WORD_BITS + 1};
    wides->of_measure = (struct noted **)calloc(pack->measure_count + 1, sizeof(struct noted *));
    if (wides->of_measure == NULL) {
        free(wides);
        return zw_err_nomem(err);
    }
    *out = wides;
    return ZW_OK;
}

void zw_wides_destroy(zw_wides *wides)
{
    if (wides == NULL) {
        return;
    }
    for (size_t m = 0; m < wides->pack->measure_count; m++) {
        while (wides->of_measure[m] != NULL) {
            struct noted *next = wides->of_measure[m]->next;
            free(wides->of_measure[m]);
            wides->of_measure[m] = next;
        }
    }
    free((void *)wides->of_measure);
    free(wides);
}

/* Takes the note of a reader out of its list; NULL when there is none. */
static struct noted *take_out(struct noted **at, const zw_wide *wide)
{
    while (*at != NULL && ((*at)->wide.reader != wide->reader || (*at)->wide.leaf != wide->leaf ||
                           (*at)->wide.slot != wide->slot)) {
        at = &(*at)->next;
    }
    struct noted *found = *at;
    if (found != NULL) {
        *at = found->next;
    }
    return found;
}

static void put_in(struct noted **at, struct noted *noted)
{
    while (*at != NULL && (*at)->wide.taken.hi > noted->wide.taken.hi) {
        at = &(*at)->next;
    }
    noted->next = *at;
    *at = noted;
}

zw_status zw_wides_note(zw_wides *wides, uint32_t measure, zw_wide wide, zw_list areas, zw_err *err)
{
    struct noted **list = &wides->of_measure[measure];
    struct noted *noted = take_out(list, &wide);
    if (noted == NULL) {
        noted = calloc(1, sizeof(*noted) + wides->words * sizeof(uint64_t));
        if (noted == NULL) {
            return zw_err_nomem(err);
        }
        noted->wide = wide;
        for (size_t i = 0; i < areas.count; i++) {
            noted->areas[areas.at[i] / WORD_BITS] |= UINT64_C(1) << areas.at[i] % WORD_BITS;
        }
    }
    zw_span *taken = &noted->wide.taken;
    taken->lo = wide.taken.lo < taken->lo ? wide.taken.lo : taken->lo;
    taken->hi = wide.taken.hi > taken->hi ? wide.taken.hi : taken->hi;
    put_in(list, noted);
    return ZW_OK;
}

bool zw_wides_has(const zw_wides *wides, uint32_t measure)
{
    return wides->of_measure[measure] != NULL;
}

static bool reads_at(const struct noted *noted, uint32_t area)
{
    return area == ZW_NONE || (noted->areas[area / WORD_BITS] >> area % WORD_BITS & 1) != 0;
}

/* Where the reader's column is touched. */
static zw_span touched_by(const zw_pack *pack, const zw_wide *wide, zw_span span)
{
    const zw_calendar *calendar = zw_pack_calendar(pack, wide->reader->area);
    zw_span up = zw_pack_node(pack, wide->leaf)->op == ZW_OP_MEASURE
                     ? span
                     : zw_graph_touch(pack, calendar, wide->leaf, 0, span);
    return wide->slot == ZW_SLOT_SAME
               ? up
               : zw_graph_touch(pack, calendar, wide->reader->node, wide->slot, up);
}

zw_status zw_wides_touch(zw_wides *wides, zw_table *table, uint32_t measure, uint32_t area,
                         zw_span span, bool is_forced, zw_err *err)
{
    zw_status status = ZW_OK;
    struct noted **at = &wides->of_measure[measure];
    while (status == ZW_OK && *at != NULL && (*at)->wide.taken.hi >= span.lo) {
        struct noted *noted = *at;
        zw_span taken = noted->wide.taken;
        bool is_touched = taken.lo <= span.hi && reads_at(noted, area);
        if (is_touched) {
            status = zw_table_touch(table, noted->wide.reader,
                                    touched_by(wides->pack, &noted->wide, span), is_forced, err);
        }
        if (is_touched && status == ZW_OK && taken.lo >= span.lo && taken.hi <= span.hi) {
            *at = noted->next; /* nothing it took stands: it is noted again when it reads again */
            free(noted);
        } else {
            at = &noted->next;
        }
    }
    return status;
}
