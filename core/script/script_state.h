/**
 * The state behind a script: what the files of this room share. Not for other rooms; they see
 * script.h.
 */
#ifndef ZW_SCRIPT_SCRIPT_STATE_H
#define ZW_SCRIPT_SCRIPT_STATE_H

#include "script/host.h"
#include "script/script.h"

typedef enum zw_stage {
    ZW_STAGE_LOADING, /* mistakes are noted in the pack, and loading goes on */
    ZW_STAGE_READY    /* mistakes are raised */
} zw_stage;

enum { ZW_CALLS_DEEP = 16 }; /* functions that read each other */

struct zw_script {
    zw_host *host;
    zw_pack *pack; /* borrowed: destroyed after the script */
    zw_script_limits limits;
    zw_stage stage;
    bool has_folder;             /* false: one text, which has no files beside it */
    const char *shared_folder;   /* the pack's text, or NULL */
    const zw_script_file *given; /* while loading: the files there are, in place of those of folders
                                    and of the program; NULL */
    size_t given_count;
    zw_err failure;    /* what is nobody's mistake (no memory) and ends everything */
    zw_pool *spoilt;   /* names whose mistakes are told: nothing more to say of them */
    zw_pool *words;    /* names the file being read introduces */
    bool has_leant;    /* a declaration took the only zone for its own … */
    zw_where leant_at; /* … the first one stands here: wrong when a second zone comes */
    struct zw_function *functions; /* Lua functions handed in so far */
    size_t function_capacity;
    uint32_t function_count;
    zw_pool *kept;  /* what calls added to the pack, by its bytes … */
    void **kept_at; /* … and where the pack has it */
    size_t kept_capacity;
    uint64_t handle_count;          /* gives each handle its place in `pairs` */
    struct zw_at *at;               /* of the call that runs; NULL outside calls */
    unsigned depth;                 /* calls inside each other, at most ZW_CALLS_DEEP */
    int at_refs[ZW_CALLS_DEEP + 1]; /* handles on calls in the registry, by depth; 0: not made */
};

/** The script whose state this is. */
zw_script *zw_script_of(lua_State *lua);

/**
 * Passes ZW_OK on as true. What is the author's mistake becomes a problem at `where` and answers
 * false; anything else (no memory) is kept in script->failure and raised. [-0, +0, raises]
 */
bool zw_script_went_well(lua_State *lua, zw_status status, const zw_err *err, zw_where where);

/** Keeps what is nobody's mistake in script->failure and raises: it ends everything. */
void zw_script_fail(lua_State *lua, zw_status status, const zw_err *err);

/** Ends a call whose function has written too much: from then on it writes nothing, not even what
 * is there. [-0, +0, raises] */
void zw_script_room(lua_State *lua);

/** Counts what a running call adds to the pack, for nothing takes it out again; past the limit the
 * call ends. [-0, +0, raises] */
void zw_script_add(lua_State *lua);

/** Raises when a text is not UTF-8 without NUL: what a pack keeps can be told to everybody.
 * [-0, +0, raises] */
void zw_script_want_text(lua_State *lua, zw_text text);

/** Copies text into the pack, in calls once; raises when there is no memory, or when it is none.
 * [-0, +0, raises] */
const char *zw_script_text(lua_State *lua, zw_text text);

/** The same for an array; NULL for an empty one. [-0, +0, raises] */
void *zw_script_copy(lua_State *lua, const void *bytes, size_t len);

#endif
