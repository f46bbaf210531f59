/* A register: its fields and states by name. */
#include "plan/register.h"

const zw_register_field *zw_register_field_of(const zw_register *reg, zw_text name,
                                              zw_nearest *nearest)
{
    for (size_t i = 0; i < reg->field_count; i++) {
        if (zw_text_is(name, reg->fields[i].name)) {
            return &reg->fields[i];
        }
    }
    for (size_t i = 0; nearest != NULL && i < reg->field_count; i++) {
        zw_nearest_try(nearest, reg->fields[i].name);
    }
    return NULL;
}

int zw_register_state_of(const zw_register *reg, zw_text name, zw_nearest *nearest)
{
    for (size_t i = 0; i < reg->state_count; i++) {
        if (zw_text_is(name, reg->states[i])) {
            return (int)i;
        }
    }
    for (size_t i = 0; nearest != NULL && i < reg->state_count; i++) {
        zw_nearest_try(nearest, reg->states[i]);
    }
    return -1;
}
