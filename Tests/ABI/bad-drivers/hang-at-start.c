// `init` does not return; with AT_END it is `deinit`.
#include "overlay.h"
#include <unistd.h>

static void hang(void) {
  for (;;) pause();
}

#ifdef AT_END
static void stop(void) { hang(); }

static void spoil(void) { plugin.deinit = stop; }
#else
static kms_status start(const kms_host *host, kms_error *error) {
  (void)host, (void)error;
  hang();
  return KMS_OK;
}

static void spoil(void) { plugin.init = start; }
#endif
