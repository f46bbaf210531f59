/* Routes: what the keys of live samples mean to a pack. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "failing_alloc.h"
#include "intake/line.h"
#include "plan/route.h"
#include "plan_pack.h"

/* 2022-04-20T08:00:00+08:00 */
#define NOW_MS INT64_C(1650412800000)

/* A pack, the keys of some lines, and their routes. */
struct routing {
    zw_pack *pack;
    zw_live live;
    zw_routes *routes;
};

static void begin(struct routing *r, zw_pack *pack)
{
    *r = (struct routing){.pack = pack};
    assert_int_equal(zw_live_keys_create(&r->live.keys, NULL), ZW_OK);
    assert_int_equal(zw_routes_create(pack, r->live.keys, &r->routes, NULL), ZW_OK);
}

static void end(struct routing *r)
{
    zw_live_keys *keys = r->live.keys;
    zw_live_fini(&r->live);
    zw_routes_destroy(r->routes);
    zw_live_keys_destroy(keys);
    zw_pack_destroy(r->pack);
}

static void read_lines(struct routing *r, const char *lines)
{
    zw_line_options options = {.now_ms = NOW_MS};
    zw_live_clear(&r->live);
    assert_int_equal(zw_line_read(zw_text_of(lines), &options, &r->live, NULL), ZW_OK);
}

static zw_pack *land(void)
{
    static const char *const aliases[] = {"等待"};
    zw_pack *pack = plan_land();
    uint32_t index = 0;
    assert_int_equal(zw_pack_find(pack, zw_text_of("often"), &index), ZW_NOUN_MEASURE);
    pack->measures[index].aliases = (zw_texts){aliases, 1};
    return pack;
}

/* What a route says: "often@east dims +1650412800000", or why it goes nowhere. */
static void say(const struct routing *r, const zw_live_row *row, zw_buf *out)
{
    zw_route *route = NULL;
    zw_buf_clear(out);
    assert_int_equal(zw_routes_of(r->routes, row->key, &route, NULL), ZW_OK);
    if (route->why != NULL) {
        zw_buf_puts(out, route->why);
        return;
    }
    const zw_measure *measure = &r->pack->measures[route->measure];
    char period[48];
    const zw_calendar *calendar = zw_pack_calendar(r->pack, route->area);
    zw_period_text(calendar, measure->grid, zw_route_period(r->pack, route, row->at_ms), period,
                   sizeof period);
    zw_buf_printf(out, "%s@%s %s %s", measure->title.name, r->pack->areas[route->area].title.name,
                  route->dims, period);
    for (char *at = out->data; *at != '\0'; at++) {
        if (*at == '\x1f') {
            *at = '|';
        }
    }
    assert_true(route->series == ZW_SERIES_NONE);
    assert_int_equal(route->has_scale, strcmp(measure->unit_text, "1e4 CNY") == 0 ||
                                           strcmp(measure->unit_text, "%") == 0);
}

static void a_key_goes_to_a_measure_or_nowhere(void **state)
{
    static const struct {
        const char *why, *line, *said;
    } rows[] = {
        {"a field called value", "often,area=east value=1 1650413700000000000",
         "often@east  2022-04-20T08:15:00+08:00"},
        {"a period in the zone's time", "daily value=1 1650470400000000000",
         "daily@land  2022-04-21"},
        {"a moment before it belongs to the day before", "daily value=1 1650470399999000000",
         "daily@land  2022-04-20"},
        {"another field", "vis its=1\n", "no measure 'vis_its'; did you mean 'visits'?"},
        {"measurement and field", "quarterly value=1\n", "quarterly@land  2022-Q2"},
        {"by alias, in full-width letters, of an area", "等待,area=ｅａｓｔ value=1",
         "often@east  2022-04-20T08:00:00+08:00"},
        {"dimensions", "sales,industry=ai,area=west value=1", "sales@west industry=ai 2022-04"},
        {"a dimension is folded as in every delivery", "sales,industry=ＡＩ value=1",
         "sales@land industry=AI 2022-04"},
        {"no measure is near", "temperature value=1", "no measure 'temperature'"},
        {"no measure", "oftn value=1", "no measure 'oftn'; did you mean 'often'?"},
        {"no area", "often,area=eest value=1", "no area 'eest'; did you mean 'east'?"},
        {"no dimension", "sales,industri=ai value=1",
         "measure 'sales' has no dimension 'industri'; did you mean 'industry'?"},
        {"no dimension at all", "often,host=a value=1", "measure 'often' has no dimension 'host'"},
    };
    struct routing r;
    zw_buf said;
    (void)state;
    zw_buf_init(&said, 1 << 16);
    begin(&r, land());
    for (int round = 0; round < 2; round++) { /* the second time it is remembered */
        for (size_t i = 0; i < COUNT_OF(rows); i++) {
            read_lines(&r, rows[i].line);
            assert_int_equal(r.live.row_count, 1);
            say(&r, &r.live.rows[0], &said);
            if (strcmp(zw_buf_view(&said), rows[i].said) != 0) {
                fail_msg("%s: %s", rows[i].why, zw_buf_view(&said));
            }
        }
    }
    end(&r);
    zw_buf_fini(&said);
}

static void dimensions_are_in_order_of_their_names(void **state)
{
    static const char *const dims[] = {"b", "ab", "a"};
    struct routing r;
    zw_buf said;
    (void)state;
    zw_buf_init(&said, 1 << 16);
    begin(&r, land());
    r.pack->measures[0].dims = (zw_texts){dims, 3};
    read_lines(&r,
               "sales,b=1,ab=2,a=3 value=1\nsales,a=3,b=1,ab=2 value=1\nsales,b=1,a=\xE3\x80\x80"
               ",ab=2 value=1\n");
    say(&r, &r.live.rows[0], &said);
    assert_string_equal(zw_buf_view(&said), "sales@land a=3|ab=2|b=1 2022-04");
    say(&r, &r.live.rows[1], &said);
    assert_string_equal(zw_buf_view(&said), "sales@land a=3|ab=2|b=1 2022-04");
    say(&r, &r.live.rows[2], &said); /* nothing but a space is the total */
    assert_string_equal(zw_buf_view(&said), "sales@land ab=2|b=1 2022-04");
    end(&r);
    zw_buf_fini(&said);
}

static void a_measure_that_takes_any_takes_all_that_begins_as_it(void **state)
{
    static const struct {
        const char *why, *line, *said;
    } rows[] = {
        {"the rest of the name is a dimension", "often_load1 value=1",
         "often@land metric=load1 2022-04-20T08:00:00+08:00"},
        {"of measurement and field", "often,area=east,cpu=0 usage_idle=1",
         "often@east cpu=0|metric=usage_idle 2022-04-20T08:00:00+08:00"},
        {"its own name is itself", "often,cpu=0 value=1",
         "often@land cpu=0 2022-04-20T08:00:00+08:00"},
        {"a measure of that very name comes first", "often,area=east total=1",
         "often_total@east  2022-04-20T08:00:00+08:00"},
        {"labels that mean something else in a delivery", "often,status=ok,value=b,metric=c x=1",
         "often@land exported_metric=c|exported_status=ok|exported_value=b|metric=x "
         "2022-04-20T08:00:00+08:00"},
        {"two labels of one name in the end", "often,exported_status=a,status=b x=1",
         "two labels are dimension 'exported_status'"},
        {"a name that no dimension can have", "often,a\\=b=c x=1",
         "'a=b' is no name of a dimension"},
        {"others still say what they have", "sales,cpu=0 value=1",
         "measure 'sales' has no dimension 'cpu'"},
    };
    static const struct plan_measure_row total = {"often_total", ZW_KIND_GAUGE, "x",
                                                  "15m",         NULL,          NULL};
    struct routing r;
    zw_buf said;
    (void)state;
    zw_buf_init(&said, 1 << 16);
    zw_pack *pack = land();
    plan_measure(pack, total);
    pack->measures[zw_pack_measure(pack, zw_text_of("often"), NULL)].accepts_any = true;
    begin(&r, pack);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        read_lines(&r, rows[i].line);
        assert_int_equal(r.live.row_count, 1);
        say(&r, &r.live.rows[0], &said);
        if (strcmp(zw_buf_view(&said), rows[i].said) != 0) {
            fail_msg("%s: %s", rows[i].why, zw_buf_view(&said));
        }
    }
    end(&r);
    zw_buf_fini(&said);
}

static void several_zones_want_an_area(void **state)
{
    struct routing r;
    zw_buf said;
    (void)state;
    zw_buf_init(&said, 1 << 16);
    zw_pack *pack = land();
    plan_zone(pack, "sea", "UTC", 1);
    begin(&r, pack);
    read_lines(&r, "often value=1\n");
    say(&r, &r.live.rows[0], &said);
    assert_string_equal(zw_buf_view(&said),
                        "no area is said and the pack has several zones: land, sea");
    end(&r);
    zw_buf_fini(&said);
}

static void a_label_of_controls_or_without_end_is_named(void **state)
{
    struct routing r;
    zw_route *route = NULL;
    zw_buf line;
    uint32_t number = 0;
    (void)state;
    begin(&r, land());
    zw_live_label label = {zw_text_of("industry"), zw_text_of("a\nb")};
    zw_live_bytes bytes = {zw_text_of("x"), zw_text_of("")};
    zw_live_key key = {zw_text_of("sales"), zw_text_of(""), &label, 1};
    assert_int_equal(zw_live_keys_add(r.live.keys, &bytes, &key, &number, NULL), ZW_OK);
    assert_int_equal(zw_routes_of(r.routes, number, &route, NULL), ZW_OK);
    assert_string_equal(route->why, "the value of dimension 'industry' holds a control character");
    zw_buf_init(&line, 1 << 20);
    zw_buf_puts(&line, "sales,industry=");
    for (int i = 0; i < 70000; i++) {
        zw_buf_putc(&line, 'x');
    }
    zw_buf_puts(&line, " value=1");
    read_lines(&r, zw_buf_view(&line));
    assert_int_equal(zw_routes_of(r.routes, r.live.rows[0].key, &route, NULL), ZW_OK);
    assert_string_equal(route->why, "expected names and labels of at most 65536 bytes");
    zw_buf_fini(&line);
    end(&r);
}

static void beyond_a_thousand_no_nearest_name_is_looked_for(void **state)
{
    struct routing r;
    zw_route *route = NULL;
    zw_buf lines;
    (void)state;
    begin(&r, land());
    zw_buf_init(&lines, 1 << 20);
    for (int i = 0; i < 1100; i++) {
        zw_buf_printf(&lines, "oftn,t=%d value=1\n", i);
    }
    read_lines(&r, zw_buf_view(&lines));
    assert_int_equal(zw_routes_of(r.routes, 999, &route, NULL), ZW_OK);
    assert_string_equal(route->why, "no measure 'oftn'; did you mean 'often'?");
    assert_int_equal(zw_routes_of(r.routes, 1000, &route, NULL), ZW_OK);
    assert_string_equal(route->why, "no measure 'oftn'");
    zw_routes_hint_again(r.routes);
    assert_int_equal(zw_routes_of(r.routes, 1001, &route, NULL), ZW_OK);
    assert_string_equal(route->why, "no measure 'oftn'; did you mean 'often'?");
    zw_buf_fini(&lines);
    end(&r);
}

static void what_was_filled_in_is_forgotten_when_asked(void **state)
{
    struct routing r;
    zw_route *route = NULL;
    (void)state;
    begin(&r, land());
    read_lines(&r, "often value=1\nsales value=1\n");
    assert_int_equal(zw_routes_of(r.routes, 1, &route, NULL), ZW_OK);
    route->series = 7;
    assert_int_equal(zw_routes_of(r.routes, 1, &route, NULL), ZW_OK);
    assert_int_equal(route->series, 7);
    zw_routes_forget_series(r.routes);
    assert_int_equal(zw_routes_of(r.routes, 1, &route, NULL), ZW_OK);
    assert_true(route->series == ZW_SERIES_NONE);
    zw_live_keys_clear(r.live.keys);
    zw_routes_clear(r.routes);
    read_lines(&r, "hourly value=1\n");
    assert_int_equal(zw_routes_of(r.routes, 0, &route, NULL), ZW_OK);
    assert_string_equal(r.pack->measures[route->measure].title.name, "hourly");
    end(&r);
}

static void without_memory_it_says_so(void **state)
{
    bool was_refused = true;
    (void)state;
    for (long n = 0; was_refused; n++) {
        struct routing r;
        zw_route *route = NULL;
        begin(&r, land());
        read_lines(&r, "sales,industry=ai,area=east value=1\noftn value=1\n");
        failing_alloc_after(n);
        zw_status status = zw_routes_of(r.routes, 1, &route, NULL);
        was_refused = failing_alloc_stop();
        assert_int_equal(status, was_refused ? ZW_NOMEM : ZW_OK);
        assert_int_equal(route == NULL, was_refused);
        end(&r);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_goes_to_a_measure_or_nowhere),
        cmocka_unit_test(dimensions_are_in_order_of_their_names),
        cmocka_unit_test(a_measure_that_takes_any_takes_all_that_begins_as_it),
        cmocka_unit_test(several_zones_want_an_area),
        cmocka_unit_test(a_label_of_controls_or_without_end_is_named),
        cmocka_unit_test(beyond_a_thousand_no_nearest_name_is_looked_for),
        cmocka_unit_test(what_was_filled_in_is_forgotten_when_asked),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
