/* A bag of numbers. */
#include "indicator/bag.h"

#include <stdlib.h>

bool zw_bag_put(zw_bag *bag, double value)
{
    if (bag->count == bag->capacity) {
        size_t wanted = bag->capacity == 0 ? 8 : bag->capacity * 2;
        double *grown = realloc(bag->at, wanted * sizeof(*grown));
        if (grown == NULL) {
            return false;
        }
        bag->at = grown;
        bag->capacity = wanted;
    }
    bag->at[bag->count++] = value;
    return true;
}

double zw_bag_quantile(const double *sorted, size_t count, double share)
{
    double place = share * (double)(count - 1);
    size_t under = (size_t)place;
    size_t over = under + 1 < count ? under + 1 : under;
    return sorted[under] + (place - floor(place)) * (sorted[over] - sorted[under]);
}

int zw_bag_by_size(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static double deviation(const zw_bag *bag)
{
    zw_sum sum = {0, 0};
    for (size_t i = 0; i < bag->count; i++) {
        zw_sum_add(&sum, bag->at[i]);
    }
    double mean = zw_sum_total(&sum) / (double)bag->count;
    zw_sum squares = {0, 0};
    for (size_t i = 0; i < bag->count; i++) {
        zw_sum_add(&squares, (bag->at[i] - mean) * (bag->at[i] - mean));
    }
    return sqrt(zw_sum_total(&squares) / (double)(bag->count - 1));
}

zw_cell zw_bag_fold(zw_bag *bag, zw_how how, double share)
{
    if (bag->count == 0) {
        return zw_cell_missing(ZW_REASON_NO_ITEM);
    }
    if (how == ZW_HOW_STDDEV && bag->count < 2) {
        return zw_cell_missing(ZW_REASON_TOO_FEW);
    }
    qsort(bag->at, bag->count, sizeof(double), zw_bag_by_size);
    return zw_cell_of(how == ZW_HOW_STDDEV ? deviation(bag)
                                           : zw_bag_quantile(bag->at, bag->count,
                                                             how == ZW_HOW_MEDIAN ? 0.5 : share));
}
