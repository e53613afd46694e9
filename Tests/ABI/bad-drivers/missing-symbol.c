// A library, and no driver: the entry has another name.
#include <kms/plugin.h>

__attribute__((visibility("default"))) const kms_plugin *plugin_entry(uint16_t host_major);
const kms_plugin *plugin_entry(uint16_t host_major) {
  (void)host_major;
  return NULL;
}
