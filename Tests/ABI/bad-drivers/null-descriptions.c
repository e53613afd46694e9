// Leaves NULL what the host has to know. WHICH says what: a member of `plugin`, `info` or an option.
#include "overlay.h"

#ifndef WHICH
#define WHICH info.name
#endif

static void spoil(void) { WHICH = NULL; }
