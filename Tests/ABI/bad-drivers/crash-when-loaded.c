// Ends the process before anybody has asked it anything.
#include <kms/plugin.h>
#include <stdlib.h>

__attribute__((constructor)) static void construct(void) { abort(); }

__attribute__((visibility("default"))) const kms_plugin *kms_plugin_entry(uint16_t host_major);
const kms_plugin *kms_plugin_entry(uint16_t host_major) {
  (void)host_major;
  return NULL;
}
