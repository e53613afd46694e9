// Lacks what every database driver must have. WHICH says what.
#include "overlay.h"

#ifndef WHICH
#define WHICH open
#endif

static void spoil(void) { table.driver.WHICH = NULL; }
