/* A target's arithmetic: comparisons, paths, required growth. */
#include "plan/target.h"

#include <math.h>

const char *zw_verdict_text(zw_verdict verdict)
{
    static const char *const texts[ZW_VERDICT_COUNT] = {
#define ZW_VERDICT_TEXT(name, text) [ZW_VERDICT_##name] = (text),
        ZW_VERDICT_MAP(ZW_VERDICT_TEXT)
#undef ZW_VERDICT_TEXT
    };
    return texts[verdict];
}

bool zw_verdict_parse(zw_text text, zw_verdict *out)
{
    for (int i = 0; i < ZW_VERDICT_COUNT; i++) {
        if (zw_text_is(text, zw_verdict_text((zw_verdict)i))) {
            *out = (zw_verdict)i;
            return true;
        }
    }
    return false;
}

const char *zw_compare_text(zw_compare compare)
{
    static const char *const texts[] = {[ZW_COMPARE_OVER] = "over",
                                        [ZW_COMPARE_AT_LEAST] = "at_least",
                                        [ZW_COMPARE_UNDER] = "under",
                                        [ZW_COMPARE_AT_MOST] = "at_most"};
    return texts[compare];
}

const char *zw_path_text(zw_path path)
{
    static const char *const texts[] = {[ZW_PATH_LINEAR] = "linear",
                                        [ZW_PATH_GEOMETRIC] = "geometric",
                                        [ZW_PATH_STEP] = "step",
                                        [ZW_PATH_SEASONAL] = "seasonal",
                                        [ZW_PATH_FUNCTION] = "function"};
    return texts[path];
}

bool zw_compare_holds(zw_compare compare, double value, double goal)
{
    switch (compare) {
    case ZW_COMPARE_OVER:
        return value > goal;
    case ZW_COMPARE_AT_LEAST:
        return value >= goal;
    case ZW_COMPARE_UNDER:
        return value < goal;
    default:
        return value <= goal;
    }
}

double zw_compare_gap(zw_compare compare, double path, double actual)
{
    bool is_upward = compare == ZW_COMPARE_OVER || compare == ZW_COMPARE_AT_LEAST;
    return is_upward ? path - actual : actual - path;
}

/* Between two neighbours. */
static bool between(zw_path path, const zw_path_point *a, const zw_path_point *b, zw_period p,
                    double *out)
{
    double part = (double)(p - a->at) / (double)(b->at - a->at);
    if (p == a->at || p == b->at) {
        *out = p == a->at ? a->value : b->value;
        return true;
    }
    if (path == ZW_PATH_LINEAR) {
        *out = a->value + (b->value - a->value) * part;
        return true;
    }
    if (a->value <= 0 || b->value <= 0) {
        return false;
    }
    *out = a->value * pow(b->value / a->value, part);
    return true;
}

bool zw_path_at(zw_path path, const zw_path_point *points, size_t count, zw_period p, double *out)
{
    if (count == 0 || p < points[0].at) {
        return false;
    }
    size_t i = 0;
    while (i + 1 < count && points[i + 1].at <= p) {
        i++;
    }
    if (path == ZW_PATH_STEP || p == points[i].at) {
        *out = points[i].value;
        return true;
    }
    return i + 1 < count && between(path, &points[i], &points[i + 1], p, out);
}

bool zw_growth_required(double from, double to, double years, double *out)
{
    if (from <= 0 || to <= 0 || years <= 0) {
        return false;
    }
    *out = pow(to / from, 1 / years) - 1;
    return true;
}
