/*
 * The load client of the ingest benchmark: sends bodies over connections that are kept, each
 * waiting for an answer before its next body, and costs next to nothing itself.
 *
 *     post PORT PATH HEADER FILE…     one connection a file; "" for no header
 *     post PORT PATH ready            waits until PATH answers 200, at most ten minutes
 *
 * Prints "seconds p50_ms p99_ms max_ms" of all answers. Anything but 200, 202, 204 ends it; 429 and
 * 503 are asked again after a millisecond, and counted as waiting.
 */
#include "../wire.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>

enum { CONNECTIONS_MAX = 16, HEAD_BYTES = 1024, READY_MS = 600000 };

struct sender {
    int port;
    const char *path, *header, *bytes;
    size_t len;
    double *ms; /* of each answer */
    size_t count;
};

static void need(int holds, const char *what, const char *more)
{
    if (!holds) {
        (void)fprintf(stderr, "post: %s %s\n", what, more);
        exit(1);
    }
}

static double now_ms(void)
{
    struct timespec t;
    (void)clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void sender_load(struct sender *sender, const char *path)
{
    struct stat stat;
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    need(fd >= 0 && fstat(fd, &stat) == 0, "no file", path);
    sender->len = (size_t)stat.st_size;
    sender->bytes = mmap(NULL, sender->len, PROT_READ, MAP_PRIVATE | MAP_POPULATE, fd, 0);
    need(sender->bytes != MAP_FAILED, "no memory for", path);
    (void)close(fd);
    sender->ms = malloc((sender->len / 1000 + 16) * sizeof(double));
    need(sender->ms != NULL, "no memory", "");
}

static int ask(struct wire *wire, const struct sender *sender, const char *body, size_t len)
{
    char head[HEAD_BYTES];
    (void)snprintf(head, sizeof(head),
                   "POST %s HTTP/1.1\r\nHost: localhost\r\n%s%sContent-Length: %zu\r\n\r\n",
                   sender->path, sender->header, sender->header[0] != '\0' ? "\r\n" : "", len);
    return wire_ask(wire, head, body, len);
}

static void *sender_run(void *arg)
{
    struct sender *sender = arg;
    struct wire *wire = calloc(1, sizeof(*wire));
    need(wire != NULL && wire_open(wire, sender->port), "nobody listens", "");
    for (size_t at = 0; at < sender->len;) {
        uint32_t len;
        memcpy(&len, sender->bytes + at, sizeof(len));
        double from = now_ms();
        int status = ask(wire, sender, sender->bytes + at + sizeof(len), len);
        while (status == 429 || status == 503) {
            (void)usleep(1000);
            status = ask(wire, sender, sender->bytes + at + sizeof(len), len);
        }
        need(status == 200 || status == 202 || status == 204, "the answer is", wire->answer);
        sender->ms[sender->count++] = now_ms() - from;
        at += sizeof(len) + len;
    }
    wire_close(wire);
    free(wire);
    return NULL;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;
    return (x > y) - (x < y);
}

static int wait_ready(int port, const char *path)
{
    char head[HEAD_BYTES];
    struct wire *wire = calloc(1, sizeof(*wire));
    need(wire != NULL, "no memory", "");
    (void)snprintf(head, sizeof(head), "GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n", path);
    double end = now_ms() + READY_MS;
    bool is_ready = false;
    while (!is_ready && now_ms() < end) {
        int status = wire_open(wire, port) ? wire_ask(wire, head, NULL, 0) : 0;
        is_ready = status == 200 || status == 204;
        wire_close(wire);
        (void)usleep(is_ready ? 0 : 1000);
    }
    need(is_ready, "not ready:", path);
    free(wire);
    return 0;
}

static void report(const struct sender *senders, int count, double ms)
{
    static double all[1 << 20];
    size_t n = 0;
    for (int i = 0; i < count; i++) {
        for (size_t k = 0; k < senders[i].count && n < sizeof(all) / sizeof(all[0]); k++) {
            all[n++] = senders[i].ms[k];
        }
    }
    qsort(all, n, sizeof(all[0]), by_size);
    need(n > 0, "no bodies", "");
    (void)printf("%.4f %.2f %.2f %.2f\n", ms / 1e3, all[n / 2], all[n * 99 / 100], all[n - 1]);
}

int main(int argc, char **argv)
{
    need(argc >= 4 && argc - 4 <= CONNECTIONS_MAX, "post PORT PATH HEADER FILE…", "");
    int port = (int)strtol(argv[1], NULL, 10);
    if (argc == 4 && strcmp(argv[3], "ready") == 0) {
        return wait_ready(port, argv[2]);
    }
    struct sender senders[CONNECTIONS_MAX];
    pthread_t threads[CONNECTIONS_MAX];
    int count = argc - 4;
    for (int i = 0; i < count; i++) {
        senders[i] = (struct sender){.port = port, .path = argv[2], .header = argv[3]};
        sender_load(&senders[i], argv[4 + i]);
    }
    double from = now_ms();
    for (int i = 0; i < count; i++) {
        need(pthread_create(&threads[i], NULL, sender_run, &senders[i]) == 0, "no thread", "");
    }
    for (int i = 0; i < count; i++) {
        (void)pthread_join(threads[i], NULL);
    }
    report(senders, count, now_ms() - from);
    return 0;
}
