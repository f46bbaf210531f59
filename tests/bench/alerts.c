/*
 * A benchmark of many alerts: 100,000 instances (100 alerts at 1,000 areas), of which 1 % begin or
 * end every minute, each of them told. Prints lines "name value": what a minute takes of the CPU
 * (delivery, turn, and the messages ticked off), what memory the process has, and what a restart
 * takes.
 *
 *     alerts FOLDER [MINUTES]
 */
#include "app/engine.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>

enum {
    AREAS = 1000,
    ALERTS = 100,
    CHANGING = AREAS * ALERTS / 100,
    ROW_BYTES = 64,
    MAILS_MOST = 4096,
    PATH_BYTES = 512
};

static const char pack_text[] =
    "local land = zone \"land\" { timezone = \"UTC\" }\n"
    "for i = 0, 999 do area(\"a\" .. i) { within = land } end\n"
    "for i = 0, 99 do\n"
    "  local m = measure(\"m\" .. i) { kind = \"stock\", unit = \"m\", every = \"1m\", due = \"99 "
    "days\" }\n"
    "  alert(\"low\" .. i) { each = land.areas, warning = m:under(10), say = \"{area} {value}\" }\n"
    "end\n"
    "notify \"office\" { to = log(), group = \"alert\" }\n";

struct bench {
    zw_pack *pack;
    zw_script *script;
    zw_engine *engine;
    const char *db;
    int64_t now_ms;
    bool is_low[AREAS * ALERTS];
};

static void need(zw_status status, const zw_err *err)
{
    if (status != ZW_OK) {
        (void)fprintf(stderr, "alerts: %s\n", err->text);
        exit(1);
    }
}

static double cpu_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int64_t clock_of(void *arg)
{
    return ((struct bench *)arg)->now_ms;
}

static void open_engine(struct bench *b)
{
    zw_err err = {ZW_OK, ""};
    need(zw_script_load_text("bench.lua", zw_text_of(pack_text), NULL, &b->pack, &b->script, &err),
         &err);
    if (b->pack->problem_count > 0) {
        need(zw_err_set(&err, ZW_INVALID, "%s", b->pack->problems[0].text), &err);
    }
    zw_engine_options options = {
        .db = b->db, .mode = ZW_DB_WRITE, .now_ms = clock_of, .clock_arg = b};
    need(zw_engine_open(b->pack, b->script, &options, &b->engine, &err), &err);
}

static void close_engine(struct bench *b)
{
    zw_engine_close(b->engine);
    zw_script_destroy(b->script);
    zw_pack_destroy(b->pack);
}

/* The instances first … first + count − 1, each to its other side. */
static void change(struct bench *b, size_t first, size_t count)
{
    size_t len = 0;
    char *csv = malloc(64 + count * ROW_BYTES);
    zw_err err = {ZW_OK, ""};
    const zw_fed *fed = NULL;
    zw_feed_options options = {.source = "bench"};
    if (csv == NULL) {
        need(zw_err_nomem(&err), &err);
        return;
    }
    len += (size_t)sprintf(csv, "measure,area,period,value\n");
    time_t seconds = (time_t)(b->now_ms / 1000);
    struct tm tm;
    char period[32];
    (void)gmtime_r(&seconds, &tm);
    (void)strftime(period, sizeof(period), "%Y-%m-%dT%H:%MZ", &tm);
    for (size_t i = 0; i < count; i++) {
        size_t instance = (first + i * 7919) % (AREAS * ALERTS); /* spread over areas and alerts */
        b->is_low[instance] = !b->is_low[instance];
        len += (size_t)sprintf(csv + len, "m%zu,a%zu,%s,%d\n", instance % ALERTS, instance / ALERTS,
                               period, b->is_low[instance] ? 5 : 50);
    }
    need(zw_engine_feed(b->engine, csv, len, &options, &fed, &err), &err);
    free(csv);
    need(zw_engine_turn(b->engine, NULL, &err), &err);
}

struct mails {
    int64_t ids[MAILS_MOST];
    size_t count, total;
};

static zw_status take_mail(void *arg, const zw_message *message, zw_err *err)
{
    struct mails *mails = arg;
    (void)err;
    mails->ids[mails->count++] = message->id;
    return ZW_OK;
}

static void tick_off(struct bench *b, struct mails *mails)
{
    zw_err err = {ZW_OK, ""};
    do {
        mails->count = 0;
        need(zw_outbox_due(zw_engine_outbox(b->engine), b->now_ms, MAILS_MOST, take_mail, mails,
                           &err),
             &err);
        for (size_t i = 0; i < mails->count; i++) {
            need(zw_engine_mail_done(b->engine, mails->ids[i], NULL, &err), &err);
        }
        mails->total += mails->count;
    } while (mails->count == MAILS_MOST);
}

static void say_memory(const char *name)
{
    struct rusage usage;
    (void)getrusage(RUSAGE_SELF, &usage);
    (void)printf("%s %.0f\n", name, (double)usage.ru_maxrss / 1024);
}

int main(int argc, char **argv)
{
    static struct bench b;
    static struct mails mails;
    char path[PATH_BYTES];
    long minutes = argc > 2 ? strtol(argv[2], NULL, 10) : 30;
    if (argc < 2 || minutes < 1) {
        (void)fprintf(stderr, "alerts FOLDER [MINUTES]\n");
        return 2;
    }
    (void)snprintf(path, sizeof(path), "%s/alerts.db", argv[1]);
    b.db = path;
    b.now_ms = INT64_C(1782864000000); /* 2026-07-01 */
    double began = cpu_ms();
    open_engine(&b);
    for (size_t i = 0; i < AREAS * ALERTS; i++) {
        b.is_low[i] = true; /* the first figures of all are fine */
    }
    change(&b, 0, AREAS * ALERTS);
    (void)printf("first_figures_cpu_ms %.0f\n", cpu_ms() - began);
    say_memory("first_figures_peak_mib");
    double worst = 0;
    began = cpu_ms();
    for (long m = 0; m < minutes; m++) {
        double before = cpu_ms();
        b.now_ms += 60000;
        change(&b, (size_t)m * CHANGING * 7919, CHANGING);
        tick_off(&b, &mails);
        double took = cpu_ms() - before;
        worst = took > worst ? took : worst;
    }
    (void)printf("minute_cpu_ms %.0f\n", (cpu_ms() - began) / (double)minutes);
    (void)printf("worst_minute_cpu_ms %.0f\n", worst);
    (void)printf("messages_a_minute %.0f\n", (double)mails.total / (double)minutes);
    say_memory("peak_mib");
    close_engine(&b);
    began = cpu_ms();
    open_engine(&b);
    (void)printf("restart_cpu_ms %.0f\n", cpu_ms() - began);
    close_engine(&b);
    return 0;
}
