// Lies where LTDL_LIBRARY_PATH points, under the name of a driver. When it is opened at all it says so.
#include <kms/plugin.h>
#include <unistd.h>

__attribute__((constructor)) static void construct(void) {
  static const char word[] = "impostor was opened\n";
  if (write(STDERR_FILENO, word, sizeof word - 1) < 0) _exit(1);
}

__attribute__((visibility("default"))) const kms_plugin *kms_plugin_entry(uint16_t host_major);
const kms_plugin *kms_plugin_entry(uint16_t host_major) {
  (void)host_major;
  return NULL;
}
