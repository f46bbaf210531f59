/* Asked: what the rules of inference ask of a node's kids. Messages are for the author of a pack.
 */
#include "plan/asked.h"

#include <stdio.h>

const char *zw_asked_unit_name(const zw_unit *unit, char *out, size_t size)
{
    if (zw_unit_is_any(unit) || unit->word[0] == '\0') {
        return "a plain number";
    }
    (void)size;
    zw_unit bare = *unit;
    bare.scale = 1;
    return zw_unit_text(&bare, out, size);
}

zw_status zw_asked_number(const zw_asked *in, unsigned slot, zw_err *err)
{
    if (in->kid[slot]->type == ZW_TYPE_NUMBER) {
        return ZW_OK;
    }
    return zw_err_set(err, ZW_INVALID, "'%s' needs a number, got %s", zw_op_text(in->node->op),
                      zw_type_text(in->kid[slot]->type));
}

zw_status zw_asked_truth(const zw_asked *in, unsigned slot, zw_err *err)
{
    if (in->kid[slot]->type == ZW_TYPE_TRUTH) {
        return ZW_OK;
    }
    return zw_err_set(err, ZW_INVALID, "'%s' needs a truth such as x:over(…), got %s",
                      zw_op_text(in->node->op), zw_type_text(in->kid[slot]->type));
}

zw_status zw_asked_numbers(const zw_asked *in, unsigned from, zw_err *err)
{
    zw_status status = ZW_OK;
    for (unsigned slot = from; status == ZW_OK && slot < in->node->kid_count; slot++) {
        status = zw_asked_number(in, slot, err);
    }
    return status;
}

/* What to write so that values of two grids meet. */
static const char *mend_of(zw_grid a, zw_grid b, char *out, size_t size)
{
    zw_grid fine = zw_grid_compare(a, b) < 0 ? a : b;
    zw_grid coarse = zw_grid_same(fine, a) ? b : a;
    char name[24];
    if (coarse.every != ZW_SUBDAY && zw_grid_goes_into(fine, coarse)) {
        (void)snprintf(out, size, "add :%s() to the finer side",
                       zw_grid_name(coarse, name, sizeof(name)));
    } else if (coarse.every == ZW_SUBDAY) { /* no operation leads to a step of minutes */
        (void)snprintf(out, size, "add :day() to both sides");
    } else {
        (void)snprintf(out, size, "weeks go into no other period");
    }
    return out;
}

/* Takes the one grid of the kids; two are an error that names the mend. */
zw_status zw_asked_join_grids(zw_asked *in, zw_err *err)
{
    for (unsigned slot = 0; slot < in->node->kid_count; slot++) {
        const zw_node *kid = in->kid[slot];
        if (!kid->has_grid) {
            continue;
        }
        if (!in->node->has_grid) {
            in->node->has_grid = true;
            in->node->grid = kid->grid;
            continue;
        }
        if (!zw_grid_same(in->node->grid, kid->grid)) {
            char a[24];
            char b[24];
            char mend[64];
            return zw_err_set(err, ZW_INVALID,
                              "'%s' of a %s and a %s: two grids in one operation; %s",
                              zw_op_text(in->node->op), zw_grid_name(in->node->grid, a, sizeof(a)),
                              zw_grid_name(kid->grid, b, sizeof(b)),
                              mend_of(in->node->grid, kid->grid, mend, sizeof(mend)));
        }
    }
    return ZW_OK;
}

/* Values that are added or compared must be of one unit; the first that says one names it. */
zw_status zw_asked_join_units(zw_asked *in, unsigned from, zw_err *err)
{
    for (unsigned slot = from; slot < in->node->kid_count; slot++) {
        const zw_node *kid = in->kid[slot];
        if (!zw_unit_fits(&in->node->unit, &kid->unit)) {
            char a[96];
            char b[96];
            return zw_err_set(err, ZW_INVALID, "'%s': %s and %s do not fit together",
                              zw_op_text(in->node->op),
                              zw_asked_unit_name(&in->node->unit, a, sizeof(a)),
                              zw_asked_unit_name(&kid->unit, b, sizeof(b)));
        }
        if (zw_unit_is_any(&in->node->unit)) {
            in->node->unit = kid->unit;
            in->node->show = kid->show;
        }
    }
    return ZW_OK;
}

void zw_asked_keep(zw_asked *in, unsigned slot)
{
    in->node->unit = in->kid[slot]->unit;
    in->node->show = in->kid[slot]->show;
}

zw_status zw_asked_grid(const zw_asked *in, zw_err *err)
{
    if (in->kid[0]->has_grid) {
        return ZW_OK;
    }
    return zw_err_set(err, ZW_INVALID, "'%s' needs something with periods, got a plain number",
                      zw_op_text(in->node->op));
}

zw_status zw_asked_count(const zw_asked *in, int32_t least, zw_err *err)
{
    if (in->node->count >= least) {
        return ZW_OK;
    }
    return zw_err_set(err, ZW_INVALID, "'%s' needs a whole number of at least %d, got %d",
                      zw_op_text(in->node->op), least, in->node->count);
}

zw_unit zw_asked_shown(const char *text)
{
    zw_unit unit;
    zw_err ignored;
    return zw_unit_parse(zw_text_of(text), &unit, &ignored) == ZW_OK ? unit : zw_unit_plain();
}
