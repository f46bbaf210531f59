/* The words a declaration may not be named by. */
#include "plan/reserved.h"

bool zw_reserved_has(zw_text name)
{
    static const char *const words[] = {
        /* Lua's keywords */
        "and", "break", "do", "else", "elseif", "end", "false", "for", "function", "goto", "if",
        "in", "local", "nil", "not", "or", "repeat", "return", "then", "true", "until", "while",
        /* the nouns */
        "zone", "area", "measure", "register", "guard", "indicator", "target", "rule", "alert",
        "notify", "test",
        /* the language's other globals */
        "attr", "secret", "periods", "require", "webhook", "alertmanager", "email", "exec", "log",
        "min", "max", "abs", "ln", "exp", "round", "clamp", "when", "all", "any", "count", "near",
        "missing", "unknown"};
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (zw_text_is(name, words[i])) {
            return true;
        }
    }
    return false;
}
