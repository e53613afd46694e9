#ifndef CLAVIGER_CSYSTEM_H
#define CLAVIGER_CSYSTEM_H

#include <stddef.h>

/// Overwrites `size` bytes at `memory` in a way that the optimiser may not remove.
/// The caller owns the memory. [any-thread]
void csystem_zeroize(void *memory, size_t size);

#endif
