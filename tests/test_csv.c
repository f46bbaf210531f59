/* Tidy CSV: good rows become figures, every bad field is named, whatever the text looks like. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "failing_alloc.h"
#include "intake/csv.h"

#include <stdio.h>
#include <string.h>

enum { LISTED_BYTES = 1 << 14 };

#define HEADER "measure,area,period,value\n"

static zw_batch *batch_made(void)
{
    zw_batch *batch;
    assert_int_equal(zw_batch_create(&batch, NULL), ZW_OK);
    return batch;
}

static zw_batch *batch_of(const char *text)
{
    zw_batch *batch = batch_made();
    zw_err err = {0};
    if (zw_csv_read(zw_text_of(text), 0, batch, &err) != ZW_OK) {
        fail_msg("refused: %s", err.text);
    }
    return batch;
}

static const char *text_of(const zw_batch *batch, uint32_t number)
{
    return zw_pool_text(batch->texts, number);
}

/* "line:column text" of every fault, one a line. */
static void faults_list(const zw_batch *batch, zw_buf *out)
{
    for (size_t i = 0; i < batch->faults.count; i++) {
        const zw_fault *fault = &batch->faults.at[i];
        (void)zw_buf_printf(out, "%s%u:%u %s", i > 0 ? "\n" : "", fault->line, fault->column,
                            fault->text);
    }
}

/* "line measure/area value" of every row, one a line; "-" for no value. */
static void rows_list(const zw_batch *batch, zw_buf *out)
{
    for (size_t i = 0; i < batch->row_count; i++) {
        const zw_row *row = &batch->rows[i];
        char number[32] = "-";
        if (row->has_value) {
            (void)zw_text_of_number(row->value, number, sizeof number);
        }
        (void)zw_buf_printf(out, "%s%u %s/%s %s", i > 0 ? "\n" : "", row->line,
                            text_of(batch, row->measure), text_of(batch, row->area), number);
    }
}

static void a_row_says_everything_it_can(void **state)
{
    (void)state;
    zw_batch *batch =
        batch_of("note,size,status,value,period,area,measure,industry,scope,source,known_at\n"
                 "\" first, but late \",big,P,603.2,2022-Q3,\xE3\x80\x80yuzhu,"
                 "\xEF\xBD\x92\xEF\xBD\x85venue, ai ,\xEF\xBC\xA1,press,2023-03-01\n");
    assert_int_equal(batch->faults.count, 0);
    assert_int_equal(batch->row_count, 1);
    const zw_row *row = &batch->rows[0];
    assert_string_equal(text_of(batch, row->measure), "revenue");
    assert_string_equal(text_of(batch, row->area), "yuzhu");
    assert_string_equal(text_of(batch, row->dims), "industry=ai\x1fsize=big");
    assert_string_equal(text_of(batch, row->scope), "A");
    assert_string_equal(text_of(batch, row->source), "press");
    assert_string_equal(text_of(batch, row->note), "first, but late");
    assert_int_equal(row->line, 2);
    assert_int_equal(row->status, ZW_OBS_PROVISIONAL);
    assert_true(row->has_value && row->value == 603.2);
    assert_int_equal(row->period.is, ZW_STAMP_PERIOD);
    assert_int_equal(row->period.grid.every, ZW_QUARTER);
    assert_int_equal(row->period.period, 52 * 4 + 2);
    assert_true(row->has_known_at);
    assert_int_equal(row->known_at.grid.every, ZW_DAY);
    assert_int_equal(batch->columns.value, 4);
    assert_int_equal(batch->columns.dims, 2);
    zw_batch_destroy(batch);
}

static void a_row_says_as_little_as_it_may(void **state)
{
    (void)state;
    zw_batch *batch = batch_of("measure,area,period,value,industry,status,known_at\n"
                               "revenue,,2022,,,M,\n");
    assert_int_equal(batch->faults.count, 0);
    assert_int_equal(batch->row_count, 1);
    const zw_row *row = &batch->rows[0];
    assert_int_equal(row->area, 0);
    assert_int_equal(row->dims, 0);
    assert_int_equal(row->scope, 0);
    assert_int_equal(row->status, ZW_OBS_MISSING);
    assert_false(row->has_value);
    assert_false(row->has_known_at);
    zw_batch_destroy(batch);
}

static void texts_come_in_many_shapes(void **state)
{
    (void)state;
    static const struct {
        const char *why, *text, *rows;
    } shapes[] = {
        {"a header alone is no row", HEADER, ""},
        {"a header without its line end", "measure,area,period,value", ""},
        {"a last line without its end", HEADER "m,a,2022,1", "2 m/a 1"},
        {"CR LF", "measure,area,period,value\r\nm,a,2022,1\r\nm,b,2022,2\r\n", "2 m/a 1\n3 m/b 2"},
        {"CR alone", "measure,area,period,value\rm,a,2022,1\rm,b,2022,2", "2 m/a 1\n3 m/b 2"},
        {"blank lines count but say nothing",
         "\n \n" HEADER "\nm,a,2022,1\n  \t\n\xE3\x80\x80\n\r\nm,b,2022,2\n\n", "5 m/a 1\n9 m/b 2"},
        {"quotes", HEADER "\"m\",\"a,\"\"b\"\"\",2022,\"1\"\n", "2 m/a,\"b\" 1"},
        {"spaces around fields and quotes", HEADER " m , \"a\" ,\t2022 , 1 \n", "2 m/a 1"},
        {"a byte order mark that is still there", "\xEF\xBB\xBF" HEADER "m,a,2022,1\n", "2 m/a 1"},
        {"tabs", "measure\tarea\tperiod\tvalue\nm\ta,b\t2022\t1\nm\t\t2022\t2\n",
         "2 m/a,b 1\n3 m/ 2"},
        {"tabs inside when there is a comma", "measure,area,\tperiod,value\nm,a,2022,1\n",
         "2 m/a 1"},
        {"lines inside quotes are counted",
         "measure,area,period,value,note\nm,a,2022,1,\"x\ny\r\nz\"\nm,b,2022,2,\"\n\"\nm,c,2022,3,"
         "\n",
         "2 m/a 1\n5 m/b 2\n7 m/c 3"},
        {"a header over two lines", "measure,area,\"period\n\",value\nm,a,2022,1\n", "3 m/a 1"},
        {"no line end and an open space", HEADER "m,a,2022,1 ", "2 m/a 1"},
    };
    for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
        zw_batch *batch = batch_of(shapes[i].text);
        zw_buf rows;
        zw_buf_init(&rows, LISTED_BYTES);
        rows_list(batch, &rows);
        faults_list(batch, &rows);
        if (strcmp(zw_buf_view(&rows), shapes[i].rows) != 0) {
            fail_msg("%s: %s", shapes[i].why, zw_buf_view(&rows));
        }
        zw_buf_fini(&rows);
        zw_batch_destroy(batch);
    }
}

static void a_separator_can_be_told(void **state)
{
    (void)state;
    static const char text[] = "measure\tarea\tperiod\tvalue\nm\ta\t2022\t1\n";
    zw_batch *batch = batch_made();
    assert_int_equal(zw_csv_read(zw_text_of(text), '\t', batch, NULL), ZW_OK);
    assert_int_equal(batch->row_count, 1);
    assert_int_equal(zw_csv_read(zw_text_of(text), ',', batch, NULL), ZW_INVALID);
    zw_batch_destroy(batch);
}

#define WIDE "measure,area,period,value,status,known_at,industry,note\n"

static const struct {
    const char *why, *text, *faults;
} bad_fields[] = {
    {"too few fields", HEADER "m,a,2022\n", "2:0 expected 4 fields, got 3"},
    {"too many fields", HEADER "m,a,2022,1,\n", "2:0 expected 4 fields, got 5"},
    {"nothing but commas", HEADER ",,,\n",
     "2:1 expected a measure, got nothing\n2:3 expected a period, got nothing\n"
     "2:4 an empty value needs status M"},
    {"a thousands mark", HEADER "m,a,2022,\"1,234\"\n",
     "2:4 expected a plain number in the measure's unit, got '1,234'"},
    {"a percent sign", HEADER "m,a,2022,12%\n",
     "2:4 expected a plain number in the measure's unit, got '12%'"},
    {"a line end in a number stays in one line", HEADER "m,a,2022,\"1\n2\"\n",
     "2:4 expected a plain number in the measure's unit, got '1 2'"},
    {"an unknown status", WIDE "m,a,2022,1,X,,,\n", "2:5 expected status A, P, E, F or M, got 'X'"},
    {"an unknown status says nothing about the value", WIDE "m,a,2022,,X,,,\n",
     "2:5 expected status A, P, E, F or M, got 'X'"},
    {"a withdrawn figure with a value", WIDE "m,a,2022,5,M,,,\n",
     "2:4 status M withdraws the figure: expected no value, got '5'"},
    {"no value and no M", WIDE "m,a,2022,,P,,,\n", "2:4 an empty value needs status M"},
    {"a control character in a dimension",
     WIDE "m,a,2022,1,,,a\x1f"
          "b,\n",
     "2:7 the value of dimension 'industry' holds a control character"},
    {"a line end in a dimension", WIDE "m,a,2022,1,,,\"a\nb\",\n",
     "2:7 the value of dimension 'industry' holds a control character"},
    {"a C1 control in an area",
     WIDE "m,a\xC2\x85"
          "b,2022,1,,,,\n",
     "2:2 the area holds a control character"},
    {"a quote in an unquoted field", HEADER "m,a\"b,2022,1\nm,c,2022,1\n",
     "2:2 a quote inside a field: quote the whole field and double the quotes in it"},
    {"more behind a closing quote", HEADER "m,\"a\"b,2022,1\nm,c,2022,1\n",
     "2:2 a quote inside a field: quote the whole field and double the quotes in it"},
    {"a quote that closes too late", HEADER "m,\"a,2022,1\nm,b,2022,1\nm,\"c\",2022,1\n",
     "2:2 a quote inside a field: quote the whole field and double the quotes in it; lines 2 "
     "to 4 were not read"},
    {"a quote that never closes", HEADER "m,\"a,2022,1\nm,b,2022,1\n",
     "2:2 a quoted field is never closed; lines 2 to 3 were not read"},
    {"a quote that never closes, in the last line", HEADER "m,a,2022,\"1",
     "2:4 a quoted field is never closed"},
    {"bytes that are no UTF-8", HEADER "m,a\xFF,2022,\xC5\nm,b,2022,1\n",
     "2:2 expected UTF-8 text without NUL bytes\n2:4 expected UTF-8 text without NUL bytes"},
    {"a long text is cut",
     HEADER "m,a,2022,"
            "aaaaaaaaaabbbbbbbbbbaaaaaaaaaabbbbbbbbbbaaaaaaaaaabbbbbbbbbb"
            "cccc\n",
     "2:4 expected a plain number in the measure's unit, got "
     "'aaaaaaaaaabbbbbbbbbbaaaaaaaaaabbbbbbbbbbaaaaaaaaaabbbbbbbbbb'"},
    {"the same cell with another value", HEADER "m,a,2022,1\nm,a,2022-A1,2\n",
     "3:0 line 2 gives another value or status for the same figure"},
    {"the same cell with another status", WIDE "m,a,2022,1,,,,\nm,a,2022,1,P,,,\n",
     "3:0 line 2 gives another value or status for the same figure"},
    {"three bad rows", HEADER "m,a,2022,x\nm,b,2022,1\n,c,2022,1\nm,d\n",
     "2:4 expected a plain number in the measure's unit, got 'x'\n"
     "4:1 expected a measure, got nothing\n5:0 expected 4 fields, got 2"},
};

static void every_bad_field_is_named(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bad_fields / sizeof bad_fields[0]; i++) {
        zw_batch *batch = batch_of(bad_fields[i].text);
        zw_buf faults;
        zw_buf_init(&faults, LISTED_BYTES);
        faults_list(batch, &faults);
        if (strcmp(zw_buf_view(&faults), bad_fields[i].faults) != 0) {
            fail_msg("%s: %s", bad_fields[i].why, zw_buf_view(&faults));
        }
        zw_buf_fini(&faults);
        zw_batch_destroy(batch);
    }
}

static void bad_stamps_are_named_with_what_was_expected(void **state)
{
    (void)state;
    zw_batch *batch = batch_of(WIDE "m,a,2022-13,1,,2023-02-30,,\n");
    assert_int_equal(batch->row_count, 0);
    assert_int_equal(batch->faults.count, 2);
    assert_int_equal(batch->faults.at[0].column, 3);
    assert_non_null(strstr(batch->faults.at[0].text, "'2022-13'"));
    assert_non_null(strstr(batch->faults.at[0].text, "expected 2022"));
    assert_int_equal(batch->faults.at[1].column, 6);
    assert_non_null(strstr(batch->faults.at[1].text, "'2023-02-30'"));
    zw_batch_destroy(batch);
}

static void good_rows_around_a_bad_one_are_kept(void **state)
{
    (void)state;
    static const struct {
        const char *why, *text, *rows;
    } cases[] = {
        {"a bad value", HEADER "m,a,2022,1\nm,b,2022,x\nm,c,2022,3\n", "2 m/a 1\n4 m/c 3"},
        {"a bad quote ends with its line", HEADER "m,a,2022,1\nm,b\",2022,\"x\nm,c,2022,3\n",
         "2 m/a 1\n4 m/c 3"},
        {"behind a quote that closed too late", HEADER "m,\"a,2022,1\nm,\"b\",2022,2\nm,c,2022,3\n",
         "4 m/c 3"},
        {"the same again is kept out", HEADER "m,a,2022,1\nm,a,2022,1.0\nm,b,2022,2\n",
         "2 m/a 1\n4 m/b 2"},
        {"a bad row says no cell", HEADER "m,a,2022,x\nm,a,2022,1\n", "3 m/a 1"},
        {"another known_at is another figure",
         WIDE "m,a,2022,1,,2023-03,,\nm,a,2022,2,,2023-04,,\n", "2 m/a 1\n3 m/a 2"},
        {"another dimension is another figure", WIDE "m,a,2022,1,,,ai,\nm,a,2022,2,,,,\n",
         "2 m/a 1\n3 m/a 2"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        zw_batch *batch = batch_of(cases[i].text);
        zw_buf rows;
        zw_buf_init(&rows, LISTED_BYTES);
        rows_list(batch, &rows);
        if (strcmp(zw_buf_view(&rows), cases[i].rows) != 0) {
            fail_msg("%s: %s", cases[i].why, zw_buf_view(&rows));
        }
        zw_buf_fini(&rows);
        zw_batch_destroy(batch);
    }
}

static void a_nul_byte_is_a_fault_of_its_row(void **state)
{
    (void)state;
    static const char text[] = HEADER "m,a\0b,2022,1\nm,c,2022,2\n";
    zw_batch *batch = batch_made();
    assert_int_equal(zw_csv_read((zw_text){text, sizeof text - 1}, 0, batch, NULL), ZW_OK);
    assert_int_equal(batch->row_count, 1);
    assert_int_equal(batch->faults.count, 1);
    assert_int_equal(batch->faults.at[0].line, 2);
    assert_int_equal(batch->faults.at[0].column, 2);
    zw_batch_destroy(batch);
}

static void a_header_that_cannot_be_used_fails_the_call(void **state)
{
    (void)state;
    static const struct {
        const char *why, *text, *said;
    } rows[] = {
        {"no text", "", "1:1: no header: expected measure,area,period,value"},
        {"blank lines only", "\n\n \n", "1:1: no header: expected measure,area,period,value"},
        {"a misspelt column", "\nmeasure,area,peroid,value\nm,a,2022,1\n",
         "2:3: the header has no column 'period', but 'peroid'; did you mean 'period'?"},
        {"a quote that never closes", "measure,\"area,period,value\nm,a,2022,1\n",
         "1:2: a quoted field is never closed; lines 1 to 2 were not read"},
        {"a quote inside a name", "measure,ar\"ea,period,value\n",
         "1:2: a quote inside a field: quote the whole field and double the quotes in it"},
        {"another separator", "measure;area;period;value\n",
         "1:1: column 'measure;area;period;value' has no name of a-z, 0-9 and _"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_batch *batch = batch_made();
        zw_err err = {0};
        zw_status status = zw_csv_read(zw_text_of(rows[i].text), 0, batch, &err);
        if (status != ZW_INVALID || strcmp(err.text, rows[i].said) != 0) {
            fail_msg("%s: '%s'", rows[i].why, err.text);
        }
        assert_int_equal(batch->row_count + batch->faults.count, 0);
        zw_batch_destroy(batch);
    }
}

static void too_many_columns_fail_the_call(void **state)
{
    (void)state;
    zw_buf text;
    zw_buf_init(&text, LISTED_BYTES);
    (void)zw_buf_puts(&text, "measure,area,period,value");
    for (int i = 0; i < 400; i++) {
        (void)zw_buf_printf(&text, ",d%d", i);
    }
    zw_batch *batch = batch_made();
    zw_err err = {0};
    assert_int_equal(zw_csv_read((zw_text){text.data, text.len}, 0, batch, &err), ZW_INVALID);
    assert_string_equal(err.text, "1:257: expected at most 256 columns, got 404");
    zw_buf_fini(&text);
    zw_batch_destroy(batch);
}

static void a_batch_that_holds_rows_already_is_added_to(void **state)
{
    (void)state;
    zw_batch *batch = batch_of(HEADER "m,a,2022,1\n");
    assert_int_equal(zw_csv_read(zw_text_of(HEADER "m,b,2022,1\nm,a,2022,2\n"), 0, batch, NULL),
                     ZW_OK);
    assert_int_equal(batch->row_count, 2);
    assert_int_equal(batch->faults.count, 1);
    assert_int_equal(batch->faults.at[0].line, 3);
    zw_batch_destroy(batch);
}

/* --- any rows, written in any way, come back ---------------------------------------------- */

enum { MADE_ROWS = 40, MADE_COLUMNS = 9, ROUNDS = 300, VARIANTS = 4 };

static uint32_t chance(uint64_t *seed, uint32_t below)
{
    *seed = *seed * 6364136223846793005U + 1442695040888963407U;
    return (uint32_t)(*seed >> 33) % below;
}

/* Each written variant and what it is read as. */
typedef struct spelling {
    const char *written, *read;
} spelling;

static const char *const made_columns[MADE_COLUMNS] = {
    "measure", "area", "period", "value", "status", "known_at", "size", "industry", "note"};

static const spelling made_fields[MADE_COLUMNS][VARIANTS] = {
    {{"revenue", "revenue"},
     {" revenue ", "revenue"},
     {"\xEF\xBD\x92"
      "evenue",
      "revenue"},
     {"firms", "firms"}},
    {{"", ""}, {"yuzhu", "yuzhu"}, {"\xE3\x80\x80yuzhu", "yuzhu"}, {"a,\"b\"", "a,\"b\""}},
    {{"2022", "2022"}, {"2022-A1", "2022"}, {"2022-03", "2022-03"}, {"2022-M03", "2022-03"}},
    {{"1", "1"}, {"1.0", "1"}, {"-25e-1", "-2.5"}, {" 7 ", "7"}},
    {{"", "A"}, {"A", "A"}, {"P", "P"}, {" E", "E"}},
    {{"", ""}, {"2023-03-01", "2023-03-01"}, {" 2023-03-01", "2023-03-01"}, {"", ""}},
    {{"", ""},
     {"big", "big"},
     {"\xEF\xBD\x82"
      "ig",
      "big"},
     {"a=b", "a=b"}},
    {{"", ""},
     {"ai", "ai"},
     {" ai ", "ai"},
     {"\xE8\xBD\xAF\xE4\xBB\xB6", "\xE8\xBD\xAF\xE4\xBB\xB6"}},
    {{"", ""}, {"two\nlines", "two\nlines"}, {"x, \"y\"\r\n", "x, \"y\""}, {"plain", "plain"}},
};

enum { MEASURE, AREA, PERIOD, VALUE, STATUS, KNOWN_AT, SIZE, INDUSTRY, NOTE };

typedef struct made_row {
    const char *read[MADE_COLUMNS];
    uint32_t line;
} made_row;

typedef struct made {
    uint64_t seed;
    zw_buf text;
    uint32_t line;
    uint32_t order[MADE_COLUMNS];
    const char *line_end;
    made_row kept[MADE_ROWS];
    size_t kept_count;
    uint32_t faulty[MADE_ROWS]; /* lines of rows that say a cell otherwise than an earlier one */
    size_t faulty_count;
} made;

static void field_write(made *m, const char *field)
{
    if (strpbrk(field, ",\"\r\n") == NULL && chance(&m->seed, 2) == 0) {
        (void)zw_buf_puts(&m->text, field);
        return;
    }
    (void)zw_buf_putc(&m->text, '"');
    for (const char *at = field; *at != '\0'; at++) {
        m->line += *at == '\n' ? 1 : 0;
        (void)zw_buf_puts(&m->text, *at == '"' ? "\"\"" : (const char[]){*at, '\0'});
    }
    (void)zw_buf_putc(&m->text, '"');
}

static void line_end_write(made *m)
{
    do {
        (void)zw_buf_puts(&m->text, m->line_end);
        m->line++;
    } while (chance(&m->seed, 5) == 0);
}

static bool is_same_in(const made_row *a, const made_row *b, const unsigned *columns, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(a->read[columns[i]], b->read[columns[i]]) != 0) {
            return false;
        }
    }
    return true;
}

/* What must become of a row, decided the slow and plain way. */
static void row_expect(made *m, const made_row *row)
{
    static const unsigned cell[] = {MEASURE, AREA, PERIOD, KNOWN_AT, SIZE, INDUSTRY};
    static const unsigned figure[] = {VALUE, STATUS};
    for (size_t i = 0; i < m->kept_count; i++) {
        if (is_same_in(&m->kept[i], row, cell, sizeof cell / sizeof cell[0])) {
            if (!is_same_in(&m->kept[i], row, figure, sizeof figure / sizeof figure[0])) {
                m->faulty[m->faulty_count++] = row->line;
            }
            return;
        }
    }
    m->kept[m->kept_count++] = *row;
}

static void row_make(made *m)
{
    made_row row = {.line = m->line};
    for (size_t i = 0; i < MADE_COLUMNS; i++) {
        uint32_t column = m->order[i];
        const spelling *s = &made_fields[column][chance(&m->seed, VARIANTS)];
        row.read[column] = s->read;
        (void)zw_buf_puts(&m->text, i > 0 ? "," : "");
        field_write(m, s->written);
    }
    line_end_write(m);
    row_expect(m, &row);
}

static void text_make(made *m, uint64_t seed)
{
    *m = (made){.seed = seed, .line = 1};
    zw_buf_init(&m->text, LISTED_BYTES);
    m->line_end = chance(&m->seed, 2) == 0 ? "\n" : "\r\n";
    for (uint32_t i = 0; i < MADE_COLUMNS; i++) {
        uint32_t at = chance(&m->seed, i + 1);
        m->order[i] = m->order[at];
        m->order[at] = i;
    }
    for (size_t i = 0; i < MADE_COLUMNS; i++) {
        (void)zw_buf_printf(&m->text, "%s%s", i > 0 ? "," : "", made_columns[m->order[i]]);
    }
    line_end_write(m);
    for (size_t i = 0; i < MADE_ROWS; i++) {
        row_make(m);
    }
    assert_false(m->text.has_failed);
}

static void stamp_check(const zw_stamp *stamp, const char *text)
{
    zw_stamp expected;
    assert_int_equal(zw_stamp_parse(zw_text_of(text), &expected, NULL), ZW_OK);
    assert_int_equal(stamp->is, expected.is);
    assert_true(zw_grid_same(stamp->grid, expected.grid));
    assert_int_equal(stamp->period, expected.period);
}

static void row_check(const zw_batch *batch, const zw_row *row, const made_row *expected)
{
    const char *const *read = expected->read;
    assert_int_equal(row->line, expected->line);
    assert_string_equal(text_of(batch, row->measure), read[MEASURE]);
    assert_string_equal(text_of(batch, row->area), read[AREA]);
    assert_string_equal(text_of(batch, row->note), read[NOTE]);
    char dims[64];
    bool has_industry = read[INDUSTRY][0] != '\0';
    bool has_size = read[SIZE][0] != '\0';
    (void)snprintf(dims, sizeof dims, "%s%s%s%s%s", has_industry ? "industry=" : "", read[INDUSTRY],
                   has_industry && has_size ? "\x1f" : "", has_size ? "size=" : "", read[SIZE]);
    assert_string_equal(text_of(batch, row->dims), dims);
    stamp_check(&row->period, read[PERIOD]);
    assert_int_equal(row->has_known_at, read[KNOWN_AT][0] != '\0');
    if (row->has_known_at) {
        stamp_check(&row->known_at, read[KNOWN_AT]);
    }
    assert_int_equal(zw_obs_status_letter(row->status), read[STATUS][0]);
    char number[32];
    assert_true(row->has_value);
    assert_string_equal(zw_text_of_number(row->value, number, sizeof number), read[VALUE]);
}

static void any_rows_come_back_however_they_are_written(void **state)
{
    (void)state;
    static made m;
    size_t kept_count = 0, faulty_count = 0;
    for (uint64_t seed = 1; seed <= ROUNDS; seed++) {
        text_make(&m, seed);
        zw_batch *batch = batch_of(zw_buf_view(&m.text));
        assert_int_equal(batch->row_count, m.kept_count);
        for (size_t i = 0; i < m.kept_count; i++) {
            row_check(batch, &batch->rows[i], &m.kept[i]);
        }
        assert_int_equal(batch->faults.count, m.faulty_count);
        for (size_t i = 0; i < m.faulty_count; i++) {
            assert_int_equal(batch->faults.at[i].line, m.faulty[i]);
        }
        kept_count += m.kept_count;
        faulty_count += m.faulty_count;
        zw_batch_destroy(batch);
        zw_buf_fini(&m.text);
    }
    assert_true(kept_count > 10000 && faulty_count > 300); /* both kinds were really made */
}

/* Any bytes at all: nothing is promised but an answer, and that every fault lies in the text. */
static void any_bytes_are_answered(void **state)
{
    (void)state;
    static const char alphabet[] = "m2,\"\n\r\t \xE7\xFF\xC2";
    for (uint64_t round = 1; round <= 2000; round++) {
        uint64_t seed = round;
        char text[256] = HEADER;
        size_t len = strlen(text);
        while (len < sizeof text - 1) {
            text[len++] = alphabet[chance(&seed, sizeof alphabet)]; /* its NUL too */
        }
        zw_batch *batch = batch_made();
        assert_int_equal(zw_csv_read((zw_text){text, len}, 0, batch, NULL), ZW_OK);
        uint32_t last = 1;
        for (size_t i = 0; i < len; i++) {
            last += text[i] == '\n' || text[i] == '\r' ? 1 : 0;
        }
        for (size_t i = 0; i < batch->faults.count; i++) {
            assert_in_range(batch->faults.at[i].line, 2, last);
        }
        zw_batch_destroy(batch);
    }
}

static void every_refused_allocation_is_answered(void **state)
{
    (void)state;
    static made m;
    text_make(&m, 7);
    (void)zw_buf_puts(&m.text, "too,few\nbad \" quote\n\"open");
    bool has_refused = true;
    for (long n = 0; has_refused; n++) {
        zw_batch *batch = batch_made();
        zw_err err = {0};
        failing_alloc_after(n);
        zw_status status = zw_csv_read((zw_text){m.text.data, m.text.len}, 0, batch, &err);
        has_refused = failing_alloc_stop();
        /* libcsv tries a smaller step when its buffer cannot grow, so a refusal may do no harm. */
        assert_true(status == ZW_OK || (has_refused && status == ZW_NOMEM));
        if (status == ZW_OK) {
            assert_int_equal(batch->row_count, m.kept_count);
            assert_int_equal(batch->faults.count, m.faulty_count + 3);
        }
        zw_batch_destroy(batch);
    }
    zw_buf_fini(&m.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_row_says_everything_it_can),
        cmocka_unit_test(a_row_says_as_little_as_it_may),
        cmocka_unit_test(texts_come_in_many_shapes),
        cmocka_unit_test(a_separator_can_be_told),
        cmocka_unit_test(every_bad_field_is_named),
        cmocka_unit_test(bad_stamps_are_named_with_what_was_expected),
        cmocka_unit_test(good_rows_around_a_bad_one_are_kept),
        cmocka_unit_test(a_nul_byte_is_a_fault_of_its_row),
        cmocka_unit_test(a_header_that_cannot_be_used_fails_the_call),
        cmocka_unit_test(too_many_columns_fail_the_call),
        cmocka_unit_test(a_batch_that_holds_rows_already_is_added_to),
        cmocka_unit_test(any_rows_come_back_however_they_are_written),
        cmocka_unit_test(any_bytes_are_answered),
        cmocka_unit_test(every_refused_allocation_is_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
