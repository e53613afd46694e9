// Has what every driver must have, and nothing else.
#include "overlay.h"

static void spoil(void) {
  table.driver = (kms_database_driver){
      .struct_size = sizeof table.driver, .open = inner.open, .close = inner.close};
}
