/**
 * A breach: which limit ended a script. A call that breaches one has no value; the reason is told
 * where the value would stand, and breaches are counted.
 */
#ifndef ZW_SCRIPT_BREACH_H
#define ZW_SCRIPT_BREACH_H

#define ZW_BREACH_MAP(X)                                                                           \
    X(NONE, "none")                                                                                \
    X(INSTRUCTIONS, "instructions")                                                                \
    X(MEMORY, "memory")                                                                            \
    X(TEXT, "text")               /* one text too long */                                          \
    X(PATTERN, "pattern")         /* a match that could take too long */                           \
    X(DEPTH, "depth")             /* functions inside each other */                                \
    X(VALUES, "values")           /* too many values handed over at once */                        \
    X(READS, "reads")             /* too many figures read in one call */                          \
    X(EXPRESSIONS, "expressions") /* too many expressions written in calls */                      \
    X(OUTPUT, "output")           /* too much said in the second result */

typedef enum zw_breach {
#define ZW_BREACH_ENUM(name, text) ZW_BREACH_##name,
    ZW_BREACH_MAP(ZW_BREACH_ENUM)
#undef ZW_BREACH_ENUM
        ZW_BREACH_COUNT
} zw_breach;

#endif
