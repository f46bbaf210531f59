/* The bytes of deliveries: a row each, with a checksum of what they were. */
#include "store/delivered.h"

#include "intake/sniff.h"
#include "store/packed.h"
#include "store/stmts.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>

enum { TEXTS = 4, TEXT_BYTES = 64 * 1024 * 1024 }; /* UTF-16 and GB18030 grow */

/* --- writing --- */

zw_status zw_delivered_keep(zw_db *db, int64_t batch, zw_text bytes, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_buf packed;
    if (bytes.len == 0 || bytes.len > ZW_DELIVERED_BYTES_MOST) {
        return ZW_OK;
    }
    zw_buf_init(&packed, 2 * (size_t)ZW_DELIVERED_BYTES_MOST);
    zw_status status = zw_packed_put(bytes, &packed, err);
    status =
        status == ZW_OK
            ? zw_stmts_once(
                  db, "INSERT INTO delivered(batch, bytes, sum, packed) VALUES(?1, ?2, ?3, ?4)",
                  &stmt, err)
            : status;
    if (status == ZW_OK) {
        (void)sqlite3_bind_int64(stmt, 1, batch);
        (void)sqlite3_bind_int64(stmt, 2, (sqlite3_int64)bytes.len);
        (void)sqlite3_bind_int64(stmt, 3, (sqlite3_int64)zw_packed_sum(bytes));
        (void)sqlite3_bind_blob(stmt, 4, zw_buf_view(&packed), (int)packed.len, SQLITE_STATIC);
        status = zw_stmts_once_run(db, stmt, "keep a delivery's bytes", err);
    }
    zw_buf_fini(&packed);
    return status;
}

zw_status zw_delivered_move(zw_db *db, int64_t from, int64_t to, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status =
        zw_stmts_once(db, "UPDATE delivered SET batch = ?2 WHERE batch = ?1", &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    (void)sqlite3_bind_int64(stmt, 1, from);
    (void)sqlite3_bind_int64(stmt, 2, to);
    return zw_stmts_once_run(db, stmt, "move a delivery's bytes", err);
}

/* --- reading --- */

/* Unpacks the row that a statement stands on: bytes, sum, packed. */
static zw_status unpack(sqlite3_stmt *stmt, zw_buf *out, zw_err *err)
{
    zw_text packed = {sqlite3_column_blob(stmt, 2), (size_t)sqlite3_column_bytes(stmt, 2)};
    sqlite3_int64 len = sqlite3_column_int64(stmt, 0);
    if (packed.at == NULL || len < 0 || len > ZW_DELIVERED_BYTES_MOST) {
        return zw_err_set(err, ZW_STORE, "the bytes of a delivery are damaged");
    }
    zw_status status = zw_packed_get(packed, (size_t)len, out, err);
    bool is_right = status != ZW_OK || zw_packed_sum((zw_text){zw_buf_view(out), out->len}) ==
                                           (uint32_t)sqlite3_column_int64(stmt, 1);
    return is_right ? status : zw_err_set(err, ZW_STORE, "the bytes of a delivery are damaged");
}

zw_status zw_delivered_check(zw_db *db, void (*on_bad)(void *arg, int64_t batch, const char *why),
                             void *arg, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_status status = zw_stmts_once(
        db, "SELECT bytes, sum, packed, batch FROM delivered ORDER BY batch", &stmt, err);
    int code = SQLITE_ROW;
    while (status == ZW_OK && (code = sqlite3_step(stmt)) == SQLITE_ROW) {
        zw_buf bytes;
        zw_err why = {ZW_OK, ""};
        zw_buf_init(&bytes, ZW_DELIVERED_BYTES_MOST);
        zw_status found = unpack(stmt, &bytes, &why);
        zw_buf_fini(&bytes);
        if (found == ZW_STORE) {
            on_bad(arg, sqlite3_column_int64(stmt, 3), why.text);
        } else if (found != ZW_OK) {
            status = zw_err_set(err, found, "%s", why.text);
        }
    }
    if (status == ZW_OK && code != SQLITE_DONE) {
        status = zw_db_err(db, err, "read the bytes of deliveries");
    }
    (void)sqlite3_finalize(stmt);
    return status;
}

/* The text of one delivery; that of one that is not kept is empty. */
struct kept_text {
    int64_t batch; /* 0: none yet */
    zw_buf utf8;
};

struct zw_delivered {
    zw_db *db;
    struct kept_text texts[TEXTS];
    size_t next; /* the one that goes for the next */
};

zw_status zw_delivered_create(zw_db *db, zw_delivered **out, zw_err *err)
{
    zw_delivered *delivered = calloc(1, sizeof(*delivered));
    *out = delivered;
    if (delivered == NULL) {
        return zw_err_nomem(err);
    }
    delivered->db = db;
    for (size_t i = 0; i < TEXTS; i++) {
        zw_buf_init(&delivered->texts[i].utf8, TEXT_BYTES);
    }
    return ZW_OK;
}

void zw_delivered_destroy(zw_delivered *delivered)
{
    for (size_t i = 0; delivered != NULL && i < TEXTS; i++) {
        zw_buf_fini(&delivered->texts[i].utf8);
    }
    free(delivered);
}

/* What came is read as it was when it was taken. */
static zw_status read_text(zw_db *db, int64_t batch, zw_buf *utf8, zw_err *err)
{
    sqlite3_stmt *stmt = NULL;
    zw_buf bytes;
    zw_encoding encoding = ZW_UTF8;
    zw_status status =
        zw_stmts_once(db, "SELECT bytes, sum, packed FROM delivered WHERE batch = ?1", &stmt, err);
    if (status != ZW_OK) {
        return status;
    }
    zw_buf_init(&bytes, ZW_DELIVERED_BYTES_MOST);
    (void)sqlite3_bind_int64(stmt, 1, batch);
    int code = sqlite3_step(stmt);
    if (code == SQLITE_ROW) {
        status = unpack(stmt, &bytes, err);
        status = status == ZW_OK
                     ? zw_sniff_utf8(zw_buf_view(&bytes), bytes.len, utf8, &encoding, err)
                     : status;
    } else if (code != SQLITE_DONE) {
        status = zw_db_err(db, err, "read a delivery's bytes");
    }
    (void)sqlite3_finalize(stmt);
    zw_buf_fini(&bytes);
    return status;
}

static zw_status find_text(zw_delivered *delivered, int64_t batch, const zw_buf **out, zw_err *err)
{
    for (size_t i = 0; i < TEXTS; i++) {
        if (delivered->texts[i].batch == batch) {
            *out = &delivered->texts[i].utf8;
            return ZW_OK;
        }
    }
    struct kept_text *text = &delivered->texts[delivered->next];
    delivered->next = (delivered->next + 1) % TEXTS;
    text->batch = 0;
    zw_buf_fini(&text->utf8);
    zw_buf_init(&text->utf8, TEXT_BYTES);
    zw_status status = read_text(delivered->db, batch, &text->utf8, err);
    text->batch = status == ZW_OK ? batch : 0;
    *out = &text->utf8;
    return status;
}

zw_status zw_delivered_line(zw_delivered *delivered, int64_t batch, uint32_t line, zw_text *out,
                            zw_err *err)
{
    const zw_buf *text = NULL;
    *out = (zw_text){NULL, 0};
    zw_status status = find_text(delivered, batch, &text, err);
    if (status != ZW_OK || text->len == 0 || line == 0) {
        return status;
    }
    const char *at = zw_buf_view(text);
    const char *end = at + text->len;
    for (uint32_t before = 1; before < line && at != NULL; before++) {
        at = memchr(at, '\n', (size_t)(end - at));
        at = at != NULL && at + 1 < end ? at + 1 : NULL;
    }
    if (at == NULL) {
        return ZW_OK;
    }
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    *out = (zw_text){at, (size_t)((stop != NULL ? stop : end) - at)};
    while (out->len > 0 && out->at[out->len - 1] == '\r') {
        out->len--;
    }
    return ZW_OK;
}
