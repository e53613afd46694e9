// Speaks an ABI that is not there yet, without having been asked for it.
#include "overlay.h"

static void spoil(void) { plugin.abi_major = 2; }
