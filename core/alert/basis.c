/* The basis of a move. Whoever reads it years later must find the deliveries without asking what
 * has come since. */
#include "alert/basis.h"

#include "alert/behind.h"

#include <stdio.h>
#include <string.h>

enum { DELIVERIES_MOST = 20, WHY_CEILING = 64 * 1024, PERIOD_BYTES = 48, COMPLETE_BYTES = 24 };

struct delivery {
    int64_t batch, known_at_ms;
    const char *source;
    size_t figures;
};

/* The newest deliveries that were met, and how many figures came by others. */
struct pile {
    const zw_store *store;
    struct delivery at[DELIVERIES_MOST + 1];
    size_t count, others;
};

static void take_figure(void *arg, zw_series_id series, const zw_figure *figure)
{
    struct pile *pile = arg;
    const zw_delivery *from = zw_store_delivery_by_id(pile->store, figure->batch);
    const char *own = zw_store_text_view(pile->store, figure->source);
    struct delivery one = {.batch = figure->batch,
                           .known_at_ms = figure->known_at_ms,
                           .source = own[0] != '\0' ? own
                                     : from != NULL ? from->source
                                                    : "",
                           .figures = 1};
    (void)series;
    for (size_t i = 0; i < pile->count; i++) { /* the same is taken out, to be put in its place */
        if (pile->at[i].batch == one.batch && strcmp(pile->at[i].source, one.source) == 0) {
            one.figures += pile->at[i].figures;
            one.known_at_ms = pile->at[i].known_at_ms > one.known_at_ms ? pile->at[i].known_at_ms
                                                                        : one.known_at_ms;
            memmove(&pile->at[i], &pile->at[i + 1], (--pile->count - i) * sizeof(pile->at[0]));
            break;
        }
    }
    size_t place = pile->count++;
    for (; place > 0 && pile->at[place - 1].known_at_ms < one.known_at_ms; place--) {
        pile->at[place] = pile->at[place - 1];
    }
    pile->at[place] = one;
    if (pile->count > DELIVERIES_MOST) {
        pile->others += pile->at[--pile->count].figures;
    }
}

struct taking {
    const zw_gathering *in;
    struct pile *pile;
};

static zw_status take_input(void *arg, const zw_input *input, zw_err *err)
{
    struct taking *taking = arg;
    (void)err;
    zw_behind_input(taking->in->eval, input, take_figure, taking->pile);
    return ZW_OK;
}

/* A source may be named in anything; what is kept is UTF-8. */
static const char *clean(const char *text)
{
    size_t bad_at = 0;
    return zw_text_is_utf8(text, strlen(text), &bad_at) ? text : "";
}

static bool put_deliveries(const zw_gathering *in, const struct pile *pile, json_t *basis)
{
    json_t *list = json_array();
    bool is_put = json_object_set_new(basis, "deliveries", list) == 0;
    for (size_t i = 0; is_put && i < pile->count; i++) {
        const struct delivery *one = &pile->at[i];
        char known[48];
        (void)zw_moment_text(zw_pack_calendar(in->pack, in->area)->tz, one->known_at_ms, known,
                             sizeof(known));
        is_put = json_array_append_new(list, json_pack("{s:I, s:s, s:s, s:I}", "batch",
                                                       (json_int_t)one->batch, "source",
                                                       clean(one->source), "known_at", known,
                                                       "figures", (json_int_t)one->figures)) == 0;
    }
    return is_put &&
           (pile->others == 0 ||
            json_object_set_new(basis, "others", json_integer((json_int_t)pile->others)) == 0);
}

static zw_status put_figures(const zw_gathering *in, json_t *basis, zw_err *err)
{
    struct pile pile = {.store = zw_eval_world_of(in->eval)->store};
    struct taking taking = {in, &pile};
    zw_status status =
        zw_eval_inputs(in->eval, in->truth, in->area, in->front, take_input, &taking, err);
    if (status == ZW_OK && pile.count > 0 && !put_deliveries(in, &pile, basis)) {
        status = zw_err_nomem(err);
    }
    return status;
}

/* A number of the target's own at the front, when it stands and is not hidden. */
static zw_status put_number(const zw_gathering *in, const char *name, zw_node_id id, json_t *out,
                            zw_err *err)
{
    if (id == ZW_NODE_NONE) {
        return ZW_OK;
    }
    zw_cell cell;
    zw_period p = zw_facts_period_of(in, id);
    zw_status status = zw_eval_cell(in->eval, id, in->area, p, &cell, err);
    status = status == ZW_OK ? zw_eval_veil(in->eval, id, in->area, p, &cell, err) : status;
    if (status != ZW_OK || !zw_cell_stands(&cell)) {
        return status;
    }
    char shown[160];
    zw_unit show = zw_pack_node(in->pack, id)->show;
    json_t *number = json_pack("{s:f, s:s}", "value", cell.value, "shown",
                               zw_unit_show(cell.value, &show, shown, sizeof(shown)));
    return json_object_set_new(out, name, number) == 0 ? ZW_OK : zw_err_nomem(err);
}

static zw_status put_target(const zw_gathering *in, json_t *basis, zw_err *err)
{
    if (in->matter.target == ZW_NONE) {
        return ZW_OK;
    }
    const zw_target *target = &in->pack->targets[in->matter.target];
    json_t *object = json_pack("{s:s}", "name", target->title.name);
    if (json_object_set_new(basis, "target", object) != 0) {
        return zw_err_nomem(err);
    }
    zw_status status = put_number(in, "path", target->value, object, err);
    return status == ZW_OK ? put_number(in, "gap", target->gap, object, err) : status;
}

/* How complete what is compared is, and why the truth is unknown where it is. */
static zw_status put_standing(const zw_gathering *in, json_t *basis, zw_err *err)
{
    zw_cell truth;
    zw_cell newest;
    zw_status status = zw_eval_cell(in->eval, in->truth, in->area, in->front, &truth, err);
    status = status == ZW_OK
                 ? zw_eval_cell(in->eval, in->truth, in->area, in->state->front, &newest, err)
                 : status;
    char complete[COMPLETE_BYTES];
    bool is_put = true;
    if (status == ZW_OK && truth.of > 0) {
        (void)snprintf(complete, sizeof(complete), "%u/%u", (unsigned)truth.in, (unsigned)truth.of);
        is_put = json_object_set_new(basis, "complete", json_string(complete)) == 0;
    }
    if (status == ZW_OK && !zw_cell_stands(&newest)) {
        zw_buf why;
        zw_buf_init(&why, WHY_CEILING);
        zw_eval_why(in->eval, in->area, &newest, &why);
        is_put = is_put && json_object_set_new(basis, "why", json_string(zw_buf_view(&why))) == 0;
        zw_buf_fini(&why);
    }
    return status == ZW_OK && !is_put ? zw_err_nomem(err) : status;
}

zw_status zw_basis_make(zw_gathering *in, json_t **out, zw_err *err)
{
    json_t *basis = json_object();
    *out = NULL;
    zw_status status = basis != NULL ? ZW_OK : zw_err_nomem(err);
    if (status == ZW_OK && in->state->has_front) {
        status = put_standing(in, basis, err);
        status = status == ZW_OK ? put_figures(in, basis, err) : status;
        status = status == ZW_OK ? put_target(in, basis, err) : status;
    }
    if (status != ZW_OK) {
        json_decref(basis);
        return status;
    }
    *out = basis;
    return ZW_OK;
}
