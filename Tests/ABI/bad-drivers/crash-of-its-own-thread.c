// Has a thread of its own, which ends the process: no call of the host accounts for it.
#include "overlay.h"
#include <pthread.h>

static void *work(void *argument) {
  (void)argument;
  abort();
}

static kms_status open(const kms_database_open *given, const kms_call *call, kms_database **out,
                       kms_error *error) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, work, NULL) != 0) return KMS_EXHAUSTED;
  pthread_join(thread, NULL);
  return inner.open(given, call, out, error);
}

static void spoil(void) { table.driver.open = open; }
