/* Deliveries: bytes become a batch, names become what the pack declares, rows become figures and
 * items inside the turn. */
#include "app/engine_inside.h"

#include "base/digest.h"
#include "intake/csv.h"
#include "intake/figure_json.h"
#include "intake/item_csv.h"
#include "intake/item_json.h"
#include "intake/sdmx.h"
#include "intake/sniff.h"
#include "store/delivered.h"

#include <stdlib.h>
#include <string.h>

enum { TEXT_CEILING = 1024 * 1024 * 1024 };

zw_recorded_measure zw_engine_recorded(const zw_measure *measure)
{
    static const char *const kinds[] = {
        [ZW_KIND_FLOW] = "flow", [ZW_KIND_YTD] = "ytd",     [ZW_KIND_STOCK] = "stock",
        [ZW_KIND_RATE] = "rate", [ZW_KIND_GAUGE] = "gauge", [ZW_KIND_COUNTER] = "counter",
        [ZW_KIND_LAST] = "last"};
    return (zw_recorded_measure){
        .kind = kinds[measure->kind], .unit = measure->unit_text, .grid = measure->grid};
}

static void count_taken(zw_engine *engine, zw_change change, int64_t known_at_ms,
                        zw_delivery *delivery)
{
    delivery->accepted++;
    delivery->unchanged += change == ZW_CHANGE_UNCHANGED ? 1 : 0;
    delivery->revised += change == ZW_CHANGE_REVISED ? 1 : 0;
    engine->oldest_ms = known_at_ms < engine->oldest_ms ? known_at_ms : engine->oldest_ms;
}

/* Puts one bound row into the store. */
static zw_status take_row(zw_engine *engine, const zw_bound *row, zw_delivery *delivery,
                          zw_err *err)
{
    zw_series_set *set = zw_store_series(engine->store);
    const zw_measure *measure = &engine->pack->measures[row->measure];
    zw_recorded_measure recorded = zw_engine_recorded(measure);
    zw_series key = {measure->title.name, engine->pack->areas[row->area].title.name, row->dims,
                     row->scope};
    zw_series_id series = ZW_SERIES_NONE;
    zw_change change = ZW_CHANGE_NEW;
    zw_figure figure = {.value = row->value,
                        .known_at_ms = row->known_at_ms,
                        .batch = delivery->id,
                        .line = row->line,
                        .status = (uint8_t)row->status,
                        .is_synthetic = delivery->is_synthetic || row->is_synthetic};
    zw_status status = zw_series_record(set, measure->title.name, &recorded, err);
    status = status == ZW_OK
                 ? zw_store_text(engine->store, zw_text_of(row->source), &figure.source, err)
                 : status;
    status = status == ZW_OK
                 ? zw_store_text(engine->store, zw_text_of(row->note), &figure.note, err)
                 : status;
    status = status == ZW_OK ? zw_series_ensure(set, &key, &series, err) : status;
    status = status == ZW_OK
                 ? zw_store_put(engine->store, series, row->period, &figure, &change, err)
                 : status;
    if (status != ZW_OK) {
        return status;
    }
    count_taken(engine, change, row->known_at_ms, delivery);
    return ZW_OK;
}

/* Puts one bound row of a register into the store. */
static zw_status take_item(zw_engine *engine, const zw_item_row *said, zw_delivery *delivery,
                           zw_err *err)
{
    zw_item_row row = *said;
    zw_change change = ZW_CHANGE_NEW;
    row.batch = delivery->id;
    row.is_synthetic = delivery->is_synthetic || said->is_synthetic;
    zw_status status = zw_items_put(zw_store_items(engine->store), &row, &change, err);
    if (status == ZW_OK) {
        count_taken(engine, change, row.known_at_ms, delivery);
    }
    return status;
}

zw_status zw_engine_put_goods(zw_engine *engine, const zw_goods *goods, zw_delivery *delivery,
                              zw_err *err)
{
    delivery->accepted = delivery->unchanged = delivery->revised = 0;
    delivery->arrived_ms = zw_engine_now_ms(engine);
    zw_status status = zw_store_deliver(engine->store, delivery, err);
    status = status == ZW_OK
                 ? zw_delivered_keep(zw_store_db(engine->store), delivery->id, goods->text, err)
                 : status;
    for (size_t i = 0; status == ZW_OK && i < goods->row_count; i++) {
        status = take_row(engine, &goods->rows[i], delivery, err);
    }
    for (size_t i = 0; status == ZW_OK && i < goods->item_count; i++) {
        status = take_item(engine, &goods->items[i], delivery, err);
    }
    return status == ZW_OK ? zw_store_deliver_done(engine->store, delivery, err) : status;
}

/* What the pack's guards say of rows that are in the store. */
static zw_status ask_guards(const zw_engine *engine, const zw_goods *goods, zw_guard_words *out,
                            zw_err *err)
{
    zw_eval_world world = {engine->pack, engine->script, engine->store, &engine->book.face};
    return zw_guard_is_asked(engine->pack, goods) ? zw_guard_judge(&world, goods, out, err) : ZW_OK;
}

/* A store that refused may have ended the transaction. */
zw_status zw_engine_note_trouble(zw_engine *engine, zw_status status, const zw_err *err)
{
    if (status == ZW_STORE && engine->trouble.status == ZW_OK) {
        (void)zw_err_set(&engine->trouble, status, "%s",
                         err != NULL ? err->text : zw_status_text(status));
    }
    return status;
}

zw_status zw_engine_take(zw_engine *engine, const zw_goods *goods, zw_delivery *delivery,
                         zw_err *err)
{
    int64_t oldest_ms = engine->oldest_ms;
    zw_status status = zw_engine_begin(engine, err);
    if (status != ZW_OK) {
        return status;
    }
    status = zw_store_savepoint(engine->store, err);
    if (status != ZW_OK) {
        return zw_engine_note_trouble(engine, status, err);
    }
    zw_guard_words words = {NULL, 0, 0, false};
    status = zw_engine_put_goods(engine, goods, delivery, err);
    status = status == ZW_OK ? ask_guards(engine, goods, &words, err) : status;
    if (status == ZW_OK && !words.is_held) {
        status = zw_engine_heed(engine, delivery, &words, err);
        status = status == ZW_OK ? zw_store_release(engine->store, err) : status;
    }
    if (status != ZW_OK || words.is_held) {
        zw_store_rollback_to(engine->store);
        engine->oldest_ms = oldest_ms;
        delivery->id = 0;
    }
    if (status == ZW_OK && words.is_held) {
        status = zw_engine_keep_aside(engine, goods, delivery, &words, err);
    }
    engine->fed.is_held = status == ZW_OK && words.is_held;
    zw_guard_words_fini(&words);
    return zw_engine_note_trouble(engine, status, err);
}

zw_status zw_engine_keep_faults(zw_engine *engine, zw_faults *faults, zw_err *err)
{
    zw_faults_sort(faults);
    engine->fed_bad = calloc(faults->count > 0 ? faults->count : 1, sizeof(zw_bad_row));
    if (engine->fed_bad == NULL) {
        return zw_err_nomem(err);
    }
    for (size_t i = 0; i < faults->count; i++) {
        zw_buf_append(&engine->fed_texts, faults->at[i].text, strlen(faults->at[i].text) + 1);
    }
    if (engine->fed_texts.has_failed) {
        return zw_err_nomem(err);
    }
    const char *text = engine->fed_texts.data;
    for (size_t i = 0; i < faults->count; i++) {
        engine->fed_bad[i] = (zw_bad_row){faults->at[i].line, faults->at[i].column, text};
        text += strlen(text) + 1;
    }
    engine->fed.bad = engine->fed_bad;
    engine->fed.bad_count = faults->count;
    return ZW_OK;
}

static void forget_fed(zw_engine *engine)
{
    free(engine->fed_bad);
    engine->fed_bad = NULL;
    zw_buf_clear(&engine->fed_texts);
    engine->fed = (zw_fed){.encoding = ""};
}

const char *zw_engine_format_text(zw_feed_format format)
{
    static const char *const texts[] = {[ZW_FEED_CSV] = "csv",
                                        [ZW_FEED_JSON] = "json",
                                        [ZW_FEED_NDJSON] = "ndjson",
                                        [ZW_FEED_SDMX] = "sdmx-csv",
                                        [ZW_FEED_LINE] = "line",
                                        [ZW_FEED_PROMETHEUS] = "prometheus",
                                        [ZW_FEED_OPENMETRICS] = "openmetrics"};
    return texts[format];
}

bool zw_engine_format_is_csv(zw_feed_format format)
{
    return format == ZW_FEED_CSV || format == ZW_FEED_SDMX;
}

zw_delivery zw_engine_delivery_of(const zw_feed_options *options, const char *digest,
                                  size_t rejected)
{
    return (zw_delivery){.source = options->source != NULL ? options->source : "",
                         .name = options->name != NULL ? options->name : "",
                         .format = zw_engine_format_text(options->format),
                         .digest = digest,
                         .is_synthetic = options->is_synthetic,
                         .rejected = (uint32_t)rejected};
}

void zw_engine_note_taken(zw_engine *engine, const zw_delivery *delivery)
{
    engine->fed.batch = delivery->id;
    engine->fed.accepted = delivery->accepted;
    engine->fed.unchanged = delivery->unchanged;
    engine->fed.revised = delivery->revised;
}

/* The same bytes read in another way are another delivery. */
static zw_status digest_of(const void *bytes, size_t len, const zw_feed_options *options,
                           char out[ZW_DIGEST_TEXT_BYTES], zw_err *err)
{
    char content[ZW_DIGEST_TEXT_BYTES] = "";
    if (options->identity == NULL) {
        zw_digest_of(bytes, len, content);
    }
    zw_buf text;
    zw_buf_init(&text, 4096);
    zw_buf_printf(&text, "%s %d %lld %c %d%s",
                  options->identity != NULL ? options->identity : content, options->has_known_at,
                  options->has_known_at ? (long long)options->known_at_ms : 0LL,
                  options->status != 0 ? options->status : 'A', options->is_synthetic,
                  options->format == ZW_FEED_CSV ? "" : zw_engine_format_text(options->format));
    if (options->format == ZW_FEED_LINE) {
        zw_buf_printf(&text, " %lld", (long long)options->unit_ns);
    }
    zw_digest_of(zw_buf_view(&text), text.len, out);
    bool has_failed = text.has_failed;
    zw_buf_fini(&text);
    return has_failed ? zw_err_nomem(err) : ZW_OK;
}

zw_status zw_engine_bind_options(zw_engine *engine, const zw_feed_options *options,
                                 zw_bind_options *out, zw_err *err)
{
    char letter = options->status;
    *out = (zw_bind_options){.now_ms = zw_engine_now_ms(engine),
                             .has_known_at = options->has_known_at,
                             .known_at_ms = options->known_at_ms,
                             .has_status = letter != 0,
                             .floors = zw_engine_floors(engine)};
    if (letter != 0 && !zw_obs_status_parse((zw_text){&letter, 1}, &out->status)) {
        return zw_err_set(err, ZW_INVALID, "'%c' is no status: expected A, P, E or F", letter);
    }
    if (options->has_known_at && options->known_at_ms > out->now_ms) {
        return zw_err_set(err, ZW_INVALID,
                          "known_at lies after now: what is not known yet cannot be taken");
    }
    return ZW_OK;
}

/* A delivery that was read and bound: of figures, or of a register's items. */
struct content {
    zw_batch *batch;
    bool is_items;
    zw_bound *rows;
    zw_bound_items items;
};

static void content_fini(struct content *content)
{
    free(content->rows);
    zw_bound_items_fini(&content->items);
    zw_batch_destroy(content->batch);
}

static size_t content_count(const struct content *content)
{
    return content->is_items ? content->items.count : content->batch->row_count;
}

/* Whether a delivery is of items, as it is said or as its columns or keys show. */
static bool is_of_items(zw_text text, const zw_feed_options *options)
{
    bool (*has)(zw_text text, const char *name) =
        options->format == ZW_FEED_CSV ? zw_sheet_has_column : zw_json_has_key;
    if (options->as == ZW_FEED_ANY && options->format != ZW_FEED_SDMX) {
        return (has(text, "register") || has(text, "item")) && !has(text, "measure");
    }
    return options->as == ZW_FEED_ITEMS;
}

static zw_status read_rows(const zw_engine *engine, zw_text text, zw_feed_format format,
                           const struct content *content, zw_err *err)
{
    if (format == ZW_FEED_SDMX) {
        return content->is_items
                   ? zw_err_set(err, ZW_INVALID, "items do not come as SDMX-CSV: only figures do")
                   : zw_sdmx_read(text, &engine->pack->sdmx, content->batch, err);
    }
    if (format == ZW_FEED_CSV) {
        return content->is_items ? zw_item_csv_read(text, 0, content->batch, err)
                                 : zw_csv_read(text, 0, content->batch, err);
    }
    zw_json_form form = format == ZW_FEED_JSON ? ZW_JSON_WHOLE : ZW_JSON_LINES;
    return content->is_items ? zw_item_json_read(text, form, content->batch, err)
                             : zw_figure_json_read(text, form, content->batch, err);
}

/* The delivery as text; JSON is UTF-8 or it is none. @param copy  holds what was converted. */
static zw_status text_of(const void *bytes, size_t len, zw_feed_format format, zw_buf *copy,
                         zw_text *out, zw_encoding *encoding, zw_err *err)
{
    *out = (zw_text){bytes, len};
    if (format == ZW_FEED_JSON || format == ZW_FEED_NDJSON) {
        return ZW_OK;
    }
    zw_status status = zw_sniff_utf8(bytes, len, copy, encoding, err);
    *out = (zw_text){zw_buf_view(copy), copy->len};
    return status;
}

/* Reads and binds; what is bad is in the batch's faults. */
static zw_status read_content(zw_engine *engine, const void *bytes, size_t len,
                              const zw_feed_options *options, struct content *content, zw_err *err)
{
    zw_bind_options binding;
    zw_encoding encoding = ZW_UTF8;
    zw_buf copy;
    zw_text text;
    zw_buf_init(&copy, TEXT_CEILING);
    zw_status status = zw_batch_create(&content->batch, err);
    status = status == ZW_OK ? zw_engine_bind_options(engine, options, &binding, err) : status;
    status = status == ZW_OK ? text_of(bytes, len, options->format, &copy, &text, &encoding, err)
                             : status;
    engine->fed.encoding = zw_encoding_name(encoding);
    if (status == ZW_OK) {
        content->is_items = is_of_items(text, options);
        status = content->is_items && options->status != 0
                     ? zw_err_set(err, ZW_INVALID, "items have no status: only figures do")
                     : read_rows(engine, text, options->format, content, err);
        zw_batch_move_lines(content->batch, options->line_offset);
    }
    if (status == ZW_OK) {
        status = content->is_items
                     ? zw_bind_items(engine->pack, zw_store_items(engine->store), content->batch,
                                     &binding, &content->items, err)
                     : zw_bind(engine->pack, content->batch, &binding, &content->rows, err);
    }
    zw_buf_fini(&copy);
    return status;
}

/* A part of something longer is not kept: its lines are counted from the beginning of the whole. */
static zw_status take_content(zw_engine *engine, const struct content *content, zw_text text,
                              const char *digest, const zw_feed_options *options, zw_err *err)
{
    const zw_batch *batch = content->batch;
    if (batch->faults.count > 0 && !options->is_partial) {
        return zw_err_set(err, ZW_INVALID, "%zu bad row%s: nothing was kept", batch->faults.count,
                          batch->faults.count == 1 ? "" : "s");
    }
    zw_delivery delivery = zw_engine_delivery_of(options, digest, batch->faults.count);
    if (options->is_dry) {
        engine->fed.accepted = (uint32_t)content_count(content);
        return ZW_OK;
    }
    zw_goods goods = {content->rows, content->is_items ? 0 : batch->row_count, content->items.rows,
                      content->items.count, options->identity == NULL ? text : (zw_text){NULL, 0}};
    zw_status status = zw_engine_take(engine, &goods, &delivery, err);
    if (status == ZW_OK) {
        zw_engine_note_taken(engine, &delivery);
    }
    return status;
}

/* The source's last delivery again: it says what is known, or what a guard holds already. */
static void say_repeat(zw_engine *engine, int64_t id, bool is_held)
{
    const zw_delivery *before = zw_store_delivery_by_id(engine->store, id);
    engine->fed.is_held = is_held;
    engine->fed.is_repeat = true;
    engine->fed.batch = id;
    engine->fed.accepted = before != NULL ? before->accepted : 0;
    engine->fed.unchanged = engine->fed.accepted;
    engine->fed.encoding = "";
}

/* Looks whether these bytes are here already: held, or the last that their source sent. What was
 * refused is judged anew. @param before  gets their batch; 0 when they are news. */
static zw_status find_repeat(const zw_engine *engine, const char *source, const char *digest,
                             int64_t *before, bool *is_held, zw_err *err)
{
    zw_held_state state = {.is = ZW_HELD_NOT};
    zw_status status = zw_held_find(engine->held, source, digest, before, err);
    *is_held = status == ZW_OK && *before != 0;
    if (status != ZW_OK || *is_held || !zw_store_is_repeat(engine->store, source, digest, before)) {
        return status;
    }
    status = zw_held_state_of(engine->held, *before, &state, err);
    *before = state.is == ZW_HELD_NOT ? *before : 0;
    return status;
}

/* Reads and takes a delivery of figures or items. */
static zw_status feed_rows(zw_engine *engine, zw_text text, const zw_feed_options *options,
                           const char *digest, zw_err *err)
{
    struct content content = {.batch = NULL};
    zw_status status = read_content(engine, text.at, text.len, options, &content, err);
    if (status == ZW_OK) {
        status = zw_engine_keep_faults(engine, &content.batch->faults, err);
    }
    status = status == ZW_OK ? take_content(engine, &content, text, digest, options, err) : status;
    content_fini(&content);
    return status;
}

zw_status zw_engine_knows(const zw_engine *engine, const zw_feed_options *options, bool *out,
                          zw_err *err)
{
    char digest[ZW_DIGEST_TEXT_BYTES];
    int64_t before = 0;
    bool is_held = false;
    const char *source = options->source != NULL ? options->source : "";
    zw_status status = digest_of(NULL, 0, options, digest, err);
    status = status == ZW_OK ? find_repeat(engine, source, digest, &before, &is_held, err) : status;
    *out = status == ZW_OK && before != 0;
    return status;
}

zw_status zw_engine_feed(zw_engine *engine, const void *bytes, size_t len,
                         const zw_feed_options *options, const zw_fed **fed, zw_err *err)
{
    char digest[ZW_DIGEST_TEXT_BYTES] = "";
    zw_text text = {bytes, len};
    bool is_live = options->format >= ZW_FEED_LINE;
    forget_fed(engine);
    *fed = &engine->fed;
    const char *source = options->source != NULL ? options->source : "";
    if (is_live && source[0] == '\0') {
        return zw_engine_feed_live(engine, text, options, digest, err);
    }
    zw_status status = digest_of(bytes, len, options, digest, err);
    if (status != ZW_OK) {
        return status;
    }
    int64_t before = 0;
    bool is_held = false;
    status = find_repeat(engine, source, digest, &before, &is_held, err);
    if (status != ZW_OK || before != 0) {
        if (status == ZW_OK) {
            say_repeat(engine, before, is_held);
        }
        return status;
    }
    return is_live ? zw_engine_feed_live(engine, text, options, digest, err)
                   : feed_rows(engine, text, options, digest, err);
}
