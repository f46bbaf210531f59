/* What a guard's alert says. Its figures may not be in the store: only the words are. */
#include "alert/spoken.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>

/* Reads the one objection that is spoken of, as of the evaluation's moment. */
static zw_status read_spoken(const zw_eval *eval, uint32_t alert, uint32_t area,
                             zw_objection_each each, void *arg, zw_err *err)
{
    const zw_eval_world *world = zw_eval_world_of(eval);
    zw_objections *objections = NULL;
    zw_status status = zw_objections_create(zw_store_db(world->store), &objections, err);
    status = status == ZW_OK
                 ? zw_objections_spoken(objections, world->pack->alerts[alert].title.name,
                                        world->pack->areas[area].title.name, zw_eval_as_of_ms(eval),
                                        each, arg, err)
                 : status;
    zw_objections_destroy(objections);
    return status;
}

struct saying {
    zw_buf *en, *zh, *value;
    bool is_synthetic;
};

static const char *chinese_of(const char *outcome)
{
    return outcome[0] == '\0' ? "已扣留" : outcome[2] == 'l' ? "已放行" : "已退回";
}

static zw_status take_words(void *arg, const zw_objection *objection, zw_err *err)
{
    struct saying *saying = arg;
    zw_buf_puts(saying->en, objection->say_en);
    zw_buf_puts(saying->zh, objection->say_zh);
    if (objection->outcome != NULL) {
        const char *outcome = objection->outcome[0] != '\0' ? objection->outcome : "held";
        zw_buf_printf(saying->en, " (batch %" PRId64 " %s)", objection->batch, outcome);
        zw_buf_printf(saying->zh, "(批次%" PRId64 "%s)", objection->batch,
                      chinese_of(objection->outcome));
    }
    zw_buf_puts(saying->value, objection->value);
    saying->is_synthetic = objection->is_synthetic;
    bool has_failed = saying->en->has_failed || saying->zh->has_failed || saying->value->has_failed;
    return has_failed ? zw_err_nomem(err) : ZW_OK;
}

zw_status zw_spoken_say(const zw_eval *eval, uint32_t alert, uint32_t area, zw_buf *en, zw_buf *zh,
                        zw_buf *value, bool *is_synthetic, zw_err *err)
{
    struct saying saying = {en, zh, value, false};
    zw_status status = read_spoken(eval, alert, area, take_words, &saying, err);
    *is_synthetic = saying.is_synthetic;
    return status;
}

static zw_status take_evidence(void *arg, const zw_objection *objection, zw_err *err)
{
    json_t **object = arg;
    *object = json_pack("{s:I, s:s, s:s, s:s}", "batch", (json_int_t)objection->batch, "period",
                        objection->period, "value", objection->value, "say", objection->say_en);
    bool is_made = *object != NULL && (!objection->is_synthetic ||
                                       json_object_set_new(*object, "synthetic", json_true()) == 0);
    return is_made ? ZW_OK : zw_err_nomem(err);
}

zw_status zw_spoken_evidence(const zw_eval *eval, uint32_t alert, uint32_t area, zw_buf *out,
                             zw_err *err)
{
    json_t *object = NULL;
    zw_status status = read_spoken(eval, alert, area, take_evidence, &object, err);
    if (status == ZW_OK && object == NULL) {
        object = json_object();
    }
    char *text = status == ZW_OK ? json_dumps(object, JSON_COMPACT) : NULL;
    if (status == ZW_OK && (text == NULL || !zw_buf_puts(out, text))) {
        status = zw_err_nomem(err);
    }
    free(text);
    json_decref(object);
    return status;
}
