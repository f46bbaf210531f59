/* Placeholders: the names that a text of the pack may hold between braces, whatever is declared. */
#include "plan/placeholder.h"

#include <string.h>

const zw_placeholder zw_placeholders_say[] = {
    {"zone", false},    {"area", false},   {"period", false},   {"year", false},
    {"as_of", false},   {"value", true},   {"threshold", true}, {"goal", true},
    {"due", false},     {"source", false}, {"late_days", true}, {"lacking", false},
    {"touched", false}, {NULL, false},
};

const zw_placeholder zw_placeholders_body[] = {
    {"alert", false},   {"title", false},      {"severity", false},   {"status", false},
    {"summary", false}, {"summary_en", false}, {"summary_zh", false}, {"item", false},
    {"starts", false},  {"ends", false},       {NULL, false},
};

const zw_placeholder *zw_placeholder_find(const zw_placeholder *list, const char *name)
{
    while (list->name != NULL && strcmp(list->name, name) != 0) {
        list++;
    }
    return list->name != NULL ? list : NULL;
}

void zw_placeholder_try(const zw_placeholder *list, zw_nearest *nearest)
{
    for (; list->name != NULL; list++) {
        zw_nearest_try(nearest, list->name);
    }
}
