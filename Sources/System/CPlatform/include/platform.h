#ifndef CLAVIGER_PLATFORM_H
#define CLAVIGER_PLATFORM_H

#include <stddef.h>

/// Names the calling thread, as `ps -T` shows it. Cut to 15 bytes. [any-thread]
void platform_name_thread(const char *name);

/// Overwrites `size` bytes at `memory` in a way that the optimiser may not remove.
/// The caller owns the memory. [any-thread]
void platform_zeroize(void *memory, size_t size);

#endif
