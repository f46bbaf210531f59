/* Influx line protocol. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "failing_alloc.h"
#include "intake/line.h"
#include "live_world.h"

#include <stdio.h>

enum { NOW_MS = 5000 };

/* Reads with the keys that are there and holds the result against `listed`. */
static void read_as(zw_live *live, const char *why, zw_text text, int64_t unit_ns,
                    const char *listed)
{
    zw_line_options options = {.now_ms = NOW_MS, .unit_ns = unit_ns};
    zw_buf out;
    zw_live_clear(live);
    assert_int_equal(zw_line_read(text, &options, live, NULL), ZW_OK);
    live_list(live, &out);
    if (strcmp(zw_buf_view(&out), listed) != 0) {
        fail_msg("%s:\n%s\nexpected:\n%s", why, zw_buf_view(&out), listed);
    }
    zw_buf_fini(&out);
}

static const struct {
    const char *why, *text, *listed;
} cases[] = {
    {"nothing", "", ""},
    {"blank lines and remarks", "\n  \n# cpu value=1\n\r\n#\n", ""},
    {"a line without tags and moment", "cpu value=1", "1 cpu.value 1 @5000\n"},
    {"tags in the order they stand", "cpu,host=a,dc=b value=1.5 2000000\n",
     "1 cpu{host=a,dc=b}.value 1.5 @2\n"},
    {"several fields share the line and the moment", "cpu,host=a user=1,idle=98.5 3000000\n",
     "1 cpu{host=a}.user 1 @3\n1 cpu{host=a}.idle 98.5 @3\n"},
    {"a moment is rounded down", "m v=1 1999999\nm v=1 -1\n", "1 m.v 1 @1\n2 m.v 1 @-1\n"},
    {"line ends of two bytes", "m v=1 2000000\r\nm v=2\r\n", "1 m.v 1 @2\n2 m.v 2 @5000\n"},
    {"more spaces than needed", "  m,t=x   v=1   2000000  \n", "1 m{t=x}.v 1 @2\n"},
    {"numbers",
     "m a=0,b=-0.25,c=.5,d=1e3,e=1E-2,f=12i,g=-12i,h=12u,i=9223372036854775807i,"
     "j=-9223372036854775808i,k=18446744073709551615u,l=123456789.123456789\n",
     "1 m.a 0 @5000\n1 m.b -0.25 @5000\n1 m.c 0.5 @5000\n1 m.d 1000 @5000\n1 m.e 0.01 @5000\n"
     "1 m.f 12 @5000\n1 m.g -12 @5000\n1 m.h 12 @5000\n1 m.i 9.223372036854776e+18 @5000\n"
     "1 m.j -9.223372036854776e+18 @5000\n1 m.k 1.8446744073709552e+19 @5000\n"
     "1 m.l 123456789.12345679 @5000\n"},
    {"booleans", "m a=t,b=T,c=true,d=True,e=TRUE,f=f,g=F,h=false,i=False,j=FALSE\n",
     "1 m.a 1 @5000\n1 m.b 1 @5000\n1 m.c 1 @5000\n1 m.d 1 @5000\n1 m.e 1 @5000\n"
     "1 m.f 0 @5000\n1 m.g 0 @5000\n1 m.h 0 @5000\n1 m.i 0 @5000\n1 m.j 0 @5000\n"},
    {"escapes", "my\\ cpu\\,x\\=y,the\\ host=a\\,b\\ c\\=d\\e,q=\"z\" f\\ \\=\\,=1\n",
     "1 my cpu,x\\=y{the host=a,b c=d\\e,q=\"z\"}.f =, 1 @5000\n"},
    {"a backslash that escapes nothing stays", "c\\pu,h=C:\\\\dir v=1\n",
     "1 c\\pu{h=C:\\\\dir}.v 1 @5000\n"},
    {"Chinese names", "等待,街道=琶洲 分钟=3\n", "1 等待{街道=琶洲}.分钟 3 @5000\n"},
    {"a text is refused by its field's name, with all of its line",
     "m a=1,b=\"x, y=1 \\\" z\",c=2\nm a=3\n",
     "2 m.a 3 @5000\n1:9 field 'b' is a text: expected a number or a boolean\n"},
    {"a text may hold line breaks", "m b=\"x\ny\n\",c=\"z\nm v=9\" 1\nm v=3\n",
     "5 m.v 3 @5000\n1:5 field 'b' is a text: expected a number or a boolean\n"},
    {"a text that does not end costs its own line", "m a=1,b=\"x\nm v=3\n",
     "2 m.v 3 @5000\n1:9 field 'b' is a text that does not end: expected a number or a boolean\n"},
    {"a quotation mark in a tag begins no text", "m,t=\"a v=1,\nm v=2\n",
     "2 m.v 2 @5000\n1:12 expected field=value, got ''\n"},
    {"a line without fields", "cpu\ncpu,host=a\ncpu \n",
     "1:4 expected a field after the measurement and its tags\n"
     "2:11 expected a field after the measurement and its tags\n"
     "3:5 expected a field after the measurement and its tags\n"},
    {"fields that are none", "m v\nm v 1\nm =1\nm v=1,\nm v=1,,w=2\nm ,v=1\nm v=1,w\nm v w=1\n",
     "1:3 expected field=value, got 'v'\n2:3 expected field=value, got 'v 1'\n"
     "3:3 expected a field's name\n4:7 expected field=value, got ''\n"
     "5:7 expected field=value, got ''\n6:3 expected field=value, got ''\n"
     "7:7 expected field=value, got 'w'\n8:3 expected field=value, got 'v w'\n"},
    {"values that are none",
     "m v=\nm v=x\nm v=1x\nm v=1.5i\nm v=-1u\nm v=1e999\nm v=NaN\nm v=inf\nm v=--1\nm v=1.\n"
     "m v=9223372036854775808i\nm v=18446744073709551616u\nm v=i\nm v=tru\nm v=0x10\n",
     "1:5 expected a number or a boolean in field 'v', got ''\n"
     "2:5 expected a number or a boolean in field 'v', got 'x'\n"
     "3:5 expected a number or a boolean in field 'v', got '1x'\n"
     "4:5 expected a number or a boolean in field 'v', got '1.5i'\n"
     "5:5 expected a number or a boolean in field 'v', got '-1u'\n"
     "6:5 expected a number or a boolean in field 'v', got '1e999'\n"
     "7:5 expected a number or a boolean in field 'v', got 'NaN'\n"
     "8:5 expected a number or a boolean in field 'v', got 'inf'\n"
     "9:5 expected a number or a boolean in field 'v', got '--1'\n"
     "10:5 expected a number or a boolean in field 'v', got '1.'\n"
     "11:5 expected a number or a boolean in field 'v', got '9223372036854775808i'\n"
     "12:5 expected a number or a boolean in field 'v', got '18446744073709551616u'\n"
     "13:5 expected a number or a boolean in field 'v', got 'i'\n"
     "14:5 expected a number or a boolean in field 'v', got 'tru'\n"
     "15:5 expected a number or a boolean in field 'v', got '0x10'\n"},
    {"tags that are none",
     ",t=x v=1\nm,t v=1\nm,=x v=1\nm,t= v=1\nm, v=1\nm,t=x,t=y v=1\n"
     "m,t=x=y v=1\n",
     "1:1 expected a measurement\n2:3 expected tag=value, got 't'\n3:3 expected a tag's name\n"
     "4:5 expected a tag's value\n5:3 expected tag=value, got ''\n"
     "6:7 tag 't' stands there twice\n"
     "7:6 expected '\\=' for an equals sign in the value of a tag\n"},
    {"moments that are none",
     "m v=1 x\nm v=1 1.5\nm v=1 1 2\nm v=1 -\nm v=1 1i\n"
     "m v=1 9223372036854775808\n",
     "1:7 expected a timestamp, a whole number, got 'x'\n"
     "2:7 expected a timestamp, a whole number, got '1.5'\n"
     "3:9 expected the end of the line after the timestamp\n"
     "4:7 expected a timestamp, a whole number, got '-'\n"
     "5:7 expected a timestamp, a whole number, got '1i'\n"
     "6:7 expected a timestamp, a whole number, got '9223372036854775808'\n"},
    {"names that nobody typed", "m\x01 v=1\nm\xFF v=1\nm,t=a\x7F v=1\nm,t=a v\x02=1\n",
     "1:1 expected a measurement in UTF-8 without control characters\n"
     "2:1 expected a measurement in UTF-8 without control characters\n"
     "3:5 expected a tag's value in UTF-8 without control characters\n"
     "4:7 expected a field's name in UTF-8 without control characters\n"},
    {"good lines stand beside bad ones, and only the first mistake of a line is told",
     "m v=1\nm v=x,w=y z\nm v=3\n",
     "1 m.v 1 @5000\n3 m.v 3 @5000\n"
     "2:5 expected a number or a boolean in field 'v', got 'x'\n"},
    {"series in any order",
     "a,t=1 v=1\nb,t=1 v=2\na,t=1 v=3\na,t=12 v=4\nb,t=1 v=5,w=6\na,t=1 v=7\nb,t=1 w=8\nb,t=1 "
     "vw=9\n",
     "1 a{t=1}.v 1 @5000\n2 b{t=1}.v 2 @5000\n3 a{t=1}.v 3 @5000\n4 a{t=12}.v 4 @5000\n"
     "5 b{t=1}.v 5 @5000\n5 b{t=1}.w 6 @5000\n6 a{t=1}.v 7 @5000\n7 b{t=1}.w 8 @5000\n"
     "8 b{t=1}.vw 9 @5000\n"},
    {"one moment again, longer, shorter, and with something behind it",
     "m v=1 2000000\nm v=2 2000000\nm v=3 20000000\nm v=4 2000000 \nm v=5 2000000x\nm v=6 2000000",
     "1 m.v 1 @2\n2 m.v 2 @2\n3 m.v 3 @20\n4 m.v 4 @2\n6 m.v 6 @2\n"
     "5:7 expected a timestamp, a whole number, got '2000000x'\n"},
    {"a series that begins as the expected one does",
     "m,t=a v=1\nm,t=a v=2\nm,t=a\\ v\\=3 w=4\nm,t=a\\  v=5\n",
     "1 m{t=a}.v 1 @5000\n2 m{t=a}.v 2 @5000\n3 m{t=a v=3}.w 4 @5000\n4 m{t=a }.v 5 @5000\n"},
};

static void lines_are_read_or_named(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        zw_live_keys_clear(f->live.keys);
        read_as(&f->live, cases[i].why, zw_text_of(cases[i].text), 0, cases[i].listed);
    }
}

/* Keys of the same text and of all the others are known: the answer is the same. */
static void keys_that_were_seen_change_nothing(void **state)
{
    struct fixture *f = *state;
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
            size_t which = round == 2 ? sizeof cases / sizeof cases[0] - 1 - i : i;
            read_as(&f->live, cases[which].why, zw_text_of(cases[which].text), 0,
                    cases[which].listed);
        }
    }
}

static void a_known_series_makes_no_new_key(void **state)
{
    struct fixture *f = *state;
    const char *text = "m,t=a v=1,w=2\nm,t=b v=1,w=2\nm,t=a w=2,v=1\n";
    zw_line_options options = {.now_ms = NOW_MS};
    for (int i = 0; i < 3; i++) {
        assert_int_equal(zw_line_read(zw_text_of(text), &options, &f->live, NULL), ZW_OK);
        assert_int_equal(zw_live_keys_count(f->live.keys), 4);
    }
    assert_int_equal(f->live.row_count, 18);
}

/* Every beginning of a text is read within its bounds (the sanitizers see to that), and a whole
 * line of it is read as it is in the whole text. */
static void a_text_may_end_anywhere(void **state)
{
    struct fixture *f = *state;
    zw_line_options options = {.now_ms = NOW_MS};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        size_t len = strlen(cases[i].text);
        for (size_t cut = 0; cut <= len; cut++) {
            char *copy = test_malloc(cut + (cut == 0));
            memcpy(copy, cases[i].text, cut);
            zw_live_clear(&f->live);
            assert_int_equal(zw_line_read((zw_text){copy, cut}, &options, &f->live, NULL), ZW_OK);
            test_free(copy);
        }
    }
}

static void precisions_say_what_a_timestamp_counts(void **state)
{
    static const struct {
        const char *text;
        int64_t count, at_ms;
    } rows[] = {{"ns", 1700000000123456789, 1700000000123},
                {"n", 1999999, 1},
                {"us", 1700000000123456, 1700000000123},
                {"u", 1999, 1},
                {"\xC2\xB5s", 1999, 1},
                {"\xC2\xB5", -1, -1},
                {"ms", 1700000000123, 1700000000123},
                {"s", 1700000000, 1700000000000},
                {"m", 28333333, 1699999980000},
                {"h", -1, -3600000}};
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char text[64];
        char listed[64];
        int64_t unit_ns = 0;
        (void)snprintf(text, sizeof text, "m v=1 %lld", (long long)rows[i].count);
        (void)snprintf(listed, sizeof listed, "1 m.v 1 @%lld\n", (long long)rows[i].at_ms);
        assert_true(zw_line_precision(rows[i].text, &unit_ns));
        read_as(&f->live, rows[i].text, zw_text_of(text), unit_ns, listed);
    }
    static const char *const wrong[] = {"", "d", "NS", "sec", "ns "};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        int64_t unit_ns = 0;
        assert_false(zw_line_precision(wrong[i], &unit_ns));
    }
}

static void a_moment_outside_the_years_is_named(void **state)
{
    struct fixture *f = *state;
    read_as(&f->live, "too late", zw_text_of("m v=1 253402300800\nm v=1 253402300799\n"),
            INT64_C(1000000000),
            "2 m.v 1 @253402300799000\n"
            "1:7 the timestamp 253402300800 is outside the years 1 to 9999\n");
    read_as(&f->live, "too early", zw_text_of("m v=1 -62135596801\nm v=1 -62135596800\n"),
            INT64_C(1000000000),
            "2 m.v 1 @-62135596800000\n"
            "1:7 the timestamp -62135596801 is outside the years 1 to 9999\n");
    read_as(&f->live, "far too late",
            zw_text_of("m v=1 9223372036854775807\nm v=1 -9223372036854775808\n"),
            INT64_C(3600000000000),
            "1:7 the timestamp 9223372036854775807 is outside the years 1 to 9999\n"
            "2:7 the timestamp -9223372036854775808 is outside the years 1 to 9999\n");
    read_as(&f->live, "the same again",
            zw_text_of("m v=1 253402300800\nm v=1 253402300800\nm v=1 253402300800 x\n"),
            INT64_C(1000000000),
            "1:7 the timestamp 253402300800 is outside the years 1 to 9999\n"
            "2:7 the timestamp 253402300800 is outside the years 1 to 9999\n"
            "3:7 the timestamp 253402300800 is outside the years 1 to 9999\n");
    read_as(&f->live, "the whole range of nanoseconds is inside",
            zw_text_of("m v=1 9223372036854775807\nm v=1 -9223372036854775808\n"), 1,
            "1 m.v 1 @9223372036854\n2 m.v 1 @-9223372036855\n");
}

static void too_many_tags_are_named(void **state)
{
    struct fixture *f = *state;
    zw_buf text;
    zw_buf_init(&text, 1 << 16);
    zw_buf_puts(&text, "m");
    for (int i = 0; i < 257; i++) {
        zw_buf_printf(&text, ",t%d=x", i);
    }
    zw_buf_puts(&text, " v=1\n");
    read_as(&f->live, "257 tags", (zw_text){zw_buf_view(&text), text.len}, 0,
            "1:1685 expected at most 256 tags\n");
    zw_buf_fini(&text);
}

static void without_memory_it_says_so(void **state)
{
    bool was_refused = true;
    (void)state;
    for (long n = 0; was_refused; n++) {
        zw_live live = {NULL, NULL, 0, 0, {NULL, 0, 0}};
        zw_line_options options = {.now_ms = NOW_MS};
        assert_int_equal(zw_live_keys_create(&live.keys, NULL), ZW_OK);
        failing_alloc_after(n);
        zw_status status = zw_line_read(zw_text_of("m,t=a v=1,w=2\nm,t=b v=x\nm,t=a v=3\n"),
                                        &options, &live, NULL);
        was_refused = failing_alloc_stop();
        assert_int_equal(status, was_refused ? ZW_NOMEM : ZW_OK);
        assert_true(was_refused || live.row_count == 3);
        zw_live_keys *keys = live.keys;
        zw_live_fini(&live);
        zw_live_keys_destroy(keys);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(lines_are_read_or_named, setup, teardown),
        cmocka_unit_test_setup_teardown(keys_that_were_seen_change_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(a_known_series_makes_no_new_key, setup, teardown),
        cmocka_unit_test_setup_teardown(a_text_may_end_anywhere, setup, teardown),
        cmocka_unit_test_setup_teardown(precisions_say_what_a_timestamp_counts, setup, teardown),
        cmocka_unit_test_setup_teardown(a_moment_outside_the_years_is_named, setup, teardown),
        cmocka_unit_test_setup_teardown(too_many_tags_are_named, setup, teardown),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
