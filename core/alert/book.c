/* The book: how alerts stand, for expressions that ask. */
#include "alert/subject.h"

/* An answer under way. */
struct looking {
    const zw_judge *judge;
    const zw_alert_question *question;
    zw_alert_answer *out;
};

static void take(const struct looking *looking, const zw_alert_state *state)
{
    int level = zw_alert_level(state);
    zw_alert_answer *out = looking->out;
    out->level = level > out->level ? level : out->level;
    out->has_unknown = out->has_unknown || state->is == ZW_ALERT_UNKNOWN;
    out->is_there = true;
}

static void take_subject(const struct looking *looking, const zw_subject *subject)
{
    const zw_alert_question *question = looking->question;
    bool is_there = false;
    if (!question->has_period) {
        take(looking, &subject->instances[0].state);
        return;
    }
    size_t place = zw_subject_place(subject, question->period, &is_there);
    if (is_there && !subject->instances[place].is_gone) {
        take(looking, &subject->instances[place].state);
    }
}

static bool is_asked(const struct looking *looking, uint32_t item, uint32_t area)
{
    const zw_alert_question *question = looking->question;
    return question->item != 0
               ? item == question->item
               : zw_pack_is_inside(zw_judge_pack(looking->judge), area, question->area);
}

/* From the judge's own subjects: of areas in a row, or of items behind all of these. */
static void look_at_subjects(const struct looking *looking)
{
    const zw_judge *judge = looking->judge;
    const zw_alert_question *question = looking->question;
    const zw_alert *alert = &zw_judge_pack(judge)->alerts[question->alert];
    size_t first = judge->first_of[question->alert];
    for (size_t i = 0; !alert->has_items && i < alert->each.count; i++) {
        if (judge->subjects[first + i].area == question->area) {
            take_subject(looking, &judge->subjects[first + i]);
        }
    }
    for (size_t i = judge->area_count; alert->has_items && i < judge->subject_count; i++) {
        const zw_subject *subject = &judge->subjects[i];
        if (subject->alert == question->alert && subject->lives &&
            is_asked(looking, subject->item, subject->area)) {
            take_subject(looking, subject);
        }
    }
}

/* The area in which an item stands as of the question's moment; ZW_NONE: it does not live. */
static uint32_t area_of_item(const struct looking *looking, uint32_t item)
{
    const zw_eval *eval = looking->question->eval;
    const zw_pack *pack = zw_judge_pack(looking->judge);
    int64_t as_of_ms = zw_eval_as_of_ms(eval);
    zw_item_standing standing;
    zw_item_at(zw_store_items(zw_eval_world_of(eval)->store), item - 1, as_of_ms, as_of_ms,
               &standing);
    if (!standing.is_known || !standing.lives) {
        return ZW_NONE;
    }
    return standing.area[0] == '\0' ? zw_pack_only_zone(pack)
                                    : zw_pack_area(pack, zw_text_of(standing.area), NULL);
}

/* From one event that stands. */
static zw_status look_at_event(void *arg, const zw_alert_event *event, zw_err *err)
{
    const struct looking *looking = arg;
    const zw_alert_question *question = looking->question;
    const zw_pack *pack = zw_judge_pack(looking->judge);
    uint32_t item = 0;
    (void)err;
    if ((event->key.period[0] != '\0') != question->has_period ||
        (question->has_period && event->state.front != question->period) ||
        !zw_judge_find_item(question->eval, question->alert, &event->key, &item)) {
        return ZW_OK;
    }
    uint32_t area = item != 0 ? area_of_item(looking, item)
                              : zw_pack_area(pack, zw_text_of(event->key.area), NULL);
    bool is_meant =
        item != 0 ? area != ZW_NONE && is_asked(looking, item, area) : area == question->area;
    if (is_meant) {
        take(looking, &event->state);
    }
    return ZW_OK;
}

static zw_status look(void *arg, const zw_alert_question *question, zw_alert_answer *out,
                      zw_err *err)
{
    const zw_book *book = arg;
    zw_judge *judge = book->judge;
    *out = (zw_alert_answer){.is_fleeting = true, .has_unknown = judge == NULL};
    if (judge == NULL) {
        return ZW_OK;
    }
    const zw_alert *alert = &zw_judge_pack(judge)->alerts[question->alert];
    struct looking looking = {judge, question, out};
    bool is_own =
        question->eval == judge->eval && zw_eval_as_of_ms(question->eval) == judge->stepped_ms;
    if (!is_own) {
        return zw_ledger_standing(judge->ledger, alert->title.name,
                                  zw_eval_as_of_ms(question->eval), look_at_event, &looking, err);
    }
    out->is_fleeting = false;
    look_at_subjects(&looking);
    return ZW_OK;
}

void zw_book_set(zw_book *book, zw_judge *judge)
{
    *book = (zw_book){.face = {.look = look, .arg = book}, .judge = judge};
}
