/* Batches: rows that stay in order, faults that are named, texts as numbers. */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <setjmp.h>

#include <cmocka.h>

#include "failing_alloc.h"
#include "intake/batch.h"

#include <string.h>

static zw_batch *batch_made(void)
{
    zw_batch *batch;
    zw_err err = {0};
    assert_int_equal(zw_batch_create(&batch, &err), ZW_OK);
    return batch;
}

static void a_status_is_one_letter(void **state)
{
    (void)state;
    static const struct {
        const char *why, *text;
        bool is_good;
        zw_obs_status status;
    } rows[] = {
        {"nothing said is normal", "", true, ZW_OBS_NORMAL},
        {"A is normal", "A", true, ZW_OBS_NORMAL},
        {"P is provisional", "P", true, ZW_OBS_PROVISIONAL},
        {"E is estimated", "E", true, ZW_OBS_ESTIMATED},
        {"F is forecast", "F", true, ZW_OBS_FORECAST},
        {"M is missing", "M", true, ZW_OBS_MISSING},
        {"letters are upper case", "p", false, ZW_OBS_NORMAL},
        {"one letter, not two", "PP", false, ZW_OBS_NORMAL},
        {"no other letter", "X", false, ZW_OBS_NORMAL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_obs_status status = ZW_OBS_NORMAL;
        if (zw_obs_status_parse(zw_text_of(rows[i].text), &status) != rows[i].is_good ||
            status != rows[i].status) {
            fail_msg("%s", rows[i].why);
        }
        if (rows[i].is_good && rows[i].text[0] != '\0') {
            assert_int_equal(zw_obs_status_letter(status), rows[i].text[0]);
        }
    }
}

static void the_empty_text_is_number_0(void **state)
{
    (void)state;
    zw_batch *batch = batch_made();
    assert_int_equal(zw_batch_text(batch, zw_text_of("")), 0);
    uint32_t yuzhu = zw_batch_text(batch, zw_text_of("yuzhu"));
    assert_int_not_equal(yuzhu, 0);
    assert_int_equal(zw_batch_text(batch, zw_text_of("yuzhu")), yuzhu);
    assert_string_equal(zw_pool_text(batch->texts, yuzhu), "yuzhu");
    zw_batch_destroy(batch);
}

/* Rows with lines 1…count. */
static void rows_add(zw_batch *batch, uint32_t count)
{
    for (uint32_t line = 1; line <= count; line++) {
        zw_row row = {.line = line, .has_value = true, .value = 2.0 * line};
        assert_int_equal(zw_batch_add(batch, &row, NULL), ZW_OK);
    }
}

static void rows_are_copied_and_stay_in_order(void **state)
{
    (void)state;
    zw_batch *batch = batch_made();
    rows_add(batch, 1000);
    assert_int_equal(batch->row_count, 1000);
    for (uint32_t i = 0; i < 1000; i++) {
        assert_int_equal(batch->rows[i].line, i + 1);
        assert_true(batch->rows[i].value == 2.0 * (i + 1));
    }
    zw_batch_destroy(batch);
}

static void a_rejected_row_leaves_the_others_in_order(void **state)
{
    (void)state;
    static const struct {
        const char *why;
        size_t index;
        uint32_t left[2];
    } rows[] = {
        {"the first", 0, {2, 3}},
        {"one in the middle", 1, {1, 3}},
        {"the last", 2, {1, 2}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_batch *batch = batch_made();
        rows_add(batch, 3);
        assert_int_equal(zw_batch_reject(batch, rows[i].index, 4, NULL, "no measure '%s'", "gpd"),
                         ZW_OK);
        assert_int_equal(batch->row_count, 2);
        if (batch->rows[0].line != rows[i].left[0] || batch->rows[1].line != rows[i].left[1]) {
            fail_msg("%s", rows[i].why);
        }
        assert_int_equal(batch->faults.count, 1);
        assert_int_equal(batch->faults.at[0].line, rows[i].index + 1);
        assert_int_equal(batch->faults.at[0].column, 4);
        assert_string_equal(batch->faults.at[0].text, "no measure 'gpd'");
        zw_batch_destroy(batch);
    }
}

static void faults_are_sorted_by_line_and_column(void **state)
{
    (void)state;
    zw_batch *batch = batch_made();
    zw_faults_sort(&batch->faults); /* none is no trouble */
    static const struct {
        uint32_t line, column;
        const char *text;
    } told[] = {{9, 1, "f"}, {2, 3, "d"}, {2, 0, "b"}, {1, 5, "a"}, {2, 3, "c"}, {4, 4, "e"}};
    for (size_t i = 0; i < sizeof told / sizeof told[0]; i++) {
        assert_int_equal(
            zw_batch_fault(batch, NULL, told[i].line, told[i].column, "%s", told[i].text), ZW_OK);
    }
    zw_faults_sort(&batch->faults);
    char order[8] = "";
    for (size_t i = 0; i < batch->faults.count; i++) {
        order[i] = batch->faults.at[i].text[0];
    }
    assert_string_equal(order, "abcdef");
    zw_batch_destroy(batch);
}

static void a_fault_is_one_line_of_whole_characters(void **state)
{
    (void)state;
    zw_batch *batch = batch_made();
    assert_int_equal(zw_batch_fault(batch, NULL, 1, 1, "got '%s'", "a\nb\tc\x7f"), ZW_OK);
    assert_string_equal(batch->faults.at[0].text, "got 'a b c '");
    char text[3000] = "";
    for (size_t i = 0; i + 3 < sizeof text; i += 3) {
        memcpy(text + i, "\xE7\x90\xB6", 4);
    }
    assert_int_equal(zw_batch_fault(batch, NULL, 1, 1, "x%s", text), ZW_OK);
    const char *kept = batch->faults.at[1].text;
    assert_in_range(strlen(kept), 400, 511);
    assert_true(zw_text_is_utf8(kept, strlen(kept), NULL));
    zw_batch_destroy(batch);
}

static void destroying_nothing_is_allowed(void **state)
{
    (void)state;
    zw_batch_destroy(NULL);
}

/* Fills a batch as a reader and a later check do. */
static zw_status batch_use(zw_batch *batch, zw_err *err)
{
    zw_status status = ZW_OK;
    for (uint32_t i = 0; i < 40 && status == ZW_OK; i++) {
        char name[16] = {(char)('a' + i % 26), (char)('0' + i / 26)};
        zw_row row = {.line = i + 1, .area = zw_batch_text(batch, zw_text_of(name))};
        status = row.area == ZW_POOL_NONE ? zw_err_nomem(err) : zw_batch_add(batch, &row, err);
        if (status == ZW_OK && i % 2 == 0) {
            size_t count = batch->row_count;
            status = zw_batch_reject(batch, count - 1, 1, err, "row %u", i);
            assert_int_equal(batch->row_count, status == ZW_OK ? count - 1 : count);
        }
    }
    return status;
}

static void every_refused_allocation_is_answered(void **state)
{
    (void)state;
    bool has_refused = true;
    for (long n = 0; has_refused; n++) {
        zw_batch *batch;
        zw_err err = {0};
        failing_alloc_after(n);
        zw_status status = zw_batch_create(&batch, &err);
        if (status == ZW_OK) {
            status = batch_use(batch, &err);
        } else {
            assert_null(batch);
        }
        has_refused = failing_alloc_stop();
        assert_int_equal(status, has_refused ? ZW_NOMEM : ZW_OK);
        if (batch != NULL) { /* what is there is whole and can be gone on with */
            zw_row row = {.line = 99};
            assert_int_equal(zw_batch_add(batch, &row, NULL), ZW_OK);
            assert_int_equal(zw_batch_fault(batch, NULL, 1, 1, "x"), ZW_OK);
            zw_faults_sort(&batch->faults);
        }
        zw_batch_destroy(batch);
    }
}

static void a_part_of_something_longer_has_its_lines_moved(void **state)
{
    (void)state;
    zw_batch *batch = NULL;
    assert_int_equal(zw_batch_create(&batch, NULL), ZW_OK);
    assert_int_equal(zw_batch_add(batch, &(zw_row){.line = 2}, NULL), ZW_OK);
    assert_int_equal(zw_batch_add_item(batch, &(zw_said_item){.line = 3}, NULL), ZW_OK);
    assert_int_equal(zw_batch_fault(batch, NULL, 4, 1, "bad"), ZW_OK);
    zw_batch_move_lines(batch, 1000);
    assert_int_equal(batch->rows[0].line, 1002);
    assert_int_equal(batch->items[0].line, 1003);
    assert_int_equal(batch->faults.at[0].line, 1004);
    zw_batch_destroy(batch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_part_of_something_longer_has_its_lines_moved),
        cmocka_unit_test(a_status_is_one_letter),
        cmocka_unit_test(the_empty_text_is_number_0),
        cmocka_unit_test(rows_are_copied_and_stay_in_order),
        cmocka_unit_test(a_rejected_row_leaves_the_others_in_order),
        cmocka_unit_test(faults_are_sorted_by_line_and_column),
        cmocka_unit_test(a_fault_is_one_line_of_whole_characters),
        cmocka_unit_test(destroying_nothing_is_allowed),
        cmocka_unit_test(every_refused_allocation_is_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
