/* Source: the text of a Lua file read as words. */
#include "script/source.h"

#include <string.h>

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

void zw_source_open(zw_source *source, zw_text file)
{
    *source = (zw_source){
        .at = file.at, .end = file.at + file.len, .counted_to = file.at, .line = 1, .column = 1};
}

static size_t left(const zw_source *source)
{
    return (size_t)(source->end - source->at);
}

static void step(zw_source *source)
{
    if (*source->at++ == '\n') {
        source->line++;
        source->column = 1;
        source->counted_to = source->at;
    }
}

/* The number of '=' in an opening long bracket "[==[" at `at`; -1 when there is none. */
static int long_bracket(const zw_source *source)
{
    const char *at = source->at + 1;
    int level = 0;
    while (at < source->end && *at == '=') {
        level++;
        at++;
    }
    return at < source->end && *at == '[' ? level : -1;
}

/* Passes over a long bracket whose opening stands at `at`; answers what is between. */
static zw_text skip_long(zw_source *source, int level)
{
    source->at += (size_t)level + 2;
    const char *start = source->at;
    while (source->at < source->end) {
        if (*source->at == ']' && left(source) >= (size_t)level + 2) {
            const char *close = source->at + 1;
            int marks = 0;
            while (marks < level && *close == '=') {
                marks++;
                close++;
            }
            if (marks == level && *close == ']') {
                zw_text between = {start, (size_t)(source->at - start)};
                source->at = close + 1;
                return between;
            }
        }
        step(source);
    }
    return (zw_text){start, (size_t)(source->at - start)};
}

static void skip_comment(zw_source *source)
{
    source->at += 2;
    int level = source->at < source->end && *source->at == '[' ? long_bracket(source) : -1;
    if (level >= 0) {
        (void)skip_long(source, level);
        return;
    }
    while (source->at < source->end && *source->at != '\n') {
        source->at++;
    }
}

static void skip_blank(zw_source *source)
{
    while (source->at < source->end) {
        if (left(source) >= 2 && source->at[0] == '-' && source->at[1] == '-') {
            skip_comment(source);
        } else if ((unsigned char)*source->at <= ' ') {
            step(source);
        } else {
            return;
        }
    }
}

/* Counts on from where it counted last: a line may be as long as the file. */
static uint32_t column_of(zw_source *source)
{
    for (; source->counted_to < source->at; source->counted_to++) {
        source->column += ((unsigned char)*source->counted_to & 0xC0) != 0x80 ? 1 : 0;
    }
    return source->column;
}

static zw_text read_quoted(zw_source *source)
{
    char quote = *source->at++;
    const char *start = source->at;
    while (source->at < source->end && *source->at != quote && *source->at != '\n') {
        if (*source->at == '\\' && left(source) >= 2) {
            source->at++;
        }
        step(source);
    }
    zw_text between = {start, (size_t)(source->at - start)};
    if (source->at < source->end) {
        step(source);
    }
    return between;
}

static zw_text read_while(zw_source *source, bool is_number)
{
    const char *start = source->at;
    while (source->at < source->end) {
        char c = *source->at;
        bool is_sign = is_number && (c == '+' || c == '-') && source->at > start &&
                       strchr("eEpP", source->at[-1]) != NULL;
        if (!is_letter(c) && !is_digit(c) && !(is_number && c == '.') && !is_sign) {
            break;
        }
        source->at++;
    }
    return (zw_text){start, (size_t)(source->at - start)};
}

static zw_text read_mark(zw_source *source)
{
    static const char *const marks[] = {
        "...", "..", "::", "==", "~=", "<=", ">=", "//", "<<", ">>", NULL};
    const char *start = source->at;
    for (size_t i = 0; marks[i] != NULL; i++) {
        size_t len = strlen(marks[i]);
        if (left(source) >= len && memcmp(start, marks[i], len) == 0) {
            source->at += len;
            return (zw_text){start, len};
        }
    }
    source->at++;
    return (zw_text){start, 1};
}

void zw_source_next(zw_source *source, zw_word *word)
{
    skip_blank(source);
    *word = (zw_word){ZW_WORD_END, {source->end, 0}, source->line, column_of(source)};
    if (source->at >= source->end) {
        return;
    }
    char c = *source->at;
    int level = c == '[' ? long_bracket(source) : -1;
    if (is_letter(c)) {
        word->is = ZW_WORD_NAME;
        word->text = read_while(source, false);
    } else if (is_digit(c) || (c == '.' && left(source) >= 2 && is_digit(source->at[1]))) {
        word->is = ZW_WORD_NUMBER;
        word->text = read_while(source, true);
    } else if (c == '"' || c == '\'') {
        word->is = ZW_WORD_TEXT;
        word->text = read_quoted(source);
    } else if (level >= 0) {
        word->is = ZW_WORD_TEXT;
        word->text = skip_long(source, level);
    } else {
        word->is = ZW_WORD_MARK;
        word->text = read_mark(source);
    }
}

static bool is_mark(const zw_word *word, const char *mark)
{
    return word->is == ZW_WORD_MARK && zw_text_is(word->text, mark);
}

zw_spot zw_source_name(zw_text file, uint32_t line, const char *before, const char *name)
{
    zw_source source;
    zw_word word = {ZW_WORD_END, {NULL, 0}, 0, 0};
    zw_spot found = {0, 0};
    zw_source_open(&source, file);
    for (;;) {
        bool is_behind = before == NULL || is_mark(&word, before);
        zw_source_next(&source, &word);
        if (word.is == ZW_WORD_END || (found.line > 0 && word.line > found.line)) {
            return found;
        }
        if (word.is == ZW_WORD_NAME && word.line >= line && is_behind &&
            zw_text_is(word.text, name)) {
            if (found.line > 0) {
                return (zw_spot){found.line, 0};
            }
            found = (zw_spot){word.line, word.column};
        }
    }
}

/* Leaves `source` behind the string. */
static zw_spot find_text(zw_source *source, uint32_t line, const char *content)
{
    zw_word word;
    for (;;) {
        zw_source_next(source, &word);
        if (word.is == ZW_WORD_END) {
            return (zw_spot){0, 0};
        }
        if (word.is == ZW_WORD_TEXT && word.line >= line && zw_text_is(word.text, content)) {
            return (zw_spot){word.line, word.column};
        }
    }
}

zw_spot zw_source_text(zw_text file, uint32_t line, const char *content)
{
    zw_source source;
    zw_source_open(&source, file);
    return find_text(&source, line, content);
}

/* `word` opens a key of a table: `field =` or `["field"] =`. */
static bool is_key(const zw_word *word, zw_source ahead, const char *field)
{
    zw_word next;
    if ((word->is != ZW_WORD_NAME && word->is != ZW_WORD_TEXT) || !zw_text_is(word->text, field)) {
        return false;
    }
    zw_source_next(&ahead, &next);
    if (word->is == ZW_WORD_TEXT && is_mark(&next, "]")) {
        zw_source_next(&ahead, &next);
    }
    return is_mark(&next, "=");
}

/* Follows brackets to the end of the first pair. */
typedef struct braces {
    int depth;
    bool is_over; /* they closed, or none opened */
} braces;

static void braces_step(braces *b, const zw_word *word)
{
    bool is_open = is_mark(word, "{") || is_mark(word, "(");
    bool is_close = is_mark(word, "}") || is_mark(word, ")");
    b->is_over =
        word->is == ZW_WORD_END || (b->depth == 0 && !is_open) || (b->depth == 1 && is_close);
    if (is_open) {
        b->depth++;
    } else if (is_close) {
        b->depth--;
    }
}

zw_spot zw_source_field(zw_text file, uint32_t line, const char *name, const char *field)
{
    zw_source source;
    zw_word word;
    braces b = {0, false};
    zw_source_open(&source, file);
    if (find_text(&source, line, name).line == 0) {
        return (zw_spot){0, 0};
    }
    while (!b.is_over) {
        zw_source_next(&source, &word);
        braces_step(&b, &word);
        if (b.depth == 1 && !b.is_over && is_key(&word, source, field)) {
            return (zw_spot){word.line, word.column};
        }
    }
    return (zw_spot){0, 0};
}

bool zw_source_is_keyword(zw_text word)
{
    static const char *const keywords[] = {"and",   "break", "do",       "else", "elseif", "end",
                                           "false", "for",   "function", "goto", "if",     "in",
                                           "local", "nil",   "not",      "or",   "repeat", "return",
                                           "then",  "true",  "until",    "while"};
    for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++) {
        if (zw_text_is(word, keywords[i])) {
            return true;
        }
    }
    return false;
}
