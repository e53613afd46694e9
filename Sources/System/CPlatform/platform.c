#define _DEFAULT_SOURCE
#include "platform.h"
#include <string.h>

void platform_zeroize(void *memory, size_t size) {
    // The contract of explicit_bzero asks for a pointer even where there is nothing to overwrite.
    if (size > 0) explicit_bzero(memory, size);
}
