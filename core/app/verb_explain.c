/* `explain`: the tree behind a value, truth, verdict or alert state, for people or as JSON. */
#include "app/then.h"

#include "alert/account.h"
#include "serve/explained.h"

#include <jansson.h>
#include <string.h>

enum { TEXT_CEILING = 64 * 1024 * 1024, DIGEST_SHOWN = 12 };

/* What was asked. */
struct question {
    const char *db, *area, *period, *as_of, *item;
    bool is_json;
};

/* To the minute; or the day, which is enough for people to find an alert. */
static void print_moment(const zw_pack *pack, uint32_t area, int64_t at_ms, bool is_day, FILE *out)
{
    char text[48];
    zw_moment_text(zw_pack_calendar(pack, area)->tz, at_ms, text, sizeof(text));
    (void)fprintf(out, "%.*s", is_day ? 10 : 16, text);
}

static void print_title(const zw_account *account, FILE *out)
{
    const zw_title *title = account->title;
    if (title == NULL || strcmp(title->en, title->name) == 0) {
        return;
    }
    (void)fprintf(out, "%s", title->en);
    if (strcmp(title->zh, title->en) != 0) {
        (void)fprintf(out, " / %s", title->zh);
    }
    (void)fputc('\n', out);
}

static void print_head(const zw_account *account, const zw_pack *pack, FILE *out)
{
    const zw_title *area = &pack->areas[account->area].title;
    (void)fprintf(out, "%s at %s, as known ", account->name, area->name);
    print_moment(pack, account->area, account->as_of_ms, false, out);
    (void)fprintf(out, "\n");
    print_title(account, out);
    (void)fprintf(out, "pack %s %.*s\n", pack->folder, DIGEST_SHOWN, pack->digest);
}

static void print_verdict(const zw_account *account, const zw_pack *pack, FILE *out)
{
    const zw_target *target = &pack->targets[account->index];
    const zw_dated *dated = &target->dated[account->dated];
    const zw_node *node = zw_pack_node(pack, target->expr);
    const zw_judged *judged = &account->judged;
    char text[160];
    char when[48];
    (void)fprintf(out, "%s %s in %s: %s", zw_compare_text(target->compare),
                  zw_unit_show(dated->value, &node->show, text, sizeof(text)),
                  zw_period_text(zw_pack_calendar(pack, account->area), dated->when.grid,
                                 dated->when.period, when, sizeof(when)),
                  zw_verdict_text(judged->verdict));
    if (judged->has_earlier && judged->actual.reason != ZW_REASON_HIDDEN) {
        (void)fprintf(out, " (reported earlier as %s)",
                      zw_unit_show(judged->earlier, &node->show, text, sizeof(text)));
    }
    (void)fputc('\n', out);
}

/* What was seen at a move: the value, and what it was held against. */
static void print_seen(const zw_account_move *move, FILE *out)
{
    static const char *const against[] = {"threshold", "goal"};
    json_t *seen = json_loads(move->evidence, 0, NULL);
    const char *value = json_string_value(json_object_get(json_object_get(seen, "value"), "shown"));
    const char *period = json_string_value(json_object_get(seen, "period"));
    bool is_bare = period == NULL && value == NULL;
    (void)fprintf(out, is_bare ? "  %s" : "  %-8s", move->state);
    (void)fprintf(out, "%s%s%s%s", period != NULL ? "  " : "", period != NULL ? period : "",
                  value != NULL ? "  " : "", value != NULL ? value : "");
    for (size_t i = 0; i < sizeof(against) / sizeof(against[0]); i++) {
        const char *shown =
            json_string_value(json_object_get(json_object_get(seen, against[i]), "shown"));
        if (shown != NULL) {
            (void)fprintf(out, ", %s %s", against[i], shown);
        }
    }
    (void)fputc('\n', out);
    json_decref(seen);
}

static void print_state(const zw_account *account, const zw_pack *pack, FILE *out)
{
    (void)fprintf(out, "%s", zw_alert_state_text(&account->state));
    if (account->move_count == 0) {
        (void)fputs(": it never moved\n", out);
        return;
    }
    (void)fputs(" since ", out);
    print_moment(pack, account->area, account->state.since_ms, true, out);
    (void)fputc('\n', out);
    for (size_t i = 0; i < account->move_count; i++) {
        (void)fputs("  ", out);
        print_moment(pack, account->area, account->moves[i].at_ms, true, out);
        print_seen(&account->moves[i], out);
    }
}

static zw_status print_text(const zw_account *account, const zw_pack *pack, FILE *out, zw_err *err)
{
    zw_buf text;
    zw_buf_init(&text, TEXT_CEILING);
    print_head(account, pack, out);
    if (account->has_verdict) {
        print_verdict(account, pack, out);
    }
    if (account->noun == ZW_NOUN_ALERT) {
        print_state(account, pack, out);
    }
    for (size_t i = 0; i < account->count; i++) {
        bool is_alone = account->count == 1 && strcmp(account->parts[i].what, "value") == 0;
        zw_buf_printf(&text, "\n%s%s", is_alone ? "" : account->parts[i].what,
                      is_alone ? "" : "\n");
        zw_tree_text(account->parts[i].tree, &text);
    }
    (void)fputs(zw_buf_view(&text), out);
    zw_status status = text.has_failed ? zw_err_nomem(err) : ZW_OK;
    zw_buf_fini(&text);
    return status;
}

static zw_status print_json(const zw_account *account, const zw_eval *eval, FILE *out, zw_err *err)
{
    zw_buf text;
    zw_buf_init(&text, TEXT_CEILING);
    zw_json json = zw_json_of(&text);
    zw_explained_put(&json, NULL, eval, account);
    (void)fprintf(out, "%s\n", zw_buf_view(&text));
    zw_status status = text.has_failed ? zw_err_nomem(err) : ZW_OK;
    zw_buf_fini(&text);
    return status;
}

static zw_status expression_of(void *arg, zw_text text, zw_node_id *out, zw_err *err)
{
    return zw_script_expression(arg, text, out, err);
}

static zw_status answer(zw_loaded *loaded, const struct question *question, const char *name,
                        const zw_io *io, zw_err *err)
{
    zw_account_ask ask = {.name = name,
                          .period = question->period,
                          .item = question->item,
                          .expression = expression_of,
                          .arg = loaded->script};
    zw_eval *eval = NULL;
    zw_account *account = NULL;
    int64_t as_of_ms = zw_engine_now_ms(loaded->engine);
    zw_status status = zw_engine_area(loaded->engine, question->area, &ask.area, err);
    if (status == ZW_OK && question->as_of != NULL) {
        status = zw_engine_as_of(loaded->engine, question->as_of, ask.area, &as_of_ms, err);
    }
    status = status == ZW_OK ? zw_engine_eval_at(loaded->engine, as_of_ms, &eval, err) : status;
    status = status == ZW_OK
                 ? zw_account_create(eval, zw_engine_ledger(loaded->engine), &ask, &account, err)
                 : status;
    if (status == ZW_OK) {
        status = question->is_json ? print_json(account, eval, io->out, err)
                                   : print_text(account, loaded->pack, io->out, err);
    }
    zw_account_destroy(account);
    zw_eval_destroy(eval);
    return status;
}

int zw_verb_explain(int argc, char **argv, const zw_io *io)
{
    struct question question = {.db = "zonewatch.db"};
    const zw_option options[] = {
        {"db", &question.db, NULL},         {"area", &question.area, NULL},
        {"period", &question.period, NULL}, {"as-of", &question.as_of, NULL},
        {"item", &question.item, NULL},     {"json", NULL, &question.is_json}};
    zw_rest rest;
    zw_err err;
    zw_status status =
        zw_args_read(argc, argv, options, sizeof(options) / sizeof(options[0]), &rest, &err);
    if (status == ZW_OK && rest.count != 2) {
        status = zw_err_set(&err, ZW_INVALID, "expected a PACK and a NAME");
    }
    if (status != ZW_OK) {
        return zw_verb_failed(io, "explain", &err, true);
    }
    zw_loaded loaded = {NULL, NULL, NULL, {0}};
    status = zw_loaded_named(&loaded, rest.at[0], question.db, io, &err);
    status =
        status == ZW_OK ? zw_loaded_engine(&loaded, question.db, ZW_DB_READ, io, &err) : status;
    status = status == ZW_OK ? answer(&loaded, &question, rest.at[1], io, &err) : status;
    int code = status == ZW_OK ? ZW_EXIT_OK : zw_verb_failed(io, "explain", &err, false);
    zw_loaded_fini(&loaded);
    return code;
}
