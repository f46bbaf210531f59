/* Free names: which names a Lua file uses without declaring them.
 *
 * Two passes over the words. The first collects every name that `local`, a parameter list or a loop
 * introduces anywhere in the file; the second tells the names that are none of those. Scopes are
 * not followed: a name that is local somewhere is never told, so nothing right is ever called
 * wrong. */
#include "script/free_names.h"

#include <string.h>

enum { NESTING_MAX = 256 }; /* brackets and blocks inside each other; deeper files are left alone */

static bool is_mark(const zw_word *word, const char *mark)
{
    return word->is == ZW_WORD_MARK && zw_text_is(word->text, mark);
}

static bool is_name(const zw_word *word, const char *name)
{
    return word->is == ZW_WORD_NAME && zw_text_is(word->text, name);
}

/* --- the names a file introduces --- */

static bool put_name(zw_pool *pool, const zw_word *word)
{
    return zw_source_is_keyword(word->text) || zw_pool_put(pool, word->text) != ZW_POOL_NONE;
}

/* Names separated by commas, each perhaps with an attribute ("<const>"). `word` is the first one
 * and becomes the word behind the list. */
static bool put_list(zw_source *source, zw_word *word, zw_pool *pool)
{
    while (word->is == ZW_WORD_NAME) {
        if (!put_name(pool, word)) {
            return false;
        }
        zw_source_next(source, word);
        if (is_mark(word, "<")) {
            for (int i = 0; i < 3; i++) {
                zw_source_next(source, word);
            }
        }
        if (!is_mark(word, ",")) {
            break;
        }
        zw_source_next(source, word);
    }
    return true;
}

/* Behind `function`: a name or none, then the parameters. */
static bool put_parameters(zw_source *source, zw_word *word, zw_pool *pool)
{
    while (word->is == ZW_WORD_NAME || is_mark(word, ".") || is_mark(word, ":")) {
        if (is_mark(word, ":") && zw_pool_put(pool, zw_text_of("self")) == ZW_POOL_NONE) {
            return false;
        }
        zw_source_next(source, word);
    }
    if (is_mark(word, "(")) {
        zw_source_next(source, word);
        return put_list(source, word, pool);
    }
    return true;
}

static bool introduced_by(zw_text file, zw_pool *pool)
{
    zw_source source;
    zw_word word;
    zw_source_open(&source, file);
    zw_source_next(&source, &word);
    while (word.is != ZW_WORD_END) {
        bool is_local = is_name(&word, "local"), is_for = is_name(&word, "for");
        bool is_function = is_name(&word, "function");
        zw_source_next(&source, &word);
        if (is_local && is_name(&word, "function")) {
            zw_source_next(&source, &word);
            if (!put_name(pool, &word) || !put_parameters(&source, &word, pool)) {
                return false;
            }
        } else if (((is_local || is_for) && !put_list(&source, &word, pool)) ||
                   (is_function && !put_parameters(&source, &word, pool))) {
            return false;
        }
    }
    return true;
}

/* --- the names it uses --- */

typedef struct scan {
    zw_source source;
    zw_word before, word, behind;
    char open[NESTING_MAX]; /* '{' '(' '[', or 'b' for a block that `end` or `until` closes */
    size_t depth;
    bool is_lost; /* nested too deep, or closed more than was opened */
} scan;

static void scan_step(scan *s)
{
    s->before = s->word;
    s->word = s->behind;
    zw_source_next(&s->source, &s->behind);
}

static void scan_open(scan *s, char what)
{
    if (s->depth == NESTING_MAX) {
        s->is_lost = true;
    } else {
        s->open[s->depth++] = what;
    }
}

static bool is_one_of(const zw_word *word, const char *const *names)
{
    for (size_t i = 0; names[i] != NULL; i++) {
        if (zw_text_is(word->text, names[i])) {
            return true;
        }
    }
    return false;
}

static void scan_nesting(scan *s)
{
    /* `for` and `while` have their block behind `do`. */
    static const char *const openers[] = {"function", "if", "do", "repeat", NULL};
    static const char *const closers[] = {"end", "until", NULL};
    const zw_word *word = &s->word;
    bool closes = false;
    if (word->is == ZW_WORD_NAME) {
        if (is_one_of(word, openers)) {
            scan_open(s, 'b');
        }
        closes = is_one_of(word, closers);
    } else if (word->is == ZW_WORD_MARK && word->text.len == 1) {
        char c = word->text.at[0];
        if (c == '{' || c == '(' || c == '[') {
            scan_open(s, c);
        }
        closes = c == '}' || c == ')' || c == ']';
    }
    if (closes && s->depth == 0) {
        s->is_lost = true;
    } else if (closes) {
        s->depth--;
    }
}

/* A word that looks like a name but names no variable: a field, a key, a label, an attribute. */
static bool is_no_variable(const scan *s)
{
    if (is_mark(&s->before, ".") || is_mark(&s->before, ":") || is_mark(&s->before, "::") ||
        is_name(&s->before, "goto")) {
        return true;
    }
    bool is_in_braces = s->depth > 0 && s->open[s->depth - 1] == '{';
    bool opens_field =
        is_mark(&s->before, "{") || is_mark(&s->before, ",") || is_mark(&s->before, ";");
    if (is_in_braces && opens_field && is_mark(&s->behind, "=")) {
        return true;
    }
    return is_mark(&s->before, "<") && is_mark(&s->behind, ">") &&
           (is_name(&s->word, "const") || is_name(&s->word, "close"));
}

static bool is_assigned(const scan *s)
{
    return is_mark(&s->behind, "=") ||
           (is_name(&s->before, "function") && is_mark(&s->behind, "("));
}

static zw_status tell_free(zw_text file, const zw_pool *introduced, zw_pool *told,
                           void (*tell)(void *arg, const zw_free_name *found), void *arg,
                           zw_err *err)
{
    scan s = {.depth = 0};
    zw_source_open(&s.source, file);
    scan_step(&s);
    for (scan_step(&s); s.word.is != ZW_WORD_END && !s.is_lost; scan_step(&s)) {
        scan_nesting(&s);
        if (s.word.is != ZW_WORD_NAME || zw_source_is_keyword(s.word.text) || is_no_variable(&s) ||
            zw_pool_find(introduced, s.word.text) != ZW_POOL_NONE ||
            zw_pool_find(told, s.word.text) != ZW_POOL_NONE) {
            continue;
        }
        if (zw_pool_put(told, s.word.text) == ZW_POOL_NONE) {
            return zw_err_nomem(err);
        }
        zw_free_name found = {s.word.text, {s.word.line, s.word.column}, is_assigned(&s)};
        tell(arg, &found);
    }
    return ZW_OK;
}

/* A file that names _ENV changes what a free name means. */
static bool plays_with_env(zw_text file)
{
    return zw_source_name(file, 1, NULL, "_ENV").line != 0;
}

zw_status zw_free_names_tell(zw_text file, zw_pool *introduced,
                             void (*tell)(void *arg, const zw_free_name *found), void *arg,
                             zw_err *err)
{
    zw_pool *told = NULL;
    zw_status status = zw_pool_create(&told, err);
    if (status == ZW_OK && !introduced_by(file, introduced)) {
        status = zw_err_nomem(err);
    }
    if (status == ZW_OK && !plays_with_env(file)) {
        status = tell_free(file, introduced, told, tell, arg, err);
    }
    zw_pool_destroy(told);
    return status;
}
