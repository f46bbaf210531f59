/* A listener. Made here and not by the HTTP library, so that a refusal says why and the picked port
 * is known. */
#include "serve/listener.h"

#include "base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>
#include <uv.h>

enum { HOST_BYTES = 64 };

/* Any of the two families; every view of it is one that the socket calls are made for. */
typedef union sock_address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
} sock_address;

/* Takes the address apart at its last colon; a v6 host stands in brackets. */
static bool read_address(const char *address, sock_address *out)
{
    const char *colon = strrchr(address, ':');
    long long port = 0;
    if (colon == NULL || !zw_text_integer(zw_text_of(colon + 1), &port) || port < 0 ||
        port > 65535) {
        return false;
    }
    char host[HOST_BYTES];
    size_t len = (size_t)(colon - address);
    bool is_v6 = len > 2 && address[0] == '[' && address[len - 1] == ']';
    if (is_v6) {
        address++;
        len -= 2;
    }
    if (len == 0 || len >= sizeof host) {
        return false;
    }
    memcpy(host, address, len);
    host[len] = '\0';
    memset(out, 0, sizeof *out);
    if (is_v6) {
        return uv_ip6_addr(host, (int)port, &out->v6) == 0;
    }
    const char *numbers = strcmp(host, "localhost") == 0 ? "127.0.0.1" : host;
    return uv_ip4_addr(numbers, (int)port, &out->v4) == 0;
}

static bool set_flags(int fd)
{
    int flags = fcntl(fd, F_GETFL);
    return flags != -1 && fcntl(fd, F_SETFL, flags | O_NONBLOCK) != -1 &&
           fcntl(fd, F_SETFD, FD_CLOEXEC) != -1;
}

/* @return false with errno set. */
static bool bind_and_listen(int fd, const sock_address *where, sock_address *got)
{
    socklen_t len = where->any.sa_family == AF_INET6 ? sizeof where->v6 : sizeof where->v4;
    socklen_t got_len = sizeof *got;
    int yes = 1; /* a restart must not wait for old connections to be forgotten */
    return set_flags(fd) && setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes) == 0 &&
           bind(fd, &where->any, len) == 0 && listen(fd, SOMAXCONN) == 0 &&
           getsockname(fd, &got->any, &got_len) == 0;
}

zw_status zw_listener_open(const char *address, int *out, int *port, zw_err *err)
{
    *out = -1;
    sock_address where;
    sock_address got = {0};
    if (!read_address(address, &where)) {
        return zw_err_set(err, ZW_INVALID,
                          "listen address \"%s\" is not like 127.0.0.1:8420 or [::1]:8420",
                          address);
    }
    int fd = socket(where.any.sa_family, SOCK_STREAM, 0);
    if (fd == -1 || !bind_and_listen(fd, &where, &got)) {
        zw_status status = zw_err_set(err, ZW_IO, "listen on %s: %s", address,
                                      uv_strerror(uv_translate_sys_error(errno)));
        if (fd != -1) {
            close(fd);
        }
        return status;
    }
    if (port != NULL) {
        *port = ntohs(got.any.sa_family == AF_INET6 ? got.v6.sin6_port : got.v4.sin_port);
    }
    *out = fd;
    return ZW_OK;
}

bool zw_listener_is_loopback(const char *address)
{
    sock_address where;
    if (!read_address(address, &where)) {
        return false;
    }
    if (where.any.sa_family == AF_INET6) {
        return IN6_IS_ADDR_LOOPBACK(&where.v6.sin6_addr);
    }
    return ntohl(where.v4.sin_addr.s_addr) >> 24 == 127;
}
