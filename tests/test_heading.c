/* Headings: which column is what, and why a header cannot be used. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "failing_alloc.h"
#include "intake/heading.h"

#include <string.h>

/* Cuts `line` at its '|' into fields. */
static size_t fields_of(const char *line, zw_text *out)
{
    size_t count = 0;
    for (const char *at = line;; at++) {
        size_t len = strcspn(at, "|");
        out[count++] = (zw_text){at, len};
        at += len;
        if (*at == '\0') {
            return count;
        }
    }
}

static zw_status heading_of(const char *line, zw_heading *out, zw_err *err)
{
    zw_text fields[16];
    size_t count = fields_of(line, fields);
    return zw_heading_read(&zw_roles_of_figures, fields, count, 3, out, err);
}

static void columns_come_in_any_order(void **state)
{
    (void)state;
    zw_heading heading = {0};
    assert_int_equal(heading_of("size|value|note| scope |area|industry|known_at|measure|"
                                "\xEF\xBD\x93ource|status|period",
                                &heading, NULL),
                     ZW_OK);
    static const uint32_t at[ZW_ROLE_COUNT] = {
        [ZW_ROLE_MEASURE] = 8, [ZW_ROLE_AREA] = 5,    [ZW_ROLE_PERIOD] = 11,
        [ZW_ROLE_VALUE] = 2,   [ZW_ROLE_STATUS] = 10, [ZW_ROLE_KNOWN_AT] = 7,
        [ZW_ROLE_SOURCE] = 9,  [ZW_ROLE_SCOPE] = 4,   [ZW_ROLE_NOTE] = 3,
    };
    for (size_t role = 0; role < ZW_ROLE_COUNT; role++) {
        if (heading.at[role] != at[role]) {
            fail_msg("%s is column %u", zw_role_name((zw_role)role), heading.at[role]);
        }
    }
    assert_int_equal(heading.column_count, 11);
    assert_int_equal(heading.dim_count, 2);
    assert_string_equal(heading.dims[0].name, "industry");
    assert_int_equal(heading.dims[0].column, 6);
    assert_string_equal(heading.dims[1].name, "size");
    assert_int_equal(heading.dims[1].column, 1);
    zw_batch_columns columns = zw_heading_columns(&heading);
    assert_int_equal(columns.measure, 8);
    assert_int_equal(columns.area, 5);
    assert_int_equal(columns.period, 11);
    assert_int_equal(columns.value, 2);
    assert_int_equal(columns.status, 10);
    assert_int_equal(columns.known_at, 7);
    assert_int_equal(columns.scope, 4);
    assert_int_equal(columns.dims, 1);
    zw_heading_fini(&heading);
}

static void what_is_not_there_has_column_0(void **state)
{
    (void)state;
    zw_heading heading = {0};
    assert_int_equal(heading_of("measure|area|period|value", &heading, NULL), ZW_OK);
    zw_batch_columns columns = zw_heading_columns(&heading);
    assert_int_equal(columns.status, 0);
    assert_int_equal(columns.known_at, 0);
    assert_int_equal(columns.scope, 0);
    assert_int_equal(columns.dims, 0);
    zw_heading_fini(&heading);
}

static void a_header_that_cannot_be_used_is_explained(void **state)
{
    (void)state;
    static const struct {
        const char *why, *line, *said;
    } rows[] = {
        {"one required column is missing", "measure|area|value",
         "3:1: the header has no column 'period'"},
        {"all missing ones are named", "note",
         "3:1: the header has no column 'measure', 'area', "
         "'period', 'value'"},
        {"a misspelt one is pointed at", "measure|area|peroid|value",
         "3:3: the header has no column 'period', but 'peroid'; did you mean 'period'?"},
        {"a dimension that is near nothing is not blamed", "industry|area|period|value",
         "3:1: the header has no column 'measure'"},
        {"a required column twice", "area|measure|area|period|value",
         "3:3: column 'area' stands twice, first as column 1"},
        {"a dimension twice", "measure|area|period|value|size|size",
         "3:6: column 'size' stands twice, first as column 5"},
        {"twice after folding", "measure|area|period|value|size|\xEF\xBD\x93ize",
         "3:6: column 'size' stands twice, first as column 5"},
        {"no name at all", "measure|area||period|value", "3:3: the column has no name"},
        {"case is not folded", "Measure|area|period|value",
         "3:1: column 'Measure' has no name of a-z, 0-9 and _; did you mean 'measure'?"},
        {"an office's own heading", "\xE6\x8C\x87\xE6\xA0\x87|area|period|value",
         "3:1: column '\xE6\x8C\x87\xE6\xA0\x87' has no name of a-z, 0-9 and _"},
        {"bytes that are no text",
         "measure|ar\xFF"
         "a|period|value",
         "3:2: expected UTF-8 text without NUL bytes"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_heading heading = {0};
        zw_err err = {0};
        zw_status status = heading_of(rows[i].line, &heading, &err);
        if (status != ZW_INVALID || strcmp(err.text, rows[i].said) != 0) {
            fail_msg("%s: '%s'", rows[i].why, err.text);
        }
        assert_int_equal(heading.column_count, 0);
        zw_heading_fini(&heading);
    }
}

static void a_nul_does_not_end_a_name(void **state)
{
    (void)state;
    zw_text fields[4] = {
        zw_text_of("measure"), zw_text_of("area"), zw_text_of("period"), {"value\0x", 7}};
    zw_heading heading = {0};
    assert_int_equal(zw_heading_read(&zw_roles_of_figures, fields, 4, 1, &heading, NULL),
                     ZW_INVALID);
    zw_heading_fini(&heading);
}

static void too_many_columns_are_refused(void **state)
{
    (void)state;
    static zw_text fields[ZW_HEADING_COLUMNS_MAX + 1];
    zw_heading heading = {0};
    zw_err err = {0};
    assert_int_equal(zw_heading_read(&zw_roles_of_figures, fields, ZW_HEADING_COLUMNS_MAX + 1, 1,
                                     &heading, &err),
                     ZW_INVALID);
    assert_string_equal(err.text, "1:257: expected at most 256 columns, got 257");
    zw_heading_fini(&heading);
}

static void every_refused_allocation_is_answered(void **state)
{
    (void)state;
    static const struct {
        const char *line;
        zw_status status;
    } rows[] = {
        {"measure|area|period|value|industry|size|a_long_name_of_a_dimension_that_fills_a_line",
         ZW_OK},
        {"measure|area|peroid|value", ZW_INVALID},
        {"Measure|area|period|value", ZW_INVALID},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        bool has_refused = true;
        for (long n = 0; has_refused; n++) {
            zw_heading heading = {0};
            failing_alloc_after(n);
            zw_status status = heading_of(rows[i].line, &heading, NULL);
            has_refused = failing_alloc_stop();
            assert_int_equal(status, has_refused ? ZW_NOMEM : rows[i].status);
            zw_heading_fini(&heading);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_come_in_any_order),
        cmocka_unit_test(what_is_not_there_has_column_0),
        cmocka_unit_test(a_header_that_cannot_be_used_is_explained),
        cmocka_unit_test(a_nul_does_not_end_a_name),
        cmocka_unit_test(too_many_columns_are_refused),
        cmocka_unit_test(every_refused_allocation_is_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
