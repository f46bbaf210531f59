/*
 * Packs. The files of one lie behind each other in one packed row: a byte that says whether the
 * program shipped it, its path and its length in digits, each ended by a NUL, and its text.
 */
#include "store/packs.h"

#include "store/packed.h"
#include "store/stmts.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PACK_BYTES_MOST = 256 * 1024 * 1024 };

/* Whether the digest is that of the pack that ran last, and whether its files are kept. */
static zw_status look(zw_db *db, const char *digest, bool *is_last, bool *is_kept, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status =
        zw_stmts_once(db,
                      "SELECT (SELECT digest FROM pack_run ORDER BY id DESC LIMIT 1) IS ?1,"
                      " EXISTS(SELECT 1 FROM pack WHERE digest = ?1)",
                      &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    (void)sqlite3_bind_text(stmt, 1, digest, -1, SQLITE_STATIC);
    status = sqlite3_step(stmt) == SQLITE_ROW ? ZW_OK : zw_db_err(db, err, "read packs");
    *is_last = status == ZW_OK && sqlite3_column_int(stmt, 0) != 0;
    *is_kept = status == ZW_OK && sqlite3_column_int(stmt, 1) != 0;
    (void)sqlite3_finalize(stmt);
    return status;
}

static zw_status write_files(const zw_kept_file *files, size_t count, zw_buf *out, zw_err *err)
{
    for (size_t i = 0; i < count; i++) {
        zw_buf_putc(out, files[i].is_shipped ? '1' : '0');
        zw_buf_append(out, files[i].path, strlen(files[i].path) + 1);
        zw_buf_printf(out, "%zu", files[i].text.len);
        zw_buf_putc(out, '\0');
        zw_buf_append(out, files[i].text.at, files[i].text.len);
    }
    return out->has_failed ? zw_err_nomem(err) : ZW_OK;
}

static zw_status insert_pack(zw_db *db, const char *digest, const char *name, zw_text bytes,
                             zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_buf packed;
    zw_buf_init(&packed, PACK_BYTES_MOST);
    zw_status status = zw_packed_put(bytes, &packed, err);
    status = status == ZW_OK
                 ? zw_stmts_once(
                       db, "INSERT INTO pack(digest, name, bytes, packed) VALUES(?1, ?2, ?3, ?4)",
                       &stmt, err)
                 : status;
    if (status == ZW_OK) {
        (void)sqlite3_bind_text(stmt, 1, digest, -1, SQLITE_STATIC);
        (void)sqlite3_bind_text(stmt, 2, name, -1, SQLITE_STATIC);
        (void)sqlite3_bind_int64(stmt, 3, (sqlite3_int64)bytes.len);
        (void)sqlite3_bind_blob(stmt, 4, zw_buf_view(&packed), (int)packed.len, SQLITE_STATIC);
        status = zw_stmts_once_run(db, stmt, "keep a pack", err);
    }
    zw_buf_fini(&packed);
    return status;
}

static zw_status insert_run(zw_db *db, const char *digest, int64_t now_ms, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status =
        zw_stmts_once(db, "INSERT INTO pack_run(digest, from_ms) VALUES(?1, ?2)", &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    (void)sqlite3_bind_text(stmt, 1, digest, -1, SQLITE_STATIC);
    (void)sqlite3_bind_int64(stmt, 2, now_ms);
    return zw_stmts_once_run(db, stmt, "note a pack", err);
}

zw_status zw_packs_note(zw_db *db, const char *digest, const char *name, const zw_kept_file *files,
                        size_t count, int64_t now_ms, zw_err *err)
{
    bool is_last = false;
    bool is_kept = false;
    zw_status status = look(db, digest, &is_last, &is_kept, err);
    if (status != ZW_OK || is_last) {
        return status;
    }
    if (!is_kept) {
        zw_buf bytes;
        zw_buf_init(&bytes, PACK_BYTES_MOST);
        status = write_files(files, count, &bytes, err);
        status = status == ZW_OK
                     ? insert_pack(db, digest, name, (zw_text){zw_buf_view(&bytes), bytes.len}, err)
                     : status;
        zw_buf_fini(&bytes);
    }
    return status == ZW_OK ? insert_run(db, digest, now_ms, err) : status;
}

zw_status zw_packs_first_ms(zw_db *db, int64_t *out, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status =
        zw_stmts_once(db, "SELECT from_ms FROM pack_run ORDER BY id LIMIT 1", &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    int code = sqlite3_step(stmt);
    *out = code == SQLITE_ROW ? sqlite3_column_int64(stmt, 0) : 0;
    status = code == SQLITE_ROW    ? ZW_OK
             : code == SQLITE_DONE ? zw_err_set(err, ZW_NOT_FOUND, "no pack ran on this store yet")
                                   : zw_db_err(db, err, "read packs");
    (void)sqlite3_finalize(stmt);
    return status;
}

/* Takes the row that a statement stands on: from_ms, digest, name, bytes, packed. */
static zw_status take_pack(sqlite3_stmt *stmt, zw_kept_pack *out, zw_err *err)
{
    const char *digest = (const char *)sqlite3_column_text(stmt, 1);
    const char *name = (const char *)sqlite3_column_text(stmt, 2);
    sqlite3_int64 len = sqlite3_column_int64(stmt, 3);
    zw_text packed = {sqlite3_column_blob(stmt, 4), (size_t)sqlite3_column_bytes(stmt, 4)};
    if (digest == NULL || name == NULL || packed.at == NULL || len < 0 || len > PACK_BYTES_MOST) {
        return zw_err_set(err, ZW_STORE, "the files of a pack are damaged");
    }
    out->from_ms = sqlite3_column_int64(stmt, 0);
    (void)snprintf(out->digest, sizeof(out->digest), "%s", digest);
    (void)snprintf(out->name, sizeof(out->name), "%s", name);
    zw_buf_init(&out->bytes, PACK_BYTES_MOST);
    return zw_packed_get(packed, (size_t)len, &out->bytes, err);
}

zw_status zw_packs_at(zw_db *db, int64_t at_ms, zw_kept_pack *out, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = zw_stmts_once(
        db,
        "SELECT r.from_ms, p.digest, p.name, p.bytes, p.packed FROM pack_run r JOIN pack p USING "
        "(digest) WHERE r.from_ms <= ?1 ORDER BY r.from_ms DESC, r.id DESC LIMIT 1",
        &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    (void)sqlite3_bind_int64(stmt, 1, at_ms);
    int code = sqlite3_step(stmt);
    if (code == SQLITE_ROW) {
        status = take_pack(stmt, out, err);
    } else {
        status = code == SQLITE_DONE ? zw_err_set(err, ZW_NOT_FOUND, "no pack ran then")
                                     : zw_db_err(db, err, "read packs");
    }
    (void)sqlite3_finalize(stmt);
    return status;
}

bool zw_kept_pack_next(const zw_kept_pack *pack, size_t *at, zw_kept_file *out)
{
    const char *bytes = zw_buf_view(&pack->bytes);
    size_t left = pack->bytes.len - *at;
    const char *path = bytes + *at + 1;
    const char *digits = left > 1 ? memchr(path, '\0', left - 1) : NULL;
    if (digits == NULL) {
        return false;
    }
    digits++;
    const char *text = memchr(digits, '\0', (size_t)(bytes + pack->bytes.len - digits));
    long long len = 0;
    if (text == NULL || !zw_text_integer(zw_text_of(digits), &len) || len < 0 ||
        len > bytes + pack->bytes.len - (text + 1)) {
        return false;
    }
    *out = (zw_kept_file){path, {text + 1, (size_t)len}, bytes[*at] == '1'};
    *at = (size_t)(text + 1 - bytes) + (size_t)len;
    return true;
}

void zw_kept_pack_fini(zw_kept_pack *pack)
{
    zw_buf_fini(&pack->bytes);
}
