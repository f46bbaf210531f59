/* An ask: what a request is about. */
#include "serve/ask.h"

#include "serve/params.h"

void zw_ask_init(zw_ask *ask, const zw_api_world *world, zw_http_request *request)
{
    *ask = (zw_ask){.world = world,
                    .request = request,
                    .area = ZW_NONE,
                    .as_of_ms = zw_eval_as_of_ms(world->eval),
                    .eval = world->eval};
}

void zw_ask_fini(zw_ask *ask)
{
    zw_eval_destroy(ask->fresh);
    ask->fresh = NULL;
}

zw_status zw_ask_area(zw_ask *ask, const char *text, zw_err *err)
{
    if (text == NULL) {
        return ZW_OK;
    }
    zw_nearest nearest;
    zw_nearest_init(&nearest, zw_text_of(text));
    ask->area = zw_pack_area(ask->world->pack, zw_text_of(text), &nearest);
    return ask->area != ZW_NONE ? ZW_OK : zw_params_unknown("area", text, &nearest, err);
}

static int64_t moment_of(const zw_calendar *calendar, const zw_stamp *stamp, bool is_last)
{
    return is_last ? zw_stamp_last_ms(calendar, stamp) : zw_stamp_start_ms(calendar, stamp);
}

/* The moment a stamp names, in the asked area's time or in all zones' when they agree. */
static zw_status read_moment(const zw_ask *ask, const char *text, bool is_last, int64_t *out,
                             zw_err *err)
{
    const zw_pack *pack = ask->world->pack;
    zw_stamp stamp;
    zw_status status = zw_stamp_parse(zw_text_of(text), &stamp, err);
    if (status != ZW_OK || ask->area != ZW_NONE) {
        *out = status == ZW_OK ? moment_of(zw_pack_calendar(pack, ask->area), &stamp, is_last) : 0;
        return status;
    }
    bool has_any = false;
    for (uint32_t i = 0; i < pack->area_count; i++) {
        if (!pack->areas[i].is_zone) {
            continue;
        }
        int64_t at_ms = moment_of(&pack->areas[i].calendar, &stamp, is_last);
        if (has_any && at_ms != *out) {
            return zw_err_set(err, ZW_INVALID,
                              "'%s' is not the same moment in every zone: name an area, or write "
                              "it with its offset",
                              text);
        }
        *out = at_ms;
        has_any = true;
    }
    return ZW_OK;
}

zw_status zw_ask_as_of(zw_ask *ask, const char *text, zw_err *err)
{
    if (text == NULL) {
        return ZW_OK;
    }
    int64_t first_ms = 0;
    int64_t last_ms = 0;
    zw_status status = read_moment(ask, text, false, &first_ms, err);
    status = status == ZW_OK ? read_moment(ask, text, true, &last_ms, err) : status;
    if (status != ZW_OK) {
        return zw_err_wrap(err, status, "as_of");
    }
    if (first_ms > ask->world->now_ms) {
        return zw_err_set(err, ZW_INVALID, "as_of: '%s' lies after now", text);
    }
    ask->has_as_of = true;
    ask->as_of_ms = last_ms < ask->world->now_ms ? last_ms : ask->world->now_ms;
    status = ask->world->eval_at(ask->world->arg, ask->as_of_ms, &ask->fresh, err);
    ask->eval = ask->fresh;
    return status;
}

zw_status zw_ask_moment(const zw_ask *ask, const char *name, bool is_last, bool *has, int64_t *out,
                        zw_err *err)
{
    const char *text = zw_http_request_query(ask->request, name);
    *has = text != NULL;
    if (text == NULL) {
        return ZW_OK;
    }
    zw_status status = read_moment(ask, text, is_last, out, err);
    return status == ZW_OK ? ZW_OK : zw_err_wrap(err, status, "%s", name);
}

bool zw_ask_is_about(const zw_ask *ask, uint32_t area)
{
    return ask->area == ZW_NONE || zw_pack_is_inside(ask->world->pack, area, ask->area);
}

const zw_tz *zw_ask_tz(const zw_ask *ask)
{
    /* The first area of a pack is a zone: an area is within something declared before it. */
    return zw_pack_calendar(ask->world->pack, ask->area != ZW_NONE ? ask->area : 0)->tz;
}
