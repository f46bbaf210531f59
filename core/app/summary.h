/** The summary of a watch for a terminal: goals with the history of their verdicts, areas, rules,
 * open alerts. */
#ifndef ZW_APP_SUMMARY_H
#define ZW_APP_SUMMARY_H

#include "app/engine.h"

#include <stdio.h>

/** Prints what is known as of the last turn; every synthetic figure says so. */
zw_status zw_summary_print(const zw_engine *engine, FILE *out, zw_err *err) ZW_MUST_USE;

#endif
