/* The fold of an item's rows. A standing needs no memory of its own: its fields are looked up in
 * the rows when asked for.
 */
#include "store/item.h"

#include "base/period.h"
#include "store/item_journal.h"

#include <string.h>

void zw_item_walk_init(zw_item_walk *walk, const zw_item_row *const *rows, size_t count,
                       int64_t as_of_ms)
{
    *walk = (zw_item_walk){
        .rows = rows,
        .count = count,
        .standing = {
            .area = "", .state = "", .left_ms = ZW_NEVER_MS, .rows = rows, .as_of_ms = as_of_ms}};
}

/* What the known rows of one moment say together. */
typedef struct moment {
    bool is_known;
    int64_t at_ms;
    const char *area, *state;
} moment;

static void moment_take(moment *m, const zw_item_row *row, zw_item_standing *s)
{
    if (row->known_at_ms > s->as_of_ms) {
        return;
    }
    m->is_known = true;
    if (row->area[0] != '\0') {
        m->area = row->area;
    }
    if (row->state[0] != '\0') {
        m->state = row->state;
    }
    if (!s->is_known || row->known_at_ms > s->known_at_ms) {
        s->known_at_ms = row->known_at_ms;
    }
    if (!s->is_known) {
        s->first_ms = row->at_ms;
        s->came_ms = row->at_ms;
        s->since_ms = row->at_ms;
    }
    s->is_known = true;
    s->is_synthetic = s->is_synthetic || row->is_synthetic;
}

static void standing_take(zw_item_standing *s, const moment *m)
{
    bool leaves = strcmp(m->state, ZW_ITEM_LEFT) == 0;
    s->last_ms = m->at_ms;
    if (m->area[0] != '\0') {
        s->area = m->area;
    }
    if (leaves) {
        s->left_ms = s->left_ms == ZW_NEVER_MS ? m->at_ms : s->left_ms;
        s->lives = false;
        return;
    }
    if (!s->lives) {
        s->lives = true;
        s->left_ms = ZW_NEVER_MS;
        s->came_ms = m->at_ms;
        s->since_ms = m->at_ms;
    }
    if (m->state[0] != '\0' && strcmp(m->state, s->state) != 0) {
        s->state = m->state;
        s->since_ms = m->at_ms;
    }
}

bool zw_item_walk_next(zw_item_walk *walk, int64_t upto_ms)
{
    moment m = {.area = "", .state = ""};
    while (!m.is_known && walk->next < walk->count && walk->rows[walk->next]->at_ms <= upto_ms) {
        m.at_ms = walk->rows[walk->next]->at_ms;
        while (walk->next < walk->count && walk->rows[walk->next]->at_ms == m.at_ms) {
            moment_take(&m, walk->rows[walk->next++], &walk->standing);
        }
    }
    walk->standing.row_count = walk->next;
    if (m.is_known) {
        standing_take(&walk->standing, &m);
    }
    return m.is_known;
}

void zw_item_fold(const zw_item_row *const *rows, size_t count, int64_t t_ms, int64_t as_of_ms,
                  zw_item_standing *out)
{
    zw_item_walk walk;
    zw_item_walk_init(&walk, rows, count, as_of_ms);
    while (zw_item_walk_next(&walk, t_ms)) {
    }
    *out = walk.standing;
}

const char *zw_item_row_says(const zw_item_row *row, const char *name)
{
    for (size_t i = 0; i < row->field_count; i++) {
        if (strcmp(row->fields[i].name, name) == 0) {
            return row->fields[i].text;
        }
    }
    return NULL;
}

const char *zw_item_field_of(const zw_item_standing *standing, const char *name)
{
    for (size_t i = standing->row_count; i > 0; i--) {
        const zw_item_row *row = standing->rows[i - 1];
        const char *text =
            row->known_at_ms <= standing->as_of_ms ? zw_item_row_says(row, name) : NULL;
        if (text != NULL) {
            return text;
        }
    }
    return "";
}

static bool has_char(const char *text, char c)
{
    return strchr(text, c) != NULL;
}

static zw_status field_check(const zw_item_row *row, size_t index, zw_err *err)
{
    const zw_item_field *field = &row->fields[index];
    if (field->name[0] == '\0' || has_char(field->name, ZW_ITEM_FIELD_SEPARATOR) ||
        has_char(field->name, ZW_ITEM_FIELD_EQUALS)) {
        return zw_err_set(err, ZW_INVALID, "a field cannot be named '%s'", field->name);
    }
    if (has_char(field->text, ZW_ITEM_FIELD_SEPARATOR)) {
        return zw_err_set(err, ZW_INVALID, "field '%s': the character U+001F is not allowed",
                          field->name);
    }
    for (size_t i = 0; i < index; i++) {
        if (strcmp(row->fields[i].name, field->name) == 0) {
            return zw_err_set(err, ZW_INVALID, "field '%s' is said twice", field->name);
        }
    }
    return ZW_OK;
}

zw_status zw_item_row_check(const zw_item_row *row, zw_err *err)
{
    if (row->register_name[0] == '\0' || has_char(row->register_name, ZW_ITEM_FIELD_SEPARATOR)) {
        return zw_err_set(err, ZW_INVALID, "a register cannot be named '%s'", row->register_name);
    }
    bool says_something = row->state[0] != '\0';
    for (size_t i = 0; i < row->field_count; i++) {
        zw_status status = field_check(row, i, err);
        if (status != ZW_OK) {
            return status;
        }
        says_something = says_something || row->fields[i].text[0] != '\0';
    }
    if (row->item[0] == '\0' && says_something) {
        return zw_err_set(err, ZW_INVALID,
                          "a row without item says \"no change\": it has no state and no fields");
    }
    return ZW_OK;
}

/* Whether the item has a row of that very moment, known by then. */
static bool speaks_at(const zw_item_row *const *rows, size_t count, const zw_item_row *row)
{
    for (size_t i = count; i > 0 && rows[i - 1]->at_ms >= row->at_ms; i--) {
        if (rows[i - 1]->at_ms == row->at_ms && rows[i - 1]->known_at_ms <= row->known_at_ms) {
            return true;
        }
    }
    return false;
}

static bool standing_says(const zw_item_standing *standing, const zw_item_row *row)
{
    const char *state = standing->lives ? standing->state : ZW_ITEM_LEFT;
    bool says = (row->area[0] == '\0' || strcmp(row->area, standing->area) == 0) &&
                (row->state[0] == '\0' || strcmp(row->state, state) == 0);
    for (size_t i = 0; says && i < row->field_count; i++) {
        const zw_item_field *field = &row->fields[i];
        says = field->text[0] == '\0' ||
               strcmp(zw_item_field_of(standing, field->name), field->text) == 0;
    }
    return says;
}

zw_change zw_item_change(const zw_item_row *const *rows, size_t count, const zw_item_row *row)
{
    if (!speaks_at(rows, count, row)) {
        return ZW_CHANGE_NEW;
    }
    zw_item_standing standing;
    zw_item_fold(rows, count, row->at_ms, row->known_at_ms, &standing);
    return standing_says(&standing, row) ? ZW_CHANGE_UNCHANGED : ZW_CHANGE_REVISED;
}
