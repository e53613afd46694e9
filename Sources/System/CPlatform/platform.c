#define _DEFAULT_SOURCE
#include "platform.h"
#include <string.h>

void platform_zeroize(void *memory, size_t size) { explicit_bzero(memory, size); }
