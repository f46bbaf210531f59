/* Binding of registers' rows. Each mistake is named at its column.
 *
 * Where an item stands must be known: from its row, from an earlier one of the delivery, from the
 * store, or because there is one zone only. Its area's calendar says when a day begins.
 */
#include "plan/bind_items.h"

#include "base/cut.h"
#include "intake/heading.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SAID_BYTES = 100, MISTAKE_BYTES = 16 * 1024, KEY_BYTES = 32 };

/* A binding under way. */
struct binding {
    const zw_pack *pack;
    const zw_items *items;
    zw_batch *batch;
    const zw_bind_options *options;
    const zw_said_item *said;
    const zw_register *reg;
    uint32_t area; /* where it stands */
    zw_item_row row;
    zw_pool *stood;  /* the items of this delivery that said where they stand */
    uint32_t *areas; /* by number in `stood` */
    zw_bound_items *out;
    size_t field_count; /* of out->fields */
    uint32_t column;    /* of a mistake */
    zw_buf mistake;     /* empty: none so far */
    bool is_nomem;
};

static const char *text_of(const struct binding *in, uint32_t number)
{
    return zw_pool_text(in->batch->texts, number);
}

/* How much of a delivered name a message repeats. */
static int said(const char *name)
{
    return (int)zw_cut_length(name, strlen(name), SAID_BYTES);
}

static bool bind_register(struct binding *in)
{
    const char *name = text_of(in, in->said->register_name);
    zw_nearest nearest;
    zw_nearest_init(&nearest, zw_text_of(name));
    uint32_t index = zw_pack_register(in->pack, zw_text_of(name), &nearest);
    if (index == ZW_NONE) {
        in->column = in->batch->item_columns.register_name;
        zw_buf_printf(&in->mistake, "no register '%.*s'", said(name), name);
        zw_nearest_say(&nearest, &in->mistake);
        return false;
    }
    in->reg = &in->pack->registers[index];
    in->row.register_name = in->reg->title.name;
    in->row.item = text_of(in, in->said->item);
    return true;
}

/* The item's key in `stood`: the numbers of its names. */
static zw_text key_of(const struct binding *in, char key[KEY_BYTES])
{
    (void)snprintf(key, KEY_BYTES, "%u:%u", in->said->register_name, in->said->item);
    return zw_text_of(key);
}

/* Where an item that says no area stands already; ZW_NONE when nobody said. */
static uint32_t area_before(const struct binding *in)
{
    char key[KEY_BYTES];
    uint32_t number = zw_pool_find(in->stood, key_of(in, key));
    if (number != ZW_POOL_NONE) {
        return in->areas[number];
    }
    zw_register_id id = zw_items_register(in->items, in->row.register_name);
    const zw_item_row *const *rows = NULL;
    size_t count = zw_items_rows(in->items, zw_items_find(in->items, id, in->row.item), &rows);
    for (size_t i = count; i > 0; i--) {
        if (rows[i - 1]->area[0] != '\0') {
            return zw_pack_area(in->pack, zw_text_of(rows[i - 1]->area), NULL);
        }
    }
    return ZW_NONE;
}

static void remember_area(struct binding *in)
{
    char key[KEY_BYTES];
    uint32_t number = zw_pool_put(in->stood, key_of(in, key));
    if (number == ZW_POOL_NONE) {
        in->is_nomem = true;
        return;
    }
    in->areas[number] = in->area;
}

static bool bind_no_area(struct binding *in)
{
    bool has_item = in->row.item[0] != '\0';
    in->area = has_item ? area_before(in) : ZW_NONE;
    in->area = in->area != ZW_NONE ? in->area : zw_pack_only_zone(in->pack);
    if (in->area == ZW_NONE) {
        in->column = in->batch->item_columns.area;
        zw_buf_printf(&in->mistake, "expected an area: the pack has several zones%s",
                      has_item ? ", and nobody said yet where this item stands" : "");
        return false;
    }
    in->row.area = has_item ? "" : in->pack->areas[in->area].title.name;
    return true;
}

static bool bind_area(struct binding *in)
{
    const char *name = text_of(in, in->said->area);
    if (name[0] == '\0') {
        return bind_no_area(in);
    }
    zw_nearest nearest;
    zw_nearest_init(&nearest, zw_text_of(name));
    in->area = zw_pack_area(in->pack, zw_text_of(name), &nearest);
    if (in->area == ZW_NONE) {
        in->column = in->batch->item_columns.area;
        zw_buf_printf(&in->mistake, "no area '%.*s'", said(name), name);
        zw_nearest_say(&nearest, &in->mistake);
        return false;
    }
    in->row.area = in->pack->areas[in->area].title.name;
    remember_area(in);
    return !in->is_nomem;
}

static bool bind_state(struct binding *in)
{
    const char *state = text_of(in, in->said->state);
    in->row.state = state;
    if (state[0] == '\0' || (strcmp(state, ZW_REGISTER_LEFT) == 0 && in->row.item[0] != '\0')) {
        return true;
    }
    in->column = in->batch->item_columns.state;
    if (in->row.item[0] == '\0') {
        zw_buf_printf(&in->mistake, "a row without item says \"no change\": expected no state");
        return false;
    }
    zw_nearest nearest;
    zw_nearest_init(&nearest, zw_text_of(state));
    if (zw_register_state_of(in->reg, zw_text_of(state), &nearest) >= 0) {
        return true;
    }
    zw_nearest_try(&nearest, ZW_REGISTER_LEFT);
    zw_buf_printf(&in->mistake, "register '%s' has no state '%.*s'", in->reg->title.name,
                  said(state), state);
    zw_nearest_say(&nearest, &in->mistake);
    return false;
}

/* A number comes out in the one form it has. */
static bool bind_number(struct binding *in, const zw_register_field *field, zw_item_field *out)
{
    double value = 0;
    bool is_number = zw_text_number(zw_text_of(out->text), &value);
    if (!is_number || !isfinite(zw_unit_without_scale(value, &field->unit))) {
        zw_buf_printf(&in->mistake, "field '%s': expected a plain number in \"%s\", got '%.*s'",
                      field->name, field->unit_text, said(out->text), out->text);
        return false;
    }
    char text[40];
    uint32_t number =
        zw_batch_text(in->batch, zw_text_of(zw_text_of_number(value, text, sizeof text)));
    in->is_nomem = in->is_nomem || number == ZW_POOL_NONE;
    if (number != ZW_POOL_NONE) {
        out->text = text_of(in, number);
    }
    return !in->is_nomem;
}

static bool bind_date(struct binding *in, const zw_register_field *field, const zw_item_field *out)
{
    zw_stamp stamp;
    zw_err why = {ZW_OK, ""};
    bool is_date = zw_stamp_parse(zw_text_of(out->text), &stamp, &why) == ZW_OK &&
                   stamp.is == ZW_STAMP_PERIOD && stamp.grid.every == ZW_DAY;
    if (!is_date) {
        zw_buf_printf(&in->mistake, "field '%s': expected a day such as 2023-06-30, got '%.*s'",
                      field->name, said(out->text), out->text);
    }
    return is_date;
}

static bool bind_field(struct binding *in, const zw_said_field *is_said)
{
    const char *name = text_of(in, is_said->name);
    zw_nearest nearest;
    zw_nearest_init(&nearest, zw_text_of(name));
    const zw_register_field *field = zw_register_field_of(in->reg, zw_text_of(name), &nearest);
    in->column = is_said->column;
    if (in->row.item[0] == '\0') {
        zw_buf_printf(&in->mistake, "a row without item says \"no change\": expected no '%s'",
                      name);
        return false;
    }
    if (field == NULL) {
        for (size_t i = 0; i < zw_roles_of_items.count; i++) {
            zw_nearest_try(&nearest, zw_roles_of_items.names[i]);
        }
        zw_buf_printf(&in->mistake, "register '%s' has no field '%.*s'", in->reg->title.name,
                      said(name), name);
        zw_nearest_say(&nearest, &in->mistake);
        return false;
    }
    zw_item_field *out = &in->out->fields[in->field_count];
    *out = (zw_item_field){field->name, text_of(in, is_said->text)};
    bool is_good =
        field->is == ZW_REGISTER_TEXT ||
        (field->is == ZW_REGISTER_DATE ? bind_date(in, field, out) : bind_number(in, field, out));
    in->field_count += is_good ? 1 : 0;
    return is_good;
}

static bool bind_fields(struct binding *in)
{
    in->row.fields = in->out->fields + in->field_count;
    in->row.field_count = in->said->field_count;
    for (size_t i = 0; i < in->said->field_count; i++) {
        if (!bind_field(in, &in->batch->item_fields[in->said->first_field + i])) {
            return false;
        }
    }
    return true;
}

static bool bind_moments(struct binding *in)
{
    const zw_bind_options *options = in->options;
    const zw_calendar *calendar = zw_pack_calendar(in->pack, in->area);
    in->row.at_ms = zw_stamp_start_ms(calendar, &in->said->at);
    in->row.known_at_ms = options->has_known_at ? options->known_at_ms : options->now_ms;
    if (in->said->has_known_at) {
        in->row.known_at_ms = zw_stamp_start_ms(calendar, &in->said->known_at);
    }
    if (in->row.known_at_ms > options->now_ms) {
        in->column = in->batch->item_columns.known_at;
        zw_buf_puts(&in->mistake, "known_at lies after now: what is not known yet cannot be taken");
        return false;
    }
    return true;
}

static bool bind_row(struct binding *in)
{
    in->row = (zw_item_row){.line = in->said->line,
                            .source = text_of(in, in->said->source),
                            .note = text_of(in, in->said->note),
                            .is_synthetic = in->said->is_synthetic};
    zw_buf_clear(&in->mistake);
    return bind_register(in) && bind_area(in) && bind_state(in) && bind_fields(in) &&
           bind_moments(in);
}

static zw_status fault(const struct binding *in, zw_err *err)
{
    zw_text_place place =
        zw_batch_place(in->batch, in->said->line, in->said->first_place, in->column);
    return zw_batch_fault(in->batch, err, place.line, place.column, "%s",
                          zw_buf_view(&in->mistake));
}

static zw_status bind_all(struct binding *in, zw_err *err)
{
    zw_status status = ZW_OK;
    for (size_t i = 0; status == ZW_OK && i < in->batch->item_count; i++) {
        size_t fields = in->field_count;
        in->said = &in->batch->items[i];
        if (bind_row(in)) {
            in->out->rows[in->out->count++] = in->row;
            continue;
        }
        in->field_count = fields;
        status = in->is_nomem || in->mistake.has_failed ? zw_err_nomem(err) : fault(in, err);
    }
    return status;
}

zw_status zw_bind_items(const zw_pack *pack, const zw_items *items, zw_batch *batch,
                        const zw_bind_options *options, zw_bound_items *out, zw_err *err)
{
    size_t count = batch->item_count > 0 ? batch->item_count : 1;
    size_t field_count = batch->item_field_count > 0 ? batch->item_field_count : 1;
    *out = (zw_bound_items){.rows = calloc(count, sizeof(zw_item_row)),
                            .fields = calloc(field_count, sizeof(zw_item_field))};
    struct binding in = {.pack = pack,
                         .items = items,
                         .batch = batch,
                         .options = options,
                         .areas = calloc(count, sizeof(uint32_t)),
                         .out = out};
    zw_buf_init(&in.mistake, MISTAKE_BYTES);
    zw_status status = zw_pool_create(&in.stood, err);
    if (out->rows == NULL || out->fields == NULL || in.areas == NULL) {
        status = zw_err_nomem(err);
    }
    status = status == ZW_OK ? bind_all(&in, err) : status;
    free(in.areas);
    zw_pool_destroy(in.stood);
    zw_buf_fini(&in.mistake);
    return status;
}

void zw_bound_items_fini(zw_bound_items *bound)
{
    free(bound->rows);
    free(bound->fields);
    *bound = (zw_bound_items){0};
}
