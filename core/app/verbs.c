/* The table of verbs, and the words about them. */
#include "app/verbs.h"

#include "base/text.h"

#include <string.h>

/* A verb: what it is called with and what it does; without a function it is still coming. */
struct entry {
    const char *name, *usage, *does;
    zw_verb run;
};

static const struct entry entries[] = {
    {"run", "PACK [--listen 127.0.0.1:8420] [--db FILE] [--once] [--secrets DIR]",
     "the long-lived process", zw_verb_run},
    {"check", "PACK [--json]", "every mistake in a pack", zw_verb_check},
    {"test", "PACK", "the pack's tests", zw_verb_test},
    {"import",
     "PACK FILE… [--db FILE] [--known-at T] [--source S] [--status P] [--synthetic] [--dry-run] "
     "[--partial]",
     "takes files in, each as one delivery", zw_verb_import},
    {"export",
     "PACK [--what observations|indicators|targets|alerts|revisions] [-o FILE] [--as-of T] [--area "
     "A] [--db FILE]",
     "tidy CSV out", zw_verb_export},
    {"eval", "PACK EXPR [--area A] [--period P | --from P --to P] [--as-of T] [--json] [--db FILE]",
     "any expression of the language over the stored figures", zw_verb_eval},
    {"explain", "PACK NAME [--area A] [--period P] [--as-of T] [--item I] [--json] [--db FILE]",
     "the tree behind a value, truth, verdict or alert state", zw_verb_explain},
    {"batches", "PACK [--json] [--db FILE]", "what arrived, and what a guard holds",
     zw_verb_batches},
    {"release", "PACK ID [--db FILE]", "takes in what a guard holds, learned now", zw_verb_release},
    {"refuse", "PACK ID [--db FILE]", "drops what a guard holds", zw_verb_refuse},
    {"new", "NAME", "a first pack with a test and figures, in a folder of that name", zw_verb_new},
    {"status", "PACK [--db FILE] [--alerts]",
     "what fires, for a monitoring system: exit 0 ok, 1 warning, 2 critical, 3 unknown",
     zw_verb_status},
    {"silence",
     "[PACK] [--alert A] [--area A] [--severity S] [--item I] [--start T] [--end T | --for LENGTH] "
     "[--hours H] [--author WHO] [--reason WHY] [--delete ID] [--url URL] [--db FILE] [--json]",
     "keeps alerts from being told; ends that; lists all there were", zw_verb_silence},
    {"ack",
     "[PACK] --alert A [--area A] [--item I] [--period P] [--author WHO] [--note WORDS] [--url "
     "URL] "
     "[--db FILE] [--json]",
     "says that what fires was seen: it is not told again", zw_verb_ack},
    {"backup", "FILE [--db FILE]", "a copy of the store's file, whoever writes it meanwhile",
     zw_verb_backup},
    {"verify", "[--db FILE]", "reads the whole of a store's file and says what is damaged in it",
     zw_verb_verify},
    {"backtest", "", "", NULL},
    {"plan", "", "", NULL},
    {"report", "", "", NULL},
    {"repl", "", "", NULL},
    {"reload", "", "", NULL},
};

static int print_usage(FILE *out)
{
    (void)fputs("zonewatch VERB …: watches a zone against its plan\n\n", out);
    for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++) {
        if (entries[i].run != NULL) {
            (void)fprintf(out, "  %-7s %s\n          %s\n", entries[i].name, entries[i].usage,
                          entries[i].does);
        }
    }
    (void)fputs("\nThe store is zonewatch.db in the current folder unless --db names another.\n",
                out);
    return ZW_EXIT_OK;
}

static int say_unknown(const char *name, const zw_io *io)
{
    zw_nearest nearest;
    zw_nearest_init(&nearest, zw_text_of(name));
    for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++) {
        zw_nearest_try(&nearest, entries[i].name);
    }
    zw_buf hint;
    zw_buf_init(&hint, 256);
    zw_nearest_say(&nearest, &hint);
    (void)fprintf(io->err, "zonewatch: no verb '%s'%s\n", name, zw_buf_view(&hint));
    zw_buf_fini(&hint);
    return ZW_EXIT_USAGE;
}

int zw_verb_failed(const zw_io *io, const char *verb, const zw_err *err, bool is_usage)
{
    (void)fprintf(io->err, "zonewatch %s: %s\n", verb, err->text);
    return is_usage && err->status == ZW_INVALID ? ZW_EXIT_USAGE : ZW_EXIT_FAILED;
}

int zw_verbs_run(int argc, char **argv, const zw_io *io)
{
    if (argc < 2 || strcmp(argv[1], "help") == 0 || strcmp(argv[1], "--help") == 0) {
        (void)print_usage(argc < 2 ? io->err : io->out);
        return argc < 2 ? ZW_EXIT_USAGE : ZW_EXIT_OK;
    }
    for (size_t i = 0; i < sizeof(entries) / sizeof(entries[0]); i++) {
        if (strcmp(entries[i].name, argv[1]) != 0) {
            continue;
        }
        if (entries[i].run == NULL) {
            (void)fprintf(io->err, "zonewatch: not yet: %s\n", argv[1]);
            return ZW_EXIT_FAILED;
        }
        return entries[i].run(argc - 1, argv + 1, io);
    }
    return say_unknown(argv[1], io);
}
