/* Expressions as people write them into a question: any text becomes a formula or says why not, and
 * a formula written out and read again is the same, where its text is one that can be read. */
#include "fuzz.h"
#include "plan/pack.h"
#include "script/script.h"

#include <string.h>

/* A pack keeps what was asked of it; after so many questions a fresh one is loaded. */
enum { QUESTIONS_MAX = 200, TEXT_BYTES_MAX = 64 * 1024 };

struct asked {
    zw_pack *pack;
    zw_script *script;
    int questions;
};

static void asked_open(struct asked *asked)
{
    static const zw_script_limits limits = {.memory_bytes = (size_t)16 * 1024 * 1024,
                                            .call_instructions = 10000,
                                            .pattern_steps = 100000};
    zw_err err = {ZW_OK, ""};
    if (asked->script == NULL || asked->questions == QUESTIONS_MAX) {
        zw_script_destroy(asked->script);
        zw_pack_destroy(asked->pack);
        FUZZ_MUST(zw_script_load(ZW_SOURCE_DIR "/tests/packs/page", NULL, &limits, &asked->pack,
                                 &asked->script, &err) == ZW_OK);
        FUZZ_MUST(asked->pack->problem_count == 0);
        asked->questions = 0;
    }
    asked->questions++;
}

static void node_must_hold(const struct asked *asked, zw_node_id node)
{
    zw_buf first;
    zw_buf second;
    zw_node_id again = 0;
    zw_buf_init(&first, TEXT_BYTES_MAX);
    zw_buf_init(&second, TEXT_BYTES_MAX);
    FUZZ_MUST(node < asked->pack->node_count);
    zw_formula_text(asked->pack, node, &first);
    zw_text text = {zw_buf_view(&first), first.len};
    FUZZ_MUST(text.len > 0 && zw_text_is_utf8(text.at, text.len, NULL));
    if (zw_script_expression(asked->script, text, &again, NULL) == ZW_OK) {
        zw_formula_text(asked->pack, again, &second);
        FUZZ_MUST(zw_text_same(text, (zw_text){zw_buf_view(&second), second.len}));
    }
    zw_buf_fini(&first);
    zw_buf_fini(&second);
}

void fuzz_one(zw_text input)
{
    static struct asked asked = {0};
    zw_node_id node = 0;
    zw_err err = {ZW_OK, ""};
    asked_open(&asked);
    zw_status status = zw_script_expression(asked.script, input, &node, &err);
    fuzz_must_say(status, &err);
    if (status == ZW_OK) {
        node_must_hold(&asked, node);
    }
}
