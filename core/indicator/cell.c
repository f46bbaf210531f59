/* A cell: the words for why there is no value. */
#include "indicator/cell.h"

const char *zw_reason_text(zw_reason reason)
{
    static const char *const texts[ZW_REASON_COUNT] = {
#define ZW_REASON_TEXT(name, text) [ZW_REASON_##name] = (text),
        ZW_REASON_MAP(ZW_REASON_TEXT)
#undef ZW_REASON_TEXT
    };
    return reason < ZW_REASON_COUNT ? texts[reason] : "";
}
