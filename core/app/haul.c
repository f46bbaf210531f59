/* A haul. What a slice became is added to its reply; the reply is given with the last one, or with
 * the first that fails, which names how far it came. */
#include "app/haul.h"

#include "app/reply.h"
#include "intake/slicer.h"

#include <stdlib.h>

enum { SLICE_BYTES = 8 * 1024 * 1024 };

struct zw_haul {
    zw_http_request *request;
    zw_feed_options feed;
    zw_slicer *slicer;
    zw_slice slice;
    uint64_t read_bytes;
    uint64_t taken_bytes; /* up to where it is durable */
    zw_api_fed fed;
};

static size_t haul_read(void *arg, void *to, size_t most, zw_err *err)
{
    zw_haul *haul = arg;
    size_t got = zw_http_request_read(haul->request, haul->read_bytes, to, most, err);
    haul->read_bytes += got != SIZE_MAX ? got : 0;
    return got;
}

zw_status zw_haul_create(zw_http_request *request, const zw_feed_options *feed, bool is_live,
                         zw_haul **out, zw_err *err)
{
    *out = NULL;
    zw_haul *haul = calloc(1, sizeof(*haul));
    if (haul == NULL) {
        return zw_err_nomem(err);
    }
    haul->request = request;
    haul->feed = *feed;
    zw_reply_init(&haul->fed, is_live);
    zw_slicer_options slices = {.read = haul_read,
                                .arg = haul,
                                .slice_bytes = SLICE_BYTES,
                                .is_csv = zw_engine_format_is_csv(feed->format)};
    (void)zw_http_request_is_long(request, &slices.total_bytes);
    zw_status status = zw_slicer_create(&slices, &haul->slicer, err);
    if (status != ZW_OK) {
        zw_haul_destroy(haul);
        return status;
    }
    *out = haul;
    return ZW_OK;
}

void zw_haul_destroy(zw_haul *haul)
{
    if (haul == NULL) {
        return;
    }
    zw_slicer_destroy(haul->slicer);
    zw_reply_fini(&haul->fed);
    free(haul);
}

zw_status zw_haul_step(zw_haul *haul, zw_engine *engine, zw_err *err)
{
    const zw_fed *fed = NULL;
    zw_status status = zw_slicer_next(haul->slicer, &haul->slice, err);
    if (status != ZW_OK) {
        return status;
    }
    haul->feed.line_offset = haul->slice.line_offset;
    status =
        zw_engine_feed(engine, haul->slice.text.at, haul->slice.text.len, &haul->feed, &fed, err);
    return status == ZW_OK ? zw_reply_add(&haul->fed, engine, fed, err) : status;
}

bool zw_haul_turned(zw_haul *haul, zw_status status, const zw_err *err)
{
    zw_err why = {ZW_OK, ""};
    if (status == ZW_OK && !haul->slice.is_last) {
        haul->taken_bytes = haul->slice.end;
        return true;
    }
    if (status != ZW_OK && haul->taken_bytes > 0) {
        (void)zw_err_set(&why, status, "%s (the first %llu bytes, up to line %u, are in)",
                         err->text, (unsigned long long)haul->taken_bytes, haul->slice.line_offset);
    } else if (status != ZW_OK) {
        why = *err;
    }
    zw_reply_give(&haul->fed, haul->request, status, &why);
    return false;
}
