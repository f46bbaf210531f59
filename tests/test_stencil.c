/* Stencils: the bodies of packs, filled in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "alert/stencil.h"
#include "failing_alloc.h"

#include <string.h>

enum { CEILING = 1024 * 1024 };

struct fixture {
    zw_tz *tz;
};

/* One alert of a message. */
struct alert_row {
    const char *area, *state;
    double value;
    bool is_synthetic;
};

static zw_alert_note note_of(const struct fixture *f, const struct alert_row *row)
{
    bool is_firing = strcmp(row->state, "firing") == 0;
    return (zw_alert_note){.key = {.alert = "low", .area = row->area, .period = "", .item = NULL},
                           .zone = "land",
                           .state = row->state,
                           .severity = "warning",
                           .summary_en = row->area,
                           .summary_zh = "低",
                           .value_shown = "shown",
                           .is_synthetic = row->is_synthetic,
                           .starts_ms = 0,
                           .ends_ms = is_firing ? ZW_NEVER_MS : 86400000,
                           .tz = f->tz};
}

static zw_status fill_in(const struct fixture *f, const char *json, const struct alert_row *rows,
                         size_t count, bool is_zh, zw_buf *out)
{
    zw_stencil *stencil = NULL;
    zw_status status = zw_stencil_create(json, &stencil, NULL);
    for (size_t i = 0; status == ZW_OK && i < count; i++) {
        zw_unit percent;
        zw_alert_note note = note_of(f, &rows[i]);
        assert_int_equal(zw_unit_parse(zw_text_of("%"), &percent, NULL), ZW_OK);
        const zw_fact facts[] = {
            {.name = "area", .text = rows[i].area},
            {.name = "value", .is_number = true, .number = rows[i].value, .show = percent},
            {.name = "status", .text = "not this one"},
        };
        status = zw_stencil_add(stencil, &note, "Too low", (zw_facts){facts, 3}, is_zh, NULL);
    }
    status = status == ZW_OK ? zw_stencil_write(stencil, out, NULL) : status;
    zw_stencil_destroy(stencil);
    return status;
}

static const struct alert_row north = {"north", "firing", 0.05, false};
static const struct alert_row south = {"south", "resolved", 0.05, false};
static const struct alert_row made_up = {"east", "firing", 0.5, true};
static const struct alert_row hostile = {"a\"b\\\n{area}\xFF", "firing", 0.05, false};

static const struct {
    const char *why, *json;
    const struct alert_row *rows[3];
    bool is_zh;
    const char *filled;
} cases[] = {
    {"no placeholder at all",
     "{\"msg_type\":\"text\",\"n\":1}",
     {&north, &south},
     false,
     "{\"msg_type\":\"text\",\"n\":1}"},
    {"one alert",
     "{\"content\":{\"text\":\"[{severity}] {area} {value:%}\"}}",
     {&north},
     false,
     "{\"content\":{\"text\":\"[warning] north 5.0 %\"}}"},
    {"several go on lines of their own",
     "{\"t\":\"{area}: {value:%}\"}",
     {&north, &south},
     false,
     "{\"t\":\"north: 5.0 %\\nsouth: 5.0 %\"}"},
    {"what is the same is said once",
     "[\"{alert} {value:%}\",\"{zone}\"]",
     {&north, &south},
     false,
     "[\"low 5.0 %\",\"\"]"},
    {"the message's own names come first",
     "[\"{status} {starts} {ends} {title} {item}\"]",
     {&south},
     false,
     "[\"resolved 1970-01-01T00:00:00+00:00 1970-01-02T00:00:00+00:00 Too low \"]"},
    {"while it fires there is no end", "[\"{status}|{ends}\"]", {&north}, false, "[\"firing|\"]"},
    {"the summary is in the message's language",
     "[\"{summary}\",\"{summary_en}\"]",
     {&north},
     true,
     "[\"低\",\"north\"]"},
    {"a name of the language's that is not there says nothing",
     "[\"<{lacking}{goal}>\"]",
     {&north},
     false,
     "[\"<>\"]"},
    {"a name that nobody knows stays", "[\"{gap}\"]", {&north}, false, "[\"{gap}\"]"},
    {"a brace", "[\"{{x}\"]", {&north}, false, "[\"{x}\"]"},
    {"what was said is neither filled in again nor breaks the JSON",
     "[\"{area}\"]",
     {&hostile},
     false,
     "[\"a\\\"b\\\\\\n{area}\xEF\xBF\xBD\"]"},
    {"made up figures are marked where they are said",
     "[\"{area}\",\"{value:%} of it\"]",
     {&made_up, &north},
     false,
     "[\"east\\nnorth\",\"50.0 % of it (synthetic)\\n5.0 % of it\"]"},
    {"the summary marks itself, once",
     "[\"{summary}\",\"{area} in {alert}\"]",
     {&made_up},
     false,
     "[\"east (synthetic)\",\"east in low\"]"},
    {"where nothing is said of them the longest text is marked",
     "[\"{area}\",\"{alert} fires\"]",
     {&made_up},
     false,
     "[\"east\",\"low fires (synthetic)\"]"},
    {"in Chinese", "[\"{area} {value:%}\"]", {&made_up}, true, "[\"east 50.0 %(模拟数据)\"]"},
};

static void bodies_are_filled_in(void **state)
{
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct alert_row rows[3];
        size_t count = 0;
        zw_buf out;
        print_message("  %s\n", cases[i].why);
        for (; count < 3 && cases[i].rows[count] != NULL; count++) {
            rows[count] = *cases[i].rows[count];
        }
        zw_buf_init(&out, CEILING);
        assert_int_equal(fill_in(*state, cases[i].json, rows, count, cases[i].is_zh, &out), ZW_OK);
        assert_string_equal(zw_buf_view(&out), cases[i].filled);
        zw_buf_fini(&out);
    }
}

static void without_memory_it_says_so(void **state)
{
    zw_status status = ZW_NOMEM;
    const struct alert_row rows[] = {made_up, north};
    for (long n = 0; status != ZW_OK; n++) {
        zw_buf out;
        assert_int_equal(status, ZW_NOMEM);
        zw_buf_init(&out, CEILING);
        failing_alloc_after(n);
        status =
            fill_in(*state, "{\"a\":[\"{area} {value:%}\",\"{summary}\"]}", rows, 2, false, &out);
        bool has_failed = failing_alloc_stop();
        assert_int_equal(has_failed, status != ZW_OK);
        if (status == ZW_OK) {
            assert_string_equal(zw_buf_view(&out), "{\"a\":[\"east 50.0 % (synthetic)\\nnorth 5.0 "
                                                   "%\",\"east (synthetic)\\nnorth\"]}");
        }
        zw_buf_fini(&out);
    }
}

static int setup(void **state)
{
    static struct fixture fixture;
    *state = &fixture;
    return zw_tz_create("UTC", &fixture.tz, NULL) == ZW_OK ? 0 : -1;
}

static int teardown(void **state)
{
    zw_tz_destroy(((struct fixture *)*state)->tz);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bodies_are_filled_in),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
