/* The columns of an SDMX-CSV: what each is, and which may be a dimension that nobody named. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "intake/sdmx_columns.h"

#include <string.h>

enum { FIELDS_MAX = 24, LISTED_BYTES = 4096 };

static size_t split(char *line, zw_text fields[FIELDS_MAX])
{
    size_t count = 0;
    for (char *field = strtok(line, ","); field != NULL; field = strtok(NULL, ",")) {
        fields[count++] = zw_text_of(field);
    }
    return count;
}

static void columns_are_told_by_their_ids(void **state)
{
    static const struct {
        const char *why, *header, *listed; /* "id is[:label][?]", ? for what may be a dimension */
    } cases[] = {
        {"version 1.0", "DATAFLOW,FREQ,GEO,TIME_PERIOD,OBS_VALUE,OBS_STATUS,CONF_STATUS",
         "DATAFLOW 2 FREQ 0? GEO 0? TIME_PERIOD 4 OBS_VALUE 5 OBS_STATUS 6 CONF_STATUS 0 "},
        {"version 2.0, several values and labels",
         "STRUCTURE[;],STRUCTURE_ID,ACTION,SERIES_KEY,GEO: Where,TIME_PERIOD: When,OBS_VALUE: "
         "Value,COMMENT_OBS[]: Said,UNIT_MULT",
         "STRUCTURE 1 STRUCTURE_ID 2 ACTION 3 SERIES_KEY 1 GEO 0:label? TIME_PERIOD 4:label "
         "OBS_VALUE 5:label COMMENT_OBS 8:label UNIT_MULT 7 "},
        {"names in columns of their own are no dimensions",
         "STRUCTURE,STRUCTURE_ID,STRUCTURE_NAME,SEX,Sex,REF_AREA,Reference area,TIME_PERIOD",
         "STRUCTURE 1 STRUCTURE_ID 2 STRUCTURE_NAME 1 SEX 0? Sex 0 REF_AREA 0? Reference area 0 "
         "TIME_PERIOD 4 "},
        {"as one office has them", "DATAFLOW,LAST UPDATE,geo,TIME_PERIOD,OBS_VALUE,OBS_FLAG",
         "DATAFLOW 2 LAST UPDATE 0 geo 0? TIME_PERIOD 4 OBS_VALUE 5 OBS_FLAG 6 "},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char line[LISTED_BYTES];
        zw_text fields[FIELDS_MAX];
        zw_buf listed;
        static zw_sdmx_columns columns;
        columns = (zw_sdmx_columns){.count = 0};
        (void)strcpy(line, cases[i].header);
        zw_buf_init(&listed, LISTED_BYTES);
        assert_int_equal(zw_sdmx_columns_read(fields, split(line, fields), 1, &columns, NULL),
                         ZW_OK);
        for (uint32_t column = 1; column <= columns.count; column++) {
            const zw_sdmx_column *at = &columns.at[column - 1];
            zw_buf_printf(&listed, "%.*s %d%s%s ", (int)at->id.len, at->id.at, (int)at->is,
                          at->has_label ? ":label" : "",
                          zw_sdmx_may_be_dimension(&columns, column) ? "?" : "");
        }
        if (strcmp(zw_buf_view(&listed), cases[i].listed) != 0) {
            fail_msg("%s: %s", cases[i].why, zw_buf_view(&listed));
        }
        zw_buf_fini(&listed);
        zw_sdmx_columns_fini(&columns);
    }
}

static void headers_that_say_too_little_are_refused(void **state)
{
    static const struct {
        const char *header, *says;
    } cases[] = {
        {"measure,area,period,value", "3:1: expected SDMX-CSV: a column DATAFLOW, or STRUCTURE"},
        {"DATAFLOW,GEO,OBS_VALUE", "3:1: the header has no column TIME_PERIOD"},
        {"DATAFLOW,GEO,TIME_PERIOD,GEO: Where",
         "3:4: column 'GEO' stands twice, first as column 2"},
        {"DATAFLOW,\xFF,TIME_PERIOD", "3:2: expected UTF-8 text"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        char line[LISTED_BYTES];
        zw_text fields[FIELDS_MAX];
        zw_err err = {ZW_OK, ""};
        static zw_sdmx_columns columns;
        columns = (zw_sdmx_columns){.count = 0};
        (void)strcpy(line, cases[i].header);
        zw_status status = zw_sdmx_columns_read(fields, split(line, fields), 3, &columns, &err);
        if (status != ZW_INVALID || strstr(err.text, cases[i].says) != err.text) {
            fail_msg("%s: %s", cases[i].header, err.text);
        }
        zw_sdmx_columns_fini(&columns);
    }
}

static void the_first_line_shows_its_separator(void **state)
{
    static const struct {
        const char *text;
        char separator;
    } cases[] = {
        {"DATAFLOW,A;B", ','},    {"DATAFLOW;A,B", ';'},    {"DATAFLOW\tA", '\t'}, {"", ','},
        {"STRUCTURE[;],ID", ','}, {"STRUCTURE[,];ID", ';'}, {"DATAFLOW", ','},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(zw_sdmx_separator(zw_text_of(cases[i].text)), cases[i].separator);
    }
}

static void a_code_ends_where_its_label_begins(void **state)
{
    (void)state;
    assert_true(zw_text_is(zw_sdmx_code(zw_text_of("DE: Germany: all")), "DE"));
    assert_true(zw_text_is(zw_sdmx_code(zw_text_of("A:B")), "A:B"));
    assert_true(zw_text_is(zw_sdmx_code(zw_text_of("")), ""));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_told_by_their_ids),
        cmocka_unit_test(headers_that_say_too_little_are_refused),
        cmocka_unit_test(the_first_line_shows_its_separator),
        cmocka_unit_test(a_code_ends_where_its_label_begins),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
