/* Deliveries: counts, repeats, bad rows, encodings, what is looked at only. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine_world.h"

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
    const zw_figure *first = zw_store_at(store, 0, 52 * 12, house.now_ms);
    const zw_figure *second = zw_store_at(store, 0, 52 * 12 + 1, house.now_ms);
    assert_non_null(first);
    assert_non_null(second);
    assert_string_equal(zw_store_text_view(store, first->source), "[25]");
    assert_string_equal(zw_store_text_view(store, first->note), "as printed");
    assert_string_equal(zw_store_text_view(store, second->source), "");
    house_close(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_became_of_each_delivery),
        cmocka_unit_test(every_bad_row_is_named_by_line_and_column),
        cmocka_unit_test(a_row_keeps_its_own_source),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
