// Says of a struct that it has another size than it can have. WHICH says of which, SIZE what.
#include "overlay.h"

#ifndef WHICH
#define WHICH plugin.struct_size
#endif
#ifndef SIZE
#define SIZE 0xFFFFFFFFu
#endif

static void spoil(void) { WHICH = SIZE; }
