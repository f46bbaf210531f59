/** A stencil: the body a pack gives its webhook, JSON whose texts hold placeholders, filled in for
 * the alerts of one message. */
#ifndef ZW_ALERT_STENCIL_H
#define ZW_ALERT_STENCIL_H

#include "alert/message.h"

typedef struct zw_stencil zw_stencil;

/** @param json  as the pack has it: zw_receiver.body. */
zw_status zw_stencil_create(const char *json, zw_stencil **out, zw_err *err) ZW_MUST_USE;
void zw_stencil_destroy(zw_stencil *stencil); /* NULL is allowed */

/**
 * Says every text with a brace for one more alert. What is said already is not said again; what is
 * new goes on a line of its own.
 * @param facts  names beside those of the note itself (zw_placeholders_body), which come first; one
 * of the language's that is not among them says nothing.
 * @param is_zh  the language of `{summary}`, and of the mark: of synthetic figures each text that
 * says a number or the summary is marked, and the longest of the body when none does.
 */
zw_status zw_stencil_add(zw_stencil *stencil, const zw_alert_note *note, const char *title,
                         zw_facts facts, bool is_zh, zw_err *err) ZW_MUST_USE;

/** Appends the JSON. */
zw_status zw_stencil_write(zw_stencil *stencil, zw_buf *out, zw_err *err) ZW_MUST_USE;

#endif
