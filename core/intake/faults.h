/** Faults: what is wrong with a delivery, line by line. */
#ifndef ZW_INTAKE_FAULTS_H
#define ZW_INTAKE_FAULTS_H

#include "base/err.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/** One bad row: where it stands and what was expected. */
typedef struct zw_fault {
    uint32_t line, column; /* from 1, of the delivered text; column 0: the whole row */
    char *text;            /* owned by the list */
} zw_fault;

/** A zeroed one is empty; ended by fini. */
typedef struct zw_faults {
    zw_fault *at;
    size_t count, capacity;
} zw_faults;

void zw_faults_fini(zw_faults *faults);

/** Names one; control characters in its words become spaces, bytes that are not UTF-8
 * question marks. @return ZW_OK; ZW_NOMEM, and then
 * nothing was added. */
zw_status zw_faults_add(zw_faults *faults, zw_err *err, uint32_t line, uint32_t column,
                        const char *fmt, ...) ZW_PRINTF(5, 6) ZW_MUST_USE;
zw_status zw_faults_vadd(zw_faults *faults, zw_err *err, uint32_t line, uint32_t column,
                         const char *fmt, va_list args) ZW_PRINTF(5, 0) ZW_MUST_USE;

/** By line, column and words. */
void zw_faults_sort(zw_faults *faults);

#endif
