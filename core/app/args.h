/** The words of a command line: options by name, the rest in order. */
#ifndef ZW_APP_ARGS_H
#define ZW_APP_ARGS_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

/** One option: `--name VALUE` (or `--name=VALUE`) fills `value`, a flag `--name` sets `flag`.
 * Exactly one is not NULL. A name of one letter is written `-o VALUE` too. */
typedef struct zw_option {
    const char *name; /* without the dashes */
    const char **value;
    bool *flag;
} zw_option;

enum { ZW_REST_MOST = 4096 };

/** What is no option, in order; borrowed from argv. */
typedef struct zw_rest {
    const char *at[ZW_REST_MOST];
    size_t count;
} zw_rest;

/**
 * Reads argv[1] …; "--" ends the options, "-" is no option, and neither is a word
 * with one dash that names none ("-revenue" is an expression).
 * @return ZW_OK; ZW_INVALID for an unknown option (naming the nearest) or a value that is missing
 * or not wanted.
 */
zw_status zw_args_read(int argc, char **argv, const zw_option *options, size_t option_count,
                       zw_rest *rest, zw_err *err) ZW_MUST_USE;

/**
 * A whole number in 1 … most, as an option says it.
 * @param name  the option's, for words; @param text  NULL: it was not said, and `*out` stays.
 * @return ZW_OK; ZW_INVALID.
 */
zw_status zw_args_count(const char *name, const char *text, long long most, size_t *out,
                        zw_err *err) ZW_MUST_USE;

#endif
