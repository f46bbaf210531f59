/** The verbs of the program. Each reads its own options, speaks to `io` and answers the exit code
 * of DESIGN §7. */
#ifndef ZW_APP_VERBS_H
#define ZW_APP_VERBS_H

#include "app/args.h"

#include <stdio.h>

/** Where a verb's answers and its words for people go. */
typedef struct zw_io {
    FILE *out, *err;
} zw_io;

enum { ZW_EXIT_OK = 0, ZW_EXIT_FAILED = 1, ZW_EXIT_USAGE = 2 };

/** argv[0] is the verb. */
typedef int (*zw_verb)(int argc, char **argv, const zw_io *io);

int zw_verb_ack(int argc, char **argv, const zw_io *io);
int zw_verb_backup(int argc, char **argv, const zw_io *io);
int zw_verb_batches(int argc, char **argv, const zw_io *io);
int zw_verb_check(int argc, char **argv, const zw_io *io);
int zw_verb_eval(int argc, char **argv, const zw_io *io);
int zw_verb_explain(int argc, char **argv, const zw_io *io);
int zw_verb_export(int argc, char **argv, const zw_io *io);
int zw_verb_import(int argc, char **argv, const zw_io *io);
int zw_verb_new(int argc, char **argv, const zw_io *io);
int zw_verb_refuse(int argc, char **argv, const zw_io *io);
int zw_verb_release(int argc, char **argv, const zw_io *io);
int zw_verb_run(int argc, char **argv, const zw_io *io);
int zw_verb_silence(int argc, char **argv, const zw_io *io);
int zw_verb_status(int argc, char **argv, const zw_io *io);
int zw_verb_test(int argc, char **argv, const zw_io *io);
int zw_verb_verify(int argc, char **argv, const zw_io *io);

/** Finds the verb argv[1] names and runs it; prints the usage without one. @return the exit code.
 */
int zw_verbs_run(int argc, char **argv, const zw_io *io);

/** Says what was wrong on io->err. @return ZW_EXIT_USAGE for ZW_INVALID when `is_usage`, else
 * ZW_EXIT_FAILED. */
int zw_verb_failed(const zw_io *io, const char *verb, const zw_err *err, bool is_usage);

#endif
