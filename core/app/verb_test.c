/* `test`: the pack's own tests, and which rules and alerts none of them touches. */
#include "app/then.h"
#include "app/trial.h"

#include <string.h>

enum { TEXT_CEILING = 1024 * 1024 };

static bool is_touched(const zw_pack *pack, zw_noun noun, uint32_t index)
{
    for (size_t t = 0; t < pack->test_count; t++) {
        for (size_t i = 0; i < pack->tests[t].expect_count; i++) {
            const zw_expect *expect = &pack->tests[t].expect[i];
            if (expect->noun == noun && expect->index == index) {
                return true;
            }
        }
    }
    return false;
}

static void print_untouched(const zw_pack *pack, const zw_io *io)
{
    for (uint32_t i = 0; i < pack->rule_count; i++) {
        if (!is_touched(pack, ZW_NOUN_RULE, i)) {
            (void)fprintf(io->out, "no test touches rule '%s'\n", pack->rules[i].title.name);
        }
    }
    for (uint32_t i = 0; i < pack->alert_count; i++) {
        if (!is_touched(pack, ZW_NOUN_ALERT, i)) {
            (void)fprintf(io->out, "no test touches alert '%s'\n", pack->alerts[i].title.name);
        }
    }
}

/* Runs one test. @return true when it passed. */
static bool run_test(const zw_loaded *loaded, const zw_test *test, const zw_io *io)
{
    zw_buf faults;
    zw_buf_init(&faults, TEXT_CEILING);
    size_t fault_count = 0;
    zw_err err;
    zw_status status =
        zw_trial_run(loaded->pack, loaded->script, test, &faults, &fault_count, &err);
    bool is_passed = status == ZW_OK && fault_count == 0;
    (void)fprintf(io->out, "%s  %s\n", is_passed ? "ok    " : "FAILED", test->title.name);
    if (status != ZW_OK) {
        (void)fprintf(io->out, "  %s\n", err.text);
    }
    (void)fputs(zw_buf_view(&faults), io->out);
    zw_buf_fini(&faults);
    return is_passed;
}

int zw_verb_test(int argc, char **argv, const zw_io *io)
{
    const char *junit = NULL;
    const char *db = "zonewatch.db";
    const zw_option options[] = {{"db", &db, NULL}, {"junit", &junit, NULL}};
    zw_rest rest;
    zw_err err;
    zw_status status = zw_args_read(argc, argv, options, 2, &rest, &err);
    if (status == ZW_OK && rest.count != 1) {
        status = zw_err_set(&err, ZW_INVALID, "expected one PACK");
    }
    if (status == ZW_OK && junit != NULL) {
        status = zw_err_set(&err, ZW_NOT_YET, "not yet: --junit");
    }
    if (status != ZW_OK) {
        return zw_verb_failed(io, "test", &err, true);
    }
    zw_loaded loaded = {NULL, NULL, NULL, {0}};
    status = zw_loaded_named(&loaded, rest.at[0], db, io, &err);
    size_t passed = 0;
    size_t count = status == ZW_OK ? loaded.pack->test_count : 0;
    for (size_t i = 0; i < count; i++) {
        passed += run_test(&loaded, &loaded.pack->tests[i], io) ? 1 : 0;
    }
    int code = passed == count ? ZW_EXIT_OK : ZW_EXIT_FAILED;
    if (status != ZW_OK) {
        code = zw_verb_failed(io, "test", &err, false);
    } else {
        print_untouched(loaded.pack, io);
        (void)fprintf(io->out, "%zu of %zu tests passed\n", passed, count);
    }
    zw_loaded_fini(&loaded);
    return code;
}
