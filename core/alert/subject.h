/** The inside of the judge: subjects, each an alert at an area or of an item, with its instances.
 */
#ifndef ZW_ALERT_SUBJECT_H
#define ZW_ALERT_SUBJECT_H

#include "alert/judge.h"
#include "alert/objection.h"

typedef struct zw_subject {
    uint32_t alert, area;
    uint32_t item;          /* as zw_alert_state's */
    bool lives, is_seen;    /* of an item: it does now, at `area` · it was looked at just now */
    int64_t item_until_ms;  /* of an item: until when that is so */
    bool is_due;            /* must be judged at the next step */
    int64_t next_ms;        /* when time alone asks for it */
    zw_instance *instances; /* of a per-period alert sorted by period; else exactly one */
    size_t instance_count, instance_capacity;
} zw_subject;

/** The place of a period's instance, or where it belongs. */
size_t zw_subject_place(const zw_subject *subject, zw_period period, bool *is_there);
zw_status zw_subject_add(zw_subject *subject, size_t place, zw_instance instance,
                         zw_err *err) ZW_MUST_USE;

struct zw_judge {
    zw_eval *eval;             /* borrowed */
    zw_ledger *ledger;         /* borrowed */
    zw_objections *objections; /* of guards */
    zw_subject *subjects;
    size_t subject_count, subject_capacity;
    int64_t *fixed_ms;  /* by alert: it is not judged up to here; INT64_MIN: it is */
    size_t *first_of;   /* by alert: its first subject, those of its areas lie behind each other */
    size_t area_count;  /* subjects of areas; those of items come behind them */
    int64_t stepped_ms; /* the as-of of the last step; INT64_MIN: of none yet */
    uint32_t rank;      /* of the alerts that are judged just now */
};

const zw_pack *zw_judge_pack(const zw_judge *judge);
const zw_alert *zw_subject_alert(const zw_judge *judge, const zw_subject *subject);

/** Starts anew. What a period had an instance of is gone, until something is true of it again. */
zw_status zw_subject_start(zw_judge *judge, zw_subject *subject, zw_err *err) ZW_MUST_USE;
/** Has the subject told when one of its truths goes stale. */
zw_status zw_subject_watch(zw_judge *judge, uint32_t index, zw_err *err) ZW_MUST_USE;
/** What is read from here on speaks of the subject's item, if it has one; until zw_eval_unbind. */
zw_status zw_subject_bind(zw_judge *judge, const zw_subject *subject, uint32_t *before,
                          zw_err *err) ZW_MUST_USE;
/** Of every alert for each item of a register: who is there now. Those that came get a subject, and
 * where one moved, left or came back it is due. Subjects may move. */
zw_status zw_subjects_look_at_items(zw_judge *judge, zw_err *err) ZW_MUST_USE;

#endif
