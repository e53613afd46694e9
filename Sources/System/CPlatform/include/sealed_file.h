#ifndef CLAVIGER_SEALED_FILE_H
#define CLAVIGER_SEALED_FILE_H

#include <stddef.h>

/// Makes a file that lies in memory only, holds `size` bytes and can never be changed: for libraries
/// that take secrets as the name of a file, which is /proc/self/fd/N.
///
/// \param name   For people who look at /proc; need not be unique.
/// \param bytes  Copied. The caller overwrites its own copy.
/// \return       A descriptor, the caller's until `close`; closed when the process execs. -1 on
///               failure, and `errno` says why.
///
/// [any-thread]
int platform_sealed_file(const char *name, const void *bytes, size_t size);

#endif
