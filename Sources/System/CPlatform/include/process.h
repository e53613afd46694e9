#ifndef CLAVIGER_PROCESS_H
#define CLAVIGER_PROCESS_H

#include <stdbool.h>
#include <stddef.h>

/// Makes core dumps and foreign debuggers impossible: not dumpable, and a core size limit of zero.
///
/// \return false when the system refuses either; `errno` says why. Both are attempted all the same.
///
/// [any-thread] Children that exec become dumpable again; the limit they inherit.
bool platform_disable_core_dumps(void);

/// Overwrites argument `index` of the process with asterisks, from its byte `skip` on.
///
/// What other processes see (`ps`, /proc/PID/cmdline) changes; copies that the program made do not.
/// The arguments belong to the process and live as long as it does.
///
/// \return The number of bytes overwritten; 0 when there is no such argument or nothing after
/// `skip`.
///
/// [any-thread, not concurrently with itself or with a reader of the arguments]
size_t platform_overwrite_argument(size_t index, size_t skip);

#endif
