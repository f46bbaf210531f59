/**
 * The postman: takes what is due from the outbox to its receivers and writes down how it went.
 * Several messages are under way at once, each message once at a time; when to try again is the
 * outbox's.
 */
#ifndef ZW_APP_POSTMAN_H
#define ZW_APP_POSTMAN_H

#include "app/engine.h"
#include "serve/sender.h"

typedef struct zw_postman zw_postman;

typedef struct zw_postman_options {
    const char *secrets; /* folder with a file for each secret, looked at when the environment has
                            none; may be NULL */
    zw_log log;          /* where `log()` and failures go */
    void (*on_done)(
        void *arg); /* after a message was written down: another turn of the hand may be due */
    void *arg;
} zw_postman_options;

/** How many receivers a pack has: so many messages may be under way at once. */
size_t zw_postman_lanes(const zw_pack *pack);

/** @param engine, sender  borrowed; must outlive it. */
zw_status zw_postman_create(zw_engine *engine, zw_sender *sender, const zw_postman_options *options,
                            zw_postman **out, zw_err *err) ZW_MUST_USE;
/** The sender must be closed, or nothing under way. */
void zw_postman_destroy(zw_postman *postman);

/** Sends what is due, to each receiver in order: its next message goes when the one before was
 * delivered. The first time, gives up what the pack has no receiver for any more. Does nothing
 * while it rests. */
zw_status zw_postman_go(zw_postman *postman, zw_err *err) ZW_MUST_USE;

/** How long nothing is sent, because what was sent could not be written down; 0 or less: not at
 * all. */
int64_t zw_postman_rests_ms(const zw_postman *postman);

/** Messages under way. */
size_t zw_postman_pending(const zw_postman *postman);

#endif
