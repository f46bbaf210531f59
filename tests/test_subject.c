/* Subjects of items: one for each that lives, the same wherever it stands, ended when it leaves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "alert/facts.h"
#include "alert/judge.h"
#include "item_world.h"

static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "area \"north\" { within = land }\n"
    "area \"south\" { within = land }\n"
    "local calls = register \"calls\" { fields = { due_on = \"date\", paid = \"1e4 CNY\" },\n"
    "  states = { \"posted\", \"delivered\" }, deadline = \"due_on\" }\n"
    "local wait = measure \"wait\" { kind = \"stock\", unit = \"min\", every = \"day\" }\n"
    "alert \"due\" { each = calls, warning = calls:due_within \"14d\", critical = "
    "calls:overdue(),\n"
    "  say = \"{item} of {area}, {state}, {paid:1e8 CNY}, due on {due_on}\" }\n"
    "alert \"held\" { each = calls, warning = calls:in_state \"posted\", hold = \"30d\" }\n"
    "alert \"busy\" { each = calls, warning = calls:in_state(\"posted\") & wait:over(5) }\n";

struct judged {
    struct world world;
    zw_ledger *ledger;
    zw_judge *judge;
};

static const struct item_row rows[] = {
    {"calls", "a", "2024-03-01", "north", "posted", "due_on=2024-06-30,paid=25000", NULL, false},
    /* known in February, of March; moves to the north in the hold of 30 days */
    {"calls", "b", "2024-03-10", "south", "posted", "due_on=2024-12-31", "2024-02-01", false},
    {"calls", "b", "2024-03-25", "north", NULL, NULL, NULL, false},
    {"calls", "a", "2024-07-10", NULL, "left", NULL, NULL, false},
    {"calls", "a", "2024-08-01", "south", "posted", NULL, NULL, false},
};

static void open_judged(struct judged *judged)
{
    zw_err err = {ZW_OK, ""};
    world_open(&judged->world, pack_text);
    item_world_add(&judged->world, ROWS(rows));
    world_as_of(&judged->world, "2024-01-01");
    assert_int_equal(zw_ledger_create(zw_store_db(judged->world.store), &judged->ledger, &err),
                     ZW_OK);
    assert_int_equal(zw_judge_create(judged->world.eval, judged->ledger, &judged->judge, &err),
                     ZW_OK);
}

static void close_judged(struct judged *judged)
{
    zw_judge_destroy(judged->judge);
    zw_ledger_destroy(judged->ledger);
    world_close(&judged->world);
}

/* Steps through every moment at which something is learned or time alone asks, as the engine does.
 */
static void go_to(struct judged *judged, const char *moment)
{
    zw_err err = {ZW_OK, ""};
    int64_t to_ms = world_moment(moment);
    assert_int_equal(zw_store_begin(judged->world.store, &err), ZW_OK);
    while (zw_eval_as_of_ms(judged->world.eval) < to_ms) {
        int64_t as_of_ms = zw_eval_as_of_ms(judged->world.eval);
        int64_t next_ms = zw_judge_next_ms(judged->judge);
        int64_t known_ms = zw_store_next_known_ms(judged->world.store, as_of_ms);
        next_ms = next_ms > as_of_ms ? next_ms : as_of_ms + 1;
        next_ms = known_ms < next_ms ? known_ms : next_ms;
        next_ms = next_ms < to_ms ? next_ms : to_ms;
        assert_int_equal(zw_eval_move(judged->world.eval, next_ms, &err), ZW_OK);
        assert_int_equal(zw_judge_step(judged->judge, next_ms, &err), ZW_OK);
    }
    assert_int_equal(zw_store_commit(judged->world.store, &err), ZW_OK);
}

struct lines {
    const struct judged *judged;
    const char *alert;
    char text[1024];
};

static zw_status add_line(void *arg, uint32_t alert, uint32_t area, const zw_instance *instance,
                          zw_err *err)
{
    (void)err;
    struct lines *lines = arg;
    char period[48];
    zw_alert_key key = zw_judge_key(lines->judged->world.eval, alert, area, instance, period);
    if (strcmp(key.alert, lines->alert) == 0) {
        size_t len = strlen(lines->text);
        (void)snprintf(lines->text + len, sizeof(lines->text) - len, "%s%s %s %s",
                       len > 0 ? "; " : "", key.item, key.area,
                       zw_alert_state_text(&instance->state));
    }
    return ZW_OK;
}

static void assert_says(const struct judged *judged, const char *alert, const char *expected)
{
    struct lines lines = {judged, alert, ""};
    zw_err err = {ZW_OK, ""};
    assert_int_equal(zw_judge_walk(judged->judge, add_line, &lines, &err), ZW_OK);
    assert_string_equal(lines.text, expected);
}

static const struct {
    const char *why, *at, *alert, *says;
} steps[] = {
    {"nothing is known", "2024-01-15", "due", ""},
    {"b is known of, and has not come", "2024-02-15", "due", ""},
    {"a came", "2024-03-01", "due", "a north ok"},
    {"b came by itself", "2024-03-10T12:00:00Z", "due", "a north ok; b south ok"},
    {"both wait", "2024-03-20", "held", "a north pending; b south pending"},
    {"b moved: the same, elsewhere", "2024-03-26", "held", "a north pending; b north pending"},
    {"30 days behind 1 March", "2024-03-31", "held", "a north warning; b north pending"},
    {"30 days behind 10 March, for all that it moved", "2024-04-09", "held",
     "a north warning; b north warning"},
    {"14 days before 30 June", "2024-06-16", "due", "a north warning; b north ok"},
    {"behind it", "2024-07-01", "due", "a north critical; b north ok"},
    {"it left", "2024-07-10", "due", "a north ok; b north ok"},
    {"nothing is held of what left", "2024-07-10", "held", "a north ok; b north warning"},
    {"it is back elsewhere, and overdue at once", "2024-08-01", "due",
     "a south critical; b north ok"},
    {"and waits anew", "2024-08-02", "held", "a south pending; b north warning"},
};

static void an_item_is_judged_while_it_lives(void **state)
{
    (void)state;
    struct judged judged;
    open_judged(&judged);
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        print_message("  %s\n", steps[i].why);
        go_to(&judged, steps[i].at);
        assert_says(&judged, steps[i].alert, steps[i].says);
    }
    close_judged(&judged);
}

static void what_was_judged_is_taken_up_again(void **state)
{
    (void)state;
    struct judged judged;
    zw_err err = {ZW_OK, ""};
    open_judged(&judged);
    go_to(&judged, "2024-07-02");
    zw_judge_destroy(judged.judge);
    assert_int_equal(zw_judge_create(judged.world.eval, judged.ledger, &judged.judge, &err), ZW_OK);
    assert_int_equal(zw_judge_restore(judged.judge, world_moment("2024-07-02"), &err), ZW_OK);
    assert_says(&judged, "due", "a north critical; b north ok");
    assert_says(&judged, "held", "a north warning; b north warning");
    /* Back to before b moved: the hold that had begun in the south goes on. */
    assert_int_equal(zw_eval_move(judged.world.eval, world_moment("2024-03-20"), &err), ZW_OK);
    assert_int_equal(zw_judge_restore(judged.judge, world_moment("2024-03-20"), &err), ZW_OK);
    assert_says(&judged, "held", "a north pending; b south pending");
    go_to(&judged, "2024-04-09");
    assert_says(&judged, "held", "a north warning; b north warning");
    close_judged(&judged);
}

struct said {
    const struct judged *judged;
    char text[256];
};

static zw_status say_first(void *arg, uint32_t alert, uint32_t area, const zw_instance *instance,
                           zw_err *err)
{
    struct said *said = arg;
    zw_saying saying;
    zw_status status = ZW_OK;
    if (alert == 0 && said->text[0] == '\0') {
        status =
            zw_facts_say(said->judged->world.eval, alert, area, &instance->state, &saying, err);
        (void)snprintf(said->text, sizeof(said->text), "%s", zw_buf_view(&saying.en));
        zw_saying_fini(&saying);
    }
    return status;
}

static void words_name_the_item_and_its_fields(void **state)
{
    (void)state;
    struct judged judged;
    struct said said = {&judged, ""};
    zw_err err = {ZW_OK, ""};
    open_judged(&judged);
    go_to(&judged, "2024-07-02");
    assert_int_equal(zw_judge_walk(judged.judge, say_first, &said, &err), ZW_OK);
    /* 25000 of 1e4 CNY are 2.5 of 1e8 */
    assert_string_equal(said.text, "a of north, posted, 2.5, due on 2024-06-30");
    assert_int_equal(zw_eval_bound(judged.world.eval), 0);
    close_judged(&judged);
}

static void other_figures_are_read_where_it_stands(void **state)
{
    static const struct figure_row figures[] = {
        {"wait", "north", NULL, "2024-03-20", 9, "2024-03-20T06:00:00Z", 0, false},
        {"wait", "south", NULL, "2024-03-20", 2, "2024-03-20T06:00:00Z", 0, false},
        {"wait", "north", NULL, "2024-03-26", 8, "2024-03-26T06:00:00Z", 0, false},
    };
    (void)state;
    struct judged judged;
    open_judged(&judged);
    world_put(&judged.world, ROWS(figures));
    go_to(&judged, "2024-03-20T12:00:00Z");
    assert_says(&judged, "busy", "a north warning; b south ok");
    go_to(&judged, "2024-03-26T12:00:00Z"); /* b stands in the north by now */
    assert_says(&judged, "busy", "a north warning; b north warning");
    close_judged(&judged);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_item_is_judged_while_it_lives),
        cmocka_unit_test(what_was_judged_is_taken_up_again),
        cmocka_unit_test(words_name_the_item_and_its_fields),
        cmocka_unit_test(other_figures_are_read_where_it_stands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
