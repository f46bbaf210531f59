/**
 * A fuzz target: one function that reads a text as a reader of the house does and checks what must
 * hold beyond "it did not crash". entry.c drives it from libFuzzer, replay.c from files.
 */
#ifndef ZW_TESTS_FUZZ_FUZZ_H
#define ZW_TESTS_FUZZ_FUZZ_H

#include "base/err.h"
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>

/** Reads one input; defined by each target. It must leave nothing behind. */
void fuzz_one(zw_text input);

/** Ends the process, so that the fuzzer keeps the input. */
static inline void fuzz_must(bool holds, const char *what, const char *file, int line)
{
    if (!holds) {
        (void)fprintf(stderr, "%s:%d: must hold: %s\n", file, line, what);
        abort();
    }
}

#define FUZZ_MUST(what) fuzz_must((what), #what, __FILE__, __LINE__)

/** A failure says why, and how bad it is; memory does not end here. */
static inline void fuzz_must_say(zw_status status, const zw_err *err)
{
    FUZZ_MUST(status == ZW_OK || (err->status == status && err->text[0] != '\0'));
    FUZZ_MUST(status != ZW_NOMEM);
}

#endif
