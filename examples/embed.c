/*
 * zonewatch inside another program: a pack over a store in memory, two deliveries, two turns, and
 * what is known and said. The clock is the program's own; here it is moved by hand, so that what
 * happens is the same every time.
 *
 *   build/release/embed examples/embed
 */
#include <zonewatch/zonewatch.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int64_t read_clock(void *arg)
{
    const int64_t *now_ms = arg;
    return *now_ms;
}

static void print_mail(void *arg, const zw_mail *mail)
{
    (void)arg;
    (void)printf("  to %s by %s: %s\n", mail->notify, mail->kind, mail->body);
}

/* Feeds one delivery and takes the turn. */
static zw_status learn(zw_watch *watch, const char *csv, zw_err *err)
{
    const zw_fed *fed = NULL;
    zw_feed_options options = {.source = "embed", .is_synthetic = true};
    zw_status status = zw_feed(watch, csv, strlen(csv), &options, &fed, err);
    if (status != ZW_OK) {
        return status;
    }
    (void)printf("taken: %" PRIu32 " rows, %" PRIu32 " revised\n", fed->accepted, fed->revised);
    return zw_turn(watch, err);
}

static zw_status show(zw_watch *watch, const char *expression, const char *period, zw_err *err)
{
    zw_value value;
    zw_status status = zw_read(watch, expression, NULL, period, NULL, &value, err);
    if (status == ZW_OK) {
        (void)printf("%s in %s: %s\n", expression, value.period, value.shown);
    }
    return status;
}

static zw_status run(zw_watch *watch, int64_t *now_ms, zw_err *err)
{
    static const char first[] = "measure,area,period,value\n"
                                "visitors,east,2024-01,900\n"
                                "visitors,west,2024-01,300\n";
    static const char second[] = "measure,area,period,value\n"
                                 "visitors,west,2024-01,30\n"; /* a zero was too many: a revision */
    zw_status status = learn(watch, first, err);
    status = status == ZW_OK ? show(watch, "visitors", "2024-01", err) : status;
    *now_ms += INT64_C(86400000); /* the next day */
    status = status == ZW_OK ? learn(watch, second, err) : status;
    status = status == ZW_OK ? show(watch, "visitors", "2024-01", err) : status;
    status = status == ZW_OK ? zw_mails(watch, print_mail, NULL, err) : status;
    return status;
}

int main(int argc, char **argv)
{
    int64_t now_ms = INT64_C(1706745600000); /* 2024-02-01T00:00:00Z */
    zw_options options = {
        .pack = argc > 1 ? argv[1] : "examples/embed", .now_ms = read_clock, .clock_arg = &now_ms};
    zw_watch *watch = NULL;
    zw_err err;
    zw_status status = zw_open(&options, &watch, &err);
    if (status == ZW_OK) {
        status = run(watch, &now_ms, &err);
    }
    if (status != ZW_OK) {
        (void)fprintf(stderr, "embed: %s\n", err.text);
    }
    zw_close(watch);
    return status == ZW_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
