// Calls itself a database driver and has no interface for databases.
#include "overlay.h"

static const void *find_nothing(const char *id) {
  (void)id;
  return NULL;
}

static void spoil(void) { plugin.get_interface = find_nothing; }
