/* The figures behind an alert. */
#include "alert/behind.h"

#include "intake/batch.h"

void zw_behind_input(const zw_eval *eval, const zw_input *input, zw_behind_each each, void *arg)
{
    const zw_eval_world *world = zw_eval_world_of(eval);
    const zw_series_id *series = NULL;
    size_t count = zw_series_at(zw_store_series(world->store),
                                world->pack->measures[input->measure].title.name,
                                world->pack->areas[input->area].title.name, &series);
    for (size_t i = 0; i < count; i++) {
        zw_figure room;
        const zw_figure *figure =
            zw_store_at(world->store, series[i], input->period, zw_eval_as_of_ms(eval), &room);
        if (figure != NULL) {
            each(arg, series[i], figure);
        }
    }
}

/* The input that is looked at. */
struct looking {
    const zw_eval *eval;
    zw_period period;
    bool is_revised;
};

static void look_at_figure(void *arg, zw_series_id series, const zw_figure *figure)
{
    struct looking *looking = arg;
    int64_t at_ms = zw_eval_as_of_ms(looking->eval);
    if (looking->is_revised || figure->known_at_ms != at_ms) {
        return;
    }
    zw_figure room;
    const zw_figure *before = zw_store_at(zw_eval_world_of(looking->eval)->store, series,
                                          looking->period, at_ms - 1, &room);
    bool is_gone = figure->status == ZW_OBS_MISSING;
    looking->is_revised = before != NULL && (is_gone != (before->status == ZW_OBS_MISSING) ||
                                             (!is_gone && before->value != figure->value));
}

static zw_status look_at_input(void *arg, const zw_input *input, zw_err *err)
{
    struct looking *looking = arg;
    (void)err;
    looking->period = input->period;
    if (!looking->is_revised) {
        zw_behind_input(looking->eval, input, look_at_figure, looking);
    }
    return ZW_OK;
}

/* Looks at what one truth reads, unless all of it was known before. */
static zw_status look_at_truth(struct looking *looking, zw_eval *eval, zw_node_id node,
                               uint32_t area, zw_period period, zw_err *err)
{
    zw_cell cell;
    zw_status status = zw_eval_cell(eval, node, area, period, &cell, err);
    bool is_old = zw_cell_stands(&cell) && cell.known_at_ms < zw_eval_as_of_ms(eval);
    return status == ZW_OK && !is_old
               ? zw_eval_inputs(eval, node, area, period, look_at_input, looking, err)
               : status;
}

zw_status zw_behind_is_revised(zw_eval *eval, uint32_t index, uint32_t area, zw_period period,
                               bool *out, zw_err *err)
{
    const zw_alert *alert = &zw_eval_world_of(eval)->pack->alerts[index];
    struct looking looking = {.eval = eval};
    zw_status status = ZW_OK;
    for (int s = 0; status == ZW_OK && s <= ZW_SEVERITY_COUNT && !looking.is_revised; s++) {
        zw_node_id node = s < ZW_SEVERITY_COUNT ? alert->when[s] : alert->clear;
        if (node != ZW_NODE_NONE) {
            status = look_at_truth(&looking, eval, node, area, period, err);
        }
    }
    *out = looking.is_revised;
    return status;
}
