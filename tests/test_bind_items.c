/* Binding of registers' rows: names become registers, areas, states and fields; every mistake is
 * named at its column. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "failing_alloc.h"
#include "intake/item_csv.h"
#include "plan/bind_items.h"
#include "plan_pack.h"
#include "store/store.h"

/* 2024-04-20T08:00:00+08:00 */
#define NOW_MS INT64_C(1713571200000)

#define HEADER "register,item,area,at,state,type,paid,due_on,known_at,source,note\n"

enum { LISTED_BYTES = 1 << 14 };

static const zw_bind_options now = {.now_ms = NOW_MS};

/* The zone "land" (east, west) with the registers "calls" and "platforms"; with `zones` of 2 also
 * the zone "utc_land". */
static zw_pack *land(int zones)
{
    zw_pack *pack = plan_land();
    const zw_register_field fields[] = {
        {.name = "type", .is = ZW_REGISTER_TEXT, .unit_text = ""},
        {.name = "paid", .is = ZW_REGISTER_NUMBER, .unit_text = "1e4 CNY"},
        {.name = "due_on", .is = ZW_REGISTER_DATE, .unit_text = ""}};
    const char *const states[] = {"posted", "awarded", "delivered"};
    zw_register reg = {.title = plan_title("calls", 3), .field_count = 3, .state_count = 3};
    zw_register_field *own = zw_pack_copy(pack, fields, sizeof fields);
    own[1].unit = plan_unit("1e4 CNY");
    reg.fields = own;
    reg.states = zw_pack_copy(pack, states, sizeof states);
    reg.grid = plan_grid("day");
    uint32_t index = ZW_NONE;
    assert_int_equal(zw_pack_add_register(pack, &reg, &index, NULL), ZW_OK);
    reg.title = plan_title("platforms", 4);
    reg.field_count = 1;
    reg.state_count = 0;
    assert_int_equal(zw_pack_add_register(pack, &reg, &index, NULL), ZW_OK);
    if (zones == 2) {
        plan_zone(pack, "utc_land", "UTC", 1);
    }
    return pack;
}

/* A store that knows that c9 of the calls stands in utc_land. */
static zw_store *store_made(void)
{
    zw_store *store = NULL;
    zw_delivery d = {.source = "s", .name = "n", .format = "f", .digest = "d"};
    zw_item_row row = {.register_name = "calls",
                       .item = "c9",
                       .area = "utc_land",
                       .state = "",
                       .source = "",
                       .note = ""};
    zw_change change = ZW_CHANGE_NEW;
    assert_int_equal(zw_store_open(":memory:", ZW_DB_WRITE, &store, NULL), ZW_OK);
    assert_int_equal(zw_store_begin(store, NULL), ZW_OK);
    assert_int_equal(zw_store_deliver(store, &d, NULL), ZW_OK);
    row.batch = d.id;
    assert_int_equal(zw_items_put(zw_store_items(store), &row, &change, NULL), ZW_OK);
    row.area = ""; /* its newest row says nothing about where */
    row.at_ms = 5;
    assert_int_equal(zw_items_put(zw_store_items(store), &row, &change, NULL), ZW_OK);
    assert_int_equal(zw_store_commit(store, NULL), ZW_OK);
    return store;
}

/* "line register/item@area state {name=text} at known [source|note]", then the faults. */
static void list(const zw_bound_items *bound, const zw_batch *batch, zw_buf *out)
{
    for (size_t i = 0; i < bound->count; i++) {
        const zw_item_row *row = &bound->rows[i];
        zw_buf_printf(out, "%u %s/%s@%s %s", row->line, row->register_name, row->item, row->area,
                      row->state);
        for (size_t f = 0; f < row->field_count; f++) {
            zw_buf_printf(out, " {%s=%s}", row->fields[f].name, row->fields[f].text);
        }
        zw_buf_printf(out, " %lld %lld [%s|%s]\n", (long long)row->at_ms / 1000,
                      (long long)row->known_at_ms / 1000, row->source, row->note);
    }
    for (size_t i = 0; i < batch->faults.count; i++) {
        zw_buf_printf(out, "%u:%u %s\n", batch->faults.at[i].line, batch->faults.at[i].column,
                      batch->faults.at[i].text);
    }
}

static void a_row_means_something_or_is_named(void **state)
{
    static const struct {
        const char *why;
        int zones;
        const char *rows;
        zw_bind_options options;
        const char *listed;
    } cases[] = {
        {"all of it; a day begins at Shanghai's midnight, 16:00 UTC of the day before",
         1,
         "calls,c1,east,2024-03-01,posted,lab,1.50,2024-06-30,2024-03-02,a,b\n",
         {.now_ms = NOW_MS},
         "2 calls/c1@east posted {due_on=2024-06-30} {paid=1.5} {type=lab} 1709222400 1709308800"
         " [a|b]\n"},
        {"what says no known_at was learned now, or when the delivery says",
         1,
         "calls,c1,east,2024-03-01,,,,,,,\n",
         {.now_ms = NOW_MS, .has_known_at = true, .known_at_ms = 7000},
         "2 calls/c1@east  1709222400 7 [|]\n"},
        {"left is a state of every register",
         1,
         "platforms,p1,east,2024-03-01,left,,,,,,\ncalls,c1,east,2024-03-01,left,,,,,,\n",
         {.now_ms = NOW_MS},
         "2 platforms/p1@east left 1709222400 1713571200 [|]\n"
         "3 calls/c1@east left 1709222400 1713571200 [|]\n"},
        {"a day to come is no mistake",
         1,
         "calls,c1,east,2030-01-01,,,,,,,\n",
         {.now_ms = NOW_MS},
         "2 calls/c1@east  1893427200 1713571200 [|]\n"},
        {"no area: the item keeps where it stands, a row without item speaks of the only zone",
         1,
         "calls,c1,,2024-03-01,,,,,,,\ncalls,,,2024-03-01,,,,,,,\n",
         {.now_ms = NOW_MS},
         "2 calls/c1@  1709222400 1713571200 [|]\n3 calls/@land  1709222400 1713571200 [|]\n"},
        {"of several zones somebody must say; c9 stands in utc_land by the store, c2 by line 3",
         2,
         "calls,c1,,2024-03-01,,,,,,,\ncalls,c2,east,2024-03-01,,,,,,,\n"
         "calls,c2,,2024-03-01,,,,,,,\ncalls,c9,,2024-03-01,,,,,,,\ncalls,,,2024-03-01,,,,,,,\n",
         {.now_ms = NOW_MS},
         "3 calls/c2@east  1709222400 1713571200 [|]\n4 calls/c2@  1709222400 1713571200 [|]\n"
         "5 calls/c9@  1709251200 1713571200 [|]\n"
         "2:3 expected an area: the pack has several zones, and nobody said yet where this item"
         " stands\n6:3 expected an area: the pack has several zones\n"},
        {"no such register",
         1,
         "call,c1,east,2024-03-01,,,,,,,\n",
         {.now_ms = NOW_MS},
         "2:1 no register 'call'; did you mean 'calls'?\n"},
        {"no such area",
         1,
         "calls,c1,eats,2024-03-01,,,,,,,\n",
         {.now_ms = NOW_MS},
         "2:3 no area 'eats'; did you mean 'east'?\n"},
        {"no such state",
         1,
         "calls,c1,east,2024-03-01,awared,,,,,,\ncalls,c1,east,2024-03-01,lefft,,,,,,\n",
         {.now_ms = NOW_MS},
         "2:5 register 'calls' has no state 'awared'; did you mean 'awarded'?\n"
         "3:5 register 'calls' has no state 'lefft'; did you mean 'left'?\n"},
        {"no such field, where it says something",
         1,
         "platforms,p1,east,2024-03-01,,lab,3,,,,\n",
         {.now_ms = NOW_MS},
         "2:7 register 'platforms' has no field 'paid'\n"},
        {"a number in its unit",
         1,
         "calls,c1,east,2024-03-01,,,\"1,200\",,,,\ncalls,c1,east,2024-03-01,,,1e305,,,,\n",
         {.now_ms = NOW_MS},
         "2:7 field 'paid': expected a plain number in \"1e4 CNY\", got '1,200'\n"
         "3:7 field 'paid': expected a plain number in \"1e4 CNY\", got '1e305'\n"},
        {"a day that exists",
         1,
         "calls,c1,east,2024-03-01,,,,2024-02-30,,,\ncalls,c1,east,2024-03-01,,,,2024-06,,,\n"
         "calls,c1,east,2024-03-01,,,,2024-02-29,,,\n",
         {.now_ms = NOW_MS},
         "4 calls/c1@east  {due_on=2024-02-29} 1709222400 1713571200 [|]\n"
         "2:8 field 'due_on': expected a day such as 2023-06-30, got '2024-02-30'\n"
         "3:8 field 'due_on': expected a day such as 2023-06-30, got '2024-06'\n"},
        {"no change says nothing else",
         1,
         "calls,,east,2024-03-01,posted,,,,,,\ncalls,,east,2024-03-01,,lab,,,,,\n"
         "calls,,east,2024-03-01,left,,,,,,\n",
         {.now_ms = NOW_MS},
         "2:5 a row without item says \"no change\": expected no state\n"
         "3:6 a row without item says \"no change\": expected no 'type'\n"
         "4:5 a row without item says \"no change\": expected no state\n"},
        {"known after now",
         1,
         "calls,c1,east,2024-03-01,,,,,2024-04-21,,\n",
         {.now_ms = NOW_MS},
         "2:9 known_at lies after now: what is not known yet cannot be taken\n"},
    };
    (void)state;
    zw_store *store = store_made();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        zw_pack *pack = land(cases[i].zones);
        zw_batch *batch = NULL;
        zw_bound_items bound;
        char text[1024];
        zw_buf out;
        zw_buf_init(&out, LISTED_BYTES);
        (void)snprintf(text, sizeof text, "%s%s", HEADER, cases[i].rows);
        assert_int_equal(zw_batch_create(&batch, NULL), ZW_OK);
        assert_int_equal(zw_item_csv_read(zw_text_of(text), 0, batch, NULL), ZW_OK);
        assert_int_equal(
            zw_bind_items(pack, zw_store_items(store), batch, &cases[i].options, &bound, NULL),
            ZW_OK);
        list(&bound, batch, &out);
        if (strcmp(zw_buf_view(&out), cases[i].listed) != 0) {
            fail_msg("%s:\n%s", cases[i].why, zw_buf_view(&out));
        }
        zw_buf_fini(&out);
        zw_bound_items_fini(&bound);
        zw_batch_destroy(batch);
        zw_pack_destroy(pack);
    }
    zw_store_close(store);
}

/* A column that nothing has a name for is a field, until a row says something in it. */
static void a_misspelt_column_is_told_its_nearest_name(void **state)
{
    static const struct {
        const char *column, *says;
    } cases[] = {
        {"due_one", "register 'calls' has no field 'due_one'; did you mean 'due_on'?"},
        {"stat", "register 'calls' has no field 'stat'; did you mean 'state'?"},
        {"knownat", "register 'calls' has no field 'knownat'; did you mean 'known_at'?"},
    };
    (void)state;
    zw_pack *pack = land(1);
    zw_store *store = store_made();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        zw_batch *batch = NULL;
        zw_bound_items bound;
        char text[128];
        (void)snprintf(text, sizeof text, "register,item,area,at,%s\ncalls,c1,east,2024,x\n",
                       cases[i].column);
        assert_int_equal(zw_batch_create(&batch, NULL), ZW_OK);
        assert_int_equal(zw_item_csv_read(zw_text_of(text), 0, batch, NULL), ZW_OK);
        assert_int_equal(zw_bind_items(pack, zw_store_items(store), batch, &now, &bound, NULL),
                         ZW_OK);
        assert_int_equal(batch->faults.count, 1);
        assert_int_equal(batch->faults.at[0].column, 5);
        assert_string_equal(batch->faults.at[0].text, cases[i].says);
        zw_bound_items_fini(&bound);
        zw_batch_destroy(batch);
    }
    zw_store_close(store);
    zw_pack_destroy(pack);
}

static void without_memory_it_says_so(void **state)
{
    bool was_refused = true;
    long n = 0;
    (void)state;
    zw_pack *pack = land(1);
    zw_store *store = store_made();
    for (; was_refused; n++) {
        zw_batch *batch = NULL;
        zw_bound_items bound;
        assert_int_equal(zw_batch_create(&batch, NULL), ZW_OK);
        assert_int_equal(
            zw_item_csv_read(zw_text_of(HEADER "calls,c1,east,2024-03-01,,lab,1.50,,,,\n"
                                               "calls,c2,eats,2024-03-01,,,,,,,\n"),
                             0, batch, NULL),
            ZW_OK);
        failing_alloc_after(n);
        zw_status status = zw_bind_items(pack, zw_store_items(store), batch, &now, &bound, NULL);
        was_refused = failing_alloc_stop();
        assert_int_equal(status, was_refused ? ZW_NOMEM : ZW_OK);
        zw_bound_items_fini(&bound);
        zw_batch_destroy(batch);
    }
    assert_true(n > 4);
    zw_store_close(store);
    zw_pack_destroy(pack);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_means_something_or_is_named),
        cmocka_unit_test(a_misspelt_column_is_told_its_nearest_name),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
