/**
 * A pack: everything that is declared, as data. Built once by the script room, read by everyone
 * else, never changed after `zw_pack_seal`. Everything in it is owned by its arena; indexes are
 * dense and in order of declaration.
 */
#ifndef ZW_PLAN_PACK_H
#define ZW_PLAN_PACK_H

#include "base/arena.h"
#include "base/hours.h"
#include "base/pool.h"
#include "intake/sdmx.h"
#include "plan/formula.h"
#include "plan/register.h"
#include "plan/target.h"

#define ZW_NONE UINT32_MAX /* an index that points nowhere */

/** The nouns, as a name's owner. Zones are areas too: an area index means either. */
typedef enum zw_noun {
    ZW_NOUN_NONE,
    ZW_NOUN_ZONE,
    ZW_NOUN_AREA,
    ZW_NOUN_MEASURE,
    ZW_NOUN_REGISTER,
    ZW_NOUN_INDICATOR,
    ZW_NOUN_TARGET,
    ZW_NOUN_RULE,
    ZW_NOUN_GUARD, /* as the owner of a name only: a guard is found as the alert it raises */
    ZW_NOUN_ALERT,
    ZW_NOUN_NOTIFY,
    ZW_NOUN_TEST
} zw_noun;

const char *zw_noun_text(zw_noun noun); /* "measure" */

typedef struct zw_list { /* of indexes */
    const uint32_t *at;
    size_t count;
} zw_list;

typedef struct zw_texts {
    const char *const *at;
    size_t count;
} zw_texts;

/** An attribute of a zone or area: a number (with a unit), or one or several texts. */
typedef struct zw_attr {
    const char *name;
    bool is_number;
    double number;
    zw_texts texts;
} zw_attr;

typedef struct zw_area {
    zw_title title;
    bool is_zone;
    uint32_t zone;    /* area index of its zone; its own for a zone */
    zw_list parents;  /* the first is *the* parent; empty for a zone */
    zw_list parts;    /* direct parts, those that count it through another parent too */
    bool shares;      /* an area lies in two of its parts: see cover.h */
    zw_texts aliases; /* folded */
    bool has_since, has_till;
    zw_stamp since, till; /* first period it lives in, last one */
    const zw_attr *attrs;
    size_t attr_count;
    /* of a zone only */
    zw_calendar calendar;
    const char *currency;
} zw_area;

typedef struct zw_measure {
    zw_title title;
    zw_kind kind;
    zw_unit unit, show;
    const char *unit_text; /* as written: recorded with the first figure */
    zw_grid grid;
    zw_texts dims; /* `by` */
    bool has_areas;
    zw_list areas; /* who is expected to report; without: every area without parts */
    bool has_since;
    zw_stamp since;
    bool has_due;
    zw_length due;
    uint32_t skip_months; /* bit m: month m (1…12) has no report */
    bool is_partial;      /* a roll-up stands although parts are missing */
    zw_how rollup;        /* over areas: ZW_HOW_KIND unless the pack says */
    zw_texts aliases;     /* folded */
    bool has_hide;
    zw_node_id hide;  /* a truth of any grid: where it is true the value is shown nowhere */
    bool accepts_any; /* takes every live metric `<name>_…`, and any dimensions */
    uint32_t limit;   /* … up to so many series */
    bool has_keep;
    zw_length keep; /* older figures go */
    bool has_sdmx;
    zw_sdmx_map sdmx; /* which rows of which structure are its figures */
    zw_node_id node;
} zw_measure;

typedef struct zw_indicator {
    zw_title title;
    zw_node_id formula; /* as written */
    zw_node_id node;    /* ZW_OP_INDICATOR over it */
    zw_how rollup;      /* ZW_HOW_KIND: recompute; ZW_HOW_COUNT: none */
    zw_unit show;
    bool has_hide;
    zw_node_id hide; /* as of a measure */
} zw_indicator;

typedef struct zw_rule {
    zw_title title;
    zw_node_id must, should; /* truths of one grid; should may be ZW_NODE_NONE */
    zw_list each;
    bool has_items; /* instead: each item of register `items` */
    uint32_t items;
    const char *why;
} zw_rule;

typedef enum zw_severity { ZW_INFO, ZW_WARNING, ZW_CRITICAL, ZW_SEVERITY_COUNT } zw_severity;
const char *zw_severity_text(zw_severity severity); /* "info" "warning" "critical" */

typedef enum zw_missing_policy {
    ZW_MISSING_KEEP,
    ZW_MISSING_FIRE,
    ZW_MISSING_CLEAR
} zw_missing_policy;

typedef struct zw_with {
    const char *name;
    zw_node_id node;
} zw_with;

/**
 * An alert, or a guard (`on` is not empty): its critical truth is `hold`, its warning one `warn`,
 * and it speaks of what deliveries of the measures in `on` would make true.
 */
typedef struct zw_alert {
    zw_title title;
    zw_list on; /* of a guard: the measures whose deliveries it judges; of an alert empty */
    zw_list on_registers;               /* the same of registers */
    zw_node_id when[ZW_SEVERITY_COUNT]; /* truths of one grid; ZW_NODE_NONE where not declared */
    zw_node_id clear;                   /* ZW_NODE_NONE */
    zw_list each;                       /* of a guard: every area, set by zw_pack_seal */
    bool has_items;                     /* instead: each item of register `items` */
    uint32_t items;
    bool is_per_period;
    bool has_hold;
    zw_length hold; /* in as-of time, when hold_periods is 0 */
    int32_t hold_periods;
    zw_missing_policy missing;
    uint32_t unless_alert; /* ZW_NONE */
    zw_node_id unless;     /* ZW_NODE_NONE */
    const zw_with *with;
    size_t with_count;
    const char *say_en, *say_zh; /* templates; "" when not given */
    bool is_asked;               /* some expression asks whether it fires */
    uint32_t rank;               /* those that it asks are judged before it: theirs are lower */
} zw_alert;

typedef enum zw_receiver_kind { ZW_RECEIVER_LOG, ZW_RECEIVER_WEBHOOK } zw_receiver_kind;

/** As packs write it: "log()", "webhook(…)" … */
const char *zw_receiver_kind_words(zw_receiver_kind kind);

typedef struct zw_receiver {
    zw_receiver_kind kind;
    const char *url;    /* of a webhook; NULL when it is a secret */
    const char *secret; /* the secret's name; NULL when the url stands in the pack */
    const char *body; /* of a webhook: JSON, whose texts hold placeholders; NULL: Alertmanager's */
    zw_texts says;    /* the body's texts with a brace in them */
} zw_receiver;

/** What instances of one message share: bits. */
enum {
    ZW_GROUP_ALERT = 1,
    ZW_GROUP_AREA = 2,
    ZW_GROUP_PERIOD = 4,
    ZW_GROUP_ZONE = 8,
    ZW_GROUP_ITEM = 16,
    ZW_GROUP_EACH = ZW_GROUP_ALERT | ZW_GROUP_AREA | ZW_GROUP_PERIOD | ZW_GROUP_ITEM
};

typedef struct zw_notify {
    zw_title title;
    const zw_receiver *to;
    size_t to_count;
    zw_severity at_least;
    bool has_alerts, has_areas;
    zw_list alerts;
    zw_list areas;    /* with everything inside them */
    const char *lang; /* "en" or "zh" */
    unsigned group;   /* ZW_GROUP_…; unless the pack says ZW_GROUP_EACH: each instance alone */
    zw_length wait;   /* of a group's first message, for others to join; all 0: none */
    bool has_again;
    zw_length again;
    const zw_hours *hours; /* outside of all of them news is held */
    size_t hours_count;    /* 0: never held */
} zw_notify;

/** One figure a test is given. */
typedef struct zw_given {
    uint32_t measure, area;
    const char *dims, *scope; /* as in intake/batch.h */
    zw_stamp period;
    bool has_value, has_known_at;
    double value; /* in the measure's unit */
    zw_stamp known_at;
    char status; /* 'A' 'P' 'E' 'F' 'M' */
    zw_where where;
} zw_given;

/** One row of a register that a test is given; known at its own moment unless it says when. */
typedef struct zw_given_field {
    const char *name, *text;
} zw_given_field;

typedef struct zw_given_item {
    uint32_t reg, area;
    const char *item, *state; /* "": no change · as it was */
    zw_stamp at, known_at;
    bool has_at, has_known_at;
    const zw_given_field *fields;
    size_t field_count;
    zw_where where;
} zw_given_item;

typedef enum zw_expect_is {
    ZW_EXPECT_NUMBER,
    ZW_EXPECT_TRUTH,
    ZW_EXPECT_MISSING,
    ZW_EXPECT_UNKNOWN,
    ZW_EXPECT_TEXT /* a verdict, an alert's state, or what a text is */
} zw_expect_is;

typedef struct zw_expect {
    zw_noun noun; /* of what `index` is; ZW_NOUN_NONE: the expression `node` */
    uint32_t index;
    zw_node_id node; /* of a measure, an indicator, an expression; a rule's must */
    uint32_t area;
    zw_stamp period;
    zw_expect_is is;
    double number, tolerance; /* tolerance < 0: 1e-9 relative */
    bool truth;
    const char *text;
    zw_where where;
} zw_expect;

typedef struct zw_test {
    zw_title title;
    const zw_given *given;
    size_t given_count;
    const zw_given_item *items;
    size_t item_count;
    const zw_expect *expect;
    size_t expect_count;
    bool has_at;
    zw_stamp at;
} zw_test;

/** One file of the pack, kept for messages and for the record. */
typedef struct zw_file {
    const char *path; /* as shown: "examples/guangzhou/init.lua" */
    const char *text;
    size_t len;
    bool is_shipped; /* by the program, not the pack's own */
} zw_file;

/** A mistake (or, with is_hint, a doubt) in a pack. */
typedef struct zw_problem {
    zw_where where;
    const char *text;
} zw_problem;

/** Open for reading. Arrays grow while a pack is built; keep indexes, not pointers, until it is
 * sealed. */
struct zw_pack {
    zw_arena *arena;
    const char *folder;
    char digest[65]; /* of all files; set by zw_pack_seal */
    zw_file *files;
    size_t file_count;
    zw_node *nodes;
    size_t node_count;
    zw_area *areas;
    size_t area_count;
    zw_measure *measures;
    size_t measure_count;
    zw_register *registers;
    size_t register_count;
    zw_indicator *indicators;
    size_t indicator_count;
    zw_target *targets;
    size_t target_count;
    zw_rule *rules;
    size_t rule_count;
    zw_alert *alerts;
    size_t alert_count;
    zw_notify *notifies;
    size_t notify_count;
    zw_test *tests;
    size_t test_count;
    zw_problem *problems;
    size_t problem_count;
    zw_sdmx_maps sdmx;           /* of all measures; made by zw_pack_seal */
    struct zw_pack_index *index; /* names to owners, tz tables: pack.c's own */
};

zw_status zw_pack_create(const char *folder, zw_pack **out, zw_err *err) ZW_MUST_USE;
void zw_pack_destroy(zw_pack *pack);

/** Copies into the pack; NULL when there is no memory. */
const char *zw_pack_text(zw_pack *pack, zw_text text);
void *zw_pack_copy(zw_pack *pack, const void *bytes, size_t len);

zw_status zw_pack_add_file(zw_pack *pack, const char *path, zw_text text, uint32_t *index,
                           zw_err *err) ZW_MUST_USE;

/**
 * Adds a declaration (copied; texts and arrays must be the pack's). `*index` is its place in its
 * array. The name must be [a-z][a-z0-9_]*, unique across all nouns, no Lua keyword and no global of
 * the language (a test's is free): else ZW_INVALID. An area is linked into its parents' parts; a
 * zone's calendar needs `timezone` (ZW_INVALID when unknown).
 */
zw_status zw_pack_add_area(zw_pack *pack, const zw_area *area, uint32_t *index,
                           zw_err *err) ZW_MUST_USE;
zw_status zw_pack_add_zone(zw_pack *pack, const zw_area *zone, const char *timezone,
                           int reporting_month, const int32_t *holidays, size_t holiday_count,
                           uint32_t *index, zw_err *err) ZW_MUST_USE;
zw_status zw_pack_add_measure(zw_pack *pack, const zw_measure *measure, uint32_t *index,
                              zw_err *err) ZW_MUST_USE;
zw_status zw_pack_add_register(zw_pack *pack, const zw_register *reg, uint32_t *index,
                               zw_err *err) ZW_MUST_USE;
zw_status zw_pack_add_indicator(zw_pack *pack, const zw_indicator *indicator, uint32_t *index,
                                zw_err *err) ZW_MUST_USE;
zw_status zw_pack_add_target(zw_pack *pack, const zw_target *target, uint32_t *index,
                             zw_err *err) ZW_MUST_USE;
zw_status zw_pack_add_rule(zw_pack *pack, const zw_rule *rule, uint32_t *index,
                           zw_err *err) ZW_MUST_USE;
zw_status zw_pack_add_alert(zw_pack *pack, const zw_alert *alert, uint32_t *index,
                            zw_err *err) ZW_MUST_USE;
zw_status zw_pack_add_notify(zw_pack *pack, const zw_notify *notify, uint32_t *index,
                             zw_err *err) ZW_MUST_USE;
zw_status zw_pack_add_test(zw_pack *pack, const zw_test *test, uint32_t *index,
                           zw_err *err) ZW_MUST_USE;

/** Notes a mistake; the loader goes on, so that all of them are told. Dropped silently only when
 * memory is gone. */
void zw_pack_problem(zw_pack *pack, zw_where where, const char *fmt, ...) ZW_PRINTF(3, 4);

/** "file:line:col: text" of a problem (parts that are unknown are left out). */
void zw_pack_problem_text(const zw_pack *pack, const zw_problem *problem, zw_buf *out);

/** Ends building: orders problems, takes the digest, and notes what only the whole shows (no zone;
 * …). */
zw_status zw_pack_seal(zw_pack *pack, zw_err *err) ZW_MUST_USE;

/** The owner of a declared name; ZW_NOUN_NONE. */
zw_noun zw_pack_find(const zw_pack *pack, zw_text name, uint32_t *index);
/** Tries the declared names of nouns from `first` to `last`, in that order, on a name that nothing
 * has. */
void zw_pack_try_names(const zw_pack *pack, zw_noun first, zw_noun last, zw_nearest *nearest);
/** An area or zone by name or alias, trimmed and folded; ZW_NONE. `nearest` (may be NULL) tries
 * every known name. */
uint32_t zw_pack_area(const zw_pack *pack, zw_text name, zw_nearest *nearest);
/** A measure by name or alias; ZW_NONE. */
uint32_t zw_pack_measure(const zw_pack *pack, zw_text name, zw_nearest *nearest);
/** The measure that takes any metric of this name, of several the one with the longest name;
 * ZW_NONE.
 * @param rest  gets what stands behind its name and an underscore. */
uint32_t zw_pack_taker(const zw_pack *pack, zw_text name, zw_text *rest);
/** True when a measure has the dimension; `nearest` (may be NULL) tries those it has. */
bool zw_measure_has_dim(const zw_measure *measure, zw_text dim, zw_nearest *nearest);
/** A register by name; ZW_NONE. */
uint32_t zw_pack_register(const zw_pack *pack, zw_text name, zw_nearest *nearest);
/** The only zone; ZW_NONE when there are several. */
uint32_t zw_pack_only_zone(const zw_pack *pack);
/** Appends " a, b, …", the names of the zones, for messages. */
void zw_pack_say_zones(const zw_pack *pack, zw_buf *out);

/** A file's path inside the pack: the same pack says the same, wherever it lies and however its
 * folder is written. */
const char *zw_pack_path_inside(const zw_pack *pack, const zw_file *file);

/** Reads period `text` on a node's grid. @return ZW_OK; ZW_INVALID saying what was expected. */
zw_status zw_pack_period(const zw_calendar *calendar, const zw_node *node, const char *text,
                         zw_period *out, zw_err *err) ZW_MUST_USE;

const zw_node *zw_pack_node(const zw_pack *pack, zw_node_id id);
const zw_calendar *zw_pack_calendar(const zw_pack *pack, uint32_t area);
/** True of a guard, which only arriving deliveries move. */
bool zw_alert_is_guard(const zw_alert *alert);
/** True when `area` is `outer` or lies inside it (through any parent). */
bool zw_pack_is_inside(const zw_pack *pack, uint32_t area, uint32_t outer);
/** The attribute, or NULL. */
const zw_attr *zw_pack_attr(const zw_pack *pack, uint32_t area, const char *name);
/** True when the area lives at the end of [.., end_ms) (LANGUAGE §2). */
bool zw_pack_area_lives(const zw_pack *pack, uint32_t area, int64_t end_ms);
bool zw_list_has(zw_list list, uint32_t index);

#endif
