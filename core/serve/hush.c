/* Hush: what is secret in an address is not said. */
#include "serve/hush.h"

#include <stdio.h>
#include <string.h>

enum { PIECE_LEAST = 8 };

/* Where the authority begins, and how long it and what logs in before its '@' are. */
struct parts {
    const char *authority;
    size_t authority_len, login_len;
};

static struct parts split(const char *url)
{
    struct parts parts = {url, 0, 0};
    const char *colon = strstr(url, "://");
    parts.authority = colon != NULL ? colon + 3 : url;
    parts.authority_len = strcspn(parts.authority, "/?#");
    for (size_t i = 0; i < parts.authority_len; i++) {
        parts.login_len = parts.authority[i] == '@' ? i + 1 : parts.login_len;
    }
    return parts;
}

const char *zw_hush_url(const char *url, char *out, size_t size)
{
    struct parts parts = split(url);
    size_t host_len = parts.authority_len - parts.login_len;
    int scheme_len = (int)(parts.authority - url);
    (void)snprintf(out, size, "%.*s%.*s…", scheme_len, url, (int)host_len,
                   parts.authority + parts.login_len);
    return out;
}

static void cover(char *text, const char *piece, size_t len)
{
    for (char *at = text; *at != '\0'; at++) {
        if (strncmp(at, piece, len) == 0) {
            memset(at, '*', len);
        }
    }
}

/* Every piece between the marks of a URL. */
static void cover_pieces(char *text, const char *from, size_t len)
{
    static const char marks[] = "/?#&=:@;,";
    while (len > 0) {
        size_t piece = strcspn(from, marks);
        piece = piece < len ? piece : len;
        if (piece >= PIECE_LEAST) {
            cover(text, from, piece);
        }
        piece += piece < len ? 1 : 0;
        from += piece;
        len -= piece;
    }
}

void zw_hush(char *text, const char *url)
{
    struct parts parts = split(url);
    const char *rest = parts.authority + parts.authority_len;
    cover_pieces(text, parts.authority, parts.login_len);
    cover_pieces(text, rest, strlen(rest));
}
