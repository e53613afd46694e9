#define _GNU_SOURCE
#include "secret_memory.h"
#include "platform.h"
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

static size_t page_size(void) { return (size_t)sysconf(_SC_PAGESIZE); }

void *platform_map_secret(size_t size, enum platform_fork fork, bool lock, bool *locked) {
    *locked = false;
    size_t guard = page_size();
    if (size == 0 || size % guard != 0 || size > SIZE_MAX - 2 * guard) return NULL;
    size_t whole = size + 2 * guard;

    // The whole range is reserved unreadable; what is not opened below stays the guards.
    int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
    uint8_t *base = mmap(NULL, whole, PROT_NONE, flags, -1, 0);
    if (base == MAP_FAILED) return NULL;
    uint8_t *memory = base + guard;
    int inherited = fork == PLATFORM_FORK_WIPED ? MADV_WIPEONFORK : MADV_DONTFORK;
    if (mprotect(memory, size, PROT_READ | PROT_WRITE) != 0
        || madvise(memory, size, MADV_DONTDUMP) != 0
        || madvise(memory, size, inherited) != 0) {
        munmap(base, whole);
        return NULL;
    }
    *locked = lock && mlock(memory, size) == 0;
    return memory;
}

void platform_unmap_secret(void *memory, size_t size) {
    size_t guard = page_size();
    platform_zeroize(memory, size);
    // Unmapping also gives the locked bytes back to RLIMIT_MEMLOCK.
    munmap((uint8_t *)memory - guard, size + 2 * guard);
}

bool platform_equal(const void *a, const void *b, size_t size) {
    // Volatile reads keep the compiler from leaving the loop at the first difference.
    const volatile uint8_t *left = a, *right = b;
    uint8_t difference = 0;
    for (size_t i = 0; i < size; i++) difference |= (uint8_t)(left[i] ^ right[i]);
    return difference == 0;
}
