/** Rows of registers for the worlds of eval_world.h: items by name, moments as days in UTC. */
#ifndef ZW_TESTS_ITEM_WORLD_H
#define ZW_TESTS_ITEM_WORLD_H

#include "eval_world.h"

#include "store/items.h"

enum { ITEM_FIELDS_MOST = 8 };

/** One row of a register. `fields` is "type=lab,due_on=2024-06-30"; `known` NULL: its own moment.
 */
struct item_row {
    const char *reg, *item, *at, *area, *state, *fields, *known;
    bool is_synthetic;
};

/** Splits `fields`, which is written into. */
static inline size_t item_world_fields(char *text, zw_item_field *out)
{
    size_t count = 0;
    for (char *at = strtok(text, ","); at != NULL && count < ITEM_FIELDS_MOST;
         at = strtok(NULL, ",")) {
        char *equals = strchr(at, '=');
        assert_non_null(equals);
        *equals = '\0';
        out[count++] = (zw_item_field){at, equals + 1};
    }
    return count;
}

static inline zw_status item_world_put_row(struct world *world, const struct item_row *row,
                                           zw_err *err)
{
    char text[512];
    zw_item_field fields[ITEM_FIELDS_MOST];
    zw_change change = ZW_CHANGE_NEW;
    (void)snprintf(text, sizeof(text), "%s", row->fields != NULL ? row->fields : "");
    zw_item_row put = {.register_name = row->reg,
                       .item = row->item,
                       .area = row->area != NULL ? row->area : "",
                       .state = row->state != NULL ? row->state : "",
                       .source = "",
                       .note = "",
                       .fields = fields,
                       .at_ms = world_moment(row->at),
                       .known_at_ms = world_moment(row->known != NULL ? row->known : row->at),
                       .batch = world->batch,
                       .line = 1,
                       .is_synthetic = row->is_synthetic};
    put.field_count = item_world_fields(text, fields);
    return zw_items_put(zw_store_items(world->store), &put, &change, err);
}

/** Puts rows as one delivery. What is evaluated stays as it is: move the as-of, or forget. */
static inline void item_world_add(struct world *world, const struct item_row *rows, size_t count)
{
    zw_err err = {ZW_OK, ""};
    zw_delivery delivery = {.source = "test", .name = "", .format = "csv", .digest = ""};
    zw_status status = zw_store_begin(world->store, &err);
    status = status == ZW_OK ? zw_store_deliver(world->store, &delivery, &err) : status;
    world->batch = delivery.id;
    for (size_t i = 0; status == ZW_OK && i < count; i++) {
        status = item_world_put_row(world, &rows[i], &err);
    }
    status = status == ZW_OK ? zw_store_commit(world->store, &err) : status;
    if (status != ZW_OK) {
        fail_msg("%s", err.text);
    }
}

/** One question as of a moment (NULL: 2030-01-01) and its answer as people read it. */
struct item_answer {
    const char *why, *expression, *area, *period, *as_of, *answer;
};

static inline void item_world_answers(struct world *world, const struct item_answer *rows,
                                      size_t count)
{
    char text[512];
    for (size_t i = 0; i < count; i++) {
        world_as_of(world, rows[i].as_of);
        world_says(world, rows[i].expression, rows[i].area, rows[i].period, text, sizeof(text));
        if (strcmp(text, rows[i].answer) != 0) {
            fail_msg("%s\n  %s at %s in %s as of %s\n  expected: %s\n  found:    %s", rows[i].why,
                     rows[i].expression, rows[i].area, rows[i].period,
                     rows[i].as_of != NULL ? rows[i].as_of : "2030", rows[i].answer, text);
        }
    }
}

#endif
