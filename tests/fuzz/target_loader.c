/* Packs: any text loads, or says in words and with its place why not. */
#include "fuzz.h"
#include "plan/pack.h"
#include "script/script.h"

#include <string.h>

void fuzz_one(zw_text input)
{
    static const zw_script_limits limits = {.memory_bytes = (size_t)8 * 1024 * 1024,
                                            .load_instructions = 100000,
                                            .call_instructions = 10000,
                                            .pattern_steps = 100000};
    zw_pack *pack = NULL;
    zw_script *script = NULL;
    zw_err err = {ZW_OK, ""};
    zw_status status = zw_script_load_text("fuzz.lua", input, &limits, &pack, &script, &err);
    fuzz_must_say(status, &err);
    FUZZ_MUST((status == ZW_OK) == (pack != NULL && script != NULL));
    for (size_t i = 0; status == ZW_OK && i < pack->problem_count; i++) {
        const char *text = pack->problems[i].text;
        FUZZ_MUST(text != NULL && text[0] != '\0');
        FUZZ_MUST(zw_text_is_utf8(text, strlen(text), NULL));
    }
    zw_script_destroy(script);
    zw_pack_destroy(pack);
}
