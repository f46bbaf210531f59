/** From a member back to the struct that holds it: how a libuv handle finds its owner. */
#ifndef ZW_SERVE_CONTAINER_H
#define ZW_SERVE_CONTAINER_H

#include <stddef.h>

/** The `type` whose `member` stands at `ptr`. */
#define ZW_CONTAINER_OF(ptr, type, member) ((type *)(void *)((char *)(ptr)-offsetof(type, member)))

#endif
