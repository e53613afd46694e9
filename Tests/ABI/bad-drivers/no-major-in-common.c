// Speaks no ABI that the host asks for, and says so as it should.
#include <kms/plugin.h>

__attribute__((visibility("default"))) const kms_plugin *kms_plugin_entry(uint16_t host_major);
const kms_plugin *kms_plugin_entry(uint16_t host_major) {
  (void)host_major;
  return NULL;
}
