// Needs a function that no library has. Bound lazily it would load, run its constructor, and end the
// process at the first call. The constructor leaves a file MARK, which tells whether it ran.
#include <fcntl.h>
#include <kms/plugin.h>
#include <unistd.h>

#ifndef MARK
#define MARK "/dev/null"
#endif

void function_that_nobody_defines(void);

__attribute__((constructor)) static void construct(void) {
  close(open(MARK, O_CREAT | O_WRONLY, 0600));
}

__attribute__((visibility("default"))) const kms_plugin *kms_plugin_entry(uint16_t host_major);
const kms_plugin *kms_plugin_entry(uint16_t host_major) {
  (void)host_major;
#ifndef COMPLETE
  function_that_nobody_defines();
#endif
  return NULL;
}
