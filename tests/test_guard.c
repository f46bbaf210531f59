/* Guards: which truths a delivery's rows touch, as of when, and what is objected to. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "alert/guard.h"
#include "engine_world.h"
#include "failing_alloc.h"

/* Guards: 0 monthly truth on a monthly measure, 1 yearly on a monthly, 2 monthly on a yearly. */
static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "area \"north\" { within = land }\n"
    "area \"south\" { within = land }\n"
    "local money = measure \"money\" { kind = \"flow\", unit = \"CNY\", every = \"month\" }\n"
    "local plan = measure \"plan\" { kind = \"stock\", unit = \"CNY\", every = \"year\" }\n"
    "guard \"jump\" { on = money, hold = (money / money:lag(1)):over(10), warn = money:over(40) }\n"
    "guard \"sum\" { on = money, warn = money:year():over(100) }\n"
    "guard \"spread\" { on = plan, hold = (plan:month() - money):over(1000) }\n";

/* Puts what a delivery that is judged holds in, and asks. */
static void judge_goods(struct house *house, const zw_goods *goods, zw_guard_words *out,
                        zw_status expected)
{
    const zw_bound *rows = goods->rows;
    zw_err err = {ZW_OK, ""};
    zw_store *store = zw_engine_store(house->engine);
    zw_delivery delivery = {.source = "s", .name = "n", .format = "csv", .digest = "d"};
    zw_series_set *set = zw_store_series(store);
    assert_int_equal(zw_store_begin(store, &err), ZW_OK);
    assert_int_equal(zw_store_deliver(store, &delivery, &err), ZW_OK);
    for (size_t i = 0; i < goods->row_count; i++) {
        zw_series key = {house->pack->measures[rows[i].measure].title.name,
                         house->pack->areas[rows[i].area].title.name, "", ""};
        zw_series_id series = ZW_SERIES_NONE;
        zw_change change = ZW_CHANGE_NEW;
        zw_figure figure = {.value = rows[i].value,
                            .known_at_ms = rows[i].known_at_ms,
                            .batch = delivery.id,
                            .line = rows[i].line};
        assert_int_equal(zw_series_ensure(set, &key, &series, &err), ZW_OK);
        assert_int_equal(zw_store_put(store, series, rows[i].period, &figure, &change, &err),
                         ZW_OK);
    }
    for (size_t i = 0; i < goods->item_count; i++) {
        zw_item_row row = goods->items[i];
        zw_change change = ZW_CHANGE_NEW;
        row.batch = delivery.id;
        assert_int_equal(zw_items_put(zw_store_items(store), &row, &change, &err), ZW_OK);
    }
    zw_eval_world world = {house->pack, house->script, store, NULL};
    assert_int_equal(zw_guard_judge(&world, goods, out, &err), expected);
}

static void judge(struct house *house, const zw_bound *rows, size_t count, zw_guard_words *out,
                  zw_status expected)
{
    judge_goods(house, &(zw_goods){.rows = rows, .row_count = count}, out, expected);
}

static void add_words(const struct house *house, const zw_guard_words *words, zw_buf *out)
{
    zw_buf_puts(out, words->is_held ? "held:" : "taken:");
    for (size_t i = 0; i < words->count; i++) {
        const zw_guard_word *word = &words->at[i];
        zw_buf_printf(out, " %s/%s", house->pack->alerts[word->alert].title.name,
                      house->pack->areas[word->area].title.name);
        if (word->has_objected) {
            zw_buf_printf(out, "=%s in %lld", zw_severity_text(word->severity),
                          (long long)word->period);
        }
    }
}

#define MONTH(m) (52 * 12 + (m)-1) /* of 2022 */
#define ROW(m, a, p, v, day)                                                                       \
    {                                                                                              \
        .measure = (m), .area = (a), .period = (p), .value = (v), .known_at_ms = (day)*DAY_MS,     \
        .dims = "", .scope = "", .source = "", .note = ""                                          \
    }

static void what_rows_touch_is_judged_as_they_came_to_be_known(void **state)
{
    /* 19100 is a day of April 2022. */
    static const struct {
        const char *why, *words;
        zw_bound rows[4];
        size_t count;
    } cases[] = {
        {"nothing before it: the ratio is unknown, and unknown does not hold",
         "taken: jump/north sum/north",
         {ROW(0, 1, MONTH(1), 5, 19100)},
         1},
        {"11 times is over 10; the yearly sum of 5 + 55 = 60 is not over 100",
         "held: jump/north=critical in 625 sum/north",
         {ROW(0, 1, MONTH(1), 5, 19100), ROW(0, 1, MONTH(2), 55, 19100)},
         2},
        {"an area of its own each, and the worst of an area's truths is told",
         "held: jump/north=critical in 625 jump/south=warning in 624 sum/north sum/south",
         {ROW(0, 1, MONTH(1), 5, 19100), ROW(0, 1, MONTH(2), 55, 19100),
          ROW(0, 2, MONTH(1), 41, 19100)},
         3},
        {"the newest month that is true is told",
         "held: jump/north=critical in 627 sum/north",
         {ROW(0, 1, MONTH(1), 1, 19100), ROW(0, 1, MONTH(2), 11, 19100),
          ROW(0, 1, MONTH(3), 0.5, 19100), ROW(0, 1, MONTH(4), 6, 19100)},
         4},
        {"a month touches its year: all twelve are needed, so the sum is unknown",
         "taken: jump/north=warning in 624 sum/north",
         {ROW(0, 1, MONTH(1), 101, 19100)},
         1},
        {"a year touches its months: 2000 - 5 in January",
         "held: jump/north sum/north spread/north=critical in 624",
         {ROW(1, 1, 52, 2000, 19100), ROW(0, 1, MONTH(1), 5, 19100)},
         2},
        {"judged when it was known: the 5 that came first made 55 eleven times it",
         "held: jump/north=critical in 625 sum/north",
         {ROW(0, 1, MONTH(1), 5, 19100), ROW(0, 1, MONTH(2), 55, 19100),
          ROW(0, 1, MONTH(1), 50, 19101), ROW(0, 1, MONTH(2), 30, 19101)},
         4},
        {"a later version of the same rows alone is judged by what is known then",
         "taken: jump/north=warning in 624 sum/north",
         {ROW(0, 1, MONTH(1), 50, 19101), ROW(0, 1, MONTH(2), 30, 19101)},
         2},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        print_message("  %s\n", cases[i].why);
        struct house house;
        zw_guard_words words;
        zw_buf text;
        zw_buf_init(&text, 4096);
        house_open(&house, pack_text, "2023-03-05");
        judge(&house, cases[i].rows, cases[i].count, &words, ZW_OK);
        add_words(&house, &words, &text);
        char *said = strdup(zw_buf_view(&text));
        assert_string_equal(said, cases[i].words);
        free(said);
        zw_guard_words_fini(&words);
        zw_buf_fini(&text);
        house_close(&house);
    }
}

/* Guards of registers: 0 of calls, with a monthly truth; 1 of firms, never asked here. */
static const char calls_text[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "area \"north\" { within = land }\n"
    "area \"south\" { within = land }\n"
    "local money = measure \"money\" { kind = \"flow\", unit = \"CNY\", every = \"month\" }\n"
    "local calls = register \"calls\" { fields = { \"type\" } }\n"
    "local firms = register \"firms\" { fields = { \"type\" } }\n"
    "guard \"busy\" { on = { calls, money }, warn = money:over(40) }\n"
    "guard \"other\" { on = firms, warn = money:over(0) }\n";

#define ITEM(register, name, where, from, day)                                                     \
    {                                                                                              \
        .register_name = (register), .item = (name), .area = (where), .state = "", .source = "",   \
        .note = "", .at_ms = (from)*DAY_MS, .known_at_ms = (day)*DAY_MS                            \
    }

static void a_registers_row_touches_where_its_item_stands_and_stood(void **state)
{
    /* 18993 is 2022-01-01, 19024 February, 19052 March, 19083 April, 19100 a day of April; months
     * are 624, 625, 626, 627. Money is over 40 in north in January and April, in south in March. */
    static const zw_bound figures[] = {
        ROW(0, 1, MONTH(1), 50, 19000), ROW(0, 1, MONTH(3), 5, 19090),
        ROW(0, 1, MONTH(4), 60, 19090), ROW(0, 2, MONTH(3), 70, 19090),
        ROW(0, 2, MONTH(4), 7, 19090)};
    static const struct {
        const char *why, *words;
        zw_item_row rows[3];
        size_t count;
    } cases[] = {
        {"the month of its day and the newest; of the two that are true the newest is told",
         "taken: busy/north=warning in 627",
         {ITEM("calls", "c", "north", 18993, 19100)},
         1},
        {"a month between them is not touched",
         "taken: busy/south",
         {ITEM("calls", "c", "south", 19024, 19100)},
         1},
        {"its own month is",
         "taken: busy/south=warning in 626",
         {ITEM("calls", "c", "south", 19053, 19100)},
         1},
        {"what will hold later is judged now",
         "taken: busy/north=warning in 627",
         {ITEM("calls", "c", "north", 19500, 19100)},
         1},
        {"as of when it was known: April had no figure in January",
         "taken: busy/north=warning in 624",
         {ITEM("calls", "c", "north", 18993, 19001)},
         1},
        {"an item that moves touches where it comes from, and where it was before the move",
         "taken: busy/north=warning in 627 busy/south=warning in 626",
         {ITEM("calls", "c", "north", 19024, 19050), ITEM("calls", "c", "south", 19053, 19100)},
         2},
        {"a correction touches where the item was believed to stand",
         "taken: busy/north=warning in 627 busy/south=warning in 626",
         {ITEM("calls", "c", "north", 19053, 19054), ITEM("calls", "c", "south", 19053, 19100)},
         2},
        {"no area said: where it stands",
         "taken: busy/north=warning in 627",
         {ITEM("calls", "c", "north", 18993, 19000), ITEM("calls", "c", "", 19053, 19100)},
         2},
        {"nobody ever said: the only zone, whose April is 60 + 7",
         "taken: busy/land=warning in 627",
         {ITEM("calls", "c", "", 19053, 19100)},
         1},
        {"no change touches its area",
         "taken: busy/south=warning in 626",
         {ITEM("calls", "", "south", 19053, 19100)},
         1},
        {"a register of another guard",
         "taken: other/south=warning in 627",
         {ITEM("firms", "f", "south", 19083, 19100)},
         1},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct house house;
        zw_guard_words words;
        zw_buf text;
        zw_buf_init(&text, 4096);
        house_open(&house, calls_text, "2023-03-05");
        judge(&house, figures, 5, &words, ZW_OK);
        zw_guard_words_fini(&words);
        assert_int_equal(zw_store_commit(zw_engine_store(house.engine), NULL), ZW_OK);
        zw_goods goods = {.items = cases[i].rows, .item_count = cases[i].count};
        assert_true(zw_guard_is_asked(house.pack, &goods));
        judge_goods(&house, &goods, &words, ZW_OK);
        add_words(&house, &words, &text);
        if (strcmp(zw_buf_view(&text), cases[i].words) != 0) {
            fail_msg("%s: %s", cases[i].why, zw_buf_view(&text));
        }
        zw_guard_words_fini(&words);
        zw_buf_fini(&text);
        house_close(&house);
    }
}

static void only_guarded_measures_ask(void **state)
{
    static const zw_bound money = ROW(0, 1, MONTH(1), 5, 19100);
    (void)state;
    struct house house;
    house_open(&house, late_and_poor, "2022-02-05");
    assert_false(zw_guard_is_asked(house.pack, &(zw_goods){.rows = &money, .row_count = 1}));
    house_close(&house);
    house_open(&house, pack_text, "2022-02-05");
    assert_true(zw_guard_is_asked(house.pack, &(zw_goods){.rows = &money, .row_count = 1}));
    assert_false(zw_guard_is_asked(house.pack, &(zw_goods){.rows = &money}));
    static const zw_item_row call = ITEM("calls", "c", "north", 18993, 19100);
    assert_false(zw_guard_is_asked(house.pack, &(zw_goods){.items = &call, .item_count = 1}));
    house_close(&house);
}

static void without_memory_there_is_an_error(void **state)
{
    static const zw_bound rows[] = {ROW(0, 1, MONTH(1), 5, 19100), ROW(0, 1, MONTH(2), 55, 19100)};
    (void)state;
    struct house house;
    zw_guard_words words;
    house_open(&house, pack_text, "2023-03-05");
    judge(&house, rows, 2, &words, ZW_OK);
    zw_guard_words_fini(&words);
    zw_eval_world world = {house.pack, house.script, zw_engine_store(house.engine), NULL};
    bool was_refused = true;
    for (long after = 0; was_refused; after++) {
        zw_err err = {ZW_OK, ""};
        failing_alloc_after(after);
        zw_status status =
            zw_guard_judge(&world, &(zw_goods){.rows = rows, .row_count = 2}, &words, &err);
        was_refused = failing_alloc_stop();
        assert_true(status == ZW_NOMEM || (status == ZW_OK && words.is_held));
        zw_guard_words_fini(&words);
    }
    house_close(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_rows_touch_is_judged_as_they_came_to_be_known),
        cmocka_unit_test(a_registers_row_touches_where_its_item_stands_and_stood),
        cmocka_unit_test(only_guarded_measures_ask),
        cmocka_unit_test(without_memory_there_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
