/** An allocator that fails on demand: how every suite sees the n-th allocation refused. */
#ifndef ZW_TESTS_FAILING_ALLOC_H
#define ZW_TESTS_FAILING_ALLOC_H

#include <stdbool.h>

/**
 * Lets `after` more allocations of this program succeed and refuses every one from then on.
 * Only calls made from the project's own objects are counted (the linker wraps malloc, calloc,
 * realloc and strdup there); libraries keep allocating. A negative `after` refuses nothing.
 */
void failing_alloc_after(long after);

/** Refuses nothing any more; true when an allocation was refused since the last
 * `failing_alloc_after`. */
bool failing_alloc_stop(void);

#endif
