/* Letters. Each line's words are gathered once and then written as each receiver takes them. */
#include "alert/letter.h"

#include "alert/facts.h"
#include "alert/stencil.h"
#include "base/digest.h"

#include <stdlib.h>
#include <string.h>

enum { BODY_CEILING = 256 * 1024 * 1024, PERIOD_BYTES = 48 };

/* A line with its words. */
struct worded {
    zw_saying saying;
    char period[PERIOD_BYTES];
};

static zw_alert_note note_of(const zw_eval *eval, const zw_letter_line *line, struct worded *worded)
{
    const zw_pack *pack = zw_eval_world_of(eval)->pack;
    const zw_saying *saying = &worded->saying;
    return (zw_alert_note){
        .key = zw_judge_key(eval, line->alert, line->area, &line->instance, worded->period),
        .zone = pack->areas[pack->areas[line->area].zone].title.name,
        .pack = pack->folder,
        .state = line->is_firing ? "firing" : "resolved",
        .severity = zw_severity_text((zw_severity)(line->level - 1)),
        .summary_en = zw_buf_view(&saying->en),
        .summary_zh = zw_buf_view(&saying->zh),
        .value_shown = zw_buf_view(&saying->value),
        .is_synthetic = saying->is_synthetic,
        .starts_ms = line->starts_ms,
        .ends_ms = line->ends_ms,
        .tz = zw_pack_calendar(pack, line->area)->tz};
}

/* One message being written: some lines of a letter with their words, to one receiver. */
struct writing {
    zw_eval *eval;
    const zw_letter *letter;
    const zw_notify *notify;
    const zw_receiver *to;
    const zw_alert_note *notes; /* of the letter's lines */
};

/* An alert that a stencil is filled in for. */
struct filling {
    const struct writing *writing;
    zw_stencil *stencil;
    size_t line;
};

static zw_status fill_in(void *arg, zw_facts facts, bool is_synthetic, zw_err *err)
{
    const struct filling *in = arg;
    const struct writing *w = in->writing;
    zw_alert_note note = w->notes[in->line];
    const zw_pack *pack = zw_eval_world_of(w->eval)->pack;
    const zw_title *title = &pack->alerts[w->letter->lines[in->line].alert].title;
    bool is_zh = strcmp(w->notify->lang, "zh") == 0;
    note.is_synthetic = note.is_synthetic || is_synthetic;
    return zw_stencil_add(in->stencil, &note, is_zh ? title->zh : title->en, facts, is_zh, err);
}

/* The pack's own body. */
static zw_status write_stencil(const struct writing *w, zw_buf *body, zw_err *err)
{
    struct filling filling = {.writing = w};
    bool is_zh = strcmp(w->notify->lang, "zh") == 0;
    zw_status status = zw_stencil_create(w->to->body, &filling.stencil, err);
    for (; status == ZW_OK && filling.line < w->letter->count; filling.line++) {
        const zw_letter_line *line = &w->letter->lines[filling.line];
        status = zw_facts_with(w->eval, line->alert, line->area, &line->instance.state, is_zh,
                               w->to->body, fill_in, &filling, err);
    }
    status = status == ZW_OK ? zw_stencil_write(filling.stencil, body, err) : status;
    zw_stencil_destroy(filling.stencil);
    return status;
}

/* One body: a webhook's, or a line of text for each alert. */
static zw_status write_body(const struct writing *w, zw_buf *body, zw_err *err)
{
    size_t count = w->letter->count;
    if (w->to->kind == ZW_RECEIVER_WEBHOOK && w->to->body != NULL) {
        return write_stencil(w, body, err);
    }
    if (w->to->kind == ZW_RECEIVER_WEBHOOK) {
        return zw_message_webhook(w->notify->title.name, w->letter->group, w->notes, count, body,
                                  err);
    }
    for (size_t i = 0; i < count; i++) {
        if (i > 0) {
            (void)zw_buf_putc(body, '\n');
        }
        zw_message_line(&w->notes[i], w->notify->lang, body);
    }
    return body->has_failed ? zw_err_nomem(err) : ZW_OK;
}

/* A key of its own for each telling: an alert may begin anew at the moment at which it began
 * before, when history is mended twice. The last message before this one tells them apart. */
static zw_status message_key(zw_outbox *outbox, const zw_message *message,
                             char out[ZW_DIGEST_TEXT_BYTES], zw_err *err)
{
    int64_t last = 0;
    zw_status status = zw_outbox_last(outbox, &last, err);
    if (status != ZW_OK) {
        return status;
    }
    zw_buf text;
    zw_buf_init(&text, BODY_CEILING);
    zw_buf_printf(&text, "%s\x1f%u\x1f%lld\x1f%lld\x1f", message->notify, message->receiver,
                  (long long)message->made_ms, (long long)last);
    zw_buf_puts(&text, message->body);
    if (text.has_failed) {
        status = zw_err_nomem(err);
    } else {
        zw_digest_of(zw_buf_view(&text), text.len, out);
    }
    zw_buf_fini(&text);
    return status;
}

static zw_status put_message(zw_outbox *outbox, const zw_notify *notify, uint32_t receiver,
                             const zw_buf *body, int64_t now_ms, zw_err *err)
{
    char key[ZW_DIGEST_TEXT_BYTES];
    zw_message message = {.notify = notify->title.name,
                          .receiver = receiver,
                          .kind = zw_receiver_kind_words(notify->to[receiver].kind),
                          .key = key,
                          .body = zw_buf_view(body),
                          .made_ms = now_ms,
                          .next_ms = now_ms};
    zw_status status = message_key(outbox, &message, key, err);
    return status == ZW_OK ? zw_outbox_put(outbox, &message, err) : status;
}

static zw_status put_notes(struct writing *w, zw_outbox *outbox, int64_t now_ms, size_t *said,
                           zw_err *err)
{
    zw_status status = ZW_OK;
    for (uint32_t r = 0; status == ZW_OK && r < w->notify->to_count; r++) {
        zw_buf body;
        zw_buf_init(&body, BODY_CEILING);
        w->to = &w->notify->to[r];
        status = write_body(w, &body, err);
        status = status == ZW_OK ? put_message(outbox, w->notify, r, &body, now_ms, err) : status;
        *said += status == ZW_OK ? 1 : 0;
        zw_buf_fini(&body);
    }
    return status;
}

/* At most ZW_LETTER_LINES_MOST lines, with room for their words. */
static zw_status put_lines(zw_eval *eval, zw_outbox *outbox, const zw_letter *letter,
                           struct worded *worded, zw_alert_note *notes, int64_t now_ms,
                           size_t *said, zw_err *err)
{
    const zw_pack *pack = zw_eval_world_of(eval)->pack;
    zw_status status = ZW_OK;
    size_t count = 0;
    for (; status == ZW_OK && count < letter->count; count++) {
        const zw_letter_line *line = &letter->lines[count];
        status = zw_facts_say(eval, line->alert, line->area, &line->instance.state,
                              &worded[count].saying, err);
        notes[count] = note_of(eval, line, &worded[count]);
    }
    if (status == ZW_OK) {
        struct writing writing = {.eval = eval,
                                  .letter = letter,
                                  .notify = &pack->notifies[letter->notify],
                                  .notes = notes};
        status = put_notes(&writing, outbox, now_ms, said, err);
    }
    for (size_t i = 0; i < count; i++) {
        zw_saying_fini(&worded[i].saying);
    }
    return status;
}

zw_status zw_letter_put(zw_eval *eval, zw_outbox *outbox, const zw_letter *letter, int64_t now_ms,
                        size_t *said, zw_err *err)
{
    size_t most = letter->count < ZW_LETTER_LINES_MOST ? letter->count : ZW_LETTER_LINES_MOST;
    struct worded *worded = calloc(most, sizeof(*worded));
    zw_alert_note *notes = calloc(most, sizeof(*notes));
    if (worded == NULL || notes == NULL) {
        free(worded);
        free(notes);
        return zw_err_nomem(err);
    }
    zw_status status = ZW_OK;
    for (size_t from = 0; status == ZW_OK && from < letter->count; from += most) {
        zw_letter part = *letter;
        part.lines += from;
        part.count = letter->count - from < most ? letter->count - from : most;
        status = put_lines(eval, outbox, &part, worded, notes, now_ms, said, err);
    }
    free(worded);
    free(notes);
    return status;
}
