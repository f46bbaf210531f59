/*
 * The bodies of the ingest benchmark: 2,000 series (200 areas, 10 measures), so many timestamps ten
 * seconds apart, each series a random walk with four decimals and steps uniform in ±0.5. The same
 * figures as line protocol, as Prometheus's remote write (protobuf in snappy) and as CSV.
 *
 *     bodies FOLDER START_MS TIMESTAMPS
 *
 * Writes FOLDER/lines.1 and remote.1 (bodies of 5,000 samples in order of time), lines.4.N and
 * remote.4.N (the same split by series among four senders), tidy.csv, plain.csv (area, measure,
 * Unix ms, value) and sum (of all values, in ten-thousandths). A file of bodies holds each behind
 * its length, four bytes of this machine's order.
 */
#include <snappy-c.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    AREAS = 200,
    MEASURES = 10,
    SERIES = AREAS * MEASURES,
    STEP_MS = 10000,
    BODY_SAMPLES = 5000,
    SENDERS = 4,
    LINE_BYTES = 96,
    UNIT = 10000
};

/* Bodies of one kind on their way into a file. */
struct body {
    FILE *file;
    char *bytes;
    size_t len;
    unsigned samples;
    int is_remote;
};

static void need(int holds, const char *what)
{
    if (!holds) {
        (void)fprintf(stderr, "bodies: %s\n", what);
        exit(1);
    }
}

static FILE *file_open(const char *folder, const char *name)
{
    char path[4096];
    (void)snprintf(path, sizeof(path), "%s/%s", folder, name);
    FILE *file = fopen(path, "w");
    need(file != NULL, path);
    return file;
}

static struct body body_open(const char *folder, const char *name, int is_remote)
{
    struct body body = {.file = file_open(folder, name), .is_remote = is_remote};
    body.bytes = malloc((size_t)BODY_SAMPLES * LINE_BYTES);
    need(body.bytes != NULL, "no memory");
    return body;
}

static void body_write(FILE *file, const void *bytes, size_t len)
{
    uint32_t size = (uint32_t)len;
    need(fwrite(&size, sizeof(size), 1, file) == 1 && fwrite(bytes, 1, len, file) == len,
         "a body was not written");
}

static void body_flush(struct body *body)
{
    if (body->samples > 0 && body->is_remote) {
        size_t size = snappy_max_compressed_length(body->len);
        char *packed = malloc(size);
        need(packed != NULL && snappy_compress(body->bytes, body->len, packed, &size) == SNAPPY_OK,
             "snappy");
        body_write(body->file, packed, size);
        free(packed);
    } else if (body->samples > 0) {
        body_write(body->file, body->bytes, body->len);
    }
    body->len = 0;
    body->samples = 0;
}

static void body_close(struct body *body)
{
    body_flush(body);
    need(fclose(body->file) == 0, "a file was not written");
    free(body->bytes);
}

static size_t put_varint(char *at, uint64_t value)
{
    size_t len = 0;
    for (; value >= 0x80; value >>= 7) {
        at[len++] = (char)(value | 0x80);
    }
    at[len++] = (char)value;
    return len;
}

/* A field of bytes: its tag, its length, the bytes. */
static size_t put_bytes(char *at, char tag, const char *bytes, size_t len)
{
    at[0] = tag;
    size_t head = 1 + put_varint(at + 1, len);
    memcpy(at + head, bytes, len);
    return head + len;
}

static size_t put_label(char *at, const char *name, const char *value)
{
    char label[LINE_BYTES];
    size_t len = put_bytes(label, 0x0a, name, strlen(name));
    len += put_bytes(label + len, 0x12, value, strlen(value));
    return put_bytes(at, 0x0a, label, len);
}

/* A TimeSeries of one sample, as senders that keep up write it. */
static size_t put_remote(char *at, unsigned measure, unsigned area, int64_t at_ms, double value)
{
    char series[2 * LINE_BYTES];
    char sample[32];
    char name[16];
    size_t len = 0;
    (void)snprintf(name, sizeof(name), "m%u", measure);
    len += put_label(series, "__name__", name);
    (void)snprintf(name, sizeof(name), "a%03u", area);
    len += put_label(series + len, "area", name);
    sample[0] = 0x09;
    memcpy(sample + 1, &value, sizeof(value));
    sample[9] = 0x10;
    size_t sample_len = 10 + put_varint(sample + 10, (uint64_t)at_ms);
    len += put_bytes(series + len, 0x12, sample, sample_len);
    return put_bytes(at, 0x0a, series, len);
}

static void body_add(struct body *body, unsigned measure, unsigned area, int64_t at_ms,
                     int64_t value)
{
    char *at = body->bytes + body->len;
    if (body->is_remote) {
        body->len += put_remote(at, measure, area, at_ms, (double)value / UNIT);
    } else {
        body->len +=
            (size_t)sprintf(at, "m%u,area=a%03u value=%lld.%04lld %lld\n", measure, area,
                            (long long)(value / UNIT), (long long)(value % UNIT), (long long)at_ms);
    }
    if (++body->samples == BODY_SAMPLES) {
        body_flush(body);
    }
}

static uint64_t next_random(uint64_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 7;
    *state ^= *state << 17;
    return *state;
}

static void write_rows(FILE *tidy, FILE *plain, unsigned measure, unsigned area, int64_t at_ms,
                       int64_t value)
{
    int64_t s = at_ms / 1000 % 86400;
    int64_t days = at_ms / 86400000 + 719468; /* the civil date of a day, years from March on */
    int64_t era = days / 146097;
    int64_t of_era = days - era * 146097;
    int64_t year = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year + year / 4 - year / 100);
    int64_t month = (5 * of_year + 2) / 153;
    int64_t day = of_year - (153 * month + 2) / 5 + 1;
    month = month < 10 ? month + 3 : month - 9;
    year += era * 400 + (month <= 2);
    (void)fprintf(tidy, "m%u,a%03u,%04d-%02d-%02dT%02d:%02d:%02dZ,%lld.%04lld\n", measure, area,
                  (int)year, (int)month, (int)day, (int)(s / 3600), (int)(s / 60 % 60),
                  (int)(s % 60), (long long)(value / UNIT), (long long)(value % UNIT));
    (void)fprintf(plain, "a%03u,m%u,%lld,%lld.%04lld\n", area, measure, (long long)at_ms,
                  (long long)(value / UNIT), (long long)(value % UNIT));
}

int main(int argc, char **argv)
{
    need(argc == 4, "bodies FOLDER START_MS TIMESTAMPS");
    int64_t start_ms = strtoll(argv[2], NULL, 10);
    long timestamps = strtol(argv[3], NULL, 10);
    struct body one[2] = {body_open(argv[1], "lines.1", 0), body_open(argv[1], "remote.1", 1)};
    struct body four[SENDERS][2];
    for (unsigned i = 0; i < SENDERS; i++) {
        char name[32];
        (void)snprintf(name, sizeof(name), "lines.4.%u", i);
        four[i][0] = body_open(argv[1], name, 0);
        (void)snprintf(name, sizeof(name), "remote.4.%u", i);
        four[i][1] = body_open(argv[1], name, 1);
    }
    FILE *tidy = file_open(argv[1], "tidy.csv");
    FILE *plain = file_open(argv[1], "plain.csv");
    (void)fputs("measure,area,period,value\n", tidy);
    static int64_t values[SERIES];
    uint64_t random = 88172645463325252U;
    int64_t sum = 0;
    for (unsigned s = 0; s < SERIES; s++) {
        values[s] = (int64_t)1000 * UNIT + (int64_t)(next_random(&random) % (100U * UNIT));
    }
    for (long t = 0; t < timestamps; t++) {
        int64_t at_ms = start_ms + t * STEP_MS;
        for (unsigned s = 0; s < SERIES; s++) {
            values[s] += (int64_t)(next_random(&random) % (UNIT + 1)) - UNIT / 2;
            sum += values[s];
            for (int kind = 0; kind < 2; kind++) {
                body_add(&one[kind], s % MEASURES, s / MEASURES, at_ms, values[s]);
                body_add(&four[s % SENDERS][kind], s % MEASURES, s / MEASURES, at_ms, values[s]);
            }
            write_rows(tidy, plain, s % MEASURES, s / MEASURES, at_ms, values[s]);
        }
    }
    for (int kind = 0; kind < 2; kind++) {
        body_close(&one[kind]);
        for (unsigned i = 0; i < SENDERS; i++) {
            body_close(&four[i][kind]);
        }
    }
    FILE *told = file_open(argv[1], "sum");
    (void)fprintf(told, "%lld\n", (long long)sum);
    need(fclose(tidy) == 0 && fclose(plain) == 0 && fclose(told) == 0, "a file was not written");
    return 0;
}
