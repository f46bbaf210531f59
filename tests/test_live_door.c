/* The door of live samples: what it remembers. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/live_door.h"
#include "engine_world.h"
#include "intake/line.h"

static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "local east = area \"east\" { within = land }\n"
    "local wait = measure \"wait\" { kind = \"gauge\", unit = \"min\", every = \"1m\","
    " by = { \"hall\" } }\n";

struct fixture {
    struct house house;
    zw_live_door *door;
};

static int setup(void **state)
{
    static struct fixture f;
    house_open(&f.house, pack_text, "2022-04-20");
    assert_int_equal(
        zw_live_door_create(f.house.pack, zw_engine_store(f.house.engine), &f.door, NULL), ZW_OK);
    *state = &f;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *f = *state;
    zw_live_door_destroy(f->door);
    house_close(&f->house);
    return 0;
}

static zw_live *enter(struct fixture *f, const char *text)
{
    zw_live_routed routed = {true, true};
    zw_line_options options = {.now_ms = f->house.now_ms};
    zw_live *live = zw_live_door_open(f->door);
    assert_int_equal(zw_line_read(zw_text_of(text), &options, live, NULL), ZW_OK);
    assert_int_equal(zw_live_door_route(f->door, NULL, &routed, NULL), ZW_OK);
    assert_false(routed.is_guarded);
    return live;
}

static void a_line_goes_whole_or_not_at_all(void **state)
{
    struct fixture *f = *state;
    zw_live *live = enter(f, "wait value=1,other=2,more=3\nwait value=4\nwait,hal=x value=5,z=6\n"
                             "wait value=7\n");
    assert_int_equal(live->row_count, 2);
    assert_true(live->rows[0].value == 4 && live->rows[1].value == 7);
    assert_int_equal(live->faults.count, 2);
    assert_int_equal(live->faults.at[0].line, 1);
    assert_string_equal(live->faults.at[0].text, "no measure 'wait_other'");
    assert_int_equal(live->faults.at[1].line, 3);
    assert_string_equal(live->faults.at[1].text,
                        "measure 'wait' has no dimension 'hal'; did you mean 'hall'?");
}

static void samples_have_their_series_and_period(void **state)
{
    struct fixture *f = *state;
    zw_store *store = zw_engine_store(f->house.engine);
    const zw_sample *samples = NULL;
    for (int round = 0; round < 3; round++) {
        assert_int_equal(zw_store_begin(store, NULL), ZW_OK);
        zw_live *live = enter(f, "wait value=1 60000000000\nwait,hall=a,area=east value=2\n"
                                 "wait value=3\n");
        assert_int_equal(live->row_count, 3);
        assert_int_equal(zw_live_door_samples(f->door, &samples, NULL), ZW_OK);
        assert_int_equal(samples[0].series, samples[2].series);
        assert_int_equal(samples[0].period, 1);
        assert_int_equal(samples[2].period, f->house.now_ms / 60000);
        assert_int_equal(zw_series_count(zw_store_series(store)), 2);
        const zw_series *east = zw_series_view(zw_store_series(store), samples[1].series);
        assert_string_equal(east->area, "east");
        assert_string_equal(east->dims, "hall=a");
        zw_live_door_close(f->door);
        if (round == 0) { /* the series go back: the next round makes them anew */
            zw_store_rollback(store);
            assert_int_equal(zw_series_count(zw_store_series(store)), 0);
        } else {
            assert_int_equal(zw_store_commit(store, NULL), ZW_OK);
        }
    }
}

static void rows_for_guards_say_the_same(void **state)
{
    struct fixture *f = *state;
    zw_bound *rows = NULL;
    zw_bound like = {.scope = "", .source = "", .note = "", .known_at_ms = 9, .status = 2};
    (void)enter(f, "wait,hall=a,area=east value=2 60000000000\n");
    assert_int_equal(zw_live_door_rows(f->door, &like, &rows, NULL), ZW_OK);
    assert_int_equal(rows[0].measure, 0);
    assert_int_equal(rows[0].area, 1);
    assert_string_equal(rows[0].dims, "hall=a");
    assert_int_equal(rows[0].period, 1);
    assert_int_equal(rows[0].line, 1);
    assert_int_equal(rows[0].known_at_ms, 9);
    assert_int_equal(rows[0].status, 2);
    assert_true(rows[0].value == 2);
    free(rows);
}

/* More names than are remembered: they are looked up anew, and nothing else changes. */
static void too_many_names_are_forgotten(void **state)
{
    struct fixture *f = *state;
    zw_buf text;
    zw_buf_init(&text, 64 << 20);
    for (int i = 0; i < 300000; i++) {
        zw_buf_printf(&text, "wait,hall=h%d value=1\n", i % 270000);
    }
    zw_live *live = enter(f, zw_buf_view(&text));
    assert_int_equal(live->row_count, 300000);
    assert_int_equal(zw_live_keys_count(live->keys), 270000);
    zw_live_door_close(f->door);
    assert_int_equal(zw_live_keys_count(live->keys), 0);
    live = enter(f, "wait,hall=h7 value=1\n");
    assert_int_equal(live->row_count, 1);
    zw_live_door_close(f->door);
    assert_int_equal(zw_live_keys_count(live->keys), 1);
    zw_buf_fini(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_line_goes_whole_or_not_at_all, setup, teardown),
        cmocka_unit_test_setup_teardown(samples_have_their_series_and_period, setup, teardown),
        cmocka_unit_test_setup_teardown(rows_for_guards_say_the_same, setup, teardown),
        cmocka_unit_test_setup_teardown(too_many_names_are_forgotten, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
