/* Sealing: aliases that mean two things, a pack without a zone, the order of problems, the digest.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "failing_alloc.h"
#include "plan_pack.h"

static void seal(zw_pack *pack)
{
    zw_err err = {ZW_OK, ""};
    if (zw_pack_seal(pack, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
}

static void a_pack_has_a_zone(void **state)
{
    (void)state;
    zw_pack *pack = plan_pack_create();
    seal(pack);
    assert_int_equal(pack->problem_count, 1);
    assert_string_equal(pack->problems[0].text, "the pack declares no zone");
    zw_pack_destroy(pack);

    pack = plan_pack_create();
    zw_pack_problem(pack, (zw_where){0, 2, 1}, "its zone has a mistake");
    seal(pack);
    assert_int_equal(pack->problem_count, 1); /* one mistake, one line */
    zw_pack_destroy(pack);
}

/* An area and a measure with one alias each. */
static void declare(zw_pack *pack, const char *name, const char *const *alias, uint32_t line)
{
    zw_area area = {.title = plan_title(name, line),
                    .parents = {zw_pack_copy(pack, &(uint32_t){0}, sizeof(uint32_t)), 1},
                    .aliases = {alias, 1}};
    uint32_t index = 0;
    zw_err err = {ZW_OK, ""};
    if (zw_pack_add_area(pack, &area, &index, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
}

static void declare_measure(zw_pack *pack, const char *name, const char *const *alias,
                            uint32_t line)
{
    struct plan_measure_row row = {name, ZW_KIND_FLOW, "CNY", "month", NULL, NULL};
    zw_measure measure = plan_measure_of(pack, &row);
    measure.title.where.line = line;
    measure.aliases = (zw_texts){alias, 1};
    uint32_t index = 0;
    zw_err err = {ZW_OK, ""};
    if (zw_pack_add_measure(pack, &measure, &index, &err) != ZW_OK) {
        fail_msg("%s", err.text);
    }
}

static void an_alias_means_one_thing(void **state)
{
    static const char *const aliases[] = {"East", "land", "pier", "Turnover", "sales"};
    static const char *const problems[] = {
        "alias 'East' of 'port' already means 'pier'",
        "alias 'land' of 'dock' already means 'land'",
        "alias 'Turnover' of 'sold' already means 'sales'",
        "alias 'sales' of 'earned' already means 'sales'",
    };
    (void)state;
    zw_pack *pack = plan_pack_create();
    plan_zone(pack, "land", "UTC", 1);
    declare(pack, "pier", &aliases[0], 2);
    declare(pack, "port", &aliases[0], 3);
    declare(pack, "dock", &aliases[1], 4);
    declare_measure(pack, "sales", &aliases[3], 5);
    declare_measure(pack, "sold", &aliases[3], 6);
    declare_measure(pack, "earned", &aliases[4], 7);
    declare_measure(pack, "landed", &aliases[0], 8); /* an area's alias is another matter */
    seal(pack);
    assert_int_equal(pack->problem_count, COUNT_OF(problems));
    for (size_t i = 0; i < COUNT_OF(problems); i++) {
        assert_string_equal(pack->problems[i].text, problems[i]);
    }
    zw_pack_destroy(pack);
}

static void its_own_name_is_a_harmless_alias(void **state)
{
    static const char *const alias = "pier";
    (void)state;
    zw_pack *pack = plan_pack_create();
    plan_zone(pack, "land", "UTC", 1);
    declare(pack, "pier", &alias, 2);
    seal(pack);
    assert_int_equal(pack->problem_count, 0);
    zw_pack_destroy(pack);
}

static void problems_stand_in_the_order_of_the_text(void **state)
{
    static const struct {
        zw_where where;
        const char *text;
    } told[] = {{{1, 1, 1}, "g"}, {{0, 9, 4}, "f"}, {{0, 2, 7}, "c"}, {{0, 2, 7}, "b"},
                {{0, 2, 7}, "d"}, {{0, 2, 8}, "e"}, {{0, 0, 0}, "a"}};
    (void)state;
    zw_pack *pack = plan_land();
    for (size_t i = 0; i < COUNT_OF(told); i++) {
        zw_pack_problem(pack, told[i].where, "%s", told[i].text);
    }
    seal(pack);
    char order[16] = "";
    for (size_t i = 0; i < pack->problem_count; i++) {
        order[i] = pack->problems[i].text[0];
    }
    assert_string_equal(order, "acbdefg"); /* of one place, as they were told */
    zw_pack_destroy(pack);
}

/* The digest of a pack of two files. */
static void digest_of(const char *folder, const char *const files[4], bool is_turned, char out[65])
{
    zw_pack *pack = NULL;
    zw_err err = {ZW_OK, ""};
    uint32_t index = 0;
    assert_int_equal(zw_pack_create(folder, &pack, &err), ZW_OK);
    for (int i = 0; i < 2; i++) {
        int file = (is_turned ? 1 - i : i) * 2;
        char path[64];
        (void)snprintf(path, sizeof(path), "%s/%s", folder, files[file]);
        assert_int_equal(zw_pack_add_file(pack, path, zw_text_of(files[file + 1]), &index, &err),
                         ZW_OK);
    }
    seal(pack);
    memcpy(out, pack->digest, 65);
    zw_pack_destroy(pack);
}

static void the_digest_is_of_names_and_texts(void **state)
{
    static const struct {
        const char *why, *folder;
        const char *files[4];
        bool is_turned, is_same;
    } rows[] = {
        {"the same", "p", {"a.lua", "one", "b.lua", "two"}, false, true},
        {"read in another order", "p", {"a.lua", "one", "b.lua", "two"}, true, true},
        {"from another place", "/srv/packs/p", {"a.lua", "one", "b.lua", "two"}, false, true},
        {"another text", "p", {"a.lua", "one", "b.lua", "tw0"}, false, false},
        {"another name", "p", {"a.lua", "one", "c.lua", "two"}, false, false},
        {"texts that changed places", "p", {"a.lua", "two", "b.lua", "one"}, false, false},
        {"text that moved to its neighbour", "p", {"a.lua", "on", "b.lua", "etwo"}, false, false},
    };
    (void)state;
    char first[65];
    digest_of("p", rows[0].files, false, first);
    assert_int_equal(strlen(first), 64);
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char digest[65];
        digest_of(rows[i].folder, rows[i].files, rows[i].is_turned, digest);
        if ((strcmp(first, digest) == 0) != rows[i].is_same) {
            fail_msg("%s", rows[i].why);
        }
    }
}

static void sealing_without_memory_is_told(void **state)
{
    (void)state;
    zw_pack *pack = plan_land();
    zw_status status = ZW_NOMEM;
    long after = 0;
    for (; status != ZW_OK; after++) {
        zw_err err = {ZW_OK, ""};
        failing_alloc_after(after);
        status = zw_pack_seal(pack, &err);
        assert_int_equal(status, failing_alloc_stop() ? ZW_NOMEM : ZW_OK);
    }
    assert_true(after > 2);
    assert_int_equal(strlen(pack->digest), 64);
    zw_pack_destroy(pack);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_pack_has_a_zone),
        cmocka_unit_test(an_alias_means_one_thing),
        cmocka_unit_test(its_own_name_is_a_harmless_alias),
        cmocka_unit_test(problems_stand_in_the_order_of_the_text),
        cmocka_unit_test(the_digest_is_of_names_and_texts),
        cmocka_unit_test(sealing_without_memory_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
