/* Letters: one message for each receiver, however many alerts it speaks of. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "alert/letter.h"
#include "engine_world.h"
#include "failing_alloc.h"

#include <jansson.h>

static const char pack[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "for i = 1, 601 do area(\"a\" .. i) { within = land } end\n"
    "local load = measure \"load\" { kind = \"stock\", unit = \"CNY\", every = \"day\", areas = "
    "land }\n"
    "alert \"low\" { each = land.areas, warning = load:under(10), say = \"{area} is low\" }\n"
    "notify \"office\" { to = { webhook \"http://127.0.0.1:1/\", log() } }\n";

enum { AREAS = 601 };

struct found {
    size_t messages;
    size_t alerts[8]; /* of each message */
    bool is_text[8];
    char first[256], last[256]; /* lines of the last text */
};

static size_t count_lines(const char *text)
{
    size_t count = 1;
    for (; *text != '\0'; text++) {
        count += *text == '\n' ? 1 : 0;
    }
    return count;
}

static zw_status take_message(void *arg, const zw_message *message, zw_err *err)
{
    (void)err;
    struct found *found = arg;
    assert_true(found->messages < 8);
    size_t i = found->messages++;
    found->is_text[i] = message->receiver == 1;
    if (found->is_text[i]) {
        const char *last = strrchr(message->body, '\n');
        found->alerts[i] = count_lines(message->body);
        (void)snprintf(found->first, sizeof(found->first), "%.*s",
                       (int)strcspn(message->body, "\n"), message->body);
        (void)snprintf(found->last, sizeof(found->last), "%s", last != NULL ? last + 1 : "");
        return ZW_OK;
    }
    json_t *body = json_loads(message->body, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(body);
    found->alerts[i] = json_array_size(json_object_get(body, "alerts"));
    assert_string_equal(json_string_value(json_object_get(body, "groupKey")),
                        "{}:{alertname=\"low\"}");
    json_decref(body);
    return ZW_OK;
}

/* Writes a letter of so many areas, and looks at what is in the outbox then. */
static zw_status write_letter(struct house *house, size_t count, struct found *found, size_t *said)
{
    zw_letter_line *lines = calloc(AREAS, sizeof(*lines));
    zw_db *db = zw_store_db(zw_engine_store(house->engine));
    zw_outbox *outbox = zw_engine_outbox(house->engine);
    assert_non_null(lines);
    for (size_t i = 0; i < count; i++) {
        lines[i] = (zw_letter_line){.area = 1 + (uint32_t)i,
                                    .instance.state = zw_alert_state_start(house->now_ms),
                                    .level = 2,
                                    .is_firing = true,
                                    .starts_ms = house->now_ms,
                                    .ends_ms = ZW_NEVER_MS};
    }
    zw_letter letter = {.group = ZW_GROUP_ALERT, .lines = lines, .count = count};
    assert_int_equal(zw_db_begin(db, NULL), ZW_OK);
    *said = 0;
    zw_status status =
        zw_letter_put(zw_engine_eval(house->engine), outbox, &letter, house->now_ms, said, NULL);
    *found = (struct found){0};
    bool has_failed = failing_alloc_stop();
    assert_int_equal(has_failed, status == ZW_NOMEM);
    assert_int_equal(zw_outbox_due(outbox, house->now_ms, 100, take_message, found, NULL), ZW_OK);
    zw_db_rollback(db);
    free(lines);
    return status;
}

static void each_receiver_gets_one_message_of_its_kind(void **state)
{
    (void)state;
    struct house house;
    struct found found;
    size_t said = 0;
    house_open(&house, pack, "2024-03-27");
    assert_int_equal(write_letter(&house, 3, &found, &said), ZW_OK);
    assert_int_equal(said, 2);
    assert_int_equal(found.messages, 2);
    assert_int_equal(found.alerts[0], 3);
    assert_false(found.is_text[0]);
    assert_int_equal(found.alerts[1], 3);
    assert_true(found.is_text[1]);
    assert_string_equal(found.first, "[warning] low a1: a1 is low");
    assert_string_equal(found.last, "[warning] low a3: a3 is low");
    house_close(&house);
}

/* Gets the body of the one message. */
static zw_status take_body(void *arg, const zw_message *message, zw_err *err)
{
    (void)err;
    (void)snprintf(arg, 512, "%s", message->body);
    return ZW_OK;
}

static void a_body_of_the_packs_own_speaks_of_all_alerts(void **state)
{
    (void)state;
    static const char own[] =
        "local land = zone 'land' { timezone = 'UTC' }\n"
        "for i = 1, 3 do area('a' .. i) { within = land, title = 'Area ' .. i } end\n"
        "local load = measure 'load' { kind = 'stock', unit = 'CNY', every = 'day', areas = land "
        "}\n"
        "local twice = indicator 'twice' { load * 2 }\n"
        "alert 'low' { each = land.areas, warning = load:under(10), say = '{area} is low' }\n"
        "notify 'robot' { lang = 'zh', to = webhook('http://127.0.0.1:1/', { msgtype = 'text', "
        "text = { content = '[{severity}] {summary}', count = 3, at = { '{alert}' } } }) }\n";
    struct house house;
    house_open(&house, own, "2024-03-27");
    zw_letter_line lines[2];
    char body[512] = "";
    size_t said = 0;
    zw_db *db = zw_store_db(zw_engine_store(house.engine));
    zw_outbox *outbox = zw_engine_outbox(house.engine);
    for (size_t i = 0; i < 2; i++) {
        lines[i] = (zw_letter_line){.area = 1 + (uint32_t)i,
                                    .instance.state = zw_alert_state_start(house.now_ms),
                                    .level = 2 + (int)i,
                                    .is_firing = true,
                                    .starts_ms = house.now_ms,
                                    .ends_ms = ZW_NEVER_MS};
    }
    zw_letter letter = {.group = ZW_GROUP_ALERT, .lines = lines, .count = 2};
    assert_int_equal(zw_db_begin(db, NULL), ZW_OK);
    assert_int_equal(
        zw_letter_put(zw_engine_eval(house.engine), outbox, &letter, house.now_ms, &said, NULL),
        ZW_OK);
    assert_int_equal(zw_outbox_due(outbox, house.now_ms, 100, take_body, body, NULL), ZW_OK);
    assert_string_equal(body,
                        "{\"msgtype\":\"text\",\"text\":{\"at\":[\"low\"],\"content\":\"[warning] "
                        "Area 1 is low\\n[critical] Area 2 is low\",\"count\":3}}");
    zw_db_rollback(db);
    house_close(&house);
}

static void of_too_many_alerts_there_are_several(void **state)
{
    (void)state;
    struct house house;
    struct found found;
    size_t said = 0;
    house_open(&house, pack, "2024-03-27");
    assert_int_equal(write_letter(&house, AREAS, &found, &said), ZW_OK);
    assert_int_equal(said, 4);
    assert_int_equal(found.messages, 4);
    assert_int_equal(found.alerts[0], 500); /* the webhook's first */
    assert_int_equal(found.alerts[1], 500); /* the log's */
    assert_int_equal(found.alerts[2], 101);
    assert_int_equal(found.alerts[3], 101);
    assert_string_equal(found.last, "[warning] low a601: a601 is low");
    assert_int_equal(write_letter(&house, 500, &found, &said), ZW_OK);
    assert_int_equal(said, 2);
    house_close(&house);
}

static void without_memory_it_says_so(void **state)
{
    (void)state;
    struct house house;
    struct found found;
    size_t said = 0;
    house_open(&house, pack, "2024-03-27");
    zw_status status = ZW_NOMEM;
    for (long n = 0; status != ZW_OK; n++) {
        assert_int_equal(status, ZW_NOMEM);
        assert_true(n < 10000);
        failing_alloc_after(n + 1); /* the lines of the test are the first */
        status = write_letter(&house, 2, &found, &said);
    }
    assert_int_equal(found.messages, 2);
    house_close(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_receiver_gets_one_message_of_its_kind),
        cmocka_unit_test(a_body_of_the_packs_own_speaks_of_all_alerts),
        cmocka_unit_test(of_too_many_alerts_there_are_several),
        cmocka_unit_test(without_memory_it_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
