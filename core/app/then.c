/* Packs of other days: written down when they run, and loaded from what was written. */
#include "app/then.h"

#include "app/engine_inside.h"
#include "serve/shape.h"
#include "store/packs.h"

#include <stdlib.h>
#include <string.h>

zw_status zw_engine_note_pack(zw_engine *engine, zw_err *err)
{
    const zw_pack *pack = engine->pack;
    if (engine->is_noted) {
        return ZW_OK;
    }
    zw_kept_file *files = calloc(pack->file_count > 0 ? pack->file_count : 1, sizeof(*files));
    if (files == NULL) {
        return zw_err_nomem(err);
    }
    for (size_t i = 0; i < pack->file_count; i++) {
        const zw_file *file = &pack->files[i];
        files[i] = (zw_kept_file){
            zw_pack_path_inside(pack, file), {file->text, file->len}, file->is_shipped};
    }
    zw_status status =
        zw_packs_note(zw_store_db(engine->store), pack->digest, zw_shape_pack_name(pack), files,
                      pack->file_count, zw_engine_now_ms(engine), err);
    free(files);
    return status;
}

/* --- loading --- */

static size_t count_files(const zw_kept_pack *kept)
{
    zw_kept_file file;
    size_t count = 0;
    for (size_t at = 0; zw_kept_pack_next(kept, &at, &file);) {
        count++;
    }
    return count;
}

/* What was loaded must be what ran, to the last byte. */
static zw_status check_digest(const zw_loaded *loaded, const zw_kept_pack *kept, zw_err *err)
{
    return strcmp(loaded->pack->digest, kept->digest) == 0
               ? ZW_OK
               : zw_err_set(err, ZW_STORE, "the pack that ran then was not kept whole");
}

static zw_status load_kept(zw_loaded *loaded, const zw_kept_pack *kept, zw_err *err)
{
    size_t count = count_files(kept);
    zw_script_file *files = calloc(count > 0 ? count : 1, sizeof(*files));
    zw_kept_file file;
    size_t taken = 0;
    if (files == NULL) {
        return zw_err_nomem(err);
    }
    for (size_t at = 0; taken < count && zw_kept_pack_next(kept, &at, &file); taken++) {
        files[taken] = (zw_script_file){file.path, file.text, file.is_shipped};
    }
    const char *first = taken > 0 && files[0].path != NULL ? files[0].path : "";
    bool is_one_text = taken == 1 && strcmp(first, "init.lua") != 0; /* of an embedder */
    zw_status status = is_one_text ? zw_script_load_text(kept->name, files[0].text, NULL,
                                                         &loaded->pack, &loaded->script, err)
                                   : zw_script_load_files(kept->name, files, taken, NULL,
                                                          &loaded->pack, &loaded->script, err);
    free(files);
    return status == ZW_OK ? check_digest(loaded, kept, err) : status;
}

/* The moment that a day or moment names: a day's end where the pack that ran last is. */
static zw_status moment_of(zw_db *db, const char *text, int64_t *out, zw_err *err)
{
    zw_stamp stamp;
    zw_kept_pack newest = {.from_ms = 0};
    zw_loaded last = {NULL, NULL, NULL, {0}};
    zw_status status = zw_stamp_parse(zw_text_of(text), &stamp, err);
    if (status != ZW_OK) {
        return zw_err_wrap(err, status, "@%s", text);
    }
    if (stamp.is == ZW_STAMP_MOMENT) {
        *out = stamp.at_ms;
        return ZW_OK;
    }
    status = zw_packs_at(db, ZW_NEVER_MS, &newest, err);
    status = status == ZW_OK ? load_kept(&last, &newest, err) : status;
    if (status == ZW_OK) {
        *out = zw_stamp_last_ms(zw_pack_calendar(last.pack, 0), &stamp);
    }
    zw_loaded_fini(&last);
    zw_kept_pack_fini(&newest);
    return status;
}

static zw_status none_then(zw_db *db, const char *text, zw_err *err)
{
    zw_err ignored;
    int64_t first_ms = 0;
    zw_tz *utc = NULL;
    char first[48] = "";
    if (zw_packs_first_ms(db, &first_ms, err) != ZW_OK) {
        return err->status;
    }
    if (zw_tz_create("UTC", &utc, &ignored) == ZW_OK) {
        zw_moment_text(utc, first_ms, first, sizeof(first));
    }
    zw_tz_destroy(utc);
    return zw_err_set(err, ZW_NOT_FOUND,
                      "no pack ran on this store at %s: the first did from %s on", text, first);
}

static zw_status load_then(zw_loaded *loaded, const char *text, const char *path, zw_err *err)
{
    zw_db *db = NULL;
    zw_kept_pack kept = {.from_ms = 0};
    int64_t at_ms = 0;
    zw_status status = zw_db_open(path, ZW_DB_READ, &db, err);
    if (status != ZW_OK) {
        return status;
    }
    status = moment_of(db, text, &at_ms, err);
    if (status == ZW_OK) {
        status = zw_packs_at(db, at_ms, &kept, err);
        status = status == ZW_NOT_FOUND ? none_then(db, text, err) : status;
    }
    status = status == ZW_OK ? load_kept(loaded, &kept, err) : status;
    zw_kept_pack_fini(&kept);
    zw_db_close(db);
    return status;
}

zw_status zw_loaded_named(zw_loaded *loaded, const char *name, const char *db, const zw_io *io,
                          zw_err *err)
{
    if (name[0] != '@') {
        return zw_loaded_pack(loaded, name, io, err);
    }
    zw_status status = load_then(loaded, name + 1, db, err);
    return status == ZW_OK ? zw_loaded_check(loaded, name, io, err) : status;
}
