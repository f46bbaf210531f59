/* Telling: the difference between what is true and what was told, by severity and place, once. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "alert/tell.h"
#include "engine_world.h"

static zw_status add_message(void *arg, const zw_message *message, zw_err *err)
{
    (void)err;
    zw_buf_printf(arg, "%s/%u ", message->notify, message->receiver);
    return ZW_OK;
}

/* What the turn of a day put into the outbox, with rows known on another day (NULL: the same);
 * everything is delivered then. */
static void say_known(struct house *house, const char *day, const char *known, const char *rows,
                      const char *expected)
{
    zw_buf text;
    zw_err err = {ZW_OK, ""};
    zw_buf_init(&text, 65536);
    zw_buf_puts(&text, "");
    house_day_known(house, day, known, rows);
    assert_int_equal(zw_outbox_due(zw_engine_outbox(house->engine), house->now_ms, 100, add_message,
                                   &text, &err),
                     ZW_OK);
    assert_string_equal(zw_buf_view(&text), expected);
    zw_buf_fini(&text);
    int64_t waiting = 0;
    int64_t delivered = 0;
    assert_int_equal(zw_outbox_counts(zw_engine_outbox(house->engine), &waiting, &delivered, &err),
                     ZW_OK);
    for (int64_t id = delivered + 1; id <= delivered + waiting; id++) {
        assert_int_equal(zw_engine_mail_done(house->engine, id, NULL, &err), ZW_OK);
    }
}

static void say(struct house *house, const char *day, const char *rows, const char *expected)
{
    say_known(house, day, NULL, rows, expected);
}

static void each_notify_hears_what_it_asked_for_once(void **state)
{
    (void)state;
    struct house house;
    house_open(&house, late_and_poor, "2022-02-05");
    say(&house, "2022-02-05", "money,north,2022-01,8\nmoney,south,2022-01,8\n",
        "north_only/0 north_only/1 "); /* info: not loud */
    say(&house, "2022-02-06", NULL, "");
    say(&house, "2022-03-05", "money,north,2022-02,4\nmoney,south,2022-02,4\n",
        "loud/0 north_only/0 north_only/1 loud/0 ");
    say(&house, "2022-04-05", "money,north,2022-03,7\nmoney,south,2022-03,20\n",
        "loud/0 north_only/0 north_only/1 loud/0 ");
    house_close(&house);
}

static void what_is_muted_is_told_when_it_is_no_more(void **state)
{
    (void)state;
    struct house house;
    house_open(&house, late_and_poor, "2022-02-05");
    say(&house, "2022-03-05", "money,south,2022-01,8\nmoney,north,2022-01,8\n",
        "north_only/0 north_only/1 ");
    say(&house, "2022-03-11", NULL, "north_only/0 north_only/1 "); /* February is late */
    say(&house, "2022-03-12", "money,north,2022-01,3\n", "");      /* critical now, while it is */
    say(&house, "2022-03-13", "money,north,2022-02,3\n",
        "north_only/0 north_only/1 loud/0 north_only/0 north_only/1 ");
    house_close(&house);
}

static void what_is_mended_back_is_told_again(void **state)
{
    (void)state;
    struct house house;
    house_open(&house, late_and_poor, "2022-02-05");
    say(&house, "2022-02-05", "money,north,2022-01,20\n", "");
    say(&house, "2022-03-05", "money,north,2022-02,4\n", "loud/0 north_only/0 north_only/1 ");
    say_known(&house, "2022-03-08", "2022-03-05", "money,north,2022-02,20\n",
              "loud/0 north_only/0 north_only/1 ");
    say_known(&house, "2022-03-09", "2022-03-05", "money,north,2022-02,4\n",
              "loud/0 north_only/0 north_only/1 "); /* since the same moment as the first time */
    house_close(&house);
}

static void what_was_never_so_of_a_period_is_taken_back(void **state)
{
    (void)state;
    struct house house;
    house_open(&house, late_and_poor, "2022-02-05");
    say(&house, "2022-03-05", "money,north,2022-01,20\n", "");
    say(&house, "2022-03-11", NULL, "north_only/0 north_only/1 "); /* February is late */
    say_known(&house, "2022-03-20", "2022-03-08", "money,north,2022-02,20\n",
              "north_only/0 north_only/1 "); /* it was not */
    say(&house, "2022-03-21", NULL, "");
    house_close(&house);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_notify_hears_what_it_asked_for_once),
        cmocka_unit_test(what_is_muted_is_told_when_it_is_no_more),
        cmocka_unit_test(what_is_mended_back_is_told_again),
        cmocka_unit_test(what_was_never_so_of_a_period_is_taken_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
