#ifndef CLAVIGER_SECRET_MEMORY_H
#define CLAVIGER_SECRET_MEMORY_H

#include <stdbool.h>
#include <stddef.h>

/// What a child made by fork finds at the address of a mapping.
enum platform_fork {
    /// Nothing: a child that uses the parent's secrets ends, it does not compute with zeroes.
    PLATFORM_FORK_ABSENT,
    /// Zeroes: for buffers in which zero means empty.
    PLATFORM_FORK_WIPED,
};

/// Maps `size` zeroed bytes between two unreadable guard pages, left out of core dumps.
///
/// \param size    A multiple of the page size, not zero.
/// \param lock    Whether to ask that the pages never reach swap.
/// \param locked  Set to whether they are; false when `lock` is, or when RLIMIT_MEMLOCK is used up.
/// \return        Owned by the caller until `platform_unmap_secret`; NULL when there is no memory.
///
/// [any-thread]
void *platform_map_secret(size_t size, enum platform_fork fork, bool lock, bool *locked);

/// Overwrites and unmaps what `platform_map_secret` returned for the same `size`. [any-thread]
void platform_unmap_secret(void *memory, size_t size);

/// Whether two areas of `size` bytes are equal, in a time that depends on `size` alone.
/// Both areas stay the caller's. [any-thread]
bool platform_equal(const void *a, const void *b, size_t size);

#endif
