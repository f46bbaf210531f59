/** A connection that is kept: requests written by hand and their answers read, for clients that
 * must cost less than the server they ask. One request at a time. */
#ifndef ZW_TESTS_WIRE_H
#define ZW_TESTS_WIRE_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum { WIRE_BYTES = 1024 * 1024 };

struct wire {
    int fd;                  /* -1: closed */
    size_t held;             /* of `answer`, read so far */
    char answer[WIRE_BYTES]; /* the last answer, head and body, NUL-terminated */
    const char *body;        /* where in `answer` the body begins */
};

/** @return false when nobody listens. */
static inline bool wire_open(struct wire *wire, int port)
{
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((unsigned short)port),
                             .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    int one = 1;
    wire->fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (wire->fd >= 0 && connect(wire->fd, (struct sockaddr *)&at, sizeof(at)) != 0) {
        (void)close(wire->fd);
        wire->fd = -1;
    }
    if (wire->fd >= 0) {
        (void)setsockopt(wire->fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof(one));
    }
    return wire->fd >= 0;
}

static inline void wire_close(struct wire *wire)
{
    if (wire->fd >= 0) {
        (void)close(wire->fd);
        wire->fd = -1;
    }
}

/* Writes head and body whole; false when the connection broke. */
static inline bool wire_send(const struct wire *wire, const char *head, size_t head_len,
                             const char *body, size_t len)
{
    size_t sent = 0;
    while (sent < head_len + len) {
        size_t of_head = sent < head_len ? head_len - sent : 0;
        size_t of_body = sent < head_len ? 0 : sent - head_len;
        struct iovec parts[2] = {{(char *)(head_len - of_head + head), of_head},
                                 {(char *)(body + of_body), len - of_body}};
        struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
        ssize_t n = sendmsg(wire->fd, &message, MSG_NOSIGNAL);
        if (n <= 0) {
            return false;
        }
        sent += (size_t)n;
    }
    return true;
}

/* How many bytes the answer has in all, once its head is there; 0 before. */
static inline size_t wire_wanted(struct wire *wire)
{
    const char *end = strstr(wire->answer, "\r\n\r\n");
    if (end == NULL) {
        return 0;
    }
    size_t len = 0;
    for (const char *line = strstr(wire->answer, "\r\n"); line != NULL && line < end;
         line = strstr(line + 2, "\r\n")) {
        if (strncasecmp(line + 2, "content-length:", 15) == 0) {
            len = strtoul(line + 2 + 15, NULL, 10);
        }
    }
    wire->body = end + 4;
    return (size_t)(wire->body - wire->answer) + len;
}

/** Sends a request and reads its answer. @return the HTTP status; 0 when the connection broke
 * before the whole answer was there: nobody knows what became of it. */
static inline int wire_ask(struct wire *wire, const char *head, const char *body, size_t len)
{
    wire->held = 0;
    wire->answer[0] = '\0';
    bool is_whole = false;
    bool is_open = wire_send(wire, head, strlen(head), body, len);
    while (is_open && !is_whole && wire->held + 1 < sizeof(wire->answer)) {
        ssize_t n =
            recv(wire->fd, wire->answer + wire->held, sizeof(wire->answer) - 1 - wire->held, 0);
        is_open = n > 0;
        if (is_open) {
            wire->held += (size_t)n;
            wire->answer[wire->held] = '\0';
            size_t wanted = wire_wanted(wire);
            is_whole = wanted > 0 && wire->held >= wanted;
        }
    }
    return is_whole ? (int)strtol(wire->answer + strlen("HTTP/1.1 "), NULL, 10) : 0;
}

#endif
