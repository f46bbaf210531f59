/* Deliveries: counts, repeats, bad rows, encodings, what is looked at only. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine_world.h"
#include "failing_alloc.h"
#include "store/delivered.h"

static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "local money = measure \"money\" { kind = \"flow\", unit = \"1e4 CNY\", every = \"month\" }\n"
    "alert \"poor\" { warning = money:under(50000), hold = \"10d\" }\n"
    "notify \"office\" { to = log() }\n";

static void what_became_of_each_delivery(void **state)
{
    static const struct {
        const char *why, *bytes;
        zw_feed_options options;
        zw_status status;
        uint32_t accepted, unchanged, revised;
        size_t bad;
        bool is_repeat;
        const char *encoding;
    } steps[] = {
        {"two rows",
         "measure,area,period,value\nmoney,land,2022-01,1\nmoney,,2022-02,2\n",
         {.source = "a"},
         ZW_OK,
         2,
         0,
         0,
         0,
         false,
         "UTF-8"},
        {"the same again",
         "measure,area,period,value\nmoney,land,2022-01,1\nmoney,,2022-02,2\n",
         {.source = "a"},
         ZW_OK,
         2,
         2,
         0,
         0,
         true,
         ""},
        {"one changed",
         "measure,area,period,value\nmoney,land,2022-01,1\nmoney,,2022-02,3\n",
         {.source = "a"},
         ZW_OK,
         2,
         1,
         1,
         0,
         false,
         "UTF-8"},
        {"the first file again is news now, cell by cell",
         "measure,area,period,value\nmoney,land,2022-01,1\nmoney,,2022-02,2\n",
         {.source = "a"},
         ZW_OK,
         2,
         1,
         1,
         0,
         false,
         "UTF-8"},
        {"three bad rows, nothing kept",
         "measure,area,period,value\nmony,land,2022-01,1\nmoney,lnad,2022-01,1\nmoney,land,2022,"
         "1\nmoney,land,2022-03,4\n",
         {.source = "a"},
         ZW_INVALID,
         0,
         0,
         0,
         3,
         false,
         "UTF-8"},
        {"or the rest kept",
         "measure,area,period,value\nmony,land,2022-01,1\nmoney,lnad,2022-01,1\nmoney,land,2022,"
         "1\nmoney,land,2022-03,4\n",
         {.source = "a", .is_partial = true},
         ZW_OK,
         1,
         0,
         0,
         3,
         false,
         "UTF-8"},
        {"with a BOM",
         "\xef\xbb\xbfmeasure,area,period,value\nmoney,land,2022-04,4\n",
         {.source = "a"},
         ZW_OK,
         1,
         0,
         0,
         0,
         false,
         "UTF-8 with BOM"},
        {"in GBK, with a note in Chinese",
         "measure,area,period,value,note\nmoney,land,2022-05,4,\xb3\xf5\xb2\xbd\n",
         {.source = "a"},
         ZW_OK,
         1,
         0,
         0,
         0,
         false,
         "GB18030"},
        {"only looked at",
         "measure,area,period,value\nmoney,land,2022-06,4\n",
         {.source = "a", .is_dry = true},
         ZW_OK,
         1,
         0,
         0,
         0,
         false,
         "UTF-8"},
        {"so it is still new",
         "measure,area,period,value\nmoney,land,2022-06,4\n",
         {.source = "a"},
         ZW_OK,
         1,
         0,
         0,
         0,
         false,
         "UTF-8"},
        {"not known yet",
         "measure,area,period,value,known_at\nmoney,land,2022-06,4,2032-01-01\n",
         {.source = "a"},
         ZW_INVALID,
         0,
         0,
         0,
         1,
         false,
         "UTF-8"},
    };
    (void)state;
    struct house house;
    house_open(&house, pack_text, "2023-01-01");
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        const zw_fed *fed = NULL;
        zw_err err = {ZW_OK, ""};
        zw_status status = zw_engine_feed(house.engine, steps[i].bytes, strlen(steps[i].bytes),
                                          &steps[i].options, &fed, &err);
        if (status != steps[i].status || fed->accepted != steps[i].accepted ||
            fed->unchanged != steps[i].unchanged || fed->revised != steps[i].revised ||
            fed->bad_count != steps[i].bad || fed->is_repeat != steps[i].is_repeat ||
            strcmp(fed->encoding, steps[i].encoding) != 0) {
            fail_msg("%s: %d, %u %u %u %zu %s: %s", steps[i].why, (int)status, fed->accepted,
                     fed->unchanged, fed->revised, fed->bad_count, fed->encoding, err.text);
        }
        house.now_ms += 1000;
        assert_int_equal(zw_engine_turn(house.engine, NULL, &err), ZW_OK);
    }
    house_close(&house);
}

static void every_bad_row_is_named_by_line_and_column(void **state)
{
    (void)state;
    struct house house;
    const zw_fed *fed = NULL;
    zw_err err = {ZW_OK, ""};
    house_open(&house, pack_text, "2023-01-01");
    assert_int_equal(
        house_feed(&house, "mony,land,2022-01,1\nmoney,lnad,2022-01,1\nmoney,land,2022-01,one\n",
                   (zw_feed_options){0}, &fed, &err),
        ZW_INVALID);
    assert_int_equal(fed->bad_count, 3);
    assert_int_equal(fed->bad[0].line, 2);
    assert_int_equal(fed->bad[0].column, 1);
    assert_string_equal(fed->bad[0].text, "no measure 'mony'; did you mean 'money'?");
    assert_int_equal(fed->bad[1].line, 3);
    assert_int_equal(fed->bad[1].column, 2);
    assert_string_equal(fed->bad[1].text, "no area 'lnad'; did you mean 'land'?");
    assert_int_equal(fed->bad[2].line, 4);
    assert_int_equal(fed->bad[2].column, 4);
    house_close(&house);
}

static void a_row_keeps_its_own_source(void **state)
{
    static const char csv[] = "measure,area,period,value,source,note\nmoney,land,2022-01,1,[25],as "
                              "printed\nmoney,land,2022-02,1,,\n";
    (void)state;
    struct house house;
    const zw_fed *fed = NULL;
    zw_err err = {ZW_OK, ""};
    house_open(&house, pack_text, "2023-01-01");
    assert_int_equal(zw_engine_feed(house.engine, csv, sizeof(csv) - 1,
                                    &(zw_feed_options){.source = "office"}, &fed, &err),
                     ZW_OK);
    zw_store *store = zw_engine_store(house.engine);
    const zw_figure *first = zw_store_at(store, 0, 52 * 12, house.now_ms, &(zw_figure){0});
    const zw_figure *second = zw_store_at(store, 0, 52 * 12 + 1, house.now_ms, &(zw_figure){0});
    assert_non_null(first);
    assert_non_null(second);
    assert_string_equal(zw_store_text_view(store, first->source), "[25]");
    assert_string_equal(zw_store_text_view(store, first->note), "as printed");
    assert_string_equal(zw_store_text_view(store, second->source), "");
    house_close(&house);
}

static const char calls_text[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "area \"east\" { within = land }\n"
    "area \"west\" { within = land }\n"
    "measure \"money\" { kind = \"flow\", unit = \"CNY\", every = \"month\" }\n"
    "register \"calls\" { fields = { \"type\", paid = \"1e4 CNY\", due_on = \"date\" },"
    " states = { \"posted\", \"awarded\" }, deadline = \"due_on\" }\n"
    "register \"firms\" { fields = { \"type\" } }\n";

/* Each delivery comes a day after the one before it, the first on 2024-01-01. */
static void what_became_of_each_delivery_of_items(void **state)
{
    static const struct {
        const char *why, *bytes;
        zw_feed_options options;
        zw_status status;
        uint32_t accepted, unchanged, revised;
        bool is_repeat;
        const char *bad; /* the first bad row, "line:column text"; "" when none is */
    } steps[] = {
        {"two registers in one file",
         "register,item,area,at,type,state\ncalls,c1,east,2023-12-01,lab,posted\n"
         "firms,f1,west,2023-12-01,ai,\n",
         {.source = "a"},
         ZW_OK,
         2,
         0,
         0,
         false,
         ""},
        {"the same file again",
         "register,item,area,at,type,state\ncalls,c1,east,2023-12-01,lab,posted\n"
         "firms,f1,west,2023-12-01,ai,\n",
         {.source = "a"},
         ZW_OK,
         2,
         2,
         0,
         true,
         ""},
        {"the same rows from another source, one of them corrected",
         "register,item,area,at,type,state\ncalls,c1,west,2023-12-01,lab,posted\n"
         "firms,f1,west,2023-12-01,ai,\n",
         {.source = "b"},
         ZW_OK,
         2,
         1,
         1,
         false,
         ""},
        {"one bad row: nothing is kept",
         "register,item,area,at,state\ncalls,c1,east,2024-01-01,awarded\n"
         "calls,c2,east,2024-01-01,awared\n",
         {.source = "a"},
         ZW_INVALID,
         0,
         0,
         0,
         false,
         "3:5 register 'calls' has no state 'awared'; did you mean 'awarded'?"},
        {"or the good one is",
         "register,item,area,at,state\ncalls,c1,east,2024-01-01,awarded\n"
         "calls,c2,east,2024-01-01,awared\n",
         {.source = "a", .is_partial = true},
         ZW_OK,
         1,
         0,
         0,
         false,
         "3:5 register 'calls' has no state 'awared'; did you mean 'awarded'?"},
        {"only looked at",
         "register,item,area,at,state\ncalls,c1,east,2024-01-05,left\n",
         {.source = "a", .is_dry = true},
         ZW_OK,
         1,
         0,
         0,
         false,
         ""},
        {"in GBK",
         "register,item,area,at,state,type\ncalls,\xbd\xd2\xb0\xf1,east,2024-01-05,,\xb3\xf5\n",
         {.source = "a"},
         ZW_OK,
         1,
         0,
         0,
         false,
         ""},
        {"as JSON",
         "[{\"register\":\"calls\",\"item\":\"c1\",\"at\":\"2024-01-06\",\"paid\":12}]",
         {.source = "a", .format = ZW_FEED_JSON},
         ZW_OK,
         1,
         0,
         0,
         false,
         ""},
        {"a status is one of figures",
         "register,item,area,at\ncalls,c1,east,2024-01-06\n",
         {.source = "a", .status = 'P'},
         ZW_INVALID,
         0,
         0,
         0,
         false,
         ""},
        {"figures at the door of items",
         "measure,area,period,value\nmoney,east,2024-01,1\n",
         {.source = "a", .as = ZW_FEED_ITEMS},
         ZW_INVALID,
         0,
         0,
         0,
         false,
         ""},
        {"items at the door of figures",
         "register,item,area,at\ncalls,c1,east,2024-01-06\n",
         {.source = "a", .as = ZW_FEED_FIGURES},
         ZW_INVALID,
         0,
         0,
         0,
         false,
         ""},
    };
    (void)state;
    struct house house;
    house_open(&house, calls_text, "2024-01-01");
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        const zw_fed *fed = NULL;
        char bad[256] = "";
        zw_err err = {ZW_OK, ""};
        zw_status status = zw_engine_feed(house.engine, steps[i].bytes, strlen(steps[i].bytes),
                                          &steps[i].options, &fed, &err);
        if (fed->bad_count > 0) {
            (void)snprintf(bad, sizeof(bad), "%u:%u %s", fed->bad[0].line, fed->bad[0].column,
                           fed->bad[0].text);
        }
        if (status != steps[i].status || fed->accepted != steps[i].accepted ||
            fed->unchanged != steps[i].unchanged || fed->revised != steps[i].revised ||
            fed->is_repeat != steps[i].is_repeat || strcmp(bad, steps[i].bad) != 0) {
            fail_msg("%s: %d, %u %u %u %s: %s", steps[i].why, (int)status, fed->accepted,
                     fed->unchanged, fed->revised, bad, err.text);
        }
        assert_int_equal(zw_engine_turn(house.engine, NULL, &err), ZW_OK);
        house.now_ms += DAY_MS;
    }
    static const struct {
        const char *why, *at, *as_of, *area, *state, *paid;
    } stands[] = {
        {"as first said", "2023-12-31", "2024-01-01", "east", "posted", ""},
        {"as corrected", "2023-12-31", "2024-01-03", "west", "posted", ""},
        {"before it was awarded", "2023-12-31", "2024-01-31", "west", "posted", ""},
        {"the refused rows left nothing", "2024-01-02", "2024-01-04", "west", "posted", ""},
        {"those kept of a bad file did", "2024-01-02", "2024-01-05", "east", "awarded", ""},
        {"what was only looked at is not there", "2024-01-31", "2024-01-31", "east", "awarded",
         "12"},
    };
    const zw_items *items = zw_store_items(zw_engine_store(house.engine));
    for (size_t i = 0; i < sizeof(stands) / sizeof(stands[0]); i++) {
        zw_item_standing standing;
        zw_item_at(items, zw_items_find(items, zw_items_register(items, "calls"), "c1"),
                   day_ms(stands[i].at), day_ms(stands[i].as_of), &standing);
        if (!standing.lives || strcmp(standing.area, stands[i].area) != 0 ||
            strcmp(standing.state, stands[i].state) != 0 ||
            strcmp(zw_item_field_of(&standing, "paid"), stands[i].paid) != 0) {
            fail_msg("%s: %s %s %s", stands[i].why, standing.area, standing.state,
                     zw_item_field_of(&standing, "paid"));
        }
    }
    assert_int_not_equal(
        zw_items_find(items, zw_items_register(items, "calls"), "\xe6\x8f\xad\xe6\xa6\x9c"),
        ZW_ITEM_NONE);
    house_close(&house);
}

static void the_header_says_what_a_delivery_is(void **state)
{
    static const struct {
        const char *why, *header, *says;
    } cases[] = {
        {"a misspelt register", "registr,item,area,at\n",
         "1:1: the header has no column 'register', but 'registr'; did you mean 'register'?"},
        {"a misspelt item", "register,itme,area,at\n",
         "1:2: the header has no column 'item', but 'itme'; did you mean 'item'?"},
        {"figures by an item", "measure,item,area,perod,value\n",
         "1:4: the header has no column 'period', but 'perod'; did you mean 'period'?"},
    };
    (void)state;
    struct house house;
    house_open(&house, calls_text, "2024-01-01");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const zw_fed *fed = NULL;
        zw_err err = {ZW_OK, ""};
        zw_feed_options options = {.source = "a"};
        zw_status status = zw_engine_feed(house.engine, cases[i].header, strlen(cases[i].header),
                                          &options, &fed, &err);
        if (status != ZW_INVALID || strcmp(err.text, cases[i].says) != 0) {
            fail_msg("%s: %s", cases[i].why, err.text);
        }
    }
    house_close(&house);
}

static void without_memory_nothing_of_a_delivery_of_items_is_kept(void **state)
{
    static const char csv[] =
        "register,item,area,at,state,type\ncalls,c1,east,2024-01-01,posted,lab\n"
        "calls,,east,2024-01-01,,\nfirms,f1,west,2024-01-01,,ai\n";
    bool was_refused = true;
    long n = 0;
    (void)state;
    struct house house;
    house_open(&house, calls_text, "2024-02-01");
    const zw_items *items = zw_store_items(zw_engine_store(house.engine));
    for (; was_refused; n++) {
        const zw_fed *fed = NULL;
        zw_feed_options options = {.source = "office"};
        failing_alloc_after(n);
        zw_status status = zw_engine_feed(house.engine, csv, sizeof(csv) - 1, &options, &fed, NULL);
        was_refused = failing_alloc_stop();
        assert_int_equal(status, was_refused ? ZW_NOMEM : ZW_OK);
        assert_int_equal(zw_items_count(items), was_refused ? 0 : 3);
        assert_int_equal(zw_items_item_count(items), was_refused ? 0 : 2);
    }
    assert_true(n > 20);
    assert_int_equal(zw_engine_turn(house.engine, NULL, NULL), ZW_OK);
    assert_int_equal(zw_items_count(items), 3);
    house_close(&house);
}

static zw_status add_move(void *arg, const zw_alert_event *event, zw_err *err)
{
    (void)err;
    zw_buf_printf(arg, "%s@%lld ", zw_alert_state_text(&event->state), (long long)event->at_ms);
    return ZW_OK;
}

/* At ten in the morning of 5 January the call became known, at three of the 7th that it had left:
 * the alert moves then, though both are told in February, and not when a day ends. */
static void rows_known_earlier_move_alerts_then(void **state)
{
    static const char text[] = "local land = zone \"land\" { timezone = \"UTC\" }\n"
                               "local calls = register \"calls\" { fields = { \"type\" } }\n"
                               "alert \"some\" { warning = calls:count():over(0) }\n";
    static const char csv[] = "register,item,area,at,state,known_at\n"
                              "calls,c1,,2024-01-01,,2024-01-05T10:00:00Z\n"
                              "calls,c1,,2024-01-06,left,2024-01-07T15:00:00Z\n";
    (void)state;
    struct house house;
    const zw_fed *fed = NULL;
    zw_feed_options options = {.source = "office"};
    char expected[128];
    zw_buf moves;
    zw_buf_init(&moves, 4096);
    house_open(&house, text, "2024-01-01");
    house_day(&house, "2024-02-01", NULL);
    assert_int_equal(zw_engine_feed(house.engine, csv, sizeof(csv) - 1, &options, &fed, NULL),
                     ZW_OK);
    assert_int_equal(zw_engine_turn(house.engine, NULL, NULL), ZW_OK);
    assert_int_equal(zw_ledger_history(zw_engine_ledger(house.engine), NULL, INT64_MIN,
                                       house.now_ms, add_move, &moves, NULL),
                     ZW_OK);
    int64_t came_ms = day_ms("2024-01-05") + 10 * DAY_MS / 24;
    int64_t left_ms = day_ms("2024-01-07") + 15 * DAY_MS / 24;
    (void)snprintf(expected, sizeof(expected), "warning@%lld ok@%lld ", (long long)came_ms,
                   (long long)left_ms);
    if (strstr(zw_buf_view(&moves), expected) == NULL) {
        fail_msg("expected %s in %s", expected, zw_buf_view(&moves));
    }
    zw_buf_fini(&moves);
    house_close(&house);
}

static void a_delivery_of_items_says_whether_it_is_synthetic(void **state)
{
    static const char csv[] =
        "register,item,area,at,source,note\ncalls,c1,east,2024-01-01,台账,n\n";
    (void)state;
    struct house house;
    const zw_fed *fed = NULL;
    const zw_item_row *const *rows = NULL;
    house_open(&house, calls_text, "2024-02-01");
    assert_int_equal(zw_engine_feed(house.engine, csv, sizeof(csv) - 1,
                                    &(zw_feed_options){.source = "office", .is_synthetic = true},
                                    &fed, NULL),
                     ZW_OK);
    const zw_items *items = zw_store_items(zw_engine_store(house.engine));
    assert_int_equal(zw_items_rows(items, 0, &rows), 1);
    assert_true(rows[0]->is_synthetic);
    assert_true(rows[0]->batch == fed->batch);
    assert_int_equal(rows[0]->line, 2);
    assert_string_equal(rows[0]->source, "台账");
    assert_string_equal(rows[0]->note, "n");
    house_close(&house);
}

/* The second line of a delivery as it came; "" when it is not kept. */
static void second_line(const struct house *house, int64_t batch, char out[128])
{
    zw_delivered *delivered = NULL;
    zw_text line;
    assert_int_equal(
        zw_delivered_create(zw_store_db(zw_engine_store(house->engine)), &delivered, NULL), ZW_OK);
    assert_int_equal(zw_delivered_line(delivered, batch, 2, &line, NULL), ZW_OK);
    (void)snprintf(out, 128, "%.*s", (int)line.len, line.at != NULL ? line.at : "");
    zw_delivered_destroy(delivered);
}

static void what_came_whole_is_kept_as_it_came(void **state)
{
    static const struct {
        const char *why, *bytes, *line;
        zw_feed_options options;
    } cases[] = {
        {"a file",
         "measure,area,period,value\nmoney,land,2022-01,1\n",
         "money,land,2022-01,1",
         {.source = "a"}},
        {"objects, a line each",
         "\n{\"measure\":\"money\",\"area\":\"land\",\"period\":\"2022-02\",\"value\":1}\n",
         "{\"measure\":\"money\",\"area\":\"land\",\"period\":\"2022-02\",\"value\":1}",
         {.source = "b", .format = ZW_FEED_NDJSON}},
        {"a part of something longer",
         "measure,area,period,value\nmoney,land,2022-03,1\n",
         "",
         {.source = "c", .identity = "part 2"}},
        {"live samples",
         "\nmoney,area=land value=1 1646092800000000000\n",
         "",
         {.source = "d", .format = ZW_FEED_LINE}},
    };
    (void)state;
    struct house house;
    house_open(&house, pack_text, "2022-05-01");
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        zw_err err = {ZW_OK, ""};
        const zw_fed *fed = NULL;
        char line[128];
        if (zw_engine_feed(house.engine, cases[i].bytes, strlen(cases[i].bytes), &cases[i].options,
                           &fed, &err) != ZW_OK) {
            fail_msg("%s: %s", cases[i].why, err.text);
        }
        int64_t batch = fed->batch;
        house_day(&house, "2022-05-01", NULL);
        assert_int_equal(batch, (int64_t)i + 1);
        second_line(&house, batch, line);
        if (strcmp(line, cases[i].line) != 0) {
            fail_msg("%s: '%s'", cases[i].why, line);
        }
    }
    house_close(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_became_of_each_delivery),
        cmocka_unit_test(every_bad_row_is_named_by_line_and_column),
        cmocka_unit_test(a_row_keeps_its_own_source),
        cmocka_unit_test(what_came_whole_is_kept_as_it_came),
        cmocka_unit_test(what_became_of_each_delivery_of_items),
        cmocka_unit_test(the_header_says_what_a_delivery_is),
        cmocka_unit_test(without_memory_nothing_of_a_delivery_of_items_is_kept),
        cmocka_unit_test(rows_known_earlier_move_alerts_then),
        cmocka_unit_test(a_delivery_of_items_says_whether_it_is_synthetic),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
