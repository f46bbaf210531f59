/* An allocator that fails on demand. The state is this test program's own: the core has no
 * file-level variable. */
#include "failing_alloc.h"

#include <stddef.h>

static long allocations_left = -1;
static bool has_refused;

/* NOLINTBEGIN(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp,readability-identifier-naming):
 * the linker's names */
void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *ptr, size_t size);
char *__real_strdup(const char *text);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *ptr, size_t size);
char *__wrap_strdup(const char *text);

void failing_alloc_after(long after)
{
    allocations_left = after;
    has_refused = false;
}

bool failing_alloc_stop(void)
{
    allocations_left = -1;
    return has_refused;
}

static bool refuse(void)
{
    if (allocations_left < 0) {
        return false;
    }
    if (allocations_left == 0) {
        has_refused = true;
        return true;
    }
    allocations_left--;
    return false;
}

void *__wrap_malloc(size_t size)
{
    return refuse() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return refuse() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *ptr, size_t size)
{
    return refuse() ? NULL : __real_realloc(ptr, size);
}

char *__wrap_strdup(const char *text)
{
    return refuse() ? NULL : __real_strdup(text);
}
/* NOLINTEND(bugprone-reserved-identifier,cert-dcl37-c,cert-dcl51-cpp,readability-identifier-naming)
 */
