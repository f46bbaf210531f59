/* The text formats of Prometheus. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "failing_alloc.h"
#include "intake/openmetrics.h"
#include "live_world.h"

enum { NOW_MS = 5000 };

static const struct {
    const char *why, *text, *listed;
} good[] = {
    {"nothing", "", ""},
    {"remarks and empty lines",
     "\n# a remark\n#\n  \n# TYPE\t up gauge\n# HELP up  is it \\\\ up\n", ""},
    {"a sample", "up 1\n", "1 up 1 @5000\n"},
    {"labels", "up{job=\"a\",instance=\"b:1\"} 1 1700000000123\n",
     "1 up{job=a,instance=b:1} 1 @1700000000123\n"},
    {"no labels in braces, a comma at their end, spaces among them",
     "a{} 1\nb{x=\"1\",} 2\nc { x = \"1\" , y=\"2\" }  3  4\n",
     "1 a 1 @5000\n2 b{x=1} 2 @5000\n3 c{x=1,y=2} 3 @4\n"},
    {"an empty label is none", "a{x=\"\",y=\"2\"} 1\n", "1 a{y=2} 1 @5000\n"},
    {"escapes", "a{x=\"C:\\\\d, \\\"q\\\"} =\"} 1\n", "1 a{x=C:\\d, \"q\"} =} 1 @5000\n"},
    {"names of metrics may have colons", "job:up:sum 1\n:a{} 2\n",
     "1 job:up:sum 1 @5000\n2 :a 2 @5000\n"},
    {"numbers", "a 1.5e+06\na -0.25\na +3\na .5\na 1e-3\na 12345678901234567890\n",
     "1 a 1500000 @5000\n2 a -0.25 @5000\n3 a 3 @5000\n4 a 0.5 @5000\n5 a 0.001 @5000\n"
     "6 a 1.2345678901234567e+19 @5000\n"},
    {"what is no finite number is named, the others stand",
     "a NaN\na 1\na +Inf\na{x=\"y\"} -Inf 7\na inf\n",
     "2 a 1 @5000\n1:3 expected a finite number, got NaN\n3:3 expected a finite number, got +Inf\n"
     "4:10 expected a finite number, got -Inf\n5:3 expected a finite number, got inf\n"},
    {"a histogram is its series",
     "# HELP lat x\n# TYPE lat histogram\nlat_bucket{le=\"0.1\"} 1\nlat_bucket{le=\"+Inf\"} 3\n"
     "lat_sum 1.5\nlat_count 3\n",
     "3 lat_bucket{le=0.1} 1 @5000\n4 lat_bucket{le=+Inf} 3 @5000\n5 lat_sum 1.5 @5000\n"
     "6 lat_count 3 @5000\n"},
    {"line ends of two bytes, none at the end", "a 1 2\r\n# x\r\n\r\nb 2",
     "1 a 1 @2\n4 b 2 @5000\n"},
    {"OpenMetrics: seconds, exemplars, an end",
     "# TYPE a counter\n# UNIT a_s s\n# HELP a x\n"
     "a_total{x=\"1\"} 3 1700000000.123 # {trace=\"} 1\"} 0.5 1700000000.1\n"
     "a_total 1 # {} 2\n# EOF",
     "4 a_total{x=1} 3 @1700000000123\n5 a_total 1 @5000\n"},
    {"OpenMetrics: moments",
     "a 1 0\na 1 1.5\na 1 1700000000.9999\na 1 -0.0005\na 1 -1.5\na 1 1.7e9\na 1 12.345678\n# "
     "EOF\n",
     "1 a 1 @0\n2 a 1 @1500\n3 a 1 @1700000000999\n4 a 1 @-1\n5 a 1 @-1500\n6 a 1 @1700000000000\n"
     "7 a 1 @12345\n"},
    {"in Prometheus's format # EOF in the middle is a remark", "# EOF\na 1\n", "2 a 1 @5000\n"},
    {"the order changes",
     "a 1\nb{x=\"1\"} 2\na 3\nb{x=\"12\"} 4\nb{x=\"1\"} 5\nb 6\nb  {x=\"1\"} 7\na 8\n",
     "1 a 1 @5000\n2 b{x=1} 2 @5000\n3 a 3 @5000\n4 b{x=12} 4 @5000\n5 b{x=1} 5 @5000\n6 b 6 "
     "@5000\n"
     "7 b{x=1} 7 @5000\n8 a 8 @5000\n"},
    {"Chinese labels", "a{x=\"琶洲\"} 1\n", "1 a{x=琶洲} 1 @5000\n"},
};

static void hold_against(zw_live *live, const char *why, const char *text, const char *listed)
{
    zw_openmetrics_options options = {.now_ms = NOW_MS, .as = ZW_OPENMETRICS_BY_END};
    zw_err err = {ZW_OK, ""};
    zw_buf out;
    zw_live_clear(live);
    if (zw_openmetrics_read(zw_text_of(text), &options, live, &err) != ZW_OK) {
        fail_msg("%s: %s", why, err.text);
    }
    live_list(live, &out);
    if (strcmp(zw_buf_view(&out), listed) != 0) {
        fail_msg("%s:\n%s\nexpected:\n%s", why, zw_buf_view(&out), listed);
    }
    zw_buf_fini(&out);
}

static void samples_are_read_or_named(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        zw_live_keys_clear(f->live.keys);
        hold_against(&f->live, good[i].why, good[i].text, good[i].listed);
    }
}

static void keys_that_were_seen_change_nothing(void **state)
{
    struct fixture *f = *state;
    enum { COUNT = sizeof good / sizeof good[0] };
    for (size_t i = 0; i < 3 * (size_t)COUNT; i++) {
        size_t which = i < 2 * (size_t)COUNT ? i % COUNT : 3 * (size_t)COUNT - 1 - i;
        hold_against(&f->live, good[which].why, good[which].text, good[which].listed);
    }
}

static void what_breaks_the_format_is_refused_whole(void **state)
{
    static const struct {
        const char *why, *text, *error;
    } rows[] = {
        {"no value", "a 1\nb\n", "2:2: expected a number"},
        {"no name", "a 1\n1a 2\n", "2:1: expected the name of a metric"},
        {"a dot in the name", "a.b 1\n", "1:2: expected a space before the value"},
        {"no space before the value", "a{}1\n", "1:4: expected a space before the value"},
        {"a value that is none", "a 1\nb x\n", "2:3: expected a number"},
        {"two signs", "a +-1\n", "1:3: expected a number"},
        {"a number with something behind it", "a 1x\n", "1:3: expected a number"},
        {"too great a number", "a 1e999\n", "1:3: expected a number"},
        {"a timestamp that is none", "a 1 x\n",
         "1:5: expected a timestamp in whole milliseconds, of the years 1 to 9999"},
        {"a fraction of a millisecond", "a 1 1.5\n",
         "1:5: expected a timestamp in whole milliseconds, of the years 1 to 9999"},
        {"a timestamp far away", "a 1 9223372036854775807\n",
         "1:5: expected a timestamp in whole milliseconds, of the years 1 to 9999"},
        {"more behind the timestamp", "a 1 2 3\n", "1:7: expected the end of the line"},
        {"braces that do not close", "a{x=\"1\" 1\n", "1:9: expected ',' or '}' after a label"},
        {"braces that end with the line", "a{\nb 1\n", "1:3: expected label=\"value\""},
        {"a label without value", "a{x} 1\n", "1:3: expected label=\"value\""},
        {"a label without quotation marks", "a{x=1} 1\n",
         "1:5: expected a label's value in quotation marks"},
        {"a label that does not end", "a{x=\"1} 1\nb 2\n",
         "1:5: this text does not end in its line"},
        {"an unknown escape", "a{x=\"\\t\"} 1\n",
         "1:6: expected \\n, \\\" or \\\\ after a backslash"},
        {"a label twice", "a{x=\"1\",x=\"2\"} 1\n", "1:9: this label stands there twice"},
        {"two commas", "a{x=\"1\",,y=\"2\"} 1\n", "1:9: expected label=\"value\""},
        {"a colon in a label", "a{x:y=\"1\"} 1\n", "1:3: expected label=\"value\""},
        {"not UTF-8", "a{x=\"\xFF\"} 1\n", "1:5: expected UTF-8 text"},
        {"an unknown type", "# TYPE a meter\n", "1:10: this is no type of a metric"},
        {"a type without metric", "# TYPE 1 gauge\n", "1:8: expected the name of a metric"},
        {"a type said twice", "# TYPE a gauge\na 1\n# TYPE a counter\n",
         "3:8: the type of this metric was said before"},
        {"help without metric", "# HELP\n", "1:7: expected the name of a metric"},
        {"an exemplar in Prometheus's format", "a 1 # {x=\"1\"} 2\n",
         "1:5: expected the end of the line"},
        {"OpenMetrics: a remark", "# hello\n# EOF\n",
         "1:1: expected # HELP, # TYPE, # UNIT or # EOF"},
        {"OpenMetrics: an empty line", "a 1\n\nb 2\n# EOF\n", "2:1: a line is empty"},
        {"OpenMetrics: an end before the end", "a 1\n# EOF\nb 2\n# EOF",
         "3:1: nothing may stand behind # EOF"},
        {"OpenMetrics: an exemplar without labels", "a 1 # 2\n# EOF", "1:5: expected an exemplar"},
        {"OpenMetrics: an exemplar without value", "a 1 # {}\n# EOF",
         "1:9: expected a number in the exemplar"},
        {"OpenMetrics: a timestamp that is none", "a 1 x\n# EOF",
         "1:5: expected a timestamp in seconds, of the years 1 to 9999"},
        {"OpenMetrics: a timestamp far away", "a 1 1e300\n# EOF",
         "1:5: expected a timestamp in seconds, of the years 1 to 9999"},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_openmetrics_options options = {.now_ms = NOW_MS, .as = ZW_OPENMETRICS_BY_END};
        zw_err err = {ZW_OK, ""};
        zw_status status = zw_openmetrics_read(zw_text_of(rows[i].text), &options, &f->live, &err);
        if (status != ZW_INVALID || strcmp(err.text, rows[i].error) != 0) {
            fail_msg("%s: %s", rows[i].why, err.text);
        }
        assert_int_equal(f->live.row_count, 0);
        assert_int_equal(f->live.faults.count, 0);
    }
}

static void the_format_may_be_said(void **state)
{
    struct fixture *f = *state;
    zw_err err = {ZW_OK, ""};
    zw_openmetrics_options options = {.now_ms = NOW_MS, .as = ZW_OPENMETRICS_STRICT};
    assert_int_equal(zw_openmetrics_read(zw_text_of("a 1 2\n"), &options, &f->live, &err),
                     ZW_INVALID);
    assert_string_equal(err.text, "2:1: expected # EOF at the end");
    options.as = ZW_OPENMETRICS_PROMETHEUS;
    assert_int_equal(zw_openmetrics_read(zw_text_of("a 1 2\n# EOF\n"), &options, &f->live, &err),
                     ZW_OK);
    assert_int_equal(f->live.rows[0].at_ms, 2);
}

/* Every beginning of every text is read within its bounds: the sanitizers see to that. */
static void a_text_may_end_anywhere(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++) {
        size_t len = strlen(good[i].text);
        for (size_t cut = 0; cut <= 2 * len + 1; cut++) { /* of both formats */
            zw_openmetrics_options options = {.now_ms = NOW_MS,
                                              .as = cut > len ? ZW_OPENMETRICS_STRICT
                                                              : ZW_OPENMETRICS_PROMETHEUS};
            size_t bytes = cut % (len + 1);
            char *copy = test_malloc(bytes + (bytes == 0));
            memcpy(copy, good[i].text, bytes);
            zw_live_clear(&f->live);
            (void)!zw_openmetrics_read((zw_text){copy, bytes}, &options, &f->live, NULL);
            test_free(copy);
        }
    }
}

static void without_memory_it_says_so(void **state)
{
    bool was_refused = true;
    (void)state;
    for (long n = 0; was_refused; n++) {
        zw_live live = {NULL, NULL, 0, 0, {NULL, 0, 0}};
        zw_openmetrics_options options = {.now_ms = NOW_MS};
        assert_int_equal(zw_live_keys_create(&live.keys, NULL), ZW_OK);
        failing_alloc_after(n);
        zw_status status =
            zw_openmetrics_read(zw_text_of("# TYPE a gauge\na{x=\"1\"} 1\nb NaN\na{x=\"1\"} 3\n"),
                                &options, &live, NULL);
        was_refused = failing_alloc_stop();
        assert_int_equal(status, was_refused ? ZW_NOMEM : ZW_OK);
        assert_int_equal(live.row_count, was_refused ? 0 : 2);
        zw_live_keys *keys = live.keys;
        zw_live_fini(&live);
        zw_live_keys_destroy(keys);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(samples_are_read_or_named, setup, teardown),
        cmocka_unit_test_setup_teardown(keys_that_were_seen_change_nothing, setup, teardown),
        cmocka_unit_test_setup_teardown(what_breaks_the_format_is_refused_whole, setup, teardown),
        cmocka_unit_test_setup_teardown(the_format_may_be_said, setup, teardown),
        cmocka_unit_test_setup_teardown(a_text_may_end_anywhere, setup, teardown),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
