/**
 * What one client of the crash trial was told: which rows were acknowledged, in which version, and
 * the one batch of whose answer nothing is known. Row r is about second r / AREAS in area
 * r % AREAS, so that a batch of whole seconds covers all its areas.
 */
#ifndef ZW_TESTS_CRASH_TOLD_H
#define ZW_TESTS_CRASH_TOLD_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    AREAS = 8,
    ROWS_MAX = 1 << 20,
    BATCH_SECONDS_MAX = 400,
    BATCHES_MAX = 1 << 16,
    ROW_BYTES = 64,
    DAY_S = 86400,
    VALUES = 1000000
};

/** Ends the trial with words. */
#define MUST(what, ...)                                                                            \
    do {                                                                                           \
        if (!(what)) {                                                                             \
            (void)fprintf(stderr, "crash: " __VA_ARGS__);                                          \
            (void)fputc('\n', stderr);                                                             \
            abort();                                                                               \
        }                                                                                          \
    } while (0)

struct told {
    unsigned client;
    size_t rows;                /* acknowledged */
    uint8_t versions[ROWS_MAX]; /* of each row, how many were acknowledged */
    bool is_open;               /* a batch was sent and not acknowledged */
    size_t first, count;        /* its rows */
    size_t ends[BATCHES_MAX];   /* rows after each batch that added some, acknowledged or not */
    size_t end_count;
    char *body; /* the open batch, as it is sent, NUL-terminated */
    size_t len;
};

static inline struct told *told_create(unsigned client)
{
    struct told *told = calloc(1, sizeof(*told));
    MUST(told != NULL, "no memory");
    told->client = client;
    told->body = malloc((size_t)(BATCH_SECONDS_MAX * AREAS + 1) * ROW_BYTES);
    MUST(told->body != NULL, "no memory");
    return told;
}

static inline void told_destroy(struct told *told)
{
    free(told->body);
    free(told);
}

/** The value of a row's version, in ten-thousandths: a hash of them, so that any mix-up shows. */
static inline uint32_t told_value(unsigned client, size_t row, unsigned version)
{
    uint32_t h = (uint32_t)row * 2654435761U + client * 40503U + version * 2246822519U;
    h ^= h >> 15;
    h *= 2246822519U;
    h ^= h >> 13;
    return h % VALUES;
}

/** Writes the open batch as tidy CSV, or as line protocol. */
static inline void told_write(struct told *told, bool is_line)
{
    char *at = told->body;
    at += sprintf(at, "%s", is_line ? "" : "measure,area,period,value\n");
    for (size_t row = told->first; row < told->first + told->count; row++) {
        unsigned second = (unsigned)(row / AREAS);
        unsigned area = (unsigned)(row % AREAS);
        uint32_t value = told_value(told->client, row, told->versions[row] + 1U);
        if (is_line) {
            at += sprintf(at, "load,area=c%u_%u value=%u.%04u %u\n", told->client, area,
                          value / 10000U, value % 10000U, 1717200000U + second);
        } else {
            at += sprintf(at, "load,c%u_%u,2024-06-%02uT%02u:%02u:%02uZ,%u.%04u\n", told->client,
                          area, second / DAY_S + 1, second / 3600U % 24U, second / 60U % 60U,
                          second % 60U, value / 10000U, value % 10000U);
        }
    }
    told->len = (size_t)(at - told->body);
}

/** Opens the next batch: new seconds, or other values for old ones. */
static inline void told_open(struct told *told, unsigned *seed, bool is_line)
{
    size_t most = rand_r(seed) % 16 == 0 ? BATCH_SECONDS_MAX : 40;
    size_t seconds = 1 + (size_t)rand_r(seed) % most;
    size_t known = told->rows / AREAS;
    bool is_revision = known > 0 && rand_r(seed) % 6 == 0;
    size_t from = is_revision ? (size_t)rand_r(seed) % known : known;
    seconds = is_revision && from + seconds > known ? known - from : seconds;
    MUST((from + seconds) * AREAS <= ROWS_MAX, "too many rows for one store");
    told->first = from * AREAS;
    told->count = seconds * AREAS;
    told->is_open = true;
    if (!is_revision) {
        MUST(told->end_count < BATCHES_MAX, "too many batches for one store");
        told->ends[told->end_count++] = told->first + told->count;
    }
    told_write(told, is_line);
}

/** The open batch is in: it was acknowledged, or found. */
static inline void told_close(struct told *told)
{
    for (size_t row = told->first; row < told->first + told->count; row++) {
        told->versions[row]++;
    }
    size_t end = told->first + told->count;
    told->rows = end > told->rows ? end : told->rows;
    told->is_open = false;
}

/** True when that many rows may be seen: a batch ends there. */
static inline bool told_ends_at(const struct told *told, size_t rows)
{
    for (size_t i = told->end_count; i > 0; i--) {
        if (told->ends[i - 1] == rows) {
            return true;
        }
    }
    return rows == 0;
}

#endif
