/* Messages whose receiver the pack no longer has. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "alert/lost.h"
#include "engine_world.h"
#include "failing_alloc.h"

static const char pack[] = "zone 'land' { timezone = 'UTC' }\n"
                           "notify 'office' { to = { webhook 'http://127.0.0.1:1/', log() } }\n";

static const struct {
    const char *why;
    zw_outbox_lane lane;
    const char *said; /* NULL: it is kept */
} rows[] = {
    {"a webhook's", {"office", "webhook(…)", 0, 0}, NULL},
    {"a log's", {"office", "log()", 1, 0}, NULL},
    {"an earlier program's", {"office", "", 1, 0}, NULL},
    {"no such notify", {"bureau", "log()", 0, 0}, "the pack has no notify \"bureau\" any more"},
    {"another noun of that name",
     {"land", "log()", 0, 0},
     "the pack has no notify \"land\" any more"},
    {"no such receiver", {"office", "log()", 2, 0}, "notify \"office\" has no receiver 3 any more"},
    {"another kind",
     {"office", "log()", 0, 0},
     "receiver 1 of notify \"office\" is webhook(…) now, no longer log()"},
};
enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

struct said {
    size_t count;
    char texts[ROWS][200];
};

static void on_lost(void *arg, const zw_outbox_lane *lane, const char *why)
{
    struct said *said = arg;
    assert_int_equal(lane->count, 1);
    (void)snprintf(said->texts[said->count++], sizeof(said->texts[0]), "%s", why);
}

static void put_all(zw_outbox *outbox)
{
    for (size_t i = 0; i < ROWS; i++) {
        char key[16];
        (void)snprintf(key, sizeof(key), "k%zu", i);
        zw_message message = {.notify = rows[i].lane.notify,
                              .kind = rows[i].lane.kind,
                              .receiver = rows[i].lane.receiver,
                              .key = key,
                              .body = "{}"};
        assert_int_equal(zw_outbox_put(outbox, &message, NULL), ZW_OK);
    }
}

static void what_has_no_receiver_is_given_up_with_the_reason(void **state)
{
    (void)state;
    struct house house;
    struct said said = {0, {""}};
    int64_t given_up = 0;
    size_t lost = 0;
    house_open(&house, pack, "2024-03-27");
    zw_outbox *outbox = zw_engine_outbox(house.engine);
    zw_db *db = zw_store_db(zw_engine_store(house.engine));
    assert_int_equal(zw_db_begin(db, NULL), ZW_OK);
    put_all(outbox);
    assert_int_equal(zw_lost_give_up(outbox, zw_engine_pack(house.engine), 9, on_lost, &said, NULL),
                     ZW_OK);
    for (size_t i = 0; i < ROWS; i++) {
        bool is_said = false;
        for (size_t s = 0; rows[i].said != NULL && s < said.count; s++) {
            is_said = is_said || strcmp(said.texts[s], rows[i].said) == 0;
        }
        lost += rows[i].said != NULL ? 1 : 0;
        if (is_said != (rows[i].said != NULL)) {
            fail_msg("%s", rows[i].why);
        }
    }
    assert_int_equal(said.count, lost);
    assert_int_equal(zw_outbox_given_up(outbox, &given_up, NULL), ZW_OK);
    assert_int_equal(given_up, lost);
    said.count = 0; /* once */
    assert_int_equal(zw_lost_give_up(outbox, zw_engine_pack(house.engine), 9, on_lost, &said, NULL),
                     ZW_OK);
    assert_int_equal(said.count, 0);
    zw_db_rollback(db);
    house_close(&house);
}

static void without_memory_it_says_so(void **state)
{
    (void)state;
    struct house house;
    house_open(&house, pack, "2024-03-27");
    zw_db *db = zw_store_db(zw_engine_store(house.engine));
    zw_status status = ZW_NOMEM;
    for (long n = 0; status != ZW_OK; n++) {
        assert_int_equal(status, ZW_NOMEM);
        assert_int_equal(zw_db_begin(db, NULL), ZW_OK);
        put_all(zw_engine_outbox(house.engine));
        failing_alloc_after(n);
        status = zw_lost_give_up(zw_engine_outbox(house.engine), zw_engine_pack(house.engine), 9,
                                 NULL, NULL, NULL);
        assert_int_equal(failing_alloc_stop(), status == ZW_NOMEM);
        zw_db_rollback(db);
    }
    house_close(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_has_no_receiver_is_given_up_with_the_reason),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
