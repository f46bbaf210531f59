/* A register's fields and states by name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "plan_pack.h"

static void fields_and_states_are_found_by_name(void **state)
{
    static const zw_register_field fields[] = {{.name = "kind", .is = ZW_REGISTER_TEXT},
                                               {.name = "due_on", .is = ZW_REGISTER_DATE}};
    static const char *const states[] = {"posted", "awarded", "delivered"};
    const zw_register reg = {
        .fields = fields, .field_count = 2, .states = states, .state_count = 3};
    static const struct {
        const char *why, *name;
        int field, state;
        const char *nearest;
    } rows[] = {
        {"the first field", "kind", 0, -1, "kind"},
        {"the second", "due_on", 1, -1, "due_on"},
        {"misspelt", "due_in", -1, -1, "due_on"},
        {"the first state", "posted", -1, 0, "posted"},
        {"the last", "delivered", -1, 2, "delivered"},
        {"a state misspelt", "delivred", -1, -1, "delivered"},
        {"a beginning is not the whole", "award", -1, -1, "awarded"},
        {"nothing", "", -1, -1, NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        zw_nearest nearest;
        zw_text name = zw_text_of(rows[i].name);
        zw_nearest_init(&nearest, name);
        const zw_register_field *field = zw_register_field_of(&reg, name, &nearest);
        int found = zw_register_state_of(&reg, name, &nearest);
        int place = field == NULL ? -1 : (int)(field - fields);
        if (place != rows[i].field || found != rows[i].state) {
            fail_msg("%s: field %d, state %d", rows[i].why, place, found);
        }
        bool is_known = place >= 0 || found >= 0;
        if (!is_known && rows[i].nearest != NULL &&
            (nearest.best == NULL || strcmp(nearest.best, rows[i].nearest) != 0)) {
            fail_msg("%s: nearest %s", rows[i].why, nearest.best);
        }
        assert_ptr_equal(zw_register_field_of(&reg, name, NULL), field);
        assert_int_equal(zw_register_state_of(&reg, name, NULL), found);
    }
}

static void a_register_is_found_in_its_pack(void **state)
{
    (void)state;
    zw_err err = {ZW_OK, ""};
    zw_pack *pack = plan_pack_create();
    (void)plan_zone(pack, "land", "Asia/Shanghai", 1);
    zw_register reg = {.title = plan_title("calls", 3), .grid = {ZW_DAY, 0}};
    uint32_t index = ZW_NONE;
    assert_int_equal(zw_pack_add_register(pack, &reg, &index, &err), ZW_OK);
    assert_int_equal(index, 0);
    assert_int_equal(zw_pack_register(pack, zw_text_of(" calls "), NULL), 0);
    zw_nearest nearest;
    zw_nearest_init(&nearest, zw_text_of("cals"));
    assert_int_equal(zw_pack_register(pack, zw_text_of("cals"), &nearest), ZW_NONE);
    assert_string_equal(nearest.best, "calls");
    assert_int_equal(zw_pack_register(pack, zw_text_of("land"), NULL), ZW_NONE);
    assert_int_equal(zw_pack_add_register(pack, &reg, &index, &err), ZW_INVALID);
    assert_non_null(strstr(err.text, "declared twice: first as a register"));
    zw_pack_destroy(pack);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_and_states_are_found_by_name),
        cmocka_unit_test(a_register_is_found_in_its_pack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
