/* The words of a command line. */
#include "app/args.h"

#include "base/text.h"

#include <string.h>

static const zw_option *find_option(const zw_option *options, size_t count, zw_text name,
                                    zw_nearest *nearest)
{
    for (size_t i = 0; i < count; i++) {
        if (zw_text_is(name, options[i].name)) {
            return &options[i];
        }
        zw_nearest_try(nearest, options[i].name);
    }
    return NULL;
}

static zw_status unknown(zw_text name, const zw_nearest *nearest, zw_err *err)
{
    zw_buf hint;
    zw_buf_init(&hint, 256);
    zw_nearest_say(nearest, &hint);
    zw_status status = zw_err_set(err, ZW_INVALID, "unknown option '--%.*s'%s", (int)name.len,
                                  name.at, zw_buf_view(&hint));
    zw_buf_fini(&hint);
    return status;
}

/* Takes one option; `*at` moves over its value. */
static zw_status take_option(int argc, char **argv, int *at, const zw_option *options, size_t count,
                             zw_err *err)
{
    const char *word = argv[*at] + 2;
    size_t len = strcspn(word, "=");
    const char *value = word[len] == '=' ? word + len + 1 : NULL;
    zw_text name = {word, len};
    zw_nearest nearest;
    zw_nearest_init(&nearest, name);
    const zw_option *option = find_option(options, count, name, &nearest);
    if (option == NULL) {
        return unknown(name, &nearest, err);
    }
    if (option->flag != NULL) {
        *option->flag = true;
        return value == NULL ? ZW_OK
                             : zw_err_set(err, ZW_INVALID, "'--%s' takes no value", option->name);
    }
    if (value == NULL && *at + 1 < argc) {
        value = argv[++*at];
    }
    *option->value = value;
    return value != NULL ? ZW_OK
                         : zw_err_set(err, ZW_INVALID, "'--%s' needs a value", option->name);
}

zw_status zw_args_read(int argc, char **argv, const zw_option *options, size_t option_count,
                       zw_rest *rest, zw_err *err)
{
    bool has_ended = false;
    rest->count = 0;
    for (int i = 1; i < argc; i++) {
        if (!has_ended && strcmp(argv[i], "--") == 0) {
            has_ended = true;
        } else if (!has_ended && strncmp(argv[i], "--", 2) == 0) {
            zw_status status = take_option(argc, argv, &i, options, option_count, err);
            if (status != ZW_OK) {
                return status;
            }
        } else if (rest->count == ZW_REST_MOST) {
            return zw_err_set(err, ZW_INVALID, "more than %d files", ZW_REST_MOST);
        } else {
            rest->at[rest->count++] = argv[i];
        }
    }
    return ZW_OK;
}
