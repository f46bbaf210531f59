/* Packs that ran: kept once, found by moment, file by file. */
#include "store/packs.h"

#include "failing_alloc.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const zw_kept_file first[] = {
    {"init.lua", {"zone \"a\" {}", 11}, false},
    {"zonewatch/lights.lua", {"", 0}, true},
};
static const zw_kept_file second[] = {{"init.lua", {"x\0y", 3}, false}};

static zw_status note(zw_db *db, const char *digest, int64_t now_ms, zw_err *err)
{
    bool is_first = strcmp(digest, "d1") == 0;
    zw_status status = zw_db_begin(db, err);
    status = status == ZW_OK ? zw_packs_note(db, digest, "lakeside", is_first ? first : second,
                                             is_first ? 2 : 1, now_ms, err)
                             : status;
    if (status != ZW_OK) {
        zw_db_rollback(db);
        return status;
    }
    return zw_db_commit(db, err);
}

static void each_moment_has_its_pack(void **state)
{
    static const struct {
        int64_t at_ms;
        const char *digest;
    } cases[] = {{99, NULL},  {100, "d1"}, {199, "d1"}, {200, "d2"},
                 {300, "d2"}, {400, "d1"}, {9999, "d1"}};
    (void)state;
    zw_db *db = NULL;
    int64_t first_ms = 0;
    assert_int_equal(zw_db_open(":memory:", ZW_DB_WRITE, &db, NULL), ZW_OK);
    assert_int_equal(zw_packs_first_ms(db, &first_ms, NULL), ZW_NOT_FOUND);
    assert_int_equal(note(db, "d1", 100, NULL), ZW_OK);
    assert_int_equal(note(db, "d1", 150, NULL), ZW_OK);
    assert_int_equal(note(db, "d2", 200, NULL), ZW_OK);
    assert_int_equal(note(db, "d1", 400, NULL), ZW_OK);
    assert_int_equal(zw_packs_first_ms(db, &first_ms, NULL), ZW_OK);
    assert_int_equal(first_ms, 100);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        zw_kept_pack pack = {.from_ms = 0};
        zw_status status = zw_packs_at(db, cases[i].at_ms, &pack, NULL);
        assert_int_equal(status, cases[i].digest != NULL ? ZW_OK : ZW_NOT_FOUND);
        assert_string_equal(pack.digest, cases[i].digest != NULL ? cases[i].digest : "");
        zw_kept_pack_fini(&pack);
    }
    zw_db_close(db);
}

static void files_come_back_as_they_were(void **state)
{
    (void)state;
    zw_db *db = NULL;
    zw_kept_pack pack = {.from_ms = 0};
    zw_kept_file file;
    size_t at = 0;
    assert_int_equal(zw_db_open(":memory:", ZW_DB_WRITE, &db, NULL), ZW_OK);
    assert_int_equal(note(db, "d1", 100, NULL), ZW_OK);
    assert_int_equal(zw_packs_at(db, 100, &pack, NULL), ZW_OK);
    assert_string_equal(pack.name, "lakeside");
    for (size_t i = 0; i < 2; i++) {
        assert_true(zw_kept_pack_next(&pack, &at, &file));
        assert_string_equal(file.path, first[i].path);
        assert_true(zw_text_same(file.text, first[i].text));
        assert_int_equal(file.is_shipped, first[i].is_shipped);
    }
    assert_false(zw_kept_pack_next(&pack, &at, &file));
    zw_kept_pack_fini(&pack);
    assert_int_equal(note(db, "d2", 200, NULL), ZW_OK);
    assert_int_equal(zw_packs_at(db, 200, &pack, NULL), ZW_OK);
    at = 0;
    assert_true(zw_kept_pack_next(&pack, &at, &file));
    assert_int_equal(file.text.len, 3);
    assert_memory_equal(file.text.at, "x\0y", 3);
    pack.bytes.len--; /* a file that is cut is none */
    at = 0;
    assert_false(zw_kept_pack_next(&pack, &at, &file));
    zw_kept_pack_fini(&pack);
    zw_db_close(db);
}

static void without_memory_nothing_is_noted(void **state)
{
    (void)state;
    bool was_refused = true;
    for (long n = 0; was_refused; n++) {
        zw_db *db = NULL;
        int64_t first_ms = 0;
        assert_int_equal(zw_db_open(":memory:", ZW_DB_WRITE, &db, NULL), ZW_OK);
        failing_alloc_after(n);
        zw_status status = note(db, "d1", 100, NULL);
        was_refused = failing_alloc_stop();
        assert_int_equal(zw_packs_first_ms(db, &first_ms, NULL),
                         status == ZW_OK ? ZW_OK : ZW_NOT_FOUND);
        zw_db_close(db);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_moment_has_its_pack),
        cmocka_unit_test(files_come_back_as_they_were),
        cmocka_unit_test(without_memory_nothing_is_noted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
