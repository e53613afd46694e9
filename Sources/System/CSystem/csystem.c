#define _DEFAULT_SOURCE
#include "csystem.h"
#include <string.h>

void csystem_zeroize(void *memory, size_t size) { explicit_bzero(memory, size); }
