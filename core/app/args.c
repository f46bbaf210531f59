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
        if (options[i].name[1] != '\0') { /* one letter is near to everything short */
            zw_nearest_try(nearest, options[i].name);
        }
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

/* The option that "-o" names. A word that names none stays what it is: an expression may begin with
 * a minus. */
static const zw_option *find_letter(const zw_option *options, size_t count, const char *word)
{
    for (size_t i = 0; word[0] == '-' && word[1] != '\0' && word[2] == '\0' && i < count; i++) {
        if (options[i].name[0] == word[1] && options[i].name[1] == '\0') {
            return &options[i];
        }
    }
    return NULL;
}

/* Takes the value behind a letter. */
static zw_status take_letter(int argc, char **argv, int *at, const zw_option *option, zw_err *err)
{
    if (option->flag != NULL) {
        *option->flag = true;
        return ZW_OK;
    }
    if (*at + 1 == argc) {
        return zw_err_set(err, ZW_INVALID, "'-%s' needs a value", option->name);
    }
    *option->value = argv[++*at];
    return ZW_OK;
}

zw_status zw_args_read(int argc, char **argv, const zw_option *options, size_t option_count,
                       zw_rest *rest, zw_err *err)
{
    bool has_ended = false;
    zw_status status = ZW_OK;
    rest->count = 0;
    for (int i = 1; status == ZW_OK && i < argc; i++) {
        const zw_option *letter = has_ended ? NULL : find_letter(options, option_count, argv[i]);
        if (!has_ended && strcmp(argv[i], "--") == 0) {
            has_ended = true;
        } else if (!has_ended && strncmp(argv[i], "--", 2) == 0) {
            status = take_option(argc, argv, &i, options, option_count, err);
        } else if (letter != NULL) {
            status = take_letter(argc, argv, &i, letter, err);
        } else if (rest->count == ZW_REST_MOST) {
            return zw_err_set(err, ZW_INVALID, "more than %d files", ZW_REST_MOST);
        } else {
            rest->at[rest->count++] = argv[i];
        }
    }
    return status;
}

zw_status zw_args_count(const char *name, const char *text, long long most, size_t *out,
                        zw_err *err)
{
    long long count = 0;
    if (text == NULL) {
        return ZW_OK;
    }
    if (!zw_text_integer(zw_text_of(text), &count) || count < 1 || count > most) {
        return zw_err_set(err, ZW_INVALID, "--%s: '%s' is no whole number in 1 … %lld", name, text,
                          most);
    }
    *out = (size_t)count;
    return ZW_OK;
}
